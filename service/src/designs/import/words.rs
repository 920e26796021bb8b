//! The words of a paragraph as a document has them (bold, italic, a link), and as Markdown of ours.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use domain::designs::pictures::PictureName;
use domain::words::SectionWords;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::designs::markdown::{self, good_address};

/// How some words look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub bold: bool,
    pub italic: bool,
    /// Where they lead: an [`address`].
    pub link: Option<Arc<str>>,
    /// They are what a picture shows, which has this address. Each picture has one of its own.
    pub picture: Option<Arc<str>>,
}

/// The words of one paragraph, a piece for each look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words(Vec<(Look, String)>);

/// An address longer than this is none that somebody meant.
const LONGEST_ADDRESS: usize = 2000;
/// What stands in an address as it is. The rest is written with `%`, so that neither Markdown nor HTML reads it otherwise.
const IN_ADDRESS: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'#')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'%');

/// An address as it stands in a document; `None` for one that may not stand in words of ours.
pub(super) fn address(typed: &str) -> Option<Arc<str>> {
    let typed = typed.trim();
    let good = !typed.is_empty() && typed.len() <= LONGEST_ADDRESS && good_address(typed);
    good.then(|| utf8_percent_encode(typed, &IN_ADDRESS).to_string().into())
}

/// How much of the looks of words is kept when they are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    All,
    Links,
    Nothing,
}

impl Words {
    /// Words with a look of their own.
    pub(super) fn push(&mut self, words: &str, look: &Look) {
        match self.0.last_mut() {
            Some((last, piece)) if last == look => piece.push_str(words),
            _ => self.0.push((look.clone(), words.to_owned())),
        }
    }

    /// Without any look.
    pub(super) fn plain(&self) -> String {
        self.0.iter().map(|(_, words)| words.as_str()).collect()
    }

    /// Whether there is anything to read.
    pub(super) fn is_blank(&self) -> bool {
        self.0.iter().all(|(look, words)| look.picture.is_none() && words.trim().is_empty())
    }

    /// As Markdown that is drawn as just these words. Signs of Markdown that stand there by chance ("5 * 3") stay as they are
    /// where they mean nothing, and are guarded by `\` where they would. A look that Markdown cannot write at its place (bold
    /// that begins inside a word, before a bracket) is let go; a word never is.
    pub(super) fn markdown(&self) -> String {
        let lines = self.lines();
        let plain = join(&lines, Keep::Nothing, false);
        if plain.chars().count() > SectionWords::MAX {
            // It is refused, however it is written.
            return plain;
        }
        for (keep, guarded) in
            [(Keep::All, false), (Keep::All, true), (Keep::Links, false), (Keep::Links, true), (Keep::Nothing, false)]
        {
            let written = join(&lines, keep, guarded);
            let fits = written.chars().count() <= SectionWords::MAX;
            if fits && markdown::draw(&written).trim_end() == html(&lines, keep) {
                return written;
            }
        }
        join(&lines, Keep::Nothing, true)
    }

