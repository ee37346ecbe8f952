//! The floors of the house: a room knows only rooms below it, and each outside library is known by one room.
//!
//! `ARCHITECTURE.md` draws the floors; these tests read `src/` and fail on a breach. Unit tests inside `src/` are left
//! out: what they prove may need more than the room itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read the source stops")]

use crate::common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The floor of each room.
const FLOORS: [(&str, u8); 22] = [
    ("main", 7),
    ("cli", 7),
    ("disk", 6),
    ("update", 6),
    ("export", 5),
    ("handbook", 5),
    ("letter", 5),
    ("press", 5),
    ("search", 4),
    ("typeset", 4),
    ("clock", 3),
    ("decide", 3),
    ("fee", 3),
    ("links", 3),
    ("remedy", 3),
    ("corpus", 2),
    ("table", 2),
    ("bundle", 1),
    ("statute", 1),
    ("citation", 1),
    ("calendar", 1),
    ("text", 0),
];

/// The door of the house stands on the same floor as the room behind it.
const DOOR: (&str, &str) = ("main", "cli");

/// The rooms, or single files of rooms, that may know an outside library or a part of the standard library.
const KNOWN_BY: [(&str, &[&str]); 50] = [
    ("aho_corasick", &["citation"]),
    ("annotate_snippets", &["text"]),
    // `handbook::linkcheck2` hands on the errors of the client's link checker, which are anyhow's.
    ("anyhow", &["cli", "disk", "handbook::linkcheck2"]),
    ("axum", &["cli"]),
    ("clap", &["cli"]),
    ("codespan", &["handbook"]),
    ("csv", &["table::separated"]),
    ("dunce", &["handbook"]),
    // What staff write must be UTF-8; what they download, and what a spreadsheet writes, is read in its own encoding.
    ("encoding_rs", &["disk", "statute", "table::separated"]),
    // Where the platform keeps a person's own settings.
    ("etcetera", &["cli::config"]),
    ("fontdb", &["cli::fonts"]),
    ("handlebars", &["letter"]),
    ("hanconv", &["search::fold"]),
    // Rendered pages are read back, and official texts come as web pages.
    ("html5ever", &["handbook", "press::page", "statute::html"]),
    ("icalendar", &["calendar::ics"]),
    ("indicatif", &["cli"]),
    ("jiff", &["calendar"]),
    ("linkcheck2", &["handbook"]),
    // The adapter in `handbook`, and `cli`, which drives mdBook.
    ("mdbook_driver", &["cli", "handbook"]),
    ("mdbook_linkcheck2", &["handbook"]),
    ("mdbook_preprocessor", &["cli", "handbook"]),
    ("memchr", &["statute"]),
    ("notify", &["cli"]),
    ("percent_encoding", &["handbook", "press"]),
    // Ids of new laws, and letters typed into the search.
    ("pinyin", &["cli", "search::words"]),
    ("pulldown_cmark", &["links"]),
    ("qrcode", &["press::qr"]),
    // What people download, letters that come back from Word, and drawings that go into an e-book.
    ("quick_xml", &["letter", "press::epub", "statute", "table::xlsx"]),
    ("rbook", &["press::epub"]),
    ("rust_embed", &["cli"]),
    ("rust_xlsxwriter", &["table::write"]),
    ("rustc_hash", &["search"]),
    ("sha2", &["bundle", "cli", "letter", "press::epub"]),
    ("similar", &["letter", "statute"]),
    ("std::env", &["cli", "main"]),
    // The client's link checker wants its chapters on disk; it writes only into the folder that it is handed.
    ("std::fs", &["cli", "disk", "handbook::linkcheck2"]),
    ("std::net", &["cli"]),
    ("std::process", &["cli", "main"]),
    // A panic of the client's link checker is caught in a thread of its own.
    ("std::thread", &["cli", "handbook::linkcheck2"]),
    ("std::time", &["disk", "cli"]),
    ("strsim", &["text", "handbook::rendered"]),
    ("tempfile", &["cli", "disk"]),
    ("tokio", &["cli"]),
    ("toml", &["corpus"]),
    ("tower_http", &["cli"]),
    ("typst", &["typeset"]),
    ("typst_pdf", &["typeset"]),
    ("unicode_width", &["letter", "cli"]),
    ("walkdir", &["cli", "disk"]),
    ("zip", &["bundle", "letter", "press::epub", "statute", "table::xlsx"]),
];

/// Libraries of plain data, which any room may know; and the log, which mdBook writes and `cli` lets through.
const ANYWHERE: [&str; 5] = ["schemars", "serde", "serde_json", "tracing", "tracing_subscriber"];

// The source as paths

