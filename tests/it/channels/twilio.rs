//! What is Twilio's own: its signature in all its forms, its calls as conversations, its list of messages.

use std::sync::Arc;

use afterhours::channel::twilio::Options;
use afterhours::channel::{Channel, Delivery, Refused};
use afterhours::config::Secret;
use afterhours::message::Personal;
use afterhours::outbound::SendKey;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::TimeDelta;
use ring::{digest, hmac};
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::kinds::{TWILIO_TOKEN, delivery, headers, twilio};
use super::{KEY, TEXT};
use crate::provider::{self, answering, only_request, outbound, shown};

/// What the config says otherwise.
pub type Change = fn(&mut Options);

/// Names and values of a form.
pub type Fields<'f> = &'f [(&'f str, &'f str)];

const PATH: &str = "/2010-04-01/Accounts/AC00000000000000000000000000000001";

/// A form as Twilio posts it.
pub fn form(pairs: Fields<'_>) -> Vec<u8> {
    let mut url: reqwest::Url = "http://localhost/".parse().expect("a URL");
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().as_bytes().to_vec()
}

/// At that address (without query and fragment), with that token, and a shared key of the same secret.
pub fn at(address: &str, token: &str) -> Arc<dyn Channel> {
    let (address, token) = (address.parse().expect("a URL"), Secret::new(token));
    Arc::new(afterhours::channel::twilio::Twilio::new(Options {
        account_sid: "AC00000000000000000000000000000001".into(),
        auth_tokens: vec![token.clone()],
        shared_key: Some(("webhooks_sharedkey_x".into(), token)),
        api_base: "http://127.0.0.1".parse().expect("a URL"),
        address,
        messaging_service_sid: None,
        ask_before_reply: false,
        dial: None,
        voicemail: false,
        transcribe: false,
        validity: 600,
    }))
}

