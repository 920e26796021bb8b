//! Comments through the use cases, on both engines: who may say what, what becomes of it, and who sees which words of whom.

mod support;
mod talking;

use domain::access::Who;
use domain::comments::{Checking, CommentKind, CommentState, MOST_REPLIES};
use domain::designs::Stage;
use domain::groups::{GroupRole, Visibility};
use domain::ids::CommentId;
use domain::moment::Moment;
use domain::people::Role;
use domain::words::CommentWords;
use service::Refused;
use service::comments::{Author, Order, Seen, Typed, Verdict};
use service::decisions::{Reason, TypedHand};
use service::home::What;
use support::{Test, moved_on};
use talking::{PEOPLE, Talk, plant, table};

fn problems(refused: Refused) -> Vec<(String, &'static str)> {
    match refused {
        Refused::Invalid(p) => p.0.into_iter().map(|p| (p.field, p.key)).collect(),
        other => panic!("not a form's problems: {other:?}"),
    }
}

async fn stored(t: &Test, id: CommentId) -> store::comments::CommentRow {
    let mut tx = t.service.store().read().await.expect("a transaction");
    store::comments::find(&mut tx, id).await.expect("asked").expect("there")
}

#[tokio::test]
async fn a_comment_has_a_section_a_kind_and_words() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        let elsewhere = plant(&t, "Elsewhere", Visibility::Open, Checking::After).await;
        for kind in CommentKind::ALL {
            let section = k.second.to_string();
            let typed = Typed { section: &section, kind: kind.name(), words: "A later\r\nbus", reply_to: "" };
            let sent = t.service.comment(&k.sam, k.design, typed, t.form()).await.expect("sent");
            let seen = k.seen(&t, &k.robin, sent.id).await.expect("seen");
            assert_eq!((seen.kind, seen.section, seen.parent), (*kind, k.second, None), "{}", t.engine);
            assert_eq!(seen.seen, Seen::Words("A later\nbus".to_owned()));
        }
        assert_eq!(k.page(&t, &k.robin).await.total, 4);
        let long = "x".repeat(CommentWords::MAX + 1);
        let (own, other) = (k.first.to_string(), elsewhere.first.to_string());
        for (section, kind, words, wrong) in [
            ("", "", " ", vec![("section", "choose"), ("kind", "choose"), ("words", "empty")]),
            (own.as_str(), "agree", "Words", vec![("kind", "choose")]),
            (other.as_str(), "idea", "Words", vec![("section", "choose")]),
            (own.as_str(), "idea", long.as_str(), vec![("words", "too-long")]),
            (own.as_str(), "idea", "a\u{0}b", vec![("words", "not-text")]),
        ] {
            let typed = Typed { section, kind, words, reply_to: "" };
            let refused = t.service.comment(&k.sam, k.design, typed, t.form()).await.expect_err("refused");
            let wrong: Vec<_> = wrong.into_iter().map(|(f, k)| (f.to_owned(), k)).collect();
            assert_eq!(problems(refused), wrong, "{}", t.engine);
        }
        // A part that was taken out takes no new words, and keeps its old ones.
        let kept = k.say(&t, &k.sam, "Before it went").await.expect("sent");
        let mut tx = t.service.store().write().await.expect("a transaction");
        store::designs::set_removed(&mut tx, k.design, k.first, Some(t.now())).await.expect("removed");
        tx.commit().await.expect("committed");
        assert_eq!(
            problems(k.say(&t, &k.sam, "Too late").await.expect_err("refused")),
            [("section".to_owned(), "choose")]
        );
        assert!(k.seen(&t, &k.robin, kept.id).await.is_some());
        assert!(k.page(&t, &k.robin).await.headings.iter().any(|h| h.id == k.first && h.removed));
    }
}

#[tokio::test]
async fn who_may_comment_is_who_works_in_the_group() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        for (column, may) in PEOPLE.iter().zip([true, true, true, true, false, false, false]) {
            let said = k.say(&t, &k.who(column), "Words").await;
            assert_eq!(said.is_ok(), may, "{}: {column}", t.engine);
            assert!(may || matches!(said, Err(Refused::NotAllowed)), "{column}: {said:?}");
            let page = k.page(&t, &k.who(column)).await;
            assert_eq!(page.may_comment, may, "{column}");
        }
    }
}

