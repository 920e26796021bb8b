//! Designs: writing together without losing a word, what locks the words, and what a document becomes.

mod support;

use domain::access::Who;
use domain::groups::{GroupRole, Visibility};
use domain::ids::{DesignId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use service::Refused;
use service::designs::{DesignView, Draft, NewDesign, Saved, Shape, VersionName};
use support::{Test, moved_on};

const SLUG: &str = "buses";

/// A group with a workspace whose promise is agreed, and a design with two sections.
struct House {
    robin: Who,
    sam: Who,
    lead: Who,
    worker: Who,
    stranger: Who,
    design: DesignId,
    problem: SectionId,
    idea: SectionId,
}

fn drafts(all: &[(&str, &str)]) -> Vec<Draft> {
    all.iter().map(|(h, w)| Draft { heading: (*h).to_owned(), words: (*w).to_owned() }).collect()
}

async fn house(t: &Test, visibility: Visibility) -> House {
    let group = t.group("Youth Council", visibility).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let sam = t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    let worker = t.member("Officer", Role::Officer, group, GroupRole::Worker).await;
    let stranger = t.person("Alex", Role::YoungPerson).await;
    t.workspace(SLUG, group, &worker, true).await;
    let sections = drafts(&[("The problem", "The old bus is late every day."), ("Our idea", "")]);
    let design = t.service.start_design(&robin, SLUG, t.form(), NewDesign { title: "Later buses", sections }).await;
    let design = design.expect("started");
    let view = t.service.view_design(&robin, design).await.expect("seen");
    let (problem, idea) = (view.sections[0].id, view.sections[1].id);
    House { robin, sam, lead, worker, stranger, design, problem, idea }
}

impl House {
    async fn view(&self, t: &Test) -> DesignView {
        t.service.view_design(&self.robin, self.design).await.expect("seen")
    }
    async fn words(&self, t: &Test, section: SectionId) -> String {
        self.view(t).await.sections.into_iter().find(|s| s.id == section).expect("there").words
    }
    async fn save(&self, t: &Test, who: &Who, section: SectionId, base: i64, words: &str) -> Result<Saved, Refused> {
        t.service.write_section(who, self.design, section, t.form(), &base.to_string(), words).await
    }
    async fn to(&self, t: &Test, who: &Who, from: &str, to: &str, reason: &str) -> Result<(), Refused> {
        t.service.move_stage(who, self.design, t.form(), from, to, reason).await.map(|_| ())
    }
}

fn problem(refused: &Refused) -> (&str, &str) {
    match refused {
        Refused::Invalid(p) => (p.0[0].field.as_str(), p.0[0].key),
        other => panic!("not about a field: {other}"),
    }
}

#[tokio::test]
async fn where_each_took_out_what_the_other_kept_both_texts_are_shown_and_nothing_changes() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.save(&t, &h.robin, h.problem, 0, "Keep the old lights. Or buy new lights.").await.expect("saved");
        let base = h.view(&t).await.base;
        let first = h.save(&t, &h.robin, h.problem, base, "Keep the old lights.").await.expect("saved");
        assert_eq!(first, Saved::Done { merged: false });
        let second = h.save(&t, &h.sam, h.problem, base, "Or buy new lights.").await.expect("answered");
        let Saved::TooOld(texts) = second else { panic!("{}: {second:?}", t.engine) };
        assert_eq!((texts.now.as_str(), texts.typed.as_str()), ("Keep the old lights.", "Or buy new lights."));
        assert_eq!(h.words(&t, h.problem).await, "Keep the old lights.", "{}", t.engine);
        // Put together by hand it is saved.
        let both = "Keep the old lights. Or buy new lights.";
        let done = h.save(&t, &h.sam, h.problem, texts.base, both).await.expect("saved");
        assert_eq!((done, h.words(&t, h.problem).await.as_str()), (Saved::Done { merged: false }, both));
    }
}

