use proptest::prelude::*;

use super::*;
use crate::designs::import;
use crate::designs::markdown::draw;

fn document(sections: &[(&str, &str)]) -> Document {
    let sections = sections.iter().map(|(h, w)| ((*h).to_owned(), (*w).to_owned(), draw(w))).collect();
    Document { title: "A later bus & <us>".to_owned(), language: "en-GB".to_owned(), sections, pictures: Vec::new() }
}

fn read(name: &str, bytes: &[u8]) -> import::Read {
    import::read(name, bytes, "Start", import::Pictures::none()).expect("what was written can be read")
}

/// There and back: headings, and words as they are drawn.
fn back(name: &str, bytes: &[u8]) -> Vec<(String, String)> {
    let read = read(name, bytes);
    read.sections.into_iter().map(|d| (d.heading, draw(&d.words))).collect()
}

const EVERYTHING: &str = "Buses **stop** at six. *Why?* And ***when***\nToo early.\n\n- one\n- two\n  - two and a half\n    - deep\n- three\n\n\
    1. first\n2. second\n   - inside\n3. third\n\nBetween\n\n4. fourth\n\n[Times](https://example.org/a?b=c&d) and 5 * 3 & <b>\n\n\
    | Day | Bus |\n|---|---|\n| Monday | **27** |\n| Friday |  |\n\nThe end\\* \\# of it";

#[test]
fn headings_lists_links_and_tables_come_back_from_word_and_from_markdown() {
    let sections =
        [("The *problem* #1", EVERYTHING), ("Our idea", "One line"), ("Empty", ""), ("Last_one [x](y)", "a\n\nb")];
    let document = document(&sections);
    let drawn: Vec<(String, String)> = sections.iter().map(|(h, w)| ((*h).to_owned(), draw(w))).collect();
    assert_eq!(back("a.docx", &docx::write(&document).expect("written")), drawn);
    assert_eq!(back("a.md", text::write(&document).as_bytes()), drawn);
}

#[test]
fn words_that_would_swallow_the_rest_do_not() {
    for words in [
        "```\nnever closed",
        "<!-- never closed",
        "~~~~",
        "# A heading\nof its own",
        "One\n===\ntwo",
        "- # in an item",
        "    # far in",
        "<script>",
    ] {
        let document = document(&[("Before", words), ("After", "here")]);
        let read = read("a.md", text::write(&document).as_bytes()).sections;
        let headings: Vec<&str> = read.iter().map(|d| d.heading.as_str()).collect();
        assert_eq!(headings, ["Before", "After"], "{words:?}: {}", text::write(&document));
        assert_eq!(read[1].words, "here", "{words:?}");
    }
}

#[test]
fn the_web_page_stands_alone() {
    let mut document = document(&[("The problem", "See [our list](/actions)\n\n|a|b|\n|-|-|\n|1|2|")]);
    document.sections[0].2 = absolute(&document.sections[0].2, "https://tandem.example");
    let page = web::write(&document);
    for part in [
        "<html lang=\"en-GB\">",
        "<title>A later bus &amp; &lt;us&gt;</title>",
        "<h1>A later bus &amp; &lt;us&gt;</h1>",
        "<h2>The problem</h2>",
        "<a href=\"https://tandem.example/actions\"",
        "<th scope=\"col\">a</th>",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(!page.contains("<script") && !page.contains("src="));
}

#[test]
fn word_gets_what_a_screen_reader_needs() {
    let bytes = docx::write(&document(&[("The problem", "|a|b|\n|-|-|\n|1|2|")])).expect("written");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
    let mut file = |name: &str| std::io::read_to_string(zip.by_name(name).expect("a part")).expect("text");
    assert!(file("docProps/core.xml").contains("<dc:title>A later bus &amp; &lt;us&gt;</dc:title>"));
    assert!(file("word/styles.xml").contains("<w:lang w:val=\"en-GB\"/>"));
    assert!(file("word/document.xml").contains("<w:trPr><w:tblHeader/></w:trPr>"));
}

#[test]
fn files_have_names_that_every_system_takes() {
    assert_eq!(file_name("A later bus: für alle!", DocumentKind::Docx), "a-later-bus-fur-alle.docx");
    assert_eq!(file_name("…", DocumentKind::Markdown), "work.md");
}

#[test]
fn a_sign_that_is_guarded_stays_so_where_a_heading_becomes_a_paragraph() {
    let written =
        String::from_utf8(text::write(&document(&[("Before", "\\&amp; more\n===")])).into_bytes()).expect("text");
    assert!(written.contains("\n\\&amp; more\n"), "{written}");
}

#[test]
fn a_heading_that_becomes_a_paragraph_is_no_end_of_a_link_that_began_before_it() {
    let words = "[|a|b|\n|-|-|\n|w3|\n  # ](/x)";
    let back = back("a.md", text::write(&document(&[("Before", words), ("After", "here")])).as_bytes());
    assert!(back[0].1.contains("](/x)"), "{back:?}");
}

proptest! {
    #[test]
    fn whatever_was_written_comes_back_word_for_word(
        parts in prop::collection::vec(prop_oneof![
            Just("- "), Just("  "), Just("\n"), Just("|"), Just("> "), Just("1. "), Just("*"), Just("**"), Just("_"), Just("# "),
            Just("["), Just("](/x)"), Just("`"), Just("<b>"), Just("w1 "), Just("w2"), Just("\n\n"), Just("```"), Just("&amp;"),
            Just("|a|b|\n|-|-|\n|w3|\n"), Just("===\n"), Just("---\n"), Just("<!--"), Just("\\"), Just("]: "),
        ], 0..60)
    ) {
        let words = parts.concat();
        let words = words.trim();
        let document = document(&[("Before", words), ("After", "here")]);
        let letters = |html: &str| -> String {
            let plain: String = html.split('<').enumerate()
                .map(|(n, part)| if n == 0 { part } else { part.split_once('>').map_or(part, |(_, text)| text) }).collect();
            // What only looks like Markdown may be guarded, or let go of, on the way.
            plain.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "&").chars().filter(|c| c.is_alphanumeric()).collect()
        };
        for (name, bytes) in [("a.docx", docx::write(&document).expect("written")), ("a.md", text::write(&document).into_bytes())] {
            let read = read(name, &bytes).sections;
            let last = read.last().expect("two parts");
            prop_assert_eq!((last.heading.as_str(), last.words.as_str()), ("After", "here"), "{} of {:?}", name, words);
            let first: String = read.iter().filter(|d| d.heading == "Before").map(|d| letters(&draw(&d.words))).collect();
            // Where words had to be guarded, signs that were none of them may stand there as words too; no word is lost.
            let mut left = first.chars();
            let lost: String = letters(&draw(words)).chars().filter(|c| !left.any(|l| l == *c)).collect();
            prop_assert!(lost.is_empty(), "{} lost {:?} of {:?}: {:?}", name, lost, words, first);
        }
    }
}
