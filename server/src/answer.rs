//! What goes back: pages, redirects, and a page for everything that can go wrong. The one place that chooses status codes.

use app::Form;
use app::pages::errors::{self, Wrong};
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::access::Who;
use domain::ids::DesignId;
use domain::moment::Moment;
use service::Refused;
use service::access::SignedIn;

use crate::bodies::End;
use crate::ctx::Ctx;
use crate::posted::{Posted, typed};

/// A finished answer that ends a handler early.
pub struct Stop(Box<Response>);

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<Response> for Stop {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

/// What a handler gives.
pub type Outcome = Result<Response, Stop>;

/// A cookie of ours, always with every protection there is.
pub fn set_cookie(ctx: &Ctx, name: &str, value: &str, seconds: Option<i64>) -> HeaderValue {
    let started = &ctx.app.started;
    let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let secure = if started.https() { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}", started.cookie(name));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

impl Ctx {
    /// A page.
    pub fn html(&self, html: String) -> Response {
        self.html_as(StatusCode::OK, html)
    }

    /// A page with a status. Personal pages are never stored; neither is anything else that depends on who asks.
    pub fn html_as(&self, status: StatusCode, html: String) -> Response {
        let mut response = Response::new(Body::from(html));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // Whose browser this is, for the program in it that keeps pages (docs/DECISIONS/0021): only where they asked for it.
        if let Some(person) = self.who().id().filter(|_| self.visit.session.is_some_and(|s| s.keeps))
            && let Ok(mark) = HeaderValue::from_str(&self.service().owner_mark(person))
        {
            headers.insert(HeaderName::from_static("tandem-owner"), mark);
        }
        if self.page.said.is_some() {
            headers.append(header::SET_COOKIE, set_cookie(self, "said", "", Some(0)));
        }
        response
    }

    /// The page of a design, which may be kept on somebody's device.
    pub async fn html_kept(&self, html: String, design: DesignId) -> Outcome {
        let keep = self.service().keep_on_device(&self.visit, design).await.map_err(|e| self.stop(e))?;
        let mut response = self.html(html);
        if let Some(keep) = keep {
            response
                .headers_mut()
                .insert(HeaderName::from_static("tandem-keep"), HeaderValue::from_static(keep.name()));
        }
        Ok(response)
    }

    /// 303 to another address of ours.
    pub fn go(&self, to: &str) -> Response {
        let to = if is_own(to) { to } else { "/" };
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SEE_OTHER;
        let headers = response.headers_mut();
        headers.insert(header::LOCATION, HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/")));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// 303 after an act, with a word of thanks on the next page: `said` is the end of a message key `said-…`.
    pub fn done(&self, to: &str, said: &str) -> Response {
        let mut response = self.go(to);
        response.headers_mut().append(header::SET_COOKIE, set_cookie(self, "said", said, Some(60)));
        response
    }

    /// The answer to a good sign-in.
    pub fn signed_in(&self, signed_in: &SignedIn, to: &str) -> Response {
        let mut response = self.go(to);
        // On a shared device the cookie ends with the browser.
        let age = (!signed_in.shared).then_some(signed_in.lasts / Moment::SECOND);
        response.headers_mut().append(header::SET_COOKIE, set_cookie(self, "session", &signed_in.secret, age));
        response
    }

    /// A refusal. When a form was sent, every typed word stands on the page.
    pub fn stop(&self, e: Refused) -> Stop {
        self.stop_with(e, self.typed.words())
    }

    /// A refusal of a form: every typed word stands on the page.
    pub fn stop_form(&self, e: Refused, posted: &Posted) -> Stop {
        self.stop_with(e, posted.words())
    }

    /// A refusal with words to show on its page, so that they can be copied and sent again.
    pub fn stop_with(&self, e: Refused, kept: Vec<(String, String)>) -> Stop {
        self.stop_because(&e, kept)
    }

    /// The same for a reason that is needed elsewhere too.
    pub(crate) fn stop_because(&self, e: &Refused, kept: Vec<(String, String)>) -> Stop {
        let (status, wrong, wait) = match e {
            // Whoever's session has just ended is asked to sign in, whether the thing is there or not: most likely it is
            // theirs, and what they typed must not be lost. It tells nothing of what is hidden.
            Refused::Unknown if self.page.me().is_none() && self.visit.lapsed.is_some() => {
                return self.sign_in_first(kept);
            }
            Refused::Unknown => (StatusCode::NOT_FOUND, Wrong::NotFound, None),
            Refused::NotAllowed if self.page.me().is_none() => return self.sign_in_first(kept),
            Refused::Ended => return self.sign_in_first(kept),
            Refused::NotAllowed => (StatusCode::FORBIDDEN, Wrong::NotAllowed, None),
            Refused::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, Wrong::BadRequest, None),
            Refused::MovedOn(key) => (StatusCode::CONFLICT, Wrong::MovedOn((*key).to_owned()), None),
            Refused::TooMany(seconds) => (StatusCode::TOO_MANY_REQUESTS, Wrong::TooMany(*seconds), Some(*seconds)),
            Refused::Away(cause) => {
                tracing::warn!(cause = cause.kind(), "the database is away");
                (StatusCode::SERVICE_UNAVAILABLE, Wrong::Away, Some(5))
            }
            Refused::Full(cause) => {
                let reference = self.note_fault(&cause.kind());
                (StatusCode::INSUFFICIENT_STORAGE, Wrong::Full(reference), None)
            }
            Refused::Fault(cause) => {
                let reference = self.note_fault(&cause.to_string());
                (StatusCode::INTERNAL_SERVER_ERROR, Wrong::Fault(reference), None)
            }
        };
        let mut response = self.html_as(status, self.wrong_page(&wrong, kept));
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.into()
    }

    /// Somebody who has not signed in wants to do something: the sign-in page, with what they typed travelling along.
    fn sign_in_first(&self, kept: Vec<(String, String)>) -> Stop {
        // A bare button has no words to bring back: whoever has signed in presses it again.
        if crate::posted::own(kept.clone()).is_empty() {
            return self.go(&errors::sign_in_href(&self.page.path)).into();
        }
        // The page the form stood on says whose words they are, also long after the session; else the session that ended.
        let ended = self.visit.lapsed.map(|l| l.person).or(self.who().id()).map(|p| self.service().owner_mark(p));
        let owner = Some(self.typed.owner()).filter(|o| !o.is_empty()).map(str::to_owned).or(ended).unwrap_or_default();
        let kept = app::pages::access::Kept { fields: kept, owner };
        // It may have ended while the form was on its way: then this page still knows a name.
        let page = app::Page { who: Who::nobody(), session_seconds: None, ..self.page.clone() };
        let form = Form::new(self.service().new_id::<uuid::Uuid>().to_string());
        let html = app::pages::access::sign_in(&page, &form, &self.path, kept);
        self.html_as(StatusCode::UNAUTHORIZED, html).into()
    }

    /// A form that was refused: 422 and the same page again with every word kept; anything else by [`Ctx::stop_form`].
    pub fn again(&self, e: Refused, posted: &Posted, draw: impl FnOnce(&app::Page, &Form) -> String) -> Response {
        match e {
            Refused::Invalid(problems) => {
                let form = posted.again(problems);
                self.refused(draw(&self.page, &form))
            }
            other => self.stop_form(other, posted).into_response(),
        }
    }

    /// 422: the same page, which says what is wrong with what was sent.
    pub fn refused(&self, html: String) -> Response {
        self.html_as(StatusCode::UNPROCESSABLE_ENTITY, html)
    }

    /// A page that says what is wrong, with its status.
    pub fn wrong(&self, status: StatusCode, what: &Wrong) -> Response {
        self.html_as(status, self.wrong_page(what, Vec::new()))
    }

    /// 409 with a page of its own: what was typed and what is there now.
    pub fn moved_on(&self, html: String) -> Response {
        self.html_as(StatusCode::CONFLICT, html)
    }

    /// 400: what the browser sent cannot be read.
    pub fn bad_request(&self) -> Stop {
        let html = self.wrong_page(&Wrong::BadRequest, self.typed.words());
        self.html_as(StatusCode::BAD_REQUEST, html).into()
    }

    /// What came is not the whole form: 408, 413 or 400, with the words as far as they came.
    pub(crate) fn not_whole(&self, end: End) -> Stop {
        match end {
            End::TooBig => self.too_big(),
            End::TooSlow => self.too_late(),
            End::Whole | End::Broken => self.bad_request(),
        }
    }

    /// 408: it did not come in time.
    fn too_late(&self) -> Stop {
        let html = self.wrong_page(&Wrong::TooLate, self.typed.words());
        self.html_as(StatusCode::REQUEST_TIMEOUT, html).into()
    }

    /// 413: too big.
    pub fn too_big(&self) -> Stop {
        let html = self.wrong_page(&Wrong::TooBig, self.typed.words());
        self.html_as(StatusCode::PAYLOAD_TOO_LARGE, html).into()
    }

    /// 405: an address that does not take this.
    pub fn wrong_method(&self) -> Stop {
        let html = self.wrong_page(&Wrong::WrongMethod, self.typed.words());
        self.html_as(StatusCode::METHOD_NOT_ALLOWED, html).into()
    }

    /// 503: it took too long, or there was no turn for it.
    pub fn too_slow(&self) -> Response {
        self.unavailable(&Wrong::Away, self.typed.words())
    }

    /// 503: so much is on its way from one place that this was not read.
    pub fn crowded(&self) -> Response {
        self.unavailable(&Wrong::Crowded, Vec::new())
    }

    fn unavailable(&self, what: &Wrong, kept: Vec<(String, String)>) -> Response {
        let mut response = self.html_as(StatusCode::SERVICE_UNAVAILABLE, self.wrong_page(what, kept));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(5));
        response
    }

    fn wrong_page(&self, what: &Wrong, kept: Vec<(String, String)>) -> String {
        errors::wrong(&self.page, what, typed(kept))
    }

    /// Writes what is wrong to the log, with a number that stands on the page too.
    fn note_fault(&self, cause: &str) -> String {
        let id: uuid::Uuid = self.app.service.new_id();
        let text = id.simple().to_string();
        let reference = format!("{}-{}", &text[20..26], &text[26..32]);
        tracing::error!(reference, cause, door = crate::layers::logged(self.route.as_ref()), "fault");
        reference
    }
}

/// Whether an address is a path of ours, so that nobody can be sent elsewhere by a link.
pub fn is_own(to: &str) -> bool {
    to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && to.bytes().all(|b| (0x21..0x7f).contains(&b))
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert!(is_own("/groups/a?b=c#d"));
        for bad in ["//evil.example", "https://evil.example", "/\\evil", "/a b", "/a\r\nSet-Cookie: x", ""] {
            assert!(!is_own(bad), "{bad}");
        }
    }
}
