//! The owner's own word over the schedule: what holds of it when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The owner's own word, stronger than any schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Closed (`away`), or open (`open until`).
    pub open: bool,
    /// In force from then, inclusive.
    pub from: DateTime<Utc>,
    /// In force until then, exclusive.
    pub until: DateTime<Utc>,
    /// The reply that goes out meanwhile; `None` is the built-in `away`, or no reply while it is open.
    pub reply: Option<String>,
}

impl Override {
    /// It holds at that instant, unless a later word does.
    #[must_use]
    pub fn covers(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }
}

/// The override in force, of those in the order in which they were given: the latest word wins.
#[must_use]
pub fn in_force(overrides: &[Override], at: DateTime<Utc>) -> Option<&Override> {
    overrides.iter().rev().find(|over| over.covers(at))
}

/// The overrides once another is given. Those that it overlaps hold again when it ends, but for the ones of its kind that
/// begin when it does: it takes their place. One that runs already begins now, in that sense, and so does one that is
/// given now: an absence that runs is made longer or shorter.
#[must_use]
pub fn given(overrides: &[Override], new: Override, now: DateTime<Utc>) -> Vec<Override> {
    let mut kept: Vec<_> = overrides.to_vec();
    kept.retain_mut(|over| {
        let same_start = over.from.max(now) == new.from.max(now);
        over.until <= now || over.open != new.open || !same_start || cut(over, now)
    });
    kept.push(new);
    kept
}

/// The overrides once those that run now and are meant have ended; with `planned`, those too that have not begun.
#[must_use]
pub fn ended(
    overrides: &[Override],
    meant: impl Fn(&Override) -> bool,
    planned: bool,
    now: DateTime<Utc>,
) -> Vec<Override> {
    let mut kept = overrides.to_vec();
    kept.retain_mut(|over| {
        let ends = over.until > now && meant(over) && (planned || over.from <= now);
        !ends || cut(over, now)
    });
    kept
}

/// Ends it now. Says whether it has been in force at all.
fn cut(over: &mut Override, now: DateTime<Utc>) -> bool {
    over.until = over.until.min(now);
    over.from < now
}

/// What holds from now on, in turn: of each override the parts of it in which no later word holds. The first is in force
/// now when it has begun.
#[must_use]
pub fn in_turn(overrides: &[Override], now: DateTime<Utc>) -> Vec<Override> {
    let edges = overrides.iter().flat_map(|over| [over.from, over.until]).filter(|edge| *edge > now);
    let mut edges: Vec<_> = edges.chain([now]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut turns: Vec<Override> = Vec::new();
    let mut before: Option<&Override> = None;
    for (start, end) in edges.iter().zip(edges.iter().skip(1)) {
        let wins = in_force(overrides, *start);
        match (wins, turns.last_mut()) {
            (Some(over), Some(turn)) if before.is_some_and(|before| std::ptr::eq(before, over)) => turn.until = *end,
            (Some(over), _) => {
                let from = if *start == now { over.from } else { *start };
                turns.push(Override { from, until: *end, ..over.clone() });
            }
            (None, _) => {}
        }
        before = wins;
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_763_500_000 + hour * 3600, 0).expect("a time")
    }

    fn over(open: bool, from: i64, until: i64) -> Override {
        Override { open, from: at(from), until: at(until), reply: None }
    }

    fn told(overrides: &[Override]) -> Vec<(bool, i64, i64)> {
        let hour = |time: DateTime<Utc>| (time - at(0)).num_hours();
        overrides.iter().map(|over| (over.open, hour(over.from), hour(over.until))).collect()
    }

    const AWAY: bool = false;
    const OPEN: bool = true;

    /// `now` is hour 10.
    #[test]
    fn what_holds_once_another_word_is_given() {
        for (trap, before, new, turns) in [
            ("the first", vec![], over(AWAY, 10, 20), vec![(AWAY, 10, 20)]),
            ("longer", vec![over(AWAY, 8, 12)], over(AWAY, 10, 20), vec![(AWAY, 10, 20)]),
            ("shorter", vec![over(AWAY, 8, 20)], over(AWAY, 10, 12), vec![(AWAY, 10, 12)]),
            ("given twice in one instant", vec![over(AWAY, 10, 20)], over(AWAY, 10, 12), vec![(AWAY, 10, 12)]),
            (
                "a plan does not end what runs",
                vec![over(AWAY, 8, 12)],
                over(AWAY, 30, 40),
                vec![(AWAY, 8, 12), (AWAY, 30, 40)],
            ),
            (
                "what is said now does not end a plan",
                vec![over(AWAY, 30, 40)],
                over(AWAY, 10, 12),
                vec![(AWAY, 10, 12), (AWAY, 30, 40)],
            ),
            (
                "a plan with the same start is corrected",
                vec![over(AWAY, 30, 40)],
                over(AWAY, 30, 35),
                vec![(AWAY, 30, 35)],
            ),
            (
                "a plan within a plan",
                vec![over(AWAY, 30, 40)],
                over(AWAY, 32, 35),
                vec![(AWAY, 30, 32), (AWAY, 32, 35), (AWAY, 35, 40)],
            ),
            (
                "a plan that goes on from what runs",
                vec![over(AWAY, 8, 20)],
                over(AWAY, 15, 30),
                vec![(AWAY, 8, 15), (AWAY, 15, 30)],
            ),
            ("open for a while", vec![over(AWAY, 8, 20)], over(OPEN, 10, 12), vec![(OPEN, 10, 12), (AWAY, 12, 20)]),
            ("away for a while", vec![over(OPEN, 8, 20)], over(AWAY, 10, 12), vec![(AWAY, 10, 12), (OPEN, 12, 20)]),
            (
                "open over the start of a plan",
                vec![over(AWAY, 11, 20)],
                over(OPEN, 10, 12),
                vec![(OPEN, 10, 12), (AWAY, 12, 20)],
            ),
            ("what is over counts no more", vec![over(AWAY, 2, 10)], over(OPEN, 10, 12), vec![(OPEN, 10, 12)]),
        ] {
            assert_eq!(told(&in_turn(&given(&before, new, at(10)), at(10))), turns, "{trap}");
        }
    }

    #[test]
    fn what_has_been_in_force_is_remembered() {
        let all = given(&[over(AWAY, 8, 12), over(AWAY, 10, 12)], over(AWAY, 10, 20), at(10));
        assert_eq!(told(&all), [(AWAY, 8, 10), (AWAY, 10, 20)]);
        let all = ended(&[over(AWAY, 8, 12), over(OPEN, 9, 12), over(AWAY, 30, 40)], |over| over.open, false, at(10));
        assert_eq!(told(&all), [(AWAY, 8, 12), (OPEN, 9, 10), (AWAY, 30, 40)]);
        assert_eq!(told(&ended(&all, |_| true, false, at(11))), [(AWAY, 8, 11), (OPEN, 9, 10), (AWAY, 30, 40)]);
        assert_eq!(told(&ended(&all, |_| true, true, at(11))), [(AWAY, 8, 11), (OPEN, 9, 10)]);
    }
}
