//! The ceiling that `benches/README.md` measures against: axum, verify, parse, 200. It keeps nothing and answers nobody.
//! `cargo run --release --example bare -- 127.0.0.1:9001`
#![expect(clippy::expect_used, reason = "a yardstick, not a part of the service")]

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ring::hmac;
use serde::Deserialize;

#[derive(Deserialize)]
struct Webhook<'a> {
    #[serde(borrow)]
    entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    changes: Vec<Change<'a>>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    value: Value<'a>,
}

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow)]
    messages: Vec<Message<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    id: &'a str,
    from: &'a str,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9001".to_owned());
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"topsecret");
    let router = Router::new().route("/webhook", post(take)).with_state(key);
    let listener = tokio::net::TcpListener::bind(address).await.expect("the address is free");
    axum::serve(listener, router).await.expect("it serves");
}

async fn take(State(key): State<hmac::Key>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok()?.strip_prefix("sha256="));
    let Some(tag) = given.and_then(unhex) else { return StatusCode::UNAUTHORIZED };
    if hmac::verify(&key, &body, &tag).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(webhook) = serde_json::from_slice::<Webhook<'_>>(&body) else { return StatusCode::BAD_REQUEST };
    let messages = webhook.entry.iter().flat_map(|entry| &entry.changes).flat_map(|change| &change.value.messages);
    let whole = messages.into_iter().all(|message| !message.id.is_empty() && !message.from.is_empty());
    if whole { StatusCode::OK } else { StatusCode::BAD_REQUEST }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    pairs.collect()
}
