//! What the owner, or the service on its own behalf, changes: dates of what is held, overrides, alerts.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::Fault;
use super::database::Database;
use super::outbox::{MOST_JOBS, State, message_of, row_of};
use super::rows::{instant, millis};
use crate::hours::Override;
use crate::store::{Awaited, JobKind};

impl Database {
    /// [`crate::store::Store::redate`].
    pub(super) fn redate(
        &mut self,
        dates: &[(Awaited, Option<DateTime<Utc>>)],
        overrides: Option<&[Override]>,
        follow_up_after: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<u64, Fault> {
        let mut changed = 0;
        let mut statement = self.connection.prepare_cached(
            "UPDATE outbox SET due_at = ?1
             WHERE state < 2 AND state = ?2 AND kind = ?3 AND first_due_at IS NULL AND due_at IS NOT ?1
                 AND (due_at IS NULL OR due_at > ?5)
                 AND EXISTS (SELECT 1 FROM message
                             WHERE message.id = outbox.id / 1024 AND message.hours = ?4 AND in_open_hours = ?6
                                 AND channel = ?7 AND line = ?8)",
        )?;
        for (Awaited { channel, line, hours, in_open_hours }, due_at) in dates {
            let follow_up_at = due_at.map(|due_at| millis(due_at + follow_up_after));
            // where it is open already, it has opened for those who wait
            let has_opened = due_at.is_some_and(|due_at| due_at <= now);
            let now = millis(now);
            for (kind, due_at) in [(JobKind::Hold, due_at.map(millis)), (JobKind::FollowUp, follow_up_at)] {
                if kind == JobKind::FollowUp && has_opened {
                    continue;
                }
                let state = State::Waiting;
                changed += statement.execute((due_at, state, kind, hours, now, in_open_hours, channel, line))?;
            }
        }
        drop(statement);
        if let Some(overrides) = overrides {
            self.replace_overrides(overrides)?;
        }
        Ok(changed as u64)
    }

    /// [`crate::store::Store::awaited`].
    pub(super) fn awaited(&self) -> Result<Vec<Awaited>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT channel, line, message.hours, in_open_hours
             FROM outbox JOIN message ON message.id = outbox.id / 1024
             WHERE outbox.state < 2 AND outbox.kind IN (?1, ?2) ORDER BY 1, 2, 3, 4",
        )?;
        let awaited = statement.query_map([JobKind::Hold, JobKind::FollowUp], |row| {
            Ok(Awaited { channel: row.get(0)?, line: row.get(1)?, hours: row.get(2)?, in_open_hours: row.get(3)? })
        })?;
        Ok(awaited.collect::<Result<_, _>>()?)
    }

    /// [`crate::store::Store::release`]. Released once, it stays released: `first_due_at` keeps a new date away.
    pub(super) fn release(&mut self, now: DateTime<Utc>) -> Result<u64, Fault> {
        let mut released = BTreeSet::new();
        let mut hold = self.connection.prepare_cached(
            "UPDATE outbox SET due_at = ?1, first_due_at = coalesce(first_due_at, ?1)
             WHERE state < 2 AND state = ?2 AND kind = ?3 AND (due_at IS NULL OR due_at > ?1) RETURNING id",
        )?;
        for row in hold.query_map((millis(now), State::Waiting, JobKind::Hold), |row| row.get(0))? {
            released.insert(message_of(row?));
        }
        let mut revive = self.connection.prepare_cached(
            "UPDATE outbox SET state = ?2, due_at = ?1, attempts = 0, reason = NULL, settled_at = NULL
             WHERE state > 3 AND state = ?3 AND kind IN (?4, ?5) RETURNING id",
        )?;
        let given_up = (millis(now), State::Waiting, State::Dead, JobKind::Hold, JobKind::Now);
        for row in revive.query_map(given_up, |row| row.get(0))? {
            released.insert(message_of(row?));
        }
        Ok(released.len() as u64)
    }

    /// [`crate::store::Store::retry`].
    pub(super) fn retry(&mut self, channel: bool, target: &str, now: DateTime<Utc>) -> Result<(), Fault> {
        self.connection
            .prepare_cached(
                "UPDATE outbox SET due_at = ?1
                 WHERE state < 2 AND state = ?2 AND (kind IN (?3, ?6, ?7)) = ?4 AND target = ?5 AND first_due_at IS NOT NULL
                     AND due_at > ?1",
            )?
            .execute((
                millis(now),
                State::Waiting,
                JobKind::Reply,
                channel,
                target,
                JobKind::FollowUp,
                JobKind::Correction,
            ))?;
        Ok(())
    }

    /// [`crate::store::Store::alert`].
    pub(super) fn alert(
        &mut self,
        once: &str,
        words: &str,
        sinks: &[String],
        now: DateTime<Utc>,
    ) -> Result<bool, Fault> {
        if sinks.len() > MOST_JOBS {
            return Err(Fault::Jobs);
        }
        let new = self
            .connection
            .prepare_cached("INSERT INTO alerted (key, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute((self.codec.once(once), millis(now)))?;
        if new == 0 {
            return Ok(false);
        }
        let number = self.memory.next_number;
        self.memory.next_number += 1;
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO outbox (id, kind, target, due_at, words) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for (sink, id) in sinks.iter().zip(row_of(number)..) {
            insert.execute((id, JobKind::Alert, sink, millis(now), self.codec.seal_words(id, words)))?;
        }
        Ok(true)
    }

    /// [`crate::store::Store::overrides`].
    pub(super) fn overrides(&self) -> Result<Vec<Override>, Fault> {
        let mut statement =
            self.connection.prepare_cached("SELECT is_open, from_at, until_at, reply FROM override ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut overrides = Vec::new();
        while let Some(row) = rows.next()? {
            overrides.push(Override {
                open: row.get(0)?,
                from: instant(row.get(1)?)?,
                until: instant(row.get(2)?)?,
                reply: row.get(3)?,
            });
        }
        Ok(overrides)
    }

    fn replace_overrides(&mut self, overrides: &[Override]) -> Result<(), Fault> {
        self.connection.prepare_cached("DELETE FROM override")?.execute([])?;
        let mut insert = self
            .connection
            .prepare_cached("INSERT INTO override (is_open, from_at, until_at, reply) VALUES (?1, ?2, ?3, ?4)")?;
        for one in overrides {
            insert.execute((one.open, millis(one.from), millis(one.until), &one.reply))?;
        }
        Ok(())
    }
}
