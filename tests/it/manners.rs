//! What no known way of annoying survives: bursts, two machines, and thousands of random evenings, through the real engine.
#![expect(clippy::expect_used, reason = "a test may")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use afterhours::channel::KINDS;
use afterhours::config::{self, Config, Environment};
use afterhours::message::{Address, Audience, Automatic, Event, Inbound, Kind, Nature, Personal};
use afterhours::outbox::Happened;
use afterhours::rehearsal::Rehearsal;
use afterhours::store::{Admitted, Entry, JobKind};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};

use crate::world::OFFICE;

/// A config of this text; its addresses lead nowhere.
pub fn config(text: &str) -> Config {
    let text = text
        .replace("{dir}", "/nowhere")
        .replace("{graph}", "http://127.0.0.1:9")
        .replace("{ntfy}", "http://127.0.0.1:9");
    let today = "2026-11-01".parse().expect("a date");
    match config::read("manners.toml", text, false, today, Environment::of([])) {
        Ok(loaded) => loaded.config,
        Err(report) => panic!("{report:#?}"),
    }
}

/// A channel of every kind, two sinks.
static CONFIG: LazyLock<Arc<Config>> = LazyLock::new(|| everything(""));

/// The same, where people are told that it is open, and that it opens later.
static TELLING: LazyLock<Arc<Config>> =
    LazyLock::new(|| everything("\n[conversation]\nfollow_up = true\ncorrect = true\n"));

fn everything(more: &str) -> Arc<Config> {
    let front = "[channel.front]\nkind = \"webhook\"\nsecret = \"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"\nreply_url = \"http://127.0.0.1:9/r\"\n\n[[client]]";
    let desk = "[sink.desk]\nkind = \"ntfy\"\nurl = \"{ntfy}\"\ntopic = \"the-topic\"\n\n[notify]";
    let phones = "[channel.phone]\nkind = \"android-sms\"\nsigning_key = \"0123456789abcdef0123456789abcdef\"\nurl = \"http://127.0.0.1:9\"\nusername = \"sms\"\npassword = \"p\"\n\n[channel.telephone]\nkind = \"twilio\"\naccount_sid = \"AC00000000000000000000000000000001\"\nauth_token = \"0123456789abcdef0123456789abcdef\"\n\n[channel.chat]\nkind = \"telegram\"\nbot_token = \"123456:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc\"\nsecret_token = \"a-long-secret-word\"\n\n[[client]]";
    let text = OFFICE
        .replacen("[[client]]", front, 1)
        .replacen("[[client]]", phones, 1)
        .replacen("[store]", "[listen]\npublic_url = \"https://hooks.example.org\"\n\n[store]", 1)
        .replace("[notify]", desk)
        .replace("[\"phone\"]", "[\"phone\", \"desk\"]");
    Rehearsal::silenced(config(&(text + more)))
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse::<DateTime<chrono::FixedOffset>>().expect("a time").to_utc()
}

/// A text message that was sent just now.
pub fn says(id: &str, from: &str, text: &str, now: DateTime<Utc>) -> Inbound {
    Inbound {
        id: Personal::new(id),
        from: vec![Address::phone(from).expect("a number")],
        text: Personal::new(text),
        sent_at: Some(now),
        ..Inbound::default()
    }
}

/// Whom replies went to, and what they said.
pub fn replies(happened: &[(DateTime<Utc>, Happened)]) -> Vec<(String, String)> {
    let reply = |one: &(DateTime<Utc>, Happened)| match &one.1 {
        Happened::Reply { to, text, .. } => Some((to.as_str().to_owned(), text.as_str().to_owned())),
        _ => None,
    };
    happened.iter().filter_map(reply).collect()
}

#[tokio::test]
async fn a_burst_gets_the_capped_number_of_replies_and_one_digest_with_all_of_it() {
    let start = at("2026-11-19T20:00:00-06:00");
    let engine = Rehearsal::start(Rehearsal::silenced(config(OFFICE)), start).await.expect("an engine");
    let mut happened = Vec::new();
    for number in 0..1000_i64 {
        let now = start + TimeDelta::milliseconds(number * 60);
        happened.extend(engine.pass(now).await.expect("a store"));
        let from = format!("+1415555{:04}", number % 200);
        let message = says(&format!("m{number}"), &from, &format!("burst {number};"), now);
        engine.bring("work", vec![Event::Message(message)]).await.expect("a store");
    }
    happened.extend(engine.pass(at("2026-11-20T08:00:00-06:00")).await.expect("a store"));
    let replies = replies(&happened);
    assert_eq!(replies.len(), 30, "replies_per_line_per_hour");
    let people: BTreeSet<_> = replies.iter().map(|(to, _)| to).collect();
    assert_eq!(people.len(), 30, "nobody twice");
    let digests: Vec<_> = happened
        .iter()
        .filter_map(|(_, one)| match one {
            Happened::Notice { notice, .. } if notice.messages > 0 => Some(notice),
            _ => None,
        })
        .collect();
    assert_eq!(digests.len(), 1);
    assert_eq!(digests[0].messages, 1000);
    assert!(digests[0].title.as_str().contains("1000 messages from 200 people"), "{:?}", digests[0].title.as_str());
}

