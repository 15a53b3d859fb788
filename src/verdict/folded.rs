//! Short texts, folded so that case, accents, width, punctuation and emoji do not matter, and cut into clauses.
//!
//! It differs from [`super::Words`] where people write sentences rather than names: clauses stay apart, an apostrophe does
//! not split a word (`don't` is `dont`), the vowel signs of Indic scripts stay (without them most Hindi words fall together),
//! and each Han character is a word of its own (Chinese has no spaces).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of each clause, folded; clauses without a word are left out.
pub(super) fn clauses(text: &str) -> Vec<Vec<String>> {
    let mut clauses = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    // NFKD splits letter and accent, and unfolds full-width forms, ligatures and the bold letters of phones
    for character in text.chars().filter(|c| *c != '´').nfkd().flat_map(char::to_lowercase) {
        let Some(character) = fold(character) else { continue };
        let han = is_han(character);
        let inside = character.is_alphanumeric() || is_combining_mark(character);
        if !word.is_empty() && (han || !inside) {
            words.push(std::mem::take(&mut word));
        }
        if han {
            words.push(character.to_string());
        } else if character == 'ß' {
            word.push_str("ss");
        } else if inside {
            word.push(character);
        } else if ends_clause(character) && !words.is_empty() {
            clauses.push(std::mem::take(&mut words));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    if !words.is_empty() {
        clauses.push(words);
    }
    clauses
}

/// All words of a text, whatever stands between them.
pub(super) fn words(text: &str) -> Vec<String> {
    clauses(text).concat()
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
            let clauses: Vec<_> = clauses(text).iter().map(|words| words.join(" ")).collect();
            assert_eq!(clauses.join("/"), folded, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,60}") {
            let once = words(&text);
            prop_assert_eq!(words(&once.join(" ")), once);
        }
    }
}
