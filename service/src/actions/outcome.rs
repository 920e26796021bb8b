//! The outcome of a design: what was decided, in plain words.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::decisions::DecisionState;
use domain::designs::Stage;
use domain::ids::{DecisionId, DesignId, FormId, OutcomeId};
use domain::moment::Moment;
use domain::words::Sentences;
use store::Tx;
use store::actions::{NewOutcome, OutcomeRow};
use store::workspaces::Thing;

use super::ActionLine;
use crate::audit::Act;
use crate::decisions::DecisionLine;
use crate::designs::set_stage;
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// An outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomeView {
    /// What was decided.
    pub words: String,
    /// Why.
    pub why: String,
    /// What happens next.
    pub next: String,
    /// Why it is not what the vote said, when it is not.
    pub differs_why: Option<String>,
    /// When it was written.
    pub made_at: Moment,
    /// The vote it follows.
    pub decision: Option<DecisionId>,
}

impl From<OutcomeRow> for OutcomeView {
    fn from(row: OutcomeRow) -> Self {
        Self {
            words: row.words,
            why: row.why,
            next: row.next,
            differs_why: row.differs.then_some(row.differs_why),
            made_at: row.made_at,
            decision: row.decision_id.map(DecisionId),
        }
    }
}

/// An outcome as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct TypedOutcome<'a> {
    /// What was decided.
    pub words: &'a str,
    /// Why.
    pub why: &'a str,
    /// What happens next.
    pub next: &'a str,
    /// `same` as the vote, or `different`.
    pub differs: &'a str,
    /// Then: why.
    pub differs_why: &'a str,
}

/// The page of an outcome.
#[derive(Debug, Clone)]
pub struct OutcomePage {
    /// Its groups.
    pub place: Place,
    /// The design.
    pub design: DesignId,
    /// Its title.
    pub title: String,
    /// Its stage.
    pub stage: Stage,
    /// The workspace's address and title.
    pub workspace: (String, String),
    /// The last vote that was not made void.
    pub vote: Option<DecisionLine>,
    /// The outcome, once it is written.
    pub outcome: Option<OutcomeView>,
    /// What the council does about it.
    pub actions: Vec<ActionLine>,
    /// The reader may write it now.
    pub may_write: bool,
    /// The reader may make actions from it now.
    pub may_act: bool,
}

/// The outcome of a design that counts now: a design that went back to drafting has none.
const fn counts(stage: Stage) -> bool {
    matches!(stage, Stage::Decided | Stage::Doing | Stage::Done | Stage::Stopped)
}

/// The outcome of a design in this stage. One query where there may be one, and none before.
///
/// # Errors
/// [`Refused`] when the database fails.
pub(crate) async fn outcome_of(tx: &mut Tx, id: DesignId, stage: Stage) -> Result<Option<OutcomeView>, Refused> {
    if !counts(stage) {
        return Ok(None);
    }
    Ok(store::actions::outcome(tx, id).await?.map(OutcomeView::from))
}

impl Service {
    /// The outcome of a design, or what is needed to write it.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when there is no design that they may know of.
    pub async fn outcome(&self, who: &Who, id: DesignId) -> Result<OutcomePage, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(id)).await?;
        let now = self.now();
        let design = store::decisions::design(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let votes = crate::decisions::of_design(&mut tx, id, now).await?;
        let vote = votes.into_iter().find(|v| v.state != DecisionState::Void);
        let outcome = outcome_of(&mut tx, id, design.stage).await?;
        let actions = super::of_design(&mut tx, who, (id, design.workspace_id), now).await?;
        let closed = vote.as_ref().is_some_and(|v| v.state == DecisionState::Closed);
        let can = |verb| may(who, verb, &place) == Answer::Yes;
        Ok(OutcomePage {
            may_write: can(Verb::WriteOutcome) && design.stage == Stage::Voting && closed,
            may_act: can(Verb::MakeAction) && matches!(design.stage, Stage::Decided | Stage::Doing),
            place,
            design: id,
            title: design.title,
            stage: design.stage,
            workspace: (design.workspace_slug, design.workspace_title),
            vote,
            outcome,
            actions,
        })
    }

    /// Writes the outcome after the vote has closed; the design is decided.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] while a vote is open, without a vote, or when it is written already.
    pub async fn write_outcome(
        &self,
        who: &Who,
        id: DesignId,
        form: FormId,
        typed: TypedOutcome<'_>,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::WriteOutcome, Thing::Design(id)).await?;
        let me = somebody(who)?.id;
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(());
        }
        let now = self.now();
        store::designs::hold(&mut tx, id).await?;
        let design = store::decisions::design(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        if counts(design.stage) {
            return Err(Refused::MovedOn("outcome-written"));
        }
        if design.stage != Stage::Voting {
            return Err(Refused::MovedOn("no-vote"));
        }
        let votes = crate::decisions::of_design(&mut tx, id, now).await?;
        let vote = match votes.iter().find(|v| v.state != DecisionState::Void) {
            Some(v) if v.state == DecisionState::Closed => v.id,
            Some(_) => return Err(Refused::MovedOn("outcome-vote-open")),
            None => return Err(Refused::MovedOn("no-vote")),
        };
        let mut problems = Problems::new();
        let words = problems.take("words", Sentences::parse(typed.words));
        let why = problems.take("why", Sentences::parse(typed.why));
        let next = problems.take("next", Sentences::parse(typed.next));
        let differs_why = match typed.differs {
            "same" => None,
            "different" => problems.take("differs_why", Sentences::parse(typed.differs_why)),
            _ => {
                problems.add("differs", "choose");
                None
            }
        };
        let (Some(words), Some(why), Some(next), true) = (words, why, next, problems.is_empty()) else {
            return Err(Refused::Invalid(problems));
        };
        let outcome: OutcomeId = self.new_id();
        let new = NewOutcome {
            id: outcome,
            design: id,
            decision: Some(vote),
            words: words.as_str(),
            why: why.as_str(),
            next: next.as_str(),
            differs_why: differs_why.as_ref().map(Sentences::as_str),
            made_at: now,
            made_by: me,
        };
        store::actions::insert_outcome(&mut tx, &new).await?;
        set_stage(self, &mut tx, who, id, Stage::Voting, Stage::Decided, "").await?;
        let detail = if differs_why.is_some() { "stage=decided differs=yes" } else { "stage=decided differs=no" };
        let act = Act { verb: audit::verb(Verb::WriteOutcome), kind: "design", id: &id.to_string(), detail };
        audit::note(&mut tx, now, who, act).await?;
        access::done(&mut tx, form, Some(outcome.0), now).await?;
        self.commit_and_tell(tx, Event::Design { design: id }).await?;
        self.news().tell(Event::Decision { decision: vote });
        Ok(())
    }
}
