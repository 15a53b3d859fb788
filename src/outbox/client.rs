//! What goes to a client: looked at again, written, kept to the pace, looked for where it may have gone already, sent.

use chrono::{DateTime, TimeDelta, Utc};

use super::failed::fail;
use super::{Errands, Happened, done, ids, or_put_back, settle};
use crate::app::App;
use crate::config::ChannelSettings;
use crate::desk::Desk;
use crate::message::Personal;
use crate::outbound::{Reason, SendError, SendKey, Sent};
use crate::store::{JobKind, Outcome, StoreError, Stored};
use crate::verdict::{LastLook, Paced, Policy, Rate};

/// A provider's clock may be so much behind ours, and a lost reply must be found by it all the same: a second one is worse than
/// none to somebody whom the owner has written to just before.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(1);

/// Sends a reply, a follow-up or a correction, where it is still wanted.
pub(super) async fn send(app: &App, errand: Errands, now: DateTime<Utc>) -> Result<Vec<Happened>, StoreError> {
    let desk = app.desk();
    let Errands { target, jobs, .. } = &errand;
    let Some((job, stored)) = jobs.first().and_then(|job| Some((job, job.message.as_ref()?))) else {
        return Ok(Vec::new());
    };
    let Some(settings) = desk.config().channels.get(target.as_str()) else {
        return withdraw(app, &errand, stored, "the channel is no longer in the config", now).await;
    };
    let look = look_again(app, &desk, settings, stored, errand.kind, now).await;
    if let Some(because) = or_put_back(app, &errand, look, now).await? {
        return withdraw(app, &errand, stored, because, now).await;
    }
    let text = match desk.text(errand.kind, settings, stored, now) {
        Ok(text) => text,
        Err(error) => {
            tracing::error!("channel {target}: {error}");
            return fail(app, &errand, SendError::Refused { reason: Reason::Unsendable }, now).await;
        }
    };
    let rates = rates(&errand, settings, stored, &desk.config().policy);
    if let Err(turn) = app.pace().take(&rates, settings.channel.weight(&text), now) {
        settle(app, ids(jobs), Outcome::Later(turn), now).await?;
        return Ok(Vec::new());
    }
    let begun = app.store().begin(ids(jobs), now).await;
    if or_put_back(app, &errand, begun, now).await?.is_empty() {
        // a receipt has settled an earlier attempt meanwhile
        return Ok(Vec::new());
    }
    // an attempt that was taken for failed may have arrived
    let again = job.attempts > 0;
    if again || settings.channel.asks_before_reply() {
        let since = if again { stored.written_at() - CLOCKS_DIFFER } else { stored.written_at() };
        let ids = match sent_since(app, settings, stored, since).await {
            Ok(ids) => ids,
            Err(error) if again => return fail(app, &errand, error, now).await,
            Err(error) => {
                // no reason to leave the client without an answer
                tracing::warn!("channel {target}: the provider does not say whether the owner answered: {error}");
                Vec::new()
            }
        };
        // most providers cannot be asked, and the store need not be either then
        let others = if ids.is_empty() { Ok(ids) } else { app.store().sent_by_others(target.clone(), ids).await };
        if let Some(id) = or_put_back(app, &errand, others, now).await?.into_iter().next() {
            return if again {
                sent(app, &errand, (&desk, stored), text, Some(id), now).await
            } else {
                withdraw(app, &errand, stored, "owner answered", now).await
            };
        }
    }
    let key = SendKey(job.key.clone());
    match settings.channel.reply(app.outbound(), &stored.message.reply_to, &text, &key).await {
        Ok(Sent { id }) => sent(app, &errand, (&desk, stored), text, id, now).await,
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
    kind: JobKind,
    now: DateTime<Utc>,
) -> Result<Option<&'static str>, StoreError> {
    let recalled = app.store().recall(desk.look(stored, now)).await?;
    let state = desk.state_of(stored, now);
    let window =
        settings.channel.reply_window(&stored.message.reply_to, stored.message.sent_at.unwrap_or(stored.received_at));
    let answered = recalled.owner_answered(stored.written_at(), stored.received_at);
    let standing = desk.standing(stored);
    let look = LastLook { answered, state: &state, standing, recalled: &recalled, reply_window: window, now };
    Ok(match kind {
        JobKind::FollowUp => look.no_follow_up(stored.reply_state == "sent"),
        JobKind::Correction => {
            let promised = app.store().promised(stored.id).await?;
            look.no_correction(promised, desk.opens_for(stored, now))
        }
        _ => look.no_reply(stored.in_open_hours),
    })
}

/// What the provider bears; and what goes to somebody who has not just written is not counted by the guard.
fn rates(errand: &Errands, settings: &ChannelSettings, stored: &Stored, policy: &Policy) -> Vec<(Paced, Rate)> {
    let channel = || stored.channel.clone();
    let mut rates: Vec<_> = settings.channel.rate().into_iter().map(|rate| (Paced::Channel(channel()), rate)).collect();
    if errand.kind != JobKind::Reply {
        let line = Paced::Line(channel(), stored.line.clone());
        rates.push((line, Rate::hourly(policy.replies_per_line_per_hour)));
        rates.push((Paced::All, Rate::hourly(policy.replies_per_hour)));
    }
    rates
}

/// What was sent to whoever wrote this message since then, as far as the provider tells: its ids.
async fn sent_since(
    app: &App,
    settings: &ChannelSettings,
    stored: &Stored,
    since: DateTime<Utc>,
) -> Result<Vec<String>, SendError> {
    let listed = settings.channel.sent_since(app.outbound(), &stored.message.reply_to, since).await;
    listed.map_err(|error| match error {
        SendError::Down { .. } | SendError::Retry { .. } => error,
        // a question that has no answer has sent nothing: it may be asked again
        SendError::Refused { reason } | SendError::Unknown { reason } => SendError::Retry { after: None, reason },
    })
}

/// It was sent, and the provider knows it by that id.
async fn sent(
    app: &App,
    errand: &Errands,
    (desk, stored): (&Desk, &Stored),
    text: String,
    id: Option<String>,
    now: DateTime<Utc>,
) -> Result<Vec<Happened>, StoreError> {
    let promised = match errand.kind {
        JobKind::FollowUp => None,
        JobKind::Correction => desk.opens_for(stored, now),
        _ => desk.promised(stored, now),
    };
    let outcome = match promised {
        Some(opens) => Outcome::Promised { id, opens },
        None => Outcome::Done(id),
    };
    done(app, errand, outcome).await?;
    let (channel, line) = (stored.channel.clone(), stored.line.clone());
    let to = Personal::new(stored.message.readable_address());
    Ok(vec![Happened::Reply { kind: errand.kind, channel, line, to, text: Personal::new(text) }])
}

async fn withdraw(
    app: &App,
    errand: &Errands,
    stored: &Stored,
    because: &'static str,
    now: DateTime<Utc>,
) -> Result<Vec<Happened>, StoreError> {
    settle(app, ids(&errand.jobs), Outcome::Withdrawn(because), now).await?;
    app.metrics().sent(&errand.target, "withdrawn");
    let to = Personal::new(stored.message.readable_address());
    Ok(vec![Happened::Withdrawn { kind: errand.kind, channel: errand.target.clone(), to, because }])
}
