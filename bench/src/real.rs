//! A conversation that was really held: three hundred statements and thirty thousand answers, brought in by the program
//! itself. It is not part of the checkout; where it is not at hand, its line of the table says so.

use std::path::{Path, PathBuf};

use domain::ids::DesignId;
use tokio::process::Command;

use crate::bare::What;
use crate::place::Place;
use crate::plant::House;
use crate::{Wrong, pages, say};

/// The conversation, beside the checkout.
const NAME: &str = "real/biodiversity";

fn folder() -> Option<PathBuf> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    checkout.ancestors().skip(1).take(2).map(|above| above.join("shared").join(NAME)).find(|folder| folder.is_dir())
}

/// `tandem import polis` into the workspace that is looked at.
async fn bring_in(place: &Place, house: &House, folder: &Path) -> Result<DesignId, Wrong> {
    let program = std::env::var("TANDEM_BIN").map_err(|_| "TANDEM_BIN is not set: run tools/bench.sh")?;
    let out = Command::new(program)
        .args(["import", "polis", "--json", "--workspace", &house.workspace])
        .arg(folder)
        .current_dir(&place.folder)
        .env("DATABASE_URL", &place.url)
        .output()
        .await?;
    if !out.status.success() {
        return Err(format!("tandem import polis: {}", String::from_utf8_lossy(&out.stderr)).into());
    }
    let told: serde_json::Value = serde_json::from_slice(&out.stdout)?;
    Ok(told["design"].as_str().ok_or("no design was told")?.parse()?)
}

/// Its page of comments under load; nothing where it is not at hand. Afterwards there is one design more.
pub async fn measure(place: &Place, house: &House) -> Result<Option<pages::Measured>, Wrong> {
    let Some(folder) = folder() else {
        say(&format!("      left out: there is no ../shared/{NAME}"));
        return Ok(None);
    };
    let design = bring_in(place, house, &folder).await?;
    Ok(pages::measure(place, house, &[What::Real(design)]).await?.pop())
}
