//! The whole service on a clock that is told the time, between fake providers that check what they are sent. A world that
//! is closed with anything sent that no line of the story claimed fails the story.
#![expect(clippy::expect_used, reason = "a test may")]

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use crate::channels::{kinds, twilio};
use crate::provider;
use crate::unwilling::{Refusals, Unwilling};
use afterhours::app::App;
use afterhours::channel::Delivery;
use afterhours::clock::Clock;
use afterhours::config::{self, Config};
use afterhours::intake::Answer;
use afterhours::outbound::Outbound;
use afterhours::telemetry::Metrics;
use afterhours::{outbox, store};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use ring::hmac;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

const APP_SECRET: &str = "the-app-secret";
const ACCESS_TOKEN: &str = "the-access-token";
const TOPIC: &str = "the-topic";
const PHONE: &str = "106540352242922";

/// What every story starts from; a story replaces or adds lines.
pub const OFFICE: &str = r#"
[owner]
name = "Dana Reyes"
timezone = "America/Tegucigalpa"
language = "en"
country = "HN"

[store]
url = "sqlite:{dir}/afterhours.db"

[hours.office]
week = { mon-fri = "08:00-12:00, 13:00-17:00", sat = "08:00-12:00" }
holidays = ["HN"]
[[hours.office.except]]
date = 2026-12-24
open = "08:00-12:00"
why = "Christmas Eve"

[channel.work]
kind = "whatsapp"
phone_number_id = "106540352242922"
app_secret = "the-app-secret"
verify_token = "the-verify-token"
access_token = "the-access-token"
api_base = "{graph}/v25.0"

[[client]]
name = "Ana López"
address = ["+504 9999-0001", "ana@example.org"]
labels = ["vip"]
language = "es"

[[client]]
name = "Ben Ochoa"
address = "+504 9999-0003"
language = "en"

[[client]]
name = "Mum"
address = "+504 9999-0002"
standing = "personal"

[[rule]]
name = "emergencies of VIPs ring through"
when = { state = "closed", labels = ["vip"], text = ["urgent", "urgente"] }
reply = "urgent"
notify = "now"

[sink.phone]
kind = "ntfy"
url = "{ntfy}"
topic = "the-topic"

[notify]
now = ["phone"]
digest = ["phone"]
"#;

/// The world of one story.
pub struct World {
    clock: Clock,
    zone: Tz,
    app: Option<Arc<App>>,
    graph: Provider,
    ntfy: Provider,
    refusals: Refusals,
    dir: tempfile::TempDir,
    config: String,
    messages: u32,
}

/// A reply as the client got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub to: String,
    pub text: String,
}

/// A notice as the owner got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub title: String,
    pub message: String,
}

impl World {
    /// Opens a world at a local time of Tegucigalpa, with this config (`{dir}`, `{graph}` and `{ntfy}` are filled in).
    pub async fn open(at: &str, config: &str) -> Self {
        let zone = chrono_tz::America::Tegucigalpa;
        let mut world = Self {
            clock: Clock::told(local(zone, at)),
            zone,
            app: None,
            graph: Provider::start(graph).await,
            ntfy: Provider::start(ntfy).await,
            refusals: Refusals::default(),
            dir: tempfile::tempdir().expect("a folder"),
            config: config.to_owned(),
            messages: 0,
        };
        world.start().await;
        world
    }

    /// Starts the service, as after an end of the last one.
    async fn start(&mut self) {
        let config = self.load(&self.config.clone());
        let inner = store::open(&config.store.url, self.clock.now()).expect("a store");
        let store = Arc::new(Unwilling { inner, refusals: self.refusals.clone() });
        let outbound = Outbound::new(self.clock.clone());
        let app = App::start(config, store, outbound, self.clock.clone(), Arc::new(Metrics::default())).await;
        self.app = Some(app.expect("a service"));
    }

    /// The service ends without a word and starts again.
    pub async fn restart(&mut self) {
        let app = self.app.take().expect("runs");
        app.store().close().await;
        drop(app);
        self.start().await;
        self.settle().await;
    }

    /// Stops the service, and starts it with another config.
    pub async fn restart_with(&mut self, config: &str) {
        config.clone_into(&mut self.config);
        self.restart().await;
    }

