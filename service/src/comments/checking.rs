//! Checking words: what is held in a worker's groups, and what becomes of it.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::comments::{CommentKind, CommentState};
use domain::groups::Visibility;
use domain::ids::{CommentId, DecisionId, DesignId, PersonId};
use domain::moment::Moment;
use domain::words::Sentences;
use store::workspaces::Thing;

use super::{About, Author};
use crate::audit::Act;
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::{Problems, Refused, Service, audit};

/// Most of each kind on one page: what is checked makes room for the next.
const A_PAGE: i64 = 50;

/// What is held in somebody's groups, oldest first.
#[derive(Debug, Clone)]
pub struct HeldWords {
    /// Comments.
    pub comments: Vec<HeldComment>,
    /// Reasons of shows of hands.
    pub reasons: Vec<HeldReason>,
    /// There is more than is shown.
    pub more: bool,
}

/// A held comment in its context.
#[derive(Debug, Clone)]
pub struct HeldComment {
    /// Its id.
    pub id: CommentId,
    /// Its design.
    pub design: DesignId,
    /// The title of its design.
    pub design_title: String,
    /// The heading of its section.
    pub heading: String,
    /// The words it answers, where they can be read.
    pub answers: Option<String>,
    /// Who wrote it.
    pub author: Author,
    /// What it says first.
    pub kind: CommentKind,
    /// Its words.
    pub words: String,
    /// When these words were written: checking names it, so that only what was read is published.
    pub words_at: Moment,
}

/// A held reason of a show of hands.
#[derive(Debug, Clone)]
pub struct HeldReason {
    /// The decision.
    pub decision: DecisionId,
    /// Whose hand.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The question.
    pub question: String,
    /// The reason.
    pub words: String,
    /// When it was written.
    pub words_at: Moment,
}

/// One comment on the page of somebody who checks.
#[derive(Debug, Clone)]
pub struct ToCheck {
    /// Its id.
    pub id: CommentId,
    /// Its design.
    pub about: About,
    /// Who wrote it.
    pub author: Author,
    /// It waits; otherwise it is published.
    pub held: bool,
    /// Its words.
    pub words: String,
    /// When these words were written.
    pub words_at: Moment,
}

/// What becomes of words that were checked.
#[derive(Debug, Clone, Copy)]
pub enum Verdict<'a> {
    /// Everybody may read them.
    Publish,
    /// They are taken away, with a reason in plain words that the author sees.
    TakeAway {
        /// The reason as typed.
        reason: &'a str,
    },
}

impl Verdict<'_> {
    fn parse(self) -> Result<(CommentState, String), Refused> {
        match self {
            Self::Publish => Ok((CommentState::Published, String::new())),
            Self::TakeAway { reason } => {
                let mut problems = Problems::new();
                let reason = problems.take("reason", Sentences::parse(reason));
                problems.check()?;
                Ok((CommentState::HiddenByModerator, reason.map(|r| r.as_str().to_owned()).unwrap_or_default()))
            }
        }
    }
}

/// Whether somebody checks words in any group. Asked of the same table as everything else.
fn checks_somewhere(who: &Who) -> bool {
    who.person().is_some_and(|known| {
        known
            .groups
            .iter()
            .any(|(group, _)| may(who, Verb::CheckWords, &Place::of(vec![(*group, Visibility::Hidden)])) == Answer::Yes)
    })
}

impl Service {
    /// What is held in the groups in which somebody checks words, oldest first. Two queries.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for somebody who checks words nowhere.
    pub async fn held_words(&self, who: &Who) -> Result<HeldWords, Refused> {
        if !checks_somewhere(who) {
            return Err(Refused::NotAllowed);
        }
        let me = somebody(who)?.id;
        let mut tx = self.store().read().await?;
        let mut comments = store::comments::held(&mut tx, me, A_PAGE + 1).await?;
        let mut reasons = store::comments::held_reasons(&mut tx, me, A_PAGE + 1).await?;
        let most = usize::try_from(A_PAGE).unwrap_or(usize::MAX);
        let more = comments.len() > most || reasons.len() > most;
        comments.truncate(most);
        reasons.truncate(most);
        let comments = comments
            .into_iter()
            .map(|row| HeldComment {
                id: row.comment.id,
                design: row.comment.design_id,
                design_title: row.design_title,
                heading: row.heading,
                answers: row
                    .parent_words
                    .filter(|_| row.parent_state.as_deref() == Some(CommentState::Published.name())),
                words_at: row.comment.words_at(),
                author: author(&row.comment),
                kind: row.comment.kind,
                words: row.comment.words,
            })
            .collect();
        let reasons = reasons
            .into_iter()
            .map(|row| HeldReason {
                decision: row.decision_id,
                person: row.person_id,
                name: row.name,
                question: row.question,
                words: row.reason,
                words_at: row.raised_at,
            })
            .collect();
        Ok(HeldWords { comments, reasons, more })
    }

