//! Days as they happen, through the whole service. 20 November 2026 is a Friday; Tegucigalpa has no summer time.

use crate::world::{OFFICE, World, message, signature};

const ANA: &str = "50499990001";
const MUM: &str = "50499990002";
const BEN: &str = "50499990003";
const MAX: &str = "14155550123";

#[tokio::test]
async fn an_evening() {
    let mut world = World::open("2026-11-19 16:59", OFFICE).await;
    assert_eq!(world.says(BEN, "still there?").await, 200);
    let open = world.notice();
    assert!(open.message.contains("still there?"), "{open:?}");
    world.quiet();

    world.at("2026-11-19 19:30").await;
    assert_eq!(world.says(ANA, "¿están abiertos?").await, 200);
    let reply = world.reply();
    assert_eq!(reply.to, ANA);
    assert!(reply.text.contains("Ana") && reply.text.contains("viernes") && reply.text.contains("8:00"), "{reply:?}");
    world.says(ANA, "¿hola?").await;
    world.says(MUM, "dinner on Sunday?").await;
    world.at("2026-11-20 07:59").await;
    world.quiet();

    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert!(digest.message.contains("¿están abiertos?") && digest.message.contains("¿hola?"), "{digest:?}");
    assert!(!digest.message.contains("dinner"), "{digest:?}");
}

#[tokio::test]
async fn a_weekend_with_an_emergency() {
    let mut world = World::open("2026-11-21 12:00", OFFICE).await;
    world.says(BEN, "quote please").await;
    let reply = world.reply();
    assert!(reply.text.contains("Ben") && reply.text.contains("Monday at 8:00"), "{reply:?}");
    world.at("2026-11-22 03:00").await;
    world.says(ANA, "URGENTE: agua en la oficina").await;
    let (reply, notice) = (world.reply(), world.notice());
    assert_eq!(reply.to, ANA);
    assert!(notice.message.contains("agua en la oficina"), "{notice:?}");
    // the budget of the weekend is used
    world.says(ANA, "urgente otra vez").await;
    world.at("2026-11-23 08:00").await;
    let digest = world.notice();
    let (ben, ana) = (digest.message.find("quote please"), digest.message.find("urgente otra vez"));
    assert!(ben < ana && ben.is_some(), "who has waited longest comes first: {digest:?}");
    assert!(!digest.message.contains("agua en la oficina"), "it rang through already: {digest:?}");
    assert!(digest.message.contains("Rang through:\n• Ana López · Sunday 3:00 · 1/1\n"), "{digest:?}");
}

#[tokio::test]
async fn a_lunch_break() {
    let mut world = World::open("2026-11-18 11:54", OFFICE).await;
    world.at("2026-11-18 12:30").await;
    world.says(BEN, "lunch?").await;
    let reply = world.reply();
    assert!(reply.text.contains("Wednesday at 13:00") || reply.text.contains("Wednesday at 1:00"), "{reply:?}");
    world.at("2026-11-18 12:56").await;
    world.says(ANA, "momento").await;
    world.quiet();
    world.at("2026-11-18 13:00").await;
    let digest = world.notice();
    assert!(digest.message.contains("lunch?") && digest.message.contains("momento"), "{digest:?}");
    // the evening is a closed period of its own
    world.at("2026-11-18 17:00").await;
    world.says(BEN, "and now?").await;
    assert!(world.reply().text.contains("Thursday at 8:00"));
    world.at("2026-11-19 08:00").await;
    assert!(world.notice().message.contains("and now?"));
}

#[tokio::test]
async fn a_holiday_names_its_reason_and_the_day_after_it() {
    let mut world = World::open("2026-12-24 13:00", OFFICE).await;
    world.says(BEN, "open today?").await;
    let reply = world.reply();
    assert!(reply.text.contains("Christmas Eve"), "{reply:?}");
    assert!(reply.text.contains("Saturday at 8:00"), "Christmas is a Friday: {reply:?}");
    world.at("2026-12-25 10:00").await;
    world.says(BEN, "today then?").await;
    world.quiet();
    world.at("2026-12-26 08:00").await;
    assert!(world.notice().message.contains("today then?"));
}

#[tokio::test]
async fn a_reload_moves_the_opening_and_what_is_held_with_it() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "tomorrow?").await;
    assert!(world.reply().text.contains("8:00"));
    let later = OFFICE.replace("mon-fri = \"08:00", "mon-fri = \"09:30");
    world.reload(&later).await;
    world.at("2026-11-20 09:29").await;
    world.quiet();
    world.at("2026-11-20 09:30").await;
    assert!(world.notice().message.contains("tomorrow?"));
}

