//! Decisions: who may decide, how, and whether it passed.

crate::named! {
    /// What a decision looks like to those who take part.
    pub enum DecisionForm {
        /// Secret, and says so.
        Ballot = "ballot",
        /// Members see each hand and reason by name.
        ShowOfHands = "show-of-hands",
    }
}

crate::named! {
    /// One hand in a show of hands.
    pub enum Hand {
        /// OK.
        Ok = "ok",
        /// Not sure.
        NotSure = "not-sure",
        /// Not OK, and what would help.
        NotOk = "not-ok",
    }
}

crate::named! {
    /// When a show of hands passes.
    pub enum PassRule {
        /// More OK than not OK.
        MoreOk = "more-ok",
        /// At least two OK for each not OK.
        TwoThirds = "two-thirds",
        /// Nobody said not OK, and somebody said OK.
        Consent = "consent",
    }
}

/// Least and most whole percent of the roll that a quorum may ask for.
pub const QUORUM: std::ops::RangeInclusive<i64> = 0..=100;

/// The three tallies of a show of hands: numbers of people, so they reach a page only through small numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hands {
    /// Said OK.
    pub ok: i64,
    /// Said not sure.
    pub not_sure: i64,
    /// Said not OK.
    pub not_ok: i64,
}

impl Hands {
    /// How many hands there are.
    pub const fn total(self) -> i64 {
        self.ok + self.not_sure + self.not_ok
    }

    /// Whether the rule is met. "Not sure" counts for the quorum and neither for nor against.
    pub const fn passes(self, rule: PassRule) -> bool {
        match rule {
            PassRule::MoreOk => self.ok > self.not_ok,
            PassRule::TwoThirds => self.ok > 0 && self.ok >= 2 * self.not_ok,
            PassRule::Consent => self.ok > 0 && self.not_ok == 0,
        }
    }

    /// Whether enough people took part: at least `percent` of the `roll`, rounded up, and at least one.
    pub const fn quorate(self, percent: i64, roll: i64) -> bool {
        self.total() > 0 && self.total() * 100 >= percent * roll
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_at_their_edges() {
        let hands = |ok, not_sure, not_ok| Hands { ok, not_sure, not_ok };
        assert!(!hands(3, 0, 3).passes(PassRule::MoreOk));
        assert!(hands(4, 9, 3).passes(PassRule::MoreOk));
        assert!(hands(4, 0, 2).passes(PassRule::TwoThirds));
        assert!(!hands(3, 0, 2).passes(PassRule::TwoThirds));
        assert!(hands(1, 5, 0).passes(PassRule::Consent));
        assert!(!hands(0, 5, 0).passes(PassRule::Consent));
        assert!(hands(5, 0, 0).quorate(50, 10));
        assert!(!hands(4, 0, 0).quorate(50, 9));
        assert!(!hands(0, 0, 0).quorate(0, 9));
    }
}
