//! Fields and forms.

use leptos::prelude::*;

use super::{field_id, parts, problem_words};
use crate::{Form, Page};

/// A form that posts to the page's own address, with the id that makes sending it twice the same as once.
/// `main` is what the button does, as a verb.
pub fn form(page: &Page, form: &Form, action: &str, main: &str, fields: impl IntoView + 'static) -> AnyView {
    let _ = page;
    sent_as(None, form, action, main, fields)
}

/// The same for a form with a file.
pub fn form_with_file(form: &Form, action: &str, main: &str, fields: impl IntoView + 'static) -> AnyView {
    sent_as(Some("multipart/form-data"), form, action, main, fields)
}

fn sent_as(
    kind: Option<&'static str>,
    form: &Form,
    action: &str,
    main: &str,
    fields: impl IntoView + 'static,
) -> AnyView {
    view! {
        <form method="post" action=action.to_owned() enctype=kind novalidate class="form">
            {hidden("form_id", form.id())}
            {fields}
            <p class="buttons"><button class="main">{main.to_owned()}</button></p>
        </form>
    }
    .into_any()
}

/// A value a form carries without showing it.
pub fn hidden(name: &'static str, value: &str) -> AnyView {
    view! { <input type="hidden" name=name value=value.to_owned() /> }.into_any()
}

/// One field: its name in the form and its words.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// The `name` in the form.
    pub name: &'static str,
    /// The visible label.
    pub label: String,
    /// A hint below the label, or nothing.
    pub hint: Option<String>,
    /// What stands in it when the form is fresh.
    pub start: String,
    /// The `autocomplete` token, where there is one (WCAG 1.3.5).
    pub autocomplete: Option<&'static str>,
    /// Lines of a text area; width of a one-line field in characters.
    pub size: u16,
    /// The id of its control, where the same name stands in several forms of one page. The error summary points at the
    /// plain one, so the form that was refused keeps that.
    pub own_id: Option<String>,
}

impl Field {
    /// A field with a label.
    pub fn new(name: &'static str, label: impl Into<String>) -> Self {
        Self { name, label: label.into(), ..Self::default() }
    }
    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
    /// With something in it from the start.
    #[must_use]
    pub fn start(mut self, start: impl Into<String>) -> Self {
        self.start = start.into();
        self
    }
    /// With an `autocomplete` token.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }
    /// With an id of its own: see [`Field::own_id`].
    #[must_use]
    pub fn id(mut self, id: String) -> Self {
        self.own_id = Some(id);
        self
    }
    /// With a size: lines or characters.
    #[must_use]
    pub fn size(mut self, size: u16) -> Self {
        self.size = size;
        self
    }
}

struct Frame {
    id: String,
    described: Option<String>,
    invalid: Option<&'static str>,
    hint: Option<AnyView>,
    error: Option<AnyView>,
}

fn frame(page: &Page, form: &Form, (name, label): (&str, &str), hint: Option<String>) -> Frame {
    frame_with(page, form, (name, label), hint, None)
}

fn frame_with(
    page: &Page,
    form: &Form,
    (name, label): (&str, &str),
    hint: Option<String>,
    own_id: Option<String>,
) -> Frame {
    let problem = form.problem(name).filter(|_| own_id.is_none());
    if problem.is_some() {
        form.name_field(name, label);
    }
    let id = own_id.unwrap_or_else(|| field_id(name));
    let described: Vec<String> = [hint.as_ref().map(|_| format!("{id}-hint")), problem.map(|_| format!("{id}-error"))]
        .into_iter()
        .flatten()
        .collect();
    let hint = hint.map(|words| view! { <p class="hint" id=format!("{id}-hint")>{words}</p> }.into_any());
    let error = problem.map(|p| {
        let words = problem_words(page, p);
        view! {
            <p class="field-error" id=format!("{id}-error")>
                <span class="unseen">{page.t("error-word")}" "</span>
                {words}
            </p>
        }
        .into_any()
    });
    Frame {
        described: (!described.is_empty()).then(|| described.join(" ")),
        invalid: problem.map(|_| "true"),
        id,
        hint,
        error,
    }
}

/// A control with its label above it, and what there is to say about it in between.
fn labelled(fr: Frame, label: String, control: AnyView) -> AnyView {
    let class = if fr.invalid.is_some() { "field wrong" } else { "field" };
    view! {
        <div class=class>
            <label for=fr.id>{label}</label>
            {fr.hint}
            {fr.error}
            {control}
        </div>
    }
    .into_any()
}

