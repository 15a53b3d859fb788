//! Reason, client and opening in; the text that goes to the client out.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::language::Language;

/// The built-in replies, each with a text in every language of [`crate::language`]'s table.
pub const BUILT_IN: &[&str] = &["closed", "holiday", "away", "urgent", "never", "call", "voicemail", "follow_up"];

/// What a reply is told.
#[derive(Clone, Debug)]
pub struct Occasion<'a> {
    /// The name of the client as the list or else the provider has it; may be empty.
    pub client_name: &'a str,
    /// The name of the owner.
    pub owner_name: &'a str,
    /// What the text is written in.
    pub language: &'a Language,
    /// The language to fall back to when the reply has no text in `language` (the owner's).
    pub fallback: &'a Language,
    /// The next opening; `None` is never.
    pub opens: Option<DateTime<Utc>>,
    /// The zone of the hours.
    pub zone: Tz,
    /// The client's own zone.
    pub client_zone: Option<Tz>,
    /// What the config calls the reason of the closing, when it names one.
    pub label: Option<&'a str>,
    /// Now.
    pub now: DateTime<Utc>,
}
