//! `tandem import polis DIR --workspace W`: a conversation that was held with Polis, as Polis exports it.
//!
//! Read are `comments.csv` (the statements), `votes.csv` (who agrees, passes, disagrees: a later row of the same person and
//! statement replaces an earlier one) and the topic in `summary.csv`. Of the people only a number comes along, and that
//! means nothing here. The whole folder is read before anything is written: a broken file changes nothing.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};
use domain::comments::{CommentState, Stance};
use domain::moment::Moment;
use domain::words::{BadWords, CommentWords, Heading, Title};
use service::Refused;
use service::comments::{ImportedStatement, ImportedTalk, Stood};

use crate::commands::{Settings, voice};

/// The heading of the one section that the statements are about.
const HEADING: &str = "What people said";
/// A line of progress after so many answers.
const A_STEP: usize = 5000;

/// Read a conversation that Polis exported, as the comments of a new design
#[derive(Debug, Args)]
pub struct Polis {
    /// The folder with comments.csv, votes.csv and summary.csv
    folder: PathBuf,
    /// The end of the workspace's address: for /workspaces/buses-abcd it is buses-abcd
    #[arg(long)]
    workspace: String,
    /// The title of the new design [default: the topic in summary.csv]
    #[arg(long)]
    title: Option<String>,
    /// One JSON document on standard output
    #[arg(long)]
    json: bool,
}

impl Polis {
    /// Reads the folder and brings the conversation in.
    ///
    /// # Errors
    /// A sentence for the person at the keyboard; then nothing was written.
    pub async fn run(self, settings: &Settings) -> Result<(), String> {
        let talk = read(&self.folder, self.title.as_deref())?;
        let (statements, answers) = (talk.statements.len(), talk.stances.len());
        voice::progress(&format!("  {statements} statements and {answers} answers are read"));
        let service = settings.service_without_keys().await?;
        let progress = |done: usize| {
            if done.is_multiple_of(A_STEP) {
                voice::progress(&format!("  {done} of {answers} answers are in"));
            }
        };
        let made = service.import_talk(&self.workspace, &talk, progress).await;
        service.store().close().await;
        let made = made.map_err(|e| refused(&self.workspace, talk.topic.as_str(), e))?;
        if self.json {
            return voice::json(&made);
        }
        voice::answer(&format!("“{}” is at {}/designs/{}", talk.topic, settings.public_url(), made.design));
        voice::answer(&format!(
            "Statements: {} that everybody sees, {} that wait to be checked, {} that were taken away there.",
            made.published, made.held, made.hidden
        ));
        voice::answer(&format!("Answers (agree, pass, disagree): {}.", made.stances));
        Ok(())
    }
}

fn refused(workspace: &str, topic: &str, e: Refused) -> String {
    match e {
        Refused::Unknown => format!(
            "There is no workspace at /workspaces/{workspace}. Open the workspace in the browser and copy the end of its address."
        ),
        Refused::MovedOn("imported-already") => format!(
            "“{topic}” was brought into this workspace before. Nothing was changed. To have it there once more, give it \
             another name with --title."
        ),
        other => format!("Nothing was imported: {other}."),
    }
}

/// One file while it is read: says where something is wrong.
struct Table {
    name: &'static str,
    rows: Reader<File>,
    columns: StringRecord,
}

impl Table {
    fn open(folder: &Path, name: &'static str) -> Result<Self, String> {
        let path = folder.join(name);
        let file = File::open(&path).map_err(|e| {
            format!("{} cannot be read: {e}. Give the folder that Polis exported: it has {name}.", path.display())
        })?;
        let mut rows = ReaderBuilder::new().from_reader(file);
        let columns = rows.headers().map_err(|e| broken(name, &e))?.clone();
        Ok(Self { name, rows, columns })
    }

    fn column(&self, wanted: &str) -> Result<usize, String> {
        // A program that wrote the file may have put its mark before the first letter.
        let at = self.columns.iter().position(|c| c.trim_start_matches('\u{feff}').trim() == wanted);
        at.ok_or_else(|| format!("{}, line 1: there is no column called {wanted}.", self.name))
    }

