//! Wiping words: a worker takes words away for good that should stand nowhere, such as where somebody lives. They go out of every
//! section, heading and version of a design, out of its suggestions, out of what is kept of each change, and out of the shared
//! text with every earlier state of it. What pages read stays what it was otherwise, and so does everything that led to it.

use std::collections::HashMap;

use domain::access::{Verb, Who};
use domain::designs::changes::{ChangeKind, Past, Stretch, WIPED, wipe, wipe_changes, wipe_picked};
use domain::designs::pictures::PictureName;
use domain::designs::shared_text::{BadUpdate, SharedText, Writer};
use domain::designs::suggestions::PICKED_MAX;
use domain::ids::{DesignId, FormId, PersonId, SectionId};
use domain::words::lines;
use store::Tx;
use store::designs::wiping::{ChangeWords, VersionWords};

use super::changes::{Way, note};
use super::markdown::without_picture;
use super::masking::Drawn;
use super::open;
use super::writing::{fault, state_at};
use crate::aside::Whose;
use crate::audit::Act;
use crate::news::Event;
use crate::rights::somebody;
use crate::{Problems, Refused, Service, access, audit};

/// Fewer characters stand in too many places.
const FEWEST: usize = 2;

/// What a worker typed.
#[derive(Debug, Clone, Copy)]
pub struct TypedWipe<'a> {
    /// The words, exactly as they stand in the design.
    pub words: &'a str,
    /// They said that they know it cannot be undone.
    pub sure: bool,
}

/// What is kept of a design in plain rows, on its way to being written anew.
struct Kept {
    /// What each section says by now.
    now: Vec<(SectionId, String)>,
    versions: Vec<VersionWords>,
    changes: Vec<ChangeWords>,
}

/// What came of the sections of now.
struct Said {
    /// The words stood in one of them.
    any: bool,
    /// What each says by now.
    now: Vec<(SectionId, String)>,
    /// The number of the last change.
    seq: i64,
}

/// The rows that are to be written anew.
#[derive(Default)]
struct Anew {
    versions: Vec<(VersionWords, Drawn)>,
    changes: Vec<(i64, Stretch)>,
}

impl Kept {
    /// Finds what is to be written anew. Long words take a while.
    fn wiped(self, words: &str) -> Anew {
        let mut anew = Anew::default();
        let mut past: HashMap<SectionId, Past> = HashMap::new();
        for (section, now) in &self.now {
            let of = |c: &&ChangeWords| c.section == *section && c.kind.writes();
            let wrote: Vec<(i64, Stretch)> = self.changes.iter().filter(of).map(|c| (c.n, c.stretch.clone())).collect();
            let wanted: Vec<i64> =
                self.versions.iter().filter(|v| v.section_id == *section).map(|v| v.change_n).collect();
            let of_section = wipe_changes(now, &wrote, words, &wanted);
            let other = wrote.iter().zip(&of_section.changes).filter(|((_, was), other)| was != *other);
            anew.changes.extend(other.map(|((n, _), other)| (*n, other.clone())));
            past.insert(*section, of_section);
        }
        for mut v in self.versions {
            // A version is one state of the section: of that nothing is left that goes from the state.
            let state = past.get(&v.section_id).and_then(|past| past.states.iter().find(|s| s.n == v.change_n));
            let state = state.filter(|s| s.was == v.words).map(|s| s.left.clone()).filter(|left| *left != v.words);
            let (heading, says) = (wipe(&v.heading, words), state.or_else(|| wipe(&v.words, words)));
            if heading.is_some() || says.is_some() {
                v.heading = heading.unwrap_or(v.heading);
                v.words = says.unwrap_or(v.words);
                let drawn = Drawn::of(&v.words);
                anew.versions.push((v, drawn));
            }
        }
        let headings = self.changes.iter().filter(|c| c.kind == ChangeKind::Heading);
        anew.changes.extend(headings.filter_map(|c| {
            let gone = wipe(&c.stretch.gone, words)?;
            Some((c.n, Stretch { gone, ..c.stretch }))
        }));
        anew
    }
}

