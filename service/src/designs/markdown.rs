//! The words of a section, drawn: a small part of Markdown (paragraphs, bold, lists, links, small tables), drawn once when
//! they are saved and then sanitised.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// Addresses that may stand in somebody's words: https, mail, and our own paths.
pub(super) fn good_address(address: &str) -> bool {
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

/// Deeper than people nest lists: what is deeper is drawn as plain words in the last level, so that no page is made of
/// thousands of boxes in boxes (browsers and the sanitiser take very long over those).
const DEEPEST: usize = 20;
/// How many levels a table needs for itself and what is in a cell.
const OF_A_TABLE: usize = 6;

/// The parser's events as far as they are of the subset.
struct Subset<'a> {
    words: &'a str,
    /// For each element that is open: how it ends, when it is drawn.
    open: Vec<Option<TagEnd>>,
    /// How many of them are drawn.
    depth: usize,
    /// For each table, in order: it is drawn as a table.
    tables: std::vec::IntoIter<bool>,
    /// Inside a table that is drawn as plain words.
    in_plain: bool,
    /// Inside words that the parser does not look into.
    in_code: bool,
    out: Vec<Event<'a>>,
}

impl<'a> Subset<'a> {
    /// What an element of the parser is drawn as.
    fn drawn(&self, tag: Tag<'a>) -> Option<Tag<'a>> {
        let tag = match tag {
            // The section has a heading of its own: a smaller one inside it would break the order of headings.
            Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock => Tag::Paragraph,
            Tag::Link { ref dest_url, .. } if !good_address(dest_url) => return None,
            Tag::Image { .. } | Tag::BlockQuote(_) => return None,
            other => other,
        };
        (self.depth < DEEPEST).then_some(tag)
    }

    /// A table as it was typed, a line for each of its lines.
    fn plain_table(&mut self, place: Range<usize>) {
        let paragraph = self.depth < DEEPEST;
        if paragraph {
            self.out.push(Event::Start(Tag::Paragraph));
        }
        for line in self.words[place].lines() {
            self.out.extend([Event::Text(as_typed(CowStr::Borrowed(line))), Event::HardBreak]);
        }
        if paragraph {
            self.out.push(Event::End(TagEnd::Paragraph));
        }
    }

    fn take(&mut self, event: Event<'a>, place: Range<usize>) {
        let table = matches!(event, Event::Start(Tag::Table(_)));
        if table && !(self.tables.next().unwrap_or(false) && self.depth + OF_A_TABLE <= DEEPEST) {
            self.in_plain = true;
            self.plain_table(place);
        } else if self.in_plain {
            self.in_plain = !matches!(event, Event::End(TagEnd::Table));
        } else {
            match event {
                Event::Start(tag) => {
                    let block = matches!(tag, Tag::List(_) | Tag::Item | Tag::Paragraph | Tag::Heading { .. });
                    self.in_code = matches!(tag, Tag::CodeBlock(_));
                    // Behind three backticks the parser expects the name of a language. Here these are words too.
                    let behind = match &tag {
                        Tag::CodeBlock(CodeBlockKind::Fenced(words)) if !words.is_empty() => Some(words.clone()),
                        _ => None,
                    };
                    let drawn = self.drawn(tag);
                    self.open.push(drawn.as_ref().map(Tag::to_end));
                    self.depth += usize::from(drawn.is_some());
                    match drawn {
                        Some(tag) => self.out.push(Event::Start(tag)),
                        // Words of two items that are no items any more do not run together.
                        None if block => self.out.push(Event::Text(CowStr::Borrowed(" "))),
                        None => {}
                    }
                    if let Some(words) = behind {
                        self.out.extend([Event::Text(words), Event::HardBreak]);
                    }
                }
                Event::End(_) => {
                    self.in_code = false;
                    if let Some(end) = self.open.pop().flatten() {
                        self.depth -= 1;
                        self.out.push(Event::End(end));
                    }
                }
                Event::Html(text) | Event::InlineHtml(text) | Event::Code(text) => {
                    self.out.push(Event::Text(as_typed(text)));
                }
                Event::Text(text) if self.in_code => self.out.push(Event::Text(as_typed(text))),
                // A new line is a new line, as people expect who never heard of Markdown.
                Event::SoftBreak => self.out.push(Event::HardBreak),
                Event::Rule => self.out.push(Event::Text(CowStr::Borrowed(" "))),
                other => self.out.push(other),
            }
        }
    }
}

/// For each table: whether it can be drawn as one. The parser fills up rows that are short, and leaves out what is behind
/// the last column. A table most of which nobody wrote (a wide first row and thousands of short ones) and one that would
/// lose words are drawn as they were typed. A cell that somebody wrote has a letter or a line of its own, so what they
/// wrote always has at most as many cells as letters.
fn tables(words: &str) -> Vec<bool> {
    let mut out = Vec::new();
    if !words.contains('|') {
        return out;
    }
    let (mut cells, mut letters, mut behind, mut whole) = (0, 0, 0, true);
    for (event, place) in Parser::new_ext(words, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Table(_)) => (cells, letters, whole) = (0, place.len(), true),
            Event::Start(Tag::TableHead | Tag::TableRow) => behind = place.start,
            Event::Start(Tag::TableCell) => {
                cells += 1;
                behind = behind.max(place.end);
            }
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                let rest = words.get(behind..place.end).unwrap_or("");
                whole &= rest.chars().all(|c| c == '|' || c.is_whitespace());
            }
            Event::End(TagEnd::Table) => out.push(whole && cells <= letters),
            _ => {}
        }
    }
    out
}

