//! The island of writing together: what others write in a design appears by itself, and so does what I write with them.
//!
//! - **Size**: `tools/size.sh` watches all of it together; the shared text (yrs) is most of what this adds.
//! - **Without JavaScript**: each part is a text area in a form of its own with a Save; what is saved is merged. The island
//!   binds those same text areas, and Save goes on working.
//! - **Keys**: those of any text area. Ctrl+Z and Ctrl+Y (or Ctrl+Shift+Z; Cmd on a Mac) take back and do again what I
//!   wrote, never what others did; a button beside each Save does the same.
//! - **A screen reader** hears the state of the line when it changes, and, as somebody chooses, nothing, who comes and
//!   where they write (at most every five seconds), or also which part has changed. The words of others are not read out.
//! - **Nothing moves**: neither caret nor selection nor what one reads. While letters are being put together (an input
//!   method), and where somebody chose calm, what others wrote waits.
//!
//! What was typed before this arrived is read first. What was not sent yet, or what a form took along that nobody has
//! answered, is kept on the device, under a mark of whose it is, unless others use the device too; it goes at sign-out, and
//! when somebody else writes here. What can only be shown stays until somebody says that they have copied it.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
mod page;
#[cfg(feature = "hydrate")]
mod unsent;

use leptos::prelude::*;

/// Binds the text areas of the page to the shared text of a design.
#[island]
pub fn LiveWriting(
    /// Which design.
    design: String,
    /// The number of the state that the page shows.
    base: i64,
    /// Marks of whose page it is, the newest first.
    owners: String,
    /// Others use this device too: keep nothing on it.
    shared: bool,
    /// The page says that the form which was just sent arrived.
    thanked: bool,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::start(design, base, &owners, shared, thanked);
    #[cfg(not(feature = "hydrate"))]
    let _ = (design, base, owners, shared, thanked);
    view! { <span hidden></span> }
}
