//! People: who may make and change whom, what each change ends, and what stays when an account is deleted.

mod support;

use domain::access::{Verb, Who};
use domain::groups::{GroupRole, Visibility};
use domain::moment::Moment;
use domain::people::Role;
use service::Refused;
use service::access::{Credentials, Visit};
use service::audit::Chain;
use service::news::Event;
use service::people::{CardMade, NewPerson, NewRole, PrintedCard};
use support::Test;

const GOOD: &str = "three quiet lamps";
const OTHER: &str = "seven wooden boats";

fn young<'a>(name: &'a str, group: &'a str, card: bool) -> NewPerson<'a> {
    NewPerson { name, role: "young-person", team: "", sign_in_name: "", password: "", group, card }
}

fn officer<'a>(name: &'a str, sign_in_name: &'a str) -> NewPerson<'a> {
    NewPerson { name, role: "officer", team: "Youth work", sign_in_name, password: GOOD, group: "", card: false }
}

fn role<'a>(role: &'a str, sign_in_name: &'a str, password: &'a str) -> NewRole<'a> {
    NewRole { role, team: "", sign_in_name, password }
}

/// The keys of what was wrong, with their fields.
fn wrong<T: std::fmt::Debug>(answer: Result<T, Refused>) -> Vec<(String, &'static str)> {
    match answer {
        Err(Refused::Invalid(problems)) => problems.0.into_iter().map(|p| (p.field, p.key)).collect(),
        other => panic!("not refused as invalid: {other:?}"),
    }
}

async fn by_card(t: &Test, card: &PrintedCard) -> Result<service::access::SignedIn, Refused> {
    let pictures = card.pictures.map(domain::people::Picture::name);
    t.service.sign_in(Credentials::Card { code: card.code.as_str(), pictures }, false, "198.51.100.7").await
}

async fn by_name(t: &Test, name: &str, password: &str) -> Result<Visit, Refused> {
    let signed_in = t.service.sign_in(Credentials::Password { name, password }, false, "198.51.100.7").await?;
    t.service.visit(Some(&signed_in.secret)).await
}

async fn card_for(t: &Test, maker: &Who, who: &Who) -> PrintedCard {
    match t.service.make_card(maker, t.form(), who.id().expect("id")).await.expect("made") {
        CardMade::New(card) => card,
        CardMade::Already => panic!("a new form makes a new card"),
    }
}

#[tokio::test]
async fn an_officer_makes_a_young_person_with_a_card_in_a_group_and_sending_it_twice_is_once() {
    for t in support::all().await {
        let group = t.group("Youth council", Visibility::Hidden).await;
        let worker = t.member("Ash", Role::Officer, group, GroupRole::Worker).await;
        let outsider = t.person("Bo", Role::Officer).await;
        let id = group.to_string();
        let form = t.form();
        let made = t.service.make_person(&worker, form, young("Robin", &id, true)).await.expect("made");
        let card = made.card.expect("a card");
        let signed_in = by_card(&t, &card).await.expect("the card works");
        assert_eq!(t.visit(&signed_in.secret).await.who.role_in(group), Some(GroupRole::Member), "{}", t.engine);
        let again = t.service.make_person(&worker, form, young("Robin", &id, true)).await.expect("once");
        assert!(again.id == made.id && again.card.is_none(), "{}", t.engine);
        assert_eq!(t.audited().await, ["MakePerson", "ManageMembers", "ChangePerson"], "{}", t.engine);
        // A hidden group is unknown to an officer outside it.
        let refused = t.service.make_person(&outsider, t.form(), young("Sam", &id, false)).await;
        assert!(matches!(refused, Err(Refused::Unknown)), "{}", t.engine);
        assert_eq!(t.service.list_people(&worker).await.expect("list").len(), 3, "{}", t.engine);
    }
}

