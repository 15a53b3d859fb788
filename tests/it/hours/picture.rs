//! The picture, as it is seen.

use afterhours::hours::Canvas;

use super::drawing::{at, hours};

#[track_caller]
fn assert_drawn(schedule: &str, instant: &str, days: u32, lines: &[&str]) {
    let picture = hours(schedule).draw(at(instant), days, &[], Canvas::PAPER);
    assert_eq!(picture.lines().collect::<Vec<_>>(), lines, "\n{picture}");
}

#[test]
fn a_week_with_a_holiday_and_exceptions() {
    let schedule = "America/Tegucigalpa | mon-fri=08:00-12:00, 13:00-17:00 & sat=08:00-12:00 | HN | \
        | 2026-12-24=08:00-12:00 (Christmas Eve) & 2026-12-28..2026-12-30=off (Year-end break)";
    let lines = [
        "office  America/Tegucigalpa, Wednesday 23 December 2026, 14:32",
        "Open until 17:00 (in 2 h 28 min)",
        "",
        "            0     3     6     9     12    15    18    21    24",
        "Wed 23 Dec  ················████████··████████··············  08:00–12:00, 13:00–17:00",
        "                                         ▲ now",
        "Thu 24 Dec  ················████████························  08:00–12:00  exception: Christmas Eve",
        "Fri 25 Dec  ················································  closed  holiday: Navidad",
        "Sat 26 Dec  ················████████························  08:00–12:00",
        "Sun 27 Dec  ················································  closed",
        "Mon 28 Dec  ················································  closed  exception: Year-end break",
    ];
    assert_drawn(schedule, "2026-12-23T20:32:00Z", 6, &lines);
}

const NIGHT: &str = "Europe/Berlin | sat=22:15-02:30 & sun=10:00-18:00";

#[test]
fn the_night_of_a_doubled_hour() {
    let lines = [
        "office  Europe/Berlin, Saturday 24 October 2026, 23:00",
        "Open until Sunday 02:30 CET (in 4 h 30 min)",
        "",
        "            0     3     6     9     12    15    18    21    24",
        "Sat 24 Oct  ············································▐███  22:15–24:00",
        "                                                          ▲ now",
        "Sun 25 Oct  ██████··············████████████████············  00:00–02:30 CET, 10:00–18:00  \
            clocks go back from 03:00 to 02:00",
    ];
    assert_drawn(NIGHT, "2026-10-24T21:00:00Z", 2, &lines);
}

#[test]
fn the_night_of_a_skipped_hour() {
    let lines = [
        "office  Europe/Berlin, Sunday 28 March 2027, 10:00",
        "Open until 18:00 (in 8 h)",
        "",
        "            0     3     6     9     12    15    18    21    24",
        "Sun 28 Mar  ████  ··············████████████████············  00:00–03:00, 10:00–18:00  \
            clocks go forward from 02:00 to 03:00",
        "                                ▲ now",
    ];
    assert_drawn(NIGHT, "2027-03-28T08:00:00Z", 1, &lines);
}

#[test]
fn a_narrow_terminal_gets_a_coarser_bar() {
    let hours = hours("UTC | mon-fri=08:30-12:00, 13:00-17:00");
    let draw =
        |columns| hours.draw(at("2026-11-24T10:00:00Z"), 1, &[], Canvas { colour: false, columns: Some(columns) });
    let narrow = [
        "office  UTC, Tuesday 24 November 2026, 10:00",
        "Open until 12:00 (in 2 h)",
        "",
        "            0  3  6  9  12 15 18 21 24",
        "Tue 24 Nov  ········▐███·████·······  08:30–12:00, 13:00–17:00",
        "                      ▲ now",
    ];
    assert_eq!(draw(85).lines().collect::<Vec<_>>(), narrow);
    assert_eq!(draw(86), hours.draw(at("2026-11-24T10:00:00Z"), 1, &[], Canvas::PAPER));
}

#[test]
fn sentences() {
    let schedule = "UTC | Mo-Fr 09:00-17:00; 12:00-13:00 closed \"lunch\"; PH off | DE-BY | | 2026-12-03=off & 2027-01-11..2027-01-31=off (leave)";
    for (instant, sentence) in [
        ("2026-11-24T16:59:30Z", "Open until 17:00 (in less than a minute)"),
        ("2026-11-24T12:10:00Z", "Closed (lunch) until 13:00 (in 50 min)"),
        ("2026-11-24T17:00:00Z", "Closed until Wednesday 09:00 (in 16 h)"),
        ("2026-11-27T17:00:00Z", "Closed until Monday 09:00 (in 2 days)"),
        ("2026-12-03T10:00:00Z", "Closed (exception) until Friday 09:00 (in 23 h)"),
        ("2026-12-25T03:00:00Z", "Closed (holiday: Erster Weihnachtstag) until Monday 09:00 (in 3 days)"),
        ("2027-01-11T00:00:00Z", "Closed (exception: leave) until Monday 1 February 2027, 09:00 (in 21 days)"),
    ] {
        let picture = hours(schedule).draw(at(instant), 0, &[], Canvas::PAPER);
        assert_eq!(picture.lines().nth(1), Some(sentence), "{instant}");
    }
}

#[test]
fn colours_change_nothing_but_the_colour() {
    let hours = hours("Europe/Berlin | mon-fri=09:00-12:15 | DE-BY");
    let draw = |canvas| hours.draw(at("2026-12-24T12:00:00Z"), 7, &[], canvas);
    let (plain, colour) = (draw(Canvas::PAPER), draw(Canvas { colour: true, columns: None }));
    assert!(colour.contains("\u{1b}[32m██████▌\u{1b}[0m"), "{colour}");
    let mut bare = String::new();
    for (number, part) in colour.split('\u{1b}').enumerate() {
        bare.push_str(if number == 0 { part } else { part.split_once('m').expect("a colour").1 });
    }
    assert_eq!(bare, plain);
}
