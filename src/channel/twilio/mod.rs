//! Twilio: SMS and MMS, WhatsApp by Twilio, calls.

mod codes;
mod form;
mod inspect;
mod parse;
mod send;
mod settings;
mod twiml;
mod verify;
mod voice;

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use reqwest::Url;

use self::form::Form;
use self::parse::Setting;
use self::send::{Listed, ReplyAddress, Terms};
use self::twiml::Verbs;
use self::verify::Proof;
use self::voice::Calls;
use super::{Channel, ChannelKind, Delivery, Malformed, Page, Refused, Scene, Verified};
use crate::config::Secret;
use crate::message::{Event, ReplyTo};
use crate::outbound::{self, Outbound, Reason, Response, SendError, SendKey, Sent};

/// What the registry knows of it.
pub const KIND: ChannelKind = ChannelKind {
    name: "twilio",
    about: "telephone numbers at Twilio: SMS, MMS, calls with voice messages, and WhatsApp senders at Twilio",
    setup: "At console.twilio.com, on the account's first page, note the Account SID (AC…): `account_sid`; and the auth token: \
`auth_token`. Replies are sent with the token, and it proves that a request is Twilio's.
Set `public_url` in `[listen]` to the address that Twilio reaches, to the letter: it is part of what Twilio signs.
Start afterhours. Then under Phone Numbers > Manage > Active numbers open each number. Under Messaging, \"A message comes \
in\": Webhook, {public_url}/in/{name}#rc=3&rp=all, HTTP POST.
Do not leave out #rc=3&rp=all: Twilio never sends that part, it tells Twilio to try three times more whatever went wrong. \
Without it a request that meets a restart or a server error is not repeated, and the message is lost to you.
If the number is in a messaging service, enter that address in the service instead (Integration > Send a webhook), and note the \
service's SID (MG…): `messaging_service_sid`. The number's own address is not used then.
For calls, on the same page under Voice, \"A call comes in\": Webhook, the same address, HTTP POST; and enter it under \"Call \
status changes\" too, which tells of callers who hang up early. `dial` is the telephone that rings in open hours: without it a \
caller hears that the line is busy, and you are told of the call. Switch the mailbox of that telephone off, or see that it takes \
calls after 25 seconds at the earliest: a call that a mailbox has taken does not count as missed.
With `voicemail` callers may leave a message when nobody takes the call. The notice has a link to it; if the account demands \
a login for media (Voice > Settings), the link asks for one. `transcribe` adds what was said, in words: Twilio writes down \
English alone, and charges for it. In many places callers must be told of a recording: say it in the texts \
that are spoken before the tone: `[reply.greeting]` when it is closed, `[reply.unanswered]` when it is open. Without `voicemail` \
`[reply.announcement]` is spoken when it is closed.
For a WhatsApp sender: Messaging > Senders > WhatsApp senders > the sender > \"Webhook URL for incoming messages\": the same \
address, HTTP POST. Its line is written \"whatsapp:+15550100001\". A reply is free text and goes out within 24 hours only.
Numbers that receive are lines, in E.164: [channel.{name}.line.\"+15550100001\"]. Without such tables they are one line.
To send to the United States from a US number, register brand and campaign (Messaging > Regulatory compliance > A2P 10DLC), or \
verify a toll-free number: carriers drop what is not registered, with error 30034 or 30032, and you are told.
STOP, START and HELP are answered by Twilio itself on SMS, and after STOP it lets nothing through to that person: afterhours \
does not answer them and remembers the opt-out. Leave that switched on. On WhatsApp only afterhours honours STOP.
If you answer clients from another program through the same account, set `ask_before_reply`: Twilio is asked right before a \
reply whether you have written meanwhile.
To change the auth token: create the secondary token, set it as `auth_token_next`, restart or reload, promote it at Twilio, \
then move it to `auth_token`.
If Twilio signs with a key of webhooks alone (HMAC_SHA256, its header names webhooks_sharedkey_…), set its id as `shared_key` \
and its secret as `shared_key_secret`.",
    schema: |generator| generator.subschema_for::<settings::Settings>(),
    read: settings::read,
    shown_here_alone: true,
    is_sms: true,
};

/// Where Twilio's REST API is.
pub const API_BASE: &str = "https://api.twilio.com";

/// The version of the API, part of every path.
const VERSION: &str = "2010-04-01";

/// The longest text that the API takes, in Unicode scalar values.
const LONGEST_TEXT: usize = 1600;

/// On WhatsApp a free-form message may be sent for 24 hours after the client's last; a minute is left for the way.
const WINDOW: TimeDelta = TimeDelta::minutes(24 * 60 - 1);

/// Behind an address that Twilio posts to: three more tries, whatever went wrong. Twilio neither sends nor signs it.
const PERSISTENCE: &str = "#rc=3&rp=all";

/// So many of the last messages to a person are looked through.
const LOOKED_THROUGH: &str = "20";

/// One Twilio account: every number of it comes in here, and each is answered from itself.
pub struct Twilio {
    account: Account,
    /// The address that Twilio posts to.
    address: Url,
    proof: Proof,
    service: Option<String>,
    asks: bool,
    calls: Calls,
    /// Seconds.
    validity: String,
}

/// How to reach the API.
struct Account {
    sid: String,
    tokens: Vec<Secret>,
    /// The second token is the one that is taken.
    changed: AtomicBool,
    api_base: Url,
}

/// What the config says of a connection.
pub struct Options {
    /// `AC…`.
    pub account_sid: String,
    /// The auth token, and the one that will follow it.
    pub auth_tokens: Vec<Secret>,
    /// The id and the secret of a key that signs webhooks alone.
    pub shared_key: Option<(String, Secret)>,
    /// Where the API is.
    pub api_base: Url,
    /// The address that Twilio posts to, without query and fragment.
    pub address: Url,
    /// `MG…`, for SMS that leave by a messaging service.
    pub messaging_service_sid: Option<String>,
    /// Twilio is asked right before a reply whether the owner has answered.
    pub ask_before_reply: bool,
    /// The owner's telephone (E.164), which rings in open hours.
    pub dial: Option<String>,
    /// Callers may leave a message.
    pub voicemail: bool,
    /// Twilio writes down what they say.
    pub transcribe: bool,
    /// How long a reply may wait at Twilio, in seconds: 1 to 36,000.
    pub validity: u16,
}

impl Twilio {
    /// Makes it.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let Options { account_sid, auth_tokens, shared_key, api_base, address, .. } = options;
        Self {
            proof: Proof::new(&address, &auth_tokens.iter().collect::<Vec<_>>(), shared_key),
            account: Account { sid: account_sid, tokens: auth_tokens, changed: AtomicBool::new(false), api_base },
            address,
            service: options.messaging_service_sid,
            asks: options.ask_before_reply,
            calls: Calls { dial: options.dial, voicemail: options.voicemail, transcribe: options.transcribe },
            validity: options.validity.to_string(),
        }
    }

    fn setting(&self) -> Setting<'_> {
        Setting { account_sid: &self.account.sid, service: self.service.as_deref(), dials: self.calls.dial.is_some() }
    }

    /// Where Twilio tells what became of the reply of that key.
    fn status_callback(&self, key: &SendKey) -> String {
        let mut url = self.address.clone();
        url.query_pairs_mut().append_pair("key", &key.0);
        url.as_str().to_owned() + PERSISTENCE
    }
}

