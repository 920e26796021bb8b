//! The part of the island that runs in the browser. Everything lives as long as the page, so closures are let go of.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::js_sys::{Function, Promise, Reflect};
use web_sys::{
    BroadcastChannel, Document, Element, Event, EventSource, HtmlTemplateElement, MessageEvent, Response,
    VisibilityState, Window,
};

/// What one page asks for.
pub(super) struct Asked {
    pub(super) subject: String,
    pub(super) news: String,
    pub(super) one: String,
    pub(super) many: String,
}

/// The lock and the channel that the tabs of one browser share.
const SHARED: &str = "tandem-live";
/// News that comes in one burst is looked at once.
const BURST_MS: i32 = 250;
/// After a stream was refused (too many, or nothing to read any more).
const REFUSED_MS: i32 = 60_000;
/// The longest wait that a browser's timer keeps; what is further away is waited for in steps.
const LONGEST_MS: i64 = 2_000_000_000;
/// Pages that wait for the same moment ask spread over this long.
const SPREAD_MS: f64 = 2_000.0;
/// As many subjects as the server takes in one stream.
const MOST_SUBJECTS: usize = 16;

struct Tab {
    asked: Asked,
    since: Cell<i64>,
    window: Window,
    document: Document,
    channel: Option<BroadcastChannel>,
    /// This tab holds the lock.
    leads: Cell<bool>,
    /// It has asked for the lock.
    waits: Cell<bool>,
    /// Lets go of the lock.
    release: RefCell<Option<Function>>,
    source: RefCell<Option<EventSource>>,
    /// What the tabs listen to.
    wanted: RefCell<BTreeSet<String>>,
    /// A stream is about to be opened.
    opens: Cell<bool>,
    /// A look is planned for when the clock changes something.
    clock: Cell<bool>,
    /// A look is on its way; and something came in meanwhile.
    looks: Cell<bool>,
    again: Cell<bool>,
}

pub(super) fn start(asked: Asked, since: i64, look_in: Option<i64>) {
    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    let tab = Rc::new(Tab {
        asked,
        since: Cell::new(since),
        channel: BroadcastChannel::new(SHARED).ok(),
        window,
        document,
        leads: Cell::new(false),
        waits: Cell::new(false),
        release: RefCell::default(),
        source: RefCell::default(),
        wanted: RefCell::default(),
        opens: Cell::new(false),
        clock: Cell::new(false),
        looks: Cell::new(false),
        again: Cell::new(false),
    });
    if let Some(channel) = &tab.channel {
        let own = tab.clone();
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |e: MessageEvent| {
            if let Some(text) = e.data().as_string() {
                own.hear_tab(&text);
            }
        });
        channel.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    }
    for (target, name) in
        [(tab.document.as_ref() as &web_sys::EventTarget, "visibilitychange"), (tab.window.as_ref(), "pagehide")]
    {
        let own = tab.clone();
        let changed =
            Closure::<dyn Fn(Event)>::new(
                move |e: Event| {
                    if own.seen() && e.type_() != "pagehide" { own.wake() } else { own.sleep() }
                },
            );
        let _ = target.add_event_listener_with_callback(name, changed.into_js_value().unchecked_ref());
    }
    tab.look_at(look_in);
    if tab.seen() {
        tab.wake();
    }
}

impl Tab {
    fn seen(&self) -> bool {
        self.document.visibility_state() == VisibilityState::Visible
    }

