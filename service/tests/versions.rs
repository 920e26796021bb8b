//! Versions and changes: what is kept of what people save, two states side by side, what changed since somebody was here,
//! bringing a version back, and how much young people wrote.

mod support;
#[path = "versions/ways.rs"]
mod ways;

use domain::access::Who;
use domain::designs::changes::{Fate, Part};
use domain::groups::{GroupRole, Visibility};
use domain::ids::{DesignId, GroupId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use service::Refused;
use service::decisions::{About, TypedDecision};
use service::designs::{Comparison, Draft, NewDesign, Saved, Shape, Side, VersionName};
use service::home::What;
use support::{Test, moved_on};

struct House {
    group: GroupId,
    robin: Who,
    sam: Who,
    lead: Who,
    worker: Who,
    second: Who,
    outsider: Who,
    slug: String,
    design: DesignId,
    problem: SectionId,
    idea: SectionId,
}

async fn house(t: &Test, visibility: Visibility) -> House {
    let group = t.group("Youth Council", visibility).await;
    let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
    let second = t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let sam = t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    let outsider = t.person("Kit", Role::YoungPerson).await;
    let slug = t.agreed(&worker, "youth-council", &[&robin, &sam, &lead]).await;
    let draft = |h: &str, w: &str| Draft { heading: h.to_owned(), words: w.to_owned() };
    let sections = vec![draft("The problem", "The old bus is late every day."), draft("Our idea", "")];
    let new = NewDesign { title: "Later buses", sections };
    let design = t.service.start_design(&robin, &slug, t.form(), new).await.expect("started");
    let view = t.service.view_design(&robin, design).await.expect("seen");
    let (problem, idea) = (view.sections[0].id, view.sections[1].id);
    House { group, robin, sam, lead, worker, second, outsider, slug, design, problem, idea }
}

impl House {
    async fn save(&self, t: &Test, who: &Who, section: SectionId, words: &str) {
        t.pass(Moment::MINUTE);
        let base = t.service.view_design(who, self.design).await.expect("seen").base.to_string();
        let saved = t.service.write_section(who, self.design, section, t.form(), &base, words).await;
        assert!(matches!(saved, Ok(Saved::Done { .. })), "{}: {saved:?}", t.engine);
    }
    async fn shape(&self, t: &Test, what: Shape<'_>) {
        t.service.shape_design(&self.robin, self.design, t.form(), what).await.expect("shaped");
    }
    async fn version(&self, t: &Test, name: &str) {
        t.pass(Moment::MINUTE);
        t.service.make_version(&self.robin, self.design, t.form(), name, "").await.expect("made");
    }
    async fn compare(&self, t: &Test, who: &Who, from: &str, to: &str) -> Comparison {
        t.service.compare_design(who, self.design, from, to).await.expect("compared")
    }
    async fn to(&self, t: &Test, who: &Who, from: &str, to: &str, why: &str) -> Result<(), Refused> {
        t.service.move_stage(who, self.design, t.form(), from, to, why).await.map(|_| ())
    }
    async fn words(&self, t: &Test) -> Vec<(String, String)> {
        let view = t.service.view_design(&self.robin, self.design).await.expect("seen");
        view.sections.into_iter().map(|s| (s.heading, s.words)).collect()
    }
}

fn told(c: &Comparison) -> Vec<(String, Fate, bool, String)> {
    let say = |parts: &[Part]| -> String {
        let word = |p: &Part| match p {
            Part::Kept(text) => text.clone(),
            Part::Removed(text) => format!("[-{text}-]"),
            Part::Added(text) => format!("[+{text}+]"),
        };
        parts.iter().map(word).collect()
    };
    let one = |c: &service::designs::SectionChange| {
        (c.compared.heading.clone(), c.compared.fate, c.compared.moved, say(&c.compared.parts))
    };
    c.changes.iter().filter(|c| c.compared.changed()).map(one).collect()
}

#[tokio::test]
async fn two_versions_are_compared_word_by_word_and_section_by_section() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.version(&t, "First").await;
        h.save(&t, &h.sam, h.problem, "The new bus is late on school days.").await;
        h.save(&t, &h.lead, h.idea, "A bus at ten.").await;
        h.shape(&t, Shape::Rename { section: h.idea, heading: "Our best idea" }).await;
        h.shape(&t, Shape::Up(h.idea)).await;
        h.shape(&t, Shape::Add { heading: "Money" }).await;
        h.version(&t, "Second").await;
        let c = h.compare(&t, &h.robin, "1", "2").await;
        let all = told(&c);
        assert_eq!(all.len(), 3, "{}: {all:?}", t.engine);
        let idea = all.iter().find(|s| s.0 == "Our best idea").expect("there");
        assert_eq!(idea.3, "[+A bus at ten.+]");
        let problem = all.iter().find(|s| s.0 == "The problem").expect("there");
        assert_eq!(problem.3, "The [-old-][+new+] bus is late [-every day-][+on school days+].", "{}", t.engine);
        assert!(all.iter().any(|s| s.0 == "Money" && s.1 == Fate::Added));
        assert!(idea.2 != problem.2, "one of the two moved: {all:?}");
        let renamed = c.changes.iter().find(|s| s.compared.id == h.idea).expect("there");
        assert_eq!(renamed.compared.was.as_deref(), Some("Our idea"));
        assert_eq!(renamed.by.iter().filter_map(|by| by.who.name.as_deref()).collect::<Vec<_>>(), ["Robin", "Lee"]);
        // The other way round is the same: the earlier one comes first.
        assert_eq!(told(&h.compare(&t, &h.robin, "2", "1").await), all, "{}", t.engine);
        // The second version by itself is shown beside the first.
        let one = t.service.view_version(&h.robin, h.design, 2).await.expect("seen");
        assert_eq!((told(&one), one.before.len(), one.sections.len()), (all, 2, 3));
        let first = t.service.view_version(&h.robin, h.design, 1).await.expect("seen");
        assert!(first.from.is_none() && first.changes.is_empty() && first.sections.len() == 2);
        for (from, to) in [("9", "now"), ("1", "9"), ("x", "now"), ("", ""), ("1", "last"), ("-1", "0")] {
            let none = t.service.compare_design(&h.robin, h.design, from, to).await;
            assert!(matches!(none, Err(Refused::Unknown)), "{}: {from} {to}", t.engine);
        }
        // Names are for those inside.
        let open = house_open(&t).await;
        let c = t.service.compare_design(&Who::nobody(), open.design, "1", "now").await.expect("open");
        let by = &c.changes.iter().find(|s| s.compared.id == open.problem).expect("there").by;
        assert_eq!((by[0].who.name.as_deref(), by[0].who.role), (None, Role::YoungPerson), "{}", t.engine);
    }
}

