//! An Android phone with two SIM cards, through the whole service: from the raw signed request to the reply at the gateway's
//! API and the digest at the owner's sink; and a private SIM that leaves no trace.
#![expect(clippy::expect_used, reason = "a test may")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use afterhours::channel::Delivery;
use afterhours::outbox;
use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::service::{House, Running, ask, http};
use crate::world::{OFFICE, World};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const BEN: &str = "9999-0003";
const MAX: &str = "+14155550123";
const ADA: &str = "+14155550124";

/// The app's own server, as its API is described: it takes what is right, knows an id again, and notes what is wrong.
#[derive(Clone, Default)]
struct App {
    taken: Arc<Mutex<BTreeMap<String, Value>>>,
    claimed: Arc<Mutex<usize>>,
    order: Arc<Mutex<Vec<String>>>,
    /// What it posts, as it lists it.
    registered: Arc<Mutex<Vec<Value>>>,
    wrong: Arc<Mutex<Vec<String>>>,
    /// What it answers with instead, having taken a message; 0 for its own answer.
    answers: Arc<AtomicU16>,
}

impl App {
    async fn start(&self) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(self.clone()).mount(&server).await;
        server
    }

    /// The next message that it took.
    fn message(&self) -> Value {
        let mut claimed = self.claimed.lock().expect("no panic");
        let order = self.order.lock().expect("no panic");
        let id = order.get(*claimed).expect("a reply was to be sent");
        *claimed += 1;
        self.taken.lock().expect("no panic")[id].clone()
    }

    /// Nothing was taken that no line of the story claimed, and nothing wrong came.
    fn quiet(&self) {
        let order = self.order.lock().expect("no panic");
        assert_eq!(order.len(), *self.claimed.lock().expect("no panic"), "an unclaimed reply");
        let wrong = self.wrong.lock().expect("no panic");
        assert!(wrong.is_empty(), "the gateway was sent what it does not take: {wrong:#?}");
    }
}

/// What is wrong with a message by the description of the API.
fn slip(request: &Request, body: &Value) -> Option<String> {
    let known = ["id", "textMessage", "phoneNumbers", "simNumber", "ttl", "withDeliveryReport", "priority", "deviceId"];
    let unknown = body.as_object().into_iter().flatten().find(|(key, _)| !known.contains(&key.as_str()));
    let number = |field: &str| body[field].as_i64().unwrap_or_default();
    let length = |text: &Value| text.as_str().map_or(0, |text| text.chars().count());
    let numbers = body["phoneNumbers"].as_array().map_or(&[][..], |numbers| numbers);
    let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let checks = [
        (request.method.as_str() == "POST" && request.url.path() == "/messages", "not POST /messages"),
        // else a number is refused that is no mobile one of a country of the gateway's choice
        (request.url.query() == Some("skipPhoneValidation=true"), "the numbers that it knows alone"),
        (header("content-type") == "application/json", "not JSON"),
        (unknown.is_none(), "a field that the API does not have"),
        ((1..=36).contains(&length(&body["id"])), "id of no length that it takes"),
        ((1..=65535).contains(&length(&body["textMessage"]["text"])), "text of no length that it takes"),
        (numbers.len() == 1 && length(&numbers[0]) > 0, "not one recipient"),
        ((1..=3).contains(&number("simNumber")), "no SIM"),
        (number("ttl") >= 5, "ttl below the least"),
        (body["withDeliveryReport"] == true, "no delivery report"),
        ([-128, 0, 100, 127].contains(&number("priority")), "a priority that there is not"),
        (body["deviceId"] == "dev1", "another device"),
    ];
    checks.iter().find(|(holds, _)| !holds).map(|(_, problem)| (*problem).to_owned())
}

impl Respond for App {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        // sms:hunter2
        if request.headers.get("authorization").is_none_or(|value| value != "Basic c21zOmh1bnRlcjI=") {
            return ResponseTemplate::new(401);
        }
        if request.method.as_str() == "GET" {
            return ResponseTemplate::new(200).set_body_json(json!(*self.registered.lock().expect("no panic")));
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        if request.url.path() == "/webhooks" {
            self.registered.lock().expect("no panic").push(body.clone());
            return ResponseTemplate::new(201).set_body_json(body);
        }
        if let Some(problem) = slip(request, &body) {
            self.wrong.lock().expect("no panic").push(format!("{problem}: {body}"));
            return ResponseTemplate::new(400).set_body_json(json!({"message": problem}));
        }
        let id = body["id"].as_str().unwrap_or_default().to_owned();
        if self.taken.lock().expect("no panic").insert(id.clone(), body.clone()).is_some() {
            return ResponseTemplate::new(409)
                .set_body_json(json!({"message": "Message with the same ID already exists"}));
        }
        self.order.lock().expect("no panic").push(id.clone());
        match self.answers.load(Ordering::SeqCst) {
            0 => {
                let recipients = json!([{"phoneNumber": body["phoneNumbers"][0], "state": "Pending"}]);
                ResponseTemplate::new(202).set_body_json(json!({
                    "id": id, "deviceId": "dev1", "state": "Pending", "isHashed": false, "isEncrypted": false,
                    "recipients": recipients, "states": {},
                }))
            }
            status => ResponseTemplate::new(status),
        }
    }
}

