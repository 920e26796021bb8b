//! The part of the island that runs in the browser. Everything lives as long as the page, so closures are let go of.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use domain::designs::shared_text::Writer;
use domain::designs::wire::{End, Hears, Held, No, Present, Says, numbered, read_numbered};
use domain::designs::{Clock, Typing, joined, splice};
use domain::ids::SectionId;
use domain::words::is_text;
use wasm_bindgen::prelude::*;
use web_sys::js_sys::{ArrayBuffer, Date, Math, Uint8Array};
use web_sys::{
    BinaryType, CustomEvent, CustomEventInit, Document, Element, Event, EventTarget, HtmlInputElement, InputEvent,
    KeyboardEvent, MessageEvent, WebSocket, Window,
};

use super::page::{Area, hide, words};
use super::unsent::{Device, Record};

/// At most ten batches a second.
const EACH_MS: i32 = 100;
/// Waits before the line is tried again: the first and the longest.
const FIRST_MS: i32 = 500;
const LONGEST_MS: i32 = 20_000;
/// What others do is said not more often than this.
const SAY_MS: i32 = 5_000;
/// How long Save waits for what is on its way, in steps of [`EACH_MS`].
const MOST_STEPS: u32 = 20;

struct Editor {
    window: Window,
    document: Document,
    design: String,
    device: Device,
    shared: bool,
    state: RefCell<State>,
}

struct State {
    areas: Vec<Area>,
    typing: Option<Typing>,
    writer: Option<(Writer, String)>,
    socket: Option<WebSocket>,
    /// The beginning has come: from here on each frame is taken as it comes.
    ready: bool,
    beginning: Vec<(i64, Vec<u8>)>,
    /// Everything up to this number is here, or waits to be shown.
    seq: i64,
    /// What the boxes show: everything up to this number.
    shown: i64,
    /// Numbers above it that are here already.
    ahead: BTreeSet<i64>,
    /// Changes of others that wait to be shown.
    waiting: Vec<Vec<u8>>,
    number: u64,
    /// The batch that is not known to be kept, and whether it is on its way.
    batch: Option<Vec<u8>>,
    flying: bool,
    pending: Option<Vec<u8>>,
    /// How many changes were not sent, and how many of them are in the batch.
    edits: usize,
    in_batch: usize,
    /// What was found on the device, until it is sent.
    found: Option<Record>,
    sending_found: bool,
    planned: bool,
    wait: i32,
    composing: bool,
    ended: Option<End>,
    say: String,
    to_say: Vec<String>,
    saying: bool,
    people: Vec<Present>,
    /// Which list of locks this is: what was planned for one before it is over.
    round: u32,
    /// A form is on its way: nothing is kept on the device any more.
    leaves: bool,
}

pub(super) fn start(design: String, base: i64, owner: String, shared: bool) {
    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    let device = Device::open(&window, &design, &owner, shared);
    let mut areas = Area::all(&document);
    let (mut seq, mut restored) = (base, 0);
    let found = device.get();
    // Words that never had a line go back into their boxes, and are taken from where they began.
    if let Some(record) = found.as_ref().filter(|r| r.update.is_none()) {
        let untouched = areas.iter().all(|a| !a.typed);
        if untouched {
            seq = record.base.min(base);
            for (id, said) in &record.words {
                if let Some(area) = areas.iter_mut().find(|a| a.id == *id) {
                    area.area.set_value(said);
                    area.text.clone_from(said);
                    area.typed = true;
                    restored += 1;
                }
            }
        }
    }
    let say = device.choice("say").unwrap_or_else(|| "polite".to_owned());
    let state = State {
        areas,
        typing: None,
        writer: None,
        socket: None,
        ready: false,
        beginning: Vec::new(),
        seq,
        shown: seq,
        ahead: BTreeSet::new(),
        waiting: Vec::new(),
        number: 0,
        batch: None,
        flying: false,
        pending: None,
        edits: restored,
        in_batch: 0,
        found: found.filter(|r| r.update.is_some()),
        sending_found: false,
        planned: false,
        wait: FIRST_MS,
        composing: false,
        ended: None,
        say,
        to_say: Vec::new(),
        saying: false,
        people: Vec::new(),
        round: 0,
        leaves: false,
    };
    let editor = Rc::new(Editor { window, document, design, device, shared, state: RefCell::new(state) });
    editor.bind();
    editor.connect();
}

