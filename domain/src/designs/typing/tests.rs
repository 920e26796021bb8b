use super::*;
use crate::designs::gate::{self, Came};
use crate::designs::splice::splice;
use proptest::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

const ONE: SectionId = SectionId(Uuid::from_u128(1));
const TWO: SectionId = SectionId(Uuid::from_u128(2));

fn writer(n: u64) -> Writer {
    Writer::from_random(n * 7919 + 13)
}

/// A clock that goes on by a second whenever it is asked: nothing is taken back together.
fn clock() -> Clock {
    let now = AtomicU64::new(0);
    Arc::new(move || now.fetch_add(1000, Ordering::SeqCst))
}

fn type_in(typing: &mut Typing, section: SectionId, at: u32, remove: u32, insert: &str) {
    typing.splice(section, &Splice { at, remove, insert: insert.to_owned() });
}

/// What the program keeps: the changes in order, and every state that a page could have shown.
struct Kept {
    rows: Vec<Vec<u8>>,
    state: Vec<u8>,
    history: String,
    writers: u64,
}

impl Kept {
    fn start(words: &str) -> Self {
        let text = SharedText::new(writer(0));
        let update = text.write(ONE, words);
        Self { rows: vec![update], state: text.state(), history: words.to_owned(), writers: 100 }
    }

    fn text(&self) -> SharedText {
        SharedText::of(Writer::from_random(1), [&self.state[..]]).expect("our own state")
    }

    fn keep(&mut self, update: Vec<u8>) {
        self.rows.push(update);
        let text = self.text();
        self.history.push_str(&format!("\n{}\n{}", text.words(ONE), text.words(TWO)));
    }

    /// A batch from a page, through the gate.
    fn batch(&mut self, writer: Writer, update: &[u8]) {
        let came = [Came { writer, update, open: &[ONE, TWO] }];
        let mut taken = gate::take_all(&self.state, &came, &[ONE, TWO]).expect("our own state");
        let step = taken.steps.pop().expect("one").expect("an honest batch passes");
        self.state = taken.state;
        if !step.update.is_empty() {
            self.keep(step.update);
        }
    }

    /// A plain form that was made after `base` changes.
    fn post(&mut self, base: usize, edit: impl Fn(String) -> String) {
        let fresh = writer(self.writers);
        self.writers += 1;
        let then = SharedText::of(fresh, self.rows[..base].iter().map(Vec::as_slice)).expect("our own changes");
        let posted = edit(then.words(ONE));
        let now = self.text().words(ONE);
        let since = self.rows[base..].iter().map(Vec::as_slice);
        let Some(change) = then.merge(ONE, &posted, &now, since).expect("it fits") else { return };
        if !change.update.is_empty() {
            let all = SharedText::of(Writer::from_random(1), [&self.state[..], &change.update]).expect("it fits");
            self.state = all.state();
            self.keep(change.update);
        }
    }
}

/// A page that writes.
struct Pages {
    typing: Typing,
    writer: Writer,
    seen: usize,
    /// Sent, and not known to be kept.
    on_its_way: Option<Vec<u8>>,
    typed: Vec<String>,
    said: usize,
}

impl Pages {
    fn new(n: u64) -> Self {
        let typing = Typing::new(writer(n), clock());
        Self { typing, writer: writer(n), seen: 0, on_its_way: None, typed: Vec::new(), said: 0 }
    }

    fn catch_up(&mut self, kept: &Kept) {
        for row in &kept.rows[self.seen..] {
            self.typing.take(row).expect("rows come in order");
        }
        self.seen = kept.rows.len();
    }

    /// Sends what was typed; `hears` whether the answer arrives. Gives what is acknowledged.
    fn send(&mut self, kept: &mut Kept, hears: bool) -> Vec<String> {
        let then = self.typing.unsent();
        let all = match self.on_its_way.take() {
            Some(first) => Some(joined(first, then)),
            None => then,
        };
        let Some(all) = all else { return Vec::new() };
        kept.batch(self.writer, &all);
        if !hears {
            self.on_its_way = Some(all);
            return Vec::new();
        }
        let new = self.typed[self.said..].to_vec();
        self.said = self.typed.len();
        new
    }
}

