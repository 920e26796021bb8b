//! A packed document, opened with care: few entries, little unpacked, nothing run.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::BadDocument;

/// Most files in one document.
const MOST_ENTRIES: usize = 3000;
/// Most bytes that one of them may unpack to.
const MOST_UNPACKED: u64 = 12 * 1024 * 1024;

pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, BadDocument> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BadDocument::Broken)?;
        if zip.len() > MOST_ENTRIES {
            return Err(BadDocument::Bomb);
        }
        let macros = zip.file_names().any(|name| {
            let name = name.to_ascii_lowercase();
            name.ends_with("vbaproject.bin") || name.starts_with("basic/") || name.starts_with("scripts/")
        });
        if macros { Err(BadDocument::Macros) } else { Ok(Self { zip }) }
    }

    /// One file as text.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, BadDocument> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        String::from_utf8(bytes).map(Some).map_err(|_| BadDocument::Broken)
    }

    /// One file. What the archive says about its size is not believed: reading stops by itself.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, BadDocument> {
        let file = match self.zip.by_name(name) {
            Ok(file) => file,
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(_) => return Err(BadDocument::Broken),
        };
        let mut bytes = Vec::new();
        file.take(MOST_UNPACKED + 1).read_to_end(&mut bytes).map_err(|_| BadDocument::Broken)?;
        if bytes.len() as u64 > MOST_UNPACKED {
            return Err(BadDocument::Bomb);
        }
        Ok(Some(bytes))
    }
}
