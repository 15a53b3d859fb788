//! What every kind of sink must do, by walking the registry; and what is the mail's own.

#![expect(clippy::expect_used, reason = "a test may")]

use std::collections::BTreeSet;
use std::sync::Arc;

use afterhours::config::Secret;
use afterhours::digest::{Limit, Link, Notice, NoticeKind};
use afterhours::message::Personal;
use afterhours::outbound::{LONGEST_ANSWER, SendKey};
use afterhours::sink::ntfy::Ntfy;
use afterhours::sink::smtp::Smtp;
use afterhours::sink::webhook::Webhook;
use afterhours::sink::{KINDS, Sink};
use afterhours::standard_webhooks::{SigningKey, Trust};
use serde_json::Value;

use crate::mail_server::{self, MailServer, Script};
use crate::provider::{
    self, Answer, BROKEN, Broken, SCRIPTS, answer, answering, assert_silent, only_request, outbound, patience,
    redirect, shown,
};
use crate::real_mail::{self, RealMail};

const KEY: &str = "ab12-7";
const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// What the contract must know of a kind that speaks HTTP.
struct Made {
    kind: &'static str,
    /// The sink; its other side listens at the base URL.
    sink: fn(base: &str) -> Arc<dyn Sink>,
    path: &'static str,
    /// What a request must carry besides its body.
    check: fn(&wiremock::Request),
    /// An answer that proves a delivery, and what is kept of it.
    proven: (&'static str, &'static str),
    answers: &'static [Answer],
    /// What no error may show.
    secrets: &'static [&'static str],
}

