//! The small-numbers rule: no count of people reaches a page, a file or a chart except as a [`ShownCount`].
//!
//! A [`PeopleCount`] cannot be printed: it has no `Display`, its `Debug` hides the number, and outside this crate its number
//! cannot be taken out at all: rules (quorum, "is anybody there") compare it. [`Threshold::show`] is the one way to paper.
//! Source of the rule: DESIGN.md 4.6; NHS Digital and ONS practice as listed in STANDARDS 3.7 (S-070 to S-073).

/// A number of people, straight from a query. Not printable:
///
/// ```compile_fail,E0277
/// let people = domain::reports::small_numbers::PeopleCount::from(3);
/// println!("{people}");
/// ```
///
/// and not to be written into JSON, a chart or a file:
///
/// ```compile_fail,E0277
/// fn written(_: impl serde::Serialize) {}
/// written(domain::reports::small_numbers::PeopleCount::from(3));
/// ```
///
/// nor does it give its number to anybody outside this crate:
///
/// ```compile_fail,E0624
/// let number: i64 = domain::reports::small_numbers::PeopleCount::from(3).number();
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct PeopleCount(i64);

impl std::fmt::Debug for PeopleCount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PeopleCount(…)")
    }
}

impl From<i64> for PeopleCount {
    fn from(n: i64) -> Self {
        Self(n.max(0))
    }
}

impl PeopleCount {
    /// The number, for the rules of this crate to reckon with. Never for showing: that is what [`Threshold::show`] is for.
    pub(crate) const fn number(self) -> i64 {
        self.0
    }

    /// One more.
    #[must_use]
    pub(crate) const fn and_one(self) -> Self {
        Self(self.0 + 1)
    }

    /// Nobody at all.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// That many or more.
    pub const fn at_least(self, least: i64) -> bool {
        self.0 >= least
    }

    /// At least so many whole percent of others, rounded up.
    pub const fn reaches(self, percent: i64, of: Self) -> bool {
        self.0 * 100 >= percent * of.0
    }
}

/// A count that may be shown. Nothing else makes one but a threshold, and a list of names that is shown itself:
///
/// ```compile_fail
/// let shown = domain::reports::small_numbers::ShownCount::from(3);
/// ```
///
/// ```
/// use domain::reports::small_numbers::Threshold;
/// assert_eq!(Threshold::new(5, false).show(4.into()).exact(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ShownCount(Shown);

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
enum Shown {
    Exactly(i64),
    FewerThan(i64),
}

impl ShownCount {
    /// The length of a list of people that the same page shows by name to somebody who may see the names: counting
    /// what stands there tells nothing new. Never for a page that leaves the names out.
    pub fn of_names<T>(people: &[T]) -> Self {
        Self(Shown::Exactly(i64::try_from(people.len()).unwrap_or(i64::MAX)))
    }

    /// The shares of a whole breakdown in whole percent, rounded. They are made of what is shown and of nothing else: where a
    /// number is hidden, or there is nobody, every share is 0.
    pub fn percents<const N: usize>(shown: [Self; N]) -> [u8; N] {
        let total = shown.iter().try_fold(0, |sum, n| Some(sum + n.exact()?)).unwrap_or(0);
        shown.map(|n| match (n.exact(), total) {
            (Some(part), 1..) => u8::try_from((part * 100 + total / 2) / total).unwrap_or(100),
            _ => 0,
        })
    }

    /// The number when it may be shown.
    pub const fn exact(self) -> Option<i64> {
        match self.0 {
            Shown::Exactly(n) => Some(n),
            Shown::FewerThan(_) => None,
        }
    }

    /// The threshold when the number is hidden ("fewer than 5"). Zero is hidden in the same way.
    pub const fn fewer_than(self) -> Option<i64> {
        match self.0 {
            Shown::Exactly(_) => None,
            Shown::FewerThan(t) => Some(t),
        }
    }
}

/// What some people made of something: how many they are, and how much it is (letters of a text).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    /// How many people.
    pub people: PeopleCount,
    /// How much.
    pub amount: i64,
}

impl Made {
    /// Together with what others made.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { people: PeopleCount(self.people.0 + other.people.0), amount: self.amount + other.amount }
    }
}

/// A share that may be shown, in whole tens of a hundred: never so exact that one person's part could be worked out from
/// two looks at it. Nothing else makes one but [`Threshold::show_share`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct ShownShare(u8);

