//! The words of a section, drawn: a small part of Markdown (paragraphs, bold, lists, links, pictures, small tables), drawn once
//! when they are saved and then sanitised.
//!
//! A picture is drawn by its name alone: whether there is one of that name, and who may see it, is asked when a browser comes
//! for it. Pictures from elsewhere are their words: nobody's browser asks another server for anything.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

use ammonia::{Builder, UrlRelative};
use domain::designs::masks::Mask;
use domain::designs::pictures::{DECORATION, PictureName, WIDTH, WIDTHS};
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
                "p", "br", "strong", "em", "ul", "ol", "li", "a", "img", "table", "thead", "tbody", "tr", "th", "td",
            ]))
            .tag_attributes(HashMap::from([
                ("a", HashSet::from(["href"])),
                ("img", HashSet::from(["src", "alt"])),
                ("ol", HashSet::from(["start"])),
            ]))
            .url_schemes(HashSet::from(["https", "mailto"]))
            .url_relative(UrlRelative::PassThrough)
            .attribute_filter(|tag, name, value| match (tag, name) {
                ("a", "href") if !good_address(value) => None,
                ("img", "src") if !value.starts_with(OURS) => None,
                ("ol", "start") if value.parse::<u16>().is_err() => None,
                _ => Some(Cow::Borrowed(value)),
            })
            .link_rel(Some("noreferrer nofollow"));
        builder
    })
}

/// How the address of a picture of ours begins.
const OURS: &str = "/pictures/";

/// Where a picture is, in one of its widths.
pub fn picture_at(name: &str, width: u32) -> String {
    format!("{OURS}{name}/{width}")
}

/// How a picture begins that the parser and the sanitiser have been through; in words `<` is escaped.
const DRAWN: &str = "<img src=\"/pictures/";

/// A picture's element up to what it shows: every width it has, and none of them before somebody comes near it. Its room on the
/// page is the same whatever it is (the style says so), so that nothing moves when it comes.
pub(super) fn picture_begins(name: &str) -> String {
    let widths: Vec<String> = WIDTHS.iter().map(|width| format!("{} {width}w", picture_at(name, *width))).collect();
    let (src, srcset) = (picture_at(name, WIDTH), widths.join(", "));
    format!("<img src=\"{src}\" srcset=\"{srcset}\" sizes=\"(min-width: 60rem) 40rem, 100vw\" loading=\"lazy\"")
}

