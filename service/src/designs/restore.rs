//! Bringing an earlier version back, as a new one. What is there now becomes a version first, so nothing is lost.

use domain::access::{Verb, Who};
use domain::designs::Stage;
use domain::designs::changes::{ChangeKind, Letters};
use domain::designs::shared_text::{BadUpdate, SharedText};
use domain::ids::{DesignId, FormId, SectionId};
use store::Tx;
use store::designs::{LockRow, SectionRow, VersionSectionRow};

use super::changes::{NewWords, Way, note};
use super::masking::Drawn;
use super::suggestions::words_changed;
use super::writing::{FOLD_EVERY, Says, Written, fault, fold, state_at, wrote};
use super::{VersionName, open, versions, words_open};
use crate::aside::Whose;
use crate::audit::Act;
use crate::news::Event;
use crate::rights::somebody;
use crate::{Refused, Service, access, audit};

/// Words that come back: as a change of the shared text, and as words of a plain row.
struct Back {
    section: SectionId,
    update: Vec<u8>,
    was: String,
    words: String,
    html: Drawn,
}

impl Service {
    /// Brings a version back. `seen`: the last change that the page showed.
    ///
    /// # Errors
    /// [`Refused::MovedOn`]: `restore-drafting` in any other stage, `restore-changed` when somebody wrote since the page
    /// was drawn, `section-locked` when somebody has one of its sections to themselves.
    pub async fn restore_version(
        &self,
        who: &Who,
        design: DesignId,
        number: i64,
        form: FormId,
        seen: &str,
    ) -> Result<(), Refused> {
        let mut tx = self.store().read().await?;
        open(&mut tx, who, Verb::RestoreVersion, design).await?;
        let version = store::designs::version(&mut tx, design, number).await?.ok_or(Refused::Unknown)?;
        let wanted = store::designs::version_sections(&mut tx, version.id).await?;
        let rows = store::designs::sections(&mut tx, design).await?;
        let seq = store::designs::find(&mut tx, design).await?.ok_or(Refused::Unknown)?.text_seq;
        let state = state_at(&mut tx, design, seq).await?;
        drop(tx);

        // Comparing and writing the shared text takes a while: before the database is held.
        let state = state.ok_or(Refused::fault("the newest state of a shared text is not kept"))?;
        let writer = self.new_writer();
        let (old, new) = (rows.clone(), wanted.clone());
        let (text, words) = self
            .aside(Whose::of(who), move || {
                let text = SharedText::of(writer, state.parts())?;
                let words: Vec<Back> = new
                    .iter()
                    .filter_map(|v| {
                        let was = old.iter().find(|s| s.id == v.section_id && s.words != v.words)?.words.clone();
                        let update = text.write(v.section_id, &v.words);
                        Some(Back {
                            section: v.section_id,
                            update,
                            was,
                            words: v.words.clone(),
                            html: Drawn::again(&v.words, v.html.clone()),
                        })
                    })
                    .collect();
                Ok::<_, BadUpdate>((text, words))
            })
            .await?
            .map_err(fault)?;
        let folded = text.state();

        let mut tx = self.write_as(who).await?;
        open(&mut tx, who, Verb::RestoreVersion, design).await?;
        let (me, now) = (somebody(who)?.id, self.now());
        if access::before(&mut tx, form).await?.is_some() {
            return Ok(());
        }
        let row = store::designs::hold(&mut tx, design).await?.ok_or(Refused::Unknown)?;
        if row.stage != Stage::Drafting {
            return Err(Refused::MovedOn("restore-drafting"));
        }
        words_open(row.stage, row.paused)?;
        let held = row.text_seq;
        let last = store::designs::changes::last(&mut tx, design).await?;
        if held != seq || seen.parse() != Ok(last) {
            return Err(Refused::MovedOn("restore-changed"));
        }
        // Whoever has a section to themselves has it to themselves.
        let theirs = |l: &LockRow| l.locked_by != me && words.iter().any(|back| back.section == l.section_id);
        if store::designs::locks(&mut tx, design, now).await?.iter().any(theirs) {
            return Err(Refused::MovedOn("section-locked"));
        }
        self.pace(&mut tx, who).await?;
        versions::make(self, &mut tx, design, (&VersionName::Before(number), ""), me).await?;
        let written: Vec<Written<'_>> = (seq + 1..)
            .zip(&words)
            .map(|(seq, back)| {
                let changed = vec![(back.section, Letters::default())];
                Written { seq, update: &back.update, by: me, changed }
            })
            .collect();
        let says: Vec<Says<'_>> = words
            .iter()
            .map(|back| {
                let new = NewWords { section: back.section, was: &back.was, words: &back.words };
                Says { new, html: &back.html }
            })
            .collect();
        wrote(&mut tx, design, now, &written, &says, Way::Restored).await?;
        let seq = written.last().map_or(seq, |w| w.seq);
        if seq / FOLD_EVERY > held / FOLD_EVERY {
            fold(&mut tx, design, seq, &folded, now).await?;
        }
        self.shape_as(&mut tx, who, design, (&rows, &wanted)).await?;
        let made = versions::make(self, &mut tx, design, (&VersionName::Again(number), ""), me).await?;
        let act = Act {
            verb: audit::verb(Verb::RestoreVersion),
            kind: "design",
            id: &design.to_string(),
            detail: "version brought back",
        };
        audit::note(&mut tx, now, who, act).await?;
        access::done(&mut tx, form, Some(made.0), now).await?;
        tx.commit().await?;
        self.news().tell(Event::Design { design });
        Ok(())
    }

    /// Headings, order, and which sections there are, as in a version.
    async fn shape_as(
        &self,
        tx: &mut Tx,
        who: &Who,
        design: DesignId,
        (rows, wanted): (&[SectionRow], &[VersionSectionRow]),
    ) -> Result<(), Refused> {
        let by = (somebody(who)?.id, self.now());
        for v in wanted {
            let Some(s) = rows.iter().find(|s| s.id == v.section_id) else { continue };
            if s.removed_at.is_some() {
                store::designs::set_removed(tx, design, s.id, None).await?;
                note(tx, design, s.id, (ChangeKind::BroughtBack, String::new()), by).await?;
            }
            if s.not_needed {
                store::designs::set_not_needed(tx, design, s.id, false).await?;
                note(tx, design, s.id, (ChangeKind::Needed, String::new()), by).await?;
            }
            if s.heading != v.heading {
                store::designs::set_heading(tx, design, s.id, &v.heading).await?;
                note(tx, design, s.id, (ChangeKind::Heading, s.heading.clone()), by).await?;
            }
        }
        let in_it = |s: &&SectionRow| wanted.iter().any(|v| v.section_id == s.id);
        for s in rows.iter().filter(|s| !in_it(s) && s.removed_at.is_none() && !s.not_needed) {
            store::designs::set_removed(tx, design, s.id, Some(by.1)).await?;
            words_changed(tx, s.id, None, by.1).await?;
            note(tx, design, s.id, (ChangeKind::Removed, String::new()), by).await?;
        }
        // First what is in the version, in its order; the others keep theirs behind it.
        let first = wanted.iter().filter_map(|v| rows.iter().find(|s| s.id == v.section_id));
        for (position, s) in (1i64..).zip(first.chain(rows.iter().filter(|s| !in_it(s)))) {
            if s.position != position {
                store::designs::set_position(tx, design, s.id, position).await?;
                note(tx, design, s.id, (ChangeKind::Order, s.position.to_string()), by).await?;
            }
        }
        Ok(())
    }
}
