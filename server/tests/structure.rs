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
            assert!(!code.contains(" style=\""), "{}:{}: a style attribute", file.display(), n + 1);
        }
    }
    assert!(seen > 0, "the kit draws none: this test looks in the wrong place");
}
