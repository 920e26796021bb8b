//! The promise of a workspace: read, written, agreed.

use domain::access::{Answer, Place, Verb, Who, may};
use domain::ids::WorkspaceId;
use domain::moment::Moment;
use domain::reports::small_numbers::{ShownCount, Threshold};
use domain::words::Sentences;
use domain::workspaces::{LEAD_MAY_AGREE_AFTER, half_agreed, says_almost_nothing};
use store::Tx;
use store::workspaces::{PromiseRow, PromiseState};

use super::{WorkspaceCard, cards};
use crate::audit::Act;
use crate::rights::{allow, place_of_slug, somebody};
use crate::{Problems, Refused, Service, audit};

/// The six parts of a promise, as typed or as stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PromiseWords {
    /// What this is for.
    pub what_for: String,
    /// What can change.
    pub can_change: String,
    /// What cannot, and why.
    pub cannot_change: String,
    /// Who decides.
    pub who_decides: String,
    /// The money.
    pub money: String,
    /// When you will hear.
    pub hear_when: String,
}

impl PromiseWords {
    /// Field names and words, in the order of the page.
    pub fn pairs(&self) -> [(&'static str, &str); 6] {
        [
            ("what_for", &self.what_for),
            ("can_change", &self.can_change),
            ("cannot_change", &self.cannot_change),
            ("who_decides", &self.who_decides),
            ("money", &self.money),
            ("hear_when", &self.hear_when),
        ]
    }
}

/// How far a promise is agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromiseStanding {
    /// Half the members pressed agree.
    ByHalf,
    /// The lead agreed it for the group.
    ByLead,
    /// Not yet.
    NotYet,
}

impl PromiseStanding {
    /// Whether designs may be opened.
    pub const fn is_agreed(self) -> bool {
        matches!(self, Self::ByHalf | Self::ByLead)
    }
}

/// A promise as somebody sees it.
#[derive(Debug, Clone)]
pub struct Promise {
    /// Its words.
    pub words: PromiseWords,
    /// When these words were first shown. Whoever agrees says to which words by it.
    pub shown_at: Moment,
    /// How far it is agreed.
    pub standing: PromiseStanding,
    /// When it was agreed.
    pub agreed_at: Option<Moment>,
    /// How many have agreed, for those inside.
    pub agreed: Option<ShownCount>,
    /// The person looking has agreed.
    pub mine: bool,
    /// From when the lead may agree it for the group, while it is not agreed.
    pub lead_from: Option<Moment>,
    /// "What can change" says almost nothing.
    pub hollow: bool,
}

/// The page of a promise.
#[derive(Debug, Clone)]
pub struct PromiseView {
    /// The workspace.
    pub work: WorkspaceCard,
    /// The promise, once written.
    pub promise: Option<Promise>,
    /// They may write it.
    pub may_write: bool,
    /// They may press agree: they take part, it is not agreed by them yet.
    pub may_agree: bool,
    /// They may agree it for the group now.
    pub may_agree_for_group: bool,
}

fn standing(state: &PromiseState, how: Option<&str>) -> PromiseStanding {
    if state.agreed_at.is_some() {
        return if how == Some("lead") { PromiseStanding::ByLead } else { PromiseStanding::ByHalf };
    }
    // Somebody may have left the group since the last press, so that those who agreed are half of it now.
    if half_agreed(state.agreed, state.members) { PromiseStanding::ByHalf } else { PromiseStanding::NotYet }
}

/// Whether the promise of a workspace is agreed: no design can be opened before that. One query.
///
/// # Errors
/// [`Refused`] when the database fails.
pub async fn promise_is_agreed(tx: &mut Tx, workspace: WorkspaceId) -> Result<bool, Refused> {
    let state = store::workspaces::promise_state(tx, workspace, None).await?;
    Ok(state.is_some_and(|s| standing(&s, None).is_agreed()))
}

