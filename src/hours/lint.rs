//! What the evaluator gets wrong or leaves vague, refused with a sentence of our own.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use opening_hours_syntax::rules::day::{Date, MonthdayRange, Year};
use opening_hours_syntax::rules::time::{Time, TimeSelector, TimeSpan};
use opening_hours_syntax::rules::{OpeningHoursExpression, RuleKind, RuleOperator, RuleSequence};

use super::friendly::{friendly, words};
use super::problem::Fault;
use super::rules::names_holidays;
use super::times;

/// How an expression looks.
const FORM: &str = "an expression looks like \"Mo-Fr 08:00-12:00,13:00-17:00; Sa 08:00-12:00; PH off\"";

/// Parses an expression that means the same to everybody, or says all that is wrong with it.
pub(super) fn parse(text: &str) -> Result<OpeningHoursExpression, Vec<Fault>> {
    let lead = text.len() - text.trim_start().len();
    let body = text.trim();
    let mut faults = text_faults(body);
    // what else is wrong is said in the same run
    let rest = body.trim_end_matches(|letter: char| letter == ';' || letter.is_whitespace());
    let parsed = if faults.is_empty() || rest.len() < body.len() { grammar(rest) } else { Err(Vec::new()) };
    match parsed {
        Ok(expression) if faults.is_empty() => return Ok(expression),
        Ok(_) => {}
        Err(more) => faults.extend(more),
    }
    for fault in &mut faults {
        fault.range = fault.range.start + lead..fault.range.end + lead;
    }
    Err(faults)
}

/// Parses what the text alone gives no reason to refuse.
fn grammar(text: &str) -> Result<OpeningHoursExpression, Vec<Fault>> {
    let expression = opening_hours_syntax::parse(text).map_err(|error| vec![syntax(text, &error)])?;
    let faults: Vec<_> = expression.rules.iter().filter_map(|rule| rule_fault(text, rule)).collect();
    if faults.is_empty() { Ok(expression) } else { Err(faults) }
}

/// Whether [`parse`] accepts a text.
fn is_sound(text: &str) -> bool {
    let clear = |rules: &[RuleSequence]| rules.iter().all(|rule| rule_fault(text, rule).is_none());
    text_faults(text).is_empty() && opening_hours_syntax::parse(text).is_ok_and(|parsed| clear(&parsed.rules))
}

/// What is allowed and probably not meant.
pub(super) fn doubts(text: &str, expression: &OpeningHoursExpression, today: NaiveDate) -> Vec<Fault> {
    let mut faults = past(text, expression, today);
    faults.extend(overridden(text, expression));
    let all_day = ["24/7", "24:00", "open"].iter().any(|word| text.contains(word));
    let timeless = |rule: &&RuleSequence| rule.kind == RuleKind::Open && rule.time_selector == TimeSelector::default();
    if let Some(rule) = expression.rules.iter().find(timeless).filter(|_| !all_day) {
        let days = rule.day_selector.to_string();
        let fault = Fault::new(find(text, &days), format!("\"{days}\" without times is open all day"));
        faults.push(Fault { fatal: false, ..fault.hint(format!("if that is meant, write {days} 00:00-24:00")) });
    }
    faults
}

/// `PH off` that later rules open again.
fn overridden(text: &str, expression: &OpeningHoursExpression) -> Option<Fault> {
    let closes = |rule: &RuleSequence| rule.kind == RuleKind::Closed && names_holidays(&rule.day_selector);
    let at = expression.rules.iter().position(closes)?;
    let opens = |rule: &&RuleSequence| rule.kind == RuleKind::Open && rule.operator == RuleOperator::Normal;
    let later = expression.rules[at..].iter().find(opens).filter(|rule| !names_holidays(&rule.day_selector))?;
    let fault = Fault::new(find(text, "PH"), format!("the later rule \"{later}\" opens on holidays again"));
    Some(Fault { fatal: false, ..fault.hint("the last rule wins: put `PH off` at the end") })
}

/// Rules that can never hold again.
fn past(text: &str, expression: &OpeningHoursExpression, today: NaiveDate) -> Vec<Fault> {
    let years = expression.rules.iter().filter_map(|rule| last_year(rule, today));
    let faults = years.map(|year| {
        let place = text.find(&year.to_string()).map_or(0..text.len(), |at| at..at + 4);
        let fault = Fault::new(place, "this rule lies wholly in the past").hint("take it out, or mend the year");
        Fault { fatal: false, ..fault }
    });
    faults.collect()
}

