//! Whatever was acknowledged is there: after `kill -9` at any moment, and after PostgreSQL was restarted under load.

mod real;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use real::{Folder, Program, administrator, group_names, post_group, postgres, random};
use store::Store;
use tokio::task::JoinSet;

#[derive(Clone, Default)]
struct Load {
    /// What the program said yes to.
    yes: Arc<Mutex<BTreeSet<String>>>,
    /// Every other status that came.
    others: Arc<Mutex<BTreeSet<u16>>>,
    over: Arc<AtomicBool>,
}

impl Load {
    fn count(&self) -> usize {
        self.yes.lock().expect("not poisoned").len()
    }

    /// Writers that go on until the load is over, over lost connections too.
    fn start(&self, addr: SocketAddr, session: &str, round: &str) -> JoinSet<()> {
        let mut writers = JoinSet::new();
        for writer in 0..4 {
            let (load, session, round) = (self.clone(), session.to_owned(), round.to_owned());
            writers.spawn(async move {
                for n in 0.. {
                    if load.over.load(Ordering::SeqCst) {
                        return;
                    }
                    let name = format!("Group {round} {writer} {n}");
                    match post_group(addr, &session, &name).await {
                        Ok(answer) if answer.status == 303 => {
                            load.yes.lock().expect("not poisoned").insert(name);
                        }
                        Ok(answer) => {
                            load.others.lock().expect("not poisoned").insert(answer.status);
                        }
                        Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
                    }
                }
            });
        }
        writers
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
}

async fn nothing_is_missing(url: &str, load: &Load, words: &str) {
    let store = Store::open(url).await.expect("it opens");
    let there = group_names(&store).await;
    let yes = load.yes.lock().expect("not poisoned").clone();
    let missing: Vec<_> = yes.difference(&there).collect();
    assert!(missing.is_empty(), "{words}: acknowledged and gone: {missing:?}");
    let path = store.path().map(Path::to_owned);
    store.close().await;
    if let Some(path) = path {
        assert!(store::backup::check(&path).await.is_ok(), "{words}: the file is damaged");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9() {
    let kills: usize = std::env::var("TANDEM_KILLS").ok().and_then(|k| k.parse().ok()).unwrap_or(5);
    for db in real::db::both().await {
        let folder = Folder::new("kill");
        let session = administrator(&db.store).await;
        db.store.close().await;
        for round in 0..kills {
            let load = Load::default();
            let program = Program::start(&folder, &db.url, &[]).await;
            let mut writers = load.start(program.addr, &session, &round.to_string());
            load.at_least(3, &program.log).await;
            tokio::time::sleep(Duration::from_millis(random(300))).await;
            program.kill().await;
            load.over.store(true, Ordering::SeqCst);
            while writers.join_next().await.is_some() {}
            nothing_is_missing(&db.url, &load, &format!("{} kill {round}", db.engine)).await;
        }
        // And it starts again, with its log of staff acts whole.
        let program = Program::start(&folder, &db.url, &[]).await;
        program.kill().await;
        let doctor = real::run(&folder, &db.url, &["doctor", "--json"]).await;
        assert!(real::text(&doctor.stdout).contains("each follows from the one before"), "{doctor:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_postgresql_is_restarted_requests_fail_clearly_and_then_work_again() {
    if std::env::var("TANDEM_TEST_POSTGRES").is_err() {
        println!("skipped on PostgreSQL: TANDEM_TEST_POSTGRES is not set (make test sets it)");
        return;
    }
    let (folder, server) = (Folder::new("restart"), Folder::new("pg"));
    let url = postgres("start", &server).await;
    let store = Store::open(&url).await.expect("it opens");
    store.migrate().await.expect("tables");
    let session = administrator(&store).await;
    store.close().await;
    let program = Program::start(&folder, &url, &[]).await;
    let load = Load::default();
    let mut writers = load.start(program.addr, &session, "restart");
    load.at_least(5, &program.log).await;
    postgres("restart", &server).await;
    let before = load.count();
    load.at_least(before + 10, &program.log).await;
    load.over.store(true, Ordering::SeqCst);
    while writers.join_next().await.is_some() {}
    let others = load.others.lock().expect("not poisoned").clone();
    let log = program.logged();
    program.kill().await;
    nothing_is_missing(&url, &load, "after the restart").await;
    postgres("stop", &server).await;
    assert!(others.iter().all(|s| *s == 503), "unclear answers: {others:?}; {log}");
}
