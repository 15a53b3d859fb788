//! Claim what is due, look again, render, send, settle; fold held notices into a digest.
//!
//! No request is made inside a transaction: a row is claimed, marked as on the wire, sent, settled, each on its own. What
//! ends the process between mark and settlement leaves an unknown outcome: a reply is not repeated then, a notice is, and
//! says so.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::backoff::{self, Sending};
use crate::clients::Standing;
use crate::config::ChannelSettings;
use crate::desk::Desk;
use crate::digest::{Held, Notice, Waiting, alert, digest, single};
use crate::message::Personal;
use crate::outbound::{Reason, SendError, SendKey};
use crate::sink::Sink;
use crate::store::{Job, JobKind, Outcome, StoreError, Stored};
use crate::verdict::withdrawn;

/// Sends at the same time: one slow provider must not fill them all for long (its time-out is 15 s).
const AT_ONCE: usize = 64;

/// A channel or sink that is down is tried again after this: the owner may have mended it.
const DOWN_PAUSE: TimeDelta = TimeDelta::minutes(5);

/// Rows are tried again after this when the store failed before they were sent.
const STORE_PAUSE: TimeDelta = TimeDelta::seconds(5);

/// A promise is called to mind for so long: what nobody has kept by then was kept in some other way.
const PROMISES_TOLD: TimeDelta = TimeDelta::days(14);

/// So many promises are looked at for one digest.
const MOST_PROMISES: usize = 1000;

/// After so many attempts in a row, ten minutes, a sink is in trouble, and the owner is told by the others.
const TROUBLE: u32 = 5;

/// What the outbox did, for the log, `rehearse` and `demo`.
#[derive(Clone, Debug)]
pub enum Happened {
    /// A reply was sent.
    Reply {
        /// The channel.
        channel: String,
        /// The line.
        line: String,
        /// The client's address.
        to: Personal,
        /// Its text.
        text: Personal,
    },
    /// A reply was no longer wanted.
    Withdrawn {
        /// The channel.
        channel: String,
        /// The client's address.
        to: Personal,
        /// Why.
        because: &'static str,
    },
    /// The owner was told.
    Notice {
        /// The sink.
        sink: String,
        /// What it said.
        notice: Notice,
    },
    /// A send was not done; what follows is in the log.
    Failed {
        /// `channel NAME` or `sink NAME`.
        target: String,
        /// Why.
        error: SendError,
    },
}

/// Jobs that are sent as one.
struct Errands {
    kind: JobKind,
    target: String,
    jobs: Vec<Job>,
}

/// Does everything that is due now, one after the other, until nothing is: for clocks that jump.
///
/// # Errors
/// When the store fails; what was not settled is due again.
pub async fn settle_all(app: &App) -> Result<Vec<Happened>, StoreError> {
    let mut happened = Vec::new();
    loop {
        let errands = fold(app.store().claim(app.clock().now(), AT_ONCE).await?);
        if errands.is_empty() {
            return Ok(happened);
        }
        let mut failed = None;
        for errand in errands {
            // what one of them meets is no reason to keep the others
            match perform(app, errand).await {
                Ok(more) => happened.extend(more),
                Err(error) => failed = Some(error),
            }
        }
        if let Some(error) = failed {
            return Err(error);
        }
    }
}

