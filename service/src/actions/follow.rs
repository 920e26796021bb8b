//! Following an action: its page, its updates, and whether it worked.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::actions::{ActionStatus, DidItWork};
use domain::ids::{ActionId, FormId, PersonId, UpdateId};
use domain::moment::Moment;
use domain::people::Role;
use domain::reports::small_numbers::{PeopleCount, ShownCount, Threshold};
use domain::words::{Sentences, line as one_line, maybe_lines};
use jiff::tz::TimeZone;
use store::Tx;
use store::actions::{ActionRow, Change};

use super::make::{chosen, staff};
use super::{ActionLine, Groups, Staff, day, line};
use crate::audit::Act;
use crate::rights::{allow, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// One update, as a reader may see it.
#[derive(Debug, Clone)]
pub struct UpdateLine {
    /// Where the action stood after it.
    pub status: ActionStatus,
    /// What happened.
    pub words: String,
    /// Why, or empty.
    pub reason: String,
    /// When.
    pub made_at: Moment,
    /// The name of who wrote it and what they are, for those who may see it.
    pub by: Option<(String, Role)>,
}

/// Why somebody thinks that it worked, or not. Only workers of the group read these.
#[derive(Debug, Clone)]
pub struct Why {
    /// Their name.
    pub name: String,
    /// Their answer.
    pub answer: DidItWork,
    /// Their words.
    pub words: String,
}

/// An action as one person sees it.
#[derive(Debug, Clone)]
pub struct ActionPage {
    /// The action.
    pub line: ActionLine,
    /// Its groups.
    pub place: Place,
    /// Its updates, newest first.
    pub updates: Vec<UpdateLine>,
    /// The reader may write updates.
    pub may_update: bool,
    /// When people were asked whether it worked.
    pub asked_at: Option<Moment>,
    /// It is done, nobody was asked whether it worked yet, and the reader may ask.
    pub may_ask: bool,
    /// The reader may say whether it worked.
    pub may_say: bool,
    /// What the reader said.
    pub mine: Option<(DidItWork, String)>,
    /// What people said, where the numbers may be shown: in the order of [`DidItWork::ALL`].
    pub said: Option<[ShownCount; 4]>,
    /// The same as whole percents.
    pub percents: [u8; 4],
    /// Why people said it; only for workers.
    pub whys: Vec<Why>,
}

/// What the page for an update needs.
#[derive(Debug, Clone)]
pub struct UpdatePage {
    /// The action.
    pub line: ActionLine,
    /// Who has it now.
    pub owner: Option<PersonId>,
    /// Staff it can be given to.
    pub staff: Vec<Staff>,
    /// The public list does not name the group.
    pub nameless: bool,
    /// When people were asked whether it worked.
    pub asked_at: Option<Moment>,
}

/// An update as it was typed.
#[derive(Debug, Clone, Copy)]
pub struct TypedUpdate<'a> {
    /// The name of an [`ActionStatus`].
    pub status: &'a str,
    /// What happened, in one easy sentence.
    pub words: &'a str,
    /// Why it was changed, stopped or is late.
    pub reason: &'a str,
    /// The end of the day it is due on; nothing when the date could not be read.
    pub due_at: Option<Moment>,
    /// The id of who has it.
    pub owner: &'a str,
    /// Their role.
    pub owner_role: &'a str,
    /// On the public list.
    pub shown: bool,
    /// If it is done: ask now whether it worked.
    pub ask: bool,
}

/// The tallies of "did it work?", in the order of [`DidItWork::ALL`].
fn tallies(answers: impl IntoIterator<Item = DidItWork>) -> [PeopleCount; 4] {
    let mut out = [0i64; 4];
    for answer in answers {
        if let Some(at) = DidItWork::ALL.iter().position(|a| *a == answer) {
            out[at] += 1;
        }
    }
    out.map(PeopleCount::from)
}

/// Takes the next step of what people outside see, when enough people moved since the one they see now. It is shown from
/// midnight on, so that nobody learns whose answer made it.
async fn freeze(tx: &mut Tx, action: ActionId, threshold: Threshold, now: Moment) -> Result<(), Refused> {
    let said = store::actions::said(tx, action).await?;
    let since = store::actions::frozen(tx, action, now).await?.map(|(_, taken)| taken);
    let moved = said.iter().filter(|s| since.is_none_or(|taken| s.said_at > taken)).map(|s| s.answer);
    if let Some(step) = threshold.freeze(tallies(said.iter().map(|s| s.answer)), tallies(moved)) {
        store::actions::freeze(tx, action, now.next_midnight(), now, step).await?;
    }
    Ok(())
}

