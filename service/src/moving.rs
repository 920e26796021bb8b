//! Everything in one zip, and back into an empty database of either engine: how a council moves from SQLite to PostgreSQL,
//! or takes its data away.
//!
//! The zip holds `manifest.json`, `tables/NAME.jsonl` (one JSON object a line, the columns by name; bytes as hexadecimal)
//! and `files/SHA256` (what was uploaded, as it was). Sessions, kept forms and the counts of tries are never in it; what
//! lets somebody sign in only with `whole`, and never the keys.

mod closed;

use std::io::{BufRead as _, BufReader, Read, Seek, Write};

pub use closed::values;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use store::moving::{Cell, Column, Kind, Table, tables};
use store::{StoreError, Tx};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::audit::{self, Act, Chain};
use crate::world::{from_hex, to_hex};
use crate::{Refused, Service};

/// The number of this form of the zip.
pub const FORMAT: u32 = 1;
const NAME: &str = "tandem-export";
/// Most bytes of one line: a chunk of shared text is far smaller.
const MOST_LINE: u64 = 64 << 20;
/// Most bytes of one file.
const MOST_FILE: u64 = 1 << 30;
/// Most bytes of a manifest.
const MOST_MANIFEST: u64 = 16 << 20;
/// Most bytes that all parts together may unpack to: far more than any council has, far less than a disk.
const MOST_ALL: u64 = 64 << 30;

/// What is in a zip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `tandem-export`.
    pub format: String,
    /// The number of the form, [`FORMAT`].
    pub version: u32,
    /// The number of the last migration of the tables.
    pub migration: i64,
    /// When, in microseconds since 1970.
    pub made_at: i64,
    /// Whether it carries what lets people sign in.
    pub whole: bool,
    /// Its parts, in the order in which they are read back.
    pub parts: Vec<Part>,
}

/// One part of a zip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its name in the zip.
    pub name: String,
    /// How many rows it has; 1 for a file.
    pub rows: u64,
    /// SHA-256 of what is in it, as hexadecimal.
    pub sha256: String,
}

/// Why nothing was moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// A secret ballot is open: its voters' marks must not travel while it is.
    #[error("a secret ballot is open: wait until it has closed")]
    BallotOpen,
    /// There is something in the database already.
    #[error("the database is not empty (there are rows in {0}): import needs an empty one")]
    NotEmpty(String),
    /// The file is not one of ours, or was changed.
    #[error("this file cannot be read: {0}")]
    Bad(String),
    /// Another version made it.
    #[error(
        "the file's tables have number {found}, this program's have {known}: \
         use the same version of Tandem for both, then update"
    )]
    OtherVersion {
        /// The number in the file.
        found: i64,
        /// The number here.
        known: i64,
    },
    /// Nobody has said whether this table may leave.
    #[error("this program does not know how the table {0} travels: this is a fault of ours, please tell us")]
    Unlisted(String),
    /// Somebody changed the log of staff acts in the file.
    #[error(
        "the log of staff acts in this file was changed at row {0}: what it says of who did what cannot be trusted"
    )]
    BrokenLog(i64),
    /// Reading or writing the file failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The database failed.
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    /// The audit log could not be written.
    #[error("{0}")]
    Refused(#[from] Refused),
}

impl From<zip::result::ZipError> for MoveError {
    fn from(e: zip::result::ZipError) -> Self {
        match e {
            zip::result::ZipError::Io(e) => Self::Io(e),
            other => Self::Bad(other.to_string()),
        }
    }
}

fn bad(why: impl Into<String>) -> MoveError {
    MoveError::Bad(why.into())
}

/// How a table travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Travels {
    Always,
    /// Only when everything does: it lets people sign in, or makes a form sent twice the same as once.
    Whole,
    /// It belongs to this one installation, or would be a secret in a file.
    Never,
    /// As files of the zip, not as rows.
    AsFiles,
}

