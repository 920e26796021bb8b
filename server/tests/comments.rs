//! Comments over HTTP: plain forms, every word kept, and nobody reads what is not theirs to read.

mod support;
#[path = "../../service/tests/talking/mod.rs"]
mod talking;

use axum::http::StatusCode;
use domain::access::Who;
use domain::comments::Checking;
use domain::designs::Stage;
use domain::groups::Visibility;
use domain::ids::CommentId;
use domain::moment::Moment;
use service::people::CardMade;
use support::{Answer, Site};
use talking::{Talk, plant, table};

async fn session(site: &Site, who: &Who) -> String {
    if who.id().is_some() { site.session(who).await } else { String::new() }
}

fn at(k: &Talk) -> String {
    format!("/designs/{}/comments", k.design)
}

/// Sends the page's own form for a comment.
async fn send(site: &Site, k: &Talk, session: &str, words: &str) -> (Answer, String) {
    let page = site.get(session, &at(k)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let (form, section) = (page.hidden("form_id"), k.first.to_string());
    let fields =
        [("form_id", form.as_str()), ("act", "comment"), ("section", &section), ("kind", "worry"), ("words", words)];
    (site.post(session, &at(k), &fields).await, form)
}

fn id_in(answer: &Answer) -> CommentId {
    let id = answer.location().rsplit_once("#comment-").unwrap_or_else(|| panic!("{}", answer.location())).1;
    id.parse().expect("an id")
}

#[tokio::test]
async fn a_comment_is_sent_answered_changed_and_taken_away_with_plain_forms() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Open, Checking::After).await;
        let (sam, robin) = (site.session(&k.sam).await, site.session(&k.robin).await);
        let page = site.get(&sam, &at(&k)).await;
        assert!(page.has("Nobody has said anything yet") && page.has("Worried about a person?"), "{}", page.body);
        let words = "Is it <b>safe</b> & \"warm\"?\r\nAt night?";
        let (sent, form) = send(&site, &k, &sam, words).await;
        assert_eq!((sent.status, sent.cookie("said").as_deref()), (StatusCode::SEE_OTHER, Some("comment-sent")));
        let id = id_in(&sent);
        // The same form again, as by a second press.
        let section = k.first.to_string();
        let twice = [
            ("form_id", form.as_str()),
            ("act", "comment"),
            ("section", &section),
            ("kind", "worry"),
            ("words", words),
        ];
        assert_eq!(site.post(&sam, &at(&k), &twice).await.location(), sent.location(), "{}", t.engine);
        let page = site.get(&robin, &at(&k)).await;
        assert!(page.has("Is it &lt;b&gt;safe&lt;/b&gt; &amp; \"warm\"?\nAt night?"), "{}", page.body);
        assert!(page.has("This part worries me") && page.has("There is one comment"), "{}", page.body);
        assert_eq!(page.body.matches(&format!("id=\"comment-{id}\"")).count(), 1);

        let to = id.to_string();
        let reply = [("act", "answer"), ("reply_to", to.as_str()), ("words", "There is a light")];
        let answered = site.post(&robin, &at(&k), &reply).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.body);
        let answer = id_in(&answered).to_string();
        let deeper = [("act", "answer"), ("reply_to", answer.as_str()), ("words", "A good one")];
        assert_eq!(site.post(&sam, &at(&k), &deeper).await.status, StatusCode::SEE_OTHER);
        let page = site.get(&sam, &at(&k)).await;
        let (_, holder) = page.body.split_once(&format!("id=\"answers-{id}\"")).expect("its answers");
        assert!(holder.contains("There is a light") && holder.contains("A good one"));
        assert!(!page.has(&format!("id=\"answers-{answer}\"")), "two levels and no more");

        let edit = format!("/comments/{id}/edit");
        let page = site.get(&sam, &edit).await;
        assert!(page.status == StatusCode::OK && page.has("At night?"), "{}", page.body);
        assert_eq!(site.get(&robin, &edit).await.status, StatusCode::FORBIDDEN);
        let bad = site.post(&sam, &edit, &[("act", "change"), ("kind", "none"), ("words", "Kept words")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.has("Kept words") && bad.has("There is a problem"), "{}", bad.body);
        let good = site.post(&sam, &edit, &[("act", "change"), ("kind", "like"), ("words", "It is warm")]).await;
        assert_eq!(good.cookie("said").as_deref(), Some("comment-changed"));
        let page = site.get(&robin, &at(&k)).await;
        assert!(page.has("It is warm") && page.has("changed later") && !page.has("At night?"), "{}", page.body);
        let gone = site.post(&sam, &edit, &[("act", "remove")]).await;
        assert_eq!(gone.cookie("said").as_deref(), Some("comment-removed"));
        let page = site.get(&robin, &at(&k)).await;
        assert!(page.has("took it away") && !page.has("It is warm") && page.has("There is a light"), "{}", page.body);
        assert_eq!(site.post(&sam, &edit, &[("act", "remove")]).await.status, StatusCode::CONFLICT);
    }
}

