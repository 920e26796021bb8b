//! The whole program for tests, called without a network: `Site` with verbs (`get`, `post`).

#![allow(clippy::allow_attributes, dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

#[path = "../../../service/tests/support/mod.rs"]
pub mod world;

pub mod forms;
pub mod reader;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use domain::access::Who;
use http_body_util::BodyExt as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use server::App;
use server::bodies::Most;
use server::ctx::Started;
use tower::ServiceExt as _;
pub use world::Test;

/// The program on one engine.
pub struct Site {
    /// The house behind it: clock, people, groups.
    pub test: Test,
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// The same as it came: a file is no text.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Where a redirect goes.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    /// The value of a cookie that was set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let start = format!("tandem-{name}=");
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .find_map(|v| Some(v.strip_prefix(&start)?.split(';').next()?.to_owned()))
    }

    /// The value of the first hidden field with a name.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        self.body
            .split(&mark)
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_else(|| panic!("no hidden field {name}: {}", self.body))
            .to_owned()
    }

    pub fn has(&self, words: &str) -> bool {
        self.body.contains(words)
    }
}

/// The program on each engine there is.
pub async fn all() -> Vec<Site> {
    world::all().await.into_iter().map(Site::on).collect()
}

/// The program on SQLite only: for what does not touch SQL.
pub async fn sqlite() -> Site {
    Site::on(world::sqlite().await)
}

impl Site {
    pub fn on(test: Test) -> Self {
        Self::with(test, Most::default())
    }

    /// The same with other limits of what may be on its way.
    pub fn with(test: Test, most: Most) -> Self {
        let _ = any_spawner::Executor::init_tokio();
        let started = Started { url: "http://127.0.0.1:3000".to_owned(), demo: false, trusted_proxy: false };
        let router = server::serve::program_with(App::new(test.service.clone(), started), most);
        Self { test, router }
    }

    /// Anything a router can be asked.
    pub async fn call(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let file =
            parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/vnd"));
        let body = if file { String::new() } else { String::from_utf8(bytes.to_vec()).expect("text") };
        Answer { status: parts.status, headers: parts.headers, body, bytes: bytes.to_vec() }
    }

    /// A live session of somebody: hand it to `get` and `post`.
    pub async fn session(&self, who: &Who) -> String {
        self.test.session(who).await
    }

    /// Reads a page; `session` empty for somebody who has not signed in.
    pub async fn get(&self, session: &str, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, format!("tandem-session={session}"));
        self.call(request.body(Body::empty()).expect("a request")).await
    }

    /// Goes where an answer leads, as a browser does: with the word of thanks that it carries.
    pub async fn follow(&self, session: &str, answer: &Answer) -> Answer {
        let said = answer.cookie("said").unwrap_or_default();
        let cookies = format!("tandem-session={session}; tandem-said={said}");
        let request = Request::get(answer.location()).header(header::COOKIE, cookies);
        self.call(request.body(Body::empty()).expect("a request")).await
    }

    /// What reading an address answers, without its body: a stream of news never ends.
    pub async fn get_status(&self, session: &str, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, format!("tandem-session={session}"));
        let request = request.body(Body::empty()).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, _) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: String::new(), bytes: Vec::new() }
    }

    /// Posts bytes of any kind: a form with a file.
    pub async fn post_body(&self, session: &str, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(path)
            .header(header::COOKIE, format!("tandem-session={session}"))
            .header(header::CONTENT_TYPE, kind);
        self.call(request.body(Body::from(body)).expect("a request")).await
    }

    /// Posts a form.
    pub async fn post(&self, session: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encode = |s: &str| utf8_percent_encode(s, NON_ALPHANUMERIC).to_string();
        let body = fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect::<Vec<_>>().join("&");
        let request = Request::post(path)
            .header(header::COOKIE, format!("tandem-session={session}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.call(request.body(Body::from(body)).expect("a request")).await
    }
}
