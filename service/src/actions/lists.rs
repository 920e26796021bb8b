//! Lists of actions: all that somebody may see, and the public "You said, we did". Each asks the same few queries
//! however long it is, and counts nobody.

use std::collections::{BTreeSet, HashMap};

use domain::access::{Answer, Place, Verb, Who, may};
use domain::actions::ActionStatus;
use domain::ids::ActionId;
use domain::moment::Moment;
use domain::reports::small_numbers::ShownCount;
use domain::words::fold;
use jiff::tz::TimeZone;
use store::actions::Said;

use super::{ActionLine, Groups, day, line};
use crate::reports::{organisation_threshold, threshold_from};
use crate::rights::allow;
use crate::{Refused, Service};

/// How many actions stand on one page.
pub const PER_PAGE: usize = 30;

/// Whose actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    /// All that they may see.
    #[default]
    All,
    /// Those they have themselves.
    Mine,
    /// Those of their own groups.
    MyGroups,
}

/// Which actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    /// Whose.
    pub whose: Whose,
    /// Only late ones.
    pub late: bool,
    /// Only with this status.
    pub status: Option<ActionStatus>,
    /// Which page, from 1.
    pub page: usize,
}

/// A page of actions.
#[derive(Debug, Clone)]
pub struct ActionsPage {
    /// The actions, last changed first.
    pub lines: Vec<ActionLine>,
    /// Which page it is, from 1.
    pub page: usize,
    /// There is a page after it.
    pub more: bool,
}

/// Which lines of the public list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicFilter {
    /// Only with this status.
    pub status: Option<ActionStatus>,
    /// Only of the group at this address.
    pub group: Option<String>,
    /// Only with these words in it.
    pub words: String,
    /// Only last changed in this year.
    pub year: Option<i16>,
    /// Which page, from 1.
    pub page: usize,
}

/// One line of the public list.
#[derive(Debug, Clone)]
pub struct PublicLine {
    /// The action.
    pub line: ActionLine,
    /// What happened last, and when.
    pub last: Option<(String, Moment)>,
    /// What people said about whether it worked, where the numbers may be shown.
    pub said: Option<[ShownCount; 4]>,
}

/// A page of the public list.
#[derive(Debug, Clone)]
pub struct PublicPage {
    /// The lines, last changed first.
    pub lines: Vec<PublicLine>,
    /// Groups to choose from: address and name. Only those whose work the reader may see.
    pub groups: Vec<(String, String)>,
    /// Years to choose from, newest first.
    pub years: Vec<i16>,
    /// Which page it is, from 1.
    pub page: usize,
    /// There is a page after it.
    pub more: bool,
}

/// The page with this number, and whether there is another after it.
fn cut<T>(all: Vec<T>, page: usize) -> (Vec<T>, usize, bool) {
    let page = page.max(1);
    let start = page.saturating_sub(1).saturating_mul(PER_PAGE);
    let more = all.len() > start.saturating_add(PER_PAGE);
    (all.into_iter().skip(start).take(PER_PAGE).collect(), page, more)
}

