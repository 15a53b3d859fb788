//! Picture messages come twice: announced (`mms:received`), and when the phone has fetched them (`mms:downloaded`). The two
//! have nothing in common but who sent them, to which SIM, and about when: here they become one.
//!
//! The app may read a fetched one before the phone has written it down whole: it names no sender then, and is of the picture
//! that was announced nearest to it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;
use serde::{Deserialize, Serialize};

use super::sender::is_unknown;
use crate::message::{Address, Note, Personal};

/// A phone fetches within seconds; it may be without mobile data for a while.
const APART: TimeDelta = TimeDelta::hours(1);

/// What names no sender comes within seconds of what does, or minutes over a slow connection.
const SOON: TimeDelta = TimeDelta::minutes(10);

/// So many pictures are remembered. What is forgotten comes as two messages.
const REMEMBERED: usize = 256;

/// The notes of pictures are under this and a number below [`REMEMBERED`].
const KEY: &str = "picture/";

/// Which of the two deliveries it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// `mms:received`: nothing is known of what is in it.
    Announced,
    /// `mms:downloaded`.
    Fetched,
}

/// The picture message that a delivery is about.
pub(super) struct Known {
    /// Its id.
    pub id: String,
    /// What is to be noted of it.
    pub note: Note,
    /// Who sent it, where another delivery has said that and this one has not.
    pub from: Option<Address>,
}

/// One delivery about a picture message.
pub(super) struct Seen<'s> {
    pub stage: Stage,
    pub device: &'s str,
    /// `None` where the phone does not know it.
    pub sim: Option<u8>,
    pub from: &'s Address,
    pub at: Option<DateTime<Utc>>,
    /// The id that it has by itself.
    pub id: &'s str,
}

/// The pictures of late, by the order in which they were first heard of.
#[derive(Default)]
pub(super) struct Pictures(Mutex<BTreeMap<u64, Picture>>);

#[derive(Serialize, Deserialize)]
struct Picture {
    /// Its place in the order.
    turn: u64,
    /// The id of its first delivery, which is that of the message.
    id: String,
    device: u64,
    /// `None` where the app did not name the sender.
    who: Option<u64>,
    /// Not noted: people are not remembered for this.
    #[serde(skip)]
    from: Option<Address>,
    sim: Option<u8>,
    at: Option<DateTime<Utc>>,
    /// The hashed ids of its deliveries, where they have come.
    announced: Option<u64>,
    fetched: Option<u64>,
}

impl Picture {
    fn delivery(&self, stage: Stage) -> Option<u64> {
        match stage {
            Stage::Announced => self.announced,
            Stage::Fetched => self.fetched,
        }
    }

    fn take_in(&mut self, stage: Stage, delivery: u64) {
        match stage {
            Stage::Announced => self.announced = Some(delivery),
            Stage::Fetched => self.fetched = Some(delivery),
        }
    }

    /// Notes take each other's places when there are too many.
    fn note(&self) -> Note {
        let key = format!("{KEY}{}", self.turn % REMEMBERED as u64);
        Note { key, value: Personal::new(serde_json::to_string(self).unwrap_or_default()) }
    }

    /// The delivery may be the other one of this picture.
    fn may_be(&self, seen: &Seen<'_>, device: u64, who: Option<u64>) -> bool {
        let lacks = self.delivery(seen.stage).is_none();
        let same_sim = self.sim.is_none() || seen.sim.is_none() || self.sim == seen.sim;
        let near = match (who, seen.stage) {
            (Some(_), _) if self.who == who => APART,
            (None, Stage::Fetched) => SOON,
            _ => return false,
        };
        lacks && self.device == device && same_sim && self.apart(seen).is_some_and(|apart| apart <= near)
    }

    fn apart(&self, seen: &Seen<'_>) -> Option<TimeDelta> {
        Some((self.at? - seen.at?).abs())
    }
}

