//! Answering a suggestion: those who decide say yes, yes with other words, or no with a reason.

use domain::access::{Place, Verb, Who};
use domain::comments::CommentState;
use domain::designs::suggestions::{Deciders, Given, Others, SuggestionAnswer, SuggestionState, settled};
use domain::ids::{DesignId, FormId, PersonId, SuggestionId, WorkspaceId};
use domain::moment::Moment;
use domain::people::Role;
use domain::words::{SectionWords, Sentences, lines, maybe_lines};
use store::Tx;
use store::designs::suggestions::{AnswerRow, NewAnswer, SuggestionRow};
use store::workspaces::Thing;

use super::{MOST_NEAR, ids, near, open_section, reading, too_long};
use crate::designs::changes::Way;
use crate::designs::words_open;
use crate::news::Event;
use crate::rights::{allow, allow_thing, somebody};
use crate::{Problems, Refused, Service, access};

/// What somebody who decides typed.
#[derive(Debug, Clone, Copy)]
pub struct TypedAnswer<'a> {
    /// What they say, as its name.
    pub answer: &'a str,
    /// The words it is to be accepted with, where they are others.
    pub words: &'a str,
    /// What becomes of others about the same words, as its name.
    pub others: &'a str,
    /// The ids of those others, as the form showed them.
    pub near: &'a str,
    /// Why not.
    pub reason: &'a str,
    /// When the words that were read were written.
    pub seen: Moment,
}

/// Who may answer where somebody decides.
pub(super) const fn verb(deciders: Deciders) -> Verb {
    match deciders {
        Deciders::Lead => Verb::DecideAsLead,
        Deciders::Officer => Verb::DecideAsOfficer,
        Deciders::Two => Verb::DecideAsTwo,
    }
}

/// What is the same for those who say the same.
fn says(row: &AnswerRow) -> (SuggestionAnswer, &str, Others, &str) {
    match row.answer {
        SuggestionAnswer::Not => (row.answer, "", Others::Keep, ""),
        _ if row.others == Others::Keep => (row.answer, &row.words, Others::Keep, ""),
        _ => (row.answer, &row.words, row.others, &row.other_ids),
    }
}

/// An answer that was read.
struct Said {
    answer: SuggestionAnswer,
    words: String,
    others: Others,
    reason: String,
}

fn parse(typed: &TypedAnswer<'_>, row: &SuggestionRow, near: &str) -> Result<Said, Refused> {
    let mut problems = Problems::new();
    let answer = problems.choice::<SuggestionAnswer>("answer", typed.answer);
    let others = if near.is_empty() || answer == Some(SuggestionAnswer::Not) {
        Some(Others::Keep)
    } else {
        problems.choice::<Others>("others", typed.others)
    };
    if others.is_some_and(|o| o != Others::Keep) && typed.near != near {
        problems.add("others", "look-first");
    }
    let words = match answer {
        Some(SuggestionAnswer::Change) => problems.take("words", lines(typed.words, SectionWords::MAX)),
        _ => Some(row.words.clone()),
    };
    let asks = answer == Some(SuggestionAnswer::Not) || others == Some(Others::Choose);
    let reason = if asks { problems.take("reason", Sentences::parse(typed.reason)).map(String::from) } else { None };
    problems.check()?;
    let (Some(mut answer), Some(words), Some(others)) = (answer, words, others) else {
        return Err(Refused::fault("a checked form has no value"));
    };
    if answer == SuggestionAnswer::Change && words == row.words {
        answer = SuggestionAnswer::Accept;
    }
    Ok(Said { answer, words, others, reason: reason.unwrap_or_default() })
}

/// What came of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// What has become of the suggestion.
    pub state: SuggestionState,
    /// The reason is read by whoever checks words first.
    pub reason_held: bool,
}

/// Whether a reason waits to be checked.
fn waits(state: CommentState, reason: &str) -> bool {
    state == CommentState::Held && !reason.is_empty()
}

