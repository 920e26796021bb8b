//! What was sent is read whole before anybody asks who sent it. What is still on its way keeps no turn from anybody, is not
//! waited for without end, and is done with the rights of the moment at which its last byte came.

mod bad;
mod seeded;
mod support;
#[path = "../../service/tests/talking/mod.rs"]
mod talking;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use bad::real;
use domain::comments::Checking;
use domain::groups::Visibility;
use domain::people::Role;
use futures::StreamExt as _;
use seeded::Seed;
use server::bodies::Most;
use server::doors::{Method, all};
use support::{Answer, Site};
use talking::plant;
use tokio::sync::{Notify, oneshot};

/// A body of which the first part has come and the rest has not; `asked` is told when somebody wants the rest.
fn begun(first: &str, asked: Arc<Notify>, rest: oneshot::Receiver<String>) -> Body {
    let first = futures::stream::iter([Ok::<Bytes, std::io::Error>(Bytes::from(first.to_owned()))]);
    let rest = futures::stream::once(async move {
        asked.notify_one();
        match rest.await {
            Ok(rest) => Ok(Bytes::from(rest)),
            Err(_) => Err(std::io::Error::other("the line broke")),
        }
    });
    Body::from_stream(first.chain(rest))
}

/// One of which nothing more ever comes.
fn endless(first: &str) -> Body {
    let first = futures::stream::iter([Ok::<Bytes, std::io::Error>(Bytes::from(first.to_owned()))]);
    Body::from_stream(first.chain(futures::stream::pending()))
}

fn post(session: &str, path: &str, body: Body) -> Request<Body> {
    Request::post(path)
        .header(header::COOKIE, format!("tandem-session={session}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body)
        .expect("a request")
}

fn from(place: [u8; 4], mut request: Request<Body>) -> Request<Body> {
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((place, 4000))));
    request
}

/// Sends the first part, does `meanwhile`, sends the rest.
async fn late(
    site: &Site,
    session: &str,
    path: &str,
    (first, rest): (&str, &str),
    meanwhile: impl Future<Output = ()>,
) -> Answer {
    let asked = Arc::new(Notify::new());
    let (send, wait) = oneshot::channel();
    let request = post(session, path, begun(first, asked.clone(), wait));
    let others = async {
        asked.notified().await;
        meanwhile.await;
        send.send(rest.to_owned()).expect("it is still read");
    };
    tokio::join!(site.call(request), others).0
}

#[tokio::test]
async fn rights_are_those_of_the_moment_at_which_the_last_byte_came() {
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Open, Checking::After).await;
        let (sam, robin, outsider) =
            (site.session(&k.sam).await, site.session(&k.robin).await, site.session(&k.outsider).await);
        let path = format!("/designs/{}/comments", k.design);
        let first = format!("section={}&kind=idea&wor", k.first);
        let slug = domain::words::slug_start("Council");

        // Taken out of the group: the words come back, and are not there.
        let id = k.sam.id().expect("id");
        let out = async { t.service.take_out_of_group(&k.worker, &slug, id).await.expect("out") };
        let answer = late(&site, &sam, &path, (&first, "ds=qtakenout"), out).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}: {}", t.engine, answer.body);
        assert!(answer.has("qtakenout") && !site.get(&robin, &path).await.has("qtakenout"), "{}", t.engine);

        // An account that was deleted: no name comes back.
        let gone = async { t.service.delete_me(&k.outsider).await.expect("deleted") };
        let answer = late(&site, &outsider, "/my-data", ("act=na", "me&name=qback"), gone).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}: {}", t.engine, answer.body);
        let names = names(&site).await;
        assert!(!names.iter().any(|n| n == "qback"), "{}: {names:?}", t.engine);

        // An administrator who was switched off neither comes back by themselves nor makes others.
        let (alex, bo) = (t.person("Alex", Role::Administrator).await, t.person("Bo", Role::Administrator).await);
        let bo_id = bo.id().expect("id");
        for (path, first, rest) in [
            (format!("/people/{bo_id}"), "act=", "on"),
            (
                "/people/new".to_owned(),
                "name=qmade&role=administrator&sign_in_name=qmade",
                "&new_password=violet-harbour-kettle-ninety&team=",
            ),
        ] {
            let session = site.session(&bo).await;
            let off = async { t.service.set_active(&alex, bo_id, false).await.expect("off") };
            let answer = late(&site, &session, &path, (first, rest), off).await;
            // A bare button has no words to bring back.
            let sent_on = answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/sign-in");
            let expected = if first == "act=" { sent_on } else { answer.status == StatusCode::UNAUTHORIZED };
            assert!(expected, "{}: {path}: {}: {}", t.engine, answer.status, answer.body);
            assert!(!t.service.person(&alex, bo_id).await.expect("seen").line.active, "{}: {path}", t.engine);
            t.service.set_active(&alex, bo_id, true).await.expect("on");
        }
        assert!(!self::names(&site).await.iter().any(|n| n == "qmade"), "{}", t.engine);
    }
}

