//! `tandem doors`: every route there is. The browser tests take their list of pages from here.

use clap::Args;

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
    #[expect(clippy::print_stdout, reason = "this is the command's answer")]
    pub fn run(&self) -> Result<(), String> {
        let all = doors::all();
        if self.json {
            let rows: Vec<_> =
                all.iter().map(|d| serde_json::json!({ "method": d.method, "path": d.path, "page": d.page })).collect();
            println!("{}", serde_json::to_string_pretty(&rows).map_err(|e| e.to_string())?);
        } else {
            for d in all {
                println!(
                    "{:5} {:45} {}",
                    format!("{:?}", d.method).to_uppercase(),
                    d.path,
                    if d.page { "page" } else { "" }
                );
            }
        }
        Ok(())
    }
}
