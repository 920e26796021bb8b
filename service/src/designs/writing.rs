//! Writing a section by a plain form: what was typed is merged with what others did meanwhile; and the one place through which
//! all words come.

use domain::access::{Verb, Who};
use domain::designs::changes::Letters;
use domain::designs::shared_text::{BadUpdate, Change, SharedText, Writer};
use domain::ids::{DesignId, FormId, PersonId, SectionId};
use domain::moment::Moment;
use domain::words::{BadWords, SectionWords, maybe_lines};
use store::Tx;
use store::designs::SectionRow;
use store::workspaces::Thing;

use super::changes::{NewWords, Way, note_words};
use super::masking::Drawn;
use super::suggestions::words_changed;
use super::{KEPT, locks, open_to_write, section_row, words_open};
use crate::aside::Whose;
use crate::audit::Act;
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// A snapshot is folded in after this many changes.
pub(super) const FOLD_EVERY: i64 = 100;
/// One snapshot of this many changes stays, and one of each day: live writing makes many. By the day, because what is past
/// [`KEPT`] is forgotten up to a snapshot.
const STAYS_EVERY: i64 = 2_000;

/// One change of the words of a design, about to be kept.
pub(super) struct Written<'a> {
    /// The number of the change.
    pub(super) seq: i64,
    /// The change itself.
    pub(super) update: &'a [u8],
    /// Whose words they are.
    pub(super) by: PersonId,
    /// The sections it changed, and how many letters came and went there.
    pub(super) changed: Vec<(SectionId, Letters)>,
}

/// What a section says after some changes.
pub(super) struct Says<'a> {
    /// What it became.
    pub(super) new: NewWords<'a>,
    /// The same, drawn.
    pub(super) html: &'a Drawn,
}

/// Keeps changes of one moment, with the plain rows that pages read. Every way of writing words (a plain form, a line that is
/// open, a suggestion that is accepted, a version that comes back) comes through here: what must follow from a change of
/// words is done here and nowhere else. The design is held, and whoever writes was asked in this transaction. `says`: every
/// section that one of them changed.
pub(super) async fn wrote(
    tx: &mut Tx,
    design: DesignId,
    at: Moment,
    changes: &[Written<'_>],
    says: &[Says<'_>],
    way: Way,
) -> Result<(), Refused> {
    for w in changes {
        store::designs::insert_update(tx, design, w.seq, w.update, at, w.by).await?;
    }
    for Says { new, html } in says {
        // Each person once, whoever wrote last at the end.
        let mut by: Vec<(PersonId, Letters)> = Vec::new();
        for w in changes {
            for (_, letters) in w.changed.iter().filter(|(section, _)| *section == new.section) {
                let before = by.iter().position(|(person, _)| *person == w.by).map(|n| by.remove(n).1);
                by.push((w.by, before.unwrap_or_default().and(*letters)));
            }
        }
        let Some((last, _)) = by.last() else { continue };
        let html = (html.html.as_str(), html.masked_html.as_deref());
        match way {
            // Nobody wrote anything: the words stay whose they were.
            Way::Wiped => store::designs::wiping::set_words(tx, new.section, new.words, html).await?,
            _ => {
                store::designs::set_words(tx, design, new.section, new.words, html, at, *last).await?;
            }
        }
        words_changed(tx, new.section, Some(new.words), at).await?;
        note_words(tx, design, at, new, &by, way).await?;
    }
    Ok(())
}

/// Folds everything up to a number into one snapshot, and lets go of what nothing needs any more.
pub(super) async fn fold(tx: &mut Tx, design: DesignId, seq: i64, state: &[u8], now: Moment) -> Result<(), Refused> {
    store::designs::insert_snapshot(tx, design, seq, state, now).await?;
    store::designs::thin_snapshots(tx, design, seq, STAYS_EVERY, Moment::DAY).await?;
    Ok(store::designs::forget_before(tx, design, now.plus(-KEPT)).await?)
}

/// Writes into the log that somebody wrote in a section, where staff did.
pub(super) async fn log_words(tx: &mut Tx, now: Moment, who: &Who, section: SectionId) -> Result<(), Refused> {
    let id = section.to_string();
    let act = Act { verb: audit::verb(Verb::WriteSection), kind: "section", id: &id, detail: "words" };
    audit::note(tx, now, who, act).await
}

/// What became of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// Everything is in. `merged`: somebody else wrote here meanwhile, and what both changed is in it.
    Done {
        /// Whether the section says more than was typed.
        merged: bool,
    },
    /// The form is older than what is kept, or what it says and what others wrote meanwhile is too far apart for a program
    /// to put it together ([`SharedText::merge`]). Nothing was changed: both texts, to be put together by hand.
    TooOld(Box<BothTexts>),
}

/// Two texts for one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BothTexts {
    /// The section's heading.
    pub heading: String,
    /// What the section says now.
    pub now: String,
    /// What was typed.
    pub typed: String,
    /// The state a new form starts from.
    pub base: i64,
}

