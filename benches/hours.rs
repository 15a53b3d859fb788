//! State and next opening: `Hours::state` gives both, and the start of the closed period. The target is 10 µs; only a
//! schedule that never closes comes near it, because the whole horizon is searched.
#![expect(clippy::expect_used, reason = "in a benchmark")]

use afterhours::hours::{Hours, Override, Spec};
use chrono::{DateTime, NaiveDate, Utc};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a date")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn spec(open: &str) -> Spec {
    Spec {
        name: "office".into(),
        zone: chrono_tz::Europe::Berlin,
        week: Vec::new(),
        open: Some(open.into()),
        holidays: vec!["DE-BY".into()],
        not_holidays: Vec::new(),
        except: Vec::new(),
    }
}

const OFFICE: &str = "Mo-Fr 08:00-12:00,13:00-17:00; Sa 08:00-12:00";

const EIGHT_RULES: &str = "Mo-Fr 09:00-12:30,14:00-18:00; Sa[1,3] 10:00-13:00; week 1-53/2 Th 09:00-20:00; \
    easter -2 days off; Dec 24,Dec 31 09:00-12:00; Jul-Aug Fr 09:00-12:00; 12:00-12:15 closed \"tea\"; PH off";

/// Schedule and instant.
const CASES: [(&str, &str, &str); 7] = [
    ("open", OFFICE, "2026-11-24T10:00:00Z"),
    ("lunch", OFFICE, "2026-11-24T11:30:00Z"),
    ("night", OFFICE, "2026-11-24T22:00:00Z"),
    ("christmas", OFFICE, "2026-12-25T10:00:00Z"),
    ("eight rules", EIGHT_RULES, "2026-12-26T10:00:00Z"),
    ("never closes", "24/7; PH 00:00-24:00", "2026-11-24T22:00:00Z"),
    ("never opens", "off", "2026-11-24T22:00:00Z"),
];

#[divan::bench(args = CASES.map(|(name, ..)| name))]
fn state(bencher: Bencher, name: &str) {
    let (_, open, instant) = CASES.into_iter().find(|(case, ..)| *case == name).expect("a case");
    let (hours, _) = Hours::compile(&spec(open), today()).expect("a schedule");
    let at = at(instant);
    bencher.bench(|| black_box(&hours).state(black_box(at), &[]));
}

#[divan::bench]
fn state_away_over_christmas(bencher: Bencher) {
    let (hours, _) = Hours::compile(&spec(OFFICE), today()).expect("a schedule");
    let away =
        [Override { open: false, from: at("2026-12-20T10:00:00Z"), until: at("2027-01-03T10:00:00Z"), reply: None }];
    bencher.bench(|| black_box(&hours).state(black_box(at("2026-12-28T10:00:00Z")), &away));
}

/// The start of the service: the holidays are read and the days of the first questions computed.
#[divan::bench]
fn compile_and_first_state(bencher: Bencher) {
    bencher.bench(|| {
        let (hours, _) = Hours::compile(&spec(EIGHT_RULES), today()).expect("a schedule");
        hours.state(at("2026-11-24T22:00:00Z"), &[])
    });
}
