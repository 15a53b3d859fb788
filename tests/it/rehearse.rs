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
fn a_bad_line_is_named_by_its_number_and_nothing_is_rehearsed() {
    let cases = [
        ("{\"at\":\"2026-11-20T19:30:00-06:00\"}\n{oops", ":2: "),
        ("{\"at\":\"2026-11-20T19:30:00-06:00\"}\n{\"at\":\"2026-11-19T19:30:00-06:00\"}", ":2: is earlier"),
        ("{\"at\":\"2026-11-20T19:30:00-06:00\",\"chanel\":\"work\"}", ":1: unknown field `chanel`"),
        (
            "{\"at\":\"2026-11-20T19:30:00-06:00\",\"channel\":\"wrok\",\"from\":\"+50499990001\"}",
            ":1: there is no channel",
        ),
        ("{\"at\":\"2026-11-20T19:30:00-06:00\",\"channel\":\"work\"}", ":1: the line has a channel but"),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    for (text, said) in cases {
        let path = folder.path().join("events.jsonl");
        std::fs::write(&path, text).expect("a file");
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
        assert!(told.contains(said) && output.stdout.is_empty(), "{told}");
    }
}
