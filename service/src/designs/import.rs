//! Documents brought in: Markdown, plain text, DOCX or ODT up to 2 MB, split at their headings. A file that is not what it
//! says, or that would unpack to too much, is refused with a reason and no harm.

mod archive;
mod blocks;
mod docx;
mod odt;
mod pictures;
mod words;

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::access::Who;
use domain::designs::MAX_SECTIONS;
use domain::words::{Heading, SectionWords, line_feeds};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::Draft;
use super::markdown::{Image, images, spliced};
use crate::aside::Whose;
use crate::pictures::{NewPicture, as_words};
use crate::{Refused, Service};
use blocks::Block;
pub use pictures::Pictures;

/// Most bytes of a document.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;

/// Why a document was not read: the key of the message `problem-document-…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDocument {
    /// Nothing was chosen, or there are no words in it.
    #[error("no words")]
    Empty,
    /// More than 2 MB.
    #[error("too big")]
    TooBig,
    /// Not one of the four kinds, or not the kind its name says.
    #[error("not a kind that can be read")]
    Kind,
    /// It says that it is text, and is not UTF-8.
    #[error("not UTF-8 text")]
    NotText,
    /// It cannot be read: damaged, locked with a password, or written to do harm.
    #[error("damaged")]
    Broken,
    /// It unpacks to far more than a document.
    #[error("unpacks to too much")]
    Bomb,
    /// It has programs in it.
    #[error("has macros")]
    Macros,
    /// More headings than a design can have sections.
    #[error("too many headings")]
    Parts,
    /// More pictures than a design can have, or larger ones than anybody looks at.
    #[error("too many pictures")]
    Pictures,
    /// The words below one heading are too long for a section.
    #[error("a part is too long")]
    LongPart,
}

impl BadDocument {
    /// The name of the problem in message keys.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "file-empty",
            Self::TooBig => "file-too-big",
            Self::Kind => "file-kind",
            Self::NotText => "file-not-text",
            Self::Broken => "file-broken",
            Self::Bomb => "file-bomb",
            Self::Macros => "file-macros",
            Self::Parts => "file-parts",
            Self::Pictures => "file-pictures",
            Self::LongPart => "file-long-part",
        }
    }
}

/// A document as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Its parts.
    pub sections: Vec<Draft>,
    /// The pictures that stand in them.
    pub pictures: Vec<NewPicture>,
}

/// Reads a document. `name`: the file's name, for its ending; `first`: the heading for words before the first heading;
/// `pictures`: takes its pictures.
///
/// # Errors
/// [`BadDocument`].
pub fn read(name: &str, bytes: &[u8], first: &str, mut pictures: Pictures<'_>) -> Result<Read, BadDocument> {
    let sections = read_words(name, bytes, first, &mut pictures)?;
    Ok(Read { sections, pictures: pictures.all()? })
}

fn read_words(name: &str, bytes: &[u8], first: &str, pictures: &mut Pictures<'_>) -> Result<Vec<Draft>, BadDocument> {
    if bytes.is_empty() {
        return Err(BadDocument::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(BadDocument::TooBig);
    }
    let ending = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    let packed = bytes.starts_with(b"PK");
    match ending.as_str() {
        "md" | "markdown" | "txt" | "text" if packed => Err(BadDocument::Kind),
        "md" | "markdown" | "txt" | "text" => of_text(bytes, first, pictures),
        "docx" if packed => of_blocks(docx::read(bytes, pictures)?, first),
        "odt" if packed => of_blocks(odt::read(bytes, pictures)?, first),
        "docm" | "dotm" => Err(BadDocument::Macros),
        _ => Err(BadDocument::Kind),
    }
}

impl Service {
    /// [`read`], beside the threads that answer pages: a document of 2 MB can take a while.
    ///
    /// # Errors
    /// [`Refused::Invalid`] (`document`) with what is wrong with it.
    pub async fn read_document(&self, who: &Who, name: &str, bytes: Vec<u8>, first: &str) -> Result<Read, Refused> {
        let (name, first, service) = (name.to_owned(), first.to_owned(), self.clone());
        let work = move || read(&name, &bytes, &first, Pictures::taken(&mut || service.new_picture_name()));
        let read = self.aside(Whose::of(who), work).await?;
        read.map_err(|bad| Refused::invalid("document", bad.key()))
    }
}

/// Sections as they grow.
struct Parts<'a> {
    done: Vec<Draft>,
    heading: Option<String>,
    words: String,
    first: &'a str,
}

impl<'a> Parts<'a> {
    const fn new(first: &'a str) -> Self {
        Self { done: Vec::new(), heading: None, words: String::new(), first }
    }

    fn heading(&mut self, heading: String) -> Result<(), BadDocument> {
        self.close()?;
        self.heading = Some(heading);
        Ok(())
    }

