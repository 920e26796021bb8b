//! Checking words: what is held in a worker's groups, what was shown at once and is looked at afterwards, and what becomes
//! of it.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::comments::{CommentKind, CommentState};
use domain::groups::Visibility;
use domain::ids::{CommentId, DecisionId, DesignId, PersonId};
use domain::moment::Moment;
use domain::words::Sentences;
use store::comments::{ReasonRow, ToCheckRow};
use store::workspaces::Thing;

use super::{About, Author};
use crate::audit::Act;
use crate::designs::MaskedSection;
use crate::designs::suggestions::{AnswerToCheck, SuggestionToCheck};
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::safety::reports::ReportLine;
use crate::{Problems, Refused, Service, audit};

/// Most of each kind on one page: what is checked makes room for the next.
const A_PAGE: i64 = 50;

/// What waits for somebody who checks words, longest waiting first.
#[derive(Debug, Clone)]
pub struct Queue {
    /// Comments that nobody else sees yet.
    pub comments: Vec<CommentToCheck>,
    /// Reasons of shows of hands that nobody else sees yet.
    pub reasons: Vec<ReasonToCheck>,
    /// Comments that were shown at once and that nobody has checked.
    pub shown_comments: Vec<CommentToCheck>,
    /// Reasons that were shown at once and that nobody has checked.
    pub shown_reasons: Vec<ReasonToCheck>,
    /// Suggestions that nobody else sees yet.
    pub suggestions: Vec<SuggestionToCheck>,
    /// Answers to suggestions whose reasons nobody else sees yet.
    pub answers: Vec<AnswerToCheck>,
    /// Suggestions that were shown at once and that nobody has checked.
    pub shown_suggestions: Vec<SuggestionToCheck>,
    /// Reasons of such answers that were shown at once and that nobody has checked.
    pub shown_answers: Vec<AnswerToCheck>,
    /// Parts of designs in which something is hidden until somebody has looked.
    pub masked: Vec<MaskedSection>,
    /// What people say is wrong with parts of designs.
    pub reports: Vec<ReportLine>,
    /// There is more than is shown.
    pub more: bool,
}

/// A comment to check, in its context.
#[derive(Debug, Clone)]
pub struct CommentToCheck {
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
    /// When these words were written: checking names it, so that only what was read is checked.
    pub words_at: Moment,
}

impl CommentToCheck {
    fn of(row: ToCheckRow) -> Self {
        Self {
            id: row.comment.id,
            design: row.comment.design_id,
            design_title: row.design_title,
            heading: row.heading,
            answers: row.parent_words.filter(|_| row.parent_state.as_deref() == Some(CommentState::Published.name())),
            words_at: row.comment.words_at(),
            author: author(&row.comment),
            kind: row.comment.kind,
            words: row.comment.words,
        }
    }
}

/// A reason of a show of hands to check.
#[derive(Debug, Clone)]
pub struct ReasonToCheck {
    /// The decision.
    pub decision: DecisionId,
    /// Whose hand.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The question.
    pub question: String,
    /// It waits; otherwise the group sees it.
    pub held: bool,
    /// Somebody has checked these words.
    pub checked: bool,
    /// The reason.
    pub words: String,
    /// When it was written.
    pub words_at: Moment,
}

impl ReasonToCheck {
    fn of(row: ReasonRow) -> Self {
        Self {
            decision: row.decision_id,
            person: row.person_id,
            name: row.name,
            question: row.question,
            held: row.reason_state == CommentState::Held,
            checked: row.reason_checked_at.is_some(),
            words: row.reason,
            words_at: row.raised_at,
        }
    }
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
    /// Somebody has checked these words.
    pub checked: bool,
    /// Its words.
    pub words: String,
    /// When these words were written.
    pub words_at: Moment,
}

/// What becomes of words that were checked.
#[derive(Debug, Clone, Copy)]
pub enum Verdict<'a> {
    /// Everybody may read them; where they could already, they have now been looked at.
    Publish,
    /// They are taken away, with a reason in plain words that the author sees.
    TakeAway {
        /// The reason as typed.
        reason: &'a str,
    },
}

