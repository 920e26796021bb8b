//! Which statements the real program asks for a page: read from its own log, so that it is the program as built that is
//! counted. The hand-written server must ask the same ones in the same order, or the comparison means nothing.

use std::time::{Duration, Instant};

use service::Service;

use crate::bare::{Ready, What};
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
async fn of_program(program: &Program, secret: &str, what: What) -> Result<(Ready, Vec<String>), Wrong> {
    // The first time reads the settings (kept for five seconds) and prepares the statements.
    http::page(program.addr, secret, &what.path()).await?;
    let before = last(&program.logged()?).1;
    let answer = http::page(program.addr, secret, &what.path()).await?;
    let began = Instant::now();
    loop {
        let (asked, answered) = last(&program.logged()?);
        if answered > before {
            return Ok((Ready::of(what, &answer), asked));
        }
        if began.elapsed() > Duration::from_secs(5) {
            return Err("the program does not log its requests".into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A page as the program draws it, and its statements, after the hand-written server was found to ask the same.
pub async fn compare(
    program: &Program,
    bare: &Service,
    secret: &str,
    what: What,
) -> Result<(Ready, Vec<String>), Wrong> {
    let (ready, program) = of_program(program, secret, what).await?;
    let (done, trace) = store::trace::of(what.ask(bare, secret)).await;
    done.map_err(|e| format!("{}: {e}", what.name()))?;
    let bare: Vec<String> = trace.into_iter().map(plain).collect();
    if program.is_empty() || program != bare {
        return Err(format!(
            "{}: the program and the hand-written server (bench/src/bare.rs) do not ask the same.\nprogram: {program:#?}\n\
             by hand: {bare:#?}",
            what.name()
        )
        .into());
    }
    Ok((ready, program))
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
