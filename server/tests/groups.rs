//! Groups, workspaces, the promise and the home page, over HTTP, from the pages' own forms.

mod support;

use axum::http::StatusCode;
use domain::groups::{GroupRole, Visibility};
use domain::people::Role;
use support::{Answer, Site};

const OK: StatusCode = StatusCode::OK;
const SEE: StatusCode = StatusCode::SEE_OTHER;
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const MISSING: StatusCode = StatusCode::NOT_FOUND;

fn is(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(!answer.has("⟦"), "a message is missing: {}", answer.body);
}

#[tokio::test]
async fn an_officer_makes_a_group_and_every_typed_word_survives_a_mistake() {
    for site in support::all().await {
        let officer = site.test.person("Officer", Role::Officer).await;
        let robin = site.test.person("Robin", Role::YoungPerson).await;
        let session = site.session(&officer).await;
        let page = site.get(&session, "/groups/new").await;
        is(&page, OK);
        let form_id = page.hidden("form_id");
        let mut fields = vec![
            ("form_id", form_id.as_str()),
            ("name", ""),
            ("purpose", "We <b>look</b> after buses."),
            ("kind", "children-in-care"),
            ("visibility", "usual"),
            ("checking", "usual"),
            ("colour", "teal"),
            ("symbol", "1F68C"),
        ];
        let answer = site.post(&session, "/groups/new", &fields).await;
        is(&answer, REFUSED);
        assert!(
            answer.has("We &lt;b&gt;look&lt;/b&gt; after buses.") && answer.has("<title>Error: "),
            "{}",
            answer.body
        );
        assert!(answer.has("href=\"#field-name\""), "the summary leads to the field");
        fields[1] = ("name", "Voices");
        let answer = site.post(&session, "/groups/new", &fields).await;
        is(&answer, SEE);
        let people = answer.location().to_owned();
        let again = site.post(&session, "/groups/new", &fields).await;
        assert_eq!(again.location(), people, "sent twice is once");
        assert!(people.starts_with("/groups/voices-") && people.ends_with("/people"), "{people}");
        let group = people.trim_end_matches("/people").to_owned();

        // Only its worker knows of it now.
        is(&site.get(&session, &group).await, OK);
        let outsider = site.session(&robin).await;
        for path in ["", "/people", "/settings"] {
            is(&site.get(&outsider, &format!("{group}{path}")).await, MISSING);
            is(&site.get("", &format!("{group}{path}")).await, MISSING);
        }
        is(&site.post(&outsider, &people, &[("act", "add"), ("person", "x"), ("role", "lead")]).await, MISSING);
        assert!(!site.get(&outsider, "/groups").await.has("Voices"));

        let id = robin.id().expect("id").to_string();
        let refused = site.post(&session, &people, &[("act", "add"), ("person", &id), ("role", "worker")]).await;
        is(&refused, REFUSED);
        assert!(refused.has("Only people who work for the council"), "{}", refused.body);
        is(&site.post(&session, &people, &[("act", "add"), ("person", &id), ("role", "member")]).await, SEE);
        let page = site.get(&outsider, &group).await;
        is(&page, OK);
        assert!(page.has("Robin") && page.has("Officer"), "names inside");
        assert!(!page.has("/settings\""), "a member sees no settings");

        let page = site.get(&session, &format!("{people}?person={id}")).await;
        is(&page, OK);
        assert!(page.has("Take Robin out"), "{}", page.body);
        let me = officer.id().expect("id").to_string();
        let refused = site.post(&session, &people, &[("act", "out"), ("person", &me)]).await;
        is(&refused, REFUSED);
        assert!(refused.has("A group needs a worker"), "{}", refused.body);
        is(&site.post(&session, &people, &[("act", "out"), ("person", &id)]).await, SEE);
        is(&site.get(&outsider, &group).await, MISSING);

        let settings = format!("{group}/settings");
        is(&site.get(&session, &settings).await, OK);
        let typed = [
            ("name", "Voices"),
            ("purpose", "New words"),
            ("visibility", "hidden"),
            ("checking", "after"),
            ("threshold", "3"),
        ];
        let refused = site.post(&session, &settings, &typed).await;
        is(&refused, REFUSED);
        assert!(refused.has("from 10 to 100") && refused.has("New words"), "{}", refused.body);
    }
}

#[tokio::test]
async fn outsiders_of_a_members_group_read_its_purpose_and_no_name_and_nobody_signed_in_is_asked_to() {
    for site in support::all().await {
        let group = site.test.group("Forum", Visibility::Members).await;
        site.test.member("Zebedee", Role::YoungPerson, group, GroupRole::Member).await;
        let page = site.get("", "/groups/forum").await;
        is(&page, OK);
        assert!(page.has("We look after one thing together.") && !page.has("Zebedee"), "{}", page.body);
        is(&site.get("", "/groups/nothing").await, MISSING);
        let page = site.get("", "/groups/new").await;
        assert_eq!((page.status, page.location()), (SEE, "/sign-in?next=%2Fgroups%2Fnew"));
        let robin = site.test.person("Robin", Role::YoungPerson).await;
        is(&site.get(&site.session(&robin).await, "/groups/new").await, StatusCode::FORBIDDEN);
    }
}

async fn lines(site: &Site, session: &str, slug: &str) -> Vec<(&'static str, String)> {
    let page = site.get(session, &format!("/workspaces/{slug}/promise")).await;
    is(&page, OK);
    vec![("form_id", page.hidden("form_id")), ("act", "agree".to_owned()), ("read", page.hidden("read"))]
}

