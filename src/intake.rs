//! The sentence: verify, parse, admit.

mod told;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::channel::{Channel, Delivery, Malformed, Page, Refused};
use crate::config::ChannelSettings;
use crate::desk::{Desk, OnStage};
use crate::message::{Event, Personal};
use crate::store::{Admitted, Decide, Entry, Outcome, StoreError};
use crate::telemetry::Metrics;
use crate::verdict::Notify;

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

/// Why a delivery says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is not proven.
    Refused(Refused),
    /// It is not of the provider's shape.
    Malformed(Malformed),
}

impl From<Unread> for Answer {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Refused(refused) => Self::new(401, format!("{refused}\n")),
            Unread::Malformed(malformed) => Self::new(400, format!("{malformed}\n")),
        }
    }
}

/// Verify and parse: what a delivery says.
///
/// # Errors
/// When it is not proven, or not of the provider's shape.
pub fn read(
    name: &str,
    channel: &dyn Channel,
    delivery: &Delivery,
    scene: &OnStage<'_>,
    metrics: &Metrics,
) -> Result<Reading, Unread> {
    let verified = channel.verify(delivery, scene.now).map_err(|refused| {
        metrics.refused(name, refused.code());
        tracing::warn!("channel {name}: webhook refused: {refused}");
        Unread::Refused(refused)
    })?;
    let events = channel.parse(&verified).map_err(|malformed| {
        tracing::warn!("channel {name}: webhook refused: {malformed}");
        Unread::Malformed(malformed)
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
            let answered_at = candidate.message.sent_at.unwrap_or(now);
            let rang_at = candidate.message.sent_at.map_or(now, |at| at - RINGING);
            let taken = open(answered_at) || open(rang_at) || desk.is_personal(&candidate.message.from);
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
        Event::Stranger { .. } => None,
        Event::Receipt { key, provider_id, fate } => {
            Some(Entry::Receipt { channel: Arc::clone(channel), key, provider_id, fate, at: now })
        }
    };
    events.into_iter().filter_map(entry).collect()
}

/// Takes in what happened, and tells the owner of what they should know at once.
///
/// # Errors
/// When the store did not take it: nothing of it is kept then.
pub async fn take_in(
    app: &App,
    desk: &Arc<Desk>,
    (channel, settings): (&Arc<str>, &ChannelSettings),
    events: Vec<Event>,
    now: DateTime<Utc>,
) -> Result<Vec<Admitted>, StoreError> {
    told::of_strangers(app, channel, &events).await;
    admit(app, desk, channel, entries(desk, channel, settings, events, now), now).await
}

/// Admit: every entry decided and stored, in one transaction.
pub(crate) async fn admit(
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
        if let Admitted::ReplyArrived { job, message } = one {
            arrived(app, desk, *job, *message, now).await?;
        }
    }
    told::of_admitted(app, desk, channel, unlisted, &admitted, now).await;
    if admitted.iter().any(is_due) {
        app.wake();
    }
    Ok(admitted)
}

/// A reply is known to have left before the provider's own answer, or in its place: what it names is promised all the same.
async fn arrived(app: &App, desk: &Desk, job: i64, message: i64, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(account) = app.store().message(message).await? else { return Ok(()) };
    let promised = desk.promised(&account.message, now);
    let outcome = promised.map_or(Outcome::Done(None), |opens| Outcome::Promised { id: None, opens });
    app.store().settle(vec![job], outcome, now).await
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
        Err(unread) => {
            if unread == Unread::Refused(Refused::Wrong) {
                app.forged(name, now);
            }
            return unread.into();
        }
    };
    app.heard(name, now);
    if let Some(Page { content_type, body, at_once: true }) = page {
        let entries = entries(&desk, channel, settings, events, now);
        let admitted = admit(app, &desk, channel, entries.clone(), now);
        let problem = match tokio::time::timeout(CALL_PATIENCE, admitted).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some("the store is slow".to_owned()),
        };
        if let Some(problem) = problem {
            tracing::error!("channel {name}: a call is answered before it is stored, which is tried again: {problem}");
            app.store_later(channel, entries);
        }
        return Answer { content_type, ..Answer::new(200, body) };
    }
    match take_in(app, &desk, (channel, settings), events, now).await {
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
        | Admitted::WroteUnasked { .. }
        | Admitted::ReplyArrived { .. }
        | Admitted::ReplyFailed { .. } => false,
    }
}
