//! What Meta's error codes mean for a send. Meta says to decide by `code`, not by HTTP status, title or subcode.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::outbound::{Reason, SendError};

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Not done; again after so many seconds at the earliest, or as our own back-off likes.
    Retry(Option<u64>),
    /// Never, for this message.
    Refused,
    /// Never, for this message, and it lies with its sender: the next client is answered as ever.
    Recipient,
    /// The account cannot send until the owner has acted.
    Down,
}

use Meaning::{Down, Recipient, Refused, Retry};

/// Cloud API error codes (Meta, "Error codes", as of Graph v25.0).
const MEANINGS: &[(RangeInclusive<i64>, Meaning)] = &[
    // token and permission
    (0..=0, Down),
    (3..=3, Down),
    (10..=10, Down),
    (190..=190, Down),
    (200..=299, Down),
    (131_005..=131_005, Down),
    // number deleted, blocked, locked, unpaid, spam-limited, restricted
    (33..=33, Down),
    (368..=368, Down),
    (131_031..=131_031, Down),
    (131_042..=131_042, Down),
    (131_045..=131_045, Down),
    (131_048..=131_048, Down),
    (131_064..=131_064, Down),
    (130_497..=130_497, Down),
    // for a moment out of order, or too fast
    (1..=2, Retry(None)),
    (4..=4, Retry(None)),
    (80_007..=80_007, Retry(None)),
    (130_429..=130_429, Retry(None)),
    (131_000..=131_000, Retry(None)),
    (131_016..=131_016, Retry(None)),
    (131_057..=131_057, Retry(None)),
    // to the same user one message in 6 seconds; the 4^n of Meta's advice is our own back-off's business
    (131_056..=131_056, Retry(Some(6))),
    // this recipient: ourselves, not on WhatsApp, window closed, too many messages or none wanted
    (131_021..=131_021, Recipient),
    (131_026..=131_026, Recipient),
    (131_047..=131_047, Recipient),
    (131_049..=131_050, Recipient),
    // this message, this text
    (100..=100, Refused),
    (130_403..=130_403, Refused),
    (130_472..=130_472, Refused),
    (131_008..=131_009, Refused),
    (131_030..=131_030, Refused),
    (131_051..=131_051, Refused),
    (131_053..=131_053, Refused),
    (131_062..=131_062, Refused),
    (132_000..=132_001, Refused),
    (132_005..=132_005, Refused),
    (132_007..=132_007, Refused),
    (132_012..=132_012, Refused),
    (132_015..=132_016, Refused),
    (133_010..=133_010, Refused),
];

/// What a known code means; `None` for one that is not in the table. `after` is the answer's `Retry-After`.
pub(super) fn meaning(code: i64, after: Option<Duration>) -> Option<SendError> {
    let (_, meaning) = MEANINGS.iter().find(|(codes, _)| codes.contains(&code))?;
    let reason = Reason::Code(code);
    Some(match meaning {
        Retry(at_least) => SendError::Retry { after: after.max(at_least.map(Duration::from_secs)), reason },
        Refused => SendError::Refused { reason },
        Recipient => SendError::Refused { reason: Reason::Recipient(code) },
        Down => SendError::Down { reason },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_has_two_meanings() {
        for (index, (codes, _)) in MEANINGS.iter().enumerate() {
            for (others, _) in &MEANINGS[index + 1..] {
                assert!(codes.end() < others.start() || others.end() < codes.start(), "{codes:?} and {others:?}");
            }
        }
    }
}
