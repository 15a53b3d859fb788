//! The other side of a send: providers that answer as told and remember what they got, and such that do not answer well.

#![expect(clippy::expect_used, reason = "a test may")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use afterhours::clock::Clock;
use afterhours::outbound::{Outbound, SendError, Sent, Timeouts};
use chrono::{DateTime, Utc};
use schemars::generate::SchemaSettings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// Now, in every test of a send.
pub const NOW: &str = "2026-11-24T02:00:00Z";

pub fn now() -> DateTime<Utc> {
    NOW.parse().expect("a time")
}

/// The client as it is, with the patience of a test.
pub fn outbound() -> Outbound {
    let timeouts = Timeouts { connect: Duration::from_secs(2), total: Duration::from_millis(2500) };
    Outbound::with_timeouts(Clock::told(now()), timeouts)
}

/// The client with no patience at all, for those who hang.
pub fn impatient() -> Outbound {
    let timeouts = Timeouts { connect: Duration::from_secs(2), total: Duration::from_millis(150) };
    Outbound::with_timeouts(Clock::told(now()), timeouts)
}

/// What an answer of a provider must lead to.
pub struct Answer {
    pub what: &'static str,
    pub status: u16,
    pub headers: &'static [(&'static str, &'static str)],
    pub body: &'static str,
    /// As [`shown`].
    pub outcome: &'static str,
}

/// An [`Answer`] without headers.
pub const fn answer(what: &'static str, status: u16, body: &'static str, outcome: &'static str) -> Answer {
    Answer { what, status, headers: &[], body, outcome }
}

/// An [`Answer`] that asks for patience.
pub const fn patience(what: &'static str, status: u16, body: &'static str, outcome: &'static str) -> Answer {
    Answer { what, status, headers: &[("retry-after", "17")], body, outcome }
}

/// An [`Answer`] that points elsewhere.
pub const fn redirect(status: u16) -> Answer {
    let outcome = "refused, a redirect, which is never followed";
    Answer { what: "redirect", status, headers: &[("location", "/elsewhere")], body: "", outcome }
}

/// A provider that gives one answer to everything.
pub async fn answering(status: u16, headers: &[(&str, &str)], body: &str) -> MockServer {
    let server = MockServer::start().await;
    let mut answer = ResponseTemplate::new(status).set_body_raw(body.as_bytes().to_vec(), "application/json");
    for (name, value) in headers {
        answer = answer.insert_header(*name, *value);
    }
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// The one request that a provider got.
pub async fn only_request(server: &MockServer) -> Request {
    let mut requests = server.received_requests().await.expect("recording is on");
    assert_eq!(requests.len(), 1, "one request, no retry inside");
    requests.remove(0)
}

pub fn header<'r>(request: &'r Request, name: &str) -> &'r str {
    let mut values = request.headers.get_all(name).iter();
    let value = values.next().map_or("", |value| value.to_str().expect("text"));
    assert!(values.next().is_none(), "{name} twice");
    value
}

/// How a connection ends badly.
#[derive(Clone, Copy, Debug)]
pub enum Broken {
    /// Nobody listens.
    Refused,
    /// The request is read and never answered.
    Hangs,
    /// The request is read, and the connection closed.
    Closes,
    /// The answer ends before its end.
    Truncated,
    /// Not TLS.
    Plain,
}

/// A base URL with such an end, without a final slash.
pub async fn broken(how: Broken) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    if let Broken::Refused = how {
        return format!("http://127.0.0.1:{port}");
    }
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut buffer = vec![0; 64 * 1024];
                let _ = stream.read(&mut buffer).await;
                match how {
                    Broken::Hangs => std::future::pending().await,
                    Broken::Truncated => {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"id\":\"x\"").await;
                    }
                    Broken::Plain => {
                        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
                    }
                    Broken::Closes | Broken::Refused => {}
                }
            });
        }
    });
    let scheme = if let Broken::Plain = how { "https" } else { "http" };
    format!("{scheme}://127.0.0.1:{port}")
}

/// What each bad end must lead to, whoever sends.
pub const BROKEN: &[(Broken, &str)] = &[
    (Broken::Refused, "retry, no connection"),
    (Broken::Plain, "retry, TLS refused"),
    (Broken::Hangs, "unknown, no answer in time"),
    (Broken::Closes, "unknown, connection broke"),
    (Broken::Truncated, "unknown, connection broke"),
];

/// An outcome in one line.
pub fn shown(outcome: &Result<Sent, SendError>) -> String {
    match outcome {
        Ok(Sent { id: Some(id) }) => format!("done {id}"),
        Ok(Sent { id: None }) => "done".into(),
        Err(SendError::Retry { after: Some(after), reason }) => format!("retry after {}s, {reason}", after.as_secs()),
        Err(error) => format!("{}, {}", error.code(), error.reason()),
    }
}

/// No error shows any of these.
pub fn assert_silent(outcome: &Result<Sent, SendError>, secrets: &[&str]) {
    if let Err(error) = outcome {
        let shown = format!("{error} {error:?} {}", error.reason());
        for secret in secrets {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

/// `tests/fixtures/` and what is under it.
pub fn fixtures(under: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(under)
}

/// The names in a folder of the fixtures, sorted.
pub fn names(under: &str) -> Vec<String> {
    let entries = fs::read_dir(fixtures(under)).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

/// A fixture as JSON; `None` when there is none.
pub fn json(path: &Path) -> Option<serde_json::Value> {
    let text = fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// The keys of a kind by its schema, those that must be there first: each is a string and has a text for the editor.
pub fn keys(schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema) -> [BTreeSet<String>; 2] {
    let mut generator = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true).into_generator();
    let schema = schema(&mut generator).to_value();
    assert_eq!(schema["additionalProperties"], false);
    let properties = schema["properties"].as_object().expect("keys");
    for (key, property) in properties {
        assert_eq!(property["type"], "string", "{key}");
        assert!(property["description"].is_string(), "{key} has no text for the editor");
    }
    let required =
        schema["required"].as_array().expect("keys").iter().map(|key| key.as_str().expect("a key").to_owned());
    let required: BTreeSet<String> = required.collect();
    let optional = properties.keys().filter(|key| !required.contains(*key)).cloned().collect();
    [required, optional]
}

/// A list as a set.
pub fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
