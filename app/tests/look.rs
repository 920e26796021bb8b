//! The look, as numbers: every pair of colours in every theme, symbols that are there, the statement's age.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const TOKENS: &str = include_str!("../../style/tokens.css");

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The blocks of the token file: what they are for, and the colours in them.
fn blocks() -> Vec<(String, BTreeMap<String, String>)> {
    let mut out = Vec::new();
    for block in TOKENS.split('}') {
        let Some((before, inside)) = block.rsplit_once('{') else { continue };
        let selector = before.rsplit(['{', ';', '/']).next().unwrap_or("").trim().to_owned();
        let colours: BTreeMap<_, _> = inside
            .split(';')
            .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "))
            .filter(|(_, value)| value.starts_with('#'))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if !colours.is_empty() {
            out.push((selector, colours));
        }
    }
    out
}

/// Relative luminance (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let c = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("hexadecimal")) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// What stands on what, and how strong the contrast must be at least.
const PAIRS: &[(&[&str], &[&str], f64)] = &[
    (&["paper", "card"], &["ink", "quiet", "link", "plum", "teal", "blue", "green", "brick"], 7.0),
    (&["soft"], &["ink", "link", "plum", "teal"], 7.0),
    (&["chosen"], &["ink", "quiet"], 7.0),
    (&["main"], &["on-main"], 7.0),
    (&["sun"], &["on-sun"], 7.0),
    (&["leave"], &["on-leave"], 7.0),
    (&["paper", "card", "soft", "chosen"], &["line"], 3.0),
    (&["paper", "card", "chosen"], &["main"], 3.0),
    (&["ink"], &["paper"], 7.0),
];

#[test]
fn every_pair_of_colours_is_strong_enough_in_every_theme() {
    let blocks = blocks();
    let themes: BTreeSet<&str> =
        blocks.iter().filter_map(|(s, _)| s.rsplit("data-theme=\"").next()?.split('"').next()).collect();
    assert_eq!(
        themes,
        BTreeSet::from(["auto", "blue", "contrast", "cream", "dark", "light"]),
        "each theme has its block"
    );
    for (selector, colours) in &blocks {
        for (grounds, tops, least) in PAIRS {
            for ground in *grounds {
                for top in *tops {
                    let get = |name: &str| colours.get(name).unwrap_or_else(|| panic!("{selector} has no --{name}"));
                    let found = contrast(get(ground), get(top));
                    assert!(found >= *least, "{selector}: {top} on {ground} is {found:.2}, needs {least}");
                }
            }
        }
    }
}

#[test]
fn the_dark_of_the_device_is_the_dark_of_the_choice() {
    let find = |what: &str| blocks().into_iter().find(|(s, _)| s.contains(what)).expect("a theme").1;
    assert_eq!(find("\"auto\""), find("\"dark\""));
}

#[test]
fn colours_stand_in_the_tokens_only() {
    for name in ["elements.css", "layout.css", "fields.css"] {
        let text = std::fs::read_to_string(top().join("style").join(name)).expect("a style sheet");
        for line in text.lines().filter(|l| !l.contains("/*")) {
            assert!(!line.contains(": #"), "{name} has a colour of its own: {line}");
        }
    }
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() {
            rust_files(&path, out);
        } else if path
            .extension()
            .is_some_and(|e| matches!(e.to_str(), Some("rs" | "json" | "csv" | "txt" | "toml" | "md")))
        {
            out.push(path);
        }
    }
}

fn is_code(word: &str) -> bool {
    let first = word.split('-').next().unwrap_or("");
    (4..=5).contains(&first.len())
        && word.split('-').all(|p| (4..=5).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)))
        && (first.starts_with("1F") || (first.len() == 4 && first.starts_with('2')))
        // A year is no picture.
        && !(first.len() == 4 && first.starts_with("20") && word.len() == 4)
}

#[test]
fn every_symbol_that_is_used_is_listed_and_none_twice() {
    let list = std::fs::read_to_string(top().join("style/symbols.txt")).expect("the list");
    let codes: Vec<&str> =
        list.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_whitespace().next()).collect();
    let listed: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(listed.len(), codes.len(), "a symbol is listed twice");
    let mut files = Vec::new();
    for folder in ["app/src", "server/src", "server/demo", "service/src", "domain/src", "domain/data", "service/demo"] {
        rust_files(&top().join(folder), &mut files);
    }
    assert!(files.len() > 50, "the sources are there");
    let mut missing = BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a readable file");
        for word in text.split(['"', '\'']).filter(|w| w.len() < 60 && is_code(w)) {
            if !listed.contains(word) {
                missing.insert(word.to_owned(), file.clone());
            }
        }
    }
    assert!(missing.is_empty(), "add these to style/symbols.txt: {missing:?}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the statement must have been read within a year of today's build")]
fn the_accessibility_statement_was_read_within_the_last_year() {
    let statement = app::pages::info::Statement::ours();
    let today =
        jiff::Timestamp::try_from(std::time::SystemTime::now()).expect("a time").to_zoned(jiff::tz::TimeZone::UTC);
    let age = statement.reviewed.until(today.date()).expect("dates").get_days();
    assert!(
        age <= 365,
        "read app/data/accessibility.json against the site and write today's date in it ({age} days old)"
    );
    for issue in &statement.issues {
        let words = app::words::Words::english();
        assert!(words.has(&format!("statement-issue-{}", issue.key)), "{}", issue.key);
        assert!(words.has(&format!("statement-issue-{}-instead", issue.key)), "{}", issue.key);
    }
}
