//! What is there only until the owner is told: settled, it goes, and nothing that was written down for it stays.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension};

use super::Fault;
use super::database::Database;
use super::outbox::{State, message_of, rows_of};
use crate::store::JobKind;

/// `message.notify` of such a message.
pub(super) const PASSED_ON: &str = "pass";

impl Database {
    /// A row was settled: of a message that is only passed on, a notice that was given up goes at once, and the message
    /// with the last of its notices.
    pub(super) fn settled_in_passing(&mut self, row: i64) -> Result<(), Fault> {
        let number = message_of(row);
        if !self.memory.passing.contains(&number) {
            return Ok(());
        }
        let state: Option<State> = self
            .connection
            .prepare_cached("SELECT state FROM outbox WHERE id = ?1")?
            .query_row([row], |row| row.get(0))
            .optional()?;
        if state == Some(State::Dead) {
            self.connection.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([row])?;
        }
        let rows = rows_of(number);
        let waits = self
            .connection
            .prepare_cached("SELECT 1 FROM outbox WHERE id BETWEEN ?1 AND ?2 AND state < 2")?
            .exists(rows)?;
        if waits {
            return Ok(());
        }
        self.connection.prepare_cached("DELETE FROM outbox WHERE id BETWEEN ?1 AND ?2")?.execute(rows)?;
        self.connection.prepare_cached("DELETE FROM message WHERE id = ?1")?.execute([number])?;
        self.keep_number()?;
        self.memory.passing.remove(&number);
        self.memory.messages = self.memory.messages.map(|kept| kept.saturating_sub(1));
        self.wipe_log();
        Ok(())
    }
}

/// Those that there are: each still has a notice on its way.
pub(super) fn passing(connection: &Connection) -> Result<HashSet<i64>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT message.id FROM outbox JOIN message ON message.id = outbox.id / 1024
         WHERE outbox.state < 2 AND outbox.kind = ?1 AND message.notify = ?2",
    )?;
    let numbers = statement.query_map((JobKind::Now, PASSED_ON), |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}