/// Every table and how it travels. A table that is not here is a fault of the program: nothing is exported until somebody
/// has said whether it may leave (a test looks at every table, so this is found before it is built).
const TRAVELS: &[(&str, Travels)] = &[
    ("settings", Travels::Always),
    ("audit", Travels::Always),
    ("tallies", Travels::Never),
    ("tries", Travels::Never),
    ("signed_in_from", Travels::Never),
    ("form_marks", Travels::Whole),
    ("files", Travels::Always),
    ("file_chunks", Travels::AsFiles),
    ("people", Travels::Always),
    ("cards", Travels::Whole),
    ("sessions", Travels::Never),
    ("kept_forms", Travels::Never),
    ("groups", Travels::Always),
    ("memberships", Travels::Always),
    ("workspaces", Travels::Always),
    ("workspace_groups", Travels::Always),
    ("promises", Travels::Always),
    ("promise_agreements", Travels::Always),
    ("designs", Travels::Always),
    ("stage_moves", Travels::Always),
    ("sections", Travels::Always),
    // Over in five minutes, long before a file is read back.
    ("section_locks", Travels::Never),
    ("text_updates", Travels::Always),
    ("text_snapshots", Travels::Always),
    ("versions", Travels::Always),
    ("version_sections", Travels::Always),
    ("changes", Travels::Always),
    ("design_reads", Travels::Whole),
    // Between one person and those who check words: nobody else reads them, so no file for others has them.
    ("reports", Travels::Whole),
    ("templates", Travels::Always),
    ("pictures", Travels::Always),
    ("picture_widths", Travels::Always),
    ("comments", Travels::Always),
    ("suggestions", Travels::Always),
    ("suggestion_answers", Travels::Always),
    ("suggestion_supports", Travels::Always),
    ("stances", Travels::Always),
    ("decisions", Travels::Always),
    ("roll", Travels::Always),
    ("hands", Travels::Always),
    ("outcomes", Travels::Always),
    ("actions", Travels::Always),
    ("action_updates", Travels::Always),
    ("did_it_work", Travels::Always),
    ("did_it_work_shown", Travels::Always),
];

/// Columns that stay behind unless everything travels. What is sealed is a table of its own that travels whole, or it
/// stands here.
const SECRETS: &[(&str, &str)] = &[("people", "password")];

fn travels(table: &str) -> Result<Travels, MoveError> {
    let found = TRAVELS.iter().find(|(name, _)| *name == table);
    found.map(|(_, how)| *how).ok_or_else(|| MoveError::Unlisted(table.to_owned()))
}

fn is_secret(table: &str, column: &str) -> bool {
    SECRETS.contains(&(table, column))
}

fn as_json(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Whole(n) => Value::from(*n),
        Cell::Truth(b) => Value::from(*b),
        Cell::Id(id) => Value::from(id.to_string()),
        Cell::Bytes(bytes) => Value::from(to_hex(bytes)),
    }
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}

fn as_cell(column: &Column, value: &Value) -> Option<Cell> {
    Some(match (column.kind, value) {
        (_, Value::Null) => column.nullable.then_some(Cell::Null)?,
        // PostgreSQL keeps no NUL in words, and no page ever makes one.
        (Kind::Text, Value::String(s)) if !s.contains('\0') => Cell::Text(s.clone()),
        (Kind::Whole, Value::Number(n)) => Cell::Whole(n.as_i64()?),
        (Kind::Truth, Value::Bool(b)) => Cell::Truth(*b),
        (Kind::Id, Value::String(s)) => Cell::Id(uuid::Uuid::try_parse(s).ok()?),
        (Kind::Bytes, Value::String(s)) => Cell::Bytes(bytes_of(s)?),
        _ => return None,
    })
}

/// The row of one line, in the order of the table's columns. Never quotes the line: it is somebody's words.
fn row_of(table: &Table, line: &[u8]) -> Result<Vec<Cell>, String> {
    let object: Map<String, Value> = serde_json::from_slice(line).map_err(|_| "it is not a JSON object".to_owned())?;
    if object.len() != table.columns.len() {
        return Err("it has other columns than the table".to_owned());
    }
    let cell = |c: &Column| {
        let value = object.get(&c.name).ok_or_else(|| format!("{} is missing", c.name))?;
        as_cell(c, value).ok_or_else(|| format!("{} is not what it should be", c.name))
    };
    let mut cells: Vec<Cell> = table.columns.iter().map(cell).collect::<Result<_, _>>()?;
    closed::check(table, &cells)?;
    closed::draw_again(table, &mut cells);
    Ok(cells)
}

/// Writes to the zip and remembers the hash of what was written.
struct Hashed<'a, W: Write + Seek> {
    zip: &'a mut ZipWriter<W>,
    hash: Sha256,
    rows: u64,
}

