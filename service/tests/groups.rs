//! Groups: who sees what, who may change what, and what a group can never lose.

mod support;

use domain::access::Who;
use domain::comments::Checking;
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::people::Role;
use service::Refused;
use service::groups::{GroupChange, NewGroup, USUAL};
use service::news::Event;
use support::Test;

fn new(kind: &'static str) -> NewGroup<'static> {
    NewGroup {
        name: "Care Leavers of the Vale",
        purpose: "We look after our offer.",
        kind,
        visibility: USUAL,
        colour: "teal",
        symbol: "1F331",
        checking: USUAL,
    }
}

fn problem(refused: &Refused) -> (&str, &str) {
    match refused {
        Refused::Invalid(p) => (p.0[0].field.as_str(), p.0[0].key),
        other => panic!("not about a field: {other}"),
    }
}

async fn row(t: &Test, slug: &str) -> store::groups::GroupRow {
    let mut tx = t.service.store().read().await.expect("a transaction");
    store::groups::find_by_slug(&mut tx, slug).await.expect("asked").expect("a group")
}

#[tokio::test]
async fn a_new_group_of_care_leavers_is_hidden_holds_everything_and_has_its_maker_as_worker() {
    for t in support::all().await {
        let officer = t.person("Officer", Role::Officer).await;
        let form = t.form();
        let slug = t.service.make_group(&officer, form, new("care-leavers")).await.expect("made");
        assert!(slug.starts_with("care-leavers-of-the-vale-") && slug.len() > 30, "{slug}");
        let twice = t.service.make_group(&officer, form, new("care-leavers")).await.expect("the same one");
        assert_eq!(slug, twice, "{}", t.engine);
        let other = t.service.make_group(&officer, t.form(), new("care-leavers")).await.expect("another");
        assert_ne!(slug, other, "no name is ever taken");
        let group = row(&t, &slug).await;
        assert_eq!((group.visibility, group.checking, group.threshold), (Visibility::Hidden, Checking::HoldAll, 10));
        let officer = t.again(&officer).await;
        assert_eq!(officer.role_in(group.id), Some(GroupRole::Worker));
        assert_eq!(t.audited().await, ["MakeGroup", "MakeGroup"]);
    }
}

#[tokio::test]
async fn only_officers_and_administrators_make_groups_and_every_field_is_checked() {
    for t in support::all().await {
        for role in Role::ALL {
            let who = t.person(role.name(), *role).await;
            let may = matches!(role, Role::Officer | Role::Administrator);
            let made = t.service.make_group(&who, t.form(), new("other")).await;
            assert_eq!(made.is_ok(), may, "{role}");
            assert_eq!(t.service.new_group_form(&who).is_ok(), may, "{role}");
        }
        assert!(matches!(t.service.make_group(&Who::nobody(), t.form(), new("other")).await, Err(Refused::NotAllowed)));
        let officer = t.person("Another officer", Role::Officer).await;
        let empty =
            NewGroup { name: " ", purpose: "", kind: "x", visibility: "x", colour: "x", symbol: "../x", checking: "x" };
        let Err(Refused::Invalid(p)) = t.service.make_group(&officer, t.form(), empty).await else { panic!("refused") };
        let fields: Vec<_> = p.0.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, ["name", "purpose", "kind", "visibility", "checking", "colour", "symbol"]);
    }
}

#[tokio::test]
async fn a_hidden_group_and_none_at_all_answer_alike_after_the_same_queries() {
    for t in support::all().await {
        let hidden = t.group("Quiet ones", Visibility::Hidden).await;
        let outsider = t.person("Outsider", Role::Administrator).await;
        let s = &t.service;
        for who in [&outsider, &Who::nobody()] {
            for (name, there, nowhere) in [
                (
                    "view",
                    store::trace::of(async { s.view_group(who, "quiet-ones").await.map(|_| ()) }).await,
                    store::trace::of(async { s.view_group(who, "nothing").await.map(|_| ()) }).await,
                ),
                (
                    "people",
                    store::trace::of(async { s.group_people(who, "quiet-ones").await.map(|_| ()) }).await,
                    store::trace::of(async { s.group_people(who, "nothing").await.map(|_| ()) }).await,
                ),
                (
                    "settings",
                    store::trace::of(async { s.group_settings(who, "quiet-ones").await.map(|_| ()) }).await,
                    store::trace::of(async { s.group_settings(who, "nothing").await.map(|_| ()) }).await,
                ),
                (
                    "new workspace",
                    store::trace::of(async { s.new_workspace_form(who, Some("quiet-ones")).await.map(|_| ()) }).await,
                    store::trace::of(async { s.new_workspace_form(who, Some("nothing")).await.map(|_| ()) }).await,
                ),
                (
                    "add",
                    store::trace::of(async { s.add_to_group(who, "quiet-ones", "x", "member").await }).await,
                    store::trace::of(async { s.add_to_group(who, "nothing", "x", "member").await }).await,
                ),
            ] {
                assert!(matches!(there.0, Err(Refused::Unknown)), "{name}");
                assert!(matches!(nowhere.0, Err(Refused::Unknown)), "{name}");
                assert_eq!(there.1, nowhere.1, "{name} on {}", t.engine);
            }
        }
        assert!(t.service.list_groups(&outsider).await.expect("listed").is_empty());
        let observer = t.member("Observer", Role::BoardMember, hidden, GroupRole::Observer).await;
        assert_eq!(
            t.service.view_group(&observer, "quiet-ones").await.expect("seen").members.expect("inside").len(),
            1
        );
    }
}

