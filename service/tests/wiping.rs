//! Words that are wiped stand nowhere afterwards: in no row of any table, and in no state of the shared text.

mod support;

use domain::access::Who;
use domain::comments::Checking;
use domain::designs::changes::Part;
use domain::designs::shared_text::{SharedText, Writer};
use domain::designs::suggestions::SuggestionState;
use domain::designs::wire::End;
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::ids::{DesignId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use service::designs::live::{Heard, Joined, Not};
use service::designs::suggestions::TypedSuggestion;
use service::designs::{Draft, NewDesign, Saved, Shape, TypedWipe};
use service::{Refused, Service};
use store::moving::{Cell, each_row, tables};
use support::{Test, wrong};

/// Letters that nothing else here is written in, so that not even one of them may be left.
const SECRET: &str = "ᚐᚁᚂ ᚃᚄᚅ";

struct House {
    robin: Who,
    lead: Who,
    worker: Who,
    design: DesignId,
    idea: SectionId,
}

async fn house(t: &Test) -> House {
    let group = t.group_of("Youth Council", GroupKind::YouthCouncil, Visibility::Members, Checking::HoldAll).await;
    let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
    t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    let slug = t.agreed(&worker, "youth-council", &[&robin, &lead]).await;
    let sections = vec![Draft { heading: "Our idea".to_owned(), words: "A bus at ten.".to_owned() }];
    let new = NewDesign { title: "Later buses", sections };
    let design = t.service.start_design(&robin, &slug, t.form(), new).await.expect("started");
    let idea = t.service.view_design(&robin, design).await.expect("seen").sections[0].id;
    House { robin, lead, worker, design, idea }
}

impl House {
    async fn base(&self, t: &Test) -> String {
        t.service.write_design(&self.robin, self.design).await.expect("to write").base.to_string()
    }

    async fn save_from(&self, t: &Test, base: &str, words: &str) -> Saved {
        t.pass(Moment::MINUTE);
        t.service.write_section(&self.robin, self.design, self.idea, t.form(), base, words).await.expect("an answer")
    }

    async fn save(&self, t: &Test, words: &str) {
        let saved = self.save_from(t, &self.base(t).await, words).await;
        assert!(matches!(saved, Saved::Done { .. }), "{}: {saved:?}", t.engine);
    }

    async fn wipe(&self, t: &Test, who: &Who, words: &str) -> Result<(), Refused> {
        t.service.wipe_words(who, self.design, t.form(), TypedWipe { words, sure: true }).await
    }

    async fn says(&self, t: &Test) -> String {
        let all = t.service.write_design(&self.robin, self.design).await.expect("to write").sections;
        all.into_iter().find(|s| s.id == self.idea).expect("there").words
    }

    async fn pen(&self, t: &Test, service: &Service, who: &Who) -> Pen {
        let who = &t.visit(&t.session(who).await).await.who;
        let joined = service.join_room(who, self.design, None).await.expect("in the room");
        let (writer, _) = service.live_writer(who.id().expect("somebody"), self.design);
        let text = SharedText::of(writer, joined.changes.iter().map(|(_, update)| update.as_slice())).expect("whole");
        Pen { joined, writer, text }
    }
}

/// Somebody who writes live.
struct Pen {
    joined: Joined,
    writer: Writer,
    text: SharedText,
}

impl Pen {
    async fn types(&self, service: &Service, section: SectionId, words: &str) -> Result<i64, Not> {
        let update = self.text.write(section, words);
        service.write_live(&self.joined.seat, self.writer, update).await
    }

    /// Takes in what it heard; true when it has to begin anew.
    fn hears(&mut self) -> bool {
        let mut again = false;
        while let Ok(heard) = self.joined.heard.try_recv() {
            match heard {
                Heard::Change { update, .. } => self.text.take([&update[..]]).expect("it fits"),
                Heard::Again => again = true,
                Heard::People | Heard::Look => {}
            }
        }
        again
    }
}

/// Every place in the database in which one of these letters stands.
async fn places(t: &Test, letters: &str) -> Vec<String> {
    let letters: Vec<String> = letters.chars().filter(|c| !c.is_whitespace()).map(String::from).collect();
    let has = |bytes: &[u8]| letters.iter().any(|l| bytes.windows(l.len()).any(|w| w == l.as_bytes()));
    let mut tx = t.service.store().read().await.expect("a transaction");
    let mut out = Vec::new();
    for table in tables() {
        each_row(&mut tx, table, |cells| {
            for (column, cell) in table.columns.iter().zip(cells) {
                let found = match &cell {
                    Cell::Text(text) => has(text.as_bytes()),
                    Cell::Bytes(bytes) => has(bytes),
                    _ => false,
                };
                if found {
                    out.push(format!("{}.{}: {cell:?}", table.name, column.name));
                }
            }
            Ok::<(), ()>(())
        })
        .await
        .expect("read")
        .expect("given");
    }
    out
}

/// What a comparison says, with signs for what went and what came.
async fn compared(t: &Test, who: &Who, design: DesignId, from: &str) -> String {
    let all = t.service.compare_design(who, design, from, "now").await.expect("compared").changes;
    let part = |p: &Part| match p {
        Part::Kept(text) => text.clone(),
        Part::Added(text) => format!("[+{text}]"),
        Part::Removed(text) => format!("[-{text}]"),
    };
    all.iter().flat_map(|c| &c.compared.parts).map(part).collect()
}

#[tokio::test]
async fn wiped_words_stand_in_no_row_and_in_no_state() {
    for t in support::all().await {
        let h = house(&t).await;
        let s = &t.service;
        // Typed letter by letter on a line, and as a whole by forms.
        let pen = h.pen(&t, s, &h.robin).await;
        for n in 1..=SECRET.chars().count() {
            let typed: String = SECRET.chars().take(n).collect();
            pen.types(s, h.idea, &format!("A bus at ten. Ring {typed}")).await.expect("kept");
            t.pass(3 * Moment::MINUTE);
        }
        drop(pen);
        s.make_version(&h.robin, h.design, t.form(), SECRET, "").await.expect("made");
        h.save(&t, &format!("A bus at ten. Ring {SECRET} or write. And {SECRET} again.")).await;
        let rename = Shape::Rename { section: h.idea, heading: &format!("Ask {SECRET}") };
        s.shape_design(&h.lead, h.design, t.form(), rename).await.expect("renamed");
        let rename = Shape::Rename { section: h.idea, heading: "Our idea" };
        s.shape_design(&h.lead, h.design, t.form(), rename).await.expect("renamed");
        let (section, exact) = (h.idea.to_string(), format!("Ring {SECRET} or write."));
        let why = format!("{SECRET} is mine.");
        let typed = TypedSuggestion {
            section: &section,
            kind: "change",
            picked: "other",
            exact: &exact,
            words: "Ask the worker.",
            why: &why,
            seen: "",
        };
        let suggestion = s.suggest(&h.lead, h.design, t.form(), typed).await.expect("sent").id;
        h.save(&t, &format!("A bus at ten. Ring {SECRET} or write. And {SECRET} again. Thanks.")).await;
        let old = h.base(&t).await;
        let said = h.says(&t).await;
        let where_they_stand = places(&t, SECRET).await;
        for table in ["sections", "version_sections", "changes", "suggestions", "text_updates"] {
            let there = where_they_stand.iter().any(|p| p.starts_with(&format!("{table}.")));
            assert!(there, "{}: nothing to wipe in {table}: {where_they_stand:?}", t.engine);
        }

        // Only a worker may.
        for who in [&h.robin, &h.lead] {
            let done = h.wipe(&t, who, SECRET).await;
            assert!(matches!(done, Err(Refused::NotAllowed)), "{}: {done:?}", t.engine);
            assert!(matches!(s.wipe_page(who, h.design).await, Err(Refused::NotAllowed)));
        }
        // Not even while nobody may write.
        s.pause_writing(&h.worker, h.design, true).await.expect("paused");
        let form = t.form();
        let typed = format!(" {SECRET}\r\n");
        for _ in 0..2 {
            let typed = TypedWipe { words: &typed, sure: true };
            s.wipe_words(&h.worker, h.design, form, typed).await.expect("wiped");
        }
        s.pause_writing(&h.worker, h.design, false).await.expect("goes on");

        assert_eq!(places(&t, SECRET).await, Vec::<String>::new(), "{}", t.engine);
        assert_eq!(h.says(&t).await, "A bus at ten. Ring … or write. And … again. Thanks.", "{}", t.engine);
        let version = s.view_version(&h.worker, h.design, 1).await.expect("a version");
        assert!(version.sections[0].1.contains("A bus at ten. Ring …"), "{}: {:?}", t.engine, version.sections);
        assert_eq!(
            compared(&t, &h.worker, h.design, "1").await,
            "A bus at ten. Ring …[+ or write. And … again. Thanks.]",
            "{}",
            t.engine
        );
        // It still is about the same words, and can still be accepted.
        let page = s.suggestion(&h.lead, h.design, suggestion).await.expect("a page");
        assert_eq!(page.line.state, SuggestionState::Held, "{}", t.engine);
        assert_eq!(t.audited().await.iter().filter(|verb| *verb == "WipeWords").count(), 1, "{}", t.engine);

        // A form from before is put together by hand; a new one is saved as ever.
        let saved = h.save_from(&t, &old, &format!("{said} More.")).await;
        assert!(matches!(saved, Saved::TooOld(_)), "{}: {saved:?}", t.engine);
        h.save(&t, "A bus at ten. Ring … or write. And … again. Thanks. More.").await;
        let mut pen = h.pen(&t, s, &h.robin).await;
        pen.types(s, h.idea, "A bus at eleven.").await.expect("kept");
        assert!(!pen.hears());
        assert_eq!(h.says(&t).await, "A bus at eleven.", "{}", t.engine);
        assert_eq!(places(&t, SECRET).await, Vec::<String>::new(), "{}", t.engine);
    }
}

#[tokio::test]
async fn what_was_typed_and_removed_at_once_is_wiped_too() {
    for t in support::all().await {
        let h = house(&t).await;
        let pen = h.pen(&t, &t.service, &h.robin).await;
        pen.types(&t.service, h.idea, &format!("A bus at ten. Ring {SECRET}")).await.expect("kept");
        pen.types(&t.service, h.idea, "A bus at ten.").await.expect("kept");
        let all = places(&t, SECRET).await;
        assert!(!all.is_empty() && all.iter().all(|p| p.starts_with("text_updates.")), "{}: {all:?}", t.engine);
        h.wipe(&t, &h.worker, SECRET).await.expect("wiped");
        assert_eq!(places(&t, SECRET).await, Vec::<String>::new(), "{}", t.engine);
        assert_eq!(h.says(&t).await, "A bus at ten.", "{}", t.engine);
        pen.types(&t.service, h.idea, "A bus at eleven.").await.expect("kept");
        assert_eq!(h.says(&t).await, "A bus at eleven.", "{}", t.engine);
    }
}

#[tokio::test]
async fn whoever_writes_meanwhile_goes_on_and_loses_nothing() {
    for t in support::all().await {
        let h = house(&t).await;
        let mut here = h.pen(&t, &t.service, &h.robin).await;
        here.types(&t.service, h.idea, &format!("A bus at ten. Ring {SECRET} now.")).await.expect("kept");
        // Another instance, which hears of nothing.
        let far = Service::new(t.service.store().clone(), t.service.world().clone());
        let mut there = h.pen(&t, &far, &h.lead).await;
        there.types(&far, h.idea, &format!("A bus at ten. Ring {SECRET} now, please.")).await.expect("kept");
        for more in ["1", "2"] {
            h.save(&t, &format!("A bus at ten. Ring {SECRET} now, please.{more}")).await;
        }
        // Typed, and not sent before the words were wiped.
        here.hears();
        let words = here.text.words(h.idea);
        let typed = here.text.write(h.idea, &format!("{words} Thanks."));
        h.wipe(&t, &h.worker, SECRET).await.expect("wiped");
        t.service.write_live(&here.joined.seat, here.writer, typed).await.expect("kept");
        assert!(h.says(&t).await.contains(" Thanks."), "{}: {}", t.engine, h.says(&t).await);
        assert_eq!(places(&t, SECRET).await, Vec::<String>::new(), "{}", t.engine);
        // What they missed over there is not kept any more: they begin anew, and then they go on.
        let late = there.types(&far, h.idea, &format!("{} Late.", there.text.words(h.idea))).await;
        assert_eq!(late, Err(Not::End(End::Again)), "{}", t.engine);
        assert!(there.hears(), "{}: everybody there hears it", t.engine);
        let anew = h.pen(&t, &far, &h.lead).await;
        assert_eq!(anew.text.words(h.idea), h.says(&t).await, "{}", t.engine);
        anew.types(&far, h.idea, &format!("{} Late.", anew.text.words(h.idea))).await.expect("kept");
        assert!(
            h.says(&t).await.ends_with(" Late.") && h.says(&t).await.contains(" Thanks."),
            "{}: {}",
            t.engine,
            h.says(&t).await
        );
        assert_eq!(places(&t, SECRET).await, Vec::<String>::new(), "{}", t.engine);
    }
}

#[tokio::test]
async fn what_stays_is_as_it_was() {
    for t in support::all().await {
        let h = house(&t).await;
        let s = &t.service;
        h.save(&t, &format!("Write to robin@example.org. Ring {SECRET} now.")).await;
        let it = s.section_to_check(&h.worker, h.design, h.idea).await.expect("to check");
        s.check_section(&h.worker, h.design, h.idea, it.words_at).await.expect("checked");
        let before = s.view_design(&h.lead, h.design).await.expect("seen").sections.remove(0);
        t.pass(Moment::HOUR);
        h.wipe(&t, &h.worker, SECRET).await.expect("wiped");
        let after = s.view_design(&h.lead, h.design).await.expect("seen").sections.remove(0);
        // The words are whose they were, and what a worker had looked at stays looked at.
        assert_eq!((after.by, after.words_at, after.masked), (before.by, before.words_at, false), "{}", t.engine);
        assert_eq!(after.words, "Write to robin@example.org. Ring … now.", "{}", t.engine);
    }
}

#[tokio::test]
async fn letters_with_marks_are_found_however_they_were_typed() {
    for t in support::all().await {
        let h = house(&t).await;
        let pen = h.pen(&t, &t.service, &h.robin).await;
        // A line keeps what is typed; a form puts letters and marks together.
        pen.types(&t.service, h.idea, "Zoe\u{308} lives at 5 Elm.").await.expect("kept");
        t.service.make_version(&h.robin, h.design, t.form(), "First", "").await.expect("made");
        h.save(&t, "Zo\u{eb} lives at 5 Elm. Thanks.").await;
        h.wipe(&t, &h.worker, "Zoe\u{308} lives").await.expect("wiped");
        assert_eq!(h.says(&t).await, "… at 5 Elm. Thanks.", "{}", t.engine);
        let version = t.service.view_version(&h.worker, h.design, 1).await.expect("a version");
        assert!(version.sections[0].1.contains("… at 5 Elm."), "{}: {:?}", t.engine, version.sections);
        assert!(!version.sections[0].1.contains("Zo"), "{}: {:?}", t.engine, version.sections);
    }
}

#[tokio::test]
async fn no_version_and_no_suggestion_keeps_a_part_of_them() {
    for t in support::all().await {
        let h = house(&t).await;
        let (s, section) = (&t.service, h.idea.to_string());
        h.save(&t, "A bus at ten. Ring Sam").await;
        s.make_version(&h.robin, h.design, t.form(), "Half-way", "").await.expect("made");
        h.save(&t, "A bus at ten. Ring Sam Quill at 12 Elm Road. Bye.").await;
        let suggest = async |picked: &str| {
            let typed = TypedSuggestion {
                section: &section,
                kind: "change",
                picked: "other",
                exact: picked,
                words: "Ask the worker.",
                why: "It is private.",
                seen: "",
            };
            s.suggest(&h.lead, h.design, t.form(), typed).await.expect("sent").id
        };
        let suggestion = suggest("12 Elm Road").await;
        h.wipe(&t, &h.worker, "Sam Quill at 12 Elm Road").await.expect("wiped");
        let version = s.view_version(&h.worker, h.design, 1).await.expect("a version");
        assert!(version.sections[0].1.contains("A bus at ten. Ring …"), "{}: {:?}", t.engine, version.sections);
        let page = s.suggestion(&h.lead, h.design, suggestion).await.expect("a page");
        assert!(!format!("{page:?}").contains("Elm"), "{}: {page:?}", t.engine);
        assert_eq!(places(&t, "ᚐ").await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_form_that_waits_for_its_writer_keeps_nothing_of_them_and_a_form_sent_again_does_its_work_again() {
    for t in support::all().await {
        let h = house(&t).await;
        let robin = h.robin.id().expect("somebody");
        let path = format!("/designs/{}/write", h.design);
        let fields = serde_json::to_string(&[("words", format!("Ring {SECRET}")), ("act", "save".to_owned())]);
        let mut tx = t.service.store().write().await.expect("a transaction");
        let id = t.service.new_id();
        store::access::keep_form(&mut tx, id, robin, &path, &fields.expect("JSON"), t.now()).await.expect("kept");
        tx.commit().await.expect("committed");
        assert!(!places(&t, SECRET).await.is_empty());
        let form = t.form();
        let typed = TypedWipe { words: SECRET, sure: true };
        t.service.wipe_words(&h.worker, h.design, form, typed).await.expect("wiped");
        assert_eq!(places(&t, SECRET).await, Vec::<String>::new(), "{}", t.engine);
        // Nothing was in the text, so forms from before are as good as they were.
        h.save(&t, &format!("A bus at ten. {SECRET}")).await;
        for _ in 0..2 {
            t.service.wipe_words(&h.worker, h.design, form, typed).await.expect("wiped");
            assert_eq!(places(&t, SECRET).await, Vec::<String>::new(), "{}", t.engine);
        }
        assert_eq!(h.says(&t).await, "A bus at ten. …", "{}", t.engine);
    }
}

#[tokio::test]
async fn nothing_is_wiped_by_mistake() {
    for t in support::all().await {
        let h = house(&t).await;
        h.save(&t, "A bus at ten … or later.").await;
        // Typed and removed again: a change is kept that does nothing, and it is not taken for one that was found.
        let pen = h.pen(&t, &t.service, &h.robin).await;
        for words in ["A bus at ten … or later. Hm.", "A bus at ten … or later."] {
            pen.types(&t.service, h.idea, words).await.expect("kept");
        }
        for (words, sure, problems) in [
            ("", true, vec!["words empty"]),
            ("a", true, vec!["words few"]),
            ("ten …", true, vec!["words few"]),
            ("a tram", true, vec!["words not-in-design"]),
            ("at ten", false, vec!["sure empty"]),
            ("", false, vec!["words empty", "sure empty"]),
        ] {
            let typed = TypedWipe { words, sure };
            let done = t.service.wipe_words(&h.worker, h.design, t.form(), typed).await;
            assert_eq!(wrong(done), problems, "{}: {words}", t.engine);
        }
        assert_eq!(h.says(&t).await, "A bus at ten … or later.", "{}", t.engine);
        assert!(!t.audited().await.contains(&"WipeWords".to_owned()), "{}", t.engine);
    }
}
