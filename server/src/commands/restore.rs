//! `tandem restore FILE`: puts a backup back.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use clap::Args;
use service::audit::Chain;
use store::Store;
use store::moving::{is_empty, tables};
use tokio::process::Command;

use crate::commands::backup::{self, beside, without_password};
use crate::commands::{Settings, mark, note, voice, with_causes};

/// Put a backup back. Stop every running Tandem first.
#[derive(Debug, Args)]
pub struct Restore {
    /// The file that `tandem backup` wrote
    file: PathBuf,
    /// Put it in the place of what is in the database now
    #[arg(long)]
    replace: bool,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Restore {
    /// Checks the file, then puts it in place.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard; then the database is as it was.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        if !self.file.is_file() {
            return Err(format!("{} is not there.", self.file.display()));
        }
        let sum = backup::sum_file(&self.file);
        match backup::is_as_written(&self.file)? {
            Some(true) => {}
            Some(false) => {
                return Err(format!(
                    "{} is not what was backed up: it has changed since, as {} says. Use another backup.",
                    self.file.display(),
                    sum.display()
                ));
            }
            None => voice::progress(&format!(
                "{} is not there, so nobody can tell whether the backup has changed since it was made.",
                sum.display()
            )),
        }
        let put_aside = if settings.database_url.starts_with("sqlite:") {
            self.sqlite(settings).await?
        } else {
            self.postgres(settings).await?
        };
        // What came back is brought up to date, its log is checked, and the restore itself is written there.
        let service = settings.service_without_keys().await?;
        match service.check_audit().await {
            Ok(Chain::Whole(_)) => {}
            Ok(Chain::BrokenAt(n)) => {
                voice::progress(&format!("Attention: the log of staff acts in this backup was changed at row {n}."));
            }
            Err(e) => return Err(format!("What was put back cannot be read: {e}.")),
        }
        note(&service, "restore", "").await?;
        // An older log was brought back on purpose, and says so.
        if let Err(words) = mark::begin_anew(settings, &service).await {
            voice::progress(&format!("Attention: {words}"));
        }
        service.store().close().await;
        if self.json {
            return voice::json(&serde_json::json!({ "restored": self.file, "put_aside": put_aside }));
        }
        voice::answer(&format!("{} is back in place.", self.file.display()));
        if let Some(old) = put_aside {
            voice::answer(&format!(
                "What was there before is now {}. Delete it when you are sure that you do not need it.",
                old.display()
            ));
        }
        Ok(())
    }

    async fn sqlite(&self, settings: &Settings) -> Result<Option<PathBuf>, String> {
        voice::progress("Checking the backup.");
        store::backup::check(&self.file)
            .await
            .map_err(|e| format!("{} was not put back: {e}.", self.file.display()))?;
        let target = behind_links(settings.sqlite_file().ok_or("DATABASE_URL names no file.")?)?;
        let mut put_aside = None;
        if target.exists() {
            if !self.replace && !sqlite_is_empty(settings).await {
                return Err(format!(
                    "{} is not empty. To put the backup in its place, run this again with --replace.",
                    target.display()
                ));
            }
            if !store::backup::alone(&target).await {
                return Err(format!(
                    "{} is in use. Stop every running Tandem first, then run this again.",
                    target.display()
                ));
            }
            put_aside = Some(free_name(&target));
        }
        let part = beside(&target, "restore");
        let failed = |e: std::io::Error| format!("{} cannot be written: {e}.", target.display());
        let copied = std::fs::copy(&self.file, &part)
            .and_then(|_| std::fs::File::open(&part)?.sync_all())
            .and_then(|()| put_aside.as_ref().map_or(Ok(()), |old| std::fs::rename(&target, old)))
            .and_then(|()| std::fs::rename(&part, &target));
        if let Err(e) = copied {
            let _ = std::fs::remove_file(&part);
            return Err(failed(e));
        }
        // A log that belonged to the old file must never be read into the new one.
        for end in ["-wal", "-shm"] {
            let mut name = target.as_os_str().to_owned();
            name.push(end);
            let _ = std::fs::remove_file(name);
        }
        Ok(put_aside)
    }

    /// Everything that is there is copied before it is replaced: without that copy nothing happens.
    async fn postgres(&self, settings: &Settings) -> Result<Option<PathBuf>, String> {
        let mut start = [0u8; 5];
        let read = std::fs::File::open(&self.file).and_then(|mut f| std::io::Read::read_exact(&mut f, &mut start));
        if read.is_err() || &start != b"PGDMP" {
            return Err(format!(
                "{} is not a backup of PostgreSQL. To move from SQLite, use tandem export and tandem import.",
                self.file.display()
            ));
        }
        let store = settings.open().await?;
        let empty = nothing_is_in(&store).await;
        store.close().await;
        if !empty && !self.replace {
            return Err(
                "The database is not empty. To put the backup in its place, run this again with --replace.".to_owned()
            );
        }
        // Restoring deletes what is there, and whoever is connected would go on in the midst of it.
        let alone = store::backup::alone_on_server(&settings.database_url)
            .await
            .map_err(|e| format!("Whether the database is in use cannot be asked: {}.", with_causes(&e)))?;
        if !alone {
            return Err(
                "The database is in use. Stop every running Tandem and whatever else is connected to it (psql, a \
                        backup), then run this again."
                    .to_owned(),
            );
        }
        let put_aside = if empty { None } else { Some(self.put_aside(settings).await?) };
        let (address, password) = without_password(&settings.database_url);
        let options =
            ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--clean", "--if-exists"];
        let mut command = Command::new("pg_restore");
        command.args(options).arg("--dbname").arg(&address).arg(&self.file);
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
        match command.stdin(Stdio::null()).status().await {
            Ok(status) if status.success() => Ok(put_aside),
            Ok(status) => {
                Err(format!("pg_restore did not work ({status}), and nothing was changed. What it said is above."))
            }
            Err(_) => Err(format!(
                "pg_restore is not installed here. Install PostgreSQL's client programs, or run this where they are:\n  \
                 pg_restore {} --dbname='{address}' '{}'",
                options.join(" "),
                self.file.display()
            )),
        }
    }

    /// Copies what is in a PostgreSQL database to a file beside the backup.
    async fn put_aside(&self, settings: &Settings) -> Result<PathBuf, String> {
        let file = free_name(&self.file);
        let part = beside(&file, "part");
        voice::progress(&format!("Copying what is there to {} first.", file.display()));
        let copied = backup::postgres(&settings.database_url, &part).await.and_then(|()| backup::finish(&part, &file));
        copied.map(|()| file).map_err(|words| {
            let _ = std::fs::remove_file(&part);
            format!("Nothing was changed, because what is there now could not be copied first. {words}")
        })
    }
}

