//! From the show of hands to "You said, we did", through the use cases, on both engines.

mod support;

use domain::access::Who;
use domain::actions::{ActionStatus, NotYet};
use domain::comments::Checking;
use domain::decisions::{DecisionState, Hand, Verdict};
use domain::designs::Stage;
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::ids::{ActionId, DecisionId, DesignId, GroupId, SectionId, WorkspaceId};
use domain::moment::Moment;
use domain::people::Role;
use domain::workspaces::Template;
use service::Refused;
use service::actions::{Filter, PublicFilter, TypedAction, TypedOutcome, TypedUpdate, Whose};
use service::decisions::{About, Asked, Reason, TypedDecision, TypedHand};
use service::home::What;
use store::designs::{NewDesign, NewSection};
use store::workspaces::WorkspaceRow;
use support::{Test, moved_on};

/// A group at work: a design that is being checked, six members, two workers.
struct Work {
    group: GroupId,

    slug: String,
    design: DesignId,
    members: Vec<Who>,
    worker: Who,
    second: Who,
}

async fn work(t: &Test, visibility: Visibility, kind: GroupKind, checking: Checking) -> Work {
    let name = format!("Group {visibility}");
    let group = t.group_of(&name, kind, visibility, checking).await;
    let mut members = Vec::new();
    for n in 0..6 {
        let role = if n == 0 { GroupRole::Lead } else { GroupRole::Member };
        members.push(t.member(&format!("Young {n} {visibility}"), Role::YoungPerson, group, role).await);
    }
    let worker = t.member(&format!("Wim {visibility}"), Role::Officer, group, GroupRole::Worker).await;
    let second = t.member(&format!("Ada {visibility}"), Role::Officer, group, GroupRole::Worker).await;
    let (workspace, design): (WorkspaceId, DesignId) = (t.service.new_id(), t.service.new_id());
    let slug = format!("buses-{visibility}");
    let now = t.now();
    let by = worker.id().expect("a person");
    let mut tx = t.service.store().write().await.expect("a transaction");
    let row = WorkspaceRow {
        id: workspace,
        slug: slug.clone(),
        title: "Buses".to_owned(),
        summary: "Buses that wait".to_owned(),
        template: Template::Service,
        symbol: "1F68C".to_owned(),
        made_at: now,
    };
    store::workspaces::insert(&mut tx, &row, by).await.expect("a workspace");
    store::workspaces::add_group(&mut tx, workspace, group).await.expect("its group");
    let new = NewDesign { id: design, workspace, title: "Late buses", symbol: "1F68C", made_at: now, made_by: by };
    store::designs::insert(&mut tx, &new).await.expect("a design");
    let section: SectionId = t.service.new_id();
    let section = NewSection {
        id: section,
        position: 1,
        heading: "Our idea",
        words: "A later bus",
        html: "<p>A later bus</p>",
        masked_html: None,
        by: Some(by),
    };
    store::designs::insert_section(&mut tx, design, &section, now).await.expect("a section");
    store::designs::set_stage(&mut tx, design, Stage::Drafting, Stage::Checking, now).await.expect("checking");
    tx.commit().await.expect("committed");
    Work { group, slug, design, members, worker, second }
}

async fn open_work(t: &Test) -> Work {
    work(t, Visibility::Open, GroupKind::YouthCouncil, Checking::After).await
}

/// Noon to six in the evening, two days later; half must take part.
fn typed(t: &Test) -> TypedDecision<'static> {
    TypedDecision {
        question: "Are you OK with “Late buses”?",
        explanation: "",
        pass_rule: "more-ok",
        quorum: "50",
        opens_at: Some(t.now()),
        closes_at: Some(t.now().plus(2 * Moment::DAY + 6 * Moment::HOUR)),
        night_is_fine: false,
    }
}

async fn vote(t: &Test, w: &Work) -> DecisionId {
    t.service.open_decision(&w.worker, &About::Design(w.design), t.form(), typed(t)).await.expect("a decision")
}

async fn raise(t: &Test, id: DecisionId, who: &Who, hand: &str, reason: &str) -> Result<(), Refused> {
    t.service.raise_hand(who, id, t.form(), TypedHand { hand, reason }).await
}

async fn stage(t: &Test, design: DesignId) -> Stage {
    let mut tx = t.service.store().read().await.expect("a transaction");
    store::designs::find(&mut tx, design).await.expect("asked").expect("a design").stage
}

fn problems(refused: Refused) -> Vec<(String, &'static str)> {
    match refused {
        Refused::Invalid(p) => p.0.into_iter().map(|p| (p.field, p.key)).collect(),
        other => panic!("not a form's problems: {other:?}"),
    }
}

