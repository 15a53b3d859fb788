//! What a provider says became of a reply that it accepted.

use rusqlite::OptionalExtension;

use super::Fault;
use super::database::Database;
use super::outbox::{State, message_of};
use super::rows::instant;
use crate::message::{Fate, Kind, Personal};
use crate::outbound::Reason;
use crate::store::{Admitted, JobKind};

/// What a receipt is of.
struct Receipted {
    row: i64,
    kind: JobKind,
    state: State,
    attempts: u32,
    /// The provider knows it by the id of the receipt; none: under which it does is not known, or not said.
    is_known: Option<bool>,
}

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
        let Some(Receipted { row, kind, state, attempts, is_known }) = self.receipted(channel, key, provider_id)?
        else {
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
        // an attempt that was repeated; or what was said before the failure, and comes after it
        let is_older = match fate {
            Fate::Delivered => state == State::Dead && is_known == Some(true),
            Fate::Failed(_) => is_known == Some(false),
            Fate::OptedOut => false,
        };
        if !was_sent || is_older {
            return Ok(Admitted::Noted);
        }
        if is_known.is_none() && !provider_id.is_empty() {
            self.name_reply(row, provider_id.as_str())?;
        }
        if state == ends {
            return Ok(Admitted::Noted);
        }
        self.connection
            .prepare_cached("UPDATE outbox SET state = ?1, reason = ?2, settled_at = ?3 WHERE id = ?4")?
            .execute((ends, &reason, at, row))?;
        if ends == State::Dead {
            self.was_told_nothing(row)?;
        }
        let Some(code) = reason else {
            let message = message_of(row);
            return Ok(if kind == JobKind::Reply {
                Admitted::ReplyArrived { job: row, message }
            } else {
                Admitted::Noted
            });
        };
        let message = self.message(message_of(row))?.0.message;
        if *fate == Fate::OptedOut {
            self.opt_out(&message.from, instant(at)?)?;
        }
        Ok(Admitted::ReplyFailed { code, called: message.kind == Kind::Call })
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

    /// What is meant: by the key that we gave with it, or else by the provider's id.
    fn receipted(&self, channel: &str, key: &str, provider_id: &Personal) -> Result<Option<Receipted>, Fault> {
        let found = |row: &rusqlite::Row<'_>| {
            Ok(Receipted {
                row: row.get(0)?,
                kind: row.get(1)?,
                state: row.get(2)?,
                attempts: row.get(3)?,
                is_known: row.get(4)?,
            })
        };
        let id = (!provider_id.is_empty()).then(|| self.codec.sent(channel, provider_id.as_str()));
        if let Some(row) = self.row_of_key(key)? {
            let by_key = self
                .connection
                .prepare_cached(
                    "SELECT id, kind, state, attempts, provider_key = ?1 FROM outbox WHERE id = ?2 AND target = ?3",
                )?
                .query_row((id, row, channel), found)
                .optional()?
                .filter(|found| found.kind.is_for_client());
            if by_key.is_some() {
                return Ok(by_key);
            }
        }
        let by_id = self
            .connection
            .prepare_cached(
                "SELECT id, kind, state, attempts, provider_key = ?1 FROM outbox
                 WHERE provider_key IS NOT NULL AND provider_key = ?1",
            )?
            .query_row([id], found)
            .optional()?;
        Ok(by_id)
    }
}