#[tokio::test]
async fn an_answer_to_an_answer_answers_the_first() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::HoldAll).await;
        let section = k.second.to_string();
        let typed = Typed { section: &section, kind: "worry", words: "Is it safe?", reply_to: "" };
        let first = t.service.comment(&k.sam, k.design, typed, t.form()).await.expect("sent");

        // What waits can be answered by its author only: for others it is not there.
        assert_eq!(moved_on(k.answer(&t, &k.robin, first.id, "Yes").await), "comment-gone");
        let own = k.answer(&t, &k.sam, first.id, "I mean at night").await.expect("one's own");
        k.publish(&t, first.id).await;
        k.publish(&t, own.id).await;
        let reply = k.answer(&t, &k.robin, first.id, "There is a light").await.expect("answered");
        k.publish(&t, reply.id).await;
        let second = k.answer(&t, &k.sam, reply.id, "Good").await.expect("answered");
        k.publish(&t, second.id).await;

        let page = k.page(&t, &k.lead).await;
        assert_eq!((page.threads.len(), page.total), (1, 4), "{}", t.engine);
        let replies: Vec<_> = page.threads[0].replies.iter().map(|r| (r.id, r.parent, r.kind, r.section)).collect();
        let as_first = |id| (id, Some(first.id), CommentKind::Worry, k.second);
        assert_eq!(replies, [as_first(own.id), as_first(reply.id), as_first(second.id)], "{}", t.engine);
        assert!(page.threads[0].replies.iter().all(|r| r.replies.is_empty()));

        // What is gone, or belongs elsewhere, is not answered.
        k.take_away(&t, first.id, "Write it more kindly.").await;
        assert_eq!(moved_on(k.answer(&t, &k.robin, first.id, "Yes").await), "comment-gone");
        assert_eq!(moved_on(k.answer(&t, &k.robin, second.id, "Yes").await), "comment-gone", "its thread is gone");
        let elsewhere = plant(&t, "Elsewhere", Visibility::Open, Checking::After).await;
        let other = elsewhere.shown(&t, &elsewhere.sam, "Trams").await;
        assert_eq!(moved_on(k.answer(&t, &k.sam, other, "Yes").await), "comment-gone");
        let nothing: CommentId = t.service.new_id();
        assert_eq!(moved_on(k.answer(&t, &k.sam, nothing, "Yes").await), "comment-gone");
    }
}

#[tokio::test]
async fn a_conversation_ends_somewhere() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        let first = k.shown(&t, &k.sam, "Later buses").await;
        for n in 0..MOST_REPLIES {
            k.answer(&t, &k.robin, first, &format!("Yes {n}")).await.expect("answered");
        }
        assert_eq!(moved_on(k.answer(&t, &k.robin, first, "Once more").await), "thread-full", "{}", t.engine);
    }
}

#[tokio::test]
async fn only_ones_own_words_are_changed_and_taken_away() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        let sent = k.say(&t, &k.sam, "Later buses").await.expect("sent");
        let reply = k.answer(&t, &k.robin, sent.id, "Yes").await.expect("answered");
        let s = &t.service;
        for column in &PEOPLE[1..] {
            let who = k.who(column);
            assert!(matches!(s.my_comment(&who, sent.id).await, Err(Refused::NotAllowed)), "{column}");
            assert!(
                matches!(s.edit_comment(&who, sent.id, "like", "Mine now").await, Err(Refused::NotAllowed)),
                "{column}"
            );
            assert!(matches!(s.remove_comment(&who, sent.id).await, Err(Refused::NotAllowed)), "{column}");
        }
        let wrong = s.edit_comment(&k.sam, sent.id, "none", " ").await.expect_err("refused");
        assert_eq!(problems(wrong), [("kind".to_owned(), "choose"), ("words".to_owned(), "empty")]);
        t.pass(Moment::MINUTE);
        let (_, changed) = s.edit_comment(&k.sam, sent.id, "question", "Later buses?").await.expect("changed");
        assert!(!changed.held);
        let seen = k.seen(&t, &k.outsider, sent.id).await.expect("seen");
        assert_eq!((seen.kind, seen.edited), (CommentKind::Question, true), "{}", t.engine);
        assert_eq!(seen.seen, Seen::Words("Later buses?".to_owned()));
        // An answer has the kind of what it answers, whatever is sent.
        s.edit_comment(&k.robin, reply.id, "worry", "Yes, please").await.expect("changed");
        assert_eq!(k.seen(&t, &k.sam, reply.id).await.expect("seen").kind, CommentKind::Idea);

        s.remove_comment(&k.sam, sent.id).await.expect("taken away");
        assert_eq!(stored(&t, sent.id).await.words, "", "{}: the words themselves are gone", t.engine);
        let page = k.page(&t, &k.lead).await;
        assert_eq!((page.threads.len(), page.total), (1, 1), "the answer stays");
        assert_eq!(page.threads[0].seen, Seen::TakenBack);
        assert_eq!(moved_on(s.remove_comment(&k.sam, sent.id).await), "comment-gone");
        assert_eq!(moved_on(s.edit_comment(&k.sam, sent.id, "idea", "Back").await), "comment-gone");
        assert_eq!(moved_on(s.my_comment(&k.sam, sent.id).await), "comment-gone");
        s.remove_comment(&k.robin, reply.id).await.expect("taken away");
        let page = k.page(&t, &k.lead).await;
        assert_eq!((page.threads.len(), page.total), (0, 0), "{}: nothing hangs on it any more", t.engine);
    }
}

