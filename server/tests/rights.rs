//! Every door × every role × own group, open group, members' group, hidden group, compared with a table written by hand
//! (`rights.txt`). A door that is not in the table, or a person without an answer, fails.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use support::Site;

mod seeded;
use seeded::{Seed, shape};

/// Who asks: the columns of the table.
const PEOPLE: &[&str] = &[
    "nobody",
    "young",
    "supporter",
    "parent",
    "officer",
    "moderator",
    "safeguarding",
    "board",
    "administrator",
    "stranger",
    "member",
    "parent-inside",
    "supporter-inside",
    "lead",
    "worker",
    "administrator-inside",
    "observer",
    "moderator-inside",
    "safeguarding-inside",
    "officer-observer",
];
/// Where those inside begin.
const FIRST_INSIDE: usize = 10;

fn set_of(word: &str) -> Option<Vec<&'static str>> {
    let outsiders = &PEOPLE[1..FIRST_INSIDE];
    let inside = &PEOPLE[FIRST_INSIDE..];
    let named: Vec<&'static str> = match word {
        "everyone" => PEOPLE.to_vec(),
        "signed-in" => PEOPLE[1..].to_vec(),
        "outsiders" => outsiders.to_vec(),
        "inside" => inside.to_vec(),
        "others" => Vec::new(),
        one => PEOPLE.iter().copied().filter(|p| *p == one).collect(),
    };
    (word == "others" || !named.is_empty()).then_some(named)
}

/// One block of the table: a door, and for each place who gets what.
struct Block {
    method: String,
    path: String,
    rows: Vec<(String, BTreeMap<&'static str, String>)>,
}

/// Reads the table. A line is `METHOD /path` or `  place: people = answer; people = answer`; `others` is everybody not
/// named before in that line.
fn read(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fresh = false;
    let mut waiting: Vec<(String, String)> = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or("").trim_end();
        // Commands have no rows (tests/commands.rs); server functions are doors of their own, and there is none yet.
        if line.trim().is_empty() || line.starts_with("COMMAND ") || line.starts_with("FUNCTION ") {
            continue;
        }
        if !line.starts_with(' ') {
            if !fresh {
                waiting.clear();
            }
            let (method, path) = line.split_once(' ').unwrap_or_else(|| panic!("line {}: METHOD /path", n + 1));
            waiting.push((method.to_owned(), path.trim().to_owned()));
            blocks.push(Block { method: method.to_owned(), path: path.trim().to_owned(), rows: Vec::new() });
            fresh = true;
            continue;
        }
        fresh = false;
        let (place, clauses) = line.trim().split_once(':').unwrap_or_else(|| panic!("line {}: place: …", n + 1));
        let mut cells: BTreeMap<&'static str, String> = BTreeMap::new();
        for clause in clauses.split(';') {
            let (who, answer) = clause.split_once('=').unwrap_or_else(|| panic!("line {}: people = answer", n + 1));
            for word in who.split_whitespace() {
                let set = set_of(word).unwrap_or_else(|| panic!("line {}: nobody is called {word}", n + 1));
                let set = if word == "others" {
                    PEOPLE.iter().copied().filter(|p| !cells.contains_key(p)).collect()
                } else {
                    set
                };
                for person in set {
                    cells.insert(person, answer.trim().to_owned());
                }
            }
        }
        for place in place.split_whitespace() {
            let last = waiting.len();
            let from = blocks.len() - last;
            for block in &mut blocks[from..] {
                block.rows.push((place.to_owned(), cells.clone()));
            }
        }
    }
    blocks
}

fn answer_of(status: u16, location: &str) -> &'static str {
    match status {
        401 => "sign-in",
        303 if location.starts_with("/sign-in") => "sign-in",
        403 => "no",
        404 => "gone",
        // Past the rights: done, or refused for what was in the (empty) form.
        200..=399 | 400 | 409 | 422 => "ok",
        _ => "FAULT",
    }
}

/// The names of server functions in a file of Rust: the `fn` after each `#[server`.
fn server_functions(source: &str) -> Vec<String> {
    let code = source.lines().map(str::trim).filter(|l| !l.starts_with("//"));
    let code: String = code.flat_map(|l| [l, " "]).collect();
    let after = |part: &str| part.split("fn ").nth(1).and_then(|f| f.split(['(', '<']).next()).map(str::to_owned);
    code.split("#[server").skip(1).filter_map(after).collect()
}

