//! The log: one line of JSON for each thing, on standard error, without any text of users.
//!
//! What our own code writes is looked at; what libraries write in detail is not ours to vouch for (an HTTP library prints
//! whole requests at `trace`), so they are heard from `info` on only, whatever the setting says.

use tracing::Level;
use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, Registry};

/// Our own crates, and the one library whose details are as safe: it names statements, never what is bound to them.
const OURS: [&str; 8] = ["app", "domain", "frontend", "server", "service", "store", "tandem", "sqlx::query"];

fn is_ours(target: &str) -> bool {
    OURS.iter().any(|own| target.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with("::")))
}

/// Why the log could not be begun.
#[derive(Debug, thiserror::Error)]
pub enum BadLog {
    /// The setting cannot be read.
    #[error("TANDEM_LOG cannot be read: {0}. Write such as warn,server=info")]
    Setting(#[from] tracing_subscriber::filter::ParseError),
    /// It was begun already.
    #[error("the log was begun already")]
    Twice(#[from] SetGlobalDefaultError),
}

/// Begins the log. `setting` says what is written, as `RUST_LOG` would.
///
/// # Errors
/// [`BadLog`].
pub fn start<W>(setting: &str, to: W) -> Result<(), BadLog>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let safe = tracing_subscriber::filter::filter_fn(|about| *about.level() <= Level::INFO || is_ours(about.target()));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        // A full disk must not stop the program because it cannot say so.
        .log_internal_errors(false)
        .with_writer(to);
    let lines = lines.with_filter(safe).with_filter(EnvFilter::try_new(setting)?);
    tracing::subscriber::set_global_default(Registry::default().with(lines))?;
    // Where it happened, and not what it said: that may quote somebody's words.
    std::panic::set_hook(Box::new(|info| {
        let at = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "panic");
    }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_our_own_crates_are_heard_in_detail() {
        assert!(is_ours("server") && is_ours("service::news") && is_ours("sqlx::query"));
        assert!(!is_ours("h2") && !is_ours("hyper::proto") && !is_ours("server_fn") && !is_ours("storey"));
    }
}
