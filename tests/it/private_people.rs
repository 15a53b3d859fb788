//! `personal` senders on a business line: by default nothing is said, with `[personal] pass = true` the owner is told at
//! once; either way the files of the store hold nothing of them.
#![expect(clippy::expect_used, reason = "a test may")]

use std::sync::Arc;

use afterhours::clients::Standing;
use afterhours::hours::{Span, State, Why};
use afterhours::message::{Address, Audience, Automatic, Inbound, Kind, Nature, Personal};
use afterhours::outbound::Reason;
use afterhours::store::{JobKind, Look, Outcome, Store};
use afterhours::verdict::{Facts, Notify, Ours, Policy, Recalled, Rule, When, decide};
use chrono::{DateTime, Utc};

use crate::store_contract::world::{self as store, Home, Sqlite};
use crate::world::{OFFICE, World, message};

const MUM: &str = "50499990002";
const BEN: &str = "50499990003";
const WORDS: &str = "la cena es a las ocho en punto";
const NAME: &str = "Mercedes Quiñónez";

fn passing() -> String {
    format!("{OFFICE}\n[personal]\npass = true\n")
}

/// Mum writes; the status that the provider is answered.
async fn mum_says(world: &mut World, id: &str, words: &str, sent_at: &str) -> u16 {
    let sent_at: DateTime<Utc> = sent_at.parse().expect("a time");
    let body = message(id, MUM, words, sent_at).replace("\"Pat\"", &format!("\"{NAME}\""));
    world.post(&body).await
}

/// What of a personal message is in the files of the store, by file.
async fn traces(world: &World) -> Vec<String> {
    // the log is emptied before the next command
    world.app().store().ping().await.expect("a store");
    found_in(world.dir(), &[WORDS.as_bytes(), NAME.as_bytes(), MUM.as_bytes()])
}

/// The files of the store in a folder that hold one of these.
fn found_in(folder: &std::path::Path, needles: &[&[u8]]) -> Vec<String> {
    let mut found = Vec::new();
    let mut files = 0;
    for file in std::fs::read_dir(folder).expect("a folder") {
        let path = file.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !name.contains(".db") {
            continue;
        }
        files += 1;
        let bytes = std::fs::read(&path).expect("a file");
        let holds = |needle: &&[u8]| bytes.windows(needle.len()).any(|window| window == *needle);
        found.extend(needles.iter().filter(|needle| holds(needle)).map(|needle| {
            let needle = String::from_utf8_lossy(needle);
            format!("{name}: {needle}")
        }));
    }
    assert!(files >= 2, "the database and its log are there: {files}");
    found
}

#[tokio::test]
async fn by_default_nothing_is_kept_and_nothing_is_said() {
    let mut world = World::open("2026-11-19 20:00", OFFICE).await;
    assert_eq!(mum_says(&mut world, "m1", WORDS, "2026-11-20T02:00:00Z").await, 200);
    world.quiet();
    world.at("2026-11-20 10:00").await;
    mum_says(&mut world, "m2", WORDS, "2026-11-20T16:00:00Z").await;
    world.quiet();
    assert_eq!(traces(&world).await, [""; 0]);
    assert_eq!(world.app().store().counts().await.expect("a store").messages, 0);
}

#[tokio::test]
async fn passed_on_it_comes_at_any_hour_and_leaves_nothing_behind() {
    for (at, sent_at) in [
        ("2026-11-19 10:00", "2026-11-19T16:00:00Z"),
        ("2026-11-20 03:00", "2026-11-20T09:00:00Z"),
        ("2026-12-25 12:00", "2026-12-25T18:00:00Z"),
    ] {
        let mut world = World::open(at, &passing()).await;
        assert_eq!(mum_says(&mut world, "m1", WORDS, sent_at).await, 200);
        let notice = world.notice();
        // the name is that of the client list
        assert!(notice.title.contains("Mum") && notice.message.contains(WORDS), "{at}: {notice:?}");
        world.quiet();
        assert_eq!(traces(&world).await, [""; 0], "{at}");
        let counts = world.app().store().counts().await.expect("a store");
        assert_eq!((counts.messages, counts.held, counts.waiting, counts.dead), (0, 0, 0, 0), "{at}");
        assert!(world.app().held().await.expect("a store").is_empty());
        // the next opening has nothing to tell either
        world.at("2026-12-28 09:00").await;
    }
}

