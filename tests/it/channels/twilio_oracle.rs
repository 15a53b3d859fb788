//! Twilio's own library (the package `twilio` for Python): its validator and ours judge the same requests, its client and ours
//! make the same ones.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use afterhours::channel::Delivery;
use afterhours::config::Secret;
use afterhours::message::Personal;
use afterhours::outbound::SendKey;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use ring::{digest, hmac};
use serde_json::{Map, Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::kinds::{delivery, headers, twilio};
use super::twilio::{at, form, tag};
use crate::provider::{self, outbound};

/// Their validator, of the day on which this was written.
const PACKAGE: &str = "twilio==9.13.0";

/// A line of JSON in, a verdict out.
const JUDGE: &str = r#"
import json, sys, logging
from twilio.request_validator import RequestValidator, get_signature_algorithm
logging.disable(logging.CRITICAL)
class Params(dict):
    def getlist(self, name):
        return self[name]
for line in sys.stdin:
    case = json.loads(line)
    if case["params"] is None:
        params = case["body"]
    else:
        params = Params()
        for name, value in case["params"]:
            params.setdefault(name, []).append(value)
    algorithm = get_signature_algorithm(case["settings"])
    print(RequestValidator(case["token"]).validate(case["url"], params, case["signature"], algorithm))
"#;

/// What their client requests where we do, a line of JSON each: account, numbers, list of messages, a message.
const CLIENT: &str = r#"
import base64, json
from twilio.rest import Client
from twilio.http.http_client import HttpClient
from twilio.http.response import Response
class Told(HttpClient):
    def request(self, method, url, params=None, data=None, headers=None, auth=None, timeout=None, allow_redirects=False):
        login = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
        text = lambda fields: {key: str(value) for key, value in (fields or {}).items()}
        told = {"method": method, "path": url.removeprefix("https://api.twilio.com"), "login": login}
        print(json.dumps({**told, "query": text(params), "form": text(data)}))
        key = "messages" if "Messages" in url else "incoming_phone_numbers"
        return Response(200, json.dumps({key: []}))
ours, theirs, sid = "+15550100001", "+15550100101", "AC00000000000000000000000000000001"
account = Client(sid, "token", http_client=Told(None, False)).api.v2010.accounts(sid)
account.fetch()
account.incoming_phone_numbers.page(page_size=100)
account.messages.page(to=theirs, from_=ours, page_size=20)
account.messages.create(to=theirs, from_=ours, body="Closed.", status_callback="x", validity_period=600, smart_encoded=True)
"#;

/// How a request is spoilt after it was signed.
#[derive(Clone, Copy, Debug)]
enum Spoilt {
    Not,
    Value,
    Dropped,
    Added,
    Signature,
    Token,
    Query,
    Body,
}

#[derive(Clone, Debug)]
struct Case {
    scheme: &'static str,
    port: &'static str,
    signed_port: &'static str,
    query: &'static str,
    params: Option<Vec<(String, String)>>,
    body: String,
    settings: &'static str,
    spoilt: Spoilt,
}

fn cases() -> impl Strategy<Value = Case> {
    let name = prop_oneof![
        "[A-Za-z][A-Za-z0-9]{0,8}",
        Just("Body".to_owned()),
        Just("body".to_owned()),
        Just("Körper".to_owned())
    ];
    let value = prop_oneof![
        Just(String::new()),
        "[ -~]{0,20}",
        "\\PC{0,12}",
        Just("+15550100101".to_owned()),
        Just("a".to_owned())
    ];
    let params = prop::collection::vec((name, value), 0..9);
    let spoilt = prop_oneof![
        6 => Just(Spoilt::Not),
        1 => Just(Spoilt::Value),
        1 => Just(Spoilt::Dropped),
        1 => Just(Spoilt::Added),
        1 => Just(Spoilt::Signature),
        1 => Just(Spoilt::Token),
        1 => Just(Spoilt::Query),
        1 => Just(Spoilt::Body),
    ];
    let settings = prop_oneof![
        4 => Just(""),
        2 => Just("key=webhooks_sharedkey_x,algorithm=HMAC_SHA256"),
        1 => Just("key=webhooks_sharedkey_x,algorithm=hmac_sha256"),
        1 => Just("algorithm=HMAC_SHA1"),
        1 => Just("key=webhooks_sharedkey_x,algorithm=HMAC_MD5"),
    ];
    let ports = prop::sample::select(vec!["", ":443", ":80", ":8443"]);
    (
        prop::sample::select(vec!["https", "http"]),
        ports.clone(),
        ports,
        prop::sample::select(vec!["", "step=dialled", "a=b%20c&d=%C3%A9+f", "x&y="]),
        prop::option::weighted(0.8, params),
        "\\PC{1,30}",
        settings,
        spoilt,
    )
        .prop_map(|(scheme, port, signed_port, query, params, body, settings, spoilt)| {
            // most are signed with the port that they come to
            let signed_port = if body.len() % 3 == 0 { signed_port } else { port };
            Case { scheme, port, signed_port, query, params, body, settings, spoilt }
        })
}

/// A request as both validators get it, and our verdict.
fn judged(case: Case) -> (serde_json::Value, bool) {
    const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    let Case { scheme, port, signed_port, query, mut params, mut body, settings, spoilt } = case;
    let mut query = query.to_owned();
    if params.is_none() {
        let hex = digest::digest(&digest::SHA256, body.as_bytes());
        let hex = hex.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        let and = if query.is_empty() { "" } else { "&" };
        query = format!("{query}{and}bodySHA256={hex}");
    }
    let question = |query: &str| if query.is_empty() { String::new() } else { format!("?{query}") };
    let mut signed = format!("{scheme}://hooks.example.org{signed_port}/in/phone{}", question(&query));
    let mut pairs = params.clone().unwrap_or_default();
    pairs.sort();
    pairs.dedup();
    for (name, value) in &pairs {
        signed += &(name.clone() + value);
    }
    let algorithm = match settings.to_ascii_uppercase() {
        settings if settings.contains("SHA256") => hmac::HMAC_SHA256,
        _ => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
    };
    let secret = if let Spoilt::Token = spoilt { "another" } else { TOKEN };
    let mut signature = tag(algorithm, secret, &signed);
    match (spoilt, &mut params) {
        (Spoilt::Value, Some(params)) if !params.is_empty() => params[0].1.push('x'),
        (Spoilt::Dropped, Some(params)) if !params.is_empty() => drop(params.remove(0)),
        (Spoilt::Added, Some(params)) => params.push(("Added".to_owned(), "1".to_owned())),
        (Spoilt::Body, None) => body.push('x'),
        (Spoilt::Signature, _) => signature.replace_range(..1, if signature.starts_with('A') { "B" } else { "A" }),
        (Spoilt::Query, _) => query += "&more=1",
        _ => {}
    }
    let address = format!("{scheme}://hooks.example.org{port}/in/phone");
    let kind = if params.is_some() { "application/x-www-form-urlencoded" } else { "application/json" };
    let mut all = vec![("content-type", kind), ("x-twilio-signature", &*signature)];
    if !settings.is_empty() {
        all.push(("x-twilio-webhooks-signature-settings", settings));
    }
    let bytes = match &params {
        Some(params) => form(&params.iter().map(|(name, value)| (&**name, &**value)).collect::<Vec<_>>()),
        None => body.as_bytes().to_vec(),
    };
    let delivery = Delivery { query: query.clone(), ..delivery(headers(&all), &bytes) };
    let accepted = at(&address, TOKEN).verify(&delivery, provider::now()).is_ok();
    let told = json!({
        "url": address + &question(&query), "params": params, "body": body, "signature": signature,
        "settings": settings, "token": TOKEN,
    });
    (told, accepted)
}

#[test]
fn twilios_own_validator_agrees_on_five_hundred_requests() {
    let Some(judge) = Judge::new() else { return };
    let mut runner = TestRunner::deterministic();
    let strategy = cases();
    let mut sample = || strategy.new_tree(&mut runner).expect("a case").current();
    let (told, ours): (Vec<_>, Vec<_>) = (0..500).map(|_| judged(sample())).unzip();
    let theirs = judge.verdicts(&told);
    for ((told, ours), theirs) in told.iter().zip(&ours).zip(&theirs) {
        assert_eq!(ours, theirs, "ours and theirs: {told:#}");
    }
    let accepted = ours.iter().filter(|accepted| **accepted).count();
    assert!((100..=400).contains(&accepted), "{accepted} of 500 are accepted: too one-sided to prove anything");
}

#[tokio::test]
async fn what_we_ask_of_twilio_is_what_its_own_client_asks() {
    let Some(judge) = Judge::new() else { return };
    let output = Command::new(&judge.0).args(["-c", CLIENT]).output().expect("python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let theirs: Vec<Value> = theirs.map(|line| serde_json::from_slice(line).expect("JSON")).collect();

    let server = MockServer::start().await;
    let every = json!({"sid": "SM1", "status": "active", "messages": [], "incoming_phone_numbers": []});
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(every)).mount(&server).await;
    let channel = twilio(&server.uri(), |options| options.auth_tokens = vec![Secret::new("token")]);
    let to = Personal::new(json!({"from": "+15550100001", "to": "+15550100101"}).to_string());
    let outbound = outbound();
    channel.inspect(&outbound).await.expect("an answer");
    channel.sent_since(&outbound, &to, provider::now()).await.expect("an answer");
    channel.reply(&outbound, &to, "Closed.", &SendKey("x".into())).await.expect("an answer");
    let fields = |pairs: &str| -> Value {
        let url: reqwest::Url = format!("http://localhost/?{pairs}").parse().expect("a URL");
        let fields: Map<String, Value> = url
            .query_pairs()
            // the one field that holds an address of our own
            .map(|(key, value)| (key.to_string(), json!(if key == "StatusCallback" { "x".into() } else { value })))
            .collect();
        fields.into()
    };
    let ours: Vec<Value> = server
        .received_requests()
        .await
        .expect("recording is on")
        .iter()
        .map(|request| {
            let login = request.headers["authorization"].to_str().expect("text");
            json!({
                "method": request.method.as_str(), "path": request.url.path(), "login": login,
                "query": fields(request.url.query().unwrap_or_default()),
                "form": fields(std::str::from_utf8(&request.body).expect("text")),
            })
        })
        .collect();
    assert_eq!(ours, theirs);
}

/// Python with Twilio's library.
struct Judge(PathBuf);

impl Judge {
    /// `None`, with a word about it, where it is not installed; on CI that is a failure.
    fn new() -> Option<Self> {
        let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/python/bin/python");
        if !python.exists() {
            let missing =
                format!("needs `python3 -m venv target/peers/python && target/peers/python/bin/pip install {PACKAGE}`");
            assert!(std::env::var("CI").as_deref() != Ok("true"), "the test against Twilio's own validator {missing}");
            eprintln!("skipped: the test against Twilio's own validator {missing}");
            return None;
        }
        Some(Self(python))
    }

    fn verdicts(&self, cases: &[serde_json::Value]) -> Vec<bool> {
        let mut judge = Command::new(&self.0)
            .args(["-c", JUDGE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python");
        let lines: String = cases.iter().fold(String::new(), |lines, case| lines + &case.to_string() + "\n");
        let mut stdin = judge.stdin.take().expect("a pipe");
        let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
        let output = judge.wait_with_output().expect("it ends");
        writer.join().expect("no panic").expect("it reads");
        assert!(output.status.success(), "the judge fails");
        let verdicts: Vec<bool> =
            String::from_utf8(output.stdout).expect("text").lines().map(|line| line == "True").collect();
        assert_eq!(verdicts.len(), cases.len());
        verdicts
    }
}