    /// Line by line, without spaces around a line, and without lines that are empty: those would begin another paragraph.
    fn lines(&self) -> Vec<Vec<(Look, String)>> {
        let mut lines = vec![Vec::<(Look, String)>::new()];
        for (look, words) in &self.0 {
            for (n, part) in words.split('\n').enumerate() {
                if n > 0 {
                    lines.push(Vec::new());
                }
                if let (false, Some(line)) = (part.is_empty() && look.picture.is_none(), lines.last_mut()) {
                    line.push((look.clone(), part.to_owned()));
                }
            }
        }
        for line in &mut lines {
            while let Some((Look { picture: None, .. }, first)) = line.first_mut() {
                *first = first.trim_start().to_owned();
                if first.is_empty() {
                    line.remove(0)
                } else {
                    break;
                };
            }
            while let Some((Look { picture: None, .. }, last)) = line.last_mut() {
                last.truncate(last.trim_end().len());
                if last.is_empty() {
                    line.pop()
                } else {
                    break;
                };
            }
            outside(line);
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}

/// Spaces at the ends of bold and italic words and of links belong outside: Markdown takes `** bold**` for no bold.
fn outside(line: &mut Vec<(Look, String)>) {
    let plain = Look::default();
    let mut out = Words::default();
    for (look, words) in line.drain(..) {
        let inner = words.trim();
        if look.picture.is_some() {
            out.push(&words, &look);
            continue;
        }
        if look == plain || inner.is_empty() {
            // Spaces have no look of their own.
            let look = if inner.is_empty() { &plain } else { &look };
            out.push(&words, look);
            continue;
        }
        let before = words.len() - words.trim_start().len();
        let after = words.trim_end().len();
        for (part, look) in [(&words[..before], &plain), (inner, &look), (&words[after..], &plain)] {
            if !part.is_empty() {
                out.push(part, look);
            }
        }
    }
    *line = out.0;
}

/// How a piece is written with what is kept of its look. A picture is no look.
fn kept(look: &Look, keep: Keep) -> Look {
    match keep {
        _ if look.picture.is_some() => Look { picture: look.picture.clone(), ..Look::default() },
        Keep::All => look.clone(),
        Keep::Links => Look { link: look.link.clone(), ..Look::default() },
        Keep::Nothing => Look::default(),
    }
}

/// The pieces of a line, those that look the same together.
fn pieces(line: &[(Look, String)], keep: Keep) -> Vec<(Look, String)> {
    let mut out = Words::default();
    for (look, words) in line {
        out.push(words, &kept(look, keep));
    }
    out.0
}

fn join(lines: &[Vec<(Look, String)>], keep: Keep, guarded: bool) -> String {
    let mut out = String::new();
    for (n, line) in lines.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        for (m, (look, words)) in pieces(line, keep).iter().enumerate() {
            if let Some(address) = &look.picture {
                let _ = write!(out, "![{}]({address})", guard(words, false));
                continue;
            }
            let words = if guarded { Cow::Owned(guard(words, m == 0)) } else { Cow::Borrowed(words.as_str()) };
            let marks = match (look.bold, look.italic) {
                (true, true) => "***",
                (true, false) => "**",
                (false, true) => "*",
                (false, false) => "",
            };
            let words = format!("{marks}{words}{marks}");
            match &look.link {
                Some(address) => {
                    let _ = write!(out, "[{words}]({address})");
                }
                None => out.push_str(&words),
            }
        }
    }
    out
}

/// With `\` before each sign that Markdown could take for one of its own. `first`: a line begins here.
pub(super) fn guard(words: &str, first: bool) -> String {
    let mut out = String::with_capacity(words.len() + 8);
    let number = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (at, c) in words.char_indices() {
        let begins =
            first && (at == 0 && matches!(c, '+' | '-' | '=') || at == number && at > 0 && matches!(c, '.' | ')'));
        if begins || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '|' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// What a paragraph of these words is drawn as (see [`markdown::draw`]).
fn html(lines: &[Vec<(Look, String)>], keep: Keep) -> String {
    let mut out = String::from("<p>");
    for (n, line) in lines.iter().enumerate() {
        if n > 0 {
            out.push_str("<br>\n");
        }
        for (look, words) in pieces(line, keep) {
            if let Some(name) = look.picture.as_deref().and_then(PictureName::of_address) {
                out.push_str(&markdown::picture(&name, &words));
                continue;
            }
            let words =
                words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\u{a0}', "&nbsp;");
            let strong = if look.bold { format!("<strong>{words}</strong>") } else { words };
            let words = if look.italic { format!("<em>{strong}</em>") } else { strong };
            match &look.link {
                Some(address) => {
                    let address = address.replace('&', "&amp;");
                    let _ = write!(out, "<a href=\"{address}\" rel=\"noreferrer nofollow\">{words}</a>");
                }
                None => out.push_str(&words),
            }
        }
    }
    out.push_str("</p>");
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(pieces: &[(&str, &str)]) -> Words {
        let mut out = Words::default();
        for (how, text) in pieces {
            let (how, to) = how.split_once(' ').unwrap_or((how, ""));
            out.push(
                text,
                &Look { bold: how.contains('b'), italic: how.contains('i'), link: address(to), picture: None },
            );
        }
        out
    }

    #[test]
    fn looks_are_written_as_markdown() {
        for (pieces, written) in [
            (&[("", "Buses stop at "), ("b", "six "), ("", "sharp.")][..], "Buses stop at **six** sharp."),
            (&[("i", "Why?"), ("", " and "), ("bi", "when")], "*Why?* and ***when***"),
            (
                &[("", "Read "), (" https://example.org/a b?c=d&e", "this"), ("", ".")],
                "Read [this](https://example.org/a%20b?c=d&e).",
            ),
            (&[(" javascript:alert(1)", "no link")], "no link"),
            (&[("", "one \n\n  two")], "one\ntwo"),
            // What means nothing stays as it was typed.
            (&[("", "5 * 3 = 15 (a_b) 100% #1")], "5 * 3 = 15 (a_b) 100% #1"),
            // What would mean something is guarded.
            (&[("", "# not a heading")], "\\# not a heading"),
            (&[("", "- no item")], "\\- no item"),
            (&[("", "3. of May")], "3\\. of May"),
            (&[("", "*stars* and <tags>")], "\\*stars\\* and <tags>"),
        ] {
            let made = words(pieces).markdown();
            if written.contains("<tags>") {
                assert!(made.contains("\\*stars\\*") && markdown::draw(&made).contains("&lt;tags&gt;"), "{made}");
            } else {
                assert_eq!(made, written);
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_a_document_says_is_drawn_word_by_word(
            pieces in prop::collection::vec((
                prop_oneof![Just(""), Just("b"), Just("i"), Just("bi"), Just(" https://example.org/x(y)"), Just("b /groups")],
                prop_oneof![
                    "[a-z ]{0,6}", "[-+=.#>*_`~|<&\\[\\]()!:\\\\ 0-9a-c]{0,8}", Just("\n".to_owned()), Just("1. ".to_owned()),
                    Just("]: ".to_owned()), Just("```".to_owned()), Just("&amp;".to_owned()), Just("é".to_owned()),
                ],
            ), 0..8)
        ) {
            let pieces: Vec<(&str, &str)> = pieces.iter().map(|(how, text)| (*how, text.as_str())).collect();
            let words = words(&pieces);
            let drawn = markdown::draw(&words.markdown());
            let read: String = drawn.split('<').enumerate().map(|(n, part)| match (n, part.split_once('>')) {
                (0, _) => part,
                (_, Some((tag, text))) if tag.starts_with("br") => text,
                (_, Some((_, text))) => text,
                (_, None) => part,
            }).collect();
            let read = read.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}").replace("&amp;", "&");
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(squeezed(&read), squeezed(&words.plain()), "{:?} became {:?}", words, words.markdown());
        }
    }
}
