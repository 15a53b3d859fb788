//! What the service says of itself: the log, and the figures at `/metrics`. Neither can hold anything personal.

mod log;
mod metrics;

pub use log::{Log, start};
pub use metrics::Metrics;
