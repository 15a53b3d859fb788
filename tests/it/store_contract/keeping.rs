//! What waits, what the owner changes of it, and how it goes.

use std::sync::Arc;

use chrono::TimeDelta;

use afterhours::hours::Override;
use afterhours::outbound::Reason;
use afterhours::store::{Awaited, Candidate, Counts, JobKind, Outcome, Store, StoreError};

use super::world::{
    Home, admit, always, at, awaited, claim, evening, ids, is_decided, job, owner_wrote, phone, recall, redate, says,
    shown,
};

pub async fn held_rows_move_with_the_opening(home: &dyn Home) {
    let store = home.open();
    let hold =
        |due_at| always(None, vec![job(JobKind::Hold, "phone", due_at), job(JobKind::Now, "mail", Some(at(900)))]);
    admit(&store, says("1", 1, 1), &hold(Some(at(600)))).await;
    admit(&store, says("2", 2, 2), &hold(None)).await;
    admit(&store, Candidate { hours: "studio".into(), ..says("3", 3, 3) }, &hold(Some(at(650)))).await;
    let redate = |due_at| redate(&store, "office", due_at, 0);
    assert_eq!(redate(Some(at(800))).await, 2);
    assert_eq!(redate(Some(at(800))).await, 0);
    assert_eq!(super::world::redate(&store, "nowhere", None, 0).await, 0);
    assert_eq!(shown(&claim(&store, 700).await), ["Hold phone 3"]);
    assert_eq!(redate(None).await, 2);
    assert!(claim(&store, 899).await.is_empty(), "no opening is known");
    assert_eq!(redate(Some(at(500))).await, 2);
    store.close().await;
    let store = home.open();
    assert_eq!(store.next_due().await.expect("answers"), Some(at(500)));
    assert_eq!(shown(&claim(&store, 500).await), ["Hold phone 1", "Hold phone 2"]);
}

pub async fn what_is_due_already_is_not_put_off(home: &dyn Home) {
    let store = home.open();
    admit(&store, says("1", 1, 1), &always(None, vec![job(JobKind::Hold, "phone", Some(at(600)))])).await;
    admit(&store, says("2", 2, 2), &always(None, vec![job(JobKind::Hold, "phone", Some(at(601)))])).await;
    assert_eq!(redate(&store, "office", Some(at(900)), 600).await, 1);
    assert_eq!(shown(&claim(&store, 899).await), ["Hold phone 1"]);
}

pub async fn notices_of_a_sink_that_is_gone_go_to_another(home: &dyn Home) {
    let store = home.open();
    let two = vec![job(JobKind::Hold, "gone", Some(at(600))), job(JobKind::Hold, "phone", Some(at(600)))];
    admit(&store, says("1", 1, 1), &always(None, two)).await;
    admit(&store, says("2", 2, 2), &always(None, vec![job(JobKind::Hold, "gone", Some(at(601)))])).await;
    let gone: Vec<_> = claim(&store, 700).await.into_iter().filter(|job| job.target == "gone").collect();
    assert_eq!(gone.len(), 2);
    store.reroute(ids(&gone), "phone".into(), at(700)).await.expect("reroutes");
    // the first message's own notice for the phone is claimed still; the second message's has come to it
    assert_eq!(shown(&claim(&store, 700).await), ["Hold phone 2"]);
    assert_eq!(store.counts().await.expect("counts").held, 2);
}

pub async fn held_rows_are_released(home: &dyn Home) {
    let store = home.open();
    admit(&store, says("1", 1, 1), &evening()).await;
    admit(&store, says("2", 2, 2), &always(None, vec![job(JobKind::Hold, "mail", None)])).await;
    admit(&store, says("3", 3, 3), &always(None, vec![job(JobKind::Now, "mail", Some(at(900)))])).await;
    assert_eq!(store.release(at(10)).await.expect("releases"), 2);
    assert_eq!(store.release(at(11)).await.expect("releases"), 0);
    let jobs = claim(&store, 10).await;
    assert_eq!(shown(&jobs), ["Reply work 1", "Hold phone 1", "Hold mail 2"]);
    // and stay released, whatever keeps them from going
    store.settle(ids(&jobs), Outcome::Later(at(20)), at(10)).await.expect("settles");
    assert_eq!(redate(&store, "office", Some(at(600)), 11).await, 0);
    assert_eq!(claim(&store, 20).await.len(), 3);
}

