//! The owner's own word over the schedule.

use afterhours::hours::{Override, Span, Why};

use super::drawing::{at, date, draw, hours};

const OFFICE: &str = "UTC | mon-fri=09:00-17:00";

fn over(open: bool, from: &str, until: &str) -> Override {
    Override { open, from: at(from), until: at(until), reply: None }
}

#[test]
fn days() {
    let away = |from, until| over(false, from, until);
    let open = |from, until| over(true, from, until);
    for (trap, overrides, day, drawing) in [
        (
            "away in the middle of a day",
            vec![away("2026-11-24T11:00:00Z", "2026-11-24T12:00:00Z")],
            "2026-11-24",
            "09:00-11:00 12:00-17:00",
        ),
        (
            "away from within the hours until after them",
            vec![away("2026-11-24T11:00:00Z", "2026-11-24T20:00:00Z")],
            "2026-11-24",
            "09:00-11:00",
        ),
        ("open until", vec![open("2026-11-24T16:00:00Z", "2026-11-24T19:00:00Z")], "2026-11-24", "09:00-19:00"),
        ("open on a Sunday", vec![open("2026-11-29T10:00:00Z", "2026-11-29T11:30:00Z")], "2026-11-29", "10:00-11:30"),
        (
            "open meets the hours",
            vec![open("2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z")],
            "2026-11-24",
            "08:00-17:00",
        ),
        (
            "the later word wins",
            vec![
                away("2026-11-24T09:00:00Z", "2026-11-24T17:00:00Z"),
                open("2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z"),
            ],
            "2026-11-24",
            "12:00-13:00",
        ),
        (
            "... whichever begins first",
            vec![
                open("2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z"),
                away("2026-11-24T09:00:00Z", "2026-11-24T16:00:00Z"),
            ],
            "2026-11-24",
            "16:00-17:00",
        ),
        (
            "an override that is empty is none",
            vec![away("2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z")],
            "2026-11-24",
            "09:00-17:00",
        ),
        (
            "one that ends before it starts is none",
            vec![away("2026-11-24T12:00:00Z", "2026-11-24T11:00:00Z")],
            "2026-11-24",
            "09:00-17:00",
        ),
        (
            "one that is over is none",
            vec![away("2026-11-20T12:00:00Z", "2026-11-23T12:00:00Z")],
            "2026-11-24",
            "09:00-17:00",
        ),
    ] {
        assert_eq!(draw(&hours(OFFICE), date(day), &overrides), drawing, "{trap}");
    }
}

#[test]
fn away_lasts_to_the_opening_after_its_end() {
    let hours = hours(OFFICE);
    let away = [over(false, "2026-11-24T10:30:00Z", "2026-11-28T12:00:00Z")];
    let state = hours.state(at("2026-11-26T10:00:00Z"), &away);
    assert_eq!(state.why, Why::Away);
    let period = Span::Closed { since: at("2026-11-24T10:30:00Z"), opens: Some(at("2026-11-30T09:00:00Z")) };
    assert_eq!(state.span, period);
    // after its end the closed period is still the same, for another reason
    let state = hours.state(at("2026-11-28T13:00:00Z"), &away);
    assert_eq!((state.why, state.span), (Why::Hours, period));
}

#[test]
fn away_that_begins_in_a_closed_period_goes_on_with_it() {
    let hours = hours(OFFICE);
    let away = [over(false, "2026-11-28T10:00:00Z", "2026-12-02T08:00:00Z")];
    let period = Span::Closed { since: at("2026-11-27T17:00:00Z"), opens: Some(at("2026-12-02T09:00:00Z")) };
    for instant in ["2026-11-27T17:00:00Z", "2026-11-28T10:00:00Z", "2026-12-01T12:00:00Z", "2026-12-02T08:59:59Z"] {
        assert_eq!(hours.state(at(instant), &away).span, period, "{instant}");
    }
}

#[test]
fn away_that_ends_in_open_hours_opens_at_its_end() {
    let state =
        hours(OFFICE).state(at("2026-11-24T09:30:00Z"), &[over(false, "2026-11-24T09:15:00Z", "2026-11-24T10:10:30Z")]);
    let period = Span::Closed { since: at("2026-11-24T09:15:00Z"), opens: Some(at("2026-11-24T10:10:30Z")) };
    assert_eq!(state.span, period);
}

#[test]
fn away_longer_than_the_horizon_opens_behind_its_end() {
    let state =
        hours(OFFICE).state(at("2026-11-24T09:30:00Z"), &[over(false, "2026-11-24T09:15:00Z", "2029-01-01T00:00:00Z")]);
    assert_eq!(state.until(), Some(at("2029-01-01T09:00:00Z")));
}

#[test]
fn the_strongest_wins_and_is_named() {
    // a Friday that is a holiday, with an exception, and the owner's word over it
    let without = "UTC | mon-fri=09:00-17:00 | DE-BY";
    let with = "UTC | mon-fri=09:00-17:00 | DE-BY | | 2026-12-25=10:00-12:00 (stock-taking)";
    let away = [over(false, "2026-12-25T09:30:00Z", "2026-12-25T11:00:00Z")];
    let open = [over(true, "2026-12-25T09:30:00Z", "2026-12-25T20:00:00Z")];
    for (schedule, overrides, instant, expected) in [
        ("UTC | mon-fri=09:00-17:00", &[][..], "2026-12-25T10:30:00Z", (true, Why::Hours)),
        (without, &[], "2026-12-25T10:30:00Z", (false, Why::Holiday)),
        (with, &[], "2026-12-25T10:30:00Z", (true, Why::Exception)),
        (with, &[], "2026-12-25T14:00:00Z", (false, Why::Exception)),
        (with, &away, "2026-12-25T10:30:00Z", (false, Why::Away)),
        (with, &away, "2026-12-25T11:30:00Z", (true, Why::Exception)),
        (with, &open, "2026-12-25T14:00:00Z", (true, Why::Away)),
        (without, &open, "2026-12-25T14:00:00Z", (true, Why::Away)),
        (without, &open, "2026-12-25T20:00:00Z", (false, Why::Holiday)),
    ] {
        let state = hours(schedule).state(at(instant), overrides);
        assert_eq!((state.is_open(), state.why), expected, "{schedule} at {instant}");
    }
}
