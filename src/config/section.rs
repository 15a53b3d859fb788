//! How a kind of channel or sink reads its own keys out of its table.

use std::ops::Range;

use chrono::TimeDelta;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeTable;

use super::Secret;
use super::desk::Desk;
use super::parts::values;
use super::{recover, url};

/// The keys of one `[channel.NAME]` or `[sink.NAME]` that belong to its kind. Every problem is collected, none stops.
pub struct Section<'a> {
    name: &'a str,
    span: Range<usize>,
    table: DeTable<'a>,
    lines: Vec<String>,
    desk: &'a mut Desk,
}

impl<'a> Section<'a> {
    /// The table of that name, whose name stands at `span`, without the keys that every kind has.
    pub(super) fn new(name: &'a str, span: Range<usize>, table: DeTable<'a>, desk: &'a mut Desk) -> Self {
        Self { name, span, table, lines: Vec::new(), desk }
    }

    /// With the ids of its line tables.
    pub(super) fn with_lines(self, lines: Vec<String>) -> Self {
        Self { lines, ..self }
    }

    /// The ids of the channel's line tables; empty when it has none.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The table's own name in the config.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name
    }

    /// Where the table's name stands in the file: for problems of the table as a whole.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The owner's country (ISO 3166), when the config names one: how a phone number without `+` is read.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.desk.country.as_deref()
    }

    /// `listen.public_url`: the hooks side as providers see it.
    #[must_use]
    pub fn public_url(&self) -> Option<&str> {
        self.desk.public_url.as_deref()
    }

    /// Reads the keys into a struct whose fields are all `Option<Spanned<T>>` with `deny_unknown_fields`. Unknown keys
    /// and wrong types are reported; what is left of the table is in the struct.
    pub fn read<S: DeserializeOwned + Default>(&mut self) -> S {
        recover::read(std::mem::take(&mut self.table), self.span.clone(), &mut self.desk.findings)
    }

    /// The value, or a problem that says that `key` is missing.
    pub fn required<T>(&mut self, value: Option<Spanned<T>>, key: &str) -> Option<T> {
        self.desk.required(value, key, &self.span).map(Spanned::into_inner)
    }

    /// A secret: `env:NAME`, `file:/path`, `credential:NAME` or the text itself. `None` when there is none, or when it
    /// cannot be had (reported).
    pub fn secret(&mut self, value: Option<&Spanned<String>>) -> Option<Secret> {
        value.and_then(|written| self.desk.secret(written))
    }

    /// A secret that must be there.
    pub fn required_secret(&mut self, value: Option<&Spanned<String>>, key: &str) -> Option<Secret> {
        let written = self.desk.required(value, key, &self.span)?;
        self.desk.secret(written)
    }

    /// An absolute `http` or `https` URL without user, password and fragment; `default` when there is none. Without
    /// either it is missing, which is reported, as every problem is.
    pub fn url(&mut self, value: Option<&Spanned<String>>, key: &str, default: Option<&str>) -> Option<reqwest::Url> {
        match (value, default) {
            (Some(written), _) => url::read(written, self.desk),
            (None, Some(default)) => reqwest::Url::parse(default).ok(),
            (None, None) => {
                self.desk.missing(key, &self.span);
                None
            }
        }
    }

    /// A duration of at least `least`; `default` when there is none. Every problem is reported.
    pub fn duration(
        &mut self,
        value: Option<&Spanned<String>>,
        least: TimeDelta,
        default: TimeDelta,
    ) -> Option<TimeDelta> {
        values::duration(value, least, default, self.desk)
    }

    /// Reports a problem at a place of the file: `message` is a lower-case fragment that quotes no secret.
    pub fn problem(&mut self, span: Range<usize>, message: impl Into<String>, hint: Option<String>) {
        self.desk.findings.error(span, message).hint_if(hint);
    }

    /// Reports what works and is probably not what was meant, as [`Section::problem`] does.
    pub fn warning(&mut self, span: Range<usize>, message: impl Into<String>, hint: Option<String>) {
        self.desk.findings.warning(span, message).hint_if(hint);
    }
}
