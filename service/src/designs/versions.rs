//! Versions: named states of a design that people can read, compare and decide about. Our own rows, never history of the
//! shared text.

use domain::access::{Answer, Verb, Who, may};
use domain::ids::{DesignId, FormId, PersonId, VersionId};
use domain::moment::Moment;
use domain::people::Role;
use domain::reports::small_numbers::{Made, ShownCount, ShownShare};
use domain::words::{Sentences, Title};
use store::Tx;
use store::designs::VersionRow;
use store::workspaces::Thing;

use super::{By, DesignHead, head, names, open};
use crate::audit::Act;
use crate::rights::{allow_thing, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// What a version is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionName {
    /// Made when checking started.
    Checking,
    /// Made when the vote opened.
    Voting,
    /// What was there before this version was brought back.
    Before(i64),
    /// This version again.
    Again(i64),
    /// Named by somebody.
    Named(String),
}

const CHECKING: &str = "@checking";
const VOTING: &str = "@voting";
const BEFORE: &str = "@before ";
const AGAIN: &str = "@again ";

impl From<String> for VersionName {
    fn from(name: String) -> Self {
        let number = |start| name.strip_prefix(start).and_then(|n| n.parse().ok());
        match name.as_str() {
            CHECKING => Self::Checking,
            VOTING => Self::Voting,
            _ => number(BEFORE).map(Self::Before).or(number(AGAIN).map(Self::Again)).unwrap_or(Self::Named(name)),
        }
    }
}

/// A version in a list.
#[derive(Debug, Clone)]
pub struct VersionView {
    /// Its id.
    pub id: VersionId,
    /// Its number within the design, from 1.
    pub number: i64,
    /// Its name.
    pub name: VersionName,
    /// Why it was made, or nothing.
    pub why: String,
    /// When it was made.
    pub made_at: Moment,
    /// Who made it.
    pub by: By,
}

/// How much of the words young people wrote, for those who answer for that.
#[derive(Debug, Clone, Copy)]
pub struct YoungShare {
    /// How many of them wrote.
    pub people: ShownCount,
    /// Their share of the letters, where it may be shown.
    pub share: Option<ShownShare>,
}

/// The versions of a design.
#[derive(Debug, Clone)]
pub struct VersionsPage {
    /// The design.
    pub head: DesignHead,
    /// Its versions, the last one first.
    pub all: Vec<VersionView>,
    /// How much young people wrote: only for those who may see it.
    pub young: Option<YoungShare>,
    /// Whether the reader ever commented here.
    pub commented: bool,
}

pub(super) fn view(row: VersionRow, names: bool) -> VersionView {
    VersionView {
        id: row.id,
        number: row.number,
        name: row.name.into(),
        why: row.why,
        made_at: row.made_at,
        by: By::new(names, row.by_name, row.by_role),
    }
}

/// Makes a version of what is there now, and says why. The design must be held.
pub(super) async fn make(
    service: &Service,
    tx: &mut Tx,
    design: DesignId,
    (name, why): (&VersionName, &str),
    by: PersonId,
) -> Result<VersionId, Refused> {
    let id: VersionId = service.new_id();
    let name = match name {
        VersionName::Checking => CHECKING.to_owned(),
        VersionName::Voting => VOTING.to_owned(),
        VersionName::Before(n) => format!("{BEFORE}{n}"),
        VersionName::Again(n) => format!("{AGAIN}{n}"),
        VersionName::Named(name) => name.clone(),
    };
    store::designs::insert_version(tx, id, design, (&name, why), service.now(), by).await?;
    Ok(id)
}

/// How much young people wrote, as far as it may be shown. Three queries.
async fn young_share(
    tx: &mut Tx,
    design: DesignId,
    workspace: domain::ids::WorkspaceId,
) -> Result<YoungShare, Refused> {
    let groups = store::actions::groups_of(tx, workspace).await?;
    let threshold = crate::reports::threshold(tx, groups.iter().map(|g| (g.kind, g.threshold))).await?;
    let (mut young, mut others, mut staff) = (Made::default(), Made::default(), 0);
    for row in store::designs::changes::wrote(tx, design).await? {
        let made = Made { people: row.people, amount: row.letters };
        match row.by_role {
            Role::YoungPerson => young = made,
            role if role.is_staff() => staff += row.letters,
            _ => others = others.and(made),
        }
    }
    Ok(YoungShare { people: threshold.show(young.people), share: threshold.show_share(young, others, staff) })
}

impl Service {
    /// The versions of a design, the last one first. The same number of queries however many there are.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of it.
    pub async fn list_versions(&self, who: &Who, design: DesignId) -> Result<VersionsPage, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        let row = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let names = names(who, &place);
        let all = store::designs::versions(&mut tx, design).await?;
        let young = match may(who, Verb::SeeShares, &place) {
            Answer::Yes => Some(young_share(&mut tx, design, row.workspace_id).await?),
            _ => None,
        };
        let commented = match who.id() {
            Some(me) => store::designs::changes::commented(&mut tx, design, me).await?.is_some(),
            None => false,
        };
        let all = all.into_iter().map(|v| view(v, names)).collect();
        Ok(VersionsPage { head: head(row, place), all, young, commented })
    }

    /// Makes a version by hand. `why` may be left empty.
    ///
    /// # Errors
    /// [`Refused::Invalid`] (`version_name`, `why`).
    pub async fn make_version(
        &self,
        who: &Who,
        design: DesignId,
        form: FormId,
        name: &str,
        why: &str,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        open(&mut tx, who, Verb::ShapeDesign, design).await?;
        let me = somebody(who)?.id;
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(());
        }
        let mut problems = Problems::new();
        let name = problems.take("version_name", Title::parse(name));
        let why = match why.trim() {
            "" => Some(String::new()),
            why => problems.take("why", Sentences::parse(why)).map(String::from),
        };
        let Some((name, why)) = name.zip(why) else { return Err(Refused::Invalid(problems)) };
        self.pace(&mut tx, who).await?;
        store::designs::hold(&mut tx, design).await?;
        let id = make(self, &mut tx, design, (&VersionName::Named(name.into()), &why), me).await?;
        let act = Act { verb: "MakeVersion", kind: "version", id: &id.to_string(), detail: "made" };
        audit::note(&mut tx, self.now(), who, act).await?;
        access::done(&mut tx, form, Some(id.0), self.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}
