//! Pages that everybody can read: how pages look, help, safety, and what the law wants said.

use domain::safety::{CHILDLINE, EMERGENCY, TEXT};
use jiff::civil;
use leptos::prelude::*;

use crate::display::{Font, Motion, Size, Spacing, Symbols, Theme};
use crate::kit::{self, Choice, Field};
use crate::{Form, Page, Sheet};

fn choices(page: &Page, field: &str, names: &[&'static str], symbols: &[&str]) -> Vec<Choice> {
    names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let choice = Choice::new(*name, page.t(&format!("display-{field}-{name}")));
            match symbols.get(i) {
                Some(code) => choice.symbol(*code),
                None => choice,
            }
        })
        .collect()
}

/// How pages look: every choice, and this page itself shows what was chosen.
pub fn display(page: &Page, form: &Form) -> String {
    let sheet = Sheet::new(page.t("display-title")).menu("/display").refused(form);
    page.draw(&sheet, || {
        let d = page.display;
        let one = |class: &'static str, name: &'static str, start: &str, all: Vec<Choice>| {
            let field = Field::new(name, page.t(&format!("display-{name}"))).start(start);
            view! { <div class=class>{kit::radios(page, form, field, all)}</div> }.into_any()
        };
        let names = |all: &[Theme]| all.iter().map(|t| t.name()).collect::<Vec<_>>();
        let themes = choices(page, "theme", &names(Theme::ALL), &[]);
        let sizes = choices(page, "size", &Size::ALL.iter().map(|s| s.name()).collect::<Vec<_>>(), &[]);
        let spacings = choices(page, "spacing", &Spacing::ALL.iter().map(|s| s.name()).collect::<Vec<_>>(), &[]);
        let fonts = choices(page, "font", &Font::ALL.iter().map(|f| f.name()).collect::<Vec<_>>(), &[]);
        let symbols =
            choices(page, "symbols", &Symbols::ALL.iter().map(|s| s.name()).collect::<Vec<_>>(), &["1F5BC", "1F4DD"]);
        let motions = choices(page, "motion", &Motion::ALL.iter().map(|m| m.name()).collect::<Vec<_>>(), &[]);
        let fields = view! {
            {one("themes", "theme", d.theme.name(), themes)}
            {one("sizes", "size", d.size.name(), sizes)}
            {one("spacings", "spacing", d.spacing.name(), spacings)}
            {one("fonts", "font", d.font.name(), fonts)}
            {one("two-choices", "symbols", d.symbols.name(), symbols)}
            {one("two-choices", "motion", d.motion.name(), motions)}
        };
        view! {
            {kit::error_summary(page, form)}
            <h1>{page.t("display-heading")}</h1>
            <p class="lead">{page.t("display-lead")}</p>
            {kit::form(page, form, "/display", &page.t("display-save"), fields)}
        }
        .into_any()
    })
}

/// A heading, and paragraphs below it: the messages `KEY`, `KEY-1`, `KEY-2` … as far as they go.
fn part(page: &Page, key: &str) -> AnyView {
    let site = &page.site.name;
    let words = |key: &str| page.with(key, &[("site", site.into())]);
    let lines = (1..)
        .map(|n| format!("{key}-{n}"))
        .take_while(|key| page.words.has(key))
        .map(|key| view! { <p>{words(&key)}</p> })
        .collect_view();
    view! { <h2 id=key.to_owned()>{words(key)}</h2>{lines} }.into_any()
}

/// How things are done here.
pub fn help(page: &Page) -> String {
    page.draw(&Sheet::new(page.t("help-title")), || {
        let way = |code: &'static str, href: &'static str, key: &str| {
            kit::card(
                false,
                view! {
                    {kit::symbol(code, 72)}
                    <h3><a href=href>{page.t(key)}</a></h3>
                    <p>{page.t(&format!("{key}-words"))}</p>
                },
            )
        };
        view! {
            <h1>{page.t("help-heading")}</h1>
            <p class="lead">{page.t("help-lead")}</p>
            <h2>{page.t("help-first")}</h2>
            <ul class="cards">
                {way("1F4AC", "/talk", "help-way-talk")}
                {way("1F6E1", "/not-safe", "help-way-safe")}
                {way("1F5BC", "/display", "help-way-display")}
            </ul>
            {part(page, "help-sign-in")}
            {part(page, "help-work")}
            {part(page, "help-write")}
            {part(page, "help-comment")}
            {part(page, "help-vote")}
            {part(page, "help-then")}
            {part(page, "help-leave")}
            {part(page, "help-keys")}
        }
        .into_any()
    })
}