/// The file itself where the address names a link to it: SQLite keeps its log beside the file, and the link, which
/// somebody made so that the database lies elsewhere, stays.
fn behind_links(named: &Path) -> Result<PathBuf, String> {
    if !named.is_symlink() {
        return Ok(named.to_owned());
    }
    std::fs::canonicalize(named).map_err(|_| {
        format!(
            "{} is a link to something that is not there. Put right where it points, or remove it, then run this again.",
            named.display()
        )
    })
}

fn free_name(target: &Path) -> PathBuf {
    (1..).map(|n| beside(target, &format!("before-restore-{n}"))).find(|p| !p.exists()).unwrap_or_default()
}

async fn sqlite_is_empty(settings: &Settings) -> bool {
    let Ok(store) = settings.open().await else { return false };
    let empty = nothing_is_in(&store).await;
    store.close().await;
    empty
}

/// No table of ours has a row. A table that is not there yet is empty too.
async fn nothing_is_in(store: &Store) -> bool {
    for table in tables() {
        let Ok(mut tx) = store.read().await else { return false };
        match is_empty(&mut tx, table).await {
            Ok(false) => return false,
            Ok(true) => {}
            Err(e) if with_causes(&e).contains("no such table") || with_causes(&e).contains("does not exist") => {}
            Err(_) => return false,
        }
    }
    true
}
