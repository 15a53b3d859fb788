//! The generic channel: anything that can post signed JSON (Standard Webhooks), and take a reply the same way.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use toml::Spanned;

use super::{Channel, ChannelKind, Delivery, Malformed, Refused, Verified};
use crate::clients::read_address;
use crate::config::Section;
use crate::message::{Address, Audience, Automatic, Event, Hints, Inbound, Kind, Nature, Personal, ReplyTo};
use crate::outbound::{Outbound, Reason, SendError, SendKey, Sent};
use crate::standard_webhooks::{self, BadKey, SigningKey, Trust};

/// What the registry knows of it.
pub const KIND: ChannelKind = ChannelKind {
    name: "webhook",
    about: "anything that posts signed JSON (Standard Webhooks) and can take replies as signed JSON",
    setup: "Make a secret: printf 'whsec_%s' \"$(openssl rand -base64 32)\". Give it to the sender and to `secret`.
Have the sender post to {public_url}/in/{name}, signed as standardwebhooks.com says (libraries exist for most languages), one \
JSON object or a list of them.
Addresses are written as in the client list (+504 9999-0001, 9999-0001, ana@example.org, telegram:5550101); any other text is \
an id, which the client list calls webhook:TEXT.
A client's message: {\"id\", \"from\", \"text\"}, and as it fits \"line\", \"kind\" (text, media, call, voicemail), \"sent_at\" \
(RFC 3339), \"name\", \"locale\", \"group\", \"bot\", \"urgent\".
Your own message to a client: {\"owner_to\"}, and as it fits \"id\", \"line\", \"sent_at\".
For replies set `reply_url`: they are posted there as {\"type\": \"reply.requested\", \"data\": {\"to\", \"text\", ...}}, signed with \
`reply_secret` or else `secret`, under a webhook-id that is the same on every attempt.",
    schema: |generator| generator.subschema_for::<Settings>(),
    read,
    shown_here_alone: false,
    is_sms: false,
};

/// The longest reply, in Unicode scalar values: with four bytes each a body stays under the 20 kB that the standard
/// recommends.
const LONGEST_TEXT: usize = 4096;

/// A generic connection.
pub struct Webhook {
    trust: Trust,
    reply: Option<(Url, SigningKey)>,
    country: Option<String>,
}

impl Webhook {
    /// Makes it; without `reply` it cannot reply. Phone numbers without `+` are those of `country` (ISO 3166).
    #[must_use]
    pub fn new(trust: Trust, reply: Option<(Url, SigningKey)>, country: Option<String>) -> Self {
        Self { trust, reply, country }
    }
}

#[async_trait]
impl Channel for Webhook {
    fn kind(&self) -> &'static str {
        KIND.name
    }

    fn verify<'d>(&self, delivery: &'d Delivery, now: DateTime<Utc>) -> Result<Verified<'d>, Refused> {
        self.trust.verify(&delivery.headers, &delivery.body, now)?;
        Ok(Verified::proven(delivery))
    }

    fn parse(&self, verified: &Verified<'_>) -> Result<Vec<Event>, Malformed> {
        let id = standard_webhooks::id(&verified.delivery().headers);
        let country = self.country.as_deref();
        let malformed = |problem| Malformed { field: "body".into(), problem };
        match serde_json::from_slice(verified.body()).map_err(|_| malformed("is not JSON"))? {
            Value::Object(object) => Ok(vec![Fields { object: &object, path: String::new(), country }.event(id)?]),
            Value::Array(list) => list
                .iter()
                .enumerate()
                .map(|(index, element)| {
                    let path = format!("[{index}]");
                    let Value::Object(object) = element else {
                        return Err(Malformed { field: path, problem: "is not an object" });
                    };
                    let id = format!("{id}#{index}");
                    Fields { object, path: path + ".", country }.event(&id)
                })
                .collect(),
            _ => Err(malformed("is neither an object nor a list")),
        }
    }

    fn can_reply(&self) -> bool {
        self.reply.is_some()
    }

    async fn reply(&self, outbound: &Outbound, to: &ReplyTo, text: &str, key: &SendKey) -> Result<Sent, SendError> {
        let unsendable = SendError::Refused { reason: Reason::Unsendable };
        let (url, secret) = self.reply.as_ref().ok_or(unsendable.clone())?;
        let address: ReplyAddress = serde_json::from_str(to.as_str()).map_err(|_| unsendable.clone())?;
        if text.is_empty() || text.chars().count() > LONGEST_TEXT {
            return Err(unsendable);
        }
        let now = outbound.now();
        let request = Request {
            r#type: "reply.requested",
            timestamp: now.to_rfc3339_opts(SecondsFormat::Secs, true),
            data: Requested { id: &key.0, in_reply_to: &address.message, to: &address.to, line: address.line, text },
        };
        let body = serde_json::to_vec(&request).map_err(|_| unsendable)?;
        outbound.post_signed(url, secret, key, body).await
    }

    fn longest_reply(&self) -> usize {
        LONGEST_TEXT
    }

    fn repeats_harmlessly(&self) -> bool {
        true
    }
}

