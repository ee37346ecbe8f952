//! Official texts are taken apart as a legislative drafter would: invented texts with one trap each, the real statutes
//! where they are at hand, and any text at all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]
#![allow(clippy::print_stderr, reason = "what is skipped is said")]

use crate::common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use common::Handbook;
use gongkai::statute::{self, Format};
use serde_json::{Value as Json, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/statutes")
}

/// The real statutes, which are never part of the project; `None` where they are not at hand.
fn laws() -> Option<BTreeMap<String, Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/laws");
    if !folder.is_dir() {
        eprintln!("跳过：没有 ../shared/laws，真实法规没有检验");
        return None;
    }
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        all.insert(path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
    }
    Some(all)
}

/// Without blanks; line breaks stay.
fn bare(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !statute::is_void(*c)).collect()
}

fn bare_json(value: &Json) -> String {
    bare(value.as_str().unwrap_or_else(|| panic!("{value} is no text")))
}

fn parsed(name: &str, bytes: &[u8]) -> Json {
    let text = statute::read(name, bytes).unwrap_or_else(|e| panic!("{name}: {e:?}"));
    serde_json::to_value(&text.parsed.statute).unwrap()
}

/// What differs from what must come out. The keys: `title`, `kind`, `info`; `labels`, `numbers`, `subs`, `texts_list`,
/// `paths_list` of all articles; by label `texts`, `paths`, `contains`; by article number `structure` (项 of each 款); by
/// 条.款[.项[.目]] `paragraphs`, `items`, `subitems` (how many), `subitem_texts`; `annex_…`; `absent` anywhere,
/// `absent_articles` in articles; `warning_count`, `warning_min`, `warning_codes_contain`.
fn differences(expected: &Json, found: &Json) -> String {
    let mut out = String::new();
    let articles = found["articles"].as_array().unwrap();
    let by_label = |label: &str| articles.iter().find(|a| a["label"] == label);
    let is = |value: &Json, text: &str| value.as_u64().is_some_and(|n| text.parse() == Ok(n));
    let by_number = |key: &str| {
        articles.iter().find(|a| match key.split_once('_') {
            Some((n, sub)) => is(&a["number"], n) && is(&a["sub"], sub),
            None => is(&a["number"], key) && a["sub"].is_null(),
        })
    };
    let list = |key: &str| -> Vec<Json> { articles.iter().map(|a| a[key].clone()).collect() };
    let annexes = found["annexes"].as_array().unwrap();
    let all_articles: String = articles.iter().map(|a| bare_json(&a["text"]) + "\n").collect();
    let everything = format!("{all_articles}{}{}{}", found["info"], found["title"], found["annexes"]);
    let codes: Vec<&str> =
        found["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap()).collect();
    let part = |place: &str| -> Option<Json> {
        let numbers: Vec<&str> = place.split('.').collect();
        let paragraph =
            by_number(numbers[0])?["paragraphs"].get(numbers[1].parse::<usize>().unwrap() - 1)?.clone();
        let Some(item) = numbers.get(2) else { return Some(paragraph) };
        let numbered = |list: &Json, n: &str| list.as_array()?.iter().find(|i| is(&i["number"], n)).cloned();
        let item = numbered(&paragraph["items"], item)?;
        match numbers.get(3) {
            Some(sub) => numbered(&item["subitems"], sub),
            None => Some(item),
        }
    };
    for (key, wanted) in expected.as_object().unwrap() {
        let entries = || wanted.as_object().unwrap().iter();
        let mut note = |what: String| {
            let _ = writeln!(out, "  {key}: {what}");
        };
        let mut equal = |is: Json, want: &Json| {
            if &is != want {
                note(format!("{is}\n    不是 {want}"));
            }
        };
        match key.as_str() {
            "kind" => equal(found["kind"].clone(), wanted),
            "title" => equal(json!(bare_json(&found["title"])), &json!(bare_json(wanted))),
            "info" => {
                let all = |v: &Json| -> Vec<String> { v.as_array().unwrap().iter().map(bare_json).collect() };
                equal(json!(all(&found["info"])), &json!(all(wanted)));
            }
            "labels" => equal(json!(list("label")), wanted),
            "numbers" => equal(json!(list("number")), wanted),
            "subs" => equal(json!(list("sub")), wanted),
            "paths_list" => equal(json!(list("path")), wanted),
            "texts_list" => {
                let all = |v: &[Json]| -> Vec<String> { v.iter().map(bare_json).collect() };
                equal(json!(all(&list("text"))), &json!(all(wanted.as_array().unwrap())));
            }
            "texts" => entries().for_each(|(label, text)| {
                equal(
                    by_label(label).map_or(Json::Null, |a| json!(bare_json(&a["text"]))),
                    &json!(bare_json(text)),
                );
            }),
            "paths" => entries().for_each(|(label, path)| {
                equal(by_label(label).map_or(Json::Null, |a| a["path"].clone()), path);
            }),
            "contains" => {
                for (label, words) in entries() {
                    let text = by_label(label).map(|a| bare_json(&a["text"])).unwrap_or_default();
                    for word in words.as_array().unwrap().iter().filter(|w| !text.contains(&bare_json(w))) {
                        note(format!("{label}里没有 {word}"));
                    }
                }
            }
            "structure" => entries().for_each(|(number, parts)| {
                let count = |p: &Json| json!(p["items"].as_array().unwrap().len());
                let is: Option<Vec<Json>> = by_number(number)
                    .map(|a| a["paragraphs"].as_array().unwrap().iter().map(count).collect());
                equal(json!({ number: is }), &json!({ number: parts }));
            }),
            "subitems" => entries().for_each(|(place, count)| {
                equal(
                    part(place).map_or(Json::Null, |p| json!(p["subitems"].as_array().unwrap().len())),
                    count,
                );
            }),
            "paragraphs" | "items" | "subitem_texts" => entries().for_each(|(place, text)| {
                equal(
                    part(place).map_or(Json::Null, |p| json!(bare_json(&p["text"]))),
                    &json!(bare_json(text)),
                );
            }),
            "annex_count" => equal(json!(annexes.len()), wanted),
            "annex_titles" | "annex_titles_contain" => {
                let wanted = wanted.as_array().unwrap();
                let fits = |(a, w): (&Json, &Json)| bare_json(&a["title"]).contains(&bare_json(w));
                if wanted.len() != annexes.len() || !annexes.iter().zip(wanted).all(fits) {
                    note(format!("{}", found["annexes"]));
                }
            }
            "annex_contains" => {
                for (index, words) in wanted.as_array().unwrap().iter().enumerate() {
                    let text = annexes.get(index).map(|a| bare_json(&a["text"])).unwrap_or_default();
                    let words = words.as_array().cloned().unwrap_or_else(|| vec![words.clone()]);
                    for word in words.iter().filter(|w| !text.contains(&bare_json(w))) {
                        note(format!("附件 {index} 里没有 {word}"));
                    }
                }
            }
            "annex_contains_any" => {
                for word in wanted.as_array().unwrap() {
                    if !annexes.iter().any(|a| bare_json(&a["text"]).contains(&bare_json(word))) {
                        note(format!("附件里没有 {word}"));
                    }
                }
            }
            "absent" | "absent_articles" => {
                let text = if key == "absent" { &everything } else { &all_articles };
                for word in wanted.as_array().unwrap() {
                    let word = word.as_str().unwrap();
                    let solid = bare(word);
                    let there = if solid.is_empty() { text.contains(word) } else { text.contains(&solid) };
                    if there {
                        note(format!("不应当有 {word:?}"));
                    }
                }
            }
            "warning_count" => equal(json!(codes.len()), wanted),
            "warning_min" => {
                if (codes.len() as u64) < wanted.as_u64().unwrap() {
                    note(format!("{codes:?}"));
                }
            }
            "warning_codes_contain" => {
                for word in wanted.as_array().unwrap().iter().map(|w| w.as_str().unwrap()) {
                    if !codes.iter().any(|c| c.contains(word)) {
                        note(format!("没有 {word}：{codes:?}"));
                    }
                }
            }
            other => panic!("the fixtures know no key {other}"),
        }
    }
    out
}

#[test]
fn every_trap_in_an_invented_text_is_passed() {
    let mut failed = String::new();
    let mut count = 0;
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder().join("fixtures")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e != "json")) {
        let expected: Json = serde_json::from_slice(&fs::read(path.with_extension("json")).unwrap()).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let differences = differences(&expected, &parsed(&name, &fs::read(path).unwrap()));
        if !differences.is_empty() {
            let _ = writeln!(failed, "{name}\n{differences}");
        }
        count += 1;
    }
    assert!(count > 100, "{count}");
    assert!(failed.is_empty(), "{failed}");
}

