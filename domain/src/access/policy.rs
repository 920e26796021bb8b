//! The policy table. Each row says how far a thing reaches ([`Reach`]) and who may do the verb ([`Grant`]).

use super::Who;
use crate::groups::{GroupRole, Visibility};
use crate::ids::{GroupId, PersonId};
use crate::people::Role;

/// What is being touched: the groups it belongs to, and whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The groups; a workspace of several is as hidden as its most hidden one. Empty: the whole organisation.
    pub groups: Vec<(GroupId, Visibility)>,
    /// Who wrote or owns it, where the verb asks.
    pub author: Option<PersonId>,
}

impl Place {
    /// The whole organisation: settings, people, the public list of what was done.
    pub const fn house() -> Self {
        Self { groups: Vec::new(), author: None }
    }

    /// A thing in these groups.
    pub const fn of(groups: Vec<(GroupId, Visibility)>) -> Self {
        Self { groups, author: None }
    }

    /// The same place, with whose thing it is.
    #[must_use]
    pub fn by(mut self, author: Option<PersonId>) -> Self {
        self.author = author;
        self
    }

    /// The most hidden visibility of its groups.
    pub fn visibility(&self) -> Visibility {
        self.groups.iter().map(|(_, v)| *v).max().unwrap_or(Visibility::Open)
    }
}

/// From how far away a thing may be known of at all. Outside its reach the answer is [`Answer::Unknown`]: 404.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Not about a group: everybody knows that it exists (`/settings`).
    House,
    /// The group itself: known unless the group is hidden.
    Name,
    /// What is inside: known to outsiders only where the group is open.
    Content,
    /// Known only to those in the group, whatever its visibility (who is in it, what is held).
    Inside,
}

/// Who may do a verb within its reach. Grants add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// Anyone within reach, signed in or not.
    Anyone,
    /// Anyone signed in.
    SignedIn,
    /// Whoever wrote or owns it, as long as they are within reach.
    Author,
    /// Somebody with this role in one of its groups.
    In(GroupRole),
    /// Somebody in one of its groups, in any role.
    InAny,
    /// Somebody with this role in the organisation. For a thing of a group: only within reach of what is inside, and not
    /// where they observe.
    Is(Role),
}

/// The answer of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// It exists, and this is not theirs to do: 403, or the sign-in page for somebody not signed in.
    No,
    /// They may not know that it exists: 404.
    Unknown,
}

/// One row: a verb, its reach, and who may.
#[derive(Debug)]
pub struct Rule {
    /// What somebody wants to do.
    pub verb: Verb,
    /// From how far away it may be known of.
    pub reach: Reach,
    /// Who may.
    pub grants: &'static [Grant],
}

