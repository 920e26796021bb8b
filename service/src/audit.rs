//! Staff acts, in an append-only, hash-chained log, written in the transaction of the act.

use std::collections::HashMap;

use domain::access::{Place, Verb, Who};
use domain::moment::Moment;
use sha2::{Digest as _, Sha256};
use store::Tx;
use store::audit::AuditRow;
use uuid::Uuid;

use crate::rights::allow;
use crate::{Refused, Service};

/// What was done. No words of users: names of fields and states only.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    /// What they did: the name of the verb or of the command.
    pub verb: &'a str,
    /// To what kind of thing.
    pub kind: &'a str,
    /// To which.
    pub id: &'a str,
    /// Names of fields and states, such as `stage=voting`.
    pub detail: &'a str,
}

/// Who acts when it is not a person signed in.
pub const SYSTEM: Option<Uuid> = None;

fn hash_of(row: &AuditRow) -> [u8; 32] {
    let mut h = Sha256::new();
    // Every field with its length in front, so that no two rows can be read as each other.
    let mut field = |bytes: &[u8]| {
        h.update((bytes.len() as u64).to_be_bytes());
        h.update(bytes);
    };
    field(&row.before_hash);
    field(&row.seq.to_be_bytes());
    field(&row.made_at.0.to_be_bytes());
    field(row.actor_id.as_ref().map_or(&[][..], |id| id.as_bytes()));
    field(row.verb.as_bytes());
    field(row.object_kind.as_bytes());
    field(row.object_id.as_bytes());
    field(row.detail.as_bytes());
    h.finalize().into()
}

/// Writes an act when `who` is staff; acts of young people are theirs and are not logged.
///
/// # Errors
/// [`Refused`] when the database fails; then the act itself does not happen either.
pub async fn note(tx: &mut Tx, now: Moment, who: &Who, act: Act<'_>) -> Result<(), Refused> {
    match who.person() {
        Some(person) if person.role.is_staff() => write(tx, now, Some(person.id.0), act).await,
        _ => Ok(()),
    }
}

/// Writes an act of the system: the command line.
///
/// # Errors
/// [`Refused`] when the database fails.
pub async fn note_system(tx: &mut Tx, now: Moment, act: Act<'_>) -> Result<(), Refused> {
    write(tx, now, SYSTEM, act).await
}

/// The name of a verb of the policy as it stands in the log.
pub const fn verb(verb: Verb) -> &'static str {
    verb.name()
}

async fn write(tx: &mut Tx, now: Moment, actor: Option<Uuid>, act: Act<'_>) -> Result<(), Refused> {
    let (last, before) = store::audit::last(tx).await?.unwrap_or((0, vec![0; 32]));
    let mut row = AuditRow {
        seq: last + 1,
        made_at: now,
        actor_id: actor,
        verb: act.verb.to_owned(),
        object_kind: act.kind.to_owned(),
        object_id: act.id.to_owned(),
        detail: act.detail.to_owned(),
        before_hash: before,
        hash: Vec::new(),
    };
    row.hash = hash_of(&row).to_vec();
    store::audit::insert(tx, &row).await?;
    Ok(())
}

/// How many lines a page of the log has.
pub const PAGE: i64 = 50;

/// One line of the log, for its page.
#[derive(Debug, Clone)]
pub struct AuditLine {
    /// Its number.
    pub seq: i64,
    /// When.
    pub made_at: Moment,
    /// Who; nothing for the system, empty for somebody whose account was deleted.
    pub who: Option<String>,
    /// What they did.
    pub verb: String,
    /// To what kind of thing.
    pub kind: String,
    /// To which.
    pub id: String,
    /// Names of fields and states.
    pub detail: String,
}

/// One page of the log, newest first.
#[derive(Debug, Clone)]
pub struct AuditPage {
    /// Its lines.
    pub lines: Vec<AuditLine>,
    /// Ask for the lines before this number next, when there are any.
    pub older: Option<i64>,
}

/// What checking the chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// Every row follows from the one before it; how many there are.
    Whole(i64),
    /// The first row that does not.
    BrokenAt(i64),
}

/// The end of the chain at one moment: kept outside the database, so that rows cut off later are missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The number of the newest row.
    pub seq: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// How the log stands to a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The row of the mark is there and is the same.
    Follows,
    /// It ends before the mark: the last row there is.
    CutOffAfter(i64),
    /// There is another row at the number of the mark.
    Another,
}

impl Service {
    /// The newest row of the log, to be kept as a mark; nothing while the log is empty. One query.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn audit_mark(&self) -> Result<Option<Mark>, Refused> {
        let mut tx = self.store().read().await?;
        let last = store::audit::before(&mut tx, i64::MAX, 1).await?.pop();
        Ok(last.and_then(|row| Some(Mark { seq: row.seq, hash: row.hash.try_into().ok()? })))
    }

    /// Compares the log with a mark that was kept. Two queries. Whether the rows follow from each other is another question:
    /// [`Service::check_audit`].
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn audit_since(&self, mark: Mark) -> Result<Since, Refused> {
        let mut tx = self.store().read().await?;
        let last = store::audit::before(&mut tx, i64::MAX, 1).await?.pop().map_or(0, |row| row.seq);
        if last < mark.seq {
            return Ok(Since::CutOffAfter(last));
        }
        let there = store::audit::after(&mut tx, mark.seq - 1, 1).await?.pop();
        let same = there.is_some_and(|row| row.seq == mark.seq && row.hash == mark.hash);
        Ok(if same { Since::Follows } else { Since::Another })
    }

    /// A page of the log: the lines before number `before`, or the newest. Two queries.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to everybody but administrators.
    pub async fn audit_page(&self, who: &Who, before: Option<i64>) -> Result<AuditPage, Refused> {
        allow(who, Verb::ReadAudit, &Place::house())?;
        let mut tx = self.store().read().await?;
        let before = before.unwrap_or(i64::MAX);
        // One more than shown tells whether there are older ones.
        let mut rows = store::audit::before(&mut tx, before, PAGE + 1).await?;
        let more = i64::try_from(rows.len()).unwrap_or(0) > PAGE;
        rows.truncate(usize::try_from(PAGE).unwrap_or(0));
        let last = rows.last().map_or(0, |r| r.seq);
        let names: HashMap<Uuid, String> =
            store::people::names_in_audit(&mut tx, before, last).await?.into_iter().collect();
        let lines = rows
            .into_iter()
            .map(|r| AuditLine {
                seq: r.seq,
                made_at: r.made_at,
                who: r.actor_id.map(|id| names.get(&id).cloned().unwrap_or_default()),
                verb: r.verb,
                kind: r.object_kind,
                id: r.object_id,
                detail: r.detail,
            })
            .collect();
        Ok(AuditPage { lines, older: more.then_some(last) })
    }

    /// Checks the whole chain: for `tandem doctor`.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn check_audit(&self) -> Result<Chain, Refused> {
        check(&mut self.store().read().await?).await
    }
}

/// Checks the whole chain as a transaction sees it, a thousand rows at a time.
pub(crate) async fn check(tx: &mut Tx) -> Result<Chain, Refused> {
    let (mut seq, mut before) = (0, vec![0u8; 32]);
    loop {
        let rows = store::audit::after(tx, seq, 1000).await?;
        if rows.is_empty() {
            return Ok(Chain::Whole(seq));
        }
        for row in rows {
            if row.seq != seq + 1 || row.before_hash != before || row.hash != hash_of(&row) {
                return Ok(Chain::BrokenAt(row.seq));
            }
            seq = row.seq;
            before = row.hash;
        }
    }
}
