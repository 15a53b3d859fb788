//! The figures at `/metrics`.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::store::Counts;

/// Stands in place of a channel's name where no channel was meant: a stranger must not be able to make series.
const NO_CHANNEL: &str = "";

/// Counters, by closed sets of labels.
pub struct Metrics {
    registry: Registry,
    hooks: Family<HookLabels, Counter>,
    refused: Family<RefusedLabels, Counter>,
    decided: Family<DecidedLabels, Counter>,
    reasons: Family<ReasonLabels, Counter>,
    duplicates: Family<DuplicateLabels, Counter>,
    sends: Family<SendLabels, Counter>,
    messages: Count,
    held: Count,
    waiting: Count,
    unknown: Count,
    dead: Count,
    memory: Count,
    uptime: Gauge<f64, AtomicU64>,
    started: Instant,
}

type Count = Gauge<u64, AtomicU64>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct HookLabels {
    channel: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusedLabels {
    channel: String,
    reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DecidedLabels {
    channel: String,
    notify: &'static str,
    replied: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    channel: String,
    reason: &'static str,
    replied: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DuplicateLabels {
    channel: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SendLabels {
    target: String,
    outcome: String,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("afterhours");
        let metrics = Self {
            hooks: Family::default(),
            refused: Family::default(),
            decided: Family::default(),
            reasons: Family::default(),
            duplicates: Family::default(),
            sends: Family::default(),
            messages: Gauge::default(),
            held: Gauge::default(),
            waiting: Gauge::default(),
            unknown: Gauge::default(),
            dead: Gauge::default(),
            memory: Gauge::default(),
            uptime: Gauge::default(),
            started: Instant::now(),
            registry: Registry::default(),
        };
        registry.register("build", "The version that runs", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        registry.register("hooks", "Webhooks that were answered, by status", metrics.hooks.clone());
        registry.register("refused", "Webhooks whose sender was not proven", metrics.refused.clone());
        registry.register("decided", "Messages that were decided", metrics.decided.clone());
        registry.register(
            "reasons",
            "Messages, by what decided that a reply goes out or none",
            metrics.reasons.clone(),
        );
        registry.register("duplicates", "Messages that a provider repeated", metrics.duplicates.clone());
        registry.register("sends", "Replies and notices that ended, by outcome", metrics.sends.clone());
        registry.register("messages", "Messages that are kept", metrics.messages.clone());
        registry.register("held", "Held notices that wait for an opening", metrics.held.clone());
        registry.register("waiting", "Other sends that wait", metrics.waiting.clone());
        registry.register("replies_unknown", "Replies of unknown outcome", metrics.unknown.clone());
        registry.register("dead_letters", "Sends that were given up", metrics.dead.clone());
        registry.register_with_unit("memory", "Resident memory", Unit::Bytes, metrics.memory.clone());
        registry.register_with_unit("uptime", "Time since the start", Unit::Seconds, metrics.uptime.clone());
        Self { registry, ..metrics }
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Metrics")
    }
}

impl Metrics {
    /// A webhook was answered. The name of a channel that does not exist (404) is not kept.
    pub fn hook(&self, channel: &str, status: u16) {
        let channel = if status == 404 { NO_CHANNEL } else { channel }.to_owned();
        self.hooks.get_or_create(&HookLabels { channel, status }).inc();
    }

    /// A webhook was refused (`Refused::code`).
    pub fn refused(&self, channel: &str, code: &str) {
        self.refused.get_or_create(&RefusedLabels { channel: channel.to_owned(), reason: code.to_owned() }).inc();
    }

    /// A message was decided. `notify` is `now`, `hold` or `never`; `replied` that a reply is on its way.
    pub fn decided(&self, channel: &str, notify: &'static str, replied: bool) {
        let labels = DecidedLabels { channel: channel.to_owned(), notify, replied };
        self.decided.get_or_create(&labels).inc();
    }

    /// What decided in the end that a reply goes out, or none (`Reason::code`).
    pub fn reason(&self, channel: &str, reason: &'static str, replied: bool) {
        self.reasons.get_or_create(&ReasonLabels { channel: channel.to_owned(), reason, replied }).inc();
    }

    /// A webhook repeated a message.
    pub fn duplicate(&self, channel: &str) {
        self.duplicates.get_or_create(&DuplicateLabels { channel: channel.to_owned() }).inc();
    }

    /// A send ended; `outcome` is `done`, `retry`, `unknown`, `refused`, `down`, `withdrawn`, or `dropped`: given up, and not
    /// kept.
    pub fn sent(&self, target: &str, outcome: &str) {
        self.sends.get_or_create(&SendLabels { target: target.to_owned(), outcome: outcome.to_owned() }).inc();
    }

    /// Everything in the text form of `OpenMetrics`.
    #[must_use]
    pub fn encode(&self, counts: &Counts) -> String {
        self.messages.set(counts.messages);
        self.held.set(counts.held);
        self.waiting.set(counts.waiting);
        self.unknown.set(counts.unknown);
        self.dead.set(counts.dead);
        self.memory.set(resident_bytes().unwrap_or_default());
        self.uptime.set(self.started.elapsed().as_secs_f64());
        let mut text = String::new();
        // writing to a string cannot fail
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// Resident memory of this process, as `/proc/self/status` has it in KiB.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_shown() {
        let metrics = Metrics::default();
        metrics.hook("work", 200);
        metrics.hook("work", 200);
        metrics.refused("work", "wrong");
        metrics.decided("work", "hold", true);
        metrics.reason("work", "opens_soon", false);
        metrics.duplicate("work");
        metrics.sent("phone", "done");
        let text = metrics.encode(&Counts { messages: 5, held: 4, waiting: 3, unknown: 2, dead: 1 });
        for line in [
            r#"afterhours_hooks_total{channel="work",status="200"} 2"#,
            r#"afterhours_refused_total{channel="work",reason="wrong"} 1"#,
            r#"afterhours_decided_total{channel="work",notify="hold",replied="true"} 1"#,
            r#"afterhours_reasons_total{channel="work",reason="opens_soon",replied="false"} 1"#,
            r#"afterhours_duplicates_total{channel="work"} 1"#,
            r#"afterhours_sends_total{target="phone",outcome="done"} 1"#,
            "afterhours_messages 5",
            "afterhours_held 4",
            "afterhours_waiting 3",
            "afterhours_replies_unknown 2",
            "afterhours_dead_letters 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
        let memory = text.lines().find_map(|line| line.strip_prefix("afterhours_memory_bytes ")).expect("memory");
        assert!(memory.parse::<u64>().expect("a number") > 100_000, "{memory}");
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn names_of_channels_that_do_not_exist_make_no_series() {
        let metrics = Metrics::default();
        metrics.hook("guess-1", 404);
        metrics.hook("guess-2", 404);
        let text = metrics.encode(&Counts::default());
        assert!(text.contains(r#"afterhours_hooks_total{channel="",status="404"} 2"#), "{text}");
        assert!(!text.contains("guess"), "{text}");
    }
}
