//! `[sink.NAME]`.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::super::desk::Desk;
use super::super::load::WHOLE;
use super::super::recover;
use super::super::section::Section;
use super::channels::{take, unknown_kind};
use super::tables::Table;
use crate::sink::{KINDS, Sink};

/// The keys that every kind of sink has.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The kind of sink.
    #[schemars(with = "String")]
    kind: Option<Spanned<String>>,
}

/// The names of [`Keys`]' fields.
pub const COMMON: &[&str] = &["kind"];

/// Reads every sink.
pub fn read(tables: Vec<Table<'_>>, desk: &mut Desk) -> BTreeMap<String, Arc<dyn Sink>> {
    if tables.is_empty() {
        desk.findings
            .error(WHOLE, "there is no sink: no message could reach you")
            .hint("add `[sink.phone]` with its `kind`; `afterhours sinks` lists the kinds and their keys")
            .absence("sink");
    }
    let mut sinks = BTreeMap::new();
    for table in tables {
        let name = table.name.clone();
        if let Some(sink) = one(table, desk) {
            sinks.insert(name, sink);
        }
    }
    sinks
}

fn one(mut table: Table<'_>, desk: &mut Desk) -> Option<Arc<dyn Sink>> {
    let header = table.span.clone();
    let keys: Keys = recover::read(take(&mut table.keys, COMMON), header.clone(), &mut desk.findings);
    let kind = desk.required(keys.kind, "kind", &header)?;
    let Some(kind) = KINDS.iter().find(|known| known.name == kind.get_ref().as_str()) else {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        unknown_kind(&kind, &known, "sinks", desk);
        return None;
    };
    (kind.read)(&mut Section::new(&table.name, header, table.keys, desk))
}
