//! Reading comments: who sees which words of whom.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::comments::{Checking, CommentKind, CommentState, Stance, open_at};
use domain::designs::Stage;
use domain::ids::{CommentId, DesignId, SectionId, SuggestionId};
use domain::moment::Moment;
use domain::people::Role;
use domain::reports::small_numbers::{PeopleCount, ShownCount};
use store::Tx;
use store::comments::{AboutRow, CommentRow, Eyes, Mark};
use store::workspaces::Thing;
use uuid::Uuid;

use super::{strictest, threshold};
use crate::rights::allow_thing;
use crate::{Refused, Service};

/// Most threads on one page: more are a long way to read, and the page weighs too much for a slow line.
const A_PAGE: usize = 50;
/// How many comments stand beside a design.
const BESIDE: i64 = 3;
/// Most comments in one piece of live news: who missed more looks at the page again.
const MOST_NEWS: i64 = 50;
/// News overlaps by this much, so that a slow transaction is not missed; open pages know what they have.
const OVERLAP: i64 = 30 * Moment::SECOND;

/// The design that comments are about.
#[derive(Debug, Clone)]
pub struct About {
    /// The design.
    pub id: DesignId,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub stage: Stage,
    /// The address of its workspace.
    pub workspace_slug: String,
    /// The title of its workspace.
    pub workspace_title: String,
}

impl About {
    pub(crate) fn of(row: AboutRow) -> Self {
        Self {
            id: row.id,
            title: row.title,
            stage: row.stage,
            workspace_slug: row.workspace_slug,
            workspace_title: row.workspace_title,
        }
    }
}

/// A section of the design.
#[derive(Debug, Clone)]
pub struct Heading {
    /// The section.
    pub id: SectionId,
    /// Its heading.
    pub words: String,
    /// Taken out of the design: its comments stay.
    pub removed: bool,
}

/// Who wrote something, as far as the reader may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// The reader.
    Me,
    /// Somebody whose name the reader may see.
    Named(String, Role),
    /// Somebody in a role.
    InRole(Role),
    /// Somebody who deleted their account.
    Left,
    /// Somebody in an imported conversation.
    Imported,
}

/// What the reader sees of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Its words, published.
    Words(String),
    /// Its words, which wait to be checked: the author and those who check see them.
    Waiting(String),
    /// Words that wait to be checked: others see the place only because an answer hangs on it.
    WaitingUnseen,
    /// The author took it away.
    TakenBack,
    /// Somebody who checks took it away. The author sees the words and the reason; those who check see the reason.
    TakenAway {
        /// The words, for the author.
        words: Option<String>,
        /// The reason, for the author and those who check.
        reason: Option<String>,
    },
}

/// A comment as the reader sees it.
#[derive(Debug, Clone)]
pub struct Said {
    /// Its id.
    pub id: CommentId,
    /// Its section.
    pub section: SectionId,
    /// The comment it answers.
    pub parent: Option<CommentId>,
    /// Who wrote it.
    pub author: Author,
    /// What it says first. A reply has the kind of what it answers, and does not show it.
    pub kind: CommentKind,
    /// What the reader sees of it.
    pub seen: Seen,
    /// When it was written.
    pub made_at: Moment,
    /// Its words changed since.
    pub edited: bool,
    /// The reader may change it and take it away.
    pub may_edit: bool,
    /// The reader may take it away as somebody who checks.
    pub may_check: bool,
    /// The reader may answer it.
    pub may_answer: bool,
    /// Agree, pass and disagree of an imported conversation, where they may be shown.
    pub stances: Option<[ShownCount; 3]>,
    /// The suggestion that it was before.
    pub suggestion: Option<SuggestionId>,
    /// Its answers, oldest first.
    pub replies: Vec<Said>,
}

/// How the page is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By section, oldest first within each.
    #[default]
    BySection,
    /// Newest first.
    Newest,
}

/// The page of comments of a design.
#[derive(Debug, Clone)]
pub struct Comments {
    /// The design.
    pub about: About,
    /// Its sections, in order.
    pub headings: Vec<Heading>,
    /// The threads: newest first, or oldest first within each section.
    pub threads: Vec<Said>,
    /// How many comments everybody sees, replies too.
    pub total: i64,
    /// How it is ordered.
    pub order: Order,
    /// One section only.
    pub section: Option<SectionId>,
    /// Where the page of older comments begins.
    pub older: Option<String>,
    /// It is not the newest page.
    pub is_older: bool,
    /// The reader may comment now.
    pub may_comment: bool,
    /// Comments are open at this stage.
    pub open: bool,
    /// The reader checks words here.
    pub checks: bool,
    /// How words are checked here.
    pub checking: Checking,
    /// When this was read: live news begins here.
    pub read_at: Moment,
}

