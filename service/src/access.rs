//! Signing in and out, sessions, and asking who somebody is.

mod common_passwords;
mod passwords;
pub(crate) mod tries;

use domain::access::{Known, Who};
use domain::ids::{CardId, FormId, PersonId, SessionId};
use domain::moment::Moment;
use domain::people::{CARD_TRIES, CardCode, CardSecret, Picture};
use domain::words::fold;
use store::Tx;
use store::access::{CardHashes, CardRow, NewSession};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

pub use passwords::Passwords;
pub use passwords::check_new as check_new_password;
pub(crate) use passwords::is_ours;

use tries::Tried;

use crate::world::{sha256, to_hex};
use crate::{Problems, Refused, Service};

/// A session that has just ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lapsed {
    /// Whose it was: only they get back what was typed in it.
    pub person: PersonId,
    /// They had said that others use the device too: the page to sign in again has it ticked already.
    pub shared: bool,
}

/// Who is asking, and by which session.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Who is asking.
    pub who: Who,
    /// Their session, when signed in.
    pub session: Option<Session>,
    /// The session that has just ended.
    pub lapsed: Option<Lapsed>,
}

impl Visit {
    /// Somebody who has not signed in.
    pub const fn nobody() -> Self {
        Self { who: Who::nobody(), session: None, lapsed: None }
    }
}

/// The session behind a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// When it ends if nothing more is asked.
    pub idle_end: Moment,
    /// On a device that others use too.
    pub shared: bool,
    /// Designs that they open are kept on this device: they asked for it, and nobody else uses it.
    pub keeps: bool,
    /// The person must choose a new password before anything else.
    pub must_change: bool,
}

/// A new session: what goes into the cookie. Shown nowhere else.
pub struct SignedIn {
    /// The cookie's value: 32 random bytes as hexadecimal.
    pub secret: String,
    /// Who signed in.
    pub person: PersonId,
    /// On a device that others use too: the cookie ends with the browser.
    pub shared: bool,
    /// Microseconds until the absolute end.
    pub lasts: i64,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedIn({})", self.person)
    }
}

/// How long a session lasts: without use, and at most. STANDARDS S-124.
#[derive(Debug, Clone, Copy)]
struct Limits {
    idle: i64,
    most: i64,
}

const STAFF: Limits = Limits { idle: 30 * Moment::MINUTE, most: 12 * Moment::HOUR };
const YOUNG: Limits = Limits { idle: 60 * Moment::MINUTE, most: 7 * Moment::DAY };
const SHARED: Limits = Limits { idle: 20 * Moment::MINUTE, most: 12 * Moment::HOUR };

/// Comments, saved parts and the like that one person may send in a minute.
const WRITTEN_IN_A_MINUTE: i64 = 30;

/// What somebody signs in with.
pub enum Credentials<'a> {
    /// Staff.
    Password {
        /// The sign-in name as typed.
        name: &'a str,
        /// The password as typed.
        password: &'a str,
    },
    /// A card, its code typed and its pictures chosen.
    Card {
        /// The code as typed.
        code: &'a str,
        /// The three pictures as chosen, in order.
        pictures: [&'a str; 3],
    },
    /// A card's own link: the card itself is what somebody has (docs/DECISIONS/0005).
    Link {
        /// The secret in the link; never the code.
        secret: &'a str,
    },
    /// An address with the code of a card in it: `/card/{code}`. It opens a card as its link does, but can be guessed, so
    /// right ones wait with wrong ones.
    CodeLink {
        /// The code in the address.
        code: &'a str,
    },
}

impl Service {
    /// Who a session secret belongs to; anybody without a live session is nobody. Two queries, either way.
    ///
    /// # Errors
    /// [`Refused::Away`] when the database is away: then nobody may be taken for signed out.
    pub async fn visit(&self, secret: Option<&str>) -> Result<Visit, Refused> {
        self.find_visit(secret, true).await
    }

    /// The same without noting that the session is alive: for what a page asks by itself (live news). Otherwise a page left
    /// open would keep somebody signed in for as long as others write.
    ///
    /// # Errors
    /// [`Refused::Away`] when the database is away.
    pub async fn visit_quietly(&self, secret: Option<&str>) -> Result<Visit, Refused> {
        self.find_visit(secret, false).await
    }