macro_rules! table {
    ($($(#[$meta:meta])* $verb:ident: $reach:ident, [$($grant:expr),* $(,)?];)+) => {
        /// Everything a person can want to do, one verb for each use case of `service`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Verb { $($(#[$meta])* $verb),+ }
        impl Verb {
            /// Every verb, in the order of the table.
            pub const ALL: &'static [Verb] = &[$(Verb::$verb),+];
            /// The verb's name as written in the table.
            pub const fn name(self) -> &'static str { match self { $(Verb::$verb => stringify!($verb)),+ } }
        }
        /// The policy. The only place that says who may do what.
        pub const TABLE: &[Rule] = &[$(Rule { verb: Verb::$verb, reach: Reach::$reach, grants: {
            use Grant::*;


            &[$($grant),*]
        } }),+];
    };
}

table! {
    // --- the house -------------------------------------------------------------------------------
    /// Read a page that is for everybody: help, privacy, not safe, you said we did.
    ReadPublic: House, [Anyone];
    /// Use one's own account: my data, my sessions, my password.
    UseOwnAccount: House, [SignedIn];
    /// Read and change the organisation's settings.
    ChangeSettings: House, [Is(Role::Administrator)];
    /// Read the audit log.
    ReadAudit: House, [Is(Role::Administrator)];
    /// See the list of people.
    ListPeople: House, [Is(Role::Administrator), Is(Role::Officer)];
    /// Make a person without a staff role, and their card.
    MakePerson: House, [Is(Role::Administrator), Is(Role::Officer)];
    /// Make a member of staff; give and take roles; reset a password.
    MakeStaff: House, [Is(Role::Administrator)];
    /// Correct a name or deactivate somebody without a staff role.
    ChangePerson: House, [Is(Role::Administrator), Is(Role::Officer)];
    /// Make somebody's card instead of the workers of their groups, where there is none who may ([`Verb::MakeCard`]).
    MakeCardInstead: House, [Is(Role::Administrator)];
    /// Make a group.
    MakeGroup: House, [Is(Role::Administrator), Is(Role::Officer)];
    /// Make, change and take away ways to start a design.
    MakeTemplates: House, [Is(Role::Administrator), Is(Role::Officer)];
    // --- groups ----------------------------------------------------------------------------------
    /// See a group's name and purpose.
    SeeGroup: Name, [Anyone];
    /// See a group's work.
    SeeGroupWork: Content, [Anyone];
    /// See who is in a group, and members' names beside what they wrote.
    SeeMembers: Inside, [InAny];
    /// Change a group's name, purpose, visibility and how words are checked.
    ChangeGroup: Inside, [In(GroupRole::Worker)];
    /// Put people into a group, change their role in it, take them out.
    ManageMembers: Inside, [In(GroupRole::Worker)];
    /// Make a new card for somebody in a group: whoever has it is taken for them, in everything they are in. The place is
    /// those of their groups that both have been in for a while, or that they were made in (docs/DECISIONS/0012).
    MakeCard: Inside, [In(GroupRole::Worker)];
    /// Leave a group.
    LeaveGroup: Inside, [InAny];
    // --- workspaces ------------------------------------------------------------------------------
    /// Read a workspace, its promise, designs, comments, decisions and results.
    ReadWork: Content, [Anyone];
    /// Open a workspace in a group.
    OpenWorkspace: Inside, [In(GroupRole::Lead), In(GroupRole::Worker)];
    /// Write or change the promise.
    WritePromise: Inside, [In(GroupRole::Lead), In(GroupRole::Worker)];
    /// Press agree on the promise.
    AgreePromise: Inside, [In(GroupRole::Member), In(GroupRole::Lead)];
    /// Agree the promise for the group after seven days.
    AgreeForGroup: Inside, [In(GroupRole::Lead)];
    // --- designs ---------------------------------------------------------------------------------
    /// Start a design, add, rename, move and remove its sections, import a document.
    ShapeDesign: Inside, [In(GroupRole::Member), In(GroupRole::Lead), In(GroupRole::Worker)];
    /// Write the words of a section.
    WriteSection: Inside, [In(GroupRole::Member), In(GroupRole::Lead), In(GroupRole::Worker)];
    /// Pause writing in a design, and let it go on.
    PauseWriting: Inside, [In(GroupRole::Worker)];
    /// Take words away for good: out of a design, its versions, its suggestions and everything that is kept of how it came about.
    WipeWords: Inside, [In(GroupRole::Worker)];
    /// Take a picture away for good: whoever put it in, and whoever looks after the group.
    RemovePicture: Inside, [Author, In(GroupRole::Worker)];
    /// Bring an earlier version of a design back: it takes the place of what everybody wrote since.
    RestoreVersion: Inside, [In(GroupRole::Lead), In(GroupRole::Worker)];
    /// See how much of the words young people wrote: what officers answer for.
    SeeShares: Inside, [In(GroupRole::Worker), Is(Role::Officer)];
    /// Move a design to another stage.
    MoveStage: Inside, [In(GroupRole::Lead), In(GroupRole::Worker)];
    /// Suggest a change to a section, and say that one wants what somebody else suggests.
    Suggest: Inside, [In(GroupRole::Member), In(GroupRole::Lead), In(GroupRole::Worker)];
    /// Keep, change or take back one's own suggestion, and make an idea of it that stands for itself.
    EditSuggestion: Inside, [Author];
    /// Decide about suggestions where a lead does.
    DecideAsLead: Inside, [In(GroupRole::Lead)];
    /// Decide about suggestions where an officer does.
    DecideAsOfficer: Inside, [In(GroupRole::Worker)];
    /// Decide about suggestions where two people do who say the same.
    DecideAsTwo: Inside, [In(GroupRole::Member), In(GroupRole::Lead), In(GroupRole::Worker)];
    /// Say who decides about suggestions in a workspace.
    SetDeciders: Inside, [In(GroupRole::Lead), In(GroupRole::Worker)];
    /// Say that something is wrong with the words of a section.
    ReportWords: Content, [SignedIn];
    // --- comments --------------------------------------------------------------------------------
    /// Comment and reply.
    Comment: Inside, [In(GroupRole::Member), In(GroupRole::Lead), In(GroupRole::Worker)];
    /// Edit one's own comment.
    EditComment: Inside, [Author];
    /// Take one's own comment away.
    RemoveComment: Inside, [Author];
    /// See what is held, publish it or take it away.
    CheckWords: Inside, [In(GroupRole::Worker)];
    // --- decisions -------------------------------------------------------------------------------
    /// Open a decision.
    OpenDecision: Inside, [In(GroupRole::Lead), In(GroupRole::Worker)];
    /// Ask to make a decision void, or be the second person who makes it so: always two members of staff.
    VoidDecision: Inside, [In(GroupRole::Worker), Is(Role::Officer)];
    /// Raise a hand, change it until closing.
    RaiseHand: Inside, [In(GroupRole::Member), In(GroupRole::Lead)];
    /// See each hand and reason by name.
    SeeHands: Inside, [InAny];
    // --- actions ---------------------------------------------------------------------------------
    /// Write the outcome of a design.
    WriteOutcome: Inside, [In(GroupRole::Worker), Is(Role::Officer)];
    /// Make an action from an outcome.
    MakeAction: Inside, [In(GroupRole::Worker), Is(Role::Officer)];
    /// Write an update of an action, change its status, its dates and who has it.
    UpdateAction: Inside, [In(GroupRole::Worker), Is(Role::Officer), Author];
    /// Ask those who asked for it whether it worked: whoever may move the design on or has the action.
    AskDidItWork: Inside, [In(GroupRole::Lead), In(GroupRole::Worker), Is(Role::Officer), Author];
    /// Say whether it worked.
    SayDidItWork: Inside, [In(GroupRole::Member), In(GroupRole::Lead)];
}

/// Asks the table: may `who` do `verb` to the thing at `place`?
///
/// A thing somebody may not know of is [`Answer::Unknown`] whatever the verb; otherwise a verb they may not do
/// is [`Answer::No`].
pub fn may(who: &Who, verb: Verb, place: &Place) -> Answer {
    let Some(rule) = TABLE.iter().find(|r| r.verb == verb) else { return Answer::Unknown };
    let roles: Vec<GroupRole> = place.groups.iter().filter_map(|(g, _)| who.role_in(*g)).collect();
    let inside = !roles.is_empty();
    // Whoever only observes a group reads what everybody inside reads, whatever they are in the organisation.
    let observes = rule.reach != Reach::House && inside && roles.iter().all(|r| *r == GroupRole::Observer);
    let visibility = place.visibility();
    let content_known = inside || visibility == Visibility::Open;
    let known = match rule.reach {
        Reach::House => true,
        Reach::Name => inside || visibility != Visibility::Hidden,
        Reach::Content | Reach::Inside => content_known,
    };
    if !known {
        return Answer::Unknown;
    }
    let granted = rule.grants.iter().any(|grant| match grant {
        Grant::Anyone => true,
        Grant::SignedIn => who.id().is_some(),
        Grant::Author => {
            who.id().is_some() && who.id() == place.author && (inside || rule.reach != Reach::Inside || content_known)
        }
        Grant::In(role) => roles.contains(role),
        Grant::InAny => inside,
        Grant::Is(role) => who.role() == Some(*role) && !observes,
    });
    if granted { Answer::Yes } else { Answer::No }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Known;
    use uuid::Uuid;

    fn group(n: u128) -> GroupId {
        GroupId(Uuid::from_u128(n))
    }

    fn person(role: Role, groups: &[(GroupId, GroupRole)]) -> Who {
        Who::known(Known { id: PersonId(Uuid::from_u128(9)), name: "Robin".to_owned(), role, groups: groups.to_vec() })
    }

    #[test]
    fn every_verb_has_exactly_one_row() {
        for verb in Verb::ALL {
            assert_eq!(TABLE.iter().filter(|r| r.verb == *verb).count(), 1, "{}", verb.name());
        }
    }

    #[test]
    fn nothing_of_a_hidden_group_is_known_outside_it_whatever_the_role() {
        let place = Place::of(vec![(group(1), Visibility::Hidden)]);
        for role in Role::ALL {
            let outsider = person(*role, &[(group(2), GroupRole::Worker)]);
            for rule in TABLE.iter().filter(|r| r.reach != Reach::House) {
                assert_eq!(may(&outsider, rule.verb, &place), Answer::Unknown, "{role} {}", rule.verb.name());
            }
        }
    }

    #[test]
    fn a_workspace_is_as_hidden_as_its_most_hidden_group() {
        let place = Place::of(vec![(group(1), Visibility::Open), (group(2), Visibility::Hidden)]);
        assert_eq!(may(&Who::nobody(), Verb::ReadWork, &place), Answer::Unknown);
        let member = person(Role::YoungPerson, &[(group(1), GroupRole::Member)]);
        assert_eq!(may(&member, Verb::ReadWork, &place), Answer::Yes, "members of any of its groups work in it");
    }

    #[test]
    fn outsiders_of_a_members_group_see_its_name_and_not_its_work() {
        let place = Place::of(vec![(group(1), Visibility::Members)]);
        assert_eq!(may(&Who::nobody(), Verb::SeeGroup, &place), Answer::Yes);
        assert_eq!(may(&Who::nobody(), Verb::ReadWork, &place), Answer::Unknown);
    }

    #[test]
    fn an_observer_reads_and_does_nothing() {
        let place = Place::of(vec![(group(1), Visibility::Hidden)]);
        for role in Role::ALL {
            let observer = person(*role, &[(group(1), GroupRole::Observer)]);
            assert_eq!(may(&observer, Verb::ReadWork, &place), Answer::Yes);
            for verb in [Verb::Comment, Verb::RaiseHand, Verb::WriteOutcome, Verb::MakeAction, Verb::VoidDecision] {
                assert_eq!(may(&observer, verb, &place), Answer::No, "{role} {}", verb.name());
            }
        }
        // In another group of the same work they may be more.
        let both = Place::of(vec![(group(1), Visibility::Hidden), (group(2), Visibility::Hidden)]);
        let officer = person(Role::Officer, &[(group(1), GroupRole::Observer), (group(2), GroupRole::Worker)]);
        assert_eq!(may(&officer, Verb::WriteOutcome, &both), Answer::Yes);
    }

    #[test]
    fn an_author_who_left_a_hidden_group_cannot_reach_what_they_wrote() {
        let author = PersonId(Uuid::from_u128(9));
        let place = Place::of(vec![(group(1), Visibility::Hidden)]).by(Some(author));
        assert_eq!(may(&person(Role::YoungPerson, &[]), Verb::EditComment, &place), Answer::Unknown);
    }
}
