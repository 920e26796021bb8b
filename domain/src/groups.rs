//! Groups: people who work together.

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
