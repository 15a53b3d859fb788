//! `explain`: the verdict for such a message, and every rule that led to it, in order; or what became of a message that
//! came.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::paint::{Paint, Style};
use super::talk::said;
use super::{Global, instant, json, load_for_looking, message, misused, no_channel, print};
use crate::clients::{Standing, read_address};
use crate::desk::Desk;
use crate::message::{Inbound, Personal};
use crate::store::{Candidate, JobKind, Stored};
use crate::verdict::{Explanation, Recalled};

/// `explain`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The channel's name in the config
    #[arg(long, value_name = "NAME", required_unless_present = "message")]
    channel: Option<String>,
    /// The sender's address
    #[arg(long, value_name = "ADDRESS", required_unless_present = "message")]
    from: Option<String>,
    /// What the message says
    #[arg(long, value_name = "TEXT", default_value = "")]
    text: String,
    /// At that instant instead of now (RFC 3339)
    #[arg(long, value_name = "RFC3339", value_parser = super::read_instant)]
    at: Option<DateTime<Utc>>,
    /// On that line of the channel
    #[arg(long, value_name = "ID")]
    line: Option<String>,
    /// What became of the message of that number, and why: asks the running service (`held` shows the numbers)
    #[arg(long, value_name = "ID", conflicts_with_all = ["channel", "from", "text", "at", "line"])]
    message: Option<i64>,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Explained {
    at: String,
    channel: String,
    line: String,
    hours: String,
    state: &'static str,
    why: String,
    label: Option<String>,
    until: Option<String>,
    from: String,
    client: Option<String>,
    standing: &'static str,
    rules: Vec<RuleLine>,
    guard: Vec<CheckLine>,
    reply: Option<String>,
    notify: &'static str,
    because: Vec<String>,
    text: Option<String>,
}

#[derive(Serialize)]
struct RuleLine {
    name: String,
    matches: bool,
    fails_on: Option<&'static str>,
}

#[derive(Serialize)]
struct CheckLine {
    check: &'static str,
    objection: Option<String>,
}

pub(super) fn run(global: &Global, args: &Args) -> ExitCode {
    match args {
        Args { message: Some(number), .. } => message::run(global, *number),
        Args { channel: Some(channel), from: Some(from), .. } => foretell(global, channel, from, args),
        // clap asks for them
        _ => misused("explain takes --channel and --from, or --message"),
    }
}

fn foretell(global: &Global, channel: &str, from: &str, args: &Args) -> ExitCode {
    let config = match load_for_looking(global) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let said = said(global);
    let asked = said.is_some();
    let desk = Desk::new(Arc::new(config), said.unwrap_or_default());
    let config = desk.config();
    let Some((channel, settings)) = config.channels.get_key_value(channel) else {
        return misused(&no_channel(channel, config));
    };
    let from = match read_address(from, config.owner.country.as_deref()) {
        Ok(from) => from,
        Err(problem) => {
            let hint = problem.hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            return misused(&format!("--from: {}{hint}", problem.message));
        }
    };
    let now = instant(args.at);
    let message = Inbound {
        id: Personal::new("explain"),
        line: args.line.clone(),
        from: vec![from],
        text: Personal::new(args.text.clone()),
        sent_at: Some(now),
        ..Inbound::default()
    };
    let candidate = desk.candidate(channel, settings, message, now);
    let explanation = desk.explain(&candidate, &Recalled { first_contact: true, ..Recalled::default() });
    let explained = explained(&desk, &candidate, explanation);
    if global.json {
        return print(&json(&explained));
    }
    print(&in_words(&explained, asked, Paint::of_stdout()))
}

