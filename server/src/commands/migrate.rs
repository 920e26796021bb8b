//! `tandem migrate`: brings the tables up to date, and says which number they have.

use clap::Args;

use crate::commands::{Settings, migration_failed, voice};

/// Bring the tables up to date.
#[derive(Debug, Args)]
pub struct Migrate {
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Migrate {
    /// Migrates.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        let store = settings.open().await?;
        store.migrate().await.map_err(|e| migration_failed(&e))?;
        let mut tx = store.read().await.map_err(|e| migration_failed(&e))?;
        let number = store::moving::migration(&mut tx).await.map_err(|e| migration_failed(&e))?;
        drop(tx);
        let engine = store.engine();
        store.close().await;
        if self.json {
            return voice::json(&serde_json::json!({ "engine": engine, "migration": number }));
        }
        voice::answer(&format!("The tables are up to date: number {number}, {engine}."));
        Ok(())
    }
}
