//! Writing live over real sockets, on both engines: what is kept is told to the others, what may not be is told to its
//! writer, and nothing that was said to be kept is lost.

mod line;
#[path = "../../service/tests/support/mod.rs"]
mod support;
#[path = "../../service/tests/talking/mod.rs"]
mod talking;

use std::net::SocketAddr;
use std::time::Duration;

use domain::access::Who;
use domain::comments::Checking;
use domain::designs::Stage;
use domain::designs::gate::MAX_UPDATE;
use domain::designs::shared_text::{SharedText, Writer};
use domain::designs::wire::{End, Hears, No, Says};
use domain::groups::Visibility;
use domain::ids::{DesignId, SectionId};
use domain::moment::Moment;
use line::Line;
use server::App;
use server::ctx::Started;
use server::live::{Limits, Streams};
use service::designs::Saved;
use service::news::Event;
use service::world::{NoMail, SystemChance};
use service::{Keys, Refused, Service, World};
use support::Test;
use talking::{Talk, plant};
use tokio_tungstenite::tungstenite::Message;

async fn serve(service: &Service, limits: Limits) -> SocketAddr {
    let _ = any_spawner::Executor::init_tokio();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = listener.local_addr().expect("an address");
    let started = Started { url: format!("http://{addr}"), demo: false, trusted_proxy: false };
    let mut app = App::new(service.clone(), started);
    app.streams = Streams::new(limits);
    let mut news = service.news().listen();
    tokio::spawn(server::serve::serve(listener, None, app, std::future::pending()));
    if service.store().engine() == "postgres" {
        let hears = async { while news.recv().await.expect("news") != Event::LookAgain {} };
        tokio::time::timeout(Duration::from_secs(60), hears).await.expect("it hears its other instances");
    }
    addr
}

/// A group with a design in which something is written already.
struct House {
    t: Test,
    k: Talk,
    addr: SocketAddr,
    section: SectionId,
    other: SectionId,
    design: DesignId,
}

impl House {
    async fn all() -> Vec<Self> {
        Self::all_with(Limits::default()).await
    }

    async fn all_with(limits: Limits) -> Vec<Self> {
        let mut all = Vec::new();
        for t in support::all().await {
            let addr = serve(&t.service, limits).await;
            let k = plant(&t, "Council", Visibility::Members, Checking::After).await;
            let (design, section, other) = (k.design, k.first, k.second);
            // As every design begins (`lay_out` in `service/src/designs/shape.rs`).
            let mut tx = t.service.store().write().await.expect("a transaction");
            let empty = SharedText::new(Writer::from_random(1)).state();
            store::designs::insert_snapshot(&mut tx, design, 0, &empty, t.now()).await.expect("a beginning");
            tx.commit().await.expect("committed");
            let house = Self { t, k, addr, section, other, design };
            house.post(&house.k.sam, 0, "The old bus.").await.expect("saved");
            all.push(house);
        }
        all
    }

    async fn line(&self, who: &Who) -> Line {
        let base = self.t.service.view_design(who, self.design).await.expect("seen").base;
        let session = self.t.session(who).await;
        Line::open(self.addr, &session, self.design, base).await.expect("a line")
    }

    async fn post(&self, who: &Who, base: i64, words: &str) -> Result<Saved, Refused> {
        let form = self.t.form();
        self.t.service.write_section(who, self.design, self.section, form, &base.to_string(), words).await
    }

