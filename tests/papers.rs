//! The papers around a letter, where a letter came from, and what the folder of a request lacks.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use std::fs;
use std::io::{Cursor, Read, Write};

use common::{Handbook, project};
use gongkai::corpus::DocumentKind;
use gongkai::letter::{self, Answer, Answers, Filler, Input, Origin, Request, pack};
use gongkai::text::Report;
use serde_json::Value as Json;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A handbook with the example of a letter as `r.toml`.
fn with_example(id: &str) -> Handbook {
    let handbook = Handbook::own();
    let run = handbook.run(&["letter", "new", id, "--example", "-o", "r.toml"]);
    assert_eq!(run.code, 0, "{run:?}");
    handbook
}

fn append(handbook: &Handbook, file: &str, text: &str) {
    let old = fs::read_to_string(handbook.path(file)).unwrap();
    handbook.write(file, old + text);
}

const ADDRESS: &str = "\n[pack]\nrecipient_address = \"示例市示例路9号\"\nrecipient_postcode = \"000000\"\n";

/// The visible text of a document, as one string.
fn text(handbook: &Handbook, file: &str) -> String {
    let bytes = fs::read(handbook.path(file)).unwrap();
    let mut xml = String::new();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let runs = xml.split("<w:t xml:space=\"preserve\">").skip(1);
    runs.map(|run| run.split("</w:t>").next().unwrap()).collect()
}

// The papers

