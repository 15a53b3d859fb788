use std::process::ExitCode;

fn main() -> ExitCode {
    afterhours::cli::main()
}
