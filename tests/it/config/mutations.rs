//! Whatever is done to a good file: it loads, or it is told where it is broken.

use afterhours::config::{self, Report};
use proptest::prelude::*;

use super::{credentials, today};

const GOOD: &str = include_str!("../../../config/afterhours.toml");

/// What may happen to a line.
#[derive(Clone, Debug)]
enum Change {
    Delete,
    Duplicate,
    /// Everything behind that character is lost.
    Cut(usize),
    /// A character is put in there.
    Insert(usize, char),
    /// The line goes there.
    Move(usize),
    /// A `#` in front of it is taken away.
    Uncomment,
}

fn change() -> impl Strategy<Value = (prop::sample::Index, Change)> {
    let characters = prop::sample::select(vec![
        '"', '\'', '[', ']', '{', '}', '=', '#', ',', '.', '\\', ' ', '0', '-', 'é', '“', '\u{0}',
    ]);
    let change = prop_oneof![
        Just(Change::Delete),
        Just(Change::Duplicate),
        (0..80_usize).prop_map(Change::Cut),
        (0..80_usize, characters).prop_map(|(at, character)| Change::Insert(at, character)),
        (0..200_usize).prop_map(Change::Move),
        Just(Change::Uncomment),
    ];
    (any::<prop::sample::Index>(), change)
}

fn apply(lines: &mut Vec<String>, (at, change): &(prop::sample::Index, Change)) {
    if lines.is_empty() {
        return;
    }
    let at = at.index(lines.len());
    let byte = |line: &str, character: usize| line.char_indices().nth(character).map_or(line.len(), |(byte, _)| byte);
    match change {
        Change::Delete => drop(lines.remove(at)),
        Change::Duplicate => lines.insert(at, lines[at].clone()),
        Change::Cut(character) => {
            let end = byte(&lines[at], *character);
            lines[at].truncate(end);
        }
        Change::Insert(place, character) => {
            let place = byte(&lines[at], *place);
            lines[at].insert(place, *character);
        }
        Change::Move(to) => {
            let line = lines.remove(at);
            lines.insert((*to).min(lines.len()), line);
        }
        Change::Uncomment => lines[at] = lines[at].trim_start_matches(['#', ' ']).to_owned(),
    }
}

/// A build reads the file some ten times a second; `PROPTEST_CASES` asks for more.
fn few() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(32);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn a_changed_file_loads_or_is_told_where_it_is_broken(changes in prop::collection::vec(change(), 1..6)) {
        let mut lines: Vec<String> = GOOD.lines().map(str::to_owned).collect();
        for change in &changes {
            apply(&mut lines, change);
        }
        let text = lines.join("\n");
        let (_directory, environment) = credentials();
        let count = text.lines().count();
        let problems = match config::read("changed.toml", text, true, today(), environment) {
            Ok(loaded) => loaded.warnings,
            Err(Report { problems }) => {
                prop_assert!(!problems.is_empty(), "refused without a reason");
                problems
            }
        };
        for problem in problems {
            let entry = problem.entry();
            let line = entry.line.expect("a line");
            prop_assert!((1..=count.max(1)).contains(&line) && entry.column >= Some(1), "{entry:?}");
            prop_assert!(!entry.message.is_empty());
            prop_assert!(!problem.to_string().is_empty());
        }
    }

    /// A secret that stands in the file is never shown, however broken the file is around it.
    #[test]
    fn a_literal_secret_is_never_shown(changes in prop::collection::vec(change(), 1..6)) {
        const SECRET: &str = "hunter2ZwQ";
        let mut lines: Vec<String> = GOOD.lines().map(|line| line.replace("= \"credential:", &format!("= \"{SECRET}"))).collect();
        for change in &changes {
            // what takes the secret itself apart cannot be told from any other text
            if !matches!(change.1, Change::Cut(_) | Change::Insert(..)) {
                apply(&mut lines, change);
            }
        }
        let (_directory, environment) = credentials();
        let problems = match config::read("changed.toml", lines.join("\n"), true, today(), environment) {
            Ok(loaded) => loaded.warnings,
            Err(report) => report.problems,
        };
        prop_assert!(!problems.is_empty());
        for problem in problems {
            let shown = format!("{problem}{problem:?}{}{:?}", problem.log_line(), problem.entry());
            prop_assert!(!shown.contains(SECRET), "{shown}");
        }
    }
}
