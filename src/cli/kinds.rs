//! `channels`, `sinks`: the kinds there are, with their keys and set-up steps.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde::Serialize;

use super::{Global, print};
use crate::config::{Key, own_keys};
use crate::{channel, sink};

/// Columns of the text: fits beside an editor, and on a printed page.
const WIDTH: usize = 92;

/// A kind, as `--json` shows it.
#[derive(Serialize)]
struct Kind {
    name: &'static str,
    about: &'static str,
    keys: Vec<Key>,
    setup: Vec<String>,
}

/// Lists the kinds of channels.
pub fn channels(global: &Global) -> ExitCode {
    let kind = |kind: &channel::ChannelKind| Kind {
        name: kind.name,
        about: kind.about,
        keys: own_keys(kind.schema),
        setup: steps(kind.setup),
    };
    let common = "Every channel also takes `hours`, `reply_language` and tables `line.ID`.";
    show(global, "channel", common, &channel::KINDS.iter().map(kind).collect::<Vec<_>>())
}

/// Lists the kinds of sinks.
pub fn sinks(global: &Global) -> ExitCode {
    let kind = |kind: &sink::SinkKind| Kind {
        name: kind.name,
        about: kind.about,
        keys: own_keys(kind.schema),
        setup: steps(kind.setup),
    };
    let common = "`[notify]` says which sinks are used, and for what.";
    show(global, "sink", common, &sink::KINDS.iter().map(kind).collect::<Vec<_>>())
}

/// One step a line. What only the reader knows stays to be filled in.
fn steps(setup: &str) -> Vec<String> {
    let filled = setup.replace("{public_url}", "https://YOUR-HOST").replace("{name}", "NAME");
    filled.lines().map(str::to_owned).collect()
}

fn show(global: &Global, table: &str, common: &str, kinds: &[Kind]) -> ExitCode {
    let text = if global.json { super::json(&kinds) } else { plain(table, common, kinds) };
    print(&text)
}

fn plain(table: &str, common: &str, kinds: &[Kind]) -> String {
    let mut text = String::new();
    for kind in kinds {
        let _ = writeln!(text, "{}", kind.name);
        wrapped(&mut text, "  ", "  ", kind.about);
        let _ = writeln!(text, "\n  [{table}.NAME]\n  kind = \"{}\"", kind.name);
        let widest = kind.keys.iter().map(|key| key.name.len()).max().unwrap_or_default();
        let hanging = " ".repeat(widest + 4);
        for key in &kind.keys {
            wrapped(&mut text, &format!("  {:<widest$}  ", key.name), &hanging, &key.about);
        }
        let _ = writeln!(text);
        for (at, step) in kind.setup.iter().enumerate() {
            wrapped(&mut text, &format!("  {}. ", at + 1), "     ", step);
        }
        let _ = writeln!(text);
    }
    wrapped(&mut text, "", "", common);
    text
}

/// Writes words in lines of at most [`WIDTH`] columns.
fn wrapped(text: &mut String, first: &str, others: &str, words: &str) {
    let mut line = first.to_owned();
    let mut begun = false;
    for word in words.split_whitespace() {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            others.clone_into(&mut line);
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    let _ = writeln!(text, "{line}");
}
