//! `away`, `open`: the owner's word over the hours, said to the running service.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use http::Method;

use super::Global;
use super::talk::{answer, shown};
use crate::admin::{Ended, Overridden, WantOverride};
use crate::hours::Override;

/// `away`, `open`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Until then (RFC 3339, or a date and time in the owner's zone: 2026-12-01 08:00)
    #[arg(long, value_name = "TIME", required_unless_present = "off", conflicts_with = "off")]
    until: Option<String>,
    /// From then on, planned ahead; now, when it is left out
    #[arg(long, value_name = "TIME", requires = "until")]
    from: Option<String>,
    /// The reply that goes out meanwhile
    #[arg(long, value_name = "NAME", requires = "until")]
    reply: Option<String>,
    /// Ends it now; what is planned stays
    #[arg(long)]
    off: bool,
    /// With --off: takes back what is planned as well
    #[arg(long, requires = "off", conflicts_with = "until")]
    all: bool,
}

pub fn away(global: &Global, args: &Args) -> ExitCode {
    run(global, args, "/api/v1/away", show_away_off)
}

pub fn open(global: &Global, args: &Args) -> ExitCode {
    run(global, args, "/api/v1/open", show_open_off)
}

fn run(global: &Global, args: &Args, path: &str, show_off: impl FnOnce(&Ended) -> String) -> ExitCode {
    let Args { until, from, reply, all, .. } = args;
    let Some(until) = until.clone() else {
        let path = if *all { format!("{path}?all=true") } else { path.to_owned() };
        return answer(global, Method::DELETE, &path, None, show_off);
    };
    let want = WantOverride { from: from.clone(), until, reply: reply.clone() };
    answer(global, Method::POST, path, Some(serde_json::to_vec(&want).unwrap_or_default()), show_overridden)
}

/// What the owner has said over the hours, a line for each: when (`now`, `then`, `planned`), and what.
pub(super) fn lines(overrides: &[Override], now: DateTime<Utc>, zone: Tz) -> Vec<(&'static str, String)> {
    let mut before = None;
    let line = |over: &Override| {
        let (when, from) = match before.replace(over.until) {
            _ if over.from <= now => ("now", String::new()),
            Some(until) if until == over.from => ("then", String::new()),
            _ => ("planned", format!(" from {}", shown(over.from, now, zone))),
        };
        let reply = match (over.reply.as_deref(), over.open) {
            (Some(reply), _) => format!(", reply `{reply}`"),
            (None, false) => ", reply `away`".to_owned(),
            (None, true) => String::new(),
        };
        (when, format!("{}{from} until {}{reply}", state(over), shown(over.until, now, zone)))
    };
    overrides.iter().map(line).collect()
}

fn state(over: &Override) -> &'static str {
    if over.open { "open" } else { "away" }
}

fn table(overrides: &[Override], now: DateTime<Utc>, zone: Tz) -> String {
    lines(overrides, now, zone).into_iter().fold(String::new(), |mut text, (when, what)| {
        let _ = writeln!(text, "  {when:<8}  {what}");
        text
    })
}

fn show_overridden(said: &Overridden) -> String {
    let zone: Tz = said.timezone.parse().unwrap_or(Tz::UTC);
    let long = |at: DateTime<Utc>| at.with_timezone(&zone).format("%A, %-d %B %Y, %H:%M").to_string();
    let from = if said.from > said.at { format!(" from {}", long(said.from)) } else { String::new() };
    let follows = match (&said.reply, said.open) {
        (Some(reply), false) => format!("Clients get the reply `{reply}`; what they write is held."),
        (Some(reply), true) => format!("What clients write is passed on at once, and they get the reply `{reply}`."),
        (None, _) => "What clients write is passed on at once.".to_owned(),
    };
    let state = if said.open { "Open" } else { "Away" };
    let mut text = format!("{state}{from} until {} ({zone}). {follows}\n", long(said.until));
    for anyway in &said.anyway {
        let hours = &anyway.hours;
        let until = anyway.until.map_or_else(String::new, |until| format!(" until {}", shown(until, said.at, zone)));
        let _ = writeln!(text, "`{hours}` is open{until} without that; to close, say `away`.");
    }
    if said.overrides.len() > 1 {
        text += "\nWith what you said before:\n";
        text += &table(&said.overrides, said.at, zone);
    }
    text
}

fn show_away_off(off: &Ended) -> String {
    let said = match (off.was_away, off.ended.is_empty()) {
        (true, _) => "You are back: the hours of the config are in force again.",
        (false, false) => "You were not away. What has ended:",
        (false, true) => "You were not away.",
    };
    show_off(off, said, "away")
}

fn show_open_off(off: &Ended) -> String {
    let said = match (off.ended.is_empty(), off.overrides.first()) {
        (true, _) => "Nothing was open by your word.",
        (false, Some(over)) if over.from <= off.at => "That has ended, and you are away again.",
        (false, _) => "That has ended: the hours of the config are in force again.",
    };
    show_off(off, said, "open")
}

fn show_off(off: &Ended, said: &str, command: &str) -> String {
    let zone = off.timezone.parse().unwrap_or(Tz::UTC);
    let mut text = format!("{said}\n");
    for over in &off.ended {
        let from = if over.from > off.at { format!(" from {}", shown(over.from, off.at, zone)) } else { String::new() };
        let _ = writeln!(text, "  {:<8}  {}{from} until {}", "ended", state(over), shown(over.until, off.at, zone));
    }
    text += &table(&off.overrides, off.at, zone);
    let is_planned = |over: &Override| over.from > off.at && (command == "away" || over.open);
    if off.overrides.iter().any(is_planned) {
        let _ = writeln!(text, "What is planned stays; `afterhours {command} --off --all` takes it back as well.");
    }
    text
}
