//! What the owner says over the hours, while the service runs.

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use crate::desk::Desk;
use crate::hours::{Override, ended, given};
use crate::store::StoreError;

/// An override that is over is kept for so long: a closed period that began with it began then, however it went on.
const OVER_KEPT: TimeDelta = TimeDelta::days(62);

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
    pub async fn away(&self, until: DateTime<Utc>, reply: Option<String>) -> Result<(), StoreError> {
        self.override_hours(false, None, until, reply).await
    }

    /// Open or closed from then (now, when it is not said) until then, whatever the hours say; see
    /// [`given`] for what becomes of earlier words. What is held is re-dated: it is released where
    /// this opens.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn override_hours(
        &self,
        open: bool,
        from: Option<DateTime<Utc>>,
        until: DateTime<Utc>,
        reply: Option<String>,
    ) -> Result<(), StoreError> {
        let _one = self.steady.write().await;
        let now = self.clock.now();
        let before = self.desk();
        let new = Override { open, from: from.unwrap_or(now), until, reply };
        let overrides = given(&recent(before.overrides(), now), new, now);
        let desk = Desk::new(self.config(), overrides.clone());
        // what came in open hours has seen them close, and this is the opening that it waits for
        self.put_in_force(desk, Some(overrides), open.then_some(&*before)).await
    }

    /// Ends whatever overrides run. Says whether there was one.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn away_off(&self) -> Result<bool, StoreError> {
        Ok(!self.end_overrides(Ending::Running, false).await?.is_empty())
    }

    /// Ends overrides; with `planned`, those too that have not begun. Says which.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn end_overrides(&self, ending: Ending, planned: bool) -> Result<Vec<Override>, StoreError> {
        let _one = self.steady.write().await;
        let now = self.clock.now();
        let desk = self.desk();
        let meant = |over: &Override| over.open || ending == Ending::Running;
        let ends = |over: &&Override| over.until > now && meant(over) && (planned || over.from <= now);
        let ends: Vec<_> = desk.overrides().iter().filter(ends).cloned().collect();
        let overrides = ended(&recent(desk.overrides(), now), meant, planned, now);
        self.put_in_force(Desk::new(self.config(), overrides.clone()), Some(overrides), None).await?;
        Ok(ends)
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

/// Without those that have been over for long.
fn recent(overrides: &[Override], now: DateTime<Utc>) -> Vec<Override> {
    overrides.iter().filter(|over| over.until > now - OVER_KEPT).cloned().collect()
}
