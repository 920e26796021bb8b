//! How often somebody may try to sign in. A try is counted before it is judged, and given back when it was right; so many
//! at once are judged no oftener than one after the other.
//!
//! A wait grows and is told; nobody is shut out for long by others:
//! - right cards and right links are never made to wait (they have what cannot be guessed, and the code its own five tries);
//!   only a code in an address, which opens a card without its pictures, waits like a wrong one, or it could be guessed;
//! - a place waits for the number of different names and codes that failed there, not for one child who tries again;
//! - a name waits at each place by itself, and in the wide only where nobody has signed in with it before.

use domain::ids::PersonId;
use domain::moment::Moment;
use store::Tx;
use store::tries::{Pace, Taken, forget, give_back, take};

use crate::{Keys, Refused};

/// One name at one place.
pub(crate) const NAME_HERE: Pace =
    Pace { free: 10, step: 30 * Moment::SECOND, most: 10 * Moment::MINUTE, forgotten: Moment::HOUR };
/// One name at all places together where nobody has signed in with it.
const NAME: Pace = Pace { free: 30, step: 30 * Moment::SECOND, most: 15 * Moment::MINUTE, forgotten: Moment::HOUR };
/// Different names and codes at one place; and, counted apart, codes in addresses that opened nothing there.
const PLACE: Pace = Pace { free: 30, step: 10 * Moment::SECOND, most: 5 * Moment::MINUTE, forgotten: Moment::HOUR };
/// Codes in addresses that opened nothing, at all places together. With 34.6 bits in a code, and ten thousand cards in one
/// house, guessing at this pace takes years.
const CODE: Pace = Pace { free: 600, step: Moment::SECOND, most: 30 * Moment::SECOND, forgotten: Moment::HOUR };
/// Counted only to know whether it is a new one here.
const SEEN: Pace = Pace { free: 1 << 40, step: 0, most: 0, forgotten: Moment::HOUR };

/// The keyed hashes of a place, and of what is tried there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tried {
    pub(super) place: [u8; 32],
    name: [u8; 32],
    /// Both together.
    here: [u8; 32],
}

impl Tried {
    pub(super) fn new(keys: &Keys, place: &str, name: &str) -> Self {
        Self {
            place: keys.hash("sign-in-place", place.as_bytes()),
            name: keys.hash("sign-in-name", name.as_bytes()),
            here: keys.hash("sign-in-here", format!("{place}\n{name}").as_bytes()),
        }
    }
}

/// The wait that is left, for a page.
pub(crate) fn wait(until: Moment, now: Moment) -> Refused {
    let seconds = (until.since(now) + Moment::SECOND - 1) / Moment::SECOND;
    Refused::TooMany(seconds.max(1))
}

fn judged(taken: Taken, now: Moment) -> Result<i64, Refused> {
    match taken {
        Taken::Try(times) => Ok(times),
        Taken::Wait(until) => Err(wait(until, now)),
    }
}

/// A try with a password that was taken, and what to give back when it is right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    here: [u8; 32],
    name: [u8; 32],
    place: Option<[u8; 32]>,
}

/// Takes a try of a name. Where it was signed in with before it has counts of its own, which nobody elsewhere can fill.
/// Drop `tx` on an error: nothing was counted then.
pub(super) async fn take_name(tx: &mut Tx, tried: &Tried, now: Moment) -> Result<Held, Refused> {
    let known = store::tries::is_from(tx, &tried.here).await?;
    let (name, place) = if known { (tried.here, tried.here) } else { (tried.name, tried.place) };
    let here = judged(take(tx, "name-here", &tried.here, NAME_HERE, now).await?, now)?;
    judged(take(tx, "name", &name, NAME, now).await?, now)?;
    let new = here == 1;
    take_place(tx, &place, new, now).await?;
    Ok(Held { here: tried.here, name, place: new.then_some(place) })
}

/// A place takes one more for a name that is new there, and else only says whether it waits.
async fn take_place(tx: &mut Tx, place: &[u8; 32], new: bool, now: Moment) -> Result<(), Refused> {
    if new {
        return judged(take(tx, "place", place, PLACE, now).await?, now).map(|_| ());
    }
    match store::tries::free_at(tx, "place", place).await? {
        Some(until) if until > now => Err(wait(until, now)),
        _ => Ok(()),
    }
}

/// It was right: the name starts again here, the others get their try back, and the place is known from now on.
pub(super) async fn right(tx: &mut Tx, held: &Held, now: Moment) -> Result<(), Refused> {
    forget(tx, "name-here", &held.here).await?;
    give_back(tx, "name", &held.name, now).await?;
    if let Some(place) = &held.place {
        give_back(tx, "place", place, now).await?;
    }
    store::tries::note_from(tx, &held.here, now).await?;
    Ok(())
}

/// Counts a card or a link that opened nothing. They are judged first, because right ones never wait: what waits is only
/// the answer to wrong ones. What is counted stays counted, whatever this says: commit `tx`.
pub(super) async fn wrong_card(tx: &mut Tx, tried: &Tried, now: Moment) -> Result<Refused, Refused> {
    let here = judged(take(tx, "card-here", &tried.here, SEEN, now).await?, now)?;
    match take_place(tx, &tried.place, here == 1, now).await {
        Ok(()) => Ok(Refused::invalid("sign-in", "sign-in")),
        Err(wait @ Refused::TooMany(_)) => Ok(wait),
        Err(e) => Err(e),
    }
}

/// What the tries of all places together are counted under.
const EVERYWHERE: [u8; 32] = [0; 32];

/// Takes a try of a code in an address, before it is judged. Drop `tx` on an error: nothing was counted then.
pub(super) async fn take_code(tx: &mut Tx, tried: &Tried, now: Moment) -> Result<(), Refused> {
    judged(take(tx, "code-here", &tried.place, PLACE, now).await?, now)?;
    judged(take(tx, "code", &EVERYWHERE, CODE, now).await?, now)?;
    Ok(())
}

/// It opened a card: both get their try back.
pub(super) async fn right_code(tx: &mut Tx, tried: &Tried, now: Moment) -> Result<(), Refused> {
    give_back(tx, "code-here", &tried.place, now).await?;
    give_back(tx, "code", &EVERYWHERE, now).await?;
    Ok(())
}

/// The keyed hash under which the tries of somebody's old password are counted.
pub(crate) fn old_password(keys: &Keys, person: PersonId) -> [u8; 32] {
    keys.hash("old-password", person.0.as_bytes())
}
