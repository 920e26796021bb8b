//! People: the list, making them, correcting and moving them, their cards. What somebody does with their own account is
//! in [`my_data`]; what the command line does is in [`system`].

mod cards;
pub mod my_data;
pub mod names;
mod plain_words;
pub mod system;

use domain::access::{Answer, Place, Verb, Who, may};
use domain::groups::GroupRole;
use domain::ids::{FormId, GroupId, PersonId};
use domain::moment::Moment;
use domain::people::Role;
use domain::words::SignInName;
use store::people::PersonRow;
use store::{StoreError, Tx};

pub use cards::{CardMade, PrintedCard};

use crate::access::new_password_problems;
use crate::audit::{self, Act};
use crate::news::Event;
use crate::rights::allow;
use crate::{Problems, Refused, Service};

/// One line of the list of people.
#[derive(Debug, Clone)]
pub struct PersonLine {
    /// Their id.
    pub id: PersonId,
    /// The name others see.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Their team, or empty.
    pub team: String,
    /// May sign in.
    pub active: bool,
}

/// How somebody's card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardState {
    /// When it was made.
    pub made_at: Moment,
    /// When it was first used.
    pub first_used_at: Option<Moment>,
    /// After too many wrong tries it opens nothing.
    pub locked: bool,
}

/// One person, for those who look after people.
#[derive(Debug, Clone)]
pub struct PersonView {
    /// Who it is.
    pub line: PersonLine,
    /// Staff: the name they sign in with.
    pub sign_in_name: Option<String>,
    /// Whether they must choose a new password at their next sign-in.
    pub must_change: bool,
    /// When they were last here, to the minute.
    pub seen_at: Option<Moment>,
    /// Their living card.
    pub card: Option<CardState>,
    /// The viewer may correct the name, switch off and on.
    pub may_change: bool,
    /// The roles the viewer may give them; empty when none.
    pub roles: Vec<Role>,
    /// The viewer may set a new first password.
    pub may_reset: bool,
    /// The viewer may make a card.
    pub may_card: bool,
}

/// A group somebody may put new people into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorksIn {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

/// What the page for making a person needs.
#[derive(Debug, Clone)]
pub struct NewPersonView {
    /// The roles the viewer may give.
    pub roles: Vec<Role>,
    /// The groups the viewer works in.
    pub groups: Vec<WorksIn>,
}

/// What was typed to make a person.
#[derive(Debug, Clone, Copy)]
pub struct NewPerson<'a> {
    /// The name others see.
    pub name: &'a str,
    /// What they are.
    pub role: &'a str,
    /// Their team, or empty.
    pub team: &'a str,
    /// Staff: what they will type to sign in.
    pub sign_in_name: &'a str,
    /// Staff: a first password, which they must change.
    pub password: &'a str,
    /// Not staff: a group the maker works in, or empty.
    pub group: &'a str,
    /// Not staff: make the card at once.
    pub card: bool,
}

/// What was typed to change a role.
#[derive(Debug, Clone, Copy)]
pub struct NewRole<'a> {
    /// The role.
    pub role: &'a str,
    /// Their team, or empty.
    pub team: &'a str,
    /// Who becomes staff: what they will type to sign in.
    pub sign_in_name: &'a str,
    /// Who becomes staff: a first password, which they must change.
    pub password: &'a str,
}

/// A person that was made.
#[derive(Debug)]
pub struct Made {
    /// Their id.
    pub id: PersonId,
    /// Their card, when one was asked for; never a second time.
    pub card: Option<PrintedCard>,
}

/// The longest name of a team.
const TEAM: usize = 80;

fn line_of(row: PersonRow) -> PersonLine {
    PersonLine { id: row.id, name: row.name, role: row.role, team: row.team, active: row.active }
}

/// What it takes to change somebody with this role.
const fn verb_for(role: Role) -> Verb {
    if role.is_staff() { Verb::MakeStaff } else { Verb::ChangePerson }
}

fn roles_for(who: &Who) -> Vec<Role> {
    let yes = |verb| may(who, verb, &Place::house()) == Answer::Yes;
    let (staff, others) = (yes(Verb::MakeStaff), yes(Verb::MakePerson));
    Role::ALL.iter().copied().filter(|r| if r.is_staff() { staff } else { others }).collect()
}

fn team(problems: &mut Problems, typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.is_empty() { Some(String::new()) } else { problems.take("team", domain::words::line(typed, TEAM)) }
}

