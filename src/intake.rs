//! The sentence: verify, parse, admit.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::channel::{Channel, Delivery, Page};
use crate::config::ChannelSettings;
use crate::desk::{Desk, OnStage};
use crate::message::{Event, Personal};
use crate::store::{Admitted, Decide, Entry, Outcome, StoreError};
use crate::telemetry::Metrics;
use crate::verdict::{Notify, Reason, Verdict};

/// Seconds after which a provider may try again when the store could not take a message.
const TRY_AGAIN: u32 = 5;

/// The media type of what is said in words.
const PLAIN: &str = "text/plain; charset=utf-8";

/// A call waits for its answer no longer for the store than this: the caller hears nothing until then.
const CALL_PATIENCE: Duration = Duration::from_millis(700);

/// A call that is over was answered at the time that is told, and has rung before: for less than this.
const RINGING: TimeDelta = TimeDelta::seconds(30);

/// What a provider is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: &'static str,
    /// The body; may be empty.
    pub body: String,
    /// Seconds for `Retry-After`.
    pub retry_after: Option<u32>,
}

impl Answer {
    /// A status and a sentence.
    #[must_use]
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, content_type: PLAIN, body: body.into(), retry_after: None }
    }
}

/// A delivery that was proven and read.
pub struct Reading {
    /// What happened.
    pub events: Vec<Event>,
    /// What the provider is answered with, where it reads that.
    pub page: Option<Page>,
}

/// Verify and parse: what a delivery says, or what its sender is answered.
///
/// # Errors
/// 401 when it is not proven, 400 when it is not of the provider's shape.
pub fn read(
    name: &str,
    channel: &dyn Channel,
    delivery: &Delivery,
    scene: &OnStage<'_>,
    metrics: &Metrics,
) -> Result<Reading, Answer> {
    let verified = channel.verify(delivery, scene.now).map_err(|refused| {
        metrics.refused(name, refused.code());
        tracing::warn!("channel {name}: webhook refused: {refused}");
        Answer::new(401, format!("{refused}\n"))
    })?;
    let events = channel.parse(&verified).map_err(|malformed| {
        tracing::warn!("channel {name}: webhook refused: {malformed}");
        Answer::new(400, format!("{malformed}\n"))
    })?;
    Ok(Reading { events, page: channel.answer(&verified, scene) })
}

/// What goes before the store of these events. Of a private line or person an owner's message leaves no trace either.
#[must_use]
pub fn entries(
    desk: &Desk,
    channel: &Arc<str>,
    settings: &ChannelSettings,
    events: Vec<Event>,
    now: DateTime<Utc>,
) -> Vec<Entry> {
    let entry = |event| match event {
        Event::Message(message) => Some(Entry::Message(Box::new(desk.candidate(channel, settings, message, now)))),
        Event::Rings(message) => {
            let candidate = desk.candidate(channel, settings, message, now);
            let open = |at| desk.state(&candidate.hours, at).is_open();
            // who is personal is put through at any hour
            let taken = candidate.message.sent_at.map_or_else(|| open(now), |at| open(at) || open(at - RINGING))
                || desk.is_personal(&candidate.message.from);
            (!taken).then(|| Entry::Message(Box::new(candidate)))
        }
        Event::Note { key, value } => Some(Entry::Note { channel: Arc::clone(channel), key, value }),
        Event::OwnerWrote { id, line, to, at, automatic } => {
            let line = desk.line(settings, line.as_deref());
            let private = line.private || desk.is_personal(&to);
            (!private).then(|| Entry::OwnerWrote {
                channel: Arc::clone(channel),
                line: line.name,
                id,
                person: desk.person(&to),
                // a provider's clock that is ahead must not silence a later evening
                at: at.map_or(now, |at| at.min(now)),
                received_at: now,
                automatic,
            })
        }
        Event::Receipt { key, provider_id, fate } => {
            Some(Entry::Receipt { channel: Arc::clone(channel), key, provider_id, fate, at: now })
        }
    };
    events.into_iter().filter_map(entry).collect()
}

