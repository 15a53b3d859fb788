//! Open or closed, why, and until when. The only room that knows time zones.

use std::fmt;
use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// What decided the state. The order of strength is [`Why::Away`], [`Why::Exception`], [`Why::Holiday`], [`Why::Hours`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The week.
    Hours,
    /// A dated exception.
    Exception,
    /// A public holiday.
    Holiday,
    /// The owner's own override.
    Away,
}

impl fmt::Display for Why {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Hours => "hours",
            Self::Exception => "exception",
            Self::Holiday => "holiday",
            Self::Away => "away",
        })
    }
}

/// The state at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The span around the instant.
    pub span: Span,
    /// What decided it.
    pub why: Why,
    /// What the config calls the reason ("Christmas Eve"), or the holiday's name; for a person to read.
    pub label: Option<String>,
}

/// The state as a span: start inclusive, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Open.
    Open {
        /// Closes then; `None` when it does not within the horizon.
        closes: Option<DateTime<Utc>>,
    },
    /// The closed period: the span from a closing to the next opening.
    Closed {
        /// It closed then. The start of the search (400 days back) when it was never open in that time.
        since: DateTime<Utc>,
        /// The next opening; `None` when there is none within the horizon.
        opens: Option<DateTime<Utc>>,
    },
}

impl State {
    /// Open at that instant.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.span, Span::Open { .. })
    }

    /// When the state ends; `None` when it does not within the horizon.
    #[must_use]
    pub fn until(&self) -> Option<DateTime<Utc>> {
        match self.span {
            Span::Open { closes } => closes,
            Span::Closed { opens, .. } => opens,
        }
    }
}

/// The owner's own word, stronger than any schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Closed (`away`), or open (`open until`).
    pub open: bool,
    /// In force from then, inclusive.
    pub from: DateTime<Utc>,
    /// In force until then, exclusive.
    pub until: DateTime<Utc>,
    /// The reply that goes out meanwhile; `None` is the built-in `away`.
    pub reply: Option<String>,
}

/// What the config says of one schedule.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Its name in the config.
    pub name: String,
    /// Its zone.
    pub zone: Tz,
    /// The `week` table: day or range of days to times of day, as written and in the order of the file.
    pub week: Vec<(String, String)>,
    /// The `open` expression, instead of `week`.
    pub open: Option<String>,
    /// Country and region codes.
    pub holidays: Vec<String>,
    /// Holidays that are none here.
    pub not_holidays: Vec<NaiveDate>,
    /// Dated exceptions.
    pub except: Vec<Except>,
}

/// A dated exception: the named days have these times and no others.
#[derive(Clone, Debug)]
pub struct Except {
    /// First day.
    pub from: NaiveDate,
    /// Last day, included.
    pub to: NaiveDate,
    /// `"off"`, or times of day as in `week`.
    pub open: String,
    /// What the reply may call it.
    pub why: Option<String>,
}

/// Which part of a [`Spec`] a problem is in.
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

/// What is wrong with a [`Spec`], for the config room to show at its place.
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

/// A compiled schedule.
#[derive(Debug)]
pub struct Hours {}

impl Hours {
    /// Compiles a schedule: warnings beside it, or every problem at once.
    ///
    /// # Errors
    /// All that is wrong with it (and its warnings), when anything fatal is.
    pub fn compile(_spec: &Spec, _today: NaiveDate) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        todo!()
    }

    /// Its zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        todo!()
    }

    /// The compiled OpenStreetMap expression, for `check` to show.
    #[must_use]
    pub fn expression(&self) -> &str {
        todo!()
    }

    /// The state at an instant.
    #[must_use]
    pub fn state(&self, _at: DateTime<Utc>, _overrides: &[Override]) -> State {
        todo!()
    }
}
