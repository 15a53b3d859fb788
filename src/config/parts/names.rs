//! Names that the file defines, and references to them.

use std::ops::Range;

use toml::Spanned;

use super::super::desk::Desk;
use super::super::suggest::{closest, listed};
use super::tables::Table;

/// The names of one sort (hours, sinks …), each with the place of its definition; `None` for what is built in.
#[derive(Debug)]
pub struct Names {
    sort: &'static str,
    table: &'static str,
    known: Vec<(String, Option<Range<usize>>)>,
}

impl Names {
    /// The names of these tables; `sort` is what a person calls them, `table` the file.
    pub fn of(sort: &'static str, table: &'static str, tables: &[Table<'_>]) -> Self {
        let known = tables.iter().map(|table| (table.name.clone(), Some(table.span.clone()))).collect();
        Self { sort, table, known }
    }

    /// With the names that are built in.
    pub fn and_built_in(mut self, names: &[&str]) -> Self {
        self.known.extend(names.iter().map(|name| ((*name).to_owned(), None)));
        self
    }

    /// Each name once, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let first = |at: usize, name: &str| self.known[..at].iter().all(|(earlier, _)| earlier != name);
        self.known
            .iter()
            .enumerate()
            .filter(move |(at, (name, _))| first(*at, name))
            .map(|(_, (name, _))| name.as_str())
    }

    /// Where a name is defined; `None` when it is not, or built in.
    pub fn place(&self, name: &str) -> Option<Range<usize>> {
        self.known.iter().find(|(known, _)| known == name).and_then(|(_, span)| span.clone())
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Says whether what is named is defined; if not, notes it with what was probably meant.
    pub fn check(&self, written: &Spanned<String>, desk: &mut Desk) -> bool {
        let name = written.get_ref();
        if self.known.iter().any(|(known, _)| known == name) {
            return true;
        }
        let finding = desk.findings.error(written.span(), format!("no {} of the name `{name}`", self.sort));
        if let Some(meant) = closest(name, self.iter()) {
            finding.hint(format!("did you mean `{meant}`?")).fix(format!("\"{meant}\""));
            if let Some(place) = self.place(meant) {
                finding.also(place, "similar name defined here");
            }
        } else if self.is_empty() {
            finding.hint(format!("define it: `[{}.{name}]`", self.table));
        } else {
            finding.hint(format!("known: {}; or define it: `[{}.{name}]`", listed(self.iter()), self.table));
        }
        false
    }
}
