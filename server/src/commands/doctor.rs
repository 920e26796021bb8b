//! `tandem doctor`: checks everything around the program, and says what to do about what is wrong.

use std::path::Path;
use std::sync::Arc;

use clap::Args;
use domain::moment::Moment;
use service::audit::Chain;
use service::world::SystemClock;
use service::{Clock as _, Keys, Service};
use store::Store;

use crate::commands::mark::{self, Said};
use crate::commands::{Settings, voice, with_causes};

/// Check settings, database, disk, clock, keys and mail.
#[derive(Debug, Args)]
pub struct Doctor {
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
enum Health {
    Good,
    /// It works, and somebody should know.
    Note,
    Bad,
}

#[derive(Debug, serde::Serialize)]
struct Line {
    what: &'static str,
    health: Health,
    words: String,
}

fn good(what: &'static str, words: impl Into<String>) -> Line {
    Line { what, health: Health::Good, words: words.into() }
}
fn note(what: &'static str, words: impl Into<String>) -> Line {
    Line { what, health: Health::Note, words: words.into() }
}
fn bad(what: &'static str, words: impl Into<String>) -> Line {
    Line { what, health: Health::Bad, words: words.into() }
}

/// Less room than this stops a backup, and soon the database.
const LEAST_ROOM: u64 = 1 << 30;
/// This program was not written before November 2026: a clock that says so is wrong.
const LEAST_TIME: Moment = Moment(1_793_491_200_000_000);

impl Doctor {
    /// Looks at everything.
    ///
    /// # Errors
    /// When anything must be done first; what, stands above.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        let mut lines = vec![url(settings)];
        lines.extend(tls(settings));
        lines.extend(database(settings).await);
        lines.extend(readable(settings));
        lines.push(disk("disk", &folder_of(settings)));
        lines.extend(keys(&settings.keys));
        lines.push(mail(settings).await);
        let worst = lines.iter().filter(|l| l.health == Health::Bad).count();
        if self.json {
            voice::json(&serde_json::json!({ "good": worst == 0, "lines": lines }))?;
        } else {
            for line in &lines {
                let mark = match line.health {
                    Health::Good => "good",
                    Health::Note => "note",
                    Health::Bad => "BAD ",
                };
                voice::answer(&format!("{mark}  {:<9} {}", line.what, line.words));
            }
        }
        match worst {
            0 => Ok(()),
            1 => Err("One thing must be put right.".to_owned()),
            n => Err(format!("{n} things must be put right.")),
        }
    }
}

fn url(settings: &Settings) -> Line {
    let url = settings.public_url();
    let local = settings.addr.ip().is_loopback();
    if let Some(host) = url.strip_prefix("http://") {
        let host = host.split(['/', ':']).next().unwrap_or("");
        if local && (host.starts_with("127.") || host == "localhost" || host == "[") {
            return note("address", format!("{url}: for this computer only. Others need https: set TANDEM_URL."));
        }
        return bad("address", format!("{url} is not https. Set TANDEM_URL to the https address that people type."));
    }
    if url.starts_with("https://") && !url["https://".len()..].is_empty() {
        good("address", url)
    } else {
        bad("address", format!("{url} is no address. Set TANDEM_URL, such as https://tandem.example.org"))
    }
}

fn tls(settings: &Settings) -> Option<Line> {
    match (&settings.tls_cert, &settings.tls_key) {
        (Some(cert), Some(key)) => Some(match crate::serve::tls_files(cert, key) {
            Ok(_) => good("https", "certificate and key fit"),
            Err(words) => bad("https", words),
        }),
        (None, None) if settings.public_url().starts_with("https://") && !settings.trusted_proxy => Some(bad(
            "https",
            "The address is https, but nothing here does it. Set TANDEM_TLS_CERT and TANDEM_TLS_KEY, \
             or TANDEM_TRUSTED_PROXY=true when a proxy in front does.",
        )),
        (None, None) => None,
        _ => Some(bad("https", "Set both TANDEM_TLS_CERT and TANDEM_TLS_KEY, or neither.")),
    }
}

