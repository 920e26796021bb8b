//! What the demo says: the files in `server/demo`, read. Writers change those, not this.
//!
//! Days are days before now; a negative day lies ahead. Everybody is named by the name others see.

use std::collections::BTreeMap;

use domain::actions::DidItWork;
use domain::comments::CommentKind;
use domain::decisions::Hand;
use domain::designs::suggestions::{SuggestionAnswer, SuggestionKind};
use domain::safety::ReportWhy;
use serde::Deserialize;

/// Everything.
#[derive(Debug)]
pub struct Content {
    /// People and groups.
    pub people: People,
    /// One story a workspace.
    pub stories: Vec<Story>,
}

/// `people.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// Settings of the organisation, by name.
    pub council: BTreeMap<String, String>,
    /// The groups.
    pub groups: Vec<Group>,
    /// By role, by name: the groups they are in, as `key:role in group`.
    pub people: BTreeMap<String, toml::Table>,
    /// The teams of staff.
    pub teams: BTreeMap<String, String>,
    /// Ways to start a design that staff made.
    pub templates: Vec<Template>,
}

/// A way to start a design.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Who made it.
    pub by: String,
    /// What it is called.
    pub name: String,
    /// Its headings.
    pub headings: Vec<String>,
}

/// A group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What the other files call it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Who may know of it.
    pub visibility: String,
    /// Its colour.
    pub colour: String,
    /// Its symbol.
    pub symbol: String,
    /// How words are checked.
    pub checking: String,
    /// What it is for.
    pub purpose: String,
}

/// Somebody of the demo.
#[derive(Debug, Clone)]
pub struct Person {
    /// The name others see.
    pub name: String,
    /// What they are.
    pub role: String,
    /// The groups they are in: key, and what they are in it.
    pub groups: Vec<(String, String)>,
}

/// A workspace, from first idea to where it stands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// Its title.
    pub title: String,
    /// What it is, in a sentence or two.
    pub summary: String,
    /// What it starts from.
    pub template: String,
    /// Its symbol.
    pub symbol: String,
    /// Keys of its groups.
    pub groups: Vec<String>,
    /// Who opened it.
    pub by: String,
    /// When.
    pub day: i64,
    /// Who decides about suggestions, where somebody has said so.
    pub deciders: Option<String>,
    /// Its promise.
    pub promise: Promise,
    /// Its designs.
    #[serde(default)]
    pub designs: Vec<Design>,
}

/// A promise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// Who wrote it.
    pub by: String,
    /// How it was agreed: `half`, `lead`, or still `waiting`.
    pub agreed: Agreed,
    /// Who agreed to one that is waiting.
    #[serde(default)]
    pub agreed_by: Vec<String>,
    /// What this is for.
    pub what_for: String,
    /// What can change.
    pub can_change: String,
    /// What cannot, and why.
    pub cannot_change: String,
    /// Who decides.
    pub who_decides: String,
    /// The money.
    pub money: String,
    /// When you will hear.
    pub hear_when: String,
}

/// How a promise was agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Agreed {
    /// Half the members pressed agree.
    Half,
    /// The lead agreed it after seven days.
    Lead,
    /// Not yet.
    Waiting,
}

/// A design.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// Its title.
    pub title: String,
    /// Who started it.
    pub by: String,
    /// When.
    pub day: i64,
    /// Its moves, oldest first.
    pub moves: Vec<Move>,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// Its versions that somebody made by hand: name, day, by whom, why.
    #[serde(default)]
    pub versions: Vec<(String, i64, String, String)>,
    /// Its votes.
    #[serde(default)]
    pub votes: Vec<Vote>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// What the council does about it.
    #[serde(default)]
    pub actions: Vec<Action>,
}