#[tokio::test]
async fn beside_the_name_of_staff_stands_what_they_are() {
    for site in support::all().await {
        let k = plant(&site.test, "Council", Visibility::Members, Checking::After).await;
        for who in [&k.worker, &k.robin] {
            let own = session(&site, who).await;
            assert_eq!(send(&site, &k, &own, "Later buses").await.0.status, StatusCode::SEE_OTHER);
        }
        let name = |who: &Who| who.person().expect("a person").name.clone();
        let page = site.get(&session(&site, &k.lead).await, &at(&k)).await;
        assert!(page.has(&format!("<strong>{} (worker)<", name(&k.worker))), "{}", page.body);
        assert!(page.has(&format!("<strong>{}<", name(&k.robin))), "{}", page.body);
    }
}

#[tokio::test]
async fn a_refused_form_keeps_its_words_and_says_where() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Open, Checking::After).await;
        let first = k.shown(t, &k.robin, "Robin asks").await.to_string();
        let sam = site.session(&k.sam).await;
        let bad = site.post(&sam, &at(&k), &[("act", "comment"), ("words", "Kept <words>")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", t.engine);
        assert!(
            bad.has("Kept &lt;words&gt;") && bad.has("There is a problem") && bad.has("<title>Error:"),
            "{}",
            bad.body
        );
        assert!(bad.has("href=\"#field-kind\"") && bad.has("href=\"#field-section\""), "{}", bad.body);
        let long = "y".repeat(4001);
        let bad = site.post(&sam, &at(&k), &[("act", "answer"), ("reply_to", &first), ("words", &long)]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.has(&long) && bad.has("4000"), "the answer stands in its own form, with what is wrong");
        assert_eq!(bad.body.matches("<details open").count(), 1, "open where it was written");
        let ids: Vec<&str> = bad.body.split("id=\"").skip(1).filter_map(|r| r.split('"').next()).collect();
        let once: std::collections::BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(ids.len(), once.len(), "an id stands twice");

        // What was answered is gone meanwhile: 409, and the words can be copied.
        t.service.remove_comment(&k.robin, first.parse().expect("an id")).await.expect("removed");
        let late = site.post(&sam, &at(&k), &[("act", "answer"), ("reply_to", &first), ("words", "Kept words")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.has("Kept words") && late.has("not there any more"), "{}", late.body);
        for end in [Stage::Done, Stage::Stopped] {
            let k = plant(t, &format!("Ended {end}"), Visibility::Open, Checking::After).await;
            let id = k.shown(t, &k.sam, "Before the end").await;
            let sam = site.session(&k.sam).await;
            k.stage(t, Stage::Drafting, end).await;
            let page = site.get(&sam, &at(&k)).await;
            assert!(
                page.has("Comments are closed") && page.has("Before the end") && !page.has("<textarea"),
                "{}",
                page.body
            );
            let section = k.first.to_string();
            let fields = [("act", "comment"), ("section", section.as_str()), ("kind", "idea"), ("words", "Kept words")];
            for path in [at(&k), format!("/comments/{id}/edit")] {
                let closed = site.post(&sam, &path, &fields).await;
                assert_eq!(closed.status, StatusCode::CONFLICT, "{} {path}", t.engine);
                assert!(closed.has("Kept words") && closed.has("Comments are closed"), "{}", closed.body);
            }
        }
    }
}

#[tokio::test]
async fn a_lapsed_session_keeps_the_words_for_whoever_wrote_them() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Members, Checking::After).await;
        let made = t.service.make_card(&k.worker, t.form(), k.sam.id().expect("a person")).await.expect("made");
        let CardMade::New(card) = made else { panic!("a new card") };
        let sam = site.session(&k.sam).await;
        let first = k.shown(t, &k.robin, "Robin asks").await.to_string();
        t.pass(2 * Moment::HOUR);
        // Whatever is asked for, there or not: sign in first.
        let nowhere: uuid::Uuid = t.service.new_id();
        for path in [at(&k), format!("/designs/{nowhere}/comments")] {
            let asked = site.get(&sam, &path).await;
            assert!(asked.location().starts_with("/sign-in?next="), "{} {path}: {}", t.engine, asked.status);
        }
        let section = k.second.to_string();
        let forms: [Vec<(&str, &str)>; 2] = [
            vec![("act", "comment"), ("section", section.as_str()), ("kind", "question"), ("words", "Kept words")],
            vec![("act", "answer"), ("reply_to", first.as_str()), ("words", "A kept answer")],
        ];
        for fields in &forms {
            let lapsed = site.post(&sam, &at(&k), fields).await;
            assert_eq!(lapsed.status, StatusCode::UNAUTHORIZED, "{}", t.engine);
            let pictures = card.pictures.map(domain::people::Picture::name);
            let mut carried: Vec<(String, String)> = vec![
                ("next".to_owned(), lapsed.hidden("next")),
                ("kept_owner".to_owned(), lapsed.hidden("kept_owner")),
            ];
            for (name, _) in fields {
                let name = format!("kept.{name}");
                carried.push((name.clone(), lapsed.hidden(&name)));
            }
            let mut all: Vec<(&str, &str)> = carried.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            all.push(("code", card.code.as_str()));
            all.extend([("picture1", pictures[0]), ("picture2", pictures[1]), ("picture3", pictures[2])]);
            let back = site.post(&sam, "/sign-in", &all).await;
            assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
            let now = back.cookie("session").expect("a new session");
            let page = site.get(&now, back.location()).await;
            let words = fields.last().expect("the words").1;
            let stands = page
                .body
                .split("<textarea")
                .skip(1)
                .any(|area| area.split("</textarea>").next().is_some_and(|a| a.contains(words)));
            assert!(stands, "{}: not in a form: {}", t.engine, page.body);
        }
    }
}

