//! mdbook-linkcheck2 on small books held in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot prepare its files stops"
)]

use std::fs;

use gongkai::handbook::linkcheck2::{Finding, Kind, Outcome, run};
use mdbook_driver::book::{Book, BookItem, Chapter};
use mdbook_driver::config::Config;

fn book(chapters: &[(&str, &str)]) -> Book {
    let item = |(path, text): &(&str, &str)| {
        BookItem::Chapter(Chapter::new("章", (*text).to_owned(), *path, Vec::new()))
    };
    Book::new_with_items(chapters.iter().map(item).collect())
}

fn outcome_with(config: &str, intro: &str) -> Outcome {
    let scratch = tempfile::tempdir().unwrap();
    fs::create_dir(scratch.path().join("images")).unwrap();
    fs::write(scratch.path().join("images/seal.png"), "").unwrap();
    fs::write(scratch.path().join("draft.md"), "").unwrap();
    let book = book(&[
        ("intro.md", intro),
        ("laws/foi-2019.md", "# 条例\n\n[前言](../intro.md)\n"),
        ("问答.md", "# 问答\n"),
        ("laws/问 答.md", "# 问答\n"),
    ]);
    run(&book, &config.parse::<Config>().unwrap(), scratch.path()).unwrap()
}

fn found(intro: &str) -> Vec<(Kind, String)> {
    let findings = outcome_with("", intro).findings;
    findings.into_iter().map(|finding| (finding.kind, finding.target)).collect()
}

fn only(kind: Kind, target: &str) -> Vec<(Kind, String)> {
    vec![(kind, target.to_owned())]
}

#[test]
fn sound_links_give_no_findings() {
    let outcome = outcome_with("", "[条例](laws/foi-2019.md#x) ![印章](images/seal.png) [x](#x)\n");
    assert_eq!(outcome, Outcome { findings: Vec::new(), checked: 3, skipped: 1 });
}

#[test]
fn a_link_to_a_missing_file_comes_back_with_its_place() {
    let outcome = outcome_with("", "# 前言\n\n见[条例](laws/no.md)。\n");
    assert_eq!(
        outcome.findings,
        [Finding {
            chapter: "intro.md".to_owned(),
            span: 13..33,
            line: 3,
            column: 2,
            kind: Kind::MissingFile,
            target: "laws/no.md".to_owned(),
            warning: false,
        }]
    );
}

#[test]
fn a_missing_picture_is_found() {
    assert_eq!(found("![x](no.png)"), only(Kind::MissingFile, "no.png"));
}

#[test]
fn a_file_that_is_no_chapter_is_found() {
    assert_eq!(found("[x](draft.md)"), only(Kind::NotInBook, "draft.md"));
}

#[test]
fn a_link_out_of_the_sources_is_found() {
    let parent = tempfile::tempdir().unwrap();
    let scratch = parent.path().join("book");
    fs::create_dir(&scratch).unwrap();
    fs::write(parent.path().join("case.md"), "").unwrap();
    let book = book(&[("intro.md", "[x](../case.md)")]);
    let findings = run(&book, &Config::default(), &scratch).unwrap().findings;
    assert_eq!((findings.len(), findings[0].kind), (1, Kind::OutsideRoot));
}

#[test]
fn an_address_with_a_blank_is_unreadable() {
    assert_eq!(found("[x](<laws/问 答.md>)"), only(Kind::Unreadable, "laws/问 答.md"));
}

#[test]
fn an_empty_link_is_found() {
    assert_eq!(found("[x]()"), only(Kind::EmptyLink, ""));
}

#[test]
fn a_chinese_file_name_may_be_linked() {
    assert_eq!(found("[x](问答.md)"), []);
}

#[test]
fn a_percent_encoded_file_name_is_not_understood() {
    assert_eq!(found("[x](%E9%97%AE%E7%AD%94.md)"), only(Kind::MissingFile, "%E9%97%AE%E7%AD%94.md"));
}

