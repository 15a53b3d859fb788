//! `[[rule]]`.

use std::collections::BTreeSet;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::desk::Desk;
use super::super::many::{Many, texts};
use super::super::problem::Findings;
use super::super::recover::unknown_word;
use super::super::suggest::closest;
use super::channels::Lines;
use super::names::Names;
use super::replies::NO_REPLY;
use super::tables::Table;
use crate::clients::Standing;
use crate::hours::{NEVER_CLOSES, Why};
use crate::message::Kind;
use crate::verdict::{Notify, Phrase, Rule, When};

/// A rule of your own. The first whose `when` holds decides; the built-in rules stand behind them all.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// What `explain` and `rehearse` call it.
    #[serde(default)]
    #[schemars(with = "String")]
    name: Option<Spanned<String>>,
    /// What it tests: every part must hold. Without it the rule always holds.
    #[serde(default)]
    #[schemars(with = "WhenKeys")]
    when: Option<Spanned<WhenKeys>>,
    /// The reply that goes out, by its name; `none` for no reply. Without it the built-in rules decide.
    #[serde(default)]
    #[schemars(with = "String")]
    reply: Option<Spanned<String>>,
    /// When you are told: `now`, `hold` (at opening) or `never`. Without it the built-in rules decide.
    #[serde(default)]
    #[schemars(with = "Notify")]
    notify: Option<Spanned<String>>,
}

/// What a rule tests.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WhenKeys {
    /// `open` or `closed`.
    #[serde(default)]
    #[schemars(with = "StateWord")]
    state: Option<Spanned<String>>,
    /// What decided the state: `hours`, `exception`, `holiday` or `away`.
    #[serde(default)]
    #[schemars(with = "Why")]
    why: Option<Spanned<String>>,
    /// What the sender is to you: `client`, `personal`, `blocked` or `unknown`.
    #[serde(default)]
    #[schemars(with = "Standing")]
    standing: Option<Spanned<String>>,
    /// The client has one of these labels.
    #[serde(default)]
    #[schemars(with = "Many")]
    labels: Option<Spanned<Many>>,
    /// The channel is one of these.
    #[serde(default)]
    #[schemars(with = "Many")]
    channel: Option<Spanned<Many>>,
    /// The line is one of these.
    #[serde(default)]
    #[schemars(with = "Many")]
    line: Option<Spanned<Many>>,
    /// The kind of message is one of these: `text`, `media`, `call`, `voicemail`.
    #[serde(default)]
    #[schemars(with = "Many")]
    kind: Option<Spanned<Many>>,
    /// One of these words or phrases is in the text: whole words, without regard to case or accents.
    #[serde(default)]
    #[schemars(with = "Many")]
    text: Option<Spanned<Many>>,
    /// The provider's urgency flag.
    #[serde(default)]
    #[schemars(with = "bool")]
    urgent: Option<Spanned<bool>>,
    /// Nobody with this address has written before.
    #[serde(default)]
    #[schemars(with = "bool")]
    first_contact: Option<Spanned<bool>>,
}

/// The states.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is wanted")]
enum StateWord {
    Open,
    Closed,
}

/// What rules may refer to.
pub struct Known<'a> {
    /// Replies, the built-in ones included.
    pub replies: &'a Names,
    /// Channels.
    pub channels: &'a Names,
    /// Lines of all channels.
    pub lines: &'a Lines,
    /// Labels of all clients.
    pub labels: &'a BTreeSet<String>,
}

/// Reads every rule.
pub fn read(tables: Vec<Table<'_>>, known: &Known<'_>, desk: &mut Desk) -> Option<Vec<Rule>> {
    let before = desk.findings.all.len();
    let mut rules = Vec::with_capacity(tables.len());
    let mut always: Option<Range<usize>> = None;
    for (at, table) in tables.into_iter().enumerate() {
        let header = table.span.clone();
        if let Some(always) = &always {
            desk.findings
                .warning(header.clone(), "this rule is never reached")
                .also(always.clone(), "this one tests nothing, so it always holds")
                .hint("the first rule that holds decides: put the general one last");
        }
        let keys: Keys = table.read(desk);
        let rule = one(keys, at, &header, known, desk);
        if rule.when == When::default() {
            always.get_or_insert(header);
        }
        rules.push(rule);
    }
    (!desk.findings.fatal_since(before)).then_some(rules)
}

/// Where a rule holds what comes in open hours, the warning of hours that never close says what becomes of it.
pub fn held_for_no_opening(rules: &[Rule], findings: &mut Findings) {
    if !rules.iter().any(|rule| rule.notify == Some(Notify::Hold) && rule.when.open != Some(false)) {
        return;
    }
    for finding in findings.all.iter_mut().filter(|finding| finding.message == NEVER_CLOSES) {
        finding.hint(
            "nobody will get a reply, and of what a rule holds you are told at once: there is no opening to wait for",
        );
    }
}

