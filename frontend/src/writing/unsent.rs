//! What was typed and not sent, on this device: one record for each design and person.

use domain::designs::shared_text::Writer;
use domain::ids::SectionId;
use web_sys::js_sys::{decode_uri_component, encode_uri_component};
use web_sys::{Storage, Window};

/// How every record's name begins; `frontend/js/extras.js` takes them all away at sign-out.
const START: &str = "tandem-unsent ";

/// Where records are kept; nowhere on a shared device.
pub(super) struct Device {
    storage: Option<Storage>,
    name: String,
}

/// What was not sent.
#[derive(Default)]
pub(super) struct Record {
    /// Who wrote it, and the update, where it was made already.
    pub(super) update: Option<(Writer, String, Vec<u8>)>,
    /// The number of the state that `words` were made from.
    pub(super) base: i64,
    /// What the boxes said.
    pub(super) words: Vec<(SectionId, String)>,
}

impl Device {
    /// Opens it, and takes away what somebody else left there.
    pub(super) fn open(window: &Window, design: &str, owner: &str, shared: bool) -> Self {
        let storage = window.local_storage().ok().flatten();
        let end = format!(" {owner}");
        if let Some(storage) = &storage {
            let names = (0..storage.length().unwrap_or(0)).filter_map(|n| storage.key(n).ok().flatten());
            let others: Vec<String> =
                names.filter(|n| n.starts_with(START) && (shared || !n.ends_with(&end))).collect();
            for name in others {
                let _ = storage.remove_item(&name);
            }
        }
        Self { storage: storage.filter(|_| !shared && !owner.is_empty()), name: format!("{START}{design}{end}") }
    }

    /// Whether anything is kept here.
    pub(super) fn keeps(&self) -> bool {
        self.storage.is_some()
    }

    pub(super) fn get(&self) -> Option<Record> {
        let text = self.storage.as_ref()?.get_item(&self.name).ok().flatten()?;
        let mut lines = text.split('\n');
        let mut record = Record { base: lines.next()?.parse().ok()?, ..Record::default() };
        let by = lines.next()?;
        if let Some((number, mark)) = by.split_once(' ')
            && let Ok(number) = number.parse()
            && let Some(update) = from_hex(lines.next()?)
        {
            record.update = Some((Writer::from_random(number), mark.to_owned(), update));
        }
        for line in lines {
            let Some((section, words)) = line.split_once(' ') else { continue };
            let words = decode_uri_component(words).ok().and_then(|w| w.as_string());
            record.words.extend(section.parse().ok().zip(words));
        }
        Some(record)
    }

    pub(super) fn put(&self, record: &Record) {
        let Some(storage) = &self.storage else { return };
        let by = match &record.update {
            Some((writer, mark, update)) => format!("{} {mark}\n{}", writer.number(), hex(update)),
            None => "-".to_owned(),
        };
        let mut text = format!("{}\n{by}", record.base);
        for (section, words) in &record.words {
            let words = encode_uri_component(words);
            text.push_str(&format!("\n{section} {}", String::from(words)));
        }
        let _ = storage.set_item(&self.name, &text);
    }

    pub(super) fn clear(&self) {
        if let Some(storage) = &self.storage {
            let _ = storage.remove_item(&self.name);
        }
    }

    /// A choice of how this page behaves.
    pub(super) fn choice(&self, name: &str) -> Option<String> {
        self.storage.as_ref()?.get_item(&format!("tandem-live-{name}")).ok().flatten()
    }

    pub(super) fn choose(&self, name: &str, value: &str) {
        if let Some(storage) = &self.storage {
            let _ = storage.set_item(&format!("tandem-live-{name}"), value);
        }
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
