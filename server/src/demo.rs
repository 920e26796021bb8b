//! The demo: an invented county with its groups, people and a year of work.

pub mod content;
