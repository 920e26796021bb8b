//! Signing in, over HTTP.

mod support;

use axum::http::StatusCode;
use domain::access::Who;
use domain::moment::Moment;
use domain::people::Role;
use service::people::{CardMade, PrintedCard};
use store::moving::Cell;
use support::world::filled;

#[tokio::test]
async fn a_form_kept_over_a_lapsed_session_is_only_its_owners() {
    for site in support::all().await {
        let robin = site.test.person("Robin", Role::YoungPerson).await;
        let other = site.test.person("Sam", Role::YoungPerson).await;
        let words = [("words".to_owned(), "We need a bus".to_owned())];
        let id = site.test.service.keep_form(robin.id().expect("id"), "/sign-in", &words).await.expect("kept");
        let kept = |who| site.test.service.kept_form(who, id, "/sign-in");
        assert!(kept(&robin).await.expect("asked").is_some(), "{}", site.test.engine);
        assert!(kept(&other).await.expect("asked").is_none(), "{}", site.test.engine);
        let session = site.session(&robin).await;
        assert_eq!(site.get(&session, &format!("/sign-in?kept={id}")).await.status, StatusCode::OK);
    }
}

impl support::Site {
    /// Signs in by card with what the sign-in page carried; gives the new session and where it goes on.
    async fn sign_in(&self, card: &PrintedCard, carried: &[(&str, String)]) -> (String, String) {
        let pictures = card.pictures.map(domain::people::Picture::name);
        let mut fields: Vec<(&str, &str)> = carried.iter().map(|(n, v)| (*n, v.as_str())).collect();
        fields.push(("code", card.code.as_str()));
        fields.extend([("picture1", pictures[0]), ("picture2", pictures[1]), ("picture3", pictures[2])]);
        let back = self.post("", "/sign-in", &fields).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
        (back.cookie("session").expect("a new session"), back.location().to_owned())
    }
}

const MESSAGE: &str = "We cannot sign you in with that";

