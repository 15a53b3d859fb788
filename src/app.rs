//! The running service: what the listeners, the outbox and the commands share.

mod overrides;
mod place;
mod upkeep;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::channel::{Answer as Handshake, Delivery};
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::Desk;
use crate::hours::{Override, in_turn};
use crate::intake::{self, Answer};
use crate::language::text::shorten;
use crate::outbound::{Outbound, Reason};
use crate::outbox;
use crate::store::{Counts, HeldRow, Store, StoreError};
use crate::telemetry::Metrics;
use crate::verdict::{Breakers, Pace};

pub use overrides::Ending;
pub use place::Place;
use upkeep::Upkeep;
pub use upkeep::{ChannelTrouble, NotHad};

/// An alert is cut to so many Unicode scalar values: what a provider calls a line or an error may be of any length.
const LONGEST_ALERT: usize = 1000;

/// The most that `held` lists.
const HELD_LISTED: usize = 1000;

/// Who was promised an earlier opening is told so long after it has moved: a slip can be mended before.
const CORRECTED_AFTER: TimeDelta = TimeDelta::minutes(5);

/// So many promises are looked at when an opening has moved.
const MOST_CORRECTED: usize = 10_000;

/// Ids of messages are known for so long at least: no provider repeats a webhook for longer (WhatsApp: 7 days).
const KNOWN_AT_LEAST: TimeDelta = TimeDelta::days(8);

/// A channel that was down, and where nothing was tried for so long after it was due, is no longer said to be.
const UNTRIED: TimeDelta = TimeDelta::hours(1);

/// The running service. Shared by reference count; every method may be called at any time.
pub struct App {
    clock: Clock,
    outbound: Outbound,
    store: Arc<dyn Store>,
    metrics: Arc<Metrics>,
    desk: RwLock<Arc<Desk>>,
    /// Held by what admits messages under the desk of then, and by one change of it at a time: what is admitted is never
    /// dated by a desk that is no longer in force.
    steady: tokio::sync::RwLock<()>,
    breakers: Arc<Breakers>,
    pace: Pace,
    wake: Notify,
    down: Mutex<BTreeMap<Place, Down>>,
    upkeep: Upkeep,
}

/// A channel or sink where nothing can be sent until the owner has acted.
struct Down {
    reason: Reason,
    /// Every reason since it went down: of each the owner is told once, however they change.
    told: Vec<Reason>,
    try_again_at: DateTime<Utc>,
}

impl Down {
    /// A reply is tried at its time, sent or given up; when nothing was tried, none is left, and nobody knows how the channel
    /// stands. A sink is down until it takes something: its notices are never given up for that, and may wait for an opening.
    fn is_over(&self, place: &Place, now: DateTime<Utc>) -> bool {
        matches!(place, Place::Channel(_)) && now - self.try_again_at >= UNTRIED
    }
}

/// What `status` shows, and `GET /api/v1/status` gives.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Status {
    /// The version that runs.
    pub version: String,
    /// Now, by the service's clock.
    pub at: DateTime<Utc>,
    /// The owner's zone.
    pub timezone: String,
    /// By name of the hours: `open` or `closed`, why, until when.
    pub hours: Vec<HoursStatus>,
    /// What the owner has said over the hours, as it holds in turn; the first is in force when it has begun.
    #[serde(default)]
    pub overrides: Vec<Override>,
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
    /// Channels and sinks where nothing can be sent until the owner acts.
    pub down: Vec<DownStatus>,
    /// What providers say is wrong with channels.
    #[serde(default)]
    pub troubles: Vec<ChannelTrouble>,
}

