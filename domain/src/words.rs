//! Words that people type, parsed once at the edge. After that the type says that they are fine.

use unicode_normalization::UnicodeNormalization as _;

/// A stored or posted name is none of the names this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a known name")]
pub struct UnknownName;

/// Why words were not accepted. The key of the message is `problem-` and [`BadWords::key`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadWords {
    /// Nothing was typed, or only spaces.
    #[error("empty")]
    Empty,
    /// More characters than fit.
    #[error("longer than {max} characters")]
    TooLong {
        /// How many characters fit.
        max: usize,
    },
    /// Characters that cannot be shown (control characters).
    #[error("characters that cannot be shown")]
    NotText,
}

impl BadWords {
    /// The name of this problem in message keys.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too-long",
            Self::NotText => "not-text",
        }
    }
}

/// Turns CRLF and CR to LF: forms send CRLF, and everything here compares text with LF.
#[must_use]
pub fn line_feeds(s: &str) -> String {
    s.replace("\r\n", "\n").replace('\r', "\n")
}

/// Folds a name for comparing: compatibility forms joined, lower case, outer spaces gone, inner runs of space as one.
/// Used for sign-in names and wherever a `_key` column is kept.
#[must_use]
pub fn fold(s: &str) -> String {
    let lower: String = s.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unshowable(c: char, lines: bool) -> bool {
    (c.is_control() && !(lines && (c == '\n' || c == '\t')))
        // Marks that turn the direction of everything after them could make a page lie about who wrote what.
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether a character shows nothing, or stands for nothing everybody sees alike: empty letters, joiners, signs that only
/// steer the text, private use.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{e000}'..='\u{f8ff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

/// The most marks on one letter of a name: more would hang over the words around it.
const MOST_MARKS: usize = 3;

/// Whether a name shows all that it is made of. The marks that join letters of some scripts, or pictures, may stand between
/// them, where they are seen; never beside a letter of ours.
fn shows_itself(name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    let joined = |c: Option<&char>| c.is_some_and(|c| !c.is_ascii() && !is_invisible(*c));
    // é as one letter or as a letter with a mark is the same.
    let mut marks = 0;
    for c in name.nfd() {
        marks = if unicode_normalization::char::is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > MOST_MARKS {
            return false;
        }
    }
    letters.iter().enumerate().all(|(i, c)| match c {
        '\u{200c}' | '\u{200d}' => {
            let before = i.checked_sub(1).and_then(|i| letters.get(i));
            let before =
                if before == Some(&'\u{fe0f}') { i.checked_sub(2).and_then(|i| letters.get(i)) } else { before };
            joined(before) && joined(letters.get(i + 1))
        }
        '\u{fe0e}' | '\u{fe0f}' => joined(i.checked_sub(1).and_then(|i| letters.get(i))),
        c => !is_invisible(*c),
    })
}

/// Whether there is nothing to see in words.
pub fn is_blank(words: &str) -> bool {
    words.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// One line of text: outer spaces removed, 1 to `max` characters.
///
/// # Errors
/// [`BadWords`] when it is empty, too long or has control characters.
pub fn line(s: &str, max: usize) -> Result<String, BadWords> {
    let s: String = s.trim().nfc().collect();
    if is_blank(&s) {
        return Err(BadWords::Empty);
    }
    if s.chars().any(|c| unshowable(c, false)) {
        return Err(BadWords::NotText);
    }
    if s.chars().count() > max {
        return Err(BadWords::TooLong { max });
    }
    Ok(s)
}

/// Several lines of text: LF line ends, spaces at the end removed, 1 to `max` characters.
///
/// # Errors
/// [`BadWords`] when it is empty, too long or has control characters.
pub fn lines(s: &str, max: usize) -> Result<String, BadWords> {
    let s = line_feeds(s);
    let s: String = s.trim_end().nfc().collect();
    if is_blank(&s) {
        return Err(BadWords::Empty);
    }
    if s.chars().any(|c| unshowable(c, true)) {
        return Err(BadWords::NotText);
    }
    if s.chars().count() > max {
        return Err(BadWords::TooLong { max });
    }
    Ok(s)
}

/// Whether a character may stand in several lines of text. What may not is a control character that no keyboard writes.
pub fn is_text(c: char) -> bool {
    !unshowable(c, true)
}

/// Like [`lines`], but nothing typed is an empty string and fine.
///
/// # Errors
/// [`BadWords`] when it is too long or has control characters.
pub fn maybe_lines(s: &str, max: usize) -> Result<String, BadWords> {
    match lines(s, max) {
        Err(BadWords::Empty) => Ok(String::new()),
        other => other,
    }
}

macro_rules! line_type {
    ($($(#[$meta:meta])* $name:ident($max:literal)),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);
        impl $name {
            /// How many characters fit.
            pub const MAX: usize = $max;
            /// Parses one line.
            ///
            /// # Errors
            /// [`BadWords`] when it is empty, longer than `MAX` characters, or has control characters.
            pub fn parse(s: &str) -> Result<Self, BadWords> { line(s, Self::MAX).map(Self) }
            /// The words.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
        impl From<$name> for String { fn from(w: $name) -> String { w.0 } }
    )+};
}

macro_rules! prose_type {
    ($($(#[$meta:meta])* $name:ident($max:literal)),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);
        impl $name {
            /// How many characters fit.
            pub const MAX: usize = $max;
            /// Parses several lines.
            ///
            /// # Errors
            /// [`BadWords`] when it is empty, longer than `MAX` characters, or has control characters.
            pub fn parse(s: &str) -> Result<Self, BadWords> { lines(s, Self::MAX).map(Self) }
            /// The words.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
        impl From<$name> for String { fn from(w: $name) -> String { w.0 } }
    )+};
}

line_type! {
    /// The name of a group.
    GroupName(80),
    /// The title of a workspace, a design, a decision or an action.
    Title(140),
    /// The heading of a section.
    Heading(140),
}

/// The name that others see. Not unique, not a full name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct DisplayName(String);

impl DisplayName {
    /// How many characters fit.
    pub const MAX: usize = 60;
    /// Parses one line in which everything can be seen.
    ///
    /// # Errors
    /// [`BadWords`] when it is empty, longer than `MAX` characters, or has characters that nobody sees.
    pub fn parse(s: &str) -> Result<Self, BadWords> {
        let name = line(s, Self::MAX)?;
        if shows_itself(&name) { Ok(Self(name)) } else { Err(BadWords::NotText) }
    }
    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

prose_type! {
    /// One to a few sentences: a purpose, a reason, an update.
    Sentences(2000),
    /// A comment or a reply.
    CommentWords(4000),
    /// The words of one section.
    SectionWords(40000),
}

/// The name a member of staff types to sign in: 3 to 60 characters, compared case-folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInName {
    typed: String,
    key: String,
}

impl SignInName {
    /// Parses what was typed.
    ///
    /// # Errors
    /// [`BadWords`] when it is empty, too long or has control characters.
    pub fn parse(s: &str) -> Result<Self, BadWords> {
        let typed = line(s, 60)?;
        let key = fold(&typed);
        if key.chars().count() < 3 { Err(BadWords::Empty) } else { Ok(Self { typed, key }) }
    }
    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.typed
    }
    /// Folded, for the unique column.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A readable start for an address: lower-case ASCII letters, digits and hyphens, at most 40 characters.
/// The caller adds a random part, so that "this name is taken" can never reveal a hidden group.
#[must_use]
pub fn slug_start(title: &str) -> String {
    let mut out = String::new();
    for c in fold(title).nfd() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if (c.is_whitespace() || c == '-') && !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
        if out.len() >= 40 {
            break;
        }
    }
    let out = out.trim_matches('-').to_owned();
    if out.is_empty() { "work".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_joins_case_width_and_spaces() {
        assert_eq!(fold("  Ｒobin   SMITH "), "robin smith");
        assert_eq!(fold("Zoë"), fold("ZOË"));
    }

    #[test]
    fn lines_keep_line_feeds_and_refuse_control_characters() {
        assert_eq!(lines("a\r\nb\r\n", 10), Ok("a\nb".to_owned()));
        assert_eq!(lines("a\u{0}b", 10), Err(BadWords::NotText));
        assert_eq!(lines(" \n ", 10), Err(BadWords::Empty));
        // What nobody sees is nothing, as a reason or as a comment.
        for blank in ["\u{200b}", "\u{e0041}\u{2060}", "\u{3164} \n \u{ad}"] {
            assert_eq!(lines(blank, 10), Err(BadWords::Empty), "{blank:?}");
            assert!(is_blank(blank) && maybe_lines(blank, 10) == Ok(String::new()));
        }
        assert!(!is_blank("\u{200b}a"));
        assert_eq!(line("abc", 2), Err(BadWords::TooLong { max: 2 }));
    }

    #[test]
    fn a_name_has_nothing_in_it_that_nobody_sees() {
        for good in [
            "Robin",
            "Zoë",
            "J\u{e9}\u{323}",
            "O’Neil",
            "Anne-Marie",
            "Nguyễn",
            "🦊",
            "👩\u{200d}🚀",
            "❤\u{fe0f}",
            "👁\u{fe0f}\u{200d}🗨",
            "مهرنوش",
            "می\u{200c}خواهم",
            "ශ\u{dca}\u{200d}රී",
            "李小龙",
        ] {
            assert!(DisplayName::parse(good).is_ok(), "{good}");
        }
        for empty in ["\u{200b}", "\u{3164}", "\u{2800}", "\u{ad}", "\u{34f}", "\u{200d}\u{fe0f} \u{2060}"] {
            assert_eq!(DisplayName::parse(empty), Err(BadWords::Empty), "{empty:?}");
            assert_eq!(GroupName::parse(empty), Err(BadWords::Empty), "{empty:?}");
        }
        for bad in [
            "S\u{200b}al",
            "S\u{200d}al",
            "Sal\u{200d}",
            "S\u{ad}al",
            "\u{61c}Sal",
            "\u{200f}Sal",
            "Sal\u{3164}",
            "Sal\u{fe0f}",
            "Sa\u{e000}l",
            "Sal\u{e0061}",
            "\u{202e}laS",
        ] {
            assert_eq!(DisplayName::parse(bad), Err(BadWords::NotText), "{bad:?}");
        }
        let tower = format!("Z{}", "\u{301}".repeat(20));
        assert_eq!(DisplayName::parse(&tower), Err(BadWords::NotText));
    }

    #[test]
    fn a_slug_start_is_plain_ascii() {
        assert_eq!(slug_start("Buses that work — for us!"), "buses-that-work-for-us");
        assert_eq!(slug_start("日本"), "work");
    }
}
