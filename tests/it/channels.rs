//! What every kind of channel must do, by walking the registry; and what is WhatsApp's or the generic webhook's own.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use afterhours::channel::webhook::Webhook;
use afterhours::channel::whatsapp::WhatsApp;
use afterhours::channel::{Answer as Handshake, Channel, Delivery, KINDS, Refused};
use afterhours::config::Secret;
use afterhours::message::{Event, Fate, Inbound, Nature};
use afterhours::outbound::SendKey;
use afterhours::standard_webhooks::{SigningKey, Trust};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::provider::{self, Answer, BROKEN, Broken, answering, assert_silent, only_request, outbound, shown};

const TEXT: &str = "Closed; we open Tuesday at 8:00. Ünïcode 🙂";
const KEY: &str = "ab12-7";
const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";
const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const REPLY_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// What the contract must know of a kind.
struct Made {
    kind: &'static str,
    /// The channel as the fixtures were signed for it; its provider listens at the base URL.
    channel: fn(base: &str) -> Arc<dyn Channel>,
    /// The headers that carry the proof.
    proof: &'static [&'static str],
    /// The proof holds for so long; `None` is for ever.
    tolerance: Option<TimeDelta>,
    /// Signs a body for it.
    sign: fn(body: &[u8]) -> HeaderMap,
    /// Where a reply is posted.
    path: &'static str,
    /// What a reply must carry besides its body.
    check_reply: fn(&wiremock::Request),
    /// An answer that proves a send.
    proven: &'static str,
    answers: &'static [Answer],
    /// What no error may show.
    secrets: &'static [&'static str],
}

