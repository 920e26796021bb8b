//! Who is asking, and what their page needs: made once for each request.

use std::sync::Arc;
use std::sync::RwLock;

use app::display::Display;
use app::page::Assets;
use app::words::Words;
use app::{Form, Page};
use axum::extract::{FromRequestParts, MatchedPath, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use domain::access::Who;
use domain::moment::Moment;
use jiff::tz::TimeZone;
use service::access::Visit;
use service::settings::Settings;
use service::{Refused, Service};

use crate::answer::Stop;
use crate::layers::Minted;
use crate::posted::Typed;

/// What the program was started with that pages and handlers need.
#[derive(Debug, Clone)]
pub struct Started {
    /// The public address: decides whether cookies are `__Host-` and Secure.
    pub url: String,
    /// The demo is on.
    pub demo: bool,
    /// Behind a proxy whose X-Forwarded-For may be believed.
    pub trusted_proxy: bool,
}

impl Started {
    /// Whether the public address is https.
    pub fn https(&self) -> bool {
        self.url.starts_with("https://")
    }

    /// The full name of a cookie of ours: `__Host-` where the browser would accept it.
    pub fn cookie(&self, name: &str) -> String {
        if self.https() { format!("__Host-tandem-{name}") } else { format!("tandem-{name}") }
    }
}

/// The settings as last read, and when.
type KeptSite = Option<(Moment, Arc<Settings>)>;

/// The state of the program. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The use cases.
    pub service: Service,
    /// What it was started with.
    pub started: Arc<Started>,
    /// Where the finished files are.
    pub assets: Arc<Assets>,
    /// The open event streams.
    pub streams: crate::live::Streams,
    /// Settings change rarely and stand on every page: read at most every few seconds, and at once after a change here.
    site: Arc<RwLock<KeptSite>>,
}

impl App {
    /// Puts the state together.
    pub fn new(service: Service, started: Started) -> Self {
        Self {
            service,
            started: Arc::new(started),
            assets: Arc::new(crate::site::assets()),
            streams: crate::live::Streams::default(),
            site: Arc::default(),
        }
    }

    /// The settings, at most five seconds old.
    async fn site(&self) -> Result<Arc<Settings>, Refused> {
        let now = self.service.now();
        if let Ok(kept) = self.site.read()
            && let Some((at, settings)) = kept.as_ref()
            && now.since(*at) < 5 * Moment::SECOND
        {
            return Ok(settings.clone());
        }
        let settings = match self.service.settings().await {
            Ok(settings) => Arc::new(settings),
            // The database is away: what was true a moment ago is better than a page without telephone numbers.
            Err(e) => return self.site.read().ok().and_then(|k| k.as_ref().map(|(_, s)| s.clone())).ok_or(e),
        };
        if let Ok(mut kept) = self.site.write() {
            *kept = Some((now, settings.clone()));
        }
        Ok(settings)
    }

    /// Forgets the kept settings: after a change.
    pub fn forget_site(&self) {
        if let Ok(mut kept) = self.site.write() {
            *kept = None;
        }
    }
}

/// One request: the state, who is asking, and their page.
#[derive(Clone)]
pub struct Ctx {
    /// The state.
    pub app: App,
    /// Who is asking, and by which session.
    pub visit: Visit,
    /// What every page needs.
    pub page: Page,
    /// Where the request came from; only ever hashed.
    pub place: String,
    /// The path without the query.
    pub path: String,
    /// Which door it came through, as it may stand in a log.
    pub route: Option<MatchedPath>,
    /// What the form said, once it was read: any page that ends the request can give the words back.
    pub typed: Typed,
    /// A form came while the database was away: told only after the form was read, so that its words stand on the page.
    away: Option<Arc<Refused>>,
}

/// The value of one of our cookies.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v.to_owned())
}

impl Ctx {
    /// The use cases.
    pub fn service(&self) -> &Service {
        &self.app.service
    }

    /// Who is asking.
    pub fn who(&self) -> &Who {
        &self.visit.who
    }

    /// A fresh form with its own id. On a page of somebody signed in it says whose it is, by a mark: should their session
    /// end before they send it, only they get its words back.
    pub fn form(&self) -> Form {
        let id: uuid::Uuid = self.app.service.new_id();
        let owner = self.who().id().map(|person| self.service().owner_mark(person));
        Form::new(owner.map_or_else(|| id.to_string(), |owner| format!("{id}.{owner}")))
    }

    /// The form of a page that is looked at: fresh, or, after signing in again, as it was when its session ended
    /// (`?kept=` in the address). Every page with a form that people write in begins with this.
    ///
    /// # Errors
    /// The page that says so, when the database is away.
    pub async fn form_kept(&self) -> Result<Form, Stop> {
        let form = self.form();
        let Some(id) = self.query("kept").and_then(|id| uuid::Uuid::parse_str(&id).ok()) else { return Ok(form) };
        let kept = self.service().kept_form(self.who(), id, &self.path).await.map_err(|e| self.stop(e))?;
        Ok(form.filled(kept.unwrap_or_default()))
    }