/// One channel or sink that is down.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct DownStatus {
    /// `channel NAME` or `sink NAME`.
    pub name: String,
    /// Why.
    pub reason: String,
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
        config: impl Into<Arc<Config>>,
        store: Arc<dyn Store>,
        outbound: Outbound,
        clock: Clock,
        metrics: Arc<Metrics>,
    ) -> Result<Arc<Self>, StoreError> {
        let breakers = Arc::<Breakers>::default();
        let desk = Desk::new(config.into(), store.overrides().await?).with_breakers(Arc::clone(&breakers));
        let app = Self {
            clock,
            outbound,
            store,
            metrics,
            desk: RwLock::new(Arc::new(desk)),
            steady: tokio::sync::RwLock::default(),
            breakers,
            pace: Pace::default(),
            wake: Notify::new(),
            down: Mutex::default(),
            upkeep: Upkeep::default(),
        };
        app.remind(&app.desk()).await?;
        app.redate(&app.desk(), None, None).await?;
        // another config, or an end between what the owner said and what follows from it
        app.correct(&app.desk()).await;
        app.say_lost_replies();
        Ok(Arc::new(app))
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The config and overrides in force.
    #[must_use]
    pub fn desk(&self) -> Arc<Desk> {
        Arc::clone(&self.desk.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The config in force.
    #[must_use]
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(self.desk().config())
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The metrics.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// The one HTTP client.
    #[must_use]
    pub fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// The pace of what goes to clients.
    #[must_use]
    pub(crate) fn pace(&self) -> &Pace {
        &self.pace
    }

    /// The breakers of the channels.
    #[must_use]
    pub(crate) fn breakers(&self) -> &Breakers {
        &self.breakers
    }

    /// A provider's `GET /in/CHANNEL`.
    #[must_use]
    pub fn handshake(&self, channel: &str, query: &str) -> Answer {
        let desk = self.desk();
        let Some(settings) = desk.config().channels.get(channel) else { return Answer::new(404, "no such channel\n") };
        match settings.channel.handshake(query) {
            Some(Handshake::Echo(challenge)) => Answer::new(200, challenge),
            Some(Handshake::Denied) => Answer::new(403, "verify token does not match\n"),
            None => Answer::new(404, "this channel takes POST only\n"),
        }
    }

    /// A provider's `POST /in/CHANNEL`: verify, parse, admit; answered after the commit.
    pub async fn receive(&self, channel: &str, delivery: &Delivery) -> Answer {
        intake::receive(self, channel, delivery).await
    }

    /// The desk stays in force while this is held.
    pub(crate) async fn steady(&self) -> tokio::sync::RwLockReadGuard<'_, ()> {
        self.steady.read().await
    }

    /// Puts another config in force and re-dates what is held.
    ///
    /// # Errors
    /// When the store cannot be written; the old config stays in force.
    pub async fn reload(&self, config: Config) -> Result<(), StoreError> {
        let _one = self.steady.write().await;
        let desk = Desk::new(Arc::new(config), self.store.overrides().await?);
        self.put_in_force(desk, None, None).await?;
        self.say_lost_replies();
        // what was down or wrong may have been mended by this very change
        self.upkeep.look_anew();
        let down = std::mem::take(&mut *self.down());
        for place in down.into_keys() {
            let (channel, name) = match place {
                Place::Channel(name) => (true, name),
                Place::Sink(name) => (false, name),
            };
            self.store.retry(channel, name, self.clock.now()).await?;
        }
        Ok(())
    }

    /// Dates what is held anew, as time has brought openings nearer that could not be seen before.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn look_ahead(&self) -> Result<(), StoreError> {
        let _one = self.steady.write().await;
        self.redate(&self.desk(), None, None).await
    }

    /// Forgets what is older than the config keeps it; of people not that they were answered in a closed period which
    /// still lasts. Says how many messages.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget(&self) -> Result<u64, StoreError> {
        let (desk, now) = (self.desk(), self.clock.now());
        let before = now - desk.config().store.retain;
        let closed = desk.config().hours.keys().filter_map(|hours| desk.state(hours, now).closed_since());
        let known_before = closed.fold(before.min(now - KNOWN_AT_LEAST), DateTime::min);
        self.store.forget(before, known_before).await
    }

    async fn put_in_force(
        &self,
        desk: Desk,
        overrides: Option<Vec<Override>>,
        opened: Option<&Desk>,
    ) -> Result<(), StoreError> {
        let desk = desk.with_breakers(Arc::clone(&self.breakers));
        self.remind(&desk).await?;
        self.redate(&desk, overrides, opened).await?;
        *self.desk.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(desk);
        self.correct(&self.desk()).await;
        self.wake();
        Ok(())
    }

    /// Has those told who were promised an earlier opening than there is now, where the config says so.
    async fn correct(&self, desk: &Desk) {
        if !desk.config().policy.correct {
            return;
        }
        let now = self.clock.now();
        let corrected = async {
            let promises = self.store.promises(now, DateTime::<Utc>::MAX_UTC, MOST_CORRECTED).await?;
            let (people, messages): (Vec<_>, Vec<_>) = desk.to_correct(&promises, now).into_iter().unzip();
            if people.is_empty() {
                return Ok(0);
            }
            // who wants nothing automatic would be asked about again at every start
            let unwilling = self.store.opted_out(people).await?.people;
            let willing = messages.into_iter().zip(unwilling).filter(|(_, unwilling)| !unwilling);
            self.store.correct(willing.map(|(messages, _)| messages).collect(), now + CORRECTED_AFTER).await
        };
        match corrected.await {
            Ok(0) => {}
            Ok(people) => tracing::info!("it opens later than was told: people who are told the new opening: {people}"),
            // the hours are in force all the same
            Err(error) => tracing::error!("who was promised an earlier opening is not told of the new one: {error}"),
        }
    }

    /// Dates what is held by the opening that it waits for; of the default hours where a reload has taken its own away.
    /// Where it was closed by the desk that `opened` is, and is open by this one, that is an opening.
    async fn redate(
        &self,
        desk: &Desk,
        overrides: Option<Vec<Override>>,
        opened: Option<&Desk>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let awaited = self.store.awaited().await?.into_iter();
        let dates = awaited.map(|awaited| {
            let hours = desk.hours_of(&awaited.channel, &awaited.line, &awaited.hours);
            let opens = opened.is_some_and(|before| !before.state(hours, now).is_open());
            let due_at =
                if awaited.in_open_hours && !opens { desk.hold_until(hours, now) } else { desk.release_at(hours, now) };
            (awaited, due_at)
        });
        let dates = dates.collect();
        self.store.redate(dates, overrides, desk.follow_up_after(), now).await?;
        Ok(())
    }

    /// What is going on.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn status(&self) -> Result<Status, StoreError> {
        let at = self.clock.now();
        let Counts { messages, held, waiting, unknown, dead } = self.store.counts().await?;
        let desk = self.desk();
        let hours = desk.config().hours.keys().map(|name| {
            let state = desk.state(name, at);
            HoursStatus {
                name: name.to_string(),
                open: state.is_open(),
                why: state.why.to_string(),
                label: state.label.clone(),
                until: state.until(),
            }
        });
        let hours = hours.collect();
        let down = self.down();
        let down = down
            .iter()
            .filter(|(place, down)| !down.is_over(place, at))
            .map(|(place, down)| DownStatus { name: place.to_string(), reason: down.reason.to_string() })
            .collect();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let timezone = desk.config().owner.timezone.name().to_owned();
        let overrides = in_turn(desk.overrides(), at);
        let troubles = self.upkeep.troubles(desk.config().owner.timezone);
        Ok(Status { version, at, timezone, hours, overrides, messages, held, waiting, unknown, dead, down, troubles })
    }

    /// What waits for an opening, and what was given up.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn held(&self) -> Result<Vec<HeldRow>, StoreError> {
        self.store.held(HELD_LISTED).await
    }

    /// Sends what is held now, and tries anew what was given up. Says how many messages.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn release(&self) -> Result<u64, StoreError> {
        let released = self.store.release(self.clock.now()).await?;
        self.wake();
        Ok(released)
    }

    /// The outbox's loop, until it is told to stop; what is being sent then is finished first. `beat` is called at least
    /// every two seconds while the loop is alive.
    pub async fn run_outbox(&self, stop: CancellationToken, beat: impl Fn()) {
        outbox::run(self, stop, beat).await;
    }

    /// Something is due.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Ready when something became due since the last call.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Tells the owner something about the service itself, once for every `once`; through every sink for what may not
    /// wait but the one that is the trouble.
    pub(crate) async fn alert(&self, once: String, words: String, but: Option<&str>) {
        let mut sinks = self.config().notify.now.clone();
        if sinks.len() > 1 {
            sinks.retain(|sink| Some(sink.as_str()) != but);
        }
        let words = shorten(&words, LONGEST_ALERT);
        match self.store.alert(once, words, sinks, self.clock.now()).await {
            Ok(true) => self.wake(),
            Ok(false) => {}
            Err(error) => tracing::error!("an alert for the owner could not be stored: {error}"),
        }
    }

    /// Tells the owner once of trouble with a sink, through the others: by itself it would say so when it is over.
    pub(crate) async fn alert_elsewhere(&self, once: String, words: String, sink: &str) {
        if self.config().notify.now.iter().any(|other| other != sink) {
            self.alert(once, words, Some(sink)).await;
        }
    }

    /// Until when nothing is to be tried there.
    pub(crate) fn down_until(&self, place: &Place, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.down().get(place).map(|down| down.try_again_at).filter(|at| *at > now)
    }

    /// Says whether it was not down before, or for other reasons alone.
    pub(crate) fn set_down(&self, place: &Place, reason: Reason, now: DateTime<Utc>, pause: TimeDelta) -> bool {
        let mut all = self.down();
        let before = all.remove(place).filter(|before| !before.is_over(place, now));
        let mut told = before.map(|before| before.told).unwrap_or_default();
        let is_new = !told.contains(&reason);
        if is_new {
            told.push(reason.clone());
        }
        all.insert(place.clone(), Down { reason, told, try_again_at: now + pause });
        is_new
    }

    pub(crate) fn mended(&self, place: &Place) {
        if self.down().remove(place).is_some() {
            tracing::info!("{place}: it can be sent there again");
        }
    }

    fn down(&self) -> MutexGuard<'_, BTreeMap<Place, Down>> {
        self.down.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
