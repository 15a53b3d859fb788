//! Hours: tables drawn as days, one trap a line; properties; a reference's answers; every minute around clock changes.
#![expect(clippy::expect_used, reason = "in tests")]

mod clock_changes;
mod drawing;
mod every_minute;
mod overrides;
mod picture;
mod problems;
mod properties;
mod reasons;
mod reference;
mod week;
