//! Real conversations, brought in with `tandem import polis`: on both engines, compared with what Polis itself counted.
//!
//! They are not part of the checkout: they lie in `../shared/real` where they are at hand, and where they are not, the test
//! says so.

mod real;
mod support;
#[path = "../../service/tests/talking/mod.rs"]
mod talking;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use domain::comments::{Checking, CommentState, Stance};
use domain::groups::{GroupRole, Visibility};
use domain::ids::DesignId;
use domain::moment::Moment;
use real::{Folder, path_text, run, text};
use service::comments::{Order, Seen};
use support::Site;
use talking::{Talk, plant};

const CONVERSATIONS: [&str; 2] = ["london-youth-policing", "biodiversity"];

/// Where a conversation lies. Nothing where there is no `shared` folder beside the checkout; where there is one and the
/// conversation is not in it, the test fails.
#[expect(clippy::print_stdout, reason = "the closing lines of make test name what was left out")]
fn real_folder(name: &str) -> Option<PathBuf> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the checkout");
    let shared = checkout.ancestors().skip(1).take(2).map(|a| a.join("shared")).find(|s| s.is_dir());
    let Some(shared) = shared else {
        println!("skipped: the real conversation {name} (there is no ../shared)");
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
async fn a_real_conversation_comes_in_whole() {
    for site in support::all().await {
        let t = &site.test;
        for name in CONVERSATIONS {
            let Some(folder) = real_folder(name) else { continue };
            let told = told(&folder);
            let k = plant(t, name, Visibility::Open, Checking::HoldAll).await;
            let design = import(&site, &k, &folder).await;

            // All of it: statements by state, presses by kind, both as the database counts them.
            let mut tx = t.service.store().read().await.expect("a transaction");
            let states: BTreeMap<_, _> =
                store::comments::state_counts(&mut tx, design).await.expect("asked").into_iter().collect();
            let mut expected = BTreeMap::new();
            for state in told.states.values() {
                *expected.entry(*state).or_insert(0) += 1;
            }
            assert_eq!(states, expected, "{} {name}", t.engine);
            let all: BTreeMap<_, _> = store::comments::stance_counts(&mut tx, design)
                .await
                .expect("asked")
                .into_iter()
                .map(|(stance, n)| (stance, n.for_rule()))
                .collect();
            let sum = |i: usize| told.numbers.values().map(|n| n[i]).sum::<i64>();
            let expected =
                BTreeMap::from([(Stance::Agree, sum(0)), (Stance::Pass, sum(1)), (Stance::Disagree, sum(2))]);
            assert_eq!(all, expected, "{} {name}", t.engine);
            let row = store::designs::find(&mut tx, design).await.expect("asked").expect("there");
            assert_eq!(row.title, told.topic, "{}", t.engine);
            drop(tx);

            // And statement by statement, as a member reads it: its words, and its numbers where there are enough.
            let words = words_of(&folder);
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
            assert!(told.people >= 26, "as many people as Polis says");

            // A second time is refused and changes nothing; under another name it is another design.
            let again = Folder::new("again");
            let arguments = ["import", "polis", path_text(&folder), "--workspace", &k.slug, "--json"];
            let second = run(&again, &t.db.url, &arguments).await;
            assert!(!second.status.success() && second.stdout.is_empty(), "{second:?}");
            assert!(text(&second.stderr).contains("before") && text(&second.stderr).contains("--title"), "{second:?}");
            let other = run(&again, &t.db.url, &[arguments.as_slice(), &["--title", "Once more"]].concat()).await;
            assert!(other.status.success(), "{other:?}");
            assert_ne!(json(&other.stdout)["design"], serde_json::json!(design));
            let acts = t.audited().await;
            assert_eq!(
                acts.iter().filter(|a| *a == "ImportPolis").count(),
                2 * (1 + usize::from(name != CONVERSATIONS[0]))
            );
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
    let Some(big) = real_folder("biodiversity") else { return };
    let Some(small) = real_folder("london-youth-policing") else { return };
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
        assert_eq!((of_big.threads.len(), of_big.total), (100, 154), "a hundred at a time");

        let began = std::time::Instant::now();
        let page = site.get(&session, &format!("/designs/{big}/comments")).await;
        let took = began.elapsed();
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.body.matches("<article").count(), 100);
        assert!(page.has(" agree, ") && page.has("Somebody in another conversation"), "{}", &page.body[..2000]);
        println!("{}: 100 statements, {} bytes, {} ms", t.engine, page.body.len(), took.as_millis());
        assert!(page.body.len() < 250_000, "{} bytes", page.body.len());
        let (_, link) = page.body.split_once("before=").expect("the way to the others");
        let before = link.split('"').next().expect("a mark");
        let rest = site.get(&session, &format!("/designs/{big}/comments?order=newest&before={before}")).await;
        assert_eq!(rest.body.matches("<article").count(), 54, "{}", t.engine);

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
