//! What goes on beside the messages: the heartbeat that systemd watches, its status line, and forgetting.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at, timeout};
use tokio_util::sync::CancellationToken;

use super::systemd;
use crate::app::App;

/// How often the status line is renewed when systemd watches no heartbeat.
const RENEWAL: Duration = Duration::from_secs(10);

/// A heart that is silent for less is not taken for dead, however short systemd's own patience is: the outbox beats every
/// two seconds, and a slow disk may keep the store for as long.
const LEAST_PATIENCE: Duration = Duration::from_secs(5);

/// The house is kept this often, and for the first time when the start is over.
const HOUSEKEEPING: Duration = Duration::from_hours(1);
const FIRST_HOUSEKEEPING: Duration = Duration::from_mins(1);

/// When the outbox last showed that it lives.
pub struct Beat(Mutex<Instant>);

impl Beat {
    /// Alive now.
    pub fn new() -> Self {
        Self(Mutex::new(Instant::now()))
    }

    /// Alive now.
    pub fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn silent_for(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }
}

/// Tells systemd that the service lives, as long as the outbox beats and the store answers. When they do not, systemd
/// hears nothing and restarts it.
pub async fn keep_alive(app: Arc<App>, beat: Arc<Beat>, stop: CancellationToken) {
    let watched = systemd::watchdog_timeout();
    let patience = watched.map_or(RENEWAL, |timeout| timeout / 2).max(LEAST_PATIENCE);
    let mut ticks = interval(watched.map_or(RENEWAL, |timeout| timeout / 3));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut shown = String::new();
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        let silent = beat.silent_for();
        if silent > patience {
            tracing::error!("the outbox has been silent for {} s", silent.as_secs());
            continue;
        }
        match timeout(patience, app.store().ping()).await {
            Ok(Ok(())) => systemd::watchdog(),
            Ok(Err(error)) => tracing::error!("the store does not answer: {error}"),
            Err(_) => tracing::error!("the store has not answered for {} s", patience.as_secs()),
        }
        let summary = summary(&app).await;
        if summary != shown {
            systemd::status(&summary);
            shown = summary;
        }
    }
}

/// Forgets messages that are older than the config keeps them, and looks ahead for openings that were too far away.
pub async fn keep_house(app: Arc<App>, stop: CancellationToken) {
    let mut ticks = interval_at(Instant::now() + FIRST_HOUSEKEEPING, HOUSEKEEPING);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(error) = app.look_ahead().await {
            tracing::warn!("what is held could not be dated anew: {error}");
        }
        match app.forget().await {
            Ok(0) => {}
            Ok(messages) => tracing::info!(messages, "{messages} old messages forgotten"),
            Err(error) => tracing::warn!("old messages could not be forgotten: {error}"),
        }
    }
}

/// The service in one line, for `systemctl status`: `office: closed until Wed 08:00; 3 held, 0 waiting`.
pub async fn summary(app: &App) -> String {
    let Ok(status) = app.status().await else { return "the store cannot be read".to_owned() };
    let zone = app.config().owner.timezone;
    let mut parts: Vec<String> = status
        .hours
        .iter()
        .map(|hours| {
            let state = if hours.open { "open" } else { "closed" };
            let until =
                hours.until.map(|until| format!(" until {}", short(until, status.at, zone))).unwrap_or_default();
            format!("{}: {state}{until}", hours.name)
        })
        .collect();
    parts.push(format!("{} held, {} waiting", status.held, status.waiting));
    if !status.down.is_empty() {
        let down: Vec<_> = status.down.iter().map(|down| down.name.as_str()).collect();
        parts.push(format!("down: {}", down.join(", ")));
    }
    parts.join("; ")
}

/// An instant in a zone, as short as it can be without being mistaken: time, weekday within six days, else the date.
fn short(at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
    let (at, now) = (at.with_timezone(&zone), now.with_timezone(&zone));
    let days = at.num_days_from_ce() - now.num_days_from_ce();
    let form = match days {
        0 => "%H:%M",
        1..=6 => "%a %H:%M",
        _ => "%Y-%m-%d %H:%M",
    };
    at.format(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_short_and_not_mistaken() {
        let zone = chrono_tz::America::Tegucigalpa;
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let now = at("2026-11-24T20:00:00Z");
        for (then, shown) in [
            ("2026-11-24T23:00:00Z", "17:00"),
            ("2026-11-25T03:00:00Z", "21:00"),
            ("2026-11-25T14:00:00Z", "Wed 08:00"),
            ("2026-11-30T14:00:00Z", "Mon 08:00"),
            ("2026-12-01T14:00:00Z", "2026-12-01 08:00"),
        ] {
            assert_eq!(short(at(then), now, zone), shown);
        }
    }
}
