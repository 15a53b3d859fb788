//! A day as a line of text, and back: `08:00-12:00 13:00-17:00`, or `off`.
//!
//! A time of day that the clock shows twice is followed by `a` (first pass) or `b` (last).

use afterhours::hours::{Except, Hours, Override, Problem, Spec};
use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// A schedule in a line: `ZONE | week or expression | holidays | not_holidays | exceptions`, later parts optional.
///
/// A week is `mon-fri=09:00-17:00 & sat=10:00-12:00`; exceptions are `2026-12-24=off (why) & 2026-12-27..2026-12-30=…`.
pub fn spec(line: &str) -> Spec {
    let otherwise = "\u{1}"; // `||` belongs to the expression
    let line = line.replace("||", otherwise);
    let parts: Vec<_> = line.split('|').map(str::trim).collect();
    let part = |number: usize| parts.get(number).copied().unwrap_or("");
    let list = |number: usize| part(number).split('&').map(str::trim).filter(|text| !text.is_empty());
    let pair = |text: &str| text.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()));
    let table = part(1).contains('=');
    Spec {
        name: "office".into(),
        zone: part(0).parse().expect("a zone"),
        week: if table { list(1).filter_map(pair).collect() } else { Vec::new() },
        open: (!table && !part(1).is_empty()).then(|| part(1).replace(otherwise, "||")),
        holidays: part(2).split_whitespace().map(str::to_owned).collect(),
        not_holidays: part(3).split_whitespace().map(date).collect(),
        except: list(4).filter_map(pair).map(|(days, open)| except(&days, &open)).collect(),
    }
}

fn except(days: &str, open: &str) -> Except {
    let (from, to) = days.split_once("..").unwrap_or((days, days));
    let (open, why) = match open.split_once('(') {
        Some((open, why)) => (open.trim(), Some(why.trim_end_matches(')').to_owned())),
        None => (open, None),
    };
    Except { from: date(from), to: date(to), open: open.to_owned(), why }
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// An instant: RFC 3339.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// The day on which these tests happen.
pub fn today() -> NaiveDate {
    date("2026-11-24")
}

/// A sound schedule without warnings.
pub fn hours(line: &str) -> Hours {
    match Hours::compile(&spec(line), today()) {
        Ok((hours, warnings)) if warnings.is_empty() => hours,
        Ok((_, problems)) | Err(problems) => panic!("{line}: {problems:#?}"),
    }
}

/// All that is wrong with a schedule.
pub fn problems(spec: &Spec) -> Vec<Problem> {
    match Hours::compile(spec, today()) {
        Ok((_, warnings)) => warnings,
        Err(problems) => problems,
    }
}

/// The open spans of a day as [`Hours::state`] has them.
pub fn draw(hours: &Hours, day: NaiveDate, overrides: &[Override]) -> String {
    let zone = hours.zone();
    let (start, end) = (midnight(zone, day), midnight(zone, day + Days::new(1)));
    let mut spans = Vec::new();
    let mut at = start;
    while at < end {
        let state = hours.state(at, overrides);
        let until = state.until().map_or(end, |until| until.min(end));
        assert!(until > at, "{at}: the state ends before it begins: {state:?}");
        if state.is_open() {
            spans.push(format!("{}-{}", time(zone, at, day), time(zone, until, day)));
        }
        at = until;
    }
    if spans.is_empty() { "off".to_owned() } else { spans.join(" ") }
}

/// The first instant of a day.
pub fn midnight(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let mut local = day.and_time(NaiveTime::MIN);
    loop {
        match zone.from_local_datetime(&local) {
            MappedLocalTime::Single(time) | MappedLocalTime::Ambiguous(time, _) => return time.to_utc(),
            MappedLocalTime::None => local += chrono::TimeDelta::minutes(1),
        }
    }
}

fn time(zone: Tz, at: DateTime<Utc>, day: NaiveDate) -> String {
    let local = at.with_timezone(&zone).naive_local();
    let pass = match zone.from_local_datetime(&local) {
        MappedLocalTime::Ambiguous(first, _) if first == at => "a",
        MappedLocalTime::Ambiguous(..) => "b",
        _ => "",
    };
    let text = local.format("%H:%M").to_string();
    let text = if local.date() > day { text.replace("00:00", "24:00") } else { text };
    text + pass
}

/// A local time that the clock skips.
pub fn assert_gap(zone: Tz, local: NaiveDateTime) {
    assert_eq!(zone.from_local_datetime(&local), MappedLocalTime::None, "{local} {zone} is no gap");
}

/// A local time that the clock shows twice.
pub fn assert_fold(zone: Tz, local: NaiveDateTime) {
    assert!(matches!(zone.from_local_datetime(&local), MappedLocalTime::Ambiguous(..)), "{local} {zone} is no fold");
}
