//! What the owner asks afterwards.

use std::sync::Arc;

use afterhours::outbound::Reason;
use afterhours::store::{Account, JobKind, Outcome, Store};

use super::world::{Home, admit, always, at, claim, evening, ids, job, says};

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
