//! The verdict as tables: one trap a line.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::hours::Span;
use crate::message::{Address, Audience, Personal};

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-20T{text}:00Z").parse().expect("a time")
}

fn closed() -> State {
    State { span: Span::Closed { since: at("17:00"), opens: Some(at("23:00")) }, why: Why::Hours, label: None }
}

fn open() -> State {
    State { span: Span::Open { closes: Some(at("23:00")) }, why: Why::Hours, label: None }
}

fn address(text: &str) -> Address {
    Address::canonical(text, "work").expect("an address")
}

fn message() -> Inbound {
    Inbound {
        id: Personal::new("m1"),
        from: vec![Address::phone("50499990001").expect("a number")],
        text: Personal::new("are you open?"),
        ..Inbound::default()
    }
}

/// The world around one message; each case says only what differs.
struct World {
    message: Inbound,
    state: State,
    standing: Standing,
    recalled: Recalled,
    labels: Vec<String>,
    policy: Policy,
    adjust: fn(&mut Facts<'_>),
}

impl World {
    fn evening() -> Self {
        Self {
            message: message(),
            state: closed(),
            standing: Standing::Client,
            recalled: Recalled::default(),
            labels: vec!["vip".to_owned()],
            policy: Policy::default(),
            adjust: |_| {},
        }
    }

    fn decide(&self) -> Verdict {
        let mut facts = Facts {
            channel: "work",
            line: "default",
            line_listed: true,
            line_private: false,
            standing: self.standing,
            labels: &self.labels,
            state: &self.state,
            away_reply: None,
            holiday_text: false,
            breaker_open: false,
            can_reply: true,
            reply_window: None,
            recalled: &self.recalled,
            ours: Ours::NONE,
        };
        (self.adjust)(&mut facts);
        decide(&self.message, &facts, &self.policy, at("20:00"))
    }