/// Where a reply goes, as it is sealed into [`ReplyTo`].
#[derive(Serialize, Deserialize)]
struct ReplyAddress {
    to: String,
    message: String,
    line: Option<String>,
}

#[derive(Serialize)]
struct Request<'a> {
    r#type: &'static str,
    timestamp: String,
    data: Requested<'a>,
}

#[derive(Serialize)]
struct Requested<'a> {
    id: &'a str,
    in_reply_to: &'a str,
    to: &'a str,
    line: Option<String>,
    text: &'a str,
}

/// One object of a delivery; a `null` is as good as nothing.
struct Fields<'v> {
    object: &'v Map<String, Value>,
    /// What stands before its fields in a path.
    path: String,
    country: Option<&'v str>,
}

impl<'v> Fields<'v> {
    /// `id` is the delivery's, for an object that has none.
    fn event(&self, id: &str) -> Result<Event, Malformed> {
        let id = Personal::new(self.text("id")?.filter(|id| !id.is_empty()).unwrap_or(id));
        let line = self.text("line")?.map(str::to_owned);
        let sent_at = self.time("sent_at")?;
        if let Some(to) = self.address("owner_to")? {
            if self.value("from").is_some() {
                return Err(self.malformed("owner_to", "stands beside from: who wrote, the client or the owner?"));
            }
            return Ok(Event::OwnerWrote { id, line, to: vec![to], at: sent_at, automatic: false });
        }
        let from = self.address("from")?.ok_or_else(|| self.malformed("from", "is missing"))?;
        let kind = self.kind()?;
        let text = self.text("text")?;
        if text.is_none() && kind == Kind::Text {
            return Err(self.malformed("text", "is missing"));
        }
        let reply_to = ReplyAddress { to: from.as_str().into(), message: id.as_str().into(), line: line.clone() };
        Ok(Event::Message(Inbound {
            id,
            line,
            name: Personal::new(self.text("name")?.unwrap_or_default()),
            kind,
            nature: Nature::Message,
            audience: if self.flag("group")? { Audience::Group } else { Audience::Direct },
            automatic: self.flag("bot")?.then_some(Automatic::Bot),
            urgent: self.flag("urgent")?,
            hints: Hints::default(),
            text: Personal::new(text.unwrap_or_default()),
            sent_at,
            locale: self.text("locale")?.map(str::to_owned),
            reply_to: Personal::new(serde_json::to_string(&reply_to).unwrap_or_default()),
            from: vec![from],
        }))
    }

