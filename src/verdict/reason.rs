//! Why: a closed set, the same for the store, the log, `rehearse` and `explain`. Nothing of it quotes a message.

use std::fmt;

use serde::{Serialize, Serializer};

use super::SenderKind;
use crate::clients::Standing;
use crate::hours::Why;
use crate::message::{Automatic, Nature};

/// One step that led to a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Open, and what makes it so.
    Open(Why),
    /// Closed, and what makes it so.
    Closed(Why),
    /// What the sender is.
    Standing(Standing),
    /// A rule of the config, by its name.
    Rule(String),
    /// The rule would let it ring through, but the person has used the budget of this closed period.
    UrgentBudgetUsed,
    /// First message of the person in this closed period: the reply goes out.
    FirstInPeriod,
    /// Open hours, and the person got no automatic reply in the last 24 hours: the reply goes out.
    NotAnsweredToday,
    /// The owner is told at once, and then nothing of it is kept.
    PassedOn,
    /// The line is `private`.
    PrivateLine,
    /// The line needs a table in the config.
    LineNotListed,
    /// Our own, or not a message.
    Nature(Nature),
    /// A group, channel, broadcast or status.
    Group,
    /// A machine wrote it.
    Automatic(Automatic),
    /// Older than `max_age` on arrival.
    TooOld,
    /// The provider says when it was sent in no way that can be read: it may be older than `max_age`.
    Undated,
    /// The person got the automatic reply of this closed period already.
    AnsweredInPeriod,
    /// Open hours, and the person got an automatic reply in the last 24 hours.
    AnsweredToday,
    /// The owner wrote within 30 minutes, or since the closing.
    OwnerInConversation,
    /// Less than five minutes to the opening.
    OpensSoon,
    /// Nobody reads what is sent there: a short code, a name or what nobody can dial instead of a number, withheld, no-reply.
    Sender(SenderKind),
    /// A one-time code.
    OneTimeCode,
    /// The message asks for no more automatic replies.
    OptOut,
    /// The person asked for no more automatic replies, earlier.
    OptedOut,
    /// What we sent came back within seconds, twice in a row.
    PingPong,
    /// It says what we say.
    NearCopy,
    /// Something else answers on the line.
    OtherResponder,
    /// Too many replies on the channel failed.
    BreakerOpen,
    /// `limits.replies_per_person_per_day`.
    CapPerson,
    /// `limits.replies_per_line_per_hour`.
    CapLine,
    /// `limits.replies_per_hour`.
    CapTotal,
    /// The channel has no way to reply.
    CannotReply,
    /// There is no way to answer this message: the provider lets nobody write back, or it is not known on which SIM it came.
    Unanswerable,
    /// It is for the provider, which has answered it itself: HELP at Twilio.
    AnsweredByProvider,
    /// The provider does not let a reply be sent any more.
    WindowClosed,
}

