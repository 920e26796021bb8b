//! Suggestions: every state and who may bring it about, what happens to the words, and two people at once.

mod support;

use domain::access::Who;
use domain::comments::{Checking, CommentKind};
use domain::designs::Stage;
use domain::designs::changes::Part;
use domain::designs::suggestions::{Deciders, SuggestionState};
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::ids::{DesignId, GroupId, PersonId, SectionId, SuggestionId};
use domain::moment::Moment;
use domain::people::Role;
use service::Refused;
use service::comments::{Author, Order, Verdict};
use service::designs::suggestions::{Filter, SentSuggestion, SuggestionPage, TypedAnswer, TypedSuggestion};
use service::designs::{Draft, NewDesign, Saved, Shape};
use service::home::What;
use support::{Test, moved_on};

const WORDS: &str = "The bus is late every day. Nobody tells us why.\n\n- Ask the driver.\n- Ask the school.";
const LATE: &str = "0 The bus is late every day.";

struct House {
    group: GroupId,
    slug: &'static str,
    robin: Who,
    sam: Who,
    lead: Who,
    worker: Who,
    second: Who,
    stranger: Who,
    design: DesignId,
    problem: SectionId,
    idea: SectionId,
}

async fn house(t: &Test, visibility: Visibility, checking: Checking) -> House {
    let group = t.group_of("Youth Council", GroupKind::YouthCouncil, visibility, checking).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let sam = t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    let worker = t.member("Officer", Role::Officer, group, GroupRole::Worker).await;
    let second = t.member("Other officer", Role::Officer, group, GroupRole::Worker).await;
    let stranger = t.person("Alex", Role::YoungPerson).await;
    t.workspace("buses", group, &worker, true).await;
    let sections = [("The problem", WORDS), ("Our idea", "")];
    let sections = sections.map(|(h, w)| Draft { heading: h.to_owned(), words: w.to_owned() }).to_vec();
    let design = t.service.start_design(&robin, "buses", t.form(), NewDesign { title: "Later buses", sections }).await;
    let design = design.expect("started");
    let view = t.service.view_design(&robin, design).await.expect("seen");
    let (problem, idea) = (view.sections[0].id, view.sections[1].id);
    House { group, slug: "buses", robin, sam, lead, worker, second, stranger, design, problem, idea }
}

/// A group that looks at words afterwards.
async fn open_house(t: &Test) -> House {
    house(t, Visibility::Hidden, Checking::After).await
}

const fn typed<'a>(kind: &'a str, picked: &'a str, words: &'a str) -> TypedSuggestion<'a> {
    TypedSuggestion { section: "", kind, picked, exact: "", words, why: "It is clearer.", seen: "" }
}

const fn says<'a>(answer: &'a str, words: &'a str, reason: &'a str) -> TypedAnswer<'a> {
    TypedAnswer { answer, words, others: "keep", near: "", reason, seen: Moment(0) }
}

impl House {
    async fn try_suggest(&self, t: &Test, who: &Who, typed: TypedSuggestion<'_>) -> Result<SentSuggestion, Refused> {
        t.pass(Moment::SECOND);
        let section = self.problem.to_string();
        t.service.suggest(who, self.design, t.form(), TypedSuggestion { section: &section, ..typed }).await
    }

    async fn suggest(&self, t: &Test, who: &Who, typed: TypedSuggestion<'_>) -> SuggestionId {
        self.try_suggest(t, who, typed).await.expect("sent").id
    }

    /// Another suggestion for what somebody suggested already.
    async fn suggest_too(&self, t: &Test, who: &Who, typed: TypedSuggestion<'_>, seen: SuggestionId) -> SuggestionId {
        let seen = seen.to_string();
        self.suggest(t, who, TypedSuggestion { seen: &seen, ..typed }).await
    }

    async fn page(&self, t: &Test, who: &Who, id: SuggestionId) -> Result<SuggestionPage, Refused> {
        t.service.suggestion(who, self.design, id).await
    }

    async fn state(&self, t: &Test, id: SuggestionId) -> SuggestionState {
        let mut tx = t.service.store().read().await.expect("a transaction");
        let row = store::designs::suggestions::find(&mut tx, self.design, id).await.expect("asked");
        row.expect("there").state
    }

    async fn answer(
        &self,
        t: &Test,
        who: &Who,
        id: SuggestionId,
        typed: TypedAnswer<'_>,
    ) -> Result<SuggestionState, Refused> {
        t.pass(Moment::SECOND);
        let page = self.page(t, who, id).await?;
        let near = if typed.others == "keep" { String::new() } else { page.near_ids.clone() };
        let typed = TypedAnswer { seen: page.words_at, near: &near, ..typed };
        t.service.answer_suggestion(who, self.design, id, t.form(), typed).await.map(|a| a.state)
    }

    async fn words(&self, t: &Test) -> String {
        let view = t.service.view_design(&self.robin, self.design).await.expect("seen");
        view.sections.into_iter().find(|s| s.id == self.problem).expect("there").words
    }

