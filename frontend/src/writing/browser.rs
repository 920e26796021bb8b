//! The part of the island that runs in the browser. Everything lives as long as the page, so closures are let go of.
//!
//! No borrow of [`State`] is held while the browser is told something that it answers at once by an event (focus, above
//! all): the handler of that event borrows too.

mod line;
mod panel;
mod sending;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use domain::designs::shared_text::Writer;
use domain::designs::wire::{End, Present, Says};
use domain::designs::{Typing, splice};
use domain::ids::SectionId;
use domain::words::is_text;
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, Element, Event, EventTarget, HtmlInputElement, InputEvent, KeyboardEvent, PageTransitionEvent,
    SubmitEvent, WebSocket, Window,
};

use super::page::{Area, hide, words};
use super::unsent::{Device, Record, Way};

/// At most ten batches a second.
const EACH_MS: i32 = 100;
/// Waits before the line is tried again: the first and the longest.
const FIRST_MS: i32 = 500;
const LONGEST_MS: i32 = 20_000;
/// What others do is said not more often than this.
const SAY_MS: i32 = 5_000;
/// How often it is looked whether the line still says something.
const LOOK_MS: i32 = 10_000;
/// How often a page asks whether a pause is over.
const PAUSED_MS: i32 = 10_000;
/// How long Save waits for what is on its way, in steps of [`EACH_MS`].
const MOST_STEPS: u32 = 20;

struct Editor {
    window: Window,
    document: Document,
    design: String,
    device: Device,
    shared: bool,
    /// Letters are being put together; and how often that began.
    composing: Cell<bool>,
    compositions: Cell<u32>,
    /// When something was last heard on the line, in milliseconds.
    heard_at: Cell<f64>,
    /// When a batch was last sent, in milliseconds.
    sent_at: Cell<f64>,
    /// What was not sent is on the device.
    kept: Cell<bool>,
    state: RefCell<State>,
}

struct State {
    areas: Vec<Area>,
    typing: Option<Typing>,
    writer: Option<(Writer, String)>,
    socket: Option<WebSocket>,
    /// This line has been answered.
    greeted: bool,
    /// The beginning has come: from here on each frame is taken as it comes.
    ready: bool,
    beginning: Vec<(i64, Vec<u8>)>,
    /// The number that the beginning goes up to, where it waits for letters that are being put together.
    begins: Option<i64>,
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
    found: VecDeque<Record>,
    sending_found: bool,
    /// What was found there and can only be shown: the names of the records.
    shown_found: Vec<String>,
    planned: bool,
    wait: i32,
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

impl State {
    fn new(areas: Vec<Area>, base: i64, say: String) -> Self {
        let seq = areas.iter().filter(|a| a.typed).map(|a| a.from).chain([base]).min().unwrap_or(base);
        let edits = areas.iter().filter(|a| a.typed).count();
        Self {
            areas,
            typing: None,
            writer: None,
            socket: None,
            greeted: false,
            ready: false,
            beginning: Vec::new(),
            begins: None,
            seq,
            shown: seq,
            ahead: BTreeSet::new(),
            waiting: Vec::new(),
            number: 0,
            batch: None,
            flying: false,
            pending: None,
            edits,
            in_batch: 0,
            found: VecDeque::new(),
            sending_found: false,
            shown_found: Vec::new(),
            planned: false,
            wait: FIRST_MS,
            ended: None,
            say,
            to_say: Vec::new(),
            saying: false,
            people: Vec::new(),
            round: 0,
            leaves: false,
        }
    }

