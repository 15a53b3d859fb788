//! Languages: which one a text is written in, and how each names days, months and times.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A language by its BCP 47 primary tag, lower case: `es`, `pt`, `zh`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Language(String);

impl Language {
    /// The primary tag of any BCP 47 or POSIX name: `es-HN`, `pt_BR.UTF-8` and `ES` are `es`, `pt` and `es`. `None` unless
    /// it is two or three letters.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        let fits = (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        fits.then(|| Self(primary.to_ascii_lowercase()))
    }

    /// English: what there always is a text in.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The tag.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
