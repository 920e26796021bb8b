//! DOCX, written from the HTML that pages show, so that what is in the file is what was seen. It names its language and its
//! title, headings are headings, lists are lists, and the first row of a table says that it is its head: a screen reader gets
//! in Word what it gets on the page.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use super::{Document, DocumentPicture};

/// Why it could not be written. Pages draw what this reads, so nobody should ever see it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotWritten {
    /// The words are no HTML of ours.
    #[error("the words are not what pages draw: {0}")]
    Html(#[from] quick_xml::Error),
    /// The archive.
    #[error(transparent)]
    Zip(#[from] ZipError),
    /// The archive, while it was written to.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/>\
<Default Extension=\"png\" ContentType=\"image/png\"/>\
<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
<Override PartName=\"/word/numbering.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml\"/>\
<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
</Types>";
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>\
<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
</Relationships>";
const WORDS: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006";
/// As Word measures: one point of a screen, and the room that the paper leaves between its edges.
const POINT: i64 = 9525;
const ROOM: (i64, i64) = (6_120_000, 7_700_000);
/// As deep as Word nests lists.
const DEEPEST: usize = 8;
/// The lists without numbers are one list to Word; each with numbers begins anew.
const BULLETS: usize = 1;

/// The whole document.
pub(super) fn write(document: &Document) -> Result<Vec<u8>, NotWritten> {
    let mut body = Body { document: Some(document), ..Body::default() };
    body.heading(1, &document.title);
    for (heading, _, html) in &document.sections {
        body.heading(2, heading);
        body.words(html)?;
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("[Content_Types].xml", TYPES.to_owned()),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("docProps/core.xml", core(document)),
        ("word/document.xml", body.document()),
        ("word/styles.xml", styles(&document.language)),
        ("word/numbering.xml", body.numbering()),
        ("word/_rels/document.xml.rels", body.relations()),
    ] {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    for (n, picture) in document.pictures.iter().enumerate() {
        // Pressed together already.
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(format!("word/{}", file_of(n, picture)), stored)?;
        zip.write_all(&picture.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The file of a picture, as its document names it.
fn file_of(n: usize, picture: &DocumentPicture) -> String {
    format!("media/picture{}.{}", n + 1, picture.kind.name())
}

fn core(document: &Document) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:language>{}</dc:language></cp:coreProperties>",
        text(&document.title),
        text(&document.language)
    )
}

fn styles(language: &str) -> String {
    let heading = |n: usize, size: usize| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"Heading{n}\"><w:name w:val=\"heading {n}\"/><w:basedOn w:val=\"Normal\"/>\
             <w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before=\"360\" w:after=\"120\"/>\
             <w:outlineLvl w:val=\"{}\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"{size}\"/></w:rPr></w:style>",
            n - 1
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:styles xmlns:w=\"{WORDS}\"><w:docDefaults><w:rPrDefault>\
         <w:rPr><w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:cs=\"Arial\"/><w:sz w:val=\"28\"/><w:lang w:val=\"{}\"/></w:rPr>\
         </w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"160\" w:line=\"336\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault>\
         </w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/>\
         </w:style>{}{}<w:style w:type=\"paragraph\" w:styleId=\"TableHead\"><w:name w:val=\"Table head\"/><w:basedOn w:val=\"Normal\"/>\
         <w:rPr><w:b/></w:rPr></w:style><w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/><w:rPr>\
         <w:color w:val=\"0B4F9E\"/><w:u w:val=\"single\"/></w:rPr></w:style></w:styles>",
        text(language),
        heading(1, 44),
        heading(2, 34)
    )
}

/// How large a picture is on paper: as on a screen, or as large as there is room.
fn on_paper((across, down): (i64, i64)) -> (i64, i64) {
    let (across, down) = (across.max(1) * POINT, down.max(1) * POINT);
    let (across, down) = if across > ROOM.0 { (ROOM.0, down * ROOM.0 / across) } else { (across, down) };
    if down > ROOM.1 { (across * ROOM.1 / down, ROOM.1) } else { (across, down) }
}

/// Words as XML takes them.
fn text(words: &str) -> String {
    let may = |c: &char| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    escape(words.chars().filter(may).collect::<String>()).into_owned()
}

/// What `word/document.xml` says, as it grows.
#[derive(Default)]
struct Body<'d> {
    out: String,
    /// Whose pictures it shows.
    document: Option<&'d Document>,
    /// How many it shows.
    shown: usize,
    /// Where links lead.
    links: Vec<String>,
    /// For each list with numbers: the number it begins with.
    numbered: Vec<u32>,
    /// The lists that are open: each by its number among all.
    lists: Vec<usize>,
    /// The next paragraph is the first one of an item.
    item: bool,
    /// A paragraph is open.
    open: bool,
    /// How many elements are open that make words bold, or italic.
    bold: usize,
    italic: usize,
    /// A link is open.
    in_link: bool,
    /// A row of the head of a table, where cells are open.
    in_head: bool,
    in_cell: bool,
    /// Paragraphs of the cell that is open.
    paragraphs: usize,
}

impl Body<'_> {
    fn heading(&mut self, level: usize, words: &str) {
        let _ = write!(
            self.out,
            "<w:p><w:pPr><w:pStyle w:val=\"Heading{level}\"/></w:pPr><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
            text(words)
        );
    }

    /// Begins a paragraph, where none is open.
    fn paragraph(&mut self) {
        if self.open {
            return;
        }
        self.open = true;
        self.paragraphs += 1;
        self.out.push_str("<w:p>");
        let level = self.lists.len().saturating_sub(1).min(DEEPEST);
        match self.lists.last() {
            _ if self.in_cell && self.in_head => self.out.push_str("<w:pPr><w:pStyle w:val=\"TableHead\"/></w:pPr>"),
            _ if self.in_cell => {}
            Some(list) if self.item => {
                let _ = write!(
                    self.out,
                    "<w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>"
                );
            }
            Some(_) => {
                let _ = write!(self.out, "<w:pPr><w:ind w:left=\"{}\"/></w:pPr>", 720 * (level + 1));
            }
            None => {}
        }
        self.item = false;
    }

    fn ends(&mut self) {
        if self.open {
            self.out.push_str("</w:p>");
            self.open = false;
        }
    }

    fn say(&mut self, words: &str) {
        // Between elements the drawing puts new lines that nobody sees.
        if !self.open && words.trim().is_empty() {
            return;
        }
        self.paragraph();
        let mut looks = String::new();
        if self.in_link {
            looks.push_str("<w:rStyle w:val=\"Hyperlink\"/>");
        }
        if self.bold > 0 {
            looks.push_str("<w:b/>");
        }
        if self.italic > 0 {
            looks.push_str("<w:i/>");
        }
        if !looks.is_empty() {
            looks = format!("<w:rPr>{looks}</w:rPr>");
        }
        // A new line in HTML is a space; one that is seen is a `<br>`.
        let words = text(&words.replace('\n', " "));
        let _ = write!(self.out, "<w:r>{looks}<w:t xml:space=\"preserve\">{words}</w:t></w:r>");
    }

    /// A picture with what it shows, as large as the paper lets it be; its words where there is none.
    fn picture(&mut self, name: &str, shows: &str) {
        let found = self.document.and_then(|document| {
            let n = document.pictures.iter().position(|picture| picture.name.as_str() == name)?;
            Some((n, &document.pictures[n]))
        });
        let Some((n, picture)) = found else {
            self.say(shows);
            return;
        };
        self.paragraph();
        self.shown += 1;
        let (across, down) = on_paper(picture.size);
        let (id, shows) = (self.shown, text(shows));
        // Word asks for what a picture shows, or for a word that it is only decoration.
        let about = if shows.is_empty() {
            format!(
                "<wp:docPr id=\"{id}\" name=\"Picture {id}\"><a:extLst xmlns:a=\"{DRAWING}/main\"><a:ext uri=\"{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}\">\
                 <adec:decorative xmlns:adec=\"http://schemas.microsoft.com/office/drawing/2017/decorative\" val=\"1\"/></a:ext></a:extLst></wp:docPr>"
            )
        } else {
            format!("<wp:docPr id=\"{id}\" name=\"Picture {id}\" descr=\"{shows}\"/>")
        };
        let _ = write!(
            self.out,
            "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{across}\" cy=\"{down}\"/>{about}\
             <a:graphic xmlns:a=\"{DRAWING}/main\"><a:graphicData uri=\"{DRAWING}/picture\"><pic:pic xmlns:pic=\"{DRAWING}/picture\">\
             <pic:nvPicPr><pic:cNvPr id=\"{id}\" name=\"Picture {id}\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"picture{}\"/>\
             <a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{across}\" cy=\"{down}\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
            n + 1
        );
    }

    fn starts(&mut self, element: &BytesStart<'_>) {
        let attribute = |name: &str| {
            element.attributes().with_checks(false).flatten().find(|a| a.key.as_ref() == name.as_bytes()).and_then(
                |a| {
                    let raw = String::from_utf8(a.value.into_owned()).ok()?;
                    quick_xml::escape::unescape(&raw).ok().map(std::borrow::Cow::into_owned)
                },
            )
        };
        match element.name().as_ref() {
            b"p" => {
                self.ends();
                self.paragraph();
            }
            b"br" => {
                self.paragraph();
                self.out.push_str("<w:r><w:br/></w:r>");
            }
            b"strong" => self.bold += 1,
            b"em" => self.italic += 1,
            b"a" => {
                self.paragraph();
                if let Some(to) = attribute("href") {
                    self.links.push(to);
                    self.in_link = true;
                    let _ = write!(self.out, "<w:hyperlink r:id=\"link{}\">", self.links.len());
                }
            }
            b"img" => {
                let name =
                    attribute("src").and_then(|src| src.split('/').nth(2).map(str::to_owned)).unwrap_or_default();
                self.picture(&name, &attribute("alt").unwrap_or_default());
            }
            b"ul" => {
                self.ends();
                self.lists.push(BULLETS);
            }
            b"ol" => {
                self.ends();
                self.numbered.push(attribute("start").and_then(|s| s.parse().ok()).unwrap_or(1));
                self.lists.push(BULLETS + self.numbered.len());
            }
            b"li" => {
                self.ends();
                self.item = true;
            }
            b"table" => {
                self.ends();
                self.out.push_str("<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>");
                for edge in ["top", "left", "bottom", "right", "insideH", "insideV"] {
                    let _ = write!(self.out, "<w:{edge} w:val=\"single\" w:sz=\"8\" w:space=\"0\" w:color=\"auto\"/>");
                }
                self.out.push_str("</w:tblBorders><w:tblLook w:firstRow=\"1\" w:noVBand=\"1\"/></w:tblPr><w:tblGrid/>");
            }
            b"thead" => self.in_head = true,
            b"tr" => {
                self.out.push_str("<w:tr>");
                if self.in_head {
                    self.out.push_str("<w:trPr><w:tblHeader/></w:trPr>");
                }
            }
            b"th" | b"td" => {
                self.out.push_str("<w:tc>");
                (self.in_cell, self.paragraphs) = (true, 0);
            }
            _ => {}
        }
    }

    fn ended(&mut self, name: &[u8]) {
        match name {
            b"p" | b"li" => {
                // An item without words is an item all the same.
                if name == b"li" && self.item {
                    self.paragraph();
                }
                self.ends();
            }
            b"strong" => self.bold = self.bold.saturating_sub(1),
            b"em" => self.italic = self.italic.saturating_sub(1),
            b"a" if self.in_link => {
                self.in_link = false;
                self.out.push_str("</w:hyperlink>");
            }
            b"ul" | b"ol" => {
                self.ends();
                self.lists.pop();
            }
            b"thead" => self.in_head = false,
            b"th" | b"td" => {
                if self.paragraphs == 0 {
                    self.paragraph();
                }
                self.ends();
                self.out.push_str("</w:tc>");
                self.in_cell = false;
            }
            b"tr" => self.out.push_str("</w:tr>"),
            // Two tables with nothing between them would be one.
            b"table" => self.out.push_str("</w:tbl><w:p/>"),
            _ => {}
        }
    }

    /// The words of one section, as pages draw them.
    fn words(&mut self, html: &str) -> Result<(), NotWritten> {
        let mut reader = Reader::from_str(html);
        // `<br>` has no end.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        loop {
            match reader.read_event()? {
                Event::Start(element) | Event::Empty(element) => self.starts(&element),
                Event::End(element) => self.ended(element.name().as_ref()),
                Event::Text(words) => self.say(&words.decode().map_err(quick_xml::Error::from)?),
                Event::GeneralRef(sign) => {
                    let known = match sign.resolve_char_ref()? {
                        Some(c) => c.to_string(),
                        None => match &*sign.decode().map_err(quick_xml::Error::from)? {
                            "amp" => "&".to_owned(),
                            "lt" => "<".to_owned(),
                            "gt" => ">".to_owned(),
                            "quot" => "\"".to_owned(),
                            "nbsp" => "\u{a0}".to_owned(),
                            other => format!("&{other};"),
                        },
                    };
                    self.say(&known);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        self.ends();
        (self.item, self.lists) = (false, Vec::new());
        Ok(())
    }

    fn document(&self) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"{WORDS}\" xmlns:r=\"{OFFICE}\" xmlns:wp=\"{DRAWING}/wordprocessingDrawing\">\
             <w:body>{}<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" \
             w:left=\"1134\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
            self.out
        )
    }

    fn numbering(&self) -> String {
        let kind = |id: usize, format: &str, sign: &dyn Fn(usize) -> String| {
            let levels: String = (0..=DEEPEST)
                .map(|level| {
                    format!(
                        "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{}\"/>\
                         <w:pPr><w:ind w:left=\"{}\" w:hanging=\"360\"/></w:pPr></w:lvl>",
                        sign(level),
                        720 * (level + 1)
                    )
                })
                .collect();
            format!(
                "<w:abstractNum w:abstractNumId=\"{id}\"><w:multiLevelType w:val=\"hybridMultilevel\"/>{levels}</w:abstractNum>"
            )
        };
        let mut lists = format!("<w:num w:numId=\"{BULLETS}\"><w:abstractNumId w:val=\"0\"/></w:num>");
        for (n, start) in self.numbered.iter().enumerate() {
            let levels: String = (0..=DEEPEST)
                .map(|level| {
                    format!("<w:lvlOverride w:ilvl=\"{level}\"><w:startOverride w:val=\"{start}\"/></w:lvlOverride>")
                })
                .collect();
            let _ =
                write!(lists, "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"1\"/>{levels}</w:num>", BULLETS + 1 + n);
        }
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:numbering xmlns:w=\"{WORDS}\">{}{}{lists}</w:numbering>",
            kind(0, "bullet", &|_| "•".to_owned()),
            kind(1, "decimal", &|level| format!("%{}.", level + 1))
        )
    }

    fn relations(&self) -> String {
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
             <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"styles\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>\
             <Relationship Id=\"numbers\" Type=\"{OFFICE}/numbering\" Target=\"numbering.xml\"/>"
        );
        for (n, to) in self.links.iter().enumerate() {
            let _ = write!(
                out,
                "<Relationship Id=\"link{}\" Type=\"{OFFICE}/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>",
                n + 1,
                text(to)
            );
        }
        for (n, picture) in self.document.iter().flat_map(|document| &document.pictures).enumerate() {
            let file = file_of(n, picture);
            let _ = write!(out, "<Relationship Id=\"picture{}\" Type=\"{OFFICE}/image\" Target=\"{file}\"/>", n + 1);
        }
        out.push_str("</Relationships>");
        out
    }
}
