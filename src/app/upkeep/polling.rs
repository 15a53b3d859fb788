//! Channels that ask their provider, instead of being told.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::FutureExt;

use super::Unheard;
use crate::app::App;
use crate::intake;
use crate::outbound::SendError;
use crate::store::StoreError;

/// A provider that does not tell is asked again after this at first, and after twice as long each time up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_mins(2);

/// No provider is obeyed for longer than this: with a change of the config it is asked anew.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// A channel that asks and was told nothing asks again after this: a long poll has waited by then.
const BREATH: Duration = Duration::from_millis(50);

/// What asks a provider and has ended by a fault is begun anew after this.
const AFTER_A_FAULT: TimeDelta = TimeDelta::seconds(30);

/// What has come to a channel that asks was not had.
#[derive(Debug)]
pub struct NotHad {
    /// Why, in words.
    pub problem: String,
    /// Not to be asked for again before that: what the provider says.
    pub after: Option<Duration>,
}

impl From<SendError> for NotHad {
    fn from(error: SendError) -> Self {
        let after = if let SendError::Retry { after, .. } = &error { *after } else { None };
        Self { problem: error.reason().to_string(), after }
    }
}

impl From<StoreError> for NotHad {
    fn from(error: StoreError) -> Self {
        Self { problem: error.to_string(), after: None }
    }
}

/// How long it is waited before a provider is asked again: what it says itself, where that is longer than our own pause.
fn wait(pause: Duration, after: Option<Duration>) -> Duration {
    after.map_or(pause, |after| pause.max(after.min(LONGEST_WAIT)))
}

impl App {
    /// Asks a provider for what has come while the config has the channel, whatever happens.
    pub(super) async fn poll(&self, name: &str) {
        while AssertUnwindSafe(self.ask_until_gone(name)).catch_unwind().await.is_err() {
            self.has_failed(name);
            self.let_pass(AFTER_A_FAULT).await;
        }
    }

    /// Asks a provider for what has come, again and again, while the config has the channel.
    async fn ask_until_gone(&self, name: &str) {
        let mut pause = FIRST_PAUSE;
        while self.config().channels.get(name).is_some_and(|settings| settings.channel.polls()) {
            match self.ask(name).await {
                Ok(()) => {
                    pause = FIRST_PAUSE;
                    tokio::time::sleep(BREATH).await;
                }
                Err(NotHad { problem, after }) => {
                    tracing::warn!("channel {name}: what has come cannot be had, and is asked for again: {problem}");
                    tokio::time::sleep(wait(pause, after)).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// What asked the provider has ended by a fault of its own, and is begun anew.
    fn has_failed(&self, name: &str) {
        let seconds = AFTER_A_FAULT.num_seconds();
        tracing::error!(
            "channel {name}: asking for what has come ended by a fault of afterhours itself, please report it; it is asked \
             again in {seconds} seconds"
        );
        self.note_unheard(name, "a fault of afterhours itself, which its log tells of");
    }

    async fn let_pass(&self, time: TimeDelta) {
        let until = self.clock.now() + time;
        loop {
            let left = until - self.clock.now();
            // a clock that was set back must not make it longer
            if left <= TimeDelta::zero() || left > time {
                return;
            }
            self.clock.nap(Some(until)).await;
        }
    }

    fn note_unheard(&self, name: &str, problem: &str) {
        let new = Unheard { since: self.clock.now(), problem: String::new(), is_told: false };
        problem.clone_into(&mut self.upkeep.known().unheard.entry(name.to_owned()).or_insert(new).problem);
    }

    /// Asks a provider once for what has come, and admits it.
    ///
    /// # Errors
    /// When the provider does not tell or the store does not take it: it is given again then.
    pub async fn ask(&self, name: &str) -> Result<(), NotHad> {
        let outcome = self.ask_once(name).await;
        match &outcome {
            Ok(()) => drop(self.upkeep.known().unheard.remove(name)),
            Err(NotHad { problem, .. }) => self.note_unheard(name, problem),
        }
        outcome
    }

    async fn ask_once(&self, name: &str) -> Result<(), NotHad> {
        let desk = self.desk();
        let Some((channel, settings)) = desk.config().channels.get_key_value(name) else { return Ok(()) };
        let events = settings.channel.fetch(&self.outbound).await.map_err(NotHad::from)?;
        let _steady = self.steady().await;
        // what is in force may have changed while the provider was waited for
        let (desk, now) = (self.desk(), self.clock.now());
        let Some(current) = desk.config().channels.get(name) else { return Ok(()) };
        self.heard(name, now);
        intake::take_in(self, &desk, (channel, current), events, now).await.map_err(NotHad::from)?;
        settings.channel.taken();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::Reason;

    #[test]
    fn a_provider_is_not_asked_before_it_says() {
        let retry = |after: Option<u64>| SendError::Retry {
            after: after.map(Duration::from_secs),
            reason: Reason::Status(429),
        };
        let cases = [
            (retry(None), 2),
            (retry(Some(1)), 2),
            (retry(Some(35)), 35),
            (retry(Some(90_000)), 3600),
            (SendError::Unknown { reason: Reason::Timeout }, 2),
        ];
        for (error, seconds) in cases {
            assert_eq!(wait(FIRST_PAUSE, NotHad::from(error.clone()).after), Duration::from_secs(seconds), "{error}");
        }
    }
}
