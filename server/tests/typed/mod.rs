//! What somebody types into a form, as the program reads it.

/// A group with a name: everything that its form asks for.
pub const fn group(name: &str) -> [(&'static str, &str); 7] {
    [
        ("name", name),
        ("purpose", "We look after one thing together."),
        ("kind", "youth-council"),
        ("visibility", "open"),
        ("colour", "plum"),
        ("symbol", "1F465"),
        ("checking", "after"),
    ]
}
