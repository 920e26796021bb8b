//! The line of a page that writes: words go both ways over one socket for as long as somebody is on it. What is said is in
//! `domain/src/designs/wire.rs`; what is kept, and who may, in `service/src/designs/live.rs`.

use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse as _;
use domain::designs::gate::MAX_UPDATE;
use domain::designs::shared_text::Writer;
use domain::designs::wire::{End, Hears, Held, No, Present, Says, numbered, read_numbered};
use domain::ids::{DesignId, SectionId};
use domain::moment::Moment;
use futures::{FutureExt as _, SinkExt as _, StreamExt as _};
use service::Refused;
use service::designs::live::{Heard, Joined, Not, Seat, end_of};
use service::news::Event;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use crate::answer::Outcome;
use crate::ctx::{App, Ctx, cookie};
use crate::doors::Door;
use crate::live::Open;

/// A page says at most ten things a second, whatever they are; what comes sooner waits its turn.
const EACH: Duration = Duration::from_millis(100);
/// As much sooner something may come: whoever goes from one part to the next says two things at once, and types.
const SOONER: Duration = Duration::from_millis(400);
/// Most bytes of one frame: an update and its number.
const MOST_FRAME: usize = MAX_UPDATE + 8;
/// How long somebody may take to take in what is said to them.
const SLOWEST: Duration = Duration::from_secs(20);
/// Who else is here is said not more often than this: where two hundred come in at once, each would hear of each.
const PEOPLE_EVERY: Duration = Duration::from_millis(500);
/// Somebody who writes is noted as being there once in this time.
const SEEN_EVERY: Duration = Duration::from_secs(50);

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![Door::get("/designs/{id}/write/live", line)]
}

/// Whether a page of ours asks: a browser says where a page that opens a socket comes from, and asks nobody.
fn is_ours(app: &App, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return false };
    let place = origin.split_once("://").map_or("", |(_, place)| place);
    origin == app.started.url.trim_end_matches('/') || (!place.is_empty() && text(header::HOST) == Some(place))
}

