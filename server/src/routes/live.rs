//! Live news: one stream of server-sent events, ids only. What a page then shows it asks for like any other page.

use std::convert::Infallible;

use axum::extract::RawQuery;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{Event as Line, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::Stream;
use service::Refused;
use service::live::{Ear, Subject};
use service::news::Event;
use tokio::sync::broadcast::error::RecvError;

use crate::answer::{Outcome, Stop};
use crate::ctx::{Ctx, cookie};
use crate::doors::Door;
use crate::live::Open;
use crate::posted;

/// The doors of this area.
pub fn doors() -> Vec<Door> {
    vec![Door::get("/live", live)]
}

/// Addresses that an open page asks for without anybody pressing anything: they keep no session alive.
pub fn asks_by_itself(path: &str) -> bool {
    path == "/live" || path.ends_with("/write/live") || path.ends_with("/news") && path != "/news"
}

/// What the query asks for: `design=ID` and `decision=ID`, each as often as wanted. What is no id is nothing.
fn subjects(query: &str) -> Vec<Subject> {
    let mut all = Vec::new();
    for (name, value) in posted::parse(query.as_bytes()).unwrap_or_default() {
        let subject = match name.as_str() {
            "design" => value.parse().ok().map(Subject::Design),
            "decision" => value.parse().ok().map(Subject::Decision),
            _ => None,
        };
        all.extend(subject.filter(|s| !all.contains(s)));
    }
    all
}

async fn live(ctx: Ctx, headers: HeaderMap, RawQuery(query): RawQuery) -> Outcome {
    let wanted = subjects(&query.unwrap_or_default());
    let allowed = ctx.service().may_listen(ctx.who(), &wanted).await.map_err(|e| ctx.stop(e))?;
    // Listening starts before the answer does, so that nothing falls between.
    let news = ctx.service().news().listen();
    let limits = ctx.app.streams.limits;
    let (whose, most) = match ctx.visit.session {
        Some(session) => (session.id.to_string(), limits.each),
        None => (format!("at {}", ctx.place), limits.each_place),
    };
    let open = ctx.app.streams.open(&whose, most).ok_or_else(|| -> Stop { ctx.stop(Refused::TooMany(60)) })?;
    let secret = cookie(&headers, &ctx.app.started.cookie("session")).filter(|_| ctx.visit.session.is_some());
    let mut response: Response = Sse::new(lines(ctx, secret, allowed, news, open)).into_response();
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A proxy that gathers answers before it passes them on would keep the news to itself.
    out.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// One event as a line of the stream: ids, never words.
fn said(event: Event) -> Result<Line, serde_json::Error> {
    Ok(Line::default().event("news").data(serde_json::to_string(&event)?))
}

/// The lines of one stream. It ends when the program stops, when the rights of its person change, when its session ends,
/// when nothing of it may be read any more, and after a quarter of an hour; the browser then asks anew.
fn lines(
    ctx: Ctx,
    secret: Option<String>,
    mut ears: Vec<Ear>,
    mut news: tokio::sync::broadcast::Receiver<Event>,
    open: Open,
) -> impl Stream<Item = Result<Line, Infallible>> + Send + 'static {
    let service = ctx.service().clone();
    let limits = ctx.app.streams.limits;
    let mut closing = ctx.app.streams.closing();
    let me = ctx.who().id();
    let mut ends = ctx.visit.session.map(|s| s.idle_end);
    async_stream::stream! {
        let _open = open;
        // Something at once, so that the browser knows that it listens.
        yield Ok(Line::default().comment("listening").retry(std::time::Duration::from_secs(3)));
        // Beside the news, not between them: where there is much of it, sessions end all the same.
        let mut every = tokio::time::interval_at(tokio::time::Instant::now() + limits.tick, limits.tick);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut ticks = 0;
        loop {
            let event = tokio::select! {
                () = async { drop(closing.wait_for(|closed| *closed).await) } => break,
                heard = news.recv() => match heard {
                    Ok(event) => event,
                    Err(RecvError::Lagged(_)) => Event::LookAgain,
                    Err(RecvError::Closed) => break,
                },
                _ = every.tick() => {
                    ticks += 1;
                    if ticks >= limits.ticks {
                        break;
                    }
                    // The session ends when nobody uses it; being looked at by this stream is no use.
                    if ends.is_some_and(|end| service.now() >= end) {
                        match service.visit_quietly(secret.as_deref()).await {
                            Ok(visit) if visit.who.id() == me => ends = visit.session.map(|s| s.idle_end),
                            _ => break,
                        }
                    }
                    yield Ok(Line::default().comment("alive"));
                    continue;
                }
            };
            match event {
                Event::Rights { person } if Some(person) == me => break,
                // Rights may have changed: a group is hidden now, or it was not heard what has changed.
                Event::Everybody | Event::LookAgain => {
                    let Ok(visit) = service.visit_quietly(secret.as_deref()).await else { break };
                    if visit.who.id() != me {
                        break;
                    }
                    let subjects: Vec<Subject> = ears.iter().map(|e| e.subject).collect();
                    match service.may_listen(&visit.who, &subjects).await {
                        Ok(allowed) => ears = allowed,
                        Err(_) => break,
                    }
                    if event == Event::LookAgain
                        && let Ok(line) = said(event)
                    {
                        yield Ok(line);
                    }
                }
                event if ears.iter().any(|e| e.hears(event)) => {
                    let Ok(line) = said(event) else { break };
                    yield Ok(line);
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_pages_ask_by_themselves_keeps_no_session_alive() {
        assert!(asks_by_itself("/live"));
        assert!(asks_by_itself("/designs/1/comments/news"));
        assert!(asks_by_itself("/decisions/1/news"));
        for used in ["/", "/news", "/designs/1/comments"] {
            assert!(!asks_by_itself(used), "{used}");
        }
    }

    #[test]
    fn a_query_names_each_subject_once() {
        let id = "019ab000-0000-7000-8000-000000000001";
        assert_eq!(subjects(&format!("design={id}&design={id}&decision={id}&x=1&design=no")).len(), 2);
        assert!(subjects("").is_empty());
    }
}