/// An address as it is written: where the line is too short for it, it breaks after the @ first.
fn address(text: &str) -> AnyView {
    text.split_inclusive('@').map(|part| view! { {part.to_owned()}<wbr /> }).collect_view().into_any()
}

/// One way to reach somebody: a big number, or an address, in a card.
fn contact(code: &'static str, title: String, words: String, link: Option<(String, String)>) -> AnyView {
    kit::card(
        false,
        view! {
            {kit::symbol(code, 72)}
            <h2>{title}</h2>
            {link.map(|(href, text)| view! { <div class="contact-number"><a href=href>{address(&text)}</a></div> })}
            <p>{words}</p>
        },
    )
}

/// A telephone link; nothing when there is no number.
fn phone(number: &str) -> Option<(String, String)> {
    let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    (!digits.is_empty()).then(|| (format!("tel:{digits}"), number.to_owned()))
}

fn mail(address: &str) -> Option<(String, String)> {
    address.contains('@').then(|| (format!("mailto:{address}"), address.to_owned()))
}

/// Talk to a person: never only a telephone, never only a screen.
pub fn talk(page: &Page) -> String {
    page.draw(&Sheet::new(page.t("talk-title")), || {
        let site = &page.site;
        let with = |key: &str| {
            page.with(
                key,
                &[
                    ("site", (&site.name).into()),
                    ("hours", (&site.moderation_hours).into()),
                    ("lead", (&site.safeguarding_lead).into()),
                ],
            )
        };
        let call = phone(&site.help_phone)
            .map(|link| contact("1F4DE", page.t("talk-call"), with("talk-call-words"), Some(link)));
        let write = mail(&site.help_email)
            .map(|link| contact("2709", page.t("talk-write"), with("talk-write-words"), Some(link)));
        let lead = contact("1F9D1", page.t("talk-lead-title"), with("talk-lead-words"), phone(&site.safety_phone));
        view! {
            <h1>{page.t("talk-heading")}</h1>
            <p class="lead">{page.t("talk-lead")}</p>
            <ul class="contacts">
                {contact("1F91D", page.t("talk-worker"), page.t("talk-worker-words"), None)}
                {call}
                {write}
                {lead}
            </ul>
            {kit::notice("warning", view! {
                <p><strong>{page.t("talk-danger")}</strong></p>
                <p class="go"><a href="/not-safe">{page.t("talk-danger-link")}</a></p>
            })}
            {part(page, "talk-other")}
        }
        .into_any()
    })
}

/// Not safe: who to call, who reads what, how to leave.
pub fn not_safe(page: &Page) -> String {
    page.draw(&Sheet::new(page.t("not-safe-title")), || {
        let site = &page.site;
        let council = phone(&site.safety_phone).map(|link| {
            let words = page.with("not-safe-council-words", &[("lead", (&site.safeguarding_lead).into())]);
            let title = page.with("not-safe-council", &[("site", (&site.name).into())]);
            contact("1F9D1-200D-1F4BB", title, words, Some(link))
        });
        let text = Some((format!("sms:{TEXT}"), page.with("not-safe-text-number", &[("number", TEXT.into())])));
        view! {
            <h1>{page.t("not-safe-heading")}</h1>
            <p class="lead">{page.t("not-safe-lead")}</p>
            <ul class="contacts">
                {contact("1F6A8", page.t("not-safe-now"), page.t("not-safe-now-words"), phone(EMERGENCY))}
                {contact("1F4DE", page.t("not-safe-childline"), page.t("not-safe-childline-words"), phone(CHILDLINE))}
                {council}
                {contact("1F4F1", page.t("not-safe-text"), page.t("not-safe-text-words"), text)}
            </ul>
            {part(page, "not-safe-no-voice")}
            {part(page, "not-safe-who")}
            {part(page, "not-safe-leave")}
            <p class="buttons">
                <a class="button stop" href=site.neutral_site.clone() rel="noreferrer" data-leave="">{page.t("not-safe-leave-button")}</a>
            </p>
        }
        .into_any()
    })
}

/// Facts of the accessibility statement, edited by a person before each release (STANDARDS ).
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Statement {
    /// When it was first written.
    pub prepared: civil::Date,
    /// When somebody last read it against the site. Older than a year fails the tests.
    pub reviewed: civil::Date,
    /// When the site was last tested.
    pub tested: civil::Date,
    /// `partially` or `not`. There is no way to write "fully" here: nothing claims that by itself.
    pub status: Status,
    /// What does not meet the rules yet.
    pub issues: Vec<Issue>,
}

