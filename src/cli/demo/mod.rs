//! `demo`: the whole job on loopback, with nothing to configure. The service is the real one, behind its own listener and
//! in front of a stand-in for the providers; only the clock jumps, so that a weekend takes seconds.

mod script;
mod stand_in;

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue};
use reqwest::Url;
use ring::hmac;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use self::script::{ACTS, Act, After, START, Who};
use self::stand_in::{Arrived, StandIn};
use super::paint::{Paint, Style};
use super::timeline::{Event, Timeline};
use super::{Global, misused, print, single_threaded};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{self, Config, Environment};
use crate::http::{Limits, hooks, serve};
use crate::outbound::Outbound;
use crate::store;
use crate::telemetry::Metrics;

/// What the service of the demo runs on; the stand-in's address is put in.
const CONFIG: &str = include_str!("../../../config/demo.toml");

/// `channel.work` in [`CONFIG`].
const APP_SECRET: &str = "demo-app-secret";
const PHONE_NUMBER_ID: &str = "106540352242922";

/// Where the reader goes from here.
const NEXT: &str = "Now with a config of your own (config/afterhours.toml is one, with every key explained):
  afterhours check     every problem of it at once
  afterhours hours     your week as a picture
  afterhours rehearse  your own evenings, on your own rules
README.md leads from here to a real installation.
";

/// Something that does not come within this has been lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// `demo`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Seconds between the steps, to read them
    #[arg(long, value_name = "SECONDS", default_value_t = 1.2, value_parser = pace)]
    pace: f64,
}

fn pace(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    (0.0..=60.0).contains(&seconds).then_some(seconds).ok_or_else(|| "from 0 to 60".to_owned())
}

pub(super) fn run(global: &Global, args: &Args) -> ExitCode {
    if global.json {
        return misused("the demo is for people to watch; for JSON: `afterhours rehearse --events FILE.jsonl --json`");
    }
    let pace = Duration::from_secs_f64(args.pace);
    single_threaded(async move {
        let mut stage = Stage::set().await?;
        stage.introduce();
        for act in ACTS {
            tokio::time::sleep(pace).await;
            stage.play(act).await?;
        }
        stage.end().await
    })
}

/// The service, its surroundings, and what is said about them.
struct Stage {
    app: Arc<App>,
    clock: Clock,
    timeline: Timeline,
    stand_in: StandIn,
    client: Outbound,
    hook: Url,
    messages: u32,
    stop: CancellationToken,
    /// The store's folder, gone with the stage.
    _folder: Folder,
}

impl Stage {
    async fn set() -> Result<Self, String> {
        let start: DateTime<Utc> = START.parse().map_err(|_| "the demo's start is no time".to_owned())?;
        let clock = Clock::told(start);
        let stand_in = StandIn::start().await.map_err(|error| format!("no loopback address to be had: {error}"))?;
        let folder = Folder::make(&clock)?;
        let config = read_config(&stand_in.base, start)?;
        let timeline = Timeline { zone: config.owner.timezone, json: false, paint: Paint::of_stdout() };
        let url = format!("sqlite:{}", folder.0.join("afterhours.db").display());
        let store = store::open(&url, start).map_err(|error| error.to_string())?;
        let client = Outbound::new(clock.clone());
        let app = App::start(config, store, client.clone(), clock.clone(), Arc::new(Metrics::default()));
        let app = app.await.map_err(|error| error.to_string())?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let hook = format!("http://{address}/in/work").parse().map_err(|_| "the hook has no address".to_owned())?;
        let stop = CancellationToken::new();
        let limits = Limits::default();
        tokio::spawn(serve(listener, hooks(Arc::clone(&app), limits), limits, stop.clone()));
        let (outbox, ends) = (Arc::clone(&app), stop.clone());
        tokio::spawn(async move { outbox.run_outbox(ends, || {}).await });
        Ok(Self { app, clock, timeline, stand_in, client, hook, messages: 0, stop, _folder: folder })
    }

    fn introduce(&self) {
        let paint = self.timeline.paint;
        let office = "Office hours: Monday to Friday 8:00-12:00 and 13:00-17:00, Saturday 8:00-12:00; Tegucigalpa.";
        print(&format!(
            "{}\n\nThe real service, on this machine alone. WhatsApp webhooks, signed, come in at {}.\nA stand-in takes the \
             replies and the owner's notices. The store is temporary; the clock jumps.\n{office}\n\n",
            paint.with(Style::Bold, "afterhours demo"),
            self.hook,
        ));
    }

    async fn play(&mut self, act: &Act) -> Result<(), String> {
        let at = act.at.parse().map_err(|_| format!("{} is no time", act.at))?;
        self.clock.set(at);
        let paint = self.timeline.paint;
        let head = match act.who {
            Some(who) => format!("{} {}: “{}”", paint.with(Style::In, "→"), who.name(), act.text),
            None => act.text.to_owned(),
        };
        let note = Timeline::beside(&paint.with(Style::Dim, act.note));
        print(&format!("{}  {head}\n{note}", self.timeline.stamp(at)));
        if let Some(who) = act.who {
            self.post(who, act, at).await?;
        }
        self.await_arrivals(act.then).await?;
        self.quiet().await
    }

