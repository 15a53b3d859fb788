//! What is wrong with a schedule, and where.

use std::ops::Range;

/// Which part of a [`super::Spec`] a problem is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The key (day names) of the n-th entry of `week`.
    WeekDays(usize),
    /// The value (times) of the n-th entry of `week`.
    WeekTimes(usize),
    /// `open`.
    Open,
    /// The n-th of `holidays`.
    Holiday(usize),
    /// The n-th of `not_holidays`.
    NotHoliday(usize),
    /// `open` of the n-th exception.
    ExceptOpen(usize),
    /// The dates of the n-th exception.
    ExceptDates(usize),
    /// The schedule as a whole.
    Whole,
}

/// What is wrong with a [`super::Spec`], for the config room to show at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// The bytes of that text that are at fault; `None` is all of it.
    pub range: Option<Range<usize>>,
    /// What is wrong: a lower-case fragment without a full stop.
    pub message: String,
    /// What to do, or what was probably meant.
    pub hint: Option<String>,
    /// `false` is a warning: it works, and is probably not what was meant.
    pub fatal: bool,
}

impl Problem {
    pub(super) fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, range: None, message: message.into(), hint: None, fatal: true }
    }

    pub(super) fn warning(place: Place, message: impl Into<String>) -> Self {
        Self { fatal: false, ..Self::new(place, message) }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// A problem in a text whose place in the config only the caller knows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub range: Range<usize>,
    pub message: String,
    pub hint: Option<String>,
    pub fatal: bool,
}

impl Fault {
    pub fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { range, message: message.into(), hint: None, fatal: true }
    }

    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub fn at(self, place: Place) -> Problem {
        let Self { range, message, hint, fatal } = self;
        Problem { place, range: Some(range), message, hint, fatal }
    }
}
