//! A form that was sent: names and values, CRLF turned to LF, every value kept as typed for drawing the form again.

use std::sync::{Arc, OnceLock};

use app::Form;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts as _, Multipart, Request};
use axum::http::StatusCode;
use bytes::Bytes;
use domain::ids::{FormId, PersonId};
use http_body_util::BodyExt as _;
use service::Problems;
use service::world::sha256;

use crate::answer::Stop;
use crate::bodies::End;
use crate::ctx::{App, Ctx};

/// Most bytes of a form without files.
pub const MOST: usize = 512 * 1024;
/// Most bytes that are read all the same, so that the page which says "too big" can give the words back.
pub const MOST_KEPT: usize = 4 * MOST;
/// Most fields of a form.
const MOST_FIELDS: usize = 2000;

/// The fields of a form, in order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Posted {
    fields: Vec<(String, String)>,
    path: String,
    /// Who sent it, by their session.
    sender: Option<PersonId>,
    /// The file that came with it: its name and the hash of what is in it.
    file: Option<(String, [u8; 32])>,
}

// What people typed never reaches a log through `{:?}`.
impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Posted({} fields)", self.fields.len())
    }
}

/// What a request's form said, for whatever page ends it: set once, when the form is read. Every clone is the same one.
#[derive(Clone, Default)]
pub struct Typed(Arc<OnceLock<Said>>);

/// The fields that may be shown again, and the mark of whose page the form stood on.
struct Said {
    words: Vec<(String, String)>,
    owner: String,
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}

impl Typed {
    fn keep(&self, fields: &[(String, String)]) {
        let _ = self.0.set(Said { words: shown(fields), owner: owner(fields).to_owned() });
    }

    /// The fields that may be shown again; none when no form was read.
    pub fn words(&self) -> Vec<(String, String)> {
        self.0.get().map(|said| said.words.clone()).unwrap_or_default()
    }

    /// The mark of whoever the page was made for that the form stood on; nothing when the form does not say.
    pub fn owner(&self) -> &str {
        self.0.get().map_or("", |said| &said.owner)
    }
}

/// Fields whose values are never drawn again or kept.
const SECRET: [&str; 8] =
    ["code", "password", "old_password", "new_password", "new_password_again", "picture1", "picture2", "picture3"];

/// Fields that a form carries by itself. Signing in brings them back with the rest; on a page of what is wrong only what
/// somebody typed is theirs to copy.
const CARRIED: [&str; 20] = [
    "act",
    "then",
    "seen",
    "base",
    "from",
    "to",
    "near",
    "shown",
    "section",
    "design",
    "suggestion",
    "comment",
    "person",
    "decision",
    "workspace",
    "reply_to",
    "read",
    "night",
    "session",
    "kept_owner",
];

/// Fields in which somebody chose: their values are names of the program, which nobody types. What was chosen is chosen again
/// in a moment, on the page itself.
const CHOSEN: [&str; 24] = [
    "answer",
    "ask",
    "checking",
    "colour",
    "deciders",
    "decoration",
    "differs",
    "group",
    "groups",
    "hand",
    "kind",
    "on_devices",
    "others",
    "outcome",
    "owner",
    "pass_rule",
    "picked",
    "role",
    "shared",
    "start",
    "status",
    "sure",
    "template",
    "visibility",
];

/// What of it is somebody's own: typed or chosen.
pub fn own(mut fields: Vec<(String, String)>) -> Vec<(String, String)> {
    // Where a form goes next is an address; what happens next, in the outcome of a design, is somebody's words.
    fields.retain(|(name, value)| !(CARRIED.contains(&plain(name)) || name == "next" && value.starts_with('/')));
    fields
}

/// The name of a field, also where signing in carries it along.
fn plain(name: &str) -> &str {
    name.strip_prefix("kept.").unwrap_or(name)
}

/// What of it somebody typed: the words that they may want to copy.
pub fn typed(fields: Vec<(String, String)>) -> Vec<(String, String)> {
    own(fields).into_iter().filter(|(name, _)| !CHOSEN.contains(&plain(name))).collect()
}

impl Posted {
    /// What somebody sent to an address.
    pub fn new(fields: Vec<(String, String)>, path: String, sender: Option<PersonId>) -> Self {
        Self { fields, path, sender, file: None }
    }

