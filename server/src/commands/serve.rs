//! `tandem serve`.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use domain::moment::Moment;
use service::world::{ClockAhead, KeyError, SystemChance, SystemClock};
use service::{Clock, Keys};

use crate::App;
use crate::commands::{Settings, mark, voice};
use crate::ctx::Started;
use crate::demo;
use crate::serve::{serve, tls_files, told_to_stop};

/// Serve the site.
#[derive(Debug, Args)]
pub struct Serve {
    /// Fill an empty database with the demo, and show its people
    #[arg(long)]
    pub demo: bool,
    /// Serve as if it were this many seconds later: for tests, on a computer of one's own only
    #[arg(long, env = "TANDEM_CLOCK_AHEAD", value_name = "SECONDS", hide = true)]
    pub clock_ahead: Option<u32>,
}

/// Whether nobody in the database has a card yet.
async fn is_new(settings: &Settings) -> Result<bool, String> {
    let service = settings.service_without_keys().await?;
    let there = service.has_cards().await;
    service.store().close().await;
    there.map(|there| !there).map_err(|e| format!("The database cannot be read: {e}."))
}

impl Serve {
    /// Runs until told to stop.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        // Taken first: what cannot be listened on is told before anything is made, and a socket may have been handed over.
        let listener = listener(settings.addr)?;
        let at = listener.local_addr().map_err(|e| format!("The socket cannot be used: {e}."))?;
        let only_here = settings.is_for_this_computer_only(at);
        if self.demo && !at.ip().is_loopback() {
            return Err(format!("The demo is for this computer only: {at} can be reached from others. Use 127.0.0.1."));
        }
        if self.demo && !only_here {
            return Err("The demo is for this computer only. Take TANDEM_URL and TANDEM_TRUSTED_PROXY away.".to_owned());
        }
        let clock = self.clock(only_here)?;
        crate::log::start(&settings.log, std::io::stderr).map_err(|e| e.to_string())?;
        match Keys::read(&settings.keys) {
            Ok(_) => {}
            // The first start of a new installation.
            Err(KeyError::None(_)) => {
                if !is_new(settings).await? {
                    return Err(format!(
                        "There are no keys in {}, and the cards of this database open only with its own. \
                        Set TANDEM_KEYS to the folder of its keys, or put the copy of them there. If they are lost for \
                        good, run tandem keys init: every young person then needs a new card.",
                        settings.keys.display()
                    ));
                }
                Keys::init(&settings.keys, &SystemChance).map_err(|e| e.to_string())?;
            }
            Err(e) => return Err(e.to_string()),
        }
        let _ = any_spawner::Executor::init_tokio();
        let service = settings.service_by(clock).await?;
        if let Some(zone) = &settings.time_zone {
            let unknown = |_| format!("TANDEM_TIME_ZONE is no time zone: {zone}. Write such as Europe/London.");
            service.system_time_zone(zone).await.map_err(unknown)?;
        }
        if self.demo {
            show_demo(&service, &settings.public_url()).await?;
        }
        match (demo::is_in(&service).await?, self.demo, only_here) {
            // Everybody can know the passwords in it, however it is started.
            (true, _, false) => {
                return Err(
                    "This database is the demo, whose passwords everybody can know. It is for this computer only: \
                listen on 127.0.0.1 with no TANDEM_URL and no TANDEM_TRUSTED_PROXY, or begin with an empty database."
                        .to_owned(),
                );
            }
            (false, true, _) => {
                return Err(
                    "This database is not the demo: there are real people in it. Start without --demo, or name a \
                new file with DATABASE_URL, such as sqlite:demo.db."
                        .to_owned(),
                );
            }
            _ => {}
        }
        let started = Started { url: settings.public_url(), demo: self.demo, trusted_proxy: settings.trusted_proxy };
        let tls = match (&settings.tls_cert, &settings.tls_key) {
            (Some(cert), Some(key)) => Some(tls_files(cert, key)?),
            (None, None) => None,
            _ => return Err("Set both TANDEM_TLS_CERT and TANDEM_TLS_KEY, or neither.".to_owned()),
        };
        if let Some(at) = settings.metrics_addr {
            crate::metrics::serve(at)?;
        }
        if let Some(seconds) = self.clock_ahead {
            tracing::warn!(seconds, "the clock is ahead: what is written now is dated in the future");
        }
        move_mark_on(settings, &service).await;
        let app = App::new(service.clone(), started);
        let sweeping = tokio::spawn(sweep(service.clone()));
        if !settings.public_url().starts_with("https://") {
            tracing::warn!(
                "pages go out over plain http: cookies are not marked Secure, which is right on this computer only"
            );
        }
        voice::to_onlooker(&format!("Tandem is open at {}. Stop it with Ctrl-C.", settings.public_url()));
        let served = serve(listener, tls, app, told_to_stop()).await.map_err(|e| e.to_string());
        sweeping.abort();
        move_mark_on(settings, &service).await;
        service.store().close().await;
        served
    }
}