    /// Stops the service, puts these files in the place of its store's, and starts it again.
    pub async fn put_back(&mut self, files: &std::collections::BTreeMap<String, Vec<u8>>) {
        let app = self.app.take().expect("runs");
        app.store().close().await;
        drop(app);
        for entry in std::fs::read_dir(self.dir.path()).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.to_string_lossy().contains(".db") {
                std::fs::remove_file(path).expect("removed");
            }
        }
        for (name, bytes) in files {
            std::fs::write(self.dir.path().join(name), bytes).expect("written");
        }
        self.start().await;
        self.settle().await;
    }

    /// Stops the service, and starts it again then.
    pub async fn down_until(&mut self, time: &str) {
        self.clock.set(local(self.zone, time));
        self.restart().await;
    }

    fn load(&self, text: &str) -> Config {
        let text = text
            .replace("{dir}", &self.dir.path().display().to_string())
            .replace("{graph}", &self.graph.server.uri())
            .replace("{ntfy}", &self.ntfy.server.uri());
        let path = self.dir.path().join("afterhours.toml");
        std::fs::write(&path, text).expect("a file");
        match config::load(&path, self.clock.now().date_naive()) {
            Ok(loaded) => loaded.config,
            Err(report) => panic!("{report:#?}"),
        }
    }

    /// The service.
    pub fn app(&self) -> &Arc<App> {
        self.app.as_ref().expect("runs")
    }

    /// Where the files of the store are.
    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Lets time pass to then; what falls due on the way is done at its own time.
    pub async fn at(&mut self, time: &str) {
        let to = local(self.zone, time);
        loop {
            let due = self.app().store().next_due().await.expect("a store").filter(|due| *due <= to);
            self.clock.set(due.unwrap_or(to).max(self.clock.now()));
            self.settle().await;
            if due.is_none() {
                return;
            }
        }
    }

    async fn settle(&self) {
        if let Err(error) = outbox::settle_all(self.app()).await {
            assert!(self.refusals.given() > 0, "the story did not ask for this: {error}");
        }
    }

    /// The next calls of that name fail at the store; what the outbox leaves then is for later.
    pub fn store_refuses(&self, name: &'static str, calls: usize) {
        self.refusals.next(name, calls);
    }

    /// A client writes; the status that the provider is answered.
    pub async fn says(&mut self, from: &str, text: &str) -> u16 {
        self.messages += 1;
        let id = format!("wamid.{}", self.messages);
        self.says_as(&id, from, text).await
    }

    /// A client's message with that id, for repetitions.
    pub async fn says_as(&mut self, id: &str, from: &str, text: &str) -> u16 {
        let body = message(id, from, text, self.clock.now());
        self.post(&body).await
    }

    /// The owner writes to a client on the phone app.
    pub async fn owner_writes(&mut self, to: &str) {
        self.owner_wrote(to, self.clock.now()).await;
    }

    /// The echo of what the owner wrote to a client then.
    pub async fn owner_wrote(&mut self, to: &str, at: DateTime<Utc>) {
        self.messages += 1;
        let echo = json!({
            "from": "50422220000", "to": to, "id": format!("wamid.{}", self.messages),
            "timestamp": at.timestamp().to_string(), "type": "text", "text": {"body": "on my way"},
        });
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "50422220000", "phone_number_id": PHONE},
            "message_echoes": [echo],
        });
        assert_eq!(self.post(&webhook("smb_message_echoes", &value)).await, 200);
    }

    /// A signed webhook; the status that it is answered with.
    pub async fn post(&mut self, body: &str) -> u16 {
        let status = self.deliver(body, &signature(body)).await;
        self.settle().await;
        status
    }

    /// A webhook as it comes; the status that it is answered with.
    pub async fn deliver(&mut self, body: &str, signature: &str) -> u16 {
        let mut headers = http::HeaderMap::new();
        headers.insert("x-hub-signature-256", signature.parse().expect("a header"));
        let delivery = Delivery { headers, query: String::new(), body: body.to_owned().into() };
        self.app().receive("work", &delivery).await.status
    }

    /// Another config is put in force.
    pub async fn reload(&mut self, config: &str) {
        config.clone_into(&mut self.config);
        let config = self.load(config);
        self.app().reload(config).await.expect("a store");
        self.settle().await;
    }

    /// What Twilio posts to `phone`; how it is answered.
    pub async fn twilio(&mut self, query: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = twilio::form(pairs);
        let question = if query.is_empty() { String::new() } else { format!("?{query}") };
        let headers = kinds::signed_by_twilio(&question, &body);
        let delivery = Delivery { headers, query: query.to_owned(), body: body.into() };
        let answer = self.app().receive("phone", &delivery).await;
        self.settle().await;
        answer
    }

    /// The next calls of that name never end.
    pub fn store_hangs(&self, name: Option<&'static str>) {
        self.refusals.hang(name);
    }

    /// The provider answers every reply with that status from now on, or with 400 and Twilio's code (which are all longer
    /// than a status).
    pub fn graph_answers(&self, status: u16) {
        self.graph.status.store(status, Ordering::SeqCst);
    }

    /// The provider takes each reply from now on, and its answer is lost; or no longer.
    pub fn graph_loses_answers(&self, loses: bool) {
        self.graph.loses.store(loses, Ordering::SeqCst);
    }

    /// Another program sends something to that person, through the same account at Twilio.
    pub fn another_program_sends(&self, sid: &str, to: &str) {
        self.graph.listed.lock().expect("no panic").push(listed(
            sid,
            to,
            *self.graph.lists_at.lock().expect("no panic"),
        ));
    }

    /// When Twilio says from now on that messages were sent; else it is after everything that stories tell of.
    pub fn twilio_s_clock_says(&self, at: &str) {
        *self.graph.lists_at.lock().expect("no panic") = local(self.zone, at);
    }

    /// The owner's push service answers with that status from now on.
    pub fn ntfy_answers(&self, status: u16) {
        self.ntfy.status.store(status, Ordering::SeqCst);
    }

    /// The one reply since the last claim.
    pub fn reply(&self) -> Reply {
        let taken = self.graph.taken.lock().expect("no panic").pop_front();
        let body = taken.expect("a reply was to be sent");
        if body.get("To").is_some() {
            return Reply { to: field(&body, "/To"), text: field(&body, "/Body") };
        }
        Reply { to: field(&body, "/to"), text: field(&body, "/text/body") }
    }

    /// The key of the one reply at Twilio that is not claimed.
    pub fn key_of_reply(&self) -> String {
        let taken = self.graph.taken.lock().expect("no panic").front().cloned().expect("a reply was to be sent");
        let callback: reqwest::Url = field(&taken, "/StatusCallback").parse().expect("a URL");
        callback.query_pairs().find(|(name, _)| name == "key").expect("a key").1.into_owned()
    }

    /// The one notice since the last claim.
    pub fn notice(&self) -> Notice {
        let taken = self.ntfy.taken.lock().expect("no panic").pop_front();
        let body = taken.expect("a notice was to be sent");
        Notice { title: field(&body, "/title"), message: field(&body, "/message") }
    }

    /// The next notice, if there was one.
    pub fn any_notice(&self) -> Option<Notice> {
        let waits = !self.ntfy.taken.lock().expect("no panic").is_empty();
        waits.then(|| self.notice())
    }

    /// How many requests came at the provider, those that it refused included.
    pub fn tries(&self) -> usize {
        std::mem::take(&mut self.graph.tries.lock().expect("no panic"))
    }

    /// Nothing was sent since the last claim.
    pub fn quiet(&self) {
        for (name, provider) in [("reply", &self.graph), ("notice", &self.ntfy)] {
            let taken = provider.taken.lock().expect("no panic");
            assert!(taken.is_empty(), "an unclaimed {name}: {:#}", taken[0]);
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.quiet();
        for provider in [&self.graph, &self.ntfy] {
            let wrong = provider.wrong.lock().expect("no panic");
            assert!(wrong.is_empty(), "a provider was sent what it does not take: {wrong:#?}");
        }
    }
}