    async fn post(&mut self, who: Who, act: &Act, at: DateTime<Utc>) -> Result<(), String> {
        if !act.again {
            self.messages += 1;
        }
        let message = json!({
            "from": who.number(), "id": format!("wamid.DEMO{}", self.messages), "timestamp": at.timestamp().to_string(),
            "type": "text", "text": {"body": act.text},
        });
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "50422220000", "phone_number_id": PHONE_NUMBER_ID},
            "contacts": [{"profile": {"name": who.name()}, "wa_id": who.number()}],
            "messages": [message],
        });
        let changes = json!([{"field": "messages", "value": value}]);
        let entry = json!([{"id": "102290129340398", "changes": changes}]);
        let body = json!({"object": "whatsapp_business_account", "entry": entry}).to_string();
        let secret = if act.forged { "a guess" } else { APP_SECRET };
        let mut headers = HeaderMap::new();
        headers.insert("x-hub-signature-256", signature(secret, &body)?);
        let answer = self.client.post_json(self.hook.clone(), headers, body.into_bytes()).await;
        let status = answer.map_err(|error| format!("the webhook was not answered: {error}"))?.status;
        match (act.forged, status) {
            (false, 200) => Ok(()),
            (true, 401) => {
                let because = "nothing is stored".to_owned();
                self.show(&Event::Refused { channel: "work".to_owned(), status, because });
                Ok(())
            }
            _ => Err(format!("the webhook was answered with {status}")),
        }
    }

    /// What was to come has come: in any order, for a reply and a notice are sent at the same time.
    async fn await_arrivals(&mut self, then: &[After]) -> Result<(), String> {
        let mut arrived = Vec::new();
        for _ in then {
            let next = tokio::time::timeout(PATIENCE, self.stand_in.arrivals.recv()).await;
            arrived.push(next.ok().flatten().ok_or("what was to be sent did not come")?);
        }
        for after in then {
            let fits = |one: &Arrived| {
                matches!(
                    (after, one),
                    (After::Reply, Arrived::Reply { .. }) | (After::Notice { .. }, Arrived::Notice { .. })
                )
            };
            let place = arrived.iter().position(fits).ok_or("something else was sent than the demo expects")?;
            self.show(&as_event(*after, arrived.remove(place)));
        }
        Ok(())
    }

    /// Nothing else is on its way.
    async fn quiet(&mut self) -> Result<(), String> {
        let done = async {
            while self.app.store().counts().await?.waiting > 0 {
                tokio::task::yield_now().await;
            }
            Ok(())
        };
        let done = tokio::time::timeout(PATIENCE, done).await.map_err(|_| "something was never sent".to_owned())?;
        done.map_err(|error: store::StoreError| error.to_string())?;
        match self.stand_in.arrivals.try_recv() {
            Ok(_) => Err("more was sent than the demo expects".to_owned()),
            Err(_) => Ok(()),
        }
    }

    /// The act has said when it is.
    fn show(&self, event: &Event) {
        print(&self.timeline.untimed(event));
    }

    async fn end(self) -> Result<(), String> {
        self.stop.cancel();
        let counts = self.app.store().counts().await.map_err(|error| error.to_string())?;
        self.app.store().close().await;
        let done = "That was the job: one answer each, in the client's words and time, and a quiet evening.";
        print(&format!(
            "\n{}\n{} messages of clients are in the store, none of Mum's and none of the forger's.\n\n{NEXT}",
            self.timeline.paint.with(Style::Bold, done),
            counts.messages,
        ));
        Ok(())
    }
}

fn as_event(after: After, arrived: Arrived) -> Event {
    let (kind, messages) = match after {
        After::Notice { kind, messages } => (kind, messages),
        After::Reply => ("reply", 0),
    };
    match arrived {
        Arrived::Reply { to, text } => Event::Reply {
            kind: "reply",
            channel: "work".to_owned(),
            line: "default".to_owned(),
            to: Who::called(&to),
            text,
        },
        Arrived::Notice { title, text } => {
            Event::Notice { sink: "phone".to_owned(), kind, messages, text: format!("{title}\n{text}") }
        }
    }
}

fn read_config(stand_in: &str, start: DateTime<Utc>) -> Result<Config, String> {
    let text = CONFIG
        .replace("access_token =", &format!("api_base = \"{stand_in}/v25.0\"\naccess_token ="))
        .replace("https://ntfy.example.org", stand_in);
    let loaded = config::read("config/demo.toml", text, false, start.date_naive(), Environment::of([]));
    let loaded =
        loaded.map_err(|report| report.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    Ok(loaded.config)
}

fn signature(secret: &str, body: &str) -> Result<HeaderValue, String> {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), body.as_bytes());
    let hex = tag.as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    HeaderValue::from_str(&format!("sha256={hex}")).map_err(|_| "the signature is no header".to_owned())
}

/// A folder of our own that goes when it is dropped.
struct Folder(std::path::PathBuf);

impl Folder {
    fn make(clock: &Clock) -> Result<Self, String> {
        use std::os::unix::fs::DirBuilderExt;
        let name = format!("afterhours-demo-{}-{}", std::process::id(), clock.now().timestamp());
        let path = std::env::temp_dir().join(name);
        let made = std::fs::DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // what cannot be removed lies in the folder for temporary files
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