/// Another house, open, with a version and a change since.
async fn house_open(t: &Test) -> House {
    let group = t.group("Open Council", Visibility::Open).await;
    let worker = t.member("Wim of open", Role::Officer, group, GroupRole::Worker).await;
    let robin = t.member("Robin of open", Role::YoungPerson, group, GroupRole::Member).await;
    let h = house_in(t, group, &worker, &robin).await;
    h.version(t, "First").await;
    h.save(t, &h.robin, h.problem, "The bus is never late.").await;
    h
}

async fn house_in(t: &Test, group: GroupId, worker: &Who, robin: &Who) -> House {
    let second = t.member("Second of open", Role::Officer, group, GroupRole::Worker).await;
    let slug = t.agreed(worker, "open-council", &[robin]).await;
    let draft = |h: &str, w: &str| Draft { heading: h.to_owned(), words: w.to_owned() };
    let new =
        NewDesign { title: "Trains", sections: vec![draft("The problem", "The bus is late."), draft("Idea", "")] };
    let design = t.service.start_design(robin, &slug, t.form(), new).await.expect("started");
    let view = t.service.view_design(robin, design).await.expect("seen");
    let (problem, idea) = (view.sections[0].id, view.sections[1].id);
    let (robin, worker) = (robin.clone(), worker.clone());
    let (sam, lead, outsider) = (robin.clone(), worker.clone(), Who::nobody());
    House { group, robin, sam, lead, worker, second, outsider, slug, design, problem, idea }
}

