//! What holds of every schedule at every instant.

use afterhours::hours::{Hours, Override, Span, Spec, given, in_force, in_turn};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::drawing::{at, date, spec, today};

/// The shortest time that the store can keep.
const TICK: TimeDelta = TimeDelta::milliseconds(1);

const ZONES: [&str; 10] = [
    "UTC",
    "America/Tegucigalpa",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "Antarctica/Troll",
    "Pacific/Chatham",
];

const EXPRESSIONS: [&str; 6] = [
    "Mo-Fr 09:00-12:30,14:00-18:00; PH off; week 1-53/2 Sa 10:00-13:00",
    "Mo-Su 22:00-06:00; We off; 00:30-01:00 closed \"rest\"",
    "Sa 10:00-36:00; Mo 00:00-24:00, We 12:00-12:30",
    "Dec 20-Jan 06 off; easter -2 days 10:00-11:00; Th[-1] 08:00-09:00",
    "off",
    "24/7; PH -1 day 12:00-24:00; 02:15-02:45 off",
];

fn times() -> impl Strategy<Value = String> {
    let quarters = prop::collection::btree_set(0_u16..190, 2..=6);
    quarters.prop_map(|edges| {
        let edges: Vec<_> = edges.into_iter().collect();
        let spans = edges.chunks_exact(2).filter(|pair| pair[0] < 96 && pair[1] - pair[0] < 60);
        let clock = |quarter: u16| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15);
        let spans: Vec<_> = spans.map(|pair| format!("{}-{}", clock(pair[0]), clock(pair[1]))).collect();
        if spans.is_empty() { "off".to_owned() } else { spans.join(", ") }
    })
}

fn schedule() -> impl Strategy<Value = Spec> {
    let week = prop::collection::vec(prop::option::weighted(0.8, times()), 7);
    let days = (0_i64..500, 0_i64..9, times());
    let choices =
        (prop::option::weighted(0.4, prop::sample::select(&EXPRESSIONS[..])), prop::sample::select(&ZONES[..]));
    (choices, week, any::<bool>(), prop::collection::vec(days, 0..3)).prop_map(
        |((open, zone), week, holidays, days)| {
            let mut spec = spec(&format!("{zone} | off"));
            if holidays {
                spec.holidays.push("DE-BY".into());
            }
            let table = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].into_iter().zip(week);
            spec.open = open.map(str::to_owned);
            if spec.open.is_none() {
                let entry = |(day, times): (&str, Option<String>)| times.map(|times| (day.to_owned(), times));
                spec.week = table.filter_map(entry).collect();
                spec.week.extend(spec.week.is_empty().then(|| ("mon".into(), "09:00-17:00".into())));
            }
            let mut first = date("2026-11-01");
            for (skip, length, open) in days {
                let from = first + TimeDelta::days(skip);
                let to = from + TimeDelta::days(length);
                first = to + TimeDelta::days(1);
                spec.except.push(afterhours::hours::Except { from, to, open, why: Some("leave".into()) });
            }
            spec
        },
    )
}

/// Most near a change of the clocks, where the traps are.
fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    let changes = prop::sample::select(vec![
        "2026-10-25T01:00:00Z",
        "2027-03-28T01:00:00Z",
        "2026-11-01T06:00:00Z",
        "2027-03-14T07:00:00Z",
        "2026-04-23T22:00:00Z",
        "2026-10-03T15:30:00Z",
    ]);
    let anywhere = (0_i64..1_000_000).prop_map(|minute| at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minute));
    prop_oneof![
        anywhere,
        (changes, -400_000_i64..400_000).prop_map(|(change, seconds)| at(change) + TimeDelta::seconds(seconds))
    ]
}

fn overrides() -> impl Strategy<Value = Vec<Override>> {
    let one = (any::<bool>(), instant(), 0_i64..20_000).prop_map(|(open, from, minutes)| Override {
        open,
        from,
        until: from + TimeDelta::minutes(minutes),
        reply: None,
    });
    prop::collection::vec(one, 0..4)
}

fn compiled(spec: &Spec) -> Hours {
    Hours::compile(spec, today()).unwrap_or_else(|problems| panic!("{spec:?}: {problems:?}")).0
}

