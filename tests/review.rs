//! `gongkai letter check` and `gongkai explain`, as staff run them; `faults.rs` measures the rules.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::io::{Cursor, Write};

use common::Handbook;
use serde_json::Value as Json;
use zip::write::SimpleFileOptions;

/// The handbook, with the example of a letter as request and as document.
fn with_letter(id: &str) -> Handbook {
    let handbook = Handbook::own();
    assert_eq!(handbook.run(&["letter", "new", id, "--example", "-o", "a.toml"]).code, 0);
    assert_eq!(handbook.run(&["letter", "fill", "a.toml"]).code, 0);
    handbook
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(vec![]));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::DEFAULT).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const RELATIONS: &[u8] = b"<Relationships><Relationship Id=\"r\" Type=\"x/officeDocument\" Target=\"word/document.xml\"/></Relationships>";

#[test]
fn a_good_letter_and_its_request_pass() {
    let handbook = with_letter("refuse-trade-secret");
    for file in ["a.docx", "a.toml"] {
        let run = handbook.run(&["letter", "check", file]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.contains("没有找到问题"), "{run:?}");
    }
}

#[test]
fn a_finding_shows_file_paragraph_and_words_and_how_to_learn_why() {
    let handbook = Handbook::own();
    let text = "示例市交通运输局\n政府信息公开告知书\n\n张某：\n上述信息由××科室保管。\n特此告知。\n示例市交通运输局\n2026年10月22日\n";
    handbook.write("坏.txt", text);
    let run = handbook.run(&["letter", "check", "坏.txt"]);
    assert_eq!(run.code, 1, "{run:?}");
    for words in [
        "错误: 这里还没有填：「××」",
        "--> 坏.txt 第5行",
        "上述信息由××科室保管。",
        "^^",
        "想知道为什么：gongkai explain placeholder",
    ] {
        assert!(run.stderr.contains(words), "{words}\n{}", run.stderr);
    }
}

#[test]
fn warnings_alone_are_shown_and_end_with_zero() {
    let handbook = with_letter("grant");
    let run = handbook.run(&["letter", "check", "a.docx", "--date", "2026-10-23"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("提醒: 落款是 2026-10-22，指定的是 2026-10-23"), "{run:?}");
}

#[test]
fn a_request_whose_letter_would_break_a_rule_is_told_by_the_rule() {
    let handbook = Handbook::own();
    assert_eq!(handbook.run(&["letter", "new", "grant", "--example", "-o", "a.toml"]).code, 0);
    let late = handbook.run(&["letter", "check", "a.toml", "--date", "2026-12-18", "--json"]);
    assert_eq!(late.code, 1, "{late:?}");
    let found: Json = serde_json::from_str(&late.stdout).unwrap();
    assert_eq!(found["findings"][0]["rule"], "late-reply", "{found}");
    handbook.replace("a.toml", "number = \"示例公开〔2026〕12号\"", "number = \"示例公开[2026]12号\"");
    let run = handbook.run(&["letter", "check", "a.toml", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let found: Json = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(found["findings"][0]["rule"], "number-form", "{found}");
    let fill = handbook.run(&["letter", "fill", "a.toml"]);
    assert!(fill.stderr.contains("想知道为什么：gongkai explain number-form"), "{fill:?}");
}

#[test]
fn sarif_has_the_shape_of_2_1_0() {
    let handbook = Handbook::own();
    handbook.write("坏 稿.txt", "张某：\n上述信息由××科室保管。\n");
    let run = handbook.run(&["letter", "check", "坏 稿.txt", "--sarif"]);
    let sarif: Json = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let driver = &sarif["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "gongkai");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty(), "{run:?}");
    for result in results {
        let rule = &driver["rules"][usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["error", "warning"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "%E5%9D%8F%20%E7%A8%BF.txt");
        assert!(place["region"]["startLine"].as_u64().is_none_or(|n| n > 0));
    }
}

#[test]
fn what_is_no_docx_is_told_what_to_do() {
    let handbook = Handbook::own();
    let ole = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 600]].concat();
    let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let locked = [&ole[..], &wide].concat();
    let bomb = vec![b' '; 101 * 1024 * 1024];
    let bomb = package(&[("_rels/.rels", RELATIONS), ("word/document.xml", &bomb)]);
    let broken = package(&[("_rels/.rels", RELATIONS), ("word/document.xml", b"<w:document><w:p")]);
    let sheet = package(&[
        ("_rels/.rels", b"<R><Relationship Type=\"x/officeDocument\" Target=\"xl/workbook.xml\"/></R>"),
        ("xl/workbook.xml", b"<w/>"),
    ]);
    let cases: [(&str, &[u8], &str); 11] = [
        ("a.doc", &ole, "另存为 .docx"),
        // What the file is counts, not what it is called.
        ("b.docx", &ole, "另存为 .docx"),
        ("c.wps", &ole, "另存为 .docx"),
        ("d.docx", &locked, "加了密码"),
        ("e.pdf", b"%PDF-1.7 x", "请用 .docx"),
        ("f.rtf", b"{\\rtf1 x}", "另存为 .docx"),
        ("g.docx", b"PK\x03\x04 nothing", "解不开"),
        ("h.docx", &broken, "坏了"),
        ("i.docx", &bomb, "超过 100 MB"),
        ("j.xlsx", &sheet, "不是 Word 文件"),
        ("k.txt", b"\n \n", "空的"),
    ];
    for (name, bytes, words) in cases {
        handbook.write(name, bytes);
        let run = handbook.run(&["letter", "check", name]);
        assert_eq!(run.code, 2, "{name} {run:?}");
        assert!(run.stderr.contains(words) && run.stderr.contains("提示"), "{name} {}", run.stderr);
    }
}

#[test]
fn explain_tells_one_rule_or_all_and_knows_what_was_meant() {
    let handbook = Handbook::empty();
    let all = handbook.run(&["explain"]);
    assert!(all.stdout.contains("remedy-class") && all.stdout.contains("救济告知写反了"), "{all:?}");
    for wanted in ["remedy-class", "救济告知写反了"] {
        let one = handbook.run(&["explain", wanted]);
        assert_eq!(one.code, 0, "{one:?}");
        for words in ["为什么：", "依据：", "怎样改："] {
            assert!(one.stdout.contains(words), "{one:?}");
        }
    }
    let wrong = handbook.run(&["explain", "remedy-clas"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("您是不是要写 remedy-class？"), "{wrong:?}");
}
