//! Conversations brought in with `tandem import polis`: on both engines, compared with what Polis itself counted.
//!
//! A small made-up one lies in `tests/polis`. The real ones are not part of the checkout: they lie in `../shared/real` where
//! they are at hand, and where they are not, what is left out is named and counted.

mod real;
mod support;
#[path = "../../service/tests/talking/mod.rs"]
mod talking;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use domain::access::Who;
use domain::comments::{Checking, CommentState, Stance};
use domain::groups::{GroupRole, Visibility};
use domain::ids::DesignId;
use domain::moment::Moment;
use domain::people::Role;
use real::{Folder, path_text, run, text};
use service::comments::{Order, Seen};
use support::forms::Form;
use support::reader::{at, promise_agreed};
use support::{Answer, Site};
use talking::{Talk, plant};

/// A conversation that nobody held, always there.
fn made_up() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/polis/bus-home")
}

/// Where a real conversation lies. Nothing where there is no `shared` folder beside the checkout; where there is one and the
/// conversation is not in it, the test fails.
fn real_folder(name: &str) -> Option<PathBuf> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout");
    let shared = checkout.ancestors().skip(1).take(2).map(|a| a.join("shared")).find(|s| s.is_dir());
    let Some(shared) = shared else {
        real::db::left_out(&format!("skipped: the real conversation {name} (there is no ../shared)"));
        return None;
    };
    let folder = shared.join("real").join(name);
    assert!(folder.is_dir(), "{} is missing", folder.display());
    Some(folder)
}

/// What Polis itself says: of each statement its state, and how many agree, pass and disagree. The states are from
/// `comments.csv`; the numbers are counted from `participants-votes.csv`, which is not what the import reads: one line for
/// each person, one column for each statement, the last press of each.
struct Told {
    states: BTreeMap<i64, CommentState>,
    numbers: BTreeMap<i64, [i64; 3]>,
    topic: String,
    people: i64,
}

fn told(folder: &Path) -> Told {
    let rows = |name: &str| {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(folder.join(name)).expect(name);
        let head = reader.headers().expect("a first line").clone();
        (head, reader.into_records().map(|r| r.expect("a row")).collect::<Vec<_>>())
    };
    let (head, all) = rows("comments.csv");
    let at = |name: &str| head.iter().position(|c| c == name).expect("a column");
    let states = all
        .iter()
        .map(|r| {
            let state = match &r[at("moderated")] {
                "1" => CommentState::Published,
                "0" => CommentState::Held,
                _ => CommentState::HiddenByModerator,
            };
            (r[at("comment-id")].parse().expect("a number"), state)
        })
        .collect();
    let (head, all) = rows("participants-votes.csv");
    let mut numbers: BTreeMap<i64, [i64; 3]> = BTreeMap::new();
    for (column, name) in head.iter().enumerate() {
        let Ok(number) = name.parse::<i64>() else { continue };
        let of = |vote: &str| i64::try_from(all.iter().filter(|r| &r[column] == vote).count()).expect("few");
        numbers.insert(number, [of("1"), of("0"), of("-1")]);
    }
    let summary = std::fs::read_to_string(folder.join("summary.csv")).expect("a summary");
    let value = |name: &str| {
        let line = summary.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(',')).expect("a line");
        line.trim_matches('"').to_owned()
    };
    Told { states, numbers, topic: value("topic"), people: value("voters").parse().expect("a number") }
}

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap_or_else(|e| panic!("not one JSON document: {e}: {}", text(bytes)))
}

