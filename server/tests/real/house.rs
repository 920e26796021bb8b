//! A group at work, for tests that write what people write while the program or the database is killed: a design that is
//! drafted, a show of hands that is open, an action that is followed.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use domain::access::{Known, Who};
use domain::comments::Checking;
use domain::designs::Stage;
use domain::designs::shared_text::{SharedText, Writer};
use domain::groups::{GroupColour, GroupKind, GroupRole, Visibility};
use domain::ids::{ActionId, DecisionId, DesignId, FormId, GroupId, PersonId, SectionId};
use domain::moment::Moment;
use domain::people::Role;
use service::actions::TypedAction;
use service::decisions::About;
use service::decisions::TypedDecision;
use service::designs::{Draft, NewDesign, Saved, markdown};
use service::files::StoredFiles;
use service::world::{NoMail, SystemChance, SystemClock, sha256, to_hex};
use service::{Chance as _, Clock as _, Keys, Service, World};
use store::Store;
use store::moving::Cell;

use super::{Answer, get, post, random};

/// The address of the workspace.
const SLUG: &str = "kill-test";

/// Somebody and the value of their cookie.
#[derive(Clone)]
pub struct Somebody {
    pub who: Who,
    pub session: String,
}

/// The group at work.
#[derive(Clone)]
pub struct House {
    pub young: Vec<Somebody>,
    pub worker: Somebody,
    pub administrator: String,
    pub design: DesignId,
    pub section: SectionId,
    pub decision: DecisionId,
    pub action: ActionId,
    due: (i8, i8, i16),
}

/// What somebody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Words of a section, merged with what others write there.
    Section,
    Comment,
    /// A hand and its reason: a new one takes the place of the last.
    Hand,
    /// An update of an action, with a line in the log of staff acts.
    Update,
    Group,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Section, Self::Comment, Self::Hand, Self::Update, Self::Group];
}

