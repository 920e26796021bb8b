//! Which statements the real program asks for a page: read from its own log, so that it is the program as built that is
//! counted. With which values is not in a log: that is heard while the same use case runs here. Both must have asked the same
//! statements in the same order, or the comparison means nothing.

use std::time::{Duration, Instant};

use domain::access::Who;
use service::comments::Order;
use service::{Refused, Service};

use crate::bare::{Asked, Ready, Value, What};
use crate::program::Program;
use crate::{Wrong, http};

/// What the program logs while it is counted.
pub const LOG: &str = "warn,server=info,sqlx::query=debug";

/// A statement without its line breaks and its extra spaces.
fn plain(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of the log: a statement, the end of a request, or something else.
enum Line {
    Asked(String),
    Answered,
    Other,
}

fn line(text: &str) -> Line {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(text) else { return Line::Other };
    let field = |name: &str| json["fields"][name].as_str().unwrap_or("").to_owned();
    if json["target"] == "sqlx::query" {
        let whole = field("db.statement");
        // A short statement stands in its own summary.
        let sql = plain(if whole.is_empty() { field("summary") } else { whole }.as_str());
        let frame = ["begin", "commit", "rollback"].iter().any(|word| sql.to_lowercase().starts_with(word));
        return if frame { Line::Other } else { Line::Asked(sql) };
    }
    if json["fields"]["message"] == "request" { Line::Answered } else { Line::Other }
}

/// The statements of the last request in a log, and how many requests there are.
fn last(log: &str) -> (Vec<String>, usize) {
    let (mut asked, mut of_last, mut answered) = (Vec::new(), Vec::new(), 0);
    for text in log.lines() {
        match line(text) {
            Line::Asked(sql) => asked.push(sql),
            Line::Answered => {
                answered += 1;
                of_last = std::mem::take(&mut asked);
            }
            Line::Other => {}
        }
    }
    (of_last, answered)
}

/// Asks the program for a page, and gives it with the statements it took.
async fn of_program(program: &Program, secret: &str, what: What) -> Result<(http::Answer, Vec<String>), Wrong> {
    // The first time reads the settings (kept for five seconds) and prepares the statements.
    http::page(program.addr, secret, &what.path()).await?;
    let before = last(&program.logged()?).1;
    let answer = http::page(program.addr, secret, &what.path()).await?;
    let began = Instant::now();
    loop {
        let (asked, answered) = last(&program.logged()?);
        if answered > before {
            return Ok((answer, asked));
        }
        if began.elapsed() > Duration::from_secs(5) {
            return Err("the program does not log its requests".into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Who is asking, and then what a page shows.
async fn load(service: &Service, secret: &str, what: What) -> Result<(), Refused> {
    let who: Who = service.visit(Some(secret)).await?.who;
    match what {
        What::Home => service.home(&who).await.map(drop),
        What::Design(id) => service.design_page(&who, id).await.map(drop),
        What::Comments(id) | What::Real(id) => service.comments(&who, id, Order::BySection, None, None).await.map(drop),
        What::Result(id) => service.result(&who, id).await.map(drop),
    }
}

/// A page as the program draws it, with its statements and their values.
pub async fn page(program: &Program, service: &Service, secret: &str, what: What) -> Result<Ready, Wrong> {
    let (answer, program) = of_program(program, secret, what).await?;
    let (done, heard) = store::trace::with_values(load(service, secret, what)).await;
    done.map_err(|e| format!("{}: {e}", what.name()))?;
    let here: Vec<String> = heard.iter().map(|asked| plain(asked.sql)).collect();
    if program.is_empty() || program != here {
        return Err(format!(
            "{}: the program does not ask what it is compared with (bench/src/asked.rs).\nprogram: {program:#?}\nhere: {here:#?}",
            what.name()
        )
        .into());
    }
    let asked = heard.into_iter().map(|asked| {
        let values = asked.values.iter().map(|v| Value::read(v)).collect::<Result<_, _>>()?;
        Ok(Asked { sql: asked.sql.to_owned(), values })
    });
    Ok(Ready::of(what, &answer, asked.collect::<Result<_, Wrong>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_read_from_the_log_of_the_program() {
        let log = concat!(
            "not json\n",
            r#"{"target":"sqlx::query","fields":{"summary":"delete from tallies where …","db.statement":"\n\ndelete from tallies where minute < $1\n"}}"#,
            "\n",
            r#"{"target":"server::layers","fields":{"message":"request","door":"/"}}"#,
            "\n",
            r#"{"target":"sqlx::query","fields":{"summary":"BEGIN","db.statement":""}}"#,
            "\n",
            r#"{"target":"sqlx::query","fields":{"summary":"select 1","db.statement":""}}"#,
            "\n",
            r#"{"target":"sqlx::query","fields":{"summary":"select a from b …","db.statement":"\n\nselect a from b  where c = $1\n"}}"#,
            "\n",
            r#"{"target":"server::layers","fields":{"message":"request","door":"/"}}"#,
        );
        let (asked, answered) = last(log);
        assert_eq!(asked, ["select 1", "select a from b where c = $1"]);
        assert_eq!(answered, 2);
    }
}