#[tokio::test]
async fn words_wait_as_the_group_asks() {
    for t in support::all().await {
        let all = plant(&t, "Hold all", Visibility::Open, Checking::HoldAll).await;
        for _ in 0..2 {
            assert!(all.say(&t, &all.sam, "Words").await.expect("sent").held, "{}", t.engine);
        }
        assert!(all.say(&t, &all.lead, "Words").await.expect("sent").held, "leads too");
        assert!(!all.say(&t, &all.worker, "Words").await.expect("sent").held, "who checks is not checked");

        let first = plant(&t, "Hold first", Visibility::Open, Checking::HoldFirst).await;
        let sent = first.say(&t, &first.sam, "My first words").await.expect("sent");
        assert!(sent.held && first.say(&t, &first.sam, "My second words").await.expect("sent").held);
        first.publish(&t, sent.id).await;
        assert!(!first.say(&t, &first.sam, "Known now").await.expect("sent").held, "{}", t.engine);
        assert!(first.say(&t, &first.robin, "Not known").await.expect("sent").held);
        // Known in one group is not known in another, and words that were taken away make nobody known.
        let sam = t.join(&all.sam, first.group, GroupRole::Member).await;
        let taken = first.say(&t, &sam, "New here").await.expect("sent");
        assert!(taken.held);
        first.take_away(&t, taken.id, "Not here.").await;
        assert!(first.say(&t, &sam, "Again").await.expect("sent").held);

        let after = plant(&t, "After", Visibility::Open, Checking::After).await;
        assert!(!after.say(&t, &after.sam, "Words").await.expect("sent").held);

        // The strictest group of a workspace decides.
        let both = talking::workspace(&t, "of-both", &[after.group, all.group], &after.worker).await;
        let (design, section, _) = talking::design(&t, both, &after.worker, "Together").await;
        let section = section.to_string();
        let typed = Typed { section: &section, kind: "like", words: "Words", reply_to: "" };
        assert!(t.service.comment(&after.sam, design, typed, t.form()).await.expect("sent").held, "{}", t.engine);
    }
}

#[tokio::test]
async fn changed_words_are_checked_again() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::HoldAll).await;
        let id = k.shown(&t, &k.sam, "Later buses").await;
        t.pass(Moment::MINUTE);
        assert!(t.service.my_comment(&k.sam, id).await.expect("mine").will_be_held);
        let (_, changed) = t.service.edit_comment(&k.sam, id, "idea", "Much later buses").await.expect("changed");
        assert!(changed.held && k.seen(&t, &k.robin, id).await.is_none(), "{}", t.engine);

        // Words that were taken away come back only past somebody who checks, in every group.
        let after = plant(&t, "After", Visibility::Open, Checking::After).await;
        let id = after.shown(&t, &after.sam, "Rude words").await;
        after.take_away(&t, id, "Say it kindly.").await;
        let mine = t.service.my_comment(&after.sam, id).await.expect("mine");
        assert_eq!((mine.reason.as_str(), mine.will_be_held), ("Say it kindly.", true), "{}", t.engine);
        let (_, changed) = t.service.edit_comment(&after.sam, id, "idea", "Kind words").await.expect("changed");
        assert!(changed.held);
        after.publish(&t, id).await;
        assert_eq!(after.seen(&t, &after.robin, id).await.expect("seen").seen, Seen::Words("Kind words".to_owned()));
    }
}

#[tokio::test]
async fn only_the_words_that_were_read_are_checked_and_only_once() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::HoldAll).await;
        let id = k.say(&t, &k.sam, "Later buses").await.expect("sent").id;
        for column in ["author", "other", "lead", "observer", "outsider", "nobody"] {
            let who = k.who(column);
            let read = t.service.comment_to_check(&who, id).await.map(|_| ());
            assert!(matches!(read, Err(Refused::NotAllowed)), "{column}: {read:?}");
            let checked = t.service.check_comment(&who, id, Verdict::Publish, t.now()).await;
            assert!(matches!(checked, Err(Refused::NotAllowed)), "{column}: {checked:?}");
        }
        let read = t.service.comment_to_check(&k.worker, id).await.expect("read");
        assert!(read.held && read.words == "Later buses");
        t.pass(Moment::MINUTE);
        t.service.edit_comment(&k.sam, id, "idea", "Rude words").await.expect("changed");
        let old = t.service.check_comment(&k.worker, id, Verdict::Publish, read.words_at).await;
        assert_eq!(moved_on(old), "checked-already", "{}: they were changed meanwhile", t.engine);

        let no_reason = k.check(&t, id, Verdict::TakeAway { reason: " " }).await.expect_err("refused");
        assert_eq!(problems(no_reason), [("reason".to_owned(), "empty")]);
        let again = t.service.comment_to_check(&k.worker, id).await.expect("read").words_at;
        k.take_away(&t, id, "Say it kindly.").await;
        let second = t.service.check_comment(&k.other_worker, id, Verdict::Publish, again).await;
        assert_eq!(moved_on(second), "checked-already", "{}: another worker was faster", t.engine);
        assert_eq!(moved_on(t.service.comment_to_check(&k.worker, id).await), "comment-gone");
        assert_eq!(t.audited().await.iter().filter(|v| *v == "CheckWords").count(), 1);
    }
}