/// The sign-in name and first password of somebody who becomes staff.
fn staff_fields(problems: &mut Problems, name: &str, sign_in: &str, password: &str) -> Option<SignInName> {
    let parsed = problems.take("sign_in_name", SignInName::parse(sign_in));
    problems.0.extend(new_password_problems(password, &[name, sign_in]).0);
    parsed
}

fn taken(e: StoreError) -> Refused {
    match e {
        StoreError::Taken(name) if name.contains("sign_in_key") => Refused::invalid("sign_in_name", "taken"),
        other => other.into(),
    }
}

/// Somebody, if `who` may change people like them. First the list's own right, then one query, then the right that their
/// role asks for.
async fn changeable(tx: &mut Tx, who: &Who, id: PersonId) -> Result<PersonRow, Refused> {
    allow(who, Verb::ListPeople, &Place::house())?;
    let Some(row) = store::people::find(tx, id).await? else { return Err(Refused::Unknown) };
    allow(who, verb_for(row.role), &Place::house())?;
    Ok(row)
}

/// The last administrator who can sign in stays one.
async fn not_the_last(tx: &mut Tx, row: &PersonRow, field: &str) -> Result<(), Refused> {
    if row.role != Role::Administrator || !row.active {
        return Ok(());
    }
    store::people::hold_administrators(tx).await?;
    if !store::people::administrators(tx).await?.at_least(2) {
        return Err(Refused::invalid(field, "last-administrator"));
    }
    Ok(())
}

impl Service {
    /// Everybody with an account, by name. One query.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to those who do not look after people.
    pub async fn list_people(&self, who: &Who) -> Result<Vec<PersonLine>, Refused> {
        allow(who, Verb::ListPeople, &Place::house())?;
        let mut tx = self.store().read().await?;
        Ok(store::people::all(&mut tx).await?.into_iter().map(line_of).collect())
    }

    /// One person, with what the viewer may do for them. Four queries.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to those who do not look after people; [`Refused::Unknown`] for nobody.
    pub async fn person(&self, who: &Who, id: PersonId) -> Result<PersonView, Refused> {
        allow(who, Verb::ListPeople, &Place::house())?;
        let mut tx = self.store().read().await?;
        let Some(row) = store::people::find(&mut tx, id).await? else { return Err(Refused::Unknown) };
        let card = store::access::card_of(&mut tx, id).await?;
        let may_card = cards::may_make(&mut tx, who, id, self.now()).await?.is_some();
        let may_change = may(who, verb_for(row.role), &Place::house()) == Answer::Yes;
        let staff = row.role.is_staff();
        Ok(PersonView {
            sign_in_name: row.sign_in_name.clone().filter(|_| may_change),
            must_change: row.must_change,
            seen_at: row.seen_at.map(Moment),
            card: card.map(|c| CardState {
                made_at: c.made_at,
                first_used_at: c.first_used_at.map(Moment),
                locked: c.tries >= domain::people::CARD_TRIES,
            }),
            may_change,
            roles: if may_change { roles_for(who) } else { Vec::new() },
            may_reset: may_change && staff && who.id() != Some(id),
            may_card: may_change && !staff && may_card,
            line: line_of(row),
        })
    }

    /// What the page for making a person needs. One query.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to those who may not make anybody.
    pub async fn new_person_view(&self, who: &Who) -> Result<NewPersonView, Refused> {
        allow(who, Verb::MakePerson, &Place::house())?;
        let mut tx = self.store().read().await?;
        let groups = store::groups::all(&mut tx)
            .await?
            .into_iter()
            .filter(|g| may(who, Verb::ManageMembers, &Place::of(vec![(g.id, g.visibility)])) == Answer::Yes)
            .map(|g| WorksIn { id: g.id, name: g.name })
            .collect();
        Ok(NewPersonView { roles: roles_for(who), groups })
    }

