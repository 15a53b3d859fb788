//! When no reply goes out: small named checks, each with its reason, the same for every channel. The first that objects
//! wins.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Case, OptOut, Reason, Recalled, SenderKind, is_one_time_code, sender_kind};
use crate::clients::Standing;
use crate::hours::{Span, State};
use crate::message::{Audience, Nature};

/// No reply when the opening is nearer than this (DESIGN, section 6).
const SOON: TimeDelta = TimeDelta::minutes(5);

/// So many of our replies in a row that something came back to within seconds: no person reads that fast twice.
const QUICK_ANSWERS: u32 = 2;

/// Something else that answered on a line is taken to do so for that long after it was last seen.
const OTHER_STAYS: TimeDelta = TimeDelta::days(2);

/// In open hours a reply of the config's own rules goes to a person once in this time.
const OPEN_HOURS_PAUSE: TimeDelta = TimeDelta::hours(24);

/// One check of the guard.
#[derive(Clone, Copy)]
pub struct Check {
    /// What it looks at, for `explain`.
    pub name: &'static str,
    /// Its objection, when it has one.
    pub objects: fn(&Case<'_>) -> Option<Reason>,
}

/// The guard, in its order.
pub const CHECKS: &[Check] = &[
    Check { name: "own, or not a message", objects: nature },
    Check { name: "group or broadcast", objects: audience },
    Check { name: "bot or automatic", objects: automatic },
    Check { name: "sender that nobody reads", objects: sender },
    Check { name: "one-time code", objects: one_time_code },
    Check { name: "wants no automatic replies", objects: opted_out },
    Check { name: "older than max_age", objects: age },
    Check { name: "already answered", objects: answered },
    Check { name: "owner in the conversation", objects: owner },
    Check { name: "opening soon", objects: soon },
    Check { name: "something else answers", objects: other_responder },
    Check { name: "ping-pong", objects: ping_pong },
    Check { name: "what we say ourselves", objects: near_copy },
    Check { name: "cap per person", objects: cap_person },
    Check { name: "cap per line", objects: cap_line },
    Check { name: "cap in all", objects: cap_total },
    Check { name: "breaker", objects: breaker },
    Check { name: "the channel's own limits", objects: channel_limits },
];

fn nature(case: &Case<'_>) -> Option<Reason> {
    (case.message.nature != Nature::Message).then_some(Reason::Nature(case.message.nature))
}

fn audience(case: &Case<'_>) -> Option<Reason> {
    (case.message.audience == Audience::Group).then_some(Reason::Group)
}

fn automatic(case: &Case<'_>) -> Option<Reason> {
    case.message.automatic.map(Reason::Automatic)
}

fn age(case: &Case<'_>) -> Option<Reason> {
    if case.message.hints.undated {
        return Some(Reason::Undated);
    }
    case.is_late().then_some(Reason::TooOld)
}

fn answered(case: &Case<'_>) -> Option<Reason> {
    let answered = case.facts.recalled.answered_at?;
    match case.facts.state.span {
        Span::Closed { since, .. } => (answered >= since).then_some(Reason::AnsweredInPeriod),
        Span::Open { .. } => (case.now - answered < OPEN_HOURS_PAUSE).then_some(Reason::AnsweredToday),
    }
}

fn owner(case: &Case<'_>) -> Option<Reason> {
    let wrote = case.facts.recalled.owner_wrote_at?;
    let since_closing = case.facts.state.closed_since().is_some_and(|since| wrote >= since);
    (since_closing || case.now - wrote < case.policy.owner_stays).then_some(Reason::OwnerInConversation)
}

fn soon(case: &Case<'_>) -> Option<Reason> {
    match case.facts.state.span {
        Span::Closed { opens: Some(opens), .. } => {
            (opens - case.now - case.policy.reply_delay < SOON).then_some(Reason::OpensSoon)
        }
        _ => None,
    }
}

fn sender(case: &Case<'_>) -> Option<Reason> {
    let kind = sender_kind(&case.message.from);
    (kind != SenderKind::Person).then_some(Reason::Sender(kind))
}

fn one_time_code(case: &Case<'_>) -> Option<Reason> {
    // clients write of codes too, and machines are on no client list
    let unknown = case.facts.standing == Standing::Unknown;
    (unknown && is_one_time_code(case.message.text.as_str())).then_some(Reason::OneTimeCode)
}

fn opted_out(case: &Case<'_>) -> Option<Reason> {
    match case.opt_out() {
        Some(OptOut::Out) => Some(Reason::OptOut),
        // wants them again
        Some(OptOut::In) => None,
        None => case.facts.recalled.opted_out.then_some(Reason::OptedOut),
    }
}

fn other_responder(case: &Case<'_>) -> Option<Reason> {
    let seen = case.facts.recalled.other_responder_at?;
    (case.now - seen < OTHER_STAYS).then_some(Reason::OtherResponder)
}

fn ping_pong(case: &Case<'_>) -> Option<Reason> {
    (case.facts.recalled.quick_answers >= QUICK_ANSWERS).then_some(Reason::PingPong)
}

fn near_copy(case: &Case<'_>) -> Option<Reason> {
    (case.facts.ours.0)(case.message.text.as_str()).then_some(Reason::NearCopy)
}

fn breaker(case: &Case<'_>) -> Option<Reason> {
    case.facts.breaker_open.then_some(Reason::BreakerOpen)
}

fn cap_person(case: &Case<'_>) -> Option<Reason> {
    let used = case.facts.recalled.replies_to_person;
    (used >= case.policy.replies_per_person_per_day).then_some(Reason::CapPerson)
}

fn cap_line(case: &Case<'_>) -> Option<Reason> {
    (case.facts.recalled.replies_on_line >= case.policy.replies_per_line_per_hour).then_some(Reason::CapLine)
}

fn cap_total(case: &Case<'_>) -> Option<Reason> {
    (case.facts.recalled.replies_in_all >= case.policy.replies_per_hour).then_some(Reason::CapTotal)
}

fn channel_limits(case: &Case<'_>) -> Option<Reason> {
    if !case.facts.can_reply {
        return Some(Reason::CannotReply);
    }
    if case.message.hints.unanswerable {
        return Some(Reason::Unanswerable);
    }
    if case.message.hints.answered {
        return Some(Reason::AnsweredByProvider);
    }
    case.facts.reply_window.is_some_and(|until| case.now >= until).then_some(Reason::WindowClosed)
}

/// An opening is so much later than the one that was promised that whoever waits for it should know.
#[must_use]
pub fn is_later(promised: DateTime<Utc>, opens: DateTime<Utc>) -> bool {
    opens - promised > SOON
}

/// The look right before something is sent to a client: what holds then.
#[derive(Clone, Copy, Debug)]
pub struct LastLook<'a> {
    /// The owner has answered the message.
    pub answered: bool,
    /// Open or closed.
    pub state: &'a State,
    /// What the sender is to the owner.
    pub standing: Standing,
    /// What the store knows.
    pub recalled: &'a Recalled,
    /// See [`super::Facts::reply_window`].
    pub reply_window: Option<DateTime<Utc>>,
    /// Now.
    pub now: DateTime<Utc>,
}

