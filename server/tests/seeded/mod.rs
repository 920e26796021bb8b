//! A house with three groups (open, members, hidden), each with one of everything, and everybody of the table in and out
//! of it. Planted once with plain rows, then copied as a file for each form that may change something.

#![allow(clippy::allow_attributes, dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

use std::collections::BTreeMap;

use domain::access::Who;
use domain::designs::shared_text::{SharedText, Writer};
use domain::groups::{GroupRole, Visibility};
use domain::ids::{DesignId, GroupId};
use domain::moment::Moment;
use domain::people::Role;
use store::Store;
use uuid::Uuid;

use crate::support::{Site, Test, world};

/// One statement with its values, on whichever engine the transaction is.
macro_rules! put {
    ($tx:expr, $sql:literal $(, $value:expr)*) => {
        match &mut $tx {
            store::Tx::Sqlite(t) => sqlx::query($sql)$(.bind($value))*.execute(&mut **t).await.map(|_| ()),
            store::Tx::Postgres(t) => sqlx::query($sql)$(.bind($value))*.execute(&mut **t).await.map(|_| ()),
        }
        .unwrap_or_else(|e| panic!("{}: {e}", $sql))
    };
}

pub mod more;

/// What a place has, by the names used in `rights.txt`.
#[derive(Debug, Clone, Default)]
pub struct Place(BTreeMap<&'static str, String>);

impl Place {
    pub fn names(&self) -> BTreeMap<&'static str, String> {
        self.0.clone()
    }
    pub fn get(&self, name: &str) -> &str {
        &self.0[name]
    }
    /// A path of a table with what this place has: `/designs/{design}` → `/designs/019ab…`.
    pub fn fill(&self, path: &str) -> String {
        self.0.iter().fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
    }
}

/// A path without the names in it, so that a door and a line of a table can be compared.
pub fn shape(path: &str) -> String {
    let path = path.split('?').next().unwrap_or("");
    path.split('/').map(|p| if p.starts_with('{') { "{}" } else { p }).collect::<Vec<_>>().join("/")
}

/// The house as planted.
pub struct Seed {
    pub site: Site,
    places: BTreeMap<String, Place>,
    sessions: BTreeMap<(String, String), String>,
    pub people: BTreeMap<(String, String), Who>,
}

/// The bytes of every picture here; nobody looks at them.
const PICTURE: &[u8] = b"a picture";

/// The name of a picture of a place: its first letter is the place's, the rest its number (no name has an i).
fn picture_name(place: &str, n: u32) -> String {
    let number: String =
        format!("{n:07}").chars().map(|c| char::from(b"abcdefghjk"[(c as u8 - b'0') as usize])).collect();
    format!("{}{number}", place.replace('o', "p").chars().next().expect("a letter"))
}

pub const PLACES: [(&str, Visibility); 3] =
    [("open", Visibility::Open), ("members", Visibility::Members), ("hidden", Visibility::Hidden)];

/// Who is inside each group, by the names of the table: what somebody may do there comes from their place in the group, and
/// what they are in the organisation adds to it or does not.
pub const INSIDE: [(&str, GroupRole, Role); 10] = [
    ("member", GroupRole::Member, Role::YoungPerson),
    ("parent-inside", GroupRole::Member, Role::ParentCarer),
    ("supporter-inside", GroupRole::Member, Role::Supporter),
    ("lead", GroupRole::Lead, Role::YoungPerson),
    ("worker", GroupRole::Worker, Role::Officer),
    ("administrator-inside", GroupRole::Worker, Role::Administrator),
    ("observer", GroupRole::Observer, Role::BoardMember),
    ("moderator-inside", GroupRole::Observer, Role::Moderator),
    ("safeguarding-inside", GroupRole::Observer, Role::SafeguardingLead),
    ("officer-observer", GroupRole::Observer, Role::Officer),
];

impl Seed {
    /// Plants everything.
    pub async fn plant() -> Self {
        Self::plant_many(1).await
    }

    /// Plants everything, with so many of each thing inside every group.
    pub async fn plant_many(many: u32) -> Self {
        Self::plant_on(crate::support::sqlite().await, many).await
    }