#[derive(Debug, Clone)]
enum Act {
    Type {
        page: usize,
        place: u32,
        remove: u32,
        section: bool,
    },
    Undo {
        page: usize,
        again: bool,
    },
    Send {
        page: usize,
        hears: bool,
    },
    Hear {
        page: usize,
    },
    Post {
        back: usize,
        place: usize,
    },
    Restart,
    /// The browser is closed and opened: what was not sent is kept on the device and sent by its own writer.
    Reopen {
        page: usize,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let page = 0..3usize;
    prop_oneof![
        6 => (page.clone(), 0..60u32, 0..4u32, any::<bool>())
            .prop_map(|(page, place, remove, section)| Act::Type { page, place, remove, section }),
        1 => (page.clone(), any::<bool>()).prop_map(|(page, again)| Act::Undo { page, again }),
        3 => (page.clone(), any::<bool>()).prop_map(|(page, hears)| Act::Send { page, hears }),
        3 => page.clone().prop_map(|page| Act::Hear { page }),
        2 => (0..6usize, 0..60usize).prop_map(|(back, place)| Act::Post { back, place }),
        1 => Just(Act::Restart),
        1 => page.prop_map(|page| Act::Reopen { page }),
    ]
}

fn put_in(mut words: String, place: usize, token: &str) -> String {
    let places: Vec<usize> = words.char_indices().map(|(i, _)| i).chain([words.len()]).collect();
    words.insert_str(places[place % places.len()], token);
    words
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn everything_meets_and_nothing_acknowledged_is_lost(acts in prop::collection::vec(act(), 1..60)) {
        let mut kept = Kept::start("The old bus 🚌 is late.");
        let mut pages: Vec<Pages> = (1..4).map(Pages::new).collect();
        let mut fresh = 10;
        for (n, act) in acts.into_iter().enumerate() {
            // One sign each, so that nobody's edit cuts a token in two.
            let token = u32::try_from(n).ok().and_then(|n| char::from_u32(0x4e00 + n)).expect("a sign").to_string();
            match act {
                Act::Type { page, place, remove, section } => {
                    let it = &mut pages[page];
                    let section = if section { ONE } else { TWO };
                    let old = it.typing.words(section);
                    let letters: Vec<char> = old.chars().collect();
                    let at = place as usize % (letters.len() + 1);
                    let end = (at + remove as usize).min(letters.len());
                    let new: String =
                        letters[..at].iter().copied().chain(token.chars()).chain(letters[end..].iter().copied()).collect();
                    let front: String = letters[..at].iter().collect::<String>() + &token;
                    let caret = u32::try_from(front.encode_utf16().count()).expect("small");
                    let edit = splice(&old, &new, caret).expect("a token is new");
                    it.typing.splice(section, &edit);
                    prop_assert_eq!(it.typing.words(section), new);
                    it.typed.push(token);
                }
                Act::Undo { page, again } => {
                    pages[page].typing.undo(ONE, again);
                    // What was taken back before it was sent was never said to be kept.
                    let gone = &mut pages[page];
                    let there = format!("{}{}", gone.typing.words(ONE), gone.typing.words(TWO));
                    let said = gone.said;
                    let mut at = 0;
                    gone.typed.retain(|t| { at += 1; at <= said || there.contains(t) });
                }
                Act::Send { page, hears } => {
                    let there: Vec<String> = pages[page].typed[pages[page].said..].to_vec();
                    let mine = format!("{}{}", pages[page].typing.words(ONE), pages[page].typing.words(TWO));
                    let acknowledged = pages[page].send(&mut kept, hears);
                    for token in acknowledged.iter().filter(|t| there.contains(t) && mine.contains(*t)) {
                        prop_assert!(kept.history.contains(token.as_str()), "{token} was acknowledged: {}", kept.history);
                    }
                }
                Act::Hear { page } => pages[page].catch_up(&kept),
                Act::Post { back, place } => {
                    let base = kept.rows.len().saturating_sub(back).max(1);
                    kept.post(base, |words| put_in(words, place, &format!(" {token} ")));
                }
                // The state is read from the rows anew, as a program that starts does it.
                Act::Restart => {
                    let rows = kept.rows.iter().map(Vec::as_slice);
                    kept.state = SharedText::of(Writer::from_random(1), rows).expect("our own changes").state();
                }
                Act::Reopen { page } => {
                    let unsent = match (pages[page].on_its_way.take(), pages[page].typing.unsent()) {
                        (Some(first), then) => Some(joined(first, then)),
                        (None, then) => then,
                    };
                    let by = pages[page].writer;
                    fresh += 1;
                    pages[page] = Pages::new(fresh);
                    pages[page].catch_up(&kept);
                    if let Some(unsent) = unsent {
                        kept.batch(by, &unsent);
                    }
                }
            }
        }
        for page in &mut pages {
            page.send(&mut kept, true);
        }
        let now = kept.text();
        for page in &mut pages {
            page.catch_up(&kept);
            for section in [ONE, TWO] {
                prop_assert_eq!(page.typing.words(section), now.words(section));
            }
        }
        let rows = SharedText::of(Writer::from_random(1), kept.rows.iter().map(Vec::as_slice)).expect("our own changes");
        prop_assert_eq!(rows.words(ONE), now.words(ONE));
    }
}

fn two(words: &str) -> (Kept, Pages, Pages) {
    let kept = Kept::start(words);
    let (mut sam, mut robin) = (Pages::new(1), Pages::new(2));
    sam.catch_up(&kept);
    robin.catch_up(&kept);
    (kept, sam, robin)
}

#[test]
fn taking_back_takes_back_only_ones_own() {
    let (mut kept, mut sam, mut robin) = two("The bus.");
    type_in(&mut sam.typing, ONE, 4, 0, "old ");
    sam.send(&mut kept, true);
    robin.catch_up(&kept);
    type_in(&mut robin.typing, ONE, 8, 0, "red ");
    robin.send(&mut kept, true);
    sam.catch_up(&kept);
    assert_eq!(sam.typing.words(ONE), "The old red bus.");
    assert!(sam.typing.undo(ONE, false));
    assert_eq!(sam.typing.words(ONE), "The red bus.");
    assert!(!sam.typing.undo(ONE, false), "there is nothing more of mine");
    assert!(sam.typing.undo(ONE, true));
    assert_eq!(sam.typing.words(ONE), "The old red bus.");
    sam.send(&mut kept, true);
    robin.catch_up(&kept);
    assert_eq!(robin.typing.words(ONE), "The old red bus.");
}

#[test]
fn a_mark_keeps_its_place() {
    let (mut kept, mut sam, mut robin) = two("one three");
    let caret = sam.typing.mark(ONE, 4);
    let (start, end) = (sam.typing.mark(ONE, 0), sam.typing.mark(ONE, 9));
    type_in(&mut robin.typing, ONE, 0, 0, "zero ");
    type_in(&mut robin.typing, ONE, 14, 0, "!");
    robin.send(&mut kept, true);
    sam.catch_up(&kept);
    assert_eq!(sam.typing.words(ONE), "zero one three!");
    assert_eq!(sam.typing.place(&caret), 9);
    assert_eq!((sam.typing.place(&start), sam.typing.place(&end)), (0, 14));
}

#[test]
fn a_batch_that_came_before_changes_nothing() {
    let (mut kept, mut sam, _) = two("one");
    type_in(&mut sam.typing, ONE, 3, 0, " two");
    let update = sam.typing.unsent().expect("typed");
    kept.batch(sam.writer, &update);
    kept.batch(sam.writer, &update);
    assert_eq!(kept.rows.len(), 2);
    assert_eq!(kept.text().words(ONE), "one two");
}

#[test]
fn bytes_of_one_keep_nobody_else_out() {
    let (kept, mut sam, mut robin) = two("one");
    type_in(&mut sam.typing, ONE, 3, 0, " two");
    type_in(&mut robin.typing, ONE, 0, 0, "zero ");
    let (a, b) = (sam.typing.unsent().expect("typed"), robin.typing.unsent().expect("typed"));
    let came = [
        Came { writer: sam.writer, update: &a, open: &[ONE, TWO] },
        Came { writer: writer(3), update: b"rubbish", open: &[ONE, TWO] },
        Came { writer: writer(3), update: &b, open: &[ONE, TWO] },
        Came { writer: robin.writer, update: &b, open: &[TWO] },
        Came { writer: robin.writer, update: &b, open: &[ONE] },
    ];
    let taken = gate::take_all(&kept.state, &came, &[ONE, TWO]).expect("our own state");
    let no: Vec<_> = taken.steps.iter().map(|s| s.as_ref().err().copied()).collect();
    let not_own = Some(gate::Refusal::NotOwn);
    assert_eq!(no, [None, not_own, not_own, Some(gate::Refusal::NotOpen(ONE)), None]);
    let after = SharedText::of(Writer::from_random(1), [&taken.state[..]]).expect("a state");
    assert_eq!(after.words(ONE), "zero one two");
    let changed = &taken.steps[4].as_ref().expect("passed").changed;
    assert_eq!(changed[..], [(ONE, "zero one two".to_owned())]);
}

#[test]
fn signs_that_no_text_has_do_not_pass() {
    let (kept, mut sam, _) = two("one");
    type_in(&mut sam.typing, ONE, 3, 0, "\0");
    let update = sam.typing.unsent().expect("typed");
    let came = [Came { writer: sam.writer, update: &update, open: &[ONE] }];
    let taken = gate::take_all(&kept.state, &came, &[ONE]).expect("our own state");
    assert_eq!(taken.steps[0], Err(gate::Refusal::NotWords));
}
