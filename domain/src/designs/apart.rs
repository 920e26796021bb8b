//! When two texts for one section are too far apart to be put together by a program.
//!
//! Merging keeps what everybody wrote and takes out what anybody took out. For edits of different words that is what both
//! meant. But where each took out what the other kept, little or nothing would be left, and where both wrote the same lines
//! anew their words would stand mixed. Then people put the two texts together, not a program.
//!
//! The rule is the same for both sides. The text that both started from is cut into stretches of lines next to each other
//! that both changed. The two are too far apart
//!
//! 1. in a stretch where each took out words that the other kept, and of what one of them has there more would go than
//!    stay. A piece that somebody wrote anew is an edit and takes nothing out, unless it came to less than a third of its
//!    words;
//! 2. in a stretch that both wrote anew: each took out more than half of its words and put in others;
//! 3. or as a whole: of all the words of the one and of all the words of the other more than half would be gone. So two
//!    texts that say something are never merged to one that says nothing.
//!
//! A word is here what is no space: marks count too.

use std::collections::HashMap;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::diff::replaced;

fn is_word(token: &str) -> bool {
    !token.chars().all(char::is_whitespace)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_word_bounds().filter(|t| is_word(t))
}

/// A piece of the text that one side wrote anew or took out.
struct Piece {
    /// The tokens of the old text that went.
    gone: Range<usize>,
    /// How many words of them.
    many: usize,
    /// How many words came.
    come: usize,
}

impl Piece {
    /// Whether it takes words out rather than writing them anew.
    const fn takes_out(&self) -> bool {
        self.come * 3 < self.many
    }
}

/// What one side made of the old text.
struct Side {
    pieces: Vec<Piece>,
    /// For each token of the old text: it is still there.
    keeps: Vec<bool>,
    /// Which lines of the old text changed.
    changed: Vec<bool>,
}

impl Side {
    fn of(old: &Old<'_>, new: &str) -> Self {
        let lines = old.line_of.last().map_or(1, |last| last + 1);
        let mut side = Self { pieces: Vec::new(), keeps: vec![true; old.tokens.len()], changed: vec![false; lines] };
        for (gone, come) in replaced(&old.tokens, new) {
            let many = old.tokens[gone.clone()].iter().filter(|t| is_word(t)).count();
            side.keeps[gone.clone()].fill(false);
            // What is only put in belongs to the line it is put into: at the end of the text, the last one.
            let last = gone.end.max(gone.start + 1).min(old.line_of.len());
            for line in &old.line_of[gone.start.min(last.saturating_sub(1))..last] {
                side.changed[*line] = true;
            }
            side.pieces.push(Piece { gone, many, come: words(&come).count() });
        }
        side
    }

    /// How many words it put in here. What it put behind the last token is put in at that token.
    fn put_in(&self, here: &Range<usize>) -> usize {
        let last = self.keeps.len().saturating_sub(1);
        self.pieces.iter().filter(|p| here.contains(&p.gone.start.min(last))).map(|p| p.come).sum()
    }

    /// How many words here it took out that the other keeps.
    fn took(&self, other: &Self, old: &Old<'_>, here: &Range<usize>) -> usize {
        let within = |p: &Piece| p.gone.start.max(here.start)..p.gone.end.min(here.end);
        let pieces = self.pieces.iter().filter(|p| p.takes_out());
        pieces.flat_map(within).filter(|t| other.keeps[*t] && is_word(old.tokens[*t])).count()
    }

    /// Whether it wrote these lines anew.
    fn anew(&self, old: &Old<'_>, here: &Range<usize>) -> bool {
        let (mut all, mut gone) = (0, 0);
        for token in here.clone().filter(|t| is_word(old.tokens[*t])) {
            all += 1;
            gone += usize::from(!self.keeps[token]);
        }
        gone * 2 > all && self.put_in(here) > 0
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

/// Whether two texts that were made of `old` are too far apart in some of its lines: the first two points of the rule.
pub(super) fn in_lines(old: &str, mine: &str, theirs: &str) -> bool {
    let old = Old::of(old);
    let (one, other) = (Side::of(&old, mine), Side::of(&old, theirs));
    old.stretches(&one, &other).iter().any(|here| {
        let stay = here.clone().filter(|t| one.keeps[*t] && other.keeps[*t] && is_word(old.tokens[*t])).count();
        let (took, lost) = (one.took(&other, &old, here), other.took(&one, &old, here));
        let each_took = took > 0 && lost > 0;
        let most_goes = took > stay + other.put_in(here) || lost > stay + one.put_in(here);
        (each_took && most_goes) || (one.anew(&old, here) && other.anew(&old, here))
    })
}

/// Whether more than half of the words of each of two texts are gone in what they were merged to: the third point.
pub(super) fn as_a_whole(merged: &str, mine: &str, theirs: &str) -> bool {
    mostly_gone(mine, merged) && mostly_gone(theirs, merged)
}

fn mostly_gone(text: &str, merged: &str) -> bool {
    let mut there: HashMap<&str, usize> = HashMap::new();
    for word in words(merged) {
        *there.entry(word).or_default() += 1;
    }
    let (mut all, mut gone) = (0, 0);
    for word in words(text) {
        all += 1;
        match there.get_mut(word) {
            Some(left) if *left > 0 => *left -= 1,
            _ => gone += 1,
        }
    }
    gone * 2 > all
}