/// Admit: every entry decided and stored, in one transaction.
///
/// # Errors
/// When the store did not take them: nothing of them is kept then.
pub async fn admit(
    app: &App,
    desk: &Arc<Desk>,
    channel: &Arc<str>,
    entries: Vec<Entry>,
    now: DateTime<Utc>,
) -> Result<Vec<Admitted>, StoreError> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let unlisted: Vec<_> = entries.iter().map(unlisted).collect();
    let notes: Vec<_> = entries.iter().filter_map(note).collect();
    let decide: Arc<dyn Decide> = Arc::clone(desk) as _;
    let admitted = app.store().admit(entries, decide).await?;
    if let Some(settings) = desk.config().channels.get(channel) {
        for (key, value) in &notes {
            settings.channel.note(key, value.as_str());
        }
    }
    for one in &admitted {
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
            Admitted::Noted => {}
            Admitted::OtherResponder { line } => {
                let words = format!(
                    "Something else answers on line {line} of channel {channel}: a message went out seconds after a client \
                     wrote. Nothing is answered there while that goes on. Switch the other one off (the app's own away \
                     message, an autoresponder), or this one."
                );
                app.alert(format!("responder:{channel}:{line}:{}", now.date_naive()), words, None).await;
            }
            // before the provider's own answer, or in its place: the reply has promised what it names all the same
            Admitted::ReplyArrived { job, message } => {
                if let Some(account) = app.store().message(*message).await? {
                    let promised = desk.promised(&account.message, now);
                    let outcome = promised.map_or(Outcome::Done(None), |opens| Outcome::Promised { id: None, opens });
                    app.store().settle(vec![*job], outcome, now).await?;
                }
            }
            Admitted::ReplyFailed { code, called } => {
                tracing::warn!("channel {channel}: the provider could not deliver a reply: {code}");
                let (to, others, once) = if *called {
                    (" to a caller", " Of other callers it is not told again.", "call".to_owned())
                } else {
                    ("", "", now.date_naive().to_string())
                };
                let page = desk.config().channels.get(channel).and_then(|it| it.channel.page_of_code(code));
                let page = page.map_or_else(String::new, |page| format!(" ({page})"));
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
    let unlisted: BTreeSet<_> = unlisted.into_iter().zip(&admitted).filter_map(told).collect();
    for line in unlisted {
        let words = format!(
            "Messages arrive on line {line} of channel {channel}, which the config does not list: they are held and not \
             answered. Give the line a table, [channel.{channel}.line.\"{line}\"], and say its hours or private = true."
        );
        app.alert(format!("line:{channel}:{line}"), words, None).await;
    }
    if admitted.iter().any(is_due) {
        app.wake();
    }
    Ok(admitted)
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

/// One `POST /in/CHANNEL`, from bytes to status: 2xx only after the commit.
pub async fn receive(app: &App, name: &str, delivery: &Delivery) -> Answer {
    if let Some(settings) = app.config().channels.get(name) {
        settings.channel.inquire(app.outbound(), delivery, app.clock().now()).await;
    }
    let _steady = app.steady().await;
    let desk = app.desk();
    let Some((channel, settings)) = desk.config().channels.get_key_value(name) else {
        return Answer::new(404, "no such channel\n");
    };
    let now = app.clock().now();
    let scene = OnStage { desk: &desk, settings, now };
    let Reading { events, page } = match read(name, settings.channel.as_ref(), delivery, &scene, app.metrics()) {
        Ok(reading) => reading,
        Err(answer) => return answer,
    };
    app.heard(name, now);
    let entries = entries(&desk, channel, settings, events, now);
    let admitted = admit(app, &desk, channel, entries, now);
    if let Some(Page { content_type, body, at_once: true }) = page {
        match tokio::time::timeout(CALL_PATIENCE, admitted).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!("channel {name}: what came with a call is not stored: {error}"),
            // the store has it, and does it when it can
            Err(_) => tracing::warn!("channel {name}: the store is slow, a call was answered before it is stored"),
        }
        return Answer { content_type, ..Answer::new(200, body) };
    }
    match admitted.await {
        Ok(_) => match page {
            Some(Page { content_type, body, .. }) => Answer { content_type, ..Answer::new(200, body) },
            None => Answer::new(200, ""),
        },
        Err(error) => {
            tracing::error!("channel {name}: webhook not stored, the provider is asked to try again: {error}");
            Answer { retry_after: Some(TRY_AGAIN), ..Answer::new(503, "not stored, try again\n") }
        }
    }
}

/// The line of a message, when the config does not know it.
fn unlisted(entry: &Entry) -> Option<Arc<str>> {
    match entry {
        Entry::Message(candidate) if !candidate.line_listed => Some(Arc::clone(&candidate.line)),
        Entry::Message(_) | Entry::OwnerWrote { .. } | Entry::Receipt { .. } | Entry::Note { .. } => None,
    }
}

fn note(entry: &Entry) -> Option<(String, Personal)> {
    match entry {
        Entry::Note { key, value, .. } => Some((key.clone(), value.clone())),
        Entry::Message(_) | Entry::OwnerWrote { .. } | Entry::Receipt { .. } => None,
    }
}

/// Something follows from it at once.
fn is_due(admitted: &Admitted) -> bool {
    match admitted {
        Admitted::Decided(verdict) => verdict.reply.is_some() || verdict.notify == Notify::Now,
        Admitted::Duplicate
        | Admitted::Noted
        | Admitted::OtherResponder { .. }
        | Admitted::ReplyArrived { .. }
        | Admitted::ReplyFailed { .. } => false,
    }
}
