//! A folder and an empty database for one engine.

use std::path::PathBuf;

use crate::Wrong;

/// Where one engine is measured. The folder goes away with it.
pub struct Place {
    /// `SQLite` or `PostgreSQL`.
    pub engine: &'static str,
    /// The address of the database.
    pub url: String,
    /// The folder that the program is started in; its keys and its log are here.
    pub folder: PathBuf,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn folder(name: &str) -> Result<PathBuf, Wrong> {
    let folder = std::env::temp_dir().join(format!("tandem-bench-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// SQLite, and PostgreSQL where `TANDEM_BENCH_POSTGRES` names an empty database that nobody needs afterwards.
pub fn all() -> Result<Vec<Place>, Wrong> {
    let sqlite = folder("sqlite")?;
    let url = format!("sqlite:{}", sqlite.join("tandem.db").display());
    let mut all = vec![Place { engine: "SQLite", url, folder: sqlite }];
    match std::env::var("TANDEM_BENCH_POSTGRES") {
        Ok(url) => all.push(Place { engine: "PostgreSQL", url, folder: folder("postgres")? }),
        Err(_) => crate::say("PostgreSQL is left out: TANDEM_BENCH_POSTGRES is not set (make bench sets it)"),
    }
    Ok(all)
}
