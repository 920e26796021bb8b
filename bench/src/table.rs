//! The table, as Markdown, so that it can go into docs/BENCH.md as it is.

use std::time::Duration;

use crate::Engine;
use crate::memory::STREAMS;
use crate::pages::{Measured, Server};
use crate::plant::COMMENTS;
use crate::together::{LOADS, Measured as Together};
use crate::weight::{Bytes, Weight};

/// What the three numbers of a page are of.
const PAGES: &str = "Tandem / bare handler / ready bytes";

/// One line: what, an answer for each engine, and the aim where there is one.
struct Line {
    what: String,
    cells: Vec<String>,
    aim: &'static str,
}

fn line(what: impl Into<String>, cells: Vec<String>, aim: &'static str) -> Line {
    Line { what: what.into(), cells, aim }
}

fn millis(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1000.0)
}

fn micros(time: u64) -> String {
    format!("{:.1}", time as f64 / 1000.0)
}

fn megabytes(kilobytes: u64) -> String {
    format!("{:.1} MB", kilobytes as f64 / 1024.0)
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1} KB", bytes as f64 / 1000.0)
}

/// The lines of one page, as it was on each engine.
fn page(of: &[&Measured], aim: &'static str) -> Vec<Line> {
    let each = |f: &dyn Fn(&Measured) -> String| of.iter().map(|&m| f(m)).collect::<Vec<_>>();
    let name = of.first().map_or("", |m| m.name);
    let three =
        |m: &Measured, f: &dyn Fn(&Server) -> String| format!("{} / {} / {}", f(&m.program), f(&m.bare), f(&m.bytes));
    vec![
        line(format!("**{name}**: requests/s per core"), each(&|m| three(m, &|s| format!("{:.0}", s.per_core))), ""),
        line("… of the bare handler", each(&|m| format!("{:.0} %", 100.0 * m.program.per_core / m.bare.per_core)), aim),
        line("… requests/s, load beside it", each(&|m| three(m, &|s| format!("{:.0}", s.load.per_second))), ""),
        line("… p50, ms", each(&|m| three(m, &|s| micros(s.load.p50))), ""),
        line("… p99, ms", each(&|m| three(m, &|s| micros(s.load.p99))), ""),
        line("… statements asked", each(&|m| m.statements.to_string()), ""),
        line("… bytes written", each(&|m| m.program.load.bytes.to_string()), ""),
    ]
}

fn parts(bytes: &Bytes) -> String {
    format!(
        "{} (HTML {}, CSS {}, fonts {}, symbols {}, JS {})",
        kilobytes(bytes.without_wasm),
        kilobytes(bytes.html),
        kilobytes(bytes.css),
        kilobytes(bytes.fonts),
        kilobytes(bytes.symbols),
        kilobytes(bytes.js)
    )
}

/// Pages weigh the same on both engines: one cell.
fn weight(w: &Weight) -> Vec<Line> {
    let wasm = match w.first.wasm {
        0 => "none".to_owned(),
        sent => format!("{} ({} unpacked)", kilobytes(sent), kilobytes(w.first.unpacked)),
    };
    let aim = if w.words.is_some() { "" } else { "none: no island" };
    let mut lines = vec![
        line(format!("**{}**: first visit", w.name), vec![parts(&w.first)], "under 250 KB"),
        line("… again", vec![parts(&w.again)], ""),
        line("… WASM", vec![wasm], aim),
    ];
    if let Some(words) = w.words {
        lines.push(line("… words on the screen, WASM held back", vec![format!("{words} ms")], "before any WASM"));
    }
    lines
}

/// The lines of the page of the real conversation, or one that says that it is left out.
fn real(of: &[Option<&Measured>]) -> Vec<Line> {
    match of.iter().copied().collect::<Option<Vec<_>>>() {
        Some(measured) => page(&measured, ""),
        None => vec![line("**a real conversation**", of.iter().map(|_| "left out".to_owned()).collect(), "")],
    }
}

/// Draws the page of the real conversation alone: names of engines, and what was measured there.
pub fn draw_real(measured: &[(&str, Option<Measured>)]) -> String {
    let names: Vec<&str> = measured.iter().map(|(name, _)| *name).collect();
    table(PAGES, &names, real(&measured.iter().map(|(_, m)| m.as_ref()).collect::<Vec<_>>()))
}