impl ShownShare {
    /// Per hundred: 0, 10, … 100.
    pub const fn percent(self) -> u8 {
        self.0
    }
}

/// A breakdown as it was at one moment, for people outside the group: the only form in which they may see one that people
/// still add to. If they saw each answer as it comes, the difference between two looks would tell what one person said.
///
/// It can be kept and read back, and shown by [`Threshold::show_frozen`]; a new one comes only from [`Threshold::freeze`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frozen<const N: usize>([PeopleCount; N]);

impl<const N: usize> std::fmt::Debug for Frozen<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Frozen(…)")
    }
}

impl<const N: usize> Frozen<N> {
    /// As it was kept.
    pub const fn kept(tallies: [PeopleCount; N]) -> Self {
        Self(tallies)
    }

    /// The numbers, to be kept: for `store`, which reads them back as [`Frozen::kept`]. For nobody else.
    pub fn to_keep(self) -> [i64; N] {
        self.0.map(PeopleCount::number)
    }
}

/// From which number on a count of people may be shown. Never below 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold(i64);

impl Threshold {
    /// The lowest threshold there is.
    pub const LOWEST: i64 = 5;
    /// The lowest for breakdowns of care-experienced people and of people with special needs.
    pub const LOWEST_SENSITIVE: i64 = 10;