/// What the text shows and the parsed expression does not.
fn text_faults(text: &str) -> Vec<Fault> {
    if text.trim().is_empty() {
        return vec![Fault::new(0..text.len(), "the expression is empty").hint(FORM)];
    }
    if text.matches('"').count() % 2 == 1 {
        let at = text.rfind('"').unwrap_or(0);
        return vec![Fault::new(at..text.len(), "this comment has no end").hint("a comment stands between two quotes")];
    }
    let bare = without_comments(text);
    let mut faults = Vec::new();
    for (at, mark) in bare.match_indices("||") {
        let fault =
            Fault::new(at..at + mark.len(), "`||` (otherwise) is not supported: programs disagree on its meaning");
        faults.push(
            fault.hint("give those days a rule of their own, after a semicolon: \"Mo-Fr 09:00-17:00; Sa 10:00-12:00\""),
        );
    }
    let end = bare.trim_end().len();
    if bare.trim_end().ends_with(';') {
        faults.push(Fault::new(end - 1..end, "nothing follows this semicolon").hint("take it out"));
    }
    faults.extend(open_ends(&bare));
    faults.extend(comments(text, &bare));
    faults.extend(holidays(&bare));
    faults
}

/// The text with blanks for the comments, quotes kept, so that places stay the same.
fn without_comments(text: &str) -> String {
    let mut inside = false;
    let mut bare = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter == '"' {
            inside = !inside;
            bare.push(letter);
        } else if inside {
            bare.extend(std::iter::repeat_n(' ', letter.len_utf8()));
        } else {
            bare.push(letter);
        }
    }
    bare
}

/// `18:00+`.
fn open_ends(bare: &str) -> Vec<Fault> {
    let pluses = bare.match_indices('+').map(|(at, _)| at);
    let ends = pluses.filter_map(|at| {
        let before = bare[..at].trim_end();
        let start = before.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == ':').len();
        before[start..].contains(':').then(|| {
            Fault::new(start..at + 1, format!("\"{}+\" has no end", &before[start..]))
                .hint(format!("give one: {}-22:00", &before[start..]))
        })
    });
    ends.collect()
}

/// Comments that do not say whether it is open: the standard reads them as "unknown", the evaluator as "open".
fn comments(text: &str, bare: &str) -> Vec<Fault> {
    let quotes: Vec<_> = bare.match_indices('"').map(|(at, _)| at).collect();
    let pairs = quotes.chunks_exact(2).filter_map(|pair| {
        let before = bare[..pair[0]].trim_end();
        let says = words(before).last().is_some_and(|last| {
            last.end == before.len() && matches!(&*before[last.clone()].to_lowercase(), "open" | "closed" | "off")
        });
        let comment = &text[pair[0]..=pair[1]];
        (!says).then(|| {
            Fault::new(pair[0]..pair[1] + 1, "a comment alone does not say whether it is open")
                .hint(format!("write open {comment} or closed {comment}"))
        })
    });
    pairs.collect()
}

/// School holidays, and weekdays beside holidays, which the evaluator joins by "or" where the standard has "and".
fn holidays(bare: &str) -> Vec<Fault> {
    let words = words(bare);
    let mut faults = Vec::new();
    for (number, word) in words.iter().enumerate() {
        match &bare[word.clone()] {
            "SH" => {
                let fault = Fault::new(word.clone(), "school holidays (SH) are not known");
                faults.push(fault.hint("write them as dated exceptions: from = 2026-12-21, to = 2027-01-06"));
            }
            "PH" => {
                let next = words.get(number + 1).filter(|next| bare[word.end..next.start].trim().is_empty());
                let previous = number.checked_sub(1).and_then(|number| words.get(number));
                let previous = previous.filter(|previous| bare[previous.end..word.start].trim().is_empty());
                let beside = [previous, next].into_iter().flatten().find(|near| weekday(&bare[(*near).clone()]));
                if let Some(day) = beside {
                    let place = word.start.min(day.start)..word.end.max(day.end);
                    let message =
                        format!("\"{}\" is read in different ways by different programs", &bare[place.clone()]);
                    let hint =
                        format!("\"{},PH\" is both; a holiday on a certain weekday cannot be said", &bare[day.clone()]);
                    faults.push(Fault::new(place, message).hint(hint));
                }
            }
            _ => {}
        }
    }
    faults
}

fn weekday(word: &str) -> bool {
    ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].iter().any(|day| day.eq_ignore_ascii_case(word))
}

