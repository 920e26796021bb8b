//! What somebody just did in a box: one place where text goes and text comes, found by what both texts begin and end with
//! alike. Where that leaves several answers ("aa" became "aaa") the caret says which: what was typed ends where it stands.
//!
//! Units are those of UTF-16, as in browsers. No surrogate pair is ever cut.

/// At `at` take away `remove`, put in `insert`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// Where, in UTF-16 units of the old text.
    pub at: u32,
    /// How many units go.
    pub remove: u32,
    /// What comes.
    pub insert: String,
}

/// What makes `new` of `old`, or nothing when they are the same. `caret`: where the selection ends in `new`.
pub fn splice(old: &str, new: &str, caret: u32) -> Option<Splice> {
    if old == new {
        return None;
    }
    let (old, new): (Vec<u16>, Vec<u16>) = (old.encode_utf16().collect(), new.encode_utf16().collect());
    let behind = new.len().saturating_sub(usize::try_from(caret).unwrap_or(usize::MAX));
    // First as the caret says it: what stands behind it did not change.
    let by_caret = ends(&old, &new, behind);
    // A caret that stands elsewhere (another program changed the box) must not make a small change a large one.
    let smallest = ends(&old, &new, usize::MAX);
    let size = |(start, end): (usize, usize)| old.len() + new.len() - 2 * (start + end);
    let (start, end) = if size(by_caret) <= size(smallest) { by_caret } else { smallest };
    let insert = String::from_utf16_lossy(&new[start..new.len() - end]);
    let units = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Some(Splice { at: units(start), remove: units(old.len() - end - start), insert })
}

/// How many units both begin with alike and how many both end with alike: the end first, at most `most`.
fn ends(old: &[u16], new: &[u16], most: usize) -> (usize, usize) {
    let shorter = old.len().min(new.len());
    let alike = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let mut end = alike.min(most).min(shorter);
    if cuts(old, old.len() - end) || cuts(new, new.len() - end) {
        end -= 1;
    }
    let alike = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let mut start = alike.min(shorter - end);
    if cuts(old, start) || cuts(new, start) {
        start -= 1;
    }
    (start, end)
}

/// Whether this place is inside a surrogate pair.
fn cuts(text: &[u16], at: usize) -> bool {
    let high = at.checked_sub(1).and_then(|before| text.get(before)).is_some_and(|u| (0xd800..0xdc00).contains(u));
    high && text.get(at).is_some_and(|u| (0xdc00..0xe000).contains(u))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn done(old: &str, splice: &Splice) -> String {
        let mut units: Vec<u16> = old.encode_utf16().collect();
        let (at, end) = (splice.at as usize, (splice.at + splice.remove) as usize);
        units.splice(at..end, splice.insert.encode_utf16());
        String::from_utf16(&units).expect("no pair was cut")
    }

    fn of(at: u32, remove: u32, insert: &str) -> Option<Splice> {
        Some(Splice { at, remove, insert: insert.to_owned() })
    }

    #[test]
    fn the_caret_breaks_ties() {
        // An "a" typed at the front, in the middle, at the end.
        assert_eq!(splice("aa", "aaa", 1), of(0, 0, "a"));
        assert_eq!(splice("aa", "aaa", 2), of(1, 0, "a"));
        assert_eq!(splice("aa", "aaa", 3), of(2, 0, "a"));
        // One taken away with Backspace behind the second, or with Delete before it.
        assert_eq!(splice("aaa", "aa", 1), of(1, 1, ""));
        assert_eq!(splice("the the ", "the ", 4), of(4, 4, ""));
        assert_eq!(splice("same", "same", 2), None);
    }

    #[test]
    fn a_caret_that_stands_elsewhere_makes_no_large_change() {
        assert_eq!(splice("a long text", "A long text", 11), of(0, 1, "A"));
    }

    #[test]
    fn faces_that_share_half_of_themselves_are_changed_whole() {
        assert_eq!(splice("😀", "😁", 2), of(0, 2, "😁"));
        assert_eq!(splice("x😀y", "x😀😀y", 5), of(3, 0, "😀"));
    }

    proptest! {
        #[test]
        fn it_makes_the_new_text(old in "[ab😀😁é\n]{0,20}", new in "[ab😀😁é\n]{0,20}", caret in 0u32..50) {
            match splice(&old, &new, caret) {
                None => prop_assert_eq!(old, new),
                Some(it) => prop_assert_eq!(done(&old, &it), new),
            }
        }
    }
}
