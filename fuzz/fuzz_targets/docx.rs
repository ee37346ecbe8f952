//! Any bytes that call themselves .docx, and any XML inside a sound archive, are survived.
#![no_main]

use gongkai::statute;
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};

fuzz_target!(|bytes: &[u8]| {
    let mut file = b"PK\x03\x04".to_vec();
    file.extend(bytes);
    let _ = statute::read("a.docx", &file);
    let mut archive = zip::ZipWriter::new(Cursor::new(vec![]));
    for name in ["word/document.xml", "word/numbering.xml", "word/styles.xml", "word/footnotes.xml"] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(bytes).expect("a part");
    }
    let file = archive.finish().expect("an archive").into_inner();
    let _ = statute::read("a.docx", &file);
});