/// The loop of the service; see [`App::run_outbox`].
pub async fn run(app: &App, stop: CancellationToken, beat: impl Fn()) {
    let mut on_the_way = FuturesUnordered::new();
    while !stop.is_cancelled() {
        beat();
        let wait_until = match claim(app, AT_ONCE.saturating_sub(on_the_way.len())).await {
            Ok((errands, next)) => {
                on_the_way.extend(errands.into_iter().map(|errand| perform(app, errand)));
                next
            }
            Err(error) => {
                tracing::error!("the outbox cannot read the store, and tries again: {error}");
                None
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.woken() => {}
            () = app.clock().nap(wait_until) => {}
            Some(done) = on_the_way.next() => report(done),
        }
    }
    // what is on the wire is finished, so that its outcome is known
    while let Some(done) = on_the_way.next().await {
        report(done);
    }
}

async fn claim(app: &App, room: usize) -> Result<(Vec<Errands>, Option<DateTime<Utc>>), StoreError> {
    if room == 0 {
        return Ok((Vec::new(), None));
    }
    let errands = fold(app.store().claim(app.clock().now(), room).await?);
    let next = app.store().next_due().await?;
    Ok((errands, next))
}

fn report(done: Result<Vec<Happened>, StoreError>) {
    match done {
        Ok(happened) => happened.iter().for_each(log),
        // what was begun stays on the wire: at the next start its outcome is unknown, which is the truth
        Err(error) => tracing::error!("the store failed the outbox: {error}"),
    }
}

/// In words, since the journal shows nothing else of a line; without what was said, to whom or by whom.
fn log(happened: &Happened) {
    match happened {
        Happened::Reply { channel, line, .. } => tracing::info!("channel {channel}, line {line}: reply sent"),
        Happened::Withdrawn { channel, because, .. } => tracing::info!("channel {channel}: reply withdrawn: {because}"),
        Happened::Notice { sink, notice } => {
            tracing::info!("sink {sink}: notice sent ({}, messages: {})", notice.kind.name(), notice.messages);
        }
        Happened::Failed { target, error } => tracing::warn!("{target}: not sent: {error}"),
    }
}

/// The held ones of a sink become one errand, at the place of the first.
fn fold(jobs: Vec<Job>) -> Vec<Errands> {
    let mut errands: Vec<Errands> = Vec::with_capacity(jobs.len());
    let mut digests = BTreeMap::new();
    for job in jobs {
        let (kind, target) = (job.kind, job.target.clone());
        if kind == JobKind::Hold {
            if let Some(at) = digests.get(&target) {
                let errand: &mut Errands = &mut errands[*at];
                errand.jobs.push(job);
                continue;
            }
            digests.insert(target.clone(), errands.len());
        }
        errands.push(Errands { kind, target, jobs: vec![job] });
    }
    errands
}

impl Errands {
    /// Channel or sink, and its name: a channel and a sink may share one.
    fn place(&self) -> String {
        let room = if self.kind == JobKind::Reply { "channel" } else { "sink" };
        format!("{room} {}", self.target)
    }

    /// The sink's name, when it goes to one.
    fn sink(&self) -> Option<&str> {
        (self.kind != JobKind::Reply).then_some(self.target.as_str())
    }
}

async fn perform(app: &App, errand: Errands) -> Result<Vec<Happened>, StoreError> {
    let now = app.clock().now();
    if errand.jobs.iter().any(|job| has_waited_too_long(job, now)) {
        return drop_passed_on(app, &errand, now).await;
    }
    if let Some(until) = app.down_until(&errand.place(), now) {
        settle(app, ids(&errand.jobs), Outcome::Later(until), now).await?;
        return Ok(Vec::new());
    }
    match errand.kind {
        JobKind::Reply => reply(app, errand, now).await,
        JobKind::Now | JobKind::Hold | JobKind::Alert => notice(app, errand, now).await,
    }
}

async fn reply(app: &App, errand: Errands, now: DateTime<Utc>) -> Result<Vec<Happened>, StoreError> {
    let desk = app.desk();
    let Errands { target, jobs, .. } = &errand;
    let Some((job, stored)) = jobs.first().and_then(|job| Some((job, job.message.as_ref()?))) else {
        return Ok(Vec::new());
    };
    let to = Personal::new(stored.message.readable_address());
    let Some(settings) = desk.config().channels.get(target.as_str()) else {
        return withdraw(app, &errand, to, "the channel is no longer in the config", now).await;
    };
    let look = look_again(app, &desk, settings, stored, now).await;
    if let Some(because) = or_put_back(app, &errand, look, now).await? {
        return withdraw(app, &errand, to, because, now).await;
    }
    let text = match desk.reply_text(settings, stored, now) {
        Ok(text) => text,
        Err(error) => {
            tracing::error!("channel {target}: {error}");
            return fail(app, &errand, SendError::Refused { reason: Reason::Unsendable }, now).await;
        }
    };
    let begun = app.store().begin(ids(jobs), now).await;
    if or_put_back(app, &errand, begun, now).await?.is_empty() {
        // a receipt has settled an earlier attempt meanwhile
        return Ok(Vec::new());
    }
    let key = SendKey(job.key.clone());
    match settings.channel.reply(app.outbound(), &stored.message.reply_to, &text, &key).await {
        Ok(sent) => {
            let outcome = match desk.promised(stored, now) {
                Some(opens) => Outcome::Promised { id: sent.id, opens },
                None => Outcome::Done(sent.id),
            };
            done(app, &errand, outcome).await?;
            let (channel, line) = (stored.channel.clone(), stored.line.clone());
            Ok(vec![Happened::Reply { channel, line, to, text: Personal::new(text) }])
        }
        Err(SendError::Unknown { reason }) if settings.channel.repeats_harmlessly() => {
            fail(app, &errand, SendError::Retry { after: None, reason }, now).await
        }
        Err(error) => fail(app, &errand, error, now).await,
    }
}

/// Why the reply to this message is no longer wanted.
async fn look_again(
    app: &App,
    desk: &Desk,
    settings: &ChannelSettings,
    stored: &Stored,
    now: DateTime<Utc>,
) -> Result<Option<&'static str>, StoreError> {
    let recalled = app.store().recall(desk.look(stored, now)).await?;
    let state = desk.state_of(stored, now);
    let window = settings.channel.reply_window(stored.message.sent_at.unwrap_or(stored.received_at));
    let answered = recalled.owner_answered(stored.written_at(), stored.received_at);
    Ok(withdrawn(answered, stored.in_open_hours, &state, desk.standing(stored), &recalled, window, now))
}

