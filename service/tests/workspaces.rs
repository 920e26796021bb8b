//! Workspaces and their promise: who opens them, who agrees, and what nobody may know.

mod support;

use domain::access::Who;
use domain::groups::{GroupRole, Visibility};
use domain::ids::GroupId;
use domain::moment::Moment;
use domain::people::Role;
use service::Refused;
use service::workspaces::{NewWorkspace, PromiseStanding, PromiseWords, promise_is_agreed};
use support::Test;

const fn new<'a>(groups: &'a [&'a str]) -> NewWorkspace<'a> {
    NewWorkspace {
        title: "Buses we can use",
        summary: "Buses that stop where we are.",
        template: "service",
        symbol: "1F68C",
        groups,
    }
}

fn words() -> PromiseWords {
    PromiseWords {
        what_for: "Buses that come when school ends.".to_owned(),
        can_change: "The times, the stops and what is written on them.".to_owned(),
        cannot_change: "The price, because the county sets it.".to_owned(),
        who_decides: "The transport board.".to_owned(),
        money: "Two thousand pounds.".to_owned(),
        hear_when: "In March.".to_owned(),
    }
}

struct Group {
    id: GroupId,
    worker: Who,
    lead: Who,
}

/// A group with two workers and a lead.
async fn group(t: &Test, name: &str, visibility: Visibility) -> Group {
    let id = t.group(name, visibility).await;
    let worker = t.member(&format!("Worker of {name}"), Role::Officer, id, GroupRole::Worker).await;
    t.member(&format!("Second worker of {name}"), Role::Officer, id, GroupRole::Worker).await;
    let lead = t.member("Lead", Role::YoungPerson, id, GroupRole::Lead).await;
    Group { id, worker, lead }
}

async fn agreed(t: &Test, who: &Who, slug: &str) -> bool {
    let id = t.service.view_workspace(who, slug).await.expect("seen").work.id;
    let mut tx = t.service.store().read().await.expect("a transaction");
    promise_is_agreed(&mut tx, id).await.expect("asked")
}

fn problem(refused: &Refused) -> (&str, &str) {
    match refused {
        Refused::Invalid(p) => (p.0[0].field.as_str(), p.0[0].key),
        other => panic!("not about a field: {other}"),
    }
}

#[tokio::test]
async fn leads_and_workers_open_workspaces_in_their_own_groups_only_and_a_form_counts_once() {
    for t in support::all().await {
        let g = group(&t, "Youth Council", Visibility::Members).await;
        let other = group(&t, "Forum", Visibility::Open).await;
        let member = t.member("Member", Role::YoungPerson, g.id, GroupRole::Member).await;
        let observer = t.member("Observer", Role::BoardMember, g.id, GroupRole::Observer).await;
        let s = &t.service;
        let form = t.form();
        let slug = s.open_workspace(&g.lead, form, new(&["youth-council"])).await.expect("opened");
        assert!(slug.starts_with("buses-we-can-use-"));
        assert_eq!(
            s.open_workspace(&g.lead, form, new(&["youth-council"])).await.expect("the same"),
            slug,
            "{}",
            t.engine
        );
        assert_eq!(s.list_workspaces(&g.lead).await.expect("listed").len(), 1);
        for who in [&member, &observer] {
            assert!(matches!(s.open_workspace(who, t.form(), new(&["youth-council"])).await, Err(Refused::NotAllowed)));
            assert!(matches!(s.open_workspace(who, t.form(), new(&[])).await, Err(Refused::NotAllowed)));
            assert!(matches!(s.new_workspace_form(who, None).await, Err(Refused::NotAllowed)));
        }
        // A group somebody is not in: unknown where it is for members, forbidden where it is open.
        assert!(matches!(
            s.open_workspace(&other.worker, t.form(), new(&["youth-council"])).await,
            Err(Refused::Unknown)
        ));
        let mixed = s.open_workspace(&g.worker, t.form(), new(&["youth-council", "forum"])).await;
        assert!(matches!(mixed, Err(Refused::NotAllowed)));
        let refused = s.open_workspace(&g.worker, t.form(), new(&[])).await.expect_err("no group");
        assert_eq!(problem(&refused), ("groups", "choose"));
        let empty = NewWorkspace { title: "", summary: " ", template: "x", symbol: "x", groups: &["youth-council"] };
        let Err(Refused::Invalid(p)) = s.open_workspace(&g.worker, t.form(), empty).await else { panic!("refused") };
        let fields: Vec<_> = p.0.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, ["title", "summary", "template", "symbol"]);
        assert_eq!(t.audited().await, Vec::<String>::new(), "a young person's acts are not in the log");
        s.open_workspace(&g.worker, t.form(), new(&["youth-council"])).await.expect("opened");
        assert_eq!(t.audited().await, ["OpenWorkspace"]);
    }
}

