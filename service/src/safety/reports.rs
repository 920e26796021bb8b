//! Reports: somebody says that something is wrong with the words of a section. Whoever checks words there reads it, does
//! something about it on the pages that are there for that, and answers; the one who said it hears the answer. To nobody else
//! is there such a report.

use domain::access::{Answer, Verb, Who, may};
use domain::ids::{DesignId, FormId, PersonId, ReportId, SectionId};
use domain::moment::Moment;
use domain::safety::{ReportOutcome, ReportWhy};
use domain::words::{Sentences, maybe_lines};
use store::Tx;
use store::reports::{NewReport, ReportRow};

use crate::audit::Act;
use crate::designs::{By, DesignHead, open, section_row, words_as_read};
use crate::rights::somebody;
use crate::{Problems, Refused, Service, access, audit};

/// The page on which somebody says that something is wrong.
#[derive(Debug, Clone)]
pub struct ReportForm {
    /// The design.
    pub head: DesignHead,
    /// The section.
    pub section: SectionId,
    /// Its heading.
    pub heading: String,
    /// Its words as they read them, drawn and safe.
    pub html: String,
    /// A report of theirs about it that waits already.
    pub waits: Option<ReportId>,
}

/// What somebody typed who says that something is wrong.
#[derive(Debug, Clone, Copy)]
pub struct TypedReport<'a> {
    /// What it is, as its name.
    pub why: &'a str,
    /// More about it, or nothing.
    pub words: &'a str,
}

/// What somebody typed who answers.
#[derive(Debug, Clone, Copy)]
pub struct TypedReply<'a> {
    /// What became of it, as its name.
    pub outcome: &'a str,
    /// What the one who said it is told.
    pub reason: &'a str,
}

/// A report in a worker's list.
#[derive(Debug, Clone)]
pub struct ReportLine {
    /// Its id.
    pub id: ReportId,
    /// The design.
    pub design: DesignId,
    /// The design's title.
    pub design_title: String,
    /// The section's heading.
    pub heading: String,
    /// What is wrong.
    pub why: ReportWhy,
    /// Since when it waits.
    pub made_at: Moment,
    /// Who said it.
    pub by: By,
}

impl ReportLine {
    pub(crate) fn of(row: ReportRow) -> Self {
        let ReportRow { id, design_id: design, design_title, heading, why, made_at, .. } = row;
        let by = By::new(true, row.by_name, row.by_role);
        Self { id, design, design_title, heading, why, made_at, by }
    }
}

/// What somebody who checks words sees of a report besides it.
#[derive(Debug, Clone)]
pub struct ForWorkers {
    /// Who said it.
    pub by: By,
    /// The words of the section now, drawn and safe.
    pub html: String,
    /// Somebody has written in it since.
    pub written_since: bool,
    /// It was taken out.
    pub removed: bool,
}

/// What became of a report.
#[derive(Debug, Clone)]
pub struct Reply {
    /// What.
    pub outcome: ReportOutcome,
    /// In words.
    pub reason: String,
    /// When.
    pub at: Moment,
}

/// One report, for whoever made it and for those who check words there.
#[derive(Debug, Clone)]
pub struct ReportPage {
    /// The design.
    pub head: DesignHead,
    /// Its id.
    pub id: ReportId,
    /// The section.
    pub section: SectionId,
    /// Its heading.
    pub heading: String,
    /// What is wrong.
    pub why: ReportWhy,
    /// More about it, or nothing.
    pub words: String,
    /// When it was said.
    pub made_at: Moment,
    /// The answer, once there is one.
    pub reply: Option<Reply>,
    /// For whoever checks words there; nothing for the one who said it.
    pub for_workers: Option<ForWorkers>,
}

/// One report for those who may know of it, and whether this one checks words there.
async fn find(
    tx: &mut Tx,
    who: &Who,
    design: DesignId,
    id: ReportId,
) -> Result<(DesignHead, ReportRow, bool), Refused> {
    let head = open(tx, who, Verb::ReadWork, design).await?;
    let row = store::reports::find(tx, design, id).await?.ok_or(Refused::Unknown)?;
    let checks = may(who, Verb::CheckWords, &head.place) == Answer::Yes;
    let mine = who.id() == Some(row.made_by);
    // That there is one is nobody else's business.
    if checks || mine { Ok((head, row, checks)) } else { Err(Refused::Unknown) }
}

impl Service {
    /// A section for somebody who wants to say that something is wrong with it.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for what they may not read; [`Refused::NotAllowed`] to nobody known; [`Refused::MovedOn`]
    /// (`section-gone`) when it was taken out.
    pub async fn report_form(&self, who: &Who, design: DesignId, section: SectionId) -> Result<ReportForm, Refused> {
        let mut tx = self.store().read().await?;
        let head = open(&mut tx, who, Verb::ReportWords, design).await?;
        let row = section_row(&mut tx, design, section).await?;
        if row.removed_at.is_some() {
            return Err(Refused::MovedOn("section-gone"));
        }
        let waits = store::reports::mine(&mut tx, section, somebody(who)?.id).await?;
        Ok(ReportForm {
            head,
            section,
            heading: row.heading,
            html: words_as_read(row.masked, row.masked_html, row.html),
            waits,
        })
    }

