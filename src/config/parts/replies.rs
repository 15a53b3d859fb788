//! `[reply.NAME]`.

use std::collections::BTreeMap;

use toml::Spanned;

use super::super::desk::Desk;
use super::super::suggest::closest;
use super::tables::Table;
use super::values;
use crate::language::Language;
use crate::reply::{BUILT_IN, Replies, Text};

/// The word that a rule writes for no reply.
pub const NO_REPLY: &str = "none";

/// The texts of a reply by language.
pub type Keys = BTreeMap<Spanned<String>, Spanned<String>>;

/// Reads and compiles every reply. `owner` is the owner's language.
pub fn read(tables: Vec<Table<'_>>, owner: Option<&Language>, desk: &mut Desk) -> Option<Replies> {
    let mut texts = Vec::new();
    let mut places = Vec::new();
    let mut fatal = false;
    for table in tables {
        let (name, header) = (table.name.clone(), table.span.clone());
        let keys: Keys = table.read(desk);
        if name == NO_REPLY {
            desk.findings
                .error(header.clone(), "`none` is what a rule writes for no reply")
                .hint("choose another name");
            fatal = true;
        }
        if keys.is_empty() {
            desk.findings.error(header, "the reply has no text").hint("add one by language: `en = \"…\"`").absence("");
            fatal = true;
            continue;
        }
        let before = texts.len();
        let mut tags: Vec<(Language, Spanned<String>)> = Vec::new();
        let mut keys: Vec<_> = keys.into_iter().collect();
        keys.sort_by_key(|(tag, _)| tag.span().start);
        for (tag, template) in keys {
            let Some(language) = values::language_at(tag.get_ref(), tag.span(), desk) else {
                fatal = true;
                continue;
            };
            if let Some((_, first)) = tags.iter().find(|(known, _)| *known == language) {
                desk.findings
                    .error(tag.span(), format!("`{}` and `{}` are one language", tag.get_ref(), first.get_ref()))
                    .label("here again")
                    .also(first.span(), "first here")
                    .hint("a text is chosen by its language, without the region: keep one of the two");
                fatal = true;
                continue;
            }
            tags.push((language.clone(), tag));
            texts.push(Text { name: name.clone(), language, template: template.get_ref().clone() });
            places.push(template);
        }
        own_name(&name, &header, &texts[before..], owner, desk);
    }
    match Replies::compile(&texts) {
        Ok(replies) => (!fatal).then_some(replies),
        Err(problems) => {
            for problem in problems {
                let span = places.get(problem.text).map_or(0..0, |place| desk.inner(place, problem.range.as_ref()));
                desk.findings.error(span, problem.message).hint_if(problem.hint);
            }
            None
        }
    }
}

/// A reply of the config's own has no built-in texts behind it.
fn own_name(name: &str, header: &std::ops::Range<usize>, texts: &[Text], owner: Option<&Language>, desk: &mut Desk) {
    if BUILT_IN.contains(&name) {
        return;
    }
    if let Some(meant) = closest(name, BUILT_IN.iter().copied()) {
        desk.findings
            .warning(header.clone(), format!("`{name}` is not a built-in reply, so nothing sends it by itself"))
            .hint(format!("did you mean `{meant}`?"))
            .fix(meant);
    }
    if let Some(owner) = owner
        && !texts.is_empty()
        && !texts.iter().any(|text| text.language == *owner)
    {
        desk.findings
            .warning(header.clone(), format!("the reply has no text in your own language, `{owner}`"))
            .hint(format!("add `{owner} = \"…\"`: it goes to people whose language is not known"));
    }
}
