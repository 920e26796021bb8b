//! Writing live: everybody who writes in a design at the same moment is in one room of this instance.
//!
//! What they type comes as batches of updates. A room gathers the batches of everybody, at most one from each, and keeps
//! them in one transaction not more often than every [`EVERY`]: rights and the stage are asked in it, for each of them, and
//! what came goes through the gate. Only after the commit is anybody told: the writer that it is kept, the others what it
//! was. Other instances keep rows of their own; a room hears that there are some and reads those after its last. Merging
//! commutes, so there is no leader. Who is in the rooms of other instances is in [`elsewhere`].

mod elsewhere;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use domain::access::{Verb, Who};
use domain::designs::changes::Letters;
use domain::designs::gate::{self, Came, Refusal};
use domain::designs::shared_text::{SharedText, Writer};
use domain::designs::wire::{End, No};
use domain::ids::{DesignId, PersonId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use store::Tx;
use store::workspaces::Thing;
use tokio::sync::{broadcast, oneshot, watch};
use tokio::time::Sleep;

use self::elsewhere::{Elsewhere, SAY_EVERY};
use super::changes::{NewWords, Way};
use super::masking::Drawn;
use super::writing::{FOLD_EVERY, Says, Written, fold, log_words, state_at, wrote};
use super::{LockView, locks, words_open};
use crate::aside::Whose;
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::{Refused, Service};

/// A room keeps what came not more often than this.
const EVERY: Duration = Duration::from_millis(30);
/// A person sends so many bytes of changes in an hour as fast as they like: some ten thousand times what anybody types.
const MOST_BYTES: usize = 4 << 20;
/// Afterwards each KiB takes this long.
const SLOW: Duration = Duration::from_secs(2);
/// What a writer's mark is made for.
const WRITER: &str = "writer";

/// The rooms of this instance. A room is there for as long as somebody is in it.
#[derive(Default)]
pub(crate) struct Rooms {
    // Held for a few instructions at a time, never over an await.
    open: Mutex<HashMap<DesignId, Weak<Room>>>,
    guests: AtomicU64,
    /// Since when, and how many bytes of changes somebody has sent in about this hour.
    sent: Mutex<HashMap<PersonId, (Moment, usize)>>,
}

/// Everybody who writes in one design here and now.
pub struct Room {
    design: DesignId,
    /// What it knows of the text. Whoever holds it commits, or lets somebody in: one at a time.
    kept: tokio::sync::Mutex<Kept>,
    // Both held for a few instructions at a time, never over an await.
    queue: Mutex<Queue>,
    present: Mutex<BTreeMap<u64, Guest>>,
    elsewhere: Elsewhere,
    /// Acts of staff that stand in the log already: one line for each section and person, for as long as the room is open.
    noted: Mutex<BTreeSet<(PersonId, SectionId)>>,
    heard: broadcast::Sender<Heard>,
    /// Gone with the room: then nobody listens to the news for it any more.
    _open: watch::Sender<()>,
}

/// What came and is not kept yet.
#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// A task is at work that keeps everything which stands here. There is one at most: a task for each batch would wait
    /// for its turn long after another has taken its batch along, and they would be more and more.
    at_work: bool,
}

#[derive(Default)]
struct Kept {
    /// The number of the last change that everybody here was told of, once somebody is here.
    seq: Option<i64>,
    /// The text up to that number, once somebody has written.
    state: Option<Vec<u8>>,
    /// Until when nothing is committed again.
    rest: Option<Pin<Box<Sleep>>>,
}

/// Somebody who is here, as others see them.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Who.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Where they write, if they do.
    pub section: Option<SectionId>,
}

struct Waiting {
    guest: u64,
    who: Who,
    writer: Writer,
    update: Vec<u8>,
    told: oneshot::Sender<Result<i64, Not>>,
}

/// Why a batch is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Not {
    /// This batch is not.
    No(No),
    /// Nothing more is, from them.
    End(End),
}

