//! The command line: one file per command. Errors go to standard error and say what to do; `--json` prints one document
//! on standard output and nothing else.

mod admin;
mod backup;
mod card;
mod demo;
mod doctor;
mod doors;
mod export;
mod group;
mod import;
mod keys;
mod mark;
mod migrate;
mod restore;
mod serve;
mod verify;
mod voice;
mod worker;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand};
use service::files::StoredFiles;
use service::world::{NoMail, SystemChance, SystemClock};
use service::{Clock, Keys, Mail, Service, World};
use std::sync::Arc;
use store::{Store, StoreError};

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
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:tandem.db", global = true, hide_env_values = true)]
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
    #[arg(long, env = "TANDEM_TRUSTED_PROXY", global = true, value_parser = BoolishValueParser::new())]
    pub trusted_proxy: bool,
    /// The time zone of a new installation, such as Europe/London; later it is changed on the page of settings
    /// [default: Europe/London]
    #[arg(long, env = "TANDEM_TIME_ZONE", global = true)]
    pub time_zone: Option<String>,
    /// Where numbers for Prometheus are read, such as 127.0.0.1:9100 [default: nowhere]
    #[arg(long, env = "TANDEM_METRICS_ADDR", global = true)]
    pub metrics_addr: Option<std::net::SocketAddr>,
    /// What is logged, as RUST_LOG would say it; libraries never in detail, because they quote requests
    #[arg(long, env = "TANDEM_LOG", default_value = "warn,server=info", global = true)]
    pub log: String,
    /// Where letters are handed over: `smtp://host:port`, `smtps://name:password@host` [default: no mail]
    #[arg(long, env = "TANDEM_SMTP_URL", global = true, hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The address that letters come from [default: tandem@ and the host of the public address]
    #[arg(long, env = "TANDEM_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,
}

impl Settings {
    /// The public address.
    pub fn public_url(&self) -> String {
        let scheme = if self.tls_cert.is_some() { "https" } else { "http" };
        self.url.clone().unwrap_or_else(|| format!("{scheme}://{}", self.addr)).trim_end_matches('/').to_owned()
    }

    /// Whether only this computer can reach what is served: it listens on a loopback address, no proxy passes anything on
    /// to it, and people are not told another address. `at`: where it really listens; a socket can be handed over.
    pub fn is_for_this_computer_only(&self, at: SocketAddr) -> bool {
        let url = self.public_url();
        let host = url.split("://").nth(1).unwrap_or("").split('/').next().unwrap_or("");
        let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let own = host == "localhost"
            || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        own && at.ip().is_loopback() && !self.trusted_proxy
    }

    /// The file of an SQLite database, as it is named; nothing for another engine, and for a name that is none.
    pub fn sqlite_file(&self) -> Option<&Path> {
        let name = self.database_url.strip_prefix("sqlite:")?.trim_start_matches("//");
        let name = name.split('?').next().unwrap_or("");
        (!name.is_empty() && name != ":memory:").then(|| Path::new(name))
    }

