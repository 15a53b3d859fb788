//! SIGTERM and SIGINT stop softly, and at once when they come again; SIGHUP reloads.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use futures_util::StreamExt;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// The exit status of a stop that did not wait.
const AT_ONCE: i32 = 1;

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGHUP.
    Reload,
    /// SIGTERM.
    Terminate,
    /// SIGINT.
    Interrupt,
}

impl fmt::Display for Signal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Reload => "SIGHUP",
            Self::Terminate => "SIGTERM",
            Self::Interrupt => "SIGINT",
        })
    }
}

/// The signals as they come.
pub struct Signals(signal_hook_tokio::Signals);

impl Signals {
    /// Receives them from now on.
    pub fn receive() -> io::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGTERM, SIGINT] {
            // in this order: the first one finds the flag unset, and sets it; the second ends the process, even if the
            // runtime hangs
            flag::register_conditional_shutdown(signal, AT_ONCE, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
        }
        signal_hook_tokio::Signals::new([SIGTERM, SIGINT, SIGHUP]).map(Self)
    }

    /// The next one.
    pub async fn next(&mut self) -> Signal {
        match self.0.next().await {
            Some(SIGHUP) => Signal::Reload,
            Some(SIGINT) => Signal::Interrupt,
            // the stream has no end while its handle is open
            _ => Signal::Terminate,
        }
    }
}
