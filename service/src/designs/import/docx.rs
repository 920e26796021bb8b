//! DOCX: the paragraphs of `word/document.xml`. Headings and lists are paragraphs whose style says so, whatever the style is
//! called in the writer's language; where links lead and which lists have numbers stands in files of their own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::designs::pictures::DECORATION;
use quick_xml::events::BytesStart;

use super::BadDocument;
use super::archive::Archive;
use super::blocks::{self, Block, Format, Out, attribute, value, walk};
use super::pictures::Pictures;
use super::words::{Words, address};

pub(super) fn read(bytes: &[u8], pictures: &mut Pictures<'_>) -> Result<Vec<Block>, BadDocument> {
    let mut archive = Archive::open(bytes)?;
    let document = archive.text("word/document.xml")?.ok_or(BadDocument::Kind)?;
    let mut styles = Styles::default();
    if let Some(xml) = archive.text("word/styles.xml")? {
        walk(&xml, &mut styles)?;
    }
    let mut links = Links::default();
    if let Some(xml) = archive.text("word/_rels/document.xml.rels")? {
        walk(&xml, &mut links)?;
    }
    let mut numbers = Numbers::default();
    if let Some(xml) = archive.text("word/numbering.xml")? {
        walk(&xml, &mut numbers)?;
    }
    let mut words = Document {
        styles,
        links,
        numbers,
        archive,
        pictures,
        shows: String::new(),
        open: Vec::new(),
        in_run: false,
        in_text: false,
    };
    walk(&document, &mut words)
}

/// Whether a setting such as `<w:b/>` is on: it is, unless it says that it is not.
fn is_on(element: &BytesStart<'_>) -> bool {
    !attribute(element, b"w:val").is_some_and(|v| matches!(v.as_str(), "0" | "false" | "off" | "none"))
}

/// A file of which only the settings are read.
macro_rules! settings_only {
    () => {
        fn skips(&self, _: &[u8]) -> bool {
            false
        }
        fn reads(&self) -> bool {
            false
        }
    };
}

/// Which styles are headings, and which are items of which list.
#[derive(Default)]
struct Styles {
    headings: HashSet<String>,
    items: HashMap<String, Item>,
    style: Option<String>,
}

/// An item of a list: `w:numId` and `w:ilvl`.
#[derive(Debug, Clone, Default)]
struct Item {
    list: String,
    level: u8,
}

impl Format for Styles {
    fn start(&mut self, name: &[u8], element: &BytesStart<'_>, _: &mut Out) {
        let value = || attribute(element, b"w:val").unwrap_or_default();
        match (name, self.style.clone()) {
            (b"w:style", _) => self.style = attribute(element, b"w:styleId"),
            (b"w:name", Some(style)) if value().to_lowercase().starts_with("heading ") => {
                self.headings.insert(style);
            }
            (b"w:outlineLvl", Some(style)) if value().parse::<u8>().is_ok_and(|n| n < 9) => {
                self.headings.insert(style);
            }
            (b"w:numId", Some(style)) => self.items.entry(style).or_default().list = value(),
            (b"w:ilvl", Some(style)) => self.items.entry(style).or_default().level = value().parse().unwrap_or(0),
            _ => {}
        }
    }
    fn end(&mut self, name: &[u8], _: &mut Out) {
        if name == b"w:style" {
            self.style = None;
        }
    }
    settings_only!();
}

/// Where links lead, and which files pictures are, by their ids.
#[derive(Default)]
struct Links {
    to: HashMap<String, Arc<str>>,
    pictures: HashMap<String, String>,
}

impl Format for Links {
    fn start(&mut self, name: &[u8], element: &BytesStart<'_>, _: &mut Out) {
        if name != b"Relationship" {
            return;
        }
        let (Some(id), Some(target)) = (attribute(element, b"Id"), value(element, b"Target")) else { return };
        if attribute(element, b"TargetMode").is_some_and(|mode| mode == "External") {
            // A picture that is elsewhere stays there: nothing is fetched.
            if let Some(to) = address(&target) {
                self.to.insert(id, to);
            }
        } else if attribute(element, b"Type").is_some_and(|kind| kind.ends_with("/image")) {
            let file = target.strip_prefix('/').map_or_else(|| format!("word/{target}"), str::to_owned);
            self.pictures.insert(id, file);
        }
    }
    fn end(&mut self, _: &[u8], _: &mut Out) {}
    settings_only!();
}