#[tokio::test]
async fn away_holds_nothing_of_it_and_answers_nothing() {
    let mut world = World::open("2026-11-19 10:00", &passing()).await;
    world.app().away("2026-11-23T08:00:00-06:00".parse().expect("a time"), None).await.expect("a store");
    mum_says(&mut world, "m1", WORDS, "2026-11-19T16:00:00Z").await;
    assert!(world.notice().message.contains(WORDS));
    world.at("2026-11-23 09:00").await;
}

#[tokio::test]
async fn a_repeated_webhook_tells_nothing_again_even_after_a_restart() {
    let mut world = World::open("2026-11-19 20:00", &passing()).await;
    mum_says(&mut world, "m1", WORDS, "2026-11-20T02:00:00Z").await;
    assert!(world.notice().message.contains(WORDS));
    assert_eq!(mum_says(&mut world, "m1", WORDS, "2026-11-20T02:00:00Z").await, 200);
    world.restart().await;
    assert_eq!(mum_says(&mut world, "m1", WORDS, "2026-11-20T02:00:00Z").await, 200);
    world.quiet();
    assert_eq!(traces(&world).await, [""; 0]);
    // what comes next has a number of its own: the key of a notice is never another's
    mum_says(&mut world, "m2", WORDS, "2026-11-20T02:00:00Z").await;
    assert!(world.notice().message.contains(WORDS));
}

#[tokio::test]
async fn it_waits_for_a_sink_across_a_restart_and_is_deleted_when_it_is_delivered() {
    let mut world = World::open("2026-11-19 20:00", &passing()).await;
    world.ntfy_answers(503);
    mum_says(&mut world, "m1", WORDS, "2026-11-20T02:00:00Z").await;
    assert!(!traces(&world).await.is_empty(), "it is kept, unsealed so far, until it is delivered");
    assert!(world.app().held().await.expect("a store").is_empty());
    world.restart().await;
    world.ntfy_answers(200);
    world.at("2026-11-19 21:00").await;
    assert!(world.notice().message.contains(WORDS));
    // the sink's trouble may have been told meanwhile
    while world.any_notice().is_some() {}
    assert_eq!(traces(&world).await, [""; 0]);
}

#[tokio::test]
async fn given_up_it_is_deleted_and_counted_and_the_owner_is_told_of_nobody() {
    let mut world = World::open("2026-11-19 20:00", &passing()).await;
    world.ntfy_answers(404);
    mum_says(&mut world, "m1", WORDS, "2026-11-20T02:00:00Z").await;
    world.at("2026-11-27 20:00").await;
    assert_eq!(traces(&world).await, [""; 0]);
    let counts = world.app().store().counts().await.expect("a store");
    // the alert about it could not be delivered either
    assert_eq!((counts.messages, counts.dead), (0, 1));
    let metrics = world.app().metrics().encode(&counts);
    assert!(metrics.contains("outcome=\"dropped\"} 1"), "{metrics}");
    assert!(world.app().held().await.expect("a store").is_empty());
    assert_eq!(world.app().release().await.expect("a store"), 0, "there is nothing to try anew");
}

#[tokio::test]
async fn a_sink_that_is_down_for_long_is_not_waited_for() {
    let mut world = World::open("2026-11-19 20:00", &passing()).await;
    world.ntfy_answers(401);
    mum_says(&mut world, "m1", WORDS, "2026-11-20T02:00:00Z").await;
    world.says(BEN, "and I").await;
    world.reply();
    world.at("2026-11-22 19:00").await;
    assert!(!traces(&world).await.is_empty());
    world.at("2026-11-22 20:05").await;
    assert_eq!(traces(&world).await, [""; 0]);
    world.ntfy_answers(200);
    world.at("2026-11-23 08:00").await;
    // the client's message waits for ever; of the other, the owner learns that there was one
    let notices: Vec<_> = std::iter::from_fn(|| world.any_notice()).collect();
    assert!(notices.iter().any(|notice| notice.message.contains("and I")), "{notices:?}");
    let of_personal: Vec<_> = notices.iter().filter(|notice| notice.message.contains("personal")).collect();
    assert_eq!(of_personal.len(), 1, "{notices:?}");
    assert!(!of_personal[0].message.contains("Mum"), "{of_personal:?}");
}

