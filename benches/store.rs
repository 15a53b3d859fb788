//! What admitting costs: `cargo bench --bench store`. CPU time per message is what to compare; the disk decides the rest.
#![expect(clippy::expect_used, reason = "a benchmark may")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use afterhours::clients::Standing;
use afterhours::hours::Why;
use afterhours::message::{Address, Inbound, Personal};
use afterhours::store::{self, Admitted, Candidate, Decide, Decision, Entry, JobKind, NewJob, Store};
use afterhours::verdict::{Notify, Reason, Recalled, Verdict};
use chrono::{DateTime, TimeDelta, Utc};
use divan::counter::ItemsCount;

/// Messages that wait together, as with 64 connections.
const BATCH: u64 = 64;

/// Messages in the store when the measuring begins: the trees are as deep as after a busy quarter.
const KEPT: u64 = 200_000;

fn main() {
    divan::main();
}

/// Replies once per closed period, holds a notice: what most messages of an evening are.
struct Evening;

impl Decide for Evening {
    fn decide(&self, candidate: &Candidate, recalled: &Recalled) -> Decision {
        let first = recalled.answered_at.is_none_or(|at| Some(at) < candidate.closed_since);
        let reply = first.then(|| NewJob {
            kind: JobKind::Reply,
            target: candidate.channel.to_string(),
            due_at: Some(candidate.received_at),
            repeatable: false,
        });
        let hold = NewJob {
            kind: JobKind::Hold,
            target: "phone".into(),
            due_at: Some(epoch() + TimeDelta::days(9)),
            repeatable: false,
        };
        Decision {
            verdict: Verdict {
                reply: first.then(|| "closed".into()),
                notify: Notify::Hold,
                rang_through: false,
                late: false,
                opt_out: None,
                because: vec![Reason::Closed(Why::Hours), Reason::Standing(Standing::Unknown), Reason::FirstInPeriod],
            },
            jobs: reply.into_iter().chain([hold]).collect(),
            keep: true,
        }
    }
}

fn epoch() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_763_690_400_000).expect("an instant")
}

fn message(number: u64, people: u64) -> Entry {
    let from = vec![Address::phone(&format!("+5049{:07}", number % people)).expect("a number")];
    let at = epoch() + TimeDelta::milliseconds(i64::try_from(number).expect("a number"));
    Entry::Message(Box::new(Candidate {
        channel: "work".into(),
        line: "default".into(),
        line_listed: true,
        line_private: false,
        hours: "office".into(),
        closed_since: Some(epoch()),
        person: from.clone(),
        received_at: at,
        message: Inbound {
            id: Personal::new(format!("wamid.HBgLNTA0OTk5OTAwMDEVAgASGBQzQTdC{number:012}")),
            line: Some("106540352242922".into()),
            from,
            name: Personal::new("Ana López"),
            text: Personal::new("Good evening, are you still open? I would like to ask about Tuesday."),
            sent_at: Some(at),
            reply_to: Personal::new(r#"{"to":"50499990001","id":"106540352242922"}"#),
            ..Inbound::default()
        },
    }))
}

struct Load {
    _directory: tempfile::TempDir,
    store: Arc<dyn Store>,
    runtime: tokio::runtime::Runtime,
    people: u64,
    next: AtomicU64,
}

impl Load {
    fn new(people: u64) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite:{}", directory.path().join("store.db").display());
        let store = store::open(&url, epoch()).expect("opens");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let load = Self { _directory: directory, store, runtime, people, next: AtomicU64::new(0) };
        while load.next.load(Ordering::Relaxed) < KEPT {
            load.admit(1000);
        }
        load
    }

    /// So many calls of one message each, at once.
    fn admit(&self, messages: u64) {
        let decide: Arc<dyn Decide> = Arc::new(Evening);
        let first = self.next.fetch_add(messages, Ordering::Relaxed);
        let calls = (first..first + messages)
            .map(|number| self.store.admit(vec![message(number, self.people)], Arc::clone(&decide)));
        let admitted = self.runtime.block_on(futures_util::future::join_all(calls));
        for admitted in admitted {
            assert!(matches!(admitted.expect("admits")[..], [Admitted::Decided(_)]));
        }
    }
}

/// With 1,000 people nearly all are known and answered; with as many people as messages each is new and is replied to.
#[divan::bench(args = [1_000, 1_000_000_000])]
fn admit(bencher: divan::Bencher<'_, '_>, people: u64) {
    let load = Load::new(people);
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| load.admit(BATCH));
}
