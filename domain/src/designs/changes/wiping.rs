//! Taking words away for good: out of a text, and out of what is kept of how it came about. Nothing of them is left in any
//! state that can still be reached; where they stood there is a sign.

use super::Stretch;

/// What stands where words were wiped.
pub const WIPED: char = '…';

/// A text in which some characters are to go.
struct Marked(Vec<(char, bool)>);

impl Marked {
    fn of(text: &str) -> Self {
        Self(text.chars().map(|c| (c, false)).collect())
    }

    /// Marks every place where exactly these words stand.
    fn mark(mut self, words: &[char]) -> Self {
        let starts = 0..(self.0.len() + 1).saturating_sub(words.len());
        let there = |at: &usize| self.0[*at..].iter().zip(words).all(|((c, _), word)| c == word);
        for at in starts.filter(there).collect::<Vec<_>>() {
            for (_, gone) in &mut self.0[at..at + words.len()] {
                *gone = true;
            }
        }
        self
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

/// A text without these words; nothing where they do not stand in it. Exactly these characters are looked for.
pub fn wipe(text: &str, words: &str) -> Option<String> {
    if words.is_empty() || !text.contains(words) {
        return None;
    }
    let exact: Vec<char> = words.chars().collect();
    Some(Marked::of(text).mark(&exact).wiped())
}

/// How the changes of a text are taken back when these words never stood in it. `now`: the text after the last change, which
/// has them no more; `changes`: the last one first. What comes back is as long and in the same order.
///
/// A part of the words that stood there before the rest was written goes with them. What was left of them when somebody had
/// removed a part stays: it stands in a later state as words of its own.
pub fn wipe_changes(now: &str, changes: &[Stretch], words: &str) -> Vec<Stretch> {
    let exact: Vec<char> = words.chars().collect();
    let (mut later, mut later_text) = (Marked::of(now), now.to_owned());
    let mut out = Vec::with_capacity(changes.len());
    for change in changes {
        let earlier = later.before(change).mark(&exact);
        let text = earlier.wiped();
        let same = text == later_text;
        out.push(if same { Stretch::nothing() } else { Stretch::between(&text, &later_text) });
        (later, later_text) = (earlier, text);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The changes between texts, the last one first.
    fn changes(texts: &[String]) -> Vec<Stretch> {
        texts.windows(2).rev().map(|w| Stretch::between(&w[0], &w[1])).collect()
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
        let wiped = wipe_changes("Ring … or write.", &kept, "07700 900123");
        assert_eq!(wiped.len(), kept.len());
        for state in states("Ring … or write.", &wiped) {
            assert!(!state.contains('0') && !state.contains('7'), "{state}");
            assert!(state.starts_with("Ring") || "Ring".starts_with(&state[..state.len() - 10]), "{state}");
            assert!(state.ends_with(" or write."), "{state}");
        }
        assert!(wiped.iter().all(|s| !s.gone.contains('0')));
    }

    #[test]
    fn other_words_of_earlier_states_stay() {
        let texts =
            ["A bus.", "A bus. I am Robin Smith.", "A bus. I am Robin Smith. At ten.", "A bus. I am …. At ten."]
                .map(str::to_owned);
        let wiped = wipe_changes(&texts[3], &changes(&texts), "Robin Smith");
        assert_eq!(states(&texts[3], &wiped), ["A bus. I am …. At ten.", "A bus. I am ….", "A bus."]);
        assert_eq!(wiped[0], Stretch::nothing());
    }

    proptest! {
        #[test]
        fn no_state_has_them_and_all_others_are_as_they_were(texts in prop::collection::vec("[abc ]{0,12}", 1..8), words in "[abc]{2,4}") {
            let last = wipe(texts.last().unwrap(), &words).unwrap_or_else(|| texts.last().unwrap().clone());
            let mut all = texts.clone();
            all.push(last.clone());
            let wiped = wipe_changes(&last, &changes(&all), &words);
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
