//! The one door to the policy table. Every use case comes through here before it does anything.

use domain::access::{Answer, Known, Place, Verb, Who, may};
use domain::ids::WorkspaceId;
use store::Tx;
use store::workspaces::Thing;

use crate::{Refused, Service};

/// Asks the table.
///
/// # Errors
/// [`Refused::Unknown`] or [`Refused::NotAllowed`].
pub fn allow(who: &Who, verb: Verb, place: &Place) -> Result<(), Refused> {
    match may(who, verb, place) {
        Answer::Yes => Ok(()),
        Answer::No => Err(Refused::NotAllowed),
        Answer::Unknown => Err(Refused::Unknown),
    }
}

/// The place of a thing in a workspace, with one query.
///
/// # Errors
/// [`Refused::Unknown`] when there is no such thing.
pub async fn place_of(tx: &mut Tx, thing: Thing) -> Result<Place, Refused> {
    let groups = store::workspaces::place(tx, thing).await?;
    if groups.is_empty() {
        return Err(Refused::Unknown);
    }
    Ok(Place::of(groups.into_iter().map(|g| (g.id, g.visibility)).collect()))
}

/// The workspace at an address and its place, with one query.
///
/// # Errors
/// [`Refused::Unknown`] when there is none.
pub async fn place_of_slug(tx: &mut Tx, slug: &str) -> Result<(WorkspaceId, Place), Refused> {
    let rows = store::workspaces::place_of_slug(tx, slug).await?;
    let Some(id) = rows.first().map(|r| r.workspace_id) else { return Err(Refused::Unknown) };
    Ok((id, Place::of(rows.into_iter().map(|g| (g.id, g.visibility)).collect())))
}

/// Finds the place of a thing and asks the table, in that order for everything: what is hidden and what does not exist
/// cost the same one query.
///
/// # Errors
/// [`Refused::Unknown`] or [`Refused::NotAllowed`].
pub async fn allow_thing(tx: &mut Tx, who: &Who, verb: Verb, thing: Thing) -> Result<Place, Refused> {
    let place = place_of(tx, thing).await?;
    allow(who, verb, &place)?;
    Ok(place)
}

/// The signed-in person, for use cases that need one.
///
/// # Errors
/// [`Refused::NotAllowed`] when nobody is signed in.
pub fn somebody(who: &Who) -> Result<&domain::access::Known, Refused> {
    who.person().ok_or(Refused::NotAllowed)
}

impl Service {
    /// The transaction in which somebody writes. What was asked of their session before it began may be out of date, so it
    /// is asked again here, in one statement: they may still sign in, and their session lives.
    ///
    /// Every use case that writes for a person begins with it (`tests/structure.rs`).
    ///
    /// # Errors
    /// [`Refused::Ended`] when it is not so any more.
    pub(crate) async fn write_as(&self, who: &Who) -> Result<Tx, Refused> {
        let mut tx = self.store().write().await?;
        if let Some(person) = who.id()
            && !store::access::still_here(&mut tx, person, who.session(), self.now()).await?
        {
            return Err(Refused::Ended);
        }
        Ok(tx)
    }

    /// The transaction in which several people write in one thing at once, who have been writing for a while: for each of
    /// them who they are by their role and their groups of this moment, or why they may not go on.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when there is no such thing, and when the database fails.
    pub(crate) async fn write_as_each(
        &self,
        all: &[Who],
        verb: Verb,
        thing: Thing,
    ) -> Result<(Tx, Vec<Result<Who, Refused>>), Refused> {
        let mut tx = self.store().write().await?;
        let place = place_of(&mut tx, thing).await?;
        let mut out = Vec::with_capacity(all.len());
        for who in all {
            let now = self.as_of_now(&mut tx, who).await;
            out.push(match now {
                Ok(who) => allow(&who, verb, &place).map(|()| who),
                Err(e @ Refused::Ended) => Err(e),
                Err(e) => return Err(e),
            });
        }
        Ok((tx, out))
    }

    /// Somebody with their role and their groups of this moment.
    async fn as_of_now(&self, tx: &mut Tx, who: &Who) -> Result<Who, Refused> {
        let (Some(person), Some(session)) = (who.person(), who.session()) else { return Err(Refused::Ended) };
        let role = store::access::role_now(tx, person.id, session, self.now()).await?;
        let Some(role) = role.and_then(|role| role.parse().ok()) else { return Err(Refused::Ended) };
        let groups = store::access::groups_of(tx, person.id).await?;
        let groups = groups.into_iter().filter_map(|(group, role)| Some((group.into(), role.parse().ok()?))).collect();
        Ok(Who::known(Known { id: person.id, name: person.name.clone(), role, groups }).by(session))
    }
}
