//! What is remembered of a person.

use chrono::{DateTime, Utc};

use super::Fault;
use super::database::Database;
use super::rows::{instant, millis};
use crate::store::Look;
use crate::store::codec::Digest;
use crate::verdict::Recalled;

/// `used_at` of a person is written once a day: it only serves to forget them, which is a matter of weeks, and so most
/// messages of a known person touch no row of theirs.
pub(super) const COARSE: i64 = super::recent::DAY;

/// A time that lies further ahead of now, in milliseconds, was written under a clock that was wrong then: it says nothing.
/// Nearer ones count, or each small step back of the clock would let a second reply out.
pub(super) const AHEAD: i64 = super::recent::DAY;

/// What comes back to our reply within this time, in milliseconds, was hardly read by a person.
const QUICK: i64 = 10 * 1000;

/// Where a message stands: what its facts are asked for.
pub(super) struct Question<'a> {
    /// The hashes of every address of the person.
    pub(super) person: &'a [Digest],
    pub(super) channel: &'a str,
    pub(super) line: &'a str,
    pub(super) closed_since: Option<DateTime<Utc>>,
    /// What is said; none when nothing is.
    pub(super) words: Option<&'a str>,
    /// Unix milliseconds.
    pub(super) now: i64,
}

/// The facts, and when each of the addresses last wrote, as true as [`COARSE`].
pub(super) struct Facts {
    pub(super) recalled: Recalled,
    pub(super) used_at: Vec<Option<i64>>,
    /// It is the first that comes back to our last reply.
    pub(super) comes_back: bool,
    /// The hash of its words, when it comes back and has any.
    pub(super) words: Option<Digest>,
}

impl Database {
    /// [`crate::store::Store::recall`].
    pub(super) fn recall(&mut self, look: &Look) -> Result<Recalled, Fault> {
        let person: Vec<Digest> = look.person.iter().map(|address| self.codec.person(address)).collect();
        let question = Question {
            person: &person,
            channel: &look.channel,
            line: &look.line,
            closed_since: look.closed_since,
            words: None,
            now: millis(look.now),
        };
        Ok(self.facts(&question)?.recalled)
    }

    /// The facts of a person: the strongest of what is known under any of the addresses.
    pub(super) fn facts(&mut self, question: &Question<'_>) -> Result<Facts, Fault> {
        let mut used_at = Vec::with_capacity(question.person.len());
        let [mut owner_wrote_at, mut owner_told_at, mut answered_at, mut rang_at] = [None; 4];
        let (mut replied_at, mut quick, mut opted_out): (Option<i64>, u32, bool) = (None, 0, false);
        let mut quick_words: Option<Digest> = None;
        let mut statement = self.connection.prepare_cached(
            "SELECT used_at, wrote, owner_wrote_at, owner_told_at, answered_at, rang_at, replied_at, quick,
                     opted_out_at, quick_words
                 FROM person WHERE key = ?1",
        )?;
        let told = |at: Option<i64>| at.filter(|at| *at <= question.now + AHEAD);
        for key in question.person {
            let mut used = None;
            let mut rows = statement.query([key])?;
            if let Some(row) = rows.next()? {
                used = row.get::<_, bool>(1)?.then(|| row.get(0)).transpose()?;
                owner_wrote_at = owner_wrote_at.max(told(row.get(2)?));
                owner_told_at = owner_told_at.max(told(row.get(3)?));
                answered_at = answered_at.max(told(row.get(4)?));
                rang_at = rang_at.max(told(row.get(5)?));
                replied_at = replied_at.max(row.get(6)?);
                if row.get::<_, u32>(7)? > quick {
                    (quick, quick_words) = (row.get(7)?, row.get(9)?);
                }
                opted_out |= row.get::<_, Option<i64>>(8)?.is_some();
            }
            used_at.push(used);
        }
        drop(statement);
        let urgent_used = match (question.closed_since.map(millis), rang_at) {
            (Some(since), Some(rang_at)) if rang_at >= since => {
                self.rang_since(question.person, since, question.now + AHEAD)?
            }
            _ => 0,
        };
        let words = question.words.filter(|_| replied_at.is_some()).map(|words| self.codec.words(words));
        let quick_answers = match replied_at {
            Some(at) if question.now - at <= QUICK && words.is_some() => {
                1 + if quick_words == words { quick } else { 0 }
            }
            Some(_) => 0,
            None => quick,
        };
        let other_responder_at = told(self.memory.responders.seen_at(question.channel, question.line));
        let recent = &mut self.memory.recent;
        let recalled = Recalled {
            first_contact: used_at.iter().all(Option::is_none),
            answered_at: answered_at.map(instant).transpose()?,
            owner_wrote_at: owner_wrote_at.map(instant).transpose()?,
            owner_told_at: owner_told_at.map(instant).transpose()?,
            replies_to_person: recent.to_person(question.person, question.now),
            replies_on_line: recent.on_line(question.channel, question.line, question.now),
            replies_in_all: recent.in_all(question.now),
            opted_out,
            quick_answers,
            other_responder_at: other_responder_at.map(instant).transpose()?,
            urgent_used,
        };
        Ok(Facts { recalled, used_at, comes_back: replied_at.is_some(), words })
    }

    fn rang_since(&self, person: &[Digest], since: i64, until: i64) -> Result<u32, Fault> {
        let mut statement =
            self.connection.prepare_cached("SELECT message FROM rang WHERE key = ?1 AND at BETWEEN ?2 AND ?3")?;
        let mut messages = Vec::new();
        for key in person {
            for message in statement.query_map((key, since, until), |row| row.get::<_, i64>(0))? {
                messages.push(message?);
            }
        }
        // one message may stand under several of the addresses
        messages.sort_unstable();
        messages.dedup();
        Ok(u32::try_from(messages.len()).unwrap_or(u32::MAX))
    }
}