/// The webhook of a text message, as the Cloud API posts it.
pub fn message(id: &str, from: &str, text: &str, sent_at: DateTime<Utc>) -> String {
    let sent_at = sent_at.timestamp().to_string();
    let message = json!({"from": from, "id": id, "timestamp": sent_at, "type": "text", "text": {"body": text}});
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "50422220000", "phone_number_id": PHONE},
        "contacts": [{"profile": {"name": "Pat"}, "wa_id": from}],
        "messages": [message],
    });
    webhook("messages", &value)
}

fn webhook(field: &str, value: &Value) -> String {
    let entry = json!([{"id": "102290129340398", "changes": [{"field": field, "value": value}]}]);
    json!({"object": "whatsapp_business_account", "entry": entry}).to_string()
}

/// `X-Hub-Signature-256` of a body.
pub fn signature(body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, APP_SECRET.as_bytes());
    let tag = hmac::sign(&key, body.as_bytes());
    let hex = tag.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("sha256={hex}")
}

fn local(zone: Tz, at: &str) -> DateTime<Utc> {
    let read = |form| NaiveDateTime::parse_from_str(at, form);
    let naive = read("%Y-%m-%d %H:%M").or_else(|_| read("%Y-%m-%d %H:%M:%S%.3f")).expect("a local time");
    zone.from_local_datetime(&naive).single().expect("a time that is there once").to_utc()
}