#[tokio::test]
async fn what_changed_since_somebody_was_here_is_theirs_alone() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let first = h.compare(&t, &h.robin, "last", "now").await;
        assert!(first.from.is_none() && first.sections.len() == 2, "{}: a first visit", t.engine);
        assert!(t.service.design_page(&h.robin, h.design).await.expect("seen").changed_since.is_none());
        let was = t.now();
        t.pass(Moment::HOUR);
        h.save(&t, &h.sam, h.problem, "The new bus is late every day.").await;
        h.shape(&t, Shape::Remove(h.idea)).await;
        t.pass(Moment::HOUR);
        let page = t.service.design_page(&h.robin, h.design).await.expect("seen");
        assert_eq!(page.changed_since, Some(was), "{}", t.engine);
        // Looking at it again in the same visit does not lose what was new.
        for _ in 0..3 {
            t.pass(2 * Moment::MINUTE);
            let c = h.compare(&t, &h.robin, "last", "now").await;
            assert!(matches!(c.from, Some(Side::LastHere(at)) if at == was), "{}: {:?}", t.engine, c.from);
            let all = told(&c);
            assert_eq!(all.len(), 2, "{}: {all:?}", t.engine);
            assert_eq!(all[0].3, "The [-old-][+new+] bus is late every day.");
            assert_eq!((all[1].0.as_str(), all[1].1), ("Our idea", Fate::Removed));
            assert_eq!(c.before.len(), 2, "as it was, though it is drawn from kept changes");
            assert!(c.before[0].1.contains("The old bus"));
        }
        // The next visit begins where this one ended.
        t.pass(Moment::HOUR);
        let c = h.compare(&t, &h.robin, "last", "now").await;
        assert!(c.from.is_some() && told(&c).is_empty(), "{}", t.engine);
        // Sam's own words are not news to Sam, and nobody's visit is written down for nobody.
        t.service.design_page(&h.sam, h.design).await.expect("seen");
        t.pass(Moment::HOUR);
        h.save(&t, &h.sam, h.problem, "The newest bus is late every day.").await;
        assert!(t.service.design_page(&h.sam, h.design).await.expect("seen").changed_since.is_none());
        assert!(matches!(
            t.service.compare_design(&Who::nobody(), h.design, "last", "now").await,
            Err(Refused::Unknown)
        ));
    }
}