#[tokio::test]
async fn outsiders_of_a_members_group_see_name_and_purpose_and_of_an_open_one_no_names() {
    for t in support::all().await {
        let members = t.group("Members only", Visibility::Members).await;
        t.group("Open to all", Visibility::Open).await;
        let inside = t.member("Robin", Role::YoungPerson, members, GroupRole::Member).await;
        let outside = t.person("Sam", Role::YoungPerson).await;
        let seen = t.service.view_group(&outside, "members-only").await.expect("its name");
        assert!(seen.work.is_none() && seen.members.is_none(), "{}", t.engine);
        let seen = t.service.view_group(&inside, "members-only").await.expect("all");
        assert!(seen.work.is_some());
        assert_eq!(seen.members.expect("names")[0].name, "Robin");
        let seen = t.service.view_group(&outside, "open-to-all").await.expect("its work");
        assert!(seen.work.is_some() && seen.members.is_none());
    }
}

#[tokio::test]
async fn workers_put_people_in_change_them_and_take_them_out_at_once() {
    for t in support::all().await {
        let group = t.group("Youth Council", Visibility::Hidden).await;
        let worker = t.member("Worker", Role::Officer, group, GroupRole::Worker).await;
        let robin = t.person("Robin", Role::YoungPerson).await;
        let id = robin.id().expect("id").to_string();
        let (s, slug) = (&t.service, "youth-council");
        let mut news = s.news().listen();
        let all = s.group_people(&worker, slug).await.expect("the page");
        assert!(all.joinable.expect("an officer sees people").iter().any(|p| p.name == "Robin"));

        let refused = s.add_to_group(&worker, slug, &id, "worker").await.expect_err("not staff");
        assert_eq!(problem(&refused), ("role", "worker-staff"));
        s.add_to_group(&worker, slug, &id, "member").await.expect("added");
        assert_eq!(news.try_recv().ok(), Some(Event::Rights { person: robin.id().expect("id") }), "{}", t.engine);
        let refused = s.add_to_group(&worker, slug, &id, "member").await.expect_err("twice");
        assert_eq!(problem(&refused), ("person", "in-already"));
        let refused = s.add_to_group(&worker, slug, "nobody", "member").await.expect_err("nobody");
        assert_eq!(problem(&refused), ("person", "choose"));

        let robin = t.again(&robin).await;
        assert_eq!(robin.role_in(group), Some(GroupRole::Member));
        assert!(matches!(s.group_people(&robin, slug).await, Err(Refused::NotAllowed)), "members do not manage people");
        let me = robin.id().expect("id");
        assert!(matches!(s.set_group_role(&robin, slug, me, "lead").await, Err(Refused::NotAllowed)));
        assert!(matches!(s.take_out_of_group(&robin, slug, me).await, Err(Refused::NotAllowed)));

        s.set_group_role(&worker, slug, me, "lead").await.expect("changed");
        assert_eq!(t.again(&robin).await.role_in(group), Some(GroupRole::Lead));
        let refused = s.set_group_role(&worker, slug, me, "worker").await.expect_err("not staff");
        assert_eq!(problem(&refused), ("role", "worker-staff"));
        s.take_out_of_group(&worker, slug, me).await.expect("out");
        s.take_out_of_group(&worker, slug, me).await.expect("out is out");
        let robin = t.again(&robin).await;
        assert!(matches!(s.view_group(&robin, slug).await, Err(Refused::Unknown)), "at once");
        assert_eq!(t.audited().await, ["ManageMembers"; 3]);
    }
}

#[tokio::test]
async fn a_worker_who_may_not_see_the_list_of_people_cannot_add_by_guessing_ids() {
    for t in support::all().await {
        let group = t.group("Youth Council", Visibility::Open).await;
        let worker = t.member("Moderator", Role::Moderator, group, GroupRole::Worker).await;
        let robin = t.person("Robin", Role::YoungPerson).await;
        assert!(t.service.group_people(&worker, "youth-council").await.expect("the page").joinable.is_none());
        let id = robin.id().expect("id").to_string();
        let tried = t.service.add_to_group(&worker, "youth-council", &id, "member").await;
        assert!(matches!(tried, Err(Refused::NotAllowed)), "{}", t.engine);
    }
}

