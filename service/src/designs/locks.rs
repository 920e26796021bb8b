//! A section to oneself, for five minutes: nobody else's words get in while somebody writes. It ends by the clock, so
//! nobody has to free it, and no words are lost by its end: what was saved is in the section, and what was not is still
//! where it was typed, and is merged when it is saved.

use domain::access::{Verb, Who};
use domain::ids::{DesignId, FormId, SectionId};
use domain::moment::Moment;
use store::Tx;
use store::workspaces::Thing;

use super::{By, section_row, words_open};
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::{Problem, Problems, Refused, Service, access};

/// How long somebody has a section to themselves.
const LASTS: i64 = 5 * Moment::MINUTE;

/// A section that somebody has to themselves.
#[derive(Debug, Clone)]
pub struct LockView {
    /// Which section.
    pub section: SectionId,
    /// Who has it. Whoever may write may see the members.
    pub by: By,
    /// It is the one who looks.
    pub mine: bool,
    /// Until when.
    pub until: Moment,
}

/// The sections of a design that somebody has to themselves.
pub(super) async fn of(tx: &mut Tx, who: &Who, design: DesignId, now: Moment) -> Result<Vec<LockView>, Refused> {
    let rows = store::designs::locks(tx, design, now).await?;
    let view = |row: store::designs::LockRow| LockView {
        section: row.section_id,
        mine: who.id() == Some(row.locked_by),
        by: By::new(true, row.name, row.role),
        until: row.until_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Whether somebody may write in a section: nobody else has it to themselves.
///
/// # Errors
/// [`Refused::Invalid`] (`field`, `locked`) with the minutes until it is free.
pub(super) async fn open(
    tx: &mut Tx,
    who: &Who,
    (design, section): (DesignId, SectionId),
    now: Moment,
    field: &str,
) -> Result<(), Refused> {
    let theirs = store::designs::locks(tx, design, now).await?;
    let Some(lock) = theirs.iter().find(|l| l.section_id == section && who.id() != Some(l.locked_by)) else {
        return Ok(());
    };
    let number = (lock.until_at.since(now) + Moment::MINUTE - 1) / Moment::MINUTE;
    Err(Refused::Invalid(Problems(vec![Problem { field: field.to_owned(), key: "locked", number }])))
}

impl Service {
    /// Gives a section to somebody alone, or (`lock` false) lets go of it. Who has it already keeps it for as long as they
    /// had it: it cannot be made longer. A person has one section of a design; another one takes its place.
    ///
    /// # Errors
    /// [`Refused::MovedOn`]: `section-locked` when somebody else has it, `words-locked`, `section-removed`.
    pub async fn lock_section(
        &self,
        who: &Who,
        design: DesignId,
        section: SectionId,
        form: Option<FormId>,
        lock: bool,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::WriteSection, Thing::Design(design)).await?;
        let me = somebody(who)?.id;
        if let Some(form) = form
            && access::before(&mut tx, form).await?.is_some()
        {
            return Ok(());
        }
        let held = store::designs::hold(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let row = section_row(&mut tx, design, section).await?;
        words_open(held.stage, held.paused)?;
        if row.removed_at.is_some() {
            return Err(Refused::MovedOn("section-removed"));
        }
        let now = self.now();
        let locks = store::designs::locks(&mut tx, design, now).await?;
        if lock {
            if locks.iter().any(|l| l.section_id == section && l.locked_by != me) {
                return Err(Refused::MovedOn("section-locked"));
            }
            if !locks.iter().any(|l| l.section_id == section) {
                for other in locks.iter().filter(|l| l.locked_by == me) {
                    store::designs::unlock(&mut tx, other.section_id, me).await?;
                }
                store::designs::lock(&mut tx, section, me, now, now.plus(LASTS)).await?;
            }
        } else {
            store::designs::unlock(&mut tx, section, me).await?;
        }
        if let Some(form) = form {
            access::done(&mut tx, form, Some(section.0), now).await?;
        }
        self.commit_and_tell(tx, Event::Design { design }).await
    }
}
