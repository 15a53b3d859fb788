//! What the owner says over the hours, while the service runs.

use std::future::Future;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::App;
use crate::desk::Desk;
use crate::hours::{Override, ended, given};
use crate::store::StoreError;

/// An override that is over is kept for so long: a closed period that began with it began then, however it went on.
const OVER_KEPT: TimeDelta = TimeDelta::days(62);

/// Absences with no more than this between them may be one closed period: a long weekend.
const BETWEEN: TimeDelta = TimeDelta::days(5);

/// Which overrides are to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Whatever runs: the hours of the config are in force afterwards.
    Running,
    /// What makes it open now: whatever was so without it.
    Open,
}

impl App {
    /// Closed from now until then; what is held is re-dated. Who is away already stays away, in the same closed period.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn away(self: &Arc<Self>, until: DateTime<Utc>, reply: Option<String>) -> Result<(), StoreError> {
        self.override_hours(false, None, until, reply).await
    }

    /// Open or closed from then (now, when it is not said) until then, whatever the hours say; see
    /// [`given`] for what becomes of earlier words. What is held is re-dated: it is released where
    /// this opens.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn override_hours(
        self: &Arc<Self>,
        open: bool,
        from: Option<DateTime<Utc>>,
        until: DateTime<Utc>,
        reply: Option<String>,
    ) -> Result<(), StoreError> {
        let app = Arc::clone(self);
        undisturbed(async move {
            let _one = app.steady.write().await;
            let now = second(app.clock.now());
            let before = app.desk();
            let new = Override { open, from: from.map_or(now, second), until: second(until), reply };
            let overrides = given(&recent(before.overrides(), now), new, now);
            let desk = Desk::new(app.config(), overrides.clone());
            // what came in open hours has seen them close, and this is the opening that it waits for
            app.put_in_force(desk, Some(overrides), open.then_some(&*before)).await
        })
        .await
    }

    /// Ends whatever overrides run. Says whether there was one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn away_off(self: &Arc<Self>) -> Result<bool, StoreError> {
        Ok(!self.end_overrides(Ending::Running, false).await?.is_empty())
    }

    /// Ends overrides; with `planned`, those too that have not begun. Says which.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn end_overrides(self: &Arc<Self>, ending: Ending, planned: bool) -> Result<Vec<Override>, StoreError> {
        let app = Arc::clone(self);
        undisturbed(async move {
            let _one = app.steady.write().await;
            let now = second(app.clock.now());
            let desk = app.desk();
            let meant = |over: &Override| over.open || ending == Ending::Running;
            let ends = |over: &&Override| over.until > now && meant(over) && (planned || over.from <= now);
            let ends: Vec<_> = desk.overrides().iter().filter(ends).cloned().collect();
            let overrides = ended(&recent(desk.overrides(), now), meant, planned, now);
            app.put_in_force(Desk::new(app.config(), overrides.clone()), Some(overrides), None).await?;
            Ok(ends)
        })
        .await
    }

    /// The owner was told another reply than the one that goes out: the config has it no longer.
    pub(super) fn say_lost_replies(&self) {
        let (desk, now) = (self.desk(), self.clock.now());
        for over in desk.overrides().iter().filter(|over| over.until > now) {
            let Some(lost) = over.reply.as_deref().filter(|reply| !desk.config().replies.knows(reply)) else {
                continue;
            };
            let (command, instead) =
                if over.open { ("open", "no reply goes out") } else { ("away", "the built-in one goes out") };
            tracing::warn!("the reply {lost} that `{command}` was given is no longer in the config: {instead}");
        }
    }
}

/// Runs to its end though whoever asked has gone: what the store says and what is in force must not part.
async fn undisturbed<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(work).await.unwrap_or(Err(StoreError::Closed))
}

/// Overrides have no finer edges: a desk works out the state of a second once.
fn second(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(0)
}

/// Without those that have been over for long, and lead up to none that has not.
fn recent(overrides: &[Override], now: DateTime<Utc>) -> Vec<Override> {
    let mut kept_since = now - OVER_KEPT;
    let mut latest_first: Vec<_> = overrides.iter().collect();
    latest_first.sort_by_key(|over| std::cmp::Reverse(over.until));
    for over in latest_first {
        if over.until > kept_since - BETWEEN {
            kept_since = kept_since.min(over.from);
        }
    }
    overrides.iter().filter(|over| over.until > kept_since - BETWEEN).cloned().collect()
}