const MADE: &[Made] = &[
    Made {
        kind: "webhook",
        channel: |base| webhook(Some(base)),
        proof: &["webhook-id", "webhook-timestamp", "webhook-signature"],
        tolerance: Some(TimeDelta::seconds(300)),
        sign: |body| {
            SigningKey::read(WEBHOOK_SECRET).expect("a key").sign("msg_1", provider::now(), body).expect("an id")
        },
        path: "/replies",
        check_reply: |request| {
            assert_eq!(provider::header(request, "webhook-id"), KEY);
            let trust = Trust::read(REPLY_SECRET).expect("a key");
            trust.verify(&request.headers, &request.body, provider::now()).expect("signed with the reply secret");
        },
        proven: "",
        answers: &[
            Answer { what: "accepted", status: 202, headers: &[], body: "whatever", outcome: "done" },
            Answer { what: "no content", status: 204, headers: &[], body: "", outcome: "done" },
            Answer {
                what: "redirect",
                status: 307,
                headers: &[("location", "/x")],
                body: "",
                outcome: "refused, a redirect, which is never followed",
            },
            Answer {
                what: "not modified",
                status: 304,
                headers: &[],
                body: "",
                outcome: "refused, a redirect, which is never followed",
            },
            Answer { what: "unauthorised", status: 401, headers: &[], body: "", outcome: "refused, HTTP status 401" },
            Answer { what: "not found", status: 404, headers: &[], body: "", outcome: "refused, HTTP status 404" },
            Answer {
                what: "given up on purpose",
                status: 410,
                headers: &[],
                body: "",
                outcome: "down, HTTP status 410",
            },
            Answer {
                what: "too fast",
                status: 429,
                headers: &[("retry-after", "17")],
                body: "",
                outcome: "retry after 17s, HTTP status 429",
            },
            Answer {
                what: "too fast, with a date",
                status: 429,
                headers: &[("retry-after", "Tue, 24 Nov 2026 02:00:40 GMT")],
                body: "",
                outcome: "retry after 40s, HTTP status 429",
            },
            Answer { what: "broken", status: 500, headers: &[], body: "", outcome: "unknown, HTTP status 500" },
            Answer { what: "bad gateway", status: 502, headers: &[], body: "", outcome: "retry, HTTP status 502" },
            Answer {
                what: "away",
                status: 503,
                headers: &[("retry-after", "9")],
                body: "",
                outcome: "retry after 9s, HTTP status 503",
            },
            Answer { what: "gateway timeout", status: 504, headers: &[], body: "", outcome: "retry, HTTP status 504" },
        ],
        secrets: &["99990001", "MfKQ9r8G", "C2FVsBQI", "127.0.0.1", "/replies", "Closed", "ab12-7"],
    },
    Made {
        kind: "whatsapp",
        channel: whatsapp,
        proof: &["x-hub-signature-256"],
        tolerance: None,
        sign: |body| {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, APP_SECRET.as_bytes());
            let tag = ring::hmac::sign(&key, body);
            let digits: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
            headers(&[("x-hub-signature-256", &format!("sha256={digits}"))])
        },
        path: "/v25.0/106540352242922/messages",
        check_reply: |request| assert_eq!(provider::header(request, "authorization"), "Bearer EAAtoken"),
        proven: r#"{"messaging_product":"whatsapp","contacts":[{"input":"15550100101","wa_id":"15550100101"}],"messages":[{"id":"wamid.OUT","message_status":"accepted"}]}"#,
        answers: &[
            Answer {
                what: "no id",
                status: 200,
                headers: &[],
                body: r#"{"messages":[]}"#,
                outcome: "unknown, a success that its body does not prove",
            },
            Answer {
                what: "empty id",
                status: 200,
                headers: &[],
                body: r#"{"messages":[{"id":""}]}"#,
                outcome: "unknown, a success that its body does not prove",
            },
            Answer {
                what: "a captive portal",
                status: 200,
                headers: &[],
                body: "<html>Sign in</html>",
                outcome: "unknown, a success that its body does not prove",
            },
            Answer {
                what: "redirect",
                status: 302,
                headers: &[("location", "/login")],
                body: "",
                outcome: "refused, a redirect, which is never followed",
            },
            Answer {
                what: "token expired",
                status: 401,
                headers: &[],
                body: r#"{"error":{"message":"m","type":"OAuthException","code":190,"fbtrace_id":"x"}}"#,
                outcome: "down, provider's error 190",
            },
            Answer {
                what: "permission",
                status: 400,
                headers: &[],
                body: r#"{"error":{"code":230}}"#,
                outcome: "down, provider's error 230",
            },
            Answer {
                what: "billing",
                status: 400,
                headers: &[],
                body: r#"{"error":{"code":131042}}"#,
                outcome: "down, provider's error 131042",
            },
            Answer {
                what: "window closed",
                status: 400,
                headers: &[],
                body: r#"{"error":{"code":131047}}"#,
                outcome: "refused, provider's error 131047",
            },
            Answer {
                what: "not on WhatsApp",
                status: 400,
                headers: &[],
                body: r#"{"error":{"code":131026}}"#,
                outcome: "refused, provider's error 131026",
            },
            Answer {
                what: "the code counts, not the status",
                status: 400,
                headers: &[],
                body: r#"{"error":{"code":130429}}"#,
                outcome: "retry, provider's error 130429",
            },
            Answer {
                what: "the code counts, not the status (500)",
                status: 500,
                headers: &[],
                body: r#"{"error":{"code":131009}}"#,
                outcome: "refused, provider's error 131009",
            },
            Answer {
                what: "too fast to one person",
                status: 400,
                headers: &[],
                body: r#"{"error":{"code":131056}}"#,
                outcome: "retry after 6s, provider's error 131056",
            },
            Answer {
                what: "the longer of two waits",
                status: 429,
                headers: &[("retry-after", "60")],
                body: r#"{"error":{"code":131056}}"#,
                outcome: "retry after 60s, provider's error 131056",
            },
            Answer {
                what: "temporary",
                status: 500,
                headers: &[],
                body: r#"{"error":{"code":2}}"#,
                outcome: "retry, provider's error 2",
            },
            Answer {
                what: "a code unheard of",
                status: 400,
                headers: &[],
                body: r#"{"error":{"code":999999}}"#,
                outcome: "refused, provider's error 999999",
            },
            Answer {
                what: "a code unheard of, unauthorised",
                status: 401,
                headers: &[],
                body: r#"{"error":{"code":999999}}"#,
                outcome: "down, provider's error 999999",
            },
            Answer {
                what: "a code unheard of, broken",
                status: 500,
                headers: &[],
                body: r#"{"error":{"code":999999}}"#,
                outcome: "unknown, provider's error 999999",
            },
            Answer {
                what: "too fast, no code",
                status: 429,
                headers: &[("retry-after", "30")],
                body: "",
                outcome: "retry after 30s, HTTP status 429",
            },
            Answer {
                what: "broken, no code",
                status: 502,
                headers: &[],
                body: "<html>",
                outcome: "unknown, HTTP status 502",
            },
            Answer { what: "away, no code", status: 503, headers: &[], body: "", outcome: "retry, HTTP status 503" },
            Answer {
                what: "not found, no code",
                status: 404,
                headers: &[],
                body: "",
                outcome: "refused, HTTP status 404",
            },
        ],
        secrets: &[
            "15550100101",
            "US.1349",
            "EAAtoken",
            "0123456789abcdef",
            "vibecoding",
            "127.0.0.1",
            "Closed",
            "wamid",
            "ab12-7",
        ],
    },
];

