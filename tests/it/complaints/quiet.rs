//! What the owner is told, and when: quiet hours that are quiet, and nothing lost behind them.

use std::collections::BTreeSet;

use afterhours::message::{Audience, Automatic, Inbound, Kind, Nature};
use chrono::TimeDelta;

use super::{ANA, BEN, MAX, brings, engine, notices, pass};
use crate::manners::{at, says};
use crate::world::{OFFICE, World, message};

/// `OFFICE` with a phone that is told everything, and a desk that gets the digest alone.
fn two_sinks() -> String {
    OFFICE
        .replace("[notify]", "[sink.desk]\nkind = \"ntfy\"\nurl = \"{ntfy}\"\ntopic = \"the-topic\"\n\n[notify]")
        .replace("digest = [\"phone\"]", "digest = [\"phone\", \"desk\"]")
}

#[tokio::test]
async fn every_sink_is_silent_until_the_opening_and_each_is_told_once_where_it_should_be() {
    let engine = engine(&two_sinks(), "2026-11-19T19:00:00-06:00").await;
    brings(&engine, "work", says("m1", BEN, "the roof", at("2026-11-19T19:00:00-06:00"))).await;
    let night = pass(&engine, at("2026-11-20T07:59:59-06:00")).await;
    assert_eq!(notices(&night), [], "quiet on every device");
    let opening = at("2026-11-20T08:00:00-06:00");
    let morning = pass(&engine, opening).await;
    let told: Vec<_> = notices(&morning).iter().map(|(at, sink, _)| (*at, *sink)).collect();
    assert_eq!(told.len(), 2, "one digest each, and no single notices on top: {morning:?}");
    assert!(told.contains(&(opening, "phone")) && told.contains(&(opening, "desk")), "{told:?}");
    assert!(notices(&morning).iter().all(|(_, _, words)| words.matches("the roof").count() == 1));
    // in open hours only the one that is told at once
    brings(&engine, "work", says("m2", BEN, "the door", opening)).await;
    let day = pass(&engine, at("2026-11-20T11:00:00-06:00")).await;
    assert_eq!(notices(&day).iter().map(|(_, sink, _)| *sink).collect::<Vec<_>>(), ["phone"]);
}

/// Whatever comes, unless a rule lets it ring through, the owner hears nothing of it before the opening, and all of it then.
#[tokio::test]
async fn a_closed_night_is_silent_whatever_comes() {
    type Change = fn(&mut Inbound);
    let start = at("2026-11-19T19:00:00-06:00");
    let engine = engine(OFFICE, "2026-11-19T19:00:00-06:00").await;
    let kinds: [(&str, Change); 12] = [
        ("text", |_| {}),
        ("picture", |m| m.kind = Kind::Media),
        ("call", |m| m.kind = Kind::Call),
        ("voice", |m| m.kind = Kind::Voicemail),
        ("edit", |m| m.nature = Nature::Edit),
        ("group", |m| m.audience = Audience::Group),
        ("bot", |m| m.automatic = Some(Automatic::Bot)),
        ("standby", |m| m.automatic = Some(Automatic::Standby)),
        ("late", |m| m.sent_at = m.sent_at.map(|at| at - TimeDelta::hours(3))),
        // the platform says so, and no rule of this config asks for that
        ("flagged", |m| m.urgent = true),
        // the word of the rule, of somebody whom it is not for
        ("urgent", |_| {}),
        ("code", |_| {}),
    ];
    let mut expected = BTreeSet::new();
    for (number, (name, change)) in kinds.into_iter().enumerate() {
        let now = start + TimeDelta::minutes(i64::try_from(number).expect("few"));
        assert_eq!(notices(&pass(&engine, now).await), [], "{name}");
        let text = match name {
            "code" => "Your verification code is 123456 <code>".to_owned(),
            name => format!("{name} it is <{name}>"),
        };
        let mut message = says(&format!("m{number}"), &format!("+1415555010{number:02}"), &text, now);
        change(&mut message);
        brings(&engine, "work", message).await;
        expected.insert(format!("<{name}>"));
    }
    assert_eq!(notices(&pass(&engine, at("2026-11-20T07:59:59-06:00")).await), []);
    let morning = pass(&engine, at("2026-11-20T08:00:00-06:00")).await;
    let [(_, _, digest)] = notices(&morning)[..] else { panic!("{morning:?}") };
    for token in expected {
        assert_eq!(digest.matches(&token).count(), 1, "{token}: {digest}");
    }
}

