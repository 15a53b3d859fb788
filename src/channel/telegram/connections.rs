//! The connections of Telegram Business: whose accounts the bot answers for, and whether it may.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::wire::Part;
use crate::message::{Event, Personal};

/// So many connections that nobody has told of are remembered, until Telegram is asked about them.
const MOST_UNKNOWN: usize = 32;

/// A connection, as it is noted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Connection {
    /// The user id of the owner's account: the line.
    pub account: i64,
    /// The bot may write for it.
    pub can_reply: bool,
    /// It is connected.
    pub is_enabled: bool,
    /// When it was made, in Unix seconds; 0 where that was not noted.
    #[serde(default)]
    pub since: i64,
}

impl Connection {
    /// A `BusinessConnection`, with its id; the right to reply stood outside `rights` before Bot API 9.0.
    pub fn read(told: Part<'_>) -> Option<(String, Self)> {
        let id = Some(told.text("id")).filter(|id| !id.is_empty())?;
        let can_reply = told.flag("rights.can_reply").or(told.flag("can_reply")).unwrap_or(false);
        let is_enabled = told.flag("is_enabled").unwrap_or(false);
        let since = told.number("date").unwrap_or_default();
        Some((id.to_owned(), Self { account: told.number("user.id")?, can_reply, is_enabled, since }))
    }

    /// A reply can be sent under it.
    pub fn is_answerable(&self) -> bool {
        self.can_reply && self.is_enabled
    }

    pub fn note(&self, id: &str) -> Event {
        let value = Personal::new(serde_json::to_string(self).unwrap_or_default());
        Event::Note { key: id.to_owned(), value }
    }
}

/// So many connections are known at once; owners have a few.
const MOST_TOLD: usize = 1000;

/// So many accounts of strangers are named in `status`.
const MOST_NAMED: usize = 5;

/// What is known of them.
#[derive(Default)]
pub(super) struct Connections {
    /// The lines that the config lists.
    lines: Vec<String>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    told: BTreeMap<String, Told>,
    unknown: BTreeSet<String>,
}

struct Told {
    connection: Connection,
    is_noted: bool,
}

