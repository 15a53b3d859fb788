//! How the owner is told: what a sink is, and which kinds there are.

pub mod ntfy;
pub mod smtp;
pub mod webhook;

use std::sync::Arc;

use async_trait::async_trait;

use crate::config::Section;
use crate::digest::{Limit, Notice};
use crate::outbound::{Outbound, Reason, SendError, SendKey, Sent};

/// One configured way to reach the owner.
#[async_trait]
pub trait Sink: Send + Sync {
    /// The kind's word in the config.
    fn kind(&self) -> &'static str;

    /// How long the body of a notice may be.
    fn limit(&self) -> Limit;

    /// Delivers one notice: one request, no retry inside. Success is proved by what the other side says, not only by a
    /// status; and a refusal for good only by what this kind of sink itself documents as one.
    ///
    /// # Errors
    /// One of the four ways in which a send is not done.
    async fn deliver(&self, outbound: &Outbound, notice: &Notice, key: &SendKey) -> Result<Sent, SendError>;
}

/// A refusal that is not the sink's own word for good: a bare status or a redirect is mostly of a proxy in front of it,
/// and passes. The owner's notice waits for that.
fn not_for_good(error: SendError) -> SendError {
    match error {
        SendError::Refused { reason } if reason != Reason::Unsendable => SendError::Retry { after: None, reason },
        other => other,
    }
}

/// A kind of sink: what the registry knows of it.
pub struct SinkKind {
    /// The word in the config and in `/metrics`.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// What the owner does to set it up, one step a line.
    pub setup: &'static str,
    /// The JSON Schema of its own keys.
    pub schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
    /// Reads its own keys; `None` when a problem was reported.
    pub read: fn(&mut Section<'_>) -> Option<Arc<dyn Sink>>,
}

/// Every kind of sink.
pub const KINDS: &[SinkKind] = &[ntfy::KIND, smtp::KIND, webhook::KIND];
