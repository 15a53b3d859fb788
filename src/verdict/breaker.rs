//! A channel whose replies fail is let rest for a while: what fails for one client fails for the next as well.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// So many failures in a row open it ...
const FAILURES: usize = 5;
/// ... when they lie within this time.
const WITHIN: TimeDelta = TimeDelta::minutes(10);
/// It closes by itself after this.
const REST: TimeDelta = TimeDelta::minutes(30);

/// The breaker of one channel.
#[derive(Clone, Debug, Default)]
struct Breaker {
    failures: VecDeque<DateTime<Utc>>,
    open_until: Option<DateTime<Utc>>,
}

impl Breaker {
    fn failed(&mut self, now: DateTime<Utc>) -> bool {
        self.failures.push_back(now);
        // a clock that was set back leaves failures that lie ahead: they are none
        self.failures.retain(|at| now - *at < WITHIN && *at <= now);
        let opens = self.failures.len() >= FAILURES && !self.is_open(now);
        if opens {
            self.failures.clear();
            self.open_until = Some(now + REST);
        }
        opens
    }

    fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.open_until.is_some_and(|until| now < until && until - now <= REST)
    }
}

/// The breakers of all channels.
#[derive(Debug, Default)]
pub struct Breakers(Mutex<BTreeMap<String, Breaker>>);

impl Breakers {
    /// A reply on the channel failed. Says whether that opened its breaker.
    pub fn failed(&self, channel: &str, now: DateTime<Utc>) -> bool {
        self.all().entry(channel.to_owned()).or_default().failed(now)
    }

    /// A reply on the channel went out.
    pub fn succeeded(&self, channel: &str) {
        self.all().remove(channel);
    }

    /// No reply is to go out on the channel now.
    #[must_use]
    pub fn is_open(&self, channel: &str, now: DateTime<Utc>) -> bool {
        self.all().get(channel).is_some_and(|breaker| breaker.is_open(now))
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Breaker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breaker_opens_on_failures_in_a_row_and_closes_by_itself() {
        let at = |seconds: i64| DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("an instant");
        // seconds of failures; whether the last of them opens it
        let cases: [(&[i64], bool); 4] = [
            (&[0, 1, 2, 3, 4], true),
            (&[0, 1, 2, 3], false),
            (&[0, 150, 300, 450, 599], true),
            (&[0, 150, 300, 450, 600], false),
        ];
        for (failures, opens) in cases {
            let breakers = Breakers::default();
            let opened: Vec<bool> = failures.iter().map(|seconds| breakers.failed("work", at(*seconds))).collect();
            assert_eq!(opened.last(), Some(&opens), "{failures:?}");
            let last = *failures.last().expect("one");
            assert_eq!(breakers.is_open("work", at(last + 1)), opens, "{failures:?}");
            assert!(!breakers.is_open("other", at(last + 1)));
            assert!(!breakers.is_open("work", at(last + 30 * 60)), "{failures:?}");
        }
    }

    #[test]
    fn a_success_counts_for_all_failures_before_it() {
        let at = |seconds: i64| DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("an instant");
        let breakers = Breakers::default();
        for seconds in 0..4 {
            assert!(!breakers.failed("work", at(seconds)));
        }
        breakers.succeeded("work");
        assert!(!breakers.failed("work", at(5)));
        // while it is open further failures change nothing; afterwards it may open again
        for seconds in 6..9 {
            assert!(!breakers.failed("work", at(seconds)));
        }
        assert!(breakers.failed("work", at(9)));
        assert!(!breakers.failed("work", at(10)));
        // a clock that was a year ahead then
        assert!(!breakers.is_open("work", at(-365 * 86_400)));
    }
}