fn on(target: &EventTarget, name: &str, work: impl FnMut(Event) + 'static) {
    let work = Closure::<dyn FnMut(Event)>::new(work);
    let _ = target.add_event_listener_with_callback(name, work.into_js_value().unchecked_ref());
}

impl Editor {
    fn part(&self, id: &str) -> Option<Element> {
        self.document.get_element_by_id(id)
    }

    /// One of the sentences that the page brought.
    fn t(&self, key: &str) -> String {
        let found = self.document.query_selector(&format!("#live-says [data-say={key}]")).ok().flatten();
        found.and_then(|e| e.text_content()).unwrap_or_default()
    }

    fn put(&self, id: &str, said: &str) {
        if let Some(element) = self.part(id) {
            words(&element, said);
        }
    }

    fn after(&self, ms: i32, work: impl FnOnce() + 'static) {
        let work = Closure::once_into_js(work);
        let _ = self.window.set_timeout_with_callback_and_timeout_and_arguments_0(work.unchecked_ref(), ms);
    }

    fn calm(&self) -> Option<HtmlInputElement> {
        self.part("live-calm")?.dyn_into().ok()
    }

    fn is_calm(&self) -> bool {
        self.calm().is_some_and(|c| c.checked())
    }

    // ------------------------------------------------------------------------------------ what the page does

    fn bind(self: &Rc<Self>) {
        if let Some(panel) = self.part("live") {
            hide(&panel, false);
        }
        let bound: Vec<(SectionId, EventTarget, EventTarget)> = {
            let state = self.state.borrow();
            state.areas.iter().map(|a| (a.id, a.area.clone().into(), a.form.clone().into())).collect()
        };
        for (id, area, form) in bound {
            let own = self.clone();
            on(&area, "input", move |e| {
                let composing = e.dyn_ref::<InputEvent>().is_some_and(InputEvent::is_composing);
                if !composing {
                    own.typed(id);
                }
            });
            let own = self.clone();
            on(&area, "compositionstart", move |_| own.state.borrow_mut().composing = true);
            let own = self.clone();
            on(&area, "compositionend", move |_| {
                own.state.borrow_mut().composing = false;
                own.typed(id);
                own.show_waiting(false);
            });
            let own = self.clone();
            on(&area, "beforeinput", move |e| {
                let kind = e.dyn_ref::<InputEvent>().map(InputEvent::input_type).unwrap_or_default();
                if kind == "historyUndo" || kind == "historyRedo" {
                    e.prevent_default();
                    own.take_back(id, kind == "historyRedo");
                }
            });
            let own = self.clone();
            on(&area, "keydown", move |e| {
                let Some(key) = e.dyn_ref::<KeyboardEvent>() else { return };
                if key.alt_key() || !(key.ctrl_key() || key.meta_key()) {
                    return;
                }
                let again = match (key.key().to_lowercase().as_str(), key.shift_key()) {
                    ("z", shift) => shift,
                    ("y", false) => true,
                    _ => return,
                };
                e.prevent_default();
                own.take_back(id, again);
            });
            let own = self.clone();
            on(&area, "focus", move |_| own.speak(&Says::Here(Some(id))));
            let own = self.clone();
            on(&area, "blur", move |_| own.speak(&Says::Here(None)));
            let own = self.clone();
            on(&form, "submit", move |e| own.save(id, &e));
            for (what, again) in [("[data-undo]", false), ("[data-redo]", true)] {
                let button = self.state.borrow().areas.iter().find(|a| a.id == id).and_then(|a| a.part(what));
                if let Some(button) = button {
                    hide(&button, false);
                    let own = self.clone();
                    on(&button, "click", move |_| own.take_back(id, again));
                }
            }
            for (what, lock) in [("[data-lock] form", true), ("[data-free] form", false)] {
                let form = self.state.borrow().areas.iter().find(|a| a.id == id).and_then(|a| a.part(what));
                let Some(form) = form else { continue };
                let own = self.clone();
                on(&form, "submit", move |e| {
                    // Without a line the form does it.
                    if own.state.borrow().ready {
                        e.prevent_default();
                        own.speak(&if lock { Says::Lock(id) } else { Says::Free(id) });
                    }
                });
            }
        }
        self.bind_choices();
        let own = self.clone();
        on(&self.window, "pagehide", move |_| own.keep());
        let own = self.clone();
        on(&self.window, "beforeunload", move |e| {
            // What cannot be kept here would be gone.
            if own.state.borrow().edits > 0 && !own.device.keeps() {
                e.prevent_default();
            }
        });
        let own = self.clone();
        on(&self.window, "online", move |_| own.connect_now());
        let own = self.clone();
        on(&self.window, "offline", move |_| own.cut());
    }

