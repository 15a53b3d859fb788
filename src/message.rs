//! What every channel turns its provider's shapes into: the words that the rest of the house speaks.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Text that quotes or names a person. It cannot be printed: `Debug` shows only that something is there.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(String);

impl Personal {
    /// Takes the text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the few places that show it to the person it is meant for.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_empty() { "Personal()" } else { "Personal(…)" })
    }
}

/// Where a person can be reached, in one canonical spelling: `+50499990001` (E.164), `ana@example.org` (lower case) or
/// `scheme:id` (`telegram:5550101`, `teams:…`, `whatsapp:US.1349…`). Equal text is equal address.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    /// A phone number that is E.164 already, with or without its `+`; never rewritten. `None` unless it is 3 to 15
    /// digits (ITU-T E.164, section 6; short codes have three and more).
    #[must_use]
    pub fn phone(e164: &str) -> Option<Self> {
        let digits = e164.strip_prefix('+').unwrap_or(e164);
        let fits = (3..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Self(format!("+{digits}")))
    }

    /// An e-mail address, lower-cased. `None` without exactly one `@` that has text on both sides, or with white space.
    #[must_use]
    pub fn mail(address: &str) -> Option<Self> {
        let (local, domain) = address.split_once('@')?;
        let fits = !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !address.chars().any(char::is_whitespace);
        fits.then(|| Self(address.to_lowercase()))
    }

    /// A provider's own id for a person. `None` when the id is empty or the scheme is not `a-z0-9-`.
    #[must_use]
    pub fn id(scheme: &str, id: &str) -> Option<Self> {
        let named =
            !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        (named && !id.trim().is_empty()).then(|| Self(format!("{scheme}:{}", id.trim())))
    }

    /// Reads any of the three canonical spellings; a text that is none of them becomes an id of `scheme`.
    #[must_use]
    pub fn canonical(text: &str, scheme: &str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with('+') {
            return Self::phone(text);
        }
        if let Some((before, id)) = text.split_once(':')
            && let Some(address) = Self::id(before, id)
        {
            return Some(address);
        }
        Self::mail(text).or_else(|| Self::id(scheme, text))
    }

    /// The canonical spelling, for the provider, the store and the owner's own eyes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// It is a phone number.
    #[must_use]
    pub fn is_phone(&self) -> bool {
        self.0.starts_with('+')
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Address(…)")
    }
}

/// What `when.kind` of a rule tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Words.
    #[default]
    Text,
    /// Picture, sound, file, sticker, place, contact, or something the provider could not show us.
    Media,
    /// A call that nobody took.
    Call,
    /// A spoken message.
    Voicemail,
}

impl Kind {
    /// As in the config file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Media => "media",
            Self::Call => "call",
            Self::Voicemail => "voicemail",
        }
    }
}

/// What happened in the conversation. Only a `Message` can ever be answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nature {
    /// Somebody wrote or called.
    #[default]
    Message,
    /// An earlier message was changed.
    Edit,
    /// An earlier message was taken back.
    Deletion,
    /// An emoji on a message.
    Reaction,
    /// The provider tells of itself (number changed, group left ...).
    System,
    /// Our own message came back to us.
    Own,
}

/// How a message names who reads along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// One person wrote to this line alone.
    #[default]
    Direct,
    /// A group, channel, broadcast or status.
    Group,
}

/// Why a message is taken for a machine's, when it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Automatic {
    /// The platform says that the sender is a bot.
    Bot,
    /// The platform flags the message as automatic.
    Flagged,
    /// Another agent holds the conversation (WhatsApp's `standby`).
    Standby,
    /// Old messages handed over in bulk (WhatsApp's `history`).
    History,
}

/// Where a reply goes, in the channel's own words: made by its `parse`, kept sealed, given back to its `reply`.
pub type ReplyTo = Personal;

/// One message, whatever the provider. Channels fill in every part; by default it is an empty text that one person wrote.
#[derive(Clone, Debug, Default)]
pub struct Inbound {
    /// The provider's id of the message: the same on every repetition. Dedupe is on this and the channel.
    pub id: Personal,
    /// The provider's id of the owner's line that received it; `None` where the provider has only one.
    pub line: Option<String>,
    /// The sender's addresses, the most stable first; at least one.
    pub from: Vec<Address>,
    /// What the sender calls themselves there; may be empty.
    pub name: Personal,
    /// What kind of message it is.
    pub kind: Kind,
    /// What happened.
    pub nature: Nature,
    /// Who reads along.
    pub audience: Audience,
    /// A machine wrote it.
    pub automatic: Option<Automatic>,
    /// The provider's own urgency flag.
    pub urgent: bool,
    /// The words, or a caption; may be empty.
    pub text: Personal,
    /// When the sender sent it, as the provider says; `None` where it does not say.
    pub sent_at: Option<DateTime<Utc>>,
    /// The language of the sender's device as the provider tells it (BCP 47).
    pub locale: Option<String>,
    /// Where a reply would go.
    pub reply_to: ReplyTo,
    /// What only some providers say.
    pub hints: Hints,
}

