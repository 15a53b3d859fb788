//! The outbox: claimed, begun, settled.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::{Arc, Barrier};
use std::task::{Context, Waker};

use afterhours::message::{Fate, Personal};
use afterhours::outbound::Reason;
use afterhours::store::{Admitted, Decision, Entry, Job, JobKind, NewJob, Outcome, Store};
use afterhours::verdict::Notify;

use super::world::{
    Home, admit, always, at, by, claim, entry, evening, ids, job, open_hours, phone, redate, says, shown, verdict,
};

pub async fn rows_are_claimed_once_the_longest_due_first(home: &dyn Home) {
    let store = home.open();
    assert_eq!(store.next_due().await.expect("answers"), None);
    let undated = job(JobKind::Hold, "phone", None);
    admit(&store, says("late", 1, 1), &always(None, vec![job(JobKind::Now, "a", Some(at(9))), undated])).await;
    let two = vec![job(JobKind::Now, "a", Some(at(5))), job(JobKind::Now, "b", Some(at(5)))];
    admit(&store, says("early", 1, 2), &always(None, two)).await;
    admit(&store, says("same", 1, 3), &always(None, vec![job(JobKind::Now, "a", Some(at(5)))])).await;

    assert_eq!(store.next_due().await.expect("answers"), Some(at(5)));
    assert!(claim(&store, 4).await.is_empty());
    let first = store.claim(at(5), 2).await.expect("claims");
    assert_eq!(shown(&first), ["Now a early", "Now b early"]);
    assert_eq!(store.next_due().await.expect("answers"), Some(at(5)));
    assert_eq!(shown(&store.claim(at(5), 2).await.expect("claims")), ["Now a same"]);
    assert_eq!(store.next_due().await.expect("answers"), Some(at(9)));
    assert!(store.claim(at(9), 0).await.expect("claims").is_empty());
    assert_eq!(shown(&claim(&store, 99_999).await), ["Now a late"]);
    assert_eq!(store.next_due().await.expect("answers"), None);

    let [one, other] = [&first[0], &first[1]];
    let shared = one.message.as_ref().zip(other.message.as_ref()).expect("both have it");
    assert!(Arc::ptr_eq(shared.0, shared.1), "a message is read once");
    assert_eq!(shared.0.message.text, Personal::new("words of early"));
    assert_eq!(shared.0.message.from, [phone(1)]);
    assert_eq!((one.attempts, one.repeated, &one.alert), (0, false, &None));
    assert_eq!((&*shared.0.channel, &*shared.0.hours, shared.0.received_at), ("work", "office", at(2)));
}

pub async fn a_digest_is_claimed_whole(home: &dyn Home) {
    let store = home.open();
    for (id, number) in [("1", 1), ("2", 2), ("3", 3)] {
        let due_at = Some(at(600 + i64::from(number)));
        let jobs = vec![
            job(JobKind::Hold, "phone", due_at),
            job(JobKind::Now, "mail", due_at),
            job(JobKind::Hold, "mail", due_at),
        ];
        admit(&store, says(id, number, 1), &always(None, jobs)).await;
    }
    // the notice that stands between them is left to the next claim, and so is the other sink's digest
    let first = store.claim(at(602), 1).await.expect("claims");
    assert_eq!(shown(&first), ["Hold phone 1", "Hold phone 2"]);
    let second = store.claim(at(602), 2).await.expect("claims");
    assert_eq!(shown(&second), ["Now mail 1", "Hold mail 1", "Hold mail 2"]);
    assert_eq!(shown(&claim(&store, 700).await), ["Now mail 2", "Hold phone 3", "Now mail 3", "Hold mail 3"]);
}

/// Attempts, repeated; as the next claim after `at(60)` has it.
type Next = Option<(u32, bool)>;

