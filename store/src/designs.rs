//! Designs.

statements! {}