async fn withdraw(
    app: &App,
    errand: &Errands,
    to: Personal,
    because: &'static str,
    now: DateTime<Utc>,
) -> Result<Vec<Happened>, StoreError> {
    settle(app, ids(&errand.jobs), Outcome::Withdrawn(because), now).await?;
    app.metrics().sent(&errand.target, "withdrawn");
    Ok(vec![Happened::Withdrawn { channel: errand.target.clone(), to, because }])
}

async fn notice(app: &App, mut errand: Errands, now: DateTime<Utc>) -> Result<Vec<Happened>, StoreError> {
    let desk = app.desk();
    let Some(sink) = desk.config().sinks.get(&errand.target).cloned() else {
        return elsewhere(app, &desk, &errand, now).await;
    };
    if errand.kind == JobKind::Hold {
        let left_out = leave_out_answered(app, &desk, &mut errand, now).await;
        or_put_back(app, &errand, left_out, now).await?;
    }
    let waiting = match errand.kind {
        JobKind::Hold => or_put_back(app, &errand, still_waiting(app, &desk, &errand, now).await, now).await?,
        JobKind::Now | JobKind::Alert | JobKind::Reply => Vec::new(),
    };
    let written = write(&desk, sink.as_ref(), &errand, &waiting, now);
    let (Some(first), Some(notice)) = (errand.jobs.first(), written) else {
        return Ok(Vec::new());
    };
    let begun = app.store().begin(ids(&errand.jobs), now).await;
    or_put_back(app, &errand, begun, now).await?;
    match sink.deliver(app.outbound(), &notice, &SendKey(first.key.clone())).await {
        Ok(sent) => {
            done(app, &errand, Outcome::Done(sent.id)).await?;
            Ok(vec![Happened::Notice { sink: errand.target, notice }])
        }
        Err(error) => fail(app, &errand, error, now).await,
    }
}

