//! What the owner asks afterwards.

use std::sync::Arc;

use afterhours::message::{Address, Note, Personal};
use afterhours::outbound::Reason;
use afterhours::store::{Account, Candidate, Decision, Entry, JobKind, OptedOut, Outcome, Store};
use afterhours::verdict::{Notify, Verdict};

use super::world::{Home, admit, always, at, by, claim, evening, ids, job, mail, phone, recall, says, verdict};

async fn account(store: &Arc<dyn Store>, number: i64) -> Account {
    store.message(number).await.expect("answers").expect("is known")
}

pub async fn what_became_of_a_message_is_told(home: &dyn Home) {
    let store = home.open();
    assert!(store.message(1).await.expect("answers").is_none(), "nothing has come");
    admit(&store, says("1", 1, 1), &evening()).await;
    let now = vec![job(JobKind::Now, "phone", Some(at(2))), job(JobKind::Now, "mail", Some(at(3)))];
    admit(&store, says("2", 2, 2), &always(None, now)).await;
    let numbers: Vec<_> = claim(&store, 3).await.iter().filter_map(|job| Some(job.message.as_ref()?.id)).collect();
    let [one, two] = [numbers[0], numbers[1]];
    store.close().await;
    let store = home.open();

    let first = account(&store, one).await;
    assert_eq!((first.message.message.id.as_str(), first.message.reply.as_deref()), ("1", Some("closed")));
    assert_eq!(first.because, ["closed: hours", "rule: \"quoted\""]);
    let fates = |account: &Account| -> Vec<_> {
        let sends = account.sends.iter();
        sends.map(|send| (send.target.clone(), send.state, send.due_at, send.reason.clone(), send.settled_at)).collect()
    };
    let held = ("phone".to_owned(), "waiting", Some(at(600)), None, None);
    assert_eq!(fates(&first), [("work".to_owned(), "waiting", Some(at(1)), None, None), held.clone()]);

    let [reply, phone, mail] = <[_; 3]>::try_from(claim(&store, 3).await).expect("three jobs");
    store.settle(vec![reply.id], Outcome::Withdrawn("owner answered"), at(5)).await.expect("settles");
    store.begin(ids(&[phone.clone(), mail.clone()]), at(4)).await.expect("begins");
    assert_eq!(account(&store, two).await.sends[0].state, "sending");
    store.settle(vec![phone.id], Outcome::Done(None), at(6)).await.expect("settles");
    let again = Outcome::Again { due_at: at(30), reason: Reason::Status(503), repeated: false };
    store.settle(vec![mail.id], again, at(7)).await.expect("settles");
    let owner_answered = Some("owner answered".to_owned());
    let withdrawn = ("work".to_owned(), "withdrawn", None, owner_answered, Some(at(5)));
    assert_eq!(fates(&account(&store, one).await), [withdrawn, held]);
    let second = account(&store, two).await;
    let later = ("mail".to_owned(), "waiting", Some(at(30)), Some(Reason::Status(503).to_string()), None);
    assert_eq!(fates(&second), [("phone".to_owned(), "sent", None, None, Some(at(6))), later]);
    assert_eq!(second.sends.iter().map(|send| send.attempts).collect::<Vec<_>>(), [1, 1]);

    let after = at(24 * 60);
    let jobs = claim(&store, 24 * 60).await;
    store.settle(ids(&jobs), Outcome::Done(None), after).await.expect("settles");
    assert_eq!(store.forget(after, after).await.expect("forgets"), 2);
    assert!(store.message(one).await.expect("answers").is_none(), "it is forgotten");
}

/// Somebody with these addresses says whether they want automatic replies.
async fn opts(store: &Arc<dyn Store>, id: &str, from: &[Address], out: bool, minutes: i64) {
    let mut candidate = says(id, 1, minutes);
    candidate.message.from = from.to_vec();
    let candidate = Candidate { person: from.to_vec(), ..candidate };
    let verdict = Verdict { opt_out: Some(out), ..verdict(None, Notify::Hold) };
    let decision = Decision { verdict, jobs: Vec::new(), keep: true };
    admit(store, candidate, &by(move |_, _| decision.clone())).await;
}