#[tokio::test]
async fn hours_that_a_reload_takes_away_leave_nothing_behind() {
    let other = "[hours.studio]\nopen = \"Mo-Fr 09:00-17:00; 2026 Nov 01-2028 Dec 31 off \\\"rebuilding\\\"\"\n\n[channel.work]";
    let studio = OFFICE
        .replace("[channel.work]", other)
        .replace("kind = \"whatsapp\"", "kind = \"whatsapp\"\nhours = \"studio\"");
    let mut world = World::open("2026-11-19 20:00", &studio).await;
    world.says(BEN, "when?").await;
    assert!(world.reply().text.starts_with("Thank you"));
    assert_eq!(world.app().store().next_due().await.expect("a store"), None, "no opening is known");
    world.reload(OFFICE).await;
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("when?"));
}

#[tokio::test]
async fn back_from_away_in_open_hours_the_waiting_reply_is_withdrawn() {
    let mut world = World::open("2026-11-19 10:00", OFFICE).await;
    world.app().away("2026-11-23T08:00:00-06:00".parse().expect("a time"), None).await.expect("a store");
    world.graph_answers(503);
    world.says(BEN, "hello?").await;
    assert!(world.app().away_off().await.expect("a store"));
    world.graph_answers(200);
    world.tries();
    world.at("2026-11-19 10:30").await;
    assert_eq!(world.tries(), 0, "nobody is away any more");
    assert!(world.notice().message.contains("hello?"));
}

#[tokio::test]
async fn a_sink_that_refuses_is_tried_for_days_and_loses_nothing() {
    let mut world = World::open("2026-11-19 10:00", OFFICE).await;
    world.ntfy_answers(404);
    world.says(BEN, "hello?").await;
    world.at("2026-11-20 09:00").await;
    let counts = world.app().store().counts().await.expect("a store");
    assert_eq!((counts.waiting, counts.dead), (1, 0));
    world.at("2026-11-26 10:00").await;
    // the notice, and one alert about it; an alert about the alert would never end
    assert_eq!(world.app().store().counts().await.expect("a store").dead, 2);
    let held = world.app().held().await.expect("a store");
    assert!(held[0].given_up && held.len() == 1);
    world.ntfy_answers(200);
    assert_eq!(world.app().release().await.expect("a store"), 1);
    world.at("2026-11-26 10:01").await;
    assert!(world.notice().message.contains("hello?"));
}

#[tokio::test]
async fn a_sink_in_trouble_is_told_of_by_another() {
    let two = OFFICE
        .replace("[notify]", "[sink.desk]\nkind = \"ntfy\"\nurl = \"{ntfy}\"\ntopic = \"the-topic\"\n\n[notify]")
        .replace("now = [\"phone\"]", "now = [\"phone\", \"desk\"]");
    let mut world = World::open("2026-11-19 10:00", &two).await;
    world.ntfy_answers(404);
    world.says(BEN, "hello?").await;
    world.at("2026-11-19 10:30").await;
    let counts = world.app().store().counts().await.expect("a store");
    assert_eq!(counts.waiting, 4, "two notices, and for each sink an alert by the other");
    world.ntfy_answers(200);
}

#[tokio::test]
async fn a_channel_that_is_down_keeps_its_replies_until_it_is_mended() {
    let mut world = World::open("2026-11-19 18:00", OFFICE).await;
    world.graph_answers(401);
    world.says(BEN, "are you there?").await;
    assert!(world.notice().message.contains("every 5 minutes"));
    world.at("2026-11-19 23:00").await;
    assert_eq!(world.tries(), 61, "every five minutes for five hours");
    world.graph_answers(200);
    world.at("2026-11-19 23:05").await;
    assert_eq!(world.reply().to, BEN);
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("are you there?"));
}

#[tokio::test]
async fn a_channel_that_is_down_for_another_reason_is_told_of_that_too_and_of_each_once() {
    let mut world = World::open("2026-11-19 18:00", OFFICE).await;
    for (minute, status, told) in [
        (0, 401, Some("HTTP status 401")),
        (5, 403, Some("HTTP status 403")),
        (10, 401, None),
        (15, 403, None),
        (20, 402, Some("HTTP status 402")),
        (25, 401, None),
    ] {
        world.graph_answers(status);
        if minute == 0 {
            world.says(BEN, "are you there?").await;
        } else {
            world.at(&format!("2026-11-19 18:{minute:02}")).await;
        }
        if let Some(reason) = told {
            let notice = world.notice();
            assert!(notice.message.contains(reason), "{minute}: {notice:?}");
        }
        world.quiet();
    }
    // mended and down again in the same hour rings for no reason twice
    world.graph_answers(200);
    world.at("2026-11-19 18:30").await;
    assert_eq!(world.reply().to, BEN);
    world.graph_answers(403);
    world.says(MAX, "are you there?").await;
    world.quiet();
    world.at("2026-11-20 08:00").await;
    world.notice();
}

