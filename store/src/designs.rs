//! Designs: sections as plain rows, the shared text behind them, versions, and moves between stages. What was saved, change
//! by change, is in [`changes`].

pub mod changes;
pub mod suggestions;
pub mod wiping;

use domain::designs::Stage;
use domain::ids::{DecisionId, DesignId, PersonId, SectionId, VersionId, WorkspaceId};
use domain::moment::Moment;
use domain::people::Role;
use uuid::Uuid;

use crate::{StoreError, Tx};

statements! {
    INSERT = "insert into designs (id, workspace_id, title, symbol, stage, stage_at, made_at, made_by, text_seq) \
              values ($1, $2, $3, $4, 'drafting', $5, $5, $6, 0)";
    FIND = "select d.id, d.workspace_id, d.title, d.symbol, d.stage, d.stage_at, d.text_seq, d.paused_at is not null as paused, w.slug as workspace_slug, \
            w.title as workspace_title from designs d join workspaces w on w.id = d.workspace_id where d.id = $1";
    // Holds the design's row until the transaction ends: saves of one design come one after the other.
    HOLD = "update designs set text_seq = text_seq where id = $1 returning text_seq, stage, paused_at is not null as paused";
    SET_PAUSED = "update designs set paused_at = $2 where id = $1";
    SET_SEQ = "update designs set text_seq = $2 where id = $1";
    SET_STAGE = "update designs set stage = $3, stage_at = $4 where id = $1 and stage = $2";
    INSERT_MOVE = "insert into stage_moves (design_id, n, from_stage, to_stage, reason, moved_at, moved_by) \
                   select $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5, $6 from stage_moves where design_id = $1";
    MOVES = "select m.from_stage, m.to_stage, m.reason, m.moved_at, m.moved_by, p.name, p.role from stage_moves m \
             join people p on p.id = m.moved_by where m.design_id = $1 order by m.n desc";
    SECTIONS = concat!("select s.id, s.position, s.heading, s.words, s.html, s.words_at, s.words_by, s.not_needed, s.removed_at, \
                s.masked_html, (", masked!("s"), " and ", holds!(), ") as masked, ", holds!(), " as holds, \
                p.name as by_name, p.role as by_role from sections s join designs d on d.id = s.design_id \
                left join people p on p.id = s.words_by where s.design_id = $1 order by s.position, s.id");
    INSERT_SECTION = "insert into sections (id, design_id, position, heading, words, html, words_at, words_by, masked_html, not_needed, removed_at) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, false, null)";
    SET_WORDS = "update sections set words = $3, html = $4, masked_html = $5, words_at = $6, words_by = $7 where id = $2 and design_id = $1";
    // Only the words that were read.
    SET_CHECKED = "update sections set words_checked_at = words_at where id = $2 and design_id = $1 and words_at = $3";
    // The same words in versions are checked with them.
    SET_CHECKED_BEFORE = "update version_sections set masked_html = null where version_id in (select id from versions where design_id = $3) \
                          and section_id = $1 and words = $2";
    // Parts in which something is hidden, of the groups in which somebody checks words; the longest waiting first.
    MASKED = concat!("select s.id, s.design_id, d.title as design_title, s.heading, s.words_at from memberships m \
              join workspace_groups wg on wg.group_id = m.group_id cross join designs d cross join sections s \
              where m.person_id = $1 and m.role = 'worker' and d.workspace_id = wg.workspace_id and s.design_id = d.id \
              and s.removed_at is null and ", masked!("s"), " and ", holds!(), " \
              group by s.id, s.design_id, d.title, s.heading, s.words_at order by s.words_at, s.id limit $2");
    SET_HEADING = "update sections set heading = $3 where id = $2 and design_id = $1";
    SET_POSITION = "update sections set position = $3 where id = $2 and design_id = $1";
    SET_NOT_NEEDED = "update sections set not_needed = $3 where id = $2 and design_id = $1";
    SET_REMOVED = "update sections set removed_at = $3 where id = $2 and design_id = $1";
    INSERT_UPDATE = "insert into text_updates (design_id, seq, bytes, made_at, made_by) values ($1, $2, $3, $4, $5)";
    UPDATES = "select bytes from text_updates where design_id = $1 and seq > $2 and seq <= $3 order by seq";
    SNAPSHOT = "select seq, bytes from text_snapshots where design_id = $1 and seq <= $2 order by seq desc limit 1";
    INSERT_SNAPSHOT = "insert into text_snapshots (design_id, seq, bytes, made_at) values ($1, $2, $3, $4)";
    // The last snapshot that is older than what is kept: everything before it can go.
    OLD_SNAPSHOT = "select cast(coalesce(max(seq), 0) as bigint) from text_snapshots where design_id = $1 and made_at <= $2";
    DROP_UPDATES = "delete from text_updates where design_id = $1 and seq <= $2";
    DROP_SNAPSHOTS = "delete from text_snapshots where design_id = $1 and seq < $2";
    // Of those before $2 the oldest stays, and the last of every $3 changes and of every $4 of time.
    THIN_SNAPSHOTS = "delete from text_snapshots where design_id = $1 and seq < $2 \
                      and seq > (select min(o.seq) from text_snapshots o where o.design_id = $1) \
                      and exists (select 1 from text_snapshots o where o.design_id = $1 and o.seq < $2 \
                      and o.seq > text_snapshots.seq and o.seq / $3 = text_snapshots.seq / $3 \
                      and o.made_at / $4 = text_snapshots.made_at / $4)";
    LOCKS = "select l.section_id, l.locked_by, l.until_at, p.name, p.role from section_locks l \
             join sections s on s.id = l.section_id join people p on p.id = l.locked_by \
             where s.design_id = $1 and l.until_at > $2 order by l.section_id";
    // Takes the place of one that has ended, never of one that somebody else still has.
    LOCK = "insert into section_locks (section_id, locked_by, locked_at, until_at) values ($1, $2, $3, $4) \
            on conflict (section_id) do update set locked_by = excluded.locked_by, locked_at = excluded.locked_at, \
            until_at = excluded.until_at where section_locks.until_at <= excluded.locked_at";
    UNLOCK = "delete from section_locks where section_id = $1 and locked_by = $2";
    UNLOCK_ALL = "delete from section_locks where locked_by = $1";
    VERSIONS = "select v.id, v.number, v.name, v.why, v.change_n, v.made_at, p.name as by_name, p.role as by_role from versions v \
                join people p on p.id = v.made_by where v.design_id = $1 order by v.number desc";
    LAST_VERSION = "select cast(coalesce(max(number), 0) as bigint) from versions where design_id = $1";
    INSERT_VERSION = "insert into versions (id, design_id, number, name, made_at, made_by, why, change_n) \
                      values ($1, $2, $3, $4, $5, $6, $7, (select coalesce(max(n), 0) from changes where design_id = $2))";
    COPY_SECTIONS = "insert into version_sections (version_id, section_id, position, heading, words, html, masked_html) \
                     select $2, id, position, heading, words, html, case when words_checked_at = words_at then null else masked_html end \
                     from sections \
                     where design_id = $1 and removed_at is null and not not_needed";
    VERSION = "select v.id, v.number, v.name, v.why, v.change_n, v.made_at, p.name as by_name, p.role as by_role from versions v \
               join people p on p.id = v.made_by where v.design_id = $1 and v.number = $2";
    VERSION_SECTIONS = concat!("select s.section_id, s.heading, s.words, s.html, case when ", holds!(), " then s.masked_html end as masked_html \
                        from version_sections s join versions v on v.id = s.version_id join designs d on d.id = v.design_id \
                        where s.version_id = $1 order by s.position, s.section_id");
    // It belongs to a hidden group that does not want it on devices.
    STAYS_HERE = "select 1 from designs d join workspace_groups w on w.workspace_id = d.workspace_id join groups g on g.id = w.group_id \
                  where d.id = $1 and g.visibility = 'hidden' and not g.on_devices limit 1";
    // The one that closes last.
    OPEN_DECISION = "select id from decisions where design_id = $1 and voided_at is null and closes_at > $2 \
                     order by closes_at desc, id limit 1";
}

