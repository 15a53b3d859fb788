//! What Twilio's error codes mean for a send.

use std::time::Duration;

use crate::outbound::{Reason, SendError};

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Not done; again as Twilio or our own back-off likes.
    Retry,
    /// Never, for this message.
    Refused,
    /// Never, for this message, and it lies with its sender: the next client is answered as ever.
    Recipient,
    /// Never to this person, who has told Twilio so.
    OptedOut,
    /// The account or the line cannot send until the owner has acted.
    Down,
}

use Meaning::{Down, OptedOut, Recipient, Refused, Retry};

/// Twilio's "Error and Warning Dictionary" (as of 2026), the codes that a Messages request may be answered with.
const MEANINGS: &[(i64, Meaning)] = &[
    // too fast, queue full, for a moment out of order
    (14_107, Retry),
    (20_429, Retry),
    (30_001, Retry),
    (30_017, Retry),
    (63_018, Retry),
    // this recipient: no such number, a landline (21614, 30006), out of reach, blocked, not on WhatsApp, window closed
    (21_211, Recipient),
    (21_214, Recipient),
    (21_217, Recipient),
    (21_614, Recipient),
    (30_003, Recipient),
    (30_004, Recipient),
    (30_005, Recipient),
    (30_006, Recipient),
    (63_003, Recipient),
    (63_016, Recipient),
    (63_024, Recipient),
    // the country or the route
    (21_408, Refused),
    (21_612, Refused),
    (30_008, Refused),
    // this line: a number without SMS that was called; the other lines are as well as ever
    (21_606, Refused),
    // this text: too long
    (21_617, Refused),
    (21_610, OptedOut),
    // the account: token, test credentials, suspended
    (20_003, Down),
    (20_008, Down),
    (30_002, Down),
    // the line: not ours, no WhatsApp sender
    (21_603, Down),
    (63_007, Down),
    // what carriers want first: content, daily caps and campaign of 10DLC, verification of toll-free numbers
    (30_007, Down),
    (30_022, Down),
    (30_023, Down),
    (30_032, Down),
    (30_034, Down),
];

/// What a known code means; `None` for one that is not in the table. `after` is the answer's `Retry-After`.
pub(super) fn meaning(code: i64, after: Option<Duration>) -> Option<SendError> {
    let (_, meaning) = MEANINGS.iter().find(|(known, _)| *known == code)?;
    let reason = Reason::Code(code);
    Some(match meaning {
        Retry => SendError::Retry { after, reason },
        Refused => SendError::Refused { reason },
        Recipient => SendError::Refused { reason: Reason::Recipient(code) },
        OptedOut => SendError::Refused { reason: Reason::OptedOut },
        Down => SendError::Down { reason },
    })
}

/// The person has told Twilio to let nothing through; the code as a receipt has it.
pub(super) fn is_opt_out(code: &str) -> bool {
    code.parse().is_ok_and(|code: i64| MEANINGS.contains(&(code, OptedOut)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_has_two_meanings() {
        for (index, (code, _)) in MEANINGS.iter().enumerate() {
            assert!(MEANINGS[index + 1..].iter().all(|(other, _)| other != code), "{code}");
        }
    }

    #[test]
    fn codes_are_settled_as_the_table_says() {
        let wait = Some(Duration::from_secs(7));
        let cases = [
            (20_429, Some(SendError::Retry { after: wait, reason: Reason::Code(20_429) })),
            (21_614, Some(SendError::Refused { reason: Reason::Recipient(21_614) })),
            (30_006, Some(SendError::Refused { reason: Reason::Recipient(30_006) })),
            (21_610, Some(SendError::Refused { reason: Reason::OptedOut })),
            (30_034, Some(SendError::Down { reason: Reason::Code(30_034) })),
            (99_999, None),
        ];
        for (code, expected) in cases {
            assert_eq!(meaning(code, wait), expected, "{code}");
        }
    }
}
