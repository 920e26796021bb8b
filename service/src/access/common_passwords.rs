//! Passwords that people choose first (STANDARDS S-121). Folded: lower case, no spaces.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The list; lines that begin with `#` say what it is.
const LIST: &str = include_str!("common_passwords.txt");

/// Short ones and long ones together: about 3,500. Made at the first password that is chosen, not at the start.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| LIST.lines().filter(|l| !l.starts_with('#')).collect());

/// Whether a password is one of the list; or one with digits and marks before or behind it; or either of these over and over.
pub(super) fn is_common(folded: &str) -> bool {
    let word = |s: &str| COMMON.contains(s);
    let bare = |s: &str| word(s.trim_matches(|c: char| !c.is_alphabetic())) || word(s);
    bare(folded) || bare(once(folded)) || word(once(folded.trim_matches(|c: char| !c.is_alphabetic())))
}

/// What a text says over and over, when it does: `dragon` of `dragondragon`.
fn once(s: &str) -> &str {
    let ends = s.char_indices().map(|(at, _)| at).filter(|at| *at > 0 && s.len().is_multiple_of(*at));
    ends.map(|at| &s[..at]).find(|part| part.repeat(s.len() / part.len()) == s).unwrap_or(s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_three_thousand_and_the_long_ones() {
        let all: Vec<&str> = LIST.lines().filter(|l| !l.starts_with('#')).collect();
        assert!(all.iter().filter(|p| p.len() >= 12).count() > 300, "long ones");
        assert!(all.len() > 3_300 && COMMON.len() >= 3_300, "{}", COMMON.len());
        for password in &all {
            assert_eq!(**password, domain::words::fold(password).replace(' ', ""), "written as it is compared");
        }
    }

    #[test]
    fn a_common_password_with_digits_or_over_and_over_is_a_common_password() {
        for bad in [
            "qwertyuiop12",
            "football2026!",
            "2026football",
            "dragondragon",
            "monkeymonkey77",
            "abc123abc123",
            "trustno1trustno1",
            "123qweasdzxc",
            "safeguarding1",
        ] {
            assert!(is_common(bad), "{bad}");
        }
        for good in
            ["hilltigerlamp", "correcthorsebattery", "dragonmonkeyhill", "three-wooden-spoons", "éééé-ünder-wåter"]
        {
            assert!(!is_common(good), "{good}");
        }
    }
}