    fn close(&mut self) -> Result<(), BadDocument> {
        let words = std::mem::take(&mut self.words).trim().to_owned();
        let heading = self.heading.take();
        if heading.is_none() && words.is_empty() {
            return Ok(());
        }
        if self.done.len() >= MAX_SECTIONS {
            return Err(BadDocument::Parts);
        }
        if words.chars().count() > SectionWords::MAX {
            return Err(BadDocument::LongPart);
        }
        let heading = heading.unwrap_or_else(|| self.first.to_owned());
        let heading: String =
            heading.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(Heading::MAX).collect();
        // A heading that cannot be shown gets the neutral one; its words stay.
        let heading = Heading::parse(&heading).map_or_else(|_| self.first.to_owned(), String::from);
        self.done.push(Draft { heading, words: showable(&words) });
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<Draft>, BadDocument> {
        self.close()?;
        // A title with nothing below it is the title of the document, not a section.
        if self.done.len() > 1 && self.done[0].words.is_empty() {
            self.done.remove(0);
        }
        if self.done.is_empty() { Err(BadDocument::Empty) } else { Ok(self.done) }
    }
}

/// Without the signs that no form would take either.
fn showable(words: &str) -> String {
    let hidden = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    words.chars().filter(|c| !hidden(*c)).collect()
}

/// Text without the bytes of pictures that stand in it (`data:…`), as ours do in the files we write: each is taken, and named
/// where it stood.
fn without_bytes<'t>(text: &'t str, pictures: &mut Pictures<'_>) -> Cow<'t, str> {
    const IN_TEXT: &str = "data:image/";
    if !text.contains(IN_TEXT) {
        return Cow::Borrowed(text);
    }
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    let defined = parser.reference_definitions().iter().filter(|(_, it)| it.dest.starts_with(IN_TEXT));
    let mut changes: Vec<(Range<usize>, String)> = defined.map(|(_, it)| (it.span.clone(), String::new())).collect();
    for Image { place, address, shows } in images(text, |address| address.starts_with(IN_TEXT)) {
        let bytes = address.split_once(";base64,").and_then(|(_, bytes)| STANDARD.decode(bytes).ok());
        let name = bytes.and_then(|bytes: Vec<u8>| pictures.take(&bytes));
        changes.push((place, name.map_or_else(|| words::guard(&shows, false), |name| as_words(&name, &shows))));
    }
    changes.sort_by_key(|(place, _)| place.start);
    Cow::Owned(spliced(text, changes))
}

fn of_text(bytes: &[u8], first: &str, pictures: &mut Pictures<'_>) -> Result<Vec<Draft>, BadDocument> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| BadDocument::NotText)?;
    if text.contains('\0') {
        return Err(BadDocument::NotText);
    }
    let text = line_feeds(text);
    let text = without_bytes(&text, pictures);
    let mut parts = Parts::new(first);
    let (mut end_of_last, mut heading) = (0, None::<String>);
    for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                parts.words.push_str(&text[end_of_last..range.start]);
                heading = Some(String::new());
            }
            Event::End(TagEnd::Heading(_)) => {
                parts.heading(heading.take().unwrap_or_default())?;
                end_of_last = range.end;
            }
            Event::Text(t) | Event::Code(t) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&t);
                }
            }
            _ => {}
        }
    }
    parts.words.push_str(&text[end_of_last..]);
    parts.finish()
}

/// A line of plain words as Markdown that is drawn as just these words: with `\` before each of its signs.
pub(crate) fn guard(line: &str) -> String {
    words::guard(line, true)
}

/// What the block before was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Begin,
    Paragraph,
    Item,
    Row,
}

/// The lists that are open, the innermost last.
#[derive(Default)]
struct Lists(Vec<OpenList>);

struct OpenList {
    /// Its level in the document; a document may leave some out.
    level: usize,
    /// How far in the words of its items stand.
    inside: usize,
}

impl Lists {
    /// Begins an item, and tells its mark and how far in that stands.
    fn item(&mut self, level: usize, number: Option<u32>) -> (String, usize) {
        self.0.truncate(self.0.iter().take_while(|open| open.level < level).count());
        let mark = number.map_or_else(|| "- ".to_owned(), |n| format!("{n}. "));
        let before = self.0.last().map_or(0, |open| open.inside);
        self.0.push(OpenList { level, inside: before + mark.len() });
        (mark, before)
    }
}

fn of_blocks(blocks: Vec<Block>, first: &str) -> Result<Vec<Draft>, BadDocument> {
    let mut parts = Parts::new(first);
    let (mut last, mut lists, mut was_numbered) = (Last::Begin, Lists::default(), false);
    for block in blocks {
        match block {
            Block::Heading(words) if words.trim().is_empty() => {}
            Block::Heading(words) => {
                parts.heading(words)?;
                last = Last::Begin;
            }
            Block::Paragraph(words) => {
                parts.words.push_str("\n\n");
                parts.words.push_str(&words.markdown());
                last = Last::Paragraph;
            }
            Block::Item { level, number, words } => {
                if last != Last::Item {
                    lists = Lists::default();
                }
                // Two lists of different kinds are two lists.
                let another = last != Last::Item || (level == 0 && number.is_some() != was_numbered);
                let (mark, before) = lists.item(level, number);
                let words = words.markdown().replace('\n', &format!("\n{}", " ".repeat(before + mark.len())));
                parts.words.push_str(if another { "\n\n" } else { "\n" });
                parts.words.push_str(&format!("{}{mark}{words}", " ".repeat(before)));
                if level == 0 {
                    was_numbered = number.is_some();
                }
                last = Last::Item;
            }
            Block::Row(cells) => {
                let line = |cells: &[String]| format!("\n| {} |", cells.join(" | "));
                let row = line(&cells);
                if last != Last::Row {
                    parts.words.push('\n');
                    parts.words.push_str(&row);
                    parts.words.push_str(&line(&vec!["---".to_owned(); cells.len()]));
                } else {
                    parts.words.push_str(&row);
                }
                last = Last::Row;
            }
        }
        // What is far too long is not gathered first and then refused.
        if parts.words.len() > SectionWords::MAX * 8 {
            return Err(BadDocument::LongPart);
        }
    }
    parts.finish()
}

#[cfg(test)]
mod tests;