async fn database(settings: &Settings) -> Vec<Line> {
    let what = "database";
    // Opening makes the file: a check must not.
    if let Some(file) = settings.sqlite_file().filter(|file| !file.exists()) {
        return vec![bad(
            what,
            format!("{} is not there. Run `tandem migrate` to make it, or check DATABASE_URL.", file.display()),
        )];
    }
    let store = match settings.open().await {
        Ok(store) => store,
        Err(words) => return vec![bad(what, words)],
    };
    let lines = tables(settings, &store).await;
    store.close().await;
    lines
}

async fn tables(settings: &Settings, store: &Store) -> Vec<Line> {
    let what = "database";
    let (engine, known) = (store.engine(), store::moving::newest_migration());
    let found = async {
        let mut tx = store.read().await?;
        store::moving::migration(&mut tx).await
    };
    match found.await {
        Err(e) if !matches!(e, store::StoreError::Away(_)) => {
            return vec![bad(what, format!("{engine} answers, and has no tables of Tandem. Run `tandem migrate`."))];
        }
        Err(e) => return vec![bad(what, format!("It cannot be reached: {}. Check that it runs.", with_causes(&e)))],
        Ok(n) if n < known => {
            return vec![bad(
                what,
                format!("The tables have number {n}, this program's have {known}. Run `tandem migrate`."),
            )];
        }
        Ok(n) if n > known => {
            return vec![bad(
                what,
                format!("The tables have number {n}, newer than this program ({known}). Update the program."),
            )];
        }
        Ok(_) => {}
    }
    let mut lines = vec![good(what, format!("{engine}, tables up to date (number {known})"))];
    let Ok(service) = settings.house(store.clone(), Keys::from_bytes(Vec::new()), Arc::new(SystemClock)) else {
        return lines;
    };
    lines.extend(filled_in(&service).await);
    if crate::demo::is_in(&service).await == Ok(true) {
        lines.push(note(
            "demo",
            "This is the demo: the passwords in it are the same everywhere. Keep it on this computer, and begin a real \
             installation with an empty database.",
        ));
    }
    lines.extend(workers(&service).await);
    lines.push(audit(settings, &service).await);
    lines.push(clock(&service).await);
    lines
}

/// What only the council can fill in, and what is missing on which page as long as it has not.
async fn filled_in(service: &Service) -> Vec<Line> {
    let Ok(now) = service.settings().await else { return Vec::new() };
    let empty = [
        (
            now.safety_phone.is_empty(),
            "the council's number for worries about safety",
            "/not-safe shows only national ones",
        ),
        (
            now.help_phone.is_empty() && now.help_email.is_empty(),
            "a telephone number or an e-mail address for help",
            "/talk and /accessibility name only the worker of a group",
        ),
        (now.privacy_contact.is_empty(), "the contact for data protection", "/privacy sends people to /talk"),
        (
            now.security_contact.is_empty(),
            "the contact for security",
            "/security and security.txt send people to /talk",
        ),
    ];
    let words =
        |what: &str, so: &str| format!("Nobody has filled in {what}: {so}. An administrator does it at /settings.");
    empty.iter().filter(|(empty, ..)| *empty).map(|(_, what, so)| note("settings", words(what, so))).collect()
}

/// Groups that nobody looks after: nobody in the house can give them a worker.
async fn workers(service: &Service) -> Vec<Line> {
    let without = service.groups_without_worker().await.unwrap_or_default();
    let told = |slug: String| {
        let words =
            format!("/groups/{slug} has no worker who can sign in. Run `tandem worker --group {slug} --name N`.");
        bad("groups", words)
    };
    without.into_iter().map(told).collect()
}

async fn audit(settings: &Settings, service: &Service) -> Line {
    match service.check_audit().await {
        Ok(Chain::Whole(n)) => marked(settings, service, n).await,
        Ok(Chain::BrokenAt(n)) => bad(
            "log",
            format!(
                "The log of staff acts was changed at row {n}. Somebody wrote to the database around Tandem: \
                 keep a backup as evidence and tell whoever answers for data protection."
            ),
        ),
        Err(e) => bad("log", format!("It cannot be read: {e}.")),
    }
}