/// Who was told an opening that is over, and has no answer yet; of the messages that this very digest tells nobody.
async fn still_waiting(
    app: &App,
    desk: &Desk,
    errand: &Errands,
    now: DateTime<Utc>,
) -> Result<Vec<Waiting>, StoreError> {
    let told: BTreeSet<i64> = errand.jobs.iter().filter_map(|job| Some(job.message.as_ref()?.id)).collect();
    let promises = app.store().promises(now, MOST_PROMISES).await?;
    let open = promises.into_iter().filter(|promise| promise.opens > now - PROMISES_TOLD).filter(|promise| {
        let standing = desk.standing(&promise.message);
        !told.contains(&promise.message.id) && !matches!(standing, Standing::Personal | Standing::Blocked)
    });
    Ok(open.map(|promise| Waiting { message: desk.held(&promise.message), promised: promise.opens }).collect())
}

fn write(desk: &Desk, sink: &dyn Sink, errand: &Errands, waiting: &[Waiting], now: DateTime<Utc>) -> Option<Notice> {
    let first = errand.jobs.first()?;
    let (style, limit) = (desk.style(), sink.limit());
    let repeated = errand.jobs.iter().any(|job| job.repeated);
    match errand.kind {
        JobKind::Hold => {
            let held: Vec<_> = errand.jobs.iter().filter_map(|job| Some(desk.held(job.message.as_ref()?))).collect();
            Some(digest(&held, waiting, now, &style, limit, repeated))
        }
        JobKind::Now => {
            let stored = first.message.as_ref()?;
            // what comes at once though it is closed rings through; what is passed on comes at any time
            let rings = !stored.in_open_hours && !stored.passed_on;
            let held = Held { urgent: stored.message.urgent || rings, ..desk.held(stored) };
            Some(single(&held, now, &style, limit, repeated))
        }
        JobKind::Alert => first.alert.as_ref().map(|words| alert(words, now, limit, repeated)),
        JobKind::Reply => None,
    }
}

/// Messages of people whom the owner has written to since are no news.
async fn leave_out_answered(
    app: &App,
    desk: &Desk,
    errand: &mut Errands,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut known = BTreeMap::new();
    let mut answered = Vec::new();
    for job in &errand.jobs {
        let Some(stored) = &job.message else { continue };
        let person = desk.person(&stored.message.from);
        let recalled = match known.entry(person) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(app.store().recall(desk.look(stored, now)).await?),
        };
        if recalled.owner_answered(stored.written_at(), stored.received_at) {
            answered.push(job.id);
        }
    }
    if !answered.is_empty() {
        settle(app, answered.clone(), Outcome::Withdrawn("owner answered"), now).await?;
        errand.jobs.retain(|job| !answered.contains(&job.id));
    }
    Ok(())
}

/// A reload took the sink away: its notices go to those that are there now.
async fn elsewhere(app: &App, desk: &Desk, errand: &Errands, now: DateTime<Utc>) -> Result<Vec<Happened>, StoreError> {
    let notify = &desk.config().notify;
    let sinks = if errand.kind == JobKind::Hold { &notify.digest } else { &notify.now };
    let Some(sink) = sinks.first() else {
        settle(app, ids(&errand.jobs), Outcome::Later(now + DOWN_PAUSE), now).await?;
        return Ok(Vec::new());
    };
    tracing::warn!("notices for sink {}, which is no longer in the config, go to sink {sink}", errand.target);
    let rerouted = app.store().reroute(ids(&errand.jobs), sink.clone(), now).await;
    or_put_back(app, errand, rerouted, now).await?;
    Ok(Vec::new())
}

async fn done(app: &App, errand: &Errands, outcome: Outcome) -> Result<(), StoreError> {
    settle(app, ids(&errand.jobs), outcome, app.clock().now()).await?;
    app.mended(&errand.place());
    if errand.kind == JobKind::Reply {
        app.breakers().succeeded(&errand.target);
    }
    app.metrics().sent(&errand.target, "done");
    Ok(())
}

