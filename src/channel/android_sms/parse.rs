//! The gateway's shapes to events. A value of an unexpected type reads as nothing.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::{DateTime, Utc};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::pictures::{Seen, Stage};
use super::reason::code;
use super::send::ReplyAddress;
use super::sender::{UNKNOWN, reachable, sender};
use super::{AndroidSms, PINGS, received_at};
use crate::channel::Malformed;
use crate::message::{Audience, Automatic, Event, Fate, Hints, Inbound, Kind, Nature, Personal};

/// What the owner reads in the place of what nobody can read.
const ENCRYPTED: &str = "[encrypted by the phone: switch encryption off in the gateway app]";

/// The whole body, without what the event is about.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Envelope {
    id: Value,
    event: Value,
    device_id: Value,
    is_encrypted: Value,
}

#[derive(Deserialize)]
struct About {
    #[serde(deserialize_with = "object")]
    payload: Payload,
}

/// The union of what the events are about.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Payload {
    message_id: Value,
    message: Value,
    body: Value,
    subject: Value,
    data: Value,
    sender: Value,
    phone_number: Value,
    sim_number: Value,
    received_at: Value,
    reason: Value,
    is_encrypted: Value,
    /// Several of them, in events whose name has `batch` in it.
    messages: Option<Vec<Value>>,
}

/// What came in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Text,
    Data,
    Picture(Stage),
}

/// What an event is about.
enum Subject {
    Message(Came),
    Receipt(fn(&Payload) -> Fate),
    Ping,
}

/// The event of that name; `None` when it is none of ours.
fn subject(event: &str) -> Option<Subject> {
    Some(match event {
        "sms:received" | "sms:batch:received" => Subject::Message(Came::Text),
        "sms:data-received" | "sms:batch:data-received" => Subject::Message(Came::Data),
        "mms:received" | "mms:batch:received" => Subject::Message(Came::Picture(Stage::Announced)),
        "mms:downloaded" | "mms:batch:downloaded" => Subject::Message(Came::Picture(Stage::Fetched)),
        "sms:sent" | "sms:delivered" => Subject::Receipt(|_| Fate::Delivered),
        "sms:failed" => Subject::Receipt(|payload| Fate::Failed(code(&text(&payload.reason)))),
        "sms:cancelled" => Subject::Receipt(|_| Fate::Failed("cancelled".to_owned())),
        "system:ping" => Subject::Ping,
        _ => return None,
    })
}

/// A list is no payload, though its elements would fit the fields one after another.
fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Payload, D::Error> {
    struct Object;
    impl<'de> Visitor<'de> for Object {
        type Value = Payload;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Payload, A::Error> {
            Payload::deserialize(MapAccessDeserializer::new(map))
        }
    }
    deserializer.deserialize_map(Object)
}

pub(super) fn parse(channel: &AndroidSms, body: &[u8]) -> Result<Vec<Event>, Malformed> {
    let malformed = |field: &str, problem| Malformed { field: field.to_owned(), problem };
    let envelope: Envelope = serde_json::from_slice(body).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => malformed("body", "is not an object"),
        _ => malformed("body", "is not JSON"),
    })?;
    let event = text(&envelope.event);
    if event.is_empty() {
        return Err(malformed("event", "is missing"));
    }
    let Some(subject) = subject(&event) else { return Ok(Vec::new()) };
    if let Subject::Ping = subject {
        // once noted, the owner is told when they stop
        let first = !channel.has_pinged();
        return Ok(first
            .then(|| Event::Note { key: PINGS.to_owned(), value: Personal::new("seen") })
            .into_iter()
            .collect());
    }
    let About { payload } =
        serde_json::from_slice(body).map_err(|_| malformed("payload", "is not of the documented shape"))?;
    let whole = Whole { channel, envelope: &envelope, device: text(&envelope.device_id) };
    let one = |payload: &Payload, index: usize| match subject {
        Subject::Message(came) => whole.message(payload, came, index),
        Subject::Receipt(fate) => receipt(payload, fate),
        Subject::Ping => None,
    };
    match &payload.messages {
        None => one(&payload, 0).map(|event| vec![event]).ok_or(malformed("payload.messageId", "is missing")),
        // what is none costs nothing but itself
        Some(messages) => {
            Ok(messages.iter().enumerate().filter_map(|(index, message)| one(&object(message).ok()?, index)).collect())
        }
    }
}

/// What holds for everything in a delivery.
struct Whole<'b> {
    channel: &'b AndroidSms,
    envelope: &'b Envelope,
    device: String,
}

