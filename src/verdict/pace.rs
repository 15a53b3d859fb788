//! What goes to clients without one of them having just written keeps the pace of `[limits]` too: after a holiday many wait
//! for the same opening, and a phone or a provider takes so many texts an hour for an attack.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

const HOUR: TimeDelta = TimeDelta::hours(1);

/// The turns that were taken in the last hour. Gone with the process.
#[derive(Debug, Default)]
pub struct Pace(Mutex<Turns>);

#[derive(Debug, Default)]
struct Turns {
    lines: BTreeMap<(String, String), VecDeque<DateTime<Utc>>>,
    all: VecDeque<DateTime<Utc>>,
}

impl Pace {
    /// Takes a turn on that line, where `per_line` and `in_all` an hour leave one.
    ///
    /// # Errors
    /// When there is none: the time to ask again.
    pub fn take(
        &self,
        (channel, line): (&str, &str),
        (per_line, in_all): (u32, u32),
        now: DateTime<Utc>,
    ) -> Result<(), DateTime<Utc>> {
        let Turns { lines, all } = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.entry((channel.to_owned(), line.to_owned())).or_default();
        for (taken, most) in [(&mut *line, per_line), (&mut *all, in_all)] {
            // a clock that was set back leaves turns that lie ahead: they are none
            taken.retain(|at| now - *at < HOUR && *at <= now);
            if taken.len() >= usize::try_from(most).unwrap_or(usize::MAX) {
                return Err(taken.front().map_or(now, |oldest| *oldest) + HOUR);
            }
        }
        line.push_back(now);
        all.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_764_000_000 + minute * 60, 0).expect("an instant")
    }

    #[test]
    fn each_line_and_all_together_have_their_turns() {
        let pace = Pace::default();
        let take = |line, minute| pace.take(("work", line), (2, 3), at(minute));
        let cases = [
            ("1", 0, Ok(())),
            ("1", 10, Ok(())),
            ("1", 20, Err(at(60))),
            ("2", 20, Ok(())),
            // the line has one, all together have none
            ("2", 30, Err(at(60))),
            ("1", 60, Ok(())),
            ("1", 61, Err(at(70))),
            ("1", 70, Ok(())),
        ];
        for (line, minute, expected) in cases {
            assert_eq!(take(line, minute), expected, "line {line}, minute {minute}");
        }
        // set back by a day
        assert_eq!(take("1", -1440), Ok(()));
        assert_eq!(pace.take(("work", "9"), (0, 3), at(200)), Err(at(260)), "a limit of none");
    }
}