#[tokio::test]
async fn nothing_is_remembered_of_who_wrote() {
    let mut world = World::open("2026-11-19 20:00", &passing()).await;
    mum_says(&mut world, "m1", "STOP", "2026-11-20T02:00:00Z").await;
    world.notice();
    world.owner_writes(MUM).await;
    let look = Look {
        person: vec![Address::phone(MUM).expect("a number")],
        channel: "work".into(),
        line: "default".into(),
        closed_since: None,
        now: "2026-11-20T02:00:00Z".parse().expect("a time"),
    };
    let recalled = world.app().store().recall(look).await.expect("a store");
    assert!(recalled.first_contact && !recalled.opted_out, "{recalled:?}");
    assert_eq!((recalled.owner_wrote_at, recalled.quick_answers), (None, 0));
}

#[tokio::test]
async fn a_private_line_is_traceless_whatever_the_setting_says() {
    let private = format!("{}\n[channel.work.line.106540352242922]\nprivate = true\n", passing());
    let mut world = World::open("2026-11-19 10:00", &private).await;
    assert_eq!(mum_says(&mut world, "m1", WORDS, "2026-11-19T16:00:00Z").await, 200);
    world.says(BEN, "and I").await;
    world.quiet();
    assert_eq!(traces(&world).await, [""; 0]);
    assert_eq!(world.app().store().counts().await.expect("a store").messages, 0);
}

#[tokio::test]
async fn what_no_words_say_is_passed_on_as_little_as_ever() {
    let mut world = World::open("2026-11-19 20:00", &passing()).await;
    let reaction = message("m1", MUM, WORDS, "2026-11-20T02:00:00Z".parse().expect("a time"))
        .replace("\"type\":\"text\"", "\"type\":\"reaction\"")
        .replace("\"text\":{\"body\"", "\"reaction\":{\"message_id\":\"wamid.0\",\"emoji\"");
    assert!(reaction.contains("\"reaction\":{"));
    assert_eq!(world.post(&reaction).await, 200);
    world.quiet();
}