domain::named! {
    /// How far the site meets the rules.
    pub enum Status {
        /// Most of it.
        Partially = "partially",
        /// Not yet.
        Not = "not",
    }
}

domain::named! {
    /// Why something does not meet the rules.
    pub enum Reason {
        /// It should and does not.
        NonCompliance = "non-compliance",
        /// It would cost more than it helps.
        Burden = "burden",
        /// The rules leave it out.
        OutOfScope = "out-of-scope",
    }
}

/// One thing that does not meet the rules.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Issue {
    /// Its words are the messages `statement-issue-KEY` and `statement-issue-KEY-instead`.
    pub key: String,
    /// The success criterion of WCAG 2.2.
    pub criterion: String,
    /// Why.
    pub reason: Reason,
}

impl Statement {
    /// The statement of this release.
    ///
    /// # Panics
    /// Never in a release: a test reads the same file.
    #[expect(clippy::expect_used, reason = "the file is part of the program and read by a test")]
    pub fn ours() -> Self {
        serde_json::from_str(include_str!("../../data/accessibility.json")).expect("a statement that can be read")
    }
}

fn day(page: &Page, date: civil::Date) -> String {
    let month = page.t(&format!("month-{}", date.month()));
    let (d, y) = (date.day().to_string(), date.year().to_string());
    page.with("date", &[("day", (&d).into()), ("month", (&month).into()), ("year", (&y).into())])
}

/// The accessibility statement, in the form the regulations ask for.
pub fn accessibility(page: &Page, statement: &Statement) -> String {
    page.draw(&Sheet::new(page.t("statement-title")), || {
        let site = &page.site;
        let issues = statement
            .issues
            .iter()
            .map(|issue| {
                let key = format!("statement-issue-{}", issue.key);
                let why = page
                    .with(&format!("statement-reason-{}", issue.reason), &[("criterion", (&issue.criterion).into())]);
                view! {
                    <li>
                        <p><strong>{page.t(&key)}</strong></p>
                        <p>{why}</p>
                        <p>{page.t(&format!("{key}-instead"))}</p>
                    </li>
                }
            })
            .collect_view();
        let call = phone(&site.help_phone)
            .map(|(href, text)| view! { <li>{page.t("statement-call")}" "<a href=href>{text}</a></li> });
        let write = mail(&site.help_email)
            .map(|(href, text)| view! { <li>{page.t("statement-write")}" "<a href=href>{text}</a></li> });
        view! {
            <h1>{page.t("statement-heading")}</h1>
            <p class="lead">{page.with("statement-lead", &[("site", (&site.name).into())])}</p>
            {part(page, "statement-can")}
            <ul>
                {(1..=7).map(|n| view! { <li>{page.t(&format!("statement-can-do-{n}"))}</li> }).collect_view()}
            </ul>
            <p class="go"><a href="/display">{page.t("statement-display-link")}</a></p>
            {part(page, "statement-status")}
            <p>{page.t(&format!("statement-status-{}", statement.status))}</p>
            {part(page, "statement-issues")}
            <ul>{issues}</ul>
            {part(page, "statement-contact")}
            <ul class="links">
                <li><a href="/talk">{page.t("statement-talk-link")}</a></li>
                {write}
                {call}
            </ul>
            {part(page, "statement-enforcement")}
            <ul class="links">
                <li>{kit::link("https://www.equalityadvisoryservice.com/", page.t("statement-eass"))}</li>
                <li>{kit::link("https://www.equalityhumanrights.com/", page.t("statement-ehrc"))}</li>
            </ul>
            {part(page, "statement-tested")}
            <dl class="facts">
                <dt>{page.t("statement-date-tested")}</dt><dd>{day(page, statement.tested)}</dd>
                <dt>{page.t("statement-date-prepared")}</dt><dd>{day(page, statement.prepared)}</dd>
                <dt>{page.t("statement-date-reviewed")}</dt><dd>{day(page, statement.reviewed)}</dd>
            </dl>
        }
        .into_any()
    })
}

/// What we know about people, why, who reads it, and what they can ask for.
pub fn privacy(page: &Page) -> String {
    page.draw(&Sheet::new(page.t("privacy-title")), || {
        let contact = mail(&page.site.privacy_contact).map_or_else(
            || view! { <p class="go"><a href="/talk">{page.t("privacy-contact-talk")}</a></p> }.into_any(),
            |(href, text)| view! { <p class="go"><a href=href>{text}</a></p> }.into_any(),
        );
        view! {
            <h1>{page.t("privacy-heading")}</h1>
            <p class="lead">{page.with("privacy-lead", &[("site", (&page.site.name).into())])}</p>
            {part(page, "privacy-what")}
            {part(page, "privacy-beside")}
            {part(page, "privacy-special")}
            {part(page, "privacy-why")}
            {part(page, "privacy-who")}
            {part(page, "privacy-numbers")}
            {part(page, "privacy-vote")}
            {part(page, "privacy-long")}
            {part(page, "privacy-elsewhere")}
            {part(page, "privacy-rights")}
            <p class="go"><a href="/my-data">{page.t("privacy-my-data")}</a></p>
            {part(page, "privacy-ask")}
            {contact}
            <p class="go">{kit::link("https://ico.org.uk/make-a-complaint/", page.t("privacy-ico"))}</p>
        }
        .into_any()
    })
}

