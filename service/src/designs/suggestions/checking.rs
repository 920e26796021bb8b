//! Checking the words of suggestions, and the reasons of those who answer them.

use domain::access::{Verb, Who};
use domain::comments::CommentState;
use domain::designs::suggestions::{SuggestionKind, SuggestionState};
use domain::ids::{DesignId, PersonId, SuggestionId};
use domain::moment::Moment;
use store::designs::suggestions::{AnswerRow, SuggestionRow};
use store::workspaces::Thing;

use super::reading::{author_of, named};
use crate::comments::{Author, Verdict};
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::{Refused, Service};

/// A suggestion to check, in its context.
#[derive(Debug, Clone)]
pub struct SuggestionToCheck {
    /// Its id.
    pub id: SuggestionId,
    /// Its design.
    pub design: DesignId,
    /// The title of its design.
    pub design_title: String,
    /// The heading of its section.
    pub heading: String,
    /// What it does.
    pub kind: SuggestionKind,
    /// The words it is about.
    pub picked: String,
    /// What it should say.
    pub words: String,
    /// Why.
    pub why: String,
    /// Who wrote it.
    pub author: Author,
    /// When these words were written.
    pub words_at: Moment,
}

impl SuggestionToCheck {
    pub(crate) fn of(row: SuggestionRow) -> Self {
        Self {
            author: author_of(&row, None, true),
            words_at: row.words_at(),
            id: row.id,
            design: row.design_id,
            design_title: row.design_title,
            heading: row.heading,
            kind: row.kind,
            picked: row.picked,
            words: row.words,
            why: row.why,
        }
    }
}

/// A reason beside an answer to a suggestion, to check.
#[derive(Debug, Clone)]
pub struct AnswerToCheck {
    /// The suggestion.
    pub id: SuggestionId,
    /// Whose answer.
    pub person: PersonId,
    /// Its design.
    pub design: DesignId,
    /// The title of its design.
    pub design_title: String,
    /// Who wrote it.
    pub author: Author,
    /// The reason.
    pub words: String,
    /// When it was written.
    pub words_at: Moment,
}

impl AnswerToCheck {
    pub(crate) fn of(row: AnswerRow) -> Self {
        Self {
            id: row.suggestion_id,
            person: row.person_id,
            design: row.design_id,
            design_title: row.design_title,
            author: named(row.name, row.role, row.deleted_at),
            words: row.reason,
            words_at: row.answered_at,
        }
    }
}

/// What somebody who checks reads.
#[derive(Debug, Clone)]
pub enum ToRead {
    /// A suggestion.
    Suggestion {
        /// What it does.
        kind: SuggestionKind,
        /// The words of the section that it is about.
        picked: String,
        /// What it should say.
        words: String,
        /// Why.
        why: String,
    },
    /// The reason beside an answer.
    Reason(String),
}

/// The page of somebody who checks one suggestion or one reason.
#[derive(Debug, Clone)]
pub struct WordsToCheck {
    /// The suggestion.
    pub id: SuggestionId,
    /// Whose reason, where it is one.
    pub person: Option<PersonId>,
    /// The design.
    pub design: DesignId,
    /// The title of the design.
    pub design_title: String,
    /// Who wrote them.
    pub author: Author,
    /// The words.
    pub words: ToRead,
    /// When they were written.
    pub words_at: Moment,
    /// They wait; otherwise everybody sees them.
    pub held: bool,
    /// Somebody has checked them.
    pub checked: bool,
}