    async fn find_visit(&self, secret: Option<&str>, alive: bool) -> Result<Visit, Refused> {
        let Some(secret) = secret.filter(|s| s.len() == 64) else { return Ok(Visit::nobody()) };
        let now = self.now();
        let mut tx = self.store().read().await?;
        let hash = sha256(secret.as_bytes());
        let Some(row) = store::access::session(&mut tx, &hash, now).await? else {
            let row = store::access::session_owner(&mut tx, &hash).await?;
            let lapsed = row.map(|row| Lapsed { person: row.person_id, shared: row.shared });
            return Ok(Visit { lapsed, ..Visit::nobody() });
        };
        let groups = store::access::groups_of(&mut tx, row.person_id)
            .await?
            .into_iter()
            .filter_map(|(group, role)| Some((group.into(), role.parse().ok()?)))
            .collect();
        drop(tx);
        // A page view writes nothing, but for this: once a minute, that the session is alive.
        // Where that cannot be written, on a full disk, reading goes on all the same.
        if alive
            && now.since(row.seen_at) >= Moment::MINUTE
            && let Err(e) = self.touch(row.id, row.person_id, now).await
        {
            tracing::warn!(error = %e, "that a session is alive could not be noted");
        }
        let idle_end = now.plus(row.idle).min(row.ends_at);
        Ok(Visit {
            who: Who::known(Known { id: row.person_id, name: row.name, role: row.role, groups }).by(row.id),
            session: Some(Session {
                id: row.id,
                idle_end,
                shared: row.shared,
                keeps: row.keeps && !row.shared,
                must_change: row.must_change,
            }),
            lapsed: None,
        })
    }

    async fn touch(&self, session: SessionId, person: PersonId, now: Moment) -> Result<(), Refused> {
        let mut tx = self.store().write().await?;
        store::access::touch_session(&mut tx, session, now).await?;
        store::people::set_seen(&mut tx, person, now).await?;
        Ok(tx.commit().await?)
    }

    /// Signs somebody in. `place` is where the request came from (an address), only ever stored as a keyed hash.
    ///
    /// A wrong name, a wrong code, wrong pictures, a locked card and a switched-off account give the same answer after
    /// the same work.
    ///
    /// # Errors
    /// [`Refused::Invalid`] with the one problem `sign-in`; [`Refused::TooMany`] after too many wrong tries ([`tries`]).
    pub async fn sign_in(&self, with: Credentials<'_>, shared: bool, place: &str) -> Result<SignedIn, Refused> {
        let keys = self.world().keys.clone();
        match with {
            Credentials::Password { name, password } => {
                let tried = Tried::new(&keys, place, &fold(name));
                let mut tx = self.store().write().await?;
                let held = match tries::take_name(&mut tx, &tried, self.now()).await {
                    Ok(held) => held,
                    Err(refused) => return Err(self.waits(tx, &tried, refused).await),
                };
                tx.commit().await?;
                let found = self.by_password(name, password).await?;
                let mut tx = self.store().write().await?;
                let Some(person) = found else {
                    store::access::tally(&mut tx, "wrong-place", &tried.place, self.now()).await?;
                    tx.commit().await?;
                    return Err(Refused::invalid("sign-in", "sign-in"));
                };
                tries::right(&mut tx, &held, self.now()).await?;
                self.let_in(tx, person, shared, "password").await
            }
            Credentials::Card { code, pictures } => {
                let mut tx = self.store().write().await?;
                let found = self.by_card(&mut tx, code, pictures).await?;
                let typed = CardCode::parse(code).map_or_else(|| fold(code), |c| c.as_str().to_owned());
                self.by_what_they_hold(tx, found, shared, &Tried::new(&keys, place, &typed)).await
            }
            Credentials::Link { secret } => {
                let mut tx = self.store().write().await?;
                let found = self.by_link(&mut tx, secret).await?;
                self.by_what_they_hold(tx, found, shared, &Tried::new(&keys, place, secret)).await
            }
            Credentials::CodeLink { code } => {
                let tried = Tried::new(&keys, place, looked_up(code).as_str());
                let mut tx = self.store().write().await?;
                if let Err(refused) = tries::take_code(&mut tx, &tried, self.now()).await {
                    return Err(self.waits(tx, &tried, refused).await);
                }
                let found = self.by_code(&mut tx, code).await?;
                if found.is_some() {
                    tries::right_code(&mut tx, &tried, self.now()).await?;
                }
                self.by_what_they_hold(tx, found, shared, &tried).await
            }
        }
    }