/// Which lists have numbers, and at which level.
#[derive(Default)]
struct Numbers {
    /// By kind of list.
    kinds: HashMap<String, HashSet<u8>>,
    /// The kind of each list.
    lists: HashMap<String, String>,
    /// The number that a list begins with, where it is told, by its level.
    begins: HashMap<(String, u8), u32>,
    /// The number of the last item of each list, by its level.
    last: HashMap<(String, u8), u32>,
    kind: String,
    level: u8,
    list: Option<String>,
}

impl Numbers {
    /// The number of the next item of a list; `None` where its items have none.
    fn next(&mut self, item: &Item) -> Option<u32> {
        // What is further in begins anew.
        self.last.retain(|(list, level), _| *list != item.list || *level <= item.level);
        let kind = self.lists.get(&item.list).and_then(|kind| self.kinds.get(kind))?;
        if !kind.contains(&item.level) {
            return None;
        }
        let at = (item.list.clone(), item.level);
        let number = match self.last.get(&at) {
            Some(last) => last.saturating_add(1),
            None => self.begins.get(&at).copied().unwrap_or(1),
        };
        self.last.insert(at, number);
        Some(number)
    }
}

impl Format for Numbers {
    fn start(&mut self, name: &[u8], element: &BytesStart<'_>, _: &mut Out) {
        let value = || attribute(element, b"w:val").unwrap_or_default();
        match name {
            b"w:abstractNum" => self.kind = attribute(element, b"w:abstractNumId").unwrap_or_default(),
            b"w:lvl" => self.level = attribute(element, b"w:ilvl").and_then(|l| l.parse().ok()).unwrap_or(0),
            b"w:numFmt" if self.list.is_none() && !matches!(value().as_str(), "bullet" | "none") => {
                self.kinds.entry(self.kind.clone()).or_default().insert(self.level);
            }
            b"w:num" => self.list = attribute(element, b"w:numId"),
            b"w:lvlOverride" => self.level = attribute(element, b"w:ilvl").and_then(|l| l.parse().ok()).unwrap_or(0),
            b"w:startOverride" => {
                if let (Some(list), Ok(n)) = (self.list.clone(), value().parse()) {
                    self.begins.insert((list, self.level), n);
                }
            }
            b"w:abstractNumId" => {
                if let Some(list) = self.list.clone() {
                    self.lists.insert(list, value());
                }
            }
            _ => {}
        }
    }
    fn end(&mut self, name: &[u8], _: &mut Out) {
        if name == b"w:num" {
            self.list = None;
        }
    }
    settings_only!();
}

#[derive(Clone)]
enum Kind {
    Plain,
    Heading,
    Item(Item),
}

struct Document<'a, 'p, 'n> {
    styles: Styles,
    links: Links,
    numbers: Numbers,
    /// For the files of pictures.
    archive: Archive<'a>,
    pictures: &'p mut Pictures<'n>,
    /// What the picture shows that is open.
    shows: String,
    /// The kind of each open paragraph.
    open: Vec<Kind>,
    /// Inside words, where settings say how these look and not how the end of a paragraph does.
    in_run: bool,
    in_text: bool,
}

impl Document<'_, '_, '_> {
    fn is(&mut self, kind: Kind) {
        if let Some(open) = self.open.last_mut()
            && !matches!(open, Kind::Heading)
        {
            *open = kind;
        }
    }

    /// A picture, by the id of its file.
    fn picture(&mut self, id: Option<String>, out: &mut Out) {
        let shows = std::mem::take(&mut self.shows);
        let file = id.and_then(|id| self.links.pictures.get(&id));
        let (archive, pictures) = (&mut self.archive, &mut self.pictures);
        let name = file.and_then(|file| pictures.take_file(file, || archive.bytes(file).ok().flatten()));
        out.picture(name, &shows);
    }

    fn item(&mut self, change: impl FnOnce(&mut Item)) {
        if let Some(Kind::Item(item)) = self.open.last_mut() {
            change(item);
        }
    }
}

