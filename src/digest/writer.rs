//! One message, one person, in words.

use chrono::{DateTime, Utc};

use super::page::Entry;
use super::{Content, Held, Links, Rang, Style, Waiting};
use crate::language::text::{cut_to, fill, is_direction_mark, is_hidden, is_right_to_left, shorten};
use crate::language::{Wording, stamp};
use crate::message::{Kind, Personal};

/// A longer message is cut: the rest is where it came from (characters).
const LONGEST_TEXT: usize = 500;

/// A longer name or address is cut (characters).
const LONGEST_NAME: usize = 60;

/// Between the facts of one line.
const BESIDE: &str = " · ";

/// What lines are written with.
pub(super) struct Writer<'a> {
    pub now: DateTime<Utc>,
    pub style: &'a Style,
    pub wording: &'static Wording,
}

impl Writer<'_> {
    /// "5 messages from 3 people".
    pub(super) fn title(&self, messages: usize, people: usize) -> String {
        (self.wording.notices.messages_from_people)(messages, people)
    }

    /// "2 messages from Ana".
    pub(super) fn title_of_one(&self, person: &[&Held]) -> String {
        let messages = (self.wording.notices.messages)(person.len());
        let name = best_named(person).map_or_else(String::new, |message| self.name(message));
        fill(self.wording.notices.messages_from, &[("messages", &messages), ("name", &name)])
    }

    /// Those who still wait for an answer that was promised, a line each, of `all` that there are. What they wrote was told
    /// before, and is not told again.
    pub(super) fn waiting(&self, waiting: &[Waiting], all: usize) -> Vec<Entry> {
        let words = &self.wording.notices;
        if waiting.is_empty() {
            return Vec::new();
        }
        if self.style.content == Content::Count {
            return vec![entry(format!("{}: {all}", words.waiting))];
        }
        let count = if all > waiting.len() { format!(" ({}/{all})", waiting.len()) } else { String::new() };
        let mut entries = vec![entry(format!("{}{count}:", words.waiting))];
        for one in waiting {
            entries.push(entry(format!("• {}{BESIDE}{}", self.who(&one.message), self.told(one))));
            entries.extend(one.message.done_url.as_ref().map(|url| self.link(url)));
        }
        entries
    }

    /// Somebody who waits, as far as a lock screen may show it.
    pub(super) fn who(&self, message: &Held) -> String {
        if self.style.content == Content::Full { self.name_and_address(message) } else { self.name(message) }
    }

    /// When somebody who waits wrote, and what they were told.
    pub(super) fn told(&self, Waiting { message, promised }: &Waiting) -> String {
        let time = stamp(*promised, self.now, self.style.zone, &self.style.language);
        let promised = fill(self.wording.notices.promised, &[("time", &time)]);
        [self.stamp(message), promised].join(BESIDE)
    }

    /// Where the owner says that somebody has an answer: shown whole or not at all.
    fn link(&self, url: &Personal) -> Entry {
        entry(format!("  {}: {}", self.wording.notices.answered, url.as_str()))
    }

    /// How the urgent budget was used, a line each. What they wrote was told at once.
    pub(super) fn rang(&self, rang: &[Rang]) -> Vec<Entry> {
        let words = &self.wording.notices;
        match (rang.is_empty(), self.style.content) {
            (true, _) => Vec::new(),
            (false, Content::Count) => vec![entry(format!("{}: {}", words.rang_through, rang.len()))],
            (false, Content::Full | Content::Names) => {
                let line = |Rang { message, used, of }: &Rang| {
                    entry(format!("• {} · {} · {used}/{of}", self.name(message), self.stamp(message)))
                };
                [entry(format!("{}:", words.rang_through))].into_iter().chain(rang.iter().map(line)).collect()
            }
        }
    }

    /// Every message; a person's name stands above the first of them, the link below the last.
    pub(super) fn messages(&self, people: &[Vec<&Held>], done_urls: &Links<'_>) -> Vec<Entry> {
        let mut entries = Vec::new();
        for person in people {
            let one_channel = person.iter().all(|message| self.channel(message) == self.channel(person[0]));
            for (position, message) in person.iter().enumerate() {
                let facts = self.facts(message, (!one_channel).then(|| self.channel(message)));
                let mut head = format!("• {}", facts.join(BESIDE));
                if position == 0 {
                    let channel =
                        if one_channel { format!("{BESIDE}{}", self.channel(message)) } else { String::new() };
                    let who = self.name_and_address(best_named(person).unwrap_or(message));
                    head = format!("\n{who}{channel}\n{head}");
                }
                let text = readable(message.text.as_str());
                let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
                entries.push(Entry { head, text: lines.join("\n"), messages: 1 });
            }
            entries.extend(done_urls.get(&person[0].person).map(|url| self.link(url)));
        }
        entries
    }

    /// A line for each person: who, how many, since when; and the link.
    pub(super) fn names(&self, people: &[Vec<&Held>], done_urls: &Links<'_>) -> Vec<Entry> {
        let lines = |person: &Vec<&Held>| {
            let messages = (self.wording.notices.messages)(person.len());
            let name = self.name(best_named(person).unwrap_or(person[0]));
            let mut facts = vec![name, messages, self.stamp(person[0])];
            if person.iter().any(|message| message.urgent) {
                facts.push(self.wording.notices.urgent.to_owned());
            }
            let line = Entry { head: facts.join(BESIDE), text: String::new(), messages: person.len() };
            [line].into_iter().chain(done_urls.get(&person[0].person).map(|url| self.link(url)))
        };
        people.iter().flat_map(lines).collect()
    }

    /// One line: how many, since when.
    pub(super) fn count(&self, people: &[Vec<&Held>]) -> Vec<Entry> {
        let messages = people.iter().map(Vec::len).sum();
        let mut facts = vec![self.title(messages, people.len())];
        facts.extend(people.first().map(|oldest| self.stamp(oldest[0])));
        if people.iter().flatten().any(|message| message.urgent) {
            facts.push(self.wording.notices.urgent.to_owned());
        }
        vec![Entry { head: facts.join(BESIDE), text: String::new(), messages }]
    }

    /// Title, text and facts of a message on its own.
    pub(super) fn single(&self, message: &Held) -> (String, String, String) {
        let words = &self.wording.notices;
        if self.style.content == Content::Count {
            let urgent = message.urgent.then(|| words.urgent.to_owned());
            let facts: Vec<String> = [self.stamp(message)].into_iter().chain(urgent).collect();
            return ((words.messages)(1), String::new(), facts.join(BESIDE));
        }
        let mut title = vec![self.name(message)];
        title.extend(self.kind(message.kind).map(str::to_owned));
        title.extend(message.urgent.then(|| words.urgent.to_owned()));
        let mut facts = Vec::new();
        let mut text = String::new();
        if self.style.content == Content::Full {
            text = readable(message.text.as_str());
            if !message.known && self.address(message) != self.name(message) {
                facts.push(self.address(message));
            }
        }
        facts.extend([self.stamp(message), self.channel(message)]);
        facts.extend(self.fate(message));
        (title.join(BESIDE), text, facts.join(BESIDE))
    }

    /// When, where, what it is, and what became of it.
    fn facts(&self, message: &Held, channel: Option<String>) -> Vec<String> {
        let words = &self.wording.notices;
        let told = [self.kind(message.kind), message.urgent.then_some(words.urgent)];
        let told = told.into_iter().flatten().map(str::to_owned);
        let facts = [self.stamp(message)].into_iter().chain(channel).chain(told);
        facts.chain(self.fate(message)).collect()
    }

    /// What became of it.
    fn fate(&self, message: &Held) -> impl Iterator<Item = String> {
        let words = &self.wording.notices;
        let wordless = message.kind == Kind::Text && readable(message.text.as_str()).is_empty();
        let told = [
            wordless.then_some(words.wordless),
            message.late.then_some(words.late),
            message.replied.then_some(words.replied),
        ];
        told.into_iter().flatten().map(str::to_owned)
    }

    fn stamp(&self, message: &Held) -> String {
        stamp(message.at, self.now, self.style.zone, &self.style.language)
    }

    fn kind(&self, kind: Kind) -> Option<&'static str> {
        match kind {
            Kind::Text => None,
            Kind::Media => Some(self.wording.notices.media),
            Kind::Call => Some(self.wording.notices.call),
            Kind::Voicemail => Some(self.wording.notices.voicemail),
        }
    }

    fn channel(&self, message: &Held) -> String {
        let line = message.line.as_ref().map_or_else(String::new, |line| format!(" ({})", one_line(line)));
        self.isolated(&format!("{}{line}", message.channel))
    }

    fn name(&self, message: &Held) -> String {
        let name = one_line(message.name.as_str());
        if name.is_empty() { self.address(message) } else { self.isolated(&name) }
    }

    fn address(&self, message: &Held) -> String {
        self.isolated(&one_line(message.address.as_str()))
    }

    /// Who is not on the list is shown with the address: there is no other way to find it.
    fn name_and_address(&self, message: &Held) -> String {
        let (name, address) = (self.name(message), self.address(message));
        if message.known || name == address { name } else { format!("{name} ({address})") }
    }

    /// Text that runs against the direction of the line is fenced in (U+2068, U+2069), so that it does not turn the rest.
    fn isolated(&self, text: &str) -> String {
        if text.chars().any(is_right_to_left) == self.wording.right_to_left {
            text.to_owned()
        } else {
            format!("\u{2068}{text}\u{2069}")
        }
    }
}

/// A line that tells of no new message.
fn entry(head: String) -> Entry {
    Entry { head, text: String::new(), messages: 0 }
}

/// The message that names the person best: one that the client list names, or else the latest.
fn best_named<'a>(person: &[&'a Held]) -> Option<&'a Held> {
    person.iter().find(|message| message.known).or(person.last()).copied()
}

/// A name on one line, without what does not show.
fn one_line(text: &str) -> String {
    let shown = text.chars().filter(|c| !is_hidden(*c) && !is_direction_mark(*c));
    let spaced: String = shown.map(|c| if c.is_control() { ' ' } else { c }).collect();
    cut_to(&spaced.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST_NAME)
}

/// The words of a message: its lines without white space around them, without empty lines, control characters and what
/// else does not show; right-to-left text keeps the marks it was typed with.
fn readable(text: &str) -> String {
    let breaks = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let shown: String = breaks
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !c.is_control() && !is_hidden(*c))
        .collect();
    let lines: Vec<&str> = shown.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    shorten(&lines.join("\n"), LONGEST_TEXT)
}
