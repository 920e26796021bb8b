//! Suggestions: exact words somebody proposes for a section, with why; who answers them; what becomes of them.

mod checking;
mod deciding;
mod reading;

use domain::access::{Answer, Verb, Who, may};
use domain::comments::{CommentKind, CommentState, open_at};
use domain::designs::changes::WIPED;
use domain::designs::suggestions::{PICKED_MAX, Spot, SuggestionKind, SuggestionState, alike};
use domain::ids::{CommentId, DesignId, FormId, SectionId, SuggestionId};
use domain::moment::Moment;
use domain::words::{BadWords, CommentWords, SectionWords, Sentences, lines, maybe_lines};
use store::Tx;
use store::comments::NewComment;
use store::designs::SectionRow;
use store::designs::suggestions::{SuggestionRow, Written};
use store::workspaces::Thing;

pub use checking::{AnswerToCheck, SuggestionToCheck, ToRead, WordsToCheck};
pub use deciding::{Answered, TypedAnswer};
pub use reading::{AnswerSeen, Filter, NewSuggestionForm, PickSection, SuggestionLine, SuggestionList, SuggestionPage};

use crate::audit::Act;
use crate::designs::{section_row, words_open};
use crate::news::Event;
use crate::rights::{allow, allow_thing, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// Most suggestions that stand beside one because they are about the same words.
const MOST_NEAR: i64 = 50;

/// What somebody typed into the form of a suggestion.
#[derive(Debug, Clone, Copy)]
pub struct TypedSuggestion<'a> {
    /// The section, as its id.
    pub section: &'a str,
    /// What it does, as its name.
    pub kind: &'a str,
    /// What it is about: `whole`, `other` (then see `exact`), or a sentence with the number of its place before it.
    pub picked: &'a str,
    /// The exact words, where none of the sentences was picked.
    pub exact: &'a str,
    /// What it should say.
    pub words: &'a str,
    /// Why.
    pub why: &'a str,
    /// The ids of those about the same words that the form showed.
    pub seen: &'a str,
}

/// A suggestion that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentSuggestion {
    /// Its id.
    pub id: SuggestionId,
    /// Whether it waits to be checked.
    pub held: bool,
}

/// A suggestion as it came, without a mistake.
struct Parsed {
    kind: SuggestionKind,
    picked: String,
    nth: usize,
    of: usize,
    words: String,
    why: String,
}

impl Parsed {
    const fn spot<'a>(&'a self, base: &'a str) -> Spot<'a> {
        Spot { kind: self.kind, picked: self.picked.as_str(), nth: self.nth, of: self.of, base }
    }
}

/// The words of a section changed, or it was taken out (`None`): what was suggested for words that are not there any more
/// needs another look, and what was said to it is dropped, because it was about something else.
///
/// Whoever changes the words of a section calls this in the same transaction, after writing them, whatever the way: a form,
/// a suggestion, a live line.
///
/// # Errors
/// [`Refused`] when the database fails.
pub(crate) async fn words_changed(
    tx: &mut Tx,
    section: SectionId,
    words: Option<&str>,
    now: Moment,
) -> Result<(), Refused> {
    for waiting in store::designs::suggestions::open_spots(tx, section).await? {
        if words.is_none_or(|words| waiting.spot().range(words).is_none()) {
            store::designs::suggestions::set_state(tx, waiting.id, SuggestionState::Look, now).await?;
            store::designs::suggestions::drop_answers(tx, waiting.id).await?;
        }
    }
    Ok(())
}

/// What somebody picked of a section.
fn picked(typed: &TypedSuggestion<'_>, now: &str, problems: &mut Problems) -> (String, usize, usize) {
    let found = |words: &str| now.matches(words).count();
    match typed.picked {
        "whole" => (String::new(), 0, 0),
        "other" => {
            let words = problems.take("exact", lines(typed.exact, PICKED_MAX)).unwrap_or_default();
            let of = if words.is_empty() { 0 } else { found(&words) };
            if of == 0 && problems.is_empty() {
                problems.add("exact", "words-not-there");
            }
            (words, 0, of)
        }
        one => {
            let Some((nth, words)) = one.split_once(' ').and_then(|(n, w)| Some((n.parse().ok()?, w))) else {
                problems.add("picked", "choose");
                return (String::new(), 0, 0);
            };
            let of = if words.is_empty() { 0 } else { found(words) };
            if nth >= of {
                problems.add("picked", "words-not-there");
            }
            (words.to_owned(), nth, of)
        }
    }
}

