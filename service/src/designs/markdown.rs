//! The words of a section, drawn: a small part of Markdown (paragraphs, bold, lists, links, small tables), drawn once when
//! they are saved and then sanitised.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// Addresses that may stand in somebody's words: https, mail, and our own paths.
fn good_address(address: &str) -> bool {
    let own = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    own || address.starts_with("https://") || address.starts_with("mailto:")
}

fn sanitiser() -> &'static Builder<'static> {
    static BUILDER: OnceLock<Builder<'static>> = OnceLock::new();
    BUILDER.get_or_init(|| {
        let mut builder = Builder::empty();
        builder
            .tags(HashSet::from([
                "p", "br", "strong", "em", "ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td",
            ]))
            .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
            .url_schemes(HashSet::from(["https", "mailto"]))
            .url_relative(UrlRelative::PassThrough)
            .attribute_filter(|tag, name, value| match (tag, name) {
                ("a", "href") if !good_address(value) => None,
                ("ol", "start") if value.parse::<u16>().is_err() => None,
                _ => Some(Cow::Borrowed(value)),
            })
            .link_rel(Some("noreferrer nofollow"));
        builder
    })
}

/// Draws words. What is no part of the subset stands there as plain words; nothing is lost.
pub fn draw(words: &str) -> String {
    let mut unsafe_html = String::with_capacity(words.len() * 2);
    let mut links: Vec<bool> = Vec::new();
    let events = Parser::new_ext(words, Options::ENABLE_TABLES).filter_map(|event| {
        Some(match event {
            // The section has a heading of its own: a smaller one inside it would break the order of headings.
            Event::Start(Tag::Heading { .. }) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Paragraph),
            Event::Start(Tag::Link { ref dest_url, .. }) => {
                let good = good_address(dest_url);
                links.push(good);
                if !good {
                    return None;
                }
                event
            }
            Event::End(TagEnd::Link) => {
                if links.pop() != Some(true) {
                    return None;
                }
                event
            }
            Event::Start(Tag::Image { .. } | Tag::BlockQuote(_))
            | Event::End(TagEnd::Image | TagEnd::BlockQuote(_)) => {
                return None;
            }
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            Event::Html(text) | Event::InlineHtml(text) | Event::Code(text) => Event::Text(text),
            // A new line is a new line, as people expect who never heard of Markdown.
            Event::SoftBreak => Event::HardBreak,
            Event::Rule => Event::Text(CowStr::Borrowed(" ")),
            other => other,
        })
    });
    html::push_html(&mut unsafe_html, events);
    let clean = sanitiser().clean(&unsafe_html).to_string();
    // After sanitising these can only be tags: in words they are escaped.
    clean
        .replace("<table>", "<div class=\"table\" tabindex=\"0\"><table>")
        .replace("</table>", "</table></div>")
        .replace("<th>", "<th scope=\"col\">")
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn the_subset_is_drawn() {
        let html = draw(
            "Buses **stop** at six.\nToo early.\n\n- one\n- two\n\n[Times](/groups) and [more](https://example.org)",
        );
        for part in [
            "<p>Buses <strong>stop</strong> at six.<br>",
            "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
            "<a href=\"/groups\" rel=\"noreferrer nofollow\">Times</a>",
            "<a href=\"https://example.org\" rel=\"noreferrer nofollow\">more</a>",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert!(draw("|a|b|\n|-|-|\n|1|2|").contains("<th scope=\"col\">a</th>"));
    }

    #[test]
    fn nothing_that_runs_comes_through() {
        for bad in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[a](javascript:alert(1))",
            "[a](//evil.example)",
            "[a](/\\evil.example)",
            "[a](http://plain.example)",
            "![a](https://evil.example/x.png)",
            "<a href=\"javascript:alert(1)\" style=\"x\">a</a>",
            "<javascript:alert(1)>",
        ] {
            let html = draw(bad);
            for sign in ["<script", "<img", "<a "] {
                assert!(!html.contains(sign), "{bad} became {html}");
            }
        }
    }

    #[test]
    fn every_word_stays_even_where_it_is_no_markdown_of_ours() {
        let html = draw("# Heading\n> quote\n\n```\ncode\n```\n<b>tag</b> `x`\n\n![picture](y)");
        for word in ["Heading", "quote", "code", "tag", "x", "picture"] {
            assert!(html.contains(word), "{word} is not in {html}");
        }
        assert!(!html.contains("<h1"));
    }
}
