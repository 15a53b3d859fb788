//! What every kind of channel must do, by walking the registry.

#![expect(clippy::expect_used, reason = "a test may")]

mod android;
pub mod kinds;
mod own;
mod specs;
mod telegram;
pub mod twilio;
mod twilio_calls;
mod twilio_oracle;

use std::collections::BTreeSet;
use std::fs;

use afterhours::channel::{Channel, Delivery, KINDS, Refused};
use afterhours::message::{Event, Fate, Hints, Inbound, Personal};
use afterhours::outbound::SendKey;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use http::HeaderValue;
use proptest::prelude::*;
use serde_json::{Value, json};

use self::kinds::{MADE, delivery, headers};
use crate::provider::{self, BROKEN, Broken, SCRIPTS, answering, assert_silent, only_request, outbound, shown};

const TEXT: &str = "Closed; we open Tuesday at 8:00. Ünïcode 🙂";
const KEY: &str = "ab12-7";

/// The kinds whose proof is a secret that comes with the delivery: it says nothing of the body.
const BEARERS: &[&str] = &["telegram"];

/// A raw request as it lies in the fixtures.
fn raw(bytes: &[u8]) -> Delivery {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an end of the headers");
    let head = std::str::from_utf8(&bytes[..end]).expect("text");
    let target = head.split(' ').nth(1).expect("a target");
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let lines: Vec<(&str, &str)> = head.lines().skip(1).map(|line| line.split_once(": ").expect("a header")).collect();
    let body = &bytes[end + 4..];
    let headers = headers(&lines);
    assert_eq!(headers["content-length"], *body.len().to_string());
    Delivery { query: query.to_owned(), ..delivery(headers, body) }
}

/// Every fixture of a kind: its name and its delivery.
fn deliveries(kind: &str) -> Vec<(String, Delivery)> {
    let folder = format!("channel/{kind}");
    let names = provider::names(&folder);
    let names: Vec<String> = names.iter().filter_map(|name| name.strip_suffix(".http")).map(str::to_owned).collect();
    assert!(!names.is_empty(), "{kind} has no fixtures");
    let read = |name: String| {
        let bytes = fs::read(provider::fixtures(&folder).join(format!("{name}.http"))).expect("a fixture");
        (name, raw(&bytes))
    };
    names.into_iter().map(read).collect()
}

fn fixture(kind: &str, name: &str, what: &str) -> Option<Value> {
    provider::json(&provider::fixtures(&format!("channel/{kind}")).join(format!("{name}.{what}.json")))
}

fn events(channel: &dyn Channel, delivery: &Delivery) -> Vec<Event> {
    let verified = channel.verify(delivery, provider::now()).expect("signed");
    channel.parse(&verified).expect("well-formed")
}

/// An event as the fixtures write it: everything but the sealed reply address, which a reply proves.
fn drawn(event: &Event) -> Value {
    let time = |time: &Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    let addresses =
        |all: &[afterhours::message::Address]| all.iter().map(|one| one.as_str().to_owned()).collect::<Vec<_>>();
    let word = if matches!(event, Event::Rings(_)) { "rings" } else { "message" };
    match event {
        Event::Message(message) | Event::Rings(message) => {
            let Inbound {
                id,
                line,
                from,
                name,
                kind,
                nature,
                audience,
                automatic,
                urgent,
                text,
                sent_at,
                locale,
                hints,
                ..
            } = message;
            let mut drawn = json!({word: {
                "id": id.as_str(), "line": line, "from": addresses(from), "name": name.as_str(), "kind": kind,
                "nature": nature, "audience": audience, "automatic": automatic, "urgent": urgent,
                "text": text.as_str(), "sent_at": time(sent_at), "locale": locale,
            }});
            if *hints != Hints::default() {
                // what a channel notes for itself is its own
                let Hints { unanswerable, answered, opt_out, part, undated, note: _ } = hints;
                drawn[word]["hints"] = json!({"unanswerable": unanswerable, "opt_out": opt_out, "part": part});
                if *answered {
                    drawn[word]["hints"]["answered"] = json!(true);
                }
                if *undated {
                    drawn[word]["hints"]["undated"] = json!(true);
                }
            }
            drawn
        }
        Event::OwnerWrote { id, line, to, at, automatic } => {
            let mut drawn =
                json!({"owner_wrote": {"id": id.as_str(), "line": line, "to": addresses(to), "at": time(at)}});
            if *automatic {
                drawn["owner_wrote"]["automatic"] = json!(true);
            }
            drawn
        }
        Event::Note { key, value } => json!({"note": {"key": key, "value": value.as_str()}}),
        Event::Stranger { line, tables } => json!({"stranger": {"line": line, "tables": tables}}),
        Event::Receipt { key, provider_id, fate } => {
            let fate = match fate {
                Fate::Delivered => "delivered".to_owned(),
                Fate::Failed(code) => format!("failed {code}"),
                Fate::OptedOut => "opted out".to_owned(),
            };
            json!({"receipt": {"key": key, "provider_id": provider_id.as_str(), "fate": fate}})
        }
    }
}

