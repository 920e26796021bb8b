//! Use cases of Tandem: one function per thing a person can do. Each asks the policy first ([`rights`]) and is one
//! transaction. Pages, sockets, files, exports and commands all come through here.
//!
//! # Layout
//!
//! - [`world`]: what the outside gives us: clock, chance, mail, files, keys
//! - [`refused`]: why something was not done, in closed enums
//! - [`rights`]: the one door to the policy table
//! - [`audit`]: staff acts, written in the transaction of the act
//! - `aside`: work that takes a core for a while, beside the threads that answer pages
//! - [`news`]: what just changed, for pages that are open; [`live`]: who may listen to it
//! - [`signed`]: results that anybody can check
//! - [`moving`]: everything in one zip, and back; [`files`]: uploads in the database
//! - one file per area: [`access`], [`people`], [`groups`], [`workspaces`], [`designs`], [`comments`], [`decisions`],
//!   [`actions`], [`safety`], [`reports`], [`templates`], [`pictures`]

pub mod access;
pub mod actions;
mod aside;
pub mod audit;
pub mod comments;
pub mod decisions;
pub mod designs;
pub mod files;
pub mod groups;
pub mod home;
pub mod live;
pub mod moving;
pub mod news;
pub mod people;
pub mod pictures;
pub mod refused;
pub mod reports;
pub mod rights;
pub mod safety;
pub mod settings;
pub mod signed;
pub mod templates;
pub mod workspaces;
pub mod world;

use std::sync::Arc;

pub use refused::{Problem, Problems, Refused};
use store::Store;
pub use world::{Chance, Clock, Files, Keys, Mail, World};

/// Tandem itself: the database and what the outside gives us. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    world: World,
    news: news::News,
    passwords: access::Passwords,
    queue: aside::Aside,
    rooms: designs::Rooms,
}

impl Service {
    /// Puts the house together. The tables must be up to date ([`Store::migrate`]).
    pub fn new(store: Store, world: World) -> Self {
        let mut me = [0u8; 16];
        world.chance.fill(&mut me);
        let news = news::News::new(uuid::Uuid::from_bytes(me));
        let passwords = access::Passwords::new();
        Self {
            inner: Arc::new(Inner {
                store,
                world,
                news,
                passwords,
                queue: aside::Aside::new(),
                rooms: designs::Rooms::default(),
            }),
        }
    }

    /// The database. For commands and tests; use cases are functions of this crate.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// What the outside gives us.
    pub fn world(&self) -> &World {
        &self.inner.world
    }

    /// What just changed.
    pub fn news(&self) -> &news::News {
        &self.inner.news
    }

    pub(crate) fn passwords(&self) -> &access::Passwords {
        &self.inner.passwords
    }

    pub(crate) fn queue(&self) -> &aside::Aside {
        &self.inner.queue
    }

    pub(crate) fn rooms(&self) -> &designs::Rooms {
        &self.inner.rooms
    }

    /// Now, by the clock we were given.
    pub fn now(&self) -> domain::moment::Moment {
        self.inner.world.clock.now()
    }

    /// A new id that sorts by time (UUID version 7).
    pub fn new_id<T: From<uuid::Uuid>>(&self) -> T {
        let mut random = [0u8; 10];
        self.inner.world.chance.fill(&mut random);
        let millis = u64::try_from(self.now().0 / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().into()
    }
}