/// One source file: its module path, and every path that its code names.
struct Source {
    /// `letter::docx::xml`
    module: String,
    /// `["crate", "text", "nearest"]`; those of `use` groups one by one.
    paths: Vec<Vec<String>>,
}

impl Source {
    fn room(&self) -> &str {
        self.module.split("::").next().unwrap()
    }

    /// The rooms that the file names, its own included.
    fn rooms(&self) -> BTreeSet<&str> {
        let depth = self.module.split("::").count();
        let mut all = BTreeSet::new();
        for path in &self.paths {
            let up = path.iter().take_while(|part| *part == "super").count();
            let inner = match path[0].as_str() {
                "crate" | "gongkai" => path.get(1),
                "super" if up >= depth => path.get(up),
                _ => None,
            };
            all.extend(inner.map(String::as_str));
        }
        all
    }

    /// Whether the file names a library (`zip`) or a part of one (`std::fs`), and not something of ours by that name.
    fn knows(&self, library: &str) -> bool {
        let wanted: Vec<&str> = library.split("::").collect();
        let ours = |path: &&Vec<String>| ["crate", "self", "super"].contains(&path[0].as_str());
        if self.paths.iter().filter(ours).any(|path| path.last().is_some_and(|name| name == wanted[0])) {
            return false;
        }
        self.paths
            .iter()
            .any(|path| path.len() >= wanted.len() && path.iter().zip(&wanted).all(|(a, b)| a == b))
    }

    /// Whether the file is one of these rooms or files, or lies in one.
    fn is_in(&self, rooms: &[&str]) -> bool {
        rooms.iter().any(|room| self.module == *room || self.module.starts_with(&format!("{room}::")))
    }
}

/// All of `src/` but the library's list of rooms and the unit tests.
fn sources() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = common::files(&folder).into_iter();
    let files =
        files.filter(|(path, _)| path.ends_with(".rs") && path != "lib.rs" && !path.ends_with("/tests.rs"));
    let all: Vec<Source> = files
        .map(|(path, bytes)| {
            let module = path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
            Source { module, paths: paths(&words(&code(&String::from_utf8(bytes).unwrap()))) }
        })
        .collect();
    assert!(all.len() > 40, "{}", all.len());
    all
}

/// Rust without comments, without what stands in strings and character literals, and without unit tests.
fn code(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let raw = rest.trim_start_matches(['b', 'r']);
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let before = out.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if !before
            && rest.starts_with(['b', 'r'])
            && raw[hashes..].starts_with('"')
            && rest.len() - raw.len() <= 2
        {
            let start = rest.len() - raw.len() + hashes + 1;
            match rest[..start].contains('r') {
                true => {
                    start + rest[start..].find(&format!("\"{}", "#".repeat(hashes))).unwrap() + 1 + hashes
                }
                false => start + closing(&rest[start..], '"'),
            }
        } else if c == '"' {
            1 + closing(&rest[1..], '"')
        } else if c == '\'' && (rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'')) {
            1 + closing(&rest[1..], '\'')
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        out.push(' ');
        rest = &rest[length..];
    }
    while let Some(start) = out.find("#[cfg(test)]") {
        out.replace_range(start..start + item(&out[start..]), "");
    }
    out
}

