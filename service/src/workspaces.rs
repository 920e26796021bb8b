//! Workspaces and their promise.

mod promise;

use domain::access::{Answer, Place, Verb, Who, may};
use domain::actions::ActionStatus;
use domain::designs::Stage;
use domain::designs::suggestions::Deciders;
use domain::groups::{GroupColour, GroupRole, Visibility, known_symbol};
use domain::ids::{ActionId, DecisionId, DesignId, FormId, GroupId, WorkspaceId};
use domain::moment::Moment;
use domain::words::{Title, line};
use domain::workspaces::{STAFF_NEEDED, Template};
use store::workspaces::{WorkspaceLine, WorkspaceRow};

pub use promise::{Promise, PromiseStanding, PromiseView, PromiseWords, promise_is_agreed};

use crate::audit::Act;
use crate::groups::GroupCard;
use crate::rights::{allow, place_of_slug, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// A group beside a workspace.
#[derive(Debug, Clone)]
pub struct GroupTag {
    /// Its id.
    pub id: GroupId,
    /// Its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its symbol.
    pub symbol: String,
    /// Its colour.
    pub colour: GroupColour,
}

/// A workspace as a card in a list.
#[derive(Debug, Clone)]
pub struct WorkspaceCard {
    /// Its id.
    pub id: WorkspaceId,
    /// Its address.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is, in one sentence.
    pub summary: String,
    /// Its symbol.
    pub symbol: String,
    /// Its groups, without those that may not be known of.
    pub groups: Vec<GroupTag>,
    /// Where it is.
    pub place: Place,
}

/// A design in a list.
#[derive(Debug, Clone)]
pub struct DesignItem {
    /// Its id.
    pub id: DesignId,
    /// Its title.
    pub title: String,
    /// Its symbol.
    pub symbol: String,
    /// Where it stands.
    pub stage: Stage,
    /// Since when.
    pub since: Moment,
}

/// A decision in a list.
#[derive(Debug, Clone)]
pub struct DecisionItem {
    /// Its id.
    pub id: DecisionId,
    /// What is asked.
    pub question: String,
    /// When it opens.
    pub opens_at: Moment,
    /// When it closes.
    pub closes_at: Moment,
    /// It was made void.
    pub void: bool,
}

/// An action in a list.
#[derive(Debug, Clone)]
pub struct ActionItem {
    /// Its id.
    pub id: ActionId,
    /// What is done.
    pub title: String,
    /// Where it stands.
    pub status: ActionStatus,
    /// When it is due.
    pub due_at: Moment,
}

/// A workspace's own page.
#[derive(Debug, Clone)]
pub struct WorkspaceView {
    /// The workspace.
    pub work: WorkspaceCard,
    /// What it started from.
    pub template: Template,
    /// Its promise, once written.
    pub promise: Option<Promise>,
    /// Who decides about suggestions.
    pub deciders: Deciders,
    /// Its designs, the one that moved last first.
    pub designs: Vec<DesignItem>,
    /// Its decisions, newest first.
    pub decisions: Vec<DecisionItem>,
    /// Its actions; outsiders see those on the public list only.
    pub actions: Vec<ActionItem>,
}

/// What the form for a new workspace needs.
#[derive(Debug, Clone)]
pub struct NewWorkspaceForm {
    /// The group somebody came from.
    pub from: Option<GroupCard>,
    /// All groups they may open a workspace in.
    pub groups: Vec<GroupCard>,
}

/// A workspace to be opened, as typed.
#[derive(Debug, Clone, Copy)]
pub struct NewWorkspace<'a> {
    /// Its title.
    pub title: &'a str,
    /// What it is, in one sentence.
    pub summary: &'a str,
    /// What it starts from.
    pub template: &'a str,
    /// Its symbol.
    pub symbol: &'a str,
    /// The addresses of its groups: one or more of one's own.
    pub groups: &'a [&'a str],
}

/// Most groups that one workspace can have.
pub const MOST_GROUPS: usize = 20;
/// How many characters fit into the one sentence about a workspace.
pub const SUMMARY_MAX: usize = 300;

