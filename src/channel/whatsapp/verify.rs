//! The proofs: the signature of a delivery, and the handshake.

use http::HeaderMap;
use ring::hmac;
use subtle::ConstantTimeEq;

use crate::channel::{Answer, Refused, hex};

/// `X-Hub-Signature-256: sha256=` and 64 lower-case hexadecimal digits: HMAC-SHA256 of the raw body under the app secret.
pub(super) fn signature(key: &hmac::Key, headers: &HeaderMap, body: &[u8]) -> Result<(), Refused> {
    let mut values = headers.get_all("x-hub-signature-256").iter();
    let value = values.next().ok_or(Refused::Unsigned)?;
    if values.next().is_some() {
        return Err(Refused::Unreadable);
    }
    let digits = value.as_bytes().strip_prefix(b"sha256=").ok_or(Refused::Unreadable)?;
    let tag = hex::digest(digits).ok_or(Refused::Unreadable)?;
    hmac::verify(key, body, &tag).map_err(|_| Refused::Wrong)
}

/// Meta asks whether the address is ours whenever it is saved.
pub(super) fn handshake(verify_token: &str, query: &str) -> Answer {
    // only a URL knows how to read a query, whatever its host
    let Ok(mut url) = reqwest::Url::parse("http://localhost/") else { return Answer::Denied };
    url.set_query(Some(query));
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let token_is_right =
        value("hub.verify_token").is_some_and(|token| bool::from(token.as_bytes().ct_eq(verify_token.as_bytes())));
    match value("hub.challenge") {
        Some(challenge) if token_is_right && value("hub.mode").as_deref() == Some("subscribe") => {
            Answer::Echo(challenge)
        }
        _ => Answer::Denied,
    }
}
