//! How commands speak: answers on standard output, progress on standard error, so that one can be piped and the other read.

use std::io::{ErrorKind, IsTerminal as _, Write as _};

/// An answer. Where nobody reads on (`tandem doors | head`) there is nothing left to do, and the command ends quietly; an
/// answer that cannot be written for another reason ends it with an error.
pub fn answer(words: &str) {
    if let Err(e) = writeln!(std::io::stdout().lock(), "{words}") {
        if e.kind() == ErrorKind::BrokenPipe {
            std::process::exit(0);
        }
        progress(&format!("tandem: The answer cannot be written: {e}."));
        std::process::exit(1);
    }
}

/// What is being done, for whoever waits.
#[expect(clippy::print_stderr, reason = "this is the command line's own voice")]
pub fn progress(words: &str) {
    eprintln!("{words}");
}

/// What is of use to a person who looks on, and would only be in the way in a file of log lines.
pub fn to_onlooker(words: &str) {
    if std::io::stderr().is_terminal() {
        progress(words);
    }
}

/// One JSON document as the whole answer.
///
/// # Errors
/// Never in practice: what is given is plain data.
pub fn json(what: &impl serde::Serialize) -> Result<(), String> {
    answer(&serde_json::to_string_pretty(what).map_err(|e| e.to_string())?);
    Ok(())
}
