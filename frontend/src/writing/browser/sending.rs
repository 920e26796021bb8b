//! Sending what was typed, and keeping on the device what was not sent.

use std::rc::Rc;

use domain::designs::wire::{No, Says, numbered};
use domain::designs::{Typing, joined};
use domain::words::SectionWords;
use web_sys::js_sys::Date;

use super::line::have;
use super::{EACH_MS, Editor, SAY_MS, State};
use crate::writing::page::{Area, hide, words};
use crate::writing::unsent::{Record, Way};

impl Editor {
    /// Sends what was typed at once, or when [`EACH_MS`] have passed since something was last sent.
    pub(super) fn plan(self: &Rc<Self>) {
        if !std::mem::replace(&mut self.state.borrow_mut().planned, true) {
            // A clock that was set back makes nobody wait longer than usual.
            let since = (Date::now() - self.sent_at.get()).clamp(0.0, f64::from(EACH_MS));
            #[expect(clippy::cast_possible_truncation, reason = "a number between 0 and 100")]
            let left = EACH_MS - since as i32;
            let own = self.clone();
            self.after(left, move || {
                own.state.borrow_mut().planned = false;
                own.send();
                own.keep();
            });
        }
    }

    /// Sends what was typed, one batch at a time.
    pub(super) fn send(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        state.gather();
        // What was found goes first: what is typed now may stand in the middle of it.
        if !state.ready || state.flying || !state.found.is_empty() || state.ended.is_some() {
            return;
        }
        let batch = match (state.batch.take(), state.pending.take()) {
            (Some(batch), pending) => joined(batch, pending),
            (None, Some(pending)) => pending,
            (None, None) => return,
        };
        state.number += 1;
        state.in_batch = state.edits;
        state.flying = true;
        if let Some(socket) = &state.socket {
            let _ = socket.send_with_u8_array(&numbered(state.number, &batch));
            self.sent_at.set(Date::now());
        }
        state.batch = Some(batch);
    }

    pub(super) fn saved(self: &Rc<Self>, number: u64, seq: i64, seconds: i64) {
        let found = {
            let mut state = self.state.borrow_mut();
            have(&mut state, seq);
            if state.sending_found {
                state.sending_found = false;
                state.found.pop_front()
            } else {
                if number == state.number {
                    state.batch = None;
                    state.flying = false;
                    state.edits = state.edits.saturating_sub(state.in_batch);
                    state.in_batch = 0;
                    if state.edits == 0 {
                        state.areas.iter_mut().for_each(|a| a.touched = false);
                    }
                }
                None
            }
        };
        if let Some(found) = found {
            // What of it can only be shown stays until somebody has seen to it.
            if !self.state.borrow().shown_found.contains(&found.name) {
                self.device.remove(&found.name);
            }
            self.say_found("live-found-sent");
            self.send_found();
            self.send();
        }
        self.keep();
        let more = self.state.borrow().edits > 0;
        if more {
            self.plan();
        }
        self.alive(seconds);
        self.show_state();
    }

    /// What was found on the device goes first, each by its own writer.
    pub(super) fn send_found(self: &Rc<Self>) {
        // It is shown when it goes, and nothing is shown while letters are put together.
        if self.composing.get() {
            return;
        }
        let broken = {
            let mut state = self.state.borrow_mut();
            let state = &mut *state;
            let Some((writer, mark, update)) = state.found.front().and_then(|r| r.update.clone()) else { return };
            if !state.ready || state.sending_found || state.flying {
                return;
            }
            let (Some(socket), Some((own, own_mark))) = (&state.socket, &state.writer) else { return };
            if state.typing.as_mut().is_none_or(|typing| typing.take(&update).is_err()) {
                true
            } else {
                state.number += 1;
                state.sending_found = true;
                let _ = socket.send_with_str(&Says::Writer(writer, mark).text());
                let _ = socket.send_with_u8_array(&numbered(state.number, &update));
                let _ = socket.send_with_str(&Says::Writer(*own, own_mark.clone()).text());
                // What is one's own is not said to one again.
                let Some(typing) = &state.typing else { return };
                for area in state.areas.iter_mut().filter(|a| !a.apart) {
                    let caret = (area.area.selection_start().ok().flatten().unwrap_or(0), area.caret());
                    area.show(typing.words(area.id), caret);
                }
                false
            }
        };
        if broken {
            self.found_does_not_go();
        }
    }

    /// Words from before that cannot be brought in by themselves: they can only be shown.
    fn found_does_not_go(self: &Rc<Self>) {
        let found = self.state.borrow_mut().found.pop_front();
        if let Some(found) = found {
            self.state.borrow_mut().shown_found.push(found.name.clone());
            self.show_found(&found);
            self.anew();
        }
    }