fn one(keys: Keys, at: usize, header: &Range<usize>, known: &Known<'_>, desk: &mut Desk) -> Rule {
    let reply = keys.reply.map(|written| match written.get_ref().as_str() {
        NO_REPLY => None,
        name => known.replies.check(&written, desk).then(|| name.to_owned()),
    });
    let notify = keys.notify.as_ref().and_then(|written| {
        word(written, [("now", Notify::Now), ("hold", Notify::Hold), ("never", Notify::Never)], desk)
    });
    if reply.is_none() && keys.notify.is_none() {
        desk.findings
            .warning(header.clone(), "this rule changes nothing")
            .hint("add `reply = \"…\"`, `notify = \"now\"`, or both")
            .absence("");
    }
    let when = keys.when.map(|when| tests(when.into_inner(), known, desk)).unwrap_or_default();
    let name = keys.name.map_or_else(|| format!("rule {}", at + 1), Spanned::into_inner);
    Rule { name, when, reply, notify }
}

fn tests(keys: WhenKeys, known: &Known<'_>, desk: &mut Desk) -> When {
    let plain = |texts: Vec<Spanned<String>>| texts.into_iter().map(Spanned::into_inner).collect::<Vec<_>>();
    let channel = texts(keys.channel.as_ref());
    for name in &channel {
        known.channels.check(name, desk);
    }
    let line = texts(keys.line.as_ref());
    for id in &line {
        check_line(id, known.lines, desk);
    }
    let labels = texts(keys.labels.as_ref());
    for label in &labels {
        check_label(label, known.labels, desk);
    }
    let kinds = [Kind::Text, Kind::Media, Kind::Call, Kind::Voicemail].map(|kind| (kind.name(), kind));
    let whys = [Why::Hours, Why::Exception, Why::Holiday, Why::Away];
    let whys = [("hours", whys[0]), ("exception", whys[1]), ("holiday", whys[2]), ("away", whys[3])];
    let standings = [Standing::Client, Standing::Personal, Standing::Blocked, Standing::Unknown];
    let standings = standings.map(|standing| (standing.name(), standing));
    let standing = keys.standing.and_then(|written| {
        let standing = word(&written, standings, desk);
        if standing == Some(Standing::Personal) {
            desk.findings
                .warning(written.span(), "this rule never holds: personal senders come before every rule")
                .hint("nothing of them is stored, shown or answered; for a rule make them `client`s with a label");
        }
        standing
    });
    When {
        open: keys.state.and_then(|written| word(&written, [("open", true), ("closed", false)], desk)),
        why: keys.why.and_then(|written| word(&written, whys, desk)),
        standing,
        labels: plain(labels),
        channel: plain(channel),
        line: plain(line),
        kind: texts(keys.kind.as_ref()).iter().filter_map(|written| word(written, kinds, desk)).collect(),
        text: texts(keys.text.as_ref()).iter().filter_map(|written| phrase(written, desk)).collect(),
        urgent: keys.urgent.map(Spanned::into_inner),
        first_contact: keys.first_contact.map(Spanned::into_inner),
    }
}

/// The meaning of a word, or a note that it is none of these.
fn word<T: Copy, const N: usize>(written: &Spanned<String>, words: [(&str, T); N], desk: &mut Desk) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == written.get_ref()).map(|(_, meaning)| *meaning);
    if found.is_none() {
        unknown_word(written.get_ref(), written.span(), &words.map(|(word, _)| word), &mut desk.findings);
    }
    found
}

fn phrase(written: &Spanned<String>, desk: &mut Desk) -> Option<Phrase> {
    let phrase = Phrase::new(written.get_ref());
    if phrase.is_none() {
        desk.findings
            .error(written.span(), "there is no word in this")
            .hint("letters and digits are compared, signs are not");
    }
    phrase
}

fn check_line(written: &Spanned<String>, lines: &Lines, desk: &mut Desk) {
    if lines.iter().any(|(id, _)| id == written.get_ref()) {
        return;
    }
    let finding = desk.findings.error(written.span(), "no channel has a line of this id");
    let near = closest(written.get_ref(), lines.iter().map(|(id, _)| id.as_str()));
    let Some(near) = near else {
        finding.hint(format!("add its table: `[channel.….line.{}]`", written.get_ref()));
        return;
    };
    finding.hint(format!("did you mean `{near}`?")).fix(format!("\"{near}\""));
    if let Some((_, Some(place))) = lines.iter().find(|(id, _)| id == near) {
        finding.also(place.clone(), "similar id defined here");
    }
}

fn check_label(written: &Spanned<String>, labels: &BTreeSet<String>, desk: &mut Desk) {
    if labels.contains(written.get_ref()) {
        return;
    }
    let finding = desk.findings.warning(written.span(), "no client has this label");
    match closest(written.get_ref(), labels.iter().map(String::as_str)) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")).fix(format!("\"{near}\"")),
        None => finding.hint("give it to a `[[client]]`: `labels = [\"…\"]`"),
    };
}