impl<'a, W: Write + Seek> Hashed<'a, W> {
    fn start(zip: &'a mut ZipWriter<W>, name: &str) -> Result<Self, MoveError> {
        zip.start_file(name, SimpleFileOptions::default().large_file(true).unix_permissions(0o600))?;
        Ok(Self { zip, hash: Sha256::new(), rows: 0 })
    }
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.hash.update(bytes);
        self.zip.write_all(bytes)
    }
    fn end(self, name: String) -> Part {
        Part { name, rows: self.rows, sha256: to_hex(&self.hash.finalize()) }
    }
}

impl Service {
    /// Writes everything to a zip, as one moment of the database. `whole`: with what lets people sign in, for moving.
    /// `tell` hears the name of each part as it is begun.
    ///
    /// # Errors
    /// [`MoveError::BallotOpen`] for a whole export while a secret ballot is open; or the file or the database fails.
    pub async fn export<W: Write + Seek + Send>(
        &self,
        out: W,
        whole: bool,
        mut tell: impl FnMut(&str) + Send,
    ) -> Result<Manifest, MoveError> {
        let now = self.now();
        let mut tx = self.store().write().await?;
        if whole && store::moving::ballot_open(&mut tx, now).await? {
            return Err(MoveError::BallotOpen);
        }
        // Who took everybody's data away stands in what they took, too.
        let detail = if whole { "whole" } else { "without-secrets" };
        audit::note_system(&mut tx, now, Act { verb: "export", kind: "house", id: "", detail }).await?;
        tx.commit().await?;

        let mut tx = self.store().read().await?;
        // Asked again: one may have opened between the two transactions.
        if whole && store::moving::ballot_open(&mut tx, now).await? {
            return Err(MoveError::BallotOpen);
        }
        let mut zip = ZipWriter::new(out);
        let mut parts = Vec::new();
        let mut files = Vec::new();
        for table in tables() {
            match travels(&table.name)? {
                Travels::Always => {}
                Travels::Whole if whole => {}
                _ => continue,
            }
            tell(&table.name);
            let name = format!("tables/{}.jsonl", table.name);
            let mut part = Hashed::start(&mut zip, &name)?;
            let done = store::moving::each_row(&mut tx, table, |cells| {
                let mut line = Map::new();
                for (column, cell) in table.columns.iter().zip(&cells) {
                    let secret = !whole && is_secret(&table.name, &column.name);
                    line.insert(column.name.clone(), if secret { Value::Null } else { as_json(cell) });
                }
                if let ("files", Some(Cell::Bytes(hash))) = (table.name.as_str(), cells.first()) {
                    files.push(hash.clone());
                }
                part.rows += 1;
                let mut line = Value::Object(line).to_string();
                line.push('\n');
                part.write(line.as_bytes())
            });
            done.await??;
            parts.push(part.end(name));
        }
        for hash in files {
            let hash: [u8; 32] = hash.try_into().map_err(|_| bad("a file in the database has no proper hash"))?;
            let name = format!("files/{}", to_hex(&hash));
            tell(&name);
            let mut part = Hashed::start(&mut zip, &name)?;
            part.rows = 1;
            let mut n = 0;
            while let Some(chunk) = store::files::chunk(&mut tx, &hash, n).await? {
                part.write(&chunk)?;
                n += 1;
            }
            parts.push(part.end(name));
        }
        let migration = store::moving::migration(&mut tx).await?;
        let manifest = Manifest { format: NAME.to_owned(), version: FORMAT, migration, made_at: now.0, whole, parts };
        zip.start_file("manifest.json", SimpleFileOptions::default().unix_permissions(0o600))?;
        let text = serde_json::to_string_pretty(&manifest).map_err(|e| bad(e.to_string()))?;
        zip.write_all(text.as_bytes())?;
        zip.finish()?.flush()?;
        Ok(manifest)
    }

    /// Reads a zip of [`Service::export`] into this database, which must be empty, in one transaction, keeping every id.
    /// The hashes of the whole file are checked before the first row is written. A zip is somebody's file, so what can be
    /// derived is not read from it: words are drawn again, and words of closed lists and the hashes of passwords must be ours.
    ///
    /// # Errors
    /// [`MoveError`]: nothing was written.
    pub async fn import<R: Read + Seek + Send>(
        &self,
        file: R,
        tell: impl FnMut(&str) + Send,
    ) -> Result<Manifest, MoveError> {
        self.import_with(file, false, tell).await
    }

