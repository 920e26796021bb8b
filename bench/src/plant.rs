//! What is in the database: ten groups with twenty people each, a hundred workspaces, a thousand designs of eight sections
//! and a hundred comments each. One of them is the one that is looked at. Written as rows through `store`.

use std::sync::Arc;

use domain::actions::ActionStatus;
use domain::comments::{Checking, CommentKind, CommentState};
use domain::decisions::{Hand, PassRule};
use domain::designs::Stage;
use domain::groups::{GroupColour, GroupKind, GroupRole, Visibility};
use domain::ids::{CommentId, DecisionId, DesignId, GroupId, PersonId, SectionId, SessionId, VersionId, WorkspaceId};
use domain::moment::Moment;
use domain::people::Role;
use domain::workspaces::Template;
use service::designs::Draft;
use service::files::StoredFiles;
use service::world::{NoMail, SystemChance, SystemClock, sha256, to_hex};
use service::{Chance as _, Keys, Service, World};
use store::actions::{NewAction, NewOutcome};
use store::comments::NewComment;
use store::decisions::NewDecision;
use store::designs::{NewDesign, NewSection};
use store::groups::GroupRow;
use store::people::NewPerson;
use store::workspaces::{PromiseRow, WorkspaceRow};
use store::{Store, Tx};

use crate::Wrong;
use crate::place::Place;

const GROUPS: usize = 10;
const PEOPLE: usize = 20;
const WORKSPACES: usize = 10;
const DESIGNS: usize = 10;
/// Sections of a design.
pub const SECTIONS: usize = 8;
const TALK: usize = 100;
/// How many comments there are.
pub const COMMENTS: usize = GROUPS * WORKSPACES * DESIGNS * TALK;
/// How many people are signed in: enough for the event streams, of which one session may open a few.
pub const SESSIONS: usize = GROUPS * PEOPLE;

/// What is looked at, and who looks.
pub struct House {
    /// A design that was decided on: eight sections, a hundred comments, a vote and two actions.
    pub design: DesignId,
    /// A design of the same workspace that is still being written, with as much in it.
    pub draft: DesignId,
    /// One of its sections.
    pub section: SectionId,
    /// The address of their workspace.
    pub workspace: String,
    /// The vote.
    pub decision: DecisionId,
    /// Secrets of sessions, each of another person. The first is a member of the design's group.
    pub sessions: Vec<String>,
}

/// The use cases on a database, for the hand-written server and for making ids.
pub fn house(store: Store) -> Service {
    let clock = Arc::new(SystemClock);
    let world = World {
        clock: clock.clone(),
        chance: Arc::new(SystemChance),
        mail: Arc::new(NoMail),
        files: Arc::new(StoredFiles::new(store.clone(), clock)),
        keys: Arc::new(Keys::from_bytes(Vec::new())),
    };
    Service::new(store, world)
}

/// Sentences as young people write them: always the same ones, of many lengths.
fn words(n: usize, sentences: usize) -> String {
    const WHO: [&str; 7] = ["My brother", "Everybody in year nine", "Our group", "My nan", "The driver", "I", "We all"];
    const DO: [&str; 6] = ["waits for", "would like", "cannot find", "asked about", "walks home without", "needs"];
    const WHAT: [&str; 8] = [
        "the last bus from town",
        "a quiet place to sit and wait",
        "a letter that says what happens next",
        "somebody to talk to before the meeting",
        "the times in big print at the stop",
        "a door that opens by itself",
        "lights on the path behind the school",
        "one person who answers the telephone",
    ];
    const WHEN: [&str; 5] = ["after football", "on Saturdays", "when it rains", "in the holidays", "before school"];
    (n..n + sentences)
        .map(|i| format!("{} {} {} {}.", WHO[i % 7], DO[(i / 3) % 6], WHAT[(i / 2) % 8], WHEN[(i / 5) % 5]))
        .collect::<Vec<_>>()
        .join(" ")
}

