//! Retention: what is old and waited for by nothing goes, a slice at a time.

use chrono::{DateTime, Utc};
use rusqlite::OptionalExtension;

use super::Fault;
use super::database::Database;
use super::facts::COARSE;
use super::outbox::rows_of;
use super::rows::millis;
use crate::store::codec::Digest;

/// Rows that one slice looks at: a few milliseconds of the writer's time.
const SLICE: i64 = 500;

/// How far the forgetting has come.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Messages up to this number.
    Messages(i64),
    /// Provider ids up to this number.
    Seen(i64),
    /// People up to this key.
    People(Vec<u8>),
}

impl Default for Place {
    fn default() -> Self {
        Self::Messages(0)
    }
}

/// What a slice has done.
#[derive(Debug)]
pub(super) struct Slice {
    /// Messages that were forgotten.
    pub(super) messages: u64,
    /// Where to go on; `None` at the end.
    pub(super) next: Option<Place>,
}

impl Database {
    /// One slice of [`crate::store::Store::forget`].
    pub(super) fn forget(
        &mut self,
        before: DateTime<Utc>,
        known_before: DateTime<Utc>,
        place: &Place,
    ) -> Result<Slice, Fault> {
        let (before, known_before) = (millis(before), millis(known_before));
        match place {
            Place::Messages(after) => self.forget_messages(before, *after),
            Place::Seen(after) => {
                let oldest: Option<i64> = self
                    .connection
                    .prepare_cached("SELECT received_at FROM message ORDER BY id LIMIT 1")?
                    .query_row([], |row| row.get(0))
                    .optional()?;
                // what is kept, as it waits, must be known when it comes again
                let next = self.forget_seen(oldest.map_or(known_before, |oldest| oldest.min(known_before)), *after)?;
                let next = next.map_or(Place::People(Vec::new()), Place::Seen);
                Ok(Slice { messages: 0, next: Some(next) })
            }
            Place::People(after) => {
                let next = self.forget_people(known_before - COARSE, after)?;
                if next.is_none() {
                    self.forget_rest(before, known_before)?;
                }
                Ok(Slice { messages: 0, next: next.map(Place::People) })
            }
        }
    }

    /// Numbers grow with time: behind a slice without anything old there is nothing old.
    fn forget_messages(&mut self, before: i64, after: i64) -> Result<Slice, Fault> {
        let looked_at: Vec<(i64, bool)> = self
            .connection
            .prepare_cached("SELECT id, received_at < ?1 FROM message WHERE id > ?2 ORDER BY id LIMIT ?3")?
            .query_map((before, after, SLICE), |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut messages = 0;
        let old = looked_at.iter().filter(|(_, old)| *old).map(|(number, _)| *number);
        let any = old.clone().next().is_some();
        for number in old {
            let rows = rows_of(number);
            let mut waits =
                self.connection.prepare_cached("SELECT 1 FROM outbox WHERE id BETWEEN ?1 AND ?2 AND state < 2")?;
            if waits.exists(rows)? {
                continue;
            }
            self.connection.prepare_cached("DELETE FROM outbox WHERE id BETWEEN ?1 AND ?2")?.execute(rows)?;
            self.connection.prepare_cached("DELETE FROM promise WHERE message = ?1")?.execute([number])?;
            self.connection.prepare_cached("DELETE FROM message WHERE id = ?1")?.execute([number])?;
            messages += 1;
        }
        if messages > 0 {
            self.keep_number()?;
            self.memory.messages = self.memory.messages.map(|kept| kept.saturating_sub(messages));
        }
        let next = match looked_at.last().filter(|_| any) {
            Some((number, _)) => Place::Messages(*number),
            None => Place::Seen(i64::MIN),
        };
        Ok(Slice { messages, next: Some(next) })
    }

    /// Forgets the old of the next provider ids. Says how far that was, unless it was the end.
    fn forget_seen(&mut self, before: i64, after: i64) -> Result<Option<i64>, Fault> {
        let last: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT max(number) FROM (SELECT number FROM seen WHERE number > ?1 ORDER BY number LIMIT ?2)",
            )?
            .query_row((after, SLICE), |row| row.get(0))?;
        if let Some(last) = last {
            let mut delete = self
                .connection
                .prepare_cached("DELETE FROM seen WHERE number > ?1 AND number <= ?2 AND at < ?3 RETURNING key")?;
            for key in delete.query_map((after, last, before), |row| row.get::<_, Digest>(0))? {
                self.memory.seen.remove(&key?);
            }
        }
        Ok(last)
    }

    /// Forgets the old of the next people. Says how far that was, unless it was the end.
    fn forget_people(&self, before: i64, after: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        let last: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT max(key) FROM (SELECT key FROM person WHERE key > ?1 ORDER BY key LIMIT ?2)")?
            .query_row((after, SLICE), |row| row.get(0))?;
        if let Some(last) = &last {
            self.connection
                .prepare_cached(
                    "DELETE FROM person WHERE key > ?1 AND key <= ?2 AND used_at < ?3 AND opted_out_at IS NULL",
                )?
                .execute((after, last, before))?;
        }
        Ok(last)
    }

    fn forget_rest(&self, before: i64, known_before: i64) -> Result<(), Fault> {
        self.connection.prepare_cached("DELETE FROM rang WHERE at < ?1")?.execute([known_before])?;
        self.keep_number()?;
        self.connection
            .prepare_cached("DELETE FROM outbox WHERE words IS NOT NULL AND settled_at < ?1 AND state > 1")?
            .execute([before])?;
        Ok(())
    }

    /// The row with the greatest number may be gone: the number is not given again.
    pub(super) fn keep_number(&self) -> Result<(), Fault> {
        let number = (self.memory.next_number - 1).to_string().into_bytes();
        self.connection
            .prepare_cached(
                "INSERT INTO meta (name, value) VALUES ('number', ?1) ON CONFLICT DO UPDATE SET value = excluded.value",
            )?
            .execute([number])?;
        Ok(())
    }
}
