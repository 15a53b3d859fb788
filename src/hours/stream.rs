//! Open periods as instants, in order: state, closed period and next opening are all read from this one stream.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::Override;
use super::calendar::Calendar;
use super::rules::Stretch;
use super::zone::{Edge, instant};

/// An open period: start inclusive, end exclusive.
pub(super) type Period = Range<DateTime<Utc>>;

/// A schedule in its zone, under the owner's overrides.
pub(super) struct Stream<'a> {
    pub calendar: &'a Calendar,
    pub zone: Tz,
    pub overrides: &'a [Override],
}

/// A time during which nothing changes.
struct Segment {
    open: bool,
    /// Where it begins (looking back) or ends (looking ahead).
    edge: Option<DateTime<Utc>>,
}

impl Stream<'_> {
    /// Open at that instant?
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.in_force(at).map_or_else(|| self.stretch(at).is_some(), |over| over.open)
    }

    /// The override in force: of several the one that began last, and of these the last given.
    pub fn in_force(&self, at: DateTime<Utc>) -> Option<&Override> {
        let standing = self.overrides.iter().filter(|over| over.from <= at && at < over.until);
        standing.max_by_key(|over| over.from)
    }

    /// The stretch of the schedule around an instant.
    pub fn stretch(&self, at: DateTime<Utc>) -> Option<Stretch> {
        let date = self.local(at).date();
        let days = [date.pred_opt(), Some(date), date.succ_opt()];
        days.into_iter().flatten().find_map(|date| {
            let day = self.calendar.day(date);
            day.open.iter().find(|stretch| self.period(date, stretch).contains(&at)).cloned()
        })
    }

    /// When the state at `at` next changes; `None` when it does not before `limit`.
    pub fn change_after(&self, at: DateTime<Utc>, limit: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let first = self.ahead(at, limit);
        let mut edge = first.edge?;
        while edge < limit {
            let next = self.ahead(edge, limit);
            if next.open != first.open {
                return Some(edge);
            }
            edge = next.edge?;
        }
        None
    }

    /// The last closing at or before `at`, where it is closed; `floor` when it was not open since.
    pub fn closing_before(&self, at: DateTime<Utc>, floor: DateTime<Utc>) -> DateTime<Utc> {
        let mut edge = at;
        while edge > floor {
            let before = self.back(edge, floor);
            if before.open {
                return edge;
            }
            edge = before.edge.unwrap_or(floor);
        }
        floor
    }

    /// What holds from `at` on.
    fn ahead(&self, at: DateTime<Utc>, limit: DateTime<Utc>) -> Segment {
        let boundary = self.boundaries().filter(|boundary| *boundary > at).min();
        if let Some(over) = self.in_force(at) {
            return Segment { open: over.open, edge: boundary };
        }
        let limit = boundary.map_or(limit, |boundary| boundary.min(limit));
        let period = self.period_after(at, limit);
        let open = period.as_ref().is_some_and(|period| period.start <= at);
        let edge = period.map(|period| if open { period.end } else { period.start });
        Segment { open, edge: edge.into_iter().chain(boundary).min() }
    }

    /// What held up to `at`.
    fn back(&self, at: DateTime<Utc>, floor: DateTime<Utc>) -> Segment {
        let boundary = self.boundaries().filter(|boundary| *boundary < at).max();
        let before = self.overrides.iter().filter(|over| over.from < at && at <= over.until);
        if let Some(over) = before.max_by_key(|over| over.from) {
            return Segment { open: over.open, edge: boundary };
        }
        let floor = boundary.map_or(floor, |boundary| boundary.max(floor));
        let end = self.end_before(at, floor);
        Segment { open: end == Some(at), edge: end.into_iter().chain(boundary).max() }
    }

    fn boundaries(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.overrides.iter().filter(|over| over.from < over.until).flat_map(|over| [over.from, over.until])
    }

    /// The first open period of the schedule that ends after `at` and starts before `limit`; what touches is one.
    fn period_after(&self, at: DateTime<Utc>, limit: DateTime<Utc>) -> Option<Period> {
        let mut found: Option<Period> = None;
        let first = self.local(at).date().pred_opt()?;
        for date in first.iter_days().take_while(|date| midnight(*date) <= self.local(limit)) {
            for stretch in &self.calendar.day(date).open {
                let period = self.period(date, stretch);
                match &mut found {
                    _ if period.is_empty() || period.end <= at => {}
                    Some(found) if period.start <= found.end => found.end = found.end.max(period.end),
                    Some(_) => return found,
                    None => found = Some(period),
                }
            }
        }
        found.filter(|found| found.start < limit)
    }

    /// The last end of an open period of the schedule after `floor` that is not after `at`; `at` inside of one.
    fn end_before(&self, at: DateTime<Utc>, floor: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut date = self.local(at).date().succ_opt()?;
        let last = self.local(floor).date().pred_opt()?;
        while date >= last {
            for stretch in self.calendar.day(date).open.iter().rev() {
                let period = self.period(date, stretch);
                if !period.is_empty() && period.start < at {
                    return Some(period.end.min(at)).filter(|end| *end > floor);
                }
            }
            date = date.pred_opt()?;
        }
        None
    }

    /// A stretch as instants; empty when its edges meet.
    pub fn period(&self, date: NaiveDate, stretch: &Stretch) -> Period {
        let edge = |minutes: u16, edge| instant(self.zone, midnight(date) + TimeDelta::minutes(minutes.into()), edge);
        let (opens, closes) = (edge(stretch.span.start, Edge::Opening), edge(stretch.span.end, Edge::Closing));
        opens..closes
    }

    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }
}

fn midnight(date: NaiveDate) -> NaiveDateTime {
    date.and_time(chrono::NaiveTime::MIN)
}
