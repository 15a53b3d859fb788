//! The running service: what the listeners, the outbox and the commands share.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::channel::Delivery;
use crate::clock::Clock;
use crate::config::Config;
use crate::intake::Answer;
use crate::outbound::Outbound;
use crate::store::{HeldRow, Store, StoreError};
use crate::telemetry::Metrics;

/// The running service.
pub struct App {}

/// What `status` shows.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Status {
    /// Now, by the service's clock.
    pub at: DateTime<Utc>,
    /// By name of the hours: `open` or `closed`, why, until when.
    pub hours: Vec<HoursStatus>,
    /// Messages kept.
    pub messages: u64,
    /// Held notices that wait for an opening.
    pub held: u64,
    /// Other rows that wait.
    pub waiting: u64,
    /// Replies of unknown outcome.
    pub unknown: u64,
    /// Dead letters.
    pub dead: u64,
    /// Channels and sinks that are down until the owner acts: name and reason.
    pub down: Vec<(String, String)>,
}

/// One of the hours in [`Status`].
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct HoursStatus {
    /// Its name in the config.
    pub name: String,
    /// Open now.
    pub open: bool,
    /// `hours`, `exception`, `holiday`, `away`.
    pub why: String,
    /// What the config calls the reason.
    pub label: Option<String>,
    /// When that ends.
    pub until: Option<DateTime<Utc>>,
}

impl App {
    /// Puts the service together: overrides are read from the store, held rows dated by the config.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn start(
        _config: Config,
        _store: Arc<dyn Store>,
        _outbound: Outbound,
        _clock: Clock,
        _metrics: Arc<Metrics>,
    ) -> Result<Arc<Self>, StoreError> {
        todo!()
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        todo!()
    }

    /// The config in force.
    pub fn config(&self) -> Arc<Config> {
        todo!()
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        todo!()
    }

    /// The metrics.
    pub fn metrics(&self) -> &Arc<Metrics> {
        todo!()
    }

    /// A provider's `GET /in/CHANNEL`.
    pub fn handshake(&self, _channel: &str, _query: &str) -> Answer {
        todo!()
    }

    /// A provider's `POST /in/CHANNEL`: verify, parse, admit; answered after the commit.
    pub async fn receive(&self, _channel: &str, _delivery: &Delivery) -> Answer {
        todo!()
    }

    /// Puts another config in force and re-dates what is held.
    ///
    /// # Errors
    /// When the store cannot be written; the old config stays in force.
    pub async fn reload(&self, _config: Config) -> Result<(), StoreError> {
        todo!()
    }

    /// Closed from now until then; what is held is re-dated.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn away(&self, _until: DateTime<Utc>, _reply: Option<String>) -> Result<(), StoreError> {
        todo!()
    }

    /// Ends every override. Says whether there was one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn away_off(&self) -> Result<bool, StoreError> {
        todo!()
    }

    /// What is going on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn status(&self) -> Result<Status, StoreError> {
        todo!()
    }

    /// What waits for an opening.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn held(&self) -> Result<Vec<HeldRow>, StoreError> {
        todo!()
    }

    /// Sends what is held now. Says how many notices.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn release(&self) -> Result<u64, StoreError> {
        todo!()
    }

    /// The outbox's loop, until it is told to stop; what is being sent then is finished first. `beat` is called at least
    /// every two seconds while the loop is alive.
    pub async fn run_outbox(&self, _stop: CancellationToken, _beat: impl Fn()) {
        todo!()
    }
}
