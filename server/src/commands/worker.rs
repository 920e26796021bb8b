//! `tandem worker`: a worker for a group that has none who can sign in.

use clap::Args;
use service::Refused;

use crate::commands::group::InGroup;
use crate::commands::{Settings, voice};

/// Give a worker to a group that has none left.
#[derive(Debug, Args)]
pub struct Worker {
    #[command(flatten)]
    group: InGroup,
    /// The name with which the new worker signs in
    #[arg(long)]
    name: String,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Worker {
    /// Puts them into the group.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        settings.must_be_there()?;
        let slug = self.group.slug();
        let service = settings.service_without_keys().await?;
        let done = service.system_worker(slug, &self.name).await;
        service.store().close().await;
        let display = done.map_err(|e| self.words(e))?;
        if self.json {
            voice::json(&serde_json::json!({ "name": self.name, "display": display, "group": slug }))?;
        } else {
            voice::answer(&format!("{display} is a worker of /groups/{slug} now, and can add others there."));
        }
        Ok(())
    }

    fn words(&self, e: Refused) -> String {
        match e {
            Refused::Unknown => self.group.unknown(),
            Refused::Invalid(problems) if problems.0.iter().any(|p| p.key == "worker-staff") => {
                format!("{} is not staff, or is switched off. A worker is staff who can sign in.", self.name)
            }
            Refused::Invalid(_) => {
                format!("Nobody signs in as {}. It is the name they type, not the one that others see.", self.name)
            }
            Refused::MovedOn(_) => {
                "This group has a worker who can sign in. They add others, on the page of the group.".to_owned()
            }
            other => format!("The worker could not be put into the group: {other}."),
        }
    }
}