fn explained(desk: &Desk, candidate: &Candidate, explanation: Explanation) -> Explained {
    let now = candidate.received_at;
    let state = desk.state(&candidate.hours, now);
    let client = desk.config().clients.find(&candidate.message.from);
    let Explanation { rules, guard, verdict } = explanation;
    let settings = &desk.config().channels[&candidate.channel];
    let stored = Stored {
        id: 0,
        channel: candidate.channel.to_string(),
        line: candidate.line.to_string(),
        hours: candidate.hours.to_string(),
        received_at: now,
        reply: verdict.reply.clone(),
        in_open_hours: state.is_open(),
        late: verdict.late,
        passed_on: verdict.is_passed_on(),
        reply_state: "none",
        message: candidate.message.clone(),
    };
    let text = verdict.reply.as_ref().and_then(|_| desk.text(JobKind::Reply, settings, &stored, now).ok());
    let zone = desk.hours(&candidate.hours).zone();
    Explained {
        at: now.with_timezone(&zone).to_rfc3339(),
        channel: candidate.channel.to_string(),
        line: candidate.line.to_string(),
        hours: candidate.hours.to_string(),
        state: if state.is_open() { "open" } else { "closed" },
        why: state.why.to_string(),
        label: state.label.clone(),
        until: state.until().map(|until| until.with_timezone(&zone).to_rfc3339()),
        from: candidate.message.readable_address().to_owned(),
        client: client.map(|client| client.name.as_str().to_owned()),
        standing: client.map_or(Standing::Unknown, |client| client.standing).name(),
        rules: rules
            .into_iter()
            .map(|(name, fails_on)| RuleLine { name, matches: fails_on.is_none(), fails_on })
            .collect(),
        guard: guard
            .into_iter()
            .map(|(check, objection)| CheckLine { check, objection: objection.map(|reason| reason.to_string()) })
            .collect(),
        reply: verdict.reply,
        notify: verdict.notify.name(),
        because: verdict.because.iter().map(ToString::to_string).collect(),
        text,
    }
}

fn in_words(explained: &Explained, asked: bool, paint: Paint) -> String {
    let mut out = String::new();
    let mut row = |title: &str, words: &str| {
        let _ = writeln!(out, "{}{words}", paint.with(Style::Dim, &format!("{title:<10}")));
    };
    row("at", &explained.at);
    row("on", &format!("channel {}, line {}", explained.channel, explained.line));
    let who = match explained.client.as_deref() {
        Some("") => &explained.from,
        Some(name) => name,
        None => "nobody on the client list",
    };
    row("from", &format!("{who}: {}", explained.standing));
    let label = explained.label.as_ref().map(|label| format!(", {label}")).unwrap_or_default();
    let until = explained.until.as_ref().map_or("no end in sight".to_owned(), |until| format!("until {until}"));
    row("hours", &format!("{}: {} ({}{label}), {until}", explained.hours, explained.state, explained.why));
    if explained.rules.is_empty() {
        row("rules", "the config has none: the built-in ones decide");
    }
    let mut taken = false;
    for (index, rule) in explained.rules.iter().enumerate() {
        let title = if index == 0 { "rules" } else { "" };
        let words = match rule.fails_on {
            Some(key) => format!("✗ {}: {key} does not hold", rule.name),
            None if taken => format!("· {}: would hold, but an earlier rule has won", rule.name),
            None => format!("✓ {}", rule.name),
        };
        taken |= rule.matches;
        row(title, &words);
    }
    for (index, check) in explained.guard.iter().enumerate() {
        let title = if index == 0 { "guard" } else { "" };
        let words = match &check.objection {
            Some(objection) => format!("✗ {}: {objection}", check.check),
            None => format!("✓ {}", check.check),
        };
        row(title, &words);
    }
    row("because", &explained.because.join(" · "));
    row("notice", explained.notify);
    row("reply", explained.reply.as_deref().unwrap_or("none"));
    for line in explained.text.iter().flat_map(|text| text.lines()) {
        row("", line);
    }
    let note = "As if nothing had been written before: what the running service remembers of the sender is not asked.";
    let _ = writeln!(out, "\n{}", paint.with(Style::Dim, note));
    if !asked {
        let note = "By the hours of the config alone: the service cannot be asked whether you are away or open late.";
        let _ = writeln!(out, "{}", paint.with(Style::Dim, note));
    }
    out
}
