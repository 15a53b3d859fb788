//! What the owner is told: looked at again, written, delivered.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

use chrono::{DateTime, TimeDelta, Utc};

use super::failed::fail;
use super::links::Links;
use super::{DOWN_PAUSE, Errands, Happened, done, ids, or_put_back, settle};
use crate::app::App;
use crate::clients::Standing;
use crate::desk::Desk;
use crate::digest::{Aside, Held, Notice, Rang, Waiting, alert, digest, single};
use crate::hours::Span;
use crate::message::Personal;
use crate::outbound::SendKey;
use crate::sink::Sink;
use crate::store::{JobKind, Outcome, StoreError, Stored};
use crate::verdict::Notify;

/// A promise is called to mind for so long: what nobody has kept by then was kept in some other way.
const PROMISES_TOLD: TimeDelta = TimeDelta::days(14);

/// So many promises are looked at for one digest.
const MOST_PROMISES: usize = 1000;

/// So long after the closing the owner is told of the open hours all the same: as long as the longest wait between two
/// attempts (`backoff::NOTICE_WAIT`).
const STILL_DAY: TimeDelta = TimeDelta::minutes(15);

/// What is so late is told as soon as it can be, at whatever hour.
const A_DAY_LATE: TimeDelta = TimeDelta::hours(24);

