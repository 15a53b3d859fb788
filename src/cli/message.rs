//! `explain --message`: what became of a message, and why.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use http::Method;

use super::Global;
use super::paint::{Paint, Style};
use super::talk::{self, answer, lines, name, plain};
use crate::admin::{MessageView, SendView};

pub fn run(global: &Global, number: i64) -> ExitCode {
    let path = format!("/api/v1/messages/{number}");
    answer(global, Method::GET, &path, None, |message: &MessageView| show(message, Paint::of_stdout()))
}

fn show(message: &MessageView, paint: Paint) -> String {
    let zone = message.timezone.parse().unwrap_or(Tz::UTC);
    let mut out = String::new();
    let mut row = |title: &str, words: &str| {
        let _ = writeln!(out, "{}{words}", paint.with(Style::Dim, &format!("{title:<10}")));
    };
    row("message", &message.id.to_string());
    let sent = message.sent_at.filter(|sent| sent.timestamp() / 60 != message.received_at.timestamp() / 60);
    let sent = sent.map(|sent| format!(" (sent {})", long(sent, zone))).unwrap_or_default();
    row("came", &format!("{}{sent} ({zone})", long(message.received_at, zone)));
    row("on", &format!("channel {}, line {}, hours {}", message.channel, name(&message.line), message.hours));
    let address = message.said.from.first().map_or("", String::as_str);
    let who = [&*message.said.name, address].map(name).join(" ");
    row("from", &format!("{}: {}", who.trim(), message.standing));
    if message.said.text.trim().is_empty() {
        row("says", &format!("[{}]", message.kind));
    }
    for (index, line) in lines(message.said.text.trim()).iter().enumerate() {
        row(if index == 0 { "says" } else { "" }, line);
    }
    row("because", &message.because.join(" · "));
    let (later, sends): (Vec<_>, Vec<_>) =
        message.sends.iter().partition(|send| matches!(&*send.kind, "follow_up" | "correction"));
    let (replies, notices): (Vec<_>, Vec<_>) = sends.into_iter().partition(|send| send.kind == "reply");
    let reply = match (message.reply.as_deref(), replies.first()) {
        (Some(named), Some(reply)) => format!("{named}: {}", fate(reply, zone)),
        (Some(named), None) => named.to_owned(),
        (None, _) => message.because.last().map_or_else(|| "none".to_owned(), |reason| format!("none: {reason}")),
    };
    row("reply", &reply);
    for send in later {
        let what = if send.kind == "correction" { "a correction" } else { "a follow-up" };
        row("then", &format!("{what}: {}", fate(send, zone)));
    }
    if notices.is_empty() {
        row("notice", "none");
    }
    for (index, send) in notices.into_iter().enumerate() {
        let when = if send.kind == "hold" { "with the digest" } else { "at once" };
        row(if index == 0 { "notice" } else { "" }, &format!("{}, {when}: {}", send.target, fate(send, zone)));
    }
    out
}

/// How far a send has come.
fn fate(send: &SendView, zone: Tz) -> String {
    let because = send.reason.as_deref().map(|reason| format!(": {}", plain(reason))).unwrap_or_default();
    let at = send.settled_at.map(|at| format!(" on {}", long(at, zone))).unwrap_or_default();
    match (send.state.as_str(), send.due_at) {
        ("waiting", None) => "waits for an opening, and none is known".to_owned(),
        ("waiting", Some(due)) if send.attempts == 0 => format!("waits until {}", long(due, zone)),
        ("waiting", Some(due)) => format!("tried {}{because}; next on {}", times(send.attempts), long(due, zone)),
        (state @ "sending", _) => talk::fate(state).to_owned(),
        ("sent", _) => format!("sent{at}"),
        (state @ "unknown", _) => format!("{}, and is not repeated{because}", talk::fate(state)),
        (state, _) => format!("{}{at}{because}", talk::fate(state)),
    }
}

fn times(attempts: u32) -> String {
    match attempts {
        1 => "once".to_owned(),
        many => format!("{many} times"),
    }
}

