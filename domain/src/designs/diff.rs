//! What somebody changed, word by word: the edits that turn one text into another.
//!
//! Words, not characters, are the unit: an edit never cuts a word, an emoji or a surrogate pair, and two people who
//! change different words never touch the same place.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

/// One change: at `at` take away `remove`, put in `insert`. Positions and lengths are UTF-16 units of the text as it is
/// when the edits are done in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Where.
    pub at: u32,
    /// How much goes.
    pub remove: u32,
    /// What comes.
    pub insert: String,
}

/// Above this many pairs of changed words the lines are compared instead: the time for comparing stays bounded.
const MOST_PAIRS: usize = 9_000_000;

/// Length in UTF-16 units, as browsers count.
pub(crate) fn utf16(s: &str) -> u32 {
    u32::try_from(s.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The edits from `old` to `new`, first to last.
pub(crate) fn edits(old: &str, new: &str) -> Vec<Edit> {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.split_word_bounds().collect(), new.split_word_bounds().collect());
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    let changed = (a.len() - start - end).saturating_mul(b.len() - start - end);
    if changed > MOST_PAIRS {
        let lines = |s| str::split_inclusive(s, '\n').collect::<Vec<_>>();
        return of_tokens(&lines(old), &lines(new));
    }
    of_tokens(&a, &b)
}

fn of_tokens(a: &[&str], b: &[&str]) -> Vec<Edit> {
    let mut out: Vec<Edit> = Vec::new();
    // Where the next token of `a` stands in the text as changed so far.
    let mut at = 0;
    for op in capture_diff_slices(Algorithm::Myers, a, b) {
        let (_, old, new) = op.as_tag_tuple();
        let gone: u32 = a[old].iter().map(|t| utf16(t)).sum();
        if matches!(op, DiffOp::Equal { .. }) {
            at += gone;
            continue;
        }
        let insert = b[new].concat();
        let come = utf16(&insert);
        out.push(Edit { at, remove: gone, insert });
        at += come;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn apply(old: &str, edits: &[Edit]) -> String {
        let mut units: Vec<u16> = old.encode_utf16().collect();
        for e in edits {
            let (at, end) = (e.at as usize, (e.at + e.remove) as usize);
            units.splice(at..end, e.insert.encode_utf16());
            assert!(String::from_utf16(&units).is_ok(), "an edit cut a character in two");
        }
        String::from_utf16(&units).expect("whole characters")
    }

    #[test]
    fn different_words_are_different_edits() {
        let found = edits("The old bus is late.", "The new bus is never late!");
        assert_eq!(found.iter().map(|e| e.insert.as_str()).collect::<Vec<_>>(), ["new", "never ", "!"]);
    }

    #[test]
    fn a_family_of_faces_is_one_word() {
        let found = edits("a 👩‍👧 b", "a 👨‍👧 b");
        assert_eq!(found, [Edit { at: 2, remove: 5, insert: "👨‍👧".to_owned() }]);
    }

    #[test]
    fn a_long_text_written_anew_is_compared_by_lines() {
        let old: String = (0..4000).map(|n| format!("a{n} ")).collect();
        let new: String = (0..4000).map(|n| format!("b{n} ")).collect();
        assert_eq!(apply(&old, &edits(&old, &new)), new);
    }

    proptest! {
        #[test]
        fn the_edits_make_the_new_text(old in "[ab é👩🏽\u{200d}\n.]{0,40}", new in "[ab é👩🏽\u{200d}\n.]{0,40}") {
            prop_assert_eq!(apply(&old, &edits(&old, &new)), new);
        }
    }
}
