//! Many held notices in, one out; and the notice of a single message.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::message::{Kind, Personal};

/// What a lock screen may show (`notify.content`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Names and words.
    #[default]
    Full,
    /// Names alone.
    Names,
    /// How many.
    Count,
}

/// How long a notice may be at a sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// None that matters.
    None,
    /// Bytes of UTF-8 in the body.
    Bytes(usize),
    /// Unicode scalar values in the body.
    Chars(usize),
}

/// One message as the owner is told of it.
#[derive(Clone, Debug)]
pub struct Held {
    /// What joins the messages of one person: equal for equal persons, whatever channels they used.
    pub person: Personal,
    /// The name on the client list, or else the provider's, or else the address.
    pub name: Personal,
    /// On the client list.
    pub known: bool,
    /// The address it came from.
    pub address: Personal,
    /// The channel's name in the config.
    pub channel: String,
    /// The line, when the channel has several.
    pub line: Option<String>,
    /// What kind of message.
    pub kind: Kind,
    /// Its words.
    pub text: Personal,
    /// When it was sent, or else received.
    pub at: DateTime<Utc>,
    /// The provider flagged it urgent.
    pub urgent: bool,
    /// The client got an automatic reply to it.
    pub replied: bool,
    /// It came while the service was down (older than `max_age` on arrival).
    pub late: bool,
}

/// What kind of notice it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// One message that may not wait, or came in open hours.
    Now,
    /// The held ones.
    Digest,
    /// The service has something to say of itself.
    Alert,
}

impl NoticeKind {
    /// As `rehearse` prints it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Digest => "digest",
            Self::Alert => "alert",
        }
    }
}

/// What a sink delivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What kind.
    pub kind: NoticeKind,
    /// One line.
    pub title: Personal,
    /// Plain text, several lines, within the sink's [`Limit`].
    pub body: Personal,
    /// How many messages it tells of, those that were cut included.
    pub messages: usize,
    /// It may not wait.
    pub urgent: bool,
    /// When it was made.
    pub at: DateTime<Utc>,
}

/// How notices are written.
#[derive(Clone, Debug)]
pub struct Style {
    /// What a lock screen may show.
    pub content: Content,
    /// The owner's language.
    pub language: crate::language::Language,
    /// The owner's zone.
    pub zone: chrono_tz::Tz,
}

/// One notice of the held messages: grouped by person, the person who has waited longest first, in a person the oldest
/// message first; cut to `limit` with a count of the rest. `repeated`: an earlier attempt may have arrived, and the text
/// says so.
#[must_use]
pub fn digest(_held: &[Held], _now: DateTime<Utc>, _style: &Style, _limit: Limit, _repeated: bool) -> Notice {
    todo!()
}

/// The notice of one message.
#[must_use]
pub fn single(_message: &Held, _now: DateTime<Utc>, _style: &Style, _limit: Limit, _repeated: bool) -> Notice {
    todo!()
}

/// The service speaks of itself: `words` are in English, as the log is.
#[must_use]
pub fn alert(_words: &str, _now: DateTime<Utc>, _limit: Limit, _repeated: bool) -> Notice {
    todo!()
}