pub async fn outcomes(home: &dyn Home) {
    let again = |repeated| Outcome::Again { due_at: at(60), reason: Reason::Timeout, repeated };
    // begun or not; outcome; what can be claimed before and at 60; waiting, unknown, dead
    let cases: [(bool, Outcome, Next, [u64; 3]); 9] = [
        (true, Outcome::Done(Some("p1".into())), None, [0, 0, 0]),
        (true, again(false), Some((1, false)), [1, 0, 0]),
        (true, again(true), Some((1, true)), [1, 0, 0]),
        (false, again(false), Some((0, false)), [1, 0, 0]),
        (false, Outcome::Later(at(60)), Some((0, false)), [1, 0, 0]),
        (true, Outcome::Later(at(60)), Some((0, false)), [1, 0, 0]),
        (true, Outcome::Unknown(Reason::Timeout), None, [0, 1, 0]),
        (true, Outcome::Dead(Reason::Status(400)), None, [0, 0, 1]),
        (false, Outcome::Withdrawn("opened"), None, [0, 0, 0]),
    ];
    let store = home.open();
    let mut before = [0, 0, 0];
    for (number, (begun, outcome, next, change)) in cases.into_iter().enumerate() {
        let told = format!("{begun} {outcome:?}");
        let reply = vec![job(JobKind::Reply, "work", Some(at(1)))];
        admit(&store, says(&told, 1, 1), &always(Some("closed"), reply)).await;
        let jobs = claim(&store, 1).await;
        assert_eq!(jobs.len(), 1, "{told}");
        if begun {
            store.begin(ids(&jobs), at(1)).await.expect("begins");
        }
        store.settle(ids(&jobs), outcome, at(2)).await.expect("settles");
        assert!(claim(&store, 59).await.is_empty(), "{told}");
        let due = store.next_due().await.expect("answers");
        assert_eq!(due, next.map(|_| at(60)), "{told}");
        let again = claim(&store, 60).await;
        let found = again.first().map(|job| (job.attempts, job.repeated));
        assert_eq!(found, next, "{told}");
        let counts = store.counts().await.expect("counts");
        let now = [counts.waiting, counts.unknown, counts.dead];
        assert_eq!(now, [before[0] + change[0], before[1] + change[1], before[2] + change[2]], "{told}");
        // out of the way of the next case
        let dead_before = counts.dead;
        store.settle(ids(&again), Outcome::Withdrawn("test"), at(61)).await.expect("settles");
        let counts = store.counts().await.expect("counts");
        assert_eq!(counts.dead, dead_before);
        before = [counts.waiting, counts.unknown, counts.dead];
        assert_eq!(counts.messages, number as u64 + 1);
    }
}

pub async fn a_row_that_was_not_begun_is_untried(home: &dyn Home) {
    let store = home.open();
    admit(&store, says("1", 1, 1), &always(None, vec![job(JobKind::Hold, "phone", Some(at(600)))])).await;
    let jobs = claim(&store, 600).await;
    store.begin(ids(&jobs), at(600)).await.expect("begins");
    assert_eq!(redate(&store, "office", Some(at(700)), 0).await, 0, "on the wire");
    store.settle(ids(&jobs), Outcome::Later(at(610)), at(600)).await.expect("settles");
    assert_eq!(redate(&store, "office", Some(at(700)), 0).await, 0, "it was due once, and is no longer held");
    let jobs = claim(&store, 610).await;
    assert_eq!(jobs[0].attempts, 0);
    store.begin(ids(&jobs), at(700)).await.expect("begins");
    let again = Outcome::Again { due_at: at(701), reason: Reason::Connect, repeated: false };
    store.settle(ids(&jobs), again, at(700)).await.expect("settles");
    assert_eq!(redate(&store, "office", Some(at(999)), 0).await, 0, "tried");
    let jobs = claim(&store, 705).await;
    assert_eq!(jobs[0].attempts, 1);
}

pub async fn what_a_receipt_has_settled_is_not_begun(home: &dyn Home) {
    let store = home.open();
    admit(&store, says("1", 1, 1), &always(Some("closed"), vec![job(JobKind::Reply, "work", Some(at(1)))])).await;
    admit(&store, says("2", 2, 1), &always(Some("closed"), vec![job(JobKind::Reply, "work", Some(at(1)))])).await;
    let first = claim(&store, 1).await;
    assert_eq!(store.begin(ids(&first), at(1)).await.expect("begins"), ids(&first));
    let again = Outcome::Again { due_at: at(2), reason: Reason::Timeout, repeated: true };
    store.settle(ids(&first), again, at(1)).await.expect("settles");
    let second = claim(&store, 2).await;
    assert_eq!(ids(&second), ids(&first));
    let receipts = vec![receipt(&second[0].key, "", Fate::Delivered)];
    store.admit(receipts, evening()).await.expect("admits");
    assert_eq!(store.begin(ids(&second), at(2)).await.expect("begins"), [second[1].id]);
    assert_eq!(store.counts().await.expect("counts").waiting, 1);
}

fn receipt(key: &str, provider_id: &str, fate: Fate) -> Entry {
    Entry::Receipt { channel: "work".into(), key: key.into(), provider_id: Personal::new(provider_id), fate, at: at(9) }
}