#[tokio::test]
async fn only_those_who_look_after_people_see_them_and_only_administrators_touch_staff() {
    for t in support::all().await {
        let admin = t.person("Alex", Role::Administrator).await;
        let ash = t.person("Ash", Role::Officer).await;
        let robin = t.person("Robin", Role::YoungPerson).await;
        let (ash_id, robin_id) = (ash.id().expect("id"), robin.id().expect("id"));
        for who in [&robin, &t.person("Mo", Role::Moderator).await, &Who::nobody()] {
            assert!(matches!(t.service.list_people(who).await, Err(Refused::NotAllowed)), "{}", t.engine);
            assert!(matches!(t.service.person(who, robin_id).await, Err(Refused::NotAllowed)));
            assert!(matches!(t.service.make_card(who, t.form(), robin_id).await, Err(Refused::NotAllowed)));
        }
        let s = &t.service;
        assert!(matches!(s.correct_name(&ash, ash_id, "Ashley").await, Err(Refused::NotAllowed)));
        assert!(matches!(s.set_active(&ash, admin.id().expect("id"), false).await, Err(Refused::NotAllowed)));
        assert!(matches!(s.reset_password(&ash, ash_id, GOOD).await, Err(Refused::NotAllowed)));
        assert!(matches!(s.make_person(&ash, t.form(), officer("Kit", "kit")).await, Err(Refused::NotAllowed)));
        let up = s.change_role(&ash, robin_id, role("officer", "robin", GOOD)).await;
        assert!(matches!(up, Err(Refused::NotAllowed)), "{}", t.engine);
        assert!(s.person(&ash, ash_id).await.expect("seen").sign_in_name.is_none(), "an officer sees no sign-in names");
        assert!(matches!(s.person(&admin, s.new_id()).await, Err(Refused::Unknown)));
        assert!(t.audited().await.is_empty(), "{}: what was refused is no act", t.engine);
    }
}

#[tokio::test]
async fn staff_get_a_sign_in_name_of_their_own_and_must_choose_a_new_password() {
    for t in support::all().await {
        let admin = t.person("Alex", Role::Administrator).await;
        t.service.make_person(&admin, t.form(), officer("Ash", "Ash Grove")).await.expect("made");
        let taken = t.service.make_person(&admin, t.form(), officer("Other", "  ASH grove")).await;
        assert_eq!(wrong(taken), [("sign_in_name".to_owned(), "taken")], "{}", t.engine);
        let mut typed = officer("", "x");
        typed.password = "short";
        let problems = wrong(t.service.make_person(&admin, t.form(), typed).await);
        let fields: Vec<_> = problems.iter().map(|(f, _)| f.as_str()).collect();
        assert_eq!(fields, ["name", "sign_in_name", "new_password"], "{}: everything at once", t.engine);

        let visit = by_name(&t, "ash grove", GOOD).await.expect("signed in");
        assert!(visit.session.expect("a session").must_change);
        let change = |old, new| t.service.change_my_password(&visit, old, new);
        assert_eq!(wrong(change("not it at all", OTHER).await), [("old_password".to_owned(), "old-password")]);
        assert_eq!(wrong(change(GOOD, GOOD).await), [("new_password".to_owned(), "password-same")]);
        let elsewhere = by_name(&t, "ash grove", GOOD).await.expect("signed in").session.expect("a session");
        change(GOOD, OTHER).await.expect("changed");
        let ended = t.service.my_data(&visit).await.expect("mine").sessions.iter().all(|s| s.id != elsewhere.id);
        assert!(ended, "{}: other sessions end", t.engine);
        let visit = by_name(&t, "ash grove", OTHER).await.expect("the new one works");
        assert!(!visit.session.expect("a session").must_change, "{}", t.engine);
        by_name(&t, "ash grove", GOOD).await.expect_err("the old one does not");

        let id = visit.who.id().expect("id");
        t.service.reset_password(&admin, id, GOOD).await.expect("reset");
        assert!(by_name(&t, "ash grove", GOOD).await.expect("signed in").session.expect("a session").must_change);
        let own = t.service.reset_password(&admin, admin.id().expect("id"), GOOD).await;
        assert!(matches!(own, Err(Refused::NotAllowed)), "{}: one's own is changed with the old one", t.engine);
    }
}

#[tokio::test]
async fn ten_wrong_old_passwords_must_wait() {
    let t = support::sqlite().await;
    let admin = t.person("Alex", Role::Administrator).await;
    t.service.make_person(&admin, t.form(), officer("Ash", "Ash")).await.expect("made");
    let visit = by_name(&t, "ash", GOOD).await.expect("signed in");
    for _ in 0..10 {
        wrong(t.service.change_my_password(&visit, "not it at all", OTHER).await);
    }
    let e = t.service.change_my_password(&visit, GOOD, OTHER).await.expect_err("wait");
    assert!(matches!(e, Refused::TooMany(30)), "{e:?}");
    t.pass(30 * Moment::SECOND);
    t.service.change_my_password(&visit, GOOD, OTHER).await.expect("changed");
}

