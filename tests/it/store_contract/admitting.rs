//! Facts in, decision out, and what comes of it.

use std::sync::{Arc, Mutex};

use afterhours::message::{Hints, Personal};
use afterhours::store::{Admitted, Candidate, Counts, Decision, Entry, JobKind, Outcome, Store, StoreError};
use afterhours::verdict::{Notify, Recalled};
use chrono::{DateTime, TimeDelta, Utc};

use super::world::{
    Home, admit, always, at, by, claim, entry, evening, ids, is_decided, is_duplicate, job, look, mail, owner_wrote,
    phone, recall, says, shown, verdict,
};

pub async fn a_repetition_changes_nothing(home: &dyn Home) {
    let store = home.open();
    let elsewhere = Candidate { channel: "other".into(), ..says("m1", 1, 2) };
    let entries = vec![
        entry(says("m1", 1, 1)),
        entry(says("m1", 1, 1)),
        entry(elsewhere),
        owner_wrote("m1", &[phone(1)], 3),
        owner_wrote("m1", &[phone(1)], 9),
        entry(says("", 2, 4)),
        entry(says("", 2, 4)),
    ];
    let admitted = store.admit(entries, evening()).await.expect("admits");
    let short: Vec<&str> = admitted
        .iter()
        .map(|admitted| match admitted {
            Admitted::Decided(_) => "decided",
            Admitted::Duplicate => "duplicate",
            Admitted::Noted => "noted",
            Admitted::OtherResponder { .. } => "other responder",
            Admitted::WroteUnasked { .. } => "wrote unasked",
            Admitted::ReplyArrived { .. } => "arrived",
            Admitted::ReplyFailed { .. } => "failed",
        })
        .collect();
    // without an id nothing is a repetition
    assert_eq!(short, ["decided", "duplicate", "decided", "noted", "duplicate", "decided", "decided"]);
    assert_eq!(recall(&store, &[phone(1)], 10).await.owner_wrote_at, Some(at(3)));
    store.close().await;

    let store = home.open();
    assert!(is_duplicate(&admit(&store, says("m1", 1, 50), &evening()).await));
    let counts = Counts { messages: 4, held: 4, waiting: 4, ..Counts::default() };
    assert_eq!(store.counts().await.expect("counts"), counts);
}

pub async fn what_is_not_kept_leaves_no_trace(home: &dyn Home) {
    let store = home.open();
    let private = by(|_, _| Decision { verdict: verdict(None, Notify::Never), jobs: Vec::new(), keep: false });
    for _ in 0..2 {
        assert!(is_decided(&admit(&store, says("m1", 1, 1), &private).await));
    }
    assert_eq!(store.counts().await.expect("counts"), Counts::default());
    assert!(recall(&store, &[phone(1)], 2).await.first_contact);
    assert!(is_decided(&admit(&store, says("m1", 1, 3), &evening()).await), "not even its id was kept");
}

pub async fn facts_are_those_of_the_person(home: &dyn Home) {
    let store = home.open();
    let ana = [phone(1), mail("ana")];
    let nothing = Recalled { first_contact: true, ..Recalled::default() };
    assert_eq!(recall(&store, &ana, 0).await, nothing);

    // the owner wrote first: the person has not
    store.admit(vec![owner_wrote("o1", &ana, 1)], evening()).await.expect("admits");
    assert_eq!(
        recall(&store, &ana, 2).await,
        Recalled { owner_wrote_at: Some(at(1)), owner_told_at: Some(at(1)), ..nothing.clone() }
    );

    // told by mail, on other hours: a reply is a reply
    let by_mail = Candidate { person: vec![mail("ana"), phone(1)], hours: "studio".into(), ..says("m1", 1, 5) };
    let by_mail = Candidate { message: message_from(by_mail.message, &[mail("ana")]), ..by_mail };
    admit(&store, by_mail, &evening()).await;
    let known = Recalled {
        first_contact: false,
        answered_at: Some(at(5)),
        owner_wrote_at: Some(at(1)),
        owner_told_at: Some(at(1)),
        replies_to_person: 1,
        replies_on_line: 1,
        replies_in_all: 1,
        ..Recalled::default()
    };
    assert_eq!(recall(&store, &ana, 6).await, known);

    // written under the message's own addresses alone, found under all
    let phone_alone = Recalled { first_contact: true, answered_at: None, replies_to_person: 0, ..known.clone() };
    assert_eq!(recall(&store, &[phone(1)], 6).await, phone_alone);
    assert_eq!(
        recall(&store, &[phone(9)], 6).await,
        Recalled { owner_wrote_at: None, owner_told_at: None, ..phone_alone }
    );

    // the strongest of several addresses
    admit(&store, says("m2", 1, 7), &evening()).await;
    store.admit(vec![owner_wrote("o2", &[phone(1)], 4)], evening()).await.expect("admits");
    store.admit(vec![owner_wrote("o3", &[phone(1)], 3)], evening()).await.expect("admits");
    let strongest = recall(&store, &ana, 8).await;
    assert_eq!((strongest.answered_at, strongest.owner_wrote_at), (Some(at(7)), Some(at(4))));
    assert_eq!(strongest.replies_to_person, 2);
}