#[async_trait]
impl Channel for Twilio {
    fn kind(&self) -> &'static str {
        KIND.name
    }

    fn verify<'d>(&self, delivery: &'d Delivery, _now: DateTime<Utc>) -> Result<Verified<'d>, Refused> {
        self.proof.check(delivery)?;
        Ok(Verified::proven(delivery))
    }

    fn parse(&self, verified: &Verified<'_>) -> Result<Vec<Event>, Malformed> {
        parse::parse(verified.delivery(), &self.setting())
    }

    fn answer(&self, verified: &Verified<'_>, scene: &dyn Scene) -> Option<Page> {
        let setting = self.setting();
        let delivery = verified.delivery();
        let form = parse::read(delivery, setting.account_sid).ok()?;
        if form.text("CallSid").ok()?.is_empty() {
            return Some(Verbs::nothing().page(false));
        }
        let query = Form::read(delivery.query.as_bytes());
        let verbs = voice::answer((&form, &query), &setting, &self.calls, self.address.as_str(), scene).ok()?;
        Some(verbs.page(voice::waits(&form, &query)))
    }

    async fn reply(&self, outbound: &Outbound, to: &ReplyTo, text: &str, key: &SendKey) -> Result<Sent, SendError> {
        let unsendable = SendError::Refused { reason: Reason::Unsendable };
        let Some(address) = ReplyAddress::open(to) else { return Err(unsendable) };
        if text.is_empty() || text.chars().count() > LONGEST_TEXT {
            return Err(unsendable);
        }
        let status_callback = self.status_callback(key);
        let terms =
            Terms { service: self.service.as_deref(), status_callback: &status_callback, validity: &self.validity };
        let url = self.account.url("Messages.json").ok_or(unsendable)?;
        let form = address.request(text, &terms);
        let (headers, changed) = self.account.login()?;
        let response = outbound.post_form(url, headers, &form).await?;
        send::outcome(&response).map_err(|error| self.account.with_other_token(error, changed))
    }

    fn longest_reply(&self) -> usize {
        LONGEST_TEXT
    }

    fn reply_window(&self, to: &ReplyTo, sent_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        ReplyAddress::open(to)?.is_whatsapp().then(|| sent_at + WINDOW)
    }

    fn repeats_harmlessly(&self) -> bool {
        true
    }

    fn asks_before_reply(&self) -> bool {
        self.asks
    }

    async fn sent_since(
        &self,
        outbound: &Outbound,
        to: &ReplyTo,
        since: DateTime<Utc>,
    ) -> Result<Vec<String>, SendError> {
        let Some(address) = ReplyAddress::open(to) else { return Ok(Vec::new()) };
        let mut url = self.account.url("Messages.json").ok_or(SendError::Refused { reason: Reason::Unsendable })?;
        // a service may have chosen another of its numbers
        let from = self.service.is_none().then_some(("From", &*address.from));
        let query = [("To", &*address.to), ("PageSize", LOOKED_THROUGH)].into_iter().chain(from);
        url.query_pairs_mut().extend_pairs(query);
        let listed: Listed = self.account.ask(outbound, url).await?;
        Ok(listed.sent_since(since))
    }

    fn page_of_code(&self, code: &str) -> Option<String> {
        let is_code = code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then(|| format!("https://www.twilio.com/docs/errors/{code}"))
    }

    async fn inspect(&self, outbound: &Outbound) -> Result<Vec<String>, SendError> {
        inspect::ask(&self.account, outbound, &self.address).await
    }
}

