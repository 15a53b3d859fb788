//! `schema`: the JSON Schema of the config, for editors.

use std::process::ExitCode;

use super::{json, print};

/// Prints it.
pub fn run() -> ExitCode {
    print(&json(&crate::config::schema()))
}