/// What is left on the device of somebody who was here: full name, the end of its message keys.
pub fn cookies(page: &Page, names: Vec<(String, &'static str)>) -> String {
    page.draw(&Sheet::new(page.t("cookies-title")), || {
        let rows = names
            .into_iter()
            .map(|(name, key)| {
                vec![
                    view! { <code>{name}</code> }.into_any(),
                    page.t(&format!("cookies-{key}-why")).into_any(),
                    page.t(&format!("cookies-{key}-long")).into_any(),
                ]
            })
            .collect();
        let columns = vec![page.t("cookies-name"), page.t("cookies-why"), page.t("cookies-long")];
        view! {
            <h1>{page.t("cookies-heading")}</h1>
            <p class="lead">{page.t("cookies-lead")}</p>
            {kit::table(page.t("cookies-table"), columns, rows)}
            {part(page, "cookies-off")}
        }
        .into_any()
    })
}

/// For people who look for holes.
pub fn security(page: &Page) -> String {
    page.draw(&Sheet::new(page.t("security-title")), || {
        let contact = &page.site.security_contact;
        let web = contact.starts_with("https://").then(|| (contact.clone(), contact.clone()));
        let to = web.or_else(|| mail(contact)).map_or_else(
            || view! { <p class="go"><a href="/talk">{page.t("security-talk")}</a></p> }.into_any(),
            |(href, text)| view! { <div class="contact-number"><a href=href>{address(&text)}</a></div> }.into_any(),
        );
        view! {
            <h1>{page.t("security-heading")}</h1>
            <p class="lead">{page.t("security-lead")}</p>
            {to}
            {part(page, "security-how")}
            {part(page, "security-do-not")}
            {part(page, "security-we")}
            <p class="go"><a href="/.well-known/security.txt">{page.t("security-txt")}</a></p>
        }
        .into_any()
    })
}

/// Who made what.
pub fn attribution(page: &Page) -> String {
    page.draw(&Sheet::new(page.t("attribution-title")), || {
        let by = |key: &str, href: &'static str, licence: &'static str| {
            let what = page.t(&format!("attribution-{key}"));
            let of = view! { <span class="unseen">" "{page.t("attribution-licence-of")}" "{what.clone()}</span> };
            let who = page.t(&format!("attribution-{key}-who"));
            view! {
                <li class="card">
                    <p>
                        <strong>{what}</strong>
                        <br />
                        {page.with("attribution-by", &[("who", (&who).into())])}
                    </p>
                    <p class="go"><a href=href>{page.with("attribution-licence", &[("licence", licence.into())])}{of}</a></p>
                </li>
            }
        };
        let ofl = "SIL Open Font License 1.1";
        let all = vec![
            by("openmoji", "/static/openmoji-licence.txt", "CC BY-SA 4.0"),
            by("atkinson", "/static/fonts/atkinson-hyperlegible-next-licence.txt", ofl),
            by("bricolage", "/static/fonts/bricolage-grotesque-licence.txt", ofl),
            by("lexend", "/static/fonts/lexend-licence.txt", ofl),
            by("opendyslexic", "/static/fonts/opendyslexic-licence.txt", ofl),
            by("rust", "https://www.rust-lang.org/policies/licenses", "MIT, Apache-2.0"),
            by("passwords", "/static/common-passwords-licence.txt", "MIT"),
            by("sqlite", "https://www.sqlite.org/copyright.html", "Public domain"),
        ];
        view! {
            <h1>{page.t("attribution-heading")}</h1>
            <p class="lead">{page.t("attribution-lead")}</p>
            <p>{page.t("attribution-openmoji-words")}</p>
            <h2>{page.t("attribution-table")}</h2>
            <ul class="cards">{all}</ul>
            {part(page, "attribution-ours")}
            <p class="go">{kit::link("https://www.gnu.org/licenses/agpl-3.0.html", page.t("attribution-agpl"))}</p>
        }
        .into_any()
    })
}
