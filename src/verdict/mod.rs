//! The guard, the rules, and `decide`.

use chrono::{DateTime, Utc};

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