#[tokio::test]
async fn a_change_of_role_and_switching_off_end_sessions_at_once_and_tell_open_pages() {
    for t in support::all().await {
        let admin = t.person("Alex", Role::Administrator).await;
        let group = t.group("Youth council", Visibility::Open).await;
        let ash = t.member("Ash", Role::Officer, group, GroupRole::Worker).await;
        let robin = t.person("Robin", Role::YoungPerson).await;
        let (ash_id, robin_id) = (ash.id().expect("id"), robin.id().expect("id"));
        let card = card_for(&t, &admin, &robin).await;

        let session = by_card(&t, &card).await.expect("signed in").secret;
        let mut news = t.service.news().listen();
        t.service.set_active(&admin, robin_id, false).await.expect("off");
        assert_eq!(news.recv().await.expect("news"), Event::Rights { person: robin_id }, "{}", t.engine);
        assert!(t.visit(&session).await.who.id().is_none(), "{}", t.engine);
        by_card(&t, &card).await.expect_err("switched off");
        t.service.set_active(&admin, robin_id, true).await.expect("on");
        let session = by_card(&t, &card).await.expect("on again").secret;

        // Up: a sign-in name is needed, and the card ends.
        let bare = wrong(t.service.change_role(&admin, robin_id, role("officer", "", "")).await);
        assert_eq!(bare.iter().map(|(f, _)| f.as_str()).collect::<Vec<_>>(), ["sign_in_name", "new_password"]);
        t.service.change_role(&admin, robin_id, role("officer", "robin", GOOD)).await.expect("up");
        assert!(t.visit(&session).await.who.id().is_none());
        by_card(&t, &card).await.expect_err("staff have no cards");
        assert_eq!(by_name(&t, "robin", GOOD).await.expect("signed in").who.role(), Some(Role::Officer));
        let made = t.service.make_card(&admin, t.form(), robin_id).await;
        assert!(matches!(made, Err(Refused::Unknown)), "{}", t.engine);

        // Down: the sign-in name goes, and a worker only reads.
        t.service.change_role(&admin, ash_id, role("supporter", "", "")).await.expect("down");
        let ash = t.again(&ash).await;
        assert_eq!((ash.role(), ash.role_in(group)), (Some(Role::Supporter), Some(GroupRole::Observer)));
        assert!(t.service.person(&admin, ash_id).await.expect("seen").sign_in_name.is_none(), "{}", t.engine);
        assert_eq!(t.service.check_audit().await.expect("checked"), Chain::Whole(5), "{}", t.engine);
    }
}

#[tokio::test]
async fn a_move_between_groups_by_somebody_else_takes_effect_at_once_and_ends_sessions() {
    for t in support::all().await {
        let group = t.group("Youth council", Visibility::Hidden).await;
        let ash = t.member("Ash", Role::Officer, group, GroupRole::Worker).await;
        t.member("Bo", Role::Officer, group, GroupRole::Worker).await;
        let robin = t.person("Robin", Role::YoungPerson).await;
        let id = robin.id().expect("id");
        let session = t.session(&robin).await;
        t.service.add_to_group(&ash, "youth-council", &id.to_string(), "member").await.expect("in");
        let now = t.visit(&session).await;
        assert_eq!(
            now.who.role_in(group),
            Some(GroupRole::Member),
            "{}: one more group, and nobody is cut off",
            t.engine
        );
        let mut news = t.service.news().listen();
        t.service.set_group_role(&ash, "youth-council", id, "lead").await.expect("lead");
        assert_eq!(news.recv().await.expect("news"), Event::Rights { person: id }, "{}", t.engine);
        assert!(t.visit(&session).await.who.id().is_none(), "{}: another role in the group", t.engine);
        let session = t.session(&robin).await;
        assert_eq!(t.visit(&session).await.who.role_in(group), Some(GroupRole::Lead), "{}", t.engine);
        t.service.take_out_of_group(&ash, "youth-council", id).await.expect("out");
        assert!(t.visit(&session).await.who.id().is_none(), "{}: taken out", t.engine);
        // Who changes their own place goes on.
        let own = t.session(&ash).await;
        t.service.set_group_role(&ash, "youth-council", ash.id().expect("id"), "observer").await.expect("observer");
        assert_eq!(t.visit(&own).await.who.role_in(group), Some(GroupRole::Observer), "{}", t.engine);
    }
}

