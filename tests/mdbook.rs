//! Stock mdBook with our preprocessor, and the protocol between them.
//!
//! The tests that need the `mdbook` binary take it from `GONGKAI_MDBOOK` or from `PATH` and say so when there is none.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use common::{Handbook, Run, assert_same_files, assert_snapshot, files, skipped};
use serde_json::{Value as Json, json};

/// The version that is embedded, and that the stock binary must have for the same pages.
const VERSION: &str = "0.5.4";

/// The stock binary; `None`, with a word about it, where there is none of the right version.
fn mdbook() -> Option<PathBuf> {
    let name = format!("mdbook{}", env::consts::EXE_SUFFIX);
    let named = env::var_os("GONGKAI_MDBOOK").map(PathBuf::from);
    let on_path = || {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).map(|folder| folder.join(&name)).find(|file| file.is_file())
    };
    let Some(found) = named.clone().or_else(on_path) else {
        skipped("no mdbook on PATH, and GONGKAI_MDBOOK does not name one");
        return None;
    };
    let output =
        Command::new(&found).arg("--version").output().unwrap_or_else(|e| panic!("{}: {e}", found.display()));
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if version.ends_with(&format!("v{VERSION}")) {
        return Some(found);
    }
    assert!(named.is_none(), "GONGKAI_MDBOOK names {version}, not v{VERSION}");
    skipped(&format!("{} is {version}, not v{VERSION}", found.display()));
    None
}

/// Runs stock mdBook in a handbook with our program first on `PATH`.
fn run(mdbook: &Path, handbook: &Handbook, arguments: &[&str]) -> (Option<i32>, String) {
    let ours = Path::new(env!("CARGO_BIN_EXE_gongkai")).parent().unwrap().to_path_buf();
    let path = env::var_os("PATH").unwrap_or_default();
    let path: OsString = env::join_paths([ours].into_iter().chain(env::split_paths(&path))).unwrap();
    let output = Command::new(mdbook)
        .current_dir(handbook.root())
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .env_remove("MDBOOK_LOG")
        .env_remove("RUST_LOG")
        .args(arguments)
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[track_caller]
fn fine(run: Run) -> Run {
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    run
}

// With the stock binary

#[test]
fn stock_mdbook_makes_the_same_files_with_the_same_bytes() {
    let Some(mdbook) = mdbook() else { return };
    let handbook = Handbook::own();
    let (code, stderr) = run(&mdbook, &handbook, &["build", "-d", "stock"]);
    assert_eq!(code, Some(0), "{stderr}");
    fine(handbook.run(&["build", "-d", "ours"]));
    let mut ours = files(&handbook.path("ours"));
    // A preprocessor has nowhere to write the data of the search; the box says so.
    let search: Vec<String> = ours.keys().filter(|path| path.starts_with("search/")).cloned().collect();
    assert_eq!(search, ["search/data.js", "search/engine.js"]);
    ours.retain(|path, _| !search.contains(path));
    // Nor can it keep mdBook from copying what lies under the sources: the tables, and the theme once more.
    let mut stock = files(&handbook.path("stock"));
    let copied = |path: &String| path.starts_with("rules/") || path.starts_with("theme/");
    assert!(stock.keys().any(copied) && !ours.keys().any(copied));
    stock.retain(|path, _| !copied(path));
    assert_same_files(&ours, &stock);
}

#[test]
fn stock_mdbook_makes_a_bare_handbook_where_its_settings_say() {
    let Some(mdbook) = mdbook() else { return };
    let handbook = Handbook::bare();
    let (code, stderr) = run(&mdbook, &handbook, &["build"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(handbook.path("target/handbook/letters/example-notice.html").exists());
}

#[test]
fn stock_mdbook_stops_at_a_mistake_and_shows_it() {
    let Some(mdbook) = mdbook() else { return };
    let handbook = Handbook::bare();
    handbook.replace("cases/example-001.md", "keywords = ", "keyword = ");
    let (code, stderr) = run(&mdbook, &handbook, &["build"]);
    assert!(code.is_some_and(|code| code != 0), "{stderr}");
    assert!(stderr.contains("不认识「keyword」这一项"), "{stderr}");
    assert!(!handbook.path("target/handbook/index.html").exists());
}

// The protocol

/// What mdBook writes to a preprocessor: its context and a book with one chapter, the front page.
fn input(handbook: &Handbook, version: &str) -> Vec<u8> {
    let chapter = json!({ "Chapter": {
        "name": "首页", "content": "", "number": null, "sub_items": [], "path": "index.md",
        "source_path": "index.md", "parent_names": [],
    } });
    let context = json!({
        "root": handbook.root(), "config": { "book": { "src": "book" } }, "renderer": "html", "mdbook_version": version,
    });
    serde_json::to_vec(&json!([context, { "items": [chapter] }])).unwrap()
}

#[test]
fn the_preprocessor_supports_html_and_any_other_renderer() {
    for renderer in ["html", "epub"] {
        let run = fine(Handbook::empty().run(&["preprocess", "supports", renderer]));
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn a_book_goes_in_and_the_book_with_all_chapters_comes_out() {
    let handbook = Handbook::bare();
    let run = fine(handbook.run_with(&["preprocess"], &input(&handbook, VERSION)));
    let book: Json = serde_json::from_str(&run.stdout).unwrap();
    let front = book["items"][0]["Chapter"]["content"].as_str().unwrap();
    assert!(front.starts_with("# 本机关政府信息公开手册 {#home}\n"), "{front}");
    for path in ["laws/example-rules.md", "cases/example-001.md", "letters/example-notice.md", "articles.md"]
    {
        assert!(run.stdout.contains(&format!("\"path\":\"{path}\"")), "{path}");
    }
}

#[test]
fn the_book_does_not_depend_on_where_the_program_is_run() {
    let handbook = Handbook::bare();
    let here = fine(handbook.run_with(&["preprocess"], &input(&handbook, VERSION)));
    let elsewhere = Handbook::empty();
    let there = fine(elsewhere.run_with(&["preprocess"], &input(&handbook, VERSION)));
    assert_eq!(here.stdout, there.stdout);
}

#[test]
fn another_version_of_mdbook_is_warned_about() {
    let handbook = Handbook::bare();
    let run = handbook.run_with(&["preprocess"], &input(&handbook, "0.4.40"));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(serde_json::from_str::<Json>(&run.stdout).is_ok());
    assert_snapshot!(run.stderr);
}

#[test]
fn a_mistake_in_the_content_gives_no_book_and_exit_code_1() {
    let handbook = Handbook::bare();
    handbook.replace("cases/example-001.md", "keywords = ", "keyword = ");
    let run = handbook.run_with(&["preprocess"], &input(&handbook, VERSION));
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(run.stderr.contains("不认识「keyword」这一项"), "{run:?}");
}

#[test]
fn what_is_not_from_mdbook_is_refused_in_chinese() {
    let whole = input(&Handbook::bare(), VERSION);
    for input in [b"".as_slice(), b"garbage", b"[]", b"{}", b"\xff\xfe", &whole[..whole.len() / 2]] {
        let run = Handbook::bare().run_with(&["preprocess"], input);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.starts_with("错误: 标准输入不是 mdBook 给的内容\n提示: "), "{run:?}");
    }
}

#[test]
fn other_words_after_preprocess_are_wrong_usage() {
    for words in
        [["preprocess", "supports"].as_slice(), &["preprocess", "html"], &["preprocess", "suports", "html"]]
    {
        let run = Handbook::empty().run(words);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.contains("gongkai preprocess supports html"), "{run:?}");
    }
}
