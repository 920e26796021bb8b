//! DOCX: the paragraphs of `word/document.xml`. Headings are paragraphs whose style says so, whatever the style is called
//! in the writer's language.

use std::collections::HashSet;

use quick_xml::events::BytesStart;

use super::BadDocument;
use super::archive::Archive;
use super::blocks::{Block, Format, Out, attribute, walk};

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Block>, BadDocument> {
    let mut archive = Archive::open(bytes)?;
    let document = archive.text("word/document.xml")?.ok_or(BadDocument::Kind)?;
    let mut styles = Styles::default();
    if let Some(xml) = archive.text("word/styles.xml")? {
        walk(&xml, &mut styles)?;
    }
    walk(&document, &mut Document { headings: styles.headings, kinds: Vec::new(), in_text: false })
}

/// Which styles are headings.
#[derive(Default)]
struct Styles {
    headings: HashSet<String>,
    style: Option<String>,
}

impl Format for Styles {
    fn start(&mut self, name: &[u8], element: &BytesStart<'_>, _: &mut Out) {
        let value = || attribute(element, b"w:val").unwrap_or_default();
        match name {
            b"w:style" => self.style = attribute(element, b"w:styleId"),
            b"w:name" if value().to_lowercase().starts_with("heading ") => self.headings.extend(self.style.clone()),
            b"w:outlineLvl" if value().parse::<u8>().is_ok_and(|n| n < 9) => self.headings.extend(self.style.clone()),
            _ => {}
        }
    }
    fn end(&mut self, name: &[u8], _: &mut Out) {
        if name == b"w:style" {
            self.style = None;
        }
    }
    fn skips(&self, _: &[u8]) -> bool {
        false
    }
    fn reads(&self) -> bool {
        false
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Heading,
    Item,
}

struct Document {
    headings: HashSet<String>,
    /// The kind of each open paragraph.
    kinds: Vec<Kind>,
    in_text: bool,
}

impl Document {
    fn is(&mut self, kind: Kind) {
        if let Some(open) = self.kinds.last_mut()
            && *open != Kind::Heading
        {
            *open = kind;
        }
    }
}

impl Format for Document {
    fn start(&mut self, name: &[u8], element: &BytesStart<'_>, out: &mut Out) {
        match name {
            b"w:p" => {
                self.kinds.push(Kind::Plain);
                out.open.push(String::new());
            }
            b"w:pStyle" => {
                let style = attribute(element, b"w:val").unwrap_or_default();
                if self.headings.contains(&style) || style.to_lowercase().starts_with("heading") {
                    self.is(Kind::Heading);
                }
            }
            b"w:outlineLvl" => {
                if attribute(element, b"w:val").and_then(|v| v.parse::<u8>().ok()).is_some_and(|n| n < 9) {
                    self.is(Kind::Heading);
                }
            }
            b"w:numPr" => self.is(Kind::Item),
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
            b"w:tr" => out.row_ends(),
            b"w:p" => {
                let words = out.open.pop().unwrap_or_default();
                out.block(match self.kinds.pop() {
                    Some(Kind::Heading) => Block::Heading(words),
                    Some(Kind::Item) => Block::Item(words),
                    _ => Block::Paragraph(words),
                });
            }
            _ => {}
        }
    }

    fn skips(&self, name: &[u8]) -> bool {
        // The same box drawn a second time for old programs; what was taken out while changes are tracked; settings of tabs.
        matches!(name, b"mc:Fallback" | b"w:del" | b"w:moveFrom" | b"w:tabs" | b"w:pPrChange" | b"w:instrText")
    }

    fn reads(&self) -> bool {
        self.in_text
    }
}
