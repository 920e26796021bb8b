//! Suggestions: the list, the form, one of them, and checking their words.

mod one;

pub use one::{check, one};

use domain::designs::changes::Part;
use domain::designs::suggestions::{SuggestionKind, SuggestionState};
use domain::ids::DesignId;
use domain::moment::Moment;
use frontend::LiveNews;
use leptos::prelude::*;
use service::designs::suggestions::{NewSuggestionForm, PickSection, SuggestionLine, SuggestionList};

use super::{closed, crumbs};
use crate::kit::{self, Choice, Field};
use crate::pages::comments::author;
use crate::{Crumb, Form, Page, Sheet, when};

/// Where a suggestion has its page.
pub fn address(line: &SuggestionLine) -> String {
    format!("/designs/{}/suggestions/{}", line.design, line.id)
}

/// A state in words with its symbol.
fn state_tag(page: &Page, state: SuggestionState) -> AnyView {
    let (look, code) = match state {
        SuggestionState::Held => ("held", "23F3"),
        SuggestionState::Pending => ("open", "1F4AC"),
        SuggestionState::Look => ("checking", "1F440"),
        SuggestionState::Accepted => ("agreed", "2705"),
        SuggestionState::Changed => ("agreed", "270F"),
        SuggestionState::NotAccepted => ("stopped", "1F6AB"),
        SuggestionState::Withdrawn => ("void", "21A9"),
        SuggestionState::Hidden => ("void", "1F6AB"),
    };
    kit::status_tag(look, code, page.t(&format!("suggestion-state-{state}")))
}

/// Added words: underlined, and in words for those who do not see the line.
fn added(page: &Page, words: &str) -> AnyView {
    let (said, end) = (page.t("suggestion-word-added"), page.t("suggestion-word-end"));
    view! { <ins><span class="unseen">" "{said}" "</span>{words.to_owned()}<span class="unseen">" "{end}" "</span></ins> }
        .into_any()
}

/// Removed words: struck through, and in words.
fn removed(page: &Page, words: &str) -> AnyView {
    let (said, end) = (page.t("suggestion-word-removed"), page.t("suggestion-word-end"));
    view! { <del><span class="unseen">" "{said}" "</span>{words.to_owned()}<span class="unseen">" "{end}" "</span></del> }
        .into_any()
}

/// A comparison, as words.
fn pieces(page: &Page, all: &[Part]) -> AnyView {
    let all = all
        .iter()
        .map(|piece| match piece {
            Part::Kept(words) => view! { {words.clone()} }.into_any(),
            Part::Added(words) => added(page, words),
            Part::Removed(words) => removed(page, words),
        })
        .collect_view();
    view! { <p class="own-words changes">{all}</p> }.into_any()
}

/// What a suggestion says, without the section around it.
pub(crate) fn says(page: &Page, kind: SuggestionKind, picked: &str, words: &str) -> AnyView {
    let gone = |words: &str| match words {
        "" => view! { <p class="meta">{page.t("suggestion-from-whole")}</p> }.into_any(),
        words => view! { <p class="own-words changes">{removed(page, words)}</p> }.into_any(),
    };
    let come = || view! { <p class="own-words changes">{added(page, words)}</p> };
    match kind {
        SuggestionKind::Change => view! { {gone(picked)}{come()} }.into_any(),
        SuggestionKind::Remove => gone(picked),
        SuggestionKind::Add if picked.is_empty() => {
            view! { <p class="meta">{page.t("suggestion-add-end")}</p>{come()} }.into_any()
        }
        SuggestionKind::Add => view! {
            <p class="meta">{page.t("suggestion-add-after")}</p>
            <p class="own-words">{picked.to_owned()}</p>
            {come()}
        }
        .into_any(),
    }
}

/// Who and when.
fn meta(page: &Page, line: &SuggestionLine) -> AnyView {
    let (name, at) = (author(page, &line.author), line.made_at);
    view! {
        <p class="meta"><strong>{name}</strong>" · "<time datetime=when::machine(at)>{page.date_time(at)}</time></p>
    }
    .into_any()
}

fn why(page: &Page, line: &SuggestionLine) -> AnyView {
    view! { <p class="own-words">{page.with("suggestion-why", &[("why", (&line.why).into())])}</p> }.into_any()
}

