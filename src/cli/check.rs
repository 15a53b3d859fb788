//! `check`: every problem of the config at once, then 'ok' and what it says.

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::paint::Paint;
use super::{BAD_CONFIG, Global, print};
use crate::channel::{ChannelKind, KINDS};
use crate::clients::Standing;
use crate::config::{self, Config, Entry, Environment, Problem, Severity, duration};
use crate::hours::{Hours, Why};
use crate::reply::Cost;

/// `check`
#[derive(clap::Args, Debug)]
pub struct Args {}

/// Reads the config and everything it names.
pub fn run(global: &Global, _args: &Args) -> ExitCode {
    let now = super::instant(None);
    let (config, problems) = match config::load_in(&global.config, now.date_naive(), Environment::for_checking()) {
        Ok(loaded) => (Some(loaded.config), loaded.warnings),
        Err(report) => (None, report.problems),
    };
    let summary = config.as_ref().map(|config| Summary::of(config, now, problems.len()));
    let text = if global.json {
        json(&problems, summary.as_ref())
    } else {
        plain(&global.config.display().to_string(), &problems, summary.as_ref(), Paint::of_stdout().is_on())
    };
    let printed = print(&text);
    if config.is_some() { printed } else { ExitCode::from(BAD_CONFIG) }
}

fn json(problems: &[Problem], summary: Option<&Summary>) -> String {
    #[derive(Serialize)]
    struct Output<'a> {
        ok: bool,
        problems: Vec<Entry>,
        summary: Option<&'a Summary>,
    }
    let output = Output { ok: summary.is_some(), problems: problems.iter().map(Problem::entry).collect(), summary };
    super::json(&output)
}

