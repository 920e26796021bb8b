//! Comments: the page of a design's comments, what stands beside a design, changing one's own, and checking.

mod checking;

pub use checking::{check_comment, check_reason, moderation, verdict};

use domain::comments::{Checking, CommentKind};
use domain::moment::Moment;
use frontend::LiveNews;
use leptos::prelude::*;
use service::comments::{Author, Comments, Heading, Latest, Mine, News, Order, Said, Seen};

use crate::kit::{self, Choice, Field};
use crate::page::Crumb;
use crate::pages::errors::sign_in_way;
use crate::{Form, Page, Sheet, when};

/// OpenMoji codes of the kinds.
pub const fn kind_symbol(kind: CommentKind) -> &'static str {
    match kind {
        CommentKind::Like => "1F44D",
        CommentKind::Worry => "1F61F",
        CommentKind::Question => "2753",
        CommentKind::Idea => "1F4A1",
    }
}

/// Who wrote something, in words.
pub fn author(page: &Page, author: &Author) -> String {
    match author {
        Author::Me => page.t("comment-by-me"),
        Author::Named(name, role) => page.named(name, *role),
        Author::InRole(role) => page.t(&format!("comment-by-{role}")),
        Author::Left => page.t("comment-by-left"),
        Author::Imported => page.t("comment-by-imported"),
    }
}

fn written(page: &Page, at: Moment) -> AnyView {
    view! { <time datetime=when::machine(at)>{page.date_time(at)}</time> }.into_any()
}

/// The kinds as radios with their symbols; beside "this part worries me" always where to go with a worry about a person.
fn kinds(page: &Page, form: &Form, start: &str) -> AnyView {
    let all = CommentKind::ALL
        .iter()
        .map(|kind| {
            let choice = Choice::new(kind.name(), page.t(&format!("comment-kind-{kind}"))).symbol(kind_symbol(*kind));
            if *kind == CommentKind::Worry { choice.link("/not-safe", page.t("comment-worried")) } else { choice }
        })
        .collect();
    let field = Field::new("kind", page.t("comment-form-kind")).start(start);
    view! { <div class="kinds">{kit::radios(page, form, field, all)}</div> }.into_any()
}

/// What one list of comments needs beside them.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// Where answers are posted to.
    to: &'a str,
    /// The form that was posted or kept; every form of the page has its id.
    form: &'a Form,
}

