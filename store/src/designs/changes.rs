//! What was saved in a design, change by change, and who last read it how far.

use domain::designs::changes::{ChangeKind, Letters, Step, Stretch};
use domain::ids::{DesignId, PersonId, SectionId, SuggestionId};
use domain::moment::Moment;
use domain::people::Role;
use domain::reports::small_numbers::PeopleCount;
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    // The role is theirs at this moment.
    INSERT = "insert into changes (design_id, n, section_id, change_kind, made_at, made_by, by_role, suggestion_id, decided_by, \
              added, removed, place, came, gone) \
              select $1, coalesce((select max(n) from changes where design_id = $1), 0) + 1, $2, $3, $4, p.id, p.role, $6, $7, \
              $8, $9, $10, $11, $12 from people p where p.id = $5";
    // What was written in a section since $3 and nobody has looked at: not in a version, not before a visit or a comment, and
    // not before words that came in another way. Whose role is another now goes on in a row of their own.
    RUN = "select c.n, p.id as by_id, c.place, c.came, c.gone from changes c \
           left join people p on p.id = c.made_by and p.role = c.by_role \
           where c.section_id = $2 and c.made_at >= $3 and c.change_kind = 'words' and c.suggestion_id is null \
           and c.n > coalesce((select max(o.n) from changes o where o.section_id = $2 and o.made_at >= $3 \
               and (o.change_kind in ('restored', 'wiped') or o.suggestion_id is not null)), 0) \
           and c.n > coalesce((select max(v.change_n) from versions v where v.design_id = $1), 0) \
           and c.n > coalesce((select max(r.change_n) from design_reads r where r.design_id = $1), 0) \
           and c.made_at > coalesce((select max(m.made_at) from comments m where m.design_id = $1), 0) order by c.n desc";
    // Under the next number: whoever saw the last one does not know of this.
    EXTEND = "update changes set n = (select max(o.n) + 1 from changes o where o.design_id = $1), made_at = $3, \
              added = added + $4, removed = removed + $5, place = $6, came = $7, gone = $8 where design_id = $1 and n = $2";
    ADD_LETTERS = "update changes set made_at = $3, added = added + $4, removed = removed + $5 where design_id = $1 and n = $2";
    HAND_ON = "update changes set place = 0, came = 0, gone = '' where design_id = $1 and n = $2";
    LAST = "select cast(coalesce(max(n), 0) as bigint) from changes where design_id = $1";
    // Whoever put it in: of words that were suggested, who accepted them.
    OTHERS_SINCE = "select n from changes where design_id = $1 and n > $3 and coalesce(decided_by, made_by) is distinct from $2 limit 1";
    LAST_UNTIL = "select cast(coalesce(max(n), 0) as bigint) from changes where design_id = $1 and made_at <= $2";
    SINCE = "select section_id, change_kind, place, came, gone from changes where design_id = $1 and n > $2 \
             order by n desc limit $3";
    // Why: only where everybody here may read it.
    BETWEEN = "select c.section_id, p.name, c.by_role, max(c.made_at) as at, c.suggestion_id, d.name as decided_name, \
               d.role as decided_role, case when s.state in ('accepted', 'accepted-changed') then s.why end as why \
               from changes c left join people p on p.id = c.made_by left join people d on d.id = c.decided_by \
               left join suggestions s on s.id = c.suggestion_id \
               where c.design_id = $1 and c.n > $2 and c.n <= $3 \
               group by c.section_id, c.made_by, p.name, c.by_role, c.suggestion_id, d.name, d.role, s.state, s.why \
               order by max(c.n) desc";
    // How many people of each role wrote, and how much.
    WROTE = "select by_role, cast(count(distinct made_by) as bigint) as people, cast(sum(added) as bigint) as letters from changes \
             where design_id = $1 and added > 0 group by by_role order by by_role";
    NEAREST = "select number from versions where design_id = $1 and change_n <= $2 order by number desc limit 1";
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
    /// Whose words they are, or who did it.
    pub by: PersonId,
    /// Because of which suggestion, and who accepted it.
    pub accepted: Option<(SuggestionId, PersonId)>,
    /// How many letters came and went.
    pub letters: Letters,
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
    /// The suggestion that these words came from.
    pub suggestion_id: Option<Uuid>,
    /// The name of who accepted it; empty when they deleted their account.
    pub decided_name: Option<String>,
    /// What they are.
    pub decided_role: Option<String>,
    /// Why it was suggested, where everybody may read that.
    pub why: Option<String>,
}