// Word documents, built from a description

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
    xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"";

fn escaped(text: &Json) -> String {
    text.as_str().unwrap().replace('&', "&amp;").replace('<', "&lt;")
}

#[derive(Default)]
struct Document {
    notes: String,
    noted: usize,
    lists: Vec<(String, String)>,
    numbering: String,
}

impl Document {
    fn run(&mut self, run: &Json) -> String {
        let text = |key: &str| escaped(&run[key]);
        let has = |key: &str| run.get(key).is_some();
        if has("text") {
            let bold = if has("bold") { "<w:rPr><w:b/></w:rPr>" } else { "" };
            let run = format!("<w:r>{bold}<w:t xml:space=\"preserve\">{}</w:t></w:r>", text("text"));
            return if has("link") { format!("<w:hyperlink>{run}</w:hyperlink>") } else { run };
        }
        if has("break") {
            let mark = match run["break"].as_str().unwrap() {
                "line" => "<w:br/>",
                "page" => "<w:br w:type=\"page\"/>",
                _ => "<w:tab/>",
            };
            return format!("<w:r>{mark}</w:r>");
        }
        if has("footnote") {
            self.noted += 1;
            let id = self.noted;
            let _ = write!(
                self.notes,
                "<w:footnote w:id=\"{id}\"><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote>",
                text("footnote")
            );
            return format!("<w:r><w:footnoteReference w:id=\"{id}\"/></w:r>");
        }
        if has("deleted") {
            return format!("<w:del><w:r><w:delText>{}</w:delText></w:r></w:del>", text("deleted"));
        }
        if has("inserted") {
            return format!("<w:ins><w:r><w:t>{}</w:t></w:r></w:ins>", text("inserted"));
        }
        if has("hidden") {
            return format!("<w:r><w:rPr><w:vanish/></w:rPr><w:t>{}</w:t></w:r>", text("hidden"));
        }
        let inner =
            format!("<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>", text("textbox"));
        format!(
            "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{inner}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{inner}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
    }

    fn paragraph(&mut self, paragraph: &Json) -> String {
        if let Some(runs) = paragraph.as_array().or(paragraph["center"].as_array()) {
            let runs: String = runs.iter().map(|r| self.run(r)).collect();
            return format!("<w:p>{runs}</w:p>");
        }
        if let Some(rows) = paragraph["table"].as_array() {
            let cell = |cell: &Json| {
                let text = escaped(cell);
                let paragraphs: String =
                    text.split('\n').map(|p| format!("<w:p><w:r><w:t>{p}</w:t></w:r></w:p>")).collect();
                format!("<w:tc>{paragraphs}</w:tc>")
            };
            let row = |row: &Json| {
                format!("<w:tr>{}</w:tr>", row.as_array().unwrap().iter().map(cell).collect::<String>())
            };
            return format!("<w:tbl>{}</w:tbl>", rows.iter().map(row).collect::<String>());
        }
        let numbered = &paragraph["numbered"];
        let key = (escaped(&numbered["format"]), escaped(&numbered["fmt"]));
        let known = self.lists.iter().rposition(|l| *l == key).filter(|_| numbered.get("restart").is_none());
        let index = known.unwrap_or_else(|| {
            self.lists.push(key.clone());
            self.lists.len() - 1
        });
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{}\"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>",
            index + 1,
            escaped(&numbered["text"])
        )
    }

