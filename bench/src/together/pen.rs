//! Where somebody sits who types into a shared text of Yjs: what a browser does between a key and a frame, for Tandem and
//! Hocuspocus alike. A hand types, and a screen shows what comes, for those who look.
//!
//! The hand knows the text as it was when it came, and what it has typed itself. That is what a change is made of: each letter
//! stands behind the one before. What others type meanwhile moves it, and need not be here for that.

use yrs::block::ClientID;
use yrs::updates::decoder::Decode as _;
use yrs::{Doc, GetString as _, OffsetKind, Options, ReadTxn as _, Text as _, Transact as _, Update, WriteTxn as _};

use super::talk::Keys;
use crate::Wrong;

/// What is typed, again and again.
const WORDS: &str = "the last bus goes at nine and then we wait by the lights. ";
/// While the past is being made, somebody goes elsewhere after so many keys.
const MOVES: usize = 20;
/// And every so many keys they take a letter away.
const TAKES_AWAY: usize = 10;

/// Where somebody sits.
pub struct Desk {
    pen: Option<Pen>,
    screen: Option<Screen>,
}

impl Desk {
    /// Nothing is on it yet. Whoever looks has a screen.
    pub fn new(looks: bool) -> Self {
        Self { pen: None, screen: looks.then(Screen::default) }
    }

    /// Whether somebody types here already.
    pub fn is_open(&self) -> bool {
        self.pen.is_some()
    }

    /// The beginning is here; for the rest see [`Pen::new`].
    pub fn begin(&mut self, writer: u64, root: &str, beginning: &[Vec<u8>], share: f64) -> Result<(), Wrong> {
        for update in beginning {
            self.show(update)?;
        }
        self.pen = Some(Pen::new(writer, root, beginning, share)?);
        Ok(())
    }

    /// Shows a change where somebody looks: the writers of its letters, each with how many of theirs are there now.
    pub fn show(&mut self, update: &[u8]) -> Result<Vec<(u64, u32)>, Wrong> {
        self.screen.as_mut().map_or_else(|| Ok(Vec::new()), |screen| screen.show(update))
    }

    /// What was typed since this was last asked, as one update; it is on the own screen, too.
    pub fn unsent(&mut self) -> Result<Option<Vec<u8>>, Wrong> {
        let typed = self.pen.as_mut().map(Pen::unsent).transpose()?.flatten();
        if let Some(update) = &typed {
            self.show(update)?;
        }
        Ok(typed)
    }

    /// All that is on the screen of whoever looks.
    pub fn words(&self, roots: impl Iterator<Item = String>) -> Option<String> {
        self.screen.as_ref().map(|screen| screen.words(roots))
    }
}

impl Keys for Desk {
    fn letter(&mut self) -> Result<u32, Wrong> {
        Ok(self.pen.as_mut().ok_or("no text yet")?.letter())
    }

    fn any_key(&mut self) -> Result<(), Wrong> {
        self.pen.as_mut().ok_or("no text yet")?.any_key();
        Ok(())
    }
}

/// One hand.
struct Pen {
    doc: Doc,
    root: String,
    at: u32,
    keys: usize,
    /// Letters typed: each is one tick of a writer's clock.
    letters: u32,
    waiting: Vec<Vec<u8>>,
}

impl Pen {
    /// `writer`: its number; `root`: the name of the text it types into; `beginning`: what there is already. It begins
    /// `share` (0 to 1) of the way into that.
    fn new(writer: u64, root: &str, beginning: &[Vec<u8>], share: f64) -> Result<Self, Wrong> {
        let mut options = Options::with_client_id(ClientID::new(writer));
        options.offset_kind = OffsetKind::Utf16;
        let doc = Doc::with_options(options);
        let mut txn = doc.transact_mut();
        for update in beginning {
            txn.apply_update(Update::decode_v1(update)?)?;
        }
        let text = txn.get_or_insert_text(root);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a text")]
        let at = (f64::from(text.len(&txn)) * share) as u32;
        drop(txn);
        Ok(Self { doc, root: root.to_owned(), at, keys: 0, letters: 0, waiting: Vec::new() })
    }

    /// Types a letter; how many it has typed then.
    fn letter(&mut self) -> u32 {
        let next = WORDS.as_bytes()[self.keys % WORDS.len()];
        self.keys += 1;
        let mut txn = self.doc.transact_mut();
        let text = txn.get_or_insert_text(self.root.as_str());
        text.insert(&mut txn, self.at, std::str::from_utf8(&[next]).unwrap_or("x"));
        self.at += 1;
        self.letters += 1;
        self.waiting.push(txn.encode_update_v1());
        self.letters
    }

    /// One key as a design gets its past: letters, letters taken away, and now and then another place. So that what is behind
    /// it is as many pieces as people leave, and not one long run.
    fn any_key(&mut self) {
        if self.keys.is_multiple_of(MOVES) {
            let mut txn = self.doc.transact_mut();
            let len = txn.get_or_insert_text(self.root.as_str()).len(&txn);
            // Far from where it was, and never the same twice in a row.
            self.at = u32::try_from(self.keys * 7919 % (len as usize + 1)).unwrap_or(0);
        }
        if self.at > 0 && self.keys % TAKES_AWAY == TAKES_AWAY - 1 {
            self.keys += 1;
            self.at -= 1;
            let mut txn = self.doc.transact_mut();
            let text = txn.get_or_insert_text(self.root.as_str());
            text.remove_range(&mut txn, self.at, 1);
            self.waiting.push(txn.encode_update_v1());
        } else {
            let _ = self.letter();
        }
    }

    /// What was typed since this was last asked, as one update.
    fn unsent(&mut self) -> Result<Option<Vec<u8>>, Wrong> {
        let mut all = std::mem::take(&mut self.waiting);
        Ok(match all.len() {
            0 | 1 => all.pop(),
            _ => Some(yrs::merge_updates_v1(&all)?),
        })
    }
}

/// A screen that shows what comes: the text, and how far each writer has come in it.
struct Screen {
    doc: Doc,
}

impl Default for Screen {
    fn default() -> Self {
        let mut options = Options::with_client_id(ClientID::new(1));
        options.offset_kind = OffsetKind::Utf16;
        Self { doc: Doc::with_options(options) }
    }
}

impl Screen {
    /// Shows a change, and gives the writers of its letters, each with how many letters of theirs are there now.
    fn show(&mut self, update: &[u8]) -> Result<Vec<(u64, u32)>, Wrong> {
        let update = Update::decode_v1(update)?;
        let came = update.insertions(false);
        let mut txn = self.doc.transact_mut();
        txn.apply_update(update)?;
        // What waits for something that is missing is not on the screen.
        let there = txn.state_vector();
        Ok(came.client_ids().map(|writer| (writer.get(), there.get(&writer))).collect())
    }

    /// Everything that it shows.
    fn words(&self, roots: impl Iterator<Item = String>) -> String {
        let txn = self.doc.transact();
        roots.filter_map(|r| Some(txn.get_text(r.as_str())?.get_string(&txn))).collect()
    }
}
