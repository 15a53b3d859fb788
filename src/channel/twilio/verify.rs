//! The proof: `X-Twilio-Signature` over the URL that Twilio posted to and the parameters that it posted.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::{HeaderMap, header};
use reqwest::Url;
use ring::{digest, hmac};

use super::form::Form;
use crate::channel::{Delivery, Refused};
use crate::config::Secret;

/// What proves a delivery.
pub(super) struct Proof {
    /// The address that Twilio posts to, without its port and with it: Twilio signs one or the other.
    addresses: [String; 2],
    /// HMAC-SHA1 under the auth tokens: two while they change.
    tokens: Vec<hmac::Key>,
    /// HMAC-SHA256 under a key of webhooks alone, and its id.
    shared: Option<(String, hmac::Key)>,
}

impl Proof {
    pub fn new(address: &Url, tokens: &[&Secret], shared: Option<(String, Secret)>) -> Self {
        let key = |algorithm, secret: &Secret| hmac::Key::new(algorithm, secret.expose().as_bytes());
        Self {
            addresses: [without_port(address), with_port(address)],
            tokens: tokens.iter().map(|token| key(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token)).collect(),
            shared: shared.map(|(id, secret)| (id, key(hmac::HMAC_SHA256, &secret))),
        }
    }

    /// The signature is Twilio's, for this address and this body.
    pub fn check(&self, delivery: &Delivery) -> Result<(), Refused> {
        let signature = single(&delivery.headers, "x-twilio-signature")?.ok_or(Refused::Unsigned)?;
        let tag = BASE64_STANDARD.decode(signature).map_err(|_| Refused::Unreadable)?;
        let keys = self.keys(single(&delivery.headers, "x-twilio-webhooks-signature-settings")?)?;
        let mut signed = Vec::new();
        if !delivery.query.is_empty() {
            signed.push(b'?');
            signed.extend_from_slice(delivery.query.as_bytes());
        }
        match body_digest(delivery) {
            // the query is signed, and names the body
            Some(hex) => {
                if hex != hexadecimal(digest::digest(&digest::SHA256, &delivery.body).as_ref()).as_bytes() {
                    return Err(Refused::Wrong);
                }
            }
            None => extend_sorted(&mut signed, &Form::read(&delivery.body)),
        }
        let mut is_signed = false;
        for address in &self.addresses {
            let message = [address.as_bytes(), &signed].concat();
            // every key is tried, whichever fits, so that the time tells nothing
            for key in &keys {
                is_signed |= hmac::verify(key, &message, &tag).is_ok();
            }
        }
        if is_signed { Ok(()) } else { Err(Refused::Wrong) }
    }

    /// Which keys a signature may be made with, as its settings say: `key=ID,algorithm=NAME`. Without them it is the auth
    /// token's.
    fn keys(&self, settings: Option<&[u8]>) -> Result<Vec<&hmac::Key>, Refused> {
        let settings = std::str::from_utf8(settings.unwrap_or_default()).map_err(|_| Refused::Unreadable)?;
        let setting = |wanted: &str| {
            let pairs = settings.split(',').filter_map(|part| part.split_once('='));
            let mut values = pairs.filter(|(name, _)| name.trim() == wanted).map(|(_, value)| value.trim());
            values.find(|value| !value.is_empty())
        };
        match setting("algorithm").map(str::to_ascii_uppercase).as_deref() {
            None | Some("HMAC_SHA1") => Ok(self.tokens.iter().collect()),
            Some("HMAC_SHA256") => {
                let key = self.shared.iter().find(|(id, _)| setting("key").is_some_and(|named| named == id));
                Ok(vec![&key.ok_or(Refused::Wrong)?.1])
            }
            Some(_) => Err(Refused::Unreadable),
        }
    }
}

/// The one value of a header; twice is none that Twilio sends.
fn single<'d>(headers: &'d HeaderMap, name: &str) -> Result<Option<&'d [u8]>, Refused> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(http::HeaderValue::as_bytes);
    if values.next().is_some() {
        return Err(Refused::Unreadable);
    }
    Ok(value)
}

/// `bodySHA256` of the query, which stands for a body that is no form.
fn body_digest(delivery: &Delivery) -> Option<Vec<u8>> {
    let kind = delivery.headers.get(header::CONTENT_TYPE).map_or(&b""[..], http::HeaderValue::as_bytes);
    if kind.to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded") {
        return None;
    }
    let query = Form::read(delivery.query.as_bytes());
    query.pairs().iter().find(|(name, _)| **name == *b"bodySHA256").map(|(_, value)| value.to_vec())
}

/// Each name and value, by name and then by value, each pair once.
fn extend_sorted(signed: &mut Vec<u8>, form: &Form<'_>) {
    let mut pairs: Vec<_> = form.pairs().iter().collect();
    pairs.sort_unstable();
    pairs.dedup();
    for (name, value) in pairs {
        signed.extend_from_slice(name);
        signed.extend_from_slice(value);
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn without_port(url: &Url) -> String {
    format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

fn with_port(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}://{}:{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}
