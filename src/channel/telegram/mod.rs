//! Telegram: a bot that clients write to, and the owner's own account through Telegram Business.

mod classify;
mod connections;
mod errors;
mod opening_hours;
mod parse;
mod polling;
mod send;
mod settings;
mod setup;
mod wire;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use reqwest::Url;
use serde_json::Value;
use subtle::ConstantTimeEq;

use self::connections::{Connection, Connections};
use self::parse::Reader;
use self::polling::Polling;
use self::send::ReplyAddress;
use self::settings::Settings;
use super::{Channel, ChannelKind, Delivery, Malformed, NotRegistered, PublishedHours, Refused, Verified};
use crate::config::Secret;
use crate::message::{Event, ReplyTo};
use crate::outbound::{Outbound, Reason, Response, SendError, SendKey, Sent};
use crate::verdict::Rate;

/// What the registry knows of it.
pub const KIND: ChannelKind = ChannelKind {
    name: "telegram",
    about: "a Telegram bot, and through it your own Telegram account (Telegram Business)",
    setup: "In Telegram write /newbot to @BotFather and answer its questions; it gives you the token: `bot_token`.
To have the bot answer in your own account's chats, in @BotFather open /mybots > the bot > Bot Settings > Business Mode and turn \
it on. The account needs Telegram Business (Telegram Premium).
With a public address: make up a secret (openssl rand -hex 32) and give it to `secret_token`. Telegram posts to \
{public_url}/in/{name}; it takes https on the ports 443, 80, 88 and 8443 alone. Without a public address: `mode` = \"poll\", and \
no `secret_token` is needed.
Run afterhours channels telegram --register: it tells Telegram where to post; with `mode` = \"poll\" it takes a webhook away \
that somebody has set, as Telegram has one or the other. One program alone can have a bot's messages.
Start afterhours before you connect your account: Telegram tells of a connection when it is made.
In your account open Settings > Telegram Business > Chatbots, enter the bot's name, choose which chats it sees, and allow it to \
reply to messages.
In Settings > Telegram Business switch off Away Messages and Greeting Messages: they would answer as well. Where they do, \
afterhours tells you and is silent there. A message that you schedule looks the same to a bot: the first one is told to you, it \
silences nothing, and it does not count as your answer.
Unless the bot is meant for groups, write /setjoingroups to @BotFather and disable them: anybody can add it to one, and what is \
written there is held for you and never answered.
Whoever finds the bot can connect it to an account of theirs. Without tables [channel.{name}.line.ID] the account that was \
connected first is taken for yours; with them, the accounts that they name are, and no other. Of what comes under any other \
account nothing is kept, told or answered: one notice names its id, and the tables to add if it is yours.
With several accounts on one bot, give each such a table. The ID is the account's user id; what is written to the bot itself is \
the line of the bot's own id, the digits before the colon of its token, and needs a table too where any line has one.
Where your account shows business hours, afterhours hours --from-telegram {name} prints them as a table for the config.
afterhours status shows what Telegram says is wrong with the webhook or a connection.",
    schema: |generator| generator.subschema_for::<Settings>(),
    read: settings::read,
    // a bot's own chats are shown nowhere else
    shown_here_alone: true,
    is_sms: false,
};

/// Where the Bot API is.
pub const API_BASE: &str = "https://api.telegram.org";

/// The longest reply, in Unicode scalar values. Telegram counts UTF-16 units and takes 4096: a scalar value is two of them at
/// the most.
const LONGEST_TEXT: usize = 2048;

/// A bot may send about 30 messages a second (Telegram's FAQ of bots).
const RATE: Rate = Rate { most: 30, within: TimeDelta::seconds(1) };

/// Under a connection the bot may write for 24 hours after the client's last message; a minute is left for the way.
const WINDOW: TimeDelta = TimeDelta::minutes(24 * 60 - 1);

/// What Telegram is asked to tell us. It remembers what it was asked for.
const UPDATES: &[&str] = &[
    "message",
    "edited_message",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "my_chat_member",
];

/// The header that repeats the secret of the webhook.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// One bot.
pub struct Telegram {
    token: Secret,
    /// None: nothing that is posted is believed.
    secret: Option<Secret>,
    /// The bot's own user id: the digits before the colon of its token.
    bot: Option<i64>,
    api_base: Url,
    /// Where Telegram should post, when it is known and posts at all.
    address: Option<String>,
    connections: Connections,
    /// None: Telegram posts.
    polling: Option<Polling>,
}

/// How a bot is told of its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Telegram posts them.
    Webhook,
    /// Telegram is asked for them.
    Poll,
}

impl Telegram {
    /// Makes it. Without a `secret` nothing that is posted is believed; `address` is where Telegram should post, where that is
    /// known.
    #[must_use]
    pub fn new(token: Secret, secret: Option<Secret>, mode: Mode, api_base: Url, address: Option<String>) -> Self {
        let bot = settings::bot_id(&token);
        let polling = (mode == Mode::Poll).then(Polling::default);
        Self { token, secret, bot, api_base, address, connections: Connections::default(), polling }
    }

