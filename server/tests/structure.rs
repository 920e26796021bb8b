//! The house keeps its shape: which room may know which, what the browser's program may hold, and what only the kit does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the checkout")
}

/// The arrows of the design, and no others.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("service", &["domain", "store"]),
    ("frontend", &["domain", "service"]),
    ("app", &["domain", "frontend", "service"]),
    ("pdf", &["domain"]),
    ("server", &["app", "domain", "frontend", "pdf", "service", "store"]),
];

#[test]
fn arrows_point_down_only() {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(top())
        .output()
        .expect("cargo runs");
    let meta: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let packages = meta["packages"].as_array().expect("packages");
    let rooms: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(rooms, ARROWS.iter().map(|(room, _)| *room).collect(), "a room that is not in the list");
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let (_, may) = ARROWS.iter().find(|(room, _)| *room == name).expect("listed");
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            // Tests may look further up: only what is built into the program counts.
            if dependency["kind"] == "dev" {
                continue;
            }
            let to = dependency["name"].as_str().expect("a name");
            assert!(!rooms.contains(to) || may.contains(&to), "{name} → {to} is not an arrow of ours");
            if name == "frontend" && to == "service" {
                assert_eq!(dependency["optional"], true, "frontend may know service only on the server");
            }
        }
        let features = package["features"].as_object().expect("features");
        assert!(name == "frontend" || features.is_empty(), "{name} has features");
    }
}

#[test]
fn the_browser_gets_no_server_parts() {
    let out = Command::new(env!("CARGO"))
        .args(["tree", "-p", "frontend", "--no-default-features", "--features", "hydrate"])
        .args(["--target", "wasm32-unknown-unknown", "-e", "normal", "--prefix", "none", "--offline"])
        .current_dir(top())
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8(out.stdout).expect("text");
    assert!(tree.contains("wasm-bindgen"), "nothing was listed: {}", String::from_utf8_lossy(&out.stderr));
    for server in ["sqlx", "tokio", "axum", "service", "store", "hyper", "ring"] {
        let found = tree.lines().any(|line| line.split(' ').next() == Some(server));
        assert!(!found, "{server} is in the browser's program");
    }
}

/// Lines of code of a room, without comments and without its tests.
fn code(room: &str) -> Vec<(String, String)> {
    let lines = lines_of(room);
    assert!(lines.len() > 100, "{room}: this test looks in the wrong place");
    lines
}

/// The same for a room that may be small.
fn lines_of(room: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    rust_files(&top().join(room), &mut files);
    let mut lines = Vec::new();
    for file in files.into_iter().filter(|f| !f.ends_with("tests.rs")) {
        let text = std::fs::read_to_string(&file).expect("text");
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
        for (n, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("").to_owned();
            lines.push((format!("{}:{}", file.display(), n + 1), code));
        }
    }
    lines
}

#[test]
fn the_domain_has_no_io_no_clock_and_no_async() {
    for (at, line) in code("domain/src") {
        for outside in
            ["std::fs", "std::net", "std::env", "std::time", "std::process", "std::thread", "async fn", ".await"]
        {
            assert!(!line.contains(outside), "{at}: {outside}");
        }
    }
}

/// A raw number of people stops in `service`: pages and handlers are only ever given what may be shown. What takes one past
/// the rule has one place each: names that stand there are counted in `service`, and steps that are kept in `store`.
#[test]
fn no_raw_count_of_people_reaches_a_page() {
    for room in ["app/src", "frontend/src", "server/src"] {
        for (at, line) in code(room) {
            assert!(!line.contains("PeopleCount"), "{at}: a raw count of people");
        }
    }
    let (mut named, mut kept) = (0, 0);
    for room in ["app/src", "frontend/src", "pdf/src", "server/src", "service/src", "store/src"] {
        for (at, line) in lines_of(room) {
            let (names, keeps) = (line.contains("of_names"), line.contains("to_keep"));
            assert!(!names || room == "service/src", "{at}: names are counted where the rights were asked");
            assert!(!keeps || room == "store/src", "{at}: a step is taken apart only to be kept");
            named += usize::from(names);
            kept += usize::from(keeps);
        }
    }
    assert!(named > 0 && kept > 0, "this test looks in the wrong place");
}

