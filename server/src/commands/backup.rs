//! `tandem backup FILE`: a copy of the database, made while it is in use.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use clap::Args;
use service::Keys;
use service::world::SystemClock;
use sha2::{Digest as _, Sha256};
use store::Store;
use tokio::process::Command;

use crate::commands::{Settings, mark, note, voice, with_causes};

/// Copy the database to a file, while it is in use.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write; it must not be there yet
    file: PathBuf,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Backup {
    /// Writes the copy beside its place first, so that a file with this name is always a whole backup.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        let file = &self.file;
        if file.exists() {
            return Err(format!("{} is there already. Choose another name, or move it away.", file.display()));
        }
        settings.must_be_there()?;
        let store = settings.open().await?;
        let service = settings.house(store.clone(), Keys::from_bytes(Vec::new()), Arc::new(SystemClock))?;
        let part = beside(file, "part");
        let copied = async {
            note(&service, "backup", "").await?;
            match &store {
                Store::Sqlite { .. } => sqlite(&store, &part).await,
                Store::Postgres(_) => postgres(&settings.database_url, &part).await,
            }
        };
        let made = copied.await;
        if made.is_ok() {
            mark::move_on_or_say(settings, &service).await;
        }
        let engine = store.engine();
        store.close().await;
        if let Err(words) = made.and_then(|()| finish(&part, file)) {
            // Half a backup is worse than none.
            let _ = std::fs::remove_file(&part);
            return Err(words);
        }
        write_sum(file)?;
        let bytes = std::fs::metadata(file).map(|m| m.len()).unwrap_or(0);
        if self.json {
            return voice::json(&serde_json::json!({ "file": file, "engine": engine, "bytes": bytes }));
        }
        voice::answer(&format!(
            "{} is a whole backup ({bytes} bytes). The keys in {} are not in it: keep a copy of them apart from it.",
            file.display(),
            settings.keys.display()
        ));
        Ok(())
    }
}

/// The same path with something behind its name.
pub fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    PathBuf::from(name)
}

async fn sqlite(store: &Store, part: &Path) -> Result<(), String> {
    // VACUUM INTO writes only to a new or an empty file; made by us first, so that nobody else may read it.
    private(part)?;
    voice::progress("Copying the database. It can be used meanwhile.");
    store::backup::copy(store, part)
        .await
        .map_err(|e| format!("The copy could not be written: {}.", with_causes(&e)))?;
    store::backup::check(part).await.map(|_| ()).map_err(|e| format!("The copy is not good: {e}. Check the disk."))
}

fn private(part: &Path) -> Result<(), String> {
    crate::private::create(part).map(|_| ()).map_err(|e| format!("{} cannot be written: {e}.", part.display()))
}

/// Gives a copy its name, when it is on the disk.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub fn finish(part: &Path, file: &Path) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("{} cannot be written: {e}.", file.display());
    std::fs::File::open(part).and_then(|f| f.sync_all()).map_err(failed)?;
    std::fs::rename(part, file).map_err(failed)
}

/// Where the sum of a backup stands: beside it, as `sha256sum` writes it.
pub fn sum_file(file: &Path) -> PathBuf {
    beside(file, "sha256")
}

fn sum(file: &Path) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    std::io::copy(&mut std::fs::File::open(file)?, &mut hasher)?;
    Ok(service::world::to_hex(&hasher.finalize()))
}

/// Writes the sum of a backup beside it, so that a byte that changes on some disk is seen before the backup is needed.
fn write_sum(file: &Path) -> Result<(), String> {
    let to = sum_file(file);
    let failed = |e: std::io::Error| format!("{} cannot be written: {e}.", to.display());
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let line = format!("{}  {name}\n", sum(file).map_err(|e| format!("{} cannot be read: {e}.", file.display()))?);
    std::fs::write(&to, line).map_err(failed)
}

/// Whether a backup still is what was written; `None` where its sum is not beside it.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub fn is_as_written(file: &Path) -> Result<Option<bool>, String> {
    let Ok(line) = std::fs::read_to_string(sum_file(file)) else { return Ok(None) };
    let now = sum(file).map_err(|e| format!("{} cannot be read: {e}.", file.display()))?;
    Ok(Some(line.split_whitespace().next() == Some(now.as_str())))
}

/// PostgreSQL's own tool, where it is installed; else the exact command to run where it is.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub async fn postgres(url: &str, part: &Path) -> Result<(), String> {
    private(part)?;
    let (address, password) = without_password(url);
    voice::progress("Asking pg_dump for a copy. The database can be used meanwhile.");
    let mut command = Command::new("pg_dump");
    command
        .args(["--format=custom", "--no-owner", "--no-privileges", "--file"])
        .arg(part)
        .arg("--dbname")
        .arg(&address);
    if let Some(password) = password {
        // In the environment, because everybody on a computer can read each other's command lines.
        command.env("PGPASSWORD", password);
    }
    match command.stdin(Stdio::null()).status().await {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("pg_dump did not work ({status}). What it said is above.")),
        Err(_) => Err(format!(
            "pg_dump is not installed here. Install PostgreSQL's client programs, or run this where they are:\n  \
             pg_dump --format=custom --no-owner --no-privileges --file=tandem.dump --dbname='{address}'"
        )),
    }
}

/// The address without its password, and the password as it is written there, decoded.
pub fn without_password(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (server, path) = rest.split_at(end);
    let Some((user, host)) = server.rsplit_once('@') else { return (url.to_owned(), None) };
    match user.split_once(':') {
        Some((user, password)) => {
            let password = percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned();
            (format!("{scheme}://{user}@{host}{path}"), Some(password))
        }
        None => (url.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_never_stands_on_a_command_line() {
        assert_eq!(
            without_password("postgres://t:p%40ss@db:5432/tandem?x=y"),
            ("postgres://t@db:5432/tandem?x=y".to_owned(), Some("p@ss".to_owned()))
        );
        assert_eq!(without_password("postgres://t@/tandem?host=/run").1, None);
    }
}