#[tokio::test]
async fn the_last_administrator_stays_whoever_asks_and_however() {
    for t in support::all().await {
        let alex = t.person("Alex", Role::Administrator).await;
        let bo = t.person("Bo", Role::Administrator).await;
        let (alex_id, bo_id) = (alex.id().expect("id"), bo.id().expect("id"));
        // Both at once: one of them stays.
        let (one, two) =
            tokio::join!(t.service.set_active(&alex, bo_id, false), t.service.set_active(&bo, alex_id, false));
        assert!(one.is_ok() != two.is_ok(), "{}: {one:?} {two:?}", t.engine);
        let (left, left_id) = if one.is_ok() { (&alex, alex_id) } else { (&bo, bo_id) };
        let s = &t.service;
        assert_eq!(wrong(s.set_active(left, left_id, false).await), [("active".to_owned(), "last-administrator")]);
        let down = s.change_role(left, left_id, role("officer", "", "")).await;
        assert_eq!(wrong(down), [("role".to_owned(), "last-administrator")], "{}", t.engine);
        assert_eq!(wrong(s.delete_me(left).await), [("delete".to_owned(), "last-administrator")], "{}", t.engine);
    }
}

#[tokio::test]
async fn only_a_worker_of_their_groups_makes_somebodys_card_or_an_administrator_where_there_is_none() {
    for t in support::all().await {
        let hidden = t.group("Care leavers", Visibility::Hidden).await;
        let open = t.group("Youth council", Visibility::Open).await;
        let ash = t.member("Ash", Role::Officer, hidden, GroupRole::Worker).await;
        let bo = t.member("Bo", Role::Officer, open, GroupRole::Worker).await;
        let admin = t.person("Alex", Role::Administrator).await;
        let robin = t.member("Robin", Role::YoungPerson, hidden, GroupRole::Member).await;
        let kit = t.person("Kit", Role::YoungPerson).await;
        let make = async |who: &Who, of: &Who| t.service.make_card(who, t.form(), of.id().expect("id")).await;
        let may = async |who: &Who, of: &Who| t.service.person(who, of.id().expect("id")).await.expect("seen").may_card;
        // For an officer who is in none of their groups it is the same, whether there is one or not.
        for of in [&robin, &kit] {
            assert!(matches!(make(&bo, of).await, Err(Refused::NotAllowed)) && !may(&bo, of).await, "{}", t.engine);
        }
        assert!(matches!(make(&admin, &robin).await, Err(Refused::NotAllowed)) && !may(&admin, &robin).await);
        assert!(make(&ash, &robin).await.is_ok() && may(&ash, &robin).await, "{}", t.engine);
        assert!(make(&admin, &kit).await.is_ok() && may(&admin, &kit).await, "{}", t.engine);
        // Its last worker has gone.
        t.service.set_active(&admin, ash.id().expect("id"), false).await.expect("off");
        assert!(make(&admin, &robin).await.is_ok() && may(&admin, &robin).await, "{}", t.engine);
        assert!(matches!(make(&bo, &robin).await, Err(Refused::NotAllowed)), "{}", t.engine);
        let acts = ["MakeCard", "MakeCardInstead", "MakeStaff", "MakeCardInstead"];
        assert_eq!(t.audited().await, acts, "{}: the log says by what right", t.engine);
    }
}