#[test]
fn published_and_computed_signatures_are_judged_as_they_are_told_to_be() {
    let vectors = provider::json(&provider::fixtures("vectors/twilio_signature.json")).expect("vectors");
    let cases = vectors["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 11);
    for case in cases {
        let text = |key: &str| case[key].as_str().unwrap_or_default();
        let (address, query) = text("url").split_once('?').expect("a query");
        let channel = at(address, text("auth_token"));
        let mut all = vec![("x-twilio-signature", text("signature"))];
        let body = match case["params"].as_array() {
            Some(params) => {
                all.push(("content-type", "application/x-www-form-urlencoded"));
                let pair =
                    |pair: &Value| (pair[0].as_str().expect("a name").into(), pair[1].as_str().expect("text").into());
                let pairs: Vec<(String, String)> = params.iter().map(pair).collect();
                form(&pairs.iter().map(|(name, value)| (&**name, &**value)).collect::<Vec<_>>())
            }
            None => text("body").as_bytes().to_vec(),
        };
        if text("algorithm") == "HMAC_SHA256" {
            let settings = "key=webhooks_sharedkey_x,algorithm=HMAC_SHA256";
            all.push(("x-twilio-webhooks-signature-settings", settings));
        }
        let delivery = Delivery { query: query.to_owned(), ..delivery(headers(&all), &body) };
        let accepted = channel.verify(&delivery, provider::now()).is_ok();
        assert_eq!(accepted, case["valid"].as_bool().expect("a verdict"), "{}", case["name"]);
    }
}

/// `X-Twilio-Signature` of a text.
pub fn tag(algorithm: hmac::Algorithm, token: &str, signed: &str) -> String {
    BASE64_STANDARD.encode(hmac::sign(&hmac::Key::new(algorithm, token.as_bytes()), signed.as_bytes()))
}

const SHA1: hmac::Algorithm = hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY;
const HERE: &str = "https://hooks.example.org/in/phone";

#[test]
fn each_way_of_signing_has_its_own_key() {
    let both: Change = |options| {
        options.auth_tokens = ["first", "second"].map(Secret::new).to_vec();
        options.shared_key = Some(("webhooks_sharedkey_1".into(), Secret::new("shared")));
    };
    let neither: Change = |_| {};
    let signed = format!("{HERE}BodyhiFrom");
    let sha256 = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256";
    let cases = [
        ("the token", both, SHA1, "first", None, Ok(())),
        ("the next token", both, SHA1, "second", None, Ok(())),
        ("no token of ours", both, SHA1, "third", None, Err(Refused::Wrong)),
        ("the shared key's secret is no token", both, SHA1, "shared", None, Err(Refused::Wrong)),
        ("the shared key", both, hmac::HMAC_SHA256, "shared", Some(sha256), Ok(())),
        ("a token is no shared key", both, hmac::HMAC_SHA256, "first", Some(sha256), Err(Refused::Wrong)),
        (
            "another shared key",
            both,
            hmac::HMAC_SHA256,
            "shared",
            Some("key=webhooks_sharedkey_2,algorithm=HMAC_SHA256"),
            Err(Refused::Wrong),
        ),
        (
            "no shared key is named",
            both,
            hmac::HMAC_SHA256,
            "shared",
            Some("algorithm=HMAC_SHA256"),
            Err(Refused::Wrong),
        ),
        ("there is no shared key", neither, hmac::HMAC_SHA256, TWILIO_TOKEN, Some(sha256), Err(Refused::Wrong)),
        (
            "spaces and case",
            both,
            hmac::HMAC_SHA256,
            "shared",
            Some(" key = webhooks_sharedkey_1 , algorithm = hmac_sha256"),
            Ok(()),
        ),
        ("said to be SHA-1", both, SHA1, "first", Some("algorithm=HMAC_SHA1"), Ok(())),
        ("no algorithm", both, SHA1, "first", Some("key=webhooks_sharedkey_1"), Ok(())),
        ("nothing", both, SHA1, "first", Some(""), Ok(())),
        (
            "unheard of",
            both,
            hmac::HMAC_SHA512,
            "shared",
            Some("key=webhooks_sharedkey_1,algorithm=HMAC_SHA512"),
            Err(Refused::Unreadable),
        ),
        ("none", both, SHA1, "first", Some("algorithm=none"), Err(Refused::Unreadable)),
    ];
    for (what, change, algorithm, secret, settings, expected) in cases {
        let channel = twilio("http://127.0.0.1", change);
        let tag = tag(algorithm, secret, &signed);
        let mut all = vec![("x-twilio-signature", &*tag)];
        all.extend(settings.map(|settings| ("x-twilio-webhooks-signature-settings", settings)));
        let outcome = channel.verify(&delivery(headers(&all), b"From=&Body=hi"), provider::now()).map(|_| ());
        assert_eq!(outcome, expected, "{what}");
    }
}

#[test]
fn a_body_that_is_no_form_is_named_by_the_signed_query() {
    let body = br#"{"AccountSid":"AC00000000000000000000000000000001"}"#;
    let hex = digest::digest(&digest::SHA256, body)
        .as_ref()
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let good = format!("a=b%20c&bodySHA256={hex}");
    let other = format!("a=b%20c&bodySHA256={}", "0".repeat(64));
    let json = "application/json";
    let cases = [
        ("as it should be", &good, &good, json, &body[..], Ok(())),
        ("another body", &good, &good, json, b"{}", Err(Refused::Wrong)),
        ("another digest", &other, &good, json, body, Err(Refused::Wrong)),
        ("another digest, signed", &other, &other, json, body, Err(Refused::Wrong)),
        ("signed as a form", &good, &good, "application/x-www-form-urlencoded", body, Err(Refused::Wrong)),
    ];
    let channel = twilio("http://127.0.0.1", |_| {});
    for (what, query, signed, kind, body, expected) in cases {
        let tag = tag(SHA1, TWILIO_TOKEN, &format!("{HERE}?{signed}"));
        let headers = headers(&[("content-type", kind), ("x-twilio-signature", &tag)]);
        let delivery = Delivery { query: query.clone(), ..delivery(headers, body) };
        assert_eq!(channel.verify(&delivery, provider::now()).map(|_| ()), expected, "{what}");
    }
}

#[test]
fn a_signature_holds_for_its_address_alone() {
    let body = form(&[("AccountSid", "AC1"), ("Body", "hi")]);
    let signed =
        |url: &str| headers(&[("x-twilio-signature", &tag(SHA1, TWILIO_TOKEN, &format!("{url}AccountSidAC1Bodyhi")))]);
    let cases = [
        ("https://hooks.example.org/in/phone", "", true),
        ("https://hooks.example.org:443/in/phone", "", true),
        ("https://hooks.example.org:8443/in/phone", "", false),
        ("https://hooks.example.org:80/in/phone", "", false),
        ("http://hooks.example.org/in/phone", "", false),
        ("https://hooks.example.org/in/other", "", false),
        ("https://evil.example.org/in/phone", "", false),
        ("https://hooks.example.org/in/phone?step=recorded", "step=recorded", true),
        ("https://hooks.example.org/in/phone?step=recorded", "step=dialled", false),
        ("https://hooks.example.org/in/phone?step=recorded", "", false),
        ("https://hooks.example.org/in/phone", "key=ab12-7", false),
    ];
    let channel = twilio("http://127.0.0.1", |_| {});
    for (url, query, accepted) in cases {
        let delivery = Delivery { query: query.to_owned(), ..delivery(signed(url), &body) };
        assert_eq!(channel.verify(&delivery, provider::now()).is_ok(), accepted, "{url} {query}");
    }
}

#[test]
fn a_reply_on_whatsapp_goes_within_a_day_and_one_by_sms_at_any_time() {
    let channel = twilio("http://127.0.0.1", |_| {});
    let sent = provider::now();
    let window = |line: &str| {
        let to = json!({"from": line, "to": "+15550100101"}).to_string();
        channel.reply_window(&Personal::new(to), sent)
    };
    assert_eq!(window("whatsapp:+15550100001"), Some(sent + TimeDelta::hours(24) - TimeDelta::minutes(1)));
    assert_eq!(window("+15550100001"), None);
    assert!(channel.repeats_harmlessly());
    assert_eq!(channel.own_line(), None);
}

fn address(extra: &Value) -> Personal {
    let mut address = json!({"from": "+15550100001", "to": "+15550100101"});
    address.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
    Personal::new(address.to_string())
}

#[tokio::test]
async fn a_reply_leaves_from_the_line_that_received_by_the_service_that_the_line_is_in() {
    let service: Change = |options| options.messaging_service_sid = Some("MG1".into());
    let cases = [
        (json!({}), Value::Null, json!("+15550100001")),
        (json!({"in_service": true}), json!("MG1"), json!("+15550100001")),
        (json!({"from": "whatsapp:+15550100001"}), Value::Null, json!("whatsapp:+15550100001")),
    ];
    for (extra, by, from) in cases {
        let server = answering(201, &[], r#"{"sid":"SM1"}"#).await;
        let channel = twilio(&server.uri(), service);
        let sent = channel.reply(&outbound(), &address(&extra), TEXT, &SendKey(KEY.into())).await;
        assert_eq!(shown(&sent), "done SM1");
        let body = provider::body(&only_request(&server).await);
        assert_eq!((&body["MessagingServiceSid"], &body["From"]), (&by, &from), "{extra}");
    }
}

#[tokio::test]
async fn a_token_that_was_replaced_gives_way_to_the_next_one() {
    let server = MockServer::start().await;
    let basic = |token: &str| {
        let login = format!("AC00000000000000000000000000000001:{token}");
        format!("Basic {}", BASE64_STANDARD.encode(login))
    };
    let refusal = ResponseTemplate::new(401).set_body_json(json!({"code": 20003, "status": 401}));
    let created = ResponseTemplate::new(201).set_body_json(json!({"sid": "SM1"}));
    Mock::given(header("authorization", &*basic("first"))).respond_with(refusal.clone()).mount(&server).await;
    Mock::given(header("authorization", &*basic("second"))).respond_with(created).mount(&server).await;
    Mock::given(header("authorization", &*basic("third"))).respond_with(refusal).mount(&server).await;
    let outbound = outbound();
    let tries: [(Change, [&str; 2]); 2] = [
        (
            |options| options.auth_tokens = ["first", "second"].map(Secret::new).to_vec(),
            ["retry, provider's error 20003", "done SM1"],
        ),
        (
            |options| options.auth_tokens = ["first", "third"].map(Secret::new).to_vec(),
            ["retry, provider's error 20003", "down, provider's error 20003"],
        ),
    ];
    for (change, expected) in tries {
        let channel = twilio(&server.uri(), change);
        for expected in expected {
            let outcome = channel.reply(&outbound, &address(&json!({})), TEXT, &SendKey(KEY.into())).await;
            assert_eq!(shown(&outcome), expected);
        }
    }
}

#[tokio::test]
async fn replies_that_are_on_their_way_while_a_token_is_replaced_all_go_by_the_next_one() {
    let server = MockServer::start().await;
    let refusal = ResponseTemplate::new(401).set_body_json(json!({"code": 20003, "status": 401}));
    let slowly = refusal.set_delay(std::time::Duration::from_millis(300));
    Mock::given(method("POST")).respond_with(slowly).mount(&server).await;
    let channel = twilio(&server.uri(), |options| options.auth_tokens = ["first", "second"].map(Secret::new).to_vec());
    let (outbound, to, key) = (outbound(), address(&json!({})), SendKey(KEY.into()));
    let reply = || channel.reply(&outbound, &to, TEXT, &key);
    let (one, other) = tokio::join!(reply(), reply());
    assert_eq!([shown(&one), shown(&other)], ["retry, provider's error 20003"; 2]);
    assert_eq!(shown(&reply().await), "down, provider's error 20003", "the next one is not taken either");
}

#[tokio::test]
async fn twilio_tells_what_was_sent_to_a_person() {
    let server = MockServer::start().await;
    let now = "Tue, 24 Nov 2026 02:00:00 +0000";
    let listed = |sid: &str| {
        json!({"messages": [
            {"sid": sid, "direction": "outbound-api", "status": "delivered", "date_sent": now, "date_created": now},
            {"sid": "SMin", "direction": "inbound", "status": "received", "date_sent": now, "date_created": now},
        ]})
    };
    let messages = format!("{PATH}/Messages.json");
    Mock::given(method("GET"))
        .and(path(&messages))
        .and(query_param("From", "+15550100001"))
        .and(query_param("To", "+15550100101"))
        .respond_with(ResponseTemplate::new(200).set_body_json(listed("SM1")))
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(query_param_is_missing("From"))
        .respond_with(ResponseTemplate::new(200).set_body_json(listed("SM2")))
        .mount(&server)
        .await;
    let (outbound, since, pat) = (outbound(), provider::now(), address(&json!({})));
    let channel = twilio(&server.uri(), |options| options.ask_before_reply = true);
    assert_eq!(channel.sent_since(&outbound, &pat, since).await, Ok(vec!["SM1".to_owned()]));
    assert_eq!(channel.sent_since(&outbound, &pat, since + TimeDelta::minutes(1)).await, Ok(Vec::new()));
    let of_service = twilio(&server.uri(), |options| options.messaging_service_sid = Some("MG1".into()));
    assert_eq!(of_service.sent_since(&outbound, &pat, since).await, Ok(vec!["SM2".to_owned()]));
    assert!(channel.asks_before_reply() && !of_service.asks_before_reply(), "as the config says");
}

#[tokio::test]
async fn what_is_wrong_with_the_account_is_told() {
    type Told = Result<&'static [&'static str], &'static str>;
    let numbers = r#"{"incoming_phone_numbers":[{"phone_number":"+15550100001","sms_method":"POST","voice_url":"",
        "sms_url":"https://hooks.example.org/in/phone","voice_method":"POST"}]}"#;
    let cases: &[(u16, &str, u16, &str, Told)] = &[
        (200, r#"{"status":"active"}"#, 200, r#"{"incoming_phone_numbers":[]}"#, Ok(&[])),
        (
            200,
            r#"{"status":"active"}"#,
            200,
            numbers,
            Ok(&[
                "The address for messages of +15550100001 has no #rc=3&rp=all: what meets a restart or an error is not \
                  sent again.",
            ]),
        ),
        (
            200,
            r#"{"status":"suspended"}"#,
            500,
            "",
            Ok(&["Twilio says that the account is suspended: nothing can be sent or received."]),
        ),
        (401, r#"{"code":20003}"#, 500, "", Ok(&["Twilio does not take the auth token: no reply can be sent."])),
        (503, "", 500, "", Err("HTTP status 503")),
        (200, "<html>", 500, "", Err("a success that its body does not prove")),
        (200, r#"{"status":"active"}"#, 403, r#"{"code":20403}"#, Err("provider's error 20403")),
    ];
    for (status, account, of_numbers, numbers, expected) in cases {
        let server = MockServer::start().await;
        for (resource, status, body) in [
            (format!("{PATH}.json"), status, account),
            (format!("{PATH}/IncomingPhoneNumbers.json"), of_numbers, numbers),
        ] {
            let answer = ResponseTemplate::new(*status).set_body_raw(body.as_bytes().to_vec(), "application/json");
            Mock::given(method("GET")).and(path(resource)).respond_with(answer).mount(&server).await;
        }
        let found = twilio(&server.uri(), |_| {}).inspect(&outbound()).await;
        let found = found.map_err(|error| error.reason().to_string());
        let expected = expected.map(|all| all.iter().map(|one| (*one).to_owned()).collect()).map_err(str::to_owned);
        assert_eq!(found, expected, "{account}");
    }
}

#[tokio::test]
async fn a_token_that_was_promoted_is_no_trouble() {
    let server = MockServer::start().await;
    let answers =
        [("first", 401, r#"{"code":20003}"#), ("second", 200, r#"{"status":"active","incoming_phone_numbers":[]}"#)];
    for (token, status, body) in answers {
        let answer = ResponseTemplate::new(status).set_body_raw(body.as_bytes().to_vec(), "application/json");
        let login = BASE64_STANDARD.encode(format!("AC00000000000000000000000000000001:{token}"));
        let mock = Mock::given(header("authorization", &*format!("Basic {login}")));
        mock.respond_with(answer).mount(&server).await;
    }
    let channel = twilio(&server.uri(), |options| options.auth_tokens = ["first", "second"].map(Secret::new).to_vec());
    assert_eq!(channel.inspect(&outbound()).await, Ok(Vec::new()));
}
