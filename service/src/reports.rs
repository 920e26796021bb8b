//! Reports: for now, from which number on a count of people may be shown outside a group.

use domain::groups::GroupKind;
use domain::reports::small_numbers::Threshold;
use store::Tx;

use crate::Refused;

/// The threshold for the numbers of some groups: the highest of the organisation's and theirs, and never below ten where
/// one of them is of a kind in which nine can name a child. One query.
///
/// # Errors
/// [`Refused`] when the database fails.
pub async fn threshold(tx: &mut Tx, groups: impl Iterator<Item = (GroupKind, i64)>) -> Result<Threshold, Refused> {
    Ok(threshold_from(organisation_threshold(tx).await?, groups))
}

/// The organisation's own setting. One query.
///
/// # Errors
/// [`Refused`] when the database fails.
pub async fn organisation_threshold(tx: &mut Tx) -> Result<i64, Refused> {
    let rows = store::settings::all(tx).await?;
    Ok(rows.iter().find(|(name, _)| name == "threshold").and_then(|(_, v)| v.parse().ok()).unwrap_or(Threshold::LOWEST))
}

/// The same as [`threshold`], for a setting already read.
pub fn threshold_from(organisation: i64, groups: impl Iterator<Item = (GroupKind, i64)>) -> Threshold {
    let (highest, sensitive) = groups.fold((organisation, false), |(highest, sensitive), (kind, own)| {
        (highest.max(own), sensitive || kind.is_sensitive())
    });
    Threshold::new(highest, sensitive)
}
