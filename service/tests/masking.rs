//! What is hidden of a section until a worker has looked, and pausing writing.

mod support;

use domain::access::Who;
use domain::comments::Checking;
use domain::designs::changes::Part;
use domain::designs::masks::Mask;
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::ids::{DesignId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use service::Refused;
use service::designs::export::DocumentKind;
use service::designs::live::Not;
use service::designs::suggestions::TypedSuggestion;
use service::designs::{Draft, NewDesign, Saved, Shape};
use service::home::What;
use support::{Test, moved_on};

/// What somebody types who should not: an address, a number, a place, a link.
const TYPED: &str =
    "Write to robin@example.org, ring 07700 900123, come to BS1 4DJ, see [my page](https://example.org/me).";
const SECRETS: [&str; 4] = ["robin@example.org", "900123", "BS1 4DJ", "example.org/me"];

struct House {
    robin: Who,
    lead: Who,
    worker: Who,
    outsider: Who,
    design: DesignId,
    idea: SectionId,
}

async fn house(t: &Test, checking: Checking) -> House {
    let group = t.group_of("Youth Council", GroupKind::YouthCouncil, Visibility::Open, checking).await;
    let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
    t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    let outsider = t.person("Kit", Role::YoungPerson).await;
    let slug = t.agreed(&worker, "youth-council", &[&robin, &lead]).await;
    let sections = vec![Draft { heading: "Our idea".to_owned(), words: "A bus at ten.".to_owned() }];
    let new = NewDesign { title: "Later buses", sections };
    let design = t.service.start_design(&robin, &slug, t.form(), new).await.expect("started");
    let idea = t.service.view_design(&robin, design).await.expect("seen").sections[0].id;
    House { robin, lead, worker, outsider, design, idea }
}

impl House {
    async fn try_save(&self, t: &Test, words: &str) -> Result<Saved, Refused> {
        t.pass(Moment::MINUTE);
        let base = t.service.view_design(&self.robin, self.design).await.expect("seen").base.to_string();
        t.service.write_section(&self.robin, self.design, self.idea, t.form(), &base, words).await
    }

    async fn save(&self, t: &Test, words: &str) {
        let saved = self.try_save(t, words).await;
        assert!(matches!(saved, Ok(Saved::Done { .. })), "{}: {saved:?}", t.engine);
    }

    /// Everything that somebody reads of the design, by where it stands.
    async fn read(&self, t: &Test, who: &Who) -> Vec<(&'static str, String)> {
        let s = &t.service;
        let page = s.design_page(who, self.design).await.expect("a page").design.sections.remove(0);
        let view = s.view_design(who, self.design).await.expect("a view").sections.remove(0);
        let version = s.view_version(who, self.design, 1).await.expect("a version");
        let since = s.compare_design(who, self.design, "1", "now").await.expect("compared");
        let parts: String = since
            .changes
            .iter()
            .flat_map(|c| &c.compared.parts)
            .map(|p| match p {
                Part::Kept(text) | Part::Added(text) | Part::Removed(text) => text.as_str(),
            })
            .collect();
        let html = |all: Vec<(String, String)>| all.into_iter().map(|(_, html)| html).collect::<String>();
        let site = ("https://tandem.example", "en-GB");
        let mut out = vec![
            ("the page", page.html + &page.words),
            ("the view", view.html + &view.words),
            ("the version", html(version.sections)),
            ("what changed", parts),
            ("as it is", html(since.sections)),
            ("before", html(since.before)),
        ];
        for kind in [DocumentKind::Html, DocumentKind::Markdown] {
            let (_, file) = s.export_design(who, self.design, kind, site).await.expect("a file");
            out.push((kind.ending(), String::from_utf8(file).expect("text")));
        }
        out
    }
}

/// The group checks everything first from now on.
async fn hold_all(t: &Test) {
    let set = "update groups set checking = 'hold-all'";
    match t.service.store() {
        store::Store::Sqlite { writer, .. } => {
            sqlx::query(set).execute(writer).await.expect("done");
        }
        store::Store::Postgres(pool) => {
            sqlx::query(set).execute(pool).await.expect("done");
        }
    }
}

/// The same suggestion each time.
fn typed(section: &str) -> TypedSuggestion<'_> {
    let (kind, picked, exact) = ("change", "other", "A bus at ten.");
    TypedSuggestion { section, kind, picked, exact, words: "A bus at eleven.", why: "Films end then.", seen: "" }
}