#[tokio::test]
async fn a_channel_that_nothing_waits_for_is_not_down_for_ever() {
    let mut world = World::open("2026-11-20 07:30", OFFICE).await;
    world.graph_answers(401);
    world.says(BEN, "are you there?").await;
    assert!(world.notice().message.contains("channel work"));
    world.at("2026-11-20 08:10").await;
    // the opening has withdrawn the reply, and told the message
    assert!(world.notice().message.contains("are you there?"));
    assert_eq!(world.app().status().await.expect("a store").down.len(), 1, "the last attempt has just failed");
    world.at("2026-11-20 09:30").await;
    assert_eq!(world.app().status().await.expect("a store").down.len(), 0, "nobody has tried for an hour");
    // the next closed period, and nothing was mended: the owner is told again
    world.at("2026-11-20 19:00").await;
    world.tries();
    world.says(MAX, "and now?").await;
    assert_eq!(world.tries(), 1, "it is tried at once");
    assert!(world.notice().message.contains("channel work"));
    let down = world.app().status().await.expect("a store").down;
    assert_eq!(down.iter().map(|down| down.name.as_str()).collect::<Vec<_>>(), ["channel work"]);
    world.graph_answers(200);
    world.at("2026-11-20 19:05").await;
    assert_eq!(world.reply().to, MAX);
    assert!(world.app().status().await.expect("a store").down.is_empty());
}

#[tokio::test]
async fn a_channel_that_something_waits_for_stays_down() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.graph_answers(401);
    world.says(BEN, "are you there?").await;
    world.notice();
    for time in ["2026-11-19 21:04", "2026-11-19 23:59", "2026-11-20 06:01"] {
        world.at(time).await;
        assert_eq!(world.app().status().await.expect("a store").down.len(), 1, "{time}");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_all_night_costs_the_reply_and_never_the_notice() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.graph_answers(503);
    world.ntfy_answers(503);
    world.says(BEN, "anybody?").await;
    world.at("2026-11-20 07:59").await;
    assert!(world.tries() > 3, "the reply was tried again");
    world.quiet();
    world.at("2026-11-20 08:10").await;
    world.ntfy_answers(200);
    world.graph_answers(200);
    world.at("2026-11-20 08:40").await;
    assert_eq!(world.tries(), 0, "a reply that comes when it is open helps nobody");
    let notices = [world.notice(), world.notice()];
    assert!(notices.iter().any(|notice| notice.message.contains("anybody?")), "{notices:?}");
    assert!(notices.iter().any(|notice| notice.message.contains("given up")), "{notices:?}");
}

#[tokio::test]
async fn a_repeated_webhook_changes_nothing() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    assert_eq!(world.says_as("wamid.X", BEN, "hello").await, 200);
    world.reply();
    assert_eq!(world.says_as("wamid.X", BEN, "hello").await, 200);
    world.restart().await;
    assert_eq!(world.says_as("wamid.X", BEN, "hello").await, 200);
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert_eq!(digest.message.matches("hello").count(), 1, "{digest:?}");
}

#[tokio::test]
async fn a_wrong_signature_is_refused_and_nothing_is_stored() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    let body = "{\"object\":\"whatsapp_business_account\",\"entry\":[]}";
    assert_eq!(world.deliver(body, &signature("another body")).await, 401);
    assert_eq!(world.deliver("not json", &signature("not json")).await, 400);
    assert_eq!(world.deliver(body, &signature(body)).await, 200);
    let counts = world.app().store().counts().await.expect("a store");
    assert_eq!(counts, afterhours::store::Counts::default());
}

#[tokio::test]
async fn the_owner_answers_first() {
    let mut world = World::open("2026-11-19 18:00", OFFICE).await;
    world.graph_answers(503);
    world.says(BEN, "are you there?").await;
    world.at("2026-11-19 18:01").await;
    world.owner_writes(BEN).await;
    world.graph_answers(200);
    // withdrawn at the next attempt, and no news in the morning
    world.at("2026-11-20 08:00").await;
    assert!(world.tries() > 0);
    world.quiet();
    // a later message in the same closed period: the owner is in the conversation
    world.at("2026-11-20 19:00").await;
    world.owner_writes(BEN).await;
    world.at("2026-11-20 21:00").await;
    world.says(BEN, "thanks").await;
    world.quiet();
    world.at("2026-11-21 08:00").await;
    assert!(world.notice().message.contains("thanks"));
}

#[tokio::test]
async fn one_person_on_two_addresses_gets_one_reply() {
    let config =
        OFFICE.replace("[\"+504 9999-0001\", \"ana@example.org\"]", "[\"+504 9999-0001\", \"+504 9999-0009\"]");
    let mut world = World::open("2026-11-19 20:00", &config).await;
    world.says(ANA, "uno").await;
    assert_eq!(world.reply().to, ANA);
    world.says("50499990009", "dos").await;
    world.quiet();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert!(digest.message.contains("uno") && digest.message.contains("dos"), "{digest:?}");
}