/// What stands beside a design.
#[derive(Debug, Clone)]
pub struct Latest {
    /// The design.
    pub design: DesignId,
    /// The latest comments, newest first.
    pub latest: Vec<Said>,
    /// How many there are.
    pub total: i64,
    /// The reader may say something there.
    pub may_comment: bool,
}

/// What came to light while a page was open.
#[derive(Debug, Clone)]
pub struct News {
    /// New comments, oldest first.
    pub new: Vec<Said>,
    /// Comments that were shown before and are not what they were: other words, or taken away.
    pub changed: Vec<Said>,
    /// When this was read: the next piece begins here.
    pub read_at: Moment,
}

/// What the reader may see and do in a place.
struct Reader<'a> {
    who: &'a Who,
    names: bool,
    checks: bool,
    may_comment: bool,
    place: Place,
}

/// The latest three comments of a design and how many there are, for the page of the design. Whether it may be read has
/// been asked. Two queries.
///
/// # Errors
/// [`Refused`] when the database fails.
pub(crate) async fn latest(
    tx: &mut Tx,
    who: &Who,
    place: &Place,
    (design, stage): (DesignId, Stage),
) -> Result<Latest, Refused> {
    let rows = store::comments::latest(tx, design, BESIDE).await?;
    let total = store::comments::published(tx, design).await?;
    let reader = Reader::of(who, place.clone(), stage);
    let may_comment = reader.may_comment;
    Ok(Latest { design, may_comment, total, latest: rows.into_iter().map(|row| reader.sees(row)).collect() })
}

impl<'a> Reader<'a> {
    fn of(who: &'a Who, place: Place, stage: Stage) -> Self {
        let yes = |verb| may(who, verb, &place) == Answer::Yes;
        Self {
            who,
            names: yes(Verb::SeeMembers),
            checks: yes(Verb::CheckWords),
            may_comment: yes(Verb::Comment) && open_at(stage),
            place,
        }
    }

    fn sees(&self, row: CommentRow) -> Said {
        let mine = row.author().is_some() && row.author() == self.who.id();
        let author = match (row.author(), row.role()) {
            (None, _) | (_, None) => Author::Imported,
            _ if mine => Author::Me,
            _ if row.author_deleted_at.is_some() => Author::Left,
            (_, Some(role)) if self.names => {
                row.author_name.clone().map_or(Author::InRole(role), |name| Author::Named(name, role))
            }
            (_, Some(role)) => Author::InRole(role),
        };
        let own = row.author().map(|a| self.place.clone().by(Some(a)));
        let may_edit = mine
            && row.state != CommentState::RemovedByAuthor
            && own.is_some_and(|place| may(self.who, Verb::EditComment, &place) == Answer::Yes);
        let published = row.state == CommentState::Published;
        let seen = match row.state {
            CommentState::Published => Seen::Words(row.words),
            CommentState::Held if mine || self.checks => Seen::Waiting(row.words),
            CommentState::Held => Seen::WaitingUnseen,
            CommentState::RemovedByAuthor => Seen::TakenBack,
            CommentState::HiddenByModerator => Seen::TakenAway {
                words: mine.then_some(row.words),
                reason: (mine || self.checks).then_some(row.reason),
            },
        };
        Said {
            id: row.id,
            section: row.section_id,
            parent: row.parent_id.map(CommentId),
            author,
            kind: row.kind,
            suggestion: row.suggestion_id.map(SuggestionId),
            seen,
            made_at: row.made_at,
            edited: row.edited_at.is_some(),
            may_edit,
            may_check: self.checks && !mine && matches!(row.state, CommentState::Published | CommentState::Held),
            may_answer: self.may_comment && (published || (mine && row.state == CommentState::Held)),
            stances: None,
            replies: Vec::new(),
        }
    }
}

fn mark_text(mark: Mark) -> String {
    format!("{}_{}", mark.0.0, mark.1)
}

fn read_mark(text: &str) -> Option<Mark> {
    let (at, id) = text.split_once('_')?;
    Some((Moment(at.parse().ok()?), Uuid::parse_str(id).ok()?))
}

