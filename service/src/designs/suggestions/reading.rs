//! Reading suggestions: who sees which words of whom.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::comments::{CommentState, open_at};
use domain::designs::changes::{self, Part};
use domain::designs::suggestions::{
    Deciders, PICKED_MAX, SuggestionAnswer, SuggestionKind, SuggestionState, sentences,
};
use domain::ids::{CommentId, DesignId, PersonId, SectionId, SuggestionId};
use domain::moment::Moment;
use domain::people::Role;
use store::Tx;
use store::designs::suggestions::{Asked, SuggestionRow};
use store::workspaces::Thing;
use uuid::Uuid;

use super::{MOST_NEAR, TypedSuggestion, deciding, ids, near, picked};
use crate::comments::{Author, Heading};
use crate::designs::masking::masked_or;
use crate::designs::{DesignHead, head, names, words_open};
use crate::rights::allow_thing;
use crate::{Problems, Refused, Service};

/// Most suggestions on one page.
const A_PAGE: usize = 50;
/// Most in one piece of live news.
const MOST_NEWS: i64 = 50;
/// News overlaps by this much, so that a slow transaction is not missed; open pages know what they have.
const OVERLAP: i64 = 30 * Moment::SECOND;

/// A suggestion as the reader sees it.
#[derive(Debug, Clone)]
pub struct SuggestionLine {
    /// Its id.
    pub id: SuggestionId,
    /// Its design.
    pub design: DesignId,
    /// Its section.
    pub section: SectionId,
    /// The heading of its section.
    pub heading: String,
    /// What it does.
    pub kind: SuggestionKind,
    /// The exact words it is about; empty for the whole section.
    pub picked: String,
    /// What it should say there.
    pub words: String,
    /// Why.
    pub why: String,
    /// What has become of it.
    pub state: SuggestionState,
    /// Who wrote it.
    pub author: Author,
    /// When it was written.
    pub made_at: Moment,
    /// Since when it stands where it stands.
    pub state_at: Moment,
}

/// Which suggestions a page shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter<'a> {
    /// One section only.
    pub section: Option<SectionId>,
    /// One state only.
    pub state: Option<SuggestionState>,
    /// Older than the last one of the page before.
    pub before: Option<&'a str>,
}

/// The page of suggestions of a design.
#[derive(Debug, Clone)]
pub struct SuggestionList {
    /// The design.
    pub head: DesignHead,
    /// Its sections, in order.
    pub headings: Vec<Heading>,
    /// The suggestions, newest first.
    pub lines: Vec<SuggestionLine>,
    /// The section it is about, where it is about one.
    pub section: Option<SectionId>,
    /// The state it is about, where it is about one.
    pub state: Option<SuggestionState>,
    /// Where older ones begin.
    pub older: Option<String>,
    /// It is not the first page.
    pub is_older: bool,
    /// The reader may suggest something now.
    pub may_suggest: bool,
    /// When it was read.
    pub read_at: Moment,
}

/// A section to suggest something for.
#[derive(Debug, Clone)]
pub struct PickSection {
    /// Its id.
    pub id: SectionId,
    /// Its heading.
    pub heading: String,
    /// What it says.
    pub words: String,
    /// What can be picked: each sentence, with the number of its place.
    pub sentences: Vec<(usize, String)>,
}

impl PickSection {
    fn new(id: SectionId, heading: String, words: String) -> Self {
        let sentences = sentences(&words).into_iter().map(|(n, s)| (n, s.to_owned())).collect();
        Self { id, heading, words, sentences }
    }
}

/// What the form of a suggestion needs.
#[derive(Debug, Clone)]
pub struct NewSuggestionForm {
    /// The design.
    pub head: DesignHead,
    /// Its sections, in order: to choose one.
    pub headings: Vec<Heading>,
    /// The section, once it is chosen.
    pub section: Option<PickSection>,
    /// What was sent is shown to others only after somebody checked it.
    pub held: bool,
    /// Those that wait and are about the same words as what was typed.
    pub near: Vec<SuggestionLine>,
    /// Their ids: the form says that they were shown.
    pub near_ids: String,
}

/// What the reader sees of an answer.
#[derive(Debug, Clone)]
pub struct AnswerSeen {
    /// Whose.
    pub author: Author,
    /// What they say.
    pub answer: SuggestionAnswer,
    /// The words they would accept it with, where those are others.
    pub words: Option<String>,
    /// Why not, where it may be read.
    pub reason: Option<String>,
    /// The reason waits to be checked.
    pub reason_held: bool,
    /// Why the reason was taken away, for who wrote it.
    pub reason_why: Option<String>,
    /// They may still decide: it counts.
    pub counts: bool,
    /// The reader may check the reason.
    pub check: Option<PersonId>,
    /// When.
    pub at: Moment,
}