    /// A threshold from settings; anything lower than allowed is raised. `sensitive`: see [`Self::LOWEST_SENSITIVE`].
    pub const fn new(setting: i64, sensitive: bool) -> Self {
        let least = if sensitive { Self::LOWEST_SENSITIVE } else { Self::LOWEST };
        Self(if setting < least { least } else { setting })
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// What may be shown of a count.
    pub const fn show(self, count: PeopleCount) -> ShownCount {
        if count.0 < self.0 { ShownCount(Shown::FewerThan(self.0)) } else { ShownCount(Shown::Exactly(count.0)) }
    }

    /// What may be shown of a breakdown that is finished, or to people inside the group who know each other's answers; what
    /// people still add to is shown outside only as a [`Frozen`]. A published breakdown (the ballots of a decision, whole, by route or by group): all its
    /// tallies, or none. Below the threshold, and where all or all but one agree, only the outcome may be shown.
    pub fn show_tallies<const N: usize>(self, tallies: [PeopleCount; N]) -> Option<[ShownCount; N]> {
        let total: i64 = tallies.iter().map(|t| t.0).sum();
        let largest = tallies.iter().map(|t| t.0).max().unwrap_or(0);
        if total < self.0 || largest >= total - 1 {
            return None;
        }
        Some(tallies.map(|t| ShownCount(Shown::Exactly(t.0))))
    }

    /// What may be shown of the share that a part of the people made (young people, of the words of a design). `others`:
    /// everybody else, without staff; `staff`: what staff made, who answer for what they do. `None` while fewer people than
    /// the threshold made this part, or the others' part, which could be worked out from it: a share of few is their own.
    pub fn show_share(self, part: Made, others: Made, staff: i64) -> Option<ShownShare> {
        let all = part.amount.checked_add(others.amount)?.checked_add(staff.max(0))?;
        let few = |made: Made| made.people.0 < self.0;
        if all <= 0 || part.amount < 0 || few(part) || (others.people.0 > 0 && few(others)) {
            return None;
        }
        let tens = (i128::from(part.amount) * 20 + i128::from(all)) / (i128::from(all) * 2);
        u8::try_from(tens * 10).ok().map(ShownShare)
    }

    /// A new step of a breakdown that people still add to. `now`: all answers; `moved`: the answers of those who answered, or
    /// changed their answer, since the last step (of everybody, when there was none). `None` while the step would be one of
    /// fewer people than the threshold, or one of people who all, or all but one, say the same: comparing it with the last
    /// would tell what each of them said.
    pub fn freeze<const N: usize>(self, now: [PeopleCount; N], moved: [PeopleCount; N]) -> Option<Frozen<N>> {
        self.show_tallies(moved).and(self.show_tallies(now)).map(|_| Frozen(now))
    }

    /// What may be shown of a step, as of any breakdown.
    pub fn show_frozen<const N: usize>(self, frozen: Frozen<N>) -> Option<[ShownCount; N]> {
        self.show_tallies(frozen.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_threshold_is_never_below_five_or_ten() {
        assert_eq!(Threshold::new(0, false).get(), 5);
        assert_eq!(Threshold::new(7, false).get(), 7);
        assert_eq!(Threshold::new(7, true).get(), 10);
    }

    #[test]
    fn shares_are_rounded_and_a_hidden_number_has_none() {
        let exactly = |n: i64| ShownCount(Shown::Exactly(n));
        assert_eq!(ShownCount::percents([1, 2, 0].map(exactly)), [33, 67, 0]);
        assert_eq!(ShownCount::percents([3, 0, 0].map(exactly)), [100, 0, 0]);
        assert_eq!(ShownCount::percents([0, 0].map(exactly)), [0, 0], "nobody");
        let t = Threshold::new(5, false);
        assert_eq!(
            ShownCount::percents([exactly(9), t.show(4.into())]),
            [0, 0],
            "nor can the rest be reckoned from it"
        );
    }

    #[test]
    fn rules_compare() {
        let [none, three, six] = [0, 3, 6].map(PeopleCount::from);
        assert!(none.is_none() && !three.is_none());
        assert!(three.at_least(3) && !three.at_least(4));
        assert!(three.reaches(50, six) && !three.reaches(51, six) && none.reaches(0, six));
    }

    #[test]
    fn a_raw_count_cannot_be_read_from_its_debug_form() {
        assert_eq!(format!("{:?}", PeopleCount::from(3)), "PeopleCount(…)");
    }

    proptest! {
        #[test]
        fn no_count_below_the_threshold_is_ever_shown(n in 0i64..60, setting in 0i64..20) {
            let t = Threshold::new(setting, false);
            let shown = t.show(n.into());
            prop_assert_eq!(shown.exact(), (n >= t.get()).then_some(n));
            prop_assert!(shown.exact().is_some() != shown.fewer_than().is_some());
        }

        /// Whoever looks as often as they like sees numbers change only by the answers of enough people who do not agree.
        #[test]
        fn a_breakdown_changes_outside_only_in_steps(answers in prop::collection::vec((0usize..12, 0usize..4), 0..60)) {
            let t = Threshold::new(5, false);
            let tallies = |said: &[Option<usize>]| -> [PeopleCount; 4] {
                std::array::from_fn(|n| i64::try_from(said.iter().filter(|a| **a == Some(n)).count()).expect("few").into())
            };
            let (mut said, mut at_step) = ([None; 12], [None; 12]);
            let mut frozen: Option<Frozen<4>> = None;
            for (who, answer) in answers {
                said[who] = Some(answer);
                let mut moved = said;
                for (one, before) in moved.iter_mut().zip(at_step) {
                    if *one == before { *one = None; }
                }
                if let Some(step) = t.freeze(tallies(&said), tallies(&moved)) {
                    prop_assert!(moved.iter().flatten().count() >= 5);
                    prop_assert!(t.show_frozen(step).is_some());
                    (at_step, frozen) = (said, Some(step));
                }
                let kept = frozen.is_some().then(|| tallies(&at_step).map(PeopleCount::number));
                prop_assert_eq!(frozen.map(Frozen::to_keep), kept);
            }
        }

        /// A share is shown only of enough people, beside nobody or enough people, and only in tens.
        #[test]
        fn a_share_of_few_is_never_shown(
            (young, others) in (0i64..12, 0i64..12), (a, b, staff) in (0i64..5000, 0i64..5000, 0i64..5000),
        ) {
            let t = Threshold::new(5, false);
            let made = |people: i64, amount: i64| Made { people: people.into(), amount: if people == 0 { 0 } else { amount } };
            let (part, rest) = (made(young, a), made(others, b));
            let shown = t.show_share(part, rest, staff);
            let all = part.amount + rest.amount + staff;
            prop_assert_eq!(shown.is_some(), young >= 5 && (others == 0 || others >= 5) && all > 0);
            if let Some(share) = shown {
                prop_assert!(share.percent() <= 100 && share.percent() % 10 == 0);
                prop_assert!((i64::from(share.percent()) * all - part.amount * 100).abs() <= 5 * all);
            }
        }

        #[test]
        fn tallies_of_a_small_or_agreeing_group_are_all_hidden(ok in 0i64..20, unsure in 0i64..20, not_ok in 0i64..20) {
            let t = Threshold::new(5, false);
            let shown = t.show_tallies([ok, unsure, not_ok].map(PeopleCount::from));
            let total = ok + unsure + not_ok;
            let agree = ok.max(unsure).max(not_ok);
            prop_assert_eq!(shown.is_some(), total >= 5 && agree < total - 1);
        }
    }
}
