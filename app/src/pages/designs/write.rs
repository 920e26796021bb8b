//! Writing a design: every section with its words, each with its own Save.

use domain::ids::SectionId;
use frontend::LiveWriting;
use leptos::prelude::*;
use service::designs::{BothTexts, DesignHead, DesignView, LockView, SectionView};

use super::{act, by, crumbs, stages};
use crate::kit::Field;
use crate::{Form, Page, Sheet, kit, when};

/// The form that was sent from this page, if one was: what it does, and to which section.
fn sent(form: &Form) -> (String, Option<SectionId>) {
    let typed = form.value("act");
    let (what, id) = typed.split_once(' ').unwrap_or((&typed, ""));
    (what.to_owned(), id.parse().ok())
}

/// What the page that writes tells its island about whose it is.
#[derive(Debug, Clone, Default)]
pub struct Mine {
    /// Marks of who writes, never their id, the newest first: what is kept on the device is kept under them.
    pub owners: String,
    /// Others use this device too: nothing is kept on it.
    pub shared: bool,
}

/// Words that somebody looks at as everybody would read them, before they are saved.
#[derive(Debug, Clone)]
pub struct Look {
    /// Whose words they would be.
    pub section: SectionId,
    /// The words, drawn.
    pub html: String,
}

/// The page. `look`: what is shown below the box of one section.
pub fn write(page: &Page, design: DesignView, mine: &Mine, form: &Form, look: Option<&Look>) -> String {
    let head = &design.head;
    let title = page.with("write-title", &[("design", (&head.title).into())]);
    let sheet = Sheet::new(title.clone()).crumbs(crumbs(page, head, true)).refused(form).islands();
    page.draw(&sheet, || {
        let at = format!("/designs/{}/write", head.id);
        let mine_on_device = mine;
        let fresh = Form::new(form.id().to_owned());
        let (what, which) = sent(form);
        let last = design.sections.len().saturating_sub(1);
        let sections = design
            .sections
            .iter()
            .enumerate()
            .map(|(n, s)| {
                let mine = |name: &str| if which == Some(s.id) && what == name { form } else { &fresh };
                let places = (n > 0, n < last);
                let lock = design.locks.iter().find(|l| l.section == s.id);
                let look = look.filter(|look| look.section == s.id).map(|look| look.html.as_str());
                section(page, &at, (s, lock, look), design.base, (mine("save"), mine("rename"), &fresh), places)
            })
            .collect_view();
        let add = if what == "add" { form } else { &fresh };
        let removed = design
            .removed
            .iter()
            .map(|(id, heading)| {
                let button = act(&fresh, &at, &format!("back {id}"), "quiet", page.t("section-bring-back"), heading);
                view! { <li>{heading.clone()}" "{button}</li> }
            })
            .collect::<Vec<_>>();
        let removed = (!removed.is_empty()).then(|| {
            view! { <section><h2>{page.t("write-removed")}</h2><ul>{removed}</ul></section> }
        });
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            {stages(page, head.stage)}
            <p class="lead">{page.t("write-lead")}</p>
            {kit::details(page.t("write-how"), view! { <p>{page.t("write-how-bold")}</p><p>{page.t("write-how-list")}</p><p>{page.t("write-how-link")}</p><p>{page.t("write-how-picture")}</p> })}
            {live(page, &design, mine_on_device)}
            {sections}
            <section aria-labelledby="add-section">
                <h2 id="add-section">{page.t("write-add")}</h2>
                <form method="post" action=at.clone() novalidate class="form">
                    {kit::hidden("form_id", add.id())}
                    {kit::hidden("act", "add")}
                    {kit::field(page, add, heading_field(page, "add", add))}
                    <p class="buttons"><button>{page.t("write-add-button")}</button></p>
                </form>
            </section>
            {removed}
            <p class="go"><a href=format!("/designs/{}/pictures", head.id)>{page.t("write-pictures")}</a></p>
            <p class="go"><a href=format!("/designs/{}", head.id)>{page.t("write-read")}</a></p>
        }
        .into_any()
    })
}

/// What the island says, by the names it asks for.
const SAYS: [&str; 25] = [
    "live-start",
    "live-on",
    "live-lost",
    "live-lost-shared",
    "live-unsent-one",
    "live-unsent-many",
    "live-alone",
    "live-writes",
    "live-here",
    "live-changed",
    "live-waiting-one",
    "live-waiting-many",
    "live-mine-one",
    "live-mine-many",
    "live-theirs-one",
    "live-theirs-many",
    "live-removed",
    "live-too-long",
    "live-apart",
    "live-signed-out",
    "live-not-allowed",
    "live-words-locked",
    "live-writing-paused",
    "live-found",
    "live-found-sent",
];

