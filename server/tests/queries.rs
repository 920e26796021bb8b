//! Every page × how many statements it asks, compared with a table written by hand (`queries.txt`). The same house is
//! asked twice: once with two of each thing, once with seven. A door that is not in the table fails, and so does a page
//! that asks more statements because there is more on it, or more than the table allows.

mod seeded;
mod support;

use std::collections::BTreeSet;

use axum::body::Body;
use seeded::{Seed, shape};
use server::doors::Method;

/// What the table expects of a page.
#[derive(Debug, PartialEq, Eq)]
enum Shows {
    /// These words, once more for each more of a thing.
    More(String),
    /// The same, however much there is.
    Same,
    /// Nothing: there is no such file.
    Gone,
    /// A stream, which never ends: its first line is not waited for.
    Stream,
    /// A line that only a socket opens: a plain request is refused after everything was asked.
    Line,
}

/// One line of the table.
#[derive(Debug)]
struct Case {
    path: String,
    place: String,
    who: String,
    most: usize,
    shows: Shows,
}

/// Reads the table: `path | place | who | most statements | what there is more of`.
fn read(text: &str) -> Vec<Case> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            let [path, place, who, most, shows] = parts[..] else { panic!("five columns: {line}") };
            Case {
                path: path.to_owned(),
                place: place.to_owned(),
                who: who.to_owned(),
                most: most.parse().unwrap_or_else(|_| panic!("a number of statements: {line}")),
                shows: match shows {
                    "-" => Shows::Same,
                    "gone" => Shows::Gone,
                    "stream" => Shows::Stream,
                    "line" => Shows::Line,
                    words => Shows::More(words.to_owned()),
                },
            }
        })
        .collect()
}

/// What one page asked and showed.
struct Seen {
    status: u16,
    body: String,
    asked: Vec<&'static str>,
}

async fn look(seed: &Seed, case: &Case) -> Seen {
    let path = seed.place(&case.place).fill(&case.path);
    assert!(!path.contains('{'), "{path} names something that the place does not have");
    let session = seed.session(&case.place, &case.who);
    let (answer, asked) = if case.shows == Shows::Stream {
        store::trace::of(seed.site.get_status(&session, &path)).await
    } else {
        store::trace::of(seed.site.get(&session, &path)).await
    };
    Seen { status: answer.status.as_u16(), body: answer.body, asked }
}

/// A house with so many of each thing. The settings have been read: they are kept for a few seconds, and whose page
/// reads them is chance.
async fn house(many: u32) -> Seed {
    let seed = Seed::plant_many(many).await;
    seed.grow(many).await;
    let (_, asked) = store::trace::of(seed.site.get("", "/help")).await;
    assert_eq!(asked.len(), 1, "the first page reads the settings: {asked:?}");
    seed
}

/// The statements that `more` has and `less` has not: what was asked once for each line.
fn repeated<'a>(less: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let mut left = less.to_vec();
    more.iter()
        .filter(|sql| match left.iter().position(|l| l == *sql) {
            Some(at) => {
                left.remove(at);
                false
            }
            None => true,
        })
        .copied()
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_asks_more_because_there_is_more_on_it() {
    let cases = read(include_str!("queries.txt"));
    let doors: BTreeSet<String> =
        server::doors::all().iter().filter(|d| d.method == Method::Get).map(|d| shape(d.path)).collect();
    let listed: BTreeSet<String> = cases.iter().map(|c| shape(&c.path)).collect();
    let missing: Vec<_> = doors.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&doors).collect();
    assert!(missing.is_empty(), "pages that queries.txt does not list: {missing:#?}");
    assert!(gone.is_empty(), "queries.txt lists what is no page: {gone:#?}");

    let (few, many) = (house(2).await, house(7).await);
    let mut wrong = Vec::new();
    for case in &cases {
        let (less, more) = (look(&few, case).await, look(&many, case).await);
        let of = format!("{} [{}] {}", case.path, case.place, case.who);
        let expected = match case.shows {
            Shows::Gone => 404,
            Shows::Line => 400,
            _ => 200,
        };
        if (less.status, more.status) != (expected, expected) {
            wrong.push(format!("{of}: answered {} and {}", less.status, more.status));
            continue;
        }
        if less.asked.len() != more.asked.len() {
            wrong.push(format!(
                "{of}: {} statements with few, {} with many; asked again for each: {:#?}",
                less.asked.len(),
                more.asked.len(),
                repeated(&less.asked, &more.asked)
            ));
        }
        if more.asked.len() > case.most {
            wrong.push(format!("{of}: {} statements, the table allows {}", more.asked.len(), case.most));
        }
        // Whoever is signed in is looked up (two statements), and a list comes from the database.
        let least = usize::from(matches!(case.shows, Shows::More(_))) + if case.who == "nobody" { 0 } else { 2 };
        if case.shows != Shows::Gone && more.asked.len() < least {
            wrong.push(format!("{of}: only {} statements were seen", more.asked.len()));
        }
        match &case.shows {
            Shows::More(words) => {
                let count = |seen: &Seen| seen.body.matches(words.as_str()).count();
                if count(&less) == 0 || count(&more) <= count(&less) {
                    let (less, more) = (count(&less), count(&more));
                    wrong.push(format!("{of}: shows “{words}” {less} times with few and {more} times with many"));
                }
            }
            // Whatever has no list has as many tags as before; otherwise the table must say what there is more of.
            Shows::Same => {
                let tags = |seen: &Seen| seen.body.matches('<').count();
                if tags(&less) != tags(&more) {
                    wrong.push(format!("{of}: there is more on it, so the table must name it"));
                }
            }
            Shows::Gone | Shows::Stream | Shows::Line => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {} pages:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The gate itself: statements are seen through the whole router, and one more for each line would be noticed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_is_seen_through_the_whole_program() {
    let seed = Seed::plant().await;
    let session = seed.session("open", "member");
    let page = seed.place("open").fill("/designs/{design}");
    let (answer, asked) = store::trace::of(async {
        let request = axum::http::Request::get(&page).header("cookie", format!("tandem-session={session}"));
        seed.site.call(request.body(Body::empty()).expect("a request")).await
    })
    .await;
    assert_eq!(answer.status, 200);
    for part in ["from sessions", "from memberships", "from designs", "from sections", "from comments"] {
        assert!(asked.iter().any(|sql| sql.contains(part)), "{part} is not in {asked:#?}");
    }
    let twice: Vec<&str> = asked.iter().chain(&asked).copied().collect();
    assert_eq!(repeated(&asked, &twice), asked);
    assert!(repeated(&asked, &asked).is_empty());
}
