//! The pages that everybody can read say what is true: who to call, what is left on a device, how soon somebody answers.

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use domain::people::Role;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(top().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The source files below some folders: path and text.
fn sources(folders: &[&str], end: &str) -> Vec<(PathBuf, String)> {
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| top().join(folder)).collect();
    let mut out = Vec::new();
    while let Some(folder) = waiting.pop() {
        for path in std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|e| e == end) {
                let text = std::fs::read_to_string(&path).expect("text");
                out.push((path, text));
            }
        }
    }
    out
}

#[tokio::test]
async fn how_pages_look_is_chosen_with_a_plain_form_and_drawn_by_the_server() {
    use app::display::{Font, Motion, Size, Spacing, Symbols, Theme};
    fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|one| name(*one)).collect()
    }
    let choices = [
        ("theme", names(Theme::ALL, Theme::name)),
        ("size", names(Size::ALL, Size::name)),
        ("spacing", names(Spacing::ALL, Spacing::name)),
        ("font", names(Font::ALL, Font::name)),
        ("symbols", names(Symbols::ALL, Symbols::name)),
        ("motion", names(Motion::ALL, Motion::name)),
    ];
    for site in support::all().await {
        for (field, values) in &choices {
            for value in values {
                let form = site.get("", "/display").await.form("Save my choices").set(field, value);
                let chosen = form.send(&site, "").await;
                assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{field}={value}: {}", chosen.body);
                // A cookie beside that of the session, as a browser sends them.
                let kept = format!("; tandem-display={}", chosen.cookie("display").expect("it is kept"));
                let page = site.get(&kept, "/help").await;
                assert!(page.has(&format!("data-{field}=\"{value}\"")), "{field}={value}: {}", page.body);
                let again = site.get(&kept, "/display").await.form("Save my choices");
                assert_eq!(again.value(field), *value, "it stands in the form");
            }
        }
    }
}