/// Puts lines (a workspace once for each of its groups) together as cards, without what `who` may not know.
pub(crate) fn cards(who: &Who, lines: Vec<WorkspaceLine>) -> Vec<WorkspaceCard> {
    let mut out: Vec<WorkspaceCard> = Vec::new();
    for line in lines {
        let known = may(who, Verb::SeeGroup, &Place::of(vec![(line.group_id, line.visibility)])) == Answer::Yes;
        let tag = known.then_some(GroupTag {
            id: line.group_id,
            slug: line.group_slug,
            name: line.group_name,
            symbol: line.group_symbol,
            colour: line.colour,
        });
        match out.last_mut().filter(|w| w.id == line.id) {
            Some(card) => {
                card.groups.extend(tag);
                card.place.groups.push((line.group_id, line.visibility));
            }
            None => out.push(WorkspaceCard {
                id: line.id,
                slug: line.slug,
                title: line.title,
                summary: line.summary,
                symbol: line.symbol,
                groups: tag.into_iter().collect(),
                place: Place::of(vec![(line.group_id, line.visibility)]),
            }),
        }
    }
    out.retain(|w| may(who, Verb::ReadWork, &w.place) == Answer::Yes);
    out
}

/// Refuses a workspace whose groups have fewer than two members of staff together: adults are never alone with a group.
async fn enough_staff(tx: &mut store::Tx, id: WorkspaceId) -> Result<(), Refused> {
    if !store::workspaces::staff(tx, id).await?.at_least(STAFF_NEEDED) {
        return Err(Refused::invalid("groups", "two-staff"));
    }
    Ok(())
}

/// Whether somebody may open a workspace in any group at all: asked where none is named.
fn allow_anywhere(who: &Who) -> Result<(), Refused> {
    let mine = who.person().map(|p| p.groups.clone()).unwrap_or_default();
    allow(who, Verb::OpenWorkspace, &Place::of(mine.into_iter().map(|(g, _)| (g, Visibility::Open)).collect()))
}