/// One suggestion in a list. The same for the page and for live news.
fn item(page: &Page, line: &SuggestionLine, into: Option<&'static str>) -> AnyView {
    let what = page.with(&format!("suggestion-what-{}", line.kind), &[("heading", (&line.heading).into())]);
    let (name, when) = (author(page, &line.author), page.date_time(line.made_at));
    let whom = page.with("suggestion-read-whom", &[("name", (&name).into()), ("when", (&when).into())]);
    view! {
        <li id=format!("suggestion-{}", line.id) data-into=into>
            <article id=format!("suggested-{}", line.id) data-replace="" class="comment">
                <p>{state_tag(page, line.state)}</p>
                <p><strong>{what}</strong></p>
                {says(page, line.kind, &line.picked, &line.words)}
                {why(page, line)}
                {meta(page, line)}
                <p class="acts"><a href=address(line)>{page.t("suggestion-read")}<span class="unseen">": "{whom}</span></a></p>
            </article>
        </li>
    }
    .into_any()
}

/// Others about the same words. The summary of what is wrong points here.
fn near(page: &Page, lines: &[SuggestionLine], keys: (&str, &str)) -> Option<AnyView> {
    (!lines.is_empty()).then(|| {
        let items = lines.iter().map(|line| item(page, line, None)).collect_view();
        view! {
            <section id="field-similar" tabindex="-1" aria-labelledby="similar">
                <h2 id="similar">{page.t(keys.0)}</h2>
                <p>{page.t(keys.1)}</p>
                <ol class="comments">{items}</ol>
            </section>
        }
        .into_any()
    })
}

/// What came or changed while the list was open.
pub fn news(page: &Page, lines: &[SuggestionLine], read_at: Moment) -> String {
    page.draw_part(|| {
        let items = lines.iter().map(|line| item(page, line, Some("suggestions-new"))).collect_view();
        view! { <ol data-read-at=read_at.0.to_string()>{items}</ol> }.into_any()
    })
}

fn filters(page: &Page, all: &SuggestionList, to: &str) -> AnyView {
    let form = Form::default();
    let mut sections = vec![Choice::new("", page.t("suggestions-filter-all"))];
    sections.extend(all.headings.iter().map(|h| Choice::new(h.id.to_string(), h.words.clone())));
    let mut states = vec![Choice::new("", page.t("suggestions-filter-all"))];
    states.extend(SuggestionState::ALL.iter().map(|s| Choice::new(s.name(), page.t(&format!("suggestion-state-{s}")))));
    let section = Field::new("section", page.t("suggestions-filter-section"))
        .start(all.section.map(|s| s.to_string()).unwrap_or_default());
    let state = Field::new("state", page.t("suggestions-filter-state"))
        .start(all.state.map(|s| s.name().to_owned()).unwrap_or_default());
    view! {
        <form method="get" action=to.to_owned() class="form filters">
            {kit::select(page, &form, section, sections)}
            {kit::select(page, &form, state, states)}
            <p class="buttons"><button class="quiet">{page.t("suggestions-filter-button")}</button></p>
        </form>
    }
    .into_any()
}

