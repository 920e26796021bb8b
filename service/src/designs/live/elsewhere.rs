//! Who writes in a design on other instances: each says who is in its rooms, when somebody comes, goes, or writes somewhere else,
//! and now and then all of it again. Between instances only ids travel. Of an instance that stopped nobody says that they have
//! gone, so whoever is not heard of for a while is not here any more.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use domain::ids::{DesignId, PersonId, SectionId};
use domain::moment::Moment;
use uuid::Uuid;

use super::{Guest, Heard, Room};
use crate::Service;
use crate::news::Event;

/// How often an instance says again who is in its rooms.
pub(super) const SAY_EVERY: Duration = Duration::from_secs(30);
/// Who is not heard of for this long has gone.
const GONE_AFTER: i64 = 80 * Moment::SECOND;

/// A guest of another instance: which instance, and its number there.
type Far = (Uuid, u64);

/// The guests of other instances in one room, and when each was last heard of.
#[derive(Default)]
pub(super) struct Elsewhere(
    // Held for a few instructions at a time, never over an await.
    Mutex<BTreeMap<Far, (Guest, Moment)>>,
);

impl Elsewhere {
    /// All of them.
    pub(super) fn guests(&self) -> Vec<Guest> {
        self.0.lock().map(|all| all.values().map(|(guest, _)| guest.clone()).collect()).unwrap_or_default()
    }

    /// Hears of somebody who is known; false where they are not.
    fn again(&self, far: Far, section: Option<SectionId>, now: Moment) -> Option<bool> {
        let mut all = self.0.lock().ok()?;
        let (guest, heard) = all.get_mut(&far)?;
        *heard = now;
        let moved = guest.section != section;
        guest.section = section;
        Some(moved)
    }

    fn put(&self, far: Far, guest: Guest, now: Moment) {
        if let Ok(mut all) = self.0.lock() {
            all.insert(far, (guest, now));
        }
    }

    fn remove(&self, far: Far) -> bool {
        self.0.lock().is_ok_and(|mut all| all.remove(&far).is_some())
    }

    /// Lets go of whoever was not heard of for a while.
    fn forget(&self, now: Moment) -> bool {
        let Ok(mut all) = self.0.lock() else { return false };
        let before = all.len();
        all.retain(|_, (_, heard)| now.since(*heard) < GONE_AFTER);
        all.len() < before
    }
}

impl Service {
    /// Says to other instances that somebody is in a room here, and where they write.
    pub(super) fn say_present(&self, design: DesignId, guest: u64, (person, section): (PersonId, Option<SectionId>)) {
        let at = self.news().me();
        self.news().tell_others(Event::Present { design, at, guest, person, section });
    }

    /// Says who all is in a room here.
    pub(super) fn say_all(&self, room: &Room) {
        let all: Vec<(u64, PersonId, Option<SectionId>)> = match room.present.lock() {
            Ok(present) => present.iter().map(|(n, guest)| (*n, guest.person, guest.section)).collect(),
            Err(_) => return,
        };
        for (guest, person, section) in all {
            self.say_present(room.design, guest, (person, section));
        }
    }

    /// Takes in what another instance says about a room.
    pub(super) async fn hear_elsewhere(&self, room: &Room, event: Event) {
        let changed = match event {
            Event::WhoIsHere { .. } => {
                self.say_all(room);
                false
            }
            Event::Absent { at, guest, .. } => room.elsewhere.remove((at, guest)),
            Event::Present { at, guest, person, section, .. } => {
                match room.elsewhere.again((at, guest), section, self.now()) {
                    Some(moved) => moved,
                    None => match self.named(person).await {
                        Some((name, role)) => {
                            room.elsewhere.put((at, guest), Guest { person, name, role, section }, self.now());
                            true
                        }
                        None => false,
                    },
                }
            }
            _ => false,
        };
        if changed {
            let _ = room.heard.send(Heard::People);
        }
    }

    /// Says again who is here, and forgets who has gone without a word.
    pub(super) fn refresh(&self, room: &Room) {
        self.say_all(room);
        if room.elsewhere.forget(self.now()) {
            let _ = room.heard.send(Heard::People);
        }
    }

    async fn named(&self, person: PersonId) -> Option<(String, domain::people::Role)> {
        let asked = async {
            let mut tx = self.store().read().await?;
            store::people::find(&mut tx, person).await
        };
        match asked.await {
            Ok(row) => row.map(|row| (row.name, row.role)),
            Err(e) => {
                tracing::warn!(error = %e, "who writes elsewhere could not be read");
                None
            }
        }
    }
}
