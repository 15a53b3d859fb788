//! Who is known, by address; standing, labels, language.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::message::{Address, Personal};

/// What a sender is to the owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// On the client list.
    #[default]
    Client,
    /// Private: nothing is stored, logged or answered.
    Personal,
    /// Never answered, never notified.
    Blocked,
    /// Not on the list.
    Unknown,
}

impl Standing {
    /// As in the config file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Personal => "personal",
            Self::Blocked => "blocked",
            Self::Unknown => "unknown",
        }
    }
}

/// A person on the list.
#[derive(Clone, Debug)]
pub struct Client {
    /// As in the config.
    pub name: Personal,
    /// Every address, canonical.
    pub addresses: Vec<Address>,
    /// For rules.
    pub labels: Vec<String>,
    /// What replies are written in.
    pub language: Option<Language>,
    /// Where the person lives, when it is not where the hours are.
    pub timezone: Option<Tz>,
    /// What the person is to the owner.
    pub standing: Standing,
}
