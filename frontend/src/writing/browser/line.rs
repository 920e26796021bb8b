//! The line: opening it, hearing what it says, and noticing that it is gone.

use std::rc::Rc;
use std::sync::Arc;

use domain::designs::shared_text::Writer;
use domain::designs::wire::{End, Hears, SILENCE_SECONDS, Says, read_numbered};
use domain::designs::{Clock, Typing, splice};
use wasm_bindgen::prelude::*;
use web_sys::js_sys::{ArrayBuffer, Date, Math, Uint8Array};
use web_sys::{BinaryType, MessageEvent, RequestInit, RequestRedirect, Response, ResponseType, WebSocket};

use super::{Editor, FIRST_MS, LONGEST_MS, LOOK_MS, PAUSED_MS, State, on};
use crate::writing::page::{hide, words};

impl Editor {
    pub(super) fn connect_now(self: &Rc<Self>) {
        let none = {
            let mut state = self.state.borrow_mut();
            if state.socket.is_none() {
                state.wait = FIRST_MS;
            }
            state.socket.is_none()
        };
        if none {
            self.connect();
        }
    }

    pub(super) fn connect(self: &Rc<Self>) {
        let base = {
            let mut state = self.state.borrow_mut();
            if state.ended.is_some_and(|end| end != End::Paused) || state.socket.is_some() {
                return;
            }
            state.ready = false;
            state.greeted = false;
            state.begins = None;
            state.beginning.clear();
            state.seq
        };
        let location = self.window.location();
        let (Ok(protocol), Ok(host)) = (location.protocol(), location.host()) else { return };
        let ws = if protocol == "https:" { "wss" } else { "ws" };
        let address = format!("{ws}://{host}/designs/{}/write/live?base={base}", self.design);
        let Ok(socket) = WebSocket::new(&address) else { return self.lost() };
        socket.set_binary_type(BinaryType::Arraybuffer);
        self.heard_at.set(Date::now());
        let (own, this) = (self.clone(), socket.clone());
        on(&socket, "message", move |e| {
            let Some(e) = e.dyn_ref::<MessageEvent>() else { return };
            if own.is_line(&this) {
                own.heard_at.set(Date::now());
                own.hear(&e.data());
            }
        });
        let (own, this) = (self.clone(), socket.clone());
        on(&socket, "close", move |_| {
            if own.is_line(&this) {
                own.lost();
            }
        });
        self.state.borrow_mut().socket = Some(socket);
    }

    fn is_line(&self, socket: &WebSocket) -> bool {
        self.state.borrow().socket.as_ref() == Some(socket)
    }

    /// Looks again and again whether the line still says something: a device that went out of reach is not told.
    pub(super) fn watch(self: &Rc<Self>) {
        self.cut_if_silent();
        let own = self.clone();
        self.after(LOOK_MS, move || own.watch());
    }

    pub(super) fn cut_if_silent(self: &Rc<Self>) {
        #[expect(clippy::cast_precision_loss, reason = "a minute in milliseconds")]
        let most = (SILENCE_SECONDS * 1000) as f64;
        if Date::now() - self.heard_at.get() > most {
            self.cut();
        }
    }

    /// The line does not answer, or the browser says that it has no net: sockets would find out minutes later.
    pub(super) fn cut(self: &Rc<Self>) {
        let socket = self.state.borrow().socket.clone();
        if let Some(socket) = socket {
            self.lost();
            let _ = socket.close();
        }
    }

