//! The result: what happened, and whether it passed. Inside the group by name; outside by the small-numbers rule.

use domain::access::{Verb, Who};
use domain::decisions::{DecisionState, Hand, Hands, Verdict};
use domain::ids::DecisionId;
use domain::reports::small_numbers::ShownCount;
use store::workspaces::Thing;

use super::{HandLine, Head, head, lines};
use crate::actions::OutcomeView;
use crate::rights::allow_thing;
use crate::{Refused, Service};

/// The numbers of a result, where they may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// OK, not sure, not OK: in the order of [`Hand::ALL`].
    pub tallies: [ShownCount; 3],
    /// Their shares in whole percent of all hands.
    pub percents: [u8; 3],
    /// The pass rule is met.
    pub rule_met: bool,
    /// Enough people took part.
    pub quorate: bool,
}

/// A result as one person sees it.
#[derive(Debug, Clone)]
pub struct ResultPage {
    /// The decision.
    pub head: Head,
    /// What came out, once it is closed. Where the numbers are hidden, too few is told as not passed.
    pub verdict: Option<Verdict>,
    /// The numbers, where they may be shown.
    pub numbers: Option<Numbers>,
    /// Everybody's hands by name; `None` for those who may not see them.
    pub hands: Option<Vec<HandLine>>,
    /// What was decided in the end.
    pub outcome: Option<OutcomeView>,
}

impl Service {
    /// The result of a decision. Before it is closed there is none, for anybody.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when there is no decision that they may know of.
    pub async fn result(&self, who: &Who, id: DecisionId) -> Result<ResultPage, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Decision(id)).await?;
        let row = store::decisions::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let (workspace, design) = (row.workspace_id, row.design_id);
        let see_hands = super::can(who, Verb::SeeHands, &place);
        let may_check = super::can(who, Verb::CheckWords, &place);
        let head = head(row, place, self.now());
        if head.state != DecisionState::Closed {
            return Ok(ResultPage { head, verdict: None, numbers: None, hands: None, outcome: None });
        }
        let rows = store::decisions::hands(&mut tx, id).await?;
        let roll = store::decisions::roll_size(&mut tx, id).await?;
        let hands = Hands::of(rows.iter().map(|h| h.hand));
        let verdict = hands.verdict(head.pass_rule, head.quorum, roll);
        let tallies = if see_hands {
            Some([Hand::Ok, Hand::NotSure, Hand::NotOk].map(|hand| {
                let those: Vec<_> = rows.iter().filter(|h| h.hand == hand).collect();
                ShownCount::of_names(&those)
            }))
        } else {
            let groups = store::decisions::groups_of(&mut tx, workspace).await?;
            let threshold = crate::reports::threshold(&mut tx, groups.iter().map(|g| (g.kind, g.threshold))).await?;
            threshold.show_tallies([hands.ok, hands.not_sure, hands.not_ok])
        };
        let numbers = tallies.map(|tallies| Numbers {
            tallies,
            percents: ShownCount::percents(tallies),
            rule_met: hands.passes(head.pass_rule),
            quorate: hands.quorate(head.quorum, roll),
        });
        let verdict = match verdict {
            // That hardly anybody took part is a number too.
            Verdict::TooFew if numbers.is_none() => Verdict::NotPassed,
            other => other,
        };
        // An outcome of an earlier vote on the same design says nothing about this one.
        let outcome = match design {
            Some(design) => store::actions::outcome(&mut tx, domain::ids::DesignId(design))
                .await?
                .filter(|o| o.decision_id == Some(id.0))
                .map(OutcomeView::from),
            None => None,
        };
        let hands = see_hands.then(|| lines(who, may_check, rows));
        Ok(ResultPage { head, verdict: Some(verdict), numbers, hands, outcome })
    }
}