async fn line(
    ctx: Ctx,
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Outcome {
    let design: DesignId = id.parse().map_err(|_| ctx.stop(Refused::Unknown))?;
    match (ctx.service().may_write(ctx.who(), design).await, &upgrade) {
        // Why nobody may write for now is said over the line, in its own words: a browser tells a page nothing of a refusal.
        (Ok(_), _) | (Err(Refused::MovedOn(_)), Ok(_)) => {}
        (Err(e), _) => return Err(ctx.stop(e)),
    }
    let Ok(upgrade) = upgrade else { return Err(ctx.bad_request()) };
    if !is_ours(&app, &headers) {
        return Err(ctx.stop(Refused::NotAllowed));
    }
    // All sessions of a person together: whoever begins many of them has no more lines.
    let Some(me) = ctx.who().id() else { return Err(ctx.stop(Refused::NotAllowed)) };
    let whose = format!("write {me}");
    let open = app.streams.open(&whose, app.streams.limits.each).ok_or_else(|| ctx.stop(Refused::TooMany(60)))?;
    let base = ctx.query("base").and_then(|base| base.parse().ok());
    let secret = cookie(&headers, &app.started.cookie("session"));
    let upgrade = upgrade.max_message_size(MOST_FRAME).max_frame_size(MOST_FRAME).write_buffer_size(0);
    Ok(upgrade.on_upgrade(move |socket| Line::run(ctx, design, base, secret, open, socket)).into_response())
}

/// One open line.
struct Line {
    ctx: Ctx,
    design: DesignId,
    secret: Option<String>,
    /// The number of the last change that was said.
    said: i64,
    writer: Writer,
    ends: Moment,
    seen: Instant,
}

type Sink = futures::stream::SplitSink<WebSocket, Message>;

/// Says something; false when nobody takes it in.
async fn say(sink: &mut Sink, message: Message) -> bool {
    matches!(tokio::time::timeout(SLOWEST, sink.send(message)).await, Ok(Ok(())))
}

async fn tell(sink: &mut Sink, hears: &Hears) -> bool {
    say(sink, Message::Text(hears.text().into())).await
}

fn change(seq: i64, update: &[u8]) -> Message {
    Message::Binary(numbered(u64::try_from(seq).unwrap_or(0), update).into())
}

impl Line {
    async fn run(ctx: Ctx, design: DesignId, base: Option<i64>, secret: Option<String>, open: Open, socket: WebSocket) {
        let _open = open;
        let (mut sink, mut from) = socket.split();
        let Some(me) = ctx.who().id() else { return };
        let news = ctx.service().news().listen();
        let joined = match ctx.service().join_room(ctx.who(), design, base).await {
            Ok(joined) => joined,
            Err(e) => {
                let _ = tell(&mut sink, &Hears::Stop(end_of(&e))).await;
                return;
            }
        };
        let (writer, mark) = ctx.service().live_writer(me, design);
        let ends = ctx.visit.session.map_or(Moment(0), |s| s.idle_end);
        let mut line = Self { ctx, design, secret, said: joined.seq, writer, ends, seen: Instant::now() };
        let mut greeted = tell(&mut sink, &Hears::Welcome(writer, mark)).await;
        for (seq, update) in &joined.changes {
            greeted = greeted && say(&mut sink, change(*seq, update)).await;
        }
        greeted = greeted && tell(&mut sink, &Hears::Now(joined.seq)).await;
        if greeted && let Err(end) = line.look(&mut sink).await {
            let _ = tell(&mut sink, &Hears::Stop(end)).await;
            greeted = false;
        }
        if greeted {
            let end = line.talk(joined, news, &mut sink, &mut from).await;
            if let Some(end) = end {
                let _ = tell(&mut sink, &Hears::Stop(end)).await;
            }
        }
        let frame = CloseFrame { code: close_code::NORMAL, reason: "".into() };
        let _ = say(&mut sink, Message::Close(Some(frame))).await;
    }

    /// Until one of both has enough. Gives what the other is told at the end.
    async fn talk(
        &mut self,
        joined: Joined,
        mut news: tokio::sync::broadcast::Receiver<Event>,
        sink: &mut Sink,
        from: &mut futures::stream::SplitStream<WebSocket>,
    ) -> Option<End> {
        let Joined { seat, mut heard, .. } = joined;
        let service = self.ctx.service().clone();
        let me = self.ctx.who().id();
        let mut closing = self.ctx.app.streams.closing();
        let limits = self.ctx.app.streams.limits;
        let mut every = tokio::time::interval_at(Instant::now() + limits.tick, limits.tick);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        // One batch at a time, and nothing sooner than its turn: until then nothing more is read.
        let mut under_way: Option<futures::future::BoxFuture<'_, (u64, Result<i64, Not>)>> = None;
        let mut pace = Instant::now();
        let mut heard_at = Instant::now();
        // When who is here was last said, and when it is to be said again.
        let (mut people_said, mut people_due): (Option<Instant>, Option<Instant>) = (None, None);
        loop {
            tokio::select! {
                () = async { drop(closing.wait_for(|closed| *closed).await) } => return Some(End::Again),
                (number, kept) = async { match under_way.as_mut() { Some(work) => work.await, None => std::future::pending().await } } => {
                    under_way = None;
                    match kept {
                        Ok(seq) => {
                            let seconds = self.seen_now().await;
                            if !tell(sink, &Hears::Saved(number, seq, seconds)).await {
                                return None;
                            }
                        }
                        Err(Not::No(no)) => {
                            if !tell(sink, &Hears::Refused(number, no)).await {
                                return None;
                            }
                            // Bytes that no page of ours sends.
                            if no == No::Damaged {
                                return Some(End::Again);
                            }
                        }
                        Err(Not::End(end)) => return Some(end),
                    }
                }
                message = next_from(from, pace), if under_way.is_none() => {
                    let message = message?;
                    heard_at = Instant::now();
                    pace = pace.max(heard_at) + EACH;
                    match message {
                        Message::Binary(frame) => {
                            let Some((number, update)) = read_numbered(&frame) else { return Some(End::Again) };
                            pace += me.map_or(Duration::ZERO, |me| service.live_pace(me, frame.len()));
                            let (service, seat, writer, update) = (service.clone(), &seat, self.writer, update.to_vec());
                            let work = async move { (number, service.write_live(seat, writer, update).await) };
                            under_way = Some(work.boxed());
                        }
                        Message::Text(text) => match Says::read(&text) {
                            Some(Says::Writer(writer, mark)) => {
                                let mine = me.is_some_and(|me| service.is_live_writer(writer, &mark, me, self.design));
                                if !mine {
                                    return Some(End::Again);
                                }
                                self.writer = writer;
                            }
                            Some(Says::Here(section)) => seat.here(section),
                            Some(lock @ (Says::Lock(section) | Says::Free(section))) => {
                                match self.lock(section, matches!(lock, Says::Lock(_)), sink).await {
                                    Ok(true) => {}
                                    Ok(false) => return None,
                                    Err(end) => return Some(end),
                                }
                            }
                            None => return Some(End::Again),
                        },
                        Message::Close(_) => return None,
                        Message::Ping(_) | Message::Pong(_) => {}
                    }
                }
                heard = heard.recv() => {
                    let more = match heard {
                        Ok(Heard::Change { seq, .. }) if seq <= self.said => true,
                        Ok(Heard::Change { seq, update, from }) if seq == self.said + 1 => {
                            self.said = seq;
                            from == seat.guest || say(sink, change(seq, &update)).await
                        }
                        Ok(Heard::People) => {
                            let now = Instant::now();
                            people_due.get_or_insert(people_said.map_or(now, |said| now.max(said + PEOPLE_EVERY)));
                            true
                        }
                        Ok(Heard::Look) => match self.look(sink).await {
                            Ok(more) => more,
                            Err(end) => return Some(end),
                        },
                        // It fell behind: what it missed is read where it is kept. Who is here, and the locks, may be among it.
                        behind @ (Ok(Heard::Change { .. }) | Err(RecvError::Lagged(_))) => {
                            if behind.is_err() {
                                people_due.get_or_insert_with(Instant::now);
                                match self.look(sink).await {
                                    Ok(true) => {}
                                    Ok(false) => return None,
                                    Err(end) => return Some(end),
                                }
                            }
                            match service.changes_since(self.ctx.who(), self.design, self.said).await {
                                Ok(all) => {
                                    let mut more = true;
                                    for (seq, update) in all {
                                        self.said = seq;
                                        more = more && say(sink, change(seq, &update)).await;
                                    }
                                    more
                                }
                                Err(_) => return Some(End::Again),
                            }
                        }
                        Ok(Heard::Again) | Err(RecvError::Closed) => return Some(End::Again),
                    };
                    if !more {
                        return None;
                    }
                }
                () = async { match people_due { Some(due) => tokio::time::sleep_until(due).await, None => std::future::pending().await } } => {
                    (people_said, people_due) = (Some(Instant::now()), None);
                    if !self.say_people(&seat, sink).await {
                        return None;
                    }
                }
                event = news.recv() => match event {
                    Ok(Event::Rights { person }) if Some(person) != me => {}
                    Ok(Event::Rights { .. } | Event::Everybody | Event::LookAgain) | Err(RecvError::Lagged(_)) => {
                        match self.look(sink).await {
                            Ok(true) => {}
                            Ok(false) => return None,
                            Err(end) => return Some(end),
                        }
                    }
                    Ok(_) => {}
                    Err(RecvError::Closed) => return Some(End::Again),
                },
                _ = every.tick() => {
                    // Being on the line is no use of a session; writing is.
                    let over = service.now() >= self.ends;
                    if over && let Err(end) = self.look(sink).await {
                        return Some(end);
                    }
                    // While somebody's words are being kept nothing is read, so nothing can be heard.
                    if under_way.is_some() {
                        heard_at = Instant::now();
                    }
                    if heard_at.elapsed() > limits.silence {
                        return Some(End::Again);
                    }
                    // The browser answers the one by itself, and keeps it from the page; the page hears the other.
                    if !(say(sink, Message::Ping(Vec::new().into())).await && tell(sink, &Hears::Here).await) {
                        return None;
                    }
                }
            }
        }
    }

    /// Says who else is here.
    async fn say_people(&self, seat: &Seat, sink: &mut Sink) -> bool {
        let people = seat.room().others(self.ctx.who().id()).into_iter();
        let named = |g: service::designs::live::Guest| Present {
            section: g.section,
            name: self.ctx.page.named(&g.name, g.role),
        };
        tell(sink, &Hears::People(people.map(named).collect())).await
    }

    /// Asks anew who this is and whether they may still write here, and says which sections somebody has to themselves.
    async fn look(&mut self, sink: &mut Sink) -> Result<bool, End> {
        let service = self.ctx.service();
        let visit = service.visit_quietly(self.secret.as_deref()).await.map_err(|_| End::Again)?;
        let Some(session) = visit.session.filter(|_| visit.who.id() == self.ctx.who().id()) else {
            return Err(End::SignedOut);
        };
        self.ends = session.idle_end;
        let locks = service.may_write(&visit.who, self.design).await.map_err(|e| end_of(&e))?;
        let now = service.now();
        let held = locks.into_iter().map(|l| Held {
            section: l.section,
            seconds: (l.until.since(now) + Moment::SECOND - 1) / Moment::SECOND,
            mine: l.mine,
            name: self.ctx.page.named(l.by.name.as_deref().unwrap_or_default(), l.by.role),
        });
        Ok(tell(sink, &Hears::Locks(held.collect())).await)
    }

    /// Gives the section to its person alone, or lets go of it. When somebody else has it, the list of locks says so.
    async fn lock(&mut self, section: SectionId, lock: bool, sink: &mut Sink) -> Result<bool, End> {
        let service = self.ctx.service();
        let done = match service.visit_quietly(self.secret.as_deref()).await {
            Ok(visit) => service.lock_section(&visit.who, self.design, section, None, lock).await,
            Err(e) => Err(e),
        };
        match done {
            Ok(()) => Ok(true),
            // Why is said by what is true now: the locks, or the end of the line.
            Err(_) => self.look(sink).await,
        }
    }

    /// Whoever writes is here: their session goes on. Gives for how many more seconds.
    async fn seen_now(&mut self) -> i64 {
        if self.seen.elapsed() >= SEEN_EVERY {
            self.seen = Instant::now();
            if let Ok(visit) = self.ctx.service().visit(self.secret.as_deref()).await
                && let Some(session) = visit.session
            {
                self.ends = session.idle_end;
            }
        }
        self.ends.since(self.ctx.service().now()) / Moment::SECOND
    }
}

/// The next frame, not before its turn. `pace`: when the last one would have come, had all of them come evenly.
async fn next_from(from: &mut futures::stream::SplitStream<WebSocket>, pace: Instant) -> Option<Message> {
    let ahead = pace.saturating_duration_since(Instant::now());
    tokio::time::sleep(ahead.saturating_sub(SOONER)).await;
    from.next().await?.ok()
}
