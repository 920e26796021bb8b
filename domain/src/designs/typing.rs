//! One editing session in a browser: the shared text, what was typed and not sent yet, and taking back one's own changes.
//!
//! No browser here, no clock and no chance: the island (`frontend/src/writing`) brings them, and tests bring their own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use yrs::undo::{Options, UndoManager};
use yrs::updates::decoder::Decode as _;
use yrs::{Assoc, IndexedSequence as _, ReadTxn as _, StickyIndex, Text as _, Transact as _, Update, WriteTxn as _};

use super::shared_text::{BadUpdate, SharedText, Writer};
use super::splice::Splice;
use crate::ids::SectionId;

/// What one typed within this time is taken back together, in milliseconds.
const TOGETHER_MS: u64 = 700;
/// The mark of one's own changes.
const MINE: &str = "mine";
/// The mark of what others did.
const THEIRS: &str = "theirs";

/// A clock in milliseconds, from wherever.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// A place in a section that keeps its place while others write.
#[derive(Debug)]
pub struct Mark {
    at: Option<StickyIndex>,
    was: u32,
}

/// One editing session.
pub struct Typing {
    // Before the text: it holds a pointer into it and takes it back when it goes.
    undo: HashMap<SectionId, UndoManager<()>>,
    text: SharedText,
    clock: Clock,
    /// Own changes that were not sent yet. Filled by the library, inside its transactions.
    mine: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl std::fmt::Debug for Typing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typing(…)")
    }
}

impl Typing {
    /// A session of `writer` with nothing in it yet.
    pub fn new(writer: Writer, clock: Clock) -> Self {
        let text = SharedText::new(writer);
        let mine: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let into = mine.clone();
        // Everything that is not theirs is one's own: typing, and taking back.
        let _ = text.doc.observe_update_v1("mine", move |txn, event| {
            let theirs = txn.origin().is_some_and(|origin| *origin == THEIRS.into());
            if !theirs && let Ok(mut mine) = into.lock() {
                mine.push(event.update.clone());
            }
        });
        Self { undo: HashMap::new(), text, clock, mine }
    }

    /// Takes in what others did; bytes of our own server.
    ///
    /// # Errors
    /// [`BadUpdate`] when something before it is missing: ask for everything anew.
    pub fn take(&mut self, update: &[u8]) -> Result<(), BadUpdate> {
        let mut txn = self.text.doc.transact_mut_with(THEIRS);
        let update = Update::decode_v1(update).map_err(|_| BadUpdate)?;
        txn.apply_update(update).map_err(|_| BadUpdate)?;
        if txn.has_missing_updates() { Err(BadUpdate) } else { Ok(()) }
    }

    /// The words of a section.
    pub fn words(&self, section: SectionId) -> String {
        self.text.words(section)
    }

    /// Does in the text what somebody did in the box.
    pub fn splice(&mut self, section: SectionId, splice: &Splice) {
        let clock = self.clock.clone();
        let doc = &self.text.doc;
        // The first change of a section: from here on it can be taken back.
        self.undo.entry(section).or_insert_with(|| {
            let text = doc.get_or_insert_text(section.to_string());
            let options = Options {
                capture_timeout_millis: TOGETHER_MS,
                tracked_origins: [MINE.into()].into_iter().collect(),
                capture_transaction: None,
                timestamp: Arc::new(move || clock()),
                init_undo_stack: Vec::new(),
                init_redo_stack: Vec::new(),
            };
            let mut manager = UndoManager::with_options(options);
            manager.expand_scope(doc, &text);
            manager
        });
        let mut txn = self.text.doc.transact_mut_with(MINE);
        let text = txn.get_or_insert_text(section.to_string());
        let there = text.len(&txn);
        let at = splice.at.min(there);
        let remove = splice.remove.min(there - at);
        if remove > 0 {
            text.remove_range(&mut txn, at, remove);
        }
        if !splice.insert.is_empty() {
            text.insert(&mut txn, at, &splice.insert);
        }
    }

    /// Takes back one's own last change of a section, or (`again`) does it once more. Others' changes stay.
    pub fn undo(&mut self, section: SectionId, again: bool) -> bool {
        let Some(manager) = self.undo.get_mut(&section) else { return false };
        if again { manager.redo_blocking() } else { manager.undo_blocking() }
    }

    /// Marks a place, so that it can be found again after others have written. It stays with what stands before it.
    pub fn mark(&self, section: SectionId, at: u32) -> Mark {
        let mut txn = self.text.doc.transact_mut_with(THEIRS);
        let text = txn.get_or_insert_text(section.to_string());
        let was = at.min(text.len(&txn));
        Mark { at: text.sticky_index(&txn, was, Assoc::Before), was }
    }

    /// Where a mark is now.
    pub fn place(&self, mark: &Mark) -> u32 {
        let txn = self.text.doc.transact();
        mark.at.as_ref().and_then(|at| at.get_offset(&txn)).map_or(mark.was, |offset| offset.index)
    }

    /// Whether there are own changes that were not asked for yet.
    pub fn has_unsent(&self) -> bool {
        self.mine.lock().is_ok_and(|mine| !mine.is_empty())
    }

    /// Own changes since this was last asked, as one update; nothing when there are none.
    pub fn unsent(&mut self) -> Option<Vec<u8>> {
        let mut mine = self.mine.lock().ok()?;
        let mut all = std::mem::take(&mut *mine);
        match all.len() {
            0 => None,
            1 => all.pop(),
            _ => yrs::merge_updates_v1(&all).ok(),
        }
    }
}

/// Two updates of one writer, one after the other, as one.
pub fn joined(first: Vec<u8>, then: Option<Vec<u8>>) -> Vec<u8> {
    match then {
        None => first,
        Some(then) => yrs::merge_updates_v1([&first, &then]).unwrap_or(first),
    }
}

#[cfg(test)]
mod tests;
