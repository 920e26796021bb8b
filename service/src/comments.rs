//! Comments about a section: reading, writing, and checking held words.

mod checking;
mod import;
mod reading;

use domain::access::{Answer, Verb, Who, may};
use domain::comments::{Checking, CommentKind, CommentState, MOST_REPLIES, open_at};
use domain::ids::{CommentId, DesignId, FormId, SectionId};
use domain::reports::small_numbers::Threshold;
use domain::words::CommentWords;
use store::Tx;
use store::comments::{AboutRow, CommentRow, NewComment, RuleRow};
use store::workspaces::Thing;

pub use checking::{CommentToCheck, Queue, ReasonToCheck, ToCheck, Verdict};
pub use import::{Imported, ImportedStatement, ImportedTalk, Stood};
pub(crate) use reading::latest;
pub use reading::{About, Author, Comments, Heading, Latest, News, Order, Said, Seen};

use crate::audit::Act;
use crate::news::Event;
use crate::rights::{allow, allow_thing, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// What somebody typed into the form of a comment.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    /// The section, as its id. Not asked of a reply.
    pub section: &'a str,
    /// The kind, as its name. Not asked of a reply.
    pub kind: &'a str,
    /// The words.
    pub words: &'a str,
    /// The comment it answers, as its id, or empty.
    pub reply_to: &'a str,
}

/// A comment that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Its id.
    pub id: CommentId,
    /// Whether it waits to be checked.
    pub held: bool,
}

/// One's own comment, to be changed.
#[derive(Debug, Clone)]
pub struct Mine {
    /// Its id.
    pub id: CommentId,
    /// Its design.
    pub about: About,
    /// What it says first.
    pub kind: CommentKind,
    /// It answers another comment: it has no kind of its own.
    pub reply: bool,
    /// Its words.
    pub words: String,
    /// Why it was taken away, where it was.
    pub reason: String,
    /// What becomes of it after a change.
    pub will_be_held: bool,
}

pub(crate) fn strictest(rules: &[RuleRow]) -> Checking {
    Checking::strictest(rules.iter().map(|r| r.checking))
}

/// The small-number threshold of a design: the highest of its groups' and the organisation's.
fn threshold(rules: &[RuleRow], house: i64) -> Threshold {
    let highest = rules.iter().map(|r| r.threshold).max().unwrap_or(0).max(house);
    Threshold::new(highest, rules.iter().any(|r| r.kind.is_sensitive()))
}

impl Service {
    /// What becomes of new words of `who` in a design. Those who check words are not checked by themselves.
    pub(crate) async fn state_of_new(
        &self,
        tx: &mut Tx,
        who: &Who,
        about: &AboutRow,
        checks: bool,
    ) -> Result<CommentState, Refused> {
        let rules = store::comments::rules(tx, about.id).await?;
        let known = match who.id() {
            Some(person) => store::comments::known_here(tx, person, about.workspace_id).await?,
            None => false,
        };
        Ok(if checks { CommentState::Published } else { strictest(&rules).state(known) })
    }