/// Counts that `store` gives as plain numbers are none of people. A new one is written down here, or is a `PeopleCount`.
const NO_PEOPLE: [(&str, &str); 17] = [
    ("access.rs", "tally"),
    ("access.rs", "tally_since"),
    ("audit.rs", "last"),
    ("backup.rs", "check"),
    ("comments.rs", "published"),
    ("comments.rs", "reply_count"),
    ("comments.rs", "state_counts"),
    ("designs.rs", "insert_version"),
    ("designs.rs", "snapshot"),
    ("designs/changes.rs", "last"),
    ("designs/changes.rs", "last_until"),
    ("designs/changes.rs", "nearest_version"),
    ("designs/suggestions.rs", "waiting_counts"),
    ("designs/wiping.rs", "first"),
    ("files.rs", "size"),
    ("moving.rs", "migration"),
    ("workspaces.rs", "thresholds"),
];

#[test]
fn store_counts_people_as_people() {
    let mut plain = BTreeSet::new();
    let mut current = (String::new(), String::new());
    for (at, line) in code("store/src") {
        if let Some((_, rest)) = line.split_once("pub async fn ") {
            let file = at.split("/store/src/").nth(1).and_then(|f| f.split(':').next()).unwrap_or("").to_owned();
            current = (file, rest.split(['(', '<']).next().unwrap_or("").to_owned());
        }
        let gives = line.split_once("-> Result<").map_or("", |(_, gives)| gives);
        if gives.contains("i64") {
            plain.insert(current.clone());
        }
    }
    let known: BTreeSet<_> = NO_PEOPLE.iter().map(|(file, name)| ((*file).to_owned(), (*name).to_owned())).collect();
    assert_eq!(plain, known);
}

/// Which status an answer has is chosen in one place; files and health checks are no pages.
#[test]
fn one_place_chooses_status_and_page() {
    let mut chosen = 0;
    for (at, line) in code("server/src") {
        let at_home = ["answer.rs", "layers.rs", "site.rs", "routes/house.rs"].iter().any(|f| at.contains(f));
        if line.contains("StatusCode::") && !line.contains("StatusCode::PAYLOAD_TOO_LARGE =>") {
            chosen += 1;
            assert!(at_home, "{at}: a status outside server/src/answer.rs");
        }
        let words = line.contains("errors::wrong(");
        assert!(!words || at.contains("answer.rs"), "{at}: a page of what is wrong outside server/src/answer.rs");
    }
    assert!(chosen > 10, "this test looks in the wrong place");
}

/// Clock, chance, mail and files are parameters of `service`: clippy bans the globals there (`service/clippy.toml`), and
/// what sends mail or asks the net is not even known to it.
#[test]
fn service_has_no_globals() {
    let bans = |file: &str| -> BTreeSet<String> {
        let text = std::fs::read_to_string(top().join(file)).expect("clippy.toml");
        text.lines().filter_map(|l| l.split("path = \"").nth(1)?.split('"').next().map(str::to_owned)).collect()
    };
    let (everywhere, service) = (bans("clippy.toml"), bans("service/clippy.toml"));
    assert!(everywhere.is_subset(&service), "service allows what is banned everywhere: {everywhere:?}");
    for known in ["std::time::SystemTime::now", "getrandom::fill", "std::fs::read", "std::env::var"] {
        assert!(service.contains(known), "{known}");
    }
    let manifest = std::fs::read_to_string(top().join("service/Cargo.toml")).expect("Cargo.toml");
    for library in ["lettre", "hyper", "reqwest", "axum", "rand"] {
        let known =
            manifest.lines().any(|l| l.starts_with(&format!("{library}.")) || l.starts_with(&format!("{library} ")));
        assert!(!known, "service knows {library}");
    }
}

/// The browser's program is built for size, by itself.
#[test]
fn the_browsers_program_has_a_profile_of_its_own() {
    let text = std::fs::read_to_string(top().join("Cargo.toml")).expect("Cargo.toml");
    let profile = text.split("[profile.wasm-release]").nth(1).and_then(|t| t.split("\n[").next()).expect("the profile");
    for setting in ["opt-level = \"z\"", "lto = \"fat\"", "codegen-units = 1", "panic = \"abort\""] {
        assert!(profile.contains(setting), "{setting}");
    }
    assert!(text.contains("lib-profile-release = \"wasm-release\""));
}

