//! What is kept: one trait of domain operations, and the databases behind it.

mod codec;
mod sqlite;
mod tokens;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use crate::hours::Override;
use crate::message::{Address, Fate, Inbound, Personal};
use crate::outbound::Reason;
use crate::verdict::{Recalled, Verdict};
use sqlite::Sqlite;

pub use tokens::Tokens;

/// A message on its way in: what the config knows of it is filled in, what the store knows is not yet.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The channel's name in the config.
    pub channel: Arc<str>,
    /// The line's name: its id in the config, or `default`.
    pub line: Arc<str>,
    /// The config knows the line.
    pub line_listed: bool,
    /// Nothing of the line is stored or answered.
    pub line_private: bool,
    /// The name of the hours that rule this line.
    pub hours: Arc<str>,
    /// The start of the closed period now, when it is closed: what "answered already" is measured from.
    pub closed_since: Option<DateTime<Utc>>,
    /// Every address of the sender: those of the message first, then the others of the same client.
    pub person: Vec<Address>,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// The message.
    pub message: Inbound,
}

/// One thing to admit.
#[derive(Clone, Debug)]
pub enum Entry {
    /// Somebody wrote: to be decided.
    Message(Box<Candidate>),
    /// The owner wrote to somebody.
    OwnerWrote {
        /// The channel's name.
        channel: Arc<str>,
        /// The line's name.
        line: Arc<str>,
        /// The provider's id: a repetition changes nothing.
        id: Personal,
        /// Every address of the person.
        person: Vec<Address>,
        /// When: not later than `received_at`.
        at: DateTime<Utc>,
        /// When we learned it.
        received_at: DateTime<Utc>,
        /// The owner did not write it then: an app or a bot did, which may be an answer or was scheduled.
        automatic: bool,
    },
    /// What a channel must know after a restart too; it takes the place of what was noted under this key before.
    Note {
        /// The channel's name.
        channel: Arc<str>,
        /// What it is about.
        key: String,
        /// What is known.
        value: Personal,
    },
    /// What became of a send of ours.
    Receipt {
        /// The channel's name.
        channel: Arc<str>,
        /// Our key, or empty.
        key: String,
        /// The provider's id of our message.
        provider_id: Personal,
        /// Its fate.
        fate: Fate,
        /// When we learned it.
        at: DateTime<Utc>,
    },
}

/// What is decided of a candidate.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The verdict.
    pub verdict: Verdict,
    /// What follows from it. Empty and not `keep`: nothing is stored at all.
    pub jobs: Vec<NewJob>,
    /// The message is kept. When not, and there are jobs, it is there until the last of them is settled, nothing is
    /// remembered of the sender, and afterwards only the keyed hash of the provider's id is left, so that a repetition is
    /// known for one.
    pub keep: bool,
}

/// The question that [`Store::admit`] asks inside its transaction: facts in, decision out. Pure.
pub trait Decide: Send + Sync {
    /// Decides one message.
    fn decide(&self, candidate: &Candidate, recalled: &Recalled) -> Decision;
}

/// What became of an entry.
#[derive(Clone, Debug)]
pub enum Admitted {
    /// Decided; stored when the decision says so.
    Decided(Verdict),
    /// The same provider id was admitted before: nothing changed.
    Duplicate,
    /// An owner's message or a receipt was noted.
    Noted,
    /// What went out in the owner's name followed a message faster than a person can: something else answers on the line.
    OtherResponder {
        /// The line's name.
        line: Arc<str>,
    },
    /// An app or a bot wrote in the owner's name, and nobody had just written: it answers nobody as far as can be seen.
    WroteUnasked {
        /// The line's name.
        line: Arc<str>,
    },
    /// A receipt says that a reply of ours has left, of which nothing was known yet.
    ReplyArrived {
        /// Its row.
        job: i64,
        /// The number of the message that it answers.
        message: i64,
    },
    /// A receipt says that a reply of ours will never arrive.
    ReplyFailed {
        /// The provider's code.
        code: String,
        /// It was to somebody who had called: their telephone may be one that takes no text.
        called: bool,
    },
}

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Answers the client; the target is a channel.
    Reply,
    /// Tells the owner at once; the target is a sink.
    Now,
    /// Tells the owner at opening, folded with its like; the target is a sink.
    Hold,
    /// The service speaks of itself; the target is a sink.
    Alert,
    /// Tells the client at opening that it is open now; the target is a channel.
    FollowUp,
    /// Tells the client that it opens later than was promised; the target is a channel.
    Correction,
}

