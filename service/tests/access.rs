//! Signing in: what must look the same looks the same and asks the same; limits hold; sessions end.

mod support;

use domain::access::Who;
use domain::ids::CardId;
use domain::moment::Moment;
use domain::people::{CARD_TRIES, CardCode, CardSecret, Picture, Role};
use service::Refused;
use service::access::{Credentials, Passwords, card_hashes};
use service::people::NewPerson;
use store::access::NewCard;
use support::Test;

const CODE: &str = "ABCDEFGH";
const PICTURES: [Picture; 3] = [Picture::Dog, Picture::Moon, Picture::Bus];
const RIGHT: [&str; 3] = ["dog", "moon", "bus"];
const WRONG: [&str; 3] = ["dog", "moon", "key"];

/// Makes somebody's card and gives what its link carries.
async fn card(t: &Test, who: &Who, code: &str) -> String {
    let code = CardCode::parse(code).expect("a code");
    let mut secret = [0; CardSecret::BYTES];
    t.service.world().chance.fill(&mut secret);
    let secret = CardSecret::from_random(secret);
    let hashes = card_hashes(&t.service.world().keys, &code, PICTURES, &secret);
    let id: CardId = t.service.new_id();
    let mut tx = t.service.store().write().await.expect("a transaction");
    let person = who.id().expect("a person");
    let new = NewCard { id, person, hashes: &hashes, made_at: t.now(), by: None };
    assert!(store::access::insert_card(&mut tx, &new).await.expect("a card"));
    tx.commit().await.expect("committed");
    secret.as_str().to_owned()
}

async fn switch(t: &Test, who: &Who, active: bool) {
    let mut tx = t.service.store().write().await.expect("a transaction");
    store::people::set_active(&mut tx, who.id().expect("a person"), active).await.expect("switched");
    tx.commit().await.expect("committed");
}

async fn by_card(t: &Test, code: &str, pictures: [&str; 3]) -> Result<service::access::SignedIn, Refused> {
    t.service.sign_in(Credentials::Card { code, pictures }, false, "198.51.100.7").await
}

async fn by_link(t: &Test, secret: &str) -> Result<service::access::SignedIn, Refused> {
    t.service.sign_in(Credentials::Link { secret }, false, "198.51.100.7").await
}

async fn by_code_link(t: &Test, code: &str) -> Result<service::access::SignedIn, Refused> {
    t.service.sign_in(Credentials::CodeLink { code }, false, "198.51.100.7").await
}

fn is_the_one_message(e: &Refused) -> bool {
    matches!(e, Refused::Invalid(p) if p.0.len() == 1 && p.0[0].field == "sign-in" && p.0[0].key == "sign-in")
}

#[tokio::test]
async fn a_card_signs_in_typed_in_any_case_and_by_its_link() {
    for t in support::all().await {
        let robin = t.person("Robin", Role::YoungPerson).await;
        let secret = card(&t, &robin, CODE).await;
        let signed_in = by_card(&t, " abcd-efgh ", RIGHT).await.expect("signed in");
        assert_eq!(t.visit(&signed_in.secret).await.who.id(), robin.id(), "{}", t.engine);
        let with = Credentials::Link { secret: &secret };
        let link = t.service.sign_in(with, true, "198.51.100.7").await.expect("signed in");
        assert!(link.shared);
        assert_eq!(t.visit(&link.secret).await.who.id(), robin.id(), "{}", t.engine);
    }
}

#[tokio::test]
async fn a_link_is_its_secret_and_dies_with_its_card() {
    for t in support::all().await {
        let robin = t.person("Robin", Role::YoungPerson).await;
        let id = robin.id().expect("id");
        let secret = card(&t, &robin, CODE).await;
        for guess in [CODE, "abcdefgh", "ABCD EFGH", "", "-", &secret.to_uppercase(), &secret[..31], &"0".repeat(32)] {
            assert!(is_the_one_message(&by_link(&t, guess).await.expect_err("refused")), "{}: {guess}", t.engine);
        }
        let mut tx = t.service.store().write().await.expect("a transaction");
        store::access::end_cards(&mut tx, id, t.now()).await.expect("ended");
        tx.commit().await.expect("committed");
        assert!(is_the_one_message(&by_link(&t, &secret).await.expect_err("dead")), "{}", t.engine);
        let again = card(&t, &robin, "BBBBCCCC").await;
        by_link(&t, &again).await.expect("the new one");
        switch(&t, &robin, false).await;
        assert!(is_the_one_message(&by_link(&t, &again).await.expect_err("switched off")), "{}", t.engine);
    }
}

