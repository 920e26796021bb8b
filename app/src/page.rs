//! What every page needs to know, and the shell around it.

use std::sync::Arc;

use domain::access::{Known, Place, Verb, Who, may};
use domain::designs::masks;
use domain::groups::GroupRole;
use domain::moment::Moment;
use domain::people::Role;
use domain::reports::small_numbers::ShownCount;
use jiff::tz::TimeZone;
use leptos::prelude::*;
use service::settings::Settings;

use crate::display::Display;
use crate::words::{Value, Words};
use crate::{kit, when};

/// Where the finished files of the site are, with their hashes in the names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// The stylesheet.
    pub css: String,
    /// What starts the islands.
    pub boot: String,
    /// The glue of the WASM.
    pub js: String,
    /// The WASM.
    pub wasm: String,
    /// Small enhancements that need no WASM (leaving, warning before a session ends).
    pub extras: String,
    /// The files may be kept for when there is no line.
    pub kept: bool,
}

/// What every page needs to know. Made once for each request.
#[derive(Debug, Clone)]
pub struct Page {
    /// The words of the locale.
    pub words: &'static Words,
    /// The organisation.
    pub site: Arc<Settings>,
    /// The council's time zone.
    pub zone: TimeZone,
    /// Who is looking.
    pub who: Who,
    /// How they want to see it.
    pub display: Display,
    /// The address of this page, with its query.
    pub path: String,
    /// For inline scripts, new for every answer.
    pub nonce: String,
    /// The demo is on: a banner on every page.
    pub demo: bool,
    /// Now.
    pub now: Moment,
    /// Seconds until this session ends if nothing more is asked, when signed in.
    pub session_seconds: Option<i64>,
    /// Where the finished files are.
    pub assets: Arc<Assets>,
    /// The session that has just ended was on a device that others use too.
    pub was_shared: bool,
    /// A word of thanks or news from the act before ("Comment sent"), by its message key.
    pub said: Option<String>,
}

/// One step of the way here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// What it says.
    pub words: String,
    /// Where it goes.
    pub href: String,
}

impl Crumb {
    /// A step.
    pub fn new(words: impl Into<String>, href: impl Into<String>) -> Self {
        Self { words: words.into(), href: href.into() }
    }
}

/// What one page tells its shell.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// The title, unique on the site; also what the tab says.
    pub title: String,
    /// The way here, without this page.
    pub crumbs: Vec<Crumb>,
    /// A form on it was refused: the title starts with "Error:".
    pub refused: bool,
    /// It has islands: only then is any WASM sent.
    pub islands: bool,
    /// Which entry of the menu this is: its address.
    pub menu: &'static str,
}

impl Sheet {
    /// A sheet with a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }
    /// With the way here.
    #[must_use]
    pub fn crumbs(mut self, crumbs: Vec<Crumb>) -> Self {
        self.crumbs = crumbs;
        self
    }
    /// Whether a form on it was refused.
    #[must_use]
    pub fn refused(mut self, form: &crate::Form) -> Self {
        self.refused |= !form.problems().is_empty();
        self
    }
    /// It has islands.
    #[must_use]
    pub fn islands(mut self) -> Self {
        self.islands = true;
        self
    }
    /// Which entry of the menu it belongs to.
    #[must_use]
    pub fn menu(mut self, href: &'static str) -> Self {
        self.menu = href;
        self
    }
}

impl Page {
    /// A message.
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// A message with values.
    pub fn with(&self, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
        self.words.with(key, values)
    }

    /// A count of people in words: "12", or "fewer than 5".
    pub fn count(&self, count: ShownCount) -> String {
        match (count.exact(), count.fewer_than()) {
            (Some(n), _) => n.to_string(),
            (None, Some(t)) => self.with("fewer-than", &[("n", t.into())]),
            (None, None) => String::new(),
        }
    }

    /// "27 November 2026".
    pub fn date(&self, at: Moment) -> String {
        when::date(self.words, &self.zone, at)
    }

    /// "Friday 27 November 2026, 6:05pm".
    pub fn date_time(&self, at: Moment) -> String {
        when::date_time(self.words, &self.zone, at)
    }

    /// Somebody's name, or that they have left: who deletes their account has no name any more.
    pub fn person(&self, name: &str) -> String {
        if name.is_empty() { self.t("comment-by-left") } else { name.to_owned() }
    }

