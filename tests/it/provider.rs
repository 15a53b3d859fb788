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

/// What must come through byte for byte: right to left with its marks, joiners that change a letter, characters beyond the
/// basic plane, emoji of several, and accents that stand alone where a normal form would join them.
pub const SCRIPTS: &[&str] = &[
    "\u{200f}مغلق الآن؛ نفتح الثلاثاء \u{200f}8:00\u{200f}",
    "\u{2067}نفتح\u{2069} at \u{2068}8:00\u{2069} \u{202b}غدًا\u{202c}",
    "שָׁלוֹם, פתוח ב־8:00",
    "हम बंद हैं: क्\u{200d}ष, र्\u{200c}य, श्री\u{200d}मान्",
    "现在休息，星期二 8:00 营业。𠮷野家 / 吉野家",
    "👩\u{200d}⚕\u{fe0f} 👨\u{200d}👩\u{200d}👧 🏳\u{fe0f}\u{200d}🌈 👍🏽 🇭🇳 1\u{fe0f}\u{20e3}",
    "cafe\u{301} is not café; n\u{303}andu\u{301}; A\u{30a} is not Å nor \u{212b}; ﬁ is not fi",
    "a\u{a0}b\u{202f}c\u{2009}d\u{3000}e\u{feff}f\u{ad}g\u{2011}h",
    "z\u{351}\u{36b}\u{343}a\u{32a}\u{32b}l\u{33d}\u{32b}g\u{325}o\u{335}",
    "{{ client.name }} {% raw %} =?utf-8?b?eA==?= <b>&amp;</b> \\u0041 %C3%B1 \"'`",
];

/// Every text in a JSON value.
pub fn texts(value: &serde_json::Value) -> Vec<&str> {
    match value {
        serde_json::Value::String(text) => vec![text],
        serde_json::Value::Array(items) => items.iter().flat_map(texts).collect(),
        serde_json::Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
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

/// The body of a request as JSON: a form is an object of texts, and says no name twice.
pub fn body(request: &Request) -> serde_json::Value {
    match header(request, "content-type") {
        "application/x-www-form-urlencoded" => {
            let pairs = form(&request.body);
            let object: serde_json::Map<_, _> =
                pairs.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
            assert_eq!(object.len(), pairs.len(), "a name twice");
            object.into()
        }
        kind => {
            assert_eq!(kind, "application/json");
            serde_json::from_slice(&request.body).expect("JSON")
        }
    }
}

/// The names and values of a form.
pub fn form(body: &[u8]) -> Vec<(String, String)> {
    let mut url: reqwest::Url = "http://localhost/".parse().expect("a URL");
    url.set_query(Some(std::str::from_utf8(body).expect("ASCII")));
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
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

/// The keys of a kind by its schema, those that must be there first: each is a string or a flag and has a text for the editor.
pub fn keys(schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema) -> [BTreeSet<String>; 2] {
    let mut generator = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true).into_generator();
    let schema = schema(&mut generator).to_value();
    assert_eq!(schema["additionalProperties"], false);
    let properties = schema["properties"].as_object().expect("keys");
    for (key, property) in properties {
        assert!(property["type"] == "string" || property["type"] == "boolean", "{key}");
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
