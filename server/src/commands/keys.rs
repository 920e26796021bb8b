//! `tandem keys init|rotate`: the secrets of this installation.

use clap::{Args, Subcommand};
use service::Keys;
use service::world::SystemChance;

use crate::commands::{Settings, voice};

/// Make the secrets of this installation, or add a new one.
#[derive(Debug, Args)]
pub struct KeysCommand {
    #[command(subcommand)]
    act: Act,
    /// One JSON document on standard output
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Make the first key. `serve` does this by itself for a new installation
    Init,
    /// Add a new key that everything new uses. Keep the old ones: they still open what they closed
    Rotate,
}

impl KeysCommand {
    /// Makes a key.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub fn run(&self, settings: &Settings) -> Result<(), String> {
        let folder = &settings.keys;
        let keys = match self.act {
            Act::Init => Keys::init(folder, &SystemChance),
            Act::Rotate => Keys::rotate(folder, &SystemChance),
        }
        .map_err(|e| e.to_string())?;
        let number = keys.newest_number();
        if self.json {
            return voice::json(&serde_json::json!({ "folder": folder, "newest": number }));
        }
        voice::answer(&format!(
            "Key {number} is in {}. Copy this folder to a safe place, apart from the database and its backups: \
             without it nobody's card opens anything. Restart every running Tandem so that it uses the new key.",
            folder.display()
        ));
        Ok(())
    }
}
