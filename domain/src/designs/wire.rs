//! What a page that writes and the program say to each other over their socket. Words of sections travel as updates of the
//! shared text, in binary frames with a number in front ([`numbered`]); everything else is one short text a frame.

use std::fmt::Write as _;

use super::shared_text::Writer;
use crate::ids::SectionId;

/// A line on which the other side has said nothing for this long is lost: a phone that went out of reach tells nobody. The
/// program speaks several times as often, and asks the page for an answer each time.
pub const SILENCE_SECONDS: u64 = 50;

/// A closed set of reasons. The words for people are in the Fluent files, by these names.
macro_rules! reasons {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$about])* $variant,)+ }
        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// Its name.
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            fn of(word: &str) -> Option<Self> { Self::ALL.iter().copied().find(|r| r.name() == word) }
        }
    };
}

reasons! {
    /// Why a batch was not taken. Its words stay where they were typed.
    No {
        /// Somebody else has that section to themselves.
        Locked = "locked",
        /// The section was taken out.
        Removed = "removed",
        /// The section would be too long.
        TooLong = "too-long",
        /// It cannot be read, or builds on what is not there: begin anew.
        Damaged = "damaged",
    }
}

reasons! {
    /// Why the line ends.
    End {
        /// The session has ended: sign in again.
        SignedOut = "signed-out",
        /// They may not write here any more.
        NotAllowed = "not-allowed",
        /// The words are locked: checking is over.
        WordsLocked = "words-locked",
        /// A worker has paused writing.
        Paused = "writing-paused",
        /// Nothing is wrong; come again.
        Again = "again",
    }
}

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// It goes on as a writer that it was given before, by the mark that came with it.
    Writer(Writer, String),
    /// Its person writes here, or nowhere for the moment.
    Here(Option<SectionId>),
    /// Keep this section for them.
    Lock(SectionId),
    /// Let go of it.
    Free(SectionId),
}

/// Somebody who is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Where they write, if they do.
    pub section: Option<SectionId>,
    /// What they are called.
    pub name: String,
}

/// A section that somebody has to themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub section: SectionId,
    /// For how many more seconds.
    pub seconds: i64,
    /// It is the listener's own.
    pub mine: bool,
    /// Who has it.
    pub name: String,
}

/// What the program says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hears {
    /// Who the page is as a writer, unless it was one before.
    Welcome(Writer, String),
    /// It has everything up to this number.
    Now(i64),
    /// A batch is kept for good: its number, the number of its change, and for how many more seconds the session lasts.
    Saved(u64, i64, i64),
    /// A batch was not taken.
    Refused(u64, No),
    /// Who else is here.
    People(Vec<Present>),
    /// Which sections somebody has to themselves.
    Locks(Vec<Held>),
    /// Nothing new: the line is there.
    Here,
    /// That was all.
    Stop(End),
}

/// An update with its number in front: the number of a batch from a page, the number of a change from the program.
pub fn numbered(number: u64, update: &[u8]) -> Vec<u8> {
    let mut frame = number.to_be_bytes().to_vec();
    frame.extend_from_slice(update);
    frame
}

/// The number and the update of a frame.
pub fn read_numbered(frame: &[u8]) -> Option<(u64, &[u8])> {
    let (number, update) = frame.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*number), update))
}

fn section(word: &str) -> Option<SectionId> {
    word.parse().ok()
}

fn maybe(section: Option<SectionId>) -> String {
    section.map_or_else(|| "-".to_owned(), |s| s.to_string())
}

fn writer(number: &str, mark: &str) -> Option<(Writer, String)> {
    let bits: u64 = number.parse().ok()?;
    let writer = Writer::from_random(bits);
    (writer.number() == bits && mark.len() <= 64).then(|| (writer, mark.to_owned()))
}

/// Names are one line; were one not, it would be cut there.
fn one_line(name: &str) -> String {
    name.replace(['\n', '\t'], " ")
}

impl Says {
    /// As it travels.
    pub fn text(&self) -> String {
        match self {
            Self::Writer(writer, mark) => format!("writer {} {mark}", writer.number()),
            Self::Here(section) => format!("here {}", maybe(*section)),
            Self::Lock(section) => format!("lock {section}"),
            Self::Free(section) => format!("free {section}"),
        }
    }

    /// Reads it; nothing when it is none of these.
    pub fn read(text: &str) -> Option<Self> {
        let (what, rest) = text.split_once(' ')?;
        Some(match what {
            "writer" => {
                let (number, mark) = rest.split_once(' ')?;
                let (writer, mark) = writer(number, mark)?;
                Self::Writer(writer, mark)
            }
            "here" if rest == "-" => Self::Here(None),
            "here" => Self::Here(Some(section(rest)?)),
            "lock" => Self::Lock(section(rest)?),
            "free" => Self::Free(section(rest)?),
            _ => return None,
        })
    }
}

