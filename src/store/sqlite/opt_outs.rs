//! Who wants no automatic replies: what the owner sees of it, and takes back.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::Fault;
use super::database::Database;
use super::rows::millis;
use crate::message::Address;
use crate::store::codec::Digest;

/// People whose addresses one command hashes: a few milliseconds of the writer's time.
pub(super) const SLICE: usize = 1000;

impl Database {
    /// What is known of those who want none.
    pub(super) fn opted_out(&self) -> Result<HashSet<Digest>, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT key FROM person WHERE opted_out_at IS NOT NULL")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// [`crate::store::Store::opt_out`].
    pub(super) fn opt_out(&self, person: &[Address], now: DateTime<Utc>) -> Result<(), Fault> {
        let mut mark = self.connection.prepare_cached("UPDATE person SET opted_out_at = ?1 WHERE key = ?2")?;
        for address in person {
            mark.execute((millis(now), self.codec.person(address)))?;
        }
        Ok(())
    }

    /// What each of these people is known by.
    pub(super) fn keys(&self, people: &[Vec<Address>]) -> Vec<HashSet<Digest>> {
        people.iter().map(|person| person.iter().map(|address| self.codec.person(address)).collect()).collect()
    }

    /// [`crate::store::Store::opt_in`].
    pub(super) fn opt_in(&self, person: &[Address]) -> Result<bool, Fault> {
        let mut names: HashSet<Address> = person.iter().cloned().collect();
        let mut find = self.connection.prepare_cached("SELECT opted_out_at FROM person WHERE key = ?1")?;
        for address in person {
            for at in find.query_map([self.codec.person(address)], |row| row.get::<_, Option<i64>>(0))? {
                if let Some(at) = at? {
                    names.extend(self.names_then(person, at)?);
                }
            }
        }
        let mut clear = self
            .connection
            .prepare_cached("UPDATE person SET opted_out_at = NULL WHERE key = ?1 AND opted_out_at IS NOT NULL")?;
        let mut changed = 0;
        for address in &names {
            changed += clear.execute([self.codec.person(address)])?;
        }
        Ok(changed > 0)
    }

    /// All addresses of the person in the messages of that instant. An opt-out stands under each of its sender's.
    fn names_then(&self, person: &[Address], at: i64) -> Result<Vec<Address>, Fault> {
        let mut statement = self.connection.prepare_cached("SELECT id, sealed FROM message WHERE received_at = ?1")?;
        let mut rows = statement.query([at])?;
        let mut names = Vec::new();
        while let Some(row) = rows.next()? {
            let sealed = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let message = self.codec.open_message(row.get(0)?, sealed)?;
            if message.from.iter().any(|address| person.contains(address)) {
                names.extend(message.from);
            }
        }
        Ok(names)
    }
}
