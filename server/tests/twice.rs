//! A form that is sent twice is done once. One that is sent again with other words, another choice or another file, after
//! going back, is another form; and so is one that somebody else sends from the same device.

mod support;
#[path = "../../service/tests/talking/mod.rs"]
mod talking;
mod typed;

use axum::http::StatusCode;
use domain::comments::Checking;
use domain::groups::Visibility;
use domain::ids::ActionId;
use domain::moment::Moment;
use service::actions::{TypedAction, TypedUpdate};
use service::decisions::About;
use support::{Answer, Site, Test};
use talking::{Talk, plant};

/// An action that is done, and about which people were asked.
async fn done(t: &Test, k: &Talk) -> ActionId {
    let owner = k.worker.id().expect("id").to_string();
    let typed = TypedAction {
        title: "One more bus",
        you_said: "Buses stop too early.",
        status: "doing",
        we_will: "We will run one more.",
        reason: "",
        owner_role: "Bus officer",
        owner: &owner,
        team: "",
        due_at: Some(t.now().plus(Moment::DAY)),
        shown: false,
    };
    let about = About::Workspace(k.slug.clone());
    let id = t.service.make_action(&k.worker, &about, t.form(), typed).await.expect("an action");
    let typed = TypedUpdate {
        status: "done",
        words: "It runs.",
        reason: "",
        due_at: Some(t.now().plus(Moment::DAY)),
        owner: &owner,
        owner_role: "Bus officer",
        shown: false,
        ask: true,
    };
    t.service.update_action(&k.worker, id, t.form(), typed).await.expect("done");
    id
}

/// The page's own form, sent to the address of the page with these fields.
struct Sheet<'a> {
    site: &'a Site,
    path: String,
    form: String,
}

impl<'a> Sheet<'a> {
    async fn open(site: &'a Site, session: &str, path: String) -> Self {
        let page = site.get(session, &path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        Self { site, path, form: page.hidden("form_id") }
    }

    async fn send(&self, session: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("form_id", self.form.as_str())];
        all.extend(fields);
        let answer = self.site.post(session, &self.path, &all).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}: {}", self.path, answer.body);
        answer
    }
}

#[tokio::test]
async fn a_comment_changed_after_going_back_is_another_one_and_so_is_somebody_elses() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Open, Checking::After).await;
        let (sam, robin) = (site.session(&k.sam).await, site.session(&k.robin).await);
        let sheet = Sheet::open(&site, &sam, format!("/designs/{}/comments", k.design)).await;
        let section = k.first.to_string();
        let says = |words| [("act", "comment"), ("section", section.as_str()), ("kind", "idea"), ("words", words)];
        let first = sheet.send(&sam, &says("qfirst")).await;
        let again = sheet.send(&sam, &says("qfirst")).await;
        assert_eq!(first.location(), again.location(), "{}: the same twice is once", t.engine);
        let second = sheet.send(&sam, &says("qsecond")).await;
        let other = sheet.send(&robin, &says("qfirst")).await;
        assert!(second.location() != first.location() && other.location() != first.location(), "{}", t.engine);
        let page = site.get(&sam, &sheet.path).await;
        // Links are named by how the words begin, so the words themselves are counted.
        let times = |words: &str| page.body.matches(&format!("own-words\">{words}<")).count();
        assert_eq!((times("qsecond"), times("qfirst")), (1, 2), "{}: {}", t.engine, page.body);
    }
}

