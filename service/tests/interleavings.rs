//! Any order of live writing, lost lines, forms, suggestions, words that are wiped and restarts comes to one text: what was kept
//! for anybody stands there once, unless somebody took it out.
//!
//! `TANDEM_INTERLEAVINGS`: how many orders are tried (12 without it).

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::access::Who;
use domain::comments::Checking;
use domain::designs::shared_text::Writer;
use domain::designs::{Splice, Typing};
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::ids::{DesignId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use service::Service;
use service::designs::live::{Heard, Joined, Not};
use service::designs::suggestions::{TypedAnswer, TypedSuggestion};
use service::designs::{Draft, NewDesign, Saved, TypedWipe};
use support::Test;

/// One thing that happens. `who`: which of two who write live; `at`: where among the words.
#[derive(Debug, Clone)]
enum Step {
    /// Somebody types a word; it is not sent yet.
    Type { who: usize, at: usize },
    /// Somebody takes out a word that they see.
    TakeOut { who: usize, at: usize },
    /// What they typed goes off, if the line is there.
    Send { who: usize },
    /// They take in what others did.
    Hear { who: usize },
    /// The line is lost, or comes back.
    Line { who: usize },
    /// Somebody opens the page without JavaScript.
    Open,
    /// They save it with one more word, whatever happened since.
    Post { at: usize },
    /// Somebody suggests a word, and the lead accepts it.
    Suggest,
    /// A version is made.
    Version,
    /// A worker wipes a word.
    Wipe { at: usize },
    /// Tandem stops and starts again.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let (who, at) = (0..2usize, 0..100usize);
    prop_oneof![
        6 => (who.clone(), at.clone()).prop_map(|(who, at)| Step::Type { who, at }),
        1 => (who.clone(), at.clone()).prop_map(|(who, at)| Step::TakeOut { who, at }),
        5 => who.clone().prop_map(|who| Step::Send { who }),
        4 => who.clone().prop_map(|who| Step::Hear { who }),
        2 => who.prop_map(|who| Step::Line { who }),
        2 => Just(Step::Open),
        3 => at.clone().prop_map(|at| Step::Post { at }),
        1 => Just(Step::Suggest),
        1 => Just(Step::Version),
        1 => at.prop_map(|at| Step::Wipe { at }),
        1 => Just(Step::Restart),
    ]
}

/// Somebody who writes live: what the island does, without a browser.
struct Pen {
    who: Who,
    typing: Typing,
    writer: Writer,
    /// The number of the last change that is in their text.
    seq: i64,
    line: Option<Joined>,
    /// What went off and was not answered, and the words in it.
    flying: Option<Vec<u8>>,
    /// Words that were typed and are not kept yet.
    typed: Vec<String>,
}

struct World {
    service: Service,
    t: Test,
    design: DesignId,
    section: SectionId,
    lead: Who,
    worker: Who,
    pens: Vec<Pen>,
    /// A page without JavaScript: its state, and what it says.
    page: Option<(String, String)>,
    /// Words that are kept.
    kept: BTreeSet<String>,
    /// Words that somebody took out, or tried to.
    gone: BTreeSet<String>,
    n: usize,
}

/// The text with one more word before its word number `at`; where in UTF-16 units, and what comes.
fn with_word(text: &str, at: usize, word: &str) -> Splice {
    let starts: Vec<usize> = text.match_indices(' ').map(|(i, _)| i).chain([text.len()]).collect();
    let at = starts[at % starts.len()];
    let units = text[..at].encode_utf16().count();
    Splice { at: u32::try_from(units).expect("short"), remove: 0, insert: format!(" {word}") }
}

impl World {
    async fn begin(t: Test) -> Self {
        let group = t.group_of("Youth Council", GroupKind::YouthCouncil, Visibility::Members, Checking::After).await;
        let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
        t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
        let (robin, sam, lead) = (
            t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await,
            t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await,
            t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await,
        );
        let slug = t.agreed(&worker, "youth-council", &[&robin, &sam, &lead]).await;
        let sections = vec![Draft { heading: "Our idea".to_owned(), words: "The old bus is late".to_owned() }];
        let new = NewDesign { title: "Later buses", sections };
        let design = t.service.start_design(&robin, &slug, t.form(), new).await.expect("started");
        let section = t.service.view_design(&robin, design).await.expect("seen").sections[0].id;
        let service = t.service.clone();
        let mut world = Self {
            service,
            t,
            design,
            section,
            lead,
            worker,
            pens: Vec::new(),
            page: None,
            kept: BTreeSet::new(),
            gone: BTreeSet::new(),
            n: 0,
        };
        for who in [robin, sam] {
            let (writer, _) = world.service.live_writer(who.id().expect("somebody"), design);
            let now = AtomicU64::new(0);
            let typing = Typing::new(writer, Arc::new(move || now.fetch_add(1000, Ordering::SeqCst)));
            let who = world.t.visit(&world.t.session(&who).await).await.who;
            let seq = world.service.write_design(&who, design).await.expect("a page").base;
            world.pens.push(Pen { who, typing, writer, seq, line: None, flying: None, typed: Vec::new() });
            world.connect(world.pens.len() - 1).await;
        }
        world
    }

    /// A word that nobody has written.
    fn word(&mut self) -> String {
        self.n += 1;
        format!("w{}x", self.n)
    }

    async fn connect(&mut self, who: usize) {
        let pen = &mut self.pens[who];
        let joined = self.service.join_room(&pen.who, self.design, Some(pen.seq)).await.expect("in the room");
        for (_, update) in &joined.changes {
            pen.typing.take(update).expect("it fits");
        }
        pen.seq = joined.seq;
        pen.line = Some(joined);
    }

    /// Takes in what others did; a line that is over is lost.
    fn hear(&mut self, who: usize) {
        let pen = &mut self.pens[who];
        let Some(line) = pen.line.as_mut() else { return };
        let mut over = false;
        while let Ok(heard) = line.heard.try_recv() {
            match heard {
                Heard::Change { seq, update, .. } => {
                    // What it did not hear of in order it asks for anew.
                    over |= seq > pen.seq + 1;
                    if !over && seq > pen.seq {
                        pen.typing.take(&update).expect("it fits");
                        pen.seq = seq;
                    }
                }
                Heard::Again => over = true,
                Heard::People | Heard::Look => {}
            }
        }
        if over {
            pen.line = None;
        }
    }

    async fn send(&mut self, who: usize) {
        let pen = &mut self.pens[who];
        let Some(line) = &pen.line else { return };
        let Some(update) = pen.flying.take().or_else(|| pen.typing.unsent()) else { return };
        pen.flying = Some(update.clone());
        match self.service.write_live(&line.seat, pen.writer, update).await {
            Ok(_) => {
                pen.flying = None;
                // What was typed since it went off is still on its way.
                if !pen.typing.has_unsent() {
                    self.kept.extend(pen.typed.drain(..));
                }
            }
            Err(Not::End(_)) => pen.line = None,
            Err(Not::No(no)) => panic!("refused: {no:?}"),
        }
    }

    /// Everything a pen has goes off.
    async fn settle(&mut self, who: usize) {
        for _ in 0..20 {
            if self.pens[who].line.is_none() {
                self.connect(who).await;
            }
            self.send(who).await;
            let pen = &self.pens[who];
            if pen.line.is_some() && pen.flying.is_none() && !pen.typing.has_unsent() {
                return;
            }
        }
        panic!("what was typed does not arrive");
    }

    async fn says(&self) -> String {
        let sections = self.service.write_design(&self.lead, self.design).await.expect("a page").sections;
        sections.into_iter().find(|s| s.id == self.section).expect("there").words
    }

    /// One of the words that are there and that a test wrote.
    fn one_of(text: &str, at: usize) -> Option<String> {
        let all: Vec<&str> = text.split_whitespace().filter(|w| w.starts_with('w') && w.ends_with('x')).collect();
        all.get(at % all.len().max(1)).map(|w| (*w).to_owned())
    }

    async fn happen(&mut self, step: &Step) {
        self.t.pass(40 * Moment::SECOND);
        match *step {
            Step::Type { who, at } => {
                let word = self.word();
                let pen = &mut self.pens[who];
                let splice = with_word(&pen.typing.words(self.section), at, &word);
                pen.typing.splice(self.section, &splice);
                pen.typed.push(word);
            }
            Step::TakeOut { who, at } => {
                let pen = &mut self.pens[who];
                let text = pen.typing.words(self.section);
                let Some(word) = Self::one_of(&text, at) else { return };
                let start = text.find(&word).expect("it stands there");
                let units = |s: &str| u32::try_from(s.encode_utf16().count()).expect("short");
                let splice = Splice { at: units(&text[..start]), remove: units(&word), insert: String::new() };
                pen.typing.splice(self.section, &splice);
                self.gone.insert(word);
            }
            Step::Send { who } => self.send(who).await,
            Step::Hear { who } => self.hear(who),
            Step::Line { who } => match self.pens[who].line.take() {
                Some(line) => drop(line),
                None => self.connect(who).await,
            },
            Step::Open => {
                let base = self.service.write_design(&self.lead, self.design).await.expect("a page").base.to_string();
                self.page = Some((base, self.says().await));
            }
            Step::Post { at } => {
                let Some((base, text)) = self.page.take() else { return };
                let word = self.word();
                let splice = with_word(&text, at, &word);
                let units: Vec<u16> = text.encode_utf16().collect();
                let (before, after) = units.split_at(usize::try_from(splice.at).expect("short"));
                let text = [before, &splice.insert.encode_utf16().collect::<Vec<_>>(), after].concat();
                let text = String::from_utf16(&text).expect("text");
                let saved = self
                    .service
                    .write_section(&self.lead, self.design, self.section, self.t.form(), &base, &text)
                    .await;
                match saved.expect("an answer") {
                    Saved::Done { .. } => {
                        self.kept.insert(word);
                    }
                    // Both texts are shown to its writer, and nothing was changed.
                    Saved::TooOld(_) => {}
                }
            }
            Step::Suggest => {
                let (word, section) = (self.word(), self.section.to_string());
                let typed = TypedSuggestion {
                    section: &section,
                    kind: "add",
                    picked: "whole",
                    exact: "",
                    words: &word,
                    why: "It is better.",
                    seen: "",
                };
                let who = self.pens[0].who.clone();
                let Ok(sent) = self.service.suggest(&who, self.design, self.t.form(), typed).await else { return };
                let seen = self.service.suggestion(&self.lead, self.design, sent.id).await.expect("seen").words_at;
                let typed = TypedAnswer { answer: "accept", words: "", others: "keep", near: "", reason: "", seen };
                let done = self.service.answer_suggestion(&self.lead, self.design, sent.id, self.t.form(), typed).await;
                done.expect("accepted");
                self.kept.insert(word);
            }
            Step::Version => {
                let made = self.service.make_version(&self.lead, self.design, self.t.form(), "As it is", "").await;
                made.expect("made");
            }
            Step::Wipe { at } => {
                let Some(word) = Self::one_of(&self.says().await, at) else { return };
                let typed = TypedWipe { words: &word, sure: true };
                self.service.wipe_words(&self.worker, self.design, self.t.form(), typed).await.expect("wiped");
                self.gone.insert(word);
            }
            Step::Restart => {
                for pen in &mut self.pens {
                    pen.line = None;
                }
                self.service = Service::new(self.t.service.store().clone(), self.t.service.world().clone());
            }
        }
    }

    /// Everybody has everything, and it is the same.
    async fn end(mut self) -> Result<(), TestCaseError> {
        for _ in 0..2 {
            for who in 0..self.pens.len() {
                self.settle(who).await;
            }
        }
        for who in 0..self.pens.len() {
            self.pens[who].line = None;
            self.connect(who).await;
        }
        let says = self.says().await;
        for pen in &self.pens {
            prop_assert_eq!(&pen.typing.words(self.section), &says);
            prop_assert!(pen.typed.is_empty(), "never kept: {:?}", pen.typed);
        }
        let anew = self.service.join_room(&self.lead, self.design, None).await.expect("in the room");
        let now = AtomicU64::new(0);
        let mut text = Typing::new(Writer::from_random(77), Arc::new(move || now.fetch_add(1, Ordering::SeqCst)));
        for (_, update) in &anew.changes {
            text.take(update).expect("it fits");
        }
        prop_assert_eq!(&text.words(self.section), &says);
        for word in &self.kept {
            let times = says.matches(word.as_str()).count();
            let fine = if self.gone.contains(word) { times <= 1 } else { times == 1 };
            prop_assert!(fine, "{} stands there {} times: {}", word, times, says);
        }
        Ok(())
    }
}

#[test]
fn every_order_of_what_people_do_comes_to_one_text() {
    #[expect(clippy::disallowed_methods, reason = "how long a test runs is no setting of a house")]
    let cases = std::env::var("TANDEM_INTERLEAVINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases, max_shrink_iters: 200, ..Config::default() });
    let all = prop::collection::vec(step(), 10..60);
    let tried = runner.run(&all, |steps| {
        runtime.block_on(async {
            for t in support::all().await {
                let mut world = World::begin(t).await;
                for step in &steps {
                    world.happen(step).await;
                }
                world.end().await?;
            }
            Ok(())
        })
    });
    if let Err(e) = tried {
        panic!("{e}");
    }
}
