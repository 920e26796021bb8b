//! Time and chance of the demo: a clock that is set to each day of the story, and chance that is the same in every run.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::moment::Moment;
use service::world::{Chance, Clock, sha256};

/// A clock that stands where the story is.
#[derive(Debug)]
pub struct StoryClock(AtomicI64);

impl StoryClock {
    /// A clock that stands at `start`.
    pub const fn new(start: Moment) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Sets it.
    pub fn set(&self, at: Moment) {
        self.0.store(at.0, Ordering::SeqCst);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that repeats. Cards and passwords of the demo come from it, which is why `--demo` is for this computer only;
/// nothing outside the filling of the demo ever uses it.
#[derive(Debug)]
pub struct SameChance(AtomicU64);

impl SameChance {
    /// From the start.
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// A number below `n`.
    pub fn below(&self, n: usize) -> usize {
        let mut bytes = [0u8; 8];
        self.fill(&mut bytes);
        usize::try_from(u64::from_be_bytes(bytes) % u64::try_from(n.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// `n` moments between two, in order, at hours when people are awake.
    pub fn moments(&self, from: Moment, to: Moment, n: usize) -> Vec<Moment> {
        let minutes = usize::try_from(to.since(from) / Moment::MINUTE).unwrap_or(0);
        let step = |minute: usize| from.plus(i64::try_from(minute).unwrap_or(0) * Moment::MINUTE);
        let mut all: Vec<Moment> = (0..n).map(|_| awake(step(self.below(minutes))).max(from).min(to)).collect();
        all.sort_unstable();
        all
    }
}

impl Default for SameChance {
    fn default() -> Self {
        Self::new()
    }
}

impl Chance for SameChance {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(32) {
            let block = sha256(format!("Brackenshire {}", self.0.fetch_add(1, Ordering::SeqCst)).as_bytes());
            part.copy_from_slice(&block[..part.len()]);
        }
    }
}

/// The same day between eight in the morning and nine in the evening; what was earlier stays earlier.
pub fn awake(at: Moment) -> Moment {
    let midnight = at.0 - at.0.rem_euclid(Moment::DAY);
    Moment(midnight + 8 * Moment::HOUR + (at.0 - midnight) / 24 * 13)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_writes_at_night_and_the_order_stays() {
        let chance = SameChance::new();
        let (from, to) = (Moment(100 * Moment::DAY), Moment(130 * Moment::DAY));
        let all = chance.moments(from, to, 200);
        assert!(all.is_sorted());
        for at in all {
            assert!(at >= from && at <= to);
            let hour = at.0.rem_euclid(Moment::DAY) / Moment::HOUR;
            assert!((8..21).contains(&hour) || at == to, "{hour}");
        }
    }
}
