//! The tables of the file: each file here knows the keys of one, reads it, and checks it.

pub mod channels;
pub mod clients;
pub mod hours;
pub mod limits;
pub mod listen;
pub mod names;
pub mod notify;
pub mod owner;
pub mod personal;
pub mod replies;
pub mod rules;
pub mod sinks;
pub mod store;
pub mod tables;
pub mod values;
