//! WhatsApp Business Cloud API (Meta).

mod codes;
mod parse;
mod send;
mod surrogates;
mod verify;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use ring::hmac;
use serde::Deserialize;
use toml::Spanned;

use self::send::ReplyAddress;
use super::{Answer, Channel, ChannelKind, Delivery, Malformed, Refused, Verified};
use crate::config::{Secret, Section};
use crate::message::{Event, ReplyTo};
use crate::outbound::{self, Outbound, Reason, SendError, SendKey, Sent};
use crate::verdict::Rate;

/// What the registry knows of it.
pub const KIND: ChannelKind = ChannelKind {
    name: "whatsapp",
    about: "a WhatsApp Business number on Meta's Cloud API, alone or shared with the phone app",
    setup: "At developers.facebook.com make an app of type Business and add the product WhatsApp.
Under WhatsApp > API setup note the phone number id: `phone_number_id`.
Under App settings > Basic note the app secret: `app_secret`.
In Meta Business Suite make a system user, give it the app and the WhatsApp account, and make a token with the permission \
whatsapp_business_messaging that does not expire: `access_token`.
Make up a long random word: `verify_token`. Start afterhours with it.
Under WhatsApp > Configuration enter {public_url}/in/{name} as callback URL and the word as verify token, and save.
There subscribe to the field messages; to calls for missed calls; to smb_message_echoes if the number is also in the phone \
app, so that your own answers there are seen.
Switch off the away message of the phone app: it would answer as well.",
    schema: |generator| generator.subschema_for::<Settings>(),
    read,
    shown_here_alone: true,
    is_sms: false,
};

/// Where Meta's Graph API is, with its version.
pub const API_BASE: &str = "https://graph.facebook.com/v25.0";

/// The longest text that the API takes, in Unicode scalar values.
const LONGEST_TEXT: usize = 4096;

/// A number whose app and API are used together may send 20 messages a second; one of the API alone 80 and more.
const RATE: Rate = Rate { most: 20, within: TimeDelta::seconds(1) };

/// A free-form message may be sent for 24 hours after the client's last; a minute is left for the way.
const WINDOW: TimeDelta = TimeDelta::minutes(24 * 60 - 1);

/// One WhatsApp app: every number of it comes in here, and each is answered from itself.
pub struct WhatsApp {
    phone_number_id: String,
    app_secret: hmac::Key,
    verify_token: Secret,
    access_token: Secret,
    api_base: Url,
}

impl WhatsApp {
    /// Makes it.
    #[must_use]
    pub fn new(
        phone_number_id: String,
        app_secret: &Secret,
        verify_token: Secret,
        access_token: Secret,
        api_base: Url,
    ) -> Self {
        let app_secret = hmac::Key::new(hmac::HMAC_SHA256, app_secret.expose().as_bytes());
        Self { phone_number_id, app_secret, verify_token, access_token, api_base }
    }
}

#[async_trait]
impl Channel for WhatsApp {
    fn kind(&self) -> &'static str {
        KIND.name
    }

    fn own_line(&self) -> Option<&str> {
        Some(&self.phone_number_id)
    }

    fn handshake(&self, query: &str) -> Option<Answer> {
        Some(verify::handshake(self.verify_token.expose(), query))
    }

    fn verify<'d>(&self, delivery: &'d Delivery, _now: DateTime<Utc>) -> Result<Verified<'d>, Refused> {
        verify::signature(&self.app_secret, &delivery.headers, &delivery.body)?;
        Ok(Verified::proven(delivery))
    }

    fn parse(&self, verified: &Verified<'_>) -> Result<Vec<Event>, Malformed> {
        parse::parse(verified.body())
    }

    async fn reply(&self, outbound: &Outbound, to: &ReplyTo, text: &str, key: &SendKey) -> Result<Sent, SendError> {
        let unsendable = SendError::Refused { reason: Reason::Unsendable };
        let Some(address) = ReplyAddress::open(to) else { return Err(unsendable) };
        if text.is_empty() || text.chars().count() > LONGEST_TEXT {
            return Err(unsendable);
        }
        let line = if address.line.is_empty() { &self.phone_number_id } else { &*address.line };
        let mut url = self.api_base.clone();
        url.path_segments_mut().map_err(|()| unsendable.clone())?.pop_if_empty().extend([line, "messages"]);
        let headers = outbound::bearer(&self.access_token).ok_or(SendError::Down { reason: Reason::Unsendable })?;
        let response = outbound.post_json(url, headers, address.request(text, &key.0)).await?;
        send::outcome(&response)
    }

    fn rate(&self) -> Option<Rate> {
        Some(RATE)
    }

    fn longest_reply(&self) -> usize {
        LONGEST_TEXT
    }

    fn reply_window(&self, _to: &ReplyTo, sent_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(sent_at + WINDOW)
    }
}

#[derive(Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WhatsApp")]
struct Settings {
    /// The id of the phone number, as Meta shows it under WhatsApp > API setup; not the number itself.
    #[schemars(with = "String")]
    phone_number_id: Option<Spanned<String>>,
    /// The app secret of App settings > Basic: it proves that a delivery is Meta's. `env:NAME`, `file:/path` or
    /// `credential:NAME`.
    #[schemars(with = "String")]
    app_secret: Option<Spanned<String>>,
    /// A word of your own that Meta repeats when you enter the callback URL. `env:NAME`, `file:/path` or
    /// `credential:NAME`.
    #[schemars(with = "String")]
    verify_token: Option<Spanned<String>>,
    /// The system user's token that replies are sent with. `env:NAME`, `file:/path` or `credential:NAME`.
    #[schemars(with = "String")]
    access_token: Option<Spanned<String>>,
    /// Where the Graph API is, with its version; `https://graph.facebook.com/v25.0` by default.
    #[serde(default)]
    #[schemars(with = "String")]
    api_base: Option<Spanned<String>>,
}

fn read(section: &mut Section<'_>) -> Option<Arc<dyn Channel>> {
    let settings: Settings = section.read();
    let place = settings.phone_number_id.as_ref().map(Spanned::span).unwrap_or_default();
    let phone_number_id = section.required(settings.phone_number_id, "phone_number_id").filter(|id| {
        let fits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !fits {
            let hint = "it stands at Meta under WhatsApp > API setup, below the number".to_owned();
            section.problem(place, "`phone_number_id` is not an id; the phone number itself is none", Some(hint));
        }
        fits
    });
    let app_secret = section.required_secret(settings.app_secret.as_ref(), "app_secret");
    let verify_token = section.required_secret(settings.verify_token.as_ref(), "verify_token");
    let access_token = section.required_secret(settings.access_token.as_ref(), "access_token");
    let api_base = section.url(settings.api_base.as_ref(), "api_base", Some(API_BASE));
    Some(Arc::new(WhatsApp::new(phone_number_id?, &app_secret?, verify_token?, access_token?, api_base?)))
}
