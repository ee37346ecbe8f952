//! Real books, built by mdBook and read back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot prepare its files stops"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gongkai::handbook::rendered::{Finding, Kind, Page, check};
use mdbook_driver::MDBook;

const CONFIG: &str = "\
[book]
title = \"政府信息公开手册\"
language = \"zh\"
src = \"book\"
[build]
build-dir = \"out\"
create-missing = false
[output.html]
smart-punctuation = false
[output.html.search]
enable = false
[output.html.redirect]
\"/old.html\" = \"intro.html\"
";

const SUMMARY: &str = "\
# 目录

[前言](intro.md)

- [法规](laws/README.md)
  - [条例](laws/foi-2019.md)
- [问答](questions/问答.md)
";

const INTRO: &str = "\
# 前言 {#intro}

见[条例第三十六条](laws/foi-2019.md#foi-2019-art-36)、[法规](laws/index.md)、
[问答](questions/问答.md#问答-一)、[网站](https://www.gov.cn/)、[来信](mailto:a@example.cn)。

![印章](images/seal.svg)
";

const LAW: &str = "\
# 条例 {#foi-2019}

## 第三十六条 {#foi-2019-art-36}

回到[前言](../intro.md#intro)，见[本条](#foi-2019-art-36)和脚注[^1]。

[^1]: 国务院令第711号。
";

const QUESTION: &str = "\
# 问答 {#questions}

## 问答 一

见[第一问](#%E9%97%AE%E7%AD%94-%E4%B8%80)、[首页](../index.html)、[打印](../print.html#intro)。

> [!NOTE]
> 说明。[^1]

[^1]: 同名的脚注。

| 条 | 款 |
|----|----|
| [一](../laws/foi-2019.md) | 二 |

- [x] 已完成
";

const NOT_FOUND: &str = "# 找不到页面 {#not-found}\n\n回到[前言](intro.md)。\n";

/// Builds the book after `change` has had its way with the sources, and checks the output.
fn check_book(change: impl Fn(&Path)) -> Vec<Finding> {
    let root = tempfile::tempdir().unwrap();
    let book = root.path().join("book");
    for (name, text) in [
        ("../book.toml", CONFIG),
        ("SUMMARY.md", SUMMARY),
        ("intro.md", INTRO),
        ("laws/README.md", "# 法规 {#laws}\n\n[条例](foi-2019.md)\n"),
        ("laws/foi-2019.md", LAW),
        ("questions/问答.md", QUESTION),
        ("404.md", NOT_FOUND),
        ("images/seal.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ] {
        fs::create_dir_all(book.join(name).parent().unwrap()).unwrap();
        fs::write(book.join(name), text).unwrap();
    }
    change(&book);
    MDBook::load(root.path()).unwrap().build().unwrap();
    let mut files = BTreeSet::new();
    collect(&root.path().join("out"), "", &mut files);
    let pages: Vec<Page> = files
        .iter()
        .filter(|path| path.ends_with(".html"))
        .map(|path| Page {
            path: path.clone(),
            html: fs::read_to_string(root.path().join("out").join(path)).unwrap(),
        })
        .collect();
    assert!(pages.len() > 7, "{files:?}");
    check(&pages, &files)
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path);
        }
    }
}

/// What is found after `text` was put at the end of one source file, as seen on one page.
fn planted(source: &str, text: &str, page: &str) -> Vec<(Kind, String)> {
    let findings = check_book(|book| {
        let old = fs::read_to_string(book.join(source)).unwrap();
        fs::write(book.join(source), format!("{old}\n{text}\n")).unwrap();
    });
    let here = findings.into_iter().filter(|finding| finding.page == page);
    here.map(|finding| (finding.kind, finding.target)).collect()
}

fn in_law(text: &str) -> Vec<(Kind, String)> {
    planted("laws/foi-2019.md", text, "laws/foi-2019.html")
}

fn only(kind: Kind, target: &str) -> Vec<(Kind, String)> {
    vec![(kind, target.to_owned())]
}

#[test]
fn a_clean_book_gives_no_findings() {
    assert_eq!(check_book(|_| {}), []);
}

#[test]
fn a_clean_book_for_a_subfolder_of_a_site_gives_no_findings() {
    let findings = check_book(|book| {
        let config = CONFIG.replace("[output.html]", "[output.html]\nsite-url = \"/handbook/\"");
        fs::write(book.join("../book.toml"), config).unwrap();
    });
    assert_eq!(findings, []);
}

#[test]
fn a_clean_book_with_all_defaults_of_mdbook_gives_no_findings() {
    let findings = check_book(|book| {
        let config = "[book]\ntitle = \"x\"\nsrc = \"book\"\n[build]\nbuild-dir = \"out\"\n[output.html.print]\npage-break = false\n";
        fs::write(book.join("../book.toml"), config).unwrap();
    });
    assert_eq!(findings, []);
}

#[test]
fn a_book_without_a_title_leaves_the_print_page_without_one() {
    let findings = check_book(|book| {
        let config = CONFIG.replace("title = ", "description = ");
        fs::write(book.join("../book.toml"), config).unwrap();
    });
    let found: Vec<_> = findings.iter().map(|finding| (finding.kind, finding.page.as_str())).collect();
    assert_eq!(found, [(Kind::MissingTitle, "print.html")]);
}

#[test]
fn a_chapter_that_does_not_exist_is_found() {
    assert_eq!(in_law("[x](../no.md)"), only(Kind::MissingFile, "../no.html"));
}

#[test]
fn an_article_that_does_not_exist_is_found() {
    assert_eq!(
        in_law("[x](foi-2019.md#foi-2019-art-63)"),
        only(Kind::MissingFragment, "foi-2019.html#foi-2019-art-63")
    );
}

#[test]
fn a_fault_is_also_found_on_the_print_page() {
    assert_eq!(planted("laws/foi-2019.md", "[x](#no)", "print.html"), only(Kind::MissingFragment, "#no"));
}

#[test]
fn an_explicit_id_used_twice_is_found() {
    assert_eq!(in_law("## 再 {#foi-2019-art-36}"), only(Kind::DuplicateId, "foi-2019-art-36"));
}

#[test]
fn a_chapter_without_a_heading_is_found() {
    let findings = check_book(|book| fs::write(book.join("laws/README.md"), "正文\n").unwrap());
    let found: Vec<_> = findings.iter().map(|finding| (finding.kind, finding.page.as_str())).collect();
    assert_eq!(found, [(Kind::MissingHeading, "laws/index.html")]);
}

#[test]
fn a_picture_from_the_network_is_found() {
    assert_eq!(
        in_law("![x](https://www.gov.cn/x.png)"),
        only(Kind::NetworkResource, "https://www.gov.cn/x.png")
    );
}

#[test]
fn the_formulas_of_mdbook_load_a_script_from_the_network() {
    let findings = check_book(|book| {
        let config = CONFIG.replace("[output.html]", "[output.html]\nmathjax-support = true");
        fs::write(book.join("../book.toml"), config).unwrap();
    });
    assert!(!findings.is_empty());
    assert!(findings.iter().all(|finding| finding.kind == Kind::NetworkResource));
}

#[test]
fn a_link_out_of_the_book_is_found() {
    assert_eq!(in_law("[x](../../cases/1.pdf)"), only(Kind::OutsideRoot, "../../cases/1.pdf"));
}

#[test]
fn a_link_from_the_root_is_found() {
    assert_eq!(in_law("<a href=\"/intro.html\">x</a>"), only(Kind::AbsolutePath, "/intro.html"));
}

#[test]
fn an_empty_link_is_found() {
    assert_eq!(in_law("[x]()"), only(Kind::EmptyLink, ""));
}

#[test]
fn a_script_link_is_found() {
    assert_eq!(in_law("[x](javascript:x)"), only(Kind::ScriptLink, "javascript:x"));
}

#[test]
fn a_raw_link_to_markdown_is_found() {
    assert_eq!(
        in_law("<a href=\"../no.md\" target=\"_blank\">x</a>").first().map(|found| found.0),
        Some(Kind::MissingFile),
        "mdBook rewrites raw HTML links, too"
    );
    assert_eq!(in_law("<a href=\"../intro.MD\">x</a>"), only(Kind::MarkdownLink, "../intro.MD"));
}

#[test]
fn a_link_in_other_letter_case_is_found() {
    assert_eq!(in_law("[x](../Intro.md)"), only(Kind::WrongCase, "../Intro.html"));
}

#[test]
fn a_link_to_a_folder_loses_its_slash_on_the_print_page() {
    assert_eq!(in_law("[x](../laws/)"), []);
    assert_eq!(planted("laws/foi-2019.md", "[x](../laws/)", "print.html"), only(Kind::MissingFile, "laws"));
}

#[test]
fn a_link_to_a_readme_is_not_rewritten_to_the_index_by_mdbook() {
    let findings = check_book(|book| {
        fs::write(book.join("laws/foi-2019.md"), "# 条例\n\n[x](README.md)\n").unwrap();
    });
    let found = findings.iter().find(|finding| finding.target == "README.html").unwrap();
    assert_eq!(found.page, "laws/foi-2019.html");
    assert_eq!(found.hint.as_deref(), Some("您是不是要写 index.html"));
}

#[test]
fn a_redirect_to_nowhere_is_found() {
    let findings = check_book(|book| {
        let config = CONFIG.replace("intro.html", "gone.html");
        fs::write(book.join("../book.toml"), config).unwrap();
    });
    let found: Vec<_> = findings.iter().map(|finding| (finding.kind, finding.page.as_str())).collect();
    assert_eq!(found, [(Kind::MissingFile, "old.html")]);
}

#[test]
fn a_first_chapter_in_a_subfolder_breaks_the_copy_that_is_the_start_page() {
    let findings = check_book(|book| {
        fs::write(
            book.join("SUMMARY.md"),
            "- [条例](laws/foi-2019.md)\n- [前言](intro.md)\n- [法规](laws/README.md)\n- [问答](questions/问答.md)\n",
        )
        .unwrap();
    });
    let found: Vec<_> = findings.iter().map(|finding| (finding.kind, finding.page.as_str())).collect();
    assert_eq!(found, [(Kind::OutsideRoot, "index.html")]);
}
