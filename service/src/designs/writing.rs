//! Writing a section by a plain form: what was typed is merged with what others did meanwhile.

use domain::access::{Verb, Who};
use domain::designs::Stage;
use domain::designs::shared_text::SharedText;
use domain::ids::{DesignId, FormId, SectionId};
use domain::words::{BadWords, SectionWords, maybe_lines};
use store::Tx;
use store::workspaces::Thing;

use super::{KEPT, markdown};
use crate::audit::Act;
use crate::news::Event;
use crate::rights::{allow_thing, somebody};
use crate::{Problems, Refused, Service, access, audit};

/// A snapshot is folded in after this many changes.
const FOLD_EVERY: i64 = 100;

/// What became of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// Everything is in. `merged`: somebody else wrote here meanwhile, and both are kept.
    Done {
        /// Whether the section says more than was typed.
        merged: bool,
    },
    /// The form is older than what is kept, so nothing was changed: both texts, to be put together by hand.
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
struct State {
    snapshot: Vec<u8>,
    updates: Vec<Vec<u8>>,
}

impl State {
    fn parts(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(&self.snapshot[..]).chain(self.updates.iter().map(Vec::as_slice))
    }
}

/// The state with a number; `None` when it is not kept any more.
async fn state_at(tx: &mut Tx, design: DesignId, seq: i64) -> Result<Option<State>, Refused> {
    let Some((from, snapshot)) = store::designs::snapshot(tx, design, seq).await? else { return Ok(None) };
    let updates = store::designs::updates(tx, design, from, seq).await?;
    let whole = i64::try_from(updates.len()).is_ok_and(|n| n == seq - from);
    Ok(whole.then_some(State { snapshot, updates }))
}

fn fault(_: domain::designs::shared_text::BadUpdate) -> Refused {
    Refused::fault("a kept change of a shared text does not fit")
}

impl Service {
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
        let mut tx = self.write_as(who).await?;
        allow_thing(&mut tx, who, Verb::WriteSection, Thing::Design(design)).await?;
        let me = somebody(who)?.id;
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(Saved::Done { merged: false });
        }
        let (seq, stage) = store::designs::hold(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        let row = store::designs::sections(&mut tx, design).await?.into_iter().find(|s| s.id == section);
        let row = row.ok_or(Refused::Unknown)?;
        if !stage.parse().is_ok_and(Stage::words_open) {
            return Err(Refused::MovedOn("words-locked"));
        }
        if row.removed_at.is_some() {
            return Err(Refused::MovedOn("section-removed"));
        }
        let mut problems = Problems::new();
        let words = problems.take("words", maybe_lines(typed, SectionWords::MAX)).unwrap_or_default();
        problems.check()?;

        let too_old = || {
            Saved::TooOld(Box::new(BothTexts {
                heading: row.heading.clone(),
                now: row.words.clone(),
                typed: words.clone(),
                base: seq,
            }))
        };
        let Some(base) = base.parse::<i64>().ok().filter(|base| (0..=seq).contains(base)) else { return Ok(too_old()) };
        let Some(before) = state_at(&mut tx, design, base).await? else { return Ok(too_old()) };
        let text = SharedText::of(self.new_writer(), before.parts()).map_err(fault)?;
        let since = if base == seq { None } else { state_at(&mut tx, design, seq).await? };
        let change = text.post(section, &words, &row.words, since.iter().flat_map(State::parts)).map_err(fault)?;
        let now = self.now();
        if change.words.chars().count() > SectionWords::MAX {
            let mut problems = Problems::new();
            problems.take::<()>("words", Err(BadWords::TooLong { max: SectionWords::MAX }));
            problems.check()?;
        }
        if !change.update.is_empty() {
            self.pace(&mut tx, who).await?;
            let seq = seq + 1;
            let html = markdown::draw(&change.words);
            store::designs::insert_update(&mut tx, design, seq, &change.update, now, me).await?;
            store::designs::set_words(&mut tx, design, section, &change.words, &html, now, me).await?;
            if seq % FOLD_EVERY == 0 {
                store::designs::insert_snapshot(&mut tx, design, seq, &text.state(), now).await?;
                store::designs::forget_before(&mut tx, design, now.plus(-KEPT)).await?;
            }
            let act = Act {
                verb: audit::verb(Verb::WriteSection),
                kind: "section",
                id: &section.to_string(),
                detail: "words",
            };
            audit::note(&mut tx, now, who, act).await?;
        }
        access::done(&mut tx, form, Some(section.0), now).await?;
        tx.commit().await?;
        self.news().tell(Event::Design { design });
        Ok(Saved::Done { merged: change.words != words })
    }
}