#[tokio::test]
async fn a_group_never_loses_its_last_worker() {
    for t in support::all().await {
        let group = t.group("Youth Council", Visibility::Open).await;
        let first = t.member("First", Role::Officer, group, GroupRole::Worker).await;
        let second = t.member("Second", Role::Officer, group, GroupRole::Worker).await;
        let (one, two) = (first.id().expect("id"), second.id().expect("id"));
        let (s, slug) = (&t.service, "youth-council");
        s.take_out_of_group(&first, slug, two).await.expect("one is left");
        let refused = s.take_out_of_group(&first, slug, one).await.expect_err("the last");
        assert_eq!(problem(&refused), ("role", "last-worker"), "{}", t.engine);
        let refused = s.set_group_role(&first, slug, one, "observer").await.expect_err("the last");
        assert_eq!(problem(&refused), ("role", "last-worker"));
        s.set_group_role(&first, slug, one, "worker").await.expect("nothing changes");
        // Somebody who cannot sign in does not count.
        let off = t.member("Off", Role::Officer, group, GroupRole::Worker).await;
        let mut tx = s.store().write().await.expect("a transaction");
        store::people::set_active(&mut tx, off.id().expect("id"), false).await.expect("switched off");
        tx.commit().await.expect("committed");
        assert!(s.take_out_of_group(&first, slug, one).await.is_err());
    }
}

#[tokio::test]
async fn settings_keep_the_threshold_above_the_organisations_and_sensitive_kinds_at_ten() {
    for t in support::all().await {
        let plain = t.group("Plain", Visibility::Open).await;
        let care = t.group_of("Care", GroupKind::ChildrenInCare, Visibility::Hidden, Checking::HoldAll).await;
        let worker = t.member("Worker", Role::Officer, plain, GroupRole::Worker).await;
        let worker = t.join(&worker, care, GroupRole::Worker).await;
        let change = |threshold| GroupChange {
            name: "New name",
            purpose: "New purpose.",
            visibility: "members",
            checking: "hold-first",
            threshold,
            on_devices: "no",
        };
        let s = &t.service;
        for (slug, low, least) in [("plain", "4", 5), ("care", "9", 10)] {
            let Err(Refused::Invalid(p)) = s.change_group(&worker, slug, change(low)).await else { panic!("too low") };
            assert_eq!((p.0[0].key, p.0[0].number), ("group-threshold", least));
            assert_eq!(s.group_settings(&worker, slug).await.expect("settings").least, least);
        }
        let administrator = t.person("Administrator", Role::Administrator).await;
        s.change_settings(&administrator, &[("threshold".to_owned(), "8".to_owned())]).await.expect("changed");
        assert!(s.change_group(&worker, "plain", change("7")).await.is_err(), "below the organisation's");
        let mut news = s.news().listen();
        s.change_group(&worker, "plain", change("8")).await.expect("changed");
        assert_eq!(news.try_recv().ok(), Some(Event::Everybody), "less is known outside: {}", t.engine);
        let now = row(&t, "plain").await;
        assert_eq!(
            (now.name.as_str(), now.visibility, now.checking, now.threshold),
            ("New name", Visibility::Members, Checking::HoldFirst, 8)
        );
        let audit = t.audited().await;
        s.change_group(&worker, "plain", change("8")).await.expect("the same again");
        assert_eq!(t.audited().await, audit, "nothing changed, nothing noted");
        let lead = t.member("Lead", Role::YoungPerson, plain, GroupRole::Lead).await;
        assert!(matches!(s.change_group(&lead, "plain", change("8")).await, Err(Refused::NotAllowed)));
    }
}

#[tokio::test]
async fn a_groups_page_asks_the_same_number_of_queries_however_much_there_is() {
    for t in support::all().await {
        let group = t.group("Youth Council", Visibility::Open).await;
        let worker = t.member("Worker", Role::Officer, group, GroupRole::Worker).await;
        let count = async || {
            let view = store::trace::of(t.service.view_group(&worker, "youth-council")).await.1.len();
            let people = store::trace::of(t.service.group_people(&worker, "youth-council")).await.1.len();
            (view, people)
        };
        let few = count().await;
        for n in 0..12 {
            t.member(&format!("Member {n}"), Role::YoungPerson, group, GroupRole::Member).await;
            t.person(&format!("Person {n}"), Role::YoungPerson).await;
        }
        assert_eq!(few, count().await, "{}", t.engine);
        assert_eq!(few, (3, 3));
    }
}