    /// Reads a box: tells the shared text what somebody did in it. Whether they did anything.
    fn read(&mut self, at: usize) -> bool {
        let Self { areas, typing, edits, .. } = self;
        let Some(area) = areas.get_mut(at) else { return false };
        let mut new = area.area.value();
        // Signs that no text has come with what is pasted; they never get in.
        if !new.chars().all(is_text) {
            let caret = area.caret();
            new.retain(is_text);
            area.area.set_value(&new);
            let _ = area.area.set_selection_range(caret, caret);
        }
        let Some(edit) = splice(&area.text, &new, area.caret()) else { return false };
        area.text = new;
        if area.apart {
            area.fresh = false;
            return true;
        }
        match typing {
            Some(typing) => typing.splice(area.id, &edit),
            None => area.typed = true,
        }
        area.touched = true;
        *edits += 1;
        true
    }
}

/// What pages of this person left on the device goes back into its box, where nobody has typed since; what has been sent
/// by a form meanwhile is let go of. Gives what goes as it is, what can only be shown, and what is in its box.
fn put_back(device: &Device, areas: &mut [Area], thanked: bool) -> (VecDeque<Record>, Vec<Record>, Vec<String>) {
    let (mut goes, mut shown, mut done) = (VecDeque::new(), Vec::new(), Vec::new());
    for record in device.found() {
        let mut left = Vec::new();
        for said in record.said.iter().filter(|s| s.way != Way::InUpdate) {
            let area = areas.iter_mut().find(|a| a.id == said.section);
            let there = area.as_ref().is_some_and(|a| a.text == said.words);
            if there || (thanked && said.way == Way::InForm) {
                continue;
            }
            let Some(area) = area.filter(|a| !a.typed && !a.apart) else {
                left.push(said.clone());
                continue;
            };
            area.put_back(&said.words, said.base);
            if said.way != Way::FromBase {
                area.part_ways(said.base);
            }
            if said.way == Way::InForm {
                // Had it arrived after all, the same form once more is the same.
                area.form_id(&said.form);
            }
        }
        if !left.is_empty() {
            shown.push(Record { name: record.name.clone(), update: None, said: left });
        } else if record.update.is_none() {
            done.push(record.name.clone());
        }
        if record.update.is_some() {
            goes.push_back(record);
        }
    }
    (goes, shown, done)
}

pub(super) fn start(design: String, base: i64, owners: &str, shared: bool, thanked: bool) {
    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    let device = Device::open(&window, &design, owners, shared);
    let mut areas = Area::all(&document);
    let (goes, shown, done) = put_back(&device, &mut areas, thanked);
    let say = device.choice("say").unwrap_or_else(|| "polite".to_owned());
    let mut state = State::new(areas, base, say);
    state.found = goes;
    state.shown_found = shown.iter().map(|record| record.name.clone()).collect();
    let editor = Rc::new(Editor {
        window,
        document,
        design,
        device,
        shared,
        composing: Cell::new(false),
        compositions: Cell::new(0),
        heard_at: Cell::new(0.0),
        sent_at: Cell::new(0.0),
        kept: Cell::new(true),
        state: RefCell::new(state),
    });
    editor.bind();
    // What is in its box is kept as this page's own before the old record goes.
    editor.keep();
    for name in done {
        editor.device.remove(&name);
    }
    editor.note_apart();
    for record in &shown {
        editor.show_found(record);
    }
    editor.connect();
    editor.watch();
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

    fn bind(self: &Rc<Self>) {
        if let Some(panel) = self.part("live") {
            hide(&panel, false);
        }
        let bound: Vec<(SectionId, EventTarget, EventTarget)> = {
            let state = self.state.borrow();
            state.areas.iter().map(|a| (a.id, a.area.clone().into(), a.form.clone().into())).collect()
        };
        for (id, area, form) in bound {
            self.bind_box(id, &area);
            let own = self.clone();
            on(&form, "submit", move |e| own.save(id, &e));
            for (what, again) in [("[data-undo]", false), ("[data-redo]", true)] {
                if let Some(button) = self.part_of(id, what) {
                    let own = self.clone();
                    on(&button, "click", move |_| own.take_back(id, again));
                }
            }
            for (what, lock) in [("[data-lock] form", true), ("[data-free] form", false)] {
                let Some(form) = self.part_of(id, what) else { continue };
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
        self.bind_page();
    }

    /// Shows the button that takes back, or does again, once there is something for it to do. It stays: focus may be on it.
    fn offer(&self, id: SectionId, what: &str) {
        if let Some(button) = self.part_of(id, what) {
            hide(&button, false);
        }
    }

    fn part_of(&self, id: SectionId, what: &str) -> Option<Element> {
        self.state.borrow().areas.iter().find(|a| a.id == id)?.part(what)
    }

    fn bind_box(self: &Rc<Self>, id: SectionId, area: &EventTarget) {
        let own = self.clone();
        on(area, "input", move |e| {
            let composing = e.dyn_ref::<InputEvent>().is_some_and(InputEvent::is_composing);
            if !composing {
                own.typed(id);
            }
        });
        let own = self.clone();
        on(area, "compositionstart", move |_| {
            own.composing.set(true);
            own.compositions.set(own.compositions.get().wrapping_add(1));
        });
        let own = self.clone();
        on(area, "compositionend", move |_| {
            // The browser may say so while the box is being written to; and some put the letters in only now.
            let (later, which) = (own.clone(), own.compositions.get());
            own.after(0, move || {
                if later.compositions.get() == which {
                    later.composing.set(false);
                    later.typed(id);
                    later.begin_now();
                    later.show_waiting(false);
                    later.send_found();
                }
            });
        });
        let own = self.clone();
        on(area, "beforeinput", move |e| {
            let kind = e.dyn_ref::<InputEvent>().map(InputEvent::input_type).unwrap_or_default();
            if kind == "historyUndo" || kind == "historyRedo" {
                e.prevent_default();
                own.take_back(id, kind == "historyRedo");
            }
        });
        let own = self.clone();
        on(area, "keydown", move |e| {
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
        on(area, "focus", move |_| own.speak(&Says::Here(Some(id))));
        let own = self.clone();
        on(area, "blur", move |_| own.speak(&Says::Here(None)));
    }

    fn bind_page(self: &Rc<Self>) {
        let own = self.clone();
        on(&self.window, "pagehide", move |_| own.keep());
        let own = self.clone();
        on(&self.window, "pageshow", move |e| {
            // Back from another page, as it was: the form has gone, or has come to nothing.
            if e.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
                own.state.borrow_mut().leaves = false;
                own.connect_now();
            }
        });
        let own = self.clone();
        on(&self.window, "beforeunload", move |e| {
            let state = own.state.borrow();
            let unsent = state.edits > 0 || state.areas.iter().any(Area::unsaved);
            // What cannot be kept here would be gone.
            if unsent && !state.leaves && !own.kept.get() {
                e.prevent_default();
            }
        });
        let own = self.clone();
        on(&self.window, "online", move |_| own.connect_now());
        let own = self.clone();
        on(&self.window, "offline", move |_| own.cut());
        let own = self.clone();
        on(&self.document, "visibilitychange", move |_| {
            if !own.document.hidden() {
                own.cut_if_silent();
                own.connect_now();
            }
        });
        // Nothing is kept for somebody who signs out (`frontend/js/extras.js` takes away what was).
        let own = self.clone();
        on(&self.document, "submit", move |e| {
            let form = e.target().and_then(|t| t.dyn_into::<Element>().ok());
            if form.and_then(|f| f.get_attribute("action")).as_deref() == Some("/sign-out") {
                own.state.borrow_mut().leaves = true;
            }
        });
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
        if let Some(done) = self.part("live-found-done") {
            let own = self.clone();
            on(&done, "click", move |_| own.forget_found());
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
        let read = {
            let mut state = self.state.borrow_mut();
            let at = state.areas.iter().position(|a| a.id == id);
            at.is_some_and(|at| state.read(at))
        };
        if read {
            self.offer(id, "[data-undo]");
            self.changed();
        }
    }

    /// Takes back my own last change of a section.
    fn take_back(self: &Rc<Self>, id: SectionId, again: bool) {
        if self.composing.get() {
            return;
        }
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
            area.touched = true;
            *edits += 1;
        }
        self.offer(id, "[data-redo]");
        self.changed();
    }

    fn changed(self: &Rc<Self>) {
        self.plan();
        self.show_state();
    }

    /// Save: what is on its way is waited for, then the plain form goes, from the state that its words stand on.
    fn save(self: &Rc<Self>, id: SectionId, event: &Event) {
        event.prevent_default();
        self.save_then(id, event);
        self.show_waiting(true);
        self.send();
        self.save_when_sent(id, MOST_STEPS);
    }

    /// Where somebody wants to go once it is saved: a form that a program sends does not say which button was pressed.
    fn save_then(&self, id: SectionId, event: &Event) {
        let pressed = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        let then = pressed.and_then(|button| button.get_attribute("value")).unwrap_or_default();
        if let Some(field) = self.part_of(id, "input[name=then]") {
            let _ = field.set_attribute("value", &then);
        }
    }

    fn save_when_sent(self: &Rc<Self>, id: SectionId, steps: u32) {
        let online = self.window.navigator().on_line();
        let (busy, alone) = {
            let state = self.state.borrow();
            let apart = state.areas.iter().any(|a| a.id == id && a.apart);
            let sending = state.ready && (state.edits > 0 || !state.ahead.is_empty());
            // What went out just before the line was lost may be there already: with a line that is known.
            let unknown = !state.ready && state.batch.is_some() && state.ended.is_none() && online;
            // Where a part goes its own way, nothing is waited for.
            ((sending || unknown) && !apart, !state.ready)
        };
        if alone && !online {
            self.nobody_to_send_to();
            return;
        }
        if busy && steps > 0 {
            if alone {
                self.connect_now();
            }
            let own = self.clone();
            self.after(EACH_MS, move || own.save_when_sent(id, steps - 1));
            return;
        }
        if alone {
            // A browser that goes to a page which cannot be reached leaves this one: first it is asked whether it can.
            let own = self.clone();
            leptos::task::spawn_local(async move {
                if own.reached().await { own.save_by_form(id) } else { own.nobody_to_send_to() }
            });
            return;
        }
        self.save_by_form(id);
    }

    /// The words stay, and the panel says so.
    fn nobody_to_send_to(self: &Rc<Self>) {
        self.keep();
        self.show_state();
        self.say(vec![self.t(if self.shared { "live-lost-shared" } else { "live-lost" })]);
    }

    fn save_by_form(self: &Rc<Self>, id: SectionId) {
        let (form, said) = {
            let mut state = self.state.borrow_mut();
            let (seq, edits) = (state.seq, state.edits);
            let known = state.typing.is_some();
            let Some(area) = state.areas.iter_mut().find(|a| a.id == id) else { return };
            if known && !area.apart {
                area.from = seq;
                area.base.set_value(&seq.to_string());
            }
            let (form, mut said) = (area.form.clone(), Vec::new());
            // Until a page comes that says that it arrived, what the form takes along stays here too.
            if edits > 0 || area.unsaved() {
                said.push(area.said(Way::InForm, area.from));
            }
            // What else was not sent goes into its box again on the page that comes.
            for other in state.areas.iter().filter(|a| a.id != id) {
                if other.unsaved() {
                    said.push(other.said(Way::Apart, other.from));
                } else if other.typed || (edits > 0 && other.touched) {
                    said.push(other.said(Way::FromBase, if known { seq } else { other.from }));
                }
            }
            // Where everything had gone before, what is typed until the next page comes is kept like anything else.
            state.leaves = !said.is_empty() || !state.ready;
            state.edits = 0;
            (form, said)
        };
        if said.is_empty() {
            self.device.clear();
        } else {
            let _ = self.device.put(None, &said);
        }
        let _ = form.submit();
    }
}