/// Settles a send that was not done, and tells the owner where that is for good.
async fn fail(
    app: &App,
    errand: &Errands,
    error: SendError,
    began: DateTime<Utc>,
) -> Result<Vec<Happened>, StoreError> {
    let now = app.clock().now();
    app.metrics().sent(&errand.target, error.code());
    if let SendError::Down { reason } = &error {
        let newly = app.set_down(&errand.place(), reason.clone(), now + DOWN_PAUSE);
        let words = format!(
            "Nothing can be sent through {} until you have mended it: {reason}. It is tried again every {} minutes, and at \
             once when the config is reloaded.",
            errand.place(),
            DOWN_PAUSE.num_minutes()
        );
        if newly {
            // once an hour at most, should it go up and down
            app.alert(format!("down:{}:{}", errand.place(), began.format("%F %H")), words, errand.sink()).await;
        }
    }
    if errand.kind == JobKind::Reply && app.breakers().failed(&errand.target, now) {
        let words = format!(
            "Replies on channel {} failed several times in a row, the last one with: {}. For half an hour nobody is answered \
             there; messages are held as ever.",
            errand.target,
            error.reason()
        );
        app.alert(format!("breaker:{}:{}", errand.target, now.date_naive()), words, None).await;
    }
    if let Some(sink) = errand.sink()
        && errand.kind != JobKind::Alert
        && errand.jobs.iter().any(|job| job.attempts + 1 == TROUBLE)
    {
        let hours = backoff::NOTICE_PATIENCE.as_secs() / 3600;
        let words =
            format!("Sink {sink} takes no notices: {}. They are tried again for {hours} hours.", error.reason());
        app.alert_elsewhere(format!("trouble:{sink}:{}", began.date_naive()), words, sink).await;
    }
    // each by its own attempts: what is held anew does not die with what was tried for days
    let (mut again, mut dead) = (None, None);
    for job in &errand.jobs {
        let outcome = outcome(errand.kind, job, &error, now);
        let side = if matches!(outcome, Outcome::Dead(_)) { &mut dead } else { &mut again };
        side.get_or_insert((Vec::new(), outcome)).0.push(job.id);
    }
    // an alert about an alert that could not be delivered would go the same way, for ever
    if let Some((jobs, Outcome::Dead(reason))) = &dead
        && errand.kind != JobKind::Alert
    {
        if errand.jobs.iter().any(is_passed_on) {
            app.metrics().sent(&errand.target, "dropped");
        }
        let words = dead_letter(&app.desk(), errand, jobs.len(), reason);
        let first = jobs.first().and_then(|id| errand.jobs.iter().find(|job| job.id == *id));
        let once = first.map(|job| format!("dead:{}:{}", job.key, now.date_naive())).unwrap_or_default();
        app.alert(once, words, errand.sink()).await;
    }
    for (jobs, outcome) in again.into_iter().chain(dead) {
        settle(app, jobs, outcome, now).await?;
    }
    Ok(vec![Happened::Failed { target: errand.place(), error }])
}

fn outcome(kind: JobKind, job: &Job, error: &SendError, now: DateTime<Utc>) -> Outcome {
    let is_reply = kind == JobKind::Reply;
    let (after, reason, repeated) = match error {
        SendError::Refused { reason } if is_reply => return Outcome::Dead(reason.clone()),
        // a sink that refuses may be mended, and a notice must not be lost meanwhile
        SendError::Refused { reason } => (None, reason, false),
        SendError::Unknown { reason } if is_reply => return Outcome::Unknown(reason.clone()),
        SendError::Unknown { reason } => (None, reason, true),
        SendError::Retry { after, reason } => (*after, reason, false),
        // not this row's fault: it does not count against it
        SendError::Down { .. } => return Outcome::Later(now + DOWN_PAUSE),
    };
    let sending = if is_reply { Sending::Reply } else { Sending::Notice };
    let wait =
        backoff::next(sending, job.attempts + 1, after, jitter(job)).and_then(|wait| TimeDelta::from_std(wait).ok());
    match wait {
        Some(wait) => Outcome::Again { due_at: now + wait, reason: reason.clone(), repeated },
        None => Outcome::Dead(reason.clone()),
    }
}