    async fn write(&self, t: &Test, who: &Who, words: &str) {
        t.pass(Moment::SECOND);
        let base = t.service.view_design(who, self.design).await.expect("seen").base.to_string();
        let saved = t.service.write_section(who, self.design, self.problem, t.form(), &base, words).await;
        assert!(matches!(saved, Ok(Saved::Done { .. })), "{saved:?}");
    }

    async fn deciders(&self, t: &Test, deciders: Deciders) {
        t.service.set_deciders(&self.worker, self.slug, deciders.name()).await.expect("set");
    }

    async fn stage(&self, t: &Test, from: Stage, to: Stage) {
        let mut tx = t.service.store().write().await.expect("a transaction");
        store::designs::set_stage(&mut tx, self.design, from, to, t.now()).await.expect("moved");
        tx.commit().await.expect("committed");
    }
}

fn problem<T: std::fmt::Debug>(done: Result<T, Refused>) -> (String, &'static str) {
    match done {
        Err(Refused::Invalid(p)) => (p.0[0].field.clone(), p.0[0].key),
        other => panic!("not about a field: {other:?}"),
    }
}

fn refused<T: std::fmt::Debug>(done: Result<T, Refused>) {
    assert!(matches!(done, Err(Refused::NotAllowed)), "{done:?}");
}

fn unknown<T: std::fmt::Debug>(done: Result<T, Refused>) {
    assert!(matches!(done, Err(Refused::Unknown)), "{done:?}");
}

#[tokio::test]
async fn accepted_words_are_in_the_section_as_the_words_of_who_suggested_them() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let change = h.suggest(&t, &h.sam, typed("change", LATE, "The bus comes late.")).await;
        let add = h.suggest(&t, &h.sam, typed("add", "0 Ask the driver.", "Ask the mayor.")).await;
        let remove = h.suggest(&t, &h.sam, typed("remove", "0 Nobody tells us why.", "")).await;
        refused(h.answer(&t, &h.robin, change, says("accept", "", "")).await);
        refused(h.answer(&t, &h.worker, change, says("accept", "", "")).await);
        unknown(h.answer(&t, &h.stranger, change, says("accept", "", "")).await);
        for id in [change, add] {
            let state = h.answer(&t, &h.lead, id, says("accept", "", "")).await.expect("accepted");
            assert_eq!(state, SuggestionState::Accepted, "{}", t.engine);
        }
        let state = h.answer(&t, &h.lead, remove, says("accept-changed", "We hear nothing.", "")).await;
        assert_eq!(state.expect("accepted"), SuggestionState::Changed);
        let now = "The bus comes late. We hear nothing.\n\n- Ask the driver.\n- Ask the mayor.\n- Ask the school.";
        assert_eq!(h.words(&t).await, now, "{}", t.engine);
        let view = t.service.view_design(&h.robin, h.design).await.expect("seen");
        let by = view.sections[0].by.clone().expect("somebody");
        assert_eq!(by.name.as_deref(), Some("Sam"), "credited");
        // The shared text says the same: the next form merges with it.
        h.write(&t, &h.robin, &format!("{now}\n\nWe wait.")).await;
        assert!(h.words(&t).await.contains("We hear nothing."));
        let page = h.page(&t, &h.robin, remove).await.expect("seen");
        assert!(page.change.contains(&Part::Added("We hear nothing".to_owned())), "{:?}", page.change);
        assert_eq!(moved_on(h.answer(&t, &h.lead, change, says("accept", "", "")).await), "suggestion-moved");
    }
}

#[tokio::test]
async fn a_form_with_a_mistake_changes_nothing_and_says_which() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let try_ = |typed| h.try_suggest(&t, &h.sam, typed);
        let at = |field: &str, key| (field.to_owned(), key);
        assert_eq!(problem(try_(typed("rewrite", LATE, "x")).await), at("kind", "choose"));
        assert_eq!(problem(try_(typed("change", "", "x")).await), at("picked", "choose"));
        assert_eq!(problem(try_(typed("change", "0 The tram is late.", "x")).await), at("picked", "words-not-there"));
        assert_eq!(
            problem(try_(typed("change", "7 The bus is late every day.", "x")).await),
            at("picked", "words-not-there")
        );
        assert_eq!(problem(try_(typed("change", "other", "x")).await), at("exact", "empty"));
        let tram = TypedSuggestion { exact: "The tram", ..typed("change", "other", "x") };
        assert_eq!(problem(try_(tram).await), at("exact", "words-not-there"));
        assert_eq!(problem(try_(typed("change", LATE, " ")).await), at("words", "empty"));
        assert_eq!(problem(try_(typed("change", LATE, "The bus is late every day.")).await), at("words", "same-words"));
        assert_eq!(problem(try_(TypedSuggestion { why: "", ..typed("remove", LATE, "") }).await), at("why", "empty"));
        let long = "word ".repeat(8000);
        assert_eq!(problem(try_(typed("add", "whole", &long)).await), at("words", "too-long"));
        let nowhere = TypedSuggestion { section: "x", ..typed("remove", LATE, "") };
        let sent = t.service.suggest(&h.sam, h.design, t.form(), nowhere).await;
        assert_eq!(problem(sent), at("section", "choose"));
        let empty = h.idea.to_string();
        let nothing = TypedSuggestion { section: &empty, ..typed("remove", "whole", "") };
        assert_eq!(problem(t.service.suggest(&h.sam, h.design, t.form(), nothing).await), at("words", "same-words"));
        let first = TypedSuggestion { section: &empty, ..typed("add", "whole", "More seats.") };
        t.service.suggest(&h.sam, h.design, t.form(), first).await.expect("the first words of a part");
        refused(
            h.try_suggest(&t, &t.again(&h.stranger).await, typed("remove", LATE, ""))
                .await
                .or(Err(Refused::NotAllowed)),
        );
        let id =
            h.suggest(&t, &h.sam, TypedSuggestion { exact: "every day", ..typed("change", "other", "each day") }).await;
        assert_eq!(problem(h.answer(&t, &h.lead, id, says("perhaps", "", "")).await), at("answer", "choose"));
        assert_eq!(problem(h.answer(&t, &h.lead, id, says("not-accept", "", " ")).await), at("reason", "empty"));
        assert_eq!(problem(h.answer(&t, &h.lead, id, says("accept-changed", "", "")).await), at("words", "empty"));
        assert_eq!(h.state(&t, id).await, SuggestionState::Pending);
        h.answer(&t, &h.lead, id, says("accept", "", "")).await.expect("accepted");
        assert!(h.words(&t).await.starts_with("The bus is late each day."));
    }
}

