//! The text of the file: where a byte is, and what of it may be shown.

use std::ops::Range;

use super::mask;

/// The file. `Debug` shows no text.
pub struct Source {
    /// As the user named it.
    pub path: String,
    /// Its text with the secrets masked, byte for byte as long as the file; `None` when it could not be read at all.
    shown: Option<String>,
}

/// A place for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in Unicode scalar values.
    pub column: usize,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Source").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Source {
    /// A file and its text.
    #[must_use]
    pub fn new(path: impl Into<String>, text: Option<&str>) -> Self {
        Self { path: path.into(), shown: text.map(mask::secrets) }
    }

    /// What may be shown of it.
    #[must_use]
    pub fn shown(&self) -> Option<&str> {
        self.shown.as_deref()
    }

    /// The place of a byte.
    #[must_use]
    pub fn position(&self, byte: usize) -> Option<Position> {
        let shown = self.shown()?;
        let before = &shown[..floor(shown, byte)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Some(Position {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1,
        })
    }

    /// The span, cut to what the text has, on character boundaries and to its first line.
    #[must_use]
    pub fn visible(&self, span: Range<usize>) -> Range<usize> {
        let shown = self.shown().unwrap_or_default();
        let start = floor(shown, span.start);
        let end = floor(shown, span.end).max(start);
        let end = shown[start..end].find('\n').filter(|first| *first > 0).map_or(end, |first| start + first);
        start..end
    }

    /// The first line of that text, secrets masked, at most 200 characters.
    #[must_use]
    pub fn excerpt(&self, span: Range<usize>) -> String {
        let Some(shown) = self.shown() else { return String::new() };
        shown[self.visible(span)].trim_end().chars().take(200).collect()
    }
}

fn floor(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
