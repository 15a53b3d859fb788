//! Every minute of ten hours around each clock change, and many of the two days, against an oracle that scans the clock.
//!
//! The oracle knows nothing but the clock: an opening is the first minute that shows its time of day, a closing the
//! last, and a time that the clock skips is the first minute that shows a later one.

use afterhours::hours::{Hours, Span};
use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use super::drawing::{at, hours};

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// Spans of every day, in minutes from its midnight.
const DAYS: [&[(i64, i64)]; 7] = [
    &[(0, 1440)],
    &[(1320, 1860)],
    &[(90, 150)],
    &[(60, 120), (135, 165), (180, 240)],
    &[(120, 180)],
    &[(0, 30), (45, 75), (105, 110), (1380, 1440)],
    &[(540, 720), (780, 1020), (1410, 1470)],
];

fn zone(zone: &str, from: &str, to: &str, changes: usize) {
    let tz: Tz = zone.parse().expect("a zone");
    let found = transitions(tz, at(from), at(to));
    assert_eq!(found.len(), changes, "{zone}: {found:?}");
    for spans in DAYS {
        let texts: Vec<_> = spans.iter().map(|(start, end)| format!("{}-{}", clock(*start), clock(*end))).collect();
        let hours = if texts == ["00:00-24:00"] {
            let (hours, warnings) =
                Hours::compile(&super::drawing::spec(&format!("{zone} | 00:00-24:00")), super::drawing::today())
                    .expect("a schedule");
            assert_eq!(warnings.len(), 1, "it never closes");
            hours
        } else {
            hours(&format!("{zone} | mon-sun={}", texts.join(", ")))
        };
        for change in &found {
            check(&hours, spans, *change);
        }
    }
}

fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn check(hours: &Hours, spans: &[(i64, i64)], change: DateTime<Utc>) {
    let start = change - TimeDelta::hours(26);
    let open = oracle(hours.zone(), spans, change);
    let scanned = |at: DateTime<Utc>| open[usize::try_from((at - start).num_minutes()).expect("in the window")];
    let end = change + TimeDelta::hours(26);
    let minutes = || std::iter::successors(Some(start), |at| Some(*at + MINUTE)).take_while(|at| *at < end);
    // away from the change nothing is special: there a minute in eleven will do
    let near = |at: &DateTime<Utc>| (*at - change).abs() < TimeDelta::hours(5) || (*at - start).num_minutes() % 11 == 0;
    let edges: Vec<_> = minutes().skip(1).filter(|at| scanned(*at) != scanned(*at - MINUTE)).collect();
    for at in minutes().filter(near) {
        let state = hours.state(at, &[]);
        assert_eq!(state.is_open(), scanned(at), "{} at {at}: {}", hours.zone(), hours.expression());
        if let Some(next) = edges.iter().find(|edge| **edge > at) {
            assert_eq!(state.until(), Some(*next), "{} at {at}: {}", hours.zone(), hours.expression());
        }
        if let Span::Closed { since, .. } = state.span
            && let Some(last) = edges.iter().rfind(|edge| **edge <= at)
        {
            assert_eq!(since, *last, "{} at {at}: {}", hours.zone(), hours.expression());
        }
    }
}

/// Whether each minute of 26 hours before and after is open.
fn oracle(zone: Tz, spans: &[(i64, i64)], change: DateTime<Utc>) -> Vec<bool> {
    // a wide window, so that every edge of the days that matter lies inside of it
    let wide = change - TimeDelta::days(6);
    let shown: Vec<NaiveDateTime> = (0..12 * 1440)
        .map(|minute| (wide + TimeDelta::minutes(minute)).with_timezone(&zone).naive_local())
        .map(|local| local.with_second(0).expect("a whole minute"))
        .collect();
    let skipped = |local: NaiveDateTime| {
        shown.windows(2).position(|pair| pair[0] < local && local < pair[1]).map(|position| position + 1)
    };
    let mut open = vec![false; shown.len()];
    let first = change.with_timezone(&zone).date_naive() - Days::new(4);
    for day in first.iter_days().take(8).map(|day| day.and_time(NaiveTime::MIN)) {
        for (from, to) in spans {
            let (from, to) = (day + TimeDelta::minutes(*from), day + TimeDelta::minutes(*to));
            let opens = shown.iter().position(|local| *local == from).or_else(|| skipped(from)).expect("an opening");
            let closes = shown.iter().rposition(|local| *local == to).or_else(|| skipped(to)).expect("a closing");
            for minute in open.iter_mut().take(closes).skip(opens) {
                *minute = true;
            }
        }
    }
    let offset = 6 * 1440 - 26 * 60;
    open[offset..offset + 2 * 26 * 60].to_vec()
}

/// The first minutes with a new offset.
fn transitions(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let offset = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local() - at.naive_utc();
    let hours = std::iter::successors(Some(from), |at| Some(*at + TimeDelta::minutes(30))).take_while(|at| *at < to);
    hours.filter(|at| offset(*at) != offset(*at - TimeDelta::minutes(30))).collect()
}

#[test]
fn berlin() {
    zone("Europe/Berlin", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 2);
}

#[test]
fn new_york() {
    zone("America/New_York", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 2);
}

#[test]
fn lord_howe_half_an_hour() {
    zone("Australia/Lord_Howe", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 2);
}

#[test]
fn cairo_at_midnight() {
    zone("Africa/Cairo", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 2);
}

#[test]
fn casablanca_around_ramadan() {
    zone("Africa/Casablanca", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 2);
}

#[test]
fn apia_and_the_day_that_never_was() {
    zone("Pacific/Apia", "2011-01-01T00:00:00Z", "2012-01-01T00:00:00Z", 3);
    zone("Pacific/Apia", "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z", 1);
}

#[test]
fn havana_where_midnight_comes_twice() {
    zone("America/Havana", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 2);
}

#[test]
fn troll_two_hours() {
    zone("Antarctica/Troll", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 2);
}
