//! The versions of a design: the list, one of them, two states side by side, and bringing one back.

use domain::access::Verb;
use domain::designs::Stage;
use domain::designs::changes::{Fate, Part};
use leptos::prelude::*;
use service::designs::{ChangedBy, Comparison, SectionChange, Side, VersionView, VersionsPage, YoungShare};

use super::{by, crumbs, version_name};
use crate::kit::{Choice, Field};
use crate::{Crumb, Form, Page, Sheet, kit};

/// What is shown of two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// The words of the later one.
    Final,
    /// What came and went.
    Changes,
    /// The words of the earlier one.
    Before,
}

impl Show {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Final, "final"), (Self::Changes, "changes"), (Self::Before, "before")];

    /// What an address asks for.
    pub fn of(asked: Option<&str>, otherwise: Self) -> Self {
        Self::ALL.iter().find(|(_, name)| Some(*name) == asked).map_or(otherwise, |(show, _)| *show)
    }
}

fn made(page: &Page, v: &VersionView) -> AnyView {
    let who = by(page, &v.by);
    let when = page.date_time(v.made_at);
    let words = page.with("version-made", &[("who", (&who).into()), ("when", (&when).into())]);
    let why = (!v.why.is_empty()).then(|| view! { <p class="own-words">{v.why.clone()}</p> });
    view! { <p class="meta">{words}</p>" "{why} }.into_any()
}

fn line(page: &Page, v: &VersionView) -> String {
    let name = version_name(page, &v.name);
    page.with("version-line", &[("n", v.number.into()), ("name", (&name).into())])
}

/// All of them.
pub fn versions(page: &Page, all: &VersionsPage, form: &Form) -> String {
    let head = &all.head;
    let title = page.with("versions-title", &[("design", (&head.title).into())]);
    page.draw(&Sheet::new(title.clone()).crumbs(crumbs(page, head, true)).refused(form), || {
        let at = format!("/designs/{}/versions", head.id);
        let lines = all
            .all
            .iter()
            .map(|v| {
                let words = line(page, v);
                let changes = (v.number > 1).then(|| {
                    let href = format!("{at}/{}?show=changes", v.number);
                    view! { <p class="go"><a href=href>{page.t("version-changes")}<span class="unseen">": "{words.clone()}</span></a></p> }
                });
                kit::card(
                    false,
                    view! { <h2><a href=format!("{at}/{}", v.number)>{words.clone()}</a></h2>{made(page, v)}{changes} },
                )
            })
            .collect::<Vec<_>>();
        let none = lines.is_empty().then(|| kit::empty("1F5C2", page.t("versions-none")));
        let since = page.me().is_some().then(|| {
            let link = |from: &str, key: &str| view! { <li><a href=format!("{at}/compare?from={from}")>{page.t(key)}</a></li> };
            let commented = all.commented.then(|| link("comment", "since-commented"));
            view! { <ul class="links">{link("last", "since-last")}{commented}</ul> }
        });
        let make = page.may(Verb::ShapeDesign, &head.place).then(|| {
            let name = Field::new("version_name", page.t("version-name")).hint(page.t("version-name-hint")).size(30);
            let why = Field::new("why", page.t("version-why")).hint(page.t("version-why-hint")).size(3);
            let fields = view! { {kit::field(page, form, name)}{kit::text_area(page, form, why)} };
            let form = kit::form(page, form, &at, &page.t("version-make-button"), fields);
            view! { <section><h2>{page.t("version-make")}</h2>{form}</section> }
        });
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p class="lead">{page.t("versions-lead")}</p>
            {since}
            {none}
            <ul class="cards">{lines}</ul>
            {any_two(page, &at, &all.all)}
            {all.young.as_ref().map(|share| young(page, share))}
            {make}
        }
        .into_any()
    })
}

