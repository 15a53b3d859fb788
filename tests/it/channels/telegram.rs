//! What is Telegram's own.

use std::collections::BTreeSet;

use afterhours::channel::telegram::{Mode, Telegram};
use afterhours::channel::{Channel, Delivery, Refused};
use afterhours::config::Secret;
use afterhours::message::{Audience, Event, Nature, Personal};
use afterhours::outbound::{Reason, SendError, SendKey};
use chrono::TimeDelta;
use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::kinds::{MADE, delivery, headers, telegram};
use super::{KEY, TEXT, deliveries, events, first_message};
use crate::provider::{self, answering, outbound, shown};

const TOKEN: &str = "999:AAtoken_0123456789abcdefghijklmn";

fn ok(result: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"ok": true, "result": result}))
}

/// A method of the Bot API, as the bot's token reaches it.
fn method(name: &str) -> wiremock::matchers::PathExactMatcher {
    path(format!("/bot{TOKEN}/{name}"))
}

async fn bodies(server: &MockServer) -> Vec<(String, Value)> {
    let read = |request: &Request| {
        let name = request.url.path().rsplit('/').next().expect("a name").to_owned();
        (name, serde_json::from_slice(&request.body).expect("JSON"))
    };
    server.received_requests().await.expect("recording is on").iter().map(read).collect()
}

fn text_update(number: i64, message: i64, connection: Option<&str>) -> Value {
    let mut body = json!({"message_id": message, "from": {"id": 5_550_101, "first_name": "Pat"}, "date": 1_763_942_581,
        "chat": {"id": 5_550_101, "type": "private"}, "text": "open today?"});
    match connection {
        Some(connection) => {
            body["business_connection_id"] = connection.into();
            json!({"update_id": number, "business_message": body})
        }
        None => json!({"update_id": number, "message": body}),
    }
}

#[test]
fn it_agrees_with_the_normal_form_of_the_vectors() {
    let vectors = provider::json(&provider::fixtures("vectors/inbound_telegram.json")).expect("vectors");
    let channel = telegram("http://127.0.0.1", Mode::Webhook);
    let made = MADE.iter().find(|made| made.kind == "telegram").expect("made");
    let mut kinds = BTreeSet::new();
    for case in vectors["fixtures"].as_array().expect("cases") {
        let body = case["body"].as_str().expect("a body").as_bytes();
        let events = events(&channel, &delivery((made.sign)(body), body));
        let [event] = &events[..] else { panic!("{}: {events:?}", case["name"]) };
        let (kind, sender) = match event {
            Event::Message(message) => {
                let kind = match (message.nature, message.audience) {
                    (Nature::Message, Audience::Direct) => "client_message",
                    (Nature::Message, Audience::Group) => "group_message",
                    (Nature::Edit, _) => "client_edit",
                    (Nature::Deletion, _) => "client_delete",
                    (Nature::System, _) => "lifecycle",
                    (nature, _) => panic!("{nature:?}"),
                };
                if let Some(text) = case["expect"]["text"].as_str() {
                    assert_eq!(message.text.as_str(), text, "{}", case["name"]);
                }
                (kind, message.from[0].as_str().to_owned())
            }
            Event::OwnerWrote { automatic: true, .. } => ("owner_auto", "telegram:owner".to_owned()),
            Event::OwnerWrote { .. } => ("owner_message", "telegram:owner".to_owned()),
            Event::Receipt { .. } => ("own_echo", "telegram:self".to_owned()),
            Event::Note { .. } => ("lifecycle", String::new()),
            Event::Rings(_) | Event::Stranger { .. } => panic!("nobody rings, and no stranger connects"),
        };
        assert_eq!(case["expect"]["kind"], kind, "{}", case["name"]);
        if let Some(expected) = case["expect"]["sender"].as_str() {
            assert_eq!(sender, format!("telegram:{expected}"), "{}", case["name"]);
        }
        kinds.insert(kind);
    }
    assert_eq!(kinds.len(), 8, "{kinds:?}");
}

#[test]
fn without_a_secret_nothing_that_is_posted_is_believed() {
    let api_base = "http://127.0.0.1".parse().expect("a URL");
    let channel = Telegram::new(Secret::new(TOKEN), None, Mode::Poll, api_base, None);
    for secret in ["", "x"] {
        let posted = delivery(headers(&[("x-telegram-bot-api-secret-token", secret)]), b"{\"update_id\":1}");
        assert_eq!(channel.verify(&posted, provider::now()).err(), Some(Refused::Wrong), "{secret:?}");
    }
}