    fn bind_choices(self: &Rc<Self>) {
        if let Some(calm) = self.calm() {
            if let Some(was) = self.device.choice("calm") {
                calm.set_checked(was == "yes");
            }
            let own = self.clone();
            on(&calm, "change", move |_| {
                let is = own.is_calm();
                own.device.choose("calm", if is { "yes" } else { "no" });
                if !is {
                    own.show_waiting(true);
                }
            });
        }
        if let Some(show) = self.part("live-show") {
            let own = self.clone();
            on(&show, "click", move |_| own.show_waiting(true));
        }
        for value in ["off", "polite", "all"] {
            let Some(choice) = self.part(&format!("live-say-{value}")) else { continue };
            let Ok(choice) = choice.dyn_into::<HtmlInputElement>() else { continue };
            if self.state.borrow().say == value {
                choice.set_checked(true);
            }
            let own = self.clone();
            on(&choice, "change", move |_| {
                own.device.choose("say", value);
                value.clone_into(&mut own.state.borrow_mut().say);
            });
        }
    }

    /// Somebody typed into a box.
    fn typed(self: &Rc<Self>, id: SectionId) {
        {
            let mut state = self.state.borrow_mut();
            let State { areas, typing, edits, .. } = &mut *state;
            let Some(area) = areas.iter_mut().find(|a| a.id == id) else { return };
            let mut new = area.area.value();
            // Signs that no text has come with what is pasted; they never get in.
            if !new.chars().all(is_text) {
                let caret = area.caret();
                new.retain(is_text);
                area.area.set_value(&new);
                let _ = area.area.set_selection_range(caret, caret);
            }
            let Some(edit) = splice(&area.text, &new, area.caret()) else { return };
            area.text = new;
            match typing {
                Some(typing) if !area.apart => typing.splice(id, &edit),
                _ => area.typed = true,
            }
            *edits += 1;
        }
        self.changed();
    }

    /// Takes back my own last change of a section.
    fn take_back(self: &Rc<Self>, id: SectionId, again: bool) {
        {
            let mut state = self.state.borrow_mut();
            let State { areas, typing, edits, .. } = &mut *state;
            let Some(typing) = typing else { return };
            let Some(area) = areas.iter_mut().find(|a| a.id == id && !a.apart && !a.locked) else { return };
            if !typing.undo(id, again) {
                return;
            }
            let new = typing.words(id);
            let caret = splice(&area.text, &new, u32::MAX).map(|e| {
                let come = u32::try_from(e.insert.encode_utf16().count()).unwrap_or(0);
                e.at + come
            });
            let caret = caret.unwrap_or_else(|| area.caret());
            area.show(new, (caret, caret));
            *edits += 1;
        }
        self.changed();
    }

    fn changed(self: &Rc<Self>) {
        self.plan(EACH_MS);
        self.show_state();
    }

    /// Save: what is on its way is waited for, then the plain form goes, from the state that its words stand on.
    fn save(self: &Rc<Self>, id: SectionId, event: &Event) {
        event.prevent_default();
        self.show_waiting(true);
        self.send();
        self.save_when_sent(id, MOST_STEPS);
    }

