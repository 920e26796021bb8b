//! What was saved, change by change, and who last read a design how far.
//!
//! Whoever changes a section notes it here, in the same transaction: pages read from these rows who changed what, how much,
//! and what was there before. `tests/structure.rs` of `server` counts that nobody forgets.

use domain::access::Who;
use domain::designs::changes::{Budget, ChangeKind, Stretch, letters, words};
use domain::ids::{DesignId, PersonId, SectionId};
use domain::moment::Moment;
use store::Tx;
use store::designs::changes::{NewChange, ReadRow};

use crate::{Refused, Service};

/// Who comes back after this long is here anew: until then it is one visit.
const VISIT: i64 = 30 * Moment::MINUTE;

/// What a change of words did.
pub(crate) struct Written {
    added: i64,
    removed: i64,
    stretch: Stretch,
}

impl Written {
    /// Compares two texts of a section: long ones take a while, so this belongs aside ([`Service::aside`]).
    pub(crate) fn between(old: &str, new: &str) -> Self {
        let (added, removed) = letters(&words(old, new, &mut Budget::default()));
        Self { added, removed, stretch: Stretch::between(old, new) }
    }
}

/// Notes that the words of a section changed. The design must be held.
pub(crate) async fn note_words(
    tx: &mut Tx,
    design: DesignId,
    section: SectionId,
    written: &Written,
    (by, at): (PersonId, Moment),
) -> Result<(), Refused> {
    let Written { added, removed, ref stretch } = *written;
    let change = NewChange { section, kind: ChangeKind::Words, at, by, added, removed, stretch };
    Ok(store::designs::changes::insert(tx, design, &change).await?)
}

/// Notes that words of an earlier version came back: nobody's letters are counted.
pub(super) async fn note_restored(
    tx: &mut Tx,
    design: DesignId,
    section: SectionId,
    written: &Written,
    (by, at): (PersonId, Moment),
) -> Result<(), Refused> {
    let stretch = &written.stretch;
    let change = NewChange { section, kind: ChangeKind::Restored, at, by, added: 0, removed: 0, stretch };
    Ok(store::designs::changes::insert(tx, design, &change).await?)
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
    let change = NewChange { section, kind, at, by, added: 0, removed: 0, stretch: &stretch };
    Ok(store::designs::changes::insert(tx, design, &change).await?)
}

/// Where somebody stands with a design.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reading {
    /// When they were last here, and the last change there was then; nothing on their first visit.
    pub last: Option<(Moment, i64)>,
    /// The last change that somebody else made.
    of_others: i64,
    /// What is to be noted of this visit, if it is not noted already.
    noted: Option<ReadRow>,
}

impl Reading {
    /// When they were last here, if somebody else changed anything since.
    pub(super) fn changed(&self) -> Option<Moment> {
        self.last.filter(|(_, n)| *n < self.of_others).map(|(at, _)| at)
    }
}

/// Finds out where somebody stands. Two queries for somebody signed in, none for nobody.
pub(super) async fn reading(service: &Service, tx: &mut Tx, who: &Who, design: DesignId) -> Result<Reading, Refused> {
    let Some(me) = who.id() else { return Ok(Reading::default()) };
    let (now, row) = (service.now(), store::designs::changes::read(tx, me, design).await?);
    let (change_n, of_others) = store::designs::changes::last_of_others(tx, design, me).await?;
    let here = |before_at, before_n| ReadRow { read_at: now, change_n, before_at, before_n };
    Ok(match row {
        // Never here before: time zero says so.
        None => Reading { last: None, of_others, noted: Some(here(Moment(0), 0)) },
        Some(r) if now.since(r.read_at) >= VISIT => {
            Reading { last: Some((r.read_at, r.change_n)), of_others, noted: Some(here(r.read_at, r.change_n)) }
        }
        Some(r) => Reading {
            of_others,
            last: (r.before_at.0 > 0).then_some((r.before_at, r.before_n)),
            noted: (now.since(r.read_at) >= Moment::MINUTE).then(|| here(r.before_at, r.before_n)),
        },
    })
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