#[tokio::test]
async fn a_workspace_needs_two_members_of_staff_among_its_groups_together() {
    for t in support::all().await {
        let one = t.group("One", Visibility::Open).await;
        let two = t.group("Two", Visibility::Open).await;
        let worker = t.member("Worker", Role::Officer, one, GroupRole::Worker).await;
        let worker = t.join(&worker, two, GroupRole::Worker).await;
        t.member("Observer", Role::Officer, one, GroupRole::Observer).await;
        let s = &t.service;
        for groups in [&["one"][..], &["one", "two"][..]] {
            let refused = s.open_workspace(&worker, t.form(), new(groups)).await.expect_err("alone");
            assert_eq!(problem(&refused), ("groups", "two-staff"), "the same adult twice is one: {}", t.engine);
        }
        assert!(s.list_workspaces(&worker).await.expect("listed").is_empty(), "nothing was made");
        t.member("Second", Role::Moderator, two, GroupRole::Worker).await;
        assert!(s.open_workspace(&worker, t.form(), new(&["one"])).await.is_err());
        s.open_workspace(&worker, t.form(), new(&["one", "two"])).await.expect("two together");
    }
}

#[tokio::test]
async fn a_promise_is_agreed_by_half_of_all_members_and_changed_words_start_again() {
    for t in support::all().await {
        let g = group(&t, "Youth Council", Visibility::Hidden).await;
        let other = group(&t, "Forum", Visibility::Open).await;
        let worker = t.join(&g.worker, other.id, GroupRole::Worker).await;
        let mut members = vec![g.lead.clone(), other.lead.clone()];
        for n in 0..3 {
            members.push(t.member(&format!("Member {n}"), Role::YoungPerson, g.id, GroupRole::Member).await);
        }
        // In both groups, counted once: six take part.
        let both = t.member("Both", Role::YoungPerson, g.id, GroupRole::Member).await;
        members.push(t.join(&both, other.id, GroupRole::Member).await);
        let s = &t.service;
        let slug = s.open_workspace(&worker, t.form(), new(&["youth-council", "forum"])).await.expect("opened");
        assert!(!agreed(&t, &worker, &slug).await, "nothing is written yet");
        s.write_promise(&worker, &slug, &words()).await.expect("written");
        let shown = s.view_promise(&worker, &slug).await.expect("seen").promise.expect("written").shown_at;
        for member in &members[..2] {
            s.agree_promise(member, &slug, shown).await.expect("agreed");
            s.agree_promise(member, &slug, shown).await.expect("pressing twice is once");
        }
        assert!(!agreed(&t, &worker, &slug).await, "two of six on {}", t.engine);
        let seen = s.view_promise(&members[0], &slug).await.expect("seen");
        assert!(!seen.may_agree);
        let promise = seen.promise.expect("written");
        assert!(promise.mine);
        assert_eq!(promise.agreed.expect("inside").fewer_than(), Some(5), "a small number is not shown");
        assert!(
            matches!(s.agree_promise(&worker, &slug, shown).await, Err(Refused::NotAllowed)),
            "workers do not agree"
        );

        // The same words again change nothing; other words start again, and old pages agree to nothing.
        s.write_promise(&worker, &slug, &words()).await.expect("saved");
        t.pass(Moment::MINUTE);
        s.agree_promise(&members[5], &slug, shown).await.expect("agreed");
        assert!(agreed(&t, &worker, &slug).await, "three of six");
        assert_eq!(
            s.view_promise(&worker, &slug).await.expect("seen").promise.expect("there").standing,
            PromiseStanding::ByHalf
        );
        s.write_promise(&worker, &slug, &PromiseWords { money: "None.".to_owned(), ..words() }).await.expect("changed");
        assert!(!agreed(&t, &worker, &slug).await);
        assert!(matches!(s.agree_promise(&members[0], &slug, shown).await, Err(Refused::MovedOn("promise-changed"))));
        let seen = s.view_promise(&members[0], &slug).await.expect("seen");
        assert!(seen.may_agree && !seen.promise.expect("written").mine);
    }
}

