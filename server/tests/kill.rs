//! Whatever was acknowledged is there: after `kill -9` at any moment, and after PostgreSQL was restarted under load.
//!
//! Writers send what people send: words of a section that two of them write at once, comments, hands with their reasons,
//! updates of an action, groups. Some forms are sent twice. Afterwards everything that was answered with 303 is there
//! once, whatever had no answer is sent again by the same form and is there once too, the log of staff acts is whole, and
//! the plain rows say what the shared text says.

mod real;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use real::house::{self, Form, Found, House, Kind};
use real::{Folder, Program, random};
use store::Store;
use tokio::task::JoinSet;

/// Writers at once: of most kinds two, so that they meet.
const WRITERS: [(Kind, usize); 8] = [
    (Kind::Section, 0),
    (Kind::Section, 1),
    (Kind::Comment, 2),
    (Kind::Comment, 3),
    (Kind::Hand, 4),
    (Kind::Hand, 5),
    (Kind::Update, 6),
    (Kind::Group, 7),
];

/// What was sent, and what became of it.
#[derive(Clone, Default)]
struct Load {
    /// Answered with 303, in the order of the answers.
    yes: Arc<Mutex<Vec<Form>>>,
    /// Begun, and not answered with 303 yet.
    open: Arc<Mutex<BTreeMap<String, Form>>>,
    /// Every other status that came; and those pages that did not give the words back.
    others: Arc<Mutex<BTreeSet<u16>>>,
    wordless: Arc<Mutex<Vec<String>>>,
    twice: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
}

impl Load {
    fn count(&self) -> usize {
        self.yes.lock().expect("not poisoned").len()
    }

    /// Writers that go on until the load is over, over lost connections too.
    fn start(&self, addr: SocketAddr, house: &House, round: &str) -> JoinSet<()> {
        let mut writers = JoinSet::new();
        for (kind, writer) in WRITERS {
            let (load, house, round) = (self.clone(), house.clone(), round.to_owned());
            writers.spawn(async move {
                for n in 0.. {
                    if load.over.load(Ordering::SeqCst) {
                        return;
                    }
                    // Closed at both ends, so that no token stands in another.
                    let token = format!("q{round}w{writer}n{n}e");
                    match house.next(addr, kind, writer, token).await {
                        Some(form) => load.send(addr, form).await,
                        None => tokio::time::sleep(Duration::from_millis(5)).await,
                    }
                }
            });
        }
        writers
    }