#[tokio::test]
async fn away_holds_everything_and_survives_a_restart() {
    let mut world = World::open("2026-11-19 10:00", OFFICE).await;
    let until = "2026-11-23T08:00:00-06:00".parse().expect("a time");
    world.app().away(until, None).await.expect("a store");
    world.says(BEN, "quote?").await;
    assert!(world.reply().text.contains("Monday at 8:00"));
    world.restart().await;
    world.at("2026-11-20 10:00").await;
    world.says(BEN, "quote??").await;
    world.quiet();
    assert!(world.app().away_off().await.expect("a store"));
    world.at("2026-11-20 10:01").await;
    let digest = world.notice();
    assert!(digest.message.contains("quote?") && digest.message.contains("quote??"), "{digest:?}");
}

#[tokio::test]
async fn a_line_without_a_table_is_held_and_the_owner_is_told_once() {
    let config = OFFICE.replace("phone_number_id = \"106540352242922\"", "phone_number_id = \"999\"");
    let mut world = World::open("2026-11-19 20:00", &config).await;
    world.says(BEN, "hello").await;
    let alert = world.notice();
    assert!(alert.message.contains("[channel.work.line.\"106540352242922\"]"), "{alert:?}");
    world.says(BEN, "hello again").await;
    world.quiet();
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("hello again"));
}

#[tokio::test]
async fn a_store_that_fails_before_a_send_costs_nothing_but_seconds() {
    for name in ["recall", "begin"] {
        let mut world = World::open("2026-11-19 20:00", OFFICE).await;
        world.store_refuses(name, 1);
        world.says(BEN, "tomorrow?").await;
        world.quiet();
        world.at("2026-11-19 20:01").await;
        assert_eq!(world.reply().to, BEN, "{name}");
        world.store_refuses(name, 1);
        world.at("2026-11-20 08:00").await;
        world.quiet();
        world.at("2026-11-20 08:01").await;
        assert!(world.notice().message.contains("tomorrow?"), "{name}");
    }
}

#[tokio::test]
async fn a_store_that_fails_while_the_answered_are_left_out_loses_nobody() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "tomorrow?").await;
    world.says(ANA, "¿mañana?").await;
    assert_eq!([world.reply().to, world.reply().to], [BEN, ANA]);
    world.at("2026-11-19 20:01").await;
    world.owner_writes(ANA).await;
    world.store_refuses("settle", 1);
    world.at("2026-11-20 08:00").await;
    world.quiet();
    world.at("2026-11-20 08:01").await;
    let digest = world.notice();
    assert!(digest.message.contains("tomorrow?") && !digest.message.contains("mañana"), "{digest:?}");
    assert_eq!(world.app().store().counts().await.expect("a store").held, 0);
}

#[tokio::test]
async fn what_could_not_be_settled_is_not_replied_again_and_notified_again_with_a_mark() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.store_refuses("settle", 1);
    world.says(BEN, "tomorrow?").await;
    assert_eq!(world.reply().to, BEN);
    world.restart().await;
    assert_eq!(world.app().store().counts().await.expect("a store").unknown, 1);
    world.at("2026-11-20 07:59").await;
    world.quiet();
    world.store_refuses("settle", 1);
    world.at("2026-11-20 08:00").await;
    let first = world.notice();
    world.restart().await;
    let second = world.notice();
    assert!(first.message.contains("tomorrow?") && second.message.contains("tomorrow?"), "{second:?}");
    assert!(second.message.len() > first.message.len(), "it says that it may have come before: {second:?}");
}

#[tokio::test]
async fn away_is_all_or_nothing() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "tomorrow?").await;
    assert!(world.reply().text.contains("8:00"));
    world.store_refuses("redate", 1);
    let until = "2026-11-23T08:00:00-06:00".parse().expect("a time");
    assert!(world.app().away(until, None).await.is_err());
    world.restart().await;
    assert!(world.app().desk().overrides().is_empty());
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("tomorrow?"));
}

#[tokio::test]
async fn a_channel_that_is_down_is_told_by_a_sink_of_the_same_name_too() {
    let twins = OFFICE
        .replace("[notify]", "[sink.work]\nkind = \"ntfy\"\nurl = \"{ntfy}\"\ntopic = \"the-topic\"\n\n[notify]")
        .replace("now = [\"phone\"]", "now = [\"phone\", \"work\"]");
    let mut world = World::open("2026-11-19 20:00", &twins).await;
    world.graph_answers(401);
    world.says(BEN, "tomorrow?").await;
    for alert in [world.notice(), world.notice()] {
        assert!(alert.message.contains("channel work"), "{alert:?}");
    }
    world.graph_answers(200);
    world.at("2026-11-19 20:10").await;
    assert_eq!(world.reply().to, BEN);
}

#[tokio::test]
async fn what_the_owner_has_answered_is_no_news_to_the_second() {
    // the provider's times are whole seconds, ours are not
    let mut world = World::open("2026-11-19 20:00:18.353", OFFICE).await;
    world.graph_answers(503);
    world.owner_writes(BEN).await;
    world.says(BEN, "are you there?").await;
    world.owner_writes(BEN).await;
    world.graph_answers(200);
    // came late: the owner's answer is older than its arrival
    world.at("2026-11-19 20:40").await;
    let sent = "2026-11-20T02:31:00Z".parse().expect("a time");
    world.post(&message("wamid.late", ANA, "¿está?", sent)).await;
    world.owner_wrote(ANA, sent + chrono::TimeDelta::minutes(4)).await;
    assert_eq!(world.reply().to, ANA, "nine minutes are not too old");
    world.at("2026-11-20 08:00").await;
    world.tries();
    world.quiet();
    assert_eq!(world.app().store().counts().await.expect("a store").held, 0);
}

