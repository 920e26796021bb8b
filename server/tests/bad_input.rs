//! Every door gets what no browser of ours sends. The answer is a page of ours that says what to do, never a fault; what is
//! no form of ours changes nothing, and the words in it come back.

mod bad;
mod seeded;
mod support;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use bad::{MARK, WORDS, bodies, filled, real};
use domain::people::Role;
use seeded::Seed;
use server::doors::{Door, Method, all};
use store::moving::Cell;
use support::{Answer, Site};

/// A page of ours, and no fault.
fn check(answer: &Answer, words: &str) {
    assert!(!answer.status.is_server_error(), "{words}: {} {}", answer.status, answer.body);
    if answer.status.is_client_error() {
        let kind = answer.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let program = ["/static/", "/pkg/", "/api/"].iter().any(|p| words.contains(p));
        assert!(program || (kind.starts_with("text/html") && answer.has("<h1")), "{words}: {kind} {}", answer.body);
    }
    assert!(!answer.has("<i>xMARKx"), "{words}: typed tags are tags: {}", answer.body);
}

/// One of everything, and some of those who may do much or nothing with it.
async fn house(site: Site) -> Seed {
    Seed::plant_on(site, 1).await
}

fn everybody(seed: &Seed) -> Vec<(&'static str, String)> {
    let names = ["nobody", "lead", "worker", "administrator"];
    names.into_iter().map(|name| (name, seed.session("open", name))).collect()
}

/// An address of a door where there is something.
fn there(seed: &Seed, door: &Door) -> String {
    real(door.path, |name| seed.place("open").get(name).to_owned())
}

/// Every address of a door with everybody who asks there: where there is nothing, one is enough.
fn asked_by(seed: &Seed, door: &Door) -> Vec<(String, &'static str, String)> {
    let (path, none) = (there(seed, door), filled(door.path, "01900000-0000-7000-8000-000000000000"));
    let mut all: Vec<_> = everybody(seed).into_iter().map(|(who, session)| (path.clone(), who, session)).collect();
    if path != none {
        all.push((none, "worker", seed.session("open", "worker")));
    }
    all
}

fn forms() -> Vec<Door> {
    all().into_iter().filter(|d| d.method == Method::Post).collect()
}

fn request(method: &str, session: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::COOKIE, format!("tandem-session={session}"))
}

/// Everything in the database but how often something was refused.
async fn everything(site: &Site) -> Vec<(String, Vec<Vec<Cell>>)> {
    let mut all = Vec::new();
    let mut tx = site.test.service.store().read().await.expect("a transaction");
    for table in store::moving::tables().iter().filter(|t| t.name != "tallies") {
        let mut rows = Vec::new();
        let read = store::moving::each_row(&mut tx, table, |row| {
            rows.push(row);
            Ok::<(), ()>(())
        });
        read.await.expect("asked").expect("taken");
        all.push((table.name.clone(), rows));
    }
    all
}

#[tokio::test]
async fn what_is_no_form_changes_nothing_and_its_words_come_back() {
    for site in support::all().await {
        let seed = house(site).await;
        let before = everything(&seed.site).await;
        for door in forms() {
            for bad in bodies().into_iter().filter(|b| b.refused) {
                // Who asks makes no difference to what cannot be read: the first is enough for the big ones.
                let many = if bad.body.len() > 10_000 { 1 } else { usize::MAX };
                for (path, who, session) in asked_by(&seed, &door).into_iter().take(many) {
                    let asked = request("POST", &session, &path).header(header::CONTENT_TYPE, bad.kind);
                    let answer = seed.site.call(asked.body(Body::from(bad.body.clone())).expect("a request")).await;
                    let words = format!("{} to {path} by {who} on {}", bad.what, seed.site.test.engine);
                    check(&answer, &words);
                    assert!(answer.status.is_client_error(), "{words}: {}", answer.status);
                    assert!(!bad.kept || answer.has(WORDS), "{words}: typed words are lost: {}", answer.body);
                }
            }
        }
        for ((table, was), (_, is)) in before.iter().zip(&everything(&seed.site).await) {
            assert_eq!(was, is, "{table} changed on {}", seed.site.test.engine);
        }
    }
}

#[tokio::test]
async fn no_form_breaks_on_bad_values() {
    for site in support::all().await {
        let seed = house(site).await;
        // Signing out and deleting are what they are asked for, whatever stands in the form.
        for door in forms().into_iter().filter(|d| !matches!(d.path, "/sign-out" | "/my-data/delete")) {
            for bad in bodies().into_iter().filter(|b| !b.refused) {
                for (path, who, session) in asked_by(&seed, &door) {
                    let asked = request("POST", &session, &path).header(header::CONTENT_TYPE, bad.kind);
                    let answer = seed.site.call(asked.body(Body::from(bad.body.clone())).expect("a request")).await;
                    check(&answer, &format!("{} to {path} by {who} on {}", bad.what, seed.site.test.engine));
                }
            }
        }
    }
}

