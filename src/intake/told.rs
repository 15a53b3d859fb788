//! What the owner and the log are told of what came.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::app::App;
use crate::desk::Desk;
use crate::language::text::shorten;
use crate::message::Event;
use crate::store::Admitted;
use crate::verdict::{Reason, Verdict};

/// So much of what a provider calls a line or an error is shown, in Unicode scalar values.
const LONGEST_SHOWN: usize = 100;

/// Tells the owner, once for each, of accounts that others have brought to the channel.
pub(super) async fn of_strangers(app: &App, channel: &str, events: &[Event]) {
    for event in events {
        let Event::Stranger { line, tables } = event else { continue };
        if !app.may_tell_of(channel, line) {
            continue;
        }
        let tables: Vec<_> = tables.iter().map(|line| format!("[channel.{channel}.line.{line}]")).collect();
        let beside = if tables.len() > 1 { "\nWith such tables every line needs one." } else { "" };
        let words = format!(
            "Account {line} has connected the bot of channel {channel}, and the config does not name it: of what comes under it \
             nothing is kept, told or answered. Anybody can connect a bot: if the account is none of yours, nothing need be \
             done. If it is yours, add to the config and reload:\n{}{beside}",
            tables.join("\n")
        );
        app.alert(format!("stranger:{channel}:{line}"), words, None).await;
    }
}

/// Tells of what was admitted; `unlisted` has, for each of it, the line that the config does not know.
pub(super) async fn of_admitted(
    app: &App,
    desk: &Desk,
    channel: &Arc<str>,
    unlisted: Vec<Option<Arc<str>>>,
    admitted: &[Admitted],
    now: DateTime<Utc>,
) {
    for one in admitted {
        match one {
            Admitted::Decided(verdict) => {
                decided(app, channel, verdict);
                if let Some(cap @ (Reason::CapLine | Reason::CapTotal)) = verdict.because.last() {
                    let words =
                        format!("No more automatic replies this hour on channel {channel} ({cap}); messages are held.");
                    app.alert(format!("cap:{channel}:{}:{}", cap.code(), now.date_naive()), words, None).await;
                }
            }
            Admitted::Duplicate => app.metrics().duplicate(channel),
            Admitted::Noted | Admitted::ReplyArrived { .. } => {}
            Admitted::OtherResponder { line } => {
                let words = format!(
                    "Something else answers on line {line} of channel {channel}: a message went out seconds after a client \
                     wrote. Nothing is answered there while that goes on, and for two days after. Switch the other one off \
                     (the app's own away or greeting message, an autoresponder), or this one. A message that was scheduled \
                     for just that moment looks the same."
                );
                app.alert(format!("responder:{channel}:{line}:{}", now.date_naive()), words, None).await;
            }
            Admitted::WroteUnasked { line } => {
                let words = format!(
                    "A message went out on line {line} of channel {channel} that you did not write at that moment, and no \
                     client had just written. If you had scheduled it, all is well: it counts neither as your answer nor \
                     as somebody else's, clients are answered as ever, and you are not told of the next one. If it was an \
                     away or greeting message or another bot's, switch that off: clients would get two answers."
                );
                app.alert(format!("unasked:{channel}:{line}"), words, None).await;
            }
            Admitted::ReplyFailed { code, called } => {
                let page = desk.config().channels.get(channel).and_then(|it| it.channel.page_of_code(code));
                let page = page.map_or_else(String::new, |page| format!(" ({page})"));
                let code = shorten(code, LONGEST_SHOWN);
                tracing::warn!("channel {channel}: the provider could not deliver a reply: {code}");
                let (to, others, once) = if *called {
                    (" to a caller", " Of other callers it is not told again.", "call".to_owned())
                } else {
                    ("", "", now.date_naive().to_string())
                };
                let words = format!(
                    "An automatic reply{to} on channel {channel} was accepted and then not delivered: the provider says \
                     {code}{page}.{others}"
                );
                app.alert(format!("undelivered:{channel}:{code}:{once}"), words, None).await;
            }
        }
    }
    // of what leaves no trace not even the line is told
    let told = |(line, admitted): (Option<Arc<str>>, &Admitted)| match admitted {
        Admitted::Decided(verdict) if !verdict.is_nothing() && !verdict.is_passed_on() => line,
        _ => None,
    };
    let unlisted: BTreeSet<_> = unlisted.into_iter().zip(admitted).filter_map(told).collect();
    for line in unlisted {
        let helps = desk.config().channels.get(channel).and_then(|settings| settings.channel.unlisted(&line));
        let give = helps.map_or_else(|| "Give".to_owned(), |helps| format!("{helps} Else give"));
        let shown = shorten(&line, LONGEST_SHOWN);
        let words = format!(
            "Messages arrive on line {shown} of channel {channel}, which the config does not list: they are held and not \
             answered. {give} the line a table, [channel.{channel}.line.\"{shown}\"], and say its hours or private = true."
        );
        app.alert(format!("line:{channel}:{line}"), words, None).await;
    }
}

fn decided(app: &App, channel: &str, verdict: &Verdict) {
    app.metrics().decided(channel, verdict.notify.name(), verdict.reply.is_some());
    // of a private line or person not even a log line
    if !verdict.is_nothing() && !verdict.is_passed_on() {
        if let Some(reason) = verdict.because.last() {
            app.metrics().reason(channel, reason.code(), verdict.reply.is_some());
        }
        let reply = verdict.reply.as_deref().unwrap_or("none");
        tracing::debug!("channel {channel}: reply {reply}, notice {}: {}", verdict.notify.name(), codes(verdict));
    }
}

fn codes(verdict: &Verdict) -> String {
    verdict.because.iter().map(Reason::code).collect::<Vec<_>>().join(", ")
}