/// The channel's tables: SIM 1 is the work number, SIM 2 is private.
fn phone(url: &str) -> String {
    format!(
        r#"
[channel.phone]
kind = "android-sms"
signing_key = "{KEY}"
url = "{url}"
username = "sms"
password = "hunter2"
[channel.phone.line.1]
hours = "office"
[channel.phone.line.2]
private = true
"#
    )
}

/// The two headers of a body, signed then.
fn signed(body: &str, at: DateTime<Utc>) -> [(&'static str, String); 2] {
    let timestamp = at.timestamp().to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
    let tag = hmac::sign(&key, format!("{body}{timestamp}").as_bytes());
    let hex = tag.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    [("x-timestamp", timestamp), ("x-signature", hex)]
}

fn event(id: &str, event: &str, payload: &Value) -> String {
    json!({"id": id, "webhookId": "w1", "event": event, "deviceId": "dev1", "payload": payload}).to_string()
}

fn sms(id: &str, sim: impl Into<Value>, sender: &str, text: &str, at: DateTime<Utc>) -> Value {
    json!({
        "messageId": id, "message": text, "sender": sender, "recipient": null, "simNumber": sim.into(),
        "receivedAt": at.to_rfc3339(), "phoneNumber": sender,
    })
}

/// The phone posts; the status that it is answered.
async fn posts(world: &World, body: &str) -> u16 {
    let mut headers = http::HeaderMap::new();
    for (name, value) in signed(body, world.app().clock().now()) {
        headers.insert(name, value.parse().expect("a header"));
    }
    let delivery = Delivery { headers, query: String::new(), body: body.to_owned().into() };
    let status = world.app().receive("phone", &delivery).await.status;
    outbox::settle_all(world.app()).await.expect("a store");
    status
}

/// Somebody writes to a SIM, now.
async fn writes(world: &World, id: &str, sim: impl Into<Value>, sender: &str, text: &str) {
    let payload = sms(id, sim, sender, text, world.app().clock().now());
    assert_eq!(posts(world, &event(&format!("ev-{id}"), "sms:received", &payload)).await, 200);
}

#[tokio::test]
async fn a_phone_is_given_no_more_than_android_lets_it_send_and_the_rest_goes_later() {
    let app = App::default();
    let server = app.start().await;
    let limits = "[limits]\nreplies_per_line_per_hour = 100\n";
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{}{limits}", phone(&server.uri()))).await;
    for number in 0..40 {
        writes(&world, &format!("m{number}"), 1, &format!("+141555502{number:02}"), "are you open?").await;
    }
    let mut sent = BTreeMap::new();
    for (time, most) in [("19:30", 30), ("19:59", 30), ("20:01", 60), ("20:31", 90), ("21:01", 120)] {
        world.at(&format!("2026-11-19 {time}")).await;
        for (id, body) in &*app.taken.lock().expect("no panic") {
            let text = body["textMessage"]["text"].as_str().expect("a text");
            sent.insert(id.clone(), afterhours::reply::segments(text).segments);
        }
        let segments: usize = sent.values().sum();
        assert!(segments <= most && segments >= most.min(40) - 1, "{segments} at {time}");
    }
    assert_eq!(sent.len(), 40, "nobody is forgotten");
}

#[tokio::test]
async fn an_evening_on_the_work_sim() {
    let app = App::default();
    let server = app.start().await;
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{}", phone(&server.uri()))).await;
    writes(&world, "m1", 1, BEN, "are you open?").await;
    let reply = app.message();
    // the national number that the carrier gave is who the client list has; and it leaves where it came in
    assert_eq!((&reply["phoneNumbers"], &reply["simNumber"]), (&json!(["+50499990003"]), &json!(1)));
    let text = reply["textMessage"]["text"].as_str().expect("a text");
    assert!(text.contains("Ben") && text.contains("Friday at 8:00"), "{text}");

    // the same under another registration, another message, the private SIM, a bank, a machine
    let again = sms("m1", 1, BEN, "are you open?", world.app().clock().now());
    assert_eq!(posts(&world, &event("another", "sms:received", &again)).await, 200);
    writes(&world, "m2", 1, BEN, "hello?").await;
    writes(&world, "m3", 2, MAX, "dinner on Sunday?").await;
    writes(&world, "m4", 1, "MYBANK", "Your statement is ready").await;
    writes(&world, "m5", 1, "49469", "Your parcel is on its way").await;
    // what an export of the inbox sends again is no news to a client of last month
    let old = sms("m6", 1, ADA, "the old question", world.app().clock().now() - TimeDelta::days(30));
    assert_eq!(posts(&world, &event("ev-m6", "sms:received", &old)).await, 200);
    app.quiet();

    // a picture: announced, then fetched
    let now = world.app().clock().now().to_rfc3339();
    let announced = json!({"messageId": "T1", "sender": ADA, "simNumber": 1, "transactionId": "T1", "size": 34000, "receivedAt": now});
    assert_eq!(posts(&world, &event("ev-p1", "mms:received", &announced)).await, 200);
    assert_eq!(app.message()["phoneNumbers"], json!([ADA]));
    let attachment = json!({"partId": 1, "contentType": "image/jpeg", "name": "a.jpg", "size": 3, "data": "AAEC"});
    let fetched = json!({"messageId": "17", "sender": ADA, "simNumber": 1, "body": "see the roof", "attachments": [attachment], "receivedAt": now});
    assert_eq!(posts(&world, &event("ev-p2", "mms:downloaded", &fetched)).await, 200);
    app.quiet();

    // the phone tells what became of the reply
    let receipt = |more: Value| {
        let mut payload = json!({"messageId": reply["id"], "recipient": "+50499990003", "simNumber": 1});
        payload.as_object_mut().expect("a table").extend(more.as_object().expect("a table").clone());
        payload
    };
    let sent = receipt(json!({"partsCount": 1, "sentAt": now}));
    assert_eq!(posts(&world, &event("ev-s", "sms:sent", &sent)).await, 200);
    world.quiet();
    let failed = receipt(json!({"failedAt": now, "reason": "Send result: RESULT_ERROR_NO_SERVICE (Failed because …)"}));
    assert_eq!(posts(&world, &event("ev-f", "sms:failed", &failed)).await, 200);
    let alert = world.notice();
    assert!(alert.message.contains("RESULT_ERROR_NO_SERVICE") && alert.message.contains("phone"), "{alert:?}");
    assert!(!alert.message.contains("9999"), "{alert:?}");

    world.at("2026-11-20 07:59").await;
    world.quiet();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    for words in ["are you open?", "hello?", "Your statement is ready", "the old question", "see the roof"] {
        assert_eq!(digest.message.matches(words).count(), 1, "{words}: {digest:?}");
    }
    assert!(!digest.message.contains("dinner"), "{digest:?}");
    app.quiet();
}

#[tokio::test]
async fn an_answer_that_is_lost_sends_nothing_twice() {
    let app = App::default();
    let server = app.start().await;
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{}", phone(&server.uri()))).await;
    app.answers.store(502, Ordering::SeqCst);
    writes(&world, "m1", 1, BEN, "are you open?").await;
    app.message();
    app.answers.store(0, Ordering::SeqCst);
    world.at("2026-11-19 19:40").await;
    app.quiet();
    assert_eq!(server.received_requests().await.expect("recording is on").len(), 2, "it was asked again, and knew it");
    let counts = world.app().store().counts().await.expect("a store");
    assert_eq!((counts.waiting, counts.dead), (0, 0));
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("are you open?"));
}