/// What everybody in a room hears.
#[derive(Debug, Clone)]
pub enum Heard {
    /// A change with its number. `from`: the guest who made it; 0 for somebody elsewhere.
    Change {
        /// Its number.
        seq: i64,
        /// The update.
        update: Arc<[u8]>,
        /// Who made it.
        from: u64,
    },
    /// Who is here has changed.
    People,
    /// The stage, a lock or somebody's rights may have changed: ask.
    Look,
    /// Changes that somebody here may not have are kept no more: begin anew from what is.
    Again,
}

/// Somebody in a room. Leaving it is dropping this.
pub struct Seat {
    room: Arc<Room>,
    /// Which guest this is.
    pub guest: u64,
    who: Who,
    service: Service,
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Ok(mut present) = self.room.present.lock() {
            present.remove(&self.guest);
        }
        let (design, news) = (self.room.design, self.service.news());
        news.tell_others(Event::Absent { design, at: news.me(), guest: self.guest });
        let _ = self.room.heard.send(Heard::People);
    }
}

/// What somebody who comes in gets.
pub struct Joined {
    /// Their seat.
    pub seat: Seat,
    /// What happens from now on. What was in `changes` already may come again.
    pub heard: broadcast::Receiver<Heard>,
    /// The text as it was at the number they asked for (or as it is, where that is not kept any more), and every change
    /// since, each with its number.
    pub changes: Vec<(i64, Vec<u8>)>,
    /// The number of the last one.
    pub seq: i64,
}

/// The task that keeps what waits. Should it end before it goes home, by a fault or with the program, nobody is left waiting
/// for it, and the next batch begins another.
struct AtWork<'a> {
    room: &'a Room,
    went_home: bool,
}

impl AtWork<'_> {
    /// Whether anything waits to be kept. When nothing does, it goes home: under one lock, so that whatever comes next sees it.
    fn has_work(&mut self) -> bool {
        let Ok(mut queue) = self.room.queue.lock() else { return false };
        queue.at_work = !queue.waiting.is_empty();
        self.went_home = !queue.at_work;
        queue.at_work
    }
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        if self.went_home {
            return;
        }
        if let Ok(mut queue) = self.room.queue.lock() {
            *queue = Queue::default();
        }
        // What was noted in a transaction that did not come to its end is not.
        if let Ok(mut noted) = self.room.noted.lock() {
            noted.clear();
        }
    }
}

impl Room {
    /// Forgets what it knows of the text, and sends everybody here to begin anew: their pages keep what was not sent.
    fn begin_anew(&self, kept: &mut Kept) {
        (kept.seq, kept.state) = (None, None);
        let _ = self.heard.send(Heard::Again);
    }

    /// Who else is here. A person with two tabs is one.
    pub fn others(&self, me: Option<PersonId>) -> Vec<Guest> {
        let Ok(present) = self.present.lock() else { return Vec::new() };
        let mut all: BTreeMap<PersonId, Guest> = BTreeMap::new();
        for guest in present.values().cloned().chain(self.elsewhere.guests()).filter(|g| Some(g.person) != me) {
            let section = guest.section;
            let there = all.entry(guest.person).or_insert(guest);
            there.section = there.section.or(section);
        }
        all.into_values().collect()
    }
}

impl Seat {
    /// The room it is in.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Says where its person writes.
    pub fn here(&self, section: Option<SectionId>) {
        if let Ok(mut present) = self.room.present.lock()
            && let Some(guest) = present.get_mut(&self.guest)
            && guest.section != section
        {
            guest.section = section;
        } else {
            return;
        }
        if let Some(me) = self.who.id() {
            self.service.say_present(self.room.design, self.guest, (me, section));
        }
        let _ = self.room.heard.send(Heard::People);
    }
}