fn long(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%a %-d %b %Y, %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::Said;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn send(kind: &str, state: &str, reason: Option<&str>) -> SendView {
        SendView {
            kind: kind.to_owned(),
            target: "phone".to_owned(),
            state: state.to_owned(),
            due_at: (state == "waiting").then(|| at("2026-11-25T14:00:00Z")),
            attempts: u32::from(reason.is_some()) * 2,
            reason: reason.map(str::to_owned),
            settled_at: ["sent", "withdrawn", "dead"].contains(&state).then(|| at("2026-11-25T02:10:00Z")),
        }
    }

    fn message() -> MessageView {
        MessageView {
            id: 17,
            timezone: "America/Tegucigalpa".to_owned(),
            channel: "work".to_owned(),
            line: "default".to_owned(),
            hours: "office".to_owned(),
            sent_at: Some(at("2026-11-25T01:50:00Z")),
            received_at: at("2026-11-25T02:00:00Z"),
            kind: "text".to_owned(),
            said: Said {
                from: vec!["+50499990001".to_owned()],
                name: "Ana L\u{1b}[2Jópez".to_owned(),
                text: "are you there?\nhello?\n".to_owned(),
            },
            standing: "client".to_owned(),
            because: vec!["closed: hours".to_owned(), "client".to_owned(), "first in this closed period".to_owned()],
            reply: Some("closed".to_owned()),
            sends: vec![send("reply", "withdrawn", Some("owner answered")), send("hold", "waiting", None)],
        }
    }

    #[test]
    fn what_became_of_a_message_reads_well_and_cannot_steer_the_terminal() {
        let shown = "\
message   17
came      Tue 24 Nov 2026, 20:00 (sent Tue 24 Nov 2026, 19:50) (America/Tegucigalpa)
on        channel work, line default, hours office
from      Ana L\u{fffd}[2Jópez +50499990001: client
says      are you there?
          hello?
because   closed: hours · client · first in this closed period
reply     closed: withdrawn on Tue 24 Nov 2026, 20:10: owner answered
notice    phone, with the digest: waits until Wed 25 Nov 2026, 08:00
";
        assert_eq!(show(&message(), Paint::default()), shown);
    }

    #[test]
    fn a_message_without_reply_says_why_and_each_notice_how_far_it_is() {
        let silent = MessageView {
            reply: None,
            because: vec!["closed: hours".to_owned(), "opening is less than 5 minutes away".to_owned()],
            said: Said { from: vec!["telegram:5".to_owned()], name: String::new(), text: String::new() },
            kind: "media".to_owned(),
            sends: vec![
                send("now", "waiting", Some("HTTP status 503")),
                send("now", "sent", None),
                send("hold", "dead", Some("HTTP status 404")),
                send("hold", "unknown", Some("no answer")),
                SendView { due_at: None, ..send("hold", "waiting", None) },
            ],
            ..message()
        };
        let shown = show(&silent, Paint::default());
        let followed = MessageView {
            sends: vec![
                send("reply", "sent", None),
                send("follow_up", "waiting", None),
                send("correction", "sent", None),
            ],
            ..message()
        };
        let followed = show(&followed, Paint::default());
        let rows = "\
reply     closed: sent on Tue 24 Nov 2026, 20:10
then      a follow-up: waits until Wed 25 Nov 2026, 08:00
then      a correction: sent on Tue 24 Nov 2026, 20:10
notice    none
";
        assert!(followed.ends_with(rows), "{followed}");
        for line in [
            "from      telegram:5: client\nsays      [media]\n",
            "reply     none: opening is less than 5 minutes away\n",
            "notice    phone, at once: tried 2 times: HTTP status 503; next on Wed 25 Nov 2026, 08:00\n",
            "          phone, at once: sent on Tue 24 Nov 2026, 20:10\n",
            "          phone, with the digest: given up on Tue 24 Nov 2026, 20:10: HTTP status 404\n",
            "          phone, with the digest: may or may not have arrived, and is not repeated: no answer\n",
            "          phone, with the digest: waits for an opening, and none is known\n",
        ] {
            assert!(shown.contains(line), "{line} is missing in\n{shown}");
        }
        let long = MessageView { said: Said { text: "a\u{1b}".repeat(1_000_000), ..message().said }, ..message() };
        let long = show(&long, Paint::default());
        assert!(long.len() < 6000 && !long.contains('\u{1b}'), "{}", long.len());
        assert!(long.contains("\n          … (1998000 more characters: `--json` shows all)\n"), "{long}");
        let nothing = show(&MessageView { sends: Vec::new(), ..silent }, Paint::default());
        assert!(nothing.contains("notice    none\n"), "{nothing}");
    }
}
