//! A group that talks about a design: its people, one from outside, and a design of two sections, as plain rows.
//!
//! `mod talking;` beside `mod support;` in a test of `service`; with `#[path]` elsewhere.

#![allow(clippy::allow_attributes, dead_code, unreachable_pub, reason = "each test file uses its own part of this")]

use domain::access::Who;
use domain::comments::Checking;
use domain::designs::Stage;
use domain::groups::{GroupKind, GroupRole, Visibility};
use domain::ids::{CommentId, DecisionId, DesignId, GroupId, SectionId, WorkspaceId};
use domain::people::Role;
use domain::workspaces::Template;
use service::Refused;
use service::comments::{Comments, Order, Said, Sent, Typed, Verdict};
use service::decisions::{About, TypedDecision};
use store::designs::{NewDesign, NewSection};
use store::workspaces::WorkspaceRow;

use crate::support::Test;

/// Who looks: the columns of the tables of who sees what.
pub const PEOPLE: [&str; 7] = ["author", "other", "lead", "worker", "observer", "outsider", "nobody"];

/// A group and its design.
pub struct Talk {
    pub group: GroupId,
    pub workspace: WorkspaceId,
    pub slug: String,
    pub design: DesignId,
    pub first: SectionId,
    pub second: SectionId,
    /// A member who writes.
    pub sam: Who,
    /// Another member.
    pub robin: Who,
    pub lead: Who,
    pub worker: Who,
    pub other_worker: Who,
    pub observer: Who,
    /// Somebody with an account and no group.
    pub outsider: Who,
}

/// Plants a group called `name` with its people and its design.
pub async fn plant(t: &Test, name: &str, visibility: Visibility, checking: Checking) -> Talk {
    let group = t.group_of(name, GroupKind::YouthCouncil, visibility, checking).await;
    let call = |who: &str| format!("{who} of {name}");
    let sam = t.member(&call("Sam"), Role::YoungPerson, group, GroupRole::Member).await;
    let robin = t.member(&call("Robin"), Role::YoungPerson, group, GroupRole::Member).await;
    let lead = t.member(&call("Lee"), Role::YoungPerson, group, GroupRole::Lead).await;
    let worker = t.member(&call("Wim"), Role::Officer, group, GroupRole::Worker).await;
    let other_worker = t.member(&call("Ada"), Role::Officer, group, GroupRole::Worker).await;
    let observer = t.member(&call("Olu"), Role::BoardMember, group, GroupRole::Observer).await;
    let outsider = t.person(&call("Kit outside"), Role::YoungPerson).await;
    let slug = format!("work-of-{}", domain::words::slug_start(name));
    let workspace = workspace(t, &slug, &[group], &worker).await;
    let (design, first, second) = design(t, workspace, &worker, &format!("Later buses for {name}")).await;
    Talk { group, workspace, slug, design, first, second, sam, robin, lead, worker, other_worker, observer, outsider }
}

/// A workspace of groups.
pub async fn workspace(t: &Test, slug: &str, groups: &[GroupId], by: &Who) -> WorkspaceId {
    let id: WorkspaceId = t.service.new_id();
    let row = WorkspaceRow {
        id,
        slug: slug.to_owned(),
        title: "Buses".to_owned(),
        summary: "Buses that wait.".to_owned(),
        template: Template::Service,
        symbol: "1F68C".to_owned(),
        made_at: t.now(),
    };
    let mut tx = t.service.store().write().await.expect("a transaction");
    store::workspaces::insert(&mut tx, &row, by.id().expect("a person")).await.expect("a workspace");
    for group in groups {
        store::workspaces::add_group(&mut tx, id, *group).await.expect("its group");
    }
    tx.commit().await.expect("committed");
    id
}

/// A design of two sections.
pub async fn design(t: &Test, workspace: WorkspaceId, by: &Who, title: &str) -> (DesignId, SectionId, SectionId) {
    let by = by.id().expect("a person");
    let (design, first, second): (DesignId, SectionId, SectionId) =
        (t.service.new_id(), t.service.new_id(), t.service.new_id());
    let mut tx = t.service.store().write().await.expect("a transaction");
    let new = NewDesign { id: design, workspace, title, symbol: "1F68C", made_at: t.now(), made_by: by };
    store::designs::insert(&mut tx, &new).await.expect("a design");
    for (id, position, heading) in [(first, 1, "The problem"), (second, 2, "Our idea")] {
        let section = NewSection { id, position, heading, words: "", html: "", masked_html: None, by: Some(by) };
        store::designs::insert_section(&mut tx, design, &section, t.now()).await.expect("a section");
    }
    tx.commit().await.expect("committed");
    (design, first, second)
}

