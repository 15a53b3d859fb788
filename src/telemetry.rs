//! What the service says of itself: the log, and the figures at `/metrics`. Neither can hold anything personal.

use crate::store::Counts;

/// Counters, by closed sets of labels.
#[derive(Debug, Default)]
pub struct Metrics {}

impl Metrics {
    /// A webhook was answered.
    pub fn hook(&self, _channel: &str, _status: u16) {}

    /// A webhook was refused (`Refused::code`).
    pub fn refused(&self, _channel: &str, _code: &str) {}

    /// A message was decided. `notify` is `now`, `hold` or `never`; `replied` that a reply is on its way.
    pub fn decided(&self, _channel: &str, _notify: &str, _replied: bool) {}

    /// A webhook repeated a message.
    pub fn duplicate(&self, _channel: &str) {}

    /// A send ended; `outcome` is `done`, `retry`, `unknown`, `refused`, `down` or `withdrawn`.
    pub fn sent(&self, _target: &str, _outcome: &str) {}

    /// Everything in OpenMetrics text.
    pub fn encode(&self, _counts: &Counts) -> String {
        todo!()
    }
}