const MADE: &[Made] = &[
    Made {
        kind: "ntfy",
        sink: |base| ntfy(base, Some("tk_token")),
        path: "/",
        check: |request| assert_eq!(provider::header(request, "authorization"), "Bearer tk_token"),
        proven: (
            r#"{"id":"xE73Iyuabi","time":1763942581,"expires":1763985781,"event":"message","topic":"q4f81c0","message":"m"}"#,
            "done xE73Iyuabi",
        ),
        answers: &[
            answer("no id", 200, r#"{"event":"message"}"#, "unknown, a success that its body does not prove"),
            answer(
                "another event",
                200,
                r#"{"id":"x","event":"open"}"#,
                "unknown, a success that its body does not prove",
            ),
            answer("a captive portal", 200, "<html>Sign in</html>", "unknown, a success that its body does not prove"),
            answer("nothing", 204, "", "unknown, a success that its body does not prove"),
            passing_redirect(301),
            answer(
                "bad request",
                400,
                r#"{"code":40024,"http":400,"error":"invalid request"}"#,
                "refused, provider's error 40024",
            ),
            answer(
                "unauthorised",
                401,
                r#"{"code":40101,"http":401,"error":"unauthorized"}"#,
                "down, provider's error 40101",
            ),
            answer(
                "forbidden",
                403,
                r#"{"code":40301,"http":403,"error":"forbidden"}"#,
                "down, provider's error 40301",
            ),
            answer(
                "too large",
                413,
                r#"{"code":41301,"http":413,"error":"too large"}"#,
                "refused, provider's error 41301",
            ),
            patience(
                "too fast",
                429,
                r#"{"code":42901,"http":429,"error":"limit reached"}"#,
                "retry after 17s, provider's error 42901",
            ),
            answer(
                "the day's quota is used up",
                429,
                r#"{"code":42908,"http":429,"error":"limit reached"}"#,
                "retry after 79200s, provider's error 42908",
            ),
            answer(
                "broken",
                500,
                r#"{"code":50001,"http":500,"error":"internal server error"}"#,
                "retry, provider's error 50001",
            ),
            answer(
                "no space",
                507,
                r#"{"code":50701,"http":507,"error":"insufficient storage"}"#,
                "refused, provider's error 50701",
            ),
            // what is not ntfy's own word, or not one of its words for good, may pass
            answer("a proxy without its server", 404, "<html>Not Found</html>", "retry, HTTP status 404"),
            answer("nothing at all", 404, "", "retry, HTTP status 404"),
            answer("a proxy's bad request", 400, "<html>", "retry, HTTP status 400"),
            answer("a proxy's limit", 413, "<html>", "retry, HTTP status 413"),
            answer("gone", 410, "", "retry, HTTP status 410, the address was given up"),
            answer("another's JSON", 404, r#"{"error":"not found"}"#, "retry, HTTP status 404"),
            answer("another's code", 400, r#"{"code":40024,"message":"no route"}"#, "retry, HTTP status 400"),
            answer("the code of another status", 502, r#"{"code":40024,"http":400}"#, "unknown, HTTP status 502"),
            answer("no such page", 404, r#"{"code":40401,"http":404,"error":"x"}"#, "retry, provider's error 40401"),
            answer("a conflict", 409, r#"{"code":40901,"http":409,"error":"x"}"#, "retry, provider's error 40901"),
            answer("broken, no code", 502, "<html>", "unknown, HTTP status 502"),
            patience("away, no code", 503, "", "retry after 17s, HTTP status 503"),
            answer("unauthorised by a proxy", 401, "", "down, HTTP status 401"),
        ],
        secrets: &["q4f81c0", "tk_token", "127.0.0.1", "Ana", "abierto"],
    },
    Made {
        kind: "webhook",
        sink: |base| {
            let url = format!("{base}/notices?of=owner").parse().expect("a URL");
            Arc::new(Webhook::new(url, SigningKey::read(SECRET).expect("a key")))
        },
        path: "/notices",
        check: |request| {
            assert_eq!(request.url.query(), Some("of=owner"));
            assert_eq!(provider::header(request, "webhook-id"), KEY);
            let trust = Trust::read(SECRET).expect("a key");
            trust.verify(&request.headers, &request.body, provider::now()).expect("signed");
        },
        proven: ("", "done"),
        answers: &[
            answer("accepted", 202, "ok", "done"),
            passing_redirect(302),
            passing_redirect(308),
            answer("bad request", 400, "", "retry, HTTP status 400"),
            answer("unauthorised", 401, "", "retry, HTTP status 401"),
            answer("forbidden", 403, "", "retry, HTTP status 403"),
            answer("a proxy without its server", 404, "<html>Not Found</html>", "retry, HTTP status 404"),
            answer("another method", 405, "", "retry, HTTP status 405"),
            answer("too large", 413, "", "retry, HTTP status 413"),
            answer("not understood", 422, "", "retry, HTTP status 422"),
            answer("given up on purpose", 410, "", "down, HTTP status 410, the address was given up"),
            patience("too fast", 429, "", "retry after 17s, HTTP status 429"),
            answer("broken", 500, "", "unknown, HTTP status 500"),
            answer("away", 503, "", "retry, HTTP status 503"),
        ],
        secrets: &["C2FVsBQI", "127.0.0.1", "/notices", "Ana", "abierto", "ab12-7"],
    },
];

/// A notice outlives a redirect that comes and goes with a proxy.
const fn passing_redirect(status: u16) -> Answer {
    Answer { outcome: "retry, a redirect, which is never followed", ..redirect(status) }
}

fn ntfy(base: &str, token: Option<&str>) -> Arc<dyn Sink> {
    Arc::new(Ntfy::new(base.parse().expect("a URL"), Secret::new("q4f81c0"), token.map(Secret::new)))
}

fn notice(kind: NoticeKind, urgent: bool) -> Notice {
    Notice {
        kind,
        title: Personal::new("3 clients wrote · tres"),
        body: Personal::new("Ana López (+504 9999-0001)\n  19:30 ¿está abierto?\n  19:31 🙂"),
        messages: 3,
        urgent,
        at: provider::now(),
        link: None,
    }
}

/// Each kind of notice by the name of its fixture.
fn notices() -> [(&'static str, Notice); 4] {
    [
        ("now", notice(NoticeKind::Now, false)),
        ("digest", notice(NoticeKind::Digest, false)),
        ("alert", notice(NoticeKind::Alert, false)),
        ("urgent", notice(NoticeKind::Now, true)),
    ]
}

#[test]
fn registry_fixtures_and_this_page_name_the_same_kinds() {
    let registered: BTreeSet<String> = KINDS.iter().map(|kind| kind.name.to_owned()).collect();
    let mut tested: BTreeSet<String> = MADE.iter().map(|made| made.kind.to_owned()).collect();
    tested.insert(mail("localhost:25", None).kind().to_owned());
    let drawn: BTreeSet<String> = provider::names("sink").into_iter().collect();
    assert_eq!(registered, tested);
    assert_eq!(registered, drawn);
    for made in MADE {
        assert_eq!((made.sink)("http://127.0.0.1").kind(), made.kind);
    }
}

#[test]
fn every_kind_tells_what_the_owner_must_do() {
    let keys: [(&str, &[&str], &[&str]); 3] = [
        ("ntfy", &["url", "topic"], &["token"]),
        ("smtp", &["server", "from", "to"], &["username", "password"]),
        ("webhook", &["url", "secret"], &[]),
    ];
    for kind in KINDS {
        assert!(!kind.about.is_empty() && !kind.about.ends_with('.'), "{}", kind.name);
        let (_, required, optional) = keys.iter().find(|(name, ..)| *name == kind.name).expect("its keys");
        assert_eq!(provider::keys(kind.schema), [provider::set(required), provider::set(optional)], "{}", kind.name);
        for key in *required {
            assert!(kind.setup.contains(&format!("`{key}`")), "{} says where `{key}` comes from", kind.name);
        }
    }
}

#[tokio::test]
async fn every_notice_is_exactly_what_the_other_side_documents() {
    let outbound = outbound();
    for made in MADE {
        for (name, notice) in notices() {
            let server = answering(200, &[], made.proven.0).await;
            let outcome = (made.sink)(&server.uri()).deliver(&outbound, &notice, &SendKey(KEY.into())).await;
            assert_eq!(shown(&outcome), made.proven.1, "{} {name}", made.kind);
            let request = only_request(&server).await;
            assert_eq!(request.method.as_str(), "POST");
            assert_eq!(request.url.path(), made.path);
            assert_eq!(provider::header(&request, "content-type"), "application/json");
            (made.check)(&request);
            let body: Value = serde_json::from_slice(&request.body).expect("JSON");
            let expected = provider::json(&provider::fixtures(&format!("sink/{}/{name}.json", made.kind)));
            assert_eq!(body, expected.expect("a fixture"), "{} {name}", made.kind);
        }
    }
}

#[tokio::test]
async fn every_script_reaches_the_owner_as_it_is() {
    for script in SCRIPTS {
        let text = format!("{script}\n{script} {script} {script} {script} {script} {script}");
        let notice =
            Notice { title: Personal::new(*script), body: Personal::new(&*text), ..notice(NoticeKind::Digest, false) };
        for made in MADE {
            let server = answering(200, &[], made.proven.0).await;
            let outcome = (made.sink)(&server.uri()).deliver(&outbound(), &notice, &SendKey(KEY.into())).await;
            assert_eq!(shown(&outcome), made.proven.1, "{} {script}", made.kind);
            let body: Value = serde_json::from_slice(&only_request(&server).await.body).expect("JSON");
            let texts = provider::texts(&body);
            assert!(texts.contains(script) && texts.contains(&&*text), "{} {body}", made.kind);
        }
        let server = MailServer::start(Script::default()).await;
        mail(&server.address(), None).deliver(&outbound(), &notice, &SendKey(KEY.into())).await.expect("delivered");
        let mail = server.dialogue().await.mail;
        assert_eq!(real_mail::subject(&mail), *script, "{mail}");
        // what the format has wrapped is joined again
        assert_eq!(real_mail::text(&mail).replace(" \n", " ").trim_end(), text, "{mail}");
    }
}

#[tokio::test]
async fn every_answer_leads_to_its_outcome_and_no_error_tells_a_secret() {
    let (patient, impatient) = (outbound(), provider::impatient());
    for made in MADE {
        let notice = notice(NoticeKind::Digest, false);
        for answer in made.answers {
            let server = answering(answer.status, answer.headers, answer.body).await;
            let outcome = (made.sink)(&server.uri()).deliver(&patient, &notice, &SendKey(KEY.into())).await;
            assert_eq!(shown(&outcome), answer.outcome, "{} {}", made.kind, answer.what);
            assert_silent(&outcome, made.secrets);
            only_request(&server).await;
        }
        for (how, expected) in BROKEN {
            let sink = (made.sink)(&provider::broken(*how).await);
            let outbound = if let Broken::Hangs = how { &impatient } else { &patient };
            let outcome = sink.deliver(outbound, &notice, &SendKey(KEY.into())).await;
            assert_eq!(shown(&outcome), *expected, "{} {how:?}", made.kind);
            assert_silent(&outcome, made.secrets);
        }
    }
}

#[tokio::test]
async fn ntfy_without_a_token_sends_none() {
    let server = answering(200, &[], r#"{"id":"x","event":"message"}"#).await;
    let outcome =
        ntfy(&server.uri(), None).deliver(&outbound(), &notice(NoticeKind::Now, false), &SendKey(KEY.into())).await;
    assert_eq!(shown(&outcome), "done x");
    assert!(!only_request(&server).await.headers.contains_key("authorization"));
    assert_eq!(ntfy("http://127.0.0.1", None).limit(), Limit::Bytes(4096));
}

#[tokio::test]
async fn ntfy_has_a_button_for_the_one_link_and_mail_and_webhook_have_the_text() {
    let link = Link { label: "I have answered", url: Personal::new("https://office.example.ts.net/done/1-A") };
    let notice = Notice { link: Some(link), ..notice(NoticeKind::Digest, false) };
    for made in MADE {
        let server = answering(200, &[], made.proven.0).await;
        let outcome = (made.sink)(&server.uri()).deliver(&outbound(), &notice, &SendKey(KEY.into())).await;
        assert_eq!(shown(&outcome), made.proven.1, "{}", made.kind);
        let body: Value = serde_json::from_slice(&only_request(&server).await.body).expect("JSON");
        let mut expected =
            provider::json(&provider::fixtures(&format!("sink/{}/digest.json", made.kind))).expect("a fixture");
        if made.kind == "ntfy" {
            let url = "https://office.example.ts.net/done/1-A";
            // it opens the page, which asks; `http` would note it at a touch
            expected["actions"] = serde_json::json!([{"action": "view", "label": "I have answered", "url": url}]);
        }
        assert_eq!(body, expected, "{}", made.kind);
    }
}

#[tokio::test]
async fn an_answer_without_end_is_read_to_a_limit() {
    let endless = format!(r#"{{"id":"x","event":"message","more":"{}"}}"#, "x".repeat(2 * LONGEST_ANSWER));
    let server = answering(200, &[], &endless).await;
    let sink = ntfy(&server.uri(), None);
    let outcome = sink.deliver(&outbound(), &notice(NoticeKind::Now, false), &SendKey(KEY.into())).await;
    assert_eq!(shown(&outcome), "unknown, a success that its body does not prove");
}

fn mail(server: &str, login: Option<(&str, &str)>) -> Smtp {
    let login = login.map(|(username, password)| (username.to_owned(), Secret::new(password)));
    let from = "Afterhours <afterhours@example.org>".parse().expect("an address");
    let to = "Dana Reyes <dana@example.org>, desk@example.org".parse().expect("addresses");
    Smtp::new(server.parse().expect("a server"), login, from, to)
}

#[tokio::test]
async fn a_mail_is_what_its_page_says_and_reads_well() {
    for (name, notice) in notices() {
        let server = MailServer::start(Script::default()).await;
        let sink = mail(&server.address(), Some(("dana", "app-password")));
        let outcome = sink.deliver(&outbound(), &notice, &SendKey(KEY.into())).await;
        assert_eq!(shown(&outcome), "done 4F1B2C", "{name}");
        let dialogue = server.dialogue().await;
        assert_eq!(
            dialogue.commands[1..],
            [
                "AUTH PLAIN AGRhbmEAYXBwLXBhc3N3b3Jk",
                "MAIL FROM:<afterhours@example.org>",
                "RCPT TO:<dana@example.org>",
                "RCPT TO:<desk@example.org>",
                "DATA",
                "QUIT"
            ],
            "{name}"
        );
        assert!(dialogue.commands[0].starts_with("EHLO "));
        let expected =
            std::fs::read_to_string(provider::fixtures(&format!("sink/smtp/{name}.eml"))).expect("a fixture");
        assert_eq!(dialogue.mail, expected.replace("\r\n", "\n"), "{name}");
    }
}

#[tokio::test]
async fn a_mail_of_the_same_key_has_the_same_id() {
    let mut ids = BTreeSet::new();
    for (key, text) in [("ab12-7", "a"), ("ab12-7", "b"), ("ab12-8", "a")] {
        let server = MailServer::start(Script::default()).await;
        let notice = Notice { body: Personal::new(text), ..notice(NoticeKind::Digest, false) };
        mail(&server.address(), None).deliver(&outbound(), &notice, &SendKey(key.into())).await.expect("delivered");
        let dialogue = server.dialogue().await;
        let line = dialogue.mail.lines().find(|line| line.starts_with("Message-ID:")).expect("an id").to_owned();
        ids.insert(line);
    }
    let expected = ["ab12-7", "ab12-8"].map(|key| format!("Message-ID: <{key}@example.org>"));
    assert_eq!(ids, BTreeSet::from(expected));
}

#[tokio::test]
async fn every_answer_of_a_mail_server_leads_to_its_outcome() {
    let (patient, impatient) = (outbound(), provider::impatient());
    let cases = [
        ("greeting", "421 try later", "retry, SMTP reply 421"),
        ("greeting", "554 no service", "down, SMTP reply 554"),
        ("EHLO", "421 closing", "retry, SMTP reply 421"),
        ("AUTH", "535 5.7.8 bad credentials for dana", "down, SMTP reply 535"),
        ("AUTH", "534 stronger mechanism", "down, SMTP reply 534"),
        ("AUTH", "454 4.7.0 temporary", "retry, SMTP reply 454"),
        ("MAIL", "530 5.7.0 authentication required", "down, SMTP reply 530"),
        ("MAIL", "451 local error", "retry, SMTP reply 451"),
        ("MAIL", "550 not from there", "refused, SMTP reply 550"),
        ("MAIL", "552 5.3.4 too large", "refused, SMTP reply 552"),
        ("RCPT", "538 5.7.11 encryption required", "down, SMTP reply 538"),
        ("RCPT", "421 4.4.5 too busy", "retry, SMTP reply 421"),
        ("RCPT", "450 4.2.0 greylisted", "retry, SMTP reply 450"),
        ("RCPT", "550 5.1.1 no such user dana@example.org", "refused, SMTP reply 550"),
        ("DATA", "452 no space", "retry, SMTP reply 452"),
        (".", "451 4.7.1 try later", "retry, SMTP reply 451"),
        (".", "554 5.7.1 spam", "refused, SMTP reply 554"),
        (".", "250 fine", "done"),
        ("greeting", mail_server::CLOSE, "retry, no connection"),
        ("MAIL", mail_server::CLOSE, "retry, connection broke"),
        ("DATA", mail_server::CLOSE, "retry, connection broke"),
        (".", mail_server::CLOSE, "unknown, connection broke"),
        ("greeting", mail_server::HANG, "retry, no answer in time"),
        ("RCPT", mail_server::HANG, "retry, no answer in time"),
        (".", mail_server::HANG, "unknown, no answer in time"),
        ("QUIT", mail_server::CLOSE, "done 4F1B2C"),
    ];
    let secrets = ["dana", "app-password", "127.0.0.1", "example.org", "Ana", "abierto", "ab12-7"];
    for (at, answer, expected) in cases {
        let server = MailServer::start(Script { at, answer, ..Script::default() }).await;
        let outbound = if answer == mail_server::HANG { &impatient } else { &patient };
        let sink = mail(&server.address(), Some(("dana", "app-password")));
        let outcome = sink.deliver(outbound, &notice(NoticeKind::Digest, false), &SendKey(KEY.into())).await;
        assert_eq!(shown(&outcome), expected, "{at}: {answer}");
        assert_silent(&outcome, &secrets);
    }
    let nobody = provider::broken(Broken::Refused).await.replace("http://", "");
    let outcome = mail(&nobody, None).deliver(&patient, &notice(NoticeKind::Now, false), &SendKey(KEY.into())).await;
    assert_eq!(shown(&outcome), "retry, no connection");
    let plain = provider::broken(Broken::Plain).await.replace("https://", "smtps://");
    let outcome = mail(&plain, None).deliver(&patient, &notice(NoticeKind::Now, false), &SendKey(KEY.into())).await;
    assert_eq!(shown(&outcome), "retry, TLS refused");
}

#[tokio::test]
async fn no_password_goes_where_no_login_is_offered() {
    let server = MailServer::start(Script { extensions: &["SIZE 10240000"], ..Script::default() }).await;
    let sink = mail(&server.address(), Some(("dana", "app-password")));
    let outcome = sink.deliver(&outbound(), &notice(NoticeKind::Now, false), &SendKey(KEY.into())).await;
    assert_eq!(shown(&outcome), "done 4F1B2C");
    assert!(server.dialogue().await.commands.iter().all(|command| !command.starts_with("AUTH")));
}

#[tokio::test]
async fn a_real_mail_server_takes_the_mail_and_refuses_what_it_must() {
    let Some(server) = RealMail::start() else { return };
    let (submission, smtps) =
        (format!("smtp://localhost:{}", server.submission), format!("smtps://localhost:{}", server.smtps));
    let login = Some((real_mail::USER, real_mail::PASSWORD));
    let cases = [
        (&submission, None, real_mail::USER, "refused, SMTP reply 554"),
        (&submission, login, "nobody@mail.test", "refused, SMTP reply 550"),
        (&smtps, login, real_mail::USER, "retry, TLS refused"),
        // the last, for Dovecot lets everybody from there wait after it
        (&submission, Some((real_mail::USER, "wrong")), real_mail::USER, "down, SMTP reply 535"),
    ];
    let notice = notice(NoticeKind::Digest, false);
    let to = |server: &str, login: Option<(&str, &str)>, to: &str| {
        let login = login.map(|(username, password)| (username.to_owned(), Secret::new(password)));
        let from = "afterhours@mail.test".parse().expect("an address");
        Smtp::new(server.parse().expect("a server"), login, from, to.parse().expect("an address"))
    };
    let sent = to(&submission, login, real_mail::USER).deliver(&outbound(), &notice, &SendKey(KEY.into())).await;
    assert!(sent.expect("delivered").id.is_some(), "the id in the server's queue");
    for (url, login, receiver, expected) in cases {
        let outcome = to(url, login, receiver).deliver(&outbound(), &notice, &SendKey(KEY.into())).await;
        assert_eq!(shown(&outcome), expected, "{url} {receiver}: {}", server.log());
    }
    let mails = server.arrived();
    assert_eq!(mails.len(), 1, "what was refused did not arrive");
    for header in
        ["Message-ID: <ab12-7@mail.test>", "Auto-Submitted: auto-generated", "Date: Tue, 24 Nov 2026 02:00:00 +0000"]
    {
        assert!(mails[0].contains(header), "{header} in {}", mails[0]);
    }
    assert_eq!(
        real_mail::text(&mails[0]).trim_end(),
        "Ana López (+504 9999-0001)\n   19:30 ¿está abierto?\n   19:31 🙂"
    );
}
