//! Whole words, without regard to case or accents.

use super::folded::{self, Folded};

/// One or more words that must stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    words: Vec<String>,
    marks: u64,
}

impl Phrase {
    /// Reads a phrase; `None` when there is no word in it.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let words = folded::words(text);
        let marks = marks(words.iter().map(String::as_str));
        (!words.is_empty()).then_some(Self { words, marks })
    }
}

/// A text, folded once and asked for many phrases.
#[derive(Clone, Debug)]
pub struct Words {
    folded: Folded,
    marks: u64,
}

/// A bit for each word: a text without a phrase's bits is without its words, which is all that most phrases need to be asked.
fn marks<'w>(words: impl Iterator<Item = &'w str>) -> u64 {
    words.fold(0, |marks, word| marks | (1 << (folded::hash(word) % 64)))
}

impl Words {
    /// Folds a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let folded = Folded::of(text);
        Self { marks: marks(folded.words()), folded }
    }

    /// The phrase is in the text, as whole words.
    #[must_use]
    pub fn contain(&self, phrase: &Phrase) -> bool {
        if phrase.marks & !self.marks != 0 {
            return false;
        }
        let mut rest = self.folded.words();
        while rest.len() >= phrase.words.len() {
            if rest.clone().zip(&phrase.words).all(|(word, wanted)| word == wanted) {
                return true;
            }
            rest.next();
        }
        false
    }

    pub(super) fn folded(&self) -> &Folded {
        &self.folded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_without_regard_to_case_and_accents() {
        let cases = [
            ("URGENT!", "urgent", true),
            ("not so urgently", "urgent", false),
            ("Es urgentísimo", "urgente", false),
            ("¿Está usted ahí? Urgente.", "esta", true),
            ("DRINGEND: Wasserschaden", "dringend", true),
            ("water damage, again", "water damage", true),
            ("water and damage", "water damage", false),
            ("ｕｒｇｅｎｔ", "urgent", true),
            ("İstanbul", "istanbul", true),
            ("Don't wait", "don’t", true),
            ("水管爆了，很紧急", "紧急", true),
            ("बहुत ज़रूरी है", "जरूरी", true),
            ("", "urgent", false),
        ];
        for (text, phrase, found) in cases {
            let phrase = Phrase::new(phrase).expect("has a word");
            assert_eq!(Words::of(text).contain(&phrase), found, "{text}");
        }
        assert_eq!(Phrase::new(" !? "), None);
    }
}
