//! Two states of a design side by side: versions, now, when somebody was last here, when they last commented. States of
//! versions are our own rows; others are reached from now by taking kept changes back. The shared text is never decoded.

use std::collections::HashMap;

use domain::access::{Verb, Who};
use domain::designs::changes::{Compared, Passage, Piece, back, compare};
use domain::ids::{DesignId, SectionId, SuggestionId};
use domain::moment::Moment;
use store::Tx;
use store::designs::SectionRow;

use super::changes::{Reading, reading};
use super::masking::masked_or;
use super::versions::view;
use super::{By, DesignHead, VersionView, markdown, names, open};
use crate::aside::Whose;
use crate::{Refused, Service};

/// Most kept changes that are taken back for one page. Who was away for longer compares with the last version before.
const MOST_BACK: i64 = 2000;

/// How the name of a state begins that was there before something changed; after it the moment, in microseconds.
pub const SINCE: &str = "since-";

/// One of the two states.
#[derive(Debug, Clone)]
pub enum Side {
    /// A version.
    Version(VersionView),
    /// As it is now.
    Now,
    /// As it was when the reader was last here, then.
    LastHere(Moment),
    /// As it was just before something changed, then.
    Before(Moment),
    /// As it was when the reader last commented, then.
    Commented(Moment),
}

/// A section in both states, and who changed it between them.
#[derive(Debug, Clone)]
pub struct SectionChange {
    /// What changed.
    pub compared: Compared,
    /// Who, the latest first.
    pub by: Vec<ChangedBy>,
}

/// Somebody who changed a section.
#[derive(Debug, Clone)]
pub struct ChangedBy {
    /// Who.
    pub who: By,
    /// When last.
    pub at: Moment,
    /// The suggestion that their words came from, if they did not write them into the section themselves.
    pub accepted: Option<Accepted>,
}

/// A suggestion that became words of a section.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The design it is for.
    pub design: DesignId,
    /// Which.
    pub suggestion: SuggestionId,
    /// Who accepted it.
    pub by: By,
    /// Why it was suggested, where everybody may still read that.
    pub why: Option<String>,
}

/// Two states of a design.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The design.
    pub head: DesignHead,
    /// The earlier one; nothing where there is none.
    pub from: Option<Side>,
    /// The later one.
    pub to: Side,
    /// Headings and words (sanitised HTML) of the later one.
    pub sections: Vec<(String, String)>,
    /// The same of the earlier one.
    pub before: Vec<(String, String)>,
    /// Section by section; empty where there is no earlier one.
    pub changes: Vec<SectionChange>,
    /// The last change there was when this was read: a form for bringing a version back carries it.
    pub seen: i64,
}

/// A state while it is put together: its sections with their HTML where that is known, and the last change in it.
struct State {
    sections: Vec<(SectionId, String, String, Option<String>)>,
    n: i64,
    side: Side,
}

fn pieces(rows: &[SectionRow]) -> Vec<Piece> {
    rows.iter()
        .map(|s| Piece {
            id: s.id,
            heading: s.heading.clone(),
            words: s.words.clone(),
            position: s.position,
            removed: s.removed_at.is_some(),
            not_needed: s.not_needed,
        })
        .collect()
}

async fn of_version(tx: &mut Tx, design: DesignId, number: i64, names: bool) -> Result<State, Refused> {
    let row = store::designs::version(tx, design, number).await?.ok_or(Refused::Unknown)?;
    let sections = store::designs::version_sections(tx, row.id).await?;
    let sections = sections
        .into_iter()
        .map(|s| match s.masked_html {
            Some(html) => (s.section_id, s.heading, masked_or(s.words), Some(html)),
            None => (s.section_id, s.heading, s.words, Some(s.html)),
        })
        .collect();
    Ok(State { sections, n: row.change_n, side: Side::Version(view(row, names)) })
}

/// The sections of a design as they are, and the last change in them.
struct Now {
    rows: Vec<SectionRow>,
    n: i64,
}

impl Now {
    async fn read(tx: &mut Tx, design: DesignId) -> Result<Self, Refused> {
        let rows = store::designs::sections(tx, design).await?;
        Ok(Self { rows, n: store::designs::changes::last(tx, design).await? })
    }

    fn state(self) -> State {
        let shown = self.rows.into_iter().filter(|s| s.removed_at.is_none() && !s.not_needed);
        let sections = shown
            .map(|s| match s.masked {
                true => (s.id, s.heading, masked_or(s.words), s.masked_html),
                false => (s.id, s.heading, s.words, Some(s.html)),
            })
            .collect();
        State { sections, n: self.n, side: Side::Now }
    }
}