#[tokio::test]
async fn what_came_on_a_sim_that_the_phone_does_not_name_is_held_and_never_answered() {
    let app = App::default();
    let server = app.start().await;
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{}", phone(&server.uri()))).await;
    writes(&world, "m1", Value::Null, BEN, "which number is this?").await;
    let alert = world.notice();
    for words in [r#"[channel.phone.line."unknown"]"#, "only_sim", "one SIM"] {
        assert!(alert.message.contains(words), "{words}: {alert:?}");
    }
    world.at("2026-11-20 08:00").await;
    assert!(world.notice().message.contains("which number is this?"));
    app.quiet();

    // with a table it is held without a word, and the phone still would not know where to send from
    let listed = format!("{OFFICE}{}[channel.phone.line.unknown]\nhours = \"office\"\n", phone(&server.uri()));
    world.at("2026-11-20 19:00").await;
    world.reload(&listed).await;
    writes(&world, "m2", Value::Null, MAX, "and this?").await;
    app.quiet();
    world.quiet();
    world.at("2026-11-21 08:00").await;
    assert!(world.notice().message.contains("and this?"));

    // a phone with one SIM does know
    let only = phone(&server.uri()).replace("username", "only_sim = \"1\"\nusername");
    world.at("2026-11-21 19:00").await;
    world.reload(&format!("{OFFICE}{only}")).await;
    writes(&world, "m3", Value::Null, ADA, "and now?").await;
    let reply = app.message();
    assert_eq!((&reply["simNumber"], &reply["phoneNumbers"]), (&json!(1), &json!([ADA])));
    app.quiet();
    world.at("2026-11-23 08:00").await;
    assert!(world.notice().message.contains("and now?"));
}