    /// What the plain row says; it must say what the shared text says.
    async fn row(&self) -> String {
        let mut tx = self.t.service.store().read().await.expect("a transaction");
        let seq = store::designs::find(&mut tx, self.design).await.expect("asked").expect("there").text_seq;
        let snapshot = store::designs::snapshot(&mut tx, self.design, seq).await.expect("asked");
        let (from, state) = snapshot.unwrap_or((0, SharedText::new(Writer::from_random(1)).state()));
        let updates = store::designs::updates(&mut tx, self.design, from, seq).await.expect("asked");
        assert_eq!(i64::try_from(updates.len()).expect("few"), seq - from, "a change is missing");
        let parts = std::iter::once(&state[..]).chain(updates.iter().map(Vec::as_slice));
        let text = SharedText::of(Writer::from_random(1), parts).expect("every change fits");
        let rows = store::designs::sections(&mut tx, self.design).await.expect("asked");
        for row in &rows {
            assert_eq!(text.words(row.id), row.words, "{}", self.t.engine);
            assert_eq!(service::designs::markdown::draw(&row.words), row.html, "{}", self.t.engine);
        }
        rows.into_iter().find(|r| r.id == self.section).expect("there").words
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_write_at_once_and_a_form_is_merged_with_both() {
    for h in House::all().await {
        let (mut sam, mut robin) = (h.line(&h.k.sam).await, h.line(&h.k.robin).await);
        assert_eq!(sam.words(h.section), "The old bus.");
        // Presence is in words, and one does not hear of oneself.
        robin.say(Says::Here(Some(h.other))).await;
        let there = |heard: &Hears| matches!(heard, Hears::People(p) if p.iter().any(|p| p.section == Some(h.other)));
        let Hears::People(people) = sam.until(there).await else { panic!("people") };
        assert_eq!(people.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Robin of Council"]);

        sam.write(h.section, "The old red bus.").await;
        robin.until_words(h.section, "The old red bus.").await;
        // Both at once, at two places; and somebody without a line, from a page that is older than both.
        sam.type_in(h.section, "The old red bus is late.");
        robin.type_in(h.section, "Look: The old red bus.");
        let (a, b) = (sam.send().await, robin.send().await);
        sam.until(|h| matches!(h, Hears::Saved(n, ..) if *n == a)).await;
        robin.until(|h| matches!(h, Hears::Saved(n, ..) if *n == b)).await;
        let done = h.post(&h.k.lead, 1, "The very old bus.").await.expect("saved");
        assert_eq!(done, Saved::Done { merged: true });
        let all = "Look: The very old red bus is late.";
        sam.until_words(h.section, all).await;
        robin.until_words(h.section, all).await;
        assert_eq!(h.row().await, all, "{}", h.t.engine);
        // Who leaves is not here any more.
        drop(robin);
        sam.until(|h| matches!(h, Hears::People(p) if p.is_empty())).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_before_the_line_was_cut_is_there_once() {
    for h in House::all().await {
        let mut sam = h.line(&h.k.sam).await;
        let base = sam.seq;
        sam.type_in(h.section, "The old bus. One.");
        let update = sam.typing.unsent().expect("typed");
        sam.send_update(&update).await;
        let writer = sam.writer.clone();
        let mut typing = sam.cut();
        let edit = domain::designs::splice(&typing.words(h.section), "The old bus. One. Two.", u32::MAX).expect("new");
        typing.splice(h.section, &edit);
        let more = typing.unsent().expect("typed");
        // The same page goes on as the same writer, and sends what it has no answer for once more.
        let session = h.t.session(&h.k.sam).await;
        let mut again = Line::open(h.addr, &session, h.design, base).await.expect("a line");
        again.say(Says::Writer(writer.0, writer.1.clone())).await;
        let number = again.send_update(&domain::designs::joined(update, Some(more))).await;
        again.until(|h| matches!(h, Hears::Saved(n, ..) if *n == number)).await;
        assert_eq!(h.row().await, "The old bus. One. Two.", "{}", h.t.engine);
        // Nobody goes on as somebody else, or in another design.
        let mut robin = h.line(&h.k.robin).await;
        robin.say(Says::Writer(writer.0, writer.1)).await;
        assert_eq!(robin.ends().await, Some(End::Again));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_not_write_any_more_is_told_at_once_and_nothing_of_it_is_kept() {
    for (how, wanted) in [
        ("is taken out", End::NotAllowed),
        ("signs out", End::SignedOut),
        ("is deactivated", End::SignedOut),
        ("stage", End::WordsLocked),
    ] {
        for h in House::all().await {
            let s = &h.t.service;
            let mut robin = h.line(&h.k.robin).await;
            robin.type_in(h.section, "Not any more.");
            let mut tx = s.store().write().await.expect("a transaction");
            let id = h.k.robin.id().expect("a person");
            match how {
                "is taken out" => {
                    store::groups::leave(&mut tx, h.k.group, id).await.expect("out");
                }
                "signs out" => {
                    store::access::end_all_sessions(&mut tx, id).await.expect("out");
                }
                "is deactivated" => {
                    store::people::set_active(&mut tx, id, false).await.expect("off");
                }
                _ => {
                    for (from, to) in [(Stage::Drafting, Stage::Checking), (Stage::Checking, Stage::Voting)] {
                        store::designs::set_stage(&mut tx, h.design, from, to, h.t.now()).await.expect("moved");
                    }
                }
            }
            tx.commit().await.expect("committed");
            // No news of it: it is asked in the transaction that would keep the words.
            robin.send().await;
            assert_eq!(robin.ends().await, Some(wanted), "{} {how}", h.t.engine);
            assert_eq!(h.row().await, "The old bus.", "{} {how}", h.t.engine);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_is_quiet_hears_that_it_is_over() {
    for h in House::all().await {
        let s = &h.t.service;
        let mut sam = h.line(&h.k.sam).await;
        let mut tx = s.store().write().await.expect("a transaction");
        for (from, to) in [(Stage::Drafting, Stage::Checking), (Stage::Checking, Stage::Voting)] {
            store::designs::set_stage(&mut tx, h.design, from, to, h.t.now()).await.expect("moved");
        }
        s.commit_and_tell(tx, Event::Design { design: h.design }).await.expect("told");
        assert_eq!(sam.ends().await, Some(End::WordsLocked), "{}", h.t.engine);
        // A page that was open before comes too late.
        let session = h.t.session(&h.k.sam).await;
        let mut late = Line::open(h.addr, &session, h.design, 1).await.expect("it is told why");
        assert_eq!(late.ends().await, Some(End::WordsLocked), "{}", h.t.engine);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_section_to_oneself_holds_against_lines_and_forms() {
    for h in House::all().await {
        let (mut sam, mut robin) = (h.line(&h.k.sam).await, h.line(&h.k.robin).await);
        sam.say(Says::Lock(h.section)).await;
        let held = |h: &Hears| matches!(h, Hears::Locks(l) if !l.is_empty());
        let Hears::Locks(locks) = robin.until(held).await else { panic!("locks") };
        assert_eq!((locks[0].section, locks[0].mine, locks[0].seconds), (h.section, false, 300));
        assert_eq!(locks[0].name, "Sam of Council");
        let Hears::Locks(locks) = sam.until(held).await else { panic!("locks") };
        assert!(locks[0].mine);

        robin.type_in(h.section, "Robin was here. The old bus.");
        let update = robin.typing.unsent().expect("typed");
        let number = robin.send_update(&update).await;
        let no = robin.until(|h| matches!(h, Hears::Refused(..))).await;
        assert_eq!(no, Hears::Refused(number, No::Locked));
        let Err(Refused::Invalid(problems)) = h.post(&h.k.lead, 1, "The lead was here.").await else {
            panic!("locked")
        };
        let problem = &problems.0[0];
        assert_eq!((problem.field.as_str(), problem.key, problem.number), ("words", "locked", 5));
        let taken = h.t.service.lock_section(&h.k.lead, h.design, h.section, Some(h.t.form()), true).await;
        assert!(matches!(taken, Err(Refused::MovedOn("section-locked"))), "{taken:?}");
        // The one who has it writes, by line and by form; and it cannot be made longer.
        sam.write(h.section, "The old bus of Sam.").await;
        h.t.pass(4 * Moment::MINUTE);
        h.t.service.lock_section(&h.k.sam, h.design, h.section, None, true).await.expect("it is theirs");
        h.t.pass(Moment::MINUTE);
        // It frees itself: what waited goes in, and nothing of Sam is lost.
        let number = robin.send_update(&update).await;
        robin.until(|h| matches!(h, Hears::Saved(n, ..) if *n == number)).await;
        assert_eq!(h.row().await, "Robin was here. The old bus of Sam.", "{}", h.t.engine);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_page_of_ours_sends_ends_the_line_and_changes_nothing() {
    for h in House::all().await {
        let mut huge = SharedText::new(Writer::from_random(1)).state();
        huge.resize(MAX_UPDATE + 100, 0);
        for frame in [
            Message::Text("hello".into()),
            Message::Text("here nowhere".into()),
            Message::Binary(vec![1, 2, 3].into()),
            Message::Binary(domain::designs::wire::numbered(1, b"rubbish").into()),
            Message::Binary(domain::designs::wire::numbered(1, &[]).into()),
            Message::Binary(domain::designs::wire::numbered(1, &huge).into()),
            Message::Text("x".repeat(MAX_UPDATE + 100).into()),
        ] {
            let mut sam = h.line(&h.k.sam).await;
            sam.send_frame(frame).await;
            let end = sam.ends().await;
            assert!(end.is_none_or(|end| end == End::Again), "{end:?}");
        }
        // Somebody else's words are not written in their name.
        let (sam, mut robin) = (h.line(&h.k.sam).await, h.line(&h.k.robin).await);
        let text = SharedText::new(sam.writer.0);
        robin.send_update(&text.write(h.section, "In the name of Sam.")).await;
        assert_eq!(robin.ends().await, Some(End::Again));
        assert_eq!(h.row().await, "The old bus.", "{}", h.t.engine);
        // Words that are too long are refused, and the line goes on.
        let mut robin = h.line(&h.k.robin).await;
        robin.type_in(h.section, &"long ".repeat(9000));
        let number = robin.send().await;
        let no = robin.until(|h| matches!(h, Hears::Refused(..))).await;
        assert_eq!(no, Hears::Refused(number, No::TooLong));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_pages_of_ours_open_a_line() {
    let h = House::all().await.remove(0);
    let session = h.t.session(&h.k.sam).await;
    for origin in [Some("http://evil.example"), Some("null"), None] {
        let refused = Line::open_from(h.addr, &session, h.design, 1, origin).await.err();
        assert_eq!(refused, Some(403), "{origin:?}");
    }
    // The same as any other page for those who may not: 404, 403, or the way to sign in.
    let outsider = h.t.session(&h.k.outsider).await;
    assert_eq!(Line::open(h.addr, &outsider, h.design, 1).await.err(), Some(404));
    let observer = h.t.session(&h.k.observer).await;
    assert_eq!(Line::open(h.addr, &observer, h.design, 1).await.err(), Some(403));
    // As many lines as one session has places for.
    let mut lines = Vec::new();
    for _ in 0..Limits::default().each {
        lines.push(Line::open(h.addr, &session, h.design, 1).await.expect("a place"));
    }
    assert_eq!(Line::open(h.addr, &session, h.design, 1).await.err(), Some(429));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_answers_nothing_is_over_and_one_that_is_only_quiet_is_not() {
    let (tick, silence) = (Duration::from_millis(50), Duration::from_millis(500));
    for h in House::all_with(Limits { tick, silence, ..Limits::default() }).await {
        h.line(&h.k.robin).await.fall_silent().await;
        let mut quiet = h.line(&h.k.sam).await;
        // Longer than the silence that ended the other.
        for _ in 0..15 {
            quiet.until(|h| *h == Hears::Here).await;
        }
        quiet.write(h.section, "The old bus of Sam.").await;
        assert_eq!(h.row().await, "The old bus of Sam.", "{}", h.t.engine);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_more_than_a_page_does_waits_their_turn() {
    let h = House::all().await.remove(0);
    let mut sam = h.line(&h.k.sam).await;
    let began = std::time::Instant::now();
    for n in 0..12 {
        sam.say(Says::Here((n % 2 == 0).then_some(h.section))).await;
    }
    sam.write(h.section, "The old bus of Sam.").await;
    // Thirteen things, of which five may come at once.
    assert!(began.elapsed() >= Duration::from_millis(700), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_snapshots_the_last_of_every_so_many_changes_and_of_every_day_stays() {
    for h in House::all().await {
        let mut tx = h.t.service.store().write().await.expect("a transaction");
        let state = SharedText::new(Writer::from_random(1)).state();
        // Batches of several people do not end at round numbers.
        for seqs in [&[101, 203, 1995, 2003, 2105, 3999, 4010, 4101][..], &[4201, 4301, 4401]] {
            for seq in seqs {
                store::designs::insert_snapshot(&mut tx, h.design, *seq, &state, h.t.now()).await.expect("made");
                store::designs::thin_snapshots(&mut tx, h.design, *seq, 2000, Moment::DAY).await.expect("thinned");
            }
            h.t.pass(Moment::DAY);
        }
        let mut stay = Vec::new();
        let mut seq = 5000;
        while let Some((at, _)) = store::designs::snapshot(&mut tx, h.design, seq).await.expect("asked") {
            stay.push(at);
            seq = at - 1;
        }
        assert_eq!(stay, [4401, 4301, 4101, 3999, 1995, 0], "{}", h.t.engine);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_write_at_once_and_everybody_has_all_of_it() {
    for h in House::all().await {
        let mut writers = Vec::new();
        for n in 0..8 {
            let mut line = h.line(if n % 2 == 0 { &h.k.sam } else { &h.k.robin }).await;
            let section = h.section;
            writers.push(async move {
                for k in 0..5 {
                    let words = format!("{} <{n}.{k}>", line.words(section));
                    line.write(section, &words).await;
                }
                line
            });
        }
        let mut lines = futures::future::join_all(writers).await;
        let now = h.row().await;
        for n in 0..8 {
            for k in 0..5 {
                assert_eq!(now.matches(&format!("<{n}.{k}>")).count(), 1, "{}: {now}", h.t.engine);
            }
        }
        for line in &mut lines {
            line.until_words(h.section, &now).await;
        }
    }
}

/// Two instances over one PostgreSQL: rows are appended by each and read by the other when it is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_write_in_one_section() {
    for h in House::all().await {
        if h.t.engine != "postgres" {
            continue;
        }
        let world = World {
            clock: h.t.service.world().clock.clone(),
            chance: std::sync::Arc::new(SystemChance),
            mail: std::sync::Arc::new(NoMail),
            files: h.t.service.world().files.clone(),
            keys: std::sync::Arc::new(Keys::from_bytes(vec![[1; 32]])),
        };
        let second = Service::new(h.t.service.store().clone(), world);
        let there = serve(&second, Limits::default()).await;
        let mut sam = h.line(&h.k.sam).await;
        let session = h.t.session(&h.k.robin).await;
        let mut robin = Line::open(there, &session, h.design, sam.seq).await.expect("a line");
        for n in 0..5 {
            let words = format!("{} s{n}", sam.words(h.section));
            sam.type_in(h.section, &words);
            let a = sam.send().await;
            let words = format!("r{n} {}", robin.words(h.section));
            robin.type_in(h.section, &words);
            let b = robin.send().await;
            sam.until(|h| matches!(h, Hears::Saved(n, ..) if *n == a)).await;
            robin.until(|h| matches!(h, Hears::Saved(n, ..) if *n == b)).await;
        }
        let now = h.row().await;
        sam.until_words(h.section, &now).await;
        robin.until_words(h.section, &now).await;
        for n in 0..5 {
            assert!(now.contains(&format!("s{n}")) && now.contains(&format!("r{n}")), "{now}");
        }
        // A lock that one instance gives holds on the other.
        sam.say(Says::Lock(h.section)).await;
        robin.until(|h| matches!(h, Hears::Locks(l) if l.len() == 1 && !l[0].mine)).await;
        robin.type_in(h.section, "mine");
        robin.send().await;
        robin.until(|h| matches!(h, Hears::Refused(_, No::Locked))).await;
    }
}
