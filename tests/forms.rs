//! The form on a letter's page: what it writes, the program reads; what it refuses, the program refuses.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot prepare its files stops")]

use crate::common;

use common::{Handbook, corpus};
use gongkai::corpus::tree::{Node, Value};
use gongkai::corpus::{Agency, Clause, Confidence, ParameterType, Publication};
use gongkai::handbook::{Page, Site};
use gongkai::letter::{self, Input, Request};
use gongkai::links::Links;
use gongkai::text::Report;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The pages of the letters, without samples.
fn pages() -> &'static Vec<Page> {
    static PAGES: OnceLock<Vec<Page>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let links = Links::resolve(corpus(), &mut Report::default());
        let (none, agency) = (BTreeMap::new(), Agency::default());
        let edition = Publication::staff();
        let site = Site {
            corpus: corpus(),
            links: &links,
            samples: &none,
            forms: &none,
            agency: &agency,
            edition: &edition,
        };
        let chapters = site.parts().into_iter().flat_map(|part| part.chapters);
        let letters = chapters.into_iter().find(|c| c.index.path == "letters/index.md");
        letters.map(|c| c.pages).unwrap_or_default()
    })
}

fn page(id: &str) -> &'static str {
    let path = format!("letters/{id}.md");
    &pages().iter().find(|p| p.path == path).unwrap().markdown
}

/// What the page hands to its script; `None` where it has no form.
fn data(id: &str) -> Option<Json> {
    let (_, rest) = page(id).split_once("<script type=\"application/json\">")?;
    Some(serde_json::from_str(rest.split_once("</script>")?.0).unwrap())
}

/// The letters that have a form, each with its data.
fn forms() -> Vec<(&'static Clause, Json)> {
    corpus().clauses.values().filter_map(|e| Some((&e.header, data(&e.header.id)?))).collect()
}

/// Answers calls of the form's functions, in Node without a page.
const DRIVER: &str = r"
const form = require(process.argv[1]);
const calls = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(calls.map((call) => form[call[0]](...call.slice(1)))));
";

/// What each call of a function of `letter.js` gives; `None` where there is no Node.
fn called(calls: &[Json]) -> Option<Vec<Json>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/theme/letter.js");
    let node = Command::new("node")
        .args(["-e", DRIVER])
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut node) = node else {
        common::skipped("node is not installed");
        return None;
    };
    std::io::Write::write_all(&mut node.stdin.take().unwrap(), Json::from(calls).to_string().as_bytes())
        .unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// The letter of a request file as text, or what is wrong with it.
fn filled(text: &str) -> Result<String, Report> {
    let mut report = Report::default();
    let input = Input { path: "申请件.toml", text, set: &[] };
    let request = Request::read(corpus(), &Agency::default(), input, &mut report);
    let letter = request.and_then(|r| letter::fill(corpus(), &r, &mut report));
    letter.map(|l| letter::text(&l)).ok_or(report)
}

#[test]
fn every_letter_has_a_form_but_those_with_a_form_inside_each_item() {
    for entry in corpus().clauses.values() {
        let clause = &entry.header;
        let several = letter::fields(corpus(), clause).iter().any(|p| p.kind == ParameterType::Replies);
        assert_eq!(data(&clause.id).is_none(), several, "{}", clause.id);
        assert_eq!(page(&clause.id).contains("所以本页没有表单"), several, "{}", clause.id);
    }
    assert!(forms().len() >= 40);
}

#[test]
fn a_form_asks_for_the_fields_of_the_program_in_its_order() {
    for (clause, data) in forms() {
        let names: Vec<&str> =
            data["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
        let ours: Vec<&str> = letter::fields(corpus(), clause).iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ours, "{}", clause.id);
        // The help stands in the table, where the script looks for it.
        for name in names {
            assert_eq!(page(&clause.id).matches(&format!("<tr data-field=\"{name}\">")).count(), 1);
        }
    }
}

#[test]
fn the_example_put_in_passes_the_checks_and_makes_the_same_letter_as_the_program() {
    let forms = forms();
    let examples: Vec<Json> = forms.iter().map(|(_, data)| json!(["example", data["fields"]])).collect();
    let Some(values) = called(&examples) else { return };
    let each = |name: &str| -> Vec<Json> {
        forms.iter().zip(&values).map(|((_, data), values)| json!([name, data, values])).collect()
    };
    let (found, written) = (called(&each("check")).unwrap(), called(&each("write")).unwrap());
    for (((clause, _), found), text) in forms.iter().zip(&found).zip(&written) {
        assert_eq!(found, &json!([]), "{}", clause.id);
        let mut report = Report::default();
        let example = Request::example(corpus(), clause);
        let example = letter::fill(corpus(), &example, &mut report).map(|l| letter::text(&l)).unwrap();
        assert_eq!(filled(text.as_str().unwrap()).as_ref(), Ok(&example), "{}\n{text}", clause.id);
    }
}

