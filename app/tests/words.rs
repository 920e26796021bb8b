//! The words of the interface: they can be read, they are all used, and a child of ten understands them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use app::words::{ENGLISH, Words};
use domain::reports::reading::{self, Hint, Measure};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// Words in a sentence of ours, at most.
const MOST: usize = 20;
/// The grade each area may have, at most: 6 is read at eleven.
const GRADE: f64 = 6.0;

/// Sentences that have to be as long as they are, by key, with the reason.
const LONG: &[(&str, &str)] = &[("statement-enforcement-2", "the name of the law")];

/// Hard words that stand where they must: names that the law gives, or names of things on screen.
const ALLOWED: &[(&str, &str)] = &[];

fn text_of(pattern: &Pattern<&str>) -> String {
    let mut out = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => out.push_str(value),
            PatternElement::Placeable { expression: Expression::Select { variants, .. } } => {
                if let Some(v) = variants.iter().find(|v| v.default) {
                    out.push_str(&text_of(&v.value));
                }
            }
            PatternElement::Placeable { expression: Expression::Inline(InlineExpression::StringLiteral { value }) } => {
                out.push_str(value);
            }
            // A value counts as one short word.
            PatternElement::Placeable { .. } => out.push_str("Sam"),
        }
    }
    out
}

/// Every message: area, key, words. Fails when a file cannot be read or a key stands twice.
fn messages() -> Vec<(&'static str, String, String)> {
    let mut out = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (area, text) in ENGLISH {
        let resource = fluent_syntax::parser::parse(*text)
            .unwrap_or_else(|(_, errors)| panic!("{area}.ftl cannot be read: {errors:?}"));
        for entry in &resource.body {
            match entry {
                Entry::Message(m) => {
                    let key = m.id.name.to_owned();
                    if let Some(other) = seen.insert(key.clone(), area) {
                        panic!("{key} stands in {other}.ftl and in {area}.ftl");
                    }
                    let pattern = m.value.as_ref().unwrap_or_else(|| panic!("{key} says nothing"));
                    out.push((*area, key, text_of(pattern)));
                }
                Entry::Junk { content } => panic!("{area}.ftl cannot be read here: {content}"),
                _ => {}
            }
        }
    }
    out
}

#[test]
fn every_file_is_known_and_can_be_read_and_no_key_stands_twice() {
    let known: BTreeSet<String> = ENGLISH.iter().map(|(area, _)| format!("{area}.ftl")).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("words/en");
    let there: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the folder of words")
        .map(|e| e.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(there, known, "words.rs lists the files");
    assert!(messages().len() > 300);
}

#[test]
fn sentences_are_short() {
    let mut long = Vec::new();
    for (area, key, text) in messages() {
        if LONG.iter().any(|(k, _)| *k == key) {
            continue;
        }
        for hint in reading::hints(&text, MOST) {
            if let Hint::Long(sentence, count) = hint {
                long.push(format!("{area} {key}: {count} words: {sentence}"));
            }
        }
    }
    assert!(long.is_empty(), "longer than {MOST} words:\n{}", long.join("\n"));
}

#[test]
fn words_are_easy() {
    let mut hard = Vec::new();
    for (area, key, text) in messages() {
        for hint in reading::hard_words(&text) {
            if let Hint::Hard(word, easy) = hint
                && !ALLOWED.iter().any(|(k, w)| *k == key && *w == word)
            {
                hard.push(format!("{area} {key}: “{word}”: better “{easy}”: {text}"));
            }
        }
    }
    assert!(hard.is_empty(), "hard words:\n{}", hard.join("\n"));
}

#[test]
fn each_area_reads_at_eleven_or_younger() {
    let mut areas: BTreeMap<&str, Measure> = BTreeMap::new();
    for (area, key, text) in messages() {
        // Labels and headings are no sentences; the law's long names are counted elsewhere.
        if text.trim_end().ends_with(['.', '!', '?']) && !LONG.iter().any(|(k, _)| *k == key) {
            let sum = areas.entry(area).or_default();
            *sum = sum.and(Measure::of(&text));
        }
    }
    let grades: Vec<_> = areas.iter().filter_map(|(area, m)| Some((*area, m.grade()?))).collect();
    assert!(grades.len() >= 3, "some areas are long enough: {areas:?}");
    let hard: Vec<_> = grades.iter().filter(|(_, g)| *g > GRADE).collect();
    assert!(hard.is_empty(), "above grade {GRADE}: {hard:?}");
}

// --- keys and code -------------------------------------------------------------------------------------------------

fn sources(folders: &[&str]) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for path in entries.flatten().map(|e| e.path()) {
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(path);
            }
        }
    }
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in folders {
        walk(&top.join(folder), &mut files);
    }
    files.into_iter().map(|f| (f.clone(), std::fs::read_to_string(&f).expect("a source file"))).collect()
}

