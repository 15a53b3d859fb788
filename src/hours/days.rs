//! The days of the calendar as a schedule fills them.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Offset, TimeDelta, Utc};
use chrono_tz::Tz;

use super::zone::{Edge, instant};
use super::{FIRST, Hours, LAST, Override, Why};

/// A day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// Its first instant.
    pub start: DateTime<Tz>,
    /// The first instant of the next day. The same as `start` for a day that a zone has left out.
    pub end: DateTime<Tz>,
    /// When it is open, in order, cut at midnight.
    pub open: Vec<Opening>,
    /// An override, an exception or a holiday on that day: the strongest; `None` on an ordinary day.
    pub why: Option<Why>,
    /// What the config calls that reason, or the holiday's name.
    pub label: Option<String>,
    /// The clock change of that day.
    pub change: Option<ClockChange>,
}

/// An open span of a day: start inclusive, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Opens, or goes on from the day before.
    pub from: DateTime<Tz>,
    /// Closes, or goes on into the next day.
    pub to: DateTime<Tz>,
}

/// A change of the zone's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockChange {
    /// The first instant with the new offset.
    pub at: DateTime<Tz>,
    /// How far the clock is moved: forward when positive.
    pub by: TimeDelta,
}

impl Hours {
    /// The days from `first` on.
    #[must_use]
    pub fn days(&self, first: NaiveDate, count: u32, overrides: &[Override]) -> Vec<Day> {
        let first = first.clamp(FIRST.date_naive(), LAST.date_naive());
        first.iter_days().take(count as usize).map(|date| self.day(date, overrides)).collect()
    }

    fn day(&self, date: NaiveDate, overrides: &[Override]) -> Day {
        let stream = self.stream(overrides);
        let midnight = |date: NaiveDate| instant(self.zone, date.and_time(NaiveTime::MIN), Edge::Opening);
        let (start, end) = (midnight(date), midnight(date.checked_add_days(Days::new(1)).unwrap_or(date)));
        let mut open = Vec::new();
        let mut at = start;
        while at < end {
            let (is_open, change) = stream.state(at, end);
            let until = change.unwrap_or(end);
            if is_open {
                open.push(Opening { from: at.with_timezone(&self.zone), to: until.with_timezone(&self.zone) });
            }
            at = until;
        }
        let away = overrides.iter().any(|over| over.from < end && start < over.until && over.from < over.until);
        let (why, label) = if away { (Some(Why::Away), None) } else { self.named(date) };
        let change = clock_change(self.zone, start, end);
        let (start, end) = (start.with_timezone(&self.zone), end.with_timezone(&self.zone));
        Day { date, start, end, open, why, label, change }
    }
}

/// The change of the offset within a day, or at its first instant.
fn clock_change(zone: Tz, start: DateTime<Utc>, end: DateTime<Utc>) -> Option<ClockChange> {
    let second = TimeDelta::seconds(1);
    let offset = |at: DateTime<Utc>| i64::from(at.with_timezone(&zone).offset().fix().local_minus_utc());
    let (mut before, mut after) = (start - second, end - second);
    let (old, new) = (offset(before), offset(after));
    if old == new {
        return None;
    }
    while after - before > second {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if offset(middle) == old { before = middle } else { after = middle }
    }
    Some(ClockChange { at: after.with_timezone(&zone), by: TimeDelta::seconds(new - old) })
}