/// The door of an action: one query, the same for what is hidden and what does not exist. Readers of the work come in,
/// and everybody where it is on the public list.
async fn door(tx: &mut Tx, who: &Who, id: ActionId, verb: Verb) -> Result<Place, Refused> {
    let rows = store::actions::door(tx, id).await?;
    let Some(first) = rows.first() else { return Err(Refused::Unknown) };
    let (shown, owner) = (first.shown, first.owner_id.map(PersonId));
    let place = Place::of(rows.iter().map(|g| (g.id, g.visibility)).collect()).by(owner);
    match allow(who, verb, &place) {
        Err(_) if verb == Verb::ReadWork && shown => allow(who, Verb::ReadPublic, &Place::house())?,
        // The page is public, so its other verbs are not theirs rather than unknown.
        Err(Refused::Unknown) if shown => return Err(Refused::NotAllowed),
        other => other?,
    }
    Ok(place)
}

impl Service {
    async fn action_row(&self, tx: &mut Tx, id: ActionId) -> Result<(ActionRow, Groups), Refused> {
        let row = store::actions::find(tx, id).await?.ok_or(Refused::Unknown)?;
        let own = super::groups_of(tx, row.workspace_id).await?;
        Ok((row, own))
    }

    /// An action, as this person may see it. Where it is only public, without its group, workspace and names.
    ///
    /// # Errors
    /// [`Refused::Unknown`] when there is none that they may know of.
    pub async fn action(&self, who: &Who, id: ActionId) -> Result<ActionPage, Refused> {
        let mut tx = self.store().read().await?;
        let place = door(&mut tx, who, id, Verb::ReadWork).await?;
        let can = |verb| may(who, verb, &place) == Answer::Yes;
        let names = can(Verb::SeeMembers);
        let (row, groups) = self.action_row(&mut tx, id).await?;
        let updates = store::actions::updates(&mut tx, id).await?;
        let said = store::actions::said(&mut tx, id).await?;
        let threshold = crate::reports::threshold(&mut tx, groups.numbers()).await?;
        // Inside the group people see the answers as they come; outside in steps, or each look would tell one answer.
        let shown = if names {
            threshold.show_tallies(tallies(said.iter().map(|s| s.answer)))
        } else {
            let frozen = store::actions::frozen(&mut tx, id, self.now()).await?;
            let step = frozen.filter(|_| groups.numbers_may_leave(who));
            step.and_then(|(step, _)| threshold.show_frozen(step))
        };
        let mine = who.id().and_then(|me| said.iter().find(|s| s.person_id == me));
        Ok(ActionPage {
            may_update: can(Verb::UpdateAction),
            asked_at: row.asked_at.map(Moment),
            may_ask: can(Verb::AskDidItWork) && row.status == ActionStatus::Done && row.asked_at.is_none(),
            may_say: can(Verb::SayDidItWork) && row.status == ActionStatus::Done && row.asked_at.is_some(),
            mine: mine.map(|s| (s.answer, s.why.clone())),
            said: shown,
            percents: shown.map_or([0; 4], ShownCount::percents),
            whys: if can(Verb::CheckWords) {
                said.into_iter()
                    .filter(|s| !s.why.is_empty())
                    .map(|s| Why { name: s.name, answer: s.answer, words: s.why })
                    .collect()
            } else {
                Vec::new()
            },
            updates: updates
                .into_iter()
                .map(|u| UpdateLine {
                    status: u.status,
                    words: u.words,
                    reason: u.reason,
                    made_at: u.made_at,
                    by: (names && !u.name.is_empty()).then_some((u.name, u.role)),
                })
                .collect(),
            line: line(who, row, &groups, self.now()),
            place,
        })
    }

    /// What the page for an update needs.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`].
    pub async fn update_page(&self, who: &Who, id: ActionId) -> Result<UpdatePage, Refused> {
        let mut tx = self.store().read().await?;
        let place = door(&mut tx, who, id, Verb::UpdateAction).await?;
        let (row, groups) = self.action_row(&mut tx, id).await?;
        let staff = staff(&mut tx, row.workspace_id, &place).await?;
        Ok(UpdatePage {
            owner: row.owner_id.map(PersonId),
            staff,
            nameless: place.visibility() != domain::groups::Visibility::Open,
            asked_at: row.asked_at.map(Moment),
            line: line(who, row, &groups, self.now()),
        })
    }