    /// Opens the database without touching its tables.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn open(&self) -> Result<Store, String> {
        Store::open(&self.database_url).await.map_err(|e| match e {
            StoreError::Address => e.to_string(),
            // The cause names files and hosts, never rows: nothing has been read yet.
            e => format!(
                "The database cannot be opened ({}). Check DATABASE_URL, that its server runs, and its rights.",
                std::error::Error::source(&e).map_or_else(|| e.to_string(), ToString::to_string)
            ),
        })
    }

    /// Refuses a database file that is not there, for commands that take something out of one: a mistyped name would be a
    /// new and empty database.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub fn must_be_there(&self) -> Result<(), String> {
        match self.sqlite_file() {
            Some(file) if !file.exists() => {
                Err(format!("There is no database {}. Check DATABASE_URL, and the folder you are in.", file.display()))
            }
            _ => Ok(()),
        }
    }

    /// Opens the database, brings its tables up to date, and puts the house together.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn service(&self) -> Result<Service, String> {
        self.service_by(Arc::new(SystemClock)).await
    }

    /// The same by a clock of the caller's.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn service_by(&self, clock: Arc<dyn Clock>) -> Result<Service, String> {
        let store = self.open().await?;
        store.migrate().await.map_err(|e| migration_failed(&e))?;
        let keys = Keys::read(&self.keys).map_err(|e| e.to_string())?;
        self.house(store, keys, clock)
    }

    /// The house without keys of its own: for commands that sign, hash and look up nothing.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn service_without_keys(&self) -> Result<Service, String> {
        let store = self.open().await?;
        store.migrate().await.map_err(|e| migration_failed(&e))?;
        self.house(store, Keys::from_bytes(Vec::new()), Arc::new(SystemClock))
    }

    fn house(&self, store: Store, keys: Keys, clock: Arc<dyn Clock>) -> Result<Service, String> {
        let world = World {
            clock: clock.clone(),
            chance: Arc::new(SystemChance),
            mail: self.mail()?,
            files: Arc::new(StoredFiles::new(store.clone(), clock)),
            keys: Arc::new(keys),
        };
        Ok(Service::new(store, world))
    }

    fn mail(&self) -> Result<Arc<dyn Mail>, String> {
        Ok(match self.smtp()? {
            Some(smtp) => Arc::new(smtp),
            None => Arc::new(NoMail),
        })
    }

    /// The mail server that was set, if one was.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub fn smtp(&self) -> Result<Option<crate::mail::Smtp>, String> {
        let Some(url) = &self.smtp_url else { return Ok(None) };
        let host = self.public_url();
        let host = host.split("://").nth(1).unwrap_or("").split(['/', ':']).next().unwrap_or("localhost").to_owned();
        let from = self.mail_from.clone().unwrap_or_else(|| format!("tandem@{host}"));
        crate::mail::Smtp::new(url, &from).map(Some)
    }
}

/// Notes in the log of staff acts what is done from here, as the system's: before it is done, so that a copy that was taken
/// holds the line that says so.
async fn note(service: &Service, verb: &str, detail: &str) -> Result<(), String> {
    let noted = async {
        let mut tx = service.store().write().await?;
        let act = service::audit::Act { verb, kind: "house", id: "", detail };
        service::audit::note_system(&mut tx, service.now(), act).await?;
        Ok::<(), service::Refused>(tx.commit().await?)
    };
    noted.await.map_err(|e| format!("This could not be written to the log of staff acts, so it was not done: {e}."))
}

fn migration_failed(e: &StoreError) -> String {
    format!("The tables could not be brought up to date: {}. Nothing was changed.", with_causes(e))
}

/// An error of the database with what lies behind it: for the person at the keyboard, never for a page.
fn with_causes(e: &dyn std::error::Error) -> String {
    let mut text = e.to_string();
    let mut next = e.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// What the program can do.
#[derive(Debug, Subcommand)]
enum Act {
    /// Make an administrator, and print a password for their first sign-in
    Admin(admin::Admin),
    /// Copy the database to a file, while it is in use
    Backup(backup::Backup),
    /// Make a young person in a group, and print their card
    Card(card::Card),
    /// Fill an empty database with the demo, and print its people
    Demo(demo::Demo),
    /// Check settings, database, disk, clock, keys and mail
    Doctor(doctor::Doctor),
    /// Write everything to one zip
    Export(export::Export),
    /// Read what `tandem export` wrote into an empty database
    Import(import::Import),
    /// Make the secrets of this installation, or add a new one
    Keys(keys::KeysCommand),
    /// Bring the tables up to date
    Migrate(migrate::Migrate),
    /// Put a backup back
    Restore(restore::Restore),
    /// Serve the site
    Serve(serve::Serve),
    /// Check a signed result
    Verify(verify::Verify),
    /// List every route of the site
    Doors(doors::Doors),
    /// Give a worker to a group that has none left
    Worker(worker::Worker),
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
            Act::Admin(act) => act.run(&command.settings).await,
            Act::Backup(act) => act.run(&command.settings).await,
            Act::Card(act) => act.run(&command.settings).await,
            Act::Worker(act) => act.run(&command.settings).await,
            Act::Demo(act) => act.run(&command.settings).await,
            Act::Doctor(act) => act.run(&command.settings).await,
            Act::Export(act) => act.run(&command.settings).await,
            Act::Import(act) => act.run(&command.settings).await,
            Act::Keys(act) => act.run(&command.settings),
            Act::Migrate(act) => act.run(&command.settings).await,
            Act::Restore(act) => act.run(&command.settings).await,
            Act::Verify(act) => act.run(&command.settings),
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
