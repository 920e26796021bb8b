//! What a document is made of, and the walk through its XML that finds it.

use std::sync::Arc;

use domain::designs::pictures::PictureName;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::BadDocument;
use super::words::{Look, Words};

/// One block of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(Words),
    /// An item of a list.
    Item {
        /// How deep: 0 in a list that is in no other.
        level: usize,
        /// Its number, in a list that has some.
        number: Option<u32>,
        /// What it says.
        words: Words,
    },
    /// A row of a table, a cell each, as Markdown.
    Row(Vec<String>),
}

/// Deeper than any document nests.
const DEEPEST: usize = 256;
/// More bytes than the names and settings of any one element have.
const MOST_ELEMENT: usize = 64 * 1024;
/// More bytes of words than all the sections of a design could take. What is copied from a table inside a table into the
/// cell around it counts each time.
const MOST_WORDS: usize = domain::designs::MAX_SECTIONS * domain::words::SectionWords::MAX * 4;
/// More headings than this are refused while reading, long before they take room.
const MOST_HEADINGS: usize = 200;

/// What a format does with its elements.
pub(super) trait Format {
    /// An element begins.
    fn start(&mut self, name: &[u8], element: &BytesStart<'_>, out: &mut Out);
    /// An element ends.
    fn end(&mut self, name: &[u8], out: &mut Out);
    /// Whether this element and everything in it is left out.
    fn skips(&self, name: &[u8]) -> bool;
    /// Whether words here are words of the document.
    fn reads(&self) -> bool;
}

/// Where blocks grow: paragraphs can stand inside one another (a box inside a line), and inside cells.
#[derive(Default)]
pub(super) struct Out {
    pub blocks: Vec<Block>,
    pub open: Vec<Words>,
    /// How words look that come now.
    pub look: Look,
    rows: Vec<Vec<String>>,
    headings: usize,
    /// How many bytes of words, and of where they lead, came so far.
    words: usize,
}

impl Out {
    pub(super) fn push(&mut self, words: &str) {
        self.words += words.len();
        if let Some(open) = self.open.last_mut() {
            open.push(words, &self.look);
        }
    }

    /// A picture with what it shows, or nothing where the document does not say it. One that could not be taken is its words.
    pub(super) fn picture(&mut self, name: Option<PictureName>, shows: &str) {
        let shows = shows.split_whitespace().collect::<Vec<_>>().join(" ");
        let look = match name {
            Some(name) => Look { picture: Some(name.address().into()), ..Look::default() },
            None => Look::default(),
        };
        self.words += shows.len();
        if let Some(open) = self.open.last_mut() {
            open.push(&shows, &look);
        } else {
            // Beside the paragraphs: one of its own.
            let mut words = Words::default();
            words.push(&shows, &look);
            self.block(Block::Paragraph(words));
        }
    }

    /// From now on words lead somewhere, or nowhere.
    pub(super) fn leads(&mut self, to: Option<Arc<str>>) {
        self.words += to.as_ref().map_or(0, |address| address.len());
        self.look.link = to;
    }

    /// A finished paragraph: into the cell it stands in, or out.
    pub(super) fn block(&mut self, block: Block) {
        if let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut()) {
            let words = match block {
                Block::Heading(words) => words,
                Block::Paragraph(words) | Block::Item { words, .. } => words.markdown(),
                Block::Row(_) => return,
            };
            self.words += words.len();
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(&words.replace(['|', '\n'], " "));
            return;
        }
        match &block {
            Block::Heading(_) => self.headings += 1,
            Block::Paragraph(words) | Block::Item { words, .. } if words.is_blank() => return,
            _ => {}
        }
        self.blocks.push(block);
    }

    pub(super) fn row_starts(&mut self) {
        self.rows.push(Vec::new());
    }

    pub(super) fn cell_starts(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            row.push(String::new());
        }
    }

    pub(super) fn row_ends(&mut self) {
        let Some(row) = self.rows.pop() else { return };
        if row.is_empty() {
            return;
        }
        if self.rows.is_empty() {
            self.blocks.push(Block::Row(row));
        } else {
            // A table in a table: its words go into the cell around it.
            let mut words = Words::default();
            words.push(&row.join(" "), &Look::default());
            self.block(Block::Paragraph(words));
        }
    }
}

/// One attribute of an element, as it stands there. Whether a name stands there twice is not asked: comparing each with
/// each takes very long when somebody wrote thousands.
pub(super) fn attribute(element: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.as_ref() == name)
        .and_then(|a| String::from_utf8(a.value.into_owned()).ok())
}

/// The same with its `&…;` read.
pub(super) fn value(element: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let raw = attribute(element, name)?;
    quick_xml::escape::unescape(&raw).ok().map(std::borrow::Cow::into_owned)
}

/// Walks through XML. A document type is refused: entities from elsewhere are never looked for.
pub(super) fn walk(xml: &str, format: &mut dyn Format) -> Result<Vec<Block>, BadDocument> {
    let mut reader = Reader::from_str(xml);
    let mut out = Out::default();
    let (mut depth, mut skipping) = (0usize, None::<usize>);
    loop {
        let event = reader.read_event().map_err(|_| BadDocument::Broken)?;
        if matches!(&event, Event::Start(e) | Event::Empty(e) if e.len() > MOST_ELEMENT) {
            return Err(BadDocument::Broken);
        }
        match event {
            Event::Start(e) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(BadDocument::Broken);
                }
                let name = e.name();
                if skipping.is_none() && format.skips(name.as_ref()) {
                    skipping = Some(depth);
                }
                if skipping.is_none() {
                    format.start(name.as_ref(), &e, &mut out);
                }
            }
            Event::Empty(e) => {
                let name = e.name();
                if skipping.is_none() && !format.skips(name.as_ref()) {
                    format.start(name.as_ref(), &e, &mut out);
                    format.end(name.as_ref(), &mut out);
                }
            }
            Event::End(e) => {
                if skipping.is_none() {
                    format.end(e.name().as_ref(), &mut out);
                } else if skipping == Some(depth) {
                    skipping = None;
                }
                depth = depth.checked_sub(1).ok_or(BadDocument::Broken)?;
            }
            Event::Text(t) if skipping.is_none() && format.reads() => {
                out.push(&t.decode().map_err(|_| BadDocument::Broken)?);
            }
            Event::CData(t) if skipping.is_none() && format.reads() => {
                out.push(&t.decode().map_err(|_| BadDocument::Broken)?);
            }
            Event::GeneralRef(r) => {
                let known = match r.resolve_char_ref().map_err(|_| BadDocument::Broken)? {
                    Some(c) => c,
                    None => match r.as_ref() {
                        b"amp" => '&',
                        b"lt" => '<',
                        b"gt" => '>',
                        b"quot" => '"',
                        b"apos" => '\'',
                        _ => return Err(BadDocument::Broken),
                    },
                };
                if skipping.is_none() && format.reads() {
                    out.push(known.encode_utf8(&mut [0; 4]));
                }
            }
            Event::DocType(_) => return Err(BadDocument::Broken),
            Event::Eof => break,
            _ => {}
        }
        if out.headings > MOST_HEADINGS {
            return Err(BadDocument::Parts);
        }
        if out.words > MOST_WORDS {
            return Err(BadDocument::LongPart);
        }
    }
    if depth == 0 { Ok(out.blocks) } else { Err(BadDocument::Broken) }
}