#[test]
fn every_server_function_is_in_the_table() {
    let found = server_functions("// #[server] fn no() {}\n#[server(endpoint = \"x\")]\npub async fn yes(a: u8) {}");
    assert_eq!(found, ["yes"], "the reader of sources reads");
    let listed: BTreeSet<&str> =
        include_str!("rights.txt").lines().filter_map(|l| l.strip_prefix("FUNCTION ")).map(str::trim).collect();
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut there = BTreeSet::new();
    let mut folders: Vec<_> = ["app", "domain", "frontend", "pdf", "server", "service", "store"]
        .iter()
        .map(|room| top.join(room).join("src"))
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("a file").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                there.extend(server_functions(&std::fs::read_to_string(&path).expect("text")));
            }
        }
    }
    assert_eq!(there.iter().map(String::as_str).collect::<BTreeSet<_>>(), listed);
    // The handler that would answer them is a door like any other, so it cannot stand outside the table either.
    let api = server::doors::all().iter().any(|d| d.path.starts_with("/api/"));
    assert_eq!(api, !listed.is_empty(), "server functions and their address come together");
}

/// Asks every cell of the table, but for those that `left` leaves out: a form that is taken changes the house, and only a
/// house in a file can be copied for each of them.
async fn ask_all(seed: &Seed, reading: &Site, blocks: &[Block], left: impl Fn(&Block, &str) -> bool) -> usize {
    let engine = reading.test.engine;
    let mut wrong = Vec::new();
    let mut asked = 0;
    for block in blocks {
        assert!(!block.rows.is_empty(), "{} {} has no row", block.method, block.path);
        for (place_name, cells) in &block.rows {
            let blank: Vec<_> = PEOPLE.iter().filter(|p| !cells.contains_key(*p)).collect();
            assert!(blank.is_empty(), "{} {} {place_name}: no answer for {blank:?}", block.method, block.path);
            let place = seed.place(place_name);
            let path = place.fill(&block.path);
            assert!(!path.contains('{'), "{path} names something that the place does not have");
            for person in PEOPLE {
                if left(block, &cells[person]) {
                    continue;
                }
                let session = seed.session(place_name, person);
                // A form that is taken changes things: each gets a house of its own. One that is refused changes nothing.
                let own;
                let site: &Site = if block.method == "POST" && cells[person] == "ok" {
                    own = seed.copy().await;
                    &own
                } else {
                    reading
                };
                let answer = if block.method == "POST" {
                    let (path, query) = path.split_once('?').unwrap_or((&path, ""));
                    let fields: Vec<(&str, &str)> = query.split('&').filter_map(|f| f.split_once('=')).collect();
                    site.post(&session, path, &fields).await
                } else {
                    site.get_status(&session, &path).await
                };
                asked += 1;
                let got = answer_of(answer.status.as_u16(), answer.location());
                let expected = cells[person].as_str();
                if got != expected {
                    let status = answer.status.as_u16();
                    wrong.push(format!(
                        "{} {} [{place_name}] {person}: {got} ({status}), the table says {expected}",
                        block.method, block.path
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{engine}: {} of {asked} answers differ:\n{}", wrong.len(), wrong.join("\n"));
    asked
}

/// What is read, and every form that is refused, on PostgreSQL too: rights are asked by statements.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_answers_as_the_table_says_too() {
    let Some(db) = support::world::db::postgres().await else { return };
    let blocks = read(include_str!("rights.txt"));
    let seed = Seed::plant_on(Site::on(support::Test::on(db)), 1).await;
    let asked = ask_all(&seed, &seed.site, &blocks, |block, answer| block.method == "POST" && answer == "ok").await;
    assert!(asked > 1000, "only {asked} questions were asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_door_answers_each_role_as_the_table_says() {
    let blocks = read(include_str!("rights.txt"));
    let doors = server::doors::all();

    // Every door is in the table, and everything in the table is a door.
    let name = |m: server::doors::Method| format!("{m:?}").to_uppercase();
    let listed: BTreeSet<(String, String)> = blocks.iter().map(|b| (b.method.clone(), shape(&b.path))).collect();
    let there: BTreeSet<(String, String)> = doors.iter().map(|d| (name(d.method), shape(d.path))).collect();
    let missing: Vec<_> = there.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(missing.is_empty(), "doors that rights.txt does not list: {missing:#?}");
    assert!(gone.is_empty(), "rights.txt lists what is no door: {gone:#?}");

    let seed = Seed::plant().await;
    let reading = seed.copy().await;
    let asked = ask_all(&seed, &reading, &blocks, |_, _| false).await;
    assert!(asked > 1000, "only {asked} questions were asked");
}
