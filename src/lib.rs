//! afterhours: answers your clients once and politely outside business hours, and holds your notifications until
//! opening.
//!
//! The rooms, in the order a message travels. The first half knows nothing of the world and is told the time; the
//! second half touches the world and decides nothing.

pub mod backoff;
pub mod clients;
pub mod digest;
pub mod hours;
pub mod language;
pub mod message;
pub mod reply;
pub mod verdict;

pub mod admin;
pub mod channel;
pub mod desk;
pub mod http;
pub mod intake;
pub mod outbound;
pub mod outbox;
pub mod sink;
pub mod standard_webhooks;
pub mod store;

pub mod app;
pub mod clock;
pub mod config;
pub mod lifecycle;
pub mod rehearsal;
pub mod telemetry;

pub mod cli;
