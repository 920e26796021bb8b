//! The demo: an invented county with its groups, people and a year of work, for looking around on one's own computer.
//!
//! - [`content`]: what it says, from the files in `server/demo`
//! - [`seed`]: filling an empty database with it, through the use cases
//! - [`luck`]: its clock and its chance
//! - [`people`]: its people as they are printed, kept and read again

pub mod content;
pub mod luck;
pub mod people;
pub mod seed;

use service::Service;

pub use people::{DemoGroup, DemoPerson};

/// Fills the database of `service` when nobody was ever made in it, and gives the people; `None` when it is in use.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub async fn fill_if_empty(
    service: &Service,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Option<Vec<DemoPerson>>, String> {
    let mut tx = service.store().read().await.map_err(|e| e.to_string())?;
    let used = store::people::any(&mut tx).await.map_err(|e| e.to_string())?;
    drop(tx);
    if used {
        return Ok(None);
    }
    let (store, keys) = (service.store().clone(), service.world().keys.clone());
    seed::fill(store, keys, service.now(), progress).await.map(Some)
}
