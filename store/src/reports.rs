//! Reports of words that somebody found wrong.

use domain::ids::{DesignId, PersonId, ReportId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use domain::safety::{ReportOutcome, ReportWhy};
use uuid::Uuid;

use crate::{StoreError, Tx};

/// The columns of [`ReportRow`].
macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "select r.id, r.design_id, r.section_id, r.why, r.words, r.made_at, r.made_by, r.outcome, r.reason, r.answered_at, \
             p.name as by_name, p.role as by_role, s.heading, s.html, s.words_at, s.removed_at, \
             d.title as design_title from designs d cross join reports r join people p on p.id = r.made_by \
             join sections s on s.id = r.section_id where r.design_id = d.id and ",
            $rest
        )
    };
}

statements! {
    INSERT = "insert into reports (id, design_id, section_id, why, words, made_at, made_by, reason) values ($1, $2, $3, $4, $5, $6, $7, '')";
    FIND = columns!("r.id = $1 and d.id = $2");
    // The one that waits, of somebody about one section.
    MINE = "select id from reports where section_id = $1 and made_by = $2 and answered_at is null limit 1";
    ANSWER = "update reports set outcome = $2, reason = $3, answered_at = $4, answered_by = $5 where id = $1 and answered_at is null";
    // What waits in the groups in which $1 checks words, oldest first.
    WAITING = columns!("r.answered_at is null and d.workspace_id in (select w.workspace_id from workspace_groups w \
               join memberships m on m.group_id = w.group_id where m.person_id = $1 and m.role = 'worker') \
               order by r.made_at, r.id limit $2");
}

/// A report, with the section as it is now.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ReportRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: ReportId,
    /// The design.
    #[sqlx(try_from = "Uuid")]
    pub design_id: DesignId,
    /// The section.
    #[sqlx(try_from = "Uuid")]
    pub section_id: SectionId,
    /// What is wrong.
    #[sqlx(try_from = "String")]
    pub why: ReportWhy,
    /// More about it, or nothing.
    pub words: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// Who said it.
    #[sqlx(try_from = "Uuid")]
    pub made_by: PersonId,
    /// What became of it.
    pub outcome: Option<String>,
    /// What the one who said it is told.
    pub reason: String,
    /// When it was answered.
    pub answered_at: Option<i64>,
    /// Their name; empty when they deleted their account.
    pub by_name: String,
    /// Their role.
    #[sqlx(try_from = "String")]
    pub by_role: Role,
    /// The section's heading.
    pub heading: String,
    /// Its words, drawn and safe.
    pub html: String,
    /// When they were last changed.
    #[sqlx(try_from = "i64")]
    pub words_at: Moment,
    /// The section was taken out.
    pub removed_at: Option<i64>,
    /// The design's title.
    pub design_title: String,
}

impl ReportRow {
    /// What became of it, once somebody answered.
    pub fn outcome(&self) -> Option<ReportOutcome> {
        self.outcome.as_deref().and_then(|o| o.parse().ok())
    }
}

/// A report to be kept.
#[derive(Debug)]
pub struct NewReport<'a> {
    /// Its id.
    pub id: ReportId,
    /// The design.
    pub design: DesignId,
    /// The section.
    pub section: SectionId,
    /// What is wrong.
    pub why: ReportWhy,
    /// More about it, or nothing.
    pub words: &'a str,
    /// Now.
    pub at: Moment,
    /// Who says it.
    pub by: PersonId,
}

/// Keeps a report.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut Tx, r: &NewReport<'_>) -> Result<(), StoreError> {
    ask!(tx, INSERT, r.id.0, r.design.0, r.section.0, r.why.name(), r.words, r.at.0, r.by.0; run)?;
    Ok(())
}

/// One report of a design.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, design: DesignId, id: ReportId) -> Result<Option<ReportRow>, StoreError> {
    ask!(tx, FIND, id.0, design.0; optional ReportRow)
}

/// The report of somebody about a section that waits for an answer.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn mine(tx: &mut Tx, section: SectionId, person: PersonId) -> Result<Option<ReportId>, StoreError> {
    Ok(ask!(tx, MINE, section.0, person.0; maybe_scalar Uuid)?.map(ReportId))
}

/// Answers one; 0 when somebody has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn answer(
    tx: &mut Tx,
    id: ReportId,
    (outcome, reason): (ReportOutcome, &str),
    at: Moment,
    by: PersonId,
) -> Result<u64, StoreError> {
    ask!(tx, ANSWER, id.0, outcome.name(), reason, at.0, by.0; run)
}

/// What waits in the groups in which somebody checks words, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn waiting(tx: &mut Tx, worker: PersonId, most: i64) -> Result<Vec<ReportRow>, StoreError> {
    ask!(tx, WAITING, worker.0, most; all ReportRow)
}
