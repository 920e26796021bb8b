//! Groups: seeing them, making them, who is in them.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::comments::Checking;
use domain::groups::{GroupColour, GroupKind, GroupRole, Visibility, known_symbol};
use domain::ids::{FormId, GroupId, PersonId};
use domain::moment::Moment;
use domain::people::Role;
use domain::reports::small_numbers::Threshold;
use domain::words::{GroupName, Sentences, slug_start};
use store::Tx;
use store::groups::GroupRow;

use crate::audit::Act;
use crate::news::Event;
use crate::rights::{allow, somebody};
use crate::workspaces::{WorkspaceCard, cards};
use crate::{Problems, Refused, Service, access, audit};

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
    /// What the person looking is in it, if anything.
    pub my_role: Option<GroupRole>,
}

impl GroupCard {
    pub(crate) fn of(row: GroupRow, who: &Who) -> Self {
        Self {
            my_role: who.role_in(row.id),
            id: row.id,
            slug: row.slug,
            name: row.name,
            purpose: row.purpose,
            kind: row.kind,
            colour: row.colour,
            symbol: row.symbol,
        }
    }
}

/// One person in a group, by name: for those inside only.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub id: PersonId,
    /// The name others see.
    pub name: String,
    /// What they are in the organisation.
    pub role: Role,
    /// What they are in the group.
    pub group_role: GroupRole,
    /// May sign in.
    pub active: bool,
}

/// A group's own page.
#[derive(Debug, Clone)]
pub struct GroupView {
    /// The group.
    pub group: GroupCard,
    /// Where it is, for asking what to show.
    pub place: Place,
    /// Who may know of it.
    pub visibility: Visibility,
    /// Its workspaces, for those who may see its work.
    pub work: Option<Vec<WorkspaceCard>>,
    /// Who is in it, for those inside.
    pub members: Option<Vec<Member>>,
}

/// Somebody who could be put into a group.
#[derive(Debug, Clone)]
pub struct Joinable {
    /// Who.
    pub id: PersonId,
    /// The name others see.
    pub name: String,
    /// What they are in the organisation.
    pub role: Role,
    /// When they were made, to tell two of one name apart.
    pub made_at: Moment,
}

/// The page on which workers manage who is in a group.
#[derive(Debug, Clone)]
pub struct GroupPeople {
    /// The group.
    pub group: GroupCard,
    /// Who is in it.
    pub members: Vec<Member>,
    /// Who could be put into it; `None` for workers who may not see the list of people.
    pub joinable: Option<Vec<Joinable>>,
}

/// A group's settings, for the form.
#[derive(Debug, Clone)]
pub struct GroupSettings {
    /// The group.
    pub group: GroupCard,
    /// Who may know of it.
    pub visibility: Visibility,
    /// How words are checked.
    pub checking: Checking,
    /// Counts of people below this are not shown.
    pub threshold: i64,
    /// The lowest it may be.
    pub least: i64,
    /// Its members may keep its designs on their own devices although it is hidden.
    pub on_devices: bool,
}

/// A group to be made, as typed. `visibility` and `checking` may be `usual`: what fits the kind.
#[derive(Debug, Clone, Copy)]
pub struct NewGroup<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is for.
    pub purpose: &'a str,
    /// Its kind.
    pub kind: &'a str,
    /// Who may know of it.
    pub visibility: &'a str,
    /// Its colour.
    pub colour: &'a str,
    /// Its symbol.
    pub symbol: &'a str,
    /// How words are checked.
    pub checking: &'a str,
}

/// What workers may change of a group, as typed.
#[derive(Debug, Clone, Copy)]
pub struct GroupChange<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is for.
    pub purpose: &'a str,
    /// Who may know of it.
    pub visibility: &'a str,
    /// How words are checked.
    pub checking: &'a str,
    /// Counts of people below this are not shown.
    pub threshold: &'a str,
    /// Its members may keep its designs on their own devices although it is hidden: `yes`, or not.
    pub on_devices: &'a str,
}

/// The word that leaves a choice to the kind of group.
pub const USUAL: &str = "usual";
/// The highest small-number threshold that a group can have.
pub const MOST_THRESHOLD: i64 = 100;

/// The group at an address, if `who` may do `verb` there. One query, the same for what is hidden and what does not exist.
pub(crate) async fn group_at(tx: &mut Tx, who: &Who, slug: &str, verb: Verb) -> Result<(GroupRow, Place), Refused> {
    let Some(row) = store::groups::find_by_slug(tx, slug).await? else { return Err(Refused::Unknown) };
    let place = Place::of(vec![(row.id, row.visibility)]);
    allow(who, verb, &place)?;
    Ok((row, place))
}

