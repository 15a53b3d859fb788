//! Open periods as instants, in order: state, closed period and next opening are all read from this one stream.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::calendar::Calendar;
use super::rules::Stretch;
use super::zone::{Edge, instant};
use super::{Override, in_force};

/// An open period: start inclusive, end exclusive.
pub(super) type Period = Range<DateTime<Utc>>;

/// A schedule in its zone, under the owner's overrides.
pub(super) struct Stream<'a> {
    pub calendar: &'a Calendar,
    pub zone: Tz,
    pub overrides: &'a [Override],
}

/// A time during which nothing changes, as far as one look goes.
struct Segment {
    open: bool,
    /// Where it begins (looking back) or ends (looking ahead).
    edge: Option<DateTime<Utc>>,
    /// The edge is one of the schedule's own, so that the state is the other one beyond it. Beyond an override's it may
    /// be either.
    own: bool,
}

impl Stream<'_> {
    /// The stretch of the schedule around an instant.
    pub fn stretch(&self, at: DateTime<Utc>) -> Option<Stretch> {
        let date = self.local(at).date();
        let days = [date.pred_opt(), Some(date), date.succ_opt()];
        days.into_iter().flatten().find_map(|date| {
            let day = self.calendar.day(date);
            day.open.iter().find(|stretch| self.instants(&local(date, stretch)).contains(&at)).cloned()
        })
    }

    /// Whether it is open at `at`, and when that next changes; `None` when it does not before `limit`.
    pub fn state(&self, at: DateTime<Utc>, limit: DateTime<Utc>) -> (bool, Option<DateTime<Utc>>) {
        let first = self.ahead(at, limit);
        let open = first.open;
        let mut segment = first;
        while let Some(edge) = segment.edge.filter(|edge| *edge < limit) {
            if segment.own {
                return (open, Some(edge));
            }
            segment = self.ahead(edge, limit);
            if segment.open != open {
                return (open, Some(edge));
            }
        }
        (open, None)
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
        if let Some(over) = in_force(self.overrides, at) {
            return Segment { open: over.open, edge: boundary, own: false };
        }
        let limit = boundary.map_or(limit, |boundary| boundary.min(limit));
        let period = self.period_after(at, limit);
        let open = period.as_ref().is_some_and(|period| period.start <= at);
        let edge = period.map(|period| if open { period.end } else { period.start });
        let own = edge.is_some_and(|edge| boundary.is_none_or(|boundary| edge < boundary));
        Segment { open, edge: if own { edge } else { boundary }, own }
    }

    /// What held up to `at`.
    fn back(&self, at: DateTime<Utc>, floor: DateTime<Utc>) -> Segment {
        let boundary = self.boundaries().filter(|boundary| *boundary < at).max();
        if let Some(over) = self.overrides.iter().rev().find(|over| over.from < at && at <= over.until) {
            return Segment { open: over.open, edge: boundary, own: false };
        }
        let floor = boundary.map_or(floor, |boundary| boundary.max(floor));
        let end = self.end_before(at, floor);
        Segment { open: end == Some(at), edge: end.into_iter().chain(boundary).max(), own: false }
    }

    fn boundaries(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.overrides.iter().filter(|over| over.from < over.until).flat_map(|over| [over.from, over.until])
    }

    /// The first open period of the schedule that ends after `at` and starts before `limit`; what touches is one.
    fn period_after(&self, at: DateTime<Utc>, limit: DateTime<Utc>) -> Option<Period> {
        let mut found: Option<Period> = None;
        let first = self.local(at).date().pred_opt()?;
        for run in self.runs(first, self.local(limit).date()) {
            let period = self.instants(&run);
            match &mut found {
                _ if period.is_empty() || period.end <= at => {}
                Some(found) if period.start <= found.end => found.end = found.end.max(period.end),
                Some(_) => break,
                None => found = Some(period),
            }
        }
        found.filter(|found| found.start < limit)
    }

    /// The open times of these days by the clock on the wall. Those that touch are one, so that a schedule which never
    /// closes costs no conversion a day.
    fn runs(&self, first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = Range<NaiveDateTime>> {
        let mut place = Some((first, 0));
        let mut next = move || {
            while let Some((date, number)) = place.filter(|(date, _)| *date <= last) {
                if let Some(through) = self.calendar.open_through(date).filter(|_| number == 0) {
                    place = through.succ_opt().map(|date| (date, 0));
                    return Some(date.and_time(NaiveTime::MIN)..through.succ_opt()?.and_time(NaiveTime::MIN));
                }
                if let Some(stretch) = self.calendar.day(date).open.get(number) {
                    place = Some((date, number + 1));
                    return Some(local(date, stretch));
                }
                place = date.succ_opt().map(|date| (date, 0));
            }
            None
        };
        let mut run: Option<Range<NaiveDateTime>> = None;
        std::iter::from_fn(move || {
            loop {
                match (run.take(), next()) {
                    (Some(before), Some(after)) if after.start <= before.end => {
                        run = Some(before.start..before.end.max(after.end));
                    }
                    (Some(before), after) => {
                        run = after;
                        return Some(before);
                    }
                    (None, Some(after)) => run = Some(after),
                    (None, None) => return None,
                }
            }
        })
    }

    /// The last end of an open period of the schedule after `floor` that is not after `at`; `at` inside of one.
    fn end_before(&self, at: DateTime<Utc>, floor: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut date = self.local(at).date().succ_opt()?;
        let last = self.local(floor).date().pred_opt()?;
        while date >= last {
            for stretch in self.calendar.day(date).open.iter().rev() {
                let period = self.instants(&local(date, stretch));
                if !period.is_empty() && period.start < at {
                    return Some(period.end.min(at)).filter(|end| *end > floor);
                }
            }
            date = date.pred_opt()?;
        }
        None
    }

    /// A span as instants; empty when its edges meet.
    fn instants(&self, local: &Range<NaiveDateTime>) -> Period {
        instant(self.zone, local.start, Edge::Opening)..instant(self.zone, local.end, Edge::Closing)
    }

    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }
}

fn local(date: NaiveDate, stretch: &Stretch) -> Range<NaiveDateTime> {
    let edge = |minutes: u16| date.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes.into());
    edge(stretch.span.start)..edge(stretch.span.end)
}
