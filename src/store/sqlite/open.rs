//! Opening: the lock, the file, its settings, its schema, and what a crash has left.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::Fault;
use super::database::Database;
use super::migrate::{APPLICATION_ID, NEWEST, migrate, mismatch, user_version};
use super::outbox::State;
use super::rows::millis;
use crate::outbound::Reason;
use crate::store::{JobKind, OpenError};

/// How long another program that looks into the file (a backup, `sqlite3`) may keep the writer waiting.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Pages kept in memory, in KiB, taken as they are used: the indexes of a busy year fit.
const CACHE_KIB: i64 = 8 * 1024;

/// Only the service's own user reads what people wrote.
const MODE: u32 = 0o600;

/// Opens the file, or makes it.
pub(super) fn file(path: &str, now: DateTime<Utc>) -> Result<Database, OpenError> {
    let failed = |problem: String| OpenError::Failed { path: path.to_owned(), problem };
    let lock_path = format!("{path}.lock");
    let lock = private_file(&lock_path).map_err(|error| failed(explained(path, &error)))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(OpenError::Locked(path.to_owned())),
        Err(TryLockError::Error(error)) => return Err(failed(format!("cannot lock {lock_path}: {error}"))),
    }
    private_file(path).and_then(|_| make_durable(path)).map_err(|error| failed(explained(path, &error)))?;
    // not SQLITE_OPEN_URI: a path is a path
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| failed(error.to_string()))?;
    let found = version(&connection).map_err(|error| failed(error.to_string()))?;
    match found {
        None => return Err(failed("this is a database of another program; give the store a file of its own".into())),
        Some(found) if found > NEWEST => {
            return Err(OpenError::Newer { path: path.to_owned(), found, known: NEWEST });
        }
        Some(_) => {}
    }
    if let Some(mismatch) = mismatch(&connection).map_err(|error| failed(error.to_string()))? {
        return Err(OpenError::Unreleased { path: path.to_owned(), mismatch });
    }
    prepare(connection, Some(lock), now).map_err(|error| failed(error.to_string()))
}

/// A database that ends with the process.
pub(super) fn memory(now: DateTime<Utc>) -> Result<Database, OpenError> {
    let open = || prepare(Connection::open_in_memory()?, None, now);
    open().map_err(|error| OpenError::Failed { path: ":memory:".into(), problem: error.to_string() })
}

/// The schema's version; `None` when it is none of ours.
fn version(connection: &Connection) -> Result<Option<i64>, Fault> {
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let ours = application == APPLICATION_ID || (application == 0 && tables == 0);
    Ok(if ours { Some(user_version(connection)?) } else { None })
}

fn prepare(mut connection: Connection, lock: Option<File>, now: DateTime<Utc>) -> Result<Database, Fault> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // the last commits must survive a power cut: they were acknowledged
    connection.pragma_update(None, "synchronous", "FULL")?;
    // the writer folds the log itself, in its pauses
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    // what is deleted is overwritten: in its page, and the pages that become free
    connection.pragma_update_and_check(None, "secure_delete", "ON", |_| Ok(()))?;
    migrate(&mut connection)?;
    recover(&mut connection, millis(now))?;
    Database::new(connection, lock, millis(now))
}

/// What was on the wire when the last process ended may have arrived: a reply is not repeated, unless that is harmless; a
/// notice is, with a mark.
fn recover(connection: &mut Connection, now: i64) -> Result<(), Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(
        "UPDATE outbox SET state = ?1, reason = ?2, settled_at = ?3 
             WHERE state < 2 AND state = ?4 AND kind IN (?5, ?6, ?7) AND NOT repeatable",
        (
            State::Unknown,
            Reason::Crashed.to_string(),
            now,
            State::Sending,
            JobKind::Reply,
            JobKind::FollowUp,
            JobKind::Correction,
        ),
    )?;
    transaction.execute(
        "UPDATE outbox SET state = ?1, repeated = 1 WHERE state < 2 AND state = ?2",
        (State::Waiting, State::Sending),
    )?;
    transaction.commit()?;
    Ok(())
}

/// Opens the file, or makes it; nobody else may read it. `SQLite` gives the files beside it the same mode.
fn private_file(path: &str) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(MODE).open(path)?;
    if file.metadata()?.permissions().mode() & 0o777 != MODE {
        file.set_permissions(fs::Permissions::from_mode(MODE))?;
    }
    Ok(file)
}

/// A new file's name must survive a power cut as well.
fn make_durable(path: &str) -> io::Result<()> {
    let directory = Path::new(path).parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

fn explained(path: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "its directory does not exist; make it first".into(),
        io::ErrorKind::IsADirectory => "it is a directory; name a file in it".into(),
        io::ErrorKind::PermissionDenied => {
            format!("permission denied; give the service's user {path} and its directory")
        }
        _ => error.to_string(),
    }
}