impl Service {
    /// A fresh writer for somebody who begins to write live, and the mark by which they can go on as the same one.
    pub fn live_writer(&self, person: PersonId, design: DesignId) -> (Writer, String) {
        let writer = self.new_writer();
        (writer, crate::world::to_hex(&self.world().keys.hash(WRITER, &marked(writer, person, design))[..16]))
    }

    /// Whether a writer is one that this person was given for this design. Nobody can write in somebody else's name.
    pub fn is_live_writer(&self, writer: Writer, mark: &str, person: PersonId, design: DesignId) -> bool {
        self.world()
            .keys
            .hashes(WRITER, &marked(writer, person, design))
            .any(|hash| crate::world::to_hex(&hash[..16]) == mark)
    }

    /// Comes into the room of a design, to write. `base`: the number of the state that their page shows.
    ///
    /// # Errors
    /// As [`Service::write_design`].
    pub async fn join_room(&self, who: &Who, design: DesignId, base: Option<i64>) -> Result<Joined, Refused> {
        self.may_write(who, design).await?;
        let me = somebody(who)?;
        let room = self.room(design)?;
        let mut kept = room.kept.lock().await;
        // Whoever is here is told first what somebody who comes in would be told as their beginning.
        self.catch_up(&room, &mut kept).await?;
        let heard = room.heard.subscribe();
        let mut tx = self.store().read().await?;
        let seq = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?.text_seq;
        kept.seq.get_or_insert(seq);
        let mut changes = Vec::new();
        let base = base.filter(|base| (0..=seq).contains(base));
        let from = match base {
            Some(base) => state_at(&mut tx, design, base).await?.map(|state| (base, state)),
            None => None,
        };
        let from = match from {
            Some(from) => Some(from),
            None => state_at(&mut tx, design, seq).await?.map(|state| (seq, state)),
        };
        if let Some((at, state)) = from {
            changes.extend(state.parts().map(|part| (at, part.to_vec())));
            let since = store::designs::updates(&mut tx, design, at, seq).await?;
            changes.extend((at + 1..).zip(since));
        }
        drop(tx);
        drop(kept);
        let guest = self.rooms().guests.fetch_add(1, Ordering::Relaxed) + 1;
        if let Ok(mut present) = room.present.lock() {
            let it = Guest { person: me.id, name: me.name.clone(), role: me.role, section: None };
            present.insert(guest, it);
        }
        self.say_present(design, guest, (me.id, None));
        let _ = room.heard.send(Heard::People);
        Ok(Joined { seat: Seat { room, guest, who: who.clone(), service: self.clone() }, heard, changes, seq })
    }

    /// Whether somebody may write in a design now, and the sections that somebody has to themselves.
    ///
    /// # Errors
    /// As [`Service::write_design`].
    pub async fn may_write(&self, who: &Who, design: DesignId) -> Result<Vec<LockView>, Refused> {
        let mut tx = self.store().read().await?;
        allow_thing(&mut tx, who, Verb::WriteSection, Thing::Design(design)).await?;
        let row = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        words_open(row.stage, row.paused)?;
        locks::of(&mut tx, who, design, self.now()).await
    }

    /// The changes after a number: for somebody who fell behind.
    ///
    /// # Errors
    /// [`Refused`] when they may not write here any more, or when some of them are not kept any more.
    pub async fn changes_since(&self, who: &Who, design: DesignId, seq: i64) -> Result<Vec<(i64, Vec<u8>)>, Refused> {
        let mut tx = self.store().read().await?;
        allow_thing(&mut tx, who, Verb::WriteSection, Thing::Design(design)).await?;
        let now = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?.text_seq;
        let rows = store::designs::updates(&mut tx, design, seq, now).await?;
        if is_whole(&rows, seq, now) {
            Ok((seq + 1..).zip(rows).collect())
        } else {
            Err(Refused::fault("changes are not kept any more"))
        }
    }