fn plain(file: &str, problems: &[Problem], summary: Option<&Summary>, colour: bool) -> String {
    let mut text = String::new();
    for problem in problems {
        let _ = writeln!(text, "{}\n", problem.render(colour));
    }
    let warnings = problems.iter().filter(|problem| problem.severity() == Severity::Warning).count();
    let warned = counted(warnings, "warning");
    if let Some(summary) = summary {
        let warned = if warnings > 0 { format!(", {warned}") } else { String::new() };
        let _ = writeln!(text, "ok: {file}{warned}\n\n{}", summary.text());
    } else {
        let errors = counted(problems.len() - warnings, "error");
        let warned = if warnings > 0 { format!(" and {warned}") } else { String::new() };
        let _ = writeln!(text, "not ok: {file} has {errors}{warned}");
    }
    text
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// What a config says, in short.
#[derive(Serialize)]
struct Summary {
    owner: String,
    timezone: String,
    language: String,
    hooks: String,
    public_url: Option<String>,
    admin: String,
    admin_url: Option<String>,
    socket: String,
    store: String,
    retain: String,
    hours: Vec<HoursSummary>,
    channels: Vec<ChannelSummary>,
    clients: ClientsSummary,
    replies: Vec<String>,
    /// What own texts cost that do not fit one SMS, where a channel sends such.
    sms: Vec<Cost>,
    rules: Vec<String>,
    sinks: Vec<SinkSummary>,
    warnings: usize,
}

#[derive(Serialize)]
struct HoursSummary {
    name: String,
    default: bool,
    timezone: String,
    expression: String,
    open: bool,
    why: Why,
    label: Option<String>,
    /// When that ends; `None` when it does not within the horizon.
    until: Option<DateTime<Utc>>,
    #[serde(skip)]
    words: String,
}

#[derive(Serialize)]
struct ChannelSummary {
    name: String,
    kind: &'static str,
    path: String,
    hours: String,
    lines: Vec<LineSummary>,
}

#[derive(Serialize)]
struct LineSummary {
    id: String,
    hours: String,
    private: bool,
}

#[derive(Serialize)]
struct ClientsSummary {
    client: usize,
    personal: usize,
    blocked: usize,
}

#[derive(Serialize)]
struct SinkSummary {
    name: String,
    kind: &'static str,
    now: bool,
    digest: bool,
}

impl Summary {
    fn of(config: &Config, now: DateTime<Utc>, warnings: usize) -> Self {
        let standing = |standing| config.clients.iter().filter(|client| client.standing == standing).count();
        let hours = |(name, hours): (&std::sync::Arc<str>, &Hours)| HoursSummary::of(name, hours, config, now);
        Self {
            owner: config.owner.name.as_str().to_owned(),
            timezone: config.owner.timezone.name().to_owned(),
            language: config.owner.language.to_string(),
            hooks: config.listen.hooks.to_string(),
            public_url: config.listen.public_url.clone(),
            admin: config.listen.admin.to_string(),
            admin_url: config.listen.admin_url.clone(),
            socket: config.listen.socket.display().to_string(),
            store: config.store.url.clone(),
            retain: duration::show(config.store.retain),
            hours: config.hours.iter().map(hours).collect(),
            channels: config.channels.iter().map(ChannelSummary::of).collect(),
            clients: ClientsSummary {
                client: standing(Standing::Client),
                personal: standing(Standing::Personal),
                blocked: standing(Standing::Blocked),
            },
            replies: config.replies.names().filter(|name| config.replies.is_own(name)).map(str::to_owned).collect(),
            sms: sms_costs(config, KINDS),
            rules: config.policy.rules.iter().map(|rule| rule.name.clone()).collect(),
            sinks: config
                .sinks
                .iter()
                .map(|(name, sink)| SinkSummary {
                    name: name.clone(),
                    kind: sink.kind(),
                    now: config.notify.now.contains(name),
                    digest: config.notify.digest.contains(name),
                })
                .collect(),
            warnings,
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut row = |label: &str, value: &str| {
            let _ = writeln!(text, "{label:<10}{value}");
        };
        row("owner", &format!("{}, {}, {}", self.owner, self.timezone, self.language));
        let behind = |url: &Option<String>| url.as_ref().map(|url| format!(", as {url}")).unwrap_or_default();
        row("hooks", &format!("{}{}", self.hooks, behind(&self.public_url)));
        row("admin", &format!("{}{}, {}", self.admin, behind(&self.admin_url), self.socket));
        row("store", &format!("{}, kept for {}", self.store, self.retain));
        for (label, hours) in labelled("hours", &self.hours) {
            let default = if hours.default { " (default)" } else { "" };
            row(label, &format!("{}{default}: {}", hours.name, hours.expression));
            row("", &format!("  {}", hours.words));
        }
        let base = self.public_url.as_deref().unwrap_or_default();
        for (label, channel) in labelled("channels", &self.channels) {
            row(label, &format!("{}: {}, {base}{}, hours {}", channel.name, channel.kind, channel.path, channel.hours));
            for line in &channel.lines {
                let what = if line.private { "private".to_owned() } else { format!("hours {}", line.hours) };
                row("", &format!("  line {}: {what}", line.id));
            }
        }
        let ClientsSummary { client, personal, blocked } = self.clients;
        row("clients", &format!("{}, {personal} personal, {blocked} blocked", counted(client, "client")));
        let own = if self.replies.is_empty() { "the built-in texts".to_owned() } else { self.replies.join(", ") };
        row("replies", &own);
        for (label, cost) in labelled("sms", &self.sms) {
            row(label, &cost.to_string());
        }
        let rules: Vec<_> = self.rules.iter().enumerate().map(|(at, rule)| format!("{}. {rule}", at + 1)).collect();
        for (label, rule) in labelled("rules", &rules) {
            row(label, rule);
        }
        if rules.is_empty() {
            row("rules", "the built-in ones");
        }
        for (label, sink) in labelled("sinks", &self.sinks) {
            let uses: Vec<_> = [(sink.now, "now"), (sink.digest, "digest")]
                .into_iter()
                .filter(|(used, _)| *used)
                .map(|(_, name)| name)
                .collect();
            let uses = if uses.is_empty() { "not used".to_owned() } else { uses.join(" and ") };
            row(label, &format!("{}: {}, {uses}", sink.name, sink.kind));
        }
        text
    }
}

/// What own replies cost as SMS, when there is a channel of a kind that sends them so.
fn sms_costs(config: &Config, kinds: &[ChannelKind]) -> Vec<Cost> {
    let is_sms = |name: &str| kinds.iter().any(|kind| kind.is_sms && kind.name == name);
    let any = config.channels.values().any(|settings| is_sms(settings.channel.kind()));
    if any { config.replies.sms_costs(config.owner.name.as_str()) } else { Vec::new() }
}

/// The label stands before the first row alone.
fn labelled<'a, T>(label: &'a str, rows: &'a [T]) -> impl Iterator<Item = (&'a str, &'a T)> {
    rows.iter().enumerate().map(move |(at, row)| (if at == 0 { label } else { "" }, row))
}

impl HoursSummary {
    fn of(name: &str, hours: &Hours, config: &Config, now: DateTime<Utc>) -> Self {
        let state = hours.state(now, &[]);
        let local = |at: DateTime<Utc>| at.with_timezone(&hours.zone()).format("%a %-d %b %Y at %H:%M").to_string();
        let words = match (state.is_open(), state.until().map(local)) {
            (true, Some(until)) => format!("open now, closes {until}"),
            (true, None) => "open now, and does not close within 400 days".to_owned(),
            (false, Some(until)) => format!("closed now, opens {until}"),
            (false, None) => "closed now, and does not open within 400 days".to_owned(),
        };
        Self {
            name: name.to_owned(),
            default: *config.default_hours == *name,
            timezone: hours.zone().name().to_owned(),
            expression: hours.expression().to_owned(),
            open: state.is_open(),
            why: state.why,
            until: state.until(),
            words: format!("{words} ({})", hours.zone().name()),
            label: state.label,
        }
    }
}

impl ChannelSummary {
    fn of((name, settings): (&std::sync::Arc<str>, &config::ChannelSettings)) -> Self {
        let line = |(id, line): (&std::sync::Arc<str>, &config::LineSettings)| LineSummary {
            id: id.to_string(),
            hours: line.hours.to_string(),
            private: line.private,
        };
        Self {
            name: name.to_string(),
            kind: settings.channel.kind(),
            path: format!("/in/{name}"),
            hours: settings.hours.to_string(),
            lines: settings.lines.iter().map(line).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::webhook;

    #[test]
    fn what_texts_cost_is_told_where_a_channel_sends_sms() {
        let text = r#"
[owner]
name = "Dana Reyes"
timezone = "America/Tegucigalpa"
[hours.office]
week = { mon = "09:00-17:00" }
[channel.work]
kind = "webhook"
secret = "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="
[reply.closed]
en = "Thank you for your message. We’re closed at this time of the day; we open {{ opens }}."
[sink.phone]
kind = "ntfy"
url = "https://ntfy.example.org"
topic = "t"
[notify]
now = "phone"
digest = "phone"
"#;
        let now: DateTime<Utc> = "2026-11-20T02:00:00Z".parse().expect("an instant");
        let environment = Environment::of([]);
        let loaded = config::read("x.toml", text.to_owned(), false, now.date_naive(), environment);
        let config = loaded.unwrap_or_else(|report| panic!("{:#?}", report.problems)).config;
        let sms = ChannelKind { is_sms: true, ..webhook::KIND };
        let told: Vec<_> = sms_costs(&config, &[sms]).iter().map(ToString::to_string).collect();
        assert_eq!(told, ["closed: en 2 segments, because of (U+2019)"]);
        assert!(sms_costs(&config, &[webhook::KIND]).is_empty());
        let silent = Summary::of(&config, now, 0);
        assert!(!silent.text().contains("segments"));
        let summary = Summary { sms: sms_costs(&config, &[ChannelKind { is_sms: true, ..webhook::KIND }]), ..silent };
        assert!(summary.text().contains("\nsms       closed: en 2 segments"), "{}", summary.text());
    }
}
