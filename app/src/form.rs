//! What was typed into a form, and what was wrong with it. A refused form is drawn again from this: no word is lost.

use std::sync::{Arc, Mutex, PoisonError};

use service::{Problem, Problems};

/// What the fields with problems are called on the page. The kit notes it when it draws them, and the error summary reads it
/// when the whole page is put together: so no page says it twice.
#[derive(Debug, Clone, Default)]
struct Labels(Arc<Mutex<Vec<(String, String)>>>);

/// Two forms are the same whatever has been drawn of them.
impl PartialEq for Labels {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Labels {}

/// The state of one form on one page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    values: Vec<(String, String)>,
    problems: Vec<Problem>,
    id: String,
    labels: Labels,
}

impl Form {
    /// An empty form with its id (a UUID): sent twice it counts once.
    pub fn new(id: String) -> Self {
        Self { id, ..Self::default() }
    }

    /// A form with values in it from the start.
    #[must_use]
    pub fn filled(mut self, values: Vec<(String, String)>) -> Self {
        self.values = values;
        self
    }

    /// The same form with what was wrong.
    #[must_use]
    pub fn refused(mut self, problems: Problems) -> Self {
        self.problems = problems.0;
        self
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether anything was typed or kept.
    pub fn is_filled(&self) -> bool {
        !self.values.is_empty()
    }

    /// What was typed into a field, or nothing.
    pub fn value(&self, name: &str) -> String {
        self.typed(name).unwrap_or_default().to_owned()
    }

    /// What was typed into a field, or `start` when the form is fresh.
    pub fn value_or(&self, name: &str, start: &str) -> String {
        self.typed(name).unwrap_or(start).to_owned()
    }

    /// Whether a radio or checkbox is chosen; on a fresh form, whether it is the one in `start`.
    pub fn chosen(&self, name: &str, value: &str, start: &str) -> bool {
        if self.is_filled() { self.values.iter().any(|(n, v)| n == name && v == value) } else { value == start }
    }

    fn typed(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// What is wrong with a field.
    pub fn problem(&self, name: &str) -> Option<&Problem> {
        self.problems.iter().find(|p| p.field == name)
    }

    /// Notes what a field is called on the page.
    pub(crate) fn name_field(&self, name: &str, label: &str) {
        if self.problem(name).is_some() {
            let mut labels = self.labels.0.lock().unwrap_or_else(PoisonError::into_inner);
            labels.push((name.to_owned(), label.to_owned()));
        }
    }

    /// What a field with a problem is called on the page, once it is drawn.
    pub(crate) fn field_name(&self, name: &str) -> Option<String> {
        let labels = self.labels.0.lock().unwrap_or_else(PoisonError::into_inner);
        labels.iter().find(|(field, _)| field == name).map(|(_, label)| label.clone())
    }

    /// Everything that is wrong.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}
