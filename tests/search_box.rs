//! The search box in a real browser: keys, filters, marks, telephones, strange questions, http:// and file://.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

mod common;

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

#[test]
fn the_box_works_in_a_browser() {
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
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/search_box.mjs");
    let output = Command::new("node").arg(script).arg(chromium).arg(handbook.path("out")).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    // It cannot have passed by looking at nothing.
    assert!(said.lines().filter(|line| line.starts_with("ok ")).count() >= 40, "{said}");
}