fn first_message(events: &[Event]) -> &Inbound {
    let mut messages =
        events.iter().filter_map(|event| if let Event::Message(message) = event { Some(message) } else { None });
    messages.next().expect("a message")
}

#[test]
fn registry_fixtures_and_this_page_name_the_same_kinds() {
    let registered: BTreeSet<String> = KINDS.iter().map(|kind| kind.name.to_owned()).collect();
    let tested: BTreeSet<String> = MADE.iter().map(|made| made.kind.to_owned()).collect();
    let drawn: BTreeSet<String> = provider::names("channel").into_iter().collect();
    assert_eq!(registered, tested);
    assert_eq!(registered, drawn);
    for made in MADE {
        assert_eq!((made.channel)("http://127.0.0.1").kind(), made.kind);
    }
}

#[test]
fn every_kind_tells_what_the_owner_must_do() {
    for (kind, made) in KINDS.iter().map(|kind| (kind, MADE.iter().find(|made| made.kind == kind.name).expect("made")))
    {
        assert!(!kind.about.is_empty() && !kind.about.ends_with('.'), "{}", kind.name);
        assert!(kind.setup.contains("{public_url}/in/{name}"), "{} says where the provider posts", kind.name);
        let (required, optional) = made.keys;
        assert_eq!(provider::keys(kind.schema), [provider::set(required), provider::set(optional)], "{}", kind.name);
        for key in required {
            assert!(kind.setup.contains(&format!("`{key}`")), "{} says where `{key}` comes from", kind.name);
        }
    }
}

#[test]
fn every_fixture_is_proven_and_parses_to_what_its_page_says() {
    for made in MADE {
        let channel = (made.channel)("http://127.0.0.1");
        for (name, delivery) in deliveries(made.kind) {
            let drawn: Vec<Value> = events(&*channel, &delivery).iter().map(drawn).collect();
            let expected = fixture(made.kind, &name, "events").expect("a page of events");
            assert_eq!(Value::Array(drawn), expected, "{} {name}", made.kind);
        }
    }
}

#[test]
fn any_changed_byte_of_a_body_is_refused() {
    for made in MADE.iter().filter(|made| !BEARERS.contains(&made.kind)) {
        let channel = (made.channel)("http://127.0.0.1");
        for (name, mut delivery) in deliveries(made.kind) {
            let body = delivery.body.to_vec();
            for index in 0..=body.len() {
                let mut changed = body.clone();
                match changed.get_mut(index) {
                    Some(byte) => *byte ^= 1,
                    None => changed.push(b'\n'),
                }
                delivery.body = changed.into();
                let refused = channel.verify(&delivery, provider::now()).expect_err("another body");
                assert_eq!(refused, Refused::Wrong, "{} {name} {index}", made.kind);
            }
        }
    }
}

