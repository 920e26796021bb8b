//! People, cards, my data, settings and the log, over HTTP, as a browser without JavaScript does it.

mod support;

use axum::http::StatusCode;
use domain::groups::{GroupRole, Visibility};
use domain::people::Role;
use support::Site;

async fn admin(site: &Site) -> String {
    let who = site.test.person("Alex", Role::Administrator).await;
    site.session(&who).await
}

#[tokio::test]
async fn a_person_is_added_with_a_card_that_is_shown_once_and_signs_in() {
    for site in support::all().await {
        let engine = site.test.engine;
        let group = site.test.group("Care leavers", Visibility::Hidden).await;
        let ash = site.test.member("Ash", Role::Officer, group, GroupRole::Worker).await;
        let session = site.session(&ash).await;
        let page = site.get(&session, "/people/new").await;
        assert!(page.has("Care leavers") && !page.has("value=\"administrator\""), "{engine}");
        let id = page.hidden("form_id");
        let bad = site.post(&session, "/people/new", &[("form_id", &id), ("name", "Robin"), ("team", "x")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(bad.has("value=\"Robin\"") && bad.has("Choose one") && bad.has("<title>Error:"), "{engine}");
        assert_eq!(bad.hidden("form_id"), id, "correcting it is the same form");
        let fields = [
            ("form_id", id.as_str()),
            ("name", "Robin"),
            ("role", "young-person"),
            ("group", &group.to_string()),
            ("card", "yes"),
        ];
        let card = site.post(&session, "/people/new", &fields).await;
        assert_eq!(card.status, StatusCode::OK, "{engine}");
        assert_eq!(card.headers["cache-control"], "no-store");
        assert!(card.has("<svg") && card.has("print-card") && !card.has("Care leavers"), "{engine}");
        let code = card.body.split("class=\"code-words\">").nth(1).and_then(|r| r.split('<').next()).expect("a code");
        assert_eq!(code.len(), 9, "two groups of four: {code}");
        let again = site.post(&session, "/people/new", &fields).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{engine}: sent twice is once");
        assert!(!site.get(&session, again.location()).await.has(code));

        let pictures = ["1. ", "2. ", "3. "].map(|n| {
            let words = card.body.split(n).nth(1).and_then(|r| r.split('<').next()).expect("a picture");
            words.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase()
        });
        let [one, two, three] = pictures.each_ref().map(String::as_str);
        let typed = [("code", code), ("picture1", one), ("picture2", two), ("picture3", three)];
        let signed_in = site.post("", "/sign-in", &typed).await;
        assert_eq!(signed_in.status, StatusCode::SEE_OTHER, "{engine}: {typed:?}");
        let robin = signed_in.cookie("session").expect("a session");
        assert!(site.get(&robin, "/my-data").await.has("Care leavers"), "{engine}");

        // Lost on the first day: whoever was there when they were made gives another; and the same form again.
        let ask = format!("{}/card", again.location());
        let id = site.get(&session, &ask).await.hidden("form_id");
        assert!(site.post(&session, &ask, &[("form_id", &id)]).await.has("print-card"), "{engine}");
        let repeat = site.post(&session, &ask, &[("form_id", &id)]).await;
        assert!(repeat.status == StatusCode::OK && repeat.has("This form has made a card already"), "{engine}");
        assert!(!repeat.has("code-words"));
        assert_eq!(site.get(&robin, "/my-data").await.status, StatusCode::SEE_OTHER, "{engine}: its sessions ended");
    }
}

#[tokio::test]
async fn one_person_is_corrected_moved_and_switched_off_from_their_page() {
    for site in support::all().await {
        let engine = site.test.engine;
        let session = admin(&site).await;
        let robin = site.test.person("Robin", Role::YoungPerson).await;
        let theirs = site.session(&robin).await;
        let page = format!("/people/{}", robin.id().expect("id"));
        let first = site.get(&session, &page).await;
        assert!(first.has("Switched on") && first.has("There is no card yet"), "{engine}");
        let bad = site.post(&session, &page, &[("act", "name"), ("name", &"x".repeat(80))]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.has(&"x".repeat(80)) && bad.has("60 characters fit here"), "{engine}: every word is kept");
        let good = site.post(&session, &page, &[("act", "name"), ("name", "Robyn")]).await;
        assert_eq!((good.status, good.location()), (StatusCode::SEE_OTHER, page.as_str()));
        assert!(site.get(&theirs, "/my-data").await.has("Robyn"), "{engine}: at once");
        let up = [("act", "role"), ("role", "officer"), ("sign_in_name", "robyn"), ("new_password", "short")];
        let up = site.post(&session, &page, &up).await;
        assert!(up.status == StatusCode::UNPROCESSABLE_ENTITY && up.has("value=\"robyn\"") && !up.has("\"short\""));
        assert_eq!(site.post(&session, &page, &[("act", "off")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(site.get(&theirs, "/my-data").await.status, StatusCode::SEE_OTHER, "{engine}: signed out");
        assert!(site.get(&session, &page).await.has("Switched off"), "{engine}");
        assert_eq!(site.post(&session, &page, &[("act", "nonsense")]).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(site.get(&session, "/people/not-an-id").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn nobody_without_a_staff_role_is_called_like_one_who_has_it_and_the_words_are_kept() {
    for site in support::all().await {
        let engine = site.test.engine;
        site.test.person("Sal", Role::Officer).await;
        let ash = site.test.person("Ash", Role::Officer).await;
        let (ash, kofi) = (site.session(&ash).await, site.test.person("Kofi", Role::YoungPerson).await);
        let own = site.session(&kofi).await;
        let page = format!("/people/{}", kofi.id().expect("id"));
        for (name, wrong) in [
            ("Sal", "Somebody who works here has this name"),
            ("S A L", "Somebody who works here has this name"),
            ("\u{405}al", "Use the letters of one alphabet"),
            ("Sal (youth worker)", "This name sounds like somebody who works here"),
            ("Deleted account", "This name sounds like somebody who works here"),
            ("S\u{200b}al", "Take out the signs that cannot be shown"),
            ("\u{3164}", "Write a name"),
        ] {
            let mine = site.post(&own, "/my-data", &[("act", "name"), ("name", name)]).await;
            let theirs = site.post(&ash, &page, &[("act", "name"), ("name", name)]).await;
            let new = site.post(&ash, "/people/new", &[("name", name), ("role", "young-person")]).await;
            for answer in [mine, theirs, new] {
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}: {name:?}");
                assert!(answer.has(wrong) && answer.has(name), "{engine}: {name:?}: {}", answer.body);
            }
        }
        let good = site.post(&own, "/my-data", &[("act", "name"), ("name", "Sally")]).await;
        assert_eq!(good.status, StatusCode::SEE_OTHER, "{engine}");
        let staff = site.post(&ash, "/my-data", &[("act", "name"), ("name", "Sal")]).await;
        assert_eq!(staff.status, StatusCode::SEE_OTHER, "{engine}: two workers may be called alike");
    }
}

#[tokio::test]
async fn others_get_403_and_it_is_counted_and_those_not_signed_in_are_asked_to() {
    for site in support::all().await {
        let robin = site.test.person("Robin", Role::YoungPerson).await;
        let session = site.session(&robin).await;
        let page = format!("/people/{}", robin.id().expect("id"));
        for path in ["/people", "/people/new", &page, &format!("{page}/card"), "/settings", "/audit"] {
            assert_eq!(site.get(&session, path).await.status, StatusCode::FORBIDDEN, "{path}");
            assert!(site.get("", path).await.location().starts_with("/sign-in?next="), "{path}");
        }
        for path in ["/people/new", &page, &format!("{page}/card"), "/settings"] {
            assert_eq!(site.post(&session, path, &[("name", "x")]).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let keys = site.test.service.world().keys.clone();
        let mut tx = site.test.service.store().read().await.expect("a transaction");
        let place = keys.hash("refused-place", b"");
        let counted = store::access::tally_since(&mut tx, "refused", &place, site.test.now()).await.expect("asked");
        assert_eq!(counted, 10, "{}", site.test.engine);
    }
}

#[tokio::test]
async fn settings_are_changed_at_once_and_a_wrong_one_keeps_every_word() {
    for site in support::all().await {
        let session = admin(&site).await;
        let mut fields = Vec::new();
        for (name, value) in service::settings::Settings::default().pairs() {
            fields.push((name, if name == "name" { "Marram County Council".to_owned() } else { value }));
        }
        let mut wrong: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        wrong.iter_mut().find(|(n, _)| *n == "threshold").expect("there").1 = "4";
        let bad = site.post(&session, "/settings", &wrong).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", site.test.engine);
        assert!(bad.has("Choose a whole number from 5 to 100") && bad.has("value=\"Marram County Council\""));
        // What would be shown nowhere is not taken.
        for (name, value, says) in [
            ("help_email", "ask Sam", "E-mail address for help: Write an e-mail address"),
            ("security_contact", "http://a.example", "or a web address that starts with https://"),
        ] {
            let mut wrong: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            wrong.iter_mut().find(|(n, _)| *n == name).expect("there").1 = value;
            let bad = site.post(&session, "/settings", &wrong).await;
            assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(bad.has(says) && bad.has(value), "{name}: {}", bad.body);
        }
        for (name, value) in
            [("help_email", "help@marram.example"), ("security_contact", "https://marram.example/holes")]
        {
            fields.iter_mut().find(|(n, _)| *n == name).expect("there").1 = value.to_owned();
        }
        let good: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        assert_eq!(site.post(&session, "/settings", &good).await.location(), "/settings");
        assert!(site.get("", "/sign-in").await.has("Marram County Council"), "{}: at once", site.test.engine);
        assert!(site.get("", "/security").await.has("href=\"https://marram.example/holes\""));
        let log = site.get(&session, "/audit").await;
        assert!(log.has("Changed a setting") && log.has("Alex"), "{}", site.test.engine);
        assert!(!log.has("Marram County Council</td>"), "no words of users stand in the log");
    }
}

#[tokio::test]
async fn my_data_can_be_read_taken_away_corrected_and_deleted() {
    for site in support::all().await {
        let engine = site.test.engine;
        let group = site.test.group("Youth council", Visibility::Open).await;
        let robin = site.test.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
        let session = site.session(&robin).await;
        let page = site.get(&session, "/my-data").await;
        assert!(page.has("Youth council") && page.has("This device"), "{engine}");
        let bad = site.post(&session, "/my-data", &[("act", "name"), ("name", "")]).await;
        assert!(bad.status == StatusCode::UNPROCESSABLE_ENTITY && bad.has("Write a name"), "{engine}");
        let file = site.get(&session, "/my-data/download").await;
        assert!(file.headers["content-disposition"].to_str().expect("text").contains("my-data.json"));
        let json: serde_json::Value = serde_json::from_str(&file.body).expect("JSON");
        assert_eq!(json["display_name"], "Robin");
        assert_eq!(json["groups"][0]["name"], "Youth council", "{engine}");
        let id = group.to_string();
        assert_eq!(site.post(&session, "/my-data", &[("act", "leave"), ("group", &id)]).await.location(), "/my-data");
        assert!(site.get(&session, "/my-data").await.has("You are not in a group"), "{engine}");
        assert_eq!(site.get(&session, "/my-data/password").await.status, StatusCode::NOT_FOUND, "a card has none");
        assert!(site.get(&session, "/my-data/delete").await.has("What stays, and why"));
        let gone = site.post(&session, "/my-data/delete", &[]).await;
        assert_eq!((gone.status, gone.location()), (StatusCode::SEE_OTHER, "/"), "{engine}");
        assert_eq!(gone.cookie("session").as_deref(), Some(""));
        assert!(site.get(&session, "/my-data").await.location().starts_with("/sign-in"), "{engine}");

        let alone = admin(&site).await;
        let stays = site.post(&alone, "/my-data/delete", &[]).await;
        assert!(stays.status == StatusCode::UNPROCESSABLE_ENTITY && stays.has("You are the only administrator"));
    }
}
