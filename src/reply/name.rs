//! Names, which come from strangers: made harmless, and cut down to what a greeting uses.

use crate::language::text::{cut_to, is_direction_mark, is_hidden};

/// A longer name is cut: it is a slogan, or an attack (characters).
const LONGEST_NAME: usize = 40;

/// Titles that stand before a name; compared in lower case, without a final dot.
const HONORIFICS: &str = "mr mrs ms miss mx sir dr dra prof profa sr sra srta srita don doña dña lic licda ing arq \
                          herr frau hr fr mme mlle monsieur madame sig sig.ra dott dott.ssa avv dhr mevr mw pani inż \
                          mgr av الدكتور الدكتورة السيد السيدة الأستاذ الأستاذة श्री श्रीमती सुश्री डॉ";

/// Titles of one letter: without their dot they are initials.
const HONORIFIC_LETTERS: &str = "d. m. د.";

/// What may stand behind a name and a comma without being a given name; compared in lower case, without dots.
const SUFFIXES: &str = "jr sr phd esq inc ltd llc corp gmbh";

/// A name fit to be shown: one line, no control or direction characters, at most 40 characters. Empty when it is
/// no name: without a letter, or holding a link or an address, which an automatic reply must not pass on.
pub(super) fn clean(name: &str) -> String {
    let shown = name.chars().filter(|c| !is_hidden(*c) && !is_direction_mark(*c));
    let spaced: String = shown.map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c }).collect();
    let words = spaced.split(' ').filter(|word| !word.is_empty());
    let name = cut_to(&words.collect::<Vec<_>>().join(" "), LONGEST_NAME);
    if name.chars().any(char::is_alphabetic) && !name.split(' ').any(is_link_or_address) { name } else { String::new() }
}

/// What a greeting calls the person, of a clean name: `Ana` of "Dr. Ana López" and "López, Ana"; all of "Sra. López" and
/// of a Chinese, Japanese or Korean name.
pub(super) fn first(name: &str) -> String {
    if name.chars().any(is_east_asian) {
        return name.to_owned();
    }
    let given = name.split_once(", ").map(|(_, given)| given).filter(|given| !is_suffix(given, name));
    let name = given.unwrap_or(name);
    let words: Vec<&str> = name.split(' ').filter(|word| word.chars().any(char::is_alphabetic)).collect();
    let titles = words.iter().take_while(|word| is_honorific(word)).count();
    match words.get(titles..) {
        Some([only]) if titles > 0 => format!("{} {}", words[titles - 1], without_punctuation(only)),
        Some([first, ..]) => without_punctuation(first).to_owned(),
        _ => words.first().map_or_else(String::new, |word| without_punctuation(word).to_owned()),
    }
}

fn is_link_or_address(word: &str) -> bool {
    let lower = word.to_lowercase();
    word.len() > 1 && word.contains('@')
        || lower.contains("://")
        || lower.starts_with("www.")
        || word.contains('/') && word.contains('.')
        || is_domain(word)
}

/// `shop.example`: phones make a link of it. Initials (`J.R.`, `S.A.`), joined titles (`Dr.Ana`) and companies (`Co.,Ltd`)
/// are none.
fn is_domain(word: &str) -> bool {
    word.trim_end_matches('.').rsplit_once('.').is_some_and(|(before, last)| {
        let one_case = last.bytes().all(|b| b.is_ascii_lowercase()) || last.bytes().all(|b| b.is_ascii_uppercase());
        before.chars().filter(|c| c.is_alphanumeric()).count() >= 2
            && last.len() >= 2
            && one_case
            && !is_honorific(word)
    })
}

/// `MD`, `Jr.`, `Ph.D.`: no given name.
fn is_suffix(given: &str, name: &str) -> bool {
    let letters: String = given.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = name.contains(char::is_lowercase) && !letters.contains(char::is_lowercase) && letters.is_ascii();
    capitals || holds(SUFFIXES, &letters.to_lowercase())
}

fn is_honorific(word: &str) -> bool {
    let lower = word.to_lowercase();
    holds(HONORIFIC_LETTERS, &lower) || holds(HONORIFICS, lower.trim_end_matches('.'))
}