impl Account {
    /// `/2010-04-01/Accounts/AC….json`
    fn own_url(&self) -> Option<Url> {
        let mut url = self.api_base.clone();
        let account = format!("{}.json", self.sid);
        url.path_segments_mut().ok()?.pop_if_empty().extend([VERSION, "Accounts", &account]);
        Some(url)
    }

    /// A resource of the account.
    fn url(&self, resource: &str) -> Option<Url> {
        let mut url = self.api_base.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend([VERSION, "Accounts", &self.sid, resource]);
        Some(url)
    }

    /// What a request is proven with, and whether that is the second token.
    fn login(&self) -> Result<(HeaderMap, bool), SendError> {
        let changed = self.changed.load(Ordering::Relaxed);
        let token = if changed { self.tokens.last() } else { self.tokens.first() };
        let headers = token.and_then(|token| outbound::basic(&self.sid, token));
        Ok((headers.ok_or(SendError::Down { reason: Reason::Unsendable })?, changed))
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, outbound: &Outbound, url: Url) -> Result<T, SendError> {
        let (headers, changed) = self.login()?;
        let response: Response = outbound.get(url, headers).await?;
        if !response.is_success() {
            return Err(self.with_other_token(send::failure(&response), changed));
        }
        response.json().ok_or(SendError::Unknown { reason: Reason::Unproven })
    }

    /// A token that is no longer taken gives way to the one that was to follow it: that one has been promoted. `changed`:
    /// it was that one already. Others may have been on their way with the first.
    fn with_other_token(&self, error: SendError, changed: bool) -> SendError {
        if send::is_unauthorised(&error) && self.tokens.len() > 1 && !changed {
            self.changed.store(true, Ordering::Relaxed);
            return SendError::Retry { after: None, reason: error.reason().clone() };
        }
        error
    }
}
