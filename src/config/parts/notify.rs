//! `[notify]`.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::NotifySettings;
use super::super::desk::Desk;
use super::super::load::WHOLE;
use super::super::many::{Many, texts};
use super::super::recover::unknown_word;
use super::super::suggest::listed;
use super::names::Names;
use super::tables::Table;
use crate::digest::Content;

/// How you are told.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The sinks for what may not wait, and for open hours.
    #[schemars(with = "Many")]
    now: Option<Spanned<Many>>,
    /// The sinks for the digest at opening.
    #[schemars(with = "Many")]
    digest: Option<Spanned<Many>>,
    /// What a lock screen may show: `full`, `names` or `count`. Default: `full`.
    #[serde(default)]
    #[schemars(with = "Content")]
    content: Option<Spanned<String>>,
}

/// Reads the table, and says which sinks nobody uses.
pub fn read(table: Option<Table<'_>>, sinks: &Names, desk: &mut Desk) -> Option<NotifySettings> {
    let Some(table) = table else {
        if !sinks.is_empty() {
            desk.findings
                .error(WHOLE, "the table `[notify]` is missing: no message could reach you")
                .hint("add `[notify]` with `now` and `digest`, each a list of sinks")
                .absence("notify");
        }
        return None;
    };
    let header = table.span.clone();
    let keys: Keys = table.read(desk);
    let now = list(keys.now.as_ref(), "now", "what comes in open hours", &header, sinks, desk);
    let digest = list(keys.digest.as_ref(), "digest", "what was held", &header, sinks, desk);
    if let (Some(now), Some(digest)) = (&now, &digest) {
        all_used(sinks, [now, digest], desk);
    }
    let content = match &keys.content {
        Some(written) => content(written, desk),
        None => Some(Content::default()),
    };
    Some(NotifySettings { now: now?, digest: digest?, content: content? })
}

/// A sink that no list names is a slip.
fn all_used(sinks: &Names, lists: [&Vec<String>; 2], desk: &mut Desk) {
    for name in sinks.iter() {
        if let Some(place) = sinks.place(name)
            && !lists.into_iter().flatten().any(|used| used == name)
        {
            desk.findings
                .warning(place, format!("nothing uses the sink `{name}`"))
                .hint(format!("name it in `now` or `digest` of `[notify]`: `now = [\"{name}\"]`"));
        }
    }
}

fn list(
    written: Option<&Spanned<Many>>,
    key: &str,
    lost: &str,
    header: &std::ops::Range<usize>,
    sinks: &Names,
    desk: &mut Desk,
) -> Option<Vec<String>> {
    let names = texts(written);
    if names.is_empty() {
        let hint = match sinks.iter().next() {
            Some(first) => format!("write `{key} = [\"{first}\"]`; known: {}", listed(sinks.iter())),
            None => format!("define a sink, and name it here: `{key} = [\"…\"]`"),
        };
        let span = written.map_or_else(|| header.clone(), Spanned::span);
        let finding = desk.findings.error(span, format!("`{key}` names no sink: {lost} would never reach you"));
        finding.hint(hint);
        if written.is_none() {
            finding.absence(key);
        }
        return None;
    }
    let known = names.iter().filter(|name| sinks.check(name, desk)).count();
    (known == names.len()).then(|| {
        let mut once: Vec<String> = Vec::new();
        for name in names.into_iter().map(Spanned::into_inner) {
            if !once.contains(&name) {
                once.push(name);
            }
        }
        once
    })
}

fn content(written: &Spanned<String>, desk: &mut Desk) -> Option<Content> {
    match written.get_ref().as_str() {
        "full" => Some(Content::Full),
        "names" => Some(Content::Names),
        "count" => Some(Content::Count),
        other => {
            unknown_word(other, written.span(), &["full", "names", "count"], &mut desk.findings);
            None
        }
    }
}