fn holds(words: &str, word: &str) -> bool {
    words.split(' ').any(|one| one == word)
}

/// Han, kana, Hangul.
fn is_east_asian(character: char) -> bool {
    matches!(
        character,
        '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'
    )
}

/// Without what stands around a word; combining marks (`श्री`'s vowels) belong to it.
fn without_punctuation(word: &str) -> &str {
    let outside =
        |c: char| c.is_ascii_punctuation() || matches!(c, '،' | '，' | '、' | '“' | '”' | '«' | '»' | '~' | '…');
    word.trim_matches(outside)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_greeting_uses_the_first_name() {
        let cases = [
            ("Ana López", "Ana"),
            ("  Ana   López ", "Ana"),
            ("ana", "ana"),
            ("Dr. Ana López", "Ana"),
            ("Dra Ana", "Dra Ana"),
            ("Prof. Dr. Ana López", "Ana"),
            ("Sra. López", "Sra. López"), // a first name is not known
            ("Don Draper", "Don Draper"),
            ("Mr Smith", "Mr Smith"),
            ("M. Jean Dupont", "Jean"),
            ("M Dupont", "M"), // an initial
            ("Herr Dr. Max Weber", "Max"),
            ("López, Ana", "Ana"),
            ("de la Cruz, Ana María", "Ana"),
            ("Dr. López, Ana", "Ana"),
            ("Ana López, MD", "Ana"),
            ("Ana López, Jr.", "Ana"),
            ("LÓPEZ, ANA", "ANA"),
            ("\"Ana\" López", "Ana"),
            ("🌸 Ana 🌸", "Ana"),
            ("O'Neill", "O'Neill"),
            ("Jean-Luc Picard", "Jean-Luc"),
            ("王小明", "王小明"),
            ("王 小明", "王 小明"),
            ("김 민수", "김 민수"),
            ("السيد أحمد علي", "أحمد"),
            ("श्री राम कुमार", "राम"),
            ("Dr.", "Dr"),
            ("", ""),
        ];
        for (name, greeting) in cases {
            assert_eq!(first(&clean(name)), greeting, "{name}");
        }
    }

    #[test]
    fn a_name_is_made_harmless() {
        let cases = [
            ("Ana\nLópez", "Ana López"),
            ("Ana\r\n\r\nBcc: x", "Ana Bcc: x"),
            ("Ana\u{202e}zepoL", "AnazepoL"),
            ("\u{200f}أحمد", "أحمد"),
            ("Ana\u{0}\u{7}", "Ana"),
            ("नि\u{200d}मा", "नि\u{200d}मा"), // a joiner that the script needs
            (".", ""),
            ("🌸🌸", ""),
            ("+504 9999-0001", ""),
            ("ana@example.org", ""),
            ("Win at https://evil.example", ""),
            ("Shop cheap.example", ""),
            ("WWW.x.y", ""),
            ("Ferretería S.A.", "Ferretería S.A."),
            ("J.R. Smith", "J.R. Smith"),
            ("Dr.Ana López", "Dr.Ana López"),
            ("ACME Co.,Ltd", "ACME Co.,Ltd"),
            ("Ana/Bo @ ACME", "Ana/Bo @ ACME"),
            ("t.me/evil", ""),
            ("EVIL.EXAMPLE", ""),
            ("@evil", ""),
            ("{{ why }}", "{{ why }}"), // only text: it never becomes a template
        ];
        for (name, shown) in cases {
            assert_eq!(clean(name), shown, "{name:?}");
        }
        assert_eq!(clean(&"é".repeat(50)), "é".repeat(40));
    }

    proptest! {
        #[test]
        fn whatever_the_name_it_is_one_short_line(name in any::<String>()) {
            let shown = clean(&name);
            prop_assert!(shown.chars().count() <= LONGEST_NAME);
            prop_assert!(!shown.chars().any(|c| c.is_control() || is_hidden(c)));
            prop_assert_eq!(shown.trim(), &shown);
            prop_assert_eq!(clean(&shown), shown.clone());
            prop_assert!(first(&shown).chars().count() <= LONGEST_NAME + 1);
        }
    }
}
