//! The mark of the log of staff acts: number and hash of its newest row, in the folder of keys. Rows that are cut off at the
//! end of the log leave a chain that is whole; the mark knows that there were more.
//!
//! One file for each database, because one folder of keys can serve several: `log-NNNN.mark`, where NNNN is made of the
//! database's address without name and password. It is written by `doctor`, `backup` and `export` and when serving starts and
//! stops, not with every act; and only where the log goes on from the mark that is there, so that no mark is lost that shows
//! something. `restore` begins a new one: it brings back an older log on purpose, and says so in it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use service::Service;
use service::audit::{Mark, Since};
use service::world::{from_hex, sha256, to_hex};

use crate::commands::backup::{beside, without_password};
use crate::commands::{Settings, voice};

/// What a mark says about the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// There is none yet.
    NoMark,
    /// The log goes on from it.
    Good,
    /// It does not.
    Bad(Mark, Since),
}

/// Where the mark of this database is.
pub fn file(settings: &Settings) -> PathBuf {
    let address = match settings.sqlite_file() {
        // The same file by whichever way it is named.
        Some(name) => std::fs::canonicalize(name).unwrap_or_else(|_| name.to_owned()).display().to_string(),
        None => {
            let address = without_password(&settings.database_url).0;
            let (scheme, rest) = address.split_once("://").unwrap_or(("", &address));
            format!("{scheme}://{}", rest.split_once('@').map_or(rest, |(_, server)| server))
        }
    };
    settings.keys.join(format!("log-{}.mark", &to_hex(&sha256(address.as_bytes()))[..16]))
}

/// Reads a mark. A file that is no mark is an error: somebody wrote to it.
fn read(file: &Path) -> Result<Option<Mark>, String> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(format!("{} cannot be read: {e}.", file.display())),
    };
    let mark = text.trim().split_once(' ').and_then(|(seq, hash)| {
        let mark = Mark { seq: seq.parse().ok()?, hash: from_hex(hash)? };
        (mark.seq > 0).then_some(mark)
    });
    mark.map(Some)
        .ok_or_else(|| format!("{} is no mark of the log. Move it away, and find out who wrote to it.", file.display()))
}

/// A whole mark, or the one before: written beside its place first.
fn write(file: &Path, mark: Mark) -> std::io::Result<()> {
    let part = beside(file, &format!("{}.part", std::process::id()));
    let mut out = crate::private::create(&part)?;
    let done = out
        .write_all(format!("{} {}\n", mark.seq, to_hex(&mark.hash)).as_bytes())
        .and_then(|()| out.sync_all())
        .and_then(|()| std::fs::rename(&part, file));
    if done.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    done
}

/// Compares the log with its mark.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub async fn compare(settings: &Settings, service: &Service) -> Result<Said, String> {
    let Some(mark) = read(&file(settings))? else { return Ok(Said::NoMark) };
    match service.audit_since(mark).await {
        Ok(Since::Follows) => Ok(Said::Good),
        Ok(since) => Ok(Said::Bad(mark, since)),
        Err(e) => Err(format!("The log of staff acts cannot be read: {e}.")),
    }
}

/// Writes the mark of the log as it is now, whatever mark there is. Nothing for an empty log, and where there is no folder
/// of keys: then this is not where Tandem is served.
///
/// # Errors
/// A sentence for the person at the keyboard.
pub async fn begin_anew(settings: &Settings, service: &Service) -> Result<(), String> {
    let mark = service.audit_mark().await.map_err(|e| format!("The log of staff acts cannot be read: {e}."))?;
    let Some(mark) = mark.filter(|_| settings.keys.is_dir()) else { return Ok(()) };
    let file = file(settings);
    write(&file, mark).map_err(|e| format!("{} cannot be written: {e}.", file.display()))
}

/// Moves the mark on to the newest row, where the log goes on from the one there is.
///
/// # Errors
/// What to tell whoever runs this: the log does not go on from its mark, or the mark cannot be read or written.
pub async fn move_on(settings: &Settings, service: &Service) -> Result<(), String> {
    match compare(settings, service).await? {
        Said::NoMark | Said::Good => begin_anew(settings, service).await,
        Said::Bad(..) => Err("The log of staff acts is not what it was: run tandem doctor.".to_owned()),
    }
}

/// The same for a command that did what it was asked: what is wrong with the mark is told and stops nothing.
pub async fn move_on_or_say(settings: &Settings, service: &Service) {
    if let Err(words) = move_on(settings, service).await {
        voice::progress(&format!("Attention: {words}"));
    }
}

/// What is wrong, and what to do about it.
pub fn words(settings: &Settings, mark: Mark, since: Since) -> String {
    let what = match since {
        Since::CutOffAfter(last) => {
            format!("The log of staff acts had {} rows once and ends at row {last} now.", mark.seq)
        }
        _ => format!("Row {} of the log of staff acts is not the one that was there.", mark.seq),
    };
    format!(
        "{what} If you put an older copy there without tandem restore, or began anew, remove {} and run this again. Else \
         somebody took rows away around Tandem: keep a backup as evidence and tell whoever answers for data protection.",
        file(settings).display()
    )
}
