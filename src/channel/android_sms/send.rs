//! The reply: its request, and what the answer proves.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use ring::digest;
use serde::{Deserialize, Serialize};

use crate::message::{Personal, ReplyTo};
use crate::outbound::{Reason, Response, SendError, Sent};

/// The longest id of a message that the gateway takes, in bytes (its API's `maxLength`).
const LONGEST_ID: usize = 36;

/// From this on a message is not held back by the phone's own limits and delays (`PriorityBypassThreshold` of its API).
const PRIORITY: u8 = 100;

/// Where a reply goes, as it is sealed into [`ReplyTo`].
#[derive(Serialize, Deserialize)]
pub(super) struct ReplyAddress {
    /// The number; empty where nobody can be reached.
    pub to: String,
    /// The slot of the SIM that received the message; without it nothing is sent, as it would leave on any.
    pub sim: Option<u8>,
    /// The phone that received it.
    pub device: Option<String>,
}

impl ReplyAddress {
    pub fn seal(&self) -> ReplyTo {
        Personal::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// `None` when it is none that we sealed, or none that can be sent to.
    pub fn open(sealed: &ReplyTo) -> Option<(Self, u8)> {
        let address: Self = serde_json::from_str(sealed.as_str()).ok()?;
        let sim = address.sim.filter(|_| !address.to.is_empty())?;
        Some((address, sim))
    }

    /// The body of the request; `ttl` in seconds.
    pub fn request(&self, sim: u8, text: &str, id: &str, ttl: i64) -> Vec<u8> {
        let request = Request {
            id,
            text_message: Text { text },
            phone_numbers: [&self.to],
            sim_number: sim,
            ttl,
            with_delivery_report: true,
            priority: PRIORITY,
            device_id: self.device.as_deref(),
        };
        serde_json::to_vec(&request).unwrap_or_default()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    id: &'a str,
    text_message: Text<'a>,
    phone_numbers: [&'a str; 1],
    sim_number: u8,
    ttl: i64,
    with_delivery_report: bool,
    priority: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<&'a str>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Deserialize)]
struct Accepted {
    id: String,
}

/// The id of the message that a key of ours makes: the key itself where it is short enough.
pub(super) fn message_id(key: &str) -> Cow<'_, str> {
    if key.len() <= LONGEST_ID {
        return Cow::Borrowed(key);
    }
    let digest = digest::digest(&digest::SHA256, key.as_bytes());
    Cow::Owned(digest.as_ref()[..LONGEST_ID / 2].iter().fold(String::new(), |mut id, byte| {
        let _ = write!(id, "{byte:02x}");
        id
    }))
}

/// What a status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// There is a message of that id already: an earlier attempt of ours.
    Done,
    /// Not taken, or the queue is full.
    Retry,
    /// It may have been taken; to post the id again is harmless.
    Unknown,
    /// Never, for this message.
    Refused,
    /// The user, the password, the token's scopes or the address is wrong: the owner's to mend.
    Down,
}

use Meaning::{Done, Down, Refused, Retry, Unknown};

/// What the statuses of the gateway mean, in each of its modes (its API's description, and what a proxy before it answers).
/// Without a line here: 2xx is proven by its body, other 4xx are refused.
const MEANINGS: &[(RangeInclusive<u16>, Meaning)] = &[
    (400..=400, Refused),
    (401..=403, Down),
    // the address is not that of the API
    (404..=405, Down),
    (407..=407, Down),
    (408..=408, Unknown),
    (409..=409, Done),
    (410..=410, Down),
    (429..=429, Retry),
    (500..=502, Unknown),
    // "queue limits exceeded; ensure device is online"
    (503..=503, Retry),
    (504..=599, Unknown),
];

/// What the answer to a message of that id means.
pub(super) fn outcome(response: &Response, id: &str) -> Result<Sent, SendError> {
    if response.is_success() {
        let accepted: Option<Accepted> = response.json();
        return match accepted {
            Some(Accepted { id }) if !id.is_empty() => Ok(Sent { id: Some(id) }),
            _ => Err(SendError::Unknown { reason: Reason::Unproven }),
        };
    }
    failure(response).map_or_else(|| Ok(Sent { id: Some(id.to_owned()) }), Err)
}

/// What an answer that is no success means; `None` when it is none of a failure either.
pub(super) fn failure(response: &Response) -> Option<SendError> {
    let reason = Reason::Status(response.status);
    let meaning =
        MEANINGS.iter().find(|(statuses, _)| statuses.contains(&response.status)).map(|(_, meaning)| *meaning);
    Some(match meaning.unwrap_or(Refused) {
        Done => return None,
        Retry => response.retry(reason),
        Unknown => SendError::Unknown { reason },
        Refused => SendError::Refused { reason },
        Down => SendError::Down { reason },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_status_has_two_meanings() {
        for (index, (statuses, _)) in MEANINGS.iter().enumerate() {
            for (others, _) in &MEANINGS[index + 1..] {
                assert!(statuses.end() < others.start(), "{statuses:?} and {others:?}");
            }
        }
    }

    #[test]
    fn every_key_makes_an_id_that_the_gateway_takes() {
        let longest = "0123456789abcdef-1234567890123456789";
        let long = format!("{longest}0");
        let cases = [("ab12-7", "ab12-7"), (longest, longest)];
        for (key, id) in cases {
            assert_eq!(message_id(key), id);
        }
        let (one, other) = (message_id(&long), format!("{longest}1"));
        assert_eq!(one.len(), LONGEST_ID);
        assert_ne!(one, message_id(&other));
        assert_eq!(one, message_id(&long));
    }
}