    /// Plants everything on whichever engine a site has.
    pub async fn plant_on(site: Site, many: u32) -> Self {
        let mut seed = Self { site, places: BTreeMap::new(), sessions: BTreeMap::new(), people: BTreeMap::new() };
        let mut outsiders = Vec::new();
        for (name, role) in [
            ("young", Role::YoungPerson),
            ("supporter", Role::Supporter),
            ("parent", Role::ParentCarer),
            ("officer", Role::Officer),
            ("moderator", Role::Moderator),
            ("safeguarding", Role::SafeguardingLead),
            ("board", Role::BoardMember),
            ("administrator", Role::Administrator),
        ] {
            outsiders.push((name, seed.site.test.person(&format!("{name} outside"), role).await));
        }
        let elsewhere = seed.site.test.group("Somewhere else", Visibility::Open).await;
        let stranger = seed.site.test.member("stranger", Role::YoungPerson, elsewhere, GroupRole::Lead).await;
        for (place, visibility) in PLACES {
            let group = seed.site.test.group(&format!("{place} group"), visibility).await;
            for (name, role, own) in INSIDE {
                let who = seed.site.test.member(&format!("{name} of {place}"), own, group, role).await;
                seed.keep(place, name, &who).await;
            }
            // A second worker: adults are never alone with a group.
            seed.site.test.member(&format!("second of {place}"), Role::Officer, group, GroupRole::Worker).await;
            for (name, who) in &outsiders {
                seed.keep(place, name, who).await;
            }
            seed.keep(place, "stranger", &stranger).await;
            seed.furnish(place, group, many).await;
        }
        // Staff have a password of their own, though nobody signs in with it here.
        let mut tx = seed.site.test.service.store().write().await.expect("a transaction");
        put!(tx, "update people set password = 'none' where sign_in_key is not null");
        tx.commit().await.expect("committed");
        let template: Uuid = seed.site.test.service.new_id();
        let made_by = outsiders[3].1.id().expect("somebody").0;
        let mut tx = seed.site.test.service.store().write().await.expect("a transaction");
        put!(
            tx,
            "insert into templates (id, name, headings, made_at, made_by, changed_at) values ($1,'A plan for a club',$2,$3,$4,$3)",
            template,
            "Who comes\nWhat it costs",
            seed.site.test.now().0,
            made_by
        );
        tx.commit().await.expect("committed");
        for place in seed.places.values_mut() {
            place.0.insert("template", template.to_string());
        }
        // A place for what belongs to nobody's group: the same people, and one person to act on.
        let house = Place(BTreeMap::from([
            ("person", outsiders[0].1.id().expect("somebody").to_string()),
            ("template", template.to_string()),
            ("code", "ABCDEFGH".to_owned()),
            ("file", "nothing.txt".to_owned()),
        ]));
        seed.places.insert("house".to_owned(), house);
        for (name, who) in outsiders.iter().chain([&("stranger", stranger)]) {
            seed.keep("house", name, who).await;
        }
        for (name, _, _) in INSIDE {
            let who = seed.people[&("open".to_owned(), name.to_owned())].clone();
            seed.keep("house", name, &who).await;
        }
        seed
    }

    /// Keeps somebody and a session of theirs.
    pub async fn keep(&mut self, place: &str, name: &str, who: &Who) {
        let session = self.site.session(who).await;
        self.sessions.insert((place.to_owned(), name.to_owned()), session);
        self.people.insert((place.to_owned(), name.to_owned()), who.clone());
    }

    pub fn session(&self, place: &str, person: &str) -> String {
        if person == "nobody" {
            return String::new();
        }
        self.sessions[&(place.to_owned(), person.to_owned())].clone()
    }

    pub fn place(&self, name: &str) -> &Place {
        self.places.get(name).unwrap_or_else(|| panic!("there is no place called {name}"))
    }

