//! The commands: one file each. Exit status: 0 done; 1 failed; 2 wrong usage; 78 bad configuration.

mod check;
mod clients;
mod demo;
mod events;
mod explain;
mod held;
mod hours;
mod kinds;
mod message;
mod overrides;
mod paint;
mod rehearse;
mod run;
mod schema;
mod status;
mod talk;
mod timeline;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Datelike, Utc};
use clap::{Args, Parser, Subcommand};

use crate::config::suggest::{closest, listed};
use crate::config::{self, Config, Environment};
use crate::hours::YEARS;

/// `EX_CONFIG` of sysexits.h: systemd must not restart on it.
pub const BAD_CONFIG: u8 = 78;

/// Answers your clients once and politely outside business hours, and holds your notifications until opening.
#[derive(Parser, Debug)]
#[command(version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Args, Debug)]
pub struct Global {
    /// The configuration
    #[arg(long, global = true, value_name = "FILE", default_value = "/etc/afterhours/afterhours.toml")]
    pub config: PathBuf,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// The service
    Run(run::Args),
    /// The whole job on loopback within a minute, with nothing to configure
    Demo(demo::Args),
    /// Read the config and everything it names; print every problem at once
    Check(check::Args),
    /// Open or closed, why, until when; the coming days as a picture. With `away` and `open`, where the service can be asked
    Hours(hours::Args),
    /// The verdict for such a message, and every rule that led to it; or what became of one that came, and why
    Explain(explain::Args),
    /// Run a file of dated events through the real engine on a clock that jumps
    Rehearse(rehearse::Args),
    /// The kinds of channels: keys and set-up steps; or have a provider post to this service
    Channels(kinds::ChannelsArgs),
    /// The kinds of sinks: keys and set-up steps
    Sinks,
    /// The JSON Schema of the config, for editors
    Schema,
    /// What the running service is doing
    Status,
    /// What waits for the next opening
    Held(HeldArgs),
    /// The client list, and who wants no automatic replies
    Clients(clients::Args),
    /// Closed until then, whatever the hours say; or from then on, planned ahead
    #[command(
        override_usage = "afterhours away --until TIME [--from TIME] [--reply NAME]\n       afterhours away --off [--all]"
    )]
    Away(overrides::Args),
    /// Open until then, whatever the hours say: messages pass on at once, and what is held is released
    #[command(
        override_usage = "afterhours open --until TIME [--from TIME] [--reply NAME]\n       afterhours open --off [--all]"
    )]
    Open(overrides::Args),
}

/// `held`
#[derive(Args, Debug)]
pub struct HeldArgs {
    /// What to do with what is held; to list it, nothing
    #[command(subcommand)]
    pub action: Option<HeldAction>,
}

/// `held …`
#[derive(Subcommand, Debug)]
pub enum HeldAction {
    /// Send everything that is held now
    Release,
    /// List who was told an opening, and has no answer of yours yet
    Waiting,
    /// Note that you have answered somebody where the service does not see it
    Done {
        /// The number of a message, as `held waiting` shows it
        #[arg(value_name = "ID")]
        id: i64,
    },
}

/// Reads the instant of `--at` and its like.
fn read_instant(text: &str) -> Result<DateTime<Utc>, String> {
    let instant: DateTime<Utc> =
        text.parse().map_err(|problem| format!("{problem}; write a time as 2026-12-01T08:00:00-06:00"))?;
    if YEARS.contains(&instant.year()) {
        return Ok(instant);
    }
    Err(format!("only the years {} to {} are known", YEARS.start(), YEARS.end()))
}

/// The instant that a command is asked about: the one named, or now.
fn instant(named: Option<DateTime<Utc>>) -> DateTime<Utc> {
    named.unwrap_or_else(|| crate::clock::Clock::system().now())
}

/// The config for a command that only looks: secrets that cannot be had here are no problem. Every other problem is
/// printed, and the exit code is given.
fn load_for_looking(global: &Global) -> Result<Config, ExitCode> {
    load_with(global, Environment::for_looking())
}

fn load_with(global: &Global, environment: Environment) -> Result<Config, ExitCode> {
    let today = instant(None).date_naive();
    config::load_in(&global.config, today, environment).map(|loaded| loaded.config).map_err(|report| {
        for problem in &report.problems {
            eprintln!("{problem}");
        }
        ExitCode::from(BAD_CONFIG)
    })
}

/// The arguments are wrong: what clap says of those that it refuses itself.
const WRONG_USAGE: u8 = 2;

/// Says on standard error what is wrong with the arguments.
fn misused(problem: &str) -> ExitCode {
    complain(problem);
    ExitCode::from(WRONG_USAGE)
}

/// Says on standard error why the command is not done, and that it failed.
fn complain(problem: &str) -> ExitCode {
    eprintln!("afterhours: {problem}");
    ExitCode::FAILURE
}

fn no_channel(name: &str, config: &Config) -> String {
    let names = || config.channels.keys().map(AsRef::as_ref);
    let hint = match closest(name, names()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("it has {}", listed(names())),
    };
    format!("there is no channel named {name:?} in the config; {hint}")
}

/// What `--json` prints of a value, with its line end.
fn json(value: &impl serde::Serialize) -> String {
    // plain structs and strings cannot fail
    serde_json::to_string_pretty(value).map(|text| escaped(&text) + "\n").unwrap_or_default()
}

/// JSON that means the same, without the control characters that JSON lets stand and terminals obey (U+007F to U+009F).
fn escaped(json: &str) -> String {
    json.chars().fold(String::with_capacity(json.len()), |mut text, sign| {
        if matches!(sign, '\u{7f}'..='\u{9f}') {
            let _ = write!(text, "\\u{:04x}", u32::from(sign));
        } else {
            text.push(sign);
        }
        text
    })
}

/// Prints; a reader that has gone away (`| head`) is no failure.
fn print(text: &str) -> ExitCode {
    use std::io::Write as _;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string()),
    }
}

/// Runs a command's own work to its end, on one thread.
fn single_threaded(work: impl Future<Output = Result<(), String>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(work)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => complain(&problem),
    }
}

/// Parses the arguments and does what they say.
#[must_use]
pub fn main() -> ExitCode {
    let Cli { global, command } = Cli::parse();
    match command {
        Command::Run(args) => run::run(&global, &args),
        Command::Demo(args) => demo::run(&global, &args),
        Command::Check(args) => check::run(&global, &args),
        Command::Hours(args) => hours::run(&global, &args),
        Command::Explain(args) => explain::run(&global, &args),
        Command::Rehearse(args) => rehearse::run(&global, &args),
        Command::Channels(args) => kinds::channels(&global, &args),
        Command::Sinks => kinds::sinks(&global),
        Command::Schema => schema::run(),
        Command::Status => status::run(&global),
        Command::Held(args) => held::run(&global, &args),
        Command::Clients(args) => clients::run(&global, &args),
        Command::Away(args) => overrides::away(&global, &args),
        Command::Open(args) => overrides::open(&global, &args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_cannot_steer_the_terminal_and_means_the_same() {
        let said = "a\u{1b}[2J\u{9b}31m\u{7f}\u{85}b é 🙂\n";
        let shown = json(&said);
        assert!(!shown.trim_end().contains(char::is_control), "{shown:?}");
        assert_eq!(serde_json::from_str::<String>(&shown).expect("JSON"), said);
        assert_eq!(shown, "\"a\\u001b[2J\\u009b31m\\u007f\\u0085b é 🙂\\n\"\n");
    }
}
