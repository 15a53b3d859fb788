//! What the client gets: once, of a person, and not of a machine that talks to itself.

use std::sync::Arc;

use afterhours::channel::Delivery;
use afterhours::verdict::Reason;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{ANA, BEN, MAX, brings, engine, notices, pass};
use crate::manners::{at, replies, says};
use crate::provider::fixtures;
use crate::world::{OFFICE, World, message, signature};

#[tokio::test]
async fn closing_time_in_mid_conversation_brings_no_notice() {
    let mut world = World::open("2026-11-19 16:50", OFFICE).await;
    world.says(BEN, "is it the blue one?").await;
    world.notice();
    world.at("2026-11-19 16:51").await;
    world.owner_writes(BEN).await;
    world.at("2026-11-19 17:01").await;
    world.says(BEN, "and the price?").await;
    world.at("2026-11-19 17:20").await;
    world.says(BEN, "never mind, I have it").await;
    world.quiet();
    // the conversation is over by now
    world.at("2026-11-19 17:21").await;
    world.says(BEN, "one more thing").await;
    assert_eq!(world.reply().to, BEN);
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert!(digest.message.contains("the price") && digest.message.contains("never mind"), "{digest:?}");
}

/// A provider that is not answered in time sends again while the first is still being written.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_once_from_all_sides_there_is_one_reply_and_one_line_of_the_digest() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    let now = world.app().clock().now();
    let mut on_the_way = tokio::task::JoinSet::new();
    for number in 0..48 {
        // three messages, each sixteen times
        let body = message(&format!("wamid.{}", number % 3), BEN, &format!("<{}>", number % 3), now);
        let mut headers = http::HeaderMap::new();
        headers.insert("x-hub-signature-256", signature(&body).parse().expect("a header"));
        let app = Arc::clone(world.app());
        on_the_way.spawn(async move {
            let delivery = Delivery { headers, query: String::new(), body: body.into() };
            app.receive("work", &delivery).await.status
        });
    }
    while let Some(status) = on_the_way.join_next().await {
        assert_eq!(status.expect("no panic"), 200);
    }
    world.at("2026-11-19 20:01").await;
    assert_eq!(world.reply().to, BEN);
    world.quiet();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    for number in 0..3 {
        assert_eq!(digest.message.matches(&format!("<{number}>")).count(), 1, "{digest:?}");
    }
}

/// A phone that hands on the same SMS twice makes up a new id each time.
#[tokio::test]
async fn the_same_message_under_a_new_id_gets_no_second_reply_and_rings_once() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says_as("wamid.1", BEN, "are you open?").await;
    world.says_as("wamid.2", BEN, "are you open?").await;
    assert_eq!(world.reply().to, BEN);
    world.says_as("wamid.3", ANA, "urgente: agua").await;
    world.says_as("wamid.4", ANA, "urgente: agua").await;
    assert_eq!(world.reply().to, ANA);
    assert!(world.notice().message.contains("agua"));
    world.restart().await;
    world.at("2026-11-19 20:01").await;
    world.says_as("wamid.5", BEN, "are you open?").await;
    world.quiet();
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("are you open?"));
}

#[tokio::test]
async fn nobody_gets_more_than_three_automatic_replies_a_day() {
    let mut world = World::open("2026-11-19 08:30", OFFICE).await;
    for hour in [9, 10, 11, 13, 14] {
        world.at(&format!("2026-11-19 {hour:02}:00")).await;
        let until = format!("2026-11-19T{hour:02}:20:00-06:00").parse().expect("a time");
        world.app().away(until, None).await.expect("a store");
        world.at(&format!("2026-11-19 {hour:02}:05")).await;
        world.says(BEN, &format!("at {hour}")).await;
        if hour < 13 {
            assert_eq!(world.reply().to, BEN, "another closed period");
        }
        world.quiet();
        world.at(&format!("2026-11-19 {hour:02}:20")).await;
        assert!(world.notice().message.contains(&format!("at {hour}")), "told as ever");
    }
    // a day after the first
    world.at("2026-11-20 12:30").await;
    world.says(BEN, "the next day").await;
    assert_eq!(world.reply().to, BEN);
    world.at("2026-11-20 13:00").await;
    world.notice();
}

#[tokio::test]
async fn once_a_day_is_a_setting() {
    let once = OFFICE.to_owned() + "\n[limits]\nreplies_per_person_per_day = 1\n";
    let mut world = World::open("2026-11-18 12:30", &once).await;
    world.says(BEN, "lunch?").await;
    assert_eq!(world.reply().to, BEN);
    world.at("2026-11-18 20:00").await;
    world.notice();
    world.says(BEN, "and now?").await;
    world.quiet();
    world.at("2026-11-19 12:30").await;
    assert!(world.notice().message.contains("and now?"));
    world.says(BEN, "lunch again?").await;
    assert_eq!(world.reply().to, BEN);
    world.at("2026-11-19 13:00").await;
    world.notice();
}

