//! What a channel sends, before the provider's own description of its API: Prism answers as the description says, and
//! refuses what it does not allow.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use afterhours::channel::Channel as _;
use afterhours::channel::android_sms::Phone;
use afterhours::channel::telegram::Mode;
use afterhours::message::ReplyTo;
use afterhours::outbound::{Reason, SendError, SendKey};
use chrono::TimeDelta;

use super::kinds::{MADE, Made, android_sms, telegram, twilio};
use super::{KEY, TEXT, deliveries, events, first_message, fixture};
use crate::provider::{self, fixtures, outbound};

/// Ends when it is dropped.
struct Prism {
    child: Child,
    base: String,
}

impl Prism {
    /// `None`, with a word about it, where it is not installed; on CI that is a failure.
    fn start(spec: &Path) -> Option<Self> {
        let program =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/node_modules/@stoplight/prism-cli/dist/index.js");
        if !program.exists() {
            let missing = "needs `npm install --prefix target/peers @stoplight/prism-cli@5.16.0`";
            assert!(
                std::env::var("CI").as_deref() != Ok("true"),
                "the test against the providers' API specs {missing}"
            );
            eprintln!("skipped: the test against the providers' API specs {missing}");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let mut child = Command::new("node")
            .arg(program)
            .args(["mock", "-h", "127.0.0.1", "-p", &port.to_string(), "-m", "false"])
            .arg(spec)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node");
        let said = BufReader::new(child.stdout.take().expect("its output"));
        let mut lines = said.lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("Prism is listening")), "it does not start");
        // it writes a line for every request, and must not wait for somebody to read it
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { child, base: format!("http://127.0.0.1:{port}") })
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn specs() -> Vec<(&'static Made, PathBuf)> {
    let spec = |made: &'static Made| (made, fixtures("specs").join(format!("{}.json", made.kind)));
    MADE.iter().map(spec).filter(|(_, spec)| spec.exists()).collect()
}

/// The examples in a description prove nothing, so that an answer which is one may be taken for unproven.
fn is_allowed<T>(outcome: &Result<T, SendError>) -> bool {
    matches!(outcome, Ok(_) | Err(SendError::Unknown { reason: Reason::Unproven }))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_what_the_providers_describe() {
    assert_eq!(specs().len(), 3, "of the kinds whose providers publish one");
    for (made, spec) in specs() {
        let Some(prism) = Prism::start(&spec) else { return };
        let channel = (made.channel)(&prism.base);
        let outbound = outbound();
        let mut replies = 0;
        let mut answered = None;
        for (name, delivery) in deliveries(made.kind) {
            if fixture(made.kind, &name, "reply").is_none() {
                continue;
            }
            let events = events(&*channel, &delivery);
            let to = &first_message(&events).reply_to;
            let outcome = channel.reply(&outbound, to, TEXT, &SendKey(KEY.to_owned())).await;
            assert!(is_allowed(&outcome), "{} {name}: {outcome:?}", made.kind);
            replies += 1;
            answered = Some(to.clone());
        }
        assert!(replies > 0, "{} has no fixture with a reply", made.kind);
        // what is not as described is refused: the referee is awake
        let url = format!("{}{}", prism.base, made.path).parse().expect("a URL");
        let refused = outbound.post_json(url, http::HeaderMap::new(), b"[1]".to_vec()).await.expect("an answer");
        assert!((400..500).contains(&refused.status), "{}: {}", made.kind, refused.status);
        let address = "https://hooks.example.org/in/work".parse().expect("a URL");
        if let Some(outcome) = channel.register(&outbound, &address).await {
            let outcome = outcome.map_err(|refused| refused.error);
            assert!(is_allowed(&outcome), "{}: {outcome:?}", made.kind);
        }
        let to = answered.expect("somebody was answered");
        for (what, outcome) in questions(made.kind, &prism.base, &to, &address).await {
            assert!(is_allowed(&outcome), "{} {what}: {outcome:?}", made.kind);
        }
    }
}

/// What else is asked of the providers that describe it.
async fn questions(
    kind: &str,
    base: &str,
    to: &ReplyTo,
    address: &reqwest::Url,
) -> Vec<(&'static str, Result<(), SendError>)> {
    let outbound = outbound();
    match kind {
        "android-sms" => {
            let phone = android_sms(Some(base), Phone::default());
            vec![("inspect", phone.inspect(&outbound).await.map(drop))]
        }
        "twilio" => {
            let asks = twilio(base, |options| options.ask_before_reply = true);
            let since = provider::now() - TimeDelta::hours(1);
            vec![("sent_since", asks.sent_since(&outbound, to, since).await.map(drop))]
        }
        "telegram" => {
            let asks = telegram(base, Mode::Poll);
            vec![
                ("fetch", asks.fetch(&outbound).await.map(drop)),
                ("inspect", asks.inspect(&outbound).await.map(drop)),
                (
                    "register",
                    asks.register(&outbound, address)
                        .await
                        .map_or(Ok(()), |done| done.map(drop).map_err(|refused| refused.error)),
                ),
            ]
        }
        _ => Vec::new(),
    }
}
