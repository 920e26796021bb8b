//! What changed between two texts, as people read it: what stayed, what went and what came.

use unicode_segmentation::UnicodeSegmentation as _;

use super::diff::replaced;

/// Some words of a text that was compared with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// In both.
    Kept(String),
    /// Only in the earlier one.
    Removed(String),
    /// Only in the later one.
    Added(String),
}

impl Part {
    /// Its words.
    pub fn text(&self) -> &str {
        match self {
            Self::Kept(text) | Self::Removed(text) | Self::Added(text) => text,
        }
    }
}

/// What stays before a change, what goes, and what comes.
struct Change {
    kept: String,
    gone: String,
    come: String,
}

impl Change {
    /// Whether this one and the next are read as one: only a space is between them, and words come for words that go.
    fn joins(&self, next: &Self) -> bool {
        let space = !next.kept.contains('\n') && next.kept.trim().is_empty();
        let words = |a: &str, b: &str| !(a.trim().is_empty() && b.trim().is_empty());
        space && words(&self.gone, &next.gone) && words(&self.come, &next.come)
    }

    fn join(&mut self, next: &Self) {
        for (mine, its) in [(&mut self.gone, &next.gone), (&mut self.come, &next.come)] {
            mine.push_str(&next.kept);
            mine.push_str(its);
        }
    }

    /// Reads lines that went or came as whole lines: what stands before them in their first line begins the line behind them,
    /// too, where the comparison may as well find it there. Gives what belongs before the words that stay behind it.
    fn take_whole_lines(&mut self) -> String {
        let start = self.kept.rfind('\n').map_or(0, |n| n + 1);
        let lines = match (self.gone.is_empty(), self.come.is_empty()) {
            (false, true) => &mut self.gone,
            (true, false) => &mut self.come,
            _ => return String::new(),
        };
        let whole = lines.strip_suffix(&self.kept[start..]).filter(|lines| lines.ends_with('\n'));
        let Some(whole) = whole.map(str::to_owned) else { return String::new() };
        let begun = self.kept.split_off(start);
        *lines = format!("{begun}{whole}");
        begun
    }
}

/// The words of two texts: what both have, what went and what came, in reading order. Two changes with only a space between
/// them are read as one: "removed: the old bus, added: a new tram", not four changes of one word each.
pub fn words(old: &str, new: &str) -> Vec<Part> {
    let tokens: Vec<&str> = old.split_word_bounds().collect();
    let mut changes: Vec<Change> = Vec::new();
    let mut next = 0;
    for (gone, come) in replaced(&tokens, new) {
        let kept = tokens[next..gone.start].concat();
        let change = Change { kept, gone: tokens[gone.clone()].concat(), come };
        next = gone.end;
        match changes.last_mut() {
            Some(last) if last.joins(&change) => last.join(&change),
            _ => changes.push(change),
        }
    }
    let mut parts = Vec::new();
    let mut begun = String::new();
    for mut change in changes {
        change.kept.insert_str(0, &std::mem::take(&mut begun));
        begun = change.take_whole_lines();
        parts.extend([Part::Kept(change.kept), Part::Removed(change.gone), Part::Added(change.come)]);
    }
    parts.push(Part::Kept(begun + &tokens[next..].concat()));
    parts.retain(|part| !part.text().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
            (
                "- one\n- three\n- four",
                "- one\n- two\n- three\n- five",
                "- one\n[+- two\n+]- three\n- [-four-][+five+]",
            ),
            ("one\ntwo", "ones\ntwos", "[-one-][+ones+]\n[-two-][+twos+]"),
        ] {
            assert_eq!(said(&words(old, new)), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_of_either_text(old in "[ab é👩🏽\u{200d}\n.]{0,40}", new in "[ab é👩🏽\u{200d}\n.]{0,40}") {
            let parts = words(&old, &new);
            let of = |out: fn(&Part) -> bool| parts.iter().filter(|p| !out(p)).map(Part::text).collect::<String>();
            prop_assert_eq!(of(|p| matches!(p, Part::Added(_))), old);
            prop_assert_eq!(of(|p| matches!(p, Part::Removed(_))), new);
        }
    }
}
