//! Whatever was acknowledged is there: after `kill -9` at any moment, and after PostgreSQL was restarted under load.
//!
//! Writers send what people send: words of a section that two of them write at once, comments, hands with their reasons,
//! updates of an action, groups. Some forms are sent twice. Afterwards everything that was answered with 303 is there
//! once, whatever had no answer is sent again by the same form and is there once too, the log of staff acts is whole, and
//! the plain rows say what the shared text says.

mod line;
mod real;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::designs::shared_text::Writer;
use domain::designs::wire::{Hears, Says};
use line::Line;
use real::house::{self, Kind};
use real::load::{Load, nothing_is_missing, sent_again};
use real::{Folder, Program, random};
use store::Store;

/// Enough that nobody has to write faster than a person may.
const MEMBERS: usize = 96;

async fn log_is_whole(folder: &Folder, url: &str, words: &str) {
    let doctor = real::run(folder, url, &["doctor", "--json"]).await;
    let said = real::text(&doctor.stdout);
    assert!(said.contains("each follows from the one before"), "{words}: {doctor:?}");
}

/// Starts it again, for its own clock a minute later each time: writers here are quicker than a person may be in one minute.
async fn a_minute_later(folder: &Folder, url: &str, round: usize) -> Program {
    Program::start(folder, url, &["--clock-ahead", &((round + 1) * 60).to_string()]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9() {
    let kills: usize = std::env::var("TANDEM_KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(5);
    for db in real::db::both().await {
        let folder = Folder::new("kill");
        let house = house::plant(&db.store, MEMBERS).await;
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

            program = a_minute_later(&folder, &db.url, round).await;
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

/// A batch that had no answer: what a page keeps until it has one.
struct Unanswered {
    token: String,
    session: String,
    writer: (Writer, String),
    update: Vec<u8>,
}

/// The words of the section while no program runs; the shared text and the plain rows must say the same.
async fn words_of(url: &str, house: &house::House, words: &str) -> String {
    let store = Store::open(url).await.expect("it opens");
    house::shared_text_and_rows_agree(&store, house.design, words).await;
    let all = house::service(&store).view_design(&house.worker.who, house.design).await.expect("seen");
    store.close().await;
    all.sections.into_iter().find(|s| s.id == house.section).expect("there").words
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_to_those_who_write_live_survives_kill_9() {
    let kills: usize = std::env::var("TANDEM_KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(5);
    for db in real::db::both().await {
        let folder = Folder::new("kill-live");
        let house = house::plant(&db.store, 4).await;
        db.store.close().await;
        let (mut kept, mut resent) = (0, 0);
        let mut program = Program::start(&folder, &db.url, &[]).await;
        for round in 0..kills {
            let words = format!("{} kill {round}", db.engine);
            let acknowledged: Arc<Mutex<Vec<String>>> = Arc::default();
            let count = Arc::new(AtomicUsize::new(0));
            let mut writers = Vec::new();
            for writer in 0..4usize {
                let session = house.young[writer].session.clone();
                let (addr, design, section) = (program.addr, house.design, house.section);
                let (acknowledged, count) = (acknowledged.clone(), count.clone());
                writers.push(async move {
                    let mut line = Line::open(addr, &session, design, 0).await.expect("a line");
                    for n in 0.. {
                        let token = format!("<r{round}w{writer}n{n}>");
                        let now = format!("{} {token}", line.words(section));
                        let (saved, update) = line.try_write(section, &now).await;
                        if !saved {
                            return Unanswered { token, session, writer: line.writer.clone(), update };
                        }
                        acknowledged.lock().expect("whole").push(token);
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                    unreachable!("it is killed before that")
                });
            }
            let killed = async {
                while count.load(Ordering::SeqCst) < 12 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                tokio::time::sleep(Duration::from_millis(random(200))).await;
                program.kill().await;
            };
            let (unanswered, ()) = tokio::join!(futures::future::join_all(writers), killed);
            let now = words_of(&db.url, &house, &words).await;
            let acknowledged = acknowledged.lock().expect("whole").clone();
            for token in &acknowledged {
                assert_eq!(now.matches(token.as_str()).count(), 1, "{words}: {token} was acknowledged: {now}");
            }
            kept += acknowledged.len();

            // What had no answer goes again, by the same writer, and is there once.
            program = a_minute_later(&folder, &db.url, round).await;
            let mut last = None;
            for it in &unanswered {
                let mut line = Line::open(program.addr, &it.session, house.design, 0).await.expect("a line");
                line.say(Says::Writer(it.writer.0, it.writer.1.clone())).await;
                let number = line.send_update(&it.update).await;
                line.until(|h| matches!(h, Hears::Saved(n, ..) if *n == number)).await;
                resent += 1;
                last = Some(line);
            }
            drop(last);
            let now = words_of(&db.url, &house, &words).await;
            for token in unanswered.iter().map(|u| &u.token).chain(&acknowledged) {
                assert_eq!(now.matches(token.as_str()).count(), 1, "{words}: {token}: {now}");
            }
            let store = Store::open(&db.url).await.expect("it opens");
            house.clear(&store).await;
            store.close().await;
        }
        program.kill().await;
        println!("{}: {kills} kills, {kept} batches acknowledged, {resent} sent again", db.engine);
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
        real::db::left_out("skipped on PostgreSQL: TANDEM_TEST_POSTGRES is not set (make test sets it)");
        return;
    }
    let (folder, server) = (Folder::new("restart"), Server(Folder::new("pg")));
    let url = server.act("start").await;
    let store = Store::open(&url).await.expect("it opens");
    store.migrate().await.expect("tables");
    let house = house::plant(&store, MEMBERS).await;
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