#[tokio::test]
async fn what_is_held_in_open_hours_waits_for_the_next_opening_whatever_is_reloaded() {
    let rule =
        "[[rule]]\nname = \"later\"\nwhen = { state = \"open\", text = [\"form\"] }\nnotify = \"hold\"\n\n[sink.phone]";
    let config = OFFICE.replace("[sink.phone]", rule);
    let mut world = World::open("2026-11-19 10:00", &config).await;
    world.says(BEN, "a form").await;
    world.reload(&config).await;
    world.restart().await;
    let until = "2026-11-19T10:40:00-06:00".parse().expect("a time");
    world.at("2026-11-19 10:20").await;
    world.app().away(until, None).await.expect("a store");
    assert!(world.app().away_off().await.expect("a store"));
    world.at("2026-11-19 12:59").await;
    world.quiet();
    world.at("2026-11-19 13:00").await;
    assert!(world.notice().message.contains("a form"));

    let always =
        config.replace("week = { mon-fri = \"08:00-12:00, 13:00-17:00\", sat = \"08:00-12:00\" }", "open = \"24/7\"");
    let always = always.replace("holidays = [\"HN\"]\n[[hours.office.except]]\ndate = 2026-12-24\nopen = \"08:00-12:00\"\nwhy = \"Christmas Eve\"\n", "");
    let mut world = World::open("2026-11-19 10:00", &always).await;
    world.says(BEN, "a form").await;
    assert!(world.notice().message.contains("a form"), "no other opening will come");
}

#[tokio::test]
async fn an_absence_that_grows_is_one_closed_period() {
    let until = |text: &str| text.parse().expect("a time");
    let mut world = World::open("2026-11-19 10:00", OFFICE).await;
    world.app().away(until("2026-11-19T17:30:00-06:00"), None).await.expect("a store");
    world.at("2026-11-19 10:05").await;
    world.says(BEN, "hello?").await;
    assert!(world.reply().text.contains("Friday at 8:00"));
    world.at("2026-11-19 10:10").await;
    world.app().away(until("2026-11-19T18:30:00-06:00"), None).await.expect("a store");
    world.says(BEN, "hello??").await;
    world.quiet();
    // the absence ends after the closing: the closed period goes on, also after a restart
    world.at("2026-11-19 20:00").await;
    world.restart().await;
    world.says(BEN, "hello???").await;
    world.quiet();
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("hello???"));
}

#[tokio::test]
async fn an_absence_longer_than_the_search_for_openings_ends_all_the_same() {
    let mut world = World::open("2026-11-19 10:00", OFFICE).await;
    world.app().away("2029-01-02T08:00:00-06:00".parse().expect("a time"), None).await.expect("a store");
    world.says(BEN, "hello?").await;
    assert!(world.reply().text.contains("2029"));
    world.at("2029-01-02 08:00").await;
    assert!(world.notice().message.contains("hello?"));
}

#[tokio::test]
async fn a_reload_that_takes_the_running_reply_away_leaves_the_built_in_one() {
    let with = OFFICE.to_owned() + "\n[reply.vacation]\nen = \"On vacation until {{ opens }}.\"\n";
    let mut world = World::open("2026-11-19 10:00", &with).await;
    let until = "2026-11-23T08:00:00-06:00".parse().expect("a time");
    world.app().away(until, Some("vacation".into())).await.expect("a store");
    world.graph_answers(503);
    world.says(BEN, "hello?").await;
    world.reload(OFFICE).await;
    world.graph_answers(200);
    world.at("2026-11-19 10:01").await;
    assert!(world.reply().text.contains("Monday at 8:00"), "decided before");
    world.says(MAX, "hello?").await;
    assert!(world.reply().text.contains("Monday at 8:00"), "decided after");
    world.app().away_off().await.expect("a store");
    world.at("2026-11-19 10:02").await;
    assert!(world.notice().message.contains("hello?"));
}

#[tokio::test]
async fn a_line_that_is_not_listed_shows_nobody_who_is_not_to_be_seen() {
    let config = OFFICE.replace("phone_number_id = \"106540352242922\"", "phone_number_id = \"999\"")
        + "\n[[client]]\nname = \"Spam\"\naddress = \"+50499990009\"\nstanding = \"blocked\"\n";
    let mut world = World::open("2026-11-19 20:00", &config).await;
    world.says("50499990009", "buy now").await;
    world.says(MUM, "dinner?").await;
    world.at("2026-11-20 08:00").await;
    let counts = world.app().store().counts().await.expect("a store");
    assert_eq!((counts.held, counts.waiting, counts.dead), (0, 0, 0));
}

