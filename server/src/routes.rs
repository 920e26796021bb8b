//! Handlers, one file per area. A handler loads through `service`, and draws one page or answers 303; nothing else.

pub mod access;
pub mod actions;
pub mod comments;
pub mod decisions;
pub mod designs;
pub mod groups;
pub mod house;
pub mod info;
pub mod live;
pub mod my_data;
pub mod offline;
pub mod people;
pub mod pictures;
pub mod reports;
pub mod settings;
pub mod suggestions;
pub mod templates;
pub mod workspaces;
pub mod writing;