async fn note(store: &Arc<dyn Store>, entry: Entry) -> Option<String> {
    let admitted = store.admit(vec![entry], evening()).await.expect("admits");
    match &admitted[..] {
        [Admitted::Noted | Admitted::ReplyArrived { .. }] => None,
        [Admitted::ReplyFailed { code, .. }] => Some(code.clone()),
        other => panic!("{other:?}"),
    }
}

/// The state of the only reply, as the message's held row shows it.
async fn reply_state(store: &Arc<dyn Store>) -> &'static str {
    store.held(1).await.expect("lists")[0].message.reply_state
}

/// The outcome so far (none: on the wire); the fate; what the receipt is; the state before and after.
type Receipted = (Option<Outcome>, Fate, Option<String>, &'static str, &'static str);

pub async fn receipts_have_the_last_word(home: &dyn Home) {
    let failed = || Fate::Failed("131026".into());
    let code = || Some("131026".to_owned());
    let again = Outcome::Again { due_at: at(60), reason: Reason::Timeout, repeated: false };
    let cases: [Receipted; 11] = [
        (None, Fate::Delivered, None, "waiting", "sent"),
        (None, failed(), code(), "waiting", "dead"),
        (Some(Outcome::Done(None)), Fate::Delivered, None, "sent", "sent"),
        (Some(Outcome::Done(None)), failed(), code(), "sent", "dead"),
        (Some(Outcome::Unknown(Reason::Timeout)), Fate::Delivered, None, "unknown", "sent"),
        (Some(Outcome::Unknown(Reason::Timeout)), failed(), code(), "unknown", "dead"),
        (Some(again.clone()), Fate::Delivered, None, "waiting", "sent"),
        (Some(again), failed(), code(), "waiting", "dead"),
        (Some(Outcome::Dead(Reason::Timeout)), failed(), None, "dead", "dead"),
        (Some(Outcome::Dead(Reason::Timeout)), Fate::Delivered, None, "dead", "sent"),
        (Some(Outcome::Withdrawn("opened")), failed(), None, "withdrawn", "withdrawn"),
    ];
    let store = home.open();
    for (outcome, fate, told, before, after) in cases {
        let case = format!("{outcome:?} {fate:?}");
        admit(&store, says(&case, 1, 1), &evening()).await;
        let jobs = claim(&store, 1).await;
        assert_eq!((jobs.len(), jobs[0].kind), (1, JobKind::Reply), "{case}");
        store.begin(ids(&jobs), at(1)).await.expect("begins");
        if let Some(outcome) = &outcome {
            store.settle(ids(&jobs), outcome.clone(), at(2)).await.expect("settles");
        }
        assert_eq!(reply_state(&store).await, before, "{case}");
        let entry = receipt(&jobs[0].key, "", fate);
        assert_eq!(note(&store, entry.clone()).await, told, "{case}");
        assert_eq!(reply_state(&store).await, after, "{case}");
        assert_eq!(note(&store, entry).await, None, "a repetition: {case}");
        // a settlement that comes after the receipt changes nothing
        store.settle(ids(&jobs), Outcome::Unknown(Reason::Timeout), at(9)).await.expect("settles");
        assert_eq!(reply_state(&store).await, after, "{case}");
        // clears the held row away
        let held = claim(&store, 600).await;
        store.settle(ids(&held), Outcome::Done(None), at(600)).await.expect("settles");
    }
}

pub async fn receipts_know_their_own(home: &dyn Home) {
    let store = home.open();
    admit(&store, says("1", 1, 1), &evening()).await;
    let jobs = claim(&store, 1).await;
    let key = jobs[0].key.clone();
    let failed = || Fate::Failed("1".into());
    assert_eq!(note(&store, receipt(&key, "p1", failed())).await, None, "it was never sent");
    store.begin(ids(&jobs), at(1)).await.expect("begins");
    store.settle(ids(&jobs), Outcome::Done(Some("p1".into())), at(2)).await.expect("settles");
    let elsewhere = |entry| match entry {
        Entry::Receipt { key, provider_id, fate, at, .. } => {
            Entry::Receipt { channel: "other".into(), key, provider_id, fate, at }
        }
        other => other,
    };
    let of_others = [
        receipt("", "", failed()),
        receipt("", "p2", failed()),
        receipt("-", "", failed()),
        receipt(&key.replace('-', "+"), "", failed()),
        receipt(&format!("{key}0"), "", failed()),
        receipt(&format!("x{key}"), "", failed()),
        receipt(&key.replace(|c: char| c.is_ascii_alphanumeric(), "0"), "", failed()),
        elsewhere(receipt(&key, "p1", failed())),
    ];
    for entry in of_others {
        assert_eq!(note(&store, entry.clone()).await, None, "{entry:?}");
        assert_eq!(reply_state(&store).await, "sent", "{entry:?}");
    }
    store.close().await;
    let store = home.open();
    assert_eq!(note(&store, receipt("", "p1", failed())).await, Some("1".into()));
    assert_eq!(reply_state(&store).await, "dead");
    assert_eq!(store.counts().await.expect("counts").dead, 1);
}

