//! Safety: who to call, in the order they are shown everywhere (STANDARDS S-050). The council's own number is a setting.

/// The telephone number for an emergency.
pub const EMERGENCY: &str = "999";
/// Childline's number, free and at any time.
pub const CHILDLINE: &str = "0800 1111";
/// Where somebody who cannot talk sends a text, free and at any time.
pub const TEXT: &str = "85258";
