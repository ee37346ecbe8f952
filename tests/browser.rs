//! The handbook in a real browser: the search box (keys, filters, marks, telephones, strange questions, http:// and
//! file://), quizzes, and what words mean.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use common::Handbook;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The browser that `CHROMIUM` names, or one that is installed.
fn chromium() -> Option<PathBuf> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}

/// Runs one of the scripts on the project's own handbook; it must have printed so many facts.
fn holds(script: &str, facts: usize, handbook: &Path, chromium: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser").join(script);
    let output = Command::new("node").arg(script).arg(chromium).arg(handbook).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    // It cannot have passed by looking at nothing.
    assert!(said.lines().filter(|line| line.starts_with("ok ")).count() >= facts, "{said}");
}

#[test]
fn the_handbook_works_in_a_browser() {
    let Some(chromium) = chromium() else {
        common::skipped("Chromium is not installed; CHROMIUM can name it");
        return;
    };
    if Command::new("node").arg("--version").output().is_err() {
        common::skipped("node is not installed");
        return;
    }
    let handbook = Handbook::own();
    let run = handbook.run(&["build", "-d", "out"]);
    assert_eq!(run.code, 0, "{run:?}");
    holds("search_box.mjs", 40, &handbook.path("out"), &chromium);
    holds("learn.mjs", 7, &handbook.path("out"), &chromium);
}