    /// The line is gone: it is tried again, each time later, and not all pages at the same moment.
    fn lost(self: &Rc<Self>) {
        let (wait, greeted) = {
            let mut state = self.state.borrow_mut();
            state.socket = None;
            state.ready = false;
            state.begins = None;
            state.flying = false;
            state.sending_found = false;
            let wait = state.wait;
            state.wait = (wait * 2).min(LONGEST_MS);
            if state.ended.is_some() {
                return;
            }
            (wait, state.greeted)
        };
        self.keep();
        self.show_state();
        #[expect(clippy::cast_possible_truncation, reason = "a number between 0 and 20,000")]
        let spread = (f64::from(wait) * Math::random()) as i32;
        let own = self.clone();
        self.after(wait / 2 + spread, move || own.connect());
        if !greeted && self.window.navigator().on_line() {
            let own = self.clone();
            leptos::task::spawn_local(async move {
                if let Some(end) = own.why_not().await {
                    own.stop(end);
                }
            });
        }
    }

    /// Whether anybody answers there at all.
    pub(super) async fn reached(&self) -> bool {
        let asked = self.window.fetch_with_str("/healthz");
        wasm_bindgen_futures::JsFuture::from(asked).await.is_ok()
    }

    /// Why no line can be opened. A browser does not tell a page why a socket was refused; a plain request for it is
    /// refused for the same reason.
    async fn why_not(&self) -> Option<End> {
        let init = RequestInit::new();
        init.set_redirect(RequestRedirect::Manual);
        let address = format!("/designs/{}/write/live", self.design);
        let promise = self.window.fetch_with_str_and_init(&address, &init);
        let answer: Response = wasm_bindgen_futures::JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
        match answer.status() {
            // It leads to the page where one signs in.
            _ if answer.type_() == ResponseType::Opaqueredirect => Some(End::SignedOut),
            401 => Some(End::SignedOut),
            403 | 404 => Some(End::NotAllowed),
            409 => Some(End::WordsLocked),
            _ => None,
        }
    }

    pub(super) fn speak(&self, says: &Says) {
        let state = self.state.borrow();
        if state.ready
            && let Some(socket) = &state.socket
        {
            let _ = socket.send_with_str(&says.text());
        }
    }