#[tokio::test]
async fn what_was_answered_in_a_closed_period_is_known_until_it_ends_however_short_messages_are_kept() {
    let config = OFFICE.replace("afterhours.db\"", "afterhours.db\"\nretain = \"7d\"");
    let mut world = World::open("2026-11-19 20:00", &config).await;
    world.app().away("2026-12-09T08:00:00-06:00".parse().expect("a time"), None).await.expect("a store");
    world.says(BEN, "hello?").await;
    world.reply();
    world.at("2026-12-01 10:00").await;
    world.app().forget().await.expect("a store");
    world.says(BEN, "hello??").await;
    world.quiet();
    world.at("2026-12-09 08:00").await;
    assert!(world.notice().message.contains("hello??"));
}

#[tokio::test]
async fn a_reply_that_waits_gives_the_owner_time_and_a_burst_one_answer() {
    let config = OFFICE.to_owned() + "\n[conversation]\nreply_delay = \"2m\"\nowner_stays = \"3h\"\n";
    let mut world = World::open("2026-11-19 20:00", &config).await;
    world.says(BEN, "are you there?").await;
    world.says(BEN, "it is about the roof").await;
    world.says(ANA, "¿hola?").await;
    world.at("2026-11-19 20:01").await;
    world.quiet();
    world.owner_writes(ANA).await;
    world.at("2026-11-19 20:02").await;
    assert_eq!(world.reply().to, BEN);
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert!(digest.message.contains("the roof") && !digest.message.contains("hola"), "{digest:?}");
}

#[tokio::test]
async fn who_asks_for_no_more_automatic_replies_gets_none_until_they_are_welcome_again() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "STOP").await;
    world.quiet();
    for (evening, morning) in [("2026-11-20 20:00", "2026-11-21 08:00"), ("2026-11-23 20:00", "2026-11-24 08:00")] {
        world.at(evening).await;
        while let Some(digest) = world.any_notice() {
            assert!(digest.message.contains("STOP") || digest.message.contains("roof"), "{digest:?}");
        }
        world.says(BEN, "the roof is wet").await;
        world.quiet();
        world.restart().await;
        world.at(morning).await;
        assert!(world.notice().message.contains("roof"), "held and told as ever");
    }
    world.at("2026-11-24 20:00").await;
    world.says(BEN, "START").await;
    assert_eq!(world.reply().to, BEN);
    world.at("2026-11-25 08:00").await;
    world.notice();
    world.at("2026-11-25 20:00").await;
    world.says(BEN, "thank you").await;
    assert_eq!(world.reply().to, BEN);
    world.at("2026-11-26 08:00").await;
    world.notice();
}

#[tokio::test]
async fn what_answers_within_seconds_twice_is_a_machine() {
    let mut world = World::open("2026-11-23 20:00:00.000", OFFICE).await;
    for day in ["2026-11-23", "2026-11-24", "2026-11-25"] {
        world.at(&format!("{day} 20:00")).await;
        while world.any_notice().is_some() {}
        world.says(BEN, "News of the day").await;
        if day == "2026-11-25" {
            world.quiet();
            break;
        }
        assert_eq!(world.reply().to, BEN, "{day}");
        world.at(&format!("{day} 20:00:04.000")).await;
        world.says(BEN, "Thank you for your message!").await;
        world.quiet();
    }
    world.at("2026-11-26 08:00").await;
    world.notice();
}

#[tokio::test]
async fn where_something_else_answers_ours_is_silent_and_the_owner_is_told_once() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "are you there?").await;
    world.reply();
    world.at("2026-11-19 20:00:02.000").await;
    world.owner_writes(BEN).await;
    assert!(world.notice().message.contains("Something else answers"));
    world.at("2026-11-19 21:00").await;
    world.says(ANA, "¿hola?").await;
    world.at("2026-11-19 21:00:01.000").await;
    world.owner_writes(ANA).await;
    world.quiet();
    // an owner who writes in a conversation is as fast as that
    let mut other = World::open("2026-11-19 19:00", OFFICE).await;
    other.owner_writes(BEN).await;
    other.at("2026-11-19 19:02").await;
    other.says(BEN, "one more thing").await;
    other.owner_writes(BEN).await;
    other.says(ANA, "¿hola?").await;
    assert_eq!(other.reply().to, ANA);
}

#[tokio::test]
async fn a_channel_whose_replies_fail_is_let_rest_and_closes_by_itself() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.graph_answers(500);
    for number in 0..5 {
        world.says(&format!("1415555010{number}"), "hello?").await;
    }
    assert!(world.notice().message.contains("failed several times"));
    world.graph_answers(200);
    world.tries();
    world.says("14155550109", "hello?").await;
    assert_eq!(world.tries(), 0);
    world.at("2026-11-19 20:31").await;
    world.says("14155550110", "hello?").await;
    assert_eq!(world.reply().to, "14155550110");
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().title.contains("7 messages"));
}

