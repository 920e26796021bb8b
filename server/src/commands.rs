//! The command line: one file per command. Errors go to standard error and say what to do; `--json` prints one document
//! on standard output and nothing else.

mod doors;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use service::world::{MemoryFiles, NoMail, SystemChance, SystemClock};
use service::{Keys, Service, World};
use std::sync::Arc;
use store::Store;

/// Where young people and a council design services together.
#[derive(Debug, Parser)]
#[command(name = "tandem", version, about, long_about = None)]
pub struct Command {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    act: Act,
}

/// Every setting is a flag and an environment variable.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// The database: `sqlite:FILE` or `postgres://…`
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:tandem.db", global = true)]
    pub database_url: String,
    /// The address to listen on
    #[arg(long, env = "TANDEM_ADDR", default_value = "127.0.0.1:3000", global = true)]
    pub addr: std::net::SocketAddr,
    /// The public address of this installation, as people type it [default: http:// and the address above]
    #[arg(long, env = "TANDEM_URL", global = true)]
    pub url: Option<String>,
    /// The folder of keys, outside database, backup and export
    #[arg(long, env = "TANDEM_KEYS", default_value = "keys", global = true)]
    pub keys: PathBuf,
    /// The certificate chain for https (PEM)
    #[arg(long, env = "TANDEM_TLS_CERT", global = true)]
    pub tls_cert: Option<PathBuf>,
    /// The private key for https (PEM)
    #[arg(long, env = "TANDEM_TLS_KEY", global = true)]
    pub tls_key: Option<PathBuf>,
    /// A proxy in front does https, and its X-Forwarded-For may be believed
    #[arg(long, env = "TANDEM_TRUSTED_PROXY", global = true)]
    pub trusted_proxy: bool,
}

impl Settings {
    /// The public address.
    pub fn public_url(&self) -> String {
        let scheme = if self.tls_cert.is_some() { "https" } else { "http" };
        self.url.clone().unwrap_or_else(|| format!("{scheme}://{}", self.addr)).trim_end_matches('/').to_owned()
    }

    /// Opens the database, brings its tables up to date, and puts the house together.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn service(&self) -> Result<Service, String> {
        let store = Store::open(&self.database_url).await.map_err(|e| format!("The database cannot be opened: {e}"))?;
        store.migrate().await.map_err(|e| format!("The tables could not be brought up to date: {e}"))?;
        let keys = Keys::read(&self.keys).map_err(|e| e.to_string())?;
        let world = World {
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            mail: Arc::new(NoMail),
            files: Arc::new(MemoryFiles::default()),
            keys: Arc::new(keys),
        };
        Ok(Service::new(store, world))
    }
}

/// What the program can do.
#[derive(Debug, Subcommand)]
enum Act {
    /// Serve the site
    Serve(serve::Serve),
    /// List every route of the site
    Doors(doors::Doors),
}

/// Runs the command line.
pub fn run() -> ExitCode {
    let command = Command::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return failed(&format!("The program could not start: {e}")),
    };
    let done = runtime.block_on(async {
        match command.act {
            Act::Serve(act) => act.run(&command.settings).await,
            Act::Doors(act) => act.run(),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => failed(&words),
    }
}

#[expect(clippy::print_stderr, reason = "this is the command line's own voice")]
fn failed(words: &str) -> ExitCode {
    eprintln!("tandem: {words}");
    ExitCode::FAILURE
}