proptest! {
    #![proptest_config(Config { cases: 96, ..Config::default() })]

    /// A state lasts as long as it says, and the closed period is the same all through it.
    #[test]
    fn a_state_lasts_from_its_start_to_its_end(spec in schedule(), at in instant(), overrides in overrides()) {
        let hours = compiled(&spec);
        let state = hours.state(at, &overrides);
        if let Some(until) = state.until() {
            prop_assert!(until > at);
            prop_assert_ne!(hours.state(until, &overrides).is_open(), state.is_open(), "at {}", until);
            prop_assert_eq!(hours.state(until - TICK, &overrides).is_open(), state.is_open(), "before {}", until);
            let middle = hours.state(at + (until - at) / 2, &overrides);
            prop_assert_eq!(middle.is_open(), state.is_open());
            prop_assert_eq!(middle.until(), state.until());
        }
        if let Span::Closed { since, opens } = state.span {
            prop_assert!(since <= at);
            prop_assert!(opens.is_none_or(|opens| hours.state(opens, &overrides).is_open()));
            if since > at - TimeDelta::days(400) {
                prop_assert!(hours.state(since - TICK, &overrides).is_open(), "before {}", since);
                // from its start an opening may lie beyond the horizon, unless an override has moved that
                let far = opens.is_none_or(|opens| opens >= since + TimeDelta::days(400));
                let span = hours.state(since, &overrides).span;
                let unseen = Span::Closed { since, opens: None };
                prop_assert!(span == state.span || (far && span == unseen), "{:?} {:?}", span, state.span);
            }
        }
    }

    /// The days say what the states say; their spans never overlap and never leave their day.
    #[test]
    fn days_agree_with_states(spec in schedule(), at in instant(), overrides in overrides(), probe in 0.0..1.0) {
        let hours = compiled(&spec);
        let first = at.with_timezone(&hours.zone()).date_naive();
        let days = hours.days(first, 5, &overrides);
        prop_assert_eq!(days.len(), 5);
        for pair in days.windows(2) {
            prop_assert_eq!(pair[0].end, pair[1].start);
        }
        for day in &days {
            let mut last = day.start;
            for span in &day.open {
                prop_assert!(last <= span.from && span.from < span.to && span.to <= day.end);
                prop_assert!(last < span.from || last == day.start, "two spans touch");
                last = span.to;
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a place in a day")]
            let at = day.start + TimeDelta::milliseconds(((day.end - day.start).num_milliseconds() as f64 * probe) as i64);
            let open = day.open.iter().any(|span| span.from <= at && at < span.to);
            prop_assert_eq!(hours.state(at.to_utc(), &overrides).is_open(), open, "at {}", at);
        }
    }

    /// What `status` tells of the owner's overrides is what holds, and another word wins over all before it.
    #[test]
    fn turns_are_what_holds(overrides in overrides(), now in instant(), ahead in 0_i64..40_000, new in overrides()) {
        let at = now + TimeDelta::minutes(ahead);
        let turns = in_turn(&overrides, now);
        prop_assert!(turns.windows(2).all(|pair| pair[0].until <= pair[1].from));
        let turn = turns.iter().find(|turn| turn.covers(at)).map(|turn| turn.open);
        prop_assert_eq!(turn, in_force(&overrides, at).map(|over| over.open));
        for mut new in new {
            new.from = new.from.max(now);
            let all = given(&overrides, new.clone(), now);
            prop_assert_eq!(in_force(&all, at) == Some(&new), new.covers(at));
            // what was is not changed by what is said later
            let before = now - TimeDelta::minutes(ahead + 1);
            let open = |overrides| in_force(overrides, before).map(|over| over.open);
            prop_assert_eq!(open(&all), open(&overrides));
        }
    }

    /// No text from a config panics, and every place of a problem is a piece of it.
    #[test]
    fn any_text_is_compiled_or_refused(text in "[MoTuWeThFrSaSuPH0-9:,;|+\" -]{0,40}|\\PC{0,20}", key in "[a-zA-Zé,–& -]{0,12}") {
        for (week, open) in [(vec![(key, text.clone())], None), (Vec::new(), Some(text.clone()))] {
            let spec = Spec { week, open, ..spec("UTC | off") };
            let problems = match Hours::compile(&spec, today()) {
                Ok((hours, warnings)) => {
                    let _ = hours.state(at("2026-11-24T12:00:00Z"), &[]);
                    warnings
                }
                Err(problems) => {
                    prop_assert!(problems.iter().any(|problem| problem.fatal));
                    problems
                }
            };
            for problem in problems {
                use afterhours::hours::Place;
                let whole = match problem.place {
                    Place::WeekDays(number) => &spec.week[number].0,
                    Place::WeekTimes(number) => &spec.week[number].1,
                    Place::Open => &text,
                    _ => continue,
                };
                let range = problem.range.clone().unwrap_or(0..whole.len());
                prop_assert!(whole.get(range).is_some(), "{:?} of {:?}", problem, whole);
            }
        }
    }
}
