//! Work that takes a core for a while (reading a document, comparing long texts, drawing words): beside the threads that
//! answer pages, and a few at a time, so that no page waits for it.

use tokio::sync::Semaphore;

use crate::{Refused, Service};

/// How many such works go on at once.
const AT_ONCE: usize = 2;

/// The queue of such work.
pub(crate) struct Aside {
    at_once: Semaphore,
}

impl Aside {
    pub(crate) const fn new() -> Self {
        Self { at_once: Semaphore::const_new(AT_ONCE) }
    }
}

impl Service {
    /// Does work aside.
    ///
    /// # Errors
    /// [`Refused::Fault`] when it ended early.
    pub(crate) async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let _turn = self.queue().at_once.acquire().await.map_err(|_| Refused::fault("the queue of work is closed"))?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Refused::fault("a work ended early"))
    }
}