/// So many people beside a group, as rows.
async fn people(tx: &mut Tx, service: &Service, group: GroupId, g: usize, many: usize) -> Result<Vec<PersonId>, Wrong> {
    let now = service.now();
    let mut made = Vec::new();
    for n in 0..many {
        let id: PersonId = service.new_id();
        let name = format!("Person {g}-{n}");
        // Two of each twenty work for the council.
        let (role, place) = match n {
            0 | 1 => (Role::Officer, GroupRole::Worker),
            2 => (Role::YoungPerson, GroupRole::Lead),
            _ => (Role::YoungPerson, GroupRole::Member),
        };
        let key = domain::words::fold(&name);
        let new = NewPerson {
            id,
            name: &name,
            role,
            sign_in: role.is_staff().then_some((name.as_str(), key.as_str())),
            password: None,
            must_change: false,
            team: "",
            made_at: now,
        };
        store::people::insert(tx, &new).await?;
        store::groups::join(tx, group, id, place, now).await?;
        made.push(id);
    }
    Ok(made)
}

async fn group(tx: &mut Tx, service: &Service, g: usize) -> Result<GroupId, Wrong> {
    let group: GroupId = service.new_id();
    let row = GroupRow {
        id: group,
        slug: format!("group-{g}"),
        name: format!("Youth council {g}"),
        purpose: "We look after one thing together.".to_owned(),
        kind: GroupKind::YouthCouncil,
        // Everybody may listen to what happens in the first one.
        visibility: if g == 0 { Visibility::Open } else { Visibility::Members },
        colour: GroupColour::Plum,
        symbol: "1F465".to_owned(),
        checking: Checking::After,
        threshold: 5,
        on_devices: false,
    };
    store::groups::insert(tx, &row, service.now()).await?;
    Ok(group)
}

async fn workspace(
    tx: &mut Tx,
    service: &Service,
    group: GroupId,
    by: PersonId,
) -> Result<(WorkspaceId, String), Wrong> {
    let now = service.now();
    let id: WorkspaceId = service.new_id();
    let row = WorkspaceRow {
        id,
        slug: format!("work-{}", id.0.simple()),
        title: "Getting home in the evening".to_owned(),
        summary: "So that nobody has to leave early.".to_owned(),
        template: Template::Service,
        symbol: "1F68C".to_owned(),
        made_at: now,
    };
    store::workspaces::insert(tx, &row, by).await?;
    store::workspaces::add_group(tx, id, group).await?;
    let promise = PromiseRow {
        what_for: words(1, 2),
        can_change: words(2, 2),
        cannot_change: words(3, 2),
        who_decides: words(4, 1),
        money: words(5, 1),
        hear_when: words(6, 1),
        shown_at: now.plus(-8 * Moment::DAY),
        agreed_at: None,
        agreed_how: None,
    };
    store::workspaces::insert_promise(tx, id, &promise).await?;
    store::workspaces::set_agreed(tx, id, now, "half").await?;
    Ok((id, row.slug))
}

