//! Workspaces and their promise.

use crate::moment::Moment;

crate::named! {
    /// What a new workspace starts from.
    pub enum Template {
        /// A service that should work better.
        Service = "service",
        /// A campaign.
        Campaign = "campaign",
        /// A letter to a board.
        Letter = "letter",
        /// Questions to ask.
        Questions = "questions",
        /// A page about what young people are entitled to.
        Offer = "offer",
        /// Nothing prepared.
        Empty = "empty",
    }
}

/// After this long without enough presses the lead may agree the promise for the group.
pub const LEAD_MAY_AGREE_AFTER: i64 = 7 * Moment::DAY;
/// A workspace cannot open with fewer members of staff than this: adults are never alone with a group.
pub const STAFF_NEEDED: i64 = 2;

/// Whether a promise is agreed: half the members pressed agree.
///
/// `members` counts those who take part (members and leads); a group without members agrees nothing.
pub const fn half_agreed(agreed: i64, members: i64) -> bool {
    members > 0 && agreed * 2 >= members
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_enough_and_nobody_is_not() {
        assert!(half_agreed(3, 6));
        assert!(!half_agreed(3, 7));
        assert!(!half_agreed(0, 0));
        assert!(half_agreed(1, 1));
    }
}