impl JobKind {
    /// It goes to a client, through a channel; the others go to the owner, through a sink.
    #[must_use]
    pub fn is_for_client(self) -> bool {
        matches!(self, Self::Reply | Self::FollowUp | Self::Correction)
    }

    /// In the log, and where the service is asked.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Now => "now",
            Self::Hold => "hold",
            Self::Alert => "alert",
            Self::FollowUp => "follow_up",
            Self::Correction => "correction",
        }
    }
}

/// What held notices wait for: they come due together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Awaited {
    /// The channel of the messages.
    pub channel: String,
    /// Their line.
    pub line: String,
    /// The name of the hours that ruled when they came, whether a config still has them or not.
    pub hours: String,
    /// The messages came in open hours: it is the next opening that is meant, not this one.
    pub in_open_hours: bool,
}

/// A row for the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// What it does.
    pub kind: JobKind,
    /// Channel or sink.
    pub target: String,
    /// Not before then; `None` until something dates it (no opening is known).
    pub due_at: Option<DateTime<Utc>>,
    /// The other side takes a repetition for what it is: a crash on the wire is no reason not to send it again.
    pub repeatable: bool,
}

/// A claimed row.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// The same on every attempt and never another's: the store's own random name, the number, and a hash of what it is about,
    /// so that a store that is put back to an earlier state does not give it again to something else.
    pub key: String,
    /// What it does.
    pub kind: JobKind,
    /// Channel or sink.
    pub target: String,
    /// Attempts that were begun before this one.
    pub attempts: u32,
    /// An earlier attempt may have arrived.
    pub repeated: bool,
    /// The message; `None` for an alert.
    pub message: Option<Arc<Stored>>,
    /// The words of an alert.
    pub alert: Option<String>,
}

/// A message as it was kept.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its number.
    pub id: i64,
    /// The channel's name.
    pub channel: String,
    /// The line's name.
    pub line: String,
    /// The name of the hours that ruled.
    pub hours: String,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// The name of the reply that was decided.
    pub reply: Option<String>,
    /// What had become of that reply when this was read: `none`, `waiting`, `sent`, `unknown`, `dead`, `withdrawn`.
    pub reply_state: &'static str,
    /// It came in open hours, by the config and overrides of then.
    pub in_open_hours: bool,
    /// Older than `max_age` on arrival.
    pub late: bool,
    /// It is there only until the owner is told; see [`Decision::keep`].
    pub passed_on: bool,
    /// The message. `from` has the message's own addresses.
    pub message: Inbound,
}

impl Stored {
    /// When it was written, by the provider's clock where that says so: what the owner's own messages are compared with,
    /// which carry that clock's time as well. In whole seconds, as most providers have them.
    #[must_use]
    pub fn written_at(&self) -> DateTime<Utc> {
        self.message.sent_at.unwrap_or(self.received_at).trunc_subsecs(0)
    }
}

/// How a claimed row is settled.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Sent; the other side's id for it.
    Done(Option<String>),
    /// A reply was sent, and named an opening: that is a promise to whoever got it.
    Promised {
        /// The other side's id for it.
        id: Option<String>,
        /// The opening.
        opens: DateTime<Utc>,
    },
    /// Not sent; again then. `repeated`: this attempt may have arrived.
    Again {
        /// When.
        due_at: DateTime<Utc>,
        /// Why not now.
        reason: Reason,
        /// This attempt may have arrived.
        repeated: bool,
    },
    /// Not begun after all; due then.
    Later(DateTime<Utc>),
    /// May have been sent, and is never repeated.
    Unknown(Reason),
    /// Given up: dead letter.
    Dead(Reason),
    /// No longer wanted; the reason's code.
    Withdrawn(&'static str),
}

/// Why the store did not do it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much is waiting: try again.
    #[error("the store is busy")]
    Busy,
    /// The database refused (disk full, I/O error, locked): try again. The text is the database's, which quotes no row.
    #[error("the store failed: {0}")]
    Failed(String),
    /// The writer has ended.
    #[error("the store is closed")]
    Closed,
}

/// How much of what there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Messages kept.
    pub messages: u64,
    /// Held notices that wait for an opening.
    pub held: u64,
    /// Other rows that wait.
    pub waiting: u64,
    /// Replies of unknown outcome.
    pub unknown: u64,
    /// Dead letters.
    pub dead: u64,
}

/// A held message, as `held` lists it.
#[derive(Clone, Debug)]
pub struct HeldRow {
    /// The message.
    pub message: Arc<Stored>,
    /// When the owner is told; `None` when no opening is known.
    pub due_at: Option<DateTime<Utc>>,
    /// The sinks that it waits for.
    pub sinks: Vec<String>,
    /// A notice of it was given up.
    pub given_up: bool,
    /// The reasons of its verdict, as `because` has them.
    pub because: Vec<String>,
}