impl Service {
    /// A suggestion, or the reason of somebody who answered it, for somebody who checks words there.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for everybody else; [`Refused::MovedOn`] when there is nothing to check any more.
    pub async fn suggestion_to_check(
        &self,
        who: &Who,
        design: DesignId,
        id: SuggestionId,
        person: Option<PersonId>,
    ) -> Result<WordsToCheck, Refused> {
        let mut tx = self.store().read().await?;
        allow_thing(&mut tx, who, Verb::CheckWords, Thing::Design(design)).await?;
        let row = store::designs::suggestions::find(&mut tx, design, id).await?.ok_or(Refused::Unknown)?;
        if let Some(person) = person {
            let answer = store::designs::suggestions::answer(&mut tx, id, person).await?;
            let there = |a: &AnswerRow| !a.reason.is_empty() && a.reason_state != CommentState::HiddenByModerator;
            let answer = answer.filter(there).ok_or(Refused::MovedOn("checked-already"))?;
            return Ok(WordsToCheck {
                id,
                person: Some(person),
                design,
                design_title: row.design_title,
                held: answer.reason_state == CommentState::Held,
                checked: answer.reason_checked_at.is_some(),
                author: named(answer.name, answer.role, answer.deleted_at),
                words: ToRead::Reason(answer.reason),
                words_at: answer.answered_at,
            });
        }
        if matches!(row.state, SuggestionState::Withdrawn | SuggestionState::Hidden) {
            return Err(Refused::MovedOn("checked-already"));
        }
        Ok(WordsToCheck {
            id,
            person: None,
            design,
            held: row.state == SuggestionState::Held,
            checked: row.checked_at.is_some(),
            author: author_of(&row, None, true),
            words_at: row.words_at(),
            design_title: row.design_title,
            words: ToRead::Suggestion { kind: row.kind, picked: row.picked, words: row.words, why: row.why },
        })
    }

    /// Shows a suggestion, says that it is fine, or takes it away. Where the words it is about changed while it was held, it
    /// needs another look. Taken away, its words are only its author's; what is in a section already stays there.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for `reason`; [`Refused::MovedOn`] when it changed since `seen`, or was checked already.
    pub async fn check_suggestion(
        &self,
        who: &Who,
        (design, id): (DesignId, SuggestionId),
        verdict: Verdict<'_>,
        seen: Moment,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::CheckWords, Thing::Design(design)).await?;
        let me = somebody(who)?.id;
        store::designs::hold(&mut tx, design).await?;
        let row = store::designs::suggestions::find(&mut tx, design, id).await?.ok_or(Refused::Unknown)?;
        let (verdict, reason) = verdict.parse()?;
        let now = self.now();
        let publish = verdict == CommentState::Published;
        let done = if publish && row.state != SuggestionState::Held {
            store::designs::suggestions::fine(&mut tx, id, now, me, seen).await?
        } else {
            let there = row.section_removed_at.is_none() && row.spot().range(&row.now_words).is_some();
            let state = match (publish, there) {
                (false, _) => SuggestionState::Hidden,
                (true, true) => SuggestionState::Pending,
                (true, false) => SuggestionState::Look,
            };
            store::designs::suggestions::check(&mut tx, id, (state, &reason), now, me, seen).await?
        };
        if done == 0 {
            return Err(Refused::MovedOn("checked-already"));
        }
        if !publish {
            store::designs::suggestions::drop_answers(&mut tx, id).await?;
        }
        self.note_suggestion(&mut tx, who, Verb::CheckWords, id, &format!("words={verdict}")).await?;
        self.commit_and_tell(tx, Event::Design { design }).await
    }

    /// The same for the reason beside an answer; the answer itself stays.
    ///
    /// # Errors
    /// As [`Service::check_suggestion`].
    pub async fn check_answer(
        &self,
        who: &Who,
        (design, id, person): (DesignId, SuggestionId, PersonId),
        verdict: Verdict<'_>,
        seen: Moment,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::CheckWords, Thing::Design(design)).await?;
        store::designs::suggestions::find(&mut tx, design, id).await?.ok_or(Refused::Unknown)?;
        let (state, why) = verdict.parse()?;
        let now = self.now();
        if store::designs::suggestions::check_answer(&mut tx, (id, person), (state, &why), seen, now).await? == 0 {
            return Err(Refused::MovedOn("checked-already"));
        }
        self.note_suggestion(&mut tx, who, Verb::CheckWords, id, &format!("reason_state={state}")).await?;
        self.commit_and_tell(tx, Event::Design { design }).await
    }
}
