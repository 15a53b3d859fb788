//! Who was promised an opening that moves to a later time.

#![expect(clippy::expect_used, reason = "a test may")]

use chrono::{DateTime, Utc};

use crate::world::{OFFICE, World};

const BEN: &str = "50499990003";
const MAX: &str = "14155550123";
const KIM: &str = "14155550124";

/// The office, with corrections.
fn correcting() -> String {
    OFFICE.to_owned() + "\n[conversation]\ncorrect = true\n"
}

fn time(text: &str) -> DateTime<Utc> {
    format!("{text}:00-06:00").parse().expect("a time")
}

/// Thursday evening: they were all told that it opens on Friday at 8:00.
async fn evening(config: &str, people: &[&str]) -> World {
    let mut world = World::open("2026-11-19 20:00", config).await;
    for person in people {
        world.says(person, "are you there?").await;
        assert!(world.reply().text.contains("Friday at 8:00"));
    }
    world
}

#[tokio::test]
async fn a_later_opening_is_told_once_to_who_still_waits() {
    let mut world = evening(&correcting(), &[BEN, KIM, MAX]).await;
    world.at("2026-11-19 20:10").await;
    world.owner_writes(KIM).await;
    world.app().away(time("2026-11-20T14:00"), None).await.expect("a store");
    world.at("2026-11-19 20:14").await;
    world.quiet();
    world.restart().await;
    world.at("2026-11-19 20:15").await;
    for person in [BEN, MAX] {
        let told = world.reply();
        assert_eq!(told.to, person);
        assert!(told.text.contains("we open Friday at 14:00"), "{told:?}");
    }
    world.quiet();
    let promises = world.app().store().promises(DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC, 9).await;
    let opens: Vec<_> = promises.expect("a store").iter().map(|promise| promise.opens).collect();
    assert_eq!(opens, [time("2026-11-20T14:00"); 2], "what was told last is the promise");
    // once
    world.app().away(time("2026-11-20T16:00"), None).await.expect("a store");
    world.at("2026-11-20 15:59").await;
    world.quiet();
    world.at("2026-11-20 16:00").await;
    world.notice();
    world.quiet();
}

#[tokio::test]
async fn a_slip_that_is_mended_at_once_is_told_nobody() {
    let mut world = evening(&correcting(), &[BEN]).await;
    world.app().away(time("2026-11-27T08:00"), None).await.expect("a store");
    world.at("2026-11-19 20:04").await;
    world.app().away_off().await.expect("a store");
    world.at("2026-11-19 20:30").await;
    world.quiet();
    // a later one is told all the same
    world.app().away(time("2026-11-20T10:00"), None).await.expect("a store");
    world.at("2026-11-19 20:35").await;
    assert!(world.reply().text.contains("Friday at 10:00"));
}

#[tokio::test]
async fn a_reload_that_moves_the_opening_is_told_and_an_earlier_opening_is_not() {
    let config = correcting();
    let mut world = evening(&config, &[BEN]).await;
    world.reload(&config.replace("mon-fri = \"08:00", "mon-fri = \"07:00")).await;
    world.at("2026-11-19 20:30").await;
    world.quiet();
    // five minutes are no reason to write
    world.reload(&config.replace("mon-fri = \"08:00", "mon-fri = \"08:05")).await;
    world.at("2026-11-19 21:00").await;
    world.quiet();
    world.reload(&config.replace("mon-fri = \"08:00", "mon-fri = \"09:30")).await;
    world.at("2026-11-19 21:05").await;
    assert!(world.reply().text.contains("Friday at 9:30"));
}

#[tokio::test]
async fn without_the_setting_and_where_no_opening_is_known_nobody_is_told() {
    let mut world = evening(OFFICE, &[BEN]).await;
    world.app().away(time("2026-11-20T14:00"), None).await.expect("a store");
    world.at("2026-11-19 21:00").await;
    world.quiet();

    let config = correcting();
    let mut world = evening(&config, &[BEN]).await;
    let never = config
        .replace("mon-fri = \"08:00-12:00, 13:00-17:00\", sat = \"08:00-12:00\"", "mon-sun = \"off\"")
        .replace("open = \"08:00-12:00\"", "open = \"off\"");
    world.reload(&never).await;
    world.at("2026-11-19 21:00").await;
    world.quiet();
}

#[tokio::test]
async fn who_cannot_be_told_is_named_to_the_owner_as_what_it_is() {
    let mut world = evening(&correcting(), &[BEN]).await;
    world.graph_answers(400);
    world.app().away(time("2026-11-20T14:00"), None).await.expect("a store");
    world.at("2026-11-19 20:05").await;
    let alert = world.notice();
    assert!(alert.message.contains("told an opening that has moved, and could not be told the new one"), "{alert:?}");
}

