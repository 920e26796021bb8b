//! Ids: one newtype for each kind of thing, so that a comment can never be looked up with a person's id.
//!
//! All are UUIDs. Most are version 7 (they sort by the time they were made); ballots are version 4,
//! because version 7 tells the time.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);
        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
        impl From<$name> for Uuid { fn from(id: $name) -> Self { id.0 } }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, uuid::Error> { Uuid::parse_str(s).map(Self) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.hyphenated().fmt(f) }
        }
    )+};
}

ids! {
    /// A person with an account.
    PersonId,
    /// A printed card.
    CardId,
    /// A signed-in session as its owner sees it in a list (never the secret in the cookie).
    SessionId,
    /// A group.
    GroupId,
    /// A workspace.
    WorkspaceId,
    /// A design.
    DesignId,
    /// A section of a design.
    SectionId,
    /// A named version of a design.
    VersionId,
    /// A comment or a reply.
    CommentId,
    /// A suggestion for the words of a section.
    SuggestionId,
    /// A report of words that somebody found wrong.
    ReportId,
    /// A way to start a design that staff made.
    TemplateId,
    /// A decision.
    DecisionId,
    /// An outcome of a design.
    OutcomeId,
    /// An action.
    ActionId,
    /// An update of an action.
    UpdateId,
    /// What a form carries so that sending it twice is the same as once.
    FormId,
}
