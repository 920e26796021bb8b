//! Pausing writing: a worker stops it in one press while they look at the words, and lets it go on in another. What somebody
//! types meanwhile is refused with every word kept; reading and commenting go on.

use domain::access::{Verb, Who};
use domain::ids::DesignId;

use super::open;
use crate::audit::Act;
use crate::news::Event;
use crate::{Refused, Service, audit};

impl Service {
    /// Pauses writing in a design, or (`paused` false) lets it go on. To press twice is to press once.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for whoever is no worker of its groups; [`Refused::MovedOn`] (`words-locked`) where nobody
    /// can write anyway.
    pub async fn pause_writing(&self, who: &Who, design: DesignId, paused: bool) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        open(&mut tx, who, Verb::PauseWriting, design).await?;
        let held = store::designs::hold(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        if paused && !held.stage.words_open() {
            return Err(Refused::MovedOn("words-locked"));
        }
        if held.paused == paused {
            return Ok(());
        }
        let now = self.now();
        store::designs::set_paused(&mut tx, design, paused.then_some(now)).await?;
        let detail = if paused { "writing paused" } else { "writing goes on" };
        let act = Act { verb: audit::verb(Verb::PauseWriting), kind: "design", id: &design.to_string(), detail };
        audit::note(&mut tx, now, who, act).await?;
        self.commit_and_tell(tx, Event::Design { design }).await
    }
}
