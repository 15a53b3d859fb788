//! Each kind of channel as the contract needs it.

use std::sync::Arc;

use afterhours::channel::android_sms::{AndroidSms, Gateway, Phone, TTL};
use afterhours::channel::telegram::{Mode, Telegram};
use afterhours::channel::twilio::{Options, Twilio};
use afterhours::channel::webhook::Webhook;
use afterhours::channel::whatsapp::WhatsApp;
use afterhours::channel::{Channel, Delivery};
use afterhours::config::Secret;
use afterhours::standard_webhooks::{SigningKey, Trust};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::TimeDelta;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use super::KEY;
use crate::provider::{self, Answer, answer, patience, redirect};

const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";
pub const PHONE_KEY: &str = "0123456789abcdef0123456789abcdef";
const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const TELEGRAM_SECRET: &str = "tg-secret_0123456789";
const REPLY_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// What the contract must know of a kind.
pub struct Made {
    pub kind: &'static str,
    /// The keys that it must have in the config, and those that it may have.
    pub keys: (&'static [&'static str], &'static [&'static str]),
    /// The channel as the fixtures were signed for it; its provider listens at the base URL.
    pub channel: fn(base: &str) -> Arc<dyn Channel>,
    /// The headers that carry the proof.
    pub proof: &'static [&'static str],
    /// The proof holds for so long; `None` is for ever.
    pub tolerance: Option<TimeDelta>,
    /// Signs a body for it.
    pub sign: fn(body: &[u8]) -> HeaderMap,
    /// Where a reply is posted.
    pub path: &'static str,
    /// What a reply must carry besides its body.
    pub check_reply: fn(&wiremock::Request),
    /// An answer that proves a send.
    pub proven: &'static str,
    pub answers: &'static [Answer],
    /// What no error may show.
    pub secrets: &'static [&'static str],
}

