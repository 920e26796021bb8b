//! Every form, taken: it is done once however often it is sent, and what a member of staff did stands in the log of staff acts.

mod seeded;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Verb;
use domain::moment::Moment;
use futures::FutureExt as _;
use seeded::{Seed, shape};
use server::doors::Method;
use store::Store;
use support::forms::Form;
use support::{Answer, Site};

/// A line of the table.
struct Line {
    door: String,
    who: String,
    place: String,
    page: String,
    fields: Vec<(String, String)>,
    log: String,
    /// What is changed in the planted house before it.
    given: String,
}

fn read(table: &str) -> Vec<Line> {
    let mut given = String::new();
    let mut posts = Vec::new();
    for line in table.lines() {
        match line.strip_prefix("GIVEN ") {
            Some(sql) => sql.clone_into(&mut given),
            None => posts.extend(line.strip_prefix("POST ").map(|l| (l, std::mem::take(&mut given)))),
        }
    }
    posts
        .into_iter()
        .map(|(line, given)| {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            let [door, who, page, fields, log] = parts[..] else { panic!("five columns: {line}") };
            let (who, place) = who.split_once(", ").unwrap_or_else(|| panic!("who, and where: {line}"));
            let pair = |f: &str| {
                f.split_once('=').map_or((f.to_owned(), String::new()), |(n, v)| (n.to_owned(), v.to_owned()))
            };
            Line {
                door: door.to_owned(),
                who: who.to_owned(),
                place: place.to_owned(),
                page: if page.is_empty() { door } else { page }.to_owned(),
                fields: fields.split('&').filter(|f| !f.is_empty()).map(pair).collect(),
                log: log.to_owned(),
                given,
            }
        })
        .collect()
}

/// Every row of every table, but for when somebody was last here.
async fn rows(site: &Site) -> BTreeMap<String, Vec<String>> {
    let Store::Sqlite { writer, .. } = site.test.service.store() else { panic!("planted on SQLite") };
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select t.name, group_concat('quote(\"' || c.name || '\")', ' || '', '' || ') from sqlite_master t \
         join pragma_table_info(t.name) c where t.type = 'table' and t.name not like 'sqlite_%' and c.name not in ('seen_at') \
         group by t.name",
    )
    .fetch_all(writer)
    .await
    .expect("tables");
    let mut out = BTreeMap::new();
    for (table, row) in columns {
        let all = sqlx::AssertSqlSafe(format!("select {row} from \"{table}\" order by 1"));
        out.insert(table, sqlx::query_scalar(all).fetch_all(writer).await.expect("rows"));
    }
    out
}

/// What the log says after its first `known` lines.
async fn log(site: &Site, known: i64) -> Vec<String> {
    let Store::Sqlite { writer, .. } = site.test.service.store() else { panic!("planted on SQLite") };
    let lines: Vec<(String, String, String)> =
        sqlx::query_as("select verb, object_kind, detail from audit where seq > $1 order by seq")
            .bind(known)
            .fetch_all(writer)
            .await
            .expect("lines");
    // Which one it was is another each time.
    let told = |detail: &str| {
        let word = |w: &str| match w.split_once('=') {
            Some((name, id)) if id.parse::<uuid::Uuid>().is_ok() => format!("{name}=…"),
            _ => w.to_owned(),
        };
        detail.split(' ').map(word).collect::<Vec<_>>().join(" ")
    };
    lines.into_iter().map(|(verb, kind, detail)| format!("{verb} {kind} {}", told(&detail)).trim().to_owned()).collect()
}

