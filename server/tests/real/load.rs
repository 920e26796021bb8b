//! Writers that go on over lost connections, and what must hold of what they wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use store::Store;
use tokio::task::JoinSet;

use super::house::{self, Form, Found, House, Kind};
use super::{Program, random};

/// Writers at once: of most kinds two, so that they meet.
pub const WRITERS: [(Kind, usize); 8] = [
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
pub struct Load {
    /// Answered with 303, in the order of the answers.
    pub yes: Arc<Mutex<Vec<Form>>>,
    /// Begun, and not answered with 303 yet.
    pub open: Arc<Mutex<BTreeMap<String, Form>>>,
    /// Every other status that came; and those pages that did not give the words back.
    pub others: Arc<Mutex<BTreeSet<u16>>>,
    pub wordless: Arc<Mutex<Vec<String>>>,
    pub twice: Arc<AtomicUsize>,
    pub over: Arc<AtomicBool>,
}

impl Load {
    pub fn count(&self) -> usize {
        self.yes.lock().expect("not poisoned").len()
    }

    /// Writers that go on until the load is over, over lost connections too.
    pub fn start(&self, addr: SocketAddr, house: &House, round: &str) -> JoinSet<()> {
        let mut writers = JoinSet::new();
        for (kind, writer) in WRITERS {
            let (load, house, round) = (self.clone(), house.clone(), round.to_owned());
            writers.spawn(async move {
                for n in 0.. {
                    if load.over.load(Ordering::SeqCst) {
                        return;
                    }
                    // Closed at both ends, so that no token stands in another; as long as each other, so that they sort as they
                    // were sent, also the tenth after the ninth.
                    let token = format!("q{round}w{writer}n{n:05}e");
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

    pub async fn at_least(&self, wanted: usize, log: &Path) {
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
    pub async fn end(&self, writers: &mut JoinSet<()>) -> (Vec<Form>, Vec<Form>) {
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
pub async fn nothing_is_missing(url: &str, house: &House, (yes, open): (&[Form], &[Form]), words: &str) {
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
pub async fn sent_again(program: &Program, url: &str, house: &House, (yes, open): (Vec<Form>, Vec<Form>), words: &str) {
    for form in open.iter().chain(yes.iter().rev().take(8)) {
        let answer = form.send(program.addr).await.expect("an answer");
        // A hand that was raised before another one does not come back.
        if form.kind == Kind::Hand && answer.status == 409 {
            continue;
        }
        assert_eq!(answer.status, 303, "{words}: {:?} again: {}", form.kind, answer.body);
    }
    let all: Vec<Form> = yes.into_iter().chain(open).collect();
    nothing_is_missing(url, house, (&all, &[]), words).await;
}