#[tokio::test]
async fn the_code_in_an_address_opens_a_card_as_its_link_does() {
    for t in support::all().await {
        let robin = t.person("Robin", Role::YoungPerson).await;
        card(&t, &robin, CODE).await;
        for code in [CODE, "abcdefgh", "ABCD EFGH"] {
            let signed_in = by_code_link(&t, code).await.expect("signed in");
            assert_eq!(t.visit(&signed_in.secret).await.who.id(), robin.id(), "{}: {code}", t.engine);
        }
        for code in ["BBBBCCCC", "", "-", &"0".repeat(32)] {
            assert!(is_the_one_message(&by_code_link(&t, code).await.expect_err("refused")), "{}: {code}", t.engine);
        }
        switch(&t, &robin, false).await;
        assert!(is_the_one_message(&by_code_link(&t, CODE).await.expect_err("switched off")), "{}", t.engine);
    }
}

#[tokio::test]
async fn five_wrong_tries_lock_a_card_and_both_its_addresses_until_it_is_made_anew() {
    for t in support::all().await {
        let robin = t.person("Robin", Role::YoungPerson).await;
        let id = robin.id().expect("id");
        let secret = card(&t, &robin, CODE).await;
        for _ in 0..CARD_TRIES - 1 {
            by_card(&t, CODE, WRONG).await.expect_err("wrong");
        }
        // Neither forgives wrong pictures.
        by_link(&t, &secret).await.expect("signed in");
        by_code_link(&t, CODE).await.expect("signed in");
        by_card(&t, CODE, WRONG).await.expect_err("the fifth in a row");
        for locked in [by_card(&t, CODE, RIGHT).await, by_link(&t, &secret).await, by_code_link(&t, CODE).await] {
            assert!(is_the_one_message(&locked.expect_err("locked")), "{}", t.engine);
        }
        let mut tx = t.service.store().write().await.expect("a transaction");
        store::access::end_cards(&mut tx, id, t.now()).await.expect("ended");
        tx.commit().await.expect("committed");
        let again = card(&t, &robin, "BBBBCCCC").await;
        by_link(&t, &again).await.expect("the new one");
        by_code_link(&t, "BBBBCCCC").await.expect("and its code");
    }
}

#[tokio::test]
async fn codes_in_addresses_cannot_be_guessed_fast_and_a_guess_that_is_right_waits_too() {
    for t in support::all().await {
        let robin = t.person("Robin", Role::YoungPerson).await;
        let secret = card(&t, &robin, CODE).await;
        let code = |n: usize| {
            format!("BBBBBB{}{}", ["B", "C", "D", "F", "G", "H"][n / 6], ["B", "C", "D", "F", "G", "H"][n % 6])
        };
        for n in 0..30 {
            assert_eq!(waited(by_code_link(&t, &code(n)).await), Some(0), "{}: {n}", t.engine);
        }
        assert_eq!(waited(by_code_link(&t, CODE).await), Some(10), "{}: a right one waits here", t.engine);
        assert_eq!(waited(by_link(&t, &secret).await), None, "{}: a secret cannot be guessed", t.engine);
        assert_eq!(waited(by_card(&t, CODE, RIGHT).await), None, "{}: nor the pictures", t.engine);
        // Whoever guesses from everywhere at once waits as well.
        for n in 0..570 {
            let with = Credentials::CodeLink { code: &code(n % 36) };
            assert_eq!(
                waited(t.service.sign_in(with, false, &format!("place {n}")).await),
                Some(0),
                "{}: {n}",
                t.engine
            );
        }
        let with = Credentials::CodeLink { code: CODE };
        assert_eq!(waited(t.service.sign_in(with, false, "yet another").await), Some(1), "{}", t.engine);
        t.pass(Moment::SECOND);
        let with = Credentials::CodeLink { code: CODE };
        assert_eq!(waited(t.service.sign_in(with, false, "yet another").await), None, "{}", t.engine);
    }
}