#[tokio::test]
async fn a_change_that_home_tells_of_can_be_read_whoever_was_here_when() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        // Sam is here now, and so the change falls into the same visit; the lead never was.
        t.service.design_page(&h.sam, h.design).await.expect("seen");
        t.pass(5 * Moment::MINUTE);
        h.save(&t, &h.robin, h.problem, "The new bus is late every day.").await;
        let since = format!("since-{}", t.now().0);
        t.pass(5 * Moment::MINUTE);
        for who in [&h.sam, &h.lead, &h.sam, &h.lead] {
            let c = h.compare(&t, who, &since, "now").await;
            assert!(matches!(c.from, Some(Side::Before(_))), "{}: {:?}", t.engine, c.from);
            assert_eq!(told(&c)[0].3, "The [-old-][+new+] bus is late every day.", "{}", t.engine);
        }
        // Who was here before it, in another visit, sees all that they have not seen.
        t.pass(Moment::HOUR);
        let seen = t.now();
        h.compare(&t, &h.sam, "last", "now").await;
        for words in ["The red bus is late every day.", "The red bus is late each day."] {
            t.pass(Moment::HOUR);
            h.save(&t, &h.robin, h.problem, words).await;
        }
        let since = format!("since-{}", t.now().0);
        let c = h.compare(&t, &h.sam, &since, "now").await;
        assert!(matches!(c.from, Some(Side::LastHere(at)) if at == seen), "{}: {:?}", t.engine, c.from);
        assert_eq!(told(&c)[0].3, "The [-new-][+red+] bus is late [-every-][+each+] day.", "{}", t.engine);
        // Whoever never was here reads what is new since the last version; nobody goes back further than home does.
        h.version(&t, "First").await;
        h.save(&t, &h.robin, h.problem, "The red bus is late.").await;
        let c = h.compare(&t, &h.second, "last", "now").await;
        assert!(matches!(&c.from, Some(Side::Version(v)) if v.number == 1), "{}: {:?}", t.engine, c.from);
        t.pass(15 * Moment::DAY);
        let c = h.compare(&t, &h.worker, "since-1", "now").await;
        assert!(matches!(&c.from, Some(Side::Version(v)) if v.number == 1), "{}: {:?}", t.engine, c.from);
        for none in ["since-", "since-x", "since-99999999999999999999"] {
            let answer = t.service.compare_design(&h.sam, h.design, none, "now").await;
            assert!(matches!(answer, Err(Refused::Unknown)), "{none}");
        }
    }
}

#[tokio::test]
async fn a_visit_is_written_down_at_most_once_a_minute_and_goes_with_the_account() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let writes = |trace: &[&str]| trace.iter().filter(|sql| sql.contains("into design_reads")).count();
        let mut counted = Vec::new();
        for wait in [0, 30 * Moment::SECOND, 31 * Moment::SECOND, 10 * Moment::SECOND] {
            t.pass(wait);
            let (page, trace) = store::trace::of(t.service.design_page(&h.sam, h.design)).await;
            page.expect("seen");
            counted.push(writes(&trace));
        }
        assert_eq!(counted, [1, 0, 1, 0], "{}", t.engine);
        let visit = t.visit(&t.session(&h.sam).await).await;
        let mine = t.service.my_data(&visit).await.expect("my data");
        assert!(mine.things.iter().any(|x| x.kind == "read" && x.title == "Later buses"), "{}", t.engine);
        let visit = t.visit(&t.session(&h.robin).await).await;
        let other = t.service.my_data(&visit).await.expect("my data");
        assert!(!other.things.iter().any(|x| x.kind == "read"), "{}", t.engine);
        t.service.delete_me(&h.sam).await.expect("deleted");
        let mut tx = t.service.store().read().await.expect("a transaction");
        let left = store::designs::changes::read(&mut tx, h.sam.id().expect("id"), h.design).await.expect("asked");
        assert!(left.is_none(), "{}", t.engine);
    }
}

#[tokio::test]
async fn what_changed_since_a_comment() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.save(&t, &h.robin, h.idea, "A bus at nine.").await;
        assert!(h.compare(&t, &h.sam, "comment", "now").await.from.is_none(), "{}", t.engine);
        assert!(!t.service.list_versions(&h.sam, h.design).await.expect("listed").commented);
        t.pass(Moment::MINUTE);
        let section = h.idea.to_string();
        let typed = service::comments::Typed { section: &section, kind: "idea", words: "Make it ten", reply_to: "" };
        t.service.comment(&h.sam, h.design, typed, t.form()).await.expect("sent");
        h.save(&t, &h.robin, h.idea, "A bus at ten.").await;
        let c = h.compare(&t, &h.sam, "comment", "now").await;
        assert!(matches!(c.from, Some(Side::Commented(_))));
        assert_eq!(told(&c)[0].3, "A bus at [-nine-][+ten+].", "{}", t.engine);
        assert!(t.service.list_versions(&h.sam, h.design).await.expect("listed").commented);
    }
}