#[tokio::test]
async fn who_leaves_no_longer_counts_for_the_promise() {
    for t in support::all().await {
        let g = group(&t, "Youth Council", Visibility::Open).await;
        let gone = t.member("Gone", Role::YoungPerson, g.id, GroupRole::Member).await;
        let also = t.member("Also", Role::YoungPerson, g.id, GroupRole::Member).await;
        let s = &t.service;
        let slug = s.open_workspace(&g.worker, t.form(), new(&["youth-council"])).await.expect("opened");
        s.write_promise(&g.worker, &slug, &words()).await.expect("written");
        s.agree_promise(&g.lead, &slug, t.now()).await.expect("agreed");
        assert!(!agreed(&t, &g.worker, &slug).await, "one of three");
        s.take_out_of_group(&g.worker, "youth-council", gone.id().expect("id")).await.expect("out");
        assert!(agreed(&t, &g.worker, &slug).await, "one of two on {}", t.engine);
        assert!(matches!(s.agree_promise(&t.again(&gone).await, &slug, t.now()).await, Err(Refused::NotAllowed)));
        assert!(s.agree_promise(&also, &slug, t.now()).await.is_ok());
    }
}

#[tokio::test]
async fn the_lead_agrees_for_the_group_after_seven_days_and_nobody_else_does() {
    for t in support::all().await {
        let g = group(&t, "Youth Council", Visibility::Open).await;
        let member = t.member("Member", Role::YoungPerson, g.id, GroupRole::Member).await;
        t.member("Another", Role::YoungPerson, g.id, GroupRole::Member).await;
        let s = &t.service;
        let slug = s.open_workspace(&g.worker, t.form(), new(&["youth-council"])).await.expect("opened");
        s.write_promise(&g.worker, &slug, &words()).await.expect("written");
        let shown = t.now();
        t.pass(7 * Moment::DAY - 1);
        assert!(matches!(
            s.agree_promise_for_group(&g.lead, &slug, shown).await,
            Err(Refused::MovedOn("promise-early"))
        ));
        assert!(!s.view_promise(&g.lead, &slug).await.expect("seen").may_agree_for_group);
        t.pass(1);
        assert!(s.view_promise(&g.lead, &slug).await.expect("seen").may_agree_for_group, "{}", t.engine);
        for who in [&member, &g.worker] {
            assert!(matches!(s.agree_promise_for_group(who, &slug, shown).await, Err(Refused::NotAllowed)));
        }
        s.agree_promise_for_group(&g.lead, &slug, shown).await.expect("agreed");
        assert!(agreed(&t, &member, &slug).await);
        let seen = s.view_promise(&member, &slug).await.expect("seen").promise.expect("there");
        assert_eq!(seen.standing, PromiseStanding::ByLead);
        assert!(seen.lead_from.is_none());
    }
}

#[tokio::test]
async fn only_leads_and_workers_write_the_promise_and_each_part_is_needed() {
    for t in support::all().await {
        let g = group(&t, "Youth Council", Visibility::Open).await;
        let member = t.member("Member", Role::YoungPerson, g.id, GroupRole::Member).await;
        let outside = t.person("Outside", Role::Administrator).await;
        let s = &t.service;
        let slug = s.open_workspace(&g.worker, t.form(), new(&["youth-council"])).await.expect("opened");
        for who in [&member, &outside, &Who::nobody()] {
            assert!(matches!(s.write_promise(who, &slug, &words()).await, Err(Refused::NotAllowed)));
            assert!(matches!(s.write_promise_form(who, &slug).await, Err(Refused::NotAllowed)));
        }
        let Err(Refused::Invalid(p)) = s.write_promise(&g.lead, &slug, &PromiseWords::default()).await else {
            panic!("refused")
        };
        assert_eq!(p.0.len(), 6, "{}", t.engine);
        s.write_promise(&g.lead, &slug, &PromiseWords { can_change: "Nothing.".to_owned(), ..words() })
            .await
            .expect("a warning only");
        let seen = s.view_promise(&g.lead, &slug).await.expect("seen").promise.expect("there");
        assert!(seen.hollow);
        let outside = s.view_promise(&outside, &slug).await.expect("open").promise.expect("there");
        assert!(outside.agreed.is_none() && !outside.mine, "outsiders see whether it is agreed, and no count");
    }
}

