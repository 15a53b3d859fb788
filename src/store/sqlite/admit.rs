//! What comes in: known already, or decided and stored with what follows from it.

use std::sync::Arc;

use super::Fault;
use super::database::Database;
use super::facts::{AHEAD, COARSE, Facts, Question};
use super::outbox::{MOST_JOBS, row_of};
use super::passing::PASSED_ON;
use super::recent::Reply;
use super::rows::millis;
use crate::message::{Address, Note, Personal};
use crate::store::codec::Digest;
use crate::store::{Admitted, Candidate, Decide, Decision, Entry};
use crate::verdict::{Notify, Reason};

/// Who wrote to somebody within this time, in milliseconds, is in conversation with them.
const CONVERSATION: i64 = 30 * 60 * 1000;

impl Database {
    /// [`crate::store::Store::admit`].
    pub(super) fn admit(&mut self, entries: &[Entry], decide: &dyn Decide) -> Result<Vec<Admitted>, Fault> {
        entries
            .iter()
            .map(|entry| match entry {
                Entry::Message(candidate) => self.admit_message(candidate, decide),
                Entry::OwnerWrote { channel, line, id, person, at, received_at, automatic } => {
                    self.owner_wrote((channel, line), id, person, millis(*at), millis(*received_at), *automatic)
                }
                Entry::Note { channel, key, value } => self.take_note(channel, key, value),
                Entry::Receipt { channel, key, provider_id, fate, at } => {
                    self.receipt(channel, key, provider_id, fate, millis(*at))
                }
            })
            .collect()
    }

    fn admit_message(&mut self, candidate: &Candidate, decide: &dyn Decide) -> Result<Admitted, Fault> {
        let now = millis(candidate.received_at);
        let (person, own) = self.person(candidate);
        let said = candidate.message.text.as_str();
        let facts = self.facts(&Question {
            person: &person,
            channel: &candidate.channel,
            line: &candidate.line,
            closed_since: candidate.closed_since,
            words: Some(said).filter(|said| !said.is_empty()),
            now,
        })?;
        let decision = decide.decide(candidate, &facts.recalled);
        if decision.keep || !decision.jobs.is_empty() {
            if let Some(Note { key, value }) = candidate.message.hints.note.as_ref().filter(|_| decision.keep) {
                self.take_note(&candidate.channel, key, value)?;
            }
            // not kept, only until its jobs are settled: see passing.rs
            let id = &candidate.message.id;
            // without an id there is nothing to know it by; what is kept is marked in the look-up itself
            if !id.is_empty()
                && !self.mark_seen(self.codec.received(&candidate.channel, id), now)?
                && !self.is_news(candidate, decision.keep, now)?
            {
                return Ok(Admitted::Duplicate);
            }
            self.store(candidate, &decision, (&person, own), &facts, now)?;
        }
        Ok(Admitted::Decided(decision.verdict))
    }

    /// The hashes of every address of the sender, and how many of them are the message's own; those come first.
    fn person(&self, candidate: &Candidate) -> (Vec<Digest>, usize) {
        let own = &candidate.message.from;
        let others = candidate.person.iter().filter(|address| !own.contains(address));
        let person = own.iter().chain(others).map(|address| self.codec.person(address)).collect();
        (person, own.len())
    }