    fn with(mut self, file: Option<&Sent>) -> Self {
        self.file = file.map(|f| (f.name.clone(), sha256(&f.bytes)));
        self
    }

    /// The first value of a field; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Whether a checkbox was ticked.
    pub fn ticked(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|v| v == value)
    }

    /// The mark of this form, by which sending it twice is once: its id, who sends it, where to, and everything in it, a
    /// file as well. Whoever goes back, changes a word or a choice and sends it again means another form; so does whoever
    /// sits down at the same device next. A form sent without an id (by a program) is never the same as another.
    pub fn id(&self, fresh: impl FnOnce() -> FormId) -> FormId {
        let Some(id) = form_of(self.text("form_id")) else { return fresh() };
        let mut all = Vec::new();
        // Each part with its length in front, so that no two forms can be read as each other.
        let mut add = |part: &[u8]| {
            all.extend((part.len() as u64).to_be_bytes());
            all.extend_from_slice(part);
        };
        add(id.as_bytes());
        add(self.sender.as_ref().map_or(&[][..], |person| person.0.as_bytes()));
        add(self.path.as_bytes());
        for (name, value) in self.fields.iter().filter(|(n, _)| n != "form_id") {
            add(name.as_bytes());
            add(value.as_bytes());
        }
        if let Some((name, hash)) = &self.file {
            add(name.as_bytes());
            add(hash);
        }
        let mut bytes = [0u8; 16];
        bytes.copy_from_slice(&sha256(&all)[..16]);
        FormId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// All fields, as typed.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The fields that may be kept or shown again: no passwords, no pictures, no form id.
    pub fn words(&self) -> Vec<(String, String)> {
        shown(&self.fields)
    }

    /// The form as it was typed, with what was wrong, to be drawn again. Its id stays: correcting it is the same form.
    pub fn again(&self, problems: Problems) -> Form {
        let keep = |n: &str| !matches!(n, "password" | "old_password" | "new_password" | "new_password_again");
        Form::new(self.text("form_id").to_owned())
            .filled(self.fields.iter().filter(|(n, _)| keep(n)).cloned().collect())
            .refused(problems)
    }
}

/// A `form_id` says which form it is and, on a page of somebody signed in, whose: `ID` or `ID.MARK`.
fn form_of(form_id: &str) -> Option<uuid::Uuid> {
    uuid::Uuid::parse_str(form_id.split('.').next().unwrap_or("")).ok()
}

fn owner(fields: &[(String, String)]) -> &str {
    let form_id = fields.iter().find(|(n, _)| n == "form_id").map_or("", |(_, v)| v.as_str());
    let mark = form_id.split_once('.').map_or("", |(_, mark)| mark);
    if mark.len() == 32 && mark.bytes().all(|b| b.is_ascii_hexdigit()) { mark } else { "" }
}

fn shown(fields: &[(String, String)]) -> Vec<(String, String)> {
    fields.iter().filter(|(n, _)| n != "form_id" && !SECRET.contains(&n.as_str())).cloned().collect()
}

/// As much of a form that cannot be taken as can be read, so that nobody types it again.
fn readable(body: &[u8]) -> Vec<(String, String)> {
    let text = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
        let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
        String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}")
    };
    let pairs = body.split(|b| *b == b'&').filter(|p| !p.is_empty()).take(MOST_FIELDS);
    pairs
        .map(|pair| {
            let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            let value = text(pair.get(at + 1..).unwrap_or_default());
            (text(&pair[..at]), domain::words::line_feeds(&value))
        })
        .collect()
}

