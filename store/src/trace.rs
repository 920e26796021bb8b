//! What was asked of the database while one future ran: tests count it, and compare it between what is hidden
//! and what does not exist; the bench asks it again by hand.

use std::cell::RefCell;
use std::fmt::Debug;

/// One statement and the values it was asked with, as [`Debug`] writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The statement.
    pub sql: &'static str,
    /// Its values, in order.
    pub values: Vec<String>,
}

tokio::task_local! {
    static ASKED: RefCell<Vec<Asked>>;
}

/// Runs `work` and gives its answer with every statement it asked, in order.
pub async fn of<T>(work: impl Future<Output = T>) -> (T, Vec<&'static str>) {
    let (answer, asked) = with_values(work).await;
    (answer, asked.into_iter().map(|asked| asked.sql).collect())
}

/// The same with the values.
pub async fn with_values<T>(work: impl Future<Output = T>) -> (T, Vec<Asked>) {
    ASKED
        .scope(RefCell::new(Vec::new()), async {
            let answer = work.await;
            (answer, ASKED.with(RefCell::take))
        })
        .await
}

/// Notes one statement, or another piece of work that must be the same whoever asks; costs nothing measurable when nobody
/// listens.
pub fn record(sql: &'static str) {
    let _ = ASKED.try_with(|asked| asked.borrow_mut().push(Asked { sql, values: Vec::new() }));
}

/// Notes a value of the statement that was noted last, and hands it on.
pub(crate) fn with<T: Debug>(value: T) -> T {
    let _ = ASKED.try_with(|asked| {
        if let Some(last) = asked.borrow_mut().last_mut() {
            last.values.push(format!("{value:?}"));
        }
    });
    value
}
