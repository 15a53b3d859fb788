//! The program: arguments to the commands, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    afterhours::cli::main()
}