#[tokio::test]
async fn a_form_sent_twice_is_sent_once() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let section = h.problem.to_string();
        let (form, typed) = (t.form(), TypedSuggestion { section: &section, ..typed("remove", LATE, "") });
        let first = t.service.suggest(&h.sam, h.design, form, typed).await.expect("sent");
        let again = t.service.suggest(&h.sam, h.design, form, typed).await.expect("the same");
        assert_eq!(first, again);
        let all = t.service.suggestions(&h.sam, h.design, Filter::default()).await.expect("seen");
        assert_eq!(all.lines.len(), 1);
        let seen = h.page(&t, &h.lead, first.id).await.expect("seen").words_at;
        let (form, yes) = (t.form(), TypedAnswer { seen, ..says("accept", "", "") });
        for _ in 0..2 {
            let state =
                t.service.answer_suggestion(&h.lead, h.design, first.id, form, yes).await.expect("answered").state;
            assert_eq!(state, SuggestionState::Accepted);
        }
        assert_eq!(h.words(&t).await, "Nobody tells us why.\n\n- Ask the driver.\n- Ask the school.");
    }
}

#[tokio::test]
async fn words_that_change_underneath_need_another_look() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let late = h.suggest(&t, &h.sam, typed("change", LATE, "The bus comes late.")).await;
        let school = h.suggest(&t, &h.sam, typed("remove", "0 Ask the school.", "")).await;
        let end = h.suggest_too(&t, &h.sam, typed("add", "whole", "That is all."), school).await;
        h.write(&t, &h.robin, &WORDS.replace("late every day", "late all week")).await;
        assert_eq!(h.state(&t, late).await, SuggestionState::Look, "{}", t.engine);
        assert_eq!(h.state(&t, school).await, SuggestionState::Pending, "other words");
        assert_eq!(h.state(&t, end).await, SuggestionState::Pending, "the end is still there");
        // Its author sees both, others what it is about; nobody answers it now.
        let page = h.page(&t, &h.sam, late).await.expect("seen");
        assert_eq!(page.before.as_deref(), Some(WORDS));
        assert!(!page.may_keep && page.may_edit && page.section.is_some());
        assert!(h.page(&t, &h.lead, late).await.expect("seen").before.is_none());
        assert_eq!(moved_on(h.answer(&t, &h.lead, late, says("accept", "", "")).await), "suggestion-moved");
        let keep = t.service.keep_suggestion(&h.sam, h.design, late).await;
        assert_eq!(problem(keep), ("keep".to_owned(), "words-not-there"));
        refused(t.service.keep_suggestion(&h.robin, h.design, late).await);
        let home = t.service.home(&h.sam).await.expect("home");
        assert!(home.needs.iter().any(|n| matches!(n.what, What::Suggestion { state: SuggestionState::Look, .. })));
        // Written anew, or kept once the words are back.
        let anew = typed("change", "0 The bus is late all week.", "It is late.");
        t.service.edit_suggestion(&h.sam, h.design, late, anew).await.expect("changed");
        assert_eq!(h.state(&t, late).await, SuggestionState::Pending);
        h.write(&t, &h.robin, "We start again.").await;
        assert_eq!(h.state(&t, late).await, SuggestionState::Look);
        h.write(&t, &h.robin, "The bus is late all week. We walk.").await;
        t.service.keep_suggestion(&h.sam, h.design, late).await.expect("kept");
        h.answer(&t, &h.lead, late, says("accept", "", "")).await.expect("accepted");
        assert_eq!(h.words(&t).await, "It is late. We walk.");
        // A part that is taken out takes its suggestions along; brought back, they can be kept.
        t.service.shape_design(&h.robin, h.design, t.form(), Shape::Remove(h.problem)).await.expect("taken out");
        assert_eq!(h.state(&t, end).await, SuggestionState::Look);
        assert_eq!(moved_on(t.service.keep_suggestion(&h.sam, h.design, end).await), "section-removed");
        t.service.shape_design(&h.robin, h.design, t.form(), Shape::BringBack(h.problem)).await.expect("back");
        t.service.keep_suggestion(&h.sam, h.design, end).await.expect("kept");
        assert_eq!(h.state(&t, end).await, SuggestionState::Pending);
    }
}

