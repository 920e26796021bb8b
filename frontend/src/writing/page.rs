//! The parts of the page that the island shows and changes: its panel, and the box of each section.

use domain::ids::SectionId;
use wasm_bindgen::JsCast as _;
use web_sys::{Document, Element, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement};

use super::unsent::{Said, Way};

/// The box of one section.
pub(super) struct Area {
    pub(super) id: SectionId,
    pub(super) heading: String,
    pub(super) area: HtmlTextAreaElement,
    pub(super) form: HtmlFormElement,
    pub(super) base: HtmlInputElement,
    pub(super) section: Element,
    /// What it says, as far as the shared text knows.
    pub(super) text: String,
    /// It says something that the shared text was not told of yet, because there is no line yet.
    pub(super) typed: bool,
    /// The number of the state that its words were made from, as long as it is `typed` or `apart`.
    pub(super) from: i64,
    /// That state says what the page said when it came.
    pub(super) fresh: bool,
    /// It goes its own way: only Save brings its words in.
    pub(super) apart: bool,
    /// It changed since everything was known to be kept.
    pub(super) touched: bool,
    pub(super) locked: bool,
}

pub(super) fn hide(element: &Element, hidden: bool) {
    let _ = if hidden { element.set_attribute("hidden", "") } else { element.remove_attribute("hidden") };
}

/// Writes words where they change: the same words twice are not said twice.
pub(super) fn words(element: &Element, words: &str) {
    if element.text_content().as_deref() != Some(words) {
        element.set_text_content(Some(words));
    }
}

impl Area {
    /// All boxes of the page.
    pub(super) fn all(document: &Document) -> Vec<Self> {
        let Ok(found) = document.query_selector_all("[data-section]") else { return Vec::new() };
        (0..found.length()).filter_map(|n| Self::of(found.item(n)?.dyn_into().ok()?)).collect()
    }

    fn of(section: Element) -> Option<Self> {
        let id = section.get_attribute("data-section")?.parse().ok()?;
        let form: HtmlFormElement = section.query_selector("form[data-save]").ok()??.dyn_into().ok()?;
        let area: HtmlTextAreaElement = form.query_selector("textarea").ok()??.dyn_into().ok()?;
        let base: HtmlInputElement = form.query_selector("input[name=base]").ok()??.dyn_into().ok()?;
        let heading = section.query_selector("h2").ok()??.text_content().unwrap_or_default();
        let text = area.value();
        let from = base.value().parse().ok()?;
        // A form that was refused: the page says what was typed, and not what the section says.
        let kept = form.has_attribute("data-kept");
        let (apart, locked, touched) = (false, false, false);
        let mut it = Self {
            id,
            heading,
            area,
            form,
            base,
            section,
            text,
            typed: kept,
            from,
            fresh: !kept,
            apart,
            touched,
            locked,
        };
        it.typed |= it.text != it.page_said();
        it.touched = it.typed;
        Some(it)
    }

    /// Puts words back that were typed on another page and never had a line. `from`: the state that they were made from.
    pub(super) fn put_back(&mut self, words: &str, from: i64) {
        self.area.set_value(words);
        self.base.set_value(&from.to_string());
        words.clone_into(&mut self.text);
        (self.typed, self.fresh, self.touched, self.from) = (true, false, true, from);
    }

    /// From here on only Save brings its words in, which were made from the state `from`.
    pub(super) fn part_ways(&mut self, from: i64) {
        self.base.set_value(&from.to_string());
        (self.apart, self.typed, self.from) = (true, false, from);
    }

    /// Whether what only Save brings in is not saved.
    pub(super) fn unsaved(&self) -> bool {
        self.apart && (!self.fresh || self.area.value() != self.page_said())
    }

    /// What the page said when it came.
    pub(super) fn page_said(&self) -> String {
        self.area.default_value().unwrap_or_default()
    }

    /// What it says, to be kept on the device.
    pub(super) fn said(&self, way: Way, base: i64) -> Said {
        let form = self.form.query_selector("input[name=form_id]").ok().flatten();
        let form = form.and_then(|id| id.dyn_into::<HtmlInputElement>().ok()).map(|id| id.value());
        Said { section: self.id, way, base, form: form.unwrap_or_default(), words: self.area.value() }
    }

    /// Makes its form the one with this id.
    pub(super) fn form_id(&self, id: &str) {
        let input = self.form.query_selector("input[name=form_id]").ok().flatten();
        if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlInputElement>().ok()) {
            input.set_value(id);
        }
    }

    pub(super) fn part(&self, selector: &str) -> Option<Element> {
        self.section.query_selector(selector).ok().flatten()
    }

    /// Says something beside the box; nothing hides it.
    pub(super) fn note(&self, said: &str) {
        if let Some(note) = self.part("[data-note]") {
            words(&note, said);
            hide(&note, said.is_empty());
        }
    }

    /// Says below the box how the line is, where that matters to whoever writes in it. It is announced elsewhere.
    pub(super) fn line(&self, said: &str) {
        if let Some(line) = self.part("[data-line]") {
            words(&line, said);
            hide(&line, said.is_empty());
        }
    }

    /// Whether something is said beside it.
    pub(super) fn noted(&self) -> bool {
        self.part("[data-note]").is_some_and(|note| !note.has_attribute("hidden"))
    }

    pub(super) fn caret(&self) -> u32 {
        self.area.selection_end().ok().flatten().unwrap_or(0)
    }

    /// Puts new words into the box; the selection goes to where it belongs, and what one sees stays where it is.
    pub(super) fn show(&mut self, new: String, (start, end): (u32, u32)) {
        if new == self.text {
            return;
        }
        let direction = self.area.selection_direction().ok().flatten().unwrap_or_default();
        let element: &HtmlElement = self.area.as_ref();
        let (top, height) = (element.scroll_top(), element.scroll_height());
        let alike = self.text.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
        let all = self.text.chars().count().max(1);
        self.area.set_value(&new);
        let _ = self.area.set_selection_range_with_direction(start, end, &direction);
        // What changed above of what one sees moved it down or up by so much.
        let place = i64::try_from(alike).unwrap_or(0) * i64::from(height);
        let above = place < i64::from(top) * i64::try_from(all).unwrap_or(i64::MAX);
        let moved = if above && top > 0 { element.scroll_height() - height } else { 0 };
        element.set_scroll_top((top + moved).max(0));
        self.text = new;
    }
}