/// An opening that a reply has named, to somebody whom the owner has not answered since.
#[derive(Clone, Debug)]
pub struct Promise {
    /// The message that was answered automatically.
    pub message: Arc<Stored>,
    /// The opening.
    pub opens: DateTime<Utc>,
}

/// A message and all that became of it; see [`Store::message`].
#[derive(Clone, Debug)]
pub struct Account {
    /// The message.
    pub message: Arc<Stored>,
    /// The reasons of its verdict, as `because` has them.
    pub because: Vec<String>,
    /// Its reply, if there was to be one, and its notices.
    pub sends: Vec<Dispatch>,
}

/// One send that follows from a message, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// What it is.
    pub kind: JobKind,
    /// Channel or sink.
    pub target: String,
    /// `waiting`, `sending`, `sent`, `withdrawn`, `unknown` or `dead`.
    pub state: &'static str,
    /// When it is tried next; `None` when nothing dates it, or when it has ended.
    pub due_at: Option<DateTime<Utc>>,
    /// Attempts that were begun.
    pub attempts: u32,
    /// Why it ended as it did, or why the last attempt did not do it. It quotes nobody.
    pub reason: Option<String>,
    /// When it ended.
    pub settled_at: Option<DateTime<Utc>>,
}

/// Who wants no automatic replies; see [`Store::opted_out`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptedOut {
    /// For each of the people asked about, in their order.
    pub people: Vec<bool>,
    /// How many other addresses. The store knows hashes only: it cannot say which.
    pub others: u64,
}

/// What the store knows of a person; see [`Store::recall`].
#[derive(Clone, Debug)]
pub struct Look {
    /// Every address of the person.
    pub person: Vec<Address>,
    /// The channel.
    pub channel: Arc<str>,
    /// The line.
    pub line: Arc<str>,
    /// See [`Candidate::closed_since`].
    pub closed_since: Option<DateTime<Utc>>,
    /// Now: what counts reach back from.
    pub now: DateTime<Utc>,
}

/// The store. Every change is one transaction, and is on disk when its future is ready.
#[async_trait]
pub trait Store: Send + Sync {
    /// In one transaction: entries that are new are decided and stored with what follows from them. In the order given.
    async fn admit(&self, entries: Vec<Entry>, decide: Arc<dyn Decide>) -> Result<Vec<Admitted>, StoreError>;

    /// What is known of a person, without changing anything.
    async fn recall(&self, look: Look) -> Result<Recalled, StoreError>;

