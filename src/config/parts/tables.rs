//! Taking the tables out of the file's tree.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::desk::Desk;
use super::super::load::WHOLE;
use super::super::recover;

/// A table of the file: `[owner]`, `[hours.NAME]`, one `[[client]]`.
pub struct Table<'i> {
    /// Its own name; empty for one of an array.
    pub name: String,
    /// Where its name stands, or its header.
    pub span: Range<usize>,
    /// Its keys.
    pub keys: DeTable<'i>,
}

impl Table<'_> {
    /// Reads all keys into a struct of optional fields; see [`recover::read`].
    pub fn read<T: serde::de::DeserializeOwned + Default>(self, desk: &mut Desk) -> T {
        recover::read(self.keys, self.span, &mut desk.findings)
    }
}

/// `[NAME]`.
pub fn single<'i>(file: &mut DeTable<'i>, name: &'static str, desk: &mut Desk) -> Option<Table<'i>> {
    let (key, value) = file.remove_entry(name)?;
    let Some(keys) = table(value, &format!("[{name}]"), desk) else {
        desk.findings.excuse(WHOLE, name);
        return None;
    };
    Some(Table { name: name.to_owned(), span: key.span(), keys })
}

/// Every `[GROUP.NAME]`, in the order of the file.
pub fn named<'i>(file: &mut DeTable<'i>, group: &'static str, desk: &mut Desk) -> Vec<Table<'i>> {
    let Some(whole) = single(file, group, desk) else { return Vec::new() };
    let mut entries: Vec<_> = whole.keys.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut tables = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let span = key.span();
        let name = key.into_inner().into_owned();
        let keys = table(value, &format!("[{group}.{name}]"), desk).unwrap_or_else(|| {
            // its name is known all the same
            desk.findings.excuse(span.clone(), "");
            DeTable::new()
        });
        tables.push(Table { name, span, keys });
    }
    tables
}

/// Every `[[NAME]]`.
pub fn array<'i>(file: &mut DeTable<'i>, name: &str, desk: &mut Desk) -> Vec<Table<'i>> {
    let Some((_, value)) = file.remove_entry(name) else { return Vec::new() };
    let span = value.span();
    let items = match value.into_inner() {
        DeValue::Array(items) => items,
        DeValue::Table(_) => {
            desk.findings
                .error(span, format!("`{name}` is a list of tables"))
                .hint(format!("write the header with two brackets: `[[{name}]]`"));
            return Vec::new();
        }
        _ => {
            desk.findings.error(span, format!("`{name}` is a list of tables: `[[{name}]]`"));
            return Vec::new();
        }
    };
    let mut tables = Vec::with_capacity(items.len());
    for item in items {
        let span = item.span();
        if let Some(keys) = table(item, &format!("[[{name}]]"), desk) {
            tables.push(Table { name: String::new(), span, keys });
        }
    }
    tables
}

fn table<'i>(value: Spanned<DeValue<'i>>, header: &str, desk: &mut Desk) -> Option<DeTable<'i>> {
    let span = value.span();
    match value.into_inner() {
        DeValue::Table(keys) => Some(keys),
        DeValue::Array(_) => {
            desk.findings.error(span, "this is one table, not a list of them").hint(format!("write `{header}`"));
            None
        }
        _ => {
            desk.findings.error(span, "expected a table here").hint(format!("write `{header}` and its keys below it"));
            None
        }
    }
}