    /// The end of a try that has to wait before it is judged. Nothing of it stays but that it failed, which is counted with
    /// the others.
    async fn waits(&self, tx: Tx, tried: &Tried, refused: Refused) -> Refused {
        drop(tx);
        if !matches!(refused, Refused::TooMany(_)) {
            return refused;
        }
        let counted = async {
            let mut tx = self.store().write().await?;
            store::access::tally(&mut tx, "wrong-place", &tried.place, self.now()).await?;
            tx.commit().await
        };
        match counted.await {
            Ok(()) => refused,
            Err(e) => e.into(),
        }
    }

    /// The end of a sign-in by card or link.
    async fn by_what_they_hold(
        &self,
        mut tx: Tx,
        found: Option<PersonId>,
        shared: bool,
        tried: &Tried,
    ) -> Result<SignedIn, Refused> {
        let now = self.now();
        let Some(person) = found else {
            let refused = tries::wrong_card(&mut tx, tried, now).await?;
            store::access::tally(&mut tx, "wrong-place", &tried.place, now).await?;
            tx.commit().await?;
            return Err(refused);
        };
        self.let_in(tx, person, shared, "card").await
    }

    /// The end of every good sign-in, in one transaction with what came before.
    async fn let_in(&self, mut tx: Tx, person: PersonId, shared: bool, way: &'static str) -> Result<SignedIn, Refused> {
        let signed_in = self.start_session(&mut tx, person, shared, way).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Counts a refusal (403) from a place: that it happened and how often, never what was asked or typed.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn note_refusal(&self, place: &str) -> Result<(), Refused> {
        let key = self.world().keys.hash("refused-place", place.as_bytes());
        let mut tx = self.store().write().await?;
        store::access::tally(&mut tx, "refused", &key, self.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Staff: the hash is computed even for a name nobody has, so that the time says nothing.
    async fn by_password(&self, name: &str, password: &str) -> Result<Option<PersonId>, Refused> {
        let mut tx = self.store().read().await?;
        let row = store::people::find_by_key(&mut tx, &fold(name)).await?;
        drop(tx);
        let (person, hash) = match row {
            Some(row) => (row.active.then_some(row.id), row.password),
            None => (None, None),
        };
        let good = self.passwords().verify(hash, password.to_owned()).await?;
        Ok(person.filter(|_| good))
    }

    /// By card: what is looked up is a keyed hash, so the database alone gives nobody a code. A try is taken before the
    /// pictures are compared; five wrong ones in a row lock the card. The code alone opens nothing.
    ///
    /// The same statements in the same order, whether there is no such card, it is locked, its person is switched off
    /// or the pictures are wrong.
    async fn by_card(&self, tx: &mut Tx, code: &str, pictures: [&str; 3]) -> Result<Option<PersonId>, Refused> {
        let keys = self.world().keys.clone();
        let code = looked_up(code);
        let card = self.card_of(tx, &code).await?;
        let chosen = pictures.join(",");
        let typed: Vec<[u8; 32]> = keys.hashes("card-pictures", format!("{code}:{chosen}").as_bytes()).collect();
        let none = CardId(Uuid::nil());
        let stored = card.as_ref().map_or(&[0u8; 32][..], |c| c.pictures_hash.as_slice());
        let same = typed.iter().fold(false, |found, h| found | bool::from(h.as_slice().ct_eq(stored)));
        let id = card.as_ref().map_or(none, |c| c.id);
        let taken = store::access::take_try(tx, id).await?;
        let open = card.as_ref().is_some_and(is_open);
        let good = open && taken && same;
        if good {
            store::access::card_good(tx, id, self.now()).await?;
        }
        Ok(card.filter(|_| good).map(|c| c.person_id))
    }

    /// By a card's link. A sign-in by it forgives no wrong pictures; a card they locked it does not open.
    async fn by_link(&self, tx: &mut Tx, secret: &str) -> Result<Option<PersonId>, Refused> {
        let keys = self.world().keys.clone();
        let secret = CardSecret::parse(secret);
        let secret = secret.as_ref().map_or("-", CardSecret::as_str);
        let mut card = None;
        for hash in keys.hashes("card-link", secret.as_bytes()) {
            card = store::access::card_by_link(tx, &hash).await?.or(card);
        }
        self.opened(tx, card).await
    }

    /// By the code in an address. The same statements whether there is such a card or not; the caller has taken a try.
    async fn by_code(&self, tx: &mut Tx, code: &str) -> Result<Option<PersonId>, Refused> {
        let card = self.card_of(tx, &looked_up(code)).await?;
        self.opened(tx, card).await
    }

    /// The card with a code, looked for by each key there is. `code`: as [`looked_up`] gives it.
    async fn card_of(&self, tx: &mut Tx, code: &str) -> Result<Option<CardRow>, Refused> {
        let mut card = None;
        for hash in self.world().keys.hashes("card-code", code.as_bytes()) {
            card = store::access::card(tx, &hash).await?.or(card);
        }
        Ok(card)
    }

    /// Whose card was opened without its pictures, if it may be: no card that is locked, and none of somebody switched off.
    async fn opened(&self, tx: &mut Tx, card: Option<CardRow>) -> Result<Option<PersonId>, Refused> {
        let Some(card) = card.filter(is_open) else { return Ok(None) };
        store::access::card_link_good(tx, card.id, self.now()).await?;
        Ok(Some(card.person_id))
    }

    async fn start_session(
        &self,
        tx: &mut Tx,
        person: PersonId,
        shared: bool,
        way: &'static str,
    ) -> Result<SignedIn, Refused> {
        let now = self.now();
        let Some(row) = store::people::find(tx, person).await? else { return Err(Refused::Unknown) };
        let limits = match (shared, row.role.is_staff()) {
            (true, _) => SHARED,
            (false, true) => STAFF,
            (false, false) => YOUNG,
        };
        let mut secret = [0u8; 32];
        self.world().chance.fill(&mut secret);
        let secret = to_hex(&secret);
        let session = NewSession {
            id: self.new_id(),
            secret_hash: sha256(secret.as_bytes()),
            person,
            made_at: now,
            idle: limits.idle,
            ends_at: now.plus(limits.most),
            shared,
            way,
        };
        store::access::start_session(tx, &session).await?;
        store::people::set_seen(tx, person, now).await?;
        Ok(SignedIn { secret, person, shared, lasts: limits.most })
    }

    /// Ends the session of this request.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn sign_out(&self, visit: &Visit) -> Result<(), Refused> {
        if let (Some(person), Some(session)) = (visit.who.id(), visit.session) {
            let mut tx = self.store().write().await?;
            store::access::end_session(&mut tx, session.id, person).await?;
            tx.commit().await?;
            self.news().tell(crate::news::Event::Rights { person });
        }
        Ok(())
    }

    /// Counts one more thing that somebody writes for others to read, in the transaction that writes it. What is refused is
    /// not counted. Those whom a command speaks for have no session and no limit.
    ///
    /// # Errors
    /// [`Refused::TooMany`] when it is more than a person writes in a minute.
    pub(crate) async fn pace(&self, tx: &mut Tx, who: &Who) -> Result<(), Refused> {
        let Some((person, _)) = who.id().zip(who.session()) else { return Ok(()) };
        let now = self.now();
        let key = self.world().keys.hash("writing", person.0.as_bytes());
        if store::access::tally(tx, "writing", &key, now).await? <= WRITTEN_IN_A_MINUTE {
            return Ok(());
        }
        Err(Refused::TooMany((Moment::MINUTE - now.0 % Moment::MINUTE + Moment::SECOND - 1) / Moment::SECOND))
    }

    /// What a form says of whose it is, so that only the same person gets its words back: a keyed hash, never their id.
    pub fn owner_mark(&self, person: PersonId) -> String {
        short(&self.world().keys.hash(OWNER, person.0.as_bytes()))
    }

    /// The marks of a person by every key of ours, the newest first.
    pub fn owner_marks(&self, person: PersonId) -> Vec<String> {
        self.world().keys.hashes(OWNER, person.0.as_bytes()).map(|hash| short(&hash)).collect()
    }

    /// Whether a mark is this person's, by any of our keys: one that was rotated meanwhile loses nobody's words.
    pub fn is_owner(&self, person: PersonId, mark: &str) -> bool {
        self.world().keys.hashes(OWNER, person.0.as_bytes()).any(|hash| short(&hash) == mark)
    }

    /// Keeps a form that met an ended session, for the person who signs in next, and gives the id to find it by.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn keep_form(&self, person: PersonId, path: &str, fields: &[(String, String)]) -> Result<Uuid, Refused> {
        let id: Uuid = self.new_id();
        let fields = serde_json::to_string(fields).map_err(|_| Refused::fault("a form cannot be written down"))?;
        let mut tx = self.store().write().await?;
        store::access::drop_kept(&mut tx, person, path).await?;
        store::access::keep_form(&mut tx, id, person, path, &fields, self.now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A kept form of this person for this address.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn kept_form(&self, who: &Who, id: Uuid, path: &str) -> Result<Option<Vec<(String, String)>>, Refused> {
        let Some(person) = who.id() else { return Ok(None) };
        let mut tx = self.store().read().await?;
        let kept = store::access::kept_form(&mut tx, id, person).await?;
        Ok(kept.filter(|k| k.path == path).and_then(|k| serde_json::from_str(&k.fields).ok()))
    }

    /// Removes what has ended: sessions, old marks, old minutes. Safe to call at any time, from every instance.
    ///
    /// # Errors
    /// [`Refused`] when the database fails.
    pub async fn sweep(&self) -> Result<(), Refused> {
        let mut tx = self.store().write().await?;
        store::access::sweep(&mut tx, self.now()).await?;
        store::tries::sweep(&mut tx, self.now()).await?;
        // Nobody takes an hour from the bytes of a picture to its place in the words.
        store::files::sweep(&mut tx, self.now().plus(-Moment::HOUR)).await?;
        tx.commit().await?;
        Ok(())
    }
}

const OWNER: &str = "kept-owner";

/// Half of a hash is enough to tell people apart, and every form carries it.
fn short(hash: &[u8; 32]) -> String {
    to_hex(&hash[..16])
}

/// No card that wrong pictures locked, and none of somebody switched off, opens anything.
const fn is_open(card: &CardRow) -> bool {
    card.active && card.tries < CARD_TRIES
}

/// A code as it is looked up: what cannot be one is looked up like any other, so that every answer takes the same work.
fn looked_up(code: &str) -> String {
    CardCode::parse(code).map_or_else(|| "-".to_owned(), |c| c.as_str().to_owned())
}

/// Makes a form sent twice the same as once: gives what the first one made, or `None` for a form not seen before. What is
/// the same form is said where forms are read: the same person, address and content.
/// Call it in the transaction of the act, and [`done`] at its end.
///
/// # Errors
/// [`Refused`] when the database fails.
pub async fn before(tx: &mut Tx, form: FormId) -> Result<Option<Option<Uuid>>, Refused> {
    Ok(store::access::form_done(tx, form).await?)
}

/// Notes what a form made. See [`before`].
///
/// # Errors
/// [`Refused`] when the database fails.
pub async fn done(tx: &mut Tx, form: FormId, made: Option<Uuid>, now: Moment) -> Result<(), Refused> {
    match store::access::mark_form(tx, form, made, now).await {
        // On PostgreSQL the same form can arrive on two instances at once: the second one changes nothing.
        Err(store::StoreError::Taken(_)) => Err(Refused::MovedOn("sent-twice")),
        other => Ok(other?),
    }
}

/// The keyed hashes of a new card.
pub fn card_hashes(keys: &crate::Keys, code: &CardCode, pictures: [Picture; 3], secret: &CardSecret) -> CardHashes {
    let names = pictures.map(Picture::name).join(",");
    CardHashes {
        code: keys.hash("card-code", code.as_str().as_bytes()),
        pictures: keys.hash("card-pictures", format!("{}:{names}", code.as_str()).as_bytes()),
        link: keys.hash("card-link", secret.as_str().as_bytes()),
    }
}

/// Checks a new password and its repetition, as a form's problems.
pub fn new_password_problems(password: &str, names: &[&str]) -> Problems {
    let mut problems = Problems::new();
    if let Err(bad) = check_new_password(password, names) {
        problems.add(
            "new_password",
            match bad {
                domain::people::BadPassword::TooShort => "password-short",
                domain::people::BadPassword::TooLong => "password-long",
                domain::people::BadPassword::Common => "password-common",
            },
        );
    }
    problems
}
