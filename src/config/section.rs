//! How a kind of channel or sink reads its own keys out of its table.

use std::marker::PhantomData;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;

use super::Secret;

/// The keys of one `[channel.NAME]` or `[sink.NAME]` that belong to its kind. Every problem is collected, none stops.
pub struct Section<'a> {
    config: PhantomData<&'a ()>,
}

impl Section<'_> {
    /// The table's own name in the config.
    #[must_use]
    pub fn name(&self) -> &str {
        todo!()
    }

    /// Reads the keys into a struct whose fields are all `Option<Spanned<T>>` with `deny_unknown_fields`. Unknown keys
    /// and wrong types are reported; what is left of the table is in the struct.
    pub fn read<S: DeserializeOwned + Default>(&mut self) -> S {
        todo!()
    }

    /// The value, or a problem that says that `key` is missing.
    pub fn required<T>(&mut self, value: Option<Spanned<T>>, _key: &str) -> Option<T> {
        let _ = value;
        todo!()
    }

    /// A secret: `env:NAME`, `file:/path`, `credential:NAME` or the text itself. `None` when there is none, or when it
    /// cannot be had (reported).
    pub fn secret(&mut self, _value: Option<&Spanned<String>>) -> Option<Secret> {
        todo!()
    }

    /// A secret that must be there.
    pub fn required_secret(&mut self, _value: Option<&Spanned<String>>, _key: &str) -> Option<Secret> {
        todo!()
    }

    /// An absolute `http` or `https` URL without user, password and fragment; `default` when there is none.
    pub fn url(
        &mut self,
        _value: Option<&Spanned<String>>,
        _key: &str,
        _default: Option<&str>,
    ) -> Option<reqwest::Url> {
        todo!()
    }

    /// Reports a problem at a place of the file: `message` is a lower-case fragment that quotes no secret.
    pub fn problem(&mut self, _span: Range<usize>, _message: impl Into<String>, _hint: Option<String>) {
        todo!()
    }
}
