//! Pages, one file per area. Each is a pure function of the page's context and a struct of what it shows.

pub mod access;
pub mod actions;
pub mod audit;
pub mod comments;
pub mod decisions;
pub mod designs;
pub mod errors;
pub mod groups;
pub mod home;
pub mod info;
#[cfg(debug_assertions)]
pub mod kit;
pub mod my_data;
pub mod offline;
pub mod people;
pub mod pictures;
pub mod reports;
pub mod settings;
pub mod templates;
pub mod workspaces;
