//! What was asked of the database while one future ran: tests count it, and compare it between what is hidden
//! and what does not exist.

use std::cell::RefCell;

tokio::task_local! {
    static ASKED: RefCell<Vec<&'static str>>;
}

/// Runs `work` and gives its answer with every statement it asked, in order.
pub async fn of<T>(work: impl Future<Output = T>) -> (T, Vec<&'static str>) {
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
    let _ = ASKED.try_with(|asked| asked.borrow_mut().push(sql));
}
