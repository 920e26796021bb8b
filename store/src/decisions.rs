//! Decisions.

statements! {}
