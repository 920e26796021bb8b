//! Taking words away for good: out of a text, and out of what is kept of how it came about. Nothing of them is left in any
//! state that can still be reached; where they stood there is a sign.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::Stretch;

/// What stands where words were wiped.
pub const WIPED: char = '…';

/// A text in which some characters are to go.
struct Marked(Vec<(char, bool)>);

/// Words to look for, with their marks beside their letters: é as one sign and as two is the same.
struct Sought(Vec<char>);

impl Sought {
    fn of(words: &str) -> Self {
        let mut out = Vec::new();
        words.chars().for_each(|c| decompose_canonical(c, |part| out.push(part)));
        Self(out)
    }

    /// Where they begin in a text, also where they overlap. Knuth, Morris and Pratt: no text takes longer than it is.
    fn starts(&self, text: impl Iterator<Item = char>) -> Vec<usize> {
        let words = &self.0;
        let mut back = vec![0; words.len()];
        let mut fits = 0;
        for at in 1..words.len() {
            while fits > 0 && words[at] != words[fits] {
                fits = back[fits - 1];
            }
            fits += usize::from(words[at] == words[fits]);
            back[at] = fits;
        }
        let (mut out, mut fits) = (Vec::new(), 0);
        for (at, c) in text.enumerate() {
            while fits > 0 && (fits == words.len() || words[fits] != c) {
                fits = back[fits - 1];
            }
            fits += usize::from(words[fits] == c);
            if fits == words.len() {
                out.push(at + 1 - fits);
            }
        }
        out
    }
}

impl Marked {
    fn of(text: &str) -> Self {
        Self(text.chars().map(|c| (c, false)).collect())
    }

    /// Marks every place where these words stand.
    fn mark(mut self, sought: &Sought) -> Self {
        if sought.0.is_empty() {
            return self;
        }
        // Each part of a character, with the place of the whole.
        let mut parts: Vec<(char, usize)> = Vec::with_capacity(self.0.len());
        for (at, (c, _)) in self.0.iter().enumerate() {
            decompose_canonical(*c, |part| parts.push((part, at)));
        }
        let mut done = 0;
        for start in sought.starts(parts.iter().map(|(c, _)| *c)) {
            let from = parts[start].1.max(done);
            let mut to = parts[start + sought.0.len() - 1].1 + 1;
            // A mark stays with its letter.
            while self.0.get(to).is_some_and(|(c, _)| is_combining_mark(*c)) {
                to += 1;
            }
            for (_, gone) in &mut self.0[from.min(to)..to] {
                *gone = true;
            }
            done = done.max(to);
        }
        self
    }

    fn has_any(&self) -> bool {
        self.0.iter().any(|(_, gone)| *gone)
    }

    fn text(&self) -> String {
        self.0.iter().map(|(c, _)| c).collect()
    }

    /// The text before a change. What stays of marked words stays marked: words that were written letter by letter stood there
    /// in part before they stood there as a whole.
    fn before(&self, change: &Stretch) -> Self {
        let start = self.0.iter().take(change.place);
        let end = self.0.iter().skip(change.place.saturating_add(change.came));
        let mut earlier: Vec<_> =
            start.copied().chain(change.gone.chars().map(|c| (c, false))).chain(end.copied()).collect();
        // Which of two spaces came nobody can tell: one at the edge of what goes is left to the words beside it.
        for run in earlier.chunk_by_mut(|a, b| a.1 == b.1).filter(|run| run[0].1) {
            let ends = |(c, _): &&mut (char, bool)| c.is_whitespace();
            run.iter_mut().take_while(ends).for_each(|(_, gone)| *gone = false);
            run.iter_mut().rev().take_while(ends).for_each(|(_, gone)| *gone = false);
        }
        Self(earlier)
    }

    /// With one sign for each stretch that goes.
    fn wiped(&self) -> String {
        let mut before = false;
        let mut out = String::new();
        for (c, gone) in &self.0 {
            match (gone, before) {
                (false, _) => out.push(*c),
                (true, false) => out.push(WIPED),
                (true, true) => {}
            }
            before = *gone;
        }
        out
    }
}