#[tokio::test]
async fn accepting_one_makes_those_about_the_same_words_look_again() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let one = h.suggest(&t, &h.sam, typed("change", LATE, "The bus comes late.")).await;
        let other = h.suggest_too(&t, &h.robin, typed("remove", LATE, ""), one).await;
        h.answer(&t, &h.lead, one, says("accept", "", "")).await.expect("accepted");
        assert_eq!(h.state(&t, other).await, SuggestionState::Look, "{}", t.engine);
    }
}

#[tokio::test]
async fn those_alike_are_shown_before_sending_and_when_deciding() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let one = h.suggest(&t, &h.sam, typed("change", LATE, "The bus comes late.")).await;
        let mine = typed("change", LATE, "Our bus is always late.");
        let sent = h.try_suggest(&t, &h.robin, mine).await;
        assert_eq!(problem(sent), ("similar".to_owned(), "look-first"), "{}", t.engine);
        let section = h.problem.to_string();
        let form = t.service.suggestion_form(&h.robin, h.design, &section, Some(mine)).await.expect("seen");
        assert_eq!(form.near_ids, one.to_string());
        assert_eq!(form.near[0].author, Author::Named("Sam".to_owned(), Role::YoungPerson));
        let two = h.suggest_too(&t, &h.robin, mine, one).await;
        // What is said alike elsewhere in the part is found as well.
        let alike = h.try_suggest(&t, &h.lead, typed("add", "0 Ask the school.", "The bus comes late!")).await;
        assert_eq!(problem(alike), ("similar".to_owned(), "look-first"));
        // Support instead of the same again; by name, for those inside.
        t.service.support_suggestion(&h.lead, h.design, one, true).await.expect("supported");
        t.service.support_suggestion(&h.lead, h.design, one, true).await.expect("supported once");
        let page = h.page(&t, &h.robin, one).await.expect("seen");
        assert_eq!(page.supporters, [("Lee".to_owned(), Role::YoungPerson)]);
        t.service.support_suggestion(&h.lead, h.design, one, false).await.expect("not any more");
        assert_eq!(moved_on(t.service.support_suggestion(&h.sam, h.design, one, true).await), "suggestion-moved");
        // Joined: both are in, and both are said to be.
        let page = h.page(&t, &h.lead, two).await.expect("seen");
        assert_eq!(page.near_ids, one.to_string());
        let none = TypedAnswer { others: "", ..says("accept", "", "") };
        assert_eq!(problem(h.answer(&t, &h.lead, two, none).await), ("others".to_owned(), "choose"));
        let blind = TypedAnswer { others: "join", seen: page.words_at, ..says("accept", "", "") };
        let done = t.service.answer_suggestion(&h.lead, h.design, two, t.form(), blind).await;
        assert_eq!(problem(done), ("others".to_owned(), "look-first"), "they were not read");
        let join = TypedAnswer { others: "join", ..says("accept-changed", "Our bus always comes late.", "") };
        h.answer(&t, &h.lead, two, join).await.expect("accepted");
        assert_eq!(h.state(&t, one).await, SuggestionState::Changed);
        assert_eq!(h.page(&t, &h.sam, one).await.expect("seen").joined, Some(two));
        assert!(h.words(&t).await.starts_with("Our bus always comes late. Nobody"));
        // One chosen: the other is not accepted, with the reason.
        let a = h.suggest(&t, &h.sam, typed("change", "0 Ask the school.", "Ask the head.")).await;
        let b = h.suggest_too(&t, &h.robin, typed("remove", "0 Ask the school.", ""), a).await;
        let choose = TypedAnswer { others: "choose", ..says("accept", "", "The head can do it.") };
        h.answer(&t, &h.lead, a, choose).await.expect("accepted");
        assert_eq!(h.state(&t, b).await, SuggestionState::NotAccepted);
        let reason = h.page(&t, &h.robin, b).await.expect("seen").answers[0].reason.clone();
        assert_eq!(reason.as_deref(), Some("The head can do it."));
    }
}

