//! How commands speak: answers on standard output, progress on standard error, so that one can be piped and the other read.

/// An answer.
#[expect(clippy::print_stdout, reason = "this is the command line's own voice")]
pub fn answer(words: &str) {
    println!("{words}");
}

/// What is being done, for whoever waits.
#[expect(clippy::print_stderr, reason = "this is the command line's own voice")]
pub fn progress(words: &str) {
    eprintln!("{words}");
}

/// One JSON document as the whole answer.
///
/// # Errors
/// Never in practice: what is given is plain data.
pub fn json(what: &impl serde::Serialize) -> Result<(), String> {
    answer(&serde_json::to_string_pretty(what).map_err(|e| e.to_string())?);
    Ok(())
}
