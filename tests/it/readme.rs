//! Every command of the README is run by a test: here, in the test runner itself, or in the systemd container.
#![expect(clippy::expect_used, reason = "a test may")]

use std::path::Path;

use assert_cmd::Command;

use crate::provider::fixtures;

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(path).expect("the README")
}

fn afterhours(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("afterhours").expect("the binary");
    command.args(arguments);
    command
}

#[test]
fn the_demo_shows_the_whole_job() {
    assert!(readme().contains("\ncargo run --release -- demo\n"));
    let shown = afterhours(&["demo", "--pace", "0"]).assert().success().get_output().stdout.clone();
    let shown = String::from_utf8(shown).expect("UTF-8");
    for seen in ["reply to Bob Smith", "no reply, no notice, no trace", "refused with 401", "2 messages from Bob Smith"]
    {
        assert!(shown.contains(seen), "{shown}");
    }
    // the picture of the README is what the demo prints, line by line, however it is wrapped
    let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (readme, shown) = (readme(), squeeze(&shown));
    let picture = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a picture");
    assert!(picture.lines().count() > 5);
    for line in picture.lines() {
        assert!(shown.contains(&squeeze(line)), "the demo does not print {line:?}");
    }
}

#[test]
fn ci_runs_the_readmes_test_command_last() {
    let readme = readme();
    assert!(readme.contains("\ncargo test\n"));
    let ci = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/run")).expect("the script");
    assert_eq!(ci.trim_end().lines().last(), Some("cargo test --locked"));
}

/// The commands of the table that need no running service; those that do are in `service.rs`.
#[test]
fn the_commands_of_the_table_do_what_they_say() {
    let readme = readme();
    let config = fixtures("rehearse").join("office.toml");
    let config = config.to_str().expect("UTF-8");
    let events = fixtures("rehearse").join("evening.jsonl");
    let events = events.to_str().expect("UTF-8");
    let cases: &[(&str, &[&str], &str)] = &[
        ("`afterhours hours`", &["hours"], "office"),
        (
            "`afterhours explain --channel work --from \"+504 9999-0001\" --text \"urgent\"`",
            &["explain", "--channel", "work", "--from", "+504 9999-0001", "--text", "urgent"],
            "because",
        ),
        ("`afterhours rehearse --events FILE.jsonl`", &["rehearse", "--events", events], "the digest"),
        ("`afterhours check`", &["check"], "ok"),
        ("`afterhours channels`", &["channels"], "whatsapp"),
        ("`afterhours sinks`", &["sinks"], "ntfy"),
    ];
    for (written, arguments, seen) in cases {
        assert!(readme.contains(written), "{written}");
        let output = afterhours(arguments).args(["--config", config]).assert().success().get_output().stdout.clone();
        let output = String::from_utf8(output).expect("UTF-8");
        assert!(output.contains(seen), "{written}: {output}");
    }
}

#[test]
fn the_channels_command_tells_of_one_kind_and_sets_up_only_what_it_can() {
    let config = fixtures("rehearse").join("office.toml");
    let run = |arguments: &[&str], status: i32| {
        let mut command = afterhours(arguments);
        let output = command.arg("--config").arg(&config).assert().code(status).get_output().clone();
        String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8")
    };
    let one = run(&["channels", "webhook"], 0);
    assert!(one.starts_with("webhook\n") && !one.contains("whatsapp"), "{one}");
    let wrong = run(&["channels", "whatsap"], 2);
    assert_eq!(wrong, "afterhours: there is no kind of channel named \"whatsap\"; did you mean `whatsapp`?\n");
    let bare = run(&["channels", "--register"], 2);
    assert!(bare.contains("<KIND>") || bare.contains("[KIND]"), "{bare}");
    let nowhere = run(&["channels", "whatsapp", "--register"], 2);
    assert!(nowhere.contains("set `public_url` in `[listen]`"), "{nowhere}");
}
