//! Groups: people who work together.

use crate::comments::Checking;

crate::named! {
    /// The kinds of group a council has.
    pub enum GroupKind {
        /// The formal decision-making group, with members from every secondary school.
        YouthCouncil = "youth-council",
        /// Run by young people with special educational needs and disabilities.
        DisabledYouthForum = "disabled-youth-forum",
        /// Trained to check the quality of services.
        YoungInspectors = "young-inspectors",
        /// Children in care; reports to the Corporate Parenting Board.
        ChildrenInCare = "children-in-care",
        /// Care leavers; feeds the same Board.
        CareLeavers = "care-leavers",
        /// Parents and carers with a seat on strategic boards.
        ParentCarers = "parent-carers",
        /// Foster carers.
        FosterCarers = "foster-carers",
        /// Foster carers' own children.
        FosterFamilies = "foster-families",
        /// Young carers.
        YoungCarers = "young-carers",
        /// Service families.
        ServiceFamilies = "service-families",
        /// Any other group.
        Other = "other",
    }
}

impl GroupKind {
    /// Groups in which even a count of nine can name a child: their small-number threshold is at least 10.
    pub const fn is_sensitive(self) -> bool {
        matches!(
            self,
            Self::DisabledYouthForum
                | Self::ChildrenInCare
                | Self::CareLeavers
                | Self::ParentCarers
                | Self::FosterFamilies
        )
    }

    /// Who may know of a new group of this kind unless its maker chooses otherwise.
    pub const fn usual_visibility(self) -> Visibility {
        match self {
            Self::ChildrenInCare | Self::CareLeavers => Visibility::Hidden,
            Self::YouthCouncil | Self::YoungInspectors => Visibility::Open,
            _ => Visibility::Members,
        }
    }

    /// How words are checked in a new group of this kind unless its maker chooses otherwise: everything is held where
    /// members are under 18.
    pub const fn usual_checking(self) -> Checking {
        match self {
            Self::ParentCarers | Self::FosterCarers => Checking::HoldFirst,
            _ => Checking::HoldAll,
        }
    }
}

crate::named! {
    /// Who may know of a group. Ordered: later is more hidden.
    pub enum Visibility {
        /// Anyone may read; members take part.
        Open = "open",
        /// Outsiders see its name and purpose only.
        Members = "members",
        /// Outsiders get 404: being in it is itself private.
        Hidden = "hidden",
    }
}

crate::named! {
    /// What somebody is within one group.
    pub enum GroupRole {
        /// Takes part.
        Member = "member",
        /// Takes part and moves the work on.
        Lead = "lead",
        /// A member of staff who supports the group.
        Worker = "worker",
        /// Reads only.
        Observer = "observer",
    }
}

impl GroupRole {
    /// May write, comment and vote.
    pub const fn takes_part(self) -> bool {
        matches!(self, Self::Member | Self::Lead)
    }
}

crate::named! {
    /// A group's colour; each has its own pattern as well, so that it is never colour alone.
    pub enum GroupColour {
        /// Plum, with diagonal stripes.
        Plum = "plum",
        /// Teal, with upright stripes.
        Teal = "teal",
        /// Blue, with dots.
        Blue = "blue",
        /// Green, with level stripes.
        Green = "green",
        /// Brick, with a grid.
        Brick = "brick",
        /// Sun, with wide diagonal stripes.
        Sun = "sun",
    }
}

/// The symbols a group or a workspace can have: OpenMoji codes, whose words are the messages `symbol-CODE`.
/// Few, drawn alike, and each easy to tell from the others.
pub const SYMBOLS: &[&str] = &[
    "1F465", "1F3A4", "1F4AC", "1F91D", "1F4E3", "1F50D", "1F3AF", "1F4A1", "2B50", "1F49A", "1F331", "1F333", "1F30D",
    "1F3E0", "1F3EB", "1F393", "1F4DA", "1F4F1", "1F68C", "1F6B2", "1F6A6", "267F", "1F34E", "1F372", "26BD", "1F6DD",
    "1F3A8", "1F3B5", "1F3E5", "1F4B7", "1F511", "1F9ED", "1F392", "1F4C5", "2709", "1FAAA", "1F9F3", "1F697", "1F6BB",
    "1F6AD", "1F3CA", "1F6F9", "1F3A7", "1F6DC", "1FA91",
];

/// Whether a typed symbol is one of [`SYMBOLS`].
pub fn known_symbol(code: &str) -> Option<&'static str> {
    SYMBOLS.iter().find(|s| **s == code).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_children_in_care_and_care_leavers_start_hidden_and_with_everything_held() {
        for kind in [GroupKind::ChildrenInCare, GroupKind::CareLeavers] {
            assert_eq!(kind.usual_visibility(), Visibility::Hidden, "{kind}");
            assert_eq!(kind.usual_checking(), Checking::HoldAll, "{kind}");
        }
    }

    #[test]
    fn each_symbol_is_there_once_and_others_are_not_known() {
        for (i, symbol) in SYMBOLS.iter().enumerate() {
            assert!(!SYMBOLS[i + 1..].contains(symbol), "{symbol}");
        }
        assert_eq!(known_symbol("1F68C"), Some("1F68C"));
        assert_eq!(known_symbol("../x"), None);
    }
}
