//! Standard Webhooks: how requests are signed and proven (<https://www.standardwebhooks.com>, version 1). Pure.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue};
use ring::{hmac, signature};
use subtle::ConstantTimeEq;
use toml::Spanned;

use crate::channel::Refused;
use crate::config::Section;

/// How far a timestamp may be from now, in seconds, both ways; that far is still accepted. The number of the reference
/// libraries.
pub const TOLERANCE: i64 = 300;

/// A shared secret: `whsec_` and base64, or the base64 alone.
#[derive(Clone)]
pub struct SigningKey(hmac::Key);

/// What proves a request: a shared secret (`v1`), or the sender's public key (`whpk_` and base64, `v1a`).
#[derive(Clone, Debug)]
pub enum Trust {
    /// HMAC-SHA256.
    Shared(SigningKey),
    /// Ed25519.
    Public([u8; 32]),
}

/// Why a text is no key; quotes nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Nothing there.
    #[error("is empty")]
    Empty,
    /// Not base64.
    #[error("is not `whsec_` followed by base64")]
    Encoding,
    /// A private key where none is wanted.
    #[error("is a sender's private key (`whsk_`)")]
    Private,
    /// A public key where a secret is needed.
    #[error("is a public key (`whpk_`), which cannot sign")]
    Public,
    /// Not a public key.
    #[error("is not `whpk_` followed by 32 bytes in base64")]
    PublicEncoding,
}

impl BadKey {
    /// Reports it at its place in the config.
    pub fn report(self, section: &mut Section<'_>, key: &str, value: Option<&Spanned<String>>) {
        let hint = match self {
            Self::PublicEncoding => "copy it whole from where the sender shows it",
            _ => "printf 'whsec_%s' \"$(openssl rand -base64 32)\" makes a good secret",
        };
        section.problem(value.map(Spanned::span).unwrap_or_default(), format!("`{key}` {self}"), Some(hint.to_owned()));
    }
}

impl SigningKey {
    /// Reads a secret as providers show it; spaces around it do not count.
    ///
    /// # Errors
    /// When it is no secret.
    pub fn read(secret: &str) -> Result<Self, BadKey> {
        let secret = secret.trim();
        if secret.starts_with("whsk_") {
            return Err(BadKey::Private);
        }
        if secret.starts_with("whpk_") {
            return Err(BadKey::Public);
        }
        let bytes = STANDARD.decode(secret.strip_prefix("whsec_").unwrap_or(secret)).map_err(|_| BadKey::Encoding)?;
        if bytes.is_empty() {
            return Err(BadKey::Empty);
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The three headers of a request. `None` when `id` has a character that no header can hold.
    #[must_use]
    pub fn sign(&self, id: &str, now: DateTime<Utc>, body: &[u8]) -> Option<HeaderMap> {
        let timestamp = now.timestamp().to_string();
        let tag = self.tag(id, &timestamp, body);
        let signature = format!("v1,{}", STANDARD.encode(tag));
        Some(HeaderMap::from_iter([
            (HeaderName::from_static("webhook-id"), HeaderValue::from_str(id).ok()?),
            (HeaderName::from_static("webhook-timestamp"), HeaderValue::from_str(&timestamp).ok()?),
            (HeaderName::from_static("webhook-signature"), HeaderValue::from_str(&signature).ok()?),
        ]))
    }

    fn tag(&self, id: &str, timestamp: &str, body: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(id.as_bytes());
        context.update(b".");
        context.update(timestamp.as_bytes());
        context.update(b".");
        context.update(body);
        context.sign()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(…)")
    }
}

impl Trust {
    /// Reads a shared secret, or a public key by its `whpk_`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn read(key: &str) -> Result<Self, BadKey> {
        let Some(public) = key.trim().strip_prefix("whpk_") else { return SigningKey::read(key).map(Self::Shared) };
        let bytes = STANDARD.decode(public).map_err(|_| BadKey::PublicEncoding)?;
        bytes.try_into().map(Self::Public).map_err(|_| BadKey::PublicEncoding)
    }

    /// Proves a request: one of its signatures is right, and it was signed within [`TOLERANCE`] of `now`. The `svix-*`
    /// names of the headers are taken where the standard's are not there.
    ///
    /// # Errors
    /// When the proof is missing, unreadable (a header twice, too), another's, or outside its time.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8], now: DateTime<Utc>) -> Result<(), Refused> {
        let names = if headers.contains_key("webhook-signature") { STANDARD_NAMES } else { SVIX_NAMES };
        let [id, timestamp, signatures] = names.map(|name| single(headers, name));
        let (id, timestamp, signatures) = (id?, timestamp?, signatures?);
        if !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refused::Unreadable);
        }
        let at: i64 = timestamp.parse().map_err(|_| Refused::Unreadable)?;
        if now.timestamp().abs_diff(at) > TOLERANCE.unsigned_abs() {
            return Err(Refused::Stale);
        }
        let mut listed = signatures.split(' ').filter_map(|signature| signature.split_once(','));
        let right = match self {
            Self::Shared(key) => {
                let tag = key.tag(id, timestamp, body);
                listed.any(|(version, given)| {
                    version == "v1" && STANDARD.decode(given).is_ok_and(|given| tag.as_ref().ct_eq(&given).into())
                })
            }
            Self::Public(key) => {
                let key = signature::UnparsedPublicKey::new(&signature::ED25519, key);
                let content = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
                listed.any(|(version, given)| {
                    version == "v1a" && STANDARD.decode(given).is_ok_and(|given| key.verify(&content, &given).is_ok())
                })
            }
        };
        if right { Ok(()) } else { Err(Refused::Wrong) }
    }
}

