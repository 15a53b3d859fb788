//! The proof of a delivery.

use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, HeaderValue};
use ring::hmac;
use subtle::ConstantTimeEq;

use crate::channel::{Refused, hex};

/// `X-Signature`: 64 lower-case hexadecimal digits, HMAC-SHA256 of the raw body followed by the text of `X-Timestamp` (Unix
/// seconds), with nothing between. The phone signs every attempt anew: how far its clock is behind ours.
pub(super) fn signature(
    key: &hmac::Key,
    headers: &HeaderMap,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<TimeDelta, Refused> {
    let signature = only(headers, "x-signature")?;
    let timestamp = only(headers, "x-timestamp")?.as_bytes();
    let claimed = hex::digest(signature.as_bytes()).ok_or(Refused::Unreadable)?;
    let signed_at = seconds(timestamp).ok_or(Refused::Unreadable)?;
    let mut context = hmac::Context::with_key(key);
    context.update(body);
    context.update(timestamp);
    if !bool::from(context.sign().as_ref().ct_eq(&claimed)) {
        return Err(Refused::Wrong);
    }
    Ok(now - signed_at)
}

fn only<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h HeaderValue, Refused> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(Refused::Unsigned)?;
    if values.next().is_some() { Err(Refused::Unreadable) } else { Ok(value) }
}

fn seconds(digits: &[u8]) -> Option<DateTime<Utc>> {
    let digits = std::str::from_utf8(digits).ok()?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| DateTime::from_timestamp(digits.parse().ok()?, 0)).flatten()
}
