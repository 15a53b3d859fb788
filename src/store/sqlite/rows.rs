//! Values as columns have them, and messages read back.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use super::Fault;
use super::database::Database;
use super::outbox::{State, message_of, rows_of};
use super::passing::PASSED_ON;
use crate::message::Personal;
use crate::store::{Account, Counts, Dispatch, HeldRow, JobKind, Stored};

/// A time as a column has it: Unix milliseconds.
pub(super) fn millis(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

/// A column's time.
pub(super) fn instant(millis: i64) -> Result<DateTime<Utc>, Fault> {
    DateTime::from_timestamp_millis(millis).ok_or(Fault::Unknown("a time"))
}

impl ToSql for JobKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Reply => 0,
            Self::Now => 1,
            Self::Hold => 2,
            Self::Alert => 3,
            Self::FollowUp => 4,
            Self::Correction => 5,
        }
        .into())
    }
}

impl FromSql for JobKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_i64()? {
            0 => Ok(Self::Reply),
            1 => Ok(Self::Now),
            2 => Ok(Self::Hold),
            3 => Ok(Self::Alert),
            4 => Ok(Self::FollowUp),
            5 => Ok(Self::Correction),
            other => Err(FromSqlError::OutOfRange(other)),
        }
    }
}

impl Database {
    /// A message, and the reasons of its verdict as they are written.
    pub(super) fn message(&self, number: i64) -> Result<(Stored, String), Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT channel, line, hours, received_at, reply, in_open_hours, late, because, sealed, notify FROM message WHERE id = ?1",
        )?;
        let mut rows = statement.query([number])?;
        let row = rows.next()?.ok_or(Fault::Unknown("a job without its message"))?;
        let sealed = row.get_ref(8)?.as_blob().map_err(rusqlite::Error::from)?;
        let message = self.codec.open_message(number, sealed)?;
        let reply: Option<String> = row.get(4)?;
        let reply_state = if reply.is_some() { self.reply_state(number)? } else { "none" };
        let stored = Stored {
            id: number,
            channel: row.get(0)?,
            line: row.get(1)?,
            hours: row.get(2)?,
            received_at: instant(row.get(3)?)?,
            reply,
            reply_state,
            in_open_hours: row.get(5)?,
            late: row.get(6)?,
            passed_on: row.get_ref(9)?.as_str().map_err(rusqlite::Error::from)? == PASSED_ON,
            message,
        };
        Ok((stored, row.get(7)?))
    }

    fn reply_state(&self, number: i64) -> Result<&'static str, Fault> {
        let (first, last) = rows_of(number);
        let state: Option<State> = self
            .connection
            .prepare_cached("SELECT state FROM outbox WHERE id BETWEEN ?1 AND ?2 AND kind = ?3")?
            .query_row((first, last, JobKind::Reply), |row| row.get(0))
            .optional()?;
        Ok(match state {
            None => "none",
            Some(State::Waiting | State::Sending) => "waiting",
            Some(State::Done) => "sent",
            Some(State::Withdrawn) => "withdrawn",
            Some(State::Unknown) => "unknown",
            Some(State::Dead) => "dead",
        })
    }

    /// [`crate::store::Store::held`].
    pub(super) fn held(&self, limit: usize) -> Result<Vec<HeldRow>, Fault> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(
            "WITH shown AS (
                 SELECT id, target, due_at, 0 AS given_up FROM outbox WHERE state < 2 AND kind = ?1
                 UNION ALL
                 SELECT id, target, NULL, 1 FROM outbox WHERE state > 3 AND state = ?3 AND kind IN (?1, ?4))
             SELECT id, target, due_at, given_up FROM shown
             WHERE id / 1024 IN (SELECT DISTINCT id / 1024 FROM shown ORDER BY 1 LIMIT ?2) ORDER BY id",
        )?;
        let mut rows = statement.query((JobKind::Hold, limit, State::Dead, JobKind::Now))?;
        let mut held: Vec<HeldRow> = Vec::new();
        while let Some(row) = rows.next()? {
            let number = message_of(row.get(0)?);
            let due_at = row.get::<_, Option<i64>>(2)?.map(instant).transpose()?;
            let given_up = row.get(3)?;
            match held.last_mut() {
                Some(last) if last.message.id == number => {
                    last.sinks.push(row.get(1)?);
                    last.due_at = [last.due_at, due_at].into_iter().flatten().min();
                    last.given_up |= given_up;
                }
                _ => {
                    let (message, because) = self.message(number)?;
                    let because = reasons(&because)?;
                    let (message, sinks) = (Arc::new(message), vec![row.get(1)?]);
                    held.push(HeldRow { message, due_at, sinks, given_up, because });
                }
            }
        }
        Ok(held)
    }

    /// [`crate::store::Store::message`].
    pub(super) fn account(&self, number: i64) -> Result<Option<Account>, Fault> {
        let known = self.connection.prepare_cached("SELECT 1 FROM message WHERE id = ?1")?.exists([number])?;
        // of what is only passed on nobody is told but by its notice
        if !known || self.memory.passing.contains(&number) {
            return Ok(None);
        }
        let (message, because) = self.message(number)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT kind, target, state, due_at, attempts, reason, settled_at FROM outbox
             WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        )?;
        let mut rows = statement.query(rows_of(number))?;
        let mut sends = Vec::new();
        while let Some(row) = rows.next()? {
            let state: State = row.get(2)?;
            let due_at = row.get::<_, Option<i64>>(3)?.filter(|_| state == State::Waiting);
            sends.push(Dispatch {
                kind: row.get(0)?,
                target: row.get(1)?,
                state: named(state),
                due_at: due_at.map(instant).transpose()?,
                attempts: row.get(4)?,
                reason: row.get(5)?,
                settled_at: row.get::<_, Option<i64>>(6)?.map(instant).transpose()?,
            });
        }
        Ok(Some(Account { message: Arc::new(message), because: reasons(&because)?, sends }))
    }

    /// [`crate::store::Store::rang`].
    pub(super) fn rang(&self, since: DateTime<Utc>) -> Result<Vec<Arc<Stored>>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT message FROM rang JOIN message ON message.id = rang.message WHERE at >= ?1 ORDER BY message",
        )?;
        let numbers: Vec<i64> = statement.query_map([millis(since)], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let read = |number| readable(number, self.message(number)).transpose();
        numbers.into_iter().filter_map(read).map(|read| Ok(Arc::new(read?.0))).collect()
    }

    /// [`crate::store::Store::counts`].
    pub(super) fn counts(&mut self) -> Result<Counts, Fault> {
        let count = |sql: &str| -> Result<u64, Fault> {
            let count: i64 = self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        };
        let messages = match self.memory.messages {
            Some(messages) => messages,
            None => count("SELECT count(*) FROM message")?,
        };
        let counts = Counts {
            messages,
            held: count("SELECT count(DISTINCT id / 1024) FROM outbox WHERE state < 2 AND kind = 2")?,
            waiting: count("SELECT count(*) FROM outbox WHERE state < 2 AND kind NOT IN (2, 4)")?,
            unknown: count("SELECT count(*) FROM outbox WHERE state > 3 AND state = 4")?,
            dead: count("SELECT count(*) FROM outbox WHERE state > 3 AND state = 5")?,
        };
        self.memory.messages = Some(messages);
        Ok(counts)
    }
}

