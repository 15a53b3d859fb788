//! A text, folded so that case, accents, width, punctuation and emoji do not matter, and cut into words and clauses.
//!
//! An apostrophe does not split a word (`don't` is `dont`), the vowel signs of Indic scripts stay (without them most Hindi
//! words fall together), and each Han character is a word of its own (Chinese has no spaces).

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded text.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    /// The words, one behind the other.
    text: String,
    /// Where each word ends in it.
    words: Vec<usize>,
    /// How many words there are up to the end of each clause; clauses without a word are left out.
    clauses: Vec<usize>,
}

impl Folded {
    /// Folds a text.
    pub(super) fn of(text: &str) -> Self {
        let mut folded =
            Self { text: String::with_capacity(text.len()), words: Vec::with_capacity(16), ..Self::default() };
        if text.is_ascii() {
            // nothing to unfold, and every message is folded
            for byte in text.bytes() {
                match ASCII[usize::from(byte)] {
                    Class::Inside => folded.text.push(char::from(byte.to_ascii_lowercase())),
                    Class::PassedOver => {}
                    Class::Between => folded.end_word(),
                    Class::EndsClause => {
                        folded.end_word();
                        folded.end_clause();
                    }
                }
            }
        } else {
            // NFKD splits letter and accent, and unfolds full-width forms, ligatures and the bold letters of phones
            text.chars().filter(|c| *c != '´').nfkd().flat_map(char::to_lowercase).for_each(|c| folded.take(c));
        }
        folded.end_word();
        folded.end_clause();
        folded
    }

    fn take(&mut self, character: char) {
        let Some(character) = fold(character) else { return };
        let han = is_han(character);
        let inside = character.is_alphanumeric() || is_combining_mark(character);
        if han || !inside {
            self.end_word();
        }
        if han {
            self.text.push(character);
            self.end_word();
        } else if character == 'ß' {
            self.text.push_str("ss");
        } else if inside {
            self.text.push(character);
        } else if ends_clause(character) {
            self.end_clause();
        }
    }

    fn end_word(&mut self) {
        if self.text.len() > self.words.last().copied().unwrap_or(0) {
            self.words.push(self.text.len());
        }
    }

    fn end_clause(&mut self) {
        if self.words.len() > self.clauses.last().copied().unwrap_or(0) {
            self.clauses.push(self.words.len());
        }
    }

    /// All words, whatever stands between them.
    pub(super) fn words(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        let start = |index: usize| if index == 0 { 0 } else { self.words[index - 1] };
        (0..self.words.len()).map(move |index| &self.text[start(index)..self.words[index]])
    }

    /// The words of each run of so many clauses, as places in [`Folded::words`].
    pub(super) fn runs(&self, clauses: usize) -> impl Iterator<Item = Range<usize>> {
        let start = |index: usize| if index == 0 { 0 } else { self.clauses[index - 1] };
        let count = (self.clauses.len() + 1).saturating_sub(clauses);
        (0..count).map(move |index| start(index)..self.clauses[index + clauses - 1])
    }
}

/// What an ASCII character does to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Inside,
    PassedOver,
    Between,
    EndsClause,
}

/// As [`Folded::take`] has it, looked up.
static ASCII: [Class; 128] = {
    let mut classes = [Class::Between; 128];
    let mut byte = 0;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => Class::Inside,
            b'\'' | b'`' => Class::PassedOver,
            b'.' | b'!' | b'?' | b',' | b';' | b':' | b'\n' | b'\r' => Class::EndsClause,
            _ => Class::Between,
        };
        byte += 1;
    }
    classes
};

/// FNV-1a, in front of the first byte.
const FNV: u32 = 0x811c_9dc5;

fn fnv(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// The FNV-1a hash of a folded word.
pub(super) fn hash(word: &str) -> u32 {
    word.bytes().fold(FNV, fnv)
}

/// Whether the hash of any word of an ASCII text is wanted, without folding it; `true` of any other text.
pub(super) fn any_word(text: &str, wanted: impl Fn(u32) -> bool) -> bool {
    let mut word = FNV;
    for byte in text.bytes() {
        match ASCII.get(usize::from(byte)) {
            Some(Class::Inside) => word = fnv(word, byte.to_ascii_lowercase()),
            Some(Class::PassedOver) => {}
            Some(Class::Between | Class::EndsClause) => {
                if word != FNV && wanted(word) {
                    return true;
                }
                word = FNV;
            }
            None => return true,
        }
    }
    word != FNV && wanted(word)
}

/// All words of a text, whatever stands between them.
pub(super) fn words(text: &str) -> Vec<String> {
    Folded::of(text).words().map(str::to_owned).collect()
}

/// One of the phrases stands somewhere in the words, side by side. Phrases are folded already and stand between `/`; a `*`
/// ends a word that may go on.
pub(super) fn hold<W: AsRef<str>>(words: &[W], phrases: &str) -> bool {
    phrases.split('/').any(|phrase| (0..words.len()).any(|start| begins(&words[start..], phrase).is_some()))
}

/// How many words the phrase takes, when the words begin with it.
pub(super) fn begins<W: AsRef<str>>(words: &[W], phrase: &str) -> Option<usize> {
    let mut length = 0;
    for part in phrase.split(' ') {
        let word = words.get(length)?.as_ref();
        let fits = part.strip_suffix('*').map_or(word == part, |stem| word.starts_with(stem));
        if !fits {
            return None;
        }
        length += 1;
    }
    Some(length)
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
    use proptest::prelude::*;

    use super::*;

    fn runs(folded: &Folded, clauses: usize) -> Vec<String> {
        let words: Vec<_> = folded.words().collect();
        folded.runs(clauses).map(|run| words[run].join(" ")).collect()
    }

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
            assert_eq!(runs(&Folded::of(text), 1).join("/"), folded, "{text}");
        }
    }
    #[test]
    fn the_short_way_is_the_long_way() {
        for byte in 0..128_u8 {
            let text = format!("a{}b", char::from(byte));
            // something that is not ASCII, and folds to nothing
            let long = Folded::of(&format!("{text}\u{200b}"));
            let short = Folded::of(&text);
            assert_eq!((short.text, short.words, short.clauses), (long.text, long.words, long.clauses), "{byte}");
        }
    }

    #[test]
    fn runs_are_clauses_side_by_side() {
        let folded = Folded::of("one, two three. four");
        assert_eq!(runs(&folded, 2), ["one two three", "two three four"]);
        assert_eq!(runs(&folded, 3), ["one two three four"]);
        assert!(runs(&folded, 4).is_empty() && runs(&Folded::of("?"), 1).is_empty());
    }

    proptest! {
        #[test]
        fn what_is_folded_stays_as_it_is(text in "\\PC{0,60}") {
            // an apostrophe between two marks goes, and NFKD puts them in order the next time: "\u{10f46}'\u{a4d}"
            let folded = words(&words(&text).join(" "));
            prop_assert_eq!(words(&folded.join(" ")), folded);
        }
    }
}
