//! The outbox: what is due, who has it, and how it ended.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row};

use super::Fault;
use super::database::Database;
use super::rows::{Messages, instant, millis};
use crate::message::Personal;
use crate::store::codec::Digest;
use crate::store::{Job, JobKind, Outcome};

/// A message has its rows at its number times this.
const ROWS_PER_MESSAGE: i64 = 1024;

/// Jobs that one message can have.
pub(super) const MOST_JOBS: usize = 1024;

/// The id of the first row of a message.
pub(super) fn row_of(message: i64) -> i64 {
    message * ROWS_PER_MESSAGE
}

/// The ids of the first and the last row that a message can have.
pub(super) fn rows_of(message: i64) -> (i64, i64) {
    (row_of(message), row_of(message) + ROWS_PER_MESSAGE - 1)
}

/// The number of the message that a row belongs to.
pub(super) fn message_of(row: i64) -> i64 {
    row / ROWS_PER_MESSAGE
}

/// How far a row has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Waiting,
    Sending,
    Done,
    Withdrawn,
    Unknown,
    Dead,
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok((*self as i64).into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        [Self::Waiting, Self::Sending, Self::Done, Self::Withdrawn, Self::Unknown, Self::Dead]
            .into_iter()
            .find(|state| value.as_i64() == Ok(*state as i64))
            .ok_or(FromSqlError::InvalidType)
    }
}