    pub(super) fn refused(self: &Rc<Self>, number: u64, no: No) {
        if std::mem::take(&mut self.state.borrow_mut().sending_found) {
            if no == No::Locked {
                let own = self.clone();
                self.after(SAY_MS, move || own.send_found());
            } else {
                self.found_does_not_go();
            }
            self.show_state();
            return;
        }
        if number != self.state.borrow().number {
            return;
        }
        match no {
            // Nothing is lost: it goes again when the part is free.
            No::Locked => {
                self.state.borrow_mut().flying = false;
                let own = self.clone();
                self.after(SAY_MS, move || own.send());
            }
            No::Removed | No::TooLong => {
                // The boxes stand on everything that is here.
                self.anew();
                let said = self.t(if no == No::Removed { "live-removed" } else { "live-too-long" });
                let mut state = self.state.borrow_mut();
                let shown = state.shown;
                let too_long = |a: &Area| a.text.chars().count() > SectionWords::MAX;
                let some = no == No::TooLong && state.areas.iter().any(too_long);
                let mut left = 0;
                for area in state.areas.iter_mut().filter(|a| a.touched && !a.apart) {
                    if some && !too_long(area) {
                        left += 1;
                        continue;
                    }
                    area.note(&said);
                    area.part_ways(shown);
                }
                state.flying = false;
                state.edits = left;
            }
            No::Damaged => self.anew(),
        }
        self.keep();
        self.show_state();
    }

    /// Words that could not be brought in by themselves, to be copied.
    pub(super) fn show_found(&self, record: &Record) {
        let Some(place) = self.part("live-found-boxes") else { return };
        let state = self.state.borrow();
        for said in &record.said {
            let Ok(area) = self.document.create_element("textarea") else { continue };
            let _ = area.set_attribute("readonly", "");
            let _ = area.set_attribute("rows", "5");
            let heading = state.areas.iter().find(|a| a.id == said.section).map(|a| a.heading.clone());
            let heading = heading.unwrap_or_else(|| self.t("live-found"));
            let _ = area.set_attribute("aria-label", &heading);
            area.set_text_content(Some(&said.words));
            let _ = place.append_child(&area);
        }
        drop(state);
        self.say_found("live-found");
        if let Some(done) = self.part("live-found-done") {
            hide(&done, false);
        }
    }

    fn say_found(&self, key: &str) {
        if let Some(place) = self.part("live-found") {
            hide(&place, false);
        }
        // Where words are shown to be copied, that is what stands there.
        let shows = self.part("live-found-boxes").is_some_and(|boxes| boxes.has_child_nodes());
        let key = if shows { "live-found" } else { key };
        if let Some(place) = self.part("live-found-words") {
            words(&place, &self.t(key));
        }
    }

    /// Somebody has copied what they need of it.
    pub(super) fn forget_found(&self) {
        let names = std::mem::take(&mut self.state.borrow_mut().shown_found);
        for name in names {
            self.device.remove(&name);
        }
        if let Some(boxes) = self.part("live-found-boxes") {
            boxes.set_text_content(None);
        }
        for part in ["live-found", "live-found-done"] {
            if let Some(part) = self.part(part) {
                hide(&part, true);
            }
        }
        // Focus never stays on a button that has gone.
        if let Some(calm) = self.calm() {
            let _ = calm.focus();
        }
    }

    /// Keeps what was not sent on the device, or lets go of it.
    pub(super) fn keep(&self) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        if state.leaves {
            return;
        }
        state.gather();
        let update = match (&state.batch, &state.pending) {
            (Some(batch), pending) => Some(joined(batch.clone(), pending.clone())),
            (None, pending) => pending.clone(),
        };
        let update = state.writer.as_ref().zip(update).map(|((w, mark), update)| (*w, mark.clone(), update));
        let mut said = Vec::new();
        for area in &state.areas {
            if area.unsaved() {
                said.push(area.said(Way::Apart, area.from));
            } else if area.typed && area.touched {
                said.push(area.said(Way::FromBase, area.from));
            } else if update.is_some() && area.touched {
                said.push(area.said(Way::InUpdate, state.shown));
            }
        }
        if update.is_none() && said.is_empty() {
            self.device.clear();
            self.kept.set(true);
        } else {
            self.kept.set(self.device.put(update, &said));
        }
    }
}

impl State {
    /// What was typed since this was last asked is one with what waits to be sent.
    fn gather(&mut self) {
        let new = self.typing.as_mut().and_then(Typing::unsent);
        self.pending = match self.pending.take() {
            Some(pending) => Some(joined(pending, new)),
            None => new,
        };
    }
}