#[test]
fn the_server_can_catch_a_panic() {
    let text = std::fs::read_to_string(top().join("Cargo.toml")).expect("Cargo.toml");
    let release = text.split("[profile.release]").nth(1).and_then(|t| t.split("\n[").next()).expect("the profile");
    assert!(release.lines().any(|l| l.trim() == "panic = \"unwind\""), "the gate for shared text needs unwinding");
}

#[test]
fn no_router_in_the_browser() {
    let lock = std::fs::read_to_string(top().join("Cargo.lock")).expect("Cargo.lock");
    for gone in ["leptos_router", "leptos_meta"] {
        assert!(!lock.contains(&format!("name = \"{gone}\"")), "{gone}");
    }
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// What Leptos does not escape (docs/ARCHITECTURE.md): only the kit may draw it, and it escapes by itself.
#[test]
fn only_the_kit_draws_what_is_not_escaped() {
    let (mut files, mut seen) = (Vec::new(), 0);
    for room in ["app/src", "frontend/src", "server/src"] {
        rust_files(&top().join(room), &mut files);
    }
    for file in files {
        let text = std::fs::read_to_string(&file).expect("text");
        let kit = file.to_string_lossy().contains("app/src/kit");
        for (n, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            if code.contains("<textarea") {
                seen += 1;
                assert!(kit, "{}:{}: a raw textarea", file.display(), n + 1);
            }
            // Sanitised words of a section, or words that are escaped on the spot.
            let drawn = ["inner_html=s.html.clone()", "inner_html=html.clone()", "inner_html=kit::escaped("];
            let raw = code.contains("inner_html=") && !kit && !drawn.iter().any(|d| code.contains(d));
            assert!(!raw, "{}:{}: HTML that nobody escaped", file.display(), n + 1);
            assert!(!code.contains(" style=\""), "{}:{}: a style attribute", file.display(), n + 1);
        }
    }
    assert!(seen > 0, "the kit draws none: this test looks in the wrong place");
}

/// What is kept of changes is what pages read: whoever writes the words of a section notes it in the same place.
#[test]
fn whoever_changes_a_section_notes_what_changed() {
    let mut counts: std::collections::BTreeMap<String, (usize, usize)> = std::collections::BTreeMap::new();
    for (place, line) in code("service/src") {
        let file = place.split("/service/src/").nth(1).and_then(|f| f.split(':').next()).unwrap_or("").to_owned();
        let count = counts.entry(file).or_default();
        count.0 += ["set_words(", "set_heading(", "set_removed(", "set_not_needed("]
            .iter()
            .map(|call| line.matches(&format!("store::designs::{call}")).count())
            .sum::<usize>();
        count.1 += ["note(tx", "note_words("].iter().map(|call| line.matches(call).count()).sum::<usize>();
    }
    let writing: Vec<_> = counts.iter().filter(|(_, (writes, _))| *writes > 0).collect();
    assert!(writing.len() >= 3, "this test looks in the wrong place: {writing:?}");
    for (file, (writes, notes)) in writing {
        assert!(notes >= writes, "service/src/{file} changes sections {writes} times and notes it {notes} times");
    }
}

/// Where a transaction that writes is for nobody in particular: signing in and out, the command line, moving, the news.
const FOR_NOBODY: [(&str, usize); 7] = [
    ("service/src/access.rs", 11),
    ("service/src/comments/import.rs", 1),
    ("service/src/moving.rs", 2),
    ("service/src/news.rs", 1),
    ("service/src/people/system.rs", 3),
    ("service/src/rights.rs", 2),
    ("service/src/settings.rs", 1),
];

#[test]
fn whoever_writes_is_asked_again_in_the_transaction_that_writes() {
    let mut found: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for (place, line) in code("service/src") {
        let file = place.split("/service/src/").nth(1).and_then(|f| f.split(':').next()).unwrap_or("").to_owned();
        *found.entry(format!("service/src/{file}")).or_default() += line.matches("store().write()").count();
    }
    let there: Vec<(&str, usize)> = found.iter().filter(|(_, n)| **n > 0).map(|(f, n)| (f.as_str(), *n)).collect();
    assert_eq!(there, FOR_NOBODY, "a use case of somebody begins with `write_as(who)`, not with `store().write()`");
}