#[tokio::test]
async fn comments_close_when_the_work_has_ended() {
    for t in support::all().await {
        for end in [Stage::Done, Stage::Stopped] {
            let k = plant(&t, &format!("Council {end}"), Visibility::Open, Checking::After).await;
            let id = k.shown(&t, &k.sam, "Later buses").await;
            for (from, to) in [(Stage::Drafting, Stage::Voting), (Stage::Voting, Stage::Doing)] {
                k.stage(&t, from, to).await;
                k.say(&t, &k.sam, "Still talking").await.expect("open while it goes on");
            }
            k.stage(&t, Stage::Doing, end).await;
            assert_eq!(moved_on(k.say(&t, &k.sam, "Too late").await), "comments-closed", "{} {end}", t.engine);
            assert_eq!(moved_on(k.answer(&t, &k.sam, id, "Too late").await), "comments-closed");
            let edit = t.service.edit_comment(&k.sam, id, "idea", "Too late").await;
            assert_eq!(moved_on(edit), "comments-closed");
            let page = k.page(&t, &k.sam).await;
            assert!(!page.open && !page.may_comment && page.threads.iter().all(|c| !c.may_answer));
            t.service.remove_comment(&k.sam, id).await.expect("words can be taken away for ever");
        }
    }
}

#[tokio::test]
async fn sent_twice_is_once() {
    for t in support::all().await {
        for checking in [Checking::After, Checking::HoldAll] {
            let k = plant(&t, &format!("Council {checking}"), Visibility::Open, checking).await;
            let (section, form) = (k.first.to_string(), t.form());
            let typed = Typed { section: &section, kind: "idea", words: "Later buses", reply_to: "" };
            let first = t.service.comment(&k.sam, k.design, typed, form).await.expect("sent");
            let second = t.service.comment(&k.sam, k.design, typed, form).await.expect("the same");
            assert_eq!(first, second, "{}", t.engine);
            assert_eq!(k.page(&t, &k.sam).await.threads.len(), 1);
        }
    }
}

/// A double click: both are on their way at the same moment, and both are told what was made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_form_twice_at_once_is_once_and_both_hear_the_same() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        let section = k.first.to_string();
        for n in 1..=20 {
            let (words, form) = (format!("Later buses {n}"), t.form());
            let typed = Typed { section: &section, kind: "idea", words: &words, reply_to: "" };
            t.pass(Moment::MINUTE);
            let (first, second) = tokio::join!(
                t.service.comment(&k.sam, k.design, typed, form),
                t.service.comment(&k.sam, k.design, typed, form)
            );
            assert_eq!(first.expect("sent"), second.expect("the same"), "{}", t.engine);
            assert_eq!(k.page(&t, &k.sam).await.threads.len(), n, "{}", t.engine);
        }
    }
}

/// One cell of a table: what somebody sees of a comment.
fn cell(seen: Option<&Seen>) -> &'static str {
    match seen {
        None => "-",
        Some(Seen::Words(w)) if w == "Words" => "words",
        Some(Seen::Waiting(w)) if w == "Words" => "waiting",
        Some(Seen::WaitingUnseen) => "place",
        Some(Seen::TakenBack) => "taken-back",
        Some(Seen::TakenAway { words: Some(w), reason: Some(r) }) if w == "Words" && r == "Why." => "words+why",
        Some(Seen::TakenAway { words: None, reason: Some(r) }) if r == "Why." => "why",
        Some(Seen::TakenAway { words: None, reason: None }) => "taken-away",
        Some(other) => panic!("in no table: {other:?}"),
    }
}

/// Brings a comment that was just sent to a state.
async fn bring(t: &Test, k: &Talk, id: CommentId, state: &str) {
    match state {
        "held" => {}
        "published" => k.publish(t, id).await,
        "hidden" => k.take_away(t, id, "Why.").await,
        "removed" => drop(t.service.remove_comment(&k.sam, id).await.expect("removed")),
        other => panic!("no state is called {other}"),
    }
}

// What each sees on the page of a comment, or of an answer, that nothing hangs on.
const SEEN: &str = "
              author     other  lead   worker     observer  outsider  nobody
    held      waiting    -      -      waiting    -         -         -
    published words      words  words  words      words     words     words
    hidden    words+why  -      -      why        -         -         -
    removed   -          -      -      -          -         -         -
";

// The same of a comment that somebody answered: its place stays, because the answer does.
const SEEN_WITH_AN_ANSWER: &str = "
              author     other       lead        worker      observer    outsider    nobody
    held      waiting    place       place       waiting     place       place       place
    published words      words       words       words       words       words       words
    hidden    words+why  taken-away  taken-away  why         taken-away  taken-away  taken-away
    removed   taken-back taken-back  taken-back  taken-back  taken-back  taken-back  taken-back
";