    /// The same; with `broken_log` also when the chain of the log of staff acts is broken. Then the log says so.
    ///
    /// # Errors
    /// As [`Service::import`].
    pub async fn import_with<R: Read + Seek + Send>(
        &self,
        file: R,
        broken_log: bool,
        mut tell: impl FnMut(&str) + Send,
    ) -> Result<Manifest, MoveError> {
        let mut zip = ZipArchive::new(file)?;
        let manifest = check(&mut zip, &mut tell)?;
        let mut tx = self.store().write().await?;
        for table in tables() {
            if !store::moving::is_empty(&mut tx, table).await? {
                return Err(MoveError::NotEmpty(table.name.clone()));
            }
        }
        store::moving::begin(&mut tx).await?;
        for table in tables() {
            let name = format!("tables/{}.jsonl", table.name);
            if !manifest.parts.iter().any(|p| p.name == name) {
                continue;
            }
            tell(&table.name);
            read_table(&mut tx, &mut zip, table, &name).await?;
        }
        for part in &manifest.parts {
            let Some(hash) = part.name.strip_prefix("files/").and_then(from_hex) else { continue };
            tell(&part.name);
            let bytes = read_all(&mut zip, &part.name, MOST_FILE)?;
            match store::files::size(&mut tx, &hash).await? {
                Some(size) if u64::try_from(size) == Ok(bytes.len() as u64) => {}
                _ => return Err(bad(format!("{} does not belong to the table of files", part.name))),
            }
            store::files::insert_chunks(&mut tx, &hash, &bytes).await.map_err(|e| row_error(e, &part.name))?;
        }
        let mut detail = if manifest.whole { "whole" } else { "without-secrets" }.to_owned();
        match audit::check(&mut tx).await? {
            Chain::Whole(_) => {}
            Chain::BrokenAt(n) if broken_log => {
                tell(&format!("Attention: the log of staff acts in this file was changed at row {n}."));
                detail.push_str(&format!(" broken-log-at={n}"));
            }
            Chain::BrokenAt(n) => return Err(MoveError::BrokenLog(n)),
        }
        audit::note_system(&mut tx, self.now(), Act { verb: "import", kind: "house", id: "", detail: &detail }).await?;
        tx.commit().await.map_err(|e| row_error(e, "the whole file"))?;
        Ok(manifest)
    }
}

/// A row that the tables refuse is the file's mistake; a database that is away is not.
fn row_error(e: StoreError, wher: &str) -> MoveError {
    match e {
        StoreError::Other(_) => bad(format!("{wher}: it points at something that is not in the file")),
        StoreError::Taken(_) => bad(format!("{wher}: the same thing is in it twice")),
        other => MoveError::Store(other),
    }
}

async fn read_table<R: Read + Seek + Send>(
    tx: &mut Tx,
    zip: &mut ZipArchive<R>,
    table: &Table,
    name: &str,
) -> Result<(), MoveError> {
    // The reader of a zip cannot travel between threads: lines are taken in batches, rows written between them.
    let mut skip = 0_u64;
    loop {
        let mut batch = Vec::new();
        let mut size = 0;
        let mut n = skip;
        {
            let mut lines = BufReader::new(zip.by_name(name)?);
            for_each_line(&mut lines, name, |at, line| {
                if at < skip || size >= BATCH_BYTES {
                    return Ok(size < BATCH_BYTES);
                }
                size += line.len();
                n = at + 1;
                batch.push(row_of(table, line).map_err(|why| bad(format!("{name}, line {}: {why}", at + 1)))?);
                Ok(true)
            })?;
        }
        if batch.is_empty() {
            return Ok(());
        }
        for (at, cells) in (skip..).zip(batch) {
            let wher = format!("{name}, line {}", at + 1);
            store::moving::insert(tx, table, cells).await.map_err(|e| row_error(e, &wher))?;
        }
        skip = n;
    }
}

/// Bytes of lines held in memory at once.
const BATCH_BYTES: usize = 64 << 20;

fn for_each_line<R: Read>(
    lines: &mut BufReader<R>,
    name: &str,
    mut each: impl FnMut(u64, &[u8]) -> Result<bool, MoveError>,
) -> Result<(), MoveError> {
    let mut line = Vec::new();
    for n in 0.. {
        line.clear();
        let read = lines
            .by_ref()
            .take(MOST_LINE)
            .read_until(b'\n', &mut line)
            .map_err(|_| bad(format!("{name} is damaged")))?;
        if read == 0 || !each(n, &line)? {
            return Ok(());
        }
    }
    Ok(())
}

