//! When two texts for one section are too far apart to be put together by a program.
//!
//! Merging keeps what everybody wrote and takes out what anybody took out. For edits of different words that is what both
//! meant, so they are merged. Two cases are left, and in them people put the two texts together, not a program:
//!
//! 1. both rewrote the same words: in a stretch of lines next to each other that both changed, each put other words in the
//!    place of more than half of them. So there are words that both rewrote, and what they wrote would stand mixed;
//! 2. each took out what the other kept, and what would be left says nothing: of the words that both started from and of
//!    all that was put in there, fewer than three words, and less than half of what each of the two has there. That is asked
//!    of each such stretch, and of the section as a whole.
//!
//! The rule is the same for both sides. A word has a letter, a number or a picture in it; marks and spaces say nothing.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::diff::{is_word, replaced};

/// Fewer words than this are no sentence.
const SENTENCE: usize = 3;

fn words(text: &str) -> usize {
    text.split_word_bounds().filter(|t| is_word(t)).count()
}

/// Whether so many words say nothing, where one text has `mine` words and the other `theirs`.
const fn says_nothing(left: usize, mine: usize, theirs: usize) -> bool {
    left < SENTENCE && left * 2 < mine && left * 2 < theirs
}

/// What one side made of the old text.
struct Side {
    /// Where words came, and how many: the token before which they stand.
    come: Vec<(usize, usize)>,
    /// For each token of the old text: it is still there.
    keeps: Vec<bool>,
    /// For each token of the old text: other words stand in its place.
    rewrote: Vec<bool>,
    /// Which lines of the old text changed.
    changed: Vec<bool>,
}

impl Side {
    fn of(old: &Old<'_>, new: &str) -> Self {
        let (lines, tokens) = (old.line_of.last().map_or(1, |last| last + 1), old.tokens.len());
        let mut side = Self {
            come: Vec::new(),
            keeps: vec![true; tokens],
            rewrote: vec![false; tokens],
            changed: vec![false; lines],
        };
        for (gone, come) in replaced(&old.tokens, new) {
            let come = words(&come);
            side.keeps[gone.clone()].fill(false);
            side.rewrote[gone.clone()].fill(come > 0);
            // What is only put in belongs to the line it is put into: at the end of the text, the last one.
            let last = gone.end.max(gone.start + 1).min(old.line_of.len());
            for line in &old.line_of[gone.start.min(last.saturating_sub(1))..last] {
                side.changed[*line] = true;
            }
            side.come.push((gone.start, come));
        }
        side
    }

    /// How many words it put in here. What it put behind the last token is put in at that token.
    fn put_in(&self, here: &Range<usize>) -> usize {
        let last = self.keeps.len().saturating_sub(1);
        self.come.iter().filter(|(at, _)| here.contains(at.min(&last))).map(|(_, come)| come).sum()
    }

    /// How many words it has here.
    fn has(&self, old: &Old<'_>, here: &Range<usize>) -> usize {
        here.clone().filter(|t| self.keeps[*t] && is_word(old.tokens[*t])).count() + self.put_in(here)
    }

    /// Whether it rewrote more than half of the words here.
    fn anew(&self, old: &Old<'_>, here: &Range<usize>) -> bool {
        let (mut all, mut rewrote) = (0, 0);
        for token in here.clone().filter(|t| is_word(old.tokens[*t])) {
            all += 1;
            rewrote += usize::from(self.rewrote[token]);
        }
        rewrote * 2 > all
    }
}

/// The text that both started from.
struct Old<'a> {
    tokens: Vec<&'a str>,
    /// For each token: its line.
    line_of: Vec<usize>,
}

impl<'a> Old<'a> {
    fn of(text: &'a str) -> Self {
        let tokens: Vec<&str> = text.split_word_bounds().collect();
        let mut line = 0;
        let line_of = tokens.iter().map(|token| {
            let own = line;
            line += usize::from(token.contains('\n'));
            own
        });
        Self { line_of: line_of.collect(), tokens }
    }

    /// The stretches of lines that both changed, as tokens. An empty line between two of them holds them together.
    fn stretches(&self, one: &Side, other: &Side) -> Vec<Range<usize>> {
        let mut out: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let line = self.line_of[at];
            let end = at + self.line_of[at..].iter().take_while(|l| **l == line).count();
            let blank = !self.tokens[at..end].iter().any(|t| is_word(t));
            let both = one.changed[line] && other.changed[line];
            match out.last_mut() {
                Some(last) if last.end == at && (both || blank) => last.end = end,
                _ if both => out.push(at..end),
                _ => {}
            }
            at = end;
        }
        if self.tokens.is_empty() { Vec::new() } else { out }
    }
}

/// Whether two texts that were made of `old` are too far apart in some of its lines.
pub(super) fn in_lines(old: &str, mine: &str, theirs: &str) -> bool {
    let old = Old::of(old);
    let (one, other) = (Side::of(&old, mine), Side::of(&old, theirs));
    old.stretches(&one, &other).iter().any(|here| {
        let stay = here.clone().filter(|t| one.keeps[*t] && other.keeps[*t] && is_word(old.tokens[*t])).count();
        let left = stay + one.put_in(here) + other.put_in(here);
        says_nothing(left, one.has(&old, here), other.has(&old, here))
            || (one.anew(&old, here) && other.anew(&old, here))
    })
}

/// Whether two texts that say something would be merged to one that says nothing.
pub(super) fn as_a_whole(merged: &str, mine: &str, theirs: &str) -> bool {
    says_nothing(words(merged), words(mine), words(theirs))
}
