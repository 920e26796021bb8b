//! Decisions: a show of hands from the question to the result. Its state is a comparison with the clock, never stored.

mod hands;
mod make;
mod result;
mod void;

use domain::access::{Answer, Place, Verb, Who, may};
use domain::comments::CommentState;
use domain::decisions::{DecisionState, Hand, PassRule};
use domain::designs::Stage;
use domain::ids::{DecisionId, DesignId, PersonId};
use domain::moment::Moment;
use store::Tx;
use store::decisions::{DecisionRow, HandRow};
use store::workspaces::Thing;

pub use hands::TypedHand;
pub use make::{About, NewDecisionPage, TypedDecision};
pub use result::{Numbers, ResultPage};
pub use void::{VoidAsked, VoidPage};

use crate::rights::allow_thing;
use crate::{Refused, Service};

/// The design a decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutDesign {
    /// The design.
    pub id: DesignId,
    /// Its title.
    pub title: String,
    /// Its stage now.
    pub stage: Stage,
    /// The number of the version people decide about.
    pub version: Option<i64>,
}

/// Everything about a decision that whoever may read it may know.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its id.
    pub id: DecisionId,
    /// Its groups, for asking what the reader may do.
    pub place: Place,
    /// The workspace's address.
    pub workspace_slug: String,
    /// The workspace's title.
    pub workspace_title: String,
    /// The design it is about.
    pub design: Option<AboutDesign>,
    /// The question.
    pub question: String,
    /// More about it, or empty.
    pub explanation: String,
    /// When it passes.
    pub pass_rule: PassRule,
    /// How many of the roll must take part, in whole percent.
    pub quorum: i64,
    /// When it opens.
    pub opens_at: Moment,
    /// When it closes.
    pub closes_at: Moment,
    /// Where it stands now.
    pub state: DecisionState,
    /// Why it was made void; only once it is.
    pub void_reason: Option<String>,
}

/// What a reader may know of a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// None was given, or none they may see.
    None,
    /// The words.
    Words(String),
    /// It waits to be checked; only its author and the workers get this.
    Held(String),
    /// Somebody who checks took it away; only its author and the workers get this.
    TakenAway {
        /// The words.
        words: String,
        /// Why they were taken away.
        why: String,
    },
}

/// One hand as others in the group see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandLine {
    /// Whose.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The hand.
    pub hand: Hand,
    /// Why.
    pub reason: Reason,
    /// It is the reader's own.
    pub mine: bool,
}

/// Who asked to make a decision void.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Whoever looks at the page: somebody else must answer.
    ByMe,
    /// Somebody else: whoever looks can answer.
    ByAnother,
}

impl Asked {
    fn of(row: &DecisionRow, who: &Who) -> Option<Self> {
        let by = row.void_asked_by?;
        Some(if who.id().is_some_and(|me| me.0 == by) { Self::ByMe } else { Self::ByAnother })
    }
}

/// A decision as one person sees it.
#[derive(Debug, Clone)]
pub struct DecisionPage {
    /// What everybody who may read it knows.
    pub head: Head,
    /// They are on the roll.
    pub on_roll: bool,
    /// They may raise a hand now.
    pub may_raise: bool,
    /// They may check reasons that are held.
    pub may_check: bool,
    /// They may ask to make it void, and it can still be.
    pub may_void: bool,
    /// Who asked to make it void, when nobody has answered yet; known to those who may answer.
    pub void_asked: Option<Asked>,
    /// Their own hand.
    pub mine: Option<HandLine>,
    /// Everybody's hands by name; `None` for those who may not see them.
    pub hands: Option<Vec<HandLine>>,
}

/// A decision in a list.
#[derive(Debug, Clone)]
pub struct DecisionLine {
    /// Its id.
    pub id: DecisionId,
    /// The question.
    pub question: String,
    /// Where it stands now.
    pub state: DecisionState,
    /// When it opens.
    pub opens_at: Moment,
    /// When it closes.
    pub closes_at: Moment,
}