/// Puts something else in the place of each picture of drawn words; `draw` gets its name and what comes behind its address
/// (` alt="…"`), and gives nothing where it stays as it is.
pub(super) fn each_picture(html: &str, mut draw: impl FnMut(&str, &str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(DRAWN) {
        let end = rest[at..].find('>').map_or(rest.len(), |n| at + n);
        let element = &rest[at..end];
        let name = element[DRAWN.len()..].split('/').next().unwrap_or_default();
        let alt = element.find(" alt=\"").map_or("", |n| &element[n..]);
        out.push_str(&rest[..at]);
        out.push_str(&draw(name, alt).unwrap_or_else(|| element.to_owned()));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The pictures that stand in drawn words.
pub(crate) fn pictures_drawn(html: &str) -> Vec<PictureName> {
    let names = html.split(DRAWN).skip(1).filter_map(|part| part.split('/').next());
    names.filter_map(|name| name.parse().ok()).collect()
}

/// A picture as [`draw`] draws it.
pub(super) fn picture(name: &PictureName, shows: &str) -> String {
    if domain::words::is_blank(shows) {
        return Mask::Unsaid.sign().to_string();
    }
    let shows = if shows.trim() == DECORATION { "" } else { shows };
    let shows = shows.replace('&', "&amp;").replace('\u{a0}', "&nbsp;").replace('"', "&quot;");
    format!("{} alt=\"{shows}\">", picture_begins(name.as_str()))
}

/// A picture as it stands in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    /// From `!` to the end of its address, in bytes.
    pub(super) place: Range<usize>,
    /// Its address.
    pub(super) address: String,
    /// What it shows.
    pub(super) shows: String,
}

/// The pictures in words whose address is `wanted`, in their order. One inside what another shows is none.
pub(super) fn images(words: &str, wanted: impl Fn(&str) -> bool) -> Vec<Image> {
    let (mut all, mut open) = (Vec::new(), None::<Image>);
    if !words.contains("![") {
        return all;
    }
    for (event, place) in Parser::new_ext(words, Options::ENABLE_TABLES).into_offset_iter() {
        let said = match event {
            Event::Start(Tag::Image { dest_url, .. }) if open.is_none() && wanted(&dest_url) => {
                open = Some(Image { place, address: dest_url.into_string(), shows: String::new() });
                continue;
            }
            Event::End(TagEnd::Image) => {
                all.extend(open.take_if(|image| image.place == place));
                continue;
            }
            Event::Text(text) | Event::Code(text) => text,
            Event::SoftBreak | Event::HardBreak => CowStr::Borrowed(" "),
            _ => continue,
        };
        if let Some(image) = &mut open {
            image.shows.push_str(&said);
        }
    }
    all
}

/// Words with others in the place of some of them. `changes`: in their order, none inside another.
pub(super) fn spliced(words: &str, changes: impl IntoIterator<Item = (Range<usize>, String)>) -> String {
    let (mut out, mut at) = (String::with_capacity(words.len()), 0);
    for (place, other) in changes {
        out.push_str(&words[at..place.start]);
        out.push_str(&other);
        at = place.end;
    }
    out.push_str(&words[at..]);
    out
}

/// What the pictures in words show, in their order; nothing where nobody said it, or where it is for decoration only.
pub(crate) fn pictures_in(words: &str) -> Vec<(PictureName, Option<String>)> {
    let said = |shows: &String| !domain::words::is_blank(shows) && shows.trim() != DECORATION;
    let ours = images(words, |address| PictureName::of_address(address).is_some());
    let named = |image: Image| Some((PictureName::of_address(&image.address)?, Some(image.shows).filter(said)));
    ours.into_iter().filter_map(named).collect()
}

/// Words in which what a picture shows stands in its place, as plain words; nothing where it does not stand.
pub(crate) fn without_picture(words: &str, name: &PictureName) -> Option<String> {
    let there = images(words, |address| address == name.address());
    let shows = |shows: &str| if shows.trim() == DECORATION { String::new() } else { super::import::guard(shows) };
    let any = !there.is_empty();
    any.then(|| spliced(words, there.into_iter().map(|image| (image.place, shows(&image.shows)))))
}

/// Gives pictures their widths.
fn with_widths(html: String) -> String {
    if !html.contains(DRAWN) {
        return html;
    }
    let mut out = String::with_capacity(html.len() * 2);
    let mut parts = html.split(DRAWN);
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once('"').unwrap_or((part, ""));
        out.push_str(&picture_begins(name));
        out.push_str(rest);
    }
    out
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
    /// For each picture that is open and will be drawn: where it begins in `out`.
    pictures: Vec<usize>,
    out: Vec<Event<'a>>,
}

impl<'a> Subset<'a> {
    /// What an element of the parser is drawn as.
    fn drawn(&self, tag: Tag<'a>) -> Option<Tag<'a>> {
        let tag = match tag {
            // The section has a heading of its own: a smaller one inside it would break the order of headings.
            Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock => Tag::Paragraph,
            Tag::Link { ref dest_url, .. } if !good_address(dest_url) => return None,
            // A picture in what another shows is its words.
            Tag::Image { link_type, ref dest_url, .. } if self.pictures.is_empty() => {
                let name = PictureName::of_address(dest_url)?;
                let dest_url = format!("{OURS}{name}").into();
                Tag::Image { link_type, dest_url, title: CowStr::Borrowed(""), id: CowStr::Borrowed("") }
            }
            Tag::Image { .. } | Tag::BlockQuote(_) => return None,
            other => other,
        };
        (self.depth < DEEPEST).then_some(tag)
    }

    /// A picture of which nobody said what it shows is not shown: whoever cannot see it would not know that it is there. One
    /// that is for decoration says so, and shows nothing to whoever cannot see it.
    fn picture_ends(&mut self, begins: usize, end: TagEnd) {
        let said: String = self.out[begins + 1..]
            .iter()
            .map(|event| match event {
                Event::Text(text) => text,
                _ => "",
            })
            .collect();
        if domain::words::is_blank(&said) {
            self.out.truncate(begins);
            self.out.push(Event::Text(Mask::Unsaid.sign().to_string().into()));
            return;
        }
        if said.trim() == DECORATION {
            self.out.truncate(begins + 1);
        }
        self.out.push(Event::End(end));
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
                        Some(tag) => {
                            if matches!(tag, Tag::Image { .. }) {
                                self.pictures.push(self.out.len());
                            }
                            self.out.push(Event::Start(tag));
                        }
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
                        match self.pictures.pop_if(|_| end == TagEnd::Image) {
                            Some(begins) => self.picture_ends(begins, end),
                            None => self.out.push(Event::End(end)),
                        }
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
    let mut subset = Subset {
        words,
        open: Vec::new(),
        depth: 0,
        tables,
        in_plain: false,
        in_code: false,
        pictures: Vec::new(),
        out: Vec::new(),
    };
    for (event, place) in Parser::new_ext(words, Options::ENABLE_TABLES).into_offset_iter() {
        subset.take(event, place);
    }
    let mut unsafe_html = String::with_capacity(words.len() * 2);
    html::push_html(&mut unsafe_html, subset.out.into_iter());
    let clean = with_widths(sanitiser().clean(&unsafe_html).to_string());
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

    #[test]
    fn a_picture_of_ours_is_drawn_with_what_it_shows() {
        let html = draw("Look:\n\n![The stop \\*at* \"night\" & <rain>](picture-abcdefgh \"a title\")");
        for part in [
            "<p><img src=\"/pictures/abcdefgh/960\" srcset=\"/pictures/abcdefgh/480 480w, ",
            "/pictures/abcdefgh/1920 1920w\"",
            "loading=\"lazy\" alt=\"The stop *at* &quot;night&quot; &amp; ",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert!(!html.contains("title"), "{html}");
        let decoration = draw("![-](picture-abcdefgh)");
        assert!(decoration.contains("alt=\"\""), "{decoration}");
    }

    #[test]
    fn a_picture_from_elsewhere_is_its_words_and_one_without_words_is_not_shown() {
        for (words, html) in [
            ("![me](https://example.org/a.jpg)", "<p>me</p>\n"),
            ("![me](picture-toolong12)", "<p>me</p>\n"),
            ("![me](/pictures/abcdefgh)", "<p>me</p>\n"),
            ("![](picture-abcdefgh)", "<p>\u{e015}</p>\n"),
            ("![ \u{200b}**](picture-abcdefgh)", "<p>**</p>\n"),
            ("![me](picture-abcdefgh\"onerror=alert)", "<p>me</p>\n"),
        ] {
            let drawn = draw(words);
            if words.contains("**") {
                assert!(drawn.contains("<img "), "stars are words: {drawn}");
            } else {
                assert_eq!(drawn, html, "{words}");
            }
        }
        let nested = draw("![a ![b](picture-bbbbbbbb) c](picture-aaaaaaaa)");
        assert_eq!(nested.matches("<img").count(), 1, "{nested}");
        assert!(nested.contains("alt=\"a b c\""), "{nested}");
        let linked = draw("[![a stop](picture-aaaaaaaa)](https://example.org)");
        assert!(linked.contains("<a href=\"https://example.org\"") && linked.contains("alt=\"a stop\""), "{linked}");
    }

    #[test]
    fn a_picture_that_goes_leaves_what_it_shows() {
        let name = "abcdefgh".parse().expect("a name");
        let left = |words: &str| super::without_picture(words, &name);
        assert_eq!(
            left("a ![The *stop*\nat \\[six\\]](picture-abcdefgh) b").as_deref(),
            Some("a The stop at \\[six\\] b")
        );
        assert_eq!(left("![-](picture-abcdefgh)![x](picture-bbbbbbbb)").as_deref(), Some("![x](picture-bbbbbbbb)"));
        assert_eq!(left("![a](picture-abcdefgh) ![b](picture-abcdefgh)").as_deref(), Some("a b"));
        for stays in ["", "picture-abcdefgh", "[a](picture-abcdefgh)", "![x](picture-bbbbbbbb)"] {
            assert_eq!(left(stays), None, "{stays}");
        }
    }

    /// How deep the elements of some HTML are.
    fn depth(html: &str) -> usize {
        let (mut now, mut most) = (0_usize, 0);
        for tag in html.split('<').skip(1).filter(|tag| !tag.starts_with("br") && !tag.starts_with("img")) {
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
            "![a](picture-abcdefgh)".repeat(MOST / 22),
            "![".repeat(MOST / 22) + &"](picture-abcdefgh)".repeat(MOST / 22),
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
                Just("```"), Just("~~~"), Just("]: "), Just("!["), Just("](picture-abcdefgh)"), Just("|a|b|\n|-|-|\n|w3|\n"),
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
