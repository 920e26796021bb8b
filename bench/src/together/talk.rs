//! What all programs that are measured have in common: they are spoken to over a socket, and say what others type.

use std::time::Duration;

use tokio_tungstenite::tungstenite::Message;

use crate::Wrong;

/// What something that was heard means.
#[derive(Default)]
pub struct Heard {
    /// To be said at once.
    pub answers: Vec<Message>,
    /// The beginning is complete: one can type from here on.
    pub ready: bool,
    /// What was sent last was taken.
    pub taken: bool,
    /// Letters of others that are on this screen now: whose, and how many of theirs there are in all.
    pub letters: Vec<(u64, u32)>,
}

/// What somebody types on.
pub trait Keys {
    /// A letter is typed; how many were typed then.
    fn letter(&mut self) -> Result<u32, Wrong>;
    /// Any key, while a past is made.
    fn any_key(&mut self) -> Result<(), Wrong>;
}

/// One editor, in the words of one program: what its page does, without the page.
pub trait Talk: Send {
    /// Said first.
    fn hello(&mut self) -> Vec<Message>;
    /// Takes in what was heard. An editor that does not look only notes what it must to go on typing.
    fn hear(&mut self, message: &Message) -> Result<Heard, Wrong>;
    /// Whose letters its letters are; zero before it is ready.
    fn me(&self) -> u64;
    /// What it types on.
    fn keys(&mut self) -> &mut dyn Keys;
    /// What was typed and not sent, as it is sent.
    fn send(&mut self) -> Result<Option<Message>, Wrong>;
    /// How long its page waits between two times that it sends.
    fn each(&self) -> Duration;
    /// Its page sends nothing before what it sent last was taken.
    fn waits(&self) -> bool;
    /// All that is on its screen, where it keeps that.
    fn words(&self) -> Option<String>;
}
