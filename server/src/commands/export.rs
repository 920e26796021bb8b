//! `tandem export FILE.zip`: everything in one zip of JSON lines and files.

use std::path::PathBuf;

use clap::Args;

use crate::commands::backup::beside;
use crate::commands::{Settings, mark, voice};

/// Write everything to one zip.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Export {
    /// The zip to write; it must not be there yet
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// With what lets people sign in, to move to another database
    #[arg(long = "move")]
    whole: bool,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Export {
    /// Writes the zip.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        let file = self.file.unwrap_or_default();
        if file.exists() {
            return Err(format!("{} is there already. Choose another name, or move it away.", file.display()));
        }
        settings.must_be_there()?;
        let service = settings.service_without_keys().await?;
        let part = beside(&file, "part");
        let failed = |e: std::io::Error| format!("{} cannot be written: {e}.", file.display());
        let out = crate::private::create(&part).map_err(failed)?;
        let made = service.export(out, self.whole, |part| voice::progress(&format!("  {part}"))).await;
        if made.is_ok() {
            mark::move_on_or_say(settings, &service).await;
        }
        service.store().close().await;
        let made = made.map_err(|e| format!("Nothing was exported: {e}."));
        let manifest = match made.and_then(|m| {
            std::fs::File::open(&part).and_then(|f| f.sync_all()).map_err(failed)?;
            std::fs::rename(&part, &file).map_err(failed)?;
            Ok(m)
        }) {
            Ok(manifest) => manifest,
            Err(words) => {
                let _ = std::fs::remove_file(&part);
                return Err(words);
            }
        };
        if self.json {
            return voice::json(&manifest);
        }
        voice::answer(&format!("{} holds {} parts.", file.display(), manifest.parts.len()));
        voice::answer(if self.whole {
            "It lets people sign in where it is imported: keep it as safe as the database, copy the folder of keys \
             with it, and delete it afterwards. Whoever is signed in now signs in again there."
        } else {
            "Passwords and cards are not in it. It holds young people's words and names: keep it safe."
        });
        Ok(())
    }
}
