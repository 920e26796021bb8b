//! Versions as pages: every switch is a plain link, what came and went is said in words, and a version comes back by a form.

mod support;

use axum::http::StatusCode;
use domain::access::Who;
use domain::groups::{GroupRole, Visibility};
use domain::ids::DesignId;
use domain::moment::Moment;
use domain::people::Role;
use service::designs::suggestions::{TypedAnswer, TypedSuggestion};
use service::designs::{Draft, NewDesign};
use support::{Answer, Site};

struct House {
    robin_is: Who,
    lead_is: Who,
    robin: String,
    lead: String,
    worker: String,
    design: DesignId,
    at: String,
}

async fn house(site: &Site) -> House {
    let t = &site.test;
    let group = t.group("Youth Council", Visibility::Members).await;
    let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
    t.member("Ada", Role::Officer, group, GroupRole::Worker).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    let slug = t.agreed(&worker, "youth-council", &[&robin, &lead]).await;
    let draft = |h: &str, w: &str| Draft { heading: h.to_owned(), words: w.to_owned() };
    let sections = vec![draft("The problem", "The old bus is <late> & full."), draft("Our idea", "A tram.")];
    let design = t.service.start_design(&robin, &slug, t.form(), NewDesign { title: "Later buses", sections }).await;
    let design = design.expect("started");
    let at = format!("/designs/{design}");
    House {
        robin: site.session(&robin).await,
        lead: site.session(&lead).await,
        worker: site.session(&worker).await,
        robin_is: robin,
        lead_is: lead,
        design,
        at,
    }
}

impl House {
    /// Saves the first section by the page's own form.
    async fn save(&self, site: &Site, words: &str) {
        let write = format!("{}/write", self.at);
        let page = site.get(&self.robin, &write).await;
        let (form, base) = (page.hidden("form_id"), page.hidden("base"));
        let act =
            page.body.split("value=\"save ").nth(1).and_then(|r| r.split('"').next()).expect("a section").to_owned();
        let act = format!("save {act}");
        let fields = [("form_id", form.as_str()), ("act", &act), ("base", &base), ("words", words)];
        let saved = site.post(&self.robin, &write, &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    }

    async fn version(&self, site: &Site, name: &str, why: &str) -> Answer {
        let at = format!("{}/versions", self.at);
        let form = site.get(&self.robin, &at).await.hidden("form_id");
        site.post(&self.robin, &at, &[("form_id", &form), ("version_name", name), ("why", why)]).await
    }
}

#[tokio::test]
async fn what_changed_is_read_with_plain_links() {
    for site in support::all().await {
        let h = house(&site).await;
        let refused = h.version(&site, " ", "Because & so").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("Write a name for this version") && refused.has("Because &amp; so"), "{}", refused.body);
        assert_eq!(
            h.version(&site, "First <one>", "So that we all read the same.").await.status,
            StatusCode::SEE_OTHER
        );
        site.test.pass(Moment::MINUTE);
        h.save(&site, "The new bus is <late> & full.").await;
        assert_eq!(h.version(&site, "Second", "").await.status, StatusCode::SEE_OTHER);
        let list = site.get(&h.robin, &format!("{}/versions", h.at)).await;
        assert!(list.has("Version 1: First &lt;one&gt;") && list.has("So that we all read the same."), "{}", list.body);
        assert!(list.has("What changed since I last read it") && !list.has("How much young people wrote"));
        let two = format!("{}/versions/2", h.at);
        for (show, has, hasnt) in [
            ("", "The new bus", "The old bus"),
            ("?show=final", "The new bus", "The old bus"),
            ("?show=before", "The old bus", "The new bus"),
            ("?show=nonsense", "The new bus", "The old bus"),
        ] {
            let page = site.get(&h.robin, &format!("{two}{show}")).await;
            assert!(page.has(has) && !page.has(hasnt), "{show}: {}", page.body);
            assert_eq!(page.body.matches("aria-current=\"true\"").count(), 1, "{show}");
        }
        let compare = format!("{}/versions/compare", h.at);
        for asked in [format!("{two}?show=changes"), format!("{compare}?from=1&to=2"), format!("{compare}?from=1")] {
            let page = site.get(&h.robin, &asked).await;
            assert_eq!(page.status, StatusCode::OK, "{asked}");
            let text = page.body.replace("<!>", "").replace("<!---->", "");
            assert!(text.contains("> removed: </span>old<span"), "{asked}: {text}");
            assert!(text.contains("> added: </span>new<span"), "{asked}: {text}");
            assert!(page.has("bus is &lt;late&gt; &amp; full."), "{asked}: typed signs are signs");
            assert!(page.has("Changed by Robin on") && page.has("These parts are the same"), "{asked}: {}", page.body);
        }
        let none = site.get(&h.robin, &format!("{compare}?from=xMARKx")).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
        // The reading page says it after a while, once somebody else wrote.
        site.get(&h.lead, &h.at).await;
        site.test.pass(31 * Moment::MINUTE);
        h.save(&site, "The newest bus is <late> & full.").await;
        // Home leads to this change, also whoever never was here, until they have read it.
        let card = |page: &Answer| {
            let (_, rest) = page.body.split_once(&format!("{compare}?from=since-")).expect("a card");
            format!("{compare}?from=since-{}", rest.split('"').next().expect("an address"))
        };
        let cards = [card(&site.get(&h.lead, "/").await), card(&site.get(&h.worker, "/").await)];
        let page = site.get(&h.lead, &h.at).await;
        assert!(page.has("Others have changed this since you last read it"), "{}", page.body);
        assert!(page.has(&format!("{compare}?from=last")));
        // The address goes on leading there, while they are still here.
        for (who, card) in [(&h.lead, &cards[0]), (&h.worker, &cards[1]), (&h.lead, &cards[0])] {
            let text = site.get(who, card).await.body.replace("<!>", "").replace("<!---->", "");
            assert!(text.contains("> added: </span>newest<span"), "{text}");
            assert!(!site.get(who, "/").await.has("from=since-"), "it is read");
        }
        // Whoever was never here before and asks for what is new reads it since the last version.
        let first = site.get(&h.worker, &format!("{compare}?from=last")).await;
        assert!(!first.has("There is nothing older"), "{}", first.body);
        assert_eq!(site.get(&h.lead, &format!("{compare}?from=since-x")).await.status, StatusCode::NOT_FOUND);
        let officer = site.get(&h.worker, &format!("{}/versions", h.at)).await;
        assert!(officer.has("Young people who wrote: fewer than 5"), "{}", officer.body);
        assert!(officer.has("Too few people wrote"));
    }
}

