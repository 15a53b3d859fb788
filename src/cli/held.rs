//! `held`: what waits for an opening.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono_tz::Tz;
use http::Method;

use super::paint::{Paint, Style};
use super::talk::{answer, aside, fate, lines, name, plain, zone};
use super::{Global, HeldAction, HeldArgs};
use crate::admin::{Done, HeldView, PromiseView, Released};
use crate::app::Status;

pub fn run(global: &Global, args: &HeldArgs) -> ExitCode {
    match args.action {
        Some(HeldAction::Release) => {
            answer(global, Method::POST, "/api/v1/held/release", None, |released: &Released| match released.released {
                0 => "Nothing is held.\n".to_owned(),
                1 => "The notice of 1 message is on its way.\n".to_owned(),
                many => format!("The notices of {many} messages are on their way.\n"),
            })
        }
        Some(HeldAction::Waiting) => {
            let zone = zone(global);
            let show = |rows: &Vec<PromiseView>| show_waiting(rows, zone, Paint::of_stdout());
            answer(global, Method::GET, "/api/v1/promises", None, show)
        }
        Some(HeldAction::Done { id }) => {
            let path = format!("/api/v1/messages/{id}/done");
            answer(global, Method::POST, &path, None, |done: &Done| {
                if done.done {
                    "Noted: nobody waits for that answer any more.\n".to_owned()
                } else {
                    format!("Nobody waits for an answer to message {id}.\n")
                }
            })
        }
        None => {
            let zone = zone(global);
            let show = |rows: &Vec<HeldView>| show_held(rows, all_held(global, rows.len()), zone, Paint::of_stdout());
            answer(global, Method::GET, "/api/v1/held", None, show)
        }
    }
}

/// How many messages are held: the service lists some of them, and counts them all.
fn all_held(global: &Global, listed: usize) -> usize {
    let status: Option<Status> = aside(global, "/api/v1/status");
    status.and_then(|status| usize::try_from(status.held).ok()).unwrap_or_default().max(listed)
}

fn show_waiting(rows: &[PromiseView], zone: Tz, paint: Paint) -> String {
    if rows.is_empty() {
        return "Nobody waits for an answer of yours.\n".to_owned();
    }
    let shown = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&zone).format("%a %-d %b, %H:%M").to_string();
    let mut text = String::new();
    for row in rows {
        let address = row.said.from.first().map_or("", String::as_str);
        let who = if row.said.name.is_empty() {
            name(address)
        } else {
            format!("{} {}", name(&row.said.name), name(address))
        };
        let when = format!("wrote {}, was told {}; message {}", shown(row.received_at), shown(row.opens_at), row.id);
        let _ = writeln!(text, "{}   {}", paint.with(Style::Bold, &who), paint.with(Style::Dim, &when));
    }
    text.push_str("\n`afterhours held done ID` notes that you have answered somebody by another way.\n");
    text
}