impl Serve {
    /// The clock to serve by. One that is ahead closes votes early, ends sessions and dates the audit log in the future,
    /// so it is refused wherever anybody else could be served by it.
    fn clock(&self, only_here: bool) -> Result<Arc<dyn Clock>, String> {
        match self.clock_ahead {
            None => Ok(Arc::new(SystemClock)),
            Some(seconds) if only_here => Ok(Arc::new(ClockAhead { by: i64::from(seconds) * Moment::SECOND })),
            Some(_) => Err("TANDEM_CLOCK_AHEAD is for tests on this computer only. Take it away, or listen on \
                            127.0.0.1 with no TANDEM_URL and no TANDEM_TRUSTED_PROXY."
                .to_owned()),
        }
    }
}

/// The mark of the log, at the start and at the end. What is wrong with it stops nobody from being served.
async fn move_mark_on(settings: &Settings, service: &service::Service) {
    if let Err(words) = mark::move_on(settings, service).await {
        tracing::warn!(what = %words, "the mark of the log of staff acts stays as it is");
    }
}

/// Fills an empty database with the demo and keeps its people for the next start; shows at each start who can sign in.
async fn show_demo(service: &service::Service, url: &str) -> Result<(), String> {
    let file = Path::new("demo-people.json");
    let people = match demo::fill_if_empty(service, &voice::progress).await? {
        Some(people) => {
            demo::people::keep(&people, file)?;
            Some(people)
        }
        None => demo::people::kept(file),
    };
    voice::answer(&match people {
        Some(people) => demo::people::welcome(&people, url, file),
        None => format!(
            "This database was filled before, and {} is not here, so the cards and passwords of its people are not \
             known. For a fresh demo, name a new file with DATABASE_URL, such as sqlite:demo.db.",
            file.display()
        ),
    });
    Ok(())
}

/// The socket that was handed to us already listening (started by a socket, stopped when idle), or one of our own.
fn listener(at: SocketAddr) -> Result<TcpListener, String> {
    match listenfd::ListenFd::from_env().take_tcp_listener(0) {
        Ok(Some(given)) => Ok(given),
        Ok(None) => TcpListener::bind(at)
            .map_err(|e| format!("{at} cannot be used: {e}. Stop what uses it, or set TANDEM_ADDR to another.")),
        Err(e) => Err(format!("The socket that was handed over cannot be used: {e}.")),
    }
}

/// Removes what has ended, every few minutes, from every instance: the same work twice changes nothing.
async fn sweep(service: service::Service) {
    let mut every = tokio::time::interval(std::time::Duration::from_secs(5 * 60));
    loop {
        every.tick().await;
        if let Err(e) = service.sweep().await {
            tracing::warn!(error = %e, "sweeping did not work; it is tried again in five minutes");
        }
    }
}