#[test]
fn what_a_personal_sender_gets_is_nothing_or_a_notice_at_once() {
    type Change = fn(&mut Inbound, &mut Facts<'_>);
    let closed =
        State { span: Span::Closed { since: store::at(0), opens: Some(store::at(600)) }, why: Why::Hours, label: None };
    let open = State { span: Span::Open { closes: Some(store::at(600)) }, ..closed.clone() };
    let cases: &[(&str, Change)] = &[
        ("now / passed on and not kept", |_, _| {}),
        ("now / passed on and not kept", |message, _| message.text = Personal::new("STOP")),
        ("now / passed on and not kept", |message, _| message.nature = Nature::Edit),
        ("now / passed on and not kept", |message, _| message.kind = Kind::Call),
        ("now / passed on and not kept", |message, _| message.audience = Audience::Group),
        ("now / passed on and not kept", |_, facts| facts.line_listed = false),
        ("never / private line", |_, facts| facts.line_private = true),
        ("never / a reaction", |message, _| message.nature = Nature::Reaction),
        ("never / our own message", |message, _| message.nature = Nature::Own),
        ("never / old messages handed over in bulk", |message, _| message.automatic = Some(Automatic::History)),
        ("never / blocked", |_, facts| facts.standing = Standing::Blocked),
    ];
    let recalled = Recalled::default();
    for state in [&closed, &open] {
        for (expected, change) in cases {
            let candidate = store::says("m1", 1, 1);
            let mut message = candidate.message;
            let mut facts = Facts {
                channel: "work",
                line: "default",
                line_listed: true,
                line_private: false,
                standing: Standing::Personal,
                labels: &[],
                state,
                away_reply: None,
                holiday_text: false,
                breaker_open: false,
                can_reply: true,
                reply_window: None,
                recalled: &recalled,
                ours: Ours::NONE,
            };
            change(&mut message, &mut facts);
            // no rule of the config is asked
            let rules = vec![Rule {
                name: "all".into(),
                when: When::default(),
                reply: Some(Some("closed".into())),
                notify: Some(Notify::Hold),
            }];
            let pass = Policy { pass_personal: true, rules, ..Policy::default() };
            let verdict = decide(&message, &facts, &pass, store::at(1));
            let last = verdict.because.last().map(ToString::to_string).unwrap_or_default();
            assert_eq!(format!("{} / {last}", verdict.notify.name()), *expected);
            assert_eq!((verdict.reply, verdict.rang_through, verdict.opt_out), (None, false, None), "{expected}");
            // without the setting it is as if nobody had written
            let verdict = decide(&message, &facts, &Policy::default(), store::at(1));
            assert_eq!(verdict.notify, Notify::Never, "{expected}");
        }
    }
}

/// Of many messages between others, long ones as well, nothing is left in any page of the file.
#[tokio::test]
async fn no_page_of_the_file_keeps_what_was_passed_on() {
    let home = Sqlite::new();
    let database = home.open();
    let passed = store::by(|candidate, _| {
        let mut decision = store::open_hours().decide(candidate, &Recalled::default());
        decision.keep = candidate.message.name.as_str() != NAME;
        decision
    });
    for number in 0..302_u32 {
        let mut candidate = store::says(&format!("m{number}"), number % 7, 1);
        let words = if number % 3 == 0 { WORDS } else { "words of a client" };
        // up to some pages each
        let length = usize::try_from(number).expect("small") % 23;
        candidate.message.text = Personal::new(words.repeat(1 + length * length));
        if number % 3 == 0 {
            candidate.message.name = Personal::new(NAME);
        }
        assert!(store::is_decided(&store::admit(&database, candidate, &passed).await));
        if number % 11 == 0 {
            // some are settled at once, the others when more has come
            settle_all(&database, number % 2 == 0).await;
        }
    }
    assert!(!found_in(home.directory.path(), &[WORDS.as_bytes()]).is_empty(), "some wait");
    settle_all(&database, false).await;
    database.forget(store::at(2), store::at(2)).await.expect("forgets");
    database.ping().await.expect("a store");
    let left = found_in(home.directory.path(), &[WORDS.as_bytes(), NAME.as_bytes()]);
    assert_eq!(left, [""; 0]);
}

/// Delivers, or gives up, what is due; with `some` every other.
async fn settle_all(database: &Arc<dyn Store>, some: bool) {
    let jobs = store::claim(database, 2).await;
    let (now, later): (Vec<_>, Vec<_>) = store::ids(&jobs).into_iter().partition(|id| !some || id / 1024 % 2 == 0);
    let even = now.len().is_multiple_of(2);
    let outcome = if even { Outcome::Done(None) } else { Outcome::Dead(Reason::Timeout) };
    database.settle(now, outcome, store::at(2)).await.expect("settles");
    database.settle(later, Outcome::Later(store::at(2)), store::at(2)).await.expect("settles");
}

/// With several sinks it stays until the last of them has it.
#[tokio::test]
async fn it_stays_until_every_sink_has_it() {
    let home = Sqlite::new();
    let database = home.open();
    let passed = store::by(|candidate, _| {
        let mut decision = store::open_hours().decide(candidate, &Recalled::default());
        decision.jobs.push(store::job(JobKind::Now, "desk", Some(candidate.received_at)));
        decision.keep = false;
        decision
    });
    for (first, second) in
        [(Outcome::Done(None), Outcome::Done(None)), (Outcome::Dead(Reason::Timeout), Outcome::Done(None))]
    {
        store::admit(&database, store::says("", 1, 1), &passed).await;
        let jobs = store::ids(&store::claim(&database, 2).await);
        assert_eq!(jobs.len(), 2);
        database.settle(vec![jobs[0]], first, store::at(2)).await.expect("settles");
        let counts = database.counts().await.expect("counts");
        assert_eq!((counts.messages, counts.waiting, counts.dead), (1, 1, 0));
        assert!(database.held(9).await.expect("lists").is_empty());
        assert!(database.message(jobs[0] / 1024).await.expect("looks").is_none());
        database.settle(vec![jobs[1]], second, store::at(2)).await.expect("settles");
        let counts = database.counts().await.expect("counts");
        assert_eq!((counts.messages, counts.waiting, counts.dead), (0, 0, 0));
    }
}
