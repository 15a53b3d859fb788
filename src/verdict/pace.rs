//! What goes to clients keeps a pace: what their provider bears, and, where none of them has just written, that of `[limits]`
//! too. After a holiday many wait for the same opening, and a phone or a provider takes so many texts for an attack.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// At most so many within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Sends; of SMS, segments.
    pub most: u32,
    /// Seconds or hours.
    pub within: TimeDelta,
}

impl Rate {
    /// At most so many within an hour.
    #[must_use]
    pub fn hourly(most: u32) -> Self {
        Self { most, within: TimeDelta::hours(1) }
    }
}

/// What a rate is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paced {
    /// What a channel's provider bears.
    Channel(String),
    /// Of that channel, what goes unasked on that line.
    Line(String, String),
    /// What goes unasked in all.
    All,
}

/// The turns that were taken of late. Gone with the process.
#[derive(Debug, Default)]
pub struct Pace(Mutex<BTreeMap<Paced, Turns>>);

#[derive(Debug, Default)]
struct Turns {
    taken: VecDeque<DateTime<Utc>>,
    /// The time that those were told who came last, and how many turns they want then.
    put_off: Option<(DateTime<Utc>, usize)>,
}

impl Pace {
    /// Takes so many turns, at least one, where every one of these rates leaves them. What is more than a rate allows at all
    /// takes all of it.
    ///
    /// # Errors
    /// When one does not: the time to ask again, another for those who would be too many then.
    pub fn take(&self, rates: &[(Paced, Rate)], turns: u32, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let all = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (paced, Rate { most, within }) in rates {
            let Turns { taken, put_off } = all.entry(paced.clone()).or_default();
            // a clock that was set back leaves turns that lie ahead: they are none
            taken.retain(|at| now - *at < *within && *at <= now);
            let (most, turns) = (usize::try_from(*most).unwrap_or(usize::MAX), turns_of(turns, *most));
            let too_many = (taken.len() + turns).saturating_sub(most);
            if most == 0 || too_many > 0 {
                let turn = taken.get(too_many.saturating_sub(1)).map_or(now, |oldest| *oldest) + *within;
                let wanted = put_off.filter(|(before, _)| *before == turn).map_or(0, |(_, wanted)| wanted);
                *put_off = Some((turn, wanted + turns));
                let later = i32::try_from(wanted / most.max(1)).unwrap_or(i32::MAX);
                return Err(within.checked_mul(later).and_then(|later| turn.checked_add_signed(later)).unwrap_or(turn));
            }
        }
        for (paced, Rate { most, .. }) in rates {
            all.entry(paced.clone()).or_default().taken.extend(std::iter::repeat_n(now, turns_of(turns, *most)));
        }
        Ok(())
    }
}

fn turns_of(turns: u32, most: u32) -> usize {
    usize::try_from(turns.min(most).max(1)).unwrap_or(usize::MAX)
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
        let take = |line: &str, minute| {
            let line = Paced::Line("work".to_owned(), line.to_owned());
            pace.take(&[(line, Rate::hourly(2)), (Paced::All, Rate::hourly(3))], 1, at(minute))
        };
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
        assert_eq!(pace.take(&[(Paced::All, Rate::hourly(0))], 1, at(200)), Err(at(260)), "a limit of none");
    }

    #[test]
    fn those_who_are_put_off_are_not_told_one_time_for_all() {
        let pace = Pace::default();
        let all = [(Paced::All, Rate::hourly(2))];
        let take = |minute| pace.take(&all, 1, at(minute));
        assert_eq!([take(0), take(0)], [Ok(()); 2]);
        assert_eq!([1, 2, 3, 4, 5].map(take), [60, 60, 120, 120, 180].map(|minute| Err(at(minute))));
        assert_eq!([60, 60].map(take), [Ok(()); 2]);
        assert_eq!(take(61), Err(at(120)), "and who comes after them is not the last for ever");
    }

    #[test]
    fn a_long_text_takes_several_turns() {
        let pace = Pace::default();
        let phone = [(Paced::Channel("phone".to_owned()), Rate { most: 5, within: TimeDelta::minutes(30) })];
        let cases = [
            (3, 0, Ok(())),
            (2, 10, Ok(())),
            // two of the first three are enough, and they go together
            (2, 11, Err(at(30))),
            (4, 30, Err(at(40))),
            (3, 30, Ok(())),
            // longer than what is allowed at all: it goes alone
            (9, 31, Err(at(60))),
            (9, 60, Ok(())),
            (1, 61, Err(at(90))),
        ];
        for (turns, minute, expected) in cases {
            assert_eq!(pace.take(&phone, turns, at(minute)), expected, "{turns} in minute {minute}");
        }
    }
}
