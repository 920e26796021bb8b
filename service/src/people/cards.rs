//! Printed cards: made once, shown once. Only keyed hashes are stored, so nobody can look a code up again.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::groups::Visibility;
use domain::ids::{CardId, FormId, PersonId};
use domain::people::{CardCode, CardSecret, Picture, Role};
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

/// Whether `who`, who may change this person, may make a card for them: whoever has it is taken for them, also in a hidden
/// group. So a worker of one of their groups may; and an administrator where there is none who could.
///
/// It is the same for everybody else, whatever groups somebody is in: the answer must not tell of a hidden one.
pub(super) async fn may_make(tx: &mut Tx, who: &Who, id: PersonId) -> Result<bool, Refused> {
    let groups = store::access::groups_of(tx, id).await?;
    let has_worker = store::access::has_worker(tx, id).await?;
    // How far a group may be known of does not matter to those inside it.
    let groups = groups.into_iter().map(|(group, _)| (group.into(), Visibility::Hidden)).collect();
    let works = may(who, Verb::MakeCard, &Place::of(groups)) == Answer::Yes;
    Ok(works || (!has_worker && who.role() == Some(Role::Administrator)))
}

impl Service {
    /// Makes somebody's new card. The one before and every session end.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] to everybody but the workers of their groups, or an administrator where there is none;
    /// [`Refused::Unknown`] for nobody, and for staff, who have no cards.
    pub async fn make_card(&self, who: &Who, form: FormId, id: PersonId) -> Result<CardMade, Refused> {
        let mut tx = self.write_as(who).await?;
        let row = super::changeable(&mut tx, who, id).await?;
        if row.role.is_staff() {
            return Err(Refused::Unknown);
        }
        if !may_make(&mut tx, who, id).await? {
            return Err(Refused::NotAllowed);
        }
        if crate::access::before(&mut tx, form).await?.is_some() {
            return Ok(CardMade::Already);
        }
        let card = self.new_card(&mut tx, id, &row.name, who.id()).await?;
        self.note_person(&mut tx, who, Verb::ChangePerson, id, "card").await?;
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
