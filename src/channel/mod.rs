//! The providers: what a channel is, and which kinds there are.

pub mod android_sms;
mod hex;
pub mod telegram;
pub mod twilio;
pub mod webhook;
pub mod whatsapp;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;

use crate::clients::Standing;
use crate::config::Section;
use crate::message::{Address, Event, Inbound, ReplyTo};
use crate::outbound::{Outbound, SendError, SendKey, Sent};
use crate::verdict::Rate;

/// One request as it came, before anything is believed of it.
#[derive(Clone)]
pub struct Delivery {
    /// Header names in lower case.
    pub headers: http::HeaderMap,
    /// The raw query, without `?`.
    pub query: String,
    /// The raw body.
    pub body: Bytes,
}

impl fmt::Debug for Delivery {
    /// Without the proof, and without what is said.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Delivery").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// A delivery whose sender is proven. Only a channel's `verify` makes one.
#[derive(Debug)]
pub struct Verified<'d>(&'d Delivery);

impl<'d> Verified<'d> {
    /// For [`Channel::verify`] alone, when the proof is done.
    #[must_use]
    pub(in crate::channel) fn proven(delivery: &'d Delivery) -> Self {
        Self(delivery)
    }

    /// Takes a delivery for proven, so that a fuzzer reaches what lies behind the proof. Not in any build but the fuzzer's.
    #[cfg(fuzzing)]
    #[must_use]
    pub fn assumed(delivery: &'d Delivery) -> Self {
        Self(delivery)
    }

    /// The proven body.
    #[must_use]
    pub fn body(&self) -> &'d [u8] {
        &self.0.body
    }

    /// The proven delivery.
    #[must_use]
    pub fn delivery(&self) -> &'d Delivery {
        self.0
    }
}

/// Why a delivery is not believed: 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The header that carries the proof is not there.
    #[error("no signature")]
    Unsigned,
    /// The proof is of another shape than the provider's.
    #[error("signature not readable")]
    Unreadable,
    /// The proof is another's.
    #[error("signature does not match")]
    Wrong,
    /// The proof is too old or from the future.
    #[error("signature outside its time")]
    Stale,
}

impl Refused {
    /// For metrics and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Unreadable => "unreadable",
            Self::Wrong => "wrong",
            Self::Stale => "stale",
        }
    }
}

/// A proven delivery that is not what the provider documents: 400.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct Malformed {
    /// The field at fault, by its path: never a value.
    pub field: String,
    /// What is wrong with it, in fixed words: never a value.
    pub problem: &'static str,
}

/// The answer to a provider's handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200 with this body.
    Echo(String),
    /// 403.
    Denied,
}

/// Why a provider was not set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct NotRegistered {
    /// What kind of failure it is.
    pub error: SendError,
    /// The provider's own words, on one line and without anything secret; empty where it said none that help.
    pub said: String,
}

impl From<SendError> for NotRegistered {
    fn from(error: SendError) -> Self {
        Self { error, said: String::new() }
    }
}

/// What a provider reads in the answer to its own request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its media type.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
    /// Somebody waits on the line: it is given within a second, whatever the store does. Else it is given once what came is
    /// stored, as every answer is.
    pub at_once: bool,
}

/// What the config says of a call that waits to be told what to do, now.
pub trait Scene {
    /// The hours of the line are open.
    fn is_open(&self, line: Option<&str>) -> bool;

    /// Nothing of the line is stored or answered.
    fn is_private(&self, line: Option<&str>) -> bool;

    /// What the caller is to the owner.
    fn standing(&self, from: &[Address]) -> Standing;

    /// The text of that name (`greeting`, `announcement`, `unanswered`) as the caller would hear it, and its language (BCP 47).
    fn text(&self, message: &Inbound, reply: &str) -> Option<(String, String)>;
}

/// The largest and the slowest request that a provider makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Bytes of the body.
    pub body_bytes: usize,
    /// From the end of the head to the answer.
    pub request: Duration,
}

/// Hours that the owner has published at a provider.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PublishedHours {
    /// The line that they are of, as the config names it.
    pub line: String,
    /// Their zone (IANA).
    pub timezone: String,
    /// The week in OpenStreetMap's syntax.
    pub open: String,
}

/// One configured connection to a provider.
#[async_trait]
pub trait Channel: Send + Sync {
    /// The kind's word in the config.
    fn kind(&self) -> &'static str;

    /// The provider's id of the line that the channel's own keys name; it is `default` when the config has no line
    /// tables.
    fn own_line(&self) -> Option<&str> {
        None
    }

    /// What helps beside a table where messages come on that line, which the config does not list: sentences for the owner.
    fn unlisted(&self, _line: &str) -> Option<String> {
        None
    }

    /// Without line tables in the config that line is the channel's own, `default`; another is one that the config does not
    /// list.
    fn is_own_line(&self, id: &str) -> bool {
        self.own_line().is_none_or(|own| own == id)
    }

    /// Answers a `GET` with which the provider proves that the address is ours. `None`: the provider has no such thing.
    fn handshake(&self, _query: &str) -> Option<Answer> {
        None
    }

