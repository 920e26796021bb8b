//! My data: what is held about me, and what I can do about it.

use domain::access::{Known, Place, Verb, Who};
use domain::groups::GroupRole;
use domain::ids::{GroupId, PersonId, SessionId};
use domain::moment::Moment;
use domain::people::Role;
use store::people::mine::MineRow;
use store::tries::Taken;

use super::{CardState, not_the_last};
use crate::access::{Visit, new_password_problems, tries};
use crate::audit::{self, Act};
use crate::news::Event;
use crate::rights::{allow, somebody};
use crate::{Problems, Refused, Service};

/// Acts of the audit log that are shown.
const ACTS: i64 = 50;

/// One of my sessions.
#[derive(Debug, Clone)]
pub struct MySession {
    /// Its id.
    pub id: SessionId,
    /// When I signed in.
    pub made_at: Moment,
    /// When it was last used, to the minute.
    pub seen_at: Moment,
    /// On a device that others use too.
    pub shared: bool,
    /// Designs that I open are kept on its device.
    pub keeps: bool,
    /// It is the one I am using now.
    pub this: bool,
}

/// One of my groups.
#[derive(Debug, Clone)]
pub struct MyGroup {
    /// Its id.
    pub id: GroupId,
    /// Its address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// My role in it.
    pub role: GroupRole,
    /// Since when.
    pub joined_at: Moment,
}

/// The kinds of things I wrote, pressed or made, and those where my name stands beside what is not mine alone (comments I
/// checked, decisions I could take part in, actions I have, changes of words I saved, designs I read).
pub const KINDS: [&str; 27] = [
    "comment",
    "suggestion",
    "suggestion-answer",
    "suggestion-support",
    "hand",
    "did-it-work",
    "report",
    "reply",
    "section",
    "picture",
    "change",
    "lock",
    "read",
    "promise",
    "workspace",
    "template",
    "design",
    "version",
    "move",
    "decision",
    "roll",
    "void",
    "outcome",
    "action",
    "owner",
    "update",
    "check",
];

/// One card I have or had.
#[derive(Debug, Clone)]
pub struct MyCard {
    /// When it was made.
    pub made_at: Moment,
    /// When it was first used.
    pub first_used_at: Option<Moment>,
    /// When it ended.
    pub ended_at: Option<Moment>,
}

/// One act of mine, as the audit log has it.
#[derive(Debug, Clone)]
pub struct MyAct {
    /// What I did.
    pub verb: String,
    /// To what kind of thing.
    pub kind: String,
    /// To which.
    pub id: String,
    /// Names of fields and states.
    pub detail: String,
    /// When.
    pub at: Moment,
}

/// One thing I wrote, pressed or made.
#[derive(Debug, Clone)]
pub struct MyThing {
    /// What kind of thing: one of [`KINDS`].
    pub kind: String,
    /// The title it stands under; empty where I may no longer know it.
    pub title: String,
    /// My words, or empty.
    pub words: String,
    /// The kind of comment, the hand, the answer; or empty.
    pub detail: String,
    /// When.
    pub at: Moment,
}

/// Words that met an ended session, kept for me.
#[derive(Debug, Clone)]
pub struct MyKept {
    /// The address they were for.
    pub path: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
}

/// Everything that is held about me.
#[derive(Debug, Clone)]
pub struct MyData {
    /// Who I am here.
    pub id: PersonId,
    /// The name others see.
    pub name: String,
    /// What I am.
    pub role: Role,
    /// My team, or empty.
    pub team: String,
    /// Staff: what I sign in with.
    pub sign_in_name: Option<String>,
    /// When I was added.
    pub made_at: Moment,
    /// When I was last here, to the minute.
    pub seen_at: Option<Moment>,
    /// Up to when I have put the news on my home page away.
    pub news_seen_at: Option<Moment>,
    /// My card.
    pub card: Option<CardState>,
    /// Every card I ever had, oldest first.
    pub cards: Vec<MyCard>,
    /// My groups.
    pub groups: Vec<MyGroup>,
    /// Where I am signed in.
    pub sessions: Vec<MySession>,
    /// What I wrote, pressed and made.
    pub things: Vec<MyThing>,
    /// Words kept for me.
    pub kept: Vec<MyKept>,
    /// Staff: what I did, as the audit log has it, newest first; on the page only the last of it.
    pub acts: Vec<MyAct>,
}

