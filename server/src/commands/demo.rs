//! `tandem demo`: fills an empty database with the demo and prints its people.

use clap::Args;
use service::Keys;
use service::world::{KeyError, SystemChance};

use crate::commands::{Settings, voice};
use crate::demo;

/// Fill an empty database with the demo, and print its people.
#[derive(Debug, Args)]
pub struct Demo {
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Demo {
    /// Fills and prints.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard; the database stays as it is when there is anybody in it.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        if let Err(KeyError::None(_)) = Keys::read(&settings.keys) {
            Keys::init(&settings.keys, &SystemChance).map_err(|e| e.to_string())?;
        }
        let service = settings.service().await?;
        let filled = demo::fill_if_empty(&service, &voice::progress).await;
        service.store().close().await;
        let people = filled?.ok_or(
            "There are people in this database already, and the demo goes into an empty one only. Name another with \
             DATABASE_URL, such as sqlite:demo.db, and run this again.",
        )?;
        if self.json {
            voice::json(&people)
        } else {
            voice::answer(&demo::people::table(&people));
            Ok(())
        }
    }
}