/// One comment and its answers, as a list item. The same for the page and for live news.
fn said(page: &Page, around: Around<'_>, said: &Said, into: Option<String>) -> AnyView {
    let name = author(page, &said.author);
    let reply = said.parent.is_some();
    let id = said.id.to_string();
    let kind = (!reply && matches!(said.seen, Seen::Words(_) | Seen::Waiting(_))).then(|| {
        kit::status_tag(said.kind.name(), kind_symbol(said.kind), page.t(&format!("comment-kind-{}", said.kind)))
    });
    let own_words = |words: &String| view! { <p class="own-words">{words.clone()}</p> };
    let (state, body) = match &said.seen {
        Seen::Words(words) => ("published", own_words(words).into_any()),
        Seen::Waiting(words) => {
            let mine = (said.author == Author::Me)
                .then(|| view! { <p class="hint">{page.t("comment-state-waiting-mine")}</p> });
            let tag = kit::status_tag("held", "23F3", page.t("comment-state-waiting"));
            ("held", view! { <p>{tag}</p>{own_words(words)}{mine} }.into_any())
        }
        Seen::WaitingUnseen => {
            ("held", view! { <p>{kit::symbol_line("23F3", page.t("comment-state-waiting-unseen"))}</p> }.into_any())
        }
        Seen::TakenBack => {
            ("taken-back", view! { <p>{kit::symbol_line("21A9", page.t("comment-state-taken-back"))}</p> }.into_any())
        }
        Seen::TakenAway { words, reason } => {
            let key = if words.is_some() { "comment-state-taken-away-mine" } else { "comment-state-taken-away" };
            let reason = reason.as_ref().filter(|r| !r.is_empty()).map(
                |r| view! { <p class="own-words">{page.with("comment-state-reason", &[("reason", r.into())])}</p> },
            );
            let words = words.as_ref().map(own_words);
            ("taken-away", view! { <p>{kit::symbol_line("1F6AB", page.t(key))}</p>{reason}{words} }.into_any())
        }
    };
    let who =
        matches!(said.seen, Seen::Words(_) | Seen::Waiting(_) | Seen::TakenAway { words: Some(_), .. }).then(|| {
            let edited = said.edited.then(|| view! { " · "{page.t("comment-edited")} });
            view! { <p class="meta"><strong>{name.clone()}</strong>" · "{written(page, said.made_at)}{edited}</p> }
        });
    let stances = said.stances.map(|[agree, pass, disagree]| {
        let (agree, pass, disagree) = (page.count(agree), page.count(pass), page.count(disagree));
        let values = [("agree", (&agree).into()), ("pass", (&pass).into()), ("disagree", (&disagree).into())];
        view! { <p class="meta">{page.with("comment-stances", &values)}</p> }
    });
    let when = page.date_time(said.made_at);
    // For those who hear a link alone: two comments of one minute differ in how they begin.
    let begins = || match &said.seen {
        Seen::Words(words) | Seen::Waiting(words) | Seen::TakenAway { words: Some(words), .. } => beginning(words),
        _ => String::new(),
    };
    let change = said.may_edit.then(|| {
        let whom = page.with("comment-change-whom", &[("words", (&begins()).into()), ("when", (&when).into())]);
        view! { <a href=format!("/comments/{id}/edit")>{page.t("comment-change")}<span class="unseen">" "{whom}</span></a>" " }
    });
    let check = said.may_check.then(|| {
        let key = if state == "held" { "comment-check-held" } else { "comment-check" };
        let whom = whose_words(page, "check-take-away", &said.author);
        view! { <a href=format!("/comments/{id}/check")>{page.t(key)}<span class="unseen">" "{whom}": "{begins()}", "{when.clone()}</span></a> }
    });
    let was = said.suggestion.filter(|_| matches!(said.seen, Seen::Words(_))).map(|id| {
        let to = around.to.trim_end_matches("/comments");
        view! {
            <p class="meta">{page.t("comment-was-suggestion")}" "
                <a href=format!("{to}/suggestions/{id}")>{page.t("comment-was-suggestion-link")}</a></p>
        }
    });
    let acts = (said.may_edit || said.may_check).then(|| view! { <p class="acts">{change}{check}</p> });
    // One level of answers: a reply is answered where its thread is.
    let answers = (!reply).then(|| {
        let list = said.replies.iter().map(|r| self::said(page, around, r, None)).collect_view();
        let holder = format!("answers-{id}");
        view! { <ol class="replies" id=holder aria-label=page.t("comment-answers")>{list}</ol> }
    });
    let answer = (!reply && said.may_answer).then(|| answer_form(page, around, &id, &said.author));
    view! {
        <li id=format!("comment-{id}") data-into=into>
            <article id=format!("said-{id}") data-replace="" class=format!("comment comment-{state}")>{kind}{body}{who}{was}{stances}{acts}</article>
            {answers}
            {answer}
        </li>
    }
    .into_any()
}

