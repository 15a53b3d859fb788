//! What a text costs as an SMS: one character outside the GSM alphabet more than halves the room of a segment.

/// How a text travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// The default alphabet of GSM: 160 septets in one segment, 153 in each of several.
    Gsm7,
    /// UTF-16: 70 code units in one segment, 67 in each of several.
    Ucs2,
}

/// What a text costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments {
    /// How it travels.
    pub encoding: Encoding,
    /// Its length in septets ([`Encoding::Gsm7`]) or UTF-16 code units ([`Encoding::Ucs2`]).
    pub units: usize,
    /// How many messages are paid for.
    pub segments: usize,
    /// The first character that made it [`Encoding::Ucs2`], and where it begins, in bytes.
    pub costly: Option<(char, usize)>,
}

/// The default alphabet of 3GPP TS 23.038, section 6.2.1, without its escape.
const GSM_7: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ\
                     ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// The extension table of the same section: an escape and a septet.
const GSM_7_EXTENSION: &str = "\u{c}^{}\\[~]|€";

impl Encoding {
    /// Units of a single segment, and of each of several (their headers take room: 3GPP TS 23.040, section 9.2.3.24.1).
    #[must_use]
    pub fn room(self) -> (usize, usize) {
        match self {
            Self::Gsm7 => (160, 153),
            Self::Ucs2 => (70, 67),
        }
    }

    /// The units of a character, which no segment boundary may split.
    fn units(self, character: char) -> usize {
        match self {
            Self::Gsm7 => septets(character).unwrap_or(1),
            Self::Ucs2 => character.len_utf16(),
        }
    }
}

/// The septets of a character; `None` when GSM has none for it.
fn septets(character: char) -> Option<usize> {
    if GSM_7.contains(character) { Some(1) } else { GSM_7_EXTENSION.contains(character).then_some(2) }
}

/// What a text costs as an SMS.
#[must_use]
pub fn segments(text: &str) -> Segments {
    let costly = text.char_indices().find(|(_, character)| septets(*character).is_none());
    let encoding = if costly.is_some() { Encoding::Ucs2 } else { Encoding::Gsm7 };
    let (single, each) = encoding.room();
    let units = text.chars().map(|character| encoding.units(character)).sum();
    let segments = if units <= single { usize::from(units > 0) } else { packed(text, encoding, each) };
    Segments { encoding, units, segments, costly: costly.map(|(at, character)| (character, at)) }
}

/// The characters that GSM has none for.
pub(super) fn costly(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|character| septets(*character).is_none())
}

/// How many segments of `room` units it takes when no character is split.
fn packed(text: &str, encoding: Encoding, room: usize) -> usize {
    let (mut segments, mut used) = (1, 0);
    for character in text.chars() {
        let units = encoding.units(character);
        if used + units > room {
            segments += 1;
            used = 0;
        }
        used += units;
    }
    segments
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn computed_vectors_agree() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/fixtures/vectors/sms_segments.json")).expect("vectors");
        let cases = vectors["cases"].as_array().expect("cases");
        assert!(cases.len() >= 23, "{}", cases.len());
        for case in cases {
            let found = segments(case["text"].as_str().expect("a text"));
            let encoding = match found.encoding {
                Encoding::Gsm7 => "GSM-7",
                Encoding::Ucs2 => "UCS-2",
            };
            let found = serde_json::json!([encoding, found.units, found.segments]);
            let expected = serde_json::json!([case["encoding"], case["units"], case["segments"]]);
            assert_eq!(found, expected, "{}", case["name"]);
        }
    }

    #[test]
    fn the_first_costly_character_is_named() {
        let cases = [
            ("We are closed.", None),
            ("Señor, ¿qué? 5 €", None),
            ("We’re closed – sorry", Some(('’', 2))),
            ("Straße geschloſſen", Some(('ſ', 15))),
            ("fenêtre", Some(('ê', 3))),
            ("Cerrado el miércoles á", Some(('á', 22))),
            ("ñandú", Some(('ú', 5))),
            ("cafe\u{301}", Some(('\u{301}', 4))), // decomposed: looks like é, and costs
            ("a\u{a0}b", Some(('\u{a0}', 1))),
            ("ok 👍", Some(('👍', 3))),
            ("مغلق", Some(('م', 0))),
        ];
        for (text, costly) in cases {
            assert_eq!(segments(text).costly, costly, "{text}");
        }
    }

    #[test]
    fn a_large_text_is_counted() {
        let found = segments(&"🙂".repeat(16_384));
        // 33 emoji fit into 67 units
        assert_eq!((found.units, found.segments), (32_768, 16_384_usize.div_ceil(33)));
    }

    proptest! {
        #[test]
        fn the_segments_hold_the_text_and_no_more(text in "[a-z€é 🙂я]{0,400}") {
            let found = segments(&text);
            let (single, each) = found.encoding.room();
            match found.segments {
                0 => prop_assert!(text.is_empty()),
                1 => prop_assert!(found.units <= single),
                // a segment stays at most one unit short, where a character of two did not fit
                several => prop_assert!(found.units > single && found.units <= several * each
                    && found.units > (several - 1) * (each - 1)),
            }
            prop_assert_eq!(found.encoding == Encoding::Ucs2, found.costly.is_some());
        }
    }
}