    /// How long somebody waits before their next batch, after one of so many bytes. Whoever types never waits; all that is kept
    /// of a person's writing in an hour has an end, over all of their lines.
    pub fn live_pace(&self, person: PersonId, bytes: usize) -> Duration {
        let now = self.now();
        let Ok(mut sent) = self.rooms().sent.lock() else { return Duration::ZERO };
        sent.retain(|_, (since, _)| now.since(*since) < Moment::HOUR);
        let (_, so_far) = sent.entry(person).or_insert((now, 0));
        *so_far += bytes;
        if *so_far <= MOST_BYTES {
            Duration::ZERO
        } else {
            SLOW.saturating_mul(u32::try_from(bytes / 1024 + 1).unwrap_or(60))
        }
    }

    /// Keeps a batch of somebody; answers once it is kept for good, with the number of its change.
    ///
    /// # Errors
    /// [`Not`]: nothing of it was kept.
    pub async fn write_live(&self, seat: &Seat, writer: Writer, update: Vec<u8>) -> Result<i64, Not> {
        let (told, answer) = oneshot::channel();
        let waiting = Waiting { guest: seat.guest, who: seat.who.clone(), writer, update, told };
        let nobody = match seat.room.queue.lock() {
            Ok(mut queue) => {
                queue.waiting.push(waiting);
                !std::mem::replace(&mut queue.at_work, true)
            }
            Err(_) => return Err(Not::End(End::Again)),
        };
        if nobody {
            let (service, room) = (self.clone(), seat.room.clone());
            // A task of its own: whoever leaves while it is under way does not end it for the others.
            tokio::spawn(async move { service.keep_queue(&room).await });
        }
        answer.await.unwrap_or(Err(Not::End(End::Again)))
    }

    fn room(&self, design: DesignId) -> Result<Arc<Room>, Refused> {
        let mut open = self.rooms().open.lock().map_err(|_| Refused::fault("the rooms are poisoned"))?;
        if let Some(room) = open.get(&design).and_then(Weak::upgrade) {
            return Ok(room);
        }
        open.retain(|_, room| room.strong_count() > 0);
        let (sender, closed) = watch::channel(());
        let room = Arc::new(Room {
            design,
            kept: tokio::sync::Mutex::default(),
            queue: Mutex::default(),
            present: Mutex::default(),
            elsewhere: Elsewhere::default(),
            noted: Mutex::default(),
            heard: broadcast::channel(1024).0,
            _open: sender,
        });
        open.insert(design, Arc::downgrade(&room));
        tokio::spawn(listen(self.clone(), design, Arc::downgrade(&room), self.news().listen(), closed));
        Ok(room)
    }

    /// Reads the rows that others have kept since, and tells everybody here.
    async fn catch_up(&self, room: &Room, kept: &mut Kept) -> Result<(), Refused> {
        let Some(known) = kept.seq else { return Ok(()) };
        let mut tx = self.store().read().await?;
        let now = store::designs::find(&mut tx, room.design).await?.ok_or(Refused::Unknown)?.text_seq;
        if now <= known {
            return Ok(());
        }
        let rows = store::designs::updates(&mut tx, room.design, known, now).await?;
        drop(tx);
        if !is_whole(&rows, known, now) {
            room.begin_anew(kept);
            return Ok(());
        }
        // Without the state, should that fail, the next batch reads it anew.
        if let Some(state) = kept.state.take() {
            let more = rows.clone();
            kept.state = self.aside(Whose::Room(room.design), move || with(&state, &more)).await?;
        }
        tell(room, known, rows, 0);
        kept.seq = Some(now);
        Ok(())
    }