/// Any two versions, or one and now: a form that only looks.
fn any_two(page: &Page, at: &str, all: &[VersionView]) -> Option<AnyView> {
    let newest = all.first()?;
    let choices = || all.iter().map(|v| Choice::new(v.number.to_string(), line(page, v)));
    let form = Form::new(String::new());
    let from = Field::new("from", page.t("compare-from")).start(newest.number.to_string());
    let to = Field::new("to", page.t("compare-to")).start("now");
    let to_choices = std::iter::once(Choice::new("now", page.t("compare-now"))).chain(choices()).collect();
    Some(
        view! {
            <section aria-labelledby="any-two">
                <h2 id="any-two">{page.t("compare-any")}</h2>
                <form method="get" action=format!("{at}/compare") class="form">
                    {kit::select(page, &form, from, choices().collect())}
                    {kit::select(page, &form, to, to_choices)}
                    <p class="buttons"><button>{page.t("compare-button")}</button></p>
                </form>
            </section>
        }
        .into_any(),
    )
}

/// How much of it young people wrote.
fn young(page: &Page, share: &YoungShare) -> AnyView {
    let people = page.count(share.people);
    let much = match share.share {
        Some(share) => page.with("shares-share", &[("percent", i64::from(share.percent()).into())]),
        None => page.t("shares-none"),
    };
    view! {
        <section aria-labelledby="shares">
            <h2 id="shares">{page.t("shares-title")}</h2>
            <p>{page.with("shares-people", &[("count", (&people).into())])}</p>
            <p>{much}</p>
            <p class="meta">{page.t("shares-how")}</p>
        </section>
    }
    .into_any()
}

fn way(page: &Page, c: &Comparison) -> Vec<Crumb> {
    let mut way = crumbs(page, &c.head, true);
    way.push(Crumb::new(page.t("versions"), format!("/designs/{}/versions", c.head.id)));
    way
}

fn side(page: &Page, side: &Side) -> String {
    let at = |key: &str, when| page.with(key, &[("when", (&page.date_time(when)).into())]);
    match side {
        Side::Version(v) => page.with("compare-version", &[("name", (&line(page, v)).into())]),
        Side::Now => page.t("compare-now"),
        Side::LastHere(when) => at("compare-last", *when),
        Side::Before(when) => at("compare-before", *when),
        Side::Commented(when) => at("compare-commented", *when),
    }
}

/// One of them.
pub fn version(page: &Page, c: &Comparison, show: Show) -> String {
    let Side::Version(v) = &c.to else { return compare(page, c, String::new(), show) };
    let name = version_name(page, &v.name);
    let values = [("n", v.number.into()), ("name", (&name).into()), ("design", (&c.head.title).into())];
    let title = page.with("version-title", &values);
    page.draw(&Sheet::new(title.clone()).crumbs(way(page, c)), || {
        let at = format!("/designs/{}/versions/{}", c.head.id, v.number);
        let restore = (c.head.stage == Stage::Drafting && page.may(Verb::RestoreVersion, &c.head.place)).then(|| {
            view! { <p class="buttons"><a class="button quiet" href=format!("{at}/restore")>{page.t("restore-link")}</a></p> }
        });
        view! {
            <h1>{title}</h1>
            {made(page, v)}
            {both(page, c, &format!("{at}?"), show)}
            {restore}
            <ul class="links">
                <li><a href=format!("/designs/{}/versions/compare?from={}", c.head.id, v.number)>{page.t("version-to-now")}</a></li>
                <li><a href=format!("/designs/{}", c.head.id)>{page.t("version-now")}</a></li>
            </ul>
        }
        .into_any()
    })
}

/// Two states. `query`: the part of the address that names them.
pub fn compare(page: &Page, c: &Comparison, query: String, show: Show) -> String {
    let title = page.with("compare-title", &[("design", (&c.head.title).into())]);
    page.draw(&Sheet::new(title.clone()).crumbs(way(page, c)), || {
        let at = format!("/designs/{}/versions/compare?{query}&", c.head.id);
        let sides = c.from.as_ref().map(|from| {
            let (from, to) = (side(page, from), side(page, &c.to));
            view! { <p class="lead">{page.with("compare-sides", &[("from", (&from).into()), ("to", (&to).into())])}</p> }
        });
        let whys = c.from.iter().chain([&c.to]).filter_map(|s| match s {
            Side::Version(v) => Some(view! { <li><strong>{line(page, v)}</strong>" "{made(page, v)}</li> }),
            _ => None,
        });
        let whys: Vec<_> = whys.collect();
        let whys = (!whys.is_empty()).then(|| view! { <ul class="links">{whys}</ul> });
        view! {
            <h1>{title}</h1>
            {sides}
            {whys}
            {both(page, c, &at, show)}
            <p class="go"><a href=format!("/designs/{}", c.head.id)>{page.t("version-now")}</a></p>
        }
        .into_any()
    })
}

