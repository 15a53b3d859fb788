//! From the path to the config, with every problem of the file in one run.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use toml::de::DeTable;

use super::desk::Desk;
use super::environment::{Environment, others_can_read, unreadable};
use super::parts::names::Names;
use super::parts::{
    channels, clients, hours, limits, listen, notify, owner, personal, replies, rules, sinks, store, tables,
};
use super::problem::{Finding, Findings, Problem};
use super::source::Source;
use super::{Config, Loaded, Report};
use super::{recover, syntax};
use crate::reply::BUILT_IN;
use crate::verdict::Policy;

/// The tables of a file.
pub const TABLES: &[&str] = &[
    "owner",
    "listen",
    "store",
    "hours",
    "channel",
    "client",
    "reply",
    "rule",
    "urgent",
    "limits",
    "conversation",
    "personal",
    "sink",
    "notify",
];

/// The place of what the file as a whole lacks.
pub const WHOLE: std::ops::Range<usize> = 0..0;

/// Reads, checks and builds the config at `path`, with the secrets of the process's environment.
///
/// # Errors
/// Every problem of the file at once.
pub fn load(path: &Path, today: NaiveDate) -> Result<Loaded, Report> {
    load_in(path, today, Environment::of_process())
}

/// As [`load`], with the secrets of another environment.
///
/// # Errors
/// Every problem of the file at once.
pub fn load_in(path: &Path, today: NaiveDate, environment: Environment) -> Result<Loaded, Report> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        let problem = unreadable(path, &error);
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => "name the config with `--config FILE`".to_owned(),
            _ => problem.hint,
        };
        whole(Source::new(shown.as_str(), None), 0, problem.message, hint)
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let readable = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let hint = "save the file as UTF-8 in your editor".to_owned();
        whole(Source::new(shown.as_str(), Some(&readable)), at, "this is not UTF-8 text".to_owned(), hint)
    })?;
    read(&shown, text, others_can_read(path), today, environment)
}

/// Reads, checks and builds the config that `text` is.
///
/// # Errors
/// Every problem of the text at once.
pub fn read(
    path: &str,
    text: String,
    readable_by_all: bool,
    today: NaiveDate,
    environment: Environment,
) -> Result<Loaded, Report> {
    let source = Arc::new(Source::new(path, Some(&text)));
    let mut torn = Findings::default();
    let mended = syntax::mend(&text, &mut torn);
    let (tree, _) = DeTable::parse_recoverable(&mended);
    let mut desk = Desk::new(text, readable_by_all, environment);
    let config = build(tree.into_inner(), today, &mut desk);
    let findings = together(torn.all, desk.findings.into_causes(), &source);
    let fatal = findings.iter().any(|finding| finding.fatal);
    let problems: Vec<Problem> =
        findings.into_iter().map(|finding| Problem::new(Arc::clone(&source), finding)).collect();
    match config {
        Some(config) if !fatal => Ok(Loaded { config, warnings: problems }),
        _ => Err(Report { problems }),
    }
}

/// A problem of the file as a whole.
fn whole(source: Source, at: usize, message: String, hint: String) -> Report {
    let mut findings = Findings::default();
    findings.error(at..at + 1, message).hint(hint);
    let source = Arc::new(source);
    Report { problems: findings.all.into_iter().map(|finding| Problem::new(Arc::clone(&source), finding)).collect() }
}

/// Every problem in the order of the file, without those that only follow from a syntax error.
fn together(syntax: Vec<Finding>, others: Vec<Finding>, source: &Source) -> Vec<Finding> {
    let line = |finding: &Finding| source.position(finding.span.start).map(|at| at.line);
    let torn: Vec<_> = syntax.iter().map(line).collect();
    let follows = |finding: &Finding| !torn.is_empty() && (finding.absence.is_some() || torn.contains(&line(finding)));
    let mut findings = syntax;
    findings.extend(others.into_iter().filter(|finding| !follows(finding)));
    findings.sort_by_key(|finding| finding.span.start);
    findings
}

fn build(mut file: DeTable<'_>, today: NaiveDate, desk: &mut Desk) -> Option<Config> {
    let owner = owner::read(tables::single(&mut file, "owner", desk), desk);
    desk.country.clone_from(&owner.country);
    let listen = listen::read(tables::single(&mut file, "listen", desk), desk);
    desk.public_url = listen.as_ref().and_then(|listen| listen.public_url.clone());
    let store = store::read(tables::single(&mut file, "store", desk), desk);

    let hours_tables = tables::named(&mut file, "hours", desk);
    let hours_names = Names::of("hours", "hours", &hours_tables);
    let default_hours: Option<Arc<str>> = hours_names.iter().next().map(Arc::from);
    let hours = hours::read(hours_tables, owner.timezone, today, desk);

    let channel_tables = tables::named(&mut file, "channel", desk);
    let channel_names = Names::of("channel", "channel", &channel_tables);
    let (channels, lines) = channels::read(channel_tables, &hours_names, default_hours.as_ref(), desk);

    let list = clients::read(tables::array(&mut file, "client", desk), &owner, desk);

    let reply_tables = tables::named(&mut file, "reply", desk);
    let reply_names = Names::of("reply", "reply", &reply_tables).and_built_in(BUILT_IN);
    let replies = replies::read(reply_tables, owner.language.as_ref(), desk);

    let known = rules::Known { replies: &reply_names, channels: &channel_names, lines: &lines, labels: &list.labels };
    let rules = rules::read(tables::array(&mut file, "rule", desk), &known, desk);
    rules::held_for_no_opening(rules.as_deref().unwrap_or_default(), &mut desk.findings);
    let tables = limits::Tables {
        limits: tables::single(&mut file, "limits", desk),
        urgent: tables::single(&mut file, "urgent", desk),
        conversation: tables::single(&mut file, "conversation", desk),
    };
    let policy = limits::read(tables, rules.clone().unwrap_or_default(), desk);
    let pass_personal = personal::read(tables::single(&mut file, "personal", desk), &channels, list.personal, desk);

    let sink_tables = tables::named(&mut file, "sink", desk);
    let sink_names = Names::of("sink", "sink", &sink_tables);
    let sinks = sinks::read(sink_tables, desk);
    let notify = notify::read(tables::single(&mut file, "notify", desk), &sink_names, desk);

    for (key, _) in &file {
        recover::unknown_key(key.get_ref(), key.span(), &WHOLE, TABLES, &mut desk.findings);
    }
    rules?;
    Some(Config {
        owner: owner.owner?,
        listen: listen?,
        store: store?,
        hours,
        default_hours: default_hours?,
        channels,
        clients: list.clients?,
        replies: replies?,
        policy: Policy { pass_personal, ..policy? },
        sinks,
        notify: notify?,
    })
}
