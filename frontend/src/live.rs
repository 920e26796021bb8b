//! The island of live news: new comments and the state of a decision appear by themselves.
//!
//! - **Size**: with the runtime that every island needs, 68,364 bytes of WASM and 4,733 of JavaScript as Brotli, measured in
//!   November 2026 as it is served, while this was the only island:
//!   `curl -so /dev/null -H 'Accept-Encoding: br' -w '%{size_download}\n' $URL/pkg/tandem.….wasm` (a page with the island
//!   names the file). `tools/size.sh` watches the whole. Pages without an island send none of it.
//! - **Without JavaScript**: the page is the same, and a plain link on it ("Look for new comments", "Look again") shows what
//!   is new. The island draws nothing of its own: what it adds the server drew with the view that draws the page.
//! - **Keys**: none. It adds nothing to press but what every comment has, and never moves the focus.
//! - **A screen reader** hears "2 new comments", or of a decision "It is open now.", "It is closed now. You can see the
//!   result.", "It was stopped. It does not count.", "The answers have changed.", once, when it has finished what it was
//!   saying (`#polite`). Words that were changed or taken away change in silence.
//! - **Nothing moves**: what is new is added at the end of its list; where that is above what somebody reads, the
//!   browser's scroll anchoring keeps the place. What has the focus is never replaced before the focus has gone on.
//!
//! One stream for each browser: the tabs that can be seen ask for a lock, and the one that has it listens for all of them
//! and passes on what it hears. A hidden tab lets go of the lock and the stream, and looks once when it is seen again.
//! The stream and the parts it leads to keep no session alive.

#[cfg(feature = "hydrate")]
mod browser;

use leptos::prelude::*;

/// Listens for news of one thing and adds it to the page.
///
/// The part at `news` (asked with `since=`) has list items with `data-into="ID OF A LIST"`, which are added to that list
/// unless the page has their id already, and elements with `data-replace`, which take the place of the element with
/// their id where something changed; `data-say` of these is announced. Its first element may carry `data-read-at`, and
/// `data-look-in` as below.
#[island]
pub fn LiveNews(
    /// What to listen to: `design=ID` or `decision=ID`.
    subject: String,
    /// Where the new part of the page is.
    news: String,
    /// When the page was read: microseconds.
    since: i64,
    /// Milliseconds until the clock changes something, where it will: then the page looks by itself.
    look_in: Option<i64>,
    /// What to say of one new thing.
    one: String,
    /// What to say of several, with `{n}` for how many.
    many: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::start(browser::Asked { subject, news, one, many }, since, look_in);
    #[cfg(not(feature = "hydrate"))]
    let _ = (subject, news, since, look_in, one, many);
    view! { <span hidden></span> }
}
