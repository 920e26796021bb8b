//! Suggestions over HTTP: plain forms do everything, every word comes back, and changes are shown as words.

mod support;

use axum::http::StatusCode;
use domain::access::Who;
use domain::designs::Stage;
use domain::groups::{GroupRole, Visibility};
use domain::ids::{DesignId, SectionId};
use domain::people::Role;
use service::designs::{Draft, NewDesign};
use support::{Answer, Site};

const WORDS: &str = "The bus is late. Nobody <b>tells</b> us why.";
const LATE: &str = "0 The bus is late.";

struct House {
    robin: String,
    sam: String,
    lead: String,
    worker: String,
    robin_is: Who,
    design: DesignId,
    at: String,
    section: SectionId,
}

async fn house(site: &Site) -> House {
    let t = &site.test;
    let group = t.group("Youth Council", Visibility::Members).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let sam = t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    let worker = t.member("Wim", Role::Officer, group, GroupRole::Worker).await;
    t.workspace("buses", group, &lead, true).await;
    let sections = vec![Draft { heading: "The problem".to_owned(), words: WORDS.to_owned() }];
    let design = NewDesign { title: "Later buses", sections };
    let design = t.service.start_design(&robin, "buses", t.form(), design).await.expect("started");
    let view = t.service.view_design(&robin, design).await.expect("seen");
    House {
        robin: site.session(&robin).await,
        sam: site.session(&sam).await,
        lead: site.session(&lead).await,
        worker: site.session(&worker).await,
        robin_is: robin,
        design,
        at: format!("/designs/{design}/suggestions"),
        section: view.sections[0].id,
    }
}