    fn hear(self: &Rc<Self>, data: &JsValue) {
        if let Some(text) = data.as_string() {
            match Hears::read(&text) {
                Some(Hears::Welcome(writer, mark)) => self.welcome(writer, mark),
                Some(Hears::Now(seq)) => {
                    self.state.borrow_mut().begins = Some(seq);
                    self.begin_now();
                }
                Some(Hears::Saved(number, seq, seconds)) => self.saved(number, seq, seconds),
                Some(Hears::Refused(number, no)) => self.refused(number, no),
                Some(Hears::People(people)) => self.people(people),
                Some(Hears::Locks(locks)) => self.locks(&locks),
                Some(Hears::Stop(end)) => self.stop(end),
                Some(Hears::Here) | None => {}
            }
        } else if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
            let bytes = Uint8Array::new(buffer).to_vec();
            let Some((number, update)) = read_numbered(&bytes) else { return };
            let seq = i64::try_from(number).unwrap_or(0);
            {
                let mut state = self.state.borrow_mut();
                if !state.ready {
                    state.beginning.push((seq, update.to_vec()));
                    return;
                }
                state.waiting.push(update.to_vec());
                have(&mut state, seq);
            }
            self.show_waiting(false);
        }
    }

    fn welcome(&self, writer: Writer, mark: String) {
        let mut state = self.state.borrow_mut();
        state.greeted = true;
        match (&state.typing, &state.writer, &state.socket) {
            // The same writer goes on: what is on its way is known by its name.
            (Some(_), Some((writer, mark)), Some(socket)) => {
                let _ = socket.send_with_str(&Says::Writer(*writer, mark.clone()).text());
            }
            _ => state.writer = Some((writer, mark)),
        }
    }

    /// Everything up to now is here: the boxes are bound, unless letters are being put together in one of them. Then it
    /// waits for those.
    pub(super) fn begin_now(self: &Rc<Self>) {
        {
            let mut state = self.state.borrow_mut();
            let Some(seq) = state.begins else { return };
            if self.composing.get() && state.typing.is_none() {
                return;
            }
            state.begins = None;
            // Were it a pause, it is over.
            state.ended = None;
            state.begin(seq);
        }
        let touched: Vec<_> =
            self.state.borrow().areas.iter().filter(|a| a.touched && !a.apart).map(|a| a.id).collect();
        for id in touched {
            self.offer(id, "[data-undo]");
        }
        self.note_apart();
        self.show_waiting(false);
        self.send_found();
        self.send();
        let here = {
            let state = self.state.borrow();
            let active = self.document.active_element();
            state.areas.iter().find(|a| active.as_ref() == Some(a.area.as_ref())).map(|a| a.id)
        };
        if here.is_some() {
            self.speak(&Says::Here(here));
        }
        self.keep();
        self.show_state();
    }

    /// Says beside each box that goes its own way what to do.
    pub(super) fn note_apart(&self) {
        let said = self.t("live-apart");
        for area in self.state.borrow().areas.iter().filter(|a| a.apart && !a.noted()) {
            area.note(&said);
        }
    }

    /// Shows what others did: at once, or (calm, or while letters are put together) only when it is asked for.
    pub(super) fn show_waiting(self: &Rc<Self>, asked: bool) {
        let calm = self.is_calm();
        let holds = self.composing.get() || (calm && !asked);
        let (changed, broken) = if holds { (Vec::new(), false) } else { self.state.borrow_mut().show_waiting() };
        if broken {
            self.anew();
        }
        let waiting = if calm { self.state.borrow().waiting.len() } else { 0 };
        if let Some(part) = self.part("live-waiting") {
            let had_focus =
                waiting == 0 && self.document.active_element().is_some_and(|focus| part.contains(Some(&focus)));
            hide(&part, waiting == 0);
            let said = match waiting {
                0 => String::new(),
                1 => self.t("live-waiting-one"),
                n => self.t("live-waiting-many").replace("{n}", &n.to_string()),
            };
            if let Some(place) = self.part("live-waiting-words") {
                words(&place, &said);
            }
            // Focus never stays on a button that has gone.
            if had_focus && let Some(calm) = self.calm() {
                let _ = calm.focus();
            }
        }
        if self.state.borrow().say == "all" {
            let said = self.t("live-changed");
            self.say(changed.iter().map(|heading| said.replace("{where}", heading)).collect());
        }
        if self.state.borrow().typing.as_ref().is_some_and(Typing::has_unsent) {
            self.plan();
        }
    }

    /// Begins anew from the state that is here: the boxes keep what they say.
    pub(super) fn anew(self: &Rc<Self>) {
        let socket = {
            let mut state = self.state.borrow_mut();
            let _ = state.show_waiting();
            state.typing = None;
            state.writer = None;
            state.batch = None;
            state.pending = None;
            state.waiting.clear();
            state.seq = state.shown;
            let shown = state.shown;
            for area in state.areas.iter_mut().filter(|a| !a.apart) {
                (area.typed, area.fresh, area.from) = (true, false, shown);
            }
            state.socket.clone()
        };
        if let Some(socket) = socket {
            let _ = socket.close();
        }
    }

    /// Nothing more is sent from this page; why stands in its panel.
    fn stop(self: &Rc<Self>, end: End) {
        if end == End::Again {
            return;
        }
        let before = self.state.borrow_mut().ended.replace(end);
        self.keep();
        self.show_state();
        // A pause ends without this page hearing of it: it asks now and then.
        if end == End::Paused && before != Some(End::Paused) {
            let own = self.clone();
            self.after(PAUSED_MS, move || own.ask_again());
        }
    }

    /// Opens the line again after a pause. Still paused, it ends at once for the same reason, and nothing new is said.
    fn ask_again(self: &Rc<Self>) {
        let paused = self.state.borrow().ended == Some(End::Paused);
        if paused {
            self.connect();
            let own = self.clone();
            self.after(PAUSED_MS, move || own.ask_again());
        }
    }
}

