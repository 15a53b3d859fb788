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

/// The client list.
#[derive(Debug, Default)]
pub struct Clients {}

impl Clients {
    /// The list of these people, in the order of the config.
    ///
    /// # Errors
    /// Every address that stands twice: both places, each as (person, address) by their position.
    pub fn new(_people: Vec<Client>) -> Result<Self, Vec<Twice>> {
        todo!()
    }

    /// Who has one of these addresses; the first address that is known decides. Constant time per address.
    #[must_use]
    pub fn find(&self, _addresses: &[Address]) -> Option<&Client> {
        todo!()
    }
}

/// An address that stands twice: (person, address) by position, the earlier place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twice {
    /// Where it stood first.
    pub first: (usize, usize),
    /// Where it stands again.
    pub again: (usize, usize),
}

/// Reads an address as people write it into a config: E.164, a national phone number (`country` says whose), an e-mail
/// address, or `telegram:`, `teams:`, `whatsapp:`, … and an id.
///
/// # Errors
/// Why it is none of these: a lower-case fragment for the config room, with a hint.
pub fn read_address(_text: &str, _country: Option<&str>) -> Result<Address, AddressProblem> {
    todo!()
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressProblem {
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}
