//! Starting a design, and adding, renaming, moving and taking out its sections.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::designs::MAX_SECTIONS;
use domain::designs::changes::ChangeKind;
use domain::designs::shared_text::SharedText;
use domain::ids::{DesignId, FormId, SectionId};
use domain::words::{Heading, SectionWords, Title, maybe_lines};
use store::Tx;
use store::designs::{NewSection, SectionRow};

use super::changes::note;
use super::masking::Drawn;
use super::{open, words_open};
use crate::aside::Whose;
use crate::audit::Act;
use crate::news::Event;
use crate::pictures::NewPicture;
use crate::rights::{allow, place_of_slug, somebody};
use crate::templates::OwnTemplate;
use crate::workspaces::promise_is_agreed;
use crate::{Problems, Refused, Service, access, audit};

/// A section before it is one: from a template or from a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its heading.
    pub heading: String,
    /// Its words; empty from a template.
    pub words: String,
}

/// What the page for starting a design needs.
#[derive(Debug, Clone)]
pub struct NewDesignForm {
    /// The workspace's address.
    pub slug: String,
    /// The workspace's title.
    pub title: String,
    /// What the workspace started from: the template that is offered first.
    pub template: domain::workspaces::Template,
    /// The promise is agreed: a design can be started.
    pub agreed: bool,
    /// Ways to start that staff made, by name.
    pub own: Vec<OwnTemplate>,
    /// They may make such ways.
    pub makes: bool,
}

/// A design to be started.
#[derive(Debug, Clone)]
pub struct NewDesign<'a> {
    /// Its title as typed.
    pub title: &'a str,
    /// Its sections.
    pub sections: Vec<Draft>,
}

impl NewDesign<'_> {
    /// What is wrong with a title, and then what was found wrong with how a design is to start.
    pub fn also_wrong(title: &str, start: Problems) -> Problems {
        let mut problems = Problems::new();
        problems.take("title", Title::parse(title));
        problems.0.extend(start.0);
        problems
    }
}

/// A section as a new design gets it: its words are drawn already.
pub(crate) struct NewWords {
    id: SectionId,
    heading: Heading,
    words: String,
    drawn: Drawn,
}

impl NewWords {
    /// Draws it.
    pub(crate) fn draw((id, heading, words): (SectionId, Heading, String)) -> Self {
        Self { id, heading, drawn: Drawn::of(&words), words }
    }
}

/// What can be done to the sections of a design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape<'a> {
    /// Add one at the end.
    Add {
        /// Its heading as typed.
        heading: &'a str,
    },
    /// Give one another heading.
    Rename {
        /// Which.
        section: SectionId,
        /// The heading as typed.
        heading: &'a str,
    },
    /// One place up.
    Up(SectionId),
    /// One place down.
    Down(SectionId),
    /// Take one out; it can come back.
    Remove(SectionId),
    /// Bring one back.
    BringBack(SectionId),
    /// It needs no words.
    NotNeeded(SectionId),
    /// It needs words after all.
    Needed(SectionId),
}

impl Shape<'_> {
    const fn name(&self) -> &'static str {
        match self {
            Self::Add { .. } => "section added",
            Self::Rename { .. } => "heading",
            Self::Up(_) | Self::Down(_) => "order",
            Self::Remove(_) => "section removed",
            Self::BringBack(_) => "section brought back",
            Self::NotNeeded(_) => "not needed",
            Self::Needed(_) => "needed",
        }
    }
}

impl Service {
    /// What the page for starting a design in a workspace needs.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`].
    pub async fn new_design_form(&self, who: &Who, slug: &str) -> Result<NewDesignForm, Refused> {
        let mut tx = self.store().read().await?;
        let (id, place) = place_of_slug(&mut tx, slug).await?;
        allow(who, Verb::ShapeDesign, &place)?;
        let row = store::workspaces::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let agreed = promise_is_agreed(&mut tx, id).await?;
        let own = crate::templates::offered(&mut tx).await?;
        let makes = may(who, Verb::MakeTemplates, &Place::house()) == Answer::Yes;
        Ok(NewDesignForm { slug: row.slug, title: row.title, template: row.template, agreed, own, makes })
    }

    /// Starts a design with its sections.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] (`promise-first`) before the promise is agreed; [`Refused::Invalid`] (`title`, `document`).
    pub async fn start_design(
        &self,
        who: &Who,
        slug: &str,
        form: FormId,
        new: NewDesign<'_>,
    ) -> Result<DesignId, Refused> {
        self.start_design_with(who, slug, form, new, Vec::new()).await
    }