/// Sends the form of a line from its page twice; what the log has after the first, and what the second one changed.
async fn send(seed: &Seed, line: &Line) -> Result<(String, String), String> {
    let site = seed.copy().await;
    // A copy begins to count its ids again: past those that the house was planted with.
    for _ in 0..2000 {
        site.test.service.new_id::<uuid::Uuid>();
    }
    let fill = |text: &str| {
        let own = seed.place(&line.place).fill(text);
        ["open", "house"].iter().fold(own, |text, place| {
            seed.place(place).names().iter().fold(text, |text, (n, v)| text.replace(&format!("{{{place}.{n}}}"), v))
        })
    };
    for sql in line.given.split("; ").filter(|s| !s.is_empty()) {
        let Store::Sqlite { writer, .. } = site.test.service.store() else { panic!("planted on SQLite") };
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(writer).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
    let (page, door) = (fill(&line.page), fill(&line.door));
    let session = seed.session(&line.place, &line.who);
    let answer = site.get(&session, &page).await;
    if answer.status != 200 {
        return Err(format!("the page answers {}", answer.status));
    }
    let of = |path: &str| path.split('?').next().unwrap_or_default().to_owned();
    let fits = |f: &Form| line.fields.iter().all(|(n, v)| f.fits(n.trim_start_matches('-'), &fill(v)));
    let form = answer.forms().into_iter().find(|f| of(&f.action) == door && fits(f));
    let Some(mut form) = form else {
        return Err(format!("no form for {door} with these fields: {:?}", answer.forms()));
    };
    for (name, value) in &line.fields {
        form = match name.strip_prefix('-') {
            Some(name) => form.untick(name),
            // Any that is offered.
            None if value == "*" => {
                let first = form.offers(name).iter().find(|o| !o.is_empty()).cloned().unwrap_or_default();
                form.set(name, &first)
            }
            None => form.set(name, &fill(value)),
        };
    }
    let known = i64::try_from(log(&site, 0).await.len()).expect("few");
    let taken = |answer: &Answer| answer.status == 303 || answer.status == 200 && !answer.has("field-error");
    let first = form.send(&site, &session).await;
    if !taken(&first) {
        return Err(format!("{}: {}", first.status, first.body));
    }
    let (said, before) = (log(&site, known).await.join("; "), rows(&site).await);
    site.test.pass(Moment::SECOND);
    let second = form.send(&site, &session).await;
    let after = rows(&site).await;
    let mut more = Vec::new();
    for (table, rows) in &after {
        let new = rows.iter().filter(|r| !before[table].contains(r)).map(|r| format!("{table}: {r}"));
        more.extend(new);
        more.extend((rows.len() < before[table].len()).then(|| format!("{table}: a row less")));
    }
    if second.status.is_server_error() {
        return Err(format!("the second one: {}", second.status));
    }
    Ok((if said.is_empty() { "-".to_owned() } else { said }, more.join(", ")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_done_once_and_staff_leave_their_line() {
    let seed = Seed::plant().await;
    let lines = read(include_str!("accepted.txt"));
    let mut wrong = Vec::new();
    for line in &lines {
        let name = format!("POST {} as {} in {}, {:?}", line.door, line.who, line.place, line.fields);
        let sent = std::panic::AssertUnwindSafe(send(&seed, line)).catch_unwind().await;
        match sent.unwrap_or_else(|_| Err("see the panic above".to_owned())) {
            Err(e) => wrong.push(format!("{name}: {}", e.chars().take(3000).collect::<String>())),
            Ok((said, more)) => {
                if said != line.log {
                    wrong.push(format!("{name}: the log says “{said}”, the table “{}”", line.log));
                }
                if !more.is_empty() {
                    wrong.push(format!("{name}: sent twice, {more}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}

#[test]
fn every_form_and_every_verb_is_in_the_table() {
    let table = include_str!("accepted.txt");
    let lines = read(table);
    let doors: BTreeSet<String> = lines.iter().map(|l| shape(&l.door)).collect();
    let left: BTreeSet<String> =
        table.lines().filter_map(|l| l.strip_prefix("ELSEWHERE ")).map(|l| shape(first(l))).collect();
    let all = server::doors::all();
    let posts: BTreeSet<String> = all.iter().filter(|d| d.method == Method::Post).map(|d| shape(d.path)).collect();
    let missing: Vec<_> = posts.iter().filter(|d| !doors.contains(*d) && !left.contains(*d)).collect();
    assert!(missing.is_empty(), "nobody sends these: {missing:?}");
    assert!(doors.union(&left).all(|d| posts.contains(d)), "there is no such form any more: {doors:?} {left:?}");
    // A verb either leaves a line somewhere above, or the table says why it leaves none.
    let logged: BTreeSet<&str> = lines.iter().flat_map(|l| l.log.split("; ")).map(first).collect();
    let silent: BTreeSet<&str> = table.lines().filter_map(|l| l.strip_prefix("NOTHING ")).map(first).collect();
    let names = Verb::ALL.iter().map(|v| v.name());
    let open: Vec<_> = names.filter(|n| logged.contains(n) == silent.contains(n)).collect();
    assert!(open.is_empty(), "either these are logged, or the table says why not: {open:?}");
    assert!(silent.iter().all(|s| Verb::ALL.iter().any(|v| v.name() == *s)), "{silent:?}");
}

/// The first word of a line.
fn first(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}