#[tokio::test]
async fn who_sees_what_of_held_published_hidden_and_removed_words() {
    for t in support::all().await {
        let mut wrong = Vec::new();
        for (state, cells) in table(SEEN) {
            let k = plant(&t, &format!("Council {state}"), Visibility::Open, Checking::HoldAll).await;
            let first = k.shown(&t, &k.robin, "Robin asks").await;
            let since = t.now();
            t.pass(Moment::MINUTE);
            let thread = k.say(&t, &k.sam, "Words").await.expect("sent").id;
            let reply = k.answer(&t, &k.sam, first, "Words").await.expect("answered").id;
            for id in [thread, reply] {
                bring(&t, &k, id, state).await;
            }
            let shown = state == "published";
            for (column, expected) in cells {
                let who = k.who(column);
                let page = k.page(&t, &who).await;
                for (what, id) in [("thread", thread), ("reply", reply)] {
                    let seen = k.seen(&t, &who, id).await;
                    let got = cell(seen.as_ref().map(|s| &s.seen));
                    if got != expected {
                        wrong.push(format!("{} {state} {column} {what}: {got}, the table says {expected}", t.engine));
                    }
                    // In the newest-first order and on the page of one part it is the same.
                    for (order, part) in [(Order::Newest, None), (Order::BySection, Some(k.first))] {
                        let page = t.service.comments(&who, k.design, order, part, None).await.expect("the page");
                        let all = page.threads.iter().flat_map(|t| std::iter::once(t).chain(&t.replies));
                        let other = all.into_iter().find(|s| s.id == id).map(|s| &s.seen);
                        assert_eq!(cell(other), got, "{state} {column} {order:?}");
                    }
                    if let Some(seen) = &seen {
                        let mine = column == "author";
                        let named = match (&seen.author, column) {
                            (Author::Me, _) => mine,
                            (Author::Named(..), "other" | "lead" | "worker" | "observer") => true,
                            (Author::InRole(Role::YoungPerson), "outsider" | "nobody") => true,
                            _ => false,
                        };
                        assert!(named, "{column} knows the author as {:?}", seen.author);
                        assert_eq!(seen.may_edit, mine, "{column}");
                        assert_eq!(seen.may_check, column == "worker" && matches!(state, "held" | "published"));
                    }
                }
                // Counts, what stands beside the design, and live news know of published words only.
                assert_eq!(page.total, if shown { 3 } else { 1 }, "{state} {column}");
                let latest = t.service.design_page(&who, k.design).await.expect("asked").latest;
                assert_eq!(latest.total, page.total, "{state} {column}");
                assert_eq!(latest.latest.iter().any(|c| c.id == thread || c.id == reply), shown, "{state} {column}");
                let news = t.service.new_comments(&who, k.design, since).await.expect("asked");
                assert!(news.changed.is_empty(), "{state} {column}: words that nobody saw do not change");
                let new: Vec<CommentId> = news.new.iter().map(|c| c.id).filter(|id| *id != first).collect();
                assert_eq!(new, if shown { vec![thread, reply] } else { vec![] }, "{} {state} {column}", t.engine);
                // The home page: the answer for whom it answers, and that words wait for whoever checks them.
                if who.id().is_some() {
                    let needs = t.service.home(&who).await.expect("home").needs;
                    let told = needs.iter().any(|n| matches!(n.what, What::Reply { comment, .. } if comment == reply));
                    assert_eq!(told, shown && column == "other", "{} {state} {column}", t.engine);
                    let checks = needs.iter().any(|n| matches!(n.what, What::Check { .. }));
                    assert_eq!(checks, state == "held" && column == "worker", "{state} {column}");
                }
                // And nobody but the worker has them on the page of words to check.
                let queue = t.service.words_to_check(&who).await.map(|q| q.comments);
                match column {
                    "worker" => {
                        let ids: Vec<_> = queue.expect("a queue").iter().map(|c| c.id).collect();
                        assert_eq!(ids, if state == "held" { vec![thread, reply] } else { vec![] }, "{}", t.engine);
                    }
                    _ => assert!(matches!(queue, Err(Refused::NotAllowed)), "{column}"),
                }
            }
        }
        for (state, cells) in table(SEEN_WITH_AN_ANSWER) {
            let k = plant(&t, &format!("Answered {state}"), Visibility::Open, Checking::HoldAll).await;
            let thread = k.shown(&t, &k.sam, "Old words").await;
            let answer = k.answer(&t, &k.robin, thread, "Yes").await.expect("answered").id;
            k.publish(&t, answer).await;
            t.pass(Moment::MINUTE);
            t.service.edit_comment(&k.sam, thread, "idea", "Words").await.expect("changed, and held again");
            bring(&t, &k, thread, state).await;
            for (column, expected) in cells {
                let got = k.seen(&t, &k.who(column), thread).await;
                let got = cell(got.as_ref().map(|s| &s.seen));
                if got != expected {
                    wrong.push(format!("{} answered {state} {column}: {got}, the table says {expected}", t.engine));
                }
                assert!(k.seen(&t, &k.who(column), answer).await.is_some(), "the answer stays for {column}");
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[tokio::test]
async fn what_is_hidden_answers_like_what_does_not_exist_with_the_same_queries() {
    for t in support::all().await {
        let k = plant(&t, "Quiet ones", Visibility::Hidden, Checking::HoldAll).await;
        let shown = k.shown(&t, &k.sam, "Later buses").await;
        let held = k.say(&t, &k.sam, "Held words").await.expect("sent").id;
        let elsewhere = plant(&t, "Elsewhere", Visibility::Open, Checking::After).await;
        let (section, form) = (k.first.to_string(), t.form());
        let typed = Typed { section: &section, kind: "idea", words: "Words", reply_to: "" };
        for who in [&Who::nobody(), &k.outsider, &elsewhere.worker] {
            let s = &t.service;
            macro_rules! same {
                ($call:ident, $hidden:expr $(, $arg:expr)*) => {{
                    let none = t.service.new_id();
                    for hidden in $hidden {
                        let (there, asked) = store::trace::of(s.$call(who, hidden $(, $arg)*)).await;
                        let (nowhere, other) = store::trace::of(s.$call(who, none $(, $arg)*)).await;
                        assert!(matches!(there, Err(Refused::Unknown)), "{}: {}", t.engine, stringify!($call));
                        assert!(matches!(nowhere, Err(Refused::Unknown)), "{}", stringify!($call));
                        assert_eq!(asked, other, "{}: {}", t.engine, stringify!($call));
                    }
                }};
            }
            same!(comments, [k.design], Order::Newest, None, None);
            same!(design_page, [k.design]);
            same!(new_comments, [k.design], Moment(0));
            same!(comment, [k.design], typed, form);
            same!(my_comment, [shown, held]);
            same!(edit_comment, [shown, held], "idea", "Mine");
            same!(remove_comment, [shown, held]);
            same!(comment_to_check, [shown, held]);
            same!(check_comment, [shown, held], Verdict::Publish, t.now());
        }
        assert!(elsewhere.worker.id().is_some());
        let queue = t.service.words_to_check(&elsewhere.worker).await.expect("their own queue");
        assert!(queue.comments.is_empty(), "words of another group");
        // Inside, words of another that wait are not there either.
        assert!(matches!(t.service.my_comment(&k.robin, held).await, Err(Refused::Unknown)), "{}", t.engine);
        // And who has left sees nothing of it, not even their own words.
        t.service.leave_my_group(&k.sam, k.group).await.expect("left");
        let sam = t.again(&k.sam).await;
        assert!(matches!(t.service.my_comment(&sam, shown).await, Err(Refused::Unknown)), "{}", t.engine);
    }
}

#[tokio::test]
async fn what_is_shown_at_once_is_checked_afterwards() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        let other = plant(&t, "Elsewhere", Visibility::Open, Checking::After).await;
        let first_only = plant(&t, "Hold first", Visibility::Open, Checking::HoldFirst).await;
        let first = k.shown(&t, &k.sam, "Later buses").await;
        t.pass(Moment::MINUTE);
        let second = k.answer(&t, &k.robin, first, "Yes").await.expect("answered").id;
        k.shown(&t, &k.other_worker, "I am who checks").await;
        first_only.shown(&t, &first_only.sam, "Checked first").await;
        first_only.say(&t, &first_only.sam, "And then no more").await.expect("sent");
        let queue = async |who: &Who| {
            let q = t.service.words_to_check(who).await.expect("a queue");
            assert!(q.comments.is_empty(), "nothing waits");
            q.shown_comments.into_iter().map(|c| c.id).collect::<Vec<_>>()
        };
        assert_eq!(queue(&k.worker).await, [first, second], "{}: longest waiting first", t.engine);
        assert_eq!(queue(&k.other_worker).await, [first, second], "two staff can run it");
        assert!(queue(&other.worker).await.is_empty() && queue(&first_only.worker).await.is_empty(), "{}", t.engine);

        // Saying that it is fine changes nothing for anybody else, and is no news.
        let since = t.now();
        t.pass(5 * Moment::MINUTE);
        let read = t.service.comment_to_check(&k.worker, first).await.expect("read");
        assert!(!read.held && !read.checked);
        let mut heard = t.service.news().listen();
        k.publish(&t, first).await;
        assert!(heard.try_recv().is_err(), "{}: nobody needs to look", t.engine);
        assert_eq!(queue(&k.worker).await, [second]);
        assert_eq!(k.seen(&t, &k.robin, first).await.expect("seen").seen, Seen::Words("Later buses".to_owned()));
        let news = t.service.new_comments(&k.robin, k.design, since.plus(Moment::MINUTE)).await.expect("asked");
        assert!(news.new.is_empty(), "{}: what was shown long ago is not new because somebody checked it", t.engine);
        assert_eq!(moved_on(k.check(&t, first, Verdict::Publish).await), "checked-already", "once is enough");

        // Other words are unchecked words.
        t.service.edit_comment(&k.sam, first, "idea", "Much later buses").await.expect("changed");
        assert_eq!(queue(&k.worker).await, [second, first], "{}", t.engine);
        k.take_away(&t, second, "Say why.").await;
        assert_eq!(queue(&k.worker).await, [first]);
        assert!(k.seen(&t, &k.lead, second).await.is_none());
        k.publish(&t, first).await;
        assert!(queue(&k.worker).await.is_empty());

        // Many of them are the same ten statements and a first page.
        let (_, few) = store::trace::of(t.service.words_to_check(&k.worker)).await;
        for n in 0..60 {
            k.say(&t, &k.sam, &format!("Words {n}")).await.expect("sent");
        }
        let (all, many) = store::trace::of(t.service.words_to_check(&k.worker)).await;
        let all = all.expect("a queue");
        assert_eq!((all.shown_comments.len(), all.more), (50, true), "{}", t.engine);
        assert_eq!((few.len(), &few), (10, &many));
    }
}

#[tokio::test]
async fn reasons_of_hands_are_checked_like_comments() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        let id = k.vote(&t, 0, 2 * Moment::DAY + 2 * Moment::HOUR).await;
        let raise = async |who: &Who, reason: &str| {
            t.service.raise_hand(who, id, t.form(), TypedHand { hand: "not-ok", reason }).await.expect("a hand");
        };
        let reason = async |who: &Who| {
            let hands = t.service.decision(who, id).await.expect("the page").hands.expect("by name");
            hands.into_iter().find(|h| Some(h.person) == k.sam.id()).expect("Sam's").reason
        };
        raise(&k.sam, "A later bus").await;
        t.service.raise_hand(&k.robin, id, t.form(), TypedHand { hand: "ok", reason: "" }).await.expect("a hand");
        let waiting = async || t.service.words_to_check(&k.worker).await.expect("a queue").shown_reasons;
        let all = waiting().await;
        assert_eq!(all.len(), 1, "{}: a hand without words is nothing to check", t.engine);
        assert!(!all[0].held && all[0].words == "A later bus" && Some(all[0].person) == k.sam.id());
        let sam = (id, all[0].person);
        t.service.check_hand_reason(&k.worker, sam, Verdict::Publish, all[0].words_at).await.expect("fine");
        assert!(waiting().await.is_empty());
        assert_eq!(reason(&k.robin).await, Reason::Words("A later bus".to_owned()));
        // The same words with another hand are checked already; other words are not.
        t.pass(Moment::MINUTE);
        t.service
            .raise_hand(&k.sam, id, t.form(), TypedHand { hand: "ok", reason: "A later bus" })
            .await
            .expect("a hand");
        assert!(waiting().await.is_empty(), "{}", t.engine);
        t.pass(Moment::MINUTE);
        raise(&k.sam, "Rude words").await;
        let rude = waiting().await.remove(0);
        let take = Verdict::TakeAway { reason: "Say it kindly." };
        t.service.check_hand_reason(&k.worker, sam, take, rude.words_at).await.expect("taken away");
        let gone = Reason::TakenAway { words: "Rude words".to_owned(), why: "Say it kindly.".to_owned() };
        assert_eq!(reason(&k.sam).await, gone, "{}: the author reads why", t.engine);
        assert_eq!((reason(&k.worker).await, reason(&k.robin).await), (gone, Reason::None));
        t.pass(Moment::MINUTE);
        raise(&k.sam, "Kind words").await;
        assert_eq!(reason(&k.robin).await, Reason::None, "after that others come past somebody who checks");
        assert_eq!(t.service.words_to_check(&k.worker).await.expect("a queue").reasons.len(), 1, "{}", t.engine);

        // A hand makes somebody known, as a comment does.
        let first = plant(&t, "Hold first", Visibility::Open, Checking::HoldFirst).await;
        let id = first.vote(&t, 0, 2 * Moment::DAY + 2 * Moment::HOUR).await;
        let hand = TypedHand { hand: "not-ok", reason: "A later bus" };
        t.service.raise_hand(&first.sam, id, t.form(), hand).await.expect("a hand");
        let held = t.service.words_to_check(&first.worker).await.expect("a queue").reasons.remove(0);
        assert!(held.held && first.say(&t, &first.sam, "Words").await.expect("sent").held);
        t.service
            .check_hand_reason(&first.worker, (id, held.person), Verdict::Publish, held.words_at)
            .await
            .expect("published");
        assert!(!first.say(&t, &first.sam, "Words").await.expect("sent").held, "{}", t.engine);
    }
}

