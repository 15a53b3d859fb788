//! A send that was not done: what becomes of its rows, and what the owner is told of it.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, TimeDelta, Utc};

use super::{DOWN_PAUSE, Errands, Happened, is_passed_on, settle};
use crate::app::App;
use crate::backoff::{self, Sending};
use crate::desk::Desk;
use crate::message::Kind;
use crate::outbound::{Reason, SendError};
use crate::store::{Job, JobKind, Outcome, StoreError};

/// After so many attempts in a row, ten minutes, a sink is in trouble, and the owner is told by the others.
const TROUBLE: u32 = 5;

/// Settles a send that was not done, and tells the owner where that is for good.
pub(super) async fn fail(
    app: &App,
    errand: &Errands,
    error: SendError,
    began: DateTime<Utc>,
) -> Result<Vec<Happened>, StoreError> {
    let now = app.clock().now();
    app.metrics().sent(&errand.target, error.code());
    if let SendError::Down { reason } = &error {
        let newly = app.set_down(&errand.place(), reason.clone(), now, DOWN_PAUSE);
        let words = format!(
            "Nothing can be sent through {} until you have mended it: {}. It is tried again every {} minutes, and at \
             once when the config is reloaded.",
            errand.place(),
            explained(&app.desk(), errand, reason),
            DOWN_PAUSE.num_minutes()
        );
        if newly {
            // for each reason once an hour at most, should it go up and down
            let once = format!("down:{}:{reason}:{}", errand.place(), began.format("%F %H"));
            app.alert(once, words, errand.sink()).await;
        }
    }
    if matches!(&error, SendError::Refused { reason: Reason::OptedOut })
        && let Some(stored) = errand.jobs.first().and_then(|job| job.message.as_ref())
    {
        app.store().opt_out(app.desk().person(&stored.message.from), now).await?;
    }
    if errand.kind == JobKind::Reply && !is_of_one_person(errand, &error) && app.breakers().failed(&errand.target, now)
    {
        let words = format!(
            "Replies on channel {} failed several times in a row, the last one with: {}. For half an hour nobody is answered \
             there; messages are held as ever.",
            errand.target,
            explained(&app.desk(), errand, error.reason())
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
        let once = first.map(|job| match &job.message {
            // what fails for one client fails for the next, and a night is quiet
            Some(stored) if errand.kind.is_for_client() => {
                let night = app.desk().state_of(stored, now).closed_since();
                let since = night.map_or_else(|| now.date_naive().to_string(), |since| since.to_rfc3339());
                // some callers' telephones take no text: that is no news the next night
                let since = if called(job) { "call".to_owned() } else { since };
                format!("dead:{:?}:{}:{since}:{reason}", errand.kind, errand.place())
            }
            _ => told_once(job, now),
        });
        app.alert(once.unwrap_or_default(), words, errand.sink()).await;
    }
    for (jobs, outcome) in again.into_iter().chain(dead) {
        settle(app, jobs, outcome, now).await?;
    }
    Ok(vec![Happened::Failed { place: errand.place(), error }])
}

/// It tells nothing of the next client: who wants no messages, has gone, or called from a telephone that takes none.
fn is_of_one_person(errand: &Errands, error: &SendError) -> bool {
    let SendError::Refused { reason } = error else { return false };
    matches!(reason, Reason::OptedOut | Reason::Recipient(_)) || errand.jobs.iter().any(called)
}

fn called(job: &Job) -> bool {
    job.message.as_ref().is_some_and(|stored| stored.message.kind == Kind::Call)
}

/// For what the owner is told once, that a notice was given up: what is kept may be released and die again on another day;
/// what is only passed on dies once.
pub(super) fn told_once(job: &Job, now: DateTime<Utc>) -> String {
    if is_passed_on(job) { format!("dead:{}", job.key) } else { format!("dead:{}:{}", job.key, now.date_naive()) }
}

fn outcome(kind: JobKind, job: &Job, error: &SendError, now: DateTime<Utc>) -> Outcome {
    let is_reply = kind.is_for_client();
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

/// The reason, and where a provider's error code is explained.
fn explained(desk: &Desk, errand: &Errands, reason: &Reason) -> String {
    let channel = desk.config().channels.get(errand.target.as_str()).filter(|_| errand.kind.is_for_client());
    let page = match reason {
        Reason::Code(code) | Reason::Recipient(code) => {
            channel.and_then(|settings| settings.channel.page_of_code(&code.to_string()))
        }
        _ => None,
    };
    page.map_or_else(|| reason.to_string(), |page| format!("{reason} ({page})"))
}

fn dead_letter(desk: &Desk, errand: &Errands, notices: usize, reason: &Reason) -> String {
    let reason = explained(desk, errand, reason);
    if errand.jobs.iter().any(is_passed_on) {
        return format!(
            "A message of a personal sender could not be delivered to sink {}, and is not kept: {reason}.",
            errand.target
        );
    }
    let name = errand.jobs.first().and_then(|job| job.message.as_ref()).map(|stored| desk.held(stored).name);
    let (channel, others) =
        (&errand.target, "Others that fail like it are not told one by one: `afterhours held` shows them.");
    match (errand.kind, name) {
        (JobKind::Reply, Some(name)) if desk.shows_names() => {
            format!("The automatic reply to {} on channel {channel} was given up: {reason}. {others}", name.as_str())
        }
        (JobKind::Correction, _) => format!(
            "Somebody on channel {channel} was told an opening that has moved, and could not be told the new one: {reason}. \
             Others like it are not told one by one: `afterhours held waiting` shows who was told what."
        ),
        (JobKind::FollowUp, _) => format!("A follow-up on channel {channel} was given up: {reason}. {others}"),
        (JobKind::Reply, _) => format!("An automatic reply on channel {channel} was given up: {reason}. {others}"),
        (_, _) => format!(
            "{} could not be delivered to sink {} and is not tried again by itself: {reason}. `afterhours held release` tries once more.",
            if notices == 1 { "A notice".to_owned() } else { format!("{notices} notices") },
            errand.target
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::message::{Address, Inbound, Personal};
    use crate::store::Stored;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn job(passed_on: bool) -> Job {
        let message = Inbound {
            id: Personal::new("m1"),
            from: vec![Address::phone("50499990001").expect("a number")],
            ..Inbound::default()
        };
        let stored = Stored {
            id: 7,
            channel: "work".to_owned(),
            line: "default".to_owned(),
            hours: "default".to_owned(),
            received_at: at("2026-11-20T02:00:00Z"),
            reply: None,
            reply_state: "none",
            in_open_hours: false,
            late: false,
            passed_on,
            message,
        };
        let (message, target) = (Some(Arc::new(stored)), "phone".to_owned());
        Job {
            id: 7168,
            key: "s-7168".to_owned(),
            kind: JobKind::Now,
            target,
            attempts: 9,
            repeated: false,
            message,
            alert: None,
        }
    }

    #[test]
    fn what_dies_once_is_told_once_and_what_was_released_is_told_again() {
        // the service may end between the alert and the settlement, and give the row up anew on the next day
        let (evening, morning) = (at("2026-11-23T23:59:00Z"), at("2026-11-24T00:01:00Z"));
        assert_eq!(told_once(&job(true), evening), told_once(&job(true), morning));
        assert_ne!(told_once(&job(false), evening), told_once(&job(false), morning));
    }
}