fn thing(row: MineRow) -> MyThing {
    MyThing { kind: row.kind, title: row.title, words: row.words, detail: row.detail, at: row.at }
}

fn me(who: &Who) -> Result<&Known, Refused> {
    allow(who, Verb::UseOwnAccount, &Place::house())?;
    somebody(who)
}

impl Service {
    /// Everything that is held about me. The same number of queries however much there is.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] when nobody is signed in.
    pub async fn my_data(&self, visit: &Visit) -> Result<MyData, Refused> {
        self.held_about_me(visit, ACTS).await
    }

    /// The same to take away, with every act of the log.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] when nobody is signed in.
    pub async fn my_data_to_take_away(&self, visit: &Visit) -> Result<MyData, Refused> {
        self.held_about_me(visit, i64::MAX).await
    }

    async fn held_about_me(&self, visit: &Visit, acts: i64) -> Result<MyData, Refused> {
        let id = me(&visit.who)?.id;
        let mut tx = self.store().read().await?;
        let Some(row) = store::people::find(&mut tx, id).await? else { return Err(Refused::Unknown) };
        let card = store::access::card_of(&mut tx, id).await?;
        let groups = store::groups::own_groups(&mut tx, id).await?;
        let sessions = store::access::sessions_of(&mut tx, id, self.now()).await?;
        let things = store::people::mine::all(&mut tx, id).await?;
        let kept = store::access::kept_of(&mut tx, id).await?;
        let acts = store::people::mine::acts(&mut tx, id, acts).await?;
        let cards = store::people::mine::cards(&mut tx, id).await?;
        let this = visit.session.map(|s| s.id);
        Ok(MyData {
            id,
            name: row.name,
            role: row.role,
            team: row.team,
            sign_in_name: row.sign_in_name,
            made_at: row.made_at,
            seen_at: row.seen_at.map(Moment),
            news_seen_at: store::home::news_seen(&mut tx, id).await?,
            card: card.map(|c| CardState {
                made_at: c.made_at,
                first_used_at: c.first_used_at.map(Moment),
                locked: c.tries >= domain::people::CARD_TRIES,
            }),
            groups: groups
                .into_iter()
                .map(|g| MyGroup { id: g.id, slug: g.slug, name: g.name, role: g.role, joined_at: g.joined_at })
                .collect(),
            sessions: sessions
                .into_iter()
                .map(|s| MySession {
                    id: s.id,
                    made_at: s.made_at,
                    seen_at: s.seen_at,
                    shared: s.shared,
                    keeps: s.keeps,
                    this: this == Some(s.id),
                })
                .collect(),
            things: things.into_iter().map(thing).collect(),
            kept: kept
                .into_iter()
                .map(|k| MyKept { path: k.path, fields: serde_json::from_str(&k.fields).unwrap_or_default() })
                .collect(),
            cards: cards
                .into_iter()
                .map(|c| MyCard {
                    made_at: c.made_at,
                    first_used_at: c.first_used_at.map(Moment),
                    ended_at: c.ended_at.map(Moment),
                })
                .collect(),
            acts: acts
                .into_iter()
                .map(|a| MyAct { verb: a.verb, kind: a.object_kind, id: a.object_id, detail: a.detail, at: a.made_at })
                .collect(),
        })
    }