/// How much was written in one role.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WroteRow {
    /// The role they had then.
    #[sqlx(try_from = "String")]
    pub by_role: Role,
    /// How many people.
    #[sqlx(try_from = "i64")]
    pub people: PeopleCount,
    /// How many letters and figures.
    pub letters: i64,
}

/// Words of a section that are still being written: a row that the next words may be added to.
#[derive(Debug, Clone)]
pub struct RunRow {
    /// Its number.
    pub n: i64,
    /// Whose it is, if they may add to it.
    pub by: Option<PersonId>,
    /// How it is taken back: of the first one how all of them are.
    pub stretch: Stretch,
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

pub(super) fn small(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(super) fn stretch(place: i64, came: i64, gone: String) -> Stretch {
    let size = |n: i64| usize::try_from(n).unwrap_or(0);
    Stretch { place: size(place), came: size(came), gone }
}

/// Keeps a change under the next number. The design must be held.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut Tx, design: DesignId, c: &NewChange<'_>) -> Result<(), StoreError> {
    let (suggestion, decided_by) = c.accepted.map(|(id, by)| (id.0, by.0)).unzip();
    let Letters { added, removed } = c.letters;
    let (place, came) = (small(c.stretch.place), small(c.stretch.came));
    let gone = c.stretch.gone.as_str();
    ask!(tx, INSERT, design.0, c.section.0, c.kind.name(), c.at.0, c.by.0, suggestion, decided_by, added, removed, place, came, gone; run)?;
    Ok(())
}

/// What was written in a section since then and nobody has looked at, the last one first. The design must be held.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn run(tx: &mut Tx, design: DesignId, section: SectionId, since: Moment) -> Result<Vec<RunRow>, StoreError> {
    let rows = ask!(tx, RUN, design.0, section.0, since.0; all (i64, Option<Uuid>, i64, i64, String))?;
    let row = |(n, by, place, came, gone): (i64, Option<Uuid>, _, _, _)| RunRow {
        n,
        by: by.map(PersonId),
        stretch: stretch(place, came, gone),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Adds to a row of a run and makes it the last: `stretch` is how the whole run is taken back. The design must be held.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn extend(
    tx: &mut Tx,
    design: DesignId,
    n: i64,
    (letters, at): (Letters, Moment),
    stretch: &Stretch,
) -> Result<(), StoreError> {
    let (place, came) = (small(stretch.place), small(stretch.came));
    let gone = stretch.gone.as_str();
    ask!(tx, EXTEND, design.0, n, at.0, letters.added, letters.removed, place, came, gone; run)?;
    Ok(())
}

/// Adds letters to a row of a run that is not its last.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn add_letters(
    tx: &mut Tx,
    design: DesignId,
    n: i64,
    (letters, at): (Letters, Moment),
) -> Result<(), StoreError> {
    ask!(tx, ADD_LETTERS, design.0, n, at.0, letters.added, letters.removed; run)?;
    Ok(())
}

/// Another row tells from now on how the run of this one is taken back.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn hand_on(tx: &mut Tx, design: DesignId, n: i64) -> Result<(), StoreError> {
    ask!(tx, HAND_ON, design.0, n; run)?;
    Ok(())
}

/// The number of the last change; 0 before the first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn last(tx: &mut Tx, design: DesignId) -> Result<i64, StoreError> {
    ask!(tx, LAST, design.0; scalar i64)
}

/// Whether somebody else than `person` changed anything after number `n`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn others_since(tx: &mut Tx, design: DesignId, person: PersonId, n: i64) -> Result<bool, StoreError> {
    Ok(ask!(tx, OTHERS_SINCE, design.0, person.0, n; maybe_scalar i64)?.is_some())
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
    Ok(rows
        .into_iter()
        .filter_map(|(section, kind, place, came, gone)| {
            Some(Step { section: section.into(), kind: kind.parse().ok()?, stretch: stretch(place, came, gone) })
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
pub async fn wrote(tx: &mut Tx, design: DesignId) -> Result<Vec<WroteRow>, StoreError> {
    ask!(tx, WROTE, design.0; all WroteRow)
}

/// The number of the last version that has nothing after change `n` in it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn nearest_version(tx: &mut Tx, design: DesignId, n: i64) -> Result<Option<i64>, StoreError> {
    ask!(tx, NEAREST, design.0, n; maybe_scalar i64)
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