impl Verdict<'_> {
    pub(crate) fn parse(self) -> Result<(CommentState, String), Refused> {
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

/// As many as stand on one page; notes where there are more.
fn a_page<T>(mut all: Vec<T>, more: &mut bool) -> Vec<T> {
    let most = usize::try_from(A_PAGE).unwrap_or(usize::MAX);
    *more |= all.len() > most;
    all.truncate(most);
    all
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
    /// What waits in the groups in which somebody checks words, longest waiting first. Ten queries, whatever there is.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for somebody who checks words nowhere.
    pub async fn words_to_check(&self, who: &Who) -> Result<Queue, Refused> {
        if !checks_somewhere(who) {
            return Err(Refused::NotAllowed);
        }
        let me = somebody(who)?.id;
        let mut tx = self.store().read().await?;
        let mut more = false;
        let held = store::comments::held(&mut tx, me, A_PAGE + 1).await?;
        let comments = a_page(held, &mut more).into_iter().map(CommentToCheck::of).collect();
        let held = store::comments::held_reasons(&mut tx, me, A_PAGE + 1).await?;
        let reasons = a_page(held, &mut more).into_iter().map(ReasonToCheck::of).collect();
        let shown = store::comments::unchecked(&mut tx, me, A_PAGE + 1).await?;
        let shown_comments = a_page(shown, &mut more).into_iter().map(CommentToCheck::of).collect();
        let shown = store::comments::unchecked_reasons(&mut tx, me, A_PAGE + 1).await?;
        let shown_reasons = a_page(shown, &mut more).into_iter().map(ReasonToCheck::of).collect();
        use store::designs::suggestions as kept;
        let held = kept::held(&mut tx, me, A_PAGE + 1).await?;
        let suggestions = a_page(held, &mut more).into_iter().map(SuggestionToCheck::of).collect();
        let held = kept::held_answers(&mut tx, me, A_PAGE + 1).await?;
        let answers = a_page(held, &mut more).into_iter().map(AnswerToCheck::of).collect();
        let shown = kept::unchecked(&mut tx, me, A_PAGE + 1).await?;
        let shown_suggestions = a_page(shown, &mut more).into_iter().map(SuggestionToCheck::of).collect();
        let shown = kept::unchecked_answers(&mut tx, me, A_PAGE + 1).await?;
        let shown_answers = a_page(shown, &mut more).into_iter().map(AnswerToCheck::of).collect();
        let masked = store::designs::masked(&mut tx, me, A_PAGE + 1).await?;
        let masked = a_page(masked, &mut more).into_iter().map(MaskedSection::of).collect();
        let reports = store::reports::waiting(&mut tx, me, A_PAGE + 1).await?;
        let reports = a_page(reports, &mut more).into_iter().map(ReportLine::of).collect();
        Ok(Queue {
            reports,
            masked,
            comments,
            reasons,
            shown_comments,
            shown_reasons,
            suggestions,
            answers,
            shown_suggestions,
            shown_answers,
            more,
        })
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
            checked: row.checked_at.is_some(),
            words_at: row.words_at(),
            words: row.words,
        })
    }

    /// Publishes a comment, says that published words are fine, or takes it away. `seen`: when the words that were read were
    /// written.
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
        let mut tx = self.write_as(who).await?;
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
        // Held words that are taken away were never seen; shown words that are fine stay as they are.
        let changes = (row.state == CommentState::Published) != (state == CommentState::Published);
        self.commit_and_maybe_tell(tx, row.design_id, changes).await?;
        Ok(row.design_id)
    }

    /// Publishes the reason of a hand, says that it is fine, or takes it away; the hand itself stays.
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
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::CheckWords, Thing::Decision(decision)).await?;
        let (state, why) = verdict.parse()?;
        let now = self.now();
        if store::comments::check_reason(&mut tx, (decision, person), state, &why, seen, now).await? == 0 {
            return Err(Refused::MovedOn("checked-already"));
        }
        let detail = format!("reason_state={state}");
        let act = Act { verb: audit::verb(Verb::CheckWords), kind: "hand", id: &decision.to_string(), detail: &detail };
        audit::note(&mut tx, now, who, act).await?;
        self.commit_and_tell(tx, Event::Hands { decision }).await?;
        Ok(())
    }

    /// One reason of a show of hands that is held or shown, for somebody who checks words there.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for everybody else; [`Refused::MovedOn`] when there is nothing to check any more.
    pub async fn reason_to_check(
        &self,
        who: &Who,
        decision: DecisionId,
        person: PersonId,
    ) -> Result<ReasonToCheck, Refused> {
        let mut tx = self.store().read().await?;
        allow_thing(&mut tx, who, Verb::CheckWords, Thing::Decision(decision)).await?;
        let row = store::comments::reason_to_check(&mut tx, decision, person)
            .await?
            .ok_or(Refused::MovedOn("checked-already"))?;
        Ok(ReasonToCheck::of(row))
    }
}

/// Workers see names: they are in the group.
fn author(row: &store::comments::CommentRow) -> Author {
    match (row.author(), row.role(), row.author_name.as_ref()) {
        (Some(_), Some(_), _) if row.author_deleted_at.is_some() => Author::Left,
        (Some(_), Some(role), Some(name)) => Author::Named(name.clone(), role),
        _ => Author::Imported,
    }
}