/// What one state of a design is made of.
pub(super) struct State {
    snapshot: Vec<u8>,
    updates: Vec<Vec<u8>>,
}

impl State {
    pub(super) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(&self.snapshot[..]).chain(self.updates.iter().map(Vec::as_slice))
    }
}

/// The state with a number; `None` when it is not kept any more.
pub(super) async fn state_at(tx: &mut Tx, design: DesignId, seq: i64) -> Result<Option<State>, Refused> {
    let Some((from, snapshot)) = store::designs::snapshot(tx, design, seq).await? else { return Ok(None) };
    let updates = store::designs::updates(tx, design, from, seq).await?;
    let whole = i64::try_from(updates.len()).is_ok_and(|n| n == seq - from);
    Ok(whole.then_some(State { snapshot, updates }))
}

pub(super) fn fault(_: BadUpdate) -> Refused {
    Refused::fault("a kept change of a shared text does not fit")
}

/// A form and what it is to be merged with.
struct Merging {
    writer: Writer,
    section: SectionId,
    /// What the form says.
    words: String,
    /// The state it was made from.
    before: State,
    /// What the section says now.
    now: String,
    /// The state of now, where it is another.
    since: Option<State>,
}

/// What a form comes to.
struct Merged {
    text: SharedText,
    /// What it changes, the section drawn after it, and what is counted of it; `None` where the two texts are too far apart.
    change: Option<(Change, Drawn, Letters)>,
}

impl Merging {
    /// Compares, merges and draws: long words take a while.
    fn work(self) -> Result<Merged, BadUpdate> {
        let text = SharedText::of(self.writer, self.before.parts())?;
        let change = text.merge(self.section, &self.words, &self.now, self.since.iter().flat_map(State::parts))?;
        // What is too long is refused, not drawn.
        let draw = |words: &str| {
            if words.chars().count() > SectionWords::MAX { Drawn::default() } else { Drawn::of(words) }
        };
        let change = change.map(|change| {
            let (html, letters) = (draw(&change.words), Letters::between(&self.now, &change.words));
            (change, html, letters)
        });
        Ok(Merged { text, change })
    }
}

/// A form that was worked out before the database was held for writing: good as long as nothing moved.
struct Ahead {
    seq: i64,
    now: String,
    merged: Merged,
}

/// How often a form is worked out ahead when others keep writing. Then it is done while nobody else can write.
const TRIES: usize = 3;

/// What a form for a section says, as it came.
#[derive(Clone, Copy)]
struct Typed<'a> {
    design: DesignId,
    section: SectionId,
    form: FormId,
    base: &'a str,
    words: &'a str,
}

