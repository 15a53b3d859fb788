//! What systemd is told. Without `$NOTIFY_SOCKET` nobody is told anything.

use std::time::Duration;

use sd_notify::NotifyState;

/// Started, or reloaded; and a line for `systemctl status`.
pub fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// Reloading since now, in one datagram: systemd 253 and later fail a reload that does not say when it began.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(since) => tell(&[NotifyState::Reloading, since]),
        Err(error) => tracing::warn!("systemd cannot be told of the reload: {error}"),
    }
}

/// Stopping.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// A line for `systemctl status`.
pub fn status(status: &str) {
    tell(&[NotifyState::Status(status)]);
}

/// Alive.
pub fn watchdog() {
    tell(&[NotifyState::Watchdog]);
}

/// How long systemd waits for [`watchdog`]; `None` when it does not.
pub fn watchdog_timeout() -> Option<Duration> {
    sd_notify::watchdog_enabled()
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!("systemd cannot be told: {error}");
    }
}
