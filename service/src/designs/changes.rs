//! What was saved, change by change, and who last read a design how far.
//!
//! Whoever changes a section notes it here, in the same transaction: pages read from these rows who changed what, how much,
//! and what was there before. `tests/structure.rs` of `server` counts that nobody forgets.

use domain::access::Who;
use domain::designs::changes::{ChangeKind, Letters, Stretch};
use domain::ids::{DesignId, PersonId, SectionId, SuggestionId};
use domain::moment::Moment;
use store::Tx;
use store::designs::changes::{NewChange, ReadRow};

use crate::{Refused, Service};

/// Who comes back after this long is here anew: until then it is one visit.
const VISIT: i64 = 30 * Moment::MINUTE;
/// Words that are written in one go are one change for each person: in one of the six parts of an hour.
const RUN: i64 = 10 * Moment::MINUTE;

/// How words came into a section.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    /// Somebody wrote them.
    Written,
    /// Somebody suggested them, and this person accepted it.
    Suggested(SuggestionId, PersonId),
    /// They are words of an earlier version: nobody wrote them anew, so nobody's letters are counted.
    Restored,
    /// Some were wiped: nobody wrote any.
    Wiped,
}

/// What the words of a section became.
pub(super) struct NewWords<'a> {
    /// Which section.
    pub(super) section: SectionId,
    /// What it said before.
    pub(super) was: &'a str,
    /// What it says now.
    pub(super) words: &'a str,
}

/// Notes that the words of a section changed. `by`: who changed them, each once and the last one last. The design must be
/// held.
pub(super) async fn note_words(
    tx: &mut Tx,
    design: DesignId,
    at: Moment,
    new: &NewWords<'_>,
    by: &[(PersonId, Letters)],
    way: Way,
) -> Result<(), Refused> {
    use store::designs::changes as kept;
    let section = new.section;
    let Some(((last, letters), others)) = by.split_last() else { return Ok(()) };
    let run = match way {
        Way::Written => kept::run(tx, design, section, Moment(at.0 - at.0.rem_euclid(RUN))).await?,
        Way::Suggested(..) | Way::Restored | Way::Wiped => Vec::new(),
    };
    let stretch = match run.first() {
        Some(top) => top.stretch.up_to(new.was, new.words),
        None => Stretch::between(new.was, new.words),
    };
    let (kind, accepted) = match way {
        Way::Written => (ChangeKind::Words, None),
        Way::Suggested(id, decided_by) => (ChangeKind::Words, Some((id, decided_by))),
        Way::Restored => (ChangeKind::Restored, None),
        Way::Wiped => (ChangeKind::Wiped, None),
    };
    let nothing = Stretch::nothing();
    let change = |by, letters, stretch| NewChange { section, kind, at, by, accepted, letters, stretch };
    // In a run the last row tells what all of it did.
    for (person, letters) in others {
        match run.iter().find(|row| row.by == Some(*person)) {
            Some(row) => kept::add_letters(tx, design, row.n, (*letters, at)).await?,
            None => kept::insert(tx, design, &change(*person, *letters, &nothing)).await?,
        }
    }
    let mine = run.iter().find(|row| row.by == Some(*last));
    if let Some(top) = run.first().filter(|top| mine.is_none_or(|mine| mine.n != top.n)) {
        kept::hand_on(tx, design, top.n).await?;
    }
    match mine {
        Some(row) => kept::extend(tx, design, row.n, (*letters, at), &stretch).await?,
        None => kept::insert(tx, design, &change(*last, *letters, &stretch)).await?,
    }
    Ok(())
}

/// Notes that something else about a section changed. `gone`: the heading or the place it had before. The design must be
/// held.
pub(super) async fn note(
    tx: &mut Tx,
    design: DesignId,
    section: SectionId,
    (kind, gone): (ChangeKind, String),
    (by, at): (PersonId, Moment),
) -> Result<(), Refused> {
    let stretch = Stretch { place: 0, came: 0, gone };
    let letters = Letters::default();
    let change = NewChange { section, kind, at, by, accepted: None, letters, stretch: &stretch };
    Ok(store::designs::changes::insert(tx, design, &change).await?)
}

/// Where somebody stands with a design.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reading {
    /// When they were last here, and the last change there was then; nothing on their first visit.
    pub last: Option<(Moment, i64)>,
    /// What is to be noted of this visit, if it is not noted already.
    noted: Option<ReadRow>,
}

impl Reading {
    /// When they were last here, if somebody else changed anything since. One query for whoever was here before.
    pub(super) async fn changed(&self, tx: &mut Tx, who: &Who, design: DesignId) -> Result<Option<Moment>, Refused> {
        let Some((me, (at, n))) = who.id().zip(self.last) else { return Ok(None) };
        Ok(store::designs::changes::others_since(tx, design, me, n).await?.then_some(at))
    }
}

/// Finds out where somebody stands. Two queries for somebody signed in, none for nobody.
pub(super) async fn reading(service: &Service, tx: &mut Tx, who: &Who, design: DesignId) -> Result<Reading, Refused> {
    use store::designs::changes as kept;
    let Some(me) = who.id() else { return Ok(Reading::default()) };
    let (now, row) = (service.now(), kept::read(tx, me, design).await?);
    let change_n = kept::last(tx, design).await?;
    let here = |before_at, before_n| ReadRow { read_at: now, change_n, before_at, before_n };
    let (last, noted) = match row {
        // Never here before: time zero says so.
        None => (None, Some(here(Moment(0), 0))),
        Some(r) if now.since(r.read_at) >= VISIT => (Some((r.read_at, r.change_n)), Some(here(r.read_at, r.change_n))),
        Some(r) => (
            (r.before_at.0 > 0).then_some((r.before_at, r.before_n)),
            (now.since(r.read_at) >= Moment::MINUTE).then(|| here(r.before_at, r.before_n)),
        ),
    };
    Ok(Reading { last, noted })
}

impl Service {
    /// Notes that somebody reads a design, at most once a minute. Where that cannot be written, reading goes on.
    pub(super) async fn note_reading(&self, who: &Who, design: DesignId, reading: Reading) {
        let Some((me, row)) = who.id().zip(reading.noted) else { return };
        let noted = async {
            let mut tx = self.write_as(who).await?;
            store::designs::changes::set_read(&mut tx, me, design, row).await?;
            Ok::<(), Refused>(tx.commit().await?)
        };
        if let Err(e) = noted.await {
            tracing::warn!(error = %e, "that a design was read could not be noted");
        }
    }
}
