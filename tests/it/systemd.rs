//! The unit file: how exposed it is, and what it does under a real systemd.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The tool is there; where it is not, CI fails and a developer's machine goes without.
fn have(tools: &[&str]) -> bool {
    let is_there = |tool: &&&str| {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&paths).any(|folder| folder.join(tool).exists())
    };
    let missing: Vec<_> = tools.iter().filter(|tool| !is_there(tool)).collect();
    if missing.is_empty() {
        return true;
    }
    assert!(std::env::var_os("CI").is_none(), "CI must have {missing:?}");
    eprintln!("skipped: needs {missing:?}");
    false
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

#[test]
fn the_unit_is_hardly_exposed() {
    if !have(&["systemd-analyze"]) {
        return;
    }
    let unit = project("systemd/afterhours.service");
    let threshold = "--threshold=15";
    let output = run(Command::new("systemd-analyze").args(["security", "--offline=yes", threshold]).arg(&unit));
    let told = String::from_utf8_lossy(&output.stdout);
    let level = told.lines().find(|line| line.contains("Overall exposure level")).expect("an exposure level");
    assert!(output.status.success(), "more than 1.5: {level}");
}

#[test]
fn every_line_of_the_unit_is_explained() {
    let unit = std::fs::read_to_string(project("systemd/afterhours.service")).expect("the unit");
    let paragraphs = unit.split("\n\n").filter(|paragraph| paragraph.contains('='));
    for paragraph in paragraphs {
        let settings = paragraph.lines().filter(|line| !line.starts_with(['#', '['])).count();
        let comments = paragraph.lines().filter(|line| line.starts_with('#')).count();
        assert!(comments > 0 || settings == 0 || paragraph.contains("[Install]"), "no comment in:\n{paragraph}");
    }
}

#[test]
fn a_real_systemd_starts_reloads_stops_restarts_and_watches_it() {
    let root = run(Command::new("id").arg("-u")).stdout == b"0\n";
    if !root {
        assert!(std::env::var_os("CI").is_none(), "CI must be root");
        eprintln!("skipped: needs root");
        return;
    }
    if !have(&["systemd-nspawn", "mmdebstrap", "nsenter", "pgrep"]) {
        return;
    }
    let binary = assert_cmd::cargo::cargo_bin("afterhours");
    let output = run(Command::new("bash").arg(project("tests/systemd/boot.sh")).arg(binary));
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
    assert_eq!(told.matches("ok: ").count(), 10, "{told}");
}