/// The name of everybody there ever was.
async fn names(site: &Site) -> Vec<String> {
    let table = store::moving::tables().iter().find(|t| t.name == "people").expect("a table");
    let at = table.columns.iter().position(|c| c.name == "name").expect("a column");
    let mut all = Vec::new();
    let mut tx = site.test.service.store().read().await.expect("a transaction");
    let read = store::moving::each_row(&mut tx, table, |row| {
        if let store::moving::Cell::Text(name) = &row[at] {
            all.push(name.clone());
        }
        Ok::<(), ()>(())
    });
    read.await.expect("asked").expect("taken");
    all
}

async fn soon(site: &Site, path: &str) -> StatusCode {
    let asked = site.get("", path);
    match tokio::time::timeout(Duration::from_secs(8), asked).await {
        Ok(answer) => answer.status,
        Err(_) => panic!("{path} does not answer"),
    }
}

#[tokio::test]
async fn forms_that_never_end_close_no_page() {
    let site = Arc::new(support::sqlite().await);
    let mut open = tokio::task::JoinSet::new();
    for n in 0..600u16 {
        let [high, low] = n.to_be_bytes();
        let request = from([10, 0, high, low], post("", "/sign-in", endless("name=a")));
        let site = site.clone();
        open.spawn(async move { site.call(request).await.status });
    }
    tokio::task::yield_now().await;
    for path in ["/not-safe", "/help", "/talk", "/healthz", "/sign-in", "/groups"] {
        assert_eq!(soon(&site, path).await, StatusCode::OK, "{path}");
    }
    open.abort_all();
}

#[tokio::test]
async fn help_opens_while_everything_else_waits() {
    let site = Arc::new(support::sqlite().await);
    let ash = site.test.person("Ash", Role::Officer).await;
    let session = site.session(&ash).await;
    // Nothing can be written for a while, so every form waits with its turn.
    let writer = site.test.service.store().write().await.expect("a transaction");
    let mut waiting = tokio::task::JoinSet::new();
    for n in 0..300 {
        let (site, session) = (site.clone(), session.clone());
        waiting.spawn(
            async move { site.post(&session, "/my-data", &[("act", "name"), ("name", &format!("A{n}"))]).await },
        );
    }
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    for path in ["/not-safe", "/help", "/talk", "/healthz"] {
        assert_eq!(soon(&site, path).await, StatusCode::OK, "{path}");
    }
    waiting.abort_all();
    drop(writer);
}

#[tokio::test]
async fn one_place_does_not_take_the_room_of_others() {
    let site = support::sqlite().await;
    let most = Most { one: 2, wait: Duration::from_millis(50), ..Most::default() };
    let site = Arc::new(Site::with(site.test, most));
    let mut open = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let (site, request) = (site.clone(), from([10, 0, 0, 1], post("", "/sign-in", endless("name=a"))));
        open.spawn(async move { site.call(request).await.status });
    }
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    let form = || post("", "/sign-in", Body::from("name=a&password=b"));
    let same = site.call(from([10, 0, 0, 1], form())).await;
    assert_eq!(same.status, StatusCode::SERVICE_UNAVAILABLE, "{}", same.body);
    assert!(same.headers.contains_key("retry-after") && same.has("<h1"), "{}", same.body);
    let other = site.call(from([10, 0, 0, 2], form())).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", other.body);
    open.abort_all();
}

#[tokio::test]
async fn every_door_says_what_to_do_when_a_form_does_not_end() {
    let seed = Seed::plant().await;
    let most = Most { form: Duration::from_millis(30), file: Duration::from_millis(30), ..Most::default() };
    let site = Site::with(seed.copy().await.test, most);
    let session = seed.session("open", "worker");
    let mut asked = 0;
    for door in all().into_iter().filter(|d| d.method == Method::Post) {
        let path = real(door.path, |name| seed.place("open").get(name).to_owned());
        let answer = site.call(post(&session, &path, endless("act=x&words=qhalf+of+it&new_password=qsec"))).await;
        assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT, "{path}: {}", answer.body);
        assert!(answer.has("qhalf of it") && answer.has("Then send it again"), "{path}: {}", answer.body);
        assert!(!answer.has("qsec"), "{path}: {}", answer.body);
        asked += 1;
    }
    assert!(asked > 20, "{asked}");
}
