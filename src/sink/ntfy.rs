//! ntfy: notices to a phone, from ntfy.sh or a server of one's own.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Days, NaiveTime, Utc};
use http::HeaderMap;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{Sink, SinkKind, not_for_good};
use crate::config::{Secret, Section};
use crate::digest::{Limit, Notice, NoticeKind};
use crate::outbound::{self, Outbound, Reason, Response, SendError, SendKey, Sent};

/// What the registry knows of it.
pub const KIND: SinkKind = SinkKind {
    name: "ntfy",
    about: "notices to your phone by ntfy, from ntfy.sh or a server of your own",
    setup: "Make up a topic nobody can guess, for whoever knows it can read along: openssl rand -hex 16. Set `topic`.
Install the ntfy app on your phone and subscribe to that topic.
Set `url` to the server, such as https://ntfy.sh or your own.
On a server with access control make a token that may write to the topic: `token`.",
    schema: |generator| generator.subschema_for::<Settings>(),
    read,
};

/// The longest message that the server takes as a message, in bytes; a longer one becomes an attachment.
const LONGEST_MESSAGE: usize = 4096;

/// The daily quota is used up.
const DAILY_QUOTA: i64 = 42_908;

/// The token, or that there is none.
const UNAUTHORIZED: i64 = 40_101;

/// The topic is not this token's to write to.
const FORBIDDEN: i64 = 40_301;

/// A `UnifiedPush` topic that nobody has subscribed to.
const NO_SUBSCRIBER: i64 = 50_701;

/// A topic on a server.
pub struct Ntfy {
    url: Url,
    topic: Secret,
    token: Option<Secret>,
}

impl Ntfy {
    /// Makes it; `url` is the server's root.
    #[must_use]
    pub fn new(url: Url, topic: Secret, token: Option<Secret>) -> Self {
        Self { url, topic, token }
    }
}

#[async_trait]
impl Sink for Ntfy {
    fn kind(&self) -> &'static str {
        KIND.name
    }

    fn limit(&self) -> Limit {
        Limit::Bytes(LONGEST_MESSAGE)
    }

    async fn deliver(&self, outbound: &Outbound, notice: &Notice, _key: &SendKey) -> Result<Sent, SendError> {
        let (priority, tag) = match notice.kind {
            _ if notice.urgent => (5, "rotating_light"),
            NoticeKind::Now => (4, "speech_balloon"),
            NoticeKind::Alert => (4, "warning"),
            NoticeKind::Digest => (3, "sunrise"),
        };
        let message = Message {
            topic: self.topic.expose(),
            title: notice.title.as_str(),
            body: notice.body.as_str(),
            priority,
            tags: [tag],
            actions: notice
                .link
                .as_ref()
                .map(|link| [View { action: "view", label: link.label, url: link.url.as_str() }]),
        };
        let body = serde_json::to_vec(&message).map_err(|_| SendError::Refused { reason: Reason::Unsendable })?;
        let headers = match &self.token {
            Some(token) => outbound::bearer(token).ok_or(SendError::Down { reason: Reason::Unsendable })?,
            None => HeaderMap::new(),
        };
        let response = outbound.post_json(self.url.clone(), headers, body).await.map_err(not_for_good)?;
        outcome(&response, outbound.now())
    }
}

#[derive(Serialize)]
struct Message<'a> {
    topic: &'a str,
    title: &'a str,
    #[serde(rename = "message")]
    body: &'a str,
    /// 1 to 5; 3 is the server's default, 5 rings through the phone's own quiet hours.
    priority: u8,
    /// Emoji short codes.
    tags: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    actions: Option<[View<'a>; 1]>,
}

/// A button that opens a page; the page asks before anything is changed.
#[derive(Serialize)]
struct View<'a> {
    action: &'static str,
    label: &'static str,
    url: &'a str,
}

#[derive(Deserialize)]
struct Published {
    id: String,
    /// Told by every server that is known, and not by every gateway in front of one.
    event: Option<String>,
}

#[derive(Deserialize)]
struct Failed {
    code: i64,
    http: u16,
}

impl Failed {
    /// The server's own error repeats its status, and the code begins with it.
    fn is_of(&self, status: u16) -> bool {
        self.http == status && self.code / 100 == i64::from(status)
    }
}

/// Proven by the message's id; else decided by the server's own code. Refused for good are the codes that ntfy documents as
/// permanent, and nothing else: a proxy in front of it answers in its place now and then.
fn outcome(response: &Response, now: DateTime<Utc>) -> Result<Sent, SendError> {
    if response.is_success() {
        let published = response
            .json()
            .filter(|published: &Published| published.event.as_deref().is_none_or(|event| event == "message"));
        let id = published.map(|published| published.id).filter(|id| !id.is_empty());
        return id.map(|id| Sent { id: Some(id) }).ok_or_else(|| response.failure());
    }
    let failed = response.json().filter(|failed: &Failed| failed.is_of(response.status));
    let Some(Failed { code, .. }) = failed else { return Err(not_for_good(response.failure())) };
    let reason = Reason::Code(code);
    Err(match code {
        DAILY_QUOTA => SendError::Retry { after: response.retry_after.max(until_midnight(now)), reason },
        42_900..=42_999 | 50_000..=50_099 => response.retry(reason),
        UNAUTHORIZED | FORBIDDEN => SendError::Down { reason },
        40_000..=40_099 | 41_300..=41_399 | NO_SUBSCRIBER => SendError::Refused { reason },
        _ => not_for_good(response.failure_because(reason)),
    })
}

/// Quotas start anew at midnight UTC.
fn until_midnight(now: DateTime<Utc>) -> Option<Duration> {
    let tomorrow = now.date_naive().checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN).and_utc();
    (tomorrow - now).to_std().ok()
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Ntfy")]
struct Settings {
    /// The server's root, such as `https://ntfy.sh`; the topic does not belong here.
    #[schemars(with = "String")]
    url: Option<Spanned<String>>,
    /// The topic; whoever knows it can read along, so it is a secret. `env:NAME`, `file:/path` or `credential:NAME`.
    #[schemars(with = "String")]
    topic: Option<Spanned<String>>,
    /// An access token, for a server with access control. `env:NAME`, `file:/path` or `credential:NAME`.
    #[serde(default)]
    #[schemars(with = "String")]
    token: Option<Spanned<String>>,
}

fn read(section: &mut Section<'_>) -> Option<Arc<dyn Sink>> {
    let settings: Settings = section.read();
    let url = section.url(settings.url.as_ref(), "url", None);
    let root = url.filter(|url| {
        url.path() == "/" && url.query().is_none() || {
            let span = settings.url.as_ref().map(Spanned::span).unwrap_or_default();
            let hint = "write the topic as `topic`; an ntfy server has no other path than its root".to_owned();
            section.problem(span, "`url` of an ntfy sink is more than the server's root", Some(hint));
            false
        }
    });
    let topic = section.required_secret(settings.topic.as_ref(), "topic").filter(|topic| {
        is_topic(topic.expose()) || {
            let span = settings.topic.as_ref().map(Spanned::span).unwrap_or_default();
            let hint = "openssl rand -hex 16 makes a good one".to_owned();
            section.problem(span, "`topic` is not 1 to 64 letters, digits, `-` and `_`", Some(hint));
            false
        }
    });
    let token = section.secret(settings.token.as_ref());
    if settings.token.is_some() && token.is_none() {
        return None;
    }
    Some(Arc::new(Ntfy::new(root?, topic?, token)))
}

/// The server's own rule.
fn is_topic(topic: &str) -> bool {
    (1..=64).contains(&topic.len()) && topic.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