    /// Keeps what waits, again and again, until nothing does.
    async fn keep_queue(&self, room: &Room) {
        let mut at_work = AtWork { room, went_home: false };
        while at_work.has_work() {
            let mut kept = room.kept.lock().await;
            if let Some(rest) = kept.rest.take() {
                rest.await;
            }
            let Ok(mut batch) = room.queue.lock().map(|mut queue| std::mem::take(&mut queue.waiting)) else { return };
            kept.rest = Some(Box::pin(tokio::time::sleep(EVERY)));
            // What somebody drew up is worth nothing to whoever has left.
            batch.retain(|w| !w.told.is_closed());
            if batch.is_empty() {
                continue;
            }
            let answers = self.keep_or_say_why(room, &mut kept, &batch).await;
            drop(kept);
            for (waiting, answer) in batch.into_iter().zip(answers) {
                let _ = waiting.told.send(answer);
            }
        }
    }

    async fn keep_or_say_why(&self, room: &Room, kept: &mut Kept, batch: &[Waiting]) -> Vec<Result<i64, Not>> {
        match self.keep_batch(room, kept, batch).await {
            Ok(answers) => answers,
            Err(e) => {
                // What was noted in it is not.
                if let Ok(mut noted) = room.noted.lock() {
                    noted.clear();
                }
                if let Refused::Fault(cause) = &e {
                    tracing::error!(%cause, "words that came live could not be kept");
                }
                vec![Err(Not::End(end_of(&e))); batch.len()]
            }
        }
    }

