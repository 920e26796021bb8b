//! What nobody expected: a page with a number, the same number in the log, and nobody's words there. And the database
//! away: every form says so and gives its words back.

mod bad;
mod seeded;
mod support;

use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::routing::post;
use bad::{MARK, WORDS, real};
use domain::people::Role;
use http_body_util::BodyExt as _;
use seeded::Seed;
use server::bodies::Most;
use server::ctx::{App, Ctx, Started};
use server::doors::{Method, all};
use server::posted::Posted;
use tower::ServiceExt as _;

/// What the program of this test has logged, as `tandem serve` logs it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let to = log.clone();
    server::log::start("trace", move || to.clone()).expect("the log begins");
    // What fails here is to be read, too.
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        quiet(info);
        let _ = writeln!(std::io::stderr(), "{info}");
    }));
    log
});

fn logged() -> String {
    String::from_utf8(LOG.0.lock().expect("not poisoned").clone()).expect("text")
}

/// The number on a page: six letters and digits, a line, six more.
fn reference(page: &str) -> String {
    let (_, after) = page.split_once("tell us this number: ").unwrap_or_else(|| panic!("no number: {page}"));
    let number = after.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').find(|p| p.len() == 13);
    number.unwrap_or_else(|| panic!("no number: {after}")).to_owned()
}

#[tokio::test]
async fn a_fault_shows_a_number_that_stands_in_the_log_and_nothing_else_of_it() {
    LazyLock::force(&LOG);
    for site in support::all().await {
        let who = site.test.person("Robin", Role::YoungPerson).await;
        let session = site.session(&who).await;
        // Somebody wrote to the database around us: what stands there cannot be read.
        let mut tx = site.test.service.store().write().await.expect("a transaction");
        let sql = "update people set role = $1";
        match &mut tx {
            store::Tx::Sqlite(t) => sqlx::query(sql).bind(MARK).execute(&mut **t).await.map(|_| ()),
            store::Tx::Postgres(t) => sqlx::query(sql).bind(MARK).execute(&mut **t).await.map(|_| ()),
        }
        .expect("written");
        tx.commit().await.expect("committed");
        let read = site.get(&session, "/my-data").await;
        let sent = site.post(&session, "/my-data", &[("act", "name"), ("name", WORDS)]).await;
        for answer in [&read, &sent] {
            assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", site.test.engine);
            let number = reference(&answer.body);
            let log = logged();
            let line = log.lines().find(|l| l.contains(&number)).unwrap_or_else(|| panic!("{number} is not in {log}"));
            assert!(line.contains("\"level\":\"ERROR\"") && line.contains("database"), "{line}");
        }
        assert!(!read.has(MARK) && sent.has(WORDS), "{}", site.test.engine);
        assert!(!logged().contains(MARK), "{}", logged());
    }
}

async fn panics(State(_): State<App>, ctx: Ctx, posted: Posted) -> String {
    if posted.text("words") != ctx.path {
        panic!("somebody wrote {}", posted.text("words"));
    }
    String::new()
}

#[tokio::test]
async fn a_panic_is_a_page_with_a_number_and_the_words() {
    LazyLock::force(&LOG);
    let site = support::sqlite().await;
    let started = Started { url: "http://127.0.0.1:3000".to_owned(), demo: false, trusted_proxy: false };
    let app = App::new(site.test.service.clone(), started);
    let router = server::layers::around_all(Router::new().route("/boom", post(panics)), app, Most::default());
    let asked = Request::post("/boom").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let asked = asked.body(Body::from(format!("words={WORDS}"))).expect("a request");
    let answer = router.oneshot(asked).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(answer.headers().contains_key(header::CONTENT_SECURITY_POLICY));
    let page = answer.into_body().collect().await.expect("a body").to_bytes();
    let page = String::from_utf8(page.to_vec()).expect("text");
    assert!(page.contains(WORDS), "{page}");
    let log = logged();
    assert!(log.contains(&reference(&page)) && log.contains("fault.rs:"), "{log}");
    assert!(!log.contains(MARK), "{log}");
}

#[tokio::test]
async fn while_the_database_is_away_every_form_gives_its_words_back() {
    LazyLock::force(&LOG);
    for site in support::all().await {
        let seed = Seed::plant_on(site, 1).await;
        let sessions = ["nobody", "member", "administrator"].map(|name| (name, seed.session("open", name)));
        seed.site.test.service.store().close().await;
        for door in all() {
            let path = real(door.path, |name| seed.place("open").get(name).to_owned());
            for (who, session) in &sessions {
                let words = format!("{:?} {path} by {who} on {}", door.method, seed.site.test.engine);
                if door.method == Method::Get {
                    let status = seed.site.get_status(session, &path).await.status;
                    // Help and safety are there all the same.
                    let calm = ["/not-safe", "/help", "/talk", "/display", "/healthz", "/accessibility"];
                    assert!(status == 200 || !calm.contains(&door.path), "{words}: {status}");
                    assert!(matches!(status.as_u16(), 200 | 404 | 503), "{words}: {status}");
                    continue;
                }
                let answer = seed.site.post(session, &path, &[("words", WORDS), ("act", "x")]).await;
                assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{words}: {}", answer.body);
                assert!(answer.has(WORDS), "{words}: typed words are lost: {}", answer.body);
                assert!(answer.headers.contains_key(header::RETRY_AFTER), "{words}");
            }
        }
        assert!(!logged().contains(MARK), "{}", logged());
    }
}
