//! A text, folded so that case, accents, width, punctuation and emoji do not matter, and cut into words and clauses.
//!
//! An apostrophe does not split a word (`don't` is `dont`), the vowel signs of Indic scripts stay (without them most Hindi
//! words fall together), and each Han character is a word of its own (Chinese has no spaces).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded text.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    words: Vec<String>,
    /// How many words there are up to the end of each clause; clauses without a word are left out.
    ends: Vec<usize>,
}

impl Folded {
    /// Folds a text.
    pub(super) fn of(text: &str) -> Self {
        let mut folded = Self::default();
        let mut word = String::new();
        // NFKD splits letter and accent, and unfolds full-width forms, ligatures and the bold letters of phones
        for character in text.chars().filter(|c| *c != '´').nfkd().flat_map(char::to_lowercase) {
            let Some(character) = fold(character) else { continue };
            let han = is_han(character);
            let inside = character.is_alphanumeric() || is_combining_mark(character);
            if !word.is_empty() && (han || !inside) {
                folded.words.push(std::mem::take(&mut word));
            }
            if han {
                folded.words.push(character.to_string());
            } else if character == 'ß' {
                word.push_str("ss");
            } else if inside {
                word.push(character);
            } else if ends_clause(character) {
                folded.end_clause();
            }
        }
        if !word.is_empty() {
            folded.words.push(word);
        }
        folded.end_clause();
        folded
    }

    fn end_clause(&mut self) {
        if self.words.len() > self.ends.last().copied().unwrap_or(0) {
            self.ends.push(self.words.len());
        }
    }

    /// All words, whatever stands between them.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }

    /// The words of each run of so many clauses.
    pub(super) fn runs(&self, clauses: usize) -> impl Iterator<Item = &[String]> {
        let start = move |index: usize| if index == 0 { 0 } else { self.ends[index - 1] };
        let count = (self.ends.len() + 1).saturating_sub(clauses);
        (0..count).map(move |index| &self.words[start(index)..self.ends[index + clauses - 1]])
    }
}

/// All words of a text, whatever stands between them.
pub(super) fn words(text: &str) -> Vec<String> {
    Folded::of(text).words
}

fn fold(character: char) -> Option<char> {
    match character {
        _ if is_passed_over(character) => None,
        'ı' => Some('i'),
        'ł' => Some('l'),
        'ø' => Some('o'),
        'ى' | 'ی' => Some('ي'),
        'ة' => Some('ه'),
        '\u{901}' => Some('\u{902}'),
        character => Some(character),
    }
}

/// Accents, Arabic vowel signs and hamzas, the Indic nukta, tatweel, apostrophes, and marks that nobody sees: soft hyphen,
/// joiners, directions, variation selectors.
fn is_passed_over(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{93c}' | '\u{640}' | '\'' | '‘' | '’' | 'ʼ' | '`'
            | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// A Han character: a word of its own.
pub(super) fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2ebef}')
}

fn ends_clause(character: char) -> bool {
    matches!(
        character,
        '.' | '!' | '?' | ',' | ';' | ':' | '\n' | '\r' | '¡' | '¿' | '。' | '、' | '؟' | '،' | '؛' | '।' | '—' | '–'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_folded_and_cut() {
        let cases = [
            ("Don’t, STOP!", "dont/stop"),
            ("ＳＴＯＰ", "stop"),
            ("𝐒𝐓𝐎𝐏 🛑", "stop"),
            ("🛑STOP🛑", "stop"),
            ("st\u{200b}op\u{fe0f}", "stop"),
            ("opt-out", "opt out"),
            ("¡No me escriba más!", "no me escriba mas"),
            ("don´t", "dont"),
            ("artık", "artik"),
            ("Żółć, Straße", "zolc/strasse"),
            ("أوقفوا الرسائلَ، من فضلك", "اوقفوا الرسايل/من فضلك"),
            ("बंद करें।", "बंद करें"),
            ("请不要再发了。谢谢", "请 不 要 再 发 了/谢 谢"),
            ("回T退订", "回 t 退 订"),
            ("…!?", ""),
        ];
        for (text, folded) in cases {
            let clauses: Vec<_> = Folded::of(text).runs(1).map(|words| words.join(" ")).collect();
            assert_eq!(clauses.join("/"), folded, "{text}");
        }
    }
    #[test]
    fn runs_are_clauses_side_by_side() {
        let folded = Folded::of("one, two three. four");
        let runs = |length| folded.runs(length).map(|words| words.join(" ")).collect::<Vec<_>>();
        assert_eq!(runs(2), ["one two three", "two three four"]);
        assert_eq!(runs(3), ["one two three four"]);
        assert!(runs(4).is_empty() && Folded::of("?").runs(1).next().is_none());
    }
}
