//! Where a store lives, and people who write to it.

use std::path::PathBuf;
use std::sync::Arc;

use afterhours::hours::Why;
use afterhours::message::{Address, Inbound, Personal};
use afterhours::store::{
    self, Admitted, Awaited, Candidate, Decide, Decision, Entry, Job, JobKind, Look, NewJob, Store,
};
use afterhours::verdict::{Notify, Reason, Recalled, Verdict};
use chrono::{DateTime, TimeDelta, Utc};

/// A database that can be opened again.
pub trait Home: Sync {
    fn open(&self) -> Arc<dyn Store>;
}

pub struct Sqlite {
    pub directory: tempfile::TempDir,
}

impl Sqlite {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a directory") }
    }

    pub fn path(&self) -> PathBuf {
        self.directory.path().join("store.db")
    }

    pub fn url(&self) -> String {
        format!("sqlite:{}", self.path().display())
    }
}

impl Home for Sqlite {
    fn open(&self) -> Arc<dyn Store> {
        store::open(&self.url(), at(0)).expect("the store opens")
    }
}

/// So many minutes after the closing.
pub fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_763_690_400_000).expect("an instant") + TimeDelta::minutes(minutes)
}

pub fn phone(number: u32) -> Address {
    Address::phone(&format!("+5049999{number:04}")).expect("a number")
}

pub fn mail(name: &str) -> Address {
    Address::mail(&format!("{name}@example.org")).expect("an address")
}

/// A message of the person with that number, on line `default` of `work` under `office`, closed since `at(0)`.
pub fn says(id: &str, number: u32, minutes: i64) -> Candidate {
    Candidate {
        channel: "work".into(),
        line: "default".into(),
        line_listed: true,
        line_private: false,
        hours: "office".into(),
        closed_since: Some(at(0)),
        person: vec![phone(number)],
        received_at: at(minutes),
        message: Inbound {
            id: Personal::new(id),
            from: vec![phone(number)],
            name: Personal::new("Ana"),
            text: Personal::new(format!("words of {id}")),
            sent_at: Some(at(minutes)),
            reply_to: Personal::new("{\"to\":1}"),
            ..Inbound::default()
        },
    }
}

pub fn entry(candidate: Candidate) -> Entry {
    Entry::Message(Box::new(candidate))
}

pub fn owner_wrote(id: &str, person: &[Address], minutes: i64) -> Entry {
    Entry::OwnerWrote {
        channel: "work".into(),
        line: "default".into(),
        id: Personal::new(id),
        person: person.to_vec(),
        at: at(minutes),
        received_at: at(minutes),
        automatic: false,
    }
}

/// What a message in closed hours waits for.
pub fn awaited(hours: &str) -> Awaited {
    Awaited { channel: "work".into(), line: "default".into(), hours: hours.to_owned(), in_open_hours: false }
}

/// Gives what waits under these hours another date; how many rows changed.
pub async fn redate(store: &Arc<dyn Store>, hours: &str, due_at: Option<DateTime<Utc>>, minutes: i64) -> u64 {
    store.redate(vec![(awaited(hours), due_at)], None, TimeDelta::zero(), at(minutes)).await.expect("redates")
}

struct Rule<F>(F);

impl<F: Fn(&Candidate, &Recalled) -> Decision + Send + Sync> Decide for Rule<F> {
    fn decide(&self, candidate: &Candidate, recalled: &Recalled) -> Decision {
        (self.0)(candidate, recalled)
    }
}

pub fn by(rule: impl Fn(&Candidate, &Recalled) -> Decision + Send + Sync + 'static) -> Arc<dyn Decide> {
    Arc::new(Rule(rule))
}

pub fn verdict(reply: Option<&str>, notify: Notify) -> Verdict {
    Verdict {
        reply: reply.map(str::to_owned),
        notify,
        rang_through: false,
        late: false,
        opt_out: None,
        because: vec![Reason::Closed(Why::Hours), Reason::Rule("\"quoted\"".into())],
    }
}

pub fn job(kind: JobKind, target: &str, due_at: Option<DateTime<Utc>>) -> NewJob {
    NewJob { kind, target: target.into(), due_at, repeatable: false }
}

/// Always the same.
pub fn always(reply: Option<&str>, jobs: Vec<NewJob>) -> Arc<dyn Decide> {
    let decision = Decision { verdict: verdict(reply, Notify::Hold), jobs, keep: true };
    by(move |_, _| decision.clone())
}

/// A reply now, and a notice for `phone` held until `at(600)`.
pub fn evening() -> Arc<dyn Decide> {
    by(|candidate, _| Decision {
        verdict: verdict(Some("closed"), Notify::Hold),
        jobs: vec![
            job(JobKind::Reply, &candidate.channel, Some(candidate.received_at)),
            job(JobKind::Hold, "phone", Some(at(600))),
        ],
        keep: true,
    })
}

/// One notice now.
pub fn open_hours() -> Arc<dyn Decide> {
    by(|candidate, _| Decision {
        verdict: verdict(None, Notify::Now),
        jobs: vec![job(JobKind::Now, "phone", Some(candidate.received_at))],
        keep: true,
    })
}

pub async fn admit(store: &Arc<dyn Store>, candidate: Candidate, decide: &Arc<dyn Decide>) -> Admitted {
    let mut admitted = store.admit(vec![entry(candidate)], Arc::clone(decide)).await.expect("admits");
    assert_eq!(admitted.len(), 1);
    admitted.remove(0)
}

pub fn is_decided(admitted: &Admitted) -> bool {
    matches!(admitted, Admitted::Decided(_))
}

pub fn is_duplicate(admitted: &Admitted) -> bool {
    matches!(admitted, Admitted::Duplicate)
}

/// What is known of a person on line `default` of `work` under `office`.
pub async fn recall(store: &Arc<dyn Store>, person: &[Address], minutes: i64) -> Recalled {
    store.recall(look(person, minutes)).await.expect("recalls")
}

pub fn look(person: &[Address], minutes: i64) -> Look {
    Look {
        person: person.to_vec(),
        channel: "work".into(),
        line: "default".into(),
        closed_since: Some(at(0)),
        now: at(minutes),
    }
}

pub async fn claim(store: &Arc<dyn Store>, minutes: i64) -> Vec<Job> {
    store.claim(at(minutes), 1000).await.expect("claims")
}

/// Each as `KIND TARGET ID-OF-THE-MESSAGE`.
pub fn shown(jobs: &[Job]) -> Vec<String> {
    jobs.iter()
        .map(|job| {
            let of = job.message.as_ref().map_or("", |stored| stored.message.id.as_str());
            format!("{:?} {} {of}", job.kind, job.target)
        })
        .collect()
}

pub fn ids(jobs: &[Job]) -> Vec<i64> {
    jobs.iter().map(|job| job.id).collect()
}