impl Service {
    /// The workspaces somebody may know of, newest first. One query.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn list_workspaces(&self, who: &Who) -> Result<Vec<WorkspaceCard>, Refused> {
        let mut tx = self.store().read().await?;
        Ok(cards(who, store::workspaces::lines(&mut tx).await?))
    }

    /// What the form for a new workspace needs: their groups, and the one they come from. Two queries at most.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but the leads and workers of that group, or of any.
    pub async fn new_workspace_form(&self, who: &Who, group: Option<&str>) -> Result<NewWorkspaceForm, Refused> {
        let from = match group {
            Some(slug) => {
                let mut tx = self.store().read().await?;
                Some(crate::groups::group_at(&mut tx, who, slug, Verb::OpenWorkspace).await?.0.id)
            }
            None => {
                allow_anywhere(who)?;
                None
            }
        };
        let groups: Vec<_> = self
            .list_groups(who)
            .await?
            .into_iter()
            .filter(|g| matches!(g.my_role, Some(GroupRole::Lead | GroupRole::Worker)))
            .collect();
        Ok(NewWorkspaceForm { from: groups.iter().find(|g| Some(g.id) == from).cloned(), groups })
    }

    /// Opens a workspace in one or more groups; somebody opens it only in groups that they lead or work with. Gives its
    /// address.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody else; [`Refused::Invalid`] with each wrong field, and
    /// when its groups have fewer than two members of staff together.
    pub async fn open_workspace(&self, who: &Who, form: FormId, typed: NewWorkspace<'_>) -> Result<String, Refused> {
        let mut tx = self.write_as(who).await?;
        let mut place = Place::house();
        if typed.groups.is_empty() {
            allow_anywhere(who)?;
        }
        for slug in typed.groups.iter().take(MOST_GROUPS) {
            let (row, _) = crate::groups::group_at(&mut tx, who, slug, Verb::OpenWorkspace).await?;
            if !place.groups.contains(&(row.id, row.visibility)) {
                place.groups.push((row.id, row.visibility));
            }
        }
        let me = somebody(who)?;
        let mut problems = Problems::new();
        if place.groups.is_empty() {
            problems.add("groups", "choose");
        }
        let title = problems.take("title", Title::parse(typed.title));
        let summary = problems.take("summary", line(typed.summary, SUMMARY_MAX));
        let template = problems.choice::<Template>("template", typed.template);
        let symbol = known_symbol(typed.symbol);
        if symbol.is_none() {
            problems.add("symbol", "choose");
        }
        problems.check()?;
        let (Some(title), Some(summary), Some(template), Some(symbol)) = (title, summary, template, symbol) else {
            return Err(Refused::fault("a workspace without a problem is incomplete"));
        };
        if let Some(made) = access::before(&mut tx, form).await? {
            let made = made.ok_or(Refused::MovedOn("sent-twice"))?;
            let row = store::workspaces::find(&mut tx, made.into()).await?.ok_or(Refused::Unknown)?;
            return Ok(row.slug);
        }
        let row = WorkspaceRow {
            id: self.new_id(),
            slug: self.new_slug(title.as_str()),
            title: title.into(),
            summary,
            template,
            symbol: symbol.to_owned(),
            made_at: self.now(),
        };
        store::workspaces::insert(&mut tx, &row, me.id).await?;
        for (group, _) in &place.groups {
            store::workspaces::add_group(&mut tx, row.id, *group).await?;
        }
        enough_staff(&mut tx, row.id).await?;
        let id = row.id.to_string();
        let detail = format!("template={template}");
        let act = Act { verb: audit::verb(Verb::OpenWorkspace), kind: "workspace", id: &id, detail: &detail };
        audit::note(&mut tx, self.now(), who, act).await?;
        access::done(&mut tx, form, Some(row.id.0), self.now()).await?;
        tx.commit().await?;
        Ok(row.slug)
    }

    /// Says who decides about suggestions in a workspace.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but leads and workers; [`Refused::Invalid`] (`deciders`).
    pub async fn set_deciders(&self, who: &Who, slug: &str, typed: &str) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let (id, place) = place_of_slug(&mut tx, slug).await?;
        allow(who, Verb::SetDeciders, &place)?;
        let mut problems = Problems::new();
        let deciders: Option<Deciders> = problems.choice("deciders", typed);
        let Some(deciders) = deciders else { return Err(Refused::Invalid(problems)) };
        if store::designs::suggestions::set_deciders(&mut tx, id, deciders).await? == 0 {
            return Ok(());
        }
        let detail = format!("deciders={deciders}");
        let id = id.to_string();
        let act = Act { verb: audit::verb(Verb::SetDeciders), kind: "workspace", id: &id, detail: &detail };
        audit::note(&mut tx, self.now(), who, act).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A workspace's own page. A fixed number of queries, whatever is in it.
    ///
    /// # Errors
    /// [`Refused::Unknown`] to everybody who may not know of it, as for one that does not exist.
    pub async fn view_workspace(&self, who: &Who, slug: &str) -> Result<WorkspaceView, Refused> {
        let mut tx = self.store().read().await?;
        let (id, place) = place_of_slug(&mut tx, slug).await?;
        allow(who, Verb::ReadWork, &place)?;
        let row = store::workspaces::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let work =
            cards(who, store::workspaces::lines_of_workspace(&mut tx, id).await?).pop().ok_or(Refused::Unknown)?;
        let promise = promise::load(&mut tx, who, id, &place).await?;
        let designs = store::workspaces::designs(&mut tx, id).await?;
        let decisions = store::workspaces::decisions(&mut tx, id).await?;
        let actions = store::workspaces::actions(&mut tx, id).await?;
        let deciders = store::designs::suggestions::workspace_deciders(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let inside = may(who, Verb::SeeMembers, &place) == Answer::Yes;
        Ok(WorkspaceView {
            work,
            template: row.template,
            promise,
            deciders,
            designs: designs
                .into_iter()
                .map(|d| DesignItem { id: d.id, title: d.title, symbol: d.symbol, stage: d.stage, since: d.stage_at })
                .collect(),
            decisions: decisions
                .into_iter()
                .map(|d| DecisionItem {
                    id: d.id,
                    question: d.question,
                    opens_at: d.opens_at,
                    closes_at: d.closes_at,
                    void: d.voided_at.is_some(),
                })
                .collect(),
            actions: actions
                .into_iter()
                .filter(|a| inside || a.shown)
                .map(|a| ActionItem { id: a.id, title: a.title, status: a.status, due_at: a.due_at })
                .collect(),
        })
    }
}