#[tokio::test]
async fn putting_somebody_into_a_group_gives_nobody_their_card_on_the_same_day() {
    for t in support::all().await {
        let hidden = t.group("Care leavers", Visibility::Hidden).await;
        let ash = t.member("Ash", Role::Officer, hidden, GroupRole::Worker).await;
        let robin = t.member("Robin", Role::YoungPerson, hidden, GroupRole::Member).await;
        let sam = t.member("Sam", Role::YoungPerson, hidden, GroupRole::Member).await;
        let kit = t.person("Kit", Role::YoungPerson).await;
        let make = async |who: &Who, of: &Who| {
            let (who, id) = (t.again(who).await, of.id().expect("id"));
            let may = t.service.person(&who, id).await.expect("seen").may_card;
            let made = t.service.make_card(&who, t.form(), id).await;
            assert_eq!(may, made.is_ok(), "{}: what the page offers is what can be done", t.engine);
            match made {
                Ok(CardMade::New(card)) => Some(card),
                Err(Refused::NotAllowed) => None,
                other => panic!("{other:?}"),
            }
        };
        // The first card of those who were made in the group, at once; and again while nobody used it.
        make(&ash, &robin).await.expect("a first card");
        let card = make(&ash, &robin).await.expect("printed badly");
        by_card(&t, &card).await.expect("signed in");
        make(&ash, &robin).await.expect("lost: whoever was there when Robin was made gives another");

        // Somebody else makes a group and puts them all in: one with a card, one without, and one who was in no group.
        let bo = t.person("Bo", Role::Officer).await;
        let own = t.group("Bo's own", Visibility::Open).await;
        let bo = t.join(&bo, own, GroupRole::Worker).await;
        t.pass(Moment::SECOND);
        // Who has only come to work there since: nothing to take of one, something of the other.
        let dee = t.member("Dee", Role::Officer, hidden, GroupRole::Worker).await;
        assert!(make(&dee, &robin).await.is_none() && make(&dee, &sam).await.is_some(), "{}", t.engine);
        for who in [&robin, &sam, &kit] {
            let id = who.id().expect("id").to_string();
            t.service.add_to_group(&bo, "bos-own", &id, "member").await.expect("in");
            assert!(make(&bo, who).await.is_none(), "{}", t.engine);
        }
        t.pass(Moment::DAY - 1);
        for who in [&robin, &sam, &kit] {
            assert!(make(&bo, who).await.is_none(), "{}: not a whole day", t.engine);
        }
        // Both have been in it for a day; who has only just come to work there waits as well.
        t.pass(1);
        let cy = t.member("Cy", Role::Officer, own, GroupRole::Worker).await;
        for who in [&robin, &sam, &kit] {
            assert!(make(&cy, who).await.is_none(), "{}", t.engine);
            assert!(make(&bo, who).await.is_some(), "{}", t.engine);
        }
        assert!(make(&ash, &robin).await.is_some(), "{}: their worker of old", t.engine);
    }
}

#[tokio::test]
async fn a_new_card_ends_the_old_one_and_its_sessions_and_a_repeat_makes_none() {
    for t in support::all().await {
        let group = t.group("Youth council", Visibility::Open).await;
        let ash = t.member("Ash", Role::Officer, group, GroupRole::Worker).await;
        let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
        let id = robin.id().expect("id");
        t.pass(Moment::DAY);
        let first = card_for(&t, &ash, &robin).await;
        let session = by_card(&t, &first).await.expect("signed in").secret;
        let form = t.form();
        let made = t.service.make_card(&ash, form, id).await.expect("made");
        let CardMade::New(second) = made else { panic!("a new card") };
        assert!(t.visit(&session).await.who.id().is_none(), "{}: its sessions end", t.engine);
        by_card(&t, &first).await.expect_err("the old card is dead");
        assert!(matches!(t.service.make_card(&ash, form, id).await.expect("asked"), CardMade::Already));
        by_card(&t, &second).await.expect("a repeat changes nothing");
        assert!(first.code != second.code);
        let [a, b, c] = second.pictures;
        assert!(a != b && b != c && a != c);
        // Locked, then made again.
        let with = || Credentials::Card { code: second.code.as_str(), pictures: ["dog", "dog", "dog"] };
        for _ in 0..5 {
            t.service.sign_in(with(), false, "x").await.expect_err("wrong");
        }
        assert!(t.service.person(&ash, id).await.expect("seen").card.expect("a card").locked, "{}", t.engine);
        let third = card_for(&t, &ash, &robin).await;
        by_card(&t, &third).await.expect("unlocked by a new card");
    }
}

