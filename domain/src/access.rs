//! Who may do what: one table, asked by every function of `service` and by pages that decide what to show.

mod policy;

pub use policy::{Answer, Grant, Place, Reach, Rule, TABLE, Verb, may};

use crate::groups::GroupRole;
use crate::ids::{GroupId, PersonId, SessionId};
use crate::people::Role;

/// Who is asking: nobody known, or a person with a role and the groups they are in.
///
/// Loaded afresh for every request, so that a change of role or group takes effect at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Who {
    person: Option<Known>,
    session: Option<SessionId>,
}

/// The person behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Their id.
    pub id: PersonId,
    /// The name others see.
    pub name: String,
    /// What they are in the organisation.
    pub role: Role,
    /// Their groups, each with their role in it.
    pub groups: Vec<(GroupId, GroupRole)>,
}

impl Who {
    /// Somebody who has not signed in.
    pub const fn nobody() -> Self {
        Self { person: None, session: None }
    }

    /// Somebody who has.
    pub const fn known(person: Known) -> Self {
        Self { person: Some(person), session: None }
    }

    /// The same person, by this session: what they write is refused once it has ended.
    #[must_use]
    pub const fn by(mut self, session: SessionId) -> Self {
        self.session = Some(session);
        self
    }

    /// The session they came by; none for those whom a command speaks for.
    pub const fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// The person, if signed in.
    pub const fn person(&self) -> Option<&Known> {
        self.person.as_ref()
    }

    /// The person's id, if signed in.
    pub fn id(&self) -> Option<PersonId> {
        self.person.as_ref().map(|p| p.id)
    }

    /// The role in the organisation, if signed in.
    pub fn role(&self) -> Option<Role> {
        self.person.as_ref().map(|p| p.role)
    }

    /// Their role in one group, if they are in it.
    pub fn role_in(&self, group: GroupId) -> Option<GroupRole> {
        self.person.as_ref()?.groups.iter().find(|(g, _)| *g == group).map(|(_, r)| *r)
    }
}
