//! What was sent is read whole before anybody asks who sent it. Whoever loses a right while their words are on the way has
//! lost it when the last byte comes; and a form that never ends keeps no turn, little room, and not for long.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How much may be on its way at once, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// Unfinished ones, in all.
    pub all: usize,
    /// Unfinished ones from one place. A whole class may sit behind one address.
    pub one: usize,
    /// Bytes held until they are answered, in all.
    pub room: usize,
    /// The same from one place.
    pub room_of_one: usize,
    /// How long one may wait until it is read.
    pub wait: Duration,
    /// How long a form may take to come.
    pub form: Duration,
    /// How long a form with a file may take, over a slow line.
    pub file: Duration,
}

impl Default for Most {
    fn default() -> Self {
        Self {
            all: 512,
            one: 96,
            room: 128 * 1024 * 1024,
            room_of_one: 32 * 1024 * 1024,
            wait: Duration::from_secs(10),
            form: Duration::from_secs(20),
            file: Duration::from_secs(60),
        }
    }
}

/// How the reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All of it is here.
    Whole,
    /// It is bigger than its door takes.
    TooBig,
    /// It did not come in time.
    TooSlow,
    /// The line broke, or it cannot be read.
    Broken,
}

/// What may still be taken, in all or from one place.
#[derive(Debug)]
struct Share {
    unfinished: Arc<Semaphore>,
    /// In parts of 1 KiB.
    room: Arc<Semaphore>,
}

impl Share {
    fn new(unfinished: usize, room: usize) -> Self {
        Self { unfinished: Arc::new(Semaphore::new(unfinished)), room: Arc::new(Semaphore::new(room / KIB)) }
    }
}

const KIB: usize = 1024;

/// What was read.
pub struct Came {
    /// As much of it as came.
    pub bytes: Bytes,
    /// How it ended.
    pub end: End,
    /// Its room, given back when this is dropped: once it is answered.
    _room: [OwnedSemaphorePermit; 2],
    _place: Arc<Share>,
}

/// Everything that is on its way.
#[derive(Debug, Clone)]
pub struct Bodies {
    most: Most,
    all: Arc<Share>,
    places: Arc<Mutex<HashMap<String, Weak<Share>>>>,
}

impl Bodies {
    /// Nothing is on its way yet.
    pub fn new(most: Most) -> Self {
        Self { most, all: Arc::new(Share::new(most.all, most.room)), places: Arc::default() }
    }

    fn place(&self, place: &str) -> Arc<Share> {
        let fresh = || Arc::new(Share::new(self.most.one, self.most.room_of_one));
        let Ok(mut places) = self.places.lock() else { return fresh() };
        // Places that nothing comes from are forgotten now and then.
        if places.len() > 1024 {
            places.retain(|_, share| share.strong_count() > 0);
        }
        if let Some(share) = places.get(place).and_then(Weak::upgrade) {
            return share;
        }
        let share = fresh();
        places.insert(place.to_owned(), Arc::downgrade(&share));
        share
    }

    /// Reads what somebody sends, up to `most` bytes; `declared` is its length as they say. `None` when so much is on its
    /// way that it could not be read at all.
    pub async fn read(
        &self,
        place: &str,
        (declared, most): (Option<usize>, usize),
        with_file: bool,
        mut body: Body,
    ) -> Option<Came> {
        let share = self.place(place);
        let need = u32::try_from(declared.unwrap_or(most).min(most) / KIB + 1).unwrap_or(u32::MAX);
        // Always in this order, one's own place first: who waits for their own keeps nothing from others.
        let turn = async {
            let own = share.unfinished.clone().acquire_owned().await.ok()?;
            let own_room = share.room.clone().acquire_many_owned(need).await.ok()?;
            let all = self.all.unfinished.clone().acquire_owned().await.ok()?;
            let all_room = self.all.room.clone().acquire_many_owned(need).await.ok()?;
            Some(([own, all], [own_room, all_room]))
        };
        let (_unfinished, room) = tokio::time::timeout(self.most.wait, turn).await.ok().flatten()?;
        let mut bytes = BytesMut::new();
        // Where half of a place's share is taken, somebody there may keep it from the others: nobody gets long.
        let crowded = share.unfinished.available_permits() < self.most.one / 2;
        let time = match (with_file, crowded) {
            (true, _) => self.most.file,
            (false, true) => self.most.form / 4,
            (false, false) => self.most.form,
        };
        let end = tokio::time::timeout(time, fill(&mut bytes, &mut body, most)).await.unwrap_or(End::TooSlow);
        Some(Came { bytes: bytes.freeze(), end, _room: room, _place: share })
    }
}

async fn fill(bytes: &mut BytesMut, body: &mut Body, most: usize) -> End {
    loop {
        match body.frame().await {
            None => return End::Whole,
            Some(Err(_)) => return End::Broken,
            Some(Ok(frame)) => {
                let Ok(data) = frame.into_data() else { continue };
                if bytes.len() + data.len() > most {
                    bytes.extend_from_slice(&data[..most - bytes.len()]);
                    return End::TooBig;
                }
                bytes.extend_from_slice(&data);
            }
        }
    }
}