#[tokio::test]
async fn who_decides_is_set_for_each_workspace() {
    for t in support::all().await {
        let h = open_house(&t).await;
        refused(t.service.set_deciders(&h.robin, h.slug, "two").await);
        unknown(t.service.set_deciders(&h.stranger, h.slug, "two").await);
        assert_eq!(problem(t.service.set_deciders(&h.lead, h.slug, "everybody").await).1, "choose");
        let view = t.service.view_workspace(&h.robin, h.slug).await.expect("seen");
        assert_eq!(view.deciders, Deciders::Lead, "at first");
        h.deciders(&t, Deciders::Officer).await;
        let id = h.suggest(&t, &h.sam, typed("remove", LATE, "")).await;
        let waits = |home: service::home::Home| home.needs.iter().any(|n| matches!(n.what, What::Suggestions { .. }));
        assert!(waits(t.service.home(&h.worker).await.expect("home")), "{}", t.engine);
        assert!(!waits(t.service.home(&h.lead).await.expect("home")));
        refused(h.answer(&t, &h.lead, id, says("accept", "", "")).await);
        let state = h.answer(&t, &h.worker, id, says("not-accept", "", "We need it.")).await.expect("answered");
        assert_eq!(state, SuggestionState::NotAccepted);
        // What staff decide is in the log.
        assert_eq!(t.audited().await.iter().filter(|v| *v == "DecideAsOfficer").count(), 1);
        assert!(!waits(t.service.home(&h.worker).await.expect("home")));
        let news = t.service.home(&h.sam).await.expect("home");
        assert!(news.needs.iter().any(|n| matches!(n.what, What::Suggestion { .. })), "its author hears of it");
        assert_eq!(h.words(&t).await, WORDS);
    }
}

#[tokio::test]
async fn two_decide_who_say_the_same_and_one_is_young() {
    for t in support::all().await {
        let h = open_house(&t).await;
        h.deciders(&t, Deciders::Two).await;
        let id = h.suggest(&t, &h.sam, typed("change", LATE, "It is late.")).await;
        assert_eq!(moved_on(h.answer(&t, &h.sam, id, says("accept", "", "")).await), "own-suggestion");
        let one = |who, typed| h.answer(&t, who, id, typed);
        assert_eq!(one(&h.worker, says("accept", "", "")).await.expect("kept"), SuggestionState::Pending);
        assert_eq!(one(&h.second, says("accept", "", "")).await.expect("kept"), SuggestionState::Pending, "two adults");
        assert_eq!(one(&h.robin, says("not-accept", "", "I like it.")).await.expect("kept"), SuggestionState::Pending);
        let changed = one(&h.lead, says("accept-changed", "Late!", "")).await.expect("kept");
        assert_eq!(changed, SuggestionState::Pending, "other words are another answer");
        let page = h.page(&t, &h.sam, id).await.expect("seen");
        assert_eq!(page.answers.len(), 4, "{}", t.engine);
        // Who has left the group, and who does not decide any more, does not count.
        t.service.leave_my_group(&h.second, h.group).await.expect("left");
        let page = h.page(&t, &h.sam, id).await.expect("seen");
        assert_eq!(page.answers.iter().filter(|a| !a.counts).count(), 1);
        let mut tx = t.service.store().write().await.expect("a transaction");
        let worker = h.worker.id().expect("somebody");
        store::groups::set_role(&mut tx, h.group, worker, GroupRole::Observer).await.expect("set");
        tx.commit().await.expect("committed");
        assert_eq!(one(&h.robin, says("accept", "", "")).await.expect("kept"), SuggestionState::Pending);
        assert_eq!(h.words(&t).await, WORDS);
        assert_eq!(one(&h.lead, says("accept", "", "")).await.expect("answered"), SuggestionState::Accepted);
        assert!(h.words(&t).await.starts_with("It is late. Nobody"));
        // No, twice, in other words.
        let id = h.suggest(&t, &h.sam, typed("remove", "0 Ask the driver.", "")).await;
        h.answer(&t, &h.robin, id, says("not-accept", "", "The driver knows.")).await.expect("kept");
        let done = h.answer(&t, &h.lead, id, says("not-accept", "", "It helps.")).await;
        assert_eq!(done.expect("answered"), SuggestionState::NotAccepted);
        // What was said to words that changed is dropped.
        let id = h.suggest(&t, &h.sam, typed("remove", "0 Ask the school.", "")).await;
        h.answer(&t, &h.robin, id, says("accept", "", "")).await.expect("kept");
        let seen = h.page(&t, &h.lead, id).await.expect("seen").words_at;
        t.pass(Moment::SECOND);
        t.service
            .edit_suggestion(&h.sam, h.design, id, typed("change", "0 Ask the school.", "Ask me."))
            .await
            .expect("changed");
        let yes = TypedAnswer { seen, ..says("accept", "", "") };
        let done = t.service.answer_suggestion(&h.lead, h.design, id, t.form(), yes).await;
        assert_eq!(moved_on(done), "suggestion-moved", "they read other words");
        let done = h.answer(&t, &h.lead, id, says("accept", "", "")).await;
        assert_eq!(done.expect("kept"), SuggestionState::Pending, "one is left");
    }
}