pub async fn an_opt_out_is_known_and_taken_back(home: &dyn Home) {
    let store = home.open();
    let ask = async |store: &Arc<dyn Store>, people: &[&[Address]]| {
        let people = people.iter().map(|person| person.to_vec()).collect();
        store.opted_out(people).await.expect("answers")
    };
    assert_eq!(ask(&store, &[]).await, OptedOut::default());
    // all at one instant, as in one webhook
    opts(&store, "1", &[phone(1), mail("ana")], true, 1).await;
    opts(&store, "2", &[phone(2), mail("ben")], true, 1).await;
    opts(&store, "3", &[phone(3)], true, 1).await;
    opts(&store, "4", &[phone(4)], true, 1).await;
    opts(&store, "5", &[phone(4)], false, 2).await;
    store.close().await;
    let store = home.open();
    let listed: &[&[Address]] = &[&[mail("other"), phone(1)], &[phone(4)], &[], &[phone(3)]];
    let known = OptedOut { people: vec![true, false, false, true], others: 3 };
    assert_eq!(ask(&store, listed).await, known);

    // by one name, for all that the person has; and for nobody else
    assert!(store.opt_in(vec![phone(1)]).await.expect("changes"));
    assert!(!store.opt_in(vec![phone(1)]).await.expect("changes"), "once is enough");
    assert!(!store.opt_in(vec![phone(9)]).await.expect("changes"), "never heard of");
    assert!(!recall(&store, &[phone(1), mail("ana")], 5).await.opted_out);
    assert!(recall(&store, &[mail("ben")], 5).await.opted_out);
    let known = OptedOut { people: vec![false, false, false, true], others: 2 };
    assert_eq!(ask(&store, listed).await, known);
    store.close().await;
    assert!(!recall(&home.open(), &[mail("ana")], 5).await.opted_out);
}

pub async fn an_opt_out_may_come_from_the_provider(home: &dyn Home) {
    let store = home.open();
    admit(&store, says("m1", 1, 1), &evening()).await;
    store.opt_out(vec![phone(1), phone(2)], at(2)).await.expect("notes it");
    assert!(recall(&store, &[phone(1)], 3).await.opted_out);
    assert!(!recall(&store, &[phone(2)], 3).await.opted_out, "who never wrote is not known");
    assert!(store.opt_in(vec![phone(1)]).await.expect("takes it back"));
    assert!(!recall(&store, &[phone(1)], 4).await.opted_out);
}

pub async fn what_a_channel_has_noted_survives(home: &dyn Home) {
    let note = |channel: &str, key: &str, value: &str| Entry::Note {
        channel: channel.into(),
        key: key.to_owned(),
        value: Personal::new(value),
    };
    let store = home.open();
    let notes =
        vec![note("chat", "bc1", "on"), note("chat", "bc2", "on"), note("chat", "bc1", "off"), note("a", "b", "")];
    assert_eq!(store.admit(notes, evening()).await.expect("admits").len(), 4);
    store.close().await;

    let store = home.open();
    let notes = store.notes().await.expect("reads");
    let notes: Vec<_> = notes.iter().map(|(channel, key, value)| (&**channel, &**key, value.as_str())).collect();
    assert_eq!(notes, [("a", "b", ""), ("chat", "bc1", "off"), ("chat", "bc2", "on")]);
}

pub async fn what_is_noted_of_a_message_is_kept_with_it_alone(home: &dyn Home) {
    let noting = |id: &str, key: &str| {
        let mut candidate = says(id, 1, 1);
        candidate.message.hints.note = Some(Note { key: key.to_owned(), value: Personal::new(id) });
        candidate
    };
    let private = by(|_, _| Decision { verdict: verdict(None, Notify::Never), jobs: Vec::new(), keep: false });
    let passing = by(|_, _| Decision {
        verdict: verdict(None, Notify::Now),
        jobs: vec![job(JobKind::Now, "phone", Some(at(1)))],
        keep: false,
    });
    let store = home.open();
    admit(&store, noting("m1", "1"), &private).await;
    admit(&store, noting("m2", "2"), &passing).await;
    admit(&store, noting("m3", "3"), &evening()).await;
    admit(&store, says("m4", 1, 1), &evening()).await;
    // another delivery of one that is known
    admit(&store, noting("m4", "4"), &evening()).await;
    let notes = store.notes().await.expect("reads");
    let notes: Vec<_> = notes.iter().map(|(channel, key, value)| (&**channel, &**key, value.as_str())).collect();
    assert_eq!(notes, [("work", "3", "m3"), ("work", "4", "m4")]);
}