    /// Makes a person; staff with a sign-in name and a first password, others with a card when asked, in a group when
    /// chosen.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] when `who` may not make somebody with that role; [`Refused::Invalid`] with each wrong
    /// field; [`Refused::Unknown`] for a group they may not put people into.
    pub async fn make_person(&self, who: &Who, form: FormId, typed: NewPerson<'_>) -> Result<Made, Refused> {
        allow(who, Verb::MakePerson, &Place::house())?;
        let mut problems = Problems::new();
        let role = problems.choice::<Role>("role", typed.role);
        let staff = role.is_some_and(Role::is_staff);
        if staff {
            allow(who, Verb::MakeStaff, &Place::house())?;
        }
        let name = names::take(&mut self.store().read().await?, &mut problems, staff, typed.name).await?;
        let team = team(&mut problems, typed.team);
        // In the order of the page.
        problems.0.sort_by_key(|p| ["name", "role", "team"].iter().position(|field| p.field == *field));
        let sign_in =
            staff.then(|| staff_fields(&mut problems, typed.name, typed.sign_in_name, typed.password)).flatten();
        let group = match typed.group {
            "" => None,
            _ if staff => None,
            id => problems.choice::<GroupId>("group", id),
        };
        problems.check()?;
        let (Some(name), Some(role), Some(team)) = (name, role, team) else {
            return Err(Refused::invalid("name", "empty"));
        };
        let hash = match staff {
            true => Some(self.passwords().hash(typed.password.to_owned(), self.world().chance.as_ref()).await?),
            false => None,
        };
        let mut tx = self.write_as(who).await?;
        if let Some(group) = group {
            let Some(row) = store::groups::find(&mut tx, group).await? else { return Err(Refused::Unknown) };
            allow(who, Verb::ManageMembers, &Place::of(vec![(row.id, row.visibility)]))?;
        }
        if let Some(made) = crate::access::before(&mut tx, form).await? {
            return Ok(Made { id: made.ok_or(Refused::MovedOn("sent-twice"))?.into(), card: None });
        }
        let now = self.now();
        let id: PersonId = self.new_id();
        let person = store::people::NewPerson {
            id,
            name: name.as_str(),
            role,
            sign_in: sign_in.as_ref().map(|s| (s.as_str(), s.key())),
            password: hash.as_deref(),
            must_change: staff,
            team: &team,
            made_at: now,
        };
        store::people::insert(&mut tx, &person).await.map_err(taken)?;
        let verb = if staff { Verb::MakeStaff } else { Verb::MakePerson };
        self.note_person(&mut tx, who, verb, id, &format!("role={role}")).await?;
        if let Some(group) = group {
            store::groups::join(&mut tx, group, id, first_group_role(role), now).await?;
            let act = Act {
                verb: audit::verb(Verb::ManageMembers),
                kind: "group",
                id: &group.to_string(),
                detail: &format!("added={id} role={}", first_group_role(role)),
            };
            audit::note(&mut tx, now, who, act).await?;
        }
        let card = match typed.card && !staff {
            true => {
                self.note_person(&mut tx, who, Verb::ChangePerson, id, "card").await?;
                Some(self.new_card(&mut tx, id, name.as_str(), who.id()).await?)
            }
            false => None,
        };
        crate::access::done(&mut tx, form, Some(id.0), now).await?;
        tx.commit().await?;
        Ok(Made { id, card })
    }