/// What the service sends when these texts reach it.
async fn answers(
    service: &Rehearsal,
    channel: &str,
    id: &str,
    from: &str,
    texts: Vec<String>,
    now: DateTime<Utc>,
) -> Vec<String> {
    service.pass(now).await.expect("a store");
    for text in texts {
        service.bring(channel, vec![Event::Message(says(id, from, &text, now))]).await.expect("a store");
    }
    replies(&service.pass(now).await.expect("a store")).into_iter().map(|(_, text)| text).collect()
}

#[tokio::test]
async fn two_services_that_are_wired_to_each_other_stop_after_one_exchange() {
    let start = at("2026-11-19T20:00:00-06:00");
    let (ours, theirs) = ("+50422220000", "+50422229999");
    let wired: BTreeSet<_> = CONFIG.channels.values().map(|settings| settings.channel.kind()).collect();
    assert_eq!(wired, KINDS.iter().map(|kind| kind.name).collect(), "every kind of channel");
    for channel in CONFIG.channels.keys() {
        let one = Rehearsal::start(Arc::clone(&CONFIG), start).await.expect("an engine");
        let other = Rehearsal::start(Arc::clone(&CONFIG), start).await.expect("an engine");
        let mut sent = 0;
        // it begins with a text that no machine wrote
        let mut to_one = vec!["are you open?".to_owned()];
        for round in 0..40_i64 {
            let now = start + TimeDelta::seconds(2 * round);
            let to_other = answers(&one, channel, &format!("a{round}"), theirs, to_one, now).await;
            sent += to_other.len();
            to_one = answers(&other, channel, &format!("b{round}"), ours, to_other, now).await;
            sent += to_one.len();
        }
        assert!((1..=2).contains(&sent), "{channel}: {sent} automatic replies");
    }
}

/// One thing that happens on a random evening.
#[derive(Clone, Debug)]
enum Step {
    Says { person: u8, front: bool, said: u8, machine: u8 },
    OwnerWrites { person: u8 },
    Passes { minutes: i64 },
    Away { hours: i64 },
    Back,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..4_u8, any::<bool>(), 0..8_u8, 0..12_u8)
            .prop_map(|(person, front, said, machine)| Step::Says { person, front, said, machine }),
        1 => (0..4_u8).prop_map(|person| Step::OwnerWrites { person }),
        4 => prop_oneof![0..20_i64, 60..900_i64].prop_map(|minutes| Step::Passes { minutes }),
        1 => (1..60_i64).prop_map(|hours| Step::Away { hours }),
        1 => Just(Step::Back),
    ]
}

/// The last one is personal.
const PEOPLE: [&str; 4] = ["+50499990001", "+50499990003", "+14155550123", "+50499990002"];

const SAID: [&str; 8] = [
    "are you open?",
    "urgente, por favor",
    "thank you",
    "STOP",
    "START",
    "Your verification code is 123456",
    "the roof is wet",
    "see you on Monday at 8",
];

/// What the guard names of a message made by [`evening`], whatever else is true.
fn named(message: &Inbound, person: u8, now: DateTime<Utc>) -> bool {
    message.audience == Audience::Group
        || message.automatic.is_some()
        || message.nature != Nature::Message
        || message.sent_at.is_some_and(|sent| now - sent > TimeDelta::minutes(10))
        || message.text.as_str() == "STOP"
        // clients may write of codes
        || (person == 2 && message.text.as_str().starts_with(SAID[5]))
}

