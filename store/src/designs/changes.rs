//! What was saved in a design, change by change, and who last read it how far.

use domain::designs::changes::{ChangeKind, Step, Stretch};
use domain::ids::{DesignId, PersonId, SectionId, VersionId};
use domain::moment::Moment;
use domain::people::Role;
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    // The role is theirs at this moment.
    INSERT = "insert into changes (design_id, n, section_id, change_kind, made_at, made_by, by_role, added, removed, place, came, gone) \
              select $1, coalesce((select max(n) from changes where design_id = $1), 0) + 1, $2, $3, $4, p.id, p.role, \
              $6, $7, $8, $9, $10 from people p where p.id = $5";
    LAST = "select cast(coalesce(max(n), 0) as bigint) from changes where design_id = $1";
    // And the last one of somebody else.
    LAST_OF_OTHERS = "select cast(coalesce(max(n), 0) as bigint), \
                      cast(coalesce(max(case when made_by = $2 then 0 else n end), 0) as bigint) from changes where design_id = $1";
    LAST_UNTIL = "select cast(coalesce(max(n), 0) as bigint) from changes where design_id = $1 and made_at <= $2";
    SINCE = "select section_id, change_kind, place, came, gone from changes where design_id = $1 and n > $2 \
             order by n desc limit $3";
    BETWEEN = "select c.section_id, p.name, c.by_role, max(c.made_at) as at from changes c left join people p on p.id = c.made_by \
               where c.design_id = $1 and c.n > $2 and c.n <= $3 group by c.section_id, c.made_by, p.name, c.by_role \
               order by at desc, c.section_id, c.by_role, c.made_by";
    // How many people of each role wrote, and how much.
    WROTE = "select by_role, cast(count(distinct made_by) as bigint), cast(sum(added) as bigint) from changes \
             where design_id = $1 and added > 0 group by by_role order by by_role";
    NEAREST = "select number from versions where design_id = $1 and change_n <= $2 order by number desc limit 1";
    SET_VERSION = "update versions set why = $2, change_n = (select coalesce(max(n), 0) from changes where design_id = versions.design_id) \
                   where id = $1";
    READ = "select read_at, change_n, before_at, before_n from design_reads where person_id = $1 and design_id = $2";
    SET_READ = "insert into design_reads (person_id, design_id, read_at, change_n, before_at, before_n) values ($1, $2, $3, $4, $5, $6) \
                on conflict (person_id, design_id) do update set read_at = excluded.read_at, change_n = excluded.change_n, \
                before_at = excluded.before_at, before_n = excluded.before_n where design_reads.read_at <= excluded.read_at";
    FORGET_READS = "delete from design_reads where person_id = $1";
    COMMENTED = "select cast(max(made_at) as bigint) from comments where design_id = $1 and author_id = $2";
}

/// A change to be kept.
#[derive(Debug)]
pub struct NewChange<'a> {
    /// Of which section.
    pub section: SectionId,
    /// What it did.
    pub kind: ChangeKind,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: PersonId,
    /// How many letters came.
    pub added: i64,
    /// How many went.
    pub removed: i64,
    /// How it is taken back.
    pub stretch: &'a Stretch,
}

/// Who changed a section, and when last.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ByRow {
    /// Which section.
    #[sqlx(try_from = "Uuid")]
    pub section_id: SectionId,
    /// Their name; empty when they deleted their account.
    pub name: Option<String>,
    /// What they were then.
    #[sqlx(try_from = "String")]
    pub by_role: Role,
    /// When last.
    #[sqlx(try_from = "i64")]
    pub at: Moment,
}

/// When somebody read a design, and how far it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct ReadRow {
    /// The last time.
    #[sqlx(try_from = "i64")]
    pub read_at: Moment,
    /// The last change there was then.
    pub change_n: i64,
    /// The visit before that.
    #[sqlx(try_from = "i64")]
    pub before_at: Moment,
    /// The last change there was then.
    pub before_n: i64,
}