impl Whole<'_> {
    /// `None` for a message without any id: its repetitions could not be told from it.
    fn message(&self, payload: &Payload, came: Came, index: usize) -> Option<Event> {
        let written = first([text(&payload.sender), text(&payload.phone_number)]);
        let mut from = sender(&written, self.channel.country())?;
        let sent_at = received_at::read(&text(&payload.received_at));
        let (line, sim) = self.line(&payload.sim_number);
        let id = self.id(payload, sent_at, index)?;
        let (id, note) = match came {
            Came::Picture(stage) => {
                let seen = Seen { stage, device: &self.device, sim, from: &from, at: sent_at, id: &id };
                let known = self.channel.pictures.of(&seen, &self.channel.signing_key);
                from = known.from.unwrap_or(from);
                (known.id, Some(known.note))
            }
            Came::Text | Came::Data => (id, None),
        };
        let encrypted = [&self.envelope.is_encrypted, &payload.is_encrypted].contains(&&Value::Bool(true));
        let (kind, text) = content(payload, came, encrypted);
        let to = reachable(&from);
        let reply_to = ReplyAddress { to: to.unwrap_or_default().to_owned(), sim, device: some(self.device.clone()) };
        Some(Event::Message(Inbound {
            id: Personal::new(id),
            line: Some(line),
            name: Personal::default(),
            kind,
            nature: Nature::Message,
            audience: Audience::Direct,
            // only programs write to the port of data messages
            automatic: (came == Came::Data).then_some(Automatic::Flagged),
            urgent: false,
            hints: Hints {
                unanswerable: to.is_none() || sim.is_none() || encrypted,
                part: matches!(came, Came::Picture(_)),
                undated: sent_at.is_none(),
                note,
                ..Hints::default()
            },
            text: Personal::new(text),
            sent_at,
            locale: None,
            reply_to: reply_to.seal(),
            from: vec![from],
        }))
    }

    /// The same for every registration and every export of a message: of the phone, its own id (a hash that alone may
    /// collide), and when it was sent.
    fn id(&self, payload: &Payload, sent_at: Option<DateTime<Utc>>, index: usize) -> Option<String> {
        let message = text(&payload.message_id);
        if message.is_empty() {
            let delivery = some(text(&self.envelope.id))?;
            return Some(format!("{}/event/{delivery}#{index}", self.device));
        }
        let at = sent_at.map_or_else(|| text(&payload.received_at), |at| at.timestamp_millis().to_string());
        Some(format!("{}/{message}/{at}", self.device))
    }

    /// The line, and the slot of the SIM where that is known. Another phone than the channel's has its own lines.
    fn line(&self, sim_number: &Value) -> (String, Option<u8>) {
        let own = self.channel.device_id().is_none_or(|own| own == self.device);
        let sim = slot(sim_number).or_else(|| self.channel.only_sim().filter(|_| own));
        let line = sim.map_or_else(|| UNKNOWN.to_owned(), |sim| sim.to_string());
        if own { (line, sim) } else { (format!("{}/{line}", first([self.device.clone(), UNKNOWN.to_owned()])), sim) }
    }
}

/// Which kind it is, and what it says in words.
fn content(payload: &Payload, came: Came, encrypted: bool) -> (Kind, String) {
    if encrypted {
        return (Kind::Media, ENCRYPTED.to_owned());
    }
    match came {
        Came::Text => (Kind::Text, text(&payload.message)),
        // text to programs is at least text
        Came::Data => {
            let bytes = BASE64_STANDARD.decode(text(&payload.data)).unwrap_or_default();
            let readable = String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control));
            (Kind::Media, readable.unwrap_or_default())
        }
        // without the subject: it comes again with the picture, and what has a text is not added to
        Came::Picture(Stage::Announced) => (Kind::Media, String::new()),
        Came::Picture(Stage::Fetched) => {
            let parts = [repaired(text(&payload.subject)), text(&payload.body)];
            (Kind::Media, parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n"))
        }
    }
}

/// The id is the one that we chose, and goes back as both: whichever the store knows it by. A failed send is told with its
/// code.
fn receipt(payload: &Payload, fate: fn(&Payload) -> Fate) -> Option<Event> {
    let key = some(text(&payload.message_id))?;
    Some(Event::Receipt { provider_id: Personal::new(&*key), key, fate: fate(payload) })
}

/// Android keeps the subject of a fetched picture as the bytes of its UTF-8, each taken for a character of Latin-1, and the app
/// gives it as that.
fn repaired(subject: String) -> String {
    let bytes: Option<Vec<u8>> = subject.chars().map(|character| u8::try_from(character).ok()).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(subject)
}

/// A slot is counted from 1; phones have up to three.
fn slot(number: &Value) -> Option<u8> {
    text(number).parse().ok().filter(|sim| (1..=3).contains(sim))
}

/// A string or a number as text; empty for anything else.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn first<const N: usize>(texts: [String; N]) -> String {
    texts.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_read_as_it_was_written() {
        for subject in ["holiday", "die Straße", "¿abren?", "이전 장루", "naïve – “quoted”", ""] {
            let kept: String = subject.bytes().map(char::from).collect();
            assert_eq!(repaired(kept), subject);
            assert_eq!(repaired(subject.to_owned()), subject, "it came right");
        }
    }

    #[test]
    fn slots_are_one_to_three() {
        use serde_json::json;
        let cases =
            [(json!(1), Some(1)), (json!(3), Some(3)), (json!("2"), Some(2)), (json!(0), None), (json!(4), None)];
        for (number, expected) in cases {
            assert_eq!(slot(&number), expected, "{number}");
        }
        for nothing in [json!(null), json!(-1), json!(1.5), json!(true), json!([1]), json!("")] {
            assert_eq!(slot(&nothing), None, "{nothing}");
        }
    }
}
