//! Away, planned ahead or not, and open late: what clients and the owner get.
#![expect(clippy::expect_used, reason = "a test may")]

use afterhours::app::Ending;
use afterhours::hours::in_turn;
use chrono::{DateTime, Utc};

use crate::world::{OFFICE, World};

const ANA: &str = "50499990001";
const BEN: &str = "50499990003";
const MAX: &str = "50499990007";

/// A local time of the world's.
fn local(time: &str) -> DateTime<Utc> {
    format!("{}:00-06:00", time.replace(' ', "T")).parse().expect("a time")
}

impl World {
    async fn away(&mut self, from: Option<&str>, until: &str, reply: Option<&str>) {
        self.say(false, from, until, reply).await;
    }

    async fn open_until(&mut self, until: &str, reply: Option<&str>) {
        self.say(true, None, until, reply).await;
    }

    async fn say(&mut self, open: bool, from: Option<&str>, until: &str, reply: Option<&str>) {
        let reply = reply.map(str::to_owned);
        self.app().override_hours(open, from.map(local), local(until), reply).await.expect("a store");
        self.pass().await;
    }

    /// What is due now is done.
    async fn pass(&mut self) {
        let now = self.app().clock().now().with_timezone(&chrono_tz::America::Tegucigalpa);
        self.at(&now.format("%Y-%m-%d %H:%M:%S%.3f").to_string()).await;
    }
}

fn with_vacation() -> String {
    OFFICE.to_owned() + "\n[reply.vacation]\nen = \"On vacation: back {{ opens }}.\"\n"
}

#[tokio::test]
async fn a_planned_absence_moves_the_opening_that_replies_name_and_notices_wait_for() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "one").await;
    assert!(world.reply().text.contains("Friday at 8:00"));
    world.away(Some("2026-11-20 08:00"), "2026-11-23 08:00", None).await;
    world.says(MAX, "two").await;
    assert!(world.reply().text.contains("lunes a las 8:00"));
    // it begins when the hours would: it is one closed period, and who has got an answer gets no second one
    world.at("2026-11-20 10:00").await;
    world.says(BEN, "three").await;
    world.restart().await;
    world.at("2026-11-23 07:59").await;
    world.quiet();
    world.at("2026-11-23 08:00").await;
    let digest = world.notice().message;
    assert!(["one", "two", "three"].iter().all(|word| digest.contains(word)), "{digest}");
}

#[tokio::test]
async fn a_planned_absence_begins_and_ends_by_itself_with_its_own_words() {
    let mut world = World::open("2026-11-19 10:00", &with_vacation()).await;
    world.away(Some("2026-11-19 14:00"), "2026-11-20 10:00", Some("vacation")).await;
    world.restart().await;
    world.at("2026-11-19 13:59").await;
    world.says(MAX, "before").await;
    assert!(world.notice().message.contains("before"));
    world.at("2026-11-19 14:00").await;
    world.says(BEN, "meanwhile").await;
    assert_eq!(world.reply().text, "On vacation: back Friday at 10:00.");
    world.at("2026-11-20 10:00").await;
    assert!(world.notice().message.contains("meanwhile"));
    world.says(BEN, "after").await;
    assert!(world.notice().message.contains("after"));
}

#[tokio::test]
async fn to_come_back_early_leaves_what_is_planned() {
    let mut world = World::open("2026-11-19 10:00", OFFICE).await;
    world.away(Some("2026-11-20 14:00"), "2026-11-20 15:00", None).await;
    world.away(None, "2026-11-19 16:00", None).await;
    world.at("2026-11-19 11:00").await;
    let ended = world.app().end_overrides(Ending::Running, false).await.expect("a store");
    assert_eq!(ended.iter().map(|over| over.until).collect::<Vec<_>>(), [local("2026-11-19 16:00")]);
    world.says(BEN, "here?").await;
    assert!(world.notice().message.contains("here?"));
    world.at("2026-11-20 14:30").await;
    world.says(BEN, "there?").await;
    assert!(world.reply().text.contains("15:00"));
    world.at("2026-11-20 15:00").await;
    assert!(world.notice().message.contains("there?"));
    // and all of it, when that is said
    world.away(Some("2026-11-21 08:00"), "2026-11-22 08:00", None).await;
    assert_eq!(world.app().end_overrides(Ending::Running, true).await.expect("a store").len(), 1);
    assert!(in_turn(world.app().desk().overrides(), world.app().clock().now()).is_empty());
}