#[tokio::test]
async fn no_address_breaks_a_page() {
    let long = "a".repeat(4000);
    let holes = [
        "%00",
        "%FF",
        "%C0%AF",
        "%",
        "%zz",
        "..%2f..%2fetc%2fpasswd",
        "%F0%9F%91%8D",
        "'%20or%201=1--",
        &long,
        "0",
        "-1",
        "%20",
        "%E2%80%AE",
        "99999999999999999999999",
    ];
    let too_long = "q".repeat(9000);
    let queries = [
        "?kept=xMARKx",
        "?kept=%00",
        "?next=//evil.example/",
        "?next=%FF",
        "?page=-1&page=x",
        "?page=9223372036854775807&before=x&order=newest&order=x",
        "?from=xMARKx&to=%00&show=%3Ci%3ExMARKx",
        "?from=last&to=-1&show=before",
        "?words=%3Ci%3ExMARKx&year=-1&year=9999999999",
        "?a=%zz&&&=&",
        "?status=%00&group=%FF&person=xMARKx&section=x",
        &format!("?q={too_long}"),
    ];
    for site in support::all().await {
        let seed = house(site).await;
        for door in all().into_iter().filter(|d| d.method == Method::Get && d.path != "/live") {
            let mut paths: Vec<String> = if door.path.contains('{') {
                holes.iter().map(|hole| filled(door.path, hole)).collect()
            } else {
                Vec::new()
            };
            paths.extend(queries.iter().map(|q| format!("{}{q}", there(&seed, &door))));
            for path in paths.iter().filter(|p| p.parse::<axum::http::Uri>().is_ok()) {
                for (who, session) in everybody(&seed).into_iter().filter(|(who, _)| *who != "lead") {
                    let answer = seed.site.call(request("GET", &session, path).body(Body::empty()).expect("a request"));
                    let words = format!("{} by {who} on {}", &path[..path.len().min(80)], seed.site.test.engine);
                    check(&answer.await, &words);
                }
            }
        }
    }
}

#[tokio::test]
async fn no_header_breaks_a_page() {
    let site = support::sqlite().await;
    let who = site.test.person("Robin", Role::YoungPerson).await;
    let session = site.session(&who).await;
    let cookies = [
        "tandem-session=xMARKx",
        "tandem-session=",
        "tandem-display=%FF&xMARKx=1; tandem-said=xMARKx",
        "tandem-display=<i>xMARKx</i>; tandem-said=<i>xMARKx</i>",
        "=;;;= ;xMARKx",
        &format!("tandem-session={session}; tandem-session=xMARKx; tandem-display={}", "x".repeat(5000)),
    ];
    for cookie in cookies.map(|c| c.as_bytes().to_vec()).into_iter().chain([b"tandem-session=\xff\xfe".to_vec()]) {
        for path in ["/", "/sign-in", "/display", "/my-data"] {
            let asked = Request::get(path)
                .header(header::COOKIE, cookie.as_slice())
                .header(header::ACCEPT_LANGUAGE, b"\xff".as_slice())
                .header(header::REFERER, "http://[xMARKx")
                .header("x-forwarded-for", "xMARKx, ,");
            let answer = site.call(asked.body(Body::empty()).expect("a request")).await;
            let words = format!("{} with {}", path, String::from_utf8_lossy(&cookie));
            check(&answer, &words);
            assert!(!answer.has(MARK), "{words}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing_and_says_so() {
    for site in support::all().await {
        let seed = house(site).await;
        let before = everything(&seed.site).await;
        for (who, session) in everybody(&seed) {
            for door in forms() {
                let path = there(&seed, &door);
                let foreign: [(&str, &str); 3] = [
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-site", "same-site"),
                    ("origin", "https://evil.example"),
                ];
                for (name, value) in foreign {
                    let asked = request("POST", &session, &path)
                        .header(header::HOST, "127.0.0.1:3000")
                        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                        .header(name, value);
                    let answer = seed.site.call(asked.body(Body::from(format!("name={MARK}"))).expect("a request"));
                    let answer = answer.await;
                    let words = format!("{path} by {who} with {name}: {value}");
                    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{words}");
                    // What another site wrote is not shown as if it were ours or theirs.
                    let said = answer.has("did not come from our own page") && !answer.has(MARK);
                    assert!(said, "{words}: {}", answer.body);
                }
            }
        }
        for ((table, was), (_, is)) in before.iter().zip(&everything(&seed.site).await) {
            assert_eq!(was, is, "{table} changed on {}", seed.site.test.engine);
        }
    }
}

#[tokio::test]
async fn other_methods_and_addresses_that_are_gone_keep_the_words() {
    let site = support::sqlite().await;
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "XMARKX"] {
        let answer = site.call(request(method, "", "/sign-in").body(Body::empty()).expect("a request")).await;
        assert!(answer.status.is_client_error() && answer.has("<h1"), "{method}: {} {}", answer.status, answer.body);
    }
    // A page that was open while the program was updated may send its form to an address that is no more.
    for (path, wanted) in [("/designs/old/save", StatusCode::NOT_FOUND), ("/actions", StatusCode::METHOD_NOT_ALLOWED)] {
        let answer = site.post("", path, &[("words", WORDS)]).await;
        assert_eq!(answer.status, wanted, "{path}");
        assert!(answer.has(WORDS), "{path}: {}", answer.body);
    }
}