/// The state after change `n`, or the last version before it where that is too far back.
async fn of_change(
    tx: &mut Tx,
    design: DesignId,
    now: &Now,
    (n, side): (i64, Side),
    names: bool,
) -> Result<State, Refused> {
    let steps = store::designs::changes::since(tx, design, n, MOST_BACK + 1).await?;
    if i64::try_from(steps.len()).unwrap_or(i64::MAX) > MOST_BACK {
        let number = store::designs::changes::nearest_version(tx, design, n).await?;
        return of_version(tx, design, number.ok_or(Refused::MovedOn("too-much-changed"))?, names).await;
    }
    let mut all = pieces(&now.rows);
    back(&mut all, &steps);
    // Of what stood there before nobody knows any more whether somebody had looked.
    let open = |p: &Piece| now.rows.iter().any(|s| s.id == p.id && (!s.holds || (!s.masked && s.words == p.words)));
    let shown = all.into_iter().filter(|p| !p.removed && !p.not_needed).map(|p| {
        let words = if open(&p) { p.words } else { masked_or(p.words) };
        (p.id, p.heading, words, None)
    });
    Ok(State { sections: shown.collect(), n, side })
}

/// The last version that something changed after. For whoever has no earlier visit: what came since is at least what the
/// group has not agreed on yet.
async fn before_now(tx: &mut Tx, design: DesignId, now: &Now, names: bool) -> Result<Option<State>, Refused> {
    match store::designs::changes::nearest_version(tx, design, now.n - 1).await? {
        Some(number) => Ok(Some(of_version(tx, design, number, names).await?)),
        None => Ok(None),
    }
}

/// The state before what was changed at `at`, or before what somebody has not seen where that is more. Nothing where nothing
/// was changed since then: a new design has its first words without a change.
async fn of_news(
    tx: &mut Tx,
    design: DesignId,
    now: &Now,
    (at, visit): (Moment, &Reading),
    names: bool,
) -> Result<Option<State>, Refused> {
    let before = store::designs::changes::last_until(tx, design, Moment(at.0 - 1)).await?;
    let (n, side) = match visit.last {
        Some((then, n)) if n <= before => (n, Side::LastHere(then)),
        _ => (before, Side::Before(at)),
    };
    if n == now.n {
        return Ok(None);
    }
    Ok(Some(of_change(tx, design, now, (n, side), names).await?))
}

/// Who changed each section between two changes.
async fn changed_by(
    tx: &mut Tx,
    design: DesignId,
    (after, to): (i64, i64),
    names: bool,
) -> Result<HashMap<SectionId, Vec<ChangedBy>>, Refused> {
    let mut out: HashMap<SectionId, Vec<ChangedBy>> = HashMap::new();
    for row in store::designs::changes::between(tx, design, after, to).await? {
        let who = By::new(names, row.name.unwrap_or_default(), row.by_role);
        let accepted = row.suggestion_id.zip(row.decided_role.and_then(|r| r.parse().ok()));
        let accepted = accepted.map(|(id, role)| Accepted {
            design,
            suggestion: id.into(),
            by: By::new(names, row.decided_name.unwrap_or_default(), role),
            why: row.why,
        });
        let all = out.entry(row.section_id).or_default();
        // Two people without names in one role are said once.
        if accepted.is_some() || !all.iter().any(|other| other.accepted.is_none() && other.who == who) {
            all.push(ChangedBy { who, at: row.at, accepted });
        }
    }
    Ok(out)
}

/// What changed, and headings with HTML of the earlier state and of the later one.
type Drawn = (Vec<Compared>, Vec<(String, String)>, Vec<(String, String)>);

/// Compares and draws: long words take a while, so this is done aside.
fn work(from: Option<State>, to: State) -> Drawn {
    let plain =
        |s: &State| -> Vec<Passage> { s.sections.iter().map(|(i, h, w, _)| (*i, h.clone(), w.clone())).collect() };
    let all = from.as_ref().map(|from| compare(&plain(from), &plain(&to))).unwrap_or_default();
    let draw = |s: State| -> Vec<(String, String)> {
        let html = |words: &str, html: Option<String>| html.unwrap_or_else(|| markdown::draw(words));
        s.sections.into_iter().map(|(_, heading, words, drawn)| (heading, html(&words, drawn))).collect()
    };
    (all, from.map(draw).unwrap_or_default(), draw(to))
}

