//! Attempt in; when next, or that it is over, out.

use std::time::Duration;

/// What is being tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// A reply.
    Reply,
    /// A notice.
    Notice,
}

/// stub
#[must_use]
pub fn next(_errand: Errand, _attempts: u32, _after: Option<Duration>, _jitter: f64) -> Option<Duration> {
    todo!()
}
