//! `tandem admin`: the first administrator, or one more when nobody can get in.

use clap::Args;
use service::Refused;

use crate::commands::{Settings, voice};

/// Make an administrator, and print a password for their first sign-in.
#[derive(Debug, Args)]
pub struct Admin {
    /// The name they sign in with
    #[arg(long)]
    name: String,
    /// The name that others see [default: the one they sign in with]
    #[arg(long)]
    display: Option<String>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Admin {
    /// Makes the administrator.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        let service = settings.service_without_keys().await?;
        let display = self.display.as_deref().unwrap_or(&self.name);
        let made = service.system_administrator(&self.name, display).await;
        service.store().close().await;
        let password = made.map_err(|e| words(&self.name, self.display.is_some(), e))?;
        if self.json {
            let sign_in = format!("{}/sign-in", settings.public_url());
            let made =
                serde_json::json!({ "name": self.name, "display": display, "password": password, "sign_in": sign_in });
            voice::json(&made)?;
        } else {
            voice::answer(&format!("Sign-in name:  {}", self.name));
            voice::answer(&format!("Others see:    {display}"));
            voice::answer(&format!("Password:      {password}"));
            voice::answer(&format!("Sign in at {}/sign-in.", settings.public_url()));
            voice::answer("The password works until a new one is chosen, which is asked for at the first sign-in.");
        }
        Ok(())
    }
}

fn words(name: &str, display: bool, e: Refused) -> String {
    match e {
        Refused::Invalid(problems) if problems.0.iter().any(|p| p.key == "taken") => {
            format!(
                "Somebody signs in as {name} already. Choose another name: this makes one more administrator, who can reset \
                 the other's password."
            )
        }
        Refused::Invalid(problems) if display && problems.0.iter().any(|p| p.field == "display") => {
            "The name that others see has 1 to 60 characters: --display \"Alex\".".to_owned()
        }
        Refused::Invalid(_) => "A name has 3 to 60 characters: --name \"Alex Reed\".".to_owned(),
        other => format!("The administrator could not be made: {other}."),
    }
}
