//! Which group a command is about.

use clap::Args;

/// The group, as its address says it.
#[derive(Debug, Args)]
pub struct InGroup {
    /// The end of the group's address: for /groups/youth-council-abcd it is youth-council-abcd
    #[arg(long)]
    group: String,
}

impl InGroup {
    /// The end of the address, also where all of it was copied from a browser.
    pub fn slug(&self) -> &str {
        let typed = self.group.trim().split(['?', '#']).next().unwrap_or("");
        typed.trim_end_matches('/').rsplit('/').next().unwrap_or("")
    }

    /// That there is no such group, for the person at the keyboard.
    pub fn unknown(&self) -> String {
        let slug = self.slug();
        format!("There is no group at /groups/{slug}. Open the group in the browser and copy the end of its address.")
    }
}
