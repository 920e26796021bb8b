//! A crowd of editors who type at the same moment, and what some of them see of it.
//!
//! All connections are real, and everything that comes is read. Eight of the editors also look: they put what comes into a
//! text of their own, as a page does, and note when each letter of somebody else was there. The others only count bytes: in
//! life each screen has a machine of its own, and here all of them share the server's.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::talk::Talk;
use crate::Wrong;

/// How many of them look.
pub const LOOK: usize = 8;
/// Between two letters of one editor: three letters a second.
const LETTER: Duration = Duration::from_micros(333_333);
/// Before anything is measured.
const WARM: Duration = Duration::from_secs(5);
/// How long is measured.
pub const MEASURED: Duration = Duration::from_secs(30);
/// How long letters may still be on their way when nobody types any more.
const LATE: Duration = Duration::from_secs(60);
/// Letters one editor types at most in one run.
const MOST_LETTERS: usize = 256;
/// How long an editor may take to come in.
const MOST: Duration = Duration::from_secs(60);
/// So many come in at once.
const AT_ONCE: usize = 10;
/// Editors who make a past, and how often each of them presses a key.
const MAKERS: usize = 50;
const KEY: Duration = Duration::from_millis(100);

/// Where editors connect to, and what each of them says.
pub struct Way {
    /// Where the server listens.
    pub addr: SocketAddr,
    /// The address of its socket, for each editor.
    pub path: Box<dyn Fn(usize) -> String + Send + Sync>,
    /// A cookie, for each editor.
    pub cookie: Box<dyn Fn(usize) -> Option<String> + Send + Sync>,
    /// What each editor is, and whether it looks.
    pub editor: Box<dyn Fn(usize, bool) -> Box<dyn Talk> + Send + Sync>,
}

/// What became of the letters that were typed.
pub struct Typed {
    /// From key to each screen that looked, in microseconds, sorted.
    pub micros: Vec<u64>,
    /// Letters typed in the whole run.
    pub all: u64,
    /// Letters typed while it was measured.
    pub letters: u64,
    /// Of all letters typed in the whole run, times the screens that looked: how many never came.
    pub missing: u64,
    /// Bytes that one editor sent for each letter of its own.
    pub sent: f64,
    /// Bytes that one editor got for each letter of somebody else.
    pub got: f64,
    /// Whether all screens that looked showed the same words in the end; nothing where that is not known.
    pub same: Option<bool>,
}

impl Typed {
    /// How long this share (0 to 1) of all letters took at most, in microseconds.
    pub fn after(&self, share: f64) -> u64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
        let n = ((self.micros.len() - 1) as f64 * share) as usize;
        self.micros[n]
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Wait,
    Type,
    Measure,
    Stop,
    Over,
}

/// When each letter was typed, in microseconds since the beginning and one; zero while it was not.
struct Log {
    began: Instant,
    /// How many editors there are.
    editors: usize,
    at: Vec<Vec<AtomicU64>>,
    count: Vec<AtomicU32>,
    authors: Mutex<HashMap<u64, usize>>,
    /// The first and last moment that is measured.
    between: (AtomicU64, AtomicU64),
    sent: AtomicU64,
    got: AtomicU64,
    /// Letters of others that each screen shows.
    shown: Vec<AtomicU64>,
}

impl Log {
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX - 1) + 1
    }

    fn at(&self, moment: tokio::time::Instant) -> u64 {
        let since = moment.into_std().saturating_duration_since(self.began);
        u64::try_from(since.as_micros()).unwrap_or(u64::MAX - 1) + 1
    }

    /// Letters of others that are not on the screens that look.
    fn missing(&self) -> u64 {
        let typed: Vec<u64> = self.count.iter().map(|n| u64::from(n.load(Ordering::Acquire))).collect();
        let all: u64 = typed.iter().sum();
        let screens = self.shown.iter().zip(&typed);
        screens.map(|(shown, own)| (all - own).saturating_sub(shown.load(Ordering::Acquire))).sum()
    }

    fn is_measured(&self, at: u64) -> bool {
        let (first, last) = (self.between.0.load(Ordering::Relaxed), self.between.1.load(Ordering::Relaxed));
        first > 0 && at >= first && (last == 0 || at <= last)
    }
}

/// What one editor that looked saw.
struct Seen {
    micros: Vec<u64>,
    letters: Vec<u32>,
    words: Option<String>,
}

type Socket = WebSocketStream<TcpStream>;

/// Opens the socket of one editor.
async fn open(way: &Way, n: usize) -> Result<Socket, Wrong> {
    let mut request = format!("ws://{}{}", way.addr, (way.path)(n)).into_client_request()?;
    request.headers_mut().insert("origin", format!("http://{}", way.addr).parse()?);
    if let Some(cookie) = (way.cookie)(n) {
        request.headers_mut().insert("cookie", cookie.parse()?);
    }
    let stream = TcpStream::connect(way.addr).await?;
    stream.set_nodelay(true)?;
    Ok(tokio_tungstenite::client_async(request, stream).await?.0)
}

