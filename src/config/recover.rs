//! Reading on after an error: every problem of a text in one run.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

use super::problem::Findings;
use super::suggest::closest;

/// The tree of the file, as far as it can be made out, with every syntax error noted.
pub fn parse<'i>(text: &'i str, findings: &mut Findings) -> DeTable<'i> {
    let (tree, errors) = DeTable::parse_recoverable(text);
    let mut last_line = None;
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        // one slip on a line makes several errors; the first of them names it
        let line = text[..span.start.min(text.len())].matches('\n').count();
        if last_line.replace(line) == Some(line) {
            continue;
        }
        let (what, expected) = match error.message().split_once(", expected ") {
            Some((what, expected)) => (what, Some(expected)),
            None => (error.message(), None),
        };
        let finding = findings.error(span, what);
        if let Some(expected) = expected {
            finding.label(format!("expected {expected}"));
        }
        finding.hint_if(syntax_hint(what, text.lines().nth(line).unwrap_or_default()));
    }
    tree.into_inner()
}

fn syntax_hint(what: &str, line: &str) -> Option<String> {
    let hint = match what {
        "duplicate key" => "each key stands once in a table: keep one of the two",
        "unclosed table" | "unclosed array table" => "a table's header ends with a bracket on the same line",
        _ if what.contains("basic string") || what.contains("literal string") => {
            "a text ends with the quotation mark it begins with, on the same line"
        }
        _ if line.contains(['“', '”', '„', '‘', '’']) => "use straight quotation marks: \"…\"",
        _ if what.contains("string") || what.contains("unquoted") => {
            "put texts between quotation marks: key = \"text\""
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// Reads a table into `T`. What does not fit is noted and left out, so that one run finds it all.
pub fn read<T: DeserializeOwned + Default>(mut table: DeTable<'_>, span: Range<usize>, findings: &mut Findings) -> T {
    loop {
        let error = match T::deserialize(Deserializer::from(Spanned::new(span.clone(), table.clone()))) {
            Ok(read) => return read,
            Err(error) => error,
        };
        let at = error.span().unwrap_or_else(|| span.clone());
        note(error.message(), at.clone(), findings);
        if !remove(&mut table, &at) {
            return T::default();
        }
    }
}

/// Notes what serde says, in words for people and without the value, which may be a secret.
fn note(message: &str, span: Range<usize>, findings: &mut Findings) {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let (written, known) = quoted(rest);
        unknown_key(&written, span, &known, findings);
    } else if let Some(rest) = message.strip_prefix("unknown variant ") {
        let (written, known) = quoted(rest);
        unknown_word(&written, span, &known, findings);
    } else if let Some((found, expected)) = mismatch(message) {
        wrong_type(found, expected, span, findings);
    } else {
        findings.error(span, message);
    }
}

/// Notes a key that its table does not have.
pub fn unknown_key(written: &str, span: Range<usize>, known: &[&str], findings: &mut Findings) {
    let finding = findings.error(span, format!("unknown key `{written}`"));
    if let Some(meant) = closest(written, known.iter().copied()) {
        finding.hint(format!("did you mean `{meant}`?")).fix(meant);
    } else {
        finding.hint(format!("known here: {}", super::suggest::listed(known.iter().copied())));
    }
}

/// Notes a word that is none of those that may stand there.
pub fn unknown_word(written: &str, span: Range<usize>, known: &[&str], findings: &mut Findings) {
    let finding = findings.error(span, format!("unknown word `{written}`"));
    finding.label(format!("expected {}", super::suggest::listed(known.iter().copied())));
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
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    let hint = match (wanted, kind) {
        ("a text", "a whole number" | "a decimal number" | "`true` or `false`") => {
            Some("put it between quotation marks")
        }
        ("`true` or `false`" | "a whole number, 0 or more", "a text") => Some("write it without quotation marks"),
        (other, "a text") if other.starts_with("a date") => Some("write the date without quotation marks: 2026-12-24"),
        _ => None,
    };
    let message = if wanted.starts_with(kind) {
        format!("expected {wanted}")
    } else {
        format!("expected {wanted}, found {kind}")
    };
    findings.error(span, message).hint_if(hint.map(str::to_owned));
}

/// Removes what has that span, or else the smallest entry around it. Says whether there was one.
fn remove(table: &mut DeTable<'_>, span: &Range<usize>) -> bool {
    let exact = |at: Range<usize>| at == *span;
    let around = |at: Range<usize>| at.start <= span.start && span.end <= at.end;
    remove_where(table, &exact) || remove_where(table, &around)
}

fn remove_where(table: &mut DeTable<'_>, fits: &impl Fn(Range<usize>) -> bool) -> bool {
    for (_, value) in table.iter_mut() {
        if remove_inside(value.get_mut(), fits) {
            return true;
        }
    }
    let found = table.iter().find(|(key, value)| fits(key.span()) || fits(value.span())).map(|(key, _)| key.clone());
    found.is_some_and(|key| table.remove(&key).is_some())
}

fn remove_inside(value: &mut DeValue<'_>, fits: &impl Fn(Range<usize>) -> bool) -> bool {
    match value {
        DeValue::Table(table) => remove_where(table, fits),
        DeValue::Array(items) => {
            if items.iter_mut().any(|item| remove_inside(item.get_mut(), fits)) {
                return true;
            }
            let before = items.len();
            let kept = std::mem::replace(items, DeArray::new()).into_iter().filter(|item| !fits(item.span())).collect();
            *items = kept;
            items.len() < before
        }
        _ => false,
    }
}
