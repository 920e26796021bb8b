//! What the panel and the boxes say: the state of the line, who is here, which parts somebody has to themselves.

use std::rc::Rc;

use domain::designs::wire::{End, Held, Present};
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit};

use super::{Editor, FIRST_MS, SAY_MS};
use crate::writing::page::hide;

impl Editor {
    pub(super) fn show_state(&self) {
        let state = self.state.borrow();
        let key = match state.ended {
            Some(End::SignedOut) => "live-signed-out",
            Some(End::NotAllowed) => "live-not-allowed",
            Some(End::WordsLocked) => "live-words-locked",
            Some(End::Paused) => "live-writing-paused",
            _ if state.ready => "live-on",
            _ if state.typing.is_none() && state.wait == FIRST_MS => "live-start",
            _ if self.shared => "live-lost-shared",
            _ => "live-lost",
        };
        let how = self.t(key);
        self.put("live-state", &how);
        // The panel is out of sight of whoever writes further down.
        let fine = matches!(key, "live-on" | "live-start");
        for area in &state.areas {
            area.line(if area.touched && !fine { &how } else { "" });
        }
        if let Some(panel) = self.part("live") {
            let name = state.ended.map_or(if state.ready { "on" } else { "off" }, |_| "ended");
            let _ = panel.set_attribute("data-state", name);
        }
        // While the line is there, what is on its way is no news.
        let unsent =
            if state.ready && state.ended.is_none() && !state.areas.iter().any(|a| a.locked) { 0 } else { state.edits };
        let said = match unsent {
            0 => String::new(),
            1 => self.t("live-unsent-one"),
            n => self.t("live-unsent-many").replace("{n}", &n.to_string()),
        };
        drop(state);
        self.put("live-unsent", &said);
    }

    pub(super) fn people(self: &Rc<Self>, people: Vec<Present>) {
        let old = std::mem::replace(&mut self.state.borrow_mut().people, people.clone());
        let line = |p: &Present| {
            let state = self.state.borrow();
            let heading = state.areas.iter().find(|a| Some(a.id) == p.section).map(|a| a.heading.clone());
            let key = if heading.is_some() { "live-writes" } else { "live-here" };
            self.t(key).replace("{who}", &p.name).replace("{where}", &heading.unwrap_or_default())
        };
        if let Some(list) = self.part("live-people") {
            list.set_text_content(None);
            let lines = if people.is_empty() { vec![self.t("live-alone")] } else { people.iter().map(line).collect() };
            for said in lines {
                if let Ok(item) = self.document.create_element("li") {
                    item.set_text_content(Some(&said));
                    let _ = list.append_child(&item);
                }
            }
        }
        if self.state.borrow().say != "off" {
            self.say(people.iter().filter(|p| !old.contains(p)).map(line).collect());
        }
    }

    pub(super) fn locks(self: &Rc<Self>, locks: &[Held]) {
        let bound: Vec<_> = {
            let mut state = self.state.borrow_mut();
            let areas = state.areas.iter_mut().map(|area| {
                let lock = locks.iter().find(|l| l.section == area.id);
                let theirs = lock.is_some_and(|l| !l.mine);
                area.locked = theirs;
                let parts = [
                    (area.part("[data-lock]"), lock.is_some()),
                    (area.part("[data-free]"), lock.is_none_or(|l| !l.mine)),
                ];
                if !area.apart {
                    area.note(&lock.map(|l| self.lock_words(l)).unwrap_or_default());
                }
                // Words that go their own way can be made shorter, or copied, all the same.
                (area.area.clone(), theirs && !area.apart, parts)
            });
            areas.collect()
        };
        // Nothing is borrowed here: moving the focus tells this page at once where its person is.
        for (area, read_only, parts) in bound {
            area.set_read_only(read_only);
            for (part, hidden) in parts {
                let Some(part) = part else { continue };
                let focused = self.document.active_element().is_some_and(|f| part.contains(Some(&f)));
                hide(&part, hidden);
                if hidden && focused {
                    let _ = area.focus();
                }
            }
        }
        self.send();
        self.show_state();
        // Each lock ends by the clock: nobody says so.
        if let Some(next) = locks.iter().map(|l| l.seconds).min() {
            // Minute by minute, so that what stands there is true.
            let step = next.min(60);
            let later = locks.iter().filter(|l| l.seconds > step);
            let later: Vec<Held> = later.map(|l| Held { seconds: l.seconds - step, ..l.clone() }).collect();
            let own = self.clone();
            let round = self.round();
            let ms = i32::try_from(step * 1000).unwrap_or(60_000);
            self.after(ms, move || {
                if own.state.borrow().round == round {
                    own.locks(&later);
                }
            });
        } else {
            self.round();
        }
    }

    /// What stands beside a part that somebody has to themselves.
    fn lock_words(&self, lock: &Held) -> String {
        let minutes = (lock.seconds + 59) / 60;
        let key = match (lock.mine, minutes) {
            (true, 1) => "live-mine-one",
            (true, _) => "live-mine-many",
            (false, 1) => "live-theirs-one",
            (false, _) => "live-theirs-many",
        };
        self.t(key).replace("{n}", &minutes.to_string()).replace("{who}", &lock.name)
    }

    /// A new list of locks is there: what was planned for the last one is over.
    fn round(&self) -> u32 {
        let mut state = self.state.borrow_mut();
        state.round = state.round.wrapping_add(1);
        state.round
    }

    /// Whoever writes is there: the question before a session ends is asked later.
    pub(super) fn alive(&self, seconds: i64) {
        let init = CustomEventInit::new();
        #[expect(clippy::cast_precision_loss, reason = "seconds of a session")]
        init.set_detail(&JsValue::from_f64(seconds as f64));
        if let Ok(event) = CustomEvent::new_with_event_init_dict("tandem-alive", &init) {
            let _ = self.window.dispatch_event(&event);
        }
    }

    /// Says something in the polite region, gathered: not more often than every few seconds.
    pub(super) fn say(self: &Rc<Self>, lines: Vec<String>) {
        let mut state = self.state.borrow_mut();
        for line in lines {
            if !state.to_say.contains(&line) {
                state.to_say.push(line);
            }
        }
        if state.to_say.is_empty() || state.saying {
            return;
        }
        state.saying = true;
        let said = std::mem::take(&mut state.to_say).join(". ");
        drop(state);
        self.put("polite", &said);
        let own = self.clone();
        self.after(SAY_MS, move || {
            own.state.borrow_mut().saying = false;
            own.say(Vec::new());
        });
    }
}
