//! Opt-out: "STOP" and its like, and plain sentences that say the same.
//!
//! An opt-out is honoured for good, so a false one silences the replies to a client for ever. Hence four rules. A keyword
//! counts only when it is the whole message: "stop" is one, "the bus stop is closed" is not. A sentence counts only in a
//! short message, and only when a whole clause of it says nothing else: "please stop texting me" does, "how do I make him
//! stop texting me" does not. And a lone word of another language counts only where it is an established keyword of SMS
//! services there: "alto", "basta" or "cancelar" are everyday answers. Who says what is not wanted and then what is ("no
//! answers, an appointment") wants to be answered.

mod anchors;
mod phrases;

#[cfg(test)]
mod tests;

use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;
use std::sync::LazyLock;

use super::folded::{self, Folded};

/// A longer text is no opt-out, in bytes: five times one SMS of GSM-7, as some scripts take three bytes a letter.
const LONGEST: usize = 800;

/// A message of more words (Chinese: characters) is no opt-out.
const MOST_WORDS: usize = 40;

/// So many clauses may make up one sentence: German sets a comma in the middle of "hören Sie auf, mir zu schreiben".
const CLAUSES_OF_A_SENTENCE: usize = 2;

/// What a message asks of the automatic replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptOut {
    /// No more of them.
    Out,
    /// They are welcome again.
    In,
}

impl OptOut {
    /// What the text asks, if it asks either.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::may_be_in(text).then(|| Self::read_folded(&Folded::of(text), is_own_word(text))).flatten()
    }

    /// The text is short enough, which bounds the rest of the work; one of its words may be an anchor; and it asks nothing: a
    /// question is no instruction.
    pub(super) fn may_be_in(text: &str) -> bool {
        text.len() <= LONGEST
            && folded::any_word(text, |hash| ANCHORS.may_have(hash))
            && !text.contains(['?', '？', '؟'])
    }

    /// As [`OptOut::read`], of a text that is folded already; `own_word`: see [`is_own_word`].
    pub(super) fn read_folded(text: &Folded, own_word: bool) -> Option<Self> {
        // nearly every message ends here, before there is a book
        if text.words().len() > MOST_WORDS || !text.words().any(|word| ANCHORS.contains(word)) {
            return None;
        }
        let book = &*BOOK;
        let all: &[&str] = &text.words().collect::<Vec<_>>();
        if book.back.iter().any(|pattern| pattern.is(all, &book.courtesies)) {
            return Some(Self::In);
        }
        let alone = book.alone.iter().any(|pattern| pattern.is(all, &HashSet::new()));
        let keyword = || book.keywords.iter().any(|pattern| pattern.is(all, &book.courtesies));
        let whole = || book.says(&book.whole, all);
        let mut sentences = (1..=CLAUSES_OF_A_SENTENCE).flat_map(|clauses| text.runs(clauses));
        let mut sentence = || {
            sentences.any(|words| {
                book.says(&book.sentences, &all[words.clone()])
                    || (book.says(&book.refusals, &all[words.clone()]) && !asks_for_else(text, all, &words))
            })
        };
        (alone || keyword() || whole() || (own_word && sentence())).then_some(Self::Out)
    }
}

/// Beside the words of a refusal, which does not speak of a machine, another clause says what is wanted instead.
fn asks_for_else(text: &Folded, all: &[&str], refusal: &Range<usize>) -> bool {
    let mut others = text.runs(1).filter(|clause| clause.end <= refusal.start || clause.start >= refusal.end);
    !folded::hold(&all[refusal.clone()], phrases::MACHINE)
        && others.any(|clause| {
            let words = &all[clause];
            folded::hold(words, phrases::WISHES) && !folded::hold(words, phrases::NO_WISHES)
        })
}

/// Nothing in the text is somebody else's: what stands in quotation marks or behind a colon is told, not asked for.
pub(super) fn is_own_word(text: &str) -> bool {
    !text.contains([':', '：', '"', '“', '”', '„', '«', '»', '「', '」', '『', '』'])
}

