//! The one place that asks what time it is. Everything else is told.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use tokio::time::Instant;

/// The longest that anything sleeps on its way to a wall time: a wall clock that jumps (NTP, suspend, an operator) is
/// noticed within this.
pub const LONGEST_NAP: Duration = Duration::from_secs(1);

/// What time it is. Cheap to clone; clones share the time.
#[derive(Clone, Debug)]
pub struct Clock(Hands);

#[derive(Clone, Debug)]
enum Hands {
    System,
    /// Started at `from` and runs `speed` times as fast as the wall clock.
    Rehearsal {
        from: DateTime<Utc>,
        speed: f64,
        started: Instant,
    },
    /// Stands still until it is set.
    Told(Arc<watch::Sender<DateTime<Utc>>>),
}

impl Clock {
    /// The machine's wall clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Hands::System)
    }

    /// A clock of its own, for rehearsals: now it is `from`, and it runs `speed` times as fast as the wall clock.
    #[must_use]
    pub fn rehearsal(from: DateTime<Utc>, speed: f64) -> Self {
        Self(Hands::Rehearsal { from, speed, started: Instant::now() })
    }

    /// A clock that stands still until [`Clock::set`].
    #[must_use]
    pub fn told(at: DateTime<Utc>) -> Self {
        Self(Hands::Told(Arc::new(watch::Sender::new(at))))
    }

    /// Sets a told clock; any other takes no orders.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Hands::Told(time) = &self.0 {
            time.send_replace(at);
        }
    }

    /// The time, in whole milliseconds: what the store can keep.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Hands::System => wall(),
            Hands::Rehearsal { from, speed, started } => {
                let millis = started.elapsed().as_secs_f64() * 1000.0 * speed;
                #[expect(clippy::cast_possible_truncation, reason = "a rehearsal of 292 million years is none")]
                let elapsed = TimeDelta::milliseconds(millis as i64);
                *from + elapsed
            }
            Hands::Told(time) => *time.borrow(),
        };
        DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
    }

    /// Sleeps towards `until`, or without an end when there is none; returns at [`LONGEST_NAP`] at the latest, so the
    /// caller asks the time again. A told clock returns when it is set.
    pub async fn nap(&self, until: Option<DateTime<Utc>>) {
        match &self.0 {
            Hands::Told(time) => {
                let mut changes = time.subscribe();
                let due = until.is_some_and(|until| *changes.borrow_and_update() >= until);
                if !due {
                    // the sender lives in `self`, so this cannot fail while we are here
                    let _ = changes.changed().await;
                }
            }
            Hands::System => tokio::time::sleep(self.distance(until, 1.0)).await,
            Hands::Rehearsal { speed, .. } => tokio::time::sleep(self.distance(until, *speed)).await,
        }
    }

    /// Lets about a second pass before something is tried again. A told clock stands still while it is waited for: `false`
    /// says that there is no sense in waiting.
    pub async fn pause(&self) -> bool {
        match &self.0 {
            Hands::Told(_) => false,
            Hands::System | Hands::Rehearsal { .. } => {
                tokio::time::sleep(LONGEST_NAP).await;
                true
            }
        }
    }

    fn distance(&self, until: Option<DateTime<Utc>>, speed: f64) -> Duration {
        let Some(until) = until else { return LONGEST_NAP };
        let ahead = (until - self.now()).to_std().unwrap_or_default();
        ahead.div_f64(speed.max(f64::MIN_POSITIVE)).min(LONGEST_NAP)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn wall() -> DateTime<Utc> {
    Utc::now()
}
