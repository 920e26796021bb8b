//! Actions.

statements! {}