#[tokio::test]
async fn what_may_be_old_for_all_that_can_be_read_is_held_and_not_answered() {
    let app = App::default();
    let server = app.start().await;
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{}", phone(&server.uri()))).await;
    let now = world.app().clock().now();
    // the last is what the phone makes of a time that it does not know
    let times = [json!("yesterday at noon"), Value::Null, json!(now.timestamp()), json!("1970-01-01T00:00:00.000Z")];
    for (id, written) in ["m1", "m2", "m3", "m5"].into_iter().zip(times) {
        let mut payload = sms(id, 1, BEN, &format!("the question {id}"), now);
        payload["receivedAt"] = written;
        assert_eq!(posts(&world, &event(&format!("ev-{id}"), "sms:received", &payload)).await, 200);
    }
    app.quiet();
    let held = world.app().held().await.expect("a store");
    assert_eq!(held.len(), 4);
    for row in held {
        assert!(row.because.iter().any(|reason| reason == "it is not known when it was sent"), "{:?}", row.because);
    }
    // Android 5 and 6, west of Greenwich
    let mut payload = sms("m4", 1, BEN, "the question m4", now);
    payload["receivedAt"] = json!("2026-11-19T19:29:30.000+-6:00");
    assert_eq!(posts(&world, &event("ev-m4", "sms:received", &payload)).await, 200);
    assert_eq!(app.message()["phoneNumbers"], json!(["+50499990003"]));
    app.quiet();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    for id in ["m1", "m2", "m3", "m4", "m5"] {
        assert_eq!(digest.message.matches(&format!("the question {id}")).count(), 1, "{digest:?}");
    }
}

/// A picture's two deliveries by one sender; its text stands in the second.
fn picture(number: usize, sender: &str, at: DateTime<Utc>) -> (String, String) {
    let announced = json!({"messageId": format!("T{number}"), "sender": sender, "simNumber": 1, "transactionId": "T", "size": 34000, "receivedAt": at.to_rfc3339()});
    let later = (at + TimeDelta::seconds(20)).to_rfc3339();
    let fetched = json!({"messageId": number.to_string(), "sender": sender, "simNumber": 1, "body": format!("the roof, {number}"), "attachments": [], "receivedAt": later});
    let delivery = |name: &str, payload: &Value| event(&format!("ev-{number}-{name}"), name, payload);
    (delivery("mms:received", &announced), delivery("mms:downloaded", &fetched))
}

#[tokio::test]
async fn a_picture_is_told_once_though_the_service_starts_anew_between_its_deliveries() {
    let app = App::default();
    let server = app.start().await;
    let config = format!("{OFFICE}{}", phone(&server.uri()));
    let mut world = World::open("2026-11-19 19:30", &config).await;
    let now = world.app().clock().now();
    // in the evening: what the second one says joins the first
    let (announced, fetched) = picture(17, ADA, now);
    assert_eq!(posts(&world, &announced).await, 200);
    app.message();
    world.restart().await;
    assert_eq!(posts(&world, &fetched).await, 200);
    // and the phone has not heard that it was taken
    world.restart().await;
    for again in [&fetched, &announced] {
        assert_eq!(posts(&world, again).await, 200);
    }
    // another config makes the channel anew as well
    let (announced, fetched) = picture(18, MAX, now);
    assert_eq!(posts(&world, &announced).await, 200);
    app.message();
    world.reload(&config).await;
    assert_eq!(posts(&world, &fetched).await, 200);
    app.quiet();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert_eq!(world.app().store().counts().await.expect("a store").messages, 2);
    for words in ["the roof, 17", "the roof, 18"] {
        assert_eq!(digest.message.matches(words).count(), 1, "{words}: {digest:?}");
    }

    // by day nobody is told twice of one that says nothing
    let (announced, fetched) = picture(19, ADA, world.app().clock().now());
    assert_eq!(posts(&world, &announced).await, 200);
    world.notice();
    world.restart().await;
    assert_eq!(posts(&world, &fetched.replace("the roof, 19", "")).await, 200);
    world.quiet();
    app.quiet();
}

/// The second delivery of a picture as the app makes it when the phone has not written down everything yet.
fn hasty(number: usize, subject: &str, at: DateTime<Utc>) -> String {
    let latin: String = subject.bytes().map(char::from).collect();
    let payload = json!({"messageId": number.to_string(), "sender": "unknown", "phoneNumber": "unknown", "simNumber": 1, "recipient": "+50422220000", "subject": latin, "attachments": [], "receivedAt": at.to_rfc3339()});
    event(&format!("ev-{number}-hasty"), "mms:downloaded", &payload)
}