    /// One comment, for somebody who checks words there.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for everybody else; [`Refused::MovedOn`] when there is nothing to check any more.
    pub async fn comment_to_check(&self, who: &Who, id: CommentId) -> Result<ToCheck, Refused> {
        let mut tx = self.store().read().await?;
        allow_thing(&mut tx, who, Verb::CheckWords, Thing::Comment(id)).await?;
        let row = store::comments::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        if !matches!(row.state, CommentState::Held | CommentState::Published) {
            return Err(Refused::MovedOn("comment-gone"));
        }
        let about = store::comments::about(&mut tx, row.design_id).await?.ok_or(Refused::Unknown)?;
        Ok(ToCheck {
            id,
            about: About::of(about),
            author: author(&row),
            held: row.state == CommentState::Held,
            words_at: row.words_at(),
            words: row.words,
        })
    }

    /// Publishes a comment or takes it away. `seen`: when the words that were read were written.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for `reason`; [`Refused::MovedOn`] when the words changed since, or were checked already.
    pub async fn check_comment(
        &self,
        who: &Who,
        id: CommentId,
        verdict: Verdict<'_>,
        seen: Moment,
    ) -> Result<DesignId, Refused> {
        let mut tx = self.store().write().await?;
        allow_thing(&mut tx, who, Verb::CheckWords, Thing::Comment(id)).await?;
        let me = somebody(who)?.id;
        let row = store::comments::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let (state, reason) = verdict.parse()?;
        let now = self.now();
        if store::comments::check(&mut tx, id, state, &reason, now, me, seen).await? == 0 {
            return Err(Refused::MovedOn("checked-already"));
        }
        let detail = format!("state={state}");
        let act = Act { verb: audit::verb(Verb::CheckWords), kind: "comment", id: &id.to_string(), detail: &detail };
        audit::note(&mut tx, now, who, act).await?;
        self.commit_and_tell(tx, Event::Comments { design: row.design_id }).await?;
        Ok(row.design_id)
    }

    /// Publishes the reason of a hand or takes it away; the hand itself stays.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for `reason`; [`Refused::MovedOn`] when it changed since, or was checked already.
    pub async fn check_hand_reason(
        &self,
        who: &Who,
        (decision, person): (DecisionId, PersonId),
        verdict: Verdict<'_>,
        seen: Moment,
    ) -> Result<(), Refused> {
        let mut tx = self.store().write().await?;
        allow_thing(&mut tx, who, Verb::CheckWords, Thing::Decision(decision)).await?;
        let (state, why) = verdict.parse()?;
        if store::comments::check_reason(&mut tx, (decision, person), state, &why, seen).await? == 0 {
            return Err(Refused::MovedOn("checked-already"));
        }
        let detail = format!("reason_state={state}");
        let act = Act { verb: audit::verb(Verb::CheckWords), kind: "hand", id: &decision.to_string(), detail: &detail };
        audit::note(&mut tx, self.now(), who, act).await?;
        self.commit_and_tell(tx, Event::Decision { decision }).await?;
        Ok(())
    }

    /// One held reason of a show of hands, for somebody who checks words there.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for everybody else; [`Refused::MovedOn`] when it is not held any more.
    pub async fn reason_to_check(
        &self,
        who: &Who,
        decision: DecisionId,
        person: PersonId,
    ) -> Result<HeldReason, Refused> {
        let mut tx = self.store().read().await?;
        allow_thing(&mut tx, who, Verb::CheckWords, Thing::Decision(decision)).await?;
        let row = store::comments::held_reason(&mut tx, decision, person)
            .await?
            .ok_or(Refused::MovedOn("checked-already"))?;
        Ok(HeldReason {
            decision,
            person,
            name: row.name,
            question: row.question,
            words: row.reason,
            words_at: row.raised_at,
        })
    }
}

/// Workers see names: they are in the group.
fn author(row: &store::comments::CommentRow) -> Author {
    match (row.author(), row.role(), row.author_name.as_ref()) {
        (Some(_), Some(_), _) if row.author_deleted_at.is_some() => Author::Left,
        (Some(_), Some(_), Some(name)) => Author::Named(name.clone()),
        _ => Author::Imported,
    }
}