#[tokio::test]
async fn who_is_not_safe_finds_the_numbers_signed_out_with_and_without_the_councils_own() {
    for site in support::all().await {
        let engine = site.test.engine;
        let national =
            ["href=\"tel:999\"", "href=\"tel:08001111\"", "0800 1111", "href=\"sms:85258\"", "SHOUT to 85258"];
        let before = site.get("", "/not-safe").await;
        assert_eq!(before.status, StatusCode::OK, "{engine}");
        for number in national {
            assert!(before.has(number), "{engine}: {number} is missing");
        }
        assert_eq!(before.body.matches("class=\"contact-number\"").count(), 3, "{engine}: no empty number");

        let admin = site.test.person("Alex", Role::Administrator).await;
        let typed = [("safety_phone", "01632 960 199"), ("safeguarding_lead", "Imani, our lead")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        site.test.service.change_settings(&admin, &typed).await.expect("changed");
        // Pages keep what the council filled in for a few seconds.
        site.test.pass(domain::moment::Moment::MINUTE);
        let after = site.get("", "/not-safe").await;
        assert!(after.has("href=\"tel:01632960199\"") && after.has("Imani, our lead"), "{engine}: {}", after.body);
        for number in national {
            assert!(after.has(number), "{engine}: {number} is missing");
        }
    }
}

/// The names in `sessionStorage.getItem("name")`, `local_storage… set_item("name"` and the like; in `…Items("name")` those of
/// all items whose names begin with that word.
fn stored(text: &str) -> BTreeSet<String> {
    let calls = [
        "getItem(\"",
        "setItem(\"",
        "removeItem(\"",
        "get_item(\"",
        "set_item(\"",
        "remove_item(\"",
        "Items(\"",
        "_items(\"",
        "set_cookie(ctx, \"",
        "set_cookie(&ctx, \"",
        "set_cookie(self, \"",
        // The shelves of the program that keeps pages: one for each person or program, whose names begin with that word.
        "startsWith(\"",
    ];
    let names = calls.iter().flat_map(|call| text.split(call).skip(1));
    names.filter_map(|rest| Some(rest.split_once('"')?.0.trim_end().to_owned())).collect()
}

#[tokio::test]
async fn whatever_is_left_on_a_device_stands_on_the_page_of_cookies() {
    let site = support::sqlite().await;
    let page = site.get("", "/cookies").await;
    let mut all = BTreeSet::new();
    let browser = sources(&["frontend/js"], "js").into_iter().chain(sources(&["frontend/src"], "rs"));
    for (path, text) in browser.chain(sources(&["server/src"], "rs")) {
        // Each use of the storage is one of the calls above, with the name in it.
        for way in ["sessionStorage", "localStorage", "session_storage", "local_storage"] {
            let uses = text.matches(way).count();
            assert!(
                uses <= text.matches("Item(\"").count() + text.matches("_item(\"").count(),
                "{}: {way}",
                path.display()
            );
        }
        // The program that keeps pages, and the script that starts it and lists what is kept.
        let keeps = ["sw.js", "extras.js"].iter().any(|name| path.ends_with(name));
        for way in ["document.cookie", "indexedDB", "set_cookie(&html"] {
            assert!(!text.contains(way), "{}: {way} leaves something that nothing here looks for", path.display());
        }
        for way in ["caches.open", "serviceWorker"].into_iter().filter(|_| !keeps) {
            assert!(!text.contains(way), "{}: {way} leaves something that nothing here looks for", path.display());
        }
        // The address of pictures is none of them.
        all.extend(stored(&text).into_iter().filter(|name| !name.starts_with('/')));
    }
    let wanted = ["session", "display", "said", "left", "unsent", "writing", "kept", "shell"].map(str::to_owned);
    assert_eq!(all, BTreeSet::from(wanted), "what is kept, and the page of cookies, change together");
    for name in all {
        assert!(
            page.body.replace("<!>", "").contains(&format!("{name}</code>")),
            "{name} is not on /cookies: {}",
            page.body
        );
    }
}

#[test]
fn everything_says_the_same_number_of_days_for_an_answer_about_security() {
    let days = |path: &str| {
        let text = read(path);
        let said: BTreeSet<String> = text
            .split(" working days")
            .filter_map(|before| before.rsplit_once("within "))
            .map(|(_, days)| days.to_owned())
            .filter(|days| days.len() < 8)
            .collect();
        said
    };
    let wanted = BTreeSet::from(["3".to_owned()]);
    for path in ["README.md", "SECURITY.md", "app/words/en/info.ftl"] {
        assert_eq!(days(path), wanted, "{path}");
    }
}

#[tokio::test]
async fn the_pages_of_the_law_say_what_the_law_wants_said() {
    let site = support::sqlite().await;
    let statement = site.get("", "/accessibility").await;
    for words in
        ["partially compliant", "WCAG 2.2", "Equality Advisory", "Last tested", "First written", "Last checked"]
    {
        assert!(statement.has(words), "/accessibility: {words}");
    }
    let privacy = site.get("", "/privacy").await;
    for words in [
        "when you were last here",
        "signed in now",
        "Wrong tries",
        "a log",
        "Article 9(2)(g)",
        "Article 6(1)(e)",
        "one day after",
        "90 days",
        "30 days",
        "7 days",
    ] {
        assert!(privacy.has(words), "/privacy: {words}");
    }
}

/// What the page of privacy promises is what the program keeps: whoever changes one changes the other.
#[test]
fn the_times_on_the_page_of_privacy_are_those_that_are_kept() {
    let (access, tries) = (read("store/src/access.rs"), read("store/src/tries.rs"));
    for (text, kept) in [
        (&access, "SESSIONS_SWEEP, now.plus(-Moment::DAY)"),
        (&access, "FORM_SWEEP, now.plus(-30 * Moment::DAY)"),
        (&access, "KEPT_SWEEP, now.plus(-7 * Moment::DAY)"),
        (&tries, "SWEEP, now.plus(-Moment::DAY)"),
        (&tries, "SWEEP_FROM, now.plus(-90 * Moment::DAY)"),
    ] {
        assert!(text.contains(kept), "{kept}: change privacy-long-… in app/words/en/info.ftl too");
    }
}