/// One form, ready to be sent as often as wanted. `token` is the word by which it is found again.
#[derive(Debug, Clone)]
pub struct Form {
    pub kind: Kind,
    pub token: String,
    pub writer: usize,
    session: String,
    path: String,
    fields: Vec<(&'static str, String)>,
}

impl Form {
    pub async fn send(&self, addr: SocketAddr) -> std::io::Result<Answer> {
        let fields: Vec<(&str, &str)> = self.fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        post(addr, &self.session, &self.path, &fields).await
    }
}

/// The use cases over a database that the program may have open too.
pub fn service(store: &Store) -> Service {
    let world = World {
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        mail: Arc::new(NoMail),
        files: Arc::new(StoredFiles::new(store.clone(), Arc::new(SystemClock))),
        keys: Arc::new(Keys::from_bytes(vec![[1; 32]])),
    };
    Service::new(store.clone(), world)
}

async fn somebody(service: &Service, name: &str, role: Role, group: GroupId, group_role: GroupRole) -> Somebody {
    let (id, now): (PersonId, Moment) = (service.new_id(), SystemClock.now());
    let mut secret = [0u8; 32];
    SystemChance.fill(&mut secret);
    let session = to_hex(&secret);
    let key = domain::words::fold(name);
    let mut tx = service.store().write().await.expect("a transaction");
    let new = store::people::NewPerson {
        id,
        name,
        role,
        sign_in: role.is_staff().then_some((name, key.as_str())),
        password: None,
        must_change: false,
        team: "",
        made_at: now,
    };
    store::people::insert(&mut tx, &new).await.expect("a person");
    store::groups::join(&mut tx, group, id, group_role, now).await.expect("joined");
    let start = store::access::NewSession {
        id: service.new_id(),
        secret_hash: sha256(session.as_bytes()),
        person: id,
        made_at: now,
        idle: 12 * Moment::HOUR,
        ends_at: now.plus(12 * Moment::HOUR),
        shared: false,
        way: "card",
    };
    store::access::start_session(&mut tx, &start).await.expect("a session");
    tx.commit().await.expect("committed");
    let groups = vec![(group, group_role)];
    Somebody { who: Who::known(Known { id, name: name.to_owned(), role, groups }), session }
}

/// Noon of the day in four weeks, so that it is the same date in every zone that matters here.
fn in_four_weeks() -> (Moment, (i8, i8, i16)) {
    let then = jiff::Timestamp::from_microsecond(SystemClock.now().plus(28 * Moment::DAY).0).expect("a time");
    let noon = then.to_zoned(jiff::tz::TimeZone::UTC).date().at(12, 0, 0, 0);
    let at = noon.to_zoned(jiff::tz::TimeZone::UTC).expect("a time").timestamp().as_microsecond();
    (Moment(at), (noon.day(), noon.month(), noon.year()))
}

/// Plants the house with `young` members.
pub async fn plant(store: &Store, young: usize) -> House {
    let service = service(store);
    let form = || -> FormId { service.new_id() };
    let group: GroupId = service.new_id();
    let row = store::groups::GroupRow {
        id: group,
        slug: SLUG.to_owned(),
        name: "Youth Council".to_owned(),
        purpose: "We look after one thing together.".to_owned(),
        kind: GroupKind::YouthCouncil,
        visibility: Visibility::Members,
        colour: GroupColour::Plum,
        symbol: "1F465".to_owned(),
        checking: Checking::After,
        threshold: 5,
        on_devices: false,
    };
    let mut tx = store.write().await.expect("a transaction");
    store::groups::insert(&mut tx, &row, SystemClock.now()).await.expect("a group");
    tx.commit().await.expect("committed");
    let mut members = Vec::new();
    for n in 0..young {
        let role = if n == 0 { GroupRole::Lead } else { GroupRole::Member };
        members.push(somebody(&service, &format!("Young {n}"), Role::YoungPerson, group, role).await);
    }
    let worker = somebody(&service, "Wim", Role::Officer, group, GroupRole::Worker).await;
    let (id, by) = (service.new_id(), worker.who.id().expect("id"));
    super::db::work::workspace(store, (id, SLUG), group, by, SystemClock.now(), true).await;

    let section = |heading: &str| Draft { heading: heading.to_owned(), words: "Buses stop at six.".to_owned() };
    let new = NewDesign { title: "Later buses", sections: vec![section("The problem"), section("Our idea")] };
    let design = service.start_design(&worker.who, SLUG, form(), new).await.expect("a design");
    let view = service.view_design(&worker.who, design).await.expect("seen");

    let new = NewDesign { title: "A bus on Sunday", sections: vec![section("Our idea")] };
    let voting = service.start_design(&worker.who, SLUG, form(), new).await.expect("a design");
    let mut tx = store.write().await.expect("a transaction");
    let now = SystemClock.now();
    store::designs::set_stage(&mut tx, voting, Stage::Drafting, Stage::Checking, now).await.expect("checking");
    tx.commit().await.expect("committed");
    let typed = TypedDecision {
        question: "A bus on Sunday?",
        explanation: "",
        pass_rule: "more-ok",
        quorum: "50",
        opens_at: Some(now),
        closes_at: Some(now.plus(3 * Moment::DAY)),
        night_is_fine: true,
    };
    let decision = service.open_decision(&worker.who, &About::Design(voting), form(), typed).await.expect("a decision");
    let (due_at, due) = in_four_weeks();
    let typed = TypedAction {
        title: "One more bus",
        you_said: "Buses stop too early.",
        status: "doing",
        we_will: "We will run one more.",
        reason: "",
        owner_role: "Bus officer",
        owner: &worker.who.id().expect("id").to_string(),
        team: "",
        due_at: Some(due_at),
        shown: false,
    };
    let about = About::Workspace(SLUG.to_owned());
    let action = service.make_action(&worker.who, &about, form(), typed).await.expect("an action");
    let administrator = super::administrator(store).await;
    let section = view.sections[0].id;
    House { young: members, worker, administrator, design, section, decision, action, due }
}

/// What stands between two marks, after a first one.
fn between<'a>(page: &'a str, after: &str, start: &str, end: &str) -> Option<&'a str> {
    let rest = page.split_once(after)?.1;
    rest.split_once(start)?.1.split_once(end).map(|(found, _)| found)
}

