//! The gateway is told where to post, and asked whether it knows.

use reqwest::Url;
use ring::digest;
use serde::{Deserialize, Serialize};

use super::{Gateway, Phone, send};
use crate::outbound::{Outbound, Reason, SendError};

/// The longest id of a registration, in bytes (the API's `maxLength`).
const LONGEST_ID: usize = 36;

/// What the gateway is to tell us of, and whether we can do without: the cloud's API takes fewer events than the phone's.
/// Data messages are not among them: no person writes any.
const EVENTS: &[(&str, Need)] = &[
    ("sms:received", Need::Must),
    ("mms:received", Need::Must),
    ("mms:downloaded", Need::Must),
    ("sms:sent", Need::Must),
    ("sms:delivered", Need::Must),
    ("sms:failed", Need::Must),
    ("system:ping", Need::Must),
    ("sms:cancelled", Need::May),
    ("app:started", Need::May),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Must,
    May,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Registration<'a> {
    id: &'a str,
    url: &'a str,
    event: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<&'a str>,
}

/// A registration as the gateway lists it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Registered {
    id: String,
    url: String,
    event: String,
}

/// Has every event posted to the address, under ids of the channel's name: to do it again replaces them.
pub(super) async fn register(
    gateway: &Gateway,
    outbound: &Outbound,
    address: &Url,
    name: &str,
    device_id: Option<&str>,
) -> Result<Vec<String>, SendError> {
    let unsendable = SendError::Refused { reason: Reason::Unsendable };
    let url = gateway.at("webhooks").ok_or(unsendable.clone())?;
    let mut done = Vec::new();
    for (event, need) in EVENTS {
        let id = id(name, event);
        let registration = Registration { id: &id, url: address.as_str(), event, device_id };
        let body = serde_json::to_vec(&registration).map_err(|_| unsendable.clone())?;
        let response = outbound.post_json(url.clone(), gateway.login.clone(), body).await?;
        if response.is_success() {
            // a page of the phone's router, say, is a success as well
            let taken: Option<serde_json::Map<String, serde_json::Value>> = response.json();
            taken.ok_or(SendError::Unknown { reason: Reason::Unproven })?;
            done.push(format!("{event} is posted to {address} (registered as {id})"));
        } else if *need == Need::May && matches!(response.status, 400 | 422) {
            done.push(format!("{event} is not offered by this gateway; it is not needed"));
        } else {
            // of a registration 409 is no success: the same id replaces
            let refused = SendError::Refused { reason: Reason::Status(response.status) };
            return Err(send::failure(&response).unwrap_or(refused));
        }
    }
    let ours = |id: &str| EVENTS.iter().any(|(event, _)| self::id(name, event) == id);
    let others: Vec<_> = registered(gateway, outbound)
        .await
        .unwrap_or_default()
        .into_iter()
        .filter(|other| other.url == address.as_str() && !ours(&other.id))
        .map(|other| format!("{} ({})", other.id, other.event))
        .collect();
    if !others.is_empty() {
        done.push(format!(
            "other registrations post to the same address: {}; what comes twice is known, but you may delete them",
            others.join(", ")
        ));
    }
    done.push("the phone may now tell its user that its text messages are passed on: that is this".to_owned());
    Ok(done)
}

/// What is missing at the gateway.
pub(super) async fn inspect(gateway: &Gateway, outbound: &Outbound, phone: &Phone) -> Result<Vec<String>, SendError> {
    let known = match registered(gateway, outbound).await {
        // a token that may send and not look
        Err(SendError::Down { reason: Reason::Status(403) }) => return Ok(Vec::new()),
        known => known?,
    };
    let end = format!("/in/{}", phone.name);
    let is_ours = |one: &Registered| {
        Url::parse(&one.url).is_ok_and(|url| match &phone.address {
            Some(address) => url == *address,
            None => url.path().ends_with(&end),
        })
    };
    let missing: Vec<_> = EVENTS
        .iter()
        .filter(|(event, need)| *need == Need::Must && !known.iter().any(|one| one.event == *event && is_ours(one)))
        .map(|(event, _)| *event)
        .collect();
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let here = phone.address.as_ref().map_or_else(|| "here".to_owned(), |address| format!("to {address}"));
    Ok(vec![format!(
        "the phone is not told to post {} {here}: run `afterhours channels android-sms --register`",
        missing.join(", ")
    )])
}

async fn registered(gateway: &Gateway, outbound: &Outbound) -> Result<Vec<Registered>, SendError> {
    let url = gateway.at("webhooks").ok_or(SendError::Refused { reason: Reason::Unsendable })?;
    let response = outbound.get(url, gateway.login.clone()).await?;
    if let Some(listed) = response.is_success().then(|| response.json()).flatten() {
        return Ok(listed);
    }
    let unproven = SendError::Unknown { reason: Reason::Unproven };
    Err(if response.is_success() { unproven } else { send::failure(&response).unwrap_or(unproven) })
}

/// A long name is known by its digest.
fn id(name: &str, event: &str) -> String {
    let event = event.replace(':', "-");
    let id = format!("afterhours-{name}-{event}");
    if id.len() <= LONGEST_ID {
        return id;
    }
    let digest = digest::digest(&digest::SHA256, name.as_bytes());
    let [first, second, third, fourth, ..] = digest.as_ref() else { return id };
    format!("afterhours-{first:02x}{second:02x}{third:02x}{fourth:02x}-{event}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_short_and_of_the_channel() {
        assert_eq!(id("phone", "sms:received"), "afterhours-phone-sms-received");
        let (long, other) = ("the-phone-of-the-studio", "the-phone-of-the-office");
        for (event, _) in EVENTS {
            for name in ["p", "phone", "ten-letter", long, other] {
                assert!(id(name, event).len() <= LONGEST_ID, "{}", id(name, event));
                assert_eq!(id(name, event), id(name, event));
            }
            assert_ne!(id(long, event), id(other, event));
        }
    }
}
