//! `run`: the service.

use std::process::ExitCode;

use super::Global;
use crate::clock::Clock;
use crate::config;
use crate::http::Limits;
use crate::lifecycle::{self, Inherited, Start};
use crate::telemetry::{self, Log};

/// Threads that may block beside the runtime's own: a reload reads its file on one.
const BLOCKING_THREADS: usize = 4;

/// `run`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Start on a clock of its own, for rehearsals: it is then (RFC 3339)
    #[arg(long, value_name = "RFC3339", value_parser = super::read_instant)]
    pub clock_from: Option<chrono::DateTime<chrono::Utc>>,
    /// How fast that clock runs
    #[arg(long, value_name = "N", requires = "clock_from", default_value_t = 1.0, value_parser = speed)]
    pub clock_speed: f64,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if speed.is_finite() && speed > 0.0 { Ok(speed) } else { Err("must be more than 0".to_owned()) }
}

pub fn run(global: &Global, args: &Args) -> ExitCode {
    let log = telemetry::start();
    // while there is one thread
    let inherited = match Inherited::take() {
        Ok(inherited) => inherited,
        Err(error) => return fail(&format!("the sockets of systemd cannot be used: {error}")),
    };
    let clock = match args.clock_from {
        Some(from) => Clock::rehearsal(from, args.clock_speed),
        None => Clock::system(),
    };
    let loaded = match config::load(&global.config, clock.now().date_naive()) {
        Ok(loaded) => loaded,
        Err(report) => {
            match log {
                Log::Journal => lifecycle::say(&report.problems),
                Log::Text => report.problems.iter().for_each(|problem| eprintln!("{problem}")),
            }
            return ExitCode::from(super::BAD_CONFIG);
        }
    };
    tracing::info!("afterhours {} starts with {}", env!("CARGO_PKG_VERSION"), global.config.display());
    lifecycle::say(&loaded.warnings);
    if let Some(from) = args.clock_from {
        tracing::warn!(
            "REHEARSAL: the clock starts at {from} and runs {} times as fast as the real one; real clients get real \
             replies at the wrong time",
            args.clock_speed
        );
    }
    // one thread serves, and one writes the store: more of them cost memory and win nothing
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(BLOCKING_THREADS)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("no runtime: {error}")),
    };
    let limits = Limits::default();
    let start = Start { path: global.config.clone(), config: loaded.config, clock, inherited, limits };
    let outcome = runtime.block_on(lifecycle::run(start));
    // what still blocks may not keep the process
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure.to_string()),
    }
}

fn fail(problem: &str) -> ExitCode {
    tracing::error!("{problem}");
    ExitCode::FAILURE
}
