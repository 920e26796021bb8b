//! Live news over real sockets: ids only, to those who may read, and no longer than they may.

mod real;
mod stream;
#[path = "../../service/tests/support/mod.rs"]
mod support;
#[path = "../../service/tests/talking/mod.rs"]
mod talking;

use std::net::SocketAddr;
use std::time::Duration;

use domain::access::Who;
use domain::comments::Checking;
use domain::groups::Visibility;
use domain::moment::Moment;
use domain::people::Role;
use real::{Folder, Program};
use server::App;
use server::ctx::Started;
use server::live::{Limits, Streams};
use service::decisions::TypedHand;
use service::groups::GroupChange;
use service::news::Event;
use store::Store;
use stream::Stream;
use support::Test;
use talking::{Talk, plant};

/// A house that listens on a socket.
struct Served {
    addr: SocketAddr,
    app: App,
}

async fn serve(t: &Test, limits: Limits) -> Served {
    let _ = any_spawner::Executor::init_tokio();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = listener.local_addr().expect("an address");
    let started = Started { url: format!("http://{addr}"), demo: false, trusted_proxy: false };
    let mut app = App::new(t.service.clone(), started);
    app.streams = Streams::new(limits);
    let mut news = t.service.news().listen();
    tokio::spawn(server::serve::serve(listener, None, app.clone(), std::future::pending()));
    if t.engine == "postgres" {
        // Once it hears its other instances it says "look again"; later that would come between the news of a test.
        let hears = async { while news.recv().await.expect("news") != Event::LookAgain {} };
        tokio::time::timeout(Duration::from_secs(60), hears).await.expect("it hears its other instances");
    }
    Served { addr, app }
}

impl Served {
    async fn listen(&self, t: &Test, who: &Who, query: &str) -> Stream {
        self.maybe(t, who, query).await.unwrap_or_else(|status| panic!("refused with {status}"))
    }

    async fn maybe(&self, t: &Test, who: &Who, query: &str) -> Result<Stream, u16> {
        let session = if who.id().is_some() { t.session(who).await } else { String::new() };
        Stream::open(self.addr, &session, query).await
    }
}

