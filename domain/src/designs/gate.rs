//! The gate for changes that come from outside: damaged or clever bytes never reach the document that everybody shares.
//!
//! yrs accepts some damaged updates and panics in every later snapshot of that document (ENGINEERING.md 3). So each update
//! is tried on a copy first, and what goes on is not the bytes that came but what the copy made of them.

mod plain;

use std::panic::{AssertUnwindSafe, catch_unwind};

use yrs::types::text::YChange;
use yrs::updates::decoder::Decode as _;
use yrs::{Any, GetString as _, Out, ReadTxn as _, Text as _, Transact as _, Update};

use super::shared_text::{SharedText, Writer};
use crate::ids::SectionId;
use crate::words::SectionWords;

/// Most bytes of one update: a whole section written anew fits several times.
pub const MAX_UPDATE: usize = 256 * 1024;

/// Why an update was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More bytes than any honest update has.
    #[error("too many bytes")]
    TooManyBytes,
    /// Not an update, or one that breaks the document.
    #[error("damaged")]
    Damaged,
    /// It builds on changes that we do not have.
    #[error("something before it is missing")]
    Missing,
    /// It writes in somebody else's name.
    #[error("not the writer's own")]
    NotOwn,
    /// It writes something other than plain words into a section of this design.
    #[error("not plain words of a section")]
    NotWords,
    /// A section would be longer than fits.
    #[error("too long")]
    TooLong,
}

/// An update that may be applied and kept, and what the sections it touched say after it.
#[derive(Clone, PartialEq, Eq)]
pub struct Passed {
    /// Encoded anew: not the bytes that came.
    pub update: Vec<u8>,
    /// The words of each section after it.
    pub words: Vec<(SectionId, String)>,
}

impl std::fmt::Debug for Passed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Passed({} bytes)", self.update.len())
    }
}

/// Tries an update of `writer` on a copy of `state` (trusted: from our own database). `sections`: those it may write in.
///
/// # Errors
/// [`Refusal`]; then nothing has happened to anything.
pub fn pass(state: &[u8], update: &[u8], writer: Writer, sections: &[SectionId]) -> Result<Passed, Refusal> {
    if update.len() > MAX_UPDATE {
        return Err(Refusal::TooManyBytes);
    }
    plain::check(update, writer.id().get(), sections)?;
    // A panic of the library ends here; the copy it happened in is dropped.
    catch_unwind(AssertUnwindSafe(|| attempt(state, update, writer, sections))).unwrap_or(Err(Refusal::Damaged))
}

fn attempt(state: &[u8], update: &[u8], writer: Writer, sections: &[SectionId]) -> Result<Passed, Refusal> {
    let copy = SharedText::of(Writer::from_random(0), [state]).map_err(|_| Refusal::Damaged)?;
    let before = copy.doc.transact().state_vector();
    let came = Update::decode_v1(update).map_err(|_| Refusal::Damaged)?;
    {
        let mut txn = copy.doc.transact_mut();
        txn.apply_update(came).map_err(|_| Refusal::Damaged)?;
        if txn.has_missing_updates() {
            return Err(Refusal::Missing);
        }
    }
    let after = copy.doc.transact().state_vector();
    if after.iter().any(|(client, clock)| *client != writer.id() && before.get(client) != *clock) {
        return Err(Refusal::NotOwn);
    }
    only_plain_words(&copy, sections)?;
    let passed = copy.doc.transact().encode_diff_v1(&before);
    // The document that everybody shares must be able to take it, and to be written down afterwards.
    let proof = SharedText::of(Writer::from_random(0), [state, &passed[..]]).map_err(|_| Refusal::Damaged)?;
    let again = SharedText::of(Writer::from_random(0), [&proof.state()[..]]).map_err(|_| Refusal::Damaged)?;
    let mut words = Vec::with_capacity(sections.len());
    for section in sections {
        let now = copy.words(*section);
        if proof.words(*section) != now || again.words(*section) != now {
            return Err(Refusal::Damaged);
        }
        words.push((*section, now));
    }
    Ok(Passed { update: passed, words })
}

fn only_plain_words(copy: &SharedText, sections: &[SectionId]) -> Result<(), Refusal> {
    let txn = copy.doc.transact();
    for section in sections {
        let Some(text) = txn.get_text(section.to_string()) else { continue };
        let plain = text
            .diff(&txn, YChange::identity)
            .iter()
            .all(|d| d.attributes.is_none() && matches!(d.insert, Out::Any(Any::String(_))));
        if !plain {
            return Err(Refusal::NotWords);
        }
        let words = text.get_string(&txn);
        if words.chars().count() > SectionWords::MAX {
            return Err(Refusal::TooLong);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