impl Talk {
    /// Somebody by the name of their column.
    pub fn who(&self, column: &str) -> Who {
        match column {
            "author" => self.sam.clone(),
            "other" => self.robin.clone(),
            "lead" => self.lead.clone(),
            "worker" => self.worker.clone(),
            "observer" => self.observer.clone(),
            "outsider" => self.outsider.clone(),
            "nobody" => Who::nobody(),
            other => panic!("nobody is called {other}"),
        }
    }

    /// Says something about the first section. No two things are said in the same millisecond.
    pub async fn say(&self, t: &Test, who: &Who, words: &str) -> Result<Sent, Refused> {
        t.pass(1000);
        let section = self.first.to_string();
        let typed = Typed { section: &section, kind: "idea", words, reply_to: "" };
        t.service.comment(who, self.design, typed, t.form()).await
    }

    /// Answers something.
    pub async fn answer(&self, t: &Test, who: &Who, to: CommentId, words: &str) -> Result<Sent, Refused> {
        t.pass(1000);
        let to = to.to_string();
        let typed = Typed { section: "", kind: "", words, reply_to: &to };
        t.service.comment(who, self.design, typed, t.form()).await
    }

    /// What the worker does with a comment as it is now.
    pub async fn check(&self, t: &Test, id: CommentId, verdict: Verdict<'_>) -> Result<(), Refused> {
        let it = t.service.comment_to_check(&self.worker, id).await?;
        t.service.check_comment(&self.worker, id, verdict, it.words_at).await.map(|_| ())
    }

    /// Publishes, or says that it is fine.
    pub async fn publish(&self, t: &Test, id: CommentId) {
        self.check(t, id, Verdict::Publish).await.expect("checked");
    }

    /// Takes words away.
    pub async fn take_away(&self, t: &Test, id: CommentId, reason: &str) {
        self.check(t, id, Verdict::TakeAway { reason }).await.expect("taken away");
    }

    /// Says something that everybody sees, whatever the group does with words.
    pub async fn shown(&self, t: &Test, who: &Who, words: &str) -> CommentId {
        let sent = self.say(t, who, words).await.expect("sent");
        if sent.held {
            self.publish(t, sent.id).await;
        }
        sent.id
    }

    /// The page as somebody sees it.
    pub async fn page(&self, t: &Test, who: &Who) -> Comments {
        t.service.comments(who, self.design, Order::BySection, None, None).await.expect("the page")
    }

    /// One comment or answer as somebody sees it on the page, where they do.
    pub async fn seen(&self, t: &Test, who: &Who, id: CommentId) -> Option<Said> {
        let page = self.page(t, who).await;
        page.threads
            .into_iter()
            .flat_map(|mut thread| {
                let replies = std::mem::take(&mut thread.replies);
                std::iter::once(thread).chain(replies)
            })
            .find(|said| said.id == id)
    }

    /// A show of hands about the workspace, which opens and closes so long from now.
    pub async fn vote(&self, t: &Test, opens: i64, closes: i64) -> DecisionId {
        let typed = TypedDecision {
            question: "Are you OK with it?",
            explanation: "",
            pass_rule: "more-ok",
            quorum: "0",
            opens_at: Some(t.now().plus(opens)),
            closes_at: Some(t.now().plus(closes)),
            night_is_fine: true,
        };
        let about = About::Workspace(self.slug.clone());
        t.service.open_decision(&self.worker, &about, t.form(), typed).await.expect("a decision")
    }

    /// Moves the design, whatever else that would ask for.
    pub async fn stage(&self, t: &Test, from: Stage, to: Stage) {
        let mut tx = t.service.store().write().await.expect("a transaction");
        store::designs::set_stage(&mut tx, self.design, from, to, t.now()).await.expect("moved");
        tx.commit().await.expect("committed");
    }
}

/// A table of who sees what: a line for each case, its name first, then a cell for each of [`PEOPLE`].
pub fn table(text: &str) -> Vec<(&str, Vec<(&str, &str)>)> {
    let mut lines = text.lines().map(|l| l.split_whitespace().collect::<Vec<_>>()).filter(|l| !l.is_empty());
    assert_eq!(lines.next().expect("a first line"), PEOPLE, "the columns");
    lines
        .map(|line| {
            assert_eq!(line.len(), PEOPLE.len() + 1, "a cell for everybody: {line:?}");
            (line[0], PEOPLE.iter().copied().zip(line[1..].iter().copied()).collect())
        })
        .collect()
}