impl Database {
    /// [`crate::store::Store::claim`].
    pub(super) fn claim(&mut self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Job>, Fault> {
        let mut taken = Vec::new();
        let mut jobs = Vec::new();
        let mut messages = Messages::default();
        let mut digests: HashSet<String> = HashSet::new();
        let mut left = limit;
        let mut statement = self.connection.prepare_cached(
            "SELECT id, kind, target, attempts, repeated, words FROM outbox
             WHERE state < 2 AND state = ?1 AND due_at <= ?2 ORDER BY due_at, id",
        )?;
        let mut rows = statement.query((State::Waiting, millis(now)))?;
        while let Some(row) = rows.next()? {
            if left == 0 && digests.is_empty() {
                break;
            }
            let id = row.get(0)?;
            if self.claims.contains(id) {
                continue;
            }
            // a digest is one notice, however many rows it folds
            let folds = row.get::<_, JobKind>(1)? == JobKind::Hold
                && digests.contains(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?);
            if left == 0 && !folds {
                continue;
            }
            match self.job(id, row, &mut messages) {
                Ok(job) => {
                    if !folds {
                        left -= 1;
                    }
                    if job.kind == JobKind::Hold && !folds {
                        digests.insert(job.target.clone());
                    }
                    jobs.push(job);
                }
                // it must not hold up the others, and may be readable to another binary
                Err(error @ (Fault::Unreadable(_) | Fault::Unknown(_))) => {
                    tracing::error!(row = id, %error, "a job is left alone until the next start");
                }
                Err(error) => return Err(error),
            }
            taken.push(id);
        }
        drop(rows);
        drop(statement);
        for id in taken {
            self.claims.add(id);
        }
        Ok(jobs)
    }

    fn job(&self, id: i64, row: &Row<'_>, messages: &mut Messages) -> Result<Job, Fault> {
        let kind = row.get(1)?;
        let (message, alert) = match kind {
            JobKind::Alert => {
                let words = row.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?;
                (None, Some(self.codec.open_words(id, words)?))
            }
            JobKind::Hold => (Some(messages.read_for_digest(self, message_of(id))?), None),
            JobKind::Reply | JobKind::Now | JobKind::FollowUp | JobKind::Correction => {
                (Some(messages.read(self, message_of(id))?), None)
            }
        };
        let about = match (&message, &alert) {
            (Some(stored), _) => self.about(&stored.message.id, stored.received_at),
            (None, words) => self.codec.job(words.as_deref().unwrap_or_default()),
        };
        Ok(Job {
            id,
            key: self.key(id, about),
            kind,
            target: row.get(2)?,
            attempts: row.get(3)?,
            repeated: row.get(4)?,
            message,
            alert,
        })
    }

    /// See [`Job::key`]: at most 36 characters (the shortest that a provider takes) up to message 9,765,624.
    fn key(&self, id: i64, about: Digest) -> String {
        let [first, second, third, fourth, ..] = about;
        format!("{}-{id}-{first:02x}{second:02x}{third:02x}{fourth:02x}", self.name)
    }

    /// What makes the rows of a message unlike those of another that had its number before an older copy of the store was put
    /// back. It is the same when that one message comes again.
    fn about(&self, message: &Personal, received_at: DateTime<Utc>) -> Digest {
        if message.is_empty() {
            return self.codec.job(&millis(received_at).to_string());
        }
        self.codec.job(message.as_str())
    }

    /// The row of a message that a [`Job::key`] of ours names.
    pub(super) fn row_of_key(&self, key: &str) -> Result<Option<i64>, Fault> {
        let rest = key.strip_prefix(&*self.name).and_then(|rest| rest.strip_prefix('-'));
        let Some(id) = rest.and_then(|rest| rest.split_once('-')).and_then(|(id, _)| id.parse().ok()) else {
            return Ok(None);
        };
        let row: Option<(Vec<u8>, i64)> = self
            .connection
            .prepare_cached("SELECT sealed, received_at FROM message WHERE id = ?1")?
            .query_row([message_of(id)], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((sealed, received_at)) = row else { return Ok(None) };
        let message = self.codec.open_message(message_of(id), &sealed)?;
        let about = self.about(&message.id, instant(received_at)?);
        Ok((self.key(id, about) == key).then_some(id))
    }

    /// Takes back a claim that nobody has received.
    pub(super) fn unclaim(&mut self, jobs: &Vec<Job>) {
        for job in jobs {
            self.claims.remove(job.id);
        }
    }

    /// [`crate::store::Store::begin`].
    pub(super) fn begin(&mut self, jobs: &[i64], now: DateTime<Utc>) -> Result<Vec<i64>, Fault> {
        let mut begun = Vec::with_capacity(jobs.len());
        let mut statement = self.connection.prepare_cached(
            "UPDATE outbox SET state = ?1, attempts = attempts + 1, first_due_at = coalesce(first_due_at, due_at, ?2)
             WHERE id = ?3 AND state = ?4",
        )?;
        for &id in jobs {
            if statement.execute((State::Sending, millis(now), id, State::Waiting))? == 0 {
                self.claims.remove(id);
            } else {
                begun.push(id);
            }
        }
        Ok(begun)
    }

    /// [`crate::store::Store::settle`].
    pub(super) fn settle(&mut self, jobs: &[i64], outcome: &Outcome, now: DateTime<Utc>) -> Result<(), Fault> {
        for &id in jobs {
            match outcome {
                Outcome::Done(provider_id) => self.done(id, provider_id.as_deref(), now)?,
                Outcome::Promised { id: provider_id, opens } => {
                    self.done(id, provider_id.as_deref(), now)?;
                    self.promise(id, *opens)?;
                }
                Outcome::Again { due_at, reason, repeated } => {
                    self.put_back(id, *due_at, &reason.to_string(), *repeated)?;
                }
                Outcome::Later(due_at) => self.put_off(id, *due_at)?,
                Outcome::Unknown(reason) => self.end(id, State::Unknown, Some(&reason.to_string()), now)?,
                Outcome::Dead(reason) => self.end(id, State::Dead, Some(&reason.to_string()), now)?,
                Outcome::Withdrawn(reason) => {
                    self.end(id, State::Withdrawn, Some(reason), now)?;
                    // a notice of the same message does not make its reply uncounted
                    if self.kind_and_state(id)? == Some((JobKind::Reply, State::Withdrawn)) {
                        self.memory.recent.withdraw(message_of(id));
                    }
                }
            }
            self.settled_in_passing(id)?;
            self.claims.remove(id);
        }
        Ok(())
    }

    fn done(&mut self, id: i64, provider_id: Option<&str>, now: DateTime<Utc>) -> Result<(), Fault> {
        self.end(id, State::Done, None, now)?;
        self.replied(id, now)?;
        match provider_id {
            Some(provider_id) => self.name_reply(id, provider_id),
            None => Ok(()),
        }
    }

    /// A reply went out: what comes back to it within seconds is a machine's.
    fn replied(&self, id: i64, now: DateTime<Utc>) -> Result<(), Fault> {
        let Some(reply) = self.memory.recent.of_message(message_of(id)).filter(|_| id == row_of(message_of(id))) else {
            return Ok(());
        };
        let mut statement = self.connection.prepare_cached("UPDATE person SET replied_at = ?1 WHERE key = ?2")?;
        for key in &reply.person {
            statement.execute((millis(now), key))?;
        }
        Ok(())
    }

    /// What a receipt has settled meanwhile stays as it is.
    fn end(&self, id: i64, state: State, reason: Option<&str>, now: DateTime<Utc>) -> Result<(), Fault> {
        self.connection
            .prepare_cached(
                "UPDATE outbox SET state = ?1, reason = ?2, settled_at = ?3 WHERE id = ?4 AND state IN (?5, ?6, ?7)",
            )?
            .execute((state, reason, millis(now), id, State::Waiting, State::Sending, State::Unknown))?;
        Ok(())
    }

    fn put_back(&self, id: i64, due_at: DateTime<Utc>, reason: &str, repeated: bool) -> Result<(), Fault> {
        self.connection
            .prepare_cached(
                "UPDATE outbox SET state = ?1, first_due_at = coalesce(first_due_at, due_at), due_at = ?2, reason = ?3,
                     repeated = max(repeated, ?4), settled_at = NULL
                 WHERE id = ?5 AND state IN (?1, ?6, ?7)",
            )?
            .execute((State::Waiting, millis(due_at), reason, repeated, id, State::Sending, State::Unknown))?;
        Ok(())
    }

    /// Nothing was sent: an attempt that was begun does not count.
    fn put_off(&self, id: i64, due_at: DateTime<Utc>) -> Result<(), Fault> {
        self.connection
            .prepare_cached(
                "UPDATE outbox SET attempts = attempts - (state = ?2), first_due_at = coalesce(first_due_at, due_at), state = ?1,
                     due_at = ?3
                 WHERE id = ?4 AND state IN (?1, ?2)",
            )?
            .execute((State::Waiting, State::Sending, millis(due_at), id))?;
        Ok(())
    }

    /// [`crate::store::Store::reroute`].
    pub(super) fn reroute(&mut self, jobs: &[i64], sink: &str, now: DateTime<Utc>) -> Result<(), Fault> {
        for &id in jobs {
            let (first, last) = rows_of(message_of(id));
            let moved = self
                .connection
                .prepare_cached(
                    "UPDATE outbox SET target = ?1 WHERE id = ?2 AND NOT EXISTS (
                         SELECT 1 FROM outbox AS other
                         WHERE other.id BETWEEN ?3 AND ?4 AND other.kind <> ?5 AND other.target = ?1
                             AND other.state IN (?6, ?7, ?8))",
                )?
                .execute((sink, id, first, last, JobKind::Reply, State::Waiting, State::Sending, State::Done))?;
            if moved == 0 {
                self.end(id, State::Withdrawn, Some("told by another sink"), now)?;
                self.settled_in_passing(id)?;
            }
            self.claims.remove(id);
        }
        Ok(())
    }

    /// Remembers under which id the provider knows a reply, for its receipts.
    pub(super) fn name_reply(&self, id: i64, provider_id: &str) -> Result<(), Fault> {
        let row: Option<(JobKind, String)> = self
            .connection
            .prepare_cached("SELECT kind, target FROM outbox WHERE id = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((_, target)) = row.filter(|(kind, _)| kind.is_for_client()) {
            self.connection
                .prepare_cached("UPDATE outbox SET provider_key = ?1 WHERE id = ?2")?
                .execute((self.codec.sent(&target, provider_id), id))?;
        }
        Ok(())
    }

    fn kind_and_state(&self, id: i64) -> Result<Option<(JobKind, State)>, Fault> {
        Ok(self
            .connection
            .prepare_cached("SELECT kind, state FROM outbox WHERE id = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    /// [`crate::store::Store::next_due`].
    pub(super) fn next_due(&self) -> Result<Option<DateTime<Utc>>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, due_at FROM outbox WHERE state < 2 AND state = ?1 AND due_at IS NOT NULL ORDER BY due_at",
        )?;
        let mut rows = statement.query([State::Waiting])?;
        while let Some(row) = rows.next()? {
            if !self.claims.contains(row.get(0)?) {
                return Ok(Some(instant(row.get(1)?)?));
            }
        }
        Ok(None)
    }
}