    fn value(&self, field: &str) -> Option<&'v Value> {
        self.object.get(field).filter(|value| !value.is_null())
    }

    fn text(&self, field: &str) -> Result<Option<&'v str>, Malformed> {
        let text = |value: &'v Value| value.as_str().ok_or_else(|| self.malformed(field, "is not a string"));
        self.value(field).map(text).transpose()
    }

    fn flag(&self, field: &str) -> Result<bool, Malformed> {
        let flag = |value: &Value| value.as_bool().ok_or_else(|| self.malformed(field, "is not true or false"));
        self.value(field).map_or(Ok(false), flag)
    }

    fn time(&self, field: &str) -> Result<Option<DateTime<Utc>>, Malformed> {
        let Some(text) = self.text(field)? else { return Ok(None) };
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| self.malformed(field, "is not a time (RFC 3339)"))?;
        Ok(Some(time.to_utc()))
    }

    fn address(&self, field: &str) -> Result<Option<Address>, Malformed> {
        let Some(text) = self.text(field)? else { return Ok(None) };
        // as the client list is written: the same text is the same person
        let address = read_address(text, self.country).ok().or_else(|| Address::canonical(text, KIND.name));
        Ok(Some(address.ok_or_else(|| self.malformed(field, "is not an address"))?))
    }

    fn kind(&self) -> Result<Kind, Malformed> {
        let Some(name) = self.text("kind")? else { return Ok(Kind::Text) };
        let kinds = [Kind::Text, Kind::Media, Kind::Call, Kind::Voicemail];
        let kind = kinds.into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| self.malformed("kind", "is none of text, media, call, voicemail"))
    }

    fn malformed(&self, field: &str, problem: &'static str) -> Malformed {
        Malformed { field: format!("{}{field}", self.path), problem }
    }
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Webhook")]
struct Settings {
    /// What proves a delivery: the secret shared with the sender (`whsec_` and base64), or the sender's public key
    /// (`whpk_` and base64). `env:NAME`, `file:/path` or `credential:NAME`.
    #[schemars(with = "String")]
    secret: Option<Spanned<String>>,
    /// Where replies are posted. Without it nothing that comes in here is answered.
    #[serde(default)]
    #[schemars(with = "String")]
    reply_url: Option<Spanned<String>>,
    /// The secret that replies are signed with; `secret` by default. `env:NAME`, `file:/path` or `credential:NAME`.
    #[serde(default)]
    #[schemars(with = "String")]
    reply_secret: Option<Spanned<String>>,
}

fn read(section: &mut Section<'_>) -> Option<Arc<dyn Channel>> {
    let Settings { secret, reply_url, reply_secret } = section.read();
    let given = section.required_secret(secret.as_ref(), "secret");
    let trust = given.as_ref().and_then(|given| {
        let problem = |bad: BadKey| bad.report(section, "secret", secret.as_ref());
        Trust::read(given.expose()).map_err(problem).ok()
    });
    let url = reply_url.as_ref().and_then(|_| section.url(reply_url.as_ref(), "reply_url", None));
    let signing = match (&reply_secret, &reply_url, given) {
        (Some(_), ..) => {
            section.secret(reply_secret.as_ref()).map(|given| (given, reply_secret.as_ref(), "reply_secret"))
        }
        (None, Some(_), Some(given)) => Some((given, secret.as_ref(), "secret")),
        _ => None,
    };
    let signing = signing.and_then(|(given, place, key)| {
        let problem = |bad: BadKey| match (bad, place) {
            (BadKey::Public, Some(place)) if key == "secret" => section.problem(
                place.span(),
                "`secret` is a public key (`whpk_`), which cannot sign the replies to `reply_url`",
                Some("give `reply_secret` too".to_owned()),
            ),
            _ => bad.report(section, key, place),
        };
        SigningKey::read(given.expose()).map_err(problem).ok()
    });
    if let (None, Some(alone)) = (&reply_url, &reply_secret) {
        let hint = "set `reply_url`, or nothing that comes in here is answered".to_owned();
        section.warning(alone.span(), "`reply_secret` stands without `reply_url`", Some(hint));
    }
    let country = section.country().map(str::to_owned);
    let reply = match reply_url {
        Some(_) => Some((url?, signing?)),
        None => None,
    };
    Some(Arc::new(Webhook::new(trust?, reply, country)))
}
