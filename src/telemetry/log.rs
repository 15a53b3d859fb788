//! Where the log goes, and what may be in it: the lines of this crate, and nobody else's. The HTTP, TLS and SMTP
//! libraries print headers, bodies and addresses at their lower levels.

use std::fs::File;
use std::io::{IsTerminal, stderr};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry};

/// How much is logged: `error`, `warn`, `info`, `debug`, `trace` or `off`.
const LEVEL: &str = "AFTERHOURS_LOG";

/// Where the log goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// systemd's journal.
    Journal,
    /// Text on standard error.
    Text,
}

/// Starts the log, for the whole process and once. A panic is logged by its place alone: what it says may quote a
/// message.
pub fn start() -> Log {
    let asked = std::env::var(LEVEL).unwrap_or_default();
    let level = level(&asked);
    let journal = if stderr_is_journal() { tracing_journald::layer().ok() } else { None };
    let log = if journal.is_some() { Log::Journal } else { Log::Text };
    let layer: Box<dyn Layer<Registry> + Send + Sync> = if let Some(journal) = journal {
        Box::new(journal.with_field_prefix(Some("AFTERHOURS".to_owned())))
    } else {
        let colour = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Box::new(tracing_subscriber::fmt::layer().with_writer(stderr).with_ansi(colour).with_target(false))
    };
    let filter = filter(level.unwrap_or(LevelFilter::INFO));
    // fails only when a log was started before, which then goes on
    let _ = tracing_subscriber::registry().with(layer.with_filter(filter)).try_init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("a part of the service has failed at {place}; this is a bug of afterhours");
    }));
    if level.is_none() {
        tracing::warn!("{LEVEL} must be one of error, warn, info, debug, trace, off; taken as info");
    }
    log
}

fn level(asked: &str) -> Option<LevelFilter> {
    if asked.is_empty() { Some(LevelFilter::INFO) } else { asked.parse().ok() }
}

fn filter(level: LevelFilter) -> Targets {
    Targets::new().with_target(env!("CARGO_CRATE_NAME"), level)
}

/// systemd says in `$JOURNAL_STREAM` which file it gave us as standard error; it may have been redirected since.
fn stderr_is_journal() -> bool {
    let Ok(stream) = std::env::var("JOURNAL_STREAM") else { return false };
    let Ok(copy) = stderr().as_fd().try_clone_to_owned() else { return false };
    File::from(copy).metadata().is_ok_and(|file| stream == format!("{}:{}", file.dev(), file.ino()))
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn only_our_own_lines_are_logged_at_any_level() {
        let filter = filter(level("trace").expect("a level"));
        assert!(filter.would_enable("afterhours::outbox", &Level::TRACE));
        for target in ["hyper::proto::h1", "h2", "reqwest::connect", "rustls::client", "lettre", "tower"] {
            assert!(!filter.would_enable(target, &Level::ERROR), "{target}");
        }
    }

    #[test]
    fn a_level_is_one_word() {
        assert_eq!(level(""), Some(LevelFilter::INFO));
        assert_eq!(level("debug"), Some(LevelFilter::DEBUG));
        assert_eq!(level("off"), Some(LevelFilter::OFF));
        assert_eq!(level("hyper=trace"), None);
    }
}
