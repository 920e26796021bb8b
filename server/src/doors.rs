//! Every route there is, as data. The router is built from this list, and so are the tests: the rights test walks it, the
//! browser tests take their pages from it, and a route nobody tests fails (`tandem doors --json`).

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{MethodRouter, get, post};

use crate::ctx::App;

/// How a door is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something.
    Post,
}

/// One route.
#[derive(Clone)]
pub struct Door {
    /// Reads or does something.
    pub method: Method,
    /// The path, as axum writes it.
    pub path: &'static str,
    /// A whole page for people (and so for axe), or something else (a file, a stream, a health check).
    pub page: bool,
    /// Most bytes of a form with files, where it takes one.
    pub files: Option<usize>,
    router: MethodRouter<App>,
}

impl Door {
    /// A page.
    pub fn page<H, T>(path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self { method: Method::Get, path, page: true, files: None, router: get(handler) }
    }

    /// Something read that is not a page.
    pub fn get<H, T>(path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self { method: Method::Get, path, page: false, files: None, router: get(handler) }
    }

    /// A form.
    pub fn post<H, T>(path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self { method: Method::Post, path, page: false, files: None, router: post(handler) }
    }
}

impl Door {
    /// The same door for forms with files of up to `most` bytes.
    #[must_use]
    pub fn with_files(mut self, most: usize) -> Self {
        self.files = Some(most);
        self.router = self.router.layer(DefaultBodyLimit::max(most));
        self
    }
}

/// All of them, area by area.
pub fn all() -> Vec<Door> {
    use crate::routes;
    [
        routes::access::doors(),
        routes::actions::doors(),
        routes::comments::doors(),
        routes::decisions::doors(),
        routes::designs::doors(),
        routes::groups::doors(),
        routes::house::doors(),
        routes::info::doors(),
        routes::live::doors(),
        routes::my_data::doors(),
        routes::offline::doors(),
        routes::people::doors(),
        routes::pictures::doors(),
        routes::settings::doors(),
        routes::reports::doors(),
        routes::suggestions::doors(),
        routes::templates::doors(),
        routes::workspaces::doors(),
        routes::writing::doors(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The router of all doors. Anything else is the 404 page.
pub fn router() -> Router<App> {
    let mut router = Router::new();
    for door in all() {
        router = router.route(door.path, door.router);
    }
    router.fallback(crate::routes::house::not_found).method_not_allowed_fallback(crate::routes::house::wrong_method)
}