impl House {
    /// Sends the page's own form, with these words in it.
    async fn send(&self, site: &Site, session: &str, fields: &[(&str, &str)]) -> Answer {
        let page = site.get(session, &format!("{}/new?section={}", self.at, self.section)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let (form, section) = (page.hidden("form_id"), page.hidden("section"));
        let mut all = vec![("form_id", form.as_str()), ("section", &section)];
        all.extend(fields);
        site.post(session, &format!("{}/new", self.at), &all).await
    }

    async fn sent(&self, site: &Site, session: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.send(site, session, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.location().to_owned()
    }

    async fn answer(&self, site: &Site, session: &str, at: &str, fields: &[(&str, &str)]) -> Answer {
        let page = site.get(session, at).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let (form, seen, near) = (page.hidden("form_id"), page.hidden("seen"), page.hidden("near"));
        let mut all = vec![("form_id", form.as_str()), ("act", "answer"), ("seen", &seen), ("near", &near)];
        all.extend(fields);
        site.post(session, at, &all).await
    }
}

#[tokio::test]
async fn a_suggestion_is_sent_read_and_accepted_with_plain_forms() {
    for site in support::all().await {
        let h = house(&site).await;
        let read = site.get(&h.robin, &format!("/designs/{}", h.design)).await;
        assert!(read.has(&format!("{}/new?section={}", h.at, h.section)), "{}", read.body);
        let fields = [("kind", "change"), ("picked", LATE), ("words", "It is <late>."), ("why", "Shorter & better.")];
        let one = h.sent(&site, &h.robin, &fields).await;
        let page = site.get(&h.lead, &one).await;
        assert!(page.has("It is &lt;late&gt;.") && page.has("Shorter &amp; better."), "{}", page.body);
        assert!(page.has("<ins>") && page.has("<del>") && page.has("added:") && page.has("removed:"), "{}", page.body);
        let list = site.get(&h.sam, &h.at).await;
        assert!(list.has(&one), "{}", list.body);
        let read = site.get(&h.sam, &format!("/designs/{}", h.design)).await;
        assert!(read.has("One suggestion waits"), "{}", read.body);
        let home = site.get(&h.lead, "/").await;
        assert!(home.has("Suggestions wait for your answer"), "{}", home.body);
        // A refused answer keeps its words; twice is once.
        let none = h.answer(&site, &h.lead, &one, &[("words", "Kept words"), ("reason", "Kept reason")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.has("Kept words") && none.has("Kept reason"), "{}", none.body);
        let yes = h.answer(&site, &h.lead, &one, &[("answer", "accept"), ("words", "It is <late>.")]).await;
        assert_eq!(yes.cookie("said").as_deref(), Some("suggestion-accepted"), "{}", yes.body);
        let read = site.get(&h.robin, &format!("/designs/{}", h.design)).await;
        assert!(read.has("It is &lt;late&gt;. Nobody"), "{}", read.body);
        let home = site.get(&h.robin, "/").await;
        assert!(home.has("Read what became of your suggestion"), "{}", home.body);
        let done = site.get(&h.robin, &one).await;
        assert!(done.has("What it changed") && done.has("Accepted"), "{}", done.body);
        let news = site.get(&h.sam, &format!("{}/news?since=0", h.at)).await;
        assert!(news.has("data-into=\"suggestions-new\"") && news.has(&one), "{}", news.body);
    }
}

#[tokio::test]
async fn a_refused_form_keeps_every_word_and_shows_what_is_alike() {
    for site in support::all().await {
        let h = house(&site).await;
        let fields =
            [("kind", "change"), ("picked", "other"), ("exact", "Kept exact"), ("words", "Kept words"), ("why", "")];
        let refused = h.send(&site, &h.robin, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("Kept exact") && refused.has("Kept words"), "{}", refused.body);
        assert!(refused.has("href=\"#field-exact\"") && refused.has("href=\"#field-why\""), "{}", refused.body);
        let fields = [("kind", "change"), ("picked", LATE), ("words", "The bus came late."), ("why", "It did.")];
        let one = h.sent(&site, &h.robin, &fields).await;
        let fields = [("kind", "remove"), ("picked", LATE), ("words", ""), ("why", "Everybody knows.")];
        let alike = h.send(&site, &h.sam, &fields).await;
        assert_eq!(alike.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            alike.has(&one) && alike.has("Everybody knows.") && alike.has("href=\"#field-similar\""),
            "{}",
            alike.body
        );
        assert!(alike.has("id=\"field-similar\"") && alike.has("Send mine too"), "{}", alike.body);
        let (form, section, shown) = (alike.hidden("form_id"), alike.hidden("section"), alike.hidden("shown"));
        let mut all = vec![("form_id", form.as_str()), ("section", &section), ("shown", &shown)];
        all.extend(fields);
        let too = site.post(&h.sam, &format!("{}/new", h.at), &all).await;
        assert_eq!(too.status, StatusCode::SEE_OTHER, "{}", too.body);
        // Support instead.
        let page = site.get(&h.sam, &one).await;
        let form = page.hidden("form_id");
        let want = site.post(&h.sam, &one, &[("form_id", &form), ("act", "support")]).await;
        assert_eq!(want.cookie("said").as_deref(), Some("suggestion-supported"), "{}", want.body);
        assert!(site.get(&h.lead, &one).await.has("Who wants this too:"));
    }
}

#[tokio::test]
async fn locked_words_and_an_ended_session_keep_what_was_typed() {
    for site in support::all().await {
        let h = house(&site).await;
        let fields = [("kind", "change"), ("picked", LATE), ("words", "Kept words"), ("why", "Kept why")];
        let one = h.sent(&site, &h.robin, &fields).await;
        let page = site.get(&h.lead, &one).await;
        let (form, seen) = (page.hidden("form_id"), page.hidden("seen"));
        let nobody = site.post("", &format!("{}/new", h.at), &fields).await;
        assert_eq!(nobody.status, StatusCode::NOT_FOUND, "the group is not known outside");
        let mut tx = site.test.service.store().write().await.expect("a transaction");
        let now = site.test.now();
        store::designs::set_stage(&mut tx, h.design, Stage::Drafting, Stage::Voting, now).await.expect("moved");
        tx.commit().await.expect("committed");
        let section = h.section.to_string();
        let mut all = vec![("form_id", "x"), ("section", &section)];
        all.extend([("kind", "remove"), ("picked", LATE), ("words", "Kept words"), ("why", "Another why")]);
        let locked = site.post(&h.sam, &format!("{}/new", h.at), &all).await;
        assert_eq!(locked.status, StatusCode::CONFLICT, "{}", locked.body);
        assert!(locked.has("Another why") && locked.has("The words are locked now"), "{}", locked.body);
        let yes = [("form_id", form.as_str()), ("seen", &seen), ("answer", "accept-changed"), ("words", "Kept too")];
        let locked = site.post(&h.lead, &one, &yes).await;
        assert_eq!(locked.status, StatusCode::CONFLICT, "{}", locked.body);
        assert!(locked.has("Kept too"), "{}", locked.body);
        assert!(site.get(&h.lead, &one).await.has("You can still say no"), "the page says so");
    }
}

#[tokio::test]
async fn the_author_looks_again_keeps_changes_or_takes_back() {
    for site in support::all().await {
        let h = house(&site).await;
        let fields = [("kind", "change"), ("picked", LATE), ("words", "It is late."), ("why", "Shorter.")];
        let one = h.sent(&site, &h.robin, &fields).await;
        let base = site.test.service.view_design(&h.robin_is, h.design).await.expect("seen").base.to_string();
        let form = site.test.form();
        let write =
            site.test.service.write_section(&h.robin_is, h.design, h.section, form, &base, "The bus was late.").await;
        write.expect("written");
        let page = site.get(&h.robin, &one).await;
        assert!(page.has("What it said when you wrote") && page.has("What it says now"), "{}", page.body);
        assert!(site.get(&h.lead, &one).await.has("looks at it again"));
        let form = page.hidden("form_id");
        let keep = site.post(&h.robin, &one, &[("form_id", &form), ("act", "keep")]).await;
        assert_eq!(keep.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", keep.body);
        let edit = [
            ("form_id", form.as_str()),
            ("act", "edit"),
            ("kind", "change"),
            ("picked", "0 The bus was late."),
            ("words", "It was late."),
            ("why", "Still shorter."),
        ];
        let edited = site.post(&h.robin, &one, &edit).await;
        assert_eq!(edited.cookie("said").as_deref(), Some("suggestion-changed"), "{}", edited.body);
        let no = h.answer(&site, &h.lead, &one, &[("answer", "not-accept"), ("reason", "It is fine.")]).await;
        assert_eq!(no.cookie("said").as_deref(), Some("suggestion-not-accepted"), "{}", no.body);
        let page = site.get(&h.robin, &one).await;
        assert!(page.has("It is fine.") && page.has("Make it an idea of its own"), "{}", page.body);
        let form = page.hidden("form_id");
        let idea = site.post(&h.robin, &one, &[("form_id", &form), ("act", "idea"), ("idea", "Say it in red.")]).await;
        assert_eq!(idea.cookie("said").as_deref(), Some("suggestion-idea"), "{}", idea.body);
        let talk = site.get(&h.sam, &format!("/designs/{}/comments", h.design)).await;
        assert!(talk.has("Say it in red.") && talk.has("Read the suggestion") && talk.has(&one), "{}", talk.body);
        let two =
            h.sent(&site, &h.sam, &[("kind", "add"), ("picked", "whole"), ("words", "More."), ("why", "Yes.")]).await;
        let back = site.post(&h.sam, &two, &[("form_id", "x"), ("act", "withdraw")]).await;
        assert_eq!(back.cookie("said").as_deref(), Some("suggestion-withdrawn"), "{}", back.body);
        assert_eq!(site.get(&h.lead, &two).await.status, StatusCode::NOT_FOUND);
        assert!(site.get(&h.sam, &two).await.has("Only you can read it"));
        // Where words are checked first, nobody is told that the reason is read already.
        let fields = [("kind", "add"), ("picked", "whole"), ("words", "Even more."), ("why", "Yes.")];
        let three = h.sent(&site, &h.sam, &fields).await;
        let (name, purpose) = (("name", "Youth Council"), ("purpose", "We meet."));
        let rest = [("visibility", "members"), ("checking", "hold-all"), ("threshold", "5")];
        let fields: Vec<_> = [("form_id", "y"), name, purpose].into_iter().chain(rest).collect();
        let changed = site.post(&h.worker, "/groups/youth-council/settings", &fields).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
        let no = h.answer(&site, &h.lead, &three, &[("answer", "not-accept"), ("reason", "It is long.")]).await;
        assert_eq!(no.cookie("said").as_deref(), Some("suggestion-not-accepted-held"), "{}", no.body);
        assert!(!site.get(&h.sam, &three).await.has("It is long."));
    }
}

#[tokio::test]
async fn who_decides_stands_on_the_workspace_and_is_changed_there() {
    for site in support::all().await {
        let h = house(&site).await;
        let page = site.get(&h.robin, "/workspaces/buses").await;
        assert!(page.has("Who decides about suggestions") && !page.has("Change who decides"), "{}", page.body);
        let page = site.get(&h.worker, "/workspaces/buses").await;
        let form = page.hidden("form_id");
        let none = site.post(&h.worker, "/workspaces/buses", &[("form_id", &form), ("deciders", "me")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", none.body);
        let set = site.post(&h.worker, "/workspaces/buses", &[("form_id", &form), ("deciders", "two")]).await;
        assert_eq!(set.cookie("said").as_deref(), Some("deciders-set"), "{}", set.body);
        let one =
            h.sent(&site, &h.robin, &[("kind", "remove"), ("picked", LATE), ("words", ""), ("why", "Old news.")]).await;
        let first = h.answer(&site, &h.sam, &one, &[("answer", "accept")]).await;
        assert_eq!(first.cookie("said").as_deref(), Some("suggestion-answered"), "{}", first.body);
        let second = h.answer(&site, &h.worker, &one, &[("answer", "accept")]).await;
        assert_eq!(second.cookie("said").as_deref(), Some("suggestion-accepted"), "{}", second.body);
    }
}

#[tokio::test]
async fn a_worker_checks_suggestions_from_the_queue() {
    for site in support::all().await {
        let h = house(&site).await;
        let one =
            h.sent(&site, &h.robin, &[("kind", "remove"), ("picked", LATE), ("words", ""), ("why", "Old news.")]).await;
        let queue = site.get(&h.worker, "/moderation").await;
        assert!(queue.has("Suggestions that people see already") && queue.has("Old news."), "{}", queue.body);
        let check = format!("{one}/check");
        let page = site.get(&h.worker, &check).await;
        let (form, seen) = (page.hidden("form_id"), page.hidden("seen"));
        let none = site.post(&h.worker, &check, &[("form_id", &form), ("act", "take-away"), ("seen", &seen)]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", none.body);
        let fields =
            [("form_id", form.as_str()), ("act", "take-away"), ("seen", &seen), ("reason", "A name is in it.")];
        let away = site.post(&h.worker, &check, &fields).await;
        assert_eq!(away.cookie("said").as_deref(), Some("words-taken-away"), "{}", away.body);
        assert_eq!(site.get(&h.sam, &one).await.status, StatusCode::NOT_FOUND);
        assert!(site.get(&h.robin, &one).await.has("A name is in it."));
    }
}
