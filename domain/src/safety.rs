//! Safety: who to call, in the order they are shown everywhere (STANDARDS S-050; the council's own number is a setting), and what
//! people report.

/// The telephone number for an emergency.
pub const EMERGENCY: &str = "999";
/// Childline's number, free and at any time.
pub const CHILDLINE: &str = "0800 1111";
/// Where somebody who cannot talk sends a text, free and at any time.
pub const TEXT: &str = "85258";

crate::named! {
    /// What is wrong with words, in the eyes of whoever reports them.
    pub enum ReportWhy {
        /// They say who or where somebody is, or something else that is private.
        Private = "private",
        /// They are unkind or rude.
        Unkind = "unkind",
        /// They make somebody worry about a person.
        Worry = "worry",
        /// Something else.
        Other = "other",
    }
}

crate::named! {
    /// What became of a report.
    pub enum ReportOutcome {
        /// Something was changed or taken away.
        Changed = "changed",
        /// The words can stay.
        Stays = "stays",
        /// Somebody else looks after it from now on.
        HandedOn = "handed-on",
    }
}
