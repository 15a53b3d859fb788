//! `status`: what the running service is doing.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono_tz::Tz;
use http::Method;

use super::paint::{Paint, Style};
use super::talk::{answer, plain, shown};
use super::{Global, overrides};
use crate::app::Status;

pub fn run(global: &Global) -> ExitCode {
    answer(global, Method::GET, "/api/v1/status", None, |status: &Status| show_status(status, Paint::of_stdout()))
}

fn show_status(status: &Status, paint: Paint) -> String {
    let zone = status.timezone.parse().unwrap_or(Tz::UTC);
    let now = status.at.with_timezone(&zone);
    let mut text = String::new();
    let title = format!("afterhours {}", status.version);
    let _ = writeln!(text, "{}   {} ({zone})\n", paint.with(Style::Bold, &title), now.format("%a %-d %b %Y, %H:%M"));
    let width = status.hours.iter().map(|hours| hours.name.chars().count()).max().unwrap_or_default().max(8);
    for hours in &status.hours {
        let state = if hours.open { paint.with(Style::In, "open") } else { paint.with(Style::Owner, "closed") };
        let until = hours.until.map_or_else(
            || ", and no change is in sight".to_owned(),
            |until| format!(" until {}", shown(until, status.at, zone)),
        );
        let label = hours.label.as_deref().map(|label| format!(": {}", plain(label))).unwrap_or_default();
        let why = match hours.why.as_str() {
            "hours" => label,
            // the owner's word, which may open as well
            "away" if hours.open => "by your word".to_owned(),
            why => format!("{why}{label}"),
        };
        let why = why.trim_start_matches(": ");
        let why = if why.is_empty() { String::new() } else { paint.with(Style::Dim, &format!("  ({why})")) };
        let _ = writeln!(text, "  {:width$}  {state}{until}{why}", hours.name);
    }
    if !status.overrides.is_empty() {
        text.push('\n');
    }
    for (when, what) in overrides::lines(&status.overrides, status.at, zone) {
        let _ = writeln!(text, "  {when:width$}  {what}");
    }
    text.push('\n');
    let line = |text: &mut String, name: &str, count: u64, what: &str| {
        let _ = writeln!(text, "  {name:width$}  {count} {what}");
    };
    line(
        &mut text,
        "held",
        status.held,
        if status.held == 1 { "notice waits for an opening" } else { "notices wait for an opening" },
    );
    line(
        &mut text,
        "waiting",
        status.waiting,
        if status.waiting == 1 { "send is on its way" } else { "sends are on their way" },
    );
    line(&mut text, "kept", status.messages, if status.messages == 1 { "message" } else { "messages" });
    if status.unknown > 0 {
        let what = if status.unknown == 1 {
            "reply may or may not have arrived, and is not repeated"
        } else {
            "replies may or may not have arrived, and are not repeated"
        };
        line(&mut text, "unknown", status.unknown, what);
    }
    if status.dead > 0 {
        let what = if status.dead == 1 { "send failed for good" } else { "sends failed for good" };
        line(&mut text, "given up", status.dead, what);
    }
    for down in &status.down {
        let down = format!("{} is down: {}", down.name, down.reason);
        let _ = writeln!(text, "\n  {}", paint.with(Style::Bad, &down));
    }
    for trouble in &status.troubles {
        let trouble = format!("channel {}: {}", trouble.channel, plain(&trouble.trouble));
        let _ = writeln!(text, "\n  {}", paint.with(Style::Bad, &trouble));
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::app::HoursStatus;
    use crate::hours::Override;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_status_reads_well() {
        let hours = |name: &str, open, why: &str, label: Option<&str>, until: Option<&str>| HoursStatus {
            name: name.to_owned(),
            open,
            why: why.to_owned(),
            label: label.map(str::to_owned),
            until: until.map(at),
        };
        let over = |open, from, until, reply: Option<&str>| Override {
            open,
            from: at(from),
            until: at(until),
            reply: reply.map(str::to_owned),
        };
        let status = Status {
            version: "1.2.3".to_owned(),
            at: at("2026-11-24T20:00:00Z"),
            timezone: "America/Tegucigalpa".to_owned(),
            hours: vec![
                hours("office", true, "hours", None, Some("2026-11-24T23:00:00Z")),
                hours("studio", false, "holiday", Some("Day of the Army"), Some("2026-11-25T14:00:00Z")),
                hours("never", false, "hours", None, None),
                hours("late", true, "away", None, Some("2026-11-25T04:30:00Z")),
            ],
            overrides: vec![
                over(false, "2026-11-24T14:00:00Z", "2026-11-25T02:00:00Z", Some("vacation")),
                over(true, "2026-11-25T02:00:00Z", "2026-11-25T04:30:00Z", None),
                over(false, "2026-12-24T18:00:00Z", "2027-01-02T14:00:00Z", None),
            ],
            messages: 12,
            held: 1,
            waiting: 0,
            unknown: 2,
            dead: 0,
            down: vec![crate::app::DownStatus { name: "work".to_owned(), reason: "HTTP status 401".to_owned() }],
            troubles: vec![crate::app::ChannelTrouble {
                channel: "chat".to_owned(),
                trouble: "the provider posts to another address".to_owned(),
            }],
        };
        let shown = "\
afterhours 1.2.3   Tue 24 Nov 2026, 14:00 (America/Tegucigalpa)

  office    open until 17:00
  studio    closed until Wed 25 Nov, 08:00  (holiday: Day of the Army)
  never     closed, and no change is in sight
  late      open until 22:30  (by your word)

  now       away until 20:00, reply `vacation`
  then      open until 22:30
  planned   away from Thu 24 Dec, 12:00 until Sat 2 Jan 2027, 08:00, reply `away`

  held      1 notice waits for an opening
  waiting   0 sends are on their way
  kept      12 messages
  unknown   2 replies may or may not have arrived, and are not repeated

  work is down: HTTP status 401

  channel chat: the provider posts to another address
";
        assert_eq!(show_status(&status, Paint::default()), shown);
    }

    #[test]
    fn one_of_a_kind_is_told_in_the_singular() {
        let status = Status {
            version: "1.2.3".to_owned(),
            at: at("2026-11-24T20:00:00Z"),
            timezone: "UTC".to_owned(),
            hours: Vec::new(),
            overrides: Vec::new(),
            messages: 1,
            held: 1,
            waiting: 1,
            unknown: 1,
            dead: 1,
            down: Vec::new(),
            troubles: Vec::new(),
        };
        let shown = show_status(&status, Paint::default());
        for line in [
            "  unknown   1 reply may or may not have arrived, and is not repeated\n",
            "  given up  1 send failed for good\n",
        ] {
            assert!(shown.contains(line), "{shown}");
        }
    }
}
