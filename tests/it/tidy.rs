//! What must be true of the sources and the documentation themselves.
#![expect(clippy::expect_used, reason = "a test may")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use afterhours::{channel, sink};

use crate::provider::names;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file under a folder or of that name.
fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found: Vec<_> = entries.flat_map(|entry| sources_or_none(&entry.expect("an entry").path())).collect();
    found.sort();
    found
}

fn sources_or_none(path: &Path) -> Vec<PathBuf> {
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    if path.is_dir() || is_rust { sources(path) } else { Vec::new() }
}

/// A room is a file or a folder of its name.
fn room(name: &str) -> Vec<PathBuf> {
    let (file, folder) = (project(&format!("src/{name}.rs")), project(&format!("src/{name}")));
    let mut found = if file.is_file() { vec![file] } else { Vec::new() };
    if folder.is_dir() {
        found.extend(sources(&folder));
    }
    assert!(!found.is_empty(), "there is no room {name}");
    found
}

const PURE: &[&str] = &["message", "language", "hours", "clients", "verdict", "reply", "digest", "backoff"];

#[test]
fn the_pure_rooms_know_nothing_of_the_world() {
    let world = [
        "tokio",
        "reqwest",
        "axum",
        "hyper",
        "rusqlite",
        "lettre",
        "std::fs",
        "std::env",
        "std::net",
        "std::thread",
        "Utc::now",
        "SystemTime",
        "crate::store",
        "crate::config",
        "crate::channel",
        "crate::sink",
        "crate::clock",
        "crate::app",
        "crate::outbound",
        "tracing::",
    ];
    for path in PURE.iter().flat_map(|name| room(name)) {
        if path.ends_with("tests.rs") {
            continue;
        }
        let source = text(&path);
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in lines {
            let known = world.iter().find(|word| line.contains(**word));
            assert!(known.is_none(), "{}: {line}", path.display());
        }
    }
}

#[test]
fn the_tests_run_the_program_that_is_shipped() {
    for path in sources(&project("src")) {
        let source = text(&path);
        let mut lines = source.lines().enumerate().peekable();
        while let Some((number, line)) = lines.next() {
            let place = format!("{}:{}", path.display(), number + 1);
            assert!(!line.contains("cfg!(test)") && !line.contains("not(test)"), "{place}: another program in tests");
            if line.trim() == "#[cfg(test)]" {
                let next = lines.find(|(_, line)| !line.trim_start().starts_with("#[")).map(|(_, line)| line);
                let is_module = next.is_some_and(|line| line.trim_start().starts_with("mod "));
                assert!(is_module, "{place}: `cfg(test)` on something other than a module of tests");
            }
        }
    }
}

#[test]
fn every_kind_has_its_fixtures_and_every_fixture_its_kind() {
    let channels: BTreeSet<_> = channel::KINDS.iter().map(|kind| kind.name.to_owned()).collect();
    assert_eq!(channels, names("channel").into_iter().collect());
    let sinks: BTreeSet<_> = sink::KINDS.iter().map(|kind| kind.name.to_owned()).collect();
    assert_eq!(sinks.len(), sink::KINDS.len(), "a name twice");
}

#[test]
fn every_path_in_the_documents_exists() {
    for document in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "benches/README.md"] {
        let written = text(&project(document));
        let folder = project(document).parent().expect("a folder").to_owned();
        for target in written.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let is_path = !target.contains("://") && !target.starts_with('#');
            assert!(!is_path || folder.join(target).exists(), "{document} points to {target}");
        }
        for word in written.split('`').skip(1).step_by(2) {
            let in_project = ["src/", "tests/", "config/", "systemd/", "scripts/", "benches/", ".ci/"];
            let is_path = in_project.iter().any(|start| word.starts_with(start)) && !word.contains([' ', '*', '{']);
            assert!(!is_path || project(word).exists(), "{document} names {word}");
        }
    }
    let map = text(&project("src/lib.rs"));
    for name in map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        room(name);
    }
}

#[test]
fn nothing_lies_about() {
    let expected = "ARCHITECTURE.md CHANGELOG.md Cargo.lock Cargo.toml LICENSE-APACHE LICENSE-MIT README.md benches build.rs clippy.toml \
                    config examples fuzz rustfmt.toml scripts src systemd target tests";
    let expected: BTreeSet<&str> = expected.split_whitespace().collect();
    let found = std::fs::read_dir(project("")).expect("the project");
    let found = found.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
    let stray: Vec<_> = found.filter(|name| !name.starts_with('.') && !expected.contains(name.as_str())).collect();
    assert!(stray.is_empty(), "say in tests/it/tidy.rs what these are for, or take them away: {stray:?}");
}

#[test]
fn the_change_log_tells_the_operator() {
    let tags = ["**[CHANGE]**", "**[FEATURE]**", "**[ENHANCEMENT]**", "**[BUGFIX]**"];
    let log = text(&project("CHANGELOG.md"));
    let entries: Vec<_> = log.lines().filter(|line| line.starts_with("- ")).collect();
    assert!(!entries.is_empty());
    for entry in entries {
        assert!(tags.iter().any(|tag| entry[2..].starts_with(tag)), "{entry}");
    }
}