fn small(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Keeps a change under the next number. The design must be held.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut Tx, design: DesignId, c: &NewChange<'_>) -> Result<(), StoreError> {
    let (place, came) = (small(c.stretch.place), small(c.stretch.came));
    let gone = c.stretch.gone.as_str();
    ask!(tx, INSERT, design.0, c.section.0, c.kind.name(), c.at.0, c.by.0, c.added, c.removed, place, came, gone; run)?;
    Ok(())
}

/// The number of the last change; 0 before the first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn last(tx: &mut Tx, design: DesignId) -> Result<i64, StoreError> {
    ask!(tx, LAST, design.0; scalar i64)
}

/// The number of the last change, and of the last that somebody else than `person` made.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn last_of_others(tx: &mut Tx, design: DesignId, person: PersonId) -> Result<(i64, i64), StoreError> {
    ask!(tx, LAST_OF_OTHERS, design.0, person.0; one (i64, i64))
}

/// The number of the last change that was made no later than `at`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn last_until(tx: &mut Tx, design: DesignId, at: Moment) -> Result<i64, StoreError> {
    ask!(tx, LAST_UNTIL, design.0, at.0; scalar i64)
}

/// How the changes after number `n` are taken back, the last one first; no more than `most`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn since(tx: &mut Tx, design: DesignId, n: i64, most: i64) -> Result<Vec<Step>, StoreError> {
    let rows = ask!(tx, SINCE, design.0, n, most; all (Uuid, String, i64, i64, String))?;
    let size = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok(rows
        .into_iter()
        .filter_map(|(section, kind, place, came, gone)| {
            let stretch = Stretch { place: size(place), came: size(came), gone };
            Some(Step { section: section.into(), kind: kind.parse().ok()?, stretch })
        })
        .collect())
}

/// Who changed what after number `after`, up to `to`: each person once for each section.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn between(tx: &mut Tx, design: DesignId, after: i64, to: i64) -> Result<Vec<ByRow>, StoreError> {
    ask!(tx, BETWEEN, design.0, after, to; all ByRow)
}

/// By role: how many people wrote, and how many letters.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn wrote(tx: &mut Tx, design: DesignId) -> Result<Vec<(String, i64, i64)>, StoreError> {
    ask!(tx, WROTE, design.0; all (String, i64, i64))
}

/// The number of the last version that has nothing after change `n` in it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn nearest_version(tx: &mut Tx, design: DesignId, n: i64) -> Result<Option<i64>, StoreError> {
    ask!(tx, NEAREST, design.0, n; maybe_scalar i64)
}

/// Says of a version just made why, and which change is the last in it. The design must be held.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_version(tx: &mut Tx, version: VersionId, why: &str) -> Result<(), StoreError> {
    ask!(tx, SET_VERSION, version.0, why; run)?;
    Ok(())
}

/// When somebody read a design.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn read(tx: &mut Tx, person: PersonId, design: DesignId) -> Result<Option<ReadRow>, StoreError> {
    ask!(tx, READ, person.0, design.0; optional ReadRow)
}

/// Notes that somebody reads a design. Of two at once the later one stays.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_read(tx: &mut Tx, person: PersonId, design: DesignId, r: ReadRow) -> Result<(), StoreError> {
    ask!(tx, SET_READ, person.0, design.0, r.read_at.0, r.change_n, r.before_at.0, r.before_n; run)?;
    Ok(())
}

/// Forgets what somebody read.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget_reads(tx: &mut Tx, person: PersonId) -> Result<(), StoreError> {
    ask!(tx, FORGET_READS, person.0; run)?;
    Ok(())
}

/// When somebody last commented on a design.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn commented(tx: &mut Tx, design: DesignId, person: PersonId) -> Result<Option<Moment>, StoreError> {
    Ok(ask!(tx, COMMENTED, design.0, person.0; scalar Option<i64>)?.map(Moment))
}