    fn store(
        &mut self,
        candidate: &Candidate,
        decision: &Decision,
        (person, own): (&[Digest], usize),
        facts: &Facts,
        now: i64,
    ) -> Result<(), Fault> {
        if decision.jobs.len() > MOST_JOBS {
            return Err(Fault::Jobs);
        }
        let verdict = &decision.verdict;
        let own = &person[..own];
        let number = self.memory.next_number;
        self.memory.next_number += 1;
        self.memory.now = self.memory.now.max(now);
        if let Some(messages) = &mut self.memory.messages {
            *messages += 1;
        }
        self.connection
            .prepare_cached(
                "INSERT INTO message
                     (id, channel, line, hours, received_at, reply, notify, rang_through, in_open_hours, late, because,
                      sealed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute((
                number,
                &*candidate.channel,
                &*candidate.line,
                &*candidate.hours,
                now,
                &verdict.reply,
                if decision.keep { notify(verdict.notify) } else { PASSED_ON },
                verdict.rang_through,
                candidate.closed_since.is_none(),
                verdict.late,
                because(&verdict.because),
                self.codec.seal_message(number, &candidate.message)?,
            ))?;
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO outbox (id, kind, target, due_at, repeatable) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for (job, id) in decision.jobs.iter().zip(row_of(number)..) {
            insert.execute((id, job.kind, &job.target, job.due_at.map(millis), job.repeatable))?;
        }
        drop(insert);
        if !decision.keep {
            self.memory.passing.insert(number);
            return Ok(());
        }
        let written_at = candidate.message.sent_at.unwrap_or(candidate.received_at);
        self.memory.responders.arrived(&candidate.channel, own, millis(written_at) / 1000 * 1000, now);
        let answered_at = verdict.reply.is_some().then_some(now);
        let rang_at = verdict.rang_through.then_some(now);
        let recalled = &facts.recalled;
        for (key, used_at) in own.iter().zip(&facts.used_at) {
            let known = used_at.is_some_and(|used_at| used_at > now - COARSE);
            let (mut owner_wrote_at, mut owner_told_at, mut answered) = (None, None, answered_at);
            // a second name of somebody who is known by another: what is known stands under both from now on
            if used_at.is_none() && !recalled.first_contact {
                owner_wrote_at = recalled.owner_wrote_at.map(millis);
                owner_told_at = recalled.owner_told_at.map(millis);
                answered = answered.max(recalled.answered_at.map(millis));
            }
            if !known || answered_at.is_some() || rang_at.is_some() || verdict.opt_out.is_some() {
                self.remember(key, true, now, [owner_wrote_at, owner_told_at, answered, rang_at])?;
            }
            self.note_answer(key, facts, verdict.opt_out, now)?;
            if rang_at.is_some() {
                self.connection
                    .prepare_cached("INSERT INTO rang (key, at, message) VALUES (?1, ?2, ?3)")?
                    .execute((key, now, number))?;
            }
        }
        if verdict.opt_out == Some(false) {
            // whichever of the addresses it was said under, and is taken back under
            for key in person {
                self.set_opted_out(key, None)?;
            }
        }
        if answered_at.is_some() {
            self.memory.recent.expire(now);
            self.memory.recent.add(Reply {
                message: number,
                channel: Arc::clone(&candidate.channel),
                line: Arc::clone(&candidate.line),
                person: own.into(),
                at: now,
            });
        }
        Ok(())
    }

    fn owner_wrote(
        &mut self,
        (channel, line): (&Arc<str>, &Arc<str>),
        id: &Personal,
        person: &[Address],
        at: i64,
        now: i64,
        automatic: bool,
    ) -> Result<Admitted, Fault> {
        if !id.is_empty() && !self.mark_seen(self.codec.written(channel, id), now)? {
            return Ok(Admitted::Duplicate);
        }
        let keys: Vec<Digest> = person.iter().map(|address| self.codec.person(address)).collect();
        // who is writing to somebody already is as fast as that
        let in_conversation = self.wrote_since(&keys, at - CONVERSATION)?;
        if !automatic && (in_conversation || !self.memory.responders.too_fast(channel, &keys, at)) {
            self.keep_promises(&keys, at)?;
            for key in &keys {
                self.remember(key, false, now, [Some(at), Some(now), None, None])?;
            }
            return Ok(Admitted::Noted);
        }
        if automatic && !self.memory.responders.was_asked(channel, &keys, at) {
            return Ok(Admitted::WroteUnasked { line: Arc::clone(line) });
        }
        // a machine's answer is none of the owner's: the message is told as ever
        self.memory.responders.mark(channel, line, now);
        self.connection
            .prepare_cached(
                "INSERT INTO responder (channel, line, seen_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (channel, line) DO UPDATE SET seen_at = excluded.seen_at",
            )?
            .execute((&**channel, &**line, now))?;
        Ok(Admitted::OtherResponder { line: Arc::clone(line) })
    }

    /// The owner wrote to the person at that time or later.
    fn wrote_since(&self, person: &[Digest], since: i64) -> Result<bool, Fault> {
        let mut statement =
            self.connection.prepare_cached("SELECT 1 FROM person WHERE key = ?1 AND owner_wrote_at >= ?2")?;
        for key in person {
            if statement.exists((key, since))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What comes back to our last reply is counted once; and that the sender wants no automatic replies holds for good.
    fn note_answer(&self, key: &Digest, facts: &Facts, opt_out: Option<bool>, now: i64) -> Result<(), Fault> {
        if facts.comes_back {
            self.connection
                .prepare_cached("UPDATE person SET replied_at = NULL, quick = ?1, quick_words = ?2 WHERE key = ?3")?
                .execute((facts.recalled.quick_answers, facts.words, key))?;
        }
        if opt_out == Some(true) {
            self.set_opted_out(key, Some(now))?;
        }
        Ok(())
    }

    fn set_opted_out(&self, key: &Digest, at: Option<i64>) -> Result<(), Fault> {
        self.connection.prepare_cached("UPDATE person SET opted_out_at = ?1 WHERE key = ?2")?.execute((at, key))?;
        Ok(())
    }

    /// Times only grow: what arrives late changes nothing. But [`AHEAD`] gives way.
    fn remember(
        &self,
        key: &Digest,
        wrote: bool,
        now: i64,
        [owner_wrote_at, owner_told_at, answered_at, rang_at]: [Option<i64>; 4],
    ) -> Result<(), Fault> {
        self.connection
            .prepare_cached(
                "INSERT INTO person (key, wrote, used_at, owner_wrote_at, answered_at, rang_at, owner_told_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?8)
                 ON CONFLICT (key) DO UPDATE SET
                     wrote = max(wrote, excluded.wrote),
                     used_at = max(used_at, excluded.used_at),
                     owner_wrote_at = nullif(max(coalesce(excluded.owner_wrote_at, 0),
                         iif(owner_wrote_at <= ?7, owner_wrote_at, 0)), 0),
                     owner_told_at = nullif(max(coalesce(excluded.owner_told_at, 0),
                         iif(owner_told_at <= ?7, owner_told_at, 0)), 0),
                     answered_at = nullif(max(coalesce(excluded.answered_at, 0),
                         iif(answered_at <= ?7, answered_at, 0)), 0),
                     rang_at = nullif(max(coalesce(excluded.rang_at, 0), iif(rang_at <= ?7, rang_at, 0)), 0)",
            )?
            .execute((key, wrote, now, owner_wrote_at, answered_at, rang_at, now + AHEAD, owner_told_at))?;
        Ok(())
    }

    /// Says whether it was not marked before. A rollback takes it back with the rest of the memory.
    pub(super) fn mark_seen(&mut self, key: Digest, at: i64) -> Result<bool, Fault> {
        if !self.memory.seen.insert(key) {
            return Ok(false);
        }
        self.connection.prepare_cached("INSERT INTO seen (key, at) VALUES (?1, ?2)")?.execute((key, at))?;
        Ok(true)
    }
}

fn notify(notify: Notify) -> &'static str {
    match notify {
        Notify::Now => "now",
        Notify::Hold => "hold",
        Notify::Never => "never",
    }
}

fn because(because: &[Reason]) -> String {
    because.iter().map(ToString::to_string).collect::<serde_json::Value>().to_string()
}
