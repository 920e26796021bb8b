//! Making an action.

use domain::access::{Place, Verb, Who};
use domain::actions::ActionStatus;
use domain::designs::Stage;
use domain::groups::Visibility;
use domain::ids::{ActionId, DesignId, FormId, OutcomeId, WorkspaceId};
use domain::moment::Moment;
use domain::words::{BadWords, Sentences, Title, line, maybe_lines};
use store::Tx;
use store::actions::NewAction;
use store::workspaces::Thing;

use super::{OutcomeView, Staff};
use crate::audit::Act;
use crate::decisions::About;
use crate::designs::set_stage;
use crate::news::Event;
use crate::rights::{allow, allow_thing, place_of_slug, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// An action as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct TypedAction<'a> {
    /// What it is called.
    pub title: &'a str,
    /// You said.
    pub you_said: &'a str,
    /// The name of a status: not started, doing, or stopped ("we cannot, because").
    pub status: &'a str,
    /// We will; may be empty when we cannot.
    pub we_will: &'a str,
    /// Why we cannot.
    pub reason: &'a str,
    /// The role of who has it.
    pub owner_role: &'a str,
    /// The id of who has it; may be empty when we cannot.
    pub owner: &'a str,
    /// The team, or empty.
    pub team: &'a str,
    /// The end of the day it is due on; nothing when the date could not be read.
    pub due_at: Option<Moment>,
    /// On the public list.
    pub shown: bool,
}

/// What the page for a new action needs.
#[derive(Debug, Clone)]
pub struct NewActionPage {
    /// The workspace's address and title.
    pub workspace: (String, String),
    /// The design it comes from.
    pub design: Option<(DesignId, String)>,
    /// Its outcome, to write it from.
    pub outcome: Option<OutcomeView>,
    /// Staff it can be given to.
    pub staff: Vec<Staff>,
    /// On the public list unless somebody says otherwise: only where every group is open.
    pub shown: bool,
    /// The public list will not name the group.
    pub nameless: bool,
    /// When it would be due: in four weeks.
    pub due_at: Moment,
}

struct Found {
    workspace: WorkspaceId,
    names: (String, String),
    place: Place,
    design: Option<(DesignId, String, Stage)>,
    outcome: Option<(OutcomeId, OutcomeView)>,
}

async fn found(tx: &mut Tx, who: &Who, about: &About) -> Result<Found, Refused> {
    match about {
        About::Design(id) => {
            let place = allow_thing(tx, who, Verb::MakeAction, Thing::Design(*id)).await?;
            let d = store::decisions::design(tx, *id).await?.ok_or(Refused::Unknown)?;
            if !matches!(d.stage, Stage::Decided | Stage::Doing) {
                return Err(Refused::MovedOn("not-decided"));
            }
            let outcome = store::actions::outcome(tx, *id).await?;
            Ok(Found {
                workspace: d.workspace_id,
                names: (d.workspace_slug, d.workspace_title),
                place,
                design: Some((d.id, d.title, d.stage)),
                outcome: outcome.map(|o| (o.id, o.into())),
            })
        }
        About::Workspace(slug) => {
            let (id, place) = place_of_slug(tx, slug).await?;
            allow(who, Verb::MakeAction, &place)?;
            let w = store::decisions::workspace(tx, id).await?.ok_or(Refused::Unknown)?;
            Ok(Found { workspace: w.id, names: (w.slug, w.title), place, design: None, outcome: None })
        }
    }
}

/// Nothing typed is fine.
pub(super) fn maybe_line(typed: &str, max: usize) -> Result<String, BadWords> {
    match line(typed, max) {
        Err(BadWords::Empty) => Ok(String::new()),
        other => other,
    }
}

/// The person chosen, when they are one of those it can be given to.
pub(super) fn chosen<'a>(staff: &'a [Staff], typed: &str) -> Option<&'a Staff> {
    staff.iter().find(|s| s.id.to_string() == typed)
}

/// Staff an action can be given to: in an open place everybody, elsewhere only those in its groups.
pub(super) async fn staff(tx: &mut Tx, workspace: WorkspaceId, place: &Place) -> Result<Vec<Staff>, Refused> {
    let open = place.visibility() == Visibility::Open;
    Ok(store::actions::staff(tx, workspace, open).await?.into_iter().map(Staff::from).collect())
}