#[tokio::test]
async fn a_hidden_group_has_no_comments_for_anybody_else() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Quiet ones", Visibility::Hidden, Checking::HoldAll).await;
        let id = k.shown(t, &k.sam, "xMARKx").await;
        let elsewhere = plant(t, "Elsewhere", Visibility::Open, Checking::After).await;
        let section = k.first.to_string();
        for who in [Who::nobody(), k.outsider.clone(), elsewhere.worker.clone()] {
            let session = session(&site, &who).await;
            for path in [
                at(&k),
                format!("{}?order=newest", at(&k)),
                format!("{}/news?since=0", at(&k)),
                format!("/comments/{id}/edit"),
                format!("/comments/{id}/check"),
                format!("/live?design={}", k.design),
            ] {
                let there = site.get(&session, &path).await;
                assert_eq!(there.status, StatusCode::NOT_FOUND, "{} {path}", t.engine);
                assert!(!there.has("xMARKx") && !there.has("Quiet ones"), "{path}");
                // What is hidden and what never was look the same.
                let none: uuid::Uuid = t.service.new_id();
                let nowhere =
                    path.replace(&id.to_string(), &none.to_string()).replace(&k.design.to_string(), &none.to_string());
                let other = site.get(&session, &nowhere).await;
                let plain = |a: &Answer, path: &str| {
                    let body = a.body.replace(path, "").replace(&path.replace('=', "%3D"), "");
                    body.split("nonce").next().unwrap_or_default().len()
                };
                assert_eq!((other.status, plain(&other, &nowhere)), (there.status, plain(&there, &path)), "{path}");
            }
            let fields = [("act", "comment"), ("section", section.as_str()), ("kind", "idea"), ("words", "Kept words")];
            for path in [at(&k), format!("/comments/{id}/edit"), format!("/comments/{id}/check")] {
                assert_eq!(site.post(&session, &path, &fields).await.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
    }
}

/// Brings a comment that was just sent to a state.
async fn bring(site: &Site, k: &Talk, id: CommentId, state: &str) {
    let t = &site.test;
    match state {
        "held" => {}
        "published" => k.publish(t, id).await,
        "hidden" => k.take_away(t, id, "xWHYx").await,
        "removed" => drop(t.service.remove_comment(&k.sam, id).await.expect("removed")),
        other => panic!("no state is called {other}"),
    }
}

// On which pages somebody finds the words (or the reason, after a slash): C the comments by part and newest first, L the
// part for live news, D the design, H home, Q the words to check, M one's own data, E one's own form to change it.
// Home never shows words, only that there are some: * is the answer, or that it was taken away, ! that words wait.
const FOUND: &str = "
              author   other   lead  worker  observer  outsider  nobody
    held      CEM      -       -     CQ!     -         -         -
    published CDELM    CDL*    CDL   CDL     CDL       CDL       CDL
    hidden    CEM*/CE  -       -     -/CM    -         -         -
    removed   -        -       -     -       -         -         -
";

#[tokio::test]
async fn who_finds_which_words_on_which_page() {
    for site in support::all().await {
        let t = &site.test;
        let mut wrong = Vec::new();
        for (state, cells) in table(FOUND) {
            let k = plant(t, &format!("Council {state}"), Visibility::Open, Checking::HoldAll).await;
            let first = k.shown(t, &k.robin, "Robin asks").await;
            let since = t.now().0;
            t.pass(Moment::MINUTE);
            let thread = k.say(t, &k.sam, "xMARKx one").await.expect("sent").id;
            let reply = k.answer(t, &k.sam, first, "xMARKx two").await.expect("answered").id;
            for id in [thread, reply] {
                bring(&site, &k, id, state).await;
            }
            for (column, expected) in cells {
                let session = session(&site, &k.who(column)).await;
                let (mut words, mut why) = (String::new(), String::new());
                for (letter, path) in [
                    ('C', at(&k)),
                    ('C', format!("{}?order=newest", at(&k))),
                    ('C', format!("{}?section={}", at(&k), k.first)),
                    ('D', format!("/designs/{}", k.design)),
                    ('E', format!("/comments/{thread}/edit")),
                    ('E', format!("/comments/{reply}/edit")),
                    ('L', format!("{}/news?since={since}", at(&k))),
                    ('M', "/my-data/download".to_owned()),
                    ('Q', "/moderation".to_owned()),
                    ('H', "/".to_owned()),
                    ('H', format!("/workspaces/{}", k.slug)),
                    ('H', "/you-said-we-did".to_owned()),
                ] {
                    let page = site.get(&session, &path).await;
                    let both = page.has("xMARKx one") && page.has("xMARKx two");
                    if page.has("xMARKx") != both && letter != 'E' {
                        wrong.push(format!("{} {state} {column} {path}: one of the two", t.engine));
                    }
                    for (mark, found) in [("xMARKx", &mut words), ("xWHYx", &mut why)] {
                        if page.has(mark) && !found.contains(letter) {
                            found.push(letter);
                        }
                    }
                    if path == "/" {
                        if page.has(&format!("#comment-{reply}")) {
                            words.push('*');
                        }
                        if page.has("href=\"/moderation\" class=\"button")
                            || page.has("class=\"button main\" href=\"/moderation\"")
                        {
                            words.push('!');
                        }
                    }
                }
                let or_none = |s: String| if s.is_empty() { "-".to_owned() } else { s };
                let got = if why.is_empty() { or_none(words) } else { format!("{}/{why}", or_none(words)) };
                if got != expected {
                    wrong.push(format!("{} {state} {column}: {got}, the table says {expected}", t.engine));
                }
                // The count is of published words, for everybody.
                let design = site.get(&session, &format!("/designs/{}", k.design)).await;
                let count = if state == "published" { "All 3 comments" } else { "Read the one comment" };
                assert!(design.has(count), "{} {state} {column}: {}", t.engine, design.body);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[tokio::test]
async fn words_are_checked_with_one_press_or_taken_away_with_a_reason() {
    for site in support::all().await {
        let t = &site.test;
        let hold = plant(t, "Hold all", Visibility::Open, Checking::HoldAll).await;
        let after = plant(t, "After", Visibility::Open, Checking::After).await;
        let worker = t.join(&hold.worker, after.group, domain::groups::GroupRole::Worker).await;
        let worker = site.session(&worker).await;
        let empty = site.get(&worker, "/moderation").await;
        assert!(empty.has("Nothing waits. Thank you."), "{}", empty.body);
        let sam = site.session(&hold.sam).await;
        let (sent, _) = send(&site, &hold, &sam, "Held words").await;
        assert_eq!(sent.cookie("said").as_deref(), Some("comment-held"), "{}", t.engine);
        let held = id_in(&sent);
        let page = site.get(&sam, &at(&hold)).await;
        assert!(page.has("Waiting to be checked") && page.has("Only you and the people who check can see this."));
        assert!(page.has("What you see here waits to be checked.") && !page.has("There are no comments yet"));
        assert!(site.get("", &at(&hold)).await.has("There are no comments yet."), "to everybody else there are none");
        let shown = after.shown(t, &after.sam, "Shown words").await;
        let rude = after.shown(t, &after.robin, "Rude words").await;

        let queue = site.get(&worker, "/moderation").await;
        let (waits, seen) = queue.body.split_once("id=\"shown-comments\"").expect("both parts");
        assert!(waits.contains("Held words") && !waits.contains("Shown words"), "{}", queue.body);
        assert!(seen.contains("Shown words") && seen.contains("I have checked this") && !seen.contains("Held words"));
        // The page's own hidden fields, as a browser sends them back.
        let press = |body: &str, id: CommentId| -> Vec<(String, String)> {
            let form =
                body.split("<form").find(|f| f.contains(&format!("value=\"{id}\""))).expect("its form").to_owned();
            let field = |name: &str| {
                let (_, rest) =
                    form.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}"));
                (name.to_owned(), rest.split('"').next().unwrap_or_default().to_owned())
            };
            ["form_id", "act", "comment", "seen"].map(field).to_vec()
        };
        for id in [held, shown] {
            let fields = press(&queue.body, id);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let done = site.post(&worker, "/moderation", &fields).await;
            assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/moderation"), "{}", done.body);
            // Pressed again on an old page.
            let again = site.post(&worker, "/moderation", &fields).await;
            assert_eq!(again.status, StatusCode::CONFLICT, "{}", t.engine);
        }
        assert!(site.get("", &at(&hold)).await.has("Held words"));
        let queue = site.get(&worker, "/moderation").await;
        assert!(!queue.has("Held words") && !queue.has("Shown words") && queue.has("Rude words"), "{}", queue.body);

        let check = format!("/comments/{rude}/check");
        let page = site.get(&worker, &check).await;
        let seen = page.hidden("seen");
        let bad = site.post(&worker, &check, &[("act", "take-away"), ("seen", &seen), ("reason", " ")]).await;
        assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.has("Rude words"), "{}", bad.body);
        let done =
            site.post(&worker, &check, &[("act", "take-away"), ("seen", &seen), ("reason", "Say it kindly.")]).await;
        assert_eq!(done.cookie("said").as_deref(), Some("words-taken-away"), "{}", done.body);
        let robin = site.session(&after.robin).await;
        let page = site.get(&robin, &at(&after)).await;
        assert!(page.has("Say it kindly.") && page.has("Rude words"), "{}: the author sees why", t.engine);
        let page = site.get(&site.session(&after.sam).await, &at(&after)).await;
        assert!(!page.has("Say it kindly.") && !page.has("Rude words"), "{}", page.body);
        assert!(site.get(&worker, "/moderation").await.has("Nothing waits."), "{}", t.engine);
    }
}

#[tokio::test]
async fn the_part_for_live_news_is_the_page_and_nothing_else() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Open, Checking::After).await;
        let first = k.shown(t, &k.sam, "First <words>").await;
        let robin = site.session(&k.robin).await;
        let page = site.get(&robin, &at(&k)).await;
        assert!(page.has("<leptos-island") && page.has(&format!("design={}", k.design)), "{}", page.body);
        // Without scripts a plain link does the same.
        assert!(page.has("Look for new comments"), "{}", page.body);
        let since = t.now().0;
        t.pass(Moment::MINUTE);
        let answer = k.answer(t, &k.sam, first, "An answer").await.expect("sent").id;
        let part = site.get(&robin, &format!("{}/news?since={since}", at(&k))).await;
        assert_eq!(part.status, StatusCode::OK);
        assert_eq!(part.headers.get("cache-control").and_then(|v| v.to_str().ok()), Some("no-store"));
        assert!(part.body.starts_with(&format!("<ol data-read-at=\"{}\"", t.now().0)), "{}", part.body);
        assert!(!part.has("<html") && !part.has("<script"), "{}", part.body);
        assert!(part.has(&format!("data-into=\"answers-{first}\"")) && part.has(&format!("id=\"comment-{answer}\"")));
        // Asking by itself keeps no session alive: an hour later it is over.
        t.pass(50 * Moment::MINUTE);
        assert_eq!(site.get(&robin, &format!("{}/news", at(&k))).await.status, StatusCode::OK);
        t.pass(20 * Moment::MINUTE);
        assert!(!site.get(&robin, &at(&k)).await.has("Sign out"), "{}", t.engine);
    }
}