#[tokio::test]
async fn a_vote_locks_the_design_opens_and_closes_by_the_clock_and_counts() {
    for t in support::all().await {
        let w = open_work(&t).await;
        let form = t.form();
        let about = About::Design(w.design);
        let id = t.service.open_decision(&w.worker, &about, form, typed(&t)).await.expect("a decision");
        let again = t.service.open_decision(&w.worker, &about, form, typed(&t)).await.expect("the same");
        assert_eq!(id, again, "{}: sent twice is once", t.engine);
        assert_eq!(stage(&t, w.design).await, Stage::Voting);
        assert_eq!(moved_on(t.service.open_decision(&w.worker, &about, t.form(), typed(&t)).await), "vote-already");

        let page = t.service.decision(&w.members[1], id).await.expect("the page");
        assert_eq!(page.head.state, DecisionState::Open);
        assert_eq!(page.head.design.as_ref().and_then(|d| d.version), Some(1), "the words are kept as a version");
        assert!(page.may_raise && page.hands.is_some_and(|h| h.is_empty()));
        assert!(!t.service.decision(&w.worker, id).await.expect("the page").may_raise, "workers are not on the roll");
        assert!(matches!(raise(&t, id, &w.worker, "ok", "").await, Err(Refused::NotAllowed)));
        let late = t.member("Late Lee", Role::YoungPerson, w.group, GroupRole::Member).await;
        assert!(matches!(raise(&t, id, &late, "ok", "").await, Err(Refused::NotAllowed)), "the roll is a snapshot");

        let refused = raise(&t, id, &w.members[0], "not-ok", " ").await.expect_err("a reason is needed");
        assert_eq!(problems(refused), [("reason".to_owned(), "what-would-help")]);
        assert_eq!(
            problems(raise(&t, id, &w.members[0], "", "").await.expect_err("choose")),
            [("hand".to_owned(), "choose")]
        );
        raise(&t, id, &w.members[0], "not-ok", "A later bus").await.expect("a hand");
        raise(&t, id, &w.members[0], "ok", "").await.expect("a changed mind");
        raise(&t, id, &w.members[1], "ok", "").await.expect("a hand");
        let inside = t.service.decision(&w.members[2], id).await.expect("the page").hands.expect("by name");
        assert_eq!(inside.iter().map(|h| h.hand).collect::<Vec<_>>(), [Hand::Ok, Hand::Ok]);
        let outside = t.service.decision(&Who::nobody(), id).await.expect("an open group's page");
        assert!(outside.hands.is_none() && !outside.may_raise);
        let early = t.service.result(&w.members[0], id).await.expect("the page");
        assert!(
            early.verdict.is_none() && early.numbers.is_none() && early.hands.is_none(),
            "no totals before closing"
        );

        raise(&t, id, &w.members[2], "not-sure", "").await.expect("a hand");
        t.pass(2 * Moment::DAY + 6 * Moment::HOUR);
        assert_eq!(moved_on(raise(&t, id, &w.members[3], "not-ok", "Too late").await), "decision-closed");
        let result = t.service.result(&w.members[0], id).await.expect("the result");
        assert_eq!(result.verdict, Some(Verdict::Passed), "{}: three of six is half", t.engine);
        let n = result.numbers.expect("inside by name");
        assert_eq!(n.tallies.map(|c| c.exact()), [Some(2), Some(1), Some(0)]);
        assert_eq!((n.percents, n.rule_met, n.quorate), ([67, 33, 0], true, true));
        let outside = t.service.result(&Who::nobody(), id).await.expect("the result");
        assert_eq!(outside.verdict, Some(Verdict::Passed));
        assert!(outside.numbers.is_none() && outside.hands.is_none(), "three hands are below the threshold");
        assert_eq!(t.audited().await, ["MoveStage", "OpenDecision"]);
    }
}

#[tokio::test]
async fn outside_numbers_show_from_the_threshold_on_and_never_for_nearly_all_alike_or_sensitive_groups() {
    for t in support::all().await {
        for (visibility, kind, hands, shown) in [
            (Visibility::Open, GroupKind::YouthCouncil, ["ok", "ok", "ok", "not-sure", "not-sure"], true),
            (Visibility::Open, GroupKind::YouthCouncil, ["ok", "ok", "ok", "ok", "not-sure"], false),
            (Visibility::Open, GroupKind::CareLeavers, ["ok", "ok", "ok", "not-sure", "not-sure"], false),
        ] {
            let t = Test::on(if t.engine == "sqlite" {
                support::db::sqlite().await
            } else {
                support::db::postgres().await.expect("it was there before")
            });
            let w = work(&t, visibility, kind, Checking::After).await;
            let id = vote(&t, &w).await;
            for (who, hand) in w.members.iter().zip(hands) {
                raise(&t, id, who, hand, "").await.expect("a hand");
            }
            t.pass(3 * Moment::DAY);
            let outside = t.service.result(&Who::nobody(), id).await.expect("the result");
            assert_eq!(outside.numbers.is_some(), shown, "{} {kind} {hands:?}", t.engine);
            let officer = t.person("Olu elsewhere", Role::Officer).await;
            let officer = t.service.result(&officer, id).await.expect("the result");
            assert_eq!(officer.numbers.is_some(), shown, "an officer outside the group is outside");
            assert!(officer.hands.is_none());
        }
    }
}

