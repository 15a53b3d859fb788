//! What only `SQLite` has: a file, its lock, its schema, its queue.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Barrier};

use afterhours::store::{self, Decision, Entry, JobKind, OpenError, Outcome, StoreError};
use afterhours::verdict::Notify;

use super::world::{Home, Sqlite, admit, always, at, by, claim, entry, evening, ids, job, open_hours, says, verdict};

#[tokio::test]
async fn nobody_else_can_read_the_files() {
    let home = Sqlite::new();
    fs::write(home.path(), "").expect("writes");
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o644)).expect("sets");
    let store = home.open();
    admit(&store, says("m1", 1, 1), &evening()).await;
    let mut files: Vec<(String, u32)> = fs::read_dir(home.directory.path())
        .expect("lists")
        .map(|file| {
            let file = file.expect("a file");
            let mode = file.metadata().expect("metadata").permissions().mode() & 0o777;
            (file.file_name().into_string().expect("text"), mode)
        })
        .collect();
    files.sort();
    let expected = ["store.db", "store.db-shm", "store.db-wal", "store.db.lock"];
    assert_eq!(files, expected.map(|name| (name.to_owned(), 0o600)));
}

#[tokio::test]
async fn provider_ids_and_addresses_stand_nowhere_but_in_the_seal() {
    let home = Sqlite::new();
    let store = home.open();
    admit(&store, says("wamid.50499990001", 1, 1), &evening()).await;
    let jobs = claim(&store, 1).await;
    store.begin(vec![jobs[0].id], at(1)).await.expect("begins");
    let done = store::Outcome::Done(Some("wamid.50499990001.reply".into()));
    store.settle(vec![jobs[0].id], done, at(1)).await.expect("settles");
    store
        .alert("line of +50499990001".into(), "call +50499990001".into(), vec!["phone".into()], at(1))
        .await
        .expect("alerts");
    store.close().await;

    let connection = rusqlite::Connection::open(home.path()).expect("opens");
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").expect("prepares");
    let tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("text");
    let mut cells = 0;
    for table in tables {
        let mut rows = connection.prepare(&format!("SELECT * FROM {table}")).expect("prepares");
        let columns: Vec<String> = rows.column_names().map(str::to_owned).collect();
        let mut rows = rows.query([]).expect("queries");
        while let Some(row) = rows.next().expect("a row") {
            for column in &columns {
                let value: rusqlite::types::Value = row.get(&**column).expect("a value");
                let open = !["sealed", "words"].contains(&&**column);
                assert!(!open || !format!("{value:?}").contains("99990001"), "{table}.{column}");
                let bytes = match &value {
                    rusqlite::types::Value::Blob(bytes) => bytes.as_slice(),
                    rusqlite::types::Value::Text(text) => text.as_bytes(),
                    _ => &[],
                };
                let quotes = bytes.windows(8).any(|window| window == b"99990001");
                assert!(!open || !quotes, "{table}.{column}");
                cells += 1;
            }
        }
    }
    assert!(cells > 30, "the tables were looked at: {cells}");
}

#[test]
fn one_process_at_a_time() {
    let home = Sqlite::new();
    let store = home.open();
    let error = store::open(&home.url(), at(0)).err().expect("refused");
    assert!(matches!(error, OpenError::Locked(_)));
    assert_eq!(error.to_string(), format!("another afterhours process is using {}", home.path().display()));
    drop(store);
    home.open();
}

#[test]
fn what_cannot_be_opened_says_why_and_changes_nothing() {
    let home = Sqlite::new();
    let make = |name: &str, sql: &str| {
        let path = home.directory.path().join(name);
        let connection = rusqlite::Connection::open(&path).expect("opens");
        connection.execute_batch(sql).expect("runs");
        path
    };
    let foreign = make("foreign.db", "CREATE TABLE theirs (a)");
    let newer = make("newer.db", "CREATE TABLE t (a); PRAGMA application_id = 1634104434; PRAGMA user_version = 999");
    let schema = include_str!("../../../src/store/migrations/0001.sql");
    let column = "    rang_at INTEGER,\n";
    assert!(schema.contains(column), "the schema has changed: take another column");
    let early = make("early.db", &format!("{} PRAGMA user_version = 1;", schema.replace(column, "")));
    let index = schema.lines().find(|line| line.starts_with("CREATE INDEX outbox_open ")).expect("an index");
    let bare = make("bare.db", &format!("{} PRAGMA user_version = 1;", schema.replace(index, "")));
    let garbage = home.directory.path().join("garbage.db");
    fs::write(&garbage, "no database, but long enough to be looked at".repeat(99)).expect("writes");
    let missing = home.directory.path().join("missing/store.db");
    let cases = [
        (format!("sqlite:{}", foreign.display()), "a database of another program"),
        (format!("sqlite:{}", newer.display()), "was written by a newer afterhours (schema 999, this one knows 1)"),
        (
            format!("sqlite:{}", early.display()),
            "was written by an unreleased build of afterhours, or changed by hand (table person differs); move it away",
        ),
        (format!("sqlite:{}", bare.display()), "changed by hand (there is no index outbox_open); move it away"),
        (format!("sqlite:{}", garbage.display()), "file is not a database"),
        (format!("sqlite:{}", missing.display()), "its directory does not exist"),
        (format!("sqlite:{}", home.directory.path().display()), "is a directory"),
        ("postgres://u:secret@h/d".into(), "postgres is not a store that this build knows; use sqlite:PATH"),
        ("sqlite:".into(), "use sqlite:PATH"),
        ("/var/lib/x.db".into(), "use sqlite:PATH"),
    ];
    for (url, says) in cases {
        let file = url.strip_prefix("sqlite:").filter(|path| std::path::Path::new(path).is_file());
        let bytes = || file.and_then(|path| fs::read(path).ok());
        let before = bytes();
        let error = store::open(&url, at(0)).err().expect("refused").to_string();
        assert!(error.contains(says) && !error.contains("secret"), "{url}: {error}");
        assert!(bytes() == before, "{url} was changed");
    }
}