#[tokio::test]
async fn all_lines_together_send_no_more_than_a_hundred_replies_an_hour() {
    let front = |number: u8| {
        format!(
            "[channel.front{number}]\nkind = \"webhook\"\nsecret = \"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"\nreply_url = \"http://127.0.0.1:9/r\"\n\n"
        )
    };
    let fronts: String = (0..5).map(front).collect();
    let start = at("2026-11-19T20:00:00-06:00");
    let engine = engine(&OFFICE.replacen("[[client]]", &(fronts + "[[client]]"), 1), "2026-11-19T20:00:00-06:00").await;
    let mut happened = Vec::new();
    for number in 0..150_i64 {
        let now = start + TimeDelta::seconds(number);
        happened.extend(pass(&engine, now).await);
        let message = says(&format!("m{number}"), &format!("+1415555{number:04}"), "hello", now);
        brings(&engine, &format!("front{}", number % 5), message).await;
    }
    happened.extend(pass(&engine, start + TimeDelta::minutes(59)).await);
    assert_eq!(replies(&happened).len(), 100);
    let told: Vec<_> = notices(&happened).iter().map(|(_, _, words)| *words).collect();
    assert!(told.iter().all(|words| words.contains("No more automatic replies this hour")), "{told:?}");
    assert!((1..=5).contains(&told.len()), "once for each channel: {told:?}");
    // an hour later it goes on
    let now = start + TimeDelta::minutes(62);
    pass(&engine, now).await;
    assert_eq!(brings(&engine, "front0", says("m999", MAX, "hello", now)).await.reply.as_deref(), Some("closed"));
}

/// The real webhooks of what nobody writes to be answered, as if they came just now.
#[tokio::test]
async fn what_is_no_message_to_answer_gets_no_answer() {
    let fresh = |name: &str, now: DateTime<Utc>| {
        let raw =
            std::fs::read_to_string(fixtures("channel/whatsapp").join(format!("{name}.http"))).expect("a fixture");
        let (_, body) =
            raw.replace("\r\n", "\n").split_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned())).expect("a body");
        let mut body: Value = serde_json::from_str(&body).expect("JSON");
        set_times(&mut body, &now.timestamp().to_string());
        body.to_string()
    };
    for name in [
        "group",
        "reaction",
        "reaction_taken_back",
        "revoke",
        "edit",
        "echo",
        "own_number",
        "history",
        "standby_flat",
        "standby_nested",
        "system_number_changed",
        "status_sent",
        "status_played",
        "status_failed_131047",
        "status_unheard_of",
        "call_taken",
        "call_of_ours",
        "errors_only",
        "account_update",
        "unsupported_131051_edit",
        "unsupported_131051_reaction",
        "unsupported_131051_pin",
    ] {
        let mut world = World::open("2026-11-19 20:00", OFFICE).await;
        let body = fresh(name, world.app().clock().now());
        assert_eq!(world.post(&body).await, 200, "{name}");
        world.at("2026-11-19 21:00").await;
        world.quiet();
        world.at("2026-11-20 08:00").await;
        while world.any_notice().is_some() {}
        assert_eq!(world.tries(), 0, "{name}");
    }
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    let body = fresh("text", world.app().clock().now());
    world.post(&body).await;
    world.reply();
}

/// Every time of a webhook becomes this one.
fn set_times(value: &mut Value, time: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| set_times(item, time)),
        Value::Object(members) => {
            for (name, member) in members {
                if name == "timestamp" {
                    *member = time.into();
                } else {
                    set_times(member, time);
                }
            }
        }
        _ => {}
    }
}

/// Another service of the same make, or a client's machine that quotes: the marker is our own text, of the config or built in.
#[tokio::test]
async fn our_own_words_from_somebody_else_are_not_answered() {
    let own = OFFICE.to_owned()
        + "\n[reply.vacation]\nen = \"The surgery of Dr Reyes is at the sea, {{ client.first_name }}, and reads your message {{ opens }}.\"\n";
    let now = at("2026-11-19T20:00:00-06:00");
    let engine = engine(&own, "2026-11-19T20:00:00-06:00").await;
    brings(&engine, "work", says("m1", MAX, "are you open?", now)).await;
    let said = replies(&pass(&engine, now).await).remove(0).1;
    for (number, text) in [
        &*said,
        &format!("> {said}\n\nSent from my phone"),
        "The surgery of Dr Reyes is at the sea, Bob, and reads your message Tuesday at 9:00.",
    ]
    .into_iter()
    .enumerate()
    {
        let verdict =
            brings(&engine, "work", says(&format!("n{number}"), &format!("+1415555020{number}"), text, now)).await;
        assert_eq!((verdict.reply, verdict.because.last()), (None, Some(&Reason::NearCopy)), "{text}");
    }
}

#[tokio::test]
async fn the_rules_of_the_readme_say_who_is_answered() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README");
    let questions = readme.split("\n## ").find(|part| part.starts_with("Questions")).expect("the section");
    let rule = questions.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a rule");
    let now = "2026-11-19T20:00:00-06:00";
    for (text, stranger) in
        [(OFFICE.to_owned(), true), (OFFICE.replace("[sink.phone]", &format!("{rule}\n[sink.phone]")), false)]
    {
        let engine = engine(&text, now).await;
        assert_eq!(brings(&engine, "work", says("m1", BEN, "hello", at(now))).await.reply.as_deref(), Some("closed"));
        let verdict = brings(&engine, "work", says("m2", MAX, "hello", at(now))).await;
        assert_eq!(verdict.reply.is_some(), stranger, "{verdict:?}");
        let told = pass(&engine, at("2026-11-20T08:00:00-06:00")).await;
        assert!(notices(&told)[0].2.contains("4155550123"), "the owner is told all the same: {told:?}");
    }
}

/// Whoever gets hold of a copy of the file gets no key to anything with it.
#[tokio::test]
async fn the_store_holds_no_secret_of_the_config() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    world.says(BEN, "hello").await;
    world.reply();
    world.at("2026-11-20 08:00").await;
    world.notice();
    world.restart().await;
    let mut bytes = 0;
    for file in std::fs::read_dir(world.dir()).expect("a folder") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            continue;
        }
        let content = std::fs::read(&path).expect("a file");
        bytes += content.len();
        for secret in ["the-app-secret", "the-verify-token", "the-access-token", "the-topic"] {
            let found = content.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in {}", path.display());
        }
    }
    assert!(bytes > 10_000, "{bytes} bytes were looked at");
}