#[tokio::test]
async fn two_who_answer_at_once_answer_one_after_the_other() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let second = t.member("Bo", Role::YoungPerson, h.group, GroupRole::Lead).await;
        let id = h.suggest(&t, &h.sam, typed("change", LATE, "It is late.")).await;
        let seen = h.page(&t, &h.lead, id).await.expect("seen").words_at;
        let answer = |who: Who, typed: TypedAnswer<'static>| {
            let (service, design, form) = (t.service.clone(), h.design, t.form());
            async move { service.answer_suggestion(&who, design, id, form, TypedAnswer { seen, ..typed }).await }
        };
        let (a, b) = tokio::join!(
            answer(h.lead.clone(), says("accept", "", "")),
            answer(second, says("not-accept", "", "Not this."))
        );
        assert_eq!([&a, &b].iter().filter(|r| r.is_ok()).count(), 1, "{}: {a:?} {b:?}", t.engine);
        let accepted = h.state(&t, id).await == SuggestionState::Accepted;
        assert_eq!(a.is_ok(), accepted);
        assert_eq!(h.words(&t).await.starts_with("It is late."), accepted);
        // Two who decide together, at once: the second of them finds the first.
        h.deciders(&t, Deciders::Two).await;
        let id = h.suggest(&t, &h.sam, typed("remove", "0 Ask the driver.", "")).await;
        let seen = h.page(&t, &h.lead, id).await.expect("seen").words_at;
        let yes = |who: Who| {
            let (service, design, form) = (t.service.clone(), h.design, t.form());
            async move {
                service.answer_suggestion(&who, design, id, form, TypedAnswer { seen, ..says("accept", "", "") }).await
            }
        };
        let (a, b) = tokio::join!(yes(h.lead.clone()), yes(h.worker.clone()));
        assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
        assert_eq!(h.state(&t, id).await, SuggestionState::Accepted);
        // A form and an answer at once: nothing of either is lost.
        h.deciders(&t, Deciders::Lead).await;
        let id = h.suggest(&t, &h.sam, typed("add", "whole", "That is all.")).await;
        let seen = h.page(&t, &h.lead, id).await.expect("seen").words_at;
        let view = t.service.view_design(&h.robin, h.design).await.expect("seen");
        let words = format!("We are fed up. {}", view.sections[0].words);
        let (base, form) = (view.base.to_string(), t.form());
        let write = t.service.write_section(&h.robin, h.design, h.problem, form, &base, &words);
        let yes = TypedAnswer { seen, ..says("accept", "", "") };
        let accept = t.service.answer_suggestion(&h.lead, h.design, id, t.form(), yes);
        let (a, b) = tokio::join!(write, accept);
        assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
        let now = h.words(&t).await;
        assert!(now.starts_with("We are fed up.") && now.ends_with("That is all."), "{now}");
    }
}

#[tokio::test]
async fn locked_words_take_nothing_and_no_can_still_be_said() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let [yes, no, back] = ["0 Ask the driver.", "0 Ask the school.", LATE];
        let yes = h.suggest(&t, &h.sam, typed("remove", yes, "")).await;
        let no = h.suggest_too(&t, &h.sam, typed("remove", no, ""), yes).await;
        let back = h.suggest(&t, &h.sam, typed("remove", back, "")).await;
        h.stage(&t, Stage::Drafting, Stage::Voting).await;
        assert_eq!(moved_on(h.try_suggest(&t, &h.robin, typed("remove", LATE, "")).await), "words-locked");
        assert_eq!(moved_on(h.answer(&t, &h.lead, yes, says("accept", "", "")).await), "words-locked");
        let anew = t.service.edit_suggestion(&h.sam, h.design, yes, typed("remove", LATE, "")).await;
        assert_eq!(moved_on(anew), "words-locked");
        let done = h.answer(&t, &h.lead, no, says("not-accept", "", "Too late.")).await;
        assert_eq!(done.expect("answered"), SuggestionState::NotAccepted);
        t.service.withdraw_suggestion(&h.sam, h.design, back).await.expect("taken back");
        assert_eq!(h.words(&t).await, WORDS, "{}", t.engine);
    }
}

#[tokio::test]
async fn what_was_taken_back_is_its_authors_only() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let id = h.suggest(&t, &h.sam, typed("remove", LATE, "")).await;
        refused(t.service.withdraw_suggestion(&h.robin, h.design, id).await);
        refused(t.service.withdraw_suggestion(&h.worker, h.design, id).await);
        unknown(t.service.withdraw_suggestion(&h.stranger, h.design, id).await);
        t.service.withdraw_suggestion(&h.sam, h.design, id).await.expect("taken back");
        t.service.withdraw_suggestion(&h.sam, h.design, id).await.expect("once is enough");
        let mine = h.page(&t, &h.sam, id).await.expect("mine");
        assert_eq!(
            (mine.line.state, mine.line.picked.as_str()),
            (SuggestionState::Withdrawn, "The bus is late every day.")
        );
        for who in [&h.robin, &h.lead, &h.worker, &Who::nobody()] {
            unknown(h.page(&t, who, id).await);
            if who.id().is_some() {
                let all = t.service.suggestions(who, h.design, Filter::default()).await.expect("seen");
                assert!(all.lines.is_empty(), "{}", t.engine);
            }
        }
    }
}

#[tokio::test]
async fn what_was_not_accepted_can_be_an_idea_of_its_own() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let id = h.suggest(&t, &h.sam, typed("change", LATE, "Give us bikes.")).await;
        assert_eq!(moved_on(t.service.suggestion_as_idea(&h.sam, h.design, id, "Bikes!").await), "suggestion-moved");
        h.answer(&t, &h.lead, id, says("not-accept", "", "That is another thing.")).await.expect("answered");
        refused(t.service.suggestion_as_idea(&h.robin, h.design, id, "Bikes!").await);
        assert_eq!(problem(t.service.suggestion_as_idea(&h.sam, h.design, id, " ").await).0, "idea");
        let comment = t.service.suggestion_as_idea(&h.sam, h.design, id, "Bikes for all.").await.expect("an idea");
        let again = t.service.suggestion_as_idea(&h.sam, h.design, id, "Bikes for all.").await.expect("the same");
        assert_eq!(comment, again, "{}", t.engine);
        let page = h.page(&t, &h.robin, id).await.expect("seen");
        assert_eq!(page.comment, Some(comment));
        let talk = t.service.comments(&h.robin, h.design, Order::BySection, None, None).await.expect("seen");
        assert_eq!((talk.threads[0].kind, talk.threads[0].suggestion), (CommentKind::Idea, Some(id)));
    }
}