#[tokio::test]
async fn too_few_is_not_told_to_outsiders_where_numbers_are_hidden() {
    for t in support::all().await {
        let w = open_work(&t).await;
        let id = vote(&t, &w).await;
        raise(&t, id, &w.members[0], "ok", "").await.expect("a hand");
        t.pass(3 * Moment::DAY);
        assert_eq!(t.service.result(&w.worker, id).await.expect("inside").verdict, Some(Verdict::TooFew));
        assert_eq!(t.service.result(&Who::nobody(), id).await.expect("outside").verdict, Some(Verdict::NotPassed));
    }
}

#[tokio::test]
async fn a_new_decision_is_checked_field_by_field_and_warns_about_the_night() {
    for t in support::all().await {
        let w = open_work(&t).await;
        let about = About::Workspace(w.slug.clone());
        let wrong = TypedDecision {
            question: " ",
            pass_rule: "most",
            quorum: "101",
            opens_at: Some(t.now().plus(-2 * Moment::DAY)),
            closes_at: None,
            ..typed(&t)
        };
        let refused = t.service.open_decision(&w.worker, &about, t.form(), wrong).await.expect_err("all wrong");
        let found: Vec<_> = problems(refused);
        let expected = [
            ("question", "empty"),
            ("pass_rule", "choose"),
            ("quorum", "percent"),
            ("opens", "date-past"),
            ("closes", "date"),
        ];
        assert_eq!(found, expected.map(|(f, k)| (f.to_owned(), k)));
        let late = TypedDecision { closes_at: Some(t.now().plus(8 * Moment::HOUR)), ..typed(&t) };
        let refused = t.service.open_decision(&w.worker, &about, t.form(), late).await.expect_err("at night");
        assert_eq!(problems(refused), [("closes".to_owned(), "night")]);
        let known = TypedDecision { night_is_fine: true, ..late };
        t.service.open_decision(&w.worker, &about, t.form(), known).await.expect("they know");
        let before = TypedDecision { closes_at: Some(t.now()), ..typed(&t) };
        let refused = t.service.open_decision(&w.worker, &about, t.form(), before).await.expect_err("no time");
        assert_eq!(problems(refused), [("closes".to_owned(), "before-opening")]);
        for nobody in [&w.members[1], &t.person("Olu elsewhere", Role::Officer).await] {
            assert!(matches!(
                t.service.open_decision(nobody, &about, t.form(), typed(&t)).await,
                Err(Refused::NotAllowed)
            ));
        }
        let later = TypedDecision { opens_at: Some(t.now().plus(Moment::HOUR)), ..typed(&t) };
        let id = t.service.open_decision(&w.members[0], &about, t.form(), later).await.expect("a lead may");
        assert_eq!(moved_on(raise(&t, id, &w.members[1], "ok", "").await), "decision-waiting");
        t.pass(Moment::HOUR);
        raise(&t, id, &w.members[1], "ok", "").await.expect("open by the clock");
    }
}