#[tokio::test]
async fn no_card_locked_card_switched_off_and_wrong_pictures_answer_alike_after_the_same_queries() {
    for t in support::all().await {
        let people = [
            (t.person("Wrong", Role::YoungPerson).await, "AAAABBBB"),
            (t.person("Locked", Role::YoungPerson).await, "CCCCDDDD"),
            (t.person("Off", Role::YoungPerson).await, "EEEEFFFF"),
        ];
        let mut links = Vec::new();
        for (who, code) in &people {
            links.push(card(&t, who, code).await);
        }
        // Elsewhere: a code that was tried here before is counted by another statement, whether it is one or not.
        for _ in 0..CARD_TRIES {
            let with = Credentials::Card { code: "CCCCDDDD", pictures: WRONG };
            t.service.sign_in(with, false, "198.51.100.9").await.expect_err("wrong");
        }
        switch(&t, &people[2].0, false).await;
        let mut traces = Vec::new();
        for (code, pictures) in [
            ("AAAABBBB", WRONG),
            ("CCCCDDDD", RIGHT),
            ("EEEEFFFF", RIGHT),
            ("HHHHJJJJ", RIGHT),
            ("no code at all", RIGHT),
            ("", ["", "", ""]),
        ] {
            let (answer, asked) = store::trace::of(by_card(&t, code, pictures)).await;
            let e = answer.expect_err("refused");
            assert!(is_the_one_message(&e), "{}: {code}: {e:?}", t.engine);
            traces.push((code, asked));
        }
        for (code, asked) in &traces[1..] {
            assert_eq!(asked, &traces[0].1, "{}: {code}", t.engine);
        }
        // The same through the cards' links.
        let mut traces = Vec::new();
        let off = &links[2];
        for secret in [off.as_str(), CODE, "HHHHJJJJ", &"0".repeat(32)] {
            let with = Credentials::Link { secret };
            let (answer, asked) = store::trace::of(t.service.sign_in(with, false, "198.51.100.8")).await;
            assert!(is_the_one_message(&answer.expect_err("refused")), "{}: {secret}", t.engine);
            traces.push(asked);
        }
        assert!(traces.iter().all(|asked| asked == &traces[0]), "{}", t.engine);
        // And through their codes in addresses.
        let mut traces = Vec::new();
        for code in ["CCCCDDDD", "EEEEFFFF", "HHHHJJJJ"] {
            let with = Credentials::CodeLink { code };
            let (answer, asked) = store::trace::of(t.service.sign_in(with, false, "198.51.100.10")).await;
            assert!(is_the_one_message(&answer.expect_err("refused")), "{}: {code}", t.engine);
            traces.push(asked);
        }
        assert!(traces.iter().all(|asked| asked == &traces[0]), "{}", t.engine);
    }
}

#[tokio::test]
async fn an_unknown_name_a_wrong_password_and_a_switched_off_account_answer_alike() {
    for t in support::all().await {
        let on = t.person("Ashley Grove", Role::Officer).await;
        let off = t.person("Kit Marsh", Role::Officer).await;
        let chance = t.service.world().chance.clone();
        let hash = Passwords::new().hash("three quiet lamps".to_owned(), chance.as_ref()).await.expect("hashed");
        for who in [&on, &off] {
            let mut tx = t.service.store().write().await.expect("a transaction");
            store::people::set_password(&mut tx, who.id().expect("id"), &hash, false).await.expect("set");
            tx.commit().await.expect("committed");
        }
        switch(&t, &off, false).await;
        let mut traces = Vec::new();
        for (name, password) in [
            ("ashley grove", "another password"),
            ("Kit Marsh", "three quiet lamps"),
            ("Nobody Here", "three quiet lamps"),
            ("", ""),
        ] {
            let with = Credentials::Password { name, password };
            let (answer, asked) = store::trace::of(t.service.sign_in(with, false, "198.51.100.7")).await;
            assert!(is_the_one_message(&answer.expect_err("refused")), "{}: {name}", t.engine);
            traces.push(asked);
        }
        assert!(traces.iter().all(|asked| asked == &traces[0]), "{}", t.engine);
        let hashed = traces[0].iter().filter(|work| **work == "argon2id").count();
        assert_eq!(hashed, 1, "{}: the same slow work once, whoever it is", t.engine);
        let with = Credentials::Password { name: "  ASHLEY  grove ", password: "three quiet lamps" };
        t.service.sign_in(with, false, "198.51.100.7").await.expect("signed in");
    }
}

