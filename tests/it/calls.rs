//! Missed calls and voice messages are answered in their own words; and what people write in any script comes through.
#![expect(clippy::expect_used, reason = "a test may")]

use assert_cmd::Command;
use serde_json::{Value, json};

use crate::provider::SCRIPTS;
use crate::world::{OFFICE, World};

const BEN: &str = "+50499990003";

const OWN: &str = r#"
[reply.call]
en = "You rang, {{ client.first_name }}. Back {{ opens }}."
[reply.voicemail]
en = "You spoke{{ why }}. Back {{ opens }}."
[reply.vacation]
en = "Gone fishing."
[reply.holiday]
en = "A feast{{ why }}. Back {{ opens }}."
"#;

/// The name and the text of the reply that such an event gets; `null` and nothing without one.
fn rehearsed(config: &str, lines: &[Value]) -> (Value, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let config = config
        .replace("{dir}", &folder.path().display().to_string())
        .replace("{graph}", "https://graph.example.org")
        .replace("{ntfy}", "https://ntfy.example.org");
    std::fs::write(path("config.toml"), config).expect("a file");
    let events: Vec<_> = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(path("events.jsonl"), events.concat()).expect("a file");
    let mut command = Command::cargo_bin("afterhours").expect("the binary");
    command.args(["rehearse", "--json", "--config"]).arg(path("config.toml")).arg("--events").arg(path("events.jsonl"));
    let output = command.assert().success().get_output().stdout.clone();
    let output = String::from_utf8(output).expect("UTF-8");
    let events: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let of = |kind: &str| events.iter().find(|event| event["event"] == kind);
    let reply = of("verdict").expect("a verdict")["reply"].clone();
    let text = of("reply").map(|event| event["text"].as_str().expect("a text").to_owned());
    (reply, text.unwrap_or_default())
}

#[test]
fn a_missed_call_and_a_voice_message_have_their_own_words_whatever_closed_the_line() {
    let own = format!("{OFFICE}{OWN}");
    let (evening, holiday, feast, open) = (
        "2026-11-19T20:00:00-06:00",
        "2026-12-25T10:00:00-06:00",
        "2026-12-24T13:00:00-06:00",
        "2026-11-19T10:00:00-06:00",
    );
    let away = |reply: Option<&str>| {
        let mut away = json!({"until": "2026-11-23T08:00:00-06:00"});
        if let Some(reply) = reply {
            away["reply"] = reply.into();
        }
        Some(away)
    };
    let cases = [
        (OFFICE, evening, None, "call", "call", "missed your call, Ben"),
        (OFFICE, evening, None, "voicemail", "voicemail", "Thank you for your voice message, Ben"),
        (OFFICE, evening, None, "text", "closed", "Thank you, Ben"),
        (OFFICE, evening, None, "media", "closed", "Thank you, Ben"),
        (OFFICE, holiday, None, "call", "call", "missed your call, Ben"),
        (OFFICE, feast, None, "call", "call", "(Christmas Eve)"),
        (OFFICE, feast, None, "voicemail", "voicemail", "(Christmas Eve)"),
        (OFFICE, open, away(None), "call", "call", "missed your call, Ben"),
        (OFFICE, open, away(None), "voicemail", "voicemail", "voice message, Ben"),
        (OFFICE, open, away(None), "text", "away", "We are away"),
        (&own, evening, None, "call", "call", "You rang, Ben. Back Friday at 8:00."),
        (&own, evening, None, "voicemail", "voicemail", "You spoke. Back Friday at 8:00."),
        (&own, feast, None, "call", "call", "You rang, Ben. Back Saturday at 8:00."),
        (&own, feast, None, "voicemail", "voicemail", "You spoke (Christmas Eve). Back Saturday at 8:00."),
        // the text for holidays is for messages
        (&own, feast, None, "text", "holiday", "A feast (Christmas Eve)."),
        (&own, open, away(None), "call", "call", "You rang, Ben. Back Monday at 8:00."),
        (&own, open, away(None), "voicemail", "voicemail", "You spoke. Back Monday at 8:00."),
        // the text that the owner has named for this time is for all
        (&own, open, away(Some("vacation")), "call", "vacation", "Gone fishing."),
        (&own, open, away(Some("vacation")), "voicemail", "vacation", "Gone fishing."),
        (&own, open, away(Some("vacation")), "text", "vacation", "Gone fishing."),
    ];
    for (config, at, away, kind, reply, text) in cases {
        let mut lines: Vec<Value> = away.into_iter().map(|away| json!({"at": at, "away": away})).collect();
        lines.push(json!({"at": at, "channel": "work", "id": "m1", "from": BEN, "kind": kind, "text": ""}));
        let (name, said) = rehearsed(config, &lines);
        assert_eq!(name, reply, "{at} {kind} {lines:?}");
        assert!(said.contains(text), "{at} {kind}: {said}");
    }
}

#[test]
fn a_call_in_open_hours_and_one_when_no_opening_is_known() {
    let call = |at: &str| [json!({"at": at, "channel": "work", "id": "m1", "from": BEN, "kind": "call", "text": ""})];
    assert_eq!(rehearsed(OFFICE, &call("2026-11-19T10:00:00-06:00")), (Value::Null, String::new()));
    let never = OFFICE
        .replace("week = { mon-fri", "open = \"2026 Nov 01-2028 Dec 31 off\" # ")
        .replace("open = \"08:00-12:00\"", "open = \"off\"");
    let (name, said) = rehearsed(&never, &call("2026-11-19T10:00:00-06:00"));
    assert_eq!(name, "never");
    assert!(said.starts_with("Thank you for getting in touch, Ben."), "{said}");
}

/// From the webhook through store, template and digest to the provider and the sink.
#[tokio::test]
async fn every_script_goes_all_the_way_as_it_is() {
    // the last is a template itself
    let (_, scripts) = SCRIPTS.split_last().expect("scripts");
    let texts: Vec<_> =
        scripts.iter().enumerate().map(|(at, script)| format!("[reply.r{at}]\nen = {}\n", toml_text(script))).collect();
    let rules: Vec<_> = (0..scripts.len())
        .map(|at| format!("[[rule]]\nwhen = {{ text = \"number{at}\" }}\nreply = \"r{at}\"\n"))
        .collect();
    let config = format!("{OFFICE}{}{}", texts.concat(), rules.concat());
    let mut world = World::open("2026-11-19 20:00", &config).await;
    for (at, script) in scripts.iter().enumerate() {
        let from = format!("1415555010{at}");
        assert_eq!(world.says(&from, &format!("number{at}")).await, 200);
        assert_eq!(world.reply().text, *script);
    }
    world.says("14155550200", "hello").await;
    world.reply();
    for script in SCRIPTS {
        world.says("14155550200", script).await;
    }
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    for script in SCRIPTS {
        // what turns or hides the text around it unseen would let one client rewrite what another has said
        let shown = script.replace(['\u{202b}', '\u{202c}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{feff}'], "");
        assert!(digest.message.contains(&shown), "{script}: {digest:?}");
    }
}

/// A TOML text in ASCII.
fn toml_text(text: &str) -> String {
    let escaped: Vec<_> = text.chars().map(|character| format!("\\U{:08X}", u32::from(character))).collect();
    format!("\"{}\"", escaped.concat())
}