/// The suggestions of a design.
pub fn list(page: &Page, all: &SuggestionList) -> String {
    let title = page.with("suggestions-title", &[("title", (&all.head.title).into())]);
    let sheet = Sheet::new(title).crumbs(crumbs(page, &all.head, true)).islands();
    page.draw(&sheet, || {
        let to = format!("/designs/{}/suggestions", all.head.id);
        let filtered = all.section.is_some() || all.state.is_some();
        let none = all.lines.is_empty().then(|| {
            kit::empty("1F4A1", page.t(if filtered { "suggestions-none-filter" } else { "suggestions-none" }))
        });
        let new = all.may_suggest.then(|| {
            let section = all.section.map(|s| format!("?section={s}")).unwrap_or_default();
            let to = format!("{to}/new{section}");
            view! { <p class="buttons"><a class="button main" href=to>{page.t("suggestions-new-link")}</a></p> }
        });
        let locked = closed(page, &all.head);
        let query = |before: Option<&str>| {
            let section = all.section.map(|s| s.to_string()).unwrap_or_default();
            let state = all.state.map_or("", SuggestionState::name);
            let before = before.map(|b| format!("&before={b}")).unwrap_or_default();
            format!("{to}?section={section}&state={state}{before}")
        };
        let older =
            all.older.as_ref().map(|b| view! { <a href=query(Some(b))>{page.t("suggestions-older")}</a>" " });
        let newer = all.is_older.then(|| view! { <a href=query(None)>{page.t("suggestions-newer")}</a> });
        let live = (!all.is_older && !filtered).then(|| {
            view! {
                <ol class="comments" id="suggestions-new" aria-label=page.t("suggestions-new-list")></ol>
                <p class="go"><a href=to.clone()>{page.t("suggestions-look-again")}</a></p>
                <LiveNews subject=format!("design={}", all.head.id) news=format!("{to}/news") since=all.read_at.0
                    look_in=None one=page.t("suggestions-one") many=page.t("suggestions-many") />
            }
        });
        let items = all.lines.iter().map(|line| item(page, line, None)).collect_view();
        view! {
            <h1>{page.t("suggestions-heading")}</h1>
            <p class="lead">{page.t("suggestions-about")}" "
                <a href=format!("/designs/{}", all.head.id)>{all.head.title.clone()}</a>". "{page.t("suggestions-lead")}</p>
            {locked}
            {new}
            {filters(page, all, &to)}
            {none}
            <ol class="comments" id="suggestions">{items}</ol>
            {live}
            <p class="pages">{older}{newer}</p>
        }
        .into_any()
    })
}

/// Which words, what becomes of them, and why: the same for a new suggestion and for changing one. `suffix` keeps the ids of
/// its fields apart from those of another form of the page.
fn fields(page: &Page, form: &Form, section: &PickSection, start: Option<&SuggestionLine>, suffix: &str) -> AnyView {
    let apart = |field: Field| {
        if suffix.is_empty() {
            return field;
        }
        let id = format!("{}-{suffix}", kit::field_id(field.name));
        field.id(id)
    };
    let kinds = SuggestionKind::ALL
        .iter()
        .map(|k| {
            Choice::new(k.name(), page.t(&format!("suggestion-kind-{k}")))
                .hint(page.t(&format!("suggestion-kind-{k}-hint")))
        })
        .collect();
    let mut picks: Vec<Choice> =
        section.sentences.iter().map(|(n, words)| Choice::new(format!("{n} {words}"), words.clone())).collect();
    picks.push(Choice::new("whole", page.t("suggest-whole")));
    picks.push(Choice::new("other", page.t("suggest-other")));
    let (picked, exact) = match start {
        None if section.sentences.is_empty() => ("whole".to_owned(), String::new()),
        None => (String::new(), String::new()),
        Some(line) if line.picked.is_empty() => ("whole".to_owned(), String::new()),
        Some(line) => {
            let found = section.sentences.iter().find(|(_, words)| *words == line.picked);
            let picked = found.map_or_else(|| "other".to_owned(), |(n, words)| format!("{n} {words}"));
            (picked, if found.is_some() { String::new() } else { line.picked.clone() })
        }
    };
    let own = |of: fn(&SuggestionLine) -> &String| start.map(of).cloned().unwrap_or_default();
    let kind = start.map_or("change", |line| line.kind.name());
    view! {
        {kit::radios(page, form, apart(Field::new("kind", page.t("suggest-kind")).start(kind)), kinds)}
        {kit::radios(page, form, apart(Field::new("picked", page.t("suggest-picked")).start(picked)), picks)}
        {kit::field(page, form, apart(Field::new("exact", page.t("suggest-exact")).hint(page.t("suggest-exact-hint")).size(40).start(exact)))}
        {kit::text_area(page, form, apart(Field::new("words", page.t("suggest-words")).hint(page.t("suggest-words-hint")).start(own(|l| &l.words))))}
        {kit::text_area(page, form, apart(Field::new("why", page.t("suggest-why")).hint(page.t("suggest-why-hint")).size(3).start(own(|l| &l.why))))}
    }
    .into_any()
}

