//! Which reason wins, what it is called, and how long a closed period lasts.

use afterhours::hours::Span;
use chrono::SecondsFormat;

use super::drawing::{at, date, draw, hours};

/// A week, a holiday's code, an exception a kind.
const OFFICE: &str = "America/Tegucigalpa | mon-fri=08:00-12:00, 13:00-17:00 & sat=08:00-12:00 | HN | 2026-10-08 \
    | 2026-12-24=08:00-12:00 (Christmas Eve) & 2026-12-28..2026-12-30=off & 2027-04-14=10:00-11:00 (parade)";

/// Nights, with a closed night, a holiday and an exception in between.
const NIGHTS: &str =
    "UTC | mon-sat=22:00-06:00 | DE-BY | | 2026-11-25=off (inventory) & 2026-12-02=20:00-23:00 (party)";

#[test]
fn states() {
    for (trap, schedule, instant, expected) in [
        ("open by the week", OFFICE, "2026-11-24T09:00:00-06:00", "open hours - until 2026-11-24T18:00:00Z"),
        (
            "the start belongs to the span",
            OFFICE,
            "2026-11-24T08:00:00-06:00",
            "open hours - until 2026-11-24T18:00:00Z",
        ),
        (
            "the end does not",
            OFFICE,
            "2026-11-24T12:00:00-06:00",
            "closed hours - since 2026-11-24T18:00:00Z until 2026-11-24T19:00:00Z",
        ),
        ("a second before the end", OFFICE, "2026-11-24T11:59:59-06:00", "open hours - until 2026-11-24T18:00:00Z"),
        (
            "an ordinary night",
            OFFICE,
            "2026-11-24T22:00:00-06:00",
            "closed hours - since 2026-11-24T23:00:00Z until 2026-11-25T14:00:00Z",
        ),
        (
            "a weekend",
            OFFICE,
            "2026-11-28T15:00:00-06:00",
            "closed hours - since 2026-11-28T18:00:00Z until 2026-11-30T14:00:00Z",
        ),
        (
            "a holiday by day",
            OFFICE,
            "2026-12-25T10:00:00-06:00",
            "closed holiday Navidad since 2026-12-24T18:00:00Z until 2026-12-26T14:00:00Z",
        ),
        (
            "a holiday by night, when it would be closed anyway",
            OFFICE,
            "2026-12-25T03:00:00-06:00",
            "closed holiday Navidad since 2026-12-24T18:00:00Z until 2026-12-26T14:00:00Z",
        ),
        ("a holiday that is none here", OFFICE, "2026-10-08T10:00:00-06:00", "open hours - until 2026-10-08T18:00:00Z"),
        (
            "an exception opens",
            OFFICE,
            "2026-12-24T09:00:00-06:00",
            "open exception Christmas Eve until 2026-12-24T18:00:00Z",
        ),
        (
            "... and closes the rest of its day",
            OFFICE,
            "2026-12-24T14:00:00-06:00",
            "closed exception Christmas Eve since 2026-12-24T18:00:00Z until 2026-12-26T14:00:00Z",
        ),
        (
            "... and the morning before",
            OFFICE,
            "2026-12-24T07:00:00-06:00",
            "closed exception Christmas Eve since 2026-12-23T23:00:00Z until 2026-12-24T14:00:00Z",
        ),
        (
            "the first day of a range",
            OFFICE,
            "2026-12-28T00:00:00-06:00",
            "closed exception - since 2026-12-26T18:00:00Z until 2026-12-31T14:00:00Z",
        ),
        (
            "the last day of a range is included",
            OFFICE,
            "2026-12-30T23:59:59-06:00",
            "closed exception - since 2026-12-26T18:00:00Z until 2026-12-31T14:00:00Z",
        ),
        (
            "an exception is stronger than a holiday",
            OFFICE,
            "2027-04-14T10:30:00-06:00",
            "open exception parade until 2027-04-14T17:00:00Z",
        ),
        (
            "the night before an exception runs on into it",
            NIGHTS,
            "2026-11-25T05:00:00Z",
            "open hours - until 2026-11-25T06:00:00Z",
        ),
        (
            "... and then it is closed, over the next night's start",
            NIGHTS,
            "2026-11-25T23:00:00Z",
            "closed exception inventory since 2026-11-25T06:00:00Z until 2026-11-26T22:00:00Z",
        ),
        (
            "the night that an exception takes away has no morning",
            NIGHTS,
            "2026-11-26T03:00:00Z",
            "closed hours - since 2026-11-25T06:00:00Z until 2026-11-26T22:00:00Z",
        ),
        (
            "the night before a holiday runs on into it",
            NIGHTS,
            "2026-12-25T05:00:00Z",
            "open hours - until 2026-12-25T06:00:00Z",
        ),
        (
            "the night of a holiday has no morning either",
            NIGHTS,
            "2026-12-27T03:00:00Z",
            "closed hours - since 2026-12-25T06:00:00Z until 2026-12-28T22:00:00Z",
        ),
        (
            "an exception's own times end as they say",
            NIGHTS,
            "2026-12-03T03:00:00Z",
            "closed hours - since 2026-12-02T23:00:00Z until 2026-12-03T22:00:00Z",
        ),
        (
            "a comment is the label",
            "UTC | Mo-Fr 09:00-17:00; 12:00-13:00 closed \"lunch\"",
            "2026-11-24T12:30:00Z",
            "closed hours lunch since 2026-11-24T12:00:00Z until 2026-11-24T13:00:00Z",
        ),
        (
            "... only in its time",
            "UTC | Mo-Fr 09:00-17:00; 12:00-13:00 closed \"lunch\"",
            "2026-11-24T18:00:00Z",
            "closed hours - since 2026-11-24T17:00:00Z until 2026-11-25T09:00:00Z",
        ),
        (
            "a comment of a whole day",
            "UTC | Mo-Fr 09:00-17:00; We off \"golf\"",
            "2026-11-25T12:30:00Z",
            "closed hours golf since 2026-11-24T17:00:00Z until 2026-11-26T09:00:00Z",
        ),
        (
            "a holiday is stronger than a lunch break",
            "UTC | Mo-Fr 09:00-17:00; PH off; 12:00-13:00 closed \"lunch\" | DE-BY",
            "2026-12-25T12:15:00Z",
            "closed holiday Erster Weihnachtstag since 2026-12-24T17:00:00Z until 2026-12-28T09:00:00Z",
        ),
        (
            "times on holidays",
            "UTC | Mo-Fr 09:00-17:00; PH 10:00-12:00 | DE-BY",
            "2026-12-25T11:00:00Z",
            "open holiday Erster Weihnachtstag until 2026-12-25T12:00:00Z",
        ),
        (
            "the day before a holiday",
            "UTC | Mo-Fr 09:00-17:00; PH -1 day 09:00-12:00; PH off | DE-BY",
            "2026-12-24T13:00:00Z",
            "closed holiday - since 2026-12-24T12:00:00Z until 2026-12-28T09:00:00Z",
        ),
        ("never open", "(see below)", "2026-11-25T12:00:00Z", "closed hours - since 2025-10-21T12:00:00Z until never"),
    ] {
        let schedule = if trap == "never open" { never() } else { hours(schedule) };
        let state = schedule.state(at(instant), &[]);
        let word = if state.is_open() { "open" } else { "closed" };
        let time = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let until = state.until().map_or("never".to_owned(), time);
        let since = match state.span {
            Span::Closed { since, .. } => format!("since {} ", time(since)),
            Span::Open { .. } => String::new(),
        };
        let drawn = format!("{word} {} {} {since}until {until}", state.why, state.label.as_deref().unwrap_or("-"));
        assert_eq!(drawn, expected, "{trap}");
    }
}

fn never() -> afterhours::hours::Hours {
    let spec = super::drawing::spec("UTC | 2041 Mo 09:00-10:00");
    let (hours, warnings) = afterhours::hours::Hours::compile(&spec, super::drawing::today()).expect("a schedule");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    hours
}

#[test]
fn opens_exactly_at_the_horizon() {
    let schedule = never();
    // 2041-01-07 is the first Monday of that year
    let opens = at("2041-01-07T09:00:00Z");
    let span = |days: i64| schedule.state(opens - chrono::TimeDelta::days(days), &[]).until();
    assert_eq!(span(399), Some(opens));
    assert_eq!(span(401), None);
}

#[test]
fn the_shown_expression_means_the_same() {
    for schedule in [OFFICE, NIGHTS] {
        let table = hours(schedule);
        let mut spec = super::drawing::spec(schedule);
        (spec.week, spec.open, spec.except) = (Vec::new(), Some(table.expression().to_owned()), Vec::new());
        let (expression, _) = afterhours::hours::Hours::compile(&spec, super::drawing::today()).expect("sound");
        for day in date("2026-09-01").iter_days().take(500) {
            assert_eq!(draw(&table, day, &[]), draw(&expression, day, &[]), "{day} of {}", table.expression());
        }
    }
}