fn message_from(
    message: afterhours::message::Inbound,
    from: &[afterhours::message::Address],
) -> afterhours::message::Inbound {
    afterhours::message::Inbound { from: from.to_vec(), ..message }
}

pub async fn facts_survive_a_restart(home: &dyn Home) {
    let store = home.open();
    let two_addresses = says("m1", 1, -30);
    let two_addresses =
        Candidate { message: message_from(two_addresses.message, &[phone(1), mail("ana")]), ..two_addresses };
    admit(&store, two_addresses, &evening()).await;
    admit(&store, says("m2", 1, -20), &evening()).await;
    admit(&store, says("m3", 2, -10), &evening()).await;
    admit(&store, says("m4", 3, -5), &always(None, vec![])).await;
    store.admit(vec![owner_wrote("o1", &[phone(2)], -1)], evening()).await.expect("admits");
    let withdrawn = claim(&store, 0).await;
    assert_eq!(shown(&withdrawn[1..2]), ["Reply work m2"]);
    store.settle(vec![withdrawn[1].id], Outcome::Withdrawn("opened"), at(0)).await.expect("settles");

    let people = [vec![phone(1), mail("ana")], vec![phone(2)], vec![phone(3)], vec![phone(4)]];
    let mut before = Vec::new();
    for person in &people {
        before.push(recall(&store, person, 1).await);
    }
    assert_eq!((before[0].replies_to_person, before[0].replies_in_all), (1, 2));
    store.close().await;
    let store = home.open();
    for (person, before) in people.iter().zip(before) {
        assert_eq!(recall(&store, person, 1).await, before);
    }
}

pub async fn the_second_of_a_call_knows_the_first(home: &dyn Home) {
    let store = home.open();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&asked);
    let decide = by(move |_, recalled| {
        notes.lock().expect("unpoisoned").push((recalled.first_contact, recalled.answered_at));
        let reply = recalled.answered_at.is_none().then_some("closed");
        Decision { verdict: verdict(reply, Notify::Hold), jobs: vec![], keep: true }
    });
    let entries = vec![entry(says("m1", 1, 1)), entry(says("m2", 1, 2)), entry(says("m3", 2, 3))];
    store.admit(entries, decide).await.expect("admits");
    assert_eq!(*asked.lock().expect("unpoisoned"), [(true, None), (false, Some(at(1))), (true, None)]);
}

pub async fn replies_are_counted_by_person_line_and_all(home: &dyn Home) {
    let store = home.open();
    let on_line = |line: &str, candidate| Candidate { line: line.into(), ..candidate };
    admit(&store, on_line("1", says("m1", 1, 0)), &evening()).await;
    admit(&store, on_line("1", says("m2", 1, 30)), &evening()).await;
    admit(&store, on_line("2", says("m3", 1, 40)), &evening()).await;
    admit(&store, on_line("2", says("m4", 2, 50)), &evening()).await;
    admit(&store, on_line("2", says("m5", 1, 55)), &always(None, vec![])).await;
    let withdrawn = claim(&store, 55).await;
    assert_eq!(shown(&withdrawn[2..3]), ["Reply work m3"]);
    store.settle(vec![withdrawn[2].id], Outcome::Withdrawn("opened"), at(55)).await.expect("settles");
    store.settle(vec![withdrawn[3].id], Outcome::Done(None), at(55)).await.expect("settles");
    // minutes; to the person, on line 1, on line 2, in all
    let cases = [
        (56, 2, 2, 1, 3),
        (60, 2, 1, 1, 2),
        (90, 2, 0, 1, 1),
        (110, 2, 0, 0, 0),
        (24 * 60 - 1, 2, 0, 0, 0),
        (24 * 60, 1, 0, 0, 0),
        (24 * 60 + 30, 0, 0, 0, 0),
    ];
    for (minutes, person, line_1, line_2, all) in cases {
        let mut counted = Vec::new();
        for line in ["1", "2"] {
            let mut look = look(&[phone(1)], minutes);
            look.line = line.into();
            counted.push(store.recall(look).await.expect("recalls"));
        }
        let [one, two] = [&counted[0], &counted[1]];
        let found = (one.replies_to_person, one.replies_on_line, two.replies_on_line, one.replies_in_all);
        assert_eq!(found, (person, line_1, line_2, all), "at {minutes}");
    }
}

