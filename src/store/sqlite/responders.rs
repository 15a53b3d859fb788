//! What else answers on a line: an app's own away message, another service.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use rusqlite::Connection;

use super::Fault;
use crate::store::codec::Digest;

/// What goes out within this time after a message, in milliseconds, was not written by a person: the providers' times are
/// whole seconds, and nobody reads and writes in three.
const TOO_FAST: i64 = 3 * 1000;

/// What a machine sends within this time after a message, in milliseconds, answers it; what it sends at another time was
/// scheduled, or is told to everybody. Apps send their away messages within seconds.
const ASKED: i64 = 30 * 1000;

/// Arrivals are remembered for so long, in milliseconds: an echo may be late, and an owner may answer an earlier message just
/// when the next one comes.
const ARRIVALS: i64 = 30 * 60 * 1000;

/// ... and so many at most: a flood must not fill the memory.
const MOST_ARRIVALS: usize = 10_000;

/// Lines with a responder of their own, and the last arrivals.
#[derive(Debug, Default)]
pub(super) struct Responders {
    lines: HashMap<Arc<str>, HashMap<Arc<str>, i64>>,
    arrivals: VecDeque<Arrival>,
}

#[derive(Debug)]
struct Arrival {
    at: i64,
    written_at: i64,
    channel: Arc<str>,
    person: Box<[Digest]>,
}

impl Responders {
    /// What the rows say.
    pub(super) fn read(connection: &Connection) -> Result<Self, Fault> {
        let mut responders = Self::default();
        let mut statement = connection.prepare_cached("SELECT channel, line, seen_at FROM responder")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (channel, line): (String, String) = (row.get(0)?, row.get(1)?);
            responders.mark(&channel.into(), &line.into(), row.get(2)?);
        }
        Ok(responders)
    }

    /// When something else was last seen answering on that line.
    pub(super) fn seen_at(&self, channel: &str, line: &str) -> Option<i64> {
        self.lines.get(channel)?.get(line).copied()
    }

    /// Something else answers there.
    pub(super) fn mark(&mut self, channel: &Arc<str>, line: &Arc<str>, at: i64) {
        self.lines.entry(Arc::clone(channel)).or_default().insert(Arc::clone(line), at);
    }

    /// Somebody wrote then, and it came now.
    pub(super) fn arrived(&mut self, channel: &Arc<str>, person: &[Digest], written_at: i64, now: i64) {
        let over = |arrival: &Arrival| arrival.at < now - ARRIVALS || arrival.at > now + ARRIVALS;
        while self.arrivals.len() >= MOST_ARRIVALS || self.arrivals.front().is_some_and(over) {
            self.arrivals.pop_front();
        }
        let (channel, person) = (Arc::clone(channel), person.into());
        self.arrivals.push_back(Arrival { at: now, written_at, channel, person });
    }

    /// What went out to the person at that time is too near to everything that the person wrote lately.
    pub(super) fn too_fast(&self, channel: &str, person: &[Digest], at: i64) -> bool {
        let mut theirs = self.of(channel, person, at).peekable();
        theirs.peek().is_some() && theirs.all(|written_at| at - written_at <= TOO_FAST)
    }

    /// The person had just written when a machine wrote to them at that time.
    pub(super) fn was_asked(&self, channel: &str, person: &[Digest], at: i64) -> bool {
        self.of(channel, person, at).any(|written_at| at - written_at <= ASKED)
    }

    /// When the person wrote lately, up to that time.
    fn of(&self, channel: &str, person: &[Digest], at: i64) -> impl Iterator<Item = i64> {
        let theirs = move |arrival: &&Arrival| {
            &*arrival.channel == channel
                && arrival.person.iter().any(|key| person.contains(key))
                && arrival.written_at <= at
        };
        self.arrivals.iter().filter(theirs).map(|arrival| arrival.written_at)
    }
}
