//! What a provider says became of a reply that it accepted.

use rusqlite::OptionalExtension;

use super::Fault;
use super::database::Database;
use super::outbox::{State, message_of};
use super::rows::instant;
use crate::message::{Fate, Personal};
use crate::outbound::Reason;
use crate::store::{Admitted, JobKind};

impl Database {
    /// A receipt is the last word on a send, whatever was thought of it before; of what was never sent it says nothing.
    pub(super) fn receipt(
        &mut self,
        channel: &str,
        key: &str,
        provider_id: &Personal,
        fate: &Fate,
        at: i64,
    ) -> Result<Admitted, Fault> {
        let Some((row, state, attempts)) = self.receipted(channel, key, provider_id)? else {
            return Ok(Admitted::Noted);
        };
        let was_sent = match state {
            State::Sending | State::Done | State::Unknown | State::Dead => true,
            State::Waiting => attempts > 0,
            State::Withdrawn => false,
        };
        let (ends, reason) = match fate {
            Fate::Delivered => (State::Done, None),
            Fate::Failed(code) => (State::Dead, Some(code.clone())),
            Fate::OptedOut => (State::Dead, Some(Reason::OptedOut.to_string())),
        };
        if !was_sent || state == ends {
            return Ok(Admitted::Noted);
        }
        self.connection
            .prepare_cached("UPDATE outbox SET state = ?1, reason = ?2, settled_at = ?3 WHERE id = ?4")?
            .execute((ends, &reason, at, row))?;
        if ends == State::Dead {
            self.was_told_nothing(row)?;
        }
        if *fate == Fate::OptedOut {
            let person = self.message(message_of(row))?.0.message.from.clone();
            self.opt_out(&person, instant(at)?)?;
        }
        Ok(match reason {
            Some(code) => Admitted::ReplyFailed { code },
            None => Admitted::Noted,
        })
    }

    /// [`crate::store::Store::sent_by_others`].
    pub(super) fn sent_by_others(&self, channel: &str, ids: &[String]) -> Result<Vec<String>, Fault> {
        let mut known =
            self.connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM outbox WHERE provider_key = ?1)")?;
        let mut others = Vec::new();
        for id in ids {
            let is_ours: bool = known.query_row([self.codec.sent(channel, id)], |row| row.get(0))?;
            if !is_ours {
                others.push(id.clone());
            }
        }
        Ok(others)
    }

    /// The reply that is meant: by the key that we gave with it, or else by the provider's id.
    fn receipted(&self, channel: &str, key: &str, provider_id: &Personal) -> Result<Option<(i64, State, u32)>, Fault> {
        let found = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        if let Some(row) = self.row_of_key(key)? {
            let by_key = self
                .connection
                .prepare_cached("SELECT id, state, attempts FROM outbox WHERE id = ?1 AND kind = ?2 AND target = ?3")?
                .query_row((row, JobKind::Reply, channel), found)
                .optional()?;
            if by_key.is_some() {
                return Ok(by_key);
            }
        }
        if provider_id.is_empty() {
            return Ok(None);
        }
        let by_id = self
            .connection
            .prepare_cached(
                "SELECT id, state, attempts FROM outbox WHERE provider_key IS NOT NULL AND provider_key = ?1",
            )?
            .query_row([self.codec.sent(channel, provider_id.as_str())], found)
            .optional()?;
        Ok(by_id)
    }
}