impl Service {
    /// The comments of a design, at most fifty threads with their answers. Eight queries, however many there are; one
    /// more where an imported conversation has agree and disagree.
    ///
    /// `before`: where the page of older comments begins, as [`Comments::older`] gave it; anything else is the newest.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for a design that may not be known.
    pub async fn comments(
        &self,
        who: &Who,
        design: DesignId,
        order: Order,
        section: Option<SectionId>,
        before: Option<&str>,
    ) -> Result<Comments, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        let read_at = self.now();
        let about = store::comments::about(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let rules = store::comments::rules(&mut tx, design).await?;
        let headings = store::comments::headings(&mut tx, design).await?;
        let reader = Reader::of(who, place, about.stage);
        let section = section.filter(|s| headings.iter().any(|h| h.id == *s));
        let eyes = Eyes { who: who.id(), checks: reader.checks, section };
        let start = before.and_then(read_mark);
        let most = i64::try_from(A_PAGE).unwrap_or(i64::MAX) + 1;
        let top = start.unwrap_or((Moment(i64::MAX), Uuid::max()));
        let mut rows = store::comments::threads(&mut tx, design, eyes, top, most).await?;
        let more = rows.len() > A_PAGE;
        rows.truncate(A_PAGE);
        let mark = |row: &CommentRow| (row.made_at, row.id.0);
        // Of no threads: the answers of nothing, asked all the same, so that the number of queries says nothing.
        let none = (Moment(i64::MIN), Uuid::nil());
        let (first, last) = (rows.last().map_or(none, mark), rows.first().map_or(none, mark));
        let replies = store::comments::replies(&mut tx, design, eyes, first, last).await?;
        let stances = store::comments::stances(&mut tx, design, first, last).await?;
        let total = store::comments::published(&mut tx, design).await?;
        let threshold = if stances.is_empty() {
            None
        } else {
            let house = crate::settings::threshold(&mut tx).await?;
            Some(threshold(&rules, house))
        };
        drop(tx);

        let mut threads: Vec<Said> = rows.into_iter().map(|row| reader.sees(row)).collect();
        for row in replies {
            let said = reader.sees(row);
            if let Some(thread) = threads.iter_mut().find(|t| Some(t.id) == said.parent) {
                thread.replies.push(said);
            }
        }
        if let Some(threshold) = threshold {
            for thread in threads.iter_mut().filter(|t| matches!(t.seen, Seen::Words(_))) {
                let count = |stance| {
                    stances
                        .iter()
                        .find(|(id, s, _)| *id == thread.id && *s == stance)
                        .map_or(PeopleCount::default(), |(_, _, n)| *n)
                };
                thread.stances = threshold.show_tallies([Stance::Agree, Stance::Pass, Stance::Disagree].map(count));
            }
        }
        let older = threads.last().filter(|_| more).map(|t| mark_text((t.made_at, t.id.0)));
        if order == Order::BySection {
            threads.reverse();
        }
        let headings = headings
            .into_iter()
            .map(|h| Heading { id: h.id, words: h.heading, removed: h.removed_at.is_some() })
            .collect();
        Ok(Comments {
            open: open_at(about.stage),
            about: About::of(about),
            headings,
            threads,
            total,
            order,
            section,
            older,
            is_older: start.is_some(),
            may_comment: reader.may_comment,
            checks: reader.checks,
            checking: strictest(&rules),
            read_at,
        })
    }

    /// What came to light since a page was read, and what changed, with a little overlap. Three queries.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for a design that may not be known.
    pub async fn new_comments(&self, who: &Who, design: DesignId, since: Moment) -> Result<News, Refused> {
        let mut tx = self.store().read().await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        let read_at = self.now();
        let about = store::comments::about(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let since = since.plus(-OVERLAP);
        let rows = store::comments::news(&mut tx, design, since, MOST_NEWS).await?;
        let reader = Reader::of(who, place, about.stage);
        let is_new = |row: &CommentRow| row.state == CommentState::Published && row.shown_at > Some(since.0);
        let (new, changed): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_new);
        let sees = |rows: Vec<CommentRow>| rows.into_iter().map(|row| reader.sees(row)).collect();
        Ok(News { new: sees(new), changed: sees(changed), read_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_survives_its_way_through_an_address() {
        let mark = (Moment(1_795_348_800_000_000), Uuid::from_u128(7));
        assert_eq!(read_mark(&mark_text(mark)), Some(mark));
        for bad in ["", "1", "x_y", "1_2"] {
            assert_eq!(read_mark(bad), None, "{bad}");
        }
    }
}
