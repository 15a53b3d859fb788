//! What is the Android SMS Gateway's own.

use afterhours::channel::android_sms::{AndroidSms, Gateway, Phone, TTL};
use afterhours::channel::{Channel, Refused};
use afterhours::config::Secret;
use afterhours::message::{Address, Event, Inbound};
use afterhours::outbound::SendKey;
use afterhours::verdict::{SenderKind, sender_kind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::kinds::{MADE, android_sms, delivery, headers};
use super::{KEY, TEXT, events, first_message};
use crate::provider::{self, answering, only_request, outbound, shown};

fn body(event: &str, device: &str, payload: &Value) -> Vec<u8> {
    json!({"id": "ev-1", "webhookId": "w", "event": event, "deviceId": device, "payload": payload})
        .to_string()
        .into_bytes()
}

/// What a channel makes of a signed event.
fn told(channel: &AndroidSms, event: &str, device: &str, payload: &Value) -> Vec<Event> {
    let made = MADE.iter().find(|made| made.kind == "android-sms").expect("made");
    let body = body(event, device, payload);
    events(channel, &delivery((made.sign)(&body), &body))
}

fn message(channel: &AndroidSms, event: &str, device: &str, payload: &Value) -> Inbound {
    first_message(&told(channel, event, device, payload)).clone()
}

fn sms(sim: &Value) -> Value {
    json!({"messageId": "m1", "message": "hi", "sender": "+15550100101", "simNumber": sim, "receivedAt": provider::NOW})
}

#[test]
fn the_phones_signature_agrees_with_the_vectors() {
    let vectors = provider::json(&provider::fixtures("vectors/android_sms_gateway.json")).expect("vectors");
    let cases = vectors["cases"].as_array().expect("cases");
    assert!(cases.len() >= 3);
    for case in cases {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let channel = AndroidSms::new(&Secret::new(text(&case["signing_key"])), None, Phone::default());
        let body = STANDARD.decode(text(&case["body_base64"])).expect("base64");
        let (signature, timestamp) = (text(&case["headers"]["X-Signature"]), text(&case["headers"]["X-Timestamp"]));
        let now = DateTime::from_timestamp(case["now"].as_i64().expect("seconds"), 0).expect("a time");
        let proof = |signature: &str| headers(&[("x-signature", signature), ("x-timestamp", &timestamp)]);
        let outcome = channel.verify(&delivery(proof(&signature), &body), now).map(|_| ());
        assert_eq!(outcome.is_ok(), case["valid"].as_bool().expect("a verdict"), "{}", case["name"]);
        let upper = channel.verify(&delivery(proof(&signature.to_uppercase()), &body), now).map(|_| ());
        assert_eq!(upper, Err(Refused::Unreadable), "{}", case["name"]);
    }
}

#[test]
fn the_window_is_as_the_config_says() {
    let channel = android_sms(None, Phone { window: TimeDelta::hours(1), ..Phone::default() });
    let made = MADE.iter().find(|made| made.kind == "android-sms").expect("made");
    let delivery = delivery((made.sign)(b"{}"), b"{}");
    for (off, refused) in [(3600, None), (3601, Some(Refused::Stale)), (-3600, None), (-3601, Some(Refused::Stale))] {
        let outcome = channel.verify(&delivery, provider::now() + TimeDelta::seconds(off));
        assert_eq!(outcome.err(), refused, "{off}");
    }
}

#[tokio::test]
async fn a_phone_whose_clock_is_wrong_is_told_of_until_it_is_right() {
    let made = MADE.iter().find(|made| made.kind == "android-sms").expect("made");
    let delivery = delivery((made.sign)(b"{}"), b"{}");
    let missing = "the phone is not told to post";
    for (base, off, told) in [
        (None, TimeDelta::minutes(12), "12 minutes behind this machine's"),
        (None, TimeDelta::minutes(-190), "3 hours ahead of this machine's"),
        (Some(answering(200, &[], "[]").await), TimeDelta::days(3), "72 hours behind this machine's"),
        (Some(answering(500, &[], "").await), TimeDelta::minutes(6), "6 minutes behind this machine's"),
    ] {
        let channel = android_sms(base.as_ref().map(MockServer::uri).as_deref(), Phone::default());
        let troubles = async || channel.inspect(&outbound()).await.unwrap_or_default();
        assert!(!troubles().await.concat().contains("clock"));
        assert_eq!(channel.verify(&delivery, provider::now() + off).err(), Some(Refused::Stale));
        let found = troubles().await;
        assert!(found[0].contains(told) && found[0].contains("`window`"), "{found:?}");
        assert_eq!(found.iter().any(|trouble| trouble.contains(missing)), off == TimeDelta::days(3), "{found:?}");
        // what is not the phone's says nothing of its clock
        let forged = super::kinds::delivery((made.sign)(b"another"), b"{}");
        assert_eq!(channel.verify(&forged, provider::now() + off).err(), Some(Refused::Wrong));
        assert_eq!(troubles().await, found);
        assert!(channel.verify(&delivery, provider::now()).is_ok());
        assert!(!troubles().await.concat().contains("clock"));
    }
}

#[test]
fn a_line_is_a_sim_of_a_phone() {
    let of = |device_id: Option<&str>, only_sim| Phone {
        device_id: device_id.map(str::to_owned),
        only_sim,
        ..Phone::default()
    };
    let null = Value::Null;
    let cases = [
        (of(None, None), "dev1", json!(1), "1", true),
        (of(None, None), "dev2", json!(2), "2", true),
        (of(None, None), "dev1", null.clone(), "unknown", false),
        (of(None, None), "dev1", json!(0), "unknown", false),
        (of(None, Some(1)), "dev1", null.clone(), "1", true),
        (of(None, Some(1)), "dev1", json!(2), "2", true), // what it says counts
        (of(Some("dev1"), None), "dev1", json!(1), "1", true),
        (of(Some("dev1"), None), "dev2", json!(1), "dev2/1", true),
        (of(Some("dev1"), None), "dev2", null.clone(), "dev2/unknown", false),
        (of(Some("dev1"), Some(1)), "dev1", null.clone(), "1", true),
        (of(Some("dev1"), Some(1)), "dev2", null.clone(), "dev2/unknown", false), // that is said of the own phone
        (of(Some("dev1"), None), "", json!(1), "unknown/1", true),
    ];
    for (phone, device, sim, line, answerable) in cases {
        let message = message(&android_sms(None, phone.clone()), "sms:received", device, &sms(&sim));
        assert_eq!(message.line.as_deref(), Some(line), "{phone:?} {device} {sim}");
        assert_eq!(!message.hints.unanswerable, answerable, "{phone:?} {device} {sim}");
    }
}

#[tokio::test]
async fn nothing_leaves_where_the_sim_or_the_number_is_not_known() {
    let server = answering(202, &[], r#"{"id":"ab12-7"}"#).await;
    let channel = android_sms(Some(&server.uri()), Phone::default());
    let nobody =
        json!({"messageId": "m1", "message": "hi", "sender": "BANK", "simNumber": 1, "receivedAt": provider::NOW});
    for payload in [sms(&Value::Null), nobody] {
        let to = message(&channel, "sms:received", "dev1", &payload).reply_to;
        let outcome = channel.reply(&outbound(), &to, TEXT, &SendKey(KEY.into())).await;
        assert_eq!(shown(&outcome), "refused, text or address not sendable there", "{payload}");
    }
    assert!(server.received_requests().await.expect("recording is on").is_empty());
}

#[tokio::test]
async fn the_cloud_has_a_prefix_and_a_token_is_presented_as_one() {
    let server = answering(202, &[], r#"{"id":"ab12-7"}"#).await;
    for (base, token) in [("/3rdparty/v1", false), ("/3rdparty/v1/", true)] {
        let url = format!("{}{base}", server.uri()).parse().expect("a URL");
        let secret = Secret::new("eyJhbGciOi");
        let gateway = if token {
            Gateway::with_token(url, TimeDelta::minutes(15), &secret)
        } else {
            Gateway::with_password(url, TTL, "sms", &secret)
        };
        let channel = AndroidSms::new(&Secret::new("k"), gateway, Phone::default());
        let to = message(&android_sms(None, Phone::default()), "sms:received", "dev1", &sms(&json!(3))).reply_to;
        let outcome = channel.reply(&outbound(), &to, TEXT, &SendKey(KEY.into())).await;
        assert_eq!(shown(&outcome), "done ab12-7");
    }
    let requests = server.received_requests().await.expect("recording is on");
    assert_eq!(requests.iter().map(|request| request.url.path()).collect::<Vec<_>>(), ["/3rdparty/v1/messages"; 2]);
    assert_eq!(provider::header(&requests[0], "authorization"), format!("Basic {}", STANDARD.encode("sms:eyJhbGciOi")));
    assert_eq!(provider::header(&requests[1], "authorization"), "Bearer eyJhbGciOi");
    let ttls = requests.iter().map(|request| request.body_json::<Value>().expect("JSON")["ttl"].clone());
    assert_eq!(ttls.collect::<Vec<_>>(), [json!(600), json!(900)]);
}

#[tokio::test]
async fn a_key_that_is_too_long_for_an_id_is_told_by_its_receipt_all_the_same() {
    let server = MockServer::start().await;
    let echo = |request: &wiremock::Request| {
        let id = request.body_json::<Value>().expect("JSON")["id"].clone();
        ResponseTemplate::new(202).set_body_json(json!({"id": id}))
    };
    Mock::given(method("POST")).respond_with(echo).mount(&server).await;
    let channel = android_sms(Some(&server.uri()), Phone::default());
    let to = message(&channel, "sms:received", "dev1", &sms(&json!(1))).reply_to;
    let key = SendKey(format!("{}-7", "0123456789abcdef".repeat(4)));
    let sent = channel.reply(&outbound(), &to, TEXT, &key).await.expect("sent").id.expect("an id");
    assert!(sent.len() <= 36, "{sent}");
    only_request(&server).await;
    let payload = json!({"messageId": sent, "recipient": "+15550100101", "simNumber": 1});
    let receipts = told(&channel, "sms:delivered", "dev1", &payload);
    assert!(matches!(&receipts[..], [Event::Receipt { provider_id, .. }] if provider_id.as_str() == sent));
}

#[test]
fn the_guard_knows_who_is_no_person() {
    let cases = [
        ("+15550100101", SenderKind::Person),
        ("5550101", SenderKind::Person),
        ("49469", SenderKind::ShortCode),
        ("+12345", SenderKind::ShortCode),
        ("MYBANK", SenderKind::Letters),
        ("VM-HDFCBK", SenderKind::Letters),
        ("unknown", SenderKind::Withheld),
        ("", SenderKind::Withheld),
    ];
    for (sender, kind) in cases {
        let payload = json!({"messageId": "m1", "message": "hi", "sender": sender, "simNumber": 1});
        let from: Vec<Address> = message(&android_sms(None, Phone::default()), "sms:received", "dev1", &payload).from;
        assert_eq!(sender_kind(&from), kind, "{sender}");
    }
}

#[test]
fn a_picture_is_one_message_however_it_comes() {
    let picture = |id: &str, text: Value, sim: Value, at: &str| json!({"messageId": id, "sender": "+15550100101", "simNumber": sim, "body": text, "receivedAt": at});
    let announced = picture("T1", Value::Null, json!(1), "2026-11-24T01:59:00Z");
    let fetched = picture("17", json!("see photo"), json!(1), "2026-11-24T01:59:20Z");
    let channel = android_sms(None, Phone::default());
    let of = |event: &str, payload: &Value| message(&channel, event, "dev1", payload);
    let (first, second) = (of("mms:received", &announced), of("mms:downloaded", &fetched));
    assert_eq!(first.id, second.id);
    assert!(first.hints.part && second.hints.part);
    assert_eq!((first.text.as_str(), second.text.as_str()), ("", "see photo"));
    // repeated, because the store was not available
    assert_eq!(of("mms:downloaded", &fetched).id, first.id);
    assert_eq!(of("mms:received", &announced).id, first.id);
    // on the other SIM it is another
    let other = picture("18", json!("see photo"), json!(2), "2026-11-24T01:59:20Z");
    assert_ne!(of("mms:downloaded", &other).id, first.id);
}

#[test]
fn the_owner_is_told_of_silence_once_the_phone_has_pinged_or_as_the_config_says() {
    let silent = |after: i64| Phone { silent_after: Some(TimeDelta::minutes(after)), ..Phone::default() };
    assert_eq!(android_sms(None, silent(0)).longest_silence(), None);
    assert_eq!(android_sms(None, silent(30)).longest_silence(), Some(TimeDelta::minutes(30)));
    let channel = android_sms(None, Phone::default());
    assert_eq!(channel.longest_silence(), None);
    let ping = json!({"health": {"status": "pass"}});
    let noted = told(&channel, "system:ping", "dev1", &ping);
    let [Event::Note { key, value }] = &noted[..] else { panic!("one note") };
    channel.note(key, value.as_str());
    assert_eq!(channel.longest_silence(), Some(TimeDelta::hours(2)));
    assert!(told(&channel, "system:ping", "dev1", &ping).is_empty(), "it is noted once");
    let off = android_sms(None, silent(0));
    off.note(key, value.as_str());
    assert_eq!(off.longest_silence(), None);
}

#[tokio::test]
async fn registering_tells_the_phone_every_event_and_again_replaces_it() {
    let server = MockServer::start().await;
    let base = server.uri();
    Mock::given(method("POST"))
        .and(body_partial_json(json!({"event": "app:started"})))
        .respond_with(ResponseTemplate::new(400).set_body_json(json!({"message": "Unsupported event"})))
        .with_priority(1)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path("/webhooks"))
        .respond_with(|request: &wiremock::Request| {
            ResponseTemplate::new(201).set_body_json(request.body_json::<Value>().expect("JSON"))
        })
        .mount(&server)
        .await;
    let address = "https://hooks.example.org/in/phone";
    let listed = json!([
        {"id": "afterhours-phone-sms-received", "url": address, "event": "sms:received"},
        {"id": "by-hand", "url": address, "event": "sms:received", "source": "Local"},
        {"id": "another's", "url": "https://other.example.org/", "event": "sms:received"},
    ]);
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(200).set_body_json(listed)).mount(&server).await;
    let phone = Phone { name: "phone".into(), device_id: Some("dev1".into()), ..Phone::default() };
    let channel = android_sms(Some(&base), phone);
    let done = channel.register(&outbound(), &address.parse().expect("a URL")).await.expect("it can").expect("done");
    let told = |words: &str| assert!(done.iter().any(|sentence| sentence.contains(words)), "{words}: {done:#?}");
    told("sms:received is posted to https://hooks.example.org/in/phone (registered as afterhours-phone-sms-received)");
    told("app:started is not offered by this gateway");
    told("other registrations post to the same address: by-hand (sms:received)");
    assert!(!done.concat().contains("another's"), "{done:#?}");
    let posted: Vec<Value> = server
        .received_requests()
        .await
        .expect("recording is on")
        .iter()
        .filter(|request| request.method.as_str() == "POST")
        .map(|request| request.body_json().expect("JSON"))
        .collect();
    let ids: std::collections::BTreeSet<_> = posted.iter().map(|one| one["id"].as_str().expect("an id")).collect();
    assert_eq!((posted.len(), ids.len()), (9, 9));
    for event in
        ["sms:received", "mms:received", "mms:downloaded", "sms:sent", "sms:delivered", "sms:failed", "system:ping"]
    {
        let one = posted.iter().find(|one| one["event"] == event).unwrap_or_else(|| panic!("{event}"));
        assert_eq!((&one["url"], &one["deviceId"]), (&json!(address), &json!("dev1")), "{event}");
    }

    // and it is looked at
    let missing = channel.inspect(&outbound()).await.expect("asked");
    assert!(
        missing[0].contains("post mms:received, mms:downloaded") && missing[0].contains("--register"),
        "{missing:?}"
    );
}

#[tokio::test]
async fn registering_where_one_may_not_says_why() {
    // the last is a page of something else that answers there
    let cases = [
        (401, "", "down"),
        (403, "", "down"),
        (400, "", "refused"),
        (409, "{}", "refused"),
        (503, "", "retry"),
        (200, "<html>", "unknown"),
    ];
    for (status, body, outcome) in cases {
        let server = answering(status, &[], body).await;
        let channel = android_sms(Some(&server.uri()), Phone::default());
        let address = "https://hooks.example.org/in/phone".parse().expect("a URL");
        let error = channel.register(&outbound(), &address).await.expect("it can").expect_err("refused");
        assert_eq!(error.error.code(), outcome, "{status}");
        only_request(&server).await;
    }
    let address = "https://hooks.example.org/in/phone".parse().expect("a URL");
    assert!(
        android_sms(None, Phone::default()).register(&outbound(), &address).await.is_none(),
        "there is no way to it"
    );
}

#[test]
fn a_sim_that_the_phone_does_not_name_is_no_line_of_its_own_accord() {
    let channel = android_sms(None, Phone::default());
    assert!(channel.is_own_line("1") && channel.is_own_line("2") && !channel.is_own_line("unknown"));
}

#[tokio::test]
async fn a_token_that_may_not_look_is_no_trouble() {
    let server = answering(403, &[], "").await;
    let channel = android_sms(Some(&server.uri()), Phone::default());
    assert_eq!(channel.inspect(&outbound()).await, Ok(Vec::new()));
    let server = answering(401, &[], "").await;
    let channel = android_sms(Some(&server.uri()), Phone::default());
    assert_eq!(channel.inspect(&outbound()).await.expect_err("wrong password").code(), "down");
}

#[test]
fn the_steps_come_in_an_order_that_keeps_a_private_sim_private() {
    let setup = afterhours::channel::android_sms::KIND.setup;
    let place = |words: &str| setup.find(words).unwrap_or_else(|| panic!("{words} is missing"));
    // nothing is posted before the SIM cards are told apart
    assert!(place("private = true") < place("--register"));
    assert!(place("[channel.{name}.line.unknown]") < place("--register"));
    for words in [
        "RCS",
        "Unrestricted",
        "32 characters",
        "Settings > Ping",
        "Local server",
        "Cloud server",
        "private server",
        "30 SMS in 30 minutes",
        "[limits]",
        "24 MiB",
    ] {
        place(words);
    }
    for key in ["signing_key", "url", "username", "password", "token", "device_id", "only_sim", "silent_after"] {
        place(&format!("`{key}`"));
    }
}

#[test]
fn without_a_gateway_nothing_can_be_answered() {
    assert!(!android_sms(None, Phone::default()).can_reply());
    assert!(android_sms(Some("http://127.0.0.1"), Phone::default()).can_reply());
    assert!(android_sms(None, Phone::default()).repeats_harmlessly());
}