    async fn send(&self, addr: SocketAddr, form: Form) {
        self.open.lock().expect("not poisoned").insert(form.token.clone(), form.clone());
        match form.send(addr).await {
            Ok(answer) if answer.status == 303 => {
                self.open.lock().expect("not poisoned").remove(&form.token);
                self.yes.lock().expect("not poisoned").push(form.clone());
                // Now and then somebody presses twice.
                if random(4) == 0
                    && let Ok(again) = form.send(addr).await
                    && again.status == 303
                {
                    self.twice.fetch_add(1, Ordering::SeqCst);
                }
            }
            Ok(answer) => {
                self.others.lock().expect("not poisoned").insert(answer.status);
                if !answer.body.contains(&form.token) {
                    let words = format!("{:?} {}: {}", form.kind, answer.status, answer.body);
                    self.wordless.lock().expect("not poisoned").push(words);
                }
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }

    async fn at_least(&self, wanted: usize, log: &Path) {
        for _ in 0..6000 {
            if self.count() >= wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let log = std::fs::read_to_string(log).unwrap_or_default();
        panic!("nothing is accepted any more; statuses {:?}; {log}", self.others.lock().expect("not poisoned"));
    }

    /// Ends the load and gives what was answered with 303 and what was not.
    async fn end(&self, writers: &mut JoinSet<()>) -> (Vec<Form>, Vec<Form>) {
        self.over.store(true, Ordering::SeqCst);
        while let Some(done) = writers.join_next().await {
            done.expect("a writer goes on to the end");
        }
        let yes = self.yes.lock().expect("not poisoned").clone();
        let open = self.open.lock().expect("not poisoned").values().cloned().collect();
        (yes, open)
    }
}

/// Asserts what must hold of the database while no program runs. `open` may be there, once.
async fn nothing_is_missing(url: &str, house: &House, (yes, open): (&[Form], &[Form]), words: &str) {
    let store = Store::open(url).await.expect("it opens");
    let found = Found::of(&store).await;
    for form in yes.iter().filter(|f| f.kind != Kind::Hand) {
        let times = found.times(form.kind, &form.token);
        assert_eq!(times, 1, "{words}: acknowledged {:?} {} is there {times} times", form.kind, form.token);
    }
    for form in open {
        let times = found.times(form.kind, &form.token);
        assert!(times <= 1, "{words}: {:?} {} is there {times} times", form.kind, form.token);
    }
    // A person has one hand: what stands there is the last one acknowledged, or one sent after it.
    for (kind, writer) in WRITERS.into_iter().filter(|(kind, _)| *kind == Kind::Hand) {
        let last = yes.iter().rfind(|f| f.writer == writer);
        let Some(last) = last else { continue };
        let later = open.iter().filter(|f| f.writer == writer);
        let there = later.chain([last]).filter(|f| found.times(kind, &f.token) == 1).count();
        assert_eq!(there, 1, "{words}: the hand {} was acknowledged and is gone", last.token);
    }
    house::shared_text_and_rows_agree(&store, house.design, words).await;
    let path = store.path().map(Path::to_owned);
    store.close().await;
    if let Some(path) = path {
        assert!(store::backup::check(&path).await.is_ok(), "{words}: the file is damaged");
    }
}

/// Whatever had no answer is sent again, as a browser does it; some of what had one as well. Then all of it is there once.
async fn sent_again(program: &Program, url: &str, house: &House, (yes, open): (Vec<Form>, Vec<Form>), words: &str) {
    for form in open.iter().chain(yes.iter().rev().take(8)) {
        let answer = form.send(program.addr).await.expect("an answer");
        assert_eq!(answer.status, 303, "{words}: {:?} again: {}", form.kind, answer.body);
    }
    let all: Vec<Form> = yes.into_iter().chain(open).collect();
    nothing_is_missing(url, house, (&all, &[]), words).await;
}

async fn log_is_whole(folder: &Folder, url: &str, words: &str) {
    let doctor = real::run(folder, url, &["doctor", "--json"]).await;
    let said = real::text(&doctor.stdout);
    assert!(said.contains("each follows from the one before"), "{words}: {doctor:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9() {
    let kills: usize = std::env::var("TANDEM_KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(5);
    for db in real::db::both().await {
        let folder = Folder::new("kill");
        let house = house::plant(&db.store, WRITERS.len()).await;
        db.store.close().await;
        let mut kinds = BTreeSet::new();
        let (mut answered, mut unanswered, mut twice) = (0, 0, 0);
        let mut program = Program::start(&folder, &db.url, &[]).await;
        for round in 0..kills {
            let words = format!("{} kill {round}", db.engine);
            let load = Load::default();
            let mut writers = load.start(program.addr, &house, &round.to_string());
            load.at_least(8, &program.log).await;
            tokio::time::sleep(Duration::from_millis(random(400))).await;
            program.kill().await;
            let (yes, open) = load.end(&mut writers).await;
            nothing_is_missing(&db.url, &house, (&yes, &open), &words).await;
            log_is_whole(&folder, &db.url, &words).await;
            kinds.extend(yes.iter().map(|f| f.kind));
            answered += yes.len();
            unanswered += open.len();
            twice += load.twice.load(Ordering::SeqCst);

            program = Program::start(&folder, &db.url, &[]).await;
            sent_again(&program, &db.url, &house, (yes, open), &words).await;
            let store = Store::open(&db.url).await.expect("it opens");
            house.clear(&store).await;
            store.close().await;
        }
        program.kill().await;
        log_is_whole(&folder, &db.url, db.engine).await;
        println!(
            "{}: {kills} kills, {answered} forms answered, {unanswered} cut off, {twice} sent twice at once",
            db.engine
        );
        assert_eq!(kinds, Kind::ALL.into(), "{}: each kind was written", db.engine);
    }
}

/// A PostgreSQL of its own, stopped whatever happens.
struct Server(Folder);

impl Server {
    async fn act(&self, act: &str) -> String {
        real::postgres(act, &self.0).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/postgres.sh");
        let _ = std::process::Command::new(script).arg("stop").arg(&self.0.0).output();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_postgresql_is_restarted_requests_fail_clearly_and_then_work_again() {
    if std::env::var("TANDEM_TEST_POSTGRES").is_err() {
        println!("skipped on PostgreSQL: TANDEM_TEST_POSTGRES is not set (make test sets it)");
        return;
    }
    let (folder, server) = (Folder::new("restart"), Server(Folder::new("pg")));
    let url = server.act("start").await;
    let store = Store::open(&url).await.expect("it opens");
    store.migrate().await.expect("tables");
    let house = house::plant(&store, WRITERS.len()).await;
    store.close().await;
    let program = Program::start(&folder, &url, &[]).await;
    // As an update does it, and as a fault does it.
    for act in ["restart", "crash"] {
        let load = Load::default();
        let mut writers = load.start(program.addr, &house, act);
        load.at_least(8, &program.log).await;
        server.act(act).await;
        let before = load.count();
        load.at_least(before + 20, &program.log).await;
        let (yes, open) = load.end(&mut writers).await;
        let others = load.others.lock().expect("whole").clone();
        let wordless = load.wordless.lock().expect("whole").clone();
        assert!(others.iter().all(|s| *s == 503), "{act}: unclear answers: {others:?}; {}", program.logged());
        assert!(wordless.is_empty(), "{act}: words were not given back: {wordless:?}");
        sent_again(&program, &url, &house, (yes, open), act).await;
        log_is_whole(&folder, &url, act).await;
        let store = Store::open(&url).await.expect("it opens");
        house.clear(&store).await;
        store.close().await;
    }

    // While it is away, the program says so, and lives.
    server.act("pause").await;
    let form = house.next(program.addr, Kind::Comment, 0, "qpausede".to_owned()).await.expect("a form");
    let answer = form.send(program.addr).await.expect("an answer");
    assert!(answer.status == 503 && answer.body.contains("qpausede"), "{}", answer.body);
    assert!(answer.head.to_lowercase().contains("retry-after: "), "{}", answer.head);
    for (path, wanted) in [("/readyz", 503), ("/healthz", 200), ("/not-safe", 200), ("/", 503)] {
        let answer = real::get(program.addr, "", path).await.expect("an answer");
        assert_eq!(answer.status, wanted, "{path}: {}", answer.body);
    }
    server.act("continue").await;
    program.ready().await;
    assert_eq!(form.send(program.addr).await.expect("an answer").status, 303);
    program.kill().await;
}