/// The promise as `who` sees it. Always three queries.
pub(super) async fn load(tx: &mut Tx, who: &Who, id: WorkspaceId, place: &Place) -> Result<Option<Promise>, Refused> {
    let row = store::workspaces::promise(tx, id).await?;
    let state = store::workspaces::promise_state(tx, id, who.id()).await?;
    let threshold = threshold(tx, id).await?;
    let (Some(row), Some(state)) = (row, state) else { return Ok(None) };
    let standing = standing(&state, row.agreed_how.as_deref());
    let inside = may(who, Verb::SeeMembers, place) == Answer::Yes;
    let lead_from = row.shown_at.plus(LEAD_MAY_AGREE_AFTER);
    Ok(Some(Promise {
        hollow: says_almost_nothing(&row.can_change),
        words: PromiseWords {
            what_for: row.what_for,
            can_change: row.can_change,
            cannot_change: row.cannot_change,
            who_decides: row.who_decides,
            money: row.money,
            hear_when: row.hear_when,
        },
        shown_at: row.shown_at,
        standing,
        agreed_at: row.agreed_at.map(Moment),
        agreed: inside.then(|| threshold.show(state.agreed)),
        mine: state.mine > 0,
        lead_from: (!standing.is_agreed()).then_some(lead_from),
    }))
}

/// The highest threshold of the workspace's groups, and never below the organisation's: a count of the people of several
/// groups is as careful as the most careful one. What a kind of group needs is in its own threshold since it was made.
async fn threshold(tx: &mut Tx, id: WorkspaceId) -> Result<Threshold, Refused> {
    let (groups, organisation) = store::workspaces::thresholds(tx, id).await?;
    let organisation = organisation.and_then(|t| t.parse().ok()).unwrap_or(Threshold::LOWEST);
    Ok(Threshold::new(groups.max(organisation), false))
}

impl Service {
    /// The page of a promise. A fixed number of queries.
    ///
    /// # Errors
    /// [`Refused::Unknown`] to everybody who may not know of the workspace.
    pub async fn view_promise(&self, who: &Who, slug: &str) -> Result<PromiseView, Refused> {
        let mut tx = self.store().read().await?;
        let (id, place) = place_of_slug(&mut tx, slug).await?;
        allow(who, Verb::ReadWork, &place)?;
        let work =
            cards(who, store::workspaces::lines_of_workspace(&mut tx, id).await?).pop().ok_or(Refused::Unknown)?;
        let promise = load(&mut tx, who, id, &place).await?;
        let may = |verb| may(who, verb, &place) == Answer::Yes;
        let open = promise.as_ref().is_some_and(|p| !p.standing.is_agreed());
        let late = promise.as_ref().and_then(|p| p.lead_from).is_some_and(|from| self.now() >= from);
        Ok(PromiseView {
            may_write: may(Verb::WritePromise),
            may_agree: may(Verb::AgreePromise) && promise.as_ref().is_some_and(|p| !p.mine),
            may_agree_for_group: may(Verb::AgreeForGroup) && open && late,
            work,
            promise,
        })
    }

    /// The page of a promise for those who may write it.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but leads and workers.
    pub async fn write_promise_form(&self, who: &Who, slug: &str) -> Result<PromiseView, Refused> {
        let view = self.view_promise(who, slug).await?;
        allow(who, Verb::WritePromise, &view.work.place)?;
        Ok(view)
    }

