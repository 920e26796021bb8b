//! One real piece of work, from opening a workspace to "You said, we did" and "did it work?", by a client that knows nothing
//! but the pages: it follows their links, and sends their forms back with what they carry. On both engines.

mod support;

use axum::http::StatusCode;
use domain::access::Who;
use domain::comments::Checking;
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::moment::Moment;
use domain::people::Role;
use support::reader::{at, end_of, promise_agreed};
use support::{Answer, Site};

/// The people of one group whose words are checked first.
struct Cast {
    slug: String,
    officer: Who,
    lead: Who,
    members: Vec<Who>,
    stranger: Who,
}

async fn cast(site: &Site, visibility: Visibility) -> Cast {
    let t = &site.test;
    let name = format!("Bus group {visibility}");
    let group = t.group_of(&name, GroupKind::YouthCouncil, visibility, Checking::HoldAll).await;
    let mut members = Vec::new();
    for name in ["Robin", "Sam", "Kit", "Noor", "Ash", "Jo"] {
        members.push(t.member(name, Role::YoungPerson, group, GroupRole::Member).await);
    }
    t.member("Second worker", Role::Officer, group, GroupRole::Worker).await;
    Cast {
        slug: domain::words::slug_start(&name),
        officer: t.member("Wim", Role::Officer, group, GroupRole::Worker).await,
        lead: t.member("Lee", Role::YoungPerson, group, GroupRole::Lead).await,
        members,
        stranger: t.person("Stranger", Role::YoungPerson).await,
    }
}