/// Tells the owner; what is held, as one digest.
pub(super) async fn tell(app: &App, mut errand: Errands, now: DateTime<Utc>) -> Result<Vec<Happened>, StoreError> {
    let desk = app.desk();
    let Some(sink) = desk.config().sinks.get(&errand.target).cloned() else {
        return elsewhere(app, &desk, &errand, now).await;
    };
    if errand.kind == JobKind::Now {
        let opens = or_put_back(app, &errand, can_wait(app, &desk, &errand, now).await, now).await?;
        if let Some(opens) = opens {
            settle(app, ids(&errand.jobs), Outcome::Later(opens), now).await?;
            return Ok(Vec::new());
        }
    }
    if errand.kind == JobKind::Hold {
        let left_out = leave_out_answered(app, &desk, &mut errand, now).await;
        or_put_back(app, &errand, left_out, now).await?;
    }
    let beside = match errand.kind {
        JobKind::Hold => or_put_back(app, &errand, beside(app, &desk, &errand, now).await, now).await?,
        JobKind::Now | JobKind::Alert | JobKind::Reply | JobKind::FollowUp | JobKind::Correction => Beside::default(),
    };
    let written = write(&desk, sink.as_ref(), &errand, &beside, now);
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

/// A notice of the open hours that could not be delivered in them: it need not ring at night, unless such a message would if
/// it came now, or it is a day late. Until when it waits.
async fn can_wait(
    app: &App,
    desk: &Desk,
    errand: &Errands,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let tried = errand.jobs.first().filter(|job| job.attempts > 0);
    let Some(stored) = tried.and_then(|job| job.message.as_ref()) else { return Ok(None) };
    if !stored.in_open_hours || stored.passed_on {
        return Ok(None);
    }
    let Span::Closed { since, opens: Some(opens) } = desk.state_of(stored, now).span else { return Ok(None) };
    let Some((channel, settings)) = desk.config().channels.get_key_value(stored.channel.as_str()) else {
        return Ok(None);
    };
    if now - since < STILL_DAY || now - stored.received_at >= A_DAY_LATE {
        return Ok(None);
    }
    let recalled = app.store().recall(desk.look(stored, now)).await?;
    let as_if_now = desk.candidate(channel, settings, stored.message.clone(), now);
    let waits = desk.verdict(&as_if_now, &recalled).notify == Notify::Hold;
    Ok(waits.then_some(opens))
}

/// What a digest tells beside what is held, and the links of what is held, by the number of the message.
#[derive(Default)]
struct Beside {
    aside: Aside,
    done_urls: BTreeMap<i64, Personal>,
}

async fn beside(app: &App, desk: &Desk, errand: &Errands, now: DateTime<Utc>) -> Result<Beside, StoreError> {
    let (waiting, done_urls) = still_waiting(app, desk, errand, now).await?;
    // the closed period that has just ended, or still lasts when the owner did not wait for its end
    let just = now - TimeDelta::seconds(1);
    let first = errand.jobs.first().and_then(|job| job.message.as_ref());
    let Some(since) = first.and_then(|stored| desk.state_of(stored, just).closed_since()) else {
        return Ok(Beside { aside: Aside { waiting, rang: Vec::new() }, done_urls });
    };
    let of = desk.config().policy.urgent_per_closed_period;
    let mut used: BTreeMap<String, u32> = BTreeMap::new();
    let rang = app.store().rang(since).await?.into_iter().map(|stored| {
        let message = desk.held(&stored);
        let used = used.entry(message.person.as_str().to_owned()).or_default();
        *used += 1;
        Rang { used: *used, of, message }
    });
    let rang = rang.collect();
    Ok(Beside { aside: Aside { waiting, rang }, done_urls })
}

/// Who was told an opening that is over, and has no answer yet; of the messages that this very digest tells nobody: of these
/// the links alone.
async fn still_waiting(
    app: &App,
    desk: &Desk,
    errand: &Errands,
    now: DateTime<Utc>,
) -> Result<(Vec<Waiting>, BTreeMap<i64, Personal>), StoreError> {
    let told: BTreeSet<i64> = errand.jobs.iter().filter_map(|job| Some(job.message.as_ref()?.id)).collect();
    let links = Links::of(app, desk).await?;
    let link = |message: i64| links.as_ref().map(|links| links.done(message));
    // what is told now was mostly promised for now; only their links are wanted of those
    let before = if links.is_some() { DateTime::<Utc>::MAX_UTC } else { now };
    let promises = app.store().promises(now - PROMISES_TOLD, before, MOST_PROMISES).await?;
    let open = promises.into_iter().filter(|promise| {
        let standing = desk.standing(&promise.message);
        !matches!(standing, Standing::Personal | Standing::Blocked)
    });
    let (told, open): (Vec<_>, Vec<_>) = open.partition(|promise| told.contains(&promise.message.id));
    let told = told.into_iter().filter_map(|promise| Some((promise.message.id, link(promise.message.id)?)));
    let waiting = open.into_iter().filter(|promise| promise.opens < now).map(|promise| {
        let message = Held { done_url: link(promise.message.id), ..desk.held(&promise.message) };
        Waiting { message, promised: promise.opens }
    });
    // each person once, by what they have waited for longest
    let mut people = BTreeSet::new();
    let waiting = waiting.filter(|waiting| people.insert(waiting.message.person.clone())).collect();
    Ok((waiting, told.collect()))
}

fn write(desk: &Desk, sink: &dyn Sink, errand: &Errands, beside: &Beside, now: DateTime<Utc>) -> Option<Notice> {
    let first = errand.jobs.first()?;
    let (style, limit) = (desk.style(), sink.limit());
    let repeated = errand.jobs.iter().any(|job| job.repeated);
    match errand.kind {
        JobKind::Hold => {
            let held = |stored: &Stored| {
                let done_url = beside.done_urls.get(&stored.id).cloned();
                Held { done_url, ..desk.held(stored) }
            };
            let held: Vec<_> = errand.jobs.iter().filter_map(|job| Some(held(job.message.as_ref()?))).collect();
            Some(digest(&held, &beside.aside, now, &style, limit, repeated))
        }
        JobKind::Now => {
            let stored = first.message.as_ref()?;
            // what comes at once though it is closed rings through; what is passed on comes at any time
            let rings = !stored.in_open_hours && !stored.passed_on;
            let held = Held { urgent: stored.message.urgent || rings, ..desk.held(stored) };
            Some(single(&held, now, &style, limit, repeated))
        }
        JobKind::Alert => first.alert.as_ref().map(|words| alert(words, now, limit, repeated)),
        JobKind::Reply | JobKind::FollowUp | JobKind::Correction => None,
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
        for _ in &answered {
            app.metrics().sent(&errand.target, "withdrawn");
        }
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