/// Opens it and waits until one could type.
pub async fn enter(way: &Way, n: usize, looks: bool) -> Result<(Socket, Box<dyn Talk>), Wrong> {
    let mut talk = (way.editor)(n, looks);
    let entered = async {
        let mut socket = open(way, n).await?;
        for message in talk.hello() {
            socket.send(message).await?;
        }
        loop {
            let message = socket.next().await.ok_or("a socket ended before it began")??;
            let heard = talk.hear(&message)?;
            for answer in heard.answers {
                socket.send(answer).await?;
            }
            if heard.ready {
                return Ok::<_, Wrong>(socket);
            }
        }
    };
    let socket = tokio::time::timeout(MOST, entered).await.map_err(|_| "an editor could not come in")??;
    Ok((socket, talk))
}

/// Comes in and stays, reading what comes and saying nothing, until the task is aborted: a program may forget a document that
/// nobody has open.
pub async fn stay(way: &Way, n: usize) -> Result<tokio::task::JoinHandle<()>, Wrong> {
    let (mut socket, _) = enter(way, n, false).await?;
    Ok(tokio::spawn(async move { while socket.next().await.is_some_and(|message| message.is_ok()) {} }))
}

/// When its page may send again.
struct Pace {
    last: Option<Instant>,
    flying: bool,
}

impl Pace {
    fn due(&self, talk: &dyn Talk) -> Option<tokio::time::Instant> {
        if self.flying && talk.waits() {
            return None;
        }
        let now = Instant::now();
        Some(self.last.map_or(now, |last| now.max(last + talk.each())).into())
    }
}

async fn edit(
    way: Arc<Way>,
    n: usize,
    log: Arc<Log>,
    turns: Arc<Semaphore>,
    mut phase: watch::Receiver<Phase>,
    inside: watch::Sender<usize>,
) -> Result<Option<Seen>, Wrong> {
    let looks = n < LOOK;
    let turn = turns.acquire().await?;
    let (socket, mut talk) = enter(&way, n, looks).await?;
    drop(turn);
    let (mut sink, mut from) = socket.split();
    log.authors.lock().map_err(|_| "poisoned")?.insert(talk.me(), n);
    inside.send_modify(|count| *count += 1);
    let mut seen = Seen { micros: Vec::new(), letters: vec![0; log.editors], words: None };
    let mut pace = Pace { last: None, flying: false };
    phase.wait_for(|p| *p != Phase::Wait).await?;
    // Not all at the same moment: each in their own part of the third of a second.
    let offset = LETTER.mul_f64(n as f64 / log.editors as f64);
    let mut keys = tokio::time::interval_at(tokio::time::Instant::now() + offset, LETTER);
    let mut unsent = false;
    loop {
        let now = *phase.borrow_and_update();
        let types = matches!(now, Phase::Type | Phase::Measure);
        if now == Phase::Over {
            break;
        }
        let due = if unsent { pace.due(talk.as_ref()) } else { None };
        tokio::select! {
            changed = phase.changed() => changed?,
            due = keys.tick(), if types => {
                // From when the key was due: a hand that is held up makes its letters no younger.
                let at = log.at(due);
                let typed = talk.keys().letter()? as usize;
                log.at[n].get(typed - 1).ok_or("too many letters")?.store(at, Ordering::Release);
                log.count[n].store(u32::try_from(typed)?, Ordering::Release);
                unsent = true;
            }
            () = async { match due { Some(due) => tokio::time::sleep_until(due).await, None => std::future::pending().await } } => {
                unsent = false;
                if let Some(message) = talk.send()? {
                    log.sent.fetch_add(message.len() as u64, Ordering::Relaxed);
                    pace.last = Some(Instant::now());
                    pace.flying = true;
                    sink.send(message).await?;
                }
            }
            message = from.next() => {
                let message = message.ok_or("a socket ended")??;
                if now != Phase::Wait {
                    log.got.fetch_add(message.len() as u64, Ordering::Relaxed);
                }
                let heard = talk.hear(&message)?;
                for answer in heard.answers {
                    sink.send(answer).await?;
                }
                pace.flying &= !heard.taken;
                if looks {
                    note(&log, n, &mut seen, &heard.letters)?;
                }
            }
        }
    }
    seen.words = talk.words();
    Ok(looks.then_some(seen))
}

/// Notes the letters that are on a screen now.
fn note(log: &Log, me: usize, seen: &mut Seen, letters: &[(u64, u32)]) -> Result<(), Wrong> {
    for (author, many) in letters {
        let n = log.authors.lock().map_err(|_| "poisoned")?.get(author).copied();
        // Some programs tell everybody of their own letters, too.
        let Some(n) = n.filter(|n| *n != me) else { continue };
        let at = log.now();
        for letter in seen.letters[n]..*many {
            let typed = log.at[n].get(letter as usize).map_or(0, |at| at.load(Ordering::Acquire));
            if typed > 0 && log.is_measured(typed) {
                seen.micros.push(at - typed);
            }
        }
        log.shown[me].fetch_add(u64::from(many.saturating_sub(seen.letters[n])), Ordering::Release);
        seen.letters[n] = seen.letters[n].max(*many);
    }
    Ok(())
}