impl Hears {
    /// As it travels.
    pub fn text(&self) -> String {
        match self {
            Self::Welcome(writer, mark) => format!("welcome {} {mark}", writer.number()),
            Self::Now(seq) => format!("now {seq}"),
            Self::Saved(number, seq, seconds) => format!("saved {number} {seq} {seconds}"),
            Self::Refused(number, no) => format!("refused {number} {}", no.name()),
            Self::People(people) => people.iter().fold("people ".to_owned(), |mut out, p| {
                let _ = write!(out, "\n{}\t{}", maybe(p.section), one_line(&p.name));
                out
            }),
            Self::Locks(locks) => locks.iter().fold("locks ".to_owned(), |mut out, l| {
                let mine = if l.mine { "mine" } else { "theirs" };
                let _ = write!(out, "\n{}\t{}\t{mine}\t{}", l.section, l.seconds, one_line(&l.name));
                out
            }),
            Self::Here => "here".to_owned(),
            Self::Stop(end) => format!("stop {}", end.name()),
        }
    }

    /// Reads it; nothing when it is none of these.
    pub fn read(text: &str) -> Option<Self> {
        if text == "here" {
            return Some(Self::Here);
        }
        let (what, rest) = text.split_once(' ')?;
        let mut words = rest.split(' ');
        let mut lines = rest.split('\n').skip(1);
        Some(match what {
            "welcome" => {
                let (number, mark) = rest.split_once(' ')?;
                let (writer, mark) = writer(number, mark)?;
                Self::Welcome(writer, mark)
            }
            "now" => Self::Now(rest.parse().ok()?),
            "saved" => {
                let (number, seq) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
                Self::Saved(number, seq, words.next()?.parse().ok()?)
            }
            "refused" => Self::Refused(words.next()?.parse().ok()?, No::of(words.next()?)?),
            "people" => {
                let all = lines.by_ref().map(|line| {
                    let (at, name) = line.split_once('\t')?;
                    Some(Present { section: section(at), name: name.to_owned() })
                });
                Self::People(all.collect::<Option<_>>()?)
            }
            "locks" => {
                let all = lines.by_ref().map(|line| {
                    let mut parts = line.splitn(4, '\t');
                    let section = section(parts.next()?)?;
                    let seconds = parts.next()?.parse().ok()?;
                    let mine = parts.next()? == "mine";
                    Some(Held { section, seconds, mine, name: parts.next()?.to_owned() })
                });
                Self::Locks(all.collect::<Option<_>>()?)
            }
            "stop" => Self::Stop(End::of(rest)?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const SECTION: SectionId = SectionId(Uuid::from_u128(7));

    #[test]
    fn what_is_said_is_heard() {
        let writer = Writer::from_random(77);
        let says = [
            Says::Writer(writer, "abc".to_owned()),
            Says::Here(None),
            Says::Here(Some(SECTION)),
            Says::Lock(SECTION),
            Says::Free(SECTION),
        ];
        for said in says {
            assert_eq!(Says::read(&said.text()), Some(said));
        }
        let name = "Zoë O'Hara".to_owned();
        let hears = [
            Hears::Welcome(writer, "abc".to_owned()),
            Hears::Now(9),
            Hears::Saved(1, 2, 3),
            Hears::Here,
            Hears::People(Vec::new()),
            Hears::People(vec![
                Present { section: None, name: name.clone() },
                Present { section: Some(SECTION), name: name.clone() },
            ]),
            Hears::Locks(vec![Held { section: SECTION, seconds: 299, mine: true, name }]),
        ];
        let refused = No::ALL.iter().map(|no| Hears::Refused(5, *no));
        for said in hears.into_iter().chain(refused).chain(End::ALL.iter().map(|end| Hears::Stop(*end))) {
            assert_eq!(Hears::read(&said.text()), Some(said));
        }
        assert_eq!(read_numbered(&numbered(5, b"abc")), Some((5, &b"abc"[..])));
    }

    #[test]
    fn anything_else_is_nothing() {
        for text in ["", "here", "here ", "here x", "writer 1", "writer x y", "writer 99999999999999999 y", "lock -"] {
            assert_eq!(Says::read(text), None, "{text}");
        }
        for text in ["", "now", "now x", "saved 1", "stop why", "people \nno tab", "refused 1 because", "here x"] {
            assert_eq!(Hears::read(text), None, "{text}");
        }
        assert_eq!(read_numbered(b"short"), None);
    }

    #[test]
    fn a_name_with_a_line_in_it_is_one_name() {
        let people = vec![Present { section: None, name: "a\nb\tc".to_owned() }];
        let Some(Hears::People(heard)) = Hears::read(&Hears::People(people).text()) else { panic!("people") };
        assert_eq!((heard.len(), heard[0].name.as_str()), (1, "a b c"));
    }
}