fn whatsapp(base: &str) -> Arc<dyn Channel> {
    let api_base = format!("{base}/v25.0").parse().expect("a URL");
    let [app_secret, verify_token, access_token] = [APP_SECRET, "vibecoding", "EAAtoken"].map(Secret::new);
    Arc::new(WhatsApp::new("106540352242922".into(), &app_secret, verify_token, access_token, api_base))
}

fn webhook(base: Option<&str>) -> Arc<dyn Channel> {
    let reply = base.map(|base| {
        let url = format!("{base}/replies").parse().expect("a URL");
        (url, SigningKey::read(REPLY_SECRET).expect("a key"))
    });
    Arc::new(Webhook::new(Trust::read(WEBHOOK_SECRET).expect("a key"), reply))
}

fn headers(all: &[(&str, &str)]) -> HeaderMap {
    let header = |(name, value): &(&str, &str)| {
        let name: HeaderName = name.parse().expect("a name");
        (name, HeaderValue::from_str(value).expect("a value"))
    };
    let mut map = HeaderMap::new();
    all.iter().map(header).for_each(|(name, value)| {
        map.append(name, value);
    });
    map
}

fn delivery(headers: HeaderMap, body: &[u8]) -> Delivery {
    Delivery { headers, query: String::new(), body: body.to_vec().into() }
}

