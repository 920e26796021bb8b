//! What people see of Tandem. Pages are pure functions of a struct; nothing here asks the database or the clock.
//!
//! # Layout
//!
//! - [`words`]: the Fluent files, and the only way to a sentence on screen
//! - [`page`]: what every page needs to know, and the shell around it
//! - [`form`]: what was typed and what was wrong with it
//! - [`kit`]: accessible parts: fields, error summary, notices, tags, tables
//! - [`display`]: theme, size, spacing, font
//! - [`when`]: dates and times in words
//! - [`pages`]: one file per area
//!
//! Views are plain functions that give an `AnyView`: they compile fast, and a test can draw one with `to_html()`.

pub mod display;
pub mod form;
pub mod kit;
pub mod page;
pub mod pages;
pub mod when;
pub mod words;

pub use form::Form;
pub use page::{Crumb, Page, Sheet};
