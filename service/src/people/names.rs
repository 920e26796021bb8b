//! Names that could be taken for somebody else's: of a member of staff, or of the house itself.

use std::sync::LazyLock;

use domain::words::{DisplayName, fold};
use store::Tx;
use unicode_security::confusable_detection::skeleton;
use unicode_security::mixed_script::MixedScript as _;

use crate::{Problems, Refused};

/// Words by which the house names somebody without a name: nobody's own name. `app` has a test that its words are here.
const HOUSE_NAMES: &[&str] = &[
    "you",
    "somebody",
    "somebody who has left",
    "somebody in another conversation",
    "deleted account",
    "young person",
    "supporter",
    "parent or carer",
    "worker",
    "youth worker",
    "social worker",
    "moderator",
    "safeguarding lead",
    "board member",
    "administrator",
    "admin",
    "officer",
    "staff",
    "system",
    "tandem",
];

/// Words that say what somebody is: with one of them beside a name, it says that they work here.
const WORK: &[&str] =
    &["worker", "moderator", "safeguarding", "administrator", "admin", "officer", "staff", "council", "councillor"];

/// What a name looks like: letters that look alike are one, and case, marks, spaces and signs are gone. Two, because some
/// letters look alike only as capitals (I, l).
struct Looks([String; 2]);

impl Looks {
    fn of(name: &str) -> Self {
        let plain = |s: String| s.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        Self([plain(fold(&skeleton(name).collect::<String>())), plain(skeleton(&fold(name)).collect())])
    }

    fn like(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| !a.is_empty() && a == b)
    }
}

/// How the names and words of the house look, worked out once.
static HOUSE: LazyLock<Vec<Looks>> = LazyLock::new(|| HOUSE_NAMES.iter().copied().map(Looks::of).collect());
static WORKING: LazyLock<Vec<Looks>> = LazyLock::new(|| WORK.iter().copied().map(Looks::of).collect());

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// What is wrong with a name of somebody without a staff role, as the end of a message key. `staff`: the names of staff.
pub fn problem(name: &str, staff: &[String]) -> Option<&'static str> {
    let without_article = fold(name);
    let without_article = ["a ", "an ", "the "].iter().find_map(|a| without_article.strip_prefix(a)).unwrap_or(name);
    let (whole, bare) = (Looks::of(name), Looks::of(without_article));
    if words(name).any(|w| !w.is_single_script()) {
        Some("mixed-letters")
    } else if staff.iter().any(|s| Looks::of(s).like(&whole)) {
        Some("like-staff")
    } else if HOUSE.iter().any(|h| h.like(&whole) || h.like(&bare))
        || words(name).map(Looks::of).any(|w| WORKING.iter().any(|work| work.like(&w)))
    {
        Some("like-house")
    } else {
        None
    }
}

/// A name, or what is wrong with it, on the field `name`. Staff (`is_staff`) may be called as they are; others like nobody
/// of staff.
pub(super) async fn take(
    tx: &mut Tx,
    problems: &mut Problems,
    is_staff: bool,
    typed: &str,
) -> Result<Option<DisplayName>, Refused> {
    let Some(name) = problems.take("name", DisplayName::parse(typed)) else { return Ok(None) };
    if is_staff {
        return Ok(Some(name));
    }
    let staff = store::people::staff_names(tx).await?;
    match problem(name.as_str(), &staff) {
        None => Ok(Some(name)),
        Some(key) => {
            problems.add("name", key);
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_called_like_staff_in_any_letters_that_look_like_theirs() {
        let staff = ["Sal".to_owned(), "Hannah Field".to_owned(), "Ace".to_owned()];
        for bad in
            ["Sal", "sal", "SAL", "S a l", "S.al", "Sa1", "SaI", "Sàl", "Ｓａｌ", "𝐒𝐚𝐥", "hannah  field", "HannahField"]
        {
            assert_eq!(problem(bad, &staff), Some("like-staff"), "{bad}");
        }
        // All of one script, but for the eye the same.
        assert_eq!(problem("Асе", &staff), Some("like-staff"));
        for good in ["Sally", "Sol", "Hannah", "Zoë", "Анна", "李小龙", "Anna 安娜", "🦊", "Robin 2", "さくらの木"]
        {
            assert_eq!(problem(good, &staff), None, "{good}");
        }
    }

    #[test]
    fn one_word_is_of_one_script() {
        for bad in ["Ѕal", "Rоbin", "Zoе", "Αnna"] {
            assert_eq!(problem(bad, &[]), Some("mixed-letters"), "{bad}");
        }
    }

    #[test]
    fn nobody_is_called_what_the_house_calls_people() {
        for bad in [
            "Deleted account",
            "Somebody who has left",
            "You",
            "A worker",
            "The moderator",
            "Sal (youth worker)",
            "Robin, staff",
            "ADMIN",
            "Council",
        ] {
            assert_eq!(problem(bad, &[]), Some("like-house"), "{bad}");
        }
    }
}
