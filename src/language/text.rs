//! Text in any script: filling, cutting, and taking out what does not show.

/// The text with its first letter in upper case, where its script has one.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The pattern with each `{key}` replaced, in one pass: what is put in is not looked at again.
pub(crate) fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(pattern.len() + 24);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        let (key, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(values.iter().find(|(name, _)| *name == key).map_or("", |(_, value)| value));
        rest = after;
    }
    filled + rest
}

/// The text in at most `longest` characters: cut behind a word where one ends in the last half, and marked with "…".
pub(crate) fn shorten(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let Some(room) = longest.checked_sub(1) else { return String::new() };
    let end = text.char_indices().nth(room).map_or(text.len(), |(end, _)| end);
    let ends_word = text[end..].starts_with(char::is_whitespace);
    let word_end = if ends_word { Some(end) } else { text[..end].rfind(char::is_whitespace) };
    let end = word_end.filter(|word_end| *word_end * 2 >= end).unwrap_or(end);
    cut_to(&text[..end], room).trim_end_matches([',', ';', ':', '،', '，', '、', '-', '–']).trim_end().to_owned() + "…"
}

/// The first `longest` characters; nothing is left hanging that joins to a next one.
pub(crate) fn cut_to(text: &str, longest: usize) -> String {
    let end = text.char_indices().nth(longest).map_or(text.len(), |(end, _)| end);
    text[..end].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200c}' | '\u{200d}')).to_owned()
}

/// It changes how the text around it is shown, without being seen: overrides and isolates of direction, zero width spaces,
/// line separators, tags, private use and noncharacters. The joiners of Hindi, Persian and emoji are none, nor are the
/// marks of direction that right-to-left text is typed with ([`is_direction_mark`]).
pub(crate) fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{10ffff}'
    ) || u32::from(character) & 0xfffe == 0xfffe
}

/// The marks that right-to-left text is typed with.
pub(crate) fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// A letter of a script that runs from right to left (Hebrew, Arabic, Syriac, Thaana, N'Ko and their forms).
pub(crate) fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn long_text_is_cut_behind_a_word() {
        let cases = [
            ("one two three", 13, "one two three"),
            ("one two three", 12, "one two…"),
            ("one two three", 8, "one two…"),
            ("one, two", 7, "one…"),
            ("one two", 4, "one…"),
            ("abcdefghij kl", 8, "abcdefg…"),
            ("a bcdefghijkl", 8, "a bcdef…"), // a word that fills more than half is cut
            ("星期二早上八点", 4, "星期二…"),
            ("👩\u{200d}👩\u{200d}👧", 3, "👩…"), // no joiner is left hanging
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ];
        for (text, longest, cut) in cases {
            assert_eq!(shorten(text, longest), cut, "{text} {longest}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
    }

    proptest! {
        #[test]
        fn cut_text_is_never_too_long(text in "\\PC{0,60}", longest in 0usize..60) {
            prop_assert!(shorten(&text, longest).chars().count() <= longest);
        }
    }
}