impl Connections {
    pub fn with_lines(lines: Vec<String>) -> Self {
        Self { lines, known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection of that id, and whether it is still to be noted. One that nobody has told of is remembered as such.
    pub fn find(&self, id: &str) -> Option<(Connection, bool)> {
        let mut known = self.known();
        if let Some(told) = known.told.get(id) {
            return Some((told.connection.clone(), !told.is_noted));
        }
        if known.unknown.len() < MOST_UNKNOWN {
            known.unknown.insert(id.to_owned());
        }
        None
    }

    /// Takes in what was noted.
    pub fn noted(&self, id: &str, value: &str) {
        if let Ok(connection) = serde_json::from_str(value) {
            self.take(id, connection, true);
        }
    }

    /// Takes in what Telegram told of one, which is still to be noted.
    pub fn told(&self, id: &str, connection: Connection) {
        self.take(id, connection, false);
    }

    fn take(&self, id: &str, connection: Connection, is_noted: bool) {
        let mut known = self.known();
        known.unknown.remove(id);
        let as_noted = |told: &Told| told.is_noted && told.connection == connection;
        let is_noted = is_noted || known.told.get(id).is_some_and(as_noted);
        known.told.insert(id.to_owned(), Told { connection, is_noted });
        // what strangers do must not fill the memory; of what is left out Telegram is asked again
        let can_go = |(other, told): &(&String, &Told)| *other != id && self.is_strangers_in(&known, &told.connection);
        if known.told.len() > MOST_TOLD
            && let Some(other) = known.told.iter().find(can_go).map(|(other, _)| other.clone())
        {
            known.told.remove(&other);
        }
    }

    /// Telegram knows none of that id.
    pub fn gone(&self, id: &str) {
        self.known().unknown.remove(id);
    }

    /// Those that messages came under and nobody has told of.
    pub fn unknown(&self) -> Vec<String> {
        self.known().unknown.iter().cloned().collect()
    }

    /// The account is none of the owner's: not one that the config lists; where it lists no line, not the one that was
    /// connected first. One that is not connected any more counts as well: nobody steps into its place.
    pub fn is_strangers(&self, connection: &Connection) -> bool {
        self.is_strangers_in(&self.known(), connection)
    }

    fn is_strangers_in(&self, known: &Known, connection: &Connection) -> bool {
        let account = connection.account;
        if self.lines.is_empty() {
            first(known).is_some_and(|first| first.account != account && first.since <= connection.since)
        } else {
            !self.lines.contains(&account.to_string())
        }
    }

    /// The lines that the config must list for that account to be the owner's: it, and what needs no table as long as there is
    /// none.
    pub fn tables(&self, account: i64, bot: Option<i64>) -> Vec<String> {
        let first = first(&self.known()).map(|first| first.account);
        let beside = if self.lines.is_empty() { [first, bot] } else { [None, None] };
        [Some(account)].into_iter().chain(beside).flatten().map(|line| line.to_string()).collect()
    }

    /// The owner's accounts that are connected.
    pub fn accounts(&self) -> BTreeSet<i64> {
        let known = self.known();
        let is_own = |told: &&Told| told.connection.is_enabled && !self.is_strangers_in(&known, &told.connection);
        known.told.values().filter(is_own).map(|told| told.connection.account).collect()
    }

    /// What keeps replies from going out, a sentence for each account of the owner's, and one for all of strangers.
    pub fn troubles(&self) -> Vec<String> {
        let known = self.known();
        let all = || known.told.values().map(|told| &told.connection);
        let accounts: BTreeSet<i64> = all().map(|connection| connection.account).collect();
        let own: BTreeSet<i64> = all()
            .filter(|connection| !self.is_strangers_in(&known, connection))
            .map(|connection| connection.account)
            .collect();
        let (strangers, accounts): (Vec<_>, Vec<_>) = accounts.into_iter().partition(|account| !own.contains(account));
        let trouble = |account: i64| {
            let mut of_account = all().filter(|connection| connection.account == account).peekable();
            let is_enabled = of_account.clone().any(|connection| connection.is_enabled);
            if of_account.any(Connection::is_answerable) {
                None
            } else if is_enabled {
                Some(format!(
                    "the bot may not reply for account {account}: in that account's Settings > Telegram Business > \
                     Chatbots allow it to reply to messages"
                ))
            } else {
                Some(format!(
                    "account {account} is not connected any more: its clients are not answered; connect it again in its \
                     Settings > Telegram Business > Chatbots"
                ))
            }
        };
        let is_connected = |account| all().any(|connection| connection.account == account && connection.is_enabled);
        let first = first(&known).map(|first| first.account).filter(|_| self.lines.is_empty());
        let guessed = first.filter(|first| is_connected(*first)).map(guessed);
        let strangers: Vec<_> = strangers.into_iter().filter(|account| is_connected(*account)).collect();
        accounts.into_iter().filter_map(trouble).chain(guessed).chain(of_strangers(&strangers)).collect()
    }
}

/// The account that was connected first.
fn first(known: &Known) -> Option<&Connection> {
    known.told.values().map(|told| &told.connection).min_by_key(|connection| connection.since)
}

fn guessed(account: i64) -> String {
    format!(
        "account {account} was the first to connect the bot and is taken for yours, as the config names none: if it is, add \
         [channel.NAME.line.{account}], and a table for the bot itself; if not, the table of the account that is"
    )
}

fn of_strangers(accounts: &[i64]) -> Option<String> {
    let named: Vec<_> = accounts.iter().take(MOST_NAMED).map(i64::to_string).collect();
    let more = match accounts.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = named.join(", ");
    (!accounts.is_empty()).then(|| {
        format!(
            "accounts that the config does not name have connected the bot, and nothing that comes under them is kept or \
             answered: {named}{more}; one that is yours needs a table, [channel.NAME.line.ID]"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(account: i64, since: i64) -> Connection {
        Connection { account, can_reply: true, is_enabled: true, since }
    }

    /// The accounts that connected before, and when; the lines; an account, and when; whether it is a stranger's.
    type Case = (&'static [(i64, i64)], &'static [&'static str], (i64, i64), bool);

    #[test]
    fn without_tables_the_first_account_is_the_owners_and_with_them_those_that_are_listed() {
        let cases: &[Case] = &[
            (&[], &[], (111, 5), false),
            (&[(111, 5)], &[], (111, 9), false),
            (&[(111, 5)], &[], (666, 6), true),
            (&[(111, 5)], &[], (666, 5), true),
            // the owner had connected before the service knew of anybody
            (&[(666, 5)], &[], (111, 4), false),
            (&[(666, 5)], &[], (111, 6), true),
            (&[], &["111"], (111, 5), false),
            (&[], &["111"], (666, 5), true),
            (&[(666, 1)], &["111", "222"], (222, 5), false),
            (&[], &["999"], (111, 5), true),
            (&[], &["1111", "11"], (111, 5), true),
        ];
        for (before, lines, (account, since), is_strangers) in cases {
            let connections = Connections::with_lines(lines.iter().map(|line| (*line).to_owned()).collect());
            for (account, since) in *before {
                connections.told(&account.to_string(), connection(*account, *since));
            }
            let found = connections.is_strangers(&connection(*account, *since));
            assert_eq!(found, *is_strangers, "{before:?} {lines:?} {account} {since}");
        }
    }

    #[test]
    fn what_strangers_do_fills_no_memory_and_pushes_nobody_out() {
        let connections = Connections::with_lines(vec!["111".to_owned()]);
        connections.noted("aa", &serde_json::to_string(&connection(111, 1)).expect("JSON"));
        for stranger in 0..3000 {
            connections.told(&format!("{stranger:05}"), connection(1_000_000 + stranger, stranger));
        }
        assert_eq!(connections.known().told.len(), MOST_TOLD);
        assert!(connections.find("aa").is_some_and(|(found, to_note)| found.account == 111 && !to_note));
        assert!(connections.find("02999").is_some(), "the latest is known");
        let troubles = connections.troubles();
        assert!(troubles.len() == 1 && troubles[0].contains(" and 994 more; "), "{troubles:?}");
    }
}