#[tokio::test]
async fn forms_that_come_at_once_are_all_merged() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.save(&t, &h.robin, h.problem, 0, "a0 a1 a2 a3 a4 a5 a6 a7").await.expect("saved");
        let base = h.view(&t).await.base;
        let mut saves = tokio::task::JoinSet::new();
        for n in 0..8 {
            let word = |k| if k == n { format!("b{k}") } else { format!("a{k}") };
            let words = (0..8).map(word).collect::<Vec<_>>().join(" ");
            let (service, form, base) = (t.service.clone(), t.form(), base.to_string());
            let who = if n % 2 == 0 { h.robin.clone() } else { h.sam.clone() };
            let (design, section) = (h.design, h.problem);
            saves.spawn(async move { service.write_section(&who, design, section, form, &base, &words).await });
        }
        for saved in saves.join_all().await {
            assert!(matches!(saved, Ok(Saved::Done { .. })), "{}: {saved:?}", t.engine);
        }
        assert_eq!(h.words(&t, h.problem).await, "b0 b1 b2 b3 b4 b5 b6 b7", "{}", t.engine);
    }
}

#[tokio::test]
async fn two_people_who_save_the_same_section_lose_nothing() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let first = h.save(&t, &h.robin, h.problem, 0, "The new bus is late every day.").await.expect("saved");
        assert_eq!(first, Saved::Done { merged: false });
        let second = h.save(&t, &h.sam, h.problem, 0, "The old bus is late on school days.").await.expect("saved");
        assert_eq!(second, Saved::Done { merged: true });
        assert_eq!(h.words(&t, h.problem).await, "The new bus is late on school days.", "{}", t.engine);
        let view = h.view(&t).await;
        assert!(view.sections[0].html.contains("<p>The new bus is late on school days.</p>"));
        assert_eq!(view.sections[0].by.as_ref().expect("written").name.as_deref(), Some("Sam"));
    }
}

#[tokio::test]
async fn saves_that_meet_are_all_there() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let one = h.save(&t, &h.robin, h.idea, 0, "Buses until ten.");
        let two = h.save(&t, &h.sam, h.idea, 0, "A bus on Sunday.");
        let three = h.save(&t, &h.lead, h.problem, 0, "The old bus is late and full every day.");
        let (one, two, three) = tokio::join!(one, two, three);
        assert!(one.is_ok() && two.is_ok() && three.is_ok(), "{} {one:?} {two:?} {three:?}", t.engine);
        let idea = h.words(&t, h.idea).await;
        assert!(idea.contains("Buses until ten.") && idea.contains("A bus on Sunday."), "{}: {idea}", t.engine);
        assert_eq!(h.words(&t, h.problem).await, "The old bus is late and full every day.");
        assert_eq!(h.view(&t).await.base, 3);
    }
}

#[tokio::test]
async fn the_same_form_twice_is_once_and_other_words_from_the_same_page_are_not_lost() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let form = t.form();
        for _ in 0..2 {
            t.service.write_section(&h.robin, h.design, h.idea, form, "0", "Buses until ten.").await.expect("saved");
        }
        assert_eq!(h.words(&t, h.idea).await, "Buses until ten.", "{}", t.engine);
        // What is the same form, `server` says: other words are another one.
        let other = t.form();
        t.service.write_section(&h.robin, h.design, h.idea, other, "1", "Buses until eleven.").await.expect("saved");
        assert_eq!(h.words(&t, h.idea).await, "Buses until eleven.", "{}", t.engine);
    }
}

