//! Comments about a section.

use crate::designs::Stage;

crate::named! {
    /// What a comment says first.
    pub enum CommentKind {
        /// I like this.
        Like = "like",
        /// This part worries me.
        Worry = "worry",
        /// I have a question.
        Question = "question",
        /// I have another idea.
        Idea = "idea",
    }
}

crate::named! {
    /// What has become of a comment.
    pub enum CommentState {
        /// Everybody who may read the design sees it.
        Published = "published",
        /// Waits to be checked; its author sees it.
        Held = "held",
        /// Its author took it away.
        RemovedByAuthor = "removed-by-author",
        /// Somebody who checks took it away, with a reason.
        HiddenByModerator = "hidden-by-moderator",
    }
}

crate::named! {
    /// What a group does with words before others see them.
    pub enum Checking {
        /// Everything is held until somebody has checked it (the default for groups of under-18s).
        HoldAll = "hold-all",
        /// Only the first words of each person are held.
        HoldFirst = "hold-first",
        /// Published at once, checked afterwards.
        After = "after",
    }
}

impl Checking {
    /// The strictest of several groups: what holds for a workspace of all of them. Of no group: everything is held.
    pub fn strictest(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().min().unwrap_or(Self::HoldAll)
    }

    /// What becomes of new words of somebody who does not check words themselves; `known`: words of theirs were
    /// published here before.
    pub const fn state(self, known: bool) -> CommentState {
        match self {
            Self::HoldAll => CommentState::Held,
            Self::HoldFirst if !known => CommentState::Held,
            Self::HoldFirst | Self::After => CommentState::Published,
        }
    }
}

/// Whether comments may be written at a stage: until it is done or stopped. The words of a design are locked from voting
/// on, and talking about them is not: what somebody worries about while the council is doing it is worth hearing.
pub const fn open_at(stage: Stage) -> bool {
    !matches!(stage, Stage::Done | Stage::Stopped)
}

/// Most replies one comment may have: then a new comment starts a new conversation.
pub const MOST_REPLIES: i64 = 100;

crate::named! {
    /// How somebody stands to a statement in an imported conversation.
    pub enum Stance {
        /// Agrees.
        Agree = "agree",
        /// Passes.
        Pass = "pass",
        /// Disagrees.
        Disagree = "disagree",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_group_decides() {
        use Checking::{After, HoldAll, HoldFirst};
        assert_eq!(Checking::strictest([After, HoldAll, HoldFirst]), HoldAll);
        assert_eq!(Checking::strictest([After, HoldFirst]), HoldFirst);
        assert_eq!(Checking::strictest([After]), After);
        assert_eq!(Checking::strictest([]), HoldAll);
    }

    #[test]
    fn words_are_held_as_the_group_asks() {
        assert_eq!(Checking::HoldAll.state(true), CommentState::Held);
        assert_eq!(Checking::HoldFirst.state(false), CommentState::Held);
        assert_eq!(Checking::HoldFirst.state(true), CommentState::Published);
        assert_eq!(Checking::After.state(false), CommentState::Published);
    }

    #[test]
    fn comments_stay_open_until_the_end() {
        let shut: Vec<_> = Stage::ALL.iter().filter(|s| !open_at(**s)).collect();
        assert_eq!(shut, [&Stage::Done, &Stage::Stopped]);
    }
}
