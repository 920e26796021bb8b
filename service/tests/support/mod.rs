//! A whole Tandem for tests: a real database, a clock that is moved by hand, chance that repeats.
//!
//! `mod support;` in a test of `service`; `#[path = "../../service/tests/support/mod.rs"] mod support;` elsewhere.
//! Start with `for t in support::all().await { … }`: once on SQLite, once on PostgreSQL where there is one.

#![allow(clippy::allow_attributes, dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

#[path = "../../../store/tests/support/mod.rs"]
pub mod db;

pub mod filled;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::access::{Known, Who};
use domain::comments::Checking;
use domain::groups::{GroupColour, GroupKind, GroupRole, Visibility};
use domain::ids::{DecisionId, FormId, GroupId, PersonId, SessionId};
use domain::moment::Moment;
use domain::people::Role;
use service::access::Visit;
use service::files::StoredFiles;
use service::workspaces::{NewWorkspace, PromiseWords};
use service::world::{Later, Letter, sha256, to_hex};
use service::{Chance, Clock, Keys, Mail, Refused, Service, World};
use store::access::NewSession;
use store::groups::GroupRow;
use store::people::NewPerson;

/// The first moment of every test: 22 November 2026, noon.
pub const START: Moment = Moment(1_795_348_800_000_000);

/// A promise that says something in each of its parts.
pub fn promise_words() -> PromiseWords {
    let say = || "Something that is long enough to say.".to_owned();
    PromiseWords {
        what_for: say(),
        can_change: say(),
        cannot_change: say(),
        who_decides: say(),
        money: say(),
        hear_when: say(),
    }
}

/// A clock that only moves when told.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that is the same in every run: SHA-256 of a seed and a counter.
#[derive(Debug)]
pub struct SeededChance {
    seed: u64,
    asked: AtomicU64,
}

impl SeededChance {
    pub const fn new(seed: u64) -> Self {
        Self { seed, asked: AtomicU64::new(0) }
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(32) {
            let n = self.asked.fetch_add(1, Ordering::SeqCst);
            let block = sha256(format!("{} {n}", self.seed).as_bytes());
            part.copy_from_slice(&block[..part.len()]);
        }
    }
}

/// Mail that stays here to be read.
#[derive(Debug, Default)]
pub struct MemoryMail(pub Mutex<Vec<Letter>>);

impl Mail for MemoryMail {
    fn send(&self, letter: Letter) -> Later<'_, Result<(), String>> {
        Box::pin(async move {
            self.0.lock().map_err(|_| "poisoned".to_owned())?.push(letter);
            Ok(())
        })
    }
}

/// Tandem on one engine.
pub struct Test {
    /// `sqlite` or `postgres`: name it in messages.
    pub engine: &'static str,
    /// The use cases.
    pub service: Service,
    /// What was mailed.
    pub mail: Arc<MemoryMail>,
    clock: Arc<HandClock>,
    /// The database, gone with this value.
    pub db: db::TestDb,
}

/// Tandem on each engine there is.
pub async fn all() -> Vec<Test> {
    db::both().await.into_iter().map(Test::on).collect()
}

/// Tandem on SQLite only: for what does not touch SQL.
pub async fn sqlite() -> Test {
    Test::on(db::sqlite().await)
}

/// Why something has moved on.
pub fn moved_on<T: std::fmt::Debug>(done: Result<T, Refused>) -> &'static str {
    match done {
        Err(Refused::MovedOn(key)) => key,
        other => panic!("not moved on: {other:?}"),
    }
}

/// What is wrong with a form: field and key of each problem.
pub fn wrong<T: std::fmt::Debug>(done: Result<T, Refused>) -> Vec<String> {
    match done {
        Err(Refused::Invalid(problems)) => problems.0.iter().map(|p| format!("{} {}", p.field, p.key)).collect(),
        other => panic!("not wrong: {other:?}"),
    }
}

impl Test {
    pub fn on(db: db::TestDb) -> Self {
        Self::with_keys(db, vec![[1; 32]])
    }

