//! `hours`: open or closed, why, until when; the coming days as a picture.

use std::io::IsTerminal;
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate, Utc};
use http::Method;
use serde::Serialize;

use super::paint::Paint;
use super::talk::{answer, said};
use super::{Global, instant, load_for_looking, misused, print};
use crate::channel::PublishedHours;
use crate::hours::{self, Canvas, Hours, Override, Why};

/// `hours`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// At that instant instead of now (RFC 3339)
    #[arg(long, value_name = "RFC3339", value_parser = super::read_instant)]
    pub at: Option<DateTime<Utc>>,
    /// How many days to draw
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=400))]
    pub days: u32,
    /// Instead print the business hours that your Telegram account shows its clients, as a table to paste into the config;
    /// the service must run, and your account be connected on that channel
    #[arg(long, value_name = "CHANNEL", conflicts_with_all = ["at", "days"])]
    pub from_telegram: Option<String>,
}

/// One of the `--json` array: a schedule of the config, the default one first. Instants are RFC 3339 with the schedule's
/// own offset.
#[derive(Serialize)]
struct Schedule<'a> {
    /// Its name in the config.
    name: &'a str,
    /// IANA name of its zone.
    timezone: &'a str,
    /// What the config compiles to, in OpenStreetMap's syntax.
    expression: &'a str,
    /// The instant that all this is about.
    at: String,
    /// Open then.
    open: bool,
    /// What decides it: `hours`, `exception`, `holiday`; `away` when the owner's own word does.
    why: Why,
    /// What the config calls the reason, or the holiday's name.
    label: Option<String>,
    /// The closing that began the closed period; `null` when it is open.
    since: Option<String>,
    /// The next closing or opening; `null` when there is none within 400 days.
    until: Option<String>,
    /// The days from that of `at` on.
    days: Vec<Day>,
}

/// A day of the calendar.
#[derive(Serialize)]
struct Day {
    date: NaiveDate,
    /// Open spans of that day, cut at midnight.
    open: Vec<Opening>,
    /// `exception`, `holiday` or `away`, where the day has a reason of its own.
    why: Option<Why>,
    /// What the config calls it, or the holiday's name.
    label: Option<String>,
    /// How far the clocks go forward that day (back when negative), in minutes; 0 on nearly all days.
    clock_change: i64,
}

/// An open span: start inclusive, end exclusive.
#[derive(Serialize)]
struct Opening {
    from: String,
    to: String,
}

/// Prints all hours of the config.
pub fn run(global: &Global, args: &Args) -> ExitCode {
    if let Some(channel) = &args.from_telegram {
        if !channel.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
            return misused(&format!("{channel:?} is no name of a channel"));
        }
        let path = format!("/api/v1/channels/{channel}/hours");
        return answer(global, Method::GET, &path, None, |hours: &Vec<PublishedHours>| published(channel, hours));
    }
    let at = instant(args.at);
    let config = match load_for_looking(global) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let default = &config.default_hours;
    let mut hours: Vec<_> = config.hours.iter().collect();
    hours.sort_by_key(|(name, _)| *name != default);
    let hours = hours.into_iter().map(|(_, hours)| hours);
    let said = said(global).unwrap_or_default();
    let text = if global.json { json(hours, at, args.days, &said) } else { picture(hours, at, args.days, &said) };
    print(&format!("{}\n", text.trim_end()))
}

/// Tables to paste.
fn published(channel: &str, hours: &[PublishedHours]) -> String {
    if hours.is_empty() {
        return format!("# no account that is connected on channel {channel} shows business hours\n");
    }
    let table = |hours: &PublishedHours| {
        let [timezone, open] = [&hours.timezone, &hours.open].map(|text| toml::Value::from(text.as_str()));
        let name: String = hours.line.chars().filter(char::is_ascii_alphanumeric).collect();
        format!(
            "# what account {name} shows its clients on channel {channel}\n[hours.telegram-{name}]\ntimezone = {timezone}\n\
             open = {open}\n"
        )
    };
    hours.iter().map(table).collect::<Vec<_>>().join("\n")
}

