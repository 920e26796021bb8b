use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn id(n: u128) -> SectionId {
    SectionId(Uuid::from_u128(n))
}

fn only(parts: &[Part], left_out: fn(&Part) -> bool) -> String {
    parts.iter().filter(|p| !left_out(p)).map(Part::text).collect()
}

fn old_of(parts: &[Part]) -> String {
    only(parts, |p| matches!(p, Part::Added(_)))
}

fn new_of(parts: &[Part]) -> String {
    only(parts, |p| matches!(p, Part::Removed(_)))
}

fn said(parts: &[Part]) -> String {
    let word = |p: &Part| match p {
        Part::Kept(text) => text.clone(),
        Part::Removed(text) => format!("[-{text}-]"),
        Part::Added(text) => format!("[+{text}+]"),
    };
    parts.iter().map(word).collect()
}

#[test]
fn whole_words_are_shown_and_neighbours_are_one_change() {
    for (old, new, shown) in [
        ("The old bus is late.", "The new bus is never late.", "The [-old-][+new+] bus is[+ never+] late."),
        ("Buy the old bus now", "Buy a new tram now", "Buy [-the old bus-][+a new tram+] now"),
        ("", "Later buses", "[+Later buses+]"),
        ("Later buses", "", "[-Later buses-]"),
        ("the same", "the same", "the same"),
        ("- one\n- two\n- three", "- one\n- three", "- one\n[-- two\n-]- three"),
        ("- one\n- three\n- four", "- one\n- two\n- three\n- five", "- one\n[+- two\n+]- three\n- [-four-][+five+]"),
        ("one\ntwo", "ones\ntwos", "[-one-][+ones+]\n[-two-][+twos+]"),
    ] {
        assert_eq!(said(&words(old, new)), shown);
    }
}

#[test]
fn letters_are_counted_and_signs_are_not() {
    let letters = |old, new| {
        let Letters { added, removed } = Letters::between(old, new);
        (added, removed)
    };
    assert_eq!(letters("The old bus.", "The new, big bus!"), (6, 3));
    assert_eq!(letters("Größe 12", "Größe 13"), (1, 1));
    assert_eq!(letters("", ""), (0, 0));
    // Letter by letter, or all at once.
    assert_eq!(letters("A b", "A bu").0 + letters("A bu", "A bus").0, letters("A b", "A bus").0);
}

#[test]
fn whatever_is_asked_comparing_ends() {
    // Everything differs, in long texts: the time is bounded, and the rule of all words holds.
    let text = |word: &str| (0..6000).map(|n| format!("{word}{n} ")).collect::<String>();
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for n in 0..20u128 {
        old.push((id(n), "Part".to_owned(), text("a")));
        new.push((id(n), "Part".to_owned(), text("b")));
    }
    let all = compare(&old, &new);
    assert_eq!(all.len(), 20);
    assert!(all.iter().zip(&old).all(|(c, o)| old_of(&c.parts) == o.2));
}

#[test]
fn sections_that_came_went_moved_or_have_another_heading_are_said() {
    let s = |n: u128, heading: &str| (id(n), heading.to_owned(), format!("Words {n}."));
    let old = [s(1, "The problem"), s(2, "Our idea"), s(3, "Money"), s(4, "When")];
    let new = [s(4, "When"), s(1, "The problem"), s(2, "Our best idea"), s(5, "Who")];
    let all = compare(&old, &new);
    let told: Vec<_> = all.iter().map(|c| (c.heading.as_str(), c.fate, c.moved, c.was.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("When", Fate::Stayed, true, None),
            ("The problem", Fate::Stayed, false, None),
            ("Our best idea", Fate::Stayed, false, Some("Our idea")),
            ("Money", Fate::Removed, false, None),
            ("Who", Fate::Added, false, None),
        ]
    );
    assert_eq!(all.iter().filter(|c| c.changed()).count(), 4);
    assert!(compare(&old, &old).iter().all(|c| !c.changed()));
}

