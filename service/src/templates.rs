//! Ways to start a design that staff made, beside those that Tandem brings. They are the house's: every group can choose them.
//! A design that was started from one is its own from then on.

use domain::access::{Place, Verb, Who};
use domain::designs::MAX_SECTIONS;
use domain::ids::{FormId, TemplateId};
use domain::moment::Moment;
use domain::words::{Heading, Title, fold};
use store::Tx;
use store::templates::TemplateRow;

use crate::audit::Act;
use crate::rights::{allow, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// A way to start a design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTemplate {
    /// Its id.
    pub id: TemplateId,
    /// What it is called.
    pub name: String,
    /// The headings of its sections.
    pub headings: Vec<String>,
    /// When it was last changed: a form for changing it names that.
    pub changed_at: Moment,
}

impl OwnTemplate {
    fn of(row: TemplateRow) -> Self {
        let headings = row.headings.lines().map(str::to_owned).collect();
        Self { id: row.id, name: row.name, headings, changed_at: row.changed_at }
    }
}

/// What somebody typed.
#[derive(Debug, Clone, Copy)]
pub struct TypedTemplate<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its headings, one in each line.
    pub headings: &'a str,
}

impl TypedTemplate<'_> {
    /// `others`: those that have their names already.
    fn parse(self, others: &[OwnTemplate]) -> Result<(Title, String), Refused> {
        let mut problems = Problems::new();
        let name = problems.take("name", Title::parse(self.name));
        if name.as_ref().is_some_and(|name| others.iter().any(|t| fold(&t.name) == fold(name.as_str()))) {
            problems.add("name", "taken");
        }
        let lines: Vec<&str> = self.headings.lines().filter(|line| !domain::words::is_blank(line)).collect();
        if lines.is_empty() {
            problems.add("headings", "empty");
        } else if lines.len() > MAX_SECTIONS {
            problems.add("headings", "too-many");
        }
        let mut headings = Vec::new();
        for line in lines.iter().take(MAX_SECTIONS) {
            // One that is wrong is enough to say so.
            match Heading::parse(line) {
                Ok(heading) => headings.push(heading.as_str().to_owned()),
                Err(wrong) => {
                    problems.take::<()>("headings", Err(wrong));
                    break;
                }
            }
        }
        problems.check()?;
        let Some(name) = name else { return Err(Refused::invalid("name", "empty")) };
        Ok((name, headings.join("\n")))
    }
}

/// Every way to start a design that staff made, by name. For a page on which somebody starts one.
pub(crate) async fn offered(tx: &mut Tx) -> Result<Vec<OwnTemplate>, Refused> {
    Ok(store::templates::all(tx).await?.into_iter().map(OwnTemplate::of).collect())
}

impl Service {
    /// All of them, by name, for those who make them.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for everybody but officers and administrators.
    pub async fn list_templates(&self, who: &Who) -> Result<Vec<OwnTemplate>, Refused> {
        allow(who, Verb::MakeTemplates, &Place::house())?;
        let mut tx = self.store().read().await?;
        offered(&mut tx).await
    }

    /// One of them, to change it.
    ///
    /// # Errors
    /// As [`Service::list_templates`]; [`Refused::Unknown`] for one that is gone.
    pub async fn template(&self, who: &Who, id: TemplateId) -> Result<OwnTemplate, Refused> {
        allow(who, Verb::MakeTemplates, &Place::house())?;
        let mut tx = self.store().read().await?;
        Ok(OwnTemplate::of(store::templates::find(&mut tx, id).await?.ok_or(Refused::Unknown)?))
    }

    /// Makes one.
    ///
    /// # Errors
    /// As [`Service::list_templates`]; [`Refused::Invalid`] (`name`, `headings`).
    pub async fn make_template(&self, who: &Who, form: FormId, typed: TypedTemplate<'_>) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow(who, Verb::MakeTemplates, &Place::house())?;
        if let Some(made) = access::before(&mut tx, form).await? {
            // Made already; taken away since, it is not made again by an old form.
            let there = match made {
                Some(id) => store::templates::find(&mut tx, id.into()).await?.is_some(),
                None => false,
            };
            return if there { Ok(()) } else { Err(Refused::MovedOn("sent-before")) };
        }
        let (name, headings) = typed.parse(&offered(&mut tx).await?)?;
        let (id, now): (TemplateId, _) = (self.new_id(), self.now());
        store::templates::insert(&mut tx, id, (name.as_str(), &headings), now, somebody(who)?.id).await?;
        self.note_template(&mut tx, who, id, "made").await?;
        access::done(&mut tx, form, Some(id.0), now).await?;
        Ok(tx.commit().await?)
    }

    /// Changes one. Designs that were started from it stay as they are. `seen`: when what was read was written.
    ///
    /// # Errors
    /// As [`Service::make_template`]; [`Refused::Unknown`] for one that is gone; [`Refused::MovedOn`] (`template-changed`) when
    /// somebody else has changed it since.
    pub async fn change_template(
        &self,
        who: &Who,
        id: TemplateId,
        typed: TypedTemplate<'_>,
        seen: Moment,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow(who, Verb::MakeTemplates, &Place::house())?;
        let row = store::templates::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let others: Vec<_> = offered(&mut tx).await?.into_iter().filter(|t| t.id != id).collect();
        let (name, headings) = typed.parse(&others)?;
        if (row.name.as_str(), &row.headings) == (name.as_str(), &headings) {
            return Ok(());
        }
        // Two changes within one moment are two changes.
        let now = self.now().max(row.changed_at.plus(1));
        if store::templates::set(&mut tx, id, (name.as_str(), &headings), now, seen).await? == 0 {
            return Err(Refused::MovedOn("template-changed"));
        }
        self.note_template(&mut tx, who, id, "changed").await?;
        Ok(tx.commit().await?)
    }

    /// Takes one away: nobody can choose it any more. Gone already is fine.
    ///
    /// # Errors
    /// As [`Service::list_templates`].
    pub async fn remove_template(&self, who: &Who, id: TemplateId) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow(who, Verb::MakeTemplates, &Place::house())?;
        if store::templates::remove(&mut tx, id, self.now()).await? > 0 {
            self.note_template(&mut tx, who, id, "removed").await?;
        }
        Ok(tx.commit().await?)
    }

    async fn note_template(&self, tx: &mut Tx, who: &Who, id: TemplateId, detail: &str) -> Result<(), Refused> {
        let act = Act { verb: audit::verb(Verb::MakeTemplates), kind: "template", id: &id.to_string(), detail };
        audit::note(tx, self.now(), who, act).await
    }
}
