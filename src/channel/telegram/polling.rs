//! Asking for updates, where Telegram has no address to post them to.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use serde_json::{Value, json};

use super::connections::Connection;
use super::wire::Part;
use super::{Telegram, UPDATES, parse, send};
use crate::message::Event;
use crate::outbound::{Outbound, Reason, SendError};

/// Telegram waits for so many seconds for something to tell: less than an answer may take in all.
const WAIT: u32 = 10;

/// So many updates are asked for at once.
const BATCH: usize = 50;

/// An answer is read up to so many bytes. A message of 4096 characters that answers another one as long has under 64 KiB, with
/// every character escaped.
const LONGEST_BATCH: usize = BATCH * 64 * 1024;

/// How far the updates are known.
#[derive(Debug, Default)]
pub(super) struct Polling(Mutex<Progress>);

#[derive(Debug, Default)]
struct Progress {
    /// The first update that is not stored; Telegram forgets those before it when it is asked from there.
    next: Option<i64>,
    /// The one after the last that was given.
    given: Option<i64>,
    /// Another program asks for the same updates.
    is_contested: bool,
    /// The last answer was longer than any should be: they are asked for one by one until an answer can be read.
    is_overlong: bool,
}

impl Polling {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was given is stored.
    pub fn taken(&self) {
        let mut progress = self.progress();
        progress.next = progress.given.take().or(progress.next);
    }

    pub fn is_contested(&self) -> bool {
        self.progress().is_contested
    }
}

impl Telegram {
    /// Asks for what has come since what is stored.
    pub(super) async fn poll(&self, polling: &Polling, outbound: &Outbound) -> Result<Vec<Event>, SendError> {
        let mut asked = json!({"timeout": WAIT, "allowed_updates": UPDATES});
        {
            let progress = polling.progress();
            asked["limit"] = if progress.is_overlong { 1 } else { BATCH }.into();
            if let Some(next) = progress.next {
                asked["offset"] = next.into();
            }
        }
        let body = asked.to_string().into_bytes();
        let url = self.method("getUpdates")?;
        let response = outbound.post_json_for_many(url, HeaderMap::new(), body, LONGEST_BATCH).await?;
        polling.progress().is_overlong = response.body.len() >= LONGEST_BATCH;
        let result = send::result(&response);
        let is_contested = matches!(&result, Err(SendError::Down { reason: Reason::Taken }));
        polling.progress().is_contested = is_contested;
        let result = result?;
        let Value::Array(updates) = result else { return Err(SendError::Unknown { reason: Reason::Unproven }) };
        let mut events = Vec::new();
        for update in &updates {
            self.learn(update, outbound).await;
            events.extend(self.reader().update(update).into_iter().flatten());
        }
        let last = updates.iter().filter_map(parse::update_id).max();
        polling.progress().given = last.map(|last| last.saturating_add(1));
        Ok(events)
    }

    /// What the later updates of the same answer must know: a connection that this one tells of, or that it came under.
    async fn learn(&self, update: &Value, outbound: &Outbound) {
        if let Some((id, connection)) = Part::of(update).object("business_connection").and_then(Connection::read) {
            self.connections.told(&id, connection);
        }
        self.learn_its_connection(update, outbound).await;
    }

    /// Asks about the connection that an update came under, where nobody has told of it.
    pub(super) async fn learn_its_connection(&self, update: &Value, outbound: &Outbound) {
        if let Some(id) = parse::connection_id(update)
            && self.connections.find(id).is_none()
        {
            // what cannot be had now is asked for again, and must not keep what has come
            let _ = self.ask_about_connections(outbound).await;
        }
    }
}