#[test]
fn a_bot_that_asks_still_believes_whoever_knows_the_secret() {
    let channel = telegram("http://127.0.0.1", Mode::Poll);
    let (_, posted) = deliveries("telegram").into_iter().find(|(name, _)| name == "text").expect("a text");
    assert!(channel.polls() && channel.verify(&posted, provider::now()).is_ok());
}

#[test]
fn the_window_of_a_day_holds_in_the_owners_own_chats() {
    let channel = telegram("http://127.0.0.1", Mode::Webhook);
    let sent = provider::now();
    for (name, window) in [("text", None), ("business", Some(sent + TimeDelta::hours(24) - TimeDelta::minutes(1)))] {
        let (_, delivery) = deliveries("telegram").into_iter().find(|(known, _)| known == name).expect("a fixture");
        let to = first_message(&events(&channel, &delivery)).reply_to.clone();
        assert_eq!(channel.reply_window(&to, sent), window, "{name}");
    }
    assert!(!channel.repeats_harmlessly() && channel.own_line().is_none());
}

#[tokio::test]
async fn what_comes_back_of_a_reply_has_its_id() {
    let made = MADE.iter().find(|made| made.kind == "telegram").expect("made");
    let proven = made.proven.replace("\"message_id\":12", "\"message_id\":11");
    let server = answering(200, &[], &proven).await;
    let channel = telegram(&server.uri(), Mode::Webhook);
    let of = |name: &str| {
        let (_, delivery) = deliveries("telegram").into_iter().find(|(known, _)| known == name).expect("a fixture");
        events(&channel, &delivery)
    };
    let asked = of("business");
    let to = &first_message(&asked).reply_to;
    let sent = channel.reply(&outbound(), to, TEXT, &SendKey(KEY.into())).await.expect("sent");
    let echo = of("business_own_echo");
    let [Event::Receipt { provider_id, .. }] = &echo[..] else { panic!("{echo:?}") };
    assert_eq!(sent.id.as_deref(), Some(provider_id.as_str()));
}

#[tokio::test]
async fn asking_confirms_what_is_stored_and_nothing_else() {
    let server = MockServer::start().await;
    Mock::given(method("getUpdates"))
        .respond_with(ok(&json!([text_update(700, 11, None), text_update(701, 12, Some("bc1"))])))
        .mount(&server)
        .await;
    let channel = telegram(&server.uri(), Mode::Poll);
    assert_eq!(channel.fetch(&outbound()).await.expect("told").len(), 2);
    // it was not stored: the same is asked for again
    assert_eq!(channel.fetch(&outbound()).await.expect("told").len(), 2);
    channel.taken();
    channel.fetch(&outbound()).await.expect("told");
    let asked = bodies(&server).await;
    let offsets: Vec<_> = asked.iter().map(|(_, body)| body.get("offset").and_then(Value::as_i64)).collect();
    assert_eq!(offsets, [None, None, Some(702)]);
    let wait = asked[0].1["timeout"].as_u64().expect("a long poll");
    assert!((1..=10).contains(&wait), "an answer comes within the patience of the client");
    assert!(asked[0].1["allowed_updates"].as_array().expect("a list").contains(&json!("business_message")));
}

#[tokio::test]
async fn what_is_too_long_to_be_told_at_once_is_told_one_by_one() {
    let server = MockServer::start().await;
    let mut long = text_update(700, 11, None);
    long["message"]["quote"] = "x".repeat(2 * 1024 * 1024).into();
    let next = text_update(701, 12, None);
    let limit = |limit: u32| body_partial_json(json!({"limit": limit}));
    let all = ok(&json!([long, long]));
    Mock::given(method("getUpdates")).and(limit(50)).respond_with(all).up_to_n_times(1).mount(&server).await;
    let one = ok(&json!([long]));
    Mock::given(method("getUpdates")).and(limit(1)).respond_with(one).up_to_n_times(1).mount(&server).await;
    Mock::given(method("getUpdates")).and(limit(50)).respond_with(ok(&json!([next]))).mount(&server).await;
    let channel = telegram(&server.uri(), Mode::Poll);
    assert!(channel.fetch(&outbound()).await.is_err(), "it cannot be read");
    for _ in 0..2 {
        assert_eq!(channel.fetch(&outbound()).await.expect("told").len(), 1);
        channel.taken();
    }
    let asked = bodies(&server).await;
    let asked: Vec<_> = asked.iter().map(|(_, body)| (body["limit"].as_u64(), body["offset"].as_i64())).collect();
    assert_eq!(asked, [(Some(50), None), (Some(1), None), (Some(50), Some(701))]);
}

