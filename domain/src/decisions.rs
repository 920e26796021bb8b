//! Decisions: who may decide, how, and whether it passed.

use crate::moment::Moment;
use crate::reports::small_numbers::PeopleCount;

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

crate::named! {
    /// Where a decision stands. Never stored: the clock says it, and whether it was made void.
    pub enum DecisionState {
        /// Not open yet.
        Waiting = "waiting",
        /// Hands can be raised.
        Open = "open",
        /// Closed: the result stands.
        Closed = "closed",
        /// Made void by two people, with a reason. It counts for nothing.
        Void = "void",
    }
}

impl DecisionState {
    /// Where a decision stands at `now`. The moment of opening is open; the moment of closing is closed.
    pub fn at(now: Moment, opens: Moment, closes: Moment, voided: Option<Moment>) -> Self {
        if voided.is_some() {
            Self::Void
        } else if now < opens {
            Self::Waiting
        } else if now < closes {
            Self::Open
        } else {
            Self::Closed
        }
    }

    /// It can still be made void: the result is not known yet.
    pub const fn can_be_voided(self) -> bool {
        matches!(self, Self::Waiting | Self::Open)
    }
}

crate::named! {
    /// What came out of a show of hands.
    pub enum Verdict {
        /// Enough people took part, and the rule is met.
        Passed = "passed",
        /// Enough people took part, and the rule is not met.
        NotPassed = "not-passed",
        /// Too few people took part.
        TooFew = "too-few",
    }
}

/// Whether closing at this hour of the day (0 to 23) is at night, from eight in the evening to eight in the morning:
/// nobody should have to stay up for a vote.
pub const fn closes_at_night(hour: i8) -> bool {
    hour >= 20 || hour < 8
}

/// Least and most whole percent of the roll that a quorum may ask for.
pub const QUORUM: std::ops::RangeInclusive<i64> = 0..=100;

/// The three tallies of a show of hands: numbers of people, so they reach a page only through small numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hands {
    /// Said OK.
    pub ok: PeopleCount,
    /// Said not sure.
    pub not_sure: PeopleCount,
    /// Said not OK.
    pub not_ok: PeopleCount,
}

impl Hands {
    fn total(self) -> PeopleCount {
        (self.ok.number() + self.not_sure.number() + self.not_ok.number()).into()
    }

    /// Whether the rule is met. "Not sure" counts for the quorum and neither for nor against.
    pub const fn passes(self, rule: PassRule) -> bool {
        let (ok, not_ok) = (self.ok.number(), self.not_ok.number());
        match rule {
            PassRule::MoreOk => ok > not_ok,
            PassRule::TwoThirds => ok > 0 && ok >= 2 * not_ok,
            PassRule::Consent => ok > 0 && not_ok == 0,
        }
    }

    /// What came out, by the rule and the quorum.
    pub fn verdict(self, rule: PassRule, percent: i64, roll: PeopleCount) -> Verdict {
        if !self.quorate(percent, roll) {
            Verdict::TooFew
        } else if self.passes(rule) {
            Verdict::Passed
        } else {
            Verdict::NotPassed
        }
    }

    /// Counts hands.
    pub fn of(hands: impl IntoIterator<Item = Hand>) -> Self {
        hands.into_iter().fold(Self::default(), |mut sum, hand| {
            match hand {
                Hand::Ok => sum.ok = sum.ok.and_one(),
                Hand::NotSure => sum.not_sure = sum.not_sure.and_one(),
                Hand::NotOk => sum.not_ok = sum.not_ok.and_one(),
            }
            sum
        })
    }

    /// Whether enough people took part: at least `percent` of the `roll`, rounded up, and at least one.
    pub fn quorate(self, percent: i64, roll: PeopleCount) -> bool {
        !self.total().is_none() && self.total().reaches(percent, roll)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_alone_opens_and_closes() {
        let at = |now| DecisionState::at(Moment(now), Moment(10), Moment(20), None);
        assert_eq!(
            [at(9), at(10), at(19), at(20)],
            [DecisionState::Waiting, DecisionState::Open, DecisionState::Open, DecisionState::Closed]
        );
        for now in [9, 10, 20] {
            assert_eq!(DecisionState::at(Moment(now), Moment(10), Moment(20), Some(Moment(9))), DecisionState::Void);
        }
    }

    #[test]
    fn night_is_from_eight_to_eight() {
        let night: Vec<i8> = (0..24).filter(|h| closes_at_night(*h)).collect();
        assert_eq!(night, [0, 1, 2, 3, 4, 5, 6, 7, 20, 21, 22, 23]);
    }

    #[test]
    fn too_few_people_is_said_before_the_rule() {
        let hands = Hands::of([Hand::Ok, Hand::Ok, Hand::NotOk, Hand::NotSure]);
        assert_eq!(hands, Hands { ok: 2.into(), not_sure: 1.into(), not_ok: 1.into() });
        assert_eq!(hands.verdict(PassRule::MoreOk, 50, 8.into()), Verdict::Passed);
        assert_eq!(hands.verdict(PassRule::MoreOk, 50, 9.into()), Verdict::TooFew);
        assert_eq!(hands.verdict(PassRule::Consent, 50, 8.into()), Verdict::NotPassed);
        assert_eq!(Hands::default().verdict(PassRule::MoreOk, 0, 8.into()), Verdict::TooFew);
    }

    #[test]
    fn rules_at_their_edges() {
        let hands = |ok: i64, not_sure: i64, not_ok: i64| Hands {
            ok: ok.into(),
            not_sure: not_sure.into(),
            not_ok: not_ok.into(),
        };
        assert!(!hands(3, 0, 3).passes(PassRule::MoreOk));
        assert!(hands(4, 9, 3).passes(PassRule::MoreOk));
        assert!(hands(4, 0, 2).passes(PassRule::TwoThirds));
        assert!(!hands(3, 0, 2).passes(PassRule::TwoThirds));
        assert!(hands(1, 5, 0).passes(PassRule::Consent));
        assert!(!hands(0, 5, 0).passes(PassRule::Consent));
        assert!(hands(5, 0, 0).quorate(50, 10.into()));
        assert!(!hands(4, 0, 0).quorate(50, 9.into()));
        assert!(!hands(0, 0, 0).quorate(0, 9.into()));
    }
}