    /// Writes the promise, or changes it. Changed words are new words: nobody has agreed to them, and the seven days start
    /// again. Saving the same words changes nothing.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but leads and workers; [`Refused::Invalid`] with each
    /// wrong field.
    pub async fn write_promise(&self, who: &Who, slug: &str, typed: &PromiseWords) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let (id, place) = place_of_slug(&mut tx, slug).await?;
        allow(who, Verb::WritePromise, &place)?;
        let mut problems = Problems::new();
        let mut words = Vec::new();
        for (name, typed) in typed.pairs() {
            words.extend(problems.take(name, Sentences::parse(typed)).map(String::from));
        }
        problems.check()?;
        let Ok([what_for, can_change, cannot_change, who_decides, money, hear_when]) = <[String; 6]>::try_from(words)
        else {
            return Err(Refused::fault("a promise without a problem is incomplete"));
        };
        let now = self.now();
        let row = PromiseRow {
            what_for,
            can_change,
            cannot_change,
            who_decides,
            money,
            hear_when,
            shown_at: now,
            agreed_at: None,
            agreed_how: None,
        };
        store::workspaces::hold_promise(&mut tx, id).await?;
        let detail = match store::workspaces::promise(&mut tx, id).await? {
            Some(old) => {
                let same = PromiseRow {
                    shown_at: old.shown_at,
                    agreed_at: old.agreed_at,
                    agreed_how: old.agreed_how.clone(),
                    ..row.clone()
                };
                if same == old {
                    return Ok(());
                }
                store::workspaces::update_promise(&mut tx, id, &row).await?;
                "changed"
            }
            None => {
                store::workspaces::insert_promise(&mut tx, id, &row).await?;
                "written"
            }
        };
        self.note_promise(&mut tx, who, id, Verb::WritePromise, detail).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Agrees to the promise, with one press. `read`: the [`Promise::shown_at`] of the words they saw, so that nobody
    /// agrees to words that changed meanwhile. Pressing twice is pressing once.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but members and leads; [`Refused::MovedOn`] when the
    /// words changed.
    pub async fn agree_promise(&self, who: &Who, slug: &str, read: Moment) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let (id, place) = place_of_slug(&mut tx, slug).await?;
        allow(who, Verb::AgreePromise, &place)?;
        let me = somebody(who)?.id;
        store::workspaces::hold_promise(&mut tx, id).await?;
        self.shown_words(&mut tx, id, read).await?;
        store::workspaces::agree(&mut tx, id, me).await?;
        let state = store::workspaces::promise_state(&mut tx, id, Some(me)).await?.ok_or(Refused::Unknown)?;
        if half_agreed(state.agreed, state.members) {
            store::workspaces::set_agreed(&mut tx, id, self.now(), "half").await?;
        }
        self.note_promise(&mut tx, who, id, Verb::AgreePromise, "agreed").await?;
        tx.commit().await?;
        Ok(())
    }

    /// The lead agrees the promise for the group, seven days after its words were shown.
    ///
    /// # Errors
    /// [`Refused::Unknown`] or [`Refused::NotAllowed`] to everybody but leads; [`Refused::MovedOn`] before the seven days,
    /// and when the words changed.
    pub async fn agree_promise_for_group(&self, who: &Who, slug: &str, read: Moment) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        let (id, place) = place_of_slug(&mut tx, slug).await?;
        allow(who, Verb::AgreeForGroup, &place)?;
        store::workspaces::hold_promise(&mut tx, id).await?;
        let state = self.shown_words(&mut tx, id, read).await?;
        if self.now() < state.shown_at.plus(LEAD_MAY_AGREE_AFTER) {
            return Err(Refused::MovedOn("promise-early"));
        }
        store::workspaces::set_agreed(&mut tx, id, self.now(), "lead").await?;
        self.note_promise(&mut tx, who, id, Verb::AgreeForGroup, "agreed").await?;
        tx.commit().await?;
        Ok(())
    }

    /// The state of the promise whose words were read.
    async fn shown_words(&self, tx: &mut Tx, id: WorkspaceId, read: Moment) -> Result<PromiseState, Refused> {
        let state = store::workspaces::promise_state(tx, id, None).await?;
        state.filter(|s| s.shown_at == read).ok_or(Refused::MovedOn("promise-changed"))
    }

    async fn note_promise(
        &self,
        tx: &mut Tx,
        who: &Who,
        id: WorkspaceId,
        verb: Verb,
        detail: &str,
    ) -> Result<(), Refused> {
        let id = id.to_string();
        audit::note(tx, self.now(), who, Act { verb: audit::verb(verb), kind: "workspace", id: &id, detail }).await
    }
}
