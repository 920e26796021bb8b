//! Why something was not done. Closed enums with message keys; the page's words are in the Fluent files.

use domain::words::BadWords;
use store::StoreError;

/// One thing wrong with a form: which field, and the key of the message that says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The `name` of the field.
    pub field: String,
    /// The message key, without the `problem-` in front.
    pub key: &'static str,
    /// The one number a message may need (`$max`, `$min`), or 0.
    pub number: i64,
}

/// Everything wrong with a form. Never empty when it is inside [`Refused::Invalid`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Nothing wrong yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Just one problem.
    pub fn one(field: &str, key: &'static str) -> Self {
        Self(vec![Problem { field: field.to_owned(), key, number: 0 }])
    }

    /// Adds a problem.
    pub fn add(&mut self, field: &str, key: &'static str) {
        self.0.push(Problem { field: field.to_owned(), key, number: 0 });
    }

    /// Takes the value, or notes what is wrong with it and gives nothing.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, BadWords>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(bad) => {
                let number = match bad {
                    BadWords::TooLong { max } => i64::try_from(max).unwrap_or(i64::MAX),
                    _ => 0,
                };
                self.0.push(Problem { field: field.to_owned(), key: bad.key(), number });
                None
            }
        }
    }

    /// Takes one of a fixed set of names, or notes `choose`.
    pub fn choice<T: std::str::FromStr>(&mut self, field: &str, typed: &str) -> Option<T> {
        let value = typed.parse().ok();
        if value.is_none() {
            self.add(field, "choose");
        }
        value
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Stops here when anything is wrong.
    ///
    /// # Errors
    /// [`Refused::Invalid`] with all of it.
    pub fn check(self) -> Result<(), Refused> {
        if self.is_empty() { Ok(()) } else { Err(Refused::Invalid(self)) }
    }
}

/// Why a use case did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is no such thing, or they may not know that there is: 404.
    #[error("unknown")]
    Unknown,
    /// It exists and is not theirs to do: 403, or the sign-in page for somebody not signed in.
    #[error("not allowed")]
    NotAllowed,
    /// Their session ended, or they were switched off or deleted their account, while what they sent was on its way: they are
    /// asked to sign in, with every typed word kept.
    #[error("no longer signed in")]
    Ended,
    /// What was sent is not right: 422, with every typed word kept.
    #[error("invalid")]
    Invalid(Problems),
    /// The thing has moved on (words locked, vote closed): 409, with every typed word kept. The key names the message.
    #[error("moved on: {0}")]
    MovedOn(&'static str),
    /// Too many tries; how many seconds to wait: 429, with every typed word kept.
    #[error("too many, wait {0} s")]
    TooMany(i64),
    /// The database is away for the moment: 503, with every typed word kept.
    #[error("away")]
    Away(#[source] StoreError),
    /// The disk of the database takes nothing more: 507 with a reference number and every typed word kept.
    #[error("full")]
    Full(#[source] StoreError),
    /// A fault of ours: 500 with a reference number. The cause goes to the log only.
    #[error("fault: {0}")]
    Fault(Cause),
}

/// What lies behind a fault, as it may stand in a log: words of the program, and the kind of a database error. There is
/// no way to put anything else in, so nothing that people wrote can get into a log by it.
#[derive(Debug)]
pub struct Cause {
    what: &'static str,
    kind: Option<String>,
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            Some(kind) => write!(f, "{}: {kind}", self.what),
            None => f.write_str(self.what),
        }
    }
}

impl Refused {
    /// A fault of ours, in the program's own words.
    pub const fn fault(what: &'static str) -> Self {
        Self::Fault(Cause { what, kind: None })
    }

    /// One problem with one field.
    pub fn invalid(field: &str, key: &'static str) -> Self {
        Self::Invalid(Problems::one(field, key))
    }
}

impl From<StoreError> for Refused {
    fn from(e: StoreError) -> Self {
        match e {
            away @ StoreError::Away(_) => Self::Away(away),
            full @ StoreError::Full(_) => Self::Full(full),
            other => Self::Fault(Cause { what: "database", kind: Some(other.kind()) }),
        }
    }
}
