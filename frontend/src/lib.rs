//! What runs in the browser: islands, the server functions they call, the WASM entry.
//!
//! Each island states its size, its twin without JavaScript, its keys, and what a screen reader hears.

mod live;
#[cfg(not(feature = "without-writing"))]
mod writing;

pub use live::LiveNews;
#[cfg(not(feature = "without-writing"))]
pub use writing::LiveWriting;

/// The WASM entry: called by `boot.js` once the module is there.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