#[tokio::test]
async fn what_leads_to_somebody_is_hidden_in_every_view_until_a_worker_has_looked() {
    for t in support::all().await {
        let h = house(&t, Checking::HoldAll).await;
        h.save(&t, TYPED).await;
        t.service.make_version(&h.robin, h.design, t.form(), "First", "").await.expect("made");
        h.save(&t, &format!("{TYPED} And more.")).await;
        for who in [&h.robin, &h.lead, &h.worker, &h.outsider, &Who::nobody()] {
            for (place, words) in h.read(&t, who).await {
                for secret in SECRETS {
                    assert!(!words.contains(secret), "{} {place}: {words}", t.engine);
                }
                assert!(words.contains("see my page") || place == "what changed", "{} {place}: {words}", t.engine);
            }
        }
        // Who writes sees what they write.
        let mine = t.service.write_design(&h.robin, h.design).await.expect("to write");
        assert_eq!(mine.sections[0].words, format!("{TYPED} And more."));
        // A worker of the group finds it; somebody else has no list, or nothing in it.
        let queue = t.service.words_to_check(&h.worker).await.expect("a queue");
        assert_eq!(queue.masked.iter().map(|s| s.id).collect::<Vec<_>>(), [h.idea], "{}", t.engine);
        let home = t.service.home(&h.worker).await.expect("home");
        assert!(home.needs.iter().any(|n| matches!(n.what, What::Check { .. })), "{}: {:?}", t.engine, home.needs);
        let other = t.group("Others", Visibility::Open).await;
        let stranger = t.member("Zed", Role::Officer, other, GroupRole::Worker).await;
        assert!(t.service.words_to_check(&stranger).await.expect("a queue").masked.is_empty());
        for who in [&h.robin, &h.lead, &stranger, &h.outsider] {
            let asked = t.service.section_to_check(who, h.design, h.idea).await;
            assert!(matches!(asked, Err(Refused::NotAllowed)), "{}: {asked:?}", t.engine);
            let done = t.service.check_section(who, h.design, h.idea, t.now()).await;
            assert!(matches!(done, Err(Refused::NotAllowed)), "{}: {done:?}", t.engine);
        }
        // Only what was read is checked.
        let it = t.service.section_to_check(&h.worker, h.design, h.idea).await.expect("to check");
        assert!(it.html.contains("robin@example.org") && it.masked_html.is_some());
        h.save(&t, TYPED).await;
        let late = t.service.check_section(&h.worker, h.design, h.idea, it.words_at).await;
        assert_eq!(moved_on(late), "section-written", "{}", t.engine);
        let it = t.service.section_to_check(&h.worker, h.design, h.idea).await.expect("to check");
        t.service.check_section(&h.worker, h.design, h.idea, it.words_at).await.expect("checked");
        for (place, words) in h.read(&t, &h.outsider).await {
            assert!(words.contains("robin@example.org") || place == "what changed", "{} {place}: {words}", t.engine);
        }
        assert!(t.service.words_to_check(&h.worker).await.expect("a queue").masked.is_empty(), "{}", t.engine);
        let done = t.service.section_to_check(&h.worker, h.design, h.idea).await.expect("to check");
        assert!(done.masked_html.is_none());
        assert!(t.audited().await.contains(&"CheckWords".to_owned()));
        // What is written afterwards is not checked.
        h.save(&t, &format!("{TYPED} Again.")).await;
        let view = t.service.view_design(&h.outsider, h.design).await.expect("seen").sections.remove(0);
        assert!(view.masked && view.words.contains(Mask::Mail.sign()), "{}: {}", t.engine, view.words);
    }
}