#[test]
fn a_letter_and_its_five_papers_are_made_at_once_and_agree() {
    let handbook = with_example("not-exist");
    append(&handbook, "r.toml", ADDRESS);
    let run = handbook.run(&["letter", "pack", "r.toml", "-o", "案卷"]);
    assert_eq!(run.code, 0, "{run:?}");
    let mut names: Vec<String> = fs::read_dir(handbook.path("案卷"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 6, "{names:?}");
    for (at, words) in [
        (0, vec!["示例公开〔2026〕", "张某"]),
        (1, vec!["张某", "信息不存在", "第三十六条第（四）项"]),
        (2, vec!["信息不存在", "第三十六条第（四）项"]),
        (3, vec!["张某", "示例公开〔2026〕", "示例市示例路9号"]),
        (4, vec!["张某", "示例市示例路9号"]),
        (5, vec!["检索记录", "示例公开〔2026〕"]),
    ] {
        let text = text(&handbook, &format!("案卷/{}", names[at]));
        for word in words {
            assert!(text.contains(word), "{}: {word}\n{text}", names[at]);
        }
    }
}

#[test]
fn the_papers_of_every_letter_can_be_filled() {
    let project = project();
    let own: Answers = [("recipient_address", "示例市示例路9号"), ("recipient_postcode", "000000")]
        .map(|(name, text)| (name.to_owned(), Answer::Text(text.to_owned())))
        .into();
    let mut filler = Filler::new(&project.corpus);
    let mut seen = 0;
    for entry in project.corpus.clauses.values() {
        if project.corpus.kind(&entry.header) != DocumentKind::Letter {
            continue;
        }
        let request = Request::example(&project.corpus, &entry.header);
        let letter = filler.fill(&request, &mut Report::default()).unwrap();
        let about = pack::About { request: &request, letter: &letter, own: &own, agency: &project.agency };
        for id in pack::PAPERS {
            let paper = &project.corpus.clauses[id].header;
            let answers = pack::answers(&project.corpus, paper, &about);
            // A letter to another agency has no applicant, one about a record quotes no application.
            let lacking = pack::lacking(&project.corpus, paper, &answers);
            if !lacking.is_empty() {
                let known = |name: &str| request.answers.contains_key(name);
                assert!(
                    !known("applicant") || !known("request_text"),
                    "{} {id} {lacking:?}",
                    entry.header.id
                );
                continue;
            }
            let text = letter::skeleton(&project.corpus, paper, &project.agency, &answers);
            let input = Input { path: "r.toml", text: &text, set: &[] };
            let mut report = Report::default();
            let read = Request::read(&project.corpus, &project.agency, input, &mut report);
            let made = read.and_then(|request| filler.fill(&request, &mut report));
            let mut sources = project.sources.clone();
            sources.insert("r.toml", text.as_str());
            assert!(made.is_some(), "{} {id}\n{}", entry.header.id, report.render(&sources, false));
            seen += 1;
        }
    }
    assert!(seen >= 150, "{seen}");
}

#[test]
fn an_envelope_without_an_address_is_not_made_and_the_rest_is() {
    let handbook = with_example("not-exist");
    let run = handbook.run(&["letter", "pack", "r.toml", "-o", "案卷"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("《信封》没有生成") && run.stderr.contains("recipient_address"), "{run:?}");
    assert_eq!(fs::read_dir(handbook.path("案卷")).unwrap().count(), 5);
}

#[test]
fn papers_are_not_written_over_and_a_letter_with_mistakes_makes_none() {
    let handbook = with_example("not-exist");
    handbook.write("案卷/3-呈批说明.docx", "改过的");
    let run = handbook.run(&["letter", "pack", "r.toml", "-o", "案卷"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(fs::read_dir(handbook.path("案卷")).unwrap().count(), 1);
    assert_eq!(fs::read_to_string(handbook.path("案卷/3-呈批说明.docx")).unwrap(), "改过的");
    let run = handbook.run(&["letter", "pack", "r.toml", "-o", "另一个", "--set", "number=第001号"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(!handbook.path("另一个").exists());
}

#[test]
fn a_misspelt_key_for_the_papers_is_found_where_it_stands() {
    let handbook = with_example("not-exist");
    append(&handbook, "r.toml", "\n[pack]\nrecipient_adress = \"示例路\"\n");
    let run = handbook.run(&["letter", "pack", "r.toml"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("recipient_address") && run.stderr.contains("r.toml:"), "{run:?}");
}

#[test]
fn papers_of_papers_are_not_made() {
    let handbook = with_example("proof-of-service");
    let run = handbook.run(&["letter", "pack", "r.toml"]);
    assert_eq!(run.code, 2, "{run:?}");
}

// Where a letter came from

/// The document with a change in its text.
fn edited(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        if name == "word/document.xml" {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains(from), "{from}");
            content = text.replacen(from, to, 1).into_bytes();
        }
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(&content).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn every_letter_says_where_it_came_from_and_that_nothing_was_changed() {
    let project = project();
    let mut filler = Filler::new(&project.corpus);
    for entry in project.corpus.clauses.values() {
        let id = entry.header.id.as_str();
        let request = Request::example(&project.corpus, &entry.header);
        let letter = filler.fill(&request, &mut Report::default()).unwrap();
        let origin = Origin::read(&letter::docx::write(&letter).unwrap()).unwrap().unwrap();
        assert_eq!((origin.get("letter"), origin.changes()), (Some(id), Some(vec![])));
        let template = origin.get("template").unwrap().split(' ').next().map(str::to_owned);
        assert_eq!(template, letter::origin::current(&project.corpus, id), "{id}");
    }
}

#[test]
fn a_word_changed_in_a_letter_is_found_in_its_paragraph() {
    let handbook = with_example("not-exist");
    handbook.run(&["letter", "fill", "r.toml"]);
    let bytes = fs::read(handbook.path("r.docx")).unwrap();
    handbook.write("edited.docx", edited(&bytes, "6个月内", "3个月内"));
    let run = handbook.run(&["letter", "verify", "edited.docx"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("改过 1 处") && run.stdout.contains("3个月内"), "{run:?}");
    // Spaces, and the way in which a program cuts a paragraph into runs, are no change.
    let cut = "</w:t></w:r><w:r><w:t xml:space=\"preserve\"> ";
    handbook.write("saved.docx", edited(&bytes, "6个月内", &format!("6个{cut}月内")));
    let run = handbook.run(&["letter", "verify", "saved.docx"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn a_template_or_a_law_that_changed_since_is_said() {
    let handbook = with_example("not-exist");
    handbook.run(&["letter", "fill", "r.toml"]);
    let clause = handbook.path("templates/clauses/not-exist.hbs");
    let old = fs::read_to_string(&clause).unwrap();
    fs::write(&clause, old.replace("经检索，本机关没有", "经认真检索，本机关没有")).unwrap();
    append(&handbook, "book/laws/post.md", "\n");
    let run = handbook.run(&["letter", "verify", "r.docx"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("模板后来改过") && run.stdout.contains("法规资料后来改过"), "{run:?}");
}

#[test]
fn what_is_no_letter_of_ours_is_refused_with_a_sentence() {
    let handbook = Handbook::own();
    handbook.write("a.docx", "不是压缩包");
    let run = handbook.run(&["letter", "verify", "a.docx"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("不是 .docx"), "{run:?}");
}

#[test]
fn the_properties_of_a_letter_hold_no_name_and_no_text() {
    let handbook = with_example("not-exist");
    handbook.run(&["letter", "fill", "r.toml"]);
    let mut archive = ZipArchive::new(Cursor::new(fs::read(handbook.path("r.docx")).unwrap())).unwrap();
    let mut custom = String::new();
    archive.by_name("docProps/custom.xml").unwrap().read_to_string(&mut custom).unwrap();
    for word in ["张某", "建设方案", "20260031"] {
        assert!(!custom.contains(word), "{custom}");
    }
    assert!(custom.contains("foi-2019@2019-05-15"), "{custom}");
}

// The folder of a request

/// A folder with everything that the file of an answer 信息不存在 must hold.
fn folder() -> Handbook {
    let handbook = Handbook::own();
    let new = |id: &str, to: &str| {
        let run = handbook.run(&["letter", "new", id, "--example", "--force", "-o", to]);
        assert_eq!(run.code, 0, "{run:?}");
    };
    fs::create_dir(handbook.path("件")).unwrap();
    new("not-exist", "件/r.toml");
    let old = fs::read_to_string(handbook.path("件/r.toml")).unwrap();
    let lines = old.lines().filter(|line| !line.starts_with("corrected_date"));
    handbook.write("件/r.toml", lines.collect::<Vec<_>>().join("\n") + "\n");
    let run = handbook.run(&["letter", "fill", "件/r.toml", "-o", "件/告知书.docx"]);
    assert_eq!(run.code, 0, "{run:?}");
    for name in
        ["申请表.jpg", "身份证复印件.jpg", "回执.pdf", "检索记录.pdf", "审批单.pdf", "EMS交邮凭证.jpg"]
    {
        handbook.write(&format!("件/{name}"), "扫描件");
    }
    handbook
}

fn lacking(handbook: &Handbook) -> (Vec<String>, Vec<String>) {
    let run = handbook.run(&["request", "check", "件", "--json"]);
    let said: Json = serde_json::from_str(&run.stdout).unwrap();
    let texts = |rows: &Json| rows.as_array().unwrap().clone();
    let lacking = texts(&said["materials"])
        .into_iter()
        .filter(|row| row["needed"] == true && row["files"].as_array().unwrap().is_empty())
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect();
    (lacking, texts(&said["dates"]).iter().map(|line| line.as_str().unwrap().to_owned()).collect())
}

#[test]
fn a_complete_folder_is_complete_and_each_paper_taken_out_is_missed() {
    let handbook = folder();
    assert_eq!(lacking(&handbook), (vec![], vec![]));
    assert_eq!(handbook.run(&["request", "check", "件"]).code, 0);
    for (name, id) in [
        ("申请表.jpg", "application"),
        ("身份证复印件.jpg", "identity"),
        ("回执.pdf", "receipt"),
        ("检索记录.pdf", "search"),
        ("审批单.pdf", "approval"),
        ("告知书.docx", "reply"),
        ("EMS交邮凭证.jpg", "service"),
    ] {
        let path = handbook.path("件").join(name);
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(lacking(&handbook).0, [id], "{name}");
        fs::write(&path, bytes).unwrap();
    }
}

#[test]
fn a_correction_notice_is_not_taken_for_the_reply() {
    let handbook = folder();
    fs::rename(handbook.path("件/告知书.docx"), handbook.path("告知书.docx")).unwrap();
    handbook.write("件/补正告知书.pdf", "扫描件");
    assert_eq!(lacking(&handbook).0, ["reply"]);
}

#[test]
fn a_search_after_the_date_of_the_reply_cannot_be() {
    let handbook = folder();
    handbook.run(&["letter", "new", "search-record", "--example", "-o", "s.toml"]);
    let text = fs::read_to_string(handbook.path("s.toml")).unwrap();
    let line = text.lines().find(|line| line.starts_with("search_date =")).unwrap();
    handbook.write("件/s.toml", text.replace(line, "search_date = \"2026-12-01\""));
    let (_, wrong) = lacking(&handbook);
    assert!(wrong.iter().any(|line| line.contains("检索 2026-12-01") && line.contains("以后")), "{wrong:?}");
    assert_eq!(handbook.run(&["request", "check", "件"]).code, 1);
}

#[test]
fn what_the_events_tell_is_asked_for() {
    let handbook = folder();
    let events = "\n[[items]]\nid = \"1\"\ntext = \"方案\"\n\n[[events]]\nkind = \"收到申请\"\ndate = \"2026-09-18\"\nchannel = \"邮寄签收\"\n\n[[events]]\nkind = \"征求意见\"\ndate = \"2026-09-21\"\nwhom = \"第三方\"\nparty = \"示例科技有限公司\"\n";
    append(&handbook, "件/r.toml", events);
    let (lacking, _) = lacking(&handbook);
    assert_eq!(lacking, ["consultation", "opinion"]);
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let handbook = Handbook::own();
    let run = handbook.run(&["request", "check", "没有"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("不是文件夹"), "{run:?}");
}
