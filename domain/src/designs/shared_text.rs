//! The shared text of a design: one document, one text for each section, that any number of people change at once.
//!
//! Text is a yrs document (a CRDT): changes commute, so everybody who has the same changes has the same words, in whatever
//! order they came. Positions are UTF-16 units, as in browsers. What a plain form sends is merged by [`SharedText::merge`]:
//! the state the writer saw, what they made of it, and everything others did meanwhile. Where a program would leave little
//! of what somebody wrote or kept, it merges nothing: people put the two texts together (`designs/apart.rs` has the rule).
//!
//! No randomness here: ids of writers ([`Writer`]) come from outside.

use std::collections::{BTreeSet, HashSet};

use yrs::block::ClientID;
use yrs::updates::decoder::Decode as _;
use yrs::{
    Assoc, Doc, GetString as _, IndexedSequence as _, OffsetKind, Options, ReadTxn as _, StateVector, StickyIndex,
};
use yrs::{Text as _, Transact as _, Update, WriteTxn as _};

use super::apart;
use super::diff::{edits, utf16};
use crate::ids::SectionId;

/// One editing session of one person: 53 random bits, never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writer(u64);

impl Writer {
    /// From random bits; the upper ones are left out. Zero is nobody, so it becomes one.
    pub const fn from_random(bits: u64) -> Self {
        let id = bits & ((1 << 53) - 1);
        Self(if id == 0 { 1 } else { id })
    }

    /// Its number, as it travels to a browser and back.
    pub const fn number(self) -> u64 {
        self.0
    }

    pub(super) fn id(self) -> ClientID {
        ClientID::new(self.0)
    }
}

/// Bytes that are no update of a shared text, or do not fit to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an update of this text")]
pub struct BadUpdate;

/// The shared text of one design at one moment, in the hands of one writer.
pub struct SharedText {
    pub(super) doc: Doc,
}

impl std::fmt::Debug for SharedText {
    // The words never reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedText(…)")
    }
}

/// What a posted form did.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// The change itself, to be kept and sent to others; empty when nothing was changed.
    pub update: Vec<u8>,
    /// The words of the section with everything merged.
    pub words: String,
}

impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Change({} bytes)", self.update.len())
    }
}

impl SharedText {
    /// An empty document in the hands of `writer`.
    pub fn new(writer: Writer) -> Self {
        let mut options = Options::with_client_id(writer.id());
        options.offset_kind = OffsetKind::Utf16;
        Self { doc: Doc::with_options(options) }
    }