#[tokio::test]
async fn a_group_that_checks_afterwards_hides_nothing_and_one_that_begins_to_hold_hides_what_is_there() {
    for t in support::all().await {
        let h = house(&t, Checking::After).await;
        h.save(&t, TYPED).await;
        t.service.make_version(&h.robin, h.design, t.form(), "First", "").await.expect("made");
        for (place, words) in h.read(&t, &h.outsider).await {
            assert!(words.contains("robin@example.org") || place == "what changed", "{} {place}: {words}", t.engine);
        }
        assert!(t.service.words_to_check(&h.worker).await.expect("a queue").masked.is_empty(), "{}", t.engine);
        hold_all(&t).await;
        for (place, words) in h.read(&t, &h.outsider).await {
            assert!(!words.contains("robin@example.org"), "{} {place}: {words}", t.engine);
        }
        assert_eq!(t.service.words_to_check(&h.worker).await.expect("a queue").masked.len(), 1, "{}", t.engine);
    }
}

#[tokio::test]
async fn a_suggestion_shows_nothing_around_it_that_is_hidden() {
    for t in support::all().await {
        let h = house(&t, Checking::HoldAll).await;
        h.save(&t, &format!("A bus at ten. {TYPED}")).await;
        let section = h.idea.to_string();
        let sent = t.service.suggest(&h.robin, h.design, t.form(), typed(&section)).await.expect("sent");
        let id = sent.id;
        let held = t.service.words_to_check(&h.worker).await.expect("a queue").suggestions.remove(0);
        let verdict = service::comments::Verdict::Publish;
        t.service.check_suggestion(&h.worker, (h.design, id), verdict, held.words_at).await.expect("published");
        let page = t.service.suggestion(&h.outsider, h.design, id).await.expect("a page");
        let all = format!("{:?}", page.change);
        assert!(all.contains("eleven") && !SECRETS.iter().any(|s| all.contains(s)), "{}: {all}", t.engine);
    }
}

#[tokio::test]
async fn writing_is_paused_in_one_press_for_every_way_of_writing() {
    for t in support::all().await {
        let h = house(&t, Checking::After).await;
        let s = &t.service;
        for who in [&h.robin, &h.lead] {
            assert!(matches!(s.pause_writing(who, h.design, true).await, Err(Refused::NotAllowed)));
        }
        let joined = s.join_room(&h.robin, h.design, None).await.expect("in the room");
        for _ in 0..2 {
            s.pause_writing(&h.worker, h.design, true).await.expect("paused");
        }
        assert!(s.view_design(&h.outsider, h.design).await.expect("read").head.paused);
        assert_eq!(moved_on(h.try_save(&t, "Late.").await), "writing-paused", "{}", t.engine);
        assert_eq!(moved_on(s.write_design(&h.robin, h.design).await), "writing-paused");
        assert_eq!(moved_on(s.write_design(&h.worker, h.design).await), "writing-paused");
        assert_eq!(moved_on(s.may_write(&h.robin, h.design).await), "writing-paused");
        let (writer, _) = s.live_writer(h.robin.id().expect("a person"), h.design);
        let live = s.write_live(&joined.seat, writer, vec![0, 0]).await;
        assert_eq!(live, Err(Not::End(domain::designs::wire::End::Paused)), "{}", t.engine);
        let shape = s.shape_design(&h.robin, h.design, t.form(), Shape::Add { heading: "Money" }).await;
        assert_eq!(moved_on(shape), "writing-paused");
        let lock = s.lock_section(&h.robin, h.design, h.idea, Some(t.form()), true).await;
        assert_eq!(moved_on(lock), "writing-paused");
        let section = h.idea.to_string();
        assert_eq!(moved_on(s.suggest(&h.robin, h.design, t.form(), typed(&section)).await), "writing-paused");
        s.pause_writing(&h.worker, h.design, false).await.expect("goes on");
        h.save(&t, "A bus at eleven.").await;
        assert!(t.audited().await.contains(&"PauseWriting".to_owned()));
    }
}
