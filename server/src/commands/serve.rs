//! `tandem serve`.

use clap::Args;
use service::Keys;
use service::world::{KeyError, SystemChance};
use tokio::net::TcpListener;

use crate::App;
use crate::commands::Settings;
use crate::ctx::Started;
use crate::serve::{serve, told_to_stop};

/// Serve the site.
#[derive(Debug, Args)]
pub struct Serve {
    /// Fill an empty database with the demo, and show its people
    #[arg(long)]
    pub demo: bool,
}

impl Serve {
    /// Runs until told to stop.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        if self.demo && !settings.addr.ip().is_loopback() {
            return Err(format!(
                "The demo is for this computer only: {} can be reached from others. Use 127.0.0.1.",
                settings.addr
            ));
        }
        tracing_subscriber::fmt()
            .json()
            .with_env_filter(
                tracing_subscriber::EnvFilter::try_from_env("TANDEM_LOG").unwrap_or_else(|_| "warn,server=info".into()),
            )
            .with_writer(std::io::stderr)
            .init();
        match Keys::read(&settings.keys) {
            Ok(_) => {}
            // The first start of a new installation.
            Err(KeyError::None(_)) => {
                Keys::init(&settings.keys, &SystemChance).map_err(|e| e.to_string())?;
            }
            Err(e) => return Err(e.to_string()),
        }
        let _ = any_spawner::Executor::init_tokio();
        let service = settings.service().await?;
        let started = Started { url: settings.public_url(), demo: self.demo, trusted_proxy: settings.trusted_proxy };
        let listener =
            TcpListener::bind(settings.addr).await.map_err(|e| format!("{} cannot be used: {e}", settings.addr))?;
        let app = App::new(service.clone(), started);
        serve(listener, app, told_to_stop()).await.map_err(|e| e.to_string())?;
        service.store().close().await;
        Ok(())
    }
}
