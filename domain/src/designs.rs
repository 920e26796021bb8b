//! Designs: sections, their shared text, and the one stage a design has.

mod apart;
pub mod changes;
mod diff;
pub mod gate;
pub mod masks;
pub mod pictures;
pub mod shared_text;
mod splice;
pub mod suggestions;
mod typing;
pub mod wire;

pub use splice::{Splice, splice};
pub use typing::{Clock, Mark, Typing, joined};

crate::named! {
    /// Where a design stands. Exactly one at a time.
    pub enum Stage {
        /// Being written.
        Drafting = "drafting",
        /// Read through before a vote.
        Checking = "checking",
        /// The words are locked and people decide.
        Voting = "voting",
        /// It was decided.
        Decided = "decided",
        /// The council is doing it.
        Doing = "doing",
        /// Everything is done, changed or stopped with its reason.
        Done = "done",
        /// Given up, with a reason.
        Stopped = "stopped",
    }
}

impl Stage {
    /// Words may change: only before voting. They stay locked afterwards, not only during the vote.
    pub const fn words_open(self) -> bool {
        matches!(self, Self::Drafting | Self::Checking)
    }

    /// Whether a lead or officer may move a design from here to `to`.
    /// Back to drafting is allowed until it is done, with a reason; stopping is allowed from everywhere but the ends.
    pub const fn may_move_to(self, to: Self) -> bool {
        use Stage::{Checking, Decided, Doing, Done, Drafting, Stopped, Voting};
        matches!(
            (self, to),
            (Drafting, Checking)
                | (Checking, Voting)
                | (Voting, Decided)
                | (Decided, Doing)
                | (Doing, Done)
                | (Checking | Voting | Decided | Doing | Stopped, Drafting)
                | (Drafting | Checking | Voting | Decided | Doing, Stopped)
        )
    }

    /// Whether moving from here to `to` needs a reason that everybody can read.
    pub const fn needs_reason(self, to: Self) -> bool {
        matches!(to, Self::Drafting | Self::Stopped)
    }
}

/// Most sections one design may have.
pub const MAX_SECTIONS: usize = 60;

#[cfg(test)]
mod tests {
    use super::Stage;

    #[test]
    fn every_way_forward_is_one_step_and_nothing_leaves_done() {
        for to in Stage::ALL {
            assert!(!Stage::Done.may_move_to(*to), "done must stay done, not go to {to}");
        }
        assert!(!Stage::Drafting.may_move_to(Stage::Voting), "checking cannot be skipped");
        assert!(Stage::Voting.may_move_to(Stage::Drafting));
        assert!(Stage::Voting.needs_reason(Stage::Drafting));
    }

    #[test]
    fn words_stay_locked_after_the_vote() {
        let open: Vec<_> = Stage::ALL.iter().filter(|s| s.words_open()).collect();
        assert_eq!(open, [&Stage::Drafting, &Stage::Checking]);
    }
}
