//! Many held notices in, one out; and the notice of a single message.

mod page;
mod writer;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::language::text::is_hidden;
use crate::message::{Kind, Personal};
use writer::Writer;

/// What a lock screen may show (`notify.content`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Names and words.
    #[default]
    Full,
    /// Names alone.
    Names,
    /// How many.
    Count,
}

/// How long a notice may be at a sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// None that matters.
    None,
    /// Bytes of UTF-8 in the body.
    Bytes(usize),
    /// Unicode scalar values in the body.
    Chars(usize),
}

/// One message as the owner is told of it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each shown by itself")]
pub struct Held {
    /// What joins the messages of one person: equal for equal persons, whatever channels they used.
    pub person: Personal,
    /// The name on the client list, or else the provider's, or else the address.
    pub name: Personal,
    /// On the client list.
    pub known: bool,
    /// The address it came from.
    pub address: Personal,
    /// The channel's name in the config.
    pub channel: String,
    /// The line, when the channel has several.
    pub line: Option<String>,
    /// What kind of message.
    pub kind: Kind,
    /// Its words.
    pub text: Personal,
    /// When it was sent, or else received.
    pub at: DateTime<Utc>,
    /// The provider flagged it urgent.
    pub urgent: bool,
    /// The client got an automatic reply to it.
    pub replied: bool,
    /// It was older than `max_age` on arrival: an outage, a backlog, theirs or ours.
    pub late: bool,
    /// Where the owner says that this person has an answer. `None`: none is promised, or the owner has no such links.
    pub done_url: Option<Personal>,
}

/// What kind of notice it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// One message that may not wait, or came in open hours.
    Now,
    /// The held ones.
    Digest,
    /// The service has something to say of itself.
    Alert,
}

impl NoticeKind {
    /// As `rehearse` prints it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Digest => "digest",
            Self::Alert => "alert",
        }
    }
}

/// What a sink delivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What kind.
    pub kind: NoticeKind,
    /// One line.
    pub title: Personal,
    /// Plain text, several lines, within the sink's [`Limit`].
    pub body: Personal,
    /// How many messages it tells of, those that were cut included.
    pub messages: usize,
    /// It may not wait.
    pub urgent: bool,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// The one link in it, for sinks that have buttons; `None` when there are several, which stand in the body alone.
    pub link: Option<Link>,
}

/// A link of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What the owner says by it.
    pub label: &'static str,
    /// It proves that its bearer was told.
    pub url: Personal,
}

/// How notices are written.
#[derive(Clone, Debug)]
pub struct Style {
    /// What a lock screen may show.
    pub content: Content,
    /// The owner's language.
    pub language: Language,
    /// The owner's zone.
    pub zone: chrono_tz::Tz,
}

/// Somebody who was told an opening that is over, and has no answer yet.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The message that was answered automatically.
    pub message: Held,
    /// The opening that the reply named.
    pub promised: DateTime<Utc>,
}

/// A message that rang through in the closed period, on the sender's word.
#[derive(Clone, Debug)]
pub struct Rang {
    /// The message, which was told at once.
    pub message: Held,
    /// How often the person had rung through by then.
    pub used: u32,
    /// How often they may.
    pub of: u32,
}

/// What a digest tells beside the held messages, each of which was told before.
#[derive(Clone, Debug, Default)]
pub struct Aside {
    /// Who still waits since earlier openings, the longest waiting first.
    pub waiting: Vec<Waiting>,
    /// Who rang through in the closed period, in order.
    pub rang: Vec<Rang>,
}

/// The most people who still wait that one notice names: the longest waiting ones.
const MOST_WAITING: usize = 10;