#[tokio::test]
async fn a_page_of_many_asks_as_often_as_a_page_of_one() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        let ask = async |before: Option<String>| {
            let s = &t.service;
            store::trace::of(s.comments(&k.robin, k.design, Order::Newest, None, before.as_deref())).await
        };
        let (none, of_none) = ask(None).await;
        assert!(none.expect("a page").threads.is_empty());
        let mut ids = Vec::new();
        for n in 0..80 {
            t.pass(Moment::SECOND);
            let id = k.shown(&t, &k.sam, &format!("Words {n}")).await;
            k.answer(&t, &k.robin, id, "Yes").await.expect("answered");
            ids.push(id);
        }
        let (many, of_many) = ask(None).await;
        assert_eq!(of_none, of_many, "{}", t.engine);
        let many = many.expect("a page");
        assert_eq!((many.threads.len(), many.total), (50, 160));
        let shown: Vec<_> = many.threads.iter().map(|c| c.id).collect();
        assert_eq!(shown, ids.iter().rev().take(50).copied().collect::<Vec<_>>(), "{}: newest first", t.engine);
        assert!(many.threads.iter().all(|c| c.replies.len() == 1));
        let (rest, of_rest) = ask(many.older.clone()).await;
        let rest = rest.expect("a page");
        assert_eq!((rest.threads.len(), rest.older.clone(), rest.is_older), (30, None, true), "{}", t.engine);
        assert_eq!(of_rest, of_many);
        // By section the same fifty stand oldest first.
        let page = k.page(&t, &k.robin).await;
        assert_eq!(page.threads.first().map(|c| c.id), Some(ids[30]));
        // A mark that is none is the first page, and a section of elsewhere is all sections.
        let odd = t.service.comments(&k.robin, k.design, Order::Newest, Some(t.service.new_id()), Some("x_y")).await;
        assert_eq!(odd.expect("a page").threads.len(), 50);
        let (_, asked) = store::trace::of(t.service.new_comments(&k.robin, k.design, t.now())).await;
        assert_eq!(asked.len(), 3, "{}: {asked:?}", t.engine);
    }
}

