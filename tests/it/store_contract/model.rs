//! Random lives of a store, against a model that is too simple to be wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use afterhours::message::Address;
use afterhours::outbound::Reason;
use afterhours::store::{Candidate, Decide, Decision, Entry, Job, JobKind, Outcome, Store};
use afterhours::verdict::Notify;
use proptest::prelude::*;

use super::world::{Home, Sqlite, at, by, entry, is_decided, is_duplicate, job, mail, phone, says, verdict};

/// A closed period of this model lasts so many minutes; then the next one begins at once.
const PERIOD: i64 = 30;

#[derive(Clone, Debug)]
enum Step {
    /// Somebody writes: the person, by which of their addresses, under which id.
    Say {
        person: u32,
        by_mail: bool,
        id: u8,
    },
    /// Several at once: as a webhook has them.
    SayMany(Vec<(u32, bool, u8)>),
    Claim(usize),
    /// Of those claimed: begin all.
    Begin,
    /// Of those claimed: settle the first with this outcome.
    Settle(End),
    /// The process ends, and starts again.
    Reopen,
    /// Minutes pass.
    Pass(i64),
}

#[derive(Clone, Copy, Debug)]
enum End {
    Done,
    Again,
    Later,
    Unknown,
    Dead,
    Withdrawn,
}

fn step() -> impl Strategy<Value = Step> {
    let message = (0..3_u32, any::<bool>(), 0..24_u8);
    let end = prop_oneof![
        3 => Just(End::Done),
        2 => Just(End::Again),
        1 => Just(End::Later),
        1 => Just(End::Unknown),
        1 => Just(End::Dead),
        1 => Just(End::Withdrawn),
    ];
    prop_oneof![
        6 => message.clone().prop_map(|(person, by_mail, id)| Step::Say { person, by_mail, id }),
        1 => prop::collection::vec(message, 2..5).prop_map(Step::SayMany),
        4 => (1..5_usize).prop_map(Step::Claim),
        3 => Just(Step::Begin),
        5 => end.prop_map(Step::Settle),
        1 => Just(Step::Reopen),
        2 => (1..PERIOD).prop_map(Step::Pass),
    ]
}

/// What the model remembers of a row of the outbox.
#[derive(Clone, Debug)]
struct Row {
    reply: bool,
    due_at: i64,
    attempts: u32,
    repeated: bool,
    on_the_wire: bool,
}

#[derive(Default)]
struct Model {
    now: i64,
    admitted: BTreeSet<u8>,
    /// By person and closed period: how many replies were decided.
    replies: HashMap<(u32, i64), u32>,
    /// By message and kind: what is still to be done.
    open: BTreeMap<(String, bool), Row>,
}

impl Model {
    /// What the rule below decides, if the store tells it the truth.
    fn say(&mut self, person: u32, id: u8) -> bool {
        if !self.admitted.insert(id) {
            return false;
        }
        let period = self.now.div_euclid(PERIOD);
        let replies = self.replies.entry((person, period)).or_default();
        let row = |reply, due_at| Row { reply, due_at, attempts: 0, repeated: false, on_the_wire: false };
        if *replies == 0 {
            *replies += 1;
            self.open.insert((name(id), true), row(true, self.now));
        }
        self.open.insert((name(id), false), row(false, (period + 1) * PERIOD));
        true
    }

    fn settle(&mut self, key: &(String, bool), end: End) {
        let Some(row) = self.open.get_mut(key) else { return };
        match end {
            End::Done | End::Unknown | End::Dead | End::Withdrawn => {
                self.open.remove(key);
            }
            End::Again => {
                row.due_at = self.now + 2;
                row.on_the_wire = false;
            }
            End::Later => {
                row.due_at = self.now + 1;
                row.attempts -= u32::from(row.on_the_wire);
                row.on_the_wire = false;
            }
        }
    }

    /// A crash: replies on the wire are over, notices come again.
    fn crash(&mut self) {
        self.open.retain(|_, row| !(row.reply && row.on_the_wire));
        for row in self.open.values_mut().filter(|row| row.on_the_wire) {
            row.on_the_wire = false;
            row.repeated = true;
        }
    }
}

fn name(id: u8) -> String {
    format!("m{id}")
}

fn addresses(person: u32) -> [Address; 2] {
    [phone(person), mail(&format!("p{person}"))]
}

fn candidate(now: i64, person: u32, by_mail: bool, id: u8) -> Candidate {
    let mut candidate = says(&name(id), person, now);
    candidate.closed_since = Some(at(now.div_euclid(PERIOD) * PERIOD));
    candidate.message.from = vec![addresses(person)[usize::from(by_mail)].clone()];
    candidate.person = addresses(person).to_vec();
    candidate
}