fn read_all<R: Read + Seek>(zip: &mut ZipArchive<R>, name: &str, most: u64) -> Result<Vec<u8>, MoveError> {
    let part = zip.by_name(name).map_err(|_| bad(format!("{name} is missing")))?;
    let mut bytes = Vec::new();
    part.take(most + 1).read_to_end(&mut bytes).map_err(|_| bad(format!("{name} is damaged")))?;
    if bytes.len() as u64 > most { Err(bad(format!("{name} is too big"))) } else { Ok(bytes) }
}

/// Checks everything that can be checked without the database: the manifest, that each part is one of ours and
/// in its place, and that what is in it has its hash.
fn check<R: Read + Seek>(zip: &mut ZipArchive<R>, tell: &mut impl FnMut(&str)) -> Result<Manifest, MoveError> {
    let text = read_all(zip, "manifest.json", MOST_MANIFEST)?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| bad("its manifest is not one of Tandem's"))?;
    if manifest.format != NAME {
        return Err(bad("its manifest is not one of Tandem's"));
    }
    if manifest.version != FORMAT {
        return Err(bad(format!("its form has number {}, this program reads {FORMAT}", manifest.version)));
    }
    let known = store::moving::newest_migration();
    if manifest.migration != known {
        return Err(MoveError::OtherVersion { found: manifest.migration, known });
    }
    let mut names: Vec<&str> = manifest.parts.iter().map(|p| p.name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|w| w[0] == w[1]) || zip.len() != names.len() + 1 {
        return Err(bad("its parts are not those that its manifest names"));
    }
    let mut left = MOST_ALL;
    for part in &manifest.parts {
        let table = part.name.strip_prefix("tables/").and_then(|n| n.strip_suffix(".jsonl"));
        let file = part.name.strip_prefix("files/").filter(|n| from_hex(n).is_some_and(|h| to_hex(&h) == *n));
        let may = match (table, file) {
            (Some(table), None) => {
                tables().iter().any(|t| t.name == table)
                    && match travels(table)? {
                        Travels::Always => true,
                        Travels::Whole => manifest.whole,
                        Travels::Never | Travels::AsFiles => false,
                    }
            }
            (None, Some(_)) => true,
            _ => false,
        };
        if !may {
            return Err(bad("it has a part that no export has"));
        }
        tell(&part.name);
        let zipped = zip.by_name(&part.name).map_err(|_| bad(format!("{} is missing", part.name)))?;
        let mut rest = zipped.take(left + 1);
        let (mut hash, mut buffer) = (Sha256::new(), vec![0u8; 64 * 1024]);
        loop {
            let n = rest.read(&mut buffer).map_err(|_| bad(format!("{} is damaged", part.name)))?;
            if n == 0 {
                break;
            }
            hash.update(&buffer[..n]);
            left = left.checked_sub(n as u64).ok_or_else(|| bad("it unpacks to far more than it should"))?;
        }
        let found = to_hex(&hash.finalize());
        if found != part.sha256 || file.is_some_and(|name| name != found) {
            return Err(bad(format!("{} was changed after it was written", part.name)));
        }
    }
    for table in tables() {
        if travels(&table.name)? == Travels::Always
            && !manifest.parts.iter().any(|p| p.name == format!("tables/{}.jsonl", table.name))
        {
            return Err(bad(format!("the table {} is missing", table.name)));
        }
    }
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_says_how_it_travels() {
        for table in tables() {
            assert!(travels(&table.name).is_ok(), "say in TRAVELS whether {} may leave, and what of it", table.name);
        }
        for (name, _) in TRAVELS {
            assert!(tables().iter().any(|t| t.name == *name), "there is no table {name}");
        }
    }

    /// Columns that sound like a secret, and are none.
    const OPEN: [(&str, &str); 4] =
        [("audit", "before_hash"), ("audit", "hash"), ("files", "hash"), ("people", "sign_in_key")];

    #[test]
    fn what_sounds_like_a_secret_stays_behind() {
        for table in tables() {
            if !matches!(travels(&table.name), Ok(Travels::Always)) {
                continue;
            }
            for column in &table.columns {
                let name = column.name.as_str();
                let sounds = [
                    "hash", "secret", "password", "sealed", "cipher", "key", "token", "code", "pin", "ballot",
                    "concern",
                ]
                .iter()
                .any(|word| name.contains(word));
                let known = is_secret(&table.name, name) || OPEN.contains(&(table.name.as_str(), name));
                assert!(!sounds || known, "{}.{name}: may it leave? Say so in SECRETS or here", table.name);
            }
        }
    }
}