#[tokio::test]
async fn a_promise_is_remembered_until_the_owner_answers() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "the roof is wet").await;
    world.says(ANA, "¿mañana?").await;
    assert_eq!([world.reply().to, world.reply().to], [BEN, ANA]);
    world.at("2026-11-20 08:00").await;
    let first = world.notice();
    assert!(!first.message.contains("Still waiting"), "they are told of for the first time: {first:?}");
    world.at("2026-11-20 10:00").await;
    world.owner_writes(ANA).await;
    // the next evening somebody else writes, and Ben still waits
    world.at("2026-11-20 20:00").await;
    world.says(MAX, "hello").await;
    world.reply();
    world.restart().await;
    world.at("2026-11-21 08:00").await;
    let second = world.notice();
    assert!(second.title.contains("1 message"), "{second:?}");
    let waiting = second.message.find("Still waiting for your answer").expect("a promise is open");
    assert!(waiting < second.message.find("hello").expect("the new one"), "{second:?}");
    assert!(second.message.contains("Ben Ochoa") && second.message.contains("promised: Friday 8:00"), "{second:?}");
    assert!(!second.message.contains("Ana"), "{second:?}");
    let open = world
        .app()
        .store()
        .promises(chrono::DateTime::UNIX_EPOCH, chrono::DateTime::<chrono::Utc>::MAX_UTC, 9)
        .await
        .expect("a store");
    let ben = open.iter().find(|promise| promise.message.message.text.as_str().contains("roof")).expect("Ben's");
    assert!(world.app().store().keep_promise(ben.message.id, Vec::new()).await.expect("a store"));
    world.at("2026-11-21 20:00").await;
    world.says(MAX, "hello again").await;
    world.reply();
    world.at("2026-11-23 08:00").await;
    let third = world.notice();
    assert!(!third.message.contains("Ben") && third.message.contains("Still waiting"), "Max still does: {third:?}");
}

#[tokio::test]
async fn a_late_message_is_told_whatever_the_owner_wrote_before_it_came() {
    let mut world = World::open("2026-11-19 10:00", OFFICE).await;
    world.owner_writes(BEN).await;
    world.at("2026-11-20 19:30").await;
    let thursday = "2026-11-19T15:00:00Z".parse().expect("a time");
    world.post(&message("wamid.late", BEN, "before all that", thursday)).await;
    world.post(&message("wamid.1970", BEN, "by a clock that stands", chrono::DateTime::UNIX_EPOCH)).await;
    world.at("2026-11-21 08:00").await;
    let digest = world.notice();
    assert!(digest.message.contains("before all that") && digest.message.contains("stands"), "{digest:?}");
}

#[tokio::test]
async fn a_reload_tries_at_once_what_was_down_and_an_absence_does_not() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.graph_answers(401);
    world.says(BEN, "are you there?").await;
    world.notice();
    world.graph_answers(200);
    world.app().away("2026-11-20T08:00:00-06:00".parse().expect("a time"), None).await.expect("a store");
    assert_eq!(world.app().status().await.expect("a store").down.len(), 1);
    world.at("2026-11-19 20:01").await;
    world.quiet();
    world.reload(OFFICE).await;
    assert_eq!(world.reply().to, BEN);
    // down again the same day: the owner is told again
    world.at("2026-11-19 22:00").await;
    world.graph_answers(401);
    world.says(MAX, "are you there?").await;
    assert!(world.notice().message.contains("channel work"));
    world.graph_answers(200);
    world.at("2026-11-20 07:00").await;
    assert_eq!(world.reply().to, MAX);
    world.at("2026-11-20 08:00").await;
    world.notice();
}

#[tokio::test]
async fn a_reload_that_gives_a_channel_other_hours_moves_what_is_held() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "tomorrow?").await;
    world.reply();
    let studio = "[hours.studio]\nweek = { mon-fri = \"10:00-17:00\" }\n\n[channel.work]";
    let studio = OFFICE
        .replace("[channel.work]", studio)
        .replace("kind = \"whatsapp\"", "kind = \"whatsapp\"\nhours = \"studio\"");
    world.reload(&studio).await;
    world.at("2026-11-20 09:59").await;
    world.quiet();
    world.at("2026-11-20 10:00").await;
    assert!(world.notice().message.contains("tomorrow?"));
}