#[test]
fn changes_are_taken_back_one_after_the_other() {
    let piece = |n: u128, heading: &str, words: &str, position| Piece {
        id: id(n),
        heading: heading.to_owned(),
        words: words.to_owned(),
        position,
        removed: false,
        not_needed: false,
    };
    let before = vec![piece(1, "Idea", "A bus.", 1), piece(2, "Money", "Ten pounds.", 2)];
    let mut now = vec![
        Piece { removed: true, ..piece(2, "Money", "Ten pounds.", 1) },
        piece(1, "Our idea", "A later bus.", 2),
        Piece { not_needed: true, ..piece(3, "Who", "", 3) },
    ];
    let step = |n, kind, stretch| Step { section: id(n), kind, stretch };
    let was = |gone: &str| Stretch { place: 0, came: 0, gone: gone.to_owned() };
    let steps = [
        step(3, ChangeKind::NotNeeded, was("")),
        step(2, ChangeKind::Removed, was("")),
        step(1, ChangeKind::Order, was("1")),
        step(2, ChangeKind::Order, was("2")),
        step(3, ChangeKind::Added, was("")),
        step(1, ChangeKind::Heading, was("Idea")),
        step(1, ChangeKind::Words, Stretch::between("A bus.", "A later bus.")),
    ];
    back(&mut now, &steps);
    assert_eq!(now, before);
}

#[test]
fn a_change_of_another_text_never_fails() {
    let wild = Stretch { place: usize::MAX, came: usize::MAX, gone: "x".to_owned() };
    assert_eq!(wild.take_back("abc"), "abcx");
    let mut pieces = Vec::new();
    back(&mut pieces, &[Step { section: id(1), kind: ChangeKind::Order, stretch: wild }]);
    assert!(pieces.is_empty());
}

proptest! {
    #[test]
    fn kept_and_added_is_the_new_text_and_kept_and_removed_the_old(
        old in "[ab é👩🏽\u{200d}\n.-]{0,60}", new in "[ab é👩🏽\u{200d}\n.-]{0,60}",
    ) {
        let all = words(&old, &new);
        prop_assert_eq!(new_of(&all), new);
        prop_assert_eq!(old_of(&all), old);
        prop_assert!(all.iter().all(|p| !p.text().is_empty()));
        prop_assert!(all.windows(2).all(|w| !matches!(w, [Part::Kept(_), Part::Kept(_)])));
    }

    #[test]
    fn the_same_holds_with_hardly_any_time(old in "[ab \n]{0,60}", new in "[ab \n]{0,60}", left in 0usize..40) {
        let mut budget = Budget(left);
        let all = words_within(&old, &new, &mut budget);
        prop_assert_eq!(new_of(&all), new);
        prop_assert_eq!(old_of(&all), old);
        prop_assert!(budget.0 <= left);
    }

    #[test]
    fn a_change_taken_back_gives_what_was_there(old in "[ab é👩\n]{0,40}", new in "[ab é👩\n]{0,40}") {
        prop_assert_eq!(Stretch::between(&old, &new).take_back(&new), old);
    }

    #[test]
    fn changes_that_follow_each_other_are_taken_back_as_one(texts in prop::collection::vec("[ab é\n]{0,20}", 2..9)) {
        let mut all = Stretch::nothing();
        for w in texts.windows(2) {
            all = all.up_to(&w[0], &w[1]);
        }
        prop_assert_eq!(&all.take_back(&texts[texts.len() - 1]), &texts[0]);
    }

    #[test]
    fn many_changes_taken_back_give_the_first_text(texts in prop::collection::vec("[ab é\n]{0,20}", 1..12)) {
        let section = id(1);
        let steps: Vec<Step> = texts
            .windows(2)
            .rev()
            .map(|w| Step { section, kind: ChangeKind::Words, stretch: Stretch::between(&w[0], &w[1]) })
            .collect();
        let words = texts.last().expect("one").clone();
        let piece = Piece { id: section, heading: String::new(), words, position: 1, removed: false, not_needed: false };
        let mut pieces = vec![piece];
        back(&mut pieces, &steps);
        prop_assert_eq!(&pieces[0].words, &texts[0]);
    }
}
