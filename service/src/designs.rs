//! Designs: reading, starting, writing and shaping them, their versions and stages.

pub(crate) mod changes;
mod check;
mod compare;
pub mod export;
pub mod import;
mod kept;
pub mod live;
mod locks;
pub mod markdown;
pub(crate) mod masking;
mod pause;
mod restore;
mod shape;
mod stage;
pub mod suggestions;
mod versions;
mod wiping;
mod writing;

use domain::access::{Answer, Place, Verb, Who, may};
use domain::designs::Stage;
use domain::designs::shared_text::Writer;
use domain::ids::{DesignId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use store::Tx;
use store::designs::{DesignRow, SectionRow};
use store::workspaces::Thing;

pub use check::{MaskedSection, SectionToCheck};
pub use compare::{Accepted, ChangedBy, Comparison, SINCE, SectionChange, Side};
pub use kept::Keep;
pub(crate) use live::Rooms;
pub use locks::LockView;
pub(crate) use shape::NewWords;
pub use shape::{Draft, NewDesign, NewDesignForm, Shape};
pub(crate) use stage::set_stage;
pub use stage::{MoveView, StageView};
pub use versions::{VersionName, VersionView, VersionsPage, YoungShare};
pub use wiping::TypedWipe;
pub use writing::{BothTexts, Saved};

use crate::comments::Latest;
use crate::rights::allow_thing;
use crate::{Refused, Service};

/// For how long a form that was opened can still be merged: a week.
pub const KEPT: i64 = 7 * Moment::DAY;

/// Who did something: by name for those who may see the members, in a word for their role for everybody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Their name, where it may be shown.
    pub name: Option<String>,
    /// What they are.
    pub role: Role,
}

impl By {
    pub(crate) fn new(names: bool, name: String, role: Role) -> Self {
        // Who deleted their account has no name any more: their role is left.
        Self { name: (names && !name.is_empty()).then_some(name), role }
    }
}

/// A design as its pages begin: title, stage and the way here.
#[derive(Debug, Clone)]
pub struct DesignHead {
    /// Its id.
    pub id: DesignId,
    /// Its title.
    pub title: String,
    /// Its symbol.
    pub symbol: String,
    /// Where it stands.
    pub stage: Stage,
    /// Since when.
    pub stage_at: Moment,
    /// A worker has paused writing.
    pub paused: bool,
    /// The workspace's address.
    pub workspace_slug: String,
    /// The workspace's title.
    pub workspace_title: String,
    /// The groups it belongs to: for deciding what a page shows.
    pub place: Place,
}

/// One section as a page shows it.
#[derive(Debug, Clone)]
pub struct SectionView {
    /// Its id.
    pub id: SectionId,
    /// Its heading.
    pub heading: String,
    /// Its words as typed; for whoever only reads, with what is hidden until somebody has looked.
    pub words: String,
    /// The same as HTML, sanitised.
    pub html: String,
    /// Something in them is hidden until a worker has looked: from readers, and from whoever does not check.
    pub masked: bool,
    /// When its words last changed.
    pub words_at: Moment,
    /// Who changed them, once somebody did.
    pub by: Option<By>,
    /// The group decided that it needs no words.
    pub not_needed: bool,
}

/// A design to read or to write.
#[derive(Debug, Clone)]
pub struct DesignView {
    /// Title, stage and the way here.
    pub head: DesignHead,
    /// Its sections, in order.
    pub sections: Vec<SectionView>,
    /// Sections that were taken out and can come back. Empty for those who may not shape the design.
    pub removed: Vec<(SectionId, String)>,
    /// The number of the state this is: a form carries it, so that the server knows what its writer saw.
    pub base: i64,
    /// The sections that somebody has to themselves now. Only for those who write.
    pub locks: Vec<LockView>,
}

/// The page of a design: its words, what people say beside them, and what became of it.
#[derive(Debug)]
pub struct DesignPage {
    /// The design.
    pub design: DesignView,
    /// What people say.
    pub latest: Latest,
    /// What became of it.
    pub became: AfterDesign,
    /// How many suggestions wait in which sections. A count of suggestions, not of people.
    pub waiting: Vec<(SectionId, i64)>,
    /// Something changed since the reader was last here, then. Nothing on their first visit.
    pub changed_since: Option<Moment>,
}

/// What became of a design.
#[derive(Debug, Default)]
pub struct AfterDesign {
    /// Its decisions.
    pub decisions: Vec<crate::decisions::DecisionLine>,
    /// Its actions.
    pub actions: Vec<crate::actions::ActionLine>,
    /// What was decided, once it is written and counts.
    pub outcome: Option<crate::actions::OutcomeView>,
}

fn head(row: DesignRow, place: Place) -> DesignHead {
    DesignHead {
        id: row.id,
        title: row.title,
        symbol: row.symbol,
        stage: row.stage,
        stage_at: row.stage_at,
        paused: row.paused,
        workspace_slug: row.workspace_slug,
        workspace_title: row.workspace_title,
        place,
    }
}

/// A section as somebody reads it, or (`writes`) writes in it.
fn section(row: SectionRow, names: bool, writes: bool) -> SectionView {
    let masked = row.masked;
    let by = row.by_name.zip(row.by_role.and_then(|r| r.parse().ok()));
    SectionView {
        id: row.id,
        heading: row.heading,
        words: if masked && !writes { masking::masked_or(row.words) } else { row.words },
        html: words_as_read(masked, row.masked_html, row.html),
        masked,
        words_at: row.words_at,
        by: by.map(|(name, role)| By::new(names, name, role)),
        not_needed: row.not_needed,
    }
}

