//! The demo: it fills an empty database once, everybody it prints can sign in, and what it prints about groups is true.

mod support;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::access::Who;
use domain::actions::ActionStatus;
use domain::designs::Stage;
use domain::moment::Moment;
use server::demo::{self, DemoPerson};
use service::actions::{PublicFilter, PublicLine};
use support::Site;

async fn filled(site: &Site) -> Vec<DemoPerson> {
    let people = demo::fill_if_empty(&site.test.service, &|_| {}).await;
    people.unwrap_or_else(|e| panic!("{}: {e}", site.test.engine)).expect("an empty database")
}

/// Signs in with what was printed, from a place of one's own each, so that no limit is met.
async fn sign_in(site: &Site, person: &DemoPerson) -> String {
    let fields: Vec<(&str, &str)> = match (&person.code, &person.pictures) {
        (Some(code), Some([a, b, c])) => vec![("code", code), ("picture1", a), ("picture2", b), ("picture3", c)],
        _ => vec![
            ("name", person.sign_in_name.as_deref().expect("staff have a sign-in name")),
            ("password", person.password.as_deref().expect("staff have a password")),
        ],
    };
    let answer = site.post("", "/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}: {}", person.name, answer.body);
    answer.cookie("session").unwrap_or_else(|| panic!("{} has no session", person.name))
}

#[tokio::test]
async fn everybody_it_prints_can_sign_in_and_sees_the_groups_it_prints() {
    for site in support::all().await {
        let people = filled(&site).await;
        assert!(people.len() >= 50, "{}", people.len());
        let json = serde_json::to_string(&people).expect("JSON");
        assert_eq!(serde_json::from_str::<Vec<DemoPerson>>(&json).expect("read back"), people);
        for role in domain::people::Role::ALL {
            assert!(people.iter().any(|p| p.role == role.name()), "nobody is {role}");
        }
        for person in &people {
            let session = sign_in(&site, person).await;
            let home = site.get(&session, "/").await;
            assert_eq!(home.status, StatusCode::OK, "{}: {}", person.name, home.location());
            if let Some(link) = &person.card {
                let opened = site.post("", link, &[]).await;
                assert!(opened.cookie("session").is_some(), "{}: the link of the card", person.name);
            }
            for group in &person.groups {
                let page = site.get(&session, &format!("/groups/{}", group.slug)).await;
                assert_eq!(page.status, StatusCode::OK, "{} in {}", person.name, group.name);
            }
        }
        let groups: BTreeSet<_> =
            people.iter().flat_map(|p| &p.groups).map(|g| (&g.slug, g.visibility.as_str())).collect();
        assert_eq!(groups.len(), 9);
        for (slug, visibility) in groups {
            let outside = site.get("", &format!("/groups/{slug}")).await.status;
            let wanted = if visibility == "hidden" { StatusCode::NOT_FOUND } else { StatusCode::OK };
            assert_eq!(outside, wanted, "{slug} is {visibility}");
        }
    }
}

#[tokio::test]
async fn a_database_in_use_is_left_as_it_is() {
    let site = support::sqlite().await;
    site.test.person("Robin", domain::people::Role::YoungPerson).await;
    let second = demo::fill_if_empty(&site.test.service, &|_| {}).await.expect("asked");
    assert!(second.is_none());
    assert!(site.test.service.list_groups(&Who::nobody()).await.expect("asked").is_empty());
}

#[tokio::test]
async fn half_a_demo_is_never_taken_for_one() {
    for site in support::all().await {
        let service = &site.test.service;
        // It stops at its first word, as when somebody presses Ctrl-C.
        let stopped = async {
            let stop = std::sync::atomic::AtomicBool::new(false);
            let words = |_: &str| stop.store(true, std::sync::atomic::Ordering::SeqCst);
            let mut filling = Box::pin(demo::fill_if_empty(service, &words));
            std::future::poll_fn(|cx| {
                let _ = filling.as_mut().poll(cx);
                match stop.load(std::sync::atomic::Ordering::SeqCst) {
                    true => std::task::Poll::Ready(()),
                    false => std::task::Poll::Pending,
                }
            })
            .await;
        };
        stopped.await;
        let again = demo::fill_if_empty(service, &|_| {}).await.expect_err("it is not whole");
        assert!(again.contains("start again"), "{}: {again}", site.test.engine);
    }
}

#[tokio::test]
async fn it_is_the_same_in_every_run_and_nothing_in_it_is_ahead_of_the_clock() {
    let (one, two) = (support::sqlite().await, support::sqlite().await);
    assert_eq!(filled(&one).await, filled(&two).await);
    let service = &one.test.service;
    let mut tx = service.store().read().await.expect("a transaction");
    for row in store::audit::after(&mut tx, 0, 5000).await.expect("rows") {
        assert!(row.made_at < one.test.now(), "{}", row.verb);
        assert!(row.made_at > one.test.now().plus(-366 * Moment::DAY), "{}", row.verb);
    }
    drop(tx);
    assert!(matches!(service.check_audit().await.expect("checked"), service::audit::Chain::Whole(n) if n > 100));
}

#[tokio::test]
async fn every_stage_and_every_state_is_there() {
    for site in support::all().await {
        let people = filled(&site).await;
        let service = &site.test.service;
        let mut stages = BTreeSet::new();
        let mut waiting = 0;
        for name in ["Dev", "Nell", "Theo", "Sal", "Hannah", "Lorna"] {
            let staff = people.iter().find(|p| p.name == name).expect("a worker");
            let session = sign_in(&site, staff).await;
            let who = service.visit(Some(&session)).await.expect("asked").who;
            for card in service.list_workspaces(&who).await.expect("a list") {
                let view = service.view_workspace(&who, &card.slug).await.expect("a workspace");
                stages.extend(view.designs.iter().map(|d| d.stage));
                let promise = service.view_promise(&who, &card.slug).await.expect("a promise").promise;
                waiting += usize::from(!promise.expect("written").standing.is_agreed());
            }
        }
        assert_eq!(stages.len(), Stage::ALL.len(), "{}: {stages:?}", site.test.engine);
        assert!(waiting > 0, "one promise still waits to be agreed");
        let mut lines: Vec<PublicLine> = Vec::new();
        for page in 1.. {
            let filter = PublicFilter { page, ..PublicFilter::default() };
            let found = service.you_said_we_did(&Who::nobody(), &filter).await.expect("a list");
            lines.extend(found.lines);
            if !found.more {
                break;
            }
        }
        let states: BTreeSet<_> = lines.iter().map(|l| l.line.status).collect();
        assert_eq!(states, ActionStatus::ALL.iter().copied().collect(), "every state of an action is in public");
        assert!(lines.iter().any(|l| l.line.weeks_late > 0), "one is late");
        // As people see it: the list of each state has lines, each with that state's own words in its tag.
        for status in ActionStatus::ALL {
            let page = site.get("", &format!("/you-said-we-did?status={status}")).await;
            let tag = format!("class=\"tag tag-{status}\"");
            assert!(page.has(&tag), "{status}: {}", page.body);
            for other in ActionStatus::ALL.iter().filter(|other| *other != status) {
                assert!(!page.has(&format!("class=\"tag tag-{other}\"")), "{other} among {status}");
            }
        }
        let page = site.get("", "/you-said-we-did").await;
        assert_eq!(page.status, StatusCode::OK);
        for hidden in ["Children in Care", "Care Leavers Together", "Foster Families"] {
            assert!(!page.has(hidden), "{hidden} is hidden");
        }
    }
}