    /// Somebody's name as it stands beside words. With the name of staff goes what they are, so that nobody can be taken for
    /// them: no other name may look like that (`service::people::names`).
    pub fn named(&self, name: &str, role: Role) -> String {
        let name = self.person(name);
        if role.is_staff() { self.with(&format!("named-{role}"), &[("name", (&name).into())]) } else { name }
    }

    /// The person looking, if signed in.
    pub fn me(&self) -> Option<&Known> {
        self.who.person()
    }

    /// Whether the policy would let them: for deciding what to show. The use case asks again.
    pub fn may(&self, verb: Verb, place: &Place) -> bool {
        may(&self.who, verb, place) == domain::access::Answer::Yes
    }

    /// Draws a whole page: the shell around `body`.
    pub fn draw(&self, sheet: &Sheet, body: impl FnOnce() -> AnyView) -> String {
        // Islands ask the owner's shared context how they are drawn; nothing here waits, so one synchronous pass is all.
        let owner = Owner::new_root(Some(Arc::new(hydration_context::SsrSharedContext::new_islands())));
        let html = owner.with(|| {
            let head = self.head(sheet);
            let top = self.top(sheet);
            let inside = body();
            let bottom = self.bottom();
            let crumbs = self.crumbs(sheet);
            let said = self.said.as_ref().map(|key| kit::said(self, key));
            let d = self.display;
            view! {
                <html lang=self.words.lang() data-theme=d.theme.name() data-size=d.size.name() data-spacing=d.spacing.name()
                    data-font=d.font.name() data-symbols=d.symbols.name() data-motion=d.motion.name()>
                    {head}
                    <body>
                        <a class="skip" href="#main">{self.t("skip-to-main")}</a>
                        {self.demo.then(|| view! { <p class="demo-banner" role="note">{self.t("demo-banner")}</p> })}
                        {top}
                        <div class="page">
                            {crumbs}
                            <main id="main" tabindex="-1">{said}{inside}</main>
                        </div>
                        // Always in the HTML, so that what is put into it later is announced (WCAG 4.1.3).
                        <div id="polite" class="unseen" role="status" aria-live="polite"></div>
                        {bottom}
                    </body>
                </html>
            }
            .to_html()
        });
        owner.unset();
        format!("<!DOCTYPE html>{}", self.told(html))
    }

    /// Draws a part of a page without the shell: what a page that is open asks for.
    pub fn draw_part(&self, body: impl FnOnce() -> AnyView) -> String {
        let owner = Owner::new_root(Some(Arc::new(hydration_context::SsrSharedContext::new_islands())));
        let html = owner.with(|| body().to_html());
        owner.unset();
        self.told(html)
    }

    /// Says what is hidden, wherever words of somebody are drawn in which something is (`domain::designs::masks`).
    fn told(&self, html: String) -> String {
        masks::told(html, |mask| format!("[{}]", kit::escaped(&self.t(&format!("masked-{}", mask.name())))))
    }

    fn head(&self, sheet: &Sheet) -> AnyView {
        let title = self.with(
            if sheet.refused { "title-refused" } else { "title" },
            &[("title", (&sheet.title).into()), ("site", (&self.site.name).into())],
        );
        let islands = sheet.islands.then(|| {
            view! {
                <link rel="modulepreload" href=self.assets.js.clone() />
                <script type="module" nonce=self.nonce.clone() src=self.assets.boot.clone()
                    data-js=self.assets.js.clone() data-wasm=self.assets.wasm.clone()></script>
            }
        });
        view! {
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                // Before any style has arrived the browser already paints the right ground: nothing flashes.
                <meta name="color-scheme" content=self.display.theme.scheme() />
                // Leptos marks where words end with a comment; in a title that would be read out as letters.
                <title inner_html=kit::escaped(&title)></title>
                {self.display.font.first_files().iter().map(|file| view! {
                    <link rel="preload" href=format!("/static/fonts/{file}.woff2") r#as="font" type="font/woff2" crossorigin="" />
                }).collect_view()}
                <link rel="stylesheet" href=self.assets.css.clone() />
                <link rel="icon" href="/static/mark.svg" type="image/svg+xml" />
                <script type="module" nonce=self.nonce.clone() src=self.assets.extras.clone() data-kept=self.assets.kept.then_some("")></script>
                {islands}
            </head>
        }
        .into_any()
    }