#[tokio::test]
async fn a_group_that_checks_first_checks_suggestions_and_reasons() {
    for t in support::all().await {
        let h = house(&t, Visibility::Hidden, Checking::HoldAll).await;
        let sent = h.try_suggest(&t, &h.sam, typed("change", LATE, "It is late.")).await.expect("sent");
        assert!(sent.held, "{}", t.engine);
        let id = sent.id;
        unknown(h.page(&t, &h.robin, id).await);
        unknown(h.answer(&t, &h.lead, id, says("accept", "", "")).await);
        assert_eq!(h.page(&t, &h.sam, id).await.expect("mine").line.state, SuggestionState::Held);
        refused(t.service.suggestion_to_check(&h.lead, h.design, id, None).await);
        let queue = t.service.words_to_check(&h.worker).await.expect("the queue");
        assert_eq!(queue.suggestions.len(), 1);
        let home = t.service.home(&h.worker).await.expect("home");
        assert!(home.needs.iter().any(|n| matches!(n.what, What::Check { .. })));
        let seen = queue.suggestions[0].words_at;
        let check = |verdict| t.service.check_suggestion(&h.worker, (h.design, id), verdict, seen);
        check(Verdict::Publish).await.expect("shown");
        assert_eq!(moved_on(check(Verdict::Publish).await), "checked-already");
        // The reason of a young lead is held as well.
        h.answer(&t, &h.lead, id, says("not-accept", "", "Too short.")).await.expect("answered");
        let page = h.page(&t, &h.sam, id).await.expect("seen");
        assert_eq!((page.answers[0].reason.clone(), page.answers[0].reason_held), (None, true));
        let queue = t.service.words_to_check(&h.worker).await.expect("the queue");
        let (who, at): (PersonId, Moment) = (queue.answers[0].person, queue.answers[0].words_at);
        t.service.check_answer(&h.worker, (h.design, id, who), Verdict::Publish, at).await.expect("shown");
        let page = h.page(&t, &h.sam, id).await.expect("seen");
        assert_eq!(page.answers[0].reason.as_deref(), Some("Too short."));
        // Taken away, and sent again: held again. Its words changed while it was held: another look.
        let id = h.suggest(&t, &h.sam, typed("remove", "0 Ask the driver.", "")).await;
        let at = h.page(&t, &h.sam, id).await.expect("mine").words_at;
        let away = Verdict::TakeAway { reason: "Be kind." };
        t.service.check_suggestion(&h.worker, (h.design, id), away, at).await.expect("taken away");
        let mine = h.page(&t, &h.sam, id).await.expect("mine");
        assert_eq!((mine.line.state, mine.reason.as_deref()), (SuggestionState::Hidden, Some("Be kind.")));
        t.pass(Moment::SECOND);
        let again = t.service.edit_suggestion(&h.sam, h.design, id, typed("remove", "0 Ask the school.", "")).await;
        assert!(again.expect("sent").held);
        h.write(&t, &h.robin, "We start again.").await;
        assert_eq!(h.state(&t, id).await, SuggestionState::Held);
        let at = h.page(&t, &h.sam, id).await.expect("mine").words_at;
        t.service.check_suggestion(&h.worker, (h.design, id), Verdict::Publish, at).await.expect("shown");
        assert_eq!(h.state(&t, id).await, SuggestionState::Look);
    }
}

#[tokio::test]
async fn words_that_are_shown_at_once_are_looked_at_afterwards() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let id = h.suggest(&t, &h.sam, typed("remove", LATE, "")).await;
        h.suggest(&t, &h.worker, typed("remove", "0 Ask the school.", "")).await;
        let queue = t.service.words_to_check(&h.worker).await.expect("the queue");
        assert_eq!(queue.shown_suggestions.len(), 1, "{}: a worker's own words are checked", t.engine);
        let at = queue.shown_suggestions[0].words_at;
        t.service.check_suggestion(&h.worker, (h.design, id), Verdict::Publish, at).await.expect("fine");
        assert_eq!(h.state(&t, id).await, SuggestionState::Pending);
        let queue = t.service.words_to_check(&h.worker).await.expect("the queue");
        assert!(queue.shown_suggestions.is_empty());
        let away = Verdict::TakeAway { reason: "Somebody's name is in it." };
        t.service.check_suggestion(&h.worker, (h.design, id), away, at).await.expect("taken away after all");
        unknown(h.page(&t, &h.robin, id).await);
    }
}

