//! What the config's own texts cost as SMS.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, Serializer};

use super::sms::{Segments, costly, segments};
use super::{Occasion, Replies, SPOKEN};
use crate::language::Language;

/// A name of usual length, and of the GSM alphabet: what people are called is not the text's fault.
const NAME: &str = "Fernando";

/// A Monday: the openings of the days after it are named by every weekday, and one by its date.
const MONDAY: i64 = 1_767_571_200;

/// Days from then to the openings that a text is tried with.
const OPENINGS: [i64; 8] = [1, 2, 3, 4, 5, 6, 7, 40];

/// What a reply of the config costs as an SMS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// The reply's name.
    pub reply: String,
    /// Each of its texts.
    pub texts: Vec<TextCost>,
}

/// What one text costs, with the opening that makes it longest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextCost {
    /// Its language.
    pub language: Language,
    /// The worst case.
    pub segments: Segments,
    /// The characters outside the GSM alphabet, whatever the opening; those of the text itself and of the weekdays.
    pub costly: BTreeSet<char>,
}

impl Replies {
    /// The replies of the config that cost more than one segment in any of their languages.
    #[must_use]
    pub fn sms_costs(&self, owner_name: &str) -> Vec<Cost> {
        let sent = self.own.iter().filter(|(name, _)| !SPOKEN.contains(&name.as_str()));
        let costs = sent.map(|(name, texts)| Cost {
            reply: name.clone(),
            texts: texts.keys().filter_map(|language| self.sms_cost(name, language, owner_name)).collect(),
        });
        costs.filter(|cost| cost.texts.iter().any(|text| text.segments.segments > 1)).collect()
    }

    fn sms_cost(&self, name: &str, language: &Language, owner_name: &str) -> Option<TextCost> {
        let now = DateTime::<Utc>::from_timestamp(MONDAY, 0)?;
        let mut worst: Option<Segments> = None;
        let mut characters = BTreeSet::new();
        for days in OPENINGS {
            let occasion = Occasion {
                client_name: NAME,
                owner_name,
                language,
                fallback: language,
                opens: Some(now + TimeDelta::days(days) + TimeDelta::hours(8)),
                zone: chrono_tz::UTC,
                client_zone: None,
                label: None,
                now,
            };
            let text = self.render(name, &occasion, usize::MAX).ok()?;
            characters.extend(costly(&text));
            let found = segments(&text);
            if worst.is_none_or(|worst| (found.segments, found.units) > (worst.segments, worst.units)) {
                worst = Some(found);
            }
        }
        Some(TextCost { language: language.clone(), segments: worst?, costly: characters })
    }
}

impl fmt::Display for Cost {
    /// `closed: en 1 segment; es 2 segments, because of á (U+00E1)`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.reply)?;
        for (at, text) in self.texts.iter().enumerate() {
            let gap = if at == 0 { "" } else { "; " };
            let segments = text.segments.segments;
            let plural = if segments == 1 { "" } else { "s" };
            write!(formatter, "{gap}{} {segments} segment{plural}", text.language)?;
            for (at, character) in text.costly.iter().enumerate() {
                let gap = if at == 0 { ", because of" } else { "," };
                // what cannot be seen by itself is known by its number
                let shown = if character.is_alphanumeric() { format!("{character} ") } else { String::new() };
                write!(formatter, "{gap} {shown}(U+{:04X})", u32::from(*character))?;
                if at == 4 && text.costly.len() > 5 {
                    write!(formatter, ", …")?;
                    break;
                }
            }
        }
        Ok(())
    }
}

impl Serialize for Cost {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Text;
    use super::*;

    /// Name, language, template.
    type Texts<'a> = &'a [(&'a str, &'a str, &'a str)];

    fn costs(texts: Texts<'_>) -> Vec<String> {
        let texts: Vec<_> = texts
            .iter()
            .map(|(name, language, template)| Text {
                name: (*name).to_owned(),
                language: Language::parse(language).expect("a language"),
                template: (*template).to_owned(),
            })
            .collect();
        let replies = Replies::compile(&texts).expect("texts");
        replies.sms_costs("Dana").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_reply_that_costs_more_than_a_segment_is_told_with_what_made_it_so() {
        let long = "We are closed and read your message tomorrow. ".repeat(4);
        let curly = format!("We’re closed{}", " and read it".repeat(6));
        let cases: &[(Texts<'_>, &[&str])] = &[
            (&[("closed", "en", "We are closed; we open {{ opens }}.")], &[]),
            (&[("closed", "en", &long)], &["closed: en 2 segments"]),
            (&[("closed", "en", &curly)], &["closed: en 2 segments, because of (U+2019)"]),
            // short enough even so
            (&[("closed", "en", "We’re closed.")], &[]),
            // the á is that of a Saturday
            (
                &[("closed", "es", "Gracias, {{ client.first_name }}. Ahora estamos cerrados; abrimos {{ opens }}.")],
                &["closed: es 2 segments, because of á (U+00E1)"],
            ),
            (
                &[
                    ("away", "en", "Away."),
                    ("away", "es", "Estoy fuera; le respondo sin falta el lunes, o antes. ¡Hasta el próximo!"),
                ],
                &["away: en 1 segment; es 2 segments, because of ó (U+00F3)"],
            ),
            (
                &[("closed", "en", &long), ("away", "en", &long), ("call", "en", "Later.")],
                &["away: en 2 segments", "closed: en 2 segments"],
            ),
            (&[("away", "zh", "一二三四五六七八")], &[]),
        ];
        for (texts, expected) in cases {
            assert_eq!(costs(texts), *expected, "{texts:?}");
        }
    }

    #[test]
    fn a_text_of_many_such_characters_names_the_first_of_them() {
        let told = costs(&[("away", "zh", &"一二三四五六七八".repeat(10))]);
        let expected =
            "away: zh 2 segments, because of 一 (U+4E00), 七 (U+4E03), 三 (U+4E09), 二 (U+4E8C), 五 (U+4E94), …";
        assert_eq!(told, [expected]);
    }
}
