//! What is hidden in words that nobody has checked yet, where a group checks everything first: what could lead a stranger to
//! somebody, or somebody to a stranger. And what is hidden everywhere: a picture of which nobody said what it shows.

/// What is hidden. In kept words a sign stands in its place, which pages draw as words ([`Mask::sign`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// The address of an e-mail.
    Mail,
    /// The number of a phone.
    Phone,
    /// A postcode.
    Postcode,
    /// The address of a page elsewhere. The words of a link stay.
    Link,
    /// A picture. What stands for it in words stays.
    Picture,
    /// A picture of which nobody has said what it shows: it is shown to nobody.
    Unsaid,
}

impl Mask {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Mail, Self::Phone, Self::Postcode, Self::Link, Self::Picture, Self::Unsaid];

    /// The sign: a letter of Unicode's private use, which nobody types.
    pub const fn sign(self) -> char {
        match self {
            Self::Mail => '\u{E010}',
            Self::Phone => '\u{E011}',
            Self::Postcode => '\u{E012}',
            Self::Link => '\u{E013}',
            Self::Picture => '\u{E014}',
            Self::Unsaid => '\u{E015}',
        }
    }

    /// Its name in message keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Phone => "phone",
            Self::Postcode => "postcode",
            Self::Link => "link",
            Self::Picture => "picture",
            Self::Unsaid => "unsaid",
        }
    }
}

/// Puts words in the place of every sign: `words` gives them. Nothing is copied where there is no sign.
pub fn told(text: String, words: impl Fn(Mask) -> String) -> String {
    // Every page comes through here: all signs begin with a byte that hardly any other letter begins with.
    if !text.as_bytes().contains(&0xEE) {
        return text;
    }
    Mask::ALL.iter().fold(text, |text, mask| {
        if text.contains(mask.sign()) { text.replace(mask.sign(), &words(*mask)) } else { text }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_words_and_other_letters_stay() {
        let words = |mask: Mask| format!("[{}]", mask.name());
        assert_eq!(told("Write to \u{E010} or \u{E011}.".to_owned(), words), "Write to [mail] or [phone].");
        assert_eq!(told("Übung \u{E0B0} 🚌".to_owned(), words), "Übung \u{E0B0} 🚌");
        let mut signs: Vec<char> = Mask::ALL.map(Mask::sign).to_vec();
        signs.dedup();
        assert_eq!(signs.len(), Mask::ALL.len());
        assert!(signs.iter().all(|s| s.to_string().as_bytes()[0] == 0xEE));
    }
}
