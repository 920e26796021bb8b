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

    /// The same by the rule for what is too far apart: `None`, and nothing changes.
    fn merge(&mut self, base: usize, posted: &str) -> Option<String> {
        let text = SharedText::of(writer(self.writers), self.updates[..base].iter().map(Vec::as_slice))
            .expect("our own updates");
        self.writers += 1;
        let since = self.updates[base..].iter().map(Vec::as_slice);
        let change = text.merge(section(1), posted, &self.words, since).expect("our own updates")?;
        if !change.update.is_empty() {
            self.updates.push(change.update);
        }
        let kept = SharedText::of(writer(998), self.updates.iter().map(Vec::as_slice)).expect("our own updates");
        assert_eq!(kept.words(section(1)), change.words, "the update and the words say the same");
        self.words = change.words.clone();
        Some(change.words)
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

#[test]
fn where_each_took_out_what_the_other_kept_nothing_is_merged() {
    for (old, one, other) in [
        ("one bus and two trains", "one bus", "two trains"),
        ("one bus and two trains", "one bus and", "and two trains"),
        ("Keep the old lights. Or buy new lights.", "Keep the old lights.", "Or buy new lights."),
        ("Option A is the park.\n\nOption B is the hub.", "Option A is the park.", "Option B is the hub."),
        ("Cats are quiet.\n\nDogs bark.", "Cats are quiet.", "Dogs bark."),
        ("Keep the old lights. Or buy new lights.", "Keep the old lights. Please!", "Yes. Or buy new lights."),
        (
            "Intro.\n\none bus and two trains\n\nThe end.",
            "Intro.\n\none bus\n\nThe end.",
            "Intro.\n\ntwo trains\n\nThe end.",
        ),
    ] {
        for (one, other) in [(one, other), (other, one)] {
            let mut kept = Kept::start(old);
            kept.post(1, one);
            assert_eq!((kept.merge(1, other), kept.words.as_str()), (None, one), "{old}");
        }
    }
}

#[test]
fn two_texts_written_anew_are_not_mixed() {
    let old = "The bus is late every day and nobody tells us why it does not come.";
    let one = "We stand in the rain for an hour, and the driver says it is not his fault.";
    let other = "Nobody in our street can get to college on time, so we pay for a taxi every week.";
    let mut kept = Kept::start(old);
    kept.post(1, one);
    assert_eq!(kept.merge(1, other), None);
    let lines = |first: &str| format!("Before.\n{first}\nAfter it.");
    let mut kept = Kept::start(&lines(old));
    kept.post(1, &lines(one));
    assert_eq!(kept.merge(1, &lines(other)), None, "in one line of several");
}

#[test]
fn edits_of_different_words_merge_under_the_rule() {
    for (old, one, other, both) in [
        (
            "The old bus is late every day.",
            "The new bus is late every day.",
            "The old bus is late on school days.",
            "The new bus is late on school days.",
        ),
        (
            "Buses are late. Trains are dear. Stops are dark.",
            "Trains are dear. Stops are dark.",
            "Buses are late. Trains are dear.",
            "Trains are dear.",
        ),
        (
            "First of all we should really ask everybody. Then we could perhaps decide it together.",
            "We ask everybody. Then we could perhaps decide it together.",
            "First of all we should really ask everybody. Then we decide.",
            "We ask everybody. Then we decide.",
        ),
        ("one\n\ntwo\n\nthree", "two\n\nthree", "one\n\ntwo", "two"),
        // Each took out most of what the other kept; what is left is a sentence.
        (
            "First the bus. Then the tram. The park stays open. Last the train. And a boat.",
            "First the bus. Then the tram. The park stays open.",
            "The park stays open. Last the train. And a boat.",
            "The park stays open.",
        ),
        // Each took most of the line out, and one of them put something in its place.
        (
            "The hall is cold and dark and far away. Our park is warm and light and near.",
            "The hall is cold and dark and far away. Or stay at home.",
            "Our park is warm and light and near.",
            "Or stay at home.",
        ),
    ] {
        for (one, other) in [(one, other), (other, one)] {
            let mut kept = Kept::start(old);
            kept.post(1, one);
            let now = kept.merge(1, other).expect(old);
            assert_eq!(now.trim(), both);
        }
    }
}

#[test]
fn the_same_change_by_two_is_made_once() {
    let mut kept = Kept::start("We want a bus here.");
    kept.post(1, "We want a tram here.");
    assert_eq!(kept.merge(1, "We want a tram here.").as_deref(), Some("We want a tram here."));
    assert_eq!(kept.updates.len(), 2);
}

/// Every word and every bus. Marks between words do not count: a space that one took out can leave "late.late".
fn tokens(text: &str) -> Vec<String> {
    let text = text.replace('🚌', " 🚌 ");
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '🚌');
    parts.filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

/// What of `these` is not in `those`, each as often as it is missing.
fn missing(these: &[String], those: &[String]) -> Vec<String> {
    let mut left = those.to_vec();
    let gone = |word: &&String| match left.iter().position(|w| w == *word) {
        Some(at) => {
            left.swap_remove(at);
            false
        }
        None => true,
    };
    these.iter().filter(gone).cloned().collect()
}

/// A text of a few lines, of few words, so that the same ones come again and again.
fn texts() -> impl Strategy<Value = String> {
    let line = prop::collection::vec(
        prop_oneof![Just("bus"), Just("tram"), Just("we"), Just("the"), Just("🚌"), Just("late.")],
        0..7,
    );
    prop::collection::vec(line, 0..4).prop_map(|lines| lines.iter().map(|l| l.join(" ")).collect::<Vec<_>>().join("\n"))
}

/// What is left of a text where some words are taken out and others come.
fn changed(old: &str, picks: &[u8], n: usize) -> String {
    let words = old.split(' ').enumerate().filter_map(|(at, word)| match picks.get(at % picks.len().max(1)) {
        Some(0..=1) => None,
        Some(2) => Some(format!("by{n}x{at}")),
        Some(3) => Some(format!("{word} by{n}x{at}")),
        _ => Some(word.to_owned()),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What two people may make of one text: anything, or what is left of it after some edits.
fn two_people() -> impl Strategy<Value = (String, String, String)> {
    let free = (texts(), texts(), texts());
    let picks = || prop::collection::vec(0u8..8, 1..30);
    let edited = (texts(), picks(), picks())
        .prop_map(|(old, one, other)| (old.clone(), changed(&old, &one, 1), changed(&old, &other, 2)));
    prop_oneof![free, edited]
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

    /// The same by the rule for what is too far apart: edits of different words never are.
    #[test]
    fn edits_of_different_words_are_never_too_far_apart(
        whose in prop::collection::vec(0usize..5, 2..40),
        paragraphs in any::<u64>(),
        longer in any::<u64>(),
        order in any::<prop::sample::Index>(),
    ) {
        let text = |word: &dyn Fn(usize) -> String| {
            let gap = |n: usize| if n == 0 { "" } else if paragraphs >> (n % 64) & 1 == 1 { "\n\n" } else { " " };
            (0..whose.len()).map(|n| format!("{}{}", gap(n), word(n))).collect::<String>()
        };
        let old = |n: usize| format!("old{n}");
        let new = |n: usize| format!("new{n}by{}{}", whose[n], if longer >> (n % 64) & 1 == 1 { " andmore" } else { "" });
        let mut kept = Kept::start(&text(&old));
        let first = order.index(4);
        for who in (0..4).map(|n| 1 + (first + n) % 4) {
            let typed = text(&|n: usize| if whose[n] == who { new(n) } else { old(n) });
            prop_assert!(kept.merge(1, &typed).is_some(), "{typed:?}");
        }
        for word in (0..whose.len()).map(|n| if whose[n] == 0 { old(n) } else { format!("new{n}by{}", whose[n]) }) {
            prop_assert!(tokens(&kept.words).contains(&word), "{word} is not in {:?}", kept.words);
        }
    }

    /// Two people change a line, each other words of it: write them anew, take them out, put words in behind them. What
    /// comes out is what is left of the line and all that was put in. Nothing is merged only where that says nothing:
    /// fewer than three words, and less than half of what each of the two has.
    #[test]
    fn edits_of_different_words_merge_unless_they_leave_nothing(
        acts in prop::collection::vec((0usize..3, 0u8..4), 1..40),
        swap in any::<bool>(),
    ) {
        let made = |n: usize, act: u8| match act {
            0 => Vec::new(),
            1 => vec![format!("word{n}"), format!("more{n}")],
            2 => vec![format!("new{n}"), format!("and{n}")],
            _ => vec![format!("new{n}")],
        };
        // Person 0 is nobody.
        let text = |who: &[usize]| {
            let of = |(n, (whose, act)): (usize, &(usize, u8))| {
                if who.contains(whose) { made(n, *act) } else { vec![format!("word{n}")] }
            };
            acts.iter().enumerate().flat_map(of).collect::<Vec<_>>()
        };
        let (old, one, other, both) = (text(&[]), text(&[1]), text(&[2]), text(&[1, 2]));
        let (one, other) = if swap { (other, one) } else { (one, other) };
        let mut kept = Kept::start(&old.join(" "));
        kept.post(1, &one.join(" "));
        let nothing = both.len() < 3 && both.len() * 2 < one.len().min(other.len());
        let mut merged = kept.merge(1, &other.join(" ")).as_deref().map(tokens);
        // What two put in at one place stands in either order.
        if let Some(words) = &mut merged { words.sort_unstable() }
        let mut both = both;
        both.sort_unstable();
        prop_assert_eq!(merged, (!nothing).then_some(both), "{} | {}", one.join(" "), other.join(" "));
    }

    /// Whatever two people make of the same text: each word that the second one typed stands there afterwards, each word
    /// that they kept stands there or was taken out by the other, and the other way round; or nothing was changed. The one
    /// who comes first makes no difference to whether they are too far apart, and two texts that have words are never
    /// made to one that has none.
    #[test]
    fn whatever_two_people_post_nothing_is_lost((old, one, other) in two_people()) {
        let after = |first: &str, second: &str| {
            let mut kept = Kept::start(&old);
            kept.post(1, first);
            kept.merge(1, second)
        };
        let merged = after(&one, &other);
        prop_assert_eq!(merged.is_none(), after(&other, &one).is_none());
        let Some(merged) = merged.as_deref().map(tokens) else { return Ok(()) };
        let (old, one, other) = (tokens(&old), tokens(&one), tokens(&other));
        for (mine, theirs) in [(&other, &one), (&one, &other)] {
            let taken = missing(&old, theirs);
            let lost = missing(&missing(mine, &merged), &taken);
            prop_assert!(lost.is_empty(), "{:?} of {:?} are gone in {:?}", lost, mine, merged);
        }
        prop_assert!(!merged.is_empty() || one.is_empty() || other.is_empty());
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

#[test]
fn nothing_of_what_was_removed_is_left_in_a_state() {
    let (secret, text) = ("ᚐᚁᚂ", SharedText::new(writer(0)));
    let mut updates = vec![text.write(section(1), "Ring  now.")];
    for n in 1..=3 {
        let typed: String = secret.chars().take(n).collect();
        updates.push(text.write(section(1), &format!("Ring {typed} now.")));
    }
    updates.push(text.write(section(1), "Ring … now."));
    let has = |bytes: &[u8]| secret.chars().any(|c| bytes.windows(3).any(|w| w == c.to_string().as_bytes()));
    assert!(updates.iter().any(|u| has(u)), "the changes do have it");
    assert!(!has(updates.last().expect("one")), "the last one does not");
    let put_together = SharedText::of(writer(1), updates.iter().map(Vec::as_slice)).expect("whole");
    for state in [text.state(), put_together.state()] {
        assert!(!has(&state), "{state:?}");
    }
}
