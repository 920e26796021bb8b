//! Versions: named states of a design that people can read and decide about. Our own rows, never history of the shared text.

use domain::access::{Verb, Who};
use domain::ids::{DesignId, FormId, PersonId, VersionId};
use domain::moment::Moment;
use domain::words::Title;
use store::Tx;
use store::designs::VersionRow;

use super::{By, DesignHead, names, open};
use crate::audit::Act;
use crate::rights::somebody;
use crate::{Problems, Refused, Service, access, audit};

/// What a version is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionName {
    /// Made when checking started.
    Checking,
    /// Made when the vote opened.
    Voting,
    /// Named by somebody.
    Named(String),
}

const CHECKING: &str = "@checking";
const VOTING: &str = "@voting";

impl From<String> for VersionName {
    fn from(name: String) -> Self {
        match name.as_str() {
            CHECKING => Self::Checking,
            VOTING => Self::Voting,
            _ => Self::Named(name),
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
    /// When it was made.
    pub made_at: Moment,
    /// Who made it.
    pub by: By,
}

/// A version to read.
#[derive(Debug, Clone)]
pub struct VersionWords {
    /// The design.
    pub head: DesignHead,
    /// The version.
    pub version: VersionView,
    /// Headings and words (sanitised HTML) as they were.
    pub sections: Vec<(String, String)>,
}

fn view(row: VersionRow, names: bool) -> VersionView {
    VersionView {
        id: row.id,
        number: row.number,
        name: row.name.into(),
        made_at: row.made_at,
        by: By::new(names, row.by_name, row.by_role),
    }
}

/// Makes a version. The design must be held. `name`: as stored.
pub(super) async fn make(
    service: &Service,
    tx: &mut Tx,
    design: DesignId,
    name: &VersionName,
    by: PersonId,
) -> Result<VersionId, Refused> {
    let id: VersionId = service.new_id();
    let name = match name {
        VersionName::Checking => CHECKING,
        VersionName::Voting => VOTING,
        VersionName::Named(name) => name,
    };
    store::designs::insert_version(tx, id, design, name, service.now(), by).await?;
    Ok(id)
}

impl Service {
    /// The versions of a design, the last one first.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of it.
    pub async fn list_versions(&self, who: &Who, design: DesignId) -> Result<(DesignHead, Vec<VersionView>), Refused> {
        let mut tx = self.store().read().await?;
        let head = open(&mut tx, who, Verb::ReadWork, design).await?;
        let names = names(who, &head.place);
        let all = store::designs::versions(&mut tx, design).await?;
        Ok((head, all.into_iter().map(|v| view(v, names)).collect()))
    }

    /// One version to read.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of the design, and for a number that is none.
    pub async fn view_version(&self, who: &Who, design: DesignId, number: i64) -> Result<VersionWords, Refused> {
        let mut tx = self.store().read().await?;
        let head = open(&mut tx, who, Verb::ReadWork, design).await?;
        let names = names(who, &head.place);
        let row = store::designs::version(&mut tx, design, number).await?.ok_or(Refused::Unknown)?;
        let sections = store::designs::version_sections(&mut tx, row.id).await?;
        let sections = sections.into_iter().map(|s| (s.heading, s.html)).collect();
        Ok(VersionWords { head, version: view(row, names), sections })
    }

    /// Makes a version by hand, and gives its number.
    ///
    /// # Errors
    /// [`Refused::Invalid`] (`version_name`).
    pub async fn make_version(&self, who: &Who, design: DesignId, form: FormId, name: &str) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        open(&mut tx, who, Verb::ShapeDesign, design).await?;
        let me = somebody(who)?.id;
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(());
        }
        let mut problems = Problems::new();
        let name = problems.take("version_name", Title::parse(name));
        let Some(name) = name else { return Err(Refused::Invalid(problems)) };
        self.pace(&mut tx, who).await?;
        store::designs::hold(&mut tx, design).await?;
        let id = make(self, &mut tx, design, &VersionName::Named(name.into()), me).await?;
        let act = Act { verb: "MakeVersion", kind: "version", id: &id.to_string(), detail: "made" };
        audit::note(&mut tx, self.now(), who, act).await?;
        access::done(&mut tx, form, Some(id.0), self.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}
