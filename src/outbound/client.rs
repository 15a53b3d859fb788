//! The client, and what its failures mean.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, header};
use reqwest::Url;

use super::response::{Response, parse_retry_after};
use super::{Reason, SendError};
use crate::clock::Clock;
use crate::config::Secret;

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
/// environment (`HTTPS_PROXY` and its like): what the config names is what is reached. Trusted are the system's certificate authorities, or those of
/// `SSL_CERT_FILE`.
#[derive(Clone)]
pub struct Outbound {
    clock: Clock,
    timeouts: Timeouts,
    client: Arc<OnceLock<reqwest::Client>>,
}

/// How much of an answer is read, in bytes; the longest that a provider documents is under 4 KiB.
pub const LONGEST_ANSWER: usize = 64 * 1024;

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
        self.answered(request.body(body)).await
    }

    /// As [`Outbound::post_json`], for answers that hold many messages: up to so many bytes of them are read.
    ///
    /// # Errors
    /// As [`Outbound::post_json`].
    pub async fn post_json_for_many(
        &self,
        url: Url,
        headers: HeaderMap,
        body: Vec<u8>,
        longest_answer: usize,
    ) -> Result<Response, SendError> {
        let request = self.client()?.post(url).headers(headers).header(header::CONTENT_TYPE, "application/json");
        self.answered_up_to(request.body(body), longest_answer).await
    }

    /// Posts a form: one request, no retry inside.
    ///
    /// # Errors
    /// As [`Outbound::post_json`].
    pub async fn post_form(&self, url: Url, headers: HeaderMap, form: &[(&str, &str)]) -> Result<Response, SendError> {
        // only a URL knows how to write a form, whatever its host
        let mut written =
            Url::parse("http://localhost/").map_err(|_| SendError::Refused { reason: Reason::Unsendable })?;
        written.query_pairs_mut().extend_pairs(form);
        let body = written.query().unwrap_or_default().to_owned();
        let kind = "application/x-www-form-urlencoded";
        let request = self.client()?.post(url).headers(headers).header(header::CONTENT_TYPE, kind);
        self.answered(request.body(body)).await
    }

    /// Asks: one request, no retry inside.
    ///
    /// # Errors
    /// As [`Outbound::post_json`].
    pub async fn get(&self, url: Url, headers: HeaderMap) -> Result<Response, SendError> {
        self.answered(self.client()?.get(url).headers(headers)).await
    }

    /// Has something deleted: one request, no retry inside.
    ///
    /// # Errors
    /// As [`Outbound::post_json`].
    pub async fn delete(&self, url: Url, headers: HeaderMap) -> Result<Response, SendError> {
        self.answered(self.client()?.delete(url).headers(headers)).await
    }

    async fn answered(&self, request: reqwest::RequestBuilder) -> Result<Response, SendError> {
        self.answered_up_to(request, LONGEST_ANSWER).await
    }

    async fn answered_up_to(&self, request: reqwest::RequestBuilder, longest: usize) -> Result<Response, SendError> {
        let mut answer = request.send().await.map_err(|error| transport(&error))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(SendError::Refused { reason: Reason::Redirect });
        }
        let retry_after = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|value| parse_retry_after(value, self.now()));
        let mut body = Vec::new();
        while body.len() < longest
            && let Some(chunk) = answer.chunk().await.map_err(|error| transport(&error))?
        {
            body.extend_from_slice(&chunk);
        }
        body.truncate(longest);
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
            // shorter than any server's own patience (Node.js: 5 seconds): a send on a connection that is being closed
            // has an unknown outcome, and a reply of unknown outcome is never repeated
            .pool_idle_timeout(Duration::from_secs(3))
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

/// A bearer token as the header that presents it. `None` when it has a character that no header can hold.
#[must_use]
pub fn bearer(token: &Secret) -> Option<HeaderMap> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
    value.set_sensitive(true);
    Some(HeaderMap::from_iter([(header::AUTHORIZATION, value)]))
}

/// A user and a password as the header that presents them (RFC 7617). `None` when the user has a colon.
#[must_use]
pub fn basic(user: &str, password: &Secret) -> Option<HeaderMap> {
    if user.contains(':') {
        return None;
    }
    let credentials = BASE64_STANDARD.encode(format!("{user}:{}", password.expose()));
    let mut value = HeaderValue::from_str(&format!("Basic {credentials}")).ok()?;
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

/// TLS is somewhere behind an error of a client that hides what it is made of.
pub(crate) fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<rustls::Error>() {
            return true;
        }
        // an I/O error names as its source what lies behind the error that it wraps
        cause = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    false
}