#[tokio::test]
async fn an_absence_that_is_made_shorter_ends_earlier() {
    let mut world = World::open("2026-11-19 10:00", OFFICE).await;
    world.away(None, "2026-11-23 08:00", None).await;
    world.says(BEN, "one").await;
    assert!(world.reply().text.contains("Monday at 8:00"));
    world.at("2026-11-19 10:30").await;
    world.away(None, "2026-11-19 11:00", None).await;
    world.says(BEN, "two").await;
    world.quiet();
    world.at("2026-11-19 11:00").await;
    let digest = world.notice().message;
    assert!(digest.contains("one") && digest.contains("two"), "{digest}");
}

#[tokio::test]
async fn open_late_releases_what_is_held_and_holds_nothing() {
    let mut world = World::open("2026-11-19 17:30", OFFICE).await;
    world.says(BEN, "early").await;
    world.reply();
    world.graph_answers(503);
    world.says(MAX, "while it fails").await;
    world.at("2026-11-19 18:00").await;
    world.open_until("2026-11-19 20:00", None).await;
    let released = world.notice().message;
    assert!(released.contains("early") && released.contains("while it fails"), "{released}");
    // a reply that still waits says what is no longer so
    world.graph_answers(200);
    world.restart().await;
    world.at("2026-11-19 19:00").await;
    world.says(ANA, "late").await;
    assert!(world.notice().message.contains("late"));
    world.quiet();
    // it ends by itself: another closed period
    world.at("2026-11-19 20:00").await;
    world.says(BEN, "too late").await;
    assert!(world.reply().text.contains("Friday at 8:00"));
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("too late"));
}

#[tokio::test]
async fn open_for_an_hour_of_an_absence_and_away_again() {
    let mut world = World::open("2026-11-19 10:00", &with_vacation()).await;
    world.away(None, "2026-11-23 08:00", Some("vacation")).await;
    world.says(BEN, "one").await;
    world.reply();
    world.at("2026-11-20 20:00").await;
    world.open_until("2026-11-20 21:00", None).await;
    assert!(world.notice().message.contains("one"));
    world.says(BEN, "two").await;
    assert!(world.notice().message.contains("two"));
    world.at("2026-11-20 21:00").await;
    world.says(MAX, "three").await;
    assert_eq!(world.reply().text, "On vacation: back Monday at 8:00.");
    // ended before its time, it is the absence that goes on
    world.open_until("2026-11-20 23:00", None).await;
    assert!(world.notice().message.contains("three"));
    assert_eq!(world.app().end_overrides(Ending::Open, false).await.expect("a store").len(), 1);
    world.at("2026-11-21 10:00").await;
    world.says(ANA, "four").await;
    assert_eq!(world.reply().text, "On vacation: back Monday at 8:00.");
    // ended as a whole, it is the hours that go on
    world.open_until("2026-11-21 11:00", None).await;
    assert!(world.notice().message.contains("four"));
    assert_eq!(world.app().end_overrides(Ending::Running, false).await.expect("a store").len(), 2);
    world.says(MAX, "five").await;
    assert!(world.notice().message.contains("five"), "a Saturday morning");
}

