//! `tandem verify RESULT`: whether a signed result is what was signed, and by whom.

use std::path::PathBuf;

use clap::Args;
use service::Keys;
use service::signed::{public_keys, verify};

use crate::commands::{Settings, voice};

/// Check a signed result.
#[derive(Debug, Args)]
pub struct Verify {
    /// The file that somebody gave you
    file: PathBuf,
    /// The public key that it must be signed with, as 64 letters and digits [default: those of this installation]
    #[arg(long)]
    public_key: Option<String>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Checks the file.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard: the file is not good, or nobody we know signed it.
    pub fn run(self, settings: &Settings) -> Result<(), String> {
        let name = self.file.display();
        let bytes = std::fs::read(&self.file).map_err(|e| format!("{name} cannot be read: {e}."))?;
        let (signed, key) = verify(&bytes).map_err(|e| format!("{name} is not good: {e}. Do not rely on it."))?;
        let known = match &self.public_key {
            Some(wanted) => Some(wanted.eq_ignore_ascii_case(&signed.public_key)),
            None => Keys::read(&settings.keys).ok().map(|keys| public_keys(&keys).contains(&key)),
        };
        if known == Some(false) {
            return Err(format!(
                "{name} is whole, and signed with another key: {}. Ask whoever published it which key is theirs.",
                signed.public_key
            ));
        }
        if self.json {
            let payload: serde_json::Value = serde_json::from_str(&signed.payload).unwrap_or_default();
            return voice::json(&serde_json::json!({
                "good": true, "known_key": known.is_some(), "public_key": signed.public_key,
                "sha256": signed.sha256, "payload": payload,
            }));
        }
        voice::answer(&format!("{name} is good: nothing was changed after it was signed."));
        match known {
            Some(_) => voice::answer("The key is the one you trust."),
            None => voice::answer(&format!(
                "It was signed with the key {}. There are no keys here to compare it with: compare it with what was published.",
                signed.public_key
            )),
        }
        voice::answer(&signed.payload);
        Ok(())
    }
}