/// Where a stored decision stands at `now`.
pub(crate) fn state_of(row: &DecisionRow, now: Moment) -> DecisionState {
    DecisionState::at(now, row.opens_at, row.closes_at, row.voided_at.map(Moment))
}

pub(crate) fn head(row: DecisionRow, place: Place, now: Moment) -> Head {
    let state = state_of(&row, now);
    let design = match (row.design_id, row.design_title, row.design_stage.and_then(|s| s.parse().ok())) {
        (Some(id), Some(title), Some(stage)) => {
            Some(AboutDesign { id: DesignId(id), title, stage, version: row.version_number })
        }
        _ => None,
    };
    Head {
        id: row.id,
        place,
        workspace_slug: row.workspace_slug,
        workspace_title: row.workspace_title,
        design,
        question: row.question,
        explanation: row.explanation,
        pass_rule: row.pass_rule,
        quorum: row.quorum,
        opens_at: row.opens_at,
        closes_at: row.closes_at,
        state,
        void_reason: (state == DecisionState::Void).then_some(row.void_reason),
    }
}

/// Hands as `who` may see them: a reason that is held or was taken away goes to its author and to workers only.
pub(crate) fn lines(who: &Who, may_check: bool, rows: Vec<HandRow>) -> Vec<HandLine> {
    rows.into_iter()
        .map(|row| {
            let mine = who.id() == Some(row.person_id);
            let inside = mine || may_check;
            let reason = match row.reason_state {
                _ if row.reason.is_empty() => Reason::None,
                CommentState::Published => Reason::Words(row.reason),
                CommentState::Held if inside => Reason::Held(row.reason),
                CommentState::HiddenByModerator if inside => {
                    Reason::TakenAway { words: row.reason, why: row.reason_why }
                }
                _ => Reason::None,
            };
            HandLine { person: row.person_id, name: row.name, hand: row.hand, reason, mine }
        })
        .collect()
}

fn can(who: &Who, verb: Verb, place: &Place) -> bool {
    may(who, verb, place) == Answer::Yes
}

/// The decisions about a design, newest first, for pages that have asked for the right to read it.
///
/// # Errors
/// [`Refused`] when the database fails.
pub async fn of_design(tx: &mut Tx, design: DesignId, now: Moment) -> Result<Vec<DecisionLine>, Refused> {
    let rows = store::decisions::of_design(tx, design).await?;
    Ok(rows
        .into_iter()
        .map(|row| DecisionLine {
            id: row.id,
            state: DecisionState::at(now, row.opens_at, row.closes_at, row.voided_at.map(Moment)),
            question: row.question,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
        })
        .collect())
}

impl Service {
    /// A decision, as this person sees it.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when there is none that they may know of.
    pub async fn decision(&self, who: &Who, id: DecisionId) -> Result<DecisionPage, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Decision(id)).await?;
        let row = store::decisions::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let may_check = can(who, Verb::CheckWords, &place);
        let may_void = can(who, Verb::VoidDecision, &place);
        let hands = if can(who, Verb::SeeHands, &place) {
            Some(lines(who, may_check, store::decisions::hands(&mut tx, id).await?))
        } else {
            None
        };
        let on_roll = match who.id() {
            Some(me) if can(who, Verb::RaiseHand, &place) => store::decisions::on_roll(&mut tx, id, me).await?,
            _ => false,
        };
        let asked = Asked::of(&row, who);
        let head = head(row, place, self.now());
        Ok(DecisionPage {
            on_roll,
            may_raise: on_roll && head.state == DecisionState::Open,
            may_check,
            may_void: may_void && head.state.can_be_voided(),
            void_asked: asked.filter(|_| may_void && head.state.can_be_voided()),
            mine: hands.as_ref().and_then(|all| all.iter().find(|h| h.mine)).cloned(),
            hands,
            head,
        })
    }
}
