//! Messages that come in several deliveries under one id: an album, a picture message whose text is fetched later.

use super::Fault;
use super::database::Database;
use super::outbox::{State, rows_of};
use crate::message::Personal;
use crate::store::{Candidate, JobKind};

/// The earlier part is looked for among so many messages, the last ones: parts come within seconds of each other.
const LOOKED_THROUGH: i64 = 1000;

impl Database {
    /// Another delivery of a known id says something that is not told yet, and cannot be added to what was kept. Where it
    /// can, it is.
    pub(super) fn is_news(&mut self, candidate: &Candidate, keep: bool, now: i64) -> Result<bool, Fault> {
        let message = &candidate.message;
        if !message.hints.part || message.text.is_empty() || !keep || self.complete(candidate)? {
            return Ok(false);
        }
        // by a name of its own, so that its repetition is known as well
        let part = Personal::new(format!("{}\0part", message.id.as_str()));
        self.mark_seen(self.codec.received(&candidate.channel, &part), now)
    }

    /// Adds the text to the part that was kept without one, or with what the text says as well, while the owner has not been
    /// told of that. Says whether the text is there now.
    fn complete(&self, candidate: &Candidate) -> Result<bool, Fault> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, sealed FROM message WHERE id > ?1 AND channel = ?2 ORDER BY id DESC")?;
        let mut rows = statement.query((self.memory.next_number - LOOKED_THROUGH, &*candidate.channel))?;
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            let sealed = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            let mut earlier = self.codec.open_message(number, sealed)?;
            if earlier.id != candidate.message.id {
                continue;
            }
            if earlier.text == candidate.message.text {
                return Ok(true);
            }
            let says_it_too = candidate.message.text.as_str().contains(earlier.text.as_str());
            if !says_it_too || self.is_told(number)? {
                return Ok(false);
            }
            earlier.text = candidate.message.text.clone();
            self.connection
                .prepare_cached("UPDATE message SET sealed = ?1 WHERE id = ?2")?
                .execute((self.codec.seal_message(number, &earlier)?, number))?;
            return Ok(true);
        }
        Ok(false)
    }

    /// A notice of the message is on its way, or has been.
    fn is_told(&self, message: i64) -> Result<bool, Fault> {
        let (first, last) = rows_of(message);
        let told = (first, last, JobKind::Now, JobKind::Hold, State::Waiting);
        let mut statement = self.connection.prepare_cached(
            "SELECT id, state FROM outbox WHERE id BETWEEN ?1 AND ?2 AND kind IN (?3, ?4) AND (state <> ?5 OR attempts > 0)",
        )?;
        if statement.exists(told)? {
            return Ok(true);
        }
        // a row that somebody has claimed was read with the old text
        let mut statement =
            self.connection.prepare_cached("SELECT id FROM outbox WHERE id BETWEEN ?1 AND ?2 AND kind IN (?3, ?4)")?;
        let mut rows = statement.query((first, last, JobKind::Now, JobKind::Hold))?;
        while let Some(row) = rows.next()? {
            if self.claims.contains(row.get(0)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
