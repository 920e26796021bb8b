//! `tandem card`: a young person in a group, with a card.

use clap::Args;
use domain::people::Picture;
use service::Refused;

use crate::commands::group::InGroup;
use crate::commands::{Settings, voice};
use crate::routes::people::card_link;

/// Make a young person in a group, and print their card.
#[derive(Debug, Args)]
pub struct Card {
    #[command(flatten)]
    group: InGroup,
    /// The name that others see: a first name is best
    #[arg(long)]
    name: String,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Card {
    /// Makes the person and the card.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        settings.must_be_there()?;
        let slug = self.group.slug();
        let service = settings.service().await?;
        let made = service.system_card(slug, &self.name).await;
        service.store().close().await;
        let card = made.map_err(|e| words(&self.group, e))?;
        let link = card_link(&settings.public_url(), &card);
        let pictures = card.pictures.map(Picture::name);
        if self.json {
            let made = serde_json::json!({
                "name": card.name, "group": slug, "code": card.code.as_str(), "pictures": pictures, "link": link,
            });
            voice::json(&made)?;
        } else {
            voice::answer(&format!("Name:      {}", card.name));
            voice::answer(&format!("Code:      {}", card.code.spaced()));
            voice::answer(&format!("Pictures:  {}", pictures.join(", ")));
            voice::answer(&format!("Link:      {link}"));
            voice::answer("This is shown only once. A worker can make a new card at any time.");
        }
        Ok(())
    }
}

fn words(group: &InGroup, e: Refused) -> String {
    match e {
        Refused::Unknown => group.unknown(),
        Refused::Invalid(problems) if problems.0.iter().any(|p| p.key.starts_with("like-")) => {
            "A member of staff has this name, or it sounds like one. Choose another: --name Robin.".to_owned()
        }
        Refused::Invalid(_) => "A name has 1 to 60 characters of one alphabet: --name Robin.".to_owned(),
        other => format!("The card could not be made: {other}."),
    }
}