#[test]
fn an_anchor_that_does_not_exist_is_not_noticed() {
    assert_eq!(found("[x](laws/foi-2019.md#no)"), []);
}

#[test]
fn a_raw_html_link_is_not_noticed() {
    assert_eq!(found("<a href=\"no.md\">x</a>"), []);
}

#[test]
fn an_address_on_the_web_is_not_asked_for_even_if_the_book_says_so() {
    let config = "[output.linkcheck2]\nfollow-web-links = true\n";
    let outcome = outcome_with(config, "[x](http://127.0.0.1:1/no)\n");
    assert_eq!((outcome.findings.len(), outcome.skipped), (0, 0));
}

#[test]
fn brackets_without_an_address_are_a_warning() {
    let outcome = outcome_with("", "国办发[2019]5号\n\n> [!NOTE]\n> 注[^1]\n\n- [x] 办结\n\n[^1]: 注\n");
    let found: Vec<_> =
        outcome.findings.iter().map(|found| (found.kind, &*found.target, found.warning)).collect();
    assert_eq!(found, [(Kind::UndefinedReference, "2019", true)]);
}

#[test]
fn a_path_from_the_root_is_a_warning() {
    let outcome = outcome_with("", "[x](/intro.md)\n");
    assert_eq!((outcome.findings[0].kind, outcome.findings[0].warning), (Kind::AbsolutePath, true));
}

#[test]
fn the_warning_policy_of_the_book_counts() {
    let text = "[x](/intro.md) [y]\n";
    let ignore = "[output.linkcheck2]\nwarning-policy = \"ignore\"\n";
    assert_eq!(outcome_with(ignore, text).findings, []);
    let error = "[output.linkcheck]\nwarning-policy = \"error\"\n";
    assert!(outcome_with(error, text).findings.iter().all(|finding| !finding.warning));
}

#[test]
fn html_links_are_refused_where_the_book_wants_markdown() {
    let config = "[output.linkcheck2]\nrequire-md-extension = true\n";
    assert_eq!(outcome_with(config, "[x](laws/foi-2019.html)").findings[0].kind, Kind::HtmlLink);
    assert_eq!(found("[x](laws/foi-2019.html)"), []);
}

#[test]
fn a_readme_may_be_linked_by_both_its_names() {
    let scratch = tempfile::tempdir().unwrap();
    let mut chapter = Chapter::new("法规", String::new(), "laws/index.md", Vec::new());
    chapter.source_path = Some("laws/README.md".into());
    let mut book = book(&[("intro.md", "[x](laws/README.md) [x](laws/index.md) [x](laws/)")]);
    book.push_item(chapter);
    assert_eq!(run(&book, &Config::default(), scratch.path()).unwrap().findings, []);
}

#[test]
fn a_chapter_path_that_leads_out_of_the_book_is_an_error() {
    let scratch = tempfile::tempdir().unwrap();
    let book = book(&[("../x.md", "")]);
    assert!(run(&book, &Config::default(), scratch.path()).is_err());
}

#[test]
fn a_scratch_folder_that_does_not_exist_is_an_error() {
    let scratch = tempfile::tempdir().unwrap();
    assert!(run(&book(&[]), &Config::default(), &scratch.path().join("no")).is_err());
}

#[test]
fn a_wrong_option_is_an_error() {
    let scratch = tempfile::tempdir().unwrap();
    let config: Config = "[output.linkcheck2]\nexclude = \"x\"\n".parse().unwrap();
    assert!(run(&book(&[]), &config, scratch.path()).is_err());
}

#[test]
#[ignore = "run by the next test in a process of its own"]
fn helper_that_expects_an_error_about_certificates() {
    let scratch = tempfile::tempdir().unwrap();
    let error = run(&book(&[("intro.md", "")]), &Config::default(), scratch.path()).unwrap_err();
    assert!(error.to_string().contains("No CA certificates"), "{error}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_machine_without_certificates_is_an_error_and_no_panic() {
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "helper_that_expects_an_error_about_certificates"])
        .env("SSL_CERT_FILE", "/nonexistent")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stdout));
}
