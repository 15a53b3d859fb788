//! What the API says and takes, as JSON.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::clients::{Client, Clients};
use crate::desk::Desk;
use crate::hours::Override;
use crate::message::Inbound;
use crate::store::{Account, Dispatch, HeldRow};

/// One message of `GET /api/v1/held`. What quotes a person is there on the admin socket only.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HeldView {
    /// Its number.
    pub id: i64,
    /// The channel.
    pub channel: String,
    /// The line.
    pub line: String,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// When the owner is told; `null` when no opening is known.
    pub due_at: Option<DateTime<Utc>>,
    /// The sinks that it waits for.
    pub sinks: Vec<String>,
    /// A notice of it was given up; `held release` tries it anew.
    pub given_up: bool,
    /// `text`, `media`, `call` or `voicemail`.
    pub kind: String,
    /// The name of the reply that was decided.
    pub reply: Option<String>,
    /// What became of that reply: `none`, `waiting`, `sent`, `unknown`, `dead` or `withdrawn`.
    pub reply_state: String,
    /// Why, as verdicts say it.
    pub because: Vec<String>,
    /// Who wrote, and what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
}

/// The part of a message that quotes a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Said {
    /// The sender's addresses, the most stable first.
    pub from: Vec<String>,
    /// What the client list or else the sender calls them; may be empty.
    pub name: String,
    /// The words; may be empty.
    pub text: String,
}

/// One of `GET /api/v1/promises`, on the admin socket only: who was told an opening, and has no answer yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PromiseView {
    /// The number of the message that was answered automatically.
    pub id: i64,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// The opening that the reply named.
    pub opens_at: DateTime<Utc>,
    /// Who wrote, and what.
    pub said: Said,
}

/// `POST /api/v1/messages/ID/done` says:
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    /// Something was promised, and is kept now.
    pub done: bool,
}

/// `GET /api/v1/messages/ID` says, on the admin socket only: one message, and all that became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MessageView {
    /// Its number.
    pub id: i64,
    /// The owner's zone.
    pub timezone: String,
    /// The channel.
    pub channel: String,
    /// The line.
    pub line: String,
    /// The hours that ruled.
    pub hours: String,
    /// When it was sent, as the provider says.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// `text`, `media`, `call` or `voicemail`.
    pub kind: String,
    /// Who wrote, and what.
    pub said: Said,
    /// What the sender is now: `client`, `blocked`, `unknown` …
    pub standing: String,
    /// Why, as verdicts say it.
    pub because: Vec<String>,
    /// The name of the reply that was decided.
    pub reply: Option<String>,
    /// That reply, when there was to be one, and the notices.
    pub sends: Vec<SendView>,
}

/// One send of [`MessageView`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendView {
    /// `reply`, `now` or `hold`.
    pub kind: String,
    /// The channel of a reply, the sink of a notice.
    pub target: String,
    /// `waiting`, `sending`, `sent`, `withdrawn`, `unknown` or `dead`.
    pub state: String,
    /// When it is tried next; `null` when nothing dates it (no opening is known), or when it has ended.
    pub due_at: Option<DateTime<Utc>>,
    /// Attempts that were begun.
    pub attempts: u32,
    /// Why it ended as it did, or why the last attempt did not do it.
    pub reason: Option<String>,
    /// When it ended.
    pub settled_at: Option<DateTime<Utc>>,
}

/// `POST /api/v1/held/release` says:
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Released {
    /// How many notices are on their way.
    pub released: u64,
}

/// `POST /api/v1/away` and `POST /api/v1/open` take:
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantOverride {
    /// As `until`; now, when it is left out.
    #[serde(default)]
    pub from: Option<String>,
    /// RFC 3339, or `2026-12-01 08:00`, or `2026-12-01` (the start of that day) in the owner's zone.
    pub until: String,
    /// The reply that goes out meanwhile.
    #[serde(default)]
    pub reply: Option<String>,
}

/// `POST /api/v1/away` and `POST /api/v1/open` say:
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Overridden {
    /// Open, or away.
    pub open: bool,
    /// From then.
    pub from: DateTime<Utc>,
    /// Until then.
    pub until: DateTime<Utc>,
    /// The owner's zone.
    pub timezone: String,
    /// The reply that goes out meanwhile; `null` is none.
    pub reply: Option<String>,
    /// The hours that are open longer than that without it.
    pub anyway: Vec<Anyway>,
    /// Now, by the service's clock.
    pub at: DateTime<Utc>,
    /// All that holds over the hours from now on, in turn.
    pub overrides: Vec<Override>,
}

