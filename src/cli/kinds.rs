//! `channels`, `sinks`: the kinds there are, with their keys and set-up steps.

use std::fmt::Write as _;
use std::process::ExitCode;

use reqwest::Url;
use serde::Serialize;

use super::{Global, load_with, misused, print, talk};
use crate::channel::NotRegistered;
use crate::clock::Clock;
use crate::config::suggest::{closest, listed};
use crate::config::{Environment, Key, own_keys};
use crate::outbound::{Outbound, Reason, SendError};
use crate::{channel, sink};

/// Columns of the text: fits beside an editor, and on a printed page.
const WIDTH: usize = 92;

/// A kind, as `--json` shows it.
#[derive(Serialize)]
struct Kind {
    name: &'static str,
    about: &'static str,
    keys: Vec<Key>,
    setup: Vec<String>,
}

/// `channels`
#[derive(clap::Args, Debug)]
pub struct ChannelsArgs {
    /// This kind alone
    #[arg(value_name = "KIND", required_if_eq("register", "true"))]
    kind: Option<String>,
    /// Have the provider of every channel of this kind in the config post to this service (`listen.public_url`)
    #[arg(long)]
    register: bool,
}

/// Lists the kinds of channels, or one; or sets their providers up.
pub fn channels(global: &Global, args: &ChannelsArgs) -> ExitCode {
    let known = || channel::KINDS.iter().map(|kind| kind.name);
    if let Some(name) = args.kind.as_deref()
        && !known().any(|known| known == name)
    {
        let hint = match closest(name, known()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there are {}", listed(known())),
        };
        return misused(&format!("there is no kind of channel named {name:?}; {hint}"));
    }
    if let (Some(name), true) = (&args.kind, args.register) {
        return register(global, name);
    }
    let wanted = |kind: &&channel::ChannelKind| args.kind.as_deref().is_none_or(|name| name == kind.name);
    let kind = |kind: &channel::ChannelKind| Kind {
        name: kind.name,
        about: kind.about,
        keys: own_keys(kind.schema),
        setup: steps(kind.setup),
    };
    let common = "Every channel also takes `hours`, `reply_language` and tables `line.ID`.";
    show(global, "channel", common, &channel::KINDS.iter().filter(wanted).map(kind).collect::<Vec<_>>())
}

/// What was done at a provider, as `--json` shows it.
#[derive(Serialize)]
struct Registered {
    channel: String,
    done: Vec<String>,
}

fn register(global: &Global, kind: &str) -> ExitCode {
    let config = match load_with(global, Environment::for_checking()) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let channels = || config.channels.iter().filter(|(_, settings)| settings.channel.kind() == kind);
    if channels().next().is_none() {
        return misused(&format!("the config has no channel of the kind `{kind}`"));
    }
    let public_url = config.listen.public_url.as_deref();
    // a channel that asks its provider has no address to tell
    let asks = channels().all(|(_, settings)| settings.channel.polls());
    let Some(base) = public_url.or(asks.then_some("http://localhost")) else {
        return misused("the provider must be told where to post: set `public_url` in `[listen]`");
    };
    let outcome = super::single_threaded(async {
        let outbound = Outbound::new(Clock::system());
        let mut problems = Vec::new();
        for (name, settings) in channels() {
            let address = format!("{}/in/{name}", base.trim_end_matches('/'));
            let address = Url::parse(&address).map_err(|problem| format!("`public_url`: {problem}"))?;
            let Some(outcome) = settings.channel.register(&outbound, &address).await else {
                return Err(format!(
                    "{kind} cannot be set up from here; `afterhours channels {kind}` tells what to do at the provider"
                ));
            };
            let done = match outcome {
                Ok(done) => done,
                Err(NotRegistered { error, said }) => {
                    let said = if said.is_empty() { String::new() } else { format!(" ({})", talk::plain(&said)) };
                    let (reason, mend) = (error.reason(), mend(&error, &address));
                    problems.push(format!("channel {name} is not set up: {reason}{said}; {mend}"));
                    continue;
                }
            };
            let text = if global.json {
                super::json(&Registered { channel: name.to_string(), done })
            } else {
                done.iter().fold(String::new(), |text, sentence| text + &format!("channel {name}: {sentence}\n"))
            };
            print(&text);
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\nafterhours: ")) }
    });
    // what the running service was told by providers is of before
    talk::tell(global, "/api/v1/channels/look-anew");
    outcome
}

/// What to do when a provider was not told of an address.
fn mend(error: &SendError, address: &Url) -> String {
    let words = match (error, error.reason()) {
        (_, Reason::Status(401 | 403 | 407) | Reason::Code(401 | 403)) => {
            "it does not accept the login: compare the keys of the channel with what the provider shows"
        }
        (_, Reason::Status(404 | 405 | 410) | Reason::Code(404) | Reason::Unproven | Reason::Redirect) => {
            "what answers there is not the provider's API, or knows no such token: look at the keys of the channel"
        }
        (SendError::Refused { .. }, Reason::Status(_) | Reason::Code(_)) => {
            return format!(
                "it does not take {address}: that must begin with https:// and be reachable for the provider"
            );
        }
        (_, Reason::Connect | Reason::Tls | Reason::Timeout) => {
            "see that it is switched on and reachable from here, then run this again"
        }
        _ => "run this again, it does no harm",
    };
    words.to_owned()
}

/// Lists the kinds of sinks.
pub fn sinks(global: &Global) -> ExitCode {
    let kind = |kind: &sink::SinkKind| Kind {
        name: kind.name,
        about: kind.about,
        keys: own_keys(kind.schema),
        setup: steps(kind.setup),
    };
    let common = "`[notify]` says which sinks are used, and for what.";
    show(global, "sink", common, &sink::KINDS.iter().map(kind).collect::<Vec<_>>())
}

/// One step a line. What only the reader knows stays to be filled in.
fn steps(setup: &str) -> Vec<String> {
    let filled = setup.replace("{public_url}", "https://YOUR-HOST").replace("{name}", "NAME");
    filled.lines().map(str::to_owned).collect()
}

fn show(global: &Global, table: &str, common: &str, kinds: &[Kind]) -> ExitCode {
    let text = if global.json { super::json(&kinds) } else { plain(table, common, kinds) };
    print(&text)
}

fn plain(table: &str, common: &str, kinds: &[Kind]) -> String {
    let mut text = String::new();
    for kind in kinds {
        let _ = writeln!(text, "{}", kind.name);
        wrapped(&mut text, "  ", "  ", kind.about);
        let _ = writeln!(text, "\n  [{table}.NAME]\n  kind = \"{}\"", kind.name);
        let widest = kind.keys.iter().map(|key| key.name.len()).max().unwrap_or_default();
        let hanging = " ".repeat(widest + 4);
        for key in &kind.keys {
            wrapped(&mut text, &format!("  {:<widest$}  ", key.name), &hanging, &key.about);
        }
        let _ = writeln!(text);
        for (at, step) in kind.setup.iter().enumerate() {
            wrapped(&mut text, &format!("  {}. ", at + 1), "     ", step);
        }
        let _ = writeln!(text);
    }
    wrapped(&mut text, "", "", common);
    text
}

/// Writes words in lines of at most [`WIDTH`] columns.
fn wrapped(text: &mut String, first: &str, others: &str, words: &str) {
    let mut line = first.to_owned();
    let mut begun = false;
    for word in words.split_whitespace() {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            others.clone_into(&mut line);
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    let _ = writeln!(text, "{line}");
}