    /// Corrects my display name.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for a name that cannot be one.
    pub async fn correct_my_name(&self, who: &Who, name: &str) -> Result<(), Refused> {
        let me = me(who)?;
        let id = me.id;
        let mut problems = Problems::new();
        let mut tx = self.write_as(who).await?;
        let name = super::names::take(&mut tx, &mut problems, me.role.is_staff(), name).await?;
        let Some(name) = name else { return Err(Refused::Invalid(problems)) };
        if me.name == name.as_str() {
            return Ok(());
        }
        if store::people::set_name(&mut tx, id, name.as_str()).await? == 0 {
            return Err(Refused::Ended);
        }
        self.note_person(&mut tx, who, Verb::UseOwnAccount, id, "name").await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says whether designs that I open are kept on the device that I use now. On one that others use too nothing is ever kept.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] when nobody is signed in; [`Refused::MovedOn`] (`shared-device`).
    pub async fn keep_designs_here(&self, visit: &Visit, keeps: bool) -> Result<(), Refused> {
        me(&visit.who)?;
        let session = visit.session.ok_or(Refused::NotAllowed)?;
        let mut tx = self.write_as(&visit.who).await?;
        if session.shared && keeps {
            return Err(Refused::MovedOn("shared-device"));
        }
        store::access::set_keeps(&mut tx, session.id, keeps).await?;
        Ok(tx.commit().await?)
    }

    /// Ends one of my sessions. Ended already is fine; somebody else's is as if it were not there.
    ///
    /// # Errors
    /// [`Refused`] when nobody is signed in.
    pub async fn end_my_session(&self, who: &Who, session: SessionId) -> Result<(), Refused> {
        let id = me(who)?.id;
        let mut tx = self.write_as(who).await?;
        store::access::end_session(&mut tx, session, id).await?;
        tx.commit().await?;
        self.news().tell(Event::Rights { person: id });
        Ok(())
    }

    /// Ends all my sessions, this one too.
    ///
    /// # Errors
    /// [`Refused`] when nobody is signed in.
    pub async fn end_my_sessions(&self, who: &Who) -> Result<(), Refused> {
        let id = me(who)?.id;
        let mut tx = self.write_as(who).await?;
        store::access::end_all_sessions(&mut tx, id).await?;
        tx.commit().await?;
        self.news().tell(Event::Rights { person: id });
        Ok(())
    }

    /// Leaves a group. What I wrote in it stays.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for a group I am not in; [`Refused::Invalid`] for its last worker.
    pub async fn leave_my_group(&self, who: &Who, group: GroupId) -> Result<(), Refused> {
        let id = me(who)?.id;
        let mut tx = self.write_as(who).await?;
        let Some(row) = store::groups::find(&mut tx, group).await? else { return Err(Refused::Unknown) };
        let role = who.role_in(group).ok_or(Refused::Unknown)?;
        allow(who, Verb::LeaveGroup, &Place::of(vec![(row.id, row.visibility)]))?;
        if role == GroupRole::Worker && crate::groups::is_last_worker(&mut tx, group, id).await? {
            return Err(Refused::invalid("group", "last-worker"));
        }
        store::groups::leave(&mut tx, group, id).await?;
        let act = Act { verb: audit::verb(Verb::LeaveGroup), kind: "group", id: &group.to_string(), detail: "" };
        audit::note(&mut tx, self.now(), who, act).await?;
        tx.commit().await?;
        self.news().tell(Event::Rights { person: id });
        Ok(())
    }

    /// Whether I have a password to change: staff do.
    ///
    /// # Errors
    /// [`Refused::Unknown`] for those who sign in with a card.
    pub async fn my_password(&self, who: &Who) -> Result<(), Refused> {
        let id = me(who)?.id;
        let mut tx = self.store().read().await?;
        store::people::password_of(&mut tx, id).await?.map(|_| ()).ok_or(Refused::Unknown)
    }