impl Reason {
    /// The kind of reason without what varies in it: a label for metrics and logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Closed(_) => "closed",
            Self::Standing(standing) => standing.name(),
            Self::Rule(_) => "rule",
            Self::UrgentBudgetUsed => "urgent_budget_used",
            Self::FirstInPeriod => "first_in_period",
            Self::NotAnsweredToday => "not_answered_today",
            Self::PassedOn => "passed_on",
            Self::PrivateLine => "private_line",
            Self::LineNotListed => "line_not_listed",
            Self::Nature(Nature::Message) => "message",
            Self::Nature(Nature::Edit) => "edit",
            Self::Nature(Nature::Deletion) => "deletion",
            Self::Nature(Nature::Reaction) => "reaction",
            Self::Nature(Nature::System) => "system",
            Self::Nature(Nature::Own) => "own",
            Self::Group => "group",
            Self::Automatic(Automatic::Bot) => "bot",
            Self::Automatic(Automatic::Flagged) => "flagged",
            Self::Automatic(Automatic::Standby) => "standby",
            Self::Automatic(Automatic::History) => "history",
            Self::TooOld => "too_old",
            Self::Undated => "undated",
            Self::AnsweredInPeriod => "answered_in_period",
            Self::AnsweredToday => "answered_today",
            Self::OwnerInConversation => "owner_in_conversation",
            Self::OpensSoon => "opens_soon",
            Self::Sender(SenderKind::Person) => "person",
            Self::Sender(SenderKind::ShortCode) => "short_code",
            Self::Sender(SenderKind::Letters) => "letters",
            Self::Sender(SenderKind::Withheld) => "withheld",
            Self::Sender(SenderKind::NoReply) => "no_reply",
            Self::Sender(SenderKind::NoNumber) => "no_number",
            Self::OneTimeCode => "one_time_code",
            Self::OptOut => "opt_out",
            Self::OptedOut => "opted_out",
            Self::PingPong => "ping_pong",
            Self::NearCopy => "near_copy",
            Self::OtherResponder => "other_responder",
            Self::BreakerOpen => "breaker_open",
            Self::CapPerson => "cap_person",
            Self::CapLine => "cap_line",
            Self::CapTotal => "cap_total",
            Self::CannotReply => "cannot_reply",
            Self::Unanswerable => "unanswerable",
            Self::AnsweredByProvider => "answered_by_provider",
            Self::WindowClosed => "window_closed",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::Open(why) => return write!(formatter, "open: {why}"),
            Self::Closed(why) => return write!(formatter, "closed: {why}"),
            Self::Rule(name) => return write!(formatter, "rule: {name}"),
            Self::Standing(standing) => standing.name(),
            Self::UrgentBudgetUsed => "urgent, but the budget of this closed period is used",
            Self::FirstInPeriod => "first in this closed period",
            Self::NotAnsweredToday => "no automatic reply in the last 24 hours",
            Self::PassedOn => "passed on and not kept",
            Self::PrivateLine => "private line",
            Self::LineNotListed => "the line is not in the config",
            Self::Nature(Nature::Message) => "a message",
            Self::Nature(Nature::Edit) => "an edit",
            Self::Nature(Nature::Deletion) => "a deletion",
            Self::Nature(Nature::Reaction) => "a reaction",
            Self::Nature(Nature::System) => "a system message",
            Self::Nature(Nature::Own) => "our own message",
            Self::Group => "a group or broadcast",
            Self::Automatic(Automatic::Bot) => "a bot wrote it",
            Self::Automatic(Automatic::Flagged) => "flagged as automatic",
            Self::Automatic(Automatic::Standby) => "another agent holds the conversation",
            Self::Automatic(Automatic::History) => "old messages handed over in bulk",
            Self::TooOld => "older than max_age",
            Self::Undated => "it is not known when it was sent",
            Self::AnsweredInPeriod => "already answered in this closed period",
            Self::AnsweredToday => "already answered in the last 24 hours",
            Self::OwnerInConversation => "the owner is in the conversation",
            Self::OpensSoon => "opening is less than 5 minutes away",
            Self::Sender(SenderKind::Person) => "a person",
            Self::Sender(SenderKind::ShortCode) => "a short code",
            Self::Sender(SenderKind::Letters) => "a sender with a name instead of a number",
            Self::Sender(SenderKind::Withheld) => "a withheld number",
            Self::Sender(SenderKind::NoReply) => "an address that nobody reads",
            Self::Sender(SenderKind::NoNumber) => "a sender that is no telephone number",
            Self::OneTimeCode => "a one-time code",
            Self::OptOut => "asks for no more automatic replies",
            Self::OptedOut => "wants no automatic replies",
            Self::PingPong => "our replies are answered within seconds",
            Self::NearCopy => "it says what we say",
            Self::OtherResponder => "something else answers on this line",
            Self::BreakerOpen => "too many replies on this channel have failed",
            Self::CapPerson => "cap: replies_per_person_per_day",
            Self::CapLine => "cap: replies_per_line_per_hour",
            Self::CapTotal => "cap: replies_per_hour",
            Self::CannotReply => "the channel has no way to reply",
            Self::Unanswerable => "there is no way to answer this message",
            Self::AnsweredByProvider => "the provider answers this word itself",
            Self::WindowClosed => "too late for the provider's reply window",
        };
        formatter.write_str(words)
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