    /// Corrects somebody's display name. It stands everywhere with the next request.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`], [`Refused::Unknown`], or [`Refused::Invalid`] for a name that cannot be one.
    pub async fn correct_name(&self, who: &Who, id: PersonId, name: &str) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let row = changeable(&mut tx, who, id).await?;
        let mut problems = Problems::new();
        let name = names::take(&mut tx, &mut problems, row.role.is_staff(), name).await?;
        let Some(name) = name else { return Err(Refused::Invalid(problems)) };
        if row.name == name.as_str() {
            return Ok(());
        }
        store::people::set_name(&mut tx, id, name.as_str()).await?;
        self.note_person(&mut tx, who, verb_for(row.role), id, "name").await?;
        tx.commit().await?;
        self.news().tell(Event::Rights { person: id });
        Ok(())
    }

    /// Gives somebody another role or team, at once: their sessions end. Who becomes staff gets a sign-in name and a
    /// first password and loses their card; who stops being staff loses both, and only reads in groups they worked in.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] unless `who` may change both the old and the new role; [`Refused::Invalid`] with each wrong
    /// field, or when the last administrator would be gone. `false`: they have this role and this team already.
    pub async fn change_role(&self, who: &Who, id: PersonId, typed: NewRole<'_>) -> Result<bool, Refused> {
        allow(who, Verb::ListPeople, &Place::house())?;
        let mut problems = Problems::new();
        let role = problems.choice::<Role>("role", typed.role);
        let team = team(&mut problems, typed.team);
        // Hashing takes a while: it is done before the database's one writer is taken, and only for those who may.
        let staff = role.is_some_and(Role::is_staff);
        if staff {
            allow(who, Verb::MakeStaff, &Place::house())?;
        }
        let hash = match staff && !typed.password.is_empty() {
            true => Some(self.passwords().hash(typed.password.to_owned(), self.world().chance.as_ref()).await?),
            false => None,
        };
        let mut tx = self.write_as(who).await?;
        let row = changeable(&mut tx, who, id).await?;
        let becomes_staff = staff && row.sign_in_name.is_none();
        let sign_in =
            becomes_staff.then(|| staff_fields(&mut problems, &row.name, typed.sign_in_name, typed.password)).flatten();
        problems.check()?;
        let (Some(role), Some(team)) = (role, team) else { return Err(Refused::invalid("role", "choose")) };
        if role != Role::Administrator {
            not_the_last(&mut tx, &row, "role").await?;
        }
        // Nothing is another: nobody is signed out for it.
        if row.role == role && row.team == team {
            return Ok(false);
        }
        let now = self.now();
        store::people::set_role(&mut tx, id, role, &team).await?;
        if let Some(sign_in) = &sign_in {
            let names = Some((sign_in.as_str(), sign_in.key()));
            store::people::set_sign_in(&mut tx, id, names, hash.as_deref(), true).await.map_err(taken)?;
            store::access::end_cards(&mut tx, id, now).await?;
        }
        if row.role.is_staff() && !role.is_staff() {
            store::people::set_sign_in(&mut tx, id, None, None, false).await?;
            store::groups::no_longer_worker(&mut tx, id).await?;
        }
        let verb = if role.is_staff() || row.role.is_staff() { Verb::MakeStaff } else { Verb::ChangePerson };
        self.note_person(&mut tx, who, verb, id, &format!("role={role}")).await?;
        self.end_everything(tx, id).await?;
        Ok(true)
    }

    /// Lets somebody sign in again, or not any more, at once: their sessions end.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`], [`Refused::Unknown`], or [`Refused::Invalid`] for the last administrator.
    pub async fn set_active(&self, who: &Who, id: PersonId, active: bool) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let row = changeable(&mut tx, who, id).await?;
        if !active {
            not_the_last(&mut tx, &row, "active").await?;
        } else if who.id() == Some(id) {
            // Whoever asks is on. Were they switched off this very moment, nobody brings themselves back.
            return Ok(());
        }
        if row.active == active {
            return Ok(());
        }
        store::people::set_active(&mut tx, id, active).await?;
        self.note_person(&mut tx, who, verb_for(row.role), id, if active { "active=on" } else { "active=off" }).await?;
        self.end_everything(tx, id).await
    }

    /// Gives a member of staff a new first password, which they must change; their sessions end. Never one's own: that is
    /// done in my data, with the old one.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to everybody but another administrator; [`Refused::Invalid`] for a password that will not
    /// do.
    pub async fn reset_password(&self, who: &Who, id: PersonId, password: &str) -> Result<(), Refused> {
        allow(who, Verb::MakeStaff, &Place::house())?;
        if who.id() == Some(id) {
            return Err(Refused::NotAllowed);
        }
        let mut tx = self.store().read().await?;
        let row = changeable(&mut tx, who, id).await?;
        drop(tx);
        let Some(sign_in) = row.sign_in_name.filter(|_| row.role.is_staff()) else { return Err(Refused::Unknown) };
        new_password_problems(password, &[&row.name, &sign_in]).check()?;
        let hash = self.passwords().hash(password.to_owned(), self.world().chance.as_ref()).await?;
        let mut tx = self.write_as(who).await?;
        // Asked again: hashing took a while, and somebody may have changed them meanwhile.
        let row = changeable(&mut tx, who, id).await?;
        if !row.role.is_staff() {
            return Err(Refused::Unknown);
        }
        store::people::set_password(&mut tx, id, &hash, true).await?;
        self.note_person(&mut tx, who, Verb::MakeStaff, id, "password").await?;
        self.end_everything(tx, id).await
    }

    /// The end of every change of rights: their sessions end with it, and open pages are told.
    async fn end_everything(&self, mut tx: Tx, person: PersonId) -> Result<(), Refused> {
        store::access::end_all_sessions(&mut tx, person).await?;
        tx.commit().await?;
        self.news().tell(Event::Rights { person });
        Ok(())
    }

    pub(crate) async fn note_person(
        &self,
        tx: &mut Tx,
        who: &Who,
        verb: Verb,
        id: PersonId,
        detail: &str,
    ) -> Result<(), Refused> {
        let act = Act { verb: audit::verb(verb), kind: "person", id: &id.to_string(), detail };
        audit::note(tx, self.now(), who, act).await
    }
}

/// What somebody is in the group they are put into when they are made.
const fn first_group_role(role: Role) -> GroupRole {
    match role {
        Role::Supporter => GroupRole::Observer,
        _ => GroupRole::Member,
    }
}