fn of(k: &Talk) -> String {
    format!("design={}", k.design)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_words_arrive_as_ids_and_held_words_never() {
    for t in support::all().await {
        let served = serve(&t, Limits::default()).await;
        let k = plant(&t, "Council", Visibility::Open, Checking::HoldAll).await;
        let mut streams = Vec::new();
        for who in [&k.robin, &k.observer, &k.outsider, &Who::nobody()] {
            streams.push(served.listen(&t, who, &of(&k)).await);
        }
        // Held words, changed held words, held words that are taken away, and news of something else come before.
        let held = k.say(&t, &k.sam, "xMARKx one").await.expect("sent").id;
        t.service.edit_comment(&k.sam, held, "idea", "xMARKx two").await.expect("changed");
        k.take_away(&t, held, "xMARKx three").await;
        let elsewhere = plant(&t, "Elsewhere", Visibility::Open, Checking::After).await;
        elsewhere.say(&t, &elsewhere.sam, "xMARKx four").await.expect("sent");
        t.service.news().tell(Event::Design { design: k.design });
        let id = k.say(&t, &k.sam, "xMARKx five").await.expect("sent").id;
        k.publish(&t, id).await;
        for stream in &mut streams {
            assert_eq!(stream.what().await, "design", "{}: {}", t.engine, stream.all);
            let news = stream.next().await.expect("news");
            assert_eq!(news, serde_json::json!({ "what": "comments", "design": k.design }), "{}", t.engine);
            assert!(!stream.all.contains("xMARKx"), "{}: {}", t.engine, stream.all);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outsiders_hear_of_a_decision_and_not_of_each_hand() {
    for t in support::all().await {
        let served = serve(&t, Limits::default()).await;
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        let id = k.vote(&t, 0, 2 * Moment::DAY).await;
        let query = format!("decision={id}&{}", of(&k));
        let mut inside = served.listen(&t, &k.observer, &query).await;
        let mut outside = served.listen(&t, &k.outsider, &query).await;
        let hand = TypedHand { hand: "not-ok", reason: "xMARKx" };
        t.service.raise_hand(&k.sam, id, t.form(), hand).await.expect("a hand");
        t.service.ask_void(&k.worker, id, t.form(), "xMARKx").await.expect("asked");
        t.service.make_void(&k.other_worker, id, t.form(), t.void_asked_at(id).await).await.expect("void");
        let decision = serde_json::json!({ "what": "decision", "decision": id });
        assert_eq!(inside.next().await.expect("news"), serde_json::json!({ "what": "hands", "decision": id }));
        for stream in [&mut inside, &mut outside] {
            for _ in 0..2 {
                // Whoever counted the hands as they come would know how many answered, and when.
                assert_eq!(stream.next().await.expect("news"), decision, "{}: {}", t.engine, stream.all);
            }
            assert!(!stream.all.contains("xMARKx"), "{}", stream.all);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_with_the_rights_of_its_person() {
    for t in support::all().await {
        let served = serve(&t, Limits::default()).await;
        let administrator = t.person("Ash", Role::Administrator).await;
        let s = &t.service;
        for (n, how) in ["leaves", "is taken out", "is deactivated", "signs out everywhere", "deletes the account"]
            .into_iter()
            .enumerate()
        {
            let name = format!("Members {n}");
            let k = plant(&t, &name, Visibility::Members, Checking::After).await;
            let mut stays = served.listen(&t, &k.sam, &of(&k)).await;
            let session = t.session(&k.robin).await;
            let mut goes = Stream::open(served.addr, &session, &of(&k)).await.expect("open");
            let robin = k.robin.id().expect("a person");
            match how {
                "leaves" => s.leave_my_group(&k.robin, k.group).await.expect(how),
                "is taken out" => {
                    s.take_out_of_group(&k.worker, &domain::words::slug_start(&name), robin).await.expect(how);
                }
                "is deactivated" => s.set_active(&administrator, robin, false).await.expect(how),
                "signs out everywhere" => s.end_my_sessions(&k.robin).await.expect(how),
                _ => s.delete_me(&k.robin).await.expect(how),
            }
            goes.ends().await;
            let again = Stream::open(served.addr, &session, &of(&k)).await.err();
            assert_eq!(again, Some(404), "{}: who {how} is an outsider", t.engine);
            k.say(&t, &k.sam, "Words").await.expect("sent");
            assert_eq!(stays.what().await, "comments", "{}: others go on when somebody {how}", t.engine);
        }
        // What is about somebody else ends nothing.
        let k = plant(&t, "Open council", Visibility::Open, Checking::After).await;
        let mut nobody = served.listen(&t, &Who::nobody(), &of(&k)).await;
        s.leave_my_group(&k.robin, k.group).await.expect("left");
        k.say(&t, &k.sam, "Words").await.expect("sent");
        assert_eq!(nobody.what().await, "comments", "{}", t.engine);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_a_group_is_hidden_outsiders_hear_no_more_of_it() {
    for t in support::all().await {
        let served = serve(&t, Limits::default()).await;
        let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
        let other = plant(&t, "Elsewhere", Visibility::Open, Checking::After).await;
        let mut member = served.listen(&t, &k.robin, &of(&k)).await;
        let mut nobody = served.listen(&t, &Who::nobody(), &of(&k)).await;
        let mut both = served.listen(&t, &k.outsider, &format!("{}&{}", of(&k), of(&other))).await;
        let change = GroupChange {
            name: "Council",
            purpose: "We look after one thing together.",
            visibility: "hidden",
            checking: "after",
            threshold: "5",
            on_devices: "no",
        };
        t.service.change_group(&k.worker, "council", change).await.expect("hidden");
        nobody.ends().await;
        assert_eq!(served.maybe(&t, &Who::nobody(), &of(&k)).await.err(), Some(404), "{}", t.engine);
        k.say(&t, &k.sam, "Words").await.expect("sent");
        other.say(&t, &other.sam, "Words").await.expect("sent");
        assert_eq!(member.what().await, "comments", "{}", t.engine);
        // What may still be read goes on, and the hidden group is not in it.
        let news = both.next().await.expect("news");
        assert_eq!(news["design"], serde_json::json!(other.design), "{}: {}", t.engine, both.all);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_news_was_missed_rights_are_asked_again() {
    for t in support::all().await {
        let served = serve(&t, Limits::default()).await;
        let k = plant(&t, "Members", Visibility::Members, Checking::After).await;
        let mut stays = served.listen(&t, &k.sam, &of(&k)).await;
        let mut goes = served.listen(&t, &k.robin, &of(&k)).await;
        // Another instance took somebody out, and nothing was heard of it here.
        let mut tx = t.service.store().write().await.expect("a transaction");
        store::groups::leave(&mut tx, k.group, k.robin.id().expect("a person")).await.expect("left");
        tx.commit().await.expect("committed");
        t.service.news().tell(Event::LookAgain);
        assert_eq!(stays.what().await, "look-again", "{}", t.engine);
        goes.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_with_its_session_however_much_news_there_is() {
    for t in support::all().await {
        let limits = Limits { tick: Duration::from_millis(20), ..Limits::default() };
        let served = serve(&t, limits).await;
        let k = plant(&t, "Members", Visibility::Members, Checking::After).await;
        let mut stream = served.listen(&t, &k.robin, &of(&k)).await;
        t.service.news().tell(Event::Comments { design: k.design });
        assert_eq!(stream.what().await, "comments");
        // Nobody used the session for an hour; listening is no use.
        t.pass(61 * Moment::MINUTE);
        let (service, design) = (t.service.clone(), k.design);
        let busy = tokio::spawn(async move {
            loop {
                service.news().tell(Event::Comments { design });
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        while stream.next().await.is_some() {}
        busy.abort();
        // And without any, after its time: the browser asks anew.
        let k = plant(&t, "Others", Visibility::Open, Checking::After).await;
        let short = serve(&t, Limits { tick: Duration::from_millis(5), ticks: 3, ..Limits::default() }).await;
        short.listen(&t, &Who::nobody(), &of(&k)).await.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_session_has_a_few_streams_and_gives_them_back() {
    let t = support::sqlite().await;
    let served = serve(&t, Limits { each: 3, each_place: 5, ..Limits::default() }).await;
    let k = plant(&t, "Council", Visibility::Open, Checking::After).await;
    let session = t.session(&k.robin).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(Stream::open(served.addr, &session, &of(&k)).await.expect("open"));
    }
    let refused = real::get(served.addr, &session, &format!("/live?{}", of(&k))).await.expect("an answer");
    assert!(refused.status == 429 && refused.head.contains("retry-after: "), "{}", refused.head);
    let other = t.session(&k.robin).await;
    open.push(Stream::open(served.addr, &other, &of(&k)).await.expect("another browser of the same person"));
    for _ in 0..5 {
        open.push(Stream::open(served.addr, "", &of(&k)).await.expect("those who have not signed in share an address"));
    }
    assert_eq!(Stream::open(served.addr, "", &of(&k)).await.err(), Some(429));
    assert_eq!(served.app.streams.count(), 9);
    drop(open);
    // The program notices with the next thing it says.
    for _ in 0..1500 {
        t.service.news().tell(Event::Comments { design: k.design });
        if served.app.streams.count() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(served.app.streams.count(), 0);
    Stream::open(served.addr, &session, &of(&k)).await.expect("there is room again");
    // Nothing to listen to, and more than a stream takes.
    assert_eq!(Stream::open(served.addr, &session, "").await.err(), Some(404));
    let none: Vec<String> = (0..20).map(|_| format!("design={}", uuid::Uuid::from_u128(7))).collect();
    assert_eq!(Stream::open(served.addr, &session, &none.join("&")).await.err(), Some(404));
}

/// What two programs and a browser need: a group and its design, and sessions by the real clock.
struct Outside {
    t: Test,
    k: Talk,
    sam: String,
    robin: String,
}

async fn outside(t: Test) -> Outside {
    let k = plant(&t, "Council", Visibility::Members, Checking::After).await;
    let store = t.service.store();
    let sam = real::session(store, k.sam.id().expect("a person")).await;
    let robin = real::session(store, k.robin.id().expect("a person")).await;
    Outside { sam, robin, k, t }
}

impl Outside {
    async fn say(&self, addr: SocketAddr, words: &str) {
        let section = self.k.first.to_string();
        let fields = [("section", section.as_str()), ("kind", "idea"), ("words", words)];
        let path = format!("/designs/{}/comments", self.k.design);
        let answer = real::post(addr, &self.sam, &path, &fields).await.expect("an answer");
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_ends_every_stream() {
    let o = outside(support::sqlite().await).await;
    let folder = Folder::new("stop_live");
    let mut program = Program::start(&folder, &o.t.db.url, &[]).await;
    let mut streams = Vec::new();
    for _ in 0..3 {
        streams.push(Stream::open(program.addr, &o.robin, &of(&o.k)).await.expect("open"));
    }
    o.say(program.addr, "xMARKx").await;
    program.terminate().await;
    for stream in &mut streams {
        assert_eq!(stream.what().await, "comments");
        stream.ends().await;
        assert!(!stream.all.contains("xMARKx"));
    }
    let status = tokio::time::timeout(Duration::from_secs(20), program.child.wait()).await;
    assert!(status.expect("before its grace has passed").expect("it ends").success(), "{}", program.logged());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn news_goes_from_one_instance_to_the_other() {
    let Some(db) = support::db::postgres().await else { return };
    let o = outside(Test::on(db)).await;
    let (here, there) = (Folder::new("here"), Folder::new("there"));
    let one = Program::start(&here, &o.t.db.url, &[]).await;
    let two = Program::start(&there, &o.t.db.url, &[]).await;
    let mut on_one = Stream::open(one.addr, &o.robin, &of(&o.k)).await.expect("open");
    let mut on_two = Stream::open(two.addr, &o.robin, &of(&o.k)).await.expect("open");
    // Whoever begins to listen between instances says so with "look again"; it can come before or after we are there.
    let next = async |stream: &mut Stream| loop {
        let what = stream.what().await;
        if what != "look-again" {
            break what;
        }
    };
    for (said_on, words) in [(one.addr, "Said on one"), (two.addr, "Said on two")] {
        o.say(said_on, words).await;
        assert_eq!(next(&mut on_one).await, "comments", "{words}");
        assert_eq!(next(&mut on_two).await, "comments", "{words}");
        let page = format!("/designs/{}/comments/news?since=0", o.k.design);
        let page = real::get(two.addr, &o.robin, &page).await.expect("an answer");
        assert!(page.body.contains(words), "{}", page.body);
    }
    assert!(!on_one.all.contains("Said on") && !on_two.all.contains("Said on"));
    // Rights that end on one instance end the streams of the other.
    let leave = [("act", "leave"), ("group", &o.k.group.to_string())];
    let left = real::post(one.addr, &o.robin, "/my-data", &leave).await.expect("an answer");
    assert_eq!(left.status, 303, "{}", left.body);
    while on_two.next().await.is_some() {}
    assert_eq!(Stream::open(two.addr, &o.robin, &of(&o.k)).await.err(), Some(404));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_database_was_away_listeners_look_again() {
    if std::env::var("TANDEM_TEST_POSTGRES").is_err() {
        real::db::left_out("skipped on PostgreSQL: TANDEM_TEST_POSTGRES is not set (make test sets it)");
        return;
    }
    let (folder, server) = (Folder::new("away_live"), Folder::new("pg_live"));
    let url = real::postgres("start", &server).await;
    let store = Store::open(&url).await.expect("it opens");
    store.migrate().await.expect("tables");
    let o = outside(Test::on(support::db::of(&url, store))).await;
    let program = Program::start(&folder, &url, &[]).await;
    let mut stream = Stream::open(program.addr, &o.robin, &of(&o.k)).await.expect("open");
    o.say(program.addr, "Before").await;
    while stream.what().await != "comments" {}
    real::postgres("restart", &server).await;
    while stream.what().await != "look-again" {}
    // And it hears again, from other instances too.
    let other = Folder::new("away_other");
    let second = Program::start(&other, &url, &[]).await;
    o.say(second.addr, "After").await;
    while stream.what().await != "comments" {}
    program.kill().await;
    second.kill().await;
    real::postgres("stop", &server).await;
}