/// What was asked is not made unsaid, and the owner may have to answer to both.
#[tokio::test]
async fn what_is_changed_or_taken_back_at_night_is_told_as_it_was_sent() {
    let now = at("2026-11-19T19:00:00-06:00");
    let engine = engine(OFFICE, "2026-11-19T19:00:00-06:00").await;
    assert!(brings(&engine, "work", says("m1", BEN, "two kilos, please", now)).await.reply.is_some());
    let edit = Inbound { nature: Nature::Edit, ..says("m2", BEN, "three kilos, please", now) };
    assert_eq!(brings(&engine, "work", edit).await.reply, None);
    let deletion = Inbound { nature: Nature::Deletion, ..says("m3", BEN, "", now) };
    assert!(brings(&engine, "work", deletion).await.is_nothing());
    let morning = pass(&engine, at("2026-11-20T08:00:00-06:00")).await;
    let [(_, _, digest)] = notices(&morning)[..] else { panic!("{morning:?}") };
    let (two, three) = (digest.find("two kilos"), digest.find("three kilos"));
    assert!(two.is_some() && two < three, "{digest}");
}

/// The push service is down from the afternoon into the night.
#[tokio::test]
async fn what_could_not_be_told_by_day_does_not_ring_at_night() {
    let mut world = World::open("2026-11-19 16:30", OFFICE).await;
    world.ntfy_answers(503);
    world.says(BEN, "what is the price?").await;
    world.says(ANA, "urgente: agua").await;
    world.at("2026-11-19 23:00").await;
    world.ntfy_answers(200);
    world.at("2026-11-20 03:00").await;
    assert!(world.notice().message.contains("agua"), "by the rule it would have rung through at night too");
    world.quiet();
    world.at("2026-11-20 07:59").await;
    world.quiet();
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("the price"));
    // what comes just before the closing need not come before it
    world.at("2026-11-20 16:59").await;
    world.ntfy_answers(503);
    world.says(BEN, "and the colour?").await;
    world.at("2026-11-20 17:01").await;
    world.ntfy_answers(200);
    world.at("2026-11-20 17:14").await;
    assert!(world.notice().message.contains("the colour"));
}

/// Numbers that the provider does not let us write to, one after the other, through a night.
#[tokio::test]
async fn replies_that_fail_all_night_wake_the_owner_once() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.graph_answers(400);
    for number in 0..20 {
        let (hour, minute) = (20 + number / 6, number % 6 * 10);
        world.at(&format!("2026-11-{} {:02}:{minute:02}", 19 + hour / 24, hour % 24)).await;
        world.says(&format!("141555501{number:02}"), &format!("<{number}>")).await;
    }
    world.at("2026-11-20 07:59").await;
    let alert = world.notice();
    assert!(alert.message.contains("The automatic reply to Pat on channel work was given up"), "{alert:?}");
    assert!(alert.message.contains("`afterhours held`"), "where the others are to be seen: {alert:?}");
    world.quiet();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert!((0..20).all(|number| digest.message.contains(&format!("<{number}>"))), "{digest:?}");
}

#[tokio::test]
async fn down_at_the_opening_it_tells_when_it_comes_back() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.graph_answers(503);
    world.says(BEN, "are you there?").await;
    world.tries();
    // nothing runs from now to nine o'clock
    world.app().clock().set(at("2026-11-20T09:00:00-06:00"));
    world.graph_answers(200);
    world.restart().await;
    assert!(world.notice().message.contains("are you there?"));
    assert_eq!(world.tries(), 0, "a reply that says it is closed would not be true any more");
}

#[tokio::test]
async fn what_came_while_we_were_down_is_told_as_late_and_not_answered() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.restart().await;
    // nobody was there for half an hour: the provider brings it all now
    world.at("2026-11-19 20:30").await;
    let sent = |time: &str| at(&format!("2026-11-{time}:00-06:00"));
    world.post(&message("wamid.1", BEN, "are you there?", sent("19T20:01"))).await;
    world.post(&message("wamid.2", BEN, "hello?", sent("19T20:19"))).await;
    world.quiet();
    world.post(&message("wamid.3", ANA, "¿hola?", sent("19T20:25"))).await;
    assert_eq!(world.reply().to, ANA, "five minutes are no outage");
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert_eq!(digest.message.matches("arrived late").count(), 2, "{digest:?}");
    assert!(digest.message.contains("are you there?") && digest.message.contains("hello?"), "{digest:?}");
    // what was sent in the night and comes when it is open is told at once, and marked
    world.at("2026-11-20 09:00").await;
    world.post(&message("wamid.4", MAX, "last night", sent("20T02:00"))).await;
    assert!(world.notice().message.contains("arrived late"));
}

#[tokio::test]
async fn what_is_left_out_of_a_digest_is_counted_and_explained() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "are you there?").await;
    world.says(BEN, "hello?").await;
    world.says(ANA, "¿hola?").await;
    assert_eq!([world.reply().to, world.reply().to], [BEN, ANA]);
    world.at("2026-11-19 20:10").await;
    world.owner_writes(BEN).await;
    world.at("2026-11-20 08:00").await;
    assert!(!world.notice().message.contains("hello?"));
    let counts = world.app().store().counts().await.expect("a store");
    let metrics = world.app().metrics().encode(&counts);
    for line in [
        r#"afterhours_sends_total{target="phone",outcome="withdrawn"} 2"#,
        r#"afterhours_sends_total{target="phone",outcome="done"} 1"#,
    ] {
        assert!(metrics.contains(line), "{line} is missing in\n{metrics}");
    }
}