    /// Calls `each` with every row; what it finds wrong is told with its line.
    fn each(mut self, mut each: impl FnMut(&StringRecord) -> Result<(), String>) -> Result<(), String> {
        let mut row = StringRecord::new();
        while self.rows.read_record(&mut row).map_err(|e| broken(self.name, &e))? {
            let line = row.position().map_or(0, csv::Position::line);
            each(&row).map_err(|what| format!("{}, line {line}: {what}", self.name))?;
        }
        Ok(())
    }
}

fn broken(name: &str, e: &csv::Error) -> String {
    let line = e.position().map_or(1, csv::Position::line);
    let what = match e.kind() {
        ErrorKind::Utf8 { .. } => "this is not text in UTF-8.".to_owned(),
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} columns and the first line has {expected_len}. Is a quotation mark missing?")
        }
        other => format!("it cannot be read: {other:?}."),
    };
    format!("{name}, line {line}: {what}")
}

fn number(row: &StringRecord, at: usize, name: &str) -> Result<i64, String> {
    let typed = row.get(at).unwrap_or_default().trim();
    typed.parse().map_err(|_| format!("{name} is “{}”, which is no whole number.", short(typed)))
}

/// The start of something, so that a broken file does not fill the screen.
fn short(words: &str) -> String {
    let start: String = words.chars().take(20).collect();
    if start.len() < words.len() { format!("{start}…") } else { start }
}

fn words(bad: BadWords) -> String {
    match bad {
        BadWords::Empty => "the statement has no words.".to_owned(),
        BadWords::TooLong { max } => {
            format!(
                "the statement is longer than {max} characters, the most a comment can have. Make it shorter in the file."
            )
        }
        BadWords::NotText => "the statement has signs that cannot be shown.".to_owned(),
    }
}

/// Reads a folder that Polis exported.
///
/// # Errors
/// A sentence that names the file, the line and what is wrong with it.
pub fn read(folder: &Path, title: Option<&str>) -> Result<ImportedTalk, String> {
    let topic = match title {
        Some(title) => title.to_owned(),
        None => topic(folder)?,
    };
    let topic = Title::parse(&topic).map_err(|bad| match bad {
        BadWords::TooLong { max } => {
            format!("The title is longer than {max} characters. Give a shorter one with --title.")
        }
        _ => "The title has no words that can be shown. Give one with --title.".to_owned(),
    })?;
    let heading = Heading::parse(HEADING).map_err(|e| e.to_string())?;
    let (statements, numbers) = statements(folder)?;
    let stances = stances(folder, &numbers)?;
    Ok(ImportedTalk { topic, heading, statements, stances })
}

/// `summary.csv` has a name and a value on each line.
fn topic(folder: &Path) -> Result<String, String> {
    const NAME: &str = "summary.csv";
    let path = folder.join(NAME);
    let mut rows = ReaderBuilder::new().has_headers(false).flexible(true).from_path(&path).map_err(|_| {
        format!("{} cannot be read, so the conversation has no title. Give one with --title.", path.display())
    })?;
    for row in rows.records() {
        let row = row.map_err(|e| broken(NAME, &e))?;
        if row.get(0).is_some_and(|name| name.trim_start_matches('\u{feff}').trim() == "topic") {
            return Ok(row.get(1).unwrap_or_default().to_owned());
        }
    }
    Err(format!("{NAME} says no topic. Give the new design a title with --title."))
}

/// The statements, and the line of each number.
type Statements = (Vec<ImportedStatement>, HashMap<i64, u64>);

fn statements(folder: &Path) -> Result<Statements, String> {
    let table = Table::open(folder, "comments.csv")?;
    let (at, id, moderated, body) = (
        table.column("timestamp")?,
        table.column("comment-id")?,
        table.column("moderated")?,
        table.column("comment-body")?,
    );
    let (mut all, mut numbers) = (Vec::new(), HashMap::new());
    table.each(|row| {
        let millis = number(row, at, "timestamp")?;
        let made_at = millis.checked_mul(1000).filter(|m| *m >= 0).map(Moment);
        let made_at = made_at.ok_or_else(|| format!("timestamp is {millis}, which is no time in milliseconds."))?;
        let number = number(row, id, "comment-id")?;
        let state = match row.get(moderated).unwrap_or_default().trim() {
            "1" => CommentState::Published,
            "0" => CommentState::Held,
            "-1" => CommentState::HiddenByModerator,
            other => return Err(format!("moderated is “{}”. It can be 1, 0 or -1.", short(other))),
        };
        let line = row.position().map_or(0, csv::Position::line);
        if let Some(before) = numbers.insert(number, line) {
            return Err(format!("comment-id {number} stands in line {before} already."));
        }
        let words = CommentWords::parse(row.get(body).unwrap_or_default()).map_err(words)?;
        all.push(ImportedStatement { number, words, state, made_at });
        Ok(())
    })?;
    if all.is_empty() { Err("comments.csv has no statements.".to_owned()) } else { Ok((all, numbers)) }
}

