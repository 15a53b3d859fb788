//! The guard, the rules, and `decide`.

mod words;

use chrono::{DateTime, TimeDelta, Utc};

pub use words::{Phrase, Words};

use crate::clients::Standing;
use crate::hours::Why;
use crate::message::Kind;

/// What the store knows of a sender when a message is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recalled {
    /// Nobody with these addresses has written before.
    pub first_contact: bool,
    /// When the person last got an automatic reply under these hours.
    pub answered_at: Option<DateTime<Utc>>,
    /// When the owner last wrote to the person.
    pub owner_wrote_at: Option<DateTime<Utc>>,
    /// Automatic replies to the person in the last 24 hours.
    pub replies_to_person: u32,
    /// Automatic replies on the line in the last hour.
    pub replies_on_line: u32,
    /// Automatic replies in all in the last hour.
    pub replies_in_all: u32,
    /// How often the person rang through (reply decided by an urgent rule and notified at once) since the closing.
    pub urgent_used: u32,
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
    /// Why, in order.
    pub because: Vec<String>,
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
        }
    }
}