#[tokio::test]
async fn who_writes_without_end_waits_a_little_and_keeps_the_words() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Open, Checking::After).await;
        let (sam, robin) = (site.session(&k.sam).await, site.session(&k.robin).await);
        for n in 0..30 {
            // What is refused is not counted.
            assert_eq!(send(&site, &k, &sam, "").await.0.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", t.engine);
            let sent = send(&site, &k, &sam, &format!("Number {n}")).await.0;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}: {n}: {}", t.engine, sent.body);
        }
        let (wait, _) = send(&site, &k, &sam, "qone more").await;
        assert_eq!(wait.status, StatusCode::TOO_MANY_REQUESTS, "{}", t.engine);
        assert!(wait.has("qone more") && wait.has("Try again in one minute"), "{}: {}", t.engine, wait.body);
        let seconds: i64 = wait.headers["retry-after"].to_str().ok().and_then(|s| s.parse().ok()).expect("seconds");
        assert!((1..=60).contains(&seconds), "{seconds}");
        // By writing in the design it is no more.
        let write = format!("/designs/{}/write", k.design);
        let add = [("act", "add"), ("heading", "qheading")];
        assert_eq!(site.post(&sam, &write, &add).await.status, StatusCode::TOO_MANY_REQUESTS, "{}", t.engine);
        // Everybody else goes on, and so does Sam after a minute.
        assert_eq!(send(&site, &k, &robin, "Not me").await.0.status, StatusCode::SEE_OTHER, "{}", t.engine);
        t.pass(Moment::MINUTE);
        assert_eq!(send(&site, &k, &sam, "qone more").await.0.status, StatusCode::SEE_OTHER, "{}", t.engine);
    }
}