/// What went to each of the people, and what they and the owner said to it.
#[derive(Default)]
struct Sent {
    /// By person and kind.
    times: BTreeMap<(String, &'static str), u32>,
    /// Those who have said STOP and not START since.
    stopped: BTreeSet<String>,
    /// Those whom the owner has written to since their last reply.
    answered: BTreeSet<String>,
}

impl Sent {
    /// Nobody is told of an opening who was promised none, has an answer, or wants no more.
    fn note(&mut self, happened: &[(DateTime<Utc>, Happened)]) {
        for (at, one) in happened {
            let Happened::Reply { kind, to, text, .. } = one else { continue };
            let (to, text) = (to.as_str().to_owned(), text.as_str());
            *self.times.entry((to.clone(), kind.name())).or_default() += 1;
            assert!(!self.stopped.contains(&to), "{} to {to} who said STOP, at {at}: {text}", kind.name());
            if *kind == JobKind::Reply {
                self.answered.remove(&to);
                continue;
            }
            assert!(!self.answered.contains(&to), "{} to {to} whom the owner wrote to, at {at}: {text}", kind.name());
            let times = |kind| self.times.get(&(to.clone(), kind)).copied().unwrap_or_default();
            assert!(times(kind.name()) <= times("reply"), "a second {} to {to}, at {at}: {text}", kind.name());
        }
    }
}

async fn evening(telling: bool, steps: Vec<Step>) {
    let config = Arc::clone(if telling { &TELLING } else { &CONFIG });
    let mut now = at("2026-11-19T16:00:00-06:00");
    let engine = Rehearsal::start(config, now).await.expect("an engine");
    let mut sent = Sent::default();
    let mut told: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut replied: HashMap<(u8, Option<DateTime<Utc>>), u32> = HashMap::new();
    // token, person, when
    let mut kept: Vec<(String, u8, DateTime<Utc>)> = Vec::new();
    let mut private = Vec::new();
    let mut wrote: HashMap<u8, DateTime<Utc>> = HashMap::new();
    let mut said_at: HashMap<u8, DateTime<Utc>> = HashMap::new();
    let note =
        |happened: Vec<(DateTime<Utc>, Happened)>, told: &mut BTreeMap<(String, String), usize>, sent: &mut Sent| {
            sent.note(&happened);
            for (_, one) in happened {
                let Happened::Notice { sink, notice } = one else { continue };
                for token in notice.body.as_str().split(['<', '>']).filter(|part| part.starts_with("token")) {
                    *told.entry((sink.clone(), token.to_owned())).or_default() += 1;
                }
            }
        };
    for (number, step) in steps.into_iter().enumerate() {
        note(engine.pass(now).await.expect("a store"), &mut told, &mut sent);
        match step {
            Step::Says { person, front, said, machine } => {
                let token = format!("token{number}");
                // the words that must stand alone do so
                let plain = SAID[usize::from(said)];
                let alone = ["STOP", "START"].contains(&plain);
                let text = if alone { plain.to_owned() } else { format!("{plain} <{token}>") };
                let mut message = says(&format!("m{number}"), PEOPLE[usize::from(person)], &text, now);
                match machine {
                    0 => message.automatic = Some(Automatic::Bot),
                    1 => message.audience = Audience::Group,
                    2 => message.sent_at = Some(now - TimeDelta::hours(1)),
                    3 => message.nature = Nature::Edit,
                    4 => message.kind = Kind::Call,
                    _ => {}
                }
                said_at.insert(person, now);
                let is_named = named(&message, person, now);
                if alone && machine > 4 {
                    let who = PEOPLE[usize::from(person)].to_owned();
                    let _ = if plain == "STOP" { sent.stopped.insert(who) } else { sent.stopped.remove(&who) };
                } else if plain == "START" {
                    sent.stopped.remove(PEOPLE[usize::from(person)]);
                }
                let channel = if front { "front" } else { "work" };
                let admitted = engine.bring(channel, vec![Event::Message(message)]).await.expect("a store");
                let [(Entry::Message(candidate), Admitted::Decided(verdict))] = admitted.as_slice() else {
                    panic!("{admitted:?}")
                };
                if verdict.reply.is_some() {
                    assert!(!is_named && person < 3, "{verdict:?}");
                    *replied.entry((person, candidate.closed_since)).or_default() += 1;
                }
                if person == 3 {
                    private.push(token);
                } else if !alone {
                    kept.push((token, person, now));
                }
            }
            Step::OwnerWrites { person } => {
                let to = vec![Address::phone(PEOPLE[usize::from(person)]).expect("a number")];
                let id = Personal::new(format!("o{number}"));
                let event = Event::OwnerWrote { id, line: None, to, at: Some(now), automatic: false };
                engine.bring("work", vec![event]).await.expect("a store");
                wrote.insert(person, now);
                // who answers in the same second is a machine
                if said_at.get(&person).is_none_or(|at| *at < now) {
                    sent.answered.insert(PEOPLE[usize::from(person)].to_owned());
                }
            }
            Step::Passes { minutes } => now += TimeDelta::minutes(minutes),
            Step::Away { hours } => {
                engine.app().away(now + TimeDelta::hours(hours), None).await.expect("a store");
            }
            Step::Back => {
                engine.app().away_off().await.expect("a store");
            }
        }
        note(engine.pass(now).await.expect("a store"), &mut told, &mut sent);
    }
    // an absence of 60 hours at most, and a weekend
    note(engine.pass(now + TimeDelta::days(7)).await.expect("a store"), &mut told, &mut sent);
    for ((person, since), replies) in &replied {
        assert!(*replies <= 1, "person {person} got {replies} replies since {since:?}");
    }
    for (token, person, received) in kept {
        let answered = wrote.get(&person).is_some_and(|at| *at >= received);
        for sink in ["phone", "desk"] {
            let times = told.get(&(sink.to_owned(), token.clone())).copied().unwrap_or(0);
            assert!(times == 1 || (times == 0 && answered), "{token} was told {times} times by {sink}");
        }
    }
    assert!(!told.keys().any(|(_, token)| private.contains(token)), "personal people leave no trace");
}

/// 10,000 of them, or as many as `MANNERS` says.
#[test]
fn no_random_evening_breaks_what_is_promised() {
    let cases = std::env::var("MANNERS").ok().and_then(|cases| cases.parse().ok()).unwrap_or(10_000);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut runner = TestRunner::new(Runs { cases, failure_persistence: None, ..Runs::default() });
    let evenings = (any::<bool>(), prop::collection::vec(step(), 1..14));
    runner
        .run(&evenings, |(telling, steps)| {
            runtime.block_on(evening(telling, steps));
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}