/// Bytes up to and with the sign that ends a literal.
fn closing(text: &str, sign: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == sign => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Bytes of an item, up to its `;` or to the bracket that closes its body.
fn item(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// Names, `::`, and single signs.
fn words(code: &str) -> Vec<String> {
    let mut all: Vec<String> = vec![];
    let mut rest = code.trim_start();
    while let Some(c) = rest.chars().next() {
        let name = |c: char| c.is_alphanumeric() || c == '_';
        let length = if name(c) {
            rest.find(|c| !name(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            c.len_utf8()
        };
        all.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    all
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Every path of two or more names, and those of `use` alone.
fn paths(words: &[String]) -> Vec<Vec<String>> {
    let mut all = vec![];
    let mut at = 0;
    while at < words.len() {
        let root = at == 0 || ![".", "::"].contains(&words[at - 1].as_str());
        if !is_name(&words[at]) || !root || words[at] == "use" {
            at += 1;
            continue;
        }
        let imported = at > 0 && words[at - 1] == "use";
        let start = all.len();
        at = path(words, at, &[], &mut all);
        all.retain_mut({
            let mut index = 0;
            move |path: &mut Vec<String>| {
                index += 1;
                index <= start || imported || path.len() > 1
            }
        });
    }
    all
}

/// Reads one path, or each path of a group, from `at` on. Returns where it ends.
fn path(words: &[String], mut at: usize, before: &[String], all: &mut Vec<Vec<String>>) -> usize {
    let mut names = before.to_vec();
    loop {
        match words.get(at).map(String::as_str) {
            Some("{") if !names.is_empty() => {
                at += 1;
                while words.get(at).is_some_and(|word| word != "}") {
                    at = if words[at] == "," { at + 1 } else { path(words, at, &names, all) };
                }
                return at + 1;
            }
            Some(word) if is_name(word) => names.push(word.to_owned()),
            Some("*") => names.push("*".to_owned()),
            _ => break,
        }
        at += 1;
        if words.get(at).is_none_or(|word| word != "::") {
            break;
        }
        at += 1;
    }
    if words.get(at).is_some_and(|word| word == "as") {
        at += 2;
    }
    all.push(names);
    at.max(1)
}

// The tests of the reader

#[test]
fn the_reader_of_paths_sees_through_groups_comments_and_strings() {
    let text = r##"
        //! use crate::doc;
        use crate::{disk, text::{Report, nearest as near}};
        use zip;
        /* crate::comment */
        fn f<'a>(c: char) -> std::fs::File {
            let s = ("crate::string", r#"crate::"raw""#, b"crate::bytes", '"', '\'');
            crate::letter::html(s).zip(all).map(super::super::cli::x); zip
        }
        #[cfg(test)]
        mod tests { use crate::unit; }
    "##;
    let found: Vec<String> = paths(&words(&code(text))).into_iter().map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        [
            "crate::disk",
            "crate::text::Report",
            "crate::text::nearest",
            "zip",
            "std::fs::File",
            "crate::letter::html",
            "super::super::cli::x"
        ]
    );
}

// The laws of the house

#[test]
fn every_room_has_a_floor_and_every_floor_its_rooms() {
    let found: BTreeSet<String> = sources().iter().map(|source| source.room().to_owned()).collect();
    let drawn: BTreeSet<String> = FLOORS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(found, drawn);
}

#[test]
fn the_drawing_in_the_architecture_page_shows_these_floors() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let table = page.split("    floor  room").nth(1).unwrap();
    let mut drawn = BTreeMap::new();
    for line in table.lines().skip(1).take_while(|line| !line.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let floor: u8 = words.next().unwrap().parse().unwrap();
        for word in words {
            drawn.insert(word.trim_end_matches(',').to_owned(), floor);
            if !word.ends_with(',') {
                break;
            }
        }
    }
    let floors: BTreeMap<String, u8> =
        FLOORS.iter().map(|(room, floor)| ((*room).to_owned(), *floor)).collect();
    assert_eq!(drawn, floors);
}

#[test]
fn a_room_knows_only_rooms_on_lower_floors() {
    let floor = |room: &str| FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor);
    let mut breaches = vec![];
    let mut seen = 0;
    for source in &sources() {
        for other in source.rooms().into_iter().filter(|other| *other != source.room()) {
            seen += 1;
            // What is no room is a name that `lib.rs` itself exports: there is none.
            if floor(other) >= floor(source.room()) && (source.room(), other) != DOOR
                || floor(other).is_none()
            {
                breaches.push(format!("{} knows {other}", source.module));
            }
        }
    }
    assert!(seen > 50, "{seen}");
    assert_eq!(breaches, Vec::<String>::new());
}

#[test]
fn the_handbook_and_the_letters_never_know_each_other() {
    for source in sources() {
        let other = match source.room() {
            "handbook" => "letter",
            "letter" => "handbook",
            _ => continue,
        };
        assert!(!source.rooms().contains(other), "{}", source.module);
    }
}

#[test]
fn each_outside_library_is_known_only_by_its_room() {
    let (mut breaches, mut known) = (vec![], BTreeSet::new());
    for source in &sources() {
        for (library, rooms) in KNOWN_BY {
            if source.knows(library) {
                known.insert(library);
                if !source.is_in(rooms) {
                    breaches.push(format!("{} knows {library}", source.module));
                }
            }
        }
    }
    assert_eq!(breaches, Vec::<String>::new());
    // A library that nobody knows any more has no line in the table.
    let listed: BTreeSet<&str> = KNOWN_BY.iter().map(|(library, _)| *library).collect();
    assert_eq!(known, listed);
}

#[test]
fn every_library_that_the_package_needs_has_its_room() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let needed = manifest["dependencies"].as_table().unwrap().keys().map(|name| name.replace('-', "_"));
    let listed = |name: &String| {
        KNOWN_BY.iter().any(|(library, _)| library == name) || ANYWHERE.contains(&name.as_str())
    };
    assert_eq!(needed.filter(|name| !listed(name)).collect::<Vec<_>>(), Vec::<String>::new());
}
