//! Any bytes as a document: the first byte says which kind its name claims to be.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let name = ["a.md", "a.txt", "a.docx", "a.odt"][usize::from(*first) % 4];
    let mut names = || domain::designs::pictures::PictureName::from_random([7; 8]);
    let pictures = service::designs::import::Pictures::taken(&mut names);
    if let Ok(read) = service::designs::import::read(name, rest, "Start", pictures) {
        for part in read.sections {
            let html = service::designs::markdown::draw(&part.words);
            // In words `<` is escaped, so these are tags; what stands between them may say anything.
            let tags = html.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(tag, _)| tag);
            for tag in tags {
                let leads = ["href=\"javascript:", "src=\"javascript:"].iter().any(|to| tag.to_ascii_lowercase().contains(to));
                assert!(!tag.starts_with("script") && !leads, "{tag}");
            }
        }
    }
});