#[tokio::test]
async fn from_the_promise_to_did_it_work_by_following_links_and_sending_forms() {
    for site in support::all().await {
        let c = cast(&site, Visibility::Open).await;
        let officer = at(&site, &c.officer).await;
        let lead = at(&site, &c.lead).await;
        let (robin, sam) = (at(&site, &c.members[0]).await, at(&site, &c.members[1]).await);
        let stranger = at(&site, &c.stranger).await;
        let nobody = at(&site, &Who::nobody()).await;

        // --- the workspace and its promise
        let start = officer.open(&format!("/workspaces/new?group={}", c.slug)).await;
        let form = start.form("Start it");
        let empty = officer.refused(&form, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert!(empty.has("There is a problem") && empty.has("<title>Error: "), "{}", empty.body);
        assert_eq!(form.offers("template").len(), 6, "six kinds of work to start from");
        let symbol = form.offers("symbol")[0].clone();
        let form = form.set("title", "Later buses").set("summary", "Buses that wait for us.").set("symbol", &symbol);
        let (write, page) = officer.send(&form).await;
        let workspace = write.trim_end_matches("/promise/write").to_owned();
        assert_eq!(write, format!("{workspace}/promise/write"), "the promise comes next");
        let form = page.form("Save the promise").set("can_change", "When the last bus goes, and where it stops.");
        let half = officer.refused(&form, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert!(half.has("When the last bus goes, and where it stops."), "every typed word is kept");
        let mut form = half.form("Save the promise");
        for name in ["what_for", "cannot_change", "who_decides", "money", "hear_when"] {
            form = form.set(name, "We say it here in plain words.");
        }
        officer.send(&form).await;
        // No design opens before it is agreed; half of the members press once.
        let early = robin.get(&format!("/designs/new?workspace={}", end_of(&workspace))).await;
        assert!(!early.has_button("Start this design"), "{}", early.body);
        for who in c.members.iter().take(4) {
            let member = at(&site, who).await;
            assert!(member.open("/").await.has("Read the promise"), "home says that it waits");
            let page = member.open(&format!("{workspace}/promise")).await;
            member.send(&page.form("I agree to this promise")).await;
        }
        assert!(robin.open(&workspace).await.has("Agreed by the group"));

        // --- the design, written by two at once
        let page = robin.open(&robin.open(&workspace).await.link("/designs/new").expect("a link")).await;
        let form = page.form("Start this design").set("title", "A bus at nine");
        let (write, page) = robin.send(&form).await;
        let design = write.trim_end_matches("/write").to_owned();
        let headings =
            ["The problem", "What matters to us", "Our idea", "Who it helps", "What it needs", "How we will know"];
        for heading in headings {
            assert!(page.has(&format!("Words for “{heading}”")), "{heading}: {}", page.body);
        }
        let section = |page: &Answer, n: usize| {
            let mut forms = page.forms();
            forms.retain(|f| f.buttons.iter().any(|b| b.starts_with("Save")) && f.value("act").starts_with("save "));
            forms.remove(n)
        };
        let (first, second) = (section(&page, 0), section(&sam.open(&write).await, 0));
        robin.send(&first.set("words", "The last bus goes at six.")).await;
        let (_, page) = sam.send(&second.set("words", "Clubs end at eight.")).await;
        assert!(page.has("Somebody else wrote here too"), "{}", page.body);
        let read = robin.open(&design).await;
        assert!(read.has("The last bus goes at six.") && read.has("Clubs end at eight."), "nothing is lost");

        // --- what people say, checked first in this group
        let say = robin.open(&format!("{design}/comments")).await;
        let comment = say.forms().into_iter().find(|f| f.buttons.iter().any(|b| b == "Send my comment"));
        let comment = comment.expect("a form to say something");
        assert_eq!(comment.offers("kind").len(), 4, "like, worry, question, idea");
        let part = comment.offers("section")[0].clone();
        let comment = comment.set("section", &part).set("kind", "worry").set("words", "What if the driver goes early?");
        let (_, own) = robin.send(&comment).await;
        assert!(own.has("What if the driver goes early?"), "its author sees it at once");
        assert!(!sam.open(&format!("{design}/comments")).await.has("What if the driver goes early?"), "held");
        assert!(officer.open("/").await.has("Words wait for you"));
        let queue = officer.open("/moderation").await;
        let check = queue.link("/comments/").expect("something to check");
        let page = officer.open(&check).await;
        let publish = page.forms().into_iter().find(|f| f.action == check).expect("a form to check with");
        officer.send(&publish.set("act", "publish")).await;
        assert!(sam.open(&format!("{design}/comments")).await.has("What if the driver goes early?"), "published");

        // --- checking: every part has words or is not needed
        let stage = format!("{design}/stage");
        let early =
            lead.refused(&lead.open(&stage).await.form("Start checking"), StatusCode::UNPROCESSABLE_ENTITY).await;
        assert!(early.has("Write every part first"), "{}", early.body);
        for n in 1..6 {
            let form = section(&lead.open(&write).await, n);
            lead.send(&form.set("words", "A bus at nine, every school day.")).await;
        }
        lead.send(&lead.open(&stage).await.form("Start checking")).await;

        // --- the show of hands: offered on the workspace, on the design and on its steps, to those who may
        let own_question = format!("/decisions/new?workspace={}", end_of(&workspace));
        let about_design = format!("/decisions/new?design={}", end_of(&design));
        for (page, link) in [(&workspace, &own_question), (&design, &about_design), (&stage, &about_design)] {
            assert_eq!(lead.open(page).await.link("/decisions/new").as_ref(), Some(link), "{page}");
            for other in [&robin, &stranger, &nobody] {
                assert_eq!(other.open(page).await.link("/decisions/new"), None, "{page}");
            }
        }
        assert!(lead.open(&own_question).await.has_button("Start it"));
        let late = section(&sam.open(&write).await, 2);
        let form = lead.open(&about_design).await.form("Start it").set("quorum", "50").set("pass_rule", "more-ok");
        let (decision, page) = lead.send(&form).await;
        assert!(page.has("show of hands"), "{}", page.body);
        let locked = sam.refused(&late.set("words", "Too late, but not lost."), StatusCode::CONFLICT).await;
        assert!(locked.has("Too late, but not lost.") && locked.has("locked"), "{}", locked.body);
        assert!(robin.open("/").await.has("Vote now"), "home says that a vote waits");
        let hand = robin.open(&decision).await.form("Send my answer");
        assert_eq!(hand.offers("hand"), ["ok", "not-sure", "not-ok"]);
        let why = robin.refused(&hand.clone().set("hand", "not-ok"), StatusCode::UNPROCESSABLE_ENTITY).await;
        assert!(why.has("Say what would help"), "{}", why.body);
        robin.send(&hand.set("hand", "not-ok").set("reason", "Ask the driver to wait.")).await;
        for (who, answer) in c.members[1..5].iter().zip(["ok", "ok", "ok", "not-sure"]) {
            let member = at(&site, who).await;
            let page = member.open(&decision).await;
            member.send(&page.form("Send my answer").set("hand", answer)).await;
        }
        let result = format!("{decision}/result");
        assert!(robin.open(&result).await.has("There is no result yet"));
        // Everybody in the group sees each hand by name; outside nobody does.
        let inside = lead.open(&decision).await;
        assert!(inside.has("Sam") && inside.has("Noor"), "{}", inside.body);
        for other in [&stranger, &nobody] {
            let page = other.open(&decision).await;
            assert!(!page.has("Sam") && !page.has("Noor"), "{}", page.body);
        }

        // --- it closes by the clock
        site.test.pass(8 * Moment::DAY);
        let officer = at(&site, &c.officer).await;
        let lead = at(&site, &c.lead).await;
        let (robin, sam) = (at(&site, &c.members[0]).await, at(&site, &c.members[1]).await);
        let stranger = at(&site, &c.stranger).await;
        let shown = robin.open(&result).await;
        assert!(shown.has("It passed. 3 said OK, 1 was not sure, 1 said not OK."), "a sentence: {}", shown.body);
        assert!(shown.has("<table") && shown.has("<caption>The answers"), "a table: {}", shown.body);
        assert!(shown.has("class=\"chart\""), "a chart: {}", shown.body);
        let outside = stranger.open(&result).await;
        assert!(outside.has("It passed"), "{}", outside.body);
        assert!(outside.has("3 said OK"), "five hands that do not agree may be shown: {}", outside.body);

        // --- the outcome and the actions
        assert!(!lead.open(&stage).await.has_button("It is decided"), "decided means written down");
        let page = officer.open(&format!("{design}/outcome")).await;
        let mut form = page.form("Write it down").set("differs", "same");
        for name in ["words", "why", "next"] {
            form = form.set(name, "A bus at nine, because you need it.");
        }
        let (_, page) = officer.send(&form).await;
        let new = page.link("/actions/new").expect("an action comes next");
        // Who took part is led to what was decided, and the design says it too.
        let home = robin.open("/").await;
        assert!(home.has(&format!("href=\"{design}/outcome\"")), "{}", home.body);
        let read = robin.open(&design).await;
        assert!(read.has("A bus at nine, because you need it."), "{}", read.body);
        assert!(read.has(&format!("href=\"{design}/outcome\"")), "{}", read.body);
        let form = officer.open(&new).await.form("Add the action");
        let form = form
            .set("title", "Run a bus at nine")
            .set("you_said", "The last bus goes before clubs end.")
            .set("we_will", "Pay for a bus at nine for a year.")
            .set("owner_role", "Bus manager");
        assert_eq!(form.value("shown"), "yes", "an open group's action is public unless somebody says otherwise");
        let (action, _) = officer.send(&form).await;
        let update = format!("{action}/update");
        let stop = officer.open(&update).await.form("Send the update");
        let stop = stop.set("status", "stopped").set("words", "The company said no.");
        let refused = officer.refused(&stop, StatusCode::UNPROCESSABLE_ENTITY).await;
        assert!(
            refused.has("Say why it changed or stopped") && refused.has("The company said no."),
            "{}",
            refused.body
        );

        // --- done, but too early to tell: the design waits, and its page says what for
        let form = officer.open(&update).await.form("Send the update");
        assert_eq!(form.value("ask"), "yes", "asked at once, unless it is too early");
        let done = form.set("status", "done").set("words", "The first bus ran.").untick("ask");
        officer.send(&done).await;
        let page = lead.open(&stage).await;
        assert!(page.has("Run a bus at nine") && page.has("ask people if it worked"), "{}", page.body);
        assert!(!page.has_button("It is done"), "{}", page.body);
        let forced = [("from", "doing"), ("to", "done")];
        let forced = site.post(&lead.session, &stage, &forced).await;
        assert_eq!(forced.status, StatusCode::CONFLICT, "{}", forced.body);
        assert!(forced.has("Ask people first if it worked"), "{}", forced.body);
        assert!(!robin.open("/").await.has("Say if it worked"), "nobody was asked yet");
        assert!(!robin.open(&action).await.has_button("Send my answer"));
        assert!(!robin.open(&action).await.has_button("Ask them now"), "members do not ask themselves");
        assert!(lead.open("/").await.has("All its actions have ended"), "home tells those who move it on");
        officer.send(&officer.open(&action).await.form("Ask them now")).await;
        assert!(!officer.open(&action).await.has_button("Ask them now"), "asked once is enough");

        // --- did it work?
        let home = robin.open("/").await;
        assert!(home.has("Say if it worked"), "{}", home.body);
        let there = home.link("/actions/").expect("a link to the question");
        assert_eq!(there.split('#').next(), Some(action.as_str()));
        let answer = robin.open(&action).await.form("Send my answer");
        assert_eq!(answer.offers("answer").len(), 4);
        robin.send(&answer.set("answer", "yes").set("why", "I am back in drama.")).await;
        assert!(!robin.open("/").await.has("Say if it worked"), "answered");
        assert!(!sam.open(&action).await.has("I am back in drama."), "why is for the group's workers");
        assert!(officer.open(&action).await.has("I am back in drama."));
        lead.send(&lead.open(&stage).await.form("It is done")).await;
        assert!(robin.open(&design).await.has("Done"));
        assert!(!lead.open(&stage).await.has("What comes next?"), "nothing does");

        // --- and everybody can read it, filter it, print it
        let list = nobody.open("/you-said-we-did").await;
        for words in ["The last bus goes before clubs end.", "Pay for a bus at nine for a year.", "The first bus ran."]
        {
            assert!(list.has(words), "{words}: {}", list.body);
        }
        assert!(list.has("We asked those who wanted it if it worked."), "{}", list.body);
        assert!(!list.has("said yes"), "one answer is no number to show");
        let filter = list.form("Show these");
        assert_eq!(filter.action, "/you-said-we-did");
        for name in ["words", "status", "group", "year"] {
            filter.value(name);
        }
        for (query, found) in [
            ("status=done", true),
            ("status=stopped", false),
            ("words=CLUBS", true),
            ("words=trains", false),
            (&*format!("group={}", c.slug), true),
            ("group=another", false),
            ("year=2026", true),
            ("year=2025", false),
        ] {
            let page = nobody.open(&format!("/you-said-we-did?{query}")).await;
            assert_eq!(page.has("Run a bus at nine"), found, "{query}");
        }

        // --- somebody goes: what they wrote stays, their name does not
        let robin = at(&site, &c.members[0]).await;
        assert!(lead.open(&decision).await.has("Robin"));
        let gone = robin.open("/my-data/delete").await.form("Delete my account");
        assert_eq!(gone.send(&site, &robin.session).await.status, StatusCode::SEE_OTHER);
        for page in [&decision, &result, &design, &format!("{design}/comments"), &action, &workspace, &stage] {
            let seen = lead.open(page).await;
            assert!(!seen.has("Robin"), "{page}: {}", seen.body);
        }
        let hands = lead.open(&decision).await;
        assert!(hands.has("Somebody who has left said not OK"), "{}", hands.body);
        assert!(officer.open(&decision).await.has("Ask the driver to wait."), "their reason still waits to be checked");
    }
}

#[tokio::test]
async fn each_kind_of_work_starts_a_design_with_its_own_parts() {
    let site = support::sqlite().await;
    let c = cast(&site, Visibility::Members).await;
    let officer = at(&site, &c.officer).await;
    let robin = at(&site, &c.members[0]).await;
    for (template, first, last) in [
        ("service", "The problem", "How we will know"),
        ("campaign", "What we want to change", "How we will know"),
        ("letter", "Who it is to", "When we hope to hear"),
        ("questions", "What we want to know", "What we do with the answers"),
        ("offer", "Who it is for", "What to do if it goes wrong"),
        ("empty", "", ""),
    ] {
        let form = officer.open(&format!("/workspaces/new?group={}", c.slug)).await.form("Start it");
        let symbol = form.offers("symbol")[0].clone();
        let form = form.set("title", "Our work").set("summary", "One thing.").set("symbol", &symbol);
        let (write, _) = officer.send(&form.set("template", template)).await;
        let slug = end_of(write.trim_end_matches("/promise/write")).to_owned();
        promise_agreed(&site, &officer, &slug, &c.members.iter().take(4).collect::<Vec<_>>()).await;
        let form = robin.open(&format!("/designs/new?workspace={slug}")).await.form("Start this design");
        let (_, page) = robin.send(&form.set("title", "A design")).await;
        let parts = page.body.matches("Words for “").count();
        match template {
            "empty" => assert_eq!(parts, 0, "{}", page.body),
            _ => {
                for heading in [first, last] {
                    assert!(page.has(&format!("Words for “{heading}”")), "{template}: {heading}");
                }
                assert!((4..=6).contains(&parts), "{template}: {parts}");
            }
        }
    }
}

#[tokio::test]
async fn a_document_sent_with_the_pages_own_form_becomes_a_design() {
    let site = support::sqlite().await;
    let c = cast(&site, Visibility::Members).await;
    let officer = at(&site, &c.officer).await;
    let form = officer.open(&format!("/workspaces/new?group={}", c.slug)).await.form("Start it");
    let symbol = form.offers("symbol")[0].clone();
    let form = form.set("title", "Our work").set("summary", "One thing.").set("symbol", &symbol);
    let (write, _) = officer.send(&form).await;
    let slug = end_of(write.trim_end_matches("/promise/write")).to_owned();
    promise_agreed(&site, &officer, &slug, &c.members.iter().take(4).collect::<Vec<_>>()).await;
    let robin = at(&site, &c.members[0]).await;
    for (name, words) in [
        ("paper.md", "Before it all\n\n# Why\n\nBecause of the **bus**.\n\n## What\n\nA later one."),
        ("paper.txt", "Only words, and no heading at all."),
    ] {
        let form = robin.open(&format!("/designs/new?workspace={slug}")).await.form("Start this design");
        let form = form.set("title", "From a paper").set("start", "document");
        let made = form.send_with(&site, &robin.session, (name, words.as_bytes())).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{name}: {}", made.body);
        let read = robin.open(made.location().trim_end_matches("/write")).await;
        match name {
            "paper.md" => {
                let parts = ["Before the first heading", "Why", "What", "<strong>bus</strong>", "A later one."];
                assert!(parts.iter().all(|part| read.has(part)), "{}", read.body);
            }
            _ => assert!(read.has("Only words, and no heading at all."), "{}", read.body),
        }
    }
}
