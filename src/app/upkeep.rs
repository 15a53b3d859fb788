//! What keeps channels alive beside the messages: those that ask their provider, those that may fall silent, those whose
//! provider can be asked what is wrong; and calls that were answered before they could be stored.

mod polling;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use polling::NotHad;

use super::App;
use crate::channel::Refused;
use crate::desk::Desk;
use crate::intake;
use crate::store::{Entry, StoreError};

/// What came with a reload is noticed within this.
const LOOK_ROUND: Duration = Duration::from_secs(2);

/// Whether a channel has been silent for too long is looked at this often.
const SILENCE_CHECKED: TimeDelta = TimeDelta::minutes(1);

/// The owner is told of a provider that has told nothing for so long: a restart or a short outage ends before.
const UNHEARD: TimeDelta = TimeDelta::minutes(10);

/// The owner is told of so many accounts of strangers in a day on one channel: whoever has many of them must not ring all night.
const MOST_STRANGERS: usize = 5;

/// Providers are asked what is wrong this often.
const INSPECTED: TimeDelta = TimeDelta::minutes(10);

/// So many calls are kept in memory until the store takes them: an hour of one every few seconds.
const MOST_UNSTORED: usize = 1000;

/// How times are told.
const MINUTE: &str = "%Y-%m-%d %H:%M";

/// What a provider says is wrong with a channel.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChannelTrouble {
    /// The channel's name.
    pub channel: String,
    /// A sentence.
    pub trouble: String,
}

/// What is known of the channels beside their messages; gone with the process.
#[derive(Default)]
pub(super) struct Upkeep(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// When a channel was last heard of, or else first looked at.
    heard_at: BTreeMap<String, DateTime<Utc>>,
    /// Of which the owner was told that they are silent.
    silent: BTreeSet<String>,
    /// When something last came that is proven by another key than the channel's, and nothing has been proven since.
    forged_at: BTreeMap<String, DateTime<Utc>>,
    /// Since when a channel that asks has had no answer that can be used.
    unheard: BTreeMap<String, Unheard>,
    /// The accounts of strangers that the owner was told of on that day, by channel.
    strangers: BTreeMap<String, (NaiveDate, BTreeSet<String>)>,
    /// What came with calls and the store has not taken yet, by channel.
    unstored: VecDeque<(Arc<str>, Vec<Entry>)>,
    troubles: BTreeMap<String, Vec<String>>,
    /// When providers were asked about them, since the last reload.
    inspected_at: Option<DateTime<Utc>>,
    /// How often it was begun anew: what providers said before does not count.
    begun_anew: u64,
}

struct Unheard {
    since: DateTime<Utc>,
    problem: String,
    is_told: bool,
}

impl Upkeep {
    /// What was wrong may have been mended: providers are asked anew.
    pub(super) fn look_anew(&self) {
        let mut known = self.known();
        known.troubles.clear();
        known.forged_at.clear();
        known.inspected_at = None;
        known.begun_anew += 1;
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Times are shown in this zone.
    pub(super) fn troubles(&self, zone: Tz) -> Vec<ChannelTrouble> {
        let known = self.known();
        let all = known.troubles.iter().flat_map(|(channel, troubles)| troubles.iter().map(move |it| (channel, it)));
        let told = all.map(|(channel, trouble)| ChannelTrouble { channel: channel.clone(), trouble: trouble.clone() });
        let forged = known.forged_at.iter().map(|(channel, at)| ChannelTrouble {
            channel: channel.clone(),
            trouble: format!(
                "what comes is refused: {} (last at {}, and nothing was proven since). See that the secret in the config is the \
                 provider's; else somebody tries the address",
                Refused::Wrong,
                at.with_timezone(&zone).format(MINUTE)
            ),
        });
        told.chain(forged).collect()
    }
}

impl App {
    /// Gives channels back what they have noted.
    pub(super) async fn remind(&self, desk: &Desk) -> Result<(), StoreError> {
        for (channel, key, value) in self.store.notes().await? {
            if let Some(settings) = desk.config().channels.get(channel.as_str()) {
                settings.channel.note(&key, value.as_str());
            }
        }
        Ok(())
    }

    /// What came is proven by another key.
    pub(crate) fn forged(&self, channel: &str, now: DateTime<Utc>) {
        self.upkeep.known().forged_at.insert(channel.to_owned(), now);
    }

    /// Something proven came from the channel.
    pub(crate) fn heard(&self, channel: &str, now: DateTime<Utc>) {
        let mut known = self.upkeep.known();
        match known.heard_at.get_mut(channel) {
            Some(at) => *at = now,
            None => drop(known.heard_at.insert(channel.to_owned(), now)),
        }
        known.forged_at.remove(channel);
        if known.silent.remove(channel) {
            tracing::info!("channel {channel}: something came again");
        }
    }

    /// What came with a call was answered, and the store has not taken it.
    pub(crate) fn store_later(&self, channel: &Arc<str>, entries: Vec<Entry>) {
        let mut known = self.upkeep.known();
        if known.unstored.len() < MOST_UNSTORED {
            known.unstored.push_back((Arc::clone(channel), entries));
        } else {
            tracing::error!("channel {channel}: too many calls wait for the store, and this one is lost to you");
        }
    }

    /// Brings before the store again what it has not taken with calls, until it fails once more.
    pub async fn store_what_waits(&self) {
        loop {
            let Some((channel, entries)) = self.upkeep.known().unstored.front().cloned() else { return };
            let _steady = self.steady().await;
            let (desk, now) = (self.desk(), self.clock.now());
            if !desk.config().channels.contains_key(&channel) {
                tracing::warn!("channel {channel} is no longer in the config: a call that was not stored is dropped");
            } else if intake::admit(self, &desk, &channel, entries, now).await.is_ok() {
                tracing::info!("channel {channel}: a call that was not stored is now");
                // the attempt before may have been the one that was stored, which nobody was told of
                self.wake();
            } else {
                return;
            }
            self.upkeep.known().unstored.pop_front();
        }
    }

