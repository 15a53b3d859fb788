//! The reference implementation's answers, made once by `scripts/opening_hours_reference.js`.

use afterhours::hours::Hours;
use chrono::{DateTime, TimeDelta, Utc};

use super::drawing::{at, spec, today};

const TABLE: &str = include_str!("../../fixtures/hours/reference.tsv");

/// Between two samples.
const STEP: TimeDelta = TimeDelta::minutes(433);

#[test]
fn agrees_with_the_reference() {
    let mut compared = 0;
    for line in TABLE.lines() {
        let (expression, states) = line.split_once('\t').expect("two columns");
        let mut spec = spec("UTC | off | DE-HE");
        spec.open = Some(expression.to_owned());
        // only the expression is the reference's; whether it closes on holidays is not
        if !expression.contains("PH") {
            spec.holidays.clear();
        }
        let (hours, _) = Hours::compile(&spec, today()).expect(expression);
        let mut when: DateTime<Utc> = at("2026-01-01T00:00:00Z");
        for digit in states.chars().map(|digit| digit.to_digit(16).expect("hexadecimal")) {
            for bit in [8, 4, 2, 1] {
                let open = digit & bit != 0;
                assert_eq!(hours.state(when, &[]).is_open(), open, "{expression} at {when}");
                when += STEP;
                compared += 1;
            }
        }
    }
    assert!(compared > 100_000, "only {compared} states compared");
}