/// Lets so many editors type, and gives what came of it. `each`: called when measuring begins, and when it ends.
pub async fn type_together(
    way: Way,
    editors: usize,
    mut each: impl FnMut() -> Result<(), Wrong>,
) -> Result<Typed, Wrong> {
    let way = Arc::new(way);
    let log = Arc::new(Log {
        began: Instant::now(),
        editors,
        at: (0..editors).map(|_| (0..MOST_LETTERS).map(|_| AtomicU64::new(0)).collect()).collect(),
        count: (0..editors).map(|_| AtomicU32::new(0)).collect(),
        authors: Mutex::default(),
        between: (AtomicU64::new(0), AtomicU64::new(0)),
        sent: AtomicU64::new(0),
        got: AtomicU64::new(0),
        shown: (0..LOOK).map(|_| AtomicU64::new(0)).collect(),
    });
    let (phase, heard) = watch::channel(Phase::Wait);
    let (inside, mut are_inside) = watch::channel(0);
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut all = JoinSet::new();
    for n in 0..editors {
        all.spawn(edit(way.clone(), n, log.clone(), turns.clone(), heard.clone(), inside.clone()));
    }
    drop((heard, inside));
    let run = async {
        tokio::time::timeout(MOST * 2, are_inside.wait_for(|n| *n == editors))
            .await
            .map_err(|_| "not everybody could come in")??;
        // Whoever came last has told everybody so by now.
        tokio::time::sleep(Duration::from_secs(2)).await;
        phase.send(Phase::Type)?;
        tokio::time::sleep(WARM).await;
        each()?;
        log.between.0.store(log.now(), Ordering::Relaxed);
        phase.send(Phase::Measure)?;
        tokio::time::sleep(MEASURED).await;
        log.between.1.store(log.now(), Ordering::Relaxed);
        each()?;
        phase.send(Phase::Stop)?;
        let end = Instant::now() + LATE;
        while log.missing() > 0 && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        phase.send(Phase::Over)?;
        Ok::<_, Wrong>(())
    };
    let mut screens = Vec::new();
    let done = async {
        while let Some(one) = all.join_next().await {
            screens.extend(one??);
        }
        Ok::<_, Wrong>(())
    };
    tokio::try_join!(run, done)?;
    reckon(&log, screens)
}

fn reckon(log: &Log, screens: Vec<Seen>) -> Result<Typed, Wrong> {
    let letters =
        log.at.iter().flatten().map(|at| at.load(Ordering::Acquire)).filter(|at| *at > 0 && log.is_measured(*at));
    let letters = letters.count() as u64;
    let words: Option<Vec<&String>> = screens.iter().map(|s| s.words.as_ref()).collect();
    let mut micros: Vec<u64> = screens.iter().flat_map(|s| s.micros.iter().copied()).collect();
    micros.sort_unstable();
    if micros.is_empty() {
        return Err("nobody saw a letter".into());
    }
    let all: u64 = log.count.iter().map(|n| u64::from(n.load(Ordering::Acquire))).sum();
    let others = all as f64 * (log.editors - 1) as f64;
    Ok(Typed {
        micros,
        all,
        letters,
        missing: log.missing(),
        sent: log.sent.load(Ordering::Relaxed) as f64 / all as f64,
        got: log.got.load(Ordering::Relaxed) as f64 / others,
        same: words.map(|words| words.windows(2).all(|two| two[0] == two[1])),
    })
}

/// Presses keys until there are so many more, or the time is over; how many there were.
pub async fn make_past(way: Way, keys: usize, most: Duration) -> Result<usize, Wrong> {
    let way = Arc::new(way);
    let end = tokio::time::Instant::now() + most;
    let mut all = JoinSet::new();
    for n in 0..MAKERS {
        let way = way.clone();
        let keys = keys / MAKERS;
        all.spawn(async move {
            let (mut socket, mut talk) = enter(&way, n, false).await?;
            let mut pace = tokio::time::interval(KEY);
            pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            for key in 0..keys {
                pace.tick().await;
                talk.keys().any_key()?;
                let Some(message) = talk.send()? else { continue };
                socket.send(message).await?;
                loop {
                    let Ok(message) = tokio::time::timeout_at(end, socket.next()).await else { return Ok(key) };
                    let message: Message = message.ok_or("a socket ended")??;
                    let heard = talk.hear(&message)?;
                    for answer in heard.answers {
                        socket.send(answer).await?;
                    }
                    if heard.taken {
                        break;
                    }
                }
            }
            Ok::<_, Wrong>(keys)
        });
    }
    let mut made = 0;
    while let Some(one) = all.join_next().await {
        made += one??;
    }
    Ok(made)
}
