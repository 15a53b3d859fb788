//! afterhours: answers your clients once and politely outside business hours, and holds your notifications until
//! opening.
//!
//! The rooms, in the order a message travels. The first half knows nothing of the world and is told the time; the
//! second half touches the world and decides nothing.

pub mod message;
pub mod language;
pub mod hours;
pub mod clients;
pub mod verdict;
pub mod reply;
pub mod digest;
pub mod backoff;

pub mod http;
pub mod channel;
pub mod standard_webhooks;
pub mod intake;
pub mod store;
pub mod outbox;
pub mod outbound;
pub mod sink;
pub mod admin;

pub mod config;
pub mod clock;
pub mod app;
pub mod lifecycle;
pub mod telemetry;

pub mod cli;