    fn top(&self, sheet: &Sheet) -> AnyView {
        let item = |href: &'static str, key: &str| {
            let here = (sheet.menu == href).then_some("page");
            view! { <li><a href=href aria-current=here>{self.t(key)}</a></li> }
        };
        let signed_in = self.me().is_some();
        let staff = self.may(Verb::ListPeople, &Place::house());
        let administrator = self.may(Verb::ChangeSettings, &Place::house());
        let checks = self.me().is_some_and(|p| p.groups.iter().any(|(_, role)| *role == GroupRole::Worker));
        let entries = move || {
            view! {
                <ul>
                    {item("/", "menu-home")}
                    {item("/groups", "menu-groups")}
                    {item("/you-said-we-did", "menu-you-said-we-did")}
                    {signed_in.then(|| item("/actions", "menu-actions"))}
                    {checks.then(|| item("/moderation", "menu-moderation"))}
                    {staff.then(|| item("/people", "menu-people"))}
                    {administrator.then(|| item("/settings", "menu-settings"))}
                    {item("/display", "menu-display")}
                    {signed_in.then(|| item("/my-data", "menu-my-data"))}
                    {(!signed_in).then(|| item("/sign-in", "menu-sign-in"))}
                </ul>
            }
        };
        let sign_out = || {
            self.me().map(|_| {
                view! {
                    <form method="post" action="/sign-out" class="sign-out">
                        <button class="plain">{self.t("sign-out")}</button>
                    </form>
                }
            })
        };
        view! {
            <header class="top">
                <div class="top-line">
                    <a class="mark" href="/">{kit::mark()}<span>{self.t("product")}</span></a>
                    <nav aria-label=self.t("menu-label") class="menu">{entries()}{sign_out()}</nav>
                    // On a narrow screen the same menu opens from one button; only one of the two is ever shown.
                    <details class="menu-small">
                        <summary>{self.t("menu")}</summary>
                        <nav aria-label=self.t("menu-label")>{entries()}{sign_out()}</nav>
                    </details>
                    <a class="leave" href=self.site.neutral_site.clone() rel="noreferrer" data-leave="">{self.t("leave-now")}</a>
                </div>
            </header>
        }
        .into_any()
    }

    fn crumbs(&self, sheet: &Sheet) -> Option<AnyView> {
        (!sheet.crumbs.is_empty()).then(|| {
            let steps = sheet
                .crumbs
                .iter()
                .map(|c| view! { <li><a href=c.href.clone()>{c.words.clone()}</a></li> })
                .collect_view();
            view! { <nav class="crumbs" aria-label=self.t("crumbs-label")><ol>{steps}</ol></nav> }.into_any()
        })
    }

    fn bottom(&self) -> AnyView {
        let link = |href: &'static str, key: &str| view! { <li><a href=href>{self.t(key)}</a></li> };
        let warning = self.session_seconds.map(|seconds| {
            view! {
                <dialog id="session-warning" data-seconds=seconds.to_string() aria-labelledby="session-warning-title">
                    <h2 id="session-warning-title">{self.t("session-warning-title")}</h2>
                    <p data-ask="">{self.t("session-warning-words")}</p>
                    <p data-over="" hidden>{self.t("session-over-words")}</p>
                    <p class="buttons">
                        <button type="button" data-stay="">{self.t("session-stay")}</button>
                        <button type="button" data-close="" hidden>{self.t("close")}</button>
                    </p>
                </dialog>
            }
        });
        // Without scripts nothing can ask two minutes before: the page says when. With them the question is enough.
        let ends = self.session_seconds.map(|seconds| {
            let at = when::soon(self.words, &self.zone, self.now, self.now.plus(seconds * Moment::SECOND));
            view! { <p id="session-ends" class="meta">{self.with("session-ends", &[("when", (&at).into())])}</p> }
        });
        view! {
            <footer class="bottom">
                // The same five, in the same order, on every page, signed in or not (STANDARDS criterion 35).
                <nav aria-label=self.t("help-label")>
                    <ul>
                        {link("/help", "help-link")}
                        {link("/talk", "talk-link")}
                        {link("/not-safe", "not-safe-link")}
                        {link("/accessibility", "accessibility-link")}
                        {link("/privacy", "privacy-link")}
                    </ul>
                </nav>
                <nav aria-label=self.t("about-label")>
                    <ul class="small-links">
                        {link("/cookies", "cookies-link")}
                        {link("/security", "security-link")}
                        {link("/attribution", "attribution-link")}
                    </ul>
                </nav>
                {ends}
            </footer>
            {warning}
        }
        .into_any()
    }
}