/// A design and the workspace it is in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DesignRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: DesignId,
    /// Its workspace.
    #[sqlx(try_from = "Uuid")]
    pub workspace_id: WorkspaceId,
    /// Its title.
    pub title: String,
    /// Its symbol.
    pub symbol: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub stage: Stage,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub stage_at: Moment,
    /// The number of the last change of its words.
    pub text_seq: i64,
    /// A worker has paused writing.
    pub paused: bool,
    /// The workspace's address.
    pub workspace_slug: String,
    /// The workspace's title.
    pub workspace_title: String,
}

/// A design to be made.
#[derive(Debug)]
pub struct NewDesign<'a> {
    /// Its id.
    pub id: DesignId,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// Its title.
    pub title: &'a str,
    /// Its symbol.
    pub symbol: &'a str,
    /// Now.
    pub made_at: Moment,
    /// Who made it.
    pub made_by: PersonId,
}

/// Whether a design may be kept on no device: it belongs to a hidden group that does not let it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn stays_here(tx: &mut Tx, design: DesignId) -> Result<bool, StoreError> {
    Ok(ask!(tx, STAYS_HERE, design.0; maybe_scalar i32)?.is_some())
}

/// A section with its words, drawn and plain.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SectionRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: SectionId,
    /// Where it stands among the others.
    pub position: i64,
    /// Its heading.
    pub heading: String,
    /// Its words.
    pub words: String,
    /// Its words, drawn and safe.
    pub html: String,
    /// When its words last changed.
    #[sqlx(try_from = "i64")]
    pub words_at: Moment,
    /// Who changed them.
    pub words_by: Option<Uuid>,
    /// The group decided that it needs no words.
    pub not_needed: bool,
    /// When it was taken out; it can come back.
    pub removed_at: Option<i64>,
    /// What everybody reads until somebody has looked; nothing where that is the same.
    pub masked_html: Option<String>,
    /// That is what everybody reads now.
    pub masked: bool,
    /// A group that it belongs to checks everything first.
    pub holds: bool,
    /// The name of who changed the words.
    pub by_name: Option<String>,
    /// Their role.
    pub by_role: Option<String>,
}