/// The id of a delivery that [`Trust::verify`] has proven; empty when it has none.
#[must_use]
pub fn id(headers: &HeaderMap) -> &str {
    let [standard, ..] = STANDARD_NAMES;
    let [svix, ..] = SVIX_NAMES;
    let name = if headers.contains_key("webhook-signature") { standard } else { svix };
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

const STANDARD_NAMES: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];
const SVIX_NAMES: [&str; 3] = ["svix-id", "svix-timestamp", "svix-signature"];

/// The value of a header that is there once, and says something.
fn single<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h str, Refused> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(Refused::Unsigned)?;
    let value = value.to_str().map_err(|_| Refused::Unreadable)?;
    if value.is_empty() || values.next().is_some() { Err(Refused::Unreadable) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const RIGHT: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    fn headers(all: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            let name: HeaderName = name.parse().expect("a name");
            headers.append(name, HeaderValue::from_str(value).expect("a value"));
        }
        headers
    }

    fn verify(timestamp: &str, signatures: &str) -> Result<(), Refused> {
        let headers =
            headers(&[("webhook-id", ID), ("webhook-timestamp", timestamp), ("webhook-signature", signatures)]);
        Trust::read(SECRET).expect("a key").verify(&headers, BODY, at(1_614_265_330))
    }

    #[test]
    fn published_and_computed_vectors_agree() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../tests/fixtures/vectors/standard_webhooks.json")).expect("vectors");
        let mut cases = 0;
        for (list, key) in [("symmetric", "secret"), ("asymmetric", "public_key")] {
            for case in vectors[list].as_array().expect("cases") {
                let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
                let trust = Trust::read(&text(&case[key])).expect("a key");
                let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
                let values = names.map(|name| text(&case["headers"][name]));
                let all: Vec<_> = names.into_iter().zip(values.iter().map(String::as_str)).collect();
                let now = at(case["now"].as_i64().expect("a time"));
                let body = text(&case["body"]).into_bytes();
                let outcome = trust.verify(&headers(&all), &body, now);
                assert_eq!(outcome.is_ok(), case["valid"].as_bool().expect("a verdict"), "{}", case["name"]);
                cases += 1;
            }
        }
        assert_eq!(cases, 6);
    }

    #[test]
    fn a_list_of_signatures_needs_one_that_is_right() {
        let base64url = RIGHT.replace('+', "-").replace('/', "_");
        let unpadded = RIGHT.trim_end_matches('=');
        let v1a = RIGHT.replace("v1,", "v1a,");
        let cases = [
            (RIGHT.to_owned(), Ok(())),
            (format!("v2,xxxx {RIGHT}"), Ok(())),
            (format!("v1,AAAA {RIGHT} v1,BBBB"), Ok(())),
            (format!("{v1a} {RIGHT}"), Ok(())),
            (v1a, Err(Refused::Wrong)),
            ("v1,".into(), Err(Refused::Wrong)),
            ("v1".into(), Err(Refused::Wrong)),
            (",".into(), Err(Refused::Wrong)),
            (" ".into(), Err(Refused::Wrong)),
            (unpadded.into(), Err(Refused::Wrong)),
            (base64url, Err(Refused::Wrong)),
            (RIGHT.to_uppercase(), Err(Refused::Wrong)),
            (format!("v1,AAAA, {RIGHT},"), Err(Refused::Wrong)),
            (String::new(), Err(Refused::Unreadable)),
        ];
        for (signatures, outcome) in cases {
            assert_eq!(verify("1614265330", &signatures), outcome, "{signatures}");
        }
    }

    #[test]
    fn a_timestamp_is_whole_seconds_and_near() {
        let cases = [
            ("1614265030", Refused::Wrong),
            ("1614265029", Refused::Stale),
            ("1614265630", Refused::Wrong),
            ("1614265631", Refused::Stale),
            ("1614265330000", Refused::Stale),
            ("0", Refused::Stale),
            ("9223372036854775807", Refused::Stale),
            ("9223372036854775808", Refused::Unreadable),
            ("-1614265330", Refused::Unreadable),
            ("+1614265330", Refused::Unreadable),
            ("1614265330.0", Refused::Unreadable),
            ("1614265330 ", Refused::Unreadable),
            ("now", Refused::Unreadable),
            ("", Refused::Unreadable),
        ];
        for (timestamp, refused) in cases {
            assert_eq!(verify(timestamp, "v1,AAAA"), Err(refused), "{timestamp}");
        }
        assert_eq!(verify("01614265330", RIGHT), Err(Refused::Wrong), "what is signed is the text");
    }

    #[test]
    fn keys_are_read_strictly() {
        let public = "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
        let cases = [
            (SECRET, None),
            ("  MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", None),
            ("", Some(BadKey::Empty)),
            ("whsec_", Some(BadKey::Empty)),
            ("whsec_not base64", Some(BadKey::Encoding)),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", Some(BadKey::Encoding)),
            ("whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", Some(BadKey::Private)),
            (public, Some(BadKey::Public)),
        ];
        for (key, bad) in cases {
            assert_eq!(SigningKey::read(key).err(), bad, "{key}");
        }
        assert!(matches!(Trust::read(public), Ok(Trust::Public(_))));
        assert_eq!(Trust::read("whpk_AAAA").err(), Some(BadKey::PublicEncoding));
        assert_eq!(format!("{:?}", Trust::read(SECRET)), "Ok(Shared(SigningKey(…)))");
    }

    proptest! {
        #[test]
        fn what_is_signed_is_proven_and_nothing_else(
            secret in prop::collection::vec(any::<u8>(), 1..64),
            id in "[!-~]{1,40}",
            body: Vec<u8>,
            other: Vec<u8>,
            seconds in 0_i64..4_000_000_000,
            off in -300_i64..=300,
        ) {
            let key = SigningKey::read(&STANDARD.encode(&secret)).expect("a key");
            let headers = key.sign(&id, at(seconds), &body).expect("an id");
            let trust = Trust::Shared(key);
            prop_assert_eq!(trust.verify(&headers, &body, at(seconds + off)), Ok(()));
            prop_assert_eq!(trust.verify(&headers, &other, at(seconds)).is_ok(), other == body);
            let stranger = Trust::Shared(SigningKey::read(&STANDARD.encode([&secret[..], b"x"].concat())).expect("a key"));
            prop_assert_eq!(stranger.verify(&headers, &body, at(seconds)), Err(Refused::Wrong));
        }
    }
}
