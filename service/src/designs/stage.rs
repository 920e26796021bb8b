//! Moving a design from stage to stage.

use domain::access::{Verb, Who};
use domain::actions::NotYet;
use domain::designs::Stage;
use domain::ids::{DecisionId, DesignId, FormId, VersionId};
use domain::moment::Moment;
use domain::words::{Sentences, is_blank};
use store::Tx;
use store::workspaces::Thing;

use super::{By, DesignHead, VersionName, head, names, open, versions};
use crate::actions::{Waits, not_done_yet};
use crate::audit::Act;
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::workspaces::promise_is_agreed;
use crate::{Problems, Refused, Service, access, audit};

/// One move, for everybody to read.
#[derive(Debug, Clone)]
pub struct MoveView {
    /// From here.
    pub from: Stage,
    /// To here.
    pub to: Stage,
    /// Why, where a reason is asked for.
    pub reason: String,
    /// When.
    pub at: Moment,
    /// Who.
    pub by: By,
}

/// The stage of a design and how it came there.
#[derive(Debug, Clone)]
pub struct StageView {
    /// The design.
    pub head: DesignHead,
    /// The moves, the last one first.
    pub moves: Vec<MoveView>,
    /// Headings of sections that still need words before the design can be checked.
    pub without_words: Vec<String>,
    /// There is a section, and each that is needed has words: nothing is checked before that.
    pub words_ready: bool,
    /// While the council is doing it: the actions that keep it from being done.
    pub waits: Vec<Waits>,
    /// It has an action. Without one there is nothing that could be done.
    pub any_action: bool,
    /// The promise of its workspace is agreed: nothing is checked before that.
    pub promise_agreed: bool,
    /// The vote about it that is open or waits to open: while there is one, going back means making it void.
    pub open_vote: Option<DecisionId>,
}

impl Service {
    /// The stage of a design and its history.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of it.
    pub async fn view_stage(&self, who: &Who, design: DesignId) -> Result<StageView, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        let row = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let names = names(who, &place);
        let promise_agreed = promise_is_agreed(&mut tx, row.workspace_id).await?;
        let open_vote = store::designs::open_decision(&mut tx, design, self.now()).await?;
        let head = head(row, place);
        let moves = store::designs::moves(&mut tx, design).await?;
        let (without_words, any) = without_words(&mut tx, design).await?;
        let words_ready = any && without_words.is_empty();
        let (waits, any_action) = not_done_yet(&mut tx, design).await?;
        let moves = moves
            .into_iter()
            .map(|m| MoveView {
                from: m.from_stage,
                to: m.to_stage,
                reason: m.reason,
                at: m.moved_at,
                by: By::new(names, m.name, m.role),
            })
            .collect();
        Ok(StageView { head, moves, without_words, words_ready, waits, any_action, promise_agreed, open_vote })
    }

    /// Moves a design. `from`: where it stood on the page that somebody saw.
    ///
    /// # Errors
    /// [`Refused::MovedOn`]: `stage-moved`, `design-vote-open` (void the decision instead), `promise-first`, `outcome-first`, `no-actions`,
    /// `actions-open`, `not-asked` (whether it worked).
    /// [`Refused::Invalid`]: `to` (`sections-empty`, `choose`), `reason`.
    pub async fn move_stage(
        &self,
        who: &Who,
        design: DesignId,
        form: FormId,
        from: &str,
        to: &str,
        reason: &str,
    ) -> Result<Stage, Refused> {
        let mut tx = self.write_as(who).await?;
        open(&mut tx, who, Verb::MoveStage, design).await?;
        let mut problems = Problems::new();
        let to: Option<Stage> = problems.choice("to", to);
        let Some(to) = to else { return Err(Refused::Invalid(problems)) };
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(to);
        }
        store::designs::hold(&mut tx, design).await?;
        // Asked again now that nobody else can move it.
        let row = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        if row.stage.name() != from || !row.stage.may_move_to(to) {
            return Err(Refused::MovedOn("stage-moved"));
        }
        let reason = if row.stage.needs_reason(to) {
            problems.take("reason", Sentences::parse(reason)).map(String::from).unwrap_or_default()
        } else {
            String::new()
        };
        problems.check()?;
        // An open decision ends by its closing time, or by being voided by two people. Not from here.
        if to != Stage::Voting && store::designs::open_decision(&mut tx, design, self.now()).await?.is_some() {
            return Err(Refused::MovedOn("design-vote-open"));
        }
        if matches!(to, Stage::Checking | Stage::Voting) {
            if !promise_is_agreed(&mut tx, row.workspace_id).await? {
                return Err(Refused::MovedOn("promise-first"));
            }
            let (empty, any) = without_words(&mut tx, design).await?;
            if !empty.is_empty() || !any {
                return Err(Refused::invalid("to", "sections-empty"));
            }
        }
        // What was decided is written down in the same act; a design is never decided without it.
        if to == Stage::Decided {
            return Err(Refused::MovedOn("outcome-first"));
        }
        if matches!(to, Stage::Doing | Stage::Done) {
            let (waits, any) = not_done_yet(&mut tx, design).await?;
            if !any {
                return Err(Refused::MovedOn("no-actions"));
            }
            // The council starts doing it with actions that go on.
            let waits = if to == Stage::Done { waits } else { Vec::new() };
            if waits.iter().any(|w| w.why == NotYet::GoesOn) {
                return Err(Refused::MovedOn("actions-open"));
            }
            if !waits.is_empty() {
                return Err(Refused::MovedOn("not-asked"));
            }
        }
        set_stage(self, &mut tx, who, design, row.stage, to, &reason).await?;
        access::done(&mut tx, form, Some(design.0), self.now()).await?;
        tx.commit().await?;
        self.news().tell(Event::Design { design });
        Ok(to)
    }
}

/// The headings of sections that have no words and are not marked as not needed, and whether there is any section to read.
async fn without_words(tx: &mut Tx, design: DesignId) -> Result<(Vec<String>, bool), Refused> {
    let sections = store::designs::sections(tx, design).await?;
    let mut needed = sections.into_iter().filter(|s| s.removed_at.is_none() && !s.not_needed).peekable();
    let any = needed.peek().is_some();
    Ok((needed.filter(|s| is_blank(&s.words)).map(|s| s.heading).collect(), any))
}

/// Moves a design inside a transaction whose rules were asked already, notes
/// the move, and makes the version that checking or a vote is about. The caller tells the news after its commit.
///
/// # Errors
/// [`Refused::MovedOn`] (`stage-moved`) when it is not in `from` any more.
pub(crate) async fn set_stage(
    service: &Service,
    tx: &mut Tx,
    who: &Who,
    design: DesignId,
    from: Stage,
    to: Stage,
    reason: &str,
) -> Result<Option<VersionId>, Refused> {
    let (me, now) = (somebody(who)?.id, service.now());
    if store::designs::set_stage(tx, design, from, to, now).await? == 0 {
        return Err(Refused::MovedOn("stage-moved"));
    }
    store::designs::insert_move(tx, design, from, to, reason, now, me).await?;
    let version = match to {
        Stage::Checking => Some(versions::make(service, tx, design, (&VersionName::Checking, ""), me).await?),
        Stage::Voting => Some(versions::make(service, tx, design, (&VersionName::Voting, ""), me).await?),
        _ => None,
    };
    let detail = format!("stage={}", to.name());
    let act = Act { verb: audit::verb(Verb::MoveStage), kind: "design", id: &design.to_string(), detail: &detail };
    audit::note(tx, now, who, act).await?;
    Ok(version)
}