/// A file to choose. `accept`: the kinds that the browser offers first. Browsers never choose one again by themselves, so a
/// form that is refused asks for it again.
pub fn file(page: &Page, form: &Form, f: Field, accept: &'static str) -> AnyView {
    let fr = frame_with(page, form, (f.name, &f.label), f.hint, f.own_id);
    let control = view! {
        <input type="file" id=fr.id.clone() name=f.name accept=accept aria-describedby=fr.described.clone() aria-invalid=fr.invalid />
    };
    labelled(fr, f.label, control.into_any())
}

/// A one-line field.
pub fn field(page: &Page, form: &Form, f: Field) -> AnyView {
    one_line(page, form, f, "text")
}

/// A password: never filled in again, pasting works, and a Show button where scripts run.
pub fn password(page: &Page, form: &Form, f: Field) -> AnyView {
    one_line(page, form, f, "password")
}

fn one_line(page: &Page, form: &Form, f: Field, kind: &'static str) -> AnyView {
    let secret = kind == "password";
    let fr = frame_with(page, form, (f.name, &f.label), f.hint, f.own_id);
    let value = if secret { String::new() } else { form.value_or(f.name, &f.start) };
    let size = (f.size > 0).then(|| f.size.to_string());
    let show = secret.then(|| {
        view! {
            <button type="button" class="quiet" hidden data-show=fr.id.clone() data-hide-words=page.t("hide-password")
                aria-pressed="false">{page.t("show-password")}</button>
        }
    });
    let control = view! {
        <div class="field-line">
            <input type=kind id=fr.id.clone() name=f.name value=value size=size autocomplete=f.autocomplete
                aria-describedby=fr.described.clone() aria-invalid=fr.invalid
                spellcheck=secret.then_some("false") />
            {show}
        </div>
    };
    labelled(fr, f.label, control.into_any())
}

/// Several lines. The only text area there is: Leptos does not escape what stands between the tags, so this does.
pub fn text_area(page: &Page, form: &Form, f: Field) -> AnyView {
    let fr = frame_with(page, form, (f.name, &f.label), f.hint, f.own_id);
    let inside = text_area_html(&form.value_or(f.name, &f.start));
    let rows = if f.size == 0 { 5 } else { f.size };
    let control = view! {
        <textarea id=fr.id.clone() name=f.name rows=rows.to_string() aria-describedby=fr.described.clone()
            aria-invalid=fr.invalid inner_html=inside></textarea>
    };
    labelled(fr, f.label, control.into_any())
}

/// Words as they stand between tags whose inside Leptos does not escape.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What stands inside a text area: escaped, and with a line feed in front, because HTML eats the first one.
pub fn text_area_html(text: &str) -> String {
    format!("\n{}", escaped(text))
}

/// One of several.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Its value in the form.
    pub value: String,
    /// What it says.
    pub label: String,
    /// More about it, or nothing.
    pub hint: Option<String>,
    /// Its symbol (an OpenMoji code), or nothing.
    pub symbol: Option<String>,
    /// Where else somebody may want to go who thinks of choosing it: address and words.
    pub link: Option<(&'static str, String)>,
}

impl Choice {
    /// A choice in words.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }
    /// With more about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
    /// With a link beside it.
    #[must_use]
    pub fn link(mut self, href: &'static str, words: impl Into<String>) -> Self {
        self.link = Some((href, words.into()));
        self
    }
    /// With a symbol.
    #[must_use]
    pub fn symbol(mut self, code: impl Into<String>) -> Self {
        self.symbol = Some(code.into());
        self
    }
}

