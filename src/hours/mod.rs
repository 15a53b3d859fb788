//! Open or closed, why, and until when. The only room that knows time zones.

mod calendar;
mod compile;
mod days;
mod friendly;
mod holidays;
mod lint;
mod overrides;
mod picture;
mod problem;
mod regions;
mod rules;
mod stream;
mod times;
mod week;
mod zone;

use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub(crate) use compile::NEVER_CLOSES;
pub use days::{ClockChange, Day, Opening};
pub use overrides::{Override, ended, given, in_force, in_turn};
pub use picture::{Canvas, sentence};
pub use problem::{Place, Problem};

use calendar::Calendar;
use holidays::Names;
use stream::Stream;

/// How far ahead and back an opening or a closing is searched.
const HORIZON_DAYS: i64 = 400;

/// The years that are wholly known.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=9997;

/// 1900-01-01: OpenStreetMap's calendar begins there. Instants before it count as this one.
const FIRST: DateTime<Utc> = instant_or(-2_208_988_800, DateTime::<Utc>::MIN_UTC);

/// 9998-01-01: two years before the end of OpenStreetMap's calendar. Instants after it count as this one.
const LAST: DateTime<Utc> = instant_or(253_339_228_800, DateTime::<Utc>::MAX_UTC);

const fn instant_or(seconds: i64, otherwise: DateTime<Utc>) -> DateTime<Utc> {
    match DateTime::from_timestamp(seconds, 0) {
        Some(instant) => instant,
        None => otherwise,
    }
}

/// What decided the state, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// The week.
    Hours,
    /// A public holiday.
    Holiday,
    /// A dated exception.
    Exception,
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
        /// The next opening; `None` when there is none within the horizon (400 days, behind the last override).
        opens: Option<DateTime<Utc>>,
    },
}

impl State {
    /// Open at that instant.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.span, Span::Open { .. })
    }

    /// When the closed period began; `None` when it is open.
    #[must_use]
    pub fn closed_since(&self) -> Option<DateTime<Utc>> {
        match self.span {
            Span::Closed { since, .. } => Some(since),
            Span::Open { .. } => None,
        }
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

/// It is the ISO 3166 code, two capital letters, of a country whose holidays are known.
#[must_use]
pub fn is_country(code: &str) -> bool {
    holidays::countries().any(|country| country.code == code)
}

/// A compiled schedule.
#[derive(Debug)]
pub struct Hours {
    name: String,
    zone: Tz,
    expression: String,
    calendar: Calendar,
    holidays: Names,
}

impl Hours {
    /// Compiles a schedule: warnings beside it, or every problem at once.
    ///
    /// # Errors
    /// All that is wrong with it (and its warnings), when anything fatal is.
    pub fn compile(spec: &Spec, today: NaiveDate) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        compile::compile(spec, today)
    }

    /// Its name in the config.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The compiled OpenStreetMap expression, for `check` to show.
    #[must_use]
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// The state at an instant.
    ///
    /// Why it is closed is the strongest reason there is at that instant: an override; else the exception or the holiday
    /// of that day of the calendar, from midnight to midnight, whether or not it would be open without it; else the rule
    /// that closes this time of day (`12:00-13:00 off "lunch"`) or the whole day; else the hours. A night shift that
    /// began the evening before runs on into an exception or a holiday, as it belongs to the day it starts on; until its
    /// end it is open, because of the rule that it came from.
    ///
    /// Of several overrides the latest word counts: they stand in the order in which they were given.
    ///
    /// A closed period lasts from a closing to the next opening, whatever reasons follow each other within.
    #[must_use]
    pub fn state(&self, at: DateTime<Utc>, overrides: &[Override]) -> State {
        let at = at.clamp(FIRST, LAST);
        let stream = self.stream(overrides);
        let horizon = TimeDelta::days(HORIZON_DAYS);
        // behind the last word of the owner's, however far away that is
        let known = overrides.iter().map(|over| over.until).fold(at, DateTime::max).min(LAST);
        let (open, change) = stream.state(at, known + horizon);
        let span = if open {
            Span::Open { closes: change }
        } else {
            Span::Closed { since: stream.closing_before(at, at - horizon), opens: change }
        };
        let (why, label) = self.reason(&stream, at, open);
        State { span, why, label }
    }

    fn stream<'a>(&'a self, overrides: &'a [Override]) -> Stream<'a> {
        Stream { calendar: &self.calendar, zone: self.zone, overrides }
    }

    fn reason(&self, stream: &Stream<'_>, at: DateTime<Utc>, open: bool) -> (Why, Option<String>) {
        if in_force(stream.overrides, at).is_some() {
            return (Why::Away, None);
        }
        let local = stream.local(at);
        let date = local.date();
        let around = open.then(|| stream.stretch(at)).flatten();
        let number = around.map(|stretch| stretch.rule).or_else(|| {
            let day = self.calendar.day(date);
            let minute = u16::try_from(local.time().num_seconds_from_midnight() / 60).unwrap_or(0);
            let cut = day.cut.iter().find(|stretch| stretch.span.contains(&minute)).map(|stretch| stretch.rule);
            // of equals the last, and that is the one which names the time of day
            day.named.into_iter().chain(cut).max_by_key(|number| self.calendar.rules.get(*number).map(|rule| rule.why))
        });
        self.described(number, date)
    }

    /// What gives a day a name of its own: an exception, a holiday, or a rule that closes it.
    fn named(&self, date: NaiveDate) -> (Option<Why>, Option<String>) {
        let Some(number) = self.calendar.day(date).named else { return (None, None) };
        let (why, label) = self.described(Some(number), date);
        (Some(why).filter(|why| *why != Why::Hours || label.is_some()), label)
    }

    fn described(&self, rule: Option<usize>, date: NaiveDate) -> (Why, Option<String>) {
        let Some(rule) = rule.and_then(|number| self.calendar.rules.get(number)) else {
            return (Why::Hours, None);
        };
        let holiday = self.holidays.get(&date).filter(|_| rule.why == Why::Holiday);
        (rule.why, holiday.or(rule.label.as_ref()).map(ToString::to_string))
    }
}