pub async fn a_second_name_carries_what_the_first_was_known_for(home: &dyn Home) {
    let store = home.open();
    let id = afterhours::message::Address::id("whatsapp", "US.9").expect("an id");
    let from = |id: &str, addresses: &[afterhours::message::Address], minutes| {
        let candidate = says(id, 1, minutes);
        Candidate { person: addresses.to_vec(), message: message_from(candidate.message, addresses), ..candidate }
    };
    admit(&store, from("m1", std::slice::from_ref(&id), 1), &evening()).await;
    store.admit(vec![owner_wrote("o1", std::slice::from_ref(&id), 2)], evening()).await.expect("admits");
    admit(&store, from("m2", &[phone(9), id], 3), &always(None, vec![job(JobKind::Hold, "phone", None)])).await;
    let found = recall(&store, &[phone(9)], 4).await;
    assert_eq!((found.answered_at, found.owner_wrote_at), (Some(at(1)), Some(at(2))));
}

pub async fn a_clock_that_was_far_ahead_silences_nobody(home: &dyn Home) {
    let year = 365 * 24 * 60;
    let urgent = by(|_, _| {
        let mut verdict = verdict(Some("urgent"), Notify::Now);
        verdict.rang_through = true;
        Decision { verdict, jobs: vec![], keep: true }
    });
    let ana = [phone(1)];
    let store = home.open();
    admit(&store, says("m1", 1, year), &urgent).await;
    store.admit(vec![owner_wrote("e1", &ana, year)], evening()).await.expect("admits");
    store.close().await;
    for _ in 0..2 {
        let store = home.open();
        let found = recall(&store, &ana, 10).await;
        assert_eq!(found, Recalled { first_contact: false, ..Recalled::default() });
        store.close().await;
    }
    // what is true now takes the place of it, and is kept
    let store = home.open();
    admit(&store, says("m2", 1, 10), &urgent).await;
    store.admit(vec![owner_wrote("e2", &ana, 11)], evening()).await.expect("admits");
    store.admit(vec![owner_wrote("e3", &ana, 5)], evening()).await.expect("admits");
    let found = recall(&store, &ana, 12).await;
    assert_eq!((found.answered_at, found.owner_wrote_at), (Some(at(10)), Some(at(11))));
    let counted = [found.replies_to_person, found.replies_on_line, found.replies_in_all, found.urgent_used];
    assert_eq!(counted, [1, 1, 1, 1]);
    // a small step back of the clock takes nothing away
    let before = recall(&store, &ana, 9).await;
    assert_eq!((before.answered_at, before.replies_in_all), (Some(at(10)), 1));
}

pub async fn ringing_through_is_counted_since_the_closing(home: &dyn Home) {
    let store = home.open();
    let urgent = by(|_, _| {
        let mut verdict = verdict(Some("urgent"), Notify::Now);
        verdict.rang_through = true;
        Decision { verdict, jobs: vec![], keep: true }
    });
    let both = |id, minutes| {
        let candidate = says(id, 1, minutes);
        Candidate { message: message_from(candidate.message, &[phone(1), mail("ana")]), ..candidate }
    };
    admit(&store, both("m1", -1), &urgent).await;
    admit(&store, both("m2", 0), &urgent).await;
    admit(&store, says("m3", 1, 5), &urgent).await;
    admit(&store, says("m4", 1, 6), &evening()).await;
    store.close().await;
    let store = home.open();
    let ana = [phone(1), mail("ana")];
    let used = |minutes: Option<i64>| {
        let mut look = look(&ana, 9);
        look.closed_since = minutes.map(at);
        look
    };
    for (since, count) in [(Some(-1), 3), (Some(0), 2), (Some(1), 1), (Some(6), 0), (None, 0)] {
        let recalled = store.recall(used(since)).await.expect("recalls");
        assert_eq!(recalled.urgent_used, count, "since {since:?}");
    }
}