#[tokio::test]
async fn a_picture_that_is_fetched_from_nobody_is_of_whoever_it_was_announced_by() {
    let app = App::default();
    let server = app.start().await;
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{}", phone(&server.uri()))).await;
    let now = world.app().clock().now();
    let (announced, _) = picture(17, ADA, now);
    assert_eq!(posts(&world, &announced).await, 200);
    assert_eq!(app.message()["phoneNumbers"], json!([ADA]));
    assert_eq!(posts(&world, &hasty(17, "die Straße, こんにちは", now)).await, 200);
    // of Mum there is no trace, whatever the app leaves out
    let (announced, _) = picture(18, "9999-0002", now + TimeDelta::minutes(2));
    assert_eq!(posts(&world, &announced).await, 200);
    assert_eq!(posts(&world, &hasty(18, "the doctor says", now + TimeDelta::minutes(2))).await, 200);
    // and of whom nobody knows anything is told as such
    assert_eq!(posts(&world, &hasty(19, "who am I", now + TimeDelta::minutes(30))).await, 200);
    app.quiet();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert_eq!(world.app().store().counts().await.expect("a store").messages, 2);
    for words in ["die Straße, こんにちは", "who am I"] {
        assert_eq!(digest.message.matches(words).count(), 1, "{words}: {digest:?}");
    }
    assert!(!digest.message.contains("doctor"), "{digest:?}");

    // by day what comes later is told by itself, and of whom
    let (announced, _) = picture(20, ADA, world.app().clock().now());
    assert_eq!(posts(&world, &announced).await, 200);
    world.notice();
    assert_eq!(posts(&world, &hasty(20, "the gutter", world.app().clock().now())).await, 200);
    let notice = world.notice();
    assert!(
        format!("{} {}", notice.title, notice.message).contains("0124") && notice.message.contains("gutter"),
        "{notice:?}"
    );
}

#[tokio::test]
async fn a_store_that_is_put_back_by_hand_sends_what_is_new_and_nothing_twice() {
    let app = App::default();
    let server = app.start().await;
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{}", phone(&server.uri()))).await;
    writes(&world, "m1", 1, BEN, "are you open?").await;
    let first = app.message();
    world.app().store().ping().await.expect("a store");
    let copy = files(world.dir());
    writes(&world, "m2", 1, MAX, "and you?").await;
    let second = app.message();
    world.put_back(&copy).await;
    // what came since the copy comes once more: the phone knows the reply to it
    writes(&world, "m2", 1, MAX, "and you?").await;
    app.quiet();
    world.put_back(&copy).await;
    writes(&world, "m3", 1, ADA, "somebody else").await;
    let third = app.message();
    assert_eq!(third["phoneNumbers"], json!([ADA]));
    app.quiet();
    for reply in [&first, &second, &third] {
        assert!((1..=36).contains(&reply["id"].as_str().expect("an id").len()), "{reply}");
    }
    // what the phone says of a reply before is not said of the one that has its place
    let failed = json!({"messageId": second["id"], "recipient": MAX, "simNumber": 1, "reason": "Send result: RESULT_NO_MEMORY (…)"});
    assert_eq!(posts(&world, &event("ev-f", "sms:failed", &failed)).await, 200);
    world.quiet();
    let failed = json!({"messageId": third["id"], "recipient": ADA, "simNumber": 1, "reason": "Send result: RESULT_NO_MEMORY (…)"});
    assert_eq!(posts(&world, &event("ev-g", "sms:failed", &failed)).await, 200);
    assert!(world.notice().message.contains("RESULT_NO_MEMORY"));
}

#[tokio::test]
async fn a_phone_that_has_pinged_and_falls_silent_is_told_of_even_after_a_restart() {
    let app = App::default();
    let server = app.start().await;
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{}", phone(&server.uri()))).await;
    world.app().notice_silence().await;
    let ping = event("ev-1", "system:ping", &json!({"health": {"status": "pass"}}));
    assert_eq!(posts(&world, &ping).await, 200);
    world.restart().await;
    world.app().notice_silence().await;
    world.at("2026-11-19 21:00").await;
    assert_eq!(posts(&world, &ping).await, 200);
    world.at("2026-11-19 22:59").await;
    world.app().notice_silence().await;
    world.quiet();
    world.at("2026-11-19 23:00").await;
    world.app().notice_silence().await;
    outbox::settle_all(world.app()).await.expect("a store");
    let alert = world.notice();
    assert!(alert.message.contains("Nothing has come from channel phone since 2026-11-19 21:00"), "{alert:?}");
    // and where that is changed
    for words in ["`silent_after`", "[channel.phone]", "\"0s\""] {
        assert!(alert.message.contains(words), "{words}: {alert:?}");
    }
    world.app().notice_silence().await;
    outbox::settle_all(world.app()).await.expect("a store");
    world.quiet();
}

