//! Checking the words of a section: a worker reads them as they were typed, and from then on so does everybody.

use domain::access::{Verb, Who};
use domain::ids::{DesignId, SectionId};
use domain::moment::Moment;
use store::designs::MaskedRow;

use super::{By, DesignHead, open, section_row};
use crate::audit::Act;
use crate::news::Event;
use crate::{Refused, Service, audit};

/// A section in which something is hidden until somebody has looked, in a worker's list.
#[derive(Debug, Clone)]
pub struct MaskedSection {
    /// Which.
    pub id: SectionId,
    /// Its heading.
    pub heading: String,
    /// Its design.
    pub design: DesignId,
    /// The design's title.
    pub design_title: String,
    /// When its words were written.
    pub words_at: Moment,
}

impl MaskedSection {
    pub(crate) fn of(row: MaskedRow) -> Self {
        let MaskedRow { id, design_id: design, design_title, heading, words_at } = row;
        Self { id, heading, design, design_title, words_at }
    }
}

/// A section for somebody who checks words.
#[derive(Debug, Clone)]
pub struct SectionToCheck {
    /// Its design.
    pub head: DesignHead,
    /// Which.
    pub id: SectionId,
    /// Its heading.
    pub heading: String,
    /// Who wrote in it last, once somebody did.
    pub by: Option<By>,
    /// Its words as they were typed, drawn.
    pub html: String,
    /// What everybody else reads, where something is hidden from them.
    pub masked_html: Option<String>,
    /// When its words were written: checking names it, so that only what was read is checked.
    pub words_at: Moment,
}

impl Service {
    /// A section for somebody who checks words there.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for everybody else; [`Refused::Unknown`] for a section of another design.
    pub async fn section_to_check(
        &self,
        who: &Who,
        design: DesignId,
        section: SectionId,
    ) -> Result<SectionToCheck, Refused> {
        let mut tx = self.store().read().await?;
        let head = open(&mut tx, who, Verb::CheckWords, design).await?;
        let row = section_row(&mut tx, design, section).await?;
        let masked_html = if row.masked { row.masked_html } else { None };
        // Whoever checks is in the group.
        let by =
            row.by_name.zip(row.by_role.and_then(|r| r.parse().ok())).map(|(name, role)| By::new(true, name, role));
        Ok(SectionToCheck {
            head,
            id: row.id,
            heading: row.heading,
            by,
            html: row.html,
            masked_html,
            words_at: row.words_at,
        })
    }

    /// Says that everybody may read the words of a section as they are. `seen`: when the words that were read were written.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] (`section-written`) when somebody has written in it since.
    pub async fn check_section(
        &self,
        who: &Who,
        design: DesignId,
        section: SectionId,
        seen: Moment,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        open(&mut tx, who, Verb::CheckWords, design).await?;
        store::designs::hold(&mut tx, design).await?;
        let row = section_row(&mut tx, design, section).await?;
        // Somebody has looked at exactly these words already.
        if row.holds && row.masked_html.is_some() && !row.masked && row.words_at == seen {
            return Ok(());
        }
        if store::designs::set_checked(&mut tx, design, section, &row.words, seen).await? == 0 {
            return Err(Refused::MovedOn("section-written"));
        }
        crate::pictures::looked(&mut tx, design, &row.html, self.now()).await?;
        let act = Act {
            verb: audit::verb(Verb::CheckWords),
            kind: "section",
            id: &section.to_string(),
            detail: "words checked",
        };
        audit::note(&mut tx, self.now(), who, act).await?;
        self.commit_and_tell(tx, Event::Design { design }).await
    }
}