#[tokio::test]
async fn only_two_different_members_of_staff_make_it_void() {
    for t in support::all().await {
        let w = open_work(&t).await;
        let id = vote(&t, &w).await;
        for young in &w.members[..2] {
            assert!(matches!(t.service.ask_void(young, id, t.form(), "No").await, Err(Refused::NotAllowed)));
        }
        assert_eq!(
            moved_on(t.service.make_void(&w.second, id, t.form(), t.void_asked_at(id).await).await),
            "void-not-asked"
        );
        let refused = t.service.ask_void(&w.worker, id, t.form(), "").await.expect_err("a reason");
        assert_eq!(problems(refused), [("reason".to_owned(), "empty")]);
        t.service.ask_void(&w.worker, id, t.form(), "The wrong words").await.expect("asked");
        assert_eq!(moved_on(t.service.ask_void(&w.second, id, t.form(), "Me too").await), "void-asked");
        let refused =
            t.service.make_void(&w.worker, id, t.form(), t.void_asked_at(id).await).await.expect_err("it takes two");
        assert_eq!(problems(refused), [("confirm".to_owned(), "second-person")]);
        let page = t.service.decision(&w.members[0], id).await.expect("the page");
        assert!(page.head.state == DecisionState::Open && page.head.void_reason.is_none() && page.void_asked.is_none());
        for (who, asked) in [(&w.worker, Asked::ByMe), (&w.second, Asked::ByAnother)] {
            assert_eq!(t.service.decision(who, id).await.expect("the page").void_asked, Some(asked));
        }
        // Who answers has read what was asked: not something else that was asked since.
        let read = t.void_asked_at(id).await;
        t.pass(Moment::SECOND);
        t.service.keep_decision(&w.worker, id, read).await.expect("taken back");
        assert_eq!(moved_on(t.service.keep_decision(&w.second, id, read).await), "void-not-asked");
        t.service.ask_void(&w.worker, id, t.form(), "Another reason").await.expect("asked anew");
        assert_eq!(moved_on(t.service.make_void(&w.second, id, t.form(), read).await), "void-asked");
        assert_eq!(moved_on(t.service.keep_decision(&w.second, id, read).await), "void-asked");
        t.service.keep_decision(&w.second, id, t.void_asked_at(id).await).await.expect("kept");
        t.service.ask_void(&w.worker, id, t.form(), "The wrong words").await.expect("asked again");
        t.service.make_void(&w.second, id, t.form(), t.void_asked_at(id).await).await.expect("void");
        let page = t.service.decision(&Who::nobody(), id).await.expect("the page");
        assert_eq!(page.head.state, DecisionState::Void);
        assert_eq!(page.head.void_reason.as_deref(), Some("The wrong words"), "told to everybody");
        assert_eq!(stage(&t, w.design).await, Stage::Drafting);
        assert_eq!(moved_on(raise(&t, id, &w.members[0], "ok", "").await), "decision-void");
        assert!(t.service.result(&w.worker, id).await.expect("the page").verdict.is_none());
        let acts = t.audited().await;
        assert_eq!(acts.iter().filter(|a| *a == "VoidDecision").count(), 6, "{acts:?}");
    }
}

#[tokio::test]
async fn a_closed_decision_cannot_be_made_void() {
    for t in support::all().await {
        let w = open_work(&t).await;
        let id = vote(&t, &w).await;
        t.service.ask_void(&w.worker, id, t.form(), "The wrong words").await.expect("asked");
        t.pass(3 * Moment::DAY);
        assert_eq!(
            moved_on(t.service.make_void(&w.second, id, t.form(), t.void_asked_at(id).await).await),
            "void-too-late"
        );
        assert_eq!(stage(&t, w.design).await, Stage::Voting);
    }
}

#[tokio::test]
async fn a_held_reason_is_seen_by_its_author_and_workers_only() {
    for t in support::all().await {
        let w = work(&t, Visibility::Open, GroupKind::YouthCouncil, Checking::HoldFirst).await;
        let id = vote(&t, &w).await;
        raise(&t, id, &w.members[0], "not-ok", "A later bus").await.expect("a hand");
        let reason = async |who: &Who| {
            t.service.decision(who, id).await.expect("the page").hands.expect("by name").remove(0).reason
        };
        assert_eq!(reason(&w.members[0]).await, Reason::Held("A later bus".to_owned()));
        assert_eq!(reason(&w.worker).await, Reason::Held("A later bus".to_owned()));
        assert_eq!(reason(&w.members[1]).await, Reason::None);
    }
}

#[tokio::test]
async fn what_is_hidden_answers_like_what_does_not_exist_with_the_same_queries() {
    for t in support::all().await {
        let w = work(&t, Visibility::Hidden, GroupKind::YouthCouncil, Checking::After).await;
        let id = vote(&t, &w).await;
        let action = made(&t, &w, false).await;
        let officer = t.person("Olu elsewhere", Role::Officer).await;
        for who in [&Who::nobody(), &officer] {
            let s = &t.service;
            macro_rules! same {
                ($call:ident, $hidden:expr, $none:expr $(, $arg:expr)*) => {{
                    let (hidden, asked) = store::trace::of(s.$call(who, $hidden $(, $arg)*)).await;
                    let (none, asked_none) = store::trace::of(s.$call(who, $none $(, $arg)*)).await;
                    assert!(matches!(hidden, Err(Refused::Unknown)), "{} {}", t.engine, stringify!($call));
                    assert!(matches!(none, Err(Refused::Unknown)));
                    assert_eq!(asked, asked_none, "{}", stringify!($call));
                }};
            }
            same!(decision, id, s.new_id());
            same!(result, id, s.new_id());
            same!(void_page, id, s.new_id());
            same!(raise_hand, id, s.new_id(), t.form(), TypedHand { hand: "ok", reason: "" });
            same!(ask_void, id, s.new_id(), t.form(), "why");
            same!(make_void, id, s.new_id(), t.form(), t.now());
            same!(outcome, w.design, s.new_id());
            same!(action, action, s.new_id());
            same!(update_page, action, s.new_id());
            same!(ask_did_it_work, action, s.new_id());
            same!(say_did_it_work, action, s.new_id(), "yes", "");
            same!(new_decision, &About::Workspace(w.slug.clone()), &About::Workspace("none".to_owned()));
            same!(new_action, &About::Design(w.design), &About::Design(s.new_id()));
        }
    }
}

