//! The config file: what loads, and what a broken one is told.

use std::path::{Path, PathBuf};

use afterhours::config::{Environment, Loaded, Report, load_in};
use chrono::NaiveDate;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day")
}

/// A directory with the credentials that `config/afterhours.toml` names, and an environment that has it.
fn credentials() -> (tempfile::TempDir, Environment) {
    let directory = tempfile::tempdir().expect("a directory");
    let secrets = [
        ("whatsapp-app-secret", "hunter2-app"),
        ("whatsapp-verify-token", "hunter2-verify"),
        ("whatsapp-access-token", "hunter2-access"),
        ("forms-secret", "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="),
        ("archive-secret", "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="),
        ("ntfy-topic", "hunter2-topic\n"),
    ];
    for (name, secret) in secrets {
        std::fs::write(directory.path().join(name), secret).expect("written");
    }
    let environment = Environment::of([("CREDENTIALS_DIRECTORY", &*directory.path().to_string_lossy())]);
    (directory, environment)
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(name)
}

fn problems(result: Result<Loaded, Report>) -> String {
    let problems = match result {
        Ok(loaded) => loaded.warnings,
        Err(report) => report.problems,
    };
    problems.iter().map(|problem| format!("{problem}\n\n")).collect()
}

#[test]
fn the_commented_config_loads_without_a_warning() {
    let (_directory, environment) = credentials();
    let loaded = load_in(&shipped("afterhours.toml"), today(), environment);
    assert!(loaded.is_ok(), "{}", problems(loaded));
    assert_eq!(problems(loaded), "");
}

#[test]
fn the_demo_config_loads() {
    let loaded = load_in(&shipped("demo.toml"), today(), Environment::default());
    assert!(loaded.is_ok(), "{}", problems(loaded));
}

const BROKEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/config/broken");

/// What broken files are read with: a few secrets, none of which may be shown.
fn surroundings() -> Environment {
    Environment::of([
        ("APP_SECRET", "hunter2"),
        ("VERIFY_TOKEN", "hunter2"),
        ("ACCESS_TOKEN", "hunter2"),
        ("WEBHOOK_SECRET", "whsec_aHVudGVyMi1hbmQtaHVudGVyMi1hbmQtaHVudGVyMg=="),
        ("TOPIC", "hunter2"),
        ("CREDENTIALS_DIRECTORY", "/nonexistent"),
    ])
}

fn broken() -> Vec<PathBuf> {
    let files = std::fs::read_dir(BROKEN).expect("a directory").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    files.sort();
    files
}

/// `UPDATE_EXPECTED=1` writes what comes out, to be read by a person before it is committed.
#[test]
fn broken_files_are_told_what_is_wrong_where_and_what_to_do() {
    let files = broken();
    assert!(files.len() >= 10, "{} files", files.len());
    let directory = format!("{BROKEN}/");
    let mut unlike = Vec::new();
    for file in files {
        let shown = problems(load_in(&file, today(), surroundings())).replace(&directory, "");
        assert!(!shown.contains("hunter2"), "a secret is shown:\n{shown}");
        let expected = file.with_extension("txt");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&expected, &shown).expect("written");
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != shown {
            unlike.push(shown);
        }
    }
    assert!(unlike.is_empty(), "{}", unlike.join("\n────\n"));
}
