//! Whole words, without regard to case or accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One or more words that must stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase(Vec<String>);

impl Phrase {
    /// Reads a phrase; `None` when there is no word in it.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let words: Vec<_> = words(text).collect();
        (!words.is_empty()).then_some(Self(words))
    }
}

/// A text, folded once and asked for many phrases.
#[derive(Clone, Debug)]
pub struct Words(Vec<String>);

impl Words {
    /// Folds a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(words(text).collect())
    }

    /// The phrase is in the text, as whole words.
    #[must_use]
    pub fn contain(&self, phrase: &Phrase) -> bool {
        self.0.windows(phrase.0.len()).any(|window| window == phrase.0)
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    // NFKD splits letter and accent, and unfolds full-width forms and ligatures
    let folded: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let words: Vec<String> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.into_iter()
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
            ("", "urgent", false),
        ];
        for (text, phrase, found) in cases {
            let phrase = Phrase::new(phrase).expect("has a word");
            assert_eq!(Words::of(text).contain(&phrase), found, "{text}");
        }
        assert_eq!(Phrase::new(" !? "), None);
    }
}