/// A move to another stage: stage, day, who, and why where a reason is asked for.
#[derive(Debug, Deserialize)]
#[serde(from = "MoveLine")]
pub struct Move {
    /// To which stage.
    pub to: String,
    /// When.
    pub day: i64,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum MoveLine {
    Plain(String, i64, String),
    WithReason(String, i64, String, String),
}

impl From<MoveLine> for Move {
    fn from(line: MoveLine) -> Self {
        match line {
            MoveLine::Plain(to, day, by) => Self { to, day, by, reason: String::new() },
            MoveLine::WithReason(to, day, by, reason) => Self { to, day, by, reason },
        }
    }
}

/// A section and what people said about it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Who wrote it.
    pub by: String,
    /// Its words.
    pub words: String,
    /// What it became later: day, by whom, the words.
    #[serde(default)]
    pub later: Vec<(i64, String, String)>,
    /// What people said about it.
    #[serde(default)]
    pub talk: Talk,
    /// The pictures that people put into it.
    #[serde(default)]
    pub pictures: Vec<Drawing>,
    /// What people suggest for its words.
    #[serde(default)]
    pub suggestions: Vec<Suggestion>,
    /// What somebody finds wrong with its words.
    #[serde(default)]
    pub reports: Vec<Report>,
}

/// A picture that somebody put into a section.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// Who.
    pub by: String,
    /// When.
    pub day: i64,
    /// Which: a file in `server/demo`.
    pub file: String,
    /// What it shows.
    pub shows: String,
}

impl Drawing {
    /// Its bytes.
    pub fn bytes(&self) -> Option<&'static [u8]> {
        DRAWINGS.iter().find(|(file, _)| *file == self.file).map(|(_, bytes)| *bytes)
    }
}

/// Somebody finds the words of a section wrong.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Who.
    pub by: String,
    /// When.
    pub day: i64,
    /// What it is.
    pub why: ReportWhy,
    /// More about it.
    #[serde(default)]
    pub words: String,
    /// By whom it was answered an hour later, what became of it, and what was said.
    pub answer: Option<(String, String, String)>,
}

/// What somebody suggests for the words of a section.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suggestion {
    /// Who.
    pub by: String,
    /// When.
    pub day: i64,
    /// What it does.
    #[serde(deserialize_with = "named")]
    pub kind: SuggestionKind,
    /// The exact words it is about, which stand in the section once; empty for the whole of it.
    #[serde(default)]
    pub picked: String,
    /// What it should say.
    #[serde(default)]
    pub words: String,
    /// Why.
    pub why: String,
    /// Nobody has checked it yet.
    #[serde(default)]
    pub held: bool,
    /// Who wants it too.
    #[serde(default)]
    pub support: Vec<String>,
    /// What those who decide say the day after: behind `accept-changed` the words, behind `not-accept` the reason.
    #[serde(default)]
    pub answers: Lines<SuggestionAnswer>,
    /// What its author does then: `withdrawn`, or the words of the idea they make of it.
    pub then: Option<String>,
    /// Who changes the section under it then, and which words to which.
    pub overwritten: Option<[String; 3]>,
}

fn named<'de, D: serde::Deserializer<'de>>(from: D) -> Result<SuggestionKind, D::Error> {
    let word = String::deserialize(from)?;
    word.parse().map_err(|_| serde::de::Error::custom(format!("no kind of suggestion: {word}")))
}

/// Comments, a line each.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct Talk(pub Vec<Said>);

/// One comment.
#[derive(Debug)]
pub struct Said {
    /// It answers the last comment that is no answer.
    pub answer: bool,
    /// What it says first.
    pub kind: CommentKind,
    /// Who wrote it.
    pub by: String,
    /// Its words.
    pub words: String,
}

impl TryFrom<String> for Talk {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let mut out = Vec::new();
        for line in text.lines().filter(|l| !l.trim().is_empty()) {
            let (answer, rest) = line.strip_prefix("> ").map_or((false, line), |rest| (true, rest));
            let kind = match rest.chars().next() {
                Some('+') => CommentKind::Like,
                Some('!') => CommentKind::Worry,
                Some('?') => CommentKind::Question,
                Some('*') => CommentKind::Idea,
                _ => return Err(format!("a comment starts with + ! ? or *: {line}")),
            };
            let (by, words) =
                rest[1..].split_once(':').ok_or_else(|| format!("a comment has a name and a colon: {line}"))?;
            if answer && out.is_empty() {
                return Err(format!("there is nothing to answer: {line}"));
            }
            out.push(Said { answer, kind, by: by.trim().to_owned(), words: words.trim().to_owned() });
        }
        Ok(Self(out))
    }
}

