//! Safety: people say that something is wrong, and hear what became of it.

pub mod reports;
