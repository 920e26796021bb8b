//! Words of a section as everybody reads them until a worker has looked, where a group checks everything first: addresses
//! of e-mail, numbers of phones and postcodes are hidden, links lead nowhere, and pictures are their words (S-062).
//!
//! The words themselves stay as they were typed: whoever writes sees them, and whoever checks. What is hidden is kept beside
//! them as HTML (`masked_html`), drawn when they are saved, and is no more than a null where nothing has to be hidden.

use std::ops::Range;
use std::sync::OnceLock;

use domain::designs::masks::Mask;
use domain::designs::pictures::DECORATION;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::{Captures, Regex};

use super::markdown;

/// What is looked for, in this order: an address of a page may hold an `@`.
struct Patterns {
    link: Regex,
    mail: Regex,
    phone: Regex,
    postcode: Regex,
}

fn patterns() -> Option<&'static Patterns> {
    static PATTERNS: OnceLock<Option<Patterns>> = OnceLock::new();
    let made = || {
        Some(Patterns {
            link: Regex::new(r#"(?i)\b(?:[a-z][a-z0-9+]*://|www\.)[^\s<>()\[\]"'|]+"#).ok()?,
            // Also as people write it who know that it is looked for.
            mail: Regex::new(
                r"(?i)(?:mailto:)?[\p{L}\p{N}._%+'-]+(?:\\?@|\s*[(\[]\s*at\s*[)\]]\s*)[\p{L}\p{N}-]+(?:(?:\\?\.|\s*[(\[]\s*dot\s*[)\]]\s*)[\p{L}\p{N}-]+)+",
            )
            .ok()?,
            // From 0 or + on, nine to fifteen figures with what people put between them.
            phone: Regex::new(r"\(?(?:\+\d|\b0)(?:[\s().\-/]{0,3}\d){8,14}\b").ok()?,
            postcode: Regex::new(r"(?i)\b[A-Z]{1,2}\d[A-Z\d]?\s{0,2}\d[ABD-HJLNP-UW-Z]{2}\b").ok()?,
        })
    };
    PATTERNS.get_or_init(made).as_ref()
}

/// "01.02.2027 10:30" is a day and a time.
fn is_phone(number: &str) -> bool {
    let part = |from: usize, to: usize| number.get(from..to).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    let sign = |at: usize| number.get(at..=at).is_some_and(|c| matches!(c, "." | "/" | "-"));
    !(part(0, 2) && sign(2) && part(3, 5) && sign(5) && part(6, 10))
}

/// "A4 2nd" is paper and a place, not a postcode.
fn is_postcode(code: &str) -> bool {
    !["1st", "2nd", "3rd"].iter().any(|ordinal| code.ends_with(ordinal)) && !code.ends_with("th")
}

/// Hides in plain words. `text` comes back as it is where there is nothing to hide.
fn in_text(text: &str) -> String {
    let Some(find) = patterns() else { return text.to_owned() };
    let sign = |mask: Mask| mask.sign().to_string();
    let text = find.link.replace_all(text, sign(Mask::Link));
    let text = find.mail.replace_all(&text, sign(Mask::Mail));
    let text = find.phone.replace_all(
        &text,
        |c: &Captures<'_>| {
            if is_phone(&c[0]) { sign(Mask::Phone) } else { c[0].to_owned() }
        },
    );
    let text = find
        .postcode
        .replace_all(&text, |c: &Captures<'_>| if is_postcode(&c[0]) { sign(Mask::Postcode) } else { c[0].to_owned() });
    text.into_owned()
}

/// The words without addresses of pages elsewhere and without pictures: their words stay, with a sign behind them.
fn without_links(words: &str) -> String {
    if !words.contains(['[', '<']) {
        return words.to_owned();
    }
    let mut out = String::with_capacity(words.len());
    let (mut at, mut open): (usize, Vec<(Mask, Range<usize>, String)>) = (0, Vec::new());
    for (event, place) in Parser::new_ext(words, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            // Our own pages are no secret.
            Event::Start(Tag::Link { dest_url, .. }) if !dest_url.starts_with('/') || dest_url.starts_with("//") => {
                let mask = if dest_url.starts_with("mailto:") { Mask::Mail } else { Mask::Link };
                open.push((mask, place, String::new()));
            }
            Event::Start(Tag::Image { .. }) => open.push((Mask::Picture, place, String::new())),
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, _, said)) = open.last_mut() {
                    said.push_str(&text);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, _, said)) = open.last_mut() {
                    said.push(' ');
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) if open.last().is_some_and(|(_, of, _)| *of == place) => {
                let Some((mask, place, said)) = open.pop() else { continue };
                // What it says may be the address itself; what is only decoration says nothing.
                let said = if said.trim() == DECORATION { String::new() } else { in_text(&said) };
                let is_sign = said.chars().count() == 1 && Mask::ALL.iter().any(|m| said.contains(m.sign()));
                let said = if is_sign { said } else { format!("{said} {}", mask.sign()) };
                match open.last_mut() {
                    Some((_, _, around)) => around.push_str(&said),
                    None if place.start >= at => {
                        out.push_str(&words[at..place.start]);
                        out.push_str(said.trim_start());
                        at = place.end;
                    }
                    None => {}
                }
            }
            _ => {}
        }
    }
    out.push_str(&words[at..]);
    out
}