fn decode(part: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = part.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    // No keyboard writes a NUL, and PostgreSQL keeps none.
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// Reads `application/x-www-form-urlencoded`. `None` when it is not UTF-8, holds a NUL, or has too many fields.
pub fn parse(body: &[u8]) -> Option<Vec<(String, String)>> {
    let mut fields = Vec::new();
    for pair in body.split(|b| *b == b'&').filter(|p| !p.is_empty()) {
        if fields.len() >= MOST_FIELDS {
            return None;
        }
        let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
        let name = decode(&pair[..at])?;
        let value = decode(pair.get(at + 1..).unwrap_or_default())?;
        fields.push((name, domain::words::line_feeds(&value)));
    }
    Some(fields)
}

impl FromRequest<App> for Posted {
    type Rejection = Stop;
    async fn from_request(request: Request, app: &App) -> Result<Self, Stop> {
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, app).await?;
        let kind = parts.headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("").to_ascii_lowercase();
        if !kind.is_empty() && !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(ctx.bad_request());
        }
        let limited = http_body_util::Limited::new(body, MOST_KEPT);
        let bytes = match limited.collect().await {
            Ok(all) => all.to_bytes(),
            Err(e) if e.downcast_ref::<http_body_util::LengthLimitError>().is_some() => return Err(ctx.too_big()),
            Err(_) => return Err(ctx.bad_request()),
        };
        let end = parts.extensions.get::<End>().copied().unwrap_or(End::Whole);
        let fields = (end == End::Whole && bytes.len() <= MOST).then(|| parse(&bytes)).flatten();
        match &fields {
            Some(fields) => ctx.typed.keep(fields),
            None => ctx.typed.keep(&readable(&bytes)),
        }
        match fields {
            Some(fields) => ctx.not_away(Self::new(fields, ctx.path.clone(), ctx.who().id())),
            None if end == End::Whole && bytes.len() > MOST => Err(ctx.too_big()),
            None => Err(ctx.not_whole(end)),
        }
    }
}

/// A file that came with a form.
pub struct Sent {
    /// Its name on the sender's computer.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// A form that may carry one file.
pub struct PostedFile {
    /// Its other fields.
    pub form: Posted,
    /// The file, when one was chosen.
    pub file: Option<Sent>,
}

impl PostedFile {
    /// Most bytes that are read before the answer is 413. More than any file may have, so that the page can say so and keep
    /// the other fields.
    pub const MOST: usize = 6 * 1024 * 1024;
}

/// Why a part of a form cannot be read.
enum Unread {
    TooBig,
    Broken,
}

impl From<MultipartError> for Unread {
    fn from(e: MultipartError) -> Self {
        match e.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooBig,
            _ => Self::Broken,
        }
    }
}

/// Reads the parts of a form with a file, as far as they can be read.
async fn read_parts(
    multipart: &mut Multipart,
    fields: &mut Vec<(String, String)>,
    file: &mut Option<Sent>,
) -> Result<(), Unread> {
    while let Some(field) = multipart.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(chosen) = field.file_name().map(str::to_owned) {
            let bytes = field.bytes().await?;
            file.get_or_insert(Sent { name: chosen, bytes });
            continue;
        }
        if fields.len() >= MOST_FIELDS {
            return Err(Unread::Broken);
        }
        let bytes = field.bytes().await?;
        let value = String::from_utf8(bytes.to_vec()).ok().filter(|text| !text.contains('\0'));
        fields.push((name, domain::words::line_feeds(&value.ok_or(Unread::Broken)?)));
    }
    Ok(())
}