    fn save_when_sent(self: &Rc<Self>, id: SectionId, steps: u32) {
        let (busy, alone) = {
            let state = self.state.borrow();
            let area = state.areas.iter().find(|a| a.id == id);
            let busy = state.ready && (state.edits > 0 || !state.ahead.is_empty());
            // Where a part goes its own way, nothing is waited for.
            (busy && area.is_some_and(|a| !a.apart), !state.ready)
        };
        if alone && !self.window.navigator().on_line() {
            // There is nobody to send it to; the words stay, and the panel says so.
            self.keep();
            self.show_state();
            self.say(vec![self.t(if self.shared { "live-lost-shared" } else { "live-lost" })]);
            return;
        }
        if busy && steps > 0 {
            let own = self.clone();
            self.after(EACH_MS, move || own.save_when_sent(id, steps - 1));
            return;
        }
        let mut state = self.state.borrow_mut();
        let seq = state.seq;
        let Some(area) = state.areas.iter_mut().find(|a| a.id == id) else { return };
        if !area.apart {
            area.base.set_value(&seq.to_string());
        }
        area.typed = false;
        let form = area.form.clone();
        // What else was not sent goes into its box again on the page that comes; this section goes with the form.
        let others = state.areas.iter().filter(|a| a.id != id && a.text != a.page_said());
        let words: Vec<_> = others.filter(|_| state.edits > 0).map(|a| (a.id, a.text.clone())).collect();
        state.edits = 0;
        state.leaves = true;
        drop(state);
        if words.is_empty() {
            self.device.clear();
        } else {
            self.device.put(&Record { update: None, base: seq, words });
        }
        let _ = form.submit();
    }

    // ------------------------------------------------------------------------------------ the line

    fn connect_now(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        state.wait = FIRST_MS;
        let none = state.socket.is_none();
        drop(state);
        if none {
            self.connect();
        }
    }

