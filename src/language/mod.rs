//! Languages: which one a text is written in, and all that the house says in each of them.
//!
//! A new language is one file in this folder and one line in `ALL`.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod hi;
mod it;
mod nl;
mod number;
mod opening;
mod pl;
mod pt;
pub(crate) mod text;
mod tr;
mod wording;
mod zh;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use number::of_number;
pub use opening::{opening, stamp};
pub(crate) use wording::{Calendar, NoticeWords, ReplyTexts, Wording};

/// Every language that there are texts in; English first.
pub(crate) const ALL: &[&Wording] = &[
    &en::WORDING,
    &es::WORDING,
    &fr::WORDING,
    &de::WORDING,
    &pt::WORDING,
    &it::WORDING,
    &nl::WORDING,
    &pl::WORDING,
    &tr::WORDING,
    &ar::WORDING,
    &hi::WORDING,
    &zh::WORDING,
];

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

    /// There are built-in texts in it.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.wording().is_some()
    }

    /// The tags of all languages with built-in texts, English first.
    pub fn built_in() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|wording| wording.tag)
    }

    /// What the house says in it.
    pub(crate) fn wording(&self) -> Option<&'static Wording> {
        ALL.iter().copied().find(|wording| wording.tag == self.0)
    }

    /// What the house says in it, or else in English.
    pub(crate) fn wording_or_english(&self) -> &'static Wording {
        self.wording().unwrap_or(&en::WORDING)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