/// A section that somebody has to themselves.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LockRow {
    /// Which section.
    #[sqlx(try_from = "Uuid")]
    pub section_id: SectionId,
    /// Who has it.
    #[sqlx(try_from = "Uuid")]
    pub locked_by: PersonId,
    /// Until when.
    #[sqlx(try_from = "i64")]
    pub until_at: Moment,
    /// Their name.
    pub name: String,
    /// Their role.
    #[sqlx(try_from = "String")]
    pub role: Role,
}

/// A section to be made.
#[derive(Debug)]
pub struct NewSection<'a> {
    /// Its id.
    pub id: SectionId,
    /// Where it stands.
    pub position: i64,
    /// Its heading.
    pub heading: &'a str,
    /// Its words.
    pub words: &'a str,
    /// Its words, drawn and safe.
    pub html: &'a str,
    /// The same with what is hidden until somebody has looked; nothing where that is the same.
    pub masked_html: Option<&'a str>,
    /// Who wrote them, if there are any.
    pub by: Option<PersonId>,
}

/// A named version.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct VersionRow {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: VersionId,
    /// Its number within the design, from 1.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Why it was made, or nothing.
    pub why: String,
    /// The last change that is in it.
    pub change_n: i64,
    /// When it was made.
    #[sqlx(try_from = "i64")]
    pub made_at: Moment,
    /// Who made it.
    pub by_name: String,
    /// Their role.
    #[sqlx(try_from = "String")]
    pub by_role: Role,
}

/// A section as it was in a version.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct VersionSectionRow {
    /// Which section.
    #[sqlx(try_from = "Uuid")]
    pub section_id: SectionId,
    /// Its heading then.
    pub heading: String,
    /// Its words then.
    pub words: String,
    /// Its words then, drawn and safe.
    pub html: String,
    /// What everybody reads of it; nothing where that is the same.
    pub masked_html: Option<String>,
}

/// A section in which something is hidden until somebody has looked.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MaskedRow {
    /// Which.
    #[sqlx(try_from = "Uuid")]
    pub id: SectionId,
    /// Its design.
    #[sqlx(try_from = "Uuid")]
    pub design_id: DesignId,
    /// The design's title.
    pub design_title: String,
    /// Its heading.
    pub heading: String,
    /// When its words were written.
    #[sqlx(try_from = "i64")]
    pub words_at: Moment,
}

/// A design that is held for a transaction.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HeldRow {
    /// The number of the last change of its words.
    pub text_seq: i64,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub stage: Stage,
    /// A worker has paused writing.
    pub paused: bool,
}

/// One move between stages.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct MoveRow {
    /// From here.
    #[sqlx(try_from = "String")]
    pub from_stage: Stage,
    /// To here.
    #[sqlx(try_from = "String")]
    pub to_stage: Stage,
    /// Why, where a reason is asked for.
    pub reason: String,
    /// When.
    #[sqlx(try_from = "i64")]
    pub moved_at: Moment,
    /// Who.
    #[sqlx(try_from = "Uuid")]
    pub moved_by: PersonId,
    /// Their name.
    pub name: String,
    /// Their role.
    #[sqlx(try_from = "String")]
    pub role: Role,
}

/// Adds a design, in drafting, without sections.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut Tx, d: &NewDesign<'_>) -> Result<(), StoreError> {
    ask!(tx, INSERT, d.id.0, d.workspace.0, d.title, d.symbol, d.made_at.0, d.made_by.0; run)?;
    Ok(())
}

