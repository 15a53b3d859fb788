//! `schema`: the JSON Schema of the config, for editors.

use std::io::Write as _;
use std::process::ExitCode;

/// Prints it.
pub fn run() -> ExitCode {
    let Ok(text) = serde_json::to_string_pretty(&crate::config::schema()) else { return ExitCode::FAILURE };
    // a reader that went away has had enough
    let _ = writeln!(std::io::stdout(), "{text}");
    ExitCode::SUCCESS
}
