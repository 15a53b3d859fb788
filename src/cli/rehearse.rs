//! (being built)

use std::process::ExitCode;

use super::Global;

/// `rehearse`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Dated events, one JSON object a line, in time order
    #[arg(long, value_name = "FILE")]
    pub events: std::path::PathBuf,
}

pub fn run(_global: &Global, _args: &Args) -> ExitCode {
    todo!()
}
