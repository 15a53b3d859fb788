//! Where something is sent.

use std::fmt;

/// A channel or a sink, by its name in the config: one of each may share a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Where clients are answered.
    Channel(String),
    /// Where the owner is told.
    Sink(String),
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(name) => write!(formatter, "channel {name}"),
            Self::Sink(name) => write!(formatter, "sink {name}"),
        }
    }
}
