//! What channels have to know again after a restart.

use super::Fault;
use super::database::Database;
use crate::message::Personal;
use crate::store::Admitted;

impl Database {
    /// What was noted under this name before is replaced.
    pub(super) fn take_note(&self, channel: &str, name: &str, value: &Personal) -> Result<Admitted, Fault> {
        self.connection
            .prepare_cached(
                "INSERT INTO note (channel, name, sealed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (channel, name) DO UPDATE SET sealed = excluded.sealed",
            )?
            .execute((channel, name, self.codec.seal_note(channel, name, value)))?;
        Ok(Admitted::Noted)
    }

    /// [`crate::store::Store::notes`].
    pub(super) fn notes(&self) -> Result<Vec<(String, String, Personal)>, Fault> {
        let mut statement =
            self.connection.prepare_cached("SELECT channel, name, sealed FROM note ORDER BY channel, name")?;
        let mut rows = statement.query([])?;
        let mut notes = Vec::new();
        while let Some(row) = rows.next()? {
            let (channel, name): (String, String) = (row.get(0)?, row.get(1)?);
            let sealed = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            let value = self.codec.open_note(&channel, &name, sealed)?;
            notes.push((channel, name, value));
        }
        Ok(notes)
    }
}