    /// `reply / notify / last reason`.
    fn drawn(&self) -> String {
        let verdict = self.decide();
        let last = verdict.because.last().map(ToString::to_string).unwrap_or_default();
        format!("{} / {} / {last}", verdict.reply.as_deref().unwrap_or("-"), verdict.notify.name())
    }
}

#[test]
fn an_ordinary_evening_gives_one_reply_with_its_reasons() {
    let verdict = World::evening().decide();
    let because: Vec<_> = verdict.because.iter().map(ToString::to_string).collect();
    assert_eq!(because, ["closed: hours", "client", "first in this closed period"]);
    assert_eq!((verdict.reply.as_deref(), verdict.notify), (Some("closed"), Notify::Hold));
}

#[test]
fn the_guard_objects_in_its_order() {
    type Change = fn(&mut World);
    let cases: &[(&str, Change)] = &[
        ("- / never / our own message", |w| w.message.nature = Nature::Own),
        ("- / never / a reaction", |w| w.message.nature = Nature::Reaction),
        ("- / never / a deletion", |w| w.message.nature = Nature::Deletion),
        ("- / never / a system message", |w| w.message.nature = Nature::System),
        ("- / hold / an edit", |w| w.message.nature = Nature::Edit),
        ("- / hold / a group or broadcast", |w| w.message.audience = Audience::Group),
        ("- / hold / a bot wrote it", |w| w.message.automatic = Some(Automatic::Bot)),
        ("- / hold / flagged as automatic", |w| w.message.automatic = Some(Automatic::Flagged)),
        ("- / hold / another agent holds the conversation", |w| w.message.automatic = Some(Automatic::Standby)),
        ("- / never / old messages handed over in bulk", |w| w.message.automatic = Some(Automatic::History)),
        // exactly max_age is not older than max_age
        ("closed / hold / first in this closed period", |w| w.message.sent_at = Some(at("19:50"))),
        ("- / hold / older than max_age", |w| w.message.sent_at = Some(at("19:50") - TimeDelta::seconds(1))),
        // a sender's clock that is ahead makes nothing old
        ("closed / hold / first in this closed period", |w| w.message.sent_at = Some(at("21:00"))),
        ("- / hold / already answered in this closed period", |w| w.recalled.answered_at = Some(at("17:00"))),
        ("closed / hold / first in this closed period", |w| w.recalled.answered_at = Some(at("16:59"))),
        ("- / hold / the owner is in the conversation", |w| w.recalled.owner_wrote_at = Some(at("17:00"))),
        ("closed / hold / first in this closed period", |w| w.recalled.owner_wrote_at = Some(at("16:59"))),
        // closed a minute ago, and the owner wrote ten minutes ago
        ("- / hold / the owner is in the conversation", |w| {
            w.state.span = Span::Closed { since: at("19:59"), opens: Some(at("23:00")) };
            w.recalled.owner_wrote_at = Some(at("19:50"));
        }),
        ("- / hold / opening is less than 5 minutes away", |w| {
            w.state.span = Span::Closed { since: at("17:00"), opens: Some(at("20:04")) };
        }),
        ("closed / hold / first in this closed period", |w| {
            w.state.span = Span::Closed { since: at("17:00"), opens: Some(at("20:05")) };
        }),
        ("- / hold / cap: replies_per_person_per_day", |w| w.recalled.replies_to_person = 3),
        ("- / hold / cap: replies_per_line_per_hour", |w| w.recalled.replies_on_line = 30),
        ("- / hold / cap: replies_per_hour", |w| w.recalled.replies_in_all = 100),
        ("- / hold / the channel has no way to reply", |w| w.adjust = |facts| facts.can_reply = false),
        ("- / hold / there is no way to answer this message", |w| w.message.hints.unanswerable = true),
        ("- / hold / the provider answers this word itself", |w| w.message.hints.answered = true),
        ("- / hold / asks for no more automatic replies", |w| w.message.hints.opt_out = Some(true)),
        ("closed / hold / first in this closed period", |w| {
            w.message.hints.opt_out = Some(false);
            w.recalled.opted_out = true;
        }),
        ("- / hold / too late for the provider's reply window", |w| {
            w.adjust = |facts| facts.reply_window = Some(at("20:00"));
        }),
        ("closed / hold / first in this closed period", |w| {
            let recalled = &mut w.recalled;
            (recalled.replies_to_person, recalled.replies_on_line, recalled.replies_in_all) = (2, 29, 99);
        }),
        ("- / hold / a short code", |w| w.message.from = vec![address("sms:49469")]),
        ("- / hold / a sender with a name instead of a number", |w| w.message.from = vec![address("sms:MyBank")]),
        ("- / hold / a withheld number", |w| w.message.from = vec![address("sms:Restricted")]),
        ("- / hold / a withheld number", |w| w.message.from.clear()),
        ("- / hold / a sender that is no telephone number", |w| {
            w.message.from = vec![address("sms:+9999999999999999")];
        }),
        ("- / hold / an address that nobody reads", |w| w.message.from = vec![address("no-reply@example.org")]),
        ("- / hold / a one-time code", |w| {
            w.standing = Standing::Unknown;
            w.message.text = Personal::new("Your verification code is 123456");
        }),
        // clients write of codes too
        ("closed / hold / first in this closed period", |w| {
            w.message.text = Personal::new("Your verification code is 123456");
        }),
        ("- / hold / asks for no more automatic replies", |w| w.message.text = Personal::new("STOP")),
        ("- / hold / wants no automatic replies", |w| w.recalled.opted_out = true),
        ("closed / hold / first in this closed period", |w| {
            w.recalled.opted_out = true;
            w.message.text = Personal::new("START");
        }),
        ("- / hold / something else answers on this line", |w| w.recalled.other_responder_at = Some(at("19:00"))),
        ("closed / hold / first in this closed period", |w| {
            w.recalled.other_responder_at = Some(at("20:00") - TimeDelta::days(2));
        }),
        ("- / hold / our replies are answered within seconds", |w| w.recalled.quick_answers = 2),
        ("closed / hold / first in this closed period", |w| w.recalled.quick_answers = 1),
        ("- / hold / it says what we say", |w| w.adjust = |facts| facts.ours = Ours(&|_| true)),
        ("- / hold / too many replies on this channel have failed", |w| {
            w.adjust = |facts| facts.breaker_open = true;
        }),
        // two objections: the first of the list is the one recorded
        ("- / hold / a group or broadcast", |w| {
            w.message.audience = Audience::Group;
            w.recalled.answered_at = Some(at("18:00"));
        }),
    ];
    for (index, (drawn, change)) in cases.iter().enumerate() {
        let mut world = World::evening();
        change(&mut world);
        assert_eq!(&world.drawn(), drawn, "case {index}");
    }
}

#[test]
fn the_built_in_rules_stand_in_their_order() {
    type Change = fn(&mut World);
    let cases: &[(&str, Change)] = &[
        ("- / never / personal", |w| w.standing = Standing::Personal),
        ("- / never / private line", |w| w.adjust = |facts| facts.line_private = true),
        ("- / never / blocked", |w| w.standing = Standing::Blocked),
        ("- / now / client", |w| w.state = open()),
        ("closed / hold / first in this closed period", |w| w.standing = Standing::Unknown),
        ("- / hold / the line is not in the config", |w| w.adjust = |facts| facts.line_listed = false),
        ("away / hold / first in this closed period", |w| w.state.why = Why::Away),
        ("vacation / hold / first in this closed period", |w| {
            w.state.why = Why::Away;
            w.adjust = |facts| facts.away_reply = Some("vacation");
        }),
        ("closed / hold / first in this closed period", |w| w.state.why = Why::Holiday),
        ("holiday / hold / first in this closed period", |w| {
            w.state.why = Why::Holiday;
            w.adjust = |facts| facts.holiday_text = true;
        }),
        ("never / hold / first in this closed period", |w| {
            w.state.span = Span::Closed { since: at("17:00"), opens: None };
        }),
        ("call / hold / first in this closed period", |w| w.message.kind = Kind::Call),
        ("voicemail / hold / first in this closed period", |w| w.message.kind = Kind::Voicemail),
        ("closed / hold / first in this closed period", |w| w.message.kind = Kind::Media),
    ];
    for (index, (drawn, change)) in cases.iter().enumerate() {
        let mut world = World::evening();
        change(&mut world);
        assert_eq!(&world.drawn(), drawn, "case {index}");
    }
}

fn emergency() -> Rule {
    Rule {
        name: "emergencies".to_owned(),
        when: When {
            open: Some(false),
            labels: vec!["vip".to_owned()],
            text: vec![Phrase::new("urgente").expect("a word")],
            ..When::default()
        },
        reply: Some(Some("urgent".to_owned())),
        notify: Some(Notify::Now),
    }
}

#[test]
fn a_rule_of_the_config_comes_first_and_leaves_the_rest_to_the_built_in_ones() {
    type Change = fn(&mut World);
    let cases: &[(&str, Change)] = &[
        ("urgent / now / first in this closed period", |_| {}),
        ("closed / hold / first in this closed period", |w| w.message.text = Personal::new("no es urgentemente")),
        ("closed / hold / first in this closed period", |w| w.labels.clear()),
        ("- / now / client", |w| w.state = open()),
        // the budget of the period is used: as if the rule were not there
        ("closed / hold / first in this closed period", |w| w.recalled.urgent_used = 1),
        ("urgent / now / first in this closed period", |w| {
            w.recalled.urgent_used = 1;
            w.policy.urgent_per_closed_period = 2;
        }),
        // one reply per closed period, though it rings through
        ("- / now / already answered in this closed period", |w| w.recalled.answered_at = Some(at("18:00"))),
        // neither a personal nor a blocked sender rings through by a rule that does not name them
        ("- / never / personal", |w| w.standing = Standing::Personal),
        ("- / never / blocked", |w| w.standing = Standing::Blocked),
        ("- / now / rule: emergencies", |w| {
            w.standing = Standing::Blocked;
            w.policy.rules[0].when.standing = Some(Standing::Blocked);
            w.policy.rules[0].reply = Some(None);
        }),
        // a rule that goes by who writes has no budget
        ("closed / now / first in this closed period", |w| {
            w.policy.rules[0].when.text.clear();
            w.policy.rules[0].reply = None;
            w.recalled.urgent_used = 9;
        }),
        ("- / hold / rule: emergencies", |w| {
            w.policy.rules[0].reply = Some(None);
            w.policy.rules[0].notify = None;
        }),
        ("- / hold / rule: emergencies", |w| {
            w.state = open();
            w.policy.rules[0].when.open = None;
            w.policy.rules[0].reply = None;
            w.policy.rules[0].notify = Some(Notify::Hold);
        }),
        // a reply in open hours goes out once in 24 hours
        ("urgent / now / no automatic reply in the last 24 hours", |w| {
            w.state = open();
            w.policy.rules[0].when.open = None;
        }),
        ("- / now / already answered in the last 24 hours", |w| {
            w.state = open();
            w.policy.rules[0].when.open = None;
            w.recalled.answered_at = Some(at("20:00") - TimeDelta::hours(23));
        }),
        ("closed / hold / first in this closed period", |w| w.policy.rules[0].when.channel = vec!["other".to_owned()]),
        ("closed / hold / first in this closed period", |w| w.policy.rules[0].when.line = vec!["2".to_owned()]),
        ("closed / hold / first in this closed period", |w| w.policy.rules[0].when.kind = vec![Kind::Media]),
        ("closed / hold / first in this closed period", |w| w.policy.rules[0].when.urgent = Some(true)),
        ("closed / hold / first in this closed period", |w| w.policy.rules[0].when.first_contact = Some(true)),
        ("closed / hold / first in this closed period", |w| w.policy.rules[0].when.why = Some(Why::Holiday)),
    ];
    for (index, (drawn, change)) in cases.iter().enumerate() {
        let mut world = World::evening();
        world.message.text = Personal::new("¡URGENTE! agua en la oficina");
        world.policy.rules.push(emergency());
        change(&mut world);
        assert_eq!(&world.drawn(), drawn, "case {index}");
    }
}

#[test]
fn a_reply_is_withdrawn_right_before_sending_when_the_world_has_moved_on() {
    let wrote = |time| {
        let wrote_at = Some(at(time));
        Recalled { owner_wrote_at: wrote_at, owner_told_at: wrote_at, ..Recalled::default() }
    };
    let none = Recalled::default();
    let client = Standing::Client;
    let look = |then: &State, now: &State, standing, recalled: &Recalled, window| {
        let answered = recalled.owner_answered(at("19:00"), at("19:00"));
        LastLook { answered, state: now, standing, recalled, reply_window: window, now: at("20:00") }
            .no_reply(then.is_open())
    };
    assert_eq!(look(&closed(), &closed(), client, &none, None), None);
    assert_eq!(look(&closed(), &closed(), client, &wrote("19:00"), None), Some("owner answered"));
    assert_eq!(look(&closed(), &closed(), client, &wrote("18:59"), None), None);
    assert_eq!(look(&closed(), &open(), client, &none, None), Some("opened meanwhile"));
    assert_eq!(look(&open(), &open(), client, &none, None), None);
    assert_eq!(look(&closed(), &closed(), Standing::Personal, &none, None), Some("no longer to be answered"));
    let window = Some(at("20:00"));
    assert_eq!(look(&closed(), &closed(), client, &none, window), Some("too late for the provider's reply window"));
}

proptest! {
    #[test]
    fn whatever_the_world_there_is_never_a_second_reply_nor_a_reply_without_its_reason(
        answered in proptest::option::of(-600_i64..600),
        owner in proptest::option::of(-600_i64..600),
        used in 0_u32..5, is_open: bool, group: bool, person in 0_u32..5,
    ) {
        let mut world = World::evening();
        if is_open { world.state = open(); }
        if group { world.message.audience = Audience::Group; }
        world.policy.rules.push(emergency());
        world.message.text = Personal::new("urgente");
        world.recalled = Recalled {
            answered_at: answered.map(|minutes| at("20:00") - TimeDelta::minutes(minutes)),
            owner_wrote_at: owner.map(|minutes| at("20:00") - TimeDelta::minutes(minutes)),
            urgent_used: used, replies_to_person: person,
            ..Recalled::default()
        };
        let verdict = world.decide();
        prop_assert!(!verdict.because.is_empty());
        if verdict.reply.is_some() {
            prop_assert!(!group && !is_open && person < 3);
            prop_assert!(world.recalled.answered_at.is_none_or(|answered| answered < at("17:00")));
            prop_assert!(world.recalled.owner_wrote_at.is_none_or(|wrote| wrote < at("17:00")));
            prop_assert_eq!(verdict.because.last(), Some(&Reason::FirstInPeriod));
        }
        if verdict.rang_through { prop_assert!(used == 0 && verdict.notify == Notify::Now); }
    }
}