/// What only some providers say of a message; nothing of it by default. It matters when the message is decided, and is not
/// kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub struct Hints {
    /// The provider lets nobody write back: a landline, a connection without the right to.
    pub unanswerable: bool,
    /// The provider has answered it itself.
    pub answered: bool,
    /// The provider itself takes it for an opt-out (`true`), or for its end.
    pub opt_out: Option<bool>,
    /// One of several deliveries of one message, under one id: its text is added to what was kept without one.
    pub part: bool,
    /// The provider always says when a message was sent, and of this one in no way that can be read: it may be old.
    pub undated: bool,
    /// What the channel must know after a restart as well, as an [`Event::Note`]: noted when the message is kept, and not where
    /// it leaves no trace.
    pub note: Option<Note>,
}

/// What a channel notes of a message of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about. Not secret, and nobody's name or address.
    pub key: String,
    /// What is known of it now.
    pub value: Personal,
}

impl Inbound {
    /// The sender's address that says most to a person: the phone number, or else the first.
    #[must_use]
    pub fn readable_address(&self) -> &str {
        let readable = self.from.iter().find(|address| address.is_phone()).or(self.from.first());
        readable.map(Address::as_str).unwrap_or_default()
    }
}

/// One thing that a provider told us.
#[derive(Clone, Debug)]
pub enum Event {
    /// Somebody wrote.
    Message(Inbound),
    /// Somebody rings, or has called and was answered at `sent_at`, by whomever. Where it is closed then nobody takes the
    /// call, so it is a message; where it is open, or the caller is `personal` and put through at any hour, it is none yet.
    Rings(Inbound),
    /// The owner wrote to somebody, from whatever device.
    OwnerWrote {
        /// The provider's id of the owner's message.
        id: Personal,
        /// The line it was written from, as in [`Inbound::line`].
        line: Option<String>,
        /// To whom.
        to: Vec<Address>,
        /// When.
        at: Option<DateTime<Utc>>,
        /// The provider says that an app of the owner's sent it by itself: an answer, where a client had just written; else it may
        /// have been scheduled.
        automatic: bool,
    },
    /// What a channel must know after a restart as well; it is given back to [`crate::channel::Channel::note`].
    Note {
        /// What it is about. Not secret, and nobody's name or address.
        key: String,
        /// What is known of it now.
        value: Personal,
    },
    /// Somebody has brought an account of theirs to the channel, which anybody can. Nothing that comes under it is an event.
    Stranger {
        /// The provider's id of the account.
        line: String,
        /// The lines that the config must list for the account to be taken for the owner's: it, and what needs no table now.
        tables: Vec<String>,
    },
    /// What became of a message that we sent.
    Receipt {
        /// The key that we gave with the send, where the provider hands it back; else empty.
        key: String,
        /// The provider's id of our message, as [`crate::outbound::Sent`] had it.
        provider_id: Personal,
        /// Its fate.
        fate: Fate,
    },
}

/// What a provider says became of a message that it accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It left, arrived or was read.
    Delivered,
    /// It will never arrive; the provider's code.
    Failed(String),
    /// It will never arrive: the person has told the provider that they want no more of ours.
    OptedOut,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_has_one_canonical_form() {
        let cases = [
            ("+504 99", "sms", None),
            ("+50499990001", "sms", Some("+50499990001")),
            ("Ana@Example.ORG", "mail", Some("ana@example.org")),
            ("telegram:5550101", "webhook", Some("telegram:5550101")),
            ("pat", "webhook", Some("webhook:pat")),
            ("a@b@c", "webhook", Some("webhook:a@b@c")),
            ("  ", "webhook", None),
            ("+", "webhook", None),
            ("+1234567890123456", "webhook", None),
        ];
        for (text, scheme, canonical) in cases {
            assert_eq!(Address::canonical(text, scheme).as_ref().map(Address::as_str), canonical, "{text}");
        }
    }

    #[test]
    fn nothing_personal_is_printed() {
        let address = Address::phone("50499990001").expect("a number");
        let shown = format!("{address:?} {:?} {:?}", Personal::new("hola"), Some(Personal::default()));
        assert_eq!(shown, "Address(…) Personal(…) Some(Personal())");
    }
}