/// A text without these words; nothing where they do not stand in it. Exactly these words are looked for; whether a letter and
/// its mark are one sign or two makes no difference.
pub fn wipe(text: &str, words: &str) -> Option<String> {
    let marked = Marked::of(text).mark(&Sought::of(words));
    marked.has_any().then(|| marked.wiped())
}

/// What is left of something that was picked from a text: as [`wipe`], and nothing of what is only a part of the words.
pub fn wipe_picked(picked: &str, words: &str) -> Option<String> {
    let part = !picked.is_empty() && !Sought::of(picked).starts(Sought::of(words).0.into_iter()).is_empty();
    if part { Some(WIPED.to_string()) } else { wipe(picked, words) }
}

/// A text as it was after some change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastState {
    /// After which one.
    pub n: i64,
    /// What it said.
    pub was: String,
    /// What is left of that.
    pub left: String,
}

/// What came of how a text came about.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// How each change is taken back, in the order in which they were given.
    pub changes: Vec<Stretch>,
    /// The states that were asked for.
    pub states: Vec<PastState>,
}

/// How the changes of a text are taken back when these words never stood in it. `now`: the text after the last change, which
/// has them no more; `changes`: each with its number, the last one first. `wanted`: the numbers after which the text is asked
/// for, too.
///
/// A part of the words that stood there before the rest was written goes with them. What was left of them when somebody had
/// removed a part stays: it stands in a later state as words of its own.
pub fn wipe_changes(now: &str, changes: &[(i64, Stretch)], words: &str, wanted: &[i64]) -> Past {
    let sought = Sought::of(words);
    let (mut later, mut left) = (Marked::of(now), now.to_owned());
    let mut past = Past::default();
    let mut wanted = wanted.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let give = |past: &mut Past, n, later: &Marked, left: &str| {
        past.states.push(PastState { n, was: later.text(), left: left.to_owned() });
    };
    for (n, change) in changes {
        while let Some(asked) = wanted.pop_if(|asked| *asked >= *n) {
            give(&mut past, asked, &later, &left);
        }
        let earlier = later.before(change).mark(&sought);
        let text = earlier.wiped();
        past.changes.push(match (later.has_any() || earlier.has_any(), text == left) {
            // Nothing goes from either side: it is taken back as ever.
            (false, _) => change.clone(),
            (true, true) => Stretch::nothing(),
            (true, false) => Stretch::between(&text, &left),
        });
        (later, left) = (earlier, text);
    }
    for asked in wanted {
        give(&mut past, asked, &later, &left);
    }
    past
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The changes between texts, the last one first: the first text is the state after number 0.
    fn changes(texts: &[String]) -> Vec<(i64, Stretch)> {
        let mut all: Vec<_> = (1..).zip(texts.windows(2)).map(|(n, w)| (n, Stretch::between(&w[0], &w[1]))).collect();
        all.reverse();
        all
    }

    fn wipe_all(now: &str, kept: &[(i64, Stretch)], words: &str) -> Vec<Stretch> {
        wipe_changes(now, kept, words, &[]).changes
    }

    /// Every state, the last one first.
    fn states(now: &str, changes: &[Stretch]) -> Vec<String> {
        changes
            .iter()
            .scan(now.to_owned(), |text, change| {
                *text = change.take_back(text);
                Some(text.clone())
            })
            .collect()
    }

    #[test]
    fn a_sign_stands_where_words_stood() {
        for (text, words, left) in [
            ("Ring 07700 900123 now.", "07700 900123", Some("Ring … now.")),
            ("ababa", "aba", Some("…")),
            ("Übung 🚌🚌 macht", "🚌", Some("Übung … macht")),
            ("nothing here", "there", None),
            ("short", "much longer than that", None),
            ("all", "all", Some("…")),
            ("all", "", None),
            ("I am Zoe\u{308} N.", "Zo\u{eb}", Some("I am … N.")),
            ("I am Zo\u{eb} N.", "Zoe\u{308}", Some("I am … N.")),
            ("I am Zoe\u{308} N.", "Zoe", Some("I am … N.")),
            ("aabaabaab", "aabaab", Some("…")),
        ] {
            assert_eq!(wipe(text, words).as_deref(), left, "{text}");
        }
    }

    #[test]
    fn words_typed_letter_by_letter_leave_no_part_behind() {
        let typed = "Ring 07700 900123";
        let mut texts: Vec<String> = (0..=typed.len()).map(|n| format!("{} or write.", &typed[..n])).collect();
        texts.push("Ring … or write.".to_owned());
        let kept = changes(&texts);
        let wiped = wipe_all("Ring … or write.", &kept, "07700 900123");
        assert_eq!(wiped.len(), kept.len());
        for state in states("Ring … or write.", &wiped) {
            assert!(!state.contains('0') && !state.contains('7'), "{state}");
            assert!(state.starts_with("Ring") || "Ring".starts_with(&state[..state.len() - 10]), "{state}");
            assert!(state.ends_with(" or write."), "{state}");
        }
        assert!(wiped.iter().all(|s| !s.gone.contains('0')));
    }

    #[test]
    fn a_state_between_has_no_part_of_them_and_says_what_it_said() {
        let texts = ["A bus.", "A bus. Ring Zed", "A bus. Ring Zed Quill.", "A bus. Ring …."].map(str::to_owned);
        let past = wipe_changes(&texts[3], &changes(&texts), "Zed Quill", &[1, 0, 2, 9]);
        let said: Vec<_> = past.states.iter().map(|m| (m.n, m.was.as_str(), m.left.as_str())).collect();
        assert_eq!(
            said,
            [
                (9, "A bus. Ring ….", "A bus. Ring …."),
                (2, "A bus. Ring Zed Quill.", "A bus. Ring …."),
                (1, "A bus. Ring Zed", "A bus. Ring …"),
                (0, "A bus.", "A bus."),
            ]
        );
        assert_eq!(wipe_picked("Zed", "Zed Quill").as_deref(), Some("…"));
        assert_eq!(wipe_picked("Ring Zed Quill.", "Zed Quill").as_deref(), Some("Ring …."));
        assert_eq!(wipe_picked("A bus.", "Zed Quill"), None);
        assert_eq!(wipe_picked("", "Zed Quill"), None);
    }

    #[test]
    fn a_change_that_has_none_of_them_stays_as_it_is() {
        // Typed and removed again: what is kept of it has a place, and does nothing.
        let kept = [(2, Stretch { place: 6, came: 0, gone: String::new() }), (1, Stretch::between("A bus", "A bus."))];
        let stretches: Vec<Stretch> = kept.iter().map(|(_, s)| s.clone()).collect();
        assert_eq!(wipe_all("A bus.", &kept, "a tram"), stretches);
    }

    #[test]
    fn long_words_that_repeat_take_no_time() {
        let text = "a".repeat(40_000);
        assert_eq!(wipe(&text, &"a".repeat(4_000)).as_deref(), Some("…"));
    }

    #[test]
    fn other_words_of_earlier_states_stay() {
        let texts =
            ["A bus.", "A bus. I am Robin Smith.", "A bus. I am Robin Smith. At ten.", "A bus. I am …. At ten."]
                .map(str::to_owned);
        let wiped = wipe_all(&texts[3], &changes(&texts), "Robin Smith");
        assert_eq!(states(&texts[3], &wiped), ["A bus. I am …. At ten.", "A bus. I am ….", "A bus."]);
        assert_eq!(wiped[0], Stretch::nothing());
    }

    proptest! {
        #[test]
        fn no_state_has_them_and_all_others_are_as_they_were(texts in prop::collection::vec("[abc ]{0,12}", 1..8), words in "[abc]{2,4}") {
            let last = wipe(texts.last().unwrap(), &words).unwrap_or_else(|| texts.last().unwrap().clone());
            let mut all = texts.clone();
            all.push(last.clone());
            let wiped = wipe_all(&last, &changes(&all), &words);
            for state in states(&last, &wiped) {
                prop_assert!(!state.contains(&words), "{}", state);
            }
            if texts.iter().all(|t| !t.contains(&words)) {
                let was: Vec<String> = texts.iter().rev().cloned().collect();
                prop_assert_eq!(states(&last, &wiped), was);
            }
        }
    }
}