impl Service {
    /// Answers a suggestion. Where two people decide, it waits until two say the same, one of them a young person. Accepted
    /// words are written into the section in the same transaction, as the words of who suggested them.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for those who do not decide here; [`Refused::Invalid`] (`answer`, `words`, `others`, `reason`);
    /// [`Refused::MovedOn`]: `suggestion-moved` (it was answered, taken back or written anew), `words-locked`,
    /// `section-removed`, `own-suggestion` (where two decide, others do).
    pub async fn answer_suggestion(
        &self,
        who: &Who,
        design: DesignId,
        id: SuggestionId,
        form: FormId,
        typed: TypedAnswer<'_>,
    ) -> Result<Answered, Refused> {
        let mut tx = self.write_as(who).await?;
        let place = allow_thing(&mut tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        let (workspace, deciders) = self.who_decides(&mut tx, who, design, &place).await?;
        let me = somebody(who)?.id;
        // Saves of one design come one after the other: two who answer at once, too.
        let held = store::designs::hold(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let row = store::designs::suggestions::find(&mut tx, design, id).await?.ok_or(Refused::Unknown)?;
        reading::seen_by(who, &place, &row)?;
        if access::before(&mut tx, form).await?.is_some() {
            let answers = store::designs::suggestions::answers(&mut tx, id).await?;
            let reason_held = answers.iter().any(|a| a.person_id == me && waits(a.reason_state, &a.reason));
            return Ok(Answered { state: row.state, reason_held });
        }
        if row.state != SuggestionState::Pending || row.words_at() != typed.seen {
            return Err(Refused::MovedOn("suggestion-moved"));
        }
        if deciders == Deciders::Two && row.author_id == me {
            return Err(Refused::MovedOn("own-suggestion"));
        }
        let waiting = store::designs::suggestions::waiting(&mut tx, row.section_id, MOST_NEAR).await?;
        let near = near(waiting, Some(id), row.spot(), &row.words);
        let near_ids = ids(&near);
        let said = parse(&typed, &row, &near_ids)?;
        if said.answer != SuggestionAnswer::Not {
            words_open(held.stage, held.paused)?;
        }
        let now = self.now();
        self.pace(&mut tx, who).await?;
        let reason_state = self.words_of(&mut tx, who, design).await?;
        let answer = NewAnswer {
            answer: said.answer,
            words: &said.words,
            others: said.others,
            other_ids: if said.others == Others::Keep { "" } else { &near_ids },
            reason: &said.reason,
            reason_state,
            at: now,
        };
        store::designs::suggestions::put_answer(&mut tx, id, me, &answer).await?;
        let mut state = SuggestionState::Pending;
        if let Some(last) = self.settled(&mut tx, (workspace, deciders), id, me).await? {
            state = self.carry_out(&mut tx, &row, &last, &near, &answer, me).await?;
        }
        self.note_suggestion(&mut tx, who, verb(deciders), id, &format!("answer={} state={state}", said.answer))
            .await?;
        access::done(&mut tx, form, Some(id.0), now).await?;
        self.commit_and_tell(tx, Event::Design { design }).await?;
        Ok(Answered { state, reason_held: waits(reason_state, &said.reason) })
    }

    /// Who decides about the suggestions of a design; refused where that is not `who`.
    async fn who_decides(
        &self,
        tx: &mut Tx,
        who: &Who,
        design: DesignId,
        place: &Place,
    ) -> Result<(WorkspaceId, Deciders), Refused> {
        let (workspace, deciders) = store::designs::suggestions::deciders(tx, design).await?.ok_or(Refused::Unknown)?;
        allow(who, verb(deciders), place)?;
        Ok((workspace, deciders))
    }

    /// The answer that decides now, if one does: only of people who may still decide.
    async fn settled(
        &self,
        tx: &mut Tx,
        (workspace, deciders): (WorkspaceId, Deciders),
        id: SuggestionId,
        me: PersonId,
    ) -> Result<Option<AnswerRow>, Refused> {
        let mut answers = store::designs::suggestions::answers(tx, id).await?;
        if deciders == Deciders::Two {
            let still = store::designs::suggestions::still_decide(tx, workspace).await?;
            answers.retain(|a| still.contains(&a.person_id));
        } else {
            // What was said while others decided here decides nothing.
            answers.retain(|a| a.person_id == me);
        }
        let given: Vec<_> =
            answers.iter().map(|a| Given { says: says(a), young: a.role == Role::YoungPerson }).collect();
        Ok(settled(deciders, &given).and_then(|n| answers.get(n).cloned()))
    }

    /// Does what was decided: the words into the section, and what becomes of others about the same words.
    async fn carry_out(
        &self,
        tx: &mut Tx,
        row: &SuggestionRow,
        decided: &AnswerRow,
        near: &[SuggestionRow],
        mine: &NewAnswer<'_>,
        me: PersonId,
    ) -> Result<SuggestionState, Refused> {
        use store::designs::suggestions as kept;
        let now = self.now();
        let state = match decided.answer {
            SuggestionAnswer::Not => {
                kept::set_state(tx, row.id, SuggestionState::NotAccepted, now).await?;
                return Ok(SuggestionState::NotAccepted);
            }
            SuggestionAnswer::Accept => SuggestionState::Accepted,
            SuggestionAnswer::Change => SuggestionState::Changed,
        };
        let (section, seq) = open_section(tx, row.design_id, row.section_id).await?;
        let after = row.spot().put(&section.words, &decided.words).ok_or(Refused::MovedOn("suggestion-moved"))?;
        let after = maybe_lines(&after, SectionWords::MAX).map_err(|_| too_long("words"))?;
        // Before the words are written: from then on it waits for nothing.
        kept::set_final(tx, row.id, state, now, (&decided.words, &section.words), None).await?;
        for other in near {
            match decided.others {
                Others::Keep => {}
                Others::Choose => {
                    let no = NewAnswer {
                        answer: SuggestionAnswer::Not,
                        words: "",
                        others: Others::Keep,
                        other_ids: "",
                        ..*mine
                    };
                    kept::put_answer(tx, other.id, me, &no).await?;
                    kept::set_state(tx, other.id, SuggestionState::NotAccepted, now).await?;
                }
                Others::Join => {
                    let own = (decided.words.as_str(), section.words.as_str());
                    kept::set_final(tx, other.id, SuggestionState::Changed, now, own, Some(row.id)).await?;
                }
            }
        }
        let place = (row.design_id, row.section_id, seq);
        let by = (row.author_id, Way::Suggested(row.id, me));
        self.put_words(tx, place, (&section.words, &after), by).await?;
        Ok(state)
    }
}