#[tokio::test]
async fn a_connection_that_cannot_be_asked_about_keeps_no_other_from_being() {
    let server = MockServer::start().await;
    let of = |id: &str| body_partial_json(json!({"business_connection_id": id}));
    let broken = ResponseTemplate::new(500);
    Mock::given(method("getBusinessConnection")).and(of("aa1")).respond_with(broken).mount(&server).await;
    let told = json!({"id": "bc9", "user": {"id": 909}, "is_enabled": true, "rights": {"can_reply": true}});
    Mock::given(method("getBusinessConnection")).and(of("bc9")).respond_with(ok(&told)).mount(&server).await;
    let updates = json!([text_update(700, 11, Some("aa1")), text_update(701, 12, Some("bc9"))]);
    Mock::given(method("getUpdates")).respond_with(ok(&updates)).mount(&server).await;
    let events = telegram(&server.uri(), Mode::Poll).fetch(&outbound()).await.expect("told");
    let lines: Vec<_> = events
        .iter()
        .filter_map(|event| if let Event::Message(message) = event { message.line.as_deref() } else { None })
        .collect();
    assert_eq!(lines, ["aa1", "909"]);
}

#[tokio::test]
async fn what_a_connection_is_is_learned_from_what_comes_before_it_or_else_asked() {
    let server = MockServer::start().await;
    let connection = |id: &str, account: i64| {
        json!({"id": id, "user": {"id": account}, "user_chat_id": account, "date": 1, "is_enabled": true,
            "rights": {"can_reply": true}})
    };
    let made = json!({"update_id": 700, "business_connection": connection("bc7", 777)});
    let updates = json!([made, text_update(701, 11, Some("bc7")), text_update(702, 12, Some("bc8"))]);
    Mock::given(method("getUpdates")).respond_with(ok(&updates)).mount(&server).await;
    Mock::given(method("getBusinessConnection"))
        .and(body_partial_json(json!({"business_connection_id": "bc8"})))
        .respond_with(ok(&connection("bc8", 888)))
        .expect(1)
        .mount(&server)
        .await;
    let channel = telegram(&server.uri(), Mode::Poll);
    let events = channel.fetch(&outbound()).await.expect("told");
    let lines: Vec<_> = events
        .iter()
        .filter_map(|event| if let Event::Message(message) = event { message.line.as_deref() } else { None })
        .collect();
    assert_eq!(lines, ["777", "888"]);
    let notes: BTreeSet<_> = events
        .iter()
        .filter_map(|event| if let Event::Note { key, .. } = event { Some(&**key) } else { None })
        .collect();
    assert_eq!(notes, BTreeSet::from(["bc7", "bc8"]), "they are known after a restart");
    for event in &events {
        if let Event::Note { key, value } = event {
            channel.note(key, value.as_str());
        }
    }
    let again = channel.fetch(&outbound()).await.expect("told");
    assert_eq!(again.len(), 3, "noted once; told again only by Telegram itself");
}

#[tokio::test]
async fn a_connection_that_nobody_told_of_is_asked_about_before_its_message_is_read() {
    let server = MockServer::start().await;
    Mock::given(method("getWebhookInfo"))
        .respond_with(ok(&json!({"url": "https://hooks.example.org/in/work", "pending_update_count": 0})))
        .mount(&server)
        .await;
    let told = json!({"id": "bc9", "user": {"id": 909}, "is_enabled": true, "rights": {"can_reply": true}});
    Mock::given(method("getBusinessConnection")).respond_with(ok(&told)).expect(1).mount(&server).await;
    let channel = telegram(&server.uri(), Mode::Webhook);
    let (_, delivery) =
        deliveries("telegram").into_iter().find(|(name, _)| name == "business_unknown_connection").expect("a fixture");
    let unknown = events(&channel, &delivery);
    let unknown = first_message(&unknown);
    assert!(unknown.line.as_deref() == Some("bc9") && unknown.hints.unanswerable);
    // whoever cannot prove to be Telegram causes no request
    let forged = Delivery { headers: http::HeaderMap::new(), ..delivery.clone() };
    channel.inquire(&outbound(), &forged, provider::now()).await;
    assert!(server.received_requests().await.expect("recorded").is_empty());
    channel.inquire(&outbound(), &delivery, provider::now()).await;
    let now = events(&channel, &delivery);
    assert!(!first_message(&now).hints.unanswerable);
    assert_eq!(first_message(&now).line.as_deref(), Some("909"));
    assert!(matches!(&now[0], Event::Note { key, .. } if key == "bc9"), "{now:?}");
    channel.inspect(&outbound()).await.expect("told");
}

