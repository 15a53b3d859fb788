//! The connection, and the little that the writer remembers beside it.

use std::collections::HashSet;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, OptionalExtension};

use super::Fault;
use super::claims::Claims;
use super::open::PATIENCE;
use super::outbox::{State, message_of};
use super::passing::passing;
use super::recent::{DAY, Recent, Reply};
use super::responders::Responders;
use super::rows::readable;
use crate::message::Inbound;
use crate::store::JobKind;
use crate::store::codec::{Codec, Digest};

/// Pages of the write-ahead log at which it is folded into the database at once, in the middle of the work: 16 MiB.
const LONG_LOG_PAGES: i32 = 4096;

/// The database as the writer thread has it.
pub(super) struct Database {
    pub(super) connection: Connection,
    pub(super) codec: Codec,
    /// The store's own random name: what makes a job's key unlike those of any other store.
    pub(super) name: String,
    /// Rows that somebody has.
    pub(super) claims: Claims,
    pub(super) memory: Memory,
    /// The memory has more in it than the rows: a transaction was rolled back.
    stale: bool,
    log_pages: Arc<AtomicI32>,
    /// The log holds what was deleted for good: it is to be emptied, not only folded.
    log_to_wipe: bool,
    /// Held until the connection is closed.
    _lock: Option<File>,
}

/// What follows from the rows, and would be slow to ask of them for each message.
pub(super) struct Memory {
    /// The number that the next message gets.
    pub(super) next_number: i64,
    /// The provider's ids that were admitted: 16 bytes each and as much again for the table, so 3 MiB for a practice that
    /// keeps 90 days of 1,000 messages.
    pub(super) seen: HashSet<Digest>,
    /// The replies of the last day.
    pub(super) recent: Recent,
    /// What else answers.
    pub(super) responders: Responders,
    /// The messages that are there only until the owner is told.
    pub(super) passing: HashSet<i64>,
    /// How many messages there are, once somebody has asked.
    pub(super) messages: Option<u64>,
    /// The newest time that the writer was told.
    pub(super) now: i64,
}

impl Database {
    /// Takes over a connection to a database that is migrated.
    pub(super) fn new(mut connection: Connection, lock: Option<File>, now: i64) -> Result<Self, Fault> {
        // every statement of this room, so that each is compiled once
        connection.set_prepared_statement_cache_capacity(128);
        let log_pages = Arc::new(AtomicI32::new(0));
        let pages = Arc::clone(&log_pages);
        connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, length| {
            pages.store(length, Ordering::Relaxed);
            Ok(())
        }))?;
        let hash_key: Vec<u8> =
            connection.query_row("SELECT value FROM meta WHERE name = 'hash_key'", [], |row| row.get(0))?;
        let name: Vec<u8> = connection.query_row("SELECT value FROM meta WHERE name = 'name'", [], |row| row.get(0))?;
        let name = String::from_utf8(name).map_err(|_| Fault::Unknown("the store's name"))?;
        let codec = Codec::new(&hash_key);
        let memory = Memory::read(&connection, &codec, now)?;
        let claims = Claims::default();
        let log_to_wipe = true;
        let mut database =
            Self { connection, codec, name, claims, memory, stale: false, log_pages, log_to_wipe, _lock: lock };
        // a process that ended before it could do so has left that to this one
        database.empty_log();
        Ok(database)
    }

    /// Begins the transaction of a batch.
    pub(super) fn begin_transaction(&mut self) -> Result<(), Fault> {
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        if self.stale {
            self.memory = Memory::read(&self.connection, &self.codec, self.memory.now)?;
            self.stale = false;
        }
        Ok(())
    }

    /// Commits it: on disk afterwards.
    pub(super) fn commit_transaction(&mut self) -> Result<(), Fault> {
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        self.claims.keep();
        Ok(())
    }

    /// Takes back what was done since it began, in the rows and in memory.
    pub(super) fn roll_back(&mut self) {
        self.stale = true;
        self.claims.undo();
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            // the next BEGIN fails then, and says so to those who ask
            tracing::error!(%error, "the store could not roll back");
        }
    }

    /// There is a write-ahead log to fold.
    pub(super) fn has_log(&self) -> bool {
        self.log_pages.load(Ordering::Relaxed) > 0
    }

    /// What this transaction deletes is not to be read in the log either, once it is committed.
    pub(super) fn wipe_log(&mut self) {
        self.log_to_wipe = true;
    }

    /// Folds the log when it has become long, as without this it would grow for as long as there is no pause; and empties
    /// it at once when it has to be.
    pub(super) fn fold_log_in_between(&mut self) {
        if self.log_to_wipe && self.has_log() {
            self.empty_log();
        } else if self.log_pages.load(Ordering::Relaxed) >= LONG_LOG_PAGES {
            self.fold_log();
        }
    }

    /// Folds the log and cuts it to nothing. Where another program is reading the file, that is for the next time.
    fn empty_log(&mut self) {
        let emptied = self
            .connection
            .busy_timeout(Duration::ZERO)
            .and_then(|()| self.connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::TRUNCATE));
        if let Err(error) = self.connection.busy_timeout(PATIENCE) {
            tracing::warn!(%error, "the store does not wait for other programs any more");
        }
        match emptied {
            Ok(_) => {
                self.log_to_wipe = false;
                self.log_pages.store(0, Ordering::Relaxed);
            }
            Err(error) => {
                tracing::warn!(%error, "the store could not empty its log; it tries again after the next change");
                self.fold_log();
            }
        }
    }

    /// Folds the write-ahead log into the database.
    pub(super) fn fold_log(&self) {
        // zero even when it fails: then it is tried again after the next commit, not in a busy loop
        self.log_pages.store(0, Ordering::Relaxed);
        if let Err(error) = self.connection.wal_checkpoint_v2(None::<&str>, CheckpointMode::PASSIVE) {
            tracing::warn!(%error, "the store could not fold its log; it tries again");
        }
    }

    /// Folds the log and closes the file.
    pub(super) fn close(self) {
        if self.has_log() {
            self.fold_log();
        }
        let Self { connection, _lock: lock, .. } = self;
        if let Err((_, error)) = connection.close() {
            tracing::warn!(%error, "the store was not closed cleanly; nothing is lost");
        }
        drop(lock);
    }
}