fn field(body: &Value, pointer: &str) -> String {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {body}")).to_owned()
}

/// One side that is sent to: takes what is right, notes what is wrong.
pub struct Provider {
    pub server: MockServer,
    pub status: Arc<AtomicU16>,
    pub taken: Arc<Mutex<VecDeque<Value>>>,
    pub wrong: Arc<Mutex<Vec<String>>>,
    pub tries: Arc<Mutex<usize>>,
    loses: Arc<AtomicBool>,
    listed: Arc<Mutex<Vec<Value>>>,
    lists_at: Arc<Mutex<DateTime<Utc>>>,
}

struct Taker {
    check: fn(&Request, &Value) -> Result<Value, String>,
    status: Arc<AtomicU16>,
    taken: Arc<Mutex<VecDeque<Value>>>,
    wrong: Arc<Mutex<Vec<String>>>,
    tries: Arc<Mutex<usize>>,
    loses: Arc<AtomicBool>,
    listed: Arc<Mutex<Vec<Value>>>,
    lists_at: Arc<Mutex<DateTime<Utc>>>,
}

impl Provider {
    pub async fn start(check: fn(&Request, &Value) -> Result<Value, String>) -> Self {
        let server = MockServer::start().await;
        let status = Arc::new(AtomicU16::new(200));
        let (taken, wrong, tries) = (Arc::default(), Arc::default(), Arc::default());
        let (loses, listed) = (Arc::default(), Arc::default());
        let lists_at = Arc::new(Mutex::new("2030-01-01T00:00:00Z".parse().expect("a time")));
        let respond = Taker {
            check,
            status: Arc::clone(&status),
            taken: Arc::clone(&taken),
            wrong: Arc::clone(&wrong),
            tries: Arc::clone(&tries),
            loses: Arc::clone(&loses),
            listed: Arc::clone(&listed),
            lists_at: Arc::clone(&lists_at),
        };
        Mock::given(any()).respond_with(respond).mount(&server).await;
        Self { server, status, taken, wrong, tries, loses, listed, lists_at }
    }
}

impl Respond for Taker {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        if request.method.as_str() == "GET" {
            return ResponseTemplate::new(200).set_body_json(self.list(request));
        }
        *self.tries.lock().expect("no panic") += 1;
        let body = if header(request, "content-type") == "application/x-www-form-urlencoded" {
            provider::body(request)
        } else {
            serde_json::from_slice(&request.body).unwrap_or(Value::Null)
        };
        let answer = match (self.check)(request, &body) {
            Ok(answer) => answer,
            Err(problem) => {
                self.wrong.lock().expect("no panic").push(format!("{problem}: {body}"));
                return ResponseTemplate::new(400);
            }
        };
        let status = self.status.load(Ordering::SeqCst);
        if status >= 1000 {
            return ResponseTemplate::new(400).set_body_json(json!({"code": status, "status": 400}));
        }
        if status != 200 {
            return ResponseTemplate::new(status);
        }
        if let (Some(sid), Some(to)) = (answer["sid"].as_str(), body["To"].as_str()) {
            self.listed.lock().expect("no panic").push(listed(sid, to, *self.lists_at.lock().expect("no panic")));
        }
        self.taken.lock().expect("no panic").push_back(body);
        if self.loses.load(Ordering::SeqCst) {
            return ResponseTemplate::new(500);
        }
        ResponseTemplate::new(200).set_body_json(answer)
    }
}