#[tokio::test]
async fn five_wrong_tries_in_a_row_lock_a_card_and_a_right_one_starts_the_count_again() {
    for t in support::all().await {
        let robin = t.person("Robin", Role::YoungPerson).await;
        card(&t, &robin, CODE).await;
        for _ in 0..CARD_TRIES - 1 {
            by_card(&t, CODE, WRONG).await.expect_err("wrong");
        }
        by_card(&t, CODE, RIGHT).await.expect("the fifth try is the right one");
        t.pass(20 * Moment::MINUTE);
        for _ in 0..CARD_TRIES {
            by_card(&t, CODE, WRONG).await.expect_err("wrong");
        }
        assert!(is_the_one_message(&by_card(&t, CODE, RIGHT).await.expect_err("locked")), "{}", t.engine);
        t.pass(30 * Moment::DAY);
        assert!(is_the_one_message(&by_card(&t, CODE, RIGHT).await.expect_err("time does not unlock")), "{}", t.engine);
    }
}

#[tokio::test]
async fn many_tries_at_once_compare_no_more_than_five() {
    for t in support::all().await {
        let robin = t.person("Robin", Role::YoungPerson).await;
        card(&t, &robin, CODE).await;
        let mut tries = tokio::task::JoinSet::new();
        for n in 0..9 {
            let service = t.service.clone();
            tries.spawn(async move {
                let with = Credentials::Card { code: CODE, pictures: WRONG };
                service.sign_in(with, false, &format!("198.51.100.{n}")).await
            });
        }
        for answer in tries.join_all().await {
            answer.expect_err("wrong");
        }
        let mut tx = t.service.store().read().await.expect("a transaction");
        let line = store::access::card_of(&mut tx, robin.id().expect("id")).await.expect("asked").expect("a card");
        assert_eq!(line.tries, CARD_TRIES, "{}", t.engine);
    }
}

/// Somebody of staff with this sign-in name and a password.
async fn staff(t: &Test, name: &str) -> Who {
    let who = t.person(name, Role::Officer).await;
    let chance = t.service.world().chance.clone();
    let hash = Passwords::new().hash(PASSWORD.to_owned(), chance.as_ref()).await.expect("hashed");
    let mut tx = t.service.store().write().await.expect("a transaction");
    store::people::set_password(&mut tx, who.id().expect("id"), &hash, false).await.expect("set");
    tx.commit().await.expect("committed");
    who
}

const PASSWORD: &str = "three quiet lamps";

/// `None` when it signed in, 0 when it was wrong, else the seconds to wait.
async fn try_name(t: &Test, name: &str, password: &str, place: &str) -> Option<i64> {
    waited(t.service.sign_in(Credentials::Password { name, password }, false, place).await)
}

fn waited(answer: Result<service::access::SignedIn, Refused>) -> Option<i64> {
    match answer {
        Ok(_) => None,
        Err(Refused::TooMany(seconds)) => Some(seconds),
        Err(e) if is_the_one_message(&e) => Some(0),
        Err(e) => panic!("{e:?}"),
    }
}

#[tokio::test]
async fn after_ten_wrong_passwords_the_wait_at_this_place_grows_and_elsewhere_there_is_none() {
    for t in support::all().await {
        staff(&t, "Ash Grove").await;
        for _ in 0..10 {
            assert_eq!(try_name(&t, "Ash Grove", "wrong", "a").await, Some(0), "{}", t.engine);
        }
        assert_eq!(try_name(&t, "  ash GROVE", PASSWORD, "a").await, Some(30), "{}: spelled differently", t.engine);
        t.pass(20 * Moment::SECOND);
        assert_eq!(try_name(&t, "Ash Grove", PASSWORD, "a").await, Some(10), "{}: it is told what is left", t.engine);
        t.pass(10 * Moment::SECOND);
        assert_eq!(try_name(&t, "Ash Grove", "wrong", "a").await, Some(0), "{}", t.engine);
        assert_eq!(try_name(&t, "Ash Grove", "wrong", "a").await, Some(60), "{}: it grows", t.engine);
        assert_eq!(try_name(&t, "Ash Grove", PASSWORD, "b").await, None, "{}: another place", t.engine);
        t.pass(Moment::MINUTE);
        assert_eq!(try_name(&t, "Ash Grove", PASSWORD, "a").await, None, "{}", t.engine);
        assert_eq!(try_name(&t, "Ash Grove", "wrong", "a").await, Some(0), "{}: and starts again", t.engine);
        assert_eq!(try_name(&t, "Ash Grove", PASSWORD, "a").await, None, "{}", t.engine);
    }
}

