//! (being built)

use std::process::ExitCode;

use super::Global;

/// `run`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Start on a clock of its own, for rehearsals: it is then (RFC 3339)
    #[arg(long, value_name = "RFC3339")]
    pub clock_from: Option<chrono::DateTime<chrono::Utc>>,
    /// How fast that clock runs
    #[arg(long, value_name = "N", requires = "clock_from", default_value_t = 1.0)]
    pub clock_speed: f64,
}

pub fn run(_global: &Global, _args: &Args) -> ExitCode {
    todo!()
}