/// Hours that are open longer than the owner says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Anyway {
    /// Their name.
    pub hours: String,
    /// Until then; `null` when they do not close within 400 days.
    pub until: Option<DateTime<Utc>>,
}

/// `DELETE /api/v1/away` and `DELETE /api/v1/open` take, as the query:
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantEnd {
    /// Those too that have not begun.
    #[serde(default)]
    pub all: bool,
}

/// `DELETE /api/v1/away` and `DELETE /api/v1/open` say:
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ended {
    /// An absence was running.
    pub was_away: bool,
    /// What has ended.
    pub ended: Vec<Override>,
    /// The owner's zone.
    pub timezone: String,
    /// Now, by the service's clock.
    pub at: DateTime<Utc>,
    /// All that still holds over the hours from now on, in turn.
    pub overrides: Vec<Override>,
}

/// `GET /api/v1/clients` says, on the admin socket only:
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClientsView {
    /// The client list, in the order of the config.
    pub clients: Vec<ClientView>,
    /// How many addresses that are not on it want no automatic replies. Which they are nobody can say: the store knows
    /// hashes only.
    pub others_opted_out: u64,
}

/// One of [`ClientsView`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClientView {
    /// As in the config; may be empty.
    pub name: String,
    /// `client`, `personal` or `blocked`.
    pub standing: String,
    /// For rules.
    pub labels: Vec<String>,
    /// Every address, in its canonical spelling.
    pub addresses: Vec<String>,
    /// What replies are written in, when the config says so.
    pub language: Option<String>,
    /// Asked for no automatic replies.
    pub opted_out: bool,
}

/// `POST /api/v1/clients/opt-in` takes:
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantOptIn {
    /// An address, as the client list may have it.
    pub address: String,
}

/// `POST /api/v1/clients/opt-in` says:
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OptIn {
    /// The address, in its canonical spelling.
    pub address: String,
    /// What the client list calls the person.
    pub name: Option<String>,
    /// The person wanted no automatic replies; now they are sent again.
    pub had_opted_out: bool,
}

/// Every answer that is none.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// A sentence.
    pub error: String,
}

impl HeldView {
    /// A row, without what quotes a person.
    #[must_use]
    pub fn new(row: HeldRow) -> Self {
        let message = &row.message;
        Self {
            id: message.id,
            channel: message.channel.clone(),
            line: message.line.clone(),
            received_at: message.received_at,
            due_at: row.due_at,
            kind: message.message.kind.name().to_owned(),
            reply: message.reply.clone(),
            reply_state: message.reply_state.to_owned(),
            sinks: row.sinks,
            given_up: row.given_up,
            because: row.because,
            said: None,
        }
    }
}

impl MessageView {
    /// An account, as the owner may see it.
    #[must_use]
    pub fn new(account: Account, desk: &Desk) -> Self {
        let Account { message: stored, because, sends } = account;
        Self {
            id: stored.id,
            timezone: desk.config().owner.timezone.name().to_owned(),
            channel: stored.channel.clone(),
            line: stored.line.clone(),
            hours: stored.hours.clone(),
            sent_at: stored.message.sent_at,
            received_at: stored.received_at,
            kind: stored.message.kind.name().to_owned(),
            said: Said::new(&stored.message, &desk.config().clients),
            standing: desk.standing(&stored).name().to_owned(),
            because,
            reply: stored.reply.clone(),
            sends: sends.into_iter().map(SendView::new).collect(),
        }
    }
}

impl ClientView {
    /// A person of the list.
    #[must_use]
    pub fn new(client: &Client, opted_out: bool) -> Self {
        Self {
            name: client.name.as_str().to_owned(),
            standing: client.standing.name().to_owned(),
            labels: client.labels.clone(),
            addresses: client.addresses.iter().map(|address| address.as_str().to_owned()).collect(),
            language: client.language.as_ref().map(ToString::to_string),
            opted_out,
        }
    }
}

impl SendView {
    fn new(send: Dispatch) -> Self {
        let Dispatch { kind, target, state, due_at, attempts, reason, settled_at } = send;
        Self { kind: kind.name().to_owned(), target, state: state.to_owned(), due_at, attempts, reason, settled_at }
    }
}

impl Said {
    /// What a message says, and what the client list calls its sender.
    #[must_use]
    pub fn new(message: &Inbound, clients: &Clients) -> Self {
        let known = clients.find(&message.from).map(|client| &client.name);
        Self {
            from: message.from.iter().map(|address| address.as_str().to_owned()).collect(),
            name: known.unwrap_or(&message.name).as_str().to_owned(),
            text: message.text.as_str().to_owned(),
        }
    }
}