/// What is there only for those whose browser runs the page's program: hidden until it does. Without it nothing is missing,
/// because each part has its own Save.
fn live(page: &Page, design: &DesignView, mine: &Mine) -> AnyView {
    let says = SAYS.iter().map(|key| view! { <li data-say=*key>{page.t(key)}</li> }).collect_view();
    let thanked = page.said.as_deref().is_some_and(|said| matches!(said, "section-saved" | "section-merged"));
    let choices = [("off", "live-say-off"), ("polite", "live-say-polite"), ("all", "live-say-all")];
    let choices = choices.into_iter().map(|(value, key)| {
        view! {
            <div class="choice">
                <input type="radio" id=format!("live-say-{value}") name="live_say" value=value checked=value == "polite" />
                <label for=format!("live-say-{value}")>{page.t(key)}</label>
            </div>
        }
    });
    view! {
        <section id="live" class="live" aria-labelledby="live-title" hidden>
            <h2 id="live-title">{page.t("live-title")}</h2>
            <p id="live-state" role="status">{page.t("live-start")}</p>
            <p id="live-unsent" role="status"></p>
            <div id="live-found" hidden>
                <p id="live-found-words" role="status"></p>
                <div id="live-found-boxes"></div>
                <p class="buttons"><button type="button" class="quiet" id="live-found-done" hidden>{page.t("live-found-done")}</button></p>
            </div>
            <h3 id="live-people-title">{page.t("live-people")}</h3>
            <ul id="live-people" aria-labelledby="live-people-title"></ul>
            <div class="choice">
                <input type="checkbox" id="live-calm" name="live_calm" />
                <label for="live-calm">{page.t("live-calm")}</label>
            </div>
            <div id="live-waiting" hidden>
                <p id="live-waiting-words" role="status"></p>
                <p class="buttons"><button type="button" id="live-show">{page.t("live-show")}</button></p>
            </div>
            <details class="more">
                <summary>{page.t("live-say")}</summary>
                <fieldset>
                    <legend class="unseen">{page.t("live-say")}</legend>
                    <div class="choices">{choices.collect_view()}</div>
                </fieldset>
            </details>
            {(!mine.shared).then(|| view! { <p class="go"><a href="/my-data#device">{page.t("live-device")}</a></p> })}
            <ul id="live-says" hidden>{says}</ul>
            <LiveWriting design=design.head.id.to_string() base=design.base owners=mine.owners.clone() shared=mine.shared thanked=thanked />
        </section>
    }
    .into_any()
}

/// A heading: its control has the plain id only where it was refused, because the error summary points there.
fn heading_field(page: &Page, place: &str, form: &Form) -> Field {
    let field = Field::new("heading", page.t("section-heading"));
    if form.problem("heading").is_some() { field } else { field.id(format!("field-heading-{place}")) }
}