/// How words begin: whole words of the first forty letters, and a sign that there is more.
fn beginning(words: &str) -> String {
    const LETTERS: usize = 40;
    let shows = |c: &char| c.is_whitespace() || !domain::words::is_blank(c.encode_utf8(&mut [0; 4]));
    let seen: String = words.chars().filter(shows).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(LETTERS) else { return line };
    // One word that is longer than all of it is cut, wherever that is.
    let cut = line[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    format!("{}…", &line[..cut])
}

/// Whose words a button is about, for those who hear it alone.
fn whose_words(page: &Page, key: &str, whose: &Author) -> String {
    match whose {
        Author::Me => page.t(&format!("{key}-mine")),
        other => page.with(&format!("{key}-whom"), &[("name", (&author(page, other)).into())]),
    }
}

fn answer_form(page: &Page, around: Around<'_>, id: &str, whose: &Author) -> AnyView {
    let active = around.form.value("reply_to") == id;
    // Only the form that came back has its words and its problems; the others are fresh.
    let form = if active { around.form.clone() } else { Form::new(around.form.id().to_owned()) };
    let mut field = Field::new("words", page.t("comment-answer-words")).size(3);
    if !active {
        field = field.id(format!("field-words-{id}"));
    }
    let whom = whose_words(page, "comment-answer", whose);
    let act = format!("answer-{id}");
    view! {
        <details class="more answer" open=active>
            <summary>{page.t("comment-answer")}<span class="unseen">" "{whom}</span></summary>
            <form method="post" action=around.to.to_owned() novalidate class="form">
                {kit::hidden("form_id", form.id())}
                {kit::hidden("act", &act)}
                {kit::hidden("reply_to", id)}
                {kit::text_area(page, &form, field)}
                <p class="buttons"><button>{page.t("comment-answer-send")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

fn heading_words(page: &Page, heading: &Heading) -> String {
    if heading.removed {
        page.with("comments-removed-part", &[("heading", (&heading.words).into())])
    } else {
        heading.words.clone()
    }
}

fn new_form(page: &Page, form: &Form, all: &Comments) -> AnyView {
    let answering = !form.value("reply_to").is_empty();
    // While an answer is being corrected, this form is a fresh one beside it.
    let own = if answering { Form::new(form.id().to_owned()) } else { form.clone() };
    let apart = |field: Field| {
        if answering {
            let id = format!("{}-new", kit::field_id(field.name));
            field.id(id)
        } else {
            field
        }
    };
    let there: Vec<&Heading> = all.headings.iter().filter(|h| !h.removed).collect();
    let first = all.section.map(|s| s.to_string()).or_else(|| (there.len() == 1).then(|| there[0].id.to_string()));
    let mut choices: Vec<Choice> = there.iter().map(|h| Choice::new(h.id.to_string(), h.words.clone())).collect();
    if choices.len() > 7 {
        choices.insert(0, Choice::new("", "–"));
    }
    let section = apart(Field::new("section", page.t("comment-form-section")).start(first.unwrap_or_default()));
    let section = if choices.len() > 7 {
        kit::select(page, &own, section, choices)
    } else {
        kit::radios(page, &own, section, choices)
    };
    let words = apart(Field::new("words", page.t("comment-form-words")).hint(page.t("comment-form-words-hint")));
    let checked = match all.checking {
        _ if all.checks => None,
        Checking::HoldAll => Some("comments-held-all"),
        Checking::HoldFirst => Some("comments-held-first"),
        Checking::After => None,
    }
    .map(|key| view! { <p class="hint">{page.with(key, &[("hours", (&page.site.moderation_hours).into())])}</p> });
    let kinds = kinds(page, &own, "");
    let fields = view! {
        {kit::hidden("act", "comment")}
        {section}
        {kinds}
        {kit::text_area(page, &own, words)}
        {checked}
    };
    view! {
        <section aria-labelledby="say">
            <h2 id="say">{page.t("comment-form-title")}</h2>
            {kit::form(page, &own, &format!("/designs/{}/comments", all.about.id), &page.t("comment-form-send"), fields)}
        </section>
    }
    .into_any()
}

/// How many comments there are for everybody, where all of them are shown. Whoever sees some that nobody else does is not told
/// that there are none.
fn total(page: &Page, all: &Comments) -> Option<String> {
    if all.section.is_some() {
        return None;
    }
    let waits = |said: &Said| matches!(said.seen, Seen::Waiting(_) | Seen::WaitingUnseen);
    match all.total {
        0 if all.threads.iter().any(waits) => Some(page.t("comments-total-waiting")),
        // What was taken away says so itself.
        0 if !all.threads.is_empty() => None,
        n => Some(page.with("comments-total", &[("n", n.into())])),
    }
}

/// The page of a design's comments.
pub fn list(page: &Page, form: &Form, all: &Comments) -> String {
    let title = page.with("comments-title", &[("title", (&all.about.title).into())]);
    let sheet = Sheet::new(title).refused(form).islands().crumbs(vec![
        Crumb::new(all.about.workspace_title.clone(), format!("/workspaces/{}", all.about.workspace_slug)),
        Crumb::new(all.about.title.clone(), format!("/designs/{}", all.about.id)),
    ]);
    page.draw(&sheet, || {
        let to = format!("/designs/{}/comments", all.about.id);
        let around = Around { to: &to, form };
        let threads = match all.order {
            Order::Newest => {
                let list = all
                    .threads
                    .iter()
                    .map(|t| {
                        let part = all.headings.iter().find(|h| h.id == t.section).map(|h| heading_words(page, h));
                        let about = part.map(|h| page.with("comments-beside-about", &[("heading", (&h).into())]));
                        view! { <li class="thread"><p class="meta">{about}</p><ol class="comments">{said(page, around, t, None)}</ol></li> }
                    })
                    .collect_view();
                view! { <ol class="comments" id="threads">{list}</ol> }.into_any()
            }
            Order::BySection => all
                .headings
                .iter()
                .filter(|h| all.section.is_none_or(|s| s == h.id))
                .map(|h| {
                    let own: Vec<_> =
                        all.threads.iter().filter(|t| t.section == h.id).map(|t| said(page, around, t, None)).collect();
                    let quiet = own.is_empty();
                    let anchor = format!("part-{}", h.id);
                    view! {
                        <section class="part" data-quiet=quiet.then_some("") aria-labelledby=anchor.clone()>
                            <h2 id=anchor.clone()>{heading_words(page, h)}</h2>
                            <ol class="comments" id=format!("threads-{}", h.id)>{own}</ol>
                        </section>
                    }
                })
                .collect_view()
                .into_any(),
        };
        let none = all.threads.is_empty().then(|| {
            kit::empty("1F4AC", page.t(if all.open { "comments-none" } else { "comments-none-closed" }))
        });
        let closed = (!all.open).then(|| kit::notice("info", view! { <p>{page.t("comments-closed")}</p> }));
        let one_part = all.section.map(|_| {
            view! { <p>{page.t("comments-one-part")}" "<a href=to.clone()>{page.t("comments-all-parts")}</a></p> }
        });
        let query = |order: &str, before: Option<&str>| {
            let section = all.section.map(|s| format!("&section={s}")).unwrap_or_default();
            let before = before.map(|b| format!("&before={b}")).unwrap_or_default();
            format!("{to}?order={order}{section}{before}")
        };
        let here = |order| (all.order == order).then_some("true");
        let order_name = if all.order == Order::Newest { "newest" } else { "section" };
        let older = all.older.as_ref().map(|b| view! { <a href=query(order_name, Some(b))>{page.t("comments-older")}</a>" " });
        let newer = all.is_older.then(|| view! { <a href=query(order_name, None)>{page.t("comments-newer")}</a> });
        // In the newest-first order what is new gathers at the end: nothing is put above what somebody reads.
        let live = (!all.is_older).then(|| {
            let gathered = (all.order == Order::Newest).then(|| {
                view! { <ol class="comments" id="threads-new" aria-label=page.t("comments-new-list")></ol> }
            });
            view! {
                {gathered}
                <p class="go"><a href=query(order_name, None)>{page.t("comments-look-again")}</a></p>
                <LiveNews subject=format!("design={}", all.about.id) news=format!("{to}/news") since=all.read_at.0
                    look_in=None one=page.t("live-one") many=page.t("live-many") />
            }
        });
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("comments-heading")}</h1>
            <p class="lead">{page.t("comments-about")}" "<a href=format!("/designs/{}", all.about.id)>{all.about.title.clone()}</a>". "
                {total(page, all)}</p>
            {closed}
            {one_part}
            // The form stands behind everything that was said.
            {(all.may_comment && !all.threads.is_empty()).then(|| view! { <p class="go"><a href="#say">{page.t("comments-to-form")}</a></p> })}
            <nav class="filters" aria-label=page.t("comments-order")>
                <ul>
                    <li><a href=query("section", None) aria-current=here(Order::BySection)>{page.t("comments-by-section")}</a></li>
                    <li><a href=query("newest", None) aria-current=here(Order::Newest)>{page.t("comments-newest")}</a></li>
                </ul>
            </nav>
            {none}
            {threads}
            {live}
            <p class="pages">{older}{newer}</p>
            {all.may_comment.then(|| new_form(page, form, all))}
            {(all.open && page.me().is_none()).then(|| sign_in_way(page, "comments-sign-in"))}
        }
        .into_any()
    })
}

/// What came to light while a page was open: the same list items, each with the id of the list it belongs to. Those that the
/// page has already are there for what they say: other words, or that they were taken away.
pub fn news(page: &Page, form: &Form, design: domain::ids::DesignId, news: &News) -> String {
    page.draw_part(|| {
        let to = format!("/designs/{design}/comments");
        let around = Around { to: &to, form };
        let new = news.new.iter().map(|c| {
            let into = c.parent.map_or_else(|| format!("threads-{}", c.section), |p| format!("answers-{p}"));
            said(page, around, c, Some(into))
        });
        let changed = news.changed.iter().map(|c| said(page, around, c, None));
        let items = new.chain(changed).collect::<Vec<_>>();
        view! { <ol data-read-at=news.read_at.0.to_string()>{items}</ol> }.into_any()
    })
}

/// What stands beside a design: the latest three comments and the way to all of them.
pub fn beside(page: &Page, latest: &Latest) -> AnyView {
    let list = latest
        .latest
        .iter()
        .filter_map(|c| {
            let Seen::Words(words) = &c.seen else { return None };
            let short: String = words.chars().take(160).collect();
            let cut = (short.len() < words.len()).then_some("…");
            let kind = c.parent.is_none().then(|| kit::symbol(kind_symbol(c.kind), 24));
            Some(view! {
                <li class="comment">
                    <p class="own-words">{kind}{short}{cut}</p>
                    <p class="meta"><strong>{author(page, &c.author)}</strong>" · "{written(page, c.made_at)}</p>
                </li>
            })
        })
        .collect_view();
    let none = (latest.total == 0).then(|| view! { <p>{page.t("comments-beside-none")}</p> });
    let all = match latest.total {
        0 if !latest.may_comment => None,
        n => Some(page.with("comments-beside-all", &[("n", n.into())])),
    }
    .map(|words| view! { <p class="go"><a href=format!("/designs/{}/comments", latest.design)>{words}</a></p> });
    view! {
        <section class="beside-design" aria-labelledby="people-say">
            <h2 id="people-say">{page.t("comments-beside")}</h2>
            {none}
            <ul class="comments">{list}</ul>
            {all}
        </section>
    }
    .into_any()
}

/// Changing or taking away one's own comment: two forms.
pub fn edit(page: &Page, form: &Form, mine: &Mine) -> String {
    let title = page.t(if mine.reply { "comment-edit-title-answer" } else { "comment-edit-title" });
    let sheet = Sheet::new(title.clone()).refused(form).crumbs(vec![
        Crumb::new(mine.about.title.clone(), format!("/designs/{}", mine.about.id)),
        Crumb::new(page.t("comments-heading"), format!("/designs/{}/comments", mine.about.id)),
    ]);
    page.draw(&sheet, || {
        let to = format!("/comments/{}/edit", mine.id);
        let reason = (!mine.reason.is_empty()).then(|| {
            kit::notice(
                "warning",
                view! {
                    <p>{page.t("comment-state-taken-away-mine")}</p>
                    <p class="own-words">{page.with("comment-state-reason", &[("reason", (&mine.reason).into())])}</p>
                },
            )
        });
        let held = mine.will_be_held.then(|| view! { <p class="hint">{page.t("comment-edit-held")}</p> });
        let kind = (!mine.reply).then(|| kinds(page, form, mine.kind.name()));
        let words = Field::new("words", page.t("comment-form-words")).hint(page.t("comment-form-words-hint"));
        let fields = view! {
            {kit::hidden("act", "change")}
            {kind}
            {kit::text_area(page, form, words.start(mine.words.clone()))}
            {held}
        };
        let remove = view! {
            <form method="post" action=to.clone() class="form">
                {kit::hidden("form_id", form.id())}
                {kit::hidden("act", "remove")}
                <p class="buttons"><button class="quiet">{page.t("comment-remove-button")}</button></p>
            </form>
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{title}</h1>
            {reason}
            {kit::form(page, form, &to, &page.t("comment-edit-save"), fields)}
            <section aria-labelledby="remove">
                <h2 id="remove">{page.t("comment-remove-title")}</h2>
                <p>{page.t("comment-remove-words")}</p>
                {remove}
            </section>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn words_begin_with_whole_words() {
        assert_eq!(beginning("A bus\nat nine."), "A bus at nine.");
        let long = "The bus that comes at nine never waits for anybody who is late.";
        assert_eq!(beginning(long), "The bus that comes at nine never waits…");
        assert_eq!(beginning(&"é".repeat(60)), format!("{}…", "é".repeat(40)));
        assert_eq!(beginning(&format!("{}x", "\u{200b}".repeat(50))), "x", "what nobody sees or hears names nothing");
        assert!(beginning(&format!("I {}", "o".repeat(60))).starts_with("I oooo"));
    }
}