fn show_held(rows: &[HeldView], all: usize, zone: Tz, paint: Paint) -> String {
    if rows.is_empty() {
        return "Nothing is held.\n".to_owned();
    }
    let mut text = match rows.len() {
        listed if listed < all => format!("{all} messages are held; the oldest {listed} of them:\n"),
        1 => "1 message is held:\n".to_owned(),
        many => format!("{many} messages are held, oldest first:\n"),
    };
    for row in rows {
        let (called, address, words) = row.said.as_ref().map_or(("", "", ""), |said| {
            (said.name.as_str(), said.from.first().map_or("", String::as_str), said.text.as_str())
        });
        let who = if called.is_empty() { name(address) } else { format!("{} {}", name(called), name(address)) };
        let received = row.received_at.with_timezone(&zone).format("%a %-d %b, %H:%M");
        let line = if row.line == "default" { String::new() } else { format!(", line {}", name(&row.line)) };
        let _ = writeln!(
            text,
            "\n{}   {}",
            paint.with(Style::Bold, &who),
            paint.with(Style::Dim, &format!("{received}, {}{line}, message {}", row.channel, row.id))
        );
        if words.trim().is_empty() {
            let _ = writeln!(text, "  [{}]", row.kind);
        }
        for line in lines(words) {
            let _ = writeln!(text, "  {line}");
        }
        let due = match row.due_at {
            Some(due) => format!("you are told on {}", due.with_timezone(&zone).format("%a %-d %b, %H:%M")),
            None if row.given_up => "its notice was given up: `afterhours held release` tries again".to_owned(),
            None => "you are told when an opening is known".to_owned(),
        };
        let reply = row
            .reply
            .as_deref()
            .map_or_else(|| "no reply".to_owned(), |reply| format!("reply `{reply}`: {}", fate(&row.reply_state)));
        // why it was decided so is not why it failed, or was taken back
        let as_decided = row.reply.is_none() || matches!(row.reply_state.as_str(), "waiting" | "sent");
        let because = row.because.last().filter(|_| as_decided);
        let because = because.map(|because| format!(" ({})", plain(because))).unwrap_or_default();
        let reply = reply + &because;
        let _ = writeln!(text, "  {}", paint.with(Style::Dim, &format!("{reply}; {due} ({})", row.sinks.join(", "))));
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::admin::Said;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn who_waits_is_shown_with_what_was_promised() {
        let row = PromiseView {
            id: 41,
            received_at: at("2026-11-24T01:30:00Z"),
            opens_at: at("2026-11-24T14:00:00Z"),
            said: Said {
                from: vec!["+50499990003".to_owned()],
                name: "Ben\u{202e} Ochoa".to_owned(),
                text: "hello".to_owned(),
            },
        };
        let shown = show_waiting(&[row], chrono_tz::America::Tegucigalpa, Paint::default());
        let expected = "Ben Ochoa +50499990003   wrote Mon 23 Nov, 19:30, was told Tue 24 Nov, 08:00; message 41\n\n\
                        `afterhours held done ID` notes that you have answered somebody by another way.\n";
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_held_reads_well_and_cannot_steer_the_terminal() {
        let row = HeldView {
            given_up: false,
            id: 1,
            channel: "work".to_owned(),
            line: "default".to_owned(),
            received_at: at("2026-11-24T01:30:00Z"),
            due_at: Some(at("2026-11-24T14:00:00Z")),
            sinks: vec!["phone".to_owned(), "mail".to_owned()],
            kind: "text".to_owned(),
            reply: Some("closed".to_owned()),
            reply_state: "sent".to_owned(),
            because: vec!["closed: hours".to_owned(), "first in this closed period".to_owned()],
            said: Some(Said {
                from: vec!["+50499990001".to_owned()],
                name: "Ana L\u{1b}[2Jópez".to_owned(),
                text: "are you open?\nI need \u{9b}31mhelp".to_owned(),
            }),
        };
        let long = HeldView {
            said: Some(Said { from: vec!["telegram:5".to_owned()], name: String::new(), text: "ha".repeat(1_000_000) }),
            ..row.clone()
        };
        let long = show_held(&[long], 1, chrono_tz::America::Tegucigalpa, Paint::default());
        assert!(long.len() < 3000 && long.contains("\n  … (1998000 more characters: `--json` shows all)\n"), "{long}");
        let dead = HeldView { reply_state: "dead".to_owned(), ..row.clone() };
        let dead = show_held(&[dead], 1, chrono_tz::America::Tegucigalpa, Paint::default());
        assert!(dead.contains("\n  reply `closed`: given up; you are told"), "{dead}");
        let picture = HeldView {
            kind: "media".to_owned(),
            reply: None,
            because: vec!["closed: hours".to_owned(), "older than max_age".to_owned()],
            due_at: None,
            said: Some(Said { from: vec!["telegram:5".to_owned()], name: String::new(), text: String::new() }),
            ..row.clone()
        };
        let rows = [row, picture];
        let text = show_held(&rows, 2, chrono_tz::America::Tegucigalpa, Paint::default());
        let more = show_held(&rows, 21, chrono_tz::America::Tegucigalpa, Paint::default());
        assert!(more.starts_with("21 messages are held; the oldest 2 of them:\n\nAna "), "{more}");
        assert!(!text.contains(['\u{1b}', '\u{9b}']));
        let shown = "\
2 messages are held, oldest first:

Ana L\u{fffd}[2Jópez +50499990001   Mon 23 Nov, 19:30, work, message 1
  are you open?
  I need \u{fffd}31mhelp
  reply `closed`: sent (first in this closed period); you are told on Tue 24 Nov, 08:00 (phone, mail)

telegram:5   Mon 23 Nov, 19:30, work, message 1
  [media]
  no reply (older than max_age); you are told when an opening is known (phone, mail)
";
        assert_eq!(text, shown);
    }
}