    /// One of everything inside a group, as plain rows.
    async fn furnish(&mut self, place: &'static str, group: GroupId, many: u32) {
        let now = self.site.test.now();
        let of = |name: &str| self.people[&(place.to_owned(), name.to_owned())].id().expect("somebody").0;
        let (member, parent, lead, worker) = (of("member"), of("parent-inside"), of("lead"), of("worker"));
        let supporter = of("supporter-inside");
        let mut tx = self.site.test.service.store().write().await.expect("a transaction");
        let mut found = Place::default();
        for n in 0..many {
            let id = || -> Uuid { self.site.test.service.new_id() };
            let (workspace, design, voting, section, second, version, comment, decision, closed, outcome, action) =
                (id(), id(), id(), id(), id(), id(), id(), id(), id(), id(), id());
            let slug = format!("{place}-work-{n}");
            put!(
                tx,
                "insert into workspaces (id, slug, title, summary, template, symbol, made_at, made_by) values ($1,$2,$3,'One thing to make better.','service','1F68C',$4,$5)",
                workspace,
                &slug,
                format!("Work {n} of {place}"),
                now.0,
                worker
            );
            put!(tx, "insert into workspace_groups (workspace_id, group_id) values ($1,$2)", workspace, group.0);
            put!(
                tx,
                "insert into promises (workspace_id, what_for, can_change, cannot_change, who_decides, money, hear_when, shown_at, agreed_at, agreed_how) values ($1,'For better buses.','Times and stops.','The law.','The board.','Ten thousand pounds.','In March.',$2,$2,'half')",
                workspace,
                now.0
            );
            for (design, stage, title) in [(design, "drafting", "Being written"), (voting, "voting", "Being decided")] {
                put!(
                    tx,
                    "insert into designs (id, workspace_id, title, symbol, stage, stage_at, made_at, made_by, text_seq) values ($1,$2,$3,'1F68C',$4,$5,$5,$6,0)",
                    design,
                    workspace,
                    format!("{title} {n} {place}"),
                    stage,
                    now.0,
                    worker
                );
                // Without the beginning of its shared text nobody could write in it.
                let text = SharedText::new(Writer::from_random(1)).state();
                store::designs::insert_snapshot(&mut tx, DesignId(design), 0, &text, now).await.expect("a snapshot");
            }
            for (section, design, position) in [(section, design, 1), (second, voting, 1)] {
                put!(
                    tx,
                    "insert into sections (id, design_id, position, heading, words, html, words_at, words_by, not_needed) values ($1,$2,$3,$4,'','',$5,$6,false)",
                    section,
                    design,
                    position,
                    format!("Our idea {n}"),
                    now.0,
                    member
                );
            }
            put!(
                tx,
                "insert into versions (id, design_id, number, name, made_at, made_by) values ($1,$2,1,'First',$3,$4)",
                version,
                design,
                now.0,
                worker
            );
            put!(
                tx,
                "insert into version_sections (version_id, section_id, position, heading, words, html) values ($1,$2,1,'Our idea','Buses.','<p>Buses.</p>')",
                version,
                section
            );
            put!(
                tx,
                "insert into comments (id, design_id, section_id, author_id, author_label, kind, words, state, reason, made_at, shown_at) values ($1,$2,$3,$4,'','idea',$5,'published','',$6,$6)",
                comment,
                design,
                section,
                member,
                format!("Later buses please, number {n}"),
                now.0
            );
            let suggestion = id();
            put!(
                tx,
                "insert into suggestions (id, design_id, section_id, author_id, kind, picked, nth, of_all, base_words, words, why, state, state_at, reason, final_words, made_at, shown_at) values ($1,$2,$3,$4,'add','',0,0,'',$5,'They are full.','pending',$6,'','',$6,$6)",
                suggestion,
                design,
                section,
                member,
                format!("More buses, number {n}"),
                now.0
            );
            let report = id();
            put!(
                tx,
                "insert into reports (id, design_id, section_id, why, words, made_at, made_by, reason) values ($1,$2,$3,'unkind',$4,$5,$6,'')",
                report,
                design,
                section,
                format!("It is rude, number {n}"),
                now.0,
                member
            );
            let picture = picture_name(place, n);
            let file = service::world::sha256(PICTURE);
            if store::files::size(&mut tx, &file).await.expect("asked").is_none() {
                store::files::insert(&mut tx, &file, "application/octet-stream", PICTURE, now).await.expect("a file");
            }
            put!(
                tx,
                "insert into pictures (name, design_id, made_at, made_by, looked_at) values ($1,$2,$3,$4,$3)",
                &picture,
                design,
                now.0,
                member
            );
            put!(
                tx,
                "insert into picture_widths (picture, width, across, down, kind, file) values ($1,480,1,1,'png',$2)",
                &picture,
                file.to_vec()
            );
            // Of two about the same words the later counts: here the one that has closed.
            let made = now.plus(-Moment::DAY);
            for (decision, closes, made) in [
                (decision, now.plus(3 * Moment::DAY), made.plus(-Moment::MINUTE)),
                (closed, now.plus(-Moment::HOUR), made),
            ] {
                put!(
                    tx,
                    "insert into decisions (id, workspace_id, design_id, question, explanation, form, pass_rule, quorum, opens_at, closes_at, made_at, made_by, void_reason) values ($1,$2,$3,$4,'','show-of-hands','more-ok',0,$5,$6,$7,$8,'')",
                    decision,
                    workspace,
                    voting,
                    format!("Shall we do it, {n}?"),
                    now.plus(-Moment::DAY).0,
                    closes.0,
                    made.0,
                    lead
                );
                for person in [member, parent, supporter, lead] {
                    put!(tx, "insert into roll (decision_id, person_id) values ($1,$2)", decision, person);
                }
                put!(
                    tx,
                    "insert into hands (decision_id, person_id, hand, reason, reason_state, raised_at) values ($1,$2,'ok','Yes','published',$3)",
                    decision,
                    lead,
                    now.plus(-2 * Moment::HOUR).0
                );
            }
            put!(
                tx,
                "insert into outcomes (id, design_id, decision_id, words, why, next, differs, differs_why, made_at, made_by) values ($1,$2,$3,'We do it.','Most said OK.','We start.',false,'',$4,$5)",
                outcome,
                voting,
                closed,
                now.0,
                worker
            );
            put!(
                tx,
                "insert into actions (id, workspace_id, design_id, outcome_id, title, you_said, we_will, owner_role, team, due_at, status, reason, shown, made_at, made_by, changed_at) values ($1,$2,$3,$4,$5,'Buses stop too early.','We will run one more.','Bus officer','Transport',$6,'doing','',false,$7,$8,$7)",
                action,
                workspace,
                voting,
                outcome,
                format!("A later bus {n}"),
                now.plus(30 * Moment::DAY).0,
                now.0,
                worker
            );
            put!(
                tx,
                "insert into action_updates (id, action_id, status, words, reason, made_at, made_by) values ($1,$2,'doing','We asked the company.','',$3,$4)",
                id(),
                action,
                now.0,
                worker
            );
            if n == 0 {
                let text = |u: Uuid| u.to_string();
                found = Place(BTreeMap::from([
                    ("group", domain::words::slug_start(&format!("{place} group"))),
                    ("workspace", slug),
                    ("design", text(design)),
                    ("voting", text(voting)),
                    ("section", text(section)),
                    ("version", "1".to_owned()),
                    ("comment", text(comment)),
                    ("suggestion", text(suggestion)),
                    ("report", text(report)),
                    ("picture", picture.clone()),
                    ("width", "480".to_owned()),
                    ("decision", text(decision)),
                    ("closed", text(closed)),
                    ("action", text(action)),
                    ("person", text(member)),
                    ("lead", text(lead)),
                ]));
            }
        }
        tx.commit().await.expect("committed");
        self.places.insert(place.to_owned(), found);
    }

    /// The same house again, in a file of its own.
    pub async fn copy(&self) -> Site {
        let Store::Sqlite { writer, .. } = self.site.test.service.store() else { panic!("planted on SQLite") };
        let fresh = world::db::empty_sqlite();
        sqlx::query("vacuum into $1").bind(fresh.to_string_lossy().into_owned()).execute(writer).await.expect("a copy");
        Site::on(Test::on(world::db::open_sqlite(&fresh).await))
    }
}
