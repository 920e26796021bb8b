//! What no browser of ours sends: bodies for every form, and signs for every address.

#![allow(clippy::allow_attributes, dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

use server::posted::MOST;

/// What would show in a log or a page if anything quoted it.
pub const MARK: &str = "xMARKx";
/// Words that somebody typed into a form that cannot be taken: they stand on its answer.
pub const WORDS: &str = "xMARKx buses until ten";

const FORM: &str = "application/x-www-form-urlencoded";

/// A body.
pub struct Bad {
    pub what: &'static str,
    /// Its content type.
    pub kind: &'static str,
    pub body: Vec<u8>,
    /// It is no form of ours: it is refused at every door, before anything is done.
    pub refused: bool,
    /// It carries [`WORDS`], and the answer gives them back.
    pub kept: bool,
}

/// All of them: too big, malformed, wrongly encoded, the same field many times, wrong values.
pub fn bodies() -> Vec<Bad> {
    let bad = |what, kind, body: Vec<u8>, refused, kept| Bad { what, kind, body, refused, kept };
    let read = |what, body: &[u8]| bad(what, FORM, body.to_vec(), false, false);
    let other = |what, kind, body: &[u8]| bad(what, kind, body.to_vec(), true, false);
    let kept = |what, body: Vec<u8>| bad(what, FORM, body, true, true);
    let words = format!("words={}", WORDS.replace(' ', "+"));
    let with = |rest: &[u8]| [words.as_bytes(), rest].concat();
    vec![
        read("nothing", b""),
        read("a percent sign that starts nothing", b"name=%&words=%zz&slug=%1"),
        read("a name without a value, a value without a name", b"name&=xMARKx&&&==&act"),
        read("many fields with one name", "name=a&name=b&act=x&act=y&form_id=1&form_id=2&words=q&words=w&".repeat(40).as_bytes()),
        read("every field twice, with a mark", b"name=xMARKx&name=%3Ci%3ExMARKx&words=%3Ci%3ExMARKx&words=xMARKx&act=save&act=publish"),
        read("ids and numbers that are none", b"id=xMARKx&section=1&base=-1&seq=99999999999999999999&person=%F0%9F%91%8D&threshold=NaN&form_id=xMARKx&due=9999-99-99&seen=1e9&reply_to=xMARKx"),
        read("numbers at their ends", b"base=9223372036854775807&seen=-9223372036854775808&quorum=4294967296&threshold=9223372036854775807&due_day=255&due_month=255&due_year=2147483647&opens_day=0&closes_year=-1"),
        read("signs that turn text around", "name=\u{202e}\u{200b}\u{feff}&words=\u{1f}\u{7f}&reason=\u{202e}".as_bytes()),
        kept("bytes that are not UTF-8", with(b"&name=%FF%FE&reason=%C0%AF")),
        kept("bare bytes that are not UTF-8", with(b"&name=\xff\xfe")),
        kept("half a sign", with(b"&name=%F0%9F%91")),
        kept("UTF-16", with("&name=B\0u\0s\0".as_bytes())),
        kept("NUL", with(b"&name=a%00b")),
        kept("too many fields", with("&a=1".repeat(5000).as_bytes())),
        kept("more than fits", with(format!("&reason={}", "a".repeat(MOST)).as_bytes())),
        other("far more than fits", FORM, "a".repeat(5 * MOST).as_bytes()),
        other("JSON", "application/json", br#"{"name":"xMARKx"}"#),
        other("a form of parts that is none", "multipart/form-data; boundary=x", b"--y\r\nxMARKx"),
        other("parts without a boundary", "multipart/form-data", b"--x\r\n\r\n"),
        other("parts that end in the middle", "multipart/form-data; boundary=x", b"--x\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nxMARKx"),
        other("a part that is not UTF-8", "multipart/form-data; boundary=x", b"--x\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\n\xff\xfe\r\n--x--\r\n"),
        other("plain text", "text/plain", b"name=xMARKx"),
        other("a kind that is no kind", "xMARKx;;;=", b"name=xMARKx"),
    ]
}

/// A path with something in each of its holes.
pub fn filled(path: &str, with: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { with } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// A path with what there is in each of its holes: by the word before it, what the thing is called in the seeded house.
pub fn real(path: &str, get: impl Fn(&str) -> String) -> String {
    let mut out = Vec::new();
    let mut before = "";
    for part in path.split('/') {
        let hole = part.starts_with('{');
        let kept = match (hole, before, part) {
            (false, _, _) => part.to_owned(),
            (_, _, "{decision}") => get("decision"),
            (_, _, "{person}") => get("person"),
            (_, "groups", _) => get("group"),
            (_, "workspaces", _) => get("workspace"),
            (_, "designs", _) => get("design"),
            (_, "versions", _) => get("version"),
            (_, "comments", _) => get("comment"),
            (_, "reports", _) => get("report"),
            (_, "suggestions", _) => get("suggestion"),
            (_, "sections", _) => get("section"),
            (_, "decisions", _) => get("decision"),
            (_, "actions", _) => get("action"),
            (_, "templates", _) => get("template"),
            (_, "pictures", _) => get("picture"),
            (_, _, "{width}") => "480".to_owned(),
            (_, "people", _) => get("person"),
            (_, "card", _) => "ABCDEFGH".to_owned(),
            (_, "static" | "pkg", _) => "nothing.txt".to_owned(),
            _ => panic!("what goes into {part} of {path}? Say so here"),
        };
        out.push(kept);
        before = part;
    }
    out.join("/")
}
