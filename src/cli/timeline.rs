//! What happens, line by line, for a person or as JSON: the output of `rehearse` and of `demo`.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::paint::{Paint, Style};
use super::{escaped, talk};

/// One line of the output; the shape is DESIGN's, section 8.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A message was decided.
    Verdict {
        /// The channel.
        channel: String,
        /// The line.
        line: String,
        /// The provider's id of the message.
        id: String,
        /// Who wrote.
        from: String,
        /// The name of the reply, or none.
        reply: Option<String>,
        /// `now`, `hold` or `never`.
        notify: &'static str,
        /// Why, in order.
        because: Vec<String>,
        /// What was said: for people, who have not got the input beside them.
        #[serde(skip)]
        said: String,
    },
    /// The same message came again.
    Duplicate {
        /// The channel.
        channel: String,
        /// The provider's id.
        id: String,
    },
    /// A webhook was refused.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The channel.
        channel: String,
        /// What the provider is told.
        because: String,
    },
    /// The client was answered.
    Reply {
        /// `reply`, `follow_up` or `correction`; a reply is not named as one.
        #[serde(skip_serializing_if = "is_reply")]
        kind: &'static str,
        /// The channel.
        channel: String,
        /// The line.
        line: String,
        /// Who is answered.
        to: String,
        /// What is said.
        text: String,
    },
    /// A reply was no longer wanted.
    ReplyWithdrawn {
        /// As in [`Event::Reply`].
        #[serde(skip_serializing_if = "is_reply")]
        kind: &'static str,
        /// The channel.
        channel: String,
        /// Who is not answered.
        to: String,
        /// Why not.
        because: String,
    },
    /// The owner was told.
    Notice {
        /// The sink.
        sink: String,
        /// `now`, `digest` or `alert`.
        kind: &'static str,
        /// How many messages it tells of.
        messages: usize,
        /// What it says, its title on the first line.
        text: String,
    },
}

fn is_reply(kind: &&str) -> bool {
    *kind == "reply"
}

/// What a send to a client is called on the terminal.
fn called(kind: &str) -> &str {
    if kind == "follow_up" { "follow-up" } else { kind }
}

#[derive(Serialize)]
struct Line<'a> {
    at: String,
    #[serde(flatten)]
    event: &'a Event,
}

/// Prints events in one zone.
#[derive(Clone, Copy, Debug)]
pub struct Timeline {
    /// The zone of the times.
    pub zone: Tz,
    /// One JSON object a line.
    pub json: bool,
    /// Colours.
    pub paint: Paint,
}

impl Timeline {
    /// One event, with its line end: JSON, or as many lines as it takes behind the time.
    #[must_use]
    pub fn line(self, at: DateTime<Utc>, event: &Event) -> String {
        if self.json {
            let at = at.with_timezone(&self.zone).to_rfc3339_opts(SecondsFormat::Secs, false);
            return serde_json::to_string(&Line { at, event }).map(|line| escaped(&line) + "\n").unwrap_or_default();
        }
        let (head, detail) = self.words(event);
        format!("{}  {head}\n{}", self.stamp(at), Self::beside(&detail))
    }

    /// The time, as wide as [`Timeline::beside`] leaves room for.
    #[must_use]
    pub fn stamp(self, at: DateTime<Utc>) -> String {
        self.paint.with(Style::Dim, &at.with_timezone(&self.zone).format("%a %d %b %H:%M").to_string())
    }

    /// Lines that stand beside the times.
    #[must_use]
    pub fn beside(lines: &str) -> String {
        lines.lines().map(|line| format!("{:18}{line}\n", "").trim_end().to_owned() + "\n").collect()
    }

    /// One event for people, without its time.
    #[must_use]
    pub fn untimed(self, event: &Event) -> String {
        let (head, detail) = self.words(event);
        Self::beside(&format!("{head}\n{detail}"))
    }

    fn words(self, event: &Event) -> (String, String) {
        let paint = self.paint;
        match event {
            Event::Verdict { channel, from, reply, notify, because, said, .. } => {
                let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
                let (said, from) = (talk::lines(&said).join(" "), talk::name(from));
                let said = if said.is_empty() { String::new() } else { format!(": “{said}”") };
                let follow = match (reply, *notify) {
                    (None, "never") => paint.with(Style::Dim, "no reply, no notice, no trace"),
                    (None, notify) => format!("no reply · notice: {notify}"),
                    (Some(reply), notify) => format!("reply: {reply} · notice: {notify}"),
                };
                (
                    format!("{} {from} on {channel}{said}", paint.with(Style::In, "→")),
                    format!("{follow}\n{}", paint.with(Style::Dim, &format!("because {}", because.join(" · ")))),
                )
            }
            Event::Duplicate { channel, id } => (
                format!("{} {channel} sends {} again", paint.with(Style::In, "→"), talk::name(id)),
                "known already: nothing changes".to_owned(),
            ),
            Event::Refused { channel, status, because } => {
                (format!("{} webhook on {channel} refused with {status}", paint.with(Style::Bad, "✗")), because.clone())
            }
            Event::Reply { kind, to, text, .. } => {
                (format!("{} {} to {}", paint.with(Style::Out, "←"), called(kind), talk::name(to)), text.clone())
            }
            Event::ReplyWithdrawn { kind, to, because, .. } => (
                format!("{} {} to {} withdrawn: {because}", paint.with(Style::Dim, "∅"), called(kind), talk::name(to)),
                String::new(),
            ),
            Event::Notice { sink, kind, text, .. } => {
                let (title, body) = text.split_once('\n').unwrap_or((text, ""));
                let kind = match *kind {
                    "digest" => "the digest",
                    "alert" => "an alert",
                    _ => "a notice",
                };
                (
                    format!(
                        "{} {kind} for the owner, by {sink}: {}",
                        paint.with(Style::Owner, "★"),
                        paint.with(Style::Bold, title)
                    ),
                    body.to_owned(),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rehearsed_is_cut_and_cannot_steer_the_terminal() {
        let zone = chrono_tz::America::Tegucigalpa;
        let timeline = |json| Timeline { zone, json, paint: Paint::default() };
        let verdict = Event::Verdict {
            channel: "work".to_owned(),
            line: "default".to_owned(),
            id: "m1".to_owned(),
            from: "webhook:p\u{1b}[2Jat".to_owned(),
            reply: None,
            notify: "hold",
            because: vec!["closed: hours".to_owned()],
            said: "h\u{9b}i ".repeat(1_000_000),
        };
        let at = "2026-11-24T01:30:00Z".parse().expect("a time");
        let shown = timeline(false).line(at, &verdict);
        assert!(!shown.contains(['\u{1b}', '\u{9b}']), "it steers the terminal");
        assert!(shown.starts_with("Mon 23 Nov 19:30  → webhook:p\u{fffd}[2Jat on work: “h\u{fffd}i h"), "{shown}");
        assert!(shown.chars().count() < 2300 && shown.contains("more characters: `--json` shows all)”\n"), "{shown}");
        assert!(!timeline(true).line(at, &verdict).contains(['\u{1b}', '\u{9b}']));
    }
}
