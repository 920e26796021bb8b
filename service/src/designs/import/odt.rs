//! ODT: the paragraphs of `content.xml`.

use quick_xml::events::BytesStart;

use super::BadDocument;
use super::archive::Archive;
use super::blocks::{Block, Format, Out, attribute, walk};

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Block>, BadDocument> {
    let mut archive = Archive::open(bytes)?;
    let content = archive.text("content.xml")?.ok_or(BadDocument::Kind)?;
    walk(&content, &mut Content::default())
}

#[derive(Default)]
struct Content {
    lists: usize,
}

impl Format for Content {
    fn start(&mut self, name: &[u8], element: &BytesStart<'_>, out: &mut Out) {
        match name {
            b"text:p" | b"text:h" => out.open.push(String::new()),
            b"text:list-item" => self.lists += 1,
            b"text:s" => {
                let n = attribute(element, b"text:c").and_then(|c| c.parse().ok()).unwrap_or(1usize);
                out.push(&" ".repeat(n.min(80)));
            }
            b"text:tab" => out.push(" "),
            b"text:line-break" => out.push("\n"),
            b"table:table-row" => out.row_starts(),
            b"table:table-cell" => out.cell_starts(),
            _ => {}
        }
    }

    fn end(&mut self, name: &[u8], out: &mut Out) {
        match name {
            b"text:list-item" => self.lists = self.lists.saturating_sub(1),
            b"table:table-row" => out.row_ends(),
            b"text:h" => {
                let words = out.open.pop().unwrap_or_default();
                out.block(Block::Heading(words));
            }
            b"text:p" => {
                let words = out.open.pop().unwrap_or_default();
                out.block(if self.lists > 0 { Block::Item(words) } else { Block::Paragraph(words) });
            }
            _ => {}
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