#[tokio::test]
async fn a_name_under_attack_from_everywhere_lets_its_owner_in_where_they_signed_in_before() {
    for t in support::all().await {
        staff(&t, "Ash Grove").await;
        assert_eq!(try_name(&t, "Ash Grove", PASSWORD, "the office").await, None, "{}", t.engine);
        for n in 0..30 {
            assert_eq!(try_name(&t, "Ash Grove", "wrong", &format!("{n}")).await, Some(0), "{}: {n}", t.engine);
        }
        assert_eq!(try_name(&t, "Ash Grove", "wrong", "one more").await, Some(30), "{}", t.engine);
        assert_eq!(try_name(&t, "Ash Grove", PASSWORD, "a train").await, Some(30), "{}: a new place waits", t.engine);
        assert_eq!(try_name(&t, "Ash Grove", PASSWORD, "the office").await, None, "{}", t.engine);
        t.pass(30 * Moment::SECOND);
        assert_eq!(try_name(&t, "Ash Grove", PASSWORD, "a train").await, None, "{}: nor for long", t.engine);
        // A name that nobody has waits the same.
        for n in 0..30 {
            assert_eq!(try_name(&t, "No One", "wrong", &format!("{n}x")).await, Some(0), "{}: {n}", t.engine);
        }
        assert_eq!(try_name(&t, "No One", "wrong", "one more").await, Some(30), "{}", t.engine);
    }
}

