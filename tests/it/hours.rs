//! Hours: tables drawn as days, one trap a line; properties; a reference's answers; every minute around clock changes.

mod drawing;
mod week;
