//! The JSON Schema: it is the committed one, it takes what loads, and the commented config shows every key of it.

use std::path::Path;

use afterhours::config;
use serde_json::{Value, json};

use super::shipped;

#[test]
fn the_committed_schema_is_the_one_that_the_command_prints() {
    let committed = std::fs::read_to_string(shipped("afterhours.schema.json")).expect("it is there");
    let printed = serde_json::to_string_pretty(&config::schema()).expect("JSON") + "\n";
    assert!(committed == printed, "run: cargo run -- schema > config/afterhours.schema.json");
}

#[test]
fn every_key_stands_in_the_commented_config() {
    let text = std::fs::read_to_string(shipped("afterhours.toml")).expect("it is there");
    let mut missing = Vec::new();
    for (path, key) in keys(&config::schema(), "") {
        let written = text.lines().any(|line| {
            let line = line.trim_start_matches(['#', ' ']);
            let words = line.split(['=', '[', ']', '.', '{', ',', ' ']).map(str::trim);
            words.into_iter().any(|word| word == key)
        });
        if !written {
            missing.push(path);
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_schema_takes_what_loads_and_refuses_what_does_not() {
    let schema = config::schema();
    assert_eq!(problem(&schema, &json_of(&shipped("afterhours.toml")), ""), None);
    assert_eq!(problem(&schema, &json_of(&shipped("demo.toml")), ""), None);
    // what people write, and the service takes, an editor must not mark as wrong
    for times in ["21:00-02:00", "22-6", "9am-5pm", "off", "00:00-24:00", "08:00-12:00, 13:00-17:00, 19:00-01:00"] {
        let mut file = json_of(&shipped("afterhours.toml"));
        file["hours"]["office"]["week"]["sat"] = json!(times);
        assert_eq!(problem(&schema, &file, ""), None, "{times}");
    }
    let broken = [
        ("/owner/name", json!(7)),
        ("/owner/colour", json!("blue")),
        ("/channel/work/kind", json!("pigeon")),
        ("/channel/work/app_secert", json!("x")),
        ("/client/0/standing", json!("unknown")),
        ("/rule/0/when/state", json!("ajar")),
        ("/limits/replies_per_hour", json!("100")),
        ("/hours/office/week/sat", json!(9)),
        ("/reply/closed/en", json!(5)),
        ("/notify", json!({})),
        ("/owner", json!(null)),
    ];
    for (pointer, value) in broken {
        let mut file = json_of(&shipped("afterhours.toml"));
        let (table, key) = pointer.rsplit_once('/').expect("a path");
        file.pointer_mut(table).expect("a table")[key] = value;
        assert!(problem(&schema, &file, "").is_some(), "{pointer}");
    }
}

/// Every key that a schema names, with its path.
fn keys(schema: &Value, path: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if !schema.is_object() {
        return found;
    }
    if let Some(properties) = schema["properties"].as_object() {
        for (key, value) in properties {
            let path = format!("{path}.{key}");
            found.push((path.clone(), key.clone()));
            found.extend(keys(value, &path));
        }
    }
    for inner in [&schema["additionalProperties"], &schema["items"]] {
        found.extend(keys(inner, path));
    }
    for alternative in ["oneOf", "anyOf"].iter().filter_map(|key| schema[key].as_array()).flatten() {
        let title = alternative["title"].as_str().unwrap_or_default();
        found.extend(keys(alternative, &format!("{path}<{title}>")));
    }
    found
}

fn json_of(path: &Path) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, convert(value))).collect(),
            toml::Value::Array(items) => items.into_iter().map(convert).collect(),
            toml::Value::Datetime(time) => json!(time.to_string()),
            other => serde_json::to_value(other).expect("a plain value"),
        }
    }
    let text = std::fs::read_to_string(path).expect("it is there");
    convert(toml::Value::Table(text.parse().expect("TOML")))
}

/// Where a value does not fit a schema: the part of draft 07 that ours is written in; any other word fails the test.
fn problem(schema: &Value, value: &Value, path: &str) -> Option<String> {
    let Some(schema) = schema.as_object() else {
        return (schema == &json!(false)).then(|| format!("{path}: not allowed"));
    };
    schema.iter().find_map(|(word, wanted)| match word.as_str() {
        "$schema" | "title" | "description" | "default" | "pattern" | "format" | "minimum" => None,
        "type" => {
            let fits = match wanted.as_str().expect("one type") {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "integer" => value.is_i64() || value.is_u64(),
                "boolean" => value.is_boolean(),
                other => panic!("type {other}"),
            };
            (!fits).then(|| format!("{path}: not {wanted}"))
        }
        "const" => (value != wanted).then(|| format!("{path}: not {wanted}")),
        "enum" => (!wanted.as_array().expect("a list").contains(value)).then(|| format!("{path}: none of {wanted}")),
        "required" => {
            let missing = |key: &&Value| value.get(key.as_str().expect("a key")).is_none();
            wanted.as_array().expect("a list").iter().find(missing).map(|key| format!("{path}: no {key}"))
        }
        "properties" => wanted.as_object().expect("a table").iter().find_map(|(key, schema)| {
            value.get(key).and_then(|value| problem(schema, value, &format!("{path}/{key}")))
        }),
        "additionalProperties" => value.as_object().into_iter().flatten().find_map(|(key, value)| {
            let known = schema.get("properties").is_some_and(|known| known.get(key).is_some());
            if known { None } else { problem(wanted, value, &format!("{path}/{key}")) }
        }),
        "items" => value.as_array().into_iter().flatten().find_map(|item| problem(wanted, item, path)),
        "oneOf" | "anyOf" => {
            let alternatives = wanted.as_array().expect("a list");
            let fitting = alternatives.iter().filter(|schema| problem(schema, value, path).is_none()).count();
            let fits = fitting == 1 || (word == "anyOf" && fitting > 0);
            (!fits).then(|| format!("{path}: {fitting} of {} alternatives", alternatives.len()))
        }
        other => panic!("{path}: the schema says {other}"),
    })
}