#[tokio::test]
async fn my_sessions_groups_and_name_are_mine_alone() {
    for t in support::all().await {
        let group = t.group("Care leavers", Visibility::Hidden).await;
        let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
        let sam = t.person("Sam", Role::YoungPerson).await;
        let (mine, other) = (t.session(&robin).await, t.session(&robin).await);
        let theirs = t.session(&sam).await;
        let visit = t.visit(&mine).await;
        let data = t.service.my_data(&visit).await.expect("mine");
        assert_eq!((data.sessions.len(), data.groups.len()), (2, 1), "{}", t.engine);
        let sams = t.visit(&theirs).await.session.expect("a session").id;
        t.service.end_my_session(&visit.who, sams).await.expect("as if it were not there");
        assert!(t.visit(&theirs).await.who.id().is_some(), "{}: somebody else's session stays", t.engine);
        let second = t.visit(&other).await.session.expect("a session").id;
        t.service.end_my_session(&visit.who, second).await.expect("ended");
        assert!(t.visit(&other).await.who.id().is_none() && t.visit(&mine).await.who.id().is_some());
        t.service.correct_my_name(&visit.who, "  Robyn ").await.expect("corrected");
        assert_eq!(t.service.my_data(&visit).await.expect("mine").name, "Robyn");
        assert_eq!(wrong(t.service.correct_my_name(&visit.who, " ").await), [("name".to_owned(), "empty")]);
        assert!(matches!(t.service.leave_my_group(&sam, group).await, Err(Refused::Unknown)), "{}", t.engine);
        t.service.leave_my_group(&visit.who, group).await.expect("left");
        assert!(t.again(&robin).await.role_in(group).is_none());
        t.service.end_my_sessions(&visit.who).await.expect("ended");
        assert!(t.visit(&mine).await.who.id().is_none(), "{}", t.engine);
        assert!(matches!(t.service.my_data(&Visit::nobody()).await, Err(Refused::NotAllowed)));
        assert!(matches!(t.service.my_password(&robin).await, Err(Refused::Unknown)), "a card has no password");
    }
}

#[tokio::test]
async fn deleting_an_account_removes_who_it_was_and_keeps_the_log() {
    for t in support::all().await {
        let group = t.group("Youth council", Visibility::Open).await;
        let ash = t.member("Ash", Role::Officer, group, GroupRole::Worker).await;
        assert_eq!(wrong(t.service.delete_me(&ash).await), [("delete".to_owned(), "last-worker")], "{}", t.engine);
        let bo = t.member("Bo", Role::Officer, group, GroupRole::Worker).await;
        t.service.delete_me(&ash).await.expect("deleted");
        let admin = t.person("Alex", Role::Administrator).await;
        let log = t.service.audit_page(&admin, None).await.expect("log");
        assert_eq!(log.lines[0].who.as_deref(), Some(""), "{}: the act stays, the name does not", t.engine);

        let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
        let id = robin.id().expect("id");
        let card = card_for(&t, &bo, &robin).await;
        let session = by_card(&t, &card).await.expect("signed in").secret;
        t.service.keep_form(id, "/my-data", &[("name".to_owned(), "R".to_owned())]).await.expect("kept");
        let robin = t.again(&robin).await;
        t.service.delete_me(&robin).await.expect("deleted");
        assert!(t.visit(&session).await.who.id().is_none(), "{}", t.engine);
        by_card(&t, &card).await.expect_err("the card is gone");
        assert!(t.service.list_people(&admin).await.expect("list").iter().all(|p| p.id != id));
        assert!(matches!(t.service.person(&admin, id).await, Err(Refused::Unknown)));
        let mut tx = t.service.store().read().await.expect("a transaction");
        assert!(store::access::kept_of(&mut tx, id).await.expect("asked").is_empty());
        assert!(store::groups::members(&mut tx, group).await.expect("asked").iter().all(|m| m.person_id != id));
    }
}