pub async fn receipts_know_follow_ups_and_corrections_too(home: &dyn Home) {
    let store = home.open();
    for (id, kind) in [("1", JobKind::FollowUp), ("2", JobKind::Correction)] {
        admit(&store, says(id, 1, 1), &always(Some("closed"), vec![job(kind, "work", Some(at(1)))])).await;
        let jobs = claim(&store, 1).await;
        store.begin(ids(&jobs), at(1)).await.expect("begins");
        // before the provider's own answer, so that the key alone tells of what it is
        let entry = receipt(&jobs[0].key, "p1", Fate::Failed("1".into()));
        assert_eq!(note(&store, entry).await, Some("1".into()), "{kind:?}");
        store.settle(ids(&jobs), Outcome::Done(Some("p1".into())), at(2)).await.expect("settles");
    }
    assert_eq!(store.counts().await.expect("counts").dead, 2);
}

pub async fn a_receipt_tells_under_which_id_the_provider_knows_a_send(home: &dyn Home) {
    let store = home.open();
    admit(&store, says("1", 1, 1), &evening()).await;
    let jobs = claim(&store, 1).await;
    store.begin(ids(&jobs), at(1)).await.expect("begins");
    store.settle(ids(&jobs), Outcome::Unknown(Reason::Timeout), at(2)).await.expect("settles");
    let others = |id: &str| store.sent_by_others("work".into(), vec![id.to_owned()]);
    assert_eq!(others("p1").await.expect("tells"), ["p1"]);
    assert_eq!(note(&store, receipt(&jobs[0].key, "p1", Fate::Delivered)).await, None);
    assert_eq!(others("p1").await.expect("tells"), [""; 0], "it is ours");
    // an earlier attempt, which was repeated: what is known is the one that arrived
    assert_eq!(note(&store, receipt(&jobs[0].key, "p0", Fate::Failed("1".into()))).await, None);
    assert_eq!(reply_state(&store).await, "sent");
    // whichever attempt it was, the person wants none of them
    let told = note(&store, receipt(&jobs[0].key, "p0", Fate::OptedOut)).await;
    assert_eq!(told.as_deref(), Some("the recipient wants no messages"));
    assert_eq!(reply_state(&store).await, "dead");
}

pub async fn what_failed_is_not_sent_by_an_older_word(home: &dyn Home) {
    let store = home.open();
    for (id, answered) in [("1", true), ("2", false)] {
        admit(&store, says(id, 1, 1), &evening()).await;
        let jobs = claim(&store, 1).await;
        store.begin(ids(&jobs), at(1)).await.expect("begins");
        let promised = Outcome::Promised { id: Some(id.into()), opens: at(900) };
        if answered {
            store.settle(ids(&jobs), promised.clone(), at(2)).await.expect("settles");
        }
        let failed = receipt(&jobs[0].key, id, Fate::Failed("1".into()));
        assert_eq!(note(&store, failed).await, Some("1".into()));
        assert_eq!(note(&store, receipt(&jobs[0].key, id, Fate::Delivered)).await, None);
        if !answered {
            // the provider's own answer comes last
            store.settle(ids(&jobs), promised, at(2)).await.expect("settles");
        }
        assert_eq!(reply_state(&store).await, "dead", "answered first: {answered}");
        assert_eq!(store.promises(at(0), at(999), 9).await.expect("lists").len(), 0, "answered first: {answered}");
        let held = claim(&store, 600).await;
        store.settle(ids(&held), Outcome::Done(None), at(600)).await.expect("settles");
    }
}