pub const MADE: &[Made] = &[
    Made {
        kind: "android-sms",
        keys: (
            &["signing_key"],
            &["url", "username", "password", "token", "device_id", "only_sim", "window", "ttl", "silent_after"],
        ),
        channel: |base| Arc::new(android_sms(Some(base), Phone::default())),
        proof: &["x-timestamp", "x-signature"],
        tolerance: Some(TimeDelta::seconds(300)),
        sign: |body| {
            let timestamp = provider::now().timestamp().to_string();
            headers(&[("x-timestamp", &timestamp), ("x-signature", &phone_signature(body, &timestamp))])
        },
        path: "/messages?skipPhoneValidation=true",
        // sms:hunter2
        check_reply: |request| assert_eq!(provider::header(request, "authorization"), "Basic c21zOmh1bnRlcjI="),
        proven: r#"{"id":"ab12-7","deviceId":"dev1","state":"Pending","isHashed":false,"isEncrypted":false,"recipients":[{"phoneNumber":"+15550100101","state":"Pending"}],"states":{}}"#,
        answers: &[
            answer("accepted", 202, r#"{"id":"ab12-7","state":"Pending"}"#, "done ab12-7"),
            answer(
                "accepted under an id of its own",
                202,
                r#"{"id":"PyDmBQZZXYmyxMwED8Fzy"}"#,
                "done PyDmBQZZXYmyxMwED8Fzy",
            ),
            answer("no id", 202, r#"{"state":"Pending"}"#, "unknown, a success that its body does not prove"),
            answer("empty id", 202, r#"{"id":""}"#, "unknown, a success that its body does not prove"),
            answer("a captive portal", 200, "<html>Sign in</html>", "unknown, a success that its body does not prove"),
            answer(
                "sent by an earlier attempt",
                409,
                r#"{"message":"Message with the same ID already exists"}"#,
                "done ab12-7",
            ),
            redirect(307),
            answer("bad number", 400, r#"{"message":"invalid phone number"}"#, "refused, HTTP status 400"),
            answer("wrong password", 401, "", "down, HTTP status 401"),
            answer("not in the token's scopes", 403, "", "down, HTTP status 403"),
            answer("not the API's address", 404, "", "down, HTTP status 404"),
            answer("not the API's address, of another server", 405, "", "down, HTTP status 405"),
            answer("request timeout", 408, "", "unknown, HTTP status 408"),
            answer("too large", 413, "", "refused, HTTP status 413"),
            answer("not understood", 422, "", "refused, HTTP status 422"),
            patience("too fast", 429, "", "retry after 17s, HTTP status 429"),
            answer("broken", 500, r#"{"message":"…"}"#, "unknown, HTTP status 500"),
            answer("not implemented", 501, "", "unknown, HTTP status 501"),
            answer("bad gateway", 502, "<html>", "unknown, HTTP status 502"),
            answer("queue full", 503, r#"{"message":"queue limits exceeded"}"#, "retry, HTTP status 503"),
            answer("gateway timeout", 504, "", "unknown, HTTP status 504"),
        ],
        secrets: &["15550100101", "hunter2", "c21zOmh", "0123456789abcdef", "127.0.0.1", "Closed", "dev1", "ab12-7"],
    },
    Made {
        kind: "twilio",
        keys: (
            &["account_sid", "auth_token"],
            &[
                "api_base",
                "ask_before_reply",
                "auth_token_next",
                "dial",
                "messaging_service_sid",
                "shared_key",
                "shared_key_secret",
                "transcribe",
                "validity",
                "voicemail",
            ],
        ),
        channel: |base| twilio(base, |_| {}),
        proof: &["x-twilio-signature"],
        tolerance: None,
        sign: |body| signed_by_twilio("", body),
        path: "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json",
        check_reply: |request| {
            // user and password: the account's SID and its token
            let expected =
                "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==";
            assert_eq!(provider::header(request, "authorization"), expected);
        },
        proven: r#"{"sid":"SM0000000000000000000000000000000f","status":"queued","num_segments":"1","direction":"outbound-api","error_code":null,"error_message":null}"#,
        answers: &[
            answer("created", 201, r#"{"sid":"SMout","status":"queued","error_code":null}"#, "done SMout"),
            answer("no sid", 201, r#"{"status":"queued"}"#, "unknown, a success that its body does not prove"),
            answer("empty sid", 201, r#"{"sid":""}"#, "unknown, a success that its body does not prove"),
            answer("a captive portal", 200, "<html>Sign in</html>", "unknown, a success that its body does not prove"),
            redirect(301),
            answer(
                "wrong token",
                401,
                r#"{"code":20003,"message":"Authenticate","more_info":"https://www.twilio.com/docs/errors/20003","status":401}"#,
                "down, provider's error 20003",
            ),
            answer("test credentials", 403, r#"{"code":20008,"status":403}"#, "down, provider's error 20008"),
            answer("no such recipient", 400, r#"{"code":21211,"status":400}"#, "refused, provider's error 21211"),
            answer("a landline", 400, r#"{"code":21614,"status":400}"#, "refused, provider's error 21614"),
            answer("a landline, by the carrier", 400, r#"{"code":30006}"#, "refused, provider's error 30006"),
            answer("opted out", 400, r#"{"code":21610,"status":400}"#, "refused, the recipient wants no messages"),
            answer("country not allowed", 403, r#"{"code":21408,"status":403}"#, "refused, provider's error 21408"),
            answer("window closed", 400, r#"{"code":63016}"#, "refused, provider's error 63016"),
            answer("a number without SMS", 400, r#"{"code":21606,"status":400}"#, "refused, provider's error 21606"),
            answer("no 10DLC campaign", 400, r#"{"code":30034}"#, "down, provider's error 30034"),
            answer("carriers filter it", 400, r#"{"code":30007}"#, "down, provider's error 30007"),
            patience("too fast", 429, r#"{"code":20429,"status":429}"#, "retry after 17s, provider's error 20429"),
            answer("queue full", 400, r#"{"code":30001}"#, "retry, provider's error 30001"),
            answer("too fast on WhatsApp", 400, r#"{"code":63018}"#, "retry, provider's error 63018"),
            answer("a code unheard of", 400, r#"{"code":99999,"status":400}"#, "refused, provider's error 99999"),
            answer(
                "a code unheard of, broken",
                500,
                r#"{"code":20500,"status":500}"#,
                "unknown, provider's error 20500",
            ),
            answer("a code unheard of, forbidden", 403, r#"{"code":20005}"#, "down, provider's error 20005"),
            patience("too fast, no code", 429, "", "retry after 17s, HTTP status 429"),
            answer("away, no code", 503, "", "retry, HTTP status 503"),
            answer("broken, no code", 502, "<html>", "unknown, HTTP status 502"),
            answer("not found, no code", 404, "", "refused, HTTP status 404"),
        ],
        secrets: &[
            "15550100101",
            "15550100001",
            "0123456789abcdef",
            "AC0000",
            "MDEyMzQ1",
            "127.0.0.1",
            "hooks.example.org",
            "Closed",
            "ab12-7",
        ],
    },
    Made {
        kind: "telegram",
        keys: (&["bot_token"], &["secret_token", "mode", "api_base"]),
        channel: |base| Arc::new(telegram(base, Mode::Webhook)),
        proof: &["x-telegram-bot-api-secret-token"],
        tolerance: None,
        sign: |_| headers(&[("x-telegram-bot-api-secret-token", TELEGRAM_SECRET)]),
        path: "/bot999:AAtoken_0123456789abcdefghijklmn/sendMessage",
        check_reply: |request| assert!(request.headers.get("authorization").is_none()),
        proven: r#"{"ok":true,"result":{"message_id":12,"date":1763942582,"chat":{"id":5550101,"type":"private"},"text":"x"}}"#,
        answers: &[
            answer("no result", 200, r#"{"ok":true}"#, "unknown, a success that its body does not prove"),
            answer("no id", 200, r#"{"ok":true,"result":{}}"#, "unknown, a success that its body does not prove"),
            answer(
                "no message",
                200,
                r#"{"ok":true,"result":{"message_id":0}}"#,
                "unknown, a success that its body does not prove",
            ),
            answer("a captive portal", 200, "<html>Sign in</html>", "unknown, a success that its body does not prove"),
            redirect(302),
            answer(
                "blocked",
                403,
                r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#,
                "refused, provider's error 403",
            ),
            answer(
                "gone",
                403,
                r#"{"ok":false,"error_code":403,"description":"Forbidden: user is deactivated"}"#,
                "refused, provider's error 403",
            ),
            answer(
                "never started",
                403,
                r#"{"ok":false,"error_code":403,"description":"Forbidden: bot can't initiate conversation with a user"}"#,
                "refused, provider's error 403",
            ),
            answer(
                "some other right",
                403,
                r#"{"ok":false,"error_code":403,"description":"Forbidden: not enough rights"}"#,
                "refused, provider's error 403",
            ),
            answer(
                "the day is over",
                400,
                r#"{"ok":false,"error_code":400,"description":"Bad Request: BUSINESS_PEER_USAGE_MISSING"}"#,
                "refused, provider's error 400",
            ),
            answer(
                "disconnected",
                400,
                r#"{"ok":false,"error_code":400,"description":"Bad Request: business connection not found"}"#,
                "refused, provider's error 400",
            ),
            answer(
                "chat not found",
                400,
                r#"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#,
                "refused, provider's error 400",
            ),
            answer(
                "another chat now: none that is answered, as only groups move",
                400,
                r#"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001}}"#,
                "refused, provider's error 400",
            ),
            answer(
                "too long",
                400,
                r#"{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}"#,
                "refused, provider's error 400",
            ),
            answer(
                "another token",
                401,
                r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#,
                "down, provider's error 401",
            ),
            answer(
                "no token",
                404,
                r#"{"ok":false,"error_code":404,"description":"Not Found"}"#,
                "down, provider's error 404",
            ),
            answer(
                "another program",
                409,
                r#"{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}"#,
                "down, another program or a webhook gets it instead",
            ),
            answer(
                "too fast",
                429,
                r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 14","parameters":{"retry_after":14}}"#,
                "retry after 14s, provider's error 429",
            ),
            patience(
                "the longer of two waits",
                429,
                r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 14","parameters":{"retry_after":14}}"#,
                "retry after 17s, provider's error 429",
            ),
            answer(
                "too fast, without a wait",
                429,
                r#"{"ok":false,"error_code":429,"description":"Too Many Requests"}"#,
                "retry, provider's error 429",
            ),
            answer(
                "broken",
                500,
                r#"{"ok":false,"error_code":500,"description":"Internal Server Error"}"#,
                "unknown, provider's error 500",
            ),
            answer("a gateway, broken", 502, "<html>", "unknown, HTTP status 502"),
            answer("a gateway, away", 503, "", "retry, HTTP status 503"),
            answer("not the Bot API", 404, "", "refused, HTTP status 404"),
        ],
        secrets: &["5550101", "AAtoken", "999", "tg-secret", "127.0.0.1", "sendMessage", "Closed", "ab12-7"],
    },
    Made {
        kind: "webhook",
        keys: (&["secret"], &["reply_url", "reply_secret"]),
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
            answer("accepted", 202, "whatever", "done"),
            answer("no content", 204, "", "done"),
            redirect(307),
            redirect(304),
            answer("unauthorised", 401, "", "retry, HTTP status 401"),
            answer("not found", 404, "", "retry, HTTP status 404"),
            answer("given up on purpose", 410, "", "down, HTTP status 410, the address was given up"),
            patience("too fast", 429, "", "retry after 17s, HTTP status 429"),
            Answer {
                what: "too fast, with a date",
                status: 429,
                headers: &[("retry-after", "Tue, 24 Nov 2026 02:00:40 GMT")],
                body: "",
                outcome: "retry after 40s, HTTP status 429",
            },
            answer("broken", 500, "", "unknown, HTTP status 500"),
            answer("bad gateway", 502, "", "retry, HTTP status 502"),
            patience("away", 503, "", "retry after 17s, HTTP status 503"),
            answer("gateway timeout", 504, "", "retry, HTTP status 504"),
        ],
        secrets: &["99990001", "MfKQ9r8G", "C2FVsBQI", "127.0.0.1", "/replies", "Closed", "ab12-7"],
    },
    Made {
        kind: "whatsapp",
        keys: (&["phone_number_id", "app_secret", "verify_token", "access_token"], &["api_base"]),
        channel: whatsapp,
        proof: &["x-hub-signature-256"],
        tolerance: None,
        sign: |body| {
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, APP_SECRET.as_bytes());
            let tag = ring::hmac::sign(&key, body);
            let digits = tag.as_ref().iter().fold("sha256=".to_owned(), |digits, byte| digits + &format!("{byte:02x}"));
            headers(&[("x-hub-signature-256", &digits)])
        },
        path: "/v25.0/106540352242922/messages",
        check_reply: |request| assert_eq!(provider::header(request, "authorization"), "Bearer EAAtoken"),
        proven: r#"{"messaging_product":"whatsapp","contacts":[{"input":"15550100101","wa_id":"15550100101"}],"messages":[{"id":"wamid.OUT","message_status":"accepted"}]}"#,
        answers: &[
            answer("no id", 200, r#"{"messages":[]}"#, "unknown, a success that its body does not prove"),
            answer("empty id", 200, r#"{"messages":[{"id":""}]}"#, "unknown, a success that its body does not prove"),
            answer("a captive portal", 200, "<html>Sign in</html>", "unknown, a success that its body does not prove"),
            redirect(302),
            answer(
                "token expired",
                401,
                r#"{"error":{"message":"m","type":"OAuthException","code":190,"fbtrace_id":"x"}}"#,
                "down, provider's error 190",
            ),
            answer("permission", 400, r#"{"error":{"code":230}}"#, "down, provider's error 230"),
            answer("billing", 400, r#"{"error":{"code":131042}}"#, "down, provider's error 131042"),
            answer("window closed", 400, r#"{"error":{"code":131047}}"#, "refused, provider's error 131047"),
            answer("not on WhatsApp", 400, r#"{"error":{"code":131026}}"#, "refused, provider's error 131026"),
            answer(
                "the code counts, not the status",
                400,
                r#"{"error":{"code":130429}}"#,
                "retry, provider's error 130429",
            ),
            answer(
                "the code counts, not the status (500)",
                500,
                r#"{"error":{"code":131009}}"#,
                "refused, provider's error 131009",
            ),
            answer(
                "too fast to one person",
                400,
                r#"{"error":{"code":131056}}"#,
                "retry after 6s, provider's error 131056",
            ),
            Answer {
                what: "the longer of two waits",
                status: 429,
                headers: &[("retry-after", "60")],
                body: r#"{"error":{"code":131056}}"#,
                outcome: "retry after 60s, provider's error 131056",
            },
            answer("temporary", 500, r#"{"error":{"code":2}}"#, "retry, provider's error 2"),
            answer("a code unheard of", 400, r#"{"error":{"code":999999}}"#, "refused, provider's error 999999"),
            answer(
                "a code unheard of, unauthorised",
                401,
                r#"{"error":{"code":999999}}"#,
                "down, provider's error 999999",
            ),
            answer(
                "a code unheard of, broken",
                500,
                r#"{"error":{"code":999999}}"#,
                "unknown, provider's error 999999",
            ),
            patience("too fast, no code", 429, "", "retry after 17s, HTTP status 429"),
            answer("broken, no code", 502, "<html>", "unknown, HTTP status 502"),
            answer("away, no code", 503, "", "retry, HTTP status 503"),
            answer("not found, no code", 404, "", "refused, HTTP status 404"),
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

/// A bot with the connections that the fixtures know: bc1 of account 111, bc2 of 222, bc3 without the right to reply, and bc4,
/// which is switched off.
pub fn telegram(base: &str, mode: Mode) -> Telegram {
    let [token, secret] = ["999:AAtoken_0123456789abcdefghijklmn", TELEGRAM_SECRET].map(Secret::new);
    let address = "https://hooks.example.org/in/work".to_owned();
    let telegram = Telegram::new(token, Some(secret), mode, base.parse().expect("a URL"), Some(address));
    let lines = ["999", "111", "222", "333", "444", "777", "888", "909"].map(str::to_owned);
    let telegram = telegram.with_lines(lines.into());
    for (id, account, can_reply, is_enabled) in
        [("bc1", 111, true, true), ("bc2", 222, true, true), ("bc3", 333, false, true), ("bc4", 444, true, false)]
    {
        let value = json!({"account": account, "can_reply": can_reply, "is_enabled": is_enabled});
        telegram.note(id, &value.to_string());
    }
    telegram
}

pub fn whatsapp(base: &str) -> Arc<dyn Channel> {
    let api_base = format!("{base}/v25.0").parse().expect("a URL");
    let [app_secret, verify_token, access_token] = [APP_SECRET, "vibecoding", "EAAtoken"].map(Secret::new);
    Arc::new(WhatsApp::new("106540352242922".into(), &app_secret, verify_token, access_token, api_base))
}

/// The app's own server, as the fixtures' phone has it; without a base the phone cannot be reached.
pub fn android_sms(base: Option<&str>, phone: Phone) -> AndroidSms {
    let gateway = base.map(|base| {
        let url = base.parse().expect("a URL");
        Gateway::with_password(url, TTL, "sms", &Secret::new("hunter2")).expect("a user")
    });
    let country = phone.country.clone().or_else(|| Some("HN".into()));
    AndroidSms::new(&Secret::new(PHONE_KEY), gateway, Phone { country, ..phone })
}

/// `X-Signature` of a body.
pub fn phone_signature(body: &[u8], timestamp: &str) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, PHONE_KEY.as_bytes());
    let tag = ring::hmac::sign(&key, &[body, timestamp.as_bytes()].concat());
    tag.as_ref().iter().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"))
}

pub const TWILIO_TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// As the fixtures were signed for it, and otherwise as `change` wants it.
pub fn twilio(base: &str, change: fn(&mut Options)) -> Arc<dyn Channel> {
    let mut options = Options {
        account_sid: "AC00000000000000000000000000000001".into(),
        auth_tokens: vec![Secret::new(TWILIO_TOKEN)],
        shared_key: None,
        api_base: base.parse().expect("a URL"),
        address: "https://hooks.example.org/in/phone".parse().expect("a URL"),
        messaging_service_sid: None,
        ask_before_reply: false,
        dial: Some("+15550100002".into()),
        voicemail: true,
        transcribe: true,
        validity: 600,
    };
    change(&mut options);
    Arc::new(Twilio::new(options))
}

/// Signs a form as Twilio does: the address, and each name with its value, sorted.
pub fn signed_by_twilio(query: &str, body: &[u8]) -> HeaderMap {
    let decoded = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
        percent_encoding::percent_decode(&spaced).collect::<Vec<u8>>()
    };
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = body
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let end = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = end.map_or((pair, &b""[..]), |end| (&pair[..end], &pair[end + 1..]));
            (decoded(name), decoded(value))
        })
        .collect();
    pairs.sort();
    pairs.dedup();
    let mut signed = format!("https://hooks.example.org/in/phone{query}").into_bytes();
    for (name, value) in &pairs {
        signed.extend(name.iter().chain(value));
    }
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, TWILIO_TOKEN.as_bytes());
    let tag = BASE64_STANDARD.encode(ring::hmac::sign(&key, &signed));
    headers(&[("content-type", "application/x-www-form-urlencoded"), ("x-twilio-signature", &tag)])
}

pub fn webhook(base: Option<&str>) -> Arc<dyn Channel> {
    let reply = base.map(|base| {
        let url = format!("{base}/replies").parse().expect("a URL");
        (url, SigningKey::read(REPLY_SECRET).expect("a key"))
    });
    Arc::new(Webhook::new(Trust::read(WEBHOOK_SECRET).expect("a key"), reply, Some("HN".into())))
}

pub fn headers(all: &[(&str, &str)]) -> HeaderMap {
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

pub fn delivery(headers: HeaderMap, body: &[u8]) -> Delivery {
    Delivery { headers, query: String::new(), body: body.to_vec().into() }
}
