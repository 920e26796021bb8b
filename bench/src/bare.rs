//! What the real program is compared with: a hand-written axum server that looks up who is asking, asks the same
//! statements for the page, and writes the bytes that the real program wrote (with its headers). Under `/bytes` it asks
//! nothing and only writes them. It draws nothing and has no layers around it.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::access::Who;
use domain::ids::{DecisionId, DesignId};
use serde::{Deserialize, Serialize};
use service::comments::Order;
use service::{Refused, Service};
use store::Store;

use crate::{Wrong, plant};

/// A page that is measured.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum What {
    /// Home of somebody signed in.
    Home,
    /// A design.
    Design(DesignId),
    /// All comments of a design.
    Comments(DesignId),
    /// All comments of a design that was a conversation elsewhere.
    Real(DesignId),
    /// The result of a decision.
    Result(DecisionId),
}

impl What {
    /// Its name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "home, signed in",
            Self::Design(_) => "design, 8 sections and 100 comments",
            Self::Comments(_) => "its page of 50 threads of comments",
            Self::Real(_) => "a real conversation, 50 of its 154 statements",
            Self::Result(_) => "result of a decision, 18 hands",
        }
    }

    /// Its address.
    pub fn path(self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Design(id) => format!("/designs/{id}"),
            Self::Comments(id) | Self::Real(id) => format!("/designs/{id}/comments"),
            Self::Result(id) => format!("/decisions/{id}/result"),
        }
    }

    /// Asks what the page asks. `asked` compares it with the real program, statement by statement.
    async fn load(self, service: &Service, who: &Who) -> Result<(), Refused> {
        match self {
            Self::Home => service.home(who).await.map(drop),
            Self::Design(id) => service.design_page(who, id).await.map(drop),
            Self::Comments(id) | Self::Real(id) => {
                service.comments(who, id, Order::BySection, None, None).await.map(drop)
            }
            Self::Result(id) => service.result(who, id).await.map(drop),
        }
    }

    /// Who is asking, and then the page.
    pub async fn ask(self, service: &Service, secret: &str) -> Result<(), Refused> {
        let visit = service.visit(Some(secret)).await?;
        self.load(service, &visit.who).await
    }
}

/// A page as the real program wrote it.
#[derive(Serialize, Deserialize)]
pub struct Ready {
    /// Which.
    pub what: What,
    /// Its headers, without those that the server writes itself.
    pub headers: Vec<(String, String)>,
    /// What is in it.
    pub body: String,
}

impl Ready {
    /// From an answer of the real program.
    pub fn of(what: What, answer: &crate::http::Answer) -> Self {
        let own = ["content-length", "date", "connection"];
        let headers = answer
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .filter(|(name, _)| !own.contains(&name.to_ascii_lowercase().as_str()))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self { what, headers, body: answer.body.clone() }
    }
}

struct Page {
    what: What,
    headers: HeaderMap,
    body: Bytes,
}

struct Bare {
    service: Service,
    pages: HashMap<String, Page>,
}

fn answer(page: &Page, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.headers_mut() = page.headers.clone();
    response
}

fn secret(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::COOKIE)?.to_str().ok()?.strip_prefix("tandem-session=")
}

async fn page(State(bare): State<Arc<Bare>>, request: Request) -> Response {
    let path = request.uri().path();
    if let Some(page) = path.strip_prefix("/bytes").and_then(|path| bare.pages.get(path)) {
        return answer(page, Body::from(page.body.clone()));
    }
    let (Some(page), Some(secret)) = (bare.pages.get(path), secret(request.headers())) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match page.what.ask(&bare.service, secret).await {
        // Written anew each time, as a page is: one allocation, one copy.
        Ok(()) => answer(page, Body::from(page.body.to_vec())),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Serves the pages in a file until it is killed.
pub async fn serve(addr: &str, url: &str, file: &str) -> Result<(), Wrong> {
    let ready: Vec<Ready> = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let mut pages = HashMap::new();
    for page in ready {
        let mut headers = HeaderMap::new();
        for (name, value) in &page.headers {
            headers.append(HeaderName::try_from(name.as_str())?, HeaderValue::from_str(value)?);
        }
        pages.insert(page.what.path(), Page { what: page.what, headers, body: Bytes::from(page.body) });
    }
    let service = plant::house(Store::open(url).await?);
    let router = Router::new().fallback(page).with_state(Arc::new(Bare { service, pages }));
    axum::serve(tokio::net::TcpListener::bind(addr).await?, router).await?;
    Ok(())
}