fn choices(page: &Page, form: &Form, f: Field, all: Vec<Choice>, kind: &'static str) -> AnyView {
    let fr = frame_with(page, form, (f.name, &f.label), f.hint, f.own_id);
    let options = all
        .into_iter()
        .enumerate()
        .map(|(i, c)| {
            // The first one carries the field's id, so that the error summary's link lands on a control.
            let id = if i == 0 { fr.id.clone() } else { format!("{}-{i}", fr.id) };
            let hint_id = c.hint.as_ref().map(|_| format!("{id}-hint-own"));
            let checked = form.chosen(f.name, &c.value, &f.start);
            let hint = c.hint.map(|words| view! { <span class="hint" id=hint_id.clone()>{words}</span> });
            let symbol = c.symbol.map(|code| parts::symbol(&code, 72));
            let link = c.link.map(|(href, words)| view! { <a class="beside" href=href>{words}</a> });
            view! {
                <div class="choice">
                    <input type=kind id=id.clone() name=f.name value=c.value checked=checked aria-describedby=hint_id />
                    <label for=id>{symbol}<span class="choice-words">{c.label}</span></label>
                    {hint}
                    {link}
                </div>
            }
        })
        .collect_view();
    let class = if fr.invalid.is_some() { "field wrong" } else { "field" };
    view! {
        <fieldset class=class aria-describedby=fr.described>
            <legend>{f.label}</legend>
            {fr.hint}
            {fr.error}
            <div class="choices">{options}</div>
        </fieldset>
    }
    .into_any()
}

/// Choose one. Nothing is chosen in advance unless the field has a start.
pub fn radios(page: &Page, form: &Form, f: Field, all: Vec<Choice>) -> AnyView {
    choices(page, form, f, all, "radio")
}

/// Choose any.
pub fn checkboxes(page: &Page, form: &Form, f: Field, all: Vec<Choice>) -> AnyView {
    choices(page, form, f, all, "checkbox")
}

/// Choose one from a long list (names of people, groups). For up to about seven, radios are easier.
pub fn select(page: &Page, form: &Form, f: Field, all: Vec<Choice>) -> AnyView {
    let fr = frame_with(page, form, (f.name, &f.label), f.hint, f.own_id);
    let options = all
        .into_iter()
        .map(|c| {
            let chosen = form.chosen(f.name, &c.value, &f.start);
            view! { <option value=c.value selected=chosen>{c.label}</option> }
        })
        .collect_view();
    let control = view! {
        <select id=fr.id.clone() name=f.name aria-describedby=fr.described.clone() aria-invalid=fr.invalid>{options}</select>
    };
    labelled(fr, f.label, control.into_any())
}

/// A date in three plain fields: `{name}_day`, `{name}_month`, `{name}_year` (STANDARDS A-092). `start` is day, month, year.
pub fn date_fields(
    page: &Page,
    form: &Form,
    name: &'static str,
    label: String,
    hint: Option<String>,
    start: [String; 3],
) -> AnyView {
    let fr = frame(page, form, (name, &label), hint);
    let parts = [("day", 2u16), ("month", 9), ("year", 4)];
    let inputs = parts
        .into_iter()
        .zip(start)
        .enumerate()
        .map(|(i, ((part, size), start))| {
            let own = format!("{name}_{part}");
            let id = if i == 0 { fr.id.clone() } else { field_id(&own) };
            let value = form.value_or(&own, &start);
            view! {
                <div class="date-part">
                    <label for=id.clone()>{page.t(&format!("date-{part}"))}</label>
                    <input type="text" id=id name=own value=value size=size.to_string() inputmode=(part != "month").then_some("numeric")
                        aria-invalid=fr.invalid autocomplete="off" />
                </div>
            }
        })
        .collect_view();
    let class = if fr.invalid.is_some() { "field wrong" } else { "field" };
    view! {
        <fieldset class=class aria-describedby=fr.described>
            <legend>{label}</legend>
            {fr.hint}
            {fr.error}
            <div class="date">{inputs}</div>
        </fieldset>
    }
    .into_any()
}

/// A box with somebody's own words in it, to copy from. Not a field of a form.
pub fn kept_box(id: &str, words: &str) -> AnyView {
    view! { <textarea id=id.to_owned() rows="5" readonly inner_html=text_area_html(words)></textarea> }.into_any()
}

/// What somebody typed into a form that is not there any more: to read and to copy. Nothing where nothing was typed.
pub fn kept(page: &Page, words: impl IntoIterator<Item = String>) -> Option<AnyView> {
    let boxes: Vec<_> = words
        .into_iter()
        .filter(|words| !words.trim().is_empty())
        .enumerate()
        .map(|(i, words)| {
            let id = format!("kept-{i}");
            let label = page.with("kept-words", &[("n", (i + 1).into())]);
            let inside = kept_box(&id, &words);
            view! { <div class="field"><label for=id>{label}</label>{inside}</div> }
        })
        .collect();
    (!boxes.is_empty()).then(|| {
        view! { <section><h2>{page.t("kept-title")}</h2><p>{page.t("kept-words-hint")}</p>{boxes}</section> }.into_any()
    })
}