/// A raw request as it lies in the fixtures.
fn raw(bytes: &[u8]) -> Delivery {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an end of the headers");
    let head = std::str::from_utf8(&bytes[..end]).expect("text");
    let lines: Vec<(&str, &str)> = head.lines().skip(1).map(|line| line.split_once(": ").expect("a header")).collect();
    let body = &bytes[end + 4..];
    let headers = headers(&lines);
    assert_eq!(headers["content-length"], *body.len().to_string());
    delivery(headers, body)
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
    match event {
        Event::Message(message) => {
            let Inbound {
                id, line, from, name, kind, nature, audience, automatic, urgent, text, sent_at, locale, ..
            } = message;
            json!({"message": {
                "id": id.as_str(), "line": line, "from": addresses(from), "name": name.as_str(), "kind": kind,
                "nature": nature, "audience": audience, "automatic": automatic, "urgent": urgent,
                "text": text.as_str(), "sent_at": time(sent_at), "locale": locale,
            }})
        }
        Event::OwnerWrote { id, line, to, at } => {
            json!({"owner_wrote": {"id": id.as_str(), "line": line, "to": addresses(to), "at": time(at)}})
        }
        Event::Receipt { key, provider_id, fate } => {
            let fate = match fate {
                Fate::Delivered => "delivered".to_owned(),
                Fate::Failed(code) => format!("failed {code}"),
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
    for kind in KINDS {
        assert!(!kind.about.is_empty() && !kind.about.ends_with('.'), "{}", kind.name);
        assert!(kind.setup.contains("{public_url}/in/{name}"), "{} says where the provider posts", kind.name);
        let schema = schemars::generate::SchemaSettings::draft2020_12().into_generator();
        let mut schema = schema;
        (kind.schema)(&mut schema);
        for (_, definition) in schema.definitions() {
            assert_eq!(definition["additionalProperties"], json!(false), "{}", kind.name);
            for (key, property) in definition["properties"].as_object().expect("keys") {
                assert_eq!(property["type"], json!("string"), "{} {key}", kind.name);
                assert!(property["description"].is_string(), "{} {key} has no hover text", kind.name);
            }
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
    for made in MADE {
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
        ("webhook", b"", "body: is not JSON"),
        ("webhook", b"\"hi\"", "body: is neither an object nor a list"),
        ("webhook", b"{\"from\":\"\xff\",\"text\":\"x\"}", "body: is not JSON"),
        ("webhook", br#"{}"#, "from: is missing"),
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
    for made in MADE {
        let mut replies = 0;
        for (name, delivery) in deliveries(made.kind) {
            let Some(expected) = fixture(made.kind, &name, "reply") else { continue };
            let server = answering(200, &[], made.proven).await;
            let channel = (made.channel)(&server.uri());
            let events = events(&*channel, &delivery);
            let message = first_message(&events);
            let sent = channel.reply(&outbound(), &message.reply_to, TEXT, &SendKey(KEY.into())).await;
            sent.unwrap_or_else(|error| panic!("{} {name}: {error}", made.kind));
            let request = only_request(&server).await;
            assert_eq!(request.method.as_str(), "POST");
            let line = message.line.as_deref().unwrap_or_default();
            assert_eq!(request.url.path(), made.path.replace("106540352242922", line), "{} {name}", made.kind);
            assert_eq!(request.url.query(), None);
            assert_eq!(provider::header(&request, "content-type"), "application/json");
            assert!(provider::header(&request, "user-agent").starts_with("afterhours/"));
            (made.check_reply)(&request);
            let body: Value = serde_json::from_slice(&request.body).expect("JSON");
            assert_eq!(body, expected, "{} {name}", made.kind);
            replies += 1;
        }
        assert!(replies > 0, "{} has no reply among its fixtures", made.kind);
    }
}

#[tokio::test]
async fn every_answer_of_a_provider_leads_to_its_outcome_and_no_error_tells_a_secret() {
    for made in MADE {
        let (_, delivery) = deliveries(made.kind).into_iter().find(|(name, _)| name == "text").expect("a text");
        for answer in made.answers {
            let server = answering(answer.status, answer.headers, answer.body).await;
            let channel = (made.channel)(&server.uri());
            let to = first_message(&events(&*channel, &delivery)).reply_to.clone();
            let outcome = channel.reply(&outbound(), &to, TEXT, &SendKey(KEY.into())).await;
            assert_eq!(shown(&outcome), answer.outcome, "{} {}", made.kind, answer.what);
            assert_silent(&outcome, made.secrets);
            only_request(&server).await;
        }
        for (how, expected) in BROKEN {
            let channel = (made.channel)(&provider::broken(*how).await);
            let to = first_message(&events(&*channel, &delivery)).reply_to.clone();
            let outbound = if let Broken::Hangs = how { provider::impatient() } else { outbound() };
            let outcome = channel.reply(&outbound, &to, TEXT, &SendKey(KEY.into())).await;
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
        for (to, text) in [(&to, format!("{longest}x")), (&to, String::new()), (&Default::default(), "x".into())] {
            let outcome = channel.reply(&outbound(), to, &text, &SendKey(KEY.into())).await;
            assert_eq!(shown(&outcome), "refused, text or address not sendable there", "{}", made.kind);
        }
        only_request(&server).await;
    }
}

#[tokio::test]
async fn a_webhook_without_a_reply_url_says_so() {
    assert!(webhook(Some("http://127.0.0.1")).can_reply());
    let channel = webhook(None);
    assert!(!channel.can_reply());
    let outcome = channel.reply(&outbound(), &Default::default(), TEXT, &SendKey(KEY.into())).await;
    assert_eq!(shown(&outcome), "refused, text or address not sendable there");
}

#[test]
fn whatsapp_shakes_hands_with_whoever_knows_the_word() {
    let channel = whatsapp("http://127.0.0.1");
    let echo = |text: &str| Some(Handshake::Echo(text.into()));
    let cases = [
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=vibecoding", echo("1158201444")),
        ("hub.verify_token=%76ibecoding&hub.challenge=a%20b%26c&hub.mode=subscribe", echo("a b&c")),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=wrong", Some(Handshake::Denied)),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=vibecodin", Some(Handshake::Denied)),
        ("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=", Some(Handshake::Denied)),
        ("hub.mode=subscribe&hub.challenge=1158201444", Some(Handshake::Denied)),
        ("hub.mode=unsubscribe&hub.challenge=1158201444&hub.verify_token=vibecoding", Some(Handshake::Denied)),
        ("hub.mode=subscribe&hub.verify_token=vibecoding", Some(Handshake::Denied)),
        ("", Some(Handshake::Denied)),
    ];
    for (query, answer) in cases {
        assert_eq!(channel.handshake(query), answer, "{query}");
    }
    assert_eq!(webhook(None).handshake("hub.mode=subscribe"), None);
}

#[test]
fn whatsapp_agrees_with_published_and_computed_signatures() {
    let vectors = provider::json(&provider::fixtures("vectors/whatsapp_signature.json")).expect("vectors");
    for case in vectors["cases"].as_array().expect("cases") {
        let secret = Secret::new(case["app_secret"].as_str().expect("a secret"));
        let api_base = "http://127.0.0.1".parse().expect("a URL");
        let channel = WhatsApp::new("1".into(), &secret, secret.clone(), secret.clone(), api_base);
        let body = STANDARD.decode(case["body_base64"].as_str().expect("a body")).expect("base64");
        let signature = case["header"]["X-Hub-Signature-256"].as_str().expect("a header");
        let delivery = delivery(headers(&[("x-hub-signature-256", signature)]), &body);
        let accepted = channel.verify(&delivery, provider::now()).is_ok();
        assert_eq!(accepted, case["valid"].as_bool().expect("a verdict"), "{}", case["name"]);
        let upper = delivery_with_upper_case(&delivery);
        assert!(channel.verify(&upper, provider::now()).is_err(), "{}", case["name"]);
    }
}

fn delivery_with_upper_case(good: &Delivery) -> Delivery {
    let value = good.headers["x-hub-signature-256"].to_str().expect("text").to_uppercase().replace("SHA256", "sha256");
    delivery(headers(&[("x-hub-signature-256", &value)]), &good.body)
}

#[test]
fn whatsapp_lets_a_reply_go_for_a_day_less_a_minute() {
    let sent = provider::now();
    let channel = whatsapp("http://127.0.0.1");
    assert_eq!(channel.reply_window(sent), Some(sent + TimeDelta::hours(24) - TimeDelta::minutes(1)));
    assert_eq!(webhook(None).reply_window(sent), None);
    assert!(!channel.repeats_harmlessly());
    assert!(webhook(None).repeats_harmlessly());
    assert_eq!(channel.own_line(), Some("106540352242922"));
    assert_eq!(webhook(None).own_line(), None);
}

#[test]
fn a_batch_of_a_thousand_gives_a_thousand_events_in_order() {
    let message = |index: usize| {
        json!({"from": format!("1555{index:07}"), "id": format!("wamid.{index}"), "timestamp": "1763942581",
            "type": "text", "text": {"body": "hi"}})
    };
    let contact = |index: usize| json!({"wa_id": format!("1555{index:07}"), "profile": {"name": format!("N{index}")}});
    let value = json!({"metadata": {"phone_number_id": "1"},
        "contacts": (0..1000).map(contact).collect::<Vec<_>>(),
        "messages": (0..1000).map(message).collect::<Vec<_>>()});
    let body =
        json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]});
    let body = body.to_string();
    let made = MADE.iter().find(|made| made.kind == "whatsapp").expect("WhatsApp");
    let events = events(&*whatsapp("http://127.0.0.1"), &delivery((made.sign)(body.as_bytes()), body.as_bytes()));
    assert_eq!(events.len(), 1000);
    for (index, event) in events.iter().enumerate() {
        let Event::Message(message) = event else { panic!("a message") };
        assert_eq!(message.id.as_str(), format!("wamid.{index}"));
        assert_eq!(message.name.as_str(), format!("N{index}"));
        assert_eq!(message.nature, Nature::Message);
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