#[tokio::test]
async fn who_waits_is_told_of_the_opening_once_and_only_where_nobody_has_answered() {
    let config = OFFICE.to_owned() + "\n[conversation]\nfollow_up = true\n";
    let mut world = World::open("2026-11-19 20:00", &config).await;
    for person in [BEN, ANA, MAX] {
        world.says(person, "are you there?").await;
        assert_eq!(world.reply().to, person);
    }
    // the opening moves, and the follow-up with it
    let later = config.replace("mon-fri = \"08:00", "mon-fri = \"09:30");
    world.reload(&later).await;
    world.at("2026-11-20 09:30").await;
    world.notice();
    world.at("2026-11-20 09:35").await;
    world.owner_writes(ANA).await;
    let max = world
        .app()
        .store()
        .promises(chrono::DateTime::UNIX_EPOCH, chrono::DateTime::<chrono::Utc>::MAX_UTC, 9)
        .await
        .expect("a store");
    let max = max.iter().find(|promise| promise.message.message.readable_address().ends_with("0123")).expect("Max's");
    assert!(world.app().store().keep_promise(max.message.id, Vec::new()).await.expect("a store"));
    world.at("2026-11-20 09:44").await;
    world.quiet();
    world.restart().await;
    world.at("2026-11-20 09:45").await;
    let told = world.reply();
    assert_eq!(told.to, BEN);
    assert!(told.text.contains("we are open now"), "{told:?}");
    world.at("2026-11-20 16:59").await;
    world.quiet();
    // after the weekend the provider's window is closed
    world.at("2026-11-21 13:00").await;
    world.says(MAX, "and now?").await;
    world.reply();
    world.at("2026-11-23 12:00").await;
    world.notice();
    world.quiet();
}

#[tokio::test]
async fn what_a_machine_answered_is_told_to_the_owner_as_ever() {
    let mut world = World::open("2026-11-19 19:30", OFFICE).await;
    world.says(BEN, "the pipe burst").await;
    world.reply();
    world.at("2026-11-19 19:30:02.000").await;
    world.owner_writes(BEN).await;
    assert!(world.notice().message.contains("Something else answers"));
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("the pipe burst"), "no person has read it");
}

#[tokio::test]
async fn an_owner_who_answers_just_when_the_next_message_comes_is_no_machine() {
    let mut world = World::open("2026-11-19 19:30", OFFICE).await;
    world.says(BEN, "are you there?").await;
    world.reply();
    world.at("2026-11-19 19:30:40.000").await;
    world.says(BEN, "it is about the roof").await;
    world.at("2026-11-19 19:30:42.000").await;
    world.owner_writes(BEN).await;
    world.says(MAX, "hello").await;
    assert_eq!(world.reply().to, MAX);
}

#[tokio::test]
async fn who_writes_in_bursts_is_no_machine() {
    let mut world = World::open("2026-11-23 19:00", OFFICE).await;
    for (day, second) in
        [("2026-11-23", "about the roof"), ("2026-11-24", "and the door"), ("2026-11-25", "and the floor")]
    {
        world.at(&format!("{day} 20:00")).await;
        while world.any_notice().is_some() {}
        world.says(BEN, "Hello").await;
        assert_eq!(world.reply().to, BEN, "{day}");
        world.at(&format!("{day} 20:00:06.000")).await;
        world.says(BEN, second).await;
    }
}

#[tokio::test]
async fn a_reply_that_would_come_right_before_the_opening_is_not_sent() {
    let config = OFFICE.to_owned() + "\n[conversation]\nreply_delay = \"30s\"\n";
    let mut world = World::open("2026-11-20 07:54:50.000", &config).await;
    world.says(BEN, "are you open soon?").await;
    world.at("2026-11-20 07:59").await;
    world.quiet();
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("soon"));
}

#[tokio::test]
async fn start_takes_stop_back_whichever_address_it_comes_from() {
    let two = OFFICE.replace("address = \"+504 9999-0003\"", "address = [\"+504 9999-0003\", \"+504 9999-0004\"]");
    let mut world = World::open("2026-11-19 20:00", &two).await;
    world.says(BEN, "STOP").await;
    world.quiet();
    world.says("50499990004", "START").await;
    assert_eq!(world.reply().to, "50499990004");
    world.at("2026-11-20 20:00").await;
    world.notice();
    world.says(BEN, "good evening").await;
    assert_eq!(world.reply().to, BEN);
}

#[tokio::test]
async fn a_follow_up_that_is_given_up_is_told_as_what_it_is() {
    let mut world =
        World::open("2026-11-19 20:00", &(OFFICE.to_owned() + "\n[conversation]\nfollow_up = true\n")).await;
    world.says(BEN, "are you there?").await;
    world.reply();
    world.at("2026-11-20 08:00").await;
    world.notice();
    world.graph_answers(400);
    world.at("2026-11-20 08:15").await;
    let alert = world.notice();
    assert!(alert.message.starts_with("A follow-up on channel work was given up: "), "{alert:?}");
}

#[tokio::test]
async fn a_follow_up_that_is_due_together_with_its_digest_goes_out() {
    let config = OFFICE.to_owned() + "\n[conversation]\nfollow_up = true\n";
    let mut world = World::open("2026-11-19 20:00", &config).await;
    world.says(BEN, "are you there?").await;
    world.reply();
    world.down_until("2026-11-20 08:20").await;
    assert!(world.notice().message.contains("are you there?"));
    let follow_up = world.reply();
    assert!(follow_up.to == BEN && follow_up.text.contains("we are open now"), "{follow_up:?}");
    world.quiet();
}
