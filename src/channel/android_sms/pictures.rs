//! Picture messages come twice: announced (`mms:received`), and when the phone has fetched them (`mms:downloaded`). The two
//! have nothing in common but who sent them, to which SIM, and about when: here they become one.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// A phone fetches within seconds; it may be without mobile data for a while.
const APART: TimeDelta = TimeDelta::hours(1);

/// So many pictures are remembered; none outlives the process. What is forgotten comes as two messages.
const REMEMBERED: usize = 256;

/// Which of the two deliveries it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// `mms:received`: nothing is known of what is in it.
    Announced,
    /// `mms:downloaded`.
    Fetched,
}

/// One delivery about a picture message.
pub(super) struct Seen<'s> {
    pub stage: Stage,
    pub device: &'s str,
    /// `None` where the phone does not know it.
    pub sim: Option<u8>,
    pub sender: &'s str,
    pub at: Option<DateTime<Utc>>,
    /// The id that it has by itself.
    pub id: &'s str,
}

/// The pictures of late, oldest first.
#[derive(Default)]
pub(super) struct Pictures {
    hasher: RandomState,
    known: Mutex<VecDeque<Picture>>,
}

struct Picture {
    /// The id of its first delivery, which is that of the message.
    id: String,
    who: u64,
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

    /// The delivery may be the other one of this picture.
    fn may_be(&self, seen: &Seen<'_>, who: u64) -> bool {
        let lacks = self.delivery(seen.stage).is_none();
        let same_sim = self.sim.is_none() || seen.sim.is_none() || self.sim == seen.sim;
        let near = match (self.at, seen.at) {
            (Some(one), Some(other)) => (one - other).abs() <= APART,
            _ => false,
        };
        lacks && self.who == who && same_sim && near
    }
}

impl Pictures {
    /// The id of the message that a delivery is part of; the same whenever it comes again.
    pub fn id(&self, seen: &Seen<'_>) -> String {
        let who = self.hasher.hash_one((seen.device, seen.sender));
        let own = self.hasher.hash_one(seen.id);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(again) = known.iter().find(|picture| picture.delivery(seen.stage) == Some(own)) {
            return again.id.clone();
        }
        if let Some(other) = known.iter_mut().find(|picture| picture.may_be(seen, who)) {
            other.take_in(seen.stage, own);
            return other.id.clone();
        }
        let id = seen.id.to_owned();
        let mut new = Picture { id: id.clone(), who, sim: seen.sim, at: seen.at, announced: None, fetched: None };
        new.take_in(seen.stage, own);
        known.push_back(new);
        if known.len() > REMEMBERED {
            known.pop_front();
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use Stage::{Announced, Fetched};

    use super::*;

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
            ("the next day", &[(Announced, "ana", Some(1), 0, "a", "a"), (Fetched, "ana", Some(1), 1440, "f", "f")]),
        ];
        for (what, steps) in stories {
            let pictures = Pictures::default();
            for (stage, sender, sim, minute, id, expected) in *steps {
                let at = DateTime::from_timestamp(1_764_000_000 + minute * 60, 0);
                let seen = Seen { stage: *stage, device: "dev1", sim: *sim, sender, at, id };
                assert_eq!(pictures.id(&seen), *expected, "{what}: {id}");
            }
        }
    }

    #[test]
    fn what_is_long_past_is_forgotten() {
        let pictures = Pictures::default();
        let at = DateTime::from_timestamp(1_764_000_000, 0);
        for index in 0..=REMEMBERED {
            let (sender, id) = (format!("sender{index}"), format!("a{index}"));
            pictures.id(&Seen { stage: Announced, device: "dev1", sim: Some(1), sender: &sender, at, id: &id });
        }
        let fetched = |sender, id| Seen { stage: Fetched, device: "dev1", sim: Some(1), sender, at, id };
        assert_eq!(pictures.id(&fetched("sender0", "f0")), "f0");
        assert_eq!(pictures.id(&fetched("sender2", "f2")), "a2");
    }
}
