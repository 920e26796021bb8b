//! Wiping words: every row of a design in which words of people stand, and writing them anew. Comments are not among them:
//! they are taken away by themselves.

use domain::designs::changes::{ChangeKind, Stretch};
use domain::ids::{DesignId, SectionId, VersionId};
use domain::moment::Moment;
use uuid::Uuid;

use super::changes::{small, stretch};
use crate::{StoreError, Tx};

statements! {
    VERSIONS = "select s.version_id, s.section_id, v.change_n, s.heading, s.words, s.masked_html is not null as masked from version_sections s \
                join versions v on v.id = s.version_id where v.design_id = $1 order by v.number, s.position, s.section_id";
    SET_VERSION = "update version_sections set heading = $3, words = $4, html = $5, masked_html = $6 \
                   where version_id = $1 and section_id = $2";
    CHANGES = "select n, section_id, change_kind, place, came, gone from changes where design_id = $1 order by n desc";
    SET_CHANGE = "update changes set place = $3, came = $4, gone = $5 where design_id = $1 and n = $2";
    SUGGESTIONS = "select id, picked, base_words, words, why, reason, final_words from suggestions where design_id = $1 order by id";
    SET_SUGGESTION = "update suggestions set picked = $2, base_words = $3, words = $4, why = $5, reason = $6, final_words = $7 where id = $1";
    ANSWERS = "select a.suggestion_id, a.person_id, a.words, a.reason, a.reason_why from suggestion_answers a \
               join suggestions s on s.id = a.suggestion_id where s.design_id = $1 order by a.suggestion_id, a.person_id";
    SET_ANSWER = "update suggestion_answers set words = $3, reason = $4, reason_why = $5 where suggestion_id = $1 and person_id = $2";
    REPORTS = "select id, words, reason from reports where design_id = $1 order by id";
    SET_REPORT = "update reports set words = $2, reason = $3 where id = $1";
    NAMES = "select id, name, why from versions where design_id = $1 order by number";
    SET_NAME = "update versions set name = $2, why = $3 where id = $1";
    KEPT_FORMS = "select id, fields from kept_forms where path like $1 order by id";
    SET_KEPT_FORM = "update kept_forms set fields = $2 where id = $1";
    SET_WORDS = "update sections set words = $2, html = $3, masked_html = $4 where id = $1";
    // The oldest state that is kept.
    FIRST = "select seq, bytes from text_snapshots where design_id = $1 order by seq limit 1";
    DROP_SNAPSHOTS = "delete from text_snapshots where design_id = $1";
}

/// A section of a version, as far as its words go.
#[derive(Debug, sqlx::FromRow)]
pub struct VersionWords {
    /// Of which version.
    #[sqlx(try_from = "Uuid")]
    pub version_id: VersionId,
    /// Which section.
    #[sqlx(try_from = "Uuid")]
    pub section_id: SectionId,
    /// The last change that is in the version.
    pub change_n: i64,
    /// Its heading then.
    pub heading: String,
    /// Its words then.
    pub words: String,
    /// Something in them is hidden from those who read.
    pub masked: bool,
}

/// A change, as far as its words go.
#[derive(Debug)]
pub struct ChangeWords {
    /// Its number.
    pub n: i64,
    /// Of which section.
    pub section: SectionId,
    /// What it did.
    pub kind: ChangeKind,
    /// How it is taken back.
    pub stretch: Stretch,
}

/// Everything that was written in a suggestion.
#[derive(Debug, sqlx::FromRow)]
pub struct SuggestionWords {
    id: Uuid,
    picked: String,
    base_words: String,
    words: String,
    why: String,
    reason: String,
    final_words: String,
}

/// Everything that was written in an answer to one.
#[derive(Debug, sqlx::FromRow)]
pub struct AnswerWords {
    suggestion_id: Uuid,
    person_id: Uuid,
    words: String,
    reason: String,
    reason_why: String,
}

/// What a version is called, and why it was made.
#[derive(Debug, sqlx::FromRow)]
pub struct VersionName {
    id: Uuid,
    name: String,
    why: String,
}

/// Everything that was written in a report.
#[derive(Debug, sqlx::FromRow)]
pub struct ReportWords {
    id: Uuid,
    words: String,
    reason: String,
}

/// Writes each text anew that `wipe` finds something in. Says whether there was any.
fn anew<const N: usize>(texts: [&mut String; N], wipe: &impl Fn(&str) -> Option<String>) -> bool {
    let mut any = false;
    for text in texts {
        if let Some(left) = wipe(text) {
            *text = left;
            any = true;
        }
    }
    any
}

/// The sections of every version of a design.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn versions(tx: &mut Tx, design: DesignId) -> Result<Vec<VersionWords>, StoreError> {
    ask!(tx, VERSIONS, design.0; all VersionWords)
}

