//! `tandem import FILE.zip`: what `tandem export` wrote, into an empty database of either engine.
//!
//! Other forms are subcommands beside the file: each is a variant of [`Form`] with a file of its own.

mod polis;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use service::moving::MoveError;

use crate::commands::{Settings, voice};

/// Read what `tandem export` wrote into an empty database, or something that was written elsewhere
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Import {
    /// The zip to read
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Read it although somebody changed its log of staff acts: what that says cannot be trusted then
    #[arg(long)]
    broken_log: bool,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    form: Option<Form>,
}

/// What else can be read.
#[derive(Debug, Subcommand)]
enum Form {
    Polis(polis::Polis),
}

impl Import {
    /// Reads it.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard; then nothing was written.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        match self.form {
            Some(Form::Polis(talk)) => talk.run(settings).await,
            None => zip(&self.file.unwrap_or_default(), self.broken_log, self.json, settings).await,
        }
    }
}

/// Reads what `tandem export` wrote.
async fn zip(path: &std::path::Path, broken_log: bool, json: bool, settings: &Settings) -> Result<(), String> {
    let file = std::fs::File::open(path).map_err(|e| format!("{} cannot be read: {e}.", path.display()))?;
    let service = settings.service_without_keys().await?;
    let read = service.import_with(file, broken_log, |part| voice::progress(&format!("  {part}"))).await;
    service.store().close().await;
    let manifest = read.map_err(|e| match e {
        MoveError::BrokenLog(_) => format!("Nothing was imported: {e}. To read it all the same, add --broken-log."),
        e => format!("Nothing was imported: {e}."),
    })?;
    if json {
        return voice::json(&manifest);
    }
    voice::answer(&format!("{} was read, {} parts.", path.display(), manifest.parts.len()));
    voice::answer(if manifest.whole {
        "Copy the folder of keys from the old installation too: cards open nothing without it."
    } else {
        "Passwords and cards were not in it: make an administrator with tandem admin, then new cards and passwords."
    });
    Ok(())
}