/// The words so that the parser takes nothing in them for the address of a link that stands elsewhere ("[Bus]: late")
/// which is none: people write such lines and mean them, and the parser draws nothing for them.
fn without_addresses(words: &str) -> Cow<'_, str> {
    let none = |parser: Parser<'_>| parser.reference_definitions().iter().any(|(_, it)| !good_address(&it.dest));
    if words.contains("]:") && none(Parser::new_ext(words, Options::ENABLE_TABLES)) {
        Cow::Owned(words.replace("]:", HELD))
    } else {
        Cow::Borrowed(words)
    }
}

/// What stands for "]:" then, and is drawn as that.
const HELD: &str = "]\\:";

/// Words that the parser does not look into, as they were typed.
fn as_typed(words: CowStr<'_>) -> CowStr<'_> {
    if words.contains(HELD) { words.replace(HELD, "]:").into() } else { words }
}

/// Draws words. What is no part of the subset stands there as plain words; nothing is lost. What comes out is at most some
/// forty times as long as the words and at most some twenty levels deep, whatever they are.
pub fn draw(words: &str) -> String {
    let words = &*without_addresses(words);
    let tables = tables(words).into_iter();
    let mut subset =
        Subset { words, open: Vec::new(), depth: 0, tables, in_plain: false, in_code: false, out: Vec::new() };
    for (event, place) in Parser::new_ext(words, Options::ENABLE_TABLES).into_offset_iter() {
        subset.take(event, place);
    }
    let mut unsafe_html = String::with_capacity(words.len() * 2);
    html::push_html(&mut unsafe_html, subset.out.into_iter());
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
    use proptest::prelude::*;

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

    /// How deep the elements of some HTML are.
    fn depth(html: &str) -> usize {
        let (mut now, mut most) = (0_usize, 0);
        for tag in html.split('<').skip(1).filter(|tag| !tag.starts_with("br")) {
            now = if tag.starts_with('/') { now - 1 } else { now + 1 };
            most = most.max(now);
        }
        most
    }

    fn is_bounded(words: &str) {
        let html = draw(words);
        assert!(depth(&html) <= 24, "{} levels of {:?}…", depth(&html), words.get(..40));
        assert!(html.len() <= 40 * words.len() + 400, "{} from {} of {:?}…", html.len(), words.len(), words.get(..40));
    }

    #[test]
    fn the_worst_words_of_the_allowed_length_stay_small_and_flat() {
        const MOST: usize = domain::words::SectionWords::MAX;
        let wide = |cells: usize| format!("|{}\n|{}\n", "a|".repeat(cells), "-|".repeat(cells));
        let steps: String = (0..190).map(|n| format!("{}- x\n", "  ".repeat(n))).collect();
        for words in [
            "- ".repeat(MOST / 2 - 1) + "x",
            ">".repeat(MOST - 1) + "x",
            "1. ".repeat(MOST / 3 - 1) + "x",
            "> - ".repeat(MOST / 4 - 1) + "x",
            steps,
            "*_".repeat(MOST / 4 - 1) + "a" + &"_*".repeat(MOST / 4 - 1),
            "**a ".repeat(MOST / 4),
            "[".repeat(MOST / 2) + &"](/)".repeat(MOST / 8),
            wide(200) + &"|x|\n".repeat(9000),
            wide(4500) + &"|\n".repeat(10_000),
            (wide(30) + &"|x|\n".repeat(60) + "\n").repeat(MOST / 400),
            "\n".repeat(MOST - 1) + "x",
            "- a\n\n".repeat(MOST / 5),
            "|a|\n|-|\n\n".repeat(MOST / 9),
        ] {
            assert!(words.chars().count() <= MOST);
            is_bounded(&words);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_stays_small_and_flat_and_keeps_its_words(
            parts in prop::collection::vec(prop_oneof![
                Just("- "), Just("  "), Just("\n"), Just("|"), Just("-|"), Just("a|"), Just("> "), Just("1. "), Just("*"), Just("_"),
                Just("["), Just("](/x)"), Just("`"), Just("<b>"), Just("w1 "), Just("w2"), Just("\n\n"),
                Just("```"), Just("~~~"), Just("]: "), Just("|a|b|\n|-|-|\n|w3|\n"),
            ], 0..120),
            times in 1usize..20,
        ) {
            let words = parts.concat().repeat(times);
            is_bounded(&words);
            let html = draw(&words);
            for word in ["w1", "w2", "w3"] {
                // What stands in the address of a link is no word.
                prop_assert_eq!(html.matches(word).count(), words.matches(word).count(), "{} of {:?}", word, words);
            }
        }
    }

    #[test]
    fn what_is_too_deep_or_was_hardly_written_stands_there_as_plain_words() {
        let deep: String = (0..15).map(|n| format!("{}- w{n}\n", "  ".repeat(n))).collect();
        let html = draw(&deep);
        let plain: String = html.split('<').filter_map(|tag| tag.split_once('>')).map(|(_, text)| text).collect();
        let found: Vec<&str> = plain.split_whitespace().collect();
        assert_eq!(found, (0..15).map(|n| format!("w{n}")).collect::<Vec<_>>());
        assert!(html.contains("<ul>\n<li>w8"), "nine levels are drawn: {html}");

        let sparse = format!("|{}\n|{}\n{}", "head|".repeat(50), "-|".repeat(50), "|one|two|\n".repeat(90));
        let html = draw(&sparse);
        assert!(!html.contains("<table") && html.contains("|one|two|<br>"), "{html}");
        let long = draw("|a|b|\n|-|-|\n|1|2|\n|3|4|five|\n");
        assert!(
            !long.contains("<table") && long.contains("|3|4|five|"),
            "a cell behind the last column is not lost: {long}"
        );
        assert!(draw("|a|b|c|\n|-|-|-|\n|1|\n|2|3|\n").contains("<td>3</td>"), "a few empty cells are fine");
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
    fn what_the_parser_takes_for_the_name_of_a_language_or_an_address_is_words() {
        assert!(
            draw("```the bus is late\ncode\n```").contains("<p>the bus is late<br>\ncode"),
            "{}",
            draw("```the bus is late\ncode\n```")
        );
        assert!(draw("~~~ six\n~~~").contains("six"));
        let html = draw("[Bus]: late\n[Train]: early\n\n> [Tram]: full\n\n[Bus] or [Bus][Train]\n`a]:b`");
        for words in ["[Bus]: late", "[Train]: early", "[Tram]: full", "[Bus] or [Bus][Train]", "<br>\na]:b"] {
            assert!(html.contains(words), "{words} is not in {html}");
        }
        // An address is one.
        assert!(draw("[More][1]\n\n[1]: https://example.org").contains("<a href=\"https://example.org\""));
        assert_eq!(draw(&"[a]: b\n".repeat(5000)).matches("[a]: b").count(), 5000);
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
