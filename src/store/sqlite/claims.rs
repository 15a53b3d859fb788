//! Who has claimed what: in memory, as a claim ends with the process.

use std::collections::HashSet;

/// The claimed rows, and what the batch at work has changed of them.
#[derive(Debug, Default)]
pub(super) struct Claims {
    rows: HashSet<i64>,
    changes: Vec<Change>,
}

#[derive(Debug)]
enum Change {
    Added(i64),
    Removed(i64),
}

impl Claims {
    /// Somebody has it.
    pub(super) fn contains(&self, row: i64) -> bool {
        self.rows.contains(&row)
    }

    /// Takes it.
    pub(super) fn add(&mut self, row: i64) {
        if self.rows.insert(row) {
            self.changes.push(Change::Added(row));
        }
    }

    /// Gives it back.
    pub(super) fn remove(&mut self, row: i64) {
        if self.rows.remove(&row) {
            self.changes.push(Change::Removed(row));
        }
    }

    /// The batch is committed.
    pub(super) fn keep(&mut self) {
        self.changes.clear();
    }

    /// The batch is rolled back.
    pub(super) fn undo(&mut self) {
        for change in self.changes.drain(..).rev() {
            match change {
                Change::Added(row) => self.rows.remove(&row),
                Change::Removed(row) => self.rows.insert(row),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undone_batch_leaves_what_was_before_it() {
        let mut claims = Claims::default();
        claims.add(1);
        claims.keep();
        claims.remove(1);
        claims.add(1);
        claims.add(2);
        claims.remove(2);
        claims.add(3);
        claims.undo();
        assert!(claims.contains(1) && !claims.contains(2) && !claims.contains(3));
        claims.remove(1);
        claims.undo();
        assert!(claims.contains(1));
    }
}
