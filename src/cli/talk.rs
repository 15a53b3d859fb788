//! (being built)

use std::process::ExitCode;

use super::{AwayArgs, Global, HeldArgs};

pub fn status(_global: &Global) -> ExitCode {
    todo!()
}

pub fn held(_global: &Global, _args: &HeldArgs) -> ExitCode {
    todo!()
}

pub fn away(_global: &Global, _args: &AwayArgs) -> ExitCode {
    todo!()
}
