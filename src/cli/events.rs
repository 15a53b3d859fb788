//! The events file of `rehearse`: read and found right as a whole before the first line is played.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, Utc};
use serde::Deserialize;

use super::no_channel;
use crate::channel::Delivery;
use crate::clients::read_address;
use crate::config::Config;
use crate::message::{Address, Audience, Automatic, Event, Inbound, Kind, Personal};

/// What happens at an instant.
pub(super) struct Step {
    /// Where it stands: `FILE:LINE`.
    pub(super) place: String,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// What.
    pub(super) act: Act,
}

pub(super) enum Act {
    /// Time passes.
    Nothing,
    /// The owner goes away.
    Away { until: DateTime<Utc>, reply: Option<String> },
    /// A provider's request, as it came.
    Raw { channel: String, delivery: Delivery },
    /// What a channel has read.
    Event { channel: String, event: Box<Event> },
}

/// One line of the file; the shape is DESIGN's, section 8.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Line {
    at: DateTime<FixedOffset>,
    channel: Option<String>,
    id: Option<String>,
    from: Option<String>,
    name: Option<String>,
    text: Option<String>,
    owner_to: Option<String>,
    #[serde(rename = "line")]
    on: Option<String>,
    kind: Option<Kind>,
    urgent: Option<bool>,
    group: Option<bool>,
    bot: Option<bool>,
    sent_at: Option<DateTime<FixedOffset>>,
    headers: Option<BTreeMap<String, String>>,
    body: Option<String>,
    away: Option<Away>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Away {
    until: DateTime<FixedOffset>,
    reply: Option<String>,
}

/// Reads the file, for this config.
///
/// # Errors
/// The first problem, with the file and the line in front.
pub(super) fn read(path: &Path, config: &Config) -> Result<Vec<Step>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let mut steps: Vec<Step> = Vec::new();
    for (number, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let place = format!("{}:{number}", path.display());
        let named = |problem: String| format!("{place}: {problem}");
        // the reader's own place is always "line 1", which is not the file's
        let line: Line = serde_json::from_str(text).map_err(|error| {
            let said = error.to_string();
            named(match said.rsplit_once(" at line 1 column ") {
                Some((problem, column)) => format!("{problem} (column {column})"),
                None => said,
            })
        })?;
        let at = line.at.to_utc();
        if steps.last().is_some_and(|before| at < before.at) {
            return Err(named("is earlier than the line before it; the events must be in time order".to_owned()));
        }
        let act = act(line, number, config).map_err(named)?;
        steps.push(Step { place, at, act });
    }
    Ok(steps)
}

fn act(line: Line, number: usize, config: &Config) -> Result<Act, String> {
    let given: Vec<&str> = [
        ("id", line.id.is_some()),
        ("from", line.from.is_some()),
        ("name", line.name.is_some()),
        ("text", line.text.is_some()),
        ("owner_to", line.owner_to.is_some()),
        ("line", line.on.is_some()),
        ("kind", line.kind.is_some()),
        ("urgent", line.urgent.is_some()),
        ("group", line.group.is_some()),
        ("bot", line.bot.is_some()),
        ("sent_at", line.sent_at.is_some()),
        ("headers", line.headers.is_some()),
        ("body", line.body.is_some()),
    ]
    .into_iter()
    .filter_map(|(key, given)| given.then_some(key))
    .collect();
    let at = line.at.to_utc();
    match (line.channel.clone(), line.away.as_ref()) {
        (None, None) if given.is_empty() => Ok(Act::Nothing),
        (None, None) => Err(format!("the line has {} but no channel", given.join(", "))),
        (None, Some(away)) if given.is_empty() => {
            let until = away.until.to_utc();
            if until <= at {
                return Err("away ends before it begins: until is not later than at".to_owned());
            }
            if let Some(reply) = away.reply.as_deref().filter(|reply| !config.replies.knows(reply)) {
                return Err(format!("there is no reply named {reply:?} in the config"));
            }
            Ok(Act::Away { until, reply: away.reply.clone() })
        }
        (_, Some(_)) => Err("away stands beside something else: give it a line of its own".to_owned()),
        (Some(channel), None) => {
            if !config.channels.contains_key(channel.as_str()) {
                return Err(no_channel(&channel, config));
            }
            if let Some(body) = line.body {
                if let Some(idle) = given.iter().find(|key| !["headers", "body"].contains(key)) {
                    return Err(format!("{idle} stands beside body, which says it all itself: leave one of them out"));
                }
                let (headers, body) = (headers(line.headers)?, Bytes::from(body));
                return Ok(Act::Raw { channel, delivery: Delivery { headers, query: String::new(), body } });
            }
            if line.headers.is_some() {
                return Err("the line has headers but no body".to_owned());
            }
            let event = Box::new(event(line, number, config.owner.country.as_deref())?);
            Ok(Act::Event { channel, event })
        }
    }
}

fn headers(headers: Option<BTreeMap<String, String>>) -> Result<http::HeaderMap, String> {
    let mut map = http::HeaderMap::new();
    for (name, value) in headers.into_iter().flatten() {
        let key: http::HeaderName = name.parse().map_err(|_| format!("{name:?} is not a header's name"))?;
        map.append(key, value.parse().map_err(|_| format!("the value of {name} cannot stand in a header"))?);
    }
    Ok(map)
}

/// A generic line as the event that a channel would have made of it.
fn event(line: Line, number: usize, country: Option<&str>) -> Result<Event, String> {
    let address = |text: &str| -> Result<Address, String> {
        read_address(text, country).or_else(|problem| {
            // senders that are no number either: short codes, names
            let named = if text.starts_with('+') { None } else { Address::id("webhook", text) };
            named.ok_or(problem.message)
        })
    };
    // without an id it is a message of its own, whatever the others say
    let id = Personal::new(line.id.unwrap_or_else(|| format!("line {number}")));
    match (&line.from, &line.owner_to) {
        (None, Some(to)) => {
            let at = Some(line.sent_at.unwrap_or(line.at).to_utc());
            Ok(Event::OwnerWrote { id, line: line.on, to: vec![address(to)?], at, automatic: false })
        }
        (Some(from), None) => Ok(Event::Message(Inbound {
            id,
            line: line.on,
            from: vec![address(from)?],
            name: Personal::new(line.name.unwrap_or_default()),
            kind: line.kind.unwrap_or_default(),
            audience: if line.group == Some(true) { Audience::Group } else { Audience::Direct },
            automatic: (line.bot == Some(true)).then_some(Automatic::Bot),
            urgent: line.urgent == Some(true),
            text: Personal::new(line.text.unwrap_or_default()),
            sent_at: line.sent_at.map(|at| at.to_utc()),
            ..Inbound::default()
        })),
        (Some(_), Some(_)) => Err("from and owner_to stand together: who wrote, the client or the owner?".to_owned()),
        (None, None) => Err("the line has a channel but neither from, owner_to nor body".to_owned()),
    }
}