impl LastLook<'_> {
    /// Why a reply that was decided then is no longer wanted. `in_open_hours`: its message came in them.
    #[must_use]
    pub fn no_reply(self, in_open_hours: bool) -> Option<&'static str> {
        if matches!(self.standing, Standing::Personal | Standing::Blocked) {
            return Some("no longer to be answered");
        }
        if self.recalled.opted_out {
            return Some("wants no automatic replies");
        }
        if self.answered {
            return Some("owner answered");
        }
        if self.state.is_open() && !in_open_hours {
            return Some("opened meanwhile");
        }
        self.reply_window.is_some_and(|until| self.now >= until).then_some("too late for the provider's reply window")
    }

    /// Why a follow-up is not wanted. `replied`: the reply that named the opening went out.
    #[must_use]
    pub fn no_follow_up(self, replied: bool) -> Option<&'static str> {
        if !replied {
            return Some("the reply did not go out");
        }
        if !self.state.is_open() {
            return Some("closed again");
        }
        // what holds of a reply holds of it too, but that it is open
        self.no_reply(true)
    }

    /// Why a correction is not wanted. `promised`: the opening that was named, `None` when the promise is kept; `opens`: the
    /// opening as it is now.
    #[must_use]
    pub fn no_correction(self, promised: Option<DateTime<Utc>>, opens: Option<DateTime<Utc>>) -> Option<&'static str> {
        let because = Self { answered: self.answered || promised.is_none(), ..self }.no_reply(false);
        if because.is_some() {
            return because;
        }
        match (promised, opens) {
            (Some(promised), Some(opens)) => (!is_later(promised, opens)).then_some("opens as promised"),
            _ => Some("no opening is known"),
        }
    }
}
