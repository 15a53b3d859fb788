//! The automatic replies of the last day, counted.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use crate::store::codec::Digest;

/// What a person's replies are counted over, in milliseconds.
pub(super) const DAY: i64 = 24 * HOUR;
/// What a line's, and all, are counted over, in milliseconds.
pub(super) const HOUR: i64 = 60 * 60 * 1000;

/// A reply that was decided.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    /// The number of the message that it answers.
    pub(super) message: i64,
    pub(super) channel: Arc<str>,
    pub(super) line: Arc<str>,
    /// The addresses that it is counted under.
    pub(super) person: Box<[Digest]>,
    /// When it was decided, in Unix milliseconds.
    pub(super) at: i64,
}

/// The replies of the last day, by what they are counted by. Message numbers grow, so each list is in their order.
#[derive(Debug, Default)]
pub(super) struct Recent {
    day: VecDeque<Reply>,
    people: HashMap<Digest, Vec<Mark>>,
    lines: HashMap<Arc<str>, HashMap<Arc<str>, VecDeque<Mark>>>,
    hour: VecDeque<Mark>,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    message: i64,
    at: i64,
}

impl Recent {
    /// Counts a reply to a message with a greater number than all before.
    pub(super) fn add(&mut self, reply: Reply) {
        let mark = Mark { message: reply.message, at: reply.at };
        for key in &reply.person {
            self.people.entry(*key).or_default().push(mark);
        }
        let lines = self.lines.entry(Arc::clone(&reply.channel)).or_default();
        lines.entry(Arc::clone(&reply.line)).or_default().push_back(mark);
        self.hour.push_back(mark);
        self.day.push_back(reply);
    }

    /// The reply to that message.
    pub(super) fn of_message(&self, message: i64) -> Option<&Reply> {
        let index = self.day.binary_search_by_key(&message, |reply| reply.message).ok()?;
        self.day.get(index)
    }

    /// The reply to that message does not count: it was withdrawn.
    pub(super) fn withdraw(&mut self, message: i64) {
        let Ok(index) = self.day.binary_search_by_key(&message, |reply| reply.message) else { return };
        let Some(reply) = self.day.remove(index) else { return };
        self.forget_person(&reply);
        if let Some(marks) = self.lines.get_mut(&reply.channel).and_then(|lines| lines.get_mut(&reply.line)) {
            remove(marks, message);
        }
        remove(&mut self.hour, message);
    }

    /// Drops what no count at `now` or later reaches back to.
    pub(super) fn expire(&mut self, now: i64) {
        while self.day.front().is_some_and(|reply| !counts(reply.at, now, DAY)) {
            if let Some(reply) = self.day.pop_front() {
                self.forget_person(&reply);
            }
        }
        expire_hour(&mut self.hour, now);
    }

    /// How many went to the person with these addresses in the day before `now`.
    pub(super) fn to_person(&self, person: &[Digest], now: i64) -> u32 {
        let marks = |key| self.people.get(key).into_iter().flatten().filter(|mark| counts(mark.at, now, DAY));
        let count = match person {
            [only] => marks(only).count(),
            // one reply may stand under several of the addresses
            _ => person.iter().flat_map(marks).map(|mark| mark.message).collect::<HashSet<_>>().len(),
        };
        saturated(count)
    }

    /// How many went out on that line in the hour before `now`.
    pub(super) fn on_line(&mut self, channel: &str, line: &str, now: i64) -> u32 {
        let Some(marks) = self.lines.get_mut(channel).and_then(|lines| lines.get_mut(line)) else { return 0 };
        expire_hour(marks, now);
        saturated(marks.len())
    }

    /// How many went out in all in the hour before `now`.
    pub(super) fn in_all(&mut self, now: i64) -> u32 {
        expire_hour(&mut self.hour, now);
        saturated(self.hour.len())
    }

    fn forget_person(&mut self, reply: &Reply) {
        for key in &reply.person {
            if let Some(marks) = self.people.get_mut(key) {
                marks.retain(|mark| mark.message != reply.message);
                if marks.is_empty() {
                    self.people.remove(key);
                }
            }
        }
    }
}

/// A clock that was set back leaves marks that lie ahead: they count while they are as near as those behind, and not for
/// ever.
fn counts(at: i64, now: i64, span: i64) -> bool {
    at > now - span && at <= now + span
}

fn expire_hour(marks: &mut VecDeque<Mark>, now: i64) {
    while marks.front().is_some_and(|mark| !counts(mark.at, now, HOUR)) {
        marks.pop_front();
    }
}

fn remove(marks: &mut VecDeque<Mark>, message: i64) {
    if let Ok(index) = marks.binary_search_by_key(&message, |mark| mark.message) {
        marks.remove(index);
    }
}

fn saturated(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: Digest = [1; 16];
    const ANA_MAIL: Digest = [2; 16];
    const BEN: Digest = [3; 16];

    fn reply(message: i64, line: &str, person: &[Digest], at: i64) -> Reply {
        Reply { message, channel: "work".into(), line: line.into(), person: person.into(), at }
    }

    #[test]
    fn a_reply_under_two_addresses_counts_once() {
        let mut recent = Recent::default();
        recent.add(reply(1, "a", &[ANA, ANA_MAIL], 10));
        recent.add(reply(2, "a", &[ANA_MAIL], 20));
        assert_eq!(recent.to_person(&[ANA, ANA_MAIL], 30), 2);
        assert_eq!(recent.to_person(&[ANA], 30), 1);
        assert_eq!(recent.to_person(&[BEN], 30), 0);
    }

    #[test]
    fn counts_reach_back_a_day_and_an_hour_and_no_further() {
        let mut recent = Recent::default();
        recent.add(reply(1, "a", &[ANA], 0));
        recent.add(reply(2, "b", &[ANA], 1));
        let cases = [
            (HOUR - 1, 2, 1, 2),
            (HOUR, 2, 0, 1),
            (HOUR + 1, 2, 0, 0),
            (DAY - 1, 2, 0, 0),
            (DAY, 1, 0, 0),
            (DAY + 1, 0, 0, 0),
        ];
        for (now, person, line, all) in cases {
            let counted = (recent.to_person(&[ANA], now), recent.on_line("work", "a", now), recent.in_all(now));
            assert_eq!(counted, (person, line, all), "at {now}");
        }
        recent.expire(DAY + 1);
        assert!(recent.day.is_empty() && recent.people.is_empty());
    }

    #[test]
    fn a_withdrawn_reply_does_not_count() {
        let mut recent = Recent::default();
        for message in 1..=3 {
            recent.add(reply(message, "a", &[ANA], message));
        }
        recent.withdraw(2);
        recent.withdraw(2);
        recent.withdraw(9);
        let counted = (recent.to_person(&[ANA], 5), recent.on_line("work", "a", 5), recent.in_all(5));
        assert_eq!(counted, (2, 2, 2));
    }
}
