//! Open event streams: how many there are, and that they end when the program does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;

/// How streams behave. Constants for the program; tests make them short.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Streams of one session. The tabs of a browser share one; a few more are for the moment when one tab hands over to
    /// another.
    pub each: usize,
    /// Streams of one address of people who have not signed in: a whole school can share one.
    pub each_place: usize,
    /// Streams of this instance.
    pub all: usize,
    /// How often a quiet stream says that it is alive, and looks whether its session still is.
    pub tick: Duration,
    /// Ticks after which a stream ends; the browser opens another one, and is asked again who it is.
    pub ticks: u32,
    /// How long a line on which both sides speak may say nothing before it counts as lost.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            each: 6,
            each_place: 100,
            all: 5000,
            tick: Duration::from_secs(15),
            ticks: 60,
            silence: Duration::from_secs(domain::designs::wire::SILENCE_SECONDS),
        }
    }
}

/// The open streams of this instance.
#[derive(Debug, Clone)]
pub struct Streams {
    /// How they behave.
    pub limits: Limits,
    // Held for a few instructions at a time, never over an await.
    open: Arc<Mutex<HashMap<String, usize>>>,
    closing: watch::Sender<bool>,
}

impl Default for Streams {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Streams {
    /// No stream is open yet.
    pub fn new(limits: Limits) -> Self {
        Self { limits, open: Arc::default(), closing: watch::Sender::new(false) }
    }

    /// A place for one more stream of `whose`, who may have `most`, or nothing when there are enough. It is given back when
    /// dropped.
    pub fn open(&self, whose: &str, most: usize) -> Option<Open> {
        let mut open = self.open.lock().ok()?;
        let all: usize = open.values().sum();
        let own = open.get(whose).copied().unwrap_or(0);
        if all >= self.limits.all || own >= most {
            return None;
        }
        open.insert(whose.to_owned(), own + 1);
        crate::metrics::streams(all + 1);
        Some(Open { whose: whose.to_owned(), open: self.open.clone() })
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.open.lock().map(|open| open.values().sum()).unwrap_or(0)
    }

    /// Ends them all: the program stops.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Tells when they must end.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }
}

/// A place among the open streams.
#[derive(Debug)]
pub struct Open {
    whose: String,
    open: Arc<Mutex<HashMap<String, usize>>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Ok(mut open) = self.open.lock()
            && let Some(n) = open.get_mut(&self.whose)
        {
            *n -= 1;
            if *n == 0 {
                open.remove(&self.whose);
            }
            crate::metrics::streams(open.values().sum());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_and_given_back() {
        let streams = Streams::new(Limits { all: 3, ..Limits::default() });
        let (a, b) = (streams.open("a", 2), streams.open("a", 2));
        assert!(a.is_some() && b.is_some());
        assert!(streams.open("a", 2).is_none(), "two for each");
        let c = streams.open("b", 2);
        assert!(c.is_some());
        assert!(streams.open("c", 2).is_none(), "three for all");
        drop(a);
        assert_eq!(streams.count(), 2);
        assert!(streams.open("c", 2).is_some());
    }
}
