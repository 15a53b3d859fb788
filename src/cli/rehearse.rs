//! `rehearse`: a file of dated events through the real engine on a clock that jumps.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, Utc};
use serde::Deserialize;

use super::paint::Paint;
use super::timeline::{Event as Shown, Timeline};
use super::{Global, complain, load_for_looking, single_threaded};
use crate::channel::Delivery;
use crate::clients::read_address;
use crate::intake;
use crate::message::{Address, Audience, Automatic, Event, Inbound, Kind, Nature, Personal};
use crate::outbox::Happened;
use crate::rehearsal::Rehearsal;
use crate::store::{Admitted, Entry};

/// `rehearse`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Dated events, one JSON object a line, in time order
    #[arg(long, value_name = "FILE")]
    events: PathBuf,
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
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    urgent: bool,
    #[serde(default)]
    group: bool,
    #[serde(default)]
    bot: bool,
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

pub(super) fn run(global: &Global, args: &Args) -> ExitCode {
    let lines = match read(&args.events) {
        Ok(lines) => lines,
        Err(problem) => return complain(&problem),
    };
    let config = match load_for_looking(global) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let timeline = Timeline { zone: config.owner.timezone, json: global.json, paint: Paint::of_stdout() };
    let Some(start) = lines.first().map(|(_, line)| line.at.to_utc()) else { return ExitCode::SUCCESS };
    single_threaded(async move {
        let rehearsal = Rehearsal::start(config, start).await.map_err(|failure| failure.to_string())?;
        for (number, line) in lines {
            play(&rehearsal, &timeline, line)
                .await
                .map_err(|problem| format!("{}:{number}: {problem}", args.events.display()))?;
        }
        Ok(())
    })
}

fn read(path: &std::path::Path) -> Result<Vec<(usize, Line)>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let mut lines: Vec<(usize, Line)> = Vec::new();
    for (index, text) in text.lines().enumerate() {
        if text.trim().is_empty() {
            continue;
        }
        let place = format!("{}:{}", path.display(), index + 1);
        let line: Line = serde_json::from_str(text).map_err(|error| format!("{place}: {error}"))?;
        if lines.last().is_some_and(|(_, before)| line.at < before.at) {
            return Err(format!("{place}: is earlier than the line before it; the events must be in time order"));
        }
        lines.push((index + 1, line));
    }
    Ok(lines)
}

async fn play(rehearsal: &Rehearsal, timeline: &Timeline, line: Line) -> Result<(), String> {
    let at = line.at.to_utc();
    let store = |error: crate::store::StoreError| error.to_string();
    let mut shown = happened(rehearsal.pass(at).await.map_err(store)?);
    if let Some(away) = &line.away {
        let until = away.until.to_utc();
        let config = rehearsal.app().config();
        if let Some(reply) = away.reply.as_deref().filter(|reply| !config.replies.knows(reply)) {
            return Err(format!("there is no reply named {reply:?} in the config"));
        }
        rehearsal.app().away(until, away.reply.clone()).await.map_err(store)?;
    } else if let Some(channel) = line.channel.clone() {
        shown.extend(bring(rehearsal, &channel, line, at).await?);
    }
    shown.extend(happened(rehearsal.pass(at).await.map_err(store)?));
    let mut out = std::io::stdout().lock();
    for (at, event) in &shown {
        out.write_all(timeline.line(*at, event).as_bytes()).map_err(|error| error.to_string())?;
    }
    Ok(())
}

