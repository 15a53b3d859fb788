//! What users of other systems ask for, line by line: `tests/DEMAND.md` says how each is answered, and must not say what is
//! not so.

use std::path::Path;

/// How many complaints there are, and how many defaults follow from them.
const COMPLAINTS: usize = 51;
const DEFAULTS: usize = 8;

/// A file of the project; nothing when there is none.
fn text(path: &str) -> Option<String> {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).ok()
}

/// The rows that begin with a number: number, complaint, answer.
fn rows(page: &str) -> Vec<[&str; 3]> {
    page.lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .filter(|line| line.starts_with(|first: char| first.is_ascii_digit()))
        .map(|line| {
            let cells: Vec<&str> = line.split(" | ").collect();
            <[&str; 3]>::try_from(cells).unwrap_or_else(|_| panic!("not three cells: {line}"))
        })
        .collect()
}

/// The names of tests in an answer.
fn tests(answer: &str) -> impl Iterator<Item = &str> {
    answer.split('`').skip(1).step_by(2).filter(|word| word.contains("::"))
}

/// The headings of the README that an answer sends to.
fn sections(answer: &str) -> impl Iterator<Item = &str> {
    answer.split("README: \"").skip(1).filter_map(|rest| rest.split('"').next())
}

/// The files in which a test of this name may stand.
fn files(name: &str) -> Vec<String> {
    let mut rooms: Vec<&str> = name.split("::").collect();
    rooms.pop();
    if rooms.last() == Some(&"tests") {
        rooms.pop();
        let room = rooms.join("/");
        return ["/tests.rs", "/mod.rs", ".rs"].map(|end| format!("src/{room}{end}")).into();
    }
    // the stories of every store, on each database
    rooms.retain(|room| !room.starts_with("on_"));
    vec![format!("tests/it/{}.rs", rooms.join("/"))]
}

/// There is a test of this name, as the test runner prints it.
fn is_a_test(name: &str) -> bool {
    let function = name.rsplit("::").next().unwrap_or_default();
    let told = |text: String| {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let starts = [format!("fn {function}("), format!("async fn {function}(")];
        let at =
            lines.iter().position(|line| starts.iter().any(|start| line.trim_start_matches("pub ").starts_with(start)));
        let attributes = lines[..at?].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        Some(attributes.copied().any(|line| line.contains("test")))
    };
    let marked = files(name).iter().filter_map(|path| text(path)).find_map(told);
    // a story of the stores is called by the list of them
    let listed = || text("tests/it/store_contract.rs").is_some_and(|list| list.contains(&format!(" {function}")));
    marked.is_some_and(|marked| marked || (name.contains("::on_sqlite::") && listed()))
}

#[test]
fn every_line_of_what_others_ask_for_is_answered_and_every_answer_is_there() {
    let page = text("tests/DEMAND.md").expect("the page");
    let readme = text("README.md").expect("the README");
    let rows = rows(&page);
    let numbers: Vec<_> = rows.iter().map(|[number, ..]| (*number).to_owned()).collect();
    let complaints = (1..=COMPLAINTS).map(|number| number.to_string());
    let expected: Vec<_> = complaints.chain((1..=DEFAULTS).map(|number| format!("4.{number}"))).collect();
    assert_eq!(numbers, expected, "each once, in order");
    let mut wrong = Vec::new();
    for [number, complaint, answer] in rows {
        let later = answer.contains("comes with its channel");
        let answered = tests(answer).next().is_some() || sections(answer).next().is_some();
        if complaint.len() < 10 || !(answered || later || answer.contains("impossible: ")) {
            wrong.push(format!("{number}: no answer"));
        }
        wrong.extend(tests(answer).filter(|name| !is_a_test(name)).map(|name| format!("{number}: no test {name}")));
        let missing = sections(answer).filter(|title| !readme.contains(&format!("\n## {title}\n")));
        wrong.extend(missing.map(|title| format!("{number}: the README has no section {title:?}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(!page.contains("../"), "the page names nothing outside of the project");
}

#[test]
fn what_is_no_test_is_not_taken_for_one() {
    for name in [
        "stories::a_story_that_nobody_wrote",
        "nowhere::an_evening",
        "an_evening",
        "world::signature",
        "verdict::tests::message",
        "store_contract::on_sqlite::admitting::message_from",
    ] {
        assert!(!is_a_test(name), "{name}");
    }
    for name in [
        "stories::an_evening",
        "hours::week::days",
        "verdict::sender::tests::senders_are_told_apart",
        "verdict::tests::the_guard_objects_in_its_order",
        "store_contract::on_sqlite::admitting::a_repetition_changes_nothing",
        "channels::own::a_delivery_is_not_printed",
        "reply::sms::tests::the_segments_hold_the_text_and_no_more",
    ] {
        assert!(is_a_test(name), "{name}");
    }
}