    /// Keeps batches in one transaction.
    async fn keep_batch(
        &self,
        room: &Room,
        kept: &mut Kept,
        batch: &[Waiting],
    ) -> Result<Vec<Result<i64, Not>>, Refused> {
        let design = room.design;
        let all: Vec<Who> = batch.iter().map(|w| w.who.clone()).collect();
        let (mut tx, whos) = self.write_as_each(&all, Verb::WriteSection, Thing::Design(design)).await?;
        let row = store::designs::hold(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        if let Err(e) = words_open(row.stage, row.paused) {
            return Ok(vec![Err(Not::End(end_of(&e))); batch.len()]);
        }
        let before = row.text_seq;
        let rows = store::designs::sections(&mut tx, design).await?;
        let now = self.now();
        let held = store::designs::locks(&mut tx, design, now).await?;
        // What other instances, and plain forms, have kept since.
        let known = kept.seq.unwrap_or(before);
        let theirs = store::designs::updates(&mut tx, design, known, before).await?;
        if !is_whole(&theirs, known, before) {
            room.begin_anew(kept);
            return Ok(vec![Err(Not::End(End::Again)); batch.len()]);
        }
        let state = match (&kept.state, kept.seq) {
            (Some(state), Some(_)) => state.clone(),
            _ => start(&mut tx, design, before).await?,
        };

        // The gate, beside the threads that answer pages.
        let sections: Vec<SectionId> = rows.iter().map(|s| s.id).collect();
        let open_to = |who: &Who| -> Vec<SectionId> {
            let free = |id| !held.iter().any(|l| l.section_id == id && Some(l.locked_by) != who.id());
            rows.iter().filter(|s| s.removed_at.is_none() && free(s.id)).map(|s| s.id).collect()
        };
        let tries: Vec<(Writer, Vec<u8>, Vec<SectionId>)> = batch
            .iter()
            .zip(&whos)
            .filter_map(|(w, who)| Some((w.writer, w.update.clone(), open_to(who.as_ref().ok()?))))
            .collect();
        let more = theirs.clone();
        let mut says: BTreeMap<SectionId, String> = rows.iter().map(|s| (s.id, s.words.clone())).collect();
        let gated = self.aside(Whose::Room(design), move || {
            let state = if more.is_empty() { state } else { with(&state, &more)? };
            let came: Vec<Came<'_>> =
                tries.iter().map(|(writer, update, open)| Came { writer: *writer, update, open }).collect();
            let taken = gate::take_all(&state, &came, &sections).ok()?;
            // Only what a section says in the end is drawn.
            let last: BTreeMap<SectionId, &str> = taken
                .steps
                .iter()
                .flatten()
                .flat_map(|s| &s.changed)
                .map(|(id, words)| (*id, words.as_str()))
                .collect();
            let drawn: BTreeMap<SectionId, Drawn> =
                last.into_iter().map(|(id, words)| (id, Drawn::of(words))).collect();
            let mut counted = Vec::new();
            for step in taken.steps.iter().flatten() {
                let letters = |(id, words): &(SectionId, String)| {
                    let was = says.insert(*id, words.clone()).unwrap_or_default();
                    (*id, Letters::between(&was, words))
                };
                counted.push(step.changed.iter().map(letters).collect::<Vec<_>>());
            }
            Some((taken, drawn, counted))
        });
        let (taken, drawn, counted) =
            gated.await?.ok_or(Refused::fault("a kept change of a shared text does not fit"))?;

        let mut steps = taken.steps.into_iter();
        let (mut seq, mut out, mut told) = (before, Vec::with_capacity(batch.len()), Vec::new());
        let (mut written, mut counted) = (Vec::new(), counted.into_iter());
        for (waiting, who) in batch.iter().zip(&whos) {
            let who = match who {
                Ok(who) => who,
                Err(e) => {
                    let end = if matches!(e, Refused::Ended) { End::SignedOut } else { End::NotAllowed };
                    out.push(Err(Not::End(end)));
                    continue;
                }
            };
            let step = match steps.next().unwrap_or(Err(Refusal::Damaged)) {
                Ok(step) => step,
                Err(refusal) => {
                    out.push(Err(Not::No(why(refusal, &rows))));
                    continue;
                }
            };
            let letters = counted.next().unwrap_or_default();
            if !step.update.is_empty() {
                seq += 1;
                told.push((seq, step.update.clone(), waiting.guest));
                written.push((seq, who, step, letters));
            }
            out.push(Ok(seq));
        }
        let mut kept_now = Vec::with_capacity(written.len());
        for (seq, who, step, letters) in &written {
            let (update, changed) = (step.update.as_slice(), letters.clone());
            kept_now.push(Written { seq: *seq, update, by: somebody(who)?.id, changed });
        }
        // A section gets its plain row once, with what it says in the end.
        let ends: BTreeMap<SectionId, &str> =
            written.iter().flat_map(|(_, _, step, _)| &step.changed).map(|(id, words)| (*id, words.as_str())).collect();
        let says: Vec<Says<'_>> = rows
            .iter()
            .filter_map(|row| {
                let (words, html) = (*ends.get(&row.id)?, drawn.get(&row.id)?);
                Some(Says { new: NewWords { section: row.id, was: &row.words, words }, html })
            })
            .collect();
        wrote(&mut tx, design, now, &kept_now, &says, Way::Written).await?;
        for (_, who, step, _) in &written {
            for (section, _) in &step.changed {
                if self.is_new_act(room, who, *section) {
                    log_words(&mut tx, now, who, *section).await?;
                }
            }
        }
        if seq > before && seq / FOLD_EVERY > before / FOLD_EVERY {
            fold(&mut tx, design, seq, &taken.state, now).await?;
        }
        self.commit_and_tell_others(tx, Event::Words { design }).await?;

        kept.seq = Some(seq);
        kept.state = Some(taken.state);
        tell(room, known, theirs, 0);
        for (seq, update, from) in told {
            let _ = room.heard.send(Heard::Change { seq, update: update.into(), from });
        }
        Ok(out)
    }

    fn is_new_act(&self, room: &Room, who: &Who, section: SectionId) -> bool {
        let Some(person) = who.id() else { return false };
        room.noted.lock().is_ok_and(|mut noted| noted.insert((person, section)))
    }
}

/// Why a line ends, of why something was refused.
pub fn end_of(e: &Refused) -> End {
    match e {
        Refused::Ended => End::SignedOut,
        Refused::Unknown | Refused::NotAllowed => End::NotAllowed,
        Refused::MovedOn("writing-paused") => End::Paused,
        Refused::MovedOn(_) => End::WordsLocked,
        _ => End::Again,
    }
}

/// Whether rows are every change after one number up to another: wiping words lets go of what was before.
fn is_whole(rows: &[Vec<u8>], after: i64, to: i64) -> bool {
    i64::try_from(rows.len()).is_ok_and(|n| n == to - after)
}

/// The text as it is, for the first batch of a room.
async fn start(tx: &mut Tx, design: DesignId, seq: i64) -> Result<Vec<u8>, Refused> {
    let Some(state) = state_at(tx, design, seq).await? else {
        // Nobody has written anything yet, not even the design's first words.
        return Ok(SharedText::new(Writer::from_random(0)).state());
    };
    let text = SharedText::of(Writer::from_random(0), state.parts());
    text.map(|text| text.state()).map_err(|_| Refused::fault("a kept change of a shared text does not fit"))
}

fn with(state: &[u8], rows: &[Vec<u8>]) -> Option<Vec<u8>> {
    let parts = std::iter::once(state).chain(rows.iter().map(Vec::as_slice));
    SharedText::of(Writer::from_random(0), parts).ok().map(|text| text.state())
}

/// Tells everybody in a room of changes that come after a number.
fn tell(room: &Room, after: i64, rows: Vec<Vec<u8>>, from: u64) {
    for (seq, update) in (after + 1..).zip(rows) {
        let _ = room.heard.send(Heard::Change { seq, update: update.into(), from });
    }
}

fn why(refusal: Refusal, rows: &[store::designs::SectionRow]) -> No {
    match refusal {
        Refusal::TooLong | Refusal::TooManyBytes => No::TooLong,
        Refusal::NotOpen(id) if rows.iter().any(|s| s.id == id && s.removed_at.is_some()) => No::Removed,
        Refusal::NotOpen(_) => No::Locked,
        _ => No::Damaged,
    }
}

fn marked(writer: Writer, person: PersonId, design: DesignId) -> Vec<u8> {
    let number = writer.number().to_be_bytes();
    [&number[..], person.0.as_bytes(), design.0.as_bytes()].concat()
}

/// Listens to the news for a room until it is gone.
async fn listen(
    service: Service,
    design: DesignId,
    room: Weak<Room>,
    mut news: broadcast::Receiver<Event>,
    mut closed: watch::Receiver<()>,
) {
    service.news().tell_others(Event::WhoIsHere { design });
    let mut every = tokio::time::interval(SAY_EVERY);
    loop {
        let heard = tokio::select! {
            _ = closed.changed() => return,
            _ = every.tick() => {
                let Some(room) = room.upgrade() else { return };
                service.refresh(&room);
                continue;
            }
            heard = news.recv() => heard,
        };
        let look = match heard {
            Ok(
                event @ (Event::Present { design: of, .. }
                | Event::Absent { design: of, .. }
                | Event::WhoIsHere { design: of }),
            ) => {
                let Some(room) = room.upgrade().filter(|_| of == design) else { continue };
                service.hear_elsewhere(&room, event).await;
                continue;
            }
            Ok(Event::Words { design: of }) if of == design => false,
            Ok(Event::Design { design: of }) if of == design => true,
            // Opening a decision locks the words of its design.
            Ok(Event::Decision { .. } | Event::LookAgain) | Err(broadcast::error::RecvError::Lagged(_)) => true,
            Ok(_) => continue,
            Err(broadcast::error::RecvError::Closed) => return,
        };
        let Some(room) = room.upgrade() else { return };
        let mut kept = room.kept.lock().await;
        if let Err(e) = service.catch_up(&room, &mut kept).await {
            tracing::warn!(error = %e, "what others wrote could not be read");
        }
        drop(kept);
        if matches!(heard, Ok(Event::LookAgain)) {
            // The line between instances was lost: what was said meanwhile was not heard.
            service.say_all(&room);
            service.news().tell_others(Event::WhoIsHere { design });
        }
        if look {
            let _ = room.heard.send(Heard::Look);
        }
    }
}
