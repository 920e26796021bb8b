//! Uploads in the database, in chunks: the default, so that backup, export and erasure cover them without a thought.

use std::sync::Arc;

use store::{Store, StoreError};

use crate::Clock;
use crate::world::{Files, Later, sha256};

/// Files in the database.
#[derive(Clone)]
pub struct StoredFiles {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl StoredFiles {
    /// Files in this database.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    async fn keep(&self, bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
        let hash = sha256(&bytes);
        // Most that is put a second time is there: nobody who writes waits for that.
        if store::files::size(&mut self.store.read().await?, &hash).await?.is_some() {
            return Ok(hash);
        }
        let mut tx = self.store.write().await?;
        match store::files::insert(&mut tx, &hash, "application/octet-stream", &bytes, self.clock.now()).await {
            // Another instance was faster with the same bytes: that is the same file.
            Err(StoreError::Taken(_)) => Ok(hash),
            Err(e) => Err(e),
            Ok(()) => tx.commit().await.map(|()| hash),
        }
    }

    async fn remove(&self, hash: [u8; 32]) -> Result<(), StoreError> {
        let mut tx = self.store.write().await?;
        store::files::remove_unused(&mut tx, &hash).await?;
        tx.commit().await
    }

    async fn find(&self, hash: [u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        let mut tx = self.store.read().await?;
        let Some(size) = store::files::size(&mut tx, &hash).await? else { return Ok(None) };
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).min(64 << 20));
        let mut n = 0;
        while let Some(chunk) = store::files::chunk(&mut tx, &hash, n).await? {
            bytes.extend_from_slice(&chunk);
            n += 1;
        }
        Ok(Some(bytes))
    }
}

impl Files for StoredFiles {
    fn put(&self, bytes: Vec<u8>) -> Later<'_, Result<[u8; 32], String>> {
        Box::pin(async move { self.keep(bytes).await.map_err(|e| e.to_string()) })
    }
    fn get(&self, hash: [u8; 32]) -> Later<'_, Result<Option<Vec<u8>>, String>> {
        Box::pin(async move { self.find(hash).await.map_err(|e| e.to_string()) })
    }
    fn forget(&self, hash: [u8; 32]) -> Later<'_, Result<(), String>> {
        Box::pin(async move { self.remove(hash).await.map_err(|e| e.to_string()) })
    }
}