pub async fn a_crash_on_the_wire(home: &dyn Home) {
    let store = home.open();
    admit(&store, says("1", 1, 1), &evening()).await;
    admit(&store, says("2", 2, 2), &open_hours()).await;
    admit(&store, says("3", 3, 3), &open_hours()).await;
    admit(&store, says("4", 4, 4), &evening()).await;
    store.alert("once".into(), "words".into(), vec!["phone".into()], at(4)).await.expect("alerts");
    let jobs = claim(&store, 4).await;
    assert_eq!(shown(&jobs), ["Reply work 1", "Now phone 2", "Now phone 3", "Reply work 4", "Alert phone "]);
    // the third and fourth were claimed, and not begun
    store.begin(vec![jobs[0].id, jobs[1].id, jobs[4].id], at(4)).await.expect("begins");
    drop(store);

    let store = home.open();
    let counts = store.counts().await.expect("counts");
    assert_eq!((counts.unknown, counts.waiting, counts.held), (1, 4, 2));
    let again = claim(&store, 5).await;
    let found: Vec<(i64, u32, bool)> = again.iter().map(|job| (job.id, job.attempts, job.repeated)).collect();
    let expected = [(jobs[1].id, 1, true), (jobs[2].id, 0, false), (jobs[3].id, 0, false), (jobs[4].id, 1, true)];
    assert_eq!(found, expected);
    assert_eq!(again[3].alert.as_deref(), Some("words"));
    assert_eq!(again[0].key, jobs[1].key, "the key is that of the first attempt");
    assert_eq!(reply_state(&store).await, "unknown");
    // somebody who can ask the provider may still settle it
    store.settle(vec![jobs[0].id], Outcome::Done(None), at(6)).await.expect("settles");
    assert_eq!(reply_state(&store).await, "sent");
}

pub async fn a_crash_on_the_wire_where_repeating_is_harmless(home: &dyn Home) {
    let store = home.open();
    let reply = NewJob { repeatable: true, ..job(JobKind::Reply, "work", Some(at(1))) };
    admit(&store, says("1", 1, 1), &always(Some("closed"), vec![reply])).await;
    let jobs = claim(&store, 1).await;
    store.begin(ids(&jobs), at(1)).await.expect("begins");
    drop(store);
    let again = claim(&home.open(), 2).await;
    assert_eq!(shown(&again), ["Reply work 1"]);
    assert_eq!((again[0].attempts, &again[0].key), (1, &jobs[0].key));
}

pub async fn keys_are_never_given_twice(home: &dyn Home) {
    let mut keys: HashSet<String> = HashSet::new();
    for day in 0..3 {
        let store = home.open();
        let minutes = day * 24 * 60;
        for id in 0..3 {
            admit(&store, says(&format!("{day} {id}"), 1, minutes), &open_hours()).await;
        }
        let jobs: Vec<Job> = claim(&store, minutes).await;
        assert_eq!(jobs.len(), 3);
        for job in &jobs {
            let fits = job.key.len() <= 64
                && job.key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
            assert!(fits, "{}", job.key);
            assert!(keys.insert(job.key.clone()), "{} was given before", job.key);
        }
        store.settle(ids(&jobs), Outcome::Done(None), at(minutes)).await.expect("settles");
        assert_eq!(store.forget(at(minutes + 1), at(minutes + 1)).await.expect("forgets"), 3);
        store.close().await;
    }
    assert_eq!(keys.len(), 9);
}

pub async fn a_claim_that_nobody_received_is_nobodys(home: &dyn Home) {
    let store = home.open();
    admit(&store, says("1", 1, 1), &open_hours()).await;
    for answered in [false, true] {
        let (gate, slow) = stopped(&store);
        gate.wait();
        let mut unread = Box::pin(store.claim(at(1), 9));
        assert!(poll_once(unread.as_mut()), "the database is stopped");
        if answered {
            gate.wait();
            store.ping().await.expect("lives");
            drop(unread);
        } else {
            drop(unread);
            gate.wait();
        }
        slow.await.expect("ends");
        store.ping().await.expect("lives");
        let jobs = claim(&store, 1).await;
        assert_eq!(shown(&jobs), ["Now phone 1"], "answered: {answered}");
        let later = Outcome::Later(at(1));
        store.settle(ids(&jobs), later, at(1)).await.expect("settles");
    }
}

/// Stands in a decision between the first and the second time that the gate is passed.
fn stopped(store: &Arc<dyn Store>) -> (Arc<Barrier>, tokio::task::JoinHandle<()>) {
    let gate = Arc::new(Barrier::new(2));
    let inside = Arc::clone(&gate);
    let decide = by(move |_, _| {
        inside.wait();
        inside.wait();
        Decision { verdict: verdict(None, Notify::Never), jobs: vec![], keep: false }
    });
    let mut admits = {
        let store = Arc::clone(store);
        Box::pin(async move {
            store.admit(vec![entry(says("slow", 9, 1))], decide).await.expect("admits");
        })
    };
    assert!(poll_once(admits.as_mut()), "it stands");
    (gate, tokio::spawn(admits))
}

/// It is asked; says whether it waits.
fn poll_once(future: Pin<&mut (impl Future + ?Sized)>) -> bool {
    future.poll(&mut Context::from_waker(Waker::noop())).is_pending()
}