impl Service {
    /// The actions somebody may see, and of them those that were asked for. Two queries.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn actions(&self, who: &Who, filter: Filter) -> Result<ActionsPage, Refused> {
        allow(who, Verb::ReadPublic, &Place::house())?;
        let mut tx = self.store().read().await?;
        let rows = store::actions::all(&mut tx).await?;
        let groups = super::groups(&mut tx).await?;
        let none = Groups::default();
        let now = self.now();
        let lines: Vec<ActionLine> = rows
            .into_iter()
            .filter_map(|row| {
                let own = groups.get(&row.workspace_id).unwrap_or(&none);
                let place = own.place();
                if !row.shown && may(who, Verb::ReadWork, &place) != Answer::Yes {
                    return None;
                }
                let line = line(who, row, own, now);
                let whose = match filter.whose {
                    Whose::All => true,
                    Whose::Mine => line.mine,
                    Whose::MyGroups => place.groups.iter().any(|(g, _)| who.role_in(*g).is_some()),
                };
                let wanted = whose
                    && (!filter.late || line.weeks_late > 0)
                    && filter.status.is_none_or(|status| status == line.status);
                wanted.then_some(line)
            })
            .collect();
        let (lines, page, more) = cut(lines, filter.page);
        Ok(ActionsPage { lines, page, more })
    }

    /// "You said, we did". Five queries, whoever asks for whatever; groups that are not open are never named, and a
    /// filter by a group somebody may not know finds as much as one by a group that does not exist.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn you_said_we_did(&self, who: &Who, filter: &PublicFilter) -> Result<PublicPage, Refused> {
        allow(who, Verb::ReadPublic, &Place::house())?;
        let zone = TimeZone::get(&self.settings().await?.time_zone).unwrap_or(TimeZone::UTC);
        let mut tx = self.store().read().await?;
        let rows = store::actions::shown(&mut tx).await?;
        let by_workspace = super::groups(&mut tx).await?;
        let mut last: HashMap<ActionId, (String, Moment)> = store::actions::shown_updates(&mut tx)
            .await?
            .into_iter()
            .map(|u| (u.action_id, (u.words, u.made_at)))
            .collect();
        let said: HashMap<ActionId, Said> =
            store::actions::shown_frozen(&mut tx, self.now()).await?.into_iter().collect();
        let organisation = organisation_threshold(&mut tx).await?;
        drop(tx);

        let none = Groups::default();
        let now = self.now();
        let wanted_words = fold(&filter.words);
        let years: BTreeSet<i16> = rows.iter().map(|r| day(&zone, r.changed_at).year()).collect();
        let shown_in: BTreeSet<_> = rows.iter().map(|r| r.workspace_id).collect();
        let groups: BTreeSet<(String, String)> = by_workspace
            .iter()
            .filter(|(id, own)| shown_in.contains(id) && may(who, Verb::ReadWork, &own.place()) == Answer::Yes)
            .flat_map(|(_, own)| own.all.iter())
            .filter(|g| may(who, Verb::SeeGroupWork, &Place::of(vec![(g.id, g.visibility)])) == Answer::Yes)
            .map(|g| (g.name.clone(), g.slug.clone()))
            .collect();
        let lines: Vec<PublicLine> = rows
            .into_iter()
            .filter(|row| {
                let own = by_workspace.get(&row.workspace_id).unwrap_or(&none);
                // Saying which lines are of a group names the group: only to those who may read its work.
                let of_group = filter
                    .group
                    .as_ref()
                    .is_none_or(|slug| own.has(slug) && may(who, Verb::ReadWork, &own.place()) == Answer::Yes);
                let has_words = wanted_words.is_empty()
                    || [&row.title, &row.you_said, &row.we_will, &row.reason]
                        .iter()
                        .any(|text| fold(text).contains(&wanted_words));
                of_group
                    && has_words
                    && filter.status.is_none_or(|status| status == row.status)
                    && filter.year.is_none_or(|year| day(&zone, row.changed_at).year() == year)
            })
            .map(|row| {
                let own = by_workspace.get(&row.workspace_id).unwrap_or(&none);
                let step = said.get(&row.id).filter(|_| own.numbers_may_leave(who));
                PublicLine {
                    last: last.remove(&row.id),
                    said: step.and_then(|step| threshold_from(organisation, own.numbers()).show_frozen(*step)),
                    line: line(who, row, own, now),
                }
            })
            .collect();
        let (lines, page, more) = cut(lines, filter.page);
        Ok(PublicPage {
            lines,
            groups: groups.into_iter().map(|(name, slug)| (slug, name)).collect(),
            years: years.into_iter().rev().collect(),
            page,
            more,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{PER_PAGE, cut};

    #[test]
    fn pages_are_cut_and_numbers_out_of_range_are_empty_pages() {
        let all: Vec<usize> = (0..PER_PAGE * 2).collect();
        assert_eq!(cut(all.clone(), 0).0, all[..PER_PAGE]);
        let (second, page, more) = cut(all.clone(), 2);
        assert_eq!((second.as_slice(), page, more), (&all[PER_PAGE..], 2, false));
        assert!(cut(all.clone(), 1).2);
        assert!(cut(all, usize::MAX).0.is_empty());
    }
}