#[tokio::test]
async fn whoever_is_not_alone_is_told_so() {
    let body = r#"{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}"#;
    let server = answering(409, &[], body).await;
    let channel = telegram(&server.uri(), Mode::Poll);
    let error = channel.fetch(&outbound()).await.expect_err("another program");
    assert!(matches!(&error, SendError::Down { reason: Reason::Taken }), "{error}");
    assert!(error.to_string().starts_with("another program or a webhook gets it instead"), "{error}");
    server.reset().await;
    Mock::given(method("getWebhookInfo")).respond_with(ok(&json!({"url": ""}))).mount(&server).await;
    let troubles = channel.inspect(&outbound()).await.expect("told");
    assert!(troubles[0].starts_with("another program asks Telegram for this bot's messages"), "{troubles:?}");
}

#[tokio::test]
async fn no_error_of_any_method_shows_the_token() {
    let answers = [
        (401, r#"{"ok":false,"error_code":401,"description":"Unauthorized: 999:AAtoken"}"#),
        (500, "bot999:AAtoken"),
        (302, ""),
        (200, "{}"),
    ];
    for (status, body) in answers {
        let server = answering(status, &[], body).await;
        let bases = [server.uri(), provider::broken(provider::Broken::Refused).await];
        for base in bases {
            let channel = telegram(&base, Mode::Poll);
            let address = "https://hooks.example.org/in/work".parse().expect("a URL");
            let errors = [
                channel.fetch(&outbound()).await.err(),
                channel.inspect(&outbound()).await.err(),
                channel.register(&outbound(), &address).await.expect("it can").err().map(|refused| refused.error),
            ];
            for error in errors {
                let error = error.expect("an error");
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains("AAtoken") && !shown.contains("127.0.0.1"), "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn registering_says_what_it_did() {
    let address = "https://hooks.example.org/in/work".parse().expect("a URL");
    for (mode, business, expected) in [
        (
            Mode::Webhook,
            true,
            [
                "Telegram posts to https://hooks.example.org/in/work from now on, with the secret token",
                "the bot @ah_bot can be connected to accounts with Telegram Business",
            ],
        ),
        (
            Mode::Poll,
            false,
            [
                "no webhook is set any more: afterhours asks Telegram for messages while it runs",
                "the bot @ah_bot cannot answer in the chats of an account: for that turn on Business Mode in @BotFather, \
                 /mybots > the bot > Bot Settings",
            ],
        ),
    ] {
        let server = MockServer::start().await;
        let me = json!({"id": 999, "is_bot": true, "username": "ah_bot", "can_connect_to_business": business});
        Mock::given(method("getMe")).respond_with(ok(&me)).mount(&server).await;
        Mock::given(wiremock::matchers::any()).respond_with(ok(&json!(true))).mount(&server).await;
        let done = telegram(&server.uri(), mode).register(&outbound(), &address).await.expect("it can").expect("done");
        assert_eq!(done, expected);
        let (name, body) = bodies(&server).await.pop().expect("a request");
        if mode == Mode::Poll {
            assert_eq!((name.as_str(), body), ("deleteWebhook", json!({"drop_pending_updates": false})));
            continue;
        }
        assert_eq!(name, "setWebhook");
        assert_eq!(body["url"], "https://hooks.example.org/in/work");
        assert_eq!(body["secret_token"], "tg-secret_0123456789");
        assert_eq!(body["drop_pending_updates"], false);
        let asked: Vec<_> = body["allowed_updates"].as_array().expect("a list").iter().map(|it| it.as_str()).collect();
        for kind in
            ["message", "business_connection", "business_message", "deleted_business_messages", "my_chat_member"]
        {
            assert!(asked.contains(&Some(kind)), "{kind}");
        }
    }
}

#[tokio::test]
async fn status_is_told_of_a_wrong_webhook_and_of_connections_that_cannot_answer() {
    let info = json!({"url": "https://elsewhere.example.org/", "pending_update_count": 2});
    let server = MockServer::start().await;
    Mock::given(method("getWebhookInfo")).respond_with(ok(&info)).mount(&server).await;
    let troubles = telegram(&server.uri(), Mode::Webhook).inspect(&outbound()).await.expect("told");
    let begins =
        ["Telegram posts to another address", "the bot may not reply for account 333", "account 444 is not connected"];
    assert_eq!(troubles.len(), begins.len(), "{troubles:?}");
    for (trouble, begins) in troubles.iter().zip(begins) {
        assert!(trouble.starts_with(begins), "{trouble}");
    }
}

#[tokio::test]
async fn a_reply_is_not_sent_where_telegram_would_count_it_too_long() {
    let server = answering(200, &[], "{}").await;
    let channel = telegram(&server.uri(), Mode::Webhook);
    let longest = "🙂".repeat(channel.longest_reply());
    assert!(longest.encode_utf16().count() <= 4096);
    let outcome = channel.reply(&outbound(), &Personal::new("{}"), &longest, &SendKey(KEY.into())).await;
    assert_eq!(shown(&outcome), "refused, text or address not sendable there");
}