/// Whether any state of the shared text that is still kept has these words: what somebody typed and removed again at once
/// stands in no row. `first` is the oldest state, `updates` are those after it.
fn ever_said(
    writer: Writer,
    (first, updates): (&[u8], &[Vec<u8>]),
    sections: &[SectionId],
    words: &str,
) -> Result<bool, BadUpdate> {
    let text = SharedText::of(writer, [first])?;
    let says = |text: &SharedText| sections.iter().any(|s| wipe(&text.words(*s), words).is_some());
    if says(&text) {
        return Ok(true);
    }
    for update in updates {
        text.take([update.as_slice()])?;
        if says(&text) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is left of a form that waits for somebody to sign in again: names and values, as JSON.
fn wipe_fields(fields: &str, words: &str) -> Option<String> {
    let mut pairs: Vec<(String, String)> = serde_json::from_str(fields).ok()?;
    let mut any = false;
    for (_, value) in &mut pairs {
        if let Some(left) = wipe(value, words) {
            *value = left;
            any = true;
        }
    }
    if any { serde_json::to_string(&pairs).ok() } else { None }
}

impl Service {
    /// Opens the page on which words are wiped.
    ///
    /// # Errors
    /// [`Refused::NotAllowed`] for whoever is no worker of the design's groups.
    pub async fn wipe_page(&self, who: &Who, design: DesignId) -> Result<super::DesignHead, Refused> {
        let mut tx = self.store().read().await?;
        open(&mut tx, who, Verb::WipeWords, design).await
    }

    /// Wipes words from a design, whatever its stage and whoever is writing: where they stood there is a sign. Comments stay as
    /// they are; they are taken away one by one.
    ///
    /// # Errors
    /// As [`Service::wipe_page`]; [`Refused::Invalid`] (`words`: `empty`, `few`, `not-in-design`; `sure`: `empty`).
    pub async fn wipe_words(
        &self,
        who: &Who,
        design: DesignId,
        form: FormId,
        typed: TypedWipe<'_>,
    ) -> Result<(), Refused> {
        let mut tx = self.write_as(who).await?;
        open(&mut tx, who, Verb::WipeWords, design).await?;
        // The same form once more is the same, unless somebody has written the words again meanwhile.
        let sent_before = access::before(&mut tx, form).await?.is_some();
        let mut problems = Problems::new();
        let words = problems.take("words", lines(typed.words.trim(), PICKED_MAX)).unwrap_or_default();
        if problems.is_empty() && (words.chars().count() < FEWEST || words.contains(WIPED)) {
            problems.add("words", "few");
        }
        if !typed.sure {
            problems.add("sure", "empty");
        }
        problems.check()?;
        let (me, now) = (somebody(who)?.id, self.now());
        let before = store::designs::hold(&mut tx, design).await?.ok_or(Refused::Unknown)?.text_seq;

        // First what is suggested and reported: whether a suggestion still has a place is found out when the section changes.
        let beside = (|text: &str| wipe(text, &words), |picked: &str| wipe_picked(picked, &words));
        let mut any = store::designs::wiping::written_beside(&mut tx, design, beside).await? > 0;
        any |= store::designs::wiping::kept_forms(&mut tx, design, |fields| wipe_fields(fields, &words)).await? > 0;
        let said = self.wipe_sections(&mut tx, design, (before, &words), me).await?;
        let sections = said.now.iter().map(|(id, _)| *id).collect();
        let rows = self.wipe_rows(&mut tx, design, &words, said.now).await?;
        let (seqs, found) = ((before, said.seq), said.any || rows);
        any |= self.wipe_text(&mut tx, design, seqs, (&words, sections), found).await? || found;
        if !any {
            return if sent_before { Ok(()) } else { Err(Refused::invalid("words", "not-in-design")) };
        }
        let id = design.to_string();
        let act = Act { verb: audit::verb(Verb::WipeWords), kind: "design", id: &id, detail: "words wiped" };
        audit::note(&mut tx, now, who, act).await?;
        if !sent_before {
            access::done(&mut tx, form, None, now).await?;
        }
        self.commit_and_tell(tx, Event::Design { design }).await
    }

    /// Puts what a picture shows in its place, in every section and every version, whatever the stage of the design is. The
    /// design is held.
    pub(crate) async fn wipe_picture(
        &self,
        tx: &mut Tx,
        design: DesignId,
        mut seq: i64,
        name: &PictureName,
        me: PersonId,
    ) -> Result<(), Refused> {
        for s in store::designs::sections(tx, design).await? {
            if let Some(left) = without_picture(&s.words, name) {
                seq = self.put_words(tx, (design, s.id, seq), (&s.words, &left), (me, Way::Wiped)).await?;
            }
        }
        for mut v in store::designs::wiping::versions(tx, design).await? {
            let Some(left) = without_picture(&v.words, name) else { continue };
            v.words = left.clone();
            let drawn = self.aside(Whose::Room(design), move || Drawn::of(&left)).await?;
            let masked = drawn.masked_html.as_deref().filter(|_| v.masked);
            store::designs::wiping::set_version(tx, &v, (&drawn.html, masked)).await?;
        }
        Ok(())
    }

    /// Wipes what sections say now, as a change like any other: lines that are open hear of it. `seq`: the last change before.
    async fn wipe_sections(
        &self,
        tx: &mut Tx,
        design: DesignId,
        (mut seq, words): (i64, &str),
        me: PersonId,
    ) -> Result<Said, Refused> {
        let (mut any, mut now) = (false, Vec::new());
        for mut s in store::designs::sections(tx, design).await? {
            if let Some(heading) = wipe(&s.heading, words) {
                store::designs::set_heading(tx, design, s.id, &heading).await?;
                note(tx, design, s.id, (ChangeKind::Heading, s.heading), (me, self.now())).await?;
                any = true;
            }
            if let Some(left) = wipe(&s.words, words) {
                seq = self.put_words(tx, (design, s.id, seq), (&s.words, &left), (me, Way::Wiped)).await?;
                s.words = left;
                any = true;
            }
            now.push((s.id, s.words));
        }
        Ok(Said { any, now, seq })
    }

    /// Wipes versions, and what is kept of each change. `now`: what sections say by now.
    async fn wipe_rows(
        &self,
        tx: &mut Tx,
        design: DesignId,
        words: &str,
        now: Vec<(SectionId, String)>,
    ) -> Result<bool, Refused> {
        let versions = store::designs::wiping::versions(tx, design).await?;
        let changes = store::designs::wiping::changes(tx, design).await?;
        let (kept, gone) = (Kept { now, versions, changes }, words.to_owned());
        // The design is held: this waits behind nobody's own works.
        let anew = self.aside(Whose::Room(design), move || kept.wiped(&gone)).await?;
        for (v, drawn) in &anew.versions {
            // Of what somebody had looked at nothing is hidden.
            let masked = drawn.masked_html.as_deref().filter(|_| v.masked);
            store::designs::wiping::set_version(tx, v, (&drawn.html, masked)).await?;
        }
        for (n, stretch) in &anew.changes {
            store::designs::wiping::set_change(tx, design, *n, stretch).await?;
        }
        Ok(!anew.versions.is_empty() || !anew.changes.is_empty())
    }

    /// Lets go of every state of the shared text but the one of now, in which nothing that was removed is left. `before`: the
    /// last change before wiping; `seq`: the last one now; `any`: the words were found already. Says whether they stood there.
    async fn wipe_text(
        &self,
        tx: &mut Tx,
        design: DesignId,
        (before, seq): (i64, i64),
        (words, sections): (&str, Vec<SectionId>),
        any: bool,
    ) -> Result<bool, Refused> {
        let Some(state) = state_at(tx, design, seq).await? else { return Ok(false) };
        let first = store::designs::wiping::first(tx, design).await?;
        let (from, first) = first.ok_or(Refused::fault("the words of a design are not kept"))?;
        let updates = if any { Vec::new() } else { store::designs::updates(tx, design, from, seq).await? };
        let (writer, gone) = (self.new_writer(), words.to_owned());
        let worked = self
            .aside(Whose::Room(design), move || {
                if !any && !ever_said(writer, (&first, &updates), &sections, &gone)? {
                    return Ok(None);
                }
                SharedText::of(writer, state.parts()).map(|text| Some(text.state()))
            })
            .await?;
        let Some(bytes) = worked.map_err(fault)? else { return Ok(false) };
        store::designs::wiping::keep_only(tx, design, (before, seq), &bytes, self.now()).await?;
        Ok(true)
    }
}
