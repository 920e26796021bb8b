//! Every door gets what no browser of ours sends. The answer is a page of ours that says what to do, never a fault.

mod support;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::groups::{GroupRole, Visibility};
use domain::people::Role;
use server::doors::{Method, all};
use support::{Answer, Site};

/// What would show in a log or a page if anything quoted it.
const MARK: &str = "xMARKx";

/// A path with something in each of its holes.
fn filled(path: &str, with: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { with } else { part });
    parts.collect::<Vec<_>>().join("/")
}

struct Bad {
    what: &'static str,
    kind: &'static str,
    body: Vec<u8>,
}

fn bodies() -> Vec<Bad> {
    const FORM: &str = "application/x-www-form-urlencoded";
    let long = "a".repeat(server::posted::MOST + 1);
    let bad = |what, kind, body: &[u8]| Bad { what, kind, body: body.to_vec() };
    vec![
        bad("nothing", FORM, b""),
        bad("bytes that are not UTF-8", FORM, b"name=%FF%FE&words=%C0%AF"),
        bad("bare bytes that are not UTF-8", FORM, b"name=\xff\xfe"),
        bad("a percent sign that starts nothing", FORM, b"name=%&words=%zz&slug=%1"),
        bad("NUL", FORM, b"name=a%00b&words=%00"),
        bad("many fields with one name", FORM, "name=a&name=b&act=x&act=y&form_id=1&form_id=2&".repeat(40).as_bytes()),
        bad("too many fields", FORM, "a=1&".repeat(5000).as_bytes()),
        bad("JSON", "application/json", br#"{"name":"xMARKx"}"#),
        bad("a form of parts that is none", "multipart/form-data; boundary=x", b"--y\r\nxMARKx"),
        bad("parts without a boundary", "multipart/form-data", b"--x\r\n\r\n"),
        bad("plain text", "text/plain", b"name=xMARKx"),
        bad("ids and numbers that are none", FORM, b"id=xMARKx&section=1&base=-1&seq=99999999999999999999&person=%F0%9F%91%8D&threshold=NaN&form_id=xMARKx&due=9999-99-99"),
        bad("signs that turn text around", FORM, "name=\u{202e}\u{200b}\u{feff}&words=\u{1f}\u{7f}".as_bytes()),
        bad("more than fits", FORM, format!("words={long}").as_bytes()),
    ]
}

/// A page of ours, and no fault.
fn check(answer: &Answer, words: &str) {
    assert!(!answer.status.is_server_error(), "{words}: {} {}", answer.status, answer.body);
    if answer.status.is_client_error() {
        let kind = answer.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        let program = ["/static/", "/pkg/", "/api/"].iter().any(|p| words.contains(p));
        assert!(program || (kind.starts_with("text/html") && answer.has("<h1")), "{words}: {kind} {}", answer.body);
    }
}

async fn everybody(site: &Site) -> Vec<(&'static str, String)> {
    let group = site.test.group("Youth Council", Visibility::Open).await;
    let young = site.test.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let boss = site.test.member("Ash", Role::Administrator, group, GroupRole::Worker).await;
    vec![
        ("nobody", String::new()),
        ("a member", site.session(&young).await),
        ("an administrator", site.session(&boss).await),
    ]
}

fn request(method: &str, session: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::COOKIE, format!("tandem-session={session}"))
}

#[tokio::test]
async fn no_form_breaks_on_bad_bodies() {
    for site in support::all().await {
        let everybody = everybody(&site).await;
        for door in all().into_iter().filter(|d| d.method == Method::Post) {
            // Signing out is what it is asked for, whatever stands in the form.
            if matches!(door.path, "/sign-out" | "/my-data/delete") {
                continue;
            }
            let known = filled(door.path, "youth-council");
            let none = filled(door.path, "01900000-0000-7000-8000-000000000000");
            let paths = if known == none { vec![known] } else { vec![known, none] };
            for path in paths {
                for bad in bodies() {
                    for (who, session) in &everybody {
                        let asked = request("POST", session, &path).header(header::CONTENT_TYPE, bad.kind);
                        let answer = site.call(asked.body(Body::from(bad.body.clone())).expect("a request")).await;
                        let words = format!("{} to {path} by {who} on {}", bad.what, site.test.engine);
                        check(&answer, &words);
                    }
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
        "?a=%zz&&&=&",
        "?status=%00&group=%FF&person=xMARKx&section=x",
        &format!("?q={too_long}"),
    ];
    for site in support::all().await {
        let everybody = everybody(&site).await;
        for door in all().into_iter().filter(|d| d.method == Method::Get && d.path != "/live") {
            let mut paths: Vec<String> = if door.path.contains('{') {
                holes.iter().map(|hole| filled(door.path, hole)).collect()
            } else {
                Vec::new()
            };
            paths.extend(queries.iter().map(|q| format!("{}{q}", filled(door.path, "youth-council"))));
            for path in paths.iter().filter(|p| p.parse::<axum::http::Uri>().is_ok()) {
                for (who, session) in &everybody {
                    let answer = site.call(request("GET", session, path).body(Body::empty()).expect("a request")).await;
                    check(&answer, &format!("{} by {who} on {}", &path[..path.len().min(80)], site.test.engine));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing_and_says_so() {
    let site = support::sqlite().await;
    for (who, session) in everybody(&site).await {
        for door in all().into_iter().filter(|d| d.method == Method::Post) {
            let path = filled(door.path, "youth-council");
            let foreign: [(&str, &str); 3] =
                [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")];
            for (name, value) in foreign {
                let asked = request("POST", &session, &path)
                    .header(header::HOST, "127.0.0.1:3000")
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .header(name, value);
                let answer = site.call(asked.body(Body::from(format!("name={MARK}"))).expect("a request")).await;
                let words = format!("{path} by {who} with {name}: {value}");
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{words}");
                assert!(answer.has("did not come from our own page") && !answer.has(MARK), "{words}: {}", answer.body);
            }
        }
    }
}

#[tokio::test]
async fn other_methods_are_told_so() {
    let site = support::sqlite().await;
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "XMARKX"] {
        let answer = site.call(request(method, "", "/sign-in").body(Body::empty()).expect("a request")).await;
        assert!(answer.status.is_client_error() && answer.has("<h1"), "{method}: {} {}", answer.status, answer.body);
    }
}