fn action_of<'a>(owner: &'a str, due: Moment) -> TypedAction<'a> {
    TypedAction {
        title: "A later bus",
        you_said: "The last bus leaves too early",
        status: "not-started",
        we_will: "Run a bus at nine",
        reason: "",
        owner_role: "Bus manager",
        owner,
        team: "Transport",
        due_at: Some(due),
        shown: true,
    }
}

/// An action of the workspace itself.
async fn made(t: &Test, w: &Work, shown: bool) -> ActionId {
    let owner = w.worker.id().expect("a person").to_string();
    let typed = TypedAction { shown, ..action_of(&owner, t.now().plus(7 * Moment::DAY)) };
    t.service.make_action(&w.worker, &About::Workspace(w.slug.clone()), t.form(), typed).await.expect("an action")
}

fn update_of<'a>(owner: &'a str, due: Moment, status: &'a str, reason: &'a str) -> TypedUpdate<'a> {
    let words = "We did something";
    TypedUpdate { status, words, reason, due_at: Some(due), owner, owner_role: "Bus manager", shown: true, ask: true }
}

#[tokio::test]
async fn from_the_outcome_to_did_it_work() {
    for t in support::all().await {
        let w = open_work(&t).await;
        let id = vote(&t, &w).await;
        raise(&t, id, &w.members[0], "ok", "").await.expect("a hand");
        let typed =
            TypedOutcome { words: "A later bus", why: "You need it", next: "We ask", differs: "same", differs_why: "" };
        assert_eq!(moved_on(t.service.write_outcome(&w.worker, w.design, t.form(), typed).await), "outcome-vote-open");
        t.pass(3 * Moment::DAY);
        let silent = TypedOutcome { differs: "different", ..typed };
        let refused = t.service.write_outcome(&w.worker, w.design, t.form(), silent).await.expect_err("say why");
        assert_eq!(problems(refused), [("differs_why".to_owned(), "empty")]);
        assert!(matches!(
            t.service.write_outcome(&w.members[0], w.design, t.form(), typed).await,
            Err(Refused::NotAllowed)
        ));
        let about = About::Design(w.design);
        assert_eq!(moved_on(t.service.new_action(&w.worker, &about).await), "not-decided");
        t.service.write_outcome(&w.worker, w.design, t.form(), typed).await.expect("written");
        assert_eq!(stage(&t, w.design).await, Stage::Decided);
        assert_eq!(moved_on(t.service.write_outcome(&w.second, w.design, t.form(), typed).await), "outcome-written");
        let page = t.service.outcome(&Who::nobody(), w.design).await.expect("the page");
        assert_eq!(page.outcome.expect("an outcome").words, "A later bus");
        assert!(t.service.result(&Who::nobody(), id).await.expect("the result").outcome.is_some());

        let owner = w.worker.id().expect("a person").to_string();
        let due = t.now().plus(7 * Moment::DAY);
        let form = t.form();
        let action = t.service.make_action(&w.worker, &about, form, action_of(&owner, due)).await.expect("an action");
        let again = t.service.make_action(&w.worker, &about, form, action_of(&owner, due)).await.expect("the same");
        assert_eq!(action, again);
        assert_eq!(stage(&t, w.design).await, Stage::Doing);
        let cannot = TypedAction { status: "stopped", we_will: "", owner: "", due_at: None, ..action_of("", due) };
        let refused = t.service.make_action(&w.worker, &about, t.form(), cannot).await.expect_err("because");
        assert_eq!(problems(refused), [("reason".to_owned(), "why-not")]);
        let cannot = TypedAction { reason: "There is no money", ..cannot };
        t.service.make_action(&w.worker, &about, t.form(), cannot).await.expect("we cannot, because");
        let strange = w.members[0].id().expect("a person").to_string();
        let refused = t.service.make_action(&w.worker, &about, t.form(), action_of(&strange, due)).await;
        assert_eq!(problems(refused.expect_err("staff only")), [("owner".to_owned(), "choose")]);

        let update = async |status: &str, due: Moment, reason: &str| {
            t.service.update_action(&w.worker, action, t.form(), update_of(&owner, due, status, reason)).await
        };
        let key = |r: Result<(), Refused>| problems(r.expect_err("a reason"));
        assert_eq!(key(update("stopped", due, "").await), [("reason".to_owned(), "why-changed")]);
        assert_eq!(key(update("doing", due.plus(7 * Moment::DAY), "").await), [("reason".to_owned(), "why-date")]);
        update("doing", due, "").await.expect("an update");
        assert_eq!(moved_on(t.service.say_did_it_work(&w.members[0], action, "yes", "").await), "not-done");
        t.pass(7 * Moment::DAY + 1);
        let late = t.service.action(&w.worker, action).await.expect("the page");
        assert_eq!(late.line.weeks_late, 1, "by the clock alone");
        let filter = Filter { late: true, whose: Whose::Mine, ..Filter::default() };
        assert_eq!(t.service.actions(&w.worker, filter).await.expect("a list").lines.len(), 1);
        assert_eq!(t.service.actions(&w.second, filter).await.expect("a list").lines.len(), 0);
        assert_eq!(key(update("doing", due, "").await), [("reason".to_owned(), "why-late")]);
        update("done", due, "").await.expect("done needs no reason");
        let page = t.service.action(&w.members[0], action).await.expect("the page");
        assert!(page.may_say && page.line.weeks_late == 0 && page.line.status == ActionStatus::Done);
        assert_eq!(page.updates.len(), 2);

        for (who, answer) in w.members.iter().zip(["yes", "yes", "no", "a-bit"]) {
            t.service.say_did_it_work(who, action, answer, "It is late now").await.expect("said");
        }
        let page = t.service.action(&w.members[0], action).await.expect("the page");
        assert!(page.said.is_none() && page.whys.is_empty(), "four are too few, and whys are for workers");
        assert_eq!(t.service.action(&w.worker, action).await.expect("the page").whys.len(), 4);
        t.service.say_did_it_work(&w.members[4], action, "no", "").await.expect("said");
        let seen = async |who: &Who| {
            let page = t.service.action(who, action).await.expect("public");
            page.said.map(|said| said.map(|c| c.exact().unwrap_or(-1)))
        };
        let five = Some([2, 1, 2, 0]);
        assert_eq!(
            (seen(&w.members[0]).await, seen(&Who::nobody()).await),
            (five, None),
            "outside not with the answer"
        );
        t.pass(Moment::DAY);
        assert_eq!(seen(&Who::nobody()).await, five, "but from midnight on");
        assert!(matches!(t.service.say_did_it_work(&w.worker, action, "yes", "").await, Err(Refused::NotAllowed)));
        let acts = t.audited().await;
        // Stopping it all: the council does nothing more, and everything but the question is answered.
        let stage =
            |from: &'static str, to: &'static str| t.service.move_stage(&w.worker, w.design, t.form(), from, to, "");
        stage("doing", "done").await.expect("done: one action was done and asked about, one was never possible");
        for act in ["WriteOutcome", "MakeAction", "UpdateAction"] {
            assert!(acts.iter().any(|a| a == act), "{act} is not in the log: {acts:?}");
        }
    }
}

