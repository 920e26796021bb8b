//! Groups: seeing them, making them, who is in them.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::groups::{GroupColour, GroupKind};
use domain::ids::GroupId;

use crate::{Refused, Service};

/// A group as a card in a list.
#[derive(Debug, Clone)]
pub struct GroupCard {
    /// Its id.
    pub id: GroupId,
    /// Its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Its kind.
    pub kind: GroupKind,
    /// Its colour and pattern.
    pub colour: GroupColour,
    /// Its symbol.
    pub symbol: String,
}

impl Service {
    /// The groups somebody may know of, by name. One query.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn list_groups(&self, who: &Who) -> Result<Vec<GroupCard>, Refused> {
        let mut tx = self.store().read().await?;
        let rows = store::groups::all(&mut tx).await?;
        Ok(rows
            .into_iter()
            .filter(|g| may(who, Verb::SeeGroup, &Place::of(vec![(g.id, g.visibility)])) == Answer::Yes)
            .map(|g| GroupCard {
                id: g.id,
                slug: g.slug,
                name: g.name,
                purpose: g.purpose,
                kind: g.kind,
                colour: g.colour,
                symbol: g.symbol,
            })
            .collect())
    }
}
