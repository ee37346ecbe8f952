//! Any text comes back whole from the parser, and any bytes are survived.
#![no_main]

use gongkai::statute::{self, Format};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = statute::read("a.txt", bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for format in [Format::Text, Format::Markdown, Format::Html] {
        let parsed = statute::read_text(format, text).expect("nothing is lost");
        let again = statute::restore(&statute::store(&parsed.statute));
        assert_eq!(again.articles.len(), parsed.statute.articles.len());
    }
});