#[test]
fn any_changed_byte_of_a_proof_is_refused() {
    for made in MADE {
        let channel = (made.channel)("http://127.0.0.1");
        let (_, good) = deliveries(made.kind).into_iter().find(|(name, _)| name == "text").expect("a text");
        for header in made.proof {
            let value = good.headers[*header].to_str().expect("text").to_owned();
            let changed = (0..value.len()).flat_map(|index| {
                [b'A', b'a', b'0', b'=', b' '].into_iter().filter_map({
                    let value = &value;
                    move |byte| {
                        let mut changed = value.clone().into_bytes();
                        changed[index] = byte;
                        (changed != value.as_bytes()).then_some(changed)
                    }
                })
            });
            let shortened = (0..value.len()).map(|length| value.as_bytes()[..length].to_vec());
            for changed in changed.chain(shortened) {
                let mut delivery = good.clone();
                delivery.headers.insert(*header, HeaderValue::from_bytes(&changed).expect("a value"));
                assert!(channel.verify(&delivery, provider::now()).is_err(), "{} {header}: {changed:?}", made.kind);
            }
            let mut unsigned = good.clone();
            unsigned.headers.remove(*header);
            assert_eq!(channel.verify(&unsigned, provider::now()).err(), Some(Refused::Unsigned), "{header}");
            let mut twice = good.clone();
            twice.headers.append(*header, HeaderValue::from_str(&value).expect("a value"));
            assert_eq!(channel.verify(&twice, provider::now()).err(), Some(Refused::Unreadable), "{header}");
        }
    }
}

#[test]
fn a_proof_outside_its_time_is_stale() {
    for made in MADE {
        let channel = (made.channel)("http://127.0.0.1");
        for (name, delivery) in deliveries(made.kind) {
            let Some(tolerance) = made.tolerance else {
                assert!(channel.verify(&delivery, provider::now() + TimeDelta::days(7)).is_ok(), "{name}");
                continue;
            };
            for (off, refused) in [
                (-tolerance - TimeDelta::seconds(1), Some(Refused::Stale)),
                (-tolerance, None),
                (tolerance, None),
                (tolerance + TimeDelta::seconds(1), Some(Refused::Stale)),
            ] {
                let outcome = channel.verify(&delivery, provider::now() + off);
                assert_eq!(outcome.err(), refused, "{} {name} {off}", made.kind);
            }
        }
    }
}

