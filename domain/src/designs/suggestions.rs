//! Suggestions: exact words somebody proposes for a section, where they belong in it, and who decides about them.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

crate::named! {
    /// What a suggestion does to the words of a section.
    pub enum SuggestionKind {
        /// Other words in their place.
        Change = "change",
        /// More words behind them.
        Add = "add",
        /// Without them.
        Remove = "remove",
    }
}

crate::named! {
    /// What has become of a suggestion.
    pub enum SuggestionState {
        /// Waits to be checked; its author sees it.
        Held = "held",
        /// Waits for those who decide.
        Pending = "pending",
        /// The words it is about changed: its author looks again.
        Look = "look-again",
        /// In the section as it was written.
        Accepted = "accepted",
        /// In the section with other words than it had.
        Changed = "accepted-changed",
        /// Not in the section, with a reason.
        NotAccepted = "not-accepted",
        /// Its author took it back; only they have its words.
        Withdrawn = "withdrawn",
        /// Somebody who checks took it away, with a reason.
        Hidden = "hidden-by-moderator",
    }
}

impl SuggestionState {
    /// Everybody who may read the design sees it.
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Pending | Self::Look | Self::Accepted | Self::Changed | Self::NotAccepted)
    }

    /// Its author can still keep it, change it or take it back.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Held | Self::Pending | Self::Look | Self::Hidden)
    }
}

crate::named! {
    /// Who decides about suggestions in a workspace.
    pub enum Deciders {
        /// A lead of one of its groups.
        Lead = "lead",
        /// An officer who works with one of its groups.
        Officer = "officer",
        /// Two people of its groups who say the same, one of them a young person.
        Two = "two",
    }
}

crate::named! {
    /// What somebody who decides says to a suggestion.
    pub enum SuggestionAnswer {
        /// As it is.
        Accept = "accept",
        /// With other words.
        Change = "accept-changed",
        /// No, with a reason.
        Not = "not-accept",
    }
}

crate::named! {
    /// What becomes of others about the same words when one is accepted.
    pub enum Others {
        /// They stay as they are.
        Keep = "keep",
        /// This one was chosen: the others are not accepted.
        Choose = "choose",
        /// What they say is in the words that were accepted.
        Join = "join",
    }
}

/// Most characters of the words somebody picks.
pub const PICKED_MAX: usize = 4000;
/// Most sentences that are offered to be picked one by one.
pub const MOST_SENTENCES: usize = 80;

/// Where in a section a suggestion belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot<'a> {
    /// What it does there.
    pub kind: SuggestionKind,
    /// The exact words it is about; empty for the whole section.
    pub picked: &'a str,
    /// Which time these words stand in the section, from 0.
    pub nth: usize,
    /// How many times they stood there when it was written.
    pub of: usize,
    /// What the section said when it was written.
    pub base: &'a str,
}

impl Spot<'_> {
    /// The words it is about in what the section says now. `None`: they changed, and it needs another look.
    pub fn range(&self, now: &str) -> Option<Range<usize>> {
        if self.picked.is_empty() {
            return match self.kind {
                SuggestionKind::Add => Some(now.len()..now.len()),
                _ => (now == self.base).then_some(0..now.len()),
            };
        }
        let found: Vec<usize> = now.match_indices(self.picked).map(|(at, _)| at).collect();
        let at = found.get(self.nth).filter(|_| found.len() == self.of)?;
        let end = at + self.picked.len();
        Some(if self.kind == SuggestionKind::Add { end..end } else { *at..end })
    }

    /// What the section says with the suggestion in it: with `words`, or without those it is about where there are none.
    pub fn put(&self, now: &str, words: &str) -> Option<String> {
        let at = self.range(now)?;
        let (before, after) = (&now[..at.start], &now[at.end..]);
        if self.kind != SuggestionKind::Add {
            return Some(if words.is_empty() { cut(before, after) } else { format!("{before}{words}{after}") });
        }
        Some(if before.trim().is_empty() {
            format!("{words}{after}")
        } else if self.picked.is_empty() {
            format!("{}\n\n{words}", before.trim_end())
        } else {
            format!("{before}{}{words}{after}", joint(before))
        })
    }

    /// Whether two suggestions are about the same words, or about words next to each other.
    pub fn touches(&self, other: &Spot<'_>, now: &str) -> bool {
        let (Some(a), Some(b)) = (self.range(now), other.range(now)) else { return false };
        a.start <= b.end && b.start <= a.end
    }
}

