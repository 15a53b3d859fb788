//! (being built)

use std::process::ExitCode;

use super::Global;

/// `hours`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// At that instant instead of now (RFC 3339)
    #[arg(long, value_name = "RFC3339")]
    pub at: Option<chrono::DateTime<chrono::Utc>>,
    /// How many days to draw
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub days: u32,
}

pub fn run(_global: &Global, _args: &Args) -> ExitCode {
    todo!()
}
