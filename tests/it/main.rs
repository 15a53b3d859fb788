//! Every integration test in one binary, so that it links once.

mod absences;
mod calls;
mod channels;
mod commands;
mod config;
mod corrections;
mod done_links;
mod hours;
mod languages;
mod mail_server;
mod manners;
mod private_people;
mod process;
mod provider;
mod readme;
mod real_mail;
mod rehearse;
mod service;
mod sinks;
mod store_contract;
mod stories;
mod systemd;
mod tidy;
mod unwilling;
mod world;
