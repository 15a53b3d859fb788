//! `TwiML`: the XML that tells Twilio what to do.

use std::fmt::Write as _;

use crate::channel::Page;

/// Verbs, one behind the other.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verbs(String);

impl Verbs {
    /// Nothing to be done.
    pub fn nothing() -> Self {
        Self(String::new())
    }

    /// And then this, which is XML already.
    pub fn then(mut self, verb: &str) -> Self {
        self.0.push_str(verb);
        self
    }

    /// `at_once`: somebody is on the line.
    pub fn page(self, at_once: bool) -> Page {
        let verbs =
            if self.0.is_empty() { "<Response/>".to_owned() } else { format!("<Response>{}</Response>", self.0) };
        let body = format!(r#"<?xml version="1.0" encoding="UTF-8"?>{verbs}"#);
        Page { content_type: "text/xml", body, at_once }
    }
}

/// Voices of Amazon Polly that Twilio offers: the language that a text is in, as Twilio names it, and a voice that speaks it.
/// Where a country has no voice of its own the first of its language speaks.
const VOICES: &[(&str, &str, &str)] = &[
    ("en", "en-US", "Joanna"),
    ("en-GB", "en-GB", "Amy"),
    ("en-AU", "en-AU", "Nicole"),
    ("en-IN", "en-IN", "Raveena"),
    ("es", "es-MX", "Mia"),
    ("es-ES", "es-ES", "Lucia"),
    ("de", "de-DE", "Vicki"),
    ("fr", "fr-FR", "Lea"),
    ("fr-CA", "fr-CA", "Chantal"),
    ("it", "it-IT", "Carla"),
    ("nl", "nl-NL", "Lotte"),
    ("pl", "pl-PL", "Ewa"),
    ("pt", "pt-BR", "Camila"),
    ("pt-PT", "pt-PT", "Ines"),
    ("tr", "tr-TR", "Filiz"),
    ("ar", "arb", "Zeina"),
    ("hi", "hi-IN", "Aditi"),
    ("zh", "cmn-CN", "Zhiyu"),
    ("da", "da-DK", "Naja"),
    ("sv", "sv-SE", "Astrid"),
    ("nb", "nb-NO", "Liv"),
    ("ru", "ru-RU", "Tatyana"),
    ("ja", "ja-JP", "Mizuki"),
    ("ko", "ko-KR", "Seoyeon"),
    ("ro", "ro-RO", "Carmen"),
];

/// Says a text in that language (BCP 47); in Twilio's own when it has no voice for it, as a pair that it does not know says
/// nothing at all.
pub(super) fn said(text: &str, language: &str) -> Verbs {
    let primary = language.split('-').next().unwrap_or_default();
    let voice = |tag: &str| VOICES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(tag));
    let voice = voice(language).or_else(|| voice(primary));
    let voice =
        voice.map_or_else(String::new, |(_, language, name)| format!(r#" language="{language}" voice="Polly.{name}""#));
    Verbs::nothing().then(&format!("<Say{voice}>{}</Say>", escaped(text)))
}

/// Text between tags, or in an attribute between double quotes. What XML 1.0 (section 2.2) cannot or should not hold is left
/// out: one such character, and the call would end with an error.
pub(super) fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut xml, character| {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\'' => xml.push_str("&apos;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(xml, "&#{};", u32::from(character));
            }
            '\u{fffe}' | '\u{ffff}' => {}
            _ if character.is_control() => {}
            _ => xml.push(character),
        }
        xml
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_out_of_its_tag() {
        let cases = [
            ("Tom & Ana's", "Tom &amp; Ana&apos;s"),
            ("</Say><Dial>+1900</Dial>", "&lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;"),
            ("\" timeout=\"9", "&quot; timeout=&quot;9"),
            ("a\u{0}b\u{1b}c\u{ffff}d\u{7f}\u{85}", "abcd"),
            ("one\ntwo\r\tthree", "one&#10;two&#13;&#9;three"),
            ("نفتح 🙂", "نفتح 🙂"),
        ];
        for (text, xml) in cases {
            assert_eq!(escaped(text), xml, "{text:?}");
        }
    }

    #[test]
    fn a_text_is_said_in_its_language() {
        let cases = [
            ("es", r#"<Say language="es-MX" voice="Polly.Mia">x</Say>"#),
            ("es-ES", r#"<Say language="es-ES" voice="Polly.Lucia">x</Say>"#),
            ("es-HN", r#"<Say language="es-MX" voice="Polly.Mia">x</Say>"#),
            ("PT-pt", r#"<Say language="pt-PT" voice="Polly.Ines">x</Say>"#),
            ("ar", r#"<Say language="arb" voice="Polly.Zeina">x</Say>"#),
            ("tlh", "<Say>x</Say>"),
            ("", "<Say>x</Say>"),
        ];
        for (language, expected) in cases {
            assert_eq!(said("x", language), Verbs::nothing().then(expected), "{language}");
        }
    }

    #[test]
    fn every_language_of_the_built_in_texts_has_a_voice() {
        for tag in crate::language::Language::built_in() {
            assert!(VOICES.iter().any(|(known, ..)| *known == tag), "{tag}");
        }
    }
}
