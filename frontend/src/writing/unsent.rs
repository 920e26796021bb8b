//! What was typed and not sent, on this device: one record for each page that was open, under a mark of whose it is.

use domain::designs::shared_text::Writer;
use domain::ids::SectionId;
use web_sys::js_sys::{Math, decode_uri_component, encode_uri_component};
use web_sys::{Storage, Window};

/// Where records are kept; nowhere on a shared device.
pub(super) struct Device {
    storage: Option<Storage>,
    design: String,
    /// The marks of its person, the newest first.
    owners: Vec<String>,
    /// The name of this page's own. Two pages that are open at once do not take away each other's.
    name: String,
}

/// How words of a box were made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The update of the record says them.
    InUpdate,
    /// They never had a line: they are taken in from the state with their number.
    FromBase,
    /// Only Save brings them in, from the state with their number.
    Apart,
    /// A form of this page took them along, and it is not known whether it arrived.
    InForm,
}

/// The words of one box.
#[derive(Clone)]
pub(super) struct Said {
    pub(super) section: SectionId,
    pub(super) way: Way,
    /// The number of the state that they were made from.
    pub(super) base: i64,
    /// The id of the form that they are in: the same form twice is once.
    pub(super) form: String,
    pub(super) words: String,
}

/// What was not sent.
#[derive(Clone, Default)]
pub(super) struct Record {
    /// Its name on the device.
    pub(super) name: String,
    /// Who wrote it, with their mark, and the update, where there was a line.
    pub(super) update: Option<(Writer, String, Vec<u8>)>,
    /// What the boxes said.
    pub(super) said: Vec<Said>,
}

impl Way {
    const ALL: [(Self, &'static str); 4] =
        [(Self::InUpdate, "u"), (Self::FromBase, "b"), (Self::Apart, "a"), (Self::InForm, "f")];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(way, _)| *way == self).map_or("a", |(_, name)| name)
    }

    fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, n)| *n == name).map(|(way, _)| *way)
    }
}

impl Device {
    /// Opens it, and takes away what somebody else left there. `owners`: the marks of this person, the newest first.
    pub(super) fn open(window: &Window, design: &str, owners: &str, shared: bool) -> Self {
        let storage = window.local_storage().ok().flatten();
        let owners: Vec<String> = owners.split_whitespace().map(str::to_owned).collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number between 0 and 2^32")]
        let page = (Math::random() * f64::from(u32::MAX)) as u32;
        let name = format!("unsent {design} {} {page:08x}", owners.first().map_or("", String::as_str));
        let storage = storage.filter(|_| !owners.is_empty());
        let it = Self { storage, design: design.to_owned(), owners, name };
        for (name, _, owner) in it.all_items("unsent") {
            if shared || !it.owners.contains(&owner) {
                it.remove(&name);
            }
        }
        Self { storage: it.storage.filter(|_| !shared), ..it }
    }

    /// The names of all records, with the design and the owner of each. `frontend/js/extras.js` takes them all away at
    /// sign-out.
    fn all_items(&self, kind: &str) -> Vec<(String, String, String)> {
        let Some(storage) = &self.storage else { return Vec::new() };
        let names = (0..storage.length().unwrap_or(0)).filter_map(|n| storage.key(n).ok().flatten());
        let mut all: Vec<_> = names
            .filter_map(|name| {
                let mut parts = name.split(' ');
                (parts.next() == Some(kind)).then_some(())?;
                let (design, owner) = (parts.next()?.to_owned(), parts.next()?.to_owned());
                Some((name, design, owner))
            })
            .collect();
        all.sort();
        all
    }

    /// What pages of this person left here for this design.
    pub(super) fn found(&self) -> Vec<Record> {
        let mine = self.all_items("unsent").into_iter().filter(|(name, design, owner)| {
            *design == self.design && self.owners.contains(owner) && *name != self.name
        });
        mine.filter_map(|(name, ..)| self.read(name)).collect()
    }

    fn read(&self, name: String) -> Option<Record> {
        let text = self.storage.as_ref()?.get_item(&name).ok().flatten()?;
        let mut lines = text.split('\n');
        let by = lines.next()?;
        let mut record = Record { name, ..Record::default() };
        if let Some((number, mark)) = by.split_once(' ')
            && let Ok(number) = number.parse()
            && let Some(update) = from_hex(lines.next()?)
        {
            record.update = Some((Writer::from_random(number), mark.to_owned(), update));
        }
        for line in lines {
            let mut parts = line.splitn(5, ' ');
            let (section, way, base) = (parts.next(), parts.next(), parts.next());
            let (form, words) = (parts.next(), parts.next());
            let words = words.and_then(|words| decode_uri_component(words).ok()?.as_string());
            let one = (|| {
                Some(Said {
                    section: section?.parse().ok()?,
                    way: Way::of(way?)?,
                    base: base?.parse().ok()?,
                    form: form?.to_owned(),
                    words: words?,
                })
            })();
            record.said.extend(one);
        }
        Some(record)
    }

    /// Keeps what this page has not sent; false when it cannot be kept.
    pub(super) fn put(&self, update: Option<(Writer, String, Vec<u8>)>, said: &[Said]) -> bool {
        let Some(storage) = &self.storage else { return false };
        let mut text = match update {
            Some((writer, mark, update)) => format!("{} {mark}\n{}", writer.number(), hex(&update)),
            None => "-".to_owned(),
        };
        for it in said {
            let words = String::from(encode_uri_component(&it.words));
            text.push_str(&format!("\n{} {} {} {} {words}", it.section, it.way.name(), it.base, it.form));
        }
        storage.set_item(&self.name, &text).is_ok()
    }

    /// Lets go of what this page has kept.
    pub(super) fn clear(&self) {
        self.remove(&self.name);
    }

    /// Lets go of a record.
    pub(super) fn remove(&self, name: &str) {
        if let Some(storage) = &self.storage {
            let _ = storage.remove_item(name);
        }
    }

    /// A choice of how this page behaves: one item has all of them, as `name=value`.
    pub(super) fn choice(&self, name: &str) -> Option<String> {
        let all = self.storage.as_ref()?.get_item("writing").ok().flatten()?;
        all.split(' ').find_map(|choice| choice.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    }

    pub(super) fn choose(&self, name: &str, value: &str) {
        let Some(storage) = &self.storage else { return };
        let all = storage.get_item("writing").ok().flatten().unwrap_or_default();
        let start = format!("{name}=");
        let mut all: Vec<&str> = all.split_whitespace().filter(|choice| !choice.starts_with(&start)).collect();
        let new = format!("{start}{value}");
        all.push(&new);
        let _ = storage.set_item("writing", &all.join(" "));
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(if n < 10 { b'0' + n } else { b'a' + n - 10 });
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}
