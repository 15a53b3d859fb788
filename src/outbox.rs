//! Claim what is due, look again, render, send, settle; fold held notices into a digest.
//!
//! No request is made inside a transaction: a row is claimed, marked as on the wire, sent, settled, each on its own. What
//! ends the process between mark and settlement leaves an unknown outcome: a reply is not repeated then, a notice is, and
//! says so.

mod client;
mod failed;
mod links;
mod notice;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio_util::sync::CancellationToken;

use crate::app::{App, Place};
use crate::backoff;
use crate::digest::Notice;
use crate::message::Personal;
use crate::outbound::{Reason, SendError};
use crate::store::{Job, JobKind, Outcome, StoreError};
use failed::told_once;

/// Sends at the same time: one slow provider must not fill them all for long (its time-out is 15 s).
const AT_ONCE: usize = 64;

/// A channel or sink that is down is tried again after this: the owner may have mended it.
const DOWN_PAUSE: TimeDelta = TimeDelta::minutes(5);

/// Rows are tried again after this when the store failed before they were sent.
const STORE_PAUSE: TimeDelta = TimeDelta::seconds(5);

/// What the outbox did, for the log, `rehearse` and `demo`.
#[derive(Clone, Debug)]
pub enum Happened {
    /// Something was sent to a client.
    Reply {
        /// A reply, a follow-up or a correction.
        kind: JobKind,
        /// The channel.
        channel: String,
        /// The line.
        line: String,
        /// The client's address.
        to: Personal,
        /// Its text.
        text: Personal,
    },
    /// It was no longer wanted.
    Withdrawn {
        /// A reply, a follow-up or a correction.
        kind: JobKind,
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
        /// Where it was to go.
        place: Place,
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
        Happened::Reply { kind, channel, line, .. } => {
            tracing::info!("channel {channel}, line {line}: {} sent", kind.name());
        }
        Happened::Withdrawn { kind, channel, because, .. } => {
            tracing::info!("channel {channel}: {} withdrawn: {because}", kind.name());
        }
        Happened::Notice { sink, notice } => {
            tracing::info!("sink {sink}: notice sent ({}, messages: {})", notice.kind.name(), notice.messages);
        }
        Happened::Failed { place, error } => tracing::warn!("{place}: not sent: {error}"),
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
    fn place(&self) -> Place {
        let name = self.target.clone();
        if self.kind.is_for_client() { Place::Channel(name) } else { Place::Sink(name) }
    }

    /// The sink's name, when it goes to one.
    fn sink(&self) -> Option<&str> {
        (!self.kind.is_for_client()).then_some(self.target.as_str())
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
        JobKind::Reply | JobKind::FollowUp | JobKind::Correction => client::send(app, errand, now).await,
        JobKind::Now | JobKind::Hold | JobKind::Alert => notice::tell(app, errand, now).await,
    }
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
    let once = errand.jobs.first().map(|job| told_once(job, now)).unwrap_or_default();
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
