//! Who is known, by address; standing, labels, language.

mod address;

use std::hash::{BuildHasher, RandomState};

use chrono_tz::Tz;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use serde::{Deserialize, Serialize};

pub(crate) use address::is_separator;
pub use address::{AddressProblem, read_address};

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

/// The client list. It does not change: a new list is a new `Clients`.
#[derive(Debug, Default)]
pub struct Clients {
    people: Vec<Client>,
    /// Where each address stands. It holds no copy of the address: 10 to 21 bytes each, at a million as at ten.
    index: HashTable<Place>,
    hasher: RandomState,
}

/// An address by (person, address), each by its position.
type Place = (u32, u32);

impl Clients {
    /// The list of these people, in the order of the config.
    ///
    /// # Errors
    /// Every address that stands twice: both places, each as (person, address) by their position.
    ///
    /// # Panics
    /// With more than four billion people, or addresses of one person.
    pub fn new(people: Vec<Client>) -> Result<Self, Vec<Twice>> {
        let hasher = RandomState::new();
        let mut index = HashTable::with_capacity(people.iter().map(|person| person.addresses.len()).sum());
        let mut twice = Vec::new();
        for (person, client) in people.iter().enumerate() {
            for (position, address) in client.addresses.iter().enumerate() {
                let same = |place: &Place| address_at(&people, *place) == address;
                let hash_of = |place: &Place| hasher.hash_one(address_at(&people, *place));
                match index.entry(hasher.hash_one(address), same, hash_of) {
                    Entry::Occupied(entry) => {
                        let &(first_person, first_position) = entry.get();
                        twice.push(Twice {
                            first: (first_person as usize, first_position as usize),
                            again: (person, position),
                        });
                    }
                    Entry::Vacant(entry) => {
                        entry.insert((narrow(person), narrow(position)));
                    }
                }
            }
        }
        if twice.is_empty() { Ok(Self { people, index, hasher }) } else { Err(twice) }
    }

    /// Who has one of these addresses; the first address that is known decides. Constant time per address.
    #[must_use]
    pub fn find(&self, addresses: &[Address]) -> Option<&Client> {
        addresses.iter().find_map(|address| {
            let same = |place: &Place| address_at(&self.people, *place) == address;
            let &(person, _) = self.index.find(self.hasher.hash_one(address), same)?;
            self.people.get(person as usize)
        })
    }

    /// Everybody, in the order of the config.
    pub fn iter(&self) -> std::slice::Iter<'_, Client> {
        self.people.iter()
    }

    /// How many people.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Nobody is on the list.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }
}

impl<'a> IntoIterator for &'a Clients {
    type Item = &'a Client;
    type IntoIter = std::slice::Iter<'a, Client>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
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

fn address_at(people: &[Client], (person, position): Place) -> &Address {
    &people[person as usize].addresses[position as usize]
}

#[expect(clippy::expect_used, reason = "a list of four billion does not fit into memory")]
fn narrow(position: usize) -> u32 {
    u32::try_from(position).expect("fewer than four billion")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(name: &str, addresses: &[&str]) -> Client {
        Client {
            name: Personal::new(name),
            addresses: addresses.iter().map(|text| read_address(text, Some("HN")).expect(text)).collect(),
            labels: Vec::new(),
            language: None,
            timezone: None,
            standing: Standing::Client,
        }
    }

    fn address(text: &str) -> Address {
        Address::canonical(text, "test").expect(text)
    }

    fn name(client: Option<&Client>) -> Option<&str> {
        client.map(|client| client.name.as_str())
    }

    #[test]
    fn a_person_is_found_by_any_address() {
        let list = vec![
            client("Ana", &["+504 9999-0001", "Ana@example.org", "telegram:5550101"]),
            client("Mum", &["9999-0002"]),
        ];
        let clients = Clients::new(list).expect("no address twice");
        for (asked, found) in [
            (vec!["+50499990001"], Some("Ana")),
            (vec!["ana@example.org"], Some("Ana")),
            (vec!["telegram:5550101"], Some("Ana")),
            (vec!["+50499990002"], Some("Mum")),
            (vec!["whatsapp:HN.1", "+50499990002"], Some("Mum")), // the id is not known, the number is
            (vec!["+50499990002", "+50499990001"], Some("Mum")),  // the first known address decides
            (vec!["+50499990003"], None),
            (vec!["telegram:+50499990001"], None),
            (vec![], None),
        ] {
            let addresses: Vec<_> = asked.iter().map(|text| address(text)).collect();
            assert_eq!(name(clients.find(&addresses)), found, "{asked:?}");
        }
        assert_eq!(clients.len(), 2);
        assert_eq!(clients.iter().next().map(|client| client.addresses.len()), Some(3));
    }

    #[test]
    fn an_address_twice_names_both_places() {
        let twice = Clients::new(vec![
            client("Ana", &["+504 9999-0001", "ana@example.org"]),
            client("Bo", &["bo@example.org", "ANA@example.org"]),
            client("Cy", &["telegram:1", "telegram:2", "telegram:1", "9999-0001"]),
        ])
        .expect_err("three addresses stand twice");
        assert_eq!(
            twice,
            [
                Twice { first: (0, 1), again: (1, 1) },
                Twice { first: (2, 0), again: (2, 2) }, // within one person
                Twice { first: (0, 0), again: (2, 3) }, // another spelling
            ]
        );
    }

    #[test]
    fn nobody_is_on_an_empty_list() {
        assert!(Clients::default().find(&[address("+50499990001")]).is_none());
        assert!(Clients::new(Vec::new()).expect("nothing twice").is_empty());
    }

    #[test]
    fn a_million_addresses_find_their_people() {
        let number = |person: u32, line: u32| Address::phone(&format!("504{person:06}{line}")).expect("a number");
        let list = (0..250_000).map(|person| Client {
            addresses: (0..4).map(|line| number(person, line)).collect(),
            labels: vec![person.to_string()],
            ..client("", &[])
        });
        let clients = Clients::new(list.collect()).expect("no address twice");
        for person in (0..250_000).step_by(997) {
            for line in 0..4 {
                let found = clients.find(&[number(person, line)]).expect("on the list");
                assert_eq!(found.labels, [person.to_string()]);
            }
            assert!(clients.find(&[number(person, 4)]).is_none());
        }
    }
}
