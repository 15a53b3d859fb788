//! The file as structs, cross-checks as a list, secrets.

mod desk;
pub mod duration;
mod environment;
mod load;
mod many;
mod mask;
mod parts;
mod problem;
mod recover;
mod schema;
mod secret;
mod section;
mod source;
pub(crate) mod suggest;
mod syntax;
mod text;
mod url;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use chrono_tz::Tz;

pub use environment::Environment;
pub use load::{load, load_in, read};
pub use problem::{Entry, Problem, Severity};
pub use schema::{Key, own_keys, schema};
pub use secret::Secret;
pub use section::Section;

use crate::channel::Channel;
use crate::clients::Clients;
use crate::digest::Content;
use crate::hours::Hours;
use crate::language::Language;
use crate::message::Personal;
use crate::reply::Replies;
use crate::sink::Sink;
use crate::verdict::Policy;

/// A whole, checked configuration. What it names exists.
pub struct Config {
    /// `[owner]`.
    pub owner: Owner,
    /// `[listen]`.
    pub listen: Listen,
    /// `[store]`.
    pub store: StoreSettings,
    /// `[hours.NAME]`.
    pub hours: BTreeMap<Arc<str>, Hours>,
    /// The first hours of the file.
    pub default_hours: Arc<str>,
    /// `[channel.NAME]`.
    pub channels: BTreeMap<Arc<str>, ChannelSettings>,
    /// `[[client]]`.
    pub clients: Clients,
    /// `[reply.NAME]`, with the built-in texts behind them.
    pub replies: Replies,
    /// `[[rule]]`, `[urgent]`, `[limits]`, `[conversation]`, `[personal]`.
    pub policy: Policy,
    /// `[sink.NAME]`.
    pub sinks: BTreeMap<String, Arc<dyn Sink>>,
    /// `[notify]`.
    pub notify: NotifySettings,
}

/// `[owner]`.
#[derive(Clone, Debug)]
pub struct Owner {
    /// As replies may name it.
    pub name: Personal,
    /// The zone of hours that name none, and of notices.
    pub timezone: Tz,
    /// Of notices, and of replies to people of whom no language is known.
    pub language: Language,
    /// ISO 3166 code: how a national phone number is read.
    pub country: Option<String>,
}

/// `[listen]`.
#[derive(Clone, Debug)]
pub struct Listen {
    /// What the providers reach; `127.0.0.1:8787` by default.
    pub hooks: SocketAddr,
    /// Health, metrics, API; `127.0.0.1:8788` by default.
    pub admin: SocketAddr,
    /// The Unix socket that the commands talk to; `/run/afterhours/admin.sock` by default.
    pub socket: PathBuf,
    /// The hooks side as providers see it, without a final slash.
    pub public_url: Option<String>,
    /// The admin side as the owner's devices reach it, without a final slash: what links in notices begin with. Without it
    /// there are none.
    pub admin_url: Option<String>,
}

/// `[store]`.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// `sqlite:PATH`; `sqlite:/var/lib/afterhours/afterhours.db` by default.
    pub url: String,
    /// How long a message is kept; 90 days by default.
    pub retain: TimeDelta,
}

/// `[channel.NAME]`.
pub struct ChannelSettings {
    /// The connection.
    pub channel: Arc<dyn Channel>,
    /// The hours of its lines that name none.
    pub hours: Arc<str>,
    /// `[channel.NAME.line.ID]`, by the provider's id. Empty: there is one line, `default`.
    pub lines: BTreeMap<Arc<str>, LineSettings>,
    /// `reply_language` of lines that name none.
    pub reply_language: Option<Language>,
}

/// `[channel.NAME.line.ID]`.
#[derive(Clone, Debug)]
pub struct LineSettings {
    /// Its hours, or else the channel's.
    pub hours: Arc<str>,
    /// Nothing stored, nothing answered.
    pub private: bool,
    /// The language of replies on it to people whose language is not known.
    pub reply_language: Option<Language>,
}

/// `[notify]`.
#[derive(Clone, Debug, Default)]
pub struct NotifySettings {
    /// Sinks for what may not wait, and for open hours.
    pub now: Vec<String>,
    /// Sinks for the digest.
    pub digest: Vec<String>,
    /// What a lock screen may show.
    pub content: Content,
}

/// What reading a config gave.
pub struct Loaded {
    /// The config.
    pub config: Config,
    /// What works and is probably not what was meant.
    pub warnings: Vec<Problem>,
}

/// Why a config is not in force: every problem, warnings included, in the order of the file.
#[derive(Clone, Debug)]
pub struct Report {
    /// Each problem; `Display` is how `check` prints it, `log_line` is for logs.
    pub problems: Vec<Problem>,
}