    /// One value of the address's query; the first when it stands there twice.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.page.path.split_once('?')?;
        crate::posted::parse(query.as_bytes())?.into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// Goes on with what a form said, unless the database was away when it came.
    pub(crate) fn not_away<T>(&self, form: T) -> Result<T, Stop> {
        match &self.away {
            None => Ok(form),
            Some(e) => Err(self.stop_because(e, self.typed.words())),
        }
    }

    async fn of(parts: &Parts, app: &App) -> Result<Self, Stop> {
        let (mut ctx, away) = Self::look(parts, app).await;
        match away {
            Some(e) if parts.method == Method::POST => {
                ctx.away = Some(Arc::new(e));
                Ok(ctx)
            }
            None if ctx.visit.session.is_some_and(|s| s.must_change) && !open_before_a_new_password(&ctx.path) => {
                Err(ctx.go(&new_password_first(&ctx.page.path)).into())
            }
            None => Ok(ctx),
            Some(e) => Err(ctx.stop(e)),
        }
    }

    /// Who is asking and what their page needs; and what went wrong on the way, when the database is away. Then it is
    /// nobody's visit, with the settings as they were last read.
    async fn look(parts: &Parts, app: &App) -> (Self, Option<Refused>) {
        let headers = &parts.headers;
        let secret = cookie(headers, &app.started.cookie("session"));
        let nonce = parts.extensions.get::<Minted>().map(|m| m.nonce.clone()).unwrap_or_default();
        let place = parts.extensions.get::<Minted>().map(|m| m.place.clone()).unwrap_or_default();
        let typed = parts.extensions.get::<Minted>().map(|m| m.typed.clone()).unwrap_or_default();
        let display =
            cookie(headers, &app.started.cookie("display")).map(|v| Display::from_cookie(&v)).unwrap_or_default();
        let site = app.site().await;
        let visit = if crate::routes::live::asks_by_itself(parts.uri.path()) {
            app.service.visit_quietly(secret.as_deref()).await
        } else {
            app.service.visit(secret.as_deref()).await
        };
        let (site, visit, away) = match (site, visit) {
            (Ok(site), Ok(visit)) => (site, visit, None),
            // The page that says "try again in a moment" needs no database.
            (Ok(site), Err(e)) => (site, Visit::nobody(), Some(e)),
            (Err(e), _) => (Arc::new(Settings::default()), Visit::nobody(), Some(e)),
        };
        let now = app.service.now();
        let path = parts.uri.path().to_owned();
        let zone = TimeZone::get(&site.time_zone).unwrap_or(TimeZone::UTC);
        let page = Page {
            words: Words::english(),
            zone,
            who: visit.who.clone(),
            display,
            path: parts.uri.path_and_query().map_or_else(|| path.clone(), |p| p.as_str().to_owned()),
            nonce,
            demo: app.started.demo,
            now,
            session_seconds: visit.session.map(|s| s.idle_end.since(now) / Moment::SECOND),
            assets: app.assets.clone(),
            was_shared: visit.lapsed.is_some_and(|l| l.shared),
            said: cookie(headers, &app.started.cookie("said")),
            site,
        };
        let route = parts.extensions.get::<MatchedPath>().cloned();
        let ctx = Self { app: app.clone(), visit, page, place, path, route, typed, away: None };
        (ctx, away)
    }
}

/// Somebody whose password was made by another chooses their own before anything else. Help, safety and the way out are
/// never behind that.
fn open_before_a_new_password(path: &str) -> bool {
    matches!(
        path,
        "/my-data/password" | "/sign-out" | "/sign-in" | "/not-safe" | "/help" | "/talk" | "/display" | "/privacy"
    ) || path.starts_with("/accessibility")
        // A card's link: it must not stand in the address of another page.
        || path.starts_with("/card/")
}

/// Where they choose it, and then come back.
fn new_password_first(path: &str) -> String {
    let next = percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC);
    format!("/my-data/password?next={next}")
}

impl FromRequestParts<App> for Ctx {
    type Rejection = Stop;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Stop> {
        if let Some(ready) = parts.extensions.get::<Self>() {
            return Ok(ready.clone());
        }
        let ctx = Self::of(parts, app).await?;
        // Kept for the other extractors of this request, which may have to draw a page too.
        parts.extensions.insert(ctx.clone());
        Ok(ctx)
    }
}

impl OptionalFromRequestParts<App> for Ctx {
    type Rejection = Stop;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Stop> {
        <Self as FromRequestParts<App>>::from_request_parts(parts, app).await.map(Some)
    }
}

/// A [`Ctx`] for pages that must be there even when the database is not: help, safety, how pages look.
pub struct Calm(pub Ctx);

impl FromRequestParts<App> for Calm {
    type Rejection = Stop;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Stop> {
        let (ctx, _) = Ctx::look(parts, app).await;
        Ok(Self(ctx))
    }
}
