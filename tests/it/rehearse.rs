//! `rehearse` through the real binary: each story of `tests/fixtures/rehearse/` gives what lies beside it, byte for byte.
#![expect(clippy::expect_used, reason = "a test may")]

use std::path::PathBuf;

use assert_cmd::Command;

use crate::provider::{fixtures, names};

fn rehearse(events: &str, json: bool) -> Command {
    let mut command = Command::cargo_bin("afterhours").expect("the binary");
    let folder = fixtures("rehearse");
    command.arg("rehearse").arg("--config").arg(folder.join("office.toml")).arg("--events").arg(folder.join(events));
    if json {
        command.arg("--json");
    }
    command
}

fn written(name: &str, bytes: &[u8]) -> String {
    let path: PathBuf = fixtures("rehearse").join(name);
    if std::env::var_os("REWRITE_EXPECTED").is_some() {
        std::fs::write(&path, bytes).expect("a file");
    }
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn each_story_gives_what_lies_beside_it_on_every_run() {
    let stories: Vec<_> =
        names("rehearse").into_iter().filter_map(|name| Some(name.strip_suffix(".jsonl")?.to_owned())).collect();
    assert!(stories.len() >= 7, "{stories:?}");
    for story in stories {
        for (json, ending) in [(true, "out.jsonl.expected"), (false, "out.txt.expected")] {
            let run = || rehearse(&format!("{story}.jsonl"), json).assert().success().get_output().stdout.clone();
            let (once, again) = (run(), run());
            assert_eq!(once, again, "{story}: another output on the second run");
            let expected = written(&format!("{story}.{ending}"), &once);
            assert_eq!(String::from_utf8_lossy(&once), expected, "{story}.{ending}");
        }
    }
}

#[test]
fn a_follow_up_is_shown_as_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let [config, events] = ["office.toml", "events.jsonl"].map(|name| folder.path().join(name));
    let office = std::fs::read_to_string(fixtures("rehearse").join("office.toml")).expect("a config");
    std::fs::write(&config, office + "\n[conversation]\nfollow_up = true\n").expect("a file");
    let lines = concat!(
        r#"{"at":"2026-11-19T19:30:00-06:00","channel":"work","id":"m1","from":"+50499990001","text":"open?"}"#,
        "\n",
        r#"{"at":"2026-11-20T09:00:00-06:00"}"#,
    );
    std::fs::write(&events, lines).expect("a file");
    let shown = |json: &[&str]| {
        let mut command = Command::cargo_bin("afterhours").expect("the binary");
        command.arg("rehearse").args(json).arg("--config").arg(&config).arg("--events").arg(&events);
        String::from_utf8(command.assert().success().get_output().stdout.clone()).expect("text")
    };
    let (told, json) = (shown(&[]), shown(&["--json"]));
    assert!(told.contains("← reply to ") && told.contains("← follow-up to "), "{told}");
    let kinds: Vec<_> = json
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .filter(|line| line["event"] == "reply")
        .map(|line| line["kind"].clone())
        .collect();
    assert_eq!(kinds, [serde_json::Value::Null, "follow_up".into()], "{json}");
}

#[test]
fn the_sample_config_plays_a_line_that_names_no_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("events.jsonl");
    let line =
        r#"{"at":"2026-11-20T19:30:00-06:00","channel":"work","id":"m1","from":"+50499990001","text":"are you open?"}"#;
    std::fs::write(&path, line).expect("a file");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/config/afterhours.toml");
    let mut command = Command::cargo_bin("afterhours").expect("the binary");
    command.args(["rehearse", "--json", "--config", sample, "--events"]).arg(&path);
    let output = command.assert().success().get_output().stdout.clone();
    let first: serde_json::Value =
        serde_json::from_slice(output.split(|byte| *byte == b'\n').next().expect("a line")).expect("JSON");
    assert_eq!((&first["reply"], &first["line"]), (&"closed".into(), &"106540352242922".into()), "{first}");
}

#[test]
fn a_raw_line_that_cannot_be_proven_here_is_said_to_be_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("events.jsonl");
    std::fs::write(&path, r#"{"at":"2026-11-20T19:30:00-06:00","channel":"work","body":"{}"}"#).expect("a file");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/config/afterhours.toml");
    let mut command = Command::cargo_bin("afterhours").expect("the binary");
    let output = command.args(["rehearse", "--config", sample, "--events"]).arg(&path).output().expect("runs");
    assert!(String::from_utf8_lossy(&output.stderr).contains("no signature of a raw line can hold"));
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("401"));
}

#[test]
fn a_bad_line_is_named_by_its_number_and_nothing_is_rehearsed() {
    let at = |rest: &str| format!("{{\"at\":\"2026-11-20T19:30:00-06:00\"{rest}}}");
    let cases = [
        ("{oops".to_owned(), "key must be a string (column 2)"),
        (at("").replace("20T", "19T"), "is earlier than the line before it"),
        (at(r#","chanel":"work""#), "unknown field `chanel`"),
        (
            at(r#","channel":"wrok","from":"+50499990001""#),
            "no channel named \"wrok\" in the config; did you mean `work`?",
        ),
        (at(r#","channel":"mail","from":"+50499990001""#), "in the config; it has `front` and `work`"),
        (at(r#","channel":"work""#), "the line has a channel but neither from, owner_to nor body"),
        (at(r#","from":"+50499990001","text":"hello""#), "the line has from, text but no channel"),
        (at(r#","body":"{}""#), "the line has body but no channel"),
        (
            at(r#","channel":"work","from":"+50499990001","owner_to":"+50499990001""#),
            "from and owner_to stand together",
        ),
        (at(r#","channel":"work","body":"{}","from":"+50499990001""#), "from stands beside body"),
        (at(r#","channel":"work","headers":{}"#), "the line has headers but no body"),
        (at(r#","channel":"work","headers":{"a b":"c"},"body":"{}""#), "\"a b\" is not a header's name"),
        (at(r#","channel":"work","from":"+504 (0) 9999""#), "the (0) is not dialled"),
        (
            at(r#","away":{"until":"2026-11-30T08:00:00-06:00","reply":"vaction"}"#),
            "no reply named \"vaction\" in the config",
        ),
        (at(r#","away":{"until":"2026-11-20T08:00:00-06:00"}"#), "away ends before it begins"),
        (at(r#","away":{"until":"2026-11-30T08:00:00-06:00"},"channel":"work""#), "away stands beside something else"),
    ];
    let before = at(r#","channel":"work","from":"+50499990001","text":"hello""#);
    let folder = tempfile::tempdir().expect("a folder");
    for (text, said) in cases {
        let path = folder.path().join("events.jsonl");
        std::fs::write(&path, format!("{before}\n\n{text}\n")).expect("a file");
        let output = Command::cargo_bin("afterhours")
            .expect("the binary")
            .args(["rehearse", "--json", "--config"])
            .arg(fixtures("rehearse").join("office.toml"))
            .arg("--events")
            .arg(&path)
            .output()
            .expect("runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("events.jsonl:3: ") && told.contains(said), "{said}: {told}");
        assert!(output.stdout.is_empty(), "{said}: {}", String::from_utf8_lossy(&output.stdout));
    }
}