/// Brings a conversation into the workspace of a group.
async fn import(site: &Site, k: &Talk, folder: &Path) -> DesignId {
    let here = Folder::new("polis");
    let out =
        run(&here, &site.test.db.url, &["import", "polis", path_text(folder), "--workspace", &k.slug, "--json"]).await;
    assert!(out.status.success(), "{}: {}", site.test.engine, text(&out.stderr));
    assert!(text(&out.stderr).contains("statements and"), "it says what it does: {}", text(&out.stderr));
    let made = json(&out.stdout);
    let told = told(folder);
    let states = |state| told.states.values().filter(|s| **s == state).count();
    assert_eq!(made["published"], states(CommentState::Published));
    assert_eq!(made["held"], states(CommentState::Held));
    assert_eq!(made["hidden"], states(CommentState::HiddenByModerator));
    assert_eq!(made["stances"], told.numbers.values().flatten().sum::<i64>());
    made["design"].as_str().expect("an id").parse().expect("an id")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_comes_in_whole() {
    let real = ["london-youth-policing", "biodiversity"];
    let mut all = vec![("bus-home", made_up())];
    all.extend(real.into_iter().filter_map(|name| Some((name, real_folder(name)?))));
    for site in support::all().await {
        let t = &site.test;
        for (n, (name, folder)) in all.iter().enumerate() {
            let (name, folder) = (*name, folder.as_path());
            let told = told(folder);
            let k = plant(t, name, Visibility::Open, Checking::HoldAll).await;
            let design = import(&site, &k, folder).await;

            // All of it: statements by state, presses by kind, both as the database counts them.
            let mut tx = t.service.store().read().await.expect("a transaction");
            let states: BTreeMap<_, _> =
                store::comments::state_counts(&mut tx, design).await.expect("asked").into_iter().collect();
            let mut expected = BTreeMap::new();
            for state in told.states.values() {
                *expected.entry(*state).or_insert(0) += 1;
            }
            assert_eq!(states, expected, "{} {name}", t.engine);
            let all: BTreeMap<_, _> =
                store::comments::stance_counts(&mut tx, design).await.expect("asked").into_iter().collect();
            let sum = |i: usize| told.numbers.values().map(|n| n[i]).sum::<i64>().into();
            let expected =
                BTreeMap::from([(Stance::Agree, sum(0)), (Stance::Pass, sum(1)), (Stance::Disagree, sum(2))]);
            assert_eq!(all, expected, "{} {name}", t.engine);
            let row = store::designs::find(&mut tx, design).await.expect("asked").expect("there");
            assert_eq!(row.title, told.topic, "{}", t.engine);
            drop(tx);

            // And statement by statement, as a member reads it: its words, and its numbers where there are enough.
            let words = words_of(folder);
            let threshold = domain::reports::small_numbers::Threshold::new(5, false);
            let (mut seen, mut shown, mut before) = (0, 0, None::<String>);
            loop {
                let page = t.service.comments(&k.robin, design, Order::Newest, None, before.as_deref()).await;
                let page = page.expect("a page");
                for thread in &page.threads {
                    let Seen::Words(said) = &thread.seen else { panic!("a member sees published words only") };
                    let number = words[&(said.clone(), thread.made_at)];
                    assert_eq!(told.states[&number], CommentState::Published);
                    let counts = told.numbers.get(&number).copied().unwrap_or_default();
                    let may = threshold.show_tallies(counts.map(Into::into)).map(|_| counts);
                    let got = thread.stances.map(|s| s.map(|n| n.exact().expect("all or none")));
                    assert_eq!(got, may, "{} {name}: statement {number}", t.engine);
                    shown += usize::from(got.is_some());
                    seen += 1;
                }
                before = page.older;
                if before.is_none() {
                    break;
                }
            }
            assert_eq!(seen, told.states.values().filter(|s| **s == CommentState::Published).count());
            assert!(shown > seen / 2, "{name}: only {shown} of {seen} statements show numbers");
            assert!(told.people >= 14, "as many people as Polis says");

            // A second time is refused and changes nothing; under another name it is another design.
            let again = Folder::new("again");
            let arguments = ["import", "polis", path_text(folder), "--workspace", &k.slug, "--json"];
            let second = run(&again, &t.db.url, &arguments).await;
            assert!(!second.status.success() && second.stdout.is_empty(), "{second:?}");
            assert!(text(&second.stderr).contains("before") && text(&second.stderr).contains("--title"), "{second:?}");
            let other = run(&again, &t.db.url, &[arguments.as_slice(), &["--title", "Once more"]].concat()).await;
            assert!(other.status.success(), "{other:?}");
            assert_ne!(json(&other.stdout)["design"], serde_json::json!(design));
            let acts = t.audited().await;
            assert_eq!(acts.iter().filter(|a| *a == "ImportPolis").count(), 2 * (n + 1));
        }
    }
}

/// Statement numbers by words and time: what a reader sees of them.
fn words_of(folder: &Path) -> BTreeMap<(String, Moment), i64> {
    let mut reader = csv::Reader::from_path(folder.join("comments.csv")).expect("a file");
    let head = reader.headers().expect("a first line").clone();
    let at = |name: &str| head.iter().position(|c| c == name).expect("a column");
    let mut all = BTreeMap::new();
    for row in reader.records() {
        let row = row.expect("a row");
        let millis: i64 = row[at("timestamp")].parse().expect("a time");
        let words = domain::words::CommentWords::parse(&row[at("comment-body")]).expect("words");
        let number = row[at("comment-id")].parse().expect("a number");
        let double = all.insert((words.as_str().to_owned(), Moment(millis * 1000)), number);
        assert!(double.is_none(), "the same words at the same moment: {number}");
    }
    all
}

/// Three hundred statements and thirty thousand presses: the page stays a page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_a_big_conversation_stays_usable() {
    let (big, small) = (real_folder("biodiversity").unwrap_or_else(made_up), made_up());
    let published = told(&big).states.values().filter(|s| **s == CommentState::Published).count();
    let on_page = published.min(50);
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Members, Checking::After).await;
        let other = plant(t, "Elsewhere", Visibility::Members, Checking::After).await;
        let (big, small) = (import(&site, &k, &big).await, import(&site, &other, &small).await);
        let robin = t.join(&k.robin, other.group, GroupRole::Member).await;
        let session = site.session(&robin).await;

        // As many statements for the database as on the page of a tenth of it.
        let ask = async |design| {
            let (page, asked) =
                store::trace::of(t.service.comments(&robin, design, Order::BySection, None, None)).await;
            (page.expect("a page"), asked)
        };
        let ((of_big, asked_big), (_, asked_small)) = (ask(big).await, ask(small).await);
        assert_eq!(asked_big, asked_small, "{}", t.engine);
        assert_eq!((of_big.threads.len(), of_big.total), (on_page, i64::try_from(published).expect("few")));

        let page = site.get(&session, &format!("/designs/{big}/comments")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.body.matches("<article").count(), on_page, "fifty at a time");
        assert!(page.has(" agree, ") && page.has("Somebody in another conversation"), "{}", &page.body[..2000]);
        assert!(page.body.len() < 250_000, "{} bytes", page.body.len());
        if published > on_page {
            let (_, link) = page.body.split_once("before=").expect("the way to the others");
            let before = link.split('"').next().expect("a mark");
            let rest = site.get(&session, &format!("/designs/{big}/comments?order=newest&before={before}")).await;
            assert_eq!(rest.body.matches("<article").count(), (published - on_page).min(on_page), "{}", t.engine);
        }

        // It is a design like any other: people write in it and talk about it.
        let first = of_big.threads[0].id.to_string();
        let answer = [("act", "answer"), ("reply_to", first.as_str()), ("words", "We said so too")];
        let sent = site.post(&session, &format!("/designs/{big}/comments"), &answer).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let write = site.get(&session, &format!("/designs/{big}/write")).await;
        let (base, form) = (write.hidden("base"), write.hidden("form_id"));
        let section = t.service.view_design(&robin, big).await.expect("seen").sections[0].id;
        let act = format!("save {section}");
        let fields = [("form_id", form.as_str()), ("act", &act), ("base", &base), ("words", "What we make of it")];
        let saved = site.post(&session, &format!("/designs/{big}/write"), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        assert!(site.get(&session, &format!("/designs/{big}")).await.has("What we make of it"), "{}", t.engine);
    }
}

