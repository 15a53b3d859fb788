//! The real engine on a clock that jumps, with nothing leaving the machine: the channels prove and read as ever, and what
//! they and the sinks would send is taken down instead.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::channel::{Answer, Channel, Delivery, Malformed, Page, Refused, Scene, Verified};
use crate::clock::Clock;
use crate::config::Config;
use crate::digest::{Limit, Notice};
use crate::intake;
use crate::message::{Event, ReplyTo};
use crate::outbound::{Outbound, SendError, SendKey, Sent};
use crate::outbox::{self, Happened};
use crate::sink::Sink;
use crate::store::{self, Admitted, Entry, StoreError};
use crate::telemetry::Metrics;
use crate::verdict::Rate;

/// Openings that were too far away to be seen are looked for this often: less than the hours look ahead.
const LOOK_AHEAD: TimeDelta = TimeDelta::days(100);

/// A service of its own, on an empty store in memory.
pub struct Rehearsal {
    app: Arc<App>,
    clock: Clock,
}

/// Why a rehearsal cannot be held.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The store in memory failed.
    #[error("the rehearsal's own store failed: {0}")]
    Store(#[from] StoreError),
    /// The store in memory could not be made.
    #[error("the rehearsal's own store could not be made: {0}")]
    Open(#[from] store::OpenError),
}

impl Rehearsal {
    /// A config whose channels and sinks send nothing: for as many rehearsals as are wanted.
    #[must_use]
    pub fn silenced(mut config: Config) -> Arc<Config> {
        for settings in config.channels.values_mut() {
            settings.channel = Arc::new(Silent(Arc::clone(&settings.channel)));
        }
        for sink in config.sinks.values_mut() {
            *sink = Arc::new(Silent(Arc::clone(sink)));
        }
        // its links would lead nowhere: no door is open
        config.listen.admin_url = None;
        Arc::new(config)
    }

    /// Sets the stage at an instant, with a config of [`Rehearsal::silenced`].
    ///
    /// # Errors
    /// When there is no memory store to be had.
    pub async fn start(config: Arc<Config>, at: DateTime<Utc>) -> Result<Self, Failure> {
        let clock = Clock::told(at);
        let store = store::open("sqlite::memory:", at)?;
        let app = App::start(config, store, Outbound::new(clock.clone()), clock.clone(), Arc::new(Metrics::default()))
            .await?;
        Ok(Self { app, clock })
    }

    /// The service.
    #[must_use]
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Lets time pass to an instant; what falls due on the way is done at its own time. What happened, with the time.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pass(&self, to: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Happened)>, StoreError> {
        let mut happened = Vec::new();
        self.app.look_ahead().await?;
        loop {
            let due = self.app.store().next_due().await?.filter(|due| *due <= to);
            let look = self.clock.now() + LOOK_AHEAD;
            let at = due.unwrap_or(to).min(look).max(self.clock.now());
            self.clock.set(at);
            if at == look {
                self.app.look_ahead().await?;
            }
            happened.extend(outbox::settle_all(&self.app).await?.into_iter().map(|one| (at, one)));
            if due.is_none() && at >= to {
                return Ok(happened);
            }
        }
    }

    /// Brings events before the service now, and gives back each entry with what became of it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn bring(&self, channel: &str, events: Vec<Event>) -> Result<Vec<(Entry, Admitted)>, StoreError> {
        let (desk, now) = (self.app.desk(), self.clock.now());
        let Some((name, settings)) = desk.config().channels.get_key_value(channel) else { return Ok(Vec::new()) };
        let entries = intake::entries(&desk, name, settings, events.clone(), now);
        let admitted = intake::take_in(&self.app, &desk, (name, settings), events, now).await?;
        Ok(entries.into_iter().zip(admitted).collect())
    }
}

/// Proves and reads as the real one does, and sends nothing.
struct Silent<T: ?Sized>(Arc<T>);

#[async_trait]
impl Channel for Silent<dyn Channel> {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn own_line(&self) -> Option<&str> {
        self.0.own_line()
    }

    fn is_own_line(&self, id: &str) -> bool {
        self.0.is_own_line(id)
    }

    fn handshake(&self, query: &str) -> Option<Answer> {
        self.0.handshake(query)
    }

    fn verify<'d>(&self, delivery: &'d Delivery, now: DateTime<Utc>) -> Result<Verified<'d>, Refused> {
        self.0.verify(delivery, now)
    }

    fn parse(&self, verified: &Verified<'_>) -> Result<Vec<Event>, Malformed> {
        self.0.parse(verified)
    }

    async fn reply(&self, _outbound: &Outbound, _to: &ReplyTo, _text: &str, _key: &SendKey) -> Result<Sent, SendError> {
        Ok(Sent::default())
    }

    fn can_reply(&self) -> bool {
        self.0.can_reply()
    }

    fn longest_reply(&self) -> usize {
        self.0.longest_reply()
    }

    fn rate(&self) -> Option<Rate> {
        self.0.rate()
    }

    fn weight(&self, text: &str) -> u32 {
        self.0.weight(text)
    }

    fn unlisted(&self, line: &str) -> Option<String> {
        self.0.unlisted(line)
    }

    fn reply_window(&self, to: &ReplyTo, sent_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.reply_window(to, sent_at)
    }

    fn repeats_harmlessly(&self) -> bool {
        self.0.repeats_harmlessly()
    }

    fn answer(&self, verified: &Verified<'_>, scene: &dyn Scene) -> Option<Page> {
        self.0.answer(verified, scene)
    }

    fn note(&self, key: &str, value: &str) {
        self.0.note(key, value);
    }
}

#[async_trait]
impl Sink for Silent<dyn Sink> {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn limit(&self) -> Limit {
        self.0.limit()
    }

    async fn deliver(&self, _outbound: &Outbound, _notice: &Notice, _key: &SendKey) -> Result<Sent, SendError> {
        Ok(Sent::default())
    }
}
