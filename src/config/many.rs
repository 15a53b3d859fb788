//! One text, or an array of texts.

use std::fmt;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use toml::Spanned;

/// One text, or an array of texts: `"a"` is `["a"]`.
#[derive(Clone, Debug, Default)]
pub struct Many(Vec<Spanned<String>>);

/// The texts of a key, each with its place.
#[must_use]
pub fn texts(value: Option<&Spanned<Many>>) -> Vec<Spanned<String>> {
    let Some(value) = value else { return Vec::new() };
    let placed = |text: &Spanned<String>| {
        // a single text has the place of the whole value
        let span = if text.span().is_empty() { value.span() } else { text.span() };
        Spanned::new(span, text.get_ref().clone())
    };
    value.get_ref().0.iter().map(placed).collect()
}

impl<'de> Deserialize<'de> for Many {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = Many;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text or an array of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<Many, E> {
                Ok(Many(vec![Spanned::new(0..0, text.to_owned())]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Many, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = sequence.next_element()? {
                    texts.push(text);
                }
                Ok(Many(texts))
            }
        }
        deserializer.deserialize_any(Texts)
    }
}

impl schemars::JsonSchema for Many {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Many".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]
        })
    }
}
