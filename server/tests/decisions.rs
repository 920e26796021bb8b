//! A show of hands over HTTP: what an open page is told when the clock or somebody else changes it.

mod support;
#[path = "../../service/tests/talking/mod.rs"]
mod talking;

use axum::http::StatusCode;
use domain::comments::Checking;
use domain::groups::Visibility;
use domain::moment::Moment;
use service::decisions::TypedHand;
use support::Answer;
use talking::plant;

/// An element of a page, from its start to its end.
fn element<'a>(page: &'a Answer, tag: &str, id: &str) -> Option<&'a str> {
    let from = page.body.find(&format!("<{tag} id=\"{id}\""))?;
    let rest = &page.body[from..];
    let close = format!("</{tag}>");
    let mut depth = 0;
    let mut at = 0;
    while let Some(next) = rest[at..].find('<').map(|n| at + n) {
        if rest[next..].starts_with(&close) {
            depth -= 1;
            if depth == 0 {
                return Some(&rest[..next + close.len()]);
            }
        } else if rest[next..].starts_with(&format!("<{tag} ")) || rest[next..].starts_with(&format!("<{tag}>")) {
            depth += 1;
        }
        at = next + 1;
    }
    None
}

#[tokio::test]
async fn an_open_page_is_told_what_changed_and_nothing_else() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Open, Checking::After).await;
        let id = k.vote(t, Moment::HOUR, Moment::DAY).await;
        let (page_at, news_at) = (format!("/decisions/{id}"), format!("/decisions/{id}/news?was=waiting&since=1"));
        let robin = site.session(&k.robin).await;
        let page = site.get(&robin, &page_at).await;
        assert!(page.has("<leptos-island") && page.has(&format!("decision={id}")), "{}", page.body);
        assert!(page.has("Look again") && !page.has("<textarea"), "a plain link does the same: {}", page.body);
        // Nothing has changed: the parts are to the letter what stands on the page, so that nothing is put in its place.
        let part = site.get(&robin, &news_at).await;
        assert_eq!(part.status, StatusCode::OK);
        for (tag, it) in [("div", "decision-state"), ("section", "decision-hands")] {
            let there = element(&page, tag, it).unwrap_or_else(|| panic!("no {it}: {}", page.body));
            assert_eq!(element(&part, tag, it), Some(there), "{}", t.engine);
        }
        assert!(!part.has("<html") && !part.has("<script"), "{}", part.body);
        assert!(part.has("data-look-in=\"3600001\""), "it looks again when the clock opens it: {}", part.body);

        t.pass(Moment::HOUR);
        // Asking for news keeps no session alive: an hour later they have signed in again.
        let (robin, worker) = (site.session(&k.robin).await, site.session(&k.worker).await);
        let part = site.get(&robin, &news_at).await;
        let state = element(&part, "div", "decision-state").expect("the state");
        assert!(state.contains("Open now") && state.contains("data-say=\"It is open now.\""), "{state}");
        assert!(state.contains("Answer now") && part.has("data-look-in=\"82800001\""), "{}", part.body);
        // A page that was drawn open has its form already.
        let open = site.get(&robin, &news_at.replace("waiting", "open")).await;
        assert!(!open.has("Answer now"), "{}", open.body);
        assert!(!site.get(&worker, &news_at).await.has("Answer now"), "who is not on the roll has no form to come to");

        let hand = TypedHand { hand: "not-ok", reason: "xMARKx" };
        t.service.raise_hand(&k.sam, id, t.form(), hand).await.expect("a hand");
        for (who, sees) in [(&k.robin, true), (&k.observer, true), (&k.outsider, false)] {
            let session = site.session(who).await;
            let part = site.get(&session, &news_at).await;
            assert_eq!(part.has("xMARKx") && part.has("Sam of Council"), sees, "{}: {}", t.engine, part.body);
            assert_eq!(element(&part, "section", "decision-hands").is_some(), sees);
            assert!(part.has("Open now"));
        }
        assert!(!site.get("", &news_at).await.has("xMARKx"));

        let closing = t.now().plus(23 * Moment::HOUR);
        t.pass(closing.since(t.now()));
        let part = site.get("", &news_at).await;
        assert!(part.has("It is closed now. You can see the result.") && part.has(&format!("/decisions/{id}/result")));
        assert!(!part.has("data-look-in") && !part.has("Answer now"), "the clock changes no more: {}", part.body);

        let other = k.vote(t, Moment::HOUR, Moment::DAY).await;
        t.service.ask_void(&k.worker, other, t.form(), "The wrong words").await.expect("asked");
        t.service.make_void(&k.other_worker, other, t.form(), t.void_asked_at(other).await).await.expect("void");
        let part = site.get(&robin, &format!("/decisions/{other}/news?was=waiting")).await;
        assert!(part.has("It was stopped. It does not count.") && part.has("The wrong words"), "{}", part.body);
        let page = site.get(&robin, &format!("/decisions/{other}")).await;
        assert!(!page.has("<leptos-island") && !page.has(".wasm"), "what is over stays as it is, and sends no WASM");
    }
}

#[tokio::test]
async fn a_worker_takes_a_reason_away_from_the_page_of_the_decision() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Members, Checking::After).await;
        let id = k.vote(t, Moment::HOUR, Moment::DAY).await;
        t.pass(Moment::HOUR);
        let hand = TypedHand { hand: "not-ok", reason: "Rude words" };
        t.service.raise_hand(&k.sam, id, t.form(), hand).await.expect("a hand");
        let (worker, robin) = (site.session(&k.worker).await, site.session(&k.robin).await);
        let at = format!("/moderation/hands/{id}/{}", k.sam.id().expect("a person"));
        assert!(site.get(&worker, &format!("/decisions/{id}")).await.has(&at), "{}", t.engine);
        assert!(!site.get(&robin, &format!("/decisions/{id}")).await.has("/moderation/hands/"));
        let page = site.get(&worker, &at).await;
        assert!(page.has("Rude words") && page.has("I have checked this"), "{}", page.body);
        let seen = page.hidden("seen");
        let fields = [("act", "take-away"), ("seen", seen.as_str()), ("reason", "Say it kindly.")];
        let done = site.post(&worker, &at, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert!(!site.get(&robin, &format!("/decisions/{id}")).await.has("Rude words"), "{}", t.engine);
        let own = site.get(&site.session(&k.sam).await, &format!("/decisions/{id}")).await;
        assert!(own.has("Rude words") && own.has("Why: Say it kindly."), "{}", own.body);
    }
}
