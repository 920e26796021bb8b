//! Safety: who to call, in the order they are shown everywhere.

/// The telephone number for an emergency.
pub const EMERGENCY: &str = "999";
/// Childline's number, free and at any time.
pub const CHILDLINE: &str = "0800 1111";