/// Draws everything.
pub fn draw(engines: &[Engine], weights: &[Weight]) -> String {
    let mut lines = Vec::new();
    for at in 0..engines[0].pages.len() {
        let of: Vec<&Measured> = engines.iter().map(|e| &e.pages[at]).collect();
        lines.extend(page(&of, if at == 0 { "at least 33 %" } else { "" }));
    }
    lines.extend(real(&engines.iter().map(|e| e.real.as_ref()).collect::<Vec<_>>()));
    let each = |f: &dyn Fn(&Engine) -> String| engines.iter().map(f).collect::<Vec<_>>();
    let memory = |m: crate::process::Memory| format!("{} (peak {})", megabytes(m.now), megabytes(m.peak));
    lines.push(line("**memory**, idle after one page", each(&|e| memory(e.memory.idle)), "under 40 MB"));
    lines.push(line(format!("… with {STREAMS} event streams"), each(&|e| memory(e.memory.streaming)), ""));
    lines.push(line("… until all of them heard of a comment", each(&|e| millis(e.memory.heard)), ""));
    let cold = |e: &Engine| format!("{} (slowest {})", millis(e.cold.middle), millis(e.cold.slowest));
    lines.push(line(format!("**cold start**, {COMMENTS} comments stored"), each(&cold), "under 100 ms"));
    lines.extend(weights.iter().flat_map(weight));
    table(PAGES, &engines.iter().map(|e| e.name).collect::<Vec<_>>(), lines)
}

/// Draws writing together: a column for each program. The first is what the others are compared with.
pub fn draw_together(measured: &[Together]) -> String {
    let each = |f: &dyn Fn(&Together) -> String| measured.iter().map(f).collect::<Vec<_>>();
    let times = |f: &dyn Fn(&Together) -> f64| {
        each(&|m| measured.first().map_or_else(String::new, |own| format!("{:.1} ×", f(m) / f(own))))
    };
    let mut lines = Vec::new();
    // The greatest first: the aims are for that.
    for (n, editors) in LOADS.into_iter().enumerate().rev() {
        let aim = |aim: &'static str| if n + 1 == LOADS.len() { aim } else { "" };
        let same = |m: &Together| match m.loads[n].typed.same {
            Some(true) => "the same",
            Some(false) => "**not the same**",
            None => "not looked at",
        };
        let letters = |m: &Together| format!("{} / {}", m.loads[n].typed.letters, m.loads[n].typed.missing);
        let memory = |m: &Together| {
            let memory = m.loads[n].memory;
            format!("{} (peak {})", megabytes(memory.now), megabytes(memory.peak))
        };
        let p = |m: &Together, share| format!("{} ms", micros(m.loads[n].typed.after(share)));
        lines.extend([
            line(format!("**{editors} editors**, from key to the other screen, p50"), each(&|m| p(m, 0.5)), ""),
            line("… p99", each(&|m| p(m, 0.99)), aim("under 150 ms")),
            line("… p99, times ours", times(&|m| m.loads[n].typed.after(0.99) as f64), aim("over 1")),
            line("… letters typed / missing on a screen", each(&letters), aim("none missing")),
            line("… what the screens showed in the end", each(&|m| same(m).to_owned()), ""),
            line(
                "… processor time of the server, of one core",
                each(&|m| format!("{:.0} %", m.loads[n].cpu * 100.0)),
                "",
            ),
            line("… memory of the server", each(&memory), ""),
            line("… peak of it, times ours", times(&|m| m.loads[n].memory.peak as f64), aim("over 1")),
            line("… bytes sent for each letter", each(&|m| format!("{:.0}", m.loads[n].typed.sent)), ""),
            line("… bytes got for each letter of others", each(&|m| format!("{:.0}", m.loads[n].typed.got)), ""),
        ]);
    }
    let pages =
        |m: &Together| m.pages.map_or_else(|| "–".to_owned(), |(r, w)| format!("{} / {}", millis(r), millis(w)));
    lines.extend([
        line("**opening**: keys behind it", each(&|m| m.past.to_string()), ""),
        line("… its page to read / to write", each(&pages), "under 100 ms"),
        line("… its line, until one can type", each(&|m| millis(m.opened)), "under 100 ms"),
    ]);
    if let Ok(editor) = std::env::var("TANDEM_BENCH_EDITOR") {
        lines.push(line("**WASM** added by the editor, as Brotli", vec![format!("{editor} bytes")], ""));
    }
    table("writing together", &measured.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), lines)
}

fn table(head: &str, engines: &[&str], lines: Vec<Line>) -> String {
    let mut out = format!("| {head} |");
    for engine in engines {
        out.push_str(&format!(" {engine} |"));
    }
    out.push_str(" aim |\n|---|");
    out.push_str(&"---|".repeat(engines.len() + 1));
    for line in lines {
        let empty = engines.len() - line.cells.len();
        out.push_str(&format!("\n| {} | {} |{} {} |", line.what, line.cells.join(" | "), " |".repeat(empty), line.aim));
    }
    out
}
