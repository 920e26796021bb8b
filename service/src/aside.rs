//! Work that takes a core for a while (reading a document, comparing long texts, drawing words): beside the threads that
//! answer pages, and a few at a time, so that no page waits for it. Everybody has one such work at a time: whoever asks for
//! a hundred waits for their own, and nobody else does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use domain::access::Who;
use domain::ids::{DesignId, PersonId};
use tokio::sync::Semaphore;

use crate::{Refused, Service};

/// How many such works go on at once.
const AT_ONCE: usize = 2;

/// Whose work it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Whose {
    /// Somebody's.
    Person(PersonId),
    /// That of everybody who is not signed in, together.
    Nobody,
    /// That of everybody who writes live in a design, together.
    Room(DesignId),
}

impl Whose {
    /// Of whoever asks.
    pub(crate) fn of(who: &Who) -> Self {
        who.id().map_or(Self::Nobody, Self::Person)
    }
}

/// The queue of such work.
pub(crate) struct Aside {
    at_once: Arc<Semaphore>,
    // Held for a few instructions at a time, never over an await.
    each: Mutex<HashMap<Whose, Arc<Semaphore>>>,
}

impl Aside {
    pub(crate) fn new() -> Self {
        Self { at_once: Arc::new(Semaphore::new(AT_ONCE)), each: Mutex::default() }
    }

    fn of(&self, whose: Whose) -> Result<Arc<Semaphore>, Refused> {
        let mut each = self.each.lock().map_err(|_| Refused::fault("the queue of work is poisoned"))?;
        // Those of whom nobody waits any more.
        each.retain(|_, turns| Arc::strong_count(turns) > 1);
        Ok(each.entry(whose).or_insert_with(|| Arc::new(Semaphore::new(1))).clone())
    }
}

impl Service {
    /// Does work aside.
    ///
    /// # Errors
    /// [`Refused::Fault`] when it ended early.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        whose: Whose,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let closed = |_| Refused::fault("the queue of work is closed");
        let mine = self.queue().of(whose)?.acquire_owned().await.map_err(closed)?;
        let turn = self.queue().at_once.clone().acquire_owned().await.map_err(closed)?;
        // The work goes on when nobody waits for it any more, so the turns go with it and not with who asked.
        let work = move || {
            let _turns = (mine, turn);
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Refused::fault("a work ended early"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_one_turn_of_their_own_and_is_forgotten_afterwards() {
        let queue = Aside::new();
        let person = |n| Whose::Person(PersonId(uuid::Uuid::from_u128(n)));
        let mine = queue.of(person(1)).expect("a turn");
        let first = mine.clone().try_acquire_owned().expect("free");
        assert!(queue.of(person(1)).expect("a turn").try_acquire().is_err(), "a second work of mine waits");
        assert!(queue.of(person(2)).expect("a turn").try_acquire().is_ok(), "that of somebody else does not");
        assert!(queue.of(Whose::Nobody).expect("a turn").try_acquire().is_ok());
        drop((first, mine));
        assert!(queue.of(person(1)).expect("a turn").try_acquire().is_ok());
        queue.of(person(3)).expect("a turn");
        queue.of(person(4)).expect("a turn");
        assert!(queue.each.lock().expect("the list").len() <= 2, "nobody waits for the others any more");
    }
}
