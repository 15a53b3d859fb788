//! The guard, the rules, and `decide`: facts in, verdict out, with its reasons. Pure.
//!
//! The order is that of DESIGN: what must leave no trace; then the rules, the config's own before the built-in ones; then,
//! where a reply would go out, the guard, whose first objection wins.

mod breaker;
mod folded;
mod guard;
mod mail;
mod near_copy;
mod one_time_code;
mod opt_out;
mod pace;
mod reason;
mod rules;
mod sender;
mod words;

#[cfg(test)]
mod tests;

use std::cell::OnceCell;

use chrono::{DateTime, TimeDelta, Utc};

pub use breaker::Breakers;
pub use guard::{CHECKS, Check, LastLook, is_later};
pub use mail::{MailFacts, MailReason, mail_objection};
pub use near_copy::is_near_copy_of_any;
pub use one_time_code::is_one_time_code;
pub use opt_out::OptOut;
pub use pace::{Pace, Paced, Rate};
pub use reason::Reason;
pub use sender::{SenderKind, sender_kind};
pub use words::{Phrase, Words};

use crate::clients::Standing;
use crate::hours::{State, Why};
use crate::message::{Audience, Automatic, Inbound, Kind, Nature};

/// What the store knows of a sender when a message is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recalled {
    /// Nobody with these addresses has written before.
    pub first_contact: bool,
    /// When the person last got an automatic reply, on whatever line.
    pub answered_at: Option<DateTime<Utc>>,
    /// When the owner last wrote to the person.
    pub owner_wrote_at: Option<DateTime<Utc>>,
    /// When we were told of that.
    pub owner_told_at: Option<DateTime<Utc>>,
    /// Automatic replies to the person in the last 24 hours.
    pub replies_to_person: u32,
    /// Automatic replies on the line in the last hour.
    pub replies_on_line: u32,
    /// Automatic replies in all in the last hour.
    pub replies_in_all: u32,
    /// The person asked for no more automatic replies.
    pub opted_out: bool,
    /// How many of our last replies, in a row, the same words came back to within seconds; this message counts.
    pub quick_answers: u32,
    /// When something else was last seen answering on the line.
    pub other_responder_at: Option<DateTime<Utc>>,
    /// How often the person rang through (reply decided by an urgent rule and notified at once) since the closing.
    pub urgent_used: u32,
}

impl Recalled {
    /// The owner has answered a message that was written and received then: has written since by the provider's clock, and
    /// we learned of it since by ours. One of the two alone is not enough: a message may be on its way for hours, and a
    /// sender's clock may be years behind.
    #[must_use]
    pub fn owner_answered(&self, written_at: DateTime<Utc>, received_at: DateTime<Utc>) -> bool {
        self.owner_wrote_at.is_some_and(|at| at >= written_at) && self.owner_told_at.is_some_and(|at| at >= received_at)
    }
}

/// What the config and the clock say of a message, beside the message itself.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Facts<'a> {
    /// The channel's name.
    pub channel: &'a str,
    /// The line's name.
    pub line: &'a str,
    /// The line is one that the config knows.
    pub line_listed: bool,
    /// Nothing of this line is stored or answered.
    pub line_private: bool,
    /// What the sender is to the owner.
    pub standing: Standing,
    /// The labels of the client.
    pub labels: &'a [String],
    /// Open or closed.
    pub state: &'a State,
    /// The reply that the owner's override names.
    pub away_reply: Option<&'a str>,
    /// The config has a text of its own for `holiday`.
    pub holiday_text: bool,
    /// Too many replies on the channel have failed.
    pub breaker_open: bool,
    /// The channel is able to reply at all.
    pub can_reply: bool,
    /// Until when the provider lets a reply to this message be sent; `None` is for ever.
    pub reply_window: Option<DateTime<Utc>>,
    /// What the store knows.
    pub recalled: &'a Recalled,
    /// Whether a text is nearly what would be sent to this sender.
    pub ours: Ours<'a>,
}

/// Whether a text is nearly one of ours: asked only where a reply would go out, as our texts are written for it.
#[derive(Clone, Copy)]
pub struct Ours<'a>(pub &'a dyn Fn(&str) -> bool);

impl Ours<'_> {
    /// Nothing is.
    pub const NONE: Self = Ours(&|_| false);
}

impl std::fmt::Debug for Ours<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Ours(…)")
    }
}

