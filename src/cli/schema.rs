//! `schema`: the JSON Schema of the config, for editors.

use std::process::ExitCode;

use super::{complain, print};

/// Prints it.
pub fn run() -> ExitCode {
    match serde_json::to_string_pretty(&crate::config::schema()) {
        Ok(text) => print(&(text + "\n")),
        Err(error) => complain(&error.to_string()),
    }
}
