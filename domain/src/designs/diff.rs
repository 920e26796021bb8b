//! What somebody changed, word by word: the edits that turn one text into another.
//!
//! Words, not characters, are the unit: an edit never cuts a word, an emoji or a surrogate pair, and two people who
//! change different words never touch the same place.

use std::hash::Hash;
use std::ops::Range;

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

/// For more pairs of changed words than this, only lines are compared: the time for comparing stays bounded.
pub(crate) const MOST_PAIRS: usize = 4_000_000;

/// Length in UTF-16 units, as browsers count.
pub(crate) fn utf16(s: &str) -> u32 {
    u32::try_from(s.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The edits from `old` to `new`, first to last.
pub(crate) fn edits(old: &str, new: &str) -> Vec<Edit> {
    let tokens: Vec<&str> = old.split_word_bounds().collect();
    // Where the next token stands in the text as changed so far, and which one it is.
    let (mut at, mut next) = (0, 0);
    let mut out = Vec::new();
    for (gone, insert) in replaced(&tokens, new) {
        at += units(&tokens[next..gone.start]);
        let come = utf16(&insert);
        out.push(Edit { at, remove: units(&tokens[gone.clone()]), insert });
        at += come;
        next = gone.end;
    }
    out
}

fn units(tokens: &[&str]) -> u32 {
    tokens.iter().map(|t| utf16(t)).sum()
}

/// Which tokens of a text go and what comes there to make `new` of it, first to last.
pub(crate) fn replaced(old: &[&str], new: &str) -> Vec<(Range<usize>, String)> {
    within(old, new, &mut { MOST_PAIRS })
}

/// The same, comparing no more than so many pairs of words, and as many of lines.
pub(crate) fn within(old: &[&str], new: &str, left: &mut usize) -> Vec<(Range<usize>, String)> {
    let new: Vec<&str> = new.split_word_bounds().collect();
    let mut out = Vec::new();
    let all = (0..old.len(), 0..new.len());
    let (a, b) = differ(old, &new, &all);
    if let Some(pairs) = by_words(&old[a.clone()], &new[b.clone()], left) {
        out.extend(pairs.into_iter().map(|(x, y)| (shift(&x, a.start), shift(&y, b.start))));
    } else {
        // First the lines, then the words of those that changed.
        let (x, y) = (lines(&old[a.clone()]), lines(&new[b.clone()]));
        let text = |tokens: &[&str], lines: &[Range<usize>]| -> Vec<String> {
            lines.iter().map(|line| tokens[line.clone()].concat()).collect()
        };
        let (p, q) = (text(&old[a.clone()], &x), text(&new[b.clone()], &y));
        let mut left_lines = *left;
        let pairs = compare(&p, &q, &mut left_lines).unwrap_or_else(|| vec![(0..p.len(), 0..q.len())]);
        for (some, others) in pairs {
            let here = (shift(&span(&x, &some, a.len()), a.start), shift(&span(&y, &others, b.len()), b.start));
            let (c, d) = differ(old, &new, &here);
            match by_words(&old[c.clone()], &new[d.clone()], left) {
                Some(pairs) => out.extend(pairs.into_iter().map(|(x, y)| (shift(&x, c.start), shift(&y, d.start)))),
                None => out.push((c, d)),
            }
        }
    }
    out.into_iter().map(|(gone, come)| (gone, new[come].concat())).collect()
}

type Pair = (Range<usize>, Range<usize>);

const fn shift(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// What is left of two ranges without what they begin and end with alike.
fn differ(a: &[&str], b: &[&str], (x, y): &Pair) -> Pair {
    let (p, q) = (&a[x.clone()], &b[y.clone()]);
    let start = p.iter().zip(q).take_while(|(s, t)| s == t).count();
    let end = p[start..].iter().rev().zip(q[start..].iter().rev()).take_while(|(s, t)| s == t).count();
    (x.start + start..x.end - end, y.start + start..y.end - end)
}

/// Whether a token is a word: it has a letter, a number or a picture in it. Marks and spaces are none.
pub(crate) fn is_word(token: &str) -> bool {
    let mark = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || ('\u{2000}'..='\u{206f}').contains(&c);
    !token.chars().all(mark)
}

/// What differs, where as many words as possible stay: first the words are compared alone, then what stands between those
/// that stay. Compared all at once a space counts as much as a word, and a word that nobody touched may be taken for one
/// that went and came again. `None` as [`compare`].
fn by_words(a: &[&str], b: &[&str], left: &mut usize) -> Option<Vec<Pair>> {
    let words = |tokens: &[&str]| -> Vec<usize> { (0..tokens.len()).filter(|t| is_word(tokens[*t])).collect() };
    let (p, q) = (words(a), words(b));
    let (only_p, only_q): (Vec<&str>, Vec<&str>) =
        (p.iter().map(|t| a[*t]).collect(), q.iter().map(|t| b[*t]).collect());
    let changed = compare(&only_p, &only_q, left)?;
    let mut out: Vec<Pair> = Vec::new();
    let mut between = |x: Range<usize>, y: Range<usize>| -> Option<()> {
        let (x, y) = differ(a, b, &(x, y));
        for (gone, come) in compare(&a[x.clone()], &b[y.clone()], left)? {
            out.push((shift(&gone, x.start), shift(&come, y.start)));
        }
        Some(())
    };
    // The words that stay, as places in both.
    let (mut x, mut y) = (0, 0);
    let (mut from, mut to) = (0, 0);
    for (gone, come) in changed.into_iter().chain([(p.len()..p.len(), q.len()..q.len())]) {
        while x < gone.start {
            between(from..p[x], to..q[y])?;
            (from, to) = (p[x] + 1, q[y] + 1);
            (x, y) = (x + 1, y + 1);
        }
        (x, y) = (gone.end, come.end);
    }
    between(from..a.len(), to..b.len())?;
    Some(out)
}

/// What differs; `None` when comparing would take more pairs than are left.
fn compare<T: Eq + Hash + Ord>(a: &[T], b: &[T], left: &mut usize) -> Option<Vec<Pair>> {
    *left = left.checked_sub(a.len().saturating_mul(b.len()))?;
    let (mut x, mut y) = (0, 0);
    let mut out: Vec<Pair> = Vec::new();
    // The lengths of what it finds are right, its places not always.
    for op in capture_diff_slices(Algorithm::Myers, a, b) {
        let (_, gone, come) = op.as_tag_tuple();
        let (p, q) = (x + gone.len(), y + come.len());
        if !matches!(op, DiffOp::Equal { .. }) {
            match out.last_mut() {
                Some(last) if last.0.end == x && last.1.end == y => (last.0.end, last.1.end) = (p, q),
                _ => out.push((x..p, y..q)),
            }
        }
        (x, y) = (p, q);
    }
    Some(out)
}

/// The lines of some tokens, each with its end.
fn lines(tokens: &[&str]) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut out = Vec::new();
    for end in 1..=tokens.len() {
        if end == tokens.len() || tokens[end - 1].contains('\n') {
            out.push(start..end);
            start = end;
        }
    }
    out
}

/// From the first to the last of some lines; where there are none, the place before which they would stand.
fn span(lines: &[Range<usize>], some: &Range<usize>, end: usize) -> Range<usize> {
    let at = |n: usize| lines.get(n).map_or(end, |line| line.start);
    at(some.start)..at(some.end)
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
    fn a_word_that_nobody_touched_stays_where_it_is() {
        let found = edits("one two three four", "first of all two four");
        assert_eq!(
            found.iter().map(|e| (e.at, e.insert.as_str())).collect::<Vec<_>>(),
            [(0, "first of all"), (16, "")]
        );
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

    #[test]
    fn in_a_long_text_a_word_at_each_end_is_two_edits() {
        let long = |first: &str, last: &str| {
            let words: String = (0..6000).map(|n| format!("w{n}{}", if n % 50 == 49 { "\n" } else { " " })).collect();
            format!("{first} {words}{last}")
        };
        let (old, new) = (long("old", "end"), long("new", "stop"));
        let found = edits(&old, &new);
        assert_eq!(found.iter().map(|e| e.insert.as_str()).collect::<Vec<_>>(), ["new", "stop"]);
        assert_eq!(apply(&old, &found), new);
    }

    #[test]
    fn what_is_too_much_to_compare_is_one_edit() {
        let old: String = (0..20_000).map(|n| format!("{}\n", n % 7)).collect();
        let new: String = (0..20_000).map(|n| format!("{}\n", n % 5)).collect();
        let found = edits(&old, &new);
        assert_eq!((found.len(), apply(&old, &found)), (1, new));
    }

    proptest! {
        #[test]
        fn the_edits_make_the_new_text(old in "[ab é👩🏽\u{200d}\n.]{0,40}", new in "[ab é👩🏽\u{200d}\n.]{0,40}") {
            prop_assert_eq!(apply(&old, &edits(&old, &new)), new);
        }
    }
}
