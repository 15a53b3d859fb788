//! The one place that turns what names or quotes a person into what is written down, and back.
//!
//! What is looked up becomes a keyed hash; what is read again becomes a sealed blob. The seal is the identity for now, with
//! a version byte in front that tells later ones apart.

use chrono::{DateTime, Utc};
use ring::hmac;
use serde::{Deserialize, Serialize};

use super::tokens::Tokens;
use crate::message::{Address, Audience, Automatic, Hints, Inbound, Kind, Nature, Personal, ReplyTo};

/// A keyed hash: HMAC-SHA256, its first 16 bytes.
pub(super) type Digest = [u8; 16];

/// Bytes of the random key that the hashes are made with.
pub(super) const HASH_KEY_BYTES: usize = 32;

/// The version byte of a blob that is as it was.
const PLAIN: u8 = 0;

/// A row that this binary cannot read. It quotes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed row cannot be read")]
pub(super) struct Unreadable;

/// Hashes and seals.
pub(super) struct Codec {
    hash_key: hmac::Key,
}

impl Codec {
    /// With the store's own random key.
    pub(super) fn new(hash_key: &[u8]) -> Self {
        Self { hash_key: hmac::Key::new(hmac::HMAC_SHA256, hash_key) }
    }

    /// What a person's address is remembered under.
    pub(super) fn person(&self, address: &Address) -> Digest {
        self.digest(b'p', "", address.as_str())
    }

    /// What the provider's id of a message that reached us is remembered under.
    pub(super) fn received(&self, channel: &str, id: &Personal) -> Digest {
        self.digest(b'r', channel, id.as_str())
    }

    /// What the provider's id of a message that the owner wrote is remembered under.
    pub(super) fn written(&self, channel: &str, id: &Personal) -> Digest {
        self.digest(b'w', channel, id.as_str())
    }

    /// What the provider's id of a reply that we sent is remembered under.
    pub(super) fn sent(&self, channel: &str, id: &str) -> Digest {
        self.digest(b's', channel, id)
    }

    /// What words are told from other words by.
    pub(super) fn words(&self, words: &str) -> Digest {
        self.digest(b't', "", words)
    }

    /// What an alert that is given once is remembered under.
    pub(super) fn once(&self, once: &str) -> Digest {
        self.digest(b'o', "", once)
    }

    /// What a row of the outbox is told from another of its number by: of the message's id, or an alert's words.
    pub(super) fn job(&self, about: &str) -> Digest {
        self.digest(b'j', "", about)
    }

    /// What links in notices are proven by. Their key is made of ours: whoever has it cannot make hashes.
    pub(super) fn tokens(&self) -> Tokens {
        Tokens::new(hmac::sign(&self.hash_key, b"l").as_ref())
    }

    fn digest(&self, purpose: u8, channel: &str, id: &str) -> Digest {
        let mut context = hmac::Context::with_key(&self.hash_key);
        // the length keeps channel and id apart
        context.update(&[purpose]);
        context.update(&channel.len().to_be_bytes());
        context.update(channel.as_bytes());
        context.update(id.as_bytes());
        let tag = context.sign();
        let mut digest = Digest::default();
        digest.copy_from_slice(&tag.as_ref()[..16]);
        digest
    }

    /// Seals a message as the row of that number.
    pub(super) fn seal_message(&self, number: i64, message: &Inbound) -> Result<Vec<u8>, Unreadable> {
        let mut plain = Vec::with_capacity(512);
        MessageRecord::serialize(message, &mut serde_json::Serializer::new(&mut plain)).map_err(|_| Unreadable)?;
        Ok(self.seal(&plain, &place(b"message", number)))
    }

    /// Opens the message of that number.
    pub(super) fn open_message(&self, number: i64, sealed: &[u8]) -> Result<Inbound, Unreadable> {
        let plain = self.open(sealed, &place(b"message", number))?;
        MessageRecord::deserialize(&mut serde_json::Deserializer::from_slice(&plain)).map_err(|_| Unreadable)
    }

    /// Seals the words of an alert as the outbox row of that id.
    pub(super) fn seal_words(&self, id: i64, words: &str) -> Vec<u8> {
        self.seal(words.as_bytes(), &place(b"words", id))
    }

    /// Opens the words of the alert of that id.
    pub(super) fn open_words(&self, id: i64, sealed: &[u8]) -> Result<String, Unreadable> {
        let plain = self.open(sealed, &place(b"words", id))?;
        String::from_utf8(plain).map_err(|_| Unreadable)
    }

    /// Seals what a channel has noted under that name.
    pub(super) fn seal_note(&self, channel: &str, name: &str, value: &Personal) -> Vec<u8> {
        self.seal(value.as_str().as_bytes(), &note_place(channel, name))
    }

    /// Opens what a channel has noted under that name.
    pub(super) fn open_note(&self, channel: &str, name: &str, sealed: &[u8]) -> Result<Personal, Unreadable> {
        let plain = self.open(sealed, &note_place(channel, name))?;
        String::from_utf8(plain).map(Personal::new).map_err(|_| Unreadable)
    }