fn picture<'a>(hours: impl Iterator<Item = &'a Hours>, at: DateTime<Utc>, days: u32, said: &[Override]) -> String {
    let stdout = std::io::stdout();
    let canvas = if stdout.is_terminal() {
        let columns = rustix::termios::tcgetwinsize(&stdout).map(|size| size.ws_col);
        Canvas { colour: Paint::of_stdout().is_on(), columns: columns.ok().filter(|columns| *columns > 0) }
    } else {
        Canvas::PAPER
    };
    hours.map(|hours| hours.draw(at, days, said, canvas)).collect::<Vec<_>>().join("\n")
}

fn json<'a>(hours: impl Iterator<Item = &'a Hours>, at: DateTime<Utc>, days: u32, said: &[Override]) -> String {
    let schedules: Vec<_> = hours.map(|hours| schedule(hours, at, days, said)).collect();
    super::json(&schedules)
}

fn schedule<'a>(hours: &'a Hours, at: DateTime<Utc>, days: u32, said: &[Override]) -> Schedule<'a> {
    let local = |at: DateTime<Utc>| at.with_timezone(&hours.zone()).to_rfc3339();
    let state = hours.state(at, said);
    let first = at.with_timezone(&hours.zone()).date_naive();
    Schedule {
        name: hours.name(),
        timezone: hours.zone().name(),
        expression: hours.expression(),
        at: local(at),
        open: state.is_open(),
        why: state.why,
        since: state.closed_since().map(local),
        until: state.until().map(local),
        label: state.label,
        days: hours.days(first, days, said).into_iter().map(day).collect(),
    }
}

fn day(day: hours::Day) -> Day {
    let hours::Day { date, open, why, label, change, .. } = day;
    let open = open.iter().map(|span| Opening { from: span.from.to_rfc3339(), to: span.to.to_rfc3339() });
    let clock_change = change.map_or(0, |change| change.by.num_minutes());
    Day { date, open: open.collect(), why, label, clock_change }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::{Except, Spec};

    #[test]
    fn the_json_of_a_night_with_a_clock_change() {
        let today: NaiveDate = "2026-10-20".parse().unwrap();
        let spec = Spec {
            name: "bar".into(),
            zone: chrono_tz::Europe::Berlin,
            week: vec![("sat".into(), "22:00-02:30".into())],
            open: None,
            holidays: vec!["DE-BY".into()],
            not_holidays: Vec::new(),
            except: vec![Except {
                from: "2026-10-26".parse().unwrap(),
                to: "2026-10-26".parse().unwrap(),
                open: "off".into(),
                why: Some("rest".into()),
            }],
        };
        let (hours, _) = Hours::compile(&spec, today).unwrap();
        let at = "2026-10-25T12:00:00Z".parse().unwrap();
        let printed: serde_json::Value = serde_json::from_str(&json([&hours].into_iter(), at, 2, &[])).unwrap();
        let expected = serde_json::json!([{
            "name": "bar",
            "timezone": "Europe/Berlin",
            "expression": "Sa 22:00-02:30; PH off; 2026 Oct 26 off \"rest\"",
            "at": "2026-10-25T13:00:00+01:00",
            "open": false,
            "why": "hours",
            "label": null,
            "since": "2026-10-25T02:30:00+01:00",
            "until": "2026-10-31T22:00:00+01:00",
            "days": [
                {
                    "date": "2026-10-25",
                    "open": [{ "from": "2026-10-25T00:00:00+02:00", "to": "2026-10-25T02:30:00+01:00" }],
                    "why": null,
                    "label": null,
                    "clock_change": -60,
                },
                { "date": "2026-10-26", "open": [], "why": "exception", "label": "rest", "clock_change": 0 },
            ],
        }]);
        assert_eq!(printed, expected);
    }
}
