//! (being built)

use std::process::ExitCode;

use super::Global;

/// `explain`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// The channel's name in the config
    #[arg(long, value_name = "NAME")]
    pub channel: String,
    /// The sender's address
    #[arg(long, value_name = "ADDRESS")]
    pub from: String,
    /// What the message says
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub text: String,
    /// At that instant instead of now (RFC 3339)
    #[arg(long, value_name = "RFC3339")]
    pub at: Option<chrono::DateTime<chrono::Utc>>,
}

pub fn run(_global: &Global, _args: &Args) -> ExitCode {
    todo!()
}
