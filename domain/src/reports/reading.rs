//! How plain our own words are: sentences, words, syllables, the Flesch-Kincaid grade, hard words, the passive voice.
//!
//! It checks the text of the interface and gives hints to officers about what they publish. It is never turned on what a
//! young person wrote.
//!
//! Flesch-Kincaid grade = 0.39 × words per sentence + 11.8 × syllables per word − 15.59 (Kincaid, Fishburne, Rogers and
//! Chissom 1975, "Derivation of new readability formulas", US Navy Research Branch Report 8-75). Grade 6 is read at 11. It
//! means something only for a hundred words or more.

/// Words from which on a grade means something.
pub const WORDS_FOR_GRADE: usize = 100;

const HARD: &str = include_str!("hard_words.txt");

/// What a text is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Measure {
    /// Sentences.
    pub sentences: usize,
    /// Words.
    pub words: usize,
    /// Syllables.
    pub syllables: usize,
}

impl Measure {
    /// Measures a text.
    pub fn of(text: &str) -> Self {
        let mut out = Self::default();
        for sentence in sentences(text) {
            out.sentences += 1;
            for word in words(sentence) {
                out.words += 1;
                out.syllables += syllables(word);
            }
        }
        out
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            sentences: self.sentences + other.sentences,
            words: self.words + other.words,
            syllables: self.syllables + other.syllables,
        }
    }

    /// The Flesch-Kincaid grade, when there is enough text for it to mean something.
    pub fn grade(self) -> Option<f64> {
        (self.words >= WORDS_FOR_GRADE).then(|| self.raw_grade())
    }

    /// The formula itself, however short the text; 0 without words.
    pub fn raw_grade(self) -> f64 {
        if self.words == 0 || self.sentences == 0 {
            return 0.0;
        }
        let [sentences, words, syllables] =
            [self.sentences, self.words, self.syllables].map(|n| f64::from(u32::try_from(n).unwrap_or(u32::MAX)));
        0.39 * (words / sentences) + 11.8 * (syllables / words) - 15.59
    }
}

/// A hint about one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// A sentence has more words than it should: the sentence and its words.
    Long(String, usize),
    /// A hard word, and an easier one (empty: leave it out).
    Hard(String, &'static str),
    /// This looks like the passive voice: who does it?
    Passive(String),
}

/// Every hint about a text; `most` is how many words a sentence may have.
pub fn hints(text: &str, most: usize) -> Vec<Hint> {
    let mut out = Vec::new();
    for sentence in sentences(text) {
        let count = words(sentence).count();
        if count > most {
            out.push(Hint::Long(sentence.trim().to_owned(), count));
        }
    }
    out.extend(hard_words(text));
    out.extend(passive(text).map(Hint::Passive));
    out
}

/// The sentences of a text: they end at `.`, `!`, `?` or a colon before a line's end, and at line ends. Decimal points and the
/// full stops inside "999.bsl" or "1.4.3" do not end one.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for line in text.lines() {
        let mut from = 0;
        let bytes = line.as_bytes();
        for (i, c) in line.char_indices() {
            let ends = matches!(c, '.' | '!' | '?' | '…')
                && bytes.get(i + c.len_utf8()).is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'.');
            if ends {
                out.push(&line[from..i + c.len_utf8()]);
                from = i + c.len_utf8();
            }
        }
        out.push(&line[from..]);
    }
    out.retain(|s| words(s).next().is_some());
    out
}

/// The words of a text: runs of letters with apostrophes and hyphens inside; numbers count as words.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-')))
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|w| !w.is_empty())
}

/// Words whose number of syllables the rule below gets wrong, and which our own texts use.
const KNOWN: &[(&str, usize)] = &[
    ("area", 3),
    ("being", 2),
    ("cookie", 2),
    ("cookies", 2),
    ("create", 2),
    ("created", 3),
    ("doing", 2),
    ("every", 2),
    ("everybody", 4),
    ("everyone", 3),
    ("everything", 3),
    ("going", 2),
    ("idea", 3),
    ("ideas", 3),
    ("people", 2),
    ("science", 2),
    ("seeing", 2),
    ("something", 2),
    ("sometimes", 2),
    ("somebody", 3),
    ("someone", 2),
    ("somewhere", 2),
    ("tandem", 2),
    ("video", 3),
    ("wednesday", 2),
];