/// The three switches, and what is switched on.
fn both(page: &Page, c: &Comparison, at: &str, show: Show) -> AnyView {
    if c.from.is_none() {
        // The first version has nothing before it; whoever looks for what is new has all of it before them.
        let first = page.t(if matches!(c.to, Side::Version(_)) { "compare-first" } else { "compare-all-new" });
        return view! { {kit::notice("info", view! { <p>{first}</p> })}{whole(page, &c.sections)} }.into_any();
    }
    let switches = Show::ALL
        .iter()
        .map(|(other, name)| {
            let current = (*other == show).then_some("true");
            view! { <li><a href=format!("{at}show={name}") aria-current=current>{page.t(&format!("show-{name}"))}</a></li> }
        })
        .collect_view();
    let body = match show {
        Show::Final => whole(page, &c.sections),
        Show::Before => whole(page, &c.before),
        Show::Changes => changes(page, &c.changes),
    };
    view! { <nav class="filters" aria-label=page.t("show-label")><ul>{switches}</ul></nav>{body} }.into_any()
}

fn whole(page: &Page, sections: &[(String, String)]) -> AnyView {
    let none = sections.is_empty().then(|| kit::empty("1F4DD", page.t("design-no-sections")));
    let empty = || view! { <p class="meta">{page.t("section-empty")}</p> };
    let sections = sections
        .iter()
        .map(|(heading, html)| {
            let words = (!html.is_empty()).then(|| view! { <div class="words" inner_html=html.clone()></div> });
            let empty = html.is_empty().then(empty);
            view! { <section><h2>{heading.clone()}</h2>{words}{empty}</section> }
        })
        .collect_view();
    view! { {none}{sections} }.into_any()
}

/// What changed, section by section; those that stayed the same by their headings only.
fn changes(page: &Page, all: &[SectionChange]) -> AnyView {
    let changed = all.iter().filter(|s| s.compared.changed()).map(|s| change(page, s)).collect::<Vec<_>>();
    let same: Vec<_> = all.iter().filter(|s| !s.compared.changed()).map(|s| s.compared.heading.clone()).collect();
    let none = changed.is_empty().then(|| kit::empty("1F4DD", page.t("changes-none")));
    let same = (!same.is_empty() && !changed.is_empty()).then(|| {
        let lines = same.into_iter().map(|heading| view! { <li>{heading}</li> }).collect_view();
        view! { <section><h2>{page.t("changes-same")}</h2><ul>{lines}</ul></section> }
    });
    view! { {none}{changed}{same} }.into_any()
}

fn change(page: &Page, s: &SectionChange) -> AnyView {
    let c = &s.compared;
    let said = |key: &str| view! { <p><strong>{page.t(key)}</strong></p> };
    let fate = match c.fate {
        Fate::Stayed => None,
        Fate::Added => Some(said("changes-section-added")),
        Fate::Removed => Some(said("changes-section-removed")),
    };
    let moved = c.moved.then(|| said("changes-section-moved"));
    let was = c.was.as_ref().map(|was| {
        let words = page.with("changes-section-renamed", &[("heading", was.into())]);
        view! { <p><strong>{words}</strong></p> }
    });
    let who = who(page, s);
    let same = c.parts.iter().all(|p| matches!(p, Part::Kept(_)));
    let words = if same {
        (c.fate == Fate::Stayed).then(|| view! { <p class="meta">{page.t("changes-words-same")}</p> }.into_any())
    } else {
        let parts = c.parts.iter().map(|p| part(page, p)).collect::<Vec<_>>();
        Some(view! { <div class="words changes">{parts}</div> }.into_any())
    };
    view! { <section><h2>{c.heading.clone()}</h2>{fate}{moved}{was}{who}{words}</section> }.into_any()
}