#[tokio::test]
async fn a_wrong_sign_in_is_one_page_with_one_message_and_keeps_no_password() {
    let site = support::sqlite().await;
    let bad = site.post("", "/sign-in", &[("name", "nobody here"), ("password", "three quiet lamps")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.has(MESSAGE) && bad.has("nobody here") && !bad.has("three quiet lamps"));
    let card = [("code", "ABCDEFGH"), ("picture1", "dog"), ("picture2", "bus"), ("picture3", "key")];
    let bad = site.post("", "/sign-in", &card).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.has(MESSAGE));
    let link = site.post("", &format!("/card/{}", "0".repeat(32)), &[]).await;
    assert!(link.status == StatusCode::UNPROCESSABLE_ENTITY && link.has(MESSAGE));
    let name = [("name", "nobody here"), ("password", "three quiet lamps")];
    for _ in 0..9 {
        site.post("", "/sign-in", &name).await;
    }
    let wait = site.post("", "/sign-in", &name).await;
    assert_eq!(wait.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(wait.headers["retry-after"], "30");
    assert!(wait.has("Try again in 30 seconds"), "{}", wait.body);
    assert!(!wait.has("nobody here") && !wait.has("three quiet lamps"), "what they tried is not shown again");
}

/// A card for a new young person.
async fn printed(site: &support::Site) -> service::people::PrintedCard {
    let officer = site.test.person("Ash", Role::Administrator).await;
    let robin = site.test.person("Robin", Role::YoungPerson).await;
    let made = site.test.service.make_card(&officer, site.test.form(), robin.id().expect("id")).await.expect("made");
    let CardMade::New(card) = made else { panic!("a new card") };
    card
}

#[tokio::test]
async fn the_link_of_a_card_signs_in_with_one_press_and_its_secret_stands_nowhere_else() {
    for site in support::all().await {
        let engine = site.test.engine;
        let card = printed(&site).await;
        let secret = card.secret.as_str();
        assert!(secret.len() == 32 && !secret.contains(&card.code.as_str().to_lowercase()), "{engine}");
        let link = server::routes::people::card_link("", &card);
        let opened = site.get("", &link).await;
        assert_eq!(opened.status, StatusCode::OK, "{engine}");
        assert_eq!(opened.headers["cache-control"], "no-store");
        assert_eq!(opened.headers["referrer-policy"], "strict-origin", "{engine}: no page hears the address");
        assert_eq!(opened.body.matches(secret).count(), 1, "{engine}: where the form goes, and nowhere else");
        assert_eq!(opened.form("Sign in").action, link);
        let signed_in = site.post("", &link, &[]).await;
        assert_eq!((signed_in.status, signed_in.location()), (StatusCode::SEE_OTHER, "/"), "{engine}");
        assert_eq!(signed_in.headers["referrer-policy"], "strict-origin");
        let session = signed_in.cookie("session").expect("a session");
        assert!(site.get(&session, "/").await.has("Hello Robin"), "{engine}");
        assert!(!site.get("", "/card/nothing-like-it").await.has("nothing-like-it"), "{engine}");
        for table in store::moving::tables() {
            for row in filled::rows(&site.test, table).await {
                assert!(!format!("{row:?}").contains(secret), "{engine}: {}", table.name);
            }
        }
    }
}

#[tokio::test]
async fn whoever_must_choose_a_password_opens_a_card_without_its_secret_in_another_address() {
    let site = support::sqlite().await;
    let card = printed(&site).await;
    let password = site.test.service.system_administrator("Alex Reed", "Alex").await.expect("made");
    let fields = [("name", "alex reed"), ("password", password.as_str())];
    let session = site.post("", "/sign-in", &fields).await.cookie("session").expect("signed in");
    let link = server::routes::people::card_link("", &card);
    assert_eq!(site.get(&session, &link).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_address_with_the_code_of_a_card_shows_one_button_and_signs_in_by_it() {
    for site in support::all().await {
        let engine = site.test.engine;
        let card = printed(&site).await;
        let address = format!("/card/{}", card.code.as_str());
        for address in [&address, &address.to_lowercase()] {
            let page = site.get("", address).await;
            assert_eq!(
                (page.status, page.cookie("session")),
                (StatusCode::OK, None),
                "{engine}: opening it does nothing"
            );
            assert_eq!(page.headers["cache-control"], "no-store");
            let back = page.form("Sign in").send(&site, "").await;
            assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/"), "{engine}");
            assert!(back.cookie("session").is_some(), "{engine}");
        }
        // No such card: the same page, and the one message.
        let none = site.get("", "/card/BBBBBBBB").await;
        assert_eq!(none.status, StatusCode::OK, "{engine}");
        let wrong = none.form("Sign in").send(&site, "").await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.has(MESSAGE), "{engine}");
        assert!(wrong.cookie("session").is_none(), "{engine}");
    }
}

#[tokio::test]
async fn words_typed_in_a_lapsed_session_come_back_to_their_owner_and_to_nobody_else() {
    for site in support::all().await {
        let officer = site.test.person("Ash", Role::Administrator).await;
        let mut cards = Vec::new();
        for name in ["Robin", "Sam"] {
            let who = site.test.person(name, Role::YoungPerson).await;
            let form = site.test.form();
            let made = site.test.service.make_card(&officer, form, who.id().expect("id")).await.expect("made");
            let CardMade::New(card) = made else { panic!("a new card") };
            cards.push((who, card));
        }
        let session = site.session(&cards[0].0).await;
        site.test.pass(2 * Moment::HOUR);
        // Home says why it is the one of everybody, to whom that happened.
        let ended = "You are signed out now.";
        assert!(
            site.get(&session, "/").await.has(ended) && !site.get("", "/").await.has(ended),
            "{}",
            site.test.engine
        );
        let lapsed = site.post(&session, "/my-data", &[("act", "name"), ("name", "Robin Redbreast")]).await;
        assert_eq!(lapsed.status, StatusCode::UNAUTHORIZED, "{}", site.test.engine);
        let carried = [
            ("next", lapsed.hidden("next")),
            ("kept_owner", lapsed.hidden("kept_owner")),
            ("kept.act", lapsed.hidden("kept.act")),
            ("kept.name", lapsed.hidden("kept.name")),
        ];
        for (i, (_, card)) in cards.iter().enumerate() {
            let pictures = card.pictures.map(domain::people::Picture::name);
            let mut fields: Vec<(&str, &str)> = carried.iter().map(|(n, v)| (*n, v.as_str())).collect();
            fields.push(("code", card.code.as_str()));
            fields.extend([("picture1", pictures[0]), ("picture2", pictures[1]), ("picture3", pictures[2])]);
            let back = site.post(&session, "/sign-in", &fields).await;
            assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", site.test.engine);
            let now = back.cookie("session").expect("a new session");
            let page = site.get(&now, back.location()).await;
            assert_eq!(page.has("Robin Redbreast"), i == 0, "{}: {}", site.test.engine, back.location());
        }
    }
}

#[tokio::test]
async fn however_a_session_ended_and_however_long_ago_its_words_come_back_to_their_owner_alone() {
    for site in support::all().await {
        let (t, engine) = (&site.test, site.test.engine);
        let officer = t.person("Ash", Role::Administrator).await;
        let (robin, sam) = (t.person("Robin", Role::YoungPerson).await, t.person("Sam", Role::YoungPerson).await);
        let card = async |who: &Who| {
            let made = t.service.make_card(&officer, t.form(), who.id().expect("id")).await.expect("made");
            let CardMade::New(card) = made else { panic!("a new card") };
            card
        };
        let sams = card(&sam).await;
        for how in ["signed out in another tab", "a new card", "eight days"] {
            let session = site.session(&robin).await;
            let form = site.get(&session, "/my-data").await.hidden("form_id");
            match how {
                "signed out in another tab" => drop(site.post(&session, "/sign-out", &[]).await),
                "a new card" => drop(card(&robin).await),
                _ => {
                    t.pass(8 * Moment::DAY);
                    t.service.sweep().await.expect("swept");
                }
            }
            let robins = card(&robin).await;
            let fields = [("form_id", form.as_str()), ("act", "name"), ("name", "qredbreast")];
            let lapsed = site.post(&session, "/my-data", &fields).await;
            assert_eq!(lapsed.status, StatusCode::UNAUTHORIZED, "{engine}: {how}");
            assert!(!lapsed.has(&robin.id().expect("id").to_string()), "{engine}: {how}: an id in the clear");
            let names = ["next", "kept_owner", "kept.act", "kept.name"];
            let carried: Vec<(&str, String)> = names.map(|n| (n, lapsed.hidden(n))).into();
            for (card, owner) in [(&sams, false), (&robins, true)] {
                let now = site.sign_in(card, &carried).await;
                let page = site.get(&now.0, &now.1).await;
                assert_eq!(page.status, StatusCode::OK, "{engine}: {how}");
                assert_eq!(page.has("qredbreast"), owner, "{engine}: {how}: {}", page.body);
                let held = site.get(&now.0, "/my-data/download").await;
                assert_eq!(held.has("qredbreast"), owner, "{engine}: {how}");
            }
        }
    }
}

#[tokio::test]
async fn words_of_nobody_known_are_shown_to_be_copied_and_carried_to_nobody() {
    for site in support::all().await {
        let (t, engine) = (&site.test, site.test.engine);
        let officer = t.person("Ash", Role::Administrator).await;
        let sam = t.person("Sam", Role::YoungPerson).await;
        let made = t.service.make_card(&officer, t.form(), sam.id().expect("id")).await.expect("made");
        let CardMade::New(card) = made else { panic!("a new card") };
        let asked = site.post("", "/my-data", &[("act", "name"), ("name", "qredbreast")]).await;
        assert_eq!(asked.status, StatusCode::UNAUTHORIZED, "{engine}");
        assert!(asked.has("Copy your words from here") && asked.has("qredbreast"), "{engine}: {}", asked.body);
        assert!(!asked.has("kept.name") && !asked.has("kept_owner"), "{engine}: {}", asked.body);
        // Not even by a page of an older program, which carried them all the same.
        for owner in ["", "0123456789abcdef0123456789abcdef"] {
            let carried =
                [("next", "/my-data"), ("kept_owner", owner), ("kept.act", "name"), ("kept.name", "qredbreast")];
            let now = site.sign_in(&card, &carried.map(|(n, v)| (n, v.to_owned()))).await;
            assert!(!site.get(&now.0, &now.1).await.has("qredbreast"), "{engine}");
            assert!(!site.get(&now.0, "/my-data/download").await.has("qredbreast"), "{engine}");
        }
    }
}

#[tokio::test]
async fn a_new_sign_in_ends_the_one_before_in_this_browser_and_a_shared_device_keeps_nothing() {
    for site in support::all().await {
        let engine = site.test.engine;
        let officer = site.test.person("Ash", Role::Administrator).await;
        let robin = site.test.person("Robin", Role::YoungPerson).await;
        let made =
            site.test.service.make_card(&officer, site.test.form(), robin.id().expect("id")).await.expect("made");
        let CardMade::New(card) = made else { panic!("a new card") };
        let pictures = card.pictures.map(domain::people::Picture::name);
        let sign_in = async |session: &str, shared: &str| {
            let fields = [
                ("code", card.code.as_str()),
                ("picture1", pictures[0]),
                ("picture2", pictures[1]),
                ("picture3", pictures[2]),
                ("shared", shared),
            ];
            let answer = site.post(session, "/sign-in", &fields).await;
            let set = answer.headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
            let set = set.filter(|v| v.starts_with("tandem-session=")).collect::<String>();
            (answer.cookie("session").expect("a session"), set)
        };
        let here = async |session: &str| site.get(session, "/my-data").await.status == StatusCode::OK;
        let (elsewhere, _) = sign_in("", "").await;
        let (first, own) = sign_in("", "").await;
        assert!(own.contains("; Max-Age=604800") && own.contains("; HttpOnly; SameSite=Lax"), "{engine}: {own}");
        let (second, shared) = sign_in(&first, "yes").await;
        assert!(first != second && !here(&first).await && here(&second).await, "{engine}");
        assert!(here(&elsewhere).await, "{engine}: another browser goes on");
        assert!(!shared.contains("Max-Age"), "{engine}: the cookie ends with the browser: {shared}");
        // When it ends by itself, the page to sign in again has it ticked already; after any other it has not.
        let again = async |session: &str| {
            let page = site.get(session, "/sign-in").await.body;
            let box_of = page.split("id=\"field-shared\"").nth(1).and_then(|rest| rest.split('>').next());
            box_of.expect("the box of the card form").contains("checked")
        };
        assert!(!again("").await && !again(&second).await, "{engine}");
        site.test.pass(21 * Moment::MINUTE);
        assert!(again(&second).await && !again(&elsewhere).await, "{engine}");
        let (second, _) = sign_in("", "yes").await;
        let out = site.post(&second, "/sign-out", &[]).await;
        assert_eq!(out.headers["clear-site-data"], "\"cache\", \"storage\"", "{engine}");
        assert!(!here(&second).await && here(&elsewhere).await, "{engine}");
    }
}

#[tokio::test]
async fn wrong_sign_ins_and_refusals_are_counted_by_the_minute_and_nothing_that_was_typed_is_kept() {
    for site in support::all().await {
        let engine = site.test.engine;
        let robin = site.test.person("Robin", Role::YoungPerson).await;
        let session = site.session(&robin).await;
        let card = [("code", "xMARKx"), ("picture1", "xMARKx"), ("picture2", "bus"), ("picture3", "key")];
        for _ in 0..2 {
            site.post("", "/sign-in", &[("name", "xMARKx"), ("password", "xMARKx and more")]).await;
            site.post("", "/sign-in", &card).await;
            site.get(&session, "/settings?xMARKx=xMARKx").await;
            site.post(&session, "/settings", &[("name", "xMARKx")]).await;
        }
        let mut counted = std::collections::BTreeMap::new();
        for table in store::moving::tables() {
            for row in filled::rows(&site.test, table).await {
                let said = format!("{row:?}").to_lowercase();
                assert!(!said.contains("xmarkx"), "{engine}: {}: {said}", table.name);
                for cell in &row {
                    if let Cell::Bytes(bytes) = cell {
                        let words = String::from_utf8_lossy(bytes).to_lowercase();
                        assert!(!words.contains("xmarkx"), "{engine}: {}", table.name);
                    }
                }
                if table.name == "tallies" {
                    let [Cell::Text(kind), Cell::Bytes(key), Cell::Whole(minute), Cell::Whole(times)] = &row[..] else {
                        panic!("{engine}: a count is a kind, a keyed hash, a minute and a number: {row:?}");
                    };
                    assert_eq!((key.len(), *minute), (32, site.test.now().0 / Moment::MINUTE), "{engine}");
                    *counted.entry(kind.clone()).or_insert(0) += times;
                }
            }
        }
        let counted: Vec<(&str, i64)> = counted.iter().map(|(kind, times)| (kind.as_str(), *times)).collect();
        assert_eq!(counted, [("refused", 4), ("wrong-place", 4)], "{engine}");
    }
}

#[tokio::test]
async fn whoever_must_choose_a_password_does_that_first_and_then_goes_on() {
    for site in support::all().await {
        let password = site.test.service.system_administrator("Alex Reed", "Alex").await.expect("made");
        let fields = [("name", "alex reed"), ("password", password.as_str()), ("next", "/people")];
        let session = site.post("", "/sign-in", &fields).await.cookie("session").expect("signed in");
        let sent = site.get(&session, "/people").await;
        assert_eq!(sent.location(), "/my-data/password?next=%2Fpeople", "{}", site.test.engine);
        assert_eq!(site.get(&session, "/not-safe").await.status, StatusCode::OK, "safety is never behind that");
        let page = site.get(&session, sent.location()).await;
        assert_eq!(page.hidden("next"), "/people");
        let bad = [("next", "/people"), ("old_password", password.as_str()), ("new_password", "short")];
        let bad = site.post(&session, "/my-data/password", &bad).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.has("Use 12 characters or more") && !bad.has(&password));
        let good = [("next", "/people"), ("old_password", password.as_str()), ("new_password", "seven wooden boats")];
        assert_eq!(site.post(&session, "/my-data/password", &good).await.location(), "/people");
        assert_eq!(site.get(&session, "/people").await.status, StatusCode::OK, "{}", site.test.engine);
    }
}
