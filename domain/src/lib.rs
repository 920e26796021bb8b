//! What the words of Tandem mean, and nothing else: no I/O, no clock, no randomness, no async.
//! Everything here also runs in the browser.
//!
//! # Layout
//!
//! - [`ids`], [`moment`], [`words`]: the small types everything else is made of; they parse once, at the edge
//! - [`people`], [`groups`], [`workspaces`], [`designs`], [`comments`], [`decisions`], [`actions`], [`safety`]:
//!   one file for each area, with the same name in every crate
//! - [`access`]: the one table that says who may do what
//! - [`reports`]: small numbers, and the reading checker

pub mod access;
pub mod actions;
pub mod comments;
pub mod decisions;
pub mod designs;
pub mod groups;
pub mod ids;
pub mod moment;
pub mod people;
pub mod reports;
pub mod safety;
pub mod words;
pub mod workspaces;

/// Makes an enum whose variants have one fixed name each, used in the database, in forms and in message keys.
///
/// The names never change once released: rows hold them.
#[macro_export]
macro_rules! named {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        $vis enum $name {
            $($(#[$vmeta])* #[serde(rename = $text)] $variant),+
        }
        impl $name {
            /// Every value, in the order people see them.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The fixed name: lower case, as stored and as used in message keys.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::words::UnknownName;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                match s { $($text => Ok($name::$variant),)+ _ => Err($crate::words::UnknownName) }
            }
        }
        impl TryFrom<String> for $name {
            type Error = $crate::words::UnknownName;
            fn try_from(s: String) -> Result<Self, Self::Error> { s.parse() }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.name()) }
        }
    };
}
