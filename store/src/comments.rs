//! Comments.

statements! {}