/// One suggestion with everything about it.
#[derive(Debug, Clone)]
pub struct SuggestionPage {
    /// The design.
    pub head: DesignHead,
    /// The suggestion.
    pub line: SuggestionLine,
    /// When its words were written: answers name it.
    pub words_at: Moment,
    /// The section with what would change, or what was changed, in it. Empty where its place is not there any more.
    pub change: Vec<Part>,
    /// What the section said when it was written; for its author, where it needs another look.
    pub before: Option<String>,
    /// The section as it is now, to write the suggestion anew.
    pub section: Option<PickSection>,
    /// Its author can keep it as it is.
    pub may_keep: bool,
    /// It is the reader's own and not decided.
    pub may_edit: bool,
    /// What the reader writes will be held.
    pub held: bool,
    /// Who decides here.
    pub deciders: Deciders,
    /// The reader may decide about it now.
    pub may_decide: bool,
    /// The words can change: it can be accepted.
    pub words_open: bool,
    /// What those who decide said.
    pub answers: Vec<AnswerSeen>,
    /// Others that wait and are about the same words.
    pub near: Vec<SuggestionLine>,
    /// Their ids.
    pub near_ids: String,
    /// Who wants it too, by name, where names may be seen.
    pub supporters: Vec<(String, Role)>,
    /// The reader wants it too.
    pub i_support: bool,
    /// The reader may say so.
    pub may_support: bool,
    /// The reader may take its words away.
    pub may_check: bool,
    /// Why somebody who checks took it away, for its author.
    pub reason: Option<String>,
    /// The suggestion whose words say this too.
    pub joined: Option<SuggestionId>,
    /// The idea that it became.
    pub comment: Option<CommentId>,
    /// The reader can make an idea of it.
    pub may_be_idea: bool,
}

/// Somebody by name and role, or as somebody who left.
pub(super) fn named(name: String, role: Role, deleted_at: Option<i64>) -> Author {
    if deleted_at.is_some() { Author::Left } else { Author::Named(name, role) }
}

/// Who wrote a suggestion, as `who` may know it.
pub(super) fn author_of(row: &SuggestionRow, who: Option<PersonId>, names: bool) -> Author {
    if who == Some(row.author_id) {
        Author::Me
    } else if row.author_deleted_at.is_some() {
        Author::Left
    } else if names {
        Author::Named(row.author_name.clone(), row.author_role)
    } else {
        Author::InRole(row.author_role)
    }
}

/// Refuses one that `who` may not see, as if it were not there.
pub(super) fn seen_by(who: &Who, place: &Place, row: &SuggestionRow) -> Result<(), Refused> {
    let mine = Some(row.author_id) == who.id();
    let checks = may(who, Verb::CheckWords, place) == Answer::Yes;
    let held = matches!(row.state, SuggestionState::Held | SuggestionState::Hidden);
    if row.state.is_shown() || mine || (checks && held) { Ok(()) } else { Err(Refused::Unknown) }
}

fn line(row: SuggestionRow, who: &Who, names: bool) -> SuggestionLine {
    SuggestionLine {
        author: author_of(&row, who.id(), names),
        id: row.id,
        design: row.design_id,
        section: row.section_id,
        heading: row.heading,
        kind: row.kind,
        picked: row.picked,
        words: row.words,
        why: row.why,
        state: row.state,
        made_at: row.made_at,
        state_at: row.state_at,
    }
}

fn headings(rows: Vec<store::comments::HeadingRow>) -> Vec<Heading> {
    rows.into_iter().map(|h| Heading { id: h.id, words: h.heading, removed: h.removed_at.is_some() }).collect()
}

fn mark(text: &str) -> Option<(Moment, Uuid)> {
    let (at, id) = text.split_once('.')?;
    Some((Moment(at.parse().ok()?), id.parse().ok()?))
}