#[tokio::test]
async fn too_many_changes_are_shown_from_the_last_version_before() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.compare(&t, &h.sam, "last", "now").await;
        let add = async |many: usize| {
            let mut tx = t.service.store().write().await.expect("a transaction");
            let stretch = domain::designs::changes::Stretch::nothing();
            let (section, by, at) = (h.idea, h.robin.id().expect("id"), t.now());
            let kind = domain::designs::changes::ChangeKind::Words;
            let letters = domain::designs::changes::Letters { added: 1, removed: 0 };
            let accepted = None;
            let change =
                store::designs::changes::NewChange { section, kind, at, by, accepted, letters, stretch: &stretch };
            for _ in 0..many {
                store::designs::changes::insert(&mut tx, h.design, &change).await.expect("kept");
            }
            tx.commit().await.expect("committed");
        };
        add(2001).await;
        t.pass(Moment::HOUR);
        let none = t.service.compare_design(&h.sam, h.design, "last", "now").await;
        assert_eq!(moved_on(none.map(|_| ())), "too-much-changed", "{}", t.engine);
        // Robin comes after the first version.
        h.version(&t, "First").await;
        h.compare(&t, &h.robin, "last", "now").await;
        add(2001).await;
        t.pass(Moment::HOUR);
        let c = h.compare(&t, &h.robin, "last", "now").await;
        assert!(matches!(c.from, Some(Side::Version(v)) if v.number == 1), "{}", t.engine);
    }
}

#[tokio::test]
async fn a_version_comes_back_as_a_new_one_and_nothing_is_lost() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.save(&t, &h.robin, h.idea, "A bus at ten.").await;
        h.version(&t, "Good").await;
        let good = h.words(&t).await;
        h.save(&t, &h.sam, h.problem, "Nothing is wrong.").await;
        h.save(&t, &h.sam, h.idea, "A tram.").await;
        h.shape(&t, Shape::Rename { section: h.problem, heading: "No problem" }).await;
        h.shape(&t, Shape::Down(h.problem)).await;
        h.shape(&t, Shape::Add { heading: "Money" }).await;
        h.shape(&t, Shape::NotNeeded(h.idea)).await;
        let bad = h.words(&t).await;
        for who in [&h.robin, &h.sam] {
            let no = t.service.restore_page(who, h.design, 1).await;
            assert!(matches!(no, Err(Refused::NotAllowed)), "{}: a member writes, and does not take back", t.engine);
        }
        let page = t.service.restore_page(&h.lead, h.design, 1).await.expect("seen");
        let all = told(&page);
        assert!(all.iter().any(|s| s.0 == "Money" && s.1 == Fate::Removed), "{}: {all:?}", t.engine);
        assert!(all.iter().any(|s| s.3.contains("[-Nothing is wrong-]") || s.3.contains("[+The old bus")), "{all:?}");
        let restore = async |who: &Who, form, seen: i64| {
            t.service.restore_version(who, h.design, 1, form, &seen.to_string()).await
        };
        assert!(matches!(restore(&h.sam, t.form(), page.seen).await, Err(Refused::NotAllowed)));
        assert!(matches!(restore(&h.outsider, t.form(), page.seen).await, Err(Refused::Unknown)));
        assert_eq!(moved_on(restore(&h.lead, t.form(), page.seen - 1).await), "restore-changed", "{}", t.engine);
        for nonsense in ["", "x", "-1"] {
            let done = t.service.restore_version(&h.lead, h.design, 1, t.form(), nonsense).await;
            assert_eq!(moved_on(done), "restore-changed");
        }
        assert!(matches!(t.service.restore_version(&h.lead, h.design, 9, t.form(), "1").await, Err(Refused::Unknown)));
        let form = t.form();
        for _ in 0..2 {
            restore(&h.worker, form, page.seen).await.expect("brought back");
        }
        assert_eq!(h.words(&t).await, good, "{}", t.engine);
        let all = t.service.list_versions(&h.robin, h.design).await.expect("listed").all;
        let names: Vec<_> = all.iter().map(|v| v.name.clone()).collect();
        assert_eq!(names, [VersionName::Again(1), VersionName::Before(1), VersionName::Named("Good".to_owned())]);
        // What was there is in the version before it, and the new one is the old one.
        let before = t.service.view_version(&h.robin, h.design, 2).await.expect("seen");
        assert!(before.sections.iter().any(|(_, html)| html.contains("Nothing is wrong.")), "{}", t.engine);
        assert!(told(&h.compare(&t, &h.robin, "1", "3").await).is_empty(), "{}", t.engine);
        assert!(!told(&h.compare(&t, &h.robin, "2", "3").await).is_empty());
        assert!(bad.iter().any(|(heading, _)| heading == "Money"));
        // It went through the shared text: a form from before still merges, and one from now is saved.
        h.save(&t, &h.sam, h.idea, "A bus at ten and at eleven.").await;
        assert_eq!(h.words(&t).await[1].1, "A bus at ten and at eleven.", "{}", t.engine);
        // The worker's act is in the log of staff.
        assert!(t.audited().await.contains(&"RestoreVersion".to_owned()));
        // Nobody wrote those words anew.
        let mut tx = t.service.store().read().await.expect("a transaction");
        let wrote = store::designs::changes::wrote(&mut tx, h.design).await.expect("asked");
        let young = wrote.iter().find(|row| row.by_role == Role::YoungPerson).expect("they wrote");
        let letters = |words: &str| i64::try_from(words.chars().filter(|c| c.is_alphanumeric()).count()).expect("few");
        let written = letters("Abusatten") + letters("Nothingwrong") + letters("tram") + letters("andateleven");
        assert_eq!((wrote.len(), young.people), (1, 2.into()), "{}: {wrote:?}", t.engine);
        let counted = young.letters;
        assert!(counted <= written + 12 && counted >= written - 12, "{}: {counted} of {written}", t.engine);
    }
}