#[tokio::test]
async fn open_late_with_a_reply_of_its_own_answers_once_and_passes_on() {
    let late = OFFICE.to_owned() + "\n[reply.late]\nen = \"We are here until late today.\"\n";
    let mut world = World::open("2026-11-19 18:00", &late).await;
    world.open_until("2026-11-19 20:00", Some("late")).await;
    for text in ["one", "two"] {
        world.says(BEN, text).await;
        assert!(world.notice().message.contains(text));
    }
    assert_eq!(world.reply().text, "We are here until late today.");
    // its text is gone: no other is put in its place
    world.reload(OFFICE).await;
    world.says(MAX, "three").await;
    assert!(world.notice().message.contains("three"));
    world.quiet();
}

#[tokio::test]
async fn what_was_held_in_open_hours_is_released_by_an_opening_of_the_owners_own() {
    let rule =
        "[[rule]]\nname = \"later\"\nwhen = { state = \"open\", text = [\"form\"] }\nnotify = \"hold\"\n\n[sink.phone]";
    let mut world = World::open("2026-11-19 16:00", &OFFICE.replace("[sink.phone]", rule)).await;
    world.says(BEN, "a form").await;
    // no opening: it is open already
    world.open_until("2026-11-19 17:30", None).await;
    world.at("2026-11-19 18:00").await;
    world.quiet();
    world.open_until("2026-11-19 19:00", None).await;
    assert!(world.notice().message.contains("a form"));
}

#[tokio::test]
async fn what_the_owner_says_is_all_or_nothing() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "tomorrow?").await;
    world.reply();
    for open in [true, false] {
        world.store_refuses("redate", 1);
        let from = (!open).then(|| local("2026-11-20 07:00"));
        assert!(world.app().override_hours(open, from, local("2026-11-23 08:00"), None).await.is_err());
        assert!(world.app().desk().overrides().is_empty());
    }
    world.away(None, "2026-11-23 08:00", None).await;
    world.store_refuses("redate", 1);
    assert!(world.app().end_overrides(Ending::Running, true).await.is_err());
    assert_eq!(world.app().desk().overrides().len(), 1);
    world.at("2026-11-23 08:00").await;
    assert!(world.notice().message.contains("tomorrow?"));
}

#[tokio::test]
async fn an_absence_that_is_extended_for_months_stays_one_closed_period() {
    let mut world = World::open("2026-01-05 10:00", OFFICE).await;
    for (at, until) in [
        ("2026-01-05 10:00", "2026-02-10 08:00"),
        ("2026-02-09 10:00", "2026-04-20 08:00"),
        ("2026-04-15 10:00", "2026-07-01 08:00"),
    ] {
        world.at(at).await;
        world.away(None, until, None).await;
    }
    world.at("2026-04-16 10:00").await;
    world.says(BEN, "hello?").await;
    assert_eq!(world.reply().to, BEN);
    world.at("2026-06-25 10:00").await;
    world.away(None, "2026-08-03 08:00", None).await;
    world.says(BEN, "hello??").await;
    world.quiet();
    world.at("2026-08-03 08:00").await;
    assert!(world.notice().message.contains("hello??"));
}

#[tokio::test]
async fn a_change_of_the_hours_is_made_though_whoever_asked_has_gone() {
    let world = World::open("2026-11-19 10:00", OFFICE).await;
    let until = "2026-11-23T08:00:00-06:00".parse().expect("a time");
    let app = std::sync::Arc::clone(world.app());
    {
        let asked = app.away(until, None);
        tokio::pin!(asked);
        assert!(futures_util::poll!(&mut asked).is_pending(), "and nobody asks again");
    }
    while app.desk().overrides().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(app.store().overrides().await.expect("a store").len(), 1);
}

#[tokio::test]
async fn what_is_said_within_a_second_holds_for_all_of_it() {
    let mut world = World::open("2026-11-19 18:00:00.700", OFFICE).await;
    world.open_until("2026-11-19 20:00", None).await;
    let (desk, now) = (world.app().desk(), world.app().clock().now());
    // somebody asked a moment before, and is told a moment after
    assert!(desk.state("office", now - chrono::TimeDelta::milliseconds(500)).is_open());
    assert!(desk.state("office", now).is_open());
    world.says(BEN, "hello?").await;
    assert!(world.notice().message.contains("hello?"));
}
