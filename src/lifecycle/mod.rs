//! Start, reload, stop: the parts of the running service, in order.

mod listen;
mod signals;
mod systemd;
mod watch;

use std::fmt;
use std::future::Future;
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt;
use hyper_util::service::TowerToHyperService;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use listen::Inherited;

use crate::admin::{self, Door};
use crate::app::App;
use crate::clock::Clock;
use crate::config::{self, Config, Problem, Severity};
use crate::http::{self, Limits, Listener};
use crate::outbound::Outbound;
use crate::store::{self, OpenError, StoreError};
use crate::telemetry::Metrics;
use signals::{Signal, Signals};
use watch::Beat;

/// How long a stop waits for its parts: a send in flight ends within 15 seconds (`outbound::Timeouts`). systemd waits
/// longer (`TimeoutStopSec`).
const STOP: Duration = Duration::from_secs(20);

/// How long a stop waits for the store to write what is queued.
const CLOSE: Duration = Duration::from_secs(5);

/// What a start needs.
pub struct Start {
    /// The file, for reloads.
    pub path: PathBuf,
    /// What was in it.
    pub config: Config,
    /// The clock.
    pub clock: Clock,
    /// Sockets that systemd has opened for us.
    pub inherited: Inherited,
    /// What the listeners take.
    pub limits: Limits,
}

/// Why the service did not start, or stopped unasked. `Display` says what to do.
#[derive(Debug)]
pub enum Failure {
    /// The store cannot be opened.
    Open(OpenError),
    /// The store cannot be read.
    Store(StoreError),
    /// Nothing can listen there.
    Listen {
        /// The key of the config.
        key: &'static str,
        /// Its value.
        address: String,
        /// Why.
        error: io::Error,
    },
    /// Signals cannot be had.
    Signals(io::Error),
    /// A part ended that must not.
    Part(&'static str),
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(error @ OpenError::Locked(_)) => {
                write!(formatter, "{error}; stop that one first, or give this one another store.url")
            }
            Self::Open(error @ OpenError::Newer { .. }) => {
                write!(formatter, "{error}; install that version again, or restore a backup")
            }
            // these say what to do
            Self::Open(error @ (OpenError::Failed { .. } | OpenError::Unreleased { .. } | OpenError::Scheme(_))) => {
                error.fmt(formatter)
            }
            Self::Store(error) => write!(formatter, "the store cannot be used: {error}"),
            Self::Listen { key, address, error } => {
                write!(formatter, "cannot listen on {address}: {error}; {}", listen::remedy(key, error))
            }
            Self::Signals(error) => write!(formatter, "signals cannot be received: {error}"),
            Self::Part(part) => write!(formatter, "{part} ended, which it must not; this is a bug of afterhours"),
        }
    }
}

/// Runs the service until it is told to stop.
///
/// # Errors
/// When it cannot start, or a part of it fails. Whatever was started is stopped, and the store closed.
pub async fn run(start: Start) -> Result<(), Failure> {
    let Start { path, config, clock, inherited, limits } = start;
    // before anything else: a signal that comes early must not kill the process in the middle of a migration
    let signals = Signals::receive().map_err(Failure::Signals)?;
    let store = store::open(&config.store.url, clock.now()).map_err(Failure::Open)?;
    let outbound = Outbound::new(clock.clone());
    let started = App::start(config, Arc::clone(&store), outbound, clock, Arc::new(Metrics::default())).await;
    let outcome = match started {
        Ok(app) => Service::new(app, path).run(signals, inherited, limits).await,
        Err(error) => Err(Failure::Store(error)),
    };
    if tokio::time::timeout(CLOSE, store.close()).await.is_err() {
        tracing::error!("the store did not close within {} s", CLOSE.as_secs());
    }
    if outcome.is_ok() {
        tracing::info!("stopped");
    }
    outcome
}

struct Service {
    app: Arc<App>,
    path: PathBuf,
    /// What cannot change without a restart, as it was at the start.
    listen: config::Listen,
    store_url: String,
    stop: CancellationToken,
    parts: JoinSet<&'static str>,
}

impl Service {
    fn new(app: Arc<App>, path: PathBuf) -> Self {
        let config = app.config();
        Self {
            listen: config.listen.clone(),
            store_url: config.store.url.clone(),
            app,
            path,
            stop: CancellationToken::new(),
            parts: JoinSet::new(),
        }
    }

    async fn run(mut self, mut signals: Signals, inherited: Inherited, limits: Limits) -> Result<(), Failure> {
        let outcome = match self.begin(inherited, limits).await {
            Ok(()) => {
                tracing::info!("afterhours {} is ready", env!("CARGO_PKG_VERSION"));
                systemd::ready(&watch::summary(&self.app).await);
                self.supervise(&mut signals).await
            }
            Err(failure) => Err(failure),
        };
        match &outcome {
            Ok(signal) => tracing::info!("stopping: {signal} was received; once more ends it at once"),
            Err(failure) => systemd::status(&failure.to_string()),
        }
        systemd::stopping();
        self.end().await;
        outcome.map(drop)
    }