#[tokio::test]
async fn a_version_comes_back_only_in_drafting() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.version(&t, "First").await;
        h.save(&t, &h.robin, h.idea, "A bus at ten.").await;
        let seen = t.service.restore_page(&h.lead, h.design, 1).await.expect("seen").seen.to_string();
        h.to(&t, &h.lead, "drafting", "checking", "").await.expect("checking");
        assert_eq!(moved_on(t.service.restore_page(&h.lead, h.design, 1).await.map(|_| ())), "restore-drafting");
        let done = t.service.restore_version(&h.lead, h.design, 1, t.form(), &seen).await;
        assert_eq!(moved_on(done), "restore-drafting", "{}: an old page", t.engine);
        // An old form of a writer is refused once a vote is open.
        h.to(&t, &h.worker, "checking", "voting", "").await.expect("voting");
        let late = t.service.write_section(&h.robin, h.design, h.idea, t.form(), "1", "Too late").await;
        assert_eq!(moved_on(late.map(|_| ())), "words-locked", "{}", t.engine);
    }
}

#[tokio::test]
async fn checking_asks_for_an_agreed_promise_and_words_and_says_so() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        let view = t.service.view_stage(&h.lead, h.design).await.expect("seen");
        assert!(view.promise_agreed && view.open_vote.is_none());
        assert_eq!(view.without_words, ["Our idea"], "{}", t.engine);
        h.shape(&t, Shape::NotNeeded(h.idea)).await;
        assert!(t.service.view_stage(&h.lead, h.design).await.expect("seen").without_words.is_empty());
        let hidden = t.service.view_stage(&h.outsider, h.design).await;
        assert!(matches!(hidden, Err(Refused::Unknown)), "{}: {} is not theirs", t.engine, h.slug);
    }
}

