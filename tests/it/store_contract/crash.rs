//! A process that is killed, and a disk that fails, under a store at work.
//!
//! The child is this test binary again, with `STORE_CHILD` set to the store's URL.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use afterhours::store::{self, Store};

use super::world::{Home, Sqlite, admit, at, claim, open_hours, phone, recall, says};

const URL: &str = "STORE_CHILD";
const TEST: &str = "store_contract::crash::child";

/// Messages that a child admits when nobody stops it.
const MESSAGES: u32 = 400;

/// Admits messages, eight at a time, and says `ack ID` when each is acknowledged; one that failed is tried again.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(URL) else { return };
    let store = store::open(&url, at(0)).expect("opens");
    let decide = open_hours();
    let mut tasks = Vec::new();
    for lane in 0..8_u32 {
        let (store, decide) = (Arc::clone(&store), Arc::clone(&decide));
        tasks.push(tokio::spawn(async move {
            for number in (lane..MESSAGES).step_by(8) {
                let id = format!("m{number}");
                let message = || vec![super::world::entry(says(&id, number, 1))];
                while let Err(error) = store.admit(message(), Arc::clone(&decide)).await {
                    println!("\nfailed {error}");
                }
                println!("\nack {id}");
            }
        }));
    }
    for task in tasks {
        task.await.expect("ends");
    }
    store.close().await;
    println!("\nend");
}

/// What a child has said.
#[derive(Default)]
struct Said {
    acknowledged: BTreeSet<String>,
    failures: Vec<String>,
    ended: bool,
}

impl Said {
    /// Listens until the child ends, or has acknowledged so many.
    fn hear(child: &mut Child, most: usize) -> Self {
        let mut said = Self::default();
        for line in BufReader::new(child.stdout.as_mut().expect("piped")).lines() {
            let line = line.expect("text");
            if let Some(id) = line.strip_prefix("ack ") {
                said.acknowledged.insert(id.to_owned());
            } else if let Some(error) = line.strip_prefix("failed ") {
                said.failures.push(error.to_owned());
            }
            said.ended |= line == "end";
            if said.acknowledged.len() >= most {
                break;
            }
        }
        said
    }
}

fn child_command(program: &[&str], home: &Sqlite) -> Command {
    let binary = std::env::current_exe().expect("a path");
    let mut words = program.iter().map(std::ffi::OsString::from).chain([binary.into()]);
    let mut command = Command::new(words.next().expect("a word"));
    command.args(words).args(["--exact", TEST, "--nocapture", "--test-threads=1"]);
    command.env(URL, home.url()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Every message that was acknowledged is there, once, with its notice.
async fn all_are_there(store: &Arc<dyn Store>, acknowledged: &BTreeSet<String>) {
    let jobs = claim(store, 9).await;
    let found: Vec<String> =
        jobs.iter().map(|job| job.message.as_ref().expect("a message").message.id.as_str().to_owned()).collect();
    let distinct: BTreeSet<String> = found.iter().cloned().collect();
    assert_eq!(distinct.len(), found.len(), "none is there twice");
    let lost: Vec<&String> = acknowledged.difference(&distinct).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    for id in &distinct {
        let number = id.trim_start_matches('m').parse().expect("a number");
        assert!(!recall(store, &[phone(number)], 2).await.first_contact, "{id}");
        assert!(super::world::is_duplicate(&admit(store, says(id, number, 2), &open_hours()).await), "{id}");
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    for most in [1, 7, 40, 111, 230] {
        let home = Sqlite::new();
        let mut child = child_command(&[], &home).spawn().expect("starts");
        let mut said = Said::hear(&mut child, most);
        child.kill().expect("is killed");
        // what it said before it died, and we had not read
        said.acknowledged.extend(Said::hear(&mut child, usize::MAX).acknowledged);
        child.wait().expect("is gone");
        assert!(said.acknowledged.len() >= most && !said.ended, "{most}");
        all_are_there(&home.open(), &said.acknowledged).await;
    }
}

#[tokio::test]
async fn another_process_is_kept_out() {
    let home = Sqlite::new();
    let store = home.open();
    let output = child_command(&[], &home).output().expect("runs");
    assert!(!output.status.success());
    store.ping().await.expect("is not disturbed");
    drop(store);
    let output = child_command(&[], &home).output().expect("runs");
    assert!(output.status.success());
}

/// Under `strace`, that makes system calls fail; `None` when there is none to be had on a developer's machine.
fn faulty_disk(home: &Sqlite, faults: &str) -> Option<Command> {
    let runs = Command::new("strace").args(["-o", "/dev/null", "true"]).status().is_ok_and(|status| status.success());
    if !runs {
        assert!(
            std::env::var_os("CI").is_none(),
            "strace is missing or may not trace: the disk cannot be made to fail"
        );
        eprintln!("skipped: strace is missing or may not trace");
        return None;
    }
    Some(child_command(&["strace", "-f", "-o", "/dev/null", "-e", faults], home))
}

#[tokio::test]
async fn a_disk_that_fails_loses_nothing_and_is_recovered_from() {
    // the disk fails in the middle of the work, for a while
    let cases = [
        ("inject=fsync,fdatasync:error=EIO:when=12..15", "disk I/O error"),
        ("inject=pwrite64:error=ENOSPC:when=90..99", "database or disk is full"),
        ("inject=pwrite64:error=EIO:when=90..99", "disk I/O error"),
    ];
    for (faults, says) in cases {
        let home = Sqlite::new();
        let Some(mut command) = faulty_disk(&home, faults) else { return };
        let mut child = command.spawn().expect("starts");
        let said = Said::hear(&mut child, usize::MAX);
        assert!(child.wait().expect("ends").success() && said.ended, "{faults}");
        assert!(!said.failures.is_empty(), "{faults}: nothing failed");
        for failure in &said.failures {
            assert_eq!(failure, &format!("the store failed: {says}"), "{faults}");
        }
        assert_eq!(said.acknowledged.len(), MESSAGES as usize, "{faults}");
        all_are_there(&home.open(), &said.acknowledged).await;
    }
}