#[tokio::test]
async fn words_are_news_from_when_they_are_shown() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::HoldAll).await;
        let early = k.say(&t, &k.sam, "Waits for an hour").await.expect("sent").id;
        t.pass(Moment::HOUR);
        let since = t.now();
        let news = async || {
            let news = t.service.new_comments(&k.robin, k.design, since).await.expect("asked");
            assert!(news.changed.is_empty());
            news.new.into_iter().map(|c| c.id).collect::<Vec<_>>()
        };
        let mut heard = t.service.news().listen();
        let late = k.say(&t, &k.sam, "Is taken away").await.expect("sent").id;
        assert!(news().await.is_empty() && heard.try_recv().is_err(), "{}: held words are nobody's news", t.engine);
        t.service.edit_comment(&k.sam, late, "idea", "Is still held").await.expect("changed");
        k.take_away(&t, late, "No.").await;
        assert!(news().await.is_empty() && heard.try_recv().is_err(), "{}: nor what becomes of them", t.engine);
        k.publish(&t, early).await;
        assert_eq!(news().await, [early], "{}", t.engine);
        assert_eq!(heard.try_recv().ok(), Some(service::news::Event::Comments { design: k.design }));
        let row = stored(&t, early).await;
        assert_eq!((row.state, row.shown_at), (CommentState::Published, Some(t.now().0)));
    }
}

