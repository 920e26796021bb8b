//! Raising a hand. Reasons that are held are checked where comments are ([`crate::comments`]).

use domain::access::{Verb, Who};
use domain::comments::{Checking, CommentState};
use domain::decisions::{DecisionState, Hand};
use domain::ids::{DecisionId, FormId, PersonId, WorkspaceId};
use domain::words::{Sentences, maybe_lines};
use store::Tx;
use store::workspaces::Thing;

use super::state_of;
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::{Problems, Refused, Service, access};

/// A hand as it was sent.
#[derive(Debug, Clone, Copy)]
pub struct TypedHand<'a> {
    /// The name of a [`Hand`].
    pub hand: &'a str,
    /// Why; for not OK, what would help.
    pub reason: &'a str,
}

/// What becomes of new words of this person in this workspace: the strictest of its groups decides, as for comments.
async fn state_of_new(tx: &mut Tx, workspace: WorkspaceId, person: PersonId) -> Result<CommentState, Refused> {
    let groups = store::decisions::groups_of(tx, workspace).await?;
    let checking = Checking::strictest(groups.iter().map(|g| g.checking));
    Ok(checking.state(store::comments::known_here(tx, person, workspace).await?))
}

impl Service {
    /// Raises a hand, or changes it: until the moment of closing, by those on the roll.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] when it is not open; [`Refused::NotAllowed`] when they are not on the roll;
    /// [`Refused::Invalid`] when nothing was chosen, or not OK comes without what would help.
    pub async fn raise_hand(
        &self,
        who: &Who,
        id: DecisionId,
        form: FormId,
        typed: TypedHand<'_>,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::RaiseHand, Thing::Decision(id)).await?;
        let me = somebody(who)?.id;
        let stands = store::decisions::hand(&mut tx, id, me).await?;
        if access::before(&mut tx, form).await?.is_some() {
            let reason = maybe_lines(typed.reason, Sentences::MAX).unwrap_or_default();
            let same = stands.is_some_and(|s| typed.hand.parse().ok() == Some(s.hand) && reason == s.reason);
            // Pressed twice is once. Sent again after another one it is either late or meant: nobody is told it counts.
            return if same { Ok(()) } else { Err(Refused::MovedOn("sent-before")) };
        }
        // The clock is read after the transaction has begun: a form that waited in a queue past closing is too late.
        let now = self.now();
        let row = store::decisions::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        match state_of(&row, now) {
            DecisionState::Open => {}
            DecisionState::Waiting => return Err(Refused::MovedOn("decision-waiting")),
            DecisionState::Closed => return Err(Refused::MovedOn("decision-closed")),
            DecisionState::Void => return Err(Refused::MovedOn("decision-void")),
        }
        if !store::decisions::on_roll(&mut tx, id, me).await? {
            return Err(Refused::NotAllowed);
        }
        let mut problems = Problems::new();
        let hand: Option<Hand> = problems.choice("hand", typed.hand);
        let reason = problems.take("reason", maybe_lines(typed.reason, Sentences::MAX));
        if hand == Some(Hand::NotOk) && reason.as_deref() == Some("") {
            problems.add("reason", "what-would-help");
        }
        let (Some(hand), Some(reason), true) = (hand, reason, problems.is_empty()) else {
            return Err(Refused::Invalid(problems));
        };
        let state = match stands {
            // The same words were looked at already.
            Some(before) if before.reason == reason => before.reason_state,
            _ if reason.is_empty() => CommentState::Published,
            // After words that were taken away others come only past somebody who checks.
            Some(before) if before.reason_state == CommentState::HiddenByModerator => CommentState::Held,
            _ => state_of_new(&mut tx, row.workspace_id, me).await?,
        };
        store::decisions::raise(&mut tx, id, me, hand, &reason, state, now).await?;
        access::done(&mut tx, form, Some(id.0), now).await?;
        self.commit_and_tell(tx, Event::Hands { decision: id }).await?;
        Ok(())
    }
}