/// Everything that is looked for, folded as the texts are.
struct Book {
    alone: Vec<Pattern>,
    keywords: Vec<Pattern>,
    back: Vec<Pattern>,
    whole: Vec<Pattern>,
    sentences: Vec<Pattern>,
    refusals: Vec<Pattern>,
    courtesies: HashSet<String>,
    leads: HashSet<String>,
    trails: HashSet<String>,
    greetings: HashSet<String>,
    /// Every word that one of the patterns may begin with.
    firsts: WordSet<String>,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let patterns = |texts: &[&str]| texts.iter().copied().map(Pattern::new).collect::<Vec<_>>();
    let all = [phrases::ALONE, phrases::KEYWORDS, phrases::BACK, phrases::WHOLE, phrases::SENTENCES, phrases::REFUSALS];
    let words = |text| folded::words(text).into_iter().collect();
    Book {
        alone: patterns(phrases::ALONE),
        keywords: patterns(phrases::KEYWORDS),
        back: patterns(phrases::BACK),
        whole: patterns(phrases::WHOLE),
        sentences: patterns(phrases::SENTENCES),
        refusals: patterns(phrases::REFUSALS),
        courtesies: words(phrases::COURTESIES),
        leads: words(phrases::LEADS),
        trails: words(phrases::TRAILS),
        greetings: words(phrases::GREETINGS),
        firsts: all.into_iter().flat_map(patterns).flat_map(Pattern::firsts).collect(),
    }
});

/// Of each pattern the words of which one must be in the text.
static ANCHORS: LazyLock<WordSet<&str>> = LazyLock::new(|| anchors::ANCHORS.iter().copied().collect());

impl Book {
    /// The words are one of the patterns, with nothing around it but what may stand there.
    fn says(&self, patterns: &[Pattern], words: &[&str]) -> bool {
        (0..words.len())
            .take_while(|start| self.leads_in(&words[..*start]))
            .filter(|start| self.firsts.contains(words[*start]))
            .any(|start| patterns.iter().any(|pattern| pattern.begins(&words[start..], &self.trails)))
    }

    /// The words may stand in front: leads, and a greeting with the name behind it. Once false, it stays false with more
    /// words, but for that name.
    fn leads_in(&self, words: &[&str]) -> bool {
        let known = |word: &str| self.leads.contains(word) || self.greetings.contains(word);
        let mut greeted = false;
        words.iter().all(|word| {
            let fits = known(word) || greeted;
            greeted = self.greetings.contains(*word);
            fits
        })
    }
}

/// Slots, one after the other; in each one of its alternatives, of any number of words.
struct Pattern(Vec<Vec<Vec<String>>>);

impl Pattern {
    /// Slots stand between `/`, alternatives between `|`; an empty alternative lets the slot be left out.
    fn new(text: &str) -> Self {
        let slot = |slot: &str| slot.split('|').map(folded::words).collect();
        Self(text.split('/').map(slot).collect())
    }

    /// The words that it may begin with.
    fn firsts(self) -> Vec<String> {
        let mut firsts = Vec::new();
        for slot in self.0 {
            let may_be_left_out = slot.iter().any(Vec::is_empty);
            firsts.extend(slot.into_iter().filter_map(|words| words.into_iter().next()));
            if !may_be_left_out {
                break;
            }
        }
        firsts
    }

    /// The words are the pattern, with words of `around` on either side.
    fn is(&self, words: &[&str], around: &HashSet<String>) -> bool {
        let leads = words.iter().take_while(|word| around.contains(**word)).count();
        (0..=leads).any(|start| self.begins(&words[start..], around))
    }

    /// The words begin with the pattern, and then there are only words of `trails`.
    fn begins(&self, words: &[&str], trails: &HashSet<String>) -> bool {
        fits(&self.0, words, trails)
    }
}

fn fits(slots: &[Vec<Vec<String>>], words: &[&str], trails: &HashSet<String>) -> bool {
    let Some((slot, rest)) = slots.split_first() else {
        return words.iter().all(|word| trails.contains(*word));
    };
    slot.iter().any(|alternative| {
        let begins =
            words.len() >= alternative.len() && alternative.iter().zip(words).all(|(wanted, word)| wanted == word);
        begins && fits(rest, &words[alternative.len()..], trails)
    })
}

/// Words behind a sieve that lets few others through: every message is asked.
struct WordSet<W> {
    sieve: [u64; 64],
    words: HashSet<W>,
}

impl<W: Borrow<str> + Eq + Hash> WordSet<W> {
    fn contains(&self, word: &str) -> bool {
        self.may_have(folded::hash(word)) && self.words.contains(word)
    }

    /// A word of that hash may be among them.
    fn may_have(&self, hash: u32) -> bool {
        let (slot, bit) = Self::place(hash);
        self.sieve[slot] & bit != 0
    }

    fn place(hash: u32) -> (usize, u64) {
        ((hash >> 6) as usize % 64, 1 << (hash % 64))
    }
}

impl<W: Borrow<str> + Eq + Hash> FromIterator<W> for WordSet<W> {
    fn from_iter<I: IntoIterator<Item = W>>(words: I) -> Self {
        let words: HashSet<W> = words.into_iter().collect();
        let mut sieve = [0; 64];
        for word in &words {
            let (slot, bit) = Self::place(folded::hash(word.borrow()));
            sieve[slot] |= bit;
        }
        Self { sieve, words }
    }
}