/// The string literals of a source file, each with the code right before it (without white space). Comments and what is
/// below `#[cfg(test)]` are left out.
fn literals(text: &str) -> Vec<(String, String)> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let code: String = text
        .lines()
        .filter(|l| !l.trim_start().starts_with("//"))
        .map(|l| l.split(" // ").next().unwrap_or(l))
        .collect::<Vec<_>>()
        .join("\n")
        .replace("'\"'", "' '")
        .replace("'\\\"'", "' '");
    let mut out = Vec::new();
    let mut before = String::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        if c != '"' {
            if !c.is_whitespace() {
                before.push(c);
            }
            continue;
        }
        let mut inside = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => inside.extend(chars.next()),
                '"' => break,
                c => inside.push(c),
            }
        }
        let tail: String = before.chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        out.push((tail, inside));
        before.push('§');
    }
    out
}

fn looks_like_key(s: &str) -> bool {
    !s.is_empty() && s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// Whether a key fits a pattern such as `group-kind-{}` or `{key}-hint`.
fn fits(key: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('{') else { return key == pattern };
    let Some(inner) = key.strip_prefix(start) else { return false };
    let rest = rest.split_once('}').map_or("", |(_, r)| r);
    if rest.is_empty() {
        return !inner.is_empty();
    }
    (1..=inner.len()).any(|i| inner.is_char_boundary(i) && fits(&inner[i..], rest))
}

#[test]
fn every_key_that_code_names_has_words() {
    let words = Words::english();
    let mut missing = BTreeSet::new();
    for (file, text) in sources(&["app/src", "server/src"]) {
        for (before, literal) in literals(&text) {
            let named = [".t(", ".with(", ".t(&", "words.with("].iter().any(|call| before.ends_with(call));
            if named && looks_like_key(&literal) && !words.has(&literal) {
                missing.insert(format!("{literal} ({})", file.display()));
            }
        }
    }
    for (file, text) in sources(&["server/src"]) {
        for (before, literal) in literals(&text) {
            // ctx.done("/where", "key") and ctx.done(&somewhere, "key")
            let call = before.rfind(".done(").map(|at| &before[at..]);
            if call.is_some_and(|c| c.ends_with(',') && !c.contains(';')) && looks_like_key(&literal) {
                let key = format!("said-{literal}");
                if !words.has(&key) {
                    missing.insert(format!("{key} ({})", file.display()));
                }
            }
        }
    }
    for (file, text) in sources(&["service/src", "server/src"]) {
        for (before, literal) in literals(&text) {
            if before.ends_with("MovedOn(") && !words.has(&format!("moved-on-{literal}")) {
                missing.insert(format!("moved-on-{literal} ({})", file.display()));
            }
            let problem = [".add(", "invalid(", "Problems::one("].iter().any(|call| {
                before.rfind(call).is_some_and(|at| {
                    let args = &before[at + call.len()..];
                    args.ends_with(',') && !args.contains(')') && !args.contains(';')
                })
            });
            if problem && looks_like_key(&literal) {
                let any = words.has(&format!("problem-{literal}"))
                    || messages()
                        .iter()
                        .any(|(_, k, _)| k.starts_with("problem-") && k.ends_with(&format!("-{literal}")));
                if !any {
                    missing.insert(format!("problem-{literal} ({})", file.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no words for:\n{}", missing.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Keys made of the names of an enum: each name has its words.
#[test]
fn every_family_of_keys_is_whole() {
    use domain::actions::{ActionStatus, DidItWork};
    use domain::comments::{CommentKind, CommentState};
    use domain::decisions::Hand;
    use domain::designs::Stage;
    use domain::designs::suggestions::{SuggestionAnswer, SuggestionState};
    use domain::people::Picture;
    let words = Words::english();
    let mut missing = Vec::new();
    let mut family = |start: &str, names: Vec<&'static str>| {
        for name in names {
            let key = format!("{start}{name}");
            if !words.has(&key) {
                missing.push(key);
            }
        }
    };
    family("picture-", Picture::ALL.iter().map(|p| p.name()).collect());
    family("group-kind-", domain::groups::GroupKind::ALL.iter().map(|k| k.name()).collect());
    family("display-theme-", app::display::Theme::ALL.iter().map(|t| t.name()).collect());
    family("display-size-", app::display::Size::ALL.iter().map(|t| t.name()).collect());
    family("display-spacing-", app::display::Spacing::ALL.iter().map(|t| t.name()).collect());
    family("display-font-", app::display::Font::ALL.iter().map(|t| t.name()).collect());
    family("display-symbols-", app::display::Symbols::ALL.iter().map(|t| t.name()).collect());
    family("display-motion-", app::display::Motion::ALL.iter().map(|t| t.name()).collect());
    family("statement-status-", app::pages::info::Status::ALL.iter().map(|t| t.name()).collect());
    family("statement-reason-", app::pages::info::Reason::ALL.iter().map(|t| t.name()).collect());
    // What stands beside a line of my data.
    family("my-comment-", CommentKind::ALL.iter().map(|k| k.name()).collect());
    family("my-check-", CommentState::ALL.iter().map(|s| s.name()).collect());
    family("my-hand-", Hand::ALL.iter().map(|h| h.name()).collect());
    family("my-void-", vec!["asked", "made"]);
    family("work-", DidItWork::ALL.iter().map(|a| a.name()).collect());
    family("action-status-", ActionStatus::ALL.iter().map(|s| s.name()).collect());
    family("workspace-stage-", Stage::ALL.iter().map(|s| s.name()).collect());
    family("suggestion-state-", SuggestionState::ALL.iter().map(|s| s.name()).collect());
    family("suggestion-answer-", SuggestionAnswer::ALL.iter().map(|a| a.name()).collect());
    family("month-", vec!["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]);
    family("weekday-", vec!["1", "2", "3", "4", "5", "6", "7"]);
    assert!(missing.is_empty(), "no words for: {missing:?}");
}

/// What the list by hand says that forms leave in the log of staff acts is told there in words, not by its name in the program.
#[test]
fn every_act_in_the_log_has_words() {
    let by_hand = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/tests").join(name);
        std::fs::read_to_string(&path).expect("a list by hand")
    };
    let (text, rights) = (by_hand("accepted.txt"), by_hand("rights.txt"));
    let verb = |act: &str| act.split_whitespace().next().unwrap_or("").to_owned();
    let acts: BTreeSet<String> = text
        .lines()
        .filter(|line| line.starts_with("POST "))
        .filter_map(|line| line.rsplit_once('|'))
        .flat_map(|(_, acts)| {
            acts.split(';').map(verb).filter(|v| v.starts_with(char::is_uppercase)).collect::<Vec<_>>()
        })
        .collect();
    // Commands have their lines too: `COMMAND backup = backup`.
    let commands: BTreeSet<String> = rights
        .lines()
        .filter_map(|line| line.strip_prefix("COMMAND ")?.split_once(" = "))
        .flat_map(|(_, acts)| acts.split_whitespace().map(str::to_owned))
        .filter(|act| !["nothing", "+", "people"].contains(&act.as_str()))
        .collect();
    assert!(acts.len() > 20 && commands.len() > 5, "only {acts:?} and {commands:?}");
    let words = Words::english();
    let missing: Vec<_> =
        acts.union(&commands).filter(|a| !words.has(&format!("audit-{}", app::pages::audit::key_of(a)))).collect();
    assert!(missing.is_empty(), "no words for: {missing:?}");
}

#[test]
fn every_key_is_used() {
    let mut whole = BTreeSet::new();
    let mut patterns = BTreeSet::new();
    for (_, text) in sources(&["app/src", "server/src", "service/src", "domain/src", "frontend/src"]) {
        for (before, literal) in literals(&text) {
            if looks_like_key(&literal) {
                whole.insert(literal.clone());
            }
            if literal.contains('{') && !literal.contains(' ') && !literal.contains('/') && before.ends_with("format!(")
            {
                patterns.insert(literal);
            }
        }
    }
    let issues: Vec<String> = app::pages::info::Statement::ours().issues.into_iter().map(|i| i.key).collect();
    let used = |key: &str| {
        whole.contains(key)
            || patterns.iter().any(|p| !p.starts_with('{') && fits(key, p))
            // `{key}-words` and the like: the same key without its end is used.
            || patterns.iter().filter(|p| p.starts_with('{')).any(|p| {
                let end = p.split_once('}').map_or("", |(_, r)| r);
                let base = if end.contains('{') { key.rsplit_once('-').map(|(b, _)| b) } else { key.strip_suffix(end) };
                base.is_some_and(|b| whole.contains(b) || patterns.iter().any(|q| !q.starts_with('{') && fits(b, q)))
            })
            || ["problem-", "said-", "moved-on-"].iter().any(|start| {
                key.strip_prefix(start).is_some_and(|rest| {
                    whole.contains(rest) || whole.iter().any(|w| rest.ends_with(&format!("-{w}")))
                })
            })
            || key.strip_prefix("statement-issue-").is_some_and(|k| issues.iter().any(|i| k.starts_with(i.as_str())))
    };
    let unused: Vec<String> = messages().into_iter().map(|(_, key, _)| key).filter(|k| !used(k)).collect();
    assert!(unused.is_empty(), "nobody uses:\n{}", unused.join("\n"));
}

#[test]
fn keys_fit_patterns_as_they_should() {
    assert!(fits("group-kind-other", "group-kind-{}"));
    assert!(fits("group-role-lead-hint", "group-role-{r}-hint"));
    assert!(!fits("group-role-lead", "group-role-{r}-hint"));
    assert!(!fits("group-kind-", "group-kind-{}"));
    assert_eq!(literals("a.t(\"x-y\"); // \"no\"\n// \"no\""), [("a.t(".to_owned(), "x-y".to_owned())]);
}

#[test]
fn nobody_may_be_called_what_the_house_calls_somebody_without_a_name() {
    let words = Words::english();
    let roles = domain::people::Role::ALL.iter();
    let keys = roles.flat_map(|r| [format!("comment-by-{r}"), format!("somebody-{r}")]);
    for key in keys.chain(["me", "left", "imported"].map(|who| format!("comment-by-{who}"))) {
        let name = words.t(&key);
        assert_eq!(service::people::names::problem(&name, &[]), Some("like-house"), "{key}: {name}");
    }
}