pub async fn hours_and_overrides_change_as_one(home: &dyn Home) {
    let store = home.open();
    let hold = |due_at| always(None, vec![job(JobKind::Hold, "phone", Some(due_at))]);
    admit(&store, says("1", 1, 1), &hold(at(600))).await;
    admit(&store, Candidate { hours: "studio".into(), ..says("2", 2, 2) }, &hold(at(650))).await;
    let noon = Candidate { closed_since: None, ..says("3", 3, 3) };
    admit(&store, noon, &hold(at(660))).await;
    let afternoon = Awaited { in_open_hours: true, ..awaited("office") };
    let all = [awaited("office"), afternoon, awaited("studio")];
    assert_eq!(store.awaited().await.expect("answers"), all);
    let away = vec![Override { open: false, from: at(0), until: at(800), reply: None }];
    let dates = vec![(awaited("office"), Some(at(800))), (awaited("studio"), Some(at(900)))];
    assert_eq!(store.redate(dates, Some(away.clone()), TimeDelta::zero(), at(3)).await.expect("redates"), 2);
    assert_eq!(store.redate(Vec::new(), None, TimeDelta::zero(), at(4)).await.expect("redates"), 0);
    assert_eq!(store.overrides().await.expect("answers"), away, "none given, none changed");
    assert_eq!(shown(&claim(&store, 660).await), ["Hold phone 3"]);
    assert_eq!(shown(&claim(&store, 800).await), ["Hold phone 1"]);
    assert_eq!(shown(&claim(&store, 900).await), ["Hold phone 2"]);
}

pub async fn notices_that_were_given_up_are_listed_and_released(home: &dyn Home) {
    let store = home.open();
    admit(&store, says("1", 1, 1), &evening()).await;
    admit(&store, says("2", 2, 2), &always(None, vec![job(JobKind::Now, "mail", Some(at(2)))])).await;
    let jobs = claim(&store, 600).await;
    assert_eq!(shown(&jobs), ["Reply work 1", "Now mail 2", "Hold phone 1"]);
    store.begin(ids(&jobs), at(600)).await.expect("begins");
    store.settle(ids(&jobs), Outcome::Dead(Reason::Status(404)), at(600)).await.expect("settles");
    let held = store.held(9).await.expect("lists");
    let listed: Vec<_> = held.iter().map(|row| (row.message.message.id.as_str(), row.given_up, row.due_at)).collect();
    assert_eq!(listed, [("1", true, None), ("2", true, None)]);
    assert_eq!(store.release(at(700)).await.expect("releases"), 2);
    assert_eq!(store.release(at(700)).await.expect("releases"), 0);
    let jobs = claim(&store, 700).await;
    assert_eq!(shown(&jobs), ["Hold phone 1", "Now mail 2"], "a reply that was given up stays so");
    assert_eq!((jobs[0].attempts, jobs[1].attempts), (0, 0));
}

pub async fn people_are_remembered_longer_than_their_messages(home: &dyn Home) {
    let store = home.open();
    let day = 24 * 60;
    admit(&store, says("1", 1, 1), &always(Some("closed"), vec![])).await;
    assert_eq!(store.forget(at(3 * day), at(0)).await.expect("forgets"), 1);
    assert_eq!(recall(&store, &[phone(1)], 3 * day).await.answered_at, Some(at(1)));
}

pub async fn held_rows_are_listed_and_counted(home: &dyn Home) {
    let store = home.open();
    let two_sinks = vec![
        job(JobKind::Reply, "work", Some(at(1))),
        job(JobKind::Hold, "phone", Some(at(700))),
        job(JobKind::Hold, "mail", Some(at(600))),
    ];
    admit(&store, says("1", 1, 1), &always(Some("closed"), two_sinks)).await;
    admit(&store, says("2", 2, 2), &always(None, vec![job(JobKind::Hold, "phone", None)])).await;
    admit(&store, says("3", 3, 3), &always(None, vec![job(JobKind::Now, "phone", Some(at(3)))])).await;
    admit(&store, says("4", 4, 4), &evening()).await;
    let counts = Counts { messages: 4, held: 3, waiting: 3, ..Counts::default() };
    assert_eq!(store.counts().await.expect("counts"), counts);

    let held = store.held(2).await.expect("lists");
    let listed: Vec<_> = held
        .iter()
        .map(|row| (row.message.message.id.as_str(), row.due_at, row.sinks.join(" "), row.message.reply_state))
        .collect();
    let expected = [("1", Some(at(600)), "phone mail".to_owned(), "waiting"), ("2", None, "phone".to_owned(), "none")];
    assert_eq!(listed, expected);
    assert_eq!(held[0].because, ["closed: hours", "rule: \"quoted\""]);
    assert_eq!(store.held(9).await.expect("lists").len(), 3);

    let jobs = claim(&store, 5).await;
    store.settle(vec![jobs[0].id], Outcome::Done(None), at(5)).await.expect("settles");
    let digest = claim(&store, 600).await;
    assert_eq!(shown(&digest), ["Hold mail 1", "Hold phone 4"]);
    let state = |number: usize| digest[number].message.as_ref().map(|stored| stored.reply_state);
    assert_eq!((state(0), state(1)), (Some("sent"), Some("waiting")));
    store.settle(vec![digest[0].id], Outcome::Done(None), at(600)).await.expect("settles");
    let held = store.held(9).await.expect("lists");
    assert_eq!((held[0].due_at, held[0].sinks.join(" ")), (Some(at(700)), "phone".to_owned()));
    let counts = Counts { messages: 4, held: 3, waiting: 2, ..Counts::default() };
    assert_eq!(store.counts().await.expect("counts"), counts);
}