/// What stands before and after words that were taken out, without the space or the line that was theirs.
fn cut(before: &str, after: &str) -> String {
    let line = before.rfind('\n').map_or(0, |n| n + 1);
    let alone = marker(&before[line..]).is_some_and(|m| before[line..].len() == m.len()) || before[line..].is_empty();
    if alone && (after.is_empty() || after.starts_with('\n')) {
        let (kept, rest) = (&before[..line], after.strip_prefix('\n').unwrap_or(after));
        return if rest.is_empty() { kept.trim_end().to_owned() } else { format!("{kept}{rest}") };
    }
    if after.is_empty() || after.starts_with('\n') {
        return format!("{}{after}", before.trim_end_matches(' '));
    }
    let spaced = before.is_empty() || before.ends_with([' ', '\n']);
    format!("{before}{}", if spaced { after.trim_start_matches(' ') } else { after })
}

/// The mark that a line of a list begins with, with its space.
fn marker(line: &str) -> Option<&str> {
    let bare = line.trim_start();
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let length = if bare.starts_with("- ") || bare.starts_with("* ") {
        2
    } else if digits > 0 && bare[digits..].starts_with(". ") {
        digits + 2
    } else {
        return None;
    };
    Some(&line[..line.len() - bare.len() + length])
}

/// What stands between words and those that are added behind them: in a list a new line of the list.
fn joint(before: &str) -> String {
    let line = before.rfind('\n').map_or(before, |n| &before[n + 1..]);
    match marker(line) {
        None => " ".to_owned(),
        Some(mark) => {
            let number = mark.trim().trim_end_matches('.').parse::<u64>().ok();
            number.map_or_else(|| format!("\n{mark}"), |n| format!("\n{}. ", n.saturating_add(1)))
        }
    }
}

/// The sentences of a section, in order: what can be picked without typing. Each with the number of times it stood there
/// before.
pub fn sentences(words: &str) -> Vec<(usize, &str)> {
    let mut out: Vec<(usize, &str)> = Vec::new();
    for line in words.lines() {
        let start = marker(line).map_or(0, str::len);
        for sentence in line[start..].split_sentence_bounds() {
            let sentence = sentence.trim();
            if sentence.is_empty() || out.len() >= MOST_SENTENCES || sentence.chars().count() > PICKED_MAX {
                continue;
            }
            // Where it stands among the places that its words are found at, inside other sentences too.
            let at = sentence.as_ptr() as usize - words.as_ptr() as usize;
            let nth = words.match_indices(sentence).take_while(|(found, _)| *found < at).count();
            out.push((nth, sentence));
        }
    }
    out
}

/// Whether two suggestions say nearly the same: half of their words are in both.
pub fn alike(a: &str, b: &str) -> bool {
    let set = |text: &str| -> BTreeSet<String> { text.unicode_words().map(str::to_lowercase).collect() };
    let (a, b) = (set(a), set(b));
    let both = a.intersection(&b).count();
    both >= 2 && both * 2 >= a.union(&b).count()
}

/// One answer of somebody who may still decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<K> {
    /// What they say: equal for those who say the same.
    pub says: K,
    /// They are a young person.
    pub young: bool,
}