/// One message to be decided: what the checks and the rules look at.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The message.
    pub message: &'a Inbound,
    /// What is known beside it.
    pub facts: &'a Facts<'a>,
    /// What `decide` goes by.
    pub policy: &'a Policy,
    /// Now.
    pub now: DateTime<Utc>,
    /// The text, once somebody has asked: folding it costs more than all the rest.
    words: OnceCell<Words>,
    opt_out: OnceCell<Option<OptOut>>,
}

/// When the owner is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Notify {
    /// At once.
    Now,
    /// At opening.
    Hold,
    /// Never.
    Never,
}

impl Notify {
    /// As in the config.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Hold => "hold",
            Self::Never => "never",
        }
    }
}

/// What is decided of one message, and because of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The name of the reply that goes out.
    pub reply: Option<String>,
    /// When the owner is told.
    pub notify: Notify,
    /// It rang through on the urgent budget.
    pub rang_through: bool,
    /// Older than `max_age` on arrival.
    pub late: bool,
    /// The sender wants no automatic replies from now on (`true`), or wants them again.
    pub opt_out: Option<bool>,
    /// Why, in order.
    pub because: Vec<Reason>,
}

/// What a rule tests; every part that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// Open (`true`) or closed.
    pub open: Option<bool>,
    /// What closed it (or opened it).
    pub why: Option<Why>,
    /// The sender's standing.
    pub standing: Option<Standing>,
    /// At least one of these is on the client.
    pub labels: Vec<String>,
    /// The channel is one of these.
    pub channel: Vec<String>,
    /// The line is one of these.
    pub line: Vec<String>,
    /// The kind is one of these.
    pub kind: Vec<Kind>,
    /// One of these phrases is in the text: whole words, without regard to case or accents.
    pub text: Vec<Phrase>,
    /// The provider's urgency flag.
    pub urgent: Option<bool>,
    /// Nobody with this address has written before.
    pub first_contact: Option<bool>,
}

/// A rule of the config: the first whose `when` holds decides what it names; what it leaves out, the built-in rules decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// For `because`.
    pub name: String,
    /// What it tests.
    pub when: When,
    /// The reply: `None` leaves it to the built-in rules, `Some(None)` is no reply.
    pub reply: Option<Option<String>>,
    /// When the owner is told: `None` leaves it to the built-in rules.
    pub notify: Option<Notify>,
}

/// `[limits]`, `[urgent]` and the rules: what `decide` goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The config's own rules, in order.
    pub rules: Vec<Rule>,
    /// How often one person may ring through in a closed period.
    pub urgent_per_closed_period: u32,
    /// Automatic replies to one person in 24 hours.
    pub replies_per_person_per_day: u32,
    /// Automatic replies on one line in an hour.
    pub replies_per_line_per_hour: u32,
    /// Automatic replies in all in an hour.
    pub replies_per_hour: u32,
    /// An older message gets no reply.
    pub max_age: TimeDelta,
    /// A reply waits for so long: the owner may answer first, and a burst gets one.
    pub reply_delay: TimeDelta,
    /// The owner is in the conversation for so long after writing.
    pub owner_stays: TimeDelta,
    /// Who was told an opening, and has no answer so long after it, is told that it is open; `None`: nobody is.
    pub follow_up_after: Option<TimeDelta>,
    /// Who was told an opening is told once when it has moved to a later time.
    pub correct: bool,
    /// What a `personal` sender writes is passed on to the owner at once, and not kept.
    pub pass_personal: bool,
}

impl Default for Policy {
    /// The values of DESIGN.md, section 4.
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            urgent_per_closed_period: 1,
            replies_per_person_per_day: 3,
            replies_per_line_per_hour: 30,
            replies_per_hour: 100,
            max_age: TimeDelta::minutes(10),
            reply_delay: TimeDelta::zero(),
            owner_stays: TimeDelta::minutes(30),
            follow_up_after: None,
            correct: false,
            pass_personal: false,
        }
    }
}

