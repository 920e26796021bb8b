use super::*;
use uuid::Uuid;
use yrs::{Map as _, WriteTxn as _};

const SECTION: SectionId = SectionId(Uuid::from_u128(1));

fn state() -> Vec<u8> {
    let text = SharedText::new(Writer::from_random(77));
    text.write(SECTION, "Buses stop at six. 🚌 We want them until ten.");
    text.write(SECTION, "Buses stop at seven. 🚌 We want them until ten, please.");
    text.state()
}

fn honest(words: &str) -> Vec<u8> {
    SharedText::of(Writer::from_random(78), [&state()[..]]).expect("our own state").write(SECTION, words)
}

fn try_it(update: &[u8]) -> Result<Passed, Refusal> {
    pass(&state(), update, Writer::from_random(78), &[SECTION])
}

#[test]
fn an_honest_update_passes_and_says_the_words() {
    let passed = try_it(&honest("Trams!")).expect("honest");
    assert_eq!(passed.words, [(SECTION, "Trams!".to_owned())]);
    let after = SharedText::of(Writer::from_random(9), [&state()[..], &passed.update[..]]).expect("it fits");
    assert_eq!(after.words(SECTION), "Trams!");
}

#[test]
fn each_kind_of_refusal() {
    assert_eq!(try_it(&vec![0; MAX_UPDATE + 1]).err(), Some(Refusal::TooManyBytes));
    assert_eq!(try_it(&[]).err(), Some(Refusal::Damaged));
    assert_eq!(try_it(b"rubbish").err(), Some(Refusal::NotOwn));
    assert_eq!(try_it(&honest(&"long ".repeat(9000))).err(), Some(Refusal::TooLong));
    assert_eq!(pass(&state(), &honest("a"), Writer::from_random(79), &[SECTION]).err(), Some(Refusal::NotOwn));
    let start = SharedText::new(Writer::from_random(78)).write(SECTION, "a");
    assert_eq!(
        pass(&[0, 0], &start, Writer::from_random(78), &[]).err(),
        Some(Refusal::NotWords),
        "no section of this design"
    );

    let mine = SharedText::of(Writer::from_random(78), [&state()[..]]).expect("our own state");
    mine.write(SECTION, "first");
    assert_eq!(try_it(&mine.write(SECTION, "first and second")).err(), Some(Refusal::Missing));

    let mine = SharedText::of(Writer::from_random(78), [&state()[..]]).expect("our own state");
    let mut txn = mine.doc.transact_mut();
    let text = txn.get_or_insert_text(SECTION.to_string());
    text.insert_embed(&mut txn, 0, Any::from(true));
    assert_eq!(try_it(&txn.encode_update_v1()).err(), Some(Refusal::NotWords));
    drop(txn);

    let mine = SharedText::of(Writer::from_random(78), [&state()[..]]).expect("our own state");
    let mut txn = mine.doc.transact_mut();
    let map = txn.get_or_insert_map("another");
    map.insert(&mut txn, "key", "value");
    assert_eq!(try_it(&txn.encode_update_v1()).err(), Some(Refusal::NotWords));
}

/// A small generator of our own (xorshift): the same damage every time, more of it by `TANDEM_GATE_RUNS`.
struct Damage(u64);

impl Damage {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % below.max(1)
    }

    fn to(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.next(3) {
            let at = self.next(bytes.len());
            match self.next(5) {
                0 => bytes[at] = u8::try_from(self.next(256)).expect("a byte"),
                1 => bytes[at] ^= 1 << self.next(8),
                2 => {
                    bytes.remove(at);
                }
                3 => bytes.insert(at, u8::try_from(self.next(256)).expect("a byte")),
                _ => bytes.truncate(at.max(1)),
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
    }
}

/// Whatever comes through, the document can be written down, read again, and written into.
#[test]
fn damaged_updates_never_break_the_document() {
    let runs: usize = std::env::var("TANDEM_GATE_RUNS").ok().and_then(|v| v.parse().ok()).unwrap_or(20_000);
    // The library's panics are caught; their messages would only hide a real one.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let good = [
        honest("Trams until eleven."),
        honest("🚌🚌 Buses stop at seven. 🚌 We want them until ten, please. And more."),
    ];
    let mut damage = Damage(0x5EED_1234_5678_9ABC);
    let mut outcome = [0usize; 2];
    let mut problem = None;
    for n in 0..runs {
        let mut bytes = good[n % good.len()].clone();
        damage.to(&mut bytes);
        match try_it(&bytes) {
            Err(_) => outcome[0] += 1,
            Ok(passed) => {
                outcome[1] += 1;
                let safe = catch_unwind(AssertUnwindSafe(|| {
                    let shared =
                        SharedText::of(Writer::from_random(5), [&state()[..], &passed.update[..]]).expect("it passed");
                    shared.write(SECTION, "written afterwards");
                    let again =
                        SharedText::of(Writer::from_random(6), [&shared.state()[..]]).expect("a snapshot of it");
                    assert_eq!(again.words(SECTION), "written afterwards");
                }));
                if safe.is_err() {
                    problem.get_or_insert(bytes);
                }
            }
        }
    }
    std::panic::set_hook(hook);
    assert_eq!(problem, None, "an update came through the gate and broke the document");
    assert!(outcome[0] > runs / 4, "the damage was no damage: {outcome:?}");
}

/// What fuzzing found or started from (`fuzz/corpus`).
#[test]
fn the_corpus_never_breaks_the_document() {
    let corpus = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/gate")).expect("the corpus");
    let mut seen = [0, 0];
    for entry in corpus {
        let bytes = std::fs::read(entry.expect("a file").path()).expect("its bytes");
        match try_it(&bytes) {
            Ok(passed) => {
                seen[0] += 1;
                SharedText::of(Writer::from_random(5), [&state()[..], &passed.update[..]]).expect("it fits");
            }
            Err(_) => seen[1] += 1,
        }
    }
    assert!(seen[0] >= 2 && seen[1] >= 3, "{seen:?}");
}
