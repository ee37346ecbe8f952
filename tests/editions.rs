//! Editions: what is chosen is in, what is internal or not chosen is nowhere in the output, not even in a file's name.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use common::{Handbook, Run, assert_same_files, files};
use gongkai::handbook::rendered::{self, Page};
use std::collections::BTreeSet;

/// Stands wherever something internal was planted, in names of files too.
const SECRET: &str = "zhijin-neibu-73519";

/// Builds an edition into a folder of its own.
fn build(handbook: &Handbook, edition: &str) -> Run {
    handbook.run(&["build", "--edition", edition, "-d", &format!("out-{edition}")])
}

/// Puts a table in the place of all editions.
fn add_edition(handbook: &Handbook, table: &str) {
    let text = handbook.read("book.toml");
    let start = text.find("[preprocessor.gongkai.editions.").unwrap();
    let end = text.find("\n# 下面是虚构的示例").unwrap_or(text.len());
    handbook.write("book.toml", format!("{}{table}{}", &text[..start], &text[end..]));
}

/// Every file of the output whose name or content holds the words.
fn holding(handbook: &Handbook, folder: &str, words: &str) -> Vec<String> {
    let mut all = vec![];
    for (path, bytes) in files(&handbook.path(folder)) {
        if path.contains(words) || String::from_utf8_lossy(&bytes).contains(words) {
            all.push(path);
        }
    }
    all
}