    fn connect(self: &Rc<Self>) {
        let base = {
            let mut state = self.state.borrow_mut();
            if state.ended.is_some() || state.socket.is_some() {
                return;
            }
            state.ready = false;
            state.beginning.clear();
            state.seq
        };
        let location = self.window.location();
        let (Ok(protocol), Ok(host)) = (location.protocol(), location.host()) else { return };
        let ws = if protocol == "https:" { "wss" } else { "ws" };
        let address = format!("{ws}://{host}/designs/{}/write/live?base={base}", self.design);
        let Ok(socket) = WebSocket::new(&address) else { return self.lost() };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let (own, this) = (self.clone(), socket.clone());
        on(&socket, "message", move |e| {
            let Some(e) = e.dyn_ref::<MessageEvent>() else { return };
            if own.is_line(&this) {
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

    /// The browser says that it has no net: sockets would find out a minute later.
    fn cut(self: &Rc<Self>) {
        let socket = self.state.borrow().socket.clone();
        if let Some(socket) = socket {
            self.lost();
            let _ = socket.close();
        }
    }

    /// The line is gone: it is tried again, each time later, and not all pages at the same moment.
    fn lost(self: &Rc<Self>) {
        let wait = {
            let mut state = self.state.borrow_mut();
            state.socket = None;
            state.ready = false;
            state.flying = false;
            state.sending_found = false;
            let wait = state.wait;
            state.wait = (wait * 2).min(LONGEST_MS);
            if state.ended.is_some() {
                return;
            }
            wait
        };
        self.keep();
        self.show_state();
        #[expect(clippy::cast_possible_truncation, reason = "a number between 0 and 20,000")]
        let spread = (f64::from(wait) * Math::random()) as i32;
        let own = self.clone();
        self.after(wait / 2 + spread, move || own.connect());
    }

    fn speak(&self, says: &Says) {
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
                Some(Hears::Now(seq)) => self.begin(seq),
                Some(Hears::Saved(number, seq, seconds)) => self.saved(number, seq, seconds),
                Some(Hears::Refused(number, no)) => self.refused(number, no),
                Some(Hears::People(people)) => self.people(people),
                Some(Hears::Locks(locks)) => self.locks(&locks),
                Some(Hears::Stop(end)) => self.stop(end),
                None => {}
            }
        } else if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
            let bytes = Uint8Array::new(buffer).to_vec();
            let Some((number, update)) = read_numbered(&bytes) else { return };
            let seq = i64::try_from(number).unwrap_or(0);
            let mut state = self.state.borrow_mut();
            if !state.ready {
                state.beginning.push((seq, update.to_vec()));
                return;
            }
            state.waiting.push(update.to_vec());
            have(&mut state, seq);
            drop(state);
            self.show_waiting(false);
        }
    }

    fn welcome(&self, writer: Writer, mark: String) {
        let mut state = self.state.borrow_mut();
        match (&state.typing, &state.writer, &state.socket) {
            // The same writer goes on: what is on its way is known by its name.
            (Some(_), Some((writer, mark)), Some(socket)) => {
                let _ = socket.send_with_str(&Says::Writer(*writer, mark.clone()).text());
            }
            _ => state.writer = Some((writer, mark)),
        }
    }

    /// Everything up to now is here.
    fn begin(self: &Rc<Self>, seq: i64) {
        {
            let mut state = self.state.borrow_mut();
            let state = &mut *state;
            let asked = state.seq;
            let beginning = std::mem::take(&mut state.beginning);
            if state.typing.is_some() {
                // The line is back: what others did meanwhile waits like anything else they do.
                let missed = beginning.into_iter().filter(|(n, _)| *n > asked);
                state.waiting.extend(missed.map(|(_, update)| update));
            } else if let Some((writer, _)) = &state.writer {
                let clock: Clock = Arc::new(|| {
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds")]
                    let now = Date::now() as u64;
                    now
                });
                let mut typing = Typing::new(*writer, clock);
                let first = beginning.first().map_or(seq, |(n, _)| *n);
                let mut good = true;
                for (_, update) in beginning.iter().filter(|(n, _)| *n == first) {
                    good &= typing.take(update).is_ok();
                }
                for area in state.areas.iter_mut().filter(|a| a.typed && !a.apart) {
                    let old = typing.words(area.id);
                    if first != asked && old != area.page_said() {
                        // What it was made from is not kept any more: two texts, and Save shows both.
                        area.apart = true;
                        continue;
                    }
                    if let Some(edit) = splice(&old, &area.text, area.caret()) {
                        typing.splice(area.id, &edit);
                    }
                    area.typed = false;
                }
                for (_, update) in beginning.iter().filter(|(n, _)| *n != first) {
                    good &= typing.take(update).is_ok();
                }
                if good {
                    for area in state.areas.iter_mut().filter(|a| !a.apart) {
                        let now = typing.words(area.id);
                        let caret = (area.area.selection_start().ok().flatten().unwrap_or(0), area.caret());
                        area.show(now, caret);
                    }
                    state.typing = Some(typing);
                }
            }
            state.seq = seq;
            if state.waiting.is_empty() {
                state.shown = seq;
            }
            state.ahead.clear();
            state.ready = state.typing.is_some();
            state.wait = FIRST_MS;
        }
        for area in self.state.borrow().areas.iter().filter(|a| a.apart) {
            area.note(&self.t("live-apart"));
        }
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
        self.show_state();
    }

    /// Shows what others did: at once, or (calm, or while letters are put together) only when it is asked for.
    fn show_waiting(self: &Rc<Self>, asked: bool) {
        let calm = self.is_calm();
        let mut changed = Vec::new();
        let mut broken = false;
        {
            let mut state = self.state.borrow_mut();
            let state = &mut *state;
            let holds = state.composing || (calm && !asked);
            if let Some(typing) = state.typing.as_mut().filter(|_| !holds && !state.waiting.is_empty()) {
                let marks: Vec<_> = state
                    .areas
                    .iter()
                    .map(|a| {
                        let start = a.area.selection_start().ok().flatten().unwrap_or(0);
                        (typing.mark(a.id, start), typing.mark(a.id, a.caret()))
                    })
                    .collect();
                for update in state.waiting.drain(..) {
                    broken |= typing.take(&update).is_err();
                }
                for (area, (start, end)) in state.areas.iter_mut().zip(&marks).filter(|(a, _)| !a.apart) {
                    let now = typing.words(area.id);
                    if now != area.text {
                        area.show(now, (typing.place(start), typing.place(end)));
                        changed.push(area.heading.clone());
                    }
                }
                if !broken {
                    state.shown = state.seq;
                }
            }
        }
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
            self.put("live-waiting-words", &said);
            // Focus never stays on a button that has gone.
            if had_focus && let Some(calm) = self.calm() {
                let _ = calm.focus();
            }
        }
        if self.state.borrow().say == "all" {
            let said = self.t("live-changed");
            self.say(changed.iter().map(|heading| said.replace("{where}", heading)).collect());
        }
    }