impl Format for Document<'_, '_, '_> {
    fn start(&mut self, name: &[u8], element: &BytesStart<'_>, out: &mut Out) {
        let value = || attribute(element, b"w:val").unwrap_or_default();
        match name {
            b"w:p" => {
                self.open.push(Kind::Plain);
                out.open.push(Words::default());
            }
            b"w:pStyle" => {
                let style = value();
                if self.styles.headings.contains(&style) || style.to_lowercase().starts_with("heading") {
                    self.is(Kind::Heading);
                } else if let Some(item) = self.styles.items.get(&style).filter(|item| item.list != "0") {
                    self.is(Kind::Item(item.clone()));
                }
            }
            b"w:outlineLvl" => {
                if value().parse::<u8>().is_ok_and(|n| n < 9) {
                    self.is(Kind::Heading);
                }
            }
            b"w:numPr" => self.is(Kind::Item(Item::default())),
            b"w:ilvl" => self.item(|item| item.level = value().parse().unwrap_or(0)),
            b"w:numId" => match value() {
                // The style says that it is an item, and this one paragraph that it is none.
                none if none == "0" => self.is(Kind::Plain),
                list => self.item(|item| item.list = list),
            },
            b"w:hyperlink" => {
                out.leads(attribute(element, b"r:id").and_then(|id| self.links.to.get(&id).cloned()));
            }
            b"wp:docPr" => {
                let said = |name: &[u8]| blocks::value(element, name).filter(|words| !words.trim().is_empty());
                self.shows = said(b"descr").or_else(|| said(b"title")).unwrap_or_default();
            }
            b"adec:decorative" if attribute(element, b"val").is_some_and(|v| v == "1") => {
                DECORATION.clone_into(&mut self.shows);
            }
            b"a:blip" => self.picture(attribute(element, b"r:embed"), out),
            // As Word wrote pictures before 2007.
            b"v:shape" => self.shows = blocks::value(element, b"alt").unwrap_or_default(),
            b"v:imagedata" => self.picture(attribute(element, b"r:id"), out),
            b"w:r" => self.in_run = true,
            b"w:b" if self.in_run => out.look.bold = is_on(element),
            b"w:i" if self.in_run => out.look.italic = is_on(element),
            b"w:rStyle" if self.in_run => match value().to_lowercase().as_str() {
                "strong" => out.look.bold = true,
                "emphasis" => out.look.italic = true,
                _ => {}
            },
            b"w:t" => self.in_text = true,
            b"w:br" | b"w:cr" => out.push("\n"),
            b"w:tab" => out.push(" "),
            b"w:tr" => out.row_starts(),
            b"w:tc" => out.cell_starts(),
            _ => {}
        }
    }

    fn end(&mut self, name: &[u8], out: &mut Out) {
        match name {
            b"w:t" => self.in_text = false,
            b"w:r" => {
                self.in_run = false;
                (out.look.bold, out.look.italic) = (false, false);
            }
            b"w:hyperlink" => out.leads(None),
            b"w:tr" => out.row_ends(),
            b"w:p" => {
                let words = out.open.pop().unwrap_or_default();
                out.block(match self.open.pop() {
                    Some(Kind::Heading) => Block::Heading(words.plain()),
                    Some(Kind::Item(item)) => {
                        // An empty line in a list takes no number.
                        let number = if words.is_blank() { None } else { self.numbers.next(&item) };
                        Block::Item { level: usize::from(item.level), number, words }
                    }
                    _ => Block::Paragraph(words),
                });
            }
            _ => {}
        }
    }

    fn skips(&self, name: &[u8]) -> bool {
        // The same box drawn a second time for old programs; what was taken out while changes are tracked, and how it
        // looked; settings of tabs.
        matches!(
            name,
            b"mc:Fallback" | b"w:del" | b"w:moveFrom" | b"w:tabs" | b"w:pPrChange" | b"w:rPrChange" | b"w:instrText"
        )
    }

    fn reads(&self) -> bool {
        self.in_text
    }
}
