//! Actions: what the council does about it.

use crate::moment::Moment;

crate::named! {
    /// Where an action stands.
    pub enum ActionStatus {
        /// We will.
        NotStarted = "not-started",
        /// We are doing.
        Doing = "doing",
        /// We did.
        Done = "done",
        /// It became something else, with the reason.
        Changed = "changed",
        /// We cannot, because.
        Stopped = "stopped",
    }
}

impl ActionStatus {
    /// Whether nothing more is expected.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Done | Self::Changed | Self::Stopped)
    }

    /// Whether setting this status needs a reason that contributors see.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Changed | Self::Stopped)
    }
}

/// Why an action keeps its design from being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotYet {
    /// It still goes on.
    GoesOn,
    /// It was done, and those who asked for it have not been asked whether it worked.
    NotAsked,
}

/// Whether an action keeps its design from being done: each must be done, changed or stopped, and about what was done
/// "did it work?" must have been asked. About what was changed or stopped there is nothing to ask: it has its reason.
pub const fn keeps_from_done(status: ActionStatus, asked: bool) -> Option<NotYet> {
    match (status, asked) {
        (ActionStatus::NotStarted | ActionStatus::Doing, _) => Some(NotYet::GoesOn),
        (ActionStatus::Done, false) => Some(NotYet::NotAsked),
        (ActionStatus::Done, true) | (ActionStatus::Changed | ActionStatus::Stopped, _) => None,
    }
}

crate::named! {
    /// Did it work? Answered by those who asked for it.
    pub enum DidItWork {
        /// Yes.
        Yes = "yes",
        /// A bit.
        ABit = "a-bit",
        /// No.
        No = "no",
        /// I don't know.
        DontKnow = "dont-know",
    }
}

/// How many whole weeks late something due at `due` is at `now`; a part of a week counts as one, in time is 0.
pub const fn weeks_late(due: Moment, now: Moment) -> i64 {
    let over = now.since(due);
    if over <= 0 { 0 } else { (over + 7 * Moment::DAY - 1) / (7 * Moment::DAY) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_design_waits_for_what_goes_on_and_for_the_question_about_what_was_done() {
        for status in ActionStatus::ALL {
            assert_eq!(keeps_from_done(*status, true).is_none(), status.is_ended(), "{status}");
            let asked_in_vain = keeps_from_done(*status, false);
            assert_eq!(asked_in_vain == Some(NotYet::NotAsked), *status == ActionStatus::Done, "{status}");
        }
    }

    #[test]
    fn a_part_of_a_week_is_a_week() {
        let due = Moment(0);
        assert_eq!(weeks_late(due, Moment(0)), 0);
        assert_eq!(weeks_late(due, Moment(1)), 1);
        assert_eq!(weeks_late(due, Moment(7 * Moment::DAY)), 1);
        assert_eq!(weeks_late(due, Moment(7 * Moment::DAY + 1)), 2);
    }
}