fn stances(folder: &Path, numbers: &HashMap<i64, u64>) -> Result<Vec<Stood>, String> {
    let table = Table::open(folder, "votes.csv")?;
    let (id, who, vote) = (table.column("comment-id")?, table.column("voter-id")?, table.column("vote")?);
    let (mut all, mut places): (Vec<Stood>, HashMap<(i64, i64), usize>) = (Vec::new(), HashMap::new());
    table.each(|row| {
        let (statement, voter) = (number(row, id, "comment-id")?, number(row, who, "voter-id")?);
        if !numbers.contains_key(&statement) {
            return Err(format!("comment-id {statement} is not in comments.csv."));
        }
        let stance = match row.get(vote).unwrap_or_default().trim() {
            "1" => Stance::Agree,
            "0" => Stance::Pass,
            "-1" => Stance::Disagree,
            other => return Err(format!("vote is “{}”. It can be 1, 0 or -1.", short(other))),
        };
        let place = *places.entry((statement, voter)).or_insert(all.len());
        match all.get_mut(place) {
            Some(before) => before.stance = stance,
            None => all.push(Stood { statement, voter, stance }),
        }
        Ok(())
    })?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that goes away with this value.
    struct Folder(PathBuf);

    impl Folder {
        fn with(name: &str, files: &[(&str, &[u8])]) -> Self {
            let path = std::env::temp_dir().join(format!("tandem_polis_{name}_{}", std::process::id()));
            std::fs::create_dir_all(&path).expect("a temporary folder");
            for (name, bytes) in files {
                std::fs::write(path.join(name), bytes).expect("written");
            }
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    const SUMMARY: &[u8] = b"topic,Buses that wait\nurl,https://example.org\n";
    const COMMENTS: &[u8] = b"timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n\
        1564963436360,Sun Aug 04,4,1,0,0,1,\"Later buses,\nplease: \"\"all\"\" of them\"\n\
        1564963436361,Sun Aug 04,5,1,0,0,0,More shelters\n\
        1564963436362,Sun Aug 04,6,2,0,0,-1,Rude words\n";
    const VOTES: &[u8] = b"timestamp,datetime,comment-id,voter-id,vote\n1,x,4,1,1\n2,x,4,2,-1\n3,x,4,1,0\n3,x,5,1,1\n";

    #[test]
    fn a_conversation_is_read_with_line_breaks_states_times_and_replaced_votes() {
        let marked = [b"\xef\xbb\xbf".as_slice(), COMMENTS].concat();
        for (name, comments) in [("good", COMMENTS), ("marked", &marked)] {
            let folder =
                Folder::with(name, &[("summary.csv", SUMMARY), ("comments.csv", comments), ("votes.csv", VOTES)]);
            let talk = read(&folder.0, None).expect("read");
            assert_eq!(talk.topic.as_str(), "Buses that wait");
            let first = &talk.statements[0];
            assert_eq!(first.words.as_str(), "Later buses,\nplease: \"all\" of them");
            assert_eq!(first.made_at, Moment(1_564_963_436_360_000));
            let states: Vec<_> = talk.statements.iter().map(|s| (s.number, s.state)).collect();
            use CommentState::{Held, HiddenByModerator, Published};
            assert_eq!(states, [(4, Published), (5, Held), (6, HiddenByModerator)]);
            let stances: Vec<_> = talk.stances.iter().map(|s| (s.statement, s.voter, s.stance)).collect();
            use Stance::{Agree, Disagree, Pass};
            assert_eq!(stances, [(4, 1, Pass), (4, 2, Disagree), (5, 1, Agree)]);
        }
        let folder = Folder::with("title", &[("comments.csv", COMMENTS), ("votes.csv", VOTES)]);
        assert_eq!(read(&folder.0, Some("Another name")).expect("read").topic.as_str(), "Another name");
        assert!(read(&folder.0, None).expect_err("no title").contains("--title"));
    }

    #[test]
    fn a_broken_file_is_told_with_its_line_and_what_is_wrong() {
        let long = "x".repeat(CommentWords::MAX + 1);
        let add = |file: &[u8], line: &str| [file, line.as_bytes(), b"\n"].concat();
        let bad: Vec<(Vec<u8>, Vec<u8>, &str)> = vec![
            (add(COMMENTS, "1,x,7,1,0,0,1"), VOTES.into(), "comments.csv, line 6: it has 7 columns"),
            (add(COMMENTS, "1,x,7,1,0,0,1,\"open"), VOTES.into(), "fine"),
            (add(COMMENTS, "1,x,seven,1,0,0,1,w"), VOTES.into(), "comments.csv, line 6: comment-id is “seven”"),
            (add(COMMENTS, "1,x,7,1,0,0,2,w"), VOTES.into(), "comments.csv, line 6: moderated is “2”"),
            (add(COMMENTS, "1,x,4,1,0,0,1,w"), VOTES.into(), "line 6: comment-id 4 stands in line 2 already"),
            (add(COMMENTS, "noon,x,7,1,0,0,1,w"), VOTES.into(), "comments.csv, line 6: timestamp is “noon”"),
            (add(COMMENTS, "-1,x,7,1,0,0,1,w"), VOTES.into(), "comments.csv, line 6: timestamp is -1"),
            (
                add(COMMENTS, "9223372036854775807,x,7,1,0,0,1,w"),
                VOTES.into(),
                "line 6: timestamp is 9223372036854775807",
            ),
            (
                add(COMMENTS, &format!("1,x,7,1,0,0,1,{long}")),
                VOTES.into(),
                "line 6: the statement is longer than 4000",
            ),
            (add(COMMENTS, "1,x,7,1,0,0,1,  "), VOTES.into(), "comments.csv, line 6: the statement has no words"),
            (add(COMMENTS, "1,x,7,1,0,0,1,a\u{0}b"), VOTES.into(), "line 6: the statement has signs"),
            (
                add(b"timestamp,comment-id,comment-body", "1,1,w"),
                VOTES.into(),
                "line 1: there is no column called moderated",
            ),
            ([COMMENTS, b"1,x,7,1,0,0,1,\xff\xfe\n"].concat(), VOTES.into(), "line 6: this is not text in UTF-8"),
            (COMMENTS[..79].into(), VOTES.into(), "comments.csv has no statements"),
            (Vec::new(), VOTES.into(), "comments.csv, line 1: there is no column called timestamp"),
            (COMMENTS.into(), add(VOTES, "4,x,99,1,1"), "votes.csv, line 6: comment-id 99 is not in comments.csv"),
            (COMMENTS.into(), add(VOTES, "4,x,4,1,2"), "votes.csv, line 6: vote is “2”"),
            (COMMENTS.into(), add(VOTES, "4,x,4,,1"), "votes.csv, line 6: voter-id is “”"),
            (COMMENTS.into(), add(VOTES, "4,x,4"), "votes.csv, line 6: it has 3 columns and the first line has 5"),
        ];
        for (n, (comments, votes, says)) in bad.iter().enumerate() {
            let name = format!("bad{n}");
            let files = [("summary.csv", SUMMARY), ("comments.csv", comments.as_slice()), ("votes.csv", votes)];
            let folder = Folder::with(&name, &files);
            match read(&folder.0, None) {
                // The end of the file closes a quotation mark, as every reader of such files has it.
                Ok(talk) => assert_eq!((*says, talk.statements.len()), ("fine", 4), "{n}"),
                Err(said) => assert!(said.contains(says), "{n}: “{said}” does not say “{says}”"),
            }
        }
        let none = read(Path::new("/nowhere"), Some("A title")).expect_err("no folder");
        assert!(none.contains("/nowhere/comments.csv cannot be read"), "{none}");
    }
}
