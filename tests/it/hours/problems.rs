//! What people type: understood, or refused at its place with the right form as a hint.

use afterhours::hours::{Hours, Place, Problem, Spec};

use super::drawing::{problems, spec, today};

#[test]
fn understood() {
    for (written, expression) in [
        ("mon-fri=08:00-12:00, 13:00-17:00 & sat=08:00-12:00", "Mo-Fr 08:00-12:00,13:00-17:00; Sa 08:00-12:00"),
        ("Monday-Friday=9-17", "Mo-Fr 09:00-17:00"),
        ("Mo-Fr=9am-5pm", "Mo-Fr 09:00-17:00"),
        ("mon – fri=9:00 – 17:00", "Mo-Fr 09:00-17:00"),
        ("mon to fri=9 to 5pm", "Mo-Fr 09:00-17:00"),
        ("sat, sun=9.00-17.00", "Sa,Su 09:00-17:00"),
        ("Tues=9h30-17h", "Tu 09:30-17:00"),
        ("thur=0900-1700", "Th 09:00-17:00"),
        ("fridays=10am-2pm; 3-5pm", "Fr 10:00-14:00,15:00-17:00"),
        ("mon=8am–noon", "Mo 08:00-12:00"),
        ("mon=12-5pm", "Mo 12:00-17:00"),
        ("mon=8-12pm", "Mo 08:00-12:00"),
        ("mon=10-2am", "Mo 22:00-02:00"),
        ("mon=22-6", "Mo 22:00-06:00"),
        ("mon=22:00-0:00", "Mo 22:00-24:00"),
        ("mon=22:00-26:00", "Mo 22:00-02:00"),
        ("mon=13:00-17:00, 08:00-12:00", "Mo 08:00-12:00,13:00-17:00"),
        ("mon=9-17 & sun=closed", "Mo 09:00-17:00; Su off"),
        ("fri-mon=10-12", "Mo,Fr-Su 10:00-12:00"),
        ("daily=all day & ", "Mo-Su 00:00-24:00"),
    ] {
        let (hours, _) = Hours::compile(&spec(&format!("UTC | {written}")), today()).expect(written);
        assert_eq!(hours.expression(), expression, "{written}");
    }
}

