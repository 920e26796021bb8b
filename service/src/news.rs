//! What just changed, so that open pages can show it. Ids only; whoever listens asks `service` what they may see.

use domain::ids::{DecisionId, DesignId};
use tokio::sync::broadcast;

/// Something changed. Sent after the commit, never before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Event {
    /// The comments of a design.
    Comments {
        /// Which design.
        design: DesignId,
    },
    /// The words or the stage of a design.
    Design {
        /// Which design.
        design: DesignId,
    },
    /// A decision: opened, a hand, voided.
    Decision {
        /// Which decision.
        decision: DecisionId,
    },
    /// Somebody's rights: their open streams must be asked again.
    Rights {
        /// Who.
        person: domain::ids::PersonId,
    },
    /// A group became more hidden: every open stream must be asked again.
    Everybody,
}

/// The news of one instance.
#[derive(Debug)]
pub struct News {
    sender: broadcast::Sender<Event>,
}

impl News {
    pub(crate) fn new() -> Self {
        // A listener that falls this far behind is told to look again for everything.
        Self { sender: broadcast::channel(1024).0 }
    }

    /// Tells everybody on this instance.
    pub fn tell(&self, event: Event) {
        // Nobody listening is fine.
        let _ = self.sender.send(event);
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }
}
