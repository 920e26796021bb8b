//! From starting the process to its first page, with everything stored.

use std::time::{Duration, Instant};

use crate::place::Place;
use crate::program::Program;
use crate::{Wrong, http};

/// Starts; the middle one and the slowest are told.
const STARTS: usize = 9;
/// How long one may take.
const MOST: Duration = Duration::from_secs(20);

/// What was measured.
pub struct Measured {
    /// The middle of all starts.
    pub middle: Duration,
    /// The slowest.
    pub slowest: Duration,
}

async fn once(place: &Place) -> Result<Duration, Wrong> {
    let began = Instant::now();
    let program = Program::start_only(place, None)?;
    while http::page(program.addr, "", "/").await.is_err() {
        if began.elapsed() > MOST {
            return Err(format!("the program does not answer: {}", program.logged()?).into());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let took = began.elapsed();
    program.stop().await?;
    Ok(took)
}

/// Measures one engine.
pub async fn measure(place: &Place) -> Result<Measured, Wrong> {
    let mut all = Vec::new();
    for _ in 0..STARTS {
        all.push(once(place).await?);
    }
    all.sort_unstable();
    Ok(Measured { middle: all[STARTS / 2], slowest: all[STARTS - 1] })
}