pub async fn a_decision_that_panics_fails_alone(home: &dyn Home) {
    let store = home.open();
    let decide = by(|candidate, _| {
        assert_ne!(candidate.message.id, Personal::new("bad"), "(this panic is part of the test)");
        Decision {
            verdict: verdict(None, Notify::Now),
            jobs: vec![job(JobKind::Now, "phone", Some(candidate.received_at))],
            keep: true,
        }
    });
    let admit = |id: &str| store.admit(vec![entry(says(id, 1, 1))], Arc::clone(&decide));
    let (good, bad, also_good) = tokio::join!(admit("1"), admit("bad"), admit("2"));
    assert!(good.is_ok() && also_good.is_ok());
    assert!(matches!(bad, Err(StoreError::Failed(_))), "{bad:?}");
    let jobs = claim(&store, 1).await;
    assert_eq!(shown(&jobs), ["Now phone 1", "Now phone 2"]);
    // a whole call stands or falls together
    let entries: Vec<Entry> = vec![entry(says("3", 1, 1)), entry(says("bad", 1, 1))];
    assert!(store.admit(entries, Arc::clone(&decide)).await.is_err());
    assert!(claim(&store, 1).await.is_empty());
    assert_eq!(ids(&jobs).len(), 2);
    // what was taken back is not known: the provider sends it again, and it is new
    let again = store.admit(vec![entry(says("3", 1, 1))], Arc::clone(&decide)).await.expect("admits");
    assert!(matches!(&again[..], [Admitted::Decided(_)]), "{again:?}");
}

/// A delivery of the message with that id, which comes in several.
fn part(id: &str, text: &str, minutes: i64) -> Candidate {
    let mut candidate = says(id, 1, minutes);
    candidate.message.text = Personal::new(text);
    candidate.message.hints = Hints { part: true, ..Hints::default() };
    candidate
}

async fn kept(store: &Arc<dyn Store>) -> Vec<String> {
    let held = store.held(9).await.expect("lists");
    held.iter().map(|row| row.message.message.text.as_str().to_owned()).collect()
}

pub async fn parts_of_one_message_become_one(home: &dyn Home) {
    let store = home.open();
    assert!(is_decided(&admit(&store, part("album", "", 1), &evening()).await));
    for _ in 0..2 {
        assert!(is_duplicate(&admit(&store, part("album", "our kitchen", 1), &evening()).await));
    }
    assert!(is_duplicate(&admit(&store, part("album", "", 1), &evening()).await));
    assert_eq!(kept(&store).await, ["our kitchen"]);
    // a repetition of a message that is whole adds nothing
    assert!(is_decided(&admit(&store, says("m1", 2, 2), &evening()).await));
    let mut changed = says("m1", 2, 2);
    changed.message.text = Personal::new("something else");
    assert!(is_duplicate(&admit(&store, changed, &evening()).await));
    assert_eq!(kept(&store).await, ["our kitchen", "words of m1"]);
}

pub async fn a_part_that_comes_too_late_is_told_by_itself(home: &dyn Home) {
    let store = home.open();
    assert!(is_decided(&admit(&store, part("album", "", 1), &evening()).await));
    store.release(at(2)).await.expect("releases");
    let jobs = claim(&store, 2).await;
    assert!(jobs.iter().any(|job| job.kind == JobKind::Hold), "somebody tells the owner of it now");
    assert!(is_decided(&admit(&store, part("album", "our kitchen", 2), &evening()).await));
    assert!(is_duplicate(&admit(&store, part("album", "our kitchen", 3), &evening()).await));
    assert_eq!(kept(&store).await, ["", "our kitchen"]);
}

pub async fn an_answer_that_its_provider_calls_automatic_is_not_the_owners(home: &dyn Home) {
    let store = home.open();
    assert!(is_decided(&admit(&store, says("m1", 1, 1), &evening()).await));
    let automatic = |id: &str, wrote: DateTime<Utc>| {
        let Entry::OwnerWrote { channel, line, id, person, .. } = owner_wrote(id, &[phone(1)], 0) else {
            unreachable!("it is one")
        };
        Entry::OwnerWrote { channel, line, id, person, at: wrote, received_at: wrote, automatic: true }
    };
    let seconds = TimeDelta::seconds;
    // later than any app: it was scheduled, or was told to everybody
    let admitted = store.admit(vec![automatic("o1", at(1) + seconds(31))], evening()).await.expect("admits");
    assert!(matches!(&admitted[..], [Admitted::WroteUnasked { line }] if &**line == "default"));
    let recalled = recall(&store, &[phone(1)], 4).await;
    assert_eq!((recalled.owner_wrote_at, recalled.other_responder_at), (None, None));
    // nothing in its time says that it is a machine's, but its provider does
    assert!(is_decided(&admit(&store, says("m2", 1, 60), &evening()).await));
    let admitted = store.admit(vec![automatic("o2", at(60) + seconds(30))], evening()).await.expect("admits");
    assert!(matches!(&admitted[..], [Admitted::OtherResponder { line }] if &**line == "default"));
    let recalled = recall(&store, &[phone(1)], 62).await;
    assert_eq!((recalled.owner_wrote_at, recalled.other_responder_at), (None, Some(at(60) + seconds(30))));
}