    /// The same with the pictures that stand in its words.
    ///
    /// # Errors
    /// As [`Service::start_design`].
    pub async fn start_design_with(
        &self,
        who: &Who,
        slug: &str,
        form: FormId,
        new: NewDesign<'_>,
        pictures: Vec<NewPicture>,
    ) -> Result<DesignId, Refused> {
        // Long words are read and drawn before the database is held.
        let mut problems = Problems::new();
        let title = problems.take("title", Title::parse(new.title));
        if new.sections.len() > MAX_SECTIONS {
            problems.add("document", "file-parts");
        }
        let mut sections = Vec::with_capacity(new.sections.len());
        for draft in new.sections.iter().take(MAX_SECTIONS) {
            let heading = problems.take("document", Heading::parse(&draft.heading));
            let words = problems.take("document", maybe_lines(&draft.words, SectionWords::MAX));
            if let (Some(heading), Some(words)) = (heading, words) {
                sections.push((self.new_id::<SectionId>(), heading, words));
            }
        }
        let sections =
            self.aside(Whose::of(who), move || sections.into_iter().map(NewWords::draw).collect::<Vec<_>>()).await?;
        let kept = self.keep_all_files(&pictures).await?;

        let mut tx = self.write_as(who).await?;
        let (workspace, place) = place_of_slug(&mut tx, slug).await?;
        allow(who, Verb::ShapeDesign, &place)?;
        let me = somebody(who)?.id;
        if let Some(Some(made)) = access::before(&mut tx, form).await? {
            return Ok(made.into());
        }
        if !promise_is_agreed(&mut tx, workspace).await? {
            return Err(Refused::MovedOn("promise-first"));
        }
        let Some(title) = title.filter(|_| problems.is_empty()) else { return Err(Refused::Invalid(problems)) };

        let now = self.now();
        let id: DesignId = self.new_id();
        let row = store::workspaces::find(&mut tx, workspace).await?.ok_or(Refused::Unknown)?;
        let design = store::designs::NewDesign {
            id,
            workspace,
            title: title.as_str(),
            symbol: &row.symbol,
            made_at: now,
            made_by: me,
        };
        self.pace(&mut tx, who).await?;
        self.lay_out(&mut tx, &design, &sections).await?;
        crate::pictures::add(&mut tx, id, &kept, (now, me)).await?;
        let act = Act { verb: audit::verb(Verb::ShapeDesign), kind: "design", id: &id.to_string(), detail: "started" };
        audit::note(&mut tx, now, who, act).await?;
        access::done(&mut tx, form, Some(id.0), now).await?;
        tx.commit().await?;
        self.news().tell(Event::Design { design: id });
        Ok(id)
    }

    /// Writes a new design down: its row, its sections, and the beginning of the shared text, without which nobody could
    /// write in it.
    pub(crate) async fn lay_out(
        &self,
        tx: &mut Tx,
        design: &store::designs::NewDesign<'_>,
        sections: &[NewWords],
    ) -> Result<(), Refused> {
        let (id, now) = (design.id, design.made_at);
        store::designs::insert(tx, design).await?;
        let text = SharedText::new(self.new_writer());
        for (n, NewWords { id: section, heading, words, drawn }) in (1i64..).zip(sections) {
            let by = (!words.is_empty()).then_some(design.made_by);
            let (html, masked_html) = (drawn.html.as_str(), drawn.masked_html.as_deref());
            let new = NewSection { id: *section, position: n, heading: heading.as_str(), words, html, masked_html, by };
            store::designs::insert_section(tx, id, &new, now).await?;
            if !words.is_empty() {
                text.write(*section, words);
            }
        }
        Ok(store::designs::insert_snapshot(tx, id, 0, &text.state(), now).await?)
    }