/// Writes a section of a version anew. `html`: its words drawn, and what is read of them while something is hidden.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_version(tx: &mut Tx, v: &VersionWords, html: (&str, Option<&str>)) -> Result<(), StoreError> {
    ask!(tx, SET_VERSION, v.version_id.0, v.section_id.0, v.heading.as_str(), v.words.as_str(), html.0, html.1; run)?;
    Ok(())
}

/// Every change of a design, the last one first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn changes(tx: &mut Tx, design: DesignId) -> Result<Vec<ChangeWords>, StoreError> {
    let rows = ask!(tx, CHANGES, design.0; all (i64, Uuid, String, i64, i64, String))?;
    let row = |(n, section, kind, place, came, gone): (i64, Uuid, String, i64, i64, String)| {
        let kind = kind.parse().ok()?;
        Some(ChangeWords { n, section: section.into(), kind, stretch: stretch(place, came, gone) })
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

/// Says anew how a change is taken back.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_change(tx: &mut Tx, design: DesignId, n: i64, s: &Stretch) -> Result<(), StoreError> {
    ask!(tx, SET_CHANGE, design.0, n, small(s.place), small(s.came), s.gone.as_str(); run)?;
    Ok(())
}

/// Writes the suggestions of a design anew, the answers to them, names of versions, and reports, where `wipe`
/// finds something in one of their texts (`picked`: in words that were picked from a section).
/// Gives how many.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn written_beside(
    tx: &mut Tx,
    design: DesignId,
    (wipe, picked): (impl Fn(&str) -> Option<String>, impl Fn(&str) -> Option<String>),
) -> Result<usize, StoreError> {
    let mut wiped = 0;
    for mut s in ask!(tx, SUGGESTIONS, design.0; all SuggestionWords)? {
        let part = anew([&mut s.picked], &picked);
        let all = [&mut s.base_words, &mut s.words, &mut s.why, &mut s.reason, &mut s.final_words];
        if anew(all, &wipe) || part {
            ask!(tx, SET_SUGGESTION, s.id, s.picked.as_str(), s.base_words.as_str(), s.words.as_str(), s.why.as_str(),
                s.reason.as_str(), s.final_words.as_str(); run)?;
            wiped += 1;
        }
    }
    for mut a in ask!(tx, ANSWERS, design.0; all AnswerWords)? {
        if anew([&mut a.words, &mut a.reason, &mut a.reason_why], &wipe) {
            ask!(tx, SET_ANSWER, a.suggestion_id, a.person_id, a.words.as_str(), a.reason.as_str(), a.reason_why.as_str(); run)?;
            wiped += 1;
        }
    }
    for mut v in ask!(tx, NAMES, design.0; all VersionName)? {
        if anew([&mut v.name, &mut v.why], &wipe) {
            ask!(tx, SET_NAME, v.id, v.name.as_str(), v.why.as_str(); run)?;
            wiped += 1;
        }
    }
    for mut r in ask!(tx, REPORTS, design.0; all ReportWords)? {
        if anew([&mut r.words, &mut r.reason], &wipe) {
            ask!(tx, SET_REPORT, r.id, r.words.as_str(), r.reason.as_str(); run)?;
            wiped += 1;
        }
    }
    Ok(wiped)
}

/// Writes forms of a design anew that wait for somebody to sign in again, where `wipe` finds something in their fields. Gives how
/// many.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn kept_forms(
    tx: &mut Tx,
    design: DesignId,
    wipe: impl Fn(&str) -> Option<String>,
) -> Result<usize, StoreError> {
    let path = format!("/designs/{design}%");
    let mut wiped = 0;
    for (id, fields) in ask!(tx, KEPT_FORMS, path.as_str(); all (Uuid, String))? {
        if let Some(left) = wipe(&fields) {
            ask!(tx, SET_KEPT_FORM, id, left.as_str(); run)?;
            wiped += 1;
        }
    }
    Ok(wiped)
}

/// Writes what is left of a section's words. Who wrote them last, and when, stays, and so does whether somebody had looked.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_words(
    tx: &mut Tx,
    section: SectionId,
    words: &str,
    (html, masked_html): (&str, Option<&str>),
) -> Result<(), StoreError> {
    ask!(tx, SET_WORDS, section.0, words, html, masked_html; run)?;
    Ok(())
}

/// The oldest state of the shared text that is kept: its number and its bytes.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn first(tx: &mut Tx, design: DesignId) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    ask!(tx, FIRST, design.0; optional (i64, Vec<u8>))
}

/// Lets go of every earlier state of the shared text: what is left is one snapshot, `bytes` at number `seq`, and the changes
/// after number `after`, which lines that are open still have to hear of.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn keep_only(
    tx: &mut Tx,
    design: DesignId,
    (after, seq): (i64, i64),
    bytes: &[u8],
    at: Moment,
) -> Result<(), StoreError> {
    ask!(tx, DROP_SNAPSHOTS, design.0; run)?;
    ask!(tx, super::DROP_UPDATES, design.0, after; run)?;
    super::insert_snapshot(tx, design, seq, bytes, at).await
}
