//! (being built)

use std::process::ExitCode;

use super::Global;

pub fn channels(_global: &Global) -> ExitCode {
    todo!()
}

pub fn sinks(_global: &Global) -> ExitCode {
    todo!()
}