    /// Writes an update. Changing, stopping, moving the date and being late need a reason. When it is done, those who asked
    /// for it are asked whether it worked, unless it is too early to tell.
    ///
    /// # Errors
    /// [`Refused::Invalid`] with each wrong field.
    pub async fn update_action(
        &self,
        who: &Who,
        id: ActionId,
        form: FormId,
        typed: TypedUpdate<'_>,
    ) -> Result<(), Refused> {
        let zone = TimeZone::get(&self.settings().await?.time_zone).unwrap_or(TimeZone::UTC);
        let mut tx = self.write_as(who).await?;
        let place = door(&mut tx, who, id, Verb::UpdateAction).await?;
        let me = somebody(who)?.id;
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(());
        }
        let now = self.now();
        let row = store::actions::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        let staff = staff(&mut tx, row.workspace_id, &place).await?;
        let mut problems = Problems::new();
        let status: Option<ActionStatus> = problems.choice("status", typed.status);
        let words = problems.take("words", Sentences::parse(typed.words));
        let reason = problems.take("reason", maybe_lines(typed.reason, Sentences::MAX));
        let owner_role = problems.take("owner_role", one_line(typed.owner_role, 80));
        // Somebody who left stays the owner until another is chosen.
        let owner = match chosen(&staff, typed.owner) {
            Some(staff) => Some(staff.id),
            None if typed.owner == row.owner_id.map(|o| o.to_string()).unwrap_or_default() => {
                row.owner_id.map(PersonId)
            }
            None => {
                problems.add("owner", "choose");
                None
            }
        };
        let ended = status.is_some_and(ActionStatus::is_ended);
        let due_at = match typed.due_at {
            None => {
                problems.add("due", "date");
                row.due_at
            }
            // The same day is the same date, whatever its hour.
            Some(at) if day(&zone, at) == day(&zone, row.due_at) => row.due_at,
            Some(at) => {
                if at < now && !ended {
                    problems.add("due", "date-past");
                }
                at
            }
        };
        if reason.as_deref() == Some("") {
            if status.is_some_and(ActionStatus::needs_reason) {
                problems.add("reason", "why-changed");
            } else if due_at != row.due_at {
                problems.add("reason", "why-date");
            } else if row.due_at < now && !ended {
                problems.add("reason", "why-late");
            }
        }
        let (Some(status), Some(words), Some(reason), Some(owner_role), true) =
            (status, words, reason, owner_role, problems.is_empty())
        else {
            return Err(Refused::Invalid(problems));
        };
        let ended_at = if status.is_ended() { row.ended_at.map(Moment).or(Some(now)) } else { None };
        // What goes on again is asked about again once it is done again.
        let asked_at =
            (status == ActionStatus::Done).then(|| row.asked_at.map(Moment).or(typed.ask.then_some(now))).flatten();
        let change = Change {
            status,
            reason: if status.needs_reason() { &reason } else { "" },
            due_at,
            owner,
            owner_role: &owner_role,
            shown: typed.shown,
            changed_at: now,
            ended_at,
            asked_at,
        };
        store::actions::change(&mut tx, id, &change).await?;
        let update: UpdateId = self.new_id();
        store::actions::insert_update(&mut tx, update, id, status, words.as_str(), &reason, me, now).await?;
        let asked = if asked_at.is_some() && row.asked_at.is_none() { " asked=yes" } else { "" };
        let detail = format!("status={status} due_changed={} shown={}{asked}", due_at != row.due_at, typed.shown);
        let act = Act { verb: audit::verb(Verb::UpdateAction), kind: "action", id: &id.to_string(), detail: &detail };
        audit::note(&mut tx, now, who, act).await?;
        access::done(&mut tx, form, Some(update.0), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Asks those who asked for it whether it worked: from now on it stands on their home page. Asked once is enough.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] while it is not done.
    pub async fn ask_did_it_work(&self, who: &Who, id: ActionId) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        door(&mut tx, who, id, Verb::AskDidItWork).await?;
        somebody(who)?;
        let now = self.now();
        let row = store::actions::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        if row.status != ActionStatus::Done {
            return Err(Refused::MovedOn("not-done"));
        }
        if row.asked_at.is_some() {
            return Ok(());
        }
        store::actions::ask(&mut tx, id, now).await?;
        let act = Act { verb: audit::verb(Verb::AskDidItWork), kind: "action", id: &id.to_string(), detail: "" };
        audit::note(&mut tx, now, who, act).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says whether it worked, or says something else than before: by those who asked for it, once it is done and they
    /// were asked. What is said last holds, so that saying it twice is once.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] while it is not done, or nobody was asked.
    pub async fn say_did_it_work(&self, who: &Who, id: ActionId, answer: &str, why: &str) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        door(&mut tx, who, id, Verb::SayDidItWork).await?;
        let me = somebody(who)?.id;
        let now = self.now();
        let row = store::actions::find(&mut tx, id).await?.ok_or(Refused::Unknown)?;
        if row.status != ActionStatus::Done {
            return Err(Refused::MovedOn("not-done"));
        }
        if row.asked_at.is_none() {
            return Err(Refused::MovedOn("not-asked-yet"));
        }
        let mut problems = Problems::new();
        let answer: Option<DidItWork> = problems.choice("answer", answer);
        let why = problems.take("why", maybe_lines(why, Sentences::MAX));
        let (Some(answer), Some(why)) = (answer, why) else { return Err(Refused::Invalid(problems)) };
        store::actions::say(&mut tx, id, me, answer, &why, now).await?;
        let groups = super::groups_of(&mut tx, row.workspace_id).await?;
        let threshold = crate::reports::threshold(&mut tx, groups.numbers()).await?;
        freeze(&mut tx, id, threshold, now).await?;
        tx.commit().await?;
        Ok(())
    }
}
