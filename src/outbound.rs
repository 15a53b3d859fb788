//! The one HTTP client: timeouts, no redirects, status to outcome, nothing secret in an error.

mod client;
mod response;
mod signed;

use std::fmt;
use std::time::Duration;

pub(crate) use self::client::is_tls;
pub use self::client::{LONGEST_ANSWER, Outbound, Timeouts, basic, bearer};
pub use self::response::Response;

/// What makes one send recognisable for ever: the same on every attempt. Safe to show to a provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SendKey(pub String);

/// A send that is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The other side's id for it.
    pub id: Option<String>,
}

/// The four ways in which a send is not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It was surely not done, and may be tried again; not before `after`, when the other side says so.
    #[error("{reason}, may be tried again")]
    Retry {
        /// `Retry-After`, or the provider's own rule.
        after: Option<Duration>,
        /// Why.
        reason: Reason,
    },
    /// It may have been done.
    #[error("{reason}, outcome unknown")]
    Unknown {
        /// Why.
        reason: Reason,
    },
    /// It will never be done.
    #[error("{reason}, refused for good")]
    Refused {
        /// Why.
        reason: Reason,
    },
    /// Nothing can be sent there until the owner has acted (token, billing, permission).
    #[error("{reason}, nothing can be sent there until this is mended")]
    Down {
        /// Why.
        reason: Reason,
    },
}

impl SendError {
    /// For metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Retry { .. } => "retry",
            Self::Unknown { .. } => "unknown",
            Self::Refused { .. } => "refused",
            Self::Down { .. } => "down",
        }
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        match self {
            Self::Retry { reason, .. }
            | Self::Unknown { reason }
            | Self::Refused { reason }
            | Self::Down { reason } => reason,
        }
    }
}

/// Why a send was not done: a closed set that can hold nothing personal or secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No connection.
    Connect,
    /// TLS was refused.
    Tls,
    /// No answer in time.
    Timeout,
    /// The connection broke.
    Broken,
    /// An HTTP status.
    Status(u16),
    /// The provider's own error code.
    Code(i64),
    /// The provider's own error code for what lies with this recipient: it tells nothing of the next one.
    Recipient(i64),
    /// An SMTP reply code.
    Smtp(u16),
    /// A 2xx whose body does not prove it.
    Unproven,
    /// A redirect: never followed.
    Redirect,
    /// The text or the address cannot be sent there at all.
    Unsendable,
    /// Whoever it goes to has told the provider to let nothing through.
    OptedOut,
    /// The other side serves another program in our place.
    Taken,
    /// The process ended in the middle of it.
    Crashed,
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect => formatter.write_str("no connection"),
            Self::Tls => formatter.write_str("TLS refused"),
            Self::Timeout => formatter.write_str("no answer in time"),
            Self::Broken => formatter.write_str("connection broke"),
            Self::Status(410) => formatter.write_str("HTTP status 410, the address was given up"),
            Self::Status(status) => write!(formatter, "HTTP status {status}"),
            Self::Code(code) | Self::Recipient(code) => write!(formatter, "provider's error {code}"),
            Self::Smtp(code) => write!(formatter, "SMTP reply {code}"),
            Self::Unproven => formatter.write_str("a success that its body does not prove"),
            Self::Redirect => formatter.write_str("a redirect, which is never followed"),
            Self::Unsendable => formatter.write_str("text or address not sendable there"),
            Self::OptedOut => formatter.write_str("the recipient wants no messages"),
            Self::Taken => formatter.write_str("another program or a webhook gets it instead"),
            Self::Crashed => formatter.write_str("the service ended in the middle of it"),
        }
    }
}
