//! What may be shown of people as numbers, and how plain our own words are.

pub mod reading;
pub mod small_numbers;