    /// A document from a snapshot or from updates, in any order, each any number of times. Only for bytes of our own
    /// database: what comes from a browser goes through [`super::gate`] first.
    ///
    /// # Errors
    /// [`BadUpdate`] when bytes are damaged, or a change is there whose own beginnings are missing.
    pub fn of<'a>(writer: Writer, updates: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, BadUpdate> {
        let text = Self::new(writer);
        text.take(updates)?;
        Ok(text)
    }

    /// Takes in what others did.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn take<'a>(&self, updates: impl IntoIterator<Item = &'a [u8]>) -> Result<(), BadUpdate> {
        let mut txn = self.doc.transact_mut();
        for bytes in updates {
            let update = Update::decode_v1(bytes).map_err(|_| BadUpdate)?;
            txn.apply_update(update).map_err(|_| BadUpdate)?;
        }
        if txn.has_missing_updates() { Err(BadUpdate) } else { Ok(()) }
    }

    /// The words of a section.
    pub fn words(&self, section: SectionId) -> String {
        let txn = self.doc.transact();
        txn.get_text(section.to_string()).map_or_else(String::new, |t| t.get_string(&txn))
    }

    /// Everything, as one update.
    pub fn state(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    /// Makes the words of a section what `words` says, word by word, and gives the change.
    pub fn write(&self, section: SectionId, words: &str) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        let text = txn.get_or_insert_text(section.to_string());
        let old = text.get_string(&txn);
        for edit in edits(&old, words) {
            if edit.remove > 0 {
                text.remove_range(&mut txn, edit.at, edit.remove);
            }
            if !edit.insert.is_empty() {
                text.insert(&mut txn, edit.at, &edit.insert);
            }
        }
        txn.encode_update_v1()
    }

    /// Merges a posted form, or says by `None` that the posted text and the text of now are too far apart for a program to
    /// put them together (the rule is that of `designs/apart.rs`, the same for both sides). Then this copy of the text is of
    /// no use any more, nothing was changed, and both texts are shown. Otherwise as [`Self::post`].
    ///
    /// # Errors
    /// [`BadUpdate`] when `since` does not fit.
    pub fn merge<'a>(
        &self,
        section: SectionId,
        posted: &str,
        now: &str,
        since: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Option<Change>, BadUpdate> {
        if posted == now {
            // Two people who made the same change made it once.
            self.take(since)?;
            return Ok(Some(Change { update: Vec::new(), words: now.to_owned() }));
        }
        let old = self.words(section);
        if old == now || old == posted {
            return self.post(section, posted, now, since).map(Some);
        }
        if apart::in_lines(&old, posted, now) {
            return Ok(None);
        }
        let change = self.post(section, posted, now, since)?;
        Ok((!apart::as_a_whole(&change.words, posted, now)).then_some(change))
    }

    /// Merges a posted form. `self` is the state that the form was made from, in the hands of a fresh writer; `posted` is
    /// what the form says now; `now` is what the section says without it, and `since` is what others did meanwhile
    /// (updates, or one snapshot of now).
    ///
    /// Nothing anybody wrote is lost. Where two people wrote at the same place both stand there, with a space between two
    /// words, or as two paragraphs where the section was empty.
    ///
    /// # Errors
    /// [`BadUpdate`] when `since` does not fit.
    pub(crate) fn post<'a>(
        &self,
        section: SectionId,
        posted: &str,
        now: &str,
        since: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Change, BadUpdate> {
        let old = self.words(section);
        let gap = if old.trim().is_empty() { "\n\n" } else { " " };
        let written = (old != posted).then(|| self.write(section, posted));
        let mut since = since.into_iter().peekable();
        if since.peek().is_none() {
            // Nobody else wrote: there is nothing that our words could stand beside.
            return Ok(Change { update: written.unwrap_or_default(), words: self.words(section) });
        }
        let ends = self.own_ends(section, &old, posted);
        self.take(since)?;
        // Only now do others' words stand beside ours: two words that touch get their gap.
        let mut txn = self.doc.transact_mut();
        let text = txn.get_or_insert_text(section.to_string());
        let places: BTreeSet<u32> = ends.iter().filter_map(|end| end.get_offset(&txn)).map(|at| at.index).collect();
        let there = letters(&text.get_string(&txn));
        // Last first: what is put in moves nothing that stands before it.
        for at in places.into_iter().rev().filter(|at| touching(&there, *at, gap != " ")) {
            text.insert(&mut txn, at, gap);
        }
        for at in run_together(&text.get_string(&txn), [posted, now]) {
            text.insert(&mut txn, at, " ");
        }
        let gaps = txn.has_changes().then(|| txn.encode_update_v1());
        drop(txn);
        let update = match (written, gaps) {
            (Some(written), Some(gaps)) => yrs::merge_updates_v1([written, gaps]).map_err(|_| BadUpdate)?,
            (written, _) => written.unwrap_or_default(),
        };
        Ok(Change { update, words: self.words(section) })
    }

    /// The places where `posted` changed something, as marks that move with the words on both sides. Places where words
    /// touched already when they were written are as their writer wanted them.
    fn own_ends(&self, section: SectionId, old: &str, posted: &str) -> Vec<StickyIndex> {
        let mut txn = self.doc.transact_mut();
        let text = txn.get_or_insert_text(section.to_string());
        let mut out = Vec::new();
        let typed = letters(posted);
        for edit in edits(old, posted) {
            let ends = [edit.at, edit.at + utf16(&edit.insert)];
            for at in ends.iter().take(if edit.insert.is_empty() { 1 } else { 2 }) {
                if !touching(&typed, *at, false) {
                    out.extend(text.sticky_index(&txn, *at, Assoc::Before));
                    out.extend(text.sticky_index(&txn, *at, Assoc::After));
                }
            }
        }
        out
    }
}

/// The letters of a text, each with the place behind it.
fn letters(text: &str) -> Vec<(u32, char)> {
    let mut at = 0;
    let place = |c: char| {
        at += u32::try_from(c.len_utf16()).unwrap_or(0);
        (at, c)
    };
    text.chars().map(place).collect()
}

/// Whether two words touch at this place: a letter after a letter, or a letter right after the end of a sentence.
/// `strictly`: anything that is no space counts.
fn touching(letters: &[(u32, char)], at: u32, strictly: bool) -> bool {
    let next = letters.partition_point(|(behind, _)| *behind <= at);
    let (Some((_, c)), Some((_, before))) = (letters.get(next), next.checked_sub(1).and_then(|n| letters.get(n)))
    else {
        return false;
    };
    if strictly {
        !before.is_whitespace() && !c.is_whitespace()
    } else {
        c.is_alphanumeric() && (before.is_alphanumeric() || ".,;:!?".contains(*before))
    }
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// Where words nobody wrote have come about because two that somebody did write ran together: the places between them,
/// last first.
fn run_together(text: &str, written: [&str; 2]) -> Vec<u32> {
    let known: HashSet<&str> = written.into_iter().flat_map(words_of).collect();
    let mut out = Vec::new();
    for word in words_of(text).filter(|w| !known.contains(w)) {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let mut rest = word;
        let mut places = Vec::new();
        // The longest known beginning, again and again; a word that is not made of known ones stays as it is.
        while !rest.is_empty() {
            let ends = rest.char_indices().map(|(i, c)| i + c.len_utf8());
            let Some(end) = ends.rev().find(|end| known.contains(&rest[..*end])) else { break };
            rest = &rest[end..];
            if !rest.is_empty() {
                places.push(utf16(&text[..start + word.len() - rest.len()]));
            }
        }
        if rest.is_empty() {
            out.extend(places);
        }
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests;