    /// Proves who sent the bytes. Pure: `now` is handed in.
    ///
    /// # Errors
    /// When the proof is missing, unreadable, another's, or outside its time.
    fn verify<'d>(&self, delivery: &'d Delivery, now: DateTime<Utc>) -> Result<Verified<'d>, Refused>;

    /// Zero or more events: a receipt or an edit may be a valid "none". Pure.
    ///
    /// # Errors
    /// When the body is not of the provider's shape.
    fn parse(&self, verified: &Verified<'_>) -> Result<Vec<Event>, Malformed>;

    /// It has what it takes to reply: where not, no verdict may name a reply.
    fn can_reply(&self) -> bool {
        true
    }

    /// Sends one reply: one request, no retry inside.
    ///
    /// # Errors
    /// One of the four ways in which a send is not done.
    async fn reply(&self, outbound: &Outbound, to: &ReplyTo, text: &str, key: &SendKey) -> Result<Sent, SendError>;

    /// The longest reply the provider takes, in Unicode scalar values.
    fn longest_reply(&self) -> usize;

    /// How fast the provider takes replies; more are put off. `None`: faster than they ever come, or it puts them off itself.
    fn rate(&self) -> Option<Rate> {
        None
    }

    /// As how many sends this text counts in [`Channel::rate`].
    fn weight(&self, _text: &str) -> u32 {
        1
    }

    /// Until when a reply to a message of that time may be sent there, by the provider's own rule; `None` is for ever.
    fn reply_window(&self, _to: &ReplyTo, _sent_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        None
    }

    /// A send of unknown outcome may be tried again: the provider makes a repetition of the same key harmless, or tells in
    /// [`Channel::sent_since`] whether the first was done.
    fn repeats_harmlessly(&self) -> bool {
        false
    }

    /// Asks the provider for what this delivery cannot be read without, before it is read. It proves the delivery first:
    /// nobody else may cause a request. What cannot be had leaves the delivery as it is.
    async fn inquire(&self, _outbound: &Outbound, _delivery: &Delivery, _now: DateTime<Utc>) {}

    /// What the delivery is answered with beside the status, where the provider reads the answer: a call that waits to be
    /// told what to do. Pure.
    fn answer(&self, _verified: &Verified<'_>, _scene: &dyn Scene) -> Option<Page> {
        None
    }

    /// The owner is told when nothing at all has come for so long: what sends there is dead.
    fn longest_silence(&self) -> Option<TimeDelta> {
        None
    }

    /// The key of its table that says how long [`Channel::longest_silence`] is; `"0s"` is for ever.
    fn silence_key(&self) -> Option<&'static str> {
        None
    }

    /// What its provider needs for a request, where that is more than others do.
    fn allowance(&self) -> Option<Allowance> {
        None
    }

    /// It asks its provider, instead of being told.
    fn polls(&self) -> bool {
        false
    }

    /// Asks once for what has come; a long poll ends within ten seconds. The same is given again until it is
    /// [`Channel::taken`].
    ///
    /// # Errors
    /// When the provider does not tell.
    async fn fetch(&self, _outbound: &Outbound) -> Result<Vec<Event>, SendError> {
        Ok(Vec::new())
    }

    /// What the last [`Channel::fetch`] gave is stored.
    fn taken(&self) {}

    /// The owner may answer by means that we are not told of: before each reply the provider is asked, see
    /// [`Channel::sent_since`].
    fn asks_before_reply(&self) -> bool {
        false
    }

    /// The provider's ids of what was sent to that person since then, by us or by others; none where it cannot be asked.
    /// Asked before a reply is tried again as well: an attempt that was taken for failed may have arrived.
    ///
    /// # Errors
    /// When the provider does not tell.
    async fn sent_since(
        &self,
        _outbound: &Outbound,
        _to: &ReplyTo,
        _since: DateTime<Utc>,
    ) -> Result<Vec<String>, SendError> {
        Ok(Vec::new())
    }

    /// Has the provider post to this address; what was done, a sentence each. `None`: only the owner can.
    async fn register(&self, _outbound: &Outbound, _address: &Url) -> Option<Result<Vec<String>, NotRegistered>> {
        None
    }

    /// The page on which the provider says what this error code of its own means, and what to do.
    fn page_of_code(&self, _code: &str) -> Option<String> {
        None
    }

    /// What the provider says is wrong with the connection, a sentence each, where it can be asked.
    ///
    /// # Errors
    /// When the provider does not tell.
    async fn inspect(&self, _outbound: &Outbound) -> Result<Vec<String>, SendError> {
        Ok(Vec::new())
    }

    /// The hours that the owner shows clients at the provider, for the config to take over.
    ///
    /// # Errors
    /// When the provider does not tell.
    async fn published_hours(&self, _outbound: &Outbound) -> Result<Vec<PublishedHours>, SendError> {
        Ok(Vec::new())
    }

    /// Takes in what an [`Event::Note`] of its own said: at every start, and whenever one is stored.
    fn note(&self, _key: &str, _value: &str) {}
}

/// A kind of channel: what the registry knows of it. Its key table, its setup steps and its tests derive from this.
pub struct ChannelKind {
    /// The word in the config, in `/metrics` and in the fixtures.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// What the owner does at the provider, one step a line; `{public_url}` and `{name}` are filled in.
    pub setup: &'static str,
    /// The JSON Schema of its own keys.
    pub schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
    /// Reads its own keys; `None` when a problem was reported.
    pub read: fn(&mut Section<'_>) -> Option<Arc<dyn Channel>>,
    /// What comes on it may be shown on no device of the owner.
    pub shown_here_alone: bool,
    /// Its replies are SMS, which are paid by the segment.
    pub is_sms: bool,
}

/// Every kind of channel.
pub const KINDS: &[ChannelKind] = &[whatsapp::KIND, android_sms::KIND, twilio::KIND, telegram::KIND, webhook::KIND];
