//! Designs over HTTP: every word comes back, whatever happens to the form.

mod support;

use axum::http::StatusCode;
use domain::access::Who;
use domain::designs::Stage;
use domain::groups::{GroupRole, Visibility};
use domain::ids::{DesignId, SectionId};
use domain::people::Role;
use support::{Answer, Site};

struct House {
    robin: String,
    lead: Who,
    lead_session: String,
    group: domain::ids::GroupId,
}

async fn house(site: &Site, visibility: Visibility, agreed: bool) -> House {
    let t = &site.test;
    let group = t.group("Youth Council", visibility).await;
    let robin = t.member("Robin", Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await;
    t.workspace("buses", group, &lead, agreed).await;
    House { robin: site.session(&robin).await, lead_session: site.session(&lead).await, lead, group }
}

/// Starts a design by the page's own form; gives its address.
async fn started(site: &Site, session: &str) -> String {
    let page = site.get(session, "/designs/new?workspace=buses").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let id = page.hidden("form_id");
    let fields = [("form_id", id.as_str()), ("workspace", "buses"), ("title", "Later buses"), ("start", "service")];
    let made = site.post(session, "/designs/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    assert!(made.location().ends_with("/write"), "{}", made.location());
    let twice = site.post(session, "/designs/new", &fields).await;
    assert_eq!(twice.location(), made.location(), "twice is once");
    made.location().trim_end_matches("/write").to_owned()
}

async fn first_section(site: &Site, who: &Who, at: &str) -> (DesignId, SectionId) {
    let id: DesignId = at.rsplit('/').next().expect("an id").parse().expect("an id");
    let view = site.test.service.view_design(who, id).await.expect("seen");
    (id, view.sections[0].id)
}

#[tokio::test]
async fn a_design_is_started_written_and_read_with_plain_forms() {
    for site in support::all().await {
        let h = house(&site, Visibility::Members, true).await;
        let at = started(&site, &h.robin).await;
        let (_, section) = first_section(&site, &h.lead, &at).await;
        let write = format!("{at}/write");
        let page = site.get(&h.robin, &write).await;
        assert!(page.has("The problem") && page.has("How we will know"), "{}", page.body);
        let (form, base) = (page.hidden("form_id"), page.hidden("base"));
        let act = format!("save {section}");
        let fields = [
            ("form_id", form.as_str()),
            ("act", &act),
            ("base", &base),
            ("words", "Buses <stop> at **six**.\r\n\r\n- late"),
        ];
        let saved = site.post(&h.robin, &write, &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        assert_eq!(saved.cookie("said").as_deref(), Some("section-saved"));
        let other = [("form_id", "x"), ("act", &act), ("base", &base), ("words", "Nobody asked us.")];
        let merged = site.post(&h.lead_session, &write, &other).await;
        assert_eq!(merged.cookie("said").as_deref(), Some("section-merged"));
        let read = site.get(&h.robin, &at).await;
        assert_eq!(read.status, StatusCode::OK);
        assert!(read.has("Buses &lt;stop&gt; at <strong>six</strong>."), "{}", read.body);
        assert!(read.has("Nobody asked us.") && read.has("<li>late</li>"), "{}", read.body);
        assert!(read.has("class=\"crumbs\"") && read.has("href=\"/workspaces/buses\""), "the way here: {}", read.body);
        assert!(read.has("1. Drafting") && read.has("6. Done") && read.has("Last written by Lee"), "{}", read.body);
        assert_eq!(read.body.matches("<h1").count(), 1);
    }
}

/// The page says that it is not open now and leads to the design, and says nothing of words that nobody typed.
fn only_looked(page: &Answer, design: &str) {
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(!page.has("Your words were not added") && !page.has("Copy your words"), "{}", page.body);
    assert!(page.has("You cannot do that now") && page.has(&format!("href=\"{design}\"")), "{}", page.body);
}

#[tokio::test]
async fn refused_forms_come_back_with_their_words() {
    for site in support::all().await {
        let h = house(&site, Visibility::Members, true).await;
        let at = started(&site, &h.robin).await;
        let (id, section) = first_section(&site, &h.lead, &at).await;
        let write = format!("{at}/write");
        let act = format!("save {section}");
        let long = "a < b & ".repeat(6000);
        let refused = site.post(&h.robin, &write, &[("act", &act), ("base", "0"), ("words", &long)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.has("a &lt; b &amp; a")
                && refused.has("href=\"#field-words\"")
                && refused.has("id=\"field-words\"")
        );
        let empty = site.post(&h.robin, "/designs/new", &[("workspace", "buses")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.has("href=\"#field-title\"") && empty.has("href=\"#field-start\""), "{}", empty.body);
        let nameless = site.post(&h.robin, &write, &[("act", "add"), ("heading", " ")]).await;
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nameless.has("Write a heading"), "{}", nameless.body);
        let nonsense = site.post(&h.robin, &write, &[("act", "fly"), ("words", "x")]).await;
        assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);

        // Locked: 409, the words stand there, and what to do.
        let stage = format!("{at}/stage");
        let service = &site.test.service;
        for s in service.view_design(&h.lead, id).await.expect("seen").sections {
            let done = service.write_section(&h.lead, id, s.id, site.test.form(), "0", "Some words").await;
            done.expect("saved");
        }
        only_looked(&site.get(&h.lead_session, &format!("/decisions/new?design={id}")).await, &at);
        for (from, to) in [(Stage::Drafting, Stage::Checking), (Stage::Checking, Stage::Voting)] {
            let moved = site.post(&h.lead_session, &stage, &[("from", from.name()), ("to", to.name())]).await;
            assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.body);
        }
        let late =
            site.post(&h.robin, &write, &[("act", &act), ("base", "0"), ("words", "My late & good words")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.has("My late &amp; good words") && late.has("The words are locked now"), "{}", late.body);
        // Whoever only opens the page has sent nothing, and is told of nothing that was kept.
        only_looked(&site.get(&h.robin, &write).await, &at);
        assert!(!late.has(&act), "what the form carried is not shown as somebody's words");
        let why = site.post(&h.lead_session, &stage, &[("from", "voting"), ("to", "drafting"), ("reason", "")]).await;
        assert_eq!(why.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(why.has("Say why") && why.has("id=\"field-reason\""), "{}", why.body);
        let history = site.get(&h.robin, &stage).await;
        assert!(history.has("Lee moved it from Drafting to Checking."), "{}", history.body);
        let versions = site.get(&h.robin, &format!("{at}/versions")).await;
        assert!(versions.has("Version 2: When the vote opened"), "{}", versions.body);
        let version = site.get(&h.robin, &format!("{at}/versions/1")).await;
        assert!(version.status == StatusCode::OK && version.has("Some words"));
    }
}

#[tokio::test]
async fn an_old_form_past_the_kept_history_shows_both_texts() {
    let site = support::sqlite().await;
    let h = house(&site, Visibility::Members, true).await;
    let at = started(&site, &h.robin).await;
    let (id, section) = first_section(&site, &h.lead, &at).await;
    for n in 0..100 {
        let words = format!("Number {n}");
        let saved =
            site.test.service.write_section(&h.lead, id, section, site.test.form(), &n.to_string(), &words).await;
        saved.expect("saved");
    }
    site.test.pass(8 * domain::moment::Moment::DAY);
    for n in 100..200 {
        let words = format!("Number {n}");
        let saved =
            site.test.service.write_section(&h.lead, id, section, site.test.form(), &n.to_string(), &words).await;
        saved.expect("saved");
    }
    let robin = site.test.member("Sam", Role::YoungPerson, h.group, GroupRole::Member).await;
    let session = site.session(&robin).await;
    let act = format!("save {section}");
    let fields = [("act", act.as_str()), ("base", "3"), ("words", "My <own> words")];
    let both = site.post(&session, &format!("{at}/write"), &fields).await;
    assert_eq!(both.status, StatusCode::CONFLICT);
    assert!(both.has("My &lt;own&gt; words") && both.has("Number 199"), "{}", both.body);
    assert_eq!(both.hidden("base"), "200");
    let fields = [("act", act.as_str()), ("base", "200"), ("words", "Number 199 and my words")];
    let saved = site.post(&session, &format!("{at}/write"), &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
}

#[tokio::test]
async fn strangers_find_nothing_and_the_signed_out_are_asked_to_sign_in() {
    for site in support::all().await {
        let h = house(&site, Visibility::Hidden, true).await;
        let at = started(&site, &h.robin).await;
        let stranger = site.test.person("Alex", Role::Administrator).await;
        let stranger = site.session(&stranger).await;
        for path in ["", "/write", "/versions", "/versions/1", "/versions/x", "/stage"] {
            let there = site.get(&stranger, &format!("{at}{path}")).await;
            let nothing = site.get(&stranger, &format!("/designs/0190163d-8694-739b-aea5-966c26f8ad91{path}")).await;
            assert_eq!((there.status, nothing.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{path}");
        }
        assert_eq!(site.get("", "/designs/new?workspace=buses").await.status, StatusCode::NOT_FOUND);
        assert_eq!(site.get(&h.robin, "/designs/nonsense").await.status, StatusCode::NOT_FOUND);
        let posted = site.post(&stranger, &format!("{at}/write"), &[("act", "add"), ("heading", "x")]).await;
        assert_eq!(posted.status, StatusCode::NOT_FOUND);
    }
    let site = support::sqlite().await;
    let h = house(&site, Visibility::Open, true).await;
    let at = started(&site, &h.robin).await;
    assert_eq!(site.get("", &at).await.status, StatusCode::OK);
    let kept = site.post("", &format!("{at}/write"), &[("act", "add"), ("heading", "My heading")]).await;
    assert_eq!(kept.status, StatusCode::UNAUTHORIZED);
    assert!(kept.has("My heading"), "the words travel through the sign-in page");
}

/// The form of a new design with a file in it.
fn file(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in [("workspace", "buses"), ("title", "From <our> paper"), ("start", "document")] {
        body.extend(format!("--X\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = format!(
        "--X\r\nContent-Disposition: form-data; name=\"document\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend_from_slice(bytes);
    body.extend(b"\r\n--X--\r\n");
    body
}

const WITH_FILE: &str = "multipart/form-data; boundary=X";

#[tokio::test]
async fn a_file_that_is_far_too_big_takes_no_typed_words_with_it() {
    let site = support::sqlite().await;
    let h = house(&site, Visibility::Members, true).await;
    let answer = site.post_body(&h.robin, "/designs/new", WITH_FILE, file("paper.md", &vec![b'a'; 7 << 20])).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.has("From &lt;our&gt; paper") && answer.has("2 MB"), "{}", answer.body);
    let unknown =
        site.post(&h.robin, "/designs/new", &[("workspace", "buses"), ("title", "Later"), ("start", "x")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.has("Later"), "{}", unknown.body);
}

#[tokio::test]
async fn a_design_is_taken_along_as_a_file_and_brought_back() {
    const WORDS: &str = "Buses **stop** at six.\n\n1. Monday\n2. Friday\n\n[Times](https://example.org/)";
    for site in support::all().await {
        let h = house(&site, Visibility::Members, true).await;
        let begun = file("paper.md", format!("# One\n\n{WORDS}\n\n# Two\n\nSecond").as_bytes());
        let made = site.post_body(&h.robin, "/designs/new", WITH_FILE, begun).await;
        let at = made.location().trim_end_matches("/write").to_owned();
        let page = site.get(&h.robin, &format!("{at}/download")).await;
        for kind in ["docx", "html", "md"] {
            assert!(page.has(&format!("href=\"{at}/download/{kind}\"")), "{}", page.body);
            let taken = site.get(&h.robin, &format!("{at}/download/{kind}")).await;
            assert_eq!(taken.status, StatusCode::OK, "{kind}");
            let named = taken.headers["content-disposition"].to_str().expect("a name");
            assert_eq!(named, format!("attachment; filename=\"from-our-paper.{kind}\""));
            assert_eq!(taken.headers["cache-control"], "no-store");
            if kind == "html" {
                assert!(taken.has("<h2>One</h2>") && taken.has("<strong>stop</strong>"), "{}", taken.body);
                continue;
            }
            let name = format!("back.{kind}");
            let again = site.post_body(&h.robin, "/designs/new", WITH_FILE, file(&name, &taken.bytes)).await;
            assert_eq!(again.status, StatusCode::SEE_OTHER, "{kind}: {}", again.body);
            let read = site.get(&h.robin, again.location().trim_end_matches("/write")).await;
            for part in ["<strong>stop</strong>", "<ol>\n<li>Monday</li>", "href=\"https://example.org/\"", "Second"] {
                assert!(read.has(part), "{kind}: {part} is not in {}", read.body);
            }
        }
        assert_eq!(site.get(&h.robin, &format!("{at}/download/pdf")).await.status, StatusCode::NOT_FOUND);
        // Whoever may not know of the design gets nothing of it.
        assert_eq!(site.get("", &format!("{at}/download/md")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_document_becomes_a_design_and_a_bad_one_keeps_the_title() {
    for site in support::all().await {
        let h = house(&site, Visibility::Members, true).await;
        let kind = WITH_FILE;
        let good = file("paper.md", b"# One\n\nFirst words\n\n# Two\n\nSecond words");
        let made = site.post_body(&h.robin, "/designs/new", kind, good).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let read = site.get(&h.robin, made.location().trim_end_matches("/write")).await;
        assert!(
            read.has("First words") && read.has("Second words") && read.has("From &lt;our&gt; paper"),
            "{}",
            read.body
        );

        for (name, bytes, says) in [
            ("paper.pdf", b"%PDF".to_vec(), "Choose a Word (docx)"),
            ("paper.docx", b"PK\x03\x04".to_vec(), "We cannot open this document"),
            ("paper.txt", vec![b'a'; 2 * 1024 * 1024 + 1], "2 MB or less"),
            ("paper.txt", b"\xff\xfe".to_vec(), "We cannot read the letters"),
        ] {
            let bad = site.post_body(&h.robin, "/designs/new", kind, file(name, &bytes)).await;
            assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(bad.has(says) && bad.has("From &lt;our&gt; paper"), "{name}: {}", bad.body);
            assert!(bad.has("id=\"field-document\""));
        }
        let huge = site.post_body(&h.robin, "/designs/new", kind, file("a.txt", &vec![b'a'; 7 * 1024 * 1024])).await;
        assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
        let broken = site.post_body(&h.robin, "/designs/new", kind, b"--X\r\nrubbish".to_vec()).await;
        assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn before_the_promise_is_agreed_the_page_says_so() {
    let site = support::sqlite().await;
    let h = house(&site, Visibility::Members, false).await;
    let list = "/you-said-we-did";
    assert!(site.get("", list).await.has("Nothing stands here yet"), "nothing was chosen");
    assert!(site.get("", &format!("{list}?status=done")).await.has("Nothing here matches what you chose"));
    let page = site.get(&h.robin, "/designs/new?workspace=buses").await;
    assert!(page.has("The group must agree the promise first") && !page.has("name=\"title\""), "{}", page.body);
    let posted =
        site.post(&h.robin, "/designs/new", &[("workspace", "buses"), ("title", "Later"), ("start", "empty")]).await;
    assert_eq!(posted.status, StatusCode::CONFLICT);
    assert!(posted.has("Later"));
}