#[test]
fn what_others_have_added_to_a_store_of_ours_is_no_obstacle() {
    let home = Sqlite::new();
    drop(home.open());
    let connection = rusqlite::Connection::open(home.path()).expect("opens");
    connection.execute_batch("CREATE INDEX mine ON message (channel); ANALYZE; VACUUM;").expect("runs");
    drop(connection);
    home.open();
}

#[tokio::test]
async fn a_store_in_memory_does_the_same() {
    let store = store::open("sqlite::memory:", at(0)).expect("opens");
    admit(&store, says("1", 1, 1), &open_hours()).await;
    assert_eq!(claim(&store, 1).await.len(), 1);
    store.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Closed)));
}

#[tokio::test]
async fn a_full_queue_refuses_messages_and_nothing_else() {
    let home = Sqlite::new();
    let store = home.open();
    let gate = Arc::new(Barrier::new(2));
    let (inside, stays) =
        (Arc::clone(&gate), Decision { verdict: verdict(None, Notify::Now), jobs: vec![], keep: true });
    let slow = by(move |_, _| {
        inside.wait();
        inside.wait();
        stays.clone()
    });
    let ask = |entries: Vec<Entry>, decide| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.admit(entries, decide).await })
    };
    let first = ask(vec![entry(says("slow", 1, 1))], slow);
    tokio::task::yield_now().await;
    gate.wait();
    // the writer stands in a decision now; a webhook has 1,000 messages at most
    let webhook = |number: usize| (0..1000).map(|n| entry(says(&format!("{number} {n}"), 1, 1))).collect::<Vec<_>>();
    let fits: Vec<_> = (0..4).map(|number| ask(webhook(number), always(None, vec![]))).collect();
    tokio::task::yield_now().await;
    let refused = ask(webhook(4), always(None, vec![]));
    let refused = refused.await.expect("ends");
    assert!(matches!(refused, Err(StoreError::Busy)), "{:?}", refused.map(|admitted| admitted.len()));
    let other = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.next_due().await })
    };
    tokio::task::yield_now().await;
    gate.wait();
    assert!(first.await.expect("ends").is_ok());
    for admitted in fits {
        assert_eq!(admitted.await.expect("ends").expect("admits").len(), 1000);
    }
    assert_eq!(other.await.expect("ends").expect("answers"), None);
    assert_eq!(store.counts().await.expect("counts").messages, 4001);
    assert!(ask(webhook(4), always(None, vec![])).await.expect("ends").is_ok(), "there is room again");
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_left_out_where_it_is_only_mentioned() {
    let home = Sqlite::new();
    let store = home.open();
    for number in [1, 2] {
        let reply = vec![job(JobKind::Reply, "work", Some(at(1)))];
        admit(&store, says(&number.to_string(), number, 1), &always(Some("closed"), reply)).await;
    }
    let jobs = claim(&store, 1).await;
    store.settle(ids(&jobs), Outcome::Promised { id: None, opens: at(600) }, at(1)).await.expect("settles");
    assert_eq!(store.promises(at(0), at(601), 9).await.expect("lists").len(), 2);
    store.close().await;
    let connection = rusqlite::Connection::open(home.path()).expect("opens");
    connection
        .execute("UPDATE message SET sealed = x'ff' WHERE id = (SELECT min(id) FROM message)", [])
        .expect("spoils");
    drop(connection);
    let left = home.open().promises(at(0), at(601), 9).await.expect("lists");
    assert_eq!(left.iter().map(|promise| promise.message.message.id.as_str()).collect::<Vec<_>>(), ["2"]);
}