    /// Changes my password; my other sessions end.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for a wrong old one or a new one that will not do; [`Refused::TooMany`] after too many wrong
    /// old ones; [`Refused::Unknown`] for those who sign in with a card.
    pub async fn change_my_password(&self, visit: &Visit, old: &str, new: &str) -> Result<(), Refused> {
        let known = me(&visit.who)?;
        let (id, now) = (known.id, self.now());
        let Some(session) = visit.session else { return Err(Refused::NotAllowed) };
        let key = tries::old_password(&self.world().keys, id);
        let mut tx = self.write_as(&visit.who).await?;
        let Some(row) = store::people::find(&mut tx, id).await? else { return Err(Refused::Unknown) };
        let Some(hash) = store::people::password_of(&mut tx, id).await? else { return Err(Refused::Unknown) };
        // Counted before it is judged, as every try.
        if let Taken::Wait(until) = store::tries::take(&mut tx, "old-password", &key, tries::NAME_HERE, now).await? {
            return Err(tries::wait(until, now));
        }
        tx.commit().await?;
        let sign_in = row.sign_in_name.unwrap_or_default();
        let mut problems = new_password_problems(new, &[&row.name, &sign_in]);
        if new == old && problems.is_empty() {
            problems.add("new_password", "password-same");
        }
        if !self.passwords().verify(Some(hash.clone()), old.to_owned()).await? {
            problems.0.insert(0, crate::Problem { field: "old_password".to_owned(), key: "old-password", number: 0 });
        } else {
            let mut tx = self.write_as(&visit.who).await?;
            store::tries::forget(&mut tx, "old-password", &key).await?;
            tx.commit().await?;
        }
        problems.check()?;
        let fresh = self.passwords().hash(new.to_owned(), self.world().chance.as_ref()).await?;
        let mut tx = self.write_as(&visit.who).await?;
        // Reset by an administrator while we were hashing: theirs stands.
        if store::people::password_of(&mut tx, id).await? != Some(hash) {
            return Err(Refused::invalid("old_password", "old-password"));
        }
        store::people::set_password(&mut tx, id, &fresh, false).await?;
        store::access::end_other_sessions(&mut tx, id, session.id).await?;
        self.note_person(&mut tx, &visit.who, Verb::UseOwnAccount, id, "password").await?;
        tx.commit().await?;
        self.news().tell(Event::Rights { person: id });
        Ok(())
    }

    /// Deletes my account: who I was, my cards, sessions, groups and kept words are gone. What I wrote stays without a
    /// name, my hands stay counted, and the audit log stays.
    ///
    /// # Errors
    /// [`Refused::Invalid`] for the last administrator, and for the last worker of a group.
    pub async fn delete_me(&self, who: &Who) -> Result<(), Refused> {
        let known = me(who)?;
        let (id, now) = (known.id, self.now());
        let mut tx = self.write_as(who).await?;
        let Some(row) = store::people::find(&mut tx, id).await? else { return Err(Refused::Unknown) };
        not_the_last(&mut tx, &row, "delete").await?;
        for (group, role) in &known.groups {
            if *role == GroupRole::Worker && crate::groups::is_last_worker(&mut tx, *group, id).await? {
                return Err(Refused::invalid("delete", "last-worker"));
            }
        }
        self.note_person(&mut tx, who, Verb::UseOwnAccount, id, "deleted").await?;
        store::access::end_all_sessions(&mut tx, id).await?;
        store::access::delete_cards(&mut tx, id).await?;
        store::access::drop_all_kept(&mut tx, id).await?;
        store::designs::changes::forget_reads(&mut tx, id).await?;
        store::groups::leave_all(&mut tx, id).await?;
        store::designs::suggestions::forget(&mut tx, id, now).await?;
        store::designs::unlock_all(&mut tx, id).await?;
        store::people::forget(&mut tx, id, now).await?;
        tx.commit().await?;
        self.news().tell(Event::Rights { person: id });
        Ok(())
    }
}