    fn build(description: &Json) -> Vec<u8> {
        let mut document = Self::default();
        let body: String =
            description["paragraphs"].as_array().unwrap().iter().map(|p| document.paragraph(p)).collect();
        for (i, (text, format)) in document.lists.iter().enumerate() {
            let _ = write!(
                document.numbering,
                "<w:abstractNum w:abstractNumId=\"{i}\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl></w:abstractNum>"
            );
        }
        for i in 0..document.lists.len() {
            let _ = write!(
                document.numbering,
                "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"{i}\"/></w:num>",
                i + 1
            );
        }
        let mut zip = zip::ZipWriter::new(Cursor::new(vec![]));
        let parts = [
            ("word/document.xml", format!("<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")),
            ("word/footnotes.xml", format!("<w:footnotes {NAMESPACES}>{}</w:footnotes>", document.notes)),
            ("word/numbering.xml", format!("<w:numbering {NAMESPACES}>{}</w:numbering>", document.numbering)),
            (
                "word/header1.xml",
                format!(
                    "<w:hdr {NAMESPACES}><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:hdr>",
                    description.get("header").map(ToString::to_string).unwrap_or_default()
                ),
            ),
        ];
        for (name, text) in parts {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

#[test]
fn every_trap_in_a_word_document_is_passed() {
    let all: Json = serde_json::from_slice(&fs::read(folder().join("docx.json")).unwrap()).unwrap();
    let mut failed = String::new();
    for description in all.as_array().unwrap() {
        let differences =
            differences(&description["expected"], &parsed("x.docx", &Document::build(description)));
        if !differences.is_empty() {
            let _ = writeln!(failed, "{}\n{differences}", description["name"]);
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

#[test]
fn what_is_no_text_of_a_law_is_refused_in_chinese() {
    let pdf = statute::read("a.txt", b"%PDF-1.7 ...").unwrap_err();
    assert!(pdf.message.contains("PDF") && pdf.hint.contains("Word"), "{pdf:?}");
    let old = statute::read("a.doc", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1]).unwrap_err();
    assert!(old.hint.contains("另存为 .docx"), "{old:?}");
    let broken = statute::read("a.docx", b"PK\x03\x04 and then nothing").unwrap_err();
    assert!(broken.message.contains("损坏"), "{broken:?}");
    let other = {
        let mut zip = zip::ZipWriter::new(Cursor::new(vec![]));
        zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.finish().unwrap().into_inner()
    };
    assert!(statute::read("a.xlsx", &other).unwrap_err().message.contains("不是 Word"));
    let binary = statute::read("a.txt", b"\xff\xff\x00\x01 \xff").unwrap_err();
    assert!(binary.at.is_some(), "{binary:?}");
}

// The real statutes

#[test]
fn the_real_statutes_have_the_structure_that_was_counted_by_other_means() {
    let Some(laws) = laws() else { return };
    let counts: Json = serde_json::from_slice(&fs::read(folder().join("structure.json")).unwrap()).unwrap();
    let counts = counts.as_object().unwrap();
    let mut seen = 0;
    let mut failed = String::new();
    for (name, bytes) in &laws {
        let Some(count) = counts.get(name) else { panic!("{name} 没有数过") };
        let statute = statute::read(name, bytes).unwrap().parsed.statute;
        let structure: BTreeMap<String, Vec<u32>> = gongkai::corpus::of_text(&statute);
        let found = json!({
            "title": statute.title,
            "articles": statute.articles.len(),
            "last": statute.articles.last().unwrap().label,
            "headings": statute.headings.iter().map(|h| h.text.clone()).collect::<Vec<_>>(),
            "info": statute.info.len(),
            "annexes": statute.annexes.len(),
            "notes": statute.notes.len(),
            "preamble": statute.preamble.len(),
            "subitems": subitems(&statute),
            "warnings": 0,
        });
        let mut expected = count.clone();
        expected["warnings"] = json!(0);
        for (key, value) in found.as_object().unwrap() {
            if &expected[key] != value {
                let _ = writeln!(failed, "{name} {key}: {value} 不是 {}", expected[key]);
            }
        }
        let wanted: BTreeMap<String, Vec<u32>> = serde_json::from_value(count["structure"].clone()).unwrap();
        for key in structure.keys().chain(wanted.keys()) {
            if structure.get(key) != wanted.get(key) {
                let _ =
                    writeln!(failed, "{name} 第{key}条: {:?} 不是 {:?}", structure.get(key), wanted.get(key));
            }
        }
        seen += 1;
    }
    assert_eq!(seen, counts.len());
    assert!(failed.is_empty(), "{failed}");
}

/// 条.款.项 of every item that has 目, and how many.
fn subitems(statute: &statute::Statute) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for article in &statute.articles {
        for (number, paragraph) in (1..).zip(&article.paragraphs) {
            for item in paragraph.items.iter().filter(|i| !i.subitems.is_empty()) {
                all.insert(format!("{}.{number}.{}", article.number, item.number), item.subitems.len());
            }
        }
    }
    all
}

#[test]
fn the_articles_of_the_real_statutes_are_their_files_character_by_character() {
    let Some(laws) = laws() else { return };
    for (name, bytes) in &laws {
        let statute = statute::read(name, bytes).unwrap().parsed.statute;
        // By another way than the parser's own check: the file without its marks, and all parts in order.
        let text = std::str::from_utf8(bytes).unwrap();
        let file: String =
            text.lines().filter(|l| !l.starts_with("<!--")).map(|l| l.trim_start_matches('#')).collect();
        let mut parts = statute.title.clone() + &statute.info.concat() + &statute.preamble.concat();
        let mut headings = statute.headings.iter().peekable();
        for (index, article) in statute.articles.iter().enumerate() {
            while let Some(heading) = headings.next_if(|h| h.before <= index) {
                parts.push_str(&heading.text);
            }
            parts.push_str(&article.label);
            parts.push_str(&article.text());
        }
        parts.push_str(&statute.notes.concat());
        parts.extend(statute.annexes.iter().map(|a| a.title.clone() + &a.text));
        let solid = |text: &str| -> String { text.chars().filter(|c| !statute::is_void(*c)).collect() };
        // Not shown: it is the text of a statute.
        assert!(solid(&parts) == solid(&file), "{name}");
        assert_eq!(statute::restore(&statute::store(&statute)).articles.len(), statute.articles.len());
    }
}

#[test]
fn the_format_and_the_encoding_of_a_file_make_no_difference() {
    let Some(laws) = laws() else { return };
    for (name, bytes) in laws.iter().filter(|(n, _)| !n.starts_with("刑法")) {
        let markdown = statute::read(name, bytes).unwrap().parsed.statute;
        let text = std::str::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().filter(|l| !l.starts_with("<!--")).collect();
        let plain: String =
            lines.iter().map(|l| l.trim_start_matches('#').trim().to_owned() + "\n").collect();
        let gb = encoding_rs::GB18030.encode(&plain).0.into_owned();
        let page: String = lines
            .iter()
            .filter(|l| !l.trim().is_empty())
            .map(|l| match l.strip_prefix("# ") {
                Some(title) => format!("<h1>{title}</h1>"),
                None => {
                    format!("<p>&nbsp;&#12288;{}</p>", l.trim_start_matches('#').trim().replace('<', "&lt;"))
                }
            })
            .collect();
        let page = format!(
            "<html><body><div class=\"nav\"><a href=\"/\">首页</a></div>{page}<script>第一条</script></body></html>"
        );
        let paragraphs: Vec<Json> =
            plain.lines().filter(|l| !l.trim().is_empty()).map(|l| json!([{ "text": l }])).collect();
        let word = Document::build(&json!({ "paragraphs": paragraphs }));
        for (other, bytes) in [("a.txt", gb), ("a.html", page.into_bytes()), ("a.docx", word)] {
            let other_statute = statute::read(other, &bytes).unwrap().parsed.statute;
            let texts = |s: &statute::Statute| -> Vec<(String, String, Vec<u32>)> {
                s.articles.iter().map(|a| (a.label.clone(), bare(&a.text()), a.structure())).collect()
            };
            for (a, b) in texts(&markdown).iter().zip(&texts(&other_statute)) {
                assert!(a == b, "{name} as {other}: {} {:?} {:?}", a.0, a.2, b.2);
            }
            assert_eq!(texts(&markdown).len(), texts(&other_statute).len(), "{name} as {other}");
        }
    }
}

// Any text at all

mod any {
    use super::*;
    use proptest::prelude::*;

    /// Pieces that laws are made of, in any order.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("第一条　".to_owned()),
            Just("第二条".to_owned()),
            Just("第三条之一 ".to_owned()),
            (1..400u32).prop_map(|n| format!("第{n}条 ")),
            Just("第一章　总　则".to_owned()),
            Just("附　则".to_owned()),
            Just("目　录".to_owned()),
            Just("（一）".to_owned()),
            Just("1．".to_owned()),
            Just("①".to_owned()),
            Just("一、".to_owned()),
            Just("附件1".to_owned()),
            Just("修改为：“".to_owned()),
            Just("”".to_owned()),
            Just("的规定，".to_owned()),
            Just("示例。".to_owned()),
            Just("示例；".to_owned()),
            Just("— 1 —".to_owned()),
            Just("\n".to_owned()),
            Just("\n\n".to_owned()),
            Just("\u{c}".to_owned()),
            Just("\u{3000}\u{200b}".to_owned()),
            Just("| 甲 | 第四条 |".to_owned()),
            Just("# ".to_owned()),
            Just("2019年4月3日".to_owned()),
            Just("<p>".to_owned()),
            Just("</div><table><td>".to_owned()),
            "\\PC{0,6}".prop_map(|s| s),
        ];
        prop::collection::vec(piece, 0..60).prop_map(|all| all.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        /// `read_text` proves that every line is still there, and says so if not.
        #[test]
        fn nothing_of_any_text_is_lost(text in pieces()) {
            for format in [Format::Text, Format::Markdown, Format::Html] {
                let parsed = statute::read_text(format, &text);
                prop_assert!(parsed.is_ok(), "{format:?}: {parsed:?}");
                let statute = parsed.unwrap().statute;
                let again = statute::restore(&statute::store(&statute));
                let shape = |s: &statute::Statute| -> Vec<(String, String)> {
                    s.articles.iter().map(|a| (a.label.clone(), a.text())).collect()
                };
                prop_assert_eq!(shape(&again), shape(&statute));
            }
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = statute::read("a.txt", &bytes);
            let mut word = b"PK\x03\x04".to_vec();
            word.extend(&bytes);
            let _ = statute::read("a.docx", &word);
        }
    }
}

// The commands

fn handbook() -> Handbook {
    Handbook::bare()
}

const RULES: &str = "示例市示例信息办法\n（2026年1月5日示例市人民政府令第3号公布）\n\n第一章　总则\n\n第一条　为了示例，制定本办法。\n\n第二条　有下列情形之一的，适用本办法：\n\n（一）甲；\n\n（二）乙。\n\n第三条　本办法自2026年3月1日起施行。\n";

#[test]
fn a_law_that_is_new_is_imported_with_an_id_of_its_title() {
    let handbook = handbook();
    handbook.write("办法.txt", RULES);
    let run = handbook.run(&["law", "import", "办法.txt", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("slsslxxbf-2026"), "{run:?}");
    let text = handbook.read("book/laws/text/slsslxxbf-2026/2026-03-01.md");
    assert!(text.contains("source_name = \"办法.txt\"") && text.contains("source_sha256"), "{text}");
    assert!(text.contains("@条 第二条"), "{text}");
    let check = handbook.run(&["check"]);
    assert_eq!(check.code, 0, "{check:?}");
    let shown = handbook.run(&["law", "show", "《示例市示例信息办法》第二条第（二）项"]);
    assert!(shown.code == 0 && shown.stdout.contains("（二）乙"), "{shown:?}");
    let cited = handbook.run_with(&["cite", "--json"], "依照《示例市示例信息办法》第九条办理".as_bytes());
    assert!(cited.stdout.contains("no-such-article") && cited.stdout.contains("到第三条为止"), "{cited:?}");
}

#[test]
fn an_amendment_that_only_the_files_name_tells_is_a_version_of_its_own() {
    let handbook = handbook();
    handbook.write("办法_20260105.txt", RULES);
    let first = handbook.run(&["law", "import", "办法_20260105.txt"]);
    assert!(first.code == 0 && !first.stderr.contains("文件名"), "{first:?}");
    handbook.write("办法_20270601.txt", RULES.replace("（一）甲", "（一）丙"));
    let second = handbook.run(&["law", "import", "办法_20270601.txt"]);
    assert_eq!(second.code, 0, "{second:?}");
    assert!(
        second.stderr.contains("文件名里的日期 2027-06-01 比正文写的最后一个日期 2026-01-05 晚"),
        "{second:?}"
    );
    let folder = "book/laws/text/slsslxxbf-2026/";
    assert!(handbook.read(&format!("{folder}2026-03-01.md")).contains("（一）甲"));
    let amended = handbook.read(&format!("{folder}made-2027-06-01.md"));
    assert!(amended.contains("（一）丙") && amended.contains("effective = \"未知\""), "{amended}");
    assert!(amended.contains("promulgated = \"2027-06-01\""), "{amended}");
    // The same file under a better name: it is not two versions.
    handbook.write("办法_20280601.txt", RULES.replace("（一）甲", "（一）丙"));
    let third = handbook.run(&["law", "import", "办法_20280601.txt"]);
    assert!(third.code == 0 && third.stderr.contains("换掉了原来没有施行日期的"), "{third:?}");
    handbook.write("办法_20290601.txt", RULES);
    let fourth = handbook.run(&["law", "import", "办法_20290601.txt"]);
    assert!(fourth.code == 0 && fourth.stderr.contains("换掉了原来记作别的版本的"), "{fourth:?}");
    let texts: Vec<String> = common::files(&handbook.path(folder)).into_keys().collect();
    assert_eq!(texts, ["made-2028-06-01.md", "made-2029-06-01.md"]);
}

#[test]
fn an_imported_text_is_not_replaced_unasked() {
    let handbook = handbook();
    handbook.write("a.txt", RULES);
    assert_eq!(handbook.run(&["law", "import", "a.txt"]).code, 0);
    let path = "book/laws/text/slsslxxbf-2026/2026-03-01.md";
    let before = handbook.read(path);
    handbook.write("b.txt", RULES.replace("（一）甲", "（一）丙"));
    let run = handbook.run(&["law", "import", "b.txt"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("--yes"), "{run:?}");
    assert_eq!(handbook.read(path), before);
    assert_eq!(handbook.run(&["law", "import", "b.txt", "--yes"]).code, 0);
    assert!(handbook.read(path).contains("（一）丙"));
}

#[test]
fn two_versions_are_compared_on_the_terminal_and_on_a_page() {
    let handbook = handbook();
    handbook.write("a.txt", RULES);
    assert_eq!(handbook.run(&["law", "import", "a.txt"]).code, 0);
    let newer = RULES
        .replace("（2026年1月5日示例市人民政府令第3号公布）", "（2027年1月5日修订）")
        .replace("（二）乙。", "（二）丁。")
        .replace("2026年3月1日", "2027年3月1日");
    handbook.write("b.txt", newer);
    let import = handbook.run(&["law", "import", "b.txt"]);
    assert_eq!(import.code, 0, "{import:?}");
    let diff = handbook.run(&["law", "diff", "slsslxxbf-2026", "2026", "2027"]);
    assert!(
        diff.code == 0 && diff.stdout.contains("〔－乙－〕") && diff.stdout.contains("〔＋丁＋〕"),
        "{diff:?}"
    );
    // kind: newer-text
    let build = handbook.run(&["build"]);
    assert!(build.code == 0 && build.stderr.contains("比文件头里最后一个版本新"), "{build:?}");
    let page = handbook.read("target/handbook/laws/slsslxxbf-2026-diff-1.html");
    assert!(page.contains("<del>乙</del>") && page.contains("<ins>丁</ins>"));
    let missing = handbook.run(&["law", "diff", "slsslxxbf-2026", "1999"]);
    assert!(missing.code == 2 && missing.stderr.contains("没有「1999」这个版本"), "{missing:?}");
}

#[test]
fn a_structure_that_differs_from_the_imported_text_is_a_warning() {
    let handbook = handbook();
    handbook.write("a.txt", RULES);
    assert_eq!(handbook.run(&["law", "import", "a.txt"]).code, 0);
    let path = "book/laws/slsslxxbf-2026.md";
    let text = handbook.read(path);
    let (head, _) = text.rsplit_once("+++").unwrap();
    handbook.write(path, format!("{head}[structure]\n2 = [3]\n+++\n"));
    let run = handbook.run(&["check", "--json"]);
    // kind: structure-differs
    assert!(
        run.code == 0 && run.stdout.contains("structure-differs") && run.stdout.contains("第2条"),
        "{run:?}"
    );
}

#[test]
fn a_file_that_is_no_law_is_refused_with_a_hint() {
    let handbook = handbook();
    handbook.write("a.txt", "买菜\n牛奶\n");
    let run = handbook.run(&["law", "import", "a.txt"]);
    assert!(run.code == 1 && run.stderr.contains("没有找到条文"), "{run:?}");
    handbook.write("b.docx", b"PK\x03\x04broken".as_slice());
    // kind: unreadable
    let run = handbook.run(&["law", "parse", "b.docx", "--json"]);
    assert!(run.code == 1 && run.stderr.contains("损坏") && run.stderr.contains("提示"), "{run:?}");
    let run = handbook.run(&["law", "parse", "nothing.docx"]);
    assert!(run.code == 2 && run.stderr.contains("找不到"), "{run:?}");
}

#[test]
fn a_page_older_than_the_law_it_cites_is_listed_with_what_changed() {
    let handbook = Handbook::own();
    let run = handbook.run(&["check", "--radar"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("待复核　cases/2014-001.md"), "{run:?}");
    assert!(run.stdout.contains("第二十七条　当时是第十三条"), "{run:?}");
    let json: Json = serde_json::from_str(&handbook.run(&["check", "--radar", "--json"]).stdout).unwrap();
    assert!(json.as_array().unwrap().iter().all(|s| s["date"].as_str() < s["since"].as_str()));
}

#[test]
fn an_old_article_leads_to_todays() {
    let handbook = Handbook::own();
    let run =
        handbook.run_with(&["cite", "--json"], "适用2007年《政府信息公开条例》第二十一条第(三)项".as_bytes());
    assert!(run.stdout.contains("version-missing") && run.stdout.contains("第三十六条第（四）项"), "{run:?}");
    let run = handbook.run(&["law", "show", "条例第三十六条", "--on", "2018-06-01"]);
    assert!(run.code == 1 && run.stdout.contains("2007年公布") && run.stdout.contains("没有导入"), "{run:?}");
    let page = {
        assert_eq!(handbook.run(&["build"]).code, 0);
        handbook.read("target/handbook/cases/guiding-101.html")
    };
    assert!(page.contains("第二十一条第（三）项 → 第三十六条第（四）项"), "{page}");
}

#[test]
fn with_imported_texts_every_anchor_and_page_works() {
    let Some(_) = laws() else { return };
    let handbook = Handbook::own();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/laws");
    let mut files: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().path().display().to_string()).collect();
    files.sort();
    let before = anchors(&handbook);
    let mut arguments = vec!["law", "import", "--yes"];
    arguments.extend(files.iter().map(String::as_str));
    let run = handbook.run(&arguments);
    assert_eq!(run.code, 0, "{run:?}");
    let check = handbook.run(&["check"]);
    assert_eq!(check.code, 0, "{check:?}");
    // Every anchor that was there without the texts is there with them.
    let after = anchors(&handbook);
    for (page, ids) in &before {
        let missing: Vec<_> = ids.iter().filter(|id| !after[page].contains(id)).collect();
        assert!(missing.is_empty(), "{page}: {missing:?}");
    }
    let page = handbook.read("target/handbook/laws/foi-2019.html");
    assert!(page.contains("gk-original") && page.contains("要点（不是原文）"));
}

/// The anchors of articles on each page of a law.
fn anchors(handbook: &Handbook) -> BTreeMap<String, Vec<String>> {
    assert_eq!(handbook.run(&["build"]).code, 0);
    common::files(&handbook.path("target/handbook/laws"))
        .into_iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| {
            let html = String::from_utf8(bytes).unwrap();
            let ids = html
                .split(" id=\"")
                .skip(1)
                .filter_map(|r| r.split('"').next())
                .filter(|id| id.contains("-art-"));
            (path, ids.map(str::to_owned).collect())
        })
        .collect()
}