/// A design with its sections and comments. Words change over a year, so that only some of them are news.
async fn design(
    tx: &mut Tx,
    service: &Service,
    workspace: WorkspaceId,
    people: &[PersonId],
    n: usize,
) -> Result<(DesignId, SectionId), Wrong> {
    let now = service.now();
    let at = |i: usize| now.plus(-Moment::HOUR * i64::try_from(i * 7 % 8760).unwrap_or(0));
    let id: DesignId = service.new_id();
    let title = format!("The last bus, part {n}");
    let new = NewDesign { id, workspace, title: &title, symbol: "1F68C", made_at: now, made_by: people[2] };
    store::designs::insert(tx, &new).await?;
    let mut sections: Vec<SectionId> = Vec::new();
    for position in 0..SECTIONS {
        let section: SectionId = service.new_id();
        let words = format!("{}\n\n- {}\n- {}", words(n + position, 5), words(n + 9, 1), words(n + position + 3, 1));
        let heading = format!("What matters to us, {position}");
        let html = service::designs::markdown::draw(&words);
        let by = Some(people[(n + position) % people.len()]);
        let position = i64::try_from(position)?;
        let new =
            NewSection { id: section, position, heading: &heading, words: &words, html: &html, masked_html: None, by };
        store::designs::insert_section(tx, id, &new, at(n * SECTIONS + sections.len())).await?;
        sections.push(section);
    }
    let mut first: Option<CommentId> = None;
    for i in 0..TALK {
        let comment: CommentId = service.new_id();
        // Every fifth answers the one that began its five.
        let parent = first.filter(|_| i % 5 == 4);
        let new = NewComment {
            id: comment,
            design: id,
            section: sections[i / 5 % SECTIONS],
            parent,
            author: Some(people[(n + i) % people.len()]),
            kind: CommentKind::ALL[i % CommentKind::ALL.len()],
            words: &words(n + i, 1 + i % 4),
            state: CommentState::Published,
            made_at: at(n * TALK + TALK - i),
        };
        store::comments::insert(tx, &new).await?;
        if i % 5 == 0 {
            first = Some(comment);
        }
    }
    Ok((id, sections[0]))
}

/// What became of the design that is looked at: a vote of everybody, an outcome, two actions.
async fn became(
    tx: &mut Tx,
    service: &Service,
    workspace: WorkspaceId,
    design: DesignId,
    people: &[PersonId],
) -> Result<DecisionId, Wrong> {
    let now = service.now();
    let (id, version): (DecisionId, VersionId) = (service.new_id(), service.new_id());
    store::designs::insert_version(tx, version, design, ("For the vote", ""), now, people[2]).await?;
    let new = NewDecision {
        id,
        workspace,
        about: Some((design, version)),
        question: "Shall we ask for one more bus?",
        explanation: "",
        pass_rule: PassRule::MoreOk,
        quorum: 30,
        opens_at: now.plus(-3 * Moment::DAY),
        closes_at: now.plus(-Moment::DAY),
        made_at: now.plus(-3 * Moment::DAY),
        made_by: people[2],
    };
    store::decisions::insert(tx, &new).await?;
    store::decisions::take_roll(tx, id).await?;
    for (i, person) in people.iter().enumerate().skip(2) {
        let hand = Hand::ALL[i % Hand::ALL.len()];
        let at = now.plus(-2 * Moment::DAY);
        store::decisions::raise(tx, id, *person, hand, &words(i, 1), CommentState::Published, at).await?;
    }
    let outcome = service.new_id();
    let new = NewOutcome {
        id: outcome,
        design,
        decision: Some(id),
        words: "We ask for one more bus.",
        why: "Most of us said OK.",
        next: "The bus officer asks the company.",
        differs_why: None,
        made_at: now,
        made_by: people[0],
    };
    store::actions::insert_outcome(tx, &new).await?;
    for (n, title) in ["A bus at half past nine", "Times in big print"].into_iter().enumerate() {
        let new = NewAction {
            id: service.new_id(),
            workspace,
            design: Some(design),
            outcome: Some(outcome),
            title,
            you_said: &words(n, 1),
            we_will: &words(n + 1, 1),
            owner_role: "Bus officer",
            owner: Some(people[0]),
            team: "Transport",
            due_at: now.plus(30 * Moment::DAY),
            status: ActionStatus::Doing,
            reason: "",
            shown: true,
            made_at: now,
            made_by: people[0],
        };
        store::actions::insert(tx, &new).await?;
    }
    store::designs::set_stage(tx, design, Stage::Drafting, Stage::Doing, now).await?;
    Ok(id)
}

