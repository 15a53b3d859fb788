//! Clock changes, a trap a line. Each first asserts that its time of day is one that the clock skips or shows twice.

use chrono::NaiveDateTime;

use super::drawing::{assert_fold, assert_gap, date, draw, hours};

/// What a line says of its time of day.
#[derive(Clone, Copy)]
enum Is {
    Skipped,
    Doubled,
}
use Is::{Doubled, Skipped};

#[test]
fn days() {
    for (trap, is, local, schedule, drawing) in [
        (
            "an opening in the gap waits for its end",
            Skipped,
            "2027-03-28T02:30",
            "Europe/Berlin | sun=02:30-04:00",
            "03:00-04:00",
        ),
        (
            "a closing in the gap comes at its end",
            Skipped,
            "2027-03-28T02:30",
            "Europe/Berlin | sun=01:00-02:30",
            "01:00-03:00",
        ),
        ("a span inside the gap is dropped", Skipped, "2027-03-28T02:30", "Europe/Berlin | sun=02:15-02:45", "off"),
        ("a span that is the gap is dropped", Skipped, "2027-03-28T02:00", "Europe/Berlin | sun=02:00-03:00", "off"),
        (
            "what meets in the gap is one",
            Skipped,
            "2027-03-28T02:30",
            "Europe/Berlin | sun=01:00-02:15, 02:45-04:00",
            "01:00-04:00",
        ),
        ("a whole day is whole", Skipped, "2027-03-28T02:30", "Europe/Berlin | sun=00:00-24:00", "00:00-24:00"),
        (
            "an opening in the doubled hour takes the first pass",
            Doubled,
            "2026-10-25T02:30",
            "Europe/Berlin | sun=02:30-04:00",
            "02:30a-04:00",
        ),
        (
            "a closing in the doubled hour takes the last",
            Doubled,
            "2026-10-25T02:30",
            "Europe/Berlin | sun=01:00-02:30",
            "01:00-02:30b",
        ),
        (
            "a span inside the doubled hour lasts from the first to the last",
            Doubled,
            "2026-10-25T02:15",
            "Europe/Berlin | sun=02:15-02:45",
            "02:15a-02:45b",
        ),
        (
            "a break inside the doubled hour is none",
            Doubled,
            "2026-10-25T02:15",
            "Europe/Berlin | sun=01:00-02:15, 02:45-04:00",
            "01:00-04:00",
        ),
        ("a whole day has no hole", Doubled, "2026-10-25T02:30", "Europe/Berlin | sun=00:00-24:00", "00:00-24:00"),
        (
            "a night over the doubled hour",
            Doubled,
            "2026-10-25T02:30",
            "Europe/Berlin | sat=22:00-06:00",
            "00:00-06:00",
        ),
        (
            "New York: an opening in the gap",
            Skipped,
            "2027-03-14T02:30",
            "America/New_York | sun=02:30-05:00",
            "03:00-05:00",
        ),
        (
            "New York: always open has no closed minute",
            Doubled,
            "2026-11-01T01:59",
            "America/New_York | mon-sun=00:00-24:00 | | | 2026-12-01=off",
            "00:00-24:00",
        ),
        (
            "Lord Howe: the gap is half an hour",
            Skipped,
            "2026-10-04T02:15",
            "Australia/Lord_Howe | sun=02:15-04:00",
            "02:30-04:00",
        ),
        (
            "Lord Howe: half an hour comes twice",
            Doubled,
            "2027-04-04T01:45",
            "Australia/Lord_Howe | sun=00:00-01:45",
            "00:00-01:45b",
        ),
        ("Cairo: the day starts at one", Skipped, "2026-04-24T00:30", "Africa/Cairo | fri=00:00-02:00", "01:00-02:00"),
        (
            "Cairo: the night goes on over the gap at midnight",
            Skipped,
            "2026-04-24T00:30",
            "Africa/Cairo | thu=20:00-02:00",
            "01:00-02:00",
        ),
        (
            "Cairo: the last hour of a Thursday comes twice",
            Doubled,
            "2026-10-29T23:30",
            "Africa/Cairo | thu=20:00-23:30",
            "20:00-23:30b",
        ),
        (
            "Havana: midnight comes twice, closing takes the last",
            Doubled,
            "2026-11-01T00:00",
            "America/Havana | sat=20:00-24:00",
            "00:00a-00:00b",
        ),
        (
            "Havana: midnight comes twice, opening takes the first",
            Doubled,
            "2026-11-01T00:00",
            "America/Havana | sun=00:00-02:00",
            "00:00a-02:00",
        ),
        (
            "Casablanca: out of Ramadan",
            Skipped,
            "2026-03-22T02:30",
            "Africa/Casablanca | sun=02:30-04:00",
            "03:00-04:00",
        ),
        (
            "Troll: two hours are skipped",
            Skipped,
            "2027-03-28T01:30",
            "Antarctica/Troll | sun=00:00-00:30, 02:30-04:00",
            "00:00-00:30 03:00-04:00",
        ),
        (
            "Troll: two hours come twice",
            Doubled,
            "2026-10-25T01:30",
            "Antarctica/Troll | sun=01:30-02:30",
            "01:30a-02:30b",
        ),
        ("Apia: a day is left out", Skipped, "2011-12-30T12:00", "Pacific/Apia | fri=09:00-17:00", "off"),
    ] {
        let hours = hours(schedule);
        let local: NaiveDateTime = format!("{local}:00").parse().expect("a time of day");
        match is {
            Skipped => assert_gap(hours.zone(), local),
            Doubled => assert_fold(hours.zone(), local),
        }
        assert_eq!(draw(&hours, local.date(), &[]), drawing, "{trap}");
    }
}

#[test]
fn the_day_before_a_closing_at_a_doubled_midnight() {
    let hours = hours("America/Havana | sat=20:00-24:00");
    assert_fold(hours.zone(), "2026-11-01T00:00:00".parse().expect("a time of day"));
    assert_eq!(draw(&hours, date("2026-10-31"), &[]), "20:00-24:00a");
}