/// Words with everything hidden that is hidden until somebody has checked them; nothing where there is nothing to hide.
pub(super) fn masked(words: &str) -> Option<String> {
    let hidden = in_text(&without_links(words));
    (hidden != words).then_some(hidden)
}

/// The same as [`masked`], and words that hide nothing as they are.
pub(super) fn masked_or(words: String) -> String {
    masked(&words).unwrap_or(words)
}

/// Words drawn: as they are, and as everybody reads them until they are checked (nothing where that is the same). Long words
/// take a while, so this is made before the database is held.
#[derive(Debug, Clone, Default)]
pub(crate) struct Drawn {
    /// As they are.
    pub(crate) html: String,
    /// Until they are checked.
    pub(crate) masked_html: Option<String>,
}

impl Drawn {
    /// Draws words.
    pub(crate) fn of(words: &str) -> Self {
        Self::again(words, markdown::draw(words))
    }

    /// The same of words that are drawn as they are.
    pub(crate) fn again(words: &str, html: String) -> Self {
        Self { masked_html: masked_html(words, &html), html }
    }
}

/// What everybody reads of words until they are checked, drawn; nothing where that is the words themselves. `drawn`: the words
/// drawn, as they are.
fn masked_html(words: &str, drawn: &str) -> Option<String> {
    let hidden = masked(words).map(|words| markdown::draw(&words));
    let html = hidden.as_deref().unwrap_or(drawn);
    // What signs of Markdown or of HTML had kept apart stands together once it is drawn.
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').map_or(rest.len(), |n| start + n + 1);
        out.push_str(&in_text(&rest[..start]));
        // Signs that stood apart may have come to be a picture once what was between them is hidden.
        if rest[start..end].starts_with("<img") {
            out.push(Mask::Picture.sign());
        } else {
            out.push_str(&rest[start..end]);
        }
        rest = &rest[end..];
    }
    out.push_str(&in_text(rest));
    (out != drawn).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(words: &str) -> Option<String> {
        masked_html(words, &markdown::draw(words))
    }

    fn told(words: &str) -> String {
        domain::designs::masks::told(masked_or(words.to_owned()), |mask| format!("<{}>", mask.name()))
    }

    #[test]
    fn what_leads_to_somebody_is_hidden() {
        for (typed, shown) in [
            ("Write to robin.b+x@example.co.uk today.", "Write to <mail> today."),
            ("robin\\@example.org", "<mail>"),
            ("robin (at) example (dot) org", "<mail>"),
            ("<robin@example.org>", "<mail>"),
            ("Ring 07700 900123 or (0117) 496-0123.", "Ring <phone> or <phone>."),
            ("+44 7700 900 123, +44 (0)20 7946 0018", "<phone>, <phone>"),
            ("I live at 4 High Street, BS1 4DJ", "I live at 4 High Street, <postcode>"),
            ("sw1a2aa", "<postcode>"),
            ("See www.example.org/me or https://example.org?q=1.", "See <link> or <link>"),
            ("See [my page](https://example.org/me) now", "See my page <link> now"),
            ("[bus times](/designs/1) stay", "[bus times](/designs/1) stay"),
            ("![me at the stop](https://example.org/a.jpg)", "me at the stop <picture>"),
            ("![me at 07700 900123](picture-abcdefgh)", "me at <phone> <picture>"),
            ("![-](picture-abcdefgh) now", "<picture> now"),
            ("[![me](https://a.example/x.png)](https://b.example)", "me <picture> <link>"),
            ("| a | b |\n|---|---|\n| 07700 900123 | x@y.org |", "| a | b |\n|---|---|\n| <phone> | <mail> |"),
        ] {
            assert_eq!(told(typed), shown, "{typed}");
        }
    }

    #[test]
    fn other_words_stay() {
        for typed in [
            "The 27 leaves at 10:45, the 9A at 11.",
            "On 01.02.2027 10:30 or 01/02/2027 at 9.",
            "In 2024, 2025 and 2026 it cost £1,200,000 or 1 200 000 000 pounds.",
            "Print it on A4 2nd class, room B12 3rd floor.",
            "3 x 4 = 12 @ the stop",
            "- one\n- two\n\n**bold** [not a link]",
            "",
        ] {
            assert_eq!(masked(typed), None, "{typed}");
            assert_eq!(html(typed), None, "{typed}");
        }
    }

    #[test]
    fn signs_of_markdown_do_not_help() {
        for typed in ["robin\\@example.org", "07700 &#57;00123", "[a][1]\n\n[1]: https://example.org"] {
            let html = html(typed).unwrap_or_default();
            assert!(!html.contains("example.org") && !html.contains("900123"), "{typed}: {html}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_breaks_and_what_is_hidden_is_hidden_once(words in ".{0,80}(a@b\\.org|07700 900123|\\[x\\]\\(https://a\\.org\\))?.{0,80}") {
            if let Some(hidden) = masked(&words) {
                proptest::prop_assert_eq!(masked(&hidden), None);
                proptest::prop_assert!(!hidden.contains("a@b.org"));
            }
            let html = html(&words).unwrap_or_default();
            proptest::prop_assert!(!html.contains("https://a.org"));
        }
    }
}