/// A show of hands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    /// The question.
    pub question: String,
    /// What it means.
    pub explanation: String,
    /// Who opened it.
    pub by: String,
    /// When it opens.
    pub opens: i64,
    /// When it closes.
    pub closes: i64,
    /// When it passes.
    pub rule: String,
    /// Percent of the roll.
    pub quorum: i64,
    /// The hands.
    pub hands: Lines<Hand>,
}

/// Lines of a word, a name and a reason.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String", bound(deserialize = "T: std::str::FromStr"))]
pub struct Lines<T>(pub Vec<(T, String, String)>);

impl<T> Default for Lines<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: std::str::FromStr> TryFrom<String> for Lines<T> {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.lines()
            .filter(|l| !l.trim().is_empty())
            .map(|line| {
                let (head, words) = line.split_once(':').ok_or_else(|| format!("a name and a colon: {line}"))?;
                let (word, name) = head.split_once(' ').ok_or_else(|| format!("a word and a name: {line}"))?;
                let word = word.parse().map_err(|_| format!("not a known word: {line}"))?;
                Ok((word, name.trim().to_owned(), words.trim().to_owned()))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// What was decided.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// When it was written.
    pub day: i64,
    /// By whom.
    pub by: String,
    /// What was decided.
    pub words: String,
    /// Why.
    pub why: String,
    /// What happens next.
    pub next: String,
}

/// What the council does about it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What it is called.
    pub title: String,
    /// When it was made.
    pub day: i64,
    /// By whom.
    pub by: String,
    /// Who has it.
    pub owner: String,
    /// Their role.
    pub owner_role: String,
    /// Their team.
    pub team: String,
    /// The day it is due.
    pub due: i64,
    /// You said.
    pub you_said: String,
    /// We will.
    pub we_will: String,
    /// What happened, oldest first.
    #[serde(default)]
    pub updates: Vec<Update>,
    /// Whether it worked, by those who asked for it.
    #[serde(default)]
    pub worked: Lines<DidItWork>,
}

/// What happened with an action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// When.
    pub day: i64,
    /// Who wrote it.
    pub by: String,
    /// Where the action stood after it.
    pub status: String,
    /// What happened.
    pub words: String,
    /// Why, where it was changed or stopped.
    #[serde(default)]
    pub reason: String,
    /// Once it is done: those who wanted it are asked whether it worked.
    #[serde(default = "yes")]
    pub ask: bool,
}

const fn yes() -> bool {
    true
}

macro_rules! stories {
    ($($file:literal),+ $(,)?) => { &[$(($file, include_str!(concat!("../../demo/", $file)))),+] };
}

const DRAWINGS: &[(&str, &[u8])] = &[("stop-at-night.png", include_bytes!("../../demo/stop-at-night.png"))];
const PEOPLE: &str = include_str!("../../demo/people.toml");
const STORIES: &[(&str, &str)] = stories![
    "01-late-buses.toml",
    "02-school-toilets.toml",
    "03-quiet-hours.toml",
    "04-first-flat.toml",
    "05-no-bin-bags.toml",
    "06-wifi.toml",
    "07-food-waste.toml",
    "08-young-carers-card.toml",
    "09-short-breaks.toml",
    "10-vaping.toml",
    "11-crossings.toml",
    "12-plain-letters.toml",
    "13-mid-term-move.toml",
    "14-quiet-room.toml",
    "15-passport-driving.toml",
    "16-waiting-room.toml",
    "17-local-offer.toml",
    "18-skate-lights.toml",
];

impl Content {
    /// Reads the files inside the program.
    ///
    /// # Errors
    /// A sentence that names the file and the line, for whoever changed one.
    pub fn read() -> Result<Self, String> {
        let people = toml::from_str(PEOPLE).map_err(|e| format!("server/demo/people.toml: {e}"))?;
        let stories = STORIES
            .iter()
            .map(|(file, text)| toml::from_str(text).map_err(|e| format!("server/demo/{file}: {e}")))
            .collect::<Result<_, _>>()?;
        Ok(Self { people, stories })
    }

