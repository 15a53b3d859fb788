//! Attempt in; when next, or that it is over, out.

use std::time::Duration;

/// The waits between the attempts of a reply. A first short wait outlives a dropped connection, the next ones a restart of
/// the provider; after about an hour in all it is over, because a reply hours late at night helps nobody.
pub const REPLY_WAITS: [Duration; 6] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_mins(20),
    Duration::from_mins(30),
];

/// The first waits between the attempts of a notice; after them it is [`NOTICE_WAIT`] each time.
pub const NOTICE_FIRST_WAITS: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(45),
    Duration::from_secs(135),
    Duration::from_secs(405),
];

/// The longest wait of a notice: the owner has it a quarter of an hour after the sink is back.
pub const NOTICE_WAIT: Duration = Duration::from_mins(15);

/// How long a notice is tried in all, in expectation: a server that died on Friday evening may be mended on Monday.
pub const NOTICE_PATIENCE: Duration = Duration::from_hours(72);

/// The most that a `Retry-After` can ask for: a mistaken header must not silence a sink for days.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(6);

/// Half the width of the jitter, as a part of the wait: enough to draw senders apart that failed together.
const JITTER: f64 = 0.2;

/// What is being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sending {
    /// An automatic reply, to a client.
    Reply,
    /// A notice, to the owner.
    Notice,
}

/// How long to wait before the next attempt; `None` when it is over (the dead letter). `attempts` counts those made, the
/// one that just failed included; 0 is read as 1. `jitter` is a random number of [0, 1). `retry_after` is a minimum, up to
/// [`LONGEST_RETRY_AFTER`]; a reply that may not be tried again within its hour is over at once.
#[must_use]
pub fn next(sending: Sending, attempts: u32, retry_after: Option<Duration>, jitter: f64) -> Option<Duration> {
    let failed = usize::try_from(attempts.max(1)).unwrap_or(usize::MAX) - 1;
    let wait = match sending {
        Sending::Reply => *REPLY_WAITS.get(failed)?,
        Sending::Notice => notice_wait(failed)?,
    };
    let spread = jitter.clamp(0.0, 1.0) * 2.0 - 1.0;
    let jittered = wait.mul_f64(1.0 + JITTER * spread);
    let Some(asked) = retry_after else { return Some(jittered) };
    let asked = asked.min(LONGEST_RETRY_AFTER);
    if sending == Sending::Reply && asked > REPLY_WAITS[failed..].iter().sum() {
        return None;
    }
    Some(jittered.max(asked))
}

fn notice_wait(failed: usize) -> Option<Duration> {
    if let Some(wait) = NOTICE_FIRST_WAITS.get(failed) {
        return Some(*wait);
    }
    let steady = u32::try_from(failed - NOTICE_FIRST_WAITS.len()).ok()?;
    let waited = NOTICE_FIRST_WAITS.iter().sum::<Duration>() + NOTICE_WAIT.checked_mul(steady)?;
    (waited < NOTICE_PATIENCE).then_some(NOTICE_WAIT)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MIDDLE: f64 = 0.5;

    fn all_waits(sending: Sending) -> Vec<Duration> {
        (1..).map_while(|attempts| next(sending, attempts, None, MIDDLE)).collect()
    }

    #[test]
    fn a_reply_is_tried_for_about_an_hour() {
        let waits = all_waits(Sending::Reply);
        assert_eq!(waits.iter().map(Duration::as_secs).collect::<Vec<_>>(), [5, 30, 120, 600, 1200, 1800]);
        assert_eq!(waits.iter().sum::<Duration>(), Duration::from_secs(3755));
        assert_eq!(next(Sending::Reply, 7, None, MIDDLE), None);
        assert_eq!(next(Sending::Reply, u32::MAX, None, MIDDLE), None);
    }

    #[test]
    fn a_notice_is_tried_for_three_days() {
        let waits = all_waits(Sending::Notice);
        assert_eq!(waits[..7].iter().map(Duration::as_secs).collect::<Vec<_>>(), [5, 15, 45, 135, 405, 900, 900]);
        let total = waits.iter().sum::<Duration>();
        assert!(NOTICE_PATIENCE <= total && total < NOTICE_PATIENCE + NOTICE_WAIT, "{total:?}");
        assert_eq!(next(Sending::Notice, u32::MAX, None, MIDDLE), None);
    }

    #[test]
    fn the_other_side_may_ask_for_patience() {
        let cases = [
            // (what, attempts, Retry-After in s, wait in s)
            (Sending::Notice, 1, 60, Some(60)),
            (Sending::Notice, 6, 60, Some(900)),
            (Sending::Notice, 1, 999_999, Some(6 * 3600)),
            (Sending::Reply, 1, 60, Some(60)),
            (Sending::Reply, 1, 3000, Some(3000)),
            (Sending::Reply, 1, 4000, None),
            (Sending::Reply, 6, 1801, None),
            (Sending::Reply, 6, 0, Some(1800)),
        ];
        for (sending, attempts, asked, wait) in cases {
            let told = next(sending, attempts, Some(Duration::from_secs(asked)), MIDDLE);
            assert_eq!(told.map(|wait| wait.as_secs()), wait, "{sending:?} after {attempts}, asked for {asked} s");
        }
    }

    #[test]
    fn no_attempt_counts_as_one() {
        assert_eq!(next(Sending::Reply, 0, None, MIDDLE), next(Sending::Reply, 1, None, MIDDLE));
    }

    proptest! {
        #[test]
        fn jitter_stays_within_a_fifth(attempts in 0u32..400, jitter in 0.0f64..1.0, reply: bool) {
            let sending = if reply { Sending::Reply } else { Sending::Notice };
            let middle = next(sending, attempts, None, MIDDLE);
            let told = next(sending, attempts, None, jitter);
            prop_assert_eq!(middle.is_some(), told.is_some());
            if let (Some(middle), Some(told)) = (middle, told) {
                prop_assert!(told >= middle.mul_f64(0.799) && told <= middle.mul_f64(1.201));
            }
        }

        #[test]
        fn waits_only_grow(attempts in 1u32..400, reply: bool) {
            let sending = if reply { Sending::Reply } else { Sending::Notice };
            if let Some(later) = next(sending, attempts + 1, None, MIDDLE) {
                prop_assert!(next(sending, attempts, None, MIDDLE).is_some_and(|sooner| sooner <= later));
            }
        }

        #[test]
        fn nobody_is_tried_before_they_allow_it(attempts in 1u32..400, asked in 0u64..21_600, jitter in 0.0f64..1.0) {
            let asked = Duration::from_secs(asked);
            if let Some(wait) = next(Sending::Notice, attempts, Some(asked), jitter) {
                prop_assert!(wait >= asked && wait <= LONGEST_RETRY_AFTER);
            }
        }
    }
}
