//! Times of day to instants: the one place that knows what a clock change does to an edge.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// Which end of a span an edge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Opening,
    Closing,
}

/// The instant of an edge. In a doubled hour an opening takes the first pass and a closing the last, so nobody opens
/// late or closes early; in a skipped hour an edge moves to the first instant that exists.
pub(super) fn instant(zone: Tz, local: NaiveDateTime, edge: Edge) -> DateTime<Utc> {
    match (zone.offset_from_local_datetime(&local), edge) {
        (MappedLocalTime::Single(offset), _)
        | (MappedLocalTime::Ambiguous(offset, _), Edge::Opening)
        | (MappedLocalTime::Ambiguous(_, offset), Edge::Closing) => {
            DateTime::from_naive_utc_and_offset(local - chrono::Offset::fix(&offset), Utc)
        }
        (MappedLocalTime::None, _) => after_gap(zone, local),
    }
}

/// The first instant at which the wall clock shows `local` or more. Offsets lie within a day of UTC, and no zone has
/// another change so near to a gap, so the wall clock is monotone where this looks.
fn after_gap(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let day = TimeDelta::days(1);
    let (mut before, mut after) = (local.and_utc() - day, local.and_utc() + day);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if middle.with_timezone(&zone).naive_local() >= local {
            after = middle;
        } else {
            before = middle;
        }
    }
    after
}