impl Service {
    /// What the page for a new action needs.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] when the design is not decided.
    pub async fn new_action(&self, who: &Who, about: &About) -> Result<NewActionPage, Refused> {
        let mut tx = self.store().read().await?;
        let found = found(&mut tx, who, about).await?;
        let staff = staff(&mut tx, found.workspace, &found.place).await?;
        let open = found.place.visibility() == Visibility::Open;
        Ok(NewActionPage {
            workspace: found.names,
            design: found.design.map(|(id, title, _)| (id, title)),
            outcome: found.outcome.map(|o| o.1),
            staff,
            shown: open,
            nameless: !open,
            due_at: self.now().plus(28 * Moment::DAY),
        })
    }

    /// Makes an action. The first one of a design that was decided moves it to doing.
    ///
    /// # Errors
    /// [`Refused::Invalid`] with each wrong field: "we cannot" needs its reason, anything else what, who and until when.
    pub async fn make_action(
        &self,
        who: &Who,
        about: &About,
        form: FormId,
        typed: TypedAction<'_>,
    ) -> Result<ActionId, Refused> {
        let mut tx = self.write_as(who).await?;
        let found = found(&mut tx, who, about).await?;
        let me = somebody(who)?.id;
        if let Some(Some(made)) = access::before(&mut tx, form).await? {
            return Ok(ActionId(made));
        }
        let now = self.now();
        let staff = staff(&mut tx, found.workspace, &found.place).await?;
        let mut problems = Problems::new();
        let title = problems.take("title", Title::parse(typed.title));
        let you_said = problems.take("you_said", Sentences::parse(typed.you_said));
        let status: Option<ActionStatus> = problems.choice("status", typed.status);
        let status = status.filter(|s| {
            let start = matches!(s, ActionStatus::NotStarted | ActionStatus::Doing | ActionStatus::Stopped);
            if !start {
                problems.add("status", "choose");
            }
            start
        });
        let cannot = status == Some(ActionStatus::Stopped);
        let we_will = problems.take("we_will", maybe_lines(typed.we_will, Sentences::MAX));
        let reason = problems.take("reason", maybe_lines(typed.reason, Sentences::MAX));
        if !cannot && we_will.as_deref() == Some("") {
            problems.add("we_will", "empty");
        }
        if cannot && reason.as_deref() == Some("") {
            problems.add("reason", "why-not");
        }
        let owner_role = problems.take("owner_role", line(typed.owner_role, 80));
        let owner = chosen(&staff, typed.owner).map(|s| s.id);
        if owner.is_none() && !(cannot && typed.owner.is_empty()) {
            problems.add("owner", "choose");
        }
        let team = problems.take("team", maybe_line(typed.team, 80));
        let due_at = match typed.due_at {
            _ if cannot => Some(now),
            None => {
                problems.add("due", "date");
                None
            }
            Some(at) if at < now => {
                problems.add("due", "date-past");
                None
            }
            Some(at) => Some(at),
        };
        let (Some(title), Some(you_said), Some(status), Some(we_will), Some(reason)) =
            (title, you_said, status, we_will, reason)
        else {
            return Err(Refused::Invalid(problems));
        };
        let (Some(owner_role), Some(team), Some(due_at), true) = (owner_role, team, due_at, problems.is_empty()) else {
            return Err(Refused::Invalid(problems));
        };
        let id: ActionId = self.new_id();
        let new = NewAction {
            id,
            workspace: found.workspace,
            design: found.design.as_ref().map(|d| d.0),
            outcome: found.outcome.as_ref().map(|o| o.0),
            title: title.as_str(),
            you_said: you_said.as_str(),
            we_will: &we_will,
            owner_role: &owner_role,
            owner,
            team: &team,
            due_at,
            status,
            reason: if cannot { &reason } else { "" },
            shown: typed.shown,
            made_at: now,
            made_by: me,
        };
        store::actions::insert(&mut tx, &new).await?;
        let mut moved = None;
        if let Some((design, _, Stage::Decided)) = found.design {
            set_stage(self, &mut tx, who, design, Stage::Decided, Stage::Doing, "").await?;
            moved = Some(design);
        }
        let detail = format!("status={status} shown={}", typed.shown);
        let act = Act { verb: audit::verb(Verb::MakeAction), kind: "action", id: &id.to_string(), detail: &detail };
        audit::note(&mut tx, now, who, act).await?;
        access::done(&mut tx, form, Some(id.0), now).await?;
        tx.commit().await?;
        if let Some(design) = moved {
            self.news().tell(Event::Design { design });
        }
        Ok(id)
    }
}
