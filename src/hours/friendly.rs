//! What people type, as OpenStreetMap writes it: for hints.

use std::ops::Range;

use super::{times, week};

/// English names and what OpenStreetMap writes for them.
const NAMES: [(&str, &str); 19] = [
    ("monday", "Mo"),
    ("tuesday", "Tu"),
    ("wednesday", "We"),
    ("thursday", "Th"),
    ("friday", "Fr"),
    ("saturday", "Sa"),
    ("sunday", "Su"),
    ("january", "Jan"),
    ("february", "Feb"),
    ("march", "Mar"),
    ("april", "Apr"),
    ("may", "May"),
    ("june", "Jun"),
    ("july", "Jul"),
    ("august", "Aug"),
    ("september", "Sep"),
    ("october", "Oct"),
    ("november", "Nov"),
    ("december", "Dec"),
];

/// The words of a text: runs of letters.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, letter) in text.char_indices().filter(|(_, letter)| letter.is_alphabetic()) {
        match words.last_mut() {
            Some(word) if word.end == at => word.end = at + letter.len_utf8(),
            _ => words.push(at..at + letter.len_utf8()),
        }
    }
    words
}

/// The text in the form of the standard, as far as it can be guessed; `None` when that changes nothing. Whether the
/// result is right is for the caller to see.
pub(super) fn friendly(text: &str) -> Option<String> {
    let parts = text.split('"').enumerate();
    let parts = parts.map(|(number, part)| if number % 2 == 0 { outside(part) } else { part.to_owned() });
    let better = parts.collect::<Vec<_>>().join("\"");
    let better = better.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches([';', ' ']).to_owned();
    (better != text).then_some(better)
}

/// A part that is no comment.
fn outside(part: &str) -> String {
    let mut text = part.replace(['–', '—', '‑', '−'], "-").replace(" to ", "-").replace(" Uhr", "");
    while text.contains(" -") || text.contains("- ") {
        text = text.replace(" -", "-").replace("- ", "-");
    }
    for half in ["am", "pm", "AM", "PM"] {
        text = text.replace(&format!(" {half}"), half);
    }
    let text = names(&text);
    let mut tokens: Vec<String> = Vec::new();
    for token in text.split(' ').map(|token| token.trim_end_matches(':')) {
        let before = tokens.last().map_or("", String::as_str);
        let month = NAMES[7..].iter().find(|(_, month)| before.ends_with(month)).map(|(_, month)| *month);
        tokens.push(match month {
            Some(month) => days(token, month),
            None if before.eq_ignore_ascii_case("week") => token.to_owned(),
            None => spans(token),
        });
    }
    tokens.join(" ")
}

/// `24,31` of a month: each day needs it.
fn days(token: &str, month: &str) -> String {
    let mut parts = token.split(',');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |days, day| {
        let bare = day.starts_with(|letter: char| letter.is_ascii_digit());
        if bare { format!("{days},{month} {day}") } else { format!("{days},{day}") }
    })
}

/// Days and months.
fn names(text: &str) -> String {
    let mut better = String::with_capacity(text.len());
    let mut done = 0;
    for word in words(text) {
        let lower = text[word.clone()].to_lowercase();
        let plain = lower.strip_suffix('s').filter(|plain| plain.len() > 3).unwrap_or(&lower);
        let word_text = &text[word.clone()];
        let english =
            NAMES.iter().find(|(name, short)| plain.len() > 2 && name.starts_with(plain) && *short != word_text);
        let name = english.map(|(_, short)| *short).or_else(|| week::elsewhere(&lower).map(|day| week::DAYS[day]));
        better.push_str(&text[done..word.start]);
        better.push_str(name.unwrap_or(word_text));
        done = word.end;
    }
    better + &text[done..]
}

/// A run of spans without blanks, with what ends it.
fn spans(token: &str) -> String {
    let body = token.trim_end_matches([',', ';', ':']);
    let years = body.split('-').any(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit()));
    if years {
        return token.to_owned();
    }
    match times::read(body) {
        (Some(spans), _) if !spans.is_empty() && body.contains('-') => times::write(&spans) + &token[body.len()..],
        _ => token.to_owned(),
    }
}
