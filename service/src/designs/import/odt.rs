//! ODT: the paragraphs of `content.xml`, and of `styles.xml` which of its styles are bold, italic or numbered.

use std::collections::{HashMap, HashSet};

use quick_xml::events::BytesStart;

use super::BadDocument;
use super::archive::Archive;
use super::blocks::{Block, Format, Out, attribute, value, walk};
use super::pictures::Pictures;
use super::words::{Words, address};

pub(super) fn read(bytes: &[u8], pictures: &mut Pictures<'_>) -> Result<Vec<Block>, BadDocument> {
    let mut archive = Archive::open(bytes)?;
    let content = archive.text("content.xml")?.ok_or(BadDocument::Kind)?;
    let mut styles = Styles::default();
    if let Some(xml) = archive.text("styles.xml")? {
        walk(&xml, &mut styles)?;
    }
    // Those of the document itself stand before its words.
    let mut words = Content { styles, lists: Vec::new(), looks: Vec::new(), archive, pictures, frames: Vec::new() };
    walk(&content, &mut words)
}

/// Which styles look how.
#[derive(Default)]
struct Styles {
    looks: HashMap<String, (bool, bool)>,
    /// Lists with numbers, and at which level.
    numbered: HashSet<(String, usize)>,
    style: Option<String>,
    list: Option<String>,
}

impl Styles {
    fn starts(&mut self, name: &[u8], element: &BytesStart<'_>) {
        match name {
            b"style:style" => self.style = attribute(element, b"style:name"),
            b"style:text-properties" => {
                let bold = attribute(element, b"fo:font-weight")
                    .is_some_and(|w| w == "bold" || w.parse().is_ok_and(|n: u16| n >= 600));
                let italic = attribute(element, b"fo:font-style").is_some_and(|s| s == "italic" || s == "oblique");
                if let Some(style) = self.style.clone().filter(|_| bold || italic) {
                    self.looks.insert(style, (bold, italic));
                }
            }
            b"text:list-style" => self.list = attribute(element, b"style:name"),
            b"text:list-level-style-number" => {
                let level = attribute(element, b"text:level").and_then(|l| l.parse().ok());
                if let (Some(list), Some(level)) = (self.list.clone(), level) {
                    self.numbered.insert((list, level));
                }
            }
            _ => {}
        }
    }

    fn ends(&mut self, name: &[u8]) {
        match name {
            b"style:style" => self.style = None,
            b"text:list-style" => self.list = None,
            _ => {}
        }
    }
}

impl Format for Styles {
    fn start(&mut self, name: &[u8], element: &BytesStart<'_>, _: &mut Out) {
        self.starts(name, element);
    }
    fn end(&mut self, name: &[u8], _: &mut Out) {
        self.ends(name);
    }
    fn skips(&self, _: &[u8]) -> bool {
        false
    }
    fn reads(&self) -> bool {
        false
    }
}

/// A frame that may hold a picture.
#[derive(Default)]
struct Frame {
    file: Option<String>,
    title: String,
    shows: String,
}

struct Content<'a, 'p, 'n> {
    styles: Styles,
    /// The lists that are open, each with the name of its style (one inside another has the style of that) and the number of
    /// its last item.
    lists: Vec<(String, u32)>,
    /// How words looked before each part of a line that is open.
    looks: Vec<(bool, bool)>,
    /// For the files of pictures.
    archive: Archive<'a>,
    pictures: &'p mut Pictures<'n>,
    /// The frames that are open, the innermost last.
    frames: Vec<Frame>,
}

impl Format for Content<'_, '_, '_> {
    fn start(&mut self, name: &[u8], element: &BytesStart<'_>, out: &mut Out) {
        match name {
            b"text:p" | b"text:h" => out.open.push(Words::default()),
            b"text:list" => {
                let around = || self.lists.last().map(|(style, _)| style.clone());
                self.lists.push((attribute(element, b"text:style-name").or_else(around).unwrap_or_default(), 0));
            }
            b"text:list-item" => {
                let begins = attribute(element, b"text:start-value").and_then(|n| n.parse().ok());
                if let Some((_, number)) = self.lists.last_mut() {
                    *number = begins.unwrap_or(number.saturating_add(1));
                }
            }
            b"text:span" => {
                self.looks.push((out.look.bold, out.look.italic));
                let style = attribute(element, b"text:style-name").unwrap_or_default();
                let (bold, italic) = self.styles.looks.get(&style).copied().unwrap_or_default();
                out.look.bold |= bold;
                out.look.italic |= italic;
            }
            b"text:a" => out.leads(value(element, b"xlink:href").and_then(|to| address(&to))),
            b"text:s" => {
                let n = attribute(element, b"text:c").and_then(|c| c.parse().ok()).unwrap_or(1usize);
                out.push(&" ".repeat(n.min(80)));
            }
            b"text:tab" => out.push(" "),
            b"text:line-break" => out.push("\n"),
            b"table:table-row" => out.row_starts(),
            b"table:table-cell" => out.cell_starts(),
            b"draw:frame" => self.frames.push(Frame::default()),
            b"draw:image" => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.file = value(element, b"xlink:href");
                }
            }
            // Words about a picture, not words of the line it stands in.
            b"svg:title" | b"svg:desc" => out.open.push(Words::default()),
            _ => self.styles.starts(name, element),
        }
    }

    fn end(&mut self, name: &[u8], out: &mut Out) {
        match name {
            b"text:list" => {
                self.lists.pop();
            }
            b"text:span" => (out.look.bold, out.look.italic) = self.looks.pop().unwrap_or_default(),
            b"text:a" => out.leads(None),
            b"table:table-row" => out.row_ends(),
            b"svg:title" | b"svg:desc" => {
                let words = out.open.pop().unwrap_or_default().plain();
                match self.frames.last_mut() {
                    Some(frame) if name == b"svg:title" => frame.title = words,
                    Some(frame) => frame.shows = words,
                    None => {}
                }
            }
            b"draw:frame" => {
                let Frame { file, title, shows } = self.frames.pop().unwrap_or_default();
                let Some(file) = file else { return };
                let (file, archive) = (file.trim_start_matches("./"), &mut self.archive);
                let name = self.pictures.take_file(file, || archive.bytes(file).ok().flatten());
                out.picture(name, if shows.trim().is_empty() { &title } else { &shows });
            }
            b"text:h" => {
                let words = out.open.pop().unwrap_or_default();
                out.block(Block::Heading(words.plain()));
            }
            b"text:p" => {
                let words = out.open.pop().unwrap_or_default();
                out.block(match self.lists.last() {
                    Some((style, number)) => {
                        let level = self.lists.len();
                        let numbered = self.styles.numbered.contains(&(style.clone(), level));
                        Block::Item { level: level - 1, number: numbered.then_some(*number), words }
                    }
                    None => Block::Paragraph(words),
                });
            }
            _ => self.styles.ends(name),
        }
    }

    fn skips(&self, name: &[u8]) -> bool {
        matches!(
            name,
            b"text:tracked-changes"
                | b"office:annotation"
                | b"office:scripts"
                | b"text:table-of-content"
                | b"text:sequence-decls"
        )
    }

    fn reads(&self) -> bool {
        true
    }
}