fn named(state: State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Sending => "sending",
        State::Done => "sent",
        State::Withdrawn => "withdrawn",
        State::Unknown => "unknown",
        State::Dead => "dead",
    }
}

fn reasons(because: &str) -> Result<Vec<String>, Fault> {
    serde_json::from_str(because).map_err(|_| Fault::Unknown("the reasons of a verdict"))
}

/// What a row holds; nothing where it cannot be read: what is only mentioned must not hold up the rest.
pub(super) fn readable<T>(number: i64, read: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error @ (Fault::Unreadable(_) | Fault::Unknown(_))) => {
            tracing::error!(message = number, %error, "a message is left out, as it cannot be read");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Characters of a message that a digest can need: twice what it shows (`digest::writer`), for white space between them.
const DIGEST_TEXT: usize = 1000;

/// The messages that one answer quotes, each read once.
#[derive(Default)]
pub(super) struct Messages {
    whole: HashMap<i64, Arc<Stored>>,
    /// Apart from the others: they cannot be replied to.
    for_digests: HashMap<i64, Arc<Stored>>,
}

impl Messages {
    /// That message, as much of it as a digest shows: a practice's evening must fit into memory.
    pub(super) fn read_for_digest(&mut self, database: &Database, number: i64) -> Result<Arc<Stored>, Fault> {
        if let Some(message) = self.for_digests.get(&number) {
            return Ok(Arc::clone(message));
        }
        let mut stored = database.message(number)?.0;
        let text = stored.message.text.as_str();
        if let Some((end, _)) = text.char_indices().nth(DIGEST_TEXT) {
            stored.message.text = Personal::new(&text[..end]);
        }
        stored.message.reply_to = Personal::default();
        let stored = Arc::new(stored);
        self.for_digests.insert(number, Arc::clone(&stored));
        Ok(stored)
    }

    /// That message.
    pub(super) fn read(&mut self, database: &Database, number: i64) -> Result<Arc<Stored>, Fault> {
        if let Some(message) = self.whole.get(&number) {
            return Ok(Arc::clone(message));
        }
        let message = Arc::new(database.message(number)?.0);
        self.whole.insert(number, Arc::clone(&message));
        Ok(message)
    }
}