#[tokio::test]
async fn a_workspace_goes_from_its_form_to_an_agreed_promise_without_scripts() {
    for site in support::all().await {
        let t = &site.test;
        let group = t.group("Youth Council", Visibility::Members).await;
        let worker = t.member("Worker", Role::Officer, group, GroupRole::Worker).await;
        let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
        let (worker, robin) = (site.session(&worker).await, site.session(&robin).await);
        is(&site.get(&robin, "/workspaces/new?group=youth-council").await, StatusCode::FORBIDDEN);
        let page = site.get(&worker, "/workspaces/new?group=youth-council").await;
        is(&page, OK);
        let form_id = page.hidden("form_id");
        let fields = [
            ("form_id", form_id.as_str()),
            ("title", "Buses we can use"),
            ("summary", "Buses that stop where we are."),
            ("groups", "youth-council"),
            ("template", "service"),
            ("symbol", "1F68C"),
        ];
        let refused = site.post(&worker, "/workspaces/new", &fields).await;
        is(&refused, REFUSED);
        assert!(refused.has("This needs two workers") && refused.has("value=\"Buses we can use\""), "{}", refused.body);
        t.member("Second", Role::Officer, group, GroupRole::Worker).await;
        let opened = site.post(&worker, "/workspaces/new", &fields).await;
        is(&opened, SEE);
        let write = opened.location().to_owned();
        let slug = write.split('/').nth(2).expect("its address").to_owned();
        let home = site.get(&worker, "/").await;
        is(&home, OK);
        assert!(home.has("Hello Worker. One thing needs you."), "{}", home.body);

        is(&site.get(&robin, &write).await, StatusCode::FORBIDDEN);
        is(&site.get(&worker, &write).await, OK);
        let mut typed = vec![
            ("what_for", "Better buses"),
            ("can_change", "Nothing"),
            ("cannot_change", "The price"),
            ("who_decides", "The board"),
            ("money", "None"),
            ("hear_when", ""),
        ];
        let refused = site.post(&worker, &write, &typed).await;
        is(&refused, REFUSED);
        assert!(refused.has("Better buses") && refused.has("Very little can change here"), "words kept, and a warning");
        typed[5] = ("hear_when", "In March");
        is(&site.post(&worker, &write, &typed).await, SEE);
        assert!(site.get(&worker, &format!("/workspaces/{slug}/promise")).await.has("Very little can change here"));
        let home = site.get(&robin, "/").await;
        assert!(home.has("Hello Robin. One thing needs you.") && home.has("Buses we can use"), "{}", home.body);

        let old = lines(&site, &robin, &slug).await;
        t.pass(1);
        typed[1] = ("can_change", "The times, the stops and the signs.");
        is(&site.post(&worker, &write, &typed).await, SEE);
        let path = format!("/workspaces/{slug}/promise");
        let send = async |fields: Vec<(&'static str, String)>| {
            let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            site.post(&robin, &path, &fields).await
        };
        is(&send(old).await, StatusCode::CONFLICT);
        let agreed = send(lines(&site, &robin, &slug).await).await;
        assert_eq!((agreed.status, agreed.location()), (SEE, format!("/workspaces/{slug}").as_str()));
        let page = site.get(&robin, &format!("/workspaces/{slug}")).await;
        is(&page, OK);
        assert!(page.has("Agreed by the group") && page.has("/designs/new?workspace="), "{}", page.body);
        let page = site.get(&robin, &path).await;
        assert!(page.has("You agreed.") && page.has("fewer than 5"), "{}", page.body);

        // Outside: nothing of it is there, in any of its pages.
        let outsider = site.session(&t.person("Outsider", Role::Administrator).await).await;
        for path in [format!("/workspaces/{slug}"), path.clone(), write.clone(), "/workspaces/nothing".to_owned()] {
            is(&site.get(&outsider, &path).await, MISSING);
            is(&site.get("", &path).await, MISSING);
        }
        is(&site.post(&outsider, &path, &[("act", "agree"), ("read", "0")]).await, MISSING);
        let list = site.get(&outsider, "/workspaces").await;
        is(&list, OK);
        assert!(!list.has("Buses we can use"));
        assert!(site.get(&robin, "/workspaces").await.has("Buses we can use"));
        let home = site.get(&robin, "/").await;
        assert!(home.has("Nothing needs you now.") && home.has("1 workspace"), "{}", home.body);
    }
}

#[tokio::test]
async fn a_form_written_before_the_session_ended_comes_back_to_the_page_it_was_for() {
    for site in support::all().await {
        let t = &site.test;
        let group = t.group("Youth Council", Visibility::Open).await;
        let worker = t.member("Worker", Role::Officer, group, GroupRole::Worker).await;
        let session = site.session(&worker).await;
        for (path, field) in
            [("/groups/new", "name"), ("/workspaces/new", "title"), ("/groups/youth-council/settings", "name")]
        {
            let words = [(field.to_owned(), "Kept words".to_owned())];
            let id = t.service.keep_form(worker.id().expect("id"), path, &words).await.expect("kept");
            let page = site.get(&session, &format!("{path}?kept={id}")).await;
            is(&page, OK);
            assert!(page.has("value=\"Kept words\""), "{path}: {}", page.body);
        }
        is(&site.get("", "/").await, OK);
        assert!(site.get("", "/").await.has("Youth Council"), "open groups stand on the front page");
    }
}
