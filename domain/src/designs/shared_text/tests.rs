use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn section(n: u128) -> SectionId {
    SectionId(Uuid::from_u128(n))
}

fn writer(n: u64) -> Writer {
    Writer::from_random(n * 7919 + 11)
}

/// A design as the database keeps it: updates in order, and the words its pages show.
struct Kept {
    updates: Vec<Vec<u8>>,
    words: String,
    writers: u64,
}

impl Kept {
    fn start(words: &str) -> Self {
        let text = SharedText::new(writer(0));
        let update = text.write(section(1), words);
        Self { updates: vec![update], words: words.to_owned(), writers: 1 }
    }

    /// A form that was made after `base` updates, sent now.
    fn post(&mut self, base: usize, posted: &str) -> String {
        let text = SharedText::of(writer(self.writers), self.updates[..base].iter().map(Vec::as_slice))
            .expect("our own updates");
        self.writers += 1;
        let change = text
            .post(section(1), posted, &self.words, self.updates[base..].iter().map(Vec::as_slice))
            .expect("our own updates");
        if !change.update.is_empty() {
            self.updates.push(change.update);
        }
        self.words = change.words.clone();
        change.words
    }

    fn at(&self, base: usize) -> String {
        SharedText::of(writer(999), self.updates[..base].iter().map(Vec::as_slice))
            .expect("our own updates")
            .words(section(1))
    }
}

#[test]
fn edits_to_different_words_both_stand() {
    let mut kept = Kept::start("The old bus is late every day.");
    kept.post(1, "The new bus is late every day.");
    assert_eq!(kept.post(1, "The old bus is late on school days."), "The new bus is late on school days.");
}

#[test]
fn two_words_for_the_same_word_both_stand_and_do_not_run_together() {
    let mut kept = Kept::start("We want a bus here.");
    kept.post(1, "We want a tram here.");
    let both = kept.post(1, "We want a train here.");
    assert!(both == "We want a tram train here." || both == "We want a train tram here.", "{both}");
}

#[test]
fn two_people_who_start_an_empty_section_write_two_paragraphs() {
    let mut kept = Kept::start("");
    kept.post(1, "Buses stop at six.");
    let both = kept.post(1, "Nobody asked us.");
    let mut parts: Vec<_> = both.split("\n\n").collect();
    parts.sort_unstable();
    assert_eq!(parts, ["Buses stop at six.", "Nobody asked us."]);
}

#[test]
fn a_form_that_changed_nothing_changes_nothing() {
    let mut kept = Kept::start("One 👩‍👧 two");
    kept.post(1, "One 👩‍👧 two three");
    assert_eq!(kept.post(1, "One 👩‍👧 two"), "One 👩‍👧 two three");
    assert_eq!(kept.updates.len(), 2, "no update is kept for it");
}

#[test]
fn words_written_into_what_somebody_else_took_away_stay() {
    let mut kept = Kept::start("Keep this. Cut this whole part. Keep that.");
    kept.post(1, "Keep this. Keep that.");
    let now = kept.post(1, "Keep this. Cut this very whole part. Keep that.");
    assert!(now.contains("very"), "{now}");
    assert!(!now.contains("whole"), "{now}");
}

#[test]
fn a_change_whose_beginnings_are_missing_is_no_text() {
    let mut kept = Kept::start("One");
    kept.post(1, "One two");
    assert_eq!(SharedText::of(writer(5), [&kept.updates[1][..]]).err(), Some(BadUpdate));
    assert_eq!(SharedText::of(writer(5), [&b"rubbish"[..]]).err(), Some(BadUpdate));
}

#[test]
fn sections_do_not_touch_each_other() {
    let text = SharedText::new(writer(1));
    text.write(section(1), "one");
    text.write(section(2), "two");
    let copy = SharedText::of(writer(2), [&text.state()[..]]).expect("our own state");
    assert_eq!((copy.words(section(1)), copy.words(section(2))), ("one".to_owned(), "two".to_owned()));
}

#[test]
fn no_writer_is_nobody() {
    assert_eq!(Writer::from_random(0), Writer(1));
    assert_eq!(Writer::from_random(u64::MAX), Writer((1 << 53) - 1));
}