impl Service {
    /// The suggestions of a design, newest first. A fixed number of queries, however many there are.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of the design.
    pub async fn suggestions(
        &self,
        who: &Who,
        design: DesignId,
        filter: Filter<'_>,
    ) -> Result<SuggestionList, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        let row = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let headings = headings(store::comments::headings(&mut tx, design).await?);
        let start = filter.before.and_then(mark);
        let asked = Asked {
            who: who.id(),
            checks: may(who, Verb::CheckWords, &place) == Answer::Yes,
            section: filter.section,
            state: filter.state,
            before: start.unwrap_or((Moment(i64::MAX), Uuid::max())),
            most: i64::try_from(A_PAGE + 1).unwrap_or(i64::MAX),
        };
        let mut rows = store::designs::suggestions::list(&mut tx, design, asked).await?;
        let more = rows.len() > A_PAGE;
        rows.truncate(A_PAGE);
        let older = rows.last().filter(|_| more).map(|last| format!("{}.{}", last.made_at.0, last.id));
        let names = names(who, &place);
        let may_suggest = words_open(row.stage, row.paused).is_ok() && may(who, Verb::Suggest, &place) == Answer::Yes;
        Ok(SuggestionList {
            headings,
            lines: rows.into_iter().map(|row| line(row, who, names)).collect(),
            section: filter.section,
            state: filter.state,
            older,
            is_older: start.is_some(),
            may_suggest,
            read_at: self.now(),
            head: head(row, place),
        })
    }

    /// What came or changed since a moment, oldest first, and when it was read.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not know of the design.
    pub async fn suggestion_news(
        &self,
        who: &Who,
        design: DesignId,
        since: Moment,
    ) -> Result<(Vec<SuggestionLine>, Moment), Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        let (names, now) = (names(who, &place), self.now());
        let since = Moment(since.0.saturating_sub(OVERLAP));
        let rows = store::designs::suggestions::news(&mut tx, design, since, MOST_NEWS).await?;
        Ok((rows.into_iter().map(|row| line(row, who, names)).collect(), now))
    }

    /// What the form for a suggestion needs. `typed`: what was sent from it, where it was refused.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for those who only read; [`Refused::MovedOn`] (`words-locked`) from voting on.
    pub async fn suggestion_form(
        &self,
        who: &Who,
        design: DesignId,
        section: &str,
        typed: Option<TypedSuggestion<'_>>,
    ) -> Result<NewSuggestionForm, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::Suggest, Thing::Design(design)).await?;
        let row = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        words_open(row.stage, row.paused)?;
        let sections = store::designs::sections(&mut tx, design).await?;
        let mut headings = Vec::new();
        let mut chosen = None;
        for s in sections.into_iter().filter(|s| s.removed_at.is_none()) {
            headings.push(Heading { id: s.id, words: s.heading.clone(), removed: false });
            if s.id.to_string() == section {
                chosen = Some(PickSection::new(s.id, s.heading, s.words));
            }
        }
        let mut rows = Vec::new();
        if let (Some(section), Some(typed)) = (&chosen, typed) {
            let (words, nth, of) = picked(&typed, &section.words, &mut Problems::new());
            let kind = typed.kind.parse().unwrap_or(SuggestionKind::Change);
            let spot = domain::designs::suggestions::Spot { kind, picked: &words, nth, of, base: &section.words };
            let waiting = store::designs::suggestions::waiting(&mut tx, section.id, MOST_NEAR).await?;
            rows = near(waiting, None, spot, typed.words);
        }
        let held = self.words_of(&mut tx, who, design).await? == CommentState::Held;
        let (near_ids, names) = (ids(&rows), names(who, &place));
        let near = rows.into_iter().map(|row| line(row, who, names)).collect();
        Ok(NewSuggestionForm { head: head(row, place), headings, section: chosen, held, near, near_ids })
    }

    /// One suggestion with everything about it. A fixed number of queries.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for whoever may not see it.
    pub async fn suggestion(&self, who: &Who, design: DesignId, id: SuggestionId) -> Result<SuggestionPage, Refused> {
        use store::designs::suggestions as kept;
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        let about = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let row = kept::find(&mut tx, design, id).await?.ok_or(Refused::Unknown)?;
        seen_by(who, &place, &row)?;
        let (workspace, deciders) = kept::deciders(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let answers = kept::answers(&mut tx, id).await?;
        let still = kept::still_decide(&mut tx, workspace).await?;
        let waiting = kept::waiting(&mut tx, row.section_id, MOST_NEAR).await?;
        let supporters = kept::supporters(&mut tx, id).await?;
        let held = self.held_for(&mut tx, who, design).await?;

        let allowed = |verb| may(who, verb, &place) == Answer::Yes;
        let (names, checks) = (names(who, &place), allowed(Verb::CheckWords));
        let mine = Some(row.author_id) == who.id();
        let pending = row.state == SuggestionState::Pending;
        let words_open = words_open(about.stage, about.paused).is_ok() && row.section_removed_at.is_none();
        let owns = mine && may(who, Verb::EditSuggestion, &place.clone().by(who.id())) == Answer::Yes;
        let there = row.now_words.contains(&row.picked);
        let near = if pending { near(waiting, Some(id), row.spot(), &row.words) } else { Vec::new() };
        let answers = answers
            .into_iter()
            .map(|a| {
                let own = Some(a.person_id) == who.id();
                let reads = a.reason_state == CommentState::Published || own || checks;
                let author = if own {
                    Author::Me
                } else if names {
                    named(a.name, a.role, a.deleted_at)
                } else {
                    Author::InRole(a.role)
                };
                AnswerSeen {
                    author,
                    answer: a.answer,
                    words: (a.answer == SuggestionAnswer::Change).then_some(a.words),
                    reason_held: a.reason_state == CommentState::Held && !a.reason.is_empty(),
                    check: (checks && a.reason_state != CommentState::HiddenByModerator && !a.reason.is_empty())
                        .then_some(a.person_id),
                    reason: Some(a.reason).filter(|r| reads && !r.is_empty()),
                    reason_why: Some(a.reason_why).filter(|w| own && !w.is_empty()),
                    counts: !pending || deciders != Deciders::Two || still.contains(&a.person_id),
                    at: a.answered_at,
                }
            })
            // While two decide, what one of them said is for those inside.
            .filter(|_| !pending || names)
            .collect();
        Ok(SuggestionPage {
            words_at: row.words_at(),
            change: change(&row),
            before: (owns && row.state == SuggestionState::Look).then(|| row.base_words.clone()),
            section: (owns && words_open && row.state.is_open())
                .then(|| PickSection::new(row.section_id, row.heading.clone(), row.now_words.clone())),
            may_keep: owns && words_open && row.state == SuggestionState::Look && there,
            may_edit: owns && row.state.is_open(),
            held,
            deciders,
            may_decide: pending && allowed(deciding::verb(deciders)) && !(mine && deciders == Deciders::Two),
            words_open,
            answers,
            near_ids: ids(&near),
            near: near.into_iter().map(|row| line(row, who, names)).collect(),
            i_support: supporters.iter().any(|(id, ..)| Some(*id) == who.id()),
            supporters: supporters.into_iter().filter(|_| names).map(|(_, name, role)| (name, role)).collect(),
            may_support: pending && !mine && allowed(Verb::Suggest),
            may_check: checks && !matches!(row.state, SuggestionState::Withdrawn | SuggestionState::Hidden),
            reason: Some(row.reason.clone()).filter(|r| (mine || checks) && !r.is_empty()),
            joined: row.joined_id.map(Into::into),
            comment: row.comment_id.map(Into::into),
            may_be_idea: owns
                && row.comment_id.is_none()
                && row.state == SuggestionState::NotAccepted
                && row.section_removed_at.is_none()
                && open_at(about.stage)
                && allowed(Verb::Comment),
            line: line(row, who, names),
            head: head(about, place),
        })
    }

    async fn held_for(&self, tx: &mut Tx, who: &Who, design: DesignId) -> Result<bool, Refused> {
        Ok(self.words_of(tx, who, design).await? == CommentState::Held)
    }
}

/// What a suggestion changes in its section, or changed.
fn change(row: &SuggestionRow) -> Vec<Part> {
    let decided = matches!(row.state, SuggestionState::Accepted | SuggestionState::Changed);
    let (old, words) = match (decided, row.state) {
        (true, _) => (&row.base_words, &row.final_words),
        (_, SuggestionState::Pending | SuggestionState::Held) => (&row.now_words, &row.words),
        _ => (&row.base_words, &row.words),
    };
    // Words longer than somebody would read are not compared for a page.
    if decided && row.joined_id.is_some() || old.len() > 40 * PICKED_MAX {
        return Vec::new();
    }
    let parts = row.spot().put(old, words).map(|new| changes::words(old, &new)).unwrap_or_default();
    if !row.masked {
        return parts;
    }
    // Somebody has looked at what is suggested, and not at what stands around it.
    let hide = |part| match part {
        Part::Kept(text) => Part::Kept(masked_or(text)),
        Part::Removed(text) => Part::Removed(masked_or(text)),
        Part::Added(text) => Part::Added(text),
    };
    parts.into_iter().map(hide).collect()
}
