//! The kit: every part of it stands on its page. A browser looks at it in a development build (end2end/tests/kit.spec.ts).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::Page;
use app::display::Display;
use app::page::Assets;
use app::pages::kit;
use app::words::Words;
use domain::access::Who;
use domain::moment::Moment;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn drawn(path: &str) -> String {
    let page = Page {
        words: Words::english(),
        site: Arc::default(),
        zone: jiff::tz::TimeZone::UTC,
        who: Who::nobody(),
        display: Display::default(),
        path: path.to_owned(),
        nonce: String::new(),
        demo: false,
        now: Moment(1_780_000_000_000_000),
        session_seconds: None,
        assets: Arc::new(Assets::default()),
        was_shared: false,
        said: None,
    };
    kit::all(&page, "kit")
}

#[test]
fn the_page_of_the_kit_shows_fresh_and_refused_forms() {
    for (path, refused) in [("/kit", false), ("/kit?refused", true)] {
        let html = drawn(path);
        assert!(html.contains("<main") && html.contains("role=\"dialog\""), "{path}");
        assert_eq!(html.contains("id=\"error-summary\""), refused, "{path}");
        assert_eq!(html.contains("aria-invalid=\"true\""), refused, "{path}");
    }
}

#[test]
fn each_line_of_an_error_summary_says_which_field() {
    let html = drawn("/kit?refused").replace("<!>", "").replace("<!---->", "");
    for line in [
        "<a href=\"#field-idea\">Your idea in one line: Write something here</a>",
        "<a href=\"#field-words\">What do you think? Write something here</a>",
        "<a href=\"#field-bus\">Your choice: Choose one</a>",
        "<a href=\"#field-when\">When can you come? Choose one</a>",
        "<a href=\"#field-day\">By when? Write something here</a>",
    ] {
        assert!(html.contains(line), "{line}: {html}");
    }
}

/// Parts that are pieces of others, or no part of a page.
const INSIDE_OTHERS: &[&str] = &[
    "problem_words",
    "field_id",
    "escaped",
    "text_area_html",
    "safe_href", // text
    "hidden",
    "kept_box",
    "said_here", // the same words, seen where the address leads
    "mark",      // in `form`, in `kept`, in the shell
];

#[test]
fn every_part_of_the_kit_stands_on_its_page() {
    let read = |path: &str| std::fs::read_to_string(top().join(path)).expect("a source file");
    let page = read("app/src/pages/kit.rs");
    let mut seen = 0;
    for file in ["app/src/kit.rs", "app/src/kit/fields.rs", "app/src/kit/parts.rs"] {
        let text = read(file);
        let names = text.lines().filter_map(|l| l.strip_prefix("pub fn ")?.split(['(', '<']).next());
        for name in names.filter(|name| !INSIDE_OTHERS.contains(name)) {
            seen += 1;
            assert!(page.contains(&format!("kit::{name}(")), "{file}: {name} is nowhere in app/src/pages/kit.rs");
        }
    }
    assert!(seen > 15, "the parts are there: {seen}");
}

/// A colour of a tag that no page shows is a colour nobody has looked at.
#[test]
fn every_look_of_a_tag_and_of_a_notice_stands_on_its_page() {
    let html = drawn("/kit");
    let css = std::fs::read_to_string(top().join("style/components.css")).expect("a style sheet");
    for start in [".tag-", ".notice."] {
        for rest in css.split(start).skip(1) {
            let name: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            let class = if start == ".tag-" { format!("tag tag-{name}\"") } else { format!("notice {name}\"") };
            assert!(html.contains(&class), "{class} is in components.css and not on the page of the kit");
        }
    }
}
