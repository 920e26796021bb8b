//! Markdown: the words as they were typed, below their headings.

use std::ops::Range;

use domain::designs::pictures::PictureName;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::Document;
use crate::designs::import;
use crate::designs::markdown::{images, spliced};

/// The whole document.
pub(super) fn write(document: &Document) -> String {
    let mut out = format!("# {}\n", heading(&document.title));
    for (name, words, _) in &document.sections {
        out.push('\n');
        out.push_str(&part(name, &with_bytes_behind(words, document)));
    }
    // Where nobody has to read around them.
    let named = document.pictures.iter().filter(|picture| out.contains(&reference(&picture.name)));
    let bytes: String = named.map(|p| format!("\n[{}]: {}\n", p.name.address(), p.address())).collect();
    out + &bytes
}

/// How a picture is named whose bytes stand behind the words.
fn reference(name: &PictureName) -> String {
    format!("][{}]", name.address())
}

/// Words whose pictures are named as those whose bytes stand behind the words.
fn with_bytes_behind(words: &str, document: &Document) -> String {
    let known =
        |address: &str| PictureName::of_address(address).filter(|name| document.picture(name.as_str()).is_some());
    let changes = images(words, |address| known(address).is_some()).into_iter().filter_map(|image| {
        let shows = &words[image.place.clone()];
        let shows = &shows[..shows.rfind("](")?];
        Some((image.place, format!("{shows}{}", reference(&known(&image.address)?))))
    });
    spliced(words, changes)
}

/// A heading is plain words: signs of Markdown in it are guarded.
fn heading(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 4);
    for c in words.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '|' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// One section. Words that would swallow the heading behind them (three backticks that nothing closes) are guarded: where the
/// parser does not look into them, and if that is not enough everywhere.
fn part(name: &str, words: &str) -> String {
    let name = heading(name);
    let words = words.trim();
    if words.is_empty() {
        return format!("## {name}\n");
    }
    let made = |words: &str| format!("## {name}\n\n{}\n", without_headings(words).trim());
    let plain = made(words);
    if ends(&plain) {
        return plain;
    }
    let guarded = made(&without_raw(words));
    if ends(&guarded) { guarded } else { made(&guard(words)) }
}

/// Words with every sign guarded that Markdown could take for one of its own, line by line.
fn guard(words: &str) -> String {
    words.lines().map(|line| import::guard(line.trim_start())).collect::<Vec<_>>().join("\n")
}

/// The words without blocks that the parser does not look into. Pages draw what is in those as it was typed.
fn without_raw(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut end_of_last = 0;
    for (event, place) in Parser::new_ext(words, Options::ENABLE_TABLES).into_offset_iter() {
        if matches!(event, Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock)) && place.start >= end_of_last {
            out.push_str(&words[end_of_last..place.start]);
            out.push_str("\n\n");
            out.push_str(&guard(&words[place.clone()]));
            out.push_str("\n\n");
            end_of_last = place.end;
        }
    }
    out.push_str(&words[end_of_last..]);
    out
}

/// Whether a section is one section, and what follows it another.
fn ends(part: &str) -> bool {
    let probe = format!("{part}\n## z\n\nz\n");
    let read = import::read("a.md", probe.as_bytes(), "a", import::Pictures::none()).map(|read| read.sections);
    matches!(read.as_deref(), Ok([_, last]) if last.heading == "z" && last.words == "z")
}

/// The words without headings of their own: pages draw those as plain words, and a file that is brought back would be split
/// at them.
fn without_headings(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut end_of_last = 0;
    let (mut place, mut inner) = (0..0, None::<Range<usize>>);
    let mut inside = false;
    for (event, range) in Parser::new_ext(words, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => (place, inner, inside) = (range, None, true),
            Event::End(TagEnd::Heading(_)) => {
                inside = false;
                out.push_str(&words[end_of_last..place.start]);
                // Something of its own, as it is drawn: an empty line before it, and before the spaces that it begins with.
                let line = out.trim_end_matches([' ', '\t']).len();
                if out[..line].ends_with('\n') && !out[..line].ends_with("\n\n") {
                    out.insert(line, '\n');
                }
                let inner = inner.take().unwrap_or(place.start..place.start);
                // The parser's events leave out the `\` before a sign that it guards.
                let before = words[place.start..inner.start].bytes().rev().take_while(|b| *b == b'\\').count();
                let line = &words[inner.start - before..inner.end];
                out.push_str(&if is_paragraph(line) { line.to_owned() } else { guard(line) });
                out.push_str("\n\n");
                end_of_last = place.end;
            }
            _ if inside => {
                let from = inner.as_ref().map_or(range.start, |inner| inner.start.min(range.start));
                let to = inner.as_ref().map_or(range.end, |inner| inner.end.max(range.end));
                inner = Some(from..to);
            }
            _ => {}
        }
    }
    out.push_str(&words[end_of_last..]);
    out
}

/// Whether words are one paragraph, and not a list or a heading of their own.
fn is_paragraph(words: &str) -> bool {
    let mut events = Parser::new_ext(words, Options::ENABLE_TABLES);
    matches!(events.next(), Some(Event::Start(Tag::Paragraph)))
        && matches!(events.last(), Some(Event::End(TagEnd::Paragraph)))
}