#[tokio::test]
async fn forms_of_the_last_week_merge_and_older_ones_show_both_texts() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        for n in 0..100 {
            h.save(&t, &h.robin, h.idea, n, &format!("Idea number {n}.")).await.expect("saved");
        }
        t.pass(6 * Moment::DAY);
        for n in 100..200 {
            h.save(&t, &h.robin, h.idea, n, &format!("Idea number {n}.")).await.expect("saved");
        }
        // The first state is still there: nothing is a week old.
        let old = h.save(&t, &h.sam, h.problem, 0, "The old tram is late every day.").await.expect("saved");
        assert_eq!(old, Saved::Done { merged: false }, "{}", t.engine);
        t.pass(2 * Moment::DAY);
        for n in 201..300 {
            h.save(&t, &h.robin, h.idea, n, &format!("Idea number {n}.")).await.expect("saved");
        }
        let too_old = h.save(&t, &h.sam, h.problem, 50, "The old boat is late every day.").await.expect("answered");
        let Saved::TooOld(texts) = too_old else { panic!("{}: merged past the kept history", t.engine) };
        assert_eq!(texts.typed, "The old boat is late every day.");
        assert_eq!(texts.now, "The old tram is late every day.");
        assert_eq!(texts.base, 300);
        let kept = h.save(&t, &h.sam, h.problem, 201, "The old tram is late every single day.").await.expect("saved");
        assert_eq!(kept, Saved::Done { merged: false }, "{}: a form of two days ago", t.engine);
        for nonsense in ["", "x", "-1", "9999"] {
            let done = t.service.write_section(&h.sam, h.design, h.idea, t.form(), nonsense, "Other words").await;
            assert!(matches!(done, Ok(Saved::TooOld(_))), "{}: {nonsense}", t.engine);
        }
    }
}

#[tokio::test]
async fn the_lock_holds_against_an_old_form_and_its_words_are_not_taken() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let refused = h.to(&t, &h.lead, "drafting", "checking", "").await.expect_err("a section has no words");
        assert_eq!(problem(&refused), ("to", "sections-empty"));
        t.service.shape_design(&h.robin, h.design, t.form(), Shape::NotNeeded(h.idea)).await.expect("marked");
        h.to(&t, &h.lead, "drafting", "checking", "").await.expect("checking");
        h.save(&t, &h.robin, h.problem, 0, "The old bus is late.").await.expect("words are open while checking");
        h.to(&t, &h.worker, "checking", "voting", "").await.expect("voting");
        let late = h.save(&t, &h.robin, h.problem, 0, "Something else").await.map(|_| ());
        assert_eq!(moved_on(late), "words-locked", "{}", t.engine);
        assert_eq!(moved_on(t.service.write_design(&h.robin, h.design).await.map(|_| ())), "words-locked");
        let shape = t.service.shape_design(&h.robin, h.design, t.form(), Shape::Remove(h.problem)).await;
        assert_eq!(moved_on(shape), "words-locked");
        let versions = t.service.list_versions(&h.robin, h.design).await.expect("seen").all;
        let names: Vec<_> = versions.iter().map(|v| v.name.clone()).collect();
        assert_eq!(names, [VersionName::Voting, VersionName::Checking]);
        let first = t.service.view_version(&h.robin, h.design, 1).await.expect("seen");
        assert_eq!(first.sections.len(), 1, "what is not needed is not in it");
        assert!(first.sections[0].1.contains("late every day"), "the words of that day");
        assert!(t.audited().await.contains(&"MoveStage".to_owned()));
    }
}

#[tokio::test]
async fn stages_move_by_rule_with_reasons_and_everybody_can_read_how() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        t.service.shape_design(&h.robin, h.design, t.form(), Shape::Remove(h.idea)).await.expect("taken out");
        assert!(matches!(h.to(&t, &h.robin, "drafting", "checking", "").await, Err(Refused::NotAllowed)));
        assert_eq!(moved_on(h.to(&t, &h.lead, "checking", "voting", "").await), "stage-moved", "an old page");
        assert_eq!(
            moved_on(h.to(&t, &h.lead, "drafting", "voting", "").await),
            "stage-moved",
            "checking cannot be skipped"
        );
        h.to(&t, &h.lead, "drafting", "checking", "").await.expect("checking");
        let refused = h.to(&t, &h.lead, "checking", "drafting", "  ").await.expect_err("why?");
        assert_eq!(problem(&refused), ("reason", "empty"));
        h.to(&t, &h.lead, "checking", "drafting", "We forgot the trains.").await.expect("back");
        let view = t.service.view_stage(&h.robin, h.design).await.expect("seen");
        assert_eq!(view.moves.len(), 2);
        assert_eq!(
            (view.moves[0].reason.as_str(), view.moves[0].by.name.as_deref()),
            ("We forgot the trains.", Some("Lee"))
        );
    }
}

