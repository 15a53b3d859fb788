//! Hours and zones, as the clock on the wall shows them.

use std::collections::BTreeSet;

use afterhours::config::{self, Environment};
use assert_cmd::Command;
use chrono::TimeDelta;

use super::{BEN, MAX, brings, engine, notices, pass};
use crate::manners::{at, replies, says};
use crate::provider::fixtures;
use crate::world::OFFICE;

#[tokio::test]
async fn a_hold_over_a_clock_change_ends_when_the_clock_on_the_wall_says() {
    // Berlin sets its clocks back on 25 October 2026 and forward on 28 March 2027, both Sundays
    let berlin = OFFICE
        .replace("America/Tegucigalpa", "Europe/Berlin")
        .replace("sat = \"08:00-12:00\"", "sat = \"08:00-12:00\", sun = \"02:30-03:30\"");
    for (evening, sunday, monday) in [
        // 02:30 comes twice: the first of them
        ("2026-10-24T20:00:00+02:00", "2026-10-25T00:30:00Z", "2026-10-26T07:00:00Z"),
        // ... and is skipped: the first instant behind it
        ("2027-03-27T20:00:00+01:00", "2027-03-28T01:00:00Z", "2027-03-29T06:00:00Z"),
    ] {
        let evening = at(evening);
        let (sunday, monday) = (sunday.parse().expect("a time"), monday.parse().expect("a time"));
        let engine = engine(&berlin, &evening.to_rfc3339()).await;
        brings(&engine, "work", says("m1", BEN, "one", evening)).await;
        let happened = pass(&engine, sunday + TimeDelta::hours(12)).await;
        let times: Vec<_> = notices(&happened).iter().map(|(at, ..)| *at).collect();
        assert_eq!(times, [sunday]);
        brings(&engine, "work", says("m2", BEN, "two", sunday + TimeDelta::hours(12))).await;
        let happened = pass(&engine, monday + TimeDelta::hours(1)).await;
        assert!(replies(&happened)[0].1.contains("Monday at 8:00"), "{happened:?}");
        let times: Vec<_> = notices(&happened).iter().map(|(at, ..)| *at).collect();
        assert_eq!(times, [monday]);
    }
}

#[tokio::test]
async fn hours_of_two_zones_stand_side_by_side() {
    let madrid = "[hours.madrid]\nweek = { mon-fri = \"09:00-14:00, 16:00-19:00\" }\ntimezone = \"Europe/Madrid\"\n\n[channel.madrid]\nkind = \"webhook\"\nhours = \"madrid\"\nsecret = \"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"\nreply_url = \"http://127.0.0.1:9/r\"\n\n[[client]]";
    let text = OFFICE.replacen("[[client]]", madrid, 1);
    // Thursday 11:00 in Tegucigalpa is 18:00 in Madrid; 13:30 is 20:30; 15:00 in Madrid is a break
    let now = at("2026-11-19T11:00:00-06:00");
    let engine = engine(&text, "2026-11-19T11:00:00-06:00").await;
    assert_eq!(brings(&engine, "work", says("m1", MAX, "one", now)).await.reply, None);
    assert_eq!(brings(&engine, "madrid", says("m2", MAX, "two", now)).await.reply, None);
    let now = at("2026-11-19T13:30:00-06:00");
    assert_eq!(notices(&pass(&engine, now).await).len(), 2, "both were open");
    assert_eq!(brings(&engine, "work", says("m3", MAX, "three", now)).await.reply, None);
    assert_eq!(brings(&engine, "madrid", says("m4", BEN, "four", now)).await.reply.as_deref(), Some("closed"));
    let happened = pass(&engine, at("2026-11-20T02:00:00-06:00")).await;
    assert!(replies(&happened)[0].1.contains("Friday at 9:00"), "{happened:?}");
    let last = notices(&happened).last().map(|(at, ..)| *at);
    assert_eq!(last, Some("2026-11-20T08:00:00Z".parse().expect("a time")), "when Madrid opens, in our night");
}

/// What has no summer time, or is the summer time of several countries, is asked for by its place.
#[test]
fn an_offset_is_no_zone() {
    for zone in ["-06:00", "UTC-6", "GMT+1", "CST", "CEST", "Tegucigalpa", "local", ""] {
        let text = OFFICE.replace("America/Tegucigalpa", zone).replace("{dir}", "/nowhere");
        let text = text.replace("{graph}", "http://127.0.0.1:9").replace("{ntfy}", "http://127.0.0.1:9");
        let today = "2026-11-24".parse().expect("a date");
        let report = config::read("x.toml", text, false, today, Environment::of([])).err().expect("no zone");
        let lines: Vec<_> = report.problems.iter().map(|problem| problem.entry().line).collect();
        assert!(lines.contains(&Some(4)), "{zone}: {:#?}", report.problems);
    }
}

#[test]
fn the_zone_of_the_machine_changes_nothing() {
    let folder = fixtures("rehearse");
    let file = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    let (config, weekend) = (file("office.toml"), file("weekend.jsonl"));
    let commands: [&[&str]; 3] = [
        &["hours", "--json", "--days", "9", "--at", "2026-11-22T23:30:00-06:00"],
        &["explain", "--json", "--channel", "work", "--from", "+504 9999-0001", "--at", "2026-11-21T23:30:00-06:00"],
        &["rehearse", "--json", "--events", &weekend],
    ];
    for arguments in commands {
        let mut seen = BTreeSet::new();
        for zone in ["UTC", "America/Tegucigalpa", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            let mut command = Command::cargo_bin("afterhours").expect("the binary");
            command.args(arguments).args(["--config", &config]).env("TZ", zone);
            seen.insert(String::from_utf8(command.assert().success().get_output().stdout.clone()).expect("UTF-8"));
        }
        assert!(seen.len() == 1 && seen.iter().all(|shown| shown.len() > 100), "{arguments:?}: {seen:?}");
    }
}

#[tokio::test]
async fn a_clinic_has_a_text_for_the_night_for_the_weekend_and_for_a_feast() {
    let clinic = OFFICE.replace(
        "week = { mon-fri = \"08:00-12:00, 13:00-17:00\", sat = \"08:00-12:00\" }",
        "open = \"Mo-Fr 08:00-17:00; Sa,Su off \\\"weekend\\\"; PH off\"",
    ) + r#"
[reply.closed]
en = "{% if 'weekend' in why %}On weekends{% else %}At night{% endif %} call 2222-0199. We open {{ opens }}."
[reply.holiday]
en = "Today{{ why }} call 2222-0200. We open {{ opens }}."
"#;
    for (now, said) in [
        ("2026-11-19T20:00:00-06:00", "At night call 2222-0199. We open Friday at 8:00."),
        ("2026-11-21T11:00:00-06:00", "On weekends call 2222-0199. We open Monday at 8:00."),
        ("2026-12-25T11:00:00-06:00", "Today (Navidad) call 2222-0200. We open Monday at 8:00."),
    ] {
        let engine = engine(&clinic, now).await;
        brings(&engine, "work", says("m1", BEN, "it hurts", at(now))).await;
        assert_eq!(replies(&pass(&engine, at(now)).await)[0].1, said);
    }
}
