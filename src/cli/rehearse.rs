//! `rehearse`: a file of dated events through the real engine on a clock that jumps.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};

use super::events::{self, Act, Step};
use super::paint::Paint;
use super::timeline::{Event as Shown, Timeline};
use super::{Global, complain, load_with, single_threaded};
use crate::config::Environment;
use crate::desk::OnStage;
use crate::intake;
use crate::message::Personal;
use crate::outbox::Happened;
use crate::rehearsal::Rehearsal;
use crate::store::{Admitted, Entry, StoreError};

/// `rehearse`
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Dated events, one JSON object a line, in time order
    #[arg(long, value_name = "FILE")]
    events: PathBuf,
}

pub(super) fn run(global: &Global, args: &Args) -> ExitCode {
    let environment = Environment::for_looking();
    let config = match load_with(global, environment.clone()) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let steps = match events::read(&args.events, &config) {
        Ok(steps) => steps,
        Err(problem) => return complain(&problem),
    };
    if environment.stood_in() && steps.iter().any(|step| matches!(step.act, Act::Raw { .. })) {
        eprintln!(
            "afterhours: warning: a secret of the config cannot be had here, so no signature of a raw line can hold; run this \
             with sudo, or name the directory: CREDENTIALS_DIRECTORY=/etc/credstore"
        );
    }
    let timeline = Timeline { zone: config.owner.timezone, json: global.json, paint: Paint::of_stdout() };
    let Some(start) = steps.first().map(|step| step.at) else { return ExitCode::SUCCESS };
    single_threaded(async move {
        let rehearsal =
            Rehearsal::start(Rehearsal::silenced(config), start).await.map_err(|failure| failure.to_string())?;
        for Step { place, at, act } in steps {
            let shown = play(&rehearsal, at, act).await.map_err(|problem| format!("{place}: {problem}"))?;
            let mut out = std::io::stdout().lock();
            for (at, event) in &shown {
                out.write_all(timeline.line(*at, event).as_bytes()).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    })
}

async fn play(rehearsal: &Rehearsal, at: DateTime<Utc>, act: Act) -> Result<Vec<(DateTime<Utc>, Shown)>, StoreError> {
    let mut shown = happened(rehearsal.pass(at).await?);
    let app = rehearsal.app();
    let arrived = match act {
        Act::Nothing => None,
        Act::Away { until, reply } => {
            app.away(until, reply).await?;
            None
        }
        Act::Event { channel, event } => Some((channel, vec![*event])),
        Act::Raw { channel, delivery } => {
            let desk = app.desk();
            let read = desk.config().channels.get(channel.as_str()).map(|settings| {
                let scene = OnStage { desk: &desk, settings, now: at };
                intake::read(&channel, settings.channel.as_ref(), &delivery, &scene, app.metrics())
                    .map_err(intake::Answer::from)
            });
            match read {
                Some(Err(answer)) => {
                    let because = answer.body.trim_end().to_owned();
                    shown.push((at, Shown::Refused { status: answer.status, channel, because }));
                    None
                }
                Some(Ok(reading)) => Some((channel, reading.events)),
                None => None,
            }
        }
    };
    if let Some((channel, events)) = arrived {
        let admitted = rehearsal.bring(&channel, events).await?;
        shown.extend(admitted.iter().filter_map(|(entry, admitted)| Some((at, decided(entry, admitted)?))));
    }
    shown.extend(happened(rehearsal.pass(at).await?));
    Ok(shown)
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
        Admitted::Noted
        | Admitted::OtherResponder { .. }
        | Admitted::WroteUnasked { .. }
        | Admitted::ReplyArrived { .. }
        | Admitted::ReplyFailed { .. } => None,
    }
}

pub(super) fn happened(happened: Vec<(DateTime<Utc>, Happened)>) -> Vec<(DateTime<Utc>, Shown)> {
    happened.into_iter().filter_map(|(at, one)| show(one).map(|shown| (at, shown))).collect()
}

/// What the outbox did, as it is shown. A failed send has no line of its own: what follows from it does.
fn show(happened: Happened) -> Option<Shown> {
    let own = |text: &Personal| text.as_str().to_owned();
    match happened {
        Happened::Reply { kind, channel, line, to, text } => {
            Some(Shown::Reply { kind: kind.name(), channel, line, to: own(&to), text: own(&text) })
        }
        Happened::Withdrawn { kind, channel, to, because } => {
            Some(Shown::ReplyWithdrawn { kind: kind.name(), channel, to: own(&to), because: because.to_owned() })
        }
        Happened::Notice { sink, notice } => Some(Shown::Notice {
            sink,
            kind: notice.kind.name(),
            messages: notice.messages,
            text: [notice.title.as_str(), notice.body.as_str()].join("\n").trim_end().to_owned(),
        }),
        Happened::Failed { .. } => None,
    }
}
