//! Outcomes, actions and "You said, we did": what the council does about what was decided, followed in public.

mod follow;
mod lists;
mod make;
mod outcome;

use std::collections::HashMap;

use domain::access::{Answer, Place, Verb, Who, may};
use domain::actions::{ActionStatus, NotYet, keeps_from_done, weeks_late};
use domain::groups::{GroupKind, Visibility};
use domain::ids::{ActionId, DesignId, PersonId, WorkspaceId};
use domain::moment::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::Tx;
use store::actions::{ActionRow, StaffRow, WorkspaceGroupRow};

pub use follow::{ActionPage, TypedUpdate, UpdateLine, UpdatePage, Why};
pub use lists::{ActionsPage, Filter, PER_PAGE, PublicFilter, PublicLine, PublicPage, Whose};
pub use make::{NewActionPage, TypedAction};
pub(crate) use outcome::outcome_of;
pub use outcome::{OutcomePage, OutcomeView, TypedOutcome};

use crate::Refused;

/// An action in a list, as one person may see it.
#[derive(Debug, Clone)]
pub struct ActionLine {
    /// Its id.
    pub id: ActionId,
    /// What it is called.
    pub title: String,
    /// You said.
    pub you_said: String,
    /// We will; empty when it was a "we cannot" from the start.
    pub we_will: String,
    /// Where it stands.
    pub status: ActionStatus,
    /// Why it was changed or stopped.
    pub reason: String,
    /// The role of who has it.
    pub owner_role: String,
    /// Their name, for those who may see it.
    pub owner_name: Option<String>,
    /// The reader has it.
    pub mine: bool,
    /// The team, or empty.
    pub team: String,
    /// When it is due.
    pub due_at: Moment,
    /// How many weeks late it is by the clock; 0 in time and once it has ended.
    pub weeks_late: i64,
    /// On the public list.
    pub shown: bool,
    /// Those who asked for it were asked whether it worked.
    pub asked: bool,
    /// When it last changed.
    pub changed_at: Moment,
    /// The names of its groups, only where every one of them is open. Otherwise pages say "young people".
    pub groups: Vec<String>,
    /// The workspace's address and title, for those who may read it.
    pub workspace: Option<(String, String)>,
    /// The design's id and title, for those who may read it.
    pub design: Option<(DesignId, String)>,
}

/// An action that keeps its design from being done.
#[derive(Debug, Clone)]
pub struct Waits {
    /// Which.
    pub action: ActionId,
    /// What it is called.
    pub title: String,
    /// Why.
    pub why: NotYet,
}

/// A member of staff an action can be given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their team, or empty.
    pub team: String,
}

impl From<StaffRow> for Staff {
    fn from(row: StaffRow) -> Self {
        Self { id: row.id, name: row.name, team: row.team }
    }
}

/// The groups of one workspace, as far as lists need them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    all: Vec<WorkspaceGroupRow>,
}

impl Groups {
    fn place(&self) -> Place {
        Place::of(self.all.iter().map(|g| (g.id, g.visibility)).collect())
    }

    fn names(&self) -> Vec<String> {
        if self.place().visibility() == Visibility::Open {
            self.all.iter().map(|g| g.name.clone()).collect()
        } else {
            Vec::new()
        }
    }

    fn numbers(&self) -> impl Iterator<Item = (GroupKind, i64)> + '_ {
        self.all.iter().map(|g| (g.kind, g.threshold))
    }

    /// Whether numbers of its people may be shown to this reader at all: of a hidden group nobody outside learns even how
    /// many answered (docs/DECISIONS/0011-public-list.md).
    fn numbers_may_leave(&self, who: &Who) -> bool {
        let place = self.place();
        place.visibility() != Visibility::Hidden || may(who, Verb::SeeMembers, &place) == Answer::Yes
    }

    fn has(&self, slug: &str) -> bool {
        self.all.iter().any(|g| g.slug == slug)
    }
}

/// The groups of every workspace with actions. One query.
pub(crate) async fn groups(tx: &mut Tx) -> Result<HashMap<WorkspaceId, Groups>, Refused> {
    let mut out: HashMap<WorkspaceId, Groups> = HashMap::new();
    for row in store::actions::all_groups(tx).await? {
        out.entry(row.workspace_id).or_default().all.push(row);
    }
    Ok(out)
}

pub(crate) fn line(who: &Who, row: ActionRow, groups: &Groups, now: Moment) -> ActionLine {
    let place = groups.place();
    let may_read = may(who, Verb::ReadWork, &place) == Answer::Yes;
    let names = may(who, Verb::SeeMembers, &place) == Answer::Yes;
    let mine = row.owner_id.is_some() && row.owner_id == who.id().map(|p| p.0);
    ActionLine {
        id: row.id,
        title: row.title,
        you_said: row.you_said,
        we_will: row.we_will,
        status: row.status,
        reason: row.reason,
        owner_role: row.owner_role,
        owner_name: row.owner_name.filter(|_| names || mine),
        mine,
        team: row.team,
        due_at: row.due_at,
        weeks_late: if row.status.is_ended() { 0 } else { weeks_late(row.due_at, now) },
        shown: row.shown,
        asked: row.asked_at.is_some(),
        changed_at: row.changed_at,
        groups: groups.names(),
        workspace: may_read.then_some((row.workspace_slug, row.workspace_title)),
        design: row.design_id.map(DesignId).zip(row.design_title).filter(|_| may_read),
    }
}

/// The groups of one workspace. One query.
pub(crate) async fn groups_of(tx: &mut Tx, workspace: WorkspaceId) -> Result<Groups, Refused> {
    Ok(Groups { all: store::actions::groups_of(tx, workspace).await? })
}

/// The actions of a design of a workspace, first made first, for pages that have asked for the right to read it. Two
/// queries.
///
/// # Errors
/// [`Refused`] when the database fails.
pub async fn of_design(
    tx: &mut Tx,
    who: &Who,
    (design, workspace): (DesignId, WorkspaceId),
    now: Moment,
) -> Result<Vec<ActionLine>, Refused> {
    let rows = store::actions::of_design(tx, design).await?;
    let groups = groups_of(tx, workspace).await?;
    Ok(rows.into_iter().map(|row| line(who, row, &groups, now)).collect())
}

/// What keeps a design from being done, first made first: each action that goes on, and each that was done and nobody was
/// asked about. And whether it has any action at all. One query.
///
/// # Errors
/// [`Refused`] when the database fails.
pub(crate) async fn not_done_yet(tx: &mut Tx, design: DesignId) -> Result<(Vec<Waits>, bool), Refused> {
    let all = store::actions::ends(tx, design).await?;
    let any = !all.is_empty();
    let waits = all
        .into_iter()
        .filter_map(|a| {
            let why = keeps_from_done(a.status, a.asked_at.is_some())?;
            Some(Waits { action: a.id, title: a.title, why })
        })
        .collect();
    Ok((waits, any))
}

/// The day a moment falls on, in the council's zone.
pub(crate) fn day(zone: &TimeZone, at: Moment) -> jiff::civil::Date {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date()
}
