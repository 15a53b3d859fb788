//! What Telegram's errors mean for a call. There are no stable numbers below the HTTP status: the words are read.

use std::time::Duration;

use crate::outbound::{Reason, SendError};

/// What an error means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// Not done; again after what the answer says.
    Retry,
    /// Never, for this message.
    Refused,
    /// Never, for this person: others can be answered all the same.
    Recipient,
    /// The bot cannot do anything until the owner has acted.
    Down,
    /// Somebody else has the bot's updates.
    Taken,
}

use Meaning::{Down, Recipient, Refused, Retry, Taken};

/// Errors by `error_code` and a part of `description`, in small letters; the first that fits. An empty part fits all.
const MEANINGS: &[(i64, &str, Meaning)] = &[
    // the token
    (401, "", Down),
    (404, "", Down),
    // two programs with one token, or a webhook beside a poll
    (409, "", Taken),
    // too fast
    (429, "", Retry),
    // the person or the chat
    (403, "bot was blocked by the user", Recipient),
    (403, "user is deactivated", Recipient),
    (403, "bot can't initiate conversation with a user", Recipient),
    (403, "bot can't send messages to bots", Recipient),
    (403, "bot was kicked", Refused),
    (403, "bot is not a member", Refused),
    (403, "", Refused),
    (400, "chat not found", Recipient),
    (400, "user_is_blocked", Recipient),
    (400, "user not found", Recipient),
    (400, "input_user_deactivated", Recipient),
    (400, "peer_id_invalid", Recipient),
    (400, "group chat was upgraded to a supergroup", Refused),
    // the connection of the owner's account
    (400, "business_peer_usage_missing", Recipient),
    (400, "business_peer_invalid", Recipient),
    (400, "business_connection_invalid", Refused),
    (400, "business_connection_not_allowed", Refused),
    (400, "business connection not found", Refused),
    // the text
    (400, "message is too long", Refused),
    (400, "message text is empty", Refused),
    (400, "message to be replied not found", Refused),
    (400, "", Refused),
];

/// Nobody is asked to wait longer.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// What a known error means; `None` for one that is not in the table. `after` is how long Telegram asks to wait.
pub(super) fn meaning(code: i64, description: &str, after: Option<Duration>) -> Option<SendError> {
    let description = description.to_lowercase();
    let fits = |known: &&(i64, &str, Meaning)| known.0 == code && description.contains(known.1);
    let (_, _, meaning) = MEANINGS.iter().find(fits)?;
    let reason = Reason::Code(code);
    Some(match meaning {
        Retry => SendError::Retry { after: after.map(|after| after.min(LONGEST_WAIT)), reason },
        Refused => SendError::Refused { reason },
        Recipient => SendError::Refused { reason: Reason::Recipient(code) },
        Down => SendError::Down { reason },
        Taken => SendError::Down { reason: Reason::Taken },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_error_is_hidden_behind_an_earlier_one() {
        for (index, (code, part, _)) in MEANINGS.iter().enumerate() {
            assert_eq!(*part, part.to_lowercase(), "{code} {part}");
            let hides = |earlier: &&(i64, &str, Meaning)| earlier.0 == *code && part.contains(earlier.1);
            assert!(!MEANINGS[..index].iter().any(|earlier| hides(&earlier)), "{code} {part}");
        }
    }
}