/// Whether this person is the only worker of a group who may sign in: then they stay. Holds the group until the end of
/// the transaction, so that two workers cannot take each other out at once.
///
/// # Errors
/// [`Refused`] when the database fails.
pub async fn is_last_worker(tx: &mut Tx, group: GroupId, person: PersonId) -> Result<bool, Refused> {
    store::groups::hold(tx, group).await?;
    Ok(store::groups::other_workers(tx, group, person).await?.is_none())
}

async fn members_of(tx: &mut Tx, group: GroupId) -> Result<Vec<Member>, Refused> {
    let rows = store::groups::members(tx, group).await?;
    Ok(rows
        .into_iter()
        .map(|m| Member { id: m.person_id, name: m.name, role: m.role, group_role: m.group_role, active: m.active })
        .collect())
}

impl Service {
    /// An address from a title: a readable start and a random part, so that no "this is taken" reveals anything hidden.
    pub(crate) fn new_slug(&self, title: &str) -> String {
        let mut random = [0u8; 8];
        self.world().chance.fill(&mut random);
        let letters = domain::people::CODE_LETTERS;
        let tail: String =
            random.iter().map(|b| char::from(letters[usize::from(*b) % letters.len()]).to_ascii_lowercase()).collect();
        format!("{}-{tail}", slug_start(title))
    }

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
            .map(|g| GroupCard::of(g, who))
            .collect())
    }

    /// A group's own page: outsiders see its work only where it is open, and never who is in it. Three queries at most.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for a hidden group to everybody outside it, as for one that does not exist.
    pub async fn view_group(&self, who: &Who, slug: &str) -> Result<GroupView, Refused> {
        let mut tx = self.store().read().await?;
        let (row, place) = group_at(&mut tx, who, slug, Verb::SeeGroup).await?;
        let work = if may(who, Verb::SeeGroupWork, &place) == Answer::Yes {
            Some(cards(who, store::workspaces::lines_of_group(&mut tx, row.id).await?))
        } else {
            None
        };
        let members = if may(who, Verb::SeeMembers, &place) == Answer::Yes {
            Some(members_of(&mut tx, row.id).await?.into_iter().filter(|m| m.active).collect())
        } else {
            None
        };
        Ok(GroupView { visibility: row.visibility, group: GroupCard::of(row, who), place, work, members })
    }

    /// Whether somebody may make a group: asked before its empty form is shown.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to everybody but officers and administrators.
    pub fn new_group_form(&self, who: &Who) -> Result<(), Refused> {
        allow(who, Verb::MakeGroup, &Place::house())
    }

    /// Makes a group; whoever makes it becomes its first worker. Gives its address.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to everybody but officers and administrators; [`Refused::Invalid`] with each wrong field.
    pub async fn make_group(&self, who: &Who, form: FormId, typed: NewGroup<'_>) -> Result<String, Refused> {
        allow(who, Verb::MakeGroup, &Place::house())?;
        let me = somebody(who)?;
        let mut problems = Problems::new();
        let name = problems.take("name", GroupName::parse(typed.name));
        let purpose = problems.take("purpose", Sentences::parse(typed.purpose));
        let kind = problems.choice::<GroupKind>("kind", typed.kind);
        let visibility = match typed.visibility {
            USUAL => kind.map(GroupKind::usual_visibility),
            other => problems.choice("visibility", other),
        };
        let checking = match typed.checking {
            USUAL => kind.map(GroupKind::usual_checking),
            other => problems.choice("checking", other),
        };
        let colour = problems.choice::<GroupColour>("colour", typed.colour);
        let symbol = known_symbol(typed.symbol);
        if symbol.is_none() {
            problems.add("symbol", "choose");
        }
        problems.check()?;
        let (Some(name), Some(purpose), Some(kind), Some(visibility), Some(checking), Some(colour), Some(symbol)) =
            (name, purpose, kind, visibility, checking, colour, symbol)
        else {
            return Err(Refused::fault("a group without a problem is incomplete"));
        };
        let organisation = self.settings().await?.threshold;
        let mut tx = self.write_as(who).await?;
        if let Some(made) = access::before(&mut tx, form).await? {
            let made = made.ok_or(Refused::MovedOn("sent-twice"))?;
            let row = store::groups::find(&mut tx, made.into()).await?.ok_or(Refused::Unknown)?;
            return Ok(row.slug);
        }
        let row = GroupRow {
            id: self.new_id(),
            slug: self.new_slug(name.as_str()),
            name: name.into(),
            purpose: purpose.into(),
            kind,
            visibility,
            colour,
            symbol: symbol.to_owned(),
            checking,
            threshold: Threshold::new(organisation, kind.is_sensitive()).get(),
            on_devices: false,
        };
        store::groups::insert(&mut tx, &row, self.now()).await?;
        store::groups::join(&mut tx, row.id, me.id, GroupRole::Worker, self.now()).await?;
        let id = row.id.to_string();
        let detail = format!("kind={kind} visibility={visibility} checking={checking}");
        let act = Act { verb: audit::verb(Verb::MakeGroup), kind: "group", id: &id, detail: &detail };
        audit::note(&mut tx, self.now(), who, act).await?;
        access::done(&mut tx, form, Some(row.id.0), self.now()).await?;
        tx.commit().await?;
        self.news().tell(Event::Rights { person: me.id });
        Ok(row.slug)
    }

    /// Who is in a group, for its workers. Three queries at most.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but its workers.
    pub async fn group_people(&self, who: &Who, slug: &str) -> Result<GroupPeople, Refused> {
        let mut tx = self.store().read().await?;
        let (row, _) = group_at(&mut tx, who, slug, Verb::ManageMembers).await?;
        let members = members_of(&mut tx, row.id).await?;
        let joinable = if may(who, Verb::ListPeople, &Place::house()) == Answer::Yes {
            let all = store::groups::joinable(&mut tx, row.id).await?;
            Some(
                all.into_iter()
                    .map(|p| Joinable { id: p.id, name: p.name, role: p.role, made_at: p.made_at })
                    .collect(),
            )
        } else {
            None
        };
        Ok(GroupPeople { group: GroupCard::of(row, who), members, joinable })
    }

    /// Puts somebody into a group. Only members of staff can be its workers.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but workers who may see the list of people;
    /// [`Refused::Invalid`] when nobody who may sign in was chosen, or the role does not fit.
    pub async fn add_to_group(&self, who: &Who, slug: &str, person: &str, role: &str) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let (row, _) = group_at(&mut tx, who, slug, Verb::ManageMembers).await?;
        allow(who, Verb::ListPeople, &Place::house())?;
        let mut problems = Problems::new();
        let person = problems.choice::<PersonId>("person", person);
        let role = problems.choice::<GroupRole>("role", role);
        problems.check()?;
        let (Some(person), Some(role)) = (person, role) else { return Err(Refused::invalid("person", "choose")) };
        let Some(found) = store::people::find(&mut tx, person).await?.filter(|p| p.active) else {
            return Err(Refused::invalid("person", "choose"));
        };
        if role == GroupRole::Worker && !found.role.is_staff() {
            return Err(Refused::invalid("role", "worker-staff"));
        }
        store::groups::hold(&mut tx, row.id).await?;
        // Sent twice, or by two workers at once: they are in it, which is what was wanted.
        if store::groups::members(&mut tx, row.id).await?.iter().any(|m| m.person_id == person) {
            return Err(Refused::invalid("person", "in-already"));
        }
        store::groups::join(&mut tx, row.id, person, role, self.now()).await?;
        self.note_member(&mut tx, who, row.id, &format!("added={person} role={role}")).await?;
        tx.commit().await?;
        self.news().tell(Event::Rights { person });
        Ok(())
    }

    /// Changes what somebody is in a group, at once: their sessions end.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but its workers; [`Refused::Invalid`] when the role
    /// does not fit or the group would lose its last worker.
    pub async fn set_group_role(&self, who: &Who, slug: &str, person: PersonId, role: &str) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let (row, _) = group_at(&mut tx, who, slug, Verb::ManageMembers).await?;
        let mut problems = Problems::new();
        let role = problems.choice::<GroupRole>("role", role);
        problems.check()?;
        let Some(role) = role else { return Err(Refused::invalid("role", "choose")) };
        let last = is_last_worker(&mut tx, row.id, person).await?;
        let member = store::groups::members(&mut tx, row.id).await?.into_iter().find(|m| m.person_id == person);
        let Some(member) = member else { return Err(Refused::Unknown) };
        if role == GroupRole::Worker && !member.role.is_staff() {
            return Err(Refused::invalid("role", "worker-staff"));
        }
        if member.group_role == GroupRole::Worker && role != GroupRole::Worker && last {
            return Err(Refused::invalid("role", "last-worker"));
        }
        if member.group_role == role {
            return Ok(());
        }
        store::groups::set_role(&mut tx, row.id, person, role).await?;
        self.note_member(&mut tx, who, row.id, &format!("changed={person} role={role}")).await?;
        self.less_or_other_rights(tx, who, person).await
    }

    /// Takes somebody out of a group, at once: their sessions end. What they wrote stays.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but its workers; [`Refused::Invalid`] when the group
    /// would lose its last worker.
    pub async fn take_out_of_group(&self, who: &Who, slug: &str, person: PersonId) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let (row, _) = group_at(&mut tx, who, slug, Verb::ManageMembers).await?;
        let last = is_last_worker(&mut tx, row.id, person).await?;
        let member = store::groups::members(&mut tx, row.id).await?.into_iter().find(|m| m.person_id == person);
        // Taken out already, by the same form sent twice or by somebody else: that is what was wanted.
        let Some(member) = member else { return Ok(()) };
        if member.group_role == GroupRole::Worker && last {
            return Err(Refused::invalid("role", "last-worker"));
        }
        store::groups::leave(&mut tx, row.id, person).await?;
        self.note_member(&mut tx, who, row.id, &format!("out={person}")).await?;
        self.less_or_other_rights(tx, who, person).await
    }

    /// The end of a change by somebody else to what somebody had in a group: their sessions end with it, and open pages are
    /// told. Whoever is only put into one more group goes on; the next request knows it.
    async fn less_or_other_rights(&self, mut tx: Tx, who: &Who, person: PersonId) -> Result<(), Refused> {
        if who.id() != Some(person) {
            store::access::end_all_sessions(&mut tx, person).await?;
        }
        tx.commit().await?;
        self.news().tell(Event::Rights { person });
        Ok(())
    }

    async fn note_member(&self, tx: &mut Tx, who: &Who, group: GroupId, detail: &str) -> Result<(), Refused> {
        let id = group.to_string();
        let act = Act { verb: audit::verb(Verb::ManageMembers), kind: "group", id: &id, detail };
        audit::note(tx, self.now(), who, act).await
    }

    /// A group's settings, for its workers.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but its workers.
    pub async fn group_settings(&self, who: &Who, slug: &str) -> Result<GroupSettings, Refused> {
        let organisation = self.settings().await?.threshold;
        let mut tx = self.store().read().await?;
        let (row, _) = group_at(&mut tx, who, slug, Verb::ChangeGroup).await?;
        let least = Threshold::new(organisation, row.kind.is_sensitive()).get();
        let (visibility, checking, threshold) = (row.visibility, row.checking, row.threshold.max(least));
        let on_devices = row.on_devices;
        Ok(GroupSettings { group: GroupCard::of(row, who), visibility, checking, threshold, least, on_devices })
    }

    /// Changes a group's name, purpose, who may know of it, how words are checked and its small-number threshold, which is
    /// never below the organisation's, and never below 10 for the kinds where a count of nine can name a child.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but its workers; [`Refused::Invalid`] with each wrong
    /// field.
    pub async fn change_group(&self, who: &Who, slug: &str, typed: GroupChange<'_>) -> Result<(), Refused> {
        let organisation = self.settings().await?.threshold;
        let mut tx = self.write_as(who).await?;
        let (mut row, _) = group_at(&mut tx, who, slug, Verb::ChangeGroup).await?;
        let least = Threshold::new(organisation, row.kind.is_sensitive()).get();
        let mut problems = Problems::new();
        let name = problems.take("name", GroupName::parse(typed.name));
        let purpose = problems.take("purpose", Sentences::parse(typed.purpose));
        let visibility = problems.choice::<Visibility>("visibility", typed.visibility);
        let checking = problems.choice::<Checking>("checking", typed.checking);
        let threshold = typed.threshold.trim().parse::<i64>().ok().filter(|n| (least..=MOST_THRESHOLD).contains(n));
        if threshold.is_none() {
            problems.0.push(crate::Problem { field: "threshold".to_owned(), key: "group-threshold", number: least });
        }
        problems.check()?;
        let (Some(name), Some(purpose), Some(visibility), Some(checking), Some(threshold)) =
            (name, purpose, visibility, checking, threshold)
        else {
            return Err(Refused::fault("a group without a problem is incomplete"));
        };
        let mut detail = Vec::new();
        if row.name != name.as_str() {
            detail.push("name".to_owned());
        }
        if row.purpose != purpose.as_str() {
            detail.push("purpose".to_owned());
        }
        if row.visibility != visibility {
            detail.push(format!("visibility={visibility}"));
        }
        if row.checking != checking {
            detail.push(format!("checking={checking}"));
        }
        if row.threshold != threshold {
            detail.push(format!("threshold={threshold}"));
        }
        let on_devices = typed.on_devices == "yes";
        if row.on_devices != on_devices {
            detail.push(format!("on_devices={on_devices}"));
        }
        if detail.is_empty() {
            return Ok(());
        }
        let hid = row.visibility < visibility;
        row.name = name.into();
        row.purpose = purpose.into();
        row.visibility = visibility;
        row.checking = checking;
        row.threshold = threshold;
        row.on_devices = on_devices;
        store::groups::update(&mut tx, &row).await?;
        let id = row.id.to_string();
        let detail = detail.join(" ");
        let act = Act { verb: audit::verb(Verb::ChangeGroup), kind: "group", id: &id, detail: &detail };
        audit::note(&mut tx, self.now(), who, act).await?;
        tx.commit().await?;
        if hid {
            // Whoever watches from outside must be asked again: they may know less now.
            self.news().tell(Event::Everybody);
        }
        Ok(())
    }
}