#[tokio::test]
async fn a_hand_and_an_answer_changed_after_going_back_are_changed() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Open, Checking::After).await;
        let (decision, action) = (k.vote(t, 0, Moment::DAY).await, done(t, &k).await);
        let (sam, robin) = (site.session(&k.sam).await, site.session(&k.robin).await);

        let sheet = Sheet::open(&site, &sam, format!("/decisions/{decision}")).await;
        sheet.send(&sam, &[("hand", "ok"), ("reason", "qyes")]).await;
        sheet.send(&sam, &[("hand", "not-ok"), ("reason", "qwait")]).await;
        let page = site.get(&robin, &sheet.path).await;
        assert!(page.has("qwait") && !page.has("qyes"), "{}: {}", t.engine, page.body);
        // Somebody who sits down at the same device.
        sheet.send(&robin, &[("hand", "not-ok"), ("reason", "qwait")]).await;
        assert_eq!(site.get(&k_worker(&site, &k).await, &sheet.path).await.body.matches("qwait").count(), 2);
        // Back, and back again to the first choice: it may be late or meant, so nobody is told that it counts.
        sheet.send(&sam, &[("hand", "not-ok"), ("reason", "qwait")]).await;
        let late = [("form_id", sheet.form.as_str()), ("hand", "ok"), ("reason", "qyes")];
        let late = site.post(&sam, &sheet.path, &late).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}: {}", t.engine, late.body);
        assert!(late.has("qyes") && late.has("Open the page again"), "{}: {}", t.engine, late.body);
        assert!(!site.get(&robin, &sheet.path).await.has("qyes"), "{}", t.engine);

        let sheet = Sheet::open(&site, &sam, format!("/actions/{action}")).await;
        sheet.send(&sam, &[("answer", "yes"), ("why", "qgood")]).await;
        sheet.send(&sam, &[("answer", "no"), ("why", "qlate")]).await;
        let page = site.get(&k_worker(&site, &k).await, &sheet.path).await;
        assert!(page.has("qlate") && !page.has("qgood"), "{}: {}", t.engine, page.body);
        sheet.send(&sam, &[("answer", "yes"), ("why", "qgood")]).await;
        let page = site.get(&k_worker(&site, &k).await, &sheet.path).await;
        assert!(page.has("qgood") && !page.has("qlate"), "{}: {}", t.engine, page.body);
    }
}

async fn k_worker(site: &Site, k: &Talk) -> String {
    site.session(&k.worker).await
}

#[tokio::test]
async fn what_staff_write_and_what_shapes_a_design_is_not_lost_either() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Open, Checking::After).await;
        let (sam, worker) = (site.session(&k.sam).await, site.session(&k.worker).await);
        let parts = Sheet::open(&site, &sam, format!("/designs/{}/write", k.design)).await;
        for heading in ["qone", "qone", "qtwo"] {
            parts.send(&sam, &[("act", "add"), ("heading", heading)]).await;
        }
        let page = site.get("", &format!("/designs/{}", k.design)).await;
        let headings = |heading: &str| page.body.matches(&format!(">{heading}<!></h")).count();
        assert_eq!((headings("qone"), headings("qtwo")), (1, 1), "{}: {}", t.engine, page.body);
        let rename = format!("rename {}", k.first);
        for heading in ["qname", "qname", "qother"] {
            parts.send(&sam, &[("act", &rename), ("heading", heading)]).await;
        }
        let page = site.get("", &format!("/designs/{}", k.design)).await;
        assert!(page.has("qother") && !page.has("qname"), "{}: what was said last holds", t.engine);
        let back = [("form_id", parts.form.as_str()), ("act", &rename), ("heading", "qname")];
        assert_eq!(site.post(&sam, &parts.path, &back).await.status, StatusCode::CONFLICT, "{}", t.engine);

        let versions = Sheet::open(&site, &worker, format!("/designs/{}/versions", k.design)).await;
        for name in ["qdraft", "qdraft", "qfinal"] {
            versions.send(&worker, &[("version_name", name)]).await;
        }
        let all = t.service.list_versions(&k.worker, k.design).await.expect("listed").all;
        assert_eq!(all.len(), 2, "{}: the same twice is once, another name is another version", t.engine);

        let group = Sheet::open(&site, &worker, "/groups/new".to_owned()).await;
        let mut made = Vec::new();
        for name in ["First name", "First name", "Second name"] {
            made.push(group.send(&worker, &typed::group(name)).await.location().to_owned());
        }
        assert!(made[0] == made[1] && made[1] != made[2], "{}: {made:?}", t.engine);
    }
}
