//! Printed cards: made once, shown once. Only keyed hashes are stored, so nobody can look a code up again.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::groups::Visibility;
use domain::ids::{CardId, FormId, PersonId};
use domain::moment::Moment;
use domain::people::{CardCode, CardSecret, Picture};
use store::Tx;
use store::access::NewCard;

use crate::access::card_hashes;
use crate::news::Event;
use crate::{Chance, Refused, Service};

/// A card as it is printed. No birth date, no group.
#[derive(Debug, Clone)]
pub struct PrintedCard {
    /// Whose it is: the name others see.
    pub name: String,
    /// The code.
    pub code: CardCode,
    /// The pictures, in order, all different.
    pub pictures: [Picture; 3],
    /// What its link carries: it signs in by itself.
    pub secret: CardSecret,
}

/// What making a card gave.
#[derive(Debug)]
pub enum CardMade {
    /// The card, to be shown this once.
    New(PrintedCard),
    /// The same form made one already, which was shown then.
    Already,
}

fn code(chance: &dyn Chance) -> CardCode {
    loop {
        let mut bytes = [0u8; 24];
        chance.fill(&mut bytes);
        if let Some(code) = CardCode::from_random(&bytes) {
            return code;
        }
    }
}

fn secret(chance: &dyn Chance) -> CardSecret {
    let mut bytes = [0u8; CardSecret::BYTES];
    chance.fill(&mut bytes);
    CardSecret::from_random(bytes)
}

/// A number below `n`, each as likely as the others: bytes beyond the fair range are thrown away.
pub(super) fn below(chance: &dyn Chance, n: usize) -> usize {
    let range = usize::from(u16::MAX) + 1;
    loop {
        let mut bytes = [0u8; 2];
        chance.fill(&mut bytes);
        let drawn = usize::from(u16::from_be_bytes(bytes));
        if drawn < range / n * n {
            return drawn % n;
        }
    }
}

fn pictures(chance: &dyn Chance) -> [Picture; 3] {
    let mut all = Picture::ALL.to_vec();
    [(); 3].map(|()| all.remove(below(chance, all.len())))
}

/// How long a worker and somebody must have been in a group together until the worker may make the other's card. Who has
/// just been put somewhere is not taken over at once.
const TOGETHER: i64 = Moment::DAY;

/// The right by which `who`, who may change this person, may make a card for them, if there is one: whoever has it is taken
/// for them, also in a hidden group. So a worker may who has been in one of their groups with them for a day, or was in the
/// one they were made in then, or is there now while no card of theirs was ever used; and an administrator where there is
/// none who could (docs/DECISIONS/0012-who-makes-a-card.md).
///
/// It is the same for everybody else, whatever groups somebody is in: the answer must not tell of a hidden one.
pub(super) async fn may_make(tx: &mut Tx, who: &Who, id: PersonId, now: Moment) -> Result<Option<Verb>, Refused> {
    let Some(maker) = who.id() else { return Ok(None) };
    let before = now.plus(-TOGETHER);
    let groups = store::access::card_groups(tx, id, maker, before).await?;
    let has_worker = store::access::has_card_worker(tx, id, before).await?;
    // How far a group may be known of does not matter to those inside it.
    let place = Place::of(groups.into_iter().map(|group| (group, Visibility::Hidden)).collect());
    Ok(if may(who, Verb::MakeCard, &place) == Answer::Yes {
        Some(Verb::MakeCard)
    } else if !has_worker && may(who, Verb::MakeCardInstead, &Place::house()) == Answer::Yes {
        Some(Verb::MakeCardInstead)
    } else {
        None
    })
}

impl Service {
    /// Makes somebody's new card. The one before and every session end.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to everybody but those whom the rule of cards names (docs/DECISIONS/0012); [`Refused::Unknown`] for nobody, and for staff, who have no cards.
    pub async fn make_card(&self, who: &Who, form: FormId, id: PersonId) -> Result<CardMade, Refused> {
        let mut tx = self.write_as(who).await?;
        let row = super::changeable(&mut tx, who, id).await?;
        if row.role.is_staff() {
            return Err(Refused::Unknown);
        }
        let Some(verb) = may_make(&mut tx, who, id, self.now()).await? else { return Err(Refused::NotAllowed) };
        if crate::access::before(&mut tx, form).await?.is_some() {
            return Ok(CardMade::Already);
        }
        let card = self.new_card(&mut tx, id, &row.name, who.id()).await?;
        self.note_person(&mut tx, who, verb, id, "card").await?;
        crate::access::done(&mut tx, form, Some(id.0), self.now()).await?;
        store::access::end_all_sessions(&mut tx, id).await?;
        tx.commit().await?;
        self.news().tell(Event::Rights { person: id });
        Ok(CardMade::New(card))
    }

    /// A new card in this transaction; the living one ends.
    pub(super) async fn new_card(
        &self,
        tx: &mut Tx,
        person: PersonId,
        name: &str,
        by: Option<PersonId>,
    ) -> Result<PrintedCard, Refused> {
        let (now, world) = (self.now(), self.world());
        store::access::end_cards(tx, person, now).await?;
        loop {
            let card = PrintedCard {
                name: name.to_owned(),
                code: code(world.chance.as_ref()),
                pictures: pictures(world.chance.as_ref()),
                secret: secret(world.chance.as_ref()),
            };
            let hashes = &card_hashes(&world.keys, &card.code, card.pictures, &card.secret);
            let id: CardId = self.new_id();
            // A code that was ever on a card, even a dead one, is never used again.
            if store::access::insert_card(tx, &NewCard { id, person, hashes, made_at: now, by }).await? {
                return Ok(card);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::SystemChance;

    #[test]
    fn pictures_are_always_three_different_ones_and_all_of_them_come_up() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..500 {
            let [a, b, c] = pictures(&SystemChance);
            assert!(a != b && b != c && a != c);
            seen.extend([a, b, c]);
        }
        assert_eq!(seen.len(), Picture::ALL.len());
    }
}