#[test]
fn refused() {
    for (schedule, fault, message, hint) in [
        (
            "mon=9-5",
            "9-5",
            "\"9-5\" leaves open whether morning or afternoon is meant",
            "write 09:00-17:00 or 09:00-05:00",
        ),
        (
            "mon=1-5",
            "1-5",
            "\"1-5\" leaves open whether morning or afternoon is meant",
            "write 13:00-17:00 or 01:00-05:00",
        ),
        (
            "mon=9am-5",
            "9am-5",
            "\"9am-5\" leaves open whether morning or afternoon is meant",
            "write 09:00-17:00 or 09:00-05:00",
        ),
        (
            "mon=08:00-12:00, 11:00-13:00",
            "11:00-13:00",
            "these times overlap: 08:00-12:00 and 11:00-13:00",
            "one span says it: 08:00-13:00",
        ),
        (
            "mon=08:00-08:00",
            "08:00-08:00",
            "\"08:00-08:00\" starts and ends at the same time",
            "the whole day is \"00:00-24:00\", a closed one \"off\"",
        ),
        ("mon=18:00-24:01", "", "", ""),
        (
            "mon=24:00-25:00",
            "24:00-25:00",
            "there is no 24 o'clock to start at",
            "write times as \"08:00-12:00, 13:00-17:00\", or \"off\"",
        ),
        (
            "mon=08:60-09:00",
            "08:60-09:00",
            "\"08:60-09:00\" is not a span of time",
            "write times as \"08:00-12:00, 13:00-17:00\", or \"off\"",
        ),
        ("mon=18:00+", "18:00+", "\"18:00+\" is not a span of time", "give the end as well: \"18:00-22:00\""),
        (
            "mon=8-12, ",
            "8-12,",
            "a time is missing between two commas",
            "write times as \"08:00-12:00, 13:00-17:00\", or \"off\"",
        ),
        (
            "mon-fri=9-17 & fri=9-12",
            "",
            "Friday is in \"mon-fri\" already",
            "several spans stand in one text: \"08:00-12:00, 13:00-17:00\"",
        ),
        ("mondey=9-17", "mondey", "\"mondey\" is not a day", "did you mean mon?"),
        ("tue-Donnerstag=9-17", "Donnerstag", "\"Donnerstag\" is not a day", "did you mean thu?"),
        ("weekdays=9-17", "weekdays", "which days these are differs from country to country", "name them: mon-fri"),
        (
            "",
            "",
            "no hours: neither `week` nor `open` says when it is open",
            "week = { mon-fri = \"08:00-12:00, 13:00-17:00\", sat = \"08:00-12:00\" }",
        ),
        ("Mo-Fr 9-17", "9-17", "\"9-17\" is not understood here", "did you mean \"Mo-Fr 09:00-17:00\"?"),
        (
            "Monday-Friday 9am-5pm",
            "Monday-Friday",
            "\"Monday-Friday\" is not understood here",
            "did you mean \"Mo-Fr 09:00-17:00\"?",
        ),
        (
            "Mo-Fr 09.00–17.00",
            "09.00–17.00",
            "\"09.00–17.00\" is not understood here",
            "did you mean \"Mo-Fr 09:00-17:00\"?",
        ),
        ("Mo - Fr: 09:00 - 17:00", "-", "\"-\" is not understood here", "did you mean \"Mo-Fr 09:00-17:00\"?"),
        (
            "Mo-Fr 09:00-17:00; Dec 24,31 off",
            "31",
            "\"31\" is not understood here",
            "did you mean \"Mo-Fr 09:00-17:00; Dec 24,Dec 31 off\"?",
        ),
        ("Mo-Fr 09:00-17:00;", ";", "nothing follows this semicolon", "take it out"),
        (
            "Mo-Fr 09:00-12:00 || Sa 10:00-12:00",
            "||",
            "`||` (otherwise) is not supported: programs disagree on its meaning",
            "give those days a rule of their own, after a semicolon: \"Mo-Fr 09:00-17:00; Sa 10:00-12:00\"",
        ),
        ("Mo-Fr 18:00+", "18:00+", "\"18:00+\" has no end", "give one: 18:00-22:00"),
        ("Mo-Fr 18:00-20:00+", "20:00+", "\"20:00+\" has no end", "give one: 20:00-22:00"),
        (
            "PH Mo off",
            "PH Mo",
            "\"PH Mo\" is read in different ways by different programs",
            "\"Mo,PH\" is both; a holiday on a certain weekday cannot be said",
        ),
        (
            "Mo-Fr 09:00-12:00 \"reception\"",
            "\"reception\"",
            "a comment alone does not say whether it is open",
            "write open \"reception\" or closed \"reception\"",
        ),
        (
            "SH off; Mo 09:00-12:00",
            "SH",
            "school holidays (SH) are not known",
            "write them as dated exceptions: from = 2026-12-21, to = 2027-01-06",
        ),
        ("Mo-Fr 09:00-sunset", "sunset", "\"sunset\" depends on a place, and hours have none", "write a time of day"),
        ("Mo 09:00-17:00 unknown", "unknown", "\"unknown\" is neither open nor closed", "write open or closed"),
        ("Mo 10:00-16:00/02:00", "/", "points in time are no opening hours", "leave out what follows the slash"),
        (
            "2020 Mo-Fr 09:00-17:00; Mo 09:00-10:00",
            "2020",
            "this rule lies wholly in the past",
            "take it out, or mend the year",
        ),
        (
            "Mo 09:00-10:00; 2026 Nov 23 off",
            "2026",
            "this rule lies wholly in the past",
            "take it out, or mend the year",
        ),
        ("Mo 09:00-10:00; 2026 Nov 24 off", "", "", ""),
        ("Mo-Fr", "Mo-Fr", "\"Mo-Fr\" without times is open all day", "if that is meant, write Mo-Fr 00:00-24:00"),
        ("Mo 09:00-10:00;; ;", ";", "nothing follows this semicolon", "take it out"),
        (" Mo-Fr 9-17 ", "9-17", "\"9-17\" is not understood here", "did you mean \"Mo-Fr 09:00-17:00\"?"),
        (
            "Mo  09:00-10:00",
            "09:00-10:00",
            "\"09:00-10:00\" is not understood here",
            "did you mean \"Mo 09:00-10:00\"?",
        ),
        ("Mo 10:00", "10:00", "\"10:00\" is not understood here", "a span has a start and an end: 08:00-12:00"),
        (
            "Mo 09:00-10:00; PH off",
            "",
            "PH is never: this schedule names no `holidays`",
            "say whose they are: holidays = [\"DE-BY\"]",
        ),
        (
            "off",
            "",
            "this never opens in the coming 400 days",
            "clients are told of no opening, and you of nothing that is held until `afterhours held release`",
        ),
        ("24/7", "", "this never closes in the coming 400 days", "nobody will get a reply"),
    ] {
        let spec = spec(&format!("UTC | {schedule}"));
        let found = problems(&spec);
        let drawn: Vec<_> = found
            .iter()
            .map(|problem| (text(&spec, problem), problem.message.as_str(), problem.hint.as_deref().unwrap_or("")))
            .collect();
        let expected: Vec<_> =
            [(fault.to_owned(), message, hint)].into_iter().filter(|_| !message.is_empty()).collect();
        assert_eq!(drawn, expected, "{schedule}");
    }
}