#[tokio::test]
async fn the_number_of_queries_does_not_grow_with_the_people() {
    for t in support::all().await {
        let admin = t.person("Alex", Role::Administrator).await;
        let robin = t.person("Robin", Role::YoungPerson).await;
        let session = t.session(&robin).await;
        let visit = t.visit(&session).await;
        let ask = async || {
            let list = store::trace::of(t.service.list_people(&admin)).await.1;
            let person = store::trace::of(t.service.person(&admin, robin.id().expect("id"))).await.1;
            let mine = store::trace::of(t.service.my_data(&visit)).await.1;
            let log = store::trace::of(t.service.audit_page(&admin, None)).await.1;
            (list.len(), person.len(), mine.len(), log.len())
        };
        let before = ask().await;
        for n in 0..4 {
            let group = t.group(&format!("Group {n}"), Visibility::Open).await;
            t.join(&robin, group, GroupRole::Member).await;
            t.session(&robin).await;
            t.service.make_person(&admin, t.form(), young("Kim", "", true)).await.expect("made");
        }
        assert_eq!(ask().await, before, "{}", t.engine);
        assert_eq!(before.0, 1, "{}", t.engine);
    }
}

#[tokio::test]
async fn the_log_comes_in_pages_of_fifty_newest_first_to_administrators_only() {
    for t in support::all().await {
        let admin = t.person("Alex", Role::Administrator).await;
        for n in 0..60 {
            let name = format!("Ash {n}");
            t.service.correct_my_name(&admin, &name).await.expect("corrected");
        }
        let first = t.service.audit_page(&admin, None).await.expect("log");
        assert_eq!((first.lines.len(), first.lines[0].seq, first.older), (50, 60, Some(11)), "{}", t.engine);
        assert_eq!(first.lines[0].who.as_deref(), Some("Ash 59"));
        assert!(first.lines.iter().all(|l| l.verb == Verb::UseOwnAccount.name() && l.detail == "name"));
        let second = t.service.audit_page(&admin, first.older).await.expect("log");
        assert_eq!((second.lines.len(), second.older), (10, None), "{}", t.engine);
        let officer = t.person("Bo", Role::Officer).await;
        assert!(matches!(t.service.audit_page(&officer, None).await, Err(Refused::NotAllowed)));
    }
}

#[tokio::test]
async fn the_command_line_makes_an_administrator_and_a_card_as_the_system() {
    for t in support::all().await {
        let password = t.service.system_administrator("Alex Reed", "Alex").await.expect("made");
        let visit = by_name(&t, "alex reed", &password).await.expect("signed in");
        assert_eq!(visit.who.role(), Some(Role::Administrator));
        assert!(visit.session.expect("a session").must_change, "{}", t.engine);
        let taken = t.service.system_administrator("ALEX reed", "Alex").await;
        assert_eq!(wrong(taken), [("sign_in_name".to_owned(), "taken")], "{}", t.engine);
        let group = t.group("Youth council", Visibility::Hidden).await;
        let card = t.service.system_card("youth-council", "Robin").await.expect("made");
        let signed_in = by_card(&t, &card).await.expect("signed in");
        assert_eq!(t.visit(&signed_in.secret).await.who.role_in(group), Some(GroupRole::Member), "{}", t.engine);
        assert!(matches!(t.service.system_card("no-such-group", "Robin").await, Err(Refused::Unknown)));

        // A group whose workers are all gone gets one; then the worker adds others.
        assert_eq!(t.service.groups_without_worker().await.expect("asked"), ["youth-council"], "{}", t.engine);
        let worker = t.service.system_worker("youth-council", "alex REED").await;
        assert_eq!(worker.expect("a worker"), "Alex", "{}", t.engine);
        let again = by_name(&t, "alex reed", &password).await.expect("signed in").who;
        assert_eq!(again.role_in(group), Some(GroupRole::Worker), "{}", t.engine);
        assert!(t.service.groups_without_worker().await.expect("asked").is_empty(), "{}", t.engine);
        let refused = t.service.system_worker("youth-council", "alex reed").await;
        assert!(matches!(refused, Err(Refused::MovedOn("has-worker"))), "{}", t.engine);
        assert!(matches!(t.service.system_worker("no-such-group", "alex reed").await, Err(Refused::Unknown)));
        t.group("Other council", Visibility::Open).await;
        let nobody = t.service.system_worker("other-council", "nobody.here").await;
        assert_eq!(wrong(nobody), [("name".to_owned(), "choose")], "{}", t.engine);
        let log = t.service.audit_page(&visit.who, None).await.expect("log");
        assert!(log.lines.len() == 5 && log.lines.iter().all(|l| l.who.is_none()), "{}", t.engine);
    }
}
