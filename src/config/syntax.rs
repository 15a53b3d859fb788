//! Every syntax error of a text in one run.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::de::DeTable;

use super::problem::Findings;

/// How often the text is mended and read again; each time at least one line more is understood to be broken.
const ROUNDS: usize = 50;

/// What the parser calls a key, or a table, that stands there already.
const DUPLICATE: &str = "duplicate key";

/// The text with every line that cannot be read blanked, so that each byte that is left stands where it stood. The parser
/// may lose what follows an error; it finds it in the mended text.
pub fn mend(text: &str, findings: &mut Findings) -> String {
    let mut mended = text.to_owned();
    let mut noted = BTreeSet::new();
    for _ in 0..ROUNDS {
        let (_, errors) = DeTable::parse_recoverable(&mended);
        let mut broken: Vec<Range<usize>> = Vec::new();
        let mut told: Vec<(Range<usize>, Slip)> =
            errors.iter().map(|error| slip(&mended, error.message(), error.span())).collect();
        // one slip makes several errors; the first of them names it, but for what only follows from a torn header
        told.sort_by_key(|(lines, slip)| (lines.start, slip.message == DUPLICATE, slip.span.start));
        for (lines, slip) in told {
            let overlaps = broken.iter().any(|earlier| earlier.start < lines.end && lines.start < earlier.end);
            if overlaps || !noted.insert(lines.start) {
                continue;
            }
            let finding = findings.error(slip.span, slip.message);
            finding.hint_if(slip.hint.map(str::to_owned));
            if let Some(label) = slip.label {
                finding.label(label);
            }
            broken.push(lines);
        }
        if broken.is_empty() {
            break;
        }
        for lines in broken {
            blank(&mut mended, &lines);
        }
    }
    mended
}

struct Slip {
    span: Range<usize>,
    message: String,
    label: Option<String>,
    hint: Option<&'static str>,
}

/// What an error of the parser's means, and which lines it spoils.
fn slip(text: &str, message: &str, span: Option<Range<usize>>) -> (Range<usize>, Slip) {
    let span = span.unwrap_or(0..0);
    let span = span.start.min(text.len())..span.end.min(text.len());
    let line = line_around(text, span.start);
    let (what, expected) = match message.split_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (message, None),
    };
    if (what.contains("array element") || what == "unclosed array" || what == "unexpected `=` in array")
        && let Some(bracket) = opening_bracket(text, span.start)
        && bracket < line.start
    {
        let opened = line_around(text, bracket);
        // the parser takes the next key for one more element
        let spoilt = opened.start..if assigns(&text[line.clone()]) { line.start } else { line.end };
        let slip = Slip {
            span: bracket..bracket + 1,
            message: "the array is not closed".to_owned(),
            label: Some("opened here".to_owned()),
            hint: Some("end it with `]`, and put a comma between its elements"),
        };
        return (spoilt, slip);
    }
    let label =
        expected.filter(|_| what != "string values must be quoted").map(|expected| format!("expected {expected}"));
    let hint = hint(what, &text[line.clone()]);
    (line, Slip { span, message: what.to_owned(), label, hint })
}

fn hint(what: &str, line: &str) -> Option<&'static str> {
    let hint = match what {
        DUPLICATE => "a key stands once in a table, and a table once in the file: keep one of the two",
        "unclosed table" | "unclosed array table" => "a table's header ends with its brackets on the same line",
        "key with no value" => "write `key = value`",
        _ if line.contains(['“', '”', '„', '‘', '’']) => "use straight quotation marks: \"…\"",
        "invalid basic string" | "invalid literal string" => {
            "a text ends with the quotation mark it begins with, on the same line"
        }
        "string values must be quoted" => "put texts between quotation marks: `key = \"text\"`",
        _ if what.contains("escape") => "write a backslash as `\\\\`, or put the text between single quotation marks",
        _ => return None,
    };
    Some(hint)
}

/// The bytes of the line around a byte, its line break included.
fn line_around(text: &str, byte: usize) -> Range<usize> {
    let start = text.as_bytes()[..byte].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let end =
        text.as_bytes()[byte..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |newline| byte + newline + 1);
    start..end
}

/// The bracket that opens the array around a byte.
fn opening_bracket(text: &str, byte: usize) -> Option<usize> {
    let mut closed = 0;
    for (at, bracket) in text.as_bytes()[..byte].iter().enumerate().rev() {
        match bracket {
            b']' => closed += 1,
            b'[' if closed == 0 => return Some(at),
            b'[' => closed -= 1,
            _ => {}
        }
    }
    None
}

/// The line begins a key or a table.
fn assigns(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('[') || line.split_once('=').is_some_and(|(key, _)| !key.contains(['"', '#', ',']))
}

/// Blanks these lines. Headers stay: the keys below them belong there, and the parser understands what they meant.
fn blank(text: &mut String, lines: &Range<usize>) {
    let spoilt = &text[lines.clone()];
    if spoilt.starts_with('[') && spoilt.trim_end().lines().count() <= 1 {
        return;
    }
    let blanked: String = spoilt.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(lines.clone(), &blanked);
}