/// Spreads the attempts of many rows, and is the same for the same attempt.
fn jitter(job: &Job) -> f64 {
    let mut hasher = DefaultHasher::new();
    (&job.key, job.attempts).hash(&mut hasher);
    let [.., high, low] = hasher.finish().to_be_bytes();
    f64::from(u16::from_be_bytes([high, low])) / 65_536.0
}

fn dead_letter(desk: &Desk, errand: &Errands, notices: usize, reason: &Reason) -> String {
    if errand.jobs.iter().any(is_passed_on) {
        return format!(
            "A message of a personal sender could not be delivered to sink {}, and is not kept: {reason}.",
            errand.target
        );
    }
    let name = errand.jobs.first().and_then(|job| job.message.as_ref()).map(|stored| desk.held(stored).name);
    match (errand.kind, name) {
        (JobKind::Reply, Some(name)) if desk.shows_names() => {
            format!("The automatic reply to {} on channel {} was given up: {reason}.", name.as_str(), errand.target)
        }
        (JobKind::Reply, _) => format!("An automatic reply on channel {} was given up: {reason}.", errand.target),
        (_, _) => format!(
            "{} could not be delivered to sink {} and is not tried again by itself: {reason}. `afterhours held release` tries once more.",
            if notices == 1 { "A notice".to_owned() } else { format!("{notices} notices") },
            errand.target
        ),
    }
}

/// Nothing of it is kept when it is settled.
fn is_passed_on(job: &Job) -> bool {
    job.message.as_ref().is_some_and(|stored| stored.passed_on)
}

/// A sink that is down is waited for as long as it takes; but what is only passed on is not kept for that.
fn has_waited_too_long(job: &Job, now: DateTime<Utc>) -> bool {
    let waited = job.message.as_ref().map(|stored| now - stored.received_at);
    is_passed_on(job) && waited.and_then(|waited| waited.to_std().ok()).is_some_and(|it| it >= backoff::NOTICE_PATIENCE)
}

async fn drop_passed_on(app: &App, errand: &Errands, now: DateTime<Utc>) -> Result<Vec<Happened>, StoreError> {
    app.metrics().sent(&errand.target, "dropped");
    let hours = backoff::NOTICE_PATIENCE.as_secs() / 3600;
    let words = format!(
        "A message of a personal sender could not be delivered to sink {} within {hours} hours, and is not kept.",
        errand.target
    );
    let once = errand.jobs.first().map(|job| format!("dead:{}", job.key)).unwrap_or_default();
    app.alert(once, words, errand.sink()).await;
    settle(app, ids(&errand.jobs), Outcome::Dead(Reason::Timeout), now).await?;
    Ok(Vec::new())
}

/// What the store could not do before anything was sent is no reason to keep the rows from the next attempt.
async fn or_put_back<T>(
    app: &App,
    errand: &Errands,
    outcome: Result<T, StoreError>,
    now: DateTime<Utc>,
) -> Result<T, StoreError> {
    if outcome.is_err() {
        settle(app, ids(&errand.jobs), Outcome::Later(now + STORE_PAUSE), now).await?;
    }
    outcome
}

/// Settles, and tries again for as long as the store cannot write: a row that stays on the wire, or claimed, would wait
/// for the next start.
async fn settle(app: &App, jobs: Vec<i64>, outcome: Outcome, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut said = false;
    loop {
        match app.store().settle(jobs.clone(), outcome.clone(), now).await {
            Err(error @ (StoreError::Failed(_) | StoreError::Busy)) => {
                if !said {
                    tracing::warn!("what became of a row of the outbox is written when the store works again: {error}");
                    said = true;
                }
                if !app.clock().pause().await {
                    return Err(error);
                }
            }
            settled => return settled,
        }
    }
}

fn ids(jobs: &[Job]) -> Vec<i64> {
    jobs.iter().map(|job| job.id).collect()
}
