//! (being built)

use std::process::ExitCode;

use super::Global;

/// `demo`
#[derive(clap::Args, Debug)]
pub struct Args {}

pub fn run(_global: &Global, _args: &Args) -> ExitCode {
    todo!()
}
