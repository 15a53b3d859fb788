//! The one HTTP client: timeouts, no redirects, status to outcome, nothing secret in an error.

mod signed;

use std::error::Error;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use http::{HeaderMap, HeaderValue, header};
use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::clock::Clock;
use crate::config::Secret;

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
    /// An SMTP reply code.
    Smtp(u16),
    /// A 2xx whose body does not prove it.
    Unproven,
    /// A redirect: never followed.
    Redirect,
    /// The text or the address cannot be sent there at all.
    Unsendable,
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
            Self::Status(status) => write!(formatter, "HTTP status {status}"),
            Self::Code(code) => write!(formatter, "provider's error {code}"),
            Self::Smtp(code) => write!(formatter, "SMTP reply {code}"),
            Self::Unproven => formatter.write_str("a success that its body does not prove"),
            Self::Redirect => formatter.write_str("a redirect, which is never followed"),
            Self::Unsendable => formatter.write_str("text or address not sendable there"),
            Self::Crashed => formatter.write_str("the service ended in the middle of it"),
        }
    }
}

/// How long a send may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Name look-up, connection and TLS; after it nothing was sent. 5 seconds by default.
    pub connect: Duration,
    /// The whole send, the connection included; after it the outcome is unknown. 15 seconds by default.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(15) }
    }
}

/// The one HTTP client. Cheap to clone; clones share their connections. It follows no redirect, and no proxy of the
/// environment: what the config names is what is reached. Trusted are the system's certificate authorities, or those of
/// `SSL_CERT_FILE`.
#[derive(Clone)]
pub struct Outbound {
    clock: Clock,
    timeouts: Timeouts,
    client: Arc<OnceLock<reqwest::Client>>,
}

/// An answer that was read to its end, or to [`LONGEST_ANSWER`].
#[derive(Clone)]
pub struct Response {
    /// The HTTP status; never a redirect.
    pub status: u16,
    /// `Retry-After`, seconds or date, as a span from now; at most a day.
    pub retry_after: Option<Duration>,
    /// The body.
    pub body: Vec<u8>,
}

/// How much of an answer is read, in bytes; the longest that a provider documents is under 4 KiB.
pub const LONGEST_ANSWER: usize = 64 * 1024;

const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

impl Outbound {
    /// Makes it. The client itself (1.5 MiB and the certificate authorities) is made by the first send.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self::with_timeouts(clock, Timeouts::default())
    }

    /// As [`Outbound::new`], with other timeouts.
    #[must_use]
    pub fn with_timeouts(clock: Clock, timeouts: Timeouts) -> Self {
        Self { clock, timeouts, client: Arc::default() }
    }

    /// Now, for signatures and dates on what is sent.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// How long a send may take.
    #[must_use]
    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// Posts JSON: one request, no retry inside.
    ///
    /// # Errors
    /// When there is no answer, or a redirect. Any other status is an answer, for the caller to judge.
    pub async fn post_json(&self, url: Url, headers: HeaderMap, body: Vec<u8>) -> Result<Response, SendError> {
        let request = self.client()?.post(url).headers(headers).header(header::CONTENT_TYPE, "application/json");
        let mut answer = request.body(body).send().await.map_err(|error| transport(&error))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(SendError::Refused { reason: Reason::Redirect });
        }
        let retry_after = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|value| parse_retry_after(value, self.now()));
        let mut body = Vec::new();
        while body.len() < LONGEST_ANSWER
            && let Some(chunk) = answer.chunk().await.map_err(|error| transport(&error))?
        {
            body.extend_from_slice(&chunk);
        }
        body.truncate(LONGEST_ANSWER);
        Ok(Response { status: status.as_u16(), retry_after, body })
    }

    fn client(&self) -> Result<&reqwest::Client, SendError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        // fails when there is one already, which is as good
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("afterhours/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(self.timeouts.connect)
            .timeout(self.timeouts.total)
            .pool_max_idle_per_host(4)
            .pool_idle_timeout(Duration::from_secs(30))
            .build()
            .map_err(|_| SendError::Retry { after: None, reason: Reason::Tls })?;
        Ok(self.client.get_or_init(|| client))
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Outbound").field("timeouts", &self.timeouts).finish_non_exhaustive()
    }
}