#[test]
fn the_command_fills_what_the_form_saved() {
    let form = data("grant-in-part").unwrap();
    let Some(values) = called(&[json!(["example", form["fields"]])]) else { return };
    let answers = called(&[json!(["write", form, values[0]]), json!(["fileName", form, values[0]])]).unwrap();
    let name = answers[1].as_str().unwrap();
    assert_eq!(name, "部分公开告知书-张某.toml");
    let handbook = Handbook::own();
    handbook.write(name, answers[0].as_str().unwrap());
    let run = handbook.run(&["letter", "fill", name, "-o", "文书.txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(handbook.read("文书.txt").contains("政府信息部分公开告知书"));
}

#[test]
fn a_saved_file_is_read_back_as_it_was() {
    let forms = forms();
    let examples: Vec<Json> = forms.iter().map(|(_, data)| json!(["example", data["fields"]])).collect();
    let Some(values) = called(&examples) else { return };
    let writes: Vec<Json> =
        forms.iter().zip(&values).map(|((_, data), values)| json!(["write", data, values])).collect();
    let written = called(&writes).unwrap();
    let reads: Vec<Json> =
        forms.iter().zip(&written).map(|((_, data), text)| json!(["read", data, text])).collect();
    for (((clause, _), values), read) in forms.iter().zip(&values).zip(called(&reads).unwrap()) {
        assert_eq!(read, json!({ "values": values }), "{}", clause.id);
    }
}

#[test]
fn the_empty_file_and_the_example_of_the_program_are_read() {
    let forms = forms();
    let agency = Agency::default();
    let skeleton = |clause: &Clause, example: bool| {
        let answers =
            if example { Request::example(corpus(), clause).answers } else { letter::Answers::new() };
        letter::skeleton(corpus(), clause, &agency, &answers)
    };
    let mut calls = vec![];
    for (clause, data) in &forms {
        calls.push(json!(["read", data, skeleton(clause, false)]));
        calls.push(json!(["read", data, skeleton(clause, true)]));
        calls.push(json!(["example", data["fields"]]));
    }
    let Some(answers) = called(&calls) else { return };
    for ((clause, _), read) in forms.iter().zip(answers.chunks(3)) {
        let empty = read[0]["values"].as_object().unwrap_or_else(|| panic!("{}: {}", clause.id, read[0]));
        let blank = |v: &Json| *v == json!("") || *v == json!("0") || *v == json!([]);
        assert!(empty.values().all(blank), "{}: {empty:?}", clause.id);
        assert_eq!(read[1]["values"], read[2], "{}", clause.id);
    }
}

/// A form with a field of each kind.
fn every_kind() -> Json {
    json!({ "letter": "every-kind", "title": "各种字段 <甲>/乙:*?", "since": "2019-05-15", "fields": [
        { "name": "number", "label": "文号", "kind": "line", "required": true },
        { "name": "date", "label": "落款日期", "kind": "date", "required": true, "not_before": "received" },
        { "name": "received", "label": "收到日期", "kind": "date", "not_after": "date" },
        { "name": "applicant", "label": "申请人", "kind": "line", "bare": true },
        { "name": "request", "label": "申请内容", "kind": "text", "quoted": true },
        { "name": "way", "label": "方式", "kind": "choice", "choices": ["邮寄", "网络"] },
        { "name": "days", "label": "天数", "kind": "count", "required": true, "max": 20 },
        { "name": "agency", "label": "机关", "kind": "line", "required": true, "settled": "示例市交通运输局" },
        { "name": "files", "label": "文件", "kind": "list" },
        { "name": "parts", "label": "各处", "kind": "rows", "columns": [
            { "name": "part", "label": "内容", "required": true }, { "name": "reason", "label": "理由" } ] },
    ] })
}

fn good() -> Json {
    json!({
        "number": "示例公开〔2026〕12号", "date": "2026-10-22", "received": "2026-09-18", "applicant": "张某",
        "request": "示例方案", "way": "邮寄", "days": "20", "agency": "", "files": ["甲"],
        "parts": [{ "part": "第一页", "reason": "理由" }],
    })
}

/// Values that no file may be torn by.
const HOSTILE: [&str; 16] = [
    "\"",
    "\\",
    "\\\\\"",
    "\"\"\"",
    "甲\"\"\"\"乙\n\"\"\"",
    "第一段\n第二段",
    "行尾\\\n下一行",
    "回车\r\n换行\r又",
    "\t制表\t",
    "\0\u{1}\u{1f}\u{7f}\u{85}",
    "\u{feff}\u{2028}\u{2029}\u{fffe}\u{e000}",
    "𠮷喆\u{10ffff}",
    "a = 1 # 不是说明\n[[events]]",
    "'''{{#include x}}<b>&amp;",
    "\\u0041\\n",
    "“全角”‘引号’",
];

#[test]
fn hostile_values_come_through_the_file_unchanged() {
    let form = every_kind();
    let values = |text: &str| {
        let mut values = good();
        for name in ["number", "applicant", "request", "agency"] {
            values[name] = json!(text);
        }
        values["files"] = json!([text, "乙"]);
        values["parts"] = json!([{ "part": text, "reason": text }]);
        values
    };
    let writes: Vec<Json> = HOSTILE.iter().map(|text| json!(["write", form, values(text)])).collect();
    let Some(written) = called(&writes) else { return };
    let reads: Vec<Json> = written.iter().map(|text| json!(["read", form, text])).collect();
    let tidied: Vec<Json> =
        HOSTILE.iter().map(|text| json!(["tidy", form["fields"], values(text)])).collect();
    let (read, tidied) = (called(&reads).unwrap(), called(&tidied).unwrap());
    for (((hostile, text), read), tidied) in HOSTILE.iter().zip(&written).zip(&read).zip(&tidied) {
        let text = text.as_str().unwrap();
        let mut report = Report::default();
        let node =
            Node::parse("a.toml", text, 0, &mut report).unwrap_or_else(|| panic!("{hostile:?}:\n{text}"));
        // A field of several paragraphs has plain line ends, everything else is as it was typed.
        let plain = hostile.replace("\r\n", "\n").replace('\r', "\n");
        for (name, typed) in [("number", *hostile), ("request", plain.as_str()), ("agency", *hostile)] {
            let Value::Text(found) = &node.get(name).unwrap().value else { panic!("{text}") };
            // Both ends are trimmed, by the script as by the program.
            let trimmed = |t: &str| t.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned();
            assert_eq!(trimmed(found), trimmed(typed), "{name}\n{text}");
        }
        let mut tidied = tidied.clone();
        tidied["request"] =
            json!(tidied["request"].as_str().unwrap().replace("\r\n", "\n").replace('\r', "\n"));
        assert_eq!(read["values"], tidied, "{hostile:?}\n{text}");
    }
}

#[test]
fn what_cannot_stand_in_a_letter_is_said_by_the_form_and_by_the_program() {
    let data = data("receipt").unwrap();
    let Some(values) = called(&[json!(["example", data["fields"]])]) else { return };
    for bad in ["\u{1}", "\u{200b}", "\u{202e}", "\u{e000}", "\u{fffe}", "\u{fffd}", "\u{4fffe}", "\u{f0000}"]
    {
        let mut values = values[0].clone();
        values["request_text"] = json!(format!("申请{bad}公开"));
        let answers = called(&[json!(["check", data, values]), json!(["write", data, values])]).unwrap();
        let message = answers[0][0]["message"].as_str().unwrap();
        let number = format!("U+{:04X}", u32::from(bad.chars().next().unwrap()));
        assert!(message.contains(&number), "{message}");
        let report = filled(answers[1].as_str().unwrap()).unwrap_err();
        assert!(report.sorted().iter().any(|d| d.code == "bad-character" && d.message.contains(&number)));
    }
}

#[test]
fn every_check_finds_its_mistake_and_nothing_else() {
    let form = every_kind();
    let cases: Vec<(Json, &str, &str)> = vec![
        (json!({}), "", ""),
        (json!({ "number": "  " }), "number", "没有填“文号”"),
        (json!({ "days": "" }), "days", "没有填“天数”"),
        (json!({ "number": "示例公开[2026]12号" }), "number", "六角括号"),
        (json!({ "number": "示例公开〔2026〕第12号" }), "number", "六角括号"),
        (json!({ "number": "示例公开〔2026〕012号" }), "number", "六角括号"),
        (json!({ "date": "2026-13-01" }), "date", "要写成 2026-09-18 这样"),
        (json!({ "date": "2026-02-29" }), "date", "要写成 2026-09-18 这样"),
        (json!({ "date": "明天" }), "date", "要写成 2026-09-18 这样"),
        (json!({ "received": "2026-10-23" }), "received", "晚于“落款日期” 2026-10-22"),
        (json!({ "date": "2019-05-14", "received": "" }), "date", "早于 2019-05-15"),
        (json!({ "way": "托人带" }), "way", "只能选：邮寄、网络"),
        (json!({ "days": "0" }), "days", "最小是 1"),
        (json!({ "days": "21" }), "days", "最大是 20"),
        (json!({ "days": "两天" }), "days", "要写整数"),
        (json!({ "days": "-1" }), "days", "要写整数"),
        (json!({ "days": "1.5" }), "days", "要写整数"),
        (json!({ "applicant": "张某\n李某" }), "applicant", "只能写一行"),
        (json!({ "applicant": "张\u{200b}某" }), "applicant", "U+200B"),
        (json!({ "files": ["甲", "乙\u{0}"] }), "files", "第 2 条里有不能写进文书的字符 U+0000"),
        (json!({ "parts": [{ "reason": "理由" }] }), "parts", "第 1 行“内容”没有填"),
        (
            json!({ "parts": [{ "part": "甲" }, { "part": "乙\u{e000}" }] }),
            "parts",
            "第 2 行“内容”里有不能写进文书的字符 U+E000",
        ),
    ];
    let given = |change: &Json| {
        let mut values = good();
        values.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        values
    };
    let calls: Vec<Json> = cases.iter().map(|(change, ..)| json!(["check", form, given(change)])).collect();
    let Some(found) = called(&calls) else { return };
    for ((change, field, words), found) in cases.iter().zip(&found) {
        let found = found.as_array().unwrap();
        if field.is_empty() {
            assert!(found.is_empty(), "{found:?}");
            continue;
        }
        // Two dates in the wrong order are said at the one that names the other.
        let own: Vec<&Json> = found.iter().filter(|f| f["field"] == *field).collect();
        assert!(own.len() == 1 && own[0]["message"].as_str().unwrap().contains(words), "{change}: {found:?}");
        assert!(own[0].get("warning").is_none(), "{found:?}");
        assert!(found.iter().all(|f| f["field"] == *field || f["field"] == "date"), "{change}: {found:?}");
    }
}

#[test]
fn what_is_only_doubtful_is_a_warning() {
    let form = every_kind();
    // A number with the right check digit, of no district and no day.
    let digits = "00000000000000000";
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(weights).map(|(d, w)| u32::from(d - b'0') * w).sum();
    let identity = format!("{digits}{}", char::from(b"10X98765432"[(sum % 11) as usize]));
    let mobile = format!("13{}", "0".repeat(9));
    let cases = [
        (json!({ "request": format!("本人（{identity}）申请") }), "居民身份证号码"),
        (json!({ "request": format!("电话{mobile}") }), "手机号码"),
        (json!({ "applicant": "张某：" }), "末尾多了标点"),
    ];
    let mut calls = vec![];
    for (change, _) in &cases {
        let mut values = good();
        values.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        calls.push(json!(["check", form, values]));
    }
    let Some(found) = called(&calls) else { return };
    for ((change, words), found) in cases.iter().zip(&found) {
        assert_eq!(found.as_array().unwrap().len(), 1, "{change}: {found}");
        assert!(
            found[0]["warning"] == true && found[0]["message"].as_str().unwrap().contains(words),
            "{found}"
        );
    }
}

#[test]
fn a_file_that_the_form_cannot_hold_is_refused_with_its_line() {
    let form = every_kind();
    let cases = [
        ("date = \"2026-10-22\"", "没有写是哪一种文书"),
        ("letter = \"receipt\"", "这是另一种文书（receipt）"),
        ("letter = \"every-kind\"\n\n[[events]]\nkind = \"收到申请\"", "第 3 行：有办理记录"),
        ("letter = \"every-kind\"\nother = \"甲\"", "“other”不是这种文书的内容"),
        ("letter = \"every-kind\"\nletter = \"every-kind\"", "写了两次"),
        ("letter = \"every-kind\"\ndays = 1.5", "第 2 行"),
        ("letter = \"every-kind\"\nnumber = '甲'", "第 2 行：要写在英文双引号里"),
        ("letter = \"every-kind\"\nnumber = \"甲", "第 2 行：要写在英文双引号里"),
        ("letter = \"every-kind\"\nrequest = \"\"\"甲", "三个双引号没有结束"),
        ("letter = \"every-kind\"\nnumber = \"\\q\"", "不是能用的写法"),
        ("letter = \"every-kind\"\nnumber = \"\\uD800\"", "不是字符"),
        ("letter = \"every-kind\"\nfiles = [\"甲\" \"乙\"]", "这里要有逗号"),
        ("letter = \"every-kind\"\nfiles = \"甲\"", "“文件”（files）的写法和表单不合"),
        ("letter = \"every-kind\"\nnumber = [\"甲\"]", "“文号”（number）的写法和表单不合"),
        ("letter = \"every-kind\"\nparts = [{ other = \"甲\" }]", "“各处”（parts）的写法和表单不合"),
        ("letter = \"every-kind\"\na.b = 1", "看不懂"),
        ("不是申请件", "看不懂"),
    ];
    let calls: Vec<Json> = cases.iter().map(|(text, _)| json!(["read", form, text])).collect();
    let Some(found) = called(&calls) else { return };
    for ((text, words), found) in cases.iter().zip(&found) {
        assert!(found["error"].as_str().is_some_and(|e| e.contains(words)), "{text}: {found}");
    }
}

#[test]
fn days_are_understood_as_officers_write_them_and_names_of_files_are_fit_for_windows() {
    let days = [
        ("2026年9月8日", "2026-09-08"),
        ("2026/9/18", "2026-09-18"),
        ("２０２６．９．１８", "2026-09-18"),
        ("20260918", "2026-09-18"),
        ("20260931", "20260931"),
        ("九月", "九月"),
    ];
    let mut calls: Vec<Json> = days.iter().map(|(text, _)| json!(["tidyDay", text])).collect();
    calls.push(json!(["fileName", every_kind(), { "applicant": "示例 & 公司\\..|\"CON\"" }]));
    calls.push(json!(["fileName", every_kind(), { "applicant": " /:*? " }]));
    calls.push(json!(["fileName", every_kind(), { "applicant": "示".repeat(300) }]));
    let Some(found) = called(&calls) else { return };
    for ((_, wanted), found) in days.iter().zip(&found) {
        assert_eq!(found, wanted);
    }
    assert_eq!(found[6], "各种字段-甲-乙-示例-公司-CON.toml");
    assert_eq!(found[7], "各种字段-甲-乙.toml");
    assert!(found[8].as_str().unwrap().chars().count() < 80);
}

#[test]
fn a_page_says_which_cases_there_are_and_how_they_ended_or_that_there_is_none() {
    let page_of = |id: &str| {
        let rest = page(id).split_once("## 案例和结果").unwrap().1;
        rest.split_once("\n## ").map_or(rest, |(section, _)| section)
    };
    assert!(
        page_of("refuse-internal-affairs").contains("撤销不予公开部分"),
        "{}",
        page_of("refuse-internal-affairs")
    );
    for entry in corpus().clauses.values() {
        let clause = &entry.header;
        let about =
            corpus().cases.values().map(|e| &e.header).filter(|c| c.outcomes.contains(&clause.outcome));
        let (mut checked, text) = (false, page_of(&clause.id));
        for case in about {
            checked |= !case.fictional && matches!(case.confidence, Confidence::V | Confidence::S2);
            let link = format!("cases/{}.md", case.id);
            let line = text.lines().find(|line| line.contains(&link));
            let line = line.unwrap_or_else(|| panic!("{}: no {link} in {text}", clause.id));
            assert_eq!(case.fictional, line.contains("教学示例（虚构）"), "{}: {line}", clause.id);
        }
        assert_eq!(text.contains("没有核实的案例。"), !checked, "{}: {text}", clause.id);
    }
}

#[test]
fn a_page_says_where_the_handbook_leads_to_its_letter() {
    let used = |id: &str| page(id).split_once("## 哪里用到本文书").unwrap().1;
    assert!(used("not-exist").contains("decide.md#decide-q-"), "{}", used("not-exist"));
    assert!(used("not-exist").contains("guide/process.md"), "{}", used("not-exist"));
}