/// The text at fault.
fn text(spec: &Spec, problem: &Problem) -> String {
    let Some(range) = problem.range.clone() else { return String::new() };
    let whole = match problem.place {
        Place::WeekDays(number) => &spec.week[number].0,
        Place::WeekTimes(number) => &spec.week[number].1,
        Place::ExceptOpen(number) => &spec.except[number].open,
        Place::Open => spec.open.as_ref().expect("an expression"),
        _ => panic!("no text there: {problem:?}"),
    };
    whole[range].to_owned()
}

#[test]
fn every_problem_in_one_run() {
    let spec = spec("UTC | mondey=9-5 & fri=25:00-26:00 | XX DE-BX | | 2026-12-31..2026-12-01=off & 2026-12-05=x");
    let places: Vec<_> = problems(&spec).into_iter().map(|problem| problem.place).collect();
    let expected = [
        Place::WeekTimes(0),
        Place::WeekDays(0),
        Place::WeekTimes(1),
        Place::Holiday(0),
        Place::Holiday(1),
        Place::ExceptDates(0),
        Place::ExceptOpen(1),
    ];
    assert_eq!(places, expected);
}

#[test]
fn codes_of_countries_and_regions() {
    for (codes, message, hint) in [
        ("HN", "", ""),
        ("de-by", "", ""),
        ("US GB-SCT IN-KA", "", ""),
        ("Germny", "\"Germny\" is not a country with known holidays", "did you mean DE (Germany)?"),
        ("USA", "\"USA\" is not a country with known holidays", "did you mean US (United States)?"),
        ("UK", "\"UK\" is not a country with known holidays", "did you mean GB (or GB-ENG, GB-NIR, GB-SCT, GB-WLS)?"),
        (
            "GB-SCO",
            "\"GB-SCO\" is not a region of United Kingdom",
            "did you mean GB-SCT? United Kingdom has GB-ENG, GB-NIR, GB-SCT, GB-WLS",
        ),
        ("HN-FM", "\"HN-FM\" is not a region of Honduras", "its holidays are the same everywhere: write HN"),
        (
            "XX",
            "\"XX\" is not a country with known holidays",
            "ISO 3166 codes of two letters, such as HN, or with a region, such as DE-BY",
        ),
        ("DE-BY de-by", "\"de-by\" is named twice", "it is number 1 already"),
    ] {
        let found = problems(&spec(&format!("UTC | mon=9-17 | {codes}")));
        let drawn: Vec<_> =
            found.iter().map(|problem| (problem.message.as_str(), problem.hint.as_deref().unwrap_or(""))).collect();
        let expected: Vec<_> = [(message, hint)].into_iter().filter(|(message, _)| !message.is_empty()).collect();
        assert_eq!(drawn, expected, "{codes}");
    }
}

#[test]
fn holidays_that_are_opened_again() {
    let found = problems(&spec("UTC | PH off; Mo-Fr 09:00-17:00 | HN"));
    assert_eq!(found[0].message, "the later rule \"Mo-Fr 09:00-17:00\" opens on holidays again");
    assert_eq!(found[0].hint.as_deref(), Some("the last rule wins: put `PH off` at the end"));
    assert_eq!((found.len(), found[0].fatal), (1, false));
}

#[test]
fn a_holiday_that_is_none() {
    let found = problems(&spec("UTC | mon=9-17 | HN | 2026-12-25 2026-12-24"));
    assert_eq!((found.len(), &found[0].place, found[0].fatal), (1, &Place::NotHoliday(1), false));
    assert_eq!(found[0].message, "2026-12-24 is no holiday here anyway");
}

#[test]
fn the_end_of_the_table_is_announced() {
    let spec = spec("UTC | mon=9-17 | HN");
    let warnings = |today: &str| Hours::compile(&spec, super::drawing::date(today)).expect("sound").1;
    assert!(warnings("2039-12-31").is_empty());
    let found = warnings("2040-01-01");
    assert_eq!(found[0].message, "the holidays of HN are known to the end of 2040 only");
    assert!(!found[0].fatal);
}

#[test]
fn overlapping_exceptions() {
    let found =
        problems(&spec("UTC | mon=9-17 | | | 2026-12-24=off (Christmas Eve) & 2026-12-20..2026-12-30=off (break)"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].place, Place::ExceptDates(1));
    assert_eq!(found[0].message, "2026-12-24 is in an earlier exception (\"Christmas Eve\") too");
}

#[test]
fn week_and_open_exclude_each_other() {
    let mut spec = spec("UTC | mon=9-17");
    spec.open = Some("Mo 09:00-17:00".into());
    let found = problems(&spec);
    assert_eq!((found.len(), &found[0].place, found[0].fatal), (1, &Place::Whole, true));
}