fn section(
    page: &Page,
    at: &str,
    (s, lock, look): (&SectionView, Option<&LockView>, Option<&str>),
    base: i64,
    (save, rename, fresh): (&Form, &Form, &Form),
    (up, down): (bool, bool),
) -> AnyView {
    let id = s.id;
    let heading_id = format!("heading-{id}");
    let words = Field::new("words", page.with("section-words", &[("heading", (&s.heading).into())]))
        .start(s.words.clone())
        .size(10);
    let words = if save.problem("words").is_some() { words } else { words.id(format!("field-words-{id}")) };
    let button = |what: &str, key: &str| act(fresh, at, &format!("{what} {id}"), "quiet", page.t(key), &s.heading);
    let needed = if s.not_needed {
        button("needed", "section-needed")
    } else {
        button("not-needed", "section-not-needed-button")
    };
    let mark = s.not_needed.then(|| view! { <p>{kit::status_tag("open", "2796", page.t("section-not-needed"))}</p> });
    let more = view! {
        <form method="post" action=at.to_owned() novalidate class="form">
            {kit::hidden("form_id", rename.id())}
            {kit::hidden("act", &format!("rename {id}"))}
            {kit::field(page, rename, heading_field(page, &id.to_string(), rename).start(s.heading.clone()))}
            <p class="buttons">
                <button class="quiet">{page.t("section-rename")}<span class="unseen">": "{s.heading.clone()}</span></button>
            </p>
        </form>
        <div class="buttons">
            {up.then(|| button("up", "section-up"))}
            {down.then(|| button("down", "section-down"))}
            {needed}
            {button("remove", "section-remove")}
        </div>
    };
    // What the box says is not what the section says: the page's program must know.
    let kept = save.value_or("words", &s.words) != s.words;
    let open = rename.problem("heading").is_some();
    // What the top of the page says is out of sight when the address leads here; the style shows it then.
    let said = page.said.as_ref().and_then(|key| kit::said_here(page, key));
    let until = |l: &LockView| when::soon(page.words, &page.zone, page.now, l.until);
    let locked = lock.map(|l| {
        if l.mine {
            page.with("section-lock-mine", &[("when", (&until(l)).into())])
        } else {
            page.with("section-lock-theirs", &[("who", (&by(page, &l.by)).into()), ("when", (&until(l)).into())])
        }
    });
    let theirs = lock.is_some_and(|l| !l.mine);
    let held = lock.is_some();
    // The page's program shows the one and hides the other when that changes.
    let locking = view! {
        <div data-lock="" hidden=held>
            <p class="hint">{page.t("section-lock-hint")}</p>
            {button("lock", "section-lock")}
        </div>
        <div data-free="" hidden=!held || theirs>{button("free", "section-free")}</div>
    };
    view! {
        <section id=format!("section-{id}") data-section=id.to_string() aria-labelledby=heading_id.clone()>
            <h2 id=heading_id.clone()>{s.heading.clone()}</h2>
            {said}
            {mark}
            <p data-note="" class="notice" role="status" hidden=!held>{locked}</p>
            <form method="post" action=at.to_owned() novalidate class="form" data-save="" data-kept=kept.then_some("")>
                {kit::hidden("form_id", save.id())}
                {kit::hidden("act", &format!("save {id}"))}
                {kit::hidden("base", &save.value_or("base", &base.to_string()))}
                {kit::hidden("then", "")}
                {kit::text_area(page, save, words)}
                <p data-line="" class="notice" hidden></p>
                <p class="buttons">
                    <button>{page.t("section-save")}<span class="unseen">": "{s.heading.clone()}</span></button>
                    <button formaction=format!("{at}?look=yes#look-{id}") class="quiet" data-look=format!("look-{id}")>{page.t("section-look")}<span class="unseen">": "{s.heading.clone()}</span></button>
                    <button name="then" value="picture" class="quiet">{page.t("section-picture")}<span class="unseen">": "{s.heading.clone()}</span></button>
                    <button type="button" class="quiet" data-undo="" hidden>{page.t("live-undo")}<span class="unseen">": "{s.heading.clone()}</span></button>
                    <button type="button" class="quiet" data-redo="" hidden>{page.t("live-redo")}<span class="unseen">": "{s.heading.clone()}</span></button>
                </p>
            </form>
            {looked_at(page, s, look)}
            <details class="more" open=open>
                <summary>{page.t("section-change")}<span class="unseen">": "{s.heading.clone()}</span></summary>
                <div>{locking}{more}</div>
            </details>
        </section>
    }
    .into_any()
}

/// The words of a box as everybody would read them. Empty until somebody asks; `frontend/js/extras.js` keeps it up to date.
fn looked_at(page: &Page, s: &SectionView, html: Option<&str>) -> AnyView {
    let (id, title) = (format!("look-{}", s.id), format!("look-title-{}", s.id));
    let Some(html) = html else { return view! { <div id=id hidden></div> }.into_any() };
    let html = html.to_owned();
    let words = if html.is_empty() {
        view! { <p>{page.t("section-look-empty")}</p> }.into_any()
    } else {
        view! { <div class="words soft" inner_html=html.clone()></div> }.into_any()
    };
    view! {
        <section id=id class="look" aria-labelledby=title.clone() tabindex="-1">
            <h3 id=title.clone()>{page.t("section-look-title")}<span class="unseen">": "{s.heading.clone()}</span></h3>
            <p class="hint">{page.t("section-look-hint")}</p>
            {words}
        </section>
    }
    .into_any()
}

/// A form that is older than what is kept: both texts, to be put together by hand.
pub fn both(page: &Page, head: &DesignHead, section: SectionId, texts: &BothTexts, form: &Form) -> String {
    let title = page.t("both-title");
    page.draw(&Sheet::new(title.clone()).crumbs(crumbs(page, head, true)), || {
        let fresh = Form::new(form.id().to_owned());
        let at = format!("/designs/{}/write", head.id);
        let words = Field::new("words", page.t("both-typed")).start(texts.typed.clone()).size(12);
        view! {
            <h1>{title}</h1>
            <p class="lead">{page.t("both-lead")}</p>
            <h2>{texts.heading.clone()}</h2>
            <div class="field">
                <label for="now">{page.t("both-now")}</label>
                {kit::kept_box("now", &texts.now)}
            </div>
            <form method="post" action=at novalidate class="form">
                {kit::hidden("form_id", fresh.id())}
                {kit::hidden("act", &format!("save {section}"))}
                {kit::hidden("base", &texts.base.to_string())}
                {kit::text_area(page, &fresh, words)}
                <p class="buttons"><button class="main">{page.t("section-save")}</button></p>
            </form>
        }
        .into_any()
    })
}
