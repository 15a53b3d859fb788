//! An answer, and what its status alone says.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::de::DeserializeOwned;

use super::{Reason, SendError};

/// An answer that was read to its end, or to [`super::LONGEST_ANSWER`].
#[derive(Clone)]
pub struct Response {
    /// The HTTP status; never a redirect.
    pub status: u16,
    /// `Retry-After`, seconds or date, as a span from now; at most a day.
    pub retry_after: Option<Duration>,
    /// The body.
    pub body: Vec<u8>,
}

const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(24);

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

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date in one of the three forms of section 5.6.7.
pub(super) fn parse_retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    let span = if let Ok(seconds) = value.parse::<u64>() {
        Duration::from_secs(seconds)
    } else {
        let obsolete = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
        let date = DateTime::parse_from_rfc2822(value).ok().map(|date| date.to_utc()).or_else(|| {
            obsolete.iter().find_map(|form| Some(NaiveDateTime::parse_from_str(value, form).ok()?.and_utc()))
        })?;
        (date - now).to_std().unwrap_or_default()
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
