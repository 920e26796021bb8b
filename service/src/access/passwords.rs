//! Passwords of staff: Argon2id, 19 MiB, 2 passes, 1 lane (ENGINEERING.md 4; the OWASP minimum of that family).

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::people::BadPassword;
use domain::words::fold;
use tokio::sync::Semaphore;

use super::common_passwords::is_common;
use crate::{Chance, Refused};

/// Hashes at most two passwords at a time: each takes 19 MiB and a core, and a small machine must still answer pages.
pub struct Passwords {
    at_once: Semaphore,
}

/// The hash of no password: verified for unknown names, so that they take as long as known ones. Written here and not
/// made at the start, which would cost each start 19 MiB and a fifth of its time.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$EExX5fzTwTN+hNUhYsI5G+QdTY5Gl/M1Pi6L3iml6fM";

fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Whether a stored hash is one of ours: Argon2id that asks for no more memory, passes and lanes than we do. What asks for
/// more was made by somebody else, and to check one password against it could take gigabytes and minutes.
pub(crate) fn is_ours(hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    let Ok(params) = Params::try_from(&parsed) else { return false };
    let (most, own) = (argon(), params);
    let most = most.params();
    parsed.algorithm == Algorithm::Argon2id.ident()
        && parsed.version == Some(Version::V0x13 as u32)
        && own.m_cost() <= most.m_cost()
        && own.t_cost() <= most.t_cost()
        && own.p_cost() <= most.p_cost()
        && parsed.hash.is_some()
}

fn hash_with(password: &str, salt: [u8; 16]) -> Result<String, Refused> {
    let fault = |_: argon2::password_hash::Error| Refused::fault("a password cannot be hashed");
    let salt = SaltString::encode_b64(&salt).map_err(fault)?;
    Ok(argon().hash_password(password.as_bytes(), &salt).map_err(fault)?.to_string())
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    /// Ready to hash.
    pub fn new() -> Self {
        Self { at_once: Semaphore::new(2) }
    }

    /// The hash of a password, as a PHC string.
    ///
    /// # Errors
    /// [`Refused::Fault`] when hashing fails.
    pub async fn hash(&self, password: String, chance: &dyn Chance) -> Result<String, Refused> {
        let mut salt = [0u8; 16];
        chance.fill(&mut salt);
        let _turn = self.at_once.acquire().await.map_err(|_| Refused::fault("the queue of passwords is closed"))?;
        tokio::task::spawn_blocking(move || hash_with(&password, salt))
            .await
            .map_err(|_| Refused::fault("hashing a password ended early"))?
    }

    /// Whether a password is the one that was hashed. `None` takes as long and is never right.
    ///
    /// # Errors
    /// [`Refused::Fault`] when the work could not be done.
    pub async fn verify(&self, hash: Option<String>, password: String) -> Result<bool, Refused> {
        // A hash that is none of ours is nobody's: it takes as long, and no password is right.
        let hash = hash.filter(|hash| is_ours(hash));
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
        store::trace::record("argon2id");
        let _turn = self.at_once.acquire().await.map_err(|_| Refused::fault("the queue of passwords is closed"))?;
        tokio::task::spawn_blocking(move || {
            let Ok(parsed) = PasswordHash::new(&hash) else { return false };
            argon().verify_password(password.as_bytes(), &parsed).is_ok() && known
        })
        .await
        .map_err(|_| Refused::fault("hashing a password ended early"))
    }
}

