//! Promises: an opening that a reply has named to somebody. Kept when the owner writes to them, or says so.

use chrono::{DateTime, Utc};

use super::Fault;
use super::database::Database;
use super::outbox::{State, message_of, rows_of};
use super::rows::{Messages, instant, millis, readable};
use crate::message::Address;
use crate::store::codec::Digest;
use crate::store::{JobKind, Promise};

impl Database {
    /// The reply of that row went out, and named that opening.
    pub(super) fn promise(&mut self, row: i64, opens: DateTime<Utc>) -> Result<(), Fault> {
        let message = message_of(row);
        let stored = self.message(message)?.0;
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO promise (message, key, written_at, opens_at) SELECT ?1, ?2, ?3, ?4
             WHERE EXISTS (SELECT 1 FROM outbox WHERE id = ?5 AND kind IN (?6, ?7) AND state = ?8)
             ON CONFLICT (message, key) DO UPDATE SET opens_at = excluded.opens_at",
        )?;
        for address in &stored.message.from {
            let key = self.codec.person(address);
            let kinds = (JobKind::Reply, JobKind::Correction);
            let written_at = millis(stored.written_at());
            // a receipt may have told already that it did not arrive
            insert.execute((message, key, written_at, millis(opens), row, kinds.0, kinds.1, State::Done))?;
        }
        Ok(())
    }

    /// The owner wrote to the person at that time: whatever was promised to a message before it is kept.
    pub(super) fn keep_promises(&self, person: &[Digest], at: i64) -> Result<(), Fault> {
        let mut delete = self.connection.prepare_cached(
            "DELETE FROM promise WHERE message IN (SELECT message FROM promise WHERE key = ?1 AND written_at <= ?2)
             RETURNING message",
        )?;
        for key in person {
            for message in delete.query_map((key, at), |row| row.get(0))? {
                self.needs_no_more(message?)?;
            }
        }
        Ok(())
    }

    /// The reply of that row did not arrive, so that nothing was promised with it.
    pub(super) fn was_told_nothing(&self, row: i64) -> Result<(), Fault> {
        self.connection
            .prepare_cached(
                "DELETE FROM promise WHERE message = ?1 AND EXISTS (SELECT 1 FROM outbox WHERE id = ?2 AND kind = ?3)",
            )?
            .execute((message_of(row), row, JobKind::Reply))?;
        Ok(())
    }

    /// Who has an answer is not told that it is open now, nor when it will be.
    fn needs_no_more(&self, message: i64) -> Result<(), Fault> {
        let (first, last) = rows_of(message);
        let kinds = (JobKind::FollowUp, JobKind::Correction);
        let answered = (State::Withdrawn, "owner answered", first, last, kinds.0, State::Waiting, kinds.1);
        self.connection
            .prepare_cached(
                "UPDATE outbox SET state = ?1, reason = ?2, settled_at = due_at
                 WHERE id BETWEEN ?3 AND ?4 AND kind IN (?5, ?7) AND state = ?6",
            )?
            .execute(answered)?;
        Ok(())
    }

    /// [`crate::store::Store::keep_promise`].
    pub(super) fn keep_promise(&mut self, message: i64, person: &[Address]) -> Result<bool, Fault> {
        let mut keys = self.connection.prepare_cached("SELECT key FROM promise WHERE message = ?1")?;
        let mut keys = keys.query_map([message], |row| row.get(0))?.collect::<Result<Vec<Digest>, _>>()?;
        if keys.is_empty() {
            // to say so again must not keep what was promised since
            return Ok(false);
        }
        keys.extend(person.iter().map(|address| self.codec.person(address)));
        let mut delete = self.connection.prepare_cached(
            "DELETE FROM promise WHERE message IN (SELECT message FROM promise WHERE key = ?1) RETURNING message",
        )?;
        let mut kept = Vec::<i64>::new();
        for key in keys {
            for message in delete.query_map([key], |row| row.get(0))? {
                kept.push(message?);
            }
        }
        for message in &kept {
            self.needs_no_more(*message)?;
        }
        Ok(!kept.is_empty())
    }

    /// [`crate::store::Store::promised`].
    pub(super) fn promised(&self, message: i64) -> Result<Option<DateTime<Utc>>, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT min(opens_at) FROM promise WHERE message = ?1")?;
        let opens: Option<i64> = statement.query_row([message], |row| row.get(0))?;
        opens.map(instant).transpose()
    }

    /// [`crate::store::Store::correct`].
    pub(super) fn correct(&mut self, people: &[Vec<i64>], due_at: DateTime<Utc>) -> Result<u64, Fault> {
        let mut corrected = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE id BETWEEN ?1 AND ?2 AND kind = ?3 AND state <> ?4)",
        )?;
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO outbox (id, kind, target, due_at)
             SELECT (SELECT max(id) + 1 FROM outbox WHERE id BETWEEN ?1 AND ?2), ?3, channel, ?4 FROM message
             WHERE id = ?5 AND NOT EXISTS (SELECT 1 FROM outbox WHERE id = ?2)",
        )?;
        let mut added = 0;
        'people: for messages in people {
            for &message in messages {
                let (first, last) = rows_of(message);
                let kinds = (JobKind::Correction, State::Withdrawn);
                if corrected.query_row((first, last, kinds.0, kinds.1), |row| row.get(0))? {
                    continue 'people;
                }
            }
            let Some(&message) = messages.first() else { continue };
            let (first, last) = rows_of(message);
            added += insert.execute((first, last, JobKind::Correction, millis(due_at), message))?;
        }
        Ok(added as u64)
    }

    /// [`crate::store::Store::promises`].
    pub(super) fn promises(
        &self,
        since: DateTime<Utc>,
        before: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Promise>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT message, min(opens_at) FROM promise WHERE opens_at >= ?3 AND opens_at < ?1
             GROUP BY message ORDER BY 2, 1 LIMIT ?2",
        )?;
        let mut messages = Messages::default();
        let mut rows = statement.query((millis(before), i64::try_from(limit).unwrap_or(i64::MAX), millis(since)))?;
        let mut promises = Vec::new();
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            if let Some(message) = readable(number, messages.read(self, number))? {
                promises.push(Promise { message, opens: instant(row.get(1)?)? });
            }
        }
        Ok(promises)
    }
}