/// A copy of a page with another id and title, and the secret in its text; with `internal = true` where that is asked.
fn plant(handbook: &Handbook, (folder, like, ending): (&str, &str, &str), internal: bool) -> String {
    let text = handbook.read(&format!("{folder}/{like}{ending}"));
    let own = text.lines().find_map(|l| l.strip_prefix("id = \"")).unwrap().trim_end_matches('"').to_owned();
    let name = like.replace(like, &format!("{like}-{SECRET}"));
    let mut left = text.replacen(&format!("id = \"{own}\""), &format!("id = \"{own}-{SECRET}\""), 1);
    let title = left.lines().find(|l| l.starts_with("title = ")).unwrap().to_owned();
    left = left.replacen(&title, &format!("{}{SECRET}\"", title.trim_end_matches('"')), 1);
    if internal {
        left = left.replacen("+++\n", "+++\ninternal = true\n", 1);
    }
    // Anchors that the copied page gives to its headings would be taken.
    let left: String = left
        .lines()
        .map(|line| match line.split_once(" {#") {
            Some((heading, _)) if heading.starts_with('#') => format!("{heading}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    handbook.write(&format!("{folder}/{name}{ending}"), left);
    name
}

/// The handbook with internal text in every kind of content.
fn planted() -> Handbook {
    let handbook = Handbook::own();
    plant(&handbook, ("cases", "2014-002", ".md"), true);
    plant(&handbook, ("book/questions", "q-how-many-days", ".md"), true);
    plant(&handbook, ("book/questions", "q-free-or-not", ".md"), false);
    plant(&handbook, ("book/policies", "gbh-2020-109", ".md"), true);
    plant(&handbook, ("book/quiz", "time-limits", ".md"), true);
    plant(&handbook, ("book/drills", "mixed-petition", ".md"), true);
    plant(&handbook, ("templates/clauses", "not-exist", ".hbs"), true);
    let guide = plant(&handbook, ("book/guide", "citizen-fee", ".md"), true);
    let guide_link = format!("- [{SECRET}](guide/{guide}.md)\n");
    handbook.append("book/SUMMARY.md", &guide_link);
    handbook
}

#[test]
fn what_is_internal_or_not_chosen_is_nowhere_in_the_public_edition() {
    let handbook = planted();
    // In the text of pages that are chosen: behind headings that the edition leaves out, and as links to what is left out.
    handbook.replace("book/questions/q-no-purpose.md", "## 怎么办\n", &format!("## 怎么办\n\n{SECRET}\n"));
    handbook.append(
        "book/guide/citizen-fee.md",
        &format!("\n另见[这里](../questions/q-free-or-not-{SECRET}.md)。\n\n易错：{SECRET}\n"),
    );
    // In tables, settings, texts that were imported, and files that lie around.
    handbook.append("book/rules/outcomes.toml", &format!("\n# {SECRET}\n"));
    handbook.write(&format!("book/{SECRET}.png"), SECRET);
    handbook.write(&format!("book/laws/{SECRET}.html"), SECRET);
    handbook.write(&format!("book/theme/{SECRET}.js"), SECRET);
    handbook.write("book/404.md", format!("# {SECRET}\n"));
    let text = handbook.read("book.toml");
    let text = text
        .replacen("contact = \"王某\"", &format!("contact = \"{SECRET}\""), 1)
        .replacen("description = \"", &format!("description = \"{SECRET}"), 1)
        .replacen("[book]\n", &format!("[book]\nauthors = [\"{SECRET}\"]\n"), 1);
    handbook.write("book.toml", text);
    let page = handbook.read("book/questions/q-outsider.md");
    handbook.write(
        "book/questions/q-outsider.md",
        page.replacen("+++\n", "+++\n[review]\n", 0).replacen(
            "\n+++\n",
            &format!("\n[review]\nwritten_by = \"{SECRET}\"\nreviewed_by = \"{SECRET}\"\nreviewed_on = \"2026-11-27\"\n+++\n"),
            1,
        ),
    );

    let run = build(&handbook, "staff");
    assert_eq!(run.code, 0, "{run:?}");
    for page in
        ["cases/2014-002", "questions/q-how-many-days", "questions/q-free-or-not", "policies/gbh-2020-109"]
    {
        let path = format!("{page}-{SECRET}.html");
        assert!(handbook.path(format!("out-staff/{path}")).is_file(), "{path} is in the staff's edition");
    }
    let only = "只限内部";
    assert!(handbook.read(&format!("out-staff/cases/2014-002-{SECRET}.html")).contains(only));

    let run = build(&handbook, "public");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("没有收这 1 页") && run.stderr.contains("citizen-fee"), "{}", run.stderr);
    assert_eq!(holding(&handbook, "out-public", SECRET), Vec::<String>::new());
    // The page that held them is there all the same.
    let page = handbook.read("out-public/guide/citizen-fee.html");
    assert!(page.contains("另见这里。"), "the link became words");
    assert!(handbook.path("out-public/questions/q-no-purpose.html").is_file());
    assert!(handbook.read("out-public/search/data.js").contains("不要求"), "its search has its pages");
}

#[test]
fn every_link_of_every_edition_leads_somewhere() {
    let handbook = Handbook::own();
    for edition in ["staff", "public"] {
        let run = build(&handbook, edition);
        assert_eq!(run.code, 0, "{run:?}");
        let all = files(&handbook.path(format!("out-{edition}")));
        let names: BTreeSet<String> = all.keys().cloned().collect();
        let html = all.iter().filter(|(path, _)| path.ends_with(".html"));
        let pages: Vec<Page> = html
            .map(|(path, bytes)| Page { path: path.clone(), html: String::from_utf8(bytes.clone()).unwrap() })
            .collect();
        let findings = rendered::check(&pages, &names);
        assert!(findings.is_empty(), "{edition}: {findings:#?}");
        assert!(
            names
                .iter()
                .all(|n| !n.starts_with("rules/") && !n.starts_with("laws/text/") && !n.ends_with(".toml")),
            "no table rides along"
        );
    }
}

#[test]
fn an_edition_is_the_same_every_time() {
    let handbook = Handbook::own();
    let first = handbook.run(&["build", "--edition", "public", "-d", "a"]);
    let second = handbook.run(&["build", "--edition", "public", "-d", "b"]);
    assert_eq!((first.code, second.code), (0, 0), "{first:?}");
    assert_same_files(&files(&handbook.path("a")), &files(&handbook.path("b")));
}

#[test]
fn imported_texts_go_out_only_as_pages_of_chosen_laws() {
    let handbook = Handbook::own();
    handbook.write("book/laws/text/foi-2019/notes.txt", SECRET);
    let run = build(&handbook, "staff");
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(holding(&handbook, "out-staff", SECRET), Vec::<String>::new());
}

#[test]
fn an_edition_that_would_give_something_away_is_refused_and_nothing_is_written() {
    let handbook = Handbook::own();
    let refused = |file: &str, prepare: &dyn Fn(&Handbook), says: &[&str]| {
        let before = handbook.read(file);
        prepare(&handbook);
        let run = build(&handbook, "public");
        handbook.write(file, before);
        assert_eq!(run.code, 1, "{run:?}");
        for words in says {
            assert!(run.stderr.contains(words), "「{words}」 in {}", run.stderr);
        }
        assert!(!handbook.path("out-public").exists(), "nothing was written");
    };
    let header = |handbook: &Handbook, path: &str, line: &str| {
        handbook.write(path, handbook.read(path).replacen("+++\n", &format!("+++\n{line}\n"), 1));
    };
    let (question, guide) = ("book/questions/q-no-purpose.md", "book/guide/citizen-fee.md");
    refused(
        question,
        &|h| header(h, question, "internal = true"),
        &["只限内部，不能收进这个版本", "book.toml", "q-no-purpose"],
    );
    refused(
        question,
        &|h| h.append(question, "\n<!-- 内部：别外传 -->\n"),
        &["有注释", "book/questions/q-no-purpose.md"],
    );
    refused(
        guide,
        &|h| h.append(guide, "\n联系手机 13800138000。\n"),
        &["完整的手机号码", "book/guide/citizen-fee.md"],
    );
    refused(
        "book.toml",
        &|h| {
            add_edition(
                h,
                "[preprocessor.gongkai.editions.public]\ninclude = [\"letters/approval-sheet\"]\n",
            );
        },
        &["只限内部", "approval-sheet"],
    );
}

// kind: edition
#[test]
fn mistakes_in_the_description_of_an_edition_are_shown_with_their_place() {
    let handbook = Handbook::own();
    let shown = |table: &str, says: &[&str]| {
        add_edition(&handbook, table);
        let run = build(&handbook, "public");
        assert_eq!(run.code, 1, "{table}: {run:?}");
        for words in says {
            assert!(run.stderr.contains(words), "「{words}」 in {}", run.stderr);
        }
        assert!(run.stderr.contains("book.toml:") && run.stderr.contains('^'), "{}", run.stderr);
    };
    let table = "[preprocessor.gongkai.editions.public]\n";
    shown(table, &["没有写收入哪些页面"]);
    shown(&format!("{table}include = []\n"), &["没有写收入哪些页面"]);
    shown(&format!("{table}include = [\"*\"]\n"), &["看不出是哪些页面"]);
    shown(
        &format!("{table}include = [\"questions/q-no-purpos\"]\n"),
        &["没有「questions/q-no-purpos」", "q-no-purpose"],
    );
    shown(&format!("{table}inclde = [\"glossary\"]\n"), &["inclde"]);
    shown(&format!("{table}include = [\"glossary\"]\ndate = \"2026-13-01\"\n"), &["日期"]);
    shown(&format!("{table}include = [\"glossary\"]\naddress = \"www.example.gov.cn\"\n"), &["不是网址"]);
    shown(
        "[preprocessor.gongkai.editions.\"../public\"]\ninclude = [\"glossary\"]\n",
        &["版本的编号「../public」不能用"],
    );
    shown("[preprocessor.gongkai.editions.con]\ninclude = [\"glossary\"]\n", &["版本的编号「con」不能用"]);
}

#[test]
fn an_unknown_edition_is_answered_with_those_there_are() {
    let handbook = Handbook::own();
    let run = build(&handbook, "publik");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("没有「publik」这个版本") && run.stderr.contains("public"), "{}", run.stderr);
}

// kind: book-page
#[test]
fn a_book_with_a_picture_that_is_not_there_is_refused_and_nothing_is_written() {
    let handbook = Handbook::own();
    handbook.append("book/guide/citizen-fee.md", "\n![收费流程](no-such-picture.png)\n");
    let run = handbook.run(&["build", "--edition", "public", "--format", "epub"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("guide/no-such-picture.png 不在手册里"), "{}", run.stderr);
    assert!(run.stderr.contains("guide/citizen-fee.html"), "{}", run.stderr);
    assert!(!handbook.path("target/public.epub").exists(), "nothing was written");
}

#[test]
fn the_book_of_an_edition_holds_what_the_edition_holds() {
    let handbook = planted();
    let first = handbook.run(&["build", "--edition", "public", "--format", "epub"]);
    assert_eq!(first.code, 0, "{first:?}");
    let book = std::fs::read(handbook.path("target/public.epub")).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&book)).unwrap();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut text = vec![];
        std::io::Read::read_to_end(&mut file, &mut text).unwrap();
        let name = file.name().unwrap().into_owned();
        assert!(!name.contains(SECRET) && !String::from_utf8_lossy(&text).contains(SECRET), "{name}");
    }
    let again = handbook.run(&["build", "--edition", "public", "--format", "epub", "-o", "again.epub"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(std::fs::read(handbook.path("again.epub")).unwrap() == book, "the same bytes every time");
    let kept = handbook.run(&["build", "--edition", "public", "--format", "epub", "-o", "again.epub"]);
    assert_eq!(kept.code, 2, "{kept:?}");
    assert!(kept.stderr.contains("已经存在"), "{}", kept.stderr);
}