async fn session(tx: &mut Tx, service: &Service, person: PersonId) -> Result<String, Wrong> {
    let now = service.now();
    let mut secret = [0u8; 32];
    SystemChance.fill(&mut secret);
    let secret = to_hex(&secret);
    let id: SessionId = service.new_id();
    let new = store::access::NewSession {
        id,
        secret_hash: sha256(secret.as_bytes()),
        person,
        made_at: now,
        idle: Moment::HOUR,
        ends_at: now.plus(Moment::DAY),
        shared: false,
        way: "card",
    };
    store::access::start_session(tx, &new).await?;
    Ok(secret)
}

/// Fills an empty database.
pub async fn plant(place: &Place) -> Result<House, Wrong> {
    let store = Store::open(&place.url).await?;
    store.migrate().await?;
    let service = house(store.clone());
    let mut sessions = Vec::new();
    let mut looked_at = None;
    let mut n = 0;
    for g in 0..GROUPS {
        let mut tx = store.write().await?;
        let group = group(&mut tx, &service, g).await?;
        let people = people(&mut tx, &service, group, g, PEOPLE).await?;
        // Members first: the first session is of one who is no lead and no worker.
        for person in people.iter().rev() {
            sessions.push(session(&mut tx, &service, *person).await?);
        }
        for w in 0..WORKSPACES {
            let (workspace, slug) = workspace(&mut tx, &service, group, people[0]).await?;
            let mut made = Vec::new();
            for _ in 0..DESIGNS {
                made.push(design(&mut tx, &service, workspace, &people, n).await?);
                n += 1;
            }
            if (g, w) == (0, 0) {
                let ((design, _), (draft, section)) = (made[0], made[1]);
                let decision = became(&mut tx, &service, workspace, design, &people).await?;
                looked_at = Some((design, section, draft, decision, slug));
            }
        }
        tx.commit().await?;
    }
    store.close().await;
    let (design, section, draft, decision, workspace) = looked_at.ok_or("nothing was planted")?;
    Ok(House { design, section, draft, workspace, decision, sessions })
}

/// A design that many people write in.
pub struct Crowd {
    /// Which.
    pub design: DesignId,
    /// Its sections.
    pub sections: Vec<SectionId>,
    /// Secrets of sessions, each of another person who may write in it.
    pub sessions: Vec<String>,
}

/// One more group with so many people, and a design of theirs that was started as anybody starts one.
pub async fn crowd(place: &Place, many: usize) -> Result<Crowd, Wrong> {
    let store = Store::open(&place.url).await?;
    store.migrate().await?;
    let service = house(store.clone());
    let mut tx = store.write().await?;
    let group = group(&mut tx, &service, GROUPS).await?;
    // Two of them are workers, who write as well.
    let people = people(&mut tx, &service, group, GROUPS, many).await?;
    let mut sessions = Vec::new();
    for person in &people {
        sessions.push(session(&mut tx, &service, *person).await?);
    }
    let (_, slug) = workspace(&mut tx, &service, group, people[0]).await?;
    tx.commit().await?;
    let visit = service.visit(sessions.first().map(String::as_str)).await?;
    let draft = |n| Draft { heading: format!("What matters to us, {n}"), words: words(n, 20) };
    let new = service::designs::NewDesign {
        title: "The last bus, by all of us",
        sections: (0..SECTIONS).map(draft).collect(),
    };
    let design = service.start_design(&visit.who, &slug, service.new_id(), new).await?;
    let sections = service.view_design(&visit.who, design).await?.sections.iter().map(|s| s.id).collect();
    store.close().await;
    Ok(Crowd { design, sections, sessions })
}

/// How many changes there are behind its words.
pub async fn changes(place: &Place, crowd: &Crowd) -> Result<usize, Wrong> {
    let store = Store::open(&place.url).await?;
    let mut tx = store.read().await?;
    let row = store::designs::find(&mut tx, crowd.design).await?.ok_or("no design")?;
    drop(tx);
    store.close().await;
    Ok(usize::try_from(row.text_seq)?)
}
