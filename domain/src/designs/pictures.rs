//! Pictures in the words of a design. In the words one stands as `![what it shows](picture-k7m2pqxy)`: what it shows is part of
//! the words, so it is written, masked, suggested, compared and wiped as they are. The name is drawn by lot and is the same
//! everywhere; the picture itself belongs to one design and is shown to whoever may read that.

use std::fmt;
use std::str::FromStr;

/// Letters of a name, without those that look alike.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// How a picture's address begins in words.
const BEGINS: &str = "picture-";
/// Instead of what a picture shows: it is only for decoration, and nobody misses anything without it.
pub const DECORATION: &str = "-";
/// The widths in which a picture is kept, in pixels. A picture that is narrower is kept as wide as it is.
pub const WIDTHS: [u32; 3] = [480, 960, 1920];
/// The width that files, and browsers that choose for themselves, get.
pub const WIDTH: u32 = WIDTHS[1];
/// Most pictures of one design.
pub const MAX_PICTURES: usize = 100;
/// Most letters of what a picture shows.
pub const MAX_SHOWS: usize = 300;

/// The name of a picture: eight letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PictureName(String);

/// What is no name of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a name of a picture")]
pub struct NoName;

impl PictureName {
    /// How many letters it has.
    pub const LENGTH: usize = 8;

    /// A name from random bytes.
    pub fn from_random(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
    }

    /// Its letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it stands in words: `picture-k7m2pqxy`.
    pub fn address(&self) -> String {
        format!("{BEGINS}{}", self.0)
    }

    /// The name in an address as it stands in words.
    pub fn of_address(address: &str) -> Option<Self> {
        address.strip_prefix(BEGINS)?.parse().ok()
    }
}

impl FromStr for PictureName {
    type Err = NoName;
    fn from_str(typed: &str) -> Result<Self, NoName> {
        let good = typed.len() == Self::LENGTH && typed.bytes().all(|b| LETTERS.contains(&b));
        if good { Ok(Self(typed.to_owned())) } else { Err(NoName) }
    }
}

impl TryFrom<String> for PictureName {
    type Error = NoName;
    fn try_from(kept: String) -> Result<Self, NoName> {
        kept.parse()
    }
}

impl fmt::Display for PictureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::named! {
    /// How the bytes of a picture are written. All of ours are one of these two, whatever was sent.
    pub enum PictureKind {
        /// What a camera saw.
        Jpeg = "jpeg",
        /// What was drawn: few colours, sharp edges.
        Png = "png",
    }
}

impl PictureKind {
    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written_and_nothing_else_is_one() {
        let name = PictureName::from_random([0, 1, 2, 3, 30, 31, 254, 255]);
        assert_eq!(name.as_str().len(), PictureName::LENGTH);
        assert_eq!(PictureName::of_address(&name.address()), Some(name.clone()));
        for none in [
            "",
            "picture-",
            "picture-abc",
            "picture-abcdefghj",
            "picture-ABCDEFGH",
            "abcdefgh",
            "picture-lllliiii",
            "picture-äääää",
        ] {
            assert_eq!(PictureName::of_address(none), None, "{none}");
        }
    }
}
