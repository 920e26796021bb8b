//! What the real program is compared with: a hand-written axum server that looks up who is asking, asks the same
//! statements for the page with the same values in two transactions, and writes the bytes that the real program wrote (with
//! its headers). It asks for no rights, reads nothing out of the rows, draws nothing and has no layers around it. Under
//! `/bytes` it asks nothing and only writes them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::ids::{DecisionId, DesignId};
use serde::{Deserialize, Serialize};
use store::{Store, Tx};
use uuid::Uuid;

use crate::Wrong;

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
    /// What is asked for it.
    pub asked: Vec<Asked>,
}

/// A statement with its values.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked {
    /// The statement.
    pub sql: String,
    /// Its values, in order.
    pub values: Vec<Value>,
}

/// A value of a statement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Value {
    /// The number of a thing.
    Id(Uuid),
    /// A whole number, or a moment.
    Whole(i64),
    /// No thing: the only values that may be missing are numbers of things.
    NoId,
    /// Yes or no.
    Is(bool),
    /// Words.
    Text(String),
    /// A hash.
    Bytes(Vec<u8>),
}

impl Value {
    /// Reads what [`Debug`] wrote of a value.
    pub fn read(written: &str) -> Result<Self, Wrong> {
        if written == "None" {
            return Ok(Self::NoId);
        }
        let some = written.strip_prefix("Some(").and_then(|rest| rest.strip_suffix(')'));
        let written = some.unwrap_or(written);
        if let Ok(id) = written.parse() {
            return Ok(Self::Id(id));
        }
        if let Ok(whole) = written.parse() {
            return Ok(Self::Whole(whole));
        }
        if let Ok(is) = written.parse() {
            return Ok(Self::Is(is));
        }
        if let Ok(text) = serde_json::from_str(written) {
            return Ok(Self::Text(text));
        }
        serde_json::from_str(written)
            .map(Self::Bytes)
            .map_err(|_| format!("{written} is no value that is known here").into())
    }
}

impl Ready {
    /// From an answer of the real program.
    pub fn of(what: What, answer: &crate::http::Answer, asked: Vec<Asked>) -> Self {
        let own = ["content-length", "date", "connection"];
        let headers = answer
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .filter(|(name, _)| !own.contains(&name.to_ascii_lowercase().as_str()))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self { what, headers, body: answer.body.clone(), asked }
    }
}

struct Page {
    headers: HeaderMap,
    body: Bytes,
    asked: Vec<Asked>,
}

struct Bare {
    store: Store,
    pages: HashMap<String, Page>,
}

/// Asks one statement and takes all its rows.
async fn ask(tx: &mut Tx, asked: &Asked) -> Result<usize, sqlx::Error> {
    macro_rules! rows {
        ($tx:expr) => {{
            let mut query = sqlx::query(sqlx::AssertSqlSafe(asked.sql.as_str()));
            for value in &asked.values {
                query = match value {
                    Value::Id(id) => query.bind(*id),
                    Value::Whole(whole) => query.bind(*whole),
                    Value::NoId => query.bind(None::<Uuid>),
                    Value::Is(is) => query.bind(*is),
                    Value::Text(text) => query.bind(text.as_str()),
                    Value::Bytes(bytes) => query.bind(bytes.as_slice()),
                };
            }
            query.fetch_all(&mut **$tx).await?.len()
        }};
    }
    Ok(match tx {
        Tx::Sqlite(tx) => rows!(tx),
        Tx::Postgres(tx) => rows!(tx),
    })
}

/// How many statements say who is asking.
const WHO: usize = 2;

impl Bare {
    /// Who is asking, and then the page.
    async fn ask_all(&self, all: &[Asked]) -> Result<(), Wrong> {
        for part in [&all[..WHO], &all[WHO..]] {
            let mut tx = self.store.read().await?;
            for asked in part {
                ask(&mut tx, asked).await?;
            }
        }
        Ok(())
    }
}

fn answer(page: &Page, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.headers_mut() = page.headers.clone();
    response
}

async fn page(State(bare): State<Arc<Bare>>, request: Request) -> Response {
    let path = request.uri().path();
    if let Some(page) = path.strip_prefix("/bytes").and_then(|path| bare.pages.get(path)) {
        return answer(page, Body::from(page.body.clone()));
    }
    // Whose session it is was asked for with the statements.
    let (Some(page), true) = (bare.pages.get(path), request.headers().contains_key(header::COOKIE)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match bare.ask_all(&page.asked).await {
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
        pages.insert(page.what.path(), Page { headers, body: Bytes::from(page.body), asked: page.asked });
    }
    let store = Store::open(url).await?;
    let router = Router::new().fallback(page).with_state(Arc::new(Bare { store, pages }));
    axum::serve(tokio::net::TcpListener::bind(addr).await?, router).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_were_written() {
        let id = Uuid::from_u128(7);
        assert!(matches!(Value::read(&format!("{id:?}")), Ok(Value::Id(read)) if read == id));
        assert!(matches!(Value::read(&format!("{:?}", -3_i64)), Ok(Value::Whole(-3))));
        assert!(matches!(Value::read(&format!("{:?}", "a \"b\"")), Ok(Value::Text(read)) if read == "a \"b\""));
        assert!(matches!(Value::read(&format!("{:?}", [1_u8, 255])), Ok(Value::Bytes(read)) if read == [1, 255]));
        assert!(matches!(Value::read("false"), Ok(Value::Is(false))));
        assert!(matches!(Value::read("Some(3)"), Ok(Value::Whole(3))));
        assert!(matches!(Value::read("None"), Ok(Value::NoId)));
        assert!(Value::read("Thing { id: 3 }").is_err());
    }
}