/// A syntax error in our words, at its place.
fn syntax(text: &str, error: &opening_hours_syntax::Error) -> Fault {
    use opening_hours_syntax::Error;
    let place = match error {
        Error::Syntax(error) => match error.location {
            pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => word_at(text, at),
        },
        _ => 0..text.len(),
    };
    let fault = match error {
        Error::Syntax(_) if text[place.clone()].is_empty() => {
            Fault::new(0..text.len(), "the expression stops too early")
        }
        Error::Syntax(_) => Fault::new(place.clone(), format!("\"{}\" is not understood here", &text[place])),
        Error::Unsupported(_) => Fault::new(place, "a single time is no span"),
        Error::Overflow { value, expected_bounds } => {
            let (first, last) = (expected_bounds.start(), expected_bounds.end());
            Fault::new(find(text, &value.to_string()), format!("{value} is not between {first} and {last}"))
        }
        Error::InvalidExtendedTime { hour, minutes } => Fault::new(
            find(text, &format!("{hour}:{minutes:02}")),
            format!("there is no {hour:02}:{minutes:02}; a span ends by 48:00"),
        ),
        Error::InvertedYearRange { start, end, .. } => {
            Fault::new(find(text, &start.0.to_string()), format!("the years {} to {} run backwards", start.0, end.0))
        }
        Error::InvertedWeekRange { start, end, .. } => {
            Fault::new(find(text, &start.0.to_string()), format!("the weeks {} to {} run backwards", start.0, end.0))
        }
        _ => Fault::new(place, "the expression cannot be read"),
    };
    let single = times::read(&format!("{}-24:00", &text[fault.range.clone()])).0.is_some();
    match friendly(text).filter(|better| is_sound(better)) {
        Some(better) => fault.hint(format!("did you mean \"{better}\"?")),
        None if single => fault.hint("a span has a start and an end: 08:00-12:00"),
        None => fault.hint(FORM),
    }
}

/// The word that a place is in, or that follows it; or the separator there.
fn word_at(text: &str, at: usize) -> Range<usize> {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let word = |letter: char| !letter.is_whitespace() && letter != ';' && letter != ',';
    let place = text.len() - text[at..].trim_start().len();
    let start = if place == at { text[..at].trim_end_matches(word).len() } else { place };
    let end = text.len() - text[place..].trim_start_matches(word).len();
    match text[place..].chars().next() {
        Some(separator) if end == place => place..place + separator.len_utf8(),
        _ => start..end,
    }
}

fn find(text: &str, part: &str) -> Range<usize> {
    text.find(part).map_or(0..text.len(), |at| at..at + part.len())
}

/// What a rule says that has no certain answer.
fn rule_fault(text: &str, rule: &RuleSequence) -> Option<Fault> {
    if rule.kind == RuleKind::Unknown {
        let place = find(&text.to_lowercase(), "unknown");
        return Some(Fault::new(place, "\"unknown\" is neither open nor closed").hint("write open or closed"));
    }
    rule.time_selector.spans.iter().find_map(|span| span_fault(text, span))
}

fn span_fault(text: &str, span: &TimeSpan) -> Option<Fault> {
    let sun = span.range.start.as_time_event().or(span.range.end.as_time_event());
    if let Some(event) = sun {
        let place = find(&text.to_lowercase(), event.as_str());
        let fault = Fault::new(place, format!("\"{}\" depends on a place, and hours have none", event.as_str()));
        return Some(fault.hint("write a time of day"));
    }
    if span.repeats.is_some() {
        return Some(
            Fault::new(find(text, "/"), "points in time are no opening hours").hint("leave out what follows the slash"),
        );
    }
    match (span.range.start, span.range.end) {
        (Time::Fixed(start), Time::Fixed(end)) if start == end => {
            let fault =
                Fault::new(find(text, &span.to_string()), format!("\"{span}\" starts and ends at the same time"));
            Some(fault.hint("the whole day is 00:00-24:00"))
        }
        _ => None,
    }
}

/// The last year of a rule that is over.
fn last_year(rule: &RuleSequence, today: NaiveDate) -> Option<i32> {
    let selector = &rule.day_selector;
    let this = today.year();
    let last = |years: Vec<Option<i32>>| years.into_iter().collect::<Option<Vec<_>>>()?.into_iter().max();
    let year = last(selector.year.iter().map(|range| Some(range.into_parts().0.end().0)).collect());
    let monthday = last(selector.monthday.iter().map(month_year).collect());
    if let Some(year) = year.or(monthday).filter(|year| *year < this) {
        return Some(year);
    }
    let ended = |range: &MonthdayRange| {
        matches!(range, MonthdayRange::Date { end: (Date::Fixed { year: Some(Year(year)), month, day }, _), .. }
        if NaiveDate::from_ymd_opt(*year, *month as u32, u32::from(*day)).is_some_and(|end| end < today))
    };
    (!selector.monthday.is_empty() && selector.monthday.iter().all(ended)).then_some(this)
}

fn month_year(range: &MonthdayRange) -> Option<i32> {
    match range {
        MonthdayRange::Month { year, .. } => year.map(|year| year.0),
        MonthdayRange::Date { end, .. } => end.0.year().map(|year| year.0),
    }
}
