//! Android SMS Gateway (sms-gate.app): the SIMs of a normal Android phone, through the app's own server, its cloud, or a
//! private server. In every mode the phone itself posts to us.

mod parse;
mod pictures;
mod register;
mod send;
mod sender;
mod settings;
mod verify;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use reqwest::Url;
use ring::hmac;

use self::pictures::Pictures;
use self::send::ReplyAddress;
use self::settings::Settings;
use super::{Channel, ChannelKind, Delivery, Malformed, NotRegistered, Refused, Verified};
use crate::config::Secret;
use crate::message::{Event, ReplyTo};
use crate::outbound::{self, Outbound, Reason, SendError, SendKey, Sent};
use crate::reply::segments;
use crate::verdict::Rate;

/// What the registry knows of it.
pub const KIND: ChannelKind = ChannelKind {
    name: "android-sms",
    about: "the SIM cards of an Android phone, with the app SMS Gateway for Android (sms-gate.app); a private SIM beside a work \
            SIM leaves no trace",
    setup: "Install SMS Gateway for Android from sms-gate.app on the phone that has your SIM card, open it, and give it every \
permission that it asks for: to read, receive and send SMS, and to read the phone's state (without it the app cannot tell the \
SIM cards apart). Where Android has greyed a permission out: Apps > SMS Gateway > the three dots > Allow restricted settings.
In the phone's settings, under Apps > SMS Gateway > Battery, choose Unrestricted, and let the app start with the phone. Else \
Android puts it to sleep, and messages come late or not at all.
In the phone's messaging app switch RCS (\"chat features\") off for the work SIM. RCS messages are no SMS: no other app sees \
them, and nobody would answer them.
In the app go to Settings > Webhooks > Signing Key and enter a long random word of at least 32 characters, such as `openssl \
rand -hex 16` makes. The same word is `signing_key`: it proves that a message comes from your phone. The key that the app made \
by itself has 8 characters, which is too short.
Choose how replies reach the phone. Cloud server, for a phone that moves about: switch it on in the app; `url` is \
https://api.sms-gate.app/3rdparty/v1, and the replies pass through there. Local server, for a phone that stays in your network or \
VPN: `url` is http://ADDRESS-OF-THE-PHONE:8080, which is not encrypted on the way. Your own private server: `url` is its address, \
which ends with /3rdparty/v1. Use one of them, not two: to each the phone is another device.
The app shows the user and the password of that server: `username` and `password`. Or make a token with the scopes messages:send, \
webhooks:write and webhooks:list: `token`. Without `url` messages come in, and nothing is answered.
Leave end-to-end encryption off in the app: what is encrypted cannot be read here.
Say which SIM is which: [channel.{name}.line.1] is the SIM in the first slot, [channel.{name}.line.2] that in the second. With \
private = true in its table nothing of a SIM is stored or answered. A reply leaves on the SIM that received the message, never on \
another.
Some phones do not say which SIM received a message. It is then on the line `unknown`: held for you and not answered, because \
the reply might leave on the wrong SIM. Has the phone one SIM only? Name its slot, `only_sim` = \"1\", and it is answered. Is one \
of two SIMs private? Give [channel.{name}.line.unknown] private = true too, if you would rather miss a message than have a \
private one kept.
Two phones: give each a channel of its own. Where they share one, set `device_id` (the app shows it beside the server) to the \
first: the SIMs of the other are then the lines DEVICE-ID/1 and DEVICE-ID/2.
Start afterhours with this. Then have the phone post to {public_url}/in/{name}: run `afterhours channels android-sms \
--register`. It may be run again at any time. The address must begin with https:// and have a certificate that the phone \
trusts. The phone shows a notice that its messages are passed on, and reminds you once a month.
In the app, under Settings > Ping, set an interval of 600 seconds. From the first ping on you are told when nothing has come from \
the phone for `silent_after`, two hours by default: it is switched off, without a connection, or asleep.
Write to the work SIM from another phone, and look at `afterhours held` and `afterhours status`. What you write by hand on the \
phone is not seen here, as the app does not tell of it: a client whom you answer so may get an automatic reply as well.",
    schema: |generator| generator.subschema_for::<Settings>(),
    read: settings::read,
    shown_here_alone: false,
    is_sms: true,
};

/// The longest reply, in Unicode scalar values: ten segments of the GSM alphabet, each with 153 characters (3GPP TS 23.040,
/// section 9.2.3.24.1). The standard allows 255 segments; networks and old phones drop far fewer than that.
const LONGEST_TEXT: usize = 10 * 153;

/// Android lets an app send so many SMS, counted by segments; then it asks the owner on the phone's screen, and nothing leaves.
const RATE: Rate = Rate { most: 30, within: TimeDelta::minutes(30) };

/// How far the phone's clock may be from ours, unless the config says: what the gateway's documentation advises.
pub const WINDOW: TimeDelta = TimeDelta::minutes(5);

/// How long the phone may take to send a reply, unless the config says: as long as a message may be old to be answered at all.
/// A phone that is off until the morning must not say then that it is closed.
pub const TTL: TimeDelta = TimeDelta::minutes(10);

/// After so long without a word the owner is told, unless the config says, once the phone has pinged: several pings at any
/// interval that makes sense, and longer than a restart or a tunnel.
const SILENT_AFTER: TimeDelta = TimeDelta::hours(2);

/// The key of the note that the phone pings.
const PINGS: &str = "pings";

/// Where messages are sent, and with what right.
pub struct Gateway {
    url: Url,
    login: HeaderMap,
    ttl: TimeDelta,
}

impl Gateway {
    /// With the user and the password that the app shows. `None` when no header can hold them.
    #[must_use]
    pub fn with_password(url: Url, ttl: TimeDelta, username: &str, password: &Secret) -> Option<Self> {
        Some(Self { url, login: outbound::basic(username, password)?, ttl })
    }