impl Service {
    /// Writes `words` over what a section says, in the transaction of whoever accepts a suggestion or wipes words. The design
    /// is held; `now_says`: what the section says; `by`: whose words they are. Gives the number of the last change.
    pub(super) async fn put_words(
        &self,
        tx: &mut Tx,
        (design, section, seq): (DesignId, SectionId, i64),
        (now_says, words): (&str, &str),
        (by, way): (PersonId, Way),
    ) -> Result<i64, Refused> {
        let before = state_at(tx, design, seq).await?.ok_or(Refused::fault("the words of a design are not kept"))?;
        let (words, now) = (words.to_owned(), now_says.to_owned());
        let merging = Merging { writer: self.new_writer(), section, words, before, now, since: None };
        // The design is held: this waits behind nobody's own works.
        let merged = self.aside(Whose::Room(design), move || merging.work()).await?.map_err(fault)?;
        let (change, html, letters) = merged.change.ok_or(Refused::fault("nothing stands between two texts"))?;
        if change.update.is_empty() {
            return Ok(seq);
        }
        let (seq, at) = (seq + 1, self.now());
        let says = Says { new: NewWords { section, was: now_says, words: &change.words }, html: &html };
        let written = Written { seq, update: &change.update, by, changed: vec![(section, letters)] };
        wrote(tx, design, at, &[written], &[says], way).await?;
        if seq % FOLD_EVERY == 0 {
            fold(tx, design, seq, &merged.text.state(), at).await?;
        }
        Ok(seq)
    }

    /// Holds a design, and gives one of its sections that somebody may write in now, with the number of the last change.
    /// `field`: the one of their form that is told when somebody else has the section to themselves.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] (`words-locked`, `writing-paused`, `section-removed`); [`Refused::Invalid`].
    pub(crate) async fn open_part(
        &self,
        tx: &mut Tx,
        who: &Who,
        (design, section): (DesignId, SectionId),
        field: &str,
    ) -> Result<(SectionRow, i64), Refused> {
        let held = store::designs::hold(tx, design).await?.ok_or(Refused::Unknown)?;
        let row = section_row(tx, design, section).await?;
        words_open(held.stage, held.paused)?;
        if row.removed_at.is_some() {
            return Err(Refused::MovedOn("section-removed"));
        }
        locks::open(tx, who, (design, section), self.now(), field).await?;
        Ok((row, held.text_seq))
    }

    /// Writes words of somebody over what a section says, as if they had typed them there. See [`Service::open_part`].
    pub(crate) async fn put_typed(
        &self,
        tx: &mut Tx,
        who: &Who,
        (design, section, seq): (DesignId, SectionId, i64),
        (now_says, words): (&str, &str),
    ) -> Result<(), Refused> {
        let by = (somebody(who)?.id, Way::Written);
        self.put_words(tx, (design, section, seq), (now_says, words), by).await?;
        log_words(tx, self.now(), who, section).await
    }

    /// Saves what somebody typed into a section. `base`: the state their form was made from, as the form says.
    ///
    /// # Errors
    /// [`Refused::MovedOn`] (`words-locked`, `section-removed`); [`Refused::Invalid`] (`words`).
    pub async fn write_section(
        &self,
        who: &Who,
        design: DesignId,
        section: SectionId,
        form: FormId,
        base: &str,
        typed: &str,
    ) -> Result<Saved, Refused> {
        let typed = Typed { design, section, form, base, words: typed };
        for _ in 0..TRIES {
            // SQLite has one writer: what takes long is done before it is held.
            let Some(ahead) = self.merge_ahead(who, typed).await? else { break };
            if let Some(saved) = self.keep_section(who, typed, Some(ahead)).await? {
                return Ok(saved);
            }
        }
        self.keep_section(who, typed, None).await?.ok_or(Refused::fault("a form was neither kept nor refused"))
    }

    /// How words would look as those of a section, as HTML that is safe to show. Nothing is kept.
    ///
    /// # Errors
    /// As [`Service::write_section`].
    pub async fn look_at_words(
        &self,
        who: &Who,
        design: DesignId,
        section: SectionId,
        typed: &str,
    ) -> Result<String, Refused> {
        let mut tx = self.store().read().await?;
        open_to_write(&mut tx, who, design).await?;
        if section_row(&mut tx, design, section).await?.removed_at.is_some() {
            return Err(Refused::MovedOn("section-removed"));
        }
        drop(tx);
        let mut problems = Problems::new();
        let words = problems.take("words", maybe_lines(typed, SectionWords::MAX)).unwrap_or_default();
        problems.check()?;
        self.aside(Whose::of(who), move || super::markdown::draw(&words)).await
    }