/// Decides one message.
#[must_use]
pub fn decide(message: &Inbound, facts: &Facts<'_>, policy: &Policy, now: DateTime<Utc>) -> Verdict {
    let case = Case::new(message, facts, policy, now);
    if let Some(reason) = traceless(&case) {
        return Verdict::nothing(vec![reason]);
    }
    if facts.standing == Standing::Personal {
        return Verdict::passed_on(case.is_late());
    }
    let ruling = rules::rule(&case);
    let mut verdict = Verdict {
        reply: ruling.reply,
        notify: ruling.notify,
        rang_through: ruling.rang_through,
        late: case.is_late(),
        opt_out: case.opt_out().map(|asks| asks == OptOut::Out),
        because: ruling.because,
    };
    if verdict.reply.is_some() {
        if let Some(objection) = CHECKS.iter().find_map(|check| (check.objects)(&case)) {
            verdict.reply = None;
            verdict.because.push(objection);
        } else {
            verdict.because.push(if facts.state.is_open() { Reason::NotAnsweredToday } else { Reason::FirstInPeriod });
        }
    }
    verdict
}

/// How a verdict came about: every rule and every check, in order, whether it mattered or not.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The rules of the config: their names, and the part of `when` that does not hold, if one does not.
    pub rules: Vec<(String, Option<&'static str>)>,
    /// The guard: each check, and its objection, if it has one.
    pub guard: Vec<(&'static str, Option<Reason>)>,
    /// The verdict.
    pub verdict: Verdict,
}

/// Decides one message, and tells everything that was looked at.
#[must_use]
pub fn explain(message: &Inbound, facts: &Facts<'_>, policy: &Policy, now: DateTime<Utc>) -> Explanation {
    let case = Case::new(message, facts, policy, now);
    let rules = policy.rules.iter();
    Explanation {
        rules: rules.map(|rule| (rule.name.clone(), rules::fails_on(&rule.when, &case))).collect(),
        guard: CHECKS.iter().map(|check| (check.name, (check.objects)(&case))).collect(),
        verdict: decide(message, facts, policy, now),
    }
}

/// What leaves no trace, whatever the rules say.
fn traceless(case: &Case<'_>) -> Option<Reason> {
    if case.facts.line_private {
        return Some(Reason::PrivateLine);
    }
    if case.facts.standing == Standing::Personal && !case.policy.pass_personal {
        return Some(Reason::Standing(Standing::Personal));
    }
    if case.message.automatic == Some(Automatic::History) {
        return Some(Reason::Automatic(Automatic::History));
    }
    match case.message.nature {
        Nature::Message | Nature::Edit => None,
        nature => Some(Reason::Nature(nature)),
    }
}

impl Verdict {
    /// No reply, no notice, no trace.
    fn nothing(because: Vec<Reason>) -> Self {
        Self { reply: None, notify: Notify::Never, rang_through: false, late: false, opt_out: None, because }
    }

    /// The owner is told at once; nobody is answered.
    fn passed_on(late: bool) -> Self {
        let because = vec![Reason::Standing(Standing::Personal), Reason::PassedOn];
        Self { notify: Notify::Now, late, ..Self::nothing(because) }
    }

    /// It is kept only until the owner is told, and nothing is remembered of the sender.
    #[must_use]
    pub fn is_passed_on(&self) -> bool {
        self.because.last() == Some(&Reason::PassedOn)
    }

    /// Nothing follows from it, so nothing is kept either.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.reply.is_none() && self.notify == Notify::Never
    }
}

impl<'a> Case<'a> {
    fn new(message: &'a Inbound, facts: &'a Facts<'a>, policy: &'a Policy, now: DateTime<Utc>) -> Self {
        Self { message, facts, policy, now, words: OnceCell::new(), opt_out: OnceCell::new() }
    }

    /// The words of the message.
    fn words(&self) -> &Words {
        self.words.get_or_init(|| Words::of(self.message.text.as_str()))
    }

    /// What the sender says of automatic replies; in a group it is said to somebody else.
    fn opt_out(&self) -> Option<OptOut> {
        *self.opt_out.get_or_init(|| {
            if let Some(out) = self.message.hints.opt_out {
                return Some(if out { OptOut::Out } else { OptOut::In });
            }
            let said = self.message.nature == Nature::Message && self.message.audience == Audience::Direct;
            let may_be = said && OptOut::may_be_in(self.message.text.as_str());
            let own_word = opt_out::is_own_word(self.message.text.as_str());
            may_be.then(|| OptOut::read_folded(self.words().folded(), own_word)).flatten()
        })
    }

    /// Older than `max_age` on arrival: an outage or a backlog lies between.
    fn is_late(&self) -> bool {
        self.message.sent_at.is_some_and(|sent| self.now - sent > self.policy.max_age)
    }
}
