//! Somebody at their browser who knows nothing but the pages: they follow links, and send forms back with what these carry.

use axum::http::StatusCode;
use domain::access::Who;

use super::forms::Form;
use super::{Answer, Site};

/// Somebody at their browser. Every visit is a new session: days pass in this story.
pub struct Reader<'a> {
    pub site: &'a Site,
    pub session: String,
}

impl Reader<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.site.get(&self.session, path).await
    }

    /// A page that is there.
    pub async fn open(&self, path: &str) -> Answer {
        let page = self.get(path).await;
        looks_whole(&page, path);
        page
    }

    /// Sends a form and follows where it leads: the address it led to, and the page there.
    pub async fn send(&self, form: &Form) -> (String, Answer) {
        let answer = form.send(self.site, &self.session).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}: {}", form.action, answer.body);
        let page = self.site.follow(&self.session, &answer).await;
        looks_whole(&page, answer.location());
        (answer.location().to_owned(), page)
    }

    /// Sends a form that must be refused.
    pub async fn refused(&self, form: &Form, status: StatusCode) -> Answer {
        let answer = form.send(self.site, &self.session).await;
        assert_eq!(answer.status, status, "{}: {}", form.action, answer.body);
        answer
    }
}

/// Somebody, newly signed in; nobody is not.
pub async fn at<'a>(site: &'a Site, who: &Who) -> Reader<'a> {
    let session = if who.id().is_some() { site.session(who).await } else { String::new() };
    Reader { site, session }
}

/// Writes the promise of a workspace and lets members agree to it, one press each.
pub async fn promise_agreed(site: &Site, officer: &Reader<'_>, slug: &str, members: &[&Who]) {
    let promise = format!("/workspaces/{slug}/promise");
    let mut form = officer.open(&format!("{promise}/write")).await.form("Save the promise");
    for name in ["what_for", "can_change", "cannot_change", "who_decides", "money", "hear_when"] {
        form = form.set(name, "We say it here in plain words.");
    }
    officer.send(&form).await;
    for who in members {
        let member = at(site, who).await;
        let page = member.open(&promise).await;
        member.send(&page.form("I agree to this promise")).await;
    }
}

/// A page that is there, with a title that is nothing but words.
fn looks_whole(page: &Answer, path: &str) {
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    let title = page.body.split("<title>").nth(1).and_then(|t| t.split("</title>").next()).expect("a title");
    assert!(title.contains(" – ") && !title.contains('<'), "{path}: {title}");
}

/// The last part of an address.
pub fn end_of(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or("")
}
