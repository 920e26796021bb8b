//! Any bytes as the body of a form.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = server::posted::parse(bytes);
});
