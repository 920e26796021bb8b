//! Live news: what somebody may listen to.

use domain::access::{Answer, Verb, Who, may};
use domain::ids::{DecisionId, DesignId};
use store::workspaces::Thing;

use crate::news::Event;
use crate::rights::allow_thing;
use crate::{Refused, Service};

/// Something that can be listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The comments, the words and the stage of a design.
    Design(DesignId),
    /// A decision.
    Decision(DecisionId),
}

/// A subject as one listener may hear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ear {
    /// What it is about.
    pub subject: Subject,
    /// They may see each hand of it.
    pub hands: bool,
}

impl Ear {
    /// Whether an event is for this listener.
    pub fn hears(self, event: Event) -> bool {
        match event {
            Event::Comments { design } | Event::Design { design } => self.subject == Subject::Design(design),
            Event::Decision { decision } => self.subject == Subject::Decision(decision),
            Event::Hands { decision } => self.hands && self.subject == Subject::Decision(decision),
            Event::Words { .. }
            | Event::Present { .. }
            | Event::Absent { .. }
            | Event::WhoIsHere { .. }
            | Event::Rights { .. }
            | Event::Everybody => false,
            Event::LookAgain => true,
        }
    }
}

/// Most subjects of one stream: the tabs of one browser share it.
pub const MOST_SUBJECTS: usize = 16;

impl Service {
    /// Those of `subjects` that somebody may listen to; refused as the first one is when there is none.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`].
    pub async fn may_listen(&self, who: &Who, subjects: &[Subject]) -> Result<Vec<Ear>, Refused> {
        let mut tx = self.store().read().await?;
        let mut allowed = Vec::new();
        let mut refused = None;
        for subject in subjects.iter().take(MOST_SUBJECTS) {
            let thing = match subject {
                Subject::Design(id) => Thing::Design(*id),
                Subject::Decision(id) => Thing::Decision(*id),
            };
            match allow_thing(&mut tx, who, Verb::ReadWork, thing).await {
                Ok(place) => {
                    let hands = may(who, Verb::SeeHands, &place) == Answer::Yes;
                    allowed.push(Ear { subject: *subject, hands });
                }
                Err(e @ (Refused::Unknown | Refused::NotAllowed)) => refused = refused.or(Some(e)),
                Err(e) => return Err(e),
            }
        }
        if allowed.is_empty() { Err(refused.unwrap_or(Refused::Unknown)) } else { Ok(allowed) }
    }
}