#[tokio::test]
async fn a_design_is_done_only_after_did_it_work_was_asked() {
    for t in support::all().await {
        let w = open_work(&t).await;
        let id = vote(&t, &w).await;
        raise(&t, id, &w.members[0], "ok", "").await.expect("a hand");
        t.pass(3 * Moment::DAY);
        let stage = |from: &'static str, to: &'static str| {
            t.service.move_stage(&w.members[0], w.design, t.form(), from, to, "")
        };
        assert_eq!(moved_on(stage("voting", "decided").await), "outcome-first", "{}: what was decided?", t.engine);
        let typed =
            TypedOutcome { words: "A later bus", why: "You need it", next: "We ask", differs: "same", differs_why: "" };
        t.service.write_outcome(&w.worker, w.design, t.form(), typed).await.expect("written");
        assert_eq!(moved_on(stage("decided", "doing").await), "no-actions", "{}: doing what?", t.engine);
        let owner = w.worker.id().expect("a person").to_string();
        let due = t.now().plus(7 * Moment::DAY);
        let about = About::Design(w.design);
        let action = t.service.make_action(&w.worker, &about, t.form(), action_of(&owner, due)).await.expect("made");
        let waits = async || {
            let view = t.service.view_stage(&w.members[0], w.design).await.expect("the page");
            view.waits.iter().map(|w| (w.action, w.why)).collect::<Vec<_>>()
        };
        assert_eq!(waits().await, [(action, NotYet::GoesOn)], "{}", t.engine);
        assert_eq!(moved_on(stage("doing", "done").await), "actions-open", "{}", t.engine);
        let later = TypedUpdate { ask: false, ..update_of(&owner, due, "done", "") };
        t.service.update_action(&w.worker, action, t.form(), later).await.expect("done, and too early to tell");
        assert_eq!(waits().await, [(action, NotYet::NotAsked)], "{}", t.engine);
        assert_eq!(moved_on(stage("doing", "done").await), "not-asked", "{}", t.engine);
        let say = t.service.say_did_it_work(&w.members[1], action, "yes", "").await;
        assert_eq!(moved_on(say), "not-asked-yet", "{}", t.engine);
        let page = t.service.action(&w.members[1], action).await.expect("the page");
        assert!(!page.may_say && !page.may_ask, "{}: members are asked, they do not ask", t.engine);
        assert!(matches!(t.service.ask_did_it_work(&w.members[1], action).await, Err(Refused::NotAllowed)));
        assert!(t.service.home(&w.members[1]).await.expect("home").needs.iter().all(|n| !worked(&n.what)));
        // The lead, who moves the design on, may ask too; asking twice is asking once.
        for _ in 0..2 {
            t.service.ask_did_it_work(&w.members[0], action).await.expect("asked");
            t.pass(Moment::MINUTE);
        }
        let page = t.service.action(&w.members[1], action).await.expect("the page");
        assert!(page.may_say && page.asked_at == Some(t.now().plus(-2 * Moment::MINUTE)), "{}", t.engine);
        assert!(t.service.home(&w.members[1]).await.expect("home").needs.iter().any(|n| worked(&n.what)));
        t.service.say_did_it_work(&w.members[1], action, "yes", "").await.expect("said");
        assert!(t.service.home(&w.members[1]).await.expect("home").needs.iter().all(|n| !worked(&n.what)));
        // It goes on again: then it is asked about again when it is done again.
        t.service.update_action(&w.worker, action, t.form(), update_of(&owner, due, "doing", "")).await.expect("again");
        assert_eq!(waits().await, [(action, NotYet::GoesOn)], "{}", t.engine);
        t.service.update_action(&w.worker, action, t.form(), update_of(&owner, due, "done", "")).await.expect("done");
        assert_eq!(waits().await, [], "{}: asked with the update", t.engine);
        stage("doing", "done").await.expect("done");
        let acts = t.audited().await;
        assert_eq!(acts.iter().filter(|a| *a == "AskDidItWork").count(), 0, "{}: a young lead is no staff", t.engine);
    }
}