    /// Works out what a form comes to as things stand; `None` where there is nothing to work out.
    async fn merge_ahead(&self, who: &Who, typed: Typed<'_>) -> Result<Option<Ahead>, Refused> {
        let Typed { design, section, .. } = typed;
        let mut tx = self.store().read().await?;
        allow_thing(&mut tx, who, Verb::WriteSection, Thing::Design(design)).await?;
        let (Ok(words), Ok(base)) = (maybe_lines(typed.words, SectionWords::MAX), typed.base.parse::<i64>()) else {
            return Ok(None);
        };
        let Some(seq) = store::designs::find(&mut tx, design).await?.map(|row| row.text_seq) else { return Ok(None) };
        let row = store::designs::sections(&mut tx, design).await?.into_iter().find(|s| s.id == section);
        let Some(row) = row.filter(|row| row.removed_at.is_none() && (0..=seq).contains(&base)) else {
            return Ok(None);
        };
        let Some(before) = state_at(&mut tx, design, base).await? else { return Ok(None) };
        let since = if base == seq { None } else { state_at(&mut tx, design, seq).await? };
        drop(tx);
        let now = row.words.clone();
        let merging = Merging { writer: self.new_writer(), section, words, before, now: row.words, since };
        let merged = self.aside(Whose::of(who), move || merging.work()).await?.map_err(fault)?;
        Ok(Some(Ahead { seq, now, merged }))
    }

    /// Keeps a form, in one transaction; `None` when others wrote since it was worked out ahead.
    async fn keep_section(&self, who: &Who, typed: Typed<'_>, ahead: Option<Ahead>) -> Result<Option<Saved>, Refused> {
        let Typed { design, section, form, base, words: typed } = typed;
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::WriteSection, Thing::Design(design)).await?;
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(Some(Saved::Done { merged: false }));
        }
        let (row, seq) = self.open_part(&mut tx, who, (design, section), "words").await?;
        let mut problems = Problems::new();
        let words = problems.take("words", maybe_lines(typed, SectionWords::MAX)).unwrap_or_default();
        problems.check()?;
        let me = somebody(who)?.id;

        let both = || {
            Some(Saved::TooOld(Box::new(BothTexts {
                heading: row.heading.clone(),
                now: row.words.clone(),
                typed: words.clone(),
                base: seq,
            })))
        };
        let merged = if let Some(ahead) = ahead {
            if ahead.seq != seq || ahead.now != row.words {
                return Ok(None);
            }
            ahead.merged
        } else {
            let Some(base) = base.parse::<i64>().ok().filter(|base| (0..=seq).contains(base)) else {
                return Ok(both());
            };
            let Some(before) = state_at(&mut tx, design, base).await? else { return Ok(both()) };
            let since = if base == seq { None } else { state_at(&mut tx, design, seq).await? };
            let (words, now) = (words.clone(), row.words.clone());
            let merging = Merging { writer: self.new_writer(), section, words, before, now, since };
            // The design is held, as above.
            self.aside(Whose::Room(design), move || merging.work()).await?.map_err(fault)?
        };
        let Some((change, html, letters)) = merged.change else { return Ok(both()) };
        let now = self.now();
        if change.words.chars().count() > SectionWords::MAX {
            let mut problems = Problems::new();
            problems.take::<()>("words", Err(BadWords::TooLong { max: SectionWords::MAX }));
            problems.check()?;
        }
        if !change.update.is_empty() {
            self.pace(&mut tx, who).await?;
            let seq = seq + 1;
            let says = Says { new: NewWords { section, was: &row.words, words: &change.words }, html: &html };
            let written = Written { seq, update: &change.update, by: me, changed: vec![(section, letters)] };
            wrote(&mut tx, design, now, &[written], &[says], Way::Written).await?;
            if seq % FOLD_EVERY == 0 {
                fold(&mut tx, design, seq, &merged.text.state(), now).await?;
            }
            log_words(&mut tx, now, who, section).await?;
        }
        access::done(&mut tx, form, Some(section.0), now).await?;
        tx.commit().await?;
        self.news().tell(Event::Design { design });
        Ok(Some(Saved::Done { merged: change.words != words }))
    }
}
