//! Comments about a section.

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