#[tokio::test]
async fn a_hidden_design_is_unknown_with_the_same_queries_as_none() {
    for t in support::all().await {
        let h = house(&t, Visibility::Hidden).await;
        let nothing: DesignId = t.service.new_id();
        let mut traces = Vec::new();
        for id in [h.design, nothing] {
            for who in [&h.stranger, &Who::nobody()] {
                let (seen, mut trace) = store::trace::of(t.service.view_design(who, id)).await;
                assert!(matches!(seen, Err(Refused::Unknown)), "{}", t.engine);
                let (page, asked) = store::trace::of(t.service.design_page(who, id)).await;
                assert!(matches!(page, Err(Refused::Unknown)), "{}", t.engine);
                trace.extend(asked);
                let (saved, more) =
                    store::trace::of(t.service.write_section(who, id, h.idea, t.form(), "0", "x")).await;
                assert!(matches!(saved, Err(Refused::Unknown)), "{}", t.engine);
                let (stage, last) =
                    store::trace::of(t.service.move_stage(who, id, t.form(), "drafting", "stopped", "x")).await;
                assert!(matches!(stage, Err(Refused::Unknown)), "{}", t.engine);
                traces.push([trace, more, last].concat());
            }
        }
        // Whoever is signed in is asked once more if they still are, whatever they ask for.
        assert_eq!(traces[..2], traces[2..], "{}", t.engine);
    }
}

#[tokio::test]
async fn outsiders_of_an_open_group_read_roles_instead_of_names_and_write_nothing() {
    for t in support::all().await {
        let h = house(&t, Visibility::Open).await;
        for who in [&h.stranger, &Who::nobody()] {
            let view = t.service.view_design(who, h.design).await.expect("open to read");
            let by = view.sections[0].by.clone().expect("written");
            assert_eq!((by.name, by.role), (None, Role::YoungPerson), "{}", t.engine);
            let saved = h.save(&t, who, h.idea, 0, "x").await;
            assert!(matches!(saved, Err(Refused::NotAllowed)), "{}", t.engine);
            let new = NewDesign { title: "x", sections: Vec::new() };
            assert!(matches!(t.service.start_design(who, SLUG, t.form(), new).await, Err(Refused::NotAllowed)));
        }
        assert_eq!(h.words(&t, h.idea).await, "");
    }
}

#[tokio::test]
async fn words_are_looked_at_as_everybody_would_read_them_and_nothing_is_kept() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let look = |who, words| t.service.look_at_words(who, h.design, h.idea, words);
        let before = h.view(&t).await;
        let html = look(&h.robin, "A **later** bus.\n\n- one\n- two\n\n<script>x</script>").await.expect("drawn");
        assert!(html.contains("<strong>later</strong>") && html.contains("<li>one</li>"), "{}: {html}", t.engine);
        assert!(!html.contains("<script"), "{}: {html}", t.engine);
        assert_eq!(look(&h.robin, "").await.expect("drawn"), "");
        let long = "a".repeat(domain::words::SectionWords::MAX + 1);
        assert!(matches!(look(&h.robin, &long).await, Err(Refused::Invalid(_))), "{}", t.engine);
        assert!(look(&h.stranger, "Mine.").await.is_err(), "{}", t.engine);
        assert_eq!(h.words(&t, h.idea).await, "");
        assert_eq!(h.view(&t).await.sections.len(), before.sections.len());
        t.service.pause_writing(&h.worker, h.design, true).await.expect("paused");
        assert_eq!(moved_on(look(&h.robin, "Now.").await.map(|_| ())), "writing-paused");
    }
}