fn copy_from(page: &Page, section: &PickSection) -> AnyView {
    if domain::words::is_blank(&section.words) {
        return view! { <p class="meta">{page.t("suggest-empty")}</p> }.into_any();
    }
    let label = page.t("suggest-now");
    kit::details(
        page.t("suggest-copy"),
        view! { <div class="field"><label for="now">{label}</label>{kit::kept_box("now", &section.words)}</div> },
    )
}

/// The form for a suggestion: first which section, then the rest.
pub fn new(page: &Page, form: &Form, f: &NewSuggestionForm) -> String {
    let title = page.with("suggest-title", &[("title", (&f.head.title).into())]);
    let mut crumbs = crumbs(page, &f.head, true);
    crumbs.push(Crumb::new(page.t("suggestions-heading"), format!("/designs/{}/suggestions", f.head.id)));
    let sheet = Sheet::new(title.clone()).crumbs(crumbs).refused(form);
    page.draw(&sheet, || {
        let to = format!("/designs/{}/suggestions/new", f.head.id);
        let body = match &f.section {
            None => choose(page, form, f, &to),
            Some(section) => {
                let held = f.held.then(|| {
                    let hours = &page.site.moderation_hours;
                    view! { <p class="hint">{page.with("suggest-held", &[("hours", hours.into())])}</p> }
                });
                let send = if f.near.is_empty() { "suggest-send" } else { "suggest-send-anyway" };
                let fields = view! {
                    {kit::hidden("section", &section.id.to_string())}
                    {kit::hidden("shown", &f.near_ids)}
                    {fields(page, form, section, None, "")}
                    {held}
                };
                let other = format!("/designs/{}/suggestions/new", f.head.id);
                view! {
                    {near(page, &f.near, ("suggest-near-title", "suggest-near-words"))}
                    <section aria-labelledby="part">
                        <h2 id="part">{section.heading.clone()}</h2>
                        {copy_from(page, section)}
                        {kit::form(page, form, &to, &page.t(send), fields)}
                    </section>
                    <p class="go"><a href=other>{page.t("suggest-other-section")}</a></p>
                }
                .into_any()
            }
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            <p class="lead">{page.t("suggest-lead")}</p>
            {body}
        }
        .into_any()
    })
}

fn choose(page: &Page, form: &Form, f: &NewSuggestionForm, to: &str) -> AnyView {
    if f.headings.is_empty() {
        return kit::empty("1F4DD", page.t("suggest-no-sections"));
    }
    let choices = f.headings.iter().map(|h| Choice::new(h.id.to_string(), h.words.clone())).collect();
    // Its part was taken out while somebody wrote about it: their words are here to be copied.
    let typed = kit::kept(page, ["exact", "words", "why"].map(|name| form.value(name)));
    view! {
        {typed}
        <form method="get" action=to.to_owned() class="form">
            {kit::hidden("choose", "yes")}
            {kit::radios(page, form, Field::new("section", page.t("suggest-choose-section")), choices)}
            <p class="buttons"><button class="main">{page.t("suggest-choose-button")}</button></p>
        </form>
    }
    .into_any()
}

/// Below a section of a design: the way to suggest something, and to what waits.
pub(super) fn beside_section(
    page: &Page,
    design: DesignId,
    section: (&str, &str),
    waiting: i64,
    may_suggest: bool,
) -> Option<AnyView> {
    let (id, heading) = section;
    let whom = page.with("suggestion-section-whom", &[("heading", heading.into())]);
    let suggest = may_suggest.then(|| {
        let to = format!("/designs/{design}/suggestions/new?section={id}");
        view! { <a href=to>{page.t("suggestion-section-link")}<span class="unseen">" "{whom.clone()}</span></a> }
    });
    let waits = (waiting > 0).then(|| {
        let to = format!("/designs/{design}/suggestions?section={id}&state=pending");
        let n = page.with("suggestions-waiting", &[("n", waiting.into())]);
        let whom = page.with("suggestion-waiting-whom", &[("heading", heading.into())]);
        view! { <a href=to>{n}<span class="unseen">" "{whom}</span></a> }
    });
    let apart = (suggest.is_some() && waits.is_some()).then_some(" · ");
    (suggest.is_some() || waits.is_some()).then(|| view! { <p class="go">{suggest}{apart}{waits}</p> }.into_any())
}