    /// Begins anew from the state that is here: the boxes keep what they say.
    fn anew(self: &Rc<Self>) {
        let socket = {
            let mut state = self.state.borrow_mut();
            state.typing = None;
            state.writer = None;
            state.batch = None;
            state.pending = None;
            state.waiting.clear();
            state.seq = state.shown;
            for area in &mut state.areas {
                area.typed = true;
            }
            state.socket.clone()
        };
        if let Some(socket) = socket {
            let _ = socket.close();
        }
    }

    // ------------------------------------------------------------------------------------ sending

    fn plan(self: &Rc<Self>, ms: i32) {
        if !std::mem::replace(&mut self.state.borrow_mut().planned, true) {
            let own = self.clone();
            self.after(ms, move || {
                own.state.borrow_mut().planned = false;
                own.send();
                own.keep();
            });
        }
    }

    /// Sends what was typed, one batch at a time.
    fn send(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        let new = state.typing.as_mut().and_then(Typing::unsent);
        state.pending = match state.pending.take() {
            Some(pending) => Some(joined(pending, new)),
            None => new,
        };
        if !state.ready || state.flying || state.sending_found || state.ended.is_some() {
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
        }
        state.batch = Some(batch);
    }

    fn saved(self: &Rc<Self>, number: u64, seq: i64, seconds: i64) {
        let found = {
            let mut state = self.state.borrow_mut();
            have(&mut state, seq);
            if state.sending_found {
                state.sending_found = false;
                state.found = None;
                true
            } else {
                if number == state.number {
                    state.batch = None;
                    state.flying = false;
                    state.edits = state.edits.saturating_sub(state.in_batch);
                    state.in_batch = 0;
                }
                false
            }
        };
        if found {
            self.put("live-found", &self.t("live-found-sent"));
            self.send();
        }
        self.keep();
        let more = self.state.borrow().edits > 0;
        if more {
            self.plan(EACH_MS);
        }
        self.alive(seconds);
        self.show_state();
    }

    /// What was found on the device goes first, by its own writer.
    fn send_found(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        let Some((writer, mark, update)) = state.found.as_ref().and_then(|r| r.update.clone()) else { return };
        let (Some(typing), Some(socket), Some((own, own_mark))) = (&mut state.typing, &state.socket, &state.writer)
        else {
            return;
        };
        if !state.ready || state.sending_found || state.flying {
            return;
        }
        state.number += 1;
        state.sending_found = true;
        let _ = socket.send_with_str(&Says::Writer(writer, mark).text());
        let _ = socket.send_with_u8_array(&numbered(state.number, &update));
        let _ = socket.send_with_str(&Says::Writer(*own, own_mark.clone()).text());
        // What is one's own is not said to one again.
        if typing.take(&update).is_ok() {
            for area in state.areas.iter_mut().filter(|a| !a.apart) {
                let caret = (area.area.selection_start().ok().flatten().unwrap_or(0), area.caret());
                area.show(typing.words(area.id), caret);
            }
        }
    }