fn worked(what: &What) -> bool {
    matches!(what, What::DidItWork { .. })
}

#[tokio::test]
async fn outside_nobody_can_watch_a_single_answer() {
    for t in support::all().await {
        let w = work(&t, Visibility::Open, GroupKind::YouthCouncil, Checking::After).await;
        let action = made(&t, &w, true).await;
        let owner = w.worker.id().expect("a person").to_string();
        let due = t.now().plus(7 * Moment::DAY);
        let done = t.service.update_action(&w.worker, action, t.form(), update_of(&owner, due, "done", "")).await;
        done.expect("done");
        let say = async |who: &Who, answer: &str| {
            t.service.say_did_it_work(who, action, answer, "").await.expect("said");
        };
        let seen = async || {
            let page = t.service.action(&Who::nobody(), action).await.expect("public");
            let list = t.service.you_said_we_did(&Who::nobody(), &PublicFilter::default()).await.expect("a list");
            let line = list.lines.into_iter().find(|l| l.line.id == action).expect("it is shown");
            assert_eq!(page.said, line.said, "the page and the list say the same");
            page.said.map(|said| said.map(|c| c.exact().unwrap_or(-1)))
        };
        for (who, answer) in w.members.iter().zip(["yes", "yes", "no", "a-bit", "no"]) {
            say(who, answer).await;
            assert_eq!(seen().await, None, "{}", t.engine);
        }
        t.pass(Moment::DAY);
        let first = Some([2, 1, 2, 0]);
        assert_eq!(seen().await, first, "{}", t.engine);
        // One person answers, one changes their answer, day after day: outside nothing moves.
        for answer in ["yes", "dont-know", "a-bit"] {
            say(&w.members[5], answer).await;
            say(&w.members[0], answer).await;
            assert_eq!(seen().await, first, "{}", t.engine);
            t.pass(Moment::DAY);
            assert_eq!(seen().await, first, "{}", t.engine);
        }
        // When enough have moved, all of them show at once, and only the day after.
        for (who, answer) in w.members.iter().skip(1).zip(["no", "yes", "yes"]) {
            say(who, answer).await;
            assert_eq!(seen().await, first, "{}", t.engine);
        }
        t.pass(Moment::DAY);
        assert_eq!(seen().await, Some([2, 2, 2, 0]), "{}", t.engine);
    }
}