    /// `place` binds a blob to its row: sealed with authentication, it opens nowhere else.
    #[expect(clippy::unused_self, reason = "the seal's key will be here")]
    fn seal(&self, plain: &[u8], _place: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(plain.len() + 1);
        sealed.push(PLAIN);
        sealed.extend_from_slice(plain);
        sealed
    }

    #[expect(clippy::unused_self, reason = "the seal's key will be here")]
    fn open(&self, sealed: &[u8], _place: &[u8]) -> Result<Vec<u8>, Unreadable> {
        match sealed.split_first() {
            Some((&PLAIN, plain)) => Ok(plain.to_vec()),
            _ => Err(Unreadable),
        }
    }
}

fn note_place(channel: &str, name: &str) -> Vec<u8> {
    [b"note", channel.as_bytes(), b"\0", name.as_bytes()].concat()
}

fn place(table: &[u8], id: i64) -> Vec<u8> {
    [table, &id.to_be_bytes()].concat()
}

/// How a message is written down: short names, and nothing for what is as usual.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Inbound")]
struct MessageRecord {
    id: Personal,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<String>,
    from: Vec<Address>,
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    name: Personal,
    #[serde(default, skip_serializing_if = "is_default")]
    kind: Kind,
    #[serde(default, skip_serializing_if = "is_default")]
    nature: Nature,
    #[serde(default, skip_serializing_if = "is_default")]
    audience: Audience,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    automatic: Option<Automatic>,
    #[serde(default, skip_serializing_if = "is_default")]
    urgent: bool,
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    text: Personal,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "chrono::serde::ts_milliseconds_option")]
    sent_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    reply_to: ReplyTo,
    #[serde(skip)]
    hints: Hints,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Inbound {
        Inbound {
            id: Personal::new("wamid.1"),
            line: Some("2".into()),
            from: vec![Address::phone("+50499990001").expect("a number")],
            name: Personal::new("Ana López"),
            kind: Kind::Voicemail,
            nature: Nature::Edit,
            audience: Audience::Group,
            automatic: Some(Automatic::History),
            urgent: true,
            hints: Hints::default(),
            text: Personal::new("¿abren \"hoy\"?\n\u{0}"),
            sent_at: DateTime::from_timestamp_millis(1_763_688_600_123),
            locale: Some("es-HN".into()),
            reply_to: Personal::new("{}"),
        }
    }

    /// With nothing in it that is not as usual.
    fn bare() -> Inbound {
        Inbound {
            line: None,
            name: Personal::default(),
            kind: Kind::Text,
            nature: Nature::Message,
            audience: Audience::Direct,
            automatic: None,
            urgent: false,
            hints: Hints::default(),
            text: Personal::default(),
            sent_at: None,
            locale: None,
            reply_to: Personal::default(),
            ..message()
        }
    }

    fn plain(codec: &Codec, message: &Inbound) -> String {
        String::from_utf8(codec.seal_message(7, message).expect("seals")[1..].to_vec()).expect("text")
    }

    #[test]
    fn a_message_comes_back_as_it_was() {
        let codec = Codec::new(&[7; HASH_KEY_BYTES]);
        for message in [message(), bare()] {
            let sealed = codec.seal_message(7, &message).expect("seals");
            let opened = codec.open_message(7, &sealed).expect("opens");
            assert_eq!(plain(&codec, &opened), plain(&codec, &message));
            assert_eq!((opened.id, opened.text), (message.id, message.text));
        }
    }

    #[test]
    fn what_is_as_usual_takes_no_room() {
        let codec = Codec::new(&[7; HASH_KEY_BYTES]);
        let message = Inbound { text: Personal::new("hola"), ..bare() };
        assert_eq!(plain(&codec, &message), r#"{"id":"wamid.1","from":["+50499990001"],"text":"hola"}"#);
    }

    #[test]
    fn a_blob_of_another_version_is_refused() {
        let codec = Codec::new(&[7; HASH_KEY_BYTES]);
        for sealed in [&b""[..], b"\x01abc", b"\x00", b"\x00{"] {
            assert_eq!(codec.open_message(1, sealed).err(), Some(Unreadable), "{sealed:?}");
        }
        assert_eq!(codec.open_words(1, b"\x00\xff"), Err(Unreadable));
    }

    #[test]
    fn hashes_keep_purposes_channels_and_stores_apart() {
        let codec = Codec::new(&[7; HASH_KEY_BYTES]);
        let id = Personal::new("c");
        let all = [
            codec.received("ab", &id),
            codec.received("a", &Personal::new("bc")),
            codec.written("ab", &id),
            codec.sent("ab", "c"),
            codec.once("abc"),
            Codec::new(&[8; HASH_KEY_BYTES]).received("ab", &id),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(!all[at + 1..].contains(one), "{at}");
        }
        assert_eq!(codec.received("ab", &id), all[0]);
    }
}