impl Response {
    /// 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; `None` when it is anything else.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// It may be tried again, when the other side says so or else when we like.
    #[must_use]
    pub fn retry(&self, reason: Reason) -> SendError {
        SendError::Retry { after: self.retry_after, reason }
    }

    /// What the status alone says of a send that is not proven: 429 and 503 were not done; 401, 402, 403 and 407 are for
    /// the owner to mend; 408, any other 5xx and a 2xx may have been done; the rest is refused for good.
    #[must_use]
    pub fn failure(&self) -> SendError {
        self.failure_because(Reason::Status(self.status))
    }

    /// As [`Response::failure`], with a better reason than the status.
    #[must_use]
    pub fn failure_because(&self, reason: Reason) -> SendError {
        match self.status {
            429 | 503 => self.retry(reason),
            401..=403 | 407 => SendError::Down { reason },
            200..=299 => SendError::Unknown { reason: Reason::Unproven },
            408 | 500..=599 => SendError::Unknown { reason },
            _ => SendError::Refused { reason },
        }
    }
}

impl fmt::Debug for Response {
    /// Without the body: providers quote what they were sent.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Response");
        shown.field("status", &self.status).field("retry_after", &self.retry_after).finish_non_exhaustive()
    }
}

/// A bearer token as the header that presents it. `None` when it has a character that no header can hold.
#[must_use]
pub fn bearer(token: &Secret) -> Option<HeaderMap> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
    value.set_sensitive(true);
    Some(HeaderMap::from_iter([(header::AUTHORIZATION, value)]))
}

fn transport(error: &reqwest::Error) -> SendError {
    if error.is_connect() {
        let reason = if is_tls(error) { Reason::Tls } else { Reason::Connect };
        SendError::Retry { after: None, reason }
    } else if error.is_builder() {
        SendError::Refused { reason: Reason::Unsendable }
    } else if error.is_timeout() {
        SendError::Unknown { reason: Reason::Timeout }
    } else {
        SendError::Unknown { reason: Reason::Broken }
    }
}

fn is_tls(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if error.is::<rustls::Error>() || inner.is_some_and(|inner| inner.is::<rustls::Error>()) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date in one of the three forms of section 5.6.7.
fn parse_retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    let span = match value.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let obsolete = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
            let date = DateTime::parse_from_rfc2822(value).ok().map(|date| date.to_utc()).or_else(|| {
                obsolete.iter().find_map(|form| Some(NaiveDateTime::parse_from_str(value, form).ok()?.and_utc()))
            })?;
            (date - now).to_std().unwrap_or_default()
        }
    };
    Some(span.min(LONGEST_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_all_its_forms() {
        let now = DateTime::from_timestamp(784_111_747, 0).expect("1994-11-06 08:49:07");
        let cases = [
            ("30", Some(30)),
            (" 0 ", Some(0)),
            ("999999999", Some(86_400)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(30)),
            ("Sun Nov  6 08:49:37 1994", Some(30)),
            ("Sun, 06 Nov 1994 08:48:37 GMT", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ];
        for (value, seconds) in cases {
            assert_eq!(parse_retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        }
    }

    #[test]
    fn a_status_alone_says_what_it_can() {
        let cases = [
            (200, "unknown"),
            (400, "refused"),
            (401, "down"),
            (403, "down"),
            (404, "refused"),
            (408, "unknown"),
            (413, "refused"),
            (429, "retry"),
            (500, "unknown"),
            (502, "unknown"),
            (503, "retry"),
        ];
        for (status, code) in cases {
            let response = Response { status, retry_after: None, body: Vec::new() };
            assert_eq!(response.failure().code(), code, "{status}");
        }
    }
}
