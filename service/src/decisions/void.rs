//! Making a decision void: one asks and says why, a second and different person makes it so. Its design goes back to
//! drafting. Only while the result is not known.

use domain::access::{Verb, Who};
use domain::designs::Stage;
use domain::ids::{DecisionId, DesignId, FormId};
use domain::moment::Moment;
use domain::words::Sentences;
use store::Tx;
use store::decisions::DecisionRow;
use store::workspaces::Thing;

use super::{Asked, Head, head, state_of};
use crate::audit::Act;
use crate::designs::set_stage;
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// What the page needs.
#[derive(Debug, Clone)]
pub struct VoidPage {
    /// The decision.
    pub head: Head,
    /// Somebody asked.
    pub asked: Option<VoidAsked>,
}

/// That somebody asked to make a decision void.
#[derive(Debug, Clone)]
pub struct VoidAsked {
    /// Why.
    pub why: String,
    /// Their name, for those who may see names.
    pub name: Option<String>,
    /// Whether it was the reader.
    pub by: Asked,
    /// When: an answer names it, so that only what was read is answered.
    pub at: Moment,
}

/// Whether what is answered is what was asked last.
fn still_asked(row: &DecisionRow, seen: Moment) -> Result<(), Refused> {
    match row.void_asked_at {
        None => Err(Refused::MovedOn("void-not-asked")),
        Some(at) if at != seen.0 => Err(Refused::MovedOn("void-asked")),
        Some(_) => Ok(()),
    }
}

async fn still_open(tx: &mut Tx, id: DecisionId, now: Moment) -> Result<DecisionRow, Refused> {
    let row = store::decisions::find(tx, id).await?.ok_or(Refused::Unknown)?;
    if row.voided_at.is_some() {
        return Err(Refused::MovedOn("decision-void"));
    }
    if !state_of(&row, now).can_be_voided() {
        return Err(Refused::MovedOn("void-too-late"));
    }
    Ok(row)
}

impl Service {
    /// What the page for making a decision void needs.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] when it is void already, or closed.
    pub async fn void_page(&self, who: &Who, id: DecisionId) -> Result<VoidPage, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::VoidDecision, Thing::Decision(id)).await?;
        let now = self.now();
        let row = still_open(&mut tx, id, now).await?;
        let names = super::can(who, Verb::SeeMembers, &place);
        let asked = Asked::of(&row, who).zip(row.void_asked_at).map(|(by, at)| VoidAsked {
            why: row.void_reason.clone(),
            name: row.void_asked_name.clone().filter(|name| names && !name.is_empty()),
            by,
            at: Moment(at),
        });
        Ok(VoidPage { head: head(row, place, now), asked })
    }

    /// Asks to make it void, with a reason.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] when somebody asked already, or it is closed.
    pub async fn ask_void(&self, who: &Who, id: DecisionId, form: FormId, reason: &str) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::VoidDecision, Thing::Decision(id)).await?;
        let me = somebody(who)?.id;
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(());
        }
        let now = self.now();
        still_open(&mut tx, id, now).await?;
        let mut problems = Problems::new();
        let Some(reason) = problems.take("reason", Sentences::parse(reason)) else {
            return Err(Refused::Invalid(problems));
        };
        if store::decisions::ask_void(&mut tx, id, me, reason.as_str(), now).await? == 0 {
            return Err(Refused::MovedOn("void-asked"));
        }
        self.note_void(&mut tx, who, id, "void=asked").await?;
        access::done(&mut tx, form, Some(id.0), now).await?;
        self.commit_and_tell(tx, Event::Decision { decision: id }).await?;
        Ok(())
    }

    /// The second person makes it void. The design goes back to drafting with the reason. `seen`: when what they read was
    /// asked.
    ///
    /// # Errors
    /// [`Refused::Invalid`] to the person who asked: it takes two; [`Refused::MovedOn`] when nobody asked
    /// (`void-not-asked`), or somebody asked anew since (`void-asked`).
    pub async fn make_void(&self, who: &Who, id: DecisionId, form: FormId, seen: Moment) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::VoidDecision, Thing::Decision(id)).await?;
        let me = somebody(who)?.id;
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(());
        }
        let now = self.now();
        let row = still_open(&mut tx, id, now).await?;
        match row.void_asked_by {
            None => return Err(Refused::MovedOn("void-not-asked")),
            Some(by) if by == me.0 => return Err(Refused::invalid("confirm", "second-person")),
            Some(_) => still_asked(&row, seen)?,
        }
        if store::decisions::make_void(&mut tx, id, me, now).await? == 0 {
            return Err(Refused::MovedOn("decision-void"));
        }
        let design = row.design_id.map(DesignId);
        if let Some(design) = design {
            set_stage(self, &mut tx, who, design, Stage::Voting, Stage::Drafting, &row.void_reason).await?;
        }
        self.note_void(&mut tx, who, id, "void=made").await?;
        access::done(&mut tx, form, Some(id.0), now).await?;
        self.commit_and_tell(tx, Event::Decision { decision: id }).await?;
        if let Some(design) = design {
            self.news().tell(Event::Design { design });
        }
        Ok(())
    }

    /// Forgets that somebody asked: the decision goes on. `seen`: when what was read was asked.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] when it is void already, or closed; when nobody asked (`void-not-asked`), or somebody asked anew
    /// since (`void-asked`).
    pub async fn keep_decision(&self, who: &Who, id: DecisionId, seen: Moment) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::VoidDecision, Thing::Decision(id)).await?;
        let row = still_open(&mut tx, id, self.now()).await?;
        still_asked(&row, seen)?;
        store::decisions::keep(&mut tx, id).await?;
        self.note_void(&mut tx, who, id, "void=kept").await?;
        self.commit_and_tell(tx, Event::Decision { decision: id }).await?;
        Ok(())
    }

    async fn note_void(&self, tx: &mut Tx, who: &Who, id: DecisionId, detail: &str) -> Result<(), Refused> {
        let act = Act { verb: audit::verb(Verb::VoidDecision), kind: "decision", id: &id.to_string(), detail };
        audit::note(tx, self.now(), who, act).await
    }
}