impl Pictures {
    /// The message that a delivery is part of, the same whenever it comes again.
    ///
    /// People are known by a hash with this key, which is not where notes are kept.
    pub fn of(&self, seen: &Seen<'_>, key: &hmac::Key) -> Known {
        let named = !is_unknown(seen.from);
        let who = named.then(|| hash(key, &["who", seen.from.as_str()]));
        let (device, own) = (hash(key, &["device", seen.device]), hash(key, &["delivery", seen.id]));
        let mut known = self.known();
        let again = known.values().find(|picture| picture.delivery(seen.stage) == Some(own));
        let mut others = known.values().filter(|picture| picture.may_be(seen, device, who));
        let other = || if named { others.next() } else { others.min_by_key(|picture| picture.apart(seen)) };
        let turn = again.or_else(other).map(|picture| picture.turn);
        let turn = turn.unwrap_or_else(|| known.last_key_value().map_or(0, |(last, _)| last + 1));
        let (sim, at) = (seen.sim, seen.at);
        let from = named.then(|| seen.from.clone());
        let new =
            || Picture { turn, id: seen.id.to_owned(), device, who, from, sim, at, announced: None, fetched: None };
        let picture = known.entry(turn).or_insert_with(new);
        picture.take_in(seen.stage, own);
        let from = picture.from.clone().filter(|_| !named);
        let told = Known { id: picture.id.clone(), note: picture.note(), from };
        forget(&mut known);
        told
    }