    /// With these keys, newest first.
    pub fn with_keys(db: db::TestDb, keys: Vec<[u8; 32]>) -> Self {
        let clock = Arc::new(HandClock(AtomicI64::new(START.0)));
        let mail = Arc::new(MemoryMail::default());
        let world = World {
            clock: clock.clone(),
            chance: Arc::new(SeededChance::new(7)),
            mail: mail.clone(),
            files: Arc::new(StoredFiles::new(db.store.clone(), clock.clone())),
            keys: Arc::new(Keys::from_bytes(keys)),
        };
        Self { engine: db.engine, service: Service::new(db.store.clone(), world), mail, clock, db }
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Moves the clock on by so many microseconds (`5 * Moment::MINUTE`).
    pub fn pass(&self, micros: i64) {
        self.clock.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// A form nobody has sent yet.
    pub fn form(&self) -> FormId {
        self.service.new_id()
    }

    /// Somebody who may sign in, straight into the table. Staff get the sign-in name `name` and no password.
    pub async fn person(&self, name: &str, role: Role) -> Who {
        let id: PersonId = self.service.new_id();
        let key = domain::words::fold(name);
        let mut tx = self.service.store().write().await.expect("a transaction");
        let new = NewPerson {
            id,
            name,
            role,
            sign_in: role.is_staff().then_some((name, key.as_str())),
            password: None,
            must_change: false,
            team: "",
            made_at: self.now(),
        };
        store::people::insert(&mut tx, &new).await.expect("a person");
        tx.commit().await.expect("committed");
        Who::known(Known { id, name: name.to_owned(), role, groups: Vec::new() })
    }

    /// A group, straight into the table; its address is its name as a slug.
    pub async fn group(&self, name: &str, visibility: Visibility) -> GroupId {
        self.group_of(name, GroupKind::YouthCouncil, visibility, Checking::After).await
    }

    pub async fn group_of(&self, name: &str, kind: GroupKind, visibility: Visibility, checking: Checking) -> GroupId {
        let id: GroupId = self.service.new_id();
        let row = GroupRow {
            id,
            slug: domain::words::slug_start(name),
            name: name.to_owned(),
            purpose: "We look after one thing together.".to_owned(),
            kind,
            visibility,
            colour: GroupColour::Plum,
            symbol: "1F465".to_owned(),
            checking,
            threshold: 5,
            on_devices: false,
        };
        let mut tx = self.service.store().write().await.expect("a transaction");
        store::groups::insert(&mut tx, &row, self.now()).await.expect("a group");
        tx.commit().await.expect("committed");
        id
    }

    /// Puts somebody into a group and gives them back as they now are.
    pub async fn join(&self, who: &Who, group: GroupId, role: GroupRole) -> Who {
        let id = who.id().expect("a person");
        let mut tx = self.service.store().write().await.expect("a transaction");
        store::groups::join(&mut tx, group, id, role, self.now()).await.expect("joined");
        tx.commit().await.expect("committed");
        self.again(who).await
    }

    /// A new person in a group.
    pub async fn member(&self, name: &str, role: Role, group: GroupId, group_role: GroupRole) -> Who {
        let who = self.person(name, role).await;
        self.join(&who, group, group_role).await
    }

    /// A workspace of a group with its promise, as plain rows.
    pub async fn workspace(&self, slug: &str, group: GroupId, by: &Who, agreed: bool) {
        let (id, by) = (self.service.new_id(), by.id().expect("a person"));
        db::work::workspace(self.service.store(), (id, slug), group, by, self.now(), agreed).await;
    }

    /// A workspace of a group (by its address) as a worker opens it, with a promise that these members have agreed: its
    /// address. A group needs two workers for it.
    pub async fn agreed(&self, worker: &Who, group: &str, members: &[&Who]) -> String {
        let (title, summary, groups) = ("Buses", "Buses that stop.", [group]);
        let new = NewWorkspace { title, summary, template: "service", symbol: "1F68C", groups: &groups };
        let slug = self.service.open_workspace(worker, self.form(), new).await.expect("opened");
        let shown = self.now();
        self.service.write_promise(worker, &slug, &promise_words()).await.expect("written");
        for who in members {
            self.service.agree_promise(who, &slug, shown).await.expect("agreed");
        }
        slug
    }

    /// Somebody as the database now has them.
    pub async fn again(&self, who: &Who) -> Who {
        let id = who.id().expect("a person");
        let mut tx = self.service.store().read().await.expect("a transaction");
        let row = store::people::find(&mut tx, id).await.expect("asked").expect("still there");
        let groups = store::access::groups_of(&mut tx, id).await.expect("asked");
        let groups = groups.into_iter().map(|(g, r)| (g.into(), r.parse().expect("a role"))).collect();
        Who::known(Known { id, name: row.name, role: row.role, groups })
    }

    /// A live session of somebody, as the value of their cookie.
    pub async fn session(&self, who: &Who) -> String {
        let mut secret = [0u8; 32];
        self.service.world().chance.fill(&mut secret);
        let secret = to_hex(&secret);
        let id: SessionId = self.service.new_id();
        let now = self.now();
        let mut tx = self.service.store().write().await.expect("a transaction");
        let session = NewSession {
            id,
            secret_hash: sha256(secret.as_bytes()),
            person: who.id().expect("a person"),
            made_at: now,
            idle: 60 * Moment::MINUTE,
            ends_at: now.plus(7 * Moment::DAY),
            shared: false,
            way: "card",
        };
        store::access::start_session(&mut tx, &session).await.expect("a session");
        tx.commit().await.expect("committed");
        secret
    }

    /// Who a session belongs to now.
    pub async fn visit(&self, secret: &str) -> Visit {
        self.service.visit(Some(secret)).await.expect("asked")
    }

    /// When somebody asked to make a decision void; the beginning of time when nobody did.
    pub async fn void_asked_at(&self, id: DecisionId) -> Moment {
        let mut tx = self.service.store().read().await.expect("a transaction");
        let row = store::decisions::find(&mut tx, id).await.expect("asked").expect("a decision");
        Moment(row.void_asked_at.unwrap_or(0))
    }

    /// The verbs of the audit log, oldest first.
    pub async fn audited(&self) -> Vec<String> {
        let mut tx = self.service.store().read().await.expect("a transaction");
        store::audit::after(&mut tx, 0, 1000).await.expect("asked").into_iter().map(|r| r.verb).collect()
    }
}