#[test]
fn what_is_not_of_the_documented_shape_is_malformed_and_quotes_nothing() {
    let cases: &[(&str, &[u8], &str)] = &[
        ("whatsapp", b"", "body: is not JSON"),
        ("whatsapp", b"{", "body: is not JSON"),
        ("whatsapp", b"\xff\xfe", "body: is not JSON"),
        ("whatsapp", b"[]", "entry: is not of the documented shape"),
        ("whatsapp", b"null", "entry: is not of the documented shape"),
        ("whatsapp", br#"{"object":"whatsapp_business_account"}"#, "entry: is not of the documented shape"),
        ("whatsapp", br#"{"object":"whatsapp_business_account","entry":{}}"#, "entry: is not of the documented shape"),
        (
            "whatsapp",
            br#"{"object":"whatsapp_business_account","entry":[{}]}"#,
            "entry: is not of the documented shape",
        ),
        (
            "whatsapp",
            br#"{"object":"whatsapp_business_account","entry":[{"changes":[{}]}]}"#,
            "entry: is not of the documented shape",
        ),
        ("whatsapp", br#"{"object":"page","entry":[]}"#, "object: is not `whatsapp_business_account`"),
        ("android-sms", b"", "body: is not JSON"),
        ("android-sms", br#"{"event":"sms:rec"#, "body: is not JSON"),
        ("android-sms", b"{\"event\":\"\xff\"}", "body: is not JSON"),
        ("android-sms", b"7", "body: is not an object"),
        ("android-sms", b"[]", "event: is missing"),
        ("android-sms", b"{}", "event: is missing"),
        ("android-sms", br#"{"event":null}"#, "event: is missing"),
        ("android-sms", br#"{"event":"sms:received"}"#, "payload: is not of the documented shape"),
        ("android-sms", br#"{"event":"sms:received","payload":"x"}"#, "payload: is not of the documented shape"),
        (
            "android-sms",
            br#"{"event":"sms:received","payload":[{"messageId":"1"}]}"#,
            "payload: is not of the documented shape",
        ),
        (
            "android-sms",
            br#"{"event":"sms:received","payload":{"messages":7}}"#,
            "payload: is not of the documented shape",
        ),
        (
            "android-sms",
            br#"{"event":"sms:received","payload":{"sender":"+15550100101"}}"#,
            "payload.messageId: is missing",
        ),
        ("android-sms", br#"{"event":"sms:failed","payload":{}}"#, "payload.messageId: is missing"),
        ("twilio", b"", "AccountSid: is missing"),
        ("twilio", b"AccountSid=AC00000000000000000000000000000002&MessageSid=SM1", "AccountSid: is another account's"),
        ("twilio", b"AccountSid=AC00000000000000000000000000000001&From=%2B1", "MessageSid: is missing"),
        ("twilio", b"AccountSid=AC00000000000000000000000000000001&MessageSid=SM1&To=%2B1", "From: is missing"),
        ("twilio", b"AccountSid=AC00000000000000000000000000000001&MessageSid=SM1&From=a", "To: is missing"),
        (
            "twilio",
            b"AccountSid=AC00000000000000000000000000000001&MessageSid=SM1&From=%20&To=%2B2",
            "From: is not an address",
        ),
        (
            "twilio",
            b"AccountSid=AC00000000000000000000000000000001&MessageSid=SM1&From=a&To=b&Body=%ff",
            "Body: is not UTF-8",
        ),
        ("twilio", b"AccountSid=AC00000000000000000000000000000001&MessageStatus=failed", "MessageSid: is missing"),
        ("twilio", b"AccountSid=AC00000000000000000000000000000001&CallSid=CA1&CallStatus=ringing", "To: is missing"),
        (
            "twilio",
            br#"{"AccountSid":"AC00000000000000000000000000000001"}"#,
            "body: is JSON, where a form is expected",
        ),
        ("telegram", b"", "body: is not JSON"),
        ("telegram", b"{", "body: is not JSON"),
        ("telegram", b"\xff\xfe", "body: is not JSON"),
        ("telegram", b"[]", "body: is not an object"),
        ("telegram", b"null", "body: is not an object"),
        ("telegram", b"{}", "update_id: is not a number"),
        ("telegram", br#"{"update_id":"7","message":{}}"#, "update_id: is not a number"),
        ("webhook", b"", "body: is not JSON"),
        ("webhook", b"\"hi\"", "body: is neither an object nor a list"),
        ("webhook", b"{\"from\":\"\xff\",\"text\":\"x\"}", "body: is not JSON"),
        ("webhook", br"{}", "from: is missing"),
        ("webhook", br#"{"from":null,"text":"x"}"#, "from: is missing"),
        ("webhook", br#"{"from":7,"text":"x"}"#, "from: is not a string"),
        ("webhook", br#"{"from":"","text":"x"}"#, "from: is not an address"),
        ("webhook", br#"{"from":"+12","text":"x"}"#, "from: is not an address"),
        ("webhook", br#"{"from":"pat"}"#, "text: is missing"),
        ("webhook", br#"{"from":"pat","text":["x"]}"#, "text: is not a string"),
        ("webhook", br#"{"from":"pat","text":"x","id":5}"#, "id: is not a string"),
        ("webhook", br#"{"from":"pat","text":"x","kind":"fax"}"#, "kind: is none of text, media, call, voicemail"),
        ("webhook", br#"{"from":"pat","text":"x","sent_at":"yesterday"}"#, "sent_at: is not a time (RFC 3339)"),
        ("webhook", br#"{"from":"pat","text":"x","sent_at":1763942581}"#, "sent_at: is not a string"),
        ("webhook", br#"{"from":"pat","text":"x","group":"yes"}"#, "group: is not true or false"),
        ("webhook", br#"{"from":"pat","text":"x","bot":1}"#, "bot: is not true or false"),
        ("webhook", br#"{"from":"pat","text":"x","urgent":"no"}"#, "urgent: is not true or false"),
        ("webhook", br#"{"owner_to":"+"}"#, "owner_to: is not an address"),
        ("webhook", br#"[{"from":"pat","text":"x"},{"from":"pat"}]"#, "[1].text: is missing"),
        ("webhook", br#"[{"from":"pat","text":"x"},"hi"]"#, "[1]: is not an object"),
    ];
    for (kind, body, expected) in cases {
        let made = MADE.iter().find(|made| made.kind == *kind).expect("a kind");
        let channel = (made.channel)("http://127.0.0.1");
        let delivery = delivery((made.sign)(body), body);
        let verified = channel.verify(&delivery, provider::now()).expect("signed");
        let malformed = channel.parse(&verified).expect_err("malformed");
        assert_eq!(malformed.to_string(), *expected, "{kind} {}", String::from_utf8_lossy(body));
    }
}

#[tokio::test]
async fn every_reply_is_exactly_what_the_provider_documents() {
    let outbound = outbound();
    for made in MADE {
        let mut replies = 0;
        for (name, delivery) in deliveries(made.kind) {
            let Some(expected) = fixture(made.kind, &name, "reply") else { continue };
            let server = answering(200, &[], made.proven).await;
            let channel = (made.channel)(&server.uri());
            let events = events(&*channel, &delivery);
            let message = first_message(&events);
            let sent = channel.reply(&outbound, &message.reply_to, TEXT, &SendKey(KEY.into())).await;
            sent.unwrap_or_else(|error| panic!("{} {name}: {error}", made.kind));
            let request = only_request(&server).await;
            assert_eq!(request.method.as_str(), "POST");
            let line = message.line.as_deref().unwrap_or_default();
            let (path, query) =
                made.path.split_once('?').map_or((made.path, None), |(path, query)| (path, Some(query)));
            assert_eq!(request.url.path(), path.replace("106540352242922", line), "{} {name}", made.kind);
            assert_eq!(request.url.query(), query);
            assert!(provider::header(&request, "user-agent").starts_with("afterhours/"));
            (made.check_reply)(&request);
            assert_eq!(provider::body(&request), expected, "{} {name}", made.kind);
            replies += 1;
        }
        assert!(replies > 0, "{} has no reply among its fixtures", made.kind);
    }
}

#[tokio::test]
async fn every_script_is_sent_and_received_as_it_is() {
    for made in MADE {
        let (_, original) = deliveries(made.kind).into_iter().find(|(name, _)| name == "text").expect("a text");
        for script in SCRIPTS {
            let server = answering(200, &[], made.proven).await;
            let channel = (made.channel)(&server.uri());
            let read = events(&*channel, &original);
            let message = first_message(&read);
            let sent = channel.reply(&outbound(), &message.reply_to, script, &SendKey(KEY.into())).await;
            assert!(sent.is_ok(), "{} {script}", made.kind);
            let body = provider::body(&only_request(&server).await);
            assert_eq!(provider::texts(&body).iter().filter(|text| *text == script).count(), 1, "{} {body}", made.kind);

            for bytes in rewritten(&original, message.text.as_str(), script) {
                let got = events(&*channel, &delivery((made.sign)(&bytes), &bytes));
                assert_eq!(first_message(&got).text.as_str(), *script, "{}", made.kind);
            }
        }
    }
}

/// The body of a delivery with another text, in the two ways in which its form can write it.
fn rewritten(original: &Delivery, text: &str, with: &str) -> [Vec<u8>; 2] {
    if let Ok(mut body) = serde_json::from_slice::<Value>(&original.body) {
        replace(&mut body, text, with);
        // as characters, and as escapes of UTF-16
        return [body.to_string().into_bytes(), escaped(&body.to_string()).into_bytes()];
    }
    let mut pairs = provider::form(&original.body);
    pairs.iter_mut().filter(|(_, value)| value == text).for_each(|(_, value)| with.clone_into(value));
    let mut url: reqwest::Url = "http://localhost/".parse().expect("a URL");
    url.query_pairs_mut().extend_pairs(&pairs);
    // as short as it can be, and every byte escaped
    let every = |text: &str| text.bytes().fold(String::new(), |all, byte| all + &format!("%{byte:02x}"));
    let all: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", every(name), every(value))).collect();
    [url.query().expect("a form").as_bytes().to_vec(), all.join("&").into_bytes()]
}

/// The text in a value becomes another.
fn replace(value: &mut Value, text: &str, with: &str) {
    match value {
        Value::String(found) if found == text => with.clone_into(found),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, text, with)),
        Value::Object(members) => members.values_mut().for_each(|member| replace(member, text, with)),
        _ => {}
    }
}

/// JSON in ASCII.
fn escaped(json: &str) -> String {
    let mut units = [0; 2];
    json.chars().fold(String::new(), |mut escaped, character| {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            escaped.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
        escaped
    })
}

#[tokio::test]
async fn every_answer_of_a_provider_leads_to_its_outcome_and_no_error_tells_a_secret() {
    let (patient, impatient) = (outbound(), provider::impatient());
    for made in MADE {
        let (_, delivery) = deliveries(made.kind).into_iter().find(|(name, _)| name == "text").expect("a text");
        for answer in made.answers {
            let server = answering(answer.status, answer.headers, answer.body).await;
            let channel = (made.channel)(&server.uri());
            let to = first_message(&events(&*channel, &delivery)).reply_to.clone();
            let outcome = channel.reply(&patient, &to, TEXT, &SendKey(KEY.into())).await;
            assert_eq!(shown(&outcome), answer.outcome, "{} {}", made.kind, answer.what);
            assert_silent(&outcome, made.secrets);
            only_request(&server).await;
        }
        for (how, expected) in BROKEN {
            let channel = (made.channel)(&provider::broken(*how).await);
            let to = first_message(&events(&*channel, &delivery)).reply_to.clone();
            let outbound = if let Broken::Hangs = how { &impatient } else { &patient };
            let outcome = channel.reply(outbound, &to, TEXT, &SendKey(KEY.into())).await;
            assert_eq!(shown(&outcome), *expected, "{} {how:?}", made.kind);
            assert_silent(&outcome, made.secrets);
        }
    }
}

#[tokio::test]
async fn a_text_that_the_provider_would_not_take_is_not_sent() {
    for made in MADE {
        let server = answering(200, &[], made.proven).await;
        let channel = (made.channel)(&server.uri());
        let (_, delivery) = deliveries(made.kind).into_iter().find(|(name, _)| name == "text").expect("a text");
        let to = first_message(&events(&*channel, &delivery)).reply_to.clone();
        let longest = "ñ".repeat(channel.longest_reply());
        let outcome = channel.reply(&outbound(), &to, &longest, &SendKey(KEY.into())).await;
        assert!(outcome.is_ok(), "{} {outcome:?}", made.kind);
        for (to, text) in [(&to, format!("{longest}x")), (&to, String::new()), (&Personal::default(), "x".into())] {
            let outcome = channel.reply(&outbound(), to, &text, &SendKey(KEY.into())).await;
            assert_eq!(shown(&outcome), "refused, text or address not sendable there", "{}", made.kind);
        }
        only_request(&server).await;
    }
}

proptest! {
    #[test]
    fn no_bytes_make_parse_panic(body: Vec<u8>) {
        for made in MADE {
            let channel = (made.channel)("http://127.0.0.1");
            let delivery = delivery((made.sign)(&body), &body);
            let verified = channel.verify(&delivery, provider::now()).expect("signed");
            let _ = channel.parse(&verified);
        }
    }

    #[test]
    fn no_damaged_fixture_makes_parse_panic(
        which: prop::sample::Index,
        at: prop::sample::Index,
        with in prop::sample::select(vec!["{}", "[]", "null", "\"\"", "-1", "1e9", "true", "\"\u{fffd}\"", "{\"a\":[{}]}", "", ","]),
        length in 0_usize..12,
    ) {
        for made in MADE {
            let channel = (made.channel)("http://127.0.0.1");
            let all = deliveries(made.kind);
            let mut body = which.get(&all).1.body.to_vec();
            let start = at.index(body.len());
            let end = (start + length).min(body.len());
            body.splice(start..end, with.bytes());
            let delivery = delivery((made.sign)(&body), &body);
            let verified = channel.verify(&delivery, provider::now()).expect("signed");
            let _ = channel.parse(&verified);
        }
    }
}