#[tokio::test]
async fn many_who_wait_for_the_same_opening_are_told_at_the_pace_of_the_limits() {
    let config = OFFICE.to_owned()
        + "\n[conversation]\ncorrect = true\nfollow_up = true\n\n[limits]\nreplies_per_line_per_hour = 2\n";
    let mut world = World::open("2026-11-19 17:05", &config).await;
    for (hour, person) in [(17, BEN), (17, MAX), (19, KIM)] {
        world.at(&format!("2026-11-19 {hour}:05")).await;
        world.says(person, "are you there?").await;
        assert!(world.reply().text.contains("Friday at 8:00"));
    }
    world.app().away(time("2026-11-20T10:00"), None).await.expect("a store");
    world.at("2026-11-19 19:10").await;
    assert_eq!([world.reply().to, world.reply().to], [BEN, MAX]);
    world.at("2026-11-19 20:09").await;
    world.quiet();
    world.at("2026-11-19 20:10").await;
    assert!(world.reply().text.contains("Friday at 10:00"));
    world.at("2026-11-20 10:15").await;
    world.notice();
    assert_eq!([world.reply().to, world.reply().to], [BEN, MAX]);
    world.at("2026-11-20 11:14").await;
    world.quiet();
    world.at("2026-11-20 11:15").await;
    assert_eq!(world.reply().to, KIM);
}

#[tokio::test]
async fn an_opening_that_moved_while_the_service_was_down_is_told_too() {
    let config = correcting();
    let mut world = evening(&config, &[BEN]).await;
    world.restart_with(&config.replace("mon-fri = \"08:00", "mon-fri = \"09:30")).await;
    world.at("2026-11-19 20:05").await;
    assert!(world.reply().text.contains("Friday at 9:30"));
    world.restart().await;
    world.at("2026-11-19 20:30").await;
    world.quiet();
}

#[tokio::test]
async fn a_person_of_two_promises_is_told_once_whatever_the_address() {
    let two = "[[client]]\nname = \"Kim\"\naddress = [\"+14155550124\", \"+14155550123\"]\n\n[[rule]]";
    let config = correcting().replacen("[[rule]]", two, 1);
    let mut world = evening(&config, &[KIM, BEN]).await;
    // open for a while: what is written then is another evening, with another reply
    world.app().override_hours(true, None, time("2026-11-19T21:00"), None).await.expect("a store");
    world.at("2026-11-19 20:01").await;
    world.notice();
    world.at("2026-11-19 21:30").await;
    for person in [MAX, BEN] {
        world.says(person, "and now?").await;
        assert_eq!(world.reply().to, person);
    }
    world.app().away(time("2026-11-20T14:00"), None).await.expect("a store");
    world.at("2026-11-19 21:35").await;
    let told = [world.reply().to, world.reply().to];
    assert_eq!(told, [KIM, BEN], "each by the first of what was promised");
    world.quiet();
    // what is put in force anew moves nothing
    world.reload(&config).await;
    world.at("2026-11-19 22:00").await;
    world.quiet();
}

#[tokio::test]
async fn who_wants_nothing_automatic_any_more_is_not_even_asked_about() {
    let mut world = evening(&correcting(), &[BEN, KIM]).await;
    world.says(BEN, "STOP").await;
    let waiting = async |world: &World| world.app().store().counts().await.expect("a store").waiting;
    let before = waiting(&world).await;
    world.app().away(time("2026-11-20T14:00"), None).await.expect("a store");
    for _ in 0..2 {
        assert_eq!(waiting(&world).await - before, 1, "KIM alone is told");
        world.restart().await;
    }
    world.at("2026-11-19 20:05").await;
    assert_eq!(world.reply().to, KIM);
    world.restart().await;
    let account = world.app().store().message(1).await.expect("a store").expect("BEN's message");
    let kinds: Vec<_> = account.sends.iter().map(|send| format!("{:?}", send.kind)).collect();
    assert!(!kinds.contains(&"Correction".to_owned()), "{kinds:?}");
    // who wants them again is told
    let ben = afterhours::message::Address::phone(BEN).expect("a number");
    assert!(world.app().store().opt_in(vec![ben]).await.expect("a store"));
    world.restart().await;
    world.at("2026-11-19 20:10").await;
    assert_eq!(world.reply().to, BEN);
    world.at("2026-11-20 14:00").await;
    world.notice();
}