#[tokio::test]
async fn a_place_waits_for_different_names_and_codes_and_right_cards_and_links_never_wait() {
    for t in support::all().await {
        let robin = t.person("Robin", Role::YoungPerson).await;
        let secret = card(&t, &robin, CODE).await;
        staff(&t, "Ash Grove").await;
        staff(&t, "Kit Marsh").await;
        let place = "198.51.100.7";
        assert_eq!(try_name(&t, "Ash Grove", PASSWORD, place).await, None, "{}", t.engine);
        // One child, again and again: that is one code.
        for n in 0..40 {
            assert_eq!(waited(by_card(&t, "BBBBBBBB", WRONG).await), Some(0), "{}: {n}", t.engine);
        }
        for n in 0..28 {
            assert_eq!(try_name(&t, &format!("Nobody {n}"), "wrong", place).await, Some(0), "{}: {n}", t.engine);
        }
        assert_eq!(waited(by_link(&t, &"0".repeat(32)).await), Some(0), "{}: the thirtieth", t.engine);
        // Whatever is wrong waits, the same for a card that is there and one that is not.
        for code in [CODE, "CCCCCCCC", "not a code"] {
            assert_eq!(waited(by_card(&t, code, WRONG).await), Some(10), "{}: {code}", t.engine);
        }
        assert_eq!(waited(by_link(&t, &"1".repeat(32)).await), Some(10), "{}", t.engine);
        assert_eq!(try_name(&t, "Kit Marsh", PASSWORD, place).await, Some(10), "{}: new here", t.engine);
        assert_eq!(waited(by_card(&t, CODE, RIGHT).await), None, "{}: a right card", t.engine);
        assert_eq!(waited(by_link(&t, &secret).await), None, "{}: a right link", t.engine);
        assert_eq!(try_name(&t, "Ash Grove", PASSWORD, place).await, None, "{}: known here", t.engine);
        assert_eq!(try_name(&t, "Kit Marsh", PASSWORD, "elsewhere").await, None, "{}", t.engine);
        t.pass(10 * Moment::SECOND);
        assert_eq!(waited(by_card(&t, "DDDDDDDD", WRONG).await), Some(0), "{}", t.engine);
        assert_eq!(waited(by_card(&t, "EEEEEEEE", WRONG).await), Some(20), "{}: it grows", t.engine);
        t.pass(2 * Moment::HOUR);
        assert_eq!(try_name(&t, "Kit Marsh", PASSWORD, place).await, None, "{}", t.engine);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_are_judged_no_oftener_than_one_after_the_other() {
    for t in support::all().await {
        staff(&t, "Ash Grove").await;
        let mut names = tokio::task::JoinSet::new();
        for _ in 0..60 {
            let service = t.service.clone();
            names.spawn(async move {
                let with = Credentials::Password { name: "Ash Grove", password: "wrong" };
                let (answer, asked) = store::trace::of(service.sign_in(with, false, "a")).await;
                (waited(answer), asked.contains(&"argon2id"))
            });
        }
        let names = names.join_all().await;
        let judged = names.iter().filter(|(wait, hashed)| *wait == Some(0) && *hashed).count();
        let waiting = names.iter().filter(|(wait, hashed)| wait.is_some_and(|s| s > 0) && !*hashed).count();
        assert_eq!((judged, waiting), (10, 50), "{}: passwords", t.engine);

        let mut links = tokio::task::JoinSet::new();
        for n in 0..60 {
            let service = t.service.clone();
            links.spawn(async move {
                let secret = format!("{n:032}");
                waited(service.sign_in(Credentials::Link { secret: &secret }, false, "b").await)
            });
        }
        let links = links.join_all().await;
        assert_eq!(links.iter().filter(|wait| **wait == Some(0)).count(), 30, "{}: links", t.engine);
        assert!(links.iter().all(Option::is_some), "{}", t.engine);
    }
}

#[tokio::test]
async fn sessions_end_by_the_clock_sooner_on_a_shared_device_and_for_staff() {
    for t in support::all().await {
        let robin = t.person("Robin", Role::YoungPerson).await;
        card(&t, &robin, CODE).await;
        let own = by_card(&t, CODE, RIGHT).await.expect("signed in");
        let with = Credentials::Card { code: CODE, pictures: RIGHT };
        let shared = t.service.sign_in(with, true, "x").await.expect("signed in");
        let here = async |secret: &str| t.visit(secret).await.who.id().is_some();
        t.pass(19 * Moment::MINUTE);
        assert!(here(&shared.secret).await && here(&own.secret).await);
        t.pass(21 * Moment::MINUTE);
        assert!(!here(&shared.secret).await, "{}", t.engine);
        assert!(here(&own.secret).await);
        // Used all the time it still ends after seven days.
        for _ in 0..190 {
            t.pass(55 * Moment::MINUTE);
            here(&own.secret).await;
        }
        assert!(!here(&own.secret).await, "{}: the absolute end", t.engine);
        assert_eq!(
            t.visit(&own.secret).await.lapsed.map(|l| (Some(l.person), l.shared)),
            Some((robin.id(), false)),
            "a lapsed session still says whose words may be kept"
        );
    }
}

#[tokio::test]
async fn staff_are_signed_out_after_half_an_hour_or_on_a_shared_device_sooner_and_after_twelve_hours() {
    for t in support::all().await {
        let ash = t.person("Ash Grove", Role::Officer).await;
        let hash = Passwords::new().hash("three quiet lamps".to_owned(), t.service.world().chance.as_ref()).await;
        let mut tx = t.service.store().write().await.expect("a transaction");
        store::people::set_password(&mut tx, ash.id().expect("id"), &hash.expect("hashed"), false).await.expect("set");
        tx.commit().await.expect("committed");
        let sign_in = async |shared| {
            let with = Credentials::Password { name: "ash grove", password: "three quiet lamps" };
            t.service.sign_in(with, shared, "x").await.expect("signed in")
        };
        let here = async |secret: &str| t.visit(secret).await.who.id().is_some();
        for (shared, idle_minutes) in [(false, 30), (true, 20)] {
            let (idle, used) = (sign_in(shared).await, sign_in(shared).await);
            assert_ne!(idle.secret, used.secret, "{}: a new one at each sign-in", t.engine);
            t.pass((idle_minutes - 1) * Moment::MINUTE);
            assert!(here(&used.secret).await, "{}", t.engine);
            t.pass(2 * Moment::MINUTE);
            assert!(!here(&idle.secret).await, "{}: {idle_minutes} minutes without a request", t.engine);
            assert!(here(&used.secret).await, "{}", t.engine);
            // Used all the time: up to the twelfth hour.
            let mut minutes = idle_minutes + 1;
            while minutes + idle_minutes - 1 < 12 * 60 {
                t.pass((idle_minutes - 1) * Moment::MINUTE);
                minutes += idle_minutes - 1;
                assert!(here(&used.secret).await, "{}: {minutes}", t.engine);
            }
            t.pass((idle_minutes - 1) * Moment::MINUTE);
            assert!(!here(&used.secret).await, "{}: twelve hours and no more", t.engine);
        }
    }
}

#[tokio::test]
async fn a_card_made_before_the_keys_were_rotated_still_opens() {
    for db in support::db::both().await {
        let t = Test::on(db);
        let robin = t.person("Robin", Role::YoungPerson).await;
        let secret = card(&t, &robin, CODE).await;
        let t = Test::with_keys(t.db, vec![[2; 32], [1; 32]]);
        by_card(&t, CODE, RIGHT).await.expect("the older key is asked too");
        by_link(&t, &secret).await.expect("for links too");
    }
}

#[tokio::test]
async fn whoever_writes_is_asked_again_in_the_transaction_that_writes() {
    for t in support::all().await {
        let alex = t.person("Alex", Role::Administrator).await;
        let bo = t.person("Bo", Role::Administrator).await;
        let bo_id = bo.id().expect("id");
        let young = NewPerson {
            name: "Made",
            role: "young-person",
            team: "",
            sign_in_name: "",
            password: "",
            group: "",
            card: false,
        };
        // Switched off: neither back on by themselves, nor anything else with what was read before.
        let before = t.visit(&t.session(&bo).await).await.who;
        t.service.set_active(&alex, bo_id, false).await.expect("off");
        for asked in [
            t.service.set_active(&before, bo_id, true).await,
            t.service.make_person(&before, t.form(), young).await.map(|_| ()),
            t.service.correct_my_name(&before, "Back").await,
            t.service.correct_name(&before, bo_id, "Back").await,
            // For whom a command speaks there is no session, but somebody who is switched off is.
            t.service.correct_my_name(&bo, "Back").await,
        ] {
            assert!(matches!(asked, Err(Refused::Ended)), "{}: {asked:?}", t.engine);
        }
        t.service.set_active(&alex, bo_id, true).await.expect("on");
        let asked = t.service.correct_my_name(&before, "Back").await;
        assert!(matches!(asked, Err(Refused::Ended)), "{}: that session is over", t.engine);
        t.service.correct_my_name(&t.visit(&t.session(&bo).await).await.who, "Bob").await.expect("a new one is not");

        // Signed out, or too long away.
        for how in ["out", "away"] {
            let secret = t.session(&bo).await;
            let visit = t.visit(&secret).await;
            match how {
                "out" => t.service.sign_out(&visit).await.expect("signed out"),
                _ => t.pass(61 * Moment::MINUTE),
            }
            let asked = t.service.correct_my_name(&visit.who, "Back").await;
            assert!(matches!(asked, Err(Refused::Ended)), "{}: {how}", t.engine);
        }

        // Deleted: who that was stays nobody, whatever writes.
        let robin = t.person("Robin", Role::YoungPerson).await;
        let id = robin.id().expect("id");
        t.service.delete_me(&robin).await.expect("deleted");
        let asked = t.service.correct_my_name(&robin, "Back").await;
        assert!(matches!(asked, Err(Refused::Ended)), "{}", t.engine);
        let mut tx = t.service.store().write().await.expect("a transaction");
        let names = Some(("back", "back"));
        let written = [
            store::people::set_name(&mut tx, id, "Back").await,
            store::people::set_role(&mut tx, id, Role::Administrator, "").await,
            store::people::set_active(&mut tx, id, true).await,
            store::people::set_password(&mut tx, id, "hash", false).await,
            store::people::set_sign_in(&mut tx, id, names, Some("hash"), false).await,
            store::people::set_seen(&mut tx, id, t.now()).await,
        ];
        for rows in written {
            assert_eq!(rows.expect("asked"), 0, "{}", t.engine);
        }
    }
}