#[tokio::test]
async fn a_hidden_group_gives_no_numbers_away_however_many_answer() {
    for t in support::all().await {
        for (visibility, shown) in [(Visibility::Members, true), (Visibility::Hidden, false)] {
            let w = work(&t, visibility, GroupKind::YouthCouncil, Checking::After).await;
            let action = made(&t, &w, true).await;
            let owner = w.worker.id().expect("a person").to_string();
            let due = t.now().plus(7 * Moment::DAY);
            t.service
                .update_action(&w.worker, action, t.form(), update_of(&owner, due, "done", ""))
                .await
                .expect("done");
            for (who, answer) in w.members.iter().zip(["yes", "yes", "no", "a-bit", "no", "dont-know"]) {
                t.service.say_did_it_work(who, action, answer, "").await.expect("said");
            }
            let outside = Who::nobody();
            t.pass(Moment::DAY);
            let list = t.service.you_said_we_did(&outside, &PublicFilter::default()).await.expect("a list");
            let line = list.lines.iter().find(|l| l.line.id == action).expect("it is shown");
            assert_eq!(line.said.is_some(), shown, "{} {visibility}", t.engine);
            assert!(line.line.groups.is_empty() && line.line.asked, "{} {visibility}", t.engine);
            let page = t.service.action(&outside, action).await.expect("public");
            assert_eq!((page.said.is_some(), page.percents != [0; 4]), (shown, shown), "{} {visibility}", t.engine);
            assert!(t.service.action(&w.members[0], action).await.expect("inside").said.is_some(), "{}", t.engine);
        }
    }
}

#[tokio::test]
async fn the_public_list_names_open_groups_only_and_hints_at_no_other() {
    for t in support::all().await {
        let open = open_work(&t).await;
        let hidden = work(&t, Visibility::Hidden, GroupKind::YouthCouncil, Checking::After).await;
        made(&t, &open, true).await;
        made(&t, &open, false).await;
        let secret = made(&t, &hidden, true).await;
        let all = t.service.you_said_we_did(&Who::nobody(), &PublicFilter::default()).await.expect("a list");
        assert_eq!(all.lines.len(), 2, "{}: only what is shown", t.engine);
        assert_eq!(all.groups, [("group-open".to_owned(), "Group open".to_owned())]);
        let line = all.lines.iter().find(|l| l.line.id == secret).expect("it is shown");
        assert!(line.line.groups.is_empty() && line.line.workspace.is_none() && line.line.owner_name.is_none());
        let by = async |who: &Who, group: &str| {
            let filter = PublicFilter { group: Some(group.to_owned()), ..PublicFilter::default() };
            t.service.you_said_we_did(who, &filter).await.expect("a list").lines.len()
        };
        assert_eq!(by(&Who::nobody(), "group-open").await, 1);
        assert_eq!((by(&Who::nobody(), "group-hidden").await, by(&Who::nobody(), "none").await), (0, 0));
        assert_eq!(by(&hidden.members[0], "group-hidden").await, 1, "its own members may look");
        let words = PublicFilter { words: "  LATER  bus".to_owned(), year: Some(2026), ..PublicFilter::default() };
        assert_eq!(t.service.you_said_we_did(&Who::nobody(), &words).await.expect("a list").lines.len(), 2);
        let none = PublicFilter { year: Some(2025), ..PublicFilter::default() };
        assert!(t.service.you_said_we_did(&Who::nobody(), &none).await.expect("a list").lines.is_empty());

        let page = t.service.action(&Who::nobody(), secret).await.expect("public");
        assert!(page.line.groups.is_empty() && page.line.workspace.is_none() && page.line.design.is_none());
        assert!(matches!(t.service.update_page(&Who::nobody(), secret).await, Err(Refused::NotAllowed)));
        let seen = t.service.actions(&Who::nobody(), Filter::default()).await.expect("a list");
        assert_eq!(seen.lines.len(), 3, "both of the open group, and what is shown of the hidden one");
    }
}

#[tokio::test]
async fn lists_and_pages_ask_the_same_queries_however_long_they_are() {
    for t in support::all().await {
        let w = open_work(&t).await;
        let id = vote(&t, &w).await;
        let action = made(&t, &w, true).await;
        let owner = w.worker.id().expect("a person").to_string();
        let mut before = None;
        for _ in 0..2 {
            let mut asked = Vec::new();
            for who in [&w.members[0], &Who::nobody()] {
                asked.push(store::trace::of(t.service.decision(who, id)).await.1.len());
                asked.push(store::trace::of(t.service.result(who, id)).await.1.len());
                asked.push(store::trace::of(t.service.action(who, action)).await.1.len());
                asked.push(store::trace::of(t.service.outcome(who, w.design)).await.1.len());
                asked.push(store::trace::of(t.service.actions(who, Filter::default())).await.1.len());
                asked.push(store::trace::of(t.service.you_said_we_did(who, &PublicFilter::default())).await.1.len());
            }
            assert_eq!(before.get_or_insert_with(|| asked.clone()), &asked, "{}", t.engine);
            for who in &w.members {
                raise(&t, id, who, "ok", "").await.expect("a hand");
            }
            for _ in 0..3 {
                let more = made(&t, &w, true).await;
                let due = t.now().plus(7 * Moment::DAY);
                t.service
                    .update_action(&w.worker, more, t.form(), update_of(&owner, due, "doing", ""))
                    .await
                    .expect("an update");
            }
        }
    }
}