#[tokio::test]
async fn outsiders_of_an_open_group_read_without_names_and_lists_are_filtered() {
    for t in support::all().await {
        let h = house(&t, Visibility::Open, Checking::After).await;
        let one = h.suggest(&t, &h.sam, typed("remove", LATE, "")).await;
        let two = h.suggest(&t, &h.robin, typed("remove", "0 Ask the school.", "")).await;
        h.answer(&t, &h.lead, two, says("not-accept", "", "It stays.")).await.expect("answered");
        let all = t.service.suggestions(&Who::nobody(), h.design, Filter::default()).await.expect("seen");
        let seen: Vec<_> = all.lines.iter().map(|l| (l.id, l.author.clone())).collect();
        let young = || Author::InRole(Role::YoungPerson);
        assert_eq!(seen, [(two, young()), (one, young())], "{}", t.engine);
        assert!(!all.may_suggest);
        let filter = Filter { state: Some(SuggestionState::Pending), section: Some(h.problem), before: None };
        let all = t.service.suggestions(&h.lead, h.design, filter).await.expect("seen");
        assert_eq!(all.lines.iter().map(|l| l.id).collect::<Vec<_>>(), [one]);
        let filter = Filter { section: Some(h.idea), ..Filter::default() };
        assert!(t.service.suggestions(&h.lead, h.design, filter).await.expect("seen").lines.is_empty());
        let page = t.service.design_page(&Who::nobody(), h.design).await.expect("seen");
        assert_eq!(page.waiting, [(h.problem, 1)]);
        let (news, _) = t.service.suggestion_news(&Who::nobody(), h.design, Moment(0)).await.expect("seen");
        assert_eq!(news.len(), 2);
        refused(h.try_suggest(&t, &h.stranger, typed("remove", LATE, "")).await);
        refused(t.service.suggestion_form(&h.stranger, h.design, "", None).await);
    }
}

#[tokio::test]
async fn many_stand_on_pages_one_after_the_other() {
    let t = support::sqlite().await;
    let h = open_house(&t).await;
    let mut tx = t.service.store().write().await.expect("a transaction");
    for n in 0..120 {
        let spot = domain::designs::suggestions::Spot {
            kind: domain::designs::suggestions::SuggestionKind::Add,
            picked: "",
            nth: 0,
            of: 0,
            base: WORDS,
        };
        let words = format!("Line {n}.");
        let state = SuggestionState::Pending;
        let written =
            store::designs::suggestions::Written { spot, words: &words, why: "More.", state, at: t.now().plus(n / 2) };
        let ids = (t.service.new_id(), h.design, h.problem);
        let author = h.sam.id().expect("somebody");
        store::designs::suggestions::insert(&mut tx, ids, author, &written).await.expect("written");
    }
    tx.commit().await.expect("committed");
    let (mut seen, mut before) = (std::collections::BTreeSet::new(), None::<String>);
    loop {
        let filter = Filter { before: before.as_deref(), ..Filter::default() };
        let page = t.service.suggestions(&h.robin, h.design, filter).await.expect("seen");
        seen.extend(page.lines.iter().map(|l| l.words.clone()));
        before = page.older;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 120);
}

#[tokio::test]
async fn who_deletes_their_account_leaves_what_others_read_without_a_name() {
    for t in support::all().await {
        let h = open_house(&t).await;
        let shown = h.suggest(&t, &h.sam, typed("remove", LATE, "")).await;
        let back = h.suggest(&t, &h.sam, typed("remove", "0 Ask the school.", "")).await;
        t.service.withdraw_suggestion(&h.sam, h.design, back).await.expect("taken back");
        h.deciders(&t, Deciders::Two).await;
        let robins = h.suggest(&t, &h.robin, typed("remove", "0 Ask the driver.", "")).await;
        h.answer(&t, &h.sam, robins, says("accept", "", "")).await.expect("kept");
        let data = t.service.my_data(&visit(&h.sam)).await.expect("my data");
        let kinds: Vec<_> = data.things.iter().map(|m| m.kind.as_str()).collect();
        assert_eq!(kinds.iter().filter(|k| **k == "suggestion").count(), 2, "{}", t.engine);
        assert!(kinds.contains(&"suggestion-answer"));
        t.service.delete_me(&h.sam).await.expect("deleted");
        let page = h.page(&t, &h.robin, shown).await.expect("stays");
        assert_eq!(page.line.author, Author::Left);
        let mut tx = t.service.store().read().await.expect("a transaction");
        let row = store::designs::suggestions::find(&mut tx, h.design, back).await.expect("asked").expect("a place");
        assert_eq!((row.picked.as_str(), row.why.as_str()), ("", ""), "nobody can read it any more");
        drop(tx);
        assert!(h.page(&t, &h.robin, robins).await.expect("seen").answers.is_empty());
        // Accepted after they left: the words are in, as somebody's who left.
        h.answer(&t, &h.robin, shown, says("accept", "", "")).await.expect("kept");
        let done = h.answer(&t, &h.lead, shown, says("accept", "", "")).await;
        assert_eq!(done.expect("answered"), SuggestionState::Accepted);
    }
}

fn visit(who: &Who) -> service::access::Visit {
    service::access::Visit { who: who.clone(), ..service::access::Visit::nobody() }
}
