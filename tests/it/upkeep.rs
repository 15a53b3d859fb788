//! What keeps channels alive beside their messages.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use afterhours::app::App;
use afterhours::channel::{Channel, Delivery, Malformed, Refused, Verified};
use afterhours::clock::Clock;
use afterhours::config::{self, ChannelSettings};
use afterhours::message::{Event, ReplyTo};
use afterhours::outbound::{Outbound, SendError, SendKey, Sent};
use afterhours::store;
use afterhours::telemetry::Metrics;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::world::OFFICE;

/// A channel whose first answer it cannot bear.
#[derive(Default)]
struct Frail {
    asked: AtomicUsize,
    again: Notify,
}

#[async_trait]
impl Channel for Frail {
    fn kind(&self) -> &'static str {
        "frail"
    }

    fn verify<'d>(&self, _delivery: &'d Delivery, _now: DateTime<Utc>) -> Result<Verified<'d>, Refused> {
        Err(Refused::Unsigned)
    }

    fn parse(&self, _verified: &Verified<'_>) -> Result<Vec<Event>, Malformed> {
        Ok(Vec::new())
    }

    async fn reply(&self, _outbound: &Outbound, _to: &ReplyTo, _text: &str, _key: &SendKey) -> Result<Sent, SendError> {
        Ok(Sent::default())
    }

    fn longest_reply(&self) -> usize {
        100
    }

    fn polls(&self) -> bool {
        true
    }

    async fn fetch(&self, _outbound: &Outbound) -> Result<Vec<Event>, SendError> {
        assert!(self.asked.fetch_add(1, Ordering::SeqCst) > 0, "the fault that the story needs");
        self.again.notify_one();
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_channel_whose_asking_ends_by_a_fault_is_asked_again_after_a_pause() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("afterhours.toml");
    let text = OFFICE
        .replace("{dir}", &folder.path().display().to_string())
        .replace("{graph}", "http://127.0.0.1:9")
        .replace("{ntfy}", "http://127.0.0.1:9");
    std::fs::write(&path, text).expect("a file");
    let clock = Clock::told("2026-11-19T20:00:00-06:00".parse().expect("a time"));
    let Ok(loaded) = config::load(&path, clock.now().date_naive()) else { panic!("a config") };
    let mut config = loaded.config;
    let frail = Arc::new(Frail::default());
    let (channel, hours) = (Arc::clone(&frail) as Arc<dyn Channel>, Arc::from("office"));
    let settings = ChannelSettings { channel, hours, lines: BTreeMap::new(), reply_language: None };
    config.channels.clear();
    config.channels.insert("frail".into(), settings);
    let store = store::open("sqlite::memory:", clock.now()).expect("a store");
    let outbound = Outbound::new(clock.clone());
    let app =
        App::start(config, store, outbound, clock.clone(), Arc::new(Metrics::default())).await.expect("a service");
    let stop = CancellationToken::new();
    let kept = tokio::spawn(Arc::clone(&app).keep_channels(stop.clone()));

    let again = async {
        let patience = Duration::from_millis(20);
        let mut steps = 0;
        while tokio::time::timeout(patience, frail.again.notified()).await.is_err() {
            clock.set(clock.now() + TimeDelta::seconds(10));
            steps += 1;
        }
        steps
    };
    let steps = tokio::time::timeout(Duration::from_secs(20), again).await.expect("it is asked again");
    assert!(steps >= 3, "not at once: {steps}");
    assert_eq!(frail.asked.load(Ordering::SeqCst), 2);
    stop.cancel();
    kept.await.expect("it ends as it should");
}
