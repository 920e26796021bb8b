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
    let stands = stands(&mut tx).await?;
    drop(tx);
    if stands.as_deref() == Some(BEGUN) {
        return Err(
            "The demo was stopped while it was being filled, so it is not whole. Delete the database (tandem.db \
                    and the files beside it whose names begin so), or name another with DATABASE_URL, and start again."
                .to_owned(),
        );
    }
    if used {
        return Ok(None);
    }
    let (store, keys) = (service.store().clone(), service.world().keys.clone());
    set(&store, BEGUN).await?;
    let people = seed::fill(store.clone(), keys, service.now(), progress).await?;
    set(&store, WHOLE).await?;
    Ok(Some(people))
}

/// How far the demo is, among the settings, so that half of one is never taken for one.
const SETTING: &str = "demo";
const BEGUN: &str = "begun";
const WHOLE: &str = "whole";

async fn stands(tx: &mut store::Tx) -> Result<Option<String>, String> {
    let all = store::settings::all(tx).await.map_err(|e| e.to_string())?;
    Ok(all.into_iter().find(|(name, _)| name == SETTING).map(|(_, value)| value))
}

async fn set(store: &store::Store, value: &str) -> Result<(), String> {
    let mut tx = store.write().await.map_err(|e| e.to_string())?;
    store::settings::set(&mut tx, SETTING, value).await.map_err(|e| e.to_string())?;
    tx.commit().await.map_err(|e| e.to_string())
}

/// Whether a database was filled with the demo: everybody can know the passwords in it.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub async fn is_in(service: &Service) -> Result<bool, String> {
    let mut tx = service.store().read().await.map_err(|e| e.to_string())?;
    Ok(stands(&mut tx).await?.is_some())
}