/// One design.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn find(tx: &mut Tx, id: DesignId) -> Result<Option<DesignRow>, StoreError> {
    ask!(tx, FIND, id.0; optional DesignRow)
}

/// Holds a design for this transaction.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn hold(tx: &mut Tx, id: DesignId) -> Result<Option<HeldRow>, StoreError> {
    ask!(tx, HOLD, id.0; optional HeldRow)
}

/// Pauses writing in a design, or (`None`) lets it go on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_paused(tx: &mut Tx, id: DesignId, at: Option<Moment>) -> Result<(), StoreError> {
    ask!(tx, SET_PAUSED, id.0, at.map(|at| at.0); run)?;
    Ok(())
}

/// Notes that somebody looked at the words that a section has had since `seen`, and at the same words in its versions; 0 when
/// it has others by now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_checked(
    tx: &mut Tx,
    design: DesignId,
    section: SectionId,
    words: &str,
    seen: Moment,
) -> Result<u64, StoreError> {
    let done = ask!(tx, SET_CHECKED, design.0, section.0, seen.0; run)?;
    if done > 0 {
        ask!(tx, SET_CHECKED_BEFORE, section.0, words, design.0; run)?;
    }
    Ok(done)
}

/// Sections in which something is hidden, of the groups in which somebody checks words; at most `most`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn masked(tx: &mut Tx, person: PersonId, most: i64) -> Result<Vec<MaskedRow>, StoreError> {
    ask!(tx, MASKED, person.0, most; all MaskedRow)
}

/// Moves a design from one stage to another; 0 when it is not in `from` any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_stage(tx: &mut Tx, id: DesignId, from: Stage, to: Stage, at: Moment) -> Result<u64, StoreError> {
    ask!(tx, SET_STAGE, id.0, from.name(), to.name(), at.0; run)
}

/// Notes a move for everybody to read.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_move(
    tx: &mut Tx,
    id: DesignId,
    from: Stage,
    to: Stage,
    reason: &str,
    at: Moment,
    by: PersonId,
) -> Result<(), StoreError> {
    ask!(tx, INSERT_MOVE, id.0, from.name(), to.name(), reason, at.0, by.0; run)?;
    Ok(())
}

/// The moves of a design, the last one first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn moves(tx: &mut Tx, id: DesignId) -> Result<Vec<MoveRow>, StoreError> {
    ask!(tx, MOVES, id.0; all MoveRow)
}

/// Every section of a design in order, those taken out among them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sections(tx: &mut Tx, id: DesignId) -> Result<Vec<SectionRow>, StoreError> {
    ask!(tx, SECTIONS, id.0; all SectionRow)
}

/// Adds a section.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_section(tx: &mut Tx, design: DesignId, s: &NewSection<'_>, now: Moment) -> Result<(), StoreError> {
    ask!(tx, INSERT_SECTION, s.id.0, design.0, s.position, s.heading, s.words, s.html, now.0, s.by.map(|p| p.0), s.masked_html; run)?;
    Ok(())
}

/// Writes the plain row of a section's words.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_words(
    tx: &mut Tx,
    design: DesignId,
    section: SectionId,
    words: &str,
    (html, masked_html): (&str, Option<&str>),
    at: Moment,
    by: PersonId,
) -> Result<u64, StoreError> {
    ask!(tx, SET_WORDS, design.0, section.0, words, html, masked_html, at.0, by.0; run)
}

/// Renames a section.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_heading(tx: &mut Tx, design: DesignId, section: SectionId, heading: &str) -> Result<u64, StoreError> {
    ask!(tx, SET_HEADING, design.0, section.0, heading; run)
}

/// Puts a section at another place.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_position(tx: &mut Tx, design: DesignId, section: SectionId, position: i64) -> Result<u64, StoreError> {
    ask!(tx, SET_POSITION, design.0, section.0, position; run)
}

/// Says whether a section needs words.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_not_needed(
    tx: &mut Tx,
    design: DesignId,
    section: SectionId,
    not_needed: bool,
) -> Result<u64, StoreError> {
    ask!(tx, SET_NOT_NEEDED, design.0, section.0, not_needed; run)
}

/// Takes a section out, or brings it back (`None`).
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_removed(
    tx: &mut Tx,
    design: DesignId,
    section: SectionId,
    at: Option<Moment>,
) -> Result<u64, StoreError> {
    ask!(tx, SET_REMOVED, design.0, section.0, at.map(|m| m.0); run)
}

/// Adds a change of the words under its number. The design must be held.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_update(
    tx: &mut Tx,
    design: DesignId,
    seq: i64,
    bytes: &[u8],
    at: Moment,
    by: PersonId,
) -> Result<(), StoreError> {
    ask!(tx, INSERT_UPDATE, design.0, seq, bytes, at.0, by.0; run)?;
    ask!(tx, SET_SEQ, design.0, seq; run)?;
    Ok(())
}