    /// Opens every socket, then starts every part: a socket that cannot be had leaves nothing half started.
    async fn begin(&mut self, mut inherited: Inherited, limits: Limits) -> Result<(), Failure> {
        let hooks = listen::tcp("listen.hooks", self.listen.hooks, inherited.hooks.take()).await?;
        let admin = listen::tcp("listen.admin", self.listen.admin, inherited.admin.take()).await?;
        let (socket, file) = listen::unix("listen.socket", &self.listen.socket).await?;

        let stop = self.stop.clone();
        let service = http::hooks(Arc::clone(&self.app), limits);
        self.part("the hooks listener", http::serve(hooks, service, limits, stop.clone()));
        self.part("the admin listener", serve_admin(admin, admin::router(&self.app, Door::Tcp), limits, stop.clone()));
        let router = admin::router(&self.app, Door::Socket);
        self.part("the admin socket", async move {
            serve_admin(socket, router, limits, stop).await;
            drop(file);
        });

        let beat = Arc::new(Beat::new());
        let (app, stop, beats) = (Arc::clone(&self.app), self.stop.clone(), Arc::clone(&beat));
        self.part("the outbox", async move { app.run_outbox(stop, || beats.now()).await });
        self.part("the watch", watch::keep_alive(Arc::clone(&self.app), beat, self.stop.clone()));
        self.part("the upkeep of channels", Arc::clone(&self.app).keep_channels(self.stop.clone()));
        self.part("the housekeeping", watch::keep_house(Arc::clone(&self.app), self.stop.clone()));
        Ok(())
    }

    fn part(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.parts.spawn(async move {
            // where it panicked is in the log by now; here it only matters that it ended
            let _ = AssertUnwindSafe(work).catch_unwind().await;
            name
        });
    }

    /// Until a signal says stop, or a part ends.
    async fn supervise(&mut self, signals: &mut Signals) -> Result<Signal, Failure> {
        loop {
            tokio::select! {
                signal = signals.next() => match signal {
                    Signal::Reload => self.reload().await,
                    stop => return Ok(stop),
                },
                Some(ended) = self.parts.join_next() => {
                    return Err(Failure::Part(ended.unwrap_or("a part of the service")));
                }
            }
        }
    }

    /// Another config is in force afterwards, or the old one is.
    async fn reload(&self) {
        systemd::reloading();
        tracing::info!("reloading {}", self.path.display());
        let (path, today) = (self.path.clone(), self.app.clock().now().date_naive());
        // a large client list takes its time, in which providers are still answered
        let loaded = tokio::task::spawn_blocking(move || config::load(&path, today)).await;
        let trouble = match loaded {
            Ok(Ok(loaded)) => {
                say(&loaded.warnings);
                let restart = self.needs_restart(&loaded.config);
                match self.app.reload(loaded.config).await {
                    Ok(()) if restart.is_empty() => None,
                    Ok(()) => {
                        Some(format!("the new config is in force, but a restart is needed for {}", restart.join(", ")))
                    }
                    Err(error) => Some(format!("reload failed, the old config stays in force: {error}")),
                }
            }
            Ok(Err(report)) => {
                say(&report.problems);
                Some(format!("{} cannot be used, the old config stays in force", self.path.display()))
            }
            Err(_) => Some("reload failed, the old config stays in force".to_owned()),
        };
        if let Some(trouble) = &trouble {
            tracing::error!("{trouble}");
        } else {
            tracing::info!("the new config is in force");
        }
        let summary = watch::summary(&self.app).await;
        systemd::ready(&trouble.unwrap_or(summary));
    }

    /// The keys that only a restart puts in force.
    fn needs_restart(&self, config: &Config) -> Vec<&'static str> {
        let changes = [
            ("listen.hooks", self.listen.hooks != config.listen.hooks),
            ("listen.admin", self.listen.admin != config.listen.admin),
            ("listen.socket", self.listen.socket != config.listen.socket),
            ("store.url", self.store_url != config.store.url),
        ];
        changes.into_iter().filter_map(|(key, changed)| changed.then_some(key)).collect()
    }

    /// Requests are finished, and sends that are in flight.
    async fn end(&mut self) {
        self.stop.cancel();
        let ended = async { while self.parts.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP, ended).await.is_err() {
            tracing::error!("parts of the service did not end within {} s: cut off", STOP.as_secs());
            self.parts.abort_all();
        }
    }
}

async fn serve_admin(listener: impl Listener, router: Router, limits: Limits, stop: CancellationToken) {
    http::serve(listener, TowerToHyperService::new(router), limits, stop).await;
}

/// Logs what is wrong with a config, each problem as one line that quotes nothing of the file.
pub fn say(problems: &[Problem]) {
    for problem in problems {
        if problem.entry().severity == Severity::Error {
            tracing::error!("{}", problem.log_line());
        } else {
            tracing::warn!("{}", problem.log_line());
        }
    }
}
