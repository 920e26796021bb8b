//! Workspaces and their promise.

use crate::moment::Moment;
use crate::reports::small_numbers::PeopleCount;

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
pub const fn half_agreed(agreed: PeopleCount, members: PeopleCount) -> bool {
    !members.is_none() && agreed.reaches(50, members)
}

/// Whether "what can change" says almost nothing: then asking young people may be for show, and the form says so to
/// whoever writes the promise. It warns and never stops anybody.
pub fn says_almost_nothing(can_change: &str) -> bool {
    let words: Vec<String> = can_change
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.len() < 4 || (words.len() < 12 && matches!(words[0].as_str(), "nothing" | "none" | "no" | "not" | "nowt"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_that_changes_nothing_is_noticed() {
        for empty in ["", "Nothing", "Nothing much can change here.", "n/a", "Not sure yet, we will see", "tbc"] {
            assert!(says_almost_nothing(empty), "{empty}");
        }
        assert!(!says_almost_nothing("The colours, the opening hours and who works at the desk."));
    }

    #[test]
    fn half_is_enough_and_nobody_is_not() {
        let half = |agreed: i64, members: i64| half_agreed(agreed.into(), members.into());
        assert!(half(3, 6));
        assert!(!half(3, 7));
        assert!(!half(0, 0));
        assert!(half(1, 1));
    }
}