    /// Changes the sections of a design.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] (`words-locked`) from voting on; [`Refused::Invalid`] (`heading`); [`Refused::Unknown`] for a
    /// section of another design.
    pub async fn shape_design(
        &self,
        who: &Who,
        design: DesignId,
        form: FormId,
        what: Shape<'_>,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        open(&mut tx, who, Verb::ShapeDesign, design).await?;
        let sent = access::before(&mut tx, form).await?.is_some();
        let held = store::designs::hold(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        words_open(held.stage, held.paused)?;
        let rows = store::designs::sections(&mut tx, design).await?;
        let now = self.now();
        let heading = |typed| {
            let mut problems = Problems::new();
            problems.take("heading", Heading::parse(typed)).ok_or(Refused::Invalid(problems))
        };
        let is_so = |id: SectionId, so: &dyn Fn(&SectionRow) -> bool| rows.iter().any(|s| s.id == id && so(s));
        if sent {
            let done = match what {
                Shape::Rename { section, heading } => is_so(section, &|s| s.heading == heading.trim()),
                Shape::Remove(id) => is_so(id, &|s| s.removed_at.is_some()),
                Shape::BringBack(id) => is_so(id, &|s| s.removed_at.is_none()),
                Shape::NotNeeded(id) => is_so(id, &|s| s.not_needed),
                Shape::Needed(id) => is_so(id, &|s| !s.not_needed),
                Shape::Add { .. } | Shape::Up(_) | Shape::Down(_) => true,
            };
            // Pressed twice is once; sent again after something else it is not, and nobody is told so.
            return if done { Ok(()) } else { Err(Refused::MovedOn("sent-before")) };
        }
        let known = |id: SectionId| rows.iter().find(|s| s.id == id).map(|s| s.id).ok_or(Refused::Unknown);
        let by = (somebody(who)?.id, now);
        let tx_ = &mut tx;
        let made = match what {
            Shape::Add { heading: typed } => {
                let heading = heading(typed)?;
                if rows.iter().filter(|s| s.removed_at.is_none()).count() >= MAX_SECTIONS {
                    return Err(Refused::invalid("heading", "too-many-sections"));
                }
                self.pace(tx_, who).await?;
                let id: SectionId = self.new_id();
                let position = rows.last().map_or(1, |s| s.position + 1);
                let new = NewSection {
                    id,
                    position,
                    heading: heading.as_str(),
                    words: "",
                    html: "",
                    masked_html: None,
                    by: None,
                };
                store::designs::insert_section(tx_, design, &new, now).await?;
                note(tx_, design, id, (ChangeKind::Added, String::new()), by).await?;
                Some(id)
            }
            Shape::Rename { section, heading: typed } => {
                let heading = heading(typed)?;
                let was = rows.iter().find(|s| s.id == section).map(|s| s.heading.clone()).ok_or(Refused::Unknown)?;
                store::designs::set_heading(tx_, design, known(section)?, heading.as_str()).await?;
                if was != heading.as_str() {
                    note(tx_, design, section, (ChangeKind::Heading, was), by).await?;
                }
                Some(section)
            }
            Shape::Up(section) | Shape::Down(section) => {
                let shown: Vec<_> = rows.iter().filter(|s| s.removed_at.is_none()).collect();
                let at = shown.iter().position(|s| s.id == section).ok_or(Refused::Unknown)?;
                let other = if matches!(what, Shape::Up(_)) { at.checked_sub(1) } else { Some(at + 1) };
                if let Some(other) = other.and_then(|n| shown.get(n)) {
                    store::designs::set_position(tx_, design, section, other.position).await?;
                    store::designs::set_position(tx_, design, other.id, shown[at].position).await?;
                    for moved in [shown[at], other] {
                        note(tx_, design, moved.id, (ChangeKind::Order, moved.position.to_string()), by).await?;
                    }
                }
                Some(section)
            }
            Shape::Remove(section) => {
                store::designs::set_removed(tx_, design, known(section)?, Some(now)).await?;
                super::suggestions::words_changed(tx_, section, None, now).await?;
                if is_so(section, &|s| s.removed_at.is_none()) {
                    note(tx_, design, section, (ChangeKind::Removed, String::new()), by).await?;
                }
                Some(section)
            }
            Shape::BringBack(section) => {
                store::designs::set_removed(tx_, design, known(section)?, None).await?;
                if is_so(section, &|s| s.removed_at.is_some()) {
                    note(tx_, design, section, (ChangeKind::BroughtBack, String::new()), by).await?;
                }
                Some(section)
            }
            Shape::NotNeeded(section) | Shape::Needed(section) => {
                let not_needed = matches!(what, Shape::NotNeeded(_));
                store::designs::set_not_needed(tx_, design, known(section)?, not_needed).await?;
                let kind = if not_needed { ChangeKind::NotNeeded } else { ChangeKind::Needed };
                if is_so(section, &|s| s.not_needed != not_needed) {
                    note(tx_, design, section, (kind, String::new()), by).await?;
                }
                Some(section)
            }
        };
        let act =
            Act { verb: audit::verb(Verb::ShapeDesign), kind: "design", id: &design.to_string(), detail: what.name() };
        audit::note(&mut tx, now, who, act).await?;
        access::done(&mut tx, form, made.map(|s| s.0), now).await?;
        tx.commit().await?;
        self.news().tell(Event::Design { design });
        Ok(())
    }
}