/// One notice of the held messages: first who still waits since earlier openings, and who rang through; then the held ones, grouped by person, the
/// person who has waited longest first, in a person the oldest message first; cut to `limit` with a count of the rest. `repeated`: an earlier attempt may have arrived, and the text says so.
///
/// Each person has one link at most; those of held messages stay out where they would push words out.
#[must_use]
pub fn digest(held: &[Held], aside: &Aside, now: DateTime<Utc>, style: &Style, limit: Limit, repeated: bool) -> Notice {
    let wording = style.language.wording_or_english();
    let words = &wording.notices;
    let writer = Writer { now, style, wording };
    let people = by_person(held);
    let title = match (style.content, people.as_slice()) {
        (Content::Full | Content::Names, [only]) => writer.title_of_one(only),
        _ => writer.title(held.len(), people.len()),
    };
    let waiting = &aside.waiting[..aside.waiting.len().min(MOST_WAITING)];
    let links = links(waiting, &people, style.content);
    let page = |links: &Links<'_>| {
        let told = match style.content {
            Content::Full => writer.messages(&people, links),
            Content::Names => writer.names(&people, links),
            Content::Count => writer.count(&people),
        };
        let mut entries = writer.waiting(waiting, aside.waiting.len());
        entries.extend(writer.rang(&aside.rang));
        entries.extend(told);
        entries
    };
    let lead = repeated.then_some(words.repeated);
    let mut entries = page(&links);
    if !page::fits(lead, &entries, limit) {
        entries = page(&Links::new());
    }
    let mut shown = waiting.iter().filter_map(|waiting| waiting.message.done_url.as_ref()).chain(links.into_values());
    let link = shown.next().filter(|_| style.content != Content::Count && shown.next().is_none());
    let link = link.map(|url| Link { label: words.answered, url: url.clone() });
    Notice {
        kind: NoticeKind::Digest,
        title: Personal::new(title),
        body: Personal::new(page::fill(lead, &entries, words, limit)),
        messages: held.len(),
        urgent: false,
        at: now,
        link,
    }
}

/// The notice of one message.
#[must_use]
pub fn single(message: &Held, now: DateTime<Utc>, style: &Style, limit: Limit, repeated: bool) -> Notice {
    let wording = style.language.wording_or_english();
    let writer = Writer { now, style, wording };
    let (title, text, facts) = writer.single(message);
    let lead = repeated.then_some(wording.notices.repeated);
    Notice {
        kind: NoticeKind::Now,
        title: Personal::new(title),
        body: Personal::new(page::with_footer(lead, &text, &facts, limit)),
        messages: 1,
        urgent: message.urgent,
        at: now,
        link: None,
    }
}

/// The service speaks of itself: `words` are in English, as the log is.
#[must_use]
pub fn alert(words: &str, now: DateTime<Utc>, limit: Limit, repeated: bool) -> Notice {
    let lead = repeated.then_some(Language::english().wording_or_english().notices.repeated);
    // a provider may call a line or an error whatever it likes
    let words: String = words.chars().filter(|c| *c == '\n' || !c.is_control() && !is_hidden(*c)).collect();
    Notice {
        kind: NoticeKind::Alert,
        title: Personal::new("afterhours"),
        body: Personal::new(page::with_footer(lead, words.trim(), "", limit)),
        messages: 0,
        urgent: false,
        at: now,
        link: None,
    }
}

/// What a page says of somebody who waits: who it is, as far as notices may name people, and what that person wrote when and
/// was told. Of the words nothing.
#[must_use]
pub fn who_waits(waiting: &Waiting, now: DateTime<Utc>, style: &Style) -> (Option<Personal>, String) {
    let wording = style.language.wording_or_english();
    let writer = Writer { now, style, wording };
    let who = (style.content != Content::Count).then(|| Personal::new(writer.who(&waiting.message)));
    (who, writer.told(waiting))
}

/// Where it is said that a person has an answer, by the person: of those who have no such link yet in the list of those who
/// wait.
type Links<'a> = HashMap<&'a Personal, &'a Personal>;

fn links<'a>(waiting: &[Waiting], people: &[Vec<&'a Held>], content: Content) -> Links<'a> {
    let listed: HashSet<_> = waiting.iter().map(|waiting| &waiting.message.person).collect();
    let link = |person: &Vec<&'a Held>| {
        let url = person.iter().find_map(|message| message.done_url.as_ref())?;
        let person = &person.first()?.person;
        (!listed.contains(person)).then_some((person, url))
    };
    if content == Content::Count { Links::new() } else { people.iter().filter_map(link).collect() }
}

/// The messages of each person, oldest first; the persons by their oldest message.
fn by_person(held: &[Held]) -> Vec<Vec<&Held>> {
    let mut sorted: Vec<&Held> = held.iter().collect();
    sorted.sort_by_key(|message| message.at);
    let mut people: Vec<Vec<&Held>> = Vec::new();
    let mut places: HashMap<&Personal, usize> = HashMap::new();
    for message in sorted {
        let place = *places.entry(&message.person).or_insert(people.len());
        match people.get_mut(place) {
            Some(messages) => messages.push(message),
            None => people.push(vec![message]),
        }
    }
    people
}

#[cfg(test)]
mod tests;
