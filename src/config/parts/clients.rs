//! `[[client]]`.

use std::collections::BTreeSet;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::desk::Desk;
use super::super::many::{Many, texts};
use super::super::recover::unknown_word;
use super::owner::Draft;
use super::tables::Table;
use super::values;
use crate::clients::{Client, Clients, Standing, read_address};
use crate::message::Personal;

/// A person you know.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The name, as replies and notices show it.
    #[serde(default)]
    #[schemars(with = "String")]
    name: Option<Spanned<String>>,
    /// Where they write from: phone numbers (`+504 9999-0001`, or as in your country), e-mail addresses,
    /// `telegram:…`, `teams:…`, `whatsapp:…` ids. One, or several.
    #[schemars(with = "Many")]
    address: Option<Spanned<Many>>,
    /// Labels that rules may test.
    #[serde(default)]
    #[schemars(with = "Many")]
    labels: Option<Spanned<Many>>,
    /// The language of replies to them. Default: their device's where the provider tells it, the line's, that of the
    /// country of their number, the owner's.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[A-Za-z]{2,3}([-_].*)?$"))]
    language: Option<Spanned<String>>,
    /// Where they live, when that is elsewhere: the reply then names the opening in their time too.
    #[serde(default)]
    #[schemars(with = "String")]
    timezone: Option<Spanned<String>>,
    /// `client`; `personal`: nothing of them is stored or answered (see `[personal]`); `blocked`: never answered, never shown.
    /// Default: `client`.
    #[serde(default)]
    #[schemars(with = "StandingWord")]
    standing: Option<Spanned<String>>,
}

/// What a person may be to you.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema is wanted")]
enum StandingWord {
    Client,
    Personal,
    Blocked,
}

/// The client list, and every label in it.
pub struct List {
    /// The people; `None` when an address stands twice.
    pub clients: Option<Clients>,
    /// Their labels.
    pub labels: BTreeSet<String>,
    /// Where the first personal one is called so.
    pub personal: Option<Range<usize>>,
}

/// Reads every client. The owner's country says how national phone numbers are read.
pub fn read(tables: Vec<Table<'_>>, owner: &Draft, desk: &mut Desk) -> List {
    let mut people = Vec::with_capacity(tables.len());
    let mut places: Vec<Vec<Range<usize>>> = Vec::with_capacity(tables.len());
    let mut personal = None;
    for table in tables {
        let (person, addresses, standing) = one(table, owner, desk);
        personal = personal.or(standing.filter(|_| person.standing == Standing::Personal));
        people.push(person);
        places.push(addresses);
    }
    let labels = people.iter().flat_map(|person| person.labels.iter().cloned()).collect();
    let clients = Clients::new(people).map_err(|twice| {
        let place = |(person, address): (usize, usize)| {
            places.get(person).and_then(|addresses| addresses.get(address)).cloned()
        };
        for pair in twice {
            let (Some(first), Some(again)) = (place(pair.first), place(pair.again)) else { continue };
            desk.findings
                .error(again, "this address stands twice")
                .label("here again")
                .also(first, "first here")
                .hint("one address is one person: take one of the two out");
        }
    });
    List { clients: clients.ok(), labels, personal }
}

/// The person, and where the addresses and the standing are.
fn one(table: Table<'_>, owner: &Draft, desk: &mut Desk) -> (Client, Vec<Range<usize>>, Option<Range<usize>>) {
    let header = table.span.clone();
    let keys: Keys = table.read(desk);
    let mut addresses = Vec::new();
    let mut places = Vec::new();
    let written = texts(keys.address.as_ref());
    if written.is_empty() {
        desk.missing("address", &keys.address.as_ref().map_or(header, Spanned::span));
    }
    for text in written {
        match read_address(text.get_ref(), owner.country.as_deref()) {
            Ok(address) => {
                addresses.push(address);
                places.push(text.span());
            }
            Err(_) if owner.country_is_wrong && !text.get_ref().contains(['+', '@', ':']) => {}
            Err(problem) => {
                desk.findings.error(text.span(), problem.message).hint_if(problem.hint);
            }
        }
    }
    let standing = keys.standing.as_ref().and_then(|written| read_standing(written, desk));
    let client = Client {
        name: Personal::new(keys.name.map(Spanned::into_inner).unwrap_or_default()),
        addresses,
        labels: texts(keys.labels.as_ref()).into_iter().map(Spanned::into_inner).collect(),
        language: keys.language.as_ref().and_then(|written| values::language(written, desk)),
        timezone: keys.timezone.as_ref().and_then(|written| values::zone(written, desk)),
        standing: standing.unwrap_or_default(),
    };
    (client, places, keys.standing.map(|standing| standing.span()))
}

fn read_standing(written: &Spanned<String>, desk: &mut Desk) -> Option<Standing> {
    const LISTED: [Standing; 3] = [Standing::Client, Standing::Personal, Standing::Blocked];
    let found = LISTED.into_iter().find(|standing| standing.name() == written.get_ref());
    if found.is_none() && written.get_ref() == Standing::Unknown.name() {
        desk.findings
            .error(written.span(), "who is on the list is not unknown")
            .hint("write `client`, `personal` or `blocked`");
    } else if found.is_none() {
        unknown_word(written.get_ref(), written.span(), &LISTED.map(Standing::name), &mut desk.findings);
    }
    found
}
