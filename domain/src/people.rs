//! People: what somebody is to the council, and how they sign in.

crate::named! {
    /// What a person is in the organisation. Exactly one each.
    pub enum Role {
        /// Aged 11 to 25, the people Tandem is for.
        YoungPerson = "young-person",
        /// Helps a young person to take part.
        Supporter = "supporter",
        /// A parent or carer.
        ParentCarer = "parent-carer",
        /// Works for the council: a youth worker or a service officer.
        Officer = "officer",
        /// Checks what people write.
        Moderator = "moderator",
        /// Reads and acts on concerns.
        SafeguardingLead = "safeguarding-lead",
        /// Sits on a board that must answer.
        BoardMember = "board-member",
        /// Runs the installation: people, groups, settings.
        Administrator = "administrator",
    }
}

impl Role {
    /// Staff sign in with a name and a password, and everything they do is in the audit log.
    pub const fn is_staff(self) -> bool {
        matches!(
            self,
            Self::Officer | Self::Moderator | Self::SafeguardingLead | Self::BoardMember | Self::Administrator
        )
    }
}

crate::named! {
    /// The pictures of a card, in the order of the sign-in page. Names are also message keys (`picture-…`).
    /// Chosen to look and sound different from each other.
    pub enum Picture {
        /// A dog.
        Dog = "dog",
        /// A house.
        House = "house",
        /// A tree.
        Tree = "tree",
        /// A bus.
        Bus = "bus",
        /// A star.
        Star = "star",
        /// An apple.
        Apple = "apple",
        /// An umbrella.
        Umbrella = "umbrella",
        /// A fish.
        Fish = "fish",
        /// A key.
        Key = "key",
        /// A drum.
        Drum = "drum",
        /// A boat.
        Boat = "boat",
        /// A moon.
        Moon = "moon",
    }
}

/// Letters of a card's code: none that looks like another letter or a digit (no I, L, O, Q, U, V).
pub const CODE_LETTERS: &[u8; 20] = b"ABCDEFGHJKMNPRSTWXYZ";
/// How many letters a card's code has.
pub const CODE_LENGTH: usize = 8;
/// After this many wrong tries in a row a card is locked until a worker makes a new one.
pub const CARD_TRIES: i64 = 5;

/// The code of a card: 8 letters of [`CODE_LETTERS`]. Typed in any case, with or without spaces and hyphens.
#[derive(Clone, PartialEq, Eq)]
pub struct CardCode(String);

impl CardCode {
    /// Parses what was typed or came in a link. `None` when it cannot be a code.
    pub fn parse(s: &str) -> Option<Self> {
        let code: String =
            s.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        (code.len() == CODE_LENGTH && code.bytes().all(|b| CODE_LETTERS.contains(&b))).then_some(Self(code))
    }

    /// Makes a code from random bytes; `None` when the bytes would make letters uneven in chance (ask for more).
    pub fn from_random(bytes: &[u8]) -> Option<Self> {
        let n = CODE_LETTERS.len();
        let fair = 256 / n * n;
        let letters: String = bytes
            .iter()
            .filter(|b| usize::from(**b) < fair)
            .take(CODE_LENGTH)
            .map(|b| char::from(CODE_LETTERS[usize::from(*b) % n]))
            .collect();
        (letters.len() == CODE_LENGTH).then_some(Self(letters))
    }

    /// Eight letters, no space: for links.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Two groups of four: for people.
    pub fn spaced(&self) -> String {
        format!("{} {}", &self.0[..4], &self.0[4..])
    }
}

// A card's code is half of what signs somebody in, so it must never reach a log through `{:?}`.
impl std::fmt::Debug for CardCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardCode(…)")
    }
}

/// What the link of a card carries: 128 random bits as 32 hexadecimal letters and digits. It stands in the QR code only;
/// nobody types it.
#[derive(Clone, PartialEq, Eq)]
pub struct CardSecret(String);

impl CardSecret {
    /// How many random bytes it is made of.
    pub const BYTES: usize = 16;

    /// Parses the end of a link. `None` when it cannot be a secret.
    pub fn parse(s: &str) -> Option<Self> {
        let fits = s.len() == 2 * Self::BYTES && s.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(s.to_owned()))
    }

    /// Makes a secret from random bytes.
    pub fn from_random(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes.iter().map(|b| format!("{b:02x}")).collect())
    }

    /// For links.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// It signs somebody in by itself, so it must never reach a log through `{:?}`.
impl std::fmt::Debug for CardSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardSecret(…)")
    }
}

/// Why a new password was refused. The message key is `problem-password-` and [`BadPassword::key`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Fewer than 12 characters.
    #[error("too short")]
    TooShort,
    /// More than 200 characters.
    #[error("too long")]
    TooLong,
    /// On the list of common passwords, or made of the product's or the person's own name.
    #[error("easy to guess")]
    Common,
}

impl BadPassword {
    /// The name of this problem in message keys.
    pub const fn key(self) -> &'static str {
        match self {
            Self::TooShort => "short",
            Self::TooLong => "long",
            Self::Common => "common",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_forgiving_to_type_and_strict_in_letters() {
        let code = CardCode::parse("abcd-efgh").expect("a code");
        assert_eq!(code.as_str(), "ABCDEFGH");
        assert_eq!(code.spaced(), "ABCD EFGH");
        assert!(CardCode::parse("ABCDEFGO").is_none(), "O looks like 0");
        assert!(CardCode::parse("ABCDEFG").is_none());
    }

    #[test]
    fn a_secret_is_128_bits_in_one_spelling_and_no_code_is_one() {
        let secret = CardSecret::from_random([0xa5; 16]);
        assert_eq!(secret.as_str(), "a5".repeat(16));
        assert_eq!(CardSecret::parse(secret.as_str()), Some(secret.clone()));
        assert_eq!(format!("{secret:?}"), "CardSecret(…)");
        for bad in ["ABCDEFGH", "", &"A5".repeat(16), &"a5".repeat(15), &"a5".repeat(17), &"g5".repeat(16)] {
            assert!(CardSecret::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn random_bytes_above_the_fair_range_are_left_out() {
        let mut bytes = vec![255u8; 4];
        bytes.extend([0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(CardCode::from_random(&bytes).expect("enough bytes").as_str(), "ABCDEFGH");
        assert!(CardCode::from_random(&[255; 30]).is_none());
    }
}