pub async fn an_alert_is_given_once(home: &dyn Home) {
    let store = home.open();
    let alert =
        |once: &str| store.alert(once.into(), "the line needs a table".into(), vec!["a".into(), "b".into()], at(1));
    assert!(alert("line 3").await.expect("alerts"));
    assert!(!alert("line 3").await.expect("alerts"));
    admit(&store, says("1", 1, 2), &evening()).await;
    let jobs = claim(&store, 1).await;
    assert_eq!(shown(&jobs), ["Alert a ", "Alert b "]);
    assert_eq!(jobs[1].alert.as_deref(), Some("the line needs a table"));
    store.settle(ids(&jobs), Outcome::Done(None), at(2)).await.expect("settles");
    store.close().await;

    let store = home.open();
    let alert = |once: &str| store.alert(once.into(), "words".into(), vec!["a".into()], at(3));
    assert!(!alert("line 3").await.expect("alerts"));
    assert!(alert("line 4").await.expect("alerts"));
    assert_eq!(shown(&claim(&store, 3).await), ["Reply work 1", "Alert a "]);
}

async fn override_with(store: &Arc<dyn Store>, overrides: Vec<Override>) {
    store.redate(Vec::new(), Some(overrides), TimeDelta::zero(), at(0)).await.expect("sets");
}

pub async fn overrides_survive(home: &dyn Home) {
    let store = home.open();
    let away = |from, until, reply: Option<&str>| Override {
        open: reply.is_none(),
        from: at(from),
        until: at(until),
        reply: reply.map(str::to_owned),
    };
    let both = vec![away(0, 10, Some("vacation")), away(5, 20, None)];
    override_with(&store, both.clone()).await;
    store.close().await;
    let store = home.open();
    assert_eq!(store.overrides().await.expect("answers"), both);
    override_with(&store, vec![away(1, 2, None)]).await;
    assert_eq!(store.overrides().await.expect("answers"), [away(1, 2, None)]);
    override_with(&store, Vec::new()).await;
    assert_eq!(store.overrides().await.expect("answers"), []);
}

pub async fn what_is_old_is_forgotten(home: &dyn Home) {
    let store = home.open();
    let day = 24 * 60;
    // more than one slice of people and messages
    let many = (0..700).map(|number| super::world::entry(says(&format!("many {number}"), number, 1))).collect();
    store.admit(many, always(None, vec![])).await.expect("admits");
    admit(&store, says("waits", 1001, 2), &evening()).await;
    admit(&store, says("done", 1002, 2), &evening()).await;
    admit(&store, says("newer", 1, 5 * day), &always(None, vec![])).await;
    store.admit(vec![owner_wrote("o1", &[phone(1003)], 2)], evening()).await.expect("admits");
    store.alert("once".into(), "words".into(), vec!["phone".into()], at(3)).await.expect("alerts");
    let jobs = claim(&store, 600).await;
    let done: Vec<i64> = jobs
        .iter()
        .filter(|job| job.message.as_ref().is_none_or(|stored| stored.message.id.as_str() == "done"))
        .map(|job| job.id)
        .collect();
    assert_eq!((jobs.len(), done.len()), (5, 3));
    store.settle(done, Outcome::Done(None), at(600)).await.expect("settles");

    assert_eq!(store.forget(at(1), at(1)).await.expect("forgets"), 0);
    assert_eq!(store.forget(at(3 * day), at(3 * day)).await.expect("forgets"), 701);
    assert_eq!(store.forget(at(3 * day), at(3 * day)).await.expect("forgets"), 0);
    let counts = Counts { messages: 2, held: 1, waiting: 1, ..Counts::default() };
    assert_eq!(store.counts().await.expect("counts"), counts);
    store.close().await;

    let store = home.open();
    assert_eq!(store.counts().await.expect("counts"), counts);
    assert!(!recall(&store, &[phone(1)], 5 * day).await.first_contact, "wrote again since");
    for number in [0, 2, 699, 1002] {
        assert!(recall(&store, &[phone(number)], 5 * day).await.first_contact, "{number}");
    }
    assert_eq!(recall(&store, &[phone(1003)], 5 * day).await.owner_wrote_at, None);
    assert_eq!(shown(&claim(&store, 600).await), ["Reply work waits", "Hold phone waits"]);
    assert!(is_decided(&admit(&store, says("many 5", 5, 5 * day), &evening()).await), "its id is forgotten");
}

pub async fn closing_is_final(home: &dyn Home) {
    let store = home.open();
    store.ping().await.expect("lives");
    let queued = store.admit(vec![super::world::entry(says("1", 1, 1))], evening());
    let (queued, ()) = tokio::join!(queued, store.close());
    assert!(queued.is_ok(), "it was asked before: {queued:?}");
    store.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Closed)));
    let again = home.open();
    assert_eq!(again.counts().await.expect("counts").messages, 1, "the first has let go of it");
    again.ping().await.expect("lives");
}
