//! Whole words, without regard to case or accents.

use super::folded::{self, Folded};

/// One or more words that must stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase(Vec<String>);

impl Phrase {
    /// Reads a phrase; `None` when there is no word in it.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let words = folded::words(text);
        (!words.is_empty()).then_some(Self(words))
    }
}

/// A text, folded once and asked for many phrases.
#[derive(Clone, Debug)]
pub struct Words(Folded);

impl Words {
    /// Folds a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Folded::of(text))
    }

    /// The phrase is in the text, as whole words.
    #[must_use]
    pub fn contain(&self, phrase: &Phrase) -> bool {
        let mut rest = self.0.words();
        while rest.len() >= phrase.0.len() {
            if rest.clone().zip(&phrase.0).all(|(word, wanted)| word == wanted) {
                return true;
            }
            rest.next();
        }
        false
    }

    pub(super) fn folded(&self) -> &Folded {
        &self.0
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
