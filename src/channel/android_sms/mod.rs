//! Android SMS Gateway (sms-gate.app): the SIMs of a normal Android phone, through the app's own server, its cloud, or a
//! private server. In every mode the phone itself posts to us.

mod parse;
mod pictures;
mod reason;
mod received_at;
mod register;
mod send;
mod sender;
mod settings;
mod setup;
mod verify;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use reqwest::Url;
use ring::hmac;

use self::pictures::Pictures;
use self::send::ReplyAddress;
use self::settings::Settings;
use self::setup::SETUP;
use super::{Allowance, Channel, ChannelKind, Delivery, Malformed, NotRegistered, Refused, Verified};
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
    setup: SETUP,
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

/// A picture message comes with its pictures in base64: networks take a few megabytes of it, phones that write over the
/// internet more. Over a slow connection that takes its time; the phone ends it after 30 seconds.
const PICTURES: Allowance = Allowance { body_bytes: 24 * 1024 * 1024, request: Duration::from_secs(30) };

/// Who wrote by SMS can be answered by SMS. Else the gateway refuses what it knows for no mobile number, and reads a national
/// one as of a country of its own choice (`skipPhoneValidation` of its API).
const ANY_NUMBER: &str = "skipPhoneValidation=true";

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
    /// Where it is to post, as far as the config says that.
    pub address: Option<Url>,
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
        Self {
            name: String::new(),
            address: None,
            country: None,
            device_id: None,
            only_sim: None,
            window: WINDOW,
            silent_after: None,
        }
    }
}

/// One phone, or several that share a signing key.
pub struct AndroidSms {
    signing_key: hmac::Key,
    gateway: Option<Gateway>,
    phone: Phone,
    /// What `parse` remembers: it decides under which id a picture goes, and nothing else.
    pictures: Pictures,
    pings: AtomicBool,
    /// How far the phone's clock was behind ours when its last request was refused for that, in seconds; 0 where it was
    /// not.
    behind: AtomicI64,
}

impl AndroidSms {
    /// Makes it; without a gateway it cannot reply.
    #[must_use]
    pub fn new(signing_key: &Secret, gateway: Option<Gateway>, phone: Phone) -> Self {
        let signing_key = hmac::Key::new(hmac::HMAC_SHA256, signing_key.expose().as_bytes());
        Self {
            signing_key,
            gateway,
            phone,
            pictures: Pictures::default(),
            pings: AtomicBool::new(false),
            behind: AtomicI64::new(0),
        }
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

    /// What is wrong with the phone's clock.
    fn clock(&self) -> Option<String> {
        let behind = self.behind.load(Ordering::Relaxed);
        let (way, off) = if behind < 0 { ("ahead of", -behind) } else { ("behind", behind) };
        let off = match off {
            0 => return None,
            seconds @ 1..120 => format!("{seconds} seconds"),
            seconds @ 120..7200 => format!("{} minutes", seconds / 60),
            seconds => format!("{} hours", seconds / 3600),
        };
        Some(format!(
            "the phone's clock is {off} {way} this machine's, and what it posts is refused: have both set by the network, or \
             else a longer `window` takes it"
        ))
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

    fn unlisted(&self, line: &str) -> Option<String> {
        (line == sender::UNKNOWN).then(|| {
            format!(
                "The phone does not say on which SIM card they came (does the app have the permission to read its state?), and \
                 a reply might leave on the wrong one. Has it one SIM only? Then name its slot, only_sim = \"1\" in \
                 [channel.{}], and they are answered.",
                self.phone.name
            )
        })
    }

    fn verify<'d>(&self, delivery: &'d Delivery, now: DateTime<Utc>) -> Result<Verified<'d>, Refused> {
        let behind = verify::signature(&self.signing_key, &delivery.headers, &delivery.body, now)?;
        let stale = behind.abs() > self.phone.window;
        self.behind.store(if stale { behind.num_seconds() } else { 0 }, Ordering::Relaxed);
        if stale { Err(Refused::Stale) } else { Ok(Verified::proven(delivery)) }
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
        let mut url = gateway.at("messages").ok_or(unsendable)?;
        url.set_query(Some(ANY_NUMBER));
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

    fn silence_key(&self) -> Option<&'static str> {
        Some("silent_after")
    }

    fn allowance(&self) -> Option<Allowance> {
        Some(PICTURES)
    }

    async fn register(&self, outbound: &Outbound, address: &Url) -> Option<Result<Vec<String>, NotRegistered>> {
        let gateway = self.gateway.as_ref()?;
        let done = register::register(gateway, outbound, address, &self.phone.name, self.device_id()).await;
        Some(done.map_err(NotRegistered::from))
    }

    async fn inspect(&self, outbound: &Outbound) -> Result<Vec<String>, SendError> {
        let mut troubles: Vec<_> = self.clock().into_iter().collect();
        if let Some(gateway) = &self.gateway {
            match register::inspect(gateway, outbound, &self.phone).await {
                Ok(more) => troubles.extend(more),
                Err(error) if troubles.is_empty() => return Err(error),
                Err(_) => {}
            }
        }
        Ok(troubles)
    }

    fn note(&self, key: &str, value: &str) {
        if key == PINGS {
            self.pings.store(true, Ordering::Relaxed);
        } else if pictures::is_key(key) {
            self.pictures.recall(value);
        }
    }
}