impl Service {
    async fn side_by_side(
        &self,
        mut tx: Tx,
        who: &Who,
        head: DesignHead,
        (from, to): (Option<State>, State),
        names: bool,
    ) -> Result<Comparison, Refused> {
        // The earlier one first, whichever was named first.
        let later = |from: &State| match (&from.side, &to.side) {
            (Side::Version(a), Side::Version(b)) => a.number > b.number,
            (_, Side::Now) => false,
            _ => from.n > to.n,
        };
        let (from, to) = match from {
            Some(from) if later(&from) => (Some(to), from),
            from => (from, to),
        };
        let mut by = match &from {
            Some(from) => changed_by(&mut tx, head.id, (from.n, to.n), names).await?,
            None => HashMap::new(),
        };
        drop(tx);
        let (seen, sides) = (to.n, (from.as_ref().map(|s| s.side.clone()), to.side.clone()));
        let (all, before, sections) = self.aside(Whose::of(who), move || work(from, to)).await?;
        let changes = all
            .into_iter()
            .map(|compared| SectionChange { by: by.remove(&compared.id).unwrap_or_default(), compared })
            .collect();
        Ok(Comparison { head, from: sides.0, to: sides.1, sections, before, changes, seen })
    }

    /// One version to read, beside the one before it.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of the design, and for a number that is none.
    pub async fn view_version(&self, who: &Who, design: DesignId, number: i64) -> Result<Comparison, Refused> {
        let mut tx = self.store().read().await?;
        let head = open(&mut tx, who, Verb::ReadWork, design).await?;
        let names = names(who, &head.place);
        let to = of_version(&mut tx, design, number, names).await?;
        let from = match number.checked_sub(1).filter(|n| *n > 0) {
            Some(before) => Some(of_version(&mut tx, design, before, names).await?),
            None => None,
        };
        self.side_by_side(tx, who, head, (from, to), names).await
    }

    /// Two states beside each other. `from`: the number of a version, `last` (when the reader was last here; the last version
    /// before now for whoever never was), `since-` and a moment (before what changed then, no longer ago than home tells of
    /// it), or `comment` (when they last commented); `to`: the number of a version, or `now`.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of the design, and for what is no state of it;
    /// [`Refused::MovedOn`] (`too-much-changed`) where too much was written since, and no version was made.
    pub async fn compare_design(
        &self,
        who: &Who,
        design: DesignId,
        from: &str,
        to: &str,
    ) -> Result<Comparison, Refused> {
        let mut tx = self.store().read().await?;
        let head = open(&mut tx, who, Verb::ReadWork, design).await?;
        let names = names(who, &head.place);
        let now = Now::read(&mut tx, design).await?;
        let mut visit = Reading::default();
        let from = match from {
            "last" => {
                visit = reading(self, &mut tx, who, design).await?;
                match visit.last {
                    Some((at, n)) => Some(of_change(&mut tx, design, &now, (n, Side::LastHere(at)), names).await?),
                    None => before_now(&mut tx, design, &now, names).await?,
                }
            }
            // A page of home names the moment: so the change can be read again and again, also within one visit.
            news if news.starts_with(SINCE) => {
                let at = news.strip_prefix(SINCE).and_then(|at| at.parse().ok()).ok_or(Refused::Unknown)?;
                let oldest = self.now().plus(-crate::home::LATELY);
                visit = reading(self, &mut tx, who, design).await?;
                match who.id() {
                    Some(_) => match of_news(&mut tx, design, &now, (Moment(at).max(oldest), &visit), names).await? {
                        None => before_now(&mut tx, design, &now, names).await?,
                        some => some,
                    },
                    None => None,
                }
            }
            "comment" => match who.id() {
                Some(me) => match store::designs::changes::commented(&mut tx, design, me).await? {
                    Some(at) => {
                        let n = store::designs::changes::last_until(&mut tx, design, at).await?;
                        Some(of_change(&mut tx, design, &now, (n, Side::Commented(at)), names).await?)
                    }
                    None => None,
                },
                None => None,
            },
            number => {
                let number = number.parse().map_err(|_| Refused::Unknown)?;
                Some(of_version(&mut tx, design, number, names).await?)
            }
        };
        let to = match to {
            "now" | "" => now.state(),
            number => of_version(&mut tx, design, number.parse().map_err(|_| Refused::Unknown)?, names).await?,
        };
        let compared = self.side_by_side(tx, who, head, (from, to), names).await?;
        self.note_reading(who, design, visit).await;
        Ok(compared)
    }

    /// What bringing a version back would change: now, and the version.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`]; [`Refused::MovedOn`] (`restore-drafting`) in any other stage.
    pub async fn restore_page(&self, who: &Who, design: DesignId, number: i64) -> Result<Comparison, Refused> {
        let mut tx = self.store().read().await?;
        let head = open(&mut tx, who, Verb::RestoreVersion, design).await?;
        if head.stage != domain::designs::Stage::Drafting {
            return Err(Refused::MovedOn("restore-drafting"));
        }
        let names = names(who, &head.place);
        let now = Now::read(&mut tx, design).await?.state();
        // What it becomes is the version: nobody changed anything yet.
        let to = State { n: now.n, ..of_version(&mut tx, design, number, names).await? };
        self.side_by_side(tx, who, head, (Some(now), to), names).await
    }
}