    /// Says that something is wrong with a section. Whoever says it again while the first still waits says nothing new.
    ///
    /// # Errors
    /// As [`Service::report_form`]; [`Refused::Invalid`] (`why`, `words`); [`Refused::MovedOn`] (`reported-already`).
    pub async fn report_section(
        &self,
        who: &Who,
        (design, section): (DesignId, SectionId),
        form: FormId,
        typed: TypedReport<'_>,
    ) -> Result<ReportId, Refused> {
        let mut tx = self.write_as(who).await?;
        open(&mut tx, who, Verb::ReportWords, design).await?;
        if let Some(made) = access::before(&mut tx, form).await? {
            let id = made.map(ReportId).ok_or(Refused::fault("a report without an id"))?;
            // Sent again after the answer it is not said again.
            let waits = store::reports::find(&mut tx, design, id).await?.is_some_and(|r| r.outcome.is_none());
            return if waits { Ok(id) } else { Err(Refused::MovedOn("sent-before")) };
        }
        let by = somebody(who)?.id;
        let row = section_row(&mut tx, design, section).await?;
        if row.removed_at.is_some() {
            return Err(Refused::MovedOn("section-gone"));
        }
        let mut problems = Problems::new();
        let why: Option<ReportWhy> = typed.why.parse().ok();
        if why.is_none() {
            problems.add("why", "choose");
        }
        let words = problems.take("words", maybe_lines(typed.words, Sentences::MAX)).unwrap_or_default();
        // What “something else” is has to be said.
        if why == Some(ReportWhy::Other) && words.is_empty() && problems.is_empty() {
            problems.add("words", "empty");
        }
        problems.check()?;
        let Some(why) = why else { return Err(Refused::invalid("why", "choose")) };
        if store::reports::mine(&mut tx, section, by).await?.is_some() {
            return Err(Refused::MovedOn("reported-already"));
        }
        self.pace(&mut tx, who).await?;
        let (id, at): (ReportId, Moment) = (self.new_id(), self.now());
        let new = NewReport { id, design, section, why, words: &words, at, by };
        store::reports::insert(&mut tx, &new).await?;
        access::done(&mut tx, form, Some(id.0), at).await?;
        // No news of it goes out: who reads the design sees nothing of a report.
        tx.commit().await?;
        Ok(id)
    }

    /// One report.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for everybody but the one who said it and those who check words there.
    pub async fn report_page(&self, who: &Who, design: DesignId, id: ReportId) -> Result<ReportPage, Refused> {
        let mut tx = self.store().read().await?;
        let (head, row, checks) = find(&mut tx, who, design, id).await?;
        let outcome = row.outcome();
        let reply = outcome.zip(row.answered_at).map(|(outcome, at)| Reply {
            outcome,
            reason: row.reason.clone(),
            at: Moment(at),
        });
        let for_workers = checks.then(|| ForWorkers {
            by: By::new(true, row.by_name.clone(), row.by_role),
            html: row.html.clone(),
            written_since: row.words_at > row.made_at,
            removed: row.removed_at.is_some(),
        });
        Ok(ReportPage {
            head,
            id,
            section: row.section_id,
            heading: row.heading,
            why: row.why,
            words: row.words,
            made_at: row.made_at,
            reply,
            for_workers,
        })
    }

    /// Says what became of a report. The one who said it reads it on their home page.
    ///
    /// # Errors
    /// [`Refused::Unknown`] as [`Service::report_page`]; [`Refused::NotAllowed`] for the one who said it;
    /// [`Refused::Invalid`] (`outcome`, `reason`); [`Refused::MovedOn`] (`report-answered`) when somebody was faster.
    pub async fn answer_report(
        &self,
        who: &Who,
        (design, id): (DesignId, ReportId),
        form: FormId,
        typed: TypedReply<'_>,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let (_, _, checks) = find(&mut tx, who, design, id).await?;
        if !checks {
            return Err(Refused::NotAllowed);
        }
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(());
        }
        let mut problems = Problems::new();
        let outcome: Option<ReportOutcome> = typed.outcome.parse().ok();
        if outcome.is_none() {
            problems.add("outcome", "choose");
        }
        let reason = problems.take("reason", Sentences::parse(typed.reason));
        problems.check()?;
        let Some((outcome, reason)) = outcome.zip(reason) else { return Err(Refused::invalid("outcome", "choose")) };
        let (me, now): (PersonId, Moment) = (somebody(who)?.id, self.now());
        if store::reports::answer(&mut tx, id, (outcome, reason.as_str()), now, me).await? == 0 {
            return Err(Refused::MovedOn("report-answered"));
        }
        let (kind, detail) = ("report", format!("outcome={outcome}"));
        let act = Act { verb: audit::verb(Verb::CheckWords), kind, id: &id.to_string(), detail: &detail };
        audit::note(&mut tx, now, who, act).await?;
        access::done(&mut tx, form, Some(id.0), now).await?;
        Ok(tx.commit().await?)
    }
}
