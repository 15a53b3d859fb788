//! Anything that takes signed JSON (Standard Webhooks).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::SecondsFormat;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{Sink, SinkKind, not_for_good};
use crate::config::Section;
use crate::digest::{Limit, Notice, NoticeKind};
use crate::outbound::{Outbound, Reason, SendError, SendKey, Sent};
use crate::standard_webhooks::{BadKey, SigningKey};

/// What the registry knows of it.
pub const KIND: SinkKind = SinkKind {
    name: "webhook",
    about: "posts each notice as signed JSON (Standard Webhooks) to a URL of yours",
    setup: "Make a secret: printf 'whsec_%s' \"$(openssl rand -base64 32)\". Give it to the receiver and to `secret`.
Set `url` to where the receiver listens.
The receiver gets {\"type\": \"notice.now\", \"timestamp\", \"data\": {\"title\", \"text\", \"messages\", \"urgent\"}} (or notice.digest, \
notice.alert), proves it as standardwebhooks.com says (libraries exist for most languages), and answers 2xx; webhook-id is the \
same on every attempt.",
    schema: |generator| generator.subschema_for::<Settings>(),
    read,
};

/// A receiver of signed JSON.
pub struct Webhook {
    url: Url,
    secret: SigningKey,
}

impl Webhook {
    /// Makes it.
    #[must_use]
    pub fn new(url: Url, secret: SigningKey) -> Self {
        Self { url, secret }
    }
}

#[async_trait]
impl Sink for Webhook {
    fn kind(&self) -> &'static str {
        KIND.name
    }

    /// With it a body stays under the 20 kB that the standard recommends.
    fn limit(&self) -> Limit {
        Limit::Bytes(16 * 1024)
    }

    async fn deliver(&self, outbound: &Outbound, notice: &Notice, key: &SendKey) -> Result<Sent, SendError> {
        let body = Body {
            r#type: match notice.kind {
                NoticeKind::Now => "notice.now",
                NoticeKind::Digest => "notice.digest",
                NoticeKind::Alert => "notice.alert",
            },
            timestamp: notice.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            data: Data {
                title: notice.title.as_str(),
                text: notice.body.as_str(),
                messages: notice.messages,
                urgent: notice.urgent,
            },
        };
        let body = serde_json::to_vec(&body).map_err(|_| SendError::Refused { reason: Reason::Unsendable })?;
        // the standard: 410 disables, everything else that is no success is tried again
        outbound.post_signed(&self.url, &self.secret, key, body).await.map_err(not_for_good)
    }
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    title: &'a str,
    text: &'a str,
    messages: usize,
    urgent: bool,
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WebhookSink")]
struct Settings {
    /// Where notices are posted.
    #[schemars(with = "String")]
    url: Option<Spanned<String>>,
    /// The secret that they are signed with: `whsec_` and base64. `env:NAME`, `file:/path` or `credential:NAME`.
    #[schemars(with = "String")]
    secret: Option<Spanned<String>>,
}

fn read(section: &mut Section<'_>) -> Option<Arc<dyn Sink>> {
    let settings: Settings = section.read();
    let url = section.url(settings.url.as_ref(), "url", None);
    let secret = section.required_secret(settings.secret.as_ref(), "secret").and_then(|secret| {
        let problem = |bad: BadKey| bad.report(section, "secret", settings.secret.as_ref());
        SigningKey::read(secret.expose()).map_err(problem).ok()
    });
    Some(Arc::new(Webhook::new(url?, secret?)))
}
