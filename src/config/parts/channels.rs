//! `[channel.NAME]`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use toml::de::DeTable;

use super::super::desk::Desk;
use super::super::load::WHOLE;
use super::super::recover::unknown_word;
use super::super::section::Section;
use super::super::suggest::closest;
use super::super::{ChannelSettings, LineSettings, recover};
use super::names::Names;
use super::tables::Table;
use super::values;
use crate::channel::{Channel, KINDS};

/// The keys that every kind of channel has.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The kind of channel.
    #[schemars(with = "String")]
    kind: Option<Spanned<String>>,
    /// The hours of its lines that name none. Default: the first hours of the file.
    #[serde(default)]
    #[schemars(with = "String")]
    hours: Option<Spanned<String>>,
    /// The language of replies to people whose language is not known. Default: that of the country of their number,
    /// where it has one, or else the owner's.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[A-Za-z]{2,3}([-_].*)?$"))]
    reply_language: Option<Spanned<String>>,
    /// Your lines on this channel, by the provider's own id. Without such tables there is one line, `default`; with
    /// them, a message on a line that is not listed is held, and you are told once.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, LineKeys>")]
    line: Option<BTreeMap<Spanned<String>, Spanned<LineKeys>>>,
}

/// The names of [`Keys`]' fields.
pub const COMMON: &[&str] = &["kind", "hours", "reply_language", "line"];

/// One of your numbers or accounts on a channel.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineKeys {
    /// Its hours. Default: the channel's.
    #[serde(default)]
    #[schemars(with = "String")]
    hours: Option<Spanned<String>>,
    /// `true`: nothing of it is stored or answered.
    #[serde(default)]
    #[schemars(with = "bool")]
    private: Option<Spanned<bool>>,
    /// The language of replies on it to people whose language is not known. Default: the channel's.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[A-Za-z]{2,3}([-_].*)?$"))]
    reply_language: Option<Spanned<String>>,
}

/// What the rules may name: each line's id, with its place.
pub type Lines = Vec<(String, Option<Range<usize>>)>;

/// Reads every channel. `default` is the name of the first hours.
pub fn read(
    tables: Vec<Table<'_>>,
    hours: &Names,
    default: Option<&Arc<str>>,
    desk: &mut Desk,
) -> (BTreeMap<Arc<str>, ChannelSettings>, Lines) {
    if tables.is_empty() {
        desk.findings
            .error(WHOLE, "there is no channel: nobody could reach you")
            .hint("add `[channel.work]` with its `kind`; `afterhours channels` lists the kinds and their keys")
            .absence("channel");
    }
    let mut channels = BTreeMap::new();
    let mut lines = Vec::new();
    for table in tables {
        let name = table.name.clone();
        if let Some(channel) = one(table, hours, default, &mut lines, desk) {
            channels.insert(Arc::from(name), channel);
        }
    }
    (channels, lines)
}

fn one(
    mut table: Table<'_>,
    hours: &Names,
    default: Option<&Arc<str>>,
    all_lines: &mut Lines,
    desk: &mut Desk,
) -> Option<ChannelSettings> {
    let (name, header) = (table.name.clone(), table.span.clone());
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(fits) {
        desk.findings
            .error(header.clone(), "a channel's name is part of its address on the web")
            .hint("use small letters, digits, `-` and `_`");
    }
    let keys: Keys = recover::read(take(&mut table.keys, COMMON), header.clone(), &mut desk.findings);
    let hours_here = reference(keys.hours.as_ref(), hours, default, desk);
    let language = match &keys.reply_language {
        Some(written) => values::language(written, desk).map(Some),
        None => Some(None),
    };
    let mut lines = BTreeMap::new();
    let mut written: Vec<_> = keys.line.unwrap_or_default().into_iter().collect();
    written.sort_by_key(|(id, _)| id.span().start);
    if written.is_empty() {
        all_lines.push(("default".to_owned(), None));
    }
    for (id, line) in &written {
        all_lines.push((id.get_ref().clone(), Some(id.span())));
        if let Some(settings) = one_line(line.get_ref(), hours, hours_here.as_ref(), language.as_ref(), desk) {
            lines.insert(Arc::from(id.get_ref().as_str()), settings);
        }
    }
    let kind = desk.required(keys.kind, "kind", &header)?;
    let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let Some(kind) = KINDS.iter().find(|known| known.name == kind.get_ref().as_str()) else {
        unknown_kind(&kind, &known, "channels", desk);
        return None;
    };
    let ids = written.iter().map(|(id, _)| id.get_ref().clone()).collect();
    let channel = (kind.read)(&mut Section::new(&name, header, table.keys, desk).with_lines(ids))?;
    own_line_is_listed(channel.as_ref(), &written, desk);
    Some(ChannelSettings { channel, hours: hours_here?, lines, reply_language: language? })
}

/// Takes these keys out of a table.
pub fn take<'i>(table: &mut DeTable<'i>, keys: &[&str]) -> DeTable<'i> {
    keys.iter().filter_map(|key| table.remove_entry(*key)).collect()
}

/// Notes a kind that there is not.
pub fn unknown_kind(written: &Spanned<String>, known: &[&str], command: &str, desk: &mut Desk) {
    let name = written.get_ref().as_str();
    unknown_word(name, written.span(), known, &mut desk.findings);
    if closest(name, known.iter().copied()).is_none()
        && let Some(last) = desk.findings.all.last_mut()
    {
        last.hint(format!("`afterhours {command}` lists the kinds with their keys and set-up steps"));
    }
}

fn reference(
    written: Option<&Spanned<String>>,
    hours: &Names,
    default: Option<&Arc<str>>,
    desk: &mut Desk,
) -> Option<Arc<str>> {
    match written {
        Some(written) => hours.check(written, desk).then(|| Arc::from(written.get_ref().as_str())),
        None => default.cloned(),
    }
}

fn one_line(
    keys: &LineKeys,
    hours: &Names,
    channel_hours: Option<&Arc<str>>,
    channel_language: Option<&Option<crate::language::Language>>,
    desk: &mut Desk,
) -> Option<LineSettings> {
    let hours = reference(keys.hours.as_ref(), hours, channel_hours, desk);
    let reply_language = match &keys.reply_language {
        Some(written) => values::language(written, desk).map(Some),
        None => channel_language.cloned(),
    };
    let private = keys.private.as_ref().is_some_and(|private| *private.get_ref());
    Some(LineSettings { hours: hours?, private, reply_language: reply_language? })
}

/// Line tables that leave out the line which the channel's own keys name are a slip.
fn own_line_is_listed(channel: &dyn Channel, lines: &[(Spanned<String>, Spanned<LineKeys>)], desk: &mut Desk) {
    let Some(own) = channel.own_line() else { return };
    if lines.iter().any(|(id, _)| id.get_ref() == own) {
        return;
    }
    if let Some((first, _)) = lines.first() {
        desk.findings
            .warning(first.span(), "the line that the channel's own keys name has no table, so its messages are held")
            .hint("add a `[channel.….line.ID]` with that id");
    }
}