    /// Takes rows that are due, the longest due first: at most `limit`, but all that are due of `Hold` of a sink when one
    /// is. Nobody else gets them until they are settled.
    async fn claim(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Job>, StoreError>;

    /// Marks claimed rows as on the wire from now on: whatever ends the process after this leaves their outcome unknown.
    /// Gives back those that still were to be sent; the others are settled already, and no longer claimed.
    async fn begin(&self, jobs: Vec<i64>, now: DateTime<Utc>) -> Result<Vec<i64>, StoreError>;

    /// Settles claimed rows, all with one outcome.
    async fn settle(&self, jobs: Vec<i64>, outcome: Outcome, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Gives claimed notices to another sink, where it does not have the same ones already; they are due as before.
    async fn reroute(&self, jobs: Vec<i64>, sink: String, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// The smallest `due_at` of all rows that nobody has claimed.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// Gives every `Hold` row that waits for each of these a new date, and every `FollowUp` row one that is so much later,
    /// where it is not due yet and never was; with
    /// `overrides`, these take the place of all that there are. Says how many rows changed.
    async fn redate(
        &self,
        dates: Vec<(Awaited, Option<DateTime<Utc>>)>,
        overrides: Option<Vec<Override>>,
        follow_up_after: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError>;

    /// What held notices wait for.
    async fn awaited(&self) -> Result<Vec<Awaited>, StoreError>;

    /// Makes every `Hold` row due now, whatever the hours, and every notice that was given up due as if it were new. Says
    /// of how many messages.
    async fn release(&self, now: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Makes rows of this channel (its replies) or sink due now that were due before and wait for another attempt.
    async fn retry(&self, channel: bool, target: String, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Puts an alert into the outbox for each of the sinks, unless `once` was used before. Says whether it did.
    async fn alert(
        &self,
        once: String,
        words: String,
        sinks: Vec<String>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// What waits for an opening, and notices that were given up; oldest first.
    async fn held(&self, limit: usize) -> Result<Vec<HeldRow>, StoreError>;

    /// The message of that number and what became of it; `None` when it is forgotten, left no trace or never was.
    async fn message(&self, number: i64) -> Result<Option<Account>, StoreError>;

    /// Which of these people, each by every address, want no automatic replies; and how many other addresses.
    async fn opted_out(&self, people: Vec<Vec<Address>>) -> Result<OptedOut, StoreError>;

    /// The person with these addresses gets automatic replies again, under the other addresses too by which it said that
    /// it wants none, as far as that message is kept. Says whether it wanted none.
    async fn opt_in(&self, person: Vec<Address>) -> Result<bool, StoreError>;

    /// The person with these addresses wants no automatic replies, as their provider says.
    async fn opt_out(&self, person: Vec<Address>, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Those of these provider's ids that are none of a send of ours to a client on that channel, in their order.
    async fn sent_by_others(&self, channel: String, ids: Vec<String>) -> Result<Vec<String>, StoreError>;

    /// Everything that channels have noted: channel, key, value.
    async fn notes(&self) -> Result<Vec<(String, String, Personal)>, StoreError>;

    /// How much of what there is.
    async fn counts(&self) -> Result<Counts, StoreError>;

    /// The owner's overrides, those that are over as well.
    async fn overrides(&self) -> Result<Vec<Override>, StoreError>;

    /// Forgets messages received before then that nothing waits for any more; and people, and ids of messages that are not
    /// kept, of which nothing newer than `known_before` is known. Says how many messages.
    async fn forget(&self, before: DateTime<Utc>, known_before: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Promises of openings from `since` to `before` that are not kept yet, the longest promised first, at most `limit`.
    async fn promises(
        &self,
        since: DateTime<Utc>,
        before: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Promise>, StoreError>;

    /// The opening that was promised with the reply to this message; `None` when it is kept.
    async fn promised(&self, message: i64) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// Puts a `Correction` to the first message of each of these people into the outbox, where to none of the person's
    /// messages one was sent or is to be. Says how many.
    async fn correct(&self, people: Vec<Vec<i64>>, due_at: DateTime<Utc>) -> Result<u64, StoreError>;

    /// Messages that rang through on the urgent budget since then, in order.
    async fn rang(&self, since: DateTime<Utc>) -> Result<Vec<Arc<Stored>>, StoreError>;

    /// Everything that was promised to the person of this message, and under these addresses, is kept; nothing, where what
    /// was promised to this message is kept already. Says whether anything was.
    async fn keep_promise(&self, message: i64, person: Vec<Address>) -> Result<bool, StoreError>;

    /// What links in notices are proven by: the same for as long as there is this store.
    async fn tokens(&self) -> Result<Tokens, StoreError>;

    /// Proves that the writer lives.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Ends the writer after what is queued.
    async fn close(&self);
}

/// Why a store cannot be opened.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("another afterhours process is using {0}")]
    Locked(String),
    /// A newer version of afterhours wrote it.
    #[error("{path} was written by a newer afterhours (schema {found}, this one knows {known})")]
    Newer {
        /// The file.
        path: String,
        /// Its schema.
        found: i64,
        /// The newest that this binary knows.
        known: i64,
    },
    /// Its version is one that this binary knows, its schema is not.
    #[error(
        "{path} was written by an unreleased build of afterhours, or changed by hand ({mismatch}); move it away, together \
         with {path}-wal and {path}-shm, and a new store is made"
    )]
    Unreleased {
        /// The file.
        path: String,
        /// What is not as it should be.
        mismatch: String,
    },
    /// It cannot be opened or migrated.
    #[error("cannot open {path}: {problem}")]
    Failed {
        /// The file.
        path: String,
        /// What the database says.
        problem: String,
    },
    /// The URL is none that this binary knows.
    #[error("{0} is not a store that this build knows; use sqlite:PATH")]
    Scheme(String),
}

/// Opens the store that `store.url` names (`sqlite:PATH`; `sqlite::memory:` ends with the process), makes or migrates it.
///
/// What a crash left on the wire: a reply is of unknown outcome from now on; a notice is due again, as repeated.
///
/// # Errors
/// When it cannot be had; nothing was changed then.
pub fn open(url: &str, now: DateTime<Utc>) -> Result<Arc<dyn Store>, OpenError> {
    let (scheme, path) = url.split_once(':').unwrap_or((url, ""));
    match (scheme, path) {
        ("sqlite", ":memory:") => Ok(Arc::new(Sqlite::in_memory(now)?)),
        ("sqlite", path) if !path.is_empty() => Ok(Arc::new(Sqlite::open(path, now)?)),
        // the rest may hold a password
        _ => Err(OpenError::Scheme(scheme.to_owned())),
    }
}