/// The answer that decides, by its place: where two decide, the first that two people gave, one of them a young person.
pub fn settled<K: Eq>(deciders: Deciders, all: &[Given<K>]) -> Option<usize> {
    match deciders {
        Deciders::Lead | Deciders::Officer => (!all.is_empty()).then(|| all.len() - 1),
        Deciders::Two => all.iter().position(|one| {
            let same = || all.iter().filter(|other| other.says == one.says);
            same().count() >= 2 && same().any(|other| other.young)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BUS: &str = "The bus is late. The bus is full.\n\n- Ask the driver.\n- Ask the driver.\n\nWe wait.";

    fn spot<'a>(kind: SuggestionKind, picked: &'a str, nth: usize, of: usize) -> Spot<'a> {
        Spot { kind, picked, nth, of, base: BUS }
    }

    #[test]
    fn words_are_changed_added_and_taken_out_where_they_stand() {
        use SuggestionKind::{Add, Change, Remove};
        let put = |s: Spot<'_>, words: &str| s.put(BUS, words).expect("it is there");
        assert!(
            put(spot(Change, "The bus is full.", 0, 1), "It is packed.")
                .starts_with("The bus is late. It is packed.\n")
        );
        assert!(
            put(spot(Add, "The bus is late.", 0, 1), "Often.").starts_with("The bus is late. Often. The bus is full.")
        );
        assert!(put(spot(Remove, "The bus is late.", 0, 1), "").starts_with("The bus is full."));
        assert!(
            put(spot(Add, "Ask the driver.", 0, 2), "Ask me.")
                .contains("- Ask the driver.\n- Ask me.\n- Ask the driver.")
        );
        assert!(put(spot(Remove, "Ask the driver.", 1, 2), "").contains("- Ask the driver.\n\nWe wait."));
        assert!(put(spot(Add, "", 0, 0), "The end.").ends_with("We wait.\n\nThe end."));
        assert_eq!(put(spot(Change, "", 0, 0), "All new."), "All new.");
        assert_eq!(spot(Remove, "", 0, 0).put(BUS, ""), Some(String::new()));
    }

    #[test]
    fn words_that_are_not_there_any_more_need_another_look() {
        let late = spot(SuggestionKind::Change, "The bus is late.", 0, 1);
        assert_eq!(late.range("The bus is never late. The bus is full."), None);
        assert!(late.range(&BUS.replace("We wait.", "We walk.")).is_some(), "other words changed");
        assert_eq!(
            spot(SuggestionKind::Change, "Ask the driver.", 1, 2).range("- Ask the driver."),
            None,
            "which one?"
        );
        assert_eq!(spot(SuggestionKind::Remove, "", 0, 0).range("x"), None, "it was about the whole section");
        assert!(spot(SuggestionKind::Add, "", 0, 0).range("x").is_some(), "the end is always there");
    }

    #[test]
    fn sentences_can_be_found_again() {
        let found = sentences(BUS);
        let words: Vec<_> = found.iter().map(|(_, s)| *s).collect();
        assert_eq!(words, ["The bus is late.", "The bus is full.", "Ask the driver.", "Ask the driver.", "We wait."]);
        assert_eq!(found[3].0, 1, "the second time");
    }

    #[test]
    fn those_about_the_same_words_are_found() {
        use SuggestionKind::{Add, Change};
        let a = spot(Change, "The bus is late.", 0, 1);
        assert!(a.touches(&spot(Change, "late", 0, 1), BUS));
        assert!(a.touches(&spot(Add, "The bus is late.", 0, 1), BUS));
        assert!(!a.touches(&spot(Change, "We wait.", 0, 1), BUS));
        assert!(alike("A bench at the stop", "a bench at the other stop"));
        assert!(!alike("A bench at the stop", "Cheaper tickets"));
    }

    #[test]
    fn two_decide_when_they_say_the_same_and_one_is_young() {
        let given = |says, young| Given { says, young };
        assert_eq!(settled(Deciders::Two, &[given("yes", true)]), None);
        assert_eq!(settled(Deciders::Two, &[given("yes", false), given("yes", false)]), None);
        assert_eq!(settled(Deciders::Two, &[given("no", true), given("yes", false)]), None);
        assert_eq!(settled(Deciders::Two, &[given("no", true), given("yes", false), given("yes", true)]), Some(1));
        assert_eq!(settled(Deciders::Lead, &[given("no", false)]), Some(0));
        assert_eq!(settled::<&str>(Deciders::Officer, &[]), None);
    }

    proptest! {
        #[test]
        fn every_sentence_can_be_picked(words in "[ab. \n*1é-]{0,60}") {
            for (nth, picked) in sentences(&words) {
                let of = words.matches(picked).count();
                for kind in SuggestionKind::ALL {
                    let spot = Spot { kind: *kind, picked, nth, of, base: &words };
                    // A sentence can begin inside another place of the same words: then it is offered and not found.
                    if let Some(at) = spot.range(&words) {
                        prop_assert!(*kind == SuggestionKind::Add || &words[at] == picked);
                        prop_assert!(spot.put(&words, "x").is_some_and(|new| new.contains('x')));
                    }
                }
            }
        }
    }
}
