//! A design as a file to take along: Markdown, HTML or DOCX, with its headings, lists, tables, links and
//! pictures. The first and the last
//! can be brought back ([`super::import`]); the tests go there and back.

mod docx;
mod text;
mod web;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::access::Who;
use domain::designs::masks;
use domain::designs::pictures::{PictureKind, PictureName};
use domain::ids::DesignId;

use super::DesignView;
use crate::aside::Whose;
use crate::{Refused, Service};

/// What kind of file a design is written into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// For Word, LibreOffice and Pages.
    Docx,
    /// For a browser, and for whoever listens to it.
    Html,
    /// Plain words with marks.
    Markdown,
}

impl DocumentKind {
    /// All of them, the most asked for first.
    pub const ALL: [Self; 3] = [Self::Docx, Self::Html, Self::Markdown];

    /// The ending of its file names, which is also its name in addresses and in message keys.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Html => "html",
            Self::Markdown => "md",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Html => "text/html; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }
}

/// A design to be written into a file: what its page shows, and nothing of who wrote it.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Its title.
    title: String,
    /// The language of the pages, such as `en-GB`.
    language: String,
    /// Its sections in order: heading, words as typed, the same drawn.
    sections: Vec<(String, String, String)>,
    /// The pictures that whoever takes it may see.
    pictures: Vec<DocumentPicture>,
}

/// A picture in a file.
#[derive(Debug, Clone)]
struct DocumentPicture {
    name: PictureName,
    kind: PictureKind,
    /// How wide and how high it is, in pixels.
    size: (i64, i64),
    bytes: Vec<u8>,
}

impl DocumentPicture {
    /// Its bytes as an address that needs no other file.
    fn address(&self) -> String {
        format!("data:{};base64,{}", self.kind.media_type(), STANDARD.encode(&self.bytes))
    }
}

impl Document {
    fn of(view: DesignView, site: &str, language: &str) -> Self {
        let shown = view.sections.into_iter().filter(|s| !s.not_needed || !s.words.is_empty());
        // Pages say what is hidden; a file, which has no words of ours in it, says that something is.
        let told = |words: String| masks::told(words, |_| "…".to_owned());
        let sections = shown.map(|s| (s.heading, told(s.words), absolute(&told(s.html), site))).collect();
        Self { title: view.head.title, language: language.to_owned(), sections, pictures: Vec::new() }
    }

    fn picture(&self, name: &str) -> Option<&DocumentPicture> {
        self.pictures.iter().find(|picture| picture.name.as_str() == name)
    }
}

/// Links to pages of ours lead there from outside too. In words `<` is escaped, so this can only be a link.
fn absolute(html: &str, site: &str) -> String {
    html.replace("<a href=\"/", &format!("<a href=\"{site}/"))
}

impl Service {
    /// A design as a file. `site`: the public address of this Tandem; `language`: that of its pages.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of the design.
    pub async fn export_design(
        &self,
        who: &Who,
        design: DesignId,
        kind: DocumentKind,
        (site, language): (&str, &str),
    ) -> Result<(String, Vec<u8>), Refused> {
        let view = self.view_design(who, design).await?;
        let name = file_name(&view.head.title, kind);
        let mut document = Document::of(view, site.trim_end_matches('/'), language);
        document.pictures = self.pictures_of(who, design, &document.sections).await?;
        // A long design takes a while to write.
        let bytes = self
            .aside(Whose::of(who), move || match kind {
                DocumentKind::Docx => docx::write(&document),
                DocumentKind::Html => Ok(web::write(&document).into_bytes()),
                DocumentKind::Markdown => Ok(text::write(&document).into_bytes()),
            })
            .await?
            .map_err(|_| Refused::fault("a design could not be written into a file"))?;
        Ok((name, bytes))
    }
}

impl Service {
    /// The pictures that stand in some sections, as somebody may see them.
    async fn pictures_of(
        &self,
        who: &Who,
        design: DesignId,
        sections: &[(String, String, String)],
    ) -> Result<Vec<DocumentPicture>, Refused> {
        // Most designs have none.
        if !sections.iter().any(|(_, words, _)| words.contains("](picture-")) {
            return Ok(Vec::new());
        }
        let stands = |name: &PictureName| sections.iter().any(|(_, words, _)| words.contains(&name.address()));
        let mut pictures = Vec::new();
        for (row, bytes) in self.pictures_to_take(who, design, stands).await? {
            let size = (row.across, row.down);
            pictures.push(DocumentPicture { name: row.picture, kind: row.kind, size, bytes });
        }
        Ok(pictures)
    }
}

/// A name for the file that every system takes.
fn file_name(title: &str, kind: DocumentKind) -> String {
    format!("{}.{}", domain::words::slug_start(title), kind.ending())
}

#[cfg(test)]
mod tests;