    /// Writes a comment, or a reply where `reply_to` is given. A reply to a reply answers the first comment.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for `section`, `kind` or `words`; [`Refused::MovedOn`] when the design is done or stopped,
    /// when what is answered is gone, or when it has too many answers.
    pub async fn comment(&self, who: &Who, design: DesignId, typed: Typed<'_>, form: FormId) -> Result<Sent, Refused> {
        let mut tx = self.write_as(who).await?;
        let place = allow_thing(&mut tx, who, Verb::Comment, Thing::Design(design)).await?;
        let me = somebody(who)?.id;
        if let Some(made) = access::before(&mut tx, form).await? {
            let Some(id) = made.map(CommentId) else { return Err(Refused::MovedOn("sent-twice")) };
            let row = store::comments::find(&mut tx, id).await?.ok_or(Refused::MovedOn("sent-twice"))?;
            return Ok(Sent { id, held: row.state == CommentState::Held });
        }
        let about = store::comments::about(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        if !open_at(about.stage) {
            return Err(Refused::MovedOn("comments-closed"));
        }
        let mut problems = Problems::new();
        let answered = self.answered(&mut tx, who, design, typed.reply_to).await?;
        let (section, kind) = match &answered {
            Some(thread) => (Some(thread.section_id), Some(thread.kind)),
            None => (
                self.chosen_section(&mut tx, design, typed.section, &mut problems).await?,
                problems.choice::<CommentKind>("kind", typed.kind),
            ),
        };
        let words = problems.take("words", CommentWords::parse(typed.words));
        problems.check()?;
        let (Some(section), Some(kind), Some(words)) = (section, kind, words) else {
            return Err(Refused::fault("a checked form has no value"));
        };
        let checks = may(who, Verb::CheckWords, &place) == Answer::Yes;
        let state = self.state_of_new(&mut tx, who, &about, checks).await?;
        let now = self.now();
        let new = NewComment {
            id: self.new_id(),
            design,
            section,
            parent: answered.map(|thread| thread.id),
            author: Some(me),
            kind,
            words: words.as_str(),
            state,
            made_at: now,
        };
        self.pace(&mut tx, who).await?;
        store::comments::insert(&mut tx, &new).await?;
        let act = Act { verb: audit::verb(Verb::Comment), kind: "comment", id: &new.id.to_string(), detail: "" };
        audit::note(&mut tx, now, who, act).await?;
        access::done(&mut tx, form, Some(new.id.0), now).await?;
        let held = state == CommentState::Held;
        self.commit_and_maybe_tell(tx, design, !held).await?;
        Ok(Sent { id: new.id, held })
    }

    /// The thread a reply belongs to, if it is one.
    async fn answered(
        &self,
        tx: &mut Tx,
        who: &Who,
        design: DesignId,
        typed: &str,
    ) -> Result<Option<CommentRow>, Refused> {
        if typed.is_empty() {
            return Ok(None);
        }
        const GONE: Refused = Refused::MovedOn("comment-gone");
        let id: CommentId = typed.parse().map_err(|_| GONE)?;
        let mut row = store::comments::find(tx, id).await?.ok_or(GONE)?;
        if let Some(first) = row.parent_id {
            row = store::comments::find(tx, CommentId(first)).await?.ok_or(GONE)?;
        }
        let seen =
            row.state == CommentState::Published || (row.state == CommentState::Held && row.author() == who.id());
        if row.design_id != design || !seen {
            return Err(GONE);
        }
        if store::comments::reply_count(tx, row.id).await? >= MOST_REPLIES {
            return Err(Refused::MovedOn("thread-full"));
        }
        Ok(Some(row))
    }

    async fn chosen_section(
        &self,
        tx: &mut Tx,
        design: DesignId,
        typed: &str,
        problems: &mut Problems,
    ) -> Result<Option<SectionId>, Refused> {
        let Ok(section) = typed.parse::<SectionId>() else {
            problems.add("section", "choose");
            return Ok(None);
        };
        if store::comments::has_section(tx, design, section).await? {
            Ok(Some(section))
        } else {
            problems.add("section", "choose");
            Ok(None)
        }
    }

    /// Finds one's own comment. Somebody else's is refused; one that may not be seen is unknown.
    async fn own(&self, tx: &mut Tx, who: &Who, verb: Verb, id: CommentId) -> Result<(CommentRow, bool), Refused> {
        let place = allow_thing(tx, who, Verb::ReadWork, Thing::Comment(id)).await?;
        let row = store::comments::find(tx, id).await?.ok_or(Refused::Unknown)?;
        let mine = row.author().is_some() && row.author() == who.id();
        let checks = may(who, Verb::CheckWords, &place) == Answer::Yes;
        let gone = row.state == CommentState::RemovedByAuthor;
        if !mine && !checks && row.state != CommentState::Published {
            return Err(Refused::Unknown);
        }
        allow(who, verb, &place.by(row.author()))?;
        if gone { Err(Refused::MovedOn("comment-gone")) } else { Ok((row, checks)) }
    }

    /// One's own comment, to be changed or taken away.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for somebody else's; [`Refused::MovedOn`] once it was taken away.
    pub async fn my_comment(&self, who: &Who, id: CommentId) -> Result<Mine, Refused> {
        let mut tx = self.store().read().await?;
        let (row, checks) = self.own(&mut tx, who, Verb::EditComment, id).await?;
        let about = store::comments::about(&mut tx, row.design_id).await?.ok_or(Refused::Unknown)?;
        let state = self.state_after_edit(&mut tx, who, &row, &about, checks).await?;
        Ok(Mine {
            id,
            about: About::of(about),
            kind: row.kind,
            reply: row.parent_id.is_some(),
            words: row.words,
            reason: row.reason,
            will_be_held: state == CommentState::Held,
        })
    }

    /// Words that were taken away come back only past somebody who checks.
    async fn state_after_edit(
        &self,
        tx: &mut Tx,
        who: &Who,
        row: &CommentRow,
        about: &AboutRow,
        checks: bool,
    ) -> Result<CommentState, Refused> {
        let state = self.state_of_new(tx, who, about, checks).await?;
        Ok(if row.state == CommentState::HiddenByModerator { CommentState::Held } else { state })
    }

    /// Changes one's own comment. It is held again where the group holds words.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for `kind` or `words`; [`Refused::MovedOn`] once it was taken away, or when the design is
    /// done or stopped.
    pub async fn edit_comment(
        &self,
        who: &Who,
        id: CommentId,
        kind: &str,
        words: &str,
    ) -> Result<(DesignId, Sent), Refused> {
        let mut tx = self.write_as(who).await?;
        let (row, checks) = self.own(&mut tx, who, Verb::EditComment, id).await?;
        let about = store::comments::about(&mut tx, row.design_id).await?.ok_or(Refused::Unknown)?;
        if !open_at(about.stage) {
            return Err(Refused::MovedOn("comments-closed"));
        }
        let mut problems = Problems::new();
        let kind = if row.parent_id.is_some() { Some(row.kind) } else { problems.choice("kind", kind) };
        let words = problems.take("words", CommentWords::parse(words));
        problems.check()?;
        let (Some(kind), Some(words)) = (kind, words) else {
            return Err(Refused::fault("a checked form has no value"));
        };
        let state = self.state_after_edit(&mut tx, who, &row, &about, checks).await?;
        // Sent as it was: nobody reads that it was changed.
        if (kind, words.as_str(), state) == (row.kind, row.words.as_str(), row.state) {
            return Ok((row.design_id, Sent { id, held: state == CommentState::Held }));
        }
        let now = self.now();
        self.pace(&mut tx, who).await?;
        if store::comments::edit(&mut tx, id, words.as_str(), kind, state, now).await? == 0 {
            return Err(Refused::MovedOn("comment-gone"));
        }
        let act = Act { verb: audit::verb(Verb::EditComment), kind: "comment", id: &id.to_string(), detail: "" };
        audit::note(&mut tx, now, who, act).await?;
        let changes = row.state == CommentState::Published || state == CommentState::Published;
        self.commit_and_maybe_tell(tx, row.design_id, changes).await?;
        Ok((row.design_id, Sent { id, held: state == CommentState::Held }))
    }

    /// Takes one's own comment away, its words with it. Answers to it stay. Possible at every stage.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for somebody else's; [`Refused::MovedOn`] when it was gone already.
    pub async fn remove_comment(&self, who: &Who, id: CommentId) -> Result<DesignId, Refused> {
        let mut tx = self.write_as(who).await?;
        let (row, _) = self.own(&mut tx, who, Verb::RemoveComment, id).await?;
        let now = self.now();
        if store::comments::remove(&mut tx, id, now).await? == 0 {
            return Err(Refused::MovedOn("comment-gone"));
        }
        let act = Act { verb: audit::verb(Verb::RemoveComment), kind: "comment", id: &id.to_string(), detail: "" };
        audit::note(&mut tx, now, who, act).await?;
        self.commit_and_maybe_tell(tx, row.design_id, row.state == CommentState::Published).await?;
        Ok(row.design_id)
    }

    /// Commits; words that nobody else saw and nobody else sees are nobody's news.
    async fn commit_and_maybe_tell(&self, tx: Tx, design: DesignId, tell: bool) -> Result<(), Refused> {
        if tell { self.commit_and_tell(tx, Event::Comments { design }).await } else { Ok(tx.commit().await?) }
    }
}
