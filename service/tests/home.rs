//! The home page: what needs somebody, newest first, and nothing that they may not know.

mod support;

use domain::access::Who;
use domain::groups::{GroupRole, Visibility};
use domain::ids::{GroupId, WorkspaceId};
use domain::moment::Moment;
use domain::people::Role;
use service::actions::PublicFilter;
use service::home::{FirstStep, What};
use service::workspaces::NewWorkspace;
use service::{Refused, home};
use support::{START, Test};
use uuid::Uuid;

/// A statement of a test, on either engine: each `$n` is a value in `values`.
async fn run(t: &Test, sql: &'static str, values: &[Uuid], at: Moment) {
    match t.service.store() {
        store::Store::Sqlite { writer, .. } => {
            let mut query = sqlx::query(sql).bind(at.0);
            for v in values {
                query = query.bind(*v);
            }
            query.execute(writer).await.expect("done");
        }
        store::Store::Postgres(pool) => {
            let mut query = sqlx::query(sql).bind(at.0);
            for v in values {
                query = query.bind(*v);
            }
            query.execute(pool).await.expect("done");
        }
    }
}

#[tokio::test]
async fn workers_see_for_a_week_that_an_administrator_made_a_card_instead_of_them() {
    for t in support::all().await {
        let group = t.group("Care leavers", Visibility::Hidden).await;
        let other = t.group("Youth council", Visibility::Open).await;
        let ash = t.member("Ash", Role::Officer, group, GroupRole::Worker).await;
        let mo = t.member("Mo", Role::Moderator, group, GroupRole::Worker).await;
        let bo = t.member("Bo", Role::Officer, other, GroupRole::Worker).await;
        let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
        let sam = t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await;
        let admin = t.person("Alex", Role::Administrator).await;
        let id = robin.id().expect("a person");
        t.pass(Moment::DAY);
        let workers = async |active| {
            for who in [&ash, &mo] {
                t.service.set_active(&admin, who.id().expect("a person"), active).await.expect("switched");
            }
        };
        // Switched off, a card made, and switched on again as if nothing had been.
        workers(false).await;
        t.service.make_card(&admin, t.form(), id).await.expect("made");
        workers(true).await;
        let cards = async |who: &Who| {
            let home = t.service.home(who).await.expect("a home page");
            home.needs
                .into_iter()
                .filter_map(|n| match n.what {
                    What::NewCard { person, made_at } => Some((n.title, person, made_at)),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        let made = t.now();
        t.service.see_news(&ash, t.now()).await.expect("seen");
        assert_eq!(cards(&ash).await, [("Robin".to_owned(), Some(id), made)], "{}: not put away", t.engine);
        // Who may not look people up hears the same and has no way there.
        assert_eq!(cards(&mo).await, [("Robin".to_owned(), None, made)], "{}", t.engine);
        // A worker of two of their groups hears it once; one of a group they came to later, of nothing before.
        t.pass(Moment::HOUR);
        t.join(&robin, other, GroupRole::Member).await;
        for who in [&bo, &sam, &robin, &admin] {
            assert!(cards(who).await.is_empty(), "{}", t.engine);
        }
        let both = t.group("Both", Visibility::Open).await;
        t.join(&ash, both, GroupRole::Worker).await;
        t.join(&robin, both, GroupRole::Member).await;
        assert_eq!(cards(&ash).await.len(), 1, "{}", t.engine);
        // It goes after a week.
        t.pass(7 * Moment::DAY - Moment::HOUR);
        assert!(cards(&ash).await.is_empty(), "{}", t.engine);
        // And before, when a worker makes another.
        workers(false).await;
        t.service.set_active(&admin, bo.id().expect("a person"), false).await.expect("off");
        t.service.make_card(&admin, t.form(), id).await.expect("made");
        workers(true).await;
        assert_eq!(cards(&ash).await.len(), 1, "{}", t.engine);
        t.service.make_card(&t.again(&ash).await, t.form(), id).await.expect("made");
        assert!(cards(&ash).await.is_empty() && cards(&mo).await.is_empty(), "{}", t.engine);
    }
}

struct Work {
    group: GroupId,
    worker: Who,
    robin: Who,
    sam: Who,
    id: WorkspaceId,
    slug: String,
}

/// A group with a worker and two members, and a workspace whose promise both members have agreed.
async fn work(t: &Test, name: &str, visibility: Visibility) -> Work {
    let group = t.group(name, visibility).await;
    let worker = t.member(&format!("Worker of {name}"), Role::Officer, group, GroupRole::Worker).await;
    t.member(&format!("Second worker of {name}"), Role::Officer, group, GroupRole::Worker).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let sam = t.member("Sam", Role::YoungPerson, group, GroupRole::Member).await;
    let slug = domain::words::slug_start(name);
    let groups = [slug.as_str()];
    let new = NewWorkspace {
        title: "Buses",
        summary: "Buses that stop.",
        template: "service",
        symbol: "1F68C",
        groups: &groups,
    };
    let slug = t.service.open_workspace(&worker, t.form(), new).await.expect("opened");
    let id = t.service.view_workspace(&worker, &slug).await.expect("seen").work.id;
    Work { group, worker, robin, sam, id, slug }
}

async fn promise(t: &Test, w: &Work) {
    t.service.write_promise(&w.worker, &w.slug, &support::promise_words()).await.expect("written");
}

fn id(who: &Who) -> Uuid {
    who.id().expect("a person").0
}

/// A design with one section that Sam wrote, a comment of Robin's with Sam's reply, a held comment, an open vote with
/// Robin on its roll, an outcome, and an action that is done.
async fn busy(t: &Test, w: &Work) {
    let new = || -> Uuid { t.service.new_id() };
    let (design, section, comment, vote) = (new(), new(), new(), new());
    let (robin, sam, worker) = (id(&w.robin), id(&w.sam), id(&w.worker));
    let at = t.now();
    run(
        t,
        "insert into designs (id, workspace_id, title, symbol, stage, stage_at, made_at, made_by, text_seq) \
            values ($2, $3, 'Night buses', '1F68C', 'drafting', $1, $1, $4, 0)",
        &[design, w.id.0, sam],
        at,
    )
    .await;
    run(
        t,
        "insert into sections (id, design_id, position, heading, words, html, words_at, words_by, not_needed) \
            values ($2, $3, 1, 'Our idea', 'Buses', '', $1, $4, false)",
        &[section, design, sam],
        at.plus(1),
    )
    .await;
    run(t, "insert into comments (id, design_id, section_id, author_id, author_label, kind, words, state, reason, made_at) \
            values ($2, $3, $4, $5, '', 'like', 'Good', 'published', '', $1)", &[comment, design, section, robin], at.plus(2)).await;
    run(t, "insert into comments (id, design_id, section_id, parent_id, author_id, author_label, kind, words, state, reason, made_at) \
            values ($2, $3, $4, $5, $6, '', 'like', 'Yes', 'published', '', $1)", &[new(), design, section, comment, sam], at.plus(3)).await;
    run(t, "insert into comments (id, design_id, section_id, author_id, author_label, kind, words, state, reason, made_at) \
            values ($2, $3, $4, $5, '', 'worry', 'Wait', 'held', '', $1)", &[new(), design, section, sam], at.plus(4)).await;
    run(t, "insert into decisions (id, workspace_id, design_id, question, explanation, form, pass_rule, quorum, opens_at, closes_at, \
            made_at, made_by, void_reason) values ($2, $3, $4, 'Shall we?', '', 'show-of-hands', 'more-ok', 0, $1, \
            $1 + 3600000000, $1, $5, '')", &[vote, w.id.0, design, worker], at.plus(5)).await;
    run(t, "insert into roll (decision_id, person_id) select $2, $3 where $1 > 0", &[vote, robin], at).await;
    run(
        t,
        "insert into outcomes (id, design_id, words, why, next, differs, differs_why, made_at, made_by) \
            values ($2, $3, 'Yes', 'Good', 'Soon', false, '', $1, $4)",
        &[new(), design, worker],
        at.plus(6),
    )
    .await;
    run(t, "insert into actions (id, workspace_id, title, you_said, we_will, owner_role, owner_id, team, due_at, status, reason, \
            shown, made_at, made_by, changed_at, ended_at, asked_at) values ($2, $3, 'Lights at the stop', 'It is dark', \
            'We light it', 'officer', $4, 'Transport', $1, 'done', '', true, $1, $4, $1, $1, $1)", &[new(), w.id.0, worker], at.plus(7)).await;
    run(t, "insert into actions (id, workspace_id, title, you_said, we_will, owner_role, owner_id, team, due_at, status, reason, \
            shown, made_at, made_by, changed_at) values ($2, $3, 'A later bus', 'No bus', 'We ask', 'officer', $4, 'Transport', \
            $1, 'doing', '', true, $1, $4, $1)", &[new(), w.id.0, worker], at.plus(8)).await;
    t.pass(Moment::SECOND);
}

fn kind(what: &What) -> &'static str {
    match what {
        What::AgreePromise { .. } => "agree",
        What::WritePromise { .. } => "write",
        What::Vote { .. } => "vote",
        What::Draft { .. } => "draft",
        What::Check { .. } => "check",
        What::Due { .. } => "due",
        What::Reply { .. } => "reply",
        What::Outcome { .. } => "outcome",
        What::DidItWork { .. } => "worked",
        What::Ended { .. } => "ended",
        What::Finish { .. } => "finish",
        What::NewCard { .. } => "card",
        What::SentBack { .. } => "sent-back",
        What::Suggestions { .. } => "suggestions",
        What::Suggestion { .. } => "suggestion",
        What::ToDecide { .. } => "decide",
        What::Closed { .. } => "closed",
        What::VoidAsked { .. } => "void",
        What::TakenAway { .. } => "taken",
        What::ReportAnswered { .. } => "report",
    }
}

async fn kinds(t: &Test, who: &Who) -> Vec<&'static str> {
    t.service.home(who).await.expect("home").needs.iter().map(|n| kind(&n.what)).collect()
}

#[tokio::test]
async fn everybody_finds_what_needs_them_newest_first() {
    for t in support::all().await {
        let w = work(&t, "Youth Council", Visibility::Hidden).await;
        assert_eq!(kinds(&t, &w.worker).await, ["write"], "{}", t.engine);
        assert!(kinds(&t, &w.robin).await.is_empty(), "members wait for the promise");
        promise(&t, &w).await;
        assert_eq!(kinds(&t, &w.robin).await, ["agree"]);
        assert!(kinds(&t, &w.worker).await.is_empty());
        t.service.agree_promise(&w.robin, &w.slug, t.now()).await.expect("agreed");
        assert!(kinds(&t, &w.robin).await.is_empty());
        busy(&t, &w).await;
        assert_eq!(kinds(&t, &w.robin).await, ["worked", "outcome", "vote", "reply", "draft"]);
        assert_eq!(kinds(&t, &w.worker).await, ["due", "check", "draft"]);
        // Sam wrote the words and the reply, and is not on the roll; Sam wrote in the design, so the outcome is Sam's news.
        assert_eq!(kinds(&t, &w.sam).await, ["worked", "outcome"]);
        let needed = t.service.home(&w.robin).await.expect("home").needs.iter().filter(|n| n.what.needs()).count();
        assert_eq!(needed, 3, "a question, a vote and new words; the rest is news");
        t.pass(2 * Moment::HOUR);
        assert!(!kinds(&t, &w.robin).await.contains(&"vote"), "closed by the clock");
        t.pass(15 * Moment::DAY);
        assert_eq!(kinds(&t, &w.robin).await, ["worked", "outcome"], "old changes are no news");
    }
}

#[tokio::test]
async fn nothing_of_a_group_stays_on_the_home_page_of_somebody_who_left_it() {
    for t in support::all().await {
        let w = work(&t, "Quiet ones", Visibility::Hidden).await;
        promise(&t, &w).await;
        busy(&t, &w).await;
        let outsider = t.person("Outsider", Role::Administrator).await;
        assert!(kinds(&t, &outsider).await.is_empty());
        for who in [&w.robin, &w.sam] {
            let id = who.id().expect("id");
            t.service.take_out_of_group(&w.worker, "quiet-ones", id).await.expect("out");
            let home = t.service.home(&t.again(who).await).await.expect("home");
            assert!(home.needs.is_empty() && home.groups.is_empty(), "{}", t.engine);
        }
        let observer = t.member("Observer", Role::BoardMember, w.group, GroupRole::Observer).await;
        assert_eq!(kinds(&t, &observer).await, ["draft"], "an observer reads and is asked nothing else");
        // The owner of an action who left its hidden group may not know of it any more.
        let mut tx = t.service.store().write().await.expect("a transaction");
        store::groups::leave(&mut tx, w.group, w.worker.id().expect("id")).await.expect("left");
        tx.commit().await.expect("committed");
        assert!(kinds(&t, &t.again(&w.worker).await).await.is_empty());
        assert!(matches!(t.service.home(&Who::nobody()).await, Err(Refused::NotAllowed)));
    }
}

#[tokio::test]
async fn home_asks_the_same_number_of_queries_and_shows_at_most_ten_cards() {
    for t in support::all().await {
        let w = work(&t, "Youth Council", Visibility::Open).await;
        let count = async |who: &Who| store::trace::of(t.service.home(who)).await.1.len();
        let few = count(&w.robin).await;
        assert_eq!(count(&t.person("New", Role::YoungPerson).await).await, few, "even with nothing at all");
        promise(&t, &w).await;
        for _ in 0..5 {
            t.pass(Moment::MINUTE);
            busy(&t, &w).await;
        }
        assert_eq!(count(&w.robin).await, few, "{}", t.engine);
        assert_eq!(few, 21);
        let home = t.service.home(&w.robin).await.expect("home");
        assert_eq!(home.needs.len(), home::MOST);
        assert!(home.needs.is_sorted_by(|a, b| a.at >= b.at), "newest first");
        let needed = home.needs.iter().filter(|n| n.what.needs()).count();
        assert_eq!(needed, 10, "news gives way to what needs doing");
        assert_eq!(home.news_until, None, "{}: no news is on the page, so none can be put away", t.engine);
        assert_eq!(home.groups.len(), 1);
        assert_eq!((home.groups[0].workspaces, home.groups[0].votes), (1, 5));
    }
}

#[tokio::test]
async fn a_vote_that_closed_or_is_to_be_cancelled_and_words_taken_away_are_told() {
    for t in support::all().await {
        let w = work(&t, "Youth Council", Visibility::Hidden).await;
        promise(&t, &w).await;
        for who in [&w.robin, &w.sam] {
            t.service.agree_promise(who, &w.slug, t.now()).await.expect("agreed");
        }
        busy(&t, &w).await;
        run(&t, "delete from outcomes where made_at > $1", &[], Moment(0)).await;
        run(&t, "delete from actions where made_at > $1", &[], Moment(0)).await;
        run(&t, "update designs set stage = 'voting' where made_at < $1", &[], t.now()).await;
        let second = t.member("Third worker", Role::Officer, w.group, GroupRole::Worker).await;
        let of = async |who: &Who, what: &str| kinds(&t, who).await.iter().filter(|k| **k == what).count();
        // A vote about these words that was before it counts no more, whatever it was about.
        let first: Uuid = t.service.new_id();
        let sql = "insert into decisions (id, workspace_id, design_id, question, explanation, form, pass_rule, quorum, opens_at, \
                   closes_at, made_at, made_by, void_reason) select $2, workspace_id, design_id, 'At first', '', form, pass_rule, 0, \
                   $1, $1, $1, made_by, '' from decisions where question = 'Shall we?'";
        run(&t, sql, &[first], t.now().plus(-Moment::HOUR)).await;
        run(
            &t,
            "insert into roll (decision_id, person_id) select $2, $3 where $1 > 0",
            &[first, id(&w.robin)],
            t.now(),
        )
        .await;
        assert_eq!((of(&second, "decide").await, of(&w.robin, "closed").await), (0, 0), "{}", t.engine);
        // One asks to cancel it: the others who may are asked, and nobody else.
        let asked = [w.group.0, id(&w.worker)];
        run(&t, "update decisions set void_asked_at = $1, void_asked_by = $3 where $2 = $2", &asked, t.now()).await;
        assert_eq!((of(&second, "void").await, of(&w.worker, "void").await), (1, 0), "{}", t.engine);
        assert_eq!((of(&w.robin, "void").await, of(&second, "decide").await), (0, 0), "{}", t.engine);
        // It closes first: nobody can cancel it, those who write what was decided are asked, who could vote hears of it.
        t.pass(2 * Moment::HOUR);
        assert_eq!((of(&second, "void").await, of(&second, "decide").await), (0, 1), "{}", t.engine);
        assert_eq!((of(&w.robin, "closed").await, of(&w.robin, "decide").await), (1, 0), "{}", t.engine);
        assert_eq!(of(&w.sam, "closed").await, 0, "{}: not on its roll", t.engine);
        t.pass(20 * Moment::DAY);
        assert_eq!((of(&w.robin, "closed").await, of(&second, "decide").await), (0, 1), "{}", t.engine);
        run(&t, "update designs set stage = 'decided' where made_at < $1", &[], t.now()).await;
        assert_eq!(of(&second, "decide").await, 0, "{}: it is written", t.engine);
        // Words taken away: told to who wrote them, until they have seen the news.
        let sql = "update comments set state = 'hidden-by-moderator', reason = 'A name', checked_at = $1, checked_by = $3 where author_id = $2";
        run(&t, sql, &[id(&w.robin), id(&w.worker)], t.now()).await;
        t.pass(Moment::SECOND);
        assert_eq!((of(&w.robin, "taken").await, of(&w.sam, "taken").await), (1, 0), "{}", t.engine);
        t.service.see_news(&w.robin, t.now().plus(-Moment::DAY)).await.expect("seen");
        assert_eq!(of(&w.robin, "taken").await, 1, "{}: what was seen is older", t.engine);
        let until = t.service.home(&w.robin).await.expect("home").news_until;
        assert!(until.is_some_and(|u| u < t.now()), "{}: what is on the page, not what comes", t.engine);
        t.service.see_news(&w.robin, t.now().plus(Moment::DAY)).await.expect("seen");
        assert_eq!(of(&w.robin, "taken").await, 0, "{}", t.engine);
        // A tab that saw less brings nothing back, and a moment that has not come is now.
        t.service.see_news(&w.robin, Moment(0)).await.expect("seen");
        assert_eq!(of(&w.robin, "taken").await, 0, "{}", t.engine);
        t.pass(Moment::SECOND);
        run(&t, sql, &[id(&w.robin), id(&w.worker)], t.now()).await;
        assert_eq!(of(&w.robin, "taken").await, 1, "{}", t.engine);
        assert!(matches!(t.service.see_news(&Who::nobody(), t.now()).await, Err(Refused::NotAllowed)));
    }
}

/// Where an action stands, and whether people were asked about it, in a design that is being done.
async fn action(t: &Test, w: &Work, design: Uuid, status: &'static str, asked: bool) {
    let values = [t.service.new_id(), w.id.0, design, id(&w.worker)];
    let sql = "insert into actions (id, workspace_id, design_id, title, you_said, we_will, owner_role, team, due_at, status, \
               reason, shown, made_at, made_by, changed_at, ended_at, asked_at) values ($2, $3, $4, 'Lights', 'It is dark', \
               'We light it', 'officer', 'Transport', $1, $STATUS, 'The lamp broke', false, $1, $5, $1, $1, $ASKED)";
    let sql = sql.replace("$STATUS", &format!("'{status}'")).replace("$ASKED", if asked { "$1" } else { "null" });
    run(t, Box::leak(sql.into_boxed_str()), &values, t.now()).await;
}

#[tokio::test]
async fn what_ended_is_told_with_its_question_or_its_reason_and_leads_finish_the_design() {
    for t in support::all().await {
        let w = work(&t, "Youth Council", Visibility::Hidden).await;
        promise(&t, &w).await;
        t.service.agree_promise(&w.robin, &w.slug, t.now()).await.expect("agreed");
        let design: Uuid = t.service.new_id();
        run(
            &t,
            "insert into designs (id, workspace_id, title, symbol, stage, stage_at, made_at, made_by, text_seq) \
                values ($2, $3, 'Night buses', '1F68C', 'doing', $1, $1, $4, 0)",
            &[design, w.id.0, id(&w.worker)],
            t.now(),
        )
        .await;
        assert!(kinds(&t, &w.worker).await.is_empty(), "{}: a design without an action is not finished", t.engine);
        action(&t, &w, design, "doing", false).await;
        assert!(kinds(&t, &w.robin).await.is_empty() && kinds(&t, &w.worker).await.is_empty(), "{}", t.engine);
        run(&t, "update actions set status = 'done', changed_at = $1", &[], t.now()).await;
        assert!(kinds(&t, &w.robin).await.is_empty(), "nobody was asked yet");
        assert_eq!(kinds(&t, &w.worker).await, ["finish"], "{}", t.engine);
        t.pass(Moment::SECOND);
        action(&t, &w, design, "stopped", false).await;
        assert_eq!(kinds(&t, &w.robin).await, ["ended"], "{}: those who asked for it read why", t.engine);
        t.pass(Moment::SECOND);
        run(&t, "update actions set asked_at = $1 where status = 'done'", &[], t.now()).await;
        assert_eq!(kinds(&t, &w.robin).await, ["worked", "ended"], "{}", t.engine);
        let outsider = t.person("Outsider", Role::Administrator).await;
        assert!(kinds(&t, &outsider).await.is_empty(), "{}", t.engine);
        t.pass(20 * Moment::DAY);
        assert_eq!(kinds(&t, &w.robin).await, ["worked"], "{}: news grows old, a question stays longer", t.engine);
        run(&t, "update designs set stage = 'done' where stage_at < $1", &[], t.now()).await;
        assert!(kinds(&t, &w.worker).await.is_empty(), "{}", t.engine);
    }
}

#[tokio::test]
async fn the_welcome_page_shows_open_groups_and_the_public_list_without_any_name() {
    for t in support::all().await {
        let open = work(&t, "Open council", Visibility::Open).await;
        busy(&t, &open).await;
        t.pass(Moment::MINUTE);
        let hidden = work(&t, "Quiet ones", Visibility::Hidden).await;
        busy(&t, &hidden).await;
        run(&t, "update actions set shown = false where title = 'A later bus' and changed_at > $1", &[], START).await;
        let (welcome, asked) = store::trace::of(t.service.welcome(&Who::nobody())).await;
        let welcome = welcome.expect("for everybody");
        assert_eq!(asked.len(), 2, "{}", t.engine);
        let groups: Vec<_> = welcome.groups.iter().map(|g| g.name.as_str()).collect();
        assert_eq!(groups, ["Open council"]);
        // The same lines as the public list, whosever they are: what was ticked, newest first.
        let all = t.service.you_said_we_did(&Who::nobody(), &PublicFilter::default()).await.expect("a list");
        let on_list: Vec<_> = all.lines.iter().map(|l| l.line.id).collect();
        let lines: Vec<_> = welcome.done.iter().map(|a| a.id).collect();
        assert_eq!(lines, on_list, "{}", t.engine);
        assert_eq!(lines.len(), 2, "{}: one of each group", t.engine);
        assert!(!format!("{:?} {:?}", welcome.done, all).contains("Quiet"), "{}", t.engine);
    }
}

#[tokio::test]
async fn first_steps_stay_until_the_house_has_what_it_needs() {
    for t in support::all().await {
        let admin = t.person("Alex", Role::Administrator).await;
        let left = async |who: &Who| t.service.home(&t.again(who).await).await.expect("a home page").first;
        let (settings, group, workers, young) =
            (FirstStep::Settings, FirstStep::Group, FirstStep::Workers, FirstStep::YoungPerson);
        assert_eq!(left(&admin).await, [settings, group, workers, young], "{}", t.engine);
        let typed = [
            ("help_email", "help@marram.example"),
            ("safety_phone", "01632 960 199"),
            ("privacy_contact", "Sam"),
            ("security_contact", "holes@marram.example"),
        ];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        t.service.change_settings(&admin, &typed).await.expect("changed");
        let council = t.group("Youth council", Visibility::Open).await;
        assert_eq!(left(&admin).await, [workers, young], "{}", t.engine);
        // Also while they are in that group themselves, and with one worker in each of two groups.
        t.join(&admin, council, GroupRole::Observer).await;
        let one = t.member("Ash", Role::Officer, council, GroupRole::Worker).await;
        let other = t.group("Care leavers", Visibility::Hidden).await;
        t.member("Bo", Role::Officer, other, GroupRole::Worker).await;
        assert_eq!(left(&admin).await, [workers, young], "{}", t.engine);
        t.join(&one, other, GroupRole::Worker).await;
        assert_eq!(left(&admin).await, [young], "{}", t.engine);
        t.member("Robin", Role::YoungPerson, council, GroupRole::Member).await;
        assert!(left(&admin).await.is_empty(), "{}", t.engine);
        // Only administrators can see to all of it.
        assert!(left(&one).await.is_empty());
    }
}
