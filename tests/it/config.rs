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