    /// The owner may be told of that account of a stranger: not too many were told of today.
    pub(crate) fn may_tell_of(&self, channel: &str, account: &str) -> bool {
        let today = self.clock.now().date_naive();
        let mut known = self.upkeep.known();
        let (day, told) = known.strangers.entry(channel.to_owned()).or_default();
        if *day != today {
            (*day, *told) = (today, BTreeSet::new());
        }
        if told.len() < MOST_STRANGERS {
            told.insert(account.to_owned());
        }
        told.contains(account)
    }

    /// Tells the owner of channels that have been silent for too long, and of those whose provider does not tell what has
    /// come; once for each time.
    pub async fn notice_silence(&self) {
        let (config, now) = (self.config(), self.clock.now());
        let mut alerts = Vec::new();
        for (name, settings) in &config.channels {
            let Some(longest) = settings.channel.longest_silence() else { continue };
            let mut known = self.upkeep.known();
            let since = *known.heard_at.entry(name.to_string()).or_insert(now);
            if now - since >= longest && known.silent.insert(name.to_string()) {
                let changed = settings.channel.silence_key().map_or_else(String::new, |key| {
                    format!(" After how long you are told this, `{key}` in [channel.{name}] says; \"0s\" is never.")
                });
                let words = format!(
                    "Nothing has come from channel {name} since {}: what sends there may be switched off, without a \
                     connection, or set up wrongly. Messages do not reach you meanwhile.{changed}",
                    since.with_timezone(&config.owner.timezone).format(MINUTE)
                );
                alerts.push((format!("silent:{name}:{}", since.timestamp()), words));
            }
        }
        let asks = |name: &str| config.channels.get(name).is_some_and(|settings| settings.channel.polls());
        {
            let mut known = self.upkeep.known();
            known.unheard.retain(|name, _| asks(name));
            for (name, unheard) in &mut known.unheard {
                if now - unheard.since >= UNHEARD && !unheard.is_told {
                    unheard.is_told = true;
                    let since = unheard.since.with_timezone(&config.owner.timezone).format(MINUTE);
                    let words = format!(
                        "What comes to channel {name} cannot be had since {since}: {}. It is asked for again and again; \
                         messages do not reach you meanwhile.",
                        unheard.problem
                    );
                    alerts.push((format!("unheard:{name}:{}", unheard.since.timestamp()), words));
                }
            }
        }
        for (once, words) in alerts {
            self.alert(once, words, None).await;
        }
    }

    /// A channel was set up at its provider: what was wrong there is asked anew.
    pub fn look_anew(&self) {
        self.upkeep.look_anew();
    }

    /// Asks each provider that can be asked what is wrong with its channel, for `status`; the log is told of what is new.
    pub async fn inspect_channels(&self) {
        let begun_anew = self.upkeep.known().begun_anew;
        let config = self.config();
        let mut found = BTreeMap::new();
        for (name, settings) in &config.channels {
            let troubles = match settings.channel.inspect(&self.outbound).await {
                Ok(troubles) => troubles,
                Err(error) => vec![format!("the provider cannot be asked about it: {}", error.reason())],
            };
            if !troubles.is_empty() {
                found.insert(name.to_string(), troubles);
            }
        }
        let before = {
            let mut known = self.upkeep.known();
            // what held before is not told of what is now
            if known.begun_anew != begun_anew {
                return;
            }
            std::mem::replace(&mut known.troubles, found.clone())
        };
        for (name, troubles) in found.iter().filter(|(name, troubles)| before.get(*name) != Some(*troubles)) {
            for trouble in troubles {
                tracing::warn!("channel {name}: {trouble}");
            }
        }
    }

    /// Looks after the channels until it is told to stop.
    pub async fn keep_channels(self: Arc<Self>, stop: CancellationToken) {
        let mut silence_checked = None::<DateTime<Utc>>;
        let mut asking = JoinSet::new();
        let mut asked = BTreeSet::new();
        while !stop.is_cancelled() {
            let (config, now) = (self.config(), self.clock.now());
            // a clock that was set back must not keep this from its work
            let is_due = |last: Option<DateTime<Utc>>, every| last.is_none_or(|at| (now - at).abs() >= every);
            if is_due(silence_checked, SILENCE_CHECKED) {
                silence_checked = Some(now);
                self.notice_silence().await;
            }
            // a store that hangs must not keep this from its work
            let _ = tokio::time::timeout(LOOK_ROUND, self.store_what_waits()).await;
            let inspected_at = self.upkeep.known().inspected_at;
            if is_due(inspected_at, INSPECTED) {
                self.upkeep.known().inspected_at = Some(now);
                let app = Arc::clone(&self);
                asking.spawn(async move {
                    app.inspect_channels().await;
                    None
                });
            }
            for (name, _) in config.channels.iter().filter(|(_, settings)| settings.channel.polls()) {
                if asked.insert(Arc::clone(name)) {
                    let (app, name, stop) = (Arc::clone(&self), Arc::clone(name), stop.clone());
                    asking.spawn(async move {
                        let _ = stop.run_until_cancelled(app.poll(&name)).await;
                        Some(name)
                    });
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(LOOK_ROUND) => {}
                Some(Ok(Some(name))) = asking.join_next(), if !asking.is_empty() => drop(asked.remove(&name)),
            }
        }
        asking.shutdown().await;
        let lost = self.upkeep.known().unstored.len();
        if lost > 0 {
            tracing::error!("{lost} calls could not be stored before the end: the provider's own list shows them");
        }
    }
}