    /// Takes in what was noted of a picture.
    pub fn recall(&self, noted: &str) {
        let Ok(picture) = serde_json::from_str::<Picture>(noted) else { return };
        let mut known = self.known();
        // what has come since is not noted yet
        known.entry(picture.turn).or_insert(picture);
        forget(&mut known);
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<u64, Picture>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget(known: &mut BTreeMap<u64, Picture>) {
    while known.len() > REMEMBERED {
        known.pop_first();
    }
}

/// The same in every process.
fn hash(key: &hmac::Key, texts: &[&str]) -> u64 {
    let tag = hmac::sign(key, texts.join("\0").as_bytes());
    tag.as_ref().iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// The note is of a picture.
pub(super) fn is_key(key: &str) -> bool {
    key.starts_with(KEY)
}

#[cfg(test)]
mod tests {
    use Stage::{Announced, Fetched};

    use super::*;

    fn key() -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, b"k")
    }

    /// The `name`s of the stories; `nobody` is what the app does not name.
    fn named(name: &str) -> Address {
        Address::id("android-sms", if name == "nobody" { "unknown" } else { name }).expect("an address")
    }

    /// Stage, sender, SIM, minute, own id; and the id that it must be given.
    type Step = (Stage, &'static str, Option<u8>, i64, &'static str, &'static str);

    #[test]
    fn two_deliveries_of_a_picture_are_one_message() {
        let stories: &[(&str, &[Step])] = &[
            ("announced, fetched", &[(Announced, "ana", Some(1), 0, "a", "a"), (Fetched, "ana", Some(1), 1, "f", "a")]),
            (
                "the other way round",
                &[(Fetched, "ana", Some(1), 1, "f", "f"), (Announced, "ana", Some(1), 0, "a", "f")],
            ),
            (
                "each is repeated",
                &[
                    (Announced, "ana", Some(1), 0, "a", "a"),
                    (Announced, "ana", Some(1), 0, "a", "a"),
                    (Fetched, "ana", Some(1), 1, "f", "a"),
                    (Fetched, "ana", Some(1), 1, "f", "a"),
                    (Announced, "ana", Some(1), 0, "a", "a"),
                ],
            ),
            (
                "two pictures in a row",
                &[
                    (Announced, "ana", Some(1), 0, "a1", "a1"),
                    (Announced, "ana", Some(1), 0, "a2", "a2"),
                    (Fetched, "ana", Some(1), 1, "f1", "a1"),
                    (Fetched, "ana", Some(1), 1, "f2", "a2"),
                    (Fetched, "ana", Some(1), 2, "f3", "f3"),
                ],
            ),
            ("another sender", &[(Announced, "ana", Some(1), 0, "a", "a"), (Fetched, "ben", Some(1), 1, "f", "f")]),
            ("another SIM", &[(Announced, "ana", Some(1), 0, "a", "a"), (Fetched, "ana", Some(2), 1, "f", "f")]),
            ("a SIM not known", &[(Announced, "ana", None, 0, "a", "a"), (Fetched, "ana", Some(2), 1, "f", "a")]),
            ("of nobody", &[(Announced, "ana", Some(1), 0, "a", "a"), (Fetched, "nobody", Some(1), 1, "f", "a")]),
            (
                "of nobody, and two may be it",
                &[
                    (Announced, "ana", Some(1), 0, "a", "a"),
                    (Announced, "ben", Some(1), 3, "b", "b"),
                    (Fetched, "nobody", Some(1), 4, "f1", "b"),
                    (Fetched, "nobody", Some(1), 4, "f1", "b"),
                    (Fetched, "nobody", Some(1), 5, "f2", "a"),
                ],
            ),
            (
                "of nobody, later",
                &[(Announced, "ana", Some(1), 0, "a", "a"), (Fetched, "nobody", Some(1), 11, "f", "f")],
            ),
            (
                "of nobody, and then announced: who it is must be known to answer",
                &[(Fetched, "nobody", Some(1), 1, "f", "f"), (Announced, "ana", Some(1), 0, "a", "a")],
            ),
            ("the next day", &[(Announced, "ana", Some(1), 0, "a", "a"), (Fetched, "ana", Some(1), 1440, "f", "f")]),
        ];
        for (what, steps) in stories {
            let pictures = Pictures::default();
            for (stage, sender, sim, minute, id, expected) in *steps {
                let at = DateTime::from_timestamp(1_764_000_000 + minute * 60, 0);
                let from = named(sender);
                let seen = Seen { stage: *stage, device: "dev1", sim: *sim, from: &from, at, id };
                assert_eq!(pictures.of(&seen, &key()).id, *expected, "{what}: {id}");
            }
        }
    }

    #[test]
    fn what_was_noted_of_pictures_stands_for_what_was_remembered() {
        let of = |pictures: &Pictures, stage, sender: &str, id: &str| {
            let (at, from) = (DateTime::from_timestamp(1_764_000_000, 0), named(sender));
            pictures.of(&Seen { stage, device: "dev1", sim: Some(1), from: &from, at, id }, &key())
        };
        let before = Pictures::default();
        let mut notes = std::collections::HashMap::new();
        let mut note = |Note { key, value }: Note| drop(notes.insert(key, value));
        for index in 0..REMEMBERED + 2 {
            let sender = format!("+1555010{index}");
            note(of(&before, Announced, &sender, &format!("a{index}")).note);
        }
        note(of(&before, Fetched, "+15550107", "f7").note);
        assert_eq!(notes.len(), REMEMBERED, "their number does not grow");
        assert!(notes.iter().all(|(key, value)| is_key(key) && !value.as_str().contains("+1555")));
        let after = Pictures::default();
        for _ in 0..2 {
            for value in notes.values() {
                after.recall(value.as_str());
            }
            after.recall("of another version");
            let of = |stage, sender, id| of(&after, stage, sender, id).id;
            assert_eq!(of(Fetched, "+15550107", "f7"), "a7", "again");
            assert_eq!(of(Fetched, "+15550107", "f7b"), "f7b", "another");
            assert_eq!(of(Fetched, "+15550109", "f9"), "a9");
            // the oldest gave way before, and to the one above
            assert_eq!(of(Fetched, "+15550101", "f1"), "f1");
        }
    }

    #[test]
    fn what_is_long_past_is_forgotten() {
        let pictures = Pictures::default();
        let at = DateTime::from_timestamp(1_764_000_000, 0);
        for index in 0..=REMEMBERED {
            let (sender, id) = (format!("sender{index}"), format!("a{index}"));
            pictures.of(
                &Seen { stage: Announced, device: "dev1", sim: Some(1), from: &named(&sender), at, id: &id },
                &key(),
            );
        }
        let fetched = |sender, id| {
            let from = named(sender);
            pictures.of(&Seen { stage: Fetched, device: "dev1", sim: Some(1), from: &from, at, id }, &key()).id
        };
        assert_eq!(fetched("sender0", "f0"), "f0");
        assert_eq!(fetched("sender2", "f2"), "a2");
    }
}
