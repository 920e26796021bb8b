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
    fn a_part_of_a_week_is_a_week() {
        let due = Moment(0);
        assert_eq!(weeks_late(due, Moment(0)), 0);
        assert_eq!(weeks_late(due, Moment(1)), 1);
        assert_eq!(weeks_late(due, Moment(7 * Moment::DAY)), 1);
        assert_eq!(weeks_late(due, Moment(7 * Moment::DAY + 1)), 2);
    }
}
