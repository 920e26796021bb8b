//! The only SQL of Tandem. One file per thing; the same statements on both engines.
//!
//! # Layout
//!
//! - [`engine`]: opening a database, the two kinds of transaction, migrations
//! - [`trace`]: what was asked, for tests that count queries or compare them
//! - one file per area, as everywhere: [`people`], [`groups`], [`workspaces`], [`designs`], [`comments`],
//!   [`decisions`], [`actions`], [`access`] (sessions, cards, counts, forms), [`tries`], [`audit`], [`settings`], [`home`] (what needs somebody),
//!   [`files`], [`pictures`], [`reports`] (of words that somebody found wrong), [`templates`]
//! - [`moving`]: whole tables, for moving to another database; [`backup`]: copies of an SQLite database
//!
//! Rows are plain structs. A statement is a `const` made by `statements!`, which also lists it for the test that
//! prepares every statement on both engines (`tests/statements.rs`).

#[macro_use]
mod macros;
pub mod access;
pub mod actions;
pub mod audit;
pub mod backup;
pub mod comments;
pub mod decisions;
pub mod designs;
pub mod engine;
pub mod files;
pub mod groups;
pub mod home;
pub mod moving;
pub mod news;
pub mod people;
pub mod pictures;
pub mod reports;
pub mod settings;
pub mod templates;
pub mod trace;
pub mod tries;
pub mod workspaces;

pub use engine::{Store, StoreError, Tx};

/// Every statement of every file, with its name: `(file, name, sql)`.
pub fn statements() -> Vec<(&'static str, &'static str, &'static str)> {
    let files: &[(&'static str, &'static [(&'static str, &'static str)])] = &[
        ("access", access::STATEMENTS),
        ("actions", actions::STATEMENTS),
        ("audit", audit::STATEMENTS),
        ("comments", comments::STATEMENTS),
        ("decisions", decisions::STATEMENTS),
        ("designs", designs::STATEMENTS),
        ("designs/changes", designs::changes::STATEMENTS),
        ("designs/suggestions", designs::suggestions::STATEMENTS),
        ("designs/wiping", designs::wiping::STATEMENTS),
        ("files", files::STATEMENTS),
        ("groups", groups::STATEMENTS),
        ("home", home::STATEMENTS),
        ("moving", moving::STATEMENTS),
        ("people", people::STATEMENTS),
        ("people/mine", people::mine::STATEMENTS),
        ("pictures", pictures::STATEMENTS),
        ("reports", reports::STATEMENTS),
        ("settings", settings::STATEMENTS),
        ("templates", templates::STATEMENTS),
        ("tries", tries::STATEMENTS),
        ("workspaces", workspaces::STATEMENTS),
    ];
    files.iter().flat_map(|(file, all)| all.iter().map(move |(name, sql)| (*file, *name, *sql))).collect()
}