impl Taker {
    /// Twilio's list of messages to one person.
    fn list(&self, request: &Request) -> Value {
        let to = request.url.query_pairs().find(|(key, _)| key == "To").map(|(_, to)| to.into_owned());
        let listed = self.listed.lock().expect("no panic");
        let messages: Vec<_> = listed.iter().filter(|message| message["to"].as_str() == to.as_deref()).collect();
        json!({"messages": messages})
    }
}

/// A message as Twilio lists it.
fn listed(sid: &str, to: &str, at: DateTime<Utc>) -> Value {
    let at = at.to_rfc2822();
    json!({"sid": sid, "to": to, "direction": "outbound-api", "status": "sent", "date_sent": at, "date_created": at})
}

/// What the Graph API takes, and Twilio's.
pub fn graph(request: &Request, body: &Value) -> Result<Value, String> {
    if request.url.path().starts_with("/2010-04-01/") {
        return twilio_takes(request, body);
    }
    expect(request.method.as_str() == "POST", "not a POST")?;
    expect(request.url.path() == format!("/v25.0/{PHONE}/messages"), "another path")?;
    expect(header(request, "authorization") == format!("Bearer {ACCESS_TOKEN}"), "another token")?;
    expect(header(request, "content-type") == "application/json", "not JSON")?;
    let known = ["messaging_product", "recipient_type", "to", "type", "text", "context", "biz_opaque_callback_data"];
    let unknown = body.as_object().into_iter().flatten().find(|(key, _)| !known.contains(&key.as_str()));
    expect(unknown.is_none(), "a field that the API does not have")?;
    expect(body["messaging_product"] == "whatsapp" && body["type"] == "text", "not a text message")?;
    expect(body["recipient_type"] == "individual", "not to one person")?;
    expect(body.pointer("/context/message_id").is_some(), "not an answer to a message")?;
    Ok(json!({"messaging_product": "whatsapp", "contacts": [], "messages": [{"id": "wamid.OUT"}]}))
}

/// What Twilio's REST API takes.
fn twilio_takes(request: &Request, body: &Value) -> Result<Value, String> {
    const ACCOUNT: &str = "AC00000000000000000000000000000001";
    expect(request.method.as_str() == "POST", "not a POST")?;
    expect(request.url.path() == format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json"), "another path")?;
    expect(header(request, "authorization").starts_with("Basic "), "no login")?;
    let known = ["To", "From", "Body", "StatusCallback", "ValidityPeriod", "SmartEncoded"];
    let unknown = body.as_object().into_iter().flatten().find(|(key, _)| !known.contains(&key.as_str()));
    expect(unknown.is_none(), "a field that is not to be there")?;
    let callback = body["StatusCallback"].as_str().unwrap_or_default();
    expect(callback.starts_with("https://hooks.example.org/in/phone?key="), "no status callback")?;
    expect(body["ValidityPeriod"] == "600", "a reply that may wait for hours")?;
    expect(body["From"] == "+15550100001", "from another line")?;
    Ok(json!({"sid": "SM0000000000000000000000000000000f", "status": "queued", "error_code": null}))
}

/// What an ntfy server takes.
pub fn ntfy(request: &Request, body: &Value) -> Result<Value, String> {
    expect(request.method.as_str() == "POST", "not a POST")?;
    expect(request.url.path() == "/", "not the root")?;
    expect(body["topic"] == TOPIC, "another topic")?;
    expect(body["message"].as_str().is_some_and(|message| message.len() <= 4096), "no message, or too long")?;
    Ok(json!({"id": "n1", "time": 1, "event": "message", "topic": TOPIC}))
}

fn header<'r>(request: &'r Request, name: &str) -> &'r str {
    request.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn expect(holds: bool, otherwise: &str) -> Result<(), String> {
    holds.then_some(()).ok_or_else(|| otherwise.to_owned())
}