/// What somebody does to the text they see: put a new word in somewhere, or take a word away.
#[derive(Debug, Clone)]
enum Act {
    Add(usize),
    Cut(usize),
}

fn acts() -> impl Strategy<Value = Vec<(usize, Vec<Act>)>> {
    let act = prop_oneof![3 => (0usize..40).prop_map(Act::Add), 1 => (0usize..40).prop_map(Act::Cut)];
    prop::collection::vec((0usize..12, prop::collection::vec(act, 1..5)), 1..10)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Any number of people who all saw the same text change words of it, each other ones, and send their forms in any
    /// order: every change is there, and nothing else has changed.
    #[test]
    fn edits_to_different_words_always_merge(
        whose in prop::collection::vec(0usize..5, 2..40),
        paragraphs in any::<u64>(),
        order in any::<prop::sample::Index>(),
    ) {
        let gap = |n: usize| if paragraphs >> (n % 64) & 1 == 1 { "\n\n" } else { " " };
        let text = |word: &dyn Fn(usize) -> String| {
            let words = (0..whose.len()).map(|n| format!("{}{}", if n == 0 { "" } else { gap(n) }, word(n)));
            words.collect::<String>()
        };
        let old = |n: usize| format!("old{n}");
        let new = |n: usize| format!("new{n}é🚌by{}", whose[n]);
        let mut kept = Kept::start(&text(&old));
        // Person 0 changes nothing; each of the others changes the words that are theirs.
        let first = order.index(4);
        for who in (0..4).map(|n| 1 + (first + n) % 4) {
            let typed = text(&|n: usize| if whose[n] == who { new(n) } else { old(n) });
            kept.post(1, &typed);
        }
        let all = text(&|n: usize| if whose[n] == 0 { old(n) } else { new(n) });
        prop_assert_eq!(kept.words, all);
    }

    /// Any number of people, each with a form of any age, in any order: no word that somebody put in is lost unless somebody
    /// who saw it took it away, and every copy that has all updates, in any order, says the same.
    #[test]
    fn any_forms_in_any_order_converge_and_lose_no_word(posts in acts(), shuffle in any::<u64>()) {
        let mut kept = Kept::start("buses run 🚌 late. We wait, and wait!\n\nThe stop is dark");
        let (mut put_in, mut cut) = (Vec::new(), Vec::new());
        for (n, (base, acts)) in posts.into_iter().enumerate() {
            let base = 1 + base % kept.updates.len();
            let mut words: Vec<String> = kept.at(base).split(' ').map(str::to_owned).collect();
            for (k, act) in acts.into_iter().enumerate() {
                match act {
                    Act::Add(at) => {
                        let word = format!("w{n}x{k}é");
                        words.insert(at % (words.len() + 1), word.clone());
                        put_in.push(word);
                    }
                    Act::Cut(at) => {
                        if words.len() > 1 {
                            cut.push(words.remove(at % words.len()));
                        }
                    }
                }
            }
            kept.post(base, &words.join(" "));
        }
        let now = kept.words.clone();
        for word in put_in.iter().filter(|w| !cut.iter().any(|c| c.contains(*w))) {
            let whole = now.split(|c: char| !c.is_alphanumeric()).any(|w| w == word);
            prop_assert!(whole, "{word} is lost or run together in {now:?}");
        }
        // In another order (each after its own beginnings is not needed: missing ones wait for each other).
        let mut order: Vec<&Vec<u8>> = kept.updates.iter().collect();
        let len = order.len();
        order.rotate_left(usize::try_from(shuffle % 1000).expect("small") % len);
        if shuffle % 2 == 0 { order.reverse(); }
        let other = SharedText::of(writer(1234), order.iter().map(|u| u.as_slice())).expect("everything is there");
        prop_assert_eq!(other.words(section(1)), now.clone());
        let snapshot = SharedText::of(writer(1235), [&other.state()[..]]).expect("our own state");
        prop_assert_eq!(snapshot.words(section(1)), now);
    }
}