impl House {
    /// The next form of a writer. Words of a section begin with the page as it is now, as a browser does it; `None` when
    /// that page cannot be had.
    pub async fn next(&self, addr: SocketAddr, kind: Kind, writer: usize, token: String) -> Option<Form> {
        let mut id = [0u8; 16];
        SystemChance.fill(&mut id);
        let form_id = uuid::Builder::from_random_bytes(id).into_uuid().to_string();
        let young = &self.young[writer % self.young.len()].session;
        // Nobody writes faster than a person may: whoever of the group does it next.
        let any = random(u64::try_from(self.young.len()).unwrap_or(1));
        let any = &self.young[usize::try_from(any).unwrap_or(0)].session;
        let mut fields = vec![("form_id", form_id)];
        let (session, path) = match kind {
            Kind::Section => {
                let path = format!("/designs/{}/write", self.design);
                let page = get(addr, any, &path).await.ok().filter(|a| a.status == 200)?.body;
                let save = format!("save {}", self.section);
                let here = format!("value=\"{save}\"");
                let base = between(&page, &here, "name=\"base\" value=\"", "\"")?;
                let area = between(&page, &here, "<textarea", "</textarea>")?;
                let words = area.split_once('>')?.1.trim_start_matches('\n');
                let words = if words.is_empty() { token.clone() } else { format!("{words}\n{token}") };
                fields.extend([("act", save), ("base", base.to_owned()), ("words", words)]);
                (any, path)
            }
            Kind::Comment => {
                let section = self.section.to_string();
                fields.extend([("section", section), ("kind", "idea".to_owned()), ("words", token.clone())]);
                (any, format!("/designs/{}/comments", self.design))
            }
            Kind::Hand => {
                fields.extend([("hand", "not-ok".to_owned()), ("reason", token.clone())]);
                (young, format!("/decisions/{}", self.decision))
            }
            Kind::Update => {
                let (day, month, year) = self.due;
                fields.extend([
                    ("status", "doing".to_owned()),
                    ("words", token.clone()),
                    ("reason", String::new()),
                    ("due_day", day.to_string()),
                    ("due_month", month.to_string()),
                    ("due_year", year.to_string()),
                    ("owner", self.worker.who.id().expect("id").to_string()),
                    ("owner_role", "Bus officer".to_owned()),
                ]);
                (&self.worker.session, format!("/actions/{}/update", self.action))
            }
            Kind::Group => {
                fields.extend(super::typed::group(&token).map(|(n, v)| (n, v.to_owned())));
                (&self.administrator, "/groups/new".to_owned())
            }
        };
        Some(Form { kind, token, writer, session: session.clone(), path, fields })
    }

    /// Takes the words of the section away again, as a member does it, so that a long test does not fill it up.
    pub async fn clear(&self, store: &Store) {
        let service = service(store);
        let me = &self.young[0].who;
        let base = service.view_design(me, self.design).await.expect("seen").base.to_string();
        let form = service.new_id();
        let done = service.write_section(me, self.design, self.section, form, &base, "").await;
        assert_eq!(done.expect("cleared"), Saved::Done { merged: false });
    }
}

/// Every word of one column of text.
pub async fn column(store: &Store, table: &str, column: &str) -> Vec<String> {
    let table = store::moving::tables().iter().find(|t| t.name == table).expect("a table");
    let at = table.columns.iter().position(|c| c.name == column).expect("a column");
    let mut all = Vec::new();
    let mut tx = store.read().await.expect("a transaction");
    let read = store::moving::each_row(&mut tx, table, |row| {
        if let Cell::Text(words) = &row[at] {
            all.push(words.clone());
        }
        Ok::<(), ()>(())
    });
    read.await.expect("asked").expect("taken");
    all
}

/// Where every token is found: how often, by kind.
pub struct Found(BTreeMap<Kind, Vec<String>>);

impl Found {
    pub async fn of(store: &Store) -> Self {
        let mut all = BTreeMap::new();
        for (kind, table, name) in [
            (Kind::Section, "sections", "words"),
            (Kind::Comment, "comments", "words"),
            (Kind::Hand, "hands", "reason"),
            (Kind::Update, "action_updates", "words"),
            (Kind::Group, "groups", "name"),
        ] {
            all.insert(kind, column(store, table, name).await);
        }
        Self(all)
    }

    /// How often a token stands there.
    pub fn times(&self, kind: Kind, token: &str) -> usize {
        self.0[&kind].iter().map(|words| words.matches(token).count()).sum()
    }
}

/// The plain rows of every section say what the shared text says, and their HTML is drawn from it.
pub async fn shared_text_and_rows_agree(store: &Store, design: DesignId, words: &str) {
    let mut tx = store.read().await.expect("a transaction");
    let seq = store::designs::find(&mut tx, design).await.expect("asked").expect("there").text_seq;
    let (from, snapshot) = store::designs::snapshot(&mut tx, design, seq).await.expect("asked").expect("a snapshot");
    let updates = store::designs::updates(&mut tx, design, from, seq).await.expect("asked");
    assert_eq!(i64::try_from(updates.len()).expect("few"), seq - from, "{words}: a change is missing");
    let parts = std::iter::once(&snapshot[..]).chain(updates.iter().map(Vec::as_slice));
    let text = SharedText::of(Writer::from_random(1), parts).expect("every change fits");
    for section in store::designs::sections(&mut tx, design).await.expect("asked") {
        assert_eq!(text.words(section.id), section.words, "{words}: {}", section.heading);
        assert_eq!(markdown::draw(&section.words), section.html, "{words}: {}", section.heading);
    }
}
