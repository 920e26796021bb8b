//! `make bench`: measures the real program on SQLite and on PostgreSQL, and prints one table. What each line means is in
//! docs/BENCH.md.
//!
//! # Layout
//!
//! - [`place`]: a database for one engine; [`plant`]: what is in it, 100,000 comments among it
//! - [`program`]: the real program as a process; [`bare`]: a hand-written one to compare it with, a process too
//! - [`process`]: processor time and memory of either; [`http`]: asking for one page; [`load`]: asking for many
//! - [`asked`]: which statements the real program asked, and whether the hand-written one asks the same
//! - one file a measurement: [`pages`], [`real`], [`memory`], [`cold`], [`weight`]; [`together`] has a folder
//! - [`table`]: the table
//!
//! Everything stays on 127.0.0.1, and every load and every wait has an end.

mod asked;
mod bare;
mod cold;
mod http;
mod load;
mod memory;
mod pages;
mod place;
mod plant;
mod process;
mod program;
mod real;
mod table;
mod together;
mod weight;

use std::process::ExitCode;
use std::time::Instant;

/// What can go wrong here is told to whoever ran it, and nothing is done about it.
type Wrong = Box<dyn std::error::Error + Send + Sync>;

/// Everything that was measured on one engine.
struct Engine {
    name: &'static str,
    pages: Vec<pages::Measured>,
    real: Option<pages::Measured>,
    memory: memory::Measured,
    cold: cold::Measured,
}

/// Says on standard error what is being done: the table alone goes to standard output.
fn say(what: &str) {
    eprintln!("== {what}");
}

async fn engine(place: &place::Place) -> Result<(Engine, Vec<weight::Weight>), Wrong> {
    let began = Instant::now();
    say(&format!("{}: writing {} comments", place.engine, plant::COMMENTS));
    let house = plant::plant(place).await?;
    say(&format!("   done in {} s; pages under load", began.elapsed().as_secs()));
    let pages = pages::measure(place, &house, &pages::all(&house)).await?;
    let real = real::measure(place, &house).await?;
    say("   memory");
    let memory = memory::measure(place, &house).await?;
    say("   starting cold");
    let cold = cold::measure(place).await?;
    // What a browser fetches is the same on both engines.
    let weights = if place.engine == "SQLite" {
        say("   weight of pages, in a browser");
        weight::measure(place, &house).await?
    } else {
        Vec::new()
    };
    say(&format!("{}: {} s", place.engine, began.elapsed().as_secs()));
    Ok((Engine { name: place.engine, pages, real, memory, cold }, weights))
}

async fn all() -> Result<(), Wrong> {
    let mut engines = Vec::new();
    let mut weights = Vec::new();
    let places = place::all()?;
    for place in &places {
        let (measured, weighed) = engine(place).await?;
        engines.push(measured);
        weights.extend(weighed);
    }
    let together = together(&places).await?;
    println!("{}\n\n{}", table::draw(&engines, &weights), table::draw_together(&together));
    Ok(())
}

/// Writing together, in Tandem and in other programs.
async fn together(places: &[place::Place]) -> Result<Vec<together::Measured>, Wrong> {
    let mut measured = Vec::new();
    for place in places {
        measured.push(together::tandem(place).await?);
    }
    measured.extend(together::others().await?);
    Ok(measured)
}

/// The same alone.
async fn only_together() -> Result<(), Wrong> {
    println!("{}", table::draw_together(&together(&place::all()?).await?));
    Ok(())
}

/// The page of the real conversation alone, with as much beside it.
async fn only_real() -> Result<(), Wrong> {
    let mut measured = Vec::new();
    for place in place::all()? {
        say(&format!("{}: writing {} comments", place.engine, plant::COMMENTS));
        let house = plant::plant(&place).await?;
        measured.push((place.engine, real::measure(&place, &house).await?));
    }
    println!("{}", table::draw_real(&measured));
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        [] => all().await,
        ["real"] => only_real().await,
        ["together"] => only_together().await,
        // The hand-written server, in a process of its own: started by `pages`.
        ["bare", addr, url, file] => bare::serve(addr, url, file).await,
        _ => {
            Err("bench takes nothing, or `real` or `together` for that part alone; its settings are in tools/bench.sh"
                .into())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("bench: {e}");
            ExitCode::FAILURE
        }
    }
}