/// Syllables of an English word by its vowels: runs of vowels count one, a silent e at the end none. Right for about nine
/// words in ten, which is enough for an average.
pub fn syllables(word: &str) -> usize {
    let word: String = word.to_lowercase().chars().filter(|c| c.is_alphanumeric() || *c == '-').collect();
    if word.contains('-') {
        return word.split('-').filter(|w| !w.is_empty()).map(syllables).sum::<usize>().max(1);
    }
    if let Some((_, n)) = KNOWN.iter().find(|(w, _)| *w == word) {
        return *n;
    }
    let letters: Vec<char> = word.chars().collect();
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'é' | 'ê' | 'ö' | 'ü' | 'ä');
    let mut count = 0;
    let mut before = false;
    for c in &letters {
        let is = vowel(*c);
        if is && !before {
            count += 1;
        }
        before = is;
    }
    let end = |s: &str| word.ends_with(s);
    let before_end = |back: usize| letters.len().checked_sub(back).and_then(|i| letters.get(i)).copied().unwrap_or(' ');
    if count > 1 {
        // A silent e: "make", "makes", "asked" (but "table", "wanted", "boxes" are spoken).
        let silent_e = end("e") && (!end("le") || vowel(before_end(3)));
        let silent_es =
            end("es") && !["ses", "zes", "xes", "ces", "ges", "shes", "ches"].iter().any(|s| end(s)) && !end("les");
        let silent_ed = end("ed") && !matches!(before_end(3), 't' | 'd');
        let two_vowels = (end("e") && vowel(before_end(2))) || (end("ed") && vowel(before_end(3)));
        if (silent_e || silent_es || silent_ed) && !two_vowels {
            count -= 1;
        }
    }
    count.max(1)
}

/// Hard words in a text, with easier ones.
pub fn hard_words(text: &str) -> Vec<Hint> {
    let folded = format!(" {} ", words(text).map(str::to_lowercase).collect::<Vec<_>>().join(" "));
    HARD.lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('='))
        .filter_map(|(hard, easy)| {
            let hard = hard.trim();
            let found = match hard.strip_suffix('*') {
                Some(start) => folded.contains(&format!(" {start}")),
                None => folded.contains(&format!(" {hard} ")),
            };
            found.then(|| Hint::Hard(hard.to_owned(), easy.trim()))
        })
        .collect()
}

/// Where a text may be in the passive voice: a form of "be" and then a participle. A hint, not a fault: "is closed" may be
/// just what is meant.
pub fn passive(text: &str) -> impl Iterator<Item = String> {
    const BE: [&str; 8] = ["is", "are", "was", "were", "be", "been", "being", "gets"];
    const PARTICIPLES: [&str; 22] = [
        "made", "done", "given", "taken", "seen", "shown", "sent", "kept", "told", "chosen", "written", "held", "put",
        "read", "found", "brought", "built", "drawn", "known", "paid", "said", "thrown",
    ];
    let all: Vec<String> = words(text).map(str::to_lowercase).collect();
    all.windows(2)
        .filter(|w| {
            BE.contains(&w[0].as_str())
                && (PARTICIPLES.contains(&w[1].as_str()) || (w[1].len() > 4 && w[1].ends_with("ed")))
        })
        .map(|w| w.join(" "))
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_people_end_them() {
        let text = "Sign in. Have your card with you!\nRule 1.4.3 of WCAG 2.2 is met. Really?";
        let all: Vec<&str> = sentences(text).into_iter().map(str::trim).collect();
        assert_eq!(all, ["Sign in.", "Have your card with you!", "Rule 1.4.3 of WCAG 2.2 is met.", "Really?"]);
        assert!(sentences(" … ! ").is_empty());
    }

    #[test]
    fn syllables_are_counted_as_spoken() {
        for (word, n) in [
            ("a", 1),
            ("make", 1),
            ("makes", 1),
            ("table", 2),
            ("asked", 1),
            ("wanted", 2),
            ("boxes", 2),
            ("changes", 2),
            ("people", 2),
            ("everybody", 4),
            ("council", 2),
            ("sign-in", 2),
            ("agreed", 2),
            ("decision", 3),
            ("accessibility", 6),
            ("the", 1),
            ("see", 1),
            ("idea", 3),
            ("voted", 2),
            ("closes", 2),
            ("plum", 1),
        ] {
            assert_eq!(syllables(word), n, "{word}");
        }
    }

    #[test]
    fn the_grade_is_the_formula_and_needs_enough_words() {
        let easy = Measure::of("The cat sat on the mat. It was red.");
        assert_eq!((easy.sentences, easy.words, easy.syllables), (2, 9, 9));
        assert!((easy.raw_grade() - (0.39 * 4.5 + 11.8 - 15.59)).abs() < 1e-9);
        assert_eq!(easy.grade(), None);
        let hard =
            "Notwithstanding organisational considerations, participation necessitates administrative authorisation. ";
        let hard = Measure::of(&hard.repeat(15));
        assert!(hard.grade().is_some_and(|g| g > 20.0), "{:?}", hard.grade());
        assert!(Measure::of("").raw_grade().abs() < f64::EPSILON);
    }

    #[test]
    fn hints_name_what_is_long_hard_or_passive() {
        let text =
            "Please note that stakeholders utilise it in order to participate. The plan was approved. It is open.";
        let all = hints(text, 8);
        assert!(all.contains(&Hint::Hard("utilise".to_owned(), "use")));
        assert!(all.contains(&Hint::Hard("please note".to_owned(), "")));
        assert!(all.contains(&Hint::Hard("stakeholder*".to_owned(), "people")));
        assert!(all.contains(&Hint::Hard("in order to".to_owned(), "to")));
        assert!(all.contains(&Hint::Passive("was approved".to_owned())));
        assert_eq!(all.iter().filter(|h| matches!(h, Hint::Long(..))).count(), 1);
        assert!(hints("It is open. You can vote until Friday.", 8).is_empty());
    }
}