impl FromRequest<App> for PostedFile {
    type Rejection = Stop;
    async fn from_request(request: Request, app: &App) -> Result<Self, Stop> {
        let kind =
            request.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("").to_ascii_lowercase();
        if !kind.starts_with("multipart/form-data") {
            let form = Posted::from_request(request, app).await?;
            return Ok(Self { form, file: None });
        }
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, app).await?;
        let end = parts.extensions.get::<End>().copied().unwrap_or(End::Whole);
        let request = Request::from_parts(parts, body);
        let mut multipart = Multipart::from_request(request, app).await.map_err(|_| ctx.bad_request())?;
        let (mut fields, mut file) = (Vec::new(), None);
        let read = read_parts(&mut multipart, &mut fields, &mut file).await;
        // What came before the file that is too big is theirs too.
        ctx.typed.keep(&fields);
        if end != End::Whole {
            return Err(ctx.not_whole(end));
        }
        read.map_err(|why| match why {
            Unread::TooBig => ctx.too_big(),
            Unread::Broken => ctx.bad_request(),
        })?;
        let form = Posted::new(fields, ctx.path.clone(), ctx.who().id()).with(file.as_ref());
        ctx.not_away(Self { form, file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_as_browsers_write_it() {
        let fields = parse(b"a=1&b=x%0D%0Ay&a=2&c=%C3%A9+%2B&empty").expect("readable");
        let posted = Posted::new(fields, "/x".to_owned(), None);
        assert_eq!(posted.text("b"), "x\ny");
        assert_eq!(posted.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(posted.text("c"), "é +");
        assert_eq!(posted.text("empty"), "");
        assert!(parse(b"a=%FF").is_none(), "not UTF-8");
        assert!(parse(b"a=x%00y").is_none(), "no text");
    }

    #[test]
    fn only_what_was_typed_is_shown_to_be_copied() {
        let shown = |body: &[u8]| -> Vec<String> {
            typed(parse(body).expect("readable")).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(
            shown(b"act=change&kind=idea&words=A+later+bus.&reason=&hand=not-ok&owner_role=Bus+officer"),
            ["words", "reason", "owner_role"]
        );
        assert_eq!(shown(b"next=We+ask+the+company.&differs=same"), ["next"]);
        assert_eq!(shown(b"next=%2Fpeople&kept_owner=abc&kept.act=vote&kept.hand=ok&kept.reason=Why"), ["kept.reason"]);
    }

    #[test]
    fn only_the_same_person_sending_the_same_things_to_the_same_address_sends_the_same_form() {
        const ID: &str = "01900000-0000-7000-8000-000000000001";
        let fresh = || FormId(uuid::Uuid::nil());
        let sent = |body: &str, path: &str, who: u128, file: Option<(&str, &[u8])>| {
            let file = file.map(|(name, bytes)| Sent { name: name.to_owned(), bytes: Bytes::copy_from_slice(bytes) });
            let fields = parse(body.as_bytes()).expect("readable");
            let sender = Some(PersonId(uuid::Uuid::from_u128(who)));
            Posted::new(fields, path.to_owned(), sender).with(file.as_ref()).id(fresh)
        };
        let body = format!("form_id={ID}&hand=ok&reason=");
        let first = sent(&body, "/a", 1, None);
        assert_eq!(sent(&body, "/a", 1, None), first);
        assert_eq!(sent(&format!("form_id={ID}.{}&hand=ok&reason=", "a".repeat(32)), "/a", 1, None), first);
        for (other, path, who) in [
            (format!("form_id={ID}&hand=not-ok&reason="), "/a", 1),
            (format!("form_id={ID}&hand=ok&reason=x"), "/a", 1),
            (format!("form_id={ID}&hand=okr&eason="), "/a", 1),
            (body.clone(), "/b", 1),
            (body.clone(), "/a", 2),
        ] {
            assert_ne!(sent(&other, path, who, None), first, "{other} {path} {who}");
        }
        let with = sent(&body, "/a", 1, Some(("a.md", b"one")));
        assert_eq!(sent(&body, "/a", 1, Some(("a.md", b"one"))), with);
        assert!(with != first && sent(&body, "/a", 1, Some(("a.md", b"two"))) != with);
        assert_eq!(sent("form_id=x&hand=ok", "/a", 1, None), fresh(), "no id of ours");
    }

    #[test]
    fn a_form_says_whose_it_is_or_nothing() {
        let mark = "0123456789abcdef0123456789abcdef";
        let says = |value: &str| owner(&[("form_id".to_owned(), value.to_owned())]).to_owned();
        assert_eq!(says(&format!("01900000-0000-7000-8000-000000000001.{mark}")), mark);
        for nothing in ["", "x", "x.y", &format!("x.{mark}0"), "x.0123456789abcdef0123456789abcde<"] {
            assert_eq!(says(nothing), "", "{nothing}");
        }
    }

    #[test]
    fn what_cannot_be_taken_is_given_back_as_far_as_it_can_be_read() {
        let back = shown(&readable(b"words=Buses+%FF+late%00&password=secret&form_id=1&name=%zz"));
        let back: Vec<_> = back.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(back, [("words", "Buses \u{fffd} late\u{fffd}"), ("name", "%zz")]);
    }

    #[test]
    fn the_corpus_of_forms_is_read_or_refused() {
        let corpus =
            std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/form")).expect("the corpus");
        let all: Vec<bool> = corpus
            .map(|entry| parse(&std::fs::read(entry.expect("a file").path()).expect("its bytes")).is_some())
            .collect();
        assert!(all.contains(&true) && all.contains(&false), "{all:?}");
    }
}
