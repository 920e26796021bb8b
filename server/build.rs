//! Puts the finished files of the site (WASM, JS, CSS, fonts, symbols, each plain and as Brotli) into the program.
//! In development the table is empty: then server/src/site.rs reads the files as they lie in the checkout, so that a change
//! of them is seen without building anything.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

fn walk(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { walk(&path, out) } else { out.push(path) }
    }
}

fn main() {
    let manifest = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let site = manifest.join("../target/site");
    println!("cargo:rerun-if-changed=build.rs");
    let mut files = Vec::new();
    if std::env::var("PROFILE").as_deref() != Ok("debug") {
        println!("cargo:rerun-if-changed=../target/site");
        walk(&site, &mut files);
    }
    let mut table = String::from("/// Every file of the site.\npub static FILES: &[File] = &[\n");
    for path in &files {
        let name = path.strip_prefix(&site).expect("inside the site").to_string_lossy().replace('\\', "/");
        if [".br", ".gz", ".map", ".d.ts", ".ts"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let bytes = std::fs::read(path).expect("a readable file");
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let full = path.canonicalize().expect("an existing file");
        let br = PathBuf::from(format!("{}.br", full.display()));
        let br = if br.exists() { format!("Some(include_bytes!({br:?}))") } else { "None".to_owned() };
        writeln!(
            table,
            "    File {{ path: {:?}, bytes: include_bytes!({full:?}), brotli: {br}, tag: \"\\\"{:016x}\\\"\" }},",
            format!("/{name}"),
            hasher.finish()
        )
        .expect("a string grows");
    }
    table.push_str("];\n");
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it")).join("site.rs");
    std::fs::write(out, table).expect("the output folder can be written");
}