/// One reply per closed period, by what the store recalls.
fn once_per_period() -> Arc<dyn Decide> {
    by(|candidate, recalled| {
        let answered = recalled.answered_at.is_some_and(|at| Some(at) >= candidate.closed_since);
        let opens = candidate.closed_since.map(|since| since + chrono::TimeDelta::minutes(PERIOD));
        let mut jobs = vec![job(JobKind::Hold, "phone", opens)];
        if !answered {
            jobs.push(job(JobKind::Reply, "work", Some(candidate.received_at)));
        }
        let reply = (!answered).then_some("closed");
        Decision { verdict: verdict(reply, Notify::Hold), jobs, keep: true }
    })
}

fn key(job: &Job) -> (String, bool) {
    let id = job.message.as_ref().expect("a message").message.id.as_str().to_owned();
    (id, job.kind == JobKind::Reply)
}

/// A claimed job is one that the model has, as the model has it, and due.
fn is_as_in_the_model(model: &Model, job: &Job) {
    let row = model.open.get(&key(job)).unwrap_or_else(|| panic!("not in the model: {:?}", key(job)));
    assert!(row.due_at <= model.now, "not due: {:?} {row:?} at {}", key(job), model.now);
    assert!(!row.on_the_wire);
    assert_eq!((job.attempts, job.repeated), (row.attempts, row.repeated), "{:?}", key(job));
}

async fn live(steps: Vec<Step>) {
    let home = Sqlite::new();
    let mut store = home.open();
    let mut model = Model::default();
    let mut claimed: Vec<Job> = Vec::new();
    for step in steps {
        match step {
            Step::Say { person, by_mail, id } => say(&store, &mut model, &[(person, by_mail, id)]).await,
            Step::SayMany(messages) => say(&store, &mut model, &messages).await,
            Step::Claim(limit) => {
                let jobs = store.claim(at(model.now), limit).await.expect("claims");
                for job in jobs {
                    is_as_in_the_model(&model, &job);
                    assert!(claimed.iter().all(|other| other.id != job.id), "claimed twice");
                    claimed.push(job);
                }
            }
            Step::Begin => {
                store.begin(claimed.iter().map(|job| job.id).collect(), at(model.now)).await.expect("begins");
                for job in &claimed {
                    let row = model.open.get_mut(&key(job)).expect("claimed");
                    row.attempts += u32::from(!row.on_the_wire);
                    row.on_the_wire = true;
                }
            }
            Step::Settle(end) if !claimed.is_empty() => {
                let job = claimed.remove(0);
                let outcome = match end {
                    End::Done => Outcome::Done(None),
                    End::Again => {
                        Outcome::Again { due_at: at(model.now + 2), reason: Reason::Connect, repeated: false }
                    }
                    End::Later => Outcome::Later(at(model.now + 1)),
                    End::Unknown => Outcome::Unknown(Reason::Timeout),
                    End::Dead => Outcome::Dead(Reason::Unsendable),
                    End::Withdrawn => Outcome::Withdrawn("opened"),
                };
                store.settle(vec![job.id], outcome, at(model.now)).await.expect("settles");
                model.settle(&key(&job), end);
            }
            Step::Settle(_) => {}
            Step::Reopen => {
                drop(store);
                store = home.open();
                claimed.clear();
                model.crash();
            }
            Step::Pass(minutes) => model.now += minutes,
        }
    }
    // everything that is not done is still to be had
    drop(store);
    model.crash();
    model.now += 10 * PERIOD;
    let left = home.open().claim(at(model.now), 1000).await.expect("claims");
    for job in &left {
        is_as_in_the_model(&model, job);
    }
    let left: BTreeSet<_> = left.iter().map(key).collect();
    assert_eq!(left, model.open.keys().cloned().collect());
    assert!(model.replies.values().all(|replies| *replies == 1));
}

async fn say(store: &Arc<dyn Store>, model: &mut Model, messages: &[(u32, bool, u8)]) {
    let entries: Vec<Entry> =
        messages.iter().map(|&(person, by_mail, id)| entry(candidate(model.now, person, by_mail, id))).collect();
    let admitted = store.admit(entries, once_per_period()).await.expect("admits");
    assert_eq!(admitted.len(), messages.len());
    for (admitted, &(person, _, id)) in admitted.iter().zip(messages) {
        if model.say(person, id) {
            assert!(is_decided(admitted), "{id}: {admitted:?}");
        } else {
            assert!(is_duplicate(admitted), "{id}: {admitted:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_notice_is_lost_and_no_reply_given_twice(steps in prop::collection::vec(step(), 1..80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(live(steps));
    }
}