    fn refused(self: &Rc<Self>, number: u64, no: No) {
        let found = {
            let mut state = self.state.borrow_mut();
            if state.sending_found {
                state.sending_found = false;
                state.found.take()
            } else {
                None
            }
        };
        if let Some(found) = found {
            self.show_found(&found);
            self.device.clear();
            self.anew();
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
                let key = if no == No::Removed { "live-removed" } else { "live-too-long" };
                {
                    let mut state = self.state.borrow_mut();
                    let active = self.document.active_element();
                    let longest = state.areas.iter().map(|a| a.text.len()).max();
                    for area in &mut state.areas {
                        let here = active.as_ref() == Some(area.area.as_ref());
                        if here || (no == No::TooLong && Some(area.text.len()) == longest) {
                            area.apart = true;
                            area.note(&self.t(key));
                        }
                    }
                    state.flying = false;
                    state.edits = 0;
                }
                self.anew();
            }
            No::Damaged => self.anew(),
        }
        self.show_state();
    }

    /// Words that could not be brought in by themselves, to be copied.
    fn show_found(&self, record: &Record) {
        let Some(place) = self.part("live-found") else { return };
        words(&place, &self.t("live-found"));
        let state = self.state.borrow();
        for (id, said) in &record.words {
            let Ok(area) = self.document.create_element("textarea") else { continue };
            let _ = area.set_attribute("readonly", "");
            let _ = area.set_attribute("rows", "5");
            let heading = state.areas.iter().find(|a| a.id == *id).map(|a| a.heading.clone()).unwrap_or_default();
            let _ = area.set_attribute("aria-label", &heading);
            area.set_text_content(Some(said));
            let _ = place.append_child(&area);
        }
    }

    /// Keeps what was not sent on the device, or lets go of it.
    fn keep(&self) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        if state.found.is_some() || state.leaves {
            return;
        }
        if state.edits == 0 {
            self.device.clear();
            return;
        }
        let new = state.typing.as_mut().and_then(Typing::unsent);
        state.pending = match state.pending.take() {
            Some(pending) => Some(joined(pending, new)),
            None => new,
        };
        let update = match (&state.batch, &state.pending) {
            (Some(batch), pending) => Some(joined(batch.clone(), pending.clone())),
            (None, pending) => pending.clone(),
        };
        let update = state.writer.as_ref().zip(update).map(|((w, mark), update)| (*w, mark.clone(), update));
        let changed = |a: &&Area| a.typed || a.area.value() != a.page_said();
        let words = state.areas.iter().filter(changed).map(|a| (a.id, a.area.value())).collect();
        self.device.put(&Record { update, base: state.seq, words });
    }

    // ------------------------------------------------------------------------------------ what is said

    fn stop(self: &Rc<Self>, end: End) {
        if end == End::Again {
            return;
        }
        self.state.borrow_mut().ended = Some(end);
        self.keep();
        self.show_state();
    }

    fn show_state(&self) {
        let state = self.state.borrow();
        let key = match state.ended {
            Some(End::SignedOut) => "live-signed-out",
            Some(End::NotAllowed) => "live-not-allowed",
            Some(End::WordsLocked) => "live-words-locked",
            _ if state.ready => "live-on",
            _ if state.typing.is_none() && state.edits == 0 && state.wait == FIRST_MS => "live-start",
            _ if self.shared => "live-lost-shared",
            _ => "live-lost",
        };
        self.put("live-state", &self.t(key));
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

    fn people(self: &Rc<Self>, people: Vec<Present>) {
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

    fn locks(self: &Rc<Self>, locks: &[Held]) {
        {
            let mut state = self.state.borrow_mut();
            for area in state.areas.iter_mut().filter(|a| !a.apart) {
                let lock = locks.iter().find(|l| l.section == area.id);
                let minutes = lock.map_or(0, |l| (l.seconds + 59) / 60).to_string();
                let said = lock.map(|l| {
                    let key = if l.mine { "live-mine" } else { "live-theirs" };
                    self.t(key).replace("{who}", &l.name).replace("{n}", &minutes)
                });
                let theirs = lock.is_some_and(|l| !l.mine);
                area.note(&said.unwrap_or_default());
                area.area.set_read_only(theirs);
                area.locked = theirs;
                for (part, hidden) in [("[data-lock]", lock.is_some()), ("[data-free]", lock.is_none_or(|l| !l.mine))] {
                    if let Some(part) = area.part(part) {
                        let focused = self.document.active_element().is_some_and(|f| part.contains(Some(&f)));
                        hide(&part, hidden);
                        if hidden && focused {
                            let _ = area.area.focus();
                        }
                    }
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

    /// A new list of locks is there: what was planned for the last one is over.
    fn round(&self) -> u32 {
        let mut state = self.state.borrow_mut();
        state.round = state.round.wrapping_add(1);
        state.round
    }

    /// Whoever writes is there: the question before a session ends is asked later.
    fn alive(&self, seconds: i64) {
        let init = CustomEventInit::new();
        #[expect(clippy::cast_precision_loss, reason = "seconds of a session")]
        init.set_detail(&JsValue::from_f64(seconds as f64));
        if let Ok(event) = CustomEvent::new_with_event_init_dict("tandem-alive", &init) {
            let _ = self.window.dispatch_event(&event);
        }
    }

    /// Says something in the polite region, gathered: not more often than every few seconds.
    fn say(self: &Rc<Self>, lines: Vec<String>) {
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

/// A change with this number is here.
fn have(state: &mut State, seq: i64) {
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