#[tokio::test]
async fn what_changes_of_shown_words_is_news_as_each_may_see_it() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::HoldAll).await;
        let [edited, hidden, removed, same] = [
            k.shown(&t, &k.sam, "Is changed").await,
            k.shown(&t, &k.sam, "Is taken away").await,
            k.shown(&t, &k.sam, "Is taken back").await,
            k.shown(&t, &k.sam, "Stays").await,
        ];
        t.pass(Moment::HOUR);
        let since = t.now();
        t.service.edit_comment(&k.sam, edited, "idea", "xMARKx").await.expect("changed, and held again");
        k.take_away(&t, hidden, "Why.").await;
        t.service.remove_comment(&k.sam, removed).await.expect("removed");
        let changed = async |who: &Who| {
            let news = t.service.new_comments(who, k.design, since).await.expect("asked");
            assert!(news.new.is_empty() && news.changed.iter().all(|c| c.id != same), "{}", t.engine);
            news.changed.into_iter().map(|c| (c.id, c.seen)).collect::<Vec<_>>()
        };
        for who in [&k.robin, &k.lead, &k.observer, &k.outsider, &Who::nobody()] {
            let gone = Seen::TakenAway { words: None, reason: None };
            let expected = [(edited, Seen::WaitingUnseen), (hidden, gone), (removed, Seen::TakenBack)];
            assert_eq!(changed(who).await, expected, "{}", t.engine);
        }
        assert_eq!(changed(&k.worker).await[0].1, Seen::Waiting("xMARKx".to_owned()));
        k.publish(&t, edited).await;
        assert_eq!(changed(&k.robin).await[0], (edited, Seen::Words("xMARKx".to_owned())), "{}", t.engine);
    }
}

#[tokio::test]
async fn names_are_known_inside_only_and_those_who_left_have_none() {
    for t in support::all().await {
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        let id = k.shown(&t, &k.sam, "Later buses").await;
        let author = async |who: &Who| k.seen(&t, who, id).await.expect("seen").author;
        assert_eq!(author(&k.observer).await, Author::Named("Sam of Council".to_owned(), Role::YoungPerson));
        assert_eq!(author(&Who::nobody()).await, Author::InRole(Role::YoungPerson));
        t.service.delete_me(&k.sam).await.expect("deleted");
        for column in &PEOPLE[1..] {
            assert_eq!(author(&k.who(column)).await, Author::Left, "{} {column}", t.engine);
        }
    }
}
