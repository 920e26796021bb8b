//! `tandem doors`: every route there is. The browser tests take their list of pages from here.

use clap::Args;

use crate::commands::voice;
use crate::doors;

/// List every route of the site.
#[derive(Debug, Args)]
pub struct Doors {
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Doors {
    /// Prints the list.
    ///
    /// # Errors
    /// Never in practice: the list is plain data.
    pub fn run(&self) -> Result<(), String> {
        let all = doors::all();
        if self.json {
            let rows: Vec<_> =
                all.iter().map(|d| serde_json::json!({ "method": d.method, "path": d.path, "page": d.page })).collect();
            voice::json(&rows)?;
        } else {
            for d in all {
                let page = if d.page { "page" } else { "" };
                voice::answer(&format!("{:5} {:45} {page}", format!("{:?}", d.method).to_uppercase(), d.path));
            }
        }
        Ok(())
    }
}
