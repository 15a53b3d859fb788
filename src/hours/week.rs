//! The `week` table as an OpenStreetMap expression.

use std::ops::Range;

use super::problem::{Fault, Place, Problem};
use super::times;

/// The days as OpenStreetMap writes them, Monday first.
pub(super) const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// The days in messages, Monday first.
const TITLES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// What people write for the days; lower case, Monday first. Abbreviations of these are read too.
const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What people write for the days in other languages: only for the hint.
const ELSEWHERE: [[&str; 6]; 7] = [
    ["montag", "lunes", "lundi", "lunedì", "segunda", "maandag"],
    ["dienstag", "martes", "mardi", "martedì", "terça", "dinsdag"],
    ["mittwoch", "miércoles", "mercredi", "mercoledì", "quarta", "woensdag"],
    ["donnerstag", "jueves", "jeudi", "giovedì", "quinta", "donderdag"],
    ["freitag", "viernes", "vendredi", "venerdì", "sexta", "vrijdag"],
    ["samstag", "sábado", "samedi", "sabato", "sábado", "zaterdag"],
    ["sonntag", "domingo", "dimanche", "domenica", "domingo", "zondag"],
];

/// The form of a key.
const FORM: &str = "write days as mon, mon-fri, \"sat, sun\"";

/// Compiles the table. `None` comes with a fatal problem.
pub(super) fn compile(week: &[(String, String)]) -> (Option<String>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut rules = Vec::new();
    let mut taken: [Option<usize>; 7] = [None; 7];
    for (number, (key, value)) in week.iter().enumerate() {
        let (spans, faults) = times::read(value);
        problems.extend(faults.into_iter().map(|fault| fault.at(Place::WeekTimes(number))));
        let (days, faults) = days(key);
        problems.extend(faults.into_iter().map(|fault| fault.at(Place::WeekDays(number))));
        for day in days.iter().copied() {
            if let Some(first) = taken[day].replace(number) {
                let place = if first == number { "this key".to_owned() } else { format!("\"{}\"", week[first].0) };
                let message = format!("{} is in {place} already", TITLES[day]);
                let several = "several spans stand in one text: \"08:00-12:00, 13:00-17:00\"";
                problems.push(Problem::new(Place::WeekDays(number), message).hint(several));
            }
        }
        rules.extend(spans.map(|spans| format!("{} {}", selector(&days), times::write(&spans))));
    }
    let sound = !problems.iter().any(|problem| problem.fatal);
    (sound.then(|| rules.join("; ")), problems)
}

/// The days of a key, Monday is 0; in the order written.
fn days(key: &str) -> (Vec<usize>, Vec<Fault>) {
    let mut days = Vec::new();
    let mut faults = Vec::new();
    for item in split(key, |letter| letter == ',' || letter == '&' || letter == ';') {
        match range(key, item) {
            Ok(range) => days.extend(range),
            Err(fault) => faults.push(fault),
        }
    }
    (days, faults)
}

fn range(key: &str, item: Range<usize>) -> Result<Vec<usize>, Fault> {
    let text = &key[item.clone()];
    let ends = split_range(key, item.clone());
    if ends.iter().any(Range::is_empty) {
        let place = if text.is_empty() { 0..key.len() } else { item };
        return Err(Fault::new(place, "a day is missing here").hint(FORM));
    }
    match text.to_lowercase().as_str() {
        "daily" | "every day" | "everyday" | "all" => return Ok((0..7).collect()),
        "weekdays" | "weekday" | "workdays" => return Err(vague(item, "mon-fri")),
        "weekend" | "weekends" => return Err(vague(item, "\"sat, sun\"")),
        "ph" | "holiday" | "holidays" => {
            let fault = Fault::new(item, "the table knows no holidays");
            return Err(
                fault.hint("times on public holidays need an `open` expression: \"Mo-Fr 08:00-17:00; PH 10:00-12:00\"")
            );
        }
        _ => {}
    }
    let mut known = Vec::new();
    for end in &ends {
        known.push(day(key, end.clone())?);
    }
    match known[..] {
        [day] => Ok(vec![day]),
        [first, last] if first == last => Err(Fault::new(item, "a range from a day to itself")
            .hint(format!("one day is \"{}\", the whole week \"mon-sun\"", &NAMES[first][..3]))),
        [first, last] => Ok((0..=(last + 7 - first) % 7).map(|step| (first + step) % 7).collect()),
        _ => Err(Fault::new(item, format!("\"{text}\" is not a range of days")).hint(FORM)),
    }
}

fn vague(place: Range<usize>, days: &str) -> Fault {
    Fault::new(place, "which days these are differs from country to country").hint(format!("name them: {days}"))
}

/// The ends of a range, or its only day.
fn split_range(key: &str, item: Range<usize>) -> Vec<Range<usize>> {
    let text = &key[item.clone()];
    if let Some(at) = text.find(" to ") {
        return vec![item.start..item.start + at, item.start + at + 4..item.end];
    }
    split(text, |letter| "-–—‑−".contains(letter))
        .into_iter()
        .map(|part| item.start + part.start..item.start + part.end)
        .collect()
}

/// The trimmed parts between separators.
fn split(text: &str, separator: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let ends = text.char_indices().filter(|(_, letter)| separator(*letter)).map(|(at, letter)| (at, letter.len_utf8()));
    for (end, length) in ends.chain([(text.len(), 0)]) {
        let part = &text[start..end];
        let from = start + part.len() - part.trim_start().len();
        parts.push(from..(from + part.trim().len()));
        start = end + length;
    }
    parts
}

/// A day by its English name or an abbreviation of two letters or more.
fn day(key: &str, place: Range<usize>) -> Result<usize, Fault> {
    let text = key[place.clone()].trim();
    let lower = text.trim_end_matches('.').to_lowercase();
    let plain = lower.strip_suffix('s').filter(|name| NAMES.contains(name)).unwrap_or(&lower);
    if plain.len() >= 2
        && let Some(day) = NAMES.iter().position(|name| name.starts_with(plain))
    {
        return Ok(day);
    }
    let foreign = elsewhere(&lower);
    let near = || {
        let distance = |name: &&str| {
            strsim::damerau_levenshtein(name, &lower).min(strsim::damerau_levenshtein(&name[..3], &lower) + 1)
        };
        let best = NAMES.iter().enumerate().min_by_key(|(_, name)| distance(name))?;
        (distance(best.1) <= 2).then_some(best.0)
    };
    let fault = Fault::new(place.clone(), format!("\"{text}\" is not a day"));
    Err(match foreign.or_else(near) {
        Some(day) => fault.hint(format!("did you mean {}?", &NAMES[day][..3])),
        None => fault.hint(FORM),
    })
}

/// A day by its name in some other language, in lower case.
pub(super) fn elsewhere(name: &str) -> Option<usize> {
    ELSEWHERE.iter().position(|names| names.contains(&name))
}

/// The days as OpenStreetMap writes them: `Mo-We,Fr`.
fn selector(days: &[usize]) -> String {
    let mut parts = Vec::new();
    let mut day = 0;
    while day < 7 {
        let length = (day..7).take_while(|day| days.contains(day)).count();
        match length {
            0 => {}
            1 => parts.push(DAYS[day].to_owned()),
            2 => parts.push(format!("{},{}", DAYS[day], DAYS[day + 1])),
            _ => parts.push(format!("{}-{}", DAYS[day], DAYS[day + length - 1])),
        }
        day += length.max(1);
    }
    parts.join(",")
}
