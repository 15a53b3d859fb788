//! `SQLite`: one file, one writer thread, one process.

mod admit;
mod claims;
mod database;
mod facts;
mod forget;
mod migrate;
mod notes;
mod open;
mod opt_outs;
mod outbox;
mod owner;
mod parts;
mod passing;
mod promises;
mod receipt;
mod recent;
mod responders;
mod rows;
mod writer;

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use super::codec::Unreadable;
use super::{
    Account, Admitted, Awaited, Counts, Decide, Entry, HeldRow, Job, Look, OpenError, OptedOut, Outcome, Promise,
    Store, StoreError, Stored, Tokens,
};
use crate::hours::Override;
use crate::message::{Address, Personal};
use crate::verdict::Recalled;
use database::Database;
use writer::Writer;

/// What ends a command: its transaction is rolled back.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("a row holds what this afterhours does not know: {0}")]
    Unknown(&'static str),
    #[error("a message has more than {} jobs", outbox::MOST_JOBS)]
    Jobs,
    #[error("no random numbers")]
    Random,
    #[error("a command panicked")]
    Panicked,
}

/// The store on `SQLite`.
pub(super) struct Sqlite {
    writer: Writer,
}

impl Sqlite {
    /// Opens the file, or makes it.
    pub(super) fn open(path: &str, now: DateTime<Utc>) -> Result<Self, OpenError> {
        Self::start(path, open::file(path, now)?)
    }

    /// A store that ends with the process.
    pub(super) fn in_memory(now: DateTime<Utc>) -> Result<Self, OpenError> {
        Self::start(":memory:", open::memory(now)?)
    }

    fn start(path: &str, database: Database) -> Result<Self, OpenError> {
        let writer = Writer::start(database)
            .map_err(|error| OpenError::Failed { path: path.to_owned(), problem: error.to_string() })?;
        Ok(Self { writer })
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn admit(&self, entries: Vec<Entry>, decide: Arc<dyn Decide>) -> Result<Vec<Admitted>, StoreError> {
        let places = self.writer.places(entries.len())?;
        self.writer
            .ask(move |database| {
                // freed when the command is, which is after it is answered
                let _ = &places;
                database.admit(&entries, decide.as_ref())
            })
            .await
    }

    async fn recall(&self, look: Look) -> Result<Recalled, StoreError> {
        self.writer.ask(move |database| database.recall(&look)).await
    }

    async fn claim(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Job>, StoreError> {
        self.writer.ask_or_undo(move |database| database.claim(now, limit), Database::unclaim).await
    }

    async fn begin(&self, jobs: Vec<i64>, now: DateTime<Utc>) -> Result<Vec<i64>, StoreError> {
        self.writer.ask(move |database| database.begin(&jobs, now)).await
    }

    async fn settle(&self, jobs: Vec<i64>, outcome: Outcome, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer.ask(move |database| database.settle(&jobs, &outcome, now)).await
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.writer.ask(|database| database.next_due()).await
    }

    async fn reroute(&self, jobs: Vec<i64>, sink: String, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer.ask(move |database| database.reroute(&jobs, &sink, now)).await
    }

    async fn redate(
        &self,
        dates: Vec<(Awaited, Option<DateTime<Utc>>)>,
        overrides: Option<Vec<Override>>,
        follow_up_after: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let work = move |database: &mut Database| database.redate(&dates, overrides.as_deref(), follow_up_after, now);
        self.writer.ask(work).await
    }

    async fn awaited(&self) -> Result<Vec<Awaited>, StoreError> {
        self.writer.ask(|database| database.awaited()).await
    }

    async fn release(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.writer.ask(move |database| database.release(now)).await
    }

    async fn retry(&self, channel: bool, target: String, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer.ask(move |database| database.retry(channel, &target, now)).await
    }

    async fn alert(
        &self,
        once: String,
        words: String,
        sinks: Vec<String>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.writer.ask(move |database| database.alert(&once, &words, &sinks, now)).await
    }

    async fn held(&self, limit: usize) -> Result<Vec<HeldRow>, StoreError> {
        self.writer.ask(move |database| database.held(limit)).await
    }

    async fn message(&self, number: i64) -> Result<Option<Account>, StoreError> {
        self.writer.ask(move |database| database.account(number)).await
    }

    async fn opted_out(&self, people: Vec<Vec<Address>>) -> Result<OptedOut, StoreError> {
        let opted_out = self.writer.ask(|database| database.opted_out()).await?;
        let mut answer = OptedOut { people: Vec::with_capacity(people.len()), others: 0 };
        let mut listed = HashSet::new();
        let mut people = people.into_iter();
        // in slices, so that messages come in between
        loop {
            let slice: Vec<_> = people.by_ref().take(opt_outs::SLICE).collect();
            if slice.is_empty() {
                break;
            }
            for keys in self.writer.ask(move |database| Ok(database.keys(&slice))).await? {
                let found: Vec<_> = opted_out.intersection(&keys).copied().collect();
                answer.people.push(!found.is_empty());
                listed.extend(found);
            }
        }
        answer.others = (opted_out.len() - listed.len()) as u64;
        Ok(answer)
    }

    async fn opt_in(&self, person: Vec<Address>) -> Result<bool, StoreError> {
        self.writer.ask(move |database| database.opt_in(&person)).await
    }

    async fn opt_out(&self, person: Vec<Address>, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.writer.ask(move |database| database.opt_out(&person, now)).await
    }

    async fn sent_by_others(&self, channel: String, ids: Vec<String>) -> Result<Vec<String>, StoreError> {
        self.writer.ask(move |database| database.sent_by_others(&channel, &ids)).await
    }

    async fn notes(&self) -> Result<Vec<(String, String, Personal)>, StoreError> {
        self.writer.ask(|database| database.notes()).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.writer.ask(Database::counts).await
    }

    async fn overrides(&self) -> Result<Vec<Override>, StoreError> {
        self.writer.ask(|database| database.overrides()).await
    }

    async fn forget(&self, before: DateTime<Utc>, known_before: DateTime<Utc>) -> Result<u64, StoreError> {
        // in slices, so that messages come in between
        let mut forgotten = 0;
        let mut place = forget::Place::default();
        loop {
            let slice = self.writer.ask(move |database| database.forget(before, known_before, &place)).await?;
            forgotten += slice.messages;
            match slice.next {
                Some(next) => place = next,
                None => return Ok(forgotten),
            }
        }
    }

    async fn promises(
        &self,
        since: DateTime<Utc>,
        before: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Promise>, StoreError> {
        self.writer.ask(move |database| database.promises(since, before, limit)).await
    }

    async fn promised(&self, message: i64) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.writer.ask(move |database| database.promised(message)).await
    }

    async fn correct(&self, people: Vec<Vec<i64>>, due_at: DateTime<Utc>) -> Result<u64, StoreError> {
        self.writer.ask(move |database| database.correct(&people, due_at)).await
    }

    async fn rang(&self, since: DateTime<Utc>) -> Result<Vec<Arc<Stored>>, StoreError> {
        self.writer.ask(move |database| database.rang(since)).await
    }

    async fn keep_promise(&self, message: i64, person: Vec<Address>) -> Result<bool, StoreError> {
        self.writer.ask(move |database| database.keep_promise(message, &person)).await
    }

    async fn tokens(&self) -> Result<Tokens, StoreError> {
        self.writer.ask(|database| Ok(database.codec.tokens())).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.writer.ask(|_| Ok(())).await
    }

    async fn close(&self) {
        self.writer.close().await;
    }
}