impl Memory {
    fn read(connection: &Connection, codec: &Codec, now: i64) -> Result<Self, Fault> {
        let mut recent = Recent::default();
        let mut statement = connection.prepare_cached(
            "SELECT message.id, channel, line, received_at, sealed FROM message
             WHERE received_at > ?1 AND reply IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM outbox
                 WHERE outbox.id BETWEEN message.id * 1024 AND message.id * 1024 + 1023 AND kind = ?2 AND state = ?3)
             ORDER BY message.id",
        )?;
        let mut rows = statement.query((now - DAY, JobKind::Reply, State::Withdrawn))?;
        while let Some(row) = rows.next()? {
            let message: i64 = row.get(0)?;
            let sealed = row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?;
            // a reply that is not counted is better than no start
            let opened = readable(message, codec.open_message(message, sealed).map_err(Fault::from))?;
            let Some(Inbound { from, .. }) = opened else { continue };
            recent.add(Reply {
                message,
                channel: row.get::<_, String>(1)?.into(),
                line: row.get::<_, String>(2)?.into(),
                person: from.iter().map(|address| codec.person(address)).collect(),
                at: row.get(3)?,
            });
        }
        let mut keys = connection.prepare_cached("SELECT key FROM seen")?;
        let seen = keys.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let responders = Responders::read(connection)?;
        let passing = passing(connection)?;
        Ok(Self { next_number: next_number(connection)?, seen, recent, responders, passing, messages: None, now })
    }
}

/// One more than any number that was ever given.
fn next_number(connection: &Connection) -> Result<i64, Fault> {
    let kept: Option<i64> = connection.query_row("SELECT max(id) FROM message", [], |row| row.get(0))?;
    let waiting: Option<i64> = connection.query_row("SELECT max(id) FROM outbox", [], |row| row.get(0))?;
    let forgotten: Option<i64> = connection
        .query_row("SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM meta WHERE name = 'number'", [], |row| row.get(0))
        .optional()?;
    Ok(1 + kept.max(waiting.map(message_of)).max(forgotten).unwrap_or(0))
}