/// Reads a form about a section.
fn parse(typed: &TypedSuggestion<'_>, now: &str) -> Result<Parsed, Refused> {
    let mut problems = Problems::new();
    let kind = problems.choice::<SuggestionKind>("kind", typed.kind);
    let (picked, nth, of) = picked(typed, now, &mut problems);
    let words = match kind {
        Some(SuggestionKind::Remove) => Some(String::new()),
        _ => problems.take("words", lines(typed.words, SectionWords::MAX)),
    };
    let why = problems.take("why", Sentences::parse(typed.why));
    problems.check()?;
    let (Some(kind), Some(words), Some(why)) = (kind, words, why) else {
        return Err(Refused::fault("a checked form has no value"));
    };
    let parsed = Parsed { kind, picked, nth, of, words, why: why.as_str().to_owned() };
    let after = parsed.spot(now).put(now, &parsed.words);
    fits(after.as_deref(), now)?;
    Ok(parsed)
}

/// Whether a section may say what a suggestion makes of it.
fn fits(after: Option<&str>, now: &str) -> Result<String, Refused> {
    let Some(after) = after else { return Err(Refused::invalid("picked", "words-not-there")) };
    let mut problems = Problems::new();
    let after = problems.take("words", maybe_lines(after, SectionWords::MAX));
    problems.check()?;
    let after = after.unwrap_or_default();
    if after == now { Err(Refused::invalid("words", "same-words")) } else { Ok(after) }
}

/// Those that wait and are about the same words, or say nearly the same.
fn near(all: Vec<SuggestionRow>, than: Option<SuggestionId>, spot: Spot<'_>, words: &str) -> Vec<SuggestionRow> {
    all.into_iter()
        .filter(|s| Some(s.id) != than)
        .filter(|s| spot.touches(&s.spot(), &s.now_words) || alike(&s.words, words))
        .collect()
}

fn ids(rows: &[SuggestionRow]) -> String {
    let mut ids: Vec<String> = rows.iter().map(|s| s.id.to_string()).collect();
    ids.sort();
    ids.join(" ")
}

/// A section that can be written in, with the number of the design's state; the design is held from then on.
async fn open_section(tx: &mut Tx, design: DesignId, section: SectionId) -> Result<(SectionRow, i64), Refused> {
    let held = store::designs::hold(tx, design).await?.ok_or(Refused::Unknown)?;
    words_open(held.stage, held.paused)?;
    let seq = held.text_seq;
    let row = section_row(tx, design, section).await?;
    if row.removed_at.is_some() { Err(Refused::MovedOn("section-removed")) } else { Ok((row, seq)) }
}

fn held_or(state: CommentState) -> SuggestionState {
    if state == CommentState::Published { SuggestionState::Pending } else { SuggestionState::Held }
}

impl Service {
    /// What becomes of new words of `who` in a design: shown, or held until somebody checked them.
    async fn words_of(&self, tx: &mut Tx, who: &Who, design: DesignId) -> Result<CommentState, Refused> {
        let about = store::comments::about(tx, design).await?.ok_or(Refused::Unknown)?;
        let place = crate::rights::place_of(tx, Thing::Design(design)).await?;
        let checks = may(who, Verb::CheckWords, &place) == Answer::Yes;
        self.state_of_new(tx, who, &about, checks).await
    }