/// What people said there and everybody sees here, oldest first: those that read the same as plain text and as HTML.
fn plainly_said(folder: &Path) -> Vec<String> {
    let states = told(folder).states;
    let mut all: Vec<_> = words_of(folder).into_iter().map(|((words, _), number)| (number, words)).collect();
    all.sort_unstable();
    let plain = |w: &str| w.len() > 20 && w.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == ',');
    all.into_iter()
        .filter(|(number, words)| states[number] == CommentState::Published && plain(words))
        .map(|(_, words)| words)
        .collect()
}

/// The form that saves the words of the part at a place.
fn part(page: &Answer, at: usize) -> Form {
    let mut forms = page.forms();
    forms.retain(|f| f.value("act").starts_with("save "));
    forms.remove(at)
}

/// What people really said goes the whole way: into the words of a design, through checking and a vote, to an action that is
/// done, and to whether it worked. By a client that knows nothing but the pages.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_elsewhere_goes_all_the_way_to_did_it_work() {
    let folder = real_folder("london-youth-policing").unwrap_or_else(made_up);
    let said = plainly_said(&folder);
    let [first, second, idea, worry, reason, late, outcome, promise] = &said[..8] else { panic!("{said:?}") };
    for site in support::all().await {
        let t = &site.test;
        let mut k = plant(t, "Council", Visibility::Open, Checking::HoldAll).await;
        let mut more = Vec::new();
        for name in ["Kit", "Noor", "Jo"] {
            more.push(t.member(name, Role::YoungPerson, k.group, GroupRole::Member).await);
        }
        k.design = import(&site, &k, &folder).await;
        let (design, stage) = (format!("/designs/{}", k.design), format!("/designs/{}/stage", k.design));
        let (write, talk) = (format!("{design}/write"), format!("{design}/comments"));
        let (robin, sam) = (at(&site, &k.robin).await, at(&site, &k.sam).await);
        let (lead, officer) = (at(&site, &k.lead).await, at(&site, &k.worker).await);
        let nobody = at(&site, &Who::nobody()).await;
        let there = nobody.open(&talk).await;
        assert!(said.iter().all(|words| there.has(words)), "{}: everybody reads what was said", t.engine);

        // --- the promise of the workspace, which the group agrees
        promise_agreed(&site, &officer, &k.slug, &[&k.robin, &k.sam, &k.lead]).await;

        // --- what was said becomes the words of the design, written by two at once
        let (one, other) = (part(&robin.open(&write).await, 0), part(&sam.open(&write).await, 0));
        robin.send(&one.set("words", first)).await;
        let (_, merged) = sam.send(&other.set("words", second)).await;
        assert!(merged.has("Somebody else wrote here too"), "{}", merged.body);
        let (_, page) = robin.send(&robin.open(&write).await.form("Add this part").set("heading", "Our idea")).await;
        robin.send(&part(&page, 1).set("words", idea)).await;
        let read = nobody.open(&design).await;
        assert!([first, second, idea].iter().all(|words| read.has(words)), "{}: {}", t.engine, read.body);

        // --- somebody says it again, and it is checked first, as is all that waited there
        let forms = sam.open(&talk).await.forms();
        let form = forms.into_iter().find(|f| f.buttons.iter().any(|b| b == "Send my comment")).expect("a form");
        let section = form.offers("section")[0].clone();
        let again = format!("{worry} and nobody has said why not");
        sam.send(&form.set("section", &section).set("kind", "worry").set("words", &again)).await;
        assert!(!robin.open(&talk).await.has(&again), "held");
        let mut checked = 0;
        while let Some(waits) = officer.open("/moderation").await.link("/comments/") {
            let forms = officer.open(&waits).await.forms();
            let publish = forms.into_iter().find(|f| f.value("act") == "publish").expect("a form to check with");
            officer.send(&publish).await;
            checked += 1;
            assert!(checked < 50, "{}: the queue never ends", t.engine);
        }
        assert!(robin.open(&talk).await.has(&again), "{}: published", t.engine);

        // --- checking, and a show of hands
        lead.send(&lead.open(&stage).await.form("Start checking")).await;
        let form = lead.open(&format!("/decisions/new?design={}", k.design)).await.form("Start it");
        let stale = part(&sam.open(&write).await, 1);
        let (decision, _) = lead.send(&form.set("quorum", "50").set("pass_rule", "more-ok")).await;
        let locked = sam.refused(&stale.set("words", late), StatusCode::CONFLICT).await;
        assert!(locked.has(late), "every typed word is kept: {}", locked.body);
        let hand = robin.open(&decision).await.form("Send my answer");
        robin.send(&hand.set("hand", "not-ok").set("reason", reason)).await;
        let others = [(&k.sam, "ok"), (&k.lead, "ok"), (&more[0], "ok"), (&more[1], "not-sure")];
        for (who, answer) in others {
            let member = at(&site, who).await;
            member.send(&member.open(&decision).await.form("Send my answer").set("hand", answer)).await;
        }

        // --- it closes by the clock
        t.pass(8 * Moment::DAY);
        let (robin, lead, officer) = (at(&site, &k.robin).await, at(&site, &k.lead).await, at(&site, &k.worker).await);
        let shown = nobody.open(&format!("{decision}/result")).await;
        assert!(shown.has("It passed. 3 said OK, 1 was not sure, 1 said not OK."), "{}: {}", t.engine, shown.body);

        // --- the outcome, an action, and that it is done
        let mut form = officer.open(&format!("{design}/outcome")).await.form("Write it down").set("differs", "same");
        for name in ["words", "why", "next"] {
            form = form.set(name, outcome);
        }
        let (_, page) = officer.send(&form).await;
        let form = officer.open(&page.link("/actions/new").expect("an action comes next")).await.form("Add the action");
        let form = form
            .set("title", "What you asked for")
            .set("you_said", idea)
            .set("we_will", promise)
            .set("owner_role", "Officer for young people");
        let (action, _) = officer.send(&form).await;
        let form = officer.open(&format!("{action}/update")).await.form("Send the update");
        assert_eq!(form.value("ask"), "yes", "asked at once");
        officer.send(&form.set("status", "done").set("words", outcome)).await;

        // --- did it work?
        assert!(robin.open("/").await.has("Say if it worked"), "{}", t.engine);
        let answer = robin.open(&action).await.form("Send my answer");
        robin.send(&answer.set("answer", "yes").set("why", first)).await;
        assert!(!robin.open("/").await.has("Say if it worked"), "answered");
        assert!(officer.open(&action).await.has(first), "why is for the group's workers");
        lead.send(&lead.open(&stage).await.form("It is done")).await;
        let list = nobody.open("/you-said-we-did").await;
        assert!([idea, promise, outcome].iter().all(|words| list.has(words)), "{}: {}", t.engine, list.body);
        assert!(nobody.open(&talk).await.has(late), "what was said stays where it was said");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_brought_in_changes_nothing_and_says_what_to_do() {
    const COMMENTS: &str =
        "timestamp,comment-id,moderated,comment-body\n1564963436360,1,1,\"Later\nbuses\"\n1564963436361,2,0,Waits\n";
    const VOTES: &str = "comment-id,voter-id,vote\n1,1,1\n2,1,-1\n";
    for site in support::all().await {
        let t = &site.test;
        let k = plant(t, "Council", Visibility::Hidden, Checking::HoldAll).await;
        let here = Folder::new("polis_bad");
        let put = |name: &str, words: &str| std::fs::write(here.join(name), words).expect("written");
        put("summary.csv", "topic,\"Buses, and trams\"\n");
        put("comments.csv", COMMENTS);
        let import = async |workspace: &str, more: &[&str]| {
            let own = [&["import", "polis", ".", "--workspace", workspace], more].concat();
            run(&here, &t.db.url, &own).await
        };
        let refused = async |workspace: &str, more: &[&str], says: &str| {
            let out = import(workspace, more).await;
            assert!(!out.status.success() && out.stdout.is_empty(), "{says}: {out:?}");
            let said = text(&out.stderr);
            assert!(said.contains(says) && said.contains("tandem: "), "“{said}” does not say “{says}”");
        };
        refused(&k.slug, &[], "votes.csv cannot be read").await;
        put("votes.csv", &format!("{VOTES}1,1\n"));
        refused(&k.slug, &["--json"], "votes.csv, line 4: it has 2 columns and the first line has 3").await;
        put("votes.csv", &format!("{VOTES}3,1,1\n"));
        refused(&k.slug, &[], "votes.csv, line 4: comment-id 3 is not in comments.csv").await;
        put("votes.csv", VOTES);
        put("comments.csv", &format!("{COMMENTS}1,3,1,{}\n", "x".repeat(4001)));
        refused(&k.slug, &[], "comments.csv, line 5: the statement is longer than 4000 characters").await;
        put("comments.csv", COMMENTS);
        refused("nowhere", &[], "There is no workspace at /workspaces/nowhere").await;
        refused(&k.slug, &["--title", &"x".repeat(141)], "--title").await;
        let mut tx = t.service.store().read().await.expect("a transaction");
        assert_eq!(store::workspaces::designs(&mut tx, k.workspace).await.expect("asked").len(), 1, "nothing came in");
        drop(tx);

        // Without --json people read it. What nobody looked at there waits here too, for the workers only.
        let out = import(&k.slug, &[]).await;
        let said = text(&out.stdout);
        assert!(out.status.success() && said.contains("“Buses, and trams” is at http://"), "{out:?}");
        assert!(said.contains("1 that everybody sees, 1 that wait") && said.contains("disagree): 2."), "{said}");
        let (_, id) = said.split_once("/designs/").expect("an address");
        let design: DesignId = id.lines().next().expect("an id").parse().expect("an id");
        let seen = async |who| {
            let page = t.service.comments(who, design, Order::Newest, None, None).await.expect("a page");
            page.threads.into_iter().map(|c| c.seen).collect::<Vec<_>>()
        };
        let words = Seen::Words("Later\nbuses".to_owned());
        assert_eq!(seen(&k.sam).await, std::slice::from_ref(&words), "{}", t.engine);
        assert_eq!(seen(&k.worker).await, [Seen::Waiting("Waits".to_owned()), words], "{}", t.engine);
        let queue = t.service.words_to_check(&k.worker).await.expect("a queue");
        assert_eq!((queue.comments.len(), queue.shown_comments.len()), (1, 0), "{}", t.engine);
        k.publish(t, queue.comments[0].id).await;
        assert_eq!(seen(&k.sam).await.len(), 2);
        // The command for a zip still takes its file.
        let zip = run(&here, &t.db.url, &["import", "none.zip"]).await;
        assert!(!zip.status.success() && text(&zip.stderr).contains("none.zip cannot be read"), "{zip:?}");
        assert!(!run(&here, &t.db.url, &["import", "polis", "."]).await.status.success(), "where to?");
    }
}