/// The words of a section as everybody reads them, drawn and safe.
pub(crate) fn words_as_read(masked: bool, masked_html: Option<String>, html: String) -> String {
    masked_html.filter(|_| masked).unwrap_or(html)
}

/// A design as one person sees it: names and what was taken out only where they may be seen.
fn view(who: &Who, place: Place, row: DesignRow, rows: Vec<SectionRow>, writes: bool) -> DesignView {
    let names = names(who, &place);
    let shapes = may(who, Verb::ShapeDesign, &place) == Answer::Yes;
    let base = row.text_seq;
    let (mut sections, mut removed) = (Vec::new(), Vec::new());
    for row in rows {
        if row.removed_at.is_none() {
            sections.push(section(row, names, writes));
        } else if shapes {
            removed.push((row.id, row.heading));
        }
    }
    DesignView { head: head(row, place), sections, removed, base, locks: Vec::new() }
}

/// Whether words may be written now: the stage says so, and no worker has paused it.
///
/// # Errors
/// [`Refused::MovedOn`]: `words-locked`, `writing-paused`.
fn words_open(stage: Stage, paused: bool) -> Result<(), Refused> {
    if !stage.words_open() {
        return Err(Refused::MovedOn("words-locked"));
    }
    if paused { Err(Refused::MovedOn("writing-paused")) } else { Ok(()) }
}

/// Whether names stand beside what people wrote.
fn names(who: &Who, place: &Place) -> bool {
    may(who, Verb::SeeMembers, place) == Answer::Yes
}

/// Finds a design and asks the table: the same first query for what is hidden and what does not exist.
pub(crate) async fn open(tx: &mut Tx, who: &Who, verb: Verb, id: DesignId) -> Result<DesignHead, Refused> {
    let place = allow_thing(tx, who, verb, Thing::Design(id)).await?;
    let row = store::designs::find(tx, id).await?.ok_or(Refused::Unknown)?;
    Ok(head(row, place))
}

/// The same for whoever wants to write in it now.
///
/// # Errors
/// [`Refused::MovedOn`]: `words-locked`, `writing-paused`.
pub(crate) async fn open_to_write(tx: &mut Tx, who: &Who, id: DesignId) -> Result<DesignHead, Refused> {
    let head = open(tx, who, Verb::WriteSection, id).await?;
    words_open(head.stage, head.paused)?;
    Ok(head)
}

/// One section of a design, whatever became of it.
///
/// # Errors
/// [`Refused::Unknown`] for one of another design.
pub(crate) async fn section_row(tx: &mut Tx, design: DesignId, id: SectionId) -> Result<SectionRow, Refused> {
    store::designs::sections(tx, design).await?.into_iter().find(|s| s.id == id).ok_or(Refused::Unknown)
}

impl DesignHead {
    /// Whether its words may be changed now.
    pub fn words_open(&self) -> bool {
        words_open(self.stage, self.paused).is_ok()
    }
}

impl Service {
    /// The page of a design. One place, one moment of the database, a dozen queries, however much there is; that somebody
    /// reads it is noted at most once a minute.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of it.
    pub async fn design_page(&self, who: &Who, id: DesignId) -> Result<DesignPage, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(id)).await?;
        let row = store::designs::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let workspace = row.workspace_id;
        let sections = store::designs::sections(&mut tx, id).await?;
        let latest = crate::comments::latest(&mut tx, who, &place, (id, row.stage)).await?;
        let became = AfterDesign {
            decisions: crate::decisions::of_design(&mut tx, id, self.now()).await?,
            actions: crate::actions::of_design(&mut tx, who, (id, workspace), self.now()).await?,
            outcome: crate::actions::outcome_of(&mut tx, id, row.stage).await?,
        };
        let waiting = store::designs::suggestions::waiting_counts(&mut tx, id).await?;
        let visit = changes::reading(self, &mut tx, who, id).await?;
        let changed_since = visit.changed(&mut tx, who, id).await?;
        drop(tx);
        self.note_reading(who, id, visit).await;
        Ok(DesignPage { design: view(who, place, row, sections, false), latest, became, waiting, changed_since })
    }

    /// A design to read. Three queries, however many sections there are.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of it.
    pub async fn view_design(&self, who: &Who, id: DesignId) -> Result<DesignView, Refused> {
        self.design_view(who, Verb::ReadWork, id).await
    }

    /// A design to write in.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for those who only read; [`Refused::MovedOn`] (`words-locked`) from voting on.
    pub async fn write_design(&self, who: &Who, id: DesignId) -> Result<DesignView, Refused> {
        let mut view = self.design_view(who, Verb::WriteSection, id).await?;
        let mut tx = self.store().read().await?;
        view.locks = locks::of(&mut tx, who, id, self.now()).await?;
        words_open(view.head.stage, view.head.paused)?;
        Ok(view)
    }

    async fn design_view(&self, who: &Who, verb: Verb, id: DesignId) -> Result<DesignView, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, verb, Thing::Design(id)).await?;
        let row = store::designs::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let rows = store::designs::sections(&mut tx, id).await?;
        Ok(view(who, place, row, rows, verb == Verb::WriteSection))
    }

    /// A fresh writer of shared text: 53 random bits.
    fn new_writer(&self) -> Writer {
        let mut bits = [0u8; 8];
        self.world().chance.fill(&mut bits);
        Writer::from_random(u64::from_be_bytes(bits))
    }
}