#[tokio::test]
async fn words_that_came_from_a_suggestion_say_so_and_lead_to_it() {
    for site in support::all().await {
        let h = house(&site).await;
        h.version(&site, "First", "").await;
        let (t, service) = (&site.test, &site.test.service);
        t.pass(Moment::MINUTE);
        let section = service.view_design(&h.robin_is, h.design).await.expect("seen").sections[0].id.to_string();
        let typed = TypedSuggestion {
            section: &section,
            kind: "change",
            picked: "whole",
            exact: "",
            words: "A tram on rails.",
            why: "Rails are <quiet>.",
            seen: "",
        };
        let sent = service.suggest(&h.robin_is, h.design, t.form(), typed).await.expect("sent").id;
        let seen = service.suggestion(&h.lead_is, h.design, sent).await.expect("seen").words_at;
        let typed = TypedAnswer { answer: "accept", words: "", others: "keep", near: "", reason: "", seen };
        service.answer_suggestion(&h.lead_is, h.design, sent, t.form(), typed).await.expect("answered");
        let one = format!("{}/suggestions/{sent}", h.at);
        let page = site.get(&h.robin, &format!("{}/versions/compare?from=1", h.at)).await;
        assert!(page.has("Robin suggested words. Lee accepted them on") && page.has(&one), "{}", page.body);
        assert!(page.has("Rails are &lt;quiet&gt;."), "{}", page.body);
    }
}

#[tokio::test]
async fn a_version_comes_back_by_a_form_that_says_what_will_change() {
    for site in support::all().await {
        let h = house(&site).await;
        h.version(&site, "First", "").await;
        h.save(&site, "Everything is new.").await;
        let one = format!("{}/versions/1", h.at);
        assert!(!site.get(&h.robin, &one).await.has("/restore"), "a member cannot");
        assert!(site.get(&h.lead, &one).await.has(&format!("{one}/restore")));
        let restore = format!("{one}/restore");
        let page = site.get(&h.lead, &restore).await;
        assert!(page.has("This is what will change.") && page.has("Nothing gets lost"), "{}", page.body);
        let (form, seen) = (page.hidden("form_id"), page.hidden("seen"));
        // Somebody writes meanwhile: nothing is taken back that the page did not show.
        site.test.pass(Moment::MINUTE);
        h.save(&site, "Everything is newer.").await;
        let late = site.post(&h.lead, &restore, &[("form_id", &form), ("seen", &seen)]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.has("Somebody wrote in this design after you opened the page"), "{}", late.body);
        let page = site.get(&h.lead, &restore).await;
        let fields = [("form_id", page.hidden("form_id")), ("seen", page.hidden("seen"))];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        for _ in 0..2 {
            let done = site.post(&h.lead, &restore, &fields).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        }
        let read = site.get(&h.robin, &h.at).await;
        assert!(read.has("The old bus is &lt;late&gt; &amp; full."), "{}", read.body);
        let list = site.get(&h.robin, &format!("{}/versions", h.at)).await;
        assert!(list.has("Version 2: Before version 1 came back") && list.has("Version 3: Version 1 again"));
        assert!(!list.has("Version 4"), "twice is once: {} {}", h.design, list.body);
        // What was there is there to be read.
        assert!(site.get(&h.robin, &format!("{}/versions/2", h.at)).await.has("Everything is newer."));
    }
}

#[tokio::test]
async fn the_page_of_steps_says_what_checking_asks_for() {
    for site in support::all().await {
        let h = house(&site).await;
        let page = site.get(&h.lead, &format!("{}/stage", h.at)).await;
        assert!(page.has("The group agreed the promise.") && page.has("Each part has words"), "{}", page.body);
        assert!(page.has("None yet") && page.has("There is no easy read of this design"));
        h.save(&site, "").await;
        let page = site.get(&h.lead, &format!("{}/stage", h.at)).await;
        assert!(page.has("Some parts have no words.") && page.has("These parts have no words yet"), "{}", page.body);
    }
}
