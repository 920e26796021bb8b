//! What Linux tells about a running process.

use std::time::Duration;

use crate::Wrong;

/// Resident memory in kilobytes.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Now.
    pub now: u64,
    /// The most there ever was.
    pub peak: u64,
}

/// Ticks a second of the times in `/proc`: 100 on every Linux there is.
const TICKS: u64 = 100;

/// Processor time that a process has used, all its threads together, in the program and in the kernel for it.
pub fn cpu(id: u32) -> Result<Duration, Wrong> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name of the program stands in brackets and may hold anything; user and system time are the 12th and 13th after.
    let (_, after) = stat.rsplit_once(')').ok_or("no name in /proc/…/stat")?;
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 1000 / TICKS))
}

/// Resident memory of a process.
pub fn memory(id: u32) -> Result<Memory, Wrong> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let field = |name: &str| -> Result<u64, Wrong> {
        let line = status.lines().find_map(|l| l.strip_prefix(name)).ok_or(format!("no {name} in /proc/…/status"))?;
        Ok(line.trim_start_matches(':').trim().trim_end_matches("kB").trim().parse()?)
    };
    Ok(Memory { now: field("VmRSS")?, peak: field("VmHWM")? })
}
