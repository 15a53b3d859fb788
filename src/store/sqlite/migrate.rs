//! The schema, version by version.

use std::collections::BTreeMap;

use ring::rand::{SecureRandom, SystemRandom};
use rusqlite::{Connection, TransactionBehavior};

use super::Fault;
use crate::store::codec::HASH_KEY_BYTES;

/// Each takes the schema from its position to the next; `PRAGMA user_version` says how many were applied. One that was
/// released is never changed.
const MIGRATIONS: &[&str] = &[include_str!("../migrations/0001.sql")];

/// `PRAGMA application_id` of a database of ours: "aftr".
pub(super) const APPLICATION_ID: i64 = 0x6166_7472;

/// The newest schema that this binary knows.
#[expect(clippy::cast_possible_wrap, reason = "there are not so many")]
pub(super) const NEWEST: i64 = MIGRATIONS.len() as i64;

/// Brings the schema up to date, each step in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Fault> {
    migrate_to(connection, MIGRATIONS)
}

fn migrate_to(connection: &mut Connection, migrations: &[&str]) -> Result<(), Fault> {
    for (migration, version) in migrations.iter().zip(1_i64..) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if version <= user_version(&transaction)? {
            continue;
        }
        transaction.execute_batch(migration)?;
        if version == 1 {
            create(&transaction)?;
        }
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// The version of the schema; 0 is an empty database.
pub(super) fn user_version(connection: &Connection) -> Result<i64, Fault> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// What of the schema is not as the migrations up to its version make it, and in which way; `None` when all is. What others
/// have added (an index, statistics) does not matter.
pub(super) fn mismatch(connection: &Connection) -> Result<Option<String>, Fault> {
    let applied = usize::try_from(user_version(connection)?).unwrap_or(0).min(MIGRATIONS.len());
    let made = Connection::open_in_memory()?;
    for migration in &MIGRATIONS[..applied] {
        made.execute_batch(migration)?;
    }
    let found = schema(connection)?;
    let wrong = schema(&made)?.into_iter().find_map(|(name, (kind, sql))| match found.get(&name) {
        None => Some(format!("there is no {kind} {name}")),
        Some(other) if *other != (kind.clone(), sql) => Some(format!("{kind} {name} differs")),
        Some(_) => None,
    });
    Ok(wrong)
}

/// By name, the kind and the text of everything that was created by a text.
fn schema(connection: &Connection) -> Result<BTreeMap<String, (String, String)>, Fault> {
    let mut statement = connection.prepare("SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a store is given once: the key of its hashes, and its name.
fn create(connection: &Connection) -> Result<(), Fault> {
    let mut hash_key = [0; HASH_KEY_BYTES];
    let mut name = [0; 8];
    let random = SystemRandom::new();
    random.fill(&mut hash_key).and_then(|()| random.fill(&mut name)).map_err(|_| Fault::Random)?;
    let name = format!("{:016x}", u64::from_be_bytes(name)).into_bytes();
    let mut insert = connection.prepare("INSERT INTO meta (name, value) VALUES (?1, ?2)")?;
    insert.execute(("hash_key", &hash_key[..]))?;
    insert.execute(("name", name))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(connection: &Connection) -> BTreeMap<String, (String, String)> {
        super::schema(connection).expect("a schema")
    }

    #[test]
    fn every_migration_is_applied_once() {
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection).expect("migrates");
        assert_eq!(user_version(&connection).expect("a version"), NEWEST);
        assert_eq!(mismatch(&connection).expect("a schema"), None);
        let before = schema(&connection);
        let name = |connection: &Connection| -> Vec<u8> {
            connection.query_row("SELECT value FROM meta WHERE name = 'name'", [], |row| row.get(0)).expect("a name")
        };
        let named = name(&connection);
        migrate(&mut connection).expect("has nothing to do");
        assert_eq!((schema(&connection), name(&connection)), (before, named));
    }

    #[test]
    fn a_migration_that_fails_leaves_nothing_behind() {
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection).expect("migrates");
        connection
            .execute("INSERT INTO seen (key, at) VALUES (x'01', 1)", [])
            .expect("a row that the next migration finds");
        let before = schema(&connection);
        let mut migrations = MIGRATIONS.to_vec();
        migrations.push("ALTER TABLE seen ADD COLUMN more TEXT; INSERT INTO nowhere VALUES (1);");
        migrate_to(&mut connection, &migrations).expect_err("there is no such table");
        assert_eq!((schema(&connection), user_version(&connection).expect("a version")), (before, NEWEST));
        let last = migrations.len() - 1;
        migrations[last] = "ALTER TABLE seen ADD COLUMN more TEXT NOT NULL DEFAULT 'x';";
        migrate_to(&mut connection, &migrations).expect("migrates a database with rows");
        let more: String = connection.query_row("SELECT more FROM seen", [], |row| row.get(0)).expect("the row");
        assert_eq!((more.as_str(), user_version(&connection).expect("a version")), ("x", NEWEST + 1));
    }
}