async fn bring(
    rehearsal: &Rehearsal,
    channel: &str,
    line: Line,
    at: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, Shown)>, String> {
    let config = rehearsal.app().config();
    let Some(settings) = config.channels.get(channel) else {
        let known: Vec<_> = config.channels.keys().map(AsRef::as_ref).collect();
        return Err(format!("there is no channel named {channel:?} in the config; it has {}", known.join(", ")));
    };
    let events = if let Some(body) = &line.body {
        let delivery = Delivery {
            headers: headers(line.headers.as_ref())?,
            query: String::new(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        match intake::read(channel, settings.channel.as_ref(), &delivery, at, rehearsal.app().metrics()) {
            Ok(events) => events,
            Err(answer) => {
                let because = answer.body.trim_end().to_owned();
                return Ok(vec![(at, Shown::Refused { channel: channel.to_owned(), status: answer.status, because })]);
            }
        }
    } else {
        vec![event(line, config.owner.country.as_deref())?]
    };
    let admitted = rehearsal.bring(channel, events).await.map_err(|error| error.to_string())?;
    Ok(admitted.iter().filter_map(|(entry, admitted)| decided(entry, admitted)).map(|shown| (at, shown)).collect())
}

fn headers(headers: Option<&BTreeMap<String, String>>) -> Result<http::HeaderMap, String> {
    let mut map = http::HeaderMap::new();
    for (name, value) in headers.into_iter().flatten() {
        let name: http::HeaderName = name.parse().map_err(|_| format!("{name:?} is not a header's name"))?;
        map.append(name, value.parse().map_err(|_| "a header's value is not one".to_owned())?);
    }
    Ok(map)
}

/// A generic line as the event that a channel would have made of it.
fn event(line: Line, country: Option<&str>) -> Result<Event, String> {
    let address = |text: &str| -> Result<Address, String> {
        read_address(text, country).or_else(|problem| Address::id("webhook", text).ok_or(problem.message))
    };
    // a line without an id is a message of its own: the time and the sender tell it from others
    let id =
        line.id.unwrap_or_else(|| format!("{}/{}", line.at.timestamp_millis(), line.text.as_deref().unwrap_or("")));
    if let Some(to) = &line.owner_to {
        let at = Some(line.sent_at.unwrap_or(line.at).to_utc());
        return Ok(Event::OwnerWrote { id: Personal::new(id), line: line.on, to: vec![address(to)?], at });
    }
    let Some(from) = &line.from else {
        return Err("the line has a channel but neither from, owner_to nor body".to_owned());
    };
    Ok(Event::Message(Inbound {
        id: Personal::new(id),
        line: line.on,
        from: vec![address(from)?],
        name: Personal::new(line.name.unwrap_or_default()),
        kind: line.kind,
        nature: Nature::Message,
        audience: if line.group { Audience::Group } else { Audience::Direct },
        automatic: line.bot.then_some(Automatic::Bot),
        urgent: line.urgent,
        text: Personal::new(line.text.unwrap_or_default()),
        sent_at: line.sent_at.map(|at| at.to_utc()),
        locale: None,
        reply_to: Personal::default(),
    }))
}

fn decided(entry: &Entry, admitted: &Admitted) -> Option<Shown> {
    let Entry::Message(candidate) = entry else { return None };
    let message = &candidate.message;
    let channel = candidate.channel.to_string();
    let id = message.id.as_str().to_owned();
    match admitted {
        Admitted::Decided(verdict) => Some(Shown::Verdict {
            channel,
            line: candidate.line.to_string(),
            id,
            from: message.readable_address().to_owned(),
            reply: verdict.reply.clone(),
            notify: verdict.notify.name(),
            because: verdict.because.iter().map(ToString::to_string).collect(),
            said: message.text.as_str().to_owned(),
        }),
        Admitted::Duplicate => Some(Shown::Duplicate { channel, id }),
        Admitted::Noted | Admitted::ReplyFailed { .. } => None,
    }
}

pub(super) fn happened(happened: Vec<(DateTime<Utc>, Happened)>) -> Vec<(DateTime<Utc>, Shown)> {
    happened.into_iter().filter_map(|(at, one)| show(one).map(|shown| (at, shown))).collect()
}

/// What the outbox did, as it is shown. A failed send has no line of its own: what follows from it does.
fn show(happened: Happened) -> Option<Shown> {
    let own = |text: &Personal| text.as_str().to_owned();
    match happened {
        Happened::Reply { channel, line, to, text } => {
            Some(Shown::Reply { channel, line, to: own(&to), text: own(&text) })
        }
        Happened::Withdrawn { channel, to, because } => {
            Some(Shown::ReplyWithdrawn { channel, to: own(&to), because: because.to_owned() })
        }
        Happened::Notice { sink, notice } => Some(Shown::Notice {
            sink,
            kind: notice.kind.name(),
            messages: notice.messages,
            title: own(&notice.title),
            text: own(&notice.body),
        }),
        Happened::Failed { .. } => None,
    }
}