#[tokio::test]
async fn the_sims_of_another_phone_are_lines_of_their_own() {
    let app = App::default();
    let server = app.start().await;
    let own = phone(&server.uri()).replace("username", "device_id = \"dev2\"\nusername");
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{own}")).await;
    // neither answered as SIM 1 of the first phone nor dropped as its SIM 2: the owner has said nothing of this phone
    writes(&world, "m1", 1, BEN, "on the first").await;
    let alert = world.notice();
    assert!(alert.message.contains(r#"[channel.phone.line."dev1/1"]"#), "{alert:?}");
    assert!(!alert.message.contains("only_sim"), "that is said of the channel's own phone: {alert:?}");
    writes(&world, "m2", 2, MAX, "on the second").await;
    let alert = world.notice();
    assert!(alert.message.contains(r#"[channel.phone.line."dev1/2"]"#), "{alert:?}");
    app.quiet();
    let listed = format!(
        "{OFFICE}{own}[channel.phone.line.\"dev1/1\"]\nhours = \"office\"\n[channel.phone.line.\"dev1/2\"]\nprivate = true\n"
    );
    world.reload(&listed).await;
    writes(&world, "m3", 1, ADA, "and now?").await;
    assert_eq!(app.message()["deviceId"], "dev1");
    writes(&world, "m4", 2, MAX, "nobody hears this").await;
    app.quiet();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    for words in ["on the first", "on the second", "and now?"] {
        assert!(digest.message.contains(words), "{words}: {digest:?}");
    }
    assert!(!digest.message.contains("nobody hears"), "{digest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_has_the_phone_post_to_us() {
    let app = App::default();
    let server = app.start().await;
    let house = House::new();
    let public =
        house.config("127.0.0.1:0").replace("[listen]", "[listen]\npublic_url = \"https://hooks.example.org/\"");
    house.write(&format!("{public}{}", phone(&server.uri())));
    let (status, told, problems) = house.run(&["channels", "android-sms", "--register"]);
    assert_eq!(status.code(), Some(0), "{problems}");
    let line = "channel phone: sms:received is posted to https://hooks.example.org/in/phone (registered as \
                afterhours-phone-sms-received)\n";
    assert!(told.contains(line), "{told}");
    house.write(&format!("{public}{}", phone(&server.uri()).replace("hunter2", "hunter3")));
    let (status, _, problems) = house.run(&["channels", "android-sms", "--register"]);
    assert_eq!(status.code(), Some(1));
    let words = "channel phone is not set up: HTTP status 401; it does not accept the login: compare the keys of the channel \
                 with what the provider shows\n";
    assert!(problems.contains(words) && !problems.contains("hunter3"), "{problems}");

    // the trouble of one phone is none of the next
    let second = phone(&server.uri()).replace("[channel.phone", "[channel.second");
    house.write(&format!("{public}{}{second}", phone(&server.uri()).replace("hunter2", "hunter3")));
    let (status, told, problems) = house.run(&["channels", "android-sms", "--register"]);
    assert_eq!(status.code(), Some(1));
    assert!(problems.contains("channel phone is not set up") && !problems.contains("channel second"), "{problems}");
    assert!(told.contains("channel second: sms:received is posted to https://hooks.example.org/in/second"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_knows_at_once_that_the_phone_was_told() {
    let app = App::default();
    let server = app.start().await;
    let house = House::new();
    let public =
        house.config("127.0.0.1:0").replace("[listen]", "[listen]\npublic_url = \"https://hooks.example.org/\"");
    house.write(&format!("{public}{}", phone(&server.uri())));
    let running = Running::start(house.command(&["run"]));
    let status = || house.run(&["status"]).1;
    let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while !status().contains("channel phone: the phone is not told to post sms:received") {
        assert!(std::time::Instant::now() < until, "{}", status());
    }
    let (code, _, problems) = house.run(&["channels", "android-sms", "--register"]);
    assert_eq!(code.code(), Some(0), "{problems}");
    let shown = status();
    assert!(!shown.contains("the phone is not told") && shown.contains("kept "), "{shown}");
    // which is of no use to a service that has moved
    house.write(&format!("{}{}", public.replace("hooks.example", "moved.example"), phone(&server.uri())));
    running.signal("-HUP");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while !status().contains("channel phone: the phone is not told to post sms:received") {
        assert!(std::time::Instant::now() < until, "{}", status());
    }
    assert!(status().contains("to https://moved.example.org/in/phone:"), "{}", status());
}

#[tokio::test]
async fn what_is_signed_with_another_key_is_told_until_something_is_proven() {
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{}", phone("http://127.0.0.1:9"))).await;
    let body = event("ev-1", "app:started", &json!({}));
    let now = world.app().clock().now();
    let posts = async |of: &str, signature: bool| {
        let mut headers = http::HeaderMap::new();
        for (name, value) in signed(of, now) {
            if signature || name == "x-timestamp" {
                headers.insert(name, value.parse().expect("a header"));
            }
        }
        let delivery = Delivery { headers, query: String::new(), body: body.clone().into() };
        world.app().receive("phone", &delivery).await.status
    };
    let told = async || world.app().status().await.expect("a store").troubles;
    assert_eq!(posts(&body, false).await, 401);
    assert!(told().await.is_empty(), "whoever looks round on the net signs nothing");
    assert_eq!(posts("another", true).await, 401);
    let troubles = told().await;
    assert_eq!((troubles.len(), troubles[0].channel.as_str()), (1, "phone"));
    for words in ["signature does not match", "2026-11-19 19:30", "nothing was proven since"] {
        assert!(troubles[0].trouble.contains(words), "{words}: {troubles:?}");
    }
    assert_eq!(posts(&body, true).await, 200);
    assert!(told().await.is_empty());
    assert_eq!(posts("another", true).await, 401);
    world.reload(&format!("{OFFICE}{}", phone("http://127.0.0.1:9"))).await;
    assert!(world.app().status().await.expect("a store").troubles.is_empty(), "it may have been mended by that");
}

/// The fetched picture of so many bytes of base64.
fn large(bytes: usize, at: DateTime<Utc>) -> String {
    let attachment =
        json!({"partId": 1, "contentType": "image/jpeg", "name": "a.jpg", "size": bytes, "data": "A".repeat(bytes)});
    let fetched = json!({"messageId": "17", "sender": ADA, "simNumber": 1, "body": "see the roof", "attachments": [attachment], "receivedAt": at.to_rfc3339()});
    event("ev-large", "mms:downloaded", &fetched)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_may_be_larger_than_what_others_send() {
    const MEBIBYTE: usize = 1024 * 1024;
    let app = App::default();
    let server = app.start().await;
    let house = House::new();
    house.write(&format!("{}{}", house.config("127.0.0.1:0"), phone(&server.uri())));
    let from = "2026-11-24T20:00:00-06:00";
    let mut running = Running::start(house.command(&["run", "--clock-from", from]));
    let at = DateTime::parse_from_rfc3339(from).expect("an instant").to_utc();
    let post = |channel: &str, body: &str| {
        let [stamp, signature] = signed(body, at).map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!("POST /in/{channel} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{stamp}{signature}");
        let answer = http(&running.hooks, &format!("{head}content-length: {}\r\n\r\n{body}", body.len()));
        answer["HTTP/1.1 ".len()..][..3].to_owned()
    };
    let nine = large(9 * MEBIBYTE, at);
    assert_eq!(post("work", &nine), "413", "nobody else has that much to say");
    assert_eq!(post("phone", &nine), "200");
    let held = house.run(&["held"]).1;
    assert!(held.contains("see the roof"), "{held}");
    // there is an end to it, and the operator sees it
    let huge = "POST /in/phone HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 26000000\r\n\r\n";
    assert!(http(&running.hooks, huge).starts_with("HTTP/1.1 413"));
    let metrics = ask(&running.admin, "GET /metrics");
    assert!(metrics.contains(r#"afterhours_hooks_total{channel="phone",status="413"} 1"#), "{metrics}");
    running.signal("-TERM");
    running.end();
    assert!(
        running.log.contains("channel phone: webhook refused: the body is larger than 24576 KiB"),
        "{}",
        running.log
    );
}

// ------------------------------------------------------------------------------------------- the private SIM

const SECRET_SENDER: &str = "+15557770";
const SECRET_WORDS: &str = "the surgeon says it is benign";
const SECRET_IDS: [&str; 3] = ["priv-msg-", "priv-event-", "priv-mms-"];

/// The `index`th thing that happens on SIM 2: texts, batches, pictures, data, what is encrypted, and what the owner sends.
fn on_the_private_sim(index: usize, at: DateTime<Utc>) -> String {
    let sender = format!("{SECRET_SENDER}{index:04}");
    let text = format!("{SECRET_WORDS} {index}");
    let mut payload = sms(&format!("priv-msg-{index}"), 2, &sender, &text, at);
    let name = match index % 10 {
        0 => {
            payload = json!({"messages": [payload]});
            "sms:batch:received"
        }
        1 => {
            payload["subject"] = json!(text);
            payload["messageId"] = json!(format!("priv-mms-{index}"));
            "mms:received"
        }
        2 => {
            payload["body"] = json!(text);
            payload["attachments"] = json!([{"partId": 1, "name": text, "data": "AAEC"}]);
            "mms:downloaded"
        }
        3 => {
            payload["data"] = json!(text);
            "sms:data-received"
        }
        4 => {
            payload["isEncrypted"] = json!(true);
            "sms:received"
        }
        5 => {
            payload["reason"] = json!(format!("{text} {sender}"));
            payload["recipient"] = json!(sender);
            "sms:failed"
        }
        _ => "sms:received",
    };
    event(&format!("priv-event-{index}"), name, &payload)
}

/// The bytes of every file of the store.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let files =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.to_string_lossy().contains(".db"));
    let files: BTreeMap<_, _> = files
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            // a socket or a lock has nothing in it
            (name, std::fs::read(&path).unwrap_or_default())
        })
        .collect();
    assert!(files.len() >= 2, "the database and its log are there: {:?}", files.keys());
    files
}

/// What of the private SIM is in these bytes.
fn traces(bytes: &[u8]) -> Vec<String> {
    let needles = [SECRET_SENDER, "15557770", SECRET_WORDS, "surgeon"].into_iter().chain(SECRET_IDS);
    let holds = |needle: &&str| bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
    needles.filter(holds).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_thousand_messages_on_the_private_sim_change_no_byte_of_the_store() {
    let app = App::default();
    let server = app.start().await;
    let mut world = World::open("2026-11-19 19:30", &format!("{OFFICE}{}", phone(&server.uri()))).await;
    writes(&world, "m1", 1, BEN, "are you open?").await;
    app.message();
    world.app().store().ping().await.expect("a store");
    let before = files(world.dir());
    assert!(before.values().any(|bytes| bytes.windows(5).any(|window| window == b"phone")), "the work SIM is in there");
    for index in 0..1000 {
        let body = on_the_private_sim(index, world.app().clock().now());
        assert_eq!(posts(&world, &body).await, 200, "{body}");
    }
    world.app().store().ping().await.expect("a store");
    let after = files(world.dir());
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, bytes) in &after {
        assert_eq!(traces(bytes), [""; 0], "{name}");
        assert!(before[name] == *bytes, "{name} has changed: {} bytes, then {}", before[name].len(), bytes.len());
    }
    assert_eq!(world.app().store().counts().await.expect("a store").messages, 1);
    app.quiet();
    world.quiet();
    world.at("2026-11-20 08:00").await;
    let digest = world.notice();
    assert!(digest.message.contains("are you open?") && !digest.message.contains("surgeon"), "{digest:?}");
    app.quiet();
}

/// The program as it is shipped, with everything logged that it can log.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_messages_on_the_private_sim_leave_no_trace_in_files_log_and_metrics() {
    let app = App::default();
    let server = app.start().await;
    let house = House::new();
    let url = server.uri();
    house.write(&format!("{}{}", house.config("127.0.0.1:0"), phone(&url)));
    // a Tuesday evening in Tegucigalpa
    let from = "2026-11-24T20:00:00-06:00";
    let mut command = house.command(&["run", "--clock-from", from]);
    command.env("AFTERHOURS_LOG", "trace");
    let mut running = Running::start(command);
    let at = DateTime::parse_from_rfc3339(from).expect("an instant").to_utc();
    let post = |body: &str, proof: [(&'static str, String); 2]| {
        let [stamp, signature] = proof.map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = "POST /in/phone HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";
        let answer =
            http(&running.hooks, &format!("{head}{stamp}{signature}content-length: {}\r\n\r\n{body}", body.len()));
        answer["HTTP/1.1 ".len()..][..3].to_owned()
    };
    let work = event("work-event", "sms:received", &sms("work-msg", 1, "+14155550123", "are you open?", at));
    assert_eq!(post(&work, signed(&work, at)), "200");
    for index in 0..1000 {
        let body = on_the_private_sim(index, at);
        assert_eq!(post(&body, signed(&body, at)), "200", "{body}");
        // what is refused says nothing of it either
        if index % 100 == 7 {
            assert_eq!(post(&body, signed("another", at)), "401");
            let odd = body.replace("\"payload\":{", "\"payload\":[{").replace("}}", "}]}");
            assert_eq!(post(&odd, signed(&odd, at)), "400", "{odd}");
        }
    }
    let metrics = ask(&running.admin, "GET /metrics");
    assert!(metrics.contains("afterhours_messages 1\n"), "{metrics}");
    assert!(metrics.contains(r#"afterhours_hooks_total{channel="phone",status="200"} 1001"#), "{metrics}");
    assert_eq!(traces(metrics.as_bytes()), [""; 0]);
    for page in ["GET /api/v1/held", "GET /api/v1/status", "GET /readyz"] {
        assert_eq!(traces(ask(&running.admin, page).as_bytes()), [""; 0], "{page}");
    }
    for (name, bytes) in files(house.path("afterhours.toml").parent().expect("a folder")) {
        assert_eq!(traces(&bytes), [""; 0], "{name}");
    }
    running.signal("-TERM");
    assert_eq!(running.end().code(), Some(0), "{}", running.log);
    assert_eq!(traces(running.log.as_bytes()), [""; 0], "{}", running.log);
    assert!(running.log.contains("channel phone: webhook refused"), "{}", running.log);
    for (name, bytes) in files(house.path("afterhours.toml").parent().expect("a folder")) {
        assert_eq!(traces(&bytes), [""; 0], "{name}");
    }
    app.message();
    app.quiet();
}