    /// With the lines that the config lists: of accounts, those alone are the owner's then.
    #[must_use]
    pub fn with_lines(self, lines: Vec<String>) -> Self {
        Self { connections: Connections::with_lines(lines), ..self }
    }

    fn reader(&self) -> Reader<'_> {
        Reader { connections: &self.connections, bot: self.bot }
    }

    /// The address of a method. It has the token in it.
    fn method(&self, name: &str) -> Result<Url, SendError> {
        let mut url = self.api_base.clone();
        let token = format!("bot{}", self.token.expose());
        url.path_segments_mut()
            .map_err(|()| SendError::Refused { reason: Reason::Unsendable })?
            .pop_if_empty()
            .extend([token.as_str(), name]);
        Ok(url)
    }

    async fn post(&self, outbound: &Outbound, method: &str, body: Vec<u8>) -> Result<Response, SendError> {
        outbound.post_json(self.method(method)?, HeaderMap::new(), body).await
    }

    async fn call(&self, outbound: &Outbound, method: &str, parameters: &Value) -> Result<Value, SendError> {
        send::result(&self.post(outbound, method, parameters.to_string().into_bytes()).await?)
    }

    /// Asks about connections that messages came under and nobody has told of.
    async fn ask_about_connections(&self, outbound: &Outbound) -> Result<(), SendError> {
        let mut failed = None;
        for id in self.connections.unknown() {
            let asked = serde_json::json!({"business_connection_id": id});
            match self.call(outbound, "getBusinessConnection", &asked).await {
                Ok(told) => match Connection::read(wire::Part::of(&told)) {
                    Some((_, connection)) => self.connections.told(&id, connection),
                    None => self.connections.gone(&id),
                },
                Err(SendError::Refused { .. }) => self.connections.gone(&id),
                Err(error @ SendError::Down { .. }) => return Err(error),
                // the trouble of one is none of the next
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(()), Err)
    }
}

#[async_trait]
impl Channel for Telegram {
    fn kind(&self) -> &'static str {
        KIND.name
    }

    fn verify<'d>(&self, delivery: &'d Delivery, _now: DateTime<Utc>) -> Result<Verified<'d>, Refused> {
        let mut values = delivery.headers.get_all(SECRET_HEADER).iter();
        let value = values.next().ok_or(Refused::Unsigned)?;
        if values.next().is_some() {
            return Err(Refused::Unreadable);
        }
        let secret = self.secret.as_ref().ok_or(Refused::Wrong)?;
        let is_right = bool::from(value.as_bytes().ct_eq(secret.expose().as_bytes()));
        if is_right { Ok(Verified::proven(delivery)) } else { Err(Refused::Wrong) }
    }

    fn parse(&self, verified: &Verified<'_>) -> Result<Vec<Event>, Malformed> {
        parse::parse(verified.body(), &self.reader())
    }

    async fn reply(&self, outbound: &Outbound, to: &ReplyTo, text: &str, _key: &SendKey) -> Result<Sent, SendError> {
        let unsendable = SendError::Refused { reason: Reason::Unsendable };
        let Some(address) = ReplyAddress::open(to) else { return Err(unsendable) };
        if text.is_empty() || text.chars().count() > LONGEST_TEXT {
            return Err(unsendable);
        }
        let response = self.post(outbound, "sendMessage", address.request(text)).await?;
        address.outcome(&response)
    }

    fn rate(&self) -> Option<Rate> {
        Some(RATE)
    }

    fn longest_reply(&self) -> usize {
        LONGEST_TEXT
    }

    /// In its own chats a bot writes when it likes.
    fn reply_window(&self, to: &ReplyTo, sent_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let is_owners = ReplyAddress::open(to).is_some_and(|address| address.connection.is_some());
        is_owners.then(|| sent_at + WINDOW)
    }

    fn polls(&self) -> bool {
        self.polling.is_some()
    }

    async fn inquire(&self, outbound: &Outbound, delivery: &Delivery, now: DateTime<Utc>) {
        if self.verify(delivery, now).is_ok()
            && let Ok(update) = serde_json::from_slice(&delivery.body)
        {
            self.learn_its_connection(&update, outbound).await;
        }
    }

    async fn fetch(&self, outbound: &Outbound) -> Result<Vec<Event>, SendError> {
        match &self.polling {
            Some(polling) => self.poll(polling, outbound).await,
            None => Ok(Vec::new()),
        }
    }

    fn taken(&self) {
        if let Some(polling) = &self.polling {
            polling.taken();
        }
    }

    async fn register(&self, outbound: &Outbound, address: &Url) -> Option<Result<Vec<String>, NotRegistered>> {
        Some(self.set_up(outbound, address).await)
    }

    async fn inspect(&self, outbound: &Outbound) -> Result<Vec<String>, SendError> {
        self.ask_about_connections(outbound).await?;
        self.troubles(outbound).await
    }

    async fn published_hours(&self, outbound: &Outbound) -> Result<Vec<PublishedHours>, SendError> {
        self.opening_hours(outbound).await
    }

    fn note(&self, key: &str, value: &str) {
        self.connections.noted(key, value);
    }
}