#[tokio::test]
async fn no_design_starts_before_the_promise_is_agreed() {
    for t in support::all().await {
        let group = t.group("Forum", Visibility::Members).await;
        let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
        t.workspace(SLUG, group, &robin, false).await;
        let new = || NewDesign { title: "Later buses", sections: Vec::new() };
        let early = t.service.start_design(&robin, SLUG, t.form(), new()).await.map(|_| ());
        assert_eq!(moved_on(early), "promise-first", "{}", t.engine);
        assert!(!t.service.new_design_form(&robin, SLUG).await.expect("seen").agreed);
    }
}

#[tokio::test]
async fn a_page_asks_the_same_however_many_sections_there_are() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let few = store::trace::of(t.service.view_design(&h.robin, h.design)).await.1.len();
        for n in 0..20 {
            let heading = format!("Part {n}");
            let add = Shape::Add { heading: &heading };
            t.service.shape_design(&h.robin, h.design, t.form(), add).await.expect("added");
        }
        let (view, many) = store::trace::of(t.service.view_design(&h.robin, h.design)).await;
        assert_eq!(view.expect("seen").sections.len(), 22);
        assert_eq!((few, many.len()), (3, 3), "{}", t.engine);
        let (page, asked) = store::trace::of(t.service.design_page(&h.robin, h.design)).await;
        // Two of them ask how far the reader was, two write that down.
        assert_eq!((page.expect("seen").design.sections.len(), asked.len()), (22, 13), "{}", t.engine);
    }
}

#[tokio::test]
async fn sections_are_added_renamed_moved_taken_out_and_brought_back() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let shape = |what| t.service.shape_design(&h.robin, h.design, t.form(), what);
        let headings = async || {
            let view = h.view(&t).await;
            view.sections.into_iter().map(|s| s.heading).collect::<Vec<_>>()
        };
        shape(Shape::Up(h.idea)).await.expect("moved");
        assert_eq!(headings().await, ["Our idea", "The problem"], "{}", t.engine);
        shape(Shape::Up(h.idea)).await.expect("already first");
        shape(Shape::Down(h.idea)).await.expect("moved");
        shape(Shape::Rename { section: h.idea, heading: " What we want " }).await.expect("renamed");
        shape(Shape::Remove(h.problem)).await.expect("taken out");
        assert_eq!(headings().await, ["What we want"]);
        let gone = h.save(&t, &h.robin, h.problem, 0, "x").await.map(|_| ());
        assert_eq!(moved_on(gone), "section-removed");
        assert_eq!(h.view(&t).await.removed, [(h.problem, "The problem".to_owned())]);
        shape(Shape::BringBack(h.problem)).await.expect("back");
        assert_eq!(headings().await, ["The problem", "What we want"]);
        let refused = shape(Shape::Add { heading: " " }).await.expect_err("no heading");
        assert_eq!(problem(&refused), ("heading", "empty"));
        let elsewhere = shape(Shape::Remove(t.service.new_id())).await;
        assert!(matches!(elsewhere, Err(Refused::Unknown)), "a section of no design");
    }
}

#[tokio::test]
async fn a_version_by_hand_needs_a_name_and_keeps_the_words() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let refused = t.service.make_version(&h.robin, h.design, t.form(), " ", "").await.expect_err("no name");
        assert_eq!(problem(&refused), ("version_name", "empty"));
        let form = t.form();
        for _ in 0..2 {
            t.service.make_version(&h.robin, h.design, form, "Before the summer", "").await.expect("made");
        }
        h.save(&t, &h.robin, h.problem, 0, "Nothing is late.").await.expect("saved");
        let all = t.service.list_versions(&h.robin, h.design).await.expect("seen").all;
        assert_eq!(all.len(), 1, "{}: twice is once", t.engine);
        let one = t.service.view_version(&h.robin, h.design, 1).await.expect("seen");
        assert!(one.sections[0].1.contains("late every day"));
        assert!(matches!(t.service.view_version(&h.robin, h.design, 9).await, Err(Refused::Unknown)));
    }
}