impl State {
    /// The beginning of a line has come, up to `seq`.
    fn begin(&mut self, seq: i64) {
        let asked = self.seq;
        let beginning = std::mem::take(&mut self.beginning);
        // What came while letters were put together is behind it.
        let seq = beginning.last().map_or(seq, |(n, _)| seq.max(*n));
        if self.typing.is_some() {
            // The line is back: what others did meanwhile waits like anything else they do.
            let missed = beginning.into_iter().filter(|(n, _)| *n > asked);
            self.waiting.extend(missed.map(|(_, update)| update));
        } else if let Some((writer, _)) = &self.writer {
            let clock: Clock = Arc::new(|| {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds")]
                let now = Date::now() as u64;
                now
            });
            let mut typing = Typing::new(*writer, clock);
            let first = beginning.first().map_or(seq, |(n, _)| *n);
            let mut good = true;
            for (n, update) in &beginning {
                // What was typed is taken in where it was typed: before what others did since.
                if *n > first {
                    self.take_typed(&mut typing, first, *n);
                }
                good &= typing.take(update).is_ok();
            }
            self.take_typed(&mut typing, first, i64::MAX);
            if good {
                for area in self.areas.iter_mut().filter(|a| !a.apart) {
                    let now = typing.words(area.id);
                    let caret = (area.area.selection_start().ok().flatten().unwrap_or(0), area.caret());
                    area.show(now, caret);
                }
                self.typing = Some(typing);
            }
        }
        self.seq = seq;
        if self.waiting.is_empty() {
            self.shown = seq;
        }
        self.ahead.clear();
        self.ready = self.typing.is_some();
        self.wait = FIRST_MS;
    }

    /// Takes in what boxes say that was typed before change number `before`. `first`: the first state there is.
    fn take_typed(&mut self, typing: &mut Typing, first: i64, before: i64) {
        for area in self.areas.iter_mut().filter(|a| a.typed && !a.apart && a.from < before) {
            let old = typing.words(area.id);
            if area.from < first && !(area.fresh && old == area.page_said()) {
                // What it was made from is not kept any more: two texts, and Save shows both.
                let from = area.from;
                area.part_ways(from);
                continue;
            }
            if let Some(edit) = splice(&old, &area.area.value(), area.caret()) {
                typing.splice(area.id, &edit);
            }
            area.text = area.area.value();
            area.typed = false;
        }
    }

    /// Puts what others did into the boxes; gives the headings of the parts that changed, and whether something does not
    /// fit.
    fn show_waiting(&mut self) -> (Vec<String>, bool) {
        let (mut changed, mut broken) = (Vec::new(), false);
        if self.typing.is_none() || self.waiting.is_empty() {
            return (changed, broken);
        }
        // Another program may have written into a box without a word: that is read before it is written over.
        for at in 0..self.areas.len() {
            self.read(at);
        }
        let Some(typing) = self.typing.as_mut() else { return (changed, broken) };
        let marks: Vec<_> = self
            .areas
            .iter()
            .map(|a| {
                let start = a.area.selection_start().ok().flatten().unwrap_or(0);
                (typing.mark(a.id, start), typing.mark(a.id, a.caret()))
            })
            .collect();
        for update in self.waiting.drain(..) {
            broken |= typing.take(&update).is_err();
        }
        for (area, (start, end)) in self.areas.iter_mut().zip(&marks).filter(|(a, _)| !a.apart) {
            let now = typing.words(area.id);
            if now != area.text {
                area.show(now, (typing.place(start), typing.place(end)));
                changed.push(area.heading.clone());
            }
        }
        if !broken {
            self.shown = self.seq;
        }
        (changed, broken)
    }
}

/// A change with this number is here.
pub(super) fn have(state: &mut State, seq: i64) {
    if seq > state.seq {
        state.ahead.insert(seq);
    }
    while state.ahead.remove(&(state.seq + 1)) {
        state.seq += 1;
    }
    if state.waiting.is_empty() {
        state.shown = state.seq;
    }
}
