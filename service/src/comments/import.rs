//! Bringing in a conversation that was held elsewhere: one design, one section, its statements as comments, and how people
//! stood to them. For the command line; the system does it.

use domain::comments::{CommentKind, CommentState, Stance};
use domain::ids::{CommentId, DesignId, SectionId};
use domain::moment::Moment;
use domain::words::{CommentWords, Heading, Title};
use std::collections::HashMap;
use store::comments::NewComment;

use crate::audit::Act;
use crate::designs::NewWords;
use crate::news::Event;
use crate::{Refused, Service, audit};

/// The symbol of a design that was a conversation: people talking.
const SYMBOL: &str = "1F4AC";

/// A conversation that was held elsewhere, read and parsed.
#[derive(Debug, Clone)]
pub struct ImportedTalk {
    /// What it was about: the title of the design.
    pub topic: Title,
    /// The heading of its one section.
    pub heading: Heading,
    /// Its statements.
    pub statements: Vec<ImportedStatement>,
    /// How people stood to them: one for each person and statement.
    pub stances: Vec<Stood>,
}

/// One statement.
#[derive(Debug, Clone)]
pub struct ImportedStatement {
    /// Its number there.
    pub number: i64,
    /// Its words.
    pub words: CommentWords,
    /// What became of it there.
    pub state: CommentState,
    /// When it was written.
    pub made_at: Moment,
}

/// How one person stood to one statement.
#[derive(Debug, Clone, Copy)]
pub struct Stood {
    /// The statement's number.
    pub statement: i64,
    /// The person's number in that conversation; it means nothing here.
    pub voter: i64,
    /// How they stood.
    pub stance: Stance,
}

/// What was brought in. Numbers of statements and of presses, not of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// The new design.
    pub design: DesignId,
    /// How many statements everybody sees.
    pub published: usize,
    /// How many wait to be checked.
    pub held: usize,
    /// How many had been taken away.
    pub hidden: usize,
    /// How many stances.
    pub stances: usize,
}

impl Service {
    /// Brings a conversation into a workspace, all of it or nothing. A statement that nobody looked at there waits here;
    /// every statement is an idea: Polis does not say more of it. `progress` is called with how many stances are in.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when there is no such workspace; [`Refused::MovedOn`] when a conversation with this title was
    /// brought into it before; [`Refused::Fault`] when a stance names no statement.
    pub async fn import_talk(
        &self,
        workspace: &str,
        talk: &ImportedTalk,
        progress: impl FnMut(usize),
    ) -> Result<Imported, Refused> {
        let mut tx = self.store().write().await?;
        let (workspace, by) = store::comments::workspace_maker(&mut tx, workspace).await?.ok_or(Refused::Unknown)?;
        if store::comments::already_imported(&mut tx, workspace, talk.topic.as_str()).await?.is_some() {
            return Err(Refused::MovedOn("imported-already"));
        }
        let now = self.now();
        let (design, section): (DesignId, SectionId) = (self.new_id(), self.new_id());
        let new = store::designs::NewDesign {
            id: design,
            workspace,
            title: talk.topic.as_str(),
            symbol: SYMBOL,
            made_at: now,
            made_by: by,
        };
        self.lay_out(&mut tx, &new, &[NewWords::draw((section, talk.heading.clone(), String::new()))]).await?;
        let mut ids: HashMap<i64, CommentId> = HashMap::with_capacity(talk.statements.len());
        for statement in &talk.statements {
            let new = NewComment {
                id: self.new_id(),
                design,
                section,
                parent: None,
                author: None,
                kind: CommentKind::Idea,
                words: statement.words.as_str(),
                state: statement.state,
                made_at: statement.made_at,
            };
            store::comments::insert(&mut tx, &new).await?;
            ids.insert(statement.number, new.id);
        }
        let mut stances = Vec::with_capacity(talk.stances.len());
        for stood in &talk.stances {
            let id = ids.get(&stood.statement).ok_or_else(|| Refused::fault("a stance names no statement"))?;
            stances.push((*id, stood.voter, stood.stance));
        }
        store::comments::insert_stances(&mut tx, &stances, progress).await?;
        let detail = format!("statements={} stances={}", talk.statements.len(), stances.len());
        let act = Act { verb: "ImportPolis", kind: "design", id: &design.to_string(), detail: &detail };
        audit::note_system(&mut tx, now, act).await?;
        self.commit_and_tell(tx, Event::Design { design }).await?;
        let count = |state| talk.statements.iter().filter(|s| s.state == state).count();
        Ok(Imported {
            design,
            published: count(CommentState::Published),
            held: count(CommentState::Held),
            hidden: count(CommentState::HiddenByModerator),
            stances: stances.len(),
        })
    }
}
