//! The words of the interface, in Fluent files (`app/words/LOCALE/AREA.ftl`). No sentence stands in code.

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

/// The files of one locale, with their names: also read by the tests of the words.
pub const ENGLISH: &[(&str, &str)] = &[
    ("access", include_str!("../words/en/access.ftl")),
    ("actions", include_str!("../words/en/actions.ftl")),
    ("comments", include_str!("../words/en/comments.ftl")),
    ("decisions", include_str!("../words/en/decisions.ftl")),
    ("designs", include_str!("../words/en/designs.ftl")),
    ("groups", include_str!("../words/en/groups.ftl")),
    ("house", include_str!("../words/en/house.ftl")),
    ("info", include_str!("../words/en/info.ftl")),
    ("kit", include_str!("../words/en/kit.ftl")),
    ("my-data", include_str!("../words/en/my-data.ftl")),
    ("people", include_str!("../words/en/people.ftl")),
    ("problems", include_str!("../words/en/problems.ftl")),
    ("safety", include_str!("../words/en/safety.ftl")),
    ("settings", include_str!("../words/en/settings.ftl")),
    ("suggestions", include_str!("../words/en/suggestions.ftl")),
    ("workspaces", include_str!("../words/en/workspaces.ftl")),
];

/// The words of one locale.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
    lang: &'static str,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({})", self.lang)
    }
}

impl Words {
    /// English, as spoken in the United Kingdom. Read once.
    pub fn english() -> &'static Self {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| Self::read("en-GB", ENGLISH))
    }

    fn read(lang: &'static str, files: &[(&str, &str)]) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![langid!("en-GB")]);
        // The marks around values confuse screen readers and copying; our values are never of the other direction unmarked.
        bundle.set_use_isolating(false);
        for (_, text) in files {
            // A broken file still gives what could be read; `tests/words.rs` fails on any error in any file.
            let resource = match FluentResource::try_new((*text).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { bundle, lang }
    }

    /// The language for `lang` attributes.
    pub const fn lang(&self) -> &'static str {
        self.lang
    }

    /// Whether there is such a message.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|m| m.value().is_some())
    }

    /// A message without values. A missing one shows its key, so that it is seen (and the tests fail).
    pub fn t(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// A message with values.
    pub fn with(&self, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            match value {
                Value::Text(text) => args.set(*name, FluentValue::String(Cow::Borrowed(text))),
                Value::Number(n) => args.set(*name, FluentValue::from(*n)),
            }
        }
        self.format(key, Some(&args))
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else { return format!("⟦{key}⟧") };
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, args, &mut errors).into_owned()
    }
}

/// A value inside a message.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// Words; shown as they are.
    Text(&'a str),
    /// A number; Fluent chooses the plural by it. Never a count of people: that is a `ShownCount`.
    Number(i64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(s: &'a str) -> Self {
        Self::Text(s)
    }
}
impl<'a> From<&'a String> for Value<'a> {
    fn from(s: &'a String) -> Self {
        Self::Text(s)
    }
}
impl From<i64> for Value<'_> {
    fn from(n: i64) -> Self {
        Self::Number(n)
    }
}
impl From<usize> for Value<'_> {
    fn from(n: usize) -> Self {
        Self::Number(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
