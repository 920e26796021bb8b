//! Designs on somebody's own device, to be read and written without a line (docs/DECISIONS/0021).

use domain::access::{Answer, Verb, may};
use domain::ids::DesignId;
use store::workspaces::Thing;

use super::words_open;
use crate::access::Visit;
use crate::rights::allow_thing;
use crate::{Refused, Service};

/// What somebody can do with a design on their device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Read it.
    Reads,
    /// Write in it too.
    Writes,
}

impl Keep {
    /// As it is told to the browser.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Writes => "writes",
        }
    }
}

impl Service {
    /// Whether a design is kept on the device of somebody who opens it: they asked for it, nobody else uses the device, and no
    /// hidden group minds. Nothing is asked of the database for those who did not ask for it.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of the design.
    pub async fn keep_on_device(&self, visit: &Visit, design: DesignId) -> Result<Option<Keep>, Refused> {
        if visit.session.is_none_or(|session| !session.keeps || session.shared) {
            return Ok(None);
        }
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, &visit.who, Verb::ReadWork, Thing::Design(design)).await?;
        if store::designs::stays_here(&mut tx, design).await? {
            return Ok(None);
        }
        let row = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let writes = may(&visit.who, Verb::WriteSection, &place) == Answer::Yes;
        Ok(Some(if writes && words_open(row.stage, row.paused).is_ok() { Keep::Writes } else { Keep::Reads }))
    }
}