/// The changes with numbers above `after`, up to `to`, in order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn updates(tx: &mut Tx, design: DesignId, after: i64, to: i64) -> Result<Vec<Vec<u8>>, StoreError> {
    ask!(tx, UPDATES, design.0, after, to; scalars Vec<u8>)
}

/// The last snapshot that holds nothing after number `seq`: its own number, and its bytes.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn snapshot(tx: &mut Tx, design: DesignId, seq: i64) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    ask!(tx, SNAPSHOT, design.0, seq; optional (i64, Vec<u8>))
}

/// Folds everything up to number `seq` into one snapshot.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_snapshot(
    tx: &mut Tx,
    design: DesignId,
    seq: i64,
    bytes: &[u8],
    at: Moment,
) -> Result<(), StoreError> {
    ask!(tx, INSERT_SNAPSHOT, design.0, seq, bytes, at.0; run)?;
    Ok(())
}

/// Drops the snapshots before `seq` but for the oldest, the last of every `every` changes, and the last of every `time`: a
/// state is then made of not many more than `every` changes after a snapshot, and what is older than a moment can be
/// forgotten up to the last `time` before it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn thin_snapshots(tx: &mut Tx, design: DesignId, seq: i64, every: i64, time: i64) -> Result<(), StoreError> {
    ask!(tx, THIN_SNAPSHOTS, design.0, seq, every, time; run)?;
    Ok(())
}

/// The sections of a design that somebody has to themselves now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn locks(tx: &mut Tx, design: DesignId, now: Moment) -> Result<Vec<LockRow>, StoreError> {
    ask!(tx, LOCKS, design.0, now.0; all LockRow)
}

/// Gives a section to somebody alone; 0 when somebody has it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn lock(
    tx: &mut Tx,
    section: SectionId,
    by: PersonId,
    now: Moment,
    until: Moment,
) -> Result<u64, StoreError> {
    ask!(tx, LOCK, section.0, by.0, now.0, until.0; run)
}

/// Frees a section that somebody has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn unlock(tx: &mut Tx, section: SectionId, by: PersonId) -> Result<u64, StoreError> {
    ask!(tx, UNLOCK, section.0, by.0; run)
}

/// Frees every section that somebody has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn unlock_all(tx: &mut Tx, by: PersonId) -> Result<u64, StoreError> {
    ask!(tx, UNLOCK_ALL, by.0; run)
}

/// Drops what no form made after `kept_from` can need.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn forget_before(tx: &mut Tx, design: DesignId, kept_from: Moment) -> Result<(), StoreError> {
    let seq = ask!(tx, OLD_SNAPSHOT, design.0, kept_from.0; scalar i64)?;
    ask!(tx, DROP_UPDATES, design.0, seq; run)?;
    ask!(tx, DROP_SNAPSHOTS, design.0, seq; run)?;
    Ok(())
}

/// The versions of a design, the last one first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn versions(tx: &mut Tx, design: DesignId) -> Result<Vec<VersionRow>, StoreError> {
    ask!(tx, VERSIONS, design.0; all VersionRow)
}

/// Makes a version of the words as they are, says why, and gives its number. The design must be held.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_version(
    tx: &mut Tx,
    id: VersionId,
    design: DesignId,
    (name, why): (&str, &str),
    at: Moment,
    by: PersonId,
) -> Result<i64, StoreError> {
    let number = ask!(tx, LAST_VERSION, design.0; scalar i64)? + 1;
    ask!(tx, INSERT_VERSION, id.0, design.0, number, name, at.0, by.0, why; run)?;
    ask!(tx, COPY_SECTIONS, design.0, id.0; run)?;
    Ok(number)
}

/// One version by its number.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn version(tx: &mut Tx, design: DesignId, number: i64) -> Result<Option<VersionRow>, StoreError> {
    ask!(tx, VERSION, design.0, number; optional VersionRow)
}

/// The sections of a version, in order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn version_sections(tx: &mut Tx, version: VersionId) -> Result<Vec<VersionSectionRow>, StoreError> {
    ask!(tx, VERSION_SECTIONS, version.0; all VersionSectionRow)
}

/// The decision about this design that is open or waits to open.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn open_decision(tx: &mut Tx, design: DesignId, now: Moment) -> Result<Option<DecisionId>, StoreError> {
    Ok(ask!(tx, OPEN_DECISION, design.0, now.0; maybe_scalar Uuid)?.map(DecisionId))
}