/// Who changed it, and what came from suggestions.
fn who(page: &Page, s: &SectionChange) -> AnyView {
    let one = |c: &ChangedBy| {
        let (who, date) = (by(page, &c.who), page.date(c.at));
        page.with("changes-by-one", &[("who", (&who).into()), ("date", (&date).into())])
    };
    let wrote: Vec<String> = s.by.iter().filter(|c| c.accepted.is_none()).map(one).collect();
    let wrote = (!wrote.is_empty()).then(|| {
        view! { <p class="meta">{page.with("changes-by", &[("who", (&wrote.join(", ")).into())])}</p> }
    });
    let suggested: Vec<_> = s.by.iter().filter_map(|c| Some((c, c.accepted.as_ref()?))).collect();
    let suggested = (!suggested.is_empty()).then(|| {
        let lines = suggested.into_iter().map(|(c, accepted)| {
            let (who, decided, date) = (by(page, &c.who), by(page, &accepted.by), page.date(c.at));
            let values = [("who", (&who).into()), ("decided", (&decided).into()), ("date", (&date).into())];
            let href = format!("/designs/{}/suggestions/{}", accepted.design, accepted.suggestion);
            let why = accepted.why.as_ref().map(|why| {
                view! { <span class="own-words">{page.with("suggestion-why", &[("why", why.into())])}</span> }
            });
            view! { <li><a href=href>{page.with("changes-suggested", &values)}</a>" "{why}</li> }.into_any()
        });
        view! { <ul class="links">{lines.collect::<Vec<_>>()}</ul> }
    });
    view! { {wrote}{suggested} }.into_any()
}

/// Words that stayed, came or went: said in a word, underlined or struck out, and marked as such for those who hear them.
fn part(page: &Page, part: &Part) -> AnyView {
    // With their spaces: the word is not drawn as one of the words beside it, and is not read together with them.
    let word = |key: &str| view! { <span class="change-word">{format!(" {} ", page.t(key))}</span> };
    let end = || view! { <span class="unseen">" "{page.t("suggestion-word-end")}" "</span> };
    let (Part::Kept(text) | Part::Added(text) | Part::Removed(text)) = part;
    let words = text.trim().to_owned();
    // Spaces and new lines around them belong to neither: marks begin and end where words do.
    let start = text.len() - text.trim_start().len();
    let (before, after) = (text[..start].to_owned(), text[start + words.len()..].to_owned());
    match part {
        Part::Kept(text) => view! { <span>{text.clone()}</span> }.into_any(),
        // A space or an empty line more or less is nothing to read out.
        Part::Added(text) if words.is_empty() => view! { <span>{text.clone()}</span> }.into_any(),
        Part::Removed(_) if words.is_empty() => ().into_any(),
        Part::Added(_) => view! { {before}<ins>{word("suggestion-word-added")}{words}{end()}</ins>{after} }.into_any(),
        Part::Removed(_) => {
            view! { {before}<del>{word("suggestion-word-removed")}{words}{end()}</del>{after} }.into_any()
        }
    }
}

/// Before a version is brought back: what will change.
pub fn restore(page: &Page, c: &Comparison, form: &Form) -> String {
    let (number, name) = match &c.to {
        Side::Version(v) => (v.number, line(page, v)),
        _ => (0, String::new()),
    };
    let title = page.with("restore-title", &[("n", number.into()), ("design", (&c.head.title).into())]);
    page.draw(&Sheet::new(title.clone()).crumbs(way(page, c)), || {
        let at = format!("/designs/{}/versions/{number}", c.head.id);
        let any = c.changes.iter().any(|s| s.compared.changed());
        let kept = page.with("restore-kept", &[("name", (&name).into())]);
        let form = any.then(|| {
            let seen = kit::hidden("seen", &c.seen.to_string());
            let form = kit::form(page, form, &format!("{at}/restore"), &page.t("restore-button"), seen);
            view! { {kit::notice("info", view! { <p>{kept}</p> })}{form} }
        });
        view! {
            <h1>{title}</h1>
            <p class="lead">{page.t(if any { "restore-lead" } else { "restore-same" })}</p>
            {any.then(|| changes(page, &c.changes))}
            {form}
            <p class="go"><a href=at.clone()>{page.t("restore-no")}</a></p>
        }
        .into_any()
    })
}