    /// With a token of the gateway's API. `None` when no header can hold it.
    #[must_use]
    pub fn with_token(url: Url, ttl: TimeDelta, token: &Secret) -> Option<Self> {
        Some(Self { url, login: outbound::bearer(token)?, ttl })
    }

    /// The address of a resource of its API.
    fn at(&self, resource: &str) -> Option<Url> {
        let mut url = self.url.clone();
        url.path_segments_mut().ok()?.pop_if_empty().push(resource);
        Some(url)
    }
}

impl fmt::Debug for Gateway {
    /// Without the way to log in.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gateway").field("ttl", &self.ttl).finish_non_exhaustive()
    }
}

/// What else the config says of a phone.
#[derive(Clone, Debug)]
pub struct Phone {
    /// The channel's name in the config: registrations are known by it.
    pub name: String,
    /// The country of numbers without `+` (ISO 3166).
    pub country: Option<String>,
    /// The gateway's id of the phone; the SIMs of others are lines `DEVICE/1`. `None`: every phone that knows the key.
    pub device_id: Option<String>,
    /// The slot of its only SIM, 1 to 3: what comes on a SIM that is not named came on it.
    pub only_sim: Option<u8>,
    /// How far its clock may be from ours.
    pub window: TimeDelta,
    /// The owner is told after so long without a word; zero is never. `None`: two hours, once it has pinged.
    pub silent_after: Option<TimeDelta>,
}

impl Default for Phone {
    fn default() -> Self {
        Self { name: String::new(), country: None, device_id: None, only_sim: None, window: WINDOW, silent_after: None }
    }
}

/// One phone, or several that share a signing key.
pub struct AndroidSms {
    signing_key: hmac::Key,
    gateway: Option<Gateway>,
    phone: Phone,
    /// All that `parse` remembers: it decides under which id a picture goes, and nothing else.
    pictures: Pictures,
    pings: AtomicBool,
}

impl AndroidSms {
    /// Makes it; without a gateway it cannot reply.
    #[must_use]
    pub fn new(signing_key: &Secret, gateway: Option<Gateway>, phone: Phone) -> Self {
        let signing_key = hmac::Key::new(hmac::HMAC_SHA256, signing_key.expose().as_bytes());
        Self { signing_key, gateway, phone, pictures: Pictures::default(), pings: AtomicBool::new(false) }
    }

    fn country(&self) -> Option<&str> {
        self.phone.country.as_deref()
    }

    fn device_id(&self) -> Option<&str> {
        self.phone.device_id.as_deref()
    }

    fn only_sim(&self) -> Option<u8> {
        self.phone.only_sim
    }

    fn has_pinged(&self) -> bool {
        self.pings.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Channel for AndroidSms {
    fn kind(&self) -> &'static str {
        KIND.name
    }

    /// What came on a SIM that the phone does not name is on no line of the config before the owner has said so.
    fn is_own_line(&self, id: &str) -> bool {
        id != sender::UNKNOWN
    }

    fn verify<'d>(&self, delivery: &'d Delivery, now: DateTime<Utc>) -> Result<Verified<'d>, Refused> {
        verify::signature(&self.signing_key, self.phone.window, &delivery.headers, &delivery.body, now)?;
        Ok(Verified::proven(delivery))
    }

    fn parse(&self, verified: &Verified<'_>) -> Result<Vec<Event>, Malformed> {
        parse::parse(self, verified.body())
    }

    fn can_reply(&self) -> bool {
        self.gateway.is_some()
    }

    async fn reply(&self, outbound: &Outbound, to: &ReplyTo, text: &str, key: &SendKey) -> Result<Sent, SendError> {
        let unsendable = SendError::Refused { reason: Reason::Unsendable };
        let gateway = self.gateway.as_ref().ok_or(unsendable.clone())?;
        let (address, sim) = ReplyAddress::open(to).ok_or(unsendable.clone())?;
        if text.is_empty() || text.chars().count() > LONGEST_TEXT {
            return Err(unsendable);
        }
        let url = gateway.at("messages").ok_or(unsendable)?;
        let id = send::message_id(&key.0);
        let body = address.request(sim, text, &id, gateway.ttl.num_seconds());
        let response = outbound.post_json(url, gateway.login.clone(), body).await?;
        send::outcome(&response, &id)
    }

    fn rate(&self) -> Option<Rate> {
        Some(RATE)
    }

    fn weight(&self, text: &str) -> u32 {
        u32::try_from(segments(text).segments).unwrap_or(u32::MAX)
    }

    fn longest_reply(&self) -> usize {
        LONGEST_TEXT
    }

    fn repeats_harmlessly(&self) -> bool {
        true
    }

    fn longest_silence(&self) -> Option<TimeDelta> {
        match self.phone.silent_after {
            Some(told) => (told > TimeDelta::zero()).then_some(told),
            None => self.has_pinged().then_some(SILENT_AFTER),
        }
    }

    async fn register(&self, outbound: &Outbound, address: &Url) -> Option<Result<Vec<String>, NotRegistered>> {
        let gateway = self.gateway.as_ref()?;
        let done = register::register(gateway, outbound, address, &self.phone.name, self.device_id()).await;
        Some(done.map_err(NotRegistered::from))
    }

    async fn inspect(&self, outbound: &Outbound) -> Result<Vec<String>, SendError> {
        match &self.gateway {
            Some(gateway) => register::inspect(gateway, outbound, &self.phone.name).await,
            None => Ok(Vec::new()),
        }
    }

    fn note(&self, key: &str, _value: &str) {
        if key == PINGS {
            self.pings.store(true, Ordering::Relaxed);
        }
    }
}