    /// Sends a suggestion. Where others wait that are about the same words, the form first shows them.
    ///
    /// # Errors
    /// [`Refused::Invalid`] (`section`, `kind`, `picked`, `exact`, `words`, `why`; `similar` where there are others that the
    /// form did not show); [`Refused::MovedOn`] (`words-locked`, `section-removed`).
    pub async fn suggest(
        &self,
        who: &Who,
        design: DesignId,
        form: FormId,
        typed: TypedSuggestion<'_>,
    ) -> Result<SentSuggestion, Refused> {
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::Suggest, Thing::Design(design)).await?;
        let me = somebody(who)?.id;
        if let Some(made) = access::before(&mut tx, form).await? {
            let id = made.map(SuggestionId).ok_or(Refused::MovedOn("sent-twice"))?;
            let row = store::designs::suggestions::find(&mut tx, design, id).await?;
            let row = row.ok_or(Refused::MovedOn("sent-twice"))?;
            return Ok(SentSuggestion { id, held: row.state == SuggestionState::Held });
        }
        let Ok(section) = typed.section.parse::<SectionId>() else { return Err(Refused::invalid("section", "choose")) };
        let (row, _) = match open_section(&mut tx, design, section).await {
            Err(Refused::Unknown) => return Err(Refused::invalid("section", "choose")),
            other => other?,
        };
        let parsed = parse(&typed, &row.words)?;
        let waiting = store::designs::suggestions::waiting(&mut tx, section, MOST_NEAR).await?;
        let near = near(waiting, None, parsed.spot(&row.words), &parsed.words);
        if near.iter().any(|s| !typed.seen.split(' ').any(|seen| seen == s.id.to_string())) {
            return Err(Refused::invalid("similar", "look-first"));
        }
        let state = held_or(self.words_of(&mut tx, who, design).await?);
        let (id, now) = (self.new_id::<SuggestionId>(), self.now());
        self.pace(&mut tx, who).await?;
        let written = Written { spot: parsed.spot(&row.words), words: &parsed.words, why: &parsed.why, state, at: now };
        store::designs::suggestions::insert(&mut tx, (id, design, section), me, &written).await?;
        self.note_suggestion(&mut tx, who, Verb::Suggest, id, "").await?;
        access::done(&mut tx, form, Some(id.0), now).await?;
        self.commit_and_tell(tx, Event::Design { design }).await?;
        Ok(SentSuggestion { id, held: state == SuggestionState::Held })
    }

    async fn note_suggestion(
        &self,
        tx: &mut Tx,
        who: &Who,
        verb: Verb,
        id: SuggestionId,
        detail: &str,
    ) -> Result<(), Refused> {
        let act = Act { verb: audit::verb(verb), kind: "suggestion", id: &id.to_string(), detail };
        audit::note(tx, self.now(), who, act).await
    }

    /// Finds one's own suggestion, still open. Somebody else's is refused; one that may not be seen is unknown.
    async fn own_suggestion(
        &self,
        tx: &mut Tx,
        who: &Who,
        design: DesignId,
        id: SuggestionId,
    ) -> Result<SuggestionRow, Refused> {
        let place = allow_thing(tx, who, Verb::ReadWork, Thing::Design(design)).await?;
        // Before what is asked of it, whoever changes the design's words: one after the other.
        store::designs::hold(tx, design).await?;
        let row = store::designs::suggestions::find(tx, design, id).await?.ok_or(Refused::Unknown)?;
        reading::seen_by(who, &place, &row)?;
        allow(who, Verb::EditSuggestion, &place.by(Some(row.author_id)))?;
        Ok(row)
    }

    /// Takes one's own suggestion back. Its words stay for its author only. Possible at every stage, until it was decided.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for somebody else's; [`Refused::MovedOn`] (`suggestion-moved`) once it was decided.
    pub async fn withdraw_suggestion(&self, who: &Who, design: DesignId, id: SuggestionId) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let row = self.own_suggestion(&mut tx, who, design, id).await?;
        if row.state == SuggestionState::Withdrawn {
            return Ok(());
        }
        if !row.state.is_open() {
            return Err(Refused::MovedOn("suggestion-moved"));
        }
        store::designs::suggestions::set_state(&mut tx, id, SuggestionState::Withdrawn, self.now()).await?;
        store::designs::suggestions::drop_answers(&mut tx, id).await?;
        self.note_suggestion(&mut tx, who, Verb::EditSuggestion, id, "withdrawn").await?;
        self.commit_and_tell(tx, Event::Design { design }).await
    }

    /// Keeps one's own suggestion as it is, for the section as it is now.
    ///
    /// # Errors
    /// [`Refused::Invalid`] (`keep`) when the words it is about are not there any more; [`Refused::MovedOn`] when it does not
    /// need another look, or the words are locked.
    pub async fn keep_suggestion(&self, who: &Who, design: DesignId, id: SuggestionId) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let row = self.own_suggestion(&mut tx, who, design, id).await?;
        if row.state == SuggestionState::Pending {
            return Ok(());
        }
        if row.state != SuggestionState::Look {
            return Err(Refused::MovedOn("suggestion-moved"));
        }
        let (section, _) = open_section(&mut tx, design, row.section_id).await?;
        let of = if row.picked.is_empty() { 0 } else { section.words.matches(&row.picked).count() };
        if of == 0 && !row.picked.is_empty() {
            return Err(Refused::invalid("keep", "words-not-there"));
        }
        // Where words were wiped the same sign may stand several times: which one it was nobody knows.
        if of > 1 && row.picked.contains(WIPED) {
            return Err(Refused::invalid("keep", "words-not-there"));
        }
        let nth = row.spot().nth.min(of.saturating_sub(1));
        let spot = Spot { kind: row.kind, picked: &row.picked, nth, of, base: &section.words };
        fits(spot.put(&section.words, &row.words).as_deref(), &section.words)
            .map_err(|_| Refused::invalid("keep", "words-not-there"))?;
        let written =
            Written { spot, words: &row.words, why: &row.why, state: SuggestionState::Pending, at: self.now() };
        // The words were checked, if they had to be: only their place is new.
        store::designs::suggestions::place_again(&mut tx, id, &written).await?;
        self.note_suggestion(&mut tx, who, Verb::EditSuggestion, id, "kept").await?;
        self.commit_and_tell(tx, Event::Design { design }).await
    }

    /// Writes one's own suggestion anew. It is held again where words are held; what was said to it is dropped.
    ///
    /// # Errors
    /// As [`Service::suggest`]; [`Refused::MovedOn`] (`suggestion-moved`) once it was decided or taken back.
    pub async fn edit_suggestion(
        &self,
        who: &Who,
        design: DesignId,
        id: SuggestionId,
        typed: TypedSuggestion<'_>,
    ) -> Result<SentSuggestion, Refused> {
        let mut tx = self.write_as(who).await?;
        let row = self.own_suggestion(&mut tx, who, design, id).await?;
        if !row.state.is_open() {
            return Err(Refused::MovedOn("suggestion-moved"));
        }
        let (section, _) = open_section(&mut tx, design, row.section_id).await?;
        let parsed = parse(&typed, &section.words)?;
        let words = self.words_of(&mut tx, who, design).await?;
        // Words that were taken away come back only past somebody who checks.
        let state = if row.state == SuggestionState::Hidden { SuggestionState::Held } else { held_or(words) };
        let spot = parsed.spot(&section.words);
        // Sent as it was: what others answered to it stays.
        if spot == row.spot() && (&parsed.words, &parsed.why, state) == (&row.words, &row.why, row.state) {
            return Ok(SentSuggestion { id, held: state == SuggestionState::Held });
        }
        self.pace(&mut tx, who).await?;
        let written = Written { spot, words: &parsed.words, why: &parsed.why, state, at: self.now() };
        store::designs::suggestions::edit(&mut tx, id, &written).await?;
        store::designs::suggestions::drop_answers(&mut tx, id).await?;
        self.note_suggestion(&mut tx, who, Verb::EditSuggestion, id, "").await?;
        self.commit_and_tell(tx, Event::Design { design }).await?;
        Ok(SentSuggestion { id, held: state == SuggestionState::Held })
    }

    /// Says that one wants what somebody else suggests, or does not any more.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] (`suggestion-moved`) when it does not wait any more.
    pub async fn support_suggestion(
        &self,
        who: &Who,
        design: DesignId,
        id: SuggestionId,
        so: bool,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let place = allow_thing(&mut tx, who, Verb::Suggest, Thing::Design(design)).await?;
        let row = store::designs::suggestions::find(&mut tx, design, id).await?.ok_or(Refused::Unknown)?;
        reading::seen_by(who, &place, &row)?;
        if row.state != SuggestionState::Pending || Some(row.author_id) == who.id() {
            return Err(Refused::MovedOn("suggestion-moved"));
        }
        store::designs::suggestions::support(&mut tx, id, somebody(who)?.id, so).await?;
        self.commit_and_tell(tx, Event::Design { design }).await
    }

    /// Makes a comment of one's own suggestion that was not accepted: another idea, which keeps the link to it.
    ///
    /// # Errors
    /// [`Refused::Invalid`] (`idea`); [`Refused::MovedOn`] when it was not refused, or when comments are closed.
    pub async fn suggestion_as_idea(
        &self,
        who: &Who,
        design: DesignId,
        id: SuggestionId,
        words: &str,
    ) -> Result<CommentId, Refused> {
        let mut tx = self.write_as(who).await?;
        let row = self.own_suggestion(&mut tx, who, design, id).await?;
        if let Some(comment) = row.comment_id {
            return Ok(comment.into());
        }
        if row.state != SuggestionState::NotAccepted {
            return Err(Refused::MovedOn("suggestion-moved"));
        }
        allow_thing(&mut tx, who, Verb::Comment, Thing::Design(design)).await?;
        let about = store::comments::about(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        if !open_at(about.stage) {
            return Err(Refused::MovedOn("comments-closed"));
        }
        let mut problems = Problems::new();
        let words = problems.take("idea", CommentWords::parse(words));
        let Some(words) = words else { return Err(Refused::Invalid(problems)) };
        let (now, state) = (self.now(), self.words_of(&mut tx, who, design).await?);
        let new = NewComment {
            id: self.new_id(),
            design,
            section: row.section_id,
            parent: None,
            author: who.id(),
            kind: CommentKind::Idea,
            words: words.as_str(),
            state,
            made_at: now,
        };
        self.pace(&mut tx, who).await?;
        store::comments::insert(&mut tx, &new).await?;
        store::designs::suggestions::set_comment(&mut tx, id, new.id).await?;
        let act = Act { verb: audit::verb(Verb::Comment), kind: "comment", id: &new.id.to_string(), detail: "" };
        audit::note(&mut tx, now, who, act).await?;
        self.commit_and_tell(tx, Event::Comments { design }).await?;
        Ok(new.id)
    }
}

/// Words too long for a section, as a problem of a field.
fn too_long(field: &str) -> Refused {
    let mut problems = Problems::new();
    problems.take::<()>(field, Err(BadWords::TooLong { max: SectionWords::MAX }));
    Refused::Invalid(problems)
}