#[tokio::test]
async fn a_shared_workspace_is_as_hidden_as_its_most_hidden_group_and_never_names_it_to_the_others() {
    for t in support::all().await {
        let open = group(&t, "Youth Council", Visibility::Open).await;
        let hidden = t.group("Quiet ones", Visibility::Hidden).await;
        let worker = t.join(&open.worker, hidden, GroupRole::Worker).await;
        let s = &t.service;
        let slug = s.open_workspace(&worker, t.form(), new(&["youth-council", "quiet-ones"])).await.expect("opened");
        let outsider = t.person("Outsider", Role::Administrator).await;
        for who in [&outsider, &Who::nobody()] {
            let (there, asked) = store::trace::of(s.view_workspace(who, &slug)).await;
            let (nowhere, asked_nowhere) = store::trace::of(s.view_workspace(who, "nothing")).await;
            assert!(matches!(there, Err(Refused::Unknown)) && matches!(nowhere, Err(Refused::Unknown)));
            assert_eq!(asked, asked_nowhere, "{}", t.engine);
            let (there, asked) = store::trace::of(s.view_promise(who, &slug)).await;
            let (nowhere, asked_nowhere) = store::trace::of(s.view_promise(who, "nothing")).await;
            assert!(there.is_err() && nowhere.is_err());
            assert_eq!(asked, asked_nowhere);
            let (there, asked) = store::trace::of(s.agree_promise(who, &slug, t.now())).await;
            let (nowhere, asked_nowhere) = store::trace::of(s.agree_promise(who, "nothing", t.now())).await;
            assert!(matches!(there, Err(Refused::Unknown)) && matches!(nowhere, Err(Refused::Unknown)));
            assert_eq!(asked, asked_nowhere);
            assert!(s.list_workspaces(who).await.expect("listed").is_empty());
            assert!(s.view_group(who, "youth-council").await.expect("open").work.expect("its work").is_empty());
        }
        let seen = s.view_workspace(&open.lead, &slug).await.expect("inside one of its groups");
        let names: Vec<_> = seen.work.groups.iter().map(|g| g.name.as_str()).collect();
        assert_eq!(names, ["Youth Council"], "the hidden one is not named to whoever is not in it");
        assert_eq!(s.view_workspace(&worker, &slug).await.expect("seen").work.groups.len(), 2);
        let observer = t.member("Observer", Role::BoardMember, hidden, GroupRole::Observer).await;
        s.view_workspace(&observer, &slug).await.expect("reads");
        assert!(matches!(s.agree_promise(&observer, &slug, t.now()).await, Err(Refused::NotAllowed)));
    }
}

#[tokio::test]
async fn pages_ask_the_same_number_of_queries_however_much_there_is() {
    for t in support::all().await {
        let g = group(&t, "Youth Council", Visibility::Open).await;
        let s = &t.service;
        let slug = s.open_workspace(&g.worker, t.form(), new(&["youth-council"])).await.expect("opened");
        s.write_promise(&g.worker, &slug, &words()).await.expect("written");
        let count = async || {
            (
                store::trace::of(s.view_workspace(&g.lead, &slug)).await.1.len(),
                store::trace::of(s.view_promise(&g.lead, &slug)).await.1.len(),
                store::trace::of(s.list_workspaces(&g.lead)).await.1.len(),
                store::trace::of(s.new_workspace_form(&g.lead, Some("youth-council"))).await.1.len(),
                store::trace::of(s.view_group(&g.lead, "youth-council")).await.1.len(),
            )
        };
        let few = count().await;
        let other = group(&t, "Forum", Visibility::Open).await;
        let worker = t.join(&g.worker, other.id, GroupRole::Worker).await;
        for n in 0..6 {
            let slug = s.open_workspace(&worker, t.form(), new(&["youth-council", "forum"])).await.expect("opened");
            s.write_promise(&worker, &slug, &words()).await.expect("written");
            let member = t.member(&format!("Member {n}"), Role::YoungPerson, g.id, GroupRole::Member).await;
            s.agree_promise(&member, &slug, t.now()).await.expect("agreed");
        }
        assert_eq!(few, count().await, "{}", t.engine);
        assert_eq!(few, (10, 5, 1, 2, 3));
    }
}
