//! As much as fits: entries are left out from the end, the count of what is missing never is.

use super::Limit;
use crate::language::NoticeWords;
use crate::language::text::shorten;

/// Less of a message's text than this (in the limit's own unit) is not worth its place.
const LEAST_TEXT: usize = 20;

/// A part of a notice that is shown whole or, at worst, with its text cut.
pub(super) struct Entry {
    /// What must be shown for it to mean anything; may be several lines.
    pub head: String,
    /// The words of a message, indented; may be empty, and may be cut.
    pub text: String,
    /// How many messages it tells of.
    pub messages: usize,
}

/// Nothing of it would be cut.
pub(super) fn fits(lead: Option<&str>, entries: &[Entry], limit: Limit) -> bool {
    let mut page = Page::new(limit);
    if let Some(lead) = lead {
        page.add(lead);
    }
    for entry in entries {
        page.add_entry(&entry.head, &entry.text);
    }
    page.fits(0)
}

/// The entries, one below the other, `lead` above them; cut to the limit, with a count of the messages that are missing.
pub(super) fn fill(lead: Option<&str>, entries: &[Entry], words: &NoticeWords, limit: Limit) -> String {
    let total = entries.iter().map(|entry| entry.messages).sum::<usize>();
    let mut page = Page::new(limit);
    if let Some(lead) = lead {
        page.add(lead);
    }
    if page.fits(entries.iter().map(|entry| limit.size_of_entry(entry)).sum()) {
        for entry in entries {
            page.add_entry(&entry.head, &entry.text);
        }
        return page.text;
    }

    let least = (words.messages)(total);
    if !page.fits(1 + limit.size(&least)) {
        page = Page::new(limit); // not even the lead has room beside the count
    }
    let mut shown = 0;
    for entry in entries {
        let rest = total - shown - entry.messages;
        let count = if rest == 0 { 0 } else { 2 + limit.size(&(words.more)(rest)) };
        if page.fits(limit.size_of_entry(entry) + count) {
            page.add_entry(&entry.head, &entry.text);
            shown += entry.messages;
            continue;
        }
        let room = page.room().saturating_sub(count + limit.size(&entry.head) + 2);
        if !entry.text.is_empty() && room >= LEAST_TEXT {
            page.add_entry(&entry.head, &limit.clip(&entry.text, room));
            shown += entry.messages;
        }
        break;
    }
    match total - shown {
        0 => {}
        all if all == total => page.add(&limit.clip(&least, page.room().saturating_sub(1))),
        rest => page.add(&format!("\n{}", (words.more)(rest))),
    }
    page.text
}

/// A text and the facts below it; the text is cut so that the facts stay.
pub(super) fn with_footer(lead: Option<&str>, text: &str, footer: &str, limit: Limit) -> String {
    let mut page = Page::new(limit);
    if let Some(lead) = lead.filter(|lead| page.fits(limit.size(lead) + 1 + limit.size(footer))) {
        page.add(lead);
    }
    let reserved = if footer.is_empty() { 1 } else { limit.size(footer) + 2 };
    let room = page.room().saturating_sub(reserved);
    if !text.is_empty() && (limit.size(text) <= room || room >= LEAST_TEXT) {
        page.add(&limit.clip(text, room));
    }
    if !footer.is_empty() {
        page.add(&limit.clip(footer, page.room().saturating_sub(1)));
    }
    page.text
}

struct Page {
    text: String,
    used: usize,
    limit: Limit,
}

impl Page {
    fn new(limit: Limit) -> Self {
        Self { text: String::new(), used: 0, limit }
    }

    fn room(&self) -> usize {
        self.limit.most().saturating_sub(self.used)
    }

    fn fits(&self, size: usize) -> bool {
        self.used.saturating_add(size) <= self.limit.most()
    }

    /// Adds lines; each addition but the first costs a line break.
    fn add(&mut self, lines: &str) {
        let lines = if self.text.is_empty() { lines.trim_start_matches('\n') } else { lines };
        if !self.text.is_empty() {
            self.text.push('\n');
            self.used += 1;
        }
        self.text.push_str(lines);
        self.used += self.limit.size(lines);
    }

    fn add_entry(&mut self, head: &str, text: &str) {
        self.add(head);
        if !text.is_empty() {
            self.add(text);
        }
    }
}

impl Limit {
    fn most(self) -> usize {
        match self {
            Self::None => usize::MAX,
            Self::Bytes(most) | Self::Chars(most) => most,
        }
    }

    fn size(self, text: &str) -> usize {
        match self {
            Self::None => 0,
            Self::Bytes(_) => text.len(),
            Self::Chars(_) => text.chars().count(),
        }
    }

    /// With its line breaks.
    fn size_of_entry(self, entry: &Entry) -> usize {
        let text = if entry.text.is_empty() { 0 } else { 1 + self.size(&entry.text) };
        1 + self.size(&entry.head) + text
    }

    /// The text in at most `room` of the limit's unit, cut behind a word and marked with "…".
    fn clip(self, text: &str, room: usize) -> String {
        if self.size(text) <= room {
            return text.to_owned();
        }
        let mark = self.size("…");
        let mut used = 0;
        let fitting = text.char_indices().take_while(|(_, character)| {
            used += self.size(character.encode_utf8(&mut [0; 4]));
            used + mark <= room
        });
        let end = fitting.last().map_or(0, |(start, character)| start + character.len_utf8());
        if mark > room { String::new() } else { shorten(text, text[..end].chars().count() + 1) }
    }
}