    fn say_to_tabs(&self, text: &str) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&JsValue::from_str(text));
        }
    }

    /// This tab can be seen: what did it miss, and who listens?
    fn wake(self: &Rc<Self>) {
        self.say_to_tabs(&format!("want {}", self.asked.subject));
        self.look();
        if self.leads.get() || self.waits.get() {
            return;
        }
        let navigator = self.window.navigator();
        let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object);
        let request = locks.as_ref().and_then(|l| Reflect::get(l, &"request".into()).ok()?.dyn_into::<Function>().ok());
        let (Some(locks), Some(request)) = (locks, request) else {
            // An old browser: each tab that can be seen listens for itself.
            self.lead();
            return;
        };
        self.waits.set(true);
        let own = self.clone();
        let granted = Closure::once_into_js(move |_: JsValue| -> Promise {
            own.waits.set(false);
            if !own.seen() {
                return Promise::resolve(&JsValue::UNDEFINED);
            }
            own.lead();
            // The lock is held until this promise is kept.
            Promise::new(&mut |keep, _| {
                own.release.replace(Some(keep));
            })
        });
        let _ = request.call2(&locks, &SHARED.into(), &granted);
    }

    /// This tab is hidden: others may listen.
    fn sleep(&self) {
        if let Some(source) = self.source.take() {
            source.close();
        }
        self.leads.set(false);
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }

    fn lead(self: &Rc<Self>) {
        self.leads.set(true);
        self.ask_tabs();
    }

    /// Begins anew to gather what the tabs that can be seen listen to, and opens a stream of it.
    fn ask_tabs(self: &Rc<Self>) {
        self.wanted.replace(BTreeSet::from([self.asked.subject.clone()]));
        self.say_to_tabs("who");
        self.open_soon();
    }

    /// Several tabs that wake together are one new stream.
    fn open_soon(self: &Rc<Self>) {
        if !self.opens.replace(true) {
            let own = self.clone();
            self.after(BURST_MS, move || {
                own.opens.set(false);
                own.open();
            });
        }
    }

    fn open(self: &Rc<Self>) {
        if let Some(old) = self.source.take() {
            old.close();
        }
        if !self.leads.get() {
            return;
        }
        let query = self.wanted.borrow().iter().cloned().collect::<Vec<_>>().join("&");
        let Ok(source) = EventSource::new(&format!("/live?{query}")) else { return };
        // Whatever was said before it was open was not heard; the same after a line that was lost and is there again.
        let own = self.clone();
        let opened = Closure::<dyn Fn(Event)>::new(move |_: Event| {
            own.say_to_tabs("news look-again");
            own.hear("look-again");
        });
        source.set_onopen(Some(opened.into_js_value().unchecked_ref()));
        let own = self.clone();
        let news = Closure::<dyn Fn(MessageEvent)>::new(move |e: MessageEvent| {
            if let Some(text) = e.data().as_string() {
                own.say_to_tabs(&format!("news {text}"));
                own.hear(&text);
            }
        });
        let _ = source.add_event_listener_with_callback("news", news.into_js_value().unchecked_ref());
        let own = self.clone();
        let failed = Closure::<dyn Fn(Event)>::new(move |_: Event| {
            // The browser tries again by itself after a lost line, and gives up after a refusal.
            let refused = own.source.borrow().as_ref().is_some_and(|s| s.ready_state() == EventSource::CLOSED);
            if refused {
                let later = own.clone();
                own.after(REFUSED_MS, move || later.open_soon());
            }
        });
        source.set_onerror(Some(failed.into_js_value().unchecked_ref()));
        self.source.replace(Some(source));
    }

    fn hear_tab(self: &Rc<Self>, text: &str) {
        match text.split_once(' ') {
            Some(("want", subject)) if self.leads.get() => {
                let full = self.wanted.borrow().len() >= MOST_SUBJECTS;
                if self.wanted.borrow().contains(subject) {
                } else if full {
                    // Most of these pages were left long ago.
                    self.ask_tabs();
                } else {
                    self.wanted.borrow_mut().insert(subject.to_owned());
                    self.open_soon();
                }
            }
            Some(("news", data)) => self.hear(data),
            None if text == "who" && self.seen() => self.say_to_tabs(&format!("want {}", self.asked.subject)),
            _ => {}
        }
    }

    fn hear(self: &Rc<Self>, data: &str) {
        let id = self.asked.subject.rsplit('=').next().unwrap_or_default();
        if self.seen() && (data.contains(id) || data.contains("look-again")) {
            self.look();
        }
    }

    /// Looks when the clock changes something: nobody says so.
    fn look_at(self: &Rc<Self>, look_in: Option<i64>) {
        let Some(ms) = look_in.filter(|_| !self.clock.replace(true)) else { return };
        let far = ms > LONGEST_MS;
        #[expect(clippy::cast_possible_truncation, reason = "a number between 0 and 2,000")]
        let spread = (web_sys::js_sys::Math::random() * SPREAD_MS) as i64;
        let wait = i32::try_from(ms.clamp(0, LONGEST_MS) + spread).unwrap_or(i32::MAX);
        let own = self.clone();
        self.after(wait, move || {
            own.clock.set(false);
            if far {
                own.look_at(Some(ms - LONGEST_MS));
            } else if own.seen() {
                // A tab that is hidden looks when it is seen again.
                own.look();
            }
        });
    }

    fn after(&self, ms: i32, work: impl FnOnce() + 'static) {
        let work = Closure::once_into_js(work);
        let _ = self.window.set_timeout_with_callback_and_timeout_and_arguments_0(work.unchecked_ref(), ms);
    }

    /// Asks the server what is new, once for a burst of news.
    fn look(self: &Rc<Self>) {
        if self.looks.replace(true) {
            self.again.set(true);
            return;
        }
        let own = self.clone();
        self.after(BURST_MS, move || {
            leptos::task::spawn_local(async move {
                own.again.set(false);
                if let Some(html) = own.fetch().await {
                    own.show(&html);
                }
                own.looks.set(false);
                if own.again.replace(false) {
                    own.look();
                }
            });
        });
    }

    async fn fetch(&self) -> Option<String> {
        let sign = if self.asked.news.contains('?') { '&' } else { '?' };
        let address = format!("{}{sign}since={}", self.asked.news, self.since.get());
        let promise = self.window.fetch_with_str(&address);
        let answer: Response = wasm_bindgen_futures::JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
        // Where somebody has to sign in again, the page itself says so when it is next used.
        if !answer.ok() || answer.redirected() {
            return None;
        }
        wasm_bindgen_futures::JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
    }

    fn show(self: &Rc<Self>, html: &str) {
        let Ok(template) = self.document.create_element("template") else { return };
        // Inside a template nothing runs and nothing loads; our own server drew and escaped it.
        template.set_inner_html(html);
        let Ok(template) = template.dyn_into::<HtmlTemplateElement>() else { return };
        let part = template.content();
        let root = part.first_element_child();
        let number = |name: &str| root.as_ref()?.get_attribute(name)?.parse::<i64>().ok();
        if let Some(at) = number("data-read-at") {
            self.since.set(at);
        }
        self.look_at(number("data-look-in"));
        let all = |what: &str| -> Vec<Element> {
            let Ok(list) = part.query_selector_all(what) else { return Vec::new() };
            (0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect()
        };
        let mut new = 0;
        for item in all("[data-into]") {
            if self.document.get_element_by_id(&item.id()).is_some() {
                continue;
            }
            let into = item.get_attribute("data-into").unwrap_or_default();
            let gathered = || self.document.get_element_by_id("threads-new").filter(|_| !into.starts_with("answers-"));
            if let Some(list) = self.document.get_element_by_id(&into).or_else(gathered)
                && list.append_child(&item).is_ok()
            {
                new += 1;
            }
        }
        let mut said: Vec<String> = match new {
            0 => Vec::new(),
            1 => vec![self.asked.one.clone()],
            n => vec![self.asked.many.replace("{n}", &n.to_string())],
        };
        for item in all("[data-replace]") {
            let Some(old) = self.document.get_element_by_id(&item.id()) else { continue };
            if old.outer_html() == item.outer_html() {
                continue;
            }
            if self.document.active_element().is_some_and(|focus| old.contains(Some(&focus))) {
                self.look_when_left(&old);
                continue;
            }
            said.extend(item.get_attribute("data-say"));
            let _ = old.replace_with_with_node_1(&item);
        }
        self.say(said.join(" "));
    }

    /// What has the focus is never replaced; once the focus has gone on, it is looked at again.
    fn look_when_left(self: &Rc<Self>, element: &Element) {
        if element.has_attribute("data-waits") {
            return;
        }
        let _ = element.set_attribute("data-waits", "");
        let (own, it) = (self.clone(), element.clone());
        let left = Closure::<dyn Fn(Event)>::new(move |_: Event| {
            let _ = it.remove_attribute("data-waits");
            own.look();
        });
        let options = web_sys::AddEventListenerOptions::new();
        options.set_once(true);
        let _ = element.add_event_listener_with_callback_and_add_event_listener_options(
            "focusout",
            left.into_js_value().unchecked_ref(),
            &options,
        );
    }

    /// Says something once, politely. Emptied first, so that the same words are heard again.
    fn say(&self, words: String) {
        if words.is_empty() {
            return;
        }
        let Some(polite) = self.document.get_element_by_id("polite") else { return };
        polite.set_text_content(None);
        self.after(BURST_MS, move || polite.set_text_content(Some(&words)));
    }
}
