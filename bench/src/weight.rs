//! What a browser fetches for a page, the first time and again, and how long it waits for words while the WASM is held
//! back. A real browser does it: end2end/weight.mjs.

use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::process::Command;

use crate::Wrong;
use crate::bare::What;
use crate::place::Place;
use crate::plant::House;
use crate::program::Program;

/// How long the browser may take.
const MOST: Duration = Duration::from_secs(90);

/// Bytes as they came over the line, heads of answers included.
#[derive(Debug, Clone, Deserialize)]
pub struct Bytes {
    /// The page itself.
    pub html: u64,
    /// Its style sheet.
    pub css: u64,
    /// Fonts.
    pub fonts: u64,
    /// Symbols and the mark.
    pub symbols: u64,
    /// Scripts.
    pub js: u64,
    /// WASM.
    pub wasm: u64,
    /// The WASM once it is unpacked.
    pub unpacked: u64,
    /// All of it but the WASM.
    #[serde(rename = "withoutWasm")]
    pub without_wasm: u64,
}

/// One page.
#[derive(Debug, Clone, Deserialize)]
pub struct Weight {
    /// Its name.
    pub name: String,
    /// With nothing kept in the browser.
    pub first: Bytes,
    /// Right after that.
    pub again: Bytes,
    /// Milliseconds until words stood on the screen of a page whose WASM never came; of that page only.
    #[serde(default)]
    pub words: Option<u64>,
}

#[derive(Deserialize)]
struct Words {
    first: u64,
    asked: u64,
}

#[derive(Deserialize)]
struct Weighed {
    pages: Vec<Weight>,
    words: Words,
}

/// Weighs pages; nothing where there is no browser.
pub async fn measure(place: &Place, house: &House) -> Result<Vec<Weight>, Wrong> {
    let Ok(script) = std::env::var("TANDEM_BENCH_WEIGHT") else {
        crate::say("      left out: TANDEM_BENCH_WEIGHT is not set (make bench sets it)");
        return Ok(Vec::new());
    };
    let program = Program::start(place, None).await?;
    let island = What::Comments(house.draft);
    let mut command = Command::new("node");
    command
        .arg(script)
        .args(["--base", &format!("http://{}", program.addr)])
        .args(["--session", &house.sessions[0]])
        .args(["--island", &island.path()])
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    for what in [What::Design(house.design), island, What::Home, What::Result(house.decision)] {
        command.arg(format!("{}={}", what.name(), what.path()));
    }
    let out = tokio::time::timeout(MOST, command.output()).await??;
    program.stop().await?;
    if !out.status.success() {
        return Err(format!("the browser's measurement failed: {}", out.status).into());
    }
    let Weighed { mut pages, words } = serde_json::from_slice(&out.stdout)?;
    if words.asked == 0 {
        return Err(format!("{} asked for no WASM: it has lost its island", island.path()).into());
    }
    for page in pages.iter_mut().filter(|p| p.name == island.name()) {
        page.words = Some(words.first);
    }
    Ok(pages)
}