/// A log that is whole may still be too short. The mark moves on where nothing is wrong.
async fn marked(settings: &Settings, service: &Service, acts: i64) -> Line {
    let whole = format!("{acts} staff acts, each follows from the one before");
    match mark::compare(settings, service).await {
        Ok(Said::Bad(was, since)) => return bad("log", mark::words(settings, was, since)),
        Err(words) => return bad("log", words),
        Ok(Said::NoMark | Said::Good) => {}
    }
    match mark::begin_anew(settings, service).await {
        Ok(()) => good("log", whole),
        Err(words) => note("log", format!("{whole}. The mark that shows rows cut off later is old: {words}")),
    }
}

async fn clock(service: &Service) -> Line {
    let now = SystemClock.now();
    let newest = async {
        let mut tx = service.store().read().await.ok()?;
        store::audit::before(&mut tx, i64::MAX, 1).await.ok()?.into_iter().next().map(|r| r.made_at)
    };
    let shown = jiff::Timestamp::from_microsecond(now.0).map_or_else(|_| "unreadable".to_owned(), |t| t.to_string());
    match newest.await {
        _ if now < LEAST_TIME => {
            bad("clock", format!("It says {shown}, which has long passed. Set this computer's clock."))
        }
        Some(last) if now.plus(5 * Moment::MINUTE) < last => bad(
            "clock",
            format!("It says {shown}, and the log has acts later than that. Votes close by the clock: set it right."),
        ),
        _ => good("clock", shown),
    }
}

/// A file with everybody's words that others on this computer can read.
#[cfg(unix)]
fn readable(settings: &Settings) -> Option<Line> {
    use std::os::unix::fs::PermissionsExt as _;
    let file = settings.sqlite_file()?;
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    let words = format!("Others on this computer can read {0}. Run `chmod 600 {0}*`.", file.display());
    (mode & 0o077 != 0).then(|| note("database", words))
}

#[cfg(not(unix))]
fn readable(_: &Settings) -> Option<Line> {
    None
}

fn folder_of(settings: &Settings) -> std::path::PathBuf {
    let folder = settings.sqlite_file().and_then(Path::parent).unwrap_or(Path::new("."));
    if folder.as_os_str().is_empty() { ".".into() } else { folder.to_owned() }
}

fn disk(what: &'static str, folder: &Path) -> Line {
    match rustix::fs::statvfs(folder) {
        Ok(s) => {
            let room = s.f_bavail.saturating_mul(s.f_frsize);
            let shown =
                format!("{}.{} GB free in {}", room >> 30, (room % (1 << 30)) * 10 / (1 << 30), folder.display());
            if room < LEAST_ROOM {
                bad(what, format!("{shown}. Make room: less than 1 GB is too little for a backup."))
            } else {
                good(what, shown)
            }
        }
        Err(e) => bad(what, format!("{} cannot be looked at: {e}.", folder.display())),
    }
}

fn keys(folder: &Path) -> Vec<Line> {
    let what = "keys";
    let keys = match Keys::read(folder) {
        Ok(keys) => keys,
        Err(e) => return vec![bad(what, format!("{e}."))],
    };
    #[cfg(unix)]
    if let Some(open) = open_to_others(folder) {
        return vec![bad(what, format!("Others on this computer can read {0}. Run: chmod -R go= {0}", open.display()))];
    }
    vec![good(what, format!("key {} in {}", keys.newest_number(), folder.display()))]
}

/// The first key that somebody else may read or change. The folder itself may be listed: the names say nothing.
#[cfg(unix)]
fn open_to_others(folder: &Path) -> Option<std::path::PathBuf> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |p: &Path| std::fs::metadata(p).map_or(0, |m| m.permissions().mode());
    if mode(folder) & 0o022 != 0 {
        return Some(folder.to_owned());
    }
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|e| e.path());
    entries.filter(|p| p.extension().is_some_and(|e| e == "key")).find(|p| mode(p) & 0o077 != 0)
}

async fn mail(settings: &Settings) -> Line {
    match settings.smtp() {
        Err(words) => bad("mail", words),
        Ok(None) => note("mail", "not set up: nobody gets letters. Set TANDEM_SMTP_URL when they should."),
        Ok(Some(smtp)) => match smtp.greet().await {
            Ok(()) => good("mail", "the mail server answers"),
            Err(why) => bad("mail", format!("The mail server is no help: {why}. Check TANDEM_SMTP_URL.")),
        },
    }
}
