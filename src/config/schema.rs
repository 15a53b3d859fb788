//! The JSON Schema of the file, for editors.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::parts::{channels, clients, hours, limits, listen, notify, owner, personal, rules, sinks, store};
use crate::{channel, sink};

/// The JSON Schema (draft 07, which Taplo and Even Better TOML read) of the whole file, with the keys of every kind.
#[must_use]
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true).into_generator();
    let generator = &mut generator;
    let channel_kinds: Vec<_> =
        channel::KINDS.iter().map(|kind| (kind.name, kind.about, (kind.schema)(generator).to_value())).collect();
    let sink_kinds: Vec<_> =
        sink::KINDS.iter().map(|kind| (kind.name, kind.about, (kind.schema)(generator).to_value())).collect();
    let channel = by_kind(&of::<channels::Keys>(generator), channel_kinds);
    let sink = by_kind(&of::<sinks::Keys>(generator), sink_kinds);
    let text = json!({ "type": "string" });
    let mut root = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "afterhours",
        "description": "The configuration of afterhours.",
        "type": "object",
        "additionalProperties": false,
        "required": ["owner", "hours", "channel", "sink", "notify"],
        "properties": {
            "owner": of::<owner::Keys>(generator),
            "listen": of::<listen::Keys>(generator),
            "store": of::<store::Keys>(generator),
            "hours": named("When you are open, by name. The first hours of the file are the default.", &of::<hours::Keys>(generator)),
            "channel": named("Where messages come from, by name: each is one connection to a provider, at /in/NAME.", &channel),
            "client": list("The people you know.", &of::<clients::Keys>(generator)),
            "reply": named(
                "What clients read, by name. These texts replace the built-in ones: closed, holiday, away, urgent, never, call, voicemail, follow_up, correction; and spoken to who calls: greeting, announcement, unanswered.",
                &named("The texts by language (ISO 639).", &text),
            ),
            "rule": list("Your own rules. The first whose `when` holds decides; the built-in rules stand behind them.", &of::<rules::Keys>(generator)),
            "urgent": of::<limits::UrgentKeys>(generator),
            "limits": of::<limits::Keys>(generator),
            "conversation": of::<limits::ConversationKeys>(generator),
            "personal": of::<personal::Keys>(generator),
            "sink": named("How you are told, by name.", &sink),
            "notify": of::<notify::Keys>(generator),
        }
    });
    tidy(&mut root);
    root
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

fn named(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "type": "object", "additionalProperties": schema })
}

fn list(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "type": "array", "items": schema })
}

/// One table of a kind: the keys that every kind has, and its own.
fn by_kind(common: &Value, kinds: Vec<(&str, &str, Value)>) -> Value {
    let variant = |(name, about, own): (&str, &str, Value)| {
        let mut properties = object(&common["properties"]);
        properties.insert("kind".to_owned(), json!({ "const": name, "description": about }));
        properties.extend(object(&own["properties"]));
        json!({
            "title": name,
            "description": about,
            "type": "object",
            "additionalProperties": false,
            "required": ["kind"],
            "properties": properties,
        })
    };
    json!({ "oneOf": kinds.into_iter().map(variant).collect::<Vec<_>>() })
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// Takes out what means nothing in TOML: there is no null, and a number has no width. Joins the lines of descriptions.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, value| match key.as_str() {
                "default" => !value.is_null(),
                "format" => !value.is_string() || value == "date",
                _ => true,
            });
            if let Some(Value::String(description)) = members.get_mut("description") {
                *description = description.replace('\n', " ");
            }
            members.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// A key of a kind's table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
}

/// The own keys of a kind, by its schema.
#[must_use]
pub fn own_keys(kind: fn(&mut SchemaGenerator) -> schemars::Schema) -> Vec<Key> {
    let mut generator = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true).into_generator();
    let mut schema = kind(&mut generator).to_value();
    tidy(&mut schema);
    let about = |schema: &Value| schema["description"].as_str().unwrap_or_default().to_owned();
    object(&schema["properties"])
        .iter()
        .map(|(name, schema)| Key { name: name.clone(), about: about(schema) })
        .collect()
}