#[tokio::test]
async fn those_who_were_asked_to_decide_are_told_when_it_goes_back_to_drafting() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.save(&t, &h.robin, h.idea, "A bus at ten.").await;
        h.to(&t, &h.lead, "drafting", "checking", "").await.expect("checking");
        let typed = TypedDecision {
            question: "Shall we?",
            explanation: "",
            pass_rule: "more-ok",
            quorum: "0",
            opens_at: Some(t.now()),
            closes_at: Some(t.now().plus(7 * Moment::DAY)),
            night_is_fine: true,
        };
        let vote = t.service.open_decision(&h.lead, &About::Design(h.design), t.form(), typed).await.expect("opened");
        assert_eq!(t.service.view_stage(&h.lead, h.design).await.expect("seen").open_vote, Some(vote), "{}", t.engine);
        assert_eq!(moved_on(h.to(&t, &h.lead, "voting", "drafting", "Wrong words").await), "design-vote-open");
        t.service.ask_void(&h.worker, vote, t.form(), "The wrong words").await.expect("asked");
        t.pass(Moment::MINUTE);
        t.service.make_void(&h.second, vote, t.form(), t.void_asked_at(vote).await).await.expect("void");
        let back = |home: &service::home::Home| -> Vec<String> {
            let reason = |n: &service::home::Need| match &n.what {
                What::SentBack { reason, design } if *design == h.design => Some(reason.clone()),
                _ => None,
            };
            home.needs.iter().filter_map(reason).collect()
        };
        for who in [&h.robin, &h.sam, &h.lead] {
            let home = t.service.home(who).await.expect("home");
            assert_eq!(back(&home), ["The wrong words"], "{}", t.engine);
            assert!(!home.needs.iter().any(|n| matches!(n.what, What::Draft { .. })), "one card for one design");
        }
        for who in [&h.second, &h.worker, &h.outsider] {
            let home = t.service.home(who).await.expect("home");
            assert!(back(&home).is_empty(), "{}: they were not asked", t.engine);
        }
        // Gone when it moves on.
        h.to(&t, &h.lead, "drafting", "checking", "").await.expect("checking again");
        assert!(back(&t.service.home(&h.robin).await.expect("home")).is_empty(), "{}", t.engine);
    }
}

#[tokio::test]
async fn the_share_of_young_people_is_for_officers_and_only_of_enough_people() {
    for t in support::all().await {
        let h = house(&t, Visibility::Members).await;
        h.save(&t, &h.robin, h.problem, "The old bus is late every single day, and full.").await;
        let share = async |who: &Who| t.service.list_versions(who, h.design).await.expect("listed").young;
        assert!(share(&h.robin).await.is_none() && share(&h.lead).await.is_none(), "{}", t.engine);
        let few = share(&h.worker).await.expect("for officers");
        assert!(few.share.is_none() && few.people.exact().is_none(), "{}: one person's part", t.engine);
        for n in 0..6 {
            let who = t.member(&format!("Young {n}"), Role::YoungPerson, h.group, GroupRole::Member).await;
            h.save(&t, &who, h.idea, &format!("{} buses", "later ".repeat(n + 1))).await;
        }
        let seven = share(&h.worker).await.expect("for officers");
        assert_eq!(seven.share.map(|s| s.percent()), Some(100), "{}", t.engine);
        assert_eq!(seven.people.exact(), Some(7));
        // What staff wrote is theirs to answer for; one parent's part would be told by the rest.
        h.save(&t, &h.worker, h.problem, &"Officers wrote all of this. ".repeat(20)).await;
        let with_staff = share(&h.worker).await.expect("for officers").share.expect("shown").percent();
        assert!(with_staff < 50 && with_staff.is_multiple_of(10), "{}: {with_staff}", t.engine);
        let parent = t.member("Parent", Role::ParentCarer, h.group, GroupRole::Member).await;
        h.save(&t, &parent, h.idea, "Parents wait too").await;
        assert!(share(&h.worker).await.expect("for officers").share.is_none(), "{}", t.engine);
    }
}