/// Whether a new password will do: 12 to 200 characters, not a common one or one with digits or marks around it, not made of
/// the product's or the person's own names. No rules about kinds of characters (STANDARDS S-121).
///
/// # Errors
/// [`BadPassword`], with what to do in its message.
pub fn check_new(password: &str, names: &[&str]) -> Result<(), BadPassword> {
    let length = password.chars().count();
    if length < 12 {
        return Err(BadPassword::TooShort);
    }
    if length > 200 {
        return Err(BadPassword::TooLong);
    }
    let folded: String = fold(password).chars().filter(|c| !c.is_whitespace()).collect();
    if is_common(&folded) || one_letter_over_and_over(&folded) {
        return Err(BadPassword::Common);
    }
    // "tandemtandem1": what is left when the words that anybody would try are taken out.
    let mut left = folded.clone();
    for word in
        names.iter().map(|n| fold(n).replace(' ', "")).chain(["tandem", "council", "password"].map(str::to_owned))
    {
        if word.chars().count() >= 3 {
            left = left.replace(&word, "");
        }
    }
    let digits_out: String = left.chars().filter(|c| c.is_alphabetic()).collect();
    if left != folded && digits_out.chars().count() < 4 {
        return Err(BadPassword::Common);
    }
    Ok(())
}

fn one_letter_over_and_over(s: &str) -> bool {
    let mut letters: Vec<char> = s.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    letters.len() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_hash_takes_the_same_work_as_anybodys() {
        let made = hash_with("hill tiger lamp", [1; 16]).expect("a hash");
        let (made, nobodys) = (PasswordHash::new(&made).expect("a hash"), PasswordHash::new(NOBODYS).expect("a hash"));
        assert_eq!((made.algorithm, made.version, &made.params), (nobodys.algorithm, nobodys.version, &nobodys.params));
        let lengths = |h: &PasswordHash<'_>| (h.salt.map(|s| s.len()), h.hash.map(|out| out.len()));
        assert_eq!(lengths(&made), lengths(&nobodys));
    }

    #[test]
    fn hashes_that_ask_for_more_work_than_ours_are_not_ours() {
        let made = hash_with("hill tiger lamp", [1; 16]).expect("a hash");
        assert!(is_ours(&made) && is_ours(NOBODYS));
        for (from, to) in [
            ("m=19456", "m=4194304"),
            ("t=2", "t=100"),
            ("p=1", "p=4"),
            ("argon2id", "argon2d"),
            ("argon2id", "pbkdf2-sha256"),
            ("v=19", "v=16"),
        ] {
            assert!(!is_ours(&made.replace(from, to)), "{to}");
        }
        assert!(!is_ours("") && !is_ours("$argon2id$not-a-real-one"));
    }

    #[tokio::test]
    async fn the_right_password_is_not_right_for_a_forged_hash() {
        let made = hash_with("hill tiger lamp", [1; 16]).expect("a hash");
        let passwords = Passwords::new();
        assert_eq!(passwords.verify(Some(made.clone()), "hill tiger lamp".to_owned()).await.ok(), Some(true));
        let weak = Argon2::new(Algorithm::Argon2d, Version::V0x13, Params::new(64, 1, 1, None).expect("small"));
        let salt = SaltString::encode_b64(&[1; 16]).expect("salt");
        let forged = weak.hash_password(b"hill tiger lamp", &salt).expect("a hash").to_string();
        assert_eq!(passwords.verify(Some(forged), "hill tiger lamp".to_owned()).await.ok(), Some(false));
    }

    #[test]
    fn length_and_guessability_decide_not_kinds_of_characters() {
        assert_eq!(check_new("short", &[]), Err(BadPassword::TooShort));
        assert_eq!(check_new(&"x".repeat(201), &[]), Err(BadPassword::TooLong));
        assert_eq!(check_new("aaaaaaaaaaaaa", &[]), Err(BadPassword::Common));
        assert_eq!(check_new("Password12345", &[]), Err(BadPassword::Common));
        assert_eq!(check_new("Football 2026!", &[]), Err(BadPassword::Common));
        assert_eq!(check_new("dragon Dragon 7", &[]), Err(BadPassword::Common));
        assert_eq!(check_new("morgan123456789", &["Morgan"]), Err(BadPassword::Common));
        assert_eq!(check_new("correct horse battery", &["Morgan"]), Ok(()));
        assert_eq!(check_new("hill tiger lamp", &[]), Ok(()));
    }
}
