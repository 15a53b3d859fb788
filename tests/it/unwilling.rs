//! A store that refuses what it is told to refuse, and is a real one else.
#![expect(clippy::expect_used, reason = "a test may")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use afterhours::hours::Override;
use afterhours::message::{Address, Personal};
use afterhours::store::{
    Account, Admitted, Awaited, Counts, Decide, Entry, HeldRow, Job, Look, OptedOut, Outcome, Promise, Store,
    StoreError, Stored, Tokens,
};
use afterhours::verdict::Recalled;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

/// What it will refuse, shared with whoever tells it.
#[derive(Clone, Default)]
pub struct Refusals(Arc<Mutex<Asked>>);

#[derive(Default)]
struct Asked {
    left: BTreeMap<&'static str, usize>,
    given: usize,
    hung: Option<&'static str>,
}

impl Refusals {
    /// The next calls of that name fail, as on a full disk.
    pub fn next(&self, name: &'static str, calls: usize) {
        self.0.lock().expect("no panic").left.insert(name, calls);
    }

    /// How many calls have failed since this was asked last.
    pub fn given(&self) -> usize {
        std::mem::take(&mut self.0.lock().expect("no panic").given)
    }

    /// Calls of that name never end, until another is named.
    pub fn hang(&self, name: Option<&'static str>) {
        self.0.lock().expect("no panic").hung = name;
    }

    async fn wait(&self, name: &str) {
        let hung = self.0.lock().expect("no panic").hung == Some(name);
        if hung {
            std::future::pending::<()>().await;
        }
    }

    fn pass(&self, name: &str) -> Result<(), StoreError> {
        let Asked { left, given, .. } = &mut *self.0.lock().expect("no panic");
        match left.get_mut(name) {
            Some(left) if *left > 0 => {
                (*left, *given) = (*left - 1, *given + 1);
                Err(StoreError::Failed("database or disk is full".into()))
            }
            _ => Ok(()),
        }
    }
}

pub struct Unwilling {
    pub inner: Arc<dyn Store>,
    pub refusals: Refusals,
}

/// Each method asks first, and hands on.
macro_rules! hand_on {
    ($($name:ident($($given:ident: $kind:ty),*) -> $answer:ty;)+) => {
        #[async_trait]
        impl Store for Unwilling {
            $(async fn $name(&self, $($given: $kind),*) -> Result<$answer, StoreError> {
                self.refusals.wait(stringify!($name)).await;
                self.refusals.pass(stringify!($name))?;
                self.inner.$name($($given),*).await
            })+

            async fn close(&self) {
                self.inner.close().await;
            }
        }
    };
}

hand_on! {
    admit(entries: Vec<Entry>, decide: Arc<dyn Decide>) -> Vec<Admitted>;
    recall(look: Look) -> Recalled;
    claim(now: DateTime<Utc>, limit: usize) -> Vec<Job>;
    begin(jobs: Vec<i64>, now: DateTime<Utc>) -> Vec<i64>;
    settle(jobs: Vec<i64>, outcome: Outcome, now: DateTime<Utc>) -> ();
    reroute(jobs: Vec<i64>, sink: String, now: DateTime<Utc>) -> ();
    next_due() -> Option<DateTime<Utc>>;
    redate(dates: Vec<(Awaited, Option<DateTime<Utc>>)>, overrides: Option<Vec<Override>>, follow_up_after: TimeDelta, now: DateTime<Utc>) -> u64;
    awaited() -> Vec<Awaited>;
    release(now: DateTime<Utc>) -> u64;
    retry(channel: bool, target: String, now: DateTime<Utc>) -> ();
    alert(once: String, words: String, sinks: Vec<String>, now: DateTime<Utc>) -> bool;
    held(limit: usize) -> Vec<HeldRow>;
    message(number: i64) -> Option<Account>;
    opted_out(people: Vec<Vec<Address>>) -> OptedOut;
    opt_in(person: Vec<Address>) -> bool;
    opt_out(person: Vec<Address>, now: DateTime<Utc>) -> ();
    sent_by_others(channel: String, ids: Vec<String>) -> Vec<String>;
    notes() -> Vec<(String, String, Personal)>;
    counts() -> Counts;
    overrides() -> Vec<Override>;
    forget(before: DateTime<Utc>, known_before: DateTime<Utc>) -> u64;
    promises(since: DateTime<Utc>, before: DateTime<Utc>, limit: usize) -> Vec<Promise>;
    promised(message: i64) -> Option<DateTime<Utc>>;
    correct(people: Vec<Vec<i64>>, due_at: DateTime<Utc>) -> u64;
    rang(since: DateTime<Utc>) -> Vec<Arc<Stored>>;
    keep_promise(message: i64, person: Vec<Address>) -> bool;
    tokens() -> Tokens;
    ping() -> ();
}
