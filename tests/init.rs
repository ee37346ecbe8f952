//! A new handbook from the program alone, and the schemas that describe its files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;

use common::{Handbook, Run, assert_same_files, assert_snapshot, files};
use serde_json::Value as Json;

/// What `gongkai schema` can print.
const KINDS: [&str; 12] = [
    "law", "case", "question", "policy", "guide", "quiz", "drill", "clause", "shell", "agency", "request",
    "export",
];

#[track_caller]
fn fine(run: Run) -> Run {
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    run
}

// New handbooks

#[test]
fn a_new_handbook_is_without_mistakes_and_can_be_built() {
    let place = Handbook::empty();
    fine(place.run(&["init", "手册"]));
    fine(place.run(&["check", "--root", "手册"]));
    fine(place.run(&["build", "--root", "手册"]));
    assert!(place.path("手册/target/handbook/index.html").exists());
}

#[test]
fn a_new_bare_handbook_is_without_mistakes_and_can_be_built() {
    let place = Handbook::empty();
    fine(place.run(&["init", "手册", "--bare"]));
    fine(place.run(&["check", "--root", "手册"]));
    fine(place.run(&["build", "--root", "手册"]));
    assert!(place.path("手册/target/handbook/index.html").exists());
}

#[test]
fn a_new_handbook_holds_the_projects_own_content() {
    let place = Handbook::empty();
    fine(place.run(&["init", "."]));
    let (own, new) = (files(Handbook::own().root()), files(place.root()));
    for folder in ["book/laws/", "book/rules/", "book/theme/", "cases/", "templates/clauses/"] {
        assert!(new.keys().any(|path| path.starts_with(folder)), "{folder}");
    }
    for (path, bytes) in new.iter().filter(|(path, _)| *path != ".gitignore") {
        assert!(own.get(path) == Some(bytes), "{path}");
    }
}

#[test]
fn a_bare_handbook_holds_one_example_of_each_kind() {
    let handbook = Handbook::bare();
    let all = files(handbook.root());
    for folder in [
        "book/laws/",
        "book/questions/",
        "book/policies/",
        "cases/",
        "templates/clauses/",
        "templates/letters/",
    ] {
        assert_eq!(all.keys().filter(|path| path.starts_with(folder)).count(), 1, "{folder}");
    }
}

#[test]
fn a_letter_can_be_made_from_a_bare_handbook() {
    let handbook = Handbook::bare();
    fine(handbook.run(&["letter", "new", "example-notice", "--example", "-o", "request.toml"]));
    fine(handbook.run(&["letter", "fill", "request.toml"]));
    assert!(fs::read(handbook.path("request.docx")).unwrap().starts_with(b"PK"));
}

#[test]
fn a_new_handbook_is_followed_by_what_to_do_next() {
    let stdout = fine(Handbook::empty().run(&["init", "手册", "--bare"])).stdout;
    let count = stdout.split('（').nth(1).unwrap().split(' ').next().unwrap().to_owned();
    assert_snapshot!(stdout.replace(&format!("（{count} 个文件）"), "（<COUNT> 个文件）"));
}

#[test]
fn a_folder_that_is_empty_or_that_does_not_exist_yet_is_taken() {
    let place = Handbook::empty();
    fs::create_dir(place.path("empty")).unwrap();
    for folder in ["empty", "new/and/deep"] {
        fine(place.run(&["init", "--bare", folder]));
        assert!(place.path(folder).join("book.toml").exists(), "{folder}");
    }
}

#[test]
fn a_folder_with_files_is_left_as_it_is() {
    let place = Handbook::empty();
    place.write("office/台账.xlsx", "重要");
    let before = files(place.root());
    let run = place.run(&["init", "office"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert_same_files(&before, &files(place.root()));
    assert_snapshot!(run.stderr);
}

#[test]
fn a_file_is_no_place_for_a_handbook() {
    let place = Handbook::empty();
    place.write("office", "一个文件");
    let run = place.run(&["init", "office"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert_eq!(place.read("office"), "一个文件");
    assert!(run.stderr.contains("office"), "{run:?}");
}

// Schemas

#[test]
fn the_printed_schemas_are_those_on_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    for kind in KINDS {
        let printed = fine(Handbook::empty().run(&["schema", kind])).stdout;
        let path = folder.join(format!("{kind}.json"));
        if env::var_os("UPDATE_SCHEMAS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &printed).unwrap();
        }
        let on_file = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            printed == on_file,
            "the format of {kind} files changed; if that is meant: UPDATE_SCHEMAS=1 cargo test --test init"
        );
    }
    let on_file: BTreeSet<String> = files(&folder).into_keys().collect();
    assert_eq!(on_file, KINDS.iter().map(|kind| format!("{kind}.json")).collect());
}

#[test]
fn these_are_all_the_schemas_there_are() {
    let run = Handbook::empty().run(&["schema", "nonsense"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains(&format!("可以写 {}，", KINDS.join("、"))), "{run:?}");
}

#[test]
fn every_schema_refuses_unknown_keys_and_names_every_key_in_chinese() {
    fn check(kind: &str, schema: &Json) {
        if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
            assert_eq!(schema["additionalProperties"], false, "{kind}: {properties:?}");
            for (key, inner) in properties {
                let chinese = inner["title"].as_str().is_some_and(|title| !title.is_ascii());
                assert!(chinese, "{kind}: {key}");
                check(kind, inner);
                check(kind, &inner["items"]);
            }
        }
    }
    for kind in KINDS {
        let schema: Json =
            serde_json::from_str(&fine(Handbook::empty().run(&["schema", kind])).stdout).unwrap();
        assert!(schema["properties"].as_object().is_some_and(|all| all.len() > 2), "{kind}");
        check(kind, &schema);
    }
}

#[test]
fn no_schema_explains_a_key_in_english() {
    fn check(kind: &str, schema: &Json) {
        for (key, inner) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
            let english = inner["description"].as_str().is_some_and(str::is_ascii);
            assert!(!english, "{kind}: {key}: {}", inner["description"]);
            check(kind, inner);
            check(kind, &inner["items"]);
        }
    }
    for kind in KINDS {
        check(kind, &serde_json::from_str(&fine(Handbook::empty().run(&["schema", kind])).stdout).unwrap());
    }
}

#[test]
fn the_schema_of_a_request_has_every_field_of_its_letter() {
    let handbook = Handbook::own();
    let print = |words: &[&str]| serde_json::from_str::<Json>(&fine(handbook.run(words)).stdout).unwrap();
    let schema = print(&["schema", "letter:grant"]);
    let letter = print(&["letter", "show", "grant", "--json"]);
    let fields = letter["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap());
    let properties: Vec<&str> =
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(properties, ["letter"].into_iter().chain(fields).collect::<Vec<_>>());
}

#[test]
fn a_schema_of_a_letter_that_does_not_exist_is_refused() {
    let run = Handbook::bare().run(&["schema", "letter:example-notise"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("您是不是要写 example-notice？"), "{run:?}");
}