    /// Everybody, staff first, then by role and name.
    ///
    /// # Errors
    /// A sentence that names whose line is wrong.
    pub fn everybody(&self) -> Result<Vec<Person>, String> {
        let mut out = Vec::new();
        for (role, people) in &self.people.people {
            for (name, groups) in people {
                let groups = groups
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|g| {
                        let pair = g.as_str().and_then(|g| g.split_once(':'));
                        pair.map(|(key, role)| (key.to_owned(), role.to_owned()))
                    })
                    .collect::<Option<_>>()
                    .ok_or_else(|| format!("server/demo/people.toml: the groups of {name} are not key:role"))?;
                out.push(Person { name: name.clone(), role: role.clone(), groups });
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every text that a person reads, with the file it is in.
    fn texts(value: &toml::Value, file: &str, out: &mut Vec<(String, String)>) {
        match value {
            toml::Value::String(s) => out.push((file.to_owned(), s.clone())),
            toml::Value::Array(a) => a.iter().for_each(|v| texts(v, file, out)),
            toml::Value::Table(t) => t.iter().for_each(|(k, v)| match (k.as_str(), v) {
                // What a section became says again what nobody changed: only the lines that are new.
                ("later", toml::Value::Array(a)) => {
                    let mut before: BTreeSet<&str> = t["words"].as_str().into_iter().flat_map(str::lines).collect();
                    for words in a.iter().filter_map(|one| one.get(2)?.as_str()) {
                        let new: Vec<&str> = words.lines().filter(|line| before.insert(line)).collect();
                        out.push((file.to_owned(), new.join("\n")));
                    }
                }
                // Owners, teams and the headings of the template are labels, which come again. What a suggestion is about
                // stands in its section.
                ("owner_role" | "team" | "teams" | "kind" | "role" | "heading" | "picked", _) => {}
                ("overwritten", toml::Value::Array(a)) => a.last().into_iter().for_each(|v| texts(v, file, out)),
                // Two decide when they say the same words.
                ("answers", toml::Value::String(s)) => {
                    let said = |line: &str| line.split_once(": ").map_or(String::new(), |(_, words)| words.to_owned());
                    let said: BTreeSet<String> = s.lines().map(said).collect();
                    out.extend(said.into_iter().map(|words| (file.to_owned(), words)));
                }
                (_, v) => texts(v, file, out),
            }),
            _ => {}
        }
    }

    fn all_texts() -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (file, text) in STORIES.iter().chain(&[("people.toml", PEOPLE)]) {
            texts(&toml::from_str(text).expect("a file of the demo"), file, &mut out);
        }
        out
    }

    /// The sentences of a text, without marks and capitals.
    fn sentences(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        for line in text.lines() {
            // The start of a line says who speaks ("ok Robin:"), or that it is in a list.
            let line = line.trim_start_matches(['>', '+', '!', '?', '*', '-', ' ']);
            let line = match line.split_once(": ") {
                Some((head, words)) if head.split_whitespace().count() <= 2 => words,
                _ => line,
            };
            for sentence in line.split(['.', '!', '?', '…']) {
                let words: Vec<String> = sentence
                    .split(|c: char| c.is_whitespace() || c == '-')
                    .map(|w| w.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase())
                    .filter(|w| !w.is_empty())
                    .collect();
                if words.len() > 3 {
                    out.push(words.join(" "));
                }
            }
        }
        out
    }

    #[test]
    fn no_sentence_is_said_twice() {
        let mut seen = BTreeMap::<String, Vec<String>>::new();
        for (file, text) in all_texts() {
            for sentence in sentences(&text) {
                seen.entry(sentence).or_default().push(file.clone());
            }
        }
        let twice: Vec<_> = seen.iter().filter(|(_, files)| files.len() > 1).collect();
        assert!(twice.is_empty(), "{twice:#?}");
        assert!(seen.len() > 1500, "only {} sentences: is everything read?", seen.len());
    }

    /// What workers write goes on public pages, and says of nobody that they are in a group: least of all in one for young
    /// people in care.
    #[test]
    fn nobody_is_named_in_what_everybody_reads() {
        let content = Content::read().expect("the files are right");
        let people = &content.people.people;
        let private: Vec<&String> =
            ["young-person", "supporter", "parent-carer"].iter().flat_map(|role| people[*role].keys()).collect();
        let (mut named, mut read) = (Vec::new(), 0);
        for (file, text) in STORIES {
            let story: toml::Table = toml::from_str(text).expect("a file of the demo");
            let mut public = Vec::new();
            for part in ["title", "summary"] {
                texts(&story[part], file, &mut public);
            }
            let promise = story.get("promise").and_then(toml::Value::as_table).into_iter().flatten();
            promise
                .filter(|(k, _)| !matches!(k.as_str(), "by" | "agreed_by"))
                .for_each(|(_, v)| texts(v, file, &mut public));
            for design in story.get("designs").and_then(toml::Value::as_array).into_iter().flatten() {
                design.get("outcome").into_iter().for_each(|v| texts(v, file, &mut public));
                for action in design.get("actions").and_then(toml::Value::as_array).into_iter().flatten() {
                    let action = action.as_table().expect("an action");
                    // Who does it is somebody who works for the council; who says whether it worked is not shown.
                    action
                        .iter()
                        .filter(|(k, _)| !matches!(k.as_str(), "owner" | "worked"))
                        .for_each(|(_, v)| texts(v, file, &mut public));
                }
            }
            for (file, text) in public {
                read += 1;
                let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
                named.extend(
                    private.iter().filter(|n| words.contains(n.as_str())).map(|n| format!("{file}: {n}: {text}")),
                );
            }
        }
        assert!(named.is_empty(), "{named:#?}");
        assert!(read > 300, "only {read} texts: is everything read?");
    }

    #[test]
    fn it_is_as_large_and_as_mixed_as_it_should_be() {
        let content = Content::read().expect("the files are right");
        let said: Vec<&Said> =
            content.stories.iter().flat_map(|s| &s.designs).flat_map(|d| &d.sections).flat_map(|s| &s.talk.0).collect();
        assert!(said.len() >= 300, "{}", said.len());
        for kind in CommentKind::ALL {
            assert!(said.iter().filter(|s| s.kind == *kind).count() > 30, "{kind}");
        }
        assert_eq!(content.people.groups.len(), 9);
        assert!(content.stories.len() >= 12);
        let young = &content.people.people["young-person"];
        assert!(young.len() >= 30);
        let actions: Vec<_> = content.stories.iter().flat_map(|s| &s.designs).flat_map(|d| &d.actions).collect();
        assert!(actions.len() >= 25, "{}", actions.len());
        let last = |a: &&Action| a.updates.last().map_or("not-started".to_owned(), |u| u.status.clone());
        let states: BTreeSet<_> = actions.iter().map(last).collect();
        assert_eq!(states.len(), 5, "{states:?}");
        let late = actions.iter().filter(|a| a.due > 0 && matches!(last(a).as_str(), "doing" | "not-started"));
        assert!(late.count() >= 1);
    }

    #[test]
    fn everybody_who_says_something_is_in_a_group_of_the_workspace() {
        let content = Content::read().expect("the files are right");
        let everybody = content.everybody().expect("groups are key:role");
        for story in &content.stories {
            let inside = |name: &str| {
                everybody.iter().any(|p| {
                    p.name == name && p.groups.iter().any(|(g, r)| story.groups.contains(g) && r != "observer")
                })
            };
            for said in story.designs.iter().flat_map(|d| &d.sections).flat_map(|s| &s.talk.0) {
                assert!(inside(&said.by), "{}: {}", story.title, said.by);
            }
            for section in story.designs.iter().flat_map(|d| &d.sections) {
                assert!(inside(&section.by), "{}: {}", story.title, section.by);
            }
        }
    }
}
