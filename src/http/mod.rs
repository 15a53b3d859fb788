//! The hooks side: bytes from the providers in, [`Delivery`](crate::channel::Delivery) out, and what stands before it:
//! limits, timeouts, one accept loop for every listener.

mod hooks;
mod linger;
mod serve;

use std::time::Duration;

pub use hooks::{Hooks, hooks};
pub use serve::{Listener, serve};

/// What a listener takes, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once; a request on one more is answered 429. Those that come when half of the places are taken have
    /// only `hurried` for each head, so that mute ones soon leave room again.
    pub connections: usize,
    /// Connections beyond `connections` that are answered 429 at once; one more is closed as soon as it is accepted.
    pub turned_away: usize,
    /// Requests at once; one more is answered 429.
    pub requests: usize,
    /// From the accept, or the end of the last answer, to the end of a request's head. It ends mute connections, slow
    /// heads and idle keep-alive alike.
    pub head: Duration,
    /// As `head`, for connections that come when it is crowded.
    pub hurried: Duration,
    /// Bytes of a request's head; more is answered 431. hyper needs at least 8 KiB.
    pub head_bytes: usize,
    /// Bytes of one body; more is answered 413, but where the channel's own allowance is larger. WhatsApp sends up to 1,000
    /// updates in one request of up to 3 MB.
    pub body_bytes: usize,
    /// Bytes of all bodies that are being read or worked on; beyond it requests are answered 429.
    pub bodies_bytes: usize,
    /// Bytes that are read and thrown away when the answer is given before the end of a request, so that a peer which
    /// sends on without listening still gets its answer; beyond it the connection is reset. No longer than `request`, or
    /// `hurried` where the peer was turned away.
    pub discarded_bytes: usize,
    /// From the end of the head to the answer, but where the channel's own allowance is longer. Of the others the most patient
    /// waits 15 seconds, after which nobody listens.
    pub request: Duration,
    /// How long a stop waits for requests that are being answered.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            turned_away: 64,
            requests: 256,
            head: Duration::from_secs(15),
            hurried: Duration::from_secs(2),
            head_bytes: 16 * 1024,
            body_bytes: 8 * 1024 * 1024,
            bodies_bytes: 32 * 1024 * 1024,
            discarded_bytes: 8 * 1024 * 1024,
            request: Duration::from_secs(15),
            drain: Duration::from_secs(8),
        }
    }
}
