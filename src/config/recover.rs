//! Reading on after an error: every problem of a text in one run.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

use super::problem::Findings;
use super::suggest::{closest, either, listed};

/// Reads a table into `T`. What does not fit is noted and left out, so that one run finds it all.
pub fn read<T: DeserializeOwned + Default>(mut table: DeTable<'_>, span: Range<usize>, findings: &mut Findings) -> T {
    loop {
        let error = match T::deserialize(Deserializer::from(Spanned::new(span.clone(), table.clone()))) {
            Ok(read) => return read,
            Err(error) => error,
        };
        let at = error.span().unwrap_or_else(|| span.clone());
        note(error.message(), at.clone(), &span, findings);
        let removed = remove(&mut table, &at, &span);
        if removed.is_empty() {
            return T::default();
        }
        for (table, key) in removed {
            findings.excuse(table, key);
        }
    }
}

/// Notes what serde says, in words for people and without the value, which may be a secret.
fn note(message: &str, span: Range<usize>, table: &Range<usize>, findings: &mut Findings) {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let (written, known) = quoted(rest);
        unknown_key(&written, span, table, &known, findings);
    } else if let Some(rest) = message.strip_prefix("unknown variant ") {
        let (written, known) = quoted(rest);
        unknown_word(&written, span, &known, findings);
    } else if let Some((found, expected)) = mismatch(message) {
        wrong_type(found, expected, span, findings);
    } else {
        findings.error(span, message);
    }
}

/// Notes a key that the table at `table` does not have.
pub fn unknown_key(written: &str, span: Range<usize>, table: &Range<usize>, known: &[&str], findings: &mut Findings) {
    let finding = findings.error(span, format!("unknown key `{written}`"));
    if let Some(meant) = closest(written, known.iter().copied()) {
        finding.hint(format!("did you mean `{meant}`?")).fix(meant);
        findings.excuse(table.clone(), meant);
    } else {
        finding.hint(format!("known here: {}", listed(known.iter().copied())));
    }
}

/// Notes a word that is none of those that may stand there.
pub fn unknown_word(written: &str, span: Range<usize>, known: &[&str], findings: &mut Findings) {
    let finding = findings.error(span, format!("unknown word `{written}`"));
    finding.label(format!("expected {}", either(known.iter().copied())));
    if let Some(meant) = closest(written, known.iter().copied()) {
        finding.hint(format!("did you mean `{meant}`?")).fix(format!("\"{meant}\""));
    }
}

/// "`x`, expected one of `a`, `b`" as x and its alternatives.
fn quoted(rest: &str) -> (String, Vec<&str>) {
    let mut words = rest.split('`').skip(1).step_by(2);
    let written = words.next().unwrap_or_default().to_owned();
    (written, words.collect())
}

/// What was found and what was expected, of a message of serde's.
fn mismatch(message: &str) -> Option<(&str, &str)> {
    let rest = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    Some((found, expected))
}

fn wrong_type(found: &str, expected: &str, span: Range<usize>, findings: &mut Findings) {
    let kind = match found.split([' ', '`', '"']).next().unwrap_or_default() {
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "floating" => "a decimal number",
        "string" => "a text",
        "sequence" => "an array",
        _ => "a table or a date",
    };
    let wanted = match expected {
        "a string" => "a text",
        "a boolean" => "`true` or `false`",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "a sequence" => "an array",
        "a map" => "a table",
        "a TOML datetime" => "a date",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    let hint = match (wanted, kind) {
        ("a text", "a whole number" | "a decimal number" | "`true` or `false`") => {
            Some("put it between quotation marks")
        }
        ("`true` or `false`" | "a whole number, 0 or more", "a text") => Some("write it without quotation marks"),
        ("a date", "a text") => Some("write the date without quotation marks: 2026-12-24"),
        _ => None,
    };
    let message = if wanted.starts_with(kind) {
        format!("expected {wanted}")
    } else {
        format!("expected {wanted}, found {kind}")
    };
    findings.error(span, message).hint_if(hint.map(str::to_owned));
}

/// A table, and a key of it.
type Removed = Vec<(Range<usize>, String)>;

/// Removes what has that span, or else the smallest entry around it. Gives every table that it was in, the innermost
/// first, with its key there; `whole` is the place of the outermost.
fn remove(table: &mut DeTable<'_>, span: &Range<usize>, whole: &Range<usize>) -> Removed {
    let exact = |at: Range<usize>| at == *span;
    let around = |at: Range<usize>| at.start <= span.start && span.end <= at.end;
    remove_where(table, whole, &exact).or_else(|| remove_where(table, whole, &around)).unwrap_or_default()
}

fn remove_where(
    table: &mut DeTable<'_>,
    place: &Range<usize>,
    fits: &impl Fn(Range<usize>) -> bool,
) -> Option<Removed> {
    for (key, value) in table.iter_mut() {
        let inner = value.span();
        if let Some(mut removed) = remove_inside(value.get_mut(), &inner, fits) {
            removed.push((place.clone(), key.get_ref().to_string()));
            return Some(removed);
        }
    }
    let found = table.iter().find(|(key, value)| fits(key.span()) || fits(value.span())).map(|(key, _)| key.clone())?;
    table.remove(&found);
    Some(vec![(place.clone(), found.into_inner().into_owned())])
}

fn remove_inside(
    value: &mut DeValue<'_>,
    place: &Range<usize>,
    fits: &impl Fn(Range<usize>) -> bool,
) -> Option<Removed> {
    match value {
        DeValue::Table(table) => remove_where(table, place, fits),
        DeValue::Array(items) => {
            let inside = items.iter_mut().find_map(|item| {
                let inner = item.span();
                remove_inside(item.get_mut(), &inner, fits)
            });
            if inside.is_some() {
                return inside;
            }
            let before = items.len();
            let kept = std::mem::replace(items, DeArray::new()).into_iter().filter(|item| !fits(item.span())).collect();
            *items = kept;
            (items.len() < before).then(Vec::new)
        }
        _ => None,
    }
}
