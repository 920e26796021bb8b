//! Any bytes as an update of a shared text: what comes through the gate never breaks the document.
#![no_main]

use domain::designs::gate::pass;
use domain::designs::shared_text::{SharedText, Writer};
use domain::ids::SectionId;
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

fuzz_target!(|bytes: &[u8]| {
    let section = SectionId(Uuid::from_u128(1));
    let text = SharedText::new(Writer::from_random(77));
    text.write(section, "Buses stop at six. 🚌 We want them until ten.");
    let state = text.state();
    if let Ok(passed) = pass(&state, bytes, Writer::from_random(78), &[section]) {
        let shared = SharedText::of(Writer::from_random(5), [&state[..], &passed.update[..]]).expect("it passed");
        shared.write(section, "written afterwards");
        let again = SharedText::of(Writer::from_random(6), [&shared.state()[..]]).expect("a snapshot of it");
        assert_eq!(again.words(section), "written afterwards");
    }
});
