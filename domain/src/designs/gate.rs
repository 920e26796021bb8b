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
use crate::words::{SectionWords, is_text};

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
    /// It changes a section that is taken out, or that somebody else has to themselves.
    #[error("the section is not open")]
    NotOpen(SectionId),
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

/// An update as it came, and by whom.
#[derive(Clone, Copy)]
pub struct Came<'a> {
    /// The writer it must be of.
    pub writer: Writer,
    /// Its bytes.
    pub update: &'a [u8],
    /// The sections it may change. Not those that are taken out, or that somebody else has to themselves.
    pub open: &'a [SectionId],
}

/// An update that may be applied and kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Step {
    /// Encoded anew: not the bytes that came. Empty when everything in it was there already.
    pub update: Vec<u8>,
    /// The sections it changed, with their words after it.
    pub changed: Vec<(SectionId, String)>,
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Step({} bytes)", self.update.len())
    }
}

/// What several updates came to, one after the other.
pub struct Taken {
    /// For each update, in order: what it does, or why it was refused.
    pub steps: Vec<Result<Step, Refusal>>,
    /// The state after all that passed.
    pub state: Vec<u8>,
}

/// Tries an update of `writer` on a copy of `state` (trusted: from our own database). `sections`: those it may write in.
///
/// # Errors
/// [`Refusal`]; then nothing has happened to anything.
pub fn pass(state: &[u8], update: &[u8], writer: Writer, sections: &[SectionId]) -> Result<Passed, Refusal> {
    let (mut steps, state) = guarded(state, &[Came { writer, update, open: sections }], sections)?;
    let step = steps.pop().ok_or(Refusal::Damaged)?;
    let after = SharedText::of(Writer::from_random(0), [&state[..]]).map_err(|_| Refusal::Damaged)?;
    let words = sections.iter().map(|s| (*s, after.words(*s))).collect();
    // What changes nothing is an update that says nothing.
    let update = if step.update.is_empty() { vec![0, 0] } else { step.update };
    Ok(Passed { update, words })
}

/// Tries updates of several writers, one after the other, on a copy of `state` (trusted). `sections`: all of this design.
/// When all of them are good, which is nearly always, they share one copy; else each is tried by itself, so that what
/// somebody sent keeps nobody else's words out.
///
/// # Errors
/// Never for what came; [`Refusal::Damaged`] when `state` itself cannot be read.
pub fn take_all(state: &[u8], came: &[Came<'_>], sections: &[SectionId]) -> Result<Taken, Refusal> {
    if let Ok((steps, state)) = guarded(state, came, sections) {
        return Ok(Taken { steps: steps.into_iter().map(Ok).collect(), state });
    }
    let mut state = state.to_vec();
    if guarded(&state, &[], sections).is_err() {
        return Err(Refusal::Damaged);
    }
    let mut steps = Vec::with_capacity(came.len());
    for one in came {
        steps.push(match guarded(&state, std::slice::from_ref(one), sections) {
            Ok((mut done, after)) => {
                state = after;
                done.pop().ok_or(Refusal::Damaged)
            }
            Err(refusal) => Err(refusal),
        });
    }
    Ok(Taken { steps, state })
}

fn guarded(state: &[u8], came: &[Came<'_>], sections: &[SectionId]) -> Result<(Vec<Step>, Vec<u8>), Refusal> {
    for one in came {
        if one.update.len() > MAX_UPDATE {
            return Err(Refusal::TooManyBytes);
        }
        plain::check(one.update, one.writer.id().get(), sections)?;
    }
    // A panic of the library ends here; the copy it happened in is dropped.
    catch_unwind(AssertUnwindSafe(|| attempt(state, came, sections))).unwrap_or(Err(Refusal::Damaged))
}

fn attempt(state: &[u8], came: &[Came<'_>], sections: &[SectionId]) -> Result<(Vec<Step>, Vec<u8>), Refusal> {
    let copy = SharedText::of(Writer::from_random(0), [state]).map_err(|_| Refusal::Damaged)?;
    let mut words: Vec<String> = sections.iter().map(|s| copy.words(*s)).collect();
    let mut steps = Vec::with_capacity(came.len());
    for one in came {
        let update = step(&copy, one)?;
        let mut changed = Vec::new();
        for (section, old) in sections.iter().zip(&mut words) {
            let now = copy.words(*section);
            if now != *old {
                if !one.open.contains(section) {
                    return Err(Refusal::NotOpen(*section));
                }
                old.clone_from(&now);
                changed.push((*section, now));
            }
        }
        steps.push(Step { update, changed });
    }
    only_plain_words(&copy, sections)?;
    // The document that everybody shares must be able to take it, and to be written down afterwards.
    let parts = std::iter::once(state).chain(steps.iter().filter(|s| !s.update.is_empty()).map(|s| &s.update[..]));
    let proof = SharedText::of(Writer::from_random(0), parts).map_err(|_| Refusal::Damaged)?;
    let state = proof.state();
    let again = SharedText::of(Writer::from_random(0), [&state[..]]).map_err(|_| Refusal::Damaged)?;
    for (section, now) in sections.iter().zip(&words) {
        if proof.words(*section) != *now || again.words(*section) != *now {
            return Err(Refusal::Damaged);
        }
    }
    Ok((steps, state))
}

/// Applies one update to the copy, and gives what the copy made of it.
fn step(copy: &SharedText, one: &Came<'_>) -> Result<Vec<u8>, Refusal> {
    let before = copy.doc.transact().state_vector();
    let came = Update::decode_v1(one.update).map_err(|_| Refusal::Damaged)?;
    let mut txn = copy.doc.transact_mut();
    txn.apply_update(came).map_err(|_| Refusal::Damaged)?;
    if txn.has_missing_updates() {
        return Err(Refusal::Missing);
    }
    let update = if txn.has_changes() { txn.encode_update_v1() } else { Vec::new() };
    drop(txn);
    let after = copy.doc.transact().state_vector();
    if after.iter().any(|(client, clock)| *client != one.writer.id() && before.get(client) != *clock) {
        return Err(Refusal::NotOwn);
    }
    Ok(update)
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
        if !words.chars().all(is_text) {
            return Err(Refusal::NotWords);
        }
        if words.chars().count() > SectionWords::MAX {
            return Err(Refusal::TooLong);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
