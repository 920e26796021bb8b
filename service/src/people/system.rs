//! What the command line does with people. Whoever can run it owns the database already, so no policy is asked; every act
//! stands in the audit log as the system's.

use domain::access::Verb;
use domain::groups::GroupRole;
use domain::ids::PersonId;
use domain::people::Role;
use domain::words::{DisplayName, SignInName};

use super::cards::below;
use super::plain_words::WORDS;
use super::{PrintedCard, taken};
use crate::audit::{self, Act};
use crate::{Chance, Problems, Refused, Service};

/// A password to be changed at the first sign-in: four words, 40 bits and more.
fn one_time_password(chance: &dyn Chance) -> String {
    [(); 4].map(|()| WORDS[below(chance, WORDS.len())]).join("-")
}

impl Service {
    /// Whether anybody in the house has or had a card, which only its keys open.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn has_cards(&self) -> Result<bool, Refused> {
        let mut tx = self.store().read().await?;
        Ok(store::people::is_any_card(&mut tx).await?)
    }

    /// Makes an administrator who signs in with `sign_in` and whom others see as `display`, and gives the password they use
    /// once.
    ///
    /// # Errors
    /// [`Refused::Invalid`]: on `name` or `display` when it cannot be one, on `sign_in_name` (`taken`) when somebody has it.
    pub async fn system_administrator(&self, sign_in: &str, display: &str) -> Result<String, Refused> {
        let mut problems = Problems::new();
        let display = problems.take("display", DisplayName::parse(display));
        let sign_in = problems.take("name", SignInName::parse(sign_in));
        let (Some(display), Some(sign_in)) = (display, sign_in) else { return Err(Refused::Invalid(problems)) };
        let password = one_time_password(self.world().chance.as_ref());
        let hash = self.passwords().hash(password.clone(), self.world().chance.as_ref()).await?;
        let id: PersonId = self.new_id();
        let mut tx = self.store().write().await?;
        let person = store::people::NewPerson {
            id,
            name: display.as_str(),
            role: Role::Administrator,
            sign_in: Some((sign_in.as_str(), sign_in.key())),
            password: Some(&hash),
            must_change: true,
            team: "",
            made_at: self.now(),
        };
        store::people::insert(&mut tx, &person).await.map_err(taken)?;
        let act = Act {
            verb: audit::verb(Verb::MakeStaff),
            kind: "person",
            id: &id.to_string(),
            detail: "role=administrator",
        };
        audit::note_system(&mut tx, self.now(), act).await?;
        tx.commit().await?;
        Ok(password)
    }

    /// Makes a young person with a card in the group at `slug`.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when there is no such group; [`Refused::Invalid`] when the name cannot be one.
    pub async fn system_card(&self, slug: &str, name: &str) -> Result<PrintedCard, Refused> {
        let mut problems = Problems::new();
        let now = self.now();
        let mut tx = self.store().write().await?;
        let Some(name) = super::names::take(&mut tx, &mut problems, false, name).await? else {
            return Err(Refused::Invalid(problems));
        };
        let Some(group) = store::groups::find_by_slug(&mut tx, slug).await? else { return Err(Refused::Unknown) };
        let id: PersonId = self.new_id();
        let person = store::people::NewPerson {
            id,
            name: name.as_str(),
            role: Role::YoungPerson,
            sign_in: None,
            password: None,
            must_change: false,
            team: "",
            made_at: now,
        };
        store::people::insert(&mut tx, &person).await?;
        store::groups::join(&mut tx, group.id, id, GroupRole::Member, now).await?;
        let card = self.new_card(&mut tx, id, name.as_str(), None).await?;
        let (person, group) = (id.to_string(), group.id.to_string());
        let added = format!("added={person} role=member");
        for (verb, kind, id, detail) in [
            (Verb::MakePerson, "person", person.as_str(), "role=young-person"),
            (Verb::ManageMembers, "group", group.as_str(), added.as_str()),
            (Verb::ChangePerson, "person", person.as_str(), "card"),
        ] {
            let act = Act { verb: audit::verb(verb), kind, id, detail };
            audit::note_system(&mut tx, now, act).await?;
        }
        tx.commit().await?;
        Ok(card)
    }

    /// The ends of the addresses of groups that have no worker who can sign in.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn groups_without_worker(&self) -> Result<Vec<String>, Refused> {
        let mut tx = self.store().read().await?;
        let mut out = Vec::new();
        for group in store::groups::all(&mut tx).await? {
            if store::groups::other_workers(&mut tx, group.id, PersonId(uuid::Uuid::nil())).await?.is_none() {
                out.push(group.slug);
            }
        }
        Ok(out)
    }

    /// Makes somebody on the staff, who signs in as `name`, a worker of the group at `slug`, which has no worker left who can
    /// sign in. Gives the name that others see.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when there is no such group; [`Refused::MovedOn`] (`has-worker`) when it has a worker, who adds
    /// others; [`Refused::Invalid`] on `name` (`choose`, `worker-staff`) when nobody on the staff signs in with it.
    pub async fn system_worker(&self, slug: &str, name: &str) -> Result<String, Refused> {
        let mut tx = self.store().write().await?;
        let Some(group) = store::groups::find_by_slug(&mut tx, slug).await? else { return Err(Refused::Unknown) };
        store::groups::hold(&mut tx, group.id).await?;
        let members = store::groups::members(&mut tx, group.id).await?;
        if members.iter().any(|m| m.active && m.group_role == GroupRole::Worker) {
            return Err(Refused::MovedOn("has-worker"));
        }
        let Ok(sign_in) = SignInName::parse(name) else { return Err(Refused::invalid("name", "choose")) };
        let Some(found) = store::people::find_by_key(&mut tx, sign_in.key()).await? else {
            return Err(Refused::invalid("name", "choose"));
        };
        let person = found.id;
        let Some(row) = store::people::find(&mut tx, person).await?.filter(|p| p.active && p.role.is_staff()) else {
            return Err(Refused::invalid("name", "worker-staff"));
        };
        let inside = members.iter().any(|m| m.person_id == person);
        if inside {
            store::groups::set_role(&mut tx, group.id, person, GroupRole::Worker).await?;
        } else {
            store::groups::join(&mut tx, group.id, person, GroupRole::Worker, self.now()).await?;
        }
        let detail = format!("{}={person} role=worker", if inside { "changed" } else { "added" });
        let id = group.id.to_string();
        let act = Act { verb: audit::verb(Verb::ManageMembers), kind: "group", id: &id, detail: &detail };
        audit::note_system(&mut tx, self.now(), act).await?;
        tx.commit().await?;
        Ok(row.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::SystemChance;

    #[test]
    fn the_list_has_a_thousand_short_words_each_once() {
        assert!(WORDS.len() >= 1000);
        assert!(WORDS.windows(2).all(|w| w[0] < w[1]));
        assert!(WORDS.iter().all(|w| (3..=8).contains(&w.len()) && w.bytes().all(|b| b.is_ascii_lowercase())));
    }

    #[test]
    fn one_time_passwords_are_four_plain_words_and_pass_the_rule_for_passwords() {
        let password = one_time_password(&SystemChance);
        assert_eq!(password.split('-').count(), 4);
        assert!(crate::access::check_new_password(&password, &["Alex"]).is_ok());
        assert_ne!(password, one_time_password(&SystemChance));
    }
}
